"""Likelihoods whose largest value lies at an end that the data set, or is not attained: by truncation, along a path, in a limit."""

from __future__ import annotations

import math

import pytest

import derive


def of(names, domain="positive"):
    return dict.fromkeys(names.split(), domain)


def positive_root(f, low, high):
    """Where a function that falls through 0 between two places is 0, by bisection."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) > 0 else (low, middle)
    return low


def exponential(mean, width):
    """The rate of an exponential distribution on (0, width) with this mean."""
    return positive_root(lambda r: 1 / r - width / math.expm1(r * width) - mean, 1e-9, 10.0)


TRUNCATED = [  # density, support, parameters, data, the ends, the other parameter with its value; None where there is no maximum
    ("l*exp(-l*x)/(1-exp(-l*t))", "0 < x < t", of("l t"), [1, 2, 7], {"t": 7}, ("l", exponential(10 / 3, 7))),
    ("l*exp(-l*x)/(1-exp(-l*t))", "0 < x < t", of("l t"), [1, 6, 7], None, None),
    ("2*x*l*exp(-l*x**2)/(1-exp(-l*t**2))", "0 < x < t", of("l t"), [1, 2, 7], {"t": 7}, ("l", exponential(18, 49))),
    ("l*exp(-l*x)/(exp(-l*a)-exp(-l*b))", "a < x < b", of("l a b"), [1, 2, 7], {"a": 1, "b": 7}, ("l", exponential(7 / 3, 6))),
    ("l*exp(-l*x)/exp(-l*t)", "x > t", of("l t"), [1, 2, 7], {"t": 1}, ("l", 3 / 7)),
    ("a*x**(-a-1)/(1-t**(-a))", "1 < x < t", {"a": "positive", "t": "(1, oo)"}, [1.5, 1.5, 9], {"t": 9}, ("a", exponential(math.log(81 / 4) / 3, math.log(9)))),
    ("a*x**(-a-1)/(1-t**(-a))", "1 < x < t", {"a": "positive", "t": "(1, oo)"}, [1.5, 2, 9], None, None),  # the mean logarithm in the middle
    ("a*m**a*x**(-a-1)/(1-(m/t)**a)", "m < x < t", of("a m t"), [2, 3, 9], {"m": 2, "t": 9}, ("a", exponential(math.log(54 / 8) / 3, math.log(4.5)))),
    ("a*x**(a-1)/t**a", "0 < x < t", of("a t"), [2, 3, 9], {"t": 9}, ("a", 3 / math.log(81 / 6))),
    ("exp(-x**2/2)*2/(sqrt(2*pi)*(1+erf(t/sqrt(2))))", "x < t", {"t": "real"}, [-1, 0.5, 1], {"t": 1}, ("t", 1)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("density", "support", "parameters", "data", "ends", "other"), TRUNCATED, ids=[f"{c[0]} {c[3]}" for c in TRUNCATED]
)
def test_the_end_of_a_truncation_is_an_extreme_observation(density, support, parameters, data, ends, other):
    try:
        d = derive.mle(density, support=support, parameters=parameters, data=data)
    except derive.NotSupported as e:  # the mean logarithm in the middle: seen, and not proved
        assert ends is None and "not settled" in e.message
        return
    if ends is None:
        assert (d.outcome, d.numeric) == ("none", None)
        return
    assert d.outcome == "unique" and {k: d.numeric[k] for k in ends} == ends
    assert all(d.certainty[k] == "proved" for k in ends) and d.numeric[other[0]] == pytest.approx(other[1], rel=1e-9)


SHIFTED = {"m": "real"}
PATHS = [
    ("a*b**a/(x-m)**(a+1)", "x >= m+b", {**of("a b"), **SHIFTED}),
    ("exp(-(log(x-m)-u)**2/(2*s**2))/((x-m)*s*sqrt(2*pi))", "x > m", {"s": "positive", "u": "real", **SHIFTED}),
    ("(k/s)*((x-m)/s)**(k-1)*exp(-((x-m)/s)**k)", "x > m", {**of("k s"), **SHIFTED}),
    ("(x-m)**(k-1)*exp(-(x-m)/s)/(gamma(k)*s**k)", "x > m", {**of("k s"), **SHIFTED}),
    ("(b/a)*((x-m)/a)**(b-1)/(1+((x-m)/a)**b)**2", "x > m", {**of("a b"), **SHIFTED}),
]


@pytest.mark.parametrize("data", [[3, 4, 6, 9], None], ids=["data", "symbolic"])
@pytest.mark.parametrize(("density", "support", "parameters"), PATHS, ids=[c[0] for c in PATHS])
def test_a_path_to_the_border_has_no_bound(density, support, parameters, data):
    d = derive.mle(density, support=support, parameters=parameters, data=data)
    assert d.outcome == "none" and not d.estimates
    assert "there is no maximum" in d.to_markdown() and set(d.certainty.values()) == {"proved" if data else "searched"}


STAYS = [
    ("exp(-(x-m)/s)/s", "x >= m", {"s": "positive", **SHIFTED}, {"m": 3, "s": 2.5}),
    ("a*b**a/x**(a+1)", "x >= b", of("a b"), {"b": 3}),
    ("2*(x-m)/s**2*exp(-((x-m)/s)**2)", "x > m", {"s": "positive", **SHIFTED}, {}),
]


@pytest.mark.parametrize(("density", "support", "parameters", "estimates"), STAYS, ids=[c[0] for c in STAYS])
def test_other_supports_that_move_have_a_maximum(density, support, parameters, estimates):
    d = derive.mle(density, support=support, parameters=parameters, data=[3, 4, 6, 9])
    assert d.outcome == "unique" and {k: d.numeric[k] for k in estimates} == estimates


LIMITS = [
    ("a*s**a/(x+s)**(a+1)", "x > 0", of("a s"), [1, 1, 7], "an exponential"),
    ("a*s**a/(x+s)**(a+1)", "x > 0", of("a s"), [1, 2, 3], "an exponential"),
    ("(1/s)*(1+k*x/s)**(-1/k-1)", "x > 0", of("k s"), [1, 2, 3], "an exponential"),
    ("gamma(x+r)/(gamma(r)*factorial(x))*p**r*(1-p)**x", "x = 0,1,2,...", {"r": "positive", "p": "(0,1)"}, [1, 2, 2, 3], "a Poisson"),
    ("gamma(x+r)/(gamma(r)*factorial(x))*(r/(r+m))**r*(m/(r+m))**x", "x = 0,1,2,...", of("r m"), [1, 2, 2, 3], "a Poisson"),
    ("p*exp(-x) + (1-p)*2*exp(-2*x)", "x > 0", {"p": "(0,1)"}, [3, 4, 5], "an exponential"),
    ("x**(k-1)*exp(-x/s)/(gamma(k)*s**k)", "x > 0", of("k s"), [2, 2, 2], ""),
    ("(k/s)*(x/s)**(k-1)*exp(-(x/s)**k)", "x > 0", of("k s"), [2, 2, 2], ""),
    ("x**(a-1)*(1-x)**(b-1)/beta(a,b)", "0 < x < 1", of("a b"), ["1/4", "1/4"], ""),
    ("exp(k*cos(x-m))/(2*pi*besseli(0,k))", "-pi < x < pi", {"m": "(-pi,pi)", "k": "k >= 0"}, [1, 1, 1], ""),
]


NOT_PROVED = [("(1/s)*(1+k*x/s)**(-1/k-1)", [1, 2, 3])]


@pytest.mark.parametrize(("density", "support", "parameters", "data", "family"), LIMITS, ids=[f"{c[0]} {c[3]}" for c in LIMITS])
def test_a_supremum_that_is_not_attained_is_no_maximum(density, support, parameters, data, family):
    try:
        d = derive.mle(density, support=support, parameters=parameters, data=data)
    except derive.NotSupported as e:  # seen, and not proved
        assert (density, data) in NOT_PROVED and ("not settled" in e.message or "no solution of the score" in e.message)
        return
    assert d.outcome == "none" and not d.estimates
    assert not family or f"tends to that of {family} distribution" in d.to_markdown()


@pytest.mark.parametrize(("data", "unique"), [([1, 1, 9], True), ([1, 1, 7], False)])
def test_a_larger_spread_has_a_maximum(data, unique):
    d = derive.mle("a*s**a/(x+s)**(a+1)", support="x > 0", parameters=of("a s"), data=data)
    assert (d.outcome == "unique") is unique


def test_what_was_not_proved_of_every_sample_is_a_condition():
    d = derive.mle("1/(pi*s*(1+((x-m)/s)**2))", parameters={"m": "real", "s": "positive"})
    assert [c.kind for c in d.conditions] == ["exists and is unique"]
    d = derive.mle("exp(k*cos(x))/(2*pi*besseli(0,k))", support="-pi < x < pi", parameters={"k": "k >= 0"})
    assert [len(c.relations) for c in d.conditions] == [1]


CLOSED = [
    ("x**(a-1)*(1-x)**(b-1)/beta(a,b)", "0<x<1", {"a": "[3, oo)", "b": "positive"}, [0.1, 0.5, 0.7], {"a": 3, "b": 3.64035201758705}),
    ("s/(pi*(s**2+(x-m)**2))", "real", {"m": "[0, 1]", "s": "positive"}, [2, 3, 5], {"m": 1, "s": 2}),
]  # fmt: skip
LOGIT = "exp(y*(a+b*x))/(1+exp(a+b*x))"


@pytest.mark.parametrize(
    ("domain", "responses", "right"), [("[0, oo)", [1, 1, 0, 0], {"a": 0, "b": 0}), ("[0, 5]", [0, 0, 1, 1], {"a": -12.5, "b": 5})]
)
def test_an_end_where_the_responses_are_separated(domain, responses, right):
    data = {"x": [1, 2, 3, 4], "y": responses}
    d = derive.mle(LOGIT, variable="y", covariates=["x"], support="{0, 1}", parameters={"a": "real", "b": domain}, data=data)
    d.to_markdown()
    assert str(d.outcome) == "unique" and d.numeric == pytest.approx(right, abs=1e-9)


@pytest.mark.parametrize("density, support, parameters, data, right", CLOSED)
def test_two_unknowns_solved_together_beyond_an_end(density, support, parameters, data, right):
    d = derive.mle(density, variable="x", support=support, parameters=parameters, data=data)
    d.to_markdown()
    assert str(d.outcome) == "unique" and d.numeric == pytest.approx(right, rel=1e-9)
