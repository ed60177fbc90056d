"""When a quantity in the data that is never negative is positive: in words, where that is proved."""

from __future__ import annotations

from fractions import Fraction

from ...algebra.facts import Range, under_one_sum
from ...algebra.terms import Algebra, Term
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    At,
    Big,
    Call,
    Div,
    Formula,
    Indicator,
    N,
    Neg,
    Pow,
    Relation,
    Sym,
    div,
    names,
    neg,
    num,
    replace_all,
    value,
    walk,
)
from ...rules.calculus import NoDerivative, differentiate
from ...rules.logs import logged
from ...rules.sums import sum_out
from ...trace import Words, say

NOT_ALL_EQUAL = ", that is, if the observations are not all equal"


def when_positive(f: Formula, al: Algebra) -> Words:
    """What f > 0 says of the observations; no words where that is not proved."""
    if not_all_equal(f, al):
        return say(NOT_ALL_EQUAL)
    body = under_one_sum(f)
    if body is not None and any(isinstance(g, At) for g in walk(body)) and al.facts.range(body).nonnegative:
        return say(", that is, if {} for some {}", _plain(body), Sym("i"))
    return say("")


def not_all_equal(f: Formula, al: Algebra) -> bool:
    """Whether f is proved to be 0 where all observations are equal, and positive everywhere else."""
    ts = al.collect(al.flat(f))
    if len(ts) == 1:
        return (
            ts[0].coefficient > 0
            and any(map(_deviations, ts[0].powers))
            and all(_deviations(b) or al.facts.positive(b) for b in ts[0].powers)
        )
    return len(ts) == 2 and (_jensen(ts, al) or _from_the_largest(ts, al) or _convex(ts, al) or _width(ts, al))


def _plain(body: Formula) -> Relation:
    """body > 0 for a body that is never negative, as one says it: x_i != 0 for 1 - 1{x_i = 0}."""
    match body:
        case Add((one, Neg(Indicator(Relation((a, b), ("=",)))))) if one == ONE:
            return Relation((a, b), ("!=",))
        case Add((a, Neg(b))):
            return Relation((a, b), (">",))
        case Add((Neg(b), a)):
            return Relation((a, b), (">",))
    return Relation((body, ZERO), (">",))


def _jensen(ts: list[Term], al: Algebra) -> bool:
    """log of a mean less the mean of the logs, which is 0 only where all are equal (Jensen)."""
    a, b = ts if any(isinstance(g, Call) for g in ts[0].powers) else ts[::-1]
    mean = next((g.args[0] for g, k in a.powers.items() if isinstance(g, Call) and g.name == "log" and k == ONE), None)
    if mean is None or len(a.powers) != 1 or a.coefficient <= 0:
        return False
    plain = al.split(in_sums(mean))
    inner = next((g for g, k in plain.powers.items() if isinstance(g, Big) and k == ONE), None)
    if inner is None or plain.coefficient != 1 or plain.powers.get(N) != num(-1) or len(plain.powers) != 2 or not _one_to_one(inner.body):
        return False
    logs = al.split(sum_out(Big("sum", inner.index, inner.low, inner.high, logged(inner.body, al)), al))
    expected = al.times((logs, Term(-a.coefficient, {N: num(-1)})))
    return expected.key == b.key and expected.coefficient == b.coefficient


def _one_to_one(body: Formula) -> bool:
    """Whether it is a power of one observation, so that equal values mean equal observations (for positive ones)."""
    match body:
        case At():
            return True
        case Pow(At(), k) | Div(_, Pow(At(), k)):
            return value(k) is not None
        case Div(_, At()) | Call("log", (At(),)):
            return True
    return False


def in_sums(f: Formula) -> Formula:
    """f with the sums in the places of the means."""
    return replace_all(f, {g: div(sum_of(g), N) for g in walk(f) if isinstance(g, Sym) and g.name.endswith("_bar")})


def _from_the_largest(ts: list[Term], al: Algebra) -> bool:
    """g(largest) - mean of g, or mean of g - g(smallest), for a g that grows: 0 only where all are equal."""
    a, b = (al.build(Term(t.coefficient, {g: k for g, k in t.powers.items() if g != N})) for t in sorted(ts, key=lambda t: -t.coefficient))
    b = neg(b)
    extreme, mean, last = (a, b, N) if isinstance(b, Big) else (b, a, ONE)
    if not isinstance(mean, Big) or mean.kind != "sum":
        return False
    grows = isinstance(mean.body, At) or (
        isinstance(mean.body, Call) and mean.body.name in ("log", "exp", "sqrt") and isinstance(mean.body.args[0], At)
    )
    observed = [g for g in walk(mean.body) if isinstance(g, At)]
    return grows and replace_all(mean.body, {observed[0]: At(observed[0].base + "_ord", (last,))}) == extreme


def _deviations(b: Formula) -> bool:
    """A sum of squares of what observations differ from their mean, or from an estimate of it."""
    match b:
        case Big("sum", _, _, _, Pow(Add((h, Neg(Sym(name)))), _)) if _one_to_one(h):
            return name.endswith("_hat") or (isinstance(h, At) and name == h.base + "_bar")
    return False


def sum_of(mean: Sym) -> Big:
    """The sum over the sample whose mean a letter is."""
    return Big("sum", "i", ONE, N, At(mean.name.removesuffix("_bar"), (Sym("i"),)))


def _width(ts: list[Term], al: Algebra) -> bool:
    """The largest less the smallest."""
    a, b = (al.build(t) for t in sorted(ts, key=lambda t: -t.coefficient))
    return isinstance(a, At) and b == neg(At(a.base, (ONE,))) and a.base.endswith("_ord") and a.index == (N,)


def _convex(ts: list[Term], al: Algebra) -> bool:
    """The sum of the g(x_i) less n g(mean) for a strictly convex g (Jensen)."""
    for whole, less in (ts, ts[::-1]):
        sums = [b for b, k in whole.powers.items() if isinstance(b, Big) and b.kind == "sum" and k == ONE]
        means = {g for b in less.powers for g in walk(b) if isinstance(g, Sym) and g.name.endswith("_bar")}
        if len(sums) != 1 or len(means) != 1 or not ({N, *sums} >= set(whole.powers)):
            continue
        (s,), (mean,) = sums, means
        x = At(mean.name.removesuffix("_bar"), (Sym(s.index),))
        scale = al.raised(Term(Fraction(1), {N: ONE}), neg(ONE))
        of_mean = less if whole.powers.keys() == {s, N} else al.times((less, scale))
        g = al.times((Term(whole.coefficient), al.split(s.body)))
        if N in of_mean.powers or al.split(replace_all(al.build(of_mean), {mean: x})) != g.scaled(Fraction(-1)):
            continue
        v = Sym("#x")
        facts = al.facts.with_letters({v.name: al.facts.data.get(x.base, Range())})
        try:
            bend = differentiate(differentiate(replace_all(al.build(g), {x: v}), v, al), v, al)
        except NoDerivative:
            continue
        if names(bend) <= {v.name} and (facts.positive(bend) or facts.positive(al.tidy(bend))):
            return True
    return False
