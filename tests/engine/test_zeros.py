"""Stationary points enclosed: inclusion of the number classes and of every lemma, and families with awkward data."""

from __future__ import annotations

import contextlib
import itertools
import math
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction as F
from typing import Any

import mpmath
import pytest
from flint import arb, ctx, fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derive.formula.tree import ONE, TWO, Add, At, Big, Call, Div, Formula, Pow, Sym
from derive.proofs.zeros import Domain, Enclosed, Verdict, exact, stationary_points
from derive.proofs.zeros.algebras import BALLS, Balls, Expansions, Intervals
from derive.proofs.zeros.atoms import EXPANDED, MONOTONE
from derive.proofs.zeros.builder import Data, Function
from derive.proofs.zeros.ends import Side
from derive.proofs.zeros.exact import Exact, NotCovered, Undecided, coprime, power_of, rational
from derive.proofs.zeros.expansion import Expansion, ball
from derive.proofs.zeros.extended import INF, NINF, Extended, NoValue
from derive.reading.context import Context
from derive.reading.sympytext import read_sympy

mp = mpmath.mp.clone()
mp.dps = 60
TINY = mp.mpf(10) ** -50


def exact_mp(x: F) -> Any:
    return mp.mpf(x.numerator) / x.denominator


def inside(v: Any, x: Extended) -> bool:
    """Whether a number known to 60 digits lies in an interval, up to its own error."""
    slack = TINY * (1 + abs(v))
    low = -mp.inf if x.lo == NINF else to_mp(x.lo)
    high = mp.inf if x.hi == INF else to_mp(x.hi)
    return bool(low - slack <= v <= high + slack)


def to_mp(x: Any) -> Any:
    m, e = x.man_exp()
    return mp.ldexp(int(m), int(e))


def bounds(x: Any) -> tuple[Any, Any]:
    return to_mp(x.lower()), to_mp(x.upper())


numbers = st.one_of(st.fractions(-50, 50, max_denominator=64), st.fractions(-(10**6), 10**6, max_denominator=8), st.just(F(0)))


@st.composite
def intervals(draw: Any, low: F | None = None) -> tuple[Extended, F]:
    """An interval with a number in it, which is not an open end."""
    x = draw(numbers.filter(lambda v: low is None or v > low))
    left, right = draw(st.sampled_from([F(0), F(1, 4), F(3), F(10**5), None])), draw(st.sampled_from([F(0), F(1, 4), F(3), F(10**5), None]))
    lo_open, hi_open = draw(st.booleans()) and left != 0, draw(st.booleans()) and right != 0
    a = NINF if left is None else arb(fmpq((x - left).numerator, (x - left).denominator)).lower()
    b = INF if right is None else arb(fmpq((x + right).numerator, (x + right).denominator)).upper()
    if low is not None and (left is None or x - left <= low):
        a, lo_open = arb(fmpq(low.numerator, low.denominator)), True
    return Extended(a, b, lo_open, hi_open), x


@given(intervals(), intervals())
@settings(max_examples=200, deadline=None)
def test_arithmetic_of_extended_intervals_includes(p: tuple[Extended, F], q: tuple[Extended, F]) -> None:
    (x, a), (y, b) = p, q
    assert inside(exact_mp(a + b), x + y) and inside(exact_mp(a * b), x * y) and inside(exact_mp(a - b), x - y)
    assert inside(exact_mp(abs(a)), x.size())
    for k in (2, 3, 5):
        assert inside(exact_mp(a**k), x.power(k))
    if y.sign:
        assert inside(exact_mp(a) / exact_mp(b), x / y)
        assert (b > 0) == (y.sign > 0)
    for v, s in ((a + b, (x + y).sign), (a * b, (x * y).sign), (a * a, x.power(2).sign)):
        assert not s or (v > 0) - (v < 0) == s


def mp_mills(t: Any) -> Any:
    return mp.npdf(t) / (mp.erfc(-t / mp.sqrt(2)) / 2)


def mp_bessel(t: Any) -> Any:
    return mp.besseli(1, t) / mp.besseli(0, t)


