"""A notation is a value: literal tables, and a further notation is a further table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derive.checking.reading.student.table import STUDENT
from derive.errors import NotValid
from derive.formula.tree import ONE, Apply, Div, Formula, Pow, Sym, num
from derive.reading.context import Context
from derive.reading.tex.notation import LATEX
from derive.reading.tex.parser import P, Parser
from derive.reading.tex.tokens import Token


def half(p: P, t: Token) -> Formula:
    return Div(ONE, num(2))


def star(p: P, b: Formula, t: Token) -> Formula:
    p.next()
    return Apply("conjugate", (b,))


FURTHER = replace(LATEX, commands=LATEX.commands | {"half": half}, postfixes=LATEX.postfixes | {"*": star})


def read(text: str, grammar) -> Formula:
    return Parser(text, Context(), grammar, None).whole()


def test_a_further_command_and_sign() -> None:
    assert read(r"x^{\half}", FURTHER) == Pow(Sym("x"), Div(ONE, num(2)))
    assert read("x*", FURTHER) == Apply("conjugate", (Sym("x"),))


def test_the_notation_that_it_extends_stays_as_it_was() -> None:
    with pytest.raises(NotValid, match=r"the command \\half is not known"):
        read(r"x^{\half}", LATEX)


def test_students_write_all_that_latex_has() -> None:
    for name in ("commands", "environments", "words", "letters", "delimiters", "postfixes", "differentials", "labels"):
        assert set(getattr(LATEX, name)) <= set(getattr(STUDENT, name)), name
