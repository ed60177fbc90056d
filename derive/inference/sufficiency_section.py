"""Section "Sufficiency": the likelihood as a function of a statistic and the parameters, times one of the observations alone."""

from __future__ import annotations

from collections.abc import Sequence

from ..algebra.terms import Algebra
from ..density.support.admissible import largest, smallest
from ..errors import NotSupported
from ..formula.tree import (
    ONE,
    Add,
    Apply,
    Call,
    Formula,
    Mul,
    N,
    Relation,
    Sym,
    add,
    exp,
    factors,
    mul,
    names,
    power,
    product,
    terms,
    total,
)
from ..oracle.oracle import Oracle
from ..recorder import record, sized_chain
from ..rule_names import RuleName
from ..rules.sums import sum_out
from ..stages.boundary.admissible_region import sample_indicator
from ..stages.likelihood.product import log_likelihood
from ..stages.prose import listed
from ..trace import Block, Display, Section, SectionKey, Words, say
from .after import After
from .information import partly_known
from .information_section import points_of
from .one_observation import one_observation
from .sufficiency import Decomposition, decomposition


def sufficiency_section(after: After) -> Section:
    """The section, or in its place why there is none."""
    p = after.derived.problem
    title = say("Sufficiency")
    if p.whole or partly_known(p) or p.rows is not None or p.cells is not None or p.sums or p.reduction is not None or p.restrictions:
        words = say(
            "Sufficiency is derived for independent observations with one density without cases, each known exactly; the sample here is not of that kind."
        )
        return Section(SectionKey.SUFFICIENCY, title, (words,))
    try:
        found = decomposition(p)
    except NotSupported as e:
        return Section(SectionKey.SUFFICIENCY, title, (say("None is derived: {}.", e.message),))
    if found is None:
        return Section(SectionKey.SUFFICIENCY, title, tuple(_no_reduction(after)))
    al = one_observation(p, tuple(p.parameters)).al
    sums = [sum_out(total(p.indexed(x), p.index), al) for _, x in found.pairs]
    blocks: list[Block] = [*_canonical(found, after), *_factorised(found, sums, after, al)]
    blocks += _conclusion(found, sums, after)
    return Section(SectionKey.SUFFICIENCY, title, tuple(blocks))


def _no_reduction(after: After) -> list[Block]:
    p = after.derived.problem
    which = listed("In the logarithm of the density ", list(map(Sym, p.variables))) + say(
        " and the parameters cannot be separated into products of functions of one of them"
    )
    if p.covariates:
        return [which + say(": no statistic shorter than the sample was found to be sufficient.")]
    words = which + say(
        ": the density is no exponential family in this form. The observations are independent and alike, so their order does not matter and the order statistics are sufficient; no reduction beyond the order statistics was found."
    )
    return [words]


def _canonical(d: Decomposition, after: After) -> list[Block]:
    """The exponential family in canonical form."""
    p = after.derived.problem
    if not d.pairs or p.moving:
        return []
    oracle = _point_oracle(after)
    one = one_observation(p, tuple(p.parameters))
    log_density = one.log_density
    form = add(*(_product(eta, x, one.al) for eta, x in d.pairs), *terms(d.constant), *terms(d.rest))
    label = Apply("logf", (*map(Sym, p.variables), *p.letters), len(p.variables))
    line = record(Relation((label, form), ("=",)), oracle.equal(log_density, form), None, RuleName.EXPONENTIAL_FAMILY)
    etas: list[Formula | Words] = [eta for eta, _ in d.pairs]
    xs: list[Formula | Words] = [x for _, x in d.pairs]
    several = len(d.pairs) > 1
    words = say("The densities form an exponential family, with the natural parameter" + ("s " if several else " "))
    words += listed("", etas) + say(" and the statistic" + ("s " if several else " ")) + listed("", xs) + say(" of one observation:")
    return [words, Display((line,))]


def _product(eta: Formula, x: Formula, al: Algebra) -> Formula:
    """A multiplier times its statistic."""
    return Mul((*factors(eta), *factors(x))) if isinstance(eta, Add) or len(factors(eta)) > 1 else al.tidy(mul(eta, x))


def _point_oracle(after: After) -> Oracle:
    p = after.derived.problem
    return Oracle(tuple({**w, **{v: w[v][0] for v in p.observed}} for w in points_of(p).points))


