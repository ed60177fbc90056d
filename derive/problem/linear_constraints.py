"""Constraints that are linear in the parameters: a_1 p_1 + ... + a_k p_k = b."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..algebra.terms import Algebra, Term
from ..formula.tree import ONE, ZERO, Add, Formula, Neg, Relation, Sym, add, names, neg


@dataclass(frozen=True, slots=True)
class Linear:
    """relation: as it was given.  coefficients: by parameter, free of parameters.  constant: the b on the right."""

    relation: Relation
    coefficients: Mapping[str, Formula]
    constant: Formula

    @property
    def letters(self) -> tuple[str, ...]:
        return tuple(self.coefficients)

    def solved_for(self, name: str, al: Algebra) -> Formula:
        """The parameter in terms of the others: (b - sum of the other terms) / its coefficient."""
        a = self.coefficients[name]
        rest = [al.build(al.times((al.split(c), Term(ONE.value, {Sym(k): ONE})))) for k, c in self.coefficients.items() if k != name]
        top = add(*([self.constant] if self.constant != ZERO or not rest else []), *map(neg, rest))
        if a == ONE:
            return top
        ts = [al.times((al.split(t), al.raised(al.split(a), neg(ONE)))) for t in (top.terms if isinstance(top, Add) else (top,))]
        return al.assemble(ts)


def linear(c: Relation, parameters: Sequence[str], al: Algebra) -> Linear | None:
    """A constraint as a linear one; None where it is not linear in the parameters, or has a parameter in a coefficient."""
    ts = al.expanded(Add((c.sides[0], Neg(c.sides[1]))))
    if ts is None:
        return None
    mine = set(parameters)
    coefficients: dict[str, list[Term]] = {}
    constant: list[Term] = []
    for t in ts:
        held = [b for b, k in t.powers.items() if (names(b) | names(k)) & mine]
        if not held:
            constant.append(t.scaled(-ONE.value))
        elif len(held) == 1 and isinstance(held[0], Sym) and t.powers[held[0]] == ONE:
            coefficients.setdefault(held[0].name, []).append(Term(t.coefficient, {b: k for b, k in t.powers.items() if b != held[0]}))
        else:
            return None
    order = [k for k in parameters if k in coefficients]
    found = {k: al.assemble(coefficients[k]) for k in order}
    return Linear(c, {k: f for k, f in found.items() if f != ZERO}, al.assemble(constant))


__all__ = ["Linear", "linear"]
