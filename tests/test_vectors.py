"""Observations of several letters at once: pairs, a bivariate normal in two ways of writing it, triples."""

from __future__ import annotations

import math

import pytest

import derive

X, Y = [1.2, 0.3, 2.1, 0.9, 1.6, -0.2], [0.7, -0.4, 1.9, 0.2, 0.8, 0.1]


def mean(v):
    return math.fsum(v) / len(v)


def cross(v, w):
    return math.fsum((a - mean(v)) * (b - mean(w)) for a, b in zip(v, w, strict=True)) / len(v)


MEANS = {"m1": "real", "m2": "real"}
CASES = {
    "covariance matrix": (
        {
            "density": "exp(-(b*(x-m1)**2-2*c*(x-m1)*(y-m2)+a*(y-m2)**2)/(2*(a*b-c**2)))/(2*pi*sqrt(a*b-c**2))",
            "parameters": MEANS | {"a": "positive", "b": "positive", "c": "real"},
        },
        {"m1": mean(X), "m2": mean(Y), "a": cross(X, X), "b": cross(Y, Y), "c": cross(X, Y)},
    ),
    "correlation": (
        {
            "density": "exp(-((x-m1)**2/s1**2-2*r*(x-m1)*(y-m2)/(s1*s2)+(y-m2)**2/s2**2)/(2*(1-r**2)))/(2*pi*s1*s2*sqrt(1-r**2))",
            "parameters": MEANS | {"s1": "positive", "s2": "positive", "r": "(-1, 1)"},
        },
        {
            "m1": mean(X), "m2": mean(Y), "s1": math.sqrt(cross(X, X)), "s2": math.sqrt(cross(Y, Y)),
            "r": cross(X, Y) / math.sqrt(cross(X, X) * cross(Y, Y)),
        },
    ),
    "a common mean and variance": (
        {"density": "exp(-(x-m)**2/(2*v)-(y-m)**2/(2*v))/(2*pi*v)", "parameters": {"m": "real", "v": "positive"}},
        {"m": mean(X + Y), "v": cross(X + Y, X + Y)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_pairs(name):
    question, want = CASES[name]
    data = {"x": X, "y": Y}
    given = derive.mle(**question, variable=["x", "y"], data=data)
    symbolic = derive.mle(**question, variable=["x", "y"])
    assert given.verified
    assert symbolic.verified
    assert set(given.how.values()) == {"closed"}
    assert given.numeric == pytest.approx(want)
    assert symbolic.evaluate(data) == pytest.approx(want)
    assert {k: float(v) for k, v in given.estimates.items()} == pytest.approx(want)


def test_sums_equal_their_expected_values():
    text = derive.mle(**CASES["covariance matrix"][0], variable=["x", "y"]).to_markdown()
    assert "each sum equals its expected value" in text
    assert r"\hat{c} &= \frac{1}{n} \sum_{i=1}^{n} (x_{i} - \bar{x}) (y_{i} - \bar{y})" in text


def test_points_on_a_line_have_no_covariance_matrix():
    with pytest.raises(derive.DeriveError, match="do not determine"):
        derive.mle(**CASES["covariance matrix"][0], variable=["x", "y"], data={"x": [1, 2, 3, 4], "y": [2, 4, 6, 8]})


def test_one_density_in_two_letters_by_conditioning():
    d = derive.mle(
        "a*exp(-a*x)*b*x*exp(-b*x*y)",
        variable=["x", "y"],
        parameters={"a": "positive", "b": "positive"},
        data={"x": [1, 2, 4], "y": [1, 0.5, 3]},
    )
    assert d.numeric == pytest.approx({"a": 3 / 7, "b": 3 / 14})


class Frame(dict):
    """Columns by name, as a data frame offers them."""

    @property
    def columns(self):
        return list(self)

    def to_numpy(self):
        return list(zip(*self.values(), strict=True))


@pytest.mark.parametrize("data", [{"y": Y, "x": X}, Frame(x=X, y=Y, other=X), list(zip(X, Y, strict=True))])
def test_columns_in_any_order_a_frame_or_rows(data):
    question, want = CASES["covariance matrix"]
    assert derive.mle(**question, variable=["x", "y"], data=data).numeric == pytest.approx(want)
