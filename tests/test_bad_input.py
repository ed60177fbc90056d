"""Every mistake of a user ends in one clear message that names the place or the mend."""

from __future__ import annotations

import time

import pytest

import derive
from derive.cli.main import main

EXPONENTIAL = r"\lambda e^{-\lambda x}"
BAD = [  # name, question, words of the message
    ("unclosed brace", {"density": r"\lambda e^{-\lambda x"}, "never closed"),
    ("unclosed bracket", {"density": r"\lambda e^{-(\lambda x}"}, "expected"),
    ("dangling operator", {"density": r"\lambda +"}, "too soon"),
    ("empty", {"density": ""}, "empty"),
    ("nothing", {}, "no density"),
    ("unknown function", {"density": r"\lambda g(x, \lambda)"}, "function g is not known"),
    ("unknown command", {"density": r"\lambda \foo x"}, r"\foo"),
    ("unknown SymPy function", {"density": "lambda*foo(x)"}, "foo"),
    ("no parameter", {"density": r"e^{-x}"}, "no parameter"),
    ("no variable", {"density": r"\lambda e^{-\lambda}"}, "variable"),
    ("several variables", {"density": r"\lambda e^{-\lambda (y + t)}"}, "which letter is observed"),
    ("not a density", {"density": r"\frac{1}{\alpha} e^{-\alpha x}"}, "integrates to"),
    ("a parameter that does not occur", {"density": EXPONENTIAL, "parameters": ["mu"]}, "does not occur"),
    ("data outside the support", {"density": EXPONENTIAL, "data": [1, -2, 3]}, "observation 2"),
    ("data outside the lattice", {"density": r"\theta^x(1-\theta)^{1-x}", "data": [0, 1, 2]}, "observation 3"),
    ("an empty sample", {"density": EXPONENTIAL, "data": []}, "empty"),
    ("data that are no numbers", {"density": EXPONENTIAL, "data": [1, "two"]}, "observation 2"),
    ("not a number", {"density": EXPONENTIAL, "data": [1.0, float("nan")]}, "observation 2"),
    ("an unreadable domain", {"density": EXPONENTIAL, "parameters": {"lambda": "rather large"}}, "no set of numbers"),
    ("an undeclared letter in a quantity", {"density": EXPONENTIAL, "quantities": {"q": "1/kappa"}}, "kappa"),
    ("code", {"density": "__import__('os').system('echo no')"}, "__import__"),
    ("attributes", {"density": "lambda*x.real"}, "x"),
    ("a tower of powers", {"density": "lambda*9**9**9**9*x"}, "range"),
    ("a huge factorial", {"density": "lambda*factorial(10**9)*x"}, ""),
    ("a sum without end", {"density": r"\sum_{k=0}^{10^{12}} \frac{a^k e^{-ax}}{k!}"}, "too long"),
    ("an observation out of range", {"density": EXPONENTIAL, "data": ["1e400"]}, "observation 1 is out of range"),
    (
        "a parameter for each observation",
        {"likelihood": r"\prod_{i=1}^n \frac{x_i^{a_i-1} e^{-x_i}}{\Gamma(a_i)}", "parameters": ["a"]},
        "no solution in closed form",
    ),
    ("an unknown syntax", {"density": EXPONENTIAL, "syntax": "maple"}, "syntax"),
    ("a density of the wrong type", {"density": 3.5}, "text"),
    ("parameters as text", {"density": EXPONENTIAL, "parameters": "lambda"}, "list"),
    ("nested brackets, LaTeX", {"density": r"\lambda " + "(" * 10_000 + "x" + ")" * 10_000}, "characters"),
    ("nested brackets within the length", {"density": r"\lambda " + "(" * 1_000 + "x" + ")" * 1_000}, "brackets"),
    ("nested braces", {"density": r"\lambda " + "{" * 1_000 + "x" + "}" * 1_000}, "brackets"),
    ("nested brackets, SymPy", {"density": "lambda*" + "(" * 10_000 + "x" + ")" * 10_000}, ""),
    ("a megabyte", {"density": EXPONENTIAL + " + x" * 250_000}, "characters"),
    ("a megabyte of SymPy text", {"density": "lambda*exp(-x)" + "+x" * 500_000}, "characters"),
]


@pytest.mark.parametrize("text", ["9^{9^{9^9}}", r"\binom{1000000000}{500000000}", "(10^8)!"])
def test_a_number_with_too_many_digits_is_not_worked_out(text):
    with pytest.raises(derive.NotValid, match="digits"):
        derive.read(text)


def test_the_size_of_a_sample_costs_nothing():
    start = time.monotonic()
    assert derive.mle(EXPONENTIAL, n=10**5).outcome == "unique"
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(("name", "question", "words"), BAD, ids=[b[0] for b in BAD])
def test_a_mistake_gives_one_clear_message(name, question, words):
    start = time.monotonic()
    with pytest.raises(derive.DeriveError) as e:
        derive.mle(**question)
    assert words in str(e.value)
    assert len(str(e.value)) < 1_500
    assert time.monotonic() - start < 20


def test_the_suggestion_for_a_wrong_constant_is_the_right_density():
    with pytest.raises(derive.NotValid) as e:
        derive.mle(r"\frac{1}{\alpha} e^{-\alpha x}")
    assert "1/alpha**2" in str(e.value).replace("^", "**") or r"\frac{1}{\alpha^{2}}" in str(e.value)
    assert "unnormalised=True" in str(e.value)


def test_an_unnormalised_function_is_worked_with_when_asked():
    d = derive.mle(r"\alpha^2 e^{-\alpha x}", unnormalised=True, support="x > 0", data=[1, 2])
    assert d.numeric == {"alpha": pytest.approx(4 / 3)}
    assert "not found to integrate to 1" in d.to_markdown()


@pytest.mark.parametrize("solution", ["solution.md", "waits.csv"])
def test_the_name_of_a_file_is_no_solution(solution):
    with pytest.raises(derive.NotValid, match="name of a file"):
        derive.check(solution, "exponential", data=[2, 4])


@pytest.mark.parametrize("argument", [r"\lambda e^{-\lambda x", "__import__('os')", "9**9**9**9*x*lambda"])
def test_the_command_line_exits_with_2_and_one_message(argument, capsys):
    assert main(["mle", argument]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("derive: ")
    assert "Traceback" not in captured.err
