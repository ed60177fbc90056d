"""Formulas in vectors and matrices at arrays of NumPy: an inverse before a product is a system of equations, least squares by QR."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .tree import Add, Call, Const, Div, Formula, MatMul, Mul, Neg, Num, Pow, Sym


def at_arrays(f: Formula, env: Mapping[str, Any]) -> Any:
    """The value of f, whose letters are arrays with two dimensions, or numbers."""
    import numpy as np

    match f:
        case Num(v):
            return float(v)
        case Sym(name):
            return env[name]
        case Add(ts):
            return sum(at_arrays(t, env) for t in ts)
        case Neg(a):
            return -at_arrays(a, env)
        case Mul(fs):
            out: Any = 1.0
            for g in fs:
                out = out * at_arrays(g, env)
            return out
        case Div(a, b):
            return at_arrays(a, env) / at_arrays(b, env)
        case Pow(Call("norm", (a,)), _):
            v = at_arrays(a, env)
            return float((v * v).sum())
        case MatMul(
            (Call("inverse", (MatMul((Call("transpose", (Sym() as x,)), Sym() as same)),)), Call("transpose", (Sym() as again,)), y)
        ) if x == same == again:
            return np.linalg.lstsq(at_arrays(x, env), at_arrays(y, env), rcond=None)[0]
        case MatMul((Call("inverse", (a,)), *rest)):
            return np.linalg.solve(at_arrays(a, env), at_arrays(rest[0] if len(rest) == 1 else MatMul(tuple(rest)), env))
        case MatMul((first, *rest)):
            return _bare(at_arrays(first, env) @ at_arrays(rest[0] if len(rest) == 1 else MatMul(tuple(rest)), env))
        case Pow(a, b):
            return at_arrays(a, env) ** at_arrays(b, env)
        case Const("pi"):
            return np.pi
        case Call("exp" | "log" | "sqrt" as name, (a,)):
            return getattr(np, name)(at_arrays(a, env))
        case Call("transpose", (a,)):
            return at_arrays(a, env).T
        case Call("inverse", (a,)):
            return np.linalg.inv(at_arrays(a, env))
    raise TypeError(type(f).__name__)


def _bare(v: Any) -> Any:
    return float(v[0, 0]) if getattr(v, "shape", None) == (1, 1) else v


__all__ = ["at_arrays"]
