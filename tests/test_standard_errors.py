"""Standard errors, intervals, tests and the fit: known answers, refusals, and functions that agree with each other."""

from __future__ import annotations

import math
import pickle
from typing import Any

import pytest
import sympy as sp

import derive
from derive.inference.intervals import Scale, on_scale, quantile

Z = 1.959963984540054  # the normal quantile of 97.5 %
COIN = [1, 1, 0, 1, 0, 1, 1, 0, 1, 1]
WAITS = [2, 4, 6, 1, 3]
LENGTHS = [4.9, 5.3, 5.1, 4.7, 6.2, 5.5, 5.0, 4.4]


def test_closed_forms_for_a_symbolic_sample() -> None:
    d = derive.mle("bernoulli")
    x, i, n = sp.IndexedBase("x"), sp.Symbol("i"), sp.Symbol("n")
    mean = sp.Sum(x[i], (i, 1, n)) / n
    assert sp.simplify(d.covariance[0, 0] - mean * (1 - mean) / n) == 0
    assert derive.mle("exponential", inference="standard errors").to_markdown().count(r"\frac{\hat{\lambda}}{\sqrt{n}}") == 1


def test_exact_numbers_stay_exact() -> None:
    d = derive.mle("exponential", data=[2, 4, 6])
    assert d.covariance == sp.Matrix([[sp.Rational(1, 48)]])
    assert d.standard_errors == {"lambda": sp.sqrt(3) / 12}


@pytest.mark.parametrize(
    ("question", "known"),
    [
        ({"density": "bernoulli", "data": COIN}, {"p": math.sqrt(0.7 * 0.3 / 10)}),
        ({"density": "poisson", "data": WAITS}, {"lambda": math.sqrt(3.2 / 5)}),
        ({"density": "exponential", "data": WAITS}, {"lambda": 1 / 3.2 / math.sqrt(5)}),
        ({"density": "exponential", "data": derive.Sample([2, 4, 6], right=[5])}, {"lambda": math.sqrt(3) / 17}),
    ],
)
def test_standard_errors(question: dict[str, Any], known: dict[str, float]) -> None:
    assert {k: float(v) for k, v in derive.mle(**question).standard_errors.items()} == pytest.approx(known)


def test_the_delta_method() -> None:
    d = derive.mle("exponential", data=WAITS, quantities={"mean wait": "1/lambda"}, inference="standard errors")
    assert d.intervals()["mean wait"] == pytest.approx((3.2 * math.exp(-Z / math.sqrt(5)), 3.2 * math.exp(Z / math.sqrt(5))))
    assert r"\operatorname{se}\left(\frac{1}{\hat{\lambda}}\right) \approx 1.431" in d.to_markdown()


@pytest.mark.parametrize(
    ("scale", "value", "ends", "known"),
    [
        (Scale.PLAIN, 2.0, (-math.inf, math.inf), (1.0, 3.0)),
        (Scale.LOG, 2.0, (0.0, math.inf), (2 * math.exp(-0.5), 2 * math.exp(0.5))),
        (Scale.LOG, -2.0, (-math.inf, 0.0), (-2 * math.exp(0.5), -2 * math.exp(-0.5))),
        (Scale.LOGIT, 0.5, (0.0, 1.0), (1 / (1 + math.exp(4)), 1 / (1 + math.exp(-4)))),
    ],
)
def test_scales(scale: Scale, value: float, ends: tuple[float, float], known: tuple[float, float]) -> None:
    assert on_scale(scale, value, 1.0, *ends) == pytest.approx(known)


def test_wilson() -> None:
    n, share = len(COIN), sum(COIN) / len(COIN)
    middle, half = share + Z**2 / (2 * n), Z * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    d = derive.mle("bernoulli", data=COIN, inference="intervals")
    assert d.intervals(kind="score")["p"] == pytest.approx(((middle - half) / (1 + Z**2 / n), (middle + half) / (1 + Z**2 / n)))
    assert r"\frac{z}{2} \sqrt{4 n \bar{x} + z^{2} - 4 n \bar{x}^{2}}" in d.to_markdown()


@pytest.mark.parametrize("density", ["bernoulli", "poisson", "exponential", "geometric"])
def test_the_ends_of_a_likelihood_interval_satisfy_its_equation(density: str) -> None:
    data = COIN if density == "bernoulli" else WAITS
    d = derive.mle(density, data=data)
    ((name, (low, high)),) = d.intervals(0.9, kind="likelihood").items()
    height = d.lambdify(backend="python")
    assert d.numeric is not None
    top = height(d.numeric[name], data)
    for end in (low, high):
        assert 2 * (top - height(end, data)) == pytest.approx(quantile(0.9) ** 2, rel=1e-9)


