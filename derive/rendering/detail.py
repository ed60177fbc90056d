"""How much of a derivation a write-up shows.

Every piece says in which detail it belongs.  Beside that, lines that follow from one another by moves that nobody writes on a
line of their own are shown as one: the last of them, with their reasons together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import NotValid
from ..formula.tree import ZERO, Big, Derivative, Formula, walk
from ..recorder import joined
from ..rule_names import RuleName
from ..trace import BESIDE, Block, Detail, Display, Line, Section, Words, say

if TYPE_CHECKING:
    from ..derived import Derived

# Moves that need no reason where others stand beside them.
REARRANGING = frozenset({
    RuleName.ADD_UP, RuleName.ARITHMETIC, RuleName.COLLECT, RuleName.COMMON_FACTOR, RuleName.EXPAND, RuleName.FACTOR, RuleName.ISOLATE,
    RuleName.MOVE_TERMS, RuleName.SPLIT_THE_SUM,
})  # fmt: skip
# Moves that may stand on one line with the one before them.
BESIDE_OTHERS = REARRANGING | {RuleName.CLEAR_DENOMINATORS, RuleName.DROP_A_FACTOR, RuleName.MULTIPLY}
# Moves whose own line is the one before in another form, also where that is the first of a chain.
REWRITING = frozenset({RuleName.COMMON_FACTOR, RuleName.EXPAND_UNDER_THE_SUM, RuleName.NAME_THE_MEAN, RuleName.SPLIT_THE_SUM})
SHORT = BESIDE_OTHERS | REWRITING | {RuleName.DIVIDE}
SOLVING = SHORT | {RuleName.GATHER_A_PRODUCT, RuleName.LOG_RULES, RuleName.TAKE_A_ROOT}
REASONS = 2  # that are given for one line; of more moves it is said that they rearrange


def detail_of(d: Derived, asked: str | None) -> Detail:
    """The detail asked for, by its name; where none is, that of the question.  Raises NotValid where the name is none."""
    if asked is None:
        return d.problem.asked.detail
    try:
        return Detail(asked)
    except ValueError:
        raise NotValid(f"`detail` is {' or '.join(map(repr, map(str, Detail)))}, not {asked!r}") from None


def shown(sections: Sequence[Section], detail: Detail) -> list[Section]:
    """The sections as a write-up of this detail has them; one of which nothing is left is left out."""
    out = []
    for s in sections:
        if detail.shows(s):
            blocks = _blocks([b for b in s.blocks if detail.shows(b)], detail)
            if blocks:
                out.append(replace(s, blocks=tuple(blocks)))
    return out


def details(s: Section) -> list[Detail]:
    """For every line of a section the least detail in which it is shown."""
    seen = {k: [x.formula for t in shown([s], k) for x in t.lines] for k in Detail}
    return [next((k for k in Detail if x.formula in seen[k]), Detail.FULL) for x in s.lines]


def _blocks(blocks: Sequence[Block], detail: Detail) -> list[Block]:
    out: list[Block] = []
    for b in blocks:
        if not isinstance(b, Display):
            out.append(b)
        elif b.likewise is not None and detail.rank <= b.likewise.rank:
            last = joined(b.lines, say("likewise"))
            before = out[-1] if out else None
            out[-1:] = (
                [replace(before, lines=(*before.lines, last))] if isinstance(before, Display) else [*out[-1:], replace(b, lines=(last,))]
            )
        else:
            b = replace(b, lines=tuple(_lines(b.lines, detail)))
            before = out[-1] if out and detail is not Detail.FULL else None
            if isinstance(before, Display) and _derivatives(before) and _derivatives(b):
                out[-1] = replace(before, lines=before.lines + b.lines)
            else:
                out.append(b)
    return out


def _derivatives(d: Display) -> bool:
    """Whether a display holds derivatives, each on a line of its own."""
    return all(isinstance(x.formula.sides[0], Derivative) and not x.continues for x in d.lines)


def _lines(lines: Sequence[Line], detail: Detail) -> list[Line]:
    """Lines with those that the next one takes in left out."""
    out: list[Line] = []
    waiting: list[Line] = []
    for k, line in enumerate(lines):
        waiting.append(line)
        if k + 1 == len(lines) or not _taken_in(line, lines[k + 1], k == 0, detail):
            out.append(line if len(waiting) == 1 else joined(waiting, _reason(waiting)))
            waiting = []
    if len(out) == 1 < len(lines) and lines[0].reason is None:  # there is no line before it from which it would follow
        out = [joined(lines, None)]
    return out


def _taken_in(line: Line, following: Line, first: bool, detail: Detail) -> bool:
    """Whether a line is not written beside the one that follows from it."""
    rule = following.rule
    if detail is Detail.FULL or following.reason is None or rule is None:
        return False
    if detail is Detail.BRIEF:
        return rule in (REWRITING if first and not following.continues else SOLVING)
    if not _general(line.formula):
        return not first and rule is RuleName.DIVIDE and line.formula.sides[-1] == following.formula.sides[-1] == ZERO
    return rule in REWRITING if first else rule in BESIDE_OTHERS | REWRITING and line.rule in SHORT


def _general(f: Formula) -> bool:
    """Whether a formula speaks of a sample without its numbers: those are followed one move a line."""
    return any(isinstance(g, Big) or getattr(g, "name", "") == "n" or str(getattr(g, "name", "")).endswith("_bar") for g in walk(f))


def _reason(lines: Sequence[Line]) -> Words | None:
    """Why the last of some lines follows from what stood before the first of them."""
    moves = [x for x in lines if x.reason is not None]
    if all(x.reason is None or x.rule in REWRITING for x in lines):
        return None if lines[0].reason is None else lines[-1].reason
    named = [x.reason for x in moves if x.rule not in REARRANGING | REWRITING and x.reason is not None]
    if not named or len(named) > REASONS:
        return say("rearrange")
    rearranged = any(x.rule in REARRANGING for x in moves)
    words, *more = map(_alone, named) if rearranged else named
    for w in more:
        words += say("; ") + w
    return words + say("; rearrange") if rearranged else words


def _alone(words: Words) -> Words:
    """A reason without the move beside it, which is one of those that rearrange."""
    last = words.parts[-1]
    cut = next((b for b in BESIDE if isinstance(last, str) and last.endswith(b)), None)
    return words if cut is None else replace(words, parts=(*words.parts[:-1], last[: -len(cut)]))  # type: ignore[index]
