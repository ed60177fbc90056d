"""Responses with covariates: closed forms against least squares by plain arithmetic, and the lines people write."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

import derive


def least_squares(rows, y, weights=None):
    """Coefficients and weighted sum of squared residuals by the normal equations, in fractions."""
    w = [Fraction(1)] * len(y) if weights is None else [Fraction(v) for v in weights]
    rows, y = [[Fraction(str(v)) for v in r] for r in rows], [Fraction(str(v)) for v in y]
    k = len(rows[0])
    a = [
        [sum(wi * r[i] * r[j] for wi, r in zip(w, rows, strict=True)) for j in range(k)]
        + [sum(wi * r[i] * v for wi, r, v in zip(w, rows, y, strict=True))]
        for i in range(k)
    ]
    for i in range(k):
        pivot = next(j for j in range(i, k) if a[j][i])
        a[i], a[pivot] = a[pivot], a[i]
        a[i] = [v / a[i][i] for v in a[i]]
        for j in range(k):
            if j != i:
                a[j] = [p - a[j][i] * q for p, q in zip(a[j], a[i], strict=True)]
    b = [r[-1] for r in a]
    rss = sum(wi * (v - sum(p * q for p, q in zip(b, r, strict=True))) ** 2 for wi, r, v in zip(w, rows, y, strict=True))
    return [float(v) for v in b], float(rss)


X, Y, Z = [1, 2, 3, 4, 6, 5], [2.9, 4.1, 6.8, 7.9, 12.2, 8.5], [1, 0, 1, 3, 2, 4]
NORMAL = "exp(-(y-({}))**2/(2*v))/sqrt(2*pi*v)"


def with_variance(names, rows):
    b, rss = least_squares(rows, Y)
    return dict(zip(names, b, strict=True)) | {"v": rss / len(Y)}


CASES = {
    "through the origin": (
        {"density": NORMAL.format("b*x"), "parameters": {"b": "real", "v": "positive"}, "covariates": ["x"]},
        {"x": X, "y": Y},
        with_variance(["b"], [[x] for x in X]),
    ),
    "a line": (
        {
            "density": "exp(-(y-b0-b1*x)**2/(2*v))/sqrt(2*pi*v)",
            "parameters": {"b0": "real", "b1": "real", "v": "positive"},
            "covariates": ["x"],
        },
        {"x": X, "y": Y},
        with_variance(["b0", "b1"], [[1, x] for x in X]),
    ),
    "two covariates": (
        {
            "density": NORMAL.format("b0+b1*x+b2*z"),
            "parameters": {"b0": "real", "b1": "real", "b2": "real", "v": "positive"},
            "covariates": ["x", "z"],
        },
        {"x": X, "y": Y, "z": Z},
        with_variance(["b0", "b1", "b2"], [[1, x, z] for x, z in zip(X, Z, strict=True)]),
    ),
    "three covariates": (
        {
            "density": NORMAL.format("a+b*x+c*z+d*u"),
            "parameters": dict.fromkeys("abcd", "real") | {"v": "positive"},
            "covariates": ["x", "z", "u"],
        },
        {"x": X, "y": Y, "z": Z, "u": [2, 1, 0, 1, 0, 1]},
        with_variance("abcd", [[1, x, z, u] for x, z, u in zip(X, Z, [2, 1, 0, 1, 0, 1], strict=True)]),
    ),
    "a parabola": (
        {"density": NORMAL.format("a+b*x+c*x**2"), "parameters": dict.fromkeys("abc", "real") | {"v": "positive"}, "covariates": ["x"]},
        {"x": X, "y": Y},
        with_variance("abc", [[1, x, x * x] for x in X]),
    ),
    "three covariates through the origin": (
        {
            "density": NORMAL.format("b*x+c*z+d*u"),
            "parameters": dict.fromkeys("bcd", "real") | {"v": "positive"},
            "covariates": ["x", "z", "u"],
        },
        {"x": X, "y": Y, "z": Z, "u": [2, 1, 0, 1, 0, 1]},
        with_variance("bcd", [[x, z, u] for x, z, u in zip(X, Z, [2, 1, 0, 1, 0, 1], strict=True)]),
    ),
    "two covariates through the origin": (
        {"density": NORMAL.format("b*x+c*z"), "parameters": dict.fromkeys("bc", "real") | {"v": "positive"}, "covariates": ["x", "z"]},
        {"x": X, "y": Y, "z": Z},
        with_variance("bc", [[x, z] for x, z in zip(X, Z, strict=True)]),
    ),
    "a weighted line, variance known": (
        {"density": "sqrt(w)*exp(-w*(y-a-b*x)**2/2)/sqrt(2*pi)", "parameters": dict.fromkeys("ab", "real"), "covariates": ["x", "w"]},
        {"x": X, "y": Y, "w": [1, 2, 1, 4, 1, 3]},
        dict(zip("ab", least_squares([[1, x] for x in X], Y, [1, 2, 1, 4, 1, 3])[0], strict=True)),
    ),
    "a covariate about a given value": (
        {
            "density": "exp(-(y-a-b*(x-3))**2/(2*v))/sqrt(2*pi*v)",
            "parameters": {"a": "real", "b": "real", "v": "positive"},
            "covariates": ["x"],
        },
        {"x": X, "y": Y},
        with_variance("ab", [[1, x - 3] for x in X]),
    ),
    "a power law": (
        {
            "density": "exp(-(log(y)-a-b*log(x))**2/2)/(y*sqrt(2*pi))",
            "parameters": {"a": "real", "b": "real"},
            "covariates": ["x"],
            "support": "y > 0",
        },
        {"x": X, "y": Y},
        dict(zip("ab", least_squares([[1, math.log(x)] for x in X], [math.log(y) for y in Y])[0], strict=True)),
    ),
    "two indices in LaTeX": (
        {
            "density": r"\frac{1}{\sqrt{2\pi v}}\exp\left(-\frac{(y_i-\beta_0-\beta_1x_{i1}-\beta_2x_{i2})^2}{2v}\right)",
            "parameters": {r"\beta_0": "real", r"\beta_1": "real", r"\beta_2": "real", "v": "positive"},
            "covariates": ["x1", "x2"],
        },
        {"x1": X, "y": Y, "x2": Z},
        with_variance(["beta0", "beta1", "beta2"], [[1, x, z] for x, z in zip(X, Z, strict=True)]),
    ),
    "weighted mean": (
        {"density": "exp(-(y-mu)**2/(2*s**2))/(sqrt(2*pi)*s)", "parameters": {"mu": "real"}, "covariates": ["s"]},
        {"s": [0.2, 0.5, 1, 0.3, 2, 1], "y": Y},
        {"mu": least_squares([[1]] * 6, Y, [1 / Fraction(v) ** 2 for v in ("0.2", "0.5", "1", "0.3", "2", "1")])[0][0]},
    ),
    "variance in proportion to the covariate": (
        {"density": "exp(-(y-b*x)**2/(2*v*x))/sqrt(2*pi*v*x)", "parameters": {"b": "real", "v": "positive"}, "covariates": ["x"]},
        {"x": X, "y": Y},
        {"b": sum(Y) / sum(X), "v": least_squares([[x] for x in X], Y, [Fraction(1, x) for x in X])[1] / 6},
    ),
    "exposures": (
        {"density": "exp(-lambda*t)*(lambda*t)**y/factorial(y)", "parameters": {"lambda": "positive"}, "covariates": ["t"]},
        {"t": [1.5, 2, 1, 0.5], "y": [3, 5, 1, 0]},
        {"lambda": 9 / 5},
    ),
    "exponential about a line": (
        {"density": "exp(-y/(b*x))/(b*x)", "parameters": {"b": "positive"}, "covariates": ["x"]},
        {"x": X, "y": Y},
        {"b": math.fsum(y / x for x, y in zip(X, Y, strict=True)) / 6},
    ),
    "unequal trials": (
        {"density": "binomial(m,y)*p**y*(1-p)**(m-y)", "parameters": {"p": "(0, 1)"}, "covariates": ["m"], "support": "y in {0,...,m}"},
        {"m": [10, 4, 12, 5], "y": [3, 1, 4, 2]},
        {"p": 10 / 31},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_closed_form_with_covariates(name):
    question, data, want = CASES[name]
    given = derive.mle(**question, variable="y", data=data)
    symbolic = derive.mle(**question, variable="y")
    assert given.verified
    assert symbolic.verified
    assert given.outcome == "unique"
    for found in (given.numeric, symbolic.evaluate(data), {k: float(v) for k, v in given.estimates.items()}):
        assert found == pytest.approx(want, rel=1e-10)
    assert "No general proof" not in symbolic.to_markdown()


def test_the_slope_in_deviations_from_the_means():
    d = derive.mle(**CASES["a line"][0], variable="y")
    shown = [line.latex for s in d.steps for line in s.lines]
    assert r"\hat{b}_{0} = \bar{y} - b_{1} \bar{x}" in shown
    slope = r"\frac{\sum_{i=1}^{n} (x_{i} - \bar{x}) (y_{i} - \bar{y})}{\sum_{i=1}^{n} (x_{i} - \bar{x})^{2}}"
    assert rf"\hat{{b}}_{{1}} = {slope}" in shown
    assert r"\hat{v} = \frac{1}{n} \sum_{i=1}^{n} (y_{i} - \hat{b}_{0} - \hat{b}_{1} x_{i})^{2}" in shown
    assert "the $x_{i}$ are not all equal" in d.to_markdown()


LINE, PLANE = CASES["a line"][0], CASES["two covariates"][0]
NOT_FOR_THESE = [
    (LINE, {"x": [1, 2, 3], "y": [1, 2, 3]}),
    (PLANE, {"x": [1, 2, 3], "z": [1, 0, 1], "y": [1, 4, 9]}),
]
NOT_DETERMINED = [
    (LINE, {"x": [2, 2, 2], "y": [1, 2, 4]}),
    (PLANE, {"x": [1, 2, 3, 4], "z": [2, 4, 6, 8], "y": [1, 3, 2, 5]}),
]


@pytest.mark.parametrize(("question", "data"), NOT_DETERMINED)
def test_data_that_leave_a_line_of_maxima(question, data):
    d = derive.mle(**question, variable="y", data=data)
    assert d.outcome == "not unique"
    assert "not identifiable" in d.to_markdown()
    fitted = [
        sum(b * c for b, c in zip(d.numeric.values(), (1, *row), strict=False))
        for row in zip(*(data[k] for k in question["covariates"]), strict=True)
    ]
    assert sum(y - f for y, f in zip(data["y"], fitted, strict=True)) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("question", "data"), NOT_FOR_THESE)
def test_data_for_which_there_is_no_estimate(question, data):
    d = derive.mle(**question, variable="y", data=data)
    assert (d.outcome, d.numeric, d.estimates) == ("none", None, {})
    assert "grows without bound" in d.to_markdown()


def test_the_sums_of_the_data_are_quoted():
    question, data, _ = CASES["a line"]
    text = derive.mle(**question, variable="y", data=data).to_markdown()
    assert r"\bar{x} &= 3.5" in text
    assert r"\sum_{i=1}^{n} (x_{i} - \bar{x})^{2} &= 17.5" in text
