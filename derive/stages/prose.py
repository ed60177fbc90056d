"""Pieces of prose that several sections use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..formula.names import reported
from ..formula.tree import Formula, Sym, has
from ..problem.settled import Settled
from ..sets.domain import Domain
from ..trace import Block, Display, Table, Words, say

MANY = 4  # letters with the same domain that are still written one by one


def listed(lead: str, fs: Sequence[Formula | Words]) -> Words:
    """Formulas in a row after some words: "a, b and c"."""
    words = say(lead)
    for j, f in enumerate(fs):
        words += say("" if j == 0 else " and " if j == len(fs) - 1 else ", ") + say("{}", f)
    return words


def ranges(sets: Mapping[str, Domain]) -> list[Formula | Words]:
    """The conditions on letters, one for each; many letters with one domain are said in one go."""
    out: list[Formula | Words] = []
    left = dict(sets)
    while left:
        k, d = next(iter(left.items()))
        alike = [o for o, e in left.items() if e == d]
        if len(alike) > MANY and d.condition(Sym(k)) is not None:
            out.append(say("each of {}, …, {} {}", Sym(alike[0]), Sym(alike[-1]), d.words()))
        else:
            alike = [k]
            c = d.condition(Sym(k))
            out += [] if c is None else [c]
        left = {o: e for o, e in left.items() if o not in alike}
    return out


def letters_in_short(names: Sequence[str]) -> list[Formula | Words]:
    """Letters in a row, many of them by the first and the last."""
    if len(names) <= MANY:
        return [Sym(k) for k in names]
    return [say("{}, …, {}", Sym(names[0]), Sym(names[-1]))]


def remark(text: str, p: Settled) -> Words:
    """What is to be said of a question, its letters, `mu`, set as formulas."""
    letters = {reported(k): k for k in ("n", *p.parameters, *p.known, *p.values, *p.observed)}
    words = say("")
    for j, piece in enumerate(text.split("`")):
        words += say("{}", Sym(letters[piece]) if j % 2 and piece in letters else piece)
    return words


def formulas_in(b: Block) -> Iterator[Formula]:
    """The formulas of a block: those in prose, lines or cells of a table."""
    match b:
        case Words(parts):
            yield from (p for p in parts if not isinstance(p, str))
        case Display(lines):
            yield from (line.formula for line in lines)
        case Table(head, rows):
            for w in (*head, *(w for row in rows for w in row)):
                yield from formulas_in(w)


def speak_of(blocks: Iterable[Block], f: Formula) -> bool:
    """Whether a formula stands in prose, lines or tables."""
    return any(has(g, f) for b in blocks for g in formulas_in(b))


__all__ = ["formulas_in", "letters_in_short", "listed", "ranges", "speak_of"]
