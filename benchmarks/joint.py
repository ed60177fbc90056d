"""Families of several unknowns, each with its maximiser written out: in closed form, or by a profile of one unknown that is judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import mpmath as mp
from families import exp, log1pexp, loggamma
from judge import POSITIVE, Interval, judge

Values = dict[str, mp.mpf]
Xs = Sequence[mp.mpf]


@dataclass(frozen=True)
class Truth:
    """kind: "points", "none", or "set", of which `holds` tells whether values belong to it."""

    kind: str
    points: tuple[Values, ...] = ()
    holds: Callable[[Values], bool] | None = None
    words: str = ""


@dataclass(frozen=True)
class Joint:
    """text, support, parameters: of the question.  truth: of a sample."""

    name: str
    text: str
    support: str
    parameters: dict[str, str]
    kind: str
    truth: Callable[[Xs], Truth]


def close(a: mp.mpf, b: mp.mpf, unit: mp.mpf | int = 0) -> bool:
    """Equal to nine digits."""
    return bool(abs(a - b) <= mp.mpf("1e-9") * max(abs(a), abs(b)) + unit * mp.mpf("1e-9"))


def mean(xs: Xs) -> mp.mpf:
    return mp.fsum(xs) / len(xs)


def none(words: str) -> Truth:
    return Truth("none", words=words)


def one(**values: mp.mpf) -> Truth:
    return Truth("points", (values,))


def all_equal(xs: Xs) -> bool:
    return len(set(xs)) == 1


def sizes(xs: Xs) -> list[mp.mpf]:
    """Sizes worth a look: of the data and of their inverses."""
    found = {abs(x) for x in (*xs, max(xs) - min(xs)) if x}
    out = {mp.mpf(1)}
    for v in (min(found, default=mp.mpf(1)), max(found, default=mp.mpf(1))):
        out |= {v, 1 / v, v * v, 1 / (v * v)}
    return sorted(out)


def profiled(xs: Xs, name: str, height: Callable[[mp.mpf], mp.mpf], rest: Callable[[mp.mpf], Values], domain: Interval = POSITIVE) -> Truth:
    """The truth by a profile of one unknown."""
    found = judge(height, domain, units=sizes(xs))
    if found.kind == "points":
        return Truth("points", tuple({name: p, **rest(p)} for p in found.points))
    return none(found.kind + " " + found.words)


def normal(xs: Xs) -> Truth:
    m = mean(xs)
    return none("all equal") if all_equal(xs) else one(m=m, s=mp.sqrt(mean([(x - m) ** 2 for x in xs])))


def normal_variance(xs: Xs) -> Truth:
    m = mean(xs)
    return none("all equal") if all_equal(xs) else one(m=m, v=mean([(x - m) ** 2 for x in xs]))


def lognormal(xs: Xs) -> Truth:
    return normal([mp.log(x) for x in xs])


def laplace(xs: Xs) -> Truth:
    s, n = sorted(xs), len(xs)
    if all_equal(xs):
        return none("all equal")
    low, high = s[(n - 1) // 2], s[n // 2]
    b = mean([abs(x - low) for x in xs])
    if low == high:
        return one(m=low, b=b)
    return Truth("set", holds=lambda v: close(v["b"], b) and low - abs(low) * 1e-9 <= v["m"] <= high + abs(high) * 1e-9)


def uniform(xs: Xs) -> Truth:
    return none("all equal") if all_equal(xs) else one(a=min(xs), b=max(xs))


def shifted(xs: Xs) -> Truth:
    return none("all equal") if all_equal(xs) else one(m=min(xs), l=1 / (mean(xs) - min(xs)))


def pareto(xs: Xs) -> Truth:
    m = min(xs)
    return none("all equal") if all_equal(xs) else one(m=m, a=1 / mean([mp.log(x / m) for x in xs]))


def inverse_gaussian(xs: Xs) -> Truth:
    m = mean(xs)
    return none("all equal") if all_equal(xs) else one(m=m, l=1 / mean([1 / x - 1 / m for x in xs]))


def gamma(xs: Xs) -> Truth:
    if all_equal(xs):
        return none("all equal")
    m, g = mean(xs), mean([mp.log(x) for x in xs])
    c = mp.log(m) - g
    return profiled(xs, "a", lambda a: a * mp.log(a) - a - loggamma(a) - a * c, lambda a: {"b": a / m})


def weibull(xs: Xs) -> Truth:
    if all_equal(xs):
        return none("all equal")
    top, g = max(xs), mean([mp.log(x) for x in xs])

    def scale(k: mp.mpf) -> mp.mpf:
        return top * mean([(x / top) ** k for x in xs]) ** (1 / k)

    def height(k: mp.mpf) -> mp.mpf:
        return mp.log(k) - mp.log(mean([(x / top) ** k for x in xs])) + k * (g - mp.log(top))

    return profiled(xs, "k", height, lambda k: {"l": scale(k)})


def negative_binomial(xs: Xs) -> Truth:
    m = mean(xs)
    if m == 0:
        return none("all 0: the supremum needs p = 1")
    if mean([(x - m) ** 2 for x in xs]) <= m:
        return none("no overdispersion")

    def height(r: mp.mpf) -> mp.mpf:
        return mean([loggamma(x + r) for x in xs]) - loggamma(r) - r * mp.log1p(m / r) + m * mp.log(m / (r + m))

    return profiled(xs, "r", height, lambda r: {"p": r / (r + m)})


def lomax(xs: Xs) -> Truth:
    def shape(lam: mp.mpf) -> mp.mpf:
        return 1 / mean([mp.log1p(x / lam) for x in xs])

    def height(lam: mp.mpf) -> mp.mpf:
        a = shape(lam)
        return mp.log(a) - mp.log(lam) - (a + 1) / a

    return profiled(xs, "l", height, lambda lam: {"a": shape(lam)})


def gumbel(xs: Xs) -> Truth:
    if all_equal(xs):
        return none("all equal")
    low, m = min(xs), mean(xs)

    def location(b: mp.mpf) -> mp.mpf:
        return low - b * mp.log(mean([exp(-(x - low) / b) for x in xs]))

    return profiled(xs, "b", lambda b: -mp.log(b) - (m - location(b)) / b, lambda b: {"m": location(b)})


def newton(gradient: Callable[..., tuple[mp.mpf, ...]], start: Sequence[mp.mpf]) -> tuple[mp.mpf, ...]:
    return tuple(mp.findroot(gradient, tuple(start), tol=mp.mpf(10) ** -60, maxsteps=200))


def logistic(xs: Xs) -> Truth:
    """Concave in 1/s and m/s."""
    if all_equal(xs):
        return none("all equal")
    m = mean(xs)
    sd = mp.sqrt(mean([(x - m) ** 2 for x in xs]))
    zs = [(x - m) / sd for x in xs]

    def slopes(a: mp.mpf, b: mp.mpf) -> tuple[mp.mpf, mp.mpf]:
        t = [mp.tanh((a * z - b) / 2) for z in zs]
        return 1 / a - mean([z * u for z, u in zip(zs, t, strict=True)]), mp.fsum(t)

    a, b = newton(slopes, (mp.mpf("1.8"), mp.mpf("0.01")))
    return one(m=m + sd * b / a, s=sd / a)


def beta(xs: Xs) -> Truth:
    if all_equal(xs):
        return none("all equal")
    p, q = mean([mp.log(x) for x in xs]), mean([mp.log(1 - x) for x in xs])
    m = mean(xs)
    k = m * (1 - m) / mean([(x - m) ** 2 for x in xs])

    def slopes(u: mp.mpf, v: mp.mpf) -> tuple[mp.mpf, mp.mpf]:
        a, b = exp(u), exp(v)
        c = mp.digamma(a + b)
        return c - mp.digamma(a) + p, c - mp.digamma(b) + q

    u, v = newton(slopes, (mp.log(max(m * (k - 1), mp.mpf("0.1"))), mp.log(max((1 - m) * (k - 1), mp.mpf("0.1")))))
    return one(a=exp(u), b=exp(v))


def zero_inflated(xs: Xs) -> Truth:
    """p + (1-p) e^-l at 0: the positive ones are zero-truncated Poisson."""
    n, up = len(xs), [x for x in xs if x > 0]
    if not up:
        return Truth("set", holds=lambda v: close(v["p"], mp.mpf(1)))
    m = mean(up)
    if m == 1:  # l -> 0 of the truncated part: along it p -> negative; the border p = 0 is a Poisson
        return one(p=mp.mpf(0), l=mean(xs))
    rate = mp.findroot(lambda t: t / -mp.expm1(-t) - m, m)
    share = mp.mpf(len(up)) / n / -mp.expm1(-rate)
    return one(p=1 - share, l=rate) if share <= 1 else one(p=mp.mpf(0), l=mean(xs))


def two_products(xs: Xs) -> Truth:
    """A mean a b."""
    m = mean(xs)
    return none("mean 0") if m == 0 else Truth("set", holds=lambda v: close(v["a"] * v["b"], m))


def sum_location(xs: Xs) -> Truth:
    m = mean(xs)
    unit = max(abs(x) for x in xs)
    return Truth("set", holds=lambda v: close(v["a"] + v["b"], m, unit))


def normal_precision(xs: Xs) -> Truth:
    m = mean(xs)
    return none("all equal") if all_equal(xs) else one(m=m, t=1 / mean([(x - m) ** 2 for x in xs]))


def normal_logsd(xs: Xs) -> Truth:
    m = mean(xs)
    return none("all equal") if all_equal(xs) else one(m=m, r=mp.log(mean([(x - m) ** 2 for x in xs])) / 2)


def even_sd(xs: Xs) -> Truth:
    m = mean(xs)
    if all_equal(xs):
        return none("all equal")
    s = mp.sqrt(mean([(x - m) ** 2 for x in xs]))
    return Truth("points", ({"m": m, "s": -s}, {"m": m, "s": s}))


PP = {"a": "positive", "b": "positive"}
JOINT: tuple[Joint, ...] = (
    Joint("normal", "exp(-(x-m)**2/(2*s**2))/(s*sqrt(2*pi))", "real", {"m": "real", "s": "positive"}, "real", normal),
    Joint("normal, variance", "exp(-(x-m)**2/(2*v))/sqrt(2*pi*v)", "real", {"m": "real", "v": "positive"}, "real", normal_variance),
    Joint("normal, precision", "sqrt(t/(2*pi))*exp(-t*(x-m)**2/2)", "real", {"m": "real", "t": "positive"}, "real", normal_precision),
    Joint("normal, log sd", "exp(-(x-m)**2/(2*exp(2*r))-r)/sqrt(2*pi)", "real", {"m": "real", "r": "real"}, "real", normal_logsd),
    Joint("normal, s of both signs", "exp(-(x-m)**2/(2*s**2))/sqrt(2*pi*s**2)", "real", {"m": "real", "s": "real"}, "real", even_sd),
    Joint("lognormal", "exp(-(log(x)-m)**2/(2*s**2))/(x*s*sqrt(2*pi))", "x > 0", {"m": "real", "s": "positive"}, "pos", lognormal),
    Joint("Laplace", "exp(-abs(x-m)/b)/(2*b)", "real", {"m": "real", "b": "positive"}, "real", laplace),
    Joint("uniform", "1/(b-a)", "a <= x <= b", {"a": "real", "b": "real"}, "real", uniform),
    Joint("shifted exponential", "l*exp(-l*(x-m))", "x >= m", {"m": "real", "l": "positive"}, "real", shifted),
    Joint("Pareto", "a*m**a/x**(a+1)", "x >= m", {"m": "positive", "a": "positive"}, "pos", pareto),
    Joint("inverse Gaussian", "sqrt(l/(2*pi*x**3))*exp(-l*(x-m)**2/(2*m**2*x))", "x > 0", {"m": "positive", "l": "positive"}, "pos", inverse_gaussian),
    Joint("gamma", "b**a*x**(a-1)*exp(-b*x)/gamma(a)", "x > 0", PP, "pos", gamma),
    Joint("Weibull", "k/l*(x/l)**(k-1)*exp(-(x/l)**k)", "x > 0", {"k": "positive", "l": "positive"}, "pos", weibull),
    Joint("negative binomial", "gamma(x+r)/(gamma(r)*factorial(x))*p**r*(1-p)**x", "{0, 1, 2, ...}", {"r": "positive", "p": "(0, 1)"}, "count", negative_binomial),
    Joint("Lomax", "a*l**a/(x+l)**(a+1)", "x > 0", {"a": "positive", "l": "positive"}, "pos", lomax),
    Joint("Gumbel", "exp(-(x-m)/b-exp(-(x-m)/b))/b", "real", {"m": "real", "b": "positive"}, "real", gumbel),
    Joint("logistic", "exp(-(x-m)/s)/(s*(1+exp(-(x-m)/s))**2)", "real", {"m": "real", "s": "positive"}, "real", logistic),
    Joint("beta", "x**(a-1)*(1-x)**(b-1)/beta(a,b)", "0 < x < 1", PP, "unit", beta),
    Joint("exponential, rate a b", "a*b*exp(-a*b*x)", "x > 0", PP, "pos",
          lambda xs: Truth("set", holds=lambda v: close(v["a"] * v["b"], 1 / mean(xs)))),
    Joint("Poisson, mean a b", "exp(-a*b)*(a*b)**x/factorial(x)", "{0, 1, 2, ...}", PP, "count", two_products),
    Joint("normal, location a + b", "exp(-(x-a-b)**2/2)/sqrt(2*pi)", "real", {"a": "real", "b": "real"}, "real", sum_location),
    Joint("logistic, location a - b", "exp(-(x-a+b))/(1+exp(-(x-a+b)))**2", "real", {"a": "real", "b": "real"}, "two",
          lambda xs: Truth("set", holds=lambda v: close(v["a"] - v["b"], mean(xs), mp.mpf(1)))),
)  # fmt: skip

TWO = (("0", "3"), ("1",), ("-5", "5"), ("2", "2"), ("10", "30"))
__all__ = ["JOINT", "TWO", "Joint", "Truth", "close", "log1pexp"]
