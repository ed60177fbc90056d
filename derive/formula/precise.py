"""Formula -> its value to many digits, with mpmath: for limits that floating point does not reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .tree import Add, At, Big, Call, Const, Div, Formula, Indicator, Mul, Neg, Num, Pow, Sym, names

ELEMENTARY = ("log", "exp", "sqrt")
Values = Mapping[str, Any]


class NoValue(Exception):
    """The formula holds something that is not evaluated here, or has no real value."""


def precise(f: Formula, digits: int) -> Callable[[Values], Any]:
    """A function from values of letters (numbers, lists for indexed ones) to the value of f with so many digits.

    Raises NoValue at evaluation where there is none.
    """
    import mpmath

    def value(env: Values) -> Any:
        with mpmath.workdps(digits):
            return +_value(f, env, mpmath.mp, {})

    return value


def _value(f: Formula, env: Values, mp: Any, seen: dict[Any, Any]) -> Any:
    """The value; those of functions and sums are kept in `seen`, by the indices that they are taken at."""
    if not isinstance(f, (Call, Big)):
        return _fresh(f, env, mp, seen)
    key = (f, tuple(env[k] for k in sorted(names(f)) if k in env.get("#bound", ())))
    if key not in seen:
        seen[key] = _fresh(f, env, mp, seen)
    return seen[key]


def _fresh(f: Formula, env: Values, mp: Any, seen: dict[Any, Any]) -> Any:
    match f:
        case Num(v):
            return mp.mpf(v.numerator) / v.denominator
        case Const("pi"):
            return +mp.pi
        case Const("e"):
            return +mp.e
        case Sym(name) if name in env:
            return mp.mpf(env[name])
        case At(base, (k,)) if base.endswith("_ord") and base[:-4] in env:
            place = int(_value(k, env, mp, seen))
            return mp.mpf(sorted(env[base[:-4]])[place - 1])
        case At(base, (k,)) if base in env:
            return mp.mpf(env[base][int(_value(k, env, mp, seen)) - 1])
        case Add(ts):
            return mp.fsum(_value(t, env, mp, seen) for t in ts)
        case Mul(ts):
            return mp.fprod(_value(t, env, mp, seen) for t in ts)
        case Neg(a):
            return -_value(a, env, mp, seen)
        case Div(a, b):
            return _value(a, env, mp, seen) / _nonzero(_value(b, env, mp, seen))
        case Pow(a, b):
            base, k = _value(a, env, mp, seen), _value(b, env, mp, seen)
            if base < 0 and k != mp.floor(k):
                raise NoValue
            return mp.power(_nonzero(base) if k < 0 else base, k)
        case Call(name, (a,)) if name in ELEMENTARY:
            x = _value(a, env, mp, seen)
            if name != "exp" and not x > 0:
                raise NoValue
            return getattr(mp, name)(x)
        case Call("abs", (a,)):
            return abs(_value(a, env, mp, seen))
        case Big(kind, index, low, high, body):
            first, last = int(_value(low, env, mp, seen)), int(_value(high, env, mp, seen))
            inner = {**env, "#bound": (*env.get("#bound", ()), index)}
            parts = [_value(body, {**inner, index: j}, mp, seen) for j in range(first, last + 1)]
            return mp.fsum(parts) if kind == "sum" else mp.fprod(parts)
        case Call("log", (Indicator(),)):
            return mp.mpf(0)
    raise NoValue


def _nonzero(v: Any) -> Any:
    if v == 0:
        raise NoValue
    return v


__all__ = ["NoValue", "precise"]
