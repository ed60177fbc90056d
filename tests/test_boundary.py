"""Supports that depend on parameters: the estimate, the set where it is not unique, the lines that lead to it."""

from __future__ import annotations

import math

import pytest
import sympy as sp

import derive

POSITIVE, REAL = "positive", "real"

MOVING = [  # density, support, parameters, data, estimates
    ("1/theta", "0 <= x <= theta", {"theta": POSITIVE}, [0.4, 1.1, 1.9], {"theta": 1.9}),
    ("1/theta", "0 < x < theta", {"theta": POSITIVE}, [0.4, 1.1, 1.9], {"theta": 1.9}),
    ("1/(2*theta)", "-theta <= x <= theta", {"theta": POSITIVE}, [-2.5, 1, 2], {"theta": 2.5}),
    ("1/(3*theta)", "-theta <= x <= 2*theta", {"theta": POSITIVE}, [-1, 3, 2], {"theta": 1.5}),
    ("1/theta", "theta <= x <= 2*theta", {"theta": POSITIVE}, [3, 4, 5], {"theta": 2.5}),
    ("1/(2*theta+1)", "0 < x < 2*theta + 1", {"theta": "(-1/2, oo)"}, [0.4, 3.2], {"theta": 1.1}),
    ("1/(b-a)", "a <= x <= b", {"a": REAL, "b": REAL}, [3, -1, 2], {"a": -1, "b": 3}),
    ("2*x/theta**2", "0 <= x <= theta", {"theta": POSITIVE}, [1, 2.5], {"theta": 2.5}),
    ("exp(-(x-theta))", "x >= theta", {"theta": REAL}, [3, 1.5, 7], {"theta": 1.5}),
    ("lambda_*exp(-lambda_*(x-theta))", "x >= theta", {"lambda_": POSITIVE, "theta": REAL}, [3, 1, 5], {"theta": 1, "lambda_": 0.5}),
    ("alpha*theta**alpha/x**(alpha+1)", "x >= theta", {"alpha": POSITIVE, "theta": POSITIVE}, [2, 4, 8], {"theta": 2, "alpha": 1 / math.log(2)}),
    ("alpha/beta**alpha*x**(alpha-1)", "0 <= x <= beta", {"alpha": POSITIVE, "beta": POSITIVE}, [2, 4, 8], {"beta": 8, "alpha": 1 / math.log(2)}),
    ("sqrt(2/pi)/sigma*exp(-(x-mu)**2/(2*sigma**2))", "x >= mu", {"mu": REAL, "sigma": POSITIVE}, [1, 2, 4], {"mu": 1, "sigma": math.sqrt(10 / 3)}),
    ("theta", "0 <= x <= 1/theta", {"theta": POSITIVE}, [0.5, 2], {"theta": 0.5}),
    ("1/theta**2", "0 <= x <= theta**2", {"theta": POSITIVE}, [2, 9], {"theta": 3}),
    ("1/(5-theta)", "theta <= x <= 5", {"theta": "(-oo, 5)"}, [2, 4], {"theta": 2}),
    ("1/(2*sigma)", "mu-sigma <= x <= mu+sigma", {"mu": REAL, "sigma": POSITIVE}, [2, 9, 4], {"mu": 5.5, "sigma": 3.5}),
    ("1/delta", "theta <= x <= theta+delta", {"theta": REAL, "delta": POSITIVE}, [2, 9, 4], {"theta": 2, "delta": 7}),
    ("p*(1-p)**(x-a)", "x in {a, a+1, ...}", {"a": "integer", "p": "(0, 1)"}, [3, 5, 4, 9], {"a": 3, "p": 4 / 13}),
    ("1/(b-a+1)", "x in {a, ..., b}", {"a": "integer", "b": "integer"}, [3, 5, 4, 9], {"a": 3, "b": 9}),
]  # fmt: skip


@pytest.mark.parametrize(("density", "support", "parameters", "data", "wanted"), MOVING, ids=[f"{d} on {s}" for d, s, *_ in MOVING])
def test_moving_supports(density, support, parameters, data, wanted):
    given = derive.mle(density, support=support, parameters=parameters, variable="x", data=data)
    general = derive.mle(density, support=support, parameters=parameters, variable="x")
    assert given.verified and general.verified and given.outcome == general.outcome == "unique"
    wanted = {k.rstrip("_"): v for k, v in wanted.items()}
    assert given.numeric == pytest.approx(wanted)
    assert general.evaluate(data) == pytest.approx(wanted)
    assert "boundary" in given.how.values()


