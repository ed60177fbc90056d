"""Inequalities between parameters: the maximum without them if it satisfies them, else on a face where some are equations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from ...errors import InternalError, NotSupported
from ...estimate_order import in_order
from ...formula.decimals import height
from ...formula.evaluate import Env, holds
from ...formula.names import hat
from ...formula.tree import Apply, Cases, Formula, Relation, Searched, Sym, equation, names, replace_all, walk
from ...oracle.exact import Worked, with_sources
from ...oracle.oracle import ordered
from ...problem.parameter_groups import inequalities
from ...problem.problem import Problem
from ...recorder import equal, held
from ...rule_names import RuleName
from ...trace import Block, Display, How, Line, Outcome, Section, SectionKey, Strength, Words, say
from ..elimination.eliminate import eliminate
from ..likelihood.product import likelihood, log_likelihood_section
from ..likelihood.score import score
from ..maximum.maximum import maximum
from ..prose import listed
from ..setting import LOOKED_FOR, Setting, State, run
from ..setup.begin import begin
from .border import OPPOSITE, as_unconstrained, by_cells, cells_inside, covered_words, rising_words
from .free_parameters import with_equations

MOST = 4  # inequalities, whose faces are looked at one by one
WITHOUT_DATA = "an inequality between parameters that are found numerically is supported with data only"


@dataclass(frozen=True)
class Face:
    """active: the inequalities that hold as equations.  state: the derivation there.  height: the log-likelihood."""

    active: tuple[Relation, ...]
    state: State
    height: float = math.nan


def under_inequalities(state: State) -> State:
    """The sections after the likelihood: finds the parameters.  Raises NotSupported for inequalities that it cannot decide."""
    p = state.problem
    needed = inequalities(p)
    if len(needed) > MOST:
        raise NotSupported(f"more than {MOST} inequalities between parameters are not supported yet")
    loose = released(p, needed)
    free = replace(state, problem=loose)
    free = with_equations(free) if loose.constraints else run((log_likelihood_section, score, eliminate), free)
    if free.outcome is not Outcome.UNIQUE:
        raise NotSupported("without the inequalities there is no single maximum; with them this is not supported yet")
    searched = _searched(free)
    if searched and p.observations is None:
        raise NotSupported(WITHOUT_DATA, hint="give the data")
    intertwined = len(needed) > 1 or any(hat(k).name in names(f) for f in free.answers.values() for k in p.parameters)
    decided = free.numbers or searched or (intertwined and p.observations is not None and not p.known)
    best = free if loose.constraints else run((maximum,), free)
    if decided and all(_holds(c, free) for c in needed):
        best = replace(best, problem=p, numbers=True)  # of another sample the maximum may lie elsewhere
        return best.adding(_satisfied(needed, best))
    rises = all(s is Strength.PROVED for s in best.certainty.values())
    free = replace(free, problem=p)
    if decided:
        faces, all_rise = _faces(p, needed)
        return _on_the_face(faces, needed, free, rises and all_rise)
    if len(needed) > 1:
        raise NotSupported("several inequalities are supported with data only", hint="give the data")
    face = _face(p, tuple(needed))
    if _searched(face.state):
        if p.observations is None:
            raise NotSupported(WITHOUT_DATA, hint="give the data")
        return best.adding(_satisfied(needed, best)) if all(_holds(c, free) for c in needed) else _on_the_face([face], needed, free, rises)
    return _case_by_case(face, needed[0], free, rises)


def _searched(state: State) -> bool:
    return any(isinstance(g, Searched) for f in state.answers.values() for g in walk(f))


def released(p: Problem, without: Sequence[Relation], equal: Sequence[Relation] = ()) -> Problem:
    """The question without some inequalities, and with some of them as equations."""
    kept = tuple(c for c in p.constraints if c not in without)
    return p.replace(constraints=(*kept, *(Relation(c.sides, ("=",)) for c in equal)))


def _at(setting: Setting) -> Env:
    return setting.settled(setting.judge).points[0]


def _holds(c: Relation, setting: Setting) -> bool:
    return holds(c)(_at(setting))


def _satisfied(needed: Sequence[Relation], setting: Setting) -> Section:
    """The constraint is met by the maximum without it."""
    lines = tuple(_at_the_estimates(c, c.signs[0], setting) for c in needed)
    what = "constraint" if len(needed) == 1 else "constraints"
    words = listed("It remains to look at ", list(needed)) + say(":")
    last = say(f"The {what} hold{'s' if len(needed) == 1 else ''} at the maximum that was found without {'it' if len(needed) == 1 else 'them'}, so it is the maximum under {'it' if len(needed) == 1 else 'them'} as well.")  # fmt: skip
    return Section(SectionKey.CONSTRAINTS, say(f"The {what}"), (words, Display(lines), last))


def _at_the_estimates(c: Relation, sign: str, setting: Setting) -> Line:
    """How the two sides of an inequality compare at the estimates."""
    hats = replace_all(c, {Sym(k): hat(k) for k in setting.parameters})
    put = replace_all(c, _answers(setting))
    assert isinstance(hats, Relation) and isinstance(put, Relation)
    shown = Relation((hats.sides[0], put.sides[0], put.sides[1], hats.sides[1]), ("=", sign, "="))
    if any(isinstance(g, Searched) for g in walk(put)):  # a root that is known as a number only
        return held(setting.settled(setting.judge), Relation(hats.sides, (sign,)), rule=RuleName.CONSTRAINT)
    return held(setting.settled(setting.lines_oracle), shown, rule=RuleName.CONSTRAINT)


def _answers(setting: Setting) -> dict[Formula, Formula]:
    return {Sym(k): f for k, f in setting.answers.items()}


def _face(p: Problem, active: tuple[Relation, ...]) -> Face:
    """The maximum where some inequalities are equations."""
    before = replace(run((likelihood,), begin(released(p, inequalities(p), active))), on_an_edge=True)
    there = with_equations(before)
    if there.outcome is not Outcome.UNIQUE:
        raise NotSupported("where an inequality is an equation there is no single maximum; this is not supported yet")
    return Face(active, replace(there, sections=there.sections[len(before.sections) :]))


def _faces(p: Problem, needed: Sequence[Relation]) -> tuple[list[Face], bool]:
    """The sets of active inequalities whose maximum satisfies the others, with the log-likelihood there, but for those that hold another one:
    what satisfies more equations cannot be better.  And whether the maximum is proved on every set of points where some are equations.

    Raises NotSupported where there is none.
    """
    out: list[Face] = []
    proved = True
    for size in range(1, len(needed) + 1):
        for active in combinations(needed, size):
            try:
                face = _face(p, active)
            except NotSupported:
                if len(needed) == 1:
                    raise
                proved = False
                continue
            proved = proved and all(v is Strength.PROVED for v in face.state.certainty.values())
            rest = [c for c in needed if c not in active]
            e = _at(face.state)
            if all(holds(Relation(c.sides, (c.signs[0] if c.signs[0].endswith("=") else c.signs[0] + "=",)))(e) for c in rest):
                if any(set(f.active) < set(active) for f in out):
                    continue
                point = face.state.judge.points[0]
                out.append(Face(active, face.state, float(point["ell"](*(e[k] for k in p.parameters)))))
    if not out:
        raise NotSupported("no point at which some of the inequalities hold as equations was found to be the maximum")
    return out, proved


def _on_the_face(faces: Sequence[Face], needed: Sequence[Relation], state: State, rises: bool) -> State:
    """With data: the maximum lies where the violated inequality is an equation.

    rises: whether from every point the likelihood rises along some path to the maximum without the inequalities, as where that is proved
    one unknown after the other, or by concavity; with several of them, on every set of points where some are equations too.
    """
    state = replace(state, numbers=True)  # what follows is said of these data
    best = max(faces, key=lambda f: f.height)
    rises = rises and all(f is best or _higher(best, f) for f in faces)
    violated = [c for c in needed if not _holds(c, state)]
    equal: list[Formula] = [Relation(c.sides, ("=",)) for c in best.active]
    blocks: list[Block] = [
        listed("What was found is the unconstrained solution. It violates ", list(violated)) + say(":"),
        Display(tuple(_at_the_estimates(c, OPPOSITE[c.signs[0]], state) for c in violated)),
    ]
    one = len(needed) == 1 and not rises and state.ell is not None
    cells = cells_inside(state.ell, state.problem, _at(state), needed, _at(best.state)) if one and state.ell is not None else None
    if one and cells is None:
        raise NotSupported(
            "what is largest without the inequality does not satisfy it, and that no other point that satisfies it is higher than those at "
            "which its two sides are equal was not settled; this is not supported yet"
        )
    if cells is not None:
        blocks.append(covered_words(cells) + listed("", equal) + say("."))
    elif len(needed) == 1:
        blocks.append(_why_there(state, needed[0], rises) + listed("", equal) + say("."))
    elif rises:
        blocks.append(
            say("From every point at which they hold {} rises along a path to that solution. The path leaves these points where one of them is an equation. On the "
                "points where it is, {} rises along a path to its maximum there, and so on: the maximum lies where some are equations and the maximum on "
                "such a set satisfies the others. ", state.problem.of("L"), state.problem.of("L"))
            + say("Further equations leave fewer points, and nothing better. So it lies where " if len(faces) == 1 else "Of these the likelihood is largest where ")
            + listed("", equal) + say("." if len(faces) == 1 else ":")
        )  # fmt: skip
        if len(faces) > 1:
            blocks.append(_compared(faces))
    else:
        blocks.append(
            say("At a maximum some of the inequalities hold as equations; on every such set of points {} has one stationary point. "
                "Of those that satisfy the other inequalities, the likelihood is largest where ", state.problem.of("ell"))
            + listed("", equal) + say(":" if len(faces) > 1 else ".")
        )  # fmt: skip
        if len(faces) > 1:
            blocks.append(_compared(faces))
    attained = all(c.signs[0].endswith("=") for c in best.active)
    if not attained:
        blocks.append(
            say("The inequality is strict, so these points do not belong to the domain: there is no maximum, the likelihood approaches its supremum without attaining it.")
        )  # fmt: skip
    title = say("The inequality" if len(needed) == 1 else "The inequalities")
    state = state.adding(Section(SectionKey.CONSTRAINTS, title, tuple(blocks)))
    state = replace(state, sections=as_unconstrained(state.sections, state.parameters))
    if not attained:
        return state.without_maximum(LOOKED_FOR)
    there = best.state
    bound = {k for c in best.active for k in names(c)}
    how = {k: How.BOUNDARY if k in bound else how for k, how in there.how.items()}
    return replace(
        state.adding(*there.sections),
        answers=there.answers,
        order=there.order,
        how=how,
        arguments=dict.fromkeys(
            there.answers,
            there.weakest(there.answers) if rises else by_cells(there.weakest(there.answers)) if cells is not None else LOOKED_FOR,
        ),
        conditions=there.conditions,
        numbers=True,
    )


def _higher(a: Face, b: Face) -> bool:
    """Whether the log-likelihood is proved to be larger at one maximum than at another."""
    here, there, letters = _at(a.state), _at(b.state), a.state.parameters
    other = {"#" + k: there[k] for k in letters}
    both = with_sources({**here, **other}, {"#" + k: Worked(Sym(k), there) for k in letters})
    return (ordered(Apply("ell", tuple(map(Sym, letters))), Apply("ell", tuple(map(Sym, other))), both) or 0) > 0


def _why_there(state: State, needed: Relation, rises: bool) -> Words:
    """Why an inequality that the maximum without it violates is an equation at the maximum."""
    p = state.problem
    if rises:
        return rising_words(p, needed, any(a.joint for a in state.arguments.values()))
    return say(
        "A maximum at which the inequality holds strictly would be a stationary point of {}; the one that was found violates it, and that there is no other was not "
        "proved. So the maximum was looked for where ",
        p.of("ell"),
    )  # fmt: skip


def _compared(faces: Sequence[Face]) -> Display:
    """The log-likelihood at the maximum of every face."""
    lines = []
    for f in faces:
        p = f.state.problem
        label = p.of("ell")
        at = replace_all(label, _answers(f.state))
        shown = Relation((at, height(f.height)), ("approx",))
        reason = listed("with ", [Relation(c.sides, ("=",)) for c in f.active])
        lines.append(held(f.state.judge, shown, reason, RuleName.PUT_IN))
    return Display(tuple(lines))


def _written_out(setting: Setting) -> dict[str, Formula]:
    """The estimates without the hats of others: in cases a hat is that of the case."""
    out: dict[str, Formula] = {}
    for k in in_order(setting.answers):
        out[k] = replace_all(setting.answers[k], {hat(o): f for o, f in out.items()})
    return {k: out[k] for k in setting.answers}


def _case_by_case(face: Face, needed: Relation, state: State, rises: bool) -> State:
    """For a symbolic sample: which of the two it is depends on the observations."""
    p = state.problem
    put = replace_all(needed, {Sym(k): f for k, f in _written_out(state).items()})
    if not isinstance(put, Relation):
        raise InternalError("a constraint is a relation")
    words = say("This is the unconstrained solution. If it satisfies {}, it is the maximum under the constraint too. Otherwise, ", needed)
    why = _why_there(state, needed, rises)
    words += replace(why, parts=(str(why.parts[0])[0].lower() + str(why.parts[0])[1:], *why.parts[1:])) + say(
        "{}.", equation(*needed.sides)
    )
    free, tied = _written_out(state), _written_out(face.state)
    answers = {k: free[k] if free[k] == tied[k] else Cases(((free[k], put), (tied[k], None))) for k in p.parameters}
    before = as_unconstrained(state.adding(Section(SectionKey.CONSTRAINTS, say("The inequality"), (words,))).sections, p.parameters)
    state = replace(state, sections=(*before, *face.state.sections))
    argument = face.state.weakest(tied) if rises else LOOKED_FOR
    state = state.with_answers(answers, dict.fromkeys(p.parameters, How.CLOSED), argument)
    oracle = state.settled(state.lines_oracle)
    lines = tuple(equal(oracle, hat(k), f, rule=RuleName.CASE_BY_CASE) for k, f in answers.items())
    return state.adding(Section(SectionKey.SOLVE, say("Both cases together"), (Display(lines),)))


__all__ = ["Face", "released", "under_inequalities"]