def _factorised(d: Decomposition, sums: Sequence[Formula], after: After, al: Algebra) -> list[Block]:
    """The likelihood as g(T, theta) h(x)."""
    p = after.derived.problem
    exponent = [mul(eta, s) for (eta, _), s in zip(d.pairs, sums, strict=True)]
    constant = [sum_out(total(p.indexed(t), p.index), al) for t in terms(d.constant)]
    front = _unlogged([*exponent, *constant], al)
    beside = _unlogged(terms(d.rest), al)
    parts: list[Formula] = [front] if front != ONE else []
    if p.moving:
        parts.append(sample_indicator(p))
    rest = product(p.indexed(beside), p.index) if beside != ONE else None
    whole = mul(*parts, *([rest] if rest is not None else []))
    reason = say("the last factor does not depend on the parameters") if rest is not None else None
    display = sized_chain(
        points_of(p), p.of("L"), lambda w: log_likelihood(w, tuple(p.parameters)), [(whole, reason, RuleName.FACTORISATION)]
    )
    few = f"{'one statistic' if len(sums) + len(_extremes(after)) == 1 else 'a few statistics'} only"
    lead = f"The likelihood depends on the data through {few}:"
    if rest is not None:
        lead = f"The likelihood is a function of the data through {few}, times a function of the data alone:"
    return [say(lead), display]


def _unlogged(fs: Sequence[Formula], al: Algebra) -> Formula:
    """e to the power of a sum: a multiple of a logarithm is a power of what is under it, the rest one exponential."""
    powers, exponent = list[Formula](), list[Formula]()
    for f in fs:
        t = al.split(f)
        logs = [b for b, k in t.powers.items() if isinstance(b, Call) and b.name == "log" and k == ONE]
        if len(logs) == 1:
            k = al.build(type(t)(t.coefficient, {c: e for c, e in t.powers.items() if c != logs[0]}))
            powers.append(power(logs[0].args[0], k))
        else:
            exponent.append(al.tidy(f))
    front = al.tidy(mul(*powers)) if powers else ONE
    if not exponent:
        return front
    return exp(add(*exponent)) if front == ONE else Mul((*factors(front), exp(add(*exponent))))


def _conclusion(d: Decomposition, sums: Sequence[Formula], after: After) -> list[Block]:
    """Which statistics are sufficient, and whether they are minimal."""
    p = after.derived.problem
    statistics: list[Formula | Words] = list(sums)
    ends = _extremes(after)
    statistics += ends
    if not statistics:
        return []
    several = len(statistics) > 1
    words = (
        say("By the factorisation criterion ")
        + listed("", statistics)
        + say(f" {'are' if several else 'is'} {'jointly ' if several else ''}sufficient for ")
    )
    words += listed("", list(p.letters)) + (listed(", given ", list(map(Sym, p.covariates))) if p.covariates else say("")) + say(".")
    blocks: list[Block] = [words]
    if p.moving:
        if not d.pairs and len(ends) == 1:
            blocks.append(
                say(
                    "The ratio of the likelihoods of two samples is free of the parameters exactly when both allow the same values of them, that is when they agree in {}: it is minimal sufficient.",
                    ends[0],
                )
            )
        return blocks
    if d.independent:
        one = len(d.pairs) == 1
        ratio = say(
            "The ratio of the likelihoods of two samples of {} observations{} is free of {} exactly when the two agree in ",
            N,
            listed(" with the same ", list(map(Sym, p.covariates))) if p.covariates else say(""),
            listed("", list(p.letters)),
        ) + (say("this sum") if one else say("these sums"))
        why = (
            say(", because {} is not constant", d.pairs[0][0])
            if one
            else say(", because no non-trivial linear combination of the natural parameters is constant")
        )
        blocks.append(ratio + why + say(f": {'it is' if one else 'they are'} minimal sufficient."))
    else:
        blocks.append(say("Whether fewer statistics would do was not settled."))
    return blocks


def _extremes(after: After) -> list[Formula]:
    """The order statistics on which the indicator of a moving support depends."""
    p = after.derived.problem
    out: list[Formula] = []
    for v in p.variables:
        d = p.support[v]
        out += [smallest(v)] if names(d.low) & set(p.parameters) else []
        out += [largest(v)] if names(d.high) & set(p.parameters) else []
    return list(dict.fromkeys(out))


__all__ = ["sufficiency_section"]
