"""Sums over a large sample, computed once in NumPy: each becomes a letter with a value.

A sum in a formula is replaced by a letter before the formula is evaluated, so that no Python loop runs over the
data.  Sums that speak of an estimate (deviations from the mean) are computed when that estimate is known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..errors import NotSupported
from ..formula.evaluate import Env, compiled, log_size
from ..formula.rowwise import NoArray, Numbers, Rows
from ..formula.searched import candidates, near
from ..formula.tree import (
    ONE,
    Apply,
    At,
    Big,
    Formula,
    N,
    Peak,
    Sym,
    transform,
    walk,
)

if TYPE_CHECKING:
    from .sample import Sample


THINNED = 1000  # rows with which a maximum is looked for


class Statistics:
    """The sums of one sample by formula; `env` holds n, the means and every letter made so far."""

    def __init__(self, sample: Sample, variables: tuple[str, ...]):
        self.sample, self.variables = sample, variables
        self.letters: dict[Formula, Formula] = {}
        self.places: dict[Formula, list[float] | None] = {}
        self.env: Env = {"n": sample.size}
        for v in variables:
            self.env[v + "_bar"] = sample.mean(v)

    def hide(self, f: Formula) -> Formula:
        """f with every sum over the sample replaced by a letter whose value is in `env`."""

        def one(g: Formula) -> Formula | None:
            if isinstance(g, At) and g.base.endswith("_ord"):
                letter = Sym(f"#ord{len(self.letters)}")
                self.env[letter.name] = self._ordered(g)
                return self.letters.setdefault(g, letter)
            if not isinstance(g, Big) or g.high != N or g.low != ONE:
                return None
            if g not in self.letters:
                self.letters[g] = self._letter(g)
            return self.letters[g]

        return transform(f, one)

    def _letter(self, g: Big) -> Formula:
        """A letter whose value is a sum; for a sum that holds unknowns of a `Peak` a function of these."""
        unknowns = sorted({h.name for h in walk(g.body) if isinstance(h, Sym) and h.name.startswith("#") and h.name not in self.env})
        if not unknowns:
            letter = Sym(f"#sum{len(self.letters)}")
            self.env[letter.name] = self._total(g, {})
            return letter
        name = f"#sum{len(self.letters)}of"
        self.env[name] = lambda *values: self._total(g, dict(zip(unknowns, values, strict=True)))
        return Apply(name, tuple(map(Sym, unknowns)))

    def value(self, f: Formula) -> float:
        """f at the data."""
        hidden = self.hide(f)
        if isinstance(f, Peak) and isinstance(hidden, Peak) and self.sample.size > THINNED:
            place = self._place(f, hidden)
            if place is not None:
                return place[f.position]
        return compiled(hidden)(self.env)

    def _place(self, f: Peak, hidden: Peak) -> list[float] | None:
        """Where a function is largest: looked for with few of the rows, and from there with all."""
        first = replace(f, position=0)
        if first not in self.places:
            height = compiled(hidden.body)
            try:
                starts = candidates(f, self._thinned, compiled)
            except KeyError:  # it speaks of more than the data
                starts = []
            found = [near(hidden, self.env, start, compiled) for start in starts]
            known = [(height({**self.env, **dict(zip(f.unknowns, x, strict=True))}), x) for x in found if x is not None]
            self.places[first] = max(known)[1] if len(known) == len(starts) > 0 else None
        return self.places[first]

    @cached_property
    def _thinned(self) -> Env:
        """Some of the rows, from beginning to end."""
        step = -(-self.sample.size // THINNED)
        columns = {v: Numbers(float(x) for x in self.sample.floats(v)[::step]) for v in self.variables}
        means = {v + "_bar": math.fsum(xs) / len(xs) for v, xs in columns.items()}
        return {**columns, **means, "n": len(next(iter(columns.values())))}

    def _ordered(self, g: At) -> float:
        """The k-th smallest observation; halfway between two of them the mean of both."""
        variable, k, size = g.base.removesuffix("_ord"), compiled(g.index[0])(self.env), self.sample.size
        if k in (1, size):
            return float(self.sample.minimum(variable) if k == 1 else self.sample.maximum(variable))
        import numpy as np

        places = [math.floor(k) - 1, math.ceil(k) - 1]
        xs = np.partition(np.asarray(self.sample.floats(variable)), places)
        return float(xs[places[0]] + xs[places[1]]) / 2

    def _total(self, g: Big, unknowns: Mapping[str, float]) -> float:
        if g.kind != "sum":
            raise NotSupported("a product over a large sample is not evaluated")
        if isinstance(g.body, At):
            return float(self.env[g.body.base + "_bar"] * self.sample.size)
        scalars = {k: v for k, v in self.env.items() if isinstance(v, (int, float))} | dict(unknowns)

        def inner(h: Formula) -> Formula | None:
            """A letter for a sum inside the sum, which is the same for every row."""
            if not isinstance(h, Apply):
                return None
            letter = Sym(f"#inner{len(scalars)}")
            scalars[letter.name] = compiled(h)({**self.env, **unknowns})
            return letter

        body = transform(g.body, inner)
        return self.sample.total(
            lambda *chunks: column(body, g.index, dict(zip(self.variables, chunks, strict=True)), scalars), *self.variables
        )


def column(f: Formula, index: str, data: Mapping[str, Any], env: Env) -> Any:
    """f for every observation of a chunk at once; data maps variables to NumPy arrays."""
    import numpy as np

    try:
        return Rows(data, env, index, compiled, log_size).array(f)
    except NoArray:
        one, size = compiled(f), len(next(iter(data.values())))
        return np.array([one({**env, **{k: [float(v[j])] for k, v in data.items()}, index: 1}) for j in range(size)])
