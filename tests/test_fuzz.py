"""Whatever stands in an argument: a result, or a `DeriveError` with a message that can be read."""

from __future__ import annotations

import contextlib
import datetime
import io
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import derive
from derive.cli.main import main
from derive.cli.options import parser
from derive.problem.arguments import ARGUMENTS

NAMES = [a.name for a in ARGUMENTS]
SAMPLE = ["exact", "right", "left", "interval", "counts", "weights", "truncation", "n", "sums"]
DENSITIES = ["exponential", r"\lambda e^{-\lambda x}", "lambda*exp(-lambda*x)", "normal"]


class Odd:
    """Something of no use, with a representation over two lines."""

    def __repr__(self) -> str:
        return "odd\nodd"


ATOMS = [
    None, True, False, 0, 1, -1, 10**400, 1.5, math.nan, math.inf, Decimal("NaN"), Decimal("1.5"), Fraction(1, 3), 1j, b"x", bytearray(b"1"), Odd(), Odd,
    len, ..., NotImplemented, range(3), {1, 2}, frozenset[int](), Path("x"), Path("x.csv"), datetime.date(2020, 1, 1), datetime.timedelta(1), Exception("e"),
    sympy.Symbol("x"), sympy.Symbol("lambda", positive=True), sympy.pi, sympy.oo, sympy.nan, sympy.I, sympy.Eq(sympy.Symbol("x"), 1), sympy.Interval(0, 1),
    np.int64(3), np.float64(2.5), np.bool_(True), np.array([1, 2]), np.array(["a"]), np.array([]), np.zeros((2, 2)), np.array(3),
]  # fmt: skip
TEXTS = [
    "", " ", "x", "n", "i", "e", "pi", "lambda", "lambda_", "\\lambda", "\\", "\x00", "λ", "x > 0", "(0, 1)", "{1, 2}", "1/2", "x=1", "lambda = 2", "p1 + p2 = 1",
    "positive", "integer >= 2", "nonsense words here", "1e400", "nan", "-oo", "<script>", "{}", "exp(", "x\n\ny", "$x$", "a" * 3000, "(" * 200, "latex", "drop",
    "lagrange", "none.csv", "none.csv:x", "__import__('os')", "lambda x: x", "2,5 3,5", "x ~ N(0, 1)", "\\begin{cases}", "Eq(x, 1)", "1,200",
]  # fmt: skip
KEYS = st.sampled_from(["x", "lambda", "y", "n", "\\lambda", "mu", "exact", "right", "", 1, None, (1, 2), 2.5, sympy.Symbol("x")])
values = st.recursive(
    st.sampled_from([*ATOMS, *TEXTS]) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
small = settings(
    max_examples=16,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def answered(call: Callable[[], Any]) -> None:
    """The call ends in a result or in an error of a user that can be read."""
    try:
        call()
    except derive.DeriveError as e:
        assert str(e).strip() and len(str(e)) < 2500 and len(e.message) <= 700


@pytest.mark.parametrize("name", NAMES)
@small
@given(value=values, density=st.sampled_from(DENSITIES))
def test_any_value_of_an_argument(name: str, value: Any, density: str) -> None:
    question = {name: value}
    answered(lambda: derive.Problem(None if name == "likelihood" else density, **question))


@small
@given(density=values)
def test_any_density(density: Any) -> None:
    answered(lambda: derive.Problem(density))


@small
@given(arguments=st.dictionaries(st.sampled_from(SAMPLE), values, max_size=2))
def test_any_sample(arguments: dict[str, Any]) -> None:
    answered(lambda: derive.Sample(**arguments))


@small
@given(text=values, names=values, syntax=values)
def test_anything_to_read(text: Any, names: Any, syntax: Any) -> None:
    answered(lambda: derive.read(text, names))
    answered(lambda: derive.read(text, None, syntax))
    answered(lambda: derive.read("x", names, syntax))


@small
@given(solution=values)
def test_any_solution(solution: Any) -> None:
    answered(lambda: derive.check(solution, "exponential", data=[2, 4]))


@cache
def written() -> tuple[derive.Derivation, derive.Report]:
    return derive.mle("exponential"), derive.check("$x = 1$", "exponential", data=[2, 4])


@small
@given(value=values)
def test_anything_to_evaluate_or_to_save_to(value: Any, tmp_path: Path) -> None:
    d, r = written()
    answered(lambda: d.evaluate(value))
    answered(lambda: derive.Problem.load(value))
    with contextlib.chdir(tmp_path):
        answered(lambda: d.save(value))
        answered(lambda: r.save(value))


OPTIONS = [o for o in parser().options("mle") if o.startswith("--") and o not in ("--help", "--output", "--unnormalised")]
SHORT = [t for t in TEXTS if len(t) < 300] + [
    "=",
    "a=,b=",
    "x=1 2 3",
    "0-1=3",
    "3+=2",
    "(0, 2],(2",
    "-",
    "--",
    "ja,nein",
    "½",
    "N(mu, s^2)",
    "~ N(0,1)",
    "h(t)=a",
]


@settings(parent=small, max_examples=60)
@given(command=st.sampled_from(["mle", "loss"]), density=st.sampled_from(DENSITIES + SHORT), options=st.dictionaries(st.sampled_from(OPTIONS), st.sampled_from(SHORT), max_size=3))  # fmt: skip
def test_any_option_on_the_command_line(command: str, density: str, options: dict[str, str], tmp_path: Path) -> None:
    with contextlib.chdir(tmp_path), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said := io.StringIO()):
        code = main([command, density, *(f"{o}={v}" for o, v in options.items())])
    assert code == 0 or (code == 2 and said.getvalue().startswith("derive: ") and "Traceback" not in said.getvalue())


FORMULAS = [
    r"\lambda e^{-\lambda x}",
    r"\frac{1}{\sqrt{2\pi v}} e^{-\frac{(x-\mu)^2}{2v}}",
    "p**x*(1-p)**(1-x)",
    r"\begin{cases} 1/\theta & 0 < x < \theta \\ 0 \end{cases}",
]
PIECES = [
    *"{}()[]^_$<>=+-*/,.;|&%~ \n09xθ",
    r"\frac",
    r"\left",
    r"\right",
    r"\sum_{i=1}^n",
    r"\int",
    r"\hat",
    "exp(",
    "x_i",
    "oo",
    "^{",
    "**",
    r"\text{if }",
    "\x00",
    "½",
]


@settings(parent=small, max_examples=60)
@given(data=st.data())
def test_formulas_with_slips_of_the_pen(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(FORMULAS))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(["", *PIECES])) + text[at + data.draw(st.integers(0, 2)) :]
    answered(lambda: derive.Problem(text))
    answered(lambda: derive.read(text))
    answered(lambda: derive.check(f"${text}$", "exponential", data=[2, 4]))


TOML = [
    "3",
    "-1",
    "1.5",
    "nan",
    "inf",
    "true",
    "'x'",
    "''",
    "[]",
    "[1, 'a', [2]]",
    "[[1, 2], [3]]",
    "{}",
    "{a = 1}",
    "{x = [1, 2]}",
    "1979-05-27",
    "07:32:00",
]


@pytest.mark.parametrize("name", ["density", "sample", "extra", *NAMES, *(f"sample.{k}" for k in SAMPLE)])
def test_keys_of_a_problem_file_with_wrong_types(name: str, tmp_path: Path) -> None:
    file = tmp_path / "problem.toml"
    for value in TOML:
        density = "" if name in ("density", "likelihood") else "density = 'exponential'\n"
        file.write_text(f"{density}{name} = {value}\n", encoding="utf-8")
        answered(lambda: derive.Problem.load(file))
