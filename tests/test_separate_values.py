"""Parameters that are whole numbers or have finitely many values, against a comparison of all values."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
import sympy as sp

import derive
from derive.proofs.exact_single_crossing import roots_beyond

CHOOSE = math.comb


def hypergeometric(size, marked, caught):
    return lambda n, x: CHOOSE(marked, x) * CHOOSE(n - marked, caught - x) / CHOOSE(n, caught) if n >= size else 0.0


INTEGER = [  # density, support, domain, known, data, the mass function of (parameter, observation)
    ("binomial(N,x)*p**x*(1-p)**(N-x)", "0<=x<=N", "integer >= 1", {"p": "1/3"}, [7], lambda n, x: CHOOSE(n, x) * (1 / 3) ** x * (2 / 3) ** (n - x)),
    ("binomial(N,x)*p**x*(1-p)**(N-x)", "0<=x<=N", "integer >= 1", {"p": "0.3"}, [7, 5, 8, 5], lambda n, x: CHOOSE(n, x) * 0.3**x * 0.7 ** (n - x)),
    ("binomial(20,x)*binomial(N-20,15-x)/binomial(N,15)", "max(0,35-N)<=x<=15", "integer >= 20", {}, [4], hypergeometric(20, 20, 15)),
    ("binomial(4,x)*binomial(N-4,3-x)/binomial(N,3)", "x in {0,1,2,3}", "integer >= 6", {}, [1], hypergeometric(6, 4, 3)),
    ("binomial(N,x)*binomial(50-N,10-x)/binomial(50,10)", "max(0,N-40)<=x<=min(10,N)", "integer >= 0", {}, [3], lambda n, x: CHOOSE(n, x) * CHOOSE(50 - n, 10 - x) if n <= 50 else 0.0),
    ("1/(N+1)", "N <= x <= 2*N", "integer >= 1", {}, [11, 19], lambda n, x: (n <= x <= 2 * n) / (n + 1)),
    ("exp(-(x-N)**2/2)/sqrt(2*pi)", "real", "integer >= -20", {}, [1, 2.6], lambda n, x: math.exp(-((x - n) ** 2) / 2)),
    ("binomial(20,x)*binomial(N-20,15-x)/binomial(N,15)", "max(0,35-N)<=x<=15", "integer >= 20", {}, [4, 6, 3], hypergeometric(20, 20, 15)),
    ("1/N", "x in {1,...,N}", "integer >= 1", {}, [3, 9, 4], lambda n, x: (x <= n) / n),
    ("1/(2*N+1)", "x in {-N,...,N}", "integer >= 1", {}, [-3, 2, 1], lambda n, x: (abs(x) <= n) / (2 * n + 1)),
    ("exp(-N)*N**x/factorial(x)", "x in {0,1,2,...}", "integer >= 1", {}, [3, 5, 4, 9], lambda n, x: math.exp(-n) * n**x / math.factorial(x)),
    ("binomial(x+N-1,x)*p**N*(1-p)**x", "x in {0,1,2,...}", "integer >= 1", {"p": "1/2"}, [6], lambda n, x: CHOOSE(x + n - 1, x) / 2 ** (n + x)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("density", "support", "domain", "known", "data", "mass"), INTEGER, ids=[f"{d} {x}" for d, _, _, _, x, _ in INTEGER]
)
def test_whole_numbers(density, support, domain, known, data, mass):
    d = derive.mle(density, variable="x", parameters={"N": domain}, known=known, support=support, data=data)
    first = int(domain.split()[-1])
    heights = {n: math.prod(mass(n, x) for x in data) for n in range(first, 200)}
    best = [n for n, h in heights.items() if h >= max(heights.values()) * (1 - 1e-12)]
    assert d.verified
    assert d.numeric["N"] in best
    assert d.outcome == ("unique" if len(best) == 1 else "not unique")
    if len(best) > 1:
        assert d.estimates["N"] == sp.FiniteSet(*best)


@pytest.mark.parametrize(
    ("roots", "start", "count"),
    [((1, 2, 3), "3/2", 2), ((-4, 5), "0", 1), ((2, 2, 7), "1", 2), ((1,), "9", 0), ((1, 2, 3, 4, 50), "7/2", 2)],
)
def test_roots_are_counted(roots, start, count):
    p = [Fraction(1)]
    for r in roots:
        p = [a - r * b for a, b in zip([0, *p], [*p, 0], strict=True)]
    assert roots_beyond([Fraction(c) for c in p], Fraction(start)) == count


def test_whole_number_in_general():
    d = derive.mle(
        "binomial(N,x)*p**x*(1-p)**(N-x)", variable="x", parameters={"N": "integer >= 1"}, known={"p": "(0, 1)"}, support="0<=x<=N", n=1
    )
    assert str(d.estimates["N"]) == "Max(1, floor(x[1]/p))"
    assert any("not a whole number" in "".join(str(p) for p in c.words.parts) for c in d.conditions)
    known = derive.mle(
        "binomial(N,x)*p**x*(1-p)**(N-x)", variable="x", parameters={"N": "integer >= 1"}, known={"p": "0.3"}, support="0<=x<=N", n=1
    )
    assert known.evaluate([7]) == {"N": 23}


def test_no_marked_animal_caught_again():
    d = derive.mle(
        "binomial(20,x)*binomial(N-20,15-x)/binomial(N,15)", variable="x", parameters={"N": "integer >= 35"}, support="0<=x<=15", data=[0]
    )
    assert d.outcome == "none" and d.numeric is None
    assert "no maximum" in d.to_markdown()


FINITE = [
    ("Piecewise((1,Eq(theta,0)),(1/(2*sqrt(x)),True))", "0<x<1", "{0, 1}", [0.22, 0.05], [1]),
    ("Piecewise((1,Eq(theta,0)),(1/(2*sqrt(x)),True))", "0<x<1", "{0, 1}", [0.9, 0.8], [0]),
    ("theta**x*(1-theta)**(1-x)", "{0, 1}", "{1/4, 1/2, 3/4}", [1, 0, 1, 1], [0.75]),
    ("theta**x*(1-theta)**(1-x)", "{0, 1}", "{1/4, 3/4}", [1, 0], [0.25, 0.75]),
    ("1/theta", "0<=x<=theta", "{1, 2, 3}", [0.5, 1.5], [2]),
    ("theta*exp(-theta*x)", "x>0", "{1, 2, 5}", [1, 0.4], [1]),
]


@pytest.mark.parametrize(("density", "support", "values", "data", "best"), FINITE)
def test_finitely_many_values(density, support, values, data, best):
    d = derive.mle(density, variable="x", parameters={"theta": values}, support=support, data=data)
    assert d.verified
    assert d.outcome == ("unique" if len(best) == 1 else "not unique")
    assert d.numeric["theta"] == best[0]
    if len(best) > 1:
        assert d.estimates["theta"] == sp.FiniteSet(*map(sp.nsimplify, best))


def test_finitely_many_values_in_general():
    d = derive.mle("theta*exp(-theta*x)", variable="x", parameters={"theta": "{1, 2, 5}"}, support="x>0")
    assert [d.evaluate([x])["theta"] for x in (2, 0.6, 0.1)] == [1, 2, 5]


def test_sizes_as_people_write_them():
    d = derive.mle(r"P(X=k)=\binom{n}{k}p^k(1-p)^{n-k}", variable="k", parameters={"n": "integer >= 1"}, known={"p": 0.3}, data=[7])
    assert d.estimates == {"n": 23}
    whole = derive.mle(r"f(x;\theta)=\frac{1}{2\theta+1}, x=-\theta,\ldots,\theta", parameters={r"\theta": "integer >= 0"}, data=[2, -3, 1])
    assert whole.estimates == {"theta": 3}
    caught = derive.mle(
        r"P(X=x)=\frac{{M \choose x}{N-M \choose n-x}}{{N \choose n}}",
        variable="x",
        parameters={"N": "integer >= 20"},
        known={"M": 20, "n": 15},
        data=[4],
    )
    assert caught.estimates == {"N": sp.FiniteSet(74, 75)}


FALLING = [  # density, parameter and domain, data, the mass function of (parameter, observation)
    (r"\binom{N}{x}0.3^x0.7^{N-x}", ("N", "integer"), [4, 2, 5, 3], lambda n, x: CHOOSE(n, x) * 0.3**x * 0.7 ** (n - x)),
    (r"\binom{N}{x}2^{-N}", ("N", "integer"), [4, 2, 5, 3], lambda n, x: CHOOSE(n, x) / 2**n),
    (r"\binom{N}{x}2^{-N}", ("N", "integer"), [0, 0], lambda n, x: CHOOSE(n, x) / 2**n),
    (r"\binom{x+r-1}{x}0.4^r0.6^x", ("r", "integer >= 1"), [4, 2, 5, 3], lambda r, x: CHOOSE(x + r - 1, x) * 0.4**r * 0.6**x if r else 0),
    (r"\binom{x+r-1}{x}0.4^r0.6^x", ("r", "integer >= 1"), [0, 0, 1], lambda r, x: CHOOSE(x + r - 1, x) * 0.4**r * 0.6**x if r else 0),
    (r"\binom{x-1}{r-1}0.4^r0.6^{x-r}", ("r", "integer >= 1"), [7, 9, 8, 6], lambda r, x: CHOOSE(x - 1, r - 1) * 0.4**r * 0.6 ** (x - r) if r else 0),
    (r"\frac{\binom{M}{x}\binom{50-M}{12-x}}{\binom{50}{12}}", ("M", "integer"), [3, 2, 5], lambda m, x: CHOOSE(m, x) * CHOOSE(50 - m, 12 - x) if m <= 50 else 0),
    (r"\frac{(2m)^xe^{-2m}}{x!}", ("m", "integer >= 1"), [4, 2, 5, 3, 9], lambda m, x: (2 * m) ** x * math.exp(-2 * m)),
]  # fmt: skip


@pytest.mark.parametrize(("density", "parameter", "data", "mass"), FALLING, ids=[f"{d} {x}" for d, _, x, _ in FALLING])
def test_the_ratio_of_a_symbolic_sample_falls(density, parameter, data, mass):
    name, domain = parameter
    general = derive.mle(density, parameters={name: domain})
    assert general.verified and general.how == {name: "numeric"} and general.estimates == {}
    assert r"\max\left\{" in general.to_markdown() and "is unique if" in general.to_markdown()
    heights = {k: math.prod(mass(k, x) for x in data) for k in range(80)}
    assert general.evaluate(data)[name] == max(heights, key=heights.get)
    assert derive.mle(density, parameters={name: domain}, data=data).numeric[name] == general.evaluate(data)[name]


SOLVED = [  # density, variable, parameter and domain, data, the estimate from the data
    (r"\frac{x^{k-1}e^{-x}}{(k-1)!}, x > 0", ("k", "integer >= 1"), [4.1, 2.2, 5.3], lambda xs: math.floor(1 + math.prod(xs) ** (1 / len(xs)))),
    (r"k x^{k-1}, 0 < x < 1", ("k", "integer >= 1"), [0.4, 0.8, 0.95], lambda xs: max(1, math.floor(1 / (1 - math.prod(xs) ** (1 / len(xs)))))),
    (r"\frac{1}{\sqrt{2\pi}} e^{-(x-m)^2/2}", ("m", "integer"), [4.1, 2.2, 5.9], lambda xs: math.floor(sum(xs) / len(xs) + 1 / 2)),
]  # fmt: skip


@pytest.mark.parametrize(("density", "parameter", "data", "wanted"), SOLVED, ids=[d for d, *_ in SOLVED])
def test_the_ratio_of_a_symbolic_sample_is_solved(density, parameter, data, wanted):
    name, domain = parameter
    general = derive.mle(density, variable="x", parameters={name: domain})
    assert general.verified and general.how == {name: "closed"} and general.evaluate(data) == {name: wanted(data)}


def test_a_known_constant_beside_data():
    d = derive.mle(r"\binom{N}{x}p^x(1-p)^{N-x}", parameters={"N": "integer"}, known={"p": "(0, 1)"}, data=[4, 2])
    assert d.verified and d.how == {"N": "numeric"} and d.numeric is None
    assert r"(1 - p)^{2} \prod_{i=1}^{2} \frac{N}{N - x_{i}} \ge 1" in d.to_markdown()


def test_a_capture_recapture_sample():
    """The ratio is not monotone, but passes 1 once."""
    asked = {"support": "max(0, 35-N) <= x <= 15", "variable": "x", "parameters": {"N": "integer >= 20"}}
    density = "binomial(20,x)*binomial(N-20,15-x)/binomial(N,15)"
    general = derive.mle(density, **asked)
    assert general.verified and general.how == {"N": "numeric"} and "geometric mean" in general.to_markdown()
    assert "some $x_{i}$ is positive" in general.to_markdown()
    for data in ([4, 6, 3], [0, 0, 1], [15, 15]):
        assert general.evaluate(data) == derive.mle(density, data=data, **asked).numeric
    with pytest.raises(derive.DeriveError):
        general.evaluate([0, 0])


def test_the_whole_numbers_at_which_factorials_make_sense():
    density = r"\frac{\binom{10}{x}\binom{N-10}{12-x}}{\binom{N}{12}}"
    d = derive.mle(density, parameters={"N": "integer"}, data=[3, 2, 4])
    assert d.numeric == {"N": 40} and r"N \in \{12, 13, \ldots\}" in d.to_markdown()
    assert derive.mle(density, parameters={"N": "integer"}, data=[3]).estimates["N"] == sp.FiniteSet(39, 40)


def test_a_tie_of_neighbours_is_exact():
    d = derive.mle(r"\binom{N}{x}2^{-N}", parameters={"N": "integer"}, data=[1, 1])
    assert (d.outcome, d.estimates["N"]) == ("not unique", sp.FiniteSet(1, 2))


BINOMIAL, PASCAL = r"\binom{N}{x}p^x(1-p)^{N-x}", r"\binom{x+r-1}{x}p^r(1-p)^x"
GAMMA = r"\frac{\lambda^k x^{k-1}e^{-\lambda x}}{(k-1)!}"
BESIDE = [  # density, parameters, data, estimates (None: no maximum)
    (BINOMIAL, {"N": "integer", "p": "(0, 1)"}, [16, 18, 22, 25, 27], {"N": 99, "p": 12 / 55}),  # a textbook's impala counts
    (BINOMIAL, {"N": "integer", "p": "(0, 1)"}, [2, 2, 3], {"N": 3, "p": 7 / 9}),
    (BINOMIAL, {"N": "integer", "p": "(0, 1)"}, [1, 9, 3, 0], None),  # the variance is above the mean
    (BINOMIAL, {"N": "integer", "p": "(0, 1)"}, [3, 3, 3], None),  # p = 1 does not belong to the domain
    (BINOMIAL, {"N": "integer", "p": "[0, 1]"}, [3, 3, 3], {"N": 3, "p": 1}),
    (PASCAL, {"r": "integer >= 1", "p": "(0, 1)"}, [3, 9, 0, 1, 14], {"r": 1, "p": 5 / 32}),
    (PASCAL, {"r": "integer >= 1", "p": "(0, 1)"}, [3, 3, 4, 2], None),
    (GAMMA, {"k": "integer >= 1", "lambda": "positive"}, [3.1, 2.2, 4, 1], {"k": 4, "lambda": 160 / 103}),
    (GAMMA, {"k": "integer >= 1", "lambda": "positive"}, [3, 3], None),
]  # fmt: skip


@pytest.mark.parametrize(("density", "parameters", "data", "wanted"), BESIDE, ids=[f"{d} {x}" for d, _, x, _ in BESIDE])
def test_a_whole_number_beside_others(density, parameters, data, wanted):
    d = derive.mle(density, variable="x", parameters=parameters, data=data)
    assert d.verified and d.numeric == (pytest.approx(wanted) if wanted else None)
    assert d.outcome == ("unique" if wanted else "none")
    if wanted:
        assert sorted(d.how.values()) == ["given others", "numeric"] and d.evaluate(data) == d.numeric


ROUNDED = [  # density on {1, 2, ...}, its logarithm at (parameter, observation): the best real value lies between two whole ones
    (r"\frac1N\left(1-\frac1N\right)^{x-1}", lambda n, x: -math.log(n) + (x - 1) * math.log(1 - 1 / n)),
    (r"\frac{N-1}{N^x}", lambda n, x: math.log(n - 1) - x * math.log(n)),
]


@pytest.mark.parametrize(("density", "log"), ROUNDED, ids=[d for d, _ in ROUNDED])
def test_a_whole_number_beside_the_best_real_one(density, log):
    asked = {"variable": "x", "support": "{1, 2, ...}", "parameters": {"N": "integer >= 2"}}
    general = derive.mle(density, **asked)
    assert general.verified and general.how == {"N": "numeric"} and "whole numbers" in general.to_markdown()
    for data in ([3, 2, 7, 5], [2], [1, 2, 1], [9, 4], [1, 1, 1, 5]):
        heights = {n: sum(log(n, x) for x in data) for n in range(2, 200)}
        assert heights[general.evaluate(data)["N"]] == pytest.approx(max(heights.values()), abs=1e-12)


def test_values_compared_where_the_ratio_is_not_settled():
    """Drawings until a certain one of N equally likely ones comes."""
    density = r"\frac1N\left(1-\frac1N\right)^{x-1}"
    asked = {"variable": "x", "support": "{1, 2, ...}", "parameters": {"N": "integer >= 2"}}
    for data in ([3, 2, 7, 5], [11, 12], [1, 1, 2]):
        d = derive.mle(density, data=data, **asked)
        heights = {n: sum(math.log(1 / n) + (x - 1) * math.log(1 - 1 / n) for x in data) for n in range(2, 200)}
        assert d.verified and d.numeric == {"N": max(heights, key=heights.get)}
    asked = {"support": "max(0, 35-N) <= x <= 15", "variable": "x", "parameters": {"N": "integer >= 20"}, "data": [0, 0]}
    assert derive.mle("binomial(20,x)*binomial(N-20,15-x)/binomial(N,15)", **asked).outcome == "none"


def test_a_whole_number_beside_others_needs_data():
    with pytest.raises(derive.DeriveError, match="give the data"):
        derive.mle(BINOMIAL, parameters={"N": "integer", "p": "(0, 1)"})


def test_few_values_that_move_the_support():
    general = derive.mle(r"\frac1\theta,\ 0\le x\le\theta", parameters={"theta": "{1, 2, 3}"})
    assert general.verified and general.how == {"theta": "numeric"}
    assert [general.evaluate(x)["theta"] for x in ([0.5, 1.5], [0.2], [2.5, 1])] == [2, 1, 3]
    assert r"L(2) &= 2^{-n} \mathbf{1}\{x_{(n)} \le 2\}" in general.to_markdown()
    with pytest.raises(derive.DeriveError):
        general.evaluate([4])


def test_why_a_ratio_is_always_above_1():
    d = derive.mle(
        "binomial(K,x)*binomial(N-K,m-x)/binomial(N,m)", variable="x", parameters={"N": "integer >= 20"}, known={"K": 10, "m": 10},
        support="x in {0,...,10}", data=[0],
    )  # fmt: skip
    assert d.outcome == "none"
    assert "(N - 10)^{2} - N (N - 20) = 100 > 0" in d.to_markdown()
