"""The options of the command line, and the arguments of `derive.mle` that they stand for.

Options have the names of the Python arguments, in the singular where they are given once for each entry.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from typing import Any

from .. import __version__
from ..errors import NotValid
from ..problem.problemfile import load_problem_file
from ..sample.columns import number
from ..sample.datafile import is_column, load_column
from ..sample.sample import UNNAMED, Sample

TEXTS = ("likelihood", "syntax", "support", "method", "units", "title", "n", "unnormalised")  # taken as they are
NUMBERS = ("right", "left", "weights", "truncation")


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    top = argparse.ArgumentParser(prog="derive", description="Maximum-likelihood derivations, every step shown and checked.")
    top.add_argument("--version", action="version", version=f"derive {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="mle|check|loss|list")
    mle = commands.add_parser("mle", help="derive the maximum-likelihood estimates for a density")
    check = commands.add_parser("check", help="check a hand-worked solution", description=(
        "Exit code: 0 correct, 1 an error found, 2 unusable input, 3 nothing wrong but something unread or the answer missing."
    ))  # fmt: skip
    loss = commands.add_parser("loss", help="derive the loss that a noise model leads to")
    commands.add_parser("list", help="list the catalogued densities")
    for command in (mle, loss):
        command.add_argument(
            "density",
            nargs="?",
            metavar="DENSITY|PROBLEM.toml",
            help="LaTeX or SymPy text, the name of a distribution (derive list), or a problem file",
        )
    check.add_argument("answers", nargs="+", metavar="ANSWER", help="a solution in Markdown or LaTeX; - for standard input")
    check.add_argument("--problem", metavar="PROBLEM.toml", help="the question, as a problem file")
    check.add_argument("--density", help="the density, in LaTeX or SymPy text")
    loss.add_argument("--prediction", action="append", default=[], metavar="'mu = a + b*x'", help="what the model outputs")
    for command in (mle, check, loss):
        _add_question(command)
    return top


def _add_question(p: argparse.ArgumentParser) -> None:
    q = p.add_argument_group("the question")

    def each(name: str, plural: str, example: str, words: str) -> None:
        q.add_argument(f"--{name}", f"--{plural}", dest=plural, action="append", default=[], metavar=example, help=words)

    q.add_argument("--likelihood", metavar="TEXT", help="the likelihood itself, in place of a density")
    q.add_argument("--syntax", choices=("latex", "sympy"), help="how the density is written (default: decided from the text)")
    q.add_argument("--variable", action="append", default=[], metavar="x", help="the observed variable; several: x1,x2")
    each("covariate", "covariates", "x", "a variable observed but not modelled")
    each("parameter", "parameters", "'lambda: positive'", "what to estimate, perhaps with its domain")
    words = "a given constant, with a value (m=10), a domain ('m: integer') or neither"
    q.add_argument("--known", action="append", default=[], metavar="'m=10'", help=words)
    q.add_argument("--support", metavar="'x > 0'", help="where the density is not 0")
    each("constraint", "constraints", "'p1+p2+p3=1'", "an equation or inequality that the parameters satisfy")
    q.add_argument("--method", choices=("substitution", "lagrange"), help="for constraints")
    each("quantity", "quantities", "'mean wait = 1/lambda'", "something further to report at the estimate")
    q.add_argument("--at", action="append", default=[], metavar="'theta=1/2'", help="parameter values at which to report the likelihood")
    q.add_argument("--units", metavar="minutes", help="of the observations")
    each("label", "labels", "'p1=click'", "words for a parameter or a cell")
    q.add_argument("--title", help="a heading")
    q.add_argument("--unnormalised", action="store_true", default=None, help="work with a function that does not integrate to 1")
    d = p.add_argument_group("the observations")
    d.add_argument("--data", metavar="2,4,6|FILE.csv:COLUMN", help="observations known exactly; FILE.csv:y,x for several columns")
    d.add_argument("--right", metavar="5,5", help="values that an observation is only known to exceed")
    d.add_argument("--left", metavar="1", help="values that an observation is only known to lie below")
    d.add_argument("--interval", action="append", default=[], metavar="'(0, 2]'", help="an observation only known to lie in (a, b]")
    d.add_argument("--counts", metavar="'1=9000,0=1000'", help="values, or intervals '(0, 2]=5', with their frequencies")
    d.add_argument("--weights", metavar="1,2,1", help="one for each exact observation")
    d.add_argument("--truncation", metavar="0,10", help="nothing outside could have been seen; oo for an open end")
    d.add_argument("--sum", action="append", default=[], metavar="'x**2=70'", help="with --n: a sample known by its sums only")
    d.add_argument("--n", type=int, metavar="N", help="the size of a symbolic sample")
    o = p.add_argument_group("the write-up")
    o.add_argument("-o", "--output", metavar="FILE", help="write to a file, in the format of its ending")
    o.add_argument("--format", choices=("md", "tex", "json"), help="Markdown (default), LaTeX or JSON")


def protected(argv: Sequence[str]) -> list[str]:
    """The arguments with a blank before those that begin with a minus sign and are formulas or numbers, not options."""
    return [" " + a if re.match(r"-(?![-oh])[^-]", a) or re.match(r"-[oh]\w*[*(^]", a) else a for a in argv]


def arguments(options: argparse.Namespace) -> dict[str, Any]:
    """The keyword arguments that the options stand for; they override those of the problem file.

    Raises NotValid naming the option that cannot be understood.
    """
    kwargs = _question(options)
    for name in TEXTS:
        value = getattr(options, name)
        if value is not None:
            kwargs[name] = value.strip() if isinstance(value, str) else value
    if options.variable:
        names = _split(options.variable)
        kwargs["variable"] = names[0] if len(names) == 1 else names
    if options.covariates:
        kwargs["covariates"] = _split(options.covariates)
    if options.constraints:
        kwargs["constraints"] = [c.strip() for c in options.constraints]
    if options.parameters:
        kwargs["parameters"] = _domains(options.parameters, ":")
    if options.known:
        kwargs["known"] = _domains(options.known, ":=")
    for name, option in (("quantities", "quantity"), ("at", "at"), ("labels", "label")):
        given = getattr(options, name)
        if given:
            kwargs[name] = {**kwargs.get(name, {}), **_pairs(given, option)}
    predictions = getattr(options, "prediction", [])
    if predictions:
        kwargs["prediction"] = _pairs(predictions, "prediction") if "=" in predictions[0] else predictions[0].strip()
    _put_data(kwargs, options)
    return kwargs


def _question(options: argparse.Namespace) -> dict[str, Any]:
    """The arguments of the problem file, or the density."""
    density = options.density
    problem = getattr(options, "problem", None)
    if density is not None and density.strip().lower().endswith(".toml"):
        problem, density = density.strip(), None
    kwargs = {} if problem is None else load_problem_file(problem)
    if density is not None:
        kwargs["density"] = density.strip()
    if not kwargs and options.likelihood is None:
        raise NotValid("there is no question", hint="give a density, --likelihood or a problem file")
    return kwargs


def _put_data(kwargs: dict[str, Any], options: argparse.Namespace) -> None:
    """The observations: plain ones as they are, any other as a Sample."""
    data = None if options.data is None else _data(options.data.strip())
    kinds: dict[str, Any] = {k: _entries(getattr(options, k), k) for k in NUMBERS if getattr(options, k) is not None}
    if options.interval:
        kinds["interval"] = [i.strip() for i in options.interval]
    if options.counts is not None:
        kinds["counts"] = _pairs(_outside_brackets(options.counts), "counts")
    if options.sum:
        kinds["sums"], kinds["n"] = _pairs(options.sum, "sum"), kwargs.pop("n", None)
    if data is not None:
        kinds["exact"] = data
    if set(kinds) == {"exact"} and not isinstance(kwargs.get("data"), Sample):
        kwargs["data"] = data
    elif kinds:
        kwargs["data"] = Sample(**{**_given(kwargs.get("data")), **kinds})


def _given(data: Any) -> dict[str, Any]:
    """The arguments of `Sample` for the data of the problem file."""
    if not isinstance(data, Sample):
        return {} if data is None else {"exact": data}
    there: dict[str, Any] = {k: getattr(data, k) for k in data.kinds}
    if set(data.exact) == {UNNAMED}:
        there["exact"] = data.exact[UNNAMED]
    return there if data.n is None else {**there, "n": data.n}


def _data(text: str) -> Any:
    if is_column(text):
        return load_column(text)
    if ":" in text:
        raise NotValid(f"--data {text} names no CSV file", hint="write FILE.csv:COLUMN, or numbers: --data 2,4,6")
    return tuple(number(x, f"observation {j} of --data") for j, x in enumerate(_entries(text, "data"), 1))


def _entries(text: str, option: str) -> list[str]:
    out = [x for x in re.split(r"\s*[,;]\s*|\s+", text.strip()) if x]
    if not out:
        raise NotValid(f"--{option} is empty", hint=f"write numbers: --{option} 2,4,6")
    return out


def _split(texts: Sequence[str]) -> list[str]:
    return [x.strip() for t in texts for x in t.split(",") if x.strip()]


def _outside_brackets(text: str) -> list[str]:
    """Split at commas that stand outside brackets: "(0, 2]=5, 3=1"."""
    return [t for t in re.findall(r"(?:[(\[][^)\]]*[)\]]|[^,])+", text) if t.strip()]


def _pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    """NAME=VALUE.  A label is the rest; any other value holds no equals sign, and a name may: 'P(X = 0) = exp(-lambda)'."""
    out: dict[str, str] = {}
    for t in texts:
        key, sign, value = t.partition("=") if option == "label" else t.rpartition("=")
        if not sign or not key.strip() or not value.strip():
            raise NotValid(f"--{option} {t.strip()!r} is not NAME=VALUE", hint="quote it where it has blanks: 'mean wait = 1/lambda'")
        out[key.strip()] = value.strip()
    return out


def _domains(texts: Sequence[str], signs: str) -> list[str] | Mapping[str, str | None]:
    """NAME, NAME: DOMAIN or NAME=VALUE: a list of names where none has more."""
    out: dict[str, str | None] = {}
    for t in texts:
        name, sign, rest = re.match(rf"\s*(.*?)\s*(?:([{signs}])(.*))?$", t, re.DOTALL).groups()  # type: ignore[union-attr]
        if not name or (sign and not rest.strip()):
            raise NotValid(f"{t.strip()!r} is not a name with a domain or value", hint="write 'lambda: positive', or m=10 for a known one")
        names = [n.strip() for n in name.split(",")] if sign is None else [name]
        out.update(dict.fromkeys(names, rest.strip() if sign else None))
    return list(out) if all(v is None for v in out.values()) else out
