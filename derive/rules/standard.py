"""An equation that algebra does not solve, in the form in which textbooks state it: what holds the unknown on the
left, what the data alone give on the right, a sample average rather than a sum."""

from __future__ import annotations

from fractions import Fraction

from ..algebra.terms import Algebra, Term
from ..formula.tree import (
    ONE,
    ZERO,
    Add,
    Call,
    Formula,
    N,
    Relation,
    Sym,
    add,
    equation,
    has,
    neg,
    num,
    rational,
    terms,
    transform,
    value,
    walk,
)
from ..rule_names import RuleName
from ..trace import Move, say
from .equations import MINUS, add_up, clear_denominators, drop_factor, sides
from .logs import open_log
from .reasons import by_nonzero, by_number
from .sums import fold_means

HIGHEST = 6  # degree of a polynomial that is written out


def stated(eq: Relation, u: Sym, al: Algebra) -> list[Move]:
    """The moves from an equation (something = 0) to its standard form; none where it has that form."""
    moves = polynomial(eq, u, al)
    if moves:
        return moves
    for step in (open_logs, drop_common, per_observation, apart):
        move = step(eq, u, al)
        if move is not None and move.after != eq:
            moves.append(move)
            eq = move.after
    return moves


def polynomial(eq: Relation, u: Sym, al: Algebra) -> list[Move]:
    """The moves from an equation between fractions to a polynomial one, by falling powers of u; none where it does not become one."""
    moves: list[Move] = []
    for step in (drop_factor, add_up, clear_denominators, drop_factor, clear_denominators):
        move = step(eq, u, al)
        if move is not None and move.after != eq:
            moves.append(move)
            eq = move.after
    left, right = sides(eq)
    table = al.coefficients(add(left, neg(right)), u) if moves else None
    degrees = [value(k) for k in table or ()]
    if table is None or any(q is None or q.denominator != 1 or q < 0 for q in degrees):
        return []
    falling = sorted((int(q) for q in degrees if q is not None), reverse=True)
    if not 2 < falling[0] <= HIGHEST:
        return []
    sign = Fraction(-1 if al.sign(al.assemble(table[rational(falling[0])])) < 0 else 1)
    rows = [(k, [t.scaled(sign) for t in table[rational(k)]]) for k in falling]
    by_n = Term(Fraction(1), {N: MINUS} if al.assemble(rows[0][1]) == N else {})
    new = add(*(part for k, ts in rows for part in _power_of(u, k, [al.times((t, by_n)) for t in ts], al)))
    factor = al.build(by_n.scaled(sign))
    return [
        *moves,
        Move(
            equation(new, ZERO),
            factor,
            RuleName.COLLECT,
            say("collect powers of {}", u)
            + (say(" and divide by {}", N if sign > 0 else neg(N)) if by_n.powers else say(" and change the signs" if sign < 0 else "")),
        ),
    ]


def _power_of(u: Sym, k: int, ts: list[Term], al: Algebra) -> tuple[Formula, ...]:
    """A coefficient times a power of u, with means in it."""
    c = al.assemble(t for t in ts)
    c = add(*(fold_means(g, al) or g for g in terms(c)))
    t = Term(Fraction(1), {c: ONE}) if isinstance(c, Add) else al.split(c)
    f = al.build(al.times((t, Term(Fraction(1), {u: rational(k)} if k else {}))))
    return terms(f) if k == 0 else (f,)


def open_logs(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """The logarithm of a product or quotient that holds the unknown as a sum of logarithms."""

    def one(g: Formula) -> Formula | None:
        match g:
            case Call("log", (v,)) if has(v, u) and not isinstance(v, (Add, Call)):
                parts = terms(open_log(g, al) or g)
                return add(*parts) if len(parts) > 1 and all(al.facts.positive(h) for h in al.split(v).powers) else None
        return None

    left, right = sides(eq)
    after = equation(al.assemble(_flat_all(transform(left, one), al)), right)
    if after == eq or not any(isinstance(g, Call) and g.name == "log" and one(g) is not None for g in walk(left)):
        return None
    words = "the rules of logarithms"
    return Move(after, ONE, RuleName.LOG_RULES, say(words))


def _flat_all(f: Formula, al: Algebra) -> list[Term]:
    return al.expanded(f) or al.flat(f)


def _flat(f: Formula, al: Algebra) -> list[Term]:
    return al.collect(al.flat(f, deep=True))


def drop_common(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """Every term shares a factor that is not zero: divide by it."""
    left, right = sides(eq)
    ts = _flat(left, al)
    if right != ZERO or len(ts) < 2:
        return None
    common = al.common_factor(ts)
    whole = Term(Fraction(1), {b: k for b, k in common.powers.items() if b != N and al.nonzero(b) and all(b in t.powers for t in ts)})
    if not whole.powers:
        return None
    by = al.raised(whole, MINUS)
    after = equation(al.assemble(al.times((t, by)) for t in ts), ZERO)
    negative = all((value(k) or 1) < 0 for k in whole.powers.values())
    words = by_nonzero("multiply", al.build(by), al) if negative else by_nonzero("divide", al.build(whole), al)
    return Move(after, al.build(by), RuleName.DROP_A_FACTOR, words)


def per_observation(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """Some term has the factor n: divide by it, and name the means."""
    left, right = sides(eq)
    ts = _flat(left, al)
    if right == ZERO and (shared := _shared_number(ts, u, al)) is not None:
        new = al.assemble(t.scaled(1 / shared) for t in ts)
        return Move(equation(new, ZERO), rational(1 / shared), RuleName.DIVIDE, by_number(shared, al))
    if right != ZERO or not any(t.powers.get(N) == ONE for t in ts):
        return None
    by = al.raised(Term(Fraction(1), {N: ONE}), MINUS)
    new = add(*(fold_means(g, al) or g for t in ts for g in (al.build(al.times((t, by))),)))
    return Move(equation(new, ZERO), al.build(by), RuleName.DIVIDE, say("divide by {}", N))


def _shared_number(ts: list[Term], u: Sym, al: Algebra) -> Fraction | None:
    """The number, up to its sign, that every term with the unknown has, where there are several and it is not 1."""
    sizes = {abs(t.coefficient) for t in ts if has(al.build(t), u)}
    return sizes.pop() if len(sizes) == 1 and sizes != {1} and len(ts) > 1 else None


def apart(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """The terms without the unknown go to the right."""
    left, right = sides(eq)
    ts = _flat(left, al)
    mine = [t for t in ts if has(al.build(t), u)]
    others = [t for t in ts if not has(al.build(t), u)]
    if right != ZERO or not mine:
        return None
    sign = Fraction(1)
    if (others and sum(t.coefficient > 0 for t in others) * 2 > len(others)) or (not others and all(t.coefficient < 0 for t in mine)):
        sign = Fraction(-1)
    mine.sort(key=lambda t: t.coefficient * sign < 0)
    scaled = [sorted((t.scaled(-sign) for t in others), key=lambda t: t.coefficient < 0)]
    after = equation(al.assemble(t.scaled(sign) for t in mine), al.assemble(scaled[0]))
    if after == eq or not others:
        return None
    return Move(after, num(int(sign)), RuleName.MOVE_TERMS, say("rearrange"))
