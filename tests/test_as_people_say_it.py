"""Questions as people say them, and the mistakes they make: what is understood, and what is refused with what to write instead."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

import derive
from derive.catalogue.families import OTHER_TOOLS
from derive.cli.main import main
from derive.reading import distributions

ROWS = {"x": [0, 1, 2, 3], "y": [1, 1, 3, 6]}
POISSON = {"a": -0.326164, "b": 0.700201}
LINE = {"x": [1, 2, 3], "y": [1, 2, 4]}
FITTED = {"a": -2 / 3, "b": 3 / 2}
FLIPS = {"x": [1, 2, 3, 4], "y": [0, 1, 0, 1]}
NORMAL = {"mu": 2, "sigma": 0.816497}
E = r"\lambda e^{-\lambda x}"

UNDERSTOOD: list[tuple[str, dict[str, Any], dict[str, float]]] = [  # what is said, further arguments, estimates
    # distributions with arguments
    ("x ~ Normal(mu, sigma^2)", {"data": [1, 2, 3]}, NORMAL),
    ("N(mu, sigma^2)", {"data": [1, 2, 3]}, NORMAL),
    ("N(mu, sigma^2)", {"data": [1, 2, 3], "parameters": ["mu", "sigma^2"]}, {"mu": 2, "sigma2": 2 / 3}),
    ("Normal(mu, sd=sigma)", {"data": [1, 2, 3]}, NORMAL),
    ("Normal(loc=mu, scale=sigma)", {"data": [1, 2, 3]}, NORMAL),
    ("Normal(mean=mu, variance=v)", {"data": [1, 2, 3]}, {"mu": 2, "v": 2 / 3}),
    ("X ~ N(μ, σ²)", {"data": [1, 2, 3]}, NORMAL),
    ("X ∼ Exp(λ)", {"data": [1, 2, 3]}, {"lambda": 1 / 2}),
    ("Exponential(lambda)", {"data": [1, 2, 3]}, {"lambda": 1 / 2}),
    ("Exponential(scale=theta)", {"data": [1, 2, 3]}, {"theta": 2}),
    ("Exponential(mean=theta)", {"data": [1, 2, 3]}, {"theta": 2}),
    ("Exp(1/theta)", {"data": [1, 2, 3]}, {"theta": 2}),
    ("wait ~ Exponential(rate)", {"data": [1, 2, 3]}, {"rate": 1 / 2}),
    ("Gamma(2, scale=theta)", {"data": [1, 2, 3]}, {"theta": 1}),
    ("x ~ Gamma(2, theta)", {"data": [1, 2, 3]}, {"theta": 1}), ("x ~ Gamma(2, beta)", {"data": [1, 2, 6]}, {"beta": 2 / 3}),
    ("x ~ Gamma(shape=2, rate=b)", {"data": [1, 2, 3]}, {"b": 1}),
    ("Uniform(0, theta)", {"data": [3, 4]}, {"theta": 4}),
    ("x ~ Binomial(10, p)", {"data": [3, 4]}, {"p": 7 / 20}),
    ("x ~ Binomial(n, p)", {"data": [3, 4], "known": {"n": 10}}, {"p": 7 / 20}),
    ("B(10, p)", {"data": [3, 4]}, {"p": 7 / 20}),
    ("binomial(10, p)", {"data": [3, 4]}, {"p": 7 / 20}),
    ("Pareto(x_m, alpha)", {"data": [1, 2, 3]}, {"alpha": 1.674332, "x_m": 1}),
    ("Poisson(exp(a + b*x))", {"data": ROWS}, POISSON),
    ("Poisson(exp(a + b*dose))", {"data": {"dose": ROWS["x"], "deaths": ROWS["y"]}}, POISSON),
    ("y ~ Poisson(mu), log(mu) = a + b*x", {"data": ROWS}, POISSON),
    ("log(mu) = a + b*x, y ~ Poisson(mu)", {"data": ROWS}, POISSON),
    (r"y_i \sim \text{Poisson}(\lambda_i), \log \lambda_i = a + b x_i", {"data": ROWS}, POISSON),
    ("y ~ Bernoulli(p), logit(p) = a + b*x", {"data": FLIPS}, {"a": -2.270461, "b": 0.908184}),
    ("y ~ Bernoulli(p), probit(p) = a + b*x", {"data": FLIPS}, {"a": -1.477002, "b": 0.590801}),
    ("y ~ Normal(a + b*x, s^2)", {"data": LINE}, FITTED),
    ("y ~ Normal(mu, s^2), mu = a + b*x", {"data": LINE}, FITTED),
    ("y = a + b*x + e, e ~ N(0, s^2)", {"data": LINE}, FITTED),
    (r"Y_i = a + b x_i + \varepsilon_i, \quad \varepsilon_i \sim \mathcal{N}(0, \sigma^2)", {"data": LINE}, FITTED),
    (r"Y_i \mid x_i \sim N(a + b x_i, \sigma^2)", {"data": LINE}, FITTED),
    (r"\mathcal N(y; a + bx, \sigma^2)", {"data": LINE}, FITTED),
    (r"X \sim \mathcal N(\mu, \sigma^2)", {"data": [1, 2, 3]}, NORMAL),
    (r"X_i \stackrel{iid}{\sim} \text{Poisson}(\lambda)", {"data": [1, 2, 3]}, {"lambda": 2}),
    (r"X_1,\ldots,X_n \overset{\text{iid}}{\sim} \mathcal{U}[0,\theta]", {"data": [1, 2]}, {"theta": 2}),
    (r"X_i \sim N(\mu,\sigma^2), i=1,\dots,n", {"data": [1, 2, 3]}, NORMAL),
    (r"Y \sim \mathrm{Bin}(n,p)", {"data": [3, 4], "known": {"n": 10}}, {"p": 7 / 20}),
    (r"Y \sim \chi^2_k", {"data": [1, 2]}, {"k": 2.311565}),
    (r"X_i \sim \text{Poisson}(\lambda t_i)", {"data": {"x": [1, 2, 3], "t": [1, 2, 4]}}, {"lambda": 6 / 7}),
    ("0.3*Normal(0,1) + 0.7*Normal(mu,1)", {"data": [0, 1, 2, 2.5]}, {"mu": 1.670809}),
    ("p N(0,1) + (1-p) N(3,1)", {"data": [0, 1, 2, 2.5]}, {"p": 0.514131}),
    (r"p\phi(y;0,1)+(1-p)\phi(y;\mu,\sigma^2)", {"parameters": ["p"], "known": {"mu": 2, "sigma": 1}, "data": [0, 1, 2, 2.5]}, {"p": 0.262734}),
    ("x1, x2, ..., xn ~ Poisson(lambda)", {"data": [1, 2, 3]}, {"lambda": 2}),
    ("iid Poisson(lambda)", {"data": [1, 2, 3]}, {"lambda": 2}),
    ("Poisson with mean mu", {"data": [1, 2, 3]}, {"mu": 2}),
    ("normal with mean mu and standard deviation 2", {"data": [1, 2, 3]}, {"mu": 2}),
    (r"X \sim \Gamma(2, \beta)", {"data": [1, 2, 3]}, {"beta": 1}),
    (r"y_i \sim N(a + b x_{i1}, \sigma^2)", {"data": {"x1": LINE["x"], "y": LINE["y"]}}, FITTED),
    ("X_1, ..., X_n iid N(mu, sigma^2)", {"data": [1, 2, 3]}, NORMAL),
    (r"X_1, \dots, X_n are i.i.d. N(\mu, \sigma^2)", {"data": [1, 2, 3]}, NORMAL),
    ("X is Poisson(lambda)", {"data": [1, 2, 3]}, {"lambda": 2}),
    ("x follows a Poisson(lambda) distribution", {"data": [1, 2, 3]}, {"lambda": 2}),
    ("x is distributed as Exp(lambda)", {"data": [1, 2, 3]}, {"lambda": 1 / 2}),
    ("y_i are independent Poisson(exp(a + b*x))", {"data": ROWS}, POISSON),
    ("x ~ Chi2(k)", {"data": [1, 2]}, {"k": 2.311565}),
    ("x ~ t_3(mu, s)", {"data": [1, 2, 3]}, {"mu": 2, "s": 0.745356}),
    ("log(x) ~ Normal(mu, sigma^2)", {"data": [1, 2, 3]}, {"mu": 0.597253, "sigma": 0.453603}),
    (r"\ln X \sim N(\mu, \sigma^2)", {"data": [1, 2, 3]}, {"mu": 0.597253, "sigma": 0.453603}),
    ("x ~ NegBin(mean=mu, size=2)", {"data": [1, 2, 3]}, {"mu": 2}),
    ("x ~ Gompertz(eta, b)", {"data": [0.1, 0.2, 0.5]}, {"eta": 0.492537, "b": 3.471617}),
    ("x ~ Nakagami(m, Omega)", {"data": [0.1, 0.2, 0.5]}, {"Omega": 0.1, "m": 0.776336}),
    ("x ~ DiscreteUniform(N)", {"data": [1, 2, 3]}, {"N": 3}),
    ("(1-p)*Poisson(1) + p*Poisson(5)", {"data": [0, 2, 7]}, {"p": 0.420522}),
    ("x ~ p*Exp(1) + (1-p)*Exp(2)", {"data": [0.1, 0.2, 1.5]}, {"p": 0.259033}),
    ("x ~ w*Gamma(2,1) + (1-w)*Gamma(3,1)", {"data": [0.5, 2, 4]}, {"w": 5 / 6}),
    ("Unif[0,theta]", {"data": [1, 2]}, {"theta": 2}),
    ("Poisson(λ) with λ > 3", {"data": [3, 5]}, {"lambda": 4}),
    # names of the catalogue
    ("gaussian", {"data": [1, 2, 3]}, {"mu": 2, "sigma2": 2 / 3}),
    ("norm", {"data": [1, 2, 3], "parameters": ["sigma"], "known": {"mu": 2}}, {"sigma": 0.816497}),
    ("expon", {"data": [1, 2, 3]}, {"lambda": 1 / 2}),
    ("exponential", {"data": {"wait": [1, 2, 3]}}, {"lambda": 1 / 2}),
    ("exponential", {"data": [1, 2, 3], "variable": "t"}, {"lambda": 1 / 2}),
    ("normal", {"data": [1, 2, 3], "known": {"sigma": 2}}, {"mu": 2}),
    ("half-normal", {"data": [1, 2, 3], "parameters": ["sigma2"]}, {"sigma2": 14 / 3}),
    ("exp(-(x-mu)**2/(2*sigma2))/sqrt(2*pi*sigma2)", {"data": [1, 2, 3], "known": {"sigma": 2}}, {"mu": 2}),
    # what the left-hand side says
    (r"p(y|x,a)=a x e^{-a x y}", {"data": {"x": [1, 2, 3], "y": [1, 3, 4]}}, {"a": 3 / 19}),
    ("p(y|x,a) = a*x*exp(-a*x*y)", {"data": {"x": [1, 2, 3], "y": [1, 3, 4]}}, {"a": 3 / 19}),
    (r"f(x, y) = a b e^{-a x - b y}, x>0,y>0", {"data": {"x": [1, 3], "y": [1, 1]}}, {"a": 1 / 2, "b": 1}),
    (r"f(w;\theta) = \theta e^{-\theta w}", {"data": [1, 3]}, {"theta": 1 / 2}),
    (r"f(x, \theta) = \theta e^{-\theta x}", {"data": [1, 3]}, {"theta": 1 / 2}),
    (r"\log f(x;\theta)=\log\theta-\theta x", {"data": [1, 3]}, {"theta": 1 / 2}),
    (r"f(x;\alpha,x_m) = \frac{\alpha x_m^\alpha}{x^{\alpha+1}}, x \ge x_m", {"data": [1, 2, 3]}, {"alpha": 1.674332, "x_m": 1}),
    (r"f(x;x_0) = \frac{1}{\pi(1+(x-x_0)^2)}", {"data": [2, 3, 5]}, {"x0": 2.888979}),
    ("f(t; t_0) = exp(-(t - t_0)), t >= t_0", {"data": [2, 3]}, {"t0": 2}),
    (r"p(y | x, w; a) = a x w e^{-a x w y}", {"data": {"x": [1, 2], "w": [1, 3], "y": [1, 2]}}, {"a": 2 / 13}),
    (r"f(x, y; \theta) = \theta^2 e^{-\theta(x+y)}", {"data": {"x": [1, 2], "y": [3, 4]}}, {"theta": 0.4}),
    ("y ~ N(X*beta, s^2)", {"data": {"X": [1, 2, 3], "y": [2, 4, 7]}}, {"beta": 31 / 14}),
    # hazards and survival functions
    (r"h(t | x) = \lambda e^{b x}", {"data": {"t": [1, 2, 3], "x": [0, 1, 1]}}, {"lambda": 1, "b": -0.916291}),
    (r"h(t) = \lambda e^{b x}", {"data": {"t": [1, 2, 3], "x": [0, 1, 1]}, "covariates": ["x"]}, {"lambda": 1, "b": -0.916291}),
    (r"F(y | x) = 1-e^{-a x y}", {"data": {"y": [1, 2, 3], "x": [1, 1, 2]}}, {"a": 1 / 3}),
    (r"h(t) = \alpha t", {"data": [1, 2, 3]}, {"alpha": 3 / 7}),
    (r"h(t) = \lambda", {"data": [1, 2, 3]}, {"lambda": 1 / 2}),
    (r"h(t) = a/(1+t)", {"data": derive.Sample([1, 2], right=[3])}, {"a": 0.629316}),
    (r"h(t) = \frac{k}{\lambda}\left(\frac{t}{\lambda}\right)^{k-1}", {"data": [1, 2, 3]}, {"k": 2.738573, "lambda": 2.258586}),
    (r"H(t) = (t/\theta)^2", {"data": [1, 2, 3]}, {"theta": 2.160247}),
    ("S(t) = exp(-a*t**2)", {"data": [1, 2, 3]}, {"a": 3 / 14}),
    # LaTeX as it is typed
    (r"\frac{1}{\sqrt{2\pi}}e^{-(y-w0-w1 x)^2/2}", {"variable": "y", "covariates": ["x"], "data": LINE}, {"w0": -2 / 3, "w1": 3 / 2}),
    (r"\begin{array}{c|cc} X & 0 & 1\\ \hline p(x) & \theta & 1-\theta\end{array}", {"data": [0, 1, 1]}, {"theta": 1 / 3}),
    (r"\begin{tabular}{c|cc} $x$ & $0$ & $1$\\ \hline $P(X=x)$ & $\theta$ & $1-\theta$\end{tabular}", {"data": [0, 1, 1]}, {"theta": 1 / 3}),
    (r"f(x)=\left\{\begin{array}{ll}{\theta,} & {0\le x\le 1}\\ {1-\theta,} & {1<x\le 2}\end{array}\right.", {"data": [0.5, 1.5, 0.2]}, {"theta": 2 / 3}),
    (r"f(x)=\left\{\begin{matrix} \theta & 0<x<1 \\ 1-\theta & 1\le x<2\end{matrix}\right.", {"data": [0.5, 1.5, 0.2]}, {"theta": 2 / 3}),
    (r"{\rm P}(X=x) = p^x(1-p)^{1-x}", {"data": [0, 1, 1]}, {"p": 2 / 3}),
    (r"\lambda {\rm exp}\left\{-\lambda x\right\}", {"data": [1, 2, 3]}, {"lambda": 1 / 2}),
    (r"\lambda \operatorname{exp}(-\lambda x)", {"data": [1, 2, 3]}, {"lambda": 1 / 2}),
    (r"{}_nC_x p^x (1-p)^{n-x}", {"known": {"n": 5}, "data": [1, 2]}, {"p": 3 / 10}),
    (r"C(n,x) p^x (1-p)^{n-x}", {"known": {"n": 5}, "data": [1, 2]}, {"p": 3 / 10}),
    (r"\mathrm{C}_n^x p^x (1-p)^{n-x}", {"known": {"n": 5}, "data": [1, 2]}, {"p": 3 / 10}),
    (r"C^n_x p^x q^{n-x}, q = 1-p", {"known": {"n": 5}, "data": [1, 2]}, {"p": 3 / 10}),
    (r"C_{10}^{k} p^k (1-p)^{10-k}", {"data": [1, 2]}, {"p": 3 / 20}),
    (r"\Pr\{X = x\} = p^x(1-p)^{1-x}", {"data": [0, 1, 1]}, {"p": 2 / 3}),
    (r"f(x)=\left\{\begin{array}{l} \lambda e^{-\lambda x}, \text{if } x > 0 \\ 0, \text{else}\end{array}\right.", {"data": [1, 2, 3]}, {"lambda": 1 / 2}),
    (r"f(x)=\begin{cases} \lambda e^{-\lambda x} & \text{für } x > 0 \\ 0 & \text{sonst}\end{cases}", {"data": [1, 2, 3]}, {"lambda": 1 / 2}),
    ("θ*x**(θ-1)", {"data": [0.5]}, {"theta": 1.442695}),
    ("lambda*exp(-lambda*x).", {"data": [1, 2, 3]}, {"lambda": 1 / 2}),
    ("theta^2 x exp(-theta x)", {"data": [1, 2, 4]}, {"theta": 6 / 7}),
    ("1/theta for 0 <= x <= theta", {"data": [1, 2]}, {"theta": 2}),
    ("theta*exp(-theta*x) if x > 0 else 0", {"data": [1, 3]}, {"theta": 1 / 2}),
    (r"e^{-\lambda}\lambda^{x}/x!\ \ (x=0,1,2,...)", {"data": [1, 3]}, {"lambda": 2}),
    (r"\begin{align} f(x) &= \lambda e^{-\lambda x} \\ & x > 0 \end{align}", {"data": [1, 2, 3]}, {"lambda": 1 / 2}),
    ("lambda e^{-lambda x}", {"data": [1, 2, 3]}, {"lambda": 1 / 2}),
    ("λ e^(-λ x)", {"data": [1, 2, 3]}, {"lambda": 1 / 2}),
    (r"\frac{(\lambda t_i)^{x_i} e^{-\lambda t_i}}{x_i!}", {"data": {"x": [1, 2, 3], "t": [1, 2, 4]}}, {"lambda": 6 / 7}),
    # conditions on parameters
    ("lambda*exp(-lambda*x), lambda <= 1", {"data": [0.3, 0.9]}, {"lambda": 1}),
    (r"p^x(1-p)^{1-x}, x\in\{0,1\}, p\in[0,1/2]", {"data": [1, 1]}, {"p": 1 / 2}),
    (r"p^x(1-p)^{1-x}, x=0,1,\quad 0<p<1", {"data": [1, 1]}, {"p": 1}),
    (r"a e^{-ax}, a\in\{1,2\}", {"data": [0.3, 0.9]}, {"a": 2}),
    (r"p^x q^{1-x}, p+q=1", {"data": [0, 1]}, {"p": 1 / 2, "q": 1 / 2}),
    ("1/(b-a), a < x < b, a < b", {"data": [1, 3]}, {"a": 1, "b": 3}),
    ("normal", {"data": [1, 2], "known": {"sigma": "sqrt(2)"}}, {"mu": 1.5}),
    ("lambda*exp(-lambda*x)", {"data": [0.3, 0.9], "parameters": {"lambda": sp.Interval(0, 1)}, "support": sp.Interval.open(0, sp.oo)}, {"lambda": 1}),
    ("lognorm", {"data": [1, 2, 3]}, {"mu": 0.597253, "sigma2": 0.205756}),
    ("the normal distribution", {"data": [1, 2, 3]}, {"mu": 2, "sigma2": 2 / 3}),
    ("exponential", {"data": [2, 4], "parameters": ["lambda >= 1"]}, {"lambda": 1}),
    ("a*exp(-a*x)", {"data": [2, 4], "parameters": ["a <= 0.2"]}, {"a": 0.2}),
    ("exponential", {"data": [2, 4], "constraints": ["lambda in [1, 2]"]}, {"lambda": 1}),
    ("exponential", {"data": [2, 4], "parameters": ["λ"]}, {"lambda": 1 / 3}),
    ("normal", {"data": [2, 4], "known": {"σ": 2}}, {"mu": 3}),
    ("x ~ Normal(μ, σ²)", {"data": [1, 2, 4], "parameters": ["σ²"], "known": {"μ": 1}}, {"sigma2": 10 / 3}),
    # a probability stays one
    (r"(1-(1-\pi)^s)^k ((1-\pi)^s)^{1-k}", {"variable": "k", "known": {"s": 2}, "parameters": ["pi"], "data": [1, 0, 0]}, {"pi": 0.183503}),
    (r"\binom{w}{k}(1-(1-p)^s)^k(1-p)^{s(w-k)}", {"variable": "k", "known": {"w": 20, "s": 10}, "data": [3]}, {"p": 0.016121}),
]  # fmt: skip


@pytest.mark.parametrize("said, more, wanted", UNDERSTOOD, ids=[u[0][:40] for u in UNDERSTOOD])
def test_what_is_understood(said: str, more: dict[str, Any], wanted: dict[str, float]) -> None:
    d = derive.mle(said, **more)
    assert d.verified and d.numeric is not None
    assert {k: d.numeric[k] for k in wanted} == pytest.approx(wanted, abs=2e-6)
    assert set(d.numeric) - set(wanted) <= {"sigma", "s"}


SYMBOLIC = [  # without data: what is said, further arguments, the estimates as text
    ("x ~ Binomial(n, p)", {}, {"p": "Sum(x[i], (i, 1, N))/(N*n)"}),
    ("Gamma(alpha, beta)", {"known": ["alpha"]}, {"beta": "alpha*n/Sum(x[i], (i, 1, n))"}),
    ("normal", {"known": ["c"], "quantities": {"shifted": "mu + c"}, "parameters": ["mu"]}, {"mu": "Sum(x[i], (i, 1, n))/n"}),
    (r"f(x; \theta) = \theta k^\theta/x^{\theta+1}, x \ge k", {}, {"theta": "n/(-n*log(k) + Sum(log(x[i]), (i, 1, n)))"}),
    (r"\binom{n}{k}p^k(1-p)^{n-k}", {}, {"p": "Sum(k[i], (i, 1, N))/(N*n)"}),
    (r"\binom{x-1}{r-1}p^r(1-p)^{x-r}", {}, {"p": "n*r/Sum(x[i], (i, 1, n))"}),
    (r"\frac{e^{-\theta x}}{Z(\theta)}, x>0", {}, {"theta": "n/Sum(x[i], (i, 1, n))"}),
]  # fmt: skip


@pytest.mark.parametrize("said, more, wanted", SYMBOLIC, ids=[u[0][:40] for u in SYMBOLIC])
def test_what_is_understood_without_data(said: str, more: dict[str, Any], wanted: dict[str, str]) -> None:
    assert {k: str(v) for k, v in derive.mle(said, **more).estimates.items()} == wanted


REFUSED: list[tuple[Any, dict[str, Any], str]] = [  # what is said, further arguments, what the message speaks of
    ("normal", {"known": {"zzz": 1}}, "`known` mentions zzz"),
    ("normal", {"known": ["c"]}, "`known` mentions c"),
    ("normal", {"labels": {"zzz": "foo"}}, "`labels` mentions zzz"),
    ("normal", {"labels": {"Mu": "foo"}}, "did you mean mu"),
    ("normal", {"at": {"nu": 1}}, "the parameters are mu, sigma2"),
    ("normal", {"covariates": ["w"]}, "`covariates` mentions w"),
    ("normal", {"variable": "mu"}, "mu is a parameter of the normal distribution"),
    (E, {"variable": "q"}, "did you mean x"),
    (E, {"support": {"y": "y > 0"}}, "`support` mentions y"),
    (E, {"parameters": ["lambdas"]}, "did you mean lambda"),
    (E, {"quantities": {"m": "1/mu"}}, "mu is not declared"),
    ("Normla(mu, sigma)", {}, "did you mean Normal"),
    ("Normal(mu)", {}, r"Normal\(mean, variance\)"),
    ("Normal(mu, std_dev=sigma)", {}, "its arguments are called"),
    ("x ~ Foo(mu, sigma)", {}, "which distribution"),
    ("x ~ normal", {}, "arguments in brackets"),
    ("y ~ a + b*x", {"data": LINE}, r"Normal\(a \+ b\*x, sigma\^2\)"),
    ("0.3*Normal(0,1) + 0.7*Exponential(mu)", {}, "different supports"),
    ("sin(Normal(0,1))", {}, "where a number is expected"),
    (r"(X,Y) \sim N(\mu,\Sigma)", {}, "joint density"),
    ("x ~ Exponential(lambda), y ~ Exponential(mu)", {}, "joint density"),
    ("y = m*e, e ~ Laplace(0, b)", {}, "not of the form"),
    ("categorical", {}, "p1 \\+ p2 \\+ p3 = 1"),
    ("multivariate normal", {}, "joint density"),
    ("zero-inflated Poisson", {}, "cases"),
    ("Bernouli", {}, "did you mean Bernoulli"),
    ("tweedie", {}, "no distribution called"),
    (r"h(x) e^{\theta x}/A(\theta)", {}, "the function h is not known"),
    (r"h(x) e^{\theta T(x)-A(\theta)}", {}, "is not known"),
    (r"\frac{1}{\theta_i}e^{-y_i/\theta_i}", {}, "another parameter for each observation"),
    (r"p(x)=\begin{cases}\theta^2 & x=1\\ 2\theta(1-\theta) & x=2\\ 1-\theta & x=3\end{cases}", {}, r"x = 1, 2, 3 add up to"),
    (r"h(x) = \theta e^{-\theta x}", {}, "hazard rate or a density"),
    (r"h(t) = a \sin(t)", {}, "survival function"),
    (r"f(\vec{x};\theta)=\theta e^{-\theta \vec{x}}", {}, "vector"),
    (r"\pi^x(1-\pi)^{1-x}", {}, r"parameters=\['pi'\]"),
    (r"\pi N(0,1) + (1-\pi) N(\mu,1)", {}, r"parameters=\['pi'\]"),
    ("exp(-Abs(x-theta))", {}, r"Did you mean exp\(-Abs\(x - theta\)\)/2"),
    ("theta*exp(-theta*Abs(x))", {}, r"Did you mean theta\*exp\(-theta\*Abs\(x\)\)/2"),
    ("exponential", {"support": "0 < x < 10"}, r"exp\(-10\*lambda\)"),
    ("exponential", {"quantities": {"m": "E[X]"}}, "is a formula in the parameters"),
    ("exponential", {"parameters": {"lambda": "2"}}, r"known=\{'lambda': 2\}"),
    ("linear regression", {}, r"y ~ Normal\(a \+ b\*x, sigma\^2\)"),
    (sp.Function("f")(sp.Symbol("x")), {}, "the function f is not known"),
    ("x ~ Normal(a, mu, s^2)", {}, "Normal has 2 arguments, not 3"),
    ("x ~ Skellam(a, b)", {}, r"write Skellam\(mu\)"),
    ("x ~ DiscreteUniform(1, N)", {}, r"write DiscreteUniform\(N\)"),
    ("x ~ Multinomial(n, p1, p2)", {}, "a probability for each value"),
    ("x ~ Dirichlet(a)", {}, "joint density"),
    ("x ~ dnorm(mu, sigma)", {}, r"write Normal\(mean, sd=sigma\)"),
    ("scipy.stats.norm(loc=mu, scale=sigma)", {}, r"write Normal\(mu, sd=sigma\)"),
    ("x ~ stats.gamma(a, scale=b)", {}, r"write Gamma\(shape, scale=s\)"),
    ("y ~ poisson_log(a + b*x)", {}, r"write Poisson\(exp\(eta\)\)"),
    ("y ~ neg_binomial_2(mu, phi)", {}, r"write NegativeBinomial\(size=phi, mean=mu\)"),
    ('pm.Exponential("x", lam)', {}, r"write Exponential\(rate=lambda\)"),
    ("response ~ dose + age", {}, r"response ~ Normal\(beta0 \+ beta1\*dose \+ beta2\*age, sigma\^2\)"),
    ("x ~ TruncatedNormal(mu, sigma)", {}, "truncation="),
    ("x ~ mixture of N(0,1) and N(mu,1)", {}, "the shares of this mixture are not said"),
    ("y ~ Poisson(Exp(a + b*x))", {}, "did you mean exp"),
    ("theta*Exp(-theta*x)", {}, "did you mean exp"),
    ("f(y; a) = a*exp(-a*x)", {}, "mentions y, which does not occur on the right; x does"),
    (r"P(X=k) = p(1-p)^{x-1}", {}, "write the same letter on both sides"),
    ("exponential", {"variable": ["x", "y"]}, "one observed variable, not 2"),
    ("exponential", {"data": [1, 2], "n": 3}, "n is 3 and there are 2 observations"),
    ("exponential", {"method": "lagrange"}, "`method` says how constraints are met, and there are none"),
    ("examples/coin.toml", {}, r"derive.Problem.load\('examples/coin.toml'\)"),
    ("waits.csv:minutes", {}, "data='waits.csv:minutes' beside a density"),
    ("solution.md", {}, "checked with derive.check"),
    (r"\lamda e^{-\lamda x}", {}, r"did you mean \\lambda"),
    (r"\mathcal{L}(\theta) = \theta^n e^{-\theta s}", {}, "likelihood="),
]  # fmt: skip


@pytest.mark.parametrize("said, more, message", REFUSED, ids=[f"{str(r[0])[:30]} {r[2][:20]}" for r in REFUSED])
def test_what_is_refused(said: Any, more: dict[str, Any], message: str) -> None:
    with pytest.raises(derive.DeriveError, match=message) as e:
        derive.mle(said, **more)
    assert "Dist" not in str(e.value)


LOSSES = [  # a model said as a distribution, and its loss
    ("y ~ Normal(w0+w1*x, sigma^2)", "(-w0 - w1*x[i] + y[i])**2"),
    ("y ~ Normal(mu, sigma^2)", "(-mu[i] + y[i])**2"),
    ("y ~ Normal(mean=a+b*x, sd=s)", "(-a - b*x[i] + y[i])**2"),
    (r"y_i \sim \mathcal{N}(w_0 + w_1 x_i, \sigma^2)", "(-w0 - w1*x[i] + y[i])**2"),
    ("Laplace(m*x, b)", "Abs(m*x[i] - y[i])"),
]


@pytest.mark.parametrize("said, term", LOSSES)
def test_the_mean_is_what_a_model_predicts(said: str, term: str) -> None:
    assert str(derive.loss(said).loss) == f"Sum({term}, (i, 1, n))"


LIKELIHOODS = [  # what the left-hand side and the conditions of a likelihood say
    (r"L(\lambda|x) = \lambda^n e^{-\lambda s}", {"lambda": "n/s"}),
    (r"\ell(\mu,\sigma^2) = -\frac{n}{2}\log(\sigma^2) - \frac{S}{2\sigma^2}", {"sigma": "sqrt(S/n)"}),
    (r"f(x_1,\dots,x_n;\lambda) = \lambda^n e^{-\lambda t}", {"lambda": "n/t"}),
    ("L(a) = a**n*b**n*exp(-a*b*s)", {"a": "n/(b*s)"}),
    ("p**k*(1-p)**(n-k), p <= 1/2", {"p": "Min(1/2, k/n)"}),
    (r"\theta^{-n}, \theta \ge \max_i x_i", "a condition on the observations"),
    (r"e^{-\sum|x_i-\theta|}", "cannot be taken apart"),
    ("exponential", "write density='exponential' in place of it"),
    (r"\prod_{i=1}^n f(x_i)", "the function f is not known"),
]  # fmt: skip


@pytest.mark.parametrize("said, wanted", LIKELIHOODS)
def test_what_a_likelihood_says_of_its_letters(said: str, wanted: Any) -> None:
    if isinstance(wanted, str):
        with pytest.raises(derive.DeriveError, match=wanted):
            derive.mle(likelihood=said)
    else:
        assert {k: str(f) for k, f in derive.mle(likelihood=said).estimates.items()} == wanted


def test_the_parametrisation_is_said() -> None:
    assert "are taken to be the mean and the variance." in derive.mle("x ~ N(mu, sigma^2)", data=[1, 2]).to_markdown()
    assert "So $s$ is the variance" in derive.mle("LogNormal(mu, s)", data=[1, 2]).to_markdown()
    assert "So $theta$ is the scale; a rate is written Gamma(shape, rate=theta)." in derive.mle("Gamma(2, theta)").to_markdown().replace(
        "\\", ""
    )
    assert "So $s$ is the variance" in derive.mle("N(mu, s)", data=[1, 2]).to_markdown()
    assert "is taken to be the rate." in derive.mle("Exponential(lambda)").to_markdown()
    assert "$k$ is taken as a known constant" in derive.mle(r"f(x;\beta)=\frac{\beta^k}{\Gamma(k)}x^{k-1}e^{-\beta x}").to_markdown()


def test_which_reading_was_taken_is_said_beside_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    for said, words in (
        ("x ~ Normal(mu, sigma)", "So `sigma` is the variance"), ("x ~ Normal(mu, sigma^2)", ""), (r"\binom{n}{x}p^x(1-p)^{n-x}", "`n` is taken as known"),
        ("f(x; b) = a*exp(-a*x)", "`a` is estimated."),
    ):  # fmt: skip
        assert main(["mle", said]) == 0
        told = capsys.readouterr()
        assert words in told.err and bool(words) == bool(told.err)
        assert words.replace("`", "$").replace("sigma", r"\sigma") in told.out  # letters are set as formulas on the page
    assert main(["mle", "x ~ N(mu, sigma^2)", "--format", "json"]) == 0
    assert "the mean and the variance" in capsys.readouterr().err


def test_what_is_to_be_written_for_another_tool_is_understood() -> None:
    for here in dict.fromkeys(k for there in OTHER_TOOLS.values() for k in there.values()):
        model = distributions.said("y ~ " + re.split(", (?:with|where) ", here)[0], None)
        assert model is not None and "Dist" in model.text, here
    with pytest.raises(derive.NotValid, match=r"write Normal\(mu, sd=sigma\)"):
        derive.mle("NormalDistribution[mu, sigma]")


def test_a_text_file_of_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "waits.txt").write_text("# minutes\n2\n# later\n4\n\n6\n")
    assert main(["mle", "exponential", "--data", str(tmp_path / "waits.txt")]) == 0
    assert "= 0.25$" in capsys.readouterr().out
    assert main(["mle", "exponential", "--data", str(tmp_path / "wait.txt")]) == 2
    assert f"did you mean {tmp_path / 'waits.txt'}?" in capsys.readouterr().err


def test_arguments_are_put_in_at_once() -> None:
    """The letters of the catalogue's density and those of the arguments do not meet: mu and sigma change places."""
    rng = random.Random(1)
    for _ in range(3):
        data = [round(rng.uniform(0, 5), 2) for _ in range(6)]
        swapped, plain = derive.mle("Laplace(b, mu)", data=data), derive.mle("Laplace(mu, b)", data=data)
        assert swapped.numeric == {"b": plain.numeric["mu"], "mu": plain.numeric["b"]}  # type: ignore[index]
    assert derive.mle("y ~ Poisson(lambda*x)", data={"x": [1, 2], "y": [2, 4]}).numeric == {"lambda": pytest.approx(2)}


