"""LaTeX beyond our own grammar: latex2sympy2 behind its fences, and the two readers compared."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import pytest

import derive
from derive.formula.evaluate import compiled
from derive.formula.tree import At, Big, Relation, Sym, names, walk
from derive.reading.context import Context
from derive.reading.otherlatex import read_other
from derive.reading.read import context_of
from derive.reading.tex import read_latex

CONTEXT = Context(data=frozenset(), parameters=frozenset({"theta", "sigma_1", "a"}))
POINT = {"x": 0.4, "y": 0.3, "a": 2.0, "b": 0.5, "c": 3.0, "theta": 1.3, "sigma_1": 0.7}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"\sec x", 1 / math.cos(0.4)),
        (r"\theta \cot(x) + 2", 1.3 / math.tan(0.4) + 2),
        (r"\sigma_1^2 \csc^2 x", 0.49 / math.sin(0.4) ** 2),
        (r"\det\begin{pmatrix} a & b \\ b & c \end{pmatrix}", 5.75),
        (r"\begin{vmatrix} a & b \\ b & c \end{vmatrix}^{-1/2}", 5.75**-0.5),
        (r"\begin{pmatrix} x & y \end{pmatrix}\begin{pmatrix} a & b \\ b & c \end{pmatrix}\begin{pmatrix} x \\ y \end{pmatrix}", 0.71),
        (r"\lceil \theta \rceil \sec(0)", 2.0),
        (r"a(b+1)\sec 0", 3.0),
    ],
)
def test_what_only_the_second_reader_knows(text, value):
    assert compiled(read_other(text, CONTEXT))(dict(POINT)) == pytest.approx(value)


@pytest.mark.parametrize("text", [r"\sec x)+1", r"\sec x \mid y", r"x^2_1 \sec x", r"\foo x", r"\int \sec x\,dx", r"\log_2 \sec x",
                                  r"\begin{pmatrix} x \\ y \end{pmatrix}", r"\sec x = 1", "\\sec " + "x+" * 300 + "x"])  # fmt: skip
def test_what_cannot_be_trusted_to_it_is_refused(text):
    with pytest.raises(derive.NotValid):
        read_other(text, CONTEXT)


def test_a_density_that_it_reads_must_total_one():
    one = r"\theta \begin{vmatrix} 2 & 1 \\ 1 & 1 \end{vmatrix} e^{-\theta x}"
    d = derive.mle(one, data=[1, 2, 3])
    assert d.numeric == {"theta": pytest.approx(0.5)}
    for refused, more in ((one.replace("2", "3"), {}), (one, {"unnormalised": True})):
        with pytest.raises(derive.NotValid, match="vmatrix"):
            derive.mle(refused, **more)


FORMULAS = [json.loads(line) for line in (Path(__file__).parent / "formulas.jsonl").read_text(encoding="utf-8").splitlines()]
EXPRESSIONS = [d for d in FORMULAS if d["cat"] in ("density", "notation", "estimator", "loglik", "score")]


def points(f):
    rng = random.Random(5)
    return [{k: rng.uniform(0.3, 0.9) for k in sorted(names(f))} for _ in range(3)]


def test_the_two_readers_never_disagree():
    """What latex2sympy2 behind its fences reads of common formulas means what our own reader reads."""
    both = 0
    for d in EXPRESSIONS:
        ctx = d.get("ctx", {})
        declared = {
            {"params": "parameters", "funcs": "functions", "matrix": "matrices"}.get(k, k): v for k, v in ctx.items() if k != "ambiguous"
        }
        context = context_of(declared or None)
        try:
            (own,) = read_latex(d["latex"], context)
            other = read_other(d["latex"].rpartition("=")[2], context)
        except (derive.DeriveError, ValueError):
            continue
        f = own.formula.sides[-1] if isinstance(own.formula, Relation) else own.formula
        if any(isinstance(g, (At, Big, Relation)) for g in walk(f)):
            continue
        both += 1
        for w in points(f):
            assert compiled(other)(w) == pytest.approx(compiled(f)(w)), d["latex"]
        assert {s for s in walk(other) if isinstance(s, Sym)} == {s for s in walk(f) if isinstance(s, Sym)}
    assert both >= 25