def test_the_indicator_is_carried_and_solved():
    text = derive.mle("1/theta", support="0 < x < theta", parameters={"theta": POSITIVE}, variable="x").to_markdown()
    assert r"\theta^{-n} \mathbf{1}\{x_{(n)} < \theta\}" in text
    assert r"\theta > x_{(n)}" in text
    assert "The support is open" in text
    assert "the largest observation" in text


def test_not_unique():
    d = derive.mle("1", support="theta <= x <= theta + 1", parameters={"theta": REAL}, variable="x", data=[3.2, 3.9])
    assert d.outcome == "not unique"
    assert d.estimates["theta"] == sp.Interval(sp.Rational(29, 10), sp.Rational(16, 5))
    assert 2.9 <= d.numeric["theta"] <= 3.2
    general = derive.mle(r"f(x)=1, \theta\le x\le\theta+1")
    assert str(general.estimates["theta"]) == "Interval(Max(x) - 1, Min(x))"


def test_a_domain_that_binds():
    asked = {"support": "0 <= x <= theta", "variable": "x", "parameters": {"theta": "[2, oo)"}}
    assert derive.mle("1/theta", data=[0.5, 1], **asked).numeric["theta"] == 2
    assert derive.mle("1/theta", data=[0.5, 3], **asked).numeric["theta"] == 3
    assert derive.mle("1/theta", **asked).evaluate([0.5, 1]) == {"theta": 2}


@pytest.mark.parametrize(
    ("density", "wanted"),
    [
        (r"\frac{1}{b-a}, a\le x\le b", {"a": "Min(x)", "b": "Max(x)"}),
        (r"\frac{1}{\theta}1_{[0,\theta]}(x)", {"theta": "Max(x)"}),
        (r"f(x;\theta)=\frac{1}{2},\quad |x-\theta|\le 1", {"theta": "Interval(Max(x) - 1, Min(x) + 1)"}),
        (r"f(x;a,b)=\frac{1}{b-a+1}, x=a,a+1,\dots,b", {"a": "Min(x)", "b": "Max(x)"}),
        (r"f(x;\theta)=\theta x^{-2},\ 0<\theta\le x<\infty", {"theta": "Min(x)"}),
        (r"F(x)=1-e^{-(x-\theta)}, x\ge\theta", {"theta": "Min(x)"}),
    ],
)
def test_as_people_write_it(density, wanted):
    assert {k: str(v) for k, v in derive.mle(density).estimates.items()} == wanted


def test_both_domains_bind():
    asked = {"support": "a <= x <= b", "variable": "x", "parameters": {"b": "[5, oo)", "a": "(-oo, 2]"}}
    assert derive.mle("1/(b-a)", data=[3, 4], **asked).numeric == {"b": 5, "a": 2}
    assert derive.mle("1/(b-a)", **asked).evaluate([1, 9]) == {"b": 9, "a": 1}


def test_the_likelihood_where_the_data_are_impossible():
    asked = {"support": "0 <= x <= theta", "variable": "x", "parameters": {"theta": POSITIVE}, "data": [1, 3]}
    assert "L(2) &= 0" in derive.mle("1/theta", at={"theta": "2"}, **asked).to_markdown()
    assert r"\frac{1}{16}" in derive.mle("1/theta", at={"theta": "4"}, **asked).to_markdown()


def test_a_rectangle():
    d = derive.mle(
        "1/(a*b)", variable=["x", "y"], support={"x": "0<=x<=a", "y": "0<=y<=b"}, parameters={"a": POSITIVE, "b": POSITIVE},
        data={"x": [1, 2, 3], "y": [4, 2, 5]},
    )  # fmt: skip
    assert d.verified and d.numeric == {"a": 3, "b": 5}


TRIANGLE = "Piecewise((2*x/c, x < c), (2*(1-x)/(1-c), True))"
TWO_SIDED = "Piecewise((exp(-2*(x-m)/3)*2/5, x >= m), (exp(x-m)*2/5, True))"


