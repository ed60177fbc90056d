"""Partly known observations: estimates against a maximisation of likelihoods written by hand, and the words around them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import sympy as sp

import derive
from derive import Sample
from derive.numerics.search import maximise

INF = math.inf
POSITIVE = (0.0, INF)
Height = Callable[[Sequence[float]], float]
BULBS = {(0, 2): 50, (2, 4): 35, (4, 6): 25, (6, 8): 15, (8, 10): 5}


def poisson(k: int, m: float) -> float:
    return math.exp(-m) * m**k / math.factorial(k)


def bulbs(t: Sequence[float]) -> float:
    return sum(k * math.log(math.exp(-t[0] * a) - math.exp(-t[0] * b)) for (a, b), k in BULBS.items()) - 100 * t[0]


CASES: list[tuple[str, str, dict[str, Any], dict[str, Any], tuple[float, float], Height]] = [
    ("exponential, right", r"\lambda e^{-\lambda x}", {}, {"exact": [2, 4], "right": [5]}, POSITIVE, lambda t: 2 * math.log(t[0]) - 11 * t[0]),
    (
        "exponential, type II", r"\frac{1}{\theta}e^{-x/\theta}", {}, {"exact": [0.3, 0.7, 1.1, 1.8], "right": [1.8] * 4}, POSITIVE,
        lambda t: -4 * math.log(t[0]) - 11.1 / t[0],
    ),
    ("exponential, grouped", r"\lambda e^{-\lambda x}", {}, {"counts": BULBS, "right": [10] * 10}, POSITIVE, bulbs),
    (
        "Rayleigh, right", r"\frac{x}{\sigma^2}e^{-\frac{x^2}{2\sigma^2}}", {}, {"exact": [0.7, 1.3, 1.9], "right": [2, 2]}, POSITIVE,
        lambda t: -6 * math.log(t[0]) - (0.49 + 1.69 + 3.61 + 8) / 2 / t[0] ** 2,
    ),
    (
        "Pareto, right", r"\frac{\alpha k^\alpha}{x^{\alpha+1}}", {"known": {"k": 1}, "support": "x >= k"},
        {"exact": [1.3, 2.9, 1.1], "right": [3, 3]}, POSITIVE, lambda t: 3 * math.log(t[0]) - t[0] * math.log(1.3 * 2.9 * 1.1 * 9),
    ),
    (
        "Poisson, at most 1", r"\frac{e^{-\lambda}\lambda^x}{x!}", {}, {"exact": [3, 2, 5, 4, 2, 3], "counts": {(-1, 1): 3}}, POSITIVE,
        lambda t: sum(math.log(poisson(k, t[0])) for k in (3, 2, 5, 4, 2, 3)) + 3 * math.log(poisson(0, t[0]) + poisson(1, t[0])),
    ),
    (
        "Poisson, below 2", r"\frac{e^{-\lambda}\lambda^x}{x!}", {}, {"exact": [3, 2, 5, 4, 2, 3], "left": [2, 2, 2]}, POSITIVE,
        lambda t: sum(math.log(poisson(k, t[0])) for k in (3, 2, 5, 4, 2, 3)) + 3 * math.log(poisson(0, t[0]) + poisson(1, t[0])),
    ),
    (
        "geometric, right", "p(1-p)^{x-1}", {}, {"exact": [3, 2, 5], "right": [6, 7]}, (0.0, 1.0),
        lambda t: 3 * math.log(t[0]) + 7 * math.log(1 - t[0]) + 13 * math.log(1 - t[0]),
    ),
    (
        "power, left", r"\theta x^{\theta-1}", {}, {"exact": [0.5, 0.8], "left": [0.3]}, POSITIVE,
        lambda t: 2 * math.log(t[0]) + (t[0] - 1) * math.log(0.4) + t[0] * math.log(0.3),
    ),
    (
        "Lomax, right", r"\alpha(1+x)^{-\alpha-1}", {"support": "x > 0"}, {"exact": [0.5, 2], "right": [4]}, POSITIVE,
        lambda t: 2 * math.log(t[0]) - (t[0] + 1) * math.log(4.5) - t[0] * math.log(5),
    ),
]  # fmt: skip


@pytest.mark.parametrize("name,density,question,sample,bounds,height", CASES, ids=[c[0] for c in CASES])
def test_estimate_against_numerical_maximum(
    name: str, density: str, question: dict[str, Any], sample: dict[str, Any], bounds: tuple[float, float], height: Height
) -> None:
    d = derive.mle(density, data=Sample(**sample), **question)
    place, _ = maximise(height, [bounds], [0.4])
    (found,) = (d.numeric or {}).values()
    assert found == pytest.approx(place[0], rel=1e-6)
    assert d.outcome == "unique" and d.verified
    (exact,) = d.estimates.values()
    assert float(exact.evalf()) == pytest.approx(found, rel=1e-12)  # type: ignore[attr-defined]


def test_only_censored_has_no_maximum() -> None:
    d = derive.mle(r"\lambda e^{-\lambda x}", data=Sample(right=[2, 3, 2.5]))
    assert d.outcome == "none" and not d.estimates


REFUSED = [
    (
        r"\frac{\beta^\alpha}{\Gamma(\alpha)}x^{\alpha-1}e^{-\beta x}",
        {"exact": [1, 2], "right": [3]},
        "the derivative of lowergamma is not known",
    ),
    (r"\theta x^{\theta-1}", {"exact": [0.5], "right": [2]}, "impossible"),
]


@pytest.mark.parametrize("density,sample,words", REFUSED)
def test_refused(density: str, sample: dict[str, Any], words: str) -> None:
    with pytest.raises(derive.DeriveError, match=words):
        derive.mle(density, data=Sample(**sample))


# -- samples put into rows ---------------------------------------------------------------------------


LONG = [0.7 + 0.13 * k for k in range(30)]
ROWS: list[tuple[str, str, dict[str, Any], tuple[float, float], Height]] = [
    (
        "weighted exponential", r"\lambda e^{-\lambda x}", {"exact": [2, 4, 7], "weights": [1, 2, 0.5]}, POSITIVE,
        lambda t: 3.5 * math.log(t[0]) - 13.5 * t[0],
    ),
    (
        "left-truncated exponential", r"\lambda e^{-\lambda x}", {"exact": [2, 4, 7], "truncation": (1, None)}, POSITIVE,
        lambda t: 3 * math.log(t[0]) - 10 * t[0],
    ),
    (
        "left-truncated and right-censored", r"\lambda e^{-\lambda x}", {"exact": [2, 4, 7], "right": [8], "truncation": (1, None)}, POSITIVE,
        lambda t: 3 * math.log(t[0]) - 17 * t[0],
    ),
    (
        "geometric without zeros", "p(1-p)^x", {"exact": [2, 4, 7], "truncation": (1, "oo")}, (0.0, 1.0),
        lambda t: 3 * math.log(t[0]) + 10 * math.log(1 - t[0]),
    ),
    (
        "power on part of its range", r"\theta x^{\theta-1}", {"exact": [0.3, 0.4], "truncation": (None, "1/2")}, POSITIVE,
        lambda t: 2 * math.log(t[0]) + (t[0] - 1) * math.log(0.12) - 2 * t[0] * math.log(0.5),
    ),
    (
        "long and right-censored", r"\frac{x}{\sigma^2}e^{-\frac{x^2}{2\sigma^2}}", {"exact": LONG, "right": [4 + x for x in LONG]}, POSITIVE,
        lambda t: -60 * math.log(t[0]) - sum(x * x + (4 + x) ** 2 for x in LONG) / 2 / t[0] ** 2,
    ),
    (
        "many counts", r"\lambda e^{-\lambda x}", {"counts": {1: 10**9, 2: 10**9, 3: 3 * 10**9}}, POSITIVE,
        lambda t: 5 * math.log(t[0]) - 12 * t[0],
    ),
]  # fmt: skip


@pytest.mark.parametrize("name,density,sample,bounds,height", ROWS, ids=[c[0] for c in ROWS])
def test_rows(name: str, density: str, sample: dict[str, Any], bounds: tuple[float, float], height: Height) -> None:
    d = derive.mle(density, data=Sample(**sample))
    place, _ = maximise(height, [bounds], [0.4])
    (found,) = (d.numeric or {}).values()
    assert found == pytest.approx(place[0], rel=1e-6)
    assert d.outcome == "unique" and d.verified


def test_evaluate_on_other_data_of_the_kind() -> None:
    d = derive.mle(r"\lambda e^{-\lambda x}", data=Sample([2, 4], right=[5]))
    assert d.evaluate(Sample([1, 2, 3], right=[4, 9])) == {"lambda": pytest.approx(3 / 19)}
    assert d.evaluate([1, 2, 3]) == {"lambda": pytest.approx(0.5)}
    assert d.evaluate(Sample(counts={(0, 2): 5}, right=[2] * 5)) == {"lambda": pytest.approx(math.log(2) / 2)}
    w = derive.mle(r"\lambda e^{-\lambda x}", data=Sample([2, 4], weights=[5, 2]))
    assert w.evaluate(Sample([1, 2, 3], weights=[4, 9, 1])) == {"lambda": pytest.approx(14 / 25)}


def test_a_window_that_leaves_nothing_out_is_named() -> None:
    with pytest.raises(derive.DeriveError, match=r'truncation=\(1, "oo"'):
        derive.mle("p(1-p)^x", data=Sample([2, 4], truncation=(0, "oo")))


# -- a sample known by its sums ------------------------------------------------------------------------

NORMAL = r"\frac{1}{\sqrt{2\pi v}}e^{-\frac{(x-\mu)^2}{2v}}"
POISSON = r"\frac{e^{-\lambda}\lambda^x}{x!}"
SUMS: list[tuple[str, dict[str, Any], dict[str, float]]] = [
    (r"\lambda e^{-\lambda x}", {"n": 10, "sums": {"x": 30}}, {"lambda": 1 / 3}),
    (NORMAL, {"n": 15, "sums": {"x": 30, "x**2": 70}}, {"mu": 2, "v": 2 / 3}),
    (POISSON, {"n": 10**9, "sums": {"x": 3 * 10**9}}, {"lambda": 3}),
    (r"\theta x^{\theta-1}", {"n": 10, "sums": {r"\ln x": -12.5}}, {"theta": 0.8}),
    (r"\theta^x(1-\theta)^{1-x}", {"n": 10, "sums": {"x": 10}}, {"theta": 1}),
]


@pytest.mark.parametrize("density,sample,estimates", SUMS)
def test_sums_suffice(density: str, sample: dict[str, Any], estimates: dict[str, float]) -> None:
    d = derive.mle(density, data=Sample(**sample))
    assert d.verified and d.numeric == pytest.approx(estimates)


SUMS_REFUSED = [
    (NORMAL, {"n": 15, "sums": {"x": 30}}, r"the sum of x\*\*2 over the sample is needed"),
    (NORMAL, {"n": 10, "sums": {"x": 30, "x**2": 70}}, "no sample of 10 observations"),
    (r"\theta^x(1-\theta)^{1-x}", {"n": 10, "sums": {"x": 12}}, "no sample of 10 observations"),
    (r"\frac{1}{\pi(1+(x-\theta)^2)}", {"n": 10, "sums": {"x": 12}}, "cannot be separated"),
    (NORMAL, {"n": 10, "sums": {"y": 12}}, "y is not declared"),
]


@pytest.mark.parametrize("density,sample,words", SUMS_REFUSED)
def test_sums_refused(density: str, sample: dict[str, Any], words: str) -> None:
    with pytest.raises(derive.DeriveError, match=words):
        derive.mle(density, data=Sample(**sample))


# -- what else was asked, for every kind of sample -----------------------------------------------------

KINDS: list[Any] = [
    None, [2, 4, 6], Sample([2, 4], right=[5]), Sample([2, 4], weights=[5, 1]), Sample(n=10, sums={"x": 30}),
    Sample(counts={(0, 2): 5, (2, 4): 3}, right=[4]), Sample([2, 4], truncation=(1, None)), Sample(counts={1: 30, 2: 20_000}),
    [1 + (k % 7) / 8 for k in range(1500)], Sample([1 + (k % 7) / 8 for k in range(1500)], right=[3, 4]),
]  # fmt: skip


@pytest.mark.parametrize("data", KINDS)
def test_quantities_values_units_labels(data: Any) -> None:
    d = derive.mle(
        r"\lambda e^{-\lambda x}", data=data, quantities={"mean life": "1/lambda", "chance": "exp(-3*lambda)"}, at={"lambda": "1/2"},
        units="years", labels={"lambda": "failure rate"},
    )  # fmt: skip
    text = d.to_markdown()
    assert "mean life, in years, is" in text and "the estimate of the chance is" in text
    assert "“failure rate”" in text and "likelihood for $\\lambda = \\frac{1}{2}$" in text
    assert (d.numeric is None) == (data is None)
    if d.numeric is not None:
        rate = d.numeric["lambda"]
        assert d.quantities["mean life"][1] == pytest.approx(1 / rate) and d.quantities["chance"][1] == pytest.approx(math.exp(-3 * rate))


def test_values_that_cannot_be() -> None:
    for at in ({"theta": 1}, {"lambda": -1}, {"lambda": "n"}):
        with pytest.raises(derive.DeriveError, match="at"):
            derive.mle(r"\lambda e^{-\lambda x}", data=[1], at=at)


def test_what_can_be_eliminated_is() -> None:
    d = derive.mle(
        r"\frac{k}{\lambda}\left(\frac{x}{\lambda}\right)^{k-1}e^{-(x/\lambda)^k}",
        data=Sample([0.7, 1.3, 1.9, 0.4, 1.0], right=[2, 2, 1.5]),
    )
    assert dict(d.how) == {"lambda": "given others", "k": "numeric"}
    assert d.numeric == pytest.approx({"k": 1.75648904749086, "lambda": 1.8834964567825}, rel=1e-9)


CHECKED: list[Any] = [
    Sample([2, 4], right=[5]), Sample([2, 4], weights=[1, 3]), Sample([2, 4], truncation=(1, None)), Sample(n=10, sums={"x": 30}),
    Sample(counts={(0, 2): 50, (2, 4): 30}, right=[4] * 10), Sample(counts={1: 9000, 2: 20_000}),
    Sample([k / 10 for k in range(1, 21)], right=[2.5] * 9),
]  # fmt: skip


@pytest.mark.parametrize("data", CHECKED)
def test_the_write_up_is_a_correct_solution(data: Any) -> None:
    question: dict[str, Any] = {"data": data, "at": {"lambda": "1/2"}, "quantities": {"mean": "1/lambda"}}
    text = derive.mle(r"\lambda e^{-\lambda x}", **question).to_markdown()
    report = derive.check(text, r"\lambda e^{-\lambda x}", **question)
    assert report.correct and [x.text for x in report.lines if x.verdict != "valid"] == []


def test_a_parameter_called_t_is_not_the_variable_of_an_integral() -> None:
    for sample in ({"exact": [1, 2, 3], "right": [4, 5]}, {"exact": [1, 2, 3], "truncation": (0.5, 4)}):
        text = derive.mle("t*exp(-t*x)", variable="x", data=derive.Sample(**sample)).to_markdown()
        assert r"t e^{-t u}\,du" in text and r"\,dt" not in text


SHIFTED = ("lambda*exp(-lambda*(x-a))", "x >= a", {"a": "real", "lambda": "positive"})
UNIFORM = ("1/t", "0 <= x <= t", {"t": "positive"})
MOVING = [  # density, support and parameters; what was observed; the estimates, None where they are not settled
    (SHIFTED, derive.Sample([3, 5], right=[2]), [3, 1]),
    (SHIFTED, derive.Sample([3, 5], right=[4, 6, 7]), [3, sp.Rational(1, 5)]),
    (SHIFTED, derive.Sample(right=[6]), None),
    (UNIFORM, derive.Sample([3, 5], right=[6]), [9]),
    (UNIFORM, derive.Sample([3, 5], right=[5]), [sp.Rational(15, 2)]),
    (UNIFORM, derive.Sample([3, 5], left=[7]), [5]),
    (UNIFORM, derive.Sample([3, 5], interval=[(1, 2)]), [5]),
    (UNIFORM, derive.Sample([3, 5], interval=[(4, 6)]), [6]),
    (UNIFORM, derive.Sample([3, 5], interval=[(4, 7)]), [6]),
    (UNIFORM, derive.Sample([3, 5], interval=[(4, 5.5)]), None),
    (UNIFORM, derive.Sample([3, 5, 9], weights=[2, 0.5, 0]), [5]),
    (SHIFTED, derive.Sample([3, 5], weights=[1, 3]), [3, sp.Rational(2, 3)]),
    (("1/(b-a)", "a <= x <= b", {"a": "real", "b": "real"}), derive.Sample([1, 2, 6], weights=[1, 0.5, 1.5]), [1, 6]),
]


@pytest.mark.parametrize(("model", "sample", "estimates"), MOVING)
def test_partly_known_observations_where_the_support_moves(model, sample, estimates):
    density, support, parameters = model
    if estimates is None:
        with pytest.raises(derive.NotSupported):
            derive.mle(density, support=support, parameters=parameters, data=sample)
        return
    d = derive.mle(density, support=support, parameters=parameters, data=sample)
    assert (d.outcome, list(d.estimates.values()), set(d.certainty.values())) == ("unique", estimates, {"proved"})


SEVERAL_WAYS = [  # a question in one unknown in which no plain observations are left; its estimate
    ({"density": "exp(-(x-m)**2/2)/sqrt(2*pi)", "data": Sample([1, 2], right=[3]), "parameters": {"m": "real"}}, 2.18826005138342),
    ({"density": "l*exp(-l*x)", "data": Sample(interval=[(0, 1)], right=["1e100"]), "parameters": {"l": "positive"}}, 1e-100),
    ({"likelihood": "p**3*(1-p**2)**4*(2-p)**5", "parameters": {"p": "(0, 1)"}}, 0.41692386097800066),
]


@pytest.mark.parametrize(("question", "estimate"), SEVERAL_WAYS)
def test_the_roots_of_a_score_with_the_numbers_in_it_are_enclosed(question, estimate):
    d = derive.mle(**question)
    assert list(d.numeric.values()) == pytest.approx([estimate], rel=1e-12) and "searched" not in d.certainty.values()
