"""Fisher information: textbook models with their known answers, what has none, and how each expectation is checked.

Sources: Lehmann and Casella (1998), Theory of Point Estimation, 2.5 and 2.6 (LC); Johnson, Kotz and Balakrishnan (1994, 1995),
Continuous Univariate Distributions (JKB); Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions (JKK).
"""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Matrix, Rational, digamma, exp, log, pi, polygamma

import derive
from derive.formula.evaluate import compiled
from derive.inference.information import information
from derive.inference.moments import MeanRule
from derive.problem.problem import Problem

a, b, c, k, m, n, p, r, s, v = sp.symbols("alpha beta c k m n p r s v", positive=True)
lam, mu, sigma, sigma2, theta, xm = sp.symbols("lambda mu sigma sigma2 theta x_m", positive=True)
gamma = -digamma(1)  # Euler's constant

ONE_PARAMETER: dict[str, tuple[dict[str, Any], str, sp.Basic]] = {  # question, parameter, information of one observation
    "Bernoulli (LC 2.5.11)": ({"density": "bernoulli"}, "p", 1 / (p * (1 - p))),
    "binomial (LC 2.5.11)": ({"density": "binomial"}, "p", m / (p * (1 - p))),
    "Poisson (LC 2.5.11)": ({"density": "poisson"}, "lambda", 1 / lam),
    "geometric (JKK 5.8)": ({"density": "geometric"}, "p", 1 / (p**2 * (1 - p))),
    "negative binomial, size known (JKK 5.8)": ({"density": "negative binomial"}, "p", r / (p**2 * (1 - p))),
    "logarithmic (JKK 7.6)": ({"density": "logarithmic"}, "p", -(p + log(1 - p)) / (p * (1 - p) ** 2 * log(1 - p) ** 2)),
    "exponential, rate": ({"density": r"\lambda e^{-\lambda x}"}, "lambda", 1 / lam**2),
    "exponential, mean": ({"density": r"\frac{1}{\theta} e^{-x/\theta}"}, "theta", 1 / theta**2),
    "normal mean, variance known": ({"density": "x ~ Normal(mu, 4)"}, "mu", Rational(1, 4)),
    "normal variance, mean 0": ({"density": r"\frac{1}{\sqrt{2\pi v}} e^{-x^2/(2v)}"}, "v", 1 / (2 * v**2)),
    "normal deviation, mean 0": ({"density": r"\frac{1}{\sqrt{2\pi}\sigma} e^{-x^2/(2\sigma^2)}"}, "sigma", 2 / sigma**2),
    "normal, mean and deviation equal": (
        {"density": r"\frac{1}{\sqrt{2\pi}\theta} e^{-(x-\theta)^2/(2\theta^2)}", "parameters": {"theta": "positive"}}, "theta", 3 / theta**2,
    ),
    "Rayleigh, scale": ({"density": r"\frac{x}{\sigma^2} e^{-x^2/(2\sigma^2)}", "support": "x > 0", "parameters": ["sigma"]}, "sigma", 4 / sigma**2),
    "Maxwell (JKB 18)": ({"density": "maxwell"}, "a", 6 / sp.Symbol("a", positive=True) ** 2),
    "half-normal": ({"density": "half-normal"}, "sigma", 2 / sigma**2),
    "power function": ({"density": r"\theta x^{\theta-1}"}, "theta", 1 / theta**2),
    "Pareto, minimum known": ({"density": r"\alpha x^{-\alpha-1}", "support": "x > 1"}, "alpha", 1 / a**2),
    "gamma shape, rate known": ({"density": r"\frac{x^{\alpha-1} e^{-x}}{\Gamma(\alpha)}", "support": "x > 0"}, "alpha", polygamma(1, a)),
    "Cauchy location (LC 2.5)": ({"density": r"\frac{1}{\pi (1 + (x-\mu)^2)}"}, "mu", Rational(1, 2)),
    "logistic location (LC 2.5)": ({"density": r"\frac{e^{-(x-\mu)}}{(1+e^{-(x-\mu)})^2}"}, "mu", Rational(1, 3)),
    "Laplace location (LC 2.5)": ({"density": r"\frac12 e^{-|x-\mu|}"}, "mu", sp.Integer(1)),
    "Gumbel location": ({"density": r"e^{-(x-\mu)-e^{-(x-\mu)}}"}, "mu", sp.Integer(1)),
    "Student t location, 5 degrees (LC 2.5)": ({"density": "student t", "known": {"nu": 5, "s": 1}, "parameters": ["mu"]}, "mu", Rational(6, 8)),
    "zero-truncated Poisson (JKK 4.10)": (
        {"density": "zero-truncated Poisson"}, "lambda", (exp(lam) - 1 - lam) * exp(lam) / (lam * (exp(lam) - 1) ** 2),
    ),
    "Borel": ({"density": "borel"}, "mu", 1 / (mu * (1 - mu))),
}  # fmt: skip