TRUE: dict[str, Callable[[Any], Any]] = {
    "exp": mp.exp, "expm1": mp.expm1, "log": mp.log, "sqrt": mp.sqrt, "sinh": mp.sinh, "cosh": mp.cosh, "tanh": mp.tanh, "arctan": mp.atan, "asinh": mp.asinh,
    "sin": mp.sin, "cos": mp.cos, "abs": abs, "gamma": mp.gamma, "loggamma": mp.loggamma, "erf": mp.erf, "erfc": mp.erfc,
    "sigmoid": lambda t: 1 / (1 + mp.exp(-t)), "Phi": lambda t: mp.erfc(-t / mp.sqrt(2)) / 2, "digamma": mp.digamma,
    "trigamma": lambda t: mp.psi(1, t), "logpsi": lambda t: mp.log(t) - mp.digamma(t), "mills": mp_mills,
    "bernoulli": lambda t: t / mp.expm1(t) if t else mp.mpf(1),
    "bernoullislope": lambda t: mp.diff(lambda s: s / mp.expm1(s), t) if t else -mp.mpf(1) / 2,
    "Ei": mp.ei, "erfi": mp.erfi, "normalgap": lambda t: t + mp_mills(t), "normalgapslope": lambda t: 1 - mp_mills(t) * (t + mp_mills(t)), "bratio": mp_bessel,
    "logpsislope": lambda t: 1 / t - mp.psi(1, t), "millsslope": lambda t: mp_mills(t) * (t + mp_mills(t)),
    "besseli0": lambda t: mp.besseli(0, t), "besseli1": lambda t: mp.besseli(1, t),
    "logI0": lambda t: mp.log(mp.besseli(0, t)),
    "logPhi": lambda t: mp.log(mp.erfc(-t / mp.sqrt(2)) / 2),
    "bratioslope": lambda t: mp.mpf(1) / 2 if t == 0 else 1 - mp_bessel(t) / t - mp_bessel(t) ** 2,
}  # fmt: skip
POSITIVE = {"log", "sqrt", "digamma", "trigamma", "logpsi", "logpsislope", "loggamma", "gamma", "logI0"}
REACH = 200  # of arguments: exponentials beyond are another matter


def test_every_function_is_compared() -> None:
    assert set(TRUE) >= {*BALLS, *MONOTONE, *EXPANDED}


@pytest.mark.parametrize("name", sorted(TRUE))
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_values_and_ranges_of_functions_include(name: str, data: st.DataObject) -> None:
    low = F(0) if name in POSITIVE else None
    x, a = data.draw(intervals(low))
    assume(abs(a) <= REACH)
    v = TRUE[name](exact_mp(a)).real
    with contextlib.suppress(NoValue, NotCovered):
        assert inside(v, Intervals().call(name, x))
    wide = data.draw(st.sampled_from([F(0), F(1, 2**20), F(1, 3), F(7)]))
    if low is not None:
        wide = min(wide, a / 2)
    b = arb(fmpq((a - wide).numerator, (a - wide).denominator)).union(arb(fmpq((a + wide).numerator, (a + wide).denominator)))
    found = Balls().call(name, b)
    if found.is_finite():
        lo, hi = bounds(found)
        assert lo - TINY * (1 + abs(v)) <= v <= hi + TINY * (1 + abs(v))


@pytest.mark.parametrize("name", sorted(MONOTONE))
def test_lemmas_are_monotone_with_these_limits(name: str) -> None:
    lemma, f = MONOTONE[name], TRUE[name]
    places = [mp.mpf(10) ** (mp.mpf(k) / 10) for k in range(-40, 24)]
    if lemma.low == NINF:
        places = [-t for t in reversed(places)] + places
    values = [f(t) for t in places]
    assert all(u <= v if lemma.rising else u >= v for u, v in itertools.pairwise(values))
    low, high = (lemma.at_low, lemma.at_high) if lemma.rising else (lemma.at_high, lemma.at_low)
    for v in values:
        assert (low == NINF or to_mp(low.lower()) <= v) and (high == INF or v <= to_mp(high.upper()))


