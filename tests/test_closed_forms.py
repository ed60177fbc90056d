"""Closed forms through a function of the unknown: undone functions, quadratics in one, the Lambert function, a direction."""

from __future__ import annotations

import math

import pytest
import sympy as sp

import derive
from derive.formula.evaluate import compiled
from derive.formula.tree import Sym, call, num

BITS, COUNTS, SPINS = [1, 0, 1, 1, 0], [2, 1, 3, 1, 5], [1, -1, 1, 0, 1]
TWO_VALUED = {"support": "{0, 1}"}


def mean(xs):
    return sum(xs) / len(xs)


CASES = [
    # density, question, data, estimate from the mean, condition
    ("tanh(a/2)*exp(-a*abs(x))", {"parameters": {"a": "positive"}, "support": "x integer"}, [0, -1, 2, 1, -3], None, "> 0"),
    ("(1-exp(-l))**x*exp(-l)**(1-x)", {"parameters": {"l": "positive"}, **TWO_VALUED}, BITS, lambda m: -math.log(1 - m), "< \\bar{x} < 1"),
    (
        r"(1-e^{-c\lambda})^x (e^{-c\lambda})^{1-x}", {"parameters": {"lambda": "positive"}, "known": {"c": "positive"}, **TWO_VALUED}, BITS,
        lambda m: -math.log(1 - m) / 2, "0 < \\bar{x} < 1",
    ),
    (r"(1-(1-p)^3)^x((1-p)^3)^{1-x}", {"parameters": {"p": "(0,1)"}, **TWO_VALUED}, BITS, lambda m: 1 - (1 - m) ** (1 / 3), "0 < \\bar{x} < 1"),
    (
        "(1-(1-p)**k)**x*((1-p)**k)**(1-x)", {"parameters": {"p": "(0,1)"}, "known": {"k": "positive"}, "variable": "x", **TWO_VALUED}, BITS,
        lambda m: 1 - math.sqrt(1 - m), "0 < \\bar{x} < 1",
    ),
    (r"(\tanh\theta)^x(1-\tanh\theta)^{1-x}", {"parameters": {"theta": "positive"}, **TWO_VALUED}, BITS, math.atanh, "0 < \\bar{x} < 1"),
    (
        r"(\sin^2\theta)^x(\cos^2\theta)^{1-x}", {"parameters": {"theta": "(0, pi/2)"}, **TWO_VALUED}, BITS,
        lambda m: math.asin(math.sqrt(m)), "\\bar{x} < 1",
    ),
    (r"\Phi(\theta)^x(1-\Phi(\theta))^{1-x}", {"parameters": {"theta": "real"}, **TWO_VALUED}, BITS, lambda m: 0.2533471031358, "< \\bar{x} < 1"),
    (
        r"(1-e^{-e^{\beta}})^x (e^{-e^{\beta}})^{1-x}", {"parameters": {"beta": "real"}, **TWO_VALUED}, BITS,
        lambda m: math.log(-math.log(1 - m)), "0 < \\bar{x} < 1",
    ),
    (r"\frac{e^{\theta x}}{2\cosh\theta}", {"parameters": {"theta": "real"}, "support": "{-1, 1}"}, [1, -1, 1, 1, -1], math.atanh, "-1 < \\bar{x} < 1"),
    (
        r"\frac{e^{\theta x}}{1+2\cosh\theta}", {"parameters": {"theta": "real"}, "support": "{-1, 0, 1}"}, SPINS,
        lambda m: math.log((m + math.sqrt(4 - 3 * m * m)) / (2 - 2 * m)), "-1 < \\bar{x} < 1",
    ),
    (
        r"\frac{1}{\sqrt{2\pi}}e^{-(x-\tan\theta)^2/2}", {"parameters": {"theta": "(-pi/2, pi/2)"}, "support": "real"}, [-1.2, 0.5, 2.3],
        math.atan, None,
    ),
    (r"\frac{1}{\sqrt{2\pi}}e^{-(x-e^\theta)^2/2}", {"parameters": {"theta": "real"}, "support": "real"}, [1.2, 0.5, 2.3], math.log, "\\bar{x} > 0"),
    (
        r"\frac{\lambda^x e^{-\lambda}}{x!(1-e^{-\lambda})}", {"parameters": {"lambda": "positive"}, "support": "{1, 2, 3, ...}"}, COUNTS,
        lambda m: m + compiled(call("lambertw", Sym("z")))({"z": -m * math.exp(-m)}), "\\bar{x} > 1",
    ),
    (
        r"\frac{-1}{\log(1-p)}\frac{p^x}{x}", {"parameters": {"p": "(0,1)"}, "support": "{1, 2, 3, ...}"}, COUNTS,
        lambda m: 1 + 1 / (m * compiled(call("lambertw", Sym("z"), num(-1)))({"z": -math.exp(-1 / m) / m})), "\\bar{x} > 1",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("density", "question", "data", "estimate", "condition"), CASES, ids=[c[0] for c in CASES])
def test_an_estimate_in_closed_form(density, question, data, estimate, condition):
    (name,) = question["parameters"]
    general = derive.mle(density, **question)
    assert general.how == {name: "closed"} and general.outcome == "unique" and general.verified
    wanted = estimate(mean(data)) if estimate else math.asinh(len(data) / sum(map(abs, data)))
    text = general.to_markdown()
    assert "No general proof" not in text and "not proved" not in text
    assert condition is None or condition in text[text.index("**Result") :]
    if "known" in question:
        question = {**question, "known": dict.fromkeys(question["known"], 2)}
    else:
        assert general.evaluate(data)[name] == pytest.approx(wanted, rel=1e-9)
    given = derive.mle(density, data=data, **question)
    assert given.how == {name: "closed"} and given.verified
    assert given.numeric[name] == pytest.approx(wanted, rel=1e-9)
    assert float(given.estimates[name]) == pytest.approx(wanted, rel=1e-9)


MORE = [
    # density, question, data, estimate
    (
        r"\frac{e^{\theta x}e^{-e^\theta}}{x!}\frac{1}{\sqrt{2\pi}}e^{-(y-\theta)^2/2}",
        {"variable": ["x", "y"], "parameters": {"theta": "real"}, "support": {"x": "{0,1,2,...}", "y": "real"}},
        {"x": [1, 2, 0], "y": [0.3, 0.1, -0.2]}, 0.033057105,
    ),
    (r"\frac{(3\lambda)^x e^{-3\lambda}}{x!(1-e^{-3\lambda})}", {"parameters": {"lambda": "positive"}, "support": "{1,2,3,...}"}, COUNTS, 0.7028767),
    (
        r"\frac{1}{\log(1+\theta)}\frac{1}{x}\left(\frac{\theta}{1+\theta}\right)^x", {"parameters": {"theta": "positive"}, "support": "{1,2,3,...}"},
        COUNTS, 3.72882,
    ),
    (r"\frac{(1-p)p^x}{1-p^3}", {"parameters": {"p": "(0,1)"}, "support": "{0,1,2}"}, [0, 1, 2, 0, 0], (math.sqrt(22) - 1) / 7),
    (r"\frac{1}{\sqrt{2\pi}}e^{-(x-1/\theta)^2/2}", {"parameters": {"theta": "positive"}, "support": "real"}, [1.2, 0.5, 2.3], 0.75),
    (r"\frac{1}{\sqrt{2\pi}}e^{-(x-\theta^2)^2/2}", {"parameters": {"theta": "positive"}, "support": "real"}, [1.2, 0.5, 2.3], math.sqrt(4 / 3)),
    (
        r"\frac{1}{x\sqrt{2\pi}}e^{-(\log(x/m))^2/2}", {"parameters": {"m": "positive"}, "support": "x > 0"}, [0.7, 1.9, 3.2],
        (0.7 * 1.9 * 3.2) ** (1 / 3),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("density", "question", "data", "estimate"), MORE, ids=[c[0] for c in MORE])
def test_more_closed_forms_with_data(density, question, data, estimate):
    (name,) = question["parameters"]
    d = derive.mle(density, data=data, **question)
    assert d.how == {name: "closed"} and d.verified and d.numeric[name] == pytest.approx(estimate, rel=1e-5)


def test_a_sum_of_real_numbers_is_not_positive_because_one_of_them_is():
    d = derive.mle(r"\frac{1}{\sqrt{2\pi}}e^{-(x-1/\theta)^2/2}", parameters={"theta": "positive"}, support="real")
    assert d.how == {"theta": "closed"} and "some $x_{i}$ is positive" not in d.to_markdown()


def test_an_unknown_with_one_root_is_found_before_one_with_two():
    d = derive.mle(
        r"\frac{a}{\sqrt{2\pi x^3}}\exp\left(-\frac{(a-bx)^2}{2x}\right)", parameters={"a": "positive", "b": "positive"}, support="x > 0",
        data=[0.7, 1.9, 3.2, 0.4],
    )  # fmt: skip
    assert d.how == {"a": "closed", "b": "closed"} and d.numeric["a"] == pytest.approx(d.numeric["b"] * 1.55)


def test_a_ratio_of_gamma_functions_far_out():
    d = derive.mle(
        r"\rho\frac{\Gamma(x)\Gamma(\rho+1)}{\Gamma(x+\rho+1)}",
        parameters={"rho": "positive"},
        support="{1, 2, 3, ...}",
        data=[2, 1, 3, 1, 5],
    )
    assert d.numeric["rho"] == pytest.approx(1.2695868873)


def test_roots_below_a_domain_without_an_upper_end():
    d = derive.mle(
        r"\theta e^{\theta} x^{\theta-1}", parameters={"theta": "positive"}, support="0 < x < 1", unnormalised=True, data=[0.9, 0.8]
    )
    assert d.outcome == "none"


NONE = [
    ("(1-exp(-l))**x*exp(-l)**(1-x)", {"parameters": {"l": "positive"}, **TWO_VALUED}, [1, 1, 1]),
    (r"\frac{1}{\sqrt{2\pi}}e^{-(x-e^\theta)^2/2}", {"parameters": {"theta": "real"}, "support": "real"}, [-1.2, 0.5]),
    (r"\frac{\lambda^x e^{-\lambda}}{x!(1-e^{-\lambda})}", {"parameters": {"lambda": "positive"}, "support": "{1, 2, 3, ...}"}, [1, 1, 1]),
    (r"\frac{-1}{\log(1-p)}\frac{p^x}{x}", {"parameters": {"p": "(0,1)"}, "support": "{1, 2, 3, ...}"}, [1, 1, 1]),
    (r"\frac{e^{\theta x}}{1+2\cosh\theta}", {"parameters": {"theta": "real"}, "support": "{-1, 0, 1}"}, [1, 1]),
]


@pytest.mark.parametrize(("density", "question", "data"), NONE, ids=[c[0] for c in NONE])
def test_data_that_do_not_satisfy_the_condition_have_no_estimate(density, question, data):
    try:
        d = derive.mle(density, data=data, **question)
    except derive.NotSupported:
        return
    assert d.outcome == "none"


LAMBERT = [(0.5, 0), (-0.2, 0), (-0.2, -1), (-1 / math.e + 1e-9, -1), (3.7, 0), (1e12, 0), (-1e-30, -1)]


@pytest.mark.parametrize(("z", "branch"), LAMBERT)
def test_the_lambert_function_solves_its_equation(z, branch):
    w = compiled(call("lambertw", Sym("z"), num(branch)) if branch else call("lambertw", Sym("z")))({"z": z})
    assert w * math.exp(w) == pytest.approx(z, rel=1e-13)
    assert (w >= -1) if branch == 0 else (w <= -1)


def test_the_public_form_of_lambert_and_normal_quantile():
    d = derive.mle(
        r"\frac{\lambda^x e^{-\lambda}}{x!(1-e^{-\lambda})}", parameters={"lambda": "positive"}, support="{1, 2, 3, ...}", data=COUNTS
    )
    m = sp.Rational(sum(COUNTS), len(COUNTS))
    assert sp.simplify(d.estimates["lambda"] - (m + sp.LambertW(-m * sp.exp(-m)))) == 0


VON_MISES = r"\frac{e^{\kappa\cos(x-\mu)}}{2\pi I_0(\kappa)}"
NEAR_PI, NEAR_ZERO = [3.0, -3.1, 2.8, -2.9, 3.1], [0.1, 6.1, 0.3, 5.9, 6.2]
DIRECTIONS = [
    # domain of mu, support, data
    ("(-pi, pi]", "-pi < x <= pi", NEAR_PI),
    ("[0, 2*pi)", "0 <= x < 2*pi", NEAR_ZERO),
    ("[0, 2*pi)", "0 <= x < 2*pi", [1.0, 2.5, 4.0]),
    ("(-pi, pi]", "-pi < x <= pi", [0.5, 1.2, -0.3, 2.4]),
]


@pytest.mark.parametrize(("domain", "support", "data"), DIRECTIONS)
def test_a_mean_direction_in_closed_form(domain, support, data):
    question = {"parameters": {"mu": domain, "kappa": "positive"}, "support": support}
    general = derive.mle(VON_MISES, **question)
    assert general.how == {"mu": "closed", "kappa": "numeric"} and general.outcome == "unique"
    assert r"\frac{I_{1}(\hat{\kappa})}{I_{0}(\hat{\kappa})} = \frac{1}{n} \sqrt" in general.to_markdown()
    given = derive.mle(VON_MISES, data=data, **question)
    turn = math.atan2(sum(map(math.sin, data)), sum(map(math.cos, data)))
    wanted = turn % (2 * math.pi) if domain.startswith("[0") else turn
    for numbers in (given.numeric, general.evaluate(data)):
        assert numbers["mu"] == pytest.approx(wanted, abs=1e-12)
    assert float(given.estimates["mu"]) == pytest.approx(wanted, abs=1e-12)
    assert "concave" in given.to_markdown() and "not a proof" not in given.to_markdown()


def test_a_direction_on_the_whole_line_is_known_up_to_whole_turns():
    d = derive.mle(VON_MISES, parameters={"mu": "real"}, known={"kappa": "positive"}, support="-pi < x <= pi")
    assert d.outcome == "not unique" and isinstance(d.estimates["mu"], sp.ImageSet)


def test_a_point_on_a_circle_seen_with_normal_errors():
    d = derive.mle(
        r"\frac{1}{2\pi}e^{-(x-\cos\theta)^2/2-(y-\sin\theta)^2/2}", variable=["x", "y"], parameters={"theta": "(-pi, pi]"},
        data={"x": [-1, 0.5, -2], "y": [0.3, 1.2, 0.1]},
    )  # fmt: skip
    assert d.how == {"theta": "closed"} and d.numeric["theta"] == pytest.approx(math.atan2(1.6, -2.5))


@pytest.mark.parametrize("domain", ["[0, 2*pi)", "(-pi, pi]"])
def test_a_search_that_reaches_the_border_of_a_domain_goes_on(domain):
    d = derive.mle(
        "(1+2*rho*cos(x-mu))/(2*pi)", parameters={"mu": domain, "rho": "(0, 1/2)"}, support="0 <= x < 2*pi",
        data=[0.1, 6.2, 0.2, 6.0, 5.9, 0.4, 2.5, 4.4],
    )  # fmt: skip
    assert d.outcome == "unique" and d.numeric["mu"] == pytest.approx(0.1774613, abs=1e-6)


def test_the_border_itself_is_a_point_next_to_it():
    from derive.numerics.search import to_line

    assert all(math.isfinite(to_line(x, 0.0, 1.0)) for x in (0.0, 1.0))


ROUND = [c for c in CASES if any(w in c[0] for w in ("lambda", "log(1-p)", "2\\cosh", "Phi", "tanh"))]


@pytest.mark.parametrize(("density", "question"), [c[:2] for c in ROUND], ids=[c[0] for c in ROUND])
def test_the_checker_reads_these_derivations(density, question):
    report = derive.check(derive.mle(density, **question).to_markdown(), density, **question)
    assert report.correct and report.complete


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [(r"\bar x+W_0(-\bar x e^{-\bar x})", "right"), (r"\bar x+W_{-1}\left(-\bar x e^{-\bar x}\right)", "wrong"), (r"\bar x+W_0(\bar x e^{-\bar x})", "wrong")],
)  # fmt: skip
def test_an_answer_with_the_lambert_function(answer, verdict):
    solution = rf"$$\hat\lambda={answer}$$"
    report = derive.check(
        solution, r"\frac{\lambda^x e^{-\lambda}}{x!(1-e^{-\lambda})}", parameters={"lambda": "positive"}, support="{1, 2, 3, ...}"
    )
    assert report.final_answer == verdict


@pytest.mark.parametrize("answer", [r"\sinh^{-1}\left(\frac{n}{\sum|x_i|}\right)", r"\operatorname{arsinh}\frac{n}{\sum|x_i|}"])
def test_an_inverse_function_as_an_answer(answer):
    report = derive.check(rf"$$\hat a={answer}$$", "tanh(a/2)*exp(-a*abs(x))", parameters={"a": "positive"}, support="x integer")
    assert report.final_answer == "right"


def test_a_mean_direction_in_a_solution():
    question = {"parameters": {"mu": "(-pi, pi]"}, "known": {"kappa": "positive"}, "support": "-pi < x <= pi"}
    own = derive.check(derive.mle(VON_MISES, **question).to_markdown(), VON_MISES, **question)
    assert own.correct and own.complete
    for answer, verdict in ((r"\sum\sin x_i,\sum\cos x_i", "right"), (r"\sum\cos x_i,\sum\sin x_i", "wrong")):
        r = derive.check(rf"$$\sum\sin(x_i-\mu)=0$$ $$\hat\mu=\operatorname{{atan2}}\left({answer}\right)$$", VON_MISES, **question)
        assert r.final_answer == verdict


def test_a_row_that_begins_with_a_bracket_is_no_length():
    solution = r"""$$\begin{aligned} \ell'(\theta) &= \frac{\sum x_i}{\theta} - \frac{n - \sum x_i}{1-\theta} = 0 \\
[1 - \theta] \sum x_i &= \theta (n - \sum x_i) \\[1ex] \hat\theta &= \bar x \end{aligned}$$"""
    assert derive.check(solution, r"\theta^x(1-\theta)^{1-x}", parameters={"theta": "(0, 1)"}, support="{0, 1}").correct


def test_newton_and_scoring_are_one_where_the_second_derivative_holds_no_observation():
    question = {"parameters": {"k": "positive"}, "support": "x > 0", "data": [1.2, 0.4, 2.2, 1.5, 3.1, 0.7, 2.4, 1.9]}
    assert "Fisher scoring take the same steps" in derive.mle(r"\frac{x^{k-1}e^{-x}}{\Gamma(k)}", **question).to_markdown()
    other = derive.mle(r"\frac{k}{\log(1+k)(1+k x)}", parameters={"k": "positive"}, support="0 < x < 1", data=[0.1, 0.2, 0.3])
    assert "Fisher" not in other.to_markdown()
