"""What the data must satisfy for an equation without a closed solution to have a root, and that there is only one."""

from __future__ import annotations

import pytest

import derive
from derive.algebra.facts import NONNEGATIVE, POSITIVE, Facts
from derive.algebra.terms import Algebra
from derive.checking.judging.specials import settled
from derive.formula.latex import latex
from derive.formula.tree import ONE, ZERO, Const, Sym, neg
from derive.oracle.oracle import Oracle, Refuted
from derive.proofs.asymptotics import leading
from derive.reading.context import Context
from derive.reading.tex import read_latex

NEGBIN = (r"\frac{\Gamma(x+r)}{x!\,\Gamma(r)} p^r (1-p)^x", {"support": "{0, 1, 2, ...}"})
POSITIVE_TWO = {"parameters": {"a": "positive", "s": "positive"}}
LOMAX = ("a/s*(1+x/s)**(-(a+1))", {**POSITIVE_TWO, "support": "x > 0"})
CASES = [  # density, further arguments, what the words hold, data that satisfy it, data that do not
    (*NEGBIN, [r"n > \sum_{i=1}^{n} \mathbf{1}\{x_{i} = 0\}", r"(x_{i} - \bar{x})^{2} > \bar{x}"], [0, 7, 1, 12, 3], [1, 2, 1, 2]),
    (*LOMAX, [r"x_{i}^{2} > 2 \bar{x}^{2}"], [0.1, 0.2, 0.3, 8.0], [1.0, 1.2, 0.9]),
    (r"-\frac{p^x}{x \ln(1-p)}", {"support": "{1, 2, ...}"}, [r"\bar{x} > 1", "is unique"], [1, 1, 3], [1, 1, 1]),
    ("x**(a-1)*exp(-x/s)/(gamma(a)*s**a)", POSITIVE_TWO, [r"\log \bar{x} >", "not all equal", "are unique"], [1, 2], [2, 2]),
    ("a/s*(x/s)**(a-1)*exp(-(x/s)**a)", POSITIVE_TWO, [r"\log x_{(n)} >", "not all equal", "are unique"], [1, 2], [2, 2]),
    ("exp(-(x-m)/b-exp(-(x-m)/b))/b", {"parameters": {"m": "real", "b": "positive"}, "support": "real"},
     [r"\bar{x} > x_{(1)}", "not all equal", "are unique"], [1, 2], [2, 2]),
    ("gamma(a+b)*x**(a-1)*(1-x)**(b-1)/(gamma(a)*gamma(b))", {"parameters": {"a": "positive", "b": "positive"}, "support": "0 < x < 1"},
     ["x_{(n)} > x_{(1)}", "not all equal", "are unique"], [0.2, 0.3], [0.3, 0.3]),
    ("1/(zeta(a)*x**a)", {"parameters": {"a": "(1, oo)"}, "support": "{1, 2, ...}"}, [r"\log x_{i} > 0", "for some", "is unique"], [1, 2], [1, 1]),
    (r"\frac{\ln t}{t-1} t^x", {"parameters": {"t": "(1, oo)"}, "support": "0 < x < 1"}, [r"\bar{x} > \frac{1}{2}"], [0.9, 0.8], [0.2, 0.3]),
]  # fmt: skip


@pytest.mark.parametrize(("density", "more", "wanted", "good", "bad"), CASES, ids=[c[0][:24] for c in CASES])
def test_the_condition_is_stated_and_decides(density, more, wanted, good, bad):
    general = derive.mle(density, **more)
    text = general.to_markdown()
    stated = text[text.rindex("The estimate") :]
    assert all(w in stated for w in wanted)
    assert general.verified and general.conditions
    report = derive.check(text, density, **more)
    assert report.first_error is None and report.final_answer == "right"
    assert derive.mle(density, data=good, **more).outcome == "unique"
    try:
        assert derive.mle(density, data=bad, **more).outcome == "none"
    except derive.NotSupported as e:  # that there is none was seen on the way, and not proved
        assert "no solution of the score equations" in e.message or "was not settled" in e.message


@pytest.mark.parametrize(("density", "more", "wanted"), [
    ("inverse gaussian", {}, [r"\frac{1}{x_{i}} - \frac{n}{\bar{x}} > 0", "exist and are unique", "not all equal"]),
    ("normal", {}, ["exist and are unique", "not all equal"]), ("uniform", {}, ["x_{(n)} - x_{(1)} > 0", "not all equal"]),
    ("p**x*(1-p)**(1-x)", {"support": "{0, 1}", "parameters": {"p": "(0, 1)"}}, ["exists and is unique if", r"$0 < \bar{x} < 1$"]),
    ("a*x**(-a-1)", {"support": "x > 1"}, []),
], ids=["inverse-gaussian", "normal", "uniform", "bernoulli", "pareto"])  # fmt: skip
def test_conditions_of_closed_forms(density, more, wanted):
    text = derive.mle(density, **more).to_markdown()
    assert all(w in text[text.index("**Result") :] for w in wanted)
    assert wanted or "exists" not in text[text.index("**Result") :]


@pytest.mark.parametrize("density", ["chi-square", "half-logistic"])
def test_no_condition_where_every_sample_has_a_maximum(density):
    d = derive.mle(density)
    assert "for every sample" in d.to_markdown() or r"\lim" in d.to_markdown()
    assert not d.conditions


