"""Matrices, moments of estimators, sums without end, statements about some samples only, relations in words."""

from __future__ import annotations

from typing import Any

import pytest

import derive

Question = dict[str, Any]

LINE: Question = {
    "density": r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-(y-\beta_0-\beta_1x)^2/(2\sigma^2)}",
    "variable": "y",
    "covariates": ["x"],
    "parameters": [r"\beta_0", r"\beta_1", r"\sigma^2"],
}
NORMAL: Question = {"density": r"\frac{1}{\sqrt{2\pi v}}e^{-(x-\mu)^2/(2v)}", "parameters": [r"\mu", "v"]}
MEAN: Question = {"density": r"\frac1\theta e^{-x/\theta}", "support": "x>0"}
GEOMETRIC: Question = {"density": "p(1-p)^x", "support": "{0,1,2,...}"}
UNIFORM: Question = {"density": r"\frac1\theta", "variable": "x", "parameters": {r"\theta": "positive"}, "support": "0 <= x <= theta"}
SIGN: Question = {
    "density": r"\frac12(1+\theta x)", "parameters": {r"\theta": "[-1,1]"}, "support": "-1 <= x <= 1", "n": 1,
}  # fmt: skip
RATE: Question = {"density": r"\lambda e^{-\lambda x}"}
GAMMA: Question = {
    "density": r"\frac{\beta^\alpha}{\Gamma(\alpha)}x^{\alpha-1}e^{-\beta x}",
    "support": "x>0",
    "parameters": [r"\alpha", r"\beta"],
}

