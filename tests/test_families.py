"""Parameters with an index, as many as a letter says: any number of categories, groups, states."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest

import derive
from derive.formula.families import Family
from derive.formula.tree import At, Derivative, Sym, replace_all
from derive.problem.problem import Problem
from derive.rules.members import in_member
from derive.stages.families.letters import begin, everywhere
from derive.stages.families.likelihood import likelihood, log_likelihood, model
from derive.stages.setting import run

P_K = r"\sum_{k=1}^K p_k = 1"
NORMAL = r"\frac{1}{\sqrt{2\pi\sigma^2}} e^{-(x_{ki}-\mu_k)^2/(2\sigma^2)}"
CASES = {  # question, estimates as SymPy writes them, conditions
    "multinomial": ({"likelihood": r"\prod_{k=1}^K p_k^{n_k}", "constraints": [P_K]}, {"p": "n[k]/Sum(n[k], (k, 1, K))"}, 0),
    "by a multiplier": ({"likelihood": r"\prod_{k=1}^K p_k^{n_k}", "constraints": [P_K], "method": "lagrange"}, {"p": "n[k]/Sum(n[k], (k, 1, K))"}, 0),
    "SymPy text": (
        {"likelihood": "Product(p[k]**n[k], (k, 1, K))", "constraints": ["Eq(Sum(p[k], (k, 1, K)), 1)"]}, {"p": "n[k]/Sum(n[k], (k, 1, K))"}, 0,
    ),
    "a multinomial coefficient": ({"likelihood": r"\frac{n!}{\prod_{k=1}^K n_k!}\prod_{k=1}^K p_k^{n_k}"}, {"p": "n[k]/Sum(n[k], (k, 1, K))"}, 0),
    "one-hot observations": ({"density": r"\prod_{k=1}^K p_k^{x_k}"}, {"p": "Sum(x[i, k], (i, 1, n))/n"}, 0),
    "categories": ({"density": "P(X = k) = p_k", "constraints": [r"\sum_k p_k = 1"]}, {"p": "Sum(KroneckerDelta(k, x[i]), (i, 1, n))/n"}, 0),
    "several multinomial observations": (
        {"density": r"\frac{m!}{\prod_{k=1}^K x_k!}\prod_{k=1}^K p_k^{x_k}"}, {"p": "Sum(x[i, k], (i, 1, n))/Sum(x[i, k], (k, 1, K), (i, 1, n))"}, 1,
    ),
    "weights in the constraint": (
        {"likelihood": r"\prod_{k=1}^K p_k^{n_k}", "constraints": [r"\sum_{k=1}^K w_k p_k = 1"], "known": {"w": None}},
        {"p": "n[k]/(w[k]*Sum(n[k], (k, 1, K)))"}, 0,
    ),
    "rates by group": ({"likelihood": r"\prod_{k=1}^K e^{-\lambda_k} \lambda_k^{n_k}/n_k!"}, {"lambda": "n[k]"}, 0),
    "rates with exposures": ({"likelihood": r"\prod_{k=1}^K e^{-\lambda_k t_k} (\lambda_k t_k)^{n_k}/n_k!"}, {"lambda": "n[k]/t[k]"}, 0),
    "a common rate": (
        {"likelihood": r"\prod_{k=1}^K e^{-\lambda t_k} (\lambda t_k)^{n_k}/n_k!"}, {"lambda": "Sum(n[k], (k, 1, K))/Sum(t[k], (k, 1, K))"}, 0,
    ),
    "successes by group": ({"likelihood": r"\prod_{k=1}^K \binom{m_k}{y_k} p_k^{y_k}(1-p_k)^{m_k-y_k}"}, {"p": "y[k]/m[k]"}, 0),
    "independence": (
        {"likelihood": r"\prod_{i=1}^r\prod_{j=1}^c (a_i b_j)^{n_{ij}}", "constraints": [r"\sum_{i=1}^r a_i = 1", r"\sum_{j=1}^c b_j = 1"]},
        {
            "a": "Sum(n[i, j], (j, 1, c))/Sum(n[i, j], (j, 1, c), (i, 1, r))",
            "b": "Sum(n[i, j], (i, 1, r))/Sum(n[i, j], (j, 1, c), (i, 1, r))",
        }, 0,
    ),
    "transitions": (
        {"likelihood": r"\prod_{j,k} p_{jk}^{n_{jk}}", "constraints": [r"\sum_k p_{jk} = 1"]}, {"p": "n[j, k]/Sum(n[j, k], (k, 1, K))"}, 1,
    ),
    "transitions by multipliers": (
        {"likelihood": r"\prod_{j=1}^K\prod_{k=1}^K p_{jk}^{n_{jk}}", "constraints": [r"\sum_{k=1}^K p_{jk} = 1"], "method": "lagrange"},
        {"p": "n[j, k]/Sum(n[j, k], (k, 1, K))"}, 1,
    ),
    "group means": (
        {"likelihood": rf"\prod_{{k=1}}^K\prod_{{i=1}}^{{m_k}} {NORMAL}"},
        {
            "mu": "Sum(x[k, i], (i, 1, m[k]))/m[k]",
            "sigma2": "Sum((x[k, i] - Sum(x[k, i], (i, 1, m[k]))/m[k])**2, (i, 1, m[k]), (k, 1, K))/Sum(m[k], (k, 1, K))",
        }, 1,
    ),
    "means and variances by group": (
        {"likelihood": r"\prod_{k=1}^K\prod_{i=1}^m \frac{1}{\sqrt{2\pi v_k}} e^{-(x_{ki}-\mu_k)^2/(2v_k)}", "parameters": ["mu", "v"]},
        {"mu": "Sum(x[k, i], (i, 1, m))/m", "v": "Sum((x[k, i] - Sum(x[k, i], (i, 1, m))/m)**2, (i, 1, m))/m"},
        1,
    ),
    "variances written as squares": (
        {"likelihood": r"\prod_{k=1}^K\prod_{i=1}^m \frac{1}{\sqrt{2\pi\sigma_k^2}} e^{-(x_{ki}-\mu_k)^2/(2\sigma_k^2)}"},
        {"mu": "Sum(x[k, i], (i, 1, m))/m", "sigma2": "Sum((x[k, i] - Sum(x[k, i], (i, 1, m))/m)**2, (i, 1, m))/m"},
        1,
    ),
    "geometric": ({"likelihood": r"\prod_{k=1}^K p_k^{m_k} (1-p_k)^{s_k}"}, {"p": "m[k]/(m[k] + s[k])"}, 1),
    "saturated": ({"likelihood": r"\prod_{i=1}^n p_i^{y_i} (1-p_i)^{1-y_i}"}, {"p": "y[i]"}, 0),
    "waiting times by group": ({"likelihood": r"\prod_{k=1}^K\prod_{i=1}^m \lambda_k e^{-\lambda_k x_{ki}}"}, {"lambda": "m/Sum(x[k, i], (i, 1, m))"}, 0),
}  # fmt: skip


@pytest.fixture(scope="module")
def made():
    return {name: derive.mle(**question) for name, (question, _, _) in CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_estimates(name, made):
    _, wanted, conditions = CASES[name]
    d = made[name]
    assert {k: str(v) for k, v in d.estimates.items()} == wanted
    assert d.verified
    assert d.outcome == "unique"
    assert set(d.certainty.values()) == {"proved"}
    assert len(d.conditions) == conditions
    assert all(line.evidence.points > 3 or line.evidence.kind == "defined" for s in d.sections for line in s.lines)


COUNTS = [[12, 5, 3], [2, 8, 10], [0, 4, 6]]
DATA = {  # question, data, estimates
    "counts": (CASES["multinomial"][0], {"n": [3, 5, 0]}, {"p": [3 / 8, 5 / 8, 0]}),
    "counts alone": (CASES["by a multiplier"][0], [3, 5, 2], {"p": [0.3, 0.5, 0.2]}),
    "one-hot": (CASES["one-hot observations"][0], np.eye(3)[[0, 1, 1, 2, 0, 1]], {"p": [1 / 3, 1 / 2, 1 / 6]}),
    "labels": (CASES["categories"][0], [1, 2, 2, 3, 1, 2], {"p": [1 / 3, 1 / 2, 1 / 6]}),
    "more categories than were seen": (CASES["categories"][0] | {"known": {"K": 4}}, [1, 2, 2, 3], {"p": [1 / 4, 1 / 2, 1 / 4, 0]}),
    "a table": (CASES["independence"][0], COUNTS, {"a": [0.4, 0.4, 0.2], "b": [14 / 50, 17 / 50, 19 / 50]}),
    "a chain": (CASES["transitions"][0], COUNTS, {"p": (np.array(COUNTS) / np.sum(COUNTS, axis=1)[:, None]).tolist()}),
    "exposures": (CASES["rates with exposures"][0], {"n": [4, 0], "t": [2.5, 1]}, {"lambda": [1.6, 0]}),
    "groups": (CASES["group means"][0], {"x": [[1, 2, 3], [4, 6]]}, {"mu": [2, 5], "sigma2": 0.8}),
}


@pytest.mark.parametrize("name", DATA)
def test_with_data(name):
    question, data, wanted = DATA[name]
    d = derive.mle(**question, data=data)
    assert d.verified
    for k, v in wanted.items():
        assert np.asarray(d.numeric[k], dtype=float) == pytest.approx(np.array(v))
        assert np.array(d.estimates[k].tolist() if hasattr(d.estimates[k], "tolist") else d.estimates[k], dtype=float) == pytest.approx(
            np.array(v)
        )
    again = derive.mle(**question).evaluate(data)
    assert all(np.asarray(again[k], dtype=float) == pytest.approx(np.array(v)) for k, v in wanted.items())


def test_a_page_has_one_equation_for_all(made):
    page = made["by a multiplier"].to_markdown()
    for line in (
        r"\ell(p) = \sum_{k=1}^{K} n_{k} \log p_{k}",
        r"\frac{\partial \Lambda}{\partial p_{k}} = \frac{n_{k}}{p_{k}} - \lambda",
        r"\hat{p}_{k} = \frac{n_{k}}{\lambda} = \frac{n_{k}}{N}",
        r"\le \sum_{k=1}^{K} n_{k} \left(\frac{p_{k}}{\hat{p}_{k}} - 1\right) = 0",
    ):
        assert line in page
    assert r"n_{k} p_{K} &= n_{K} p_{k}" in made["multinomial"].to_markdown()
    assert r"n_{k} = \sum_{i=1}^{n} \mathbf{1}\{x_{i} = k\}" in made["categories"].to_markdown()
    assert r"\frac{n_{jk}}{n_{j\cdot}}" in made["transitions"].to_markdown()
    assert "saturated" in made["saturated"].to_markdown()
    assert "saturated" not in made["group means"].to_markdown()


@pytest.mark.parametrize("name", ["multinomial", "transitions by multipliers", "group means"])
def test_every_format(name, made):
    d = made[name]
    assert r"\hat{" in d.to_latex()
    assert "<math" in d.to_html()
    assert "hat(" in d.to_typst()
    assert json.loads(json.dumps(d.to_dict()))["certainty"]
    assert pickle.loads(pickle.dumps(d)).estimates == d.estimates
    for detail in ("brief", "standard", "full"):
        assert d.to_markdown(detail=detail)


@pytest.mark.parametrize("name", ["multinomial", "independence", "transitions", "group means", "successes by group"])
def test_derivatives_in_a_member_are_judged_at_every_member(name):
    question, _, _ = CASES[name]
    p = Problem(**question)
    state = run((model, likelihood, log_likelihood), begin(p))
    for k in p.families.estimated:
        fam = p.families.families[k]
        slope = in_member(state.ell, fam, state.al)
        oracle = everywhere(state.general, state, fam.member)
        assert oracle.equal(Derivative(p.of("ell"), ((fam.member, 1),)), slope).points == len(oracle.points)


def test_a_member_with_an_index_of_its_own():
    al = Problem(**CASES["multinomial"][0]).families.algebra({})
    p = Family("p", ("k",), (Sym("K"),))
    assert str(derive.formula.plain.plain(in_member(At("p", (Sym("K"),)), p, al))) == "Indicator(K = k)"
    assert replace_all(in_member(At("p", (Sym("k"),)), p, al), {}) == derive.formula.tree.ONE


REFUSED = {
    "no constraint": ({"likelihood": r"\prod_{k=1}^K p_k^{n_k}"}, "one sign throughout"),
    "not over all members": ({"likelihood": r"\prod_{k=1}^K p_k^{n_k}", "constraints": [r"\sum_{k=1}^J p_k = 1"]}, "runs to"),
    "no sum": ({"likelihood": r"\prod_{k=1}^K p_k^{n_k}", "constraints": [r"\prod_{k=1}^K p_k = 1"]}, "a sum over it"),
    "two lengths": (CASES["independence"][0] | {"data": [[1, 2], [3]]}, "members where others have"),
    "half a person": (CASES["multinomial"][0] | {"data": [1.5, 2]}, "counts something"),
    "two at once": (CASES["one-hot observations"][0] | {"data": [[1, 1, 0]]}, "one of the x is 1"),
    "a missing letter": (CASES["rates with exposures"][0] | {"data": {"n": [1, 2]}}, "missing from the data"),
    "no such category": (CASES["categories"][0] | {"known": {"K": 2}, "data": [1, 3]}, "there are 2 categories"),
    "an end that does not belong": (
        CASES["multinomial"][0] | {"parameters": {"p": "(0, 1)"}, "data": [3, 0, 1]},
        "does not belong to its domain",
    ),
    "nothing observed": (CASES["multinomial"][0] | {"data": [0, 0]}, "not determined"),
    "a row that was not observed": (CASES["transitions"][0] | {"data": [[1, 2], [0, 0]]}, "not determined; the estimate is unique if"),
    "one observation in each group": (CASES["group means"][0] | {"data": {"x": [[1], [2]]}}, "no bound"),
    "a label 0": (CASES["categories"][0] | {"data": [0, 1, 2]}, "a number from 1"),
    "rates that are products": ({"likelihood": r"\prod_{i,j} e^{-a_i b_j} (a_i b_j)^{n_{ij}}/n_{ij}!"}, "depends on other unknowns"),
    "only one margin adds up": (
        {"likelihood": r"\prod_{i=1}^r\prod_{j=1}^c (a_i b_j)^{n_{ij}}", "constraints": [r"\sum_{i=1}^r a_i = 1"]},
        "one sign throughout",
    ),
    "another function of the shares": (
        {"likelihood": r"\prod_{k=1}^K p_k^{n_k} (1-p_k)^{m_k}", "constraints": [P_K]},
        "not a sum of counts times logarithms",
    ),
    "a quantity": (CASES["multinomial"][0] | {"quantities": {"odds": "p1/p2"}}, "does not go together"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_reason(name):
    question, words = REFUSED[name]
    with pytest.raises(derive.DeriveError, match=words) as e:
        derive.mle(**question)
    assert not isinstance(e.value, derive.InternalError)


def test_a_solution_is_not_judged_yet():
    with pytest.raises(derive.NotSupported, match="cannot be judged yet"):
        derive.check("$p_k = n_k/n$", **CASES["multinomial"][0])