def test_a_family_with_one_statistic_has_one_root():
    """A total without a simple inverse: unique for the family's sake alone."""
    d = derive.mle("1/(zeta(a)*x**a)", parameters={"a": "(1, oo)"}, support="{1, 2, ...}", data=[1, 2, 4])
    assert "variance" in d.to_markdown() and "not a proof" not in d.to_markdown()


FACTS = Facts({"r": POSITIVE, "n": POSITIVE}, {"x": POSITIVE, "y": NONNEGATIVE})
OO = Const("oo")
LIMITS = [  # formula, end, from above, coefficient, power of t, power of log t
    (r"\log r - \psi(r)", OO, True, r"\frac{1}{2}", -1, 0),
    (r"\log r - \psi(r)", ZERO, True, "1", 1, 0),
    (r"\psi'(r) - \frac{1}{r}", OO, True, r"\frac{1}{2}", -2, 0),
    (r"\sqrt{r^2 + r} - r", OO, True, r"\frac{1}{2}", 0, 0),
    (r"\frac{1}{e^r - 1} - \frac{1}{r}", ZERO, True, r"-\frac{1}{2}", 0, 0),
    (r"\frac{1}{(1-r)\log(1-r)}", ONE, False, "-1", 1, -1),
    (r"\tanh r - 1", OO, True, "-2", 0, 0),
    (r"\frac{\sum_{i=1}^n x_i^r \log x_i}{\sum_{i=1}^n x_i^r}", OO, True, r"\log x_{(n)}", 0, 0),
    (r"\sum_{i=1}^n \log(1 + \frac{x_i}{r})", OO, True, r"\sum_{i=1}^{n} x_{i}", -1, 0),
    (r"\sum_{i=1}^n \psi(y_i + r)", ZERO, True, r"-\sum_{i=1}^{n} \mathbf{1}\{y_{i} = 0\}", 1, 0),
]  # fmt: skip


def formula(text):
    return read_latex(text, Context(parameters=frozenset("r"), data=frozenset("xy")))[0].formula


@pytest.mark.parametrize(("text", "end", "above", "coefficient", "power", "logs"), LIMITS, ids=[c[0][:30] for c in LIMITS])
def test_leading_terms(text, end, above, coefficient, power, logs):
    lead = leading(formula(text), Sym("r"), end, above, Algebra(FACTS))
    assert lead is not None
    assert (latex(lead.coefficient), lead.power, lead.logs) == (coefficient, power, logs)


def test_a_false_limit_is_refuted():
    oracle = Oracle(({"a": 2.0}, {"a": 3.0}))
    f = read_latex(r"\frac{a r + 1}{r}", Context(parameters=frozenset("ar"), data=frozenset()))[0].formula
    oracle.tends(f, "r", OO, -1, Sym("a"))
    with pytest.raises(Refuted):
        oracle.tends(f, "r", OO, -1, ONE)


@pytest.mark.parametrize("limit", [ONE, neg(OO)], ids=["finite", "other sign"])
def test_growth_without_bound_is_told_from_a_limit(limit):
    oracle = Oracle(({"a": 2.0}, {"a": 3.0}))
    grows, falls = (read_latex(t, Context(parameters=frozenset("ar"), data=frozenset()))[0].formula for t in ("a r", r"\frac{a}{r}"))
    oracle.tends(grows, "r", OO, -1, OO)
    for f, wrong in ((grows, limit), (falls, OO)):
        with pytest.raises(Refuted):
            oracle.tends(f, "r", OO, -1, wrong)


STEPS = [1 + j / 2 for j in range(13)]


@pytest.mark.parametrize(("way", "limit"), [
    ([1 + 10.0**-k for k in STEPS], 1), ([2 + 3 / k for k in STEPS], 2), ([10.0**-k for k in STEPS], 0),
    ([10.0**k for k in STEPS], float("inf")), ([-2.3 * k for k in STEPS], -float("inf")), ([5 * k / (k + 0.3) for k in STEPS], 5),
])  # fmt: skip
def test_where_values_settle(way, limit):
    assert settled(way) == pytest.approx(limit, rel=1e-3)


def test_a_wrong_limit_in_a_solution_is_found():
    right = r"$$\lim_{p \to 0} p\,\ell'(p) = \sum_{i=1}^n x_i - n$$"
    for text, verdict in ((right, "valid"), (right.replace("- n", "- 2n"), "invalid")):
        assert derive.check(text, r"-\frac{p^x}{x \ln(1-p)}", support="{1, 2, ...}").lines[0].verdict == verdict


def test_a_condition_has_the_sign_that_the_estimate_needs():
    d = derive.mle("a/s*((x-l)/s)**(a-1)", support="l <= x <= l+s", known={"l": "real", "s": "positive"})
    assert [r.signs for c in d.conditions for r in c.relations] == [("<",)]


def test_the_sign_of_a_second_derivative_says_what_it_takes():
    words = derive.mle(r"\frac{\lambda^x e^{-\lambda}}{x!}", parameters={"lambda": "positive"}).to_markdown()
    assert r"for all $\lambda > 0$, provided that $\sum_{i=1}^{n} x_{i} > 0$, that is, if $x_{i} > 0$ for some $i$, so" in words
