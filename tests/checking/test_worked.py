"""Whole solutions, as people write them: nothing right is called wrong, and the first mistake is found on its line."""

from __future__ import annotations

from typing import Any

import pytest

import derive

Question = dict[str, Any]

CORRECT: list[tuple[str, str | None, Question, str]] = [  # name, density, the rest of the question, solution
    (
        "maxwell",
        r"\sqrt{\frac{2}{\pi}}\frac{x^2}{a^3}e^{-x^2/(2a^2)}",
        {"support": "(0,oo)"},
        r"""Maxwell: $f(x)=\sqrt{\frac{2}{\pi}}\frac{x^2}{a^3}e^{-x^2/(2a^2)}$, $x>0$.

\[L(a)=\left(\frac2\pi\right)^{n/2}a^{-3n}\prod_{i=1}^n x_i^2\;\exp\left(-\frac{1}{2a^2}\sum_{i=1}^n x_i^2\right)\]
\[\ln L = \frac n2\ln\frac{2}{\pi}-3n\ln a+2\sum\ln x_i-\frac{\sum x_i^2}{2a^2}\]
\[\frac{d\ln L}{da}=-\frac{3n}{a}+\frac{\sum x_i^2}{a^3}=0\]
Multiplying by $a^3$: $-3na^2+\sum x_i^2=0$, hence
\[\hat a=\sqrt{\frac{1}{3n}\sum_{i=1}^n x_i^2}.\]""",
    ),
    (
        "negbin",
        r"\binom{x+r-1}{x}p^{r}(1-p)^{x}",
        {"parameters": {"p": "(0,1)"}, "known": ["r"], "support": "{0,1,...}"},
        r"""Let $X_i$ be the number of failures before the $r$-th success ($r$ known): $P(X=x)=\binom{x+r-1}{x}p^r(1-p)^x$.

**Likelihood:** $$L(p)=\prod_{i=1}^n\binom{x_i+r-1}{x_i}\,p^{nr}(1-p)^{\sum x_i}$$
**Log:** $$\ell(p)=\text{const}+nr\log p+n\bar x\log(1-p)$$
**Score:** $$\ell'(p)=\frac{nr}{p}-\frac{n\bar x}{1-p}\overset{!}{=}0\iff r(1-p)=p\bar x\iff \hat p=\frac{r}{r+\bar x}$$
$\ell''(p)=-\frac{nr}{p^2}-\frac{n\bar x}{(1-p)^2}<0$, so it is a maximum.""",
    ),
    (
        "lognormal",
        r"\frac{1}{x\sqrt{2\pi\sigma^2}}e^{-\frac{(\ln x-\mu)^2}{2\sigma^2}}",
        {"parameters": {r"\mu": "real", r"\sigma^2": "(0,oo)"}, "support": "(0,oo)"},
        r"""$X\sim LN(\mu,\sigma^2)$.
\begin{align*}
\ell(\mu,\sigma^2)&=-\sum_{i=1}^n\ln x_i-\frac n2\ln(2\pi\sigma^2)-\frac{1}{2\sigma^2}\sum_{i=1}^n(\ln x_i-\mu)^2\\
\frac{\partial\ell}{\partial\mu}&=\frac{1}{\sigma^2}\sum_{i=1}^n(\ln x_i-\mu)=0\implies\hat\mu=\frac1n\sum_{i=1}^n\ln x_i\\
\frac{\partial\ell}{\partial\sigma^2}&=-\frac{n}{2\sigma^2}+\frac{1}{2\sigma^4}\sum_{i=1}^n(\ln x_i-\mu)^2=0\\
&\implies\hat\sigma^2=\frac1n\sum_{i=1}^n(\ln x_i-\hat\mu)^2
\end{align*}""",
    ),
    (
        "uniform0theta",
        r"\frac{1}{\theta}",
        {"variable": "x", "parameters": {r"\theta": "(0,oo)"}, "support": "[0,theta]"},
        r"""$f(x;\theta)=1/\theta$ for $0\le x\le\theta$. So
$$L(\theta)=\prod_{i=1}^n\frac1\theta\mathbf 1\{0\le x_i\le\theta\}=\theta^{-n}\,\mathbf{1}\{\theta\ge\max_i x_i\}.$$
For $\theta\ge x_{(n)}$: $\frac{d}{d\theta}\ln L(\theta)=-\frac n\theta<0$, so $L$ is decreasing and
$$\hat\theta=\max(x_1,\dots,x_n)=x_{(n)}.$$""",
    ),
    (
        "geomdata",
        r"(1-p)^{k-1}p",
        {"variable": "k", "parameters": {"p": "(0,1)"}, "data": [2, 5, 1, 4], "support": "{1,2,...}"},
        r"""Observed: 2, 5, 1, 4.

P(X=k) = (1-p)^{k-1} p so

$$L(p)=p(1-p)\cdot p(1-p)^4\cdot p\cdot p(1-p)^3=p^4(1-p)^8$$
$$\ln L(p)=4\ln p+8\ln(1-p)$$
$$(\ln L)'(p)=\frac4p-\frac8{1-p}=0$$
$$4-4p=8p\quad\Rightarrow\quad p=\frac{4}{12}=\frac13\approx 0.333$$""",
    ),
    (
        "invgauss",
        r"\sqrt{\frac{\lambda}{2\pi x^3}}e^{-\frac{\lambda(x-\mu)^2}{2\mu^2x}}",
        {"parameters": {r"\mu": "(0,oo)", r"\lambda": "(0,oo)"}, "support": "(0,oo)"},
        r"""$$\ell(\mu,\lambda)=\frac n2\log\lambda-\frac n2\log(2\pi)-\frac32\sum_i\log x_i-\frac{\lambda}{2\mu^2}\sum_i\frac{(x_i-\mu)^2}{x_i}$$
$$\frac{\partial\ell}{\partial\mu}=\frac{\lambda}{\mu^3}\sum_i(x_i-\mu)=0\Rightarrow\hat\mu=\bar x$$
$$\frac{\partial\ell}{\partial\lambda}=\frac{n}{2\lambda}-\frac{1}{2\mu^2}\sum_i\frac{(x_i-\mu)^2}{x_i}=0$$
$$\Rightarrow\frac{1}{\hat\lambda}=\frac1n\sum_{i=1}^n\left(\frac1{x_i}-\frac1{\bar x}\right)$$""",
    ),
    (
        "rayleigh-sigma",
        r"\frac{x}{\sigma^2}e^{-x^2/(2\sigma^2)}",
        {"parameters": {r"\sigma^2": "(0,oo)"}, "support": "(0,oo)"},
        r"""Rayleigh density $\frac{x}{\sigma^2}e^{-x^2/2\sigma^2}$.

1. $\mathcal{L}(\sigma)=\prod_i\frac{x_i}{\sigma^2}e^{-x_i^2/(2\sigma^2)}$
2. $\log\mathcal L=\sum\log x_i-2n\log\sigma-\frac{1}{2\sigma^2}\sum x_i^2$
3. $\frac{\partial}{\partial\sigma}\log\mathcal L=-\frac{2n}{\sigma}+\frac{1}{\sigma^3}\sum x_i^2$
4. Set to $0$: $2n\sigma^2=\sum x_i^2$
5. $\sigma^2_{MLE}=\frac{\sum_i x_i^2}{2n}$ and $\hat\sigma=\sqrt{\frac{\sum_i x_i^2}{2n}}$""",
    ),
    (
        "regress0",
        "exp(-(y-beta*x)**2/(2*sigma2))/sqrt(2*pi*sigma2)",
        {"variable": "y", "covariates": ["x"], "parameters": {"beta": "real"}, "known": ["sigma2"], "support": "real"},
        r"""$y_i=\beta x_i+\varepsilon_i$ with $\varepsilon_i\sim N(0,\sigma^2)$, $\sigma^2$ known.
$$\ell(\beta)=-\frac n2\log(2\pi\sigma^2)-\frac1{2\sigma^2}\sum_{i=1}^n(y_i-\beta x_i)^2$$
$$\frac{d\ell}{d\beta}=\frac1{\sigma^2}\sum_{i=1}^nx_i(y_i-\beta x_i)=0$$
$$\sum x_iy_i=\beta\sum x_i^2\implies\hat\beta=\frac{\sum x_iy_i}{\sum x_i^2}$$""",
    ),
    (
        "poisson-data",
        r"\frac{\lambda^xe^{-\lambda}}{x!}",
        {"parameters": {r"\lambda": "(0,oo)"}, "data": [3, 0, 2, 1, 4], "support": "{0,1,...}"},
        r"""Data $3,0,2,1,4$ ($n=5$, $\sum x_i=10$).
$$L(\lambda)=\frac{\lambda^{10}e^{-5\lambda}}{3!\,0!\,2!\,1!\,4!}$$
$$\ell(\lambda)=10\ln\lambda-5\lambda-\ln 288$$
$$\ell'(\lambda)=\frac{10}{\lambda}-5=0\to\lambda=2$$
Check: $\ell''(2)=-\frac{10}{4}=-2.5<0$.""",
    ),
    (
        "fisher-exp",
        r"\lambda e^{-\lambda x}",
        {},
        r"""The score is $U(\lambda)=\frac n\lambda-\sum x_i$ and $U'(\lambda)=-\frac{n}{\lambda^2}$, so $I(\lambda)=-E[U'(\lambda)]=\frac{n}{\lambda^2}$ and the asymptotic variance is $I(\lambda)^{-1}=\frac{\lambda^2}{n}$.
The estimate is $\hat\lambda=n/\sum x_i$, with standard error $\hat\lambda/\sqrt n$.""",
    ),
    (
        "multinomial-lagrange",
        None,
        {
            "likelihood": "p1**n1*p2**n2*p3**n3",
            "parameters": {"p1": "(0,1)", "p2": "(0,1)", "p3": "(0,1)"},
            "known": ["n1", "n2", "n3"],
            "constraints": ["p1+p2+p3=1"],
        },
        r"""Maximise $\ell(p)=\sum_{j=1}^3 n_j\log p_j$ subject to $p_1+p_2+p_3=1$:
$$\Lambda=n_1\log p_1+n_2\log p_2+n_3\log p_3-\mu(p_1+p_2+p_3-1)$$
$$\frac{\partial\Lambda}{\partial p_j}=\frac{n_j}{p_j}-\mu=0\implies p_j=\frac{n_j}{\mu}$$
Summing over $j$, $1=\frac{n_1+n_2+n_3}{\mu}$, so $\mu=n$ where $n=n_1+n_2+n_3$, and $\hat p_j=n_j/n$.""",
    ),
    (
        "laplace-b",
        r"\frac{1}{2b}e^{-|x|/b}",
        {"parameters": {"b": "(0,oo)"}, "support": "real"},
        r"""For known $\mu=0$: $f(x)=\frac{1}{2b}e^{-|x|/b}$.
$$l(b)=-n\log(2b)-\frac1b\sum_{i=1}^n|x_i|$$
$$l'(b)=-\frac nb+\frac{1}{b^2}\sum|x_i|\stackrel{!}{=}0\;\Rightarrow\; b=\frac1n\sum_{i=1}^n|x_i|$$
$$l''(b)=\frac{n}{b^2}-\frac{2}{b^3}\sum|x_i|,\quad l''(\hat b)=\frac{n}{\hat b^2}-\frac{2n\hat b}{\hat b^3}=-\frac{n}{\hat b^2}<0$$""",
    ),
    (
        "pareto-both",
        r"\alpha m^\alpha x^{-\alpha-1}",
        {"parameters": {r"\alpha": "(0,oo)", "m": "(0,oo)"}, "support": "[m,oo)"},
        r"""$f(x)=\alpha m^\alpha x^{-\alpha-1}$, $x\ge m$.
$$\ell(\alpha,m)=n\ln\alpha+n\alpha\ln m-(\alpha+1)\sum_{i=1}^n\ln x_i,\qquad m\le x_{(1)}$$
It increases in $m$, thus $\hat m=\min_i x_i$.
$$\frac{\partial\ell}{\partial\alpha}=\frac n\alpha+n\ln\hat m-\sum_{i=1}^n\ln x_i=0$$
$$\hat\alpha=\frac{n}{\sum_{i=1}^n\ln(x_i/\hat m)}$$""",
    ),
    (
        "binomial-one",
        None,
        {"likelihood": "binomial(n,x)*p**x*(1-p)**(n-x)", "parameters": {"p": "(0,1)"}, "known": ["n", "x"]},
        r"""We observe $x$ successes in $n$ trials. $L(p)=\binom nx p^x(1-p)^{n-x}$.

$\log L=\log\binom nx+x\log p+(n-x)\log(1-p)$

$\dfrac{d\log L}{dp}=\dfrac xp-\dfrac{n-x}{1-p}=\dfrac{x-np}{p(1-p)}$

This is $0$ for $p=x/n$, positive for $p<x/n$ and negative for $p>x/n$. Therefore $\hat p=x/n$.""",
    ),
    (
        "normal-theta-theta",
        r"\frac{1}{\sqrt{2\pi\theta}}e^{-\frac{(x-\theta)^2}{2\theta}}",
        {"parameters": {r"\theta": "(0,oo)"}, "support": "real"},
        r"""$X_i\sim N(\theta,\theta)$, $\theta>0$.
$$\ell(\theta)=-\frac n2\ln(2\pi)-\frac n2\ln\theta-\frac{1}{2\theta}\sum(x_i-\theta)^2$$
Expand: $\sum(x_i-\theta)^2=\sum x_i^2-2\theta\sum x_i+n\theta^2$, therefore
$$\ell(\theta)=c-\frac n2\ln\theta-\frac{\sum x_i^2}{2\theta}+\sum x_i-\frac{n\theta}{2}$$
$$\ell'(\theta)=-\frac{n}{2\theta}+\frac{\sum x_i^2}{2\theta^2}-\frac n2=0$$
$$\theta^2+\theta-\frac1n\sum x_i^2=0$$
$$\hat\theta=\frac{-1+\sqrt{1+\frac4n\sum x_i^2}}{2}$$""",
    ),
    (
        "words",
        r"\theta^x(1-\theta)^{1-x}",
        {"parameters": {r"\theta": "(0,1)"}, "support": "{0,1}"},
        r"""Likelihood function: we have $L(\theta)=\theta^{\sum x_i}(1-\theta)^{n-\sum x_i}$. Let $t=\sum_{i=1}^n x_i$ be the number of successes. Then $\log L(\theta)=t\log\theta+(n-t)\log(1-\theta)$, and differentiating we get $t/\theta-(n-t)/(1-\theta)$. Equate this to zero: $t(1-\theta)=(n-t)\theta$, i.e. $t=n\theta$. So the MLE is $t/n$.""",
    ),
    (
        "weibull-scale",
        r"\frac{k}{\lambda}\left(\frac{x}{\lambda}\right)^{k-1}e^{-(x/\lambda)^k}",
        {"parameters": {r"\lambda": "(0,oo)"}, "known": ["k"], "support": "(0,oo)"},
        r"""
$$\log L(\lambda) = n\log k - nk\log\lambda+(k-1)\sum_{i}\log x_i-\lambda^{-k}\sum_i x_i^k$$
$$\frac{\partial \log L}{\partial\lambda} = -\frac{nk}{\lambda}+k\lambda^{-k-1}\sum_i x_i^k = 0$$
$$\lambda^k=\frac1n\sum_i x_i^k$$
$$\boxed{\hat\lambda=\Big(\frac1n\sum_{i=1}^n x_i^k\Big)^{1/k}}$$""",
    ),
    (
        "chi-known",
        r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}",
        {"parameters": {r"\sigma^2": "(0,oo)"}, "known": ["mu"], "support": "real"},
        r"""Set $\tau=1/\sigma^2$ (precision). Then $\ell(\tau)=\frac n2\log\tau-\frac\tau2\sum(x_i-\mu)^2+\text{const}$ and $\frac{d\ell}{d\tau}=\frac{n}{2\tau}-\frac12\sum(x_i-\mu)^2=0$ gives $\hat\tau=\frac{n}{\sum(x_i-\mu)^2}$, so $\hat\sigma^2=1/\hat\tau=\frac1n\sum(x_i-\mu)^2$.""",
    ),
    (
        "shifted-uniform",
        "1",
        {"variable": "x", "parameters": {r"\theta": "real"}, "support": "[theta-1/2,theta+1/2]"},
        r"""$X_i\sim U(\theta-\frac12,\theta+\frac12)$. $L(\theta)=1$ if $x_{(n)}-\frac12\le\theta\le x_{(1)}+\frac12$ and $0$ otherwise. Every point of that interval maximises $L$, for instance $\hat\theta=\frac{x_{(1)}+x_{(n)}}{2}$.""",
    ),
    (
        "expo-data-de",
        r"\lambda e^{-\lambda x}",
        {"data": [1.5, 2.5, 4]},
        r"""Stichprobe: 1,5; 2,5; 4,0 ($n=3$).
$$\ell(\lambda)=3\ln\lambda-8\lambda$$
$$\ell'(\lambda)=\frac3\lambda-8=0\Rightarrow\hat\lambda=\frac38=0{,}375$$""",
    ),
    (
        "beta1",
        r"\theta x^{\theta-1}",
        {"parameters": {r"\theta": "(0,oo)"}, "data": [0.3, 0.6, 0.9], "support": "(0,1)"},
        r"""$f(x)=\theta x^{\theta-1}$, $0<x<1$. Data: $x_1=0.3$, $x_2=0.6$, $x_3=0.9$.
$$L(\theta)=\theta^3(0.3\cdot0.6\cdot0.9)^{\theta-1}=\theta^3(0.162)^{\theta-1}$$
$$\ell(\theta)=3\ln\theta+(\theta-1)\ln0.162$$
$$\frac3\theta+\ln0.162=0$$
$$\hat\theta=-\frac{3}{\ln 0.162}\approx1.648$$""",
    ),
    (
        "trunc-typed",
        r"p^x(1-p)^{1-x}",
        {"parameters": {"p": "(0,1)"}, "support": "{0,1}"},
        r"""L(p) = p^x (1-p)^(1-x) for one observation
l(p) = sum(x)*log(p) + (n - sum(x))*log(1-p)
dl/dp = sum(x)/p - (n - sum(x))/(1-p) = 0
=> p_hat = sum(x)/n""",
    ),
    (
        "nll-code",
        r"\frac{1}{\sqrt{2\pi}}e^{-(x-\mu)^2/2}",
        {"parameters": {r"\mu": "real"}, "support": "real"},
        r"""Negative log-likelihood:
$$\mathrm{NLL}(\mu)=\frac{1}{2}\sum_{i=1}^n(x_i-\mu)^2+\frac n2\log 2\pi$$
$$\frac{\partial\,\mathrm{NLL}}{\partial\mu}=-\sum_{i=1}^n(x_i-\mu)=n\mu-\sum_{i=1}^n x_i$$
$$n\mu-\sum x_i=0\iff\mu=\bar x$$""",
    ),
    (
        "censor",
        r"\frac1\theta e^{-x/\theta}",
        {"data": derive.Sample(exact=[3, 7], right=[10, 10, 10]), "parameters": {r"\theta": "(0,oo)"}},
        r"""Two failures at 3 and 7, three survivors at 10.
$$L(\theta)=\frac1\theta e^{-3/\theta}\cdot\frac1\theta e^{-7/\theta}\cdot\left(e^{-10/\theta}\right)^3=\theta^{-2}e^{-40/\theta}$$
$$\ln L=-2\ln\theta-\frac{40}\theta,\quad\frac{d\ln L}{d\theta}=-\frac2\theta+\frac{40}{\theta^2}=0$$
$$2\theta=40,\ \hat\theta=20$$""",
    ),
    (
        "zero-trunc-geom-mom",
        r"\theta(1-\theta)^x",
        {"parameters": {r"\theta": "(0,1)"}, "support": "{0,1,...}"},
        r"""$P(X=x)=\theta(1-\theta)^{x}$. By invariance $\widehat{\theta(1-\theta)}=\hat\theta(1-\hat\theta)=\frac{\bar x}{(1+\bar x)^2}$ since $\hat\theta=\frac1{1+\bar x}$.""",
    ),
    (
        "hw",
        None,
        {
            "likelihood": "(theta**2)**n1*(2*theta*(1-theta))**n2*((1-theta)**2)**n3",
            "parameters": {"theta": "(0,1)"},
            "known": ["n1", "n2", "n3"],
        },
        r"""Genotype counts $n_{1},n_{2},n_{3}$ with probabilities $\theta^2$, $2\theta(1-\theta)$, $(1-\theta)^2$.
$$\ell(\theta)=2n_1\log\theta+n_2\log\theta+n_2\log(1-\theta)+2n_3\log(1-\theta)+n_2\log2$$
$$\ell'(\theta)=\frac{2n_1+n_2}{\theta}-\frac{n_2+2n_3}{1-\theta}=0$$
$$(2n_1+n_2)(1-\theta)=(n_2+2n_3)\theta\Rightarrow\hat\theta=\frac{2n_1+n_2}{2(n_1+n_2+n_3)}$$""",
    ),
    (
        "linreg-full",
        "exp(-(y-beta0-beta1*x)**2/(2*sigma2))/sqrt(2*pi*sigma2)",
        {"variable": "y", "covariates": ["x"], "parameters": {"beta0": "real", "beta1": "real", "sigma2": "(0,oo)"}, "support": "real"},
        r"""$$\ell(\beta_0,\beta_1,\sigma^2)=-\frac n2\ln(2\pi\sigma^2)-\frac{1}{2\sigma^2}\sum_{i=1}^n(y_i-\beta_0-\beta_1x_i)^2$$
Normal equations:
$$\sum(y_i-\beta_0-\beta_1x_i)=0,\qquad\sum x_i(y_i-\beta_0-\beta_1x_i)=0$$
From the first, $\hat\beta_0=\bar y-\hat\beta_1\bar x$. Insert:
$$\hat\beta_1=\frac{\sum x_iy_i-n\bar x\bar y}{\sum x_i^2-n\bar x^2}=\frac{S_{xy}}{S_{xx}}$$
$$\hat\sigma^2=\frac1n\sum(y_i-\hat y_i)^2,\quad\hat y_i=\hat\beta_0+\hat\beta_1x_i$$""",
    ),
    (
        "gamma-digamma",
        r"\frac{\beta^\alpha}{\Gamma(\alpha)}x^{\alpha-1}e^{-\beta x}",
        {"parameters": {r"\alpha": "(0,oo)", r"\beta": "(0,oo)"}, "support": "(0,oo)"},
        r"""$$\ell(\alpha,\beta)=n\alpha\ln\beta-n\ln\Gamma(\alpha)+(\alpha-1)\sum\ln x_i-\beta\sum x_i$$
$$\frac{\partial\ell}{\partial\beta}=\frac{n\alpha}{\beta}-\sum x_i=0\Rightarrow\beta=\frac{\alpha}{\bar x}$$
$$\frac{\partial\ell}{\partial\alpha}=n\ln\beta-n\psi(\alpha)+\sum\ln x_i=0$$
Substituting, $\ln\hat\alpha-\psi(\hat\alpha)=\ln\bar x-\overline{\ln x}$, which must be solved numerically.""",
    ),
    (
        "map-like",
        r"2\theta xe^{-\theta x^2}",
        {"parameters": {r"\theta": "(0,oo)"}, "support": "(0,oo)"},
        r"""\textbf{Solution.} The log-likelihood (dropping constants) is
\[ \ell(\theta)\propto -\theta\sum_{i=1}^{n}x_i^{2}+n\log\theta . \]
Then \( \ell'(\theta)=\frac{n}{\theta}-\sum_{i=1}^n x_i^2 \), and \( \ell'(\hat\theta)=0 \) yields \( \hat\theta=n/\sum_{i=1}^n x_i^2 \).""",
    ),
    (
        "two-param-hessian",
        r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}",
        {"parameters": {r"\mu": "real", r"\sigma^2": "(0,oo)"}, "support": "real"},
        r"""At $(\hat\mu,\hat\sigma^2)$ the Hessian is diagonal:
$$\frac{\partial^2\ell}{\partial\mu^2}=-\frac{n}{\sigma^2},\quad\frac{\partial^2\ell}{\partial\mu\partial\sigma^2}=-\frac{1}{\sigma^4}\sum(x_i-\mu),\quad\frac{\partial^2\ell}{\partial(\sigma^2)^2}=\frac{n}{2\sigma^4}-\frac{1}{\sigma^6}\sum(x_i-\mu)^2$$
At the estimates: $-\frac{n}{\hat\sigma^2}<0$, $0$ and $-\frac{n}{2\hat\sigma^4}<0$. So $\hat\mu=\bar x$ and $\hat\sigma^2=\frac1n\sum x_i^2-\bar x^2$ is a maximum.""",
    ),
    (
        "score-per-obs",
        r"\lambda e^{-\lambda x}",
        {},
        r"""$\log f(x;\lambda)=\log\lambda-\lambda x$, so $\frac{\partial}{\partial\lambda}\log f(x;\lambda)=\frac1\lambda-x$ and $\frac{\partial^2}{\partial\lambda^2}\log f(x;\lambda)=-\frac{1}{\lambda^2}$.

Fisher information of one observation: $I_1(\lambda)=\frac1{\lambda^2}$, of the sample $I_n(\lambda)=nI_1(\lambda)=\frac{n}{\lambda^2}$; the Cramér–Rao bound is $\frac{\lambda^2}{n}$.

$\sum_{i=1}^n\left(\frac1\lambda-x_i\right)=0\iff\frac n\lambda=\sum x_i\iff\hat\lambda=\frac{n}{\sum_{i=1}^nx_i}$""",
    ),
    (
        "lagrange-symbols",
        None,
        {
            "likelihood": "p1**n1*p2**n2*p3**n3",
            "parameters": {"p1": "(0,1)", "p2": "(0,1)", "p3": "(0,1)"},
            "known": {"n1": 50, "n2": 30, "n3": 20},
            "constraints": ["p1+p2+p3=1"],
        },
        r"""Lagrangian: $\mathcal{L}(p_1,p_2,p_3,\lambda)=50\ln p_1+30\ln p_2+20\ln p_3+\lambda(1-p_1-p_2-p_3)$.

$\frac{\partial\mathcal L}{\partial p_1}=\frac{50}{p_1}-\lambda=0$, $\frac{\partial\mathcal L}{\partial p_2}=\frac{30}{p_2}-\lambda=0$, $\frac{\partial\mathcal L}{\partial p_3}=\frac{20}{p_3}-\lambda=0$.

Hence $p_1=50/\lambda$, $p_2=30/\lambda$, $p_3=20/\lambda$. Sum: $\frac{100}{\lambda}=1\Rightarrow\lambda=100$.

$\hat p_1=0.5,\ \hat p_2=0.3,\ \hat p_3=0.2$""",
    ),
    (
        "normal-data-table",
        r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}",
        {"data": [4.1, 5.3, 6.2, 4.8], "parameters": {r"\mu": "real", r"\sigma^2": "(0,oo)"}, "support": "real"},
        r"""Data: 4.1, 5.3, 6.2, 4.8 

$\hat\mu=\frac{4.1+5.3+6.2+4.8}{4}=\frac{20.4}{4}=5.1$

| $x_i$ | $x_i-\bar x$ | $(x_i-\bar x)^2$ |
|---|---|---|
| 4.1 | $-1.0$ | $1.00$ |

$\hat\sigma^2=\frac{1.00+0.04+1.21+0.09}{4}=\frac{2.34}{4}=0.585$""",
    ),
    (
        "unicode-all",
        r"\theta x^{\theta-1}",
        {"parameters": {r"\theta": "(0,oo)"}, "support": "(0,1)"},
        r"""ℓ(θ) = $n \ln θ + (θ−1) ∑ \ln x_i$. Also $ℓ′(θ) = \frac{n}{θ} + ∑_{i=1}^n \ln x_i = 0$ ⇒ $\hat θ = −\frac{n}{∑ \ln x_i}$""",
    ),
    (
        "aligned-nested",
        r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}",
        {"parameters": {r"\mu": "real", r"\sigma^2": "(0,oo)"}, "support": "real"},
        r"""\[
\left\{\begin{aligned}
\frac{\partial\ell}{\partial\mu}&=\frac1{\sigma^2}\sum_{i=1}^n(x_i-\mu)=0\\
\frac{\partial\ell}{\partial\sigma^2}&=-\frac n{2\sigma^2}+\frac1{2\sigma^4}\sum_{i=1}^n(x_i-\mu)^2=0
\end{aligned}\right.
\quad\Longrightarrow\quad
\left\{\begin{aligned}
\hat\mu&=\bar x\\
\hat\sigma^2&=\frac1n\sum_{i=1}^n(x_i-\bar x)^2
\end{aligned}\right.
\]""",
    ),
    (
        "theta-star",
        r"\frac{x}{\theta^2}e^{-x/\theta}",
        {"parameters": {r"\theta": "(0,oo)"}, "support": "(0,oo)"},
        r"""Let $\theta^*$ be the maximiser. $L(\theta)=\theta^{-2n}\prod x_i\,e^{-\sum x_i/\theta}$, $\partial_\theta\log L(\theta)=-\frac{2n}\theta+\frac{\sum x_i}{\theta^2}$. Setting $\partial_\theta\log L(\theta^*)=0$ gives $\theta^*=\frac{1}{2n}\sum x_i=\frac12\bar x$.""",
    ),
    (
        "ab-uniform",
        r"\frac{1}{b-a}",
        {"variable": "x", "parameters": {"a": "real", "b": "real"}, "support": "[a,b]"},
        r"""$L(a,b)=\frac{1}{(b-a)^n}$ if $a\le x_{(1)}$ and $x_{(n)}\le b$, else $0$. $\frac{\partial}{\partial a}\ln L=\frac{n}{b-a}>0$ and $\frac{\partial}{\partial b}\ln L=-\frac{n}{b-a}<0$. So $a$ should be as large, $b$ as small as possible: $\hat a=x_{(1)}$, $\hat b=x_{(n)}$.""",
    ),
    (
        "argmax",
        r"\frac{\theta^xe^{-\theta}}{x!}",
        {"parameters": {r"\theta": "(0,oo)"}, "support": "{0,1,...}"},
        r"""$$\hat\theta=\operatorname*{arg\,max}_\theta\ell(\theta)=\underset{\theta}{\operatorname{argmax}}\Big\{\sum_{i}x_i\log\theta-n\theta\Big\}=\bar x$$""",
    ),
    (
        "spanish",
        r"\theta e^{-\theta x}",
        {},
        r"""Sea $X_1,\dots,X_n$ una m.a.s. La función de verosimilitud es $L(\theta)=\prod_{i=1}^n\theta e^{-\theta x_i}=\theta^ne^{-\theta\sum x_i}$. Tomando logaritmos, $\ln L(\theta)=n\ln\theta-\theta\sum x_i$. Derivando e igualando a cero, $\frac{\partial\ln L(\theta)}{\partial\theta}=\frac n\theta-\sum x_i=0$. Por tanto $\hat\theta_{MV}=\frac{n}{\sum x_i}=\frac1{\bar x}$. Como $\frac{\partial^2\ln L}{\partial\theta^2}=-\frac{n}{\theta^2}<0$, es un máximo.""",
    ),
    (
        "french",
        r"\frac{\lambda^xe^{-\lambda}}{x!}",
        {"parameters": {r"\lambda": "(0,oo)"}, "support": "{0,1,...}"},
        r"""Soit $t=\sum_{i=1}^{n}x_i$. La log-vraisemblance vaut $\ell(\lambda)=t\ln\lambda-n\lambda-\sum_{i=1}^n\ln(x_i!)$, donc $\ell'(\lambda)=\frac t\lambda-n$ s'annule en $\hat\lambda=\frac tn$.""",
    ),
    (
        "mean-param-geom",
        r"(1-p)^{x-1}p",
        {"parameters": {"p": "(0,1)"}, "support": "{1,2,...}"},
        r"""With mean parameter $\mu=\frac1p$: $\ell(p)=n\log p+(\sum x_i-n)\log(1-p)$, $\hat p=\frac{n}{\sum x_i}$, so $\hat\mu=\frac{1}{\hat p}=\bar x$.""",
    ),
    (
        "limits",
        r"\lambda e^{-\lambda x}",
        {},
        r"""$\ell(\lambda)=n\ln\lambda-\lambda\sum x_i$. Since $\lim_{\lambda\to0}\ell(\lambda)=-\infty$ and $\lim_{\lambda\to\infty}\ell(\lambda)=-\infty$, the only stationary point $\hat\lambda=n/\sum x_i$ is the global maximum.""",
    ),
    (
        "poisson-exposure",
        r"\frac{(t\theta)^ye^{-t\theta}}{y!}",
        {"variable": "y", "covariates": ["t"], "parameters": {r"\theta": "(0,oo)"}, "support": "{0,1,...}"},
        r"""$y_i\sim Poisson(t_i\theta)$. $$\ell(\theta)=\sum_i\left(y_i\log(t_i\theta)-t_i\theta-\log y_i!\right)$$ $$\ell'(\theta)=\frac{\sum_i y_i}{\theta}-\sum_i t_i=0\Rightarrow\hat\theta=\frac{\sum_iy_i}{\sum_it_i}$$""",
    ),
    (
        "logit",
        "(1/(1+exp(-beta*x)))**y*(1-1/(1+exp(-beta*x)))**(1-y)",
        {"variable": "y", "covariates": ["x"], "parameters": {"beta": "real"}, "support": "{0,1}"},
        r"""$p_i=\frac{1}{1+e^{-\beta x_i}}$.
$$\ell(\beta)=\sum_{i=1}^n\left[y_i\log p_i+(1-y_i)\log(1-p_i)\right]=\sum_{i=1}^n\left[y_i\beta x_i-\log(1+e^{\beta x_i})\right]$$
$$\frac{d\ell}{d\beta}=\sum_{i=1}^nx_i(y_i-p_i)=0$$""",
    ),
    (
        "indicator-counts",
        r"p^x(1-p)^{1-x}",
        {"parameters": {"p": "(0,1)"}, "support": "{0,1}"},
        r"""Let $n_1=\#\{i:x_i=1\}=\sum_{i=1}^nx_i$ and $n_0=n-n_1$. Then $L(p)=p^{n_1}(1-p)^{n_0}$ and $\ell(p)=n_1\ln p+n_0\ln(1-p)$. $\ell'(p)=\frac{n_1}p-\frac{n_0}{1-p}=0\Rightarrow n_1(1-p)=n_0p\Rightarrow p=\frac{n_1}{n_0+n_1}=\frac{n_1}n$.""",
    ),
    (
        "quantity-odds",
        r"p^x(1-p)^{1-x}",
        {"parameters": {"p": "(0,1)"}, "data": [1, 1, 1, 0, 0, 0, 0, 0, 0, 0], "support": "{0,1}"},
        r"""$\hat p=0.3$ from $3$ successes in $10$. Odds: $\hat o=\frac{\hat p}{1-\hat p}=\frac{0.3}{0.7}\approx0.43$.""",
    ),
    (
        "boxed-everything",
        r"\frac{1}{\sqrt{2\pi}}e^{-(x-\mu)^2/2}",
        {"parameters": {r"\mu": "real"}, "support": "real"},
        r"""$$\boxed{\ell(\mu)=-\frac{1}{2}\sum_{i=1}^{n}(x_i-\mu)^2+\mathrm{const}}$$ $$\underbrace{\frac{\partial\ell}{\partial\mu}}_{\text{score}}=\sum_{i=1}^n(x_i-\mu)\overset{\text{!}}{=}0$$ $$\textcolor{red}{\hat\mu=\frac{1}{n}\sum_{i=1}^n x_i=\bar{x}}$$""",
    ),
    (
        "tex-doc",
        r"(1-\theta)^{x-1}\theta",
        {"parameters": {r"\theta": "(0,1)"}, "support": "{1,2,...}"},
        r"""\documentclass[a4paper]{article}
\usepackage{amsmath,tcolorbox}
\DeclareMathOperator{\logL}{log\mathcal{L}}
\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}
\newcommand\xbar{\bar{x}}
\begin{document}
\begin{tcolorbox}[title=Solution]
% the likelihood
\begin{enumerate}
\item Likelihood: $L(\theta)=\prod_{i=1}^{n}\theta(1-\theta)^{x_i-1}$
\item $\ell(\theta)=n\log\theta+(n\xbar-n)\log(1-\theta)$
\item
\begin{equation}\label{score}
\pd{\ell}{\theta}=\frac{n}{\theta}-\frac{n\xbar-n}{1-\theta}=0
\end{equation}
\item From \eqref{score}, $1-\theta=\theta(\xbar-1)$ so $\hat{\theta}=1/\xbar$.
\end{enumerate}
\end{tcolorbox}
\end{document}""",
    ),
    (
        "numbers-only",
        r"\lambda e^{-\lambda x}",
        {"data": [3, 4, 5, 6, 7]},
        r"""n = 5, sum = 25. $\hat\lambda = 5/25 = 1/5 = 0.2$ per minute.""",
    ),
    (
        "gumbel",
        r"e^{-(x-\mu)-e^{-(x-\mu)}}",
        {"parameters": {r"\mu": "real"}, "support": "real"},
        r"""$f(x)=e^{-(x-\mu)-e^{-(x-\mu)}}$. $$\ell(\mu)=-\sum(x_i-\mu)-\sum e^{-(x_i-\mu)}=n\mu-n\bar x-e^\mu\sum e^{-x_i}$$ $$\ell'(\mu)=n-e^\mu\sum e^{-x_i}=0\implies e^{\hat\mu}=\frac{n}{\sum e^{-x_i}}\implies\hat\mu=\ln n-\ln\sum e^{-x_i}=-\ln\left(\frac1n\sum_{i=1}^ne^{-x_i}\right)$$""",
    ),
    (
        "double-exp-median",
        r"\frac12e^{-|x-\theta|}",
        {"parameters": {r"\theta": "real"}, "support": "real"},
        r"""$\ell(\theta)=-n\ln2-\sum_{i=1}^n|x_i-\theta|$. The derivative is $\ell'(\theta)=\#\{x_i>\theta\}-\#\{x_i<\theta\}$, so $\hat\theta=\mathrm{med}(x_1,\dots,x_n)$.""",
    ),
    (
        "shift-exp",
        r"e^{-(x-\theta)}",
        {"parameters": {r"\theta": "real"}, "support": "[theta,oo)"},
        r"""$L(\theta)=e^{-\sum(x_i-\theta)}\mathbb{I}(x_{(1)}\ge\theta)=e^{n\theta-n\bar x}I\{\theta\le x_{(1)}\}$ is increasing in $\theta$ on $(-\infty,x_{(1)}]$, so $\hat\theta=x_{(1)}=\min\{x_1,\ldots,x_n\}$.""",
    ),
    (
        "discrete-table",
        None,
        {"likelihood": "(2*theta/3)**2*(theta/3)**3*(2*(1-theta)/3)**3*((1-theta)/3)**2", "parameters": {"theta": "(0,1)"}},
        r"""$P(0)=\frac{2\theta}{3},P(1)=\frac\theta3,P(2)=\frac{2(1-\theta)}3,P(3)=\frac{1-\theta}3$. For the sample (3,0,2,1,3,2,1,0,2,1):
$$L(\theta)=\left(\frac{2\theta}3\right)^2\left(\frac\theta3\right)^3\left(\frac{2(1-\theta)}3\right)^3\left(\frac{1-\theta}3\right)^2$$
$$\log L=C+5\log\theta+5\log(1-\theta)$$
$$\frac{5}{\theta}-\frac5{1-\theta}=0\Rightarrow\hat\theta=\frac12$$""",
    ),
    (
        "known-mean-mean",
        r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}",
        {"parameters": {r"\sigma^2": "(0,oo)"}, "known": ["mu"], "support": "real"},
        r"""$\hat{\sigma}^{2}=\frac{\sum_{i=1}^{n}(x_{i}-\mu)^{2}}{n}$ because $\frac{d}{d\sigma^2}\left[-\frac n2\ln\sigma^2-\frac{1}{2\sigma^2}\sum_{i=1}^n(x_i-\mu)^2\right]=-\frac{n}{2\sigma^2}+\frac{\sum_{i=1}^n(x_i-\mu)^2}{2(\sigma^2)^2}$ vanishes there. E$[\hat\sigma^2]=\sigma^2$.""",
    ),
    (
        "var-split",
        r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}",
        {"parameters": {r"\mu": "real", r"\sigma^2": "(0,oo)"}, "support": "real"},
        r"""Expanding, $\sum_{i=1}^n(x_i-\mu)^2=\sum_{i=1}^n(x_i-\bar x)^2+n(\bar x-\mu)^2=(n-1)s^2+n(\bar x-\mu)^2$ with $s^2=\frac{1}{n-1}\sum_{i=1}^n(x_i-\bar x)^2$. So $\ell=-\frac n2\log(2\pi\sigma^2)-\frac{(n-1)s^2+n(\bar x-\mu)^2}{2\sigma^2}$, whence $\hat\mu=\bar x$ and $\hat\sigma^2=\frac{n-1}ns^2$.""",
    ),
    (
        "power-k",
        r"kx^{k-1}",
        {"variable": "x", "parameters": {"k": "(0,oo)"}, "support": "(0,1)"},
        r"""$f(x)=kx^{k-1}$ on $(0,1)$, $T=-\sum\ln x_i>0$: $\ell(k)=n\ln k-(k-1)T$, $\ell'(k)=n/k-T=0$, $\hat k=n/T$. And $\ell''(k)=-n/k^2<0\ \forall k>0$.""",
    ),
    (
        "bivar-corr",
        None,
        {"likelihood": "binomial(m,k)*theta**k*(1-theta)**(m-k)", "parameters": {"theta": "(0,1)"}, "known": ["m", "k"]},
        r"""Number of heads $k$ out of $m$: $\binom{m}{k}$ does not matter. $\frac{d}{d\theta}[k\log\theta+(m-k)\log(1-\theta)]=0$ iff $\theta=k/m$.""",
    ),
    (
        "sympy-code",
        r"\lambda e^{-\lambda x}",
        {},
        """Here is my code:
```python
from sympy import *
lam, n = symbols('lambda n', positive=True)
ell = n*log(lam) - lam*S
diff(ell, lam)
lam_hat = n/S
```
with $S=\\sum x_i$. So $\\hat\\lambda = n/S$.""",
    ),
    (
        "se-style",
        r"\theta^2xe^{-\theta x}",
        {"parameters": {r"\theta": "(0,oo)"}, "support": "(0,oo)"},
        r"""Hint: note that $$L(\theta; \mathbf{x}) = \prod_{i=1}^n f(x_i;\theta) = \theta^{2n} \left(\prod_{i=1}^n x_i\right) e^{-\theta \sum_{i=1}^n x_i}.$$ So the log-likelihood is $$\ell(\theta; \mathbf x) = 2n \log \theta + \sum_{i=1}^n \log x_i - \theta n \bar x,$$ and we want to solve $$0 = \frac{\partial \ell}{\partial \theta} = \frac{2n}{\theta} - n \bar x,$$ i.e., $\hat \theta = 2/\bar x.$""",
    ),
    (
        "notes",
        r"\frac{3x^2}{\theta^3}",
        {"variable": "x", "parameters": {r"\theta": "(0,oo)"}, "support": "[0,theta]"},
        r"""> **Example.** $f(x;\theta)=\frac{3x^2}{\theta^3}$ for $0\leq x\leq\theta$.
>
> $$L(\theta)=\frac{3^n\prod x_i^2}{\theta^{3n}},\ \theta\ge x_{(n)}$$
>
> decreasing in $\theta$, so the MLE is $\hat\theta=x_{(n)}$.""",
    ),
    (
        "steps-list",
        r"\binom mx p^x(1-p)^{m-x}",
        {"parameters": {"p": "(0,1)"}, "known": ["m"], "support": "{0, ..., m}"},
        r"""* Step 1: $\log L(p) = \sum_{i=1}^{n} \left( x_i \log p + (m - x_i) \log(1-p) \right) + \text{terms without } p$
* Step 2: $\frac{d}{dp} \log L(p) = \frac{1}{p}\sum_{i=1}^{n} x_i - \frac{1}{1-p}\sum_{i=1}^{n}(m - x_i)$
* Step 3: $\frac{1}{p}\sum x_i = \frac{1}{1-p}\left(nm - \sum x_i\right)$
* Step 4: $(1-p)\sum x_i = p\left(nm-\sum x_i\right) \quad\therefore\quad \sum x_i = nmp \quad\therefore\quad \hat{p}=\frac{1}{nm}\sum_{i=1}^{n} x_i$""",
    ),
    (
        "two-poisson",
        r"\frac{\lambda^xe^{-\lambda}}{x!}",
        {"parameters": {r"\lambda": "(0,oo)"}, "support": "{0,1,...}"},
        r"""$X_1,\dots,X_n\sim Poi(\lambda)$ i.i.d. Then $P(X_1=x_1,\dots,X_n=x_n)=\prod_{j=1}^{n}\frac{\lambda^{x_j}}{x_j!}e^{-\lambda}$. Log: $\sum_{j=1}^nx_j\cdot\log\lambda-n\lambda-\log(x_1!\cdots x_n!)$. The derivative $\frac{x_1+\dots+x_n}{\lambda}-n$ is zero iff $\lambda=\frac{x_1+\dots+x_n}{n}$.""",
    ),
    (
        "sigma-sq-star",
        r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}",
        {"parameters": {r"\sigma^2": "(0,oo)"}, "known": ["mu"], "support": "real"},
        r"""$\mu$ known. $\ell(\sigma)=-n\ln\sigma-\frac{\sum(x_i-\mu)^2}{2\sigma^2}+c$; $\frac{d\ell}{d\sigma}=-\frac n\sigma+\frac{\sum(x_i-\mu)^2}{\sigma^3}=0$; $\sigma_*^2=\frac1n\sum(x_i-\mu)^2$; hence $\hat\sigma_{ML}^2=\frac1n\sum_{i=1}^n(x_i-\mu)^2$.""",
    ),
    (
        "log-likelihood-words",
        r"\lambda e^{-\lambda t}",
        {"variable": "t"},
        r"""log-likelihood $= n\ln\lambda - \lambda\sum_i t_i$, score $= \frac{n}{\lambda} - \sum_i t_i$, $\hat\lambda = \frac{n}{\sum_i t_i}$.""",
    ),
    (
        "exp-mean-units",
        r"\frac1\mu e^{-x/\mu}",
        {"parameters": {r"\mu": "(0,oo)"}, "data": [12, 18, 30]},
        r"""Times: 12 min, 18 min, 30 min. $\hat\mu=\frac{12+18+30}{3}\text{ min}=20\text{ min}$.""",
    ),
    (
        "cases-lik",
        r"\frac{1}{\theta}",
        {"variable": "x", "parameters": {r"\theta": "(0,oo)"}, "support": "[0,theta]"},
        r"""$$L(\theta)=\begin{cases}\dfrac{1}{\theta^n}&\text{if }\theta\ge\max\{x_1,\dots,x_n\}\\[4pt]0&\text{otherwise}\end{cases}$$ Thus $\hat\theta=\max\{x_1,\dots,x_n\}$.""",
    ),
    (
        "bayes-like",
        r"\mu^x(1-\mu)^{1-x}",
        {"parameters": {r"\mu": "(0,1)"}, "support": "{0,1}"},
        r"""$$p(\mathcal{D}\mid\mu)=\prod_{n=1}^N\mu^{x_n}(1-\mu)^{1-x_n}$$
$$\ln p(\mathcal D\mid\mu)=\sum_{n=1}^N\{x_n\ln\mu+(1-x_n)\ln(1-\mu)\}$$
$$\mu_{\mathrm{ML}}=\frac1N\sum_{n=1}^Nx_n=\frac{m}{N}$$ where $m=\sum_{n=1}^{N} x_n$.""",
    ),
    (
        "nested-frac",
        r"p(1-p)^x",
        {"parameters": {"p": "(0,1)"}, "support": "{0,1,...}"},
        r"""$$\hat p=\frac{1}{1+\frac{1}{n}\sum_{i=1}^{n}x_i}=\cfrac{n}{n+\sum_{i=1}^n x_i}$$ from $$\frac{\partial \ln L}{\partial p}=\dfrac{n}{p}-\dfrac{\sum x_i}{1-p}\equiv 0.$$""",
    ),
    (
        "pnorm",
        r"\frac{1}{\sqrt{2\pi}}e^{-(x-\theta)^2/2}",
        {"parameters": {r"\theta": "real"}, "support": "real"},
        r"""Maximize $\ell(\theta)= -\tfrac12\sum_i (x_i-\theta)^2$ (up to constants). Then $\ell^{\prime}(\theta)=\sum_i (x_i-\theta)$, $\ell^{\prime\prime}(\theta)=-n<0$, $\hat\theta=\bar{x}$.""",
    ),
    (
        "geom-sum-notation",
        r"(1-p)^{x-1}p",
        {"parameters": {"p": "(0,1)"}, "support": "{1,2,...}"},
        r"""Set $s=x_1+x_2+\cdots+x_n$. $L(p)=p^n(1-p)^{s-n}$. $L'(p)=np^{n-1}(1-p)^{s-n}-(s-n)p^n(1-p)^{s-n-1}=p^{n-1}(1-p)^{s-n-1}\left[n(1-p)-(s-n)p\right]=p^{n-1}(1-p)^{s-n-1}[n-sp]$. $L'(p)=0$ for $p=n/s$.""",
    ),
    (
        "dbinom3",
        r"\binom3xp^x(1-p)^{3-x}",
        {"parameters": {"p": "(0,1)"}, "data": [1, 2, 2, 3], "support": "{0,1,2,3}"},
        r"""n = 3 tosses each, 4 students: 1, 2, 2, 3 heads. $$L(p)=\binom31p(1-p)^2\binom32p^2(1-p)\binom32p^2(1-p)\binom33p^3=27p^8(1-p)^4$$ $$\ln L(p)=\ln27+8\ln p+4\ln(1-p)$$ $$\frac8p-\frac4{1-p}=0\Rightarrow8(1-p)=4p\Rightarrow p=\frac{8}{12}=\frac23$$""",
    ),
    (
        "percent",
        r"p^x(1-p)^{1-x}",
        {"parameters": {"p": "(0,1)"}, "data": [1] * 8 + [0] * 42, "support": "{0,1}"},
        r"""Of 50 items 8 are defective: $\hat p=\frac{8}{50}=0.16=16\%$.""",
    ),
    (
        "weighted",
        "exp(-(x-mu)**2/(2*sigma**2))/sqrt(2*pi*sigma**2)",
        {"variable": "x", "covariates": ["sigma"], "parameters": {"mu": "real"}, "support": "real"},
        r"""$x_i\sim N(\mu,\sigma_i^2)$ with known $\sigma_i$: $\frac{d\ell}{d\mu}=\sum_i\frac{x_i-\mu}{\sigma_i^2}=0\implies\hat\mu=\frac{\sum_ix_i/\sigma_i^2}{\sum_i1/\sigma_i^2}$""",
    ),
    (
        "russian",
        r"\frac{\lambda^xe^{-\lambda}}{x!}",
        {"parameters": {r"\lambda": "(0,oo)"}, "support": "{0,1,...}"},
        r"""Функция правдоподобия $L(\lambda)=\prod_{i=1}^n\frac{\lambda^{x_i}}{x_i!}e^{-\lambda}$, $\ln L=-n\lambda+\ln\lambda\sum_{i=1}^nx_i-\sum_{i=1}^n\ln x_i!$. $\frac{d\ln L}{d\lambda}=-n+\frac1\lambda\sum_{i=1}^nx_i=0$, откуда $\lambda^*=\bar x$.""",
    ),
    (
        "tilde",
        r"2\theta xe^{-\theta x^2}",
        {"parameters": {r"\theta": "(0,oo)"}, "support": "(0,oo)"},
        r"""The solution of $\left.\frac{d\ell}{d\theta}\right|_{\theta=\tilde\theta}=0$ is $\tilde\theta=\frac{n}{\sum x_i^2}$.""",
    ),
    (
        "mom-compare",
        r"\theta x^{\theta-1}",
        {"parameters": {r"\theta": "(0,oo)"}, "support": "(0,1)"},
        r"""MLE: $\hat\theta_{MLE}=-\frac{n}{\sum\ln x_i}$. Method of moments: $E[X]=\frac{\theta}{\theta+1}$, so $\tilde\theta=\frac{\bar x}{1-\bar x}$.""",
    ),
    (
        "big-align",
        r"\frac{\alpha}{x^{\alpha+1}}",
        {"parameters": {r"\alpha": "(0,oo)"}, "support": "(1,oo)"},
        r"""\begin{align*}
\ell(\alpha) &= \sum_{i=1}^n \log\left( \alpha x_i^{-(\alpha+1)} \right) && \text{(definition)}\\
&= \sum_{i=1}^n \big[ \log\alpha - (\alpha+1)\log x_i \big] && \text{(log of a product)}\\
&= n\log\alpha - (\alpha+1)\underbrace{\sum_{i=1}^n\log x_i}_{=:T}\\
\ell'(\alpha) &= \frac{n}{\alpha} - T = 0 && \Longleftrightarrow\quad \hat\alpha = \frac{n}{T}
\end{align*}""",
    ),
    (
        "colored",
        "\\lambda e^{-\\lambda x}",
        {},
        r"""$$\color{blue}{\hat\lambda}=\frac{1}{\bar x}=\frac{n}{\sum\limits_{i=1}^{n}x_i}\tag{*}$$ and by $(*)$ $\widehat{P(X>2)}=e^{-2\hat\lambda}=e^{-2/\bar x}$.""",
    ),
    (
        "no-hat",
        "\\lambda e^{-\\lambda x}",
        {},
        r"""$\frac{d}{d\lambda}\left(n\log\lambda-\lambda\sum x_i\right)=0\Leftrightarrow\frac n\lambda=\sum x_i\Leftrightarrow\lambda=\frac n{\sum x_i}$""",
    ),
    (
        "primes-multi",
        r"\frac{\lambda^xe^{-\lambda}}{x!}",
        {"parameters": {r"\lambda": "(0,oo)"}, "support": "{0,1,...}"},
        r"""$(\log L)''=-\frac{\sum x_i}{\lambda^2}<0$ and $(\log L)'=\frac{\sum x_i}{\lambda}-n=0$ at $\lambda=\bar x$.""",
    ),
    (
        "score-func",
        r"\theta^x(1-\theta)^{1-x}",
        {"parameters": {r"\theta": "(0,1)"}, "support": "{0,1}"},
        r"""$$s(\theta)=\sum_{i=1}^n\frac{\partial}{\partial\theta}\log f(x_i\mid\theta)=\sum_{i=1}^n\left(\frac{x_i}{\theta}-\frac{1-x_i}{1-\theta}\right)=\frac{n\bar x}{\theta}-\frac{n(1-\bar x)}{1-\theta}=\frac{n(\bar x-\theta)}{\theta(1-\theta)}$$ $$s(\hat\theta)=0\Rightarrow\hat\theta=\bar x,\qquad \mathcal I(\theta)=\frac{n}{\theta(1-\theta)}$$""",
    ),
    (
        "var-asym",
        r"\frac{\lambda^xe^{-\lambda}}{x!}",
        {"parameters": {r"\lambda": "(0,oo)"}, "support": "{0,1,...}"},
        r"""$\sqrt n(\hat\lambda-\lambda)\to N(0,\lambda)$, since $I(\lambda)=\frac1\lambda$. The estimated standard error is $\sqrt{\hat\lambda/n}$ with $\hat\lambda=\bar x$.""",
    ),
    (
        "sigma-param",
        r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{x^2}{2\sigma^2}}",
        {"parameters": {r"\sigma^2": "(0,oo)"}, "support": "real"},
        r"""$X_i\sim N(0,\sigma^2)$; $\ell(\sigma^2)=-\frac n2\log(2\pi)-\frac n2\log\sigma^2-\frac{1}{2\sigma^2}\sum x_i^2$. Put $v=\sigma^2$: $\frac{d\ell}{dv}=-\frac{n}{2v}+\frac{\sum x_i^2}{2v^2}=0\Rightarrow\hat v=\frac1n\sum x_i^2$, i.e. $\hat\sigma^2=\frac1n\sum x_i^2$.""",
    ),
    (
        "scale-rate",
        "\\lambda e^{-\\lambda x}",
        {},
        r"""With $\lambda=1/\theta$ we have $f(x)=\frac1\theta e^{-x/\theta}$ and $\ell(\theta)=-n\ln\theta-\frac{n\bar x}{\theta}$, $\frac{d\ell}{d\theta}=-\frac n\theta+\frac{n\bar x}{\theta^2}=0$, $\hat\theta=\bar x$, hence $\hat\lambda=1/\bar x$.""",
    ),
    (
        "prod-dots",
        "\\lambda e^{-\\lambda x}",
        {},
        r"""$L(\lambda)=f(x_1)\cdot f(x_2)\cdots f(x_n)=\lambda e^{-\lambda x_1}\cdot\lambda e^{-\lambda x_2}\cdots\lambda e^{-\lambda x_n}=\lambda^ne^{-\lambda(x_1+x_2+\cdots+x_n)}$, so $\ln L=n\ln\lambda-\lambda(x_1+\dots+x_n)$ and $\hat\lambda=\frac{n}{x_1+\dots+x_n}$.""",
    ),
    (
        "ineq",
        r"\frac{\lambda^xe^{-\lambda}}{x!}",
        {"parameters": {r"\lambda": "(0,oo)"}, "support": "{0,1,...}"},
        r"""$\ell'(\lambda)>0\iff\lambda<\bar x$ and $\ell'(\lambda)<0\iff\lambda>\bar x$, so $\hat\lambda=\bar x$.""",
    ),
    (
        "sum-data",
        r"\frac{\lambda^xe^{-\lambda}}{x!}",
        {"data": [2, 3, 3, 4], "parameters": {r"\lambda": "(0,oo)"}, "support": "{0,1,...}"},
        r"""$\sum x_i=12$, $n=4$: $\ell(\lambda)=12\ln\lambda-4\lambda-\ln(2!\,3!\,3!\,4!)$, $\hat\lambda=\frac{12}{4}=3$.""",
    ),
    (
        "xbar-num",
        "\\lambda e^{-\\lambda x}",
        {"data": [2, 4, 6]},
        r"""$\bar x=\frac{2+4+6}{3}=4$, $\hat\lambda=\frac1{\bar x}=\frac14=0.25$.""",
    ),
    (
        "ln-f",
        r"\theta x^{\theta-1}",
        {"parameters": {r"\theta": "(0,oo)"}, "support": "(0,1)"},
        r"""$\ln f(x;\theta)=\ln\theta+(\theta-1)\ln x$, $\sum_{i=1}^n\ln f(x_i;\theta)=n\ln\theta+(\theta-1)\sum_{i=1}^n\ln x_i$. $\frac{d}{d\theta}:\ \frac n\theta+\sum\ln x_i=0\Rightarrow\hat\theta=-n/\sum\ln x_i$.""",
    ),
    ("implicit", r"\theta e^{-\theta x}", {}, r"""The MLE solves $\frac{n}{\hat\theta}=\sum_{i=1}^n x_i$, $\hat\theta=1/\bar x$"""),
    (
        "mgf",
        "\\lambda e^{-\\lambda x}",
        {},
        r"""$E(X)=1/\lambda$, $Var(X)=1/\lambda^2$; $\widehat{E(X)}=\bar x$ and $\widehat{Var(X)}=\bar x^2$ since $\hat\lambda=1/\bar x$.""",
    ),
    (
        "gamma2",
        r"\frac{\beta^3}{2}x^2e^{-\beta x}",
        {"parameters": {r"\beta": "(0,oo)"}, "support": "(0,oo)"},
        r"""$$L(\beta)=\prod_{i=1}^{n}\frac{\beta^{3}}{\Gamma(3)}x_i^{2}e^{-\beta x_i}=\frac{\beta^{3n}}{2^n}\Big(\prod x_i\Big)^2e^{-\beta\sum x_i}$$ $$\ell=3n\ln\beta-n\ln2+2\sum\ln x_i-\beta\sum x_i,\ \ \ell'=\frac{3n}\beta-\sum x_i,\ \ \hat\beta=\frac{3}{\bar x}$$""",
    ),
    (
        "cauchy-like",
        r"\frac{1}{\pi(1+(x-\theta)^2)}",
        {"parameters": {r"\theta": "real"}, "support": "real"},
        r"""$\ell(\theta)=-n\log\pi-\sum\log(1+(x_i-\theta)^2)$, $\ell'(\theta)=\sum\frac{2(x_i-\theta)}{1+(x_i-\theta)^2}=0$, no closed form.""",
    ),
    (
        "two-step",
        r"\frac{1}{\sqrt{2\pi}}e^{-(x-\mu)^2/2}",
        {"parameters": {r"\mu": "real"}, "support": "real"},
        r"""$\frac{\partial}{\partial\mu}\sum_{i=1}^n(x_i-\mu)^2=-2\sum(x_i-\mu)=-2(n\bar x-n\mu)=0\Rightarrow\hat\mu=\bar x$; the second derivative $2n>0$, a minimum of the sum of squares.""",
    ),
]

