"""Families: letters with an index, a symbolic number of members.  What a member is, margins, totals, members put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .evaluate import Env, compiled
from .tree import ONE, PLACEHOLDER, At, Big, Formula, Sym, names, replace_all, total, transform


@dataclass(frozen=True, slots=True)
class Family:
    """A letter with an index.  index: the letters that run, as they were written.  high: where each of them ends; an end may speak of
    the letters before it, as in x_{ki} for i = 1, ..., m_k."""

    base: str
    index: tuple[str, ...]
    high: tuple[Formula, ...]

    @property
    def member(self) -> At:
        """The member at the letters of the index: p_k."""
        return At(self.base, tuple(map(Sym, self.index)))

    def at(self, where: Sequence[Formula]) -> tuple[Formula, ...]:
        """The ends of the indices at other places than the letters."""
        table: dict[Formula, Formula] = {Sym(k): f for k, f in zip(self.index, where, strict=True)}
        return tuple(replace_all(h, table) for h in self.high)

    def places(self, env: Env) -> Iterator[tuple[int, ...]]:
        """All places of the family at a test point, in order."""
        yield from places(self.index, self.high, env)


def places(index: Sequence[str], high: Sequence[Formula], env: Env) -> Iterator[tuple[int, ...]]:
    """The values of some indices, each from 1 to its end."""
    if not index:
        yield ()
        return
    for k in range(1, int(compiled(high[0])(env)) + 1):
        for rest in places(index[1:], high[1:], {**env, index[0]: k}):
            yield (k, *rest)


def put_members(f: Formula, family: Family, member: Formula) -> Formula:
    """f with a formula in the letters of the index for every member."""

    def one(g: Formula) -> Formula | None:
        if isinstance(g, At) and g.base == family.base and PLACEHOLDER not in g.index:
            return replace_all(member, {Sym(k): i for k, i in zip(family.index, g.index, strict=True)})
        return None

    return transform(f, one, At)


def with_margins(f: Formula, families: Mapping[str, Family]) -> Formula:
    """Sums of a family over the whole of one of its indices as margins: the sum of n_{jk} over k is n_{j.}."""

    def one(g: Formula) -> Formula | None:
        match g:
            case Big("sum", i, low, high, At(base, index)) if (
                base in families and low == ONE and len(index) > 1 and index.count(Sym(i)) == 1
            ):
                fam, place = families[base], index.index(Sym(i))
                if fam.high[place] == high and not any(i in names(k) for j, k in enumerate(index) if j != place) and _plain(fam):
                    return At(base, tuple(PLACEHOLDER if j == place else k for j, k in enumerate(index)))
        return None

    return transform(f, one, Big)


def _plain(fam: Family) -> bool:
    """Whether no end of an index depends on another index."""
    return not any(names(h) & set(fam.index) for h in fam.high)


def without_margins(f: Formula, families: Mapping[str, Family]) -> Formula:
    """Margins as the sums that they are."""

    def one(g: Formula) -> Formula | None:
        if not isinstance(g, At) or PLACEHOLDER not in g.index:
            return None
        fam = families[g.base]
        open_ = [j for j, k in enumerate(g.index) if k == PLACEHOLDER]
        taken = names(At("", tuple(k for k in g.index if k != PLACEHOLDER)))
        letters = {j: next(k for k in (fam.index[j], *"ijklmrs") if k not in taken) for j in open_}
        out: Formula = At(g.base, tuple(Sym(letters[j]) if j in letters else k for j, k in enumerate(g.index)))
        for j in reversed(open_):
            out = total(out, letters[j], fam.high[j])
        return out

    return transform(f, one, At)


def nested(fam: Family, env: Env, value: Mapping[tuple[int, ...], object]) -> object:
    """Values by place as nested lists."""

    def go(done: tuple[int, ...]) -> object:
        j = len(done)
        if j == len(fam.index):
            return value[done]
        there = {**env, **dict(zip(fam.index, done, strict=False))}
        return [go((*done, k)) for k in range(1, int(compiled(fam.high[j])(there)) + 1)]

    return go(())


__all__ = ["Family", "nested", "places", "put_members", "with_margins", "without_margins"]
