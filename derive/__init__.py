"""derive: maximum-likelihood derivations, every step shown and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .errors import DeriveError, NotSupported, NotValid

if TYPE_CHECKING:
    from .catalogue import Entry
    from .checking.report import Report
    from .derivation import Derivation
    from .problem.problem import Problem
    from .reading.read import Statement, read
    from .sample.sample import Sample

__version__ = "0.1.0"
__all__ = [
    "Derivation",
    "DeriveError",
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
]

_HOMES = {
    "Problem": ".problem.problem",
    "Sample": ".sample.sample",
    "Derivation": ".derivation",
    "Report": ".checking.report",
    "read": ".reading.read",
    "Statement": ".reading.read",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name], __name__), name)
    raise AttributeError(f"module 'derive' has no attribute {name!r}")


def densities() -> tuple[Entry, ...]:
    """The catalogue: every distribution that may be named in place of a density."""
    from .catalogue import entries

    return entries()


def mle(
    density: Any = None,
    *,
    likelihood: Any = None,
    syntax: str | None = None,
    variable: str | Sequence[str] | None = None,
    covariates: Sequence[str] | None = None,
    parameters: Sequence[str] | Mapping[str, str] | None = None,
    known: Sequence[str] | Mapping[str, Any] | None = None,
    support: str | Mapping[str, str] | None = None,
    data: Any = None,
    n: int | None = None,
    constraints: Sequence[str] | None = None,
    method: str | None = None,
    quantities: Mapping[str, str] | None = None,
    at: Mapping[str, Any] | None = None,
    units: str | None = None,
    labels: Mapping[str, str] | None = None,
    title: str | None = None,
    unnormalised: bool = False,
) -> Derivation:
    """The maximum-likelihood derivation for a density.

    density: LaTeX or SymPy text, a SymPy expression, or a `Problem`: the density or mass function of one
    observation.  The other arguments say what is observed, what is estimated and what was seen; each is
    described in the README.  Raises `DeriveError` with what was wrong, where, and what to write instead.
    """
    from .derivation import derivation
    from .problem.problem import Problem

    if isinstance(density, Problem):
        return derivation(density)
    return derivation(
        Problem(
            density, likelihood=likelihood, syntax=syntax, variable=variable, covariates=covariates, parameters=parameters,
            known=known, support=support, data=data, n=n, constraints=constraints, method=method, quantities=quantities,
            at=at, units=units, labels=labels, title=title, unnormalised=unnormalised,
        )
    )  # fmt: skip


def check(
    solution: Any,
    density: Any = None,
    *,
    prediction: str | Sequence[str] | Mapping[str, Any] | None = None,
    likelihood: Any = None,
    syntax: str | None = None,
    variable: str | Sequence[str] | None = None,
    covariates: Sequence[str] | None = None,
    parameters: Sequence[str] | Mapping[str, str] | None = None,
    known: Sequence[str] | Mapping[str, Any] | None = None,
    support: str | Mapping[str, str] | None = None,
    data: Any = None,
    n: int | None = None,
    constraints: Sequence[str] | None = None,
    method: str | None = None,
    quantities: Mapping[str, str] | None = None,
    at: Mapping[str, Any] | None = None,
    units: str | None = None,
    labels: Mapping[str, str] | None = None,
    title: str | None = None,
    unnormalised: bool = False,
) -> Report:
    """A hand-worked solution, line by line, against the same question as for `mle`.

    solution: Markdown or LaTeX text, or a list of SymPy expressions and relations.  density: as for `mle`, or a `Problem`.  The report has a verdict for every
    relation that the solution states.  Raises `DeriveError` where the question or the text cannot be used.
    """
    from .checking.check import check as checked
    from .problem.problem import Problem

    if isinstance(density, Problem):
        return checked(solution, density)
    return checked(
        solution,
        Problem(
            density, prediction=prediction, likelihood=likelihood, syntax=syntax, variable=variable, covariates=covariates,
            parameters=parameters, known=known, support=support, data=data, n=n, constraints=constraints, method=method,
            quantities=quantities, at=at, units=units, labels=labels, title=title, unnormalised=unnormalised,
        ),
    )  # fmt: skip


def loss(
    density: Any = None,
    *,
    prediction: str | Sequence[str] | Mapping[str, Any] | None = None,
    likelihood: Any = None,
    syntax: str | None = None,
    variable: str | Sequence[str] | None = None,
    covariates: Sequence[str] | None = None,
    parameters: Sequence[str] | Mapping[str, str] | None = None,
    known: Sequence[str] | Mapping[str, Any] | None = None,
    support: str | Mapping[str, str] | None = None,
    data: Any = None,
    n: int | None = None,
    constraints: Sequence[str] | None = None,
    method: str | None = None,
    quantities: Mapping[str, str] | None = None,
    at: Mapping[str, Any] | None = None,
    units: str | None = None,
    labels: Mapping[str, str] | None = None,
    title: str | None = None,
    unnormalised: bool = False,
) -> Derivation:
    """The derivation of the loss that is minimised, from the noise model of the observations about a prediction.

    density: as for `mle`, or a `Problem` with a prediction.  prediction: the letter of the density that a model
    predicts, several such letters, or a mapping of them to expressions in covariates and weights.
    Raises `DeriveError` with what was wrong, where, and what to write instead.
    """
    from .derivation import loss_derivation
    from .problem.problem import Problem

    if isinstance(density, Problem):
        return loss_derivation(density)
    return loss_derivation(
        Problem(
            density, prediction=prediction, likelihood=likelihood, syntax=syntax, variable=variable, covariates=covariates,
            parameters=parameters, known=known, support=support, data=data, n=n, constraints=constraints, method=method,
            quantities=quantities, at=at, units=units, labels=labels, title=title, unnormalised=unnormalised,
        )
    )  # fmt: skip
