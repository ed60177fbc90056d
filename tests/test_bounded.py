"""Domains that cut off the root of the score: the nearest end, or no maximum where the end is open."""

import pytest
import sympy as sp

import derive

NORMAL = "exp(-(x-mu)**2/(2*v))/sqrt(2*pi*v)"
UNIT = "exp(-(x-theta)**2/2)/sqrt(2*pi)"
COIN = "p**x*(1-p)**(1-x)"
CASES = [  # density, parameters, samples and estimates
    (UNIT, {"theta": "nonnegative"}, [([-1, -2], {"theta": 0}), ([1, 2], {"theta": 1.5})]),
    (UNIT, {"theta": "[-1, 2]"}, [([-5, -2], {"theta": -1}), ([5], {"theta": 2}), ([0, 1], {"theta": 0.5})]),
    (COIN, {"p": "[1/2, 1]"}, [([0, 0, 1], {"p": 0.5}), ([1, 1, 0], {"p": 2 / 3})]),
    (COIN, {"p": "[1/4, 3/4]"}, [([0, 0], {"p": 0.25}), ([1, 1], {"p": 0.75}), ([1, 0], {"p": 0.5})]),
    (NORMAL, {"mu": "nonnegative", "v": "positive"}, [([-1, -2, 0], {"mu": 0, "v": 5 / 3}), ([1, 3], {"mu": 2, "v": 1})]),
    (NORMAL, {"mu": "real", "v": "[1, 4]"}, [([5, 9, 1], {"mu": 5, "v": 4}), ([1, 1.5], {"mu": 1.25, "v": 1})]),
    ("lambda*exp(-lambda*x)", {"lambda": "(0, 2]"}, [([0.1, 0.2], {"lambda": 2}), ([1, 3], {"lambda": 0.5})]),
]


@pytest.mark.parametrize("density, parameters, samples", CASES, ids=[f"{c[0][:12]} {list(c[1].values())}" for c in CASES])
def test_the_nearest_point_of_the_domain(density, parameters, samples):
    support = {"support": "x in {0,1}"} if density == COIN else {}
    general = derive.mle(density, parameters=parameters, **support)
    assert general.verified
    for data, wanted in samples:
        assert general.evaluate(data) == pytest.approx(wanted)
        d = derive.mle(density, parameters=parameters, data=data, **support)
        assert d.verified and d.numeric == pytest.approx(wanted)
        ends = {k: float(v) for k, v in wanted.items()}
        for name, domain in parameters.items():
            if d.how[name] == "boundary":
                assert str(sp.nsimplify(ends[name])) in domain or domain == "nonnegative"


def test_the_answer_for_a_symbolic_sample_is_a_maximum():
    d = derive.mle(UNIT, parameters={"theta": "nonnegative"})
    assert d.estimates["theta"].func is sp.Max and r"\hat{\theta} = \max(0, \bar{x})" in d.to_markdown()
    assert "increases up to" in d.to_markdown()


def test_an_open_end_has_no_maximum():
    assert derive.mle(UNIT, parameters={"theta": "positive"}, data=[-1, -2]).outcome == "none"
    d = derive.mle(NORMAL, parameters={"mu": "real", "v": "(1, oo)"})
    assert d.conditions and "> 1" in d.to_markdown()


@pytest.mark.parametrize("domain, outcome, answer", [("[0,1/2]", "unique", 0.5), ("[7/10,1]", "unique", 0.7), ("(7/10,1]", "none", None)])
def test_both_roots_of_a_quadratic_outside_the_domain(domain, outcome, answer):
    d = derive.mle(likelihood="(2+t)**125*(1-t)**38*t**34", parameters={"t": domain})
    assert d.outcome == outcome and d.verified and (answer is None or d.numeric == {"t": answer})


TANGLED = [  # likelihood, estimate
    ("(1-t)**22*(1/2+t/4)**8*(2-t)**24", 0.0), ("(1-t**2)**5*(1/4-t/4)**23", -23 / 33), ("(2-t)**21*(1-t)**8*(1-t**2)**4", -0.7269540723663094),
]  # fmt: skip


@pytest.mark.parametrize("likelihood, wanted", TANGLED)
def test_no_root_in_the_domain_and_squares_apart(likelihood, wanted):
    d = derive.mle(likelihood=likelihood)
    assert d.outcome == "unique" and d.verified and d.numeric["t"] == pytest.approx(wanted) and d.how["t"] != "numeric"


def test_a_factor_of_unknown_sign_is_a_condition():
    d = derive.mle(likelihood=r"\lambda^r e^{-\lambda (S+n-r)}", known=["n", "r", "S"], parameters=["lambda"])
    assert "is positive where $S + n - r > 0$" in d.to_markdown()
    assert [c.kind.value for c in d.conditions] == ["exists and is unique"]


LINEAR = [  # domain, outcome, estimate, what the slope must be
    ("real", "none", None, None),
    ("(0, 1)", "none", None, None),
    ("[0, 1]", "unique", "Piecewise((1, a - b > 0), (0, True))", "!="),
    ("[-1, 2]", "unique", "Piecewise((2, a - b > 0), (-1, True))", "!="),
    ("t >= 0", "unique", "0", "<"),
    ("0 < t <= 2", "unique", "2", ">"),
]


@pytest.mark.parametrize(("domain", "outcome", "estimate", "sign"), LINEAR, ids=[c[0] for c in LINEAR])
def test_a_log_likelihood_that_is_linear_is_largest_at_an_end(domain, outcome, estimate, sign):
    d = derive.mle(likelihood="exp(t*(a-b))", known=["a", "b"], parameters={"t": domain})
    assert d.outcome == outcome and (str(d.estimates["t"]) == estimate if estimate else not d.estimates)
    assert [r.signs for c in d.conditions for r in c.relations] == ([(sign,)] if sign else [])