TEXTS: list[tuple[str, Question, str, list[tuple[str, str, str | None]]]] = [
    # name, question, a solution that is right, and what makes one of its lines wrong: (what, by what, the slip or None)
    (
        "matrices",
        LINE,
        r"""With $X$ the design matrix,
$$\ell(\beta,\sigma^2)=-\frac n2\log(2\pi\sigma^2)-\frac1{2\sigma^2}\|y-X\beta\|^2.$$
$$\nabla_\beta\ell=\frac1{\sigma^2}X^T(y-X\beta)=0$$
$$X^TX\hat\beta=X^Ty$$
$$\hat\beta=(X^TX)^{-1}X^Ty$$
$$\hat\sigma^2=\frac1n\|y-X\hat\beta\|^2=\frac1n\sum_{i=1}^n(y_i-x_i^T\hat\beta)^2$$""",
        [
            (r"-\frac1{2\sigma^2}\|", r"-\frac1{\sigma^2}\|", "lost factor"),
            (r"\frac1{\sigma^2}X^T(y-X\beta)=0", r"\frac1{\sigma^2}X^T(y+X\beta)=0", "sign"),
            (r"=\frac1n\|y", r"=\frac1{n-2}\|y", "n-1"),
        ],
    ),
    (
        "primes",
        LINE,
        r"""Let $S(\beta)=(y-X\beta)'(y-X\beta)$.
$S(\beta)=y'y-2\beta'X'y+\beta'X'X\beta$
$\frac{\partial S}{\partial\beta}=-2X'y+2X'X\beta=\mathbf 0$
$\hat\beta=(X'X)^{-1}X'y$ and $\hat\sigma^2=S(\hat\beta)/n$.""",
        [(r"-2\beta'X'y", r"+2\beta'X'y", "sign"), (r"\hat\beta=(X'X)^{-1}X'y", r"\hat\beta=2(X'X)^{-1}X'y", "lost factor")],
    ),
    (
        "second derivatives",
        NORMAL,
        r"""$\hat\mu=\bar x$, $\hat v=\frac1n\sum(x_i-\bar x)^2$.
$$\nabla\ell=\begin{pmatrix}\frac1v\sum(x_i-\mu)\\-\frac n{2v}+\frac1{2v^2}\sum(x_i-\mu)^2\end{pmatrix}$$
$$\frac{\partial^2\ell}{\partial\mu\,\partial v}=-\frac1{v^2}\sum(x_i-\mu)$$
$$\nabla^2\ell(\hat\mu,\hat v)=\begin{pmatrix}-n/\hat v&0\\0&-n/(2\hat v^2)\end{pmatrix}$$
$$I(\mu,v)=\begin{bmatrix}\frac nv&0\\0&\frac n{2v^2}\end{bmatrix}$$""",
        [
            (r"-\frac n{2v}+", r"\frac n{2v}+", "sign"),
            (r"=-\frac1{v^2}\sum", r"=-\frac1v\sum", "power"),
            (r"0&-n/(2\hat v^2)", r"0&-n/\hat v^2", None),
        ],
    ),
    (
        "mean of the estimator",
        MEAN,
        r"""$\hat\theta=\bar X$ and
$$E[\hat\theta]=\frac1n\sum_{i=1}^nE[X_i]=\theta,$$
$$E[\hat\theta^2]=\theta^2+\frac{\theta^2}n,$$
$E\left[\ell'(\theta)\right]=0$, $\operatorname{MSE}(\hat\theta)=\theta^2/n$.""",
        [(r"E[X_i]=\theta", r"E[X_i]=n\theta", None), (r"\theta^2+\frac{\theta^2}n", r"\theta^2+\theta^2", None)],
    ),
    (
        "bias",
        NORMAL,
        r"""$\hat\mu=\bar x$, $\hat v=\frac1n\sum(x_i-\bar x)^2$.
$E[\hat v]=\frac{n-1}nv$ and $\operatorname{Bias}(\hat v)=-\frac vn$.
$E\left[\sum(X_i-\bar X)^2\right]=(n-1)v$""",
        [(r"\frac{n-1}nv", "v", "n-1"), (r"=-\frac vn", r"=\frac vn", "sign")],
    ),
    (
        "the largest observation",
        UNIFORM,
        r"""$\hat\theta=X_{(n)}$ has $E[\hat\theta]=\int_0^\theta t\,\frac{nt^{n-1}}{\theta^n}\,dt=\frac n{n+1}\theta$.
$E[X_{(1)}]=\frac\theta{n+1}$""",
        [(r"\frac n{n+1}\theta", r"\frac{n+1}n\theta", None), (r"=\frac\theta{n+1}", r"=\frac\theta n", None)],
    ),
    (
        "sums without end",
        GEOMETRIC,
        r"""$\sum_{x=0}^\infty p(1-p)^x=1$, $\sum_x f(x;p)=1$.
$E[X]=\sum_{x=0}^\infty xp(1-p)^x=\frac{1-p}p$
$\hat p=\frac1{1+\bar x}$""",
        [(r"\frac{1-p}p", r"\frac p{1-p}", "algebra")],
    ),
    (
        "some samples only",
        SIGN,
        r"""For $x>0$ the likelihood increases and $\hat\theta=1$;
for $x<0$ it decreases and $\hat\theta=-1$.""",
        [(r"\hat\theta=1$", r"\hat\theta=-1$", None), (r"\hat\theta=-1$", r"\hat\theta=1$", None)],
    ),
    (
        "words",
        RATE,
        r"""The likelihood of $\lambda$ is $\prod_{i=1}^n\lambda e^{-\lambda x_i}$,
which equals $\lambda^ne^{-\lambda\sum x_i}$.
Its logarithm is $n\ln\lambda-\lambda\sum x_i$.
The derivative with respect to $\lambda$ is $\frac n\lambda-\sum x_i$, which is zero if and only if $\lambda=\frac n{\sum x_i}$.
So the maximum likelihood estimator is $1/\bar x$.""",
        [
            (r"which equals $\lambda^n", r"which equals $\lambda ", "lost n"),
            (r"n\ln\lambda-", r"n\ln\lambda+", "sign"),
            (r"is $\frac n\lambda", r"is $\frac1\lambda", "lost n"),
        ],
    ),
    (
        "words that say something else",
        RATE,
        r"""The likelihood of one observation is $\lambda e^{-\lambda x}$ and its logarithm is $\ln\lambda-\lambda x$.
The log-likelihood is, up to a factor, $\ln\lambda-\lambda\bar x$. The ratio of the two is $n$, which is $2$ here.
The likelihood is largest at $\frac1{\bar x}$, so $\hat\lambda=1/\bar x$. Its second derivative is $-\frac n{\lambda^2}$.""",
        [],
    ),
    (
        "Unicode",
        {"density": r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-(x-\mu)^2/(2\sigma^2)}", "parameters": [r"\mu", r"\sigma^2"]},
        """ℓ(μ,σ²) = −(n/2) ln(2πσ²) − (1/(2σ²)) Σ (x_i − μ)²
∂ℓ/∂μ = (1/σ²) Σ (x_i − μ) = 0 ⇒ μ̂ = x̄
∂ℓ/∂σ² = −n/(2σ²) + (1/(2σ⁴)) Σ (x_i − μ)² = 0 ⇒ σ̂² = (1/n) Σ (x_i − x̄)²""",
        [("−n/(2σ²) +", "n/(2σ²) +", "sign")],
    ),
    (
        "a capital that is computed",
        {"density": r"\frac1\theta e^{-t/\theta}", "variable": "t", "data": derive.Sample([3, 5, 8, 10], right=[12, 12])},
        r"""The total time is $T=3+5+8+10+2\cdot12=50$, and $d=4$; $S(12)=e^{-12/\theta}$.
$\ell(\theta)=-4\ln\theta-\frac{50}\theta$
$\hat\theta=\frac Td=12.5$""",
        [(r"=50$", r"=52$", "arithmetic"), (r"-\frac{50}\theta", r"-\frac{26}\theta", None)],
    ),
    (
        "the score has a letter",
        {"density": "p^x(1-p)^{1-x}", "support": "{0,1}"},
        r"""Let $S=\sum x_i$. The score is
$$U(p)=\frac Sp-\frac{n-S}{1-p}=\frac{S-np}{p(1-p)},$$
so $\hat p=S/n$.""",
        [(r"\frac Sp-", r"\frac Sp+", "sign")],
    ),
    (
        "estimates as functions",
        GAMMA,
        r"""$$\ell=n\alpha\ln\beta-n\ln\Gamma(\alpha)+(\alpha-1)\sum\ln x_i-\beta\sum x_i$$
$\frac{\partial\ell}{\partial\beta}=\frac{n\alpha}\beta-\sum x_i=0$ gives $\hat\beta(\alpha)=\frac\alpha{\bar x}$.
The estimates satisfy $\ln\hat\alpha-\psi(\hat\alpha)=\ln\bar x-\frac1n\sum\ln x_i$ and $\hat\beta(X)=\hat\alpha/\bar x$,
that is $\hat\beta\left[\sum x_i\right]=n\hat\alpha$.""",
        [(r"=\frac\alpha{\bar x}", r"=\alpha\bar x", None)],
    ),
]


