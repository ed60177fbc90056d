"""A whole number as a real one first: where the likelihood rises up to one place and falls after it, the best whole number
is one of the two beside that place."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as changed

from ...errors import DeriveError
from ...formula.evaluate import compiled
from ...formula.names import hat
from ...formula.tree import Best, Call, Formula, SetOf, Sym, names, walk
from ...oracle.oracle import Refuted
from ...recorder import relettered, reworded
from ...trace import Block, Condition, Display, How, Outcome, Section, SectionKey, Strength, Table, Words, say
from ..boundary.admissible_region import admissible_set
from ..elimination.eliminate import eliminate
from ..existence.existence import existence
from ..likelihood.product import likelihood, log_likelihood_section
from ..likelihood.score import score
from ..maximum.maximum import maximum
from ..setting import Setting, run
from ..setup.begin import begin

COUNTED = ("factorial", "binomial", "gamma")
AMONG_REALS = (likelihood, admissible_set, log_likelihood_section, score, eliminate, existence, maximum)


@dataclass(frozen=True)
class RealMaximum:
    """The place of the maximum among real numbers, with the sections that lead to it and what the data must satisfy."""

    place: Formula
    sections: tuple[Section, ...]
    conditions: tuple[Condition, ...]


def as_real(setting: Setting, name: str) -> RealMaximum | None:
    """The maximum among real numbers; None where it was not found, or not shown that the likelihood rises up to it and falls
    after it."""
    p = setting.problem
    if p.whole or p.moving or any(isinstance(g, Call) and g.name in COUNTED and name in names(g) for g in walk(p.density)):
        return None
    domain = changed(p.parameters[name], integer=False)
    try:
        inner = run(AMONG_REALS, begin(p.replace(parameters={name: domain})))
    except DeriveError:  # a likelihood of whole numbers need make no sense between them: no such argument then
        return None
    found = inner.answers.get(name)
    if (
        found is None
        or inner.outcome is not Outcome.UNIQUE
        or inner.how[name] != How.CLOSED
        or inner.arguments[name].strength is not Strength.PROVED
    ):
        return None
    if names(found) & {name}:
        return None
    shown = [s for s in inner.sections if s.key is not SectionKey.LIKELIHOOD]
    if name + "_0" not in names(p.density):
        shown = renamed(shown, hat(name), Sym(name + "_0"))
    return RealMaximum(found, tuple(shown), tuple(inner.conditions))


def beside(place: Formula, name: str, setting: Setting) -> tuple[Formula, Words]:
    """The better one of the two whole numbers beside a place, judged at all test points, and why it is one of them."""
    p, (below, above) = setting.problem, (Call("floor", (place,)), Call("ceiling", (place,)))
    answer = Best(name, SetOf((below, above)), p.likelihood, p.of("L"))
    for w in setting.general.points:
        at = compiled(answer)(w)
        heights = [float(w["ell"](at + k)) for k in (-1, 0, 1) if p.parameters[name].contains(at + k)]
        if not max(heights) <= float(w["ell"](at)) + 1e-9 * (1 + abs(max(heights))):
            raise Refuted(f"{hat(name)} = {answer}")
    words = say(
        "The likelihood increases up to {} and decreases afterwards. So among the whole numbers it is largest at one of the two beside that place, {} or {}: at the "
        "one with the larger likelihood.", place, below, above,
    )  # fmt: skip
    return answer, words


def renamed(sections: list[Section], old: Sym, new: Sym) -> list[Section]:
    """Sections with another letter for one."""
    table: dict[Formula, Formula] = {old: new}

    def block(b: Block) -> Block:
        if isinstance(b, Words):
            return reworded(b, table)
        if isinstance(b, Display):
            return Display(tuple(relettered(x, table) for x in b.lines))
        return Table(tuple(reworded(w, table) for w in b.head), tuple(tuple(reworded(w, table) for w in row) for row in b.rows))

    return [changed(s, title=reworded(s.title, table), blocks=tuple(map(block, s.blocks))) for s in sections]


__all__ = ["RealMaximum", "as_real", "beside"]
