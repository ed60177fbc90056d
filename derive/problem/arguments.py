"""The arguments of a question, each in one place: its type, what a problem file may hold for it, its option, its help."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypedDict, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

TEXT, LIST, ANY, TABLE, NUMBER, FLAG = "a text", "a list", "", "a table", "a whole number", "true or false"


class QuestionArguments(TypedDict, total=False):
    """The arguments of `derive.mle` beside the density."""

    likelihood: Any
    syntax: str | None
    variable: str | Sequence[str] | None
    covariates: Sequence[str] | None
    parameters: Sequence[str] | Mapping[str, str] | None
    known: Sequence[str] | Mapping[str, Any] | None
    support: str | Mapping[str, str] | None
    data: Any
    column: str | Mapping[str, str] | None
    event: Any
    missing: str | None
    n: int | None
    constraints: Sequence[str] | None
    method: str | None
    quantities: Mapping[str, str] | None
    at: Mapping[str, Any] | None
    units: str | None
    labels: Mapping[str, str] | None
    title: str | None
    unnormalised: bool


class PredictionArguments(QuestionArguments, total=False):
    """The same with what a model predicts."""

    prediction: str | Sequence[str] | Mapping[str, Any] | None


@dataclass(frozen=True)
class Argument:
    """name: of the argument, and the key in a problem file.  holds: what a problem file gives for it.  help, example: for
    the command line.  option: its option there, where that is given once for each entry.  choices: its only values."""

    name: str
    holds: str
    help: str
    example: str | None = None
    option: str = ""
    choices: tuple[str, ...] | None = None


ARGUMENTS = (
    Argument("likelihood", TEXT, "the likelihood itself, in place of a density", "TEXT"),
    Argument("syntax", TEXT, "how the density is written (default: decided from the text)", choices=("latex", "sympy")),
    Argument("variable", ANY, "the observed variable; several: x1,x2", "x", "variable"),
    Argument("covariates", LIST, "a variable observed but not modelled", "x", "covariate"),
    Argument("parameters", ANY, "what to estimate, perhaps with its domain", "'lambda: positive'", "parameter"),
    Argument("known", ANY, "a given constant, with a value (m=10), a domain ('m: integer') or neither", "'m=10'", "known"),
    Argument("support", ANY, "where the density is not 0", "'x > 0'"),
    Argument("data", ANY, "observations known exactly; FILE.csv:y,x for several columns", "2,4,6|FILE.csv:COLUMN"),
    Argument("column", ANY, "the column of a table that holds the observations", "COLUMN", "column"),
    Argument("event", ANY, "the column of a table that says which durations ended (1) and which are only exceeded (0)", "COLUMN"),
    Argument("missing", TEXT, "what to do with gaps in the data (default: error)", choices=("error", "drop")),
    Argument("n", NUMBER, "the size of a symbolic sample", "N"),
    Argument("constraints", LIST, "an equation or inequality that the parameters satisfy", "'p1+p2+p3=1'", "constraint"),
    Argument("method", TEXT, "for constraints", choices=("substitution", "lagrange")),
    Argument("quantities", TABLE, "something further to report at the estimate", "'mean wait = 1/lambda'", "quantity"),
    Argument("at", TABLE, "parameter values at which to report the likelihood", "'theta=1/2'", "at"),
    Argument("units", TEXT, "of the observations", "minutes"),
    Argument("labels", TABLE, "words for a parameter or a cell", "'p1=click'", "label"),
    Argument("title", TEXT, "a heading"),
    Argument("prediction", ANY, "what the model outputs", "'mu = a + b*x'", "prediction"),
    Argument("unnormalised", FLAG, "work with a function that does not integrate to 1"),
)


def explicit(question: type) -> Callable[[F], F]:
    """A decorator for a function of a question: its signature shows every argument, and any other keyword is a TypeError."""

    def decorate(function: F) -> F:
        own = inspect.signature(function)
        first = [p for p in own.parameters.values() if p.kind is not p.VAR_KEYWORD]
        further = [
            inspect.Parameter(
                a.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=False if a.holds == FLAG else None,
                annotation=question.__annotations__[a.name],
            )
            for a in ARGUMENTS
            if a.name in question.__annotations__
        ]
        signature = own.replace(parameters=[*first, *further])

        @wraps(function)
        def checked(*args: Any, **kwargs: Any) -> Any:
            for k in kwargs:
                if k not in signature.parameters:
                    raise TypeError(f"{function.__qualname__}() got an unexpected keyword argument {k!r}")
            return function(*args, **kwargs)

        checked.__signature__ = signature  # type: ignore[attr-defined]
        return cast(F, checked)

    return decorate


__all__ = ["ARGUMENTS", "Argument", "PredictionArguments", "QuestionArguments", "explicit"]
