"""What a claim speaks of: the likelihood, its logarithm, a derivative, the model."""

from __future__ import annotations

from dataclasses import dataclass

from ...formula.tree import Apply, Call, Derivative, Formula, Sym, names, walk
from .meaning import INFORMATION, LIKELIHOODS, MODELLED
from .symbol_table import Book

DEFINED = LIKELIHOODS | MODELLED | INFORMATION


@dataclass(frozen=True, slots=True)
class Kind:
    """What a claim speaks of, itself or in the chain before it: what is then free."""

    ell: bool = False
    likelihood: bool = False
    derived: bool = False
    model: bool = False

    @property
    def defined(self) -> bool:
        return self.ell or self.likelihood or self.derived or self.model

    def __or__(self, other: Kind) -> Kind:
        return Kind(
            self.ell or other.ell, self.likelihood or other.likelihood, self.derived or other.derived, self.model or other.model
        )  # fmt: skip


def kind_of(sides: tuple[Formula, ...], book: Book, known: dict[str, Kind] | None = None) -> Kind:
    """What the sides speak of, through the writer's own names too.  known: what those names speak of that were looked at before."""
    known = {} if known is None else known
    out = Kind()
    for side in sides:
        inside: set[int] = set()
        for g in walk(side):
            if isinstance(g, Derivative):
                below = kind_of((g.body,), book, known)
                inside |= {id(h) for h in walk(g)}
                out = out | Kind(derived=below.defined or names(g.body) != names(side), model=below.model)
            elif id(g) in inside:
                continue
            elif isinstance(g, Call) and g.name == "log":
                below = kind_of(g.args, book, known)
                inside |= {id(h) for h in walk(g)}
                out = out | Kind(ell=below.likelihood or below.ell or below.model, derived=below.derived, model=below.model)
            elif isinstance(g, (Apply, Sym)):
                out = out | _named(g, book, known)
    return out


def _named(g: Apply | Sym, book: Book, known: dict[str, Kind]) -> Kind:
    own = book.functions[g.name][1] if g.name in book.functions else book.letters.get(g.name) if isinstance(g, Sym) else None
    if own is not None:
        if g.name not in known:
            known[g.name] = Kind()  # for a name that is defined by itself
            known[g.name] = kind_of((own,), book, known)
        return known[g.name]
    if g.name in ("ell", "nll"):
        return Kind(ell=True)
    if g.name == "L":
        return Kind(likelihood=True)
    return Kind(model=isinstance(g, Apply) and g.name in DEFINED)
