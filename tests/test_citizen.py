"""Values that behave as Python's own: one line about each, copied, pickled, hashed, sent to another process, and typed."""

from __future__ import annotations

import copy
import inspect
import multiprocessing
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import derive
from derive.errors import DeriveError
from derive.problem.arguments import ARGUMENTS

ROOT = Path(__file__).resolve().parents[1]
LOSS = r"\frac{1}{2b} e^{-|y-\mu|/b}"


def waits() -> derive.Derivation:
    return derive.mle("exponential", data=[2, 4, 6])


VALUES: list[tuple[Callable[[], Any], str | None]] = [
    (waits, "<Derivation lambda = 1/4, n = 3, proved>"),
    (lambda: derive.mle("exponential"), "<Derivation lambda = 1/x_bar, proved>"),
    (lambda: derive.mle("gamma"), "<Derivation beta = alpha/x_bar, alpha without a closed form, proved>"),
    (lambda: derive.mle("exp(-Abs(x-m))/2", data=[1, 2]), "<Derivation m in [1, 2], n = 2, proved>"),
    (lambda: derive.mle("normal", data=[1]), "<Derivation no maximum, n = 1, proved>"),
    (lambda: derive.loss(LOSS, prediction="mu"), "<Derivation loss = Sum(Abs(y[i] - mu[i]), (i, 1, n))>"),
    (lambda: waits().problem, "<Problem f(x; lambda) = lambda*exp(-lambda*x), n = 3>"),
    (lambda: derive.Problem(likelihood="p**k*(1-p)**(n-k)", known=["n", "k"]), "<Problem L(p) = p**k*(1 - p)**(n - k)>"),
    (lambda: derive.Sample([1, 2], right=[3]), "<Sample of 3: exact, right>"),
    (lambda: derive.mle("gamma").conditions[0], None),
    (lambda: waits().steps[1], "<Step 1. Likelihood: 3 lines>"),
    (lambda: waits().sections[1], "<Section Likelihood: 3 lines>"),
    (lambda: derive.check(r"$\hat\lambda = 1/4$", "exponential", data=[2, 4, 6]), "<Report correct, 1 relation>"),
    (lambda: derive.check("$\n\n", "exponential", data=[2, 4, 6]), "<Report no mistake in 0 relations, answer missing>"),
    (lambda: derive.check(r"$\hat\lambda = 3$", "exponential", data=[2, 4, 6]), "<Report 1 of 1 relation wrong, first in line 1, answer wrong>"),
    (lambda: derive.check(r"$\hat\lambda = 3$", "exponential", data=[2, 4, 6]).lines[0], r"<Line 1 invalid: \hat\lambda = 3>"),
    (lambda: waits().problem.parameters["lambda"], "<Domain positive>"),
    (lambda: derive.densities()[0], None),
    (lambda: derive.read("x = 2")[0], "Statement(sides=(x, 2), relations=('=',), condition=None)"),
]  # fmt: skip


@cache
def made(k: int) -> Any:
    return VALUES[k][0]()


@pytest.mark.parametrize("k", range(len(VALUES)), ids=[str(words)[:50] for _, words in VALUES])
def test_a_value_is_one_line_and_travels(k: int) -> None:
    value, words = made(k), VALUES[k][1]
    assert words is None or repr(value) == words
    assert "\n" not in repr(value) and len(repr(value)) < 200 and isinstance(hash(value), int)
    for again in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert repr(again) == repr(value)


def test_equal_derivations_are_equal() -> None:
    again = pickle.loads(pickle.dumps(made(0)))
    assert again == made(0) == waits() and len({again, made(0), waits()}) == 1
    assert made(0) != made(1) and again.to_markdown() == made(0).to_markdown()


def answer(name: str) -> derive.Derivation:
    return derive.mle(name, data=[2, 4, 6])


def test_a_process_pool_gives_back_derivations_and_errors() -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn" if sys.platform != "linux" else "fork")) as pool:
        assert pool.submit(answer, "exponential").result() == made(0)
        with pytest.raises(derive.NotValid) as e:
            pool.submit(answer, "expnential").result()
    assert "did you mean 'exponential'" in str(e.value.hint) and "did you mean" not in e.value.message