SEVERAL: dict[str, tuple[dict[str, Any], Matrix]] = {
    "normal, variance (LC 2.6)": ({"density": "x ~ Normal(mu, sigma2)", "parameters": ["mu", "sigma2"]}, Matrix([[1 / sigma2, 0], [0, 1 / (2 * sigma2**2)]])),
    "normal, deviation (LC 2.6)": ({"density": "x ~ Normal(mu, sigma^2)"}, Matrix([[1 / sigma**2, 0], [0, 2 / sigma**2]])),
    "gamma (LC 2.6)": ({"density": "gamma"}, Matrix([[polygamma(1, a), -1 / b], [-1 / b, a / b**2]])),
    "beta (LC 2.6)": (
        {"density": "beta"},
        Matrix([[polygamma(1, a) - polygamma(1, a + b), -polygamma(1, a + b)], [-polygamma(1, a + b), polygamma(1, b) - polygamma(1, a + b)]]),
    ),
    "Weibull (JKB 21.7)": (
        {"density": "weibull"},
        Matrix([[(pi**2 / 6 + (1 - gamma) ** 2) / k**2, -(1 - gamma) / lam], [-(1 - gamma) / lam, k**2 / lam**2]]),
    ),
    "Gumbel (JKB 22.9)": (
        {"density": "gumbel"},
        Matrix([[1 / b**2, -(1 - gamma) / b**2], [-(1 - gamma) / b**2, (pi**2 / 6 + (1 - gamma) ** 2) / b**2]]),
    ),
    "Cauchy (JKB 16.4)": ({"density": "cauchy"}, Matrix([[1 / (2 * s**2), 0], [0, 1 / (2 * s**2)]])),
    "logistic (JKB 23.11)": ({"density": "logistic"}, Matrix([[1 / (3 * s**2), 0], [0, (pi**2 + 3) / (9 * s**2)]])),
    "Laplace (JKB 24.4)": ({"density": "laplace"}, Matrix([[1 / sp.Symbol("b", positive=True) ** 2, 0], [0, 1 / sp.Symbol("b", positive=True) ** 2]])),
    "inverse Gaussian (JKB 15.4)": ({"density": "inverse Gaussian"}, Matrix([[lam / mu**3, 0], [0, 1 / (2 * lam**2)]])),
    "Lomax (JKB 20)": (
        {"density": "lomax"}, Matrix([[1 / a**2, -1 / (lam * (a + 1))], [-1 / (lam * (a + 1)), a / (lam**2 * (a + 2))]]),
    ),
    "log-normal": ({"density": "log-normal"}, Matrix([[1 / sigma2, 0], [0, 1 / (2 * sigma2**2)]])),
}  # fmt: skip

VALUES = {"alpha": 1.7, "beta": 2.3, "b": 1.3, "a": 1.9, "k": 1.6, "lambda": 0.8, "mu": 0.6, "sigma": 1.4, "sigma2": 1.2, "theta": 0.7, "m": 5, "n": 7, "p": 0.3, "r": 4, "s": 1.1, "v": 0.9}  # fmt: skip


def at_values(e: sp.Basic) -> float:
    """An expression at the values above."""
    return float(e.subs({q: VALUES[q.name] for q in e.free_symbols}).evalf(30))


def entries(question: dict[str, Any]) -> list[float]:
    """The information of one observation at the values above, row by row."""
    found = information(Problem(**question)).rows
    assert found is not None
    return [compiled(f)({**VALUES}) for row in found for f in row]


@pytest.mark.parametrize("name", ONE_PARAMETER)
def test_one_parameter(name: str) -> None:
    question, _, known = ONE_PARAMETER[name]
    assert entries(question) == pytest.approx([at_values(known)], rel=1e-12)


@pytest.mark.parametrize("name", SEVERAL)
def test_several_parameters(name: str) -> None:
    question, known = SEVERAL[name]
    assert entries(question) == pytest.approx([at_values(e) for e in known], rel=1e-12, abs=1e-300)


def test_the_information_of_a_sample_is_a_matrix_of_sympy() -> None:
    found = derive.mle("gamma").information["expected"]
    assert found == sp.Matrix([[n * polygamma(1, a), -n / b], [-n / b, n * a / b**2]]).subs({q: sp.Symbol(q.name) for q in (a, b, n)})


def test_the_rule_of_each_expectation_is_named() -> None:
    weibull = {m.rule for m in information(Problem("weibull")).means}
    assert weibull == {MeanRule.SCORE, MeanRule.INTEGRAL}
    assert {m.rule for m in information(Problem("laplace")).means} >= {MeanRule.ODD}
    assert {m.rule for m in information(Problem("poisson")).means} == {MeanRule.SCORE}


