"""What counts as valid, wrong, following and answered in a hand-worked solution, on models of every kind."""

from __future__ import annotations

from typing import Any

import pytest

import derive

POSITIVE = "positive"
EXP: dict[str, Any] = {"density": r"\lambda e^{-\lambda x}", "parameters": {"lambda": POSITIVE}, "support": "(0,oo)"}
MEAN: dict[str, Any] = {"density": r"\frac1\theta e^{-x/\theta}", "parameters": {"theta": POSITIVE}}
NORMAL: dict[str, Any] = {
    "density": r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}",
    "parameters": {"mu": "real", r"\sigma^2": POSITIVE},
}
BERNOULLI: dict[str, Any] = {"density": r"p^x(1-p)^{1-x}", "parameters": {"p": "(0,1)"}, "support": "{0,1}"}
GAMMA: dict[str, Any] = {
    "density": r"\frac{\beta^\alpha}{\Gamma(\alpha)}x^{\alpha-1}e^{-\beta x}",
    "parameters": {"alpha": POSITIVE, "beta": POSITIVE},
    "support": "(0,oo)",
}
UNIFORM: dict[str, Any] = {"density": r"\frac{1}{b-a}", "variable": "x", "parameters": {"a": "real", "b": "real"}, "support": "[a,b]"}
PARETO: dict[str, Any] = {
    "density": r"\frac{\alpha m^\alpha}{x^{\alpha+1}}", "variable": "x", "parameters": {"alpha": POSITIVE, "m": POSITIVE}, "support": "[m,oo)",
}  # fmt: skip
CELLS: dict[str, Any] = {
    "likelihood": "p1**n1*p2**n2*p3**n3", "parameters": {"p1": "(0,1)", "p2": "(0,1)", "p3": "(0,1)"},
    "known": ["n1", "n2", "n3"], "constraints": ["p1+p2+p3=1"],
}  # fmt: skip
CENSORED: dict[str, Any] = MEAN | {"variable": "x", "data": derive.Sample([3, 5, 8], right=[10, 10])}
CENSUS: dict[str, Any] = {
    "likelihood": "binomial(M,x)*binomial(N-M,n-x)/binomial(N,n)", "parameters": {"N": "positive integer"},
    "known": {"M": 30, "n": 20, "x": 6},
}  # fmt: skip


def check(question: dict[str, Any], text: str) -> derive.Report:
    q = dict(question)
    return derive.check(text, q.pop("density", None), **q)


