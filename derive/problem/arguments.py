"""The arguments of a question, each in one place: its type, what a problem file may hold for it, its option, its help."""

import inspect
import math
import numbers
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import wraps
from typing import Any, Protocol, SupportsFloat, TypeAlias, TypedDict, TypeVar, cast

from ..calls import bound_to, of_sympy
from ..errors import DeriveError, InternalError, NotValid
from ..reading.domains import as_text, subject_of

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

TEXT, LIST, ANY, TABLE, NUMBER, FLAG = "a text", "a list", "", "a table", "a whole number", "true or false"


class Symbol(Protocol):
    """What has a name: a symbol of SymPy."""

    @property
    def name(self) -> str: ...


class Expression(Protocol):
    """An expression, a relation or a set of SymPy."""

    @property
    def free_symbols(self) -> Any: ...


Name: TypeAlias = str | Symbol
Value: TypeAlias = str | SupportsFloat | Expression
Set: TypeAlias = str | Expression
Named: TypeAlias = Mapping[Any, T]  # by names: a mapping is not of another kind of key in the eyes of a type checker


class QuestionArguments(TypedDict, total=False):
    """The arguments of `derive.mle` beside the density."""

    likelihood: object
    syntax: str | None
    variable: Name | Sequence[Name] | None
    covariates: Sequence[Name] | None
    parameters: Sequence[Name] | AbstractSet[Name] | Named[Set | None] | None
    known: Sequence[Name] | AbstractSet[Name] | Named[Value | None] | None
    support: Set | Named[Set] | None
    data: object
    column: str | Named[str] | None
    event: object
    missing: str | None
    n: int | None
    constraints: Sequence[Set] | None
    method: str | None
    quantities: Named[Value] | None
    at: Named[Value] | None
    units: str | None
    labels: Named[str] | None
    title: str | None
    digits: int | None
    detail: str | None
    shapes: Named[str] | None
    inference: bool | str | Sequence[str] | AbstractSet[str] | None
    unnormalised: bool


class PredictionArguments(QuestionArguments, total=False):
    """The same with what a model predicts."""

    prediction: Name | Sequence[Name] | Named[Value] | None


@dataclass(frozen=True)
class Argument:
    """name: of the argument, and the key in a problem file.  holds: what a problem file gives for it.  takes: what Python gives.
    doc: for the docstring.  help, example: for the command line.  option: its option there, where that is given once for each
    entry.  choices: its only values."""

    name: str
    holds: str
    takes: str
    doc: str
    help: str
    example: str | None = None
    option: str = ""
    choices: tuple[str, ...] | None = None


INEQUALITY = re.compile(r"[<>≤≥]|\\[lg]eq?(?![A-Za-z])")

WORDS, NAME_OR_NAMES, NAMES, DOMAINS = (
    "a text",
    "a name or a list of names",
    "a list of names",
    "a list of names, or a mapping of them to domains",
)
VALUES, TEXTS, EXPRESSIONS = "a mapping of names to values", "a mapping of names to texts", "a list of equations or inequalities"
SETS, PREDICTIONS = "a text, or a mapping of names to texts", "a name, a list of names, or a mapping of names to expressions"
AFTER = ("sufficiency", "information", "standard errors", "intervals", "bias", "moments")
PARTS = f"True, or any of {', '.join(map(repr, AFTER))}"
COLUMNS = "the name of a column, or a mapping of variables to names"
ANYTHING, WHOLE, DIGITS, BOOLEAN = "anything", "a whole number of observations", "a whole number of digits from 1 to 15", "True or False"