@pytest.mark.parametrize(
    ("density", "support", "parameters", "data", "wanted"),
    [
        (TRIANGLE, "0 < x < 1", {"c": "(0, 1)"}, [0.22, 0.41, 0.35, 0.68, 0.81], 0.35),
        (TRIANGLE, "0 < x < 1", {"c": "(0, 1)"}, [0.9], 0.9),
        (TWO_SIDED, "real", {"m": REAL}, [1.2, 3.1, 0.4, 2.2], 1.2),
        (TWO_SIDED, "real", {"m": REAL}, [5, 3, 8, 1, 9, 2, 7], 3),
    ],
)
def test_two_pieces(density, support, parameters, data, wanted):
    d = derive.mle(density, variable="x", support=support, parameters=parameters, data=data)
    (name,) = d.numeric
    assert d.verified and d.outcome == "unique" and d.numeric[name] == wanted


def test_two_straight_pieces_in_general():
    d = derive.mle(TWO_SIDED, variable="x", parameters={"m": REAL})
    assert d.evaluate([5, 3, 8, 1, 9, 2, 7]) == {"m": 3}
    assert str(d.estimates["m"]) == "OrderStat(x, ceiling(2*n/5))"
    level = derive.mle(TWO_SIDED, variable="x", parameters={"m": REAL}, data=[5, 3, 8, 1, 9])
    assert level.outcome == "not unique" and level.estimates["m"] == sp.Interval(3, 5)


NOWHERE = [  # the density has a pole at the end of its support: the likelihood grows without bound towards it
    ("1/(pi*sqrt(x*(theta-x)))", "0 < x < theta", {"theta": POSITIVE}),
    ("exp(-sqrt(x-theta))/(2*sqrt(x-theta))", "x > theta", {"theta": REAL}),
    ("exp(-(log(x-theta)-mu)**2/(2*sigma**2))/((x-theta)*sigma*sqrt(2*pi))", "x > theta", {"theta": REAL, "mu": REAL, "sigma": POSITIVE}),
]


@pytest.mark.parametrize(("density", "support", "parameters"), NOWHERE)
def test_a_pole_at_the_end(density, support, parameters):
    d = derive.mle(density, support=support, parameters=parameters, variable="x", data=[2.3, 3.4, 2.9, 5.1, 2.6])
    assert d.outcome == "none" and d.numeric is None and d.verified
    assert "bound" in d.to_markdown()


def test_the_median_kept_inside_its_domain():
    asked = {"variable": "x", "support": "real"}
    d = derive.mle("exp(-Abs(x-mu))/2", parameters={"mu": "[0, oo)"}, data=[-3, -1, 2], **asked)
    assert d.numeric == {"mu": 0} and d.how == {"mu": "boundary"}
    general = derive.mle("exp(-Abs(x-mu))/2", parameters={"mu": "[0, oo)"}, **asked)
    assert [general.evaluate(x)["mu"] for x in ([-3, -1, 2], [-3, 1, 2])] == [0, 1]
    assert derive.mle("exp(-Abs(x-mu))/2", parameters={"mu": POSITIVE}, data=[-3, 1, 2], **asked).numeric == {"mu": 1}


INSIDE = [  # the likelihood falls to 0 at the end that the data set: the maximum lies where the score vanishes
    ("2*(theta-x)/theta**2", "0 < x < theta", {"theta": POSITIVE}, [1, 2.5, 0.3], lambda t, x: 1 / (t - x) - 2 / t),
    ("(x-theta)*exp(-(x-theta))", "x > theta", {"theta": REAL}, [1, 2.5, 4], lambda t, x: 1 - 1 / (x - t)),
]


@pytest.mark.parametrize(("density", "support", "parameters", "data", "score"), INSIDE)
def test_a_root_beyond_the_data(density, support, parameters, data, score):
    d = derive.mle(density, support=support, parameters=parameters, variable="x", data=data)
    assert d.verified and d.how == {"theta": "numeric"}
    assert math.fsum(score(d.numeric["theta"], x) for x in data) == pytest.approx(0, abs=1e-8)


def test_impossible_data():
    with pytest.raises(derive.DeriveError):
        derive.mle("1", support="theta <= x <= theta + 1", parameters={"theta": REAL}, variable="x", data=[1, 5])


MEDIANS = [  # density, support, parameters, data, estimates, the set
    ("exp(-Abs(x-mu)/b)/(2*b)", "real", {"mu": REAL, "b": POSITIVE}, [1.2, 0.7, 2.9, 1.5, -0.4], {"mu": 1.2, "b": 0.82}, None),
    ("exp(-Abs(x-mu)/b)/(2*b)", "real", {"mu": REAL, "b": POSITIVE}, [1.2, 0.7, 2.9, 1.5, -0.4, 3.3], {"mu": 1.35, "b": 31 / 30}, (1.2, 1.5)),
    ("exp(-Abs(x-theta))/2", "real", {"theta": REAL}, [6.1, -1.1, 3.2], {"theta": 3.2}, None),
    ("exp(-Abs(x-theta))/2", "real", {"theta": REAL}, [6.1, -1.1, 3.2, 3.2], {"theta": 3.2}, None),
    ("exp(-Abs(log(x)-mu))/(2*x)", "x > 0", {"mu": REAL}, [1, 8, 2], {"mu": math.log(2)}, None),
]  # fmt: skip


