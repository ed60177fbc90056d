"""What each kind of relation claims; and for every leniency a wrong document that it must not save."""

from __future__ import annotations

from typing import Any

import pytest

import derive

EXPONENTIAL: dict[str, Any] = {"density": r"\lambda e^{-\lambda x}", "parameters": {"lambda": "positive"}}
NORMAL: dict[str, Any] = {"density": r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}", "parameters": ["mu", "sigma^2"]}
UNIFORM: dict[str, Any] = {"density": r"\frac1\theta", "variable": "x", "parameters": {"theta": "positive"}, "support": "0 <= x <= theta"}
POISSON: dict[str, Any] = {"density": r"\frac{\lambda^x e^{-\lambda}}{x!}", "data": [0, 1, 1, 1]}
BINOMIAL: dict[str, Any] = {"density": r"\binom mx p^x(1-p)^{m-x}", "known": ["m"]}
COINS: dict[str, Any] = {"likelihood": "theta**3*(1-theta)**2", "parameters": {"theta": "(0,1)"}}


@pytest.mark.parametrize(
    ("question", "text", "wanted"),
    [
        # an identity is true of all parameters and samples, an equation determines the maximum
        (NORMAL, r"$\sum(x_i-\mu)^2=\sum x_i^2-n\mu^2$", "invalid"),
        (NORMAL, r"$\sum(x_i-\mu)^2=\sum(x_i-\bar x)^2$", "invalid"),
        (NORMAL, r"$\sum x_i=n\mu$", "valid"),
        # an inequality is claimed for all points of its scope
        (EXPONENTIAL, r"$\ell'(\lambda)>0$", "invalid"),
        (EXPONENTIAL, r"$\ell'(\lambda)>0$ for $\lambda<\hat\lambda$", "valid valid"),
        (EXPONENTIAL, r"$\ell'(\lambda)<0$ for $\lambda<\hat\lambda$", "invalid valid"),
        (EXPONENTIAL, r"$\ell''(\lambda)\ne0$", "valid"),
        (EXPONENTIAL, r"$\ell'(\lambda)\ne0$ at $\lambda=\hat\lambda$", "invalid valid"),
        # a support is tried where the data are impossible too
        (UNIFORM, r"$L(\theta)=\theta^{-n}$ for $\theta\ge x_{(n)}$", "valid valid"),
        (UNIFORM, r"$L(\theta)=\theta^{-n}$ for $\theta\le x_{(n)}$", "invalid valid"),
        (UNIFORM, r"$\prod\mathbf 1\{x_i\le\theta\}=\mathbf 1\{x_{(n)}\le\theta\}$", "valid"),
        (UNIFORM, r"$\prod\mathbf 1\{x_i\le\theta\}=\mathbf 1\{x_{(1)}\le\theta\}$", "invalid"),
        (UNIFORM, r"Let $x_{(1)}\le\dots\le x_{(n)}$ be the ordered observations.", "valid"),
        # a capital is the sum that it is said to be, and the random variable in P(X = x)
        (POISSON, r"$P(X=x)=\frac{\lambda^xe^{-\lambda}}{x!}$, with $X=\sum_iX_i$: $\ell(\lambda)=X\log\lambda-n\lambda+c$, $\hat\lambda=X/n$", "valid valid valid valid"),
        (EXPONENTIAL, r"$X=X_1+\dots+X_n$, $\ell(\lambda)=n\log\lambda-\lambda X$, $\hat\lambda=X/n$", "valid valid invalid"),
        # half a unit of the last digit; a tie as it is taught
        (POISSON, r"$\hat\lambda\approx0.8$", "valid"),
        (POISSON, r"$\hat\lambda\approx0.7$", "invalid"),
        # a mean of the log-likelihood is said by more than one relation, or by the density
        (EXPONENTIAL, r"$\ell'(\lambda)=\frac1\lambda-\bar x$", "invalid"),
        (EXPONENTIAL, r"$J=\mathrm{NLL}(\lambda)=-\frac1n\sum_{i=1}^n\log f(x_i;\lambda)=-\log\lambda+\lambda\bar x$", None),
        # a known letter that the text uses is not fixed by a number
        (BINOMIAL, r"Binomial with $m$ trials: $L(p)\propto p^s(1-p)^{n-s}$ with $s=\sum x_i$", "invalid valid"),
        # constants
        (POISSON, r"$\ell(\lambda)=3\ln\lambda-4\lambda+5$", "valid"),
    ],
)  # fmt: skip
def test_a_relation_is_judged_by_its_role(question: dict[str, Any], text: str, wanted: str | None) -> None:
    lines = derive.check(text, **question).lines
    if wanted is None:
        assert "invalid" not in [line.verdict for line in lines]
    else:
        assert [line.verdict for line in lines] == wanted.split()


