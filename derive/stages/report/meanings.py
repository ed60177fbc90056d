"""What a letter of the derivation's own stands for, said where it is first used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ...formula.tree import Apply, Call, Formula, Sym, walk
from ...trace import Block, Words, from_standard, say
from ..maximum.unknown import PROFILE
from ..prose import formulas_in, listed
from ..setting import State

Meaning = Callable[[Formula, State], Words]


def _digamma(f: Formula, state: State) -> Words:
    return say("{} is the digamma function, the derivative of {}.", Sym("psi"), Call("log", (Call("gamma", (Sym("z"),)),)))


def _profile(f: Formula, state: State) -> Words:
    assert isinstance(f, Apply)
    others: list[Formula] = [Sym(k) for k in state.parameters if Sym(k) not in f.args]
    at = listed(" with ", others) + say(" at the estimate" if len(others) == 1 else " at the estimates")
    return say("Let {} be {}", f, state.problem.of("ell")) + at + say(" for given {}: the profile log-likelihood.", *f.args)


def _is_digamma(f: Formula, state: State) -> bool:
    return isinstance(f, Call) and f.name in ("digamma", "trigamma")


def _is_profile(f: Formula, state: State) -> bool:
    return isinstance(f, Apply) and f.name == PROFILE and len(f.args) == 1 and any(f.args[0] == Sym(k) for k in state.parameters)


MEANINGS: tuple[
    tuple[Callable[[Formula, State], bool], Meaning, bool], ...
] = (  # what it is, what it means, whether that is said before it
    (_is_profile, _profile, True),
    (_is_digamma, _digamma, False),
)


def with_meanings(state: State) -> State:
    """The sections with a sentence where a letter of the derivation's own is first used without one."""
    known: set[Formula | str] = set()
    sections = []
    for s in state.sections:
        blocks: list[Block] = []
        for b in s.blocks:
            before: list[Block] = []
            after: list[Block] = []
            for f in formulas_in(b):
                for g in walk(f):
                    for found, meaning, first in MEANINGS:
                        key: Formula | str = g if first else found.__name__
                        if found(g, state) and key not in known:
                            known.add(key)
                            if not (first and isinstance(b, Words)):  # a sentence that speaks of it introduces it
                                (before if first else after).append(from_standard(meaning(g, state)))
            place = len(blocks)
            while place and isinstance(lead := blocks[place - 1], Words) and not str(lead).endswith("."):  # it leads to what follows
                place -= 1
            blocks[place:] = [*before, *blocks[place:], b, *after]
        sections.append(replace(s, blocks=tuple(blocks)))
    return replace(state, sections=tuple(sections))


__all__ = ["with_meanings"]
