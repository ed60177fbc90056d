"""Values of vectors and matrices: small, of any numbers that have + - * /: floats, fractions, balls, power series."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of numbers.  A vector is a column."""

    rows: tuple[tuple[Any, ...], ...]

    @staticmethod
    def of(rows: Iterable[Iterable[Any]]) -> Matrix:
        """The matrix with these rows."""
        return Matrix(tuple(map(tuple, rows)))

    @staticmethod
    def column(xs: Iterable[Any]) -> Matrix:
        """The column of these numbers."""
        return Matrix(tuple((x,) for x in xs))

    @staticmethod
    def eye(k: Any) -> Matrix:
        """The unit matrix."""
        n = _whole(k)
        return Matrix.of((1 if i == j else 0 for j in range(n)) for i in range(n))

    @staticmethod
    def zeros(k: Any, m: Any = 1) -> Matrix:
        """A matrix of zeros."""
        return Matrix.of((0 for _ in range(_whole(m))) for _ in range(_whole(k)))

    @staticmethod
    def ones(k: Any) -> Matrix:
        """A column of ones."""
        return Matrix.column([1] * _whole(k))

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0]) if self.rows else 0

    @property
    def entries(self) -> list[Any]:
        return [x for r in self.rows for x in r]

    def map(self, f: Callable[[Any], Any]) -> Matrix:
        """A function of every entry."""
        return Matrix.of((f(x) for x in r) for r in self.rows)

    def with_entry(self, i: int, j: int, value: Any) -> Matrix:
        """The same with another entry at one place."""
        return Matrix.of((value if (a, b) == (i, j) else x for b, x in enumerate(r)) for a, r in enumerate(self.rows))

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, Matrix):
            if other == 0:  # the 0 of "= 0" has any shape
                return self
            if self.shape != (1, 1):
                raise ValueError(f"a number cannot be added to a matrix of shape {self.shape}")
            other = Matrix(((other,),))
        if self.shape != other.shape:
            raise ValueError(f"shapes {self.shape} and {other.shape} do not fit")
        return Matrix.of((a + b for a, b in zip(r, s, strict=True)) for r, s in zip(self.rows, other.rows, strict=True))

    __radd__ = __add__

    def __neg__(self) -> Matrix:
        return self.map(lambda x: -x)

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __mul__(self, c: Any) -> Matrix:
        """A number times a matrix; two matrices are multiplied by `dot` only."""
        if isinstance(c, Matrix):
            if c.shape == (1, 1):
                return self.map(lambda x: x * c.rows[0][0])
            if self.shape == (1, 1):
                return c.map(lambda x: x * self.rows[0][0])
            raise ValueError("a product of matrices without an order")
        return self.map(lambda x: x * c)

    __rmul__ = __mul__

    def __truediv__(self, c: Any) -> Matrix:
        return self.map(lambda x: x / c)

    def __getitem__(self, i: int) -> Any:
        """A member: the entry of a column; a row of a matrix, as a column."""
        r = self.rows[i]
        return r[0] if len(r) == 1 else Matrix.column(r)


def dot(a: Any, b: Any) -> Any:
    """The product of two matrices, or of a number and a matrix; 1 by 1 is a number."""
    if not isinstance(a, Matrix) or not isinstance(b, Matrix):
        return bare(a * b)
    if a.shape[1] != b.shape[0]:
        if (1, 1) in (a.shape, b.shape):
            return bare(a * b)
        raise ValueError(f"shapes {a.shape} and {b.shape} do not fit")
    columns = list(zip(*b.rows, strict=True))
    return bare(Matrix.of([_sum([x * y for x, y in zip(r, c, strict=True)]) for c in columns] for r in a.rows))


def bare(a: Any) -> Any:
    """The number of a matrix that has one entry only; anything else as it is."""
    return a.rows[0][0] if isinstance(a, Matrix) and a.shape == (1, 1) else a


def transposed(a: Any) -> Any:
    """The transpose; of a number itself."""
    return Matrix.of(zip(*a.rows, strict=True)) if isinstance(a, Matrix) else a