def value_at(t: Expansion, v: F) -> tuple[Any, Any]:
    """Bounds of an expansion at a place."""
    with_digits = ctx.prec
    ctx.prec = 200
    try:
        x = arb(fmpq(v.numerator, v.denominator))
        s = arb(0)
        for (r2, r1, p, q), c in t.terms.items():
            power = (x.log() * arb(fmpq(p.numerator, p.denominator))).exp()
            s += ball(c) * (r2.ball() / x**2 + r1.ball() / x).exp() * power * (1 / x).log() ** q
        return bounds(s) if s.is_finite() else (-mp.inf, mp.inf)
    finally:
        ctx.prec = with_digits


def test_e_to_the_power_of_one_is_e():
    d = arb(fmpq(1, 1024))
    low, high = value_at((Expansion.constant(exact.ONE, d) + Expansion.variable(d)).exp(), F(1, 2048))
    assert low <= mp.exp(1 + mp.mpf(1) / 2048) <= high


ARGUMENTS: dict[str, tuple[Callable[[Any], Any], Callable[[Expansion], Expansion]]] = {  # functions of v, true and expanded
    "v": (lambda v: v, lambda e: e),
    "1/v": (lambda v: 1 / v, lambda e: e.inverse()),
    "-1/v": (lambda v: -1 / v, lambda e: -e.inverse()),
    "2 + 3v": (lambda v: 2 + 3 * v, lambda e: Expansion.constant(Exact(2), e.d) + e.scale(3)),
    "1/(2 + v) - 1/v": (lambda v: 1 / (2 + v) - 1 / v, lambda e: (Expansion.constant(Exact(2), e.d) + e).inverse() - e.inverse()),
    "v + v^2 log v": (lambda v: v + v * v * mp.log(v), lambda e: e + e * e * e.log()),
}


@pytest.mark.parametrize("name", sorted(EXPANDED))
@pytest.mark.parametrize("argument", sorted(ARGUMENTS))
def test_expansions_include(name: str, argument: str) -> None:
    true, made = ARGUMENTS[argument]
    seen = 0
    for power in (3, 5, 9):
        d = arb(fmpq(1, 2**power))
        try:
            t = Expansions(d).call(name, made(Expansion.variable(d)))
        except (Undecided, NotCovered, NoValue):
            continue
        for v in (F(1, 2**power), F(3, 2 ** (power + 2)), F(1, 2 ** (power + 4)), F(1, 1000 * 2**power)):
            u = true(exact_mp(v))
            if name in POSITIVE and u <= 0:
                continue
            w = TRUE[name](u).real
            lo, hi = value_at(t, v)
            assert lo - TINY * (1 + abs(w)) <= w <= hi + TINY * (1 + abs(w)), (name, argument, v)
            seen += 1
    assert seen or name in POSITIVE or name in ("sinh", "cosh", "exp", "tanh", "sigmoid", "sin", "cos")


