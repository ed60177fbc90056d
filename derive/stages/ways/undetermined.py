"""Left open by the data: with what was found put in, the score of an unknown is zero everywhere.  The likelihood has the
same value along a whole line of solutions."""

from __future__ import annotations

from ...density.domain import Domain
from ...errors import NotSupported
from ...formula.evaluate import compiled
from ...formula.names import hat
from ...formula.tree import ONE, ZERO, Derivative, Formula, Span, Sym, equation, has, num
from ...oracle import magnitude
from ...recorder import Equations
from ...trace import say
from ..work import ARGUED, Work, settle_answers
from .way import Found, Plan, Search


def way(search: Search, name: str) -> Plan | None:
    """A plan where the score of an unknown is zero everywhere and another was found in terms of it."""
    work = search.work
    if not vanishes(search.scores[name], work):
        return None
    tied = [k for k, f in work.answers.items() if has(f, Sym(name))]
    if not tied:
        raise NotSupported(
            f"the data do not determine {name}: its score is zero everywhere", hint=f"give it a value: known={{{name!r}: ...}}"
        )
    return Plan((name,), frozenset(), lambda: carried_out(search, name, tied))


def vanishes(score: Formula, work: Work) -> bool:
    """Whether a score is zero for every value of the unknown, given what was found."""
    if score == ZERO:
        return True
    if not work.answers:
        return False
    oracle, f = work.settled(work.lines_oracle), compiled(score)
    return all(abs(f(w)) <= 1e-11 * magnitude(score, w) for w in oracle.worlds)


def carried_out(search: Search, name: str, tied: list[str]) -> Found:
    """The statement that any value will do, and one value as an example."""
    work, u = search.work, Sym(name)
    value = _example(name, tied, work)
    table = Equations(work.settled(work.lines_oracle))
    table.note(equation(hat(name), value), say("for example"), settle_answers(work.settled(work.lines_oracle), {name: value}), "example")
    score = Derivative(work.problem.of("ell"), ((u, 1),))
    pairs = say("")
    for j, k in enumerate(tied):
        pairs += say(", " if j else "") + say("{}", equation(hat(k), work.answers[k]))
    blocks = (
        say("With {} put in, {} vanishes for every {}: the likelihood does not change along these solutions.", pairs, score, u),
        say(
            "The data determine only this relation between {} and {}, not their single values: the parameters are not identifiable, and the "
            "maximum is not unique. One of the solutions is the one with", *[u, Sym(tied[0])],
        ),
        table.display,
    )  # fmt: skip
    domain = work.problem.parameters[name]
    return Found({name: value}, blocks, "closed", "not unique", {name: _as_set(domain)}, ARGUED)


def _example(name: str, tied: list[str], work: Work) -> Formula:
    """A simple value in the domain at which the others lie in theirs."""
    oracle = work.settled(work.lines_oracle)
    domains = work.problem.parameters
    for value in (ZERO, ONE, num(2), num("1/2"), num(-1), num("1/4")):
        there = settle_answers(settle_answers(oracle, {name: value}), {k: work.answers[k] for k in tied})
        if all(domains[k].contains(w[k], w) for w in there.worlds for k in (name, *tied)):
            return work.al.tidy(value)
    raise NotSupported(f"the data do not determine {name}: with what was found put in, its score is zero everywhere")


def _as_set(d: Domain) -> Formula:
    return Span(d.low, d.high, d.low_open, d.high_open)
