"""The verdict on one statement under one binding: its judges in order, the first that knows it decides."""

from __future__ import annotations

from collections.abc import Callable

from ...formula.tree import ZERO, Add, At, Derivative, Formula, Mul, Sym, has, transform, walk
from ..slope import slope
from .document import Statement
from .judges.case import Case
from .judges.ends import ends
from .judges.equality import equality
from .judges.existence import existence
from .judges.membership import membership
from .judges.order import order
from .judges.profile import profile
from .judges.told import certain, density_of_one, distribution, told
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
    existence, ends, second_derivatives, place_by_place, distribution, membership, profile, density_of_one, nameless, order, told, certain, equality,
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
        if worst.fails:
            for left, right in s.claim.readings:
                pair = self.as_written(left), self.as_written(right)
                if pair != (left, right) and (v := self.of_sides(s, *pair)).holds:
                    return v
        return worst

    def as_written(self, f: Formula) -> Formula:
        """A side with the derivatives of a Lagrangian taken as it is written: p_3 is then a letter like p_1 and p_2."""

        def one(g: Formula) -> Formula | None:
            if not isinstance(g, Derivative) or len(g.variables) != 1 or g.variables[0][1] != 1:
                return None
            name, v = getattr(g.body, "name", ""), g.variables[0][0]
            body = self.binding.functions[name][1] if name in self.binding.functions else self.binding.letters.get(name)
            if body is None or not isinstance(v, (Sym, At)) or not has(body, v) or not self._holds_constraint(body):
                return None
            return slope(body, v)

        return transform(f, one)

    def _holds_constraint(self, f: Formula) -> bool:
        """Whether a function has a term with a factor that is 0 by the meaning of its letters."""
        factors = [h for g in walk(f) if isinstance(g, Mul) for h in g.factors if isinstance(h, Add)]
        return any(self.everywhere(self.resolved(h), ZERO, self.trials.inner).holds for h in factors)

    def of_sides(self, s: Statement, left: Formula, right: Formula) -> Verdict:
        """The verdict on a statement with these sides."""
        return judged(Case(self, s, left, right))
