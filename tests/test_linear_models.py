"""Linear models in vectors and matrices: any number of observations and coefficients."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest

import derive
from derive.formula.latex import latex
from derive.formula.shapes import Shapes, typed
from derive.formula.tree import Derivative, Differential, Sym
from derive.oracle.exact import Array, with_sources
from derive.oracle.oracle import Oracle, Refuted
from derive.problem.arrays import Matrix
from derive.reading.context import Context
from derive.reading.tex import read_latex
from derive.rules.calculus import NoDerivative
from derive.rules.differentials import RULES, Moving, differential
from derive.rules.matrices import tidy_product

OLS = "(X.T*X)**(-1)*X.T*y"
GLS = "(X.T*V**(-1)*X)**(-1)*X.T*V**(-1)*y"
V = {"shapes": {"V": "n x n positive definite"}}
TEXTS = {  # question, the coefficients
    "a law": ({"density": r"y \sim \mathcal N(X\beta, \sigma^2 I)"}, OLS),
    "a law in bold": ({"density": r"\mathbf{y} \sim \mathcal{N}_n(\mathbf{X}\boldsymbol\beta, \sigma^2 \mathbf{I}_n)"}, OLS),
    "an error": ({"density": r"y = X\beta + \varepsilon, \quad \varepsilon \sim N(0, \sigma^2 I_n)"}, OLS),
    "a density": ({"density": r"\mathcal N(y; X\beta, \sigma^2 I)"}, OLS),
    "SymPy text": ({"density": "y ~ N(X*beta, sigma2*I)"}, OLS),
    "a transpose": ({"likelihood": r"(2\pi\sigma^2)^{-n/2}\exp\left(-\frac{1}{2\sigma^2}(y-X\beta)^\top(y-X\beta)\right)"}, OLS),
    "a prime": ({"likelihood": r"(2\pi\sigma^2)^{-n/2}\exp\left(-\frac{(y-X\beta)'(y-X\beta)}{2\sigma^2}\right)"}, OLS),
    "a norm": ({"likelihood": r"(2\pi\sigma^2)^{-n/2} \exp\left(-\frac{1}{2\sigma^2}\|y-X\beta\|_2^2\right)"}, OLS),
    "a known covariance": ({"density": r"y \sim \mathcal N(X\beta, \sigma^2 V)", **V}, GLS),
    "a covariance matrix by its letter": ({"density": r"y \sim \mathcal N(X\beta, \Sigma)"}, "(X.T*Sigma**(-1)*X)**(-1)*X.T*Sigma**(-1)*y"),
    "all of it known": ({"density": r"y \sim \mathcal N(X\beta, V)", **V}, GLS),
    "a precision": ({"likelihood": r"\left(\frac{\tau}{2\pi}\right)^{n/2} \exp\left(-\frac{\tau}{2}(y-X\beta)^\top(y-X\beta)\right)"}, OLS),
    "a known variance": ({"density": r"y \sim \mathcal N(X\beta, \sigma^2 I)", "known": ["sigma2"]}, OLS),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_coefficients(name):
    question, wanted = TEXTS[name]
    d = derive.mle(**question)
    assert str(d.estimates["beta"]) == wanted
    assert d.verified
    assert set(d.certainty.values()) == {"proved"}
    assert any("linearly independent" in str(c.words) for c in d.conditions)
    if "sigma2" in d.estimates:
        assert str(d.estimates["sigma2"]).startswith("Trace(") and str(d.estimates["sigma2"]).endswith("/n")


def test_the_page():
    page = derive.mle(r"y \sim \mathcal N(X\beta, \sigma^2 I)").to_markdown()
    for line in (
        r"-\frac{1}{2 \sigma^{2}} \left\|y - X \beta\right\|^{2}",
        r"\mathrm{d}\ell",
        r"\frac{\partial \ell}{\partial \beta} = \frac{1}{\sigma^{2}} X^{\top} (y - X \beta)",
        r"X^{\top} X \beta &= X^{\top} y",
        r"\hat{\beta} &= (X^{\top} X)^{-1} X^{\top} y",
        r"\prec 0",
        r"\frac{n}{2 \sigma^{4}} \left(\frac{\mathrm{RSS}}{n} - \sigma^{2}\right)",
        r"\ell(\beta, \sigma^{2}) \le \ell(\hat{\beta}, \sigma^{2}) \le \ell(\hat{\beta}, \hat{\sigma}^{2})",
    ):
        assert line in page, line


def design(rows=30, columns=4, seed=2):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(rows), rng.normal(size=(rows, columns - 1))])
    return x, x @ rng.normal(size=columns) + rng.normal(size=rows)


def test_with_data_the_numbers_are_those_of_least_squares():
    x, y = design()
    d = derive.mle(r"y \sim \mathcal N(X\beta, \sigma^2 I)", data={"X": x, "y": y})
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    assert d.numeric["beta"] == pytest.approx(beta, abs=1e-10)
    assert d.numeric["sigma2"] == pytest.approx(((y - x @ beta) ** 2).mean())
    assert np.array(d.estimates["beta"], dtype=float).ravel() == pytest.approx(beta)
    assert f"{beta[0]:.4g}" in d.to_markdown()
    again = derive.mle(r"y \sim \mathcal N(X\beta, \sigma^2 I)").evaluate({"X": x.tolist(), "y": y.tolist()})
    assert again["beta"] == pytest.approx(beta)


def test_generalised_least_squares_is_that_of_whitened_data():
    x, y = design()
    a = np.random.default_rng(5).normal(size=(30, 30))
    v = a @ a.T + np.eye(30)
    d = derive.mle(r"y \sim \mathcal N(X\beta, \sigma^2 V)", data={"X": x, "y": y, "V": v}, **V)
    root = np.linalg.inv(np.linalg.cholesky(v))
    beta = np.linalg.lstsq(root @ x, root @ y, rcond=None)[0]
    assert d.numeric["beta"] == pytest.approx(beta)
    assert d.numeric["sigma2"] == pytest.approx(((root @ (y - x @ beta)) ** 2).mean())


X, Y = design(6, 2)
LAW = r"y \sim \mathcal N(X\beta, \sigma^2 I)"
REFUSED = {
    "shapes that do not fit": ({"density": LAW, "shapes": {"X": "n x p", "beta": "q"}}, "X is n x p and beta is q x 1"),
    "a wrong order": ({"density": r"y \sim \mathcal N(\beta X, \sigma^2 I)", "shapes": {"X": "n x p", "beta": "p"}}, "multiplied in this order"),
    "a covariance that is not square": ({"density": r"y \sim \mathcal N(X\beta, V)", "shapes": {"V": "n x p"}}, "the covariance is n x p"),
    "no shape": ({"density": LAW, "shapes": {"X": "wide"}}, "the shape of X"),
    "linearly dependent columns": ({"density": LAW, "data": {"X": np.column_stack([X, X[:, 1]]), "y": Y}}, "rank 2 of 3"),
    "other numbers of rows": ({"density": LAW, "data": {"X": X, "y": Y[:4]}}, "do not fit"),
    "no residuals": ({"density": LAW, "data": {"X": X[:2], "y": Y[:2]}}, "no bound"),
    "no design": ({"density": LAW, "data": {"y": Y}}, "X is missing"),
    "two blocks": ({"density": r"y \sim N(X\beta + Z\gamma, \sigma^2 I)"}, "one matrix"),
    "a constraint": ({"density": LAW, "constraints": ["sigma2 <= 1"]}, "does not go together"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_reason(name):
    question, words = REFUSED[name]
    with pytest.raises(derive.DeriveError, match=words) as e:
        derive.mle(**question)
    assert not isinstance(e.value, derive.InternalError)


def test_what_comes_after_the_estimate_is_refused():
    d = derive.mle(LAW, data={"X": X, "y": Y})
    with pytest.raises(derive.NotSupported, match="not worked out for vectors"):
        _ = d.standard_errors
    with pytest.raises(derive.NotSupported, match="does not go together"):
        derive.mle(LAW, inference=True)
    with pytest.raises(derive.DeriveError):
        d.plot()


def test_every_format():
    d = derive.mle(LAW)
    assert r"\mathrm{d}\beta" in d.to_latex()
    assert "<math" in d.to_html()
    assert "transpose" in d.to_typst() or "top" in d.to_typst()
    assert json.loads(json.dumps(d.to_dict()))["estimates"]["beta"] == OLS
    assert pickle.loads(pickle.dumps(d)).verified
    assert json.loads(json.dumps(derive.mle(LAW, data={"X": X, "y": Y}).to_dict()))["numeric"]["beta"]


# -- rules -----------------------------------------------------------------------------------------


def letters(moving):
    one = derive.formula.tree.ONE
    shapes = Shapes({"v": (Sym("m"), one), "B": (Sym("m"), Sym("m")), "C": (Sym("m"), Sym("m"))}, definite=frozenset({"B"}))
    return Moving(Sym(moving), shapes, derive.algebra.terms.Algebra())


def matrix_points():
    q = derive.sample.columns.number
    b = Array(((q(5, ""), q(1, "")), (q(1, ""), q(3, ""))))
    db = Array(((q(1, ""), q(2, "")), (q(2, ""), q(-1, ""))))
    v, dv = Array(((q(2, ""),), (q(-3, ""),))), Array(((q(1, ""),), (q(4, ""),)))
    out = {"m": 2, "s": 2.5, "d:s": 1.5}
    out |= {k: Matrix(a.rows).map(float) for k, a in (("B", b), ("d:B", db), ("v", v), ("d:v", dv))}
    return with_sources(out, {"B": b, "d:B": db, "v": v, "d:v": dv, "s": q(2.5, ""), "d:s": q(1.5, "")})


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_a_rule_for_differentials_holds_for_its_example(rule):
    moving = {"constant": "v", "inverse": "B", "log-determinant": "B", "product": "B", "function": "s"}.get(rule.name, "v")
    c = letters(moving)
    text = rule.example[0].replace(r"\|v\|^2", r"v^\top v").replace(r"\log|B|", r"\log(|B|)")
    f = read_latex(text, Context(parameters=frozenset("vBCs"), data=frozenset()))[0].formula
    f = tidy_product(typed(f, c.shapes), c.shapes)
    made = differential(f, c)
    point = {k: x for k, x in matrix_points().items() if not k.startswith("d:") or k == "d:" + moving}
    assert Oracle((point,)).equal(Differential(f), made).sound


def test_a_differential_that_no_rule_reaches_raises():
    c = letters("v")
    f = typed(read_latex(r"\Gamma(v^\top v)", Context(parameters=frozenset("v"), data=frozenset()))[0].formula, c.shapes)
    assert differential(f, c)  # the chain rule
    strange = derive.formula.tree.Call("floor", (tidy_product(f.args[0], c.shapes),))
    with pytest.raises(NoDerivative):
        differential(strange, c)


@pytest.mark.parametrize(
    "wrong",
    [r"\frac{1}{\sigma^2} X^\top (y + X \beta)", r"\frac{2}{\sigma^2} X^\top (y - X \beta)", r"-\frac{1}{\sigma^2} X^\top (y - X \beta)"],
)
def test_a_wrong_gradient_is_refuted(wrong):
    p = derive.Problem(LAW)
    f = typed(
        read_latex(wrong, Context(parameters=frozenset({"X", "beta", "y"}), data=frozenset(), atoms={"sigma": "sigma2"}))[0].formula,
        p.arrays.shapes,
    )
    oracle = Oracle(p.arrays.points(p.parameters))
    with pytest.raises(Refuted):
        oracle.equal(Derivative(p.of("ell"), ((Sym("beta"), 1),)), f)


def test_products_keep_their_order():
    shapes = Shapes({"A": (Sym("m"), Sym("m")), "B": (Sym("m"), Sym("m"))})
    ab, ba = (typed(read_latex(t, Context(parameters=frozenset("AB"), data=frozenset()))[0].formula, shapes) for t in ("AB", "BA"))
    assert ab != ba and latex(ab) == "A B" and latex(ba) == "B A"
