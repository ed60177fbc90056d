"""A question is a value: changed by `replace`, picklable, the same after both."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

import derive

QUESTIONS: tuple[dict[str, Any], ...] = (
    {"density": "exponential", "data": [1, 2.5]},
    {"density": "1/theta", "support": "0 <= x <= theta"},
    {"density": "exponential", "data": derive.Sample([1, 2], right=[3])},
    {"likelihood": "p**n1*(1-p)**n2", "known": ["n1", "n2"]},
    {"density": "F(x) = 1 - exp(-lambda*x)"},
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_pickled_it_is_the_same_question(question: dict[str, Any]):
    p = derive.Problem(**question)
    before = derive.mle(p).to_markdown()
    assert derive.mle(pickle.loads(pickle.dumps(p))).to_markdown() == before


def test_nothing_of_it_is_set():
    p = derive.Problem("exponential")
    with pytest.raises(FrozenInstanceError):
        p.density = None  # type: ignore[misc, assignment]


def test_what_follows_is_found_anew():
    p = derive.Problem("1/(b - a)", support="a <= x <= b")
    assert isinstance(p, derive.Problem) and set(p.moving) == set(p.bounds) == {"a", "b"}
    known = p.knowing("a", p.parameters["a"])
    assert isinstance(known, derive.Problem) and known.moving == ("b",) and set(known.bounds) == {"b"}
    assert len(p.moving) == 2, "the question itself stays as it is"
    assert known.with_data([1, 2]).size == 2 and known.with_data([1, 2]).without_data().observations is None
    with pytest.raises(TypeError, match="no_field"):
        p.replace(no_field=1)
