"""A whole number as a real one first: where the likelihood rises up to one place and falls after it, the best whole number
is one of the two beside that place."""

from __future__ import annotations

from dataclasses import replace as changed

from ...errors import DeriveError, InternalError
from ...formula.evaluate import compiled
from ...formula.names import hat
from ...formula.tree import Best, Call, Formula, SetOf, Sym, names, replace_all, walk
from ...oracle.judge import Refuted
from ...trace import Block, Display, Line, Section, Table, Words, say
from ..boundary.admissible_region import admissible_set
from ..elimination.eliminate import eliminate
from ..existence.existence import existence
from ..likelihood.product import likelihood, log_likelihood_section
from ..likelihood.score import score
from ..maximum.maximum import maximum
from ..setting import Work
from ..setup.begin import begin

COUNTED = ("factorial", "binomial", "gamma")


def as_real(work: Work, name: str) -> tuple[Formula, list[Section]] | None:
    """The place of the maximum among real numbers, with the sections that lead to it; None where it was not found, or not
    shown that the likelihood rises up to it and falls after it."""
    p = work.problem
    if p.whole or p.moving or any(isinstance(g, Call) and g.name in COUNTED and name in names(g) for g in walk(p.density)):
        return None
    domain = changed(p.parameters[name], integer=False)
    try:
        inner = begin(p.with_parameters({name: domain}))
        for stage in (likelihood, admissible_set, log_likelihood_section, score, eliminate, existence, maximum):
            stage(inner)
    except (DeriveError, InternalError):
        return None
    found = inner.answers.get(name)
    if found is None or inner.outcome != "unique" or inner.how[name] != "closed" or inner.arguments[name].proved != "global":
        return None
    if names(found) & {name}:
        return None
    work.conditions += inner.conditions
    shown = [s for s in inner.sections if s.title.parts[:1] != ("Likelihood",)]
    return found, renamed(shown, hat(name), Sym(name + "_0")) if name + "_0" not in names(p.density) else shown


def beside(place: Formula, name: str, work: Work) -> tuple[Formula, Words]:
    """The better one of the two whole numbers beside a place, judged in all worlds, and why it is one of them."""
    p, (below, above) = work.problem, (Call("floor", (place,)), Call("ceiling", (place,)))
    answer = Best(name, SetOf((below, above)), p.likelihood, p.of("L"))
    for w in work.general.worlds:
        at = compiled(answer)(w)
        heights = [float(w["ell"](at + k)) for k in (-1, 0, 1) if p.parameters[name].contains(at + k)]
        if not max(heights) <= float(w["ell"](at)) + 1e-9 * (1 + abs(max(heights))):
            raise Refuted(f"{hat(name)} = {answer}")
    words = say(
        "The likelihood rises up to {} and falls after it. So among the whole numbers it is largest at one of the two beside that place, {} or {}: at the "
        "one with the larger likelihood.", place, below, above,
    )  # fmt: skip
    return answer, words


def renamed(sections: list[Section], old: Sym, new: Sym) -> list[Section]:
    """Sections with another letter for one."""
    table: dict[Formula, Formula] = {old: new}

    def words(w: Words) -> Words:
        return Words(tuple(replace_all(f, table) if isinstance(f, Formula) else f for f in w.parts))

    def line(x: Line) -> Line:
        return changed(x, formula=replace_all(x.formula, table), reason=None if x.reason is None else words(x.reason))  # type: ignore[arg-type]

    def block(b: Block) -> Block:
        if isinstance(b, Words):
            return words(b)
        if isinstance(b, Display):
            return Display(tuple(map(line, b.lines)))
        return Table(tuple(map(words, b.head)), tuple(tuple(map(words, row)) for row in b.rows))

    return [changed(s, title=words(s.title), blocks=tuple(map(block, s.blocks))) for s in sections]


__all__ = ["as_real", "beside"]