@pytest.mark.parametrize(
    ("density", "why"),
    [
        ("uniform", "the support depends on a, b"),
        ("discrete uniform", "takes separate values only"),
    ],
)
def test_no_information_where_there_is_none(density: str, why: str) -> None:
    with pytest.raises(derive.DeriveError, match=why):
        _ = derive.mle(density).information


def test_a_parameter_that_moves_the_support_is_left_out() -> None:
    d = derive.mle("pareto")
    assert list(d.standard_errors) == ["alpha"]
    expected = d.information["expected"]
    assert expected is not None and sp.simplify(expected[0, 0] - sp.Symbol("n") / sp.Symbol("alpha") ** 2) == 0
    text = derive.mle("pareto", inference="information").to_markdown()
    assert "The support depends on $x_{m}$" in text and "there is no information about $x_{m}$ in the usual sense" in text


def test_what_has_no_closed_form_is_not_guessed() -> None:
    d = derive.mle("negative binomial with unknown size", inference="information")
    assert d.information["expected"] is None
    assert r"The engine found no closed form for $\operatorname{E}[" in d.to_markdown()


def test_censored_samples_have_the_observed_information_only() -> None:
    d = derive.mle("exponential", data=derive.Sample([2, 4, 6], right=[5]), inference=["information"])
    assert d.information["expected"] is None
    assert d.information["observed"] == Matrix([[3 / sp.Symbol("lambda") ** 2]])
    assert d.covariance == Matrix([[Rational(3, 289)]])
    assert d.covariance_source == "observed"


def test_observations_in_intervals_have_the_observed_information_only() -> None:
    d = derive.mle("normal", data=derive.Sample(interval=[(1, 2), (2, 3), (0, 1)]), inference=True)
    assert d.information["expected"] is None and d.covariance_source == "observed"
    assert "is not of that kind" in d.to_markdown()


def test_an_orthogonal_parametrisation_is_noticed() -> None:
    assert "are orthogonal" in derive.mle("normal", inference="information").to_markdown()
    assert "are orthogonal" not in derive.mle("gamma", inference="information").to_markdown()


def test_a_regression_is_taken_given_its_covariates() -> None:
    d = derive.mle("y ~ Poisson(exp(a + b*x))", data={"x": [0, 1, 2, 3], "y": [1, 2, 2, 6]})
    x, e = range(4), [sp.exp(sp.Symbol("a") + sp.Symbol("b") * j) for j in range(4)]
    known = Matrix(
        [
            [sum(e), sum(j * f for j, f in zip(x, e, strict=True))],
            [sum(j * f for j, f in zip(x, e, strict=True)), sum(j * j * f for j, f in zip(x, e, strict=True))],
        ]
    )
    assert d.information["expected"] is not None
    assert sp.simplify(Matrix(d.information["expected"]) - known) == sp.zeros(2, 2)


def test_a_wrong_information_does_not_pass_its_check() -> None:
    from derive.formula.tree import ONE, Sym, mul, num
    from derive.inference.information import confirmed
    from derive.inference.one_observation import one_observation

    one = one_observation(Problem("exponential"), ("lambda",))
    right = information(Problem("exponential")).value("lambda", "lambda")
    assert right is not None and confirmed("lambda", "lambda", right, one)
    assert not confirmed("lambda", "lambda", mul(num(2), right), one)
    assert not confirmed("lambda", "lambda", mul(Sym("lambda"), ONE), one)


def test_the_page_without_it_is_the_same() -> None:
    plain = derive.mle("gamma").to_markdown()
    assert derive.mle("gamma", inference=True).to_markdown().startswith(plain.rstrip())
    assert derive.mle("gamma", inference=False).to_markdown() == plain


@pytest.mark.parametrize("wrong", ["informations", ["information", "p-value"], 3])
def test_any_other_part_is_refused(wrong: object) -> None:
    with pytest.raises(derive.DeriveError, match="`inference` is True, or any of"):
        derive.mle("gamma", inference=wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["to_markdown", "to_latex", "to_html", "to_typst"])
def test_every_format_has_the_matrices(form: str) -> None:
    text = getattr(derive.mle("normal", inference="information"), form)()
    sign = {"to_markdown": "pmatrix", "to_latex": "pmatrix", "to_html": "<mtable", "to_typst": "mat("}[form]
    assert sign in text


def test_every_line_is_verified() -> None:
    d = derive.mle("weibull", inference=True)
    assert d.verified
    titles = [s.title for s in d.steps]
    assert titles[-6:] == ["Sufficiency", "Information", "Standard errors", "Intervals", "Bias", "Method of moments"]
