"""Ends of the domains at which the likelihood is 0: the maximum lies elsewhere, and there the logarithm is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...formula.tree import ONE, ZERO, Add, Div, Formula, Mul, Neg, Pow, Relation, SetOf, Sym, equation, names, rational, replace_all, value
from ...trace import Words, say
from ..prose import listed
from ..setting import State


def vanishing_ends(state: State) -> Words | None:
    """What is said of the ends before the logarithm is taken; None where no end that belongs to a domain makes a factor 0.

    For a sample whose exponents may be 0, the likelihood is continuous there, and the ends follow from the rest.
    """
    p, f = state.problem, state.gathered
    if f is None or p.moving or p.restrictions or any(d.discrete for d in p.parameters.values()):
        return None
    powers = state.al.split(f).powers
    places: list[Relation] = []
    tied = False
    domains = dict(p.parameters)
    sure = True
    for b, k in powers.items():
        at, k = _end(b, state), state.al.tidy(k)
        r = state.al.facts.range(k)
        if at is None or names(k) & set(p.parameters) or not r.nonnegative:
            continue
        if not all(_finite(c, e, at, state) for c, e in powers.items() if c != b):
            return None
        sure = sure and r.positive
        places.append(at)
        if isinstance(at.sides[0], Sym) and at.sides[0].name in domains:
            u, d = at.sides[0].name, domains[at.sides[0].name]
            domains[u] = replace(d, low_open=d.low_open or d.low == at.sides[1], high_open=d.high_open or d.high == at.sides[1])
        else:
            tied = True
    if not places:
        return None
    narrower = {k: d for k, d in domains.items() if d != p.parameters[k]}
    if sure and (len(narrower) > 1 or tied):
        inside: list[Formula | Words] = [Relation(at.sides, ("!=" if at.sides[1] != ZERO else ">",)) for at in places]
        return listed("At the maximum ", inside) + say(", since elsewhere the likelihood is 0. ")
    within = [c for k, d in narrower.items() if (c := d.condition(Sym(k))) is not None]
    if sure:
        ends = tuple(at.sides[1] for at in places)
        at = places[0] if len(places) == 1 else Relation((places[0].sides[0], SetOf(ends)), ("in",))
        return say("The likelihood is 0 for {}, so let ", at) + listed("", within) + say(". ")
    if p.reduction is not None or p.constraints:
        return None
    return (
        say("{} is continuous, so what is shown for ", p.of("L"))
        + listed("", within)
        + say(" extends to the {}. ", "end" if len(places) == 1 else "ends")
    )


def _end(b: Formula, state: State) -> Relation | None:
    """Where a factor is 0: a parameter at an end that belongs to its domain, or one that a constraint ties to the others at 0."""
    p, al = state.problem, state.al
    if p.reduction is not None and state.before_constraints is not None:
        for k, f in p.reduction.tied.items():
            d = state.before_constraints[0].parameters.get(k)
            if d is not None and d.low == ZERO and not d.low_open and al.expand(f) == al.expand(b):
                return equation(Sym(k), ZERO)
    letters = names(b) & set(p.parameters)
    if not isinstance(b, (Sym, Add)) or len(letters) != 1 or names(b) != letters:
        return None
    (name,) = letters
    table = al.coefficients(b, Sym(name))
    if table is None or not set(table) <= {ZERO, ONE} or ONE not in table:
        return None
    slope, rest = value(al.assemble(table[ONE])), value(al.assemble(table[ZERO])) if ZERO in table else 0
    if not slope or rest is None:
        return None
    root, d = rational(-rest / slope), p.parameters[name]
    attained = (root == d.low and not d.low_open) or (root == d.high and not d.high_open)
    return equation(Sym(name), root) if attained else None


def _finite(b: Formula, k: Formula, at: Relation, state: State) -> bool:
    """Whether a power is finite where another factor is 0."""
    letters = set(state.problem.parameters)
    if not names(b) & letters and not names(k) & letters:
        return True
    if not _polynomial(b, letters) or not _polynomial(k, letters):
        return False
    facts = state.al.facts
    if names(k) & letters:
        return facts.positive(b) and not names(b) & letters
    if facts.range(k).nonnegative:
        return True
    table: Mapping[Formula, Formula] = {at.sides[0]: at.sides[1]}
    there = state.al.tidy(replace_all(b, table))
    return facts.positive(there) if names(there) else bool(value(there))


def _polynomial(f: Formula, letters: set[str]) -> bool:
    """Whether the letters enter as in a polynomial."""
    if not names(f) & letters:
        return True
    match f:
        case Sym():
            return True
        case Add(fs) | Mul(fs):
            return all(_polynomial(g, letters) for g in fs)
        case Neg(g):
            return _polynomial(g, letters)
        case Div(a, b):
            return _polynomial(a, letters) and not names(b) & letters
        case Pow(b, k):
            q = value(k)
            return _polynomial(b, letters) and q is not None and q.denominator == 1 and q > 0
    return False


__all__ = ["vanishing_ends"]
