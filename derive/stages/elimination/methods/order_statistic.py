"""By an order statistic: where the support depends on the unknown, the data leave an interval of it, and the sign of
the score on that interval says at which end the likelihood is largest."""

from __future__ import annotations

import math
from dataclasses import replace as changed
from itertools import pairwise

from ....algebra.facts import Facts
from ....density.support.admissible import emptied
from ....errors import NotSupported
from ....formula.evaluate import compiled
from ....formula.names import hat
from ....formula.tree import TWO, ZERO, Call, Derivative, Div, Formula, Relation, Span, Sym, add, equation, names, terms, value
from ....oracle.judge import Oracle
from ....problem.parameter_support import with_widths
from ....sets.domain import INFINITY, MINUS_INFINITY, Domain
from ....trace import Block, Display, Evidence, Line, Table, Words, say
from ...boundary.admissible_region import open_end, worked
from ...number_format import digits
from ...prose import listed
from ...setting import ARGUED, Work, generic_facts, settle_answers
from ...unbounded.supremum import without_maximum
from ..method import Found, Plan, Search

STEPS = (1e-2, 1e-4, 1e-6, 1e-8, 1e-10)  # distances from an end of what the data allow, times the size of its place


def way(search: Search, name: str) -> Plan | None:
    """A plan where the support depends on the unknown.  Raises NotSupported where the score has no sign there."""
    work = search.work
    if name not in work.problem.moving:
        return None
    score = search.scores[name]
    sign = 0 if score == ZERO else sign_of_score(work, score)
    if not sign and score != ZERO:
        return None
    low, high = limits(name, work)
    ends = (low, high) if not sign else (high,) if sign > 0 else (low,)
    rests_on = frozenset(names(add(*ends)) & (set(search.open_names) - {name}))
    if rests_on or (sign and not _stays_possible(name, high if sign > 0 else low, work)):
        return None
    return Plan((name,), rests_on, lambda: carried_out(search, name, sign, low, high))


def _stays_possible(name: str, end: Formula, work: Work) -> bool:
    """Whether admissible parameters stay so when one of them moves to its end, where further conditions bind it."""
    p = work.problem
    if not any(name in names(c) for _, c in p.restrictions) or end in (INFINITY, MINUS_INFINITY):
        return True
    v = compiled(end)
    worlds = work.settled(work.lines_oracle).worlds
    return all(p.possible({**w, name: v(w) * t + w[name] * (1 - t)}) for w in worlds for t in (0.25, 0.5, 0.75, 0.99, 1.0))


def sign_of_score(work: Work, score: Formula) -> int:
    """1 or -1 where the score is proved not to have the other sign for any admissible value, and is not 0 in general; else 0."""
    facts = generic_facts(admissible_facts(work), score, work.lines_oracle)
    values = work.settled(work.lines_oracle).values(score)
    ranges = [facts.range(score)], [facts.range(t) for t in terms(score)]
    if any(all(r.nonnegative for r in rs) for rs in ranges) and all(v > 0 for v in values):
        return 1
    if any(all(r.nonpositive for r in rs) for rs in ranges) and all(v < 0 for v in values):
        return -1
    return 0


def admissible_facts(work: Work) -> Facts:
    """What is known of the parameters on which the support depends: the data bound them."""
    facts = work.al.facts
    for name in work.problem.moving:
        r = facts.letter(name)
        low, high = (facts.range(f) for f in limits(name, work))
        if low.low > r.low:
            r = type(r)(low.low, r.high, True, r.high_open)
        if high.high < r.high:
            r = type(r)(r.low, high.high, r.low_open, True)
        facts = facts.with_letters({name: r})
    found: dict[Formula, Formula] = {Sym(k): f for k, f in work.answers.items()}
    hats: dict[Formula, Formula] = {Sym(k): hat(k) for k in work.answers}
    for table in (found, hats):
        facts = with_widths(facts, work.problem.support, table)
    return facts


