"""The text of a solution -> its claims."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...errors import DeriveError
from ...formula.tree import Formula
from ..claims import Claim, Mention, Solution
from .chains import Chain, Side, assemble
from .segments import segments
from .student import readings

if TYPE_CHECKING:
    from ...question.problem import Problem
    from ...reading.context import Context

DECIMAL_COMMA = re.compile(r"\d\{,\}(?!\d{3}(?!\d))\d")
MOST_READINGS = 6


def read_solution(text: str, problem: Problem) -> Solution:
    """What a solution says, in the problem's own names.  What is not understood is a claim with `unread` set."""
    return read(text, problem.context)


def read(text: str, context: Context) -> Solution:
    """The same for declared names."""
    found, prose = segments(text)
    chains = assemble(found, DECIMAL_COMMA.search(text) is not None)
    claims: list[Claim] = []
    mentions: list[Mention] = []
    for number, chain in enumerate(chains, 1):
        sides = [_side(s, context) for s in chain.sides]
        if not chain.signs:
            if sides[0][0]:
                mentions.append(Mention(chain.line, chain.sides[0].text, sides[0][0][0], chain.prose))
            continue
        claims += _claims(chain, number, sides, len(claims))
    return Solution(text, tuple(claims), tuple(mentions), tuple(prose))


def _side(side: Side, context: Context) -> tuple[list[Formula], str | None]:
    """Its readings, or none and why."""
    try:
        return readings(side.text, context), None
    except DeriveError as e:
        return [], e.message


def _claims(chain: Chain, number: int, sides: list[tuple[list[Formula], str | None]], before: int) -> list[Claim]:
    out: list[Claim] = []
    for k, (sign, line, was_set) in enumerate(zip(chain.signs, chain.lines, chain.set, strict=True)):
        (lefts, why), (rights, why_right) = sides[k], sides[k + 1]
        pairs = [(a, b) for a in lefts for b in rights][:MOST_READINGS]
        joined = "set" if was_set else "continues" if k else chain.joined.replace("comma", "")
        out.append(
            Claim(
                before + k + 1, line, f"{chain.sides[k].text} {sign} {chain.sides[k + 1].text}",
                lefts[0] if lefts else None, sign, rights[0] if rights else None, number, joined, chain.prose,
                why or why_right, tuple(pairs[1:]),
            )
        )  # fmt: skip
    return out
