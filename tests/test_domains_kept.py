"""Estimates lie inside their domains: by the constraints, by a condition on the data, or cut off at a closed end."""

from __future__ import annotations

from typing import Any

import pytest

import derive
from derive.errors import DeriveError, NotSupported

NORMAL = "exp(-(x-m)**2/(2*v))/sqrt(2*pi*v)"
LINE: dict[str, Any] = {"density": NORMAL, "parameters": {"m": "real", "v": "positive"}}
LAPLACE: dict[str, Any] = {"density": "exp(-abs(x-m)/b)/(2*b)", "parameters": {"m": "real", "b": "positive"}}
INVERSE: dict[str, Any] = {
    "density": "sqrt(l/(2*pi*x**3))*exp(-l*(x-m)**2/(2*m**2*x))", "parameters": {"m": "positive", "l": "positive"}, "support": "x>0",
}  # fmt: skip
ROOT11 = (11**0.5 - 1) / 2


def ask(call: dict[str, Any], **more: Any) -> derive.Derivation:
    call = {**call, **more}
    density = call.pop("density", None)
    return derive.mle(**call) if density is None else derive.mle(density, **call)


GIVEN: list[tuple[dict[str, Any], dict[str, float] | None]] = [
    ({**LINE, "constraints": ["m=v"], "data": [1, 2]}, {"m": ROOT11, "v": ROOT11}),
    ({**LINE, "constraints": ["v=m"], "data": [-1, -2]}, {"m": ROOT11, "v": ROOT11}),
    ({**LINE, "constraints": ["m=-v"], "data": [1, 2]}, {"m": -ROOT11, "v": ROOT11}),
    ({**LINE, "constraints": ["m=2*v"], "data": [1, 2]}, {"m": 1.350781059358212, "v": 0.675390529679106}),
    ({**LINE, "constraints": ["m=v-1"], "data": [1, 2]}, {"m": 1.5 * 3**0.5 - 1.5, "v": 1.5 * 3**0.5 - 0.5}),
    ({**LINE, "parameters": {"m": "real", "v": "[2,5]"}, "constraints": ["m=v"], "data": [1, 2]}, {"m": 2, "v": 2}),
    ({**LINE, "parameters": {"m": "real", "v": "(2,5)"}, "constraints": ["m=v"], "data": [1, 2]}, None),
    ({"likelihood": "p**3*q**2", "parameters": {"p": "[0,0.3]", "q": "(0,1)"}, "constraints": ["p+q=1"]}, {"p": 0.3, "q": 0.7}),
    ({**LAPLACE, "data": [1, 1]}, None),
    ({**LAPLACE, "data": [2]}, None),
    ({**INVERSE, "data": [1, 1]}, None),
]


@pytest.mark.parametrize(("call", "found"), GIVEN)
def test_with_data(call: dict[str, Any], found: dict[str, float] | None) -> None:
    d = ask(call)
    if found is None:
        assert (d.outcome, d.estimates) == ("none", {})
    else:
        assert d.outcome == "unique"
        assert {k: float(v) for k, v in d.estimates.items()} == pytest.approx(found, rel=1e-9)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({**LINE, "constraints": ["v=m**2-1"], "data": [1, 2]}, "restricts m"),
    ({**LINE, "parameters": {"m": "(1,2)", "v": "positive"}, "constraints": ["m=v**2"], "data": [4, 5]}, "out of its domain"),
    ({"density": "1/(b-a)", "parameters": ["a", "b"], "support": "a<=x<=b", "constraints": ["b=2*a"], "data": [1, 4]}, "all observations lie"),
    ({"density": "1/t", "parameters": {"t": "(1,3)"}, "support": "0<=x<=t", "data": [3]}, "all observations lie in the support"),
    ({"likelihood": "p**3*q**2*r", "parameters": {"p": "[0,1]", "q": "(0,1)", "r": "[0,0.1]"}, "constraints": ["p+q+r=1"]}, "out of its domain"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "words"), REFUSED)
def test_refused(call: dict[str, Any], words: str) -> None:
    with pytest.raises(DeriveError, match=words):
        ask(call)


