"""What carries an outcome: a proof, an enclosure of all stationary points, or a search; the JSON says the same."""

from __future__ import annotations

from typing import Any

import pytest

import derive

BOTH = {"m": "real", "s": "positive"}
CAUCHY, STUDENT = "s/(pi*(s**2 + (x-m)**2))", "2/(pi*sqrt(3)*s*(1 + (x-m)**2/(3*s**2))**2)"
SPREAD = [round((k * 7919 % 997 - 498) / 29 + (k % 60 == 0) * 200, 7) for k in range(1, 121)]  # all different, some far out
FAR = [round(abs(x) ** 1.5 + 0.01, 7) for x in SPREAD]
CASES: list[tuple[str, Any, dict[str, Any], dict[str, str]]] = [
    ("a concave log-likelihood", "exponential", {}, {"lambda": "proved"}),
    ("one unknown after the other", "normal", {"data": [1, 2, 4]}, {"mu": "proved", "sigma2": "proved"}),
    ("at the end of the support", "1/t", {"support": "0 < x < t", "parameters": {"t": "positive"}}, {"t": "proved"}),
    ("several stationary points of given data", "1/(pi*(1+(x-m)**2))", {"data": [0, 1, 30]}, {"m": "enclosed"}),
    ("a symbolic equation whose roots were not counted", "1/(pi*(1+(x-m)**2))", {}, {"m": "searched"}),
    ("a share that the others leave", "a*b", {"likelihood": "a**3*b**2*c", "constraints": ["a+b+c=1"]}, {"a": "proved", "b": "proved", "c": "proved"}),
    ("no maximum, by the sign of the score", "t*x**(t-1)", {"support": "0 < x <= 1", "data": [1, 1], "parameters": {"t": "positive"}}, {"t": "proved"}),
    ("a scale beside its location, by 1/s", "exp(-(x-m)/s-exp(-(x-m)/s))/s", {"data": SPREAD, "parameters": BOTH}, {"m": "proved", "s": "proved"}),
    ("a location and a scale of one stationary point", CAUCHY, {"data": SPREAD, "parameters": BOTH}, {"m": "proved", "s": "proved"}),
    ("the same of a large sample", CAUCHY, {"data": SPREAD * 10, "parameters": BOTH}, {"m": "proved", "s": "proved"}),
    ("the same with few ties", CAUCHY, {"data": [1, 1, 2, 3, 9], "parameters": BOTH}, {"m": "proved", "s": "proved"}),
    ("a t distribution, half of the data tied", STUDENT, {"data": [1, 1, 2, 9], "parameters": BOTH}, {"m": "proved", "s": "proved"}),
    ("a t distribution with half a degree of freedom", "gamma(3/4)/(gamma(1/4)*sqrt(pi/2)*s)*(1+2*(x-m)**2/s**2)**(-3/4)",
     {"data": [1, 3, 4, 9, 11, 2, 5], "support": "real", "parameters": BOTH}, {"m": "searched", "s": "searched"}),
    ("a profile score with sums below, many rows", "a*l**a/(x+l)**(a+1)", {"data": FAR, "support": "x > 0", "parameters": {"a": "positive", "l": "positive"}},
     {"a": "enclosed", "l": "enclosed"}),
    ("a whole number", "binomial(n,k)*p**k*(1-p)**(n-k)", {"variable": "k", "known": {"p": "1/3"}, "data": [4], "parameters": {"n": "integer >= 1"}}, {"n": "proved"}),
]  # fmt: skip


@pytest.mark.parametrize(("density", "question", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_every_parameter_says_what_carries_it(density: str, question: dict[str, Any], expected: dict[str, str]) -> None:
    found = derive.mle(**question) if "likelihood" in question else derive.mle(density, **question)
    assert {k: str(v) for k, v in found.certainty.items()} == expected
    assert found.to_dict()["certainty"] == expected
