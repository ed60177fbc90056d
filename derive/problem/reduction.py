"""What makes a question one in fewer parameters: the others written by those that are left."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..algebra.facts import Facts
from ..formula.evaluate import Env, compiled, log_size
from ..formula.tree import Formula, Sym, replace_all
from ..oracle.exact import NO_DATA, LogLikelihood, Source, Worked, source_of, with_sources


@dataclass(frozen=True)
class Reduction:
    """tied: the other parameters in terms of those that are left.  kernel: what the likelihood is taken to be, in the
    letters that are left; None for the one of the question with all parameters.  facts: what is known of the letters.
    every: all parameters, in the order of that question."""

    tied: Mapping[str, Formula]
    kernel: Formula | None
    facts: Facts
    every: tuple[str, ...]

    def point(self, w: Env) -> Env:
        """A test point of the question with all parameters, with ell and L as functions of the parameters that are left."""
        left = [k for k in self.every if k not in self.tied]
        tied = {k: compiled(f) for k, f in self.tied.items()}
        size = None if self.kernel is None else log_size(self.kernel)

        def ell(*at: float) -> float:
            point: Env = {**w, **dict(zip(left, at, strict=True))}
            if size is None:
                point |= {k: g(point) for k, g in tied.items()}
                return float(w["ell"](*(point[k] for k in self.every)))
            sign, v = size(point)
            return v if sign > 0 else -math.inf if sign == 0 else math.nan

        letters = {k: g(w) for k, g in tied.items() if k not in w}
        sources: dict[str, Source] = {k: Worked(self.tied[k], w) for k in letters}
        return with_sources({**w, **letters, "ell": ell, "L": lambda *at: math.exp(ell(*at))}, sources | self._functions(w, tuple(left)))

    def _functions(self, w: Env, left: tuple[str, ...]) -> dict[str, Source]:
        """What ell and L are exactly."""
        if self.kernel is not None:
            return {k: LogLikelihood(self.kernel, w, left, (), NO_DATA, k) for k in ("ell", "L")}
        whole = source_of(w, "ell")
        if not isinstance(whole, LogLikelihood):
            return {}
        density = replace_all(whole.density, {Sym(k): f for k, f in self.tied.items()})
        return {k: replace(whole, density=density, letters=left, shown=k) for k in ("ell", "L")}


__all__ = ["Reduction"]