def test_random_variables_of_sympy() -> None:
    from sympy.stats import Bernoulli, Binomial, Exponential, FiniteRV, Gamma, Normal, Poisson, Uniform, density

    mu, s, a, p = sp.Symbol("mu"), sp.Symbol("sigma", positive=True), sp.Symbol("a", positive=True), sp.Symbol("p", positive=True)
    cases: list[tuple[Any, list[int], dict[str, float]]] = [
        (Normal("X", mu, s), [1, 2, 3], NORMAL), (density(Normal("X", mu, s)), [1, 2, 3], NORMAL), (Exponential("X", a), [1, 3], {"a": 1 / 2}),
        (Gamma("X", 2, a), [1, 3], {"a": 1}), (Poisson("X", a), [1, 3], {"a": 2}), (Bernoulli("X", p), [0, 1], {"p": 1 / 2}),
        (Binomial("X", 10, p), [3, 4], {"p": 7 / 20}), (FiniteRV("X", {0: 1 - p, 1: p}), [0, 1], {"p": 1 / 2}), (Uniform("X", 0, a), [1, 2], {"a": 2}),
    ]  # fmt: skip
    for given, data, wanted in cases:
        assert derive.mle(given, data=data).numeric == pytest.approx(wanted, abs=1e-6)
    with pytest.raises(derive.NotSupported, match="one random variable"):
        derive.mle(Normal("X", mu, 1) + Normal("Y", 0, 1))


