"""What is inferred from a bare density, what is checked, and what is refused."""

from __future__ import annotations

import pytest

from derive.density.inference.infer import settle
from derive.errors import NotValid
from derive.formula.tree import Relation, names
from derive.reading.context import Context
from derive.reading.domains import read as read_domain
from derive.reading.sympytext import read_sympy
from derive.sets.domain import REAL, Domain


def formula(text):
    return read_sympy(text, Context(data=frozenset()))[0].formula


def settled(text, parameters=None, known=None, support=None, variable="x", covariates=(), **more):
    f = formula(text)
    known = {k: v if v is None else formula(v) for k, v in (known or {}).items()}
    if parameters is None:
        parameters = {k: None for k in sorted(names(f)) if k not in known and k != variable and k not in covariates}
    parameters = {k: v if v is None else read_domain(v, k) for k, v in parameters.items()}
    return settle(
        f, (variable,), parameters, known, dict.fromkeys(covariates, REAL), {variable: support and read_domain(support, variable)}, **more
    )


def shown(result):
    sets = {**result.support, **result.parameters, **{k: v for k, v in result.known.items() if isinstance(v, Domain)}}
    return [d.text(k) for k, d in sets.items()]


BARE = [
    ("theta**x*(1-theta)**(1-x)", {}, ["x in {0, 1}", "0 <= theta <= 1"]),
    ("lambda_*exp(-lambda_*x)", {}, ["x > 0", "lambda > 0"]),
    ("a*b*exp(-b*x)*(1-exp(-b*x))**(a-1)", {}, ["x > 0", "a > 0", "b > 0"]),
    ("1/sqrt(2*pi*v)*exp(-(x-mu)**2/(2*v))", {}, ["x real", "mu real", "v > 0"]),
    ("1/(sigma*sqrt(2*pi))*exp(-(x-mu)**2/(2*sigma**2))", {}, ["x real", "mu real", "sigma > 0"]),
    ("1/sqrt(2*pi*sigma**2)*exp(-(x-mu)**2/(2*sigma**2))", {}, ["x real", "mu real", "sigma > 0"]),
    ("1/sqrt(2*pi*sigma**2)*exp(-(x-mu)**2/(2*sigma**2))", {"mu": "500"}, ["x real", "sigma > 0"]),
    ("beta_**alpha/gamma(alpha)*x**(alpha-1)*exp(-beta_*x)", {}, ["x > 0", "alpha > 0", "beta > 0"]),
    ("binomial(m,x)*p**x*(1-p)**(m-x)", {"m": None}, ["x in {0, 1, ..., m}", "0 <= p <= 1", "m in {1, 2, 3, ...}"]),
    ("binomial(m,x)*p**x*(1-p)**(m-x)", {"m": "10"}, ["x in {0, 1, ..., 10}", "0 <= p <= 1"]),
    ("p*(1-p)**(x-1)", {}, ["x in {1, 2, 3, ...}", "0 < p <= 1"]),
    ("p*(1-p)**x", {}, ["x in {0, 1, 2, ...}", "0 < p <= 1"]),
    ("lambda_**x*exp(-lambda_)/factorial(x)", {}, ["x in {0, 1, 2, ...}", "lambda >= 0"]),
    ("binomial(x-1,r-1)*p**r*(1-p)**(x-r)", {"r": "3"}, ["x in {3, 4, ...}", "0 < p <= 1"]),
    ("tanh(a/2)*exp(-a*Abs(x))", {}, ["x in {..., -1, 0, 1, ...}", "a > 0"]),
    ("1/(zeta(a)*x**a)", {}, ["x in {1, 2, 3, ...}", "a > 1"]),
    ("Piecewise(((1-theta)/3,Eq(x,0)),(1/3,Eq(x,1)),((1+theta)/3,Eq(x,2)))", {}, ["x in {0, 1, 2}", "-1 <= theta <= 1"]),
    ("Piecewise((9/16+a,Eq(x,1)),(3/16-a,Eq(x,2)),(3/16-a,Eq(x,3)),(1/16+a,Eq(x,4)))", {}, ["x in {1, 2, 3, 4}", "-1/16 <= a <= 3/16"]),
    ("alpha*x_m**alpha/x**(alpha+1)", {"x_m": None}, ["x >= x_m", "alpha > 0", "x_m > 0"]),
    ("theta*x**(theta-1)", {}, ["0 < x < 1", "theta > 0"]),
    ("sqrt(lambda_/(2*pi*x**3))*exp(-lambda_*(x-mu)**2/(2*mu**2*x))", {}, ["x > 0", "lambda > 0", "mu > 0"]),
    ("1/(2*b)*exp(-Abs(x-mu)/b)", {"mu": None}, ["x real", "b > 0", "mu real"]),
    ("1/(x*sigma*sqrt(2*pi))*exp(-(log(x)-mu)**2/(2*sigma**2))", {}, ["x > 0", "mu real", "sigma > 0"]),
    ("x/sigma**2*exp(-x**2/(2*sigma**2))", {}, ["x > 0", "sigma > 0"]),
    ("1/sqrt(2*pi*theta)*exp(-(x-theta)**2/(2*theta))", {}, ["x real", "theta > 0"]),
    ("1/sqrt(2*pi*theta**2)*exp(-(x-theta)**2/(2*theta**2))", {}, ["x real", "theta > 0"]),
    ("lambda_*exp(-lambda_*(x-theta))", {}, ["x >= theta", "lambda > 0", "theta real"]),
    ("1/theta", {}, ["0 <= x <= theta", "theta > 0"]),
    ("1/(b-a)", {}, ["a <= x <= b", "a real", "b > a"]),
    ("6/theta**3*x*(theta-x)", {}, ["0 < x < theta", "theta > 0"]),
    ("(1+theta*x)/2", {}, ["-1 <= x <= 1", "-1 <= theta <= 1"]),
    ("p*exp(-x)+(1-p)*exp(-x/5)/5", {}, ["x > 0", "0 <= p <= 1"]),
    ("-eta*exp(eta*x)", {}, ["x > 0", "eta < 0"]),
    ("exp(kappa*cos(x))/(2*pi*besseli(0,kappa))", {}, ["-pi <= x <= pi", "kappa real"]),
]


