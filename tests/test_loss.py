"""From a noise model to the loss: what is left, what it is called, and that every line was judged."""

from __future__ import annotations

import random

import pytest

import derive

NORMAL = r"\frac{1}{\sqrt{2\pi\sigma^2}} e^{-\frac{(y-\hat{y})^2}{2\sigma^2}}"
BERNOULLI = r"p^y (1-p)^{1-y}"
STUDENT = r"\frac{\Gamma((\nu+1)/2)}{\sqrt{\nu\pi}\,\Gamma(\nu/2)}\left(1+\frac{(y-\mu)^2}{\nu}\right)^{-\frac{\nu+1}{2}}"

# density, further arguments, the loss of one observation in y and the prediction m, words in the write-up
CASES = [
    (NORMAL, {"prediction": r"\hat{y}", "variable": "y"}, "(y - m)**2", "sum of squared errors"),
    ("exp(-(y-mu)**2/2)/sqrt(2*pi)", {"prediction": "mu", "variable": "y"}, "(y - m)**2", "sum of squared errors"),
    ("exp(y*mu - mu**2/2)*exp(-y**2/2)/sqrt(2*pi)", {"prediction": "mu", "variable": "y"}, "m**2 - 2*m*y", "sum of squared errors"),
    (r"\frac{1}{2b} e^{-|y-\mu|/b}", {"prediction": "mu"}, "Abs(y - m)", "sum of absolute errors"),
    (BERNOULLI, {"prediction": "p"}, "-(y*log(m) + (1 - y)*log(1 - m))", "binary cross-entropy"),
    (r"\binom{k}{y} p^y (1-p)^{k-y}", {"prediction": "p", "known": {"k": 4}, "variable": "y"}, "-(y*log(m) + (4 - y)*log(1 - m))", "this loss"),
    (r"\frac{\mu^y e^{-\mu}}{y!}", {"prediction": "mu"}, "m - y*log(m)", "Poisson loss"),
    (r"\frac{1}{\mu} e^{-y/\mu}", {"prediction": "mu"}, "log(m) + y/m", "gamma loss"),
    (
        r"\frac{1}{\Gamma(a)} (a/\mu)^a y^{a-1} e^{-a y/\mu}", {"prediction": "mu", "known": {"a": "positive"}, "variable": "y"},
        "log(m) + y/m", "gamma loss",
    ),
    (r"\lambda e^{-\lambda y}", {"prediction": "lambda"}, "m*y - log(m)", "this loss"),
    (STUDENT, {"prediction": "mu", "known": {"nu": 5}, "variable": "y"}, "log(1 + (y - m)**2/5)", "Cauchy (Lorentzian) loss"),
    (r"f(y)=c\,\frac{1}{\cosh(y-\mu)}", {"prediction": "mu", "variable": "y"}, "log(cosh(y - m))", "log-cosh loss"),
    ("log-normal", {"prediction": "mu", "variable": "x"}, "(log(y) - m)**2", "squared error of the logarithms"),
    (r"\frac{e^{\kappa\cos(y-\mu)}}{2\pi I_0(\kappa)}", {
        "prediction": "mu", "variable": "y", "known": {"kappa": "positive"}, "support": "0 < y < 2*pi", "parameters": {"mu": "real"},
    }, "-cos(y - m)", "cosine loss"),
]  # fmt: skip


@pytest.mark.parametrize(("density", "arguments", "each", "words"), CASES)
def test_what_is_left(density, arguments, each, words):
    d = derive.loss(density, **arguments)
    assert d.outcome == "loss"
    assert d.verified
    assert words in d.to_markdown()
    rng = random.Random(1)
    rows = [(float(rng.randint(0, 1)) if words == "binary cross-entropy" else rng.uniform(0, 3), rng.uniform(0.1, 0.9)) for _ in range(4)]
    want = sum(float(read_at(each, y=y, m=m)) for y, m in rows)
    assert evaluated(d.loss, arguments.get("variable", "y"), rows) == pytest.approx(want)


def read_at(text, **values):
    (side,) = derive.read(text, syntax="sympy")[0].sides
    return side.subs({s: values[s.name] for s in side.free_symbols})


def evaluated(loss, variable, rows):
    """A loss in y[i] and one prediction at rows of both."""
    import sympy

    bases = {b.name: b for b in loss.atoms(sympy.IndexedBase)}
    predicted = next(b for name, b in bases.items() if name != variable)
    put = loss.subs({s: len(rows) for s in loss.free_symbols if s.name == "n"}).doit()
    table = {}
    for j, (y, m) in enumerate(rows, 1):
        table[bases[variable][j]], table[predicted[j]] = y, m
    return float(put.subs(table))


