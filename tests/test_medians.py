"""Weighted medians: Laplace errors with weights, and a line through the origin."""

import random

import pytest
import sympy as sp

import derive
from derive import Sample

ORIGIN = r"\frac{1}{2s}e^{-|y-b x|/s}"
LINE = {"variable": "y", "covariates": ["x"], "data": {"y": [1, 3, 2, 5, 4], "x": [1, -2, 2, 3, 4]}}
CASES = [  # density, question, estimates, worked out by hand
    ("Laplace", {"data": Sample([1, 2, 9], weights=[1, 1, 3])}, {"mu": "9", "b": "3"}),
    ("Laplace", {"data": Sample([1.5, 2.25, 9], weights=[1, 0.5, 0.3])}, {"mu": "3/2", "b": "35/24"}),
    ("Laplace", {"data": Sample(counts={1: 5000, 2: 7000, 9: 3000})}, {"mu": "2", "b": "26/15"}),
    ("Laplace", {"data": Sample([1, 2, 9], weights=[1, 1, 3]), "parameters": {"mu": "[0, 5]", "b": "positive"}}, {"mu": "5", "b": "19/5"}),
    (ORIGIN, {**LINE, "parameters": {"b": "real", "s": "positive"}}, {"b": "1", "s": "7/5"}),
    (ORIGIN, {**LINE, "parameters": {"b": "[6/5, 2]", "s": "positive"}}, {"b": "6/5", "s": "41/25"}),
    (r"\frac{1}{2 s z}e^{-|y-m|/(s z)}", {"variable": "y", "covariates": ["z"], "parameters": {"m": "real", "s": "positive"},
     "data": {"y": [1, 3, 2, 5, 4], "z": [1, 2, 2, 3, 4]}}, {"m": "2", "s": "3/5"}),
]  # fmt: skip


@pytest.mark.parametrize("density, question, expected", CASES, ids=range(len(CASES)))
def test_estimates(density, question, expected):
    d = derive.mle(density, **question)
    assert d.verified and d.outcome.value == "unique" and {k: str(v) for k, v in d.estimates.items()} == expected


def test_every_point_between_two_middles_is_an_estimate():
    d = derive.mle("Laplace", data=Sample([1, 2, 9], weights=[1, 1, 2]))
    assert d.verified and d.outcome.value == "not unique" and d.estimates["mu"] == sp.Interval(2, 9)
    assert d.estimates["b"] == sp.Rational(15, 4)  # (1 + 0 + 14)/4, and the same for every such mu


def test_the_page_shows_the_weights_added_up():
    text = derive.mle("Laplace", data=Sample([9, 1, 2], weights=[3, 1, 1])).to_markdown()
    assert "| $9$ | $3$ | $5$ |" in text and "weighted median" in text


REGRESSION = {
    "density": r"\frac{1}{2s}e^{-|y-a-b x|/s}",
    "variable": "y",
    "covariates": ["x"],
    "parameters": {"a": "real", "b": "real", "s": "positive"},
}
SAMPLES = [  # y, x, a and b worked out by comparing all lines through two points
    ([1, 3, 2, 5, 4], [0, 1, 2, 3, 4], ("1", "3/4", "7/10")),
    ([0.5, 1, 4, 2], [1, 2, 3, 5], ("1/3", "1/3", "17/24")),
]


@pytest.mark.parametrize("y, x, expected", SAMPLES, ids=range(len(SAMPLES)))
def test_median_regression(y, x, expected):
    d = derive.mle(**REGRESSION, data={"y": y, "x": x})
    assert d.verified and d.outcome.value == "unique" and tuple(map(str, d.estimates.values())) == expected
    a, b, s = (float(sp.Rational(v)) for v in expected)

    def total(a, b):
        return sum(abs(v - a - b * u) for u, v in zip(x, y, strict=True))

    assert total(a, b) == pytest.approx(len(y) * s)
    rng = random.Random(3)
    assert all(total(a + rng.gauss(0, 1), b + rng.gauss(0, 1)) > total(a, b) for _ in range(500))


def test_several_lines_are_estimates():
    d = derive.mle(**REGRESSION, data={"y": [0, 1, 0, 1], "x": [0, 0, 1, 1]})
    assert d.verified and d.outcome.value == "not unique" and d.estimates["s"] == sp.Rational(1, 2)
    assert d.estimates["a"] == sp.Interval(0, 1) and d.estimates["b"] == sp.Interval(-1, 1)


def test_a_plane_in_three_unknowns():
    density = r"\frac{1}{2}e^{-|y-a-b x-c z|}"
    data = {"y": [1, 2, 2, 4, 1], "x": [0, 1, 0, 1, 2], "z": [0, 0, 1, 1, 0]}
    d = derive.mle(density, variable="y", covariates=["x", "z"], parameters=dict.fromkeys("abc", "real"), data=data)
    assert d.verified and set(d.how.values()) == {"closed"}


@pytest.mark.parametrize("seed", range(4))
def test_no_place_has_a_smaller_weighted_sum(seed):
    rng = random.Random(seed)
    xs, ws = [rng.randint(-9, 9) for _ in range(7)], [rng.randint(1, 5) for _ in range(7)]
    d = derive.mle("Laplace", data=Sample(xs, weights=ws))

    def total(m):
        return sum(w * abs(x - m) for x, w in zip(xs, ws, strict=True))

    assert d.verified and total(d.numeric["mu"]) == min(map(total, xs))
    ties = sorted(x for x in set(xs) if total(x) == min(map(total, xs)))
    assert (d.outcome.value == "unique") == (len(ties) == 1)
    assert d.numeric["b"] == pytest.approx(min(map(total, xs)) / sum(ws))
