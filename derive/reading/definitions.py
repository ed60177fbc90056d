"""What a text says beside a density: what its letters stand for, and the probabilities of single values."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction

from ..formula.tree import (
    ONE,
    Add,
    And,
    Apply,
    At,
    Call,
    Cases,
    Const,
    Div,
    Dots,
    Formula,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    SetOf,
    Sym,
    add,
    div,
    equation,
    exp,
    has,
    mul,
    neg,
    num,
    replace_all,
    transform,
    value,
    walk,
)

MOST = 20  # definitions that are put into each other


def parts(c: Formula | None) -> tuple[Formula, ...]:
    """The conditions that hold together."""
    return () if c is None else c.parts if isinstance(c, And) else (c,)


def together(conditions: Iterable[Formula]) -> Formula | None:
    """Conditions as one; None where there are none."""
    cs = tuple(conditions)
    return None if not cs else cs[0] if len(cs) == 1 else And(cs)


# -- definitions -----------------------------------------------------------------------------------


def with_definitions(body: Formula, condition: Formula | None, given: Collection[str]) -> tuple[Formula, Formula | None]:
    """The body with the letters put in that a side condition defines ("where z = x/sigma"), and the other conditions.

    given: names that are declared, which are never defined so.
    """
    kept = list(parts(condition))
    for _ in range(MOST):
        found = next(((c, d) for c in kept for d in (_definition(c, body, given),) if d is not None), None)
        if found is None:
            break
        c, (letter, meaning) = found
        kept.remove(c)
        body = transform(replace_all(body, {letter: meaning}), _shorter)
        kept = [replace_all(k, {letter: meaning}) for k in kept]
    return body, together(kept)


def _definition(c: Formula, body: Formula, given: Collection[str]) -> tuple[Formula, Formula] | None:
    """The letter that an equation defines, and what it stands for: z = x/sigma, or log(p/(1 - p)) = a + b x."""
    if not isinstance(c, Relation) or c.signs not in (("=",), (":=",)):
        return None
    left, right = c.sides
    found = {g for g in walk(left) if _definable(g, given) and (has(body, g) or _bare(g, body) is not None)}
    if len(found) != 1:
        return None
    (letter,) = found
    meaning = None if has(right, letter) else _solved(left, letter, right)
    if meaning is None:
        return None
    shown = letter if has(body, letter) else _bare(letter, body)
    return None if shown is None else (shown, meaning)


def _definable(g: Formula, given: Collection[str]) -> bool:
    match g:
        case Sym(name):
            return name != "i" and name not in given and name.removesuffix("_i") not in given
        case At(base, (Sym("i"),)):
            return base not in given
        case Apply(name, (_, *_)):
            return name not in given and all(isinstance(a, (Sym, At)) for a in g.args)
        case Const("pi"):
            return "pi" not in given
    return False


def _bare(g: Formula, body: Formula) -> Formula | None:
    """The letter without its index where the body has it so: mu for mu_i."""
    if isinstance(g, At) and g.index == (Sym("i"),):
        return next((s for s in (Sym(g.base), Const(g.base)) if has(body, s)), None)
    return None


def _solved(left: Formula, letter: Formula, right: Formula) -> Formula | None:
    """The letter, where it stands in one place of the left side, or as odds."""
    while left != letter:
        match left:
            case Call("log", (u,)):
                left, right = u, exp(right)
            case Apply("logit", (u,)) | Call("logit", (u,)):
                left, right = u, div(exp(right), Add((ONE, exp(right))))
            case Apply("probit", (u,)) | Call("probit", (u,)):
                left, right = u, Call("Phi", (right,))
            case Apply("cloglog", (u,)):
                left, right = u, Add((ONE, Neg(exp(Neg(exp(right))))))
            case Call("sqrt", (u,)):
                left, right = u, Pow(right, num(2))
            case Div(u, Add((Num(v), Neg(w)))) if v == 1 and u == w == letter:
                top = right
                left, right = u, div(top, Add((ONE, top)))
            case Div(u, w) if has(u, letter) and not has(w, letter):
                left, right = u, mul(right, w)
            case Div(u, w) if has(w, letter) and not has(u, letter):
                left, right = w, div(u, right)
            case Add(ts) if sum(has(t, letter) for t in ts) == 1:
                left = next(t for t in ts if has(t, letter))
                right = add(right, *(neg(t) for t in ts if t is not left))
            case Neg(u):
                left, right = u, neg(right)
            case Mul(fs) if sum(has(f, letter) for f in fs) == 1:
                left = next(f for f in fs if has(f, letter))
                right = div(right, mul(*(f for f in fs if f is not left)))
            case _:
                return None
    return right


# -- rows of cases ---------------------------------------------------------------------------------


def with_single_rows(f: Formula) -> Formula | None:
    """Cases with a row for each value of a list x = 1, 2; a list without end, x = 1, 2, ..., as x >= 1."""
    if not isinstance(f, Cases):
        return None
    rows: list[tuple[Formula, Formula | None]] = []
    for g, c in f.rows:
        match c:
            case Relation((x, SetOf(items)), ("in",)) if (listed := _values(items)) is not None:
                rows += [(replace_all(g, {x: v}), equation(x, v)) for v in listed]
            case Relation((x, SetOf((*first, Dots()))), ("in",)) if first and all(isinstance(v, Num) for v in first):
                rows.append((g, Relation((x, first[0]), (">=",))))
            case _:
                rows.append((g, c))
    return Cases(tuple(rows)) if tuple(rows) != f.rows else None


def without_bars(f: Formula) -> Formula | None:
    """|u|^2 as u^2."""
    match f:
        case Pow(Call("abs", (u,)), Num(v)) if v.denominator == 1 and v % 2 == 0:
            return Pow(u, f.exponent)
    return None


def _values(items: tuple[Formula, ...]) -> list[Formula] | None:
    """The members of a set of whole numbers that is listed, perhaps with dots before the last."""
    given = [value(v) for v in items if not isinstance(v, Dots)]
    if any(v is None for v in given) or isinstance(items[-1], Dots):
        return None
    if len(given) == len(items):
        return list(items)
    low, high = given[0], given[-1]
    if low is None or high is None or low.denominator != 1 or high.denominator != 1 or high - low > MOST:
        return None
    return [num(v) for v in range(int(low), int(high) + 1)]


# -- probabilities of single values ---------------------------------------------------------------


def of_single_values(f: Formula, condition: Formula | None) -> tuple[Formula, Formula | None, Formula] | None:
    """From P(X = 0) = a, P(X = 1) = b, perhaps with P(X = x) = g(x) for the others: density, condition, variable.

    None where the text is not of this kind.  Of P(Y = 1) = p alone, Y is 0 otherwise.
    """
    stated: dict[Fraction, Formula] = {}
    others: Formula | None = None
    letter: Formula | None = None
    kept: list[Formula] = []
    for c in (f, *parts(condition)):
        said = _probability(c)
        if said is None:
            kept.append(c)
            continue
        capital, at, meaning = said
        small = Sym(capital.lower())
        v = value(at)
        if v is None and isinstance(at, Sym) and others is None:
            others, letter = meaning, at
        elif v is not None and v not in stated and letter in (None, small):
            stated[v], letter = meaning, small
        else:
            return None
    if not stated or letter is None or f in kept or any(has(g, letter) for g in stated.values()):
        return None
    if others is not None:
        rows = [(g, equation(letter, num(v))) for v, g in stated.items()]
        return Cases((*rows, (others, None))), None, letter
    if len(stated) == 1 and 1 in stated:
        stated = {Fraction(0): complement(stated[Fraction(1)]), **stated}
    if set(stated) == {0, 1}:
        density = Mul((Pow(stated[Fraction(1)], letter), Pow(stated[Fraction(0)], Add((ONE, Neg(letter))))))
        return density, together(kept), letter
    if len(stated) < 2:
        return None
    return Cases(tuple((g, equation(letter, num(v))) for v, g in stated.items())), together(kept), letter


def _probability(c: Formula) -> tuple[str, Formula, Formula] | None:
    """X, v and p of P(X = v) = p, whatever else stands in the brackets."""
    match c:
        case Relation((Apply("P" | "Pr", (Relation((Sym(x) | At(x, _), at), ("=",)), *_)), meaning), ("=",)):
            return x.removesuffix("_i"), at, meaning
    return None


def _shorter(f: Formula) -> Formula | None:
    """1 - u/(1 + u) as 1/(1 + u)."""
    match f:
        case Add((Num(v), Neg(Div() as p))) if v == 1:
            return complement(p)
    return None


def complement(p: Formula) -> Formula:
    """1 - p, as it is usually written."""
    match p:
        case Add((Num(v), Neg(q))) if v == 1:
            return q
        case Div(u, Add((Num(v), w))) if v == 1 and u == w:
            return div(ONE, p.bottom)
        case Div(Num(u), Add((Num(v), w))) if u == v == 1:
            return div(w, p.bottom)
    return Add((ONE, Neg(p)))
