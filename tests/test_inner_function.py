"""A parameter that enters a density only inside a function of it: every value with the best value of the function is an estimate."""

from __future__ import annotations

import math
from typing import Any

import pytest
import sympy as sp

import derive

NORMAL, LAPLACE = "exp(-(x-({}))**2/2)/sqrt(2*pi)", "exp(-abs(x-({})))/2"
R3 = sp.sqrt(3)
INNER: list[tuple[str, dict[str, Any], list[Any], sp.Set | None]] = [  # density, further arguments, data, the whole set of estimates
    (LAPLACE.format("t**2"), {}, [1, 3, 7], sp.FiniteSet(-R3, R3)),
    (LAPLACE.format("t**2"), {}, [1, 4], sp.Union(sp.Interval(-2, -1), sp.Interval(1, 2))),
    (LAPLACE.format("t**2"), {"domain": "[-3/2, 5)"}, [1, 4], sp.Union(sp.Interval(sp.Rational(-3, 2), -1), sp.Interval(1, 2))),
    (LAPLACE.format("t**2-t"), {}, [-2, -3], sp.FiniteSet(sp.Rational(1, 2))),
    (LAPLACE.format("abs(t-1)+abs(t+1)"), {}, [1, 0, 1], sp.Interval(-1, 1)),
    (NORMAL.format("t**3-3*t"), {}, [1, 1], sp.FiniteSet(*(sp.Float(2 * math.cos(math.pi * k / 9), 15) for k in (1, 7, 13)))),
    (NORMAL.format("t**3-3*t"), {"domain": "positive"}, [1, 1], sp.FiniteSet(sp.Float(2 * math.cos(math.pi / 9), 15))),
    (NORMAL.format("t**4-3*t**2"), {}, [-1, -1], sp.FiniteSet(*(s * sp.sqrt((3 + r * sp.sqrt(5)) / 2) for s in (1, -1) for r in (1, -1)))),
    (NORMAL.format("Max(0, t)"), {}, [-3, -1, 1], sp.Interval(-sp.oo, 0)),
    (NORMAL.format("Max(-1, Min(1, t))"), {}, [1, 3], sp.Interval(1, sp.oo)),
    (NORMAL.format("Max(0, t-1)"), {"domain": "[0, 5]"}, [-3, 1], sp.Interval(0, 1)),
    (NORMAL.format("abs(abs(t)-1)"), {}, [0, 1], sp.FiniteSet(*(sp.Rational(k, 2) for k in (-3, -1, 1, 3)))),
    (NORMAL.format("sin(t)"), {"domain": "(0, 6)"}, [0.5, 0.5], sp.FiniteSet(sp.Float(math.pi / 6, 15), sp.Float(5 * math.pi / 6, 15))),
    ("1/(t**3-3*t+5)", {"domain": "(1, oo)", "support": "0 <= x <= t**3-3*t+5"}, [1, 2, 5], sp.FiniteSet(R3)),
    (NORMAL.format("1/t**2"), {"domain": "positive"}, [3, 5], sp.FiniteSet(sp.Rational(1, 2))),
    (LAPLACE.format("log(t)"), {"domain": "positive"}, [5, -5], sp.Interval(sp.exp(-5), sp.exp(5))),
    (LAPLACE.format("log(t)"), {"domain": "positive"}, ["1.7"], sp.FiniteSet(sp.exp(sp.Rational(17, 10)))),
    (NORMAL.format("sign(t)"), {}, [1, 1], None),
    (NORMAL.format("Min(exp(t), 1/(1+t**2))"), {}, [2, 3], None),
]  # fmt: skip


@pytest.mark.parametrize(("density", "more", "data", "every"), INNER, ids=[f"{c[0]} {c[2]}" for c in INNER])
def test_a_parameter_inside_a_function_alone(density: str, more: dict[str, Any], data: list[Any], every: sp.Set | None) -> None:
    question = {"parameters": {"t": more.get("domain", "real")}, "data": data} | {k: v for k, v in more.items() if k != "domain"}
    if every is None:
        with pytest.raises(derive.NotSupported):
            derive.mle(density, **question)
        return
    d = derive.mle(density, **question)
    found = d.estimates["t"] if isinstance(d.estimates["t"], sp.Set) else sp.FiniteSet(d.estimates["t"])
    single = isinstance(every, sp.FiniteSet) and len(every) == 1
    assert d.outcome == ("unique" if single else "not unique") and type(found) is type(every)
    ends = [sorted(float(v) for v in s.boundary if v.is_finite) for s in (found, every)]
    assert ends[0] == pytest.approx(ends[1]) and "searched" not in d.certainty.values()
    assert any(v == pytest.approx(d.numeric["t"]) for v in ends[1]) or every.contains(d.numeric["t"])


AXIAL, CARDIOID = "exp(2*cos(2*(x-t)))/(2*pi*besseli(0,2))", "(1+cos({}*(x-t))/2)/(2*pi)"
AT = 0.6840720687192531  # half the direction of the sums of sin 2x and cos 2x
REPEATED: list[tuple[str, str, list[float] | None]] = [  # density, domain, estimates; None: one in every period
    (AXIAL, "(0, 6)", [AT, AT + math.pi]),
    (AXIAL, "(0, 3)", [AT]),
    (AXIAL, "(2, 5)", [AT + math.pi]),
    (AXIAL, "(-7, 1]", [AT - 2 * math.pi, AT - math.pi, AT]),
    (AXIAL, "real", None),
    (CARDIOID.format(1), "real", None),
    (CARDIOID.format(2), "(0, 6)", None),
]


@pytest.mark.parametrize(("density", "domain", "estimates"), REPEATED)
def test_a_likelihood_that_repeats(density: str, domain: str, estimates: list[float] | None) -> None:
    data, period = [0.3, 0.9, 3.6, 5.0], 2 * math.pi if "cos(1" in density else math.pi
    d = derive.mle(density, parameters={"t": domain}, data=data, support="0 <= x <= 2*pi")
    assert "searched" not in d.certainty.values()
    if estimates is not None:
        found = d.estimates["t"] if isinstance(d.estimates["t"], sp.Set) else [d.estimates["t"]]
        assert sorted(float(v) for v in found) == pytest.approx(estimates) and d.numeric["t"] == pytest.approx(estimates[0])
    height = derive.Problem(density, parameters={"t": "real"}, support="0 <= x <= 2*pi").log_density
    at = [sum(height({"t": d.numeric["t"] + k * period / 100, "x": x}) for x in data) for k in range(100)]
    assert max(at) == at[0]
