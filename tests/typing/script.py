"""A user's script under a strict type checker: what is revealed stands behind each line; a line that is an error says which."""

from __future__ import annotations

from pathlib import Path
from typing import reveal_type

import sympy

import derive

d = derive.mle(r"\lambda e^{-\lambda x}", data=[2, 4, 6], quantities={"mean wait": "1/lambda"}, units="minutes")
reveal_type(d)  # derive.derivation.Derivation
reveal_type(d.numeric)  # typing.Mapping[str, float] | None
reveal_type(d.outcome)  # derive.trace.Outcome
reveal_type(d.how)  # typing.Mapping[str, derive.trace.How]
reveal_type(d.certainty)  # typing.Mapping[str, derive.trace.Strength]
reveal_type(d.steps[0].lines[0].latex)  # str
reveal_type(d.conditions)  # tuple[derive.trace.Condition, ...]
reveal_type(d.evaluate([1.0, 2.0]))  # dict[str, float]
reveal_type(d.to_markdown())  # str
reveal_type(d.to_dict()["steps"][0]["title"])  # str
reveal_type(d.save(Path("a.md")))  # None
r = derive.check(Path("a.md").read_text(), "exponential", data=[2, 4, 6])
reveal_type(r)  # derive.checking.report.Report
reveal_type(r.first_error)  # derive.checking.findings.Line | None
reveal_type(r.lines[0].slip)  # str | None
reveal_type(r.to_dict()["lines"][0]["verdict"])  # str
reveal_type(r.correct)  # bool
p = derive.Problem("exponential", data=derive.Sample([1, 2], right=[3]), parameters={"lambda": "positive"}, known=["m"])
reveal_type(p)  # derive.problem.problem.Problem
reveal_type(derive.Problem.load("a.toml"))  # derive.problem.problem.Problem
reveal_type(derive.mle(p, column="minutes", event="ended", missing="drop"))  # derive.derivation.Derivation
reveal_type(derive.densities()[0].aliases)  # tuple[str, ...]
reveal_type(derive.read("x = 2")[0].relations)  # tuple[str, ...]
reveal_type(derive.loss("normal", prediction="mu"))  # derive.derivation.Derivation
s = derive.Sample([1.5, 2], weights=[1, 2])
if isinstance(column := s.values("x"), tuple):
    reveal_type(column)  # tuple[fractions.Fraction, ...]
reveal_type(s.truncation)  # tuple[fractions.Fraction | float, fractions.Fraction | float] | None
reveal_type(s.mean("x"))  # float
reveal_type(d.sections)  # tuple[derive.trace.Section, ...]
reveal_type(d.warnings)  # tuple[str, ...]
reveal_type(d.problem.sample)  # derive.sample.sample.Sample | None
reveal_type(r.remarks)  # tuple[str, ...]
reveal_type(r.to_text(False))  # str
x = sympy.Symbol("x")
derive.mle(
    x,
    variable=x,
    parameters={"a": "(0, 1)"},
    known={x: 2, "m": None},
    quantities={"m": 1},
    at={x: 0.5},
    covariates=[x, "z"],
    labels={x: "a"},
)
derive.loss("normal", prediction={"mu": "a + b*x"}, constraints=["a = 1"], support={"x": "x > 0"}, data=Path("x.csv"))
try:
    derive.mle("x")
except derive.DeriveError as e:
    reveal_type(e.position)  # int | None
derive.mle("exponential", lamda=2)  # error: Unexpected keyword argument "lamda" for "mle"
derive.mel("exponential")  # error: Module has no attribute "mel"
derive.mle("exponential", n="2")  # error: Argument "n" to "mle" has incompatible type "str"; expected "int | None"
