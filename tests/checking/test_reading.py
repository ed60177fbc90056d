"""A solution's text -> claims: where they stand, how they are joined, what they say."""

from __future__ import annotations

import pytest

import derive
from derive.checking.reading import read_solution
from derive.formula.latex import latex

EXPONENTIAL = derive.Problem(r"\lambda e^{-\lambda x}", parameters={"lambda": "positive"})

PLACES = [  # text; (line, sign, joined) of each claim
    ("$a=b$ and\n\n$$\\lambda = 2$$", [(1, "=", ""), (3, "=", "")]),
    ("\\begin{align*}\na &= b\\\\\n  &= c \\\\\n\\lambda &< 3\n\\end{align*}", [(2, "=", ""), (3, "=", "continues"), (4, "<", "")]),
    ("\\[ a = b \\implies b = c \\iff c\\stackrel{set}{=}0 \\]", [(1, "=", ""), (1, "=", "implies"), (1, "=", "set")]),
    ("$$a=b$$\nso\n$$=c$$", [(1, "=", ""), (3, "=", "continues")]),
    ("$$a = b, \\quad \\text{for } x > 0$$", [(1, "=", ""), (1, ">", "condition")]),
    ("```math\na\\approx 0.5\n```", [(2, "approx", "")]),
]


@pytest.mark.parametrize(("text", "wanted"), PLACES)
def test_places(text: str, wanted: list[tuple[int, str, str]]) -> None:
    claims = read_solution(text, EXPONENTIAL).claims
    assert [(c.source_line, c.sign, c.joined) for c in claims] == wanted


def test_sides() -> None:
    (first, second) = read_solution(r"$$\ell(\lambda)=n\log\lambda-\lambda\sum_{i=1}^n x_i = 0$$", EXPONENTIAL).claims
    assert first.right is not None and first.right == second.left
    assert latex(first.right) == r"n \log \lambda - \lambda \sum_{i=1}^{n} x_{i}"
