"""One unknown with data that lie far apart, on a plateau, tied, or in odd units: the enclosed maximum."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

import derive

CAUCHY, LOGISTIC = "1/(pi*(1+(x-t)**2))", "exp(-(x-t))/(1+exp(-(x-t)))**2"


@pytest.mark.parametrize(
    ("density", "data", "parameter", "value"),
    [
        (CAUCHY, [150], "t", 150), (CAUCHY, [0, 1000, 3000], "t", 999.999500000125), (LOGISTIC, [0, 100], "t", 50), (LOGISTIC, [0, 700], "t", 350),
        (LOGISTIC, [1000, 2000], "t", 1500), ("exp(-(x-t)-exp(-(x-t)))", [800], "t", 800), ("hyperbolic secant", [-20, 20], "mu", 0),
        ("s/(pi*(s**2+x**2))", ["1e-9", "1e9"], "s", 1), ("s/(pi*(s**2+x**2))", [1, 10**12], "s", 10**6),
    ],
)  # fmt: skip
def test_far_observations(density: str, data: list[Any], parameter: str, value: float) -> None:
    d = derive.mle(density, data=data)
    assert d.outcome == "unique"
    assert d.to_dict()["numeric"][parameter] == pytest.approx(value, rel=1e-14, abs=1e-14)
    assert "fine grid" not in d.to_markdown()


def test_a_score_beyond_floating_point() -> None:
    d = derive.mle("Rice", data=[1000], known={"s": 1})
    assert d.to_dict()["numeric"]["nu"] == pytest.approx(999.9995, rel=1e-9)
    assert set(map(str, d.certainty.values())) == {"enclosed"}


@pytest.mark.parametrize(
    ("density", "data", "roots"),
    [(CAUCHY, [-20, 20], 399**0.5), ("t**2*exp(-t**2*x)", [1, 3], 0.5**0.5), ("exp(-(x-t)**2/(2*t**2))/sqrt(2*pi*t**2)", [-1, 1, 2, -2], 2.5**0.5)],
)  # fmt: skip
def test_two_maxima_are_both_given(density: str, data: list[Any], roots: float) -> None:
    d = derive.mle(density, data=data, parameters={"t": "(-oo, oo)"})
    assert d.outcome == "not unique"
    assert sorted(map(float, d.estimates["t"])) == pytest.approx([-roots, roots], rel=1e-11)


def test_no_maximum_is_said_without_a_grid() -> None:
    d = derive.mle("b**a*x**(a-1)*exp(-b*x)/gamma(a)", data=[2, 2])
    assert d.outcome == "none" and "over the whole domain the profile score" in d.to_markdown()


LOMAX = "a*l**a/(x+l)**(a+1)"


@pytest.mark.parametrize(
    ("density", "data", "support", "domain", "value"),
    [
        ("exp(t)*x**(exp(t)-1)/(1+x**exp(t))**2", ["1e9", "3e9"], "x > 0", "real", -2.62356405290887),
        ("exp(exp(t)*cos(x))/(2*pi*besseli(0,exp(t)))", ["1e-6", "2e-6"], "[-pi, pi]", "real", 26.7147303840553),
        ("sqrt(t)*exp(-sqrt(t)*x)/(1-exp(-sqrt(t)))", ["0.1"], "0 < x < 1", "positive", 99.9088434595578),
        ("1/(pi*(1+(x-t**3)**2))", [150], "real", "real", 150 ** (1 / 3)),
        ("9*exp(-(x-t)**2/2)/(10*sqrt(2*pi)) + exp(-(x-t)**2/20000)/(1000*sqrt(2*pi))", [-1, 0, 1, "1e4"], "real", "real", 2500),
        ("sqrt(2/pi)*exp(-(x-t)**2/2)/(1+erf(t/sqrt(2)))", ["1e-100", "3e-100"], "x > 0", "real", -5e99),
        ("sqrt(2/pi)*exp(-(x-t)**2/2)/(1+erf(t/sqrt(2)))", [1, 3], "x > 0", "real", 1.937257148870049),
        ("exp(-sqrt(1+(x-t)**2))/(2*besselk(1,1))", [0, 10, "1e12"], "real", "real", 10.00495798978218),
        ("gamma(x+log(t))/(gamma(log(t))*factorial(x))*(1/3)**log(t)*(2/3)**x", [0, 2, 1], "{0, 1, 2, ...}", "(1, oo)", 2.08632025370345),
    ],
)  # fmt: skip
def test_functions_of_the_unknown_are_enclosed_in_another_letter(
    density: str, data: list[Any], support: str, domain: str, value: float
) -> None:
    d = derive.mle(density, data=data, support=support, parameters={"t": domain}, syntax="sympy")
    assert d.outcome == "unique" and d.certainty["t"] in ("proved", "enclosed")
    assert d.to_dict()["numeric"]["t"] == pytest.approx(value, rel=1e-13)


def test_an_even_function_is_enclosed_on_one_side() -> None:
    d = derive.mle("exp(t**2*cos(x))/(2*pi*besseli(0,t**2))", data=["0.1", "0.5", "-0.2"], parameters={"t": "real"}, support="[-pi, pi]")
    assert d.outcome == "not unique" and d.certainty["t"] in ("proved", "enclosed")
    assert abs(d.to_dict()["numeric"]["t"]) == pytest.approx(3.23284887673205, rel=1e-13)


@pytest.mark.parametrize(("data", "outcome"), [([1, 1, 7], "none"), ([1, 1, 17], "unique"), ([1, 2], "none")])
def test_a_supremum_that_is_not_attained_is_no_maximum(data: list[int], outcome: str) -> None:
    d = derive.mle(LOMAX, data=data, support="x > 0", parameters={"a": "positive", "l": "positive"})
    assert d.outcome == outcome and set(d.certainty.values()) == {"enclosed"}


TIES = [  # question, what is estimated, the set
    ({"density": "t**2*exp(-t**2*x)", "data": [2, 2, 2], "parameters": {"t": "real"}, "support": "x > 0"}, "t", "-sqrt(2)/2, sqrt(2)/2"),
    ({"density": "exp(-(x-t)**2/(2*t**2))/sqrt(2*pi*t**2)", "data": [-1, 1, 2, -2], "parameters": {"t": "real"}}, "t", "-sqrt(10)/2, sqrt(10)/2"),
    ({"density": "1/(pi*(1+(x-t)**2))", "data": [-3, 4, -3, 4]}, "t", "1/2-3*sqrt(5)/2, 1/2+3*sqrt(5)/2"),
    ({"density": "exp(-x**2/(a+b**2))/sqrt(pi*(a+b**2))", "data": [1, 1, 2, 0], "parameters": {"a": "positive", "b": "real"},
      "constraints": ["a=b**2"]}, "b", "-sqrt(6)/2, sqrt(6)/2"),
]  # fmt: skip


@pytest.mark.parametrize("question, name, places", TIES, ids=range(len(TIES)))
def test_equal_maxima_have_their_closed_form(question, name, places):
    d = derive.mle(**question)
    assert d.outcome == "not unique" and d.estimates[name] == sp.FiniteSet(*sp.sympify(f"[{places}]"))


def test_equal_maxima_without_a_closed_form_are_floats():
    d = derive.mle("1/(pi*(1+(x-t)**2))", data=[-9, -1, 1, 9])
    low, high = d.estimates["t"]
    assert low == -high and low.is_Float and float(low) == pytest.approx(d.numeric["t"], rel=1e-14)
    assert d.to_dict()["estimates"]["t"] == str(d.estimates["t"])


def test_a_likelihood_asked_for_is_taken_at_no_rounded_fraction():
    text = derive.mle("gamma", data=[1, 2, 4], at={"alpha": 2}).to_markdown()
    assert r"L(2, 1.4576" in text


@pytest.mark.parametrize(
    ("density", "data", "support", "parameters", "family"),
    [
        (LOMAX, [1, 1, 7], "x > 0", {"a": "positive", "l": "positive"}, "the density tends to that of an exponential distribution"),
        ("a/l*(1+x/l)**(-a-1)", [1, 1, 7], "x > 0", {"a": "positive", "l": "positive"}, "the density tends to that of an exponential distribution"),
        ("gamma(x+r)/(gamma(r)*factorial(x))*p**r*(1-p)**x", [1, 1, 4, 2], "{0, 1, 2, ...}", {"r": "positive", "p": "(0, 1)"},
         "the probability mass function tends to that of a Poisson distribution"),
    ],
)  # fmt: skip
def test_the_family_in_the_limit_is_named(density: str, data: list[int], support: str, parameters: dict[str, str], family: str) -> None:
    d = derive.mle(density, data=data, support=support, parameters=parameters, syntax="sympy")
    assert d.outcome == "none" and family in d.to_markdown()


def test_a_root_that_is_not_located_is_refused() -> None:
    with pytest.raises(derive.DeriveError, match=r"not located to the digits of a float|not settled"):
        derive.mle(LOGISTIC, data=["1e30", "3e30"])


def test_a_threshold_between_far_doses() -> None:
    density = "(1-exp(-exp(x-t)))**y*exp(-(1-y)*exp(x-t))"  # complementary log-log: e^u - 1 = e^100 for u = e^(100 - t)
    question = {
        "variable": "y",
        "covariates": ["x"],
        "support": "{0, 1}",
        "data": {"x": [0, 100], "y": [0, 1]},
        "parameters": {"t": "real"},
    }
    d = derive.mle(density, **question)
    assert d.numeric["t"] == pytest.approx(95.39482981401191, rel=1e-14) and "searched" not in d.certainty.values()


NORMAL, POINTS, ABOVE_0 = "exp(-(x-t)**2/2)/sqrt(2*pi)", derive.Sample, "x > 0"
BALLS: list[tuple[str, Any, str, str, str, list[float]]] = [  # density, data, support, domain, outcome, estimates
    (NORMAL, ["1e30", "3e30"], "real", "real", "unique", [2e30]),
    (NORMAL, POINTS([100], right=[200]), "real", "real", "unique", [150.00999401037137]),
    (NORMAL, POINTS(left=[0], right=[50]), "real", "real", "unique", [25]),
    ("sqrt(2/pi)/t*exp(-x**2/(2*t**2))", POINTS([2, 2], left=[1]), "x >= 0", "positive", "unique", [1.6650910508021575]),
    ("t*exp(-t*x)", POINTS(interval=[("1e10", "10000000001")]), "x >= 0", "positive", "unique", [9.9999999995e-11]),
    ("t**2*x**(-3)*exp(-t/x)", ["1e100", "2e100", "5e100"], ABOVE_0, "positive", "unique", [60e100 / 17]),
    ("t/(1+x)**(t+1)", ["1e-100", "3e-100"], ABOVE_0, "positive", "unique", [5e99]),
    ("2*x*t**2/(t**2+x**2)**2", ["1e100", "2e100", "5e100"], ABOVE_0, "positive", "unique", [2.1210468202139185e100]),
    ("exp(-(x-t)-exp(-(x-t)))", ["1e-100", "2e-100"], "real", "(-1, 1)", "unique", [1.5e-100]),
    ("exp(-(x-t)**2/(2*t))/sqrt(2*pi*t)", ["0", "1e-10"], "real", "positive", "unique", [5e-21]),
    ("2*sqrt(t**2-x**2)/(pi*t**2)", ["0.1", "0.5", "-0.3"], "-t <= x <= t", "positive", "unique", [0.5877882919128021]),
    ("exp(-(x-t)**2/(2*t**2))/sqrt(2*pi*t**2)", ["1e-100", "2e-100"], "real", "(-1, 1)", "unique", [1e-100]),
    ("exp(-(x-t)**2/(2*t**2))/sqrt(2*pi*t**2)", [0, 0], "real", "real", "none", []),
    ("(t*exp(-x**2/2)+(1-t)*exp(-(x-2)**2/2))/sqrt(2*pi)", [150], "real", "[0, 1]", "unique", [0]),
    ("log(t)**3*x**2*exp(-log(t)*x)/2", ["1e100", "2e100", "5e100"], ABOVE_0, "(1, oo)", "unique", [1]),  # and 1e-100 above it
    ("t*exp(x)*exp(-t*(exp(x)-1))", [2], ABOVE_0, "(1/2, oo)", "none", []),
    ("abs(t)/x**(abs(t)+1)", [1], "x >= 1", "real", "none", []),
    ("exp(-(x-t)**2/(4*t))/sqrt(4*pi*t)", ["1e-100", "2e-100"], "real", "positive", "unique", [1.25e-200]),
    ("exp(-(x-1/t)**2/(4/t))/sqrt(4*pi/t)", ["1e-100", "2e-100"], "real", "positive", "unique", [8e199]),
    ("1/(2*exp(t))", [0, 1000, 3000], "-exp(t) <= x <= exp(t)", "real", "unique", [8.006367567650246]),
    ("1/(2*log(t))", [150], "-log(t) <= x <= log(t)", "(1, oo)", "unique", [1.3937095806663797e65]),
    ("1/(2*sqrt(t))", ["1.7"], "-sqrt(t) <= x <= sqrt(t)", "positive", "unique", [2.89]),
    ("2*sqrt(t)*x*(1-x**2)**(sqrt(t)-1)", ["0.2", "0.5", "0.9"], "0 < x < 1", "positive", "unique", [2.2744175931724446]),
    ("1/(pi*(1+(x-(t**2-t))**2))", [0, 100], "real", "real", "not unique", [-9.511992758676964, -0.00990293213517611, 1.00990293213517611, 10.511992758676964]),
    ("exp(-(log(x)-t**3)**2/2)/(x*sqrt(2*pi))", [1, 2, 4], ABOVE_0, "real", "unique", [0.8849970445005177]),
]  # fmt: skip


@pytest.mark.parametrize(("density", "data", "support", "domain", "outcome", "places"), BALLS, ids=[str(j) for j in range(len(BALLS))])
def test_far_data_are_judged_in_balls(density: str, data: Any, support: str, domain: str, outcome: str, places: list[float]) -> None:
    d = derive.mle(density, data=data, support=support, parameters={"t": domain}, syntax="sympy")
    assert d.outcome == outcome and "searched" not in map(str, d.certainty.values())
    found = sorted(float(v) for v in d.estimates["t"]) if outcome == "not unique" else list((d.numeric or {}).values())
    assert found == pytest.approx(places, rel=1e-12)


def test_the_place_of_symmetry_is_a_root_too() -> None:
    d = derive.mle("exp(-(x-t**2+t)**2/2)/sqrt(2*pi)", data=[5, -5], parameters={"t": "real"})
    assert set(d.estimates["t"]) == {0, 1} and "has three roots" in d.to_markdown()


@pytest.mark.parametrize(("domain", "data", "places"), [
    ("[1, 2]", [0, 5], sp.Interval(1, 2)), ("(1, 2)", [0, 5], sp.Interval.open(1, 2)), ("(1, 2)", [0, "1.5"], sp.Interval.Lopen(1, sp.Rational(3, 2))),
    ("[1, 2)", [0, 1], sp.Integer(1)), ("(1, 2)", [0, 1], None), ("real", ["1e-30", "1e30"], sp.Interval(sp.Rational(1, 10**30), 10**30)),
])  # fmt: skip
def test_medians_beside_the_ends_of_a_domain(domain: str, data: list[Any], places: Any) -> None:
    d = derive.mle("exp(-2*abs(x-m))", variable="x", parameters={"m": domain}, data=data)
    assert d.outcome == "none" if places is None else d.estimates["m"] == places


def test_two_maxima_next_to_each_other() -> None:
    d = derive.mle("exp(-(x-t/(1+t**2))**2/2)/sqrt(2*pi)", parameters=["t"], variable="x", data=["0.499999999999"])
    assert d.outcome == "not unique" and sorted(map(float, d.estimates["t"])) == pytest.approx([0.999998, 1.000002], rel=1e-9)


def test_a_jump_is_no_maximum_on_its_lower_side() -> None:
    with pytest.raises(derive.NotSupported, match="as written has another value"):
        derive.mle("Piecewise((1/(2*c),x<c),(1/(2*(1-c)),True))", parameters={"c": "(0,1)"}, support="0<=x<=1", data=["0.2", "0.5"])


@pytest.mark.parametrize(("density", "domain", "data", "value"), [("exp(-l)*l**x/factorial(x)", "nonnegative", [1, 2], 0), ("l**x*(1-l)**(1-x)", "[0,1]", [1, 0], 1)])  # fmt: skip
def test_the_likelihood_where_the_data_are_impossible(density: str, domain: str, data: list[int], value: int) -> None:
    assert "the data are impossible" in derive.mle(density, parameters={"l": domain}, data=data, at={"l": str(value)}).to_markdown()


def test_other_data_are_asked_anew_where_their_likelihood_is_0() -> None:
    with pytest.raises(derive.NotSupported):
        derive.mle("2*x/t*exp(-x**2/t)", parameters={"t": "positive"}, support="x>=0").evaluate([0, 1])
    assert derive.mle("s/(pi*(s**2+x**2))", parameters={"s": "positive"}).evaluate([-1, 10**9])["s"] == pytest.approx(1e9**0.5, rel=1e-15)


FAR_OUT = [
    ({"density": "X ~ Binomial(1000000000, p)", "data": [3, 7]}, {"p": 5e-9}),
    ({"density": "X ~ LogNormal(mu, sigma^2)", "data": ["1e300", "1e-300"]}, {"mu": 0, "sigma": 690.7755278982137}),
]


@pytest.mark.parametrize(("question", "estimates"), FAR_OUT)
def test_closed_forms_at_numbers_far_from_1(question: dict[str, Any], estimates: dict[str, float]) -> None:
    d = derive.mle(**question)
    d.to_markdown()
    assert d.numeric == pytest.approx(estimates, rel=1e-14) and set(map(str, d.certainty.values())) == {"proved"}