@pytest.mark.parametrize(("name", "question", "text", "slips"), TEXTS, ids=[t[0] for t in TEXTS])
def test_read_and_judged(name: str, question: Question, text: str, slips: list[tuple[str, str, str | None]]) -> None:
    right = derive.check(text, **question)
    assert [(line.verdict, line.text, line.message) for line in right.lines if line.verdict != "valid"] == []
    assert right.correct
    for what, by, slip in slips:
        assert what in text
        line = text[: text.index(what)].count("\n") + 1
        error = derive.check(text.replace(what, by, 1), **question).first_error
        assert error is not None and error.source_line == line, (what, error)
        assert slip is None or error.slip == slip, (what, error)


@pytest.mark.parametrize(("written", "verdict"), [(r"\ge 1", "valid"), (r"\ge 2", "invalid")])
def test_the_last_whole_number_with_a_property(written, verdict):
    text = rf"$$\hat{{N}} = \max\left\{{N > x_{{(n)}} : (1 - p)^n \prod_{{i=1}}^n \frac{{N}}{{N - x_i}} {written}\right\}}$$"
    r = derive.check(text, r"\binom{N}{x}p^x(1-p)^{N-x}", parameters={"N": "integer"}, known={"p": "(0,1)"})
    assert [x.verdict for x in r.lines] == [verdict]
