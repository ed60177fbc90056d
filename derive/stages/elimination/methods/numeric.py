"""By Newton's method: equations that no rearrangement solves, stated in their textbook form.  For a symbolic sample
that is the result; with data they are solved, and every iteration is shown."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ....answers import in_order
from ....errors import NotSupported
from ....formula.evaluate import Env, compiled
from ....formula.names import hat
from ....formula.tree import ZERO, Call, Derivative, Formula, Peak, Sym, add, equation, log, names, replace_all, size, walk
from ....recorder import Equations, defined
from ....rules.standard import stated
from ....trace import Block, How, Outcome, Strength, Words, say
from ...boundary.admissible_region import sample_indicator
from ...existence.score_at_ends import root_conditions
from ...maximum.concavity import label_of
from ...profile.substitution import settled_letters
from ...profile.univariate import Shown
from ...setting import State, algebra_for
from ...unbounded.collapsing_component import path_without_bound
from ..boundary_refit import Outside
from ..joint_newton import jointly_solved
from ..method import Found, Plan, Search
from ..newton_table import solved
from .algebraic import starting

JUMPS = frozenset({"sign", "floor", "ceiling", "max", "min", "median"})


READABLE = 150  # nodes of an equation that a person still reads
LONGER = 1.2  # times the score: a form longer than that is no simpler


def method(search: Search, name: str) -> Plan | None:
    """A plan for all open unknowns at once; proposed once."""
    if name != search.open_names[0] or any(_broken(search.scores[k], search.open_names) for k in search.open_names):
        return None
    return Plan(search.open_names, frozenset(), lambda: carried_out(search))


def _slope(name: str, state: State) -> Derivative:
    """The score as it is written: the derivative of the log-likelihood, or of the profile log-likelihood."""
    return Derivative(label_of(name, len(state.order), state), ((Sym(name), 1),))


def _at(answers: Mapping[str, Formula], world: Env) -> Env:
    """A world with estimates put in."""
    w = dict(world)
    for k in in_order(answers):
        w[k] = w[hat(k).name] = compiled(answers[k])(w)
    return w


def within_domains(state: State, answers: Mapping[str, Formula], world: Env) -> None:
    """Raises NotSupported where an estimate lies outside its domain: there the domain itself decides."""
    for k in answers:
        domain = state.problem.parameters[k].closed
        if not math.isnan(world[k]) and not domain.contains(world[k], world):
            stated = state.problem.parameters[k]
            low = world[k] < domain.bounds(world)[0]
            if stated.low_open if low else stated.high_open:
                raise NotSupported(f"the score equations lead to {k} = {world[k]:.6g}, outside its domain ({domain.words()})")
            raise Outside(k, stated.low if low else stated.high, world[k], domain.words())


def _broken(score: Formula, unknowns: tuple[str, ...]) -> bool:
    """Whether a score jumps: it has the sign of something that holds an unknown."""
    return any(isinstance(g, Call) and g.name in JUMPS and names(g) & set(unknowns) for g in walk(score))


def carried_out(search: Search) -> Found:
    """The equations in standard form, and their roots defined by them; with data the iterations."""
    state, names_ = search.state, search.open_names
    blocks: list[Block] = []
    for j, name in enumerate(names_):
        if j or (state.order and len(names_) > 1):
            blocks.append(say("The equation for {}:", Sym(name)))
        blocks.append(in_standard_form(name, search.scores[name], state))
    blocks.append(_no_closed_form([Sym(k) for k in names_], state.data_world is None))
    if state.data_world is None:
        blocks += [_ends_words(k, state) for k in names_ if _closed_end(k, state)]
    answers = peaks(search)
    state.profile |= {k: search.scores[k] for k in names_}
    shown: Shown = solved(names_[0], answers[names_[0]], state) if len(names_) == 1 else jointly_solved(answers, state)
    world = state.data_world
    if world is None and len(names_) == 1:
        unique = shown.argument is not None and shown.argument.proved is Strength.GLOBAL
        blocks += root_conditions(names_[0], search.scores[names_[0]], _slope(names_[0], state), unique, state)
    everything = {**state.answers, **answers}
    if world is not None and shown.outcome is Outcome.UNIQUE and shown.answers is None and set(everything) == set(state.parameters):
        path = path_without_bound(state, everything, _at(everything, world))
        if path:
            return Found({}, (*blocks, *path), How.NUMERIC, Outcome.NONE)
        within_domains(state, everything, _at(everything, world))
    found = dict(answers) if shown.answers is None else dict(shown.answers)
    return Found(found, (*blocks, *shown.blocks), shown.how, shown.outcome, shown.sets, shown.argument)


def in_standard_form(name: str, score: Formula, state: State) -> Block:
    """The score equation and the moves to its standard form, which the work remembers for the result."""
    table = Equations(state.settled(state.lines_oracle))
    eq = equation(starting(score, name, state), ZERO)
    table.start(eq, defined("the score equation"))
    for m in stated(eq, Sym(name), algebra_for(score, state)):
        if size(m.after) > max(READABLE, LONGER * size(eq)):
            break
        table.move(m)
    state.equations[name] = table.lines[-1].formula
    return table.display


def _no_closed_form(us: list[Sym], symbolic: bool) -> Words:
    if len(us) == 1:
        words = say("No rearrangement gives {} in closed form", us[0])
    else:
        words = say("These equations hold the unknowns together and have no solution in closed form")
    return words + say(
        ": with data the equation{} solved numerically." if symbolic else ".", *([" is" if len(us) == 1 else "s are"] if symbolic else [])
    )


def _closed_end(name: str, state: State) -> bool:
    d = state.problem.parameters[name].interior
    return d != state.problem.parameters[name]


def _ends_words(name: str, state: State) -> Words:
    c = state.problem.parameters[name].condition(Sym(name))
    domain = say(" ({})", c) if c is not None else say("")
    return say("Where it has no root in the domain of {}", Sym(name)) + domain + say(", the likelihood is largest at an end of the domain.")


def peaks(search: Search) -> dict[str, Peak]:
    """The open unknowns as the place where the log-likelihood, with what was found put in, is largest."""
    state = search.state
    assert state.ell is not None
    bound: dict[Formula, Formula] = {Sym(k): Sym("#" + k) for k in search.open_names}
    whole = add(state.ell, log(sample_indicator(state.problem))) if state.problem.restrictions or state.together else state.ell
    body = replace_all(replace_all(whole, settled_letters(state)), bound)
    slopes = tuple(replace_all(search.scores[k], bound) for k in search.open_names)
    ends: list[Formula] = []
    closed: list[bool] = []
    for k in search.open_names:
        d = state.problem.parameters[k]
        ends += [d.low, d.high]
        closed += [not d.low_open, not d.high_open]
    inner = tuple("#" + k for k in search.open_names)
    return {k: Peak(body, slopes, inner, tuple(ends), tuple(closed), j) for j, k in enumerate(search.open_names)}
