"""What carries an outcome: a proof, an enclosure of all stationary points, or a search; the JSON says the same."""

from __future__ import annotations

from typing import Any

import pytest

import derive

CASES: list[tuple[str, Any, dict[str, Any], dict[str, str]]] = [
    ("a concave log-likelihood", "exponential", {}, {"lambda": "proved"}),
    ("one unknown after the other", "normal", {"data": [1, 2, 4]}, {"mu": "proved", "sigma2": "proved"}),
    ("at the end of the support", "1/t", {"support": "0 < x < t", "parameters": {"t": "positive"}}, {"t": "proved"}),
    ("several stationary points of given data", "1/(pi*(1+(x-m)**2))", {"data": [0, 1, 30]}, {"m": "enclosed"}),
    ("a symbolic equation whose roots were not counted", "1/(pi*(1+(x-m)**2))", {}, {"m": "searched"}),
    ("a share that the others leave", "a*b", {"likelihood": "a**3*b**2*c", "constraints": ["a+b+c=1"]}, {"a": "proved", "b": "proved", "c": "proved"}),
    ("no maximum, by the sign of the score", "t*x**(t-1)", {"support": "0 < x <= 1", "data": [1, 1], "parameters": {"t": "positive"}}, {"t": "proved"}),
    ("a whole number", "binomial(n,k)*p**k*(1-p)**(n-k)", {"variable": "k", "known": {"p": "1/3"}, "data": [4], "parameters": {"n": "integer >= 1"}}, {"n": "proved"}),
]  # fmt: skip


@pytest.mark.parametrize(("density", "question", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_every_parameter_says_what_carries_it(density: str, question: dict[str, Any], expected: dict[str, str]) -> None:
    found = derive.mle(**question) if "likelihood" in question else derive.mle(density, **question)
    assert {k: str(v) for k, v in found.certainty.items()} == expected
    assert found.to_dict()["certainty"] == expected