WRONG: list[tuple[str, int, str | None, Question, str]] = [  # name, line of the first mistake, density, ..., solution
    (
        "exp-score-n",
        3,
        "\\lambda e^{-\\lambda x}",
        {},
        r"""$L=\lambda^ne^{-\lambda\sum x_i}$

$\ln L=n\ln\lambda-\lambda\sum x_i$, $\frac{d\ln L}{d\lambda}=\frac1\lambda-\sum x_i$

$\hat\lambda=1/\sum x_i$""",
    ),
    (
        "poisson-fact",
        2,
        r"\frac{\lambda^xe^{-\lambda}}{x!}",
        {"parameters": {r"\lambda": "(0,oo)"}, "support": "{0,1,...}"},
        r"""$$L(\lambda)=\frac{\lambda^{\sum x_i}e^{-n\lambda}}{\prod x_i!}$$
$$\ell(\lambda)=\sum x_i\ln\lambda-\lambda-\sum\ln x_i!$$
$$\frac{\sum x_i}{\lambda}-1=0\Rightarrow\hat\lambda=\sum x_i$$""",
    ),
    (
        "normal-var",
        4,
        r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}",
        {"parameters": {r"\mu": "real", r"\sigma^2": "(0,oo)"}, "support": "real"},
        r"""\begin{align}
\ell&=-\frac n2\ln(2\pi\sigma^2)-\frac1{2\sigma^2}\sum(x_i-\mu)^2\\
\frac{\partial\ell}{\partial\mu}&=\frac1{\sigma^2}\sum(x_i-\mu)=0\\
\frac{\partial\ell}{\partial\sigma^2}&=-\frac n{\sigma^2}+\frac1{2\sigma^4}\sum(x_i-\mu)^2=0\\
\hat\sigma^2&=\frac1{2n}\sum(x_i-\bar x)^2
\end{align}""",
    ),
    (
        "geom-solve",
        3,
        r"(1-p)^{x-1}p",
        {"parameters": {"p": "(0,1)"}, "support": "{1,2,...}"},
        r"""$$\ell(p)=n\ln p+(\sum x_i-n)\ln(1-p)$$
$$\frac np=\frac{\sum x_i-n}{1-p}$$
$$n-np=p\sum x_i+np$$
$$\hat p=\frac{n}{2n+\sum x_i}$$""",
    ),
    (
        "rayleigh-2",
        2,
        r"\frac{x}{\sigma^2}e^{-x^2/(2\sigma^2)}",
        {"parameters": {r"\sigma^2": "(0,oo)"}, "support": "(0,oo)"},
        r"""$\ell=\sum\ln x_i-2n\ln\sigma-\frac1{2\sigma^2}\sum x_i^2$
$\ell'(\sigma)=-\frac{2n}\sigma+\frac{1}{2\sigma^3}\sum x_i^2$
$\hat\sigma^2=\frac{1}{4n}\sum x_i^2$""",
    ),
    (
        "uniform-deriv",
        2,
        r"\frac{1}{\theta}",
        {"variable": "x", "parameters": {r"\theta": "(0,oo)"}, "support": "[0,theta]"},
        r"""$L(\theta)=\theta^{-n}$ for $\theta\ge x_{(n)}$.
$\ell'(\theta)=-\frac n\theta=0$ has no solution, hence $\hat\theta=2\bar x$.""",
    ),
    (
        "pareto-sign",
        2,
        r"\alpha m^\alpha x^{-\alpha-1}",
        {"parameters": {r"\alpha": "(0,oo)"}, "known": ["m"], "support": "(m,oo)"},
        r"""$\ell(\alpha)=n\ln\alpha+n\alpha\ln m-(\alpha+1)\sum\ln x_i$
$\ell'(\alpha)=\frac n\alpha-n\ln m-\sum\ln x_i=0$
$\hat\alpha=\frac{n}{\sum\ln x_i+n\ln m}$""",
    ),
    (
        "data-arith",
        4,
        "\\lambda e^{-\\lambda x}",
        {"data": [2, 3, 7, 8]},
        r"""Data 2, 3, 7, 8.

$\ell(\lambda)=4\ln\lambda-20\lambda$
$\frac4\lambda=20\Rightarrow\hat\lambda=\frac{1}{4}$""",
    ),
    (
        "binom-m",
        1,
        r"\binom mx p^x(1-p)^{m-x}",
        {"parameters": {"p": "(0,1)"}, "known": ["m"], "support": "{0, ..., m}"},
        r"""$L(p)=\prod\binom{m}{x_i}p^{x_i}(1-p)^{1-x_i}$
so $\hat p=\bar x$.""",
    ),
    (
        "gamma-k",
        2,
        r"\frac{x^{k-1}e^{-x/\theta}}{\theta^k\Gamma(k)}",
        {"parameters": {r"\theta": "(0,oo)"}, "known": ["k"], "support": "(0,oo)"},
        r"""$\ell(\theta)=-nk\ln\theta-\frac1\theta\sum x_i+C$
$\ell'(\theta)=-\frac{nk}{\theta}+\frac{\sum x_i}{\theta}$
$\hat\theta=\frac{\bar x}{k}$""",
    ),
    (
        "laplace-b",
        2,
        r"\frac{1}{2b}e^{-|x|/b}",
        {"parameters": {"b": "(0,oo)"}, "support": "real"},
        r"""$\ell(b)=-n\ln(2b)-\frac1b\sum|x_i|$
$\ell'(b)=-\frac{n}{2b}+\frac1{b^2}\sum|x_i|=0$
$\hat b=\frac2n\sum|x_i|$""",
    ),
    (
        "inv-square",
        2,
        r"\frac{\lambda^xe^{-\lambda}}{x!}",
        {"parameters": {r"\lambda": "(0,oo)"}, "support": "{0,1,...}"},
        r"""$\hat\lambda=\bar x$ and by invariance
$\widehat{\lambda^2}=\frac1n\sum x_i^2$""",
    ),
    (
        "second-deriv",
        3,
        "\\lambda e^{-\\lambda x}",
        {},
        r"""$\ell'(\lambda)=\frac n\lambda-\sum x_i$

$\ell''(\lambda)=\frac{n}{\lambda^2}<0$

$\hat\lambda=1/\bar x$""",
    ),
    (
        "linreg",
        3,
        "exp(-(y-beta*x)**2/(2*sigma2))/sqrt(2*pi*sigma2)",
        {"variable": "y", "covariates": ["x"], "parameters": {"beta": "real"}, "known": ["sigma2"], "support": "real"},
        r"""$\ell=-\frac n2\ln(2\pi\sigma^2)-\frac{1}{2\sigma^2}\sum(y_i-\beta x_i)^2$

$\frac{\partial\ell}{\partial\beta}=\frac{1}{\sigma^2}\sum(y_i-\beta x_i)=0$

$\hat\beta=\frac{\bar y}{\bar x}$""",
    ),
    (
        "quad-root",
        3,
        r"\frac{1}{\sqrt{2\pi\theta}}e^{-\frac{(x-\theta)^2}{2\theta}}",
        {"parameters": {r"\theta": "(0,oo)"}, "support": "real"},
        r"""$\ell'(\theta)=-\frac{n}{2\theta}+\frac{\sum x_i^2}{2\theta^2}-\frac n2=0$
$\theta^2+\theta-\frac1n\sum x_i^2=0$
$\hat\theta=\frac{1+\sqrt{1+\frac4n\sum x_i^2}}{2}$""",
    ),
    (
        "decimal",
        2,
        r"p^x(1-p)^{1-x}",
        {"parameters": {"p": "(0,1)"}, "data": [1] * 7 + [0] * 8, "support": "{0,1}"},
        r"""$\hat p=\frac{7}{15}$
$\hat p\approx0.476$""",
    ),
    (
        "prod-sum",
        1,
        r"\theta(1-\theta)^x",
        {"parameters": {r"\theta": "(0,1)"}, "support": "{0,1,...}"},
        r"""$L(\theta)=\prod_{i=1}^n\theta(1-\theta)^{x_i}=\theta^n(1-\theta)^{\prod x_i}$""",
    ),
    (
        "copy-mu",
        2,
        r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}",
        {"parameters": {r"\mu": "real", r"\sigma^2": "(0,oo)"}, "support": "real"},
        r"""$\hat\mu=\bar x$
$\hat\sigma=\frac1n\sum(x_i-\bar x)^2$""",
    ),
    (
        "lagr",
        2,
        None,
        {
            "likelihood": "p1**n1*p2**n2*p3**n3",
            "parameters": {"p1": "(0,1)", "p2": "(0,1)", "p3": "(0,1)"},
            "known": ["n1", "n2", "n3"],
            "constraints": ["p1+p2+p3=1"],
        },
        r"""$\frac{n_1}{p_1}=\lambda$, $\frac{n_2}{p_2}=\lambda$, $\frac{n_3}{p_3}=\lambda$
so $p_1=n_1\lambda$
and $\hat p_1=\frac{n_1}{n_1+n_2+n_3}$""",
    ),
    (
        "cens",
        2,
        r"\frac1\theta e^{-x/\theta}",
        {"data": derive.Sample(exact=[3, 7], right=[10, 10, 10]), "parameters": {r"\theta": "(0,oo)"}},
        r"""Failures 3 and 7, survivors 10, 10, 10.
$$L(\theta)=\theta^{-5}e^{-40/\theta}$$
$$\hat\theta=8$$""",
    ),
    (
        "shift",
        2,
        r"e^{-(x-\theta)}",
        {"parameters": {r"\theta": "real"}, "support": "[theta,oo)"},
        r"""$L(\theta)=e^{n\theta-\sum x_i}$ for $\theta\le x_{(1)}$, increasing in $\theta$.
Hence $\hat\theta=x_{(n)}$.""",
    ),
    (
        "negbin",
        2,
        r"\binom{x+r-1}{x}p^{r}(1-p)^{x}",
        {"parameters": {"p": "(0,1)"}, "known": ["r"], "support": "{0,1,...}"},
        r"""$\ell(p)=nr\ln p+n\bar x\ln(1-p)+C$
$\ell'(p)=\frac{nr}p+\frac{n\bar x}{1-p}=0$
$\hat p=\frac{r}{r-\bar x}$""",
    ),
    (
        "hw",
        2,
        None,
        {
            "likelihood": "(theta**2)**n1*(2*theta*(1-theta))**n2*((1-theta)**2)**n3",
            "parameters": {"theta": "(0,1)"},
            "known": ["n1", "n2", "n3"],
        },
        r"""$\ell(\theta)=(2n_1+n_2)\ln\theta+(n_2+2n_3)\ln(1-\theta)+C$
$\hat\theta=\frac{2n_1+n_2}{n_1+n_2+n_3}$""",
    ),
    (
        "weib",
        2,
        r"\frac{k}{\lambda}\left(\frac{x}{\lambda}\right)^{k-1}e^{-(x/\lambda)^k}",
        {"parameters": {r"\lambda": "(0,oo)"}, "known": ["k"], "support": "(0,oo)"},
        r"""$\ell(\lambda)=n\ln k-nk\ln\lambda+(k-1)\sum\ln x_i-\sum(x_i/\lambda)^k$
$\ell'(\lambda)=-\frac{nk}\lambda+\frac{k}{\lambda^k}\sum x_i^k$
$\hat\lambda^k=\frac1n\sum x_i^k$""",
    ),
]


@pytest.mark.parametrize(("density", "question", "solution"), [c[1:] for c in CORRECT], ids=[c[0] for c in CORRECT])
def test_a_correct_solution(density: str | None, question: Question, solution: str) -> None:
    report = derive.check(solution, density, **question)
    assert [line.text for line in report.lines if line.verdict != "valid"] == []
    assert report.lines and report.final_answer == "right"


@pytest.mark.parametrize(("line", "density", "question", "solution"), [c[1:] for c in WRONG], ids=[c[0] for c in WRONG])
def test_a_wrong_solution(line: int, density: str | None, question: Question, solution: str) -> None:
    report = derive.check(solution, density, **question)
    assert report.first_error is not None and report.first_error.source_line == line
    assert report.first_error.message
