"""The notation of students, as tables: that of LaTeX with what students write besides, read in every way it may be meant."""

from __future__ import annotations

from dataclasses import replace

from ....reading.tex.calls import FUNCTIONS
from ....reading.tex.differentials import fraction
from ....reading.tex.notation import LATEX
from ....reading.tex.parser import Grammar, Handler
from . import bracket_lists, function_or_factor, operator_scope, order_statistics, sample_sums, written_derivatives
from .function_or_factor import ESTIMATES
from .writer import Writer

ELSEWHERE = {"tg": "tan", "arctg": "arctan", "sh": "sinh", "ch": "cosh", "th": "tanh", "sen": "sin", "senh": "sinh", "arctan": "arctan"}
WORDS: dict[str, Handler[Writer]] = {
    **{word: operator_scope.function(name) for word, name in FUNCTIONS.items()},
    **{word: operator_scope.function(name) for word, name in ELSEWHERE.items()},
    **dict.fromkeys(("cot", "ctg", "cotg"), operator_scope.cotangent),
    "card": bracket_lists.counted,
    "max": order_statistics.extreme("max"),
    "median": order_statistics.median,
    "min": order_statistics.extreme("min"),
}
COMMANDS: dict[str, Handler[Writer]] = {
    **{word: WORDS[word] for word in (*FUNCTIONS, *ELSEWHERE, "cot", "ctg", "cotg", "max", "min")},
    "bar": function_or_factor.accented,
    "ddot": written_derivatives.dotted(2),
    "dot": written_derivatives.dotted(1),
    "frac": fraction(written_derivatives.derivative),
    "hat": function_or_factor.accented,
    "iff": function_or_factor.arrow,
    "inf": order_statistics.extreme("min"),
    "lg": operator_scope.decimal_logarithm,
    "nabla": written_derivatives.gradient,
    "partial": written_derivatives.operator,
    "prod": sample_sums.big,
    "sum": sample_sums.big,
    "sup": order_statistics.extreme("max"),
    "tilde": function_or_factor.accented,
}
MATRICES = ("array", "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix")
STUDENT: Grammar[Writer] = replace(
    LATEX,
    commands=LATEX.commands | COMMANDS,
    environments=LATEX.environments | dict.fromkeys(MATRICES, bracket_lists.matrix),
    words=LATEX.words | WORDS,
    letters=LATEX.letters | {"I": bracket_lists.iverson, "1": bracket_lists.one, "e": function_or_factor.euler},
    postfixes=LATEX.postfixes | {"^": function_or_factor.power, "'": written_derivatives.prime},
    differentials=LATEX.differentials | {"delta"},
    labels=ESTIMATES | {f"({label})" for label in ESTIMATES},
    letter=function_or_factor.letter,
    base=function_or_factor.base,
    subscript=function_or_factor.subscript,
    call=function_or_factor.call,
    brackets=bracket_lists.brackets,
    dots=sample_sums.dots,
    mean=sample_sums.mean,
    below=operator_scope.below,
    point=written_derivatives.point,
)
