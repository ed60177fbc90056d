"""Matrix notation of regressions, written out: X beta, X^T(y - X beta), |y - X beta|^2 as sums over the observations.

The design matrix X has a row for each observation and a column for each coefficient of the linear predictor; a column
is a formula in the covariates of observation i.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...errors import NotValid
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Apply,
    At,
    Big,
    Call,
    Derivative,
    Div,
    Formula,
    Mul,
    N,
    Neg,
    Pow,
    Sym,
    add,
    children,
    mul,
    neg,
    num,
    rebuild,
    replace_all,
    walk,
)
from .notation_scan import Notation

HERE = Sym("i")
LARGEST = 3  # coefficients for which the inverse of X^T X is written out


@dataclass(frozen=True, slots=True)
class Matrix:
    """rows, columns: "1", "n" (observations) or "p" (coefficients).  entries: by rows; along n a formula in index i."""

    rows: str
    columns: str
    entries: tuple[tuple[Formula, ...], ...]

    @property
    def transposed(self) -> Matrix:
        return Matrix(self.columns, self.rows, tuple(zip(*self.entries, strict=True)))

    def each(self, change: Callable[[Formula], Formula]) -> Matrix:
        return Matrix(self.rows, self.columns, tuple(tuple(map(change, row)) for row in self.entries))

    @property
    def scalar(self) -> Formula | None:
        return self.entries[0][0] if self.rows == self.columns == "1" else None


def number(f: Formula) -> Matrix:
    return Matrix("1", "1", ((f,),))


def in_components(f: Formula, n: Notation) -> Formula:
    """f without matrices: a vector of coefficients as a tuple, one of observations as its entry i.  Raises NotValid."""
    if not _speaks_of(f, n):
        return f
    m = _Writer(f, n).of(f)
    if (m.rows, m.columns) in (("1", "1"), ("n", "1"), ("1", "n")):
        return m.entries[0][0]
    if "n" in (m.rows, m.columns):
        raise NotValid("a matrix with a row for each observation stands alone here")
    if "1" in (m.rows, m.columns):
        return Apply("tuple", tuple(e for row in m.entries for e in row))
    return Apply("tuple", tuple(Apply("tuple", row) for row in m.entries))


def _speaks_of(f: Formula, n: Notation) -> bool:
    if any(isinstance(g, Apply) and g.name in ("matrix", "hessian", "nabla") for g in walk(f)):
        return True
    if not n.matrix:
        return False
    letters = {n.matrix, n.coefficients, n.coefficients + "_hat"}
    return any(
        (isinstance(g, Sym) and (g.name.replace("_vec", "") in letters or g.name.endswith("_vec")))
        or (isinstance(g, At) and g.base.endswith("_vec"))
        or (isinstance(g, Apply) and g.name in ("Norm", "Transpose"))
        for g in walk(f)
    )


class _Writer:
    """Writes out one side."""

    def __init__(self, f: Formula, n: Notation):
        self.n = n
        self.names, self.columns = tuple(k for k, _ in n.declared.design), [z for _, z in n.declared.design]
        self.rows_are_vectors = any(
            (isinstance(g, Apply) and g.name == "Transpose" and isinstance(g.args[0], At))
            or (isinstance(g, At) and g.base.endswith("_vec"))
            for g in walk(f)
        )

    def of(self, f: Formula) -> Matrix:
        match f:
            case Sym(name):
                return self._letter(f, name.replace("_vec", ""))
            case At(base, (index,)) if base.removesuffix("_vec") in self.n.declared.covariates and self.rows_are_vectors:
                return Matrix("p", "1", tuple((self._row(z, index),) for z in self.columns))
            case Apply("Transpose", (a,)):
                return self.of(a).transposed
            case Pow(Apply("Norm", (a,)), k) if k == num(2):
                return number(self._squares(self.of(a)))
            case Pow(Call("abs", (a,)), k) if k == num(2) and self.of(a).scalar is None:
                return number(self._squares(self.of(a)))
            case Apply("Norm", (a,)):
                return number(Call("sqrt", (self._squares(self.of(a)),)))
            case Pow(a, k):
                return self._power(self.of(a), k)
            case Mul(fs):
                return self._product([self.of(g) for g in fs])
            case Div(a, b):
                below = self._scalar(self.of(b))
                return self.of(a).each(lambda e: Div(e, below))
            case Neg(a):
                return self.of(a).each(neg)
            case Add(ts):
                return self._sum([self.of(t) for t in ts])
            case Big("sum", index, low, high, body):
                return self.of(body).each(lambda e: Big("sum", index, low, high, e))
            case Derivative(body, ((v, 1),)) if (coefficients := self.of(v)).scalar is None:
                return coefficients.each(lambda e: Derivative(self._scalar(self.of(body)), ((e, 1),)))
            case Apply("matrix", rows):
                entries = tuple(tuple(self._scalar(self.of(c)) for c in row.args) for row in rows if isinstance(row, Apply))
                return Matrix(self._length(len(entries)), self._length(len(entries[0])), entries)
            case Call("det", (a,)) if (square := self.of(a)).scalar is None and square.rows == square.columns:
                return number(_determinant(square.entries))
            case Apply("hessian", (body,)):
                by, height = self.n.parameters, self._scalar(self.of(body))
                return self._explicit(
                    tuple(tuple(Derivative(height, ((Sym(j), 2),) if j == k else ((Sym(j), 1), (Sym(k), 1))) for k in by) for j in by)
                )
            case Apply("nabla", (body,)):
                g, by = self._scalar(self.of(body)), self.names if self.n.matrix else self.n.parameters
                return self._explicit(tuple((Derivative(g, ((Sym(k), 1),)),) for k in by))
            case Apply(name, args):
                return number(Apply(name, tuple(e for a in args for row in self.of(a).entries for e in row)))
        kids = children(f)
        return number(rebuild(f, tuple(self._scalar(self.of(k)) for k in kids)) if kids and not isinstance(f, At) else f)

    def _explicit(self, entries: tuple[tuple[Formula, ...], ...]) -> Matrix:
        return Matrix(self._length(len(entries)), self._length(len(entries[0])), entries)

    def _length(self, k: int) -> str:
        return "1" if k == 1 else "p" if self.n.matrix and k == len(self.names) else str(k)

    def _letter(self, f: Sym, name: str) -> Matrix:
        d = self.n.declared
        if not self.n.matrix:
            return number(f)
        if name == self.n.matrix:
            return Matrix("n", "p", (tuple(self._row(z, HERE) for z in self.columns),))
        if name == self.n.coefficients:
            return Matrix("p", "1", tuple((Sym(k),) for k in self.names))
        if name == self.n.coefficients + "_hat":
            return Matrix("p", "1", tuple((hat(k),) for k in self.names))
        if name in d.variables or name.removesuffix("_hat") in d.variables or f.name.endswith("_vec"):
            return Matrix("n", "1", ((At(name, (HERE,)),),))
        return number(f)

    def _row(self, column: Formula, index: Formula) -> Formula:
        return replace_all(column, {Sym(c): At(c, (index,)) for c in self.n.declared.covariates})

    def _scalar(self, m: Matrix) -> Formula:
        if m.scalar is None:
            raise NotValid("a vector stands where a number belongs")
        return m.scalar

    def _squares(self, m: Matrix) -> Formula:
        if m.columns != "1" and m.rows == "1":
            m = m.transposed
        return self._scalar(self._times(m.transposed, m))

    def _power(self, m: Matrix, k: Formula) -> Matrix:
        if m.scalar is not None:
            return number(Pow(m.scalar, k))
        if k == neg(ONE) and m.rows == m.columns != "n" and len(m.entries) <= LARGEST:
            return _inverse(m)
        raise NotValid("this power of a matrix is not understood")

    def _product(self, ms: Sequence[Matrix]) -> Matrix:
        """From the right, so that no matrix with a row and a column for each observation arises on the way."""
        out = ms[-1]
        try:
            for m in reversed(ms[:-1]):
                out = self._times(m, out)
        except NotValid:
            out = ms[0]
            for m in ms[1:]:
                out = self._times(out, m)
        return out

    def _times(self, a: Matrix, b: Matrix) -> Matrix:
        for one, other in ((a, b), (b, a)):
            if (k := one.scalar) is not None:
                return other.each(lambda e, k=k: mul(k, e))  # type: ignore[misc]
        if a.columns != b.rows:
            raise NotValid("the shapes of these matrices do not fit")
        if a.rows == b.columns == "n":
            raise NotValid("a matrix with a row and a column for each observation")
        rows, columns = a.entries, tuple(zip(*b.entries, strict=True))
        sums = tuple(tuple(add(*(mul(x, y) for x, y in zip(r, c, strict=True))) for c in columns) for r in rows)
        out = Matrix(a.rows, b.columns, sums)
        return out.each(lambda e: Big("sum", "i", ONE, N, e)) if a.columns == "n" else out

    def _sum(self, ms: Sequence[Matrix]) -> Matrix:
        shapes = list(dict.fromkeys((m.rows, m.columns) for m in ms if m.scalar is None))
        if not shapes:
            return number(add(*(self._scalar(m) for m in ms)))
        if len(shapes) > 1:
            raise NotValid("the shapes of these matrices do not fit")
        whole = [self._promoted(m, shapes[0]) for m in ms]
        first = whole[0].entries
        return Matrix(
            *shapes[0], tuple(tuple(add(*(m.entries[r][c] for m in whole)) for c in range(len(first[r]))) for r in range(len(first)))
        )

    def _promoted(self, m: Matrix, shape: tuple[str, str]) -> Matrix:
        """A letter beside vectors of observations is one too: epsilon, p."""
        if m.scalar is None:
            return m
        if shape == ("n", "1") and isinstance(m.scalar, Sym) and m.scalar.name not in self.n.given:
            return Matrix("n", "1", ((At(m.scalar.name, (HERE,)),),))
        raise NotValid("a number is added to a vector")


def _inverse(m: Matrix) -> Matrix:
    """By cofactors."""
    e = m.entries
    if len(e) == 1:
        return m.each(lambda x: Div(ONE, x))
    det = _determinant(e)

    def cofactor(r: int, c: int) -> Formula:
        minor = tuple(tuple(x for j, x in enumerate(row) if j != c) for k, row in enumerate(e) if k != r)
        d = _determinant(minor)
        return d if (r + c) % 2 == 0 else neg(d)

    return Matrix(m.rows, m.columns, tuple(tuple(Div(cofactor(c, r), det) for c in range(len(e))) for r in range(len(e))))


def _determinant(e: Sequence[Sequence[Formula]]) -> Formula:
    if len(e) == 1:
        return e[0][0]
    out: list[Formula] = []
    for c, x in enumerate(e[0]):
        minor = [[y for j, y in enumerate(row) if j != c] for row in e[1:]]
        term = mul(x, _determinant(minor))
        out.append(term if c % 2 == 0 else neg(term))
    return add(*out) if out else ZERO
