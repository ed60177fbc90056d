"""Letters for the data that are taken as positive in a likelihood given as a whole: where one is 0 there may be no estimate."""

from __future__ import annotations

from ...formula.evaluate import compiled
from ...formula.tree import ZERO, Peak, Relation, Searched, Sym
from ...sets.domain import POSITIVE
from ...trace import Condition, ConditionKind, say
from ..setting import State


def supposed(state: State) -> tuple[Condition, ...]:
    """That a letter taken as positive is so, where an estimate leaves its domain when it is 0."""
    p = state.problem
    if not p.whole:
        return ()
    stated = {r for c in state.conditions for r in c.relations}
    out = []
    for k, d in p.known.items():
        c = Relation((Sym(k), ZERO), (">",))
        if d == POSITIVE and (k in p.inferred or k in p.meanings) and c not in stated and _needs(k, state):
            out.append(Condition(ConditionKind.EXISTS, (c,), say("{}", c)))
    return tuple(out)


def _needs(letter: str, state: State) -> bool:
    """Whether an estimate has no value in its domain at some test point where a letter is 0."""
    points = [{**w, letter: 0.0} for w in state.settled(state.lines_oracle).points]
    for k, f in state.answers.items():
        if isinstance(f, (Peak, Searched)):
            return True
        if not all(state.problem.parameters[k].contains(compiled(f)(w), w) for w in points):
            return True
    return False