ARGUMENTS = (
    Argument(
        "likelihood", TEXT, ANYTHING, "the likelihood itself, in place of a density, where the data are not copies of one observation",
        "the likelihood itself, in place of a density", "TEXT",
    ),
    Argument(
        "syntax", TEXT, WORDS, "how the density is written: 'latex' or 'sympy'; decided from the text where it is not said",
        "how the density is written (default: decided from the text)", choices=("latex", "sympy"),
    ),
    Argument(
        "variable", ANY, NAME_OR_NAMES, 'the observed letter, several for a vector: "y", ["x1", "x2"]', "the observed variable; several: x1,x2", "x", "variable",
    ),
    Argument("covariates", LIST, NAMES, 'letters observed but not modelled: ["x"]; their values are columns of the data', "a variable observed but not modelled", "x", "covariate"),
    Argument(
        "parameters", ANY, DOMAINS, 'what to estimate: ["mu"], or with domains {"p": "(0, 1)"}; every other letter where it is not said',
        "what to estimate, perhaps with its domain", "'lambda: positive'", "parameter",
    ),
    Argument(
        "known", ANY, DOMAINS, 'given constants: ["m"], with values {"m": 10} or with domains {"m": "integer"}',
        "a given constant, with a value (m=10), a domain ('m: integer') or neither", "'m=10'", "known",
    ),
    Argument("support", ANY, SETS, 'where the density is not 0: "x > 0"; inferred where it is not said', "where the density is not 0", "'x > 0'"),
    Argument(
        "data", ANY, ANYTHING, "the observations: a list, an array, a series, columns by name, a data frame, a CSV file, a `Sample`; none for a symbolic sample",
        "observations: numbers, FILE.csv:COLUMN, FILE.csv:y,x for several columns, - for standard input", "2,4,6|FILE.csv:COLUMN",
    ),
    Argument(
        "column", ANY, COLUMNS, 'of a table the column that holds the observations: "minutes", or {"y": "sales", "x": "price"}',
        "the column of a table that holds the observations", "COLUMN", "column",
    ),
    Argument(
        "event", ANY, ANYTHING, "which durations ended (1) and which are only exceeded (0): a column of the table, or the zeros and ones themselves",
        "which durations ended (1) and which are only exceeded (0): a column of a table, or the zeros and ones", "COLUMN|1,0,1",
    ),
    Argument(
        "missing", TEXT, WORDS, "what becomes of gaps in the data: 'error' (which it is where nothing is said) or 'drop'",
        "what to do with gaps in the data (default: error)", choices=("error", "drop"),
    ),
    Argument("n", NUMBER, WHOLE, "the size of a symbolic sample", "the size of a symbolic sample", "N"),
    Argument(
        "constraints", LIST, EXPRESSIONS, 'what the parameters satisfy: ["p1 + p2 + p3 = 1"], ["mu1 <= mu2"]',
        "an equation or inequality that the parameters satisfy", "'p1+p2+p3=1'", "constraint",
    ),
    Argument(
        "method", TEXT, WORDS, "how constraints are met: 'substitution' (which it is where nothing is said) or 'lagrange'", "for constraints",
        choices=("substitution", "lagrange"),
    ),
    Argument(
        "quantities", TABLE, VALUES, 'further things to report at the estimate: {"mean wait": "1/lambda"}', "something further to report at the estimate",
        "'mean wait = 1/lambda'", "quantity",
    ),
    Argument(
        "at", TABLE, VALUES, 'parameter values at which to report the likelihood too: {"theta": "1/2"}', "parameter values at which to report the likelihood",
        "'theta=1/2'", "at",
    ),
    Argument(
        "shapes", TABLE, TEXTS, 'vectors and matrices: {"X": "n x p", "beta": "p", "V": "n x n positive definite"}; inferred where the text leaves one reading',
        "a vector or matrix with its shape", "'X=n x p'", "shape",
    ),
    Argument("units", TEXT, WORDS, 'the unit of the observations: "minutes"', "of the observations", "minutes"),
    Argument("labels", TABLE, TEXTS, 'words for parameters or cells: {"p1": "click"}', "words for a parameter or a cell", "'p1=click'", "label"),
    Argument("title", TEXT, WORDS, "a heading", "a heading"),
    Argument(
        "prediction", ANY, PREDICTIONS, 'what the model outputs: "mu", or an expression for it {"mu": "a + b*x"}', "what the model outputs", "'mu = a + b*x'",
        "prediction",
    ),
    Argument(
        "digits", NUMBER, DIGITS, "the significant digits of decimals that are shown; 4 where nothing is said",
        "the significant digits of decimals that are shown (default: 4)", "N",
    ),
    Argument(
        "detail", TEXT, WORDS, "how much the write-up shows: 'brief', 'standard' (which it is where nothing is said) or 'full', one move a line",
        "how much the write-up shows (default: standard)", choices=("brief", "standard", "full"),
    ),
    Argument(
        "inference", ANY, PARTS,
        f"what comes after the estimate: True for all, or any of {', '.join(AFTER)}",
        "what comes after the estimate: " + ", ".join(AFTER) + "; several separated by commas, or all", "all|information,intervals",
    ),
    Argument(
        "unnormalised", FLAG, BOOLEAN, "True: work with a function that does not integrate to 1", "work with a function that does not integrate to 1",
    ),
)  # fmt: skip


