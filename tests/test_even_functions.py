"""A likelihood that is an even function of a parameter: both signs are estimates, where both are in the domain and not 0.

Every row was judged by hand, from the square (or the size) of the estimate.
"""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

import derive

NORMAL = "exp(-(x-{})**2/2)/sqrt(2*pi)"
SQUARE, SIZE = NORMAL.format("t**2"), NORMAL.format("abs(t)")
BERNOULLI = "t**(2*x)*(1-t**2)**(1-x)"
RATE = {"support": "x>=0"}
S2, S3, HALF6 = sp.sqrt(2), sp.sqrt(3), sp.sqrt(6) / 2


def question(density: str, domain: str, **more: str) -> dict[str, Any]:
    return {"density": density, "variable": "x", "parameters": {"t": domain}, **more}


TABLE: list[tuple[dict[str, Any], list[float], str, list[Any]]] = [  # question, data, outcome, estimates
    (question(SQUARE, "real"), [1, 2], "not unique", [-HALF6, HALF6]),
    (question(SQUARE, "real"), [-1, 1], "unique", [0]),
    (question(SQUARE, "real"), [-1, -2], "unique", [0]),
    # a domain that is symmetric: its ends belong to it, or do not
    (question(SQUARE, "[-2,2]"), [1], "not unique", [-1, 1]),
    (question(SQUARE, "[-2,2]"), [4], "not unique", [-2, 2]),
    (question(SQUARE, "[-2,2]"), [30], "not unique", [-2, 2]),
    (question(SQUARE, "[-2,2]"), [0], "unique", [0]),
    (question(SQUARE, "(-2,2)"), [1], "not unique", [-1, 1]),
    (question(SQUARE, "(-2,2)"), [4], "none", []),
    # one that reaches farther on one side
    (question(SQUARE, "[-2,2)"), [1], "not unique", [-1, 1]),
    (question(SQUARE, "[-2,2)"), [4], "unique", [-2]),
    (question(SQUARE, "(-2,2]"), [9], "unique", [2]),
    (question(SQUARE, "[-2,5]"), [4], "not unique", [-2, 2]),
    (question(SQUARE, "[-2,5]"), [9], "unique", [3]),
    (question(SQUARE, "[-2,5]"), [0], "unique", [0]),
    (question(SQUARE, "(-2,5)"), [4], "unique", [2]),
    (question(SQUARE, "[-5,2]"), [9], "unique", [-3]),
    (question(SQUARE, "[-5,2]"), [30], "unique", [-5]),
    (question(SQUARE, "(-2,oo)"), [3], "not unique", [-S3, S3]),
    (question(SQUARE, "[0,3]"), [4], "unique", [2]),
    # other functions of the size
    (question(SIZE, "real"), [1, 2], "not unique", [-sp.Rational(3, 2), sp.Rational(3, 2)]),
    (question(SIZE, "real"), [-1, -2], "unique", [0]),
    (question(SIZE, "real"), [-1, 1], "unique", [0]),
    (question(NORMAL.format("abs(t)**3"), "real"), [3], "not unique", [-sp.cbrt(3), sp.cbrt(3)]),
    (question(NORMAL.format("cosh(t)"), "real"), [2], "not unique", [-sp.acosh(2), sp.acosh(2)]),
    (question(NORMAL.format("cosh(t)"), "real"), [0.5], "unique", [0]),
    (question(NORMAL.format("exp(-t**2)"), "real"), [0.5], "not unique", [-sp.sqrt(sp.log(2)), sp.sqrt(sp.log(2))]),
    (question(NORMAL.format("exp(-t**2)"), "real"), [2], "unique", [0]),
    (question(NORMAL.format("exp(-t**2)"), "real"), [-1], "none", []),
    (question("abs(t)*exp(-abs(t)*x)", "real", **RATE), [0.5], "not unique", [-2, 2]),
    (question("exp(-x/t**2)/t**2", "real", **RATE), [1, 2], "not unique", [-HALF6, HALF6]),
    (question("exp(-x/t**2)/t**2", "real", **RATE), [0, 0], "none", []),
    (question("exp(-x/(1+t**2))/(1+t**2)", "real", **RATE), [2, 3], "not unique", [-HALF6, HALF6]),
    (question("exp(-x/(1+t**2))/(1+t**2)", "real", **RATE), [1, 1], "unique", [0]),
    (question("exp(-x/(1+t**2))/(1+t**2)", "real", **RATE), [0.5, 0.5], "unique", [0]),
    (question("exp(-x**2/(2*t**2))/sqrt(2*pi*t**2)", "real"), [0, 0], "none", []),
    (question("exp(-x**2/(2*t**2))/sqrt(2*pi*t**2)", "real"), [2, 2], "not unique", [-2, 2]),
    (question(BERNOULLI, "[-1,1]"), [1, 0], "not unique", [-S2 / 2, S2 / 2]),
    (question(BERNOULLI, "[-1,1]"), [0, 0], "unique", [0]),
    (question(BERNOULLI, "[-1,1]"), [1, 1], "not unique", [-1, 1]),
    (question(BERNOULLI, "[-1/2,1]"), [1, 1], "unique", [1]),
]