W = Div(At("x", (Sym("i"),)), Sym("l"))
BODIES: dict[str, tuple[Formula, Callable[[Any, Any], Any]]] = {
    "log(1 + x/l)": (Call("log", (Add((ONE, W)),)), lambda x, v: mp.log(1 + x / v)),
    "1/(1 + x/l)": (Div(ONE, Add((ONE, W))), lambda x, v: 1 / (1 + x / v)),
    "x/(1 + x/l)^2": (Div(At("x", (Sym("i"),)), Pow(Add((ONE, W)), TWO)), lambda x, v: x / (1 + x / v) ** 2),
    "sqrt(x/l)": (Call("sqrt", (W,)), lambda x, v: mp.sqrt(x / v)),
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("far", [True, False])
def test_sums_over_many_rows_include(name: str, far: bool) -> None:
    body, true = BODIES[name]
    rows = tuple(((F(k * k + 1, 7),), 1 + k % 3) for k in range(20))
    f = Function(Big("sum", "i", ONE, Sym("n"), body), ("l",), Data(("x",), rows))
    side, seen = Side(None, -1, fmpq(8)) if far else Side(F(0), 1, fmpq(1, 8)), 0
    for power in (4, 8, 12):
        d = arb(fmpq(1, 2**power))
        with contextlib.suppress(Undecided, NotCovered):
            t = f.over(Expansions(d))(side.expansion(d))
            for v in (F(1, 2**power), F(1, 5 * 2**power), F(1, 1000 * 2**power)):
                place = exact_mp(8 / v if far else v / 8)
                w = mp.fsum(k * true(exact_mp(x), place) for (x,), k in rows)
                lo, hi = value_at(t, v)
                assert lo - TINY * (1 + abs(w)) <= w <= hi + TINY * (1 + abs(w)), (name, far, v)
                seen += 1
    assert seen or name == "sqrt(x/l)"


def test_quotients_of_logarithms_cancel_exactly() -> None:
    a, b = Exact.log(fmpq(6)).scale(2), Exact.log(fmpq(6))
    assert a.over(b) == Exact(2) and Exact.log(fmpq(6)).over(Exact.log(fmpq(2))) is None
    tiny = Exact.log(1 + fmpq(1, 10**100))
    assert tiny.ball() > 0 and tiny.ball().rel_accuracy_bits() > 20


def test_exact_constants_cancel_exactly() -> None:
    half = Exact.log(fmpq(8)) + Exact.log(fmpq(1, 4)).scale(fmpq(3, 2))
    assert half.is_zero and (half + Exact(fmpq(1, 10**40))).sign == 1
    assert (Exact.log(fmpq(3)).scale(fmpq(1, 2)) + Exact.log(fmpq(3, 2)).scale(-1)).sign == (3**0.5 > 1.5) - (3**0.5 < 1.5)


# -- families --------------------------------------------------------------------------------------------

REAL, HALF = Domain(), Domain(F(0), None)
FAMILIES: dict[str, tuple[str, str, Domain, Callable[[Any, list[Any]], Any]]] = {  # score, log-likelihood, domain, the score apart
    "Cauchy": ("2*Sum((x[i]-t)/(1+(x[i]-t)**2),(i,1,n))", "-Sum(log(1+(x[i]-t)**2),(i,1,n))", REAL,
               lambda t, xs: sum(2 * (x - t) / (1 + (x - t) ** 2) for x in xs)),
    "logistic": ("n-2*Sum(exp(-(x[i]-t))/(1+exp(-(x[i]-t))),(i,1,n))", "-Sum(x[i]-t+2*log(1+exp(-(x[i]-t))),(i,1,n))", REAL,
                 lambda t, xs: sum(mp.tanh((x - t) / 2) for x in xs)),
    "hyperbolic secant": ("pi/2*Sum(sinh(pi*(x[i]-t)/2)/cosh(pi*(x[i]-t)/2),(i,1,n))", "-Sum(log(cosh(pi*(x[i]-t)/2)),(i,1,n))", REAL,
                          lambda t, xs: sum(mp.tanh(mp.pi * (x - t) / 2) for x in xs)),
    "Gumbel": ("n-Sum(exp(-(x[i]-t)),(i,1,n))", "n*t-Sum(x[i]+exp(-(x[i]-t)),(i,1,n))", REAL,
               lambda t, xs: len(xs) - sum(mp.exp(t - x) for x in xs)),
    "Weibull": ("n/t+Sum(log(x[i]),(i,1,n))-n*Sum(x[i]**t*log(x[i]),(i,1,n))/Sum(x[i]**t,(i,1,n))",
                "n*log(t)-n*log(Sum(x[i]**t,(i,1,n)))+t*Sum(log(x[i]),(i,1,n))", HALF,
                lambda t, xs: len(xs) / t + sum(map(mp.log, xs)) - len(xs) * sum((x / max(xs)) ** t * mp.log(x) for x in xs) / sum((x / max(xs)) ** t for x in xs)),
    "gamma": ("n*log(t/x_bar)-n*digamma(t)+Sum(log(x[i]),(i,1,n))", "n*t*log(t/x_bar)-n*log(gamma(t))+t*Sum(log(x[i]),(i,1,n))-n*t", HALF,
              lambda t, xs: len(xs) * (mp.log(t) - mp.digamma(t) - mp.log(sum(xs) / len(xs))) + sum(map(mp.log, xs))),
    "negative binomial": ("n*log(t/(t+x_bar))-n*digamma(t)+Sum(digamma(x[i]+t),(i,1,n))", "0", HALF,
                          lambda t, xs: sum(mp.digamma(x + t) - mp.digamma(t) for x in xs) + len(xs) * mp.log(t / (t + sum(xs) / len(xs)))),
    "Cauchy scale": ("n/t-2*t*Sum(1/(t**2+x[i]**2),(i,1,n))", "n*log(t)-Sum(log(t**2+x[i]**2),(i,1,n))", HALF,
                     lambda t, xs: len(xs) / t - 2 * t * sum(1 / (t**2 + x**2) for x in xs)),
    "von Mises": ("-n*besseli(1,t)/besseli(0,t)+Sum(x[i],(i,1,n))", "0", HALF, lambda t, xs: sum(xs) - len(xs) * mp_bessel(t)),
    "zero-truncated Poisson": ("Sum(x[i],(i,1,n))/t-n-n*exp(-t)/(1-exp(-t))", "0", HALF,
                               lambda t, xs: sum(xs) / t - len(xs) / (1 - mp.exp(-t))),
}  # fmt: skip


def found(name: str, *data: F | int | str) -> Enclosed:
    score, height, domain, _ = FAMILIES[name]
    return enclosed(score, height, domain, [F(x) for x in data])


def enclosed(score: str, height: str, domain: Domain, data: list[F]) -> Enclosed:
    rows = {(x,): data.count(x) for x in data}
    return stationary_points(read(score), read(height), "t", domain, ("x",), tuple(rows.items()))


def read(text: str) -> Formula:
    return read_sympy(text, Context())[0].formula


NASTY = [
    ("Cauchy", (150,), 1), ("Cauchy", (0, 1000, 3000), 5), ("Cauchy", ("1e-9", 1, "1e9", "-1e9"), 5), ("Cauchy", (2, 2, 2), 1),
    ("logistic", (0, 100), 1), ("logistic", (0, 700), 1), ("logistic", (1000, 2000), 1), ("logistic", (-20, 20), 1),
    ("hyperbolic secant", (-20, 20), 1), ("Gumbel", (800,), 1), ("Gumbel", ("1.2e100", "2.3e100"), 1),
    ("Weibull", ("1e100", "2e100"), 1), ("Weibull", ("1e-100", "2e-100"), 1), ("Weibull", ("1e-9", 1, "1e9"), 1), ("Weibull", (1, 1, 7), 1),
    ("gamma", ("1e100", "2e100"), 1), ("gamma", ("1e-100", "2e-100"), 1), ("gamma", (1, 2, 3, 7), 1), ("gamma", ("1e-9", 1, "1e9"), 1),
    ("negative binomial", (1, 2, 3, 12), 1), ("negative binomial", (0, 0, 0, 3, 2, 1, 0, 2), 1), ("Cauchy scale", ("1e-9", "1e9"), 1),
    ("Cauchy scale", (1, 10**12), 1), ("von Mises", ("0.9", "0.8", "-0.1"), 1), ("zero-truncated Poisson", (1, 3, 2, 1, 4), 1),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "points"), NASTY)
