"""Heights that differ by less than floats tell, and heights that are equal: outcomes and estimates."""

import pytest
import sympy as sp

from derive import NotSupported, NotValid, mle

NORMAL = "exp(-(x-m)**2/2)/sqrt(2*pi)"
TRIANGLE = "Piecewise((2*x/c,x<=c),(2*(1-x)/(1-c),True))"

RATES = "exp(-(a+b))*(a+b)**x/factorial(x)"
EXCHANGEABLE = "exp(-(x-a-b)**2/(2*(a-b)**2))/sqrt(2*pi*(a-b)**2)"
SHARES = "(a+b)**x*(1-a-b)**(1-x)"


def triangle(data):
    return mle(TRIANGLE, parameters={"c": "(0,1)"}, support="0<=x<=1", data=data)


def window(support, data):
    return mle("1", parameters={"t": "real"}, support=support, data=data)


def of(density, values, data):
    return mle(density, variable="x", parameters=values, data=data)


CASES = [
    (lambda: of(NORMAL, {"m": "{1,2,3}"}, [1.5, 1.5, 1.500000000001]), "unique", {"m": 2}),
    (lambda: of(NORMAL, {"m": "{1,2,3}"}, [1.5000000000000002]), "unique", {"m": 2}),
    (lambda: of(NORMAL, {"m": "{1,2,3}"}, [1.5]), "not unique", {"m": sp.FiniteSet(1, 2)}),
    (lambda: of("1/(pi*(1+(x-m)**2))", {"m": "{1,2,3}"}, [1, 2]), "not unique", {"m": sp.FiniteSet(1, 2)}),
    (lambda: of("exp(-(x-m))/(1+exp(-(x-m)))**2", {"m": "{1,2}"}, [1.5]), "not unique", {"m": sp.FiniteSet(1, 2)}),
    (lambda: of(NORMAL, {"m": "{sqrt(2),-sqrt(2)}"}, [1, -1]), "not unique", {"m": sp.FiniteSet(sp.sqrt(2), -sp.sqrt(2))}),
    (lambda: of("l*exp(-l*x)", {"l": "{1,2}"}, [0.6931471805599453]), "unique", {"l": 2}),
    (lambda: of("l*exp(-l*x)", {"l": "{1/2,1}"}, [1.3862943611198906]), "unique", {"l": 1}),
    (lambda: of("p**x*(1-p)**(1-x)", {"p": "{1/3,2/3}"}, [0, 1, 1, 0]), "not unique", {"p": sp.FiniteSet(sp.Rational(1, 3), sp.Rational(2, 3))}),
    (lambda: of(NORMAL, {"m": "integer"}, [1.5, 1.5, 1.500000000001]), "unique", {"m": 2}),
    (lambda: of(NORMAL, {"m": "integer"}, [1.5]), "not unique", {"m": sp.FiniteSet(1, 2)}),
    (lambda: triangle([0.2, 0.7999999999999]), "unique", {"c": sp.Rational(1, 5)}),
    (lambda: triangle([0.2, 0.8]), "not unique", {"c": sp.FiniteSet(sp.Rational(1, 5), sp.Rational(4, 5))}),
    (lambda: window("t<=x<=t+1", [0, 1]), "unique", {"t": 0}),
    (lambda: window("t<=x<=t+1", [0.25, 1.25]), "unique", {"t": sp.Rational(1, 4)}),
    (lambda: window("t<=x<=t+1", [0, 0.5]), "not unique", {"t": sp.Interval(-sp.Rational(1, 2), 0)}),
    (lambda: mle(RATES, parameters={"a": "nonnegative", "b": "nonnegative"}, data=[0, 0]), "unique", {"a": 0, "b": 0}),
    (lambda: mle(SHARES, parameters={"a": "[0,1/2]", "b": "[0,1/2]"}, data=[1, 1]), "unique", {"a": sp.Rational(1, 2), "b": sp.Rational(1, 2)}),
    (lambda: mle(SHARES, parameters={"a": "[0,1/2]", "b": "[0,1/2]"}, data=[1, 0]), "not unique", {"a": sp.Rational(1, 2) - sp.Symbol("b"), "b": sp.Interval(0, sp.Rational(1, 2))}),
    (lambda: mle(EXCHANGEABLE, parameters={"a": "real", "b": "real"}, data=[1, 3]), "not unique", {"a": sp.FiniteSet(0.5, 1.5), "b": 2.0 - sp.Symbol("a")}),
    (lambda: mle("1/(b-a)", parameters={"a": "real", "b": "real"}, support="a<=x<=b", data=[1, 4], constraints=["a=-b"]), "unique", {"a": -4, "b": 4}),
    (lambda: mle(likelihood="t**34", parameters={"t": "(0,1)"}), "none", {}),
    (lambda: mle(likelihood="t**34", parameters={"t": "(0,1]"}), "unique", {"t": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "outcome", "estimates"), CASES)
def test_outcomes(ask, outcome, estimates):
    d = ask()
    assert d.outcome == outcome
    assert dict(d.estimates) == estimates


REFUSED = [
    # which values of b are possible depends on the sample
    lambda: mle("exp(-(x-a-b)**2/2)/sqrt(2*pi)", parameters={"a": "[0,1]", "b": "[0,1]"}),
    lambda: mle(EXCHANGEABLE, parameters={"a": "real", "b": "real"}),
    # two lines, a = 0 and b = 0
    lambda: mle(
        "exp(-(y-a*b*x)**2/2)/sqrt(2*pi)",
        variable="y",
        covariates=["x"],
        parameters={"a": "real", "b": "real"},
        data={"x": [1, 2], "y": [0.5, -0.25]},
    ),
    lambda: window("t<x<t+1", [0, 1]),
    lambda: window("t<=x<t+1", [0, 1]),
    lambda: window("t<=x<=t+1", [0.1, 1.1]),  # 1.1 - 1 is more than 0.1 in floating point
    # as high at 1 and at 2, which is not read off the terms of the logarithm
    lambda: of("1/(pi*cosh(x-m))", {"m": "{1,2}"}, [1.5]),
]


@pytest.mark.parametrize("ask", REFUSED)
def test_what_is_not_settled_is_refused(ask):
    with pytest.raises(NotSupported):
        ask()


@pytest.mark.parametrize("data", [[0, 2], [0, "1.0000000000000000001"]])
def test_data_that_no_value_allows(data):
    with pytest.raises(NotValid):
        window("t<=x<=t+1", [sp.Rational(v) for v in data])


def test_a_window_that_may_be_a_point_says_so():
    conditions = window("t<=x<=t+1", None).conditions
    assert [c.kind for c in conditions] == ["exists", "is unique"]


def test_a_line_of_estimates_that_may_be_a_point_says_so():
    d = mle(RATES, parameters={"a": "nonnegative", "b": "nonnegative"})
    assert d.outcome == "not unique"
    assert [c.kind for c in d.conditions] == ["is unique"]