@pytest.mark.parametrize(
    ("asked", "data", "outcome", "estimates"), TABLE, ids=[f"{q['density']} {q['parameters']['t']} {d}" for q, d, *_ in TABLE]
)
def test_the_estimates_at_data(asked: dict[str, Any], data: list[float], outcome: str, estimates: list[Any]) -> None:
    d = derive.mle(**asked, data=data)
    assert d.outcome == outcome
    if not estimates:
        assert not d.estimates
        return
    found = d.estimates["t"]
    members = sorted(found, key=float) if outcome == "not unique" else [found]
    assert [float(v) for v in members] == pytest.approx([float(v) for v in estimates], abs=1e-12)
    assert not any(sp.sympify(v).free_symbols for v in members)
    assert not any("unique" in c.kind and c.kind != "is not unique" for c in d.conditions if outcome == "not unique")


GENERAL = [  # question, what the data must satisfy for there to be two estimates
    (question(SQUARE, "real"), [r"\bar{x} > 0"]),
    (question(SQUARE, "[-2,2]"), [r"\bar{x} > 0", r"\bar{x} \le 4"]),
    (question(SQUARE, "(-2,2)"), [r"\bar{x} > 0", r"\bar{x} < 4"]),
    (question(SIZE, "real"), [r"\bar{x} > 0"]),
    (question(NORMAL.format("cosh(t)"), "real"), [r"\bar{x} > 1"]),
    (question(NORMAL.format("exp(-t**2)"), "real"), [r"0 < \bar{x} < 1"]),
    (question("exp(-x/t**2)/t**2", "real", **RATE), [r"\bar{x} > 0"]),
    (question("exp(-x/(1+t**2))/(1+t**2)", "real", **RATE), [r"\bar{x} > 1"]),
    (question(BERNOULLI, "[-1,1]"), [r"0 < \bar{x} < 1"]),
]


@pytest.mark.parametrize(("asked", "needed"), GENERAL, ids=[f"{q['density']} {q['parameters']['t']}" for q, _ in GENERAL])
def test_a_symbolic_sample_has_two_estimates_under_a_condition(asked: dict[str, Any], needed: list[str]) -> None:
    d = derive.mle(**asked)
    (condition,) = d.conditions
    assert (d.outcome, condition.kind) == ("not unique", "is not unique")
    assert len(condition.relations) == len(needed) and all(f"${r}$" in d.to_markdown() for r in needed)
    assert "The estimate is not unique if" in d.to_markdown() and "exists and is unique" not in d.to_markdown()


@pytest.mark.parametrize("domain", ["[-2,5]", "[-2,2)", "(-oo,2]"])
def test_which_signs_a_symbolic_sample_has_in_such_a_domain_is_refused(domain: str) -> None:
    with pytest.raises(derive.NotSupported, match="depends on the data"):
        derive.mle(**question(SQUARE, domain))


@pytest.mark.parametrize("density", ["(t-1)**(2*x)*exp(-(t-1)**2)/factorial(x)", "exp(-x**2/(2*(t-1)**2))/sqrt(2*pi*(t-1)**2)"])
def test_a_pole_inside_the_domain_is_not_taken_for_concavity(density: str) -> None:
    with pytest.raises(derive.NotSupported, match="pole"):
        derive.mle(**question(density, "real"))


OTHER_DATA = [
    (question(SQUARE, "real"), [[1, 2], [-1, -2], [0, 0]]),
    (question(SIZE, "real"), [[1, 2], [-1, -2], [0, 0]]),
    (question(SQUARE, "[-2,2]"), [[30, 30], [1, 1], [-1, -1]]),
    (question("exp(-x/t**2)/t**2", "real", **RATE), [[1, 2], [0, 0]]),
    (question("exp(-x**2/(2*t**2))/sqrt(2*pi*t**2)", "real"), [[1, 2], [0, 0]]),
    (question(BERNOULLI, "[-1,1]"), [[1, 0], [0, 0], [1, 1]]),
]


@pytest.mark.parametrize(("asked", "samples"), OTHER_DATA, ids=[f"{q['density']} {q['parameters']['t']}" for q, _ in OTHER_DATA])
def test_a_symbolic_result_at_data_is_that_for_the_data(asked: dict[str, Any], samples: list[list[float]]) -> None:
    general = derive.mle(**asked)
    for data in samples:
        there = derive.mle(**asked, data=data)
        if there.outcome == "none":
            with pytest.raises(derive.NotSupported, match="no maximum"):
                general.evaluate(data)
        else:
            assert general.evaluate(data) == there.numeric


def test_a_second_parameter_that_is_even_is_given_in_numbers() -> None:
    density = "exp(-(x-m**2)**2/(2*s**2))/sqrt(2*pi*s**2)"
    d = derive.mle(density, parameters={"m": "real", "s": "real"}, data=[1, 3])
    assert d.outcome == "not unique" and d.estimates["m"] == sp.FiniteSet(-S2, S2)
    assert sorted(map(float, d.estimates["s"])) == pytest.approx([-1, 1])


@pytest.mark.parametrize(("density", "data"), [(NORMAL.format("cosh(t)"), [1]), (NORMAL.format("exp(-t**2)"), [1])])
def test_data_at_which_the_general_result_ends(density: str, data: list[float]) -> None:
    d = derive.mle(**question(density, "real"), data=data)
    assert str(d.outcome) == "unique" and d.estimates["t"] == 0
