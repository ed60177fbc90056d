"""Estimates without a closed form: the textbook equation, the iterations, and what is said where there is no maximum."""

from __future__ import annotations

import math
import re

import pytest

import derive
from derive.numerics.newton import highest, landscape, starts
from derive.problem.test_points import random_points

P, R, U = [0.8, 1.9, 0.4, 2.7, 1.1, 3.6], [1.2, 0.7, 2.9, 1.5, -0.4, 3.8], [0.22, 0.41, 0.35, 0.68, 0.51]
COUNTS = [0, 7, 1, 12, 3, 2, 9, 0, 5, 1]


def positive(*names):
    return dict.fromkeys(names, "positive")


def mean(x):
    return math.fsum(x) / len(x)


SOLVED = [  # density, further arguments, data, how, residuals of the textbook equations at the estimates
    ("x**(a-1)*exp(-x/s)/(gamma(a)*s**a)", {"parameters": positive("a", "s")}, P, {"a": "numeric", "s": "given others"},
     lambda a, s: [s * a - mean(P)]),
    ("a/s*(x/s)**(a-1)*exp(-(x/s)**a)", {"parameters": positive("a", "s")}, P, {"a": "numeric", "s": "given others"},
     lambda a, s: [mean([(x / s) ** a for x in P]) - 1,
                   1 / a + mean([math.log(x) for x in P]) - math.fsum(x**a * math.log(x) for x in P) / math.fsum(x**a for x in P)]),
    ("exp(-(x-m)/b-exp(-(x-m)/b))/b", {"parameters": {"m": "real", "b": "positive"}, "support": "real"}, R,
     {"m": "given others", "b": "numeric"}, lambda m, b: [mean([math.exp(-(x - m) / b) for x in R]) - 1]),
    ("gamma(x+r)/(factorial(x)*gamma(r))*p**r*(1-p)**x", {"parameters": {"r": "positive", "p": "(0, 1)"}, "support": "x in {0, 1, ...}"},
     COUNTS, {"p": "given others", "r": "numeric"}, lambda r, p: [p - r / (r + mean(COUNTS))]),
    ("exp(-(x-m)/s)/(s*(1+exp(-(x-m)/s))**2)", {"parameters": {"m": "real", "s": "positive"}, "support": "real"}, R,
     {"m": "numeric", "s": "numeric"}, lambda m, s: [math.fsum(math.tanh((x - m) / (2 * s)) for x in R)]),
    ("gamma(a+b)*x**(a-1)*(1-x)**(b-1)/(gamma(a)*gamma(b))", {"parameters": positive("a", "b"), "support": "0 < x < 1"}, U,
     {"a": "numeric", "b": "numeric"}, lambda a, b: []),
    ("1/(pi*(1+(x-m)**2))", {"parameters": {"m": "real"}, "support": "real"}, R, {"m": "numeric"},
     lambda m: [math.fsum((x - m) / (1 + (x - m) ** 2) for x in R)]),
    ("1/(zeta(a)*x**a)", {"parameters": {"a": "(1, oo)"}, "support": "x in {1, 2, ...}"}, [1, 2, 1, 4, 9], {"a": "numeric"}, lambda a: []),
    ("p*exp(-x)+(1-p)*exp(-x/5)/5", {"parameters": {"p": "[0, 1]"}, "support": "x > 0"}, [4.1, 7.7, 3.2, 9.0, 5.5], {"p": "boundary"},
     lambda p: [p]),
]  # fmt: skip


@pytest.mark.parametrize(("density", "more", "data", "how", "residuals"), SOLVED, ids=[t[0][:30] for t in SOLVED])
def test_the_equations_hold_at_the_estimates(density, more, data, how, residuals):
    d = derive.mle(density, variable="x", data=data, **more)
    assert (d.outcome, dict(d.how), d.verified) == ("unique", how, True)
    values = [d.numeric[k] for k in more["parameters"]]
    assert residuals(*values) == pytest.approx([0] * len(residuals(*values)), abs=1e-9)
    for k, v in d.estimates.items():
        assert float(v) == pytest.approx(d.numeric[k], rel=1e-14) and v.is_Float == (how[k] in ("numeric", "given others")), k
    general = derive.mle(density, variable="x", **more)
    assert general.verified
    assert general.evaluate(data) == pytest.approx(d.numeric, rel=1e-9, abs=1e-9)
    height = random_points(d.problem, 1, data=True)[0]["ell"]
    for j, v in enumerate(values):
        for step in (-1e-4, 1e-4):
            moved = [*values[:j], v + step, *values[j + 1 :]]
            assert not height(*moved) > height(*values) or not d.problem.parameters[list(more["parameters"])[j]].contains(moved[j])