def test_stationary_points_have_the_signs_of_a_score_written_apart(name: str, data: tuple[Any, ...], points: int) -> None:
    r = found(name, *data)
    assert r.verdict is Verdict.UNIQUE and len(r.points) == points and len(r.best) == 1
    xs = [exact_mp(F(x)) for x in data]
    score = FAMILIES[name][3]
    with mp.workdps(500):
        for p in r.points:
            assert p.precise
            w = (abs(p.low) + abs(p.high)) / 10**12 or F(1, 10**30)
            before, after = score(exact_mp(p.low - w), xs), score(exact_mp(p.high + w), xs)
            assert before > 0 > after if p.maximum else before < 0 < after


@pytest.mark.parametrize(
    ("name", "data"),
    [("Weibull", (2, 2, 2)), ("Weibull", ("3.5",)), ("gamma", (2, 2, 2)), ("gamma", (1,)), ("negative binomial", (4,)),
     ("negative binomial", (1, 2, 3)), ("negative binomial", (1, 1, 4)), ("von Mises", (1, 1, 1))],
)  # fmt: skip
def test_no_maximum_where_the_score_stays_positive(name: str, data: tuple[Any, ...]) -> None:
    r = found(name, *data)
    assert r.verdict is Verdict.NONE and r.end == 1 and not r.points


