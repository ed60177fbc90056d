"""Parameters that the data do not determine: what is known of them is a relation, or a value up to its sign."""

from __future__ import annotations

import itertools

import pytest
import sympy as sp

import derive

A, B, C, T = sp.symbols("a b c t")


def of(names, domain):
    return dict.fromkeys(names.split(), domain)


NORMAL = r"exp(-(x-({}))**2/2)/sqrt(2*pi)"
RELATIONS = [  # question, the combination of the parameters, its estimate
    ({"density": NORMAL.format("a*b"), "parameters": of("a b", "real"), "data": [1, 2, 6]}, A * B, 3),
    ({"density": NORMAL.format("a+b"), "parameters": of("a b", "real"), "data": [1, 2, 6]}, A + B, 3),
    ({"density": NORMAL.format("a-b"), "parameters": of("a b", "real"), "data": [1, 2, 6]}, A - B, 3),
    ({"density": NORMAL.format("2*a+b"), "parameters": of("a b", "real"), "data": [1, 2, 6]}, 2 * A + B, 3),
    ({"density": NORMAL.format("a*b*c"), "parameters": of("a b c", "real"), "data": [1, 2, 6]}, A * B * C, 3),
    ({"density": NORMAL.format("a+b+c"), "parameters": of("a b c", "real"), "data": [1, 2, 6]}, A + B + C, 3),
    ({"density": "(a+b)*exp(-(a+b)*x)", "parameters": of("a b", "positive"), "data": [1, 2, 6]}, A + B, sp.Rational(1, 3)),
    ({"density": "a/b*exp(-a*x/b)", "parameters": of("a b", "positive"), "data": [1, 2, 6]}, A / B, sp.Rational(1, 3)),
    ({"density": "exp(-x/(a**2*b))/(a**2*b)", "parameters": of("a b", "positive"), "data": [1, 2, 6]}, A**2 * B, 3),
    ({"density": "(a*b)**x*exp(-a*b)/factorial(x)", "parameters": of("a b", "positive"), "data": [1, 2, 6]}, A * B, 3),
    ({"density": "exp(-x**2/(2*(a+b)))/sqrt(2*pi*(a+b))", "parameters": of("a b", "positive"), "data": [1, 1, 2]}, A + B, 2),
    ({"likelihood": "(a/(a+b))**3*(b/(a+b))**2", "parameters": of("a b", "positive")}, A / B, sp.Rational(3, 2)),
    ({"likelihood": "(a*b)**2*exp(-3*a*b)", "parameters": of("a b", "positive")}, A * B, sp.Rational(2, 3)),
    ({"likelihood": "(a-b)**2*exp(-3*(a-b)**2)", "parameters": {"a": "real", "b": "real"}}, None, None),
]


@pytest.mark.parametrize(("question", "combination", "value"), RELATIONS, ids=[str(c[0]) for c in RELATIONS])
def test_a_relation_is_the_answer(question, combination, value):
    if combination is None:
        with pytest.raises(derive.NotSupported):
            derive.mle(**question)
        return
    d = derive.mle(**question)
    assert d.outcome == "not unique"
    free = [k for k, f in d.estimates.items() if isinstance(f, sp.Set)]
    tied = {sp.Symbol(k): f for k, f in d.estimates.items() if k not in free}
    assert free and tied and sp.simplify(combination.subs(tied) - value) == 0
    at = {sp.Symbol(k): v for k, v in d.numeric.items()} if d.numeric else {}
    assert not at or abs(float(combination.subs(at)) - value) < 1e-9
    if question.get("data"):
        model = derive.Problem(**question)
        points = [v for v in (sp.Rational(1, 4), sp.Rational(1, 7)) if all(d.estimates[k].contains(v) for k in free)]
        heights = set()
        for v in itertools.product(points, repeat=len(free)):
            chosen = dict(zip(map(sp.Symbol, free), v, strict=True))
            place = {**chosen, **{k: f.subs(chosen) for k, f in tied.items()}}
            rows = [model.log_density({**{str(k): float(f) for k, f in place.items()}, "x": float(x)}) for x in question["data"]]
            heights.add(round(sum(rows), 9))
        assert len(heights) == 1


def test_a_symbolic_sample_gives_the_relation_too():
    d = derive.mle(NORMAL.format("a*b"), parameters=of("a b", "real"))
    assert d.outcome == "not unique" and d.estimates["b"] == sp.Union(sp.Interval.open(-sp.oo, 0), sp.Interval.open(0, sp.oo))
    assert r"\hat{a} \hat{b} = \bar{x}" in d.to_markdown()


def test_the_free_parameter_keeps_the_others_in_their_domains():
    d = derive.mle("(a+b)*exp(-(a+b)*x)", parameters=of("a b", "positive"), data=[1, 2, 3])
    assert d.estimates == {"a": sp.Rational(1, 2) - B, "b": sp.Interval.open(0, sp.Rational(1, 2))}


