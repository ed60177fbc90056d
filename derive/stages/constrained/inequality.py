"""Inequalities between parameters: the maximum without them if it satisfies them, else on a face where some are equations."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from ...errors import InternalError, NotSupported
from ...formula.evaluate import Env, holds
from ...formula.names import hat
from ...formula.tree import Cases, Formula, Relation, Sym, equation, names, replace_all
from ...problem.parameter_groups import inequalities
from ...problem.problem import Problem
from ...recorder import equal, held
from ...trace import Block, Display, How, Outcome, Section, SectionKey, say
from ..elimination.eliminate import eliminate
from ..likelihood.product import likelihood, log_likelihood_section
from ..likelihood.score import score
from ..maximum.maximum import maximum
from ..prose import listed
from ..setting import State, run
from ..setup.begin import begin

Solve = Callable[[State], None]
MOST = 4  # inequalities, whose faces are looked at one by one
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True)
class Face:
    """active: the inequalities that hold as equations.  work: the derivation there.  height: the log-likelihood."""

    active: tuple[Relation, ...]
    state: State
    height: float = math.nan


def under_inequalities(state: State, with_equations: Solve) -> None:
    """The sections after the likelihood; fills the answers.

    with_equations: solves a question with equations, from its likelihood on.
    """
    p = state.problem
    needed = inequalities(p)
    if len(needed) > MOST:
        raise NotSupported(f"more than {MOST} inequalities between parameters are not supported yet")
    loose = released(p, needed)
    state.problem = loose
    if loose.constraints:
        with_equations(state)
    else:
        log_likelihood_section(state)
        score(state)
        vars(state).update(vars(run((eliminate,), state)))
    if state.outcome is not Outcome.UNIQUE:
        raise NotSupported("without the inequalities there is no single maximum; with them this is not supported yet")
    decided = state.numbers
    if decided and all(_holds(c, state) for c in needed):
        if not loose.constraints:
            vars(state).update(vars(run((maximum,), state)))
        state.problem = p
        state.sections.append(_satisfied(needed, state))
        return
    state.problem = p
    if not decided and len(needed) > 1:
        raise NotSupported("several inequalities are supported with data only", hint="give the data")
    faces = _faces(p, needed, with_equations) if decided else [_face(p, tuple(needed), with_equations)]
    if not faces:
        raise NotSupported("no point at which some of the inequalities hold as equations was found to be the maximum")
    best = max(faces, key=lambda f: f.height) if decided else faces[0]
    if decided:
        _on_the_face(best, faces, needed, state)
    else:
        _case_by_case(best, needed[0], state)


def released(p: Problem, without: Sequence[Relation], equal: Sequence[Relation] = ()) -> Problem:
    """The question without some inequalities, and with some of them as equations."""
    kept = tuple(c for c in p.constraints if c not in without)
    return p.replace(constraints=(*kept, *(Relation(c.sides, ("=",)) for c in equal)))


def _at(state: State) -> Env:
    return state.settled(state.judge).worlds[0]


def _holds(c: Relation, state: State) -> bool:
    return holds(c)(_at(state))


def _satisfied(needed: Sequence[Relation], state: State) -> Section:
    """The constraint is met by the maximum without it."""
    lines = []
    oracle = state.settled(state.lines_oracle)
    for c in needed:
        hats = replace_all(c, {Sym(k): hat(k) for k in state.parameters})
        put = replace_all(c, dict(_answers(state)))
        assert isinstance(hats, Relation) and isinstance(put, Relation)
        shown = Relation((hats.sides[0], put.sides[0], put.sides[1], hats.sides[1]), ("=", c.signs[0], "="))
        lines.append(held(oracle, shown, rule="constraint"))
    what = "constraint" if len(needed) == 1 else "constraints"
    words = listed("It remains to look at ", list(needed)) + say(":")
    last = say(f"The {what} hold{'s' if len(needed) == 1 else ''} at the maximum that was found without {'it' if len(needed) == 1 else 'them'}, so it is the maximum under {'it' if len(needed) == 1 else 'them'} as well.")  # fmt: skip
    return Section(SectionKey.CONSTRAINTS, say(f"The {what}"), (words, Display(tuple(lines)), last))


def _answers(state: State) -> dict[Formula, Formula]:
    return {Sym(k): f for k, f in state.answers.items()}


def _face(p: Problem, active: tuple[Relation, ...], with_equations: Solve) -> Face:
    """The maximum where some inequalities are equations."""
    quiet = begin(released(p, inequalities(p), active))
    likelihood(quiet)
    before = len(quiet.sections)
    with_equations(quiet)
    quiet.sections = quiet.sections[before:]
    if quiet.outcome is not Outcome.UNIQUE:
        raise NotSupported("where an inequality is an equation there is no single maximum; this is not supported yet")
    return Face(active, quiet)


def _faces(p: Problem, needed: Sequence[Relation], with_equations: Solve) -> list[Face]:
    """Every set of active inequalities whose maximum satisfies the others, with the log-likelihood there."""
    out = []
    for size in range(1, len(needed) + 1):
        for active in combinations(needed, size):
            try:
                face = _face(p, active, with_equations)
            except NotSupported:
                if len(needed) == 1:
                    raise
                continue
            rest = [c for c in needed if c not in active]
            e = _at(face.state)
            if all(holds(Relation(c.sides, (c.signs[0] if c.signs[0].endswith("=") else c.signs[0] + "=",)))(e) for c in rest):
                world = face.state.judge.worlds[0]
                out.append(Face(active, face.state, float(world["ell"](*(e[k] for k in p.parameters)))))
    return out


def _on_the_face(best: Face, faces: Sequence[Face], needed: Sequence[Relation], state: State) -> None:
    """With data: the maximum lies where the violated inequality is an equation."""
    blocks: list[Block] = [listed("The parameters must satisfy ", list(needed)) + say(". What was found does not:")]
    oracle = state.settled(state.lines_oracle)
    lines = []
    for c in needed:
        if _holds(c, state):
            continue
        hats = replace_all(c, {Sym(k): hat(k) for k in state.parameters})
        put = replace_all(c, _answers(state))
        assert isinstance(hats, Relation) and isinstance(put, Relation)
        shown = Relation((hats.sides[0], put.sides[0], put.sides[1], hats.sides[1]), ("=", OPPOSITE[c.signs[0]], "="))
        lines.append(held(oracle, shown, rule="constraint"))
    blocks.append(Display(tuple(lines)))
    equal: list[Formula] = [Relation(c.sides, ("=",)) for c in best.active]
    if len(needed) == 1:
        blocks.append(
            say("A maximum at which the inequality holds strictly would be a stationary point of {}, and the only one violates it. So the maximum lies where ", state.problem.of("ell"))
            + listed("", equal) + say("; there, only one of the two is free.")
        )  # fmt: skip
    else:
        blocks.append(
            say("At a maximum some of the inequalities hold as equations; on every such set of points {} has one stationary point. "
                "Of those that satisfy the other inequalities, the likelihood is largest where ", state.problem.of("ell"))
            + listed("", equal) + say(":" if len(faces) > 1 else ".")
        )  # fmt: skip
        if len(faces) > 1:
            blocks.append(_compared(faces))
    state.sections.append(Section(SectionKey.CONSTRAINTS, say("The inequality" if len(needed) == 1 else "The inequalities"), tuple(blocks)))
    if any(not c.signs[0].endswith("=") for c in best.active):
        last = state.sections[-1]
        words = say(
            "The inequality is strict, so these points do not belong to the domain: there is no maximum, the likelihood only comes ever closer to its supremum."
        )
        state.sections[-1] = Section(last.key, last.title, (*last.blocks, words))
        state.outcome = Outcome.NONE
        return
    state.sections += best.state.sections
    state.answers, state.order = best.state.answers, best.state.order
    bound = {k for c in best.active for k in names(c)}
    state.how = {k: How.BOUNDARY if k in bound else how for k, how in best.state.how.items()}
    state.conditions = best.state.conditions


def _compared(faces: Sequence[Face]) -> Display:
    """The log-likelihood at the maximum of every face."""
    from ...formula.decimals import rounded

    lines = []
    for f in faces:
        p = f.state.problem
        label = p.of("ell")
        at = replace_all(label, _answers(f.state))
        shown = Relation((at, rounded(f.height)), ("approx",))
        reason = listed("with ", [Relation(c.sides, ("=",)) for c in f.active])
        lines.append(held(f.state.judge, shown, reason, "put in"))
    return Display(tuple(lines))


def _case_by_case(face: Face, needed: Relation, state: State) -> None:
    """For a symbolic sample: which of the two it is depends on the observations."""
    p = state.problem
    put = replace_all(needed, _answers(state))
    if not isinstance(put, Relation):
        raise InternalError("a constraint is a relation")
    blocks: list[Block] = [
        say("If these estimates satisfy {}, they are the maximum under the constraint too. Otherwise a maximum at which the inequality holds "
            "strictly would be a stationary point of {}, and the only one violates it: the maximum then lies where {}.",
            needed, p.of("ell"), equation(*needed.sides)),
    ]  # fmt: skip
    free, tied = dict(state.answers), face.state.answers
    state.sections.append(Section(SectionKey.CONSTRAINTS, say("The inequality"), tuple(blocks)))
    state.sections += face.state.sections
    answers = {k: free[k] if free[k] == tied[k] else Cases(((free[k], put), (tied[k], None))) for k in p.parameters}
    state.answers, state.how = answers, dict.fromkeys(p.parameters, How.CLOSED)
    state.order = list(p.parameters)
    oracle = state.settled(state.lines_oracle)
    lines = tuple(equal(oracle, hat(k), f, rule="case by case") for k, f in answers.items())
    state.sections.append(Section(SectionKey.SOLVE, say("Both cases together"), (Display(lines),)))


__all__ = ["Face", "released", "under_inequalities"]
