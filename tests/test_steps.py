"""Densities in pieces of a continuous variable, with ends that do not depend on parameters: the likelihood by cells."""

import math

import pytest
import sympy as sp

import derive
from derive.formula.evaluate import compiled, log_size

STEP = r"f(x)=\begin{cases}\theta & 0<x<1\\ 1-\theta & 1\le x<2\end{cases}"
THREE = r"\begin{cases}p & 0\le x< 1\\ q & 1\le x<2\\ 1-p-q & 2\le x\le 3\end{cases}"
HAZARD = r"\begin{cases}\lambda_1 e^{-\lambda_1 t} & 0<t<2\\ \lambda_2 e^{-2\lambda_1-\lambda_2(t-2)} & t\ge 2\end{cases}"
LOG_LAPLACE = r"\begin{cases}\frac{a}{2}x^{a-1} & 0<x<1\\ \frac{a}{2}x^{-a-1} & x\ge 1\end{cases}"
OUTSIDE = r"\begin{cases}\theta(1+a)x^a & 0<x<1\\ (1-\theta)(1+b)(2-x)^b & 1\le x<2\end{cases}"  # one piece has no value on the other
# density, data, estimates worked out by hand from counts and sums
WITH_DATA = [
    (STEP, [0.5, 1.5, 0.2], {"theta": "2/3"}),
    (STEP, [0.5, 0.2], {"theta": "1"}),
    (r"f_\theta(x)=\left\{\begin{array}{ll}{\theta,} & {0\le x\le 1}\\ {1-\theta,} & {1<x\le 2}\end{array}\right.", [1, 1.5, 0.2], {"theta": "2/3"}),
    (r"\begin{cases}\theta & 0\le x\le 1\\ 1-\theta & 1\le x\le 2\end{cases}", [0.5, 1.5, 1], {"theta": "2/3"}),
    (r"\begin{cases}\theta & 0<x<1\\ 1-\theta & 1\le x<2\\ 0 & \text{otherwise}\end{cases}", [0.5, 1.5, 1, 1.2], {"theta": "1/4"}),
    (r"\begin{cases}\frac{\theta}{2} & 0<x<2\\ \frac{1-\theta}{3} & 2\le x<5\end{cases}", [1, 3, 4], {"theta": "1/3"}),
    (r"\theta 1_{(0,1)}(x)+(1-\theta) 1_{[1,2)}(x)", [0.5, 1.5, 1, 1.2], {"theta": "1/4"}),
    (THREE, [0.5, 1.2, 1.4, 2.5], {"p": "1/4", "q": "1/2"}),
    (HAZARD, [1, 3, 0.5, 4], {"lambda1": "4/11", "lambda2": "2/3"}),  # 2/(1 + 0.5 + 2 + 2), 2/(1 + 2)
    (LOG_LAPLACE, [0.5, 2, 4], {"a": "3/(4*log(2))"}),
    (OUTSIDE, [0.5, 0.25, 1.5], {"theta": "2/3", "a": "2/(3*log(2)) - 1", "b": "1/log(2) - 1"}),
]  # fmt: skip


@pytest.mark.parametrize("density, data, expected", WITH_DATA, ids=range(len(WITH_DATA)))
def test_with_data(density, data, expected):
    d = derive.mle(density, data=data, variable="t" if density == HAZARD else "x")
    assert d.verified and set(d.estimates) == set(expected)
    assert all(sp.simplify(d.estimates[k] - sp.sympify(v)) == 0 for k, v in expected.items())


@pytest.mark.parametrize("density, data, expected", WITH_DATA, ids=range(len(WITH_DATA)))
def test_in_general(density, data, expected):
    d = derive.mle(density, variable="t" if density == HAZARD else "x")
    assert d.verified and set(d.how.values()) == {"closed"}
    if sp.sympify(expected.get("theta", 0)) != 1:
        found = d.evaluate(data)
        assert all(found[k] == pytest.approx(float(sp.sympify(v)), rel=1e-12) for k, v in expected.items())


def test_counts_are_named():
    text = derive.mle(STEP).to_markdown()
    assert r"n_{1} + n_{2} = n" in text and r"\hat{\theta} = \frac{n_{1}}{n}" in text
    assert r"count the observations with $0 < x_{i} < 1$ and $1 \le x_{i} < 2$" in text


def test_a_known_place_between_the_pieces():
    density = r"\begin{cases}\lambda_1 e^{-\lambda_1 t} & 0<t<c\\ \lambda_2 e^{-c\lambda_1-\lambda_2(t-c)} & t\ge c\end{cases}"
    d = derive.mle(density, variable="t", known={"c": "positive"})
    assert (
        d.verified
        and set(d.how.values()) == {"closed"}
        and all(f.has(sp.Symbol("c")) or f.has(sp.Symbol("c", positive=True)) for f in d.estimates.values())
    )


def test_an_observation_where_the_density_is_zero_is_refused():
    with pytest.raises(derive.NotSupported):
        derive.mle(STEP.replace(r"\le", "<"), data=[0.5, 1.5, 1])
    with pytest.raises(derive.NotValid):
        derive.mle(STEP, data=[0.5, 3])


def test_a_piece_counts_only_where_it_holds():
    density = derive.Problem(OUTSIDE).cells.spread
    env = {"theta": 0.25, "a": 1.0, "b": 0.5, "x": 1.5}
    value = 0.75 * 1.5 * 0.5**0.5
    assert compiled(density)(env) == pytest.approx(value) and log_size(density)(env)[1] == pytest.approx(math.log(value))


ROWS = [  # partly known and weighted observations: events and times at risk on both sides of 2, weights in each piece
    (HAZARD, {"variable": "t", "data": derive.Sample([1, 3, 0.5], right=[4])}, {"lambda1": "4/11", "lambda2": "1/3"}),
    (HAZARD, {"variable": "t", "data": derive.Sample([1, 3, 0.5], right=[4, 1.5])}, {"lambda1": "2/7", "lambda2": "1/3"}),
    (STEP, {"data": derive.Sample([0.5, 1.5, 0.2], weights=[1, 2, 3])}, {"theta": "2/3"}),
    (STEP, {"data": derive.Sample([0.5, 1.5, 0.2], right=[1.2])}, {"theta": "1/2"}),
]  # fmt: skip


@pytest.mark.parametrize("density, question, expected", ROWS, ids=range(len(ROWS)))
def test_censored_and_weighted(density, question, expected):
    d = derive.mle(density, **question)
    assert d.verified and {k: str(v) for k, v in d.estimates.items()} == expected


def test_many_censored_times_by_counts_and_times_at_risk():
    times, limits = [0.3 * k for k in range(1, 12)], [0.7, 1.1, 2.5, 3.7]
    d = derive.mle(HAZARD, variable="t", data=derive.Sample(times, right=limits))
    events = [sum(t < 2 for t in times), sum(t >= 2 for t in times)]
    at_risk = [sum(min(t, 2) for t in times + limits), sum(max(t - 2, 0) for t in times + limits)]
    assert d.verified and d.numeric == pytest.approx({"lambda1": events[0] / at_risk[0], "lambda2": events[1] / at_risk[1]})
