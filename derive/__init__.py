"""derive: maximum-likelihood derivations, every step shown and checked."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Unpack

from .errors import DeriveError, InternalError, NotSupported, NotValid
from .problem.arguments import PredictionArguments, QuestionArguments, explicit

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sympy

    from .catalogue import Entry
    from .checking.report import Report
    from .derivation import Derivation
    from .problem.problem import Problem
    from .reading.read import Statement, read
    from .sample.sample import Sample
    from .schemas.published import schema

__version__ = "0.1.0"
__all__ = [
    "Derivation",
    "DeriveError",
    "InternalError",
    "NotSupported",
    "NotValid",
    "Problem",
    "Report",
    "Sample",
    "Statement",
    "check",
    "densities",
    "loss",
    "mle",
    "read",
    "schema",
]

_HOMES = {
    "Problem": ".problem.problem",
    "Sample": ".sample.sample",
    "Derivation": ".derivation",
    "Report": ".checking.report",
    "read": ".reading.read",
    "Statement": ".reading.read",
    "schema": ".schemas.published",
}


if not TYPE_CHECKING:  # a type checker knows every name

    def __getattr__(name):
        if name in _HOMES:
            from importlib import import_module

            return getattr(import_module(_HOMES[name], __name__), name)
        near = get_close_matches(name, __all__, 1, 0.6)
        raise AttributeError(f"module 'derive' has no attribute {name!r}" + (f": did you mean {near[0]}?" if near else ""))

    def __dir__():
        return sorted({*globals(), *__all__})


def densities() -> tuple[Entry, ...]:
    """The catalogue: every distribution that may be named in place of a density."""
    from .catalogue import entries

    return entries()


@explicit(QuestionArguments)
def mle(density: str | sympy.Basic | Problem | None = None, **question: Unpack[QuestionArguments]) -> Derivation:
    """The maximum-likelihood derivation for a density.

    Raises `DeriveError` with what was wrong, where, and what to write instead.

    density: LaTeX or SymPy text, a SymPy expression, the name of a distribution, or a `Problem`: the density or mass
    function of one observation.
    """
    from .derivation import derivation

    return derivation(_problem(density, {"prediction": None, **question}))


@explicit(PredictionArguments)
def check(
    solution: str | Sequence[sympy.Basic],
    density: str | sympy.Basic | Problem | None = None,
    *,
    constants: str = "lenient",
    **question: Unpack[PredictionArguments],
) -> Report:
    """A hand-worked solution, line by line, against the same question as for `mle`.

    The report has a verdict for every relation that the solution states.  Raises `DeriveError` where the question or the
    text cannot be used.

    solution: Markdown or LaTeX text, or a list of SymPy expressions and relations.
    density: as for `mle`, or a `Problem`.
    constants: "lenient", or "strict" where a wrong constant of the log-likelihood is an error, and not a remark.
    """
    from .checking.check import check as checked

    return checked(solution, _problem(density, question), constants)


@explicit(PredictionArguments)
def loss(density: str | sympy.Basic | Problem | None = None, **question: Unpack[PredictionArguments]) -> Derivation:
    """The derivation of the loss that is minimised, from the noise model of the observations about a prediction.

    Raises `DeriveError` with what was wrong, where, and what to write instead.

    density: as for `mle`, or a `Problem` with a prediction.
    """
    from .derivation import loss_derivation
    from .problem.prediction import with_centre

    return loss_derivation(_problem(*with_centre(density, question)))


def _problem(density: object, question: PredictionArguments) -> Problem:
    """The question: a `Problem` as it is, or one posed by the arguments."""
    from .problem.problem import Problem

    return density if isinstance(density, Problem) else Problem(density, **question)