def limits(name: str, work: Work) -> tuple[Formula, Formula]:
    """The least and the greatest admissible value of a parameter, the others fixed; infinite where there is none.

    Raises NotSupported where an end of the domain may bind or not, depending on the sample.
    """
    p = work.problem
    found = p.bounds[name]
    domain = p.parameters[name]
    lows = [worked(b.end, work) for b in found if b.below]
    highs = [worked(b.end, work) for b in found if not b.below]
    if domain.low != MINUS_INFINITY and not _implied(domain.low, lows, True, name, work):
        lows.append(domain.low)
    if domain.high != INFINITY and not _implied(domain.high, highs, False, name, work):
        highs.append(domain.high)
    return chosen("max", lows, MINUS_INFINITY), chosen("min", highs, INFINITY)


def restrict(work: Work, open_names: tuple[str, ...]) -> bool:
    """The domains of the open parameters on which the support depends, cut down to what the data allow; whether that could
    be done, since it does not depend on other open parameters."""
    p = work.problem
    done: dict[str, Domain] = {}
    for name in p.moving:
        if name not in open_names or name in work.restricted:
            continue
        low, high = limits(name, work)
        if names(add(low, high)) & (set(open_names) - {name}):
            return False
        d = p.parameters[name]
        opens = [o if f == e else not _attained(name, f, work) for f, e, o in ((low, d.low, d.low_open), (high, d.high, d.high_open))]
        done[name] = changed(d, low=low, high=high, low_open=opens[0], high_open=opens[1])
    work.problem = p.with_parameters({**p.parameters, **done})
    work.restricted += tuple(done)
    return True


def _attained(name: str, end: Formula, work: Work) -> bool:
    """Whether the log-likelihood has a finite value where the parameter is at an end that the data set."""
    v = compiled(end)
    worlds = work.judge.worlds if work.problem.observations is not None else work.general.worlds
    return all(math.isfinite(w["ell"](*({**w, name: v(w)}[k] for k in work.problem.parameters))) for w in worlds)


def _implied(end: Formula, others: list[Formula], low: bool, name: str, work: Work) -> bool:
    """Whether an end of the domain is never reached because of what the data say."""
    if not others:
        return False
    if emptied(work.problem.support, name, end, work.al):
        return True
    facts = work.al.facts
    return any((facts.range(f).low >= facts.range(end).high if low else facts.range(f).high <= facts.range(end).low) for f in others)


def chosen(which: str, ends: list[Formula], none: Formula) -> Formula:
    """The greatest or the least of several ends, numbers compared."""
    ends = list(dict.fromkeys(ends))
    numbers = {f: v for f in ends if (v := value(f)) is not None}
    if len(numbers) > 1:
        kept = (max if which == "max" else min)(numbers, key=lambda f: numbers[f])
        ends = [f for f in ends if f not in numbers or f == kept]
    return none if not ends else ends[0] if len(ends) == 1 else Call(which, tuple(ends))


def carried_out(search: Search, name: str, sign: int, low: Formula, high: Formula) -> Found:
    """The sign as a line, and the end of the admissible interval, or the whole of it, as the answer."""
    work, score = search.work, search.scores[name]
    p, u = work.problem, Sym(name)
    title = say("Where the maximum lies")
    label = Derivative(p.of("ell"), ((u, 1),))
    if not sign:
        return flat(name, low, high, work, title)
    end = high if sign > 0 else low
    oracle = work.settled(work.lines_oracle)
    r = Relation((label, score, ZERO), ("=", ">" if sign > 0 else "<"))
    oracle.holds(Relation((score, ZERO), (r.signs[1],)))
    blocks: list[Block] = [
        say("For all admissible values the derivative in {} has the same sign:", u),
        Display((Line(r, None, Evidence("proved", "sign from the domains and the support", len(oracle.worlds)), "sign"),)),
    ]
    if end in (INFINITY, MINUS_INFINITY):
        blocks.append(say("So {} increases for ever as {} {}: there is no maximum.", p.of("ell"), u, "grows" if sign > 0 else "falls"))
        return Found({}, tuple(blocks), "boundary", "none", title=title)
    if _open_end(name, end, sign, work):
        blocks.append(
            say("So ") + without_maximum(name, end, sign > 0, work) + say(", which does not belong to the domain: there is no maximum.")
        )
        return Found({}, tuple(blocks), "boundary", "none", title=title)
    if not _attained(name, end, work) and (path := _without_bound(name, end, sign, work)) is not None:
        blocks += [
            say(
                "Towards that end {} grows beyond every bound, since the density does at the end of its support: there is no maximum.",
                p.of("ell"),
            ),
            *path,
        ]
        return Found({}, tuple(blocks), "boundary", "none", title=title)
    shown = equation(hat(name), end)
    evidence = settle_answers(work.lines_oracle, {**work.answers, name: end}).holds(shown)
    direction = ("increases", "largest") if sign > 0 else ("decreases", "smallest")
    blocks += [
        say("So {} {} in {}, and is largest at the {} admissible value:", p.of("ell"), direction[0], u, direction[1]),
        Display((Line(shown, None, evidence, "order statistic"),)),
    ]
    if end != (work.problem.parameters[name].high if sign > 0 else work.problem.parameters[name].low):
        blocks += open_end([name], work, below=sign < 0)
    return Found({name: end}, tuple(blocks), "boundary", argument=ARGUED, title=title)