@pytest.mark.parametrize(("density", "support", "parameters", "data", "wanted", "interval"), MEDIANS)
def test_centres_with_a_kink(density, support, parameters, data, wanted, interval):
    d = derive.mle(density, support=support, parameters=parameters, variable="x", data=data)
    assert d.verified and d.numeric == pytest.approx(wanted)
    assert d.outcome == ("unique" if interval is None else "not unique")
    if interval is not None:
        assert d.estimates["mu"] == sp.Interval(*map(sp.nsimplify, interval))
    general = derive.mle(density, support=support, parameters=parameters, variable="x")
    assert general.verified and general.evaluate(data) == pytest.approx(wanted)


def test_the_median_of_a_large_sample():
    general = derive.mle("exp(-Abs(x-theta))/2", variable="x", parameters={"theta": REAL})
    assert str(general.estimates["theta"]) == "Median(x)"
    data = [float(7 * k % 3001) for k in range(3001)]
    assert general.evaluate(data) == {"theta": 1500}
    assert derive.mle("1/theta", support="0<=x<=theta", variable="x", parameters={"theta": POSITIVE}, data=data).numeric == {"theta": 3000}


ALL_EQUAL = [  # density and support, data that leave a single point as the support
    (r"\frac{1}{b-a}, a \le x \le b", [2, 2, 2]),
    (r"\frac{1}{2\sigma}, |x-\mu| \le \sigma", [4]),
    (r"\frac{1}{w}, \mu \le x \le \mu+w", [1, 1]),
]


@pytest.mark.parametrize(("density", "data"), ALL_EQUAL)
def test_a_support_that_shrinks_to_a_point_has_no_maximum(density, data):
    given, general = derive.mle(density, data=data), derive.mle(density)
    assert (given.outcome, given.estimates, given.verified) == ("none", {}, True)
    assert "all equal" in general.to_markdown() and general.conditions[0].relations[0].signs == (">",)
    with pytest.raises(derive.DeriveError, match="no maximum"):
        general.evaluate(data)


def test_one_observation_of_two_ends_has_no_maximum():
    assert derive.mle(r"\frac{1}{b-a}, a \le x \le b", n=1).outcome == "none"
    assert derive.mle(r"\frac{1}{\theta}, 0 < x \le \theta", n=1).outcome == "unique"


@pytest.mark.parametrize(
    ("density", "data"),
    [(r"1, \theta \le x \le \theta+1", [1, 3]), (r"\frac1\theta, \theta \le x \le 2\theta", [1, 3]), (r"\frac1\theta, 0 \le x \le \theta", [-1, 1])],
)  # fmt: skip
def test_a_general_result_is_not_evaluated_on_impossible_data(density, data):
    with pytest.raises(derive.DeriveError, match="for no values of the parameters"):
        derive.mle(density).evaluate(data)


TRIANGLES = [  # as people write the triangular density with an unknown mode
    r"\begin{cases}\frac{2x}{c} & 0\le x\le c\\ \frac{2(1-x)}{1-c} & c<x\le1\end{cases}",
    r"\begin{cases}\frac{2x}{c} & x\in[0,c]\\ \frac{2(1-x)}{1-c} & x\in(c,1]\\ 0 & \text{otherwise}\end{cases}",
    r"\frac{2x}{c}\mathbf 1_{[0,c]}(x)+\frac{2(1-x)}{1-c}\mathbf 1_{(c,1]}(x)",
    "Piecewise((2*x/c, (x >= 0) & (x <= c)), (2*(1-x)/(1-c), (x > c) & (x <= 1)), (0, True))",
]