def diagonal(a: Any) -> Any:
    """The diagonal matrix of a column."""
    if not isinstance(a, Matrix):
        return a
    xs = a.entries
    return Matrix.of((x if i == j else 0 for j in range(len(xs))) for i, x in enumerate(xs))


def trace(a: Any) -> Any:
    """The sum of the diagonal."""
    return _sum([r[i] for i, r in enumerate(a.rows)]) if isinstance(a, Matrix) else a


def squares(a: Any) -> Any:
    """The sum of the squares of the entries."""
    return _sum([x * x for x in a.entries]) if isinstance(a, Matrix) else a * a


def norm(a: Any) -> Any:
    """The Euclidean norm."""
    s = squares(a)
    return s.sqrt() if hasattr(s, "sqrt") else math.sqrt(s)


def det(a: Any) -> Any:
    """The determinant."""
    return _eliminated(a)[0] if isinstance(a, Matrix) else a


def inverse(a: Any) -> Any:
    """The inverse.  Raises ZeroDivisionError where there is none."""
    if not isinstance(a, Matrix):
        return 1 / a
    rows = _eliminated(a)[1]
    if not rows:
        raise ZeroDivisionError("a singular matrix")
    return Matrix.of(rows)


def least_eigenvalue(a: Any) -> float:
    """Of the symmetric part, by Jacobi's rotations (Golub and Van Loan, Matrix Computations, 8.5)."""
    if not isinstance(a, Matrix):
        return float(a)
    k = len(a.rows)
    m = [[(float(a.rows[i][j]) + float(a.rows[j][i])) / 2 for j in range(k)] for i in range(k)]
    for _ in range(60 * k):
        p, q = max(((i, j) for i in range(k) for j in range(i)), key=lambda ij: abs(m[ij[0]][ij[1]]), default=(0, 0))
        if p == q or abs(m[p][q]) < 1e-14:
            break
        t = math.atan2(2 * m[p][q], m[q][q] - m[p][p]) / 2
        c, s = math.cos(t), math.sin(t)
        for j in range(k):
            m[p][j], m[q][j] = c * m[p][j] - s * m[q][j], s * m[p][j] + c * m[q][j]
        for j in range(k):
            m[j][p], m[j][q] = c * m[j][p] - s * m[j][q], s * m[j][p] + c * m[j][q]
    return min(m[i][i] for i in range(k))


def _eliminated(a: Matrix) -> tuple[Any, list[list[Any]]]:
    """The determinant and the inverse's rows, by Gauss and Jordan with the largest pivot."""
    k = len(a.rows)
    m = [[*r, *(1 if i == j else 0 for j in range(k))] for i, r in enumerate(a.rows)]
    scale = max((_size(x) for x in a.entries), default=1.0)
    d: Any = 1
    for c in range(k):
        p = max(range(c, k), key=lambda i: _size(m[i][c]))
        if _size(m[p][c]) <= 1e-13 * scale:
            return 0, []
        if p != c:
            m[c], m[p], d = m[p], m[c], -d
        pivot = m[c][c]
        d = d * pivot
        m[c] = [x / pivot for x in m[c]]
        for i in range(k):
            if i != c:
                factor = m[i][c]
                m[i] = [x - factor * y for x, y in zip(m[i], m[c], strict=True)]
    return d, [r[k:] for r in m]


def _size(x: Any) -> float:
    """The size of a number, of a ball its middle, of a power series its first coefficient."""
    if isinstance(x, (int, float, Fraction)):
        return abs(float(x))
    first = x if hasattr(x, "mid") else x[0]
    return abs(float(first.mid()))


def _sum(xs: list[Any]) -> Any:
    return reduce(lambda s, x: s + x, xs) if xs else 0


def _whole(k: Any) -> int:
    return int(k.unique_fmpz()) if hasattr(k, "unique_fmpz") else int(k)


__all__ = ["Matrix", "bare", "det", "diagonal", "dot", "inverse", "least_eigenvalue", "norm", "squares", "trace", "transposed"]
