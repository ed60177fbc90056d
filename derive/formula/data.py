"""Formula <-> plain data that JSON carries: the kind of a node and what it holds, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from typing import Any

from . import tree
from .tree import Formula

KINDS: Mapping[str, type[Formula]] = {
    k.__name__: k
    for k in (
        tree.Num, tree.Float, tree.Const, tree.Sym, tree.At, tree.Add, tree.Mul, tree.Neg, tree.Div, tree.Pow, tree.Call, tree.Apply, tree.Big, tree.Cases,
        tree.Indicator, tree.Derivative, tree.Integral, tree.Limit, tree.Where, tree.Dots, tree.Span, tree.SetOf, tree.Union, tree.Peak, tree.Last, tree.Best,
        tree.Relation, tree.And, tree.Expected, tree.Matrix, tree.MatMul, tree.Differential,
    )
}  # fmt: skip


def to_data(f: Any) -> Any:
    """A formula, or what one holds, as lists, texts, numbers and None."""
    if isinstance(f, Formula):
        return {type(f).__name__: [to_data(getattr(f, k.name)) for k in fields(f) if k.compare]}  # type: ignore[arg-type]
    if isinstance(f, Fraction):
        return {"Fraction": [f.numerator, f.denominator]}
    return [to_data(g) for g in f] if isinstance(f, tuple) else f


def from_data(data: Any) -> Any:
    """The formula of which these are the data.  Raises KeyError for a kind that is none."""
    if isinstance(data, dict):
        ((kind, held),) = data.items()
        return Fraction(*held) if kind == "Fraction" else KINDS[kind](*map(from_data, held))
    return tuple(map(from_data, data)) if isinstance(data, list) else data


__all__ = ["from_data", "to_data"]
