"""Letters and algebras that several tests share."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import settings

from derive.algebra.facts import COUNT, POSITIVE, REALS, Facts, Range
from derive.algebra.terms import Algebra
from derive.formula.tree import At, Sym, total

UNIT = Range(0, 1, True, True)

settings.register_profile("same", derandomize=True)  # a run says the same as the last one
settings.register_profile("fresh")  # HYPOTHESIS_PROFILE=fresh looks for new examples
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture
def letters() -> SimpleNamespace:
    """theta in (0, 1), lambda, v, sigma > 0, mu real, n, x_i and its sum."""
    x = At("x", (Sym("i"),))
    names = ("theta", "lambda", "mu", "v", "sigma", "n", "a", "b")
    return SimpleNamespace(x=x, S=total(x), **{s.rstrip("_"): Sym(s) for s in names})


@pytest.fixture
def algebra():
    """An algebra over those letters; `data` is the range of the observations."""

    def make(data: Range = REALS, **more: Range) -> Algebra:
        ranges = {
            "theta": UNIT,
            "lambda": POSITIVE,
            "mu": REALS,
            "v": POSITIVE,
            "sigma": POSITIVE,
            "n": COUNT,
            "a": POSITIVE,
            "b": POSITIVE,
        }
        return Algebra(Facts({**ranges, **more}, {"x": data}))

    return make


@pytest.fixture
def examples() -> Path:
    """The folder of problem files."""
    return Path(__file__).parent.parent / "examples"