VALID = [
    # a letter of one's own, a new parameter, invariance
    (NORMAL, r"Write $\tau=1/\sigma^2$. $$\ell(\mu,\tau)=\frac n2\ln\tau-\frac\tau2\sum(x_i-\mu)^2+C$$"
             r"$$\frac{\partial\ell}{\partial\tau}=\frac{n}{2\tau}-\frac12\sum(x_i-\mu)^2=0$$"
             r"$$\hat\mu=\bar x,\qquad\hat\tau=\frac{n}{\sum(x_i-\bar x)^2},\qquad\hat\sigma^2=\frac1{\hat\tau}$$"),
    # other parameters at their estimate: the profile
    (GAMMA, r"$$\frac{\partial\ell}{\partial\beta}=\frac{n\alpha}{\beta}-\sum x_i=0\Rightarrow\beta=\frac{\alpha}{\bar x}$$"
            r"$$\ln\hat\alpha-\psi(\hat\alpha)=\ln\bar x-\frac1n\sum\ln x_i,\qquad\hat\beta=\frac{\hat\alpha}{\bar x}$$"),
    # information, its expectation, second derivatives at the estimate
    (MEAN, r"$\hat\theta=\bar x$ $$\ell''(\theta)=\frac n{\theta^2}-\frac{2n\bar x}{\theta^3},\quad E[\ell''(\theta)]=-\frac{n}{\theta^2}$$"
           r"$$I(\theta)=\frac n{\theta^2},\qquad\operatorname{Var}(\hat\theta)=\frac{\theta^2}{n}$$ $$\ell''(\hat\theta)=-\frac{n}{\bar x^2}<0$$"),
    # the average loss, limits, a monotone transformation
    (EXP, r"$$J(\lambda)=-\frac1n\ln L(\lambda)=\lambda\bar x-\ln\lambda$$ $$J'(\lambda)=\bar x-\frac1\lambda=0$$ $\hat\lambda=1/\bar x$"),
    (EXP, r"$$\lim_{\lambda\to0}\ell(\lambda)=-\infty$$ $\hat\lambda=1/\bar x$, the median is $\frac{\ln 2}{\hat\lambda}=\bar x\ln2$"),
    # the ends of the sample
    (UNIFORM, r"$$\frac{\partial\log L}{\partial a}=\frac{n}{b-a}>0,\qquad\frac{\partial\log L}{\partial b}=-\frac{n}{b-a}<0$$"
              r"$$\hat a=x_{(1)},\quad\hat b=x_{(n)}$$"),
    (PARETO, r"$\hat m=\min_ix_i$ $$\frac{\partial\ell}{\partial\alpha}=\frac n\alpha+n\ln\hat m-\sum\ln x_i=0$$"
             r"$$\hat\alpha=\frac{n}{\sum_{i=1}^n\ln(x_i/\hat m)}$$"),
    # cells and a multiplier
    (CELLS, r"$$\mathcal L=\sum_{j=1}^3n_j\log p_j-\lambda\left(\sum_{j=1}^3p_j-1\right)$$"
            r"$$\frac{\partial\mathcal L}{\partial p_j}=\frac{n_j}{p_j}-\lambda=0\implies p_j=\frac{n_j}{\lambda}$$"
            r"$$\hat p_1=\frac{n_1}{n},\quad\hat p_2=\frac{n_2}{n},\quad\hat p_3=\frac{n_3}{n}$$"),
    (CENSORED, r"$$L(\theta)=\theta^{-3}e^{-36/\theta}$$ $$\ell'(\theta)=-\frac3\theta+\frac{36}{\theta^2}=0\Rightarrow\hat\theta=12$$"),
    (CENSUS, r"$$\frac{L(N)}{L(N-1)}=\frac{(N-M)(N-n)}{N(N-M-n+x)}\ge1\iff N\le\frac{Mn}{x}=100$$ $\hat N=100$"),
    # rounding, with = and with another root put aside
    (EXP | {"data": [1.2, 0.7, 3.1, 2.0]}, r"$$\hat\lambda=\frac{4}{1.2+0.7+3.1+2.0}=\frac{4}{7}\approx0.571$$ and the mean is $1/0.571=1.75$"),
]  # fmt: skip


@pytest.mark.parametrize("question, text", VALID)
def test_valid_work_is_valid_and_answered(question: dict[str, Any], text: str) -> None:
    report = check(question, text)
    assert [(line.text, line.message) for line in report.lines if line.verdict != "valid"] == []
    assert report.final_answer == "right"


