"""Where each part of a formula is written, with its names and digits as they stand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from derive.errors import NotValid
from derive.formula.tree import At, Sym, children, num
from derive.reading.context import Context
from derive.reading.read import context_of
from derive.reading.source import Source
from derive.reading.tex.parsed import parse


def written(places):
    return [p.written for p in places]


def test_every_occurrence_has_its_own_place() -> None:
    p = parse(r"x + (x)x^{2}")
    assert [(q.start, q.end) for q in p.places.values() if q.formula == Sym("x")] == [(0, 1), (5, 6), (7, 8)]
    assert p.span == (0, 12)


def test_digits_are_kept() -> None:
    p = parse(r"0.250 n + 10{,}000 - \frac12", Context())
    assert written(p.literals) == ["0.250", "10{,}000", "1", "2"]


def test_names_as_written_beside_names_inside() -> None:
    p = parse(r"\widehat{\beta}_1 + \bar{x}\varepsilon - μ̂", Context())
    assert [(q.written, q.formula) for q in p.names] == [
        (r"\widehat{\beta}_1", Sym("beta_hat_1")), (r"\bar{x}", Sym("x_bar")), (r"\varepsilon", Sym("epsilon")), ("μ̂", Sym("mu_hat")),
    ]  # fmt: skip


def test_arguments_as_written() -> None:
    ((call, arguments), (_, observation)) = parse(r"\ell(\bar x, \sigma^2) + p(x_i)", Context(functions=frozenset({"ell", "p"}))).calls
    assert (call.written, written(arguments)) == (r"\ell(\bar x, \sigma^2)", [r"\bar x", r"\sigma^2"])
    assert observation[0].formula == At("x", (Sym("i"),)) and observation[0].written == "x_i"


def test_what_was_tried_and_given_up_leaves_no_place() -> None:
    p = parse(r"\max\{3, \theta\}")
    assert written(p.literals) == ["3"]
    assert len({(start, end) for f, start, end in p.read if f == num(3)}) == 1


FORMULAS = [json.loads(line) for line in (Path(__file__).parent / "formulas.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", FORMULAS, ids=lambda c: str(c.get("id")))
def test_places_lie_within_the_places_around_them(case) -> None:
    text = case["latex"]
    try:
        p = parse(text, context_of(case.get("names")))
    except NotValid:
        return  # relations, and what is refused
    for path, q in p.places.items():
        assert text[q.start : q.end] == q.written
        around = next((p.places[path[:k]] for k in range(len(path) - 1, -1, -1) if path[:k] in p.places), None)
        assert around is None or (around.start <= q.start and q.end <= around.end) or children(around.formula) == ()


def test_a_source_follows_what_is_replaced() -> None:
    s = Source.of("a = NLL + b").sub(re.compile("NLL"), r"\\operatorname{NLL}").replaced(" ", "")
    assert s.text == r"a=\operatorname{NLL}+b"
    assert s.span(2, 19) == (4, 7)
    assert s.span(len(s.text) - 1, len(s.text)) == (10, 11)
    assert s[2:5].span(0, 3) == (4, 7)
    assert s.joined([s[0:1], " . ", s[20:]]).span(4, 6) == (8, 11)
