"""Small matrices of floats: inverses of those that are positive definite."""

from __future__ import annotations

import math
from collections.abc import Sequence

Rows = tuple[tuple[float, ...], ...]
SINGULAR = 1e-12  # of a pivot beside the entry it came from


def inverse(rows: Sequence[Sequence[float]]) -> Rows | None:
    """The inverse of a symmetric matrix by its Cholesky factor; None where it is not positive definite, or nearly singular."""
    size = len(rows)
    low = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            s = rows[i][j] - math.fsum(low[i][k] * low[j][k] for k in range(j))
            if i == j:
                if not s > SINGULAR * abs(rows[i][i]):
                    return None
                low[i][i] = math.sqrt(s)
            else:
                low[i][j] = s / low[j][j]
    columns = [_solved(low, [float(i == j) for i in range(size)]) for j in range(size)]
    return tuple(tuple(columns[j][i] for j in range(size)) for i in range(size))


def _solved(low: Sequence[Sequence[float]], b: Sequence[float]) -> list[float]:
    """x with L L' x = b."""
    size, y = len(low), list[float]()
    for i in range(size):
        y.append((b[i] - math.fsum(low[i][k] * y[k] for k in range(i))) / low[i][i])
    x = [0.0] * size
    for i in reversed(range(size)):
        x[i] = (y[i] - math.fsum(low[k][i] * x[k] for k in range(i + 1, size))) / low[i][i]
    return x


def quadratic(v: Sequence[float], m: Sequence[Sequence[float]]) -> float:
    """v' M v."""
    return math.fsum(a * math.fsum(q * b for q, b in zip(row, v, strict=True)) for a, row in zip(v, m, strict=True))


__all__ = ["Rows", "inverse", "quadratic"]
