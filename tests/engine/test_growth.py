"""What decides whether a likelihood grows without bound: it says so where it does, and nothing where it does not."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

import derive
from derive.density.support.admissible import largest, smallest
from derive.formula.latex import latex
from derive.formula.tree import ONE, ZERO, Const, Neg, Peak, num
from derive.proofs.zeros import Towards, growth_of
from derive.reading.context import Context
from derive.reading.tex import read_latex
from derive.stages.profile import along_path
from derive.stages.profile.univariate import OneUnknown
from derive.stages.setting import run
from derive.stages.setup.begin import begin
from derive.stages.unbounded import (
    collapsing_component,
    degenerate_support,
    ends_of_domain,
    support_boundary,
    supremum,
)
from derive.trace import say

REAL, POSITIVE, OO = "real", "positive", Const("oo")
INF = math.inf
NORMAL = "exp(-(x-a)**2/(2*s**2))/(s*sqrt(2*pi))"
TWO_NORMALS = "exp(-(x-a)**2/(2*s**2))/(2*s*sqrt(2*pi)) + exp(-(x-b)**2/(2*t**2))/(2*t*sqrt(2*pi))"


def said(words):
    return "".join(p if isinstance(p, str) else latex(p) for p in words.parts)


# -- values on the way to an end ----------------------------------------------------------------------

HEIGHTS = [  # as a function of t, whether t grows (else it falls to 0), what is proved of it
    (r"t", True, Towards.INFINITY),
    (r"\log t", True, Towards.INFINITY),
    (r"3\log t - 1000", True, Towards.INFINITY),
    (r"\frac{1}{100}\log t", True, Towards.INFINITY),
    (r"-\log t", False, Towards.INFINITY),
    (r"\frac{1}{t}", False, Towards.INFINITY),
    (r"1 - \frac{1}{t}", True, Towards.BOUNDED),
    (r"-\frac{1}{\sqrt{t}}", True, Towards.BOUNDED),
    (r"1", True, Towards.BOUNDED),
    (r"-\frac{10}{\log t}", True, Towards.BOUNDED),
    (r"-1000 t^{-\frac{1}{50}}", True, Towards.BOUNDED),
    (r"-\log t", True, Towards.MINUS_INFINITY),
    (r"\log(1+\log t)", True, Towards.UNDECIDED),
    (r"\sin t", True, Towards.BOUNDED),
    (r"-\sum_{i=1}^n \log(x_i-1+t)", False, Towards.INFINITY),
    (r"-\sum_{i=1}^n \log(x_i+t)", False, Towards.BOUNDED),
    (r"\sum_{i=1}^n \log\left(\frac{1}{t} e^{-(x_i-1)^2/(2t^2)} + e^{-(x_i-1)^2/2}\right)", False, Towards.INFINITY),
    (r"\sum_{i=1}^n \log\left(\frac{1}{t} e^{-(x_i-3)^2/(2t^2)} + e^{-(x_i-3)^2/2}\right)", False, Towards.BOUNDED),
    (r"-n \log t - \frac{1}{2 t^2} \sum_{i=1}^n (x_i-1)^2", False, Towards.MINUS_INFINITY),
    (r"n \log \Gamma(t) - n t \log t + n t", True, Towards.MINUS_INFINITY),
]


@pytest.mark.parametrize(("height", "far", "kind"), HEIGHTS, ids=[f"{h[0]} {h[1]}" for h in HEIGHTS])
def test_growth_and_a_limit_are_told_apart(height, far, kind):
    f = read_latex(height, Context(data=frozenset("x"), parameters=frozenset("t")))[0].formula
    rows = tuple(((Fraction(x),), 1) for x in (1, 2, 4))
    assert growth_of(f, "t", far, ("x",), rows) is kind


TOWARDS = [  # question, the parameter, its end, whether that is the upper one, what the likelihood does
    ({"density": "exp(-x/t)/t", "support": "x >= 0", "data": [0, 0, 0]}, ZERO, False, "grows without bound"),
    ({"likelihood": "t"}, OO, True, "grows without bound"),
    ({"density": "t**x*exp(-t)/factorial(x)", "data": [0, 0]}, ZERO, False, "approaches its supremum without attaining it"),
    ({"likelihood": "exp(-t**(-2))"}, OO, True, "approaches its supremum without attaining it"),
    ({"likelihood": "exp(-t**(-1/5))"}, OO, True, "approaches its supremum without attaining it"),
    ({"likelihood": "1+log(1+log(1+t))"}, OO, True, "keeps rising"),
]


@pytest.mark.parametrize(("question", "end", "high", "what"), TOWARDS, ids=[str(next(iter(c[0].values()))) for c in TOWARDS])
def test_what_the_likelihood_does_towards_an_end(question, end, high, what):
    state = begin(derive.Problem(**question, parameters={"t": POSITIVE}))
    assert said(supremum.without_maximum("t", end, high, state)) == f"the likelihood {what} as t approaches {latex(end)}"


@pytest.mark.parametrize(("likelihood", "end", "high"), [("1/t", OO, True), ("exp(-(t-3)**2)", OO, True), ("t*exp(-t)", ZERO, False)])
def test_a_likelihood_that_falls_is_not_said_to_grow(likelihood, end, high):
    state = begin(derive.Problem(likelihood=likelihood, parameters={"t": POSITIVE}))
    assert "without bound" not in said(supremum.without_maximum("t", end, high, state))


# -- one unknown --------------------------------------------------------------------------------------

ENDS = [  # log-likelihood, domain, 1 or -1 for the upper or the lower end, the end, what is said
    (r"\log t", (0, INF), 1, OO, "grows without bound as t grows"),
    (r"-3\log t", (0, 1), -1, ZERO, "grows without bound as t approaches 0"),
    (r"-\log(1 - t)", (0, 1), 1, ONE, "grows without bound as t approaches 1"),
    (r"-t", (-INF, 0), -1, Neg(OO), "grows without bound as t falls"),
    (r"-\frac{1}{t}", (0, INF), 1, OO, "and approaches its supremum without attaining it"),
    (r"-t", (0, 1), -1, ZERO, "and approaches its supremum without attaining it"),
    (r"\frac{1}{t}", (-INF, 0), -1, Neg(OO), "and approaches its supremum without attaining it"),
    (r"-t^{-\frac{1}{5}}", (0, INF), 1, OO, "and approaches its supremum without attaining it"),
    (r"\log(1+\log(1+t))", (0, INF), 1, OO, "increases as t grows: there is no maximum"),
]


@pytest.mark.parametrize(("height", "domain", "side", "end", "what"), ENDS, ids=[f"{c[0]}, {c[1]}" for c in ENDS])
def test_towards_an_end_of_one_unknown(height, domain, side, end, what):
    f = read_latex(height, Context(parameters=frozenset("t")))[0].formula
    ends = tuple(OO if e == INF else Neg(OO) if e == -INF else num(e) for e in domain)
    problem = derive.Problem("exp(-x/t)/t", variable="x", parameters={"t": POSITIVE}, data=[1, 2])
    kind = along_path.profile_towards(Peak(f, (), ("t",), ends, (False, False), 0), side > 0, problem)
    sentence = said(ends_of_domain._growth("t", side, end, kind, say(""), "log-likelihood"))
    assert what in sentence
    assert ("without bound" in what) == ("without bound" in sentence)


@pytest.mark.parametrize(("height", "domain", "side"), [(math.log, (0, INF), 1), (lambda t: -3 * math.log(t), (0, 1), -1)])
def test_places_on_the_way_to_an_end(height, domain, side):
    one = OneUnknown("t", height, lambda t: 1.0, lambda t: math.nan, *domain, (1.0,))
    places = ends_of_domain.approach(one, side, domain[side > 0])
    assert len(places) == 5 and all(height(b) > height(a) for a, b in pairwise(places))


def test_places_at_which_there_is_no_likelihood_are_left_out():
    one = OneUnknown("t", lambda t: math.log(t - 500) if t > 500 else -INF, lambda t: 0.0, lambda t: 0.0, 0, INF, (1.0,))
    assert ends_of_domain.approach(one, 1, INF) == [1000.0, 10000.0]


# -- a component that shrinks to one observation ------------------------------------------------------


def shrinking(density, parameters, at, data):
    state = begin(derive.Problem(density, variable="x", parameters=parameters, data=data))
    return collapsing_component.path_without_bound(state.problem, {k: num(v) for k, v in at.items()}, state.judge.points[0])


DATA = [0.1, -0.5, 3.2, 2.7]
COMPONENTS = [
    (TWO_NORMALS, {"a": REAL, "b": REAL, "s": POSITIVE, "t": POSITIVE}, {"a": 0, "b": 3, "s": 1, "t": 1}, DATA, "s"),
    (TWO_NORMALS, {"a": REAL, "b": REAL, "s": "(1/10, oo)", "t": POSITIVE}, {"a": 0, "b": 3, "s": 1, "t": 1}, DATA, "t"),
    (NORMAL, {"a": REAL, "s": POSITIVE}, {"a": 1, "s": 1}, [0.1], "s"),
    (NORMAL, {"a": REAL, "s": POSITIVE}, {"a": 1, "s": 1}, [2, 2], "s"),
]


@pytest.mark.parametrize(("density", "parameters", "at", "data", "scale"), COMPONENTS, ids=["both", "one", "one observation", "all equal"])
def test_a_component_takes_one_observation(density, parameters, at, data, scale):
    first, table, last = shrinking(density, parameters, at, data)
    assert said(first).startswith("The likelihood is unbounded.") and f"let {scale} go to 0" in said(first)
    assert said(last).startswith(f"By its expansion at {scale} = 0")
    assert len(table.rows) == len(collapsing_component.STEPS)


@pytest.mark.parametrize(
    ("density", "parameters", "at", "data"),
    [
        (NORMAL, {"a": REAL, "s": POSITIVE}, {"a": 1, "s": 1}, [0.1, 2]),
        (TWO_NORMALS, {"a": REAL, "b": REAL, "s": "(1/10, oo)", "t": "[1/10, oo)"}, {"a": 0, "b": 3, "s": 1, "t": 1}, DATA),
        (TWO_NORMALS.replace("(2*t", "(2*s"), {"a": REAL, "b": REAL, "s": POSITIVE}, {"a": 0, "b": 3, "s": 1}, DATA),  # one scale for both
        ("exp(-x/s)/s", {"s": POSITIVE}, {"s": 2}, [1, 3]),
        (NORMAL, {"a": REAL, "s": POSITIVE}, {"a": 1}, [0.1]),  # not every estimate is known
    ],
    ids=["one normal", "scales with a bound", "a scale in common", "exponential", "open"],
)
def test_no_component_shrinks(density, parameters, at, data):
    assert shrinking(density, parameters, at, data) == ()


# -- a support that becomes one point -----------------------------------------------------------------


def collapsed(density, support, answers, parameters=REAL, **more):
    state = begin(derive.Problem(density, variable="x", parameters=dict.fromkeys(answers, parameters), support=support, **more))
    return run([degenerate_support.degenerate_support], replace(state, answers=answers))


BOTH_ENDS = {"a": smallest("x"), "b": largest("x")}


@pytest.mark.parametrize("more", [{"data": [2, 2, 2]}, {"data": [2]}, {"n": 1}], ids=str)
def test_equal_observations_make_the_support_a_point(more):
    state = collapsed("1/(b-a)", "[a, b]", BOTH_ENDS, **more)
    assert state.outcome == "none" and state.answers == {}
    assert said(state.sections[-1].blocks[-1]).endswith("goes to 0 the likelihood grows without bound: there is no maximum.")


@pytest.mark.parametrize("more", [{}, {"n": 4}], ids=str)
def test_a_symbolic_sample_has_a_condition(more):
    state = collapsed("1/(b-a)", "[a, b]", BOTH_ENDS, **more)
    assert state.outcome == "unique" and not state.sections
    assert [[latex(r) for r in c.relations] for c in state.conditions] == [["x_{(n)} - x_{(1)} > 0"]]


@pytest.mark.parametrize(
    ("density", "support", "answers", "more"),
    [
        ("1/(b-a)", "[a, b]", BOTH_ENDS, {"data": [1, 2]}),
        ("1/t", "[0, t]", {"t": largest("x")}, {"data": [2, 2], "parameters": POSITIVE}),  # [0, 2] is no point
        ("exp(-(x-m))", "[m, oo)", {"m": smallest("x")}, {"data": [2, 2]}),  # without an upper end
        (NORMAL, REAL, {"a": num(2), "s": num(1)}, {"data": [2, 2], "parameters": POSITIVE}),  # no end moves
    ],
    ids=["unequal", "one end", "endless", "fixed"],
)
def test_a_support_that_stays_an_interval(density, support, answers, more):
    state = collapsed(density, support, answers, **more)
    assert state.outcome == "unique" and not state.sections and not state.conditions and state.answers == answers


# -- several unknowns ---------------------------------------------------------------------------------


@pytest.mark.parametrize("likelihood", ["exp(a+b)", "(1+a**2)*exp(-b**2)", "log(2+a**2*b**2+a**2+b**4)"])
def test_the_unknowns_move_away(likelihood):
    assert derive.mle(likelihood=likelihood, parameters={"a": REAL, "b": REAL}).outcome == "none"


# -- the border of what the data allow ----------------------------------------------------------------

WEIBULL = "(k/s)*((x-m)/s)**(k-1)*exp(-((x-m)/s)**k)"
GAMMA = "(x-m)**(k-1)*exp(-(x-m)/s)/(gamma(k)*s**k)"
BORDERS = [  # density, parameters, support, the parameter that moves, where to
    (WEIBULL, {"k": POSITIVE, "s": POSITIVE, "m": REAL}, "x > m", "m", "x_{(1)}"),
    (GAMMA, {"k": POSITIVE, "s": POSITIVE, "m": REAL}, "x > m", "m", "x_{(1)}"),
    (WEIBULL.replace("k", "(1/2)"), {"s": POSITIVE, "m": REAL}, "x > m", "m", "x_{(1)}"),
    ("(a/t)*(1-x/t)**(a-1)", {"a": POSITIVE, "t": POSITIVE}, "0 < x < t", "t", "x_{(n)}"),
]
BOUNDED = [
    (WEIBULL, {"k": "(1, oo)", "s": POSITIVE, "m": REAL}, "x > m"),
    (WEIBULL.replace("k", "2"), {"s": POSITIVE, "m": REAL}, "x > m"),
    ("exp(-(x-m)/s)/s", {"m": REAL, "s": POSITIVE}, "x >= m"),
    ("1/(b-a)", {"a": REAL, "b": REAL}, "[a, b]"),
    ("a*m**a/x**(a+1)", {"a": POSITIVE, "m": POSITIVE}, "x >= m"),
    ("a*x**(a-1)/t**a", {"a": POSITIVE, "t": POSITIVE}, "0 < x < t"),  # its pole does not move
    ("(a/t)*(1-x/t)**(a-1)", {"a": "[1, oo)", "t": POSITIVE}, "0 < x < t"),
]


def at_border(density, parameters, support, data):
    state = begin(derive.Problem(density, variable="x", parameters=parameters, support=support, data=data))
    return state, state.judge.points[:1] if data else state.general.points


@pytest.mark.parametrize("data", [[1.2, 3, 4.5, 2], None], ids=["data", "symbolic"])
@pytest.mark.parametrize(("density", "parameters", "support", "name", "end"), BORDERS, ids=[c[0] for c in BORDERS])
def test_the_density_at_an_extreme_observation_grows_without_bound(density, parameters, support, name, end, data):
    state, points = at_border(density, parameters, support, data)
    found = [q for q in support_boundary.paths(state.problem, points[0]) if support_boundary.blows_up(q, points, state)]
    assert (name, end) in {(q.name, latex(q.end)) for q in found}
    state = run([support_boundary.unbounded_at_support_end], state)
    assert state.outcome == "none" and [said(s.title) for s in state.sections] == ["The likelihood is unbounded"]
    assert f"the {'largest' if 'n' in end else 'smallest'} observation comes to lie at the end" in said(state.sections[0].blocks[0])


@pytest.mark.parametrize("data", [[1.2, 3, 4.5, 2], None], ids=["data", "symbolic"])
@pytest.mark.parametrize(("density", "parameters", "support"), BOUNDED, ids=[f"{c[0]} {c[1]}" for c in BOUNDED])
def test_the_density_at_an_extreme_observation_has_a_bound(density, parameters, support, data):
    state, points = at_border(density, parameters, support, data)
    assert not [q for q in support_boundary.paths(state.problem, points[0]) if support_boundary.blows_up(q, points, state)]
    state = run([support_boundary.unbounded_at_support_end], state)
    assert state.outcome == "unique" and not state.sections
