"""Questions that give a distribution function, a survival function, a log-density or a kernel instead of a density."""

from __future__ import annotations

import pytest

import derive

DATA = [0.4, 0.75, 0.95]
COUNTED = [1, 3, 2, 1]

# text, further arguments, data, the estimates, words in the write-up
GIVEN = [
    (
        r"F_X(x)=\begin{cases}x^\theta, & x\in[0,1]\\ 0, & \text{otherwise}\end{cases}", {}, DATA, {"theta": 2.389931507809},
        "distribution function",
    ),
    (r"F(x;\theta)=1-e^{-\theta x},\quad x>0", {}, [2, 4, 6], {"theta": 0.25}, "its derivative"),
    (r"F(x)=\begin{cases}0, & x<0\\ 1-e^{-\theta x}, & x\ge 0\end{cases}", {}, [2, 4, 6], {"theta": 0.25}, "its derivative"),
    (r"F(x)=\begin{cases}1-e^{-\theta x}, & x\ge 0\\0, & \text{otherwise}\end{cases}", {}, [2, 4, 6], {"theta": 0.25}, "its derivative"),
    (r"P(X\le x)=1-e^{-\theta x}", {"support": "x > 0"}, [2, 4, 6], {"theta": 0.25}, "its derivative"),
    (r"P(X>x)=e^{-\theta x}", {"support": "x > 0"}, [2, 4, 6], {"theta": 0.25}, "minus its derivative"),
    (r"S(t)=e^{-(t/\theta)^2}, t>0", {}, [1, 2], {"theta": 1.5811388300842}, "survival function"),
    (r"P(X\le x)=1-(1-p)^x", {"support": "{1, 2, 3, ...}"}, COUNTED, {"p": 4 / 7}, "the step there"),
    (r"P(X>k)=q^{k}, k=1,2,3,\ldots", {}, COUNTED, {"q": 3 / 7}, "the step there"),
    (r"F(x)=1-(m/x)^a, x\ge m", {"known": {"m": 1}}, [2, 4], {"a": 0.9617966939259756}, "its derivative"),
    (r"\ln f(x;\theta)=\ln\theta+(\theta-1)\ln x", {}, [0.31, 0.62, 0.93, 0.48, 0.77], {"theta": 1.84018141108}, "exponential"),
    (r"\log p(x) = -\theta x + \log\theta", {"support": "x > 0"}, [2, 4, 6], {"theta": 0.25}, "exponential"),
    (r"f(x;\theta)\propto x^{2}e^{-\theta x},\quad x>0", {}, [1.2, 0.8, 2.9, 1.6, 2.2], {"theta": 1.72413793103448}, "a gamma integral"),
    (r"f(x)=C e^{-x^2/(2v)}", {}, [1, -2, 3], {"v": 14 / 3}, "a normal integral"),
    (r"f(x)=\frac{1}{Z}e^{-|x|/b}", {}, [1, -2, 3], {"b": 2}, "up to a constant $Z$"),
    (r"f(x;\theta)\propto\theta^x, x=0,1,2,\ldots", {}, [0, 1, 2], {"theta": 0.5}, "a geometric series"),
    (r"f(x)\propto x^{\theta-1}, 0<x<1", {}, DATA, {"theta": 2.389931507809}, "a beta integral"),
    (r"\Pr(X\le x)=1-e^{-x/\theta}\ (x\ge 0)", {}, [2, 4, 6], {"theta": 4}, "its derivative"),
    (r"1-F(x)=e^{-\theta x} \quad (x>0, \theta>0)", {}, [2, 4, 6], {"theta": 0.25}, "minus its derivative"),
    (r"R(t)=e^{-\theta t}, t>0", {}, [2, 4, 6], {"theta": 0.25}, "survival function"),
    (r"\ell(x)=\log\theta-\theta x, x>0", {}, [2, 4, 6], {"theta": 0.25}, "exponential"),
    (r"F(x)=\Phi\left(\frac{x-\mu}{\sigma}\right)", {}, [1, 2, 6], {"mu": 3, "sigma": (14 / 3) ** 0.5}, "its derivative"),
    (r"P(X=x)\propto\frac{\lambda^x}{x!}", {}, [1, 2, 6], {"lambda": 3}, "the exponential series"),
    (r"f(x)=\frac{e^{-\theta x}}{Z(\theta)}, x>0", {}, [2, 4, 6], {"theta": 0.25}, "a gamma integral"),
    (r"f(x)=c, a<x<b", {}, [1, 2, 6], {"a": 1, "b": 6}, "up to a constant $c$"),
    (r"f(x)=c(\theta-x), 0<x<\theta", {}, [2], {"theta": 4}, "up to a constant $c$"),
    (r"P(X=x)=c\,x,\ x=1,2,\ldots,N", {}, [1, 2, 6], {"N": 6}, "a sum of powers"),
    (r"p(x)=c\theta^x, x\in\{0,1,2\}", {}, [0, 1, 2, 1], {"theta": 1}, "value by value"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "arguments", "data", "estimates", "words"), GIVEN)
def test_the_density_is_made_from_what_is_given(text, arguments, data, estimates, words):
    d = derive.mle(text, data=data, **arguments)
    assert d.verified
    assert d.numeric == pytest.approx(estimates)
    assert words in d.to_markdown()
    assert d.steps[0].title == "The density"
    assert derive.mle(text, **arguments).evaluate(data) == pytest.approx(estimates)


REFUSED = [
    (r"F(x)=2-e^{-\lambda x}, x>0", {}, "which is no probability"),
    (r"F_X(x)=\begin{cases}1-(2/x)^\theta, & x\ge 3\\0, & \text{otherwise}\end{cases}", {}, r"integrates to \(2/3\)\*\*theta"),
    (r"f(x)\propto x^{\theta}", {}, "over which values of x"),
    (r"f(x)=c\,x^2, 0<x<1", {}, "no parameter"),
    (r"P(X=x)\propto\theta^x", {}, "over which values of x"),
    (r"X\sim\mathrm{Foo}(\lambda)", {}, "which distribution"),
]


@pytest.mark.parametrize(("text", "arguments", "message"), REFUSED)
def test_what_cannot_be_a_density_is_refused(text, arguments, message):
    with pytest.raises(derive.DeriveError, match=message):
        derive.mle(text, **arguments)


def test_a_declared_letter_is_no_normalising_constant():
    assert derive.Problem(r"c e^{-c x}").parameters.keys() == {"c"}
    with pytest.raises(derive.NotValid, match="integrates to"):
        derive.mle(r"c x e^{-\theta x}", support="x > 0", parameters={"c": "positive", "theta": "positive"})