MODELS = [
    (NORMAL, {r"\hat{y}": r"\theta^T x"}, "linear regression"),
    (NORMAL, {r"\hat{y}": "theta0 + theta1*x"}, "linear regression"),
    (NORMAL, {r"\hat{y}": "theta0 + theta1*x + theta2*x**2"}, "linear regression"),
    (NORMAL, {r"\hat{y}": "theta0 + exp(theta1*x)"}, None),
    (BERNOULLI, {"p": r"\frac{1}{1+e^{-\theta^T x}}"}, "logistic regression"),
    (BERNOULLI, {"p": "1/(1 + exp(-a - b*x))"}, "logistic regression"),
    (BERNOULLI, {"p": "exp(a + b*x)/(1 + exp(a + b*x))"}, "logistic regression"),
    (BERNOULLI, {"p": r"\sigma(w^T x + b)"}, "logistic regression"),
    (BERNOULLI, {"p": r"\Phi(a + b x)"}, "probit regression"),
    (r"\frac{\mu^y e^{-\mu}}{y!}", {"mu": r"e^{\beta_0+\beta_1 x}"}, "Poisson regression"),
    (r"\frac{1}{2b} e^{-|y-\mu|/b}", {"mu": "a + c*x"}, "median regression"),
]


@pytest.mark.parametrize(("density", "prediction", "name"), MODELS)
def test_the_model_is_named_by_its_form(density, prediction, name):
    d = derive.loss(density, prediction=prediction, variable="y")
    assert d.verified
    said = [line for line in d.to_markdown().splitlines() if line.startswith("This is ") and "regression" in line]
    assert (not said) if name is None else name in said[0]


def test_several_classes():
    d = derive.loss(
        r"\prod_{k=1}^{3} p_k^{y_k}", variable=["y1", "y2", "y3"], prediction=["p1", "p2", "p3"], constraints=["p1 + p2 + p3 = 1"]
    )
    assert d.verified
    assert "categorical cross-entropy" in d.to_markdown()


def test_quantiles():
    density = r"\frac{\tau(1-\tau)}{s}\exp\left(-\frac{(y-q)(\tau-\mathbf{1}\{y<q\})}{s}\right)"
    d = derive.loss(density, variable="y", known={"tau": "(0, 1)", "s": "positive"}, prediction={"q": "a + b*x"})
    assert d.verified
    assert "pinball" in d.to_markdown()
    assert "quantile regression" in d.to_markdown()


def test_two_predictions():
    d = derive.loss(
        "exp(-(y-mu)**2/(2*s**2))/(sqrt(2*pi)*s)",
        variable="y",
        prediction={"mu": "a + b*x", "s": "exp(c + d*x)"},
        data={"x": [1, 2], "y": [1, 3]},
    )
    assert d.verified
    assert "the logarithm undoes the exponential" in d.to_markdown()


def test_the_loss_of_given_data_is_written_out():
    d = derive.loss(NORMAL, prediction={r"\hat{y}": "a + b*x"}, variable="y", data={"x": [1, 2], "y": [3, 5]})
    assert "[3 - (a + b)]^{2} + [5 - (a + 2 b)]^{2}" in d.to_markdown()
    assert d.verified


WRONG = [
    ((BERNOULLI,), {}, "which letter"),
    ((BERNOULLI,), {"prediction": "q"}, "does not occur|no free letter"),
    (("1/theta",), {"prediction": "theta", "support": "0 <= y <= theta", "variable": "y"}, "support of y depends on the prediction"),
    ((BERNOULLI,), {"prediction": {"p": "2 + x"}}, "domain"),
    ((NORMAL,), {"prediction": {r"\hat{y}": "sigma*x"}, "variable": "y"}, "in the density and in the prediction"),
]


@pytest.mark.parametrize(("density", "arguments", "message"), WRONG)
def test_a_mistake_is_named(density, arguments, message):
    with pytest.raises(derive.DeriveError, match=message):
        derive.loss(*density, **arguments)


def test_an_estimate_is_not_asked_for_with_a_prediction():
    with pytest.raises(derive.NotSupported, match="loss"):
        derive.mle(derive.Problem(BERNOULLI, prediction="p"))
