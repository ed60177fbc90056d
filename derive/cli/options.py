"""The options of the command line, and the arguments of `derive.mle` that they stand for.

Options have the names of the Python arguments, in the singular where they are given once for each entry.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

from .. import __version__
from ..errors import NotValid
from ..formula.names import canonical
from ..problem.arguments import ARGUMENTS, FLAG, NUMBER, TABLE, Argument
from ..problem.problemfile import load_problem_file
from ..problem.validation import refuse_file
from ..schemas.published import NAMES as SCHEMAS
from .entries import domains, pairs, split
from .observed import put_data
from .plotting import add_plot

AS_GIVEN = tuple(a.name for a in ARGUMENTS if not a.option and a.name != "data")  # arguments that are taken as they are
ELSEWHERE = ("data", "column", "event", "missing", "n", "prediction")  # arguments whose options stand in other groups
ELSEWHERE_CALLED = {  # options of other tools, and what is meant by them here
    **dict.fromkeys(("--censored", "--censor", "--right-censored", "--status"), "write --right 5,5 for values that are only known to be exceeded, or --event COLUMN: 1 ended, 0 only exceeded"),
    **dict.fromkeys(("--save", "--write", "--file", "--to"), "write -o FILE: its ending says the format"),
    **dict.fromkeys(("--density", "--distribution", "--dist", "--family", "--model", "--pdf", "--pmf"), "the density, or the name of a distribution, is written without an option: derive mle exponential"),
    **dict.fromkeys(("--x", "--values", "--sample", "--observations", "--obs", "--input", "--csv"), "write --data 2,4,6 or --data FILE.csv:COLUMN"),
    **dict.fromkeys(("--given", "--constant", "--fixed", "--fix", "--set"), "write --known m=10"),
    **dict.fromkeys(("--param", "--estimate", "--theta"), "write --parameter NAME, or --parameter 'NAME: DOMAIN'"),
    **dict.fromkeys(("--freq", "--frequencies", "--frequency"), "write --counts '1=9000,0=1000'"),
    **dict.fromkeys(("--na", "--dropna", "--na-rm", "--skipna"), "write --missing drop"),
    **dict.fromkeys(("--subject-to", "--where", "--such-that"), "write --constraint 'p1+p2+p3=1'"),
    **dict.fromkeys(("--figure", "--picture", "--graph", "--chart"), "write --plot -o page.html, or --plot FILE.svg"),
    **dict.fromkeys(("--latex", "--tex", "--json", "--markdown"), "write --format tex, md or json, or -o FILE with that ending"),
    **dict.fromkeys(("--truncated", "--range"), "write --truncation 0,10: nothing outside could have been seen"),
}  # fmt: skip
SHELLS = ("bash", "zsh", "tcsh")
EXAMPLES = {
    "derive": r"""
  derive mle exponential --data 2,4,6
  derive mle '\theta^x (1-\theta)^{1-x}' --data 1,1,0,1,0 -o coin.tex
  derive check answer.md --density exponential --data 2,4,6
  derive list gamma
  derive show exponential""",
    "mle": r"""
  derive mle 'lambda*exp(-lambda*x)' --data 2,4,6 --units minutes --quantity 'mean wait = 1/lambda'
  derive mle exponential --data waits.csv --column minutes --event ended --missing drop
  derive mle '\frac{1}{\sqrt{2\pi v}} e^{-\frac{(x-\mu)^2}{2v}}' --parameter 'mu: real' --parameter 'v: positive'
  derive mle exponential --data 2,4,6 --event 1,1,0
  derive mle binomial --known m=10 --data 3,5,4
  derive mle exponential --data 2,4,6 --plot --level 0.95 -o waits.html
  derive mle examples/sensor.toml --format json""",
    "check": """
  derive check answer.md --problem examples/coin.toml
  derive check answers/*.md --density exponential --data 2,4,6 --format json""",
    "loss": r"""
  derive loss '\hat{p}^y (1-\hat{p})^{1-y}' --prediction '\hat{p}'
  derive loss '\frac{1}{2b} e^{-|y-\mu|/b}' --prediction 'mu = w0 + w1*x'""",
    "list": """
  derive list
  derive list count
  derive list --format json""",
    "show": """
  derive show exponential
  derive show 'negative binomial' --format json""",
    "schema": """
  derive schema derivation
  derive schema report > report.schema.json""",
    "completion": """
  derive completion bash > ~/.local/share/bash-completion/completions/derive
  derive completion zsh > ~/.zfunc/_derive""",
}


class Once(argparse.Action):
    """An option that may be given once: what is given a second time is not dropped in silence."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option_string: str | None = None
    ) -> None:
        """Keep the value.  Raises NotValid where there is one already."""
        if getattr(namespace, self.dest) is not None:
            raise NotValid(f"{option_string} is given twice", hint="give it once, with all that belongs to it")
        setattr(namespace, self.dest, values)


class Parser(argparse.ArgumentParser):
    """A parser whose mistakes are the same errors as all others: one message, with the nearest name."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.register("action", None, Once)
        self.register("action", "store", Once)

    def error(self, message: str) -> NoReturn:
        """What argparse says of a wrong command line, without the usage above it."""
        raise NotValid(message.removeprefix("argument "), hint=f"{self.prog} --help lists what there is")

    def _print_message(self, message: str, file: Any = None) -> None:
        (file or sys.stderr).write(message)  # what cannot be written is no success

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        there = list(map(str, action.choices))
        near = get_close_matches(str(value), there, 1, 0.5)
        if isinstance(action, argparse._SubParsersAction):
            if value in ("version", "help", "usage"):
                near = ["--version" if value == "version" else "--help"]
            hint = (
                f"did you mean derive {near[0]}?" if near else f"a derivation is `derive mle {value}`; the commands are {', '.join(there)}"
            )
            raise NotValid(f"there is no command {value!r}", hint=hint)
        what = "/".join(action.option_strings) or action.metavar or action.dest
        raise NotValid(f"{what} is not {value!r}", hint=(f"did you mean {near[0]}? " if near else "") + "it is one of " + ", ".join(there))

    def options(self, command: str | None) -> list[str]:
        """Every option of a command."""
        subs = next(a for a in self._actions if isinstance(a, argparse._SubParsersAction))
        parsers = [self] if command is None else [subs.choices[command]]
        return [o for p in parsers for o in p._option_string_actions]


def parsed(argv: Sequence[str]) -> argparse.Namespace:
    """The options of a command line.  Raises NotValid naming the option or the command that there is not."""
    top = parser()
    if argv[:1] == ["help"]:
        argv = [*argv[1:], "--help"]
    options, left = top.parse_known_args(protected(argv))
    if left:
        name, *_ = left[0].partition("=")
        if re.fullmatch(r"(?=.*\d)[\d.,;+-]+", name.strip()):
            raise NotValid(f"{name.strip()!r} is left over", hint="separate numbers by commas: --data 2,4,6")
        if not re.match(r"\s*-{1,2}[A-Za-z]", name):
            raise NotValid(f"{left[0].strip()!r} is left over", hint="quote what has blanks: 'lambda * exp(-lambda * x)'")
        name = "--" + name.strip().lstrip("-")
        if name in ELSEWHERE_CALLED:
            raise NotValid(f"derive {options.command} has no option {name}", hint=ELSEWHERE_CALLED[name])
        near = get_close_matches(name, [o for o in top.options(options.command) if o.startswith("--")], 1, 0.7)
        elsewhere = [c for c in ("mle", "check", "loss") if not near and name in top.options(c)]
        hint = f"did you mean {near[0]}?" if near else f"derive {options.command} --help lists the options"
        hint = f"derive {elsewhere[0]} has it" if elsewhere else hint
        raise NotValid(f"derive {options.command} has no option {name if len(name) > 3 else name[1:]}", hint=hint)
    return options


def parser() -> Parser:
    """The parser of the command line."""
    top = Parser(prog="derive", description="Maximum-likelihood derivations, every step shown and checked.", **_help("derive"))
    top.add_argument("-V", "--version", action="version", version=f"derive {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="mle|check|loss|list|show|schema|completion")

    def command(name: str, said: str, more: str = "") -> Parser:
        return commands.add_parser(name, help=said, description=f"{said[0].upper()}{said[1:]}. {more}".strip(), **_help(name))

    mle = command("mle", "derive the maximum-likelihood estimates for a density")
    check = command(
        "check", "check a hand-worked solution",
        "Exit code: 0 correct, 1 an error found, 2 unusable input, 3 nothing wrong but something unread or the answer missing.",
    )  # fmt: skip
    loss = command("loss", "derive the loss that a noise model leads to")
    for c in (mle, loss):
        c.add_argument(
            "density",
            nargs="?",
            metavar="DENSITY|PROBLEM.toml",
            help="LaTeX or SymPy text, the name of a distribution (derive list), or a problem file",
        )
    check.add_argument("answers", nargs="+", metavar="ANSWER", help="a solution in Markdown or LaTeX; - for standard input")
    check.add_argument("--problem", metavar="PROBLEM.toml", help="the question, as a problem file")
    check.add_argument("--density", help="the density, in LaTeX or SymPy text")
    _add(loss, "prediction")
    for c in (mle, check, loss):
        _add_question(c, ("text", "md", "json") if c is check else ("text", "md", "tex", "html", "ipynb", "typ", "json"))
    add_plot(mle.add_argument_group("the picture"))
    catalogue = command("list", "list the catalogued densities")
    catalogue.add_argument("word", nargs="?", metavar="WORD", help="only those whose name or description has this word")
    show = command("show", "show a catalogued density: its formula, support, mean and estimates")
    show.add_argument("name", nargs="+", metavar="NAME", help="the name of a distribution")
    for c in (catalogue, show):
        c.add_argument("--format", choices=("text", "json"), help="text (default) or JSON")
    schema = command("schema", "write the JSON Schema of a derivation or of a report on a solution")
    schema.add_argument("name", choices=SCHEMAS, metavar="|".join(SCHEMAS), help="of what")
    completion = command(
        "completion", "write the completion of this command line for a shell", "Needs shtab: pip install 'derive[completion]'."
    )
    completion.add_argument("shell", choices=SHELLS, metavar="|".join(SHELLS))
    return top


def _help(name: str) -> dict[str, Any]:
    """Examples below the help."""
    return {"epilog": "examples:" + EXAMPLES[name].replace("%", "%%"), "formatter_class": argparse.RawDescriptionHelpFormatter}


def _add(parser: argparse._ActionsContainer, name: str) -> None:
    """The option for an argument of a question: given once for each entry, or once; in the singular and as it is named."""
    a = next(a for a in ARGUMENTS if a.name == name)
    if a.option:
        flags = dict.fromkeys((f"--{a.option}", f"--{name}"))
        parser.add_argument(*flags, dest=name, action="append", default=[], metavar=a.example, help=a.help)
    elif a.holds == FLAG:
        parser.add_argument(f"--{name}", action="store_true", default=None, help=a.help)
    else:
        kind = _whole(name) if a.holds == NUMBER else str
        parser.add_argument(f"--{name}", type=kind, choices=a.choices, metavar=a.example, help=a.help)


def _whole(name: str) -> Callable[[str], int]:
    """What reads the whole number of an option."""

    def value(text: str) -> int:
        try:
            return int(text)
        except ValueError:
            takes = next(a.takes for a in ARGUMENTS if a.name == name)
            raise NotValid(f"--{name} is {takes}, not {text!r}") from None

    return value


def _add_question(p: argparse.ArgumentParser, formats: tuple[str, ...]) -> None:
    q = p.add_argument_group("the question")
    for a in ARGUMENTS:
        if a.name not in ELSEWHERE:
            _add(q, a.name)
    d = p.add_argument_group("the observations")
    _add(d, "data")
    for name in ("column", "event", "missing"):
        _add(d, name)
    d.add_argument("--right", metavar="5,5", help="values that an observation is only known to exceed")
    d.add_argument("--left", metavar="1", help="values that an observation is only known to lie below")
    d.add_argument("--interval", action="append", default=[], metavar="'(0, 2]'", help="an observation only known to lie in (a, b]")
    d.add_argument("--counts", metavar="'1=9000,0=1000'", help="values, or intervals '(0, 2]=5', with their frequencies")
    d.add_argument("--weights", metavar="1,2,1", help="one for each exact observation")
    d.add_argument("--truncation", metavar="0,10", help="nothing outside could have been seen; oo for an open end")
    d.add_argument("--sum", action="append", default=[], metavar="'x**2=70'", help="with --n: a sample known by its sums only")
    _add(d, "n")
    o = p.add_argument_group("the write-up")
    o.add_argument("-o", "--output", metavar="FILE", help="write to a file, in the format of its ending")
    o.add_argument(
        "--format",
        choices=formats,
        help="the form of what is shown: by default text on a terminal and Markdown elsewhere; a PDF is written with -o FILE.pdf"
        if "tex" in formats
        else "text (default), Markdown or JSON",
    )


def protected(argv: Sequence[str]) -> list[str]:
    """The arguments with a blank before those that begin with a minus sign and are formulas or numbers, not options."""
    return [" " + a if re.match(r"-(?![-ohV])[^-]", a) or re.match(r"-[ohV]\w*[*(^]", a) else a for a in argv]


def arguments(options: argparse.Namespace) -> dict[str, Any]:
    """The keyword arguments that the options stand for.  Constraints, known letters, quantities, values and labels are added to
    those of the problem file; any other option is taken in place of what the file says.

    Raises NotValid naming the option that cannot be understood.
    """
    kwargs = _question(options)
    for name in AS_GIVEN:
        value = getattr(options, name)
        if value is not None:
            kwargs[name] = value.strip() if isinstance(value, str) else value
    if options.variable:
        names = split(options.variable)
        kwargs["variable"] = names[0] if len(names) == 1 else names
    if options.covariates:
        kwargs["covariates"] = split(options.covariates)
    if options.constraints:
        kwargs["constraints"] = [*kwargs.get("constraints", []), *(c.strip() for c in options.constraints)]
    if options.parameters:
        kwargs["parameters"] = domains(options.parameters, ":=")
    if options.known:
        kwargs["known"] = _added(kwargs.get("known"), domains(options.known, ":="))
        if "parameters" in kwargs and not options.parameters:  # what is known is not estimated, whatever the file says
            kwargs["parameters"] = _without(kwargs["parameters"], kwargs["known"])
    for a in ARGUMENTS:
        given = getattr(options, a.name) if a.holds == TABLE else None
        if given:
            kwargs[a.name] = {**kwargs.get(a.name, {}), **pairs(given, a.option)}
    for a in (_argument("column"), _argument("prediction")):
        given = getattr(options, a.name, [])
        if given:
            kwargs[a.name] = pairs(given, a.option) if len(given) > 1 or "=" in given[0] else given[0].strip()
    put_data(kwargs, options)
    return kwargs


def _table(given: Any) -> dict[str, Any]:
    return dict(given) if isinstance(given, Mapping) else dict.fromkeys(given or ())


def _added(given: Any, more: Any) -> Any:
    """Known letters of a problem file, and those of the command line beside them."""
    both = {**_table(given), **_table(more)}
    return list(both) if all(v is None for v in both.values()) else both


def _without(parameters: Any, known: Any) -> Any:
    kept = {k: d for k, d in _table(parameters).items() if canonical(str(k)) not in {canonical(str(j)) for j in known}}
    return kept if isinstance(parameters, Mapping) else list(kept)


def _argument(name: str) -> Argument:
    return next(a for a in ARGUMENTS if a.name == name)


def _question(options: argparse.Namespace) -> dict[str, Any]:
    """The arguments of the problem file, or the density."""
    density = options.density
    problem = getattr(options, "problem", None)
    if density is not None and density.strip().lower().endswith(".toml"):
        problem, density = density.strip(), None
    kwargs = {} if problem is None else load_problem_file(problem)
    if density is not None:
        refuse_file(density)  # before --data, which may hold the density in its place
        kwargs["density"] = density.strip()
    if not kwargs and options.likelihood is None:
        ways = (
            "--density, --likelihood or --problem PROBLEM.toml"
            if options.command == "check"
            else "a density, --likelihood or a problem file"
        )
        raise NotValid("there is no question", hint=f"give {ways}")
    return kwargs