@pytest.mark.parametrize("rate", ["a**2+b**2", "a+b**2", "a*b+b", "exp(a)+exp(b)"])
def test_a_function_of_fewer_unknowns_that_is_not_found_is_not_called_unique(rate):
    with pytest.raises(derive.NotSupported, match="not identifiable"):
        derive.mle(f"({rate})*exp(-({rate})*x)", parameters=of("a b", "positive"))


EVEN = [  # question, what the square of the estimate is
    ({"density": "1/t**2", "support": "0 < x < t**2"}, [1, 2, 4], 4),
    ({"density": "1/(2*abs(t))", "support": "-abs(t) < x < abs(t)"}, [-3, 1, 2], 9),
    ({"density": "exp(-(x-t**2)**2/2)/sqrt(2*pi)"}, [1, 2, 6], 3),
    ({"density": "exp(-x**2/(2*t**2))/(sqrt(2*pi)*abs(t))"}, [1, 1, 2], 2),
    ({"density": "t**2*exp(-t**2*x)", "support": "x > 0"}, [1, 2, 6], sp.Rational(1, 3)),
    ({"density": "t**(2*x)*exp(-t**2)/factorial(x)"}, [1, 2, 6], 3),
    ({"density": "exp(-abs(x)/abs(t))/(2*abs(t))"}, [-1, 2, 6], 9),
]


@pytest.mark.parametrize(("question", "data", "square"), EVEN, ids=[c[0]["density"] for c in EVEN])
def test_both_signs_are_estimates_of_a_parameter_of_which_only_the_square_counts(question, data, square):
    d = derive.mle(**question, parameters={"t": "real"}, data=data)
    assert d.outcome == "not unique" and d.numeric["t"] ** 2 == pytest.approx(float(square))
    assert {sp.nsimplify(sp.sympify(f) ** 2) for f in d.estimates["t"]} == {square} and len(d.estimates["t"]) == 2
    general = derive.mle(**question, parameters={"t": "real"})
    assert general.outcome == "not unique"


def test_a_square_that_is_0_has_one_sign():
    d = derive.mle("exp(-(x-t**2)**2/2)/sqrt(2*pi)", parameters={"t": "real"}, data=[-1, -2, 1])
    assert (d.outcome, d.estimates) == ("unique", {"t": 0})


def test_combinations_that_are_found_numerically():
    d = derive.mle(likelihood="(a/(a+b))**2*(b/(b+c))**3*(c/(a+c))", parameters=of("a b c", "positive"))
    a, b = (float(sp.sympify(d.estimates[k]) / C) for k in "ab")
    assert d.outcome == "not unique" and d.estimates["c"] == sp.Interval.open(0, sp.oo)
    assert 2 - 2 * a / (a + b) - a / (a + 1) == pytest.approx(0, abs=1e-9) and 3 - 2 * b / (a + b) - 3 * b / (b + 1) == pytest.approx(
        0, abs=1e-9
    )


def test_two_intercepts_of_a_logistic_regression():
    p = "1/(1+exp(-(a+b+c*x)))"
    d = derive.mle(
        f"({p})**y*(1-{p})**(1-y)",
        variable="y",
        covariates=["x"],
        parameters=of("a b c", "real"),
        data={"x": [1, 2, 3, 4], "y": [0, 1, 0, 1]},
    )
    one = derive.mle(
        f"({p.replace('a+b', 'a')})**y*(1-{p.replace('a+b', 'a')})**(1-y)", variable="y", covariates=["x"], parameters=of("a c", "real"),
        data={"x": [1, 2, 3, 4], "y": [0, 1, 0, 1]},
    )  # fmt: skip
    assert d.outcome == "not unique" and one.outcome == "unique"
    assert d.numeric["a"] + d.numeric["b"] == pytest.approx(one.numeric["a"]) and d.numeric["c"] == pytest.approx(one.numeric["c"])


LINE = "exp(-(y-a-b*x)**2/2)/sqrt(2*pi)"
SILENT = [  # question, which parameter the given data say nothing of, its domain, the other estimates
    ({"density": "(1+b*x)/2", "support": "-1 <= x <= 1", "data": [0, 0], "parameters": {"b": "[-1, 1]"}}, sp.Interval(-1, 1), {}),
    ({"density": "(1+b*x)/2", "support": "-1 <= x <= 1", "data": [0], "parameters": {"b": "[1/2, 5/8]"}}, sp.Interval(sp.Rational(1, 2), sp.Rational(5, 8)), {}),
    ({"density": LINE, "variable": "y", "covariates": ["x"], "data": {"x": [0, 0], "y": [1, 5]}, "parameters": of("a b", "real")}, sp.Interval(-sp.oo, sp.oo), {"a": 3}),
]  # fmt: skip


@pytest.mark.parametrize(("question", "every", "others"), SILENT)
def test_a_parameter_that_drops_out_at_the_data_may_have_any_value(question, every, others):
    d = derive.mle(**question)
    assert d.outcome == "not unique" and d.estimates == {**others, "b": every} and set(d.certainty.values()) == {"proved"}
    one = {**question, "data": {"x": [0, 1], "y": [1, 5]}} if others else {**question, "data": [0, "1e-9"]}
    assert derive.mle(**one).outcome == "unique"
