"""A root outside the domain of one unknown among several: the maximum is looked for at that end of the domain, with the
others solved anew, and the derivative there is asked whether it points outwards."""

from __future__ import annotations

import math
from dataclasses import replace as changed

from ...errors import NotSupported
from ...formula.decimals import quoted
from ...formula.names import hat
from ...formula.tree import ZERO, Derivative, Formula, Relation, Sym, equation, replace
from ...numerics.search import maximise
from ...oracle.oracle import Oracle, computed
from ...recorder import held, record
from ...rule_names import RuleName
from ...sets.ranges import interior
from ...trace import Block, Display, How, Strength, say
from ..likelihood.score import tidied
from ..maximum.change_of_unknowns import concave_by_terms
from ..number_format import digits
from ..setting import MaximumArgument, State

CLEAR = 1e-6  # size of a derivative that is not 0 whatever the rounding errors


class Outside(NotSupported):
    """The score equations have their solution beyond an end of one unknown's domain that belongs to the domain."""

    def __init__(self, name: str, end: Formula, value: float, words: str):
        found = (
            "no solution of the score equations was found" if math.isinf(value) else f"the score equations lead to {name} = {value:.6g},"
        )
        where = "for" if math.isinf(value) else "outside the domain of"
        super().__init__(
            f"{found} {where} {name} ({words}); a maximum at the end of the domain together with other unknowns is not supported here"
        )
        self.name, self.end, self.value = name, end, value


def pin(o: Outside, state: State) -> tuple[State, list[Block], dict[str, Formula]]:
    """The unknown set to the end of its domain, everything else forgotten: with what is said, and the scores of the others."""
    u = Sym(o.name)
    score = {o.name: state.scores[o.name]}
    state = changed(state, answers={}, found={o.name: o.end}, how={}, order=(), profile=score, arguments={}, equations={})
    state = state.answered(o.name, o.end, How.BOUNDARY)
    shown = equation(hat(o.name), o.end)
    line = held(state.settled(state.lines_oracle), shown, rule=RuleName.END_OF_THE_DOMAIN)
    condition = state.problem.parameters[o.name].condition(u)
    where = say(" ({})", condition) if condition is not None else say("")
    found = (
        say(
            "No solution of the equations was found, inside the domain or beyond it; a search for larger values of the likelihood leaves the domain of {}",
            u,
        )
        if math.isinf(o.value)
        else say(
            "Solved numerically, the score equations give {}, outside the domain",
            Relation((u, digits(o.value, 4)), ("approx",)),
        )
    )
    blocks: list[Block] = [
        found + where + say(". So look for the maximum at the end of the domain:"),
        Display((line,)),
        say("With this value the remaining equations are solved anew."),
    ]
    others = [k for k in state.parameters if k != o.name]
    return state, blocks, {k: tidied(replace(state.scores[k], u, o.end), state) for k in others}


def confirm(o: Outside, state: State) -> MaximumArgument:
    """The argument: the derivative at the end points outwards, and no search finds a higher point.  Raises NotSupported
    where that does not hold."""
    point = state.data_point
    if point is None:
        raise o
    score = state.scores[o.name]
    (slope,) = Oracle((point,)).values(score)
    low = o.value < point[o.name]
    letters = list(state.parameters)
    bounds = [(r.low, r.high) for r in (interior(state.problem.parameters[k]) for k in letters)]
    height = float(point["ell"](*(point[k] for k in letters)))
    start = [(point[k] + 0.05) if k == o.name and low else (point[k] - 0.05) if k == o.name else point[k] for k in letters]
    _, top = maximise(lambda t: float(point["ell"](*t)), bounds, start)
    if math.isnan(slope) or (slope >= 0 if low else slope <= 0) or not top <= height + 1e-8 * (1 + abs(top)):
        raise o
    label = Derivative(state.problem.of("ell"), ((Sym(o.name), 1),))
    sign = "<" if low else ">"
    shown = Relation((label, quoted(slope, 4), ZERO), ("approx", sign))
    Oracle((point,)).holds(Relation((score, quoted(slope, 4), ZERO), ("approx", sign)))
    line = Display((record(shown, computed("the derivative at the data and the solution"), rule=RuleName.PUT_IN_THE_DATA),))
    lead, u = say("At the solution the derivative in {} is", Sym(o.name)), Sym(o.name)
    if abs(slope) > CLEAR and (concave := _concave(state)) is not None:
        last = say("and those in the others are 0. A concave function lies below its tangent plane, so {} decreases from the solution into the domain: the maximum is global.",
                   state.problem.of("ell"))  # fmt: skip
        closed = all(state.how[k] in (How.CLOSED, How.BOUNDARY) for k in letters)
        return changed(concave, strength=Strength.PROVED if closed else Strength.ENCLOSED, blocks=(*concave.blocks, lead, line, last))
    last = say(
        "so the likelihood decreases as {} moves into the domain. A numerical search over the whole domain found no higher point.", u
    )
    return MaximumArgument(Strength.SEARCHED, (lead, line, last))


def _concave(state: State) -> MaximumArgument | None:
    """The argument that the log-likelihood is concave in all parameters together, in these letters; None where that is not read off."""
    free = changed(state, answers={}, found={}, how={}, order=(), arguments={})
    found = concave_by_terms(state.parameters, free, at_a_solution=False)
    if found is None or any(f != Sym(k) for k, f in found[1].new.items()):
        return None
    return found[0]