@pytest.mark.parametrize(
    ("question", "text", "wanted"),
    [
        (COINS, r"$$\frac3\theta+\frac2{1-\theta}=0$$ $$\theta=3$$", "invalid follows"),
        (EXPONENTIAL, r"$$-\frac n\lambda-\sum x_i=0$$ $$\lambda=-\frac1{\bar x}$$", "invalid follows"),
        (
            COINS,
            r"$$\ell'(\theta)=\frac3\theta+\frac2{1-\theta}$$ $$\ell''(\theta)=-\frac3{\theta^2}+\frac2{(1-\theta)^2}$$",
            "invalid follows",
        ),
        (
            COINS,
            r"$$\ell'(\theta)=\frac3\theta-\frac2{1-\theta}$$ $$\ell''(\theta)=-\frac3{\theta^2}+\frac2{(1-\theta)^2}$$",
            "valid invalid",
        ),
        (EXPONENTIAL, r"$$\ell(\lambda)=n\ln\lambda-2\lambda\sum x_i$$ $$\hat\lambda=\frac1{2\bar x}$$", "invalid follows"),
        (EXPONENTIAL, r"$$\ell(\lambda)=n\ln\lambda-2\lambda\sum x_i$$ $$\hat\lambda=\frac1{3\bar x}$$", "invalid invalid"),
    ],
)
def test_right_work_on_a_wrong_line_follows(question: dict[str, Any], text: str, wanted: str) -> None:
    assert [line.verdict for line in derive.check(text, **question).lines] == wanted.split()


def test_what_is_fixed_of_an_open_question_is_said() -> None:
    report = derive.check(r"With $n=7$: $\ell(\lambda)=7\ln\lambda-7\lambda\bar x$, so $\hat\lambda=1/\bar x$.", **EXPONENTIAL)
    assert report.correct and report.specialised == {"n": 7}
    text = r"We saw 2, 4 and 6: $\ell(\lambda)=3\ln\lambda-12\lambda$ and $\hat\lambda=\frac14$."
    assert derive.check(text, **EXPONENTIAL).specialised == {"x": [2, 4, 6]}
    assert not derive.check(text.replace("-12", "-13"), **EXPONENTIAL).correct


@pytest.mark.parametrize(("constant", "strict"), [("", "valid"), (r"+\ln2", "invalid")])
def test_a_wrong_constant_is_a_remark_or_an_error(constant: str, strict: str) -> None:
    text = rf"$\ell(\lambda)=3\ln\lambda-4\lambda{constant}$"
    lenient, hard = (derive.check(text, **POISSON, constants=how).lines[0] for how in ("lenient", "strict"))
    assert lenient.verdict == "valid" and ("constant is wrong" in (lenient.remark or "")) == (strict == "invalid")
    assert hard.verdict == strict


def test_the_mend_is_written_as_a_person_would() -> None:
    (line,) = derive.check(r"$\ell'(\lambda)=\frac3\lambda-12\lambda$", **EXPONENTIAL, data=[2, 4, 6]).lines
    assert line.expected == r"\ell'(\lambda) = \frac{3}{\lambda} - 12"


def test_without_data_a_number_is_a_doubt() -> None:
    (line,) = derive.check(r"$\hat\lambda=0.37$", **EXPONENTIAL).lines
    assert line.verdict == "unread" and line.doubt is not None


@pytest.mark.parametrize(("right", "verdict"), [(r"-\frac{n}{\hat\lambda^2}", "valid"), (r"-\frac{n}{\hat\lambda}", "invalid")])
def test_a_derivative_in_the_estimate_alone_is_its_value_there(right: str, verdict: str) -> None:
    r = derive.check(rf"$\hat\lambda = 1/\bar x$. $$\frac{{d^2\ell}}{{d\lambda^2}} = {right}$$", r"\lambda e^{-\lambda x}")
    assert [x.verdict for x in r.lines] == ["valid", verdict]


@pytest.mark.parametrize(("slope", "verdict"), [(r"\frac{S_{xy}}{S_{xx}}", "valid"), (r"\frac{S_{xx}}{S_{xy}}", "invalid")])
def test_a_letter_that_numbers_observations_has_no_other_meaning(slope: str, verdict: str) -> None:
    text = rf"""For $i \in 1,\dots,n$ the log-likelihood is
$$\ell(\alpha,\beta,v) = -\frac{{n}}{{2}}\log(2\pi v) - \frac{{1}}{{2v}}\sum_{{i=1}}^{{n}}(y_i-\alpha-\beta x_i)^2 .$$
$$\frac{{\partial\ell}}{{\partial\alpha}} = \frac{{1}}{{v}}\sum_{{i=1}}^{{n}}(y_i-\alpha-\beta x_i) = 0$$
So $\hat\alpha = \bar y - \hat\beta\bar x$ and
$$\hat\beta = {slope}$$
where $S_{{xy}} = \sum_{{i=1}}^{{n}}(x_i-\bar x)(y_i-\bar y)$ and $S_{{xx}} = \sum_{{i=1}}^{{n}}(x_i-\bar x)^2$."""
    density = r"\frac{1}{\sqrt{2\pi v}} e^{-(y-\alpha-\beta x)^2/(2v)}"
    r = derive.check(text, density, variable="y", covariates=["x"], parameters={"alpha": "real", "beta": "real", "v": "positive"})
    verdicts = {x.text.strip("$ ."): x.verdict for x in r.lines}
    assert verdicts.pop(rf"\hat\beta = {slope}") == verdict and set(verdicts.values()) == {"valid"}


def test_a_hypothesis_that_begins_with_as_soon_as() -> None:
    text = r"$L(\theta) = \theta^{-n}$ for $\theta \ge x_{(n)}$, and $L(\theta) = 0$ as soon as $\theta < x_{(n)}$."
    r = derive.check(text, r"\frac{1}{\theta}", support="0 <= x <= theta")
    assert "invalid" not in [x.verdict for x in r.lines]
