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


def _profile(f: Formula, state: State) -> Words:
    assert isinstance(f, Apply)
    others: list[Formula] = [Sym(k) for k in state.parameters if Sym(k) not in f.args]
    at = listed(" with ", others) + say(" at the estimate" if len(others) == 1 else " at the estimates")
    return say("Let {} be {}", f, state.problem.of("ell")) + at + say(" for given {}: the profile log-likelihood.", *f.args)


def _mean(f: Formula, state: State) -> Words:
    return say("Here {} is the sample mean.", f)


def _together(said: list[Block]) -> list[Block]:
    """Two means in one sentence."""
    means = [b.parts[1] for b in said if isinstance(b, Words) and len(b.parts) == 3 and b.parts[2] == " is the sample mean."]
    if len(means) < 2:
        return said
    rest = [b for b in said if not (isinstance(b, Words) and len(b.parts) == 3 and b.parts[2] == " is the sample mean.")]
    return [from_standard(listed("Here ", [m for m in means if not isinstance(m, str)]) + say(" are the sample means.")), *rest]


def _digamma(f: Formula, state: State) -> Words:
    return say("Here {} is the digamma function, the derivative of {}.", Sym("psi"), Call("log", (Sym("Gamma"),)))


def _normal(f: Formula, state: State) -> Words:
    return say("Here {} is the standard normal distribution function.", Sym("Phi"))


def _bessel(f: Formula, state: State) -> Words:
    order = Sym("nu" if "nu" not in {*state.parameters, *state.problem.known} else "j")
    u = Sym("z" if "z" not in {*state.parameters, *state.problem.known, *state.problem.observed} else "u")
    return say("Here {} is the modified Bessel function of the first kind of order {}.", Call("besseli", (order, u)), order)


def _called(*names: str) -> Callable[[Formula, State], bool]:
    return lambda f, state: isinstance(f, Call) and f.name in names


def _is_mean(f: Formula, state: State) -> bool:
    return isinstance(f, Sym) and f.name.endswith("_bar") and f.name.removesuffix("_bar") in state.problem.observed


def _is_profile(f: Formula, state: State) -> bool:
    return isinstance(f, Apply) and f.name == PROFILE and len(f.args) == 1 and any(f.args[0] == Sym(k) for k in state.parameters)


MEANINGS: tuple[
    tuple[Callable[[Formula, State], bool], Meaning, bool], ...
] = (  # what it is, what it means, whether that is said before it
    (_is_profile, _profile, True),
    (_is_mean, _mean, False),
    (_called("digamma", "trigamma"), _digamma, False),
    (_called("Phi", "probit"), _normal, False),
    (_called("besseli"), _bessel, False),
)


def with_meanings(state: State) -> State:
    """The sections with a sentence where a letter of the derivation's own is first used without one."""
    known: set[Formula | str] = set()
    sections = []
    for s in state.sections:
        blocks: list[Block] = []
        after: list[Block] = []
        for b in s.blocks:
            if after and not _goes_on(b) and not _leads(blocks[-1]):
                blocks, after = [*blocks, *_together(after)], []
            before: list[Block] = []
            for f in formulas_in(b):
                for g in walk(f):
                    for found, meaning, first in MEANINGS:
                        key: Formula | str = g if first or meaning is _mean else meaning.__name__
                        if found(g, state) and key not in known:
                            known.add(key)
                            if not (first and isinstance(b, Words) and "log-likelihood" in str(b)):  # that sentence introduces it
                                (before if first else after).append(from_standard(meaning(g, state)))
            place = len(blocks)
            while place and _leads(blocks[place - 1]):
                place -= 1
            blocks[place:] = [*before, *blocks[place:], b]
        sections.append(replace(s, blocks=(*blocks, *_together(after))))
    return replace(state, sections=tuple(sections))


def _leads(b: Block) -> bool:
    """Whether a block is words that lead to what follows."""
    return isinstance(b, Words) and not str(b).endswith(".")


def _goes_on(b: Block) -> bool:
    """Whether a block is the rest of the sentence before it."""
    return isinstance(b, Words) and isinstance(b.parts[0], str) and b.parts[0][:1].islower()


__all__ = ["with_meanings"]
