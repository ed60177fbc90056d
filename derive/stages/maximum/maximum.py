"""Is it the maximum?  For one unknown after the other (each substitution made a profile log-likelihood, so one-dimensional
arguments suffice) the first argument of a table that holds.  What none of them carries is said to be found numerically only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ...formula.names import hat
from ...formula.tree import Apply, Formula, Relation, Sym, equation, has, replace_all, size
from ...trace import Block, ConditionKind, Detail, How, Outcome, Section, SectionKey, Strength, Words, from_standard, say
from ..existence.inferred_ranges import supposed
from ..prose import listed, speak_of
from ..setting import MaximumArgument, State
from .concavity import concave
from .decreasing_score import falling
from .exponential_family import one_root
from .interior_pole import refuse_pole
from .second_derivative_test import bends_down
from .single_sign_change import falls_once, parabola
from .unknown import PROFILE, Unknown

# in the order in which they are tried: what is shorter to read first
ARGUMENTS: tuple[Callable[[Unknown], MaximumArgument | None], ...] = (concave, falls_once, bends_down, parabola, falling, one_root)


SHORT = 8  # nodes of an estimate that is written where its letter stands


def maximum(state: State) -> State:
    """Section "The maximum": for every unknown the argument that its method brought, else one found here."""
    if state.outcome is Outcome.NONE:
        return state
    state = replace(state, conditions=(*state.conditions, *supposed(state)))
    arguments = {k: state.arguments.get(k) or argument(Unknown(k, position, state)) for position, k in enumerate(state.order)}
    state = replace(state, arguments={**state.arguments, **arguments})
    blocks = _shown(state)
    if blocks:
        state = state.adding(Section(SectionKey.MAXIMUM, say("The maximum"), tuple(blocks)))
    if state.problem.observations is not None and How.NUMERIC in state.how.values():  # of these data the estimates are known to exist
        state = replace(state, conditions=tuple(c for c in state.conditions if c.kind is not ConditionKind.EXISTS))
    ties = any(c.kind is ConditionKind.UNIQUE for c in state.conditions)
    if state.outcome is Outcome.UNIQUE and state.arguments and _all_global(state) and not state.sets and not ties:
        both = (replace(c, kind=ConditionKind.BOTH) if c.kind is ConditionKind.EXISTS else c for c in state.conditions)
        state = replace(state, conditions=tuple(both))
    return state


def _shown(state: State) -> list[Block]:
    """The arguments one after the other, one that several unknowns share once, and what they say together."""
    blocks: list[Block] = []
    several = len(state.order) > 1
    needed = [r for c in state.conditions if c.kind is ConditionKind.EXISTS for r in c.relations]
    needed = [r for r in needed if not any(speak_of(s.blocks, r) for s in state.sections)]
    supposed = [from_standard(listed("Suppose that ", needed) + say("."))] if needed and state.problem.sample is None else []
    for position, name in enumerate(state.order):
        this = state.arguments[name]
        if this.joint and position and this is state.arguments[state.order[position - 1]]:
            continue
        shown = this.blocks
        if several and shown and not this.joint:
            first = next((b for b in shown if b.least is not Detail.FULL), shown[0])
            if position == 0 and isinstance(first, Words):
                shown = tuple(_fixed(name, state) + _continued(b) if b is first else b for b in shown)
            else:
                blocks.append(_stage_words(name, position, state, isinstance(first, Words)))
        blocks += shown
    blocks = [*supposed, *blocks] if blocks else []
    shared = len({id(a) for a in state.arguments.values()}) == 1  # says of all unknowns what is to be said
    together = _together(state) if several and blocks and not shared and _all_global(state) else None
    short = _in_brief(state) if blocks and _all_global(state) else None
    blocks += [] if together is None else [together]
    return blocks if short is None else [*map(from_standard, blocks), short]


def _together(state: State) -> Words:
    """What the arguments for one unknown after the other come to: the log-likelihood increases with each of them put in."""
    if state.sets:
        return say("So no point of the domain has a larger likelihood: each of these solutions is a global maximum.")
    if any(c.kind is ConditionKind.UNIQUE for c in state.conditions):
        return say("So no point of the domain has a larger likelihood: the solution is a global maximum.")
    chain = _chain(state)
    return (
        say("So the solution is the global maximum.")
        if chain is None
        else say(
            "So {}{}, with equality throughout only at the solution.", chain, " for all admissible values" if state.problem.moving else ""
        )
    )


def _chain(state: State) -> Relation | None:
    """The log-likelihood with one unknown after the other at its estimate; None where that is long, or found otherwise."""
    p, order = state.problem, state.order
    if (
        set(order) != set(state.parameters)
        or (p.moving and not state.numbers)
        or any(state.arguments[k].joint or k not in state.found for k in order)
    ):
        return None
    at: dict[str, Formula] = {k: Sym(k) for k in state.parameters}
    heights = [p.of("ell")]
    for k in order[:-1]:
        f = state.found[k]
        if size(f) > SHORT or any(has(f, hat(o)) for o in state.parameters):
            return None
        at = {o: replace_all(g, {Sym(k): f}) for o, g in at.items()}
        heights.append(Apply("ell", tuple(at.values())))
    heights.append(Apply("ell", tuple(hat(k) for k in state.parameters)))
    return Relation(tuple(heights), ("<=",) * (len(heights) - 1))


def _in_brief(state: State) -> Words | None:
    """The arguments in one sentence; None where one of them has none."""
    arguments = list(dict.fromkeys(state.arguments[k] for k in state.order))
    reasons = [a.reason for a in arguments]
    if None in reasons or not reasons:
        return None
    words = say("")
    for j, r in enumerate(reasons):
        assert r is not None
        words += say("; and, with what was found substituted, " if j else "") + r
    unique = not state.sets and not any(c.kind is ConditionKind.UNIQUE for c in state.conditions)
    end = say(": the maximum is global.") if unique else say(": no point of the domain has a larger likelihood.")
    return replace(words + end, most=Detail.BRIEF)


def _all_global(state: State) -> bool:
    return all(a.strength is not Strength.SEARCHED for a in state.arguments.values())


def argument(unknown: Unknown) -> MaximumArgument:
    """The first of the arguments that holds.  Raises NotSupported where the score has a pole inside the domain."""
    refuse_pole(unknown)
    at_an_end = unknown.name in unknown.state.al.facts.with_ends  # where there may be no root inside, a sign of the score says more
    for argue in sorted(ARGUMENTS, key=lambda a: a is not falls_once) if at_an_end else ARGUMENTS:
        found = argue(unknown)
        if found is not None:
            return found
    u = unknown.letter
    words = say(
        "No general proof was found that this is the maximum in {}; a numerical search over the whole domain found no higher point.", u
    )
    return MaximumArgument(Strength.SEARCHED, (words,))


def _fixed(name: str, state: State) -> Words:
    """That the other parameters are kept, as the beginning of a sentence."""
    others = [Sym(k) for k in state.parameters if k != name]
    return say("For fixed ") + (listed("", others) if len(others) == 1 else say("other parameters")) + say(", ")


def _continued(words: Words) -> Words:
    """A sentence as the rest of one."""
    first = words.parts[0]
    return replace(words, parts=(first[0].lower() + first[1:], *words.parts[1:])) if isinstance(first, str) else words


def _stage_words(name: str, position: int, state: State, alone: bool) -> Words:
    """What the next argument is about; alone: as a sentence, before another one."""
    stop = "." if alone else ":"
    if position == 0:
        words = _fixed(name, state)
        return replace(words, parts=(*words.parts[:-1], str(words.parts[-1]).rstrip()))
    profile = Apply(PROFILE, (Sym(name),))
    if any(speak_of(s.blocks, profile) for s in state.sections):  # it was introduced there
        return say("It remains to maximise {}{}", profile, stop)
    first = state.order[0]
    if (
        state.how.get(first) is How.BOUNDARY and state.arguments[first].strength is Strength.SEARCHED
    ):  # no profile: the best value elsewhere is another
        return say("Where {} holds, the log-likelihood is {}{}", equation(Sym(first), state.answers[first]), profile, stop)
    left = [Sym(k) for k in state.parameters if k != name and k not in state.order[:position]]
    with_them = say(", for fixed ") + listed("", left) if any(has(state.profile[name], u) for u in left) else say("")
    return (
        say("Substituting what was found leaves")
        + with_them
        + say("{} the profile log-likelihood {}{}", "," if with_them.parts else "", profile, stop)
    )