def parts_of(v: object) -> tuple[str, ...]:
    """The names of what is asked for after the estimate, in order, from a list or a text; what is no name as it is."""
    if v is None or v is False:
        return ()
    if v is True or v == "all":
        return AFTER
    given = [k.strip() for k in v.split(",")] if isinstance(v, str) else list(v) if isinstance(v, Collection) else [v]
    wanted = [" ".join(k.replace("_", " ").split()) if isinstance(k, str) else "" for k in given]
    return tuple(k for k in AFTER if k in wanted) + tuple(k for k in wanted if k not in AFTER)


def plain_names(question: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with names as text where they were SymPy symbols.

    Raises NotValid where an argument is of a kind that it cannot be, saying what it is.
    """
    out = dict(question)
    for a in ARGUMENTS:
        value = question.get(a.name)
        if value is None:
            continue
        if not FITS[a.takes](value):
            text = f"the text {_shown(value)}" if isinstance(value, str) else _shown(value)
            raise NotValid(f"`{a.name}` is {a.takes}, not {text}", hint=a.doc)
        if a.choices is not None and value not in a.choices:
            near = get_close_matches(str(value), a.choices, 1, 0.6)
            hint = f"did you mean {near[0]!r}?" if near else None
            raise NotValid(f"`{a.name}` is {' or '.join(map(repr, a.choices))}, not {_shown(value)}", hint=hint)
        if a.takes in (WHOLE, DIGITS):
            out[a.name] = int(value)
        elif a.takes != ANYTHING:
            out[a.name] = as_text(value) if of_sympy(value) else _in_text(value)
    _said_with_conditions(out)
    return out


def _said_with_conditions(question: dict[str, Any]) -> None:
    """["a > 0", "b"] as names: what is "in" a set has that for its domain, an inequality is one of the constraints."""
    for name in ("parameters", "known"):
        given = question.get(name)
        table = dict(given) if isinstance(given, Mapping) else dict.fromkeys(given or ())
        subjects = {k: subject_of(k) for k, d in table.items() if d is None}
        if not any(subjects.values()):
            continue
        out: dict[str, Any] = {}
        for k, d in table.items():
            subject = subjects.get(k)
            limit = subject is not None and name == "parameters" and INEQUALITY.search(k) is not None
            out[subject or k] = None if limit else d if subject is None else k
            if limit:
                question["constraints"] = [*(question.get("constraints") or ()), k]
        question[name] = list(out) if all(d is None for d in out.values()) else out


def _in_text(value: Any) -> Any:
    """Names as text, alone, in a collection or as the keys of a mapping."""
    if isinstance(value, Mapping):
        return {str(k): v for k, v in value.items()}
    if isinstance(value, (str, bool)):
        return value
    return [v if isinstance(v, str) else str(v) for v in value] if isinstance(value, Collection) else str(value)


def _shown(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def _is_text(v: object) -> bool:
    return isinstance(v, str)


def _is_name(v: object) -> bool:
    return any(c.isalpha() for c in v) if isinstance(v, str) else of_sympy(v) and not hasattr(v, "__iter__")


def _is_key(v: object) -> bool:
    return bool(v.strip()) if isinstance(v, str) else _is_name(v)


def _is_value(v: object) -> bool:
    if isinstance(v, Decimal):
        return v.is_finite()
    if isinstance(v, numbers.Real) and not isinstance(v, numbers.Rational):
        return math.isfinite(v)
    return (isinstance(v, (str, numbers.Rational)) and not isinstance(v, bool)) or of_sympy(v)


def _are_names(v: object) -> bool:
    return isinstance(v, (Sequence, AbstractSet)) and not isinstance(v, (str, bytes, bytearray)) and all(map(_is_name, v))


def _maps(v: object, fits: Callable[[object], bool]) -> bool:
    return isinstance(v, Mapping) and all(map(_is_key, v)) and all(map(fits, v.values()))


FITS: Mapping[str, Callable[[object], bool]] = {
    ANYTHING: lambda v: True,
    WORDS: _is_text,
    NAME_OR_NAMES: lambda v: _is_name(v) or (_are_names(v) and len(v) > 0),  # type: ignore[arg-type]
    NAMES: _are_names,
    DOMAINS: lambda v: _are_names(v) or _maps(v, lambda d: d is None or _is_value(d)),
    VALUES: lambda v: _maps(v, _is_value),
    TEXTS: lambda v: _maps(v, _is_text),
    EXPRESSIONS: lambda v: isinstance(v, (list, tuple)) and all(_is_text(c) or of_sympy(c) for c in v),
    SETS: lambda v: _is_text(v) or of_sympy(v) or _maps(v, lambda d: _is_text(d) or of_sympy(d)),
    PREDICTIONS: lambda v: _is_name(v) or _are_names(v) or _maps(v, _is_value),
    COLUMNS: lambda v: _is_text(v) or _maps(v, _is_text),
    WHOLE: lambda v: isinstance(v, numbers.Integral) and not isinstance(v, bool) and v > 0,  # type: ignore[operator]
    DIGITS: lambda v: isinstance(v, numbers.Integral) and not isinstance(v, bool) and 0 < v <= 15,  # type: ignore[operator]
    BOOLEAN: lambda v: isinstance(v, bool),
    PARTS: lambda v: isinstance(v, bool) or all(k in AFTER for k in parts_of(v)),
}


def explicit(question: type) -> Callable[[F], F]:
    """A decorator for a function of a question: its signature and its documentation show every argument, and a call with any
    other raises `WrongCall`, which names the nearest."""

    def decorate(function: F) -> F:
        own = inspect.signature(function)
        first = [p for p in own.parameters.values() if p.kind is not p.VAR_KEYWORD]
        taken = [a for a in ARGUMENTS if a.name in question.__annotations__]
        further = [
            inspect.Parameter(
                a.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=False if a.holds == FLAG else None,
                annotation=question.__annotations__[a.name],
            )
            for a in taken
        ]
        signature = own.replace(parameters=[*first, *further])

        @wraps(function)
        def checked(*args: Any, **kwargs: Any) -> Any:
            bound_to(signature, function.__qualname__, args, kwargs)
            try:
                return function(*args, **plain_names(kwargs))
            except DeriveError:
                raise
            except Exception as e:  # the boundary of the engine: whatever it did not foresee is its own fault, and said to be
                raise InternalError(f"a step that was not foreseen ({type(e).__name__}: {e}), so there is no result") from e

        checked.__signature__ = signature  # type: ignore[attr-defined]
        checked.__doc__ = f"{(function.__doc__ or '').rstrip()}\n\n{_documentation(taken, function.__doc__)}".lstrip()
        return cast(F, checked)

    return decorate


def _documentation(arguments: Sequence[Argument], above: str | None) -> str:
    """The arguments for a docstring, one a line, indented as the text above."""
    lines = (above or "").splitlines()[1:]
    indent = " " * min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=4)
    rows = [f"{indent}{a.name}: {a.doc}." for a in arguments]
    return "\n".join(rows) + "\n" + indent


__all__ = ["AFTER", "ARGUMENTS", "Argument", "PredictionArguments", "QuestionArguments", "explicit", "parts_of", "plain_names"]