def test_the_gamma_shape_has_its_textbook_equation_and_a_table():
    d = derive.mle("x**(a-1)*exp(-x/s)/(gamma(a)*s**a)", variable="x", data=P, parameters=positive("a", "s"))
    text = d.to_markdown() + derive.mle("x**(a-1)*exp(-x/s)/(gamma(a)*s**a)", variable="x", parameters=positive("a", "s")).to_markdown()
    assert r"\log a - \psi(a) &= \log \bar{x} - \frac{1}{n} \sum_{i=1}^{n} \log x_{i}" in text
    assert r"\psi'(a) > \frac{1}{a}" in text
    rows = re.findall(r"^\| \$\d+\$ \| \$([\d.]+)\$", text, re.M)
    assert len(rows) >= 4
    assert float(rows[-1]) == pytest.approx(d.numeric["a"], rel=1e-8)
    assert r"\begin{tabular}" in d.to_latex()


NONE = [  # density, further arguments, data, words that say why
    ("gamma(x+r)/(factorial(x)*gamma(r))*p**r*(1-p)**x", {"parameters": {"r": "positive", "p": "(0, 1)"}, "support": "x in {0, 1, ...}"},
     [2, 2, 3, 2, 1], "without attaining it"),
    ("x**(a-1)*exp(-x/s)/(gamma(a)*s**a)", {"parameters": positive("a", "s")}, [2, 2, 2], "without bound"),
    ("-p**x/(x*log(1-p))", {"parameters": {"p": "(0, 1)"}, "support": "x in {1, 2, ...}"}, [1, 1, 1], "without attaining it"),
    ("exp(-x**2/2)/(2*sqrt(2*pi))+exp(-((x-m)/s)**2/2)/(2*s*sqrt(2*pi))", {"parameters": {"m": "real", "s": "positive"}, "support": "real"},
     [2.3, -0.4, 1.1, 0.7, 3.0], "is unbounded"),
    ("exp(-x**2/2)/sqrt(2*pi)*(1+erf(k*x/sqrt(2)))", {"parameters": {"k": "real"}, "support": "real"}, [0.4, 1.3, 0.2], "without attaining it"),
]  # fmt: skip


@pytest.mark.parametrize(("density", "more", "data", "words"), NONE, ids=[t[0][:30] for t in NONE])
def test_where_there_is_no_maximum_it_is_said_why(density, more, data, words):
    d = derive.mle(density, variable="x", data=data, **more)
    assert (d.outcome, d.numeric, d.estimates) == ("none", None, {})
    assert words in d.to_markdown()
    assert d.verified


def test_two_maxima_of_equal_height_are_both_named():
    d = derive.mle("1/(pi*(1+(x-m)**2))", variable="x", parameters={"m": "real"}, support="real", data=[-2, 2])
    assert d.outcome == "not unique"
    assert sorted(map(float, d.estimates["m"])) == pytest.approx([-math.sqrt(3), math.sqrt(3)])


@pytest.mark.parametrize(("density", "more"), [
    ("exp(-(x-a-b)**2/2)/sqrt(2*pi)", {"parameters": {"a": "real", "b": "real"}, "support": "real"}),
    ("a*b*exp(-a*b*x)", {"parameters": positive("a", "b"), "support": "x > 0"}),
])  # fmt: skip
def test_parameters_that_only_occur_together_are_not_identified(density, more):
    for data in (P, None):
        d = derive.mle(density, variable="x", data=data, **more)
        assert d.outcome == "not unique"
        assert "not identifiable" in d.to_markdown()
        assert d.verified