ERRORS: list[Callable[[], Any]] = [
    lambda: derive.mle("expnential"),
    lambda: derive.mle("exponential", parameters=["mu"]),
    lambda: derive.mle("exponential", dat=[1]),
]  # fmt: skip


@pytest.mark.parametrize("call", ERRORS)
def test_a_notebook_shows_the_message_alone(call: Callable[[], Any]) -> None:
    with pytest.raises(DeriveError) as e:
        call()
    shown = e.value._render_traceback_()
    assert shown[0].startswith(type(e.value).__name__ + ": ") and "\n".join(shown).endswith(str(e.value)) and len(shown) <= 4
    assert pickle.loads(pickle.dumps(e.value)).__dict__ == e.value.__dict__


CALLS: list[tuple[Callable[[], Any], str]] = [
    (lambda: derive.mle("exponential", lable={"lambda": "rate"}), "did you mean labels?"),
    (lambda: derive.mle("exponential", parameter=["lambda"]), "did you mean parameters?"),
    (lambda: derive.Problem("exponential", colum="x"), "Problem() got an unexpected keyword argument 'colum'"),
    (lambda: derive.Sample(rigth=[5]), "did you mean right?"),  # type: ignore[call-arg]
    (lambda: derive.Sample([1], [2]), "Sample() has too many positional arguments\nonly exact may stand without a name, as in Sample(exact, right=[1, 2])"),  # type: ignore[misc]
    (lambda: derive.read("x", name={}), "did you mean names?"),  # type: ignore[call-arg]
    (lambda: derive.mle("exponential", [1, 2]), "only density may stand without a name, as in mle(density, data=[1, 2])"),  # type: ignore[call-arg, misc]
    (lambda: derive.check(), "missing a required argument: 'solution'"),  # type: ignore[call-arg]
]  # fmt: skip


@pytest.mark.parametrize("call,words", CALLS, ids=[w for _, w in CALLS])
def test_a_wrong_call_names_the_nearest_argument(call: Callable[[], Any], words: str) -> None:
    for kind in (TypeError, DeriveError):
        with pytest.raises(kind) as e:
            call()
        assert words in str(e.value)


@pytest.mark.parametrize("function", [derive.mle, derive.check, derive.loss, derive.Problem.__init__])
def test_the_docstring_has_every_argument(function: Any) -> None:
    text = inspect.getdoc(function) or ""
    for name in inspect.signature(function).parameters:
        assert name == "self" or re.search(rf"^{name}: .", text, re.M) or (name == "density" and function is derive.Problem.__init__)
    assert all(a.doc and a.help for a in ARGUMENTS)


def test_letters_come_back_as_they_were_written() -> None:
    d = derive.mle("w1*exp(-w1*x)", data=[1, 3])
    assert list(d.estimates) == ["w1"] and list(d.how) == ["w1"] and "w_1" not in repr(d)
    assert list(derive.mle(r"\lambda_{1} e^{-\lambda_1 x}", data=[1]).estimates) == ["lambda1"]


def test_a_script_under_a_strict_type_checker() -> None:
    pytest.importorskip("mypy")
    script = ROOT / "tests" / "typing" / "script.py"
    done = subprocess.run([sys.executable, "-m", "mypy", str(script)], cwd=ROOT, capture_output=True, text=True, timeout=200)
    said = {int(m[1]): m[2] for m in re.finditer(r"^[^\n]*script\.py:(\d+): (?:note: Revealed type is |(?=error))(.*)$", done.stdout, re.M)}
    for number, line in enumerate(script.read_text(encoding="utf-8").splitlines(), 1):
        code, _, expected = line.partition("  # ")
        if expected.startswith("error"):
            assert said.pop(number, "").startswith(expected), line
        elif code.strip().startswith("reveal_type"):
            assert said.pop(number, "").strip('"') == expected, line
    assert not said
