"""Densities given by cases: each observation in one cell, the likelihood a product of powers of cell probabilities."""

import pytest
import sympy as sp

import derive
from derive.formula.tree import Cases, Num, Relation, Sym
from derive.problem.cells import cells_of

CASES = [  # density, parameters, data, estimate, the same with another sample
    ("Piecewise((2*t/3,Eq(x,0)),(t/3,Eq(x,1)),(2*(1-t)/3,Eq(x,2)),((1-t)/3,Eq(x,3)))", {"t": "[0,1]"}, [3, 0, 2, 1, 3, 2, 1, 0, 2, 1], "1/2",
     ([0, 1, 1, 2], 0.75)),
    ("Piecewise(((1-t)/3,Eq(x,0)),(Rational(1,3),Eq(x,1)),((1+t)/3,True))", {"t": "[-1,1]"}, [2, 0, 1, 2, 2, 1, 0, 2], "1/3", ([0, 0, 2], -1 / 3)),
    (r"\begin{cases}t^2 & x=0\\ 2t(1-t) & x=1 \\ (1-t)^2 & x=2\end{cases}", None, [0, 0, 1, 1, 1, 2], "7/12", ([0, 1], 0.75)),
    (r"\begin{cases}\frac{9}{16}+t & x=1\\ \frac{3}{16}-t & x=2 \\ \frac{3}{16}-t & x=3 \\ \frac1{16}+t & x=4\end{cases}", {"t": "(-1/16,3/16)"},
     derive.Sample(counts={1: 926, 2: 288, 3: 293, 4: 104}), "(-2291+8*sqrt(90997))/25776", ([1] * 9 + [2] * 3 + [3] * 3 + [4], 0)),
]  # fmt: skip


@pytest.mark.parametrize("density, parameters, data, estimate, other", CASES, ids=[c[0][:40] for c in CASES])
def test_estimates(density, parameters, data, estimate, other):
    support = {} if "True" not in density else {"support": "x in {0,1,2}"}
    d = derive.mle(density, parameters=parameters, data=data, **support)
    assert d.verified and sp.simplify(d.estimates["t"] - sp.sympify(estimate)) == 0
    general = derive.mle(density, parameters=parameters, **support)
    assert general.verified and general.evaluate(other[0])["t"] == pytest.approx(other[1], abs=1e-12)
    assert general.estimates["t"].atoms(sp.KroneckerDelta)


def test_counts_are_named_and_add_up():
    text = derive.mle(CASES[0][0], parameters={"t": "[0,1]"}).to_markdown()
    assert r"n_{0} + n_{1} + n_{2} + n_{3} = n" in text and r"\hat{t} = \frac{n_{0} + n_{1}}{n}" in text


def test_a_count_does_not_take_a_letter_that_is_in_use():
    p = derive.Problem("Piecewise((n_1,Eq(x,1)),(1-n_1,Eq(x,0)))", parameters=["n_1"])
    assert tuple(p.statistics) == ("m_1", "m_0")


def test_cases_in_the_parameter_or_that_overlap_are_no_cells():
    x, t = Sym("x"), Sym("t")
    one, two = Num(1), Num(2)
    support = derive.Problem("t**x*(1-t)**(1-x)").support
    for rows in (((t, Relation((t, one), ("<",))), (one, None)), ((t, Relation((x, two), ("<",))), (one, Relation((x, one), ("<",))))):
        assert cells_of(Cases(rows), ("x",), (), support, set()) is None


INDICATORS = [r"\theta \mathbf{1}\{x=1\} + (1-\theta) \mathbf{1}\{x=0\}", "theta*KroneckerDelta(x,1)+(1-theta)*KroneckerDelta(x,0)"]


@pytest.mark.parametrize("density", INDICATORS)
def test_a_sum_of_indicators_is_one_case_each(density):
    d = derive.mle(density, support="{0,1}")
    assert d.how == {"theta": "closed"} and d.evaluate([1, 1, 0, 0, 0]) == {"theta": 0.4}


TABLES = [
    (r"\begin{array}{c|cc} X & 0 & 1\\ \hline p(x) & \theta & 1-\theta\end{array}", [0, 1, 1], "1/3"),
    (
        r"\begin{array}{|c|c|c|c|} \hline X & 1 & 2 & 3\\ \hline P(X=x) & \theta^2 & 2\theta(1-\theta) & (1-\theta)^2 \\ \hline\end{array}",
        [1, 2, 1],
        "5/6",
    ),
    (r"\begin{array}{cc} x & p(x)\\ \hline 0 & \theta/3\\ 1 & 2\theta/3\\ 2& 1-\theta \end{array}", [0, 1, 1, 2], "3/4"),
]


@pytest.mark.parametrize("density, data, expected", TABLES, ids=range(len(TABLES)))
def test_a_table_of_probabilities(density, data, expected):
    d = derive.mle(density, data=data)
    assert d.verified and str(d.estimates["theta"]) == expected


def test_an_array_with_conditions_is_no_table():
    density = r"f(x)=\left\{\begin{array}{ll} 1/\theta & 0\le x\le \theta\\ 0 & \text{otherwise}\end{array}\right."
    assert derive.mle(density, data=[1, 2]).estimates["theta"] == 2
