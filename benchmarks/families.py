"""Families of one unknown written out for mpmath, apart from `derive`: a density as text, its logarithm, domains, samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import mpmath as mp
from judge import CLOSED_UNIT, POSITIVE, REAL, UNIT, Interval

Log = Callable[[mp.mpf, mp.mpf], mp.mpf]
NONE = mp.mpf("-inf")
HUGE = mp.mpf(10) ** 30


@dataclass(frozen=True)
class Family:
    """text: of the density, with L for the unknown.  log(x, p): its logarithm.  kind: of samples.  below, above: P(X <= x), P(X > x).

    stated: the domain as `derive` reads it.  known: arguments besides.  many: whether the text is quick enough for many variants."""

    name: str
    text: str
    support: str
    kind: str
    domain: Interval
    stated: str
    log: Log
    below: Log | None = None
    above: Log | None = None


def inside(test: Callable[[mp.mpf, mp.mpf], bool], log: Log) -> Log:
    """-oo outside."""
    return lambda x, p: log(x, p) if test(x, p) else NONE


def positive(log: Log) -> Log:
    """-oo unless the unknown is positive."""
    return lambda x, p: log(x, p) if p > 0 else NONE


def exp(v: mp.mpf) -> mp.mpf:
    """e^v; 0 or oo where a number of that size would fill the memory."""
    return mp.exp(v) if abs(v) < HUGE else mp.mpf(0) if v < 0 else mp.inf


def expm1(v: mp.mpf) -> mp.mpf:
    """e^v - 1."""
    return mp.expm1(v) if abs(v) < HUGE else mp.mpf(-1) if v < 0 else mp.inf


def power(x: mp.mpf, k: mp.mpf) -> mp.mpf:
    """x^k for x > 0."""
    return exp(k * mp.log(x))


def logarithm(v: mp.mpf) -> mp.mpf:
    """-oo at 0."""
    return mp.log(v) if v > 0 else NONE


def logcosh(u: mp.mpf) -> mp.mpf:
    u = abs(u)
    return u + mp.log1p(exp(-2 * u)) - mp.log(2)


def log1pexp(u: mp.mpf) -> mp.mpf:
    return u + mp.log1p(exp(-u)) if u > 0 else mp.log1p(exp(u))


def logbessel(k: mp.mpf) -> mp.mpf:
    """log I_0(k) - k."""
    if k < 500:
        return mp.log(mp.besseli(0, k)) - k
    total, term = mp.mpf(1), mp.mpf(1)  # Abramowitz and Stegun 9.7.1
    for j in range(1, 400):
        new = term * (2 * j - 1) ** 2 / (8 * k * j)
        if new > term or new < mp.mpf(10) ** (-mp.mp.dps - 5):
            break
        term = new
        total += term
    return mp.log(total) - mp.log(2 * mp.pi * k) / 2


def loggamma(u: mp.mpf) -> mp.mpf:
    """nan where differences of such values have few digits left."""
    if u > mp.mpf(10) ** (mp.mp.dps // 2):
        return mp.nan
    return mp.loggamma(u) if u > 0 else NONE


def xlog(x: mp.mpf, v: mp.mpf) -> mp.mpf:
    """x log v, 0 at x = 0."""
    return mp.mpf(0) if x == 0 else x * logarithm(v)


def choose(m: int, x: mp.mpf) -> mp.mpf:
    return mp.log(mp.binomial(m, x))


def normal_above(u: mp.mpf) -> mp.mpf:
    """P(Z > u); far out by the asymptotic series (Abramowitz and Stegun 26.2.12)."""
    if u < -50:
        return 1 - normal_above(-u)
    if u < 50:
        return mp.erfc(u / mp.sqrt(2)) / 2
    total, term, k = mp.mpf(1), mp.mpf(1), 1
    while abs(term) > mp.mpf(10) ** (-mp.mp.dps - 5) and k < u * u:
        term *= -(2 * k - 1) / (u * u)
        total += term
        k += 1
    return exp(-u * u / 2) / (u * mp.sqrt(2 * mp.pi)) * total


P, R, U, C = (POSITIVE, "positive"), (REAL, "real"), (UNIT, "(0, 1)"), (CLOSED_UNIT, "[0, 1]")
POS, WHOLE = "x > 0", "{0, 1, 2, ...}"

FAMILIES: tuple[Family, ...] = (
    Family("exponential rate", "L*exp(-L*x)", POS, "pos", *P, lambda x, p: mp.log(p) - p * x,
           lambda x, p: -expm1(-p * x), lambda x, p: exp(-p * x)),
    Family("exponential mean", "exp(-x/L)/L", POS, "pos", *P, lambda x, p: -mp.log(p) - x / p,
           lambda x, p: -expm1(-x / p), lambda x, p: exp(-x / p)),
    Family("gamma rate", "L**3*x**2*exp(-L*x)/2", POS, "pos", *P, lambda x, p: 3 * mp.log(p) + 2 * mp.log(x) - p * x - mp.log(2)),
    Family("gamma shape", "x**(L-1)*exp(-x)/gamma(L)", POS, "pos", *P, lambda x, p: (p - 1) * mp.log(x) - x - loggamma(p)),
    Family("Weibull shape", "L*x**(L-1)*exp(-x**L)", POS, "pos", *P, lambda x, p: mp.log(p) + (p - 1) * mp.log(x) - power(x, p),
           lambda x, p: -expm1(-(power(x, p))), lambda x, p: exp(-(power(x, p)))),
    Family("Weibull scale", "2*x/L**2*exp(-x**2/L**2)", POS, "pos", *P, lambda x, p: mp.log(2 * x) - 2 * mp.log(p) - (x / p) ** 2,
           lambda x, p: -expm1(-((x / p) ** 2)), lambda x, p: exp(-((x / p) ** 2))),
    Family("normal location", "exp(-(x-L)**2/2)/sqrt(2*pi)", "real", "real", *R, lambda x, p: -((x - p) ** 2) / 2 - mp.log(2 * mp.pi) / 2,
           lambda x, p: normal_above(p - x), lambda x, p: normal_above(x - p)),
    Family("normal variance", "exp(-x**2/(2*L))/sqrt(2*pi*L)", "real", "real", *P, lambda x, p: -(x**2) / (2 * p) - mp.log(2 * mp.pi * p) / 2),
    Family("normal sd", "exp(-(x-1)**2/(2*L**2))/(L*sqrt(2*pi))", "real", "real", *P,
           lambda x, p: -((x - 1) ** 2) / (2 * p * p) - mp.log(2 * mp.pi) / 2 - mp.log(p),
           lambda x, p: normal_above((1 - x) / p), lambda x, p: normal_above((x - 1) / p)),
    Family("lognormal location", "exp(-(log(x)-L)**2/2)/(x*sqrt(2*pi))", POS, "pos", *R,
           lambda x, p: -((mp.log(x) - p) ** 2) / 2 - mp.log(2 * mp.pi) / 2 - mp.log(x),
           lambda x, p: normal_above(p - mp.log(x)), lambda x, p: normal_above(mp.log(x) - p)),
    Family("lognormal variance", "exp(-log(x)**2/(2*L))/(x*sqrt(2*pi*L))", POS, "pos", *P,
           lambda x, p: -(mp.log(x) ** 2) / (2 * p) - mp.log(2 * mp.pi * p) / 2 - mp.log(x)),
    Family("Poisson", "exp(-L)*L**x/factorial(x)", WHOLE, "count", *P, lambda x, p: -p + xlog(x, p) - loggamma(x + 1),
           None, lambda x, p: mp.gammainc(mp.floor(x) + 1, 0, p, regularized=True)),
    Family("geometric", "(1-L)**x*L", WHOLE, "count", *U, lambda x, p: xlog(x, 1 - p) + mp.log(p),
           lambda x, p: 1 - (1 - p) ** (mp.floor(x) + 1), lambda x, p: (1 - p) ** (mp.floor(x) + 1)),
    Family("Bernoulli", "L**x*(1-L)**(1-x)", "{0, 1}", "bit", *C, lambda x, p: xlog(x, p) + xlog(1 - x, 1 - p)),
    Family("binomial", "binomial(4,x)*L**x*(1-L)**(4-x)", "{0, 1, 2, 3, 4}", "four", *U,
           lambda x, p: choose(4, x) + xlog(x, p) + xlog(4 - x, 1 - p)),
    Family("negative binomial p", "binomial(x+2,x)*L**3*(1-L)**x", WHOLE, "count", *U,
           lambda x, p: mp.log((x + 2) * (x + 1) / 2) + 3 * mp.log(p) + xlog(x, 1 - p)),
    Family("negative binomial size", "gamma(x+L)/(gamma(L)*factorial(x))*(1/3)**L*(2/3)**x", WHOLE, "count", *P,
           lambda x, p: loggamma(x + p) - loggamma(p) - loggamma(x + 1) - p * mp.log(3) + x * mp.log(mp.mpf(2) / 3)),
    Family("power function", "L*x**(L-1)", "0 < x < 1", "unit", *P, lambda x, p: mp.log(p) + (p - 1) * mp.log(x),
           lambda x, p: power(x, p), lambda x, p: -expm1(p * mp.log(x))),
    Family("beta a, 2", "L*(L+1)*x**(L-1)*(1-x)", "0 < x < 1", "unit", *P,
           lambda x, p: mp.log(p) + mp.log(p + 1) + (p - 1) * mp.log(x) + mp.log(1 - x)),
    Family("beta symmetric", "x**(L-1)*(1-x)**(L-1)/beta(L,L)", "0 < x < 1", "unit", *P,
           lambda x, p: (p - 1) * mp.log(x * (1 - x)) - 2 * loggamma(p) + loggamma(2 * p)),
    Family("Kumaraswamy", "2*L*x*(1-x**2)**(L-1)", "0 < x < 1", "unit", *P, lambda x, p: mp.log(2 * p * x) + (p - 1) * mp.log(1 - x * x)),
    Family("Pareto shape", "L/x**(L+1)", "x >= 1", "ge1", *P, lambda x, p: mp.log(p) - (p + 1) * mp.log(x),
           lambda x, p: -expm1(-p * mp.log(x)), lambda x, p: power(x, -p)),
    Family("Pareto minimum", "2*L**2/x**3", "x >= L", "pos", *P, inside(lambda x, p: x >= p, lambda x, p: mp.log(2) + 2 * mp.log(p) - 3 * mp.log(x))),
    Family("Lomax shape", "L/(1+x)**(L+1)", POS, "pos", *P, lambda x, p: mp.log(p) - (p + 1) * mp.log(1 + x),
           lambda x, p: -expm1(-p * mp.log1p(x)), lambda x, p: power(1 + x, -p)),
    Family("Lomax scale", "2*L**2/(x+L)**3", POS, "pos", *P, lambda x, p: mp.log(2) + 2 * mp.log(p) - 3 * mp.log(x + p),
           lambda x, p: 1 - (p / (x + p)) ** 2, lambda x, p: (p / (x + p)) ** 2),
    Family("Cauchy location", "1/(pi*(1+(x-L)**2))", "real", "real", *R, lambda x, p: -mp.log(mp.pi) - mp.log(1 + (x - p) ** 2),
           lambda x, p: mp.atan2(1, p - x) / mp.pi, lambda x, p: mp.atan2(1, x - p) / mp.pi),
    Family("Cauchy scale", "L/(pi*(L**2+x**2))", "real", "real", *P, lambda x, p: mp.log(p / mp.pi) - mp.log(p**2 + x**2)),
    Family("logistic location", "exp(-(x-L))/(1+exp(-(x-L)))**2", "real", "real", *R, lambda x, p: -(x - p) - 2 * log1pexp(-(x - p)),
           lambda x, p: exp(-log1pexp(p - x)), lambda x, p: exp(-log1pexp(x - p))),
    Family("logistic scale", "exp(-x/L)/(L*(1+exp(-x/L))**2)", "real", "real", *P, lambda x, p: -mp.log(p) - abs(x / p) - 2 * log1pexp(-abs(x / p))),
    Family("Gumbel location", "exp(-(x-L)-exp(-(x-L)))", "real", "real", *R, lambda x, p: -(x - p) - exp(-(x - p)),
           lambda x, p: exp(-exp(p - x)), lambda x, p: -expm1(-exp(p - x))),
    Family("Laplace location", "exp(-abs(x-L))/2", "real", "real", *R, lambda x, p: -abs(x - p) - mp.log(2)),
    Family("Laplace scale", "exp(-abs(x)/L)/(2*L)", "real", "real", *P, lambda x, p: -abs(x) / p - mp.log(2 * p)),
    Family("Rayleigh", "x/L*exp(-x**2/(2*L))", POS, "pos", *P, lambda x, p: mp.log(x / p) - x * x / (2 * p),
           lambda x, p: -expm1(-x * x / (2 * p)), lambda x, p: exp(-x * x / (2 * p))),
    Family("Maxwell", "sqrt(2/pi)*x**2/L**3*exp(-x**2/(2*L**2))", POS, "pos", *P,
           lambda x, p: mp.log(2 / mp.pi) / 2 + 2 * mp.log(x) - 3 * mp.log(p) - x * x / (2 * p * p)),
    Family("half-normal", "sqrt(2/pi)/L*exp(-x**2/(2*L**2))", "x >= 0", "pos", *P, lambda x, p: mp.log(2 / mp.pi) / 2 - mp.log(p) - x * x / (2 * p * p),
           lambda x, p: 1 - 2 * normal_above(x / p), lambda x, p: 2 * normal_above(x / p)),
    Family("von Mises concentration", "exp(L*cos(x))/(2*pi*besseli(0,L))", "[-pi, pi]", "angle", *P,
           lambda x, p: -2 * p * mp.sin(x / 2) ** 2 - mp.log(2 * mp.pi) - logbessel(p)),
    Family("inverse Gaussian mean", "sqrt(1/(2*pi*x**3))*exp(-(x-L)**2/(2*L**2*x))", POS, "pos", *P,
           lambda x, p: -mp.log(2 * mp.pi * x**3) / 2 - (x - p) ** 2 / (2 * p * p * x)),
    Family("inverse Gaussian shape", "sqrt(L/(2*pi*x**3))*exp(-L*(x-1)**2/(2*x))", POS, "pos", *P,
           lambda x, p: (mp.log(p) - mp.log(2 * mp.pi * x**3)) / 2 - p * (x - 1) ** 2 / (2 * x)),
    Family("zero-truncated Poisson", "L**x*exp(-L)/(factorial(x)*(1-exp(-L)))", "{1, 2, 3, ...}", "whole1", *P,
           lambda x, p: x * mp.log(p) - p - loggamma(x + 1) - mp.log(-expm1(-p))),
    Family("truncated exponential", "L*exp(-L*x)/(1-exp(-L))", "0 < x < 1", "unit", *P, lambda x, p: mp.log(p) - p * x - mp.log(-expm1(-p))),
    Family("uniform to", "1/L", "0 <= x <= L", "pos", *P, inside(lambda x, p: x <= p, lambda x, p: -mp.log(p))),
    Family("uniform moving", "1", "L <= x <= L + 1", "real", *R, inside(lambda x, p: p <= x <= p + 1, lambda x, p: mp.mpf(0))),
    Family("uniform symmetric", "1/(2*L)", "-L <= x <= L", "real", *P, inside(lambda x, p: abs(x) <= p, lambda x, p: -mp.log(2 * p))),
    Family("shifted exponential", "exp(-(x-L))", "x >= L", "real", *R, inside(lambda x, p: x >= p, lambda x, p: p - x)),
    Family("hyperbolic secant", "1/(pi*cosh(x-L))", "real", "real", *R, lambda x, p: -mp.log(mp.pi) - logcosh(x - p)),
    Family("Student t3 location", "2/(pi*sqrt(3)*(1+(x-L)**2/3)**2)", "real", "real", *R,
           lambda x, p: mp.log(2 / (mp.pi * mp.sqrt(3))) - 2 * mp.log(1 + (x - p) ** 2 / 3)),
    Family("log-logistic shape", "L*x**(L-1)/(1+x**L)**2", POS, "pos", *P,
           lambda x, p: mp.log(p) + (p - 1) * mp.log(x) - 2 * log1pexp(p * mp.log(x)),
           lambda x, p: exp(-log1pexp(-p * mp.log(x))), lambda x, p: exp(-log1pexp(p * mp.log(x)))),
    Family("log-logistic scale", "2*x*L**2/(L**2+x**2)**2", POS, "pos", *P, lambda x, p: mp.log(2 * x) + 2 * mp.log(p) - 2 * mp.log(p * p + x * x)),
    Family("Rice", "x*exp(-(x**2+L**2)/2)*besseli(0,x*L)", POS, "small", *P, lambda x, p: mp.log(x) - (x - p) ** 2 / 2 + logbessel(x * p)),
    Family("exponential mixture", "L*exp(-x)+(1-L)*2*exp(-2*x)", POS, "pos", *C, lambda x, p: -x + logarithm(p + (1 - p) * 2 * exp(-x))),
    Family("normal mixture", "(L*exp(-x**2/2)+(1-L)*exp(-(x-2)**2/2))/sqrt(2*pi)", "real", "real", *C,
           lambda x, p: -mp.log(2 * mp.pi) / 2 + logarithm(p * exp(-x * x / 2) + (1 - p) * exp(-((x - 2) ** 2) / 2))),
    Family("N(t, t^2)", "exp(-(x-L)**2/(2*L**2))/sqrt(2*pi*L**2)", "real", "real", *R,
           lambda x, p: NONE if p == 0 else -((x - p) ** 2) / (2 * p * p) - mp.log(2 * mp.pi) / 2 - mp.log(abs(p))),
    Family("N(t, 2t)", "exp(-(x-L)**2/(4*L))/sqrt(4*pi*L)", "real", "real", *P, lambda x, p: -((x - p) ** 2) / (4 * p) - mp.log(4 * mp.pi * p) / 2),
    Family("Lindley", "L**2/(1+L)*(1+x)*exp(-L*x)", POS, "pos", *P, lambda x, p: 2 * mp.log(p) - mp.log(1 + p) + mp.log(1 + x) - p * x,
           lambda x, p: 1 - (1 + p * x / (1 + p)) * exp(-p * x), lambda x, p: (1 + p * x / (1 + p)) * exp(-p * x)),
    Family("logarithmic", "-L**x/(x*log(1-L))", "{1, 2, 3, ...}", "whole1", *U, lambda x, p: x * mp.log(p) - mp.log(x) - mp.log(-mp.log1p(-p))),
    Family("Borel", "exp(-L*x)*(L*x)**(x-1)/factorial(x)", "{1, 2, 3, ...}", "whole1", *U,
           lambda x, p: -p * x + xlog(x - 1, p * x) - loggamma(x + 1)),
    Family("skewed ends", "(1+L*x)/2", "-1 <= x <= 1", "sym", Interval(mp.mpf(-1), mp.mpf(1), True, True), "[-1, 1]",
           lambda x, p: logarithm((1 + p * x) / 2)),
    Family("Gompertz", "L*exp(x)*exp(-L*(exp(x)-1))", POS, "small", *P, lambda x, p: mp.log(p) + x - p * expm1(x),
           lambda x, p: -expm1(-p * expm1(x)), lambda x, p: exp(-p * expm1(x))),
    Family("inverse gamma scale", "L**2*x**(-3)*exp(-L/x)", POS, "pos", *P, lambda x, p: 2 * mp.log(p) - 3 * mp.log(x) - p / x),
    Family("chi degrees", "x**(L/2-1)*exp(-x/2)/(2**(L/2)*gamma(L/2))", POS, "pos", *P,
           lambda x, p: (p / 2 - 1) * mp.log(x) - x / 2 - p / 2 * mp.log(2) - loggamma(p / 2)),
)  # fmt: skip

SAMPLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "pos": (("1", "2", "4"), ("2",), ("3", "3", "5", "8"), ("2", "2", "2"), ("0.001", "1000"), ("0.3", "0.7", "1.1", "2.4", "5"),
            ("1e-9", "2e-9", "5e-9"), ("1e9", "3e9"), ("1e-100", "3e-100"), ("1e100", "2e100", "5e100"), ("0.5", "1", "1", "7", "31.4"),
            ("1",), ("1", "1", "7"), ("1e-6", "1", "1e6")),
    "small": (("1", "2", "4"), ("2",), ("0.5", "0.5", "1.5"), ("0.1", "3"), ("1e-6", "2e-6"), ("0.01", "0.02", "0.05"), ("5", "5")),
    "real": (("-1", "0.5", "3"), ("2",), ("1", "1", "4"), ("2", "2", "2"), ("-20", "20"), ("0",), ("0", "0"), ("-1", "1", "2", "-2"),
             ("0", "1000", "3000"), ("1e-9", "3e-9"), ("-1e9", "2e9", "5e9"), ("1e-100", "2e-100"), ("1e30", "3e30"), ("0.1", "0.2", "0.35", "0.9", "-0.4"),
             ("150",), ("5", "-5"), ("1.7",), ("0", "100")),
    "unit": (("0.2", "0.5", "0.9"), ("0.1",), ("0.5",), ("0.3", "0.7"), ("0.25", "0.25", "0.75"), ("1e-9", "0.5"), ("0.999999999",),
             ("1e-30",), ("0.01", "0.02", "0.05", "0.5", "0.99"), ("0.5", "0.5")),
    "sym": (("0.2", "-0.5", "0.9"), ("0.1",), ("0",), ("-0.7", "0.7"), ("1", "-1"), ("0.5", "0.5", "-0.9"), ("1e-9", "-2e-9", "3e-9")),
    "ge1": (("1", "2", "4"), ("1",), ("1", "1"), ("3", "3", "5"), ("1.000000001",), ("1e9", "2"), ("1e100",), ("1.5", "2.5", "3.5", "9")),
    "count": (("0", "2", "1"), ("3",), ("0",), ("0", "0", "0"), ("1", "1", "4", "2"), ("1000000000",), ("0", "0", "0", "1"), ("12", "7", "30", "0", "5"), ("2", "2")),
    "whole1": (("1", "2", "1"), ("1",), ("1", "1", "1"), ("3", "1", "4", "1"), ("100", "1"), ("2",), ("7", "9", "3")),
    "bit": (("0", "1", "1"), ("1",), ("0", "0"), ("1", "1", "1"), ("0", "1")),
    "four": (("0", "2", "1"), ("4",), ("0", "0"), ("3", "3", "4", "1"), ("4", "4"), ("1",)),
    "angle": (("0.1", "0.5", "-0.2"), ("1", "-1"), ("0",), ("3", "-3"), ("2", "-2", "0.1"), ("1e-6", "2e-6"), ("1.5",)),
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """Another parameter: text of the old one in it, its stated domain, the old values it reaches, and the new ones of an old one."""

    name: str
    text: str
    stated: str
    image: Interval
    back: Callable[[mp.mpf], list[mp.mpf]]


def _both(root: Callable[[mp.mpf], mp.mpf]) -> Callable[[mp.mpf], list[mp.mpf]]:
    return lambda b: [mp.mpf(0)] if root(b) == 0 else [-root(b), root(b)]


def _one(f: Callable[[mp.mpf], mp.mpf]) -> Callable[[mp.mpf], list[mp.mpf]]:
    return lambda b: [f(b)]


ABOVE0 = Interval(mp.mpf(0), mp.mpf("inf"), True, False)
CHANGES: dict[str, tuple[Change, ...]] = {
    "positive": (
        Change("1/t", "(1/t)", "positive", POSITIVE, _one(lambda b: 1 / b)),
        Change("t^2", "(t**2)", "positive", POSITIVE, _one(mp.sqrt)),
        Change("t^2, t real", "(t**2)", "real", POSITIVE, _both(mp.sqrt)),
        Change("e^t", "exp(t)", "real", POSITIVE, _one(mp.log)),
        Change("sqrt t", "sqrt(t)", "positive", POSITIVE, _one(lambda b: b * b)),
        Change("t^2 - t", "(t**2-t)", "(1, oo)", POSITIVE, _one(lambda b: (1 + mp.sqrt(1 + 4 * b)) / 2)),
        Change("|t|", "abs(t)", "real", POSITIVE, _both(lambda b: b)),
        Change("t/(1-t)", "(t/(1-t))", "(0, 1)", POSITIVE, _one(lambda b: b / (1 + b))),
        Change("log t", "log(t)", "(1, oo)", POSITIVE, _one(mp.exp)),
        Change("at most 3/2", "t", "(0, 3/2]", Interval(mp.mpf(0), mp.mpf(3) / 2, False, True), _one(lambda b: b)),
        Change("over 1/2", "t", "(1/2, oo)", Interval(mp.mpf(1) / 2, mp.mpf("inf")), _one(lambda b: b)),
    ),
    "real": (
        Change("t^3", "(t**3)", "real", REAL, _one(lambda b: mp.sign(b) * mp.cbrt(abs(b)))),
        Change("t^2 - t", "(t**2-t)", "real", Interval(-mp.mpf(1) / 4, mp.mpf("inf"), True),
               lambda b: [mp.mpf(1) / 2] if b == -mp.mpf(1) / 4 else [(1 - mp.sqrt(1 + 4 * b)) / 2, (1 + mp.sqrt(1 + 4 * b)) / 2]),
        Change("t^2", "(t**2)", "real", ABOVE0, _both(mp.sqrt)),
        Change("|t|", "abs(t)", "real", ABOVE0, _both(lambda b: b)),
        Change("log t", "log(t)", "positive", REAL, _one(mp.exp)),
        Change("2t + 1", "(2*t+1)", "real", REAL, _one(lambda b: (b - 1) / 2)),
        Change("at least 0", "t", "[0, oo)", ABOVE0, _one(lambda b: b)),
        Change("(-1, 1)", "t", "(-1, 1)", Interval(mp.mpf(-1), mp.mpf(1)), _one(lambda b: b)),
    ),
    "(0, 1)": (
        Change("1 - t", "(1-t)", "(0, 1)", UNIT, _one(lambda b: 1 - b)),
        Change("logit", "(1/(1+exp(-t)))", "real", UNIT, _one(lambda b: mp.log(b) - mp.log1p(-b))),
        Change("odds", "(t/(1+t))", "positive", UNIT, _one(lambda b: b / (1 - b))),
        Change("e^-t", "exp(-t)", "positive", UNIT, _one(lambda b: -mp.log(b))),
        Change("t^2", "(t**2)", "(0, 1)", UNIT, _one(mp.sqrt)),
        Change("at most 1/2", "t", "(0, 1/2]", Interval(mp.mpf(0), mp.mpf(1) / 2, False, True), _one(lambda b: b)),
    ),
    "[0, 1]": (
        Change("1 - t", "(1-t)", "[0, 1]", CLOSED_UNIT, _one(lambda b: 1 - b)),
        Change("t^2", "(t**2)", "[0, 1]", CLOSED_UNIT, _one(mp.sqrt)),
        Change("t^2, both signs", "(t**2)", "[-1, 1]", CLOSED_UNIT, _both(mp.sqrt)),
        Change("logit", "(1/(1+exp(-t)))", "real", UNIT, _one(lambda b: mp.log(b) - mp.log1p(-b))),
        Change("at least 1/2", "t", "[1/2, 1]", Interval(mp.mpf(1) / 2, mp.mpf(1), True, True), _one(lambda b: b)),
    ),
}  # fmt: skip
