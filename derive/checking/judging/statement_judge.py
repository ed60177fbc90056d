"""The verdict on one statement under one binding: its judges in order, the first that knows it decides."""

from __future__ import annotations

from collections.abc import Callable

from ...formula.tree import Formula
from .document import Statement
from .judges.case import Case
from .judges.equality import equality
from .judges.membership import membership
from .judges.order import order
from .judges.profile import profile
from .judges.told import density_of_one, distribution, told
from .second_order import named, second_order, square_of
from .sides import FAILURES, Sides
from .symbol_table import Unknown
from .verdict import Verdict, unknown


def second_derivatives(c: Case) -> Verdict | None:
    """A letter for a matrix of second derivatives."""
    for head, body in ((c.left, c.right), (c.right, c.left)):
        if named(head) and (matrix := square_of(body)) is not None:
            return second_order(matrix, c.under.meaning, c.under.trials)
    return None


def place_by_place(c: Case) -> Verdict | None:
    """(a, b) = (c, d): it fails where a place does, and holds where all do."""
    pairs = c.under.componentwise(c.left, c.right)
    if not pairs:
        return None
    got = [judged(Case(c.under, c.statement, x, y)) for x, y in pairs]
    return next((v for v in got if v.fails), next((v for v in got if not v.holds), got[0]))


def nameless(c: Case) -> Verdict | None:
    """With a letter that has no meaning nothing can be said."""
    return c.under.nameless(c.a, c.b)


Judge = Callable[[Case], Verdict | None]
JUDGES: tuple[Judge, ...] = (
    second_derivatives, place_by_place, distribution, membership, profile, density_of_one, nameless, order, told, equality,
)  # fmt: skip


def judged(c: Case) -> Verdict:
    """The verdict of the first judge that knows what is claimed."""
    try:
        return next(v for judge in JUDGES if (v := judge(c)) is not None)
    except Unknown as e:
        return unknown(str(e))
    except FAILURES as e:
        return unknown(f"this could not be evaluated ({type(e).__name__})")


class StatementJudge(Sides):
    """Judges statements under one binding."""

    def verdict(self, s: Statement) -> Verdict:
        """Of the likeliest reading that is true; false only if every reading is, and every name has a meaning."""
        if not s.claim.readings:
            return unknown(s.claim.unread or "this was not read")
        worst: Verdict | None = None
        for left, right in s.claim.readings:
            v = self.of_sides(s, left, right)
            if v.holds:
                return v
            worst = v if worst is None or (worst.fails and v.value is None) else worst
        assert worst is not None
        return worst

    def of_sides(self, s: Statement, left: Formula, right: Formula) -> Verdict:
        """The verdict on a statement with these sides."""
        return judged(Case(self, s, left, right))
