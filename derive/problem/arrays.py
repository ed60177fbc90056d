"""A question in vectors and matrices: its letters with their shapes, and test points for it.

The dimensions are drawn anew at every test point, so that what holds there holds for any.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ..algebra.facts import COUNT, POSITIVE, Facts, Range
from ..algebra.terms import Algebra
from ..errors import NotValid
from ..formula.arrays import Matrix, det, dot, transposed
from ..formula.evaluate import Env, compiled
from ..formula.names import reported
from ..formula.shapes import SCALAR, Shapes
from ..formula.tree import ONE, Call, Formula, Num, Sym, log
from ..oracle.exact import Array, Function, Source, with_sources
from ..sets.domain import Domain
from ..sets.ranges import interior

SIZES = ((5, 2), (6, 3), (4, 1), (6, 2))  # rows and columns of a design at the test points
TRIES = 200


@dataclass(frozen=True)
class Predictor:
    """A law of a single response with a linear predictor.

    one: the density of the response y, in y and eta.  support: of the response.  rows: the letter of the rows x_i of the design.  facts: of
    y and eta.
    """

    one: Formula
    support: Domain
    rows: str
    facts: Facts


@dataclass(frozen=True)
class ArrayModel:
    """The letters of a question in vectors and matrices.

    density: of the observed vector, as it was read or made of its law.  shapes: of the letters.  data: those that are observed or given, y and X among them.  response: the
    observed vector.  mean, covariance: of its normal law, where that was given.  values: the data, arrays.  predictor: of a model that is
    no normal law of the vector, but a law of each response with a linear predictor.
    """

    density: Formula
    shapes: Shapes
    data: tuple[str, ...]
    response: str
    mean: Formula | None = None
    covariance: Formula | None = None
    values: Mapping[str, Any] | None = None
    predictor: Predictor | None = None

    @property
    def length(self) -> Formula:
        """The number of observations."""
        return self.shapes.of(Sym(self.response))[0]

    @property
    def sizes(self) -> tuple[str, ...]:
        """The letters of the dimensions, the number of observations first."""
        found = [h.name for s in (self.shapes.of(Sym(self.response)), *self.shapes.of_letters.values()) for h in s if isinstance(h, Sym)]
        return tuple(dict.fromkeys(found))

    def facts(self, domains: Mapping[str, Domain]) -> Facts:
        """Ranges of the scalars inside their domains, and of the dimensions."""
        letters: dict[str, Range] = dict.fromkeys(self.sizes, COUNT)
        letters |= {k: interior(d) for k, d in domains.items() if self.shapes.scalar(Sym(k))}
        letters |= {k: POSITIVE for k in self.data if self.shapes.scalar(Sym(k))}
        facts = Facts(letters)
        for k in self.shapes.definite:
            facts = facts.assume(Call("det", (Sym(k),)), POSITIVE)
        return facts

    def algebra(self, domains: Mapping[str, Domain]) -> Algebra:
        """Algebra of numbers inside the domains; products of matrices are opaque to it."""
        return Algebra(self.facts(domains), unknowns=tuple(self.shapes.of_letters))

    def points(self, domains: Mapping[str, Domain], seed: int = 3) -> tuple[Env, ...]:
        """Random test points: dimensions, data and parameters drawn anew at each."""
        rng = random.Random(seed)
        return tuple(self._point(rng, domains, rows, columns) for rows, columns in SIZES)

    def _point(self, rng: random.Random, domains: Mapping[str, Domain], rows: int, columns: int) -> Env:
        first, *others = self.sizes
        env: Env = {first: rows, **{k: max(1, columns - j) for j, k in enumerate(others)}}
        sources: dict[str, Source] = {}
        for k in (*self.data, *domains):
            if self.shapes.scalar(Sym(k)):
                q = Fraction(rng.randint(2, 24), 8)
                env[k], sources[k] = float(q), q
                continue
            m = self._drawn(k, env, rng)
            if self.predictor is not None and k in domains:  # so that no weight is beyond the digits of the others
                m = m / 16
            env[k], sources[k] = m.map(float), Array(m.rows)
        if self.predictor is not None:
            y = Matrix.column([self._response(j, self.predictor.support, rng) for j in range(rows)])
            env |= {self.response: y.map(float), self.predictor.rows: env["X"]}
            sources |= {self.response: Array(y.rows), self.predictor.rows: sources["X"]}
        env = with_sources(env, sources)
        return self._with_functions(env, tuple(domains))

    def _response(self, place: int, support: Domain, rng: random.Random) -> Fraction:
        """A response in the support; of a finite one each value in turn."""
        if support.values is not None:
            return Fraction(compiled(support.values[place % len(support.values)])({}))
        v = support.points(rng, {}, 1)[0]
        return Fraction(int(v)) if support.integer else Fraction(round(v * 8) or 1, 8)

    def _drawn(self, name: str, env: Env, rng: random.Random) -> Matrix:
        r, c = (int(h.value) if isinstance(h, Num) else env[h.name] for h in self.shapes.of(Sym(name)) if isinstance(h, (Num, Sym)))
        for _ in range(TRIES):
            m = Matrix.of([Fraction(rng.choice((-1, 1)) * rng.randint(1, 9), 2) for _ in range(c)] for _ in range(r))
            if name in self.shapes.definite or name in self.shapes.symmetric:
                m = dot(m, transposed(m)) if r > 1 else Matrix(((Fraction(rng.randint(1, 8), 2),),))
            square = dot(transposed(m), m)
            if (name not in self.shapes.full_rank and name not in self.shapes.definite) or det(square) != 0:
                return m
        raise NotValid(f"no matrix {reported(name)} of full rank was found: it has more columns than rows")

    def _with_functions(self, env: Env, parameters: tuple[str, ...]) -> Env:
        """The point with the log-likelihood and the likelihood as functions of the parameters, from the density as it was read."""
        base = dict(env)
        body = log(self.density)
        value, size = compiled(body), compiled(self.density)

        def at(g: Any, values: tuple[Any, ...]) -> Any:
            return g({**base, **dict(zip(parameters, values, strict=True))})

        out = {**env, "ell": lambda *values: at(value, values), "L": lambda *values: at(size, values)}
        return with_sources(out, {"ell": Function(body, parameters, base), "L": Function(self.density, parameters, base)})

    def with_values(self, values: Mapping[str, Any]) -> ArrayModel:
        """The same model with data, arrays of floats.  Raises NotValid where their dimensions do not fit."""
        sizes: dict[str, int] = {}
        for k in self.data:
            if self.shapes.scalar(Sym(k)):
                continue
            if k not in values:
                raise NotValid(f"{reported(k)} is missing from the data", hint="the data are " + ", ".join(map(reported, self.data)))
            for h, size in zip(self.shapes.of(Sym(k)), values[k].shape, strict=True):
                wanted = int(h.value) if isinstance(h, Num) else sizes.setdefault(h.name, size) if isinstance(h, Sym) else size
                if wanted != size:
                    shape = " x ".join(map(str, values[k].shape))
                    raise NotValid(f"{reported(k)} is {shape}, and {wanted} is wanted where it has {size}: the dimensions do not fit")
        strange = [k for k in values if k not in self.data]
        if strange:
            raise NotValid(f"{strange[0]} is not one of the data", hint="the data are " + ", ".join(map(reported, self.data)))
        return replace(self, values={**values, **sizes})

    @property
    def of_vectors(self) -> bool:
        """Whether it is a sample of normal vectors with a mean and a covariance matrix as letters."""
        return isinstance(self.mean, Sym) and isinstance(self.covariance, Sym)

    def is_vector(self, name: str) -> bool:
        """Whether a parameter is a vector."""
        s = self.shapes.of(Sym(name))
        return s != SCALAR and s[1] == ONE


__all__ = ["ArrayModel"]
