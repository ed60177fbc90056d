"""Sines and cosines of sums and differences, opened so that the unknown stands alone: A cos u + B sin u."""

from __future__ import annotations

from ..algebra.terms import Algebra
from ..formula.tree import ONE, ZERO, Call, Formula, Relation, Sym, add, call, equation, has, mul, neg, transform
from ..rule_names import RuleName
from ..trace import Move, say
from .rule import rule
from .sums import split_sums


@rule(RuleName.ADDITION_THEOREM, (r"\sin(a - b)", r"\sin(a) \cos(b) - \cos(a) \sin(b)"))
def opened_angle(f: Formula, al: Algebra, u: Sym | None = None) -> Formula | None:
    """sin(a - b) = sin a cos b - cos a sin b; with an unknown, only where b is the unknown and stands beside something else."""
    match f:
        case Call("sin" | "cos" as name, (w,)):
            ts = al.expanded(w) or []
            if u is None:
                mine = ts[-1:] if len(ts) > 1 else []
            else:
                mine = [t for t in ts if t.powers == {u: ONE}]
            rest = al.assemble(t for t in ts if t not in mine)
            if len(mine) != 1 or len(ts) < 2 or (u is not None and has(rest, u)):
                return None
            (t,) = mine
            down = t.coefficient < 0
            b = al.build(t.scaled(-1 if down else 1))  # type: ignore[arg-type]
            sin_b, cos_b = call("sin", b), call("cos", b)
            sin_a, cos_a = call("sin", rest), call("cos", rest)
            if name == "sin":
                second = mul(cos_a, sin_b)
                return add(mul(sin_a, cos_b), neg(second) if down else second)
            second = mul(sin_a, sin_b)
            return add(mul(cos_a, cos_b), second if down else neg(second))
    return None


def open_angles(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """The addition theorems, and what does not depend on the observation taken out of the sums."""
    new = [transform(s, lambda g: opened_angle(g, al, u)) for s in eq.sides]
    if tuple(new) == eq.sides:
        return None
    new = [split_sums(s, al) or s for s in new]
    return Move(equation(*new), ONE, RuleName.ADDITION_THEOREM, say("by the addition theorem for the sine, and sum term by term"))


def wave(f: Formula, u: Sym, al: Algebra) -> tuple[Formula, Formula, Formula] | None:
    """A, B and k with f = A cos(k u) + B sin(k u), A and B free of u."""
    ts = al.expanded(f)
    if not ts:
        return None
    angle: Formula | None = None
    parts: dict[str, list[Formula]] = {"cos": [], "sin": []}
    for t in ts:
        mine = [b for b, k in t.powers.items() if has(b, u) or has(k, u)]
        if len(mine) != 1 or t.powers[mine[0]] != ONE:
            return None
        b = mine[0]
        if not isinstance(b, Call) or b.name not in parts or (angle is not None and b.args[0] != angle):
            return None
        angle = b.args[0]
        parts[b.name].append(al.build(al.divided(t, al.split(b))))
    if angle is None:
        return None
    table = al.split(angle)
    if table.powers != {u: ONE} or table.coefficient <= 0:
        return None
    a, b = (al.assemble(map(al.split, parts[k])) if parts[k] else ZERO for k in ("cos", "sin"))
    return (a, b, al.number(table.coefficient)) if ZERO not in (a, b) else None
