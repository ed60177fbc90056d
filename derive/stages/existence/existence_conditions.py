"""What the data must satisfy for an estimate found by algebra to exist."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace as changed
from fractions import Fraction

from ...algebra.facts import POSITIVE
from ...algebra.terms import Algebra, Term
from ...errors import NotSupported
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    At,
    Big,
    Call,
    Formula,
    Indicator,
    N,
    Neg,
    Pow,
    Relation,
    Sym,
    add,
    mul,
    names,
    neg,
    rational,
    replace_all,
    terms,
    value,
    walk,
)
from ...oracle.oracle import Oracle
from ...rules.sums import fold_means
from ...sets.domain import Domain
from ...sets.ranges import interior
from ...solving.solve import Inner, Solved
from ...trace import Condition, ConditionKind, Words, say
from ..setting import Setting, State
from .sample_degeneracy import when_positive

TURNED = {"<": ">", ">": "<"}


def conditions(solved: Solved, final: Formula, name: str, state: State, oracle: Oracle) -> tuple[Condition, ...]:
    """What the data must satisfy beyond what is known: what was divided by is not 0, the estimate lies inside its domain."""
    needed = [*_of_the_moves(solved, state, oracle), *_of_the_roots(solved, final, state.al, oracle)]
    inside = [*_of_the_domain(solved, final, name, needed, state), *_of_a_quadratic(solved, name, state)]
    needed = [*_not_implied(needed, inside, state.al), *inside]
    known = [r for c in state.conditions for r in c.relations]
    new = [c for c in dict.fromkeys(_together(needed)) if c not in known]
    for c in new:
        low, high = value(c.sides[0]), value(c.sides[-1])
        if low is not None and high is not None and low >= high:
            raise NotSupported(f"what the data must satisfy for an estimate of {name} was not settled")
    return tuple(_condition(c, state) for c in new)


def _not_implied(needed: Sequence[Relation], others: Sequence[Relation], al: Algebra) -> list[Relation]:
    """Of conditions f > 0 those that do not follow from others of this kind."""
    facts = al.facts
    for c in others:
        facts = facts.assume(c.sides[0], POSITIVE) if c.sides[1:] == (ZERO,) and c.signs == (">",) else facts
    return [
        c for c in needed if not (facts is not al.facts and c.sides[1:] == (ZERO,) and c.signs == (">",) and facts.positive(c.sides[0]))
    ]


def _condition(c: Relation, state: State) -> Condition:
    """A condition on the data; one that speaks of another parameter is said of its estimate."""
    of_others = names(c) & set(state.parameters)
    if not of_others:
        return Condition(ConditionKind.EXISTS, (c,), say("{}", c) + _plainly(c, state))
    at = replace_all(c, {Sym(k): hat(k) for k in of_others})
    return Condition(ConditionKind.EXISTS, (), say("{} at the other estimates", at))


def _of_the_moves(solved: Solved, setting: Setting, oracle: Oracle) -> list[Relation]:
    """What the moves need, and that what they divide by is not 0."""
    needed: list[Relation] = []
    facts = setting.al.facts.with_letters({hat(k).name: interior(setting.problem.parameters[k]) for k in setting.answers})
    undone = any(m.needs for m in solved.moves)
    for m in solved.moves:
        needed += [r for c in m.needs for r in of_the_data(c, setting.al, oracle)]
        for b in setting.al.split(m.factor).powers if m.factor is not None else ():
            if names(b) & set(setting.parameters) or not names(b) or facts.nonzero(b):
                continue
            sign = ">" if all(v > 0 for v in oracle.values(b)) else "<"
            needed += of_the_data(Relation((b, ZERO), (sign,)), setting.al, oracle) if undone else [Relation((b, ZERO), (sign,))]
    return needed


def _of_the_roots(solved: Solved, final: Formula, al: Algebra, oracle: Oracle) -> list[Relation]:
    """What makes one of two roots admissible and the other not."""
    if solved.inner is not None:
        return _opposite_roots(solved.inner, al, oracle)
    if len(solved.roots) != 2:
        return []
    return [
        Relation((g, ZERO), (">",))
        for g in walk(final)
        if isinstance(g, Big) and al.facts.range(g).nonnegative and not al.facts.positive(g)
    ]


def _of_a_quadratic(solved: Solved, name: str, setting: Setting) -> list[Relation]:
    """That a quadratic with one root in the domain is not 0 at an end that does not belong to it, as far as a factor says so."""
    domain, al = setting.problem.parameters[name], setting.al
    if len(solved.roots) != 2 or solved.inner is not None or not solved.moves or solved.moves[-1].after.sides[1] != ZERO:
        return []
    out: list[Relation] = []
    for end, is_open in ((domain.low, domain.low_open), (domain.high, domain.high_open)):
        if not is_open or value(end) is None:
            continue
        there = al.split(al.expand(al.tidy(replace_all(solved.moves[-1].after.sides[0], {Sym(name): end}))))
        doubtful = [b for b in there.powers if not al.facts.positive(b)]
        if len(doubtful) == 1 and al.facts.range(doubtful[0]).nonnegative and not names(doubtful[0]) & set(setting.parameters):
            out.append(Relation((doubtful[0], ZERO), (">",)))
    return out


def _of_the_domain(solved: Solved, final: Formula, name: str, needed: Sequence[Relation], setting: Setting) -> list[Relation]:
    """That the only root lies inside the domain, where its range and what is needed already do not say so."""
    inside, domain = interior(setting.problem.parameters[name]), setting.problem.parameters[name]
    r = setting.al.facts.range(final)
    low = r.low > inside.low or (r.low == inside.low and r.low_open) or inside.low == -math.inf
    high = r.high < inside.high or (r.high == inside.high and r.high_open) or inside.high == math.inf
    low, high = low or not domain.low_open, high or not domain.high_open
    if (
        len(solved.roots) == 1
        and not any(m.needs for m in solved.moves)
        and not names(final) & set(setting.parameters)
        and not (low and high)
    ):
        supposed = [c.sides[0] for c in needed if c.sides[1:] == (ZERO,) and c.signs == (">",)]
        supposed = [b for b in supposed if isinstance(b, Add) and b in walk(final)]
        if not supposed:
            return _inside(final, domain, low, high, setting.al)
        al = changed(setting.al, facts=setting.al.facts.supposing(supposed))
        return _beside_what_is_needed(final, domain, low, high, al)
    return []


def _beside_what_is_needed(f: Formula, domain: Domain, low: bool, high: bool, al: Algebra) -> list[Relation]:
    """What of low < f < high does not follow from what is supposed: of a ratio, that its top is clear of the ends."""
    out: list[Relation] = []
    for end, known, sign in ((domain.low, low, ">"), (domain.high, high, "<")):
        if known or _always(f, sign, end, al):
            continue
        below = [b for b, k in al.split(f).powers.items() if isinstance(b, Add) and k == neg(ONE)]
        if len(below) != 1:
            return _inside(f, domain, low, high, al)
        gap = (f, neg(end)) if sign == ">" else (end, neg(f))
        top = al.expand(al.tidy(add(*(al.tidy(mul(below[0], t)) for t in gap))))
        if al.facts.positive(top):
            continue
        out.append(Relation((top, ZERO), (">",)))
    return out


def _opposite_roots(inner: Inner, al: Algebra, oracle: Oracle) -> list[Relation]:
    """A quadratic has one positive root where its first and last coefficients have different signs."""
    table = al.coefficients(inner.equation.sides[0], inner.letter) or {}
    out: list[Relation] = []
    for k in (TWO, ZERO):
        c = al.assemble(table.get(k, []))
        sign = ">" if all(v > 0 for v in oracle.values(c)) else "<"
        out += [] if al.facts.nonzero(c) else of_the_data(Relation((c, ZERO), (sign,)), al, oracle)
    return out


def of_the_data(c: Relation, al: Algebra, oracle: Oracle) -> list[Relation]:
    """A relation between a statistic and a number as it is said of the data: of the mean, or of the factors that decide a
    sign; none where it holds for all data."""
    f, end = (fold_means(s, al) or s for s in c.sides)
    (sign,) = c.signs
    if _always(f, sign, end, al):
        return []
    plain, v, t = Relation((f, end), (sign,)), value(end), al.split(f)
    if (line := _line(f, al)) is not None and v is not None:
        x, slope, rest = line
        turned = TURNED.get(sign, sign) if slope < 0 else sign
        bound = (v - rest) / slope
        return [] if _always(x, turned, rational(bound), al) else [Relation((x, al.number(bound)), (turned,))]
    if v and v * t.coefficient > 0 and list(t.powers.values()) == [neg(ONE)]:
        (b,) = t.powers
        turned = sign if t.coefficient < 0 else TURNED[sign]
        return of_the_data(Relation((b, rational(t.coefficient / v)), (turned,)), al, oracle) if al.facts.positive(b) else [plain]
    if end == ZERO and sign == ">" and not isinstance(f, Add):
        return _of_the_factors(f, al, oracle) or [plain]
    return [plain]


def _of_the_factors(f: Formula, al: Algebra, oracle: Oracle) -> list[Relation]:
    """The signs of the factors of a positive product that are not known, each as in the samples."""
    out: list[Relation] = []
    for b, k in al.split(f).powers.items():
        if (q := value(k)) is not None and q.denominator == 1 and q.numerator % 2 == 0:
            continue
        inside = b.args[0] if isinstance(b, Call) and b.name == "log" else None
        if inside is not None or (b != f and not al.facts.nonzero(b)):
            sign = ">" if all(v > 0 for v in oracle.values(b)) else "<"
            out += of_the_data(Relation((b, ZERO) if inside is None else (inside, ONE), (sign,)), al, oracle)
    return out


def _always(f: Formula, sign: str, end: Formula, al: Algebra) -> bool:
    """Whether f > end (or f < end) for all data; of a fraction also looked at after multiplying by what stands below, which
    is positive where the estimate exists."""
    above = add(*terms(f), neg(end)) if sign == ">" else add(end, *(neg(t) for t in terms(f)))
    if al.facts.positive(al.tidy(above)):
        return True
    below = [b for b, k in al.split(f).powers.items() if isinstance(b, Add) and k == neg(ONE)]
    return any(al.facts.positive(al.expand(al.tidy(add(*(al.tidy(mul(b, t)) for t in terms(above)))))) for b in below)


def _line(f: Formula, al: Algebra) -> tuple[Formula, Fraction, Fraction] | None:
    """x, a and b with f = a x + b, up to a positive factor, for a mean or a sum x and numbers a and b."""
    ts = al.flat(f, deep=True)
    if any(t.powers == {N: ONE} for t in ts):
        ts = [al.split(fold_means(g, al) or g) for t in ts for g in [al.build(al.divided(t, Term(Fraction(1), {N: ONE})))]]
    slope, rest = Fraction(0), Fraction(0)
    x: Formula = ZERO
    for t in ts:
        if not t.powers:
            rest += t.coefficient
        elif slope == 0 and len(t.powers) == 1 and (b := next(iter(t.powers))) and t.powers[b] == ONE and isinstance(b, (Sym, Big)):
            slope, x = t.coefficient, b
        else:
            return None
    return (x, slope, rest) if slope else None


def _together(cs: list[Relation]) -> list[Relation]:
    """a < x and x < b as one relation."""
    out: list[Relation] = []
    means: set[Formula] = {c.sides[0] for c in cs if isinstance(c.sides[0], Sym)}
    for c in dict.fromkeys(_by_mean(c, means) for c in cs):
        other = next((o for o in out if o.sides[0] == c.sides[0] and {o.signs, c.signs} == {("<",), (">",)}), None)
        if other is None:
            out.append(c)
            continue
        low, high = (other, c) if c.signs == ("<",) else (c, other)
        out[out.index(other)] = Relation((low.sides[1], c.sides[0], high.sides[1]), ("<", "<"))
    return out


def _by_mean(c: Relation, means: set[Formula]) -> Relation:
    """sum x_i > 0 as x bar > 0, where something else is said of x bar."""
    match c.sides:
        case (Big("sum", _, _, _, At(base, _)), end) if end == ZERO and Sym(base + "_bar") in means:
            return Relation((Sym(base + "_bar"), end), c.signs)
    return c


def _inside(f: Formula, domain: Domain, low: bool, high: bool, al: Algebra) -> list[Relation]:
    """f lies above the low end, below the high end, or between them; of f > 0 what is not clear anyway."""
    if not low and not high:
        return [Relation((domain.low, f, domain.high), ("<", "<"))]
    if low:
        return [Relation((f, domain.high), ("<",))]
    if domain.low == ZERO:
        facts = al.facts
        doubtful = [b for b in al.split(f).powers if not facts.positive(b)]
        if len(doubtful) == 1 and isinstance(doubtful[0], (Add, Big, Sym)) and (sign := _sign_with(f, doubtful[0], al)):
            return [Relation((doubtful[0], ZERO), (sign,))]
        if all(facts.range(b).nonnegative for b in doubtful):
            return [Relation((b, ZERO), (">",)) for b in doubtful]
    return [Relation((f, domain.low), (">",))]


def _sign_with(f: Formula, b: Formula, al: Algebra) -> str:
    """> or < where f > 0 says just that of one of its factors, to an odd power; else nothing."""
    t = al.split(f)
    k = value(t.powers[b])
    return "" if k is None or k.denominator != 1 or k.numerator % 2 == 0 else ">" if t.coefficient > 0 else "<"


def _plainly(c: Relation, setting: Setting) -> Words:
    """The same in words, where there are any."""
    p = setting.problem
    if len(c.sides) == 3 and isinstance(mean := c.sides[1], Sym) and mean.name.removesuffix("_bar") in p.support:
        support = p.support[mean.name.removesuffix("_bar")]
        ends = (support.low, support.high) if support.values is None else (support.values[0], support.values[-1])
        if ends == (c.sides[0], c.sides[2]):
            return say(", that is, if neither all observations are {} nor all are {}", *ends)
    match c.sides[0]:
        case Big("sum", _, _, _, Pow(Add((At(base, _) as x, Neg(Sym(name)))), _)) if name == base + "_bar" and len(p.observed) > 1:
            return say(", that is, if the {} are not all equal", x)
        case Big("sum", _, _, _, Pow(Add((At(), Neg(Sym(name)))), _)) if name.endswith(("_bar", "_hat")):
            return say(", that is, if the observations are not all equal")
        case Big("sum", _, _, _, Pow(Add() as residual, _)) if p.covariates and any(n.endswith("_hat") for n in names(residual)):
            return say(", that is, if the observations are not fitted exactly")
        case Big("sum", _, _, _, Call("abs", (Add((At(), Neg(Sym(name)))),))) if name.endswith("_hat"):
            return say(", that is, if the observations are not all equal")
        case Big("sum", i, _, _, At(base, _)) if c.sides[1] == ZERO and p.facts.range(c.sides[0]).nonnegative:
            return say(", that is, if some {} is positive", At(base, (Sym(i),)))
        case Sym(name) if name in p.statistics and isinstance(count := p.statistics[name], Big) and isinstance(count.body, Indicator):
            return say(", that is, if some observation has {}", count.body.condition)
        case Big("sum", _, _, _, Pow(At() as x, two)) if two == TWO:
            return say(", that is, if some {} is not 0", x)
    if c.signs == (">",) and not names(c) & set(setting.parameters):
        return when_positive(add(c.sides[0], neg(c.sides[1])) if c.sides[1] != ZERO else c.sides[0], setting.al)
    return say("")