def _without_bound(name: str, end: Formula, sign: int, work: Work) -> tuple[Block, ...] | None:
    """The log-likelihood close to an end of what the data allow, where it grows there without bound; for given data a table of it."""
    p, v = work.problem, compiled(end)
    worlds = work.judge.worlds[:1] if p.observations is not None else work.general.worlds[:3]
    for w in worlds:
        e = work.settled(Oracle((w,))).worlds[0]
        width = (1 + abs(v(e))) * sign
        places = [v(e) - width * d for d in STEPS]
        heights = [float(w["ell"](*({**e, name: t}[k] for k in p.parameters))) for t in places]
        steps = [b - a for a, b in pairwise(heights)]
        if not all(math.isfinite(h) for h in heights) or not steps[-1] > 0.5 * steps[0] > 0:
            return None
    if p.observations is None:
        return ()
    rows = tuple((say("{}", digits(t, 9)), say("{}", digits(h, 6))) for t, h in zip(places, heights, strict=True))
    others = [k for k in p.parameters if k != name]
    lead = (
        say("For example") + listed(" with ", [equation(Sym(k), digits(float(e[k]), 6)) for k in others]) if others else say("For example")
    )
    return (lead + say(":"), Table((say("{}", Sym(name)), say("{}", p.of("ell"))), rows))


def _open_end(name: str, end: Formula, sign: int, work: Work) -> bool:
    """Whether the end is that of the parameter's domain, and open."""
    d = work.problem.parameters[name]
    return (end == d.high and d.high_open) if sign > 0 else (end == d.low and d.low_open)


def flat(name: str, low: Formula, high: Formula, work: Work, title: Words) -> Found:
    """A likelihood that does not depend on the parameter where it is positive: every admissible value is an estimate."""
    p, u = work.problem, Sym(name)
    if low == MINUS_INFINITY or high == INFINITY:
        raise NotSupported(f"the likelihood does not depend on {name}, which the data bound on one side only")
    oracle = work.settled(work.lines_oracle)
    d = p.parameters[name]
    whole = Span(low, high, low == d.low and d.low_open, high == d.high and d.high_open)
    middle = work.al.tidy(Div(add(*terms(low), *terms(high)), TWO))
    shown = Relation((hat(name), whole), ("in",))
    oracle.holds(Relation((low, u, high), ("<=", "<=")))
    there = settle_answers(work.lines_oracle, {**work.answers, name: middle})
    there.holds(Relation((low, hat(name), high), ("<=", "<=")))
    blocks: list[Block] = [
        say("Where the likelihood is positive it does not depend on {}: every admissible value gives the same likelihood, which is the largest there is.", u),
        Display((Line(shown, None, Evidence("proved", "the log-likelihood does not depend on it", len(oracle.worlds)), "order statistic"),)),
        say("The estimate is not unique: every point of this interval is one, for example its middle."),
    ]  # fmt: skip
    blocks += open_end([name], work)
    return Found({name: middle}, tuple(blocks), "boundary", "not unique", {name: whole}, ARGUED, title)
