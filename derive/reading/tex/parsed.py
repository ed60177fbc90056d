"""A formula with the places of all its parts in the text: names and digits as they are written, calls with their arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ...formula.tree import Apply, At, Call, Const, Formula, Num, Sym, children
from ..context import Context
from ..source import Source
from .notation import LATEX
from .parser import P, Parser

Path = tuple[int, ...]  # which child, from the root on


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a formula, and what is written for it: text[start:end], in the text as it was given."""

    formula: Formula
    start: int
    end: int
    written: str


@dataclass(frozen=True)
class Parsed:
    """What was read from a text.

    formula: the whole.  source: the text as it was parsed, which knows the text as it was given.  read: every formula
    that was read, with its offsets, in the order of reading.
    """

    formula: Formula
    source: Source
    read: tuple[tuple[Formula, int, int], ...]

    @cached_property
    def places(self) -> Mapping[Path, Place]:
        """The parts of the formula that are written as such, by their place in the tree."""
        first: dict[int, tuple[int, int]] = {}  # nodes are immutable and may be equal: a node is known by its identity
        for f, start, end in self.read:
            first.setdefault(id(f), (start, end))

        def walk(f: Formula, path: Path) -> Iterator[tuple[Path, Place]]:
            if id(f) in first:
                start, end = self.source.span(*first[id(f)])
                yield path, Place(f, start, end, self.source.original[start:end])
            for k, g in enumerate(children(f)):
                yield from walk(g, (*path, k))

        return dict(walk(self.formula, ()))

    @property
    def span(self) -> tuple[int, int]:
        """Where the whole stands."""
        place = self.places.get(())
        return (place.start, place.end) if place is not None else self.source.span(0, len(self.source.text))

    @property
    def names(self) -> tuple[Place, ...]:
        """The names as written, in reading order; the formula of each is the name inside."""
        return tuple(p for p in self.places.values() if isinstance(p.formula, (Sym, At, Const)))

    @property
    def literals(self) -> tuple[Place, ...]:
        """The numbers with their digits."""
        return tuple(p for p in self.places.values() if isinstance(p.formula, Num))

    @property
    def calls(self) -> tuple[tuple[Place, tuple[Place, ...]], ...]:
        """The functions that are called, each with its arguments as written."""
        return tuple(
            (place, tuple(self.places[(*path, k)] for k in range(len(place.formula.args)) if (*path, k) in self.places))
            for path, place in self.places.items()
            if isinstance(place.formula, (Apply, Call))
        )


def parsed(p: P) -> Parsed:
    """The whole text of a parser as one formula.  Raises NotValid where it is none."""
    return Parsed(p.whole(), p.source, tuple(p.places))


def parse(text: str, context: Context | None = None) -> Parsed:
    """One LaTeX expression with the places of its parts.  Raises NotValid, naming the place, where it is none."""
    return parsed(Parser(text, context or Context(), LATEX, None))
