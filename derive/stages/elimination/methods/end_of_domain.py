"""At the end of the domain: a score that never vanishes, so the likelihood is largest at an end, or nowhere."""

from __future__ import annotations

from dataclasses import replace

from ....algebra.facts import Facts
from ....formula.evaluate import holds
from ....formula.names import hat
from ....formula.tree import ZERO, Cases, Derivative, Formula, Relation, Sym, equation, names
from ....oracle.oracle import Oracle
from ....proofs.signs import evidence_of_sign, sign_of
from ....recorder import defined, record
from ....rule_names import RuleName
from ....sets.domain import INFINITY, MINUS_INFINITY
from ....trace import Block, Condition, ConditionKind, Display, How, Outcome, say
from ...maximum.unknown import label_of
from ...profile.substitution import sign_shown
from ...setting import ARGUED, Setting, generic_facts, settle_answers
from ...unbounded.supremum import without_maximum
from ..method import Found, Plan, Search


def method(search: Search, name: str) -> Plan | None:
    """A plan where the score has one sign for every value of the parameters."""
    sign = sign_of_score(search.state, search.scores[name])
    if not sign:
        return Plan((name,), frozenset(), lambda: _sloping(search, name)) if _is_sloping(search.state, name, search.scores[name]) else None
    domain = search.state.problem.parameters[name]
    end = domain.high if sign > 0 else domain.low
    rests_on = names(end) & (set(search.open_names) - {name})
    return Plan((name,), frozenset(rests_on), lambda: carried_out(search, name, sign, end))


def _is_sloping(setting: Setting, name: str, score: Formula) -> bool:
    """Whether the score depends on the data alone."""
    domain = setting.problem.parameters[name]
    return (
        score != ZERO
        and setting.free(score)
        and not domain.discrete
        and domain.also is None
        and not domain.letters
        and name not in setting.problem.moving
        and all(v != 0 for v in setting.lines_oracle.values(score))
    )


def _sloping(search: Search, name: str) -> Found:
    """A log-likelihood that is linear in the unknown, with a slope of which the sign is not known."""
    u, score, ell = Sym(name), search.scores[name], label_of(name, len(search.state.order), search.state.problem)
    d, title = search.state.problem.parameters[name], say("Where the maximum lies")
    words = say(
        "The derivative does not depend on {}. Where it is positive, {} increases over the whole domain, and where it is negative, {} decreases",
        u, ell, ell,
    )  # fmt: skip
    flat = say("Where {}, {} is the same for every {}, and every value is an estimate.", equation(score, ZERO), ell, u)
    closed = (not d.low_open, not d.high_open)
    if not any(closed):
        last = say(
            ": there is no maximum. Only if {} is {} the same for every {}, and every value is an estimate.", equation(score, ZERO), ell, u
        )
        return Found({}, (words + last,), How.BOUNDARY, Outcome.NONE, argument=ARGUED, title=title)
    rises, falls = Relation((score, ZERO), (">",)), Relation((score, ZERO), ("<",))
    oracle = search.state.settled(search.state.lines_oracle)
    if all(closed):
        answer: Formula = Cases(((d.high, rises), (d.low, None)))
        needed, kind = Relation((score, ZERO), ("!=",)), ConditionKind.UNIQUE
        where = say(": it is largest at one end of the domain or at the other.")
    else:
        answer, needed, kind = (d.low, falls, ConditionKind.BOTH) if closed[0] else (d.high, rises, ConditionKind.BOTH)
        other = d.high if closed[0] else d.low
        where = say(": it is largest at {} if {}. If {}, it increases towards {}, which does not belong to the domain, and there is no maximum.",
                    equation(u, answer), needed, rises if closed[0] else falls, other)  # fmt: skip
        oracle = Oracle(tuple(w for w in oracle.points if holds(needed)(w)))
    shown = equation(hat(name), answer)
    there = settle_answers(oracle, {name: answer}).holds(shown) if oracle.points else defined("the end of the domain")
    line = Display((record(shown, there, rule=RuleName.END_OF_THE_DOMAIN),))
    return Found(
        {name: answer}, (words + where, line, flat), How.BOUNDARY, argument=ARGUED, title=title,
        conditions=(Condition(kind, (needed,), say("{}", needed)),),
    )  # fmt: skip


def sign_of_score(setting: Setting, score: Formula) -> int:
    """1 or -1 where the score has that sign for every value of the parameters, by its terms; else 0."""
    return sign_of(score, _facts(setting, score)).value


def _facts(setting: Setting, score: Formula) -> Facts:
    return generic_facts(setting.al.facts, score, setting.lines_oracle) if setting.numbers else setting.al.facts


def carried_out(search: Search, name: str, sign: int, end: Formula) -> Found:
    """The sign as a line, and the end of the domain as the answer where it is attained."""
    state, score = search.state, search.scores[name]
    p, u = state.problem, Sym(name)
    domain, oracle = p.parameters[name], state.settled(state.lines_oracle)
    attained = not (domain.high_open if sign > 0 else domain.low_open) and end not in (INFINITY, MINUS_INFINITY)
    ell = label_of(name, len(state.order), p)
    r = Relation((Derivative(ell, ((u, 1),)), score, ZERO), ("=", ">" if sign > 0 else "<"))
    evidence = evidence_of_sign(r, _facts(state, score), oracle.holds(Relation((score, ZERO), (r.signs[1],))))
    inside = domain.interior.condition(u)
    where = say("for all {}", inside) if inside is not None else say("for all {}", u)
    blocks: list[Block] = [
        say("The derivative never vanishes:"),
        Display((record(replace(r, sides=(r.sides[0], sign_shown(score, oracle, state), ZERO)), evidence, rule=RuleName.SIGN),)),
        where + say(". So {} {} over the whole domain.", ell, "increases" if sign > 0 else "decreases"),
    ]
    title = say("Where the maximum lies")
    if not attained:
        blocks.append(
            (say("That end") if end in (INFINITY, MINUS_INFINITY) else say("The end {}", equation(u, end)))
            + say(" does not belong to the domain, so there is no maximum: ")
            + without_maximum(name, end, sign > 0, state)
            + say(".")
        )
        return Found({}, tuple(blocks), How.BOUNDARY, Outcome.NONE, argument=ARGUED, title=title)
    shown = equation(hat(name), end)
    there = settle_answers(oracle, {name: end}).holds(shown)
    blocks += [
        say(f"The maximum lies at the {'right' if sign > 0 else 'left'}-hand end of the domain:"),
        Display((record(shown, there, rule=RuleName.END_OF_THE_DOMAIN),)),
    ]
    return Found({name: end}, tuple(blocks), How.BOUNDARY, argument=ARGUED, title=title)