@pytest.mark.parametrize("density", TRIANGLES)
def test_a_mode_at_one_of_the_observations(density):
    general = derive.mle(density, parameters={"c": "(0, 1)"})
    assert (general.outcome, general.how, general.estimates, general.verified) == ("unique", {"c": "numeric"}, {}, True)
    assert r"\operatorname*{arg\,max}_{c \in \{x_{1}, \ldots, x_{n}\}} L(c)" in general.to_markdown()
    for data, wanted in (([0.22, 0.41, 0.35, 0.68, 0.81], 0.35), ([0.9], 0.9), ([0.7, 0.7, 0.2], 0.7)):
        assert general.evaluate(data) == {"c": wanted}
        assert derive.mle(density, parameters={"c": "(0, 1)"}, data=data).numeric == {"c": wanted}


def test_a_kink_beside_a_slope():
    """An asymmetric Laplace density: the quantile of order 1/4."""
    d = derive.mle(r"\frac{3}{16} e^{-\frac12|x-\mu|+\frac14(x-\mu)}")
    assert d.verified and str(d.estimates["mu"]) == "OrderStat(x, ceiling(n/4))"
    assert d.evaluate([1.2, 3.4, 0.5, 2.2, 7]) == {"mu": 1.2}


def test_two_pieces_of_one_slope():
    """Half of the mass uniform below the parameter, half of it a Pareto tail above: the sample median."""
    density = r"\begin{cases}\frac{1}{2\theta} & 0<x<\theta\\ \frac{\theta}{2x^2} & x\ge\theta\end{cases}"
    general = derive.mle(density, parameters={"theta": POSITIVE})
    assert str(general.estimates["theta"]) == "OrderStat(x, ceiling(n/2))" and "does not depend on" in general.to_markdown()
    assert general.evaluate([1.2, 3.4, 0.5]) == {"theta": 1.2}


HARDER = [  # density as people write it, further arguments, data, estimates
    (r"e^{-\theta},\ 0\le x\le e^{\theta}", {}, [2.3, 4.5], {"theta": math.log(4.5)}),
    (r"\frac{1}{\theta-2},\ 2<x<\theta", {}, [2.3, 4.5], {"theta": 4.5}),
    (r"\frac{1}{x(\ln b-\ln a)},\ 0<a\le x\le b", {}, [2.5, 3, 4], {"a": 2.5, "b": 4}),
    (r"\frac{1}{x\ln(b/a)},\ a\le x\le b", {"parameters": {"a": POSITIVE, "b": POSITIVE}}, [2.5, 3, 4], {"a": 2.5, "b": 4}),
    (r"\frac{1}{\theta^2-\theta},\ \theta\le x\le\theta^2", {"parameters": {"theta": "(1, oo)"}}, [2.3, 4.5], {"theta": math.sqrt(4.5)}),
    (r"\frac{\cos x}{\sin\theta},\ 0<x<\theta", {"parameters": {"theta": "(0, pi/2)"}}, [0.3, 0.5], {"theta": 0.5}),
    (r"\frac{\alpha x^{\alpha-1}}{\theta^\alpha},\ 0<x<\theta", {}, [2, 4, 8], {"theta": 8, "alpha": 1 / math.log(2)}),
    (r"P(X=k)=\frac{1}{N+1},\ k=0,1,\dots,N", {}, [0, 0], {"N": 0}),
    (r"P(X=k)=\frac{1}{N+1},\ k=N,\dots,2N", {}, [4, 7, 5], {"N": 4}),
    (r"P(X=x)=\frac{1}{2N+1},\ x\in\{-N,\dots,N\}", {}, [-3, 2], {"N": 3}),
    (r"P(X=k)=\frac{2k}{N(N+1)},\ k=1,\dots,N", {}, [3, 7, 2], {"N": 7}),
]  # fmt: skip


@pytest.mark.parametrize(("density", "more", "data", "wanted"), HARDER, ids=[d for d, *_ in HARDER])
def test_harder_ends(density, more, data, wanted):
    given, general = derive.mle(density, data=data, **more), derive.mle(density, **more)
    assert given.verified and general.verified and given.outcome == "unique"
    assert given.numeric == pytest.approx(wanted)
    if r"\sin" not in density:  # of other samples the score may vanish inside
        assert general.evaluate(data) == pytest.approx(wanted)


def test_an_end_that_is_given():
    d = derive.mle(r"\frac{1}{\theta-a},\ a<x<\theta", known=["a"], parameters=["theta"])
    assert d.verified and str(d.estimates["theta"]) == "Max(x)"