@pytest.mark.parametrize(("text", "known", "sets"), BARE)
def test_sets_are_inferred_from_the_bare_density(text, known, sets):
    result = settled(text, known=known)
    assert shown(result) == sets
    assert result.checked
    assert {"x", *result.parameters} <= result.inferred


def test_names_do_not_matter():
    a = settled("q**w*(1-q)**(1-w)", variable="w")
    assert shown(a) == ["w in {0, 1}", "0 <= q <= 1"]


def test_covariates_take_generic_values():
    a = settled("exp(y*(a+b*x))/(1+exp(a+b*x))", variable="y", covariates=("x",))
    assert shown(a) == ["y in {0, 1}", "a real", "b real"]


def test_what_is_stated_is_kept():
    a = settled("theta**x*(1-theta)**(1-x)", {"theta": "(0, 1/2)"}, support="{0, 1}")
    assert shown(a) == ["x in {0, 1}", "0 < theta < 1/2"]
    assert a.checked and not a.inferred


def test_inequalities_may_be_meant_for_whole_numbers():
    a = settled("binomial(m,x)*p**x*(1-p)**(m-x)", {"p": "(0, 1)"}, {"m": "7"}, "0 <= x <= m")
    assert shown(a) == ["x in {0, 1, ..., 7}", "0 < p < 1"]


def test_constraints_are_satisfied_where_the_density_is_checked():
    text = "Piecewise((p1,Eq(x,1)),(p2,Eq(x,2)),(p3,Eq(x,3)))"
    one = Relation((formula("p1+p2+p3"), formula("1")), ("=",))
    parameters = dict.fromkeys(("p_1", "p_2", "p_3"), "(0, 1)")
    assert settled(text, parameters, constraints=(one,)).checked
    with pytest.raises(NotValid, match="not to 1"):
        settled(text, parameters, support="{1, 2, 3}")


REFUSED = [
    ("exp(-alpha*x)/alpha", None, None, "integrates to 1/alpha**2 over x > 0, not to 1", "alpha*exp(-alpha*x)"),
    ("exp(-x**2/(2*s**2))", None, None, "integrates to sqrt(2*pi)*s over all real x", "exp(-x**2/(2*s**2))/(s*sqrt(2*pi))"),
    ("theta*x*exp(-theta*x)", {"theta": "positive"}, "x > 0", "integrates to 1/theta", "theta**2*x*exp(-theta*x)"),
    ("lambda_**x/factorial(x)", None, None, "sums to exp(lambda)", "lambda**x*exp(-lambda)/factorial(x)"),
    ("theta**x*exp(-theta)/factorial(x)", {"theta": "positive"}, "{1, 2, ...}", "sums to 1 - exp(-theta)", "x in {0, 1, 2, ...}"),
    ("theta*2**theta/x**(theta+1)", {"theta": "positive"}, "x >= 3", "integrates to (2/3)**theta", "x >= 2"),
    ("theta*exp(-theta*x)", {"theta": "positive"}, "x > 1", "integrates to exp(-theta)", "x > 0"),
    ("theta/x", {"theta": "positive"}, "x > 0", "integrates to infinity", "unnormalised=True"),
    (
        "k/t*(x/t)**(k-1)*exp(-(x/t)*k)",
        {"k": "positive", "t": "positive"},
        "x > 0",
        "integrates to k**(1 - k)*gamma(k)",
        "unnormalised=True",
    ),
    ("exp(-x**2/(2*s**2))/(s*sqrt(2*pi))", {"s": "real"}, "real", "negative at x = ", "domains"),
    ("1/(3*theta)", None, None, "support of x and the domain of theta", 'support="0 <= x <= theta"'),
    ("theta*sin(x)", None, None, "could not be inferred", "unnormalised=True"),
]


@pytest.mark.parametrize(("text", "parameters", "support", "message", "hint"), REFUSED)
def test_what_is_no_density_is_refused_with_its_total(text, parameters, support, message, hint):
    with pytest.raises(NotValid) as caught:
        settled(text, parameters, support=support)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_an_unnormalised_function_is_let_through():
    a = settled("theta*x*exp(-theta*x)", {"theta": "positive"}, support="x > 0", unnormalised=True)
    assert not a.checked
    b = settled("exp(-x/theta)", unnormalised=True)
    assert shown(b) == ["x > 0", "theta > 0"]


def test_several_variables():
    f = formula("exp(-(x**2 + (y-mu)**2)/2)/(2*pi)")
    a = settle(f, ("x", "y"), {"mu": None}, {}, {}, {"x": None, "y": None}, False)
    assert shown(a) == ["x real", "y real", "mu real"]
    assert a.checked
