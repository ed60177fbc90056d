"""A sample known exactly, as rows of fractions with how often each occurs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ..formula.tree import At, Formula, Sym, num, replace_all

if TYPE_CHECKING:
    from .sample import Sample

Row = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Observations:
    """names: the observed letters.  rows: distinct rows in order of first appearance, with their frequencies.

    ordered: the rows one by one as they were given; empty where only frequencies are known.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[Row, int], ...]
    ordered: tuple[Row, ...] = ()

    @property
    def size(self) -> int:
        """The number of observations."""
        return sum(times for _, times in self.rows)

    def each(self) -> Iterator[Row]:
        """Every observation."""
        if self.ordered:
            yield from self.ordered
            return
        for row, times in self.rows:
            for _ in range(times):
                yield row

    def mean(self, name: str) -> Fraction:
        """The mean of one letter."""
        j = self.names.index(name)
        return sum((row[j] * times for row, times in self.rows), Fraction(0)) / self.size

    def tally(self, name: str) -> dict[Fraction, int]:
        """The distinct values of one letter in increasing order, with how often each occurs."""
        j, out = self.names.index(name), dict[Fraction, int]()
        for row, times in self.rows:
            out[row[j]] = out.get(row[j], 0) + times
        return dict(sorted(out.items()))

    def columns(self) -> dict[str, list[float]]:
        """The observations as floats by letter."""
        rows = [(row, 1) for row in self.ordered] or self.rows
        return {name: [x for row, times in rows for x in [float(row[j])] * times] for j, name in enumerate(self.names)}

    def exact_columns(self) -> dict[str, tuple[Fraction, ...]]:
        """The observations as fractions by letter, in the same order."""
        return dict(zip(self.names, zip(*self.each(), strict=True), strict=True))

    def at(self, f: Formula, index: str, row: Row) -> Formula:
        """f with a row's numbers in place of the indexed letters."""
        table: Mapping[Formula, Formula] = {At(v, (Sym(index),)): num(x) for v, x in zip(self.names, row, strict=True)}
        return replace_all(f, table)

    @property
    def has_decimals(self) -> bool:
        """Whether some number is not whole."""
        return any(x.denominator != 1 for row, _ in self.rows for x in row)


def observations(sample: Sample | None, names: tuple[str, ...]) -> Observations | None:
    """The rows of a sample that is known exactly; None for a symbolic, large, censored or weighted one."""
    if sample is None:
        return None
    if sample.exactly:
        ordered = tuple(zip(*(sample.values(v) for v in names), strict=True))
        times: dict[Row, int] = {}
        for row in ordered:
            times[row] = times.get(row, 0) + 1
        return Observations(names, tuple(times.items()), ordered)
    if (
        set(sample.kinds) <= {"exact", "counts"}
        and len(names) == 1
        and not sample.is_large
        and not any(isinstance(x, tuple) for x in sample.counts)
    ):
        times = {(x,): 0 for x in sample.exact.get(names[0], ())}
        for x in sample.exact.get(names[0], ()):
            times[(x,)] += 1
        for x, k in sample.counts.items():
            if k and not isinstance(x, tuple):
                times[(x,)] = times.get((x,), 0) + k
        return Observations(names, tuple(times.items()))
    return None
