"""Estimates that speak of one another: their order, and each in terms of the data alone."""

from __future__ import annotations

from collections.abc import Mapping

from .formula.names import hat
from .formula.tree import Big, Formula, Searched, SetOf, Span, Sym, Union, names, replace_all, transform


def in_order(answers: Mapping[str, Formula]) -> list[str]:
    """The names of answers, each after those that its formula speaks of (as letters or with hats)."""
    out: list[str] = []
    waiting = list(answers)
    held = {k: names(f) for k, f in answers.items()}
    hats = {k: hat(k).name for k in answers}
    while waiting:
        ready = [k for k in waiting if not any(o in held[k] or hats[o] in held[k] for o in waiting if o != k)] or waiting[:1]
        out += ready
        waiting = [k for k in waiting if k not in ready]
    return out


def without_hats(answers: Mapping[str, Formula]) -> dict[str, Formula]:
    """Estimates in terms of the data alone: estimates inside estimates written out, under an index of their own.
    One without a closed form is left out; in the others its letter stands for it."""
    out: dict[str, Formula] = {}
    for k in in_order(answers):
        if isinstance(answers[k], Searched):
            out[k] = Sym(k)
            continue
        values = {
            o: f for o, f in out.items() if not isinstance(f, (SetOf, Span, Union))
        }  # what depends on one of several values holds its letter
        out[k] = replace_all(answers[k], {letter: _reindexed(f) for o, f in values.items() for letter in (Sym(o), hat(o))})
    return {k: out[k] for k in answers if not isinstance(answers[k], Searched)}


def _reindexed(f: Formula) -> Formula:
    """A formula that can stand inside a sum: its own sums run over j."""

    def one(g: Formula) -> Formula | None:
        return (
            Big(g.kind, "j", g.low, g.high, replace_all(g.body, {Sym(g.index): Sym("j")}))
            if isinstance(g, Big) and g.index == "i"
            else None
        )

    return transform(f, one)