def test_a_profile_in_closed_form() -> None:
    """The profile of a normal mean: n log(1 + (mean - mu)^2 / v) = z^2."""
    n, mean = len(LENGTHS), sum(LENGTHS) / len(LENGTHS)
    v = sum((x - mean) ** 2 for x in LENGTHS) / n
    half = math.sqrt(v * (math.exp(Z**2 / n) - 1))
    found = derive.mle("normal", data=LENGTHS).intervals(kind="likelihood")["mu"]
    assert found == pytest.approx((mean - half, mean + half), rel=1e-9)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ({"density": "uniform", "data": [1, 2, 4]}, "the support depends on a, b"),
        ({"density": "bernoulli", "data": [0, 0, 0]}, "lies at an end of its domain"),
        ({"density": "x ~ Normal(a + b, 1)", "data": [1, 2]}, "not unique|singular|not positive definite"),
        ({"density": "normal", "data": [1, 1]}, "has no maximum"),
        ({"density": "bernoulli"}, "there are no data"),
    ],
)
def test_nothing_is_claimed_where_the_theory_does_not_hold(question: dict[str, Any], why: str) -> None:
    d = derive.mle(**question)
    with pytest.raises(derive.DeriveError, match=why):
        d.intervals()


@pytest.mark.parametrize(("level", "kind"), [(0, "wald"), (1.5, "wald"), (0.95, "exact")])
def test_wrong_levels_and_kinds(level: float, kind: str) -> None:
    with pytest.raises(derive.DeriveError, match=r"`level`|`kind`"):
        derive.mle("bernoulli", data=COIN).intervals(level, kind)


def test_three_tests_of_a_rate() -> None:
    d = derive.mle("poisson", data=WAITS)  # 16 in 5, against 2
    known = {"wald": (3.2 - 2) ** 2 / (3.2 / 5), "score": (3.2 - 2) ** 2 / (2 / 5), "likelihood": 2 * (16 * math.log(1.6) - 6)}
    for kind, statistic in known.items():
        found = d.test({"lambda": 2}, kind)
        assert found.statistic == pytest.approx(statistic)
        assert found.degrees_of_freedom == 1
        assert found.p_value == pytest.approx(math.erfc(math.sqrt(statistic / 2)))


def test_a_hypothesis_on_both_parameters() -> None:
    d = derive.mle("normal", data=LENGTHS)
    found = d.test({"mu": 5, "sigma2": 0.3})
    at = d.lambdify(backend="python")
    assert d.numeric is not None
    statistic = 2 * (at(*d.numeric.values(), LENGTHS) - at(5, 0.3, LENGTHS))
    assert found.degrees_of_freedom == 2
    assert found.statistic == pytest.approx(statistic)
    assert found.p_value == pytest.approx(math.exp(-statistic / 2))


@pytest.mark.parametrize("values", [{}, {"nu": 1}, {"sigma2": -1}])
def test_no_hypothesis(values: dict[str, float]) -> None:
    with pytest.raises(derive.DeriveError):
        derive.mle("normal", data=LENGTHS).test(values)


def test_the_fit() -> None:
    d = derive.mle("exponential", data=WAITS)
    height = -5 * math.log(3.2) - 5
    assert d.aic == pytest.approx(2 - 2 * height)
    assert d.bic == pytest.approx(math.log(5) - 2 * height)


@pytest.mark.parametrize("density", ["exponential", "gamma", "normal", "poisson"])
def test_functions_of_the_libraries_agree(density: str) -> None:
    d = derive.mle(density)
    point = {"lambda": 0.7, "alpha": 1.4, "beta": 2.0, "mu": 0.3, "sigma2": 1.5, "k": 1.2, "r": 2.5, "p": 0.4}
    values = [point[k] for k in d.problem.parameters]
    for what in ("log_likelihood", "score", "hessian"):
        one, other = (d.lambdify(what, backend)(*values, [1, 3, 2, 5]) for backend in ("python", "numpy"))
        flat = [one] if what == "log_likelihood" else one if what == "score" else [x for row in one for x in row]
        same = [other] if what == "log_likelihood" else other if what == "score" else [x for row in other for x in row]
        assert [float(x) for x in same] == pytest.approx([float(x) for x in flat], rel=1e-10)


