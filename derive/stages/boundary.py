"""A score that never vanishes: the likelihood is largest at an end of the domain, or nowhere."""

from __future__ import annotations

from ..formula.names import hat
from ..formula.tree import ZERO, Const, Derivative, Neg, Relation, Sym, equation, terms
from ..trace import Display, Evidence, Line, Section, Words, say
from .work import Work, generic_facts, settle_answers


def sign_of_score(work: Work, name: str) -> int:
    """1 or -1 where the score has that sign for every value of the parameter, by its terms; else 0."""
    f = work.scores[name]
    facts = generic_facts(work.al.facts, f, work.lines_oracle)
    ranges = [facts.range(t) for t in terms(f)]
    if facts.positive(f) or (ranges and all(r.nonnegative for r in ranges) and any(r.positive for r in ranges)):
        return 1
    if facts.negative(f) or (ranges and all(r.nonpositive for r in ranges) and any(r.negative for r in ranges)):
        return -1
    return 0


def at_the_end(work: Work) -> bool:
    """Section "Where the maximum lies", if the only parameter's score has one sign.  Sets the answer or outcome."""
    if len(work.parameters) != 1 or not work.numbers:
        return False
    (name,) = work.parameters
    sign = sign_of_score(work, name)
    if not sign:
        return False
    p, u = work.problem, Sym(name)
    domain = p.parameters[name]
    end = domain.high if sign > 0 else domain.low
    attained = not (domain.high_open if sign > 0 else domain.low_open) and end not in (Const("oo"), Neg(Const("oo")))
    score = Derivative(p.of("ell"), ((u, 1),))
    r = Relation((score, work.scores[name], ZERO), ("=", ">" if sign > 0 else "<"))
    work.lines_oracle.holds(Relation((work.scores[name], ZERO), (r.signs[1],)))
    inside = domain.interior.condition(u)
    where = say("for every {} with {}", u, inside) if inside is not None else say("for every {}", u)
    blocks: list[Words | Display] = [
        say("The derivative never vanishes:"),
        Display((Line(r, None, Evidence("proved", "sign from the domains", len(work.lines_oracle.worlds)), "sign"),)),
        where + say(". So {} {} over the whole domain", p.of("ell"), "increases" if sign > 0 else "decreases") + say("."),
    ]
    if attained:
        shown = equation(hat(name), end)
        evidence = settle_answers(work.lines_oracle, {name: end}).holds(shown)
        blocks += [say("The maximum lies at the end of the domain:"), Display((Line(shown, None, evidence, "end of the domain"),))]
        work.answers[name], work.how[name] = end, "boundary"
        work.order.append(name)
    else:
        blocks.append(
            say(
                "That end does not belong to the domain, so there is no maximum: the likelihood comes ever closer to its supremum as {} approaches {}.",
                u,
                end,
            )
        )
        work.outcome = "none"
    work.sections.append(Section(say("Where the maximum lies"), tuple(blocks)))
    return True