def test_components_that_may_be_exchanged_are_not_unique():
    density = "p*exp(-(x-a)**2/2)/sqrt(2*pi)+(1-p)*exp(-(x-b)**2/2)/sqrt(2*pi)"
    data = [-0.4, 0.7, 2.2, 3.1, 1.4, 2.8, 0.1, 3.5]
    d = derive.mle(density, variable="x", parameters={"p": "(0, 1)", "a": "real", "b": "real"}, support="real", data=data)
    assert d.outcome == "not unique"
    assert float(sum(d.estimates["p"])) == pytest.approx(1)


def test_a_local_maximum_below_another_region_is_no_answer():
    density = "p*x**(d-1)*exp(-(x/a)**p)/(a**d*gamma(d/p))"
    with pytest.raises(derive.NotSupported):
        derive.mle(density, variable="x", parameters=positive("p", "d", "a"), data=[0.8, 1.9, 0.4, 2.7, 1.1, 3.6, 2.2, 1.5])


def test_a_root_outside_its_domain_is_replaced_by_the_end():
    density = "Piecewise((w+(1-w)*exp(-b),Eq(x,0)),((1-w)*b**x*exp(-b)/factorial(x),True))"
    more = {"parameters": {"b": "positive", "w": "[0, 1)"}, "support": "x in {0, 1, ...}"}
    d = derive.mle(density, variable="x", data=[2, 1, 3, 0, 2, 4, 1, 2], **more)
    assert (dict(d.how), d.numeric) == ({"w": "boundary", "b": "closed"}, {"b": 1.875, "w": 0.0})
    assert d.verified
    d = derive.mle(density, variable="x", data=[0, 0, 0, 0, 2, 4, 1, 2], **more)
    assert 0.3 < d.numeric["w"] < 0.5


def test_a_landscape_finds_every_stationary_point():
    def f(x):
        return -((x**2 - 1) ** 2) + x / 10

    land = landscape(f, lambda x: -4 * x * (x**2 - 1) + 0.1, -math.inf, math.inf, [-1.0, 0.0, 1.0])
    assert land.maxima == pytest.approx((-0.98724, 1.01223), abs=1e-4)
    assert land.best == land.maxima[1]
    assert len(land.minima) == 1
    rising = landscape(math.log, lambda x: 1 / x, 0.0, math.inf)
    assert (rising.maxima, rising.open_end) == ((), 1)


def test_a_peak_in_several_unknowns_is_found_to_the_last_digits():
    place = highest(
        lambda v: -((v[0] - 3) ** 2) - (v[0] * v[1] - 6) ** 2, lambda v: [-2 * (v[0] - 3) - 2 * v[1] * (v[0] * v[1] - 6), -2 * v[0] * (v[0] * v[1] - 6)],
        [(-math.inf, math.inf), (0.0, math.inf)], starts([(-math.inf, math.inf), (0.0, math.inf)], [1.0, 2.0]),
    )  # fmt: skip
    assert place == pytest.approx([3, 2], abs=1e-10)


def test_a_power_beside_a_logarithm_of_0_is_its_limit():
    d = derive.mle(
        "q**((k-1)**b)-q**(k**b)", variable="k", support="{1,2,3,...}", parameters={"q": "(0,1)", "b": "positive"}, data=[1, 2, 2, 3, 1, 5]
    )

    def ell(q, b):
        return math.fsum(math.log(q ** ((k - 1) ** b) - q ** (k**b)) for k in (1, 2, 2, 3, 1, 5))

    q, b = d.numeric["q"], d.numeric["b"]
    assert d.outcome == "unique" and all(ell(q, b) > ell(q + s, b + t) for s in (-1e-4, 0, 1e-4) for t in (-1e-4, 0, 1e-4) if s or t)
    assert r"Where $k_{i} - 1$ is 0, $(k_{i} - 1)^{b} \log(k_{i} - 1)$ stands for its limit, 0." in d.to_markdown()


def test_a_large_number_is_its_own_estimate():
    assert derive.mle("Poisson", data=[10**30]).estimates["lambda"] == 10**30
