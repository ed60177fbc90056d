"""Concavity in two unknowns together, from second derivatives of the form of minus a sum of weights times data."""

from __future__ import annotations

import pytest

import derive
from derive.formula.latex import latex
from derive.reading.tex import read_latex
from derive.stages.maximum.linear_predictor import concave_in_all
from derive.stages.setup.begin import begin
from derive.trace import Display

COUNTS = derive.Problem(
    r"\frac{e^{(a+bx)y} e^{-e^{a+bx}}}{y!}", variable="y", covariates=["x"], parameters=["a", "b"], support="{0, 1, 2, ...}"
)
MEAN = r"e^{a + b x_i}"
LOGISTIC = rf"\frac{{{MEAN}}}{{(1 + {MEAN})^2}}"


def argument(*bodies):
    """The argument where the second derivatives (aa, ab, bb) are minus the sums of these bodies."""
    formulas = [read_latex(rf"-\sum_{{i=1}}^n {body}", COUNTS.context)[0].formula for body in bodies]
    table = {pair: (f, Display(())) for pair, f in zip([("a", "a"), ("a", "b"), ("b", "b")], formulas, strict=True)}
    return concave_in_all(("a", "b"), table, begin(COUNTS))


CONCAVE = [  # bodies, the weight, whether it is positive
    ((MEAN, f"x_i {MEAN}", f"x_i^2 {MEAN}"), "e^{a + b x_{i}}", True),
    ((f"x_i^2 {MEAN}", f"x_i {MEAN}", MEAN), "e^{a + b x_{i}}", True),
    (("1", "x_i", "x_i^2"), "1", True),
    ((LOGISTIC, f"x_i {LOGISTIC}", f"x_i^2 {LOGISTIC}"), r"\frac{e^{a + b x_{i}}}{(1 + e^{a + b x_{i}})^{2}}", True),
    ((f"y_i {MEAN}", f"y_i x_i {MEAN}", f"y_i x_i^2 {MEAN}"), "y_{i} e^{a + b x_{i}}", False),
]


@pytest.mark.parametrize(("bodies", "weight", "positive"), CONCAVE, ids=[c[0][0] for c in CONCAVE])
def test_a_sum_of_squares_with_weights(bodies, weight, positive):
    found = argument(*bodies)
    assert found is not None and found.strength == "proved" and found.joint
    _, display, words = found.blocks
    assert len(display.lines) == 3 and all(line.evidence.sound for line in display.lines)
    said = "".join(p if isinstance(p, str) else latex(p) for p in words.parts)
    assert f"with the {'positive' if positive else 'nonnegative'} weights {weight}." in said
    assert ("strictly unless" in said) == positive


OTHERS = [
    (f"(-{MEAN})", f"(-x_i {MEAN})", f"(-x_i^2 {MEAN})"),  # convex
    (MEAN, f"x_i {MEAN}", f"2 x_i^2 {MEAN}"),  # no squares
    (MEAN, f"x_i {MEAN}", f"x_i^3 {MEAN}"),
    (MEAN, f"2 x_i {MEAN}", f"x_i^2 {MEAN}"),
    (MEAN, f"x_i {MEAN}", "x_i^2 e^{2 a}"),  # other weights
    (MEAN, f"x_i {LOGISTIC}", f"x_i^2 {MEAN}"),
    (f"a^2 {MEAN}", f"a {MEAN}", MEAN),  # an unknown among the data
    (f"(y_i - 1) {MEAN}", f"(y_i - 1) x_i {MEAN}", f"(y_i - 1) x_i^2 {MEAN}"),  # weights of any sign
]


@pytest.mark.parametrize("bodies", OTHERS, ids=[" / ".join(c)[:70] for c in OTHERS])
def test_other_second_derivatives_show_nothing(bodies):
    assert argument(*bodies) is None


def test_a_term_outside_the_sum_shows_nothing():
    formulas = [read_latex(t, COUNTS.context)[0].formula for t in (rf"-n^2 - \sum_{{i=1}}^n {MEAN}", "-n", "-n")]
    table = {pair: (f, Display(())) for pair, f in zip([("a", "a"), ("a", "b"), ("b", "b")], formulas, strict=True)}
    assert concave_in_all(("a", "b"), table, begin(COUNTS)) is None
