"""The notation of LaTeX mathematics, as tables."""

from __future__ import annotations

from typing import Any

from . import big_operators, calls, differentials, operators, parser, side_conditions, symbols
from .parser import Grammar, Handler
from .tokens import STYLES

WORDS: dict[str, Handler[Any]] = {
    **{word: calls.function(name) for word, name in calls.FUNCTIONS.items()},
    "argmax": operators.where_extreme("argmax"),
    "argmin": operators.where_extreme("argmin"),
    "max": operators.extreme("max"),
    "min": operators.extreme("min"),
}
COMMANDS: dict[str, Handler[Any]] = {
    **{word: WORDS[word] for word in (*calls.FUNCTIONS, "max", "min")},
    **dict.fromkeys(STYLES, symbols.styled),
    "arg": operators.argument_of,
    "begin": side_conditions.begin,
    "binom": operators.binomial,
    "vec": symbols.vector,
    "frac": differentials.fraction(differentials.derivative),
    "infty": symbols.infinity,
    "int": operators.integral,
    "lfloor": parser.floor,
    "lim": operators.limit,
    "partial": symbols.unknown_partial,
    "pi": symbols.pi,
    "prod": big_operators.big,
    "sqrt": operators.root,
    "sum": big_operators.big,
}
LATEX: Grammar[Any] = Grammar(
    commands=COMMANDS,
    environments=dict.fromkeys(("cases", "array", "dcases", "rcases", "matrix", "tabular"), side_conditions.cases),
    words=WORDS,
    letters={"e": symbols.euler, "I": side_conditions.iverson, "1": side_conditions.one},
    delimiters={
        "(": parser.within, "[": parser.within, "\\{": parser.within, "|": parser.between_bars, "||": parser.between_bars,
        ".": parser.before_bar, "lfloor": parser.floor,
    },
    postfixes={
        "^": symbols.power, "!": parser.factorial, "%": parser.percent, "|": differentials.evaluated, "_": symbols.below_norm,
    },
    differentials=frozenset({"partial"}),
    labels=frozenset({"*"}),
    letter=symbols.named,
    base=symbols.base,
    subscript=symbols.subscript,
    call=calls.call,
    brackets=parser.expression_in,
    dots=big_operators.dots,
    mean=big_operators.mean,
    below=calls.below,
    point=differentials.point,
)  # fmt: skip
