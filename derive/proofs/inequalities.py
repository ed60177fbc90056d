"""Inequalities that settle the sign of a second derivative where the signs of its terms do not.

psi'(u) > 1/u for u > 0: psi'(u) is the sum of 1/(u + k)^2 over k = 0, 1, ..., which is larger than the integral of 1/(u + t)^2.
I_1^2 < I_0 (I_0 + I_2)/2 for modified Bessel functions at u > 0: a variance is positive.
S_2 S_0 >= S_1^2 for S_k the sum of w t^k with weights w > 0 (Cauchy and Schwarz): a variance is not negative.
"""

from __future__ import annotations

from fractions import Fraction

from ..algebra.facts import Facts
from ..algebra.terms import Algebra, Term
from ..formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Big,
    Call,
    Div,
    Formula,
    Pow,
    Relation,
    Sym,
    call,
    div,
    mul,
    num,
    walk,
)
from ..trace import Evidence, Words, say
from .grounds import Ground, proved

MINUS, MINUS_TWO = num(-1), num(-2)


def negative_by(f: Formula, facts: Facts, al: Algebra) -> list[Words] | None:
    """The inequalities by which f < 0, in words; None where they do not suffice."""
    ts = al.collect(al.flat(f, deep=True))
    if any(isinstance(g, Call) and g.name == "besseli" for g in walk(f)):
        ts = al.expanded(f) or ts
    reasons: list[Words] = []
    strict = False
    for rule in (_trigamma, _variance, _bessel):
        while (found := rule(ts, facts, al)) is not None:
            ts, words = found
            strict = strict or rule in (_trigamma, _bessel)
            reasons.append(words)
    ranges = [facts.range(al.build(t)) for t in ts]
    if not reasons or not all(r.nonpositive for r in ranges) or not (strict or any(r.negative for r in ranges)):
        return None
    return list(dict.fromkeys(reasons))


def by_inequalities(f: Formula, facts: Facts, al: Algebra, seen: Evidence) -> Evidence:
    """The evidence for f < 0: a proof where the domains and the inequalities are one, else what the oracle saw."""
    settled = facts if facts.proved is None else facts.proved
    return proved(Ground.SIGN, seen.points) if negative_by(f, settled, al) is not None else seen


def because(reasons: list[Words]) -> Words:
    """The inequalities as a clause that a sentence goes on from."""
    since = say("since ")
    for j, r in enumerate(reasons):
        since += say(", and " if j else "") + r
    return since + say(". So ")


def _without(t: Term, *bases: Formula) -> Term:
    return Term(t.coefficient, {b: k for b, k in t.powers.items() if b not in bases})


def _trigamma(ts: list[Term], facts: Facts, al: Algebra) -> tuple[list[Term], Words] | None:
    """-c psi'(u) + c/u is negative for c > 0."""
    for t in ts:
        for b, k in t.powers.items():
            if t.coefficient >= 0 or k != ONE or not (isinstance(b, Call) and b.name == "trigamma"):
                continue
            u = b.args[0]
            rest = _without(t, b)
            bound = al.times((rest, al.raised(al.split(u), MINUS)))
            other = next((s for s in ts if s.key == bound.key and 0 < s.coefficient <= -bound.coefficient), None)
            cofactor = facts.range(al.build(Term(Fraction(1), rest.powers)))
            if other is not None and facts.positive(u) and cofactor.positive:
                words = say("{} (the series for {} exceeds the corresponding integral)", Relation((b, div(ONE, u)), (">",)), b)
                return [s for s in ts if s is not t and s is not other], words
    return None


def _variance(ts: list[Term], facts: Facts, al: Algebra) -> tuple[list[Term], Words] | None:
    """-c (S_2/S_0 - S_1^2/S_0^2) is not positive for c > 0."""
    for t in ts:
        if t.coefficient >= 0:
            continue
        below = [b for b, k in t.powers.items() if isinstance(b, Big) and k == MINUS and facts.positive(b)]
        above = [b for b, k in t.powers.items() if isinstance(b, Big) and k == ONE]
        for s0 in below:
            for s2 in above:
                rest = _without(t, s0, s2)
                if not facts.range(al.build(Term(Fraction(1), rest.powers))).nonnegative:
                    continue
                for s in ts:
                    s1 = next((b for b, k in s.powers.items() if isinstance(b, Big) and k == TWO), None)
                    if s1 is None or s.coefficient != -t.coefficient or s.powers.get(s0) != MINUS_TWO:
                        continue
                    if _without(s, s0, s1).key == rest.key and _is_square(s1, s0, s2, al):
                        words = say(
                            "the terms with {} together are at most 0, being a negative multiple of a variance with the weights {} (Cauchy–Schwarz), and the rest is negative",
                            s2, s0.body,
                        )  # fmt: skip
                        return [x for x in ts if x is not t and x is not s], words
    return None


def _bessel(ts: list[Term], facts: Facts, al: Algebra) -> tuple[list[Term], Words] | None:
    """-c (I_0 + I_2)/(2 I_0) + c (I_1/I_0)^2 is negative for c > 0: minus c times the variance of cos V for V with a density
    proportional to e^(u cos v)."""
    for s in ts:
        first = next(
            (b for b, k in s.powers.items() if isinstance(b, Call) and b.name == "besseli" and b.args[0] == ONE and k == TWO), None
        )
        if first is None or s.coefficient <= 0:
            continue
        u = first.args[1]
        zero, two = call("besseli", ZERO, u), call("besseli", TWO, u)
        if s.powers.get(zero) != MINUS_TWO or not facts.positive(u):
            continue
        rest = _without(s, first, zero)
        if not facts.positive(al.build(Term(Fraction(1), rest.powers))):
            continue
        wanted = [rest.scaled(Fraction(-1, 2)), al.times((rest.scaled(Fraction(-1, 2)), Term(Fraction(1), {two: ONE, zero: MINUS})))]
        others = [next((t for t in ts if t.key == w.key and t.coefficient == w.coefficient), None) for w in wanted]
        if all(t is not None for t in others):
            one = call("besseli", ONE, u)
            words = say(
                "{}: the difference of the two sides is the variance of {}, where the angle {} has a density proportional to {}",
                Relation((Pow(Div(one, zero), TWO), Div(Add((zero, two)), mul(TWO, zero))), ("<",)),
                call("cos", Sym("v")), Sym("v"), call("exp", mul(u, call("cos", Sym("v")))),
            )  # fmt: skip
            return [t for t in ts if t is not s and t not in others], words
    return None


def _is_square(s1: Big, s0: Big, s2: Big, al: Algebra) -> bool:
    """Whether the bodies satisfy (w t)^2 = w (w t^2), so that they are moments with the weights w."""
    a, b = al.split(mul(s1.body, s1.body)), al.split(mul(s0.body, s2.body))
    return a.key == b.key and a.coefficient == b.coefficient
