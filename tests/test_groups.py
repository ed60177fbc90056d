"""Several samples in one: a covariate says to which group an observation belongs."""

from __future__ import annotations

from itertools import pairwise

import pytest

import derive
from derive.formula.tree import Sym, num
from derive.problem.groups import plain_at
from derive.reading.context import Context
from derive.reading.sympytext import read_sympy

Y, G, H = [4, 5, 4.5, 6, 7, 6.5, 5.5], [1, 1, 1, 2, 2, 2, 2], [1, 0, 0, 1, 1, 0, 1]
NORMAL = "exp(-(y-({}))**2/(2*v))/sqrt(2*pi*v)"


def part(values, groups, k):
    return [v for v, g in zip(values, groups, strict=True) if g == k]


def mean(xs):
    return sum(xs) / len(xs)


def pooled(groups, *ks):
    return sum((v - mean(part(Y, groups, k))) ** 2 for k in ks for v in part(Y, groups, k)) / len(Y)


M, V = {"mu1": "real", "mu2": "real"}, {"v": "positive"}
CASES = {
    "means by cases, one variance": (
        {"density": f"Piecewise(({NORMAL.format('mu1')}, Eq(g,1)), ({NORMAL.format('mu2')}, Eq(g,2)))", "parameters": M | V},
        G,
        {"mu1": mean(part(Y, G, 1)), "mu2": mean(part(Y, G, 2)), "v": pooled(G, 1, 2)},
    ),
    "an indicator and its complement": (
        {"density": NORMAL.format("mu1*(1-g)+mu2*g"), "parameters": M | V},
        H,
        {"mu1": mean(part(Y, H, 0)), "mu2": mean(part(Y, H, 1)), "v": pooled(H, 0, 1)},
    ),
    "Kronecker deltas": (
        {"density": NORMAL.format("mu1*KroneckerDelta(g,1)+mu2*KroneckerDelta(g,2)"), "parameters": M | V},
        G,
        {"mu1": mean(part(Y, G, 1)), "mu2": mean(part(Y, G, 2)), "v": pooled(G, 1, 2)},
    ),
    "rates": (
        {"density": "(a*(1-g)+b*g)*exp(-(a*(1-g)+b*g)*y)", "parameters": {"a": "positive", "b": "positive"}},
        H,
        {"a": 1 / mean(part(Y, H, 0)), "b": 1 / mean(part(Y, H, 1))},
    ),
    "in LaTeX": (
        {
            "density": r"\begin{cases}\alpha e^{-\alpha y} & g = 1\\ \beta e^{-\beta y} & g = 2\end{cases}",
            "parameters": {r"\alpha": "positive", r"\beta": "positive"},
        },
        G,
        {"alpha": 1 / mean(part(Y, G, 1)), "beta": 1 / mean(part(Y, G, 2))},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_groups(name):
    question, groups, want = CASES[name]
    data = {"y": Y, "g": groups}
    given = derive.mle(**question, variable="y", covariates=["g"], data=data)
    symbolic = derive.mle(**question, variable="y", covariates=["g"])
    assert given.verified
    assert symbolic.verified
    assert given.numeric == pytest.approx(want)
    assert symbolic.evaluate(data) == pytest.approx(want)
    assert {k: float(v) for k, v in given.estimates.items()} == pytest.approx(want)
    assert "No general proof" not in symbolic.to_markdown()


def test_the_sizes_of_groups_have_letters():
    question = CASES["means by cases, one variance"][0]
    d = derive.mle(**question, variable="y", covariates=["g"])
    shown = [line.latex for s in d.steps for line in s.lines]
    assert r"\hat{\mu}_{1} = \frac{1}{n_{1}} \sum_{i=1}^{n} \mathbf{1}\{g_{i} = 1\} y_{i}" in shown
    assert "some observation has $g_{i} = 1$" in d.to_markdown()


def test_a_two_state_chain_is_two_coins():
    states = [0, 0, 1, 1, 0, 1, 1, 1, 0, 1, 0]
    d = derive.mle(
        "(a**x*(1-a)**(1-x))**(1-z)*(b**(1-x)*(1-b)**x)**z", variable="x", covariates=["z"], support="x in {0, 1}",
        parameters={"a": "(0, 1)", "b": "(0, 1)"}, data={"x": states[1:], "z": states[:-1]},
    )  # fmt: skip
    moves = list(pairwise(states))
    ups, downs = moves.count((0, 1)), moves.count((1, 0))
    assert d.numeric == pytest.approx({"a": ups / (ups + moves.count((0, 0))), "b": downs / (downs + moves.count((1, 1)))})


def test_a_group_outside_the_stated_ones_is_named():
    question = CASES["means by cases, one variance"][0]
    with pytest.raises(derive.DeriveError, match="observation 2 of g is 3"):
        derive.mle(**question, variable="y", covariates=["g"], support={"g": "{1, 2}"}, data={"y": [1, 2], "g": [1, 3]})


PLAIN = [
    ("a*(1-g) + b*g", 0, "a"),
    ("a*(1-g) + b*g", 1, "b"),
    ("a**(1-g)*b**g", 1, "b"),
    ("Piecewise((a, Eq(g, 1)), (b, True))", 1, "a"),
    ("Piecewise((a, Eq(g, 1)), (b, True))", 2, "b"),
    ("a + KroneckerDelta(g, 1)*b", 2, "a"),
]


@pytest.mark.parametrize(("text", "g", "want"), PLAIN)
def test_a_number_put_in_leaves_no_zeros_and_ones(text, g, want):
    (s,) = read_sympy(text, Context(parameters=frozenset("ab")))
    assert plain_at(s.formula, {Sym("g"): num(g)}) == Sym(want)


def test_groups_of_a_long_sample():
    y = [((7 * j) % 101) / 10 + (3 if j % 3 else 0) for j in range(1500)]
    g = [int(j % 3 > 0) for j in range(1500)]
    want = {"mu1": mean(part(y, g, 0)), "mu2": mean(part(y, g, 1))}
    d = derive.mle(NORMAL.format("mu1*(1-g)+mu2*g"), parameters=M | V, variable="y", covariates=["g"], data={"y": y, "g": g})
    assert {k: d.numeric[k] for k in want} == pytest.approx(want)
