"""A formula as a function of one letter, all others fixed: what integration and summation evaluate.

Parts without that letter are evaluated once.  Where a value overflows it is found again from its logarithm.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .careful import cancelling
from .evaluate import compiled, log_size
from .functions import CONSTANTS, FUNCTIONS, Env, power
from .tree import Add, Call, Const, Div, Formula, Mul, Neg, Num, Pow, Sym

Real = Callable[[float], float]
NAN, INF = math.nan, math.inf


def restricted(f: Formula, name: str, env: Env) -> Real:
    """The function x -> value of f at name = x, the other letters as in env; nan where it has no real value.

    Raises KeyError for a letter that env lacks.
    """
    part = _part(f, name, env)
    if not callable(part):
        return lambda x: part
    function: Real = part
    logs: list[Callable[[Env], tuple[int, float]]] = []

    def value(x: float) -> float:
        try:
            v = function(x)
            if -INF < v < INF:
                return v
        except OverflowError:
            pass
        except (ValueError, ZeroDivisionError, TypeError):
            return NAN
        if not logs:
            logs.append(log_size(f))
        return _from_log(logs[0], {**env, name: x})

    return value


def _from_log(log: Callable[[Env], tuple[int, float]], env: Env) -> float:
    try:
        sign, size = log(env)
        return sign * math.exp(size) if size < 709 else NAN if math.isnan(size) else sign * INF
    except (ValueError, ZeroDivisionError, OverflowError, TypeError):
        return NAN


def _part(f: Formula, name: str, env: Env) -> Any:
    """A float for a part without the letter, else a closure."""
    match f:
        case Num(v):
            return float(v)
        case Const(c):
            return CONSTANTS[c]
        case Sym(s):
            return (lambda x: x) if s == name else env[s]
        case Add(ts) if (steady := cancelling(ts)) is not None:
            return _product([steady[2], _call(steady[0], [_part(steady[1], name, env)])])
        case Add(ts):
            return _sum([_part(t, name, env) for t in ts])
        case Mul(ts):
            return _product([_part(t, name, env) for t in ts])
        case Neg(a):
            g = _part(a, name, env)
            return (lambda x: -g(x)) if callable(g) else -g
        case Div(a, b):
            g, h = _part(a, name, env), _part(b, name, env)
            if callable(g):
                return (lambda x: g(x) / h(x)) if callable(h) else (lambda x: g(x) / h)
            return (lambda x: g / h(x)) if callable(h) else (g / h if h else NAN)
        case Pow(a, b):
            return _power(_part(a, name, env), _part(b, name, env))
        case Call(fn, args):
            return _call(FUNCTIONS[fn], [_part(a, name, env) for a in args])
    whole, inner = compiled(f), dict(env)

    def value(x: float) -> float:
        inner[name] = x
        return whole(inner)

    return value


def _sum(parts: list[Any]) -> Any:
    c = sum(p for p in parts if not callable(p))
    gs = [p for p in parts if callable(p)]
    if not gs:
        return c
    if len(gs) == 1:
        g = gs[0]
        return lambda x: g(x) + c
    if len(gs) == 2:
        g, h = gs
        return lambda x: g(x) + h(x) + c
    return lambda x: sum([g(x) for g in gs]) + c


def _product(parts: list[Any]) -> Any:
    c = math.prod(p for p in parts if not callable(p))
    gs = [p for p in parts if callable(p)]
    if not gs:
        return c
    if len(gs) == 1:
        g = gs[0]
        return lambda x: c * g(x)
    if len(gs) == 2:
        g, h = gs
        return lambda x: c * g(x) * h(x)
    return lambda x: c * math.prod([g(x) for g in gs])


def _power(a: Any, b: Any) -> Any:
    if not callable(b):
        if b == 2.0 and callable(a):
            return lambda x: (v := a(x)) * v
        if callable(a):
            return lambda x: power(a(x), b)
        return _guarded(power, a, b)
    if callable(a):
        return lambda x: power(a(x), b(x))
    return lambda x: power(a, b(x))


def _call(fn: Callable[..., float], parts: list[Any]) -> Any:
    if not any(map(callable, parts)):
        return _guarded(fn, *parts)
    if len(parts) == 1:
        g = parts[0]
        return lambda x: fn(g(x))
    return lambda x: fn(*[p(x) if callable(p) else p for p in parts])


def _guarded(fn: Callable[..., float], *args: float) -> float:
    try:
        return fn(*args)
    except (ValueError, ZeroDivisionError, TypeError):
        return NAN
    except OverflowError:
        return INF