def test_a_score_that_falls_everywhere_has_no_maximum_at_an_open_end() -> None:
    assert found("zero-truncated Poisson", 1, 1, 1).end == -1
    assert found("von Mises", F(-1, 2), F(1, 10)).end == -1


def test_two_maxima_of_a_symmetric_likelihood_are_both_there() -> None:
    r = found("Cauchy", -20, 20)
    assert r.verdict is Verdict.SEVERAL and len(r.best) == 2
    assert abs(float(r.best[1].middle) - 399**0.5) < 1e-12 and abs(float(r.best[0].middle) + 399**0.5) < 1e-12
    even = enclosed("2*n/t-2*t*Sum(x[i],(i,1,n))", "n*log(t**2)-t**2*Sum(x[i],(i,1,n))", REAL, [F(1), F(3)])
    assert even.verdict is Verdict.SEVERAL and [round(float(p.middle), 12) for p in even.best] == [
        -round(0.5**0.5, 12),
        round(0.5**0.5, 12),
    ]


def test_a_likelihood_without_information_has_no_single_maximum() -> None:
    assert found("negative binomial", 0, 0, 0).verdict is Verdict.SEVERAL


def test_a_supremum_at_infinity_that_is_higher_than_the_maximum_inside() -> None:
    score = "n*Sum(x[i]/(t+x[i]),(i,1,n))/(t*Sum(log(1+x[i]/t),(i,1,n)))-n/t+Sum(x[i]/(t+x[i]),(i,1,n))/t"
    height = "-n*log(t)-n*log(Sum(log(1+x[i]/t),(i,1,n)))-Sum(log(1+x[i]/t),(i,1,n))"
    assert enclosed(score, height, HALF, [F(1), F(1), F(7)]).verdict in (Verdict.NONE, Verdict.UNDECIDED)
    r = enclosed(score, height, HALF, [F(18000), F(60)])
    assert r.verdict is Verdict.UNDECIDED or (r.verdict is Verdict.UNIQUE and abs(float(r.best[0].middle) - 51.09) < 0.01)


def test_a_form_that_is_not_covered_is_undecided() -> None:
    assert enclosed("n/t-Sum(floor(x[i]*t),(i,1,n))", "0", HALF, [F(1), F(2)]).verdict is Verdict.UNDECIDED


def test_ball_arithmetic_is_not_loaded_at_the_start() -> None:
    code = "import derive, sys; raise SystemExit('flint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_tie_is_proved_by_an_identity_of_polynomials() -> None:
    score = "Sum((x[i]-t**2+t)*(2*t-1),(i,1,n))"
    r = enclosed(score, "-Sum((x[i]-t**2+t)**2/2,(i,1,n))", REAL, [F(5), F(-5)])
    assert r.verdict is Verdict.SEVERAL and [float(p.middle) for p in r.best] == [0.0, 1.0]


CANCEL = [  # bases with their factors; whether the logarithms add up to 0
    ({6: 10**9, 2: -(10**9), 3: -(10**9)}, True),
    ({F(9999, 10000): 10**12, 9999: -(10**12), 10: 4 * 10**12}, True),
    ({F(9999, 10000): 10**12, 9999: -(10**12), 10: 4 * 10**12 + 1}, False),
    ({10**30 + 57: 3, (10**30 + 57) ** 3: -1}, True),
]  # fmt: skip


@pytest.mark.parametrize(("logs", "zero"), CANCEL)
def test_logarithms_that_cancel(logs: dict[Any, int], zero: bool) -> None:
    assert Exact(0, {rational(F(a)): fmpq(c) for a, c in logs.items()}).is_zero is zero


@given(st.lists(st.integers(2, 10**6), min_size=1, max_size=8))
def test_numbers_are_products_of_coprime_ones(numbers: list[int]) -> None:
    base = coprime(numbers)
    assert all(math.gcd(a, b) == 1 for j, a in enumerate(base) for b in base[:j])
    assert all(math.prod(b ** power_of(b, n) for b in base) == n for n in numbers)
