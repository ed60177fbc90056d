"""Densities whose case depends on the parameter, with data: every interval between two changes of a case is looked at."""

import math
import random

import pytest

import derive
from derive.algebra.terms import Algebra
from derive.formula.tree import ONE, Sym, add, log, mul, neg, num
from derive.proofs.zeros import Domain, highest_piece
from derive.rules.calculus import differentiate

TRIANGLE = r"f(t)=\begin{cases}\frac{t}{\theta^2} & 0<t<\theta\\ -\frac{t-2\theta}{\theta^2} & \theta<t<2\theta\end{cases}"
STEP = r"f(x)=\begin{cases}\frac{1}{2\theta} & 0<x<\theta\\ \frac{1}{4\theta} & \theta\le x\le 3\theta\end{cases}"
CHANGE = r"f(x)=\begin{cases}e^{-x} & 0<x<\theta\\ 2e^{-2x+\theta} & x\ge\theta\end{cases}"
HUMP = r"f(x)=\begin{cases}\frac{3}{4}(1-(x-\theta)^2) & |x-\theta|<1\\ 0 & \text{otherwise}\end{cases}"
TENT = r"f(x)=\begin{cases}1-|x-\theta| & |x-\theta|<1\\ 0 & \text{otherwise}\end{cases}"
ROUNDED = r"f(x)=\frac{1}{4}(1+|x-\theta|)e^{-|x-\theta|}"
# density, data, the log-density by hand, how it is found
CASES = [
    (TRIANGLE, [59, 86, 71, 36, 28], lambda t, u: math.log(t if t < u else 2 * u - t) - 2 * math.log(u) if t < 2 * u else -math.inf, "numeric"),
    (TRIANGLE, [1, 2], lambda t, u: math.log(t if t < u else 2 * u - t) - 2 * math.log(u) if t < 2 * u else -math.inf, "closed"),
    (STEP, [1, 1.1, 1.2, 2], lambda x, u: -math.log((2 if x < u else 4) * u) if x <= 3 * u * (1 + 1e-12) else -math.inf, "boundary"),
    (CHANGE, [0.5, 1, 2], lambda x, u: -x if x < u else math.log(2) - 2 * x + u, "boundary"),
    (HUMP, [0.5, 1, 1.7], lambda x, u: math.log(0.75 * (1 - (x - u) ** 2)) if abs(x - u) < 1 else -math.inf, "numeric"),
    (TENT, [0.5, 1, 1.7], lambda x, u: math.log(1 - abs(x - u)) if abs(x - u) < 1 else -math.inf, "closed"),
    (ROUNDED, [0.5, 1, 3], lambda x, u: math.log((1 + abs(x - u)) / 4) - abs(x - u), "numeric"),
]  # fmt: skip


@pytest.mark.parametrize("density, data, by_hand, how", CASES, ids=range(len(CASES)))
def test_nothing_is_higher(density, data, by_hand, how):
    variable, parameters = ("t" if density == TRIANGLE else "x"), {"theta": "real" if "|" in density else "positive"}
    d = derive.mle(density, data=data, variable=variable, parameters=parameters)
    found = d.numeric["theta"]

    def height(u):
        return sum(by_hand(x, u) for x in data)

    assert d.verified and d.outcome.value == "unique" and d.how["theta"].value == how
    grid = [0.001 * k * max(data) for k in range(1, 2500)]
    assert height(found) >= max(map(height, grid))
    if how != "boundary":
        assert all(height(found) > height(found + s * 1e-4 * found) for s in (1, -1))


@pytest.mark.parametrize("seed", range(3))
def test_random_samples_of_a_triangle(seed):
    rng = random.Random(seed)
    data = [round(rng.triangular(0, 20, 10), 1) for _ in range(6)]
    d = derive.mle(TRIANGLE, data=data, variable="t")
    by_hand = CASES[0][2]
    grid = [0.01 * k for k in range(1, 4000)]
    highest = max(sum(by_hand(t, u) for t in data) for u in grid)
    assert d.verified and sum(by_hand(t, d.numeric["theta"]) for t in data) >= highest - 1e-12


REFUSED = [
    (STEP, {"data": [1, 2, 5]}, "comes closest"),
    (TRIANGLE, {"variable": "t"}, "no formula"),
]


def test_the_density_is_closed_where_its_cases_meet():
    d = derive.mle(TRIANGLE, variable="t", data=[1])
    assert d.verified and d.estimates["theta"] == 1 and any("both approach" in w for w in d.warnings)


@pytest.mark.parametrize("density, question, why", REFUSED, ids=range(len(REFUSED)))
def test_refused(density, question, why):
    with pytest.raises(derive.NotSupported, match=why):
        derive.mle(density, **question)


def pieces_of(*parts):
    u = Sym("u")
    return [(differentiate(h, u, Algebra()), h, Domain(a, b, (True, True))) for h, a, b in parts]


def test_pieces_are_compared_across_their_ends():
    u = Sym("u")
    hill = add(ONE, neg(mul(add(u, neg(num(3))), add(u, neg(num(3))))))
    (best,) = highest_piece(pieces_of((neg(u), 0, 1), (hill, 1, 4)), "u").best
    assert best.piece == 1 and best.place.low <= 3 <= best.place.high
    assert highest_piece(pieces_of((neg(u), 0, 1), (add(hill, neg(ONE)), 1, 4)), "u") is None  # as high at 0


def test_a_level_piece_that_is_highest_is_not_called_unique():
    u = Sym("u")
    assert highest_piece(pieces_of((u, 0, 1), (ONE, 1, 2)), "u") is None
    assert highest_piece(pieces_of((add(u, ONE), 0, 1), (ONE, 1, 2)), "u").best[0].place == 1
    assert highest_piece(pieces_of((neg(log(u)), 0, 1)), "u").unbounded


ASYMMETRIC = r"f(x)=\begin{cases}\frac{1}{a+b}e^{(x-m)/a} & x<m\\ \frac{1}{a+b}e^{-(x-m)/b} & x\ge m\end{cases}"


def test_a_case_that_depends_on_one_of_several_parameters_is_refused_with_the_reason():
    with pytest.raises(derive.NotSupported, match="depends on m"):
        derive.mle(ASYMMETRIC, parameters={"a": "positive", "b": "positive", "m": "real"}, data=[1, 2, 4, 9])
