"""Inequalities between parameters: met by the maximum without them, or equations at the maximum."""

import pytest
import sympy as sp

import derive

POISSON = "Piecewise((a**x*exp(-a)/factorial(x),Eq(g,1)),(b**x*exp(-b)/factorial(x),Eq(g,2)))"
ROWS = {"x": [5, 3, 6, 2, 4, 1, 3], "g": [1, 1, 1, 2, 2, 2, 2]}
TWO = {"variable": "x", "covariates": ["g"], "parameters": ["a", "b"]}
THREE = "exp(-n1*(a-x)**2/2-n2*(b-y)**2/2-n3*(c-z)**2/2)"


def three(x, y, z):
    return {"likelihood": THREE, "parameters": ["a", "b", "c"], "known": {"x": x, "y": y, "z": z, "n1": 1, "n2": 2, "n3": 1}}


def test_the_pooled_mean_where_the_data_contradict_the_order():
    d = derive.mle(POISSON, data=ROWS, constraints=["a <= b"], **TWO)
    assert d.estimates == {"a": sp.Rational(24, 7), "b": sp.Rational(24, 7)} and set(d.how.values()) == {"boundary"}
    text = d.to_markdown()
    assert (
        r"\tilde{a} = \frac{14}{3} > \frac{5}{2} = \tilde{b}" in text and "increases along a path to that solution" in text and d.verified
    )


def test_the_free_maximum_where_it_satisfies_the_constraint():
    d = derive.mle(POISSON, data=ROWS, constraints=["a >= b"], **TWO)
    assert d.estimates == {"a": sp.Rational(14, 3), "b": sp.Rational(5, 2)} and set(d.how.values()) == {"closed"}
    assert "so it is the maximum under it as well" in d.to_markdown() and d.verified


def test_a_symbolic_sample_is_taken_case_by_case():
    d = derive.mle(POISSON, constraints=["a <= b"], **TWO)
    assert d.evaluate(ROWS) == pytest.approx({"a": 24 / 7, "b": 24 / 7})
    assert d.evaluate({"x": [1, 3], "g": [1, 2]}) == {"a": 1, "b": 3} and d.verified


@pytest.mark.parametrize("means, wanted", [((1, 2, 3), (1, 2, 3)), ((2, 1, 3), (4 / 3, 4 / 3, 3)), ((1, 3, 2), (1, 8 / 3, 8 / 3)),
                                           ((3, 2, 1), (2, 2, 2)), ((5, 1, 2), (9 / 4, 9 / 4, 9 / 4))])  # fmt: skip
def test_an_order_of_three(means, wanted):
    d = derive.mle(constraints=["a <= b <= c"], **three(*means))
    assert [d.numeric[k] for k in "abc"] == pytest.approx(wanted) and d.verified


def test_a_strict_inequality_that_would_bind_has_no_maximum():
    assert derive.mle(POISSON, data=ROWS, constraints=["a < b"], **TWO).outcome == "none"


def test_an_inequality_of_one_parameter_is_an_end_of_its_domain():
    p = derive.Problem("p**x*(1-p)**(1-x)", constraints=["p >= 1/2"], data=[0, 0, 1])
    assert p.parameters["p"].words() == "between 1/2 and 1" and derive.mle(p).numeric == {"p": 0.5}


def test_equal_parameters():
    d = derive.mle(POISSON, data=ROWS, constraints=["a = b"], **TWO)
    assert d.estimates == {"a": sp.Rational(24, 7), "b": sp.Rational(24, 7)}


def test_a_case_between_numbers_is_decided():
    d = derive.mle("exp(-(x-a)**2/2-(y-b)**2/2)/(2*pi)", data={"x": [1], "y": [2]}, variable=["x", "y"],
                   parameters={"a": "real", "b": "real"}, constraints=["a <= b"])  # fmt: skip
    assert d.to_dict()["estimates"] == {"a": "1", "b": "2"}


ORDERED = "exp(-((x-m1)**2+(y-m2)**2+(z-m3)**2)/2)/(2*pi)**(3/2)"
CHAIN = [  # the three means of the columns, the estimates under m1 <= m2 <= m3
    ((3, 1, 5), (2, 2, 5)),
    ((1, 2, 3), (1, 2, 3)),
    ((3, 2, 1), (2, 2, 2)),
    ((1, 4, 2), (1, 3, 3)),
    ((3, 3, 1), (sp.Rational(7, 3),) * 3),
]


@pytest.mark.parametrize(("means", "estimates"), CHAIN)
def test_a_chain_of_inequalities_pools_neighbours(means, estimates):
    columns = {v: [m - 1, m + 1] for v, m in zip("xyz", means, strict=True)}
    d = derive.mle(
        ORDERED,
        variable=list("xyz"),
        data=columns,
        parameters=dict.fromkeys(("m1", "m2", "m3"), "real"),
        constraints=["m1 <= m2", "m2 <= m3"],
    )
    assert (d.outcome, tuple(d.estimates.values()), set(d.certainty.values())) == ("unique", estimates, {"proved"})
