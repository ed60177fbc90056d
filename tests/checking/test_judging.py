"""What each kind of relation claims; and for every leniency a wrong document that it must not save."""

from __future__ import annotations

from typing import Any

import pytest

import derive

EXPONENTIAL: dict[str, Any] = {"density": r"\lambda e^{-\lambda x}", "parameters": {"lambda": "positive"}}
NORMAL: dict[str, Any] = {"density": r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}", "parameters": ["mu", "sigma^2"]}
UNIFORM: dict[str, Any] = {"density": r"\frac1\theta", "variable": "x", "parameters": {"theta": "positive"}, "support": "0 <= x <= theta"}
POISSON: dict[str, Any] = {"density": r"\frac{\lambda^x e^{-\lambda}}{x!}", "data": [0, 1, 1, 1]}
NORMAL_V: dict[str, Any] = {"density": "exp(-(x-mu)**2/(2*v))/sqrt(2*pi*v)", "parameters": {"mu": "real", "v": "positive"}}
POISSON_SAMPLE: dict[str, Any] = {"density": r"\frac{\lambda^x e^{-\lambda}}{x!}", "parameters": {"lambda": "positive"}}
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


CELLS: dict[str, Any] = {
    "likelihood": "p1**n1*p2**n2*(1-p1-p2)**n3",
    "parameters": {"p1": "(0, 1)", "p2": "(0, 1)"},
    "known": ["n1", "n2", "n3"],
}
CENSORED: dict[str, Any] = {"likelihood": "lambda**d*exp(-lambda*T)", "parameters": {"lambda": "positive"}, "known": ["d", "T"]}
CIRCLE: dict[str, Any] = {"density": "exp(kappa*cos(x-mu))/(2*pi*besseli(0,kappa))", "parameters": {"mu": "real"}, "known": ["kappa"]}
SHIFTED_EXPONENTIAL: dict[str, Any] = {"density": "exp(-(x-theta))", "support": "x >= theta", "parameters": {"theta": "real"}}
LAPLACE: dict[str, Any] = {"density": "exp(-Abs(x-theta))/2", "parameters": {"theta": "real"}, "data": [1.2, 3.0, 2.1, 7.4, 2.3]}
PARETO: dict[str, Any] = {
    "density": "alpha*m**alpha/x**(alpha+1)",
    "support": "x >= m",
    "parameters": {"alpha": "positive"},
    "known": ["m"],
}
SYMMETRIC: dict[str, Any] = {"density": "1/(2*theta)", "support": "-theta <= x <= theta", "parameters": {"theta": "positive"}}
SHIFTED: dict[str, Any] = {"density": "1", "support": "theta < x < theta + 1", "parameters": {"theta": "real"}}
LAGRANGIAN = r"$p_3=1-p_1-p_2$. $$\Lambda=n_1\ln p_1+n_2\ln p_2+n_3\ln p_3-\lambda(p_1+p_2+p_3-1)$$ $$\frac{\partial\Lambda}{\partial p_1}=\frac{n_1}{p_1}%s\lambda$$"
SAYS = r"$\ell(\lambda)=n\ln\lambda-\lambda\sum x_i$. "
EXPONENTIAL_MEAN: dict[str, Any] = {"density": "exp(-x/theta)/theta", "support": "x > 0", "parameters": {"theta": "positive"}}
PASSAGES: list[tuple[str, dict[str, Any], str, str]] = [  # what is said, of which question, and the verdicts
    # a sentence that states an inequality of the likelihood: true everywhere, false everywhere, or its scope is not known
    ("concave", EXPONENTIAL, SAYS + "The log-likelihood is strictly concave.", "valid valid"),
    ("convex", EXPONENTIAL, SAYS + "Since the log-likelihood is convex, the root is the maximum.", "valid invalid"),
    ("increasing", EXPONENTIAL, SAYS + "The log-likelihood is increasing.", "valid unread"),
    ("increasing for", EXPONENTIAL, SAYS + r"The log-likelihood is increasing for $\lambda<1/\bar x$.", "valid valid"),
    ("concave for every value", EXPONENTIAL_MEAN, r"For all $\theta>0$ the log-likelihood is concave.", "valid invalid"),
    ("concave on the whole line", EXPONENTIAL_MEAN, "The log-likelihood is concave on the whole half-line.", "invalid"),
    ("negative everywhere", EXPONENTIAL, r"The second derivative is $-n/\lambda^2$, which is negative for every $\lambda>0$.", "valid valid"),
    ("negative for some", EXPONENTIAL_MEAN, r"The second derivative is negative for all $\theta<2\bar x$.", "valid"),
    ("negative nearby", EXPONENTIAL_MEAN, "The second derivative is negative everywhere near the estimate.", ""),
    ("negative at the estimate", EXPONENTIAL_MEAN, r"The second derivative is negative at $\hat\theta$.", "valid"),
    ("grows beside", EXPONENTIAL, r"As $n$ grows, the estimate settles: $\hat\lambda=1/\bar x$.", "valid"),
    ("gets larger", UNIFORM, r"$\theta^{-n}$ gets larger as $\theta$ grows, so $\hat\theta=\max x_i$.", "invalid valid"),
    ("over a range", EXPONENTIAL, r"Suppose $\lambda<1/\bar x$. Over this range the log-likelihood is increasing.", "valid"),
    # the admissible values of a parameter, in words
    ("exactly when", SYMMETRIC, r"All observations lie in the interval if and only if $\theta\ge\max_i x_i$.", "valid invalid"),
    ("exactly when, data", {**SYMMETRIC, "data": [0.8, -1.3, 1.1]}, "All three points lie in it exactly when $\\theta\\ge x_{(3)}$.", "valid invalid"),
    ("exactly when, right", SYMMETRIC, r"All observations lie in the interval if and only if $\theta\ge\max_i|x_i|$.", "valid valid"),
    ("exactly when, both", SYMMETRIC, r"The condition holds for all $i$ exactly when $\theta\ge x_{(n)}$ and $\theta\ge-x_{(1)}$.", "valid valid valid"),
    ("exactly when, or", SYMMETRIC, r"The condition holds for all $i$ exactly when $\theta\ge x_{(n)}$ or $\theta\ge-x_{(1)}$.", "valid valid"),
    ("smallest admissible", UNIFORM, r"The smallest admissible value is $x_{(1)}$.", "invalid"),
    ("smallest admissible, right", UNIFORM, r"The smallest admissible value of $\theta$ is the largest observation.", "valid"),
    ("smallest admissible, supposed", UNIFORM, r"It would be wrong to say that the smallest admissible value is $x_{(1)}$.", ""),
    ("largest with", SHIFTED, r"The largest $\theta$ with $\theta\le x_i$ for all $i$ is the largest observation.", "invalid valid"),
    ("as large as possible", UNIFORM, r"So we take $\theta$ as large as possible.", "invalid"),
    ("as small as possible", UNIFORM, r"So we take $\theta$ as small as possible.", "valid"),
    ("at the right end", UNIFORM, "したがって尤度は範囲の右端で最大となる。", "invalid"),
    ("at the left end", UNIFORM, "The likelihood attains its maximum at the left end of the interval.", "valid"),
    ("can go up to", SHIFTED_EXPONENTIAL, "The density is positive only if theta does not exceed them, so theta can go up to the largest of them.", "invalid"),
    ("iff with a chain", SYMMETRIC, r"Now $-\theta\le x_i\le\theta\ \forall i\iff\theta\ge\max_i x_i$.", "valid valid invalid"),
    ("iff with a chain, right", SYMMETRIC, r"Now $-\theta\le x_i\le\theta\ \forall i\iff\theta\ge\max_i|x_i|$.", "valid valid valid"),
    # words of place
    ("left and right", EXPONENTIAL, r"Left of $1/\bar x$ the score is positive, so $\ell'>0$; to the right it is negative, so $\ell'<0$.", "valid valid valid valid"),
    ("before and after", EXPONENTIAL, r"The score changes sign there: before it $\ell'>0$, after it $\ell'<0$.", "valid valid valid valid"),
    ("before and after, wrong", EXPONENTIAL, r"The score changes sign there: before it $\ell'<0$, after it $\ell'>0$.", "unread valid unread valid"),
    ("it is", NORMAL, r"Only the last term involves $\mu$; it is $\le0$.", "unread"),
    # a statistic in words, and what is said to be constant
    ("the sample mean", EXPONENTIAL_MEAN, "The MLE is the sample mean.", "valid"),
    ("the sample median", EXPONENTIAL_MEAN, r"So $\hat\theta$ is the median of the observations.", "invalid"),
    ("of another estimator", EXPONENTIAL_MEAN, "The method-of-moments estimator is the sample median.", ""),
    ("of a function", EXPONENTIAL_MEAN, r"The MLE of $1/\theta$ is the sample mean.", ""),
    ("if it is", EXPONENTIAL_MEAN, r"If $\theta$ is the sample median, the sum vanishes.", ""),
    ("smallest when it is", LAPLACE, "Эта сумма наименьшая, когда $\\theta$ равно среднему арифметическому наблюдений.", "invalid"),
    ("a constant factor", NORMAL, r"The term $-\frac n2\ln\sigma^2$ does not depend on $\mu$.", "valid"),
    ("no constant factor", PARETO, r"Il fattore $m^{n\alpha}$ è una costante e si può trascurare.", "invalid"),
    ("a constant density", UNIFORM, r"The density $1/\theta$ is constant.", ""),
    # samples that only hypotheses of the data ask for
    ("no events", POISSON_SAMPLE, r"If $\sum x_i=0$, then $\ell(\lambda)=-n\lambda$ up to a constant.", "valid valid"),
    ("no events, wrong", POISSON_SAMPLE, r"If $\sum x_i=0$, then $\ell(\lambda)=-2n\lambda$.", "valid invalid"),
    ("all or none", BINOMIAL, r"Let $s=\sum x_i$. If $s=0$ or $s=nm$, the maximum is at an end.", "valid valid valid"),
    ("assumed behind", POISSON_SAMPLE, r"$\bar x>0$ と仮定した。", "valid"),
    # information, standard errors, intervals
    ("the density by itself", EXPONENTIAL, r"$E\left(-\frac{\partial^2\log f}{\partial\lambda^2}\right)=\frac1{\lambda^2}$", "valid"),
    ("the density by itself, wrong", EXPONENTIAL, r"$E\left(-\frac{\partial^2\log f}{\partial\lambda^2}\right)=\frac2{\lambda^2}$", "invalid"),
    ("information at the estimate", EXPONENTIAL, r"$I(\lambda)=\frac n{\lambda^2}$, so $I(\hat\lambda)=n/\hat\lambda^2$.", "valid valid"),
    ("standard errors of two", NORMAL_V, r"$\operatorname{se}(\hat\mu)=\sqrt{\hat v/n}$ and $\operatorname{se}(\hat v)=\hat v\sqrt{2/n}$.", "valid valid"),
    ("a wrong standard error", NORMAL_V, r"$\operatorname{se}(\hat v)=\hat v\sqrt{1/n}$.", "invalid"),
    ("an interval of confidence", EXPONENTIAL, r"$\lambda\in[\hat\lambda-2\hat\lambda/\sqrt n,\hat\lambda+2\hat\lambda/\sqrt n]$", "unread"),
    # an event that is certain under the law of the question
    ("of another law", {"density": r"\lambda e^{-\lambda(x-1)}", "support": "x > 1", "parameters": {"lambda": "positive"}}, r"$P(X>1)=e^{-\lambda}$.", "unread"),
    ("of this law", EXPONENTIAL, r"$P(X>1)=1-e^{-\lambda}$.", "invalid"),
    # a square of a letter with a label, where the letter itself is defined
    ("s_1 squared", EXPONENTIAL_MEAN, r"Let $s_1=\sum x_i$. Then $\ell'(\theta)=\frac{s_1}{\theta^2}+\frac n\theta$ and $s_1^2>0$.", "valid invalid valid"),
    ("points on a line", EXPONENTIAL_MEAN, r"Unless the points lie at 0 (then $\sum x_i=0$), the estimate is $\bar x$.", "unread"),
    ("not concave", EXPONENTIAL, SAYS + "The function is not concave.", "valid"),
    ("negative", EXPONENTIAL, r"$\ell''(\lambda)=-n/\lambda^2$, which is negative.", "valid valid"),
    ("positive", EXPONENTIAL, r"$\ell''(\lambda)=-n/\lambda^2$, which is positive.", "valid invalid"),
    ("German", EXPONENTIAL, SAYS + "Die zweite Ableitung ist positiv.", "valid invalid"),
    ("without a root", UNIFORM, r"Setting $\ell'(\theta)=0$ gives $-\frac n\theta=0$, which has no solution, so $\hat\theta=\max x_i$.", "valid valid valid"),
    ("without a root, not said", UNIFORM, r"Setting $\ell'(\theta)=0$ gives $-\frac n\theta=0$, so $\hat\theta=\max x_i$.", "invalid follows valid"),
    ("a root denied", EXPONENTIAL, r"$\frac n\lambda+\sum x_i=0$ has no solution.", "invalid"),
    ("counted", POISSON, r"Here $n_0$ counts those with $x_i=0$.", "valid"),
    ("one of several", {"density": "exp(-(x-a-b)**2/2)/sqrt(2*pi)", "data": [1, 2, 6]}, r"For example $\hat b=0$ and $\hat a=3$.", "valid valid"),
    ("a number that is no count", POISSON, r"Here $x_i=0$.", "invalid"),
    ("falls", UNIFORM, r"The likelihood is decreasing in $\theta$, so $\hat\theta=\max x_i$.", "valid valid"),
    ("rises", UNIFORM, r"The likelihood is increasing in $\theta$, so $\hat\theta=\max x_i$.", "invalid valid"),
    ("no maximum denied", UNIFORM, r"The score has no zero. This does not mean that there is no maximum. $\hat\theta=\max x_i$.", "valid"),
    ("no maximum", UNIFORM, "As the derivative never vanishes, the likelihood has no maximum.", "invalid"),
    ("does not exist", EXPONENTIAL, "Daher existiert der Maximum-Likelihood-Schätzer nicht. The MLE does not exist.", "invalid"),
    ("does not exist if", EXPONENTIAL, "If all observations are 0, the MLE does not exist.", ""),
    ("no maximum there", UNIFORM, "There is no maximum in the interior. The likelihood has no maximum at which its derivative is 0.", ""),
    # an interval is a condition on the parameter, unless it holds it
    ("on an interval", EXPONENTIAL, r"$\ell'>0$ on $(0,\hat\lambda)$ and $\ell'<0$ on $(\hat\lambda,\infty)$.", "valid valid valid valid valid"),
    ("turned brackets", EXPONENTIAL, r"$\ell'<0$ sur $]0,\hat\lambda[$.", "invalid valid valid"),
    ("interval first", EXPONENTIAL, r"On the interval $(0,\hat\lambda)$ we have $\ell'>0$.", "valid valid valid"),
    ("of observations", UNIFORM, r"Let $X$ be uniform on $(0,\theta)$; $\hat\theta=x_{(n)}$.", "valid"),
    ("here", EXPONENTIAL, r"Here $\ell'(\lambda)<0$ for every $\lambda>0$.", "invalid valid"),
    ("denied", UNIFORM, r"$\ell$ falls in $\theta$, can't set $=0$.", "unread"),
    ("min beside a sum", SHIFTED | {"density": "exp(-(x-theta))", "support": "x >= theta"}, "sum (x_i - theta) = sum x_i - n theta, theta_hat = min x_i = (sum x_i - (sum x_i - n min x_i)) / n", "valid valid valid"),
    # an example is judged with what its passage tells, and tells nothing of the rest
    ("example", CENSORED, r"$\hat\lambda=d/T$." "\n\n" r"For $d=4$ and $T=2000$ this is $\hat\lambda=0.002$.", "valid valid valid valid"),
    ("wrong example", CENSORED, r"$\hat\lambda=d/T$." "\n\n" r"For $d=4$ and $T=2000$: $1/\hat\lambda=500$ and $\hat\lambda=0.02$.", "valid valid valid valid invalid"),
    ("no example", CENSORED, r"$\hat\lambda=T/d$." "\n\n" r"For $d=1$ and $T=1$ this is $\hat\lambda=1$.", "invalid valid valid valid"),
    ("data in words", EXPONENTIAL, r"$\hat\lambda=1/\bar x$." "\n\n" r"Lifetimes of 3 h, 4 h and 5 h give $\hat\lambda=0.25$.", "valid valid"),
    ("data not told", EXPONENTIAL, r"$\hat\lambda=1/\bar x$." "\n\n" r"In our sample $\hat\lambda=3$.", "valid unread"),
    # what is said of data that words describe accuses nobody; a formula with "for all" is no such condition
    ("if all", EXPONENTIAL, r"If all observations coincide, then $\hat\lambda=\bar x$.", "unread"),
    ("if T is", CENSORED, r"If $T$ is the total time of all lamps, $L(\lambda)=\lambda^Te^{-\lambda T}$.", "invalid"),
    ("for all i", UNIFORM, r"$L(\theta)=\begin{cases}\theta^{-n}&\text{if }x_i\le\theta\text{ for all }i\\0&\text{otherwise}\end{cases}$", "valid"),
    ("for all i, one factor", UNIFORM, r"$L(\theta)=\begin{cases}\theta^{-1}&\text{if }x_i\le\theta\text{ for all }i\\0&\text{otherwise}\end{cases}$", "invalid"),
    # a chain is bridged over a side that was not understood
    ("bridge", COINS, r"$\hat\theta=\frac{k_1+k_2}{m_1+m_2}=\frac35$", "unread valid"),
    ("false bridge", COINS, r"$\hat\theta=\frac{k_1+k_2}{m_1+m_2}=\frac25$", "unread invalid"),
    # known letters are as the text takes them to be
    ("kappa", CIRCLE, r"Here $\kappa>0$ is known. $R=\sqrt{(\sum\cos x_i)^2+(\sum\sin x_i)^2}$ and $-\kappa R<0$.", "valid valid valid"),
    ("tangent", CIRCLE, r"$\tan\mu=\frac{\sum\sin x_i}{\sum\cos x_i}$", "valid"),
    ("cotangent", CIRCLE, r"$\tan\mu=\frac{\sum\cos x_i}{\sum\sin x_i}$", "invalid"),
    ("cases", CENSORED, r"If $T<0$ or $T>0$: $\hat\lambda=d/T$.", "valid valid unread"),
    # a Lagrangian is differentiated as it is written
    ("Lagrangian", CELLS, LAGRANGIAN % "-", "valid valid valid"),
    ("Lagrangian, sign", CELLS, LAGRANGIAN % "+", "valid valid invalid"),
    # a function used before it is defined; an end of an open support
    ("G later", EXPONENTIAL, r"$\ell(\lambda)=n\ln\lambda-G(\lambda)$, $G(\lambda)=\lambda\sum x_i$, $G=\lambda n\bar x$.", "valid valid valid"),
    ("open end", SHIFTED, r"$\hat\theta=\max x_i-1$", "valid"),
    ("beyond an open end", SHIFTED, r"$\hat\theta=\max x_i$", "invalid"),
    ("in that case", BINOMIAL, r"$\ell''(p)<0$ unless all are 0. In that case $\ell(p)=nm\log(1-p)$.", "valid unread"),
    ("behind", EXPONENTIAL, r"$\ell'(\lambda)$ は $\lambda<\hat\lambda$ で正である。", "valid"),
    ("const factor", COINS, r"$L(\theta)=\text{const}\cdot\theta^3(1-\theta)^2$", "valid"),
    ("log of a constant", COINS, r"$\ell(\theta)=\log\text{const}+3\log\theta+2\log(1-\theta)$", "valid"),
    ("indicator for all", UNIFORM, r"$L(\theta)=\theta^{-n}\,\mathbf1\{0\le x_i\le\theta\text{ for all }i\}$", "valid"),
    ("indicator of one", UNIFORM, r"$L(\theta)=\theta^{-1}\,\mathbf1\{0\le x_i\le\theta\text{ for all }i\}$", "invalid"),
    ("near", EXPONENTIAL, r"$\ell'$ is positive near $\lambda=0$.", "valid"),
    ("compared with", COINS, r"$\hat\theta=\frac35$. Compared with $\theta=\frac12$ the likelihood is larger.", "valid valid"),
    ("at the estimate", EXPONENTIAL, r"$\ell''=-\frac n{\lambda^2}$, at $\hat\lambda$: $=-\frac n{\hat\lambda^2}<0$.", "valid valid valid"),
    ("at the estimate, wrong", EXPONENTIAL, r"$\ell''=-\frac n{\lambda^2}$, at $\hat\lambda$: $=-\frac n{\hat\lambda}<0$.", "valid invalid valid"),
    ("two labels", COINS, r"$f_1(x)=e^{-x}$ and $f_2(x)=2e^{-2x}$.", "valid valid"),
    ("in the square", NORMAL, r"$\ell_{\sigma^2}=-\frac n{2\sigma^2}+\frac1{2\sigma^4}\sum(x_i-\mu)^2$", "valid"),
    ("if all, a chain", UNIFORM, r"$L(\theta)=\theta^{-n}$ if all $0\le x_i\le\theta$, else $0$.", "valid valid valid"),
    ("apposition", COINS, r"$\hat\theta=\frac35$. For a fair coin, $\theta=\frac12$, the likelihood is smaller.", "valid valid"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "text", "wanted"), [p[1:] for p in PASSAGES], ids=[p[0] for p in PASSAGES])
def test_what_a_passage_says(question: dict[str, Any], text: str, wanted: str) -> None:
    assert [line.verdict for line in derive.check(text, **question).lines] == wanted.split()


def test_a_question_that_is_kept_is_judged_as_a_new_one() -> None:
    """What one solution says and defines is forgotten before the next."""
    texts = [
        r"$\ell(\lambda)=S\ln\lambda-n\lambda$ with $S=\sum x_i$, $\hat\lambda=\bar x$",
        r"$\ell(\lambda)=4\ln\lambda-4\lambda$, $\ell'(\lambda)=\frac S\lambda-4=0$, $\hat\lambda=1$",
        r"$n=2$, $x=(1, 3)$: $\hat\lambda=2$, $E(\hat\lambda)=\lambda$",
    ]
    question = {"density": r"\frac{\lambda^x e^{-\lambda}}{x!}"}
    kept = derive.Problem(**question)
    for text in (*texts, *reversed(texts)):
        assert derive.check(text, kept).to_dict() == derive.check(text, **question).to_dict()
