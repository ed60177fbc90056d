"""Values near a place where a formula is 0/0 though its limit exists: (1 + xi z)^(-1/xi) at xi = 0.

There the value is interpolated from places on both sides; where that does not agree with the formula beside the place,
the formula is left as it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from .functions import Env, Value
from .tree import Apply, Div, Formula, Pow, kinds, names, value, walk

WIDTH = 1e-3
REACH = 2e-3  # how far from the place the value is interpolated
NODES = (-3, -2, -1, 1, 2, 3)
AGREES = 1e-5


def singular(f: Formula, unknowns: Sequence[str], compiled: Callable[[Formula], Value]) -> tuple[tuple[str, float], ...]:
    """Values of one unknown at which a denominator of f that holds nothing else vanishes."""
    out: dict[tuple[str, float], None] = {}
    for g in walk(f):
        bottom = g.bottom if isinstance(g, Div) else g.base if isinstance(g, Pow) and (value(g.exponent) or 0) < 0 else None
        inside = names(bottom) if bottom is not None else set()
        if bottom is None or len(inside) != 1 or not inside <= set(unknowns) or Apply in kinds(bottom):
            continue
        (u,) = inside
        h = compiled(bottom)
        a, b, c = (h({u: x}) for x in (-1.0, 0.5, 2.0))
        if abs(a + c - 2 * b) <= 1e-12 * (abs(a) + abs(c)) and a != c:
            out[u, 0.5 - b * 3 / (c - a)] = None
    return tuple(out)


def bridged(g: Value, places: Sequence[tuple[str, float]]) -> Value:
    """The same function, interpolated near the places."""
    for u, r in places:
        g = _bridged(g, u, r)
    return g


def _bridged(g: Value, u: str, r: float) -> Value:
    last: list[tuple[Env, list[float], bool]] = []  # the values at the nodes are the same for all places

    def nodes(e: Env) -> tuple[list[float], bool]:
        """The values at the nodes, and whether what is interpolated between them agrees with the formula."""
        if last and last[0][0].keys() == e.keys() and all(k == u or v is e[k] for k, v in last[0][0].items()):
            return last[0][1], last[0][2]
        values = [g({**e, u: r + k * WIDTH}) for k in NODES]
        seen, said = g({**e, u: r + 0.5 * WIDTH}), _between(values, 0.5)
        agrees = abs(seen - said) <= AGREES * (abs(seen) + abs(values[-1] - values[0]) + 1e-9)
        last[:] = [(e, values, agrees)]
        return values, agrees

    def value_of(e: Env) -> float:
        x = e[u]
        if abs(x - r) >= REACH:
            return g(e)
        values, agrees = nodes(e)
        return _between(values, (x - r) / WIDTH) if agrees else g(e)

    return value_of


def _between(values: Sequence[float], t: float) -> float:
    return math.fsum(w * v for w, v in zip(_weights(t), values, strict=True))


def _weights(t: float) -> list[float]:
    """Lagrange's weights of the nodes for the place t."""
    return [math.prod((t - m) / (k - m) for m in NODES if m != k) for k in NODES]


__all__ = ["bridged", "singular"]
