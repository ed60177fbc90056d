"""Every rule does what its example says; every move keeps what it promises."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import derive
from derive.algebra.facts import COUNT, POSITIVE, Facts, Range
from derive.algebra.terms import Algebra
from derive.clock import Clock
from derive.formula.latex import latex
from derive.formula.tree import ZERO, Neg, Sym, add, equation, num
from derive.oracle.oracle import Oracle
from derive.reading.context import Context
from derive.reading.tex import read_latex
from derive.rule_names import REASONS, RuleName
from derive.rules.catalogue import RULES
from derive.solving.solve import solve

PACKAGE = Path(derive.__file__).parent
CONTEXT = Context(data=frozenset("xyz"), parameters=frozenset("abcd"), index=frozenset("ij"))
POSITIVE_ALGEBRA = Algebra(
    Facts({"a": POSITIVE, "b": POSITIVE, "c": POSITIVE, "d": POSITIVE, "n": COUNT, "m": COUNT}, dict.fromkeys("xyz", POSITIVE)),
    clock=Clock(600),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_a_rule_makes_its_example(rule):
    before, after = (read_latex(t, CONTEXT)[0].formula for t in rule.example)
    got = rule(before, POSITIVE_ALGEBRA)
    assert got is not None
    point = {"a": 1.3, "b": 0.7, "c": 2.1, "d": 0.4, "n": 3, "m": 2, "x": [0.2, 1.7, 2.9], "x_bar": 1.6}
    point |= {"y": [0.6, 1.4], "z": [[0.3, 1.1], [0.8, 0.5], [1.9, 0.7]]}
    Oracle((point,)).equal(got, after)
    assert latex(got) == latex(after)


def test_rule_names_are_unique():
    assert len({r.name for r in RULES}) == len(RULES)
    assert set(REASONS) == set(RuleName) and all(r.reason for r in RULES)


def calls(*names: str, under: str = "") -> Iterator[tuple[Path, ast.Call]]:
    """The calls of functions of these names in the package."""
    for path in sorted((PACKAGE / under).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield path, node


def test_every_rule_is_in_the_catalogue():
    declared = [text for _, node in calls("rule") if (text := ast.unparse(node.args[0])).startswith("RuleName.")]
    assert sorted(declared) == sorted(f"RuleName.{r.name.name}" for r in RULES)
    assert {path.name for path, _ in calls("Rule")} == {"rule.py"}


def test_every_rule_is_applied():
    used = {node.func.id for _, node in calls(*(r.rewrite.__name__ for r in RULES))}
    assert used == {r.rewrite.__name__ for r in RULES}


@pytest.mark.parametrize("under", ["rules", "solving"])
def test_moves_carry_names_of_rules(under):
    for path, node in calls("Move", under=under):
        assert not any(isinstance(part, ast.Constant) for part in ast.walk(node.args[2])), f"{path.name}:{node.lineno}"


EQUATIONS = [
    # equation, unknown, lines in between, roots
    (
        r"\frac{3}{\theta} - \frac{2}{1 - \theta} = 0",
        "theta",
        [r"3 (1 - \theta) = 2 \theta", r"3 - 3 \theta = 2 \theta", r"5 \theta = 3"],
        [r"\frac{3}{5}"],
    ),
    (r"\frac{3}{\lambda} - 12 = 0", "lambda", [r"\frac{3}{\lambda} = 12", r"12 \lambda = 3"], [r"\frac{1}{4}"]),
    (r"\frac{2}{\lambda} - 11 = 0", "lambda", [r"\frac{2}{\lambda} = 11"], [r"\frac{2}{11}"]),
    (r"-\frac{3}{2 v} + \frac{8}{2 v^{2}} = 0", "v", [r"-3 v + 8 = 0", r"3 v = 8"], [r"\frac{8}{3}"]),
    (r"\frac{1}{v} [(10 - \mu) + (12 - \mu) + (14 - \mu)] = 0", "mu", [r"36 - 3 \mu = 0", r"3 \mu = 36"], ["12"]),
    (r"\frac{n}{\theta} + \sum_{i=1}^{n} \log x_i = 0", "theta", [], [r"-\frac{n}{\sum_{i=1}^{n} \log x_{i}}"]),
    (r"-2 n v + \sum_{i=1}^{n} x_i^2 = 0", "v", [], [r"\frac{1}{2 n} \sum_{i=1}^{n} x_{i}^{2}"]),
    (r"\lambda^2 + 2\lambda = 3", "lambda", [r"\lambda^{2} + 2 \lambda - 3 = 0"], ["1", "-3"]),
    (r"3 \log \lambda - 6 = 0", "lambda", [], ["e^{2}"]),
]


def equation_and_solution(text, unknown, algebra):
    eq = read_latex(text, Context(data=frozenset({"x"}), parameters=frozenset({unknown})))[0].formula
    solved = solve(eq, Sym(unknown), algebra(data=Range(0, 1, True, True)))
    assert solved is not None and solved.moves
    return eq, solved


@pytest.mark.parametrize(("text", "unknown", "lines", "roots"), EQUATIONS, ids=[e[0] for e in EQUATIONS])
def test_an_equation_is_solved_in_steps(text, unknown, lines, roots, algebra):
    _, solved = equation_and_solution(text, unknown, algebra)
    shown = [latex(m.after) for m in solved.moves]
    assert [t for t in shown if t in lines] == lines
    assert [latex(r) for r in solved.roots] == roots


@pytest.mark.parametrize(("text", "unknown"), [e[:2] for e in EQUATIONS], ids=[e[0] for e in EQUATIONS])
def test_every_move_multiplies_the_difference_of_sides(text, unknown, algebra):
    oracle = Oracle(({"theta": 0.37, "lambda": 1.7, "mu": 0.4, "v": 2.3, "n": 3, "x": [0.2, 0.7, 0.9]},))
    eq, solved = equation_and_solution(text, unknown, algebra)
    assert any(m.factor is not None for m in solved.moves)
    for m in solved.moves:
        if m.factor is not None:
            oracle.move(eq, m.after, m.factor)
        eq = m.after


def test_an_equation_without_a_way_is_not_solved(algebra):
    eq = equation(
        add(Sym("lambda"), read_latex(r"\Gamma(\lambda)", Context(parameters=frozenset({"lambda"})))[0].formula, Neg(num(5))), ZERO
    )
    assert solve(eq, Sym("lambda"), algebra()) is None
