"""A sample known exactly, as rows of fractions with how often each occurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

from ..formula.rational import rational_function
from ..formula.rowwise import Numbers
from ..formula.tree import At, Big, Formula, Sym, num, replace_all
from .columns import fractions

if TYPE_CHECKING:
    from .sample import Sample

Row = tuple[Fraction, ...]
LARGEST = 4000  # bits of an exact number
LOOKED_AT = 32  # rows after which the bits of a sum are looked at again


@dataclass(frozen=True, slots=True)
class Observations:
    """names: the observed letters.  rows: distinct rows in order of first appearance, with their frequencies.

    ordered: the rows one by one as they were given; empty where only frequencies are known.  known: what was worked out of them.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[Row, int], ...]
    ordered: tuple[Row, ...] = ()
    known: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

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
        if name not in self.known:
            j = self.names.index(name)
            common = lcm(*(row[j].denominator for row, _ in self.rows))
            total = sum(row[j].numerator * (common // row[j].denominator) * times for row, times in self.rows)
            self.known[name] = Fraction(total, common * self.size)
        return self.known[name]  # type: ignore[no-any-return]

    def in_order(self, name: str) -> list[Fraction]:
        """The values of one letter from the smallest to the largest."""
        key = ("in order", name)
        if key not in self.known:
            j = self.names.index(name)
            self.known[key] = sorted((row[j] for row in self.each()), key=lambda x: (float(x), x))
        return self.known[key]  # type: ignore[no-any-return]

    def is_rational(self, g: Big) -> bool:
        """Whether a sum or product is one of a rational function of the observations."""
        return rational_function(g.body, g.index, Fraction) is not None

    def folded(self, g: Big) -> Fraction | None:
        """A sum or product of a rational function over the sample; None where it has no value, or its digits are too many."""
        if g not in self.known:
            self.known[g] = self._folded(g)
        return self.known[g]  # type: ignore[no-any-return]

    def _folded(self, g: Big) -> Fraction | None:
        from flint import fmpq  # loaded when it is needed

        of_row = rational_function(g.body, g.index, fmpq)
        if of_row is None:
            return None
        out = fmpq(0 if g.kind == "sum" else 1)
        for j, (row, times) in enumerate(self._in_flint(fmpq), 1):
            try:
                v = of_row(row)
            except ZeroDivisionError:
                return None
            if g.kind == "prod" and times * _bits(v) > LARGEST:
                return None
            out = out + v * times if g.kind == "sum" else out * v**times
            if (g.kind == "prod" or j % LOOKED_AT == 0) and _bits(out) > LARGEST:
                return None
        return None if _bits(out) > LARGEST else Fraction(int(out.p), int(out.q))

    def _in_flint(self, number: Callable[[int, int], Any]) -> list[tuple[dict[str, Any], int]]:
        """The rows in the numbers of FLINT."""
        if "" not in self.known:
            pairs = [(zip(self.names, row, strict=True), times) for row, times in self.rows]
            self.known[""] = [({k: number(x.numerator, x.denominator) for k, x in row}, times) for row, times in pairs]
        return self.known[""]  # type: ignore[no-any-return]

    def tally(self, name: str) -> dict[Fraction, int]:
        """The distinct values of one letter in increasing order, with how often each occurs."""
        j, out = self.names.index(name), dict[Fraction, int]()
        for row, times in self.rows:
            out[row[j]] = out.get(row[j], 0) + times
        return dict(sorted(out.items()))

    def columns(self) -> dict[str, list[float]]:
        """The observations as floats by letter."""
        if "floats" not in self.known:
            rows = [(row, 1) for row in self.ordered] or self.rows
            self.known["floats"] = [Numbers(x for row, times in rows for x in [float(row[j])] * times) for j in range(len(self.names))]
        return dict(zip(self.names, self.known["floats"], strict=True))

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


def tallied(rows: Sequence[Row]) -> tuple[tuple[Row, int], ...]:
    """The distinct rows in order of first appearance, with their frequencies."""
    keys = [tuple([x.as_integer_ratio() for x in row]) for row in rows]  # the hash of a fraction is slow
    shown = dict(zip(reversed(keys), reversed(rows), strict=True))
    return tuple((shown[k], times) for k, times in Counter(keys).items())


def _bits(v: Any) -> int:
    """The length of a rational number of FLINT."""
    return int(v.p.bit_length() + v.q.bit_length())


def observations(sample: Sample | None, names: tuple[str, ...]) -> Observations | None:
    """The rows of a sample that is known exactly; None for a symbolic, large, censored or weighted one."""
    if sample is None:
        return None
    if names not in sample.known:
        sample.known[names] = _observations(sample, names)
    return sample.known[names]  # type: ignore[no-any-return]


def _observations(sample: Sample, names: tuple[str, ...]) -> Observations | None:
    if sample.exactly:
        ordered = tuple(zip(*(sample.values(v) for v in names), strict=True))
        return Observations(names, tallied(ordered), ordered)
    if (
        set(sample.kinds) <= {"exact", "counts"}
        and len(names) == 1
        and not sample.is_large
        and not any(isinstance(x, tuple) for x in sample.counts)
    ):
        times = {(x,): 0 for x in fractions(sample.exact.get(names[0], ()))}
        for x in fractions(sample.exact.get(names[0], ())):
            times[(x,)] += 1
        for counted, k in sample.counts.items():
            if k and not isinstance(counted, tuple):
                times[(counted,)] = times.get((counted,), 0) + k
        return Observations(names, tuple(times.items()))
    return None