COUNTS: dict[str, Any] = {"known": {"a": "nonnegative", "b": "nonnegative"}}
SYMBOLIC: list[tuple[dict[str, Any], dict[str, str], list[str]]] = [
    ({"likelihood": "p**a*q**b", "parameters": {"p": "(0,1)", "q": "(0,1)"}, "constraints": ["p+q=1"], **COUNTS}, {"p": "a/(a + b)", "q": "b/(a + b)"}, ["a > 0", "b > 0"]),
    ({"likelihood": "p**a*(1-p)**b*q**a*(1-q)**b", "parameters": {"p": "(0,1)", "q": "(0,1)"}, **COUNTS}, {"p": "a/(a + b)", "q": "a/(a + b)"}, ["a > 0", "b > 0"]),
    ({"likelihood": "p**a*(1-p)**b", "parameters": {"p": "[0,1]"}, **COUNTS}, {"p": "a/(a + b)"}, ["a + b > 0"]),
    ({"likelihood": "t**k*(1-t)**(m-k)", "parameters": {"t": "(0,1)"}, "known": ["k", "m"]}, {"t": "k/m"}, ["k/m > 0", "k/m < 1"]),
    ({"likelihood": "exp(-n*(xbar-t)**2/2)", "parameters": {"t": "nonnegative"}}, {"t": "Max(0, xbar)"}, []),
    ({"likelihood": "exp(-n*(xbar-t)**2/2)", "parameters": {"t": "(1,oo)"}}, {"t": "xbar"}, ["xbar > 1"]),
    ({"density": "1/t", "parameters": {"t": "(1,3)"}, "support": "0<=x<=t"}, {"t": "Max(x)"}, ["x_ord[n] > 1"]),
    ({"density": "1/t", "parameters": {"t": "[1,3]"}, "support": "0<=x<=t"}, {"t": "Max(1, Max(x))"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("call", "estimates", "conditions"), SYMBOLIC)
def test_symbolic(call: dict[str, Any], estimates: dict[str, str], conditions: list[str]) -> None:
    d = ask(call)
    assert {k: str(v) for k, v in d.estimates.items()} == estimates
    assert [str(c.note) for c in d.conditions] == conditions


EXPONENTIAL: dict[str, Any] = {"density": "exp(-x/t**2)/t**2", "parameters": {"t": "real"}, "support": "x>=0"}
SIZE: dict[str, Any] = {"density": "exp(-x**2/(2*t**2))/sqrt(2*pi*t**2)", "parameters": {"t": "real"}}
WINDOW: dict[str, Any] = {"density": "1/t", "parameters": {"t": "(1,3)"}, "support": "0<=x<=t"}
EVALUATED: list[tuple[dict[str, Any], list[float], dict[str, float] | None]] = [
    (EXPONENTIAL, [0, 0], None),
    (EXPONENTIAL, [1, 3], {"t": 2**0.5}),
    (SIZE, [0, 0], None),
    (WINDOW, [2, 1.5], {"t": 2}),
    (WINDOW, [3], None),
    (WINDOW, [0.5], None),
    (LINE, [1, 1], None),
    (LINE, [1, 2], {"m": 1.5, "v": 0.25}),
    ({**LINE, "constraints": ["m=v"]}, [-1, -2], {"m": ROOT11, "v": ROOT11}),
]


@pytest.mark.parametrize(("call", "data", "found"), EVALUATED)
def test_evaluate_looks_at_the_conditions(call: dict[str, Any], data: list[float], found: dict[str, float] | None) -> None:
    d = ask(call)
    if found is None:
        with pytest.raises(DeriveError):
            d.evaluate(data)
    else:
        assert d.evaluate(data) == pytest.approx(found)


def test_a_large_sample_at_an_open_end() -> None:
    d = derive.mle("exp(-x/t)/t", parameters={"t": "positive"}, support="x>=0")
    with pytest.raises(NotSupported, match="does not belong to it"):
        d.evaluate([0.0] * 200_000)


def test_a_formula_that_some_samples_take_out_of_its_domain_is_refused() -> None:
    density = "exp(-(x-a)**2/2-(y-a-b)**2/2)/(2*pi)"
    question: dict[str, Any] = {"variable": ["x", "y"], "parameters": {"a": "real", "b": "positive"}}
    with pytest.raises(derive.NotSupported, match="for some samples the formula that was found for b lies outside its domain"):
        derive.mle(density, **question)
    assert derive.mle(density, data={"x": [1, 2], "y": [3, 5]}, **question).numeric == {"a": 1.5, "b": 2.5}