def test_symbols_are_names() -> None:
    lam, x, b = sp.Symbol("lambda", positive=True), sp.Symbol("x"), sp.Symbol("b", positive=True)
    d = derive.mle(lam * sp.exp(-lam * x), variable=x, parameters=[lam], data=[1, 3], quantities={"mean": 1 / lam}, at={lam: 1})
    assert d.estimates == {"lambda": sp.Rational(1, 2)} and d.quantities["mean"][0] == 2
    assert derive.mle(lam * b * sp.exp(-lam * b * x), known={b: 2}, data=[1, 3]).estimates == {"lambda": sp.Rational(1, 4)}


def test_a_known_letter_in_a_quantity_alone() -> None:
    d = derive.mle("normal", quantities={"shifted": "mu+c"}, known=["c"])
    assert str(d.quantities["shifted"][0]) == "c + Sum(x[i], (i, 1, n))/n"
    assert derive.mle("normal", quantities={"shifted": "mu+c"}, known={"c": 3}, data=[1, 2]).quantities["shifted"][0] == sp.Rational(9, 2)


def test_a_letter_with_a_value_in_a_quantity() -> None:
    d = derive.mle("N(mu, sigma^2)", known={"sigma": 2}, data=[1, 2, 6], quantities={"upper": "mu + 2*sigma"})
    assert d.quantities["upper"][0] == 7


@pytest.mark.parametrize(
    ("likelihood", "data", "estimates"),
    [
        (r"L(\lambda) = \lambda^n e^{-n\lambda\bar{x}}", [2, 4, 6], {"lambda": 1 / 4}),
        (r"p^{n\bar x}(1-p)^{n-n\bar x}", [1, 0, 1], {"p": 2 / 3}),
    ],
)
def test_data_for_the_mean_in_a_likelihood(likelihood: str, data: list[int], estimates: dict[str, float]) -> None:
    assert derive.mle(likelihood=likelihood, data=data).numeric == pytest.approx(estimates)