SLIPS = [  # rows, the first wrong one, its slip
    (EXP, [r"\ell(\lambda)=n\ln\lambda-\lambda\sum x_i", r"\ell'(\lambda)=\frac1\lambda-\sum x_i"], 2, "lost n"),
    (EXP, [r"\ell(\lambda)=n\ln\lambda+\lambda\sum x_i"], 1, "sign"),
    (EXP, [r"L(\lambda)=\lambda^ne^{-\lambda\prod_{i=1}^nx_i}"], 1, "product for sum"),
    (PARETO, [r"\ell=n\ln\alpha+n\alpha\ln m-(\alpha+1)\ln\sum x_i"], 1, "log of a sum"),
    (NORMAL, [r"\hat\mu=\bar x", r"\hat\sigma^2=\frac1{n-1}\sum(x_i-\bar x)^2"], 2, "n-1"),
    (NORMAL, [r"\ell(\mu,\sigma^2)=-\frac{1}{2\sigma^2}\sum(x_i-\mu)^2+C"], 1, "dropped term"),
    (EXP, [r"\hat\lambda=\frac1{\bar x}", r"\frac{1}{\hat\lambda^2}=\frac1n\sum x_i^2"], 2, "x_i for mean"),
    (UNIFORM, [r"L(a,b)=(b-a)^{-n}", r"\frac{n}{b-a}=0"], 2, "boundary"),
    (PARETO, [r"\hat m=\max_ix_i"], 1, "boundary"),
    (CELLS, [r"\ell=n_1\ln p_1+n_2\ln p_2+n_3\ln p_3", r"\frac{\partial\ell}{\partial p_1}=\frac{n_1}{p_1}=0"], 2, "constraint"),
    (EXP | {"data": [2, 4, 6]}, [r"\hat\lambda=\frac{3}{12}=0.35"], 1, "arithmetic"),
    (GAMMA, [r"\frac{\partial\ell}{\partial\beta}=\frac{n}{\beta}-\sum x_i"], 1, "chain rule"),
    (EXP, [r"\ln L=n\ln\lambda-\lambda\sum x_i", r"\frac{d\ln L}{d\lambda}=\frac n\lambda-\lambda"], 2, None),
]  # fmt: skip


@pytest.mark.parametrize("question, rows, line, slip", SLIPS)
def test_slips_are_named_on_their_line(question: dict[str, Any], rows: list[str], line: int, slip: str | None) -> None:
    report = check(question, "\n".join(f"$${row}$$" for row in rows))
    first = report.first_error
    assert first is not None and first.source_line == line and first.message
    if slip is not None:
        assert first.slip == slip
        assert first.expected is None or first.expected != first.text


FOLLOWING = [  # the first row is wrong, the others are right work on it
    (EXP, [r"\ell(\lambda)=n\ln\lambda-2\lambda\sum x_i", r"\ell'(\lambda)=\frac n\lambda-2\sum x_i=0", r"\hat\lambda=\frac{1}{2\bar x}"]),
    (EXP | {"data": [2, 4, 6]}, [r"\frac3\lambda-14=0", r"14\lambda=3", r"\hat\lambda=\frac{3}{14}"]),
    (NORMAL, [r"\frac{\partial\ell}{\partial\mu}=\frac{1}{\sigma^2}\sum(x_i+\mu)=0", r"\hat\mu=-\bar x"]),
]


@pytest.mark.parametrize("question, rows", FOLLOWING)
def test_right_work_on_a_wrong_line_follows(question: dict[str, Any], rows: list[str]) -> None:
    report = check(question, "\n".join(f"$${row}$$" for row in rows))
    assert report.first_error is not None and report.first_error.source_line == 1
    later = [line.verdict for line in report.lines if line.source_line > 1]
    assert set(later) <= {"follows", "valid"} and later[-1] == "follows"
    assert report.final_answer == "wrong"


@pytest.mark.parametrize(
    "text",
    [r"$\sum_{i=1}^{1000000000}1=5$", r"$9^{9^{9^{9}}}=1$", r"$\frac{d^{1000}\ell}{d\lambda^{1000}}=0$", r"$\sum_{i=1}^{9999}\sum_{j=1}^{9999}\lambda=1$",
     r"$L(L(\lambda))=1$", r"let $S=S+1$"],
)  # fmt: skip
def test_nothing_hangs(text: str) -> None:
    assert check(EXP, text).lines[0].verdict in ("unread", "invalid")


def test_a_line_that_is_not_understood_is_no_mistake() -> None:
    report = check(EXP, r"$$\hat\lambda=\frac1{\bar x}$$ $$\heartsuit\oplus 3=\spadesuit$$")
    assert report.first_error is None and not report.complete and report.final_answer == "right"
