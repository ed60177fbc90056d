"""Linear equations between parameters, put in or with a multiplier."""

import pytest
import sympy as sp

import derive

MULTINOMIAL = r"\frac{n!}{x_1!\,x_2!\,x_3!} p_1^{x_1} p_2^{x_2} p_3^{x_3}"
COUNTS = {"variable": ["x1", "x2", "x3"], "parameters": ["p1", "p2", "p3"], "known": ["n"], "constraints": ["p1 + p2 + p3 = 1"]}
CELLS = "Piecewise((p1,Eq(x,1)),(p2,Eq(x,2)),(p3,Eq(x,3)))"
METHODS = ("substitution", "lagrange")


def shares(m):
    """The question of a multinomial likelihood with m named counts."""
    letters = range(1, m + 1)
    return {
        "likelihood": "*".join(f"p{j}**n{j}" for j in letters), "known": [f"n{j}" for j in letters],
        "parameters": [f"p{j}" for j in letters], "constraints": ["+".join(f"p{j}" for j in letters) + " = 1"],
    }  # fmt: skip


LINES = {
    "campaign": [
        r"\frac{100!}{50! \cdot 30! \cdot 20!}", "does not affect where the maximum is; leave it out", r"L(p_{1}, p_{2}) \propto p_{1}^{50} p_{2}^{30} (1 - p_{1} - p_{2})^{20}",
        r"50 \log p_{1} + 30 \log p_{2} + 20 \log(1 - p_{1} - p_{2})", "treating $p_{2}$ as a constant", "treating $p_{1}$ as a constant",
        r"\frac{50}{p_{1}} - \frac{20}{1 - p_{1} - p_{2}} &= 0", "50 (1 - p_{1} - p_{2}) &= 20 p_{1}", r"&&1 - p_{1} - p_{2} = p_{3}", "p_{1} &= 2.5 p_{3}",
        "p_{2} &= 1.5 p_{3}", "5 p_{3} &= 1", r"\frac{1}{5} = 0.2", "= 0.5", "= 0.3", "strictly concave",
    ],
    "campaign-lagrange": [
        r"50 \log p_{1} + 30 \log p_{2} + 20 \log p_{3}", r"- \lambda (p_{1} + p_{2} + p_{3} - 1)", r"\frac{50}{p_{1}} - \lambda", r"p_{1} &= \frac{50}{\lambda}",
        r"\frac{100}{\lambda} &= 1", r"\lambda &= 100", "0.5", "0.3", "0.2", "strictly concave",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_the_campaign_reads_in_order(name, examples):
    text = derive.mle(derive.Problem.load(examples / f"{name}.toml")).to_markdown()
    place = 0
    for line in LINES[name]:
        assert line in text[place:], line
        place = text.index(line, place)


CASES = [  # question, estimates
    ({"likelihood": "p1**n1*(2*p1)**n2*p2**n3", "parameters": {"p1": "(0,1/3)", "p2": "(0,1)"}, "known": ["n1", "n2", "n3"],
      "constraints": ["3*p1+p2=1"]}, {"p1": "(n1+n2)/(3*(n1+n2+n3))", "p2": "n3/(n1+n2+n3)"}),
    ({**shares(3)}, {"p1": "n1/(n1+n2+n3)", "p3": "n3/(n1+n2+n3)"}),
    ({**shares(4), "constraints": ["p1+p2=1/2", "p3+p4=1/2"]}, {"p1": "n1/(2*(n1+n2))", "p4": "n4/(2*(n3+n4))"}),
    ({**shares(3), "constraints": ["2*p1+p2+p3=c"], "known": ["n1", "n2", "n3", "c"]}, {"p1": "c*n1/(2*(n1+n2+n3))", "p2": "c*n2/(n1+n2+n3)"}),
    ({"likelihood": "a**x*b**y*c**z", "known": {"x": 2, "y": 1, "z": 1}, "constraints": ["a+b+c=1"]}, {"a": "1/2", "b": "1/4", "c": "1/4"}),
    ({"likelihood": "exp(-((a-u)**2+(b-v)**2+(c-w)**2)/2)", "parameters": ["a", "b", "c"], "known": {"u": "real", "v": "real", "w": "real"},
      "constraints": ["a+b+c=180"]}, {"a": "u+(180-u-v-w)/3", "c": "w+(180-u-v-w)/3"}),
]  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("question, estimates", CASES, ids=[c[0]["likelihood"][:24] + c[0]["constraints"][0] for c in CASES])
def test_estimates(question, estimates, method):
    d = derive.mle(**question, method=method)
    assert d.outcome == "unique" and d.verified
    for name, text in estimates.items():
        assert sp.simplify(d.estimates[name] - sp.sympify(text)) == 0, name


@pytest.mark.parametrize("method", METHODS)
def test_cells_with_data_and_without(method):
    q = {"constraints": ["p1 + p2 + p3 = 1"], "method": method}
    d = derive.mle(CELLS, data=derive.Sample(counts={1: 12, 2: 5, 3: 8}), **q)
    assert d.estimates == {"p1": sp.Rational(12, 25), "p2": sp.Rational(1, 5), "p3": sp.Rational(8, 25)}
    assert derive.mle(CELLS, **q).evaluate([1, 1, 2, 3]) == {"p1": 0.5, "p2": 0.25, "p3": 0.25}


@pytest.mark.parametrize("method", METHODS)
def test_an_empty_cell_is_the_end_of_the_domain(method):
    q = {"constraints": ["p1 + p2 + p3 = 1"], "method": method}
    d = derive.mle(CELLS, data=[1, 1, 2, 2, 2], **q)
    assert d.how["p3"] == "boundary" and d.estimates == {"p1": sp.Rational(2, 5), "p2": sp.Rational(3, 5), "p3": 0}
    assert derive.mle(CELLS, data=[2, 2], **q).numeric == {"p1": 0.0, "p2": 1.0, "p3": 0.0}
    opened = derive.mle(CELLS, data=[1, 1, 2], parameters=dict.fromkeys(("p1", "p2", "p3"), "(0, 1)"), **q)
    assert opened.outcome == "none" and "no maximum" in opened.to_markdown()


@pytest.mark.parametrize("method", METHODS)
def test_several_vectors_of_counts(method):
    d = derive.mle(MULTINOMIAL, data={"x1": [3, 1], "x2": [0, 2], "x3": [1, 1]}, method=method, **COUNTS)
    assert d.estimates == {"p1": sp.Rational(1, 2), "p2": sp.Rational(1, 4), "p3": sp.Rational(1, 4)}
    got = derive.mle(MULTINOMIAL, method=method, **COUNTS).evaluate({"x1": [3, 1], "x2": [0, 2], "x3": [1, 1]})
    assert got == pytest.approx({"p1": 0.5, "p2": 0.25, "p3": 0.25})


@pytest.mark.parametrize("method", METHODS)
def test_many_shares(method):
    d = derive.mle(**shares(12), method=method)
    assert d.estimates["p7"] == sp.Symbol("n7") / sum(sp.Symbol(f"n{j}") for j in range(1, 13))


WRONG = [
    ({"constraints": ["p1 + p2 + p3 = 1", "p1 = 2"]}, "satisfy the constraints"),
    ({"constraints": ["p1 + p2 + p3"]}, "is an equation or an inequality"),
    ({"constraints": ["q = 1"]}, "not declared"),
    ({"constraints": "p1 + p2 + p3 = 1"}, "is a list"),
    ({"constraints": ["p1 + p2 + p3 = 1", "2*p1 + 2*p2 + 2*p3 = 2"]}, "the same thing twice"),
]


@pytest.mark.parametrize("question, message", WRONG, ids=[str(w[0]["constraints"]) for w in WRONG])
def test_what_cannot_be_done_is_said(question, message):
    with pytest.raises(derive.DeriveError, match=message):
        derive.mle(CELLS, data=[1, 2, 3], **question)


def test_a_constraint_that_is_not_linear_is_refused():
    q = {"likelihood": "a**x*(1-a)**y*b**z*(1-b)**w", "parameters": ["a", "b"], "known": ["x", "y", "z", "w"]}
    with pytest.raises(derive.DeriveError, match=r"not solved for a parameter|satisfy the constraints"):
        derive.mle(**q, constraints=["b**3 + a**3 + a*b = 1"])
    with pytest.raises(derive.NotSupported, match="not linear"):
        derive.mle(**q, constraints=["b = a**2"], method="lagrange")


def test_a_parameter_that_is_a_function_of_another():
    d = derive.mle(
        "exp(-(x-mu)**2/(2*v))/sqrt(2*pi*v)", constraints=["v = mu**2"], parameters={"mu": "positive", "v": "positive"}, data=[1, 2, 3]
    )
    same = derive.mle("exp(-(x-mu)**2/(2*mu**2))/sqrt(2*pi*mu**2)", parameters={"mu": "positive"}, data=[1, 2, 3])
    assert d.numeric["mu"] == pytest.approx(same.numeric["mu"]) and d.numeric["v"] == pytest.approx(same.numeric["mu"] ** 2)


def test_blood_groups_are_found_numerically():
    d = derive.mle(
        likelihood="(p**2+2*p*r)**186*(q**2+2*q*r)**38*(2*p*q)**13*(r**2)**284", parameters=["p", "q", "r"], constraints=["p+q+r=1"]
    )
    assert d.numeric == pytest.approx({"p": 0.2135909, "q": 0.0501453, "r": 0.7362637}, abs=1e-6)
    assert d.how == {"p": "numeric", "q": "numeric", "r": "given others"} and d.verified
    assert all(isinstance(v, sp.Float) and float(v) == pytest.approx(d.numeric[k], rel=1e-14) for k, v in d.estimates.items())


REMAINDERS = [  # question, estimates
    ({"likelihood": "p1**n1*p2**n2*(1-p1-p2)**n3", "known": ["n1", "n2", "n3"]}, {"p1": "n1/(n1+n2+n3)"}),
    ({"likelihood": "p1**n1*p2**n2*(1-p1-p2)**n3", "known": {"n1": 50, "n2": 30, "n3": 20}}, {"p1": "1/2", "p2": "3/10"}),
    ({"likelihood": "a**x*b**y*(1-2*a-b)**z", "known": ["x", "y", "z"], "parameters": ["a", "b"]}, {"a": "x/(2*(x+y+z))", "b": "y/(x+y+z)"}),
    ({"density": "Piecewise((p,Eq(x,1)),(q,Eq(x,2)),(1-p-q,Eq(x,3)))", "data": [1, 1, 2, 3]}, {"p": "1/2", "q": "1/4"}),
    ({"density": "Piecewise((p,Eq(x,1)),(q,Eq(x,2)),(1-p-q,Eq(x,3)))", "data": [1, 1, 1, 3]}, {"p": "3/4", "q": "0"}),
    ({"density": r"\frac{m!}{x_1!x_2!(m-x_1-x_2)!}p_1^{x_1}p_2^{x_2}(1-p_1-p_2)^{m-x_1-x_2}", "variable": ["x1", "x2"],
      "parameters": ["p1", "p2"], "known": {"m": 10}, "data": {"x1": [3, 1], "x2": [4, 2]}}, {"p1": "1/5", "p2": "3/10"}),
]  # fmt: skip


@pytest.mark.parametrize("question, estimates", REMAINDERS, ids=range(len(REMAINDERS)))
def test_what_the_shares_leave_is_a_share_too(question, estimates):
    d = derive.mle(**question)
    assert d.outcome == "unique" and d.verified and set(d.how.values()) <= {"closed", "boundary"}
    for name, text in estimates.items():
        assert sp.simplify(d.estimates[name] - sp.sympify(text)) == 0, name


LOOP = [
    {"density": CELLS, "constraints": ["p1 + p2 + p3 = 1"]},
    {"density": CELLS, "constraints": ["p1 + p2 + p3 = 1"], "data": [1, 1, 2, 3, 3, 3]},
    {
        "likelihood": "p1**n1*p2**n2*p3**n3",
        "parameters": ["p1", "p2", "p3"],
        "known": ["n1", "n2", "n3"],
        "constraints": ["p1 + p2 + p3 = 1"],
    },
    {"likelihood": "p1**n1*p2**n2*(1-p1-p2)**n3", "known": ["n1", "n2", "n3"]},
]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("question", LOOP, ids=range(len(LOOP)))
def test_a_write_up_read_back_is_right(question, method):
    p = derive.Problem(**question, method=method)
    report = derive.check(derive.mle(p).to_markdown(), p)
    assert report.correct and report.complete, [(x.text, x.message) for x in report.lines if x.verdict != "valid"]


TWO_MEANS = {"variable": ["x", "y"], "parameters": {"a": "real", "b": "real"}}
SHARES = {"likelihood": "p**5*q**4*r**3", "parameters": dict.fromkeys("pqr", "(0, 1)")}
NOT_LINEAR = [
    ({**TWO_MEANS, "data": {"x": [1, 3], "y": [2, 2]}, "constraints": ["a**2 + b**2 = 1"]}, {"a": 0.5**0.5, "b": 0.5**0.5}),
    ({**SHARES, "constraints": ["p + q + r = 1", "q**2 = 4*p*r"]}, {"p": 49 / 144, "q": 35 / 72, "r": 25 / 144}),
    (
        {**SHARES, "parameters": dict.fromkeys("pqrt", "(0, 1)"), "constraints": ["p = t**2", "q = 2*t*(1-t)", "r = (1-t)**2"]},
        {"p": 49 / 144, "q": 35 / 72, "r": 25 / 144, "t": 7 / 12},
    ),
    ({"likelihood": "a**3*b**5*exp(-a-2*b)", "parameters": ["a", "b"], "constraints": ["a*b = 2"]}, {"a": 5**0.5 - 1, "b": (5**0.5 + 1) / 2}),
    ({"likelihood": "exp(-(a-3)**2/2-(b-4)**2/2)", "parameters": {"a": "positive", "b": "positive"}, "constraints": ["a**2+b**2=4"]}, {"a": 1.2, "b": 1.6}),
    ({"likelihood": "exp(-(a+3)**2/2-(b-4)**2/2)", "parameters": {"a": "positive", "b": "positive"}, "constraints": ["a**2+b**2=4"]}, None),
]  # fmt: skip


@pytest.mark.parametrize("question, right", NOT_LINEAR, ids=[", ".join(q["constraints"]) for q, _ in NOT_LINEAR])
def test_constraints_that_are_not_linear(question, right):
    text = None if "likelihood" in question else "exp(-(x-a)**2/2-(y-b)**2/2)/(2*pi)"
    d = derive.mle(text, **question)
    d.to_markdown()
    assert d.verified and str(d.outcome) == ("none" if right is None else "unique")
    assert right is None or all(float(d.estimates[k].evalf()) == pytest.approx(v, rel=1e-9) for k, v in right.items())


MOVING = [
    ("1/(b-a)", "a<=x<=b", {"a": "real", "b": "real"}, ["a = -b"], [1, 4], {"a": -4, "b": 4}),
    ("1/(b-a)", "a<=x<=b", {"a": "real", "b": "real"}, ["a < b"], [2, 3], {"a": 2, "b": 3}),
    ("exp(-(x-a)/b)/b", "x>=a", {"a": "real", "b": "positive"}, ["a = b"], [1, 4], {"a": 1, "b": 1}),
    ("exp(-(x-a-b)/b)/b", "x>=a+b", {"a": "real", "b": "positive"}, [], [3, 4, 8], {"a": 1, "b": 2}),
    ("exp(-(x-a-b)/b)/b", "x>=a+b", {"a": "real", "b": "positive"}, [], None, None),
]  # fmt: skip


@pytest.mark.parametrize("density, support, parameters, constraints, data, right", MOVING)
def test_where_the_support_moves(density, support, parameters, constraints, data, right):
    d = derive.mle(density, variable="x", support=support, parameters=parameters, constraints=constraints, data=data)
    d.to_markdown()
    assert d.verified and str(d.outcome) == "unique" and set(map(str, d.certainty.values())) == {"proved"}
    assert right is None or {k: float(v) for k, v in d.estimates.items()} == right


NORMAL, CAUCHY = "exp(-(x-a)**2/2-(y-b)**2/2)/(2*pi)", "1/(pi**2*(1+(x-a)**2)*(1+(y-b)**2))"
CURVED = [  # density, inequality, x, y, estimates, certainty; no estimates: refused
    (NORMAL, "a**2 + b**2 <= 1", [1, 3], [2, 6], (0.2**0.5, 0.8**0.5), "proved"),
    (NORMAL, "a**2 + b**2 <= 1", ["0.2", 1], ["0.6", 1], (0.6, 0.8), "proved"),
    (NORMAL, "a*b >= 1", [-1, 1], [0, 1], (0.8674707803110372, 1.152776580718308), "enclosed"),
    (CAUCHY, "a**2 + b**2 <= 1", [2, 1, "2.3"], [3, 1, 3], (0.7529705172529702, 0.6580542531948217), "enclosed"),
    (CAUCHY, "a >= b", [0, "0.1", "0.2", "0.3", "-0.1"], [5, "5.1", "4.9", 5, 5], (4.783810142954053, 4.783810142954053), "enclosed"),
    (CAUCHY, "a >= b", [0, "0.1", "0.2", 10, "10.1"], [5, "5.1", "4.9", 5, 5], None, ""),  # a second maximum, near (10, 5)
    (NORMAL, "a**2 + b**2 < 1", [1, 3], [2, 6], (), "proved"),
]  # fmt: skip


@pytest.mark.parametrize("density, inequality, x, y, right, certainty", CURVED)
def test_inequalities_between_parameters(density, inequality, x, y, right, certainty):
    q = {"variable": ["x", "y"], "data": {"x": x, "y": y}, "parameters": {"a": "real", "b": "real"}, "support": "real"}
    if right is None:
        with pytest.raises(derive.NotSupported, match="was not settled"):
            derive.mle(density, constraints=[inequality], **q)
        return
    d = derive.mle(density, constraints=[inequality], **q)
    d.to_markdown()
    assert d.verified and set(map(str, d.certainty.values())) == {certainty} and str(d.outcome) == ("unique" if right else "none")
    assert not right or (d.numeric["a"], d.numeric["b"]) == pytest.approx(right, rel=1e-12)


def test_an_argument_speaks_of_the_density_under_the_constraint():
    """With b = a the density is none of the exponential family in x that it is for a fixed b."""
    d = derive.mle(
        "exp(-(x-a)**2/2)/sqrt(2*pi)/(pi*(1+(y-b)**2))", variable=["x", "y"], constraints=["b = a"], support="real",
        data={"x": [5, 5], "y": [0, 10]}, parameters={"a": "real", "b": "real"},
    )  # fmt: skip
    assert "exponential family" not in d.to_markdown()


SPHERE = {"variable": ["x", "y", "z"], "parameters": dict.fromkeys("abc", "real"), "support": "real"}
ON_A_SPHERE = [
    ("a**2 + b**2 + c**2 = 1", (4 / 9, 8 / 9, 1 / 9)), ("a**2 + b**2 + c**2 <= 1", (4 / 9, 8 / 9, 1 / 9)),
    ("a**2 + b**2 + c**2 <= 100", (2, 4, 1 / 2)), ("a**2 + b**2 + c**2 >= 81", (4, 8, 1)),
    ("a**2 + 2*b**2 + c**2 = 1", (0.5195791674749404, 0.5971452217724872, 0.1298947918687351)),
]  # fmt: skip


@pytest.mark.parametrize("constraint, right", ON_A_SPHERE)
def test_a_multiplier_for_a_sphere(constraint, right):
    data = {"x": [1, 3], "y": [2, 6], "z": [0, 1]}
    d = derive.mle("exp(-((x-a)**2+(y-b)**2+(z-c)**2)/2)/(2*pi)**(3/2)", data=data, constraints=[constraint], **SPHERE)
    d.to_markdown()
    assert d.verified and set(map(str, d.certainty.values())) == {"enclosed" if "2*b" in constraint else "proved"}
    assert tuple(d.numeric.values()) == pytest.approx(right, rel=1e-14)


def test_a_sphere_in_general():
    d = derive.mle("exp(-((x-a)**2+(y-b)**2+(z-c)**2)/2)/(2*pi)**(3/2)", constraints=["a**2 + b**2 + c**2 = 1"], **SPHERE)
    assert "n + 2 \\lambda > 0" in d.to_markdown() and d.conditions
    assert d.evaluate({"x": [1, 3], "y": [2, 6], "z": [0, 1]}) == pytest.approx({"a": 4 / 9, "b": 8 / 9, "c": 1 / 9})
    with pytest.raises(derive.DeriveError):
        d.evaluate({"x": [1, -1], "y": [2, -2], "z": [0, 0]})