def test_scores_are_the_slopes_of_the_log_likelihood() -> None:
    d = derive.mle("gamma")
    height, slopes = d.lambdify(backend="python"), d.lambdify("score", "python")
    h = 1e-6
    numeric = [
        (height(1.4 + h, 2.0, [1, 3]) - height(1.4 - h, 2.0, [1, 3])) / (2 * h),
        (height(1.4, 2.0 + h, [1, 3]) - height(1.4, 2.0 - h, [1, 3])) / (2 * h),
    ]
    assert slopes(1.4, 2.0, [1, 3]) == pytest.approx(numeric, rel=1e-7)


def test_automatic_differentiation_agrees() -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    d = derive.mle("gamma")
    height, slopes = d.lambdify(backend="jax"), d.lambdify("score", "jax")
    xs = jax.numpy.asarray([1.0, 3.0, 2.0])
    found = jax.grad(height, (0, 1))(1.4, 2.0, xs)
    assert [float(v) for v in found] == pytest.approx([float(v) for v in slopes(1.4, 2.0, xs)], rel=1e-9)


@pytest.mark.parametrize(
    ("what", "backend", "args"),
    [("slope", "numpy", ()), ("score", "fortran", ()), ("score", "python", (1,)), ("score", "python", (1, [2], 3))],
)
def test_wrong_calls_of_functions(what: str, backend: str, args: tuple[Any, ...]) -> None:
    with pytest.raises(derive.DeriveError):
        derive.mle("exponential").lambdify(what, backend)(*args)


def test_a_library_that_is_not_installed_is_named() -> None:
    try:
        import torch  # noqa: F401
    except ImportError:
        with pytest.raises(derive.DeriveError, match="'torch' needs torch"):
            derive.mle("exponential").lambdify(backend="torch")


def test_the_summary() -> None:
    s = derive.mle("exponential", data=WAITS, quantities={"mean wait": "1/lambda"}).summary()
    assert [r[:3] for r in s.rows] == [("lambda", "0.3125", "0.1398"), ("mean wait", "3.2", "1.431")]
    assert "| mean wait | 3.2 | 1.431 |" in s.to_markdown() and "<td>mean wait</td>" in s.to_html() and "AIC" in str(s)
    moving = derive.mle("uniform", data=[1, 2, 4]).summary()
    assert [r[2] for r in moving.rows] == ["", ""] and "the support depends on a, b" in str(moving)


def test_a_derivation_can_still_be_pickled() -> None:
    d = derive.mle("gamma", data=LENGTHS)
    before = d.intervals(kind="likelihood")
    assert pickle.loads(pickle.dumps(d)).intervals(kind="likelihood") == before


def test_many_observations() -> None:
    import random

    rng = random.Random(2)
    xs = [round(rng.gammavariate(2, 1.5) + 0.01, 2) for _ in range(2000)]
    d = derive.mle("gamma", data=xs)
    low, high = d.intervals(kind="likelihood")["alpha"]
    assert d.numeric is not None and low < d.numeric["alpha"] < high
    assert d.intervals()["alpha"] == pytest.approx((low, high), rel=2e-2)
    floats = derive.mle("normal", data=[rng.gauss(3, 2) for _ in range(1500)], inference=["standard errors", "intervals"])
    assert floats.numeric is not None
    assert float(floats.standard_errors["mu"]) == pytest.approx(math.sqrt(floats.numeric["sigma2"] / 1500))
    low, high = floats.intervals(kind="likelihood")["mu"]
    assert low < floats.numeric["mu"] < high


def test_shares_that_add_up_to_one() -> None:
    """The covariance of a multinomial: (diag(p) - p p') / n."""
    d = derive.mle(
        "p1**x1*p2**x2*p3**x3", variable=["x1", "x2", "x3"], constraints=["p1 + p2 + p3 = 1"],
        data={"x1": [1, 0, 0, 1], "x2": [0, 1, 0, 0], "x3": [0, 0, 1, 0]}, inference=["information", "standard errors"],
    )  # fmt: skip
    p = sp.Matrix([sp.Rational(1, 2), sp.Rational(1, 4), sp.Rational(1, 4)])
    assert d.covariance == (sp.diag(*p) - p * p.T) / 4
    assert "By the constraint $p_{3} = 1 - p_{1} - p_{2}$" in d.to_markdown()
    assert d.verified


@pytest.mark.parametrize("bound", [1, 2.625])
def test_an_estimate_on_the_border_of_an_inequality_has_none(bound: float) -> None:
    d = derive.mle("normal", constraints=[f"mu <= {bound}"], data=[1, 2, 3.5, 4])
    with pytest.raises(derive.DeriveError, match=r"end of its domain|border"):
        _ = d.standard_errors
    assert derive.mle("normal", constraints=["mu <= 3"], data=[1, 2, 3.5, 4]).standard_errors["mu"] == sp.sqrt(91) / 16
