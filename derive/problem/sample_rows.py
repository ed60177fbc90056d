"""A sample that is not plain, as rows: each observation with a column that says what is known of it.

Right-censored: x_i with delta_i = 1 where x_i was observed and 0 where the observation only exceeds it.  Weighted
and counted: x_i with its weight or frequency.  Truncated: x_i alone, under another density.  One row contributes
one factor to the likelihood, so that everything said of independent observations holds of rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..errors import NotSupported
from ..sample import columns as cols
from ..sample.sample import Sample
from ..sets.domain import BINARY, NONNEGATIVE, Domain

MANY = 10_000  # counted observations from which frequencies are a column, and not written as so many rows
LETTERS: Mapping[str, tuple[str, ...]] = {
    "right": ("delta", "d", "epsilon"),
    "left": ("delta", "d", "epsilon"),
    "weights": ("w", "omega", "u"),
    "counts": ("m", "c", "k"),
}
DOMAINS: Mapping[str, Domain] = {"right": BINARY, "left": BINARY, "weights": NONNEGATIVE, "counts": NONNEGATIVE}


@dataclass(frozen=True)
class Rows:
    """variable: the observed one.  kind: what the column says: "right", "left", "weights", "counts", or "" where there
    is no column (truncation alone).  column: its letter."""

    variable: str
    kind: str
    column: str

    @property
    def domains(self) -> dict[str, Domain]:
        """What the column can hold."""
        return {self.column: DOMAINS[self.kind]} if self.kind else {}

    def sample(self, s: Sample) -> Sample:
        """A sample of this kind as columns.  Raises NotSupported for another kind."""
        v = self.variable
        others = set(s.kinds) - {"exact", "truncation", self.kind}
        if others:
            raise NotSupported(f"this result holds for other kinds of observations than {sorted(others)[0]}", hint="ask the question anew")
        exact = s.exact.get(v, ())
        if not self.kind:
            return Sample({v: exact}).bound((v,))
        if self.kind == "weights":
            columns = {v: exact, self.column: s.weights if len(s.weights) else cols.constant_column(1, len(exact), exact)}
        elif self.kind == "counts":
            pairs = [*((x, 1) for x in cols.fractions(exact)), *((x, k) for x, k in s.counts.items() if k and not isinstance(x, tuple))]
            values = tuple(x for x, _ in pairs)
            columns = {v: cols.Floats(values) if s.in_floats else values, self.column: tuple(Fraction(k) for _, k in pairs)}
        else:
            limits = s.right if self.kind == "right" else s.left
            columns = {
                v: cols.joined(exact, limits),
                self.column: cols.joined(cols.constant_column(1, len(exact), exact), cols.constant_column(0, len(limits), limits)),
            }
        return Sample(columns).bound((v,), (self.column,))


def rows_of(sample: Sample | None, variables: Sequence[str], covariates: Sequence[str], taken: Collection[str]) -> Rows | None:
    """How a sample is put into rows; None where it is plain already, or of a kind that cannot be.

    taken: names that are in use.
    """
    s = sample
    if s is None or len(variables) != 1 or covariates or s.is_plain:
        return None
    kinds = set(s.kinds)
    column = next((k for k in ("right", "left", "weights", "counts") if k in kinds), "")
    if kinds - {"exact", column, "truncation"} or (column == "counts" and any(isinstance(x, tuple) for x in s.counts)):
        return None
    if (
        column in ("right", "left")
        and s.truncation is not None
        and s.truncation[1 if column == "right" else 0] not in (float("inf"), float("-inf"))
    ):
        return None
    if column == "counts" and s.size <= MANY and s.truncation is None:
        return None
    in_use = {*taken, *variables, "n", "i", "j"}
    letter = next((c for c in LETTERS[column] if c not in in_use), None) if column else ""
    return None if letter is None else Rows(variables[0], column, letter)