def test_a_location_of_whole_numbers():
    density = r"P(X=k)=\frac{1}{5},\ k=\theta,\theta+1,\dots,\theta+4"
    d = derive.mle(density, data=[-4, -2, -1])
    assert (d.outcome, d.estimates["theta"], d.verified) == ("not unique", sp.FiniteSet(-5, -4), True)
    assert str(derive.mle(density).estimates["theta"]) == "Range(Max(k) - 4, Min(k) + 1, 1)"
    assert derive.mle(density, data=[2, 6]).numeric == {"theta": 2}


def test_an_end_at_which_the_density_vanishes():
    d = derive.mle(r"\frac{2(x-a)}{(b-a)^2},\ a\le x\le b", data=[1.5, 2, 4])
    a = d.numeric["a"]
    assert d.verified and d.numeric["b"] == 4
    assert sum(1 / (x - a) for x in (1.5, 2, 4)) == pytest.approx(6 / (4 - a))


def test_an_observation_between_whole_numbers():
    density = r"P(X=x)=\frac{1}{N}, x=1,\dots,N"
    for ask in (lambda: derive.mle(density, data=[1, 2.5, 4]), lambda: derive.mle(density).evaluate([1, 2.5, 4])):
        with pytest.raises(derive.DeriveError, match=r"observation 2 is 2\.5"):
            ask()


WIDTHS = [  # how far the support reaches below and above a, as functions of b; domains of a and b; the estimates for 0, 3 and the third number
    ("b", "b**2", {}, 6, (2, 2)),
    ("b", "b**3", {}, 10, (2, 2)),
    ("b", "b**2", {"a": "[0, 5]", "b": "[1, oo)"}, 6, (2, 2)),
    ("b**2", "b", {}, 6, (4, 2)),
    ("b", "b**2", {"a": "[3, 5]"}, 6, None),
    ("b", "b**2", {"b": "(3, oo)"}, 6, None),
]


@pytest.mark.parametrize(("below", "above", "domains", "last", "found"), WIDTHS)
def test_a_support_that_must_be_wide_enough(below, above, domains, last, found):
    question = {"support": f"a-{below} <= x <= a+{above}", "parameters": {"a": "real", "b": "positive", **domains}, "data": [0, 3, last]}
    if found is None:
        with pytest.raises(derive.NotSupported):
            derive.mle(f"1/({below}+{above})", **question)
        return
    d = derive.mle(f"1/({below}+{above})", **question)
    assert (d.outcome, tuple(d.estimates.values()), set(d.certainty.values())) == ("unique", found, {"proved"})


def cases(value, *conditions):
    return f"Piecewise(({value}, {' & '.join(f'({c})' for c in conditions)}), (0, True))"


TWO = ["x", "y"]
JOINED = [  # density, support, domains of the parameters, the estimates for (1, 2) and (3, 7)
    (cases("1/(a*b)", "x >= 0", "x <= a", "y >= x", "y <= x+b"), None, {"a": POSITIVE, "b": POSITIVE}, [3, 4]),
    ("1/(a*b)", {"x": "0 <= x <= a", "y": "x <= y <= x+b"}, {"a": POSITIVE, "b": POSITIVE}, [3, 4]),
    (cases("2/a**2", "0 <= x", "x <= y", "y <= a"), None, {"a": POSITIVE}, [7]),
    ("l*exp(-l*(y-x-c))*exp(-x)", {"x": "x >= 0", "y": "y >= x+c"}, {"c": REAL, "l": POSITIVE}, [1, sp.Rational(2, 3)]),
    ("l*exp(-l*(y-x))/a", {"x": "0 <= x <= a", "y": "y >= x"}, {"a": POSITIVE, "l": POSITIVE}, [3, sp.Rational(2, 5)]),
    ("1/(a*b*x)", {"x": "0 <= x <= a", "y": "0 <= y <= b*x"}, {"a": POSITIVE, "b": POSITIVE}, None),
]


@pytest.mark.parametrize(("density", "support", "parameters", "estimates"), JOINED)
def test_a_support_that_another_variable_moves(density, support, parameters, estimates):
    question = {"variable": TWO, "parameters": parameters, "data": {"x": [1, 3], "y": [2, 7]}} | (
        {} if support is None else {"support": support}
    )
    if estimates is None:
        with pytest.raises(derive.NotSupported):
            derive.mle(density, **question)
        return
    d = derive.mle(density, **question)
    assert (d.outcome, list(d.estimates.values()), set(d.certainty.values())) == ("unique", estimates, {"proved"})
    assert list(d.evaluate({"x": [1, 3], "y": [2, 7]}).values()) == pytest.approx([float(v) for v in estimates])
