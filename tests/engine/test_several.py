"""Several unknowns: jets, Krawczyk's operator, concavity by composition, and maxima against 50 digits written apart."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

import derive
from derive.formula.tree import Formula, Sym, names
from derive.proofs.composition import SOURCES, Lemma, concave_change
from derive.proofs.zeros import Domain, direction_without_maximum, surface
from derive.proofs.zeros.jets import TAYLOR, Jet, Jets
from derive.reading.context import Context
from derive.reading.sympytext import read_sympy

MP = mpmath.mp.clone()
MP.dps = 50


def formula(text: str) -> Formula:
    return read_sympy(text, Context(parameters=frozenset("abklmrsvyz") | {"mu", "lambda"}))[0].formula


# -- jets ----------------------------------------------------------------------------------------------

PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "exp": MP.exp, "log": MP.log, "sqrt": MP.sqrt, "abs": abs, "sigmoid": lambda u: 1 / (1 + MP.exp(-u)), "softplus": lambda u: MP.log(1 + MP.exp(u)),
    "logPhi": lambda u: MP.log(MP.ncdf(u)), "Phi": MP.ncdf, "erf": MP.erf, "erfc": MP.erfc, "loggamma": MP.loggamma, "digamma": MP.digamma,
    "expm1": MP.expm1, "logI0": lambda u: MP.log(MP.besseli(0, u)), "sin": MP.sin, "cos": MP.cos, "sinh": MP.sinh, "cosh": MP.cosh, "tanh": MP.tanh, "arctan": MP.atan,
}  # fmt: skip
PLACES = [Fraction(1, 7), Fraction(3, 2), Fraction(13, 4), Fraction(9)]
BOTH_SIDES = {"exp", "expm1", "abs", "sigmoid", "softplus", "logPhi", "Phi", "erf", "erfc", "sin", "cos", "sinh", "cosh", "tanh", "arctan"}


@pytest.mark.parametrize("name", sorted(TAYLOR))
def test_derivatives_of_functions(name: str) -> None:
    places = [*PLACES, *(-x for x in PLACES)] if name in BOTH_SIDES else PLACES
    for x in places:
        for radius in (0, Fraction(1, 10**6)):
            u = arb(x.numerator) / x.denominator + arb(0, float(radius))
            for k, ball in enumerate(TAYLOR[name](u)):
                want = (
                    MP.diff(PLAIN[name], MP.mpf(x.numerator) / x.denominator, k) if k else PLAIN[name](MP.mpf(x.numerator) / x.denominator)
                )
                near = arb(MP.nstr(want, 40)) + arb(0, 1e-18 * (1 + float(abs(want))))
                assert ball.overlaps(near), (name, x, k)


@given(st.tuples(*[st.integers(-20, 20)] * 4))
def test_arithmetic_of_jets(v: tuple[int, int, int, int]) -> None:
    """A quotient of polynomials against its derivatives by the rules of school."""
    a, b, c, d = v
    x, y = Fraction(2 * a + 1, 4), Fraction(2 * b + 1, 6)
    one, nil = arb(1), arb(0)
    jx, jy = Jet(arb(x.numerator) / x.denominator, [one, nil]), Jet(arb(y.numerator) / y.denominator, [nil, one])
    f = Jets().power(jx, 3) * jy + (-jx + c) / jy + -(jy * d)
    want = [3 * x**2 * y - 1 / y, x**3 - (c - x) / y**2 - d]
    bends = [6 * x * y, 3 * x**2 + 1 / y**2, 2 * (c - x) / y**3]
    assert f.bends is not None
    for ball, q in zip([*f.slopes, *f.bends], [*want, *bends], strict=True):
        assert ball.overlaps(arb(q.numerator) / q.denominator) and ball.rad() < 1e-10 * (1 + abs(float(q)))


# -- Krawczyk's operator ---------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.integers(-999, 999), st.integers(-999, 999), st.integers(-30, 30), st.integers(-30, 30), st.integers(-3, 3), st.integers(0, 2))
def test_a_proved_box_holds_the_zero(p: int, q: int, e: int, f: int, mixed: int, quartic: int) -> None:
    """A concave function with its maximum at a known rational place, in two unknowns of very different sizes."""
    x, y = Fraction(p) * Fraction(10) ** e, Fraction(q) * Fraction(10) ** f
    u, v = f"(a-({x}))/(10**({e}))", f"(b-({y}))/(10**({f}))"
    height = formula(f"-2*({u})**2-3*({v})**2+({mixed})*({u})*({v})-{quartic}*({u})**4")
    s = surface(height, ("a", "b"), [Domain(), Domain()], (), ())
    assert s is not None
    box = s.near([x + Fraction(10) ** e / 3, y - Fraction(10) ** f / 5])
    assert box is not None and box.definite and box.precise
    assert all(low <= z <= high for low, z, high in zip(box.low, (x, y), box.high, strict=True))


def test_a_zero_without_a_regular_jacobian_is_not_proved() -> None:
    s = surface(formula("-(a-1)**4-(b-2)**2"), ("a", "b"), [Domain(), Domain()], (), ())
    assert s is not None and s.near([Fraction(9, 8), Fraction(2)]) is None
    s = surface(formula("-(a+b-1)**2"), ("a", "b"), [Domain(), Domain()], (), ())
    assert s is not None and s.near([Fraction(1, 2), Fraction(1, 2)]) is None


def test_a_saddle_is_no_maximum() -> None:
    s = surface(formula("a**2-b**2"), ("a", "b"), [Domain(), Domain()], (), ())
    assert s is not None
    box = s.near([Fraction(0), Fraction(0)])
    assert box is not None and not box.definite


# -- concavity -----------------------------------------------------------------------------------------

CONCAVE: list[tuple[Lemma, str, dict[str, bool], Callable[[Any, Any], Any]]] = [  # a function, which unknowns are positive, the same in high precision
    (Lemma.LOG, "log(2*a+b)", {"a": True, "b": True}, lambda a, b: MP.log(2 * a + b)),
    (Lemma.SQUARE, "-(3*a-b+1)**2", {"a": False, "b": False}, lambda a, b: -((3 * a - b + 1) ** 2)),
    (Lemma.EXP, "-exp(2*a-b)", {"a": False, "b": False}, lambda a, b: -MP.exp(2 * a - b)),
    (Lemma.POWER, "-1/a-b**3", {"a": True, "b": True}, lambda a, b: -1 / a - b**3),
    (Lemma.LOG_SUM_EXP, "-log(1+exp(a-2*b)+exp(b))", {"a": False, "b": False}, lambda a, b: -MP.log(1 + MP.exp(a - 2 * b) + MP.exp(b))),
    (Lemma.LOG_SUM_EXP, "-log(cosh(a-2*b))", {"a": False, "b": False}, lambda a, b: -MP.log(MP.cosh(a - 2 * b))),
    (Lemma.LOG_DIFFERENCE, "log(exp(b)-exp(b-2*a))", {"a": True, "b": False}, lambda a, b: MP.log(MP.exp(b) - MP.exp(b - 2 * a))),
    (Lemma.LOG_GAMMA, "-log(gamma(2*a+b))", {"a": True, "b": True}, lambda a, b: -MP.loggamma(2 * a + b)),
    (Lemma.LOG_CDF, "log(Phi(a-2*b))", {"a": False, "b": False}, lambda a, b: MP.log(MP.ncdf(a - 2 * b))),
    (Lemma.LOG_CDF, "log(1-Phi(a-2*b))", {"a": False, "b": False}, lambda a, b: MP.log(MP.ncdf(2 * b - a))),
    (Lemma.LOG_CDF, "log(Phi(b+a)-Phi(b-a))", {"a": True, "b": False}, lambda a, b: MP.log(MP.ncdf(b + a) - MP.ncdf(b - a))),
    (Lemma.LOG_CDF, "log(1-exp(-exp(a-b)))", {"a": False, "b": False}, lambda a, b: MP.log(-MP.expm1(-MP.exp(a - b)))),
    (Lemma.LOG_CDF, "log(exp(-exp(b-a))-exp(-exp(b+a)))", {"a": True, "b": False}, lambda a, b: MP.log(MP.exp(-MP.exp(b - a)) - MP.exp(-MP.exp(b + a)))),
]  # fmt: skip
NUMBERS = st.fractions(min_value=Fraction(1, 50), max_value=3, max_denominator=50)


def any_sign(f: Formula) -> int:
    return 0


def test_every_lemma_has_a_source_and_an_example() -> None:
    assert set(SOURCES) == set(Lemma) == {lemma for lemma, *_ in CONCAVE}


@pytest.mark.parametrize(("lemma", "text", "positive", "f"), CONCAVE, ids=[c[1] for c in CONCAVE])
@settings(max_examples=25, deadline=None)
@given(points=st.tuples(*[NUMBERS] * 4), signs=st.tuples(*[st.sampled_from((-1, 1))] * 4))
def test_what_is_read_as_concave_is_concave(
    lemma: Lemma, text: str, positive: dict[str, bool], f: Callable[[Any, Any], Any], points: tuple[Fraction, ...], signs: tuple[int, ...]
) -> None:  # fmt: skip
    found = concave_change(formula(text), positive, frozenset(positive), any_sign)
    assert found is not None and lemma in found[1] and all(g == Sym(k) for k, g in found[0].new.items())
    up = [positive["a"], positive["b"]] * 2
    a, b, c, d = (MP.mpf(x.numerator) / x.denominator * (1 if keep else s) for x, s, keep in zip(points, signs, up, strict=True))
    assert f((a + c) / 2, (b + d) / 2) >= (f(a, b) + f(c, d)) / 2 - MP.mpf(10) ** -30


CHANGED: list[tuple[str, dict[str, bool], dict[str, str]]] = [  # by a change of unknowns: the old ones by the new
    ("-log(s)-log(1+exp(-(3-m)/s))", {"m": False, "s": True}, {"s": "1/lambda", "m": "mu/lambda"}),
    ("-log(v)/2-(3-m)**2/(2*v)", {"m": False, "v": True}, {"v": "lambda**(-2)", "m": "mu/lambda"}),
    ("log(k)-k*log(l)-(3/l)**k", {"k": True, "l": True}, {"k": "k", "l": "exp(mu/k)"}),
    ("2*log(r)-3*r", {"r": True, "m": False}, {"r": "r", "m": "m"}),
    ("-log(r)-3/r", {"r": True, "m": False}, {"r": "1/lambda", "m": "mu/lambda"}),
]


@pytest.mark.parametrize(("text", "positive", "old"), CHANGED, ids=[c[0] for c in CHANGED])
def test_changes_of_the_unknowns(text: str, positive: dict[str, bool], old: dict[str, str]) -> None:
    found = concave_change(formula(text), positive, frozenset(positive), any_sign)
    assert found is not None
    assert {k: str(derive_text(f)) for k, f in found[0].old.items()} == {k: str(derive_text(formula(t))) for k, t in old.items()}


def derive_text(f: Formula) -> Any:
    from derive.formula.bridge import to_sympy

    return to_sympy(f)


@pytest.mark.parametrize(
    "text",
    ["-log(s)-(3-m)**2-s**2/m**2", "-log(1+(3-m)**2/s**2)-log(s)", "a*m", "log(exp(a)-exp(m))*exp(a)", "log(Phi(a*m))", "log(1+exp(a))", "-exp(-exp(a))+b",
     "-log(Phi(a)-Phi(b))", "log(erf(a))*b", "log(Phi(a)-Phi(b)+1)", "log(2+Phi(a))", "sqrt((a-m)**2)", "-sqrt((a**3-m)**2)",
     "log(a)-log(m+5)", "-log(gamma(exp(a)))", "-(a*m-1)**2", "a*exp(-m)"],
)  # fmt: skip
def test_what_is_not_concave_is_not_read_as_concave(text: str) -> None:
    f = formula(text)
    assert concave_change(f, {k: k in ("s", "b") for k in sorted(names(f))}, names(f), any_sign) is None


# -- derivations with data, against 50 digits ---------------------------------------------------------------

MS = {"m": "real", "s": "positive"}
X = ["1.2", "-0.3", "2.2", "0.4", "3.1"]
PAIRS = {"y": [0, 1, 0, 1, 1, 0], "z": ["-1.5", "-0.5", "0.2", "0.9", "1.7", "0.4"]}
COVARIATE = {"variable": "y", "covariates": ["z"], "parameters": {"a": "real", "b": "real"}}
LOGISTIC = "exp(-(x-m)/s)/(s*(1+exp(-(x-m)/s))**2)"
NORMAL = "exp(-(x-m)**2/(2*s**2))/sqrt(2*pi*s**2)"


def each(g: Callable[..., Any], data: list[str]) -> Callable[..., Any]:
    values = [MP.mpf(x) for x in data]
    return lambda *t: MP.fsum(g(x, *t) for x in values)


def pairs(g: Callable[..., Any]) -> Callable[..., Any]:
    rows = [(MP.mpf(z), y) for z, y in zip(PAIRS["z"], PAIRS["y"], strict=True)]
    return lambda a, b: MP.fsum(g(a + b * z, y) for z, y in rows)


def censored(m: Any, s: Any) -> Any:
    return each(lambda x, m, s: -MP.log(s) - ((x - m) / s) ** 2 / 2, X)(m, s) + 2 * MP.log(MP.ncdf((m - 3) / s))


def grouped(m: Any, s: Any) -> Any:
    cells = [(0, 1, 3), (1, 2, 5), (2, 4, 2)]
    return MP.fsum(k * MP.log(MP.ncdf((b - m) / s) - MP.ncdf((a - m) / s)) for a, b, k in cells)


PROVED: list[tuple[str, str, dict[str, Any], Callable[..., Any]]] = [
    ("logistic", LOGISTIC, {"parameters": MS, "support": "real", "data": X},
     each(lambda x, m, s: -(x - m) / s - MP.log(s) - 2 * MP.log(1 + MP.exp(-(x - m) / s)), X)),
    ("hyperbolic secant", "1/(2*s*cosh(pi*(x-m)/(2*s)))", {"parameters": MS, "support": "real", "data": X},
     each(lambda x, m, s: -MP.log(s) - MP.log(MP.cosh(MP.pi * (x - m) / (2 * s))), X)),
    ("beta", "x**(a-1)*(1-x)**(b-1)/beta(a,b)", {"parameters": {"a": "positive", "b": "positive"}, "support": "(0, 1)", "data": ["0.2", "0.5", "0.35", "0.7"]},
     each(lambda x, a, b: (a - 1) * MP.log(x) + (b - 1) * MP.log(1 - x) - MP.log(MP.beta(a, b)), ["0.2", "0.5", "0.35", "0.7"])),
    ("log-logistic", "(b/a)*(x/a)**(b-1)/(1+(x/a)**b)**2", {"parameters": {"a": "positive", "b": "positive"}, "support": "x > 0", "data": ["1.2", "0.3", "2.2", "0.4"]},
     each(lambda x, a, b: MP.log(b / a) + (b - 1) * MP.log(x / a) - 2 * MP.log(1 + (x / a) ** b), ["1.2", "0.3", "2.2", "0.4"])),
    ("right-censored normal", NORMAL, {"parameters": MS, "support": "real", "data": derive.Sample(X, right=[3, 3])}, censored),
    ("grouped normal", NORMAL, {"parameters": MS, "support": "real", "data": derive.Sample(counts={(0, 1): 3, (1, 2): 5, (2, 4): 2})}, grouped),
    ("probit", "Phi(a+b*z)**y*(1-Phi(a+b*z))**(1-y)", {**COVARIATE, "support": "y in {0, 1}", "data": PAIRS},
     pairs(lambda u, y: MP.log(MP.ncdf(u if y else -u)))),
    ("logit", "exp(y*(a+b*z))/(1+exp(a+b*z))", {**COVARIATE, "support": "y in {0, 1}", "data": PAIRS}, pairs(lambda u, y: y * u - MP.log(1 + MP.exp(u)))),
    ("complementary log-log", "(1-exp(-exp(a+b*z)))**y*exp(-(1-y)*exp(a+b*z))", {**COVARIATE, "support": "y in {0, 1}", "data": PAIRS},
     pairs(lambda u, y: MP.log(-MP.expm1(-MP.exp(u))) if y else -MP.exp(u))),
]  # fmt: skip


@pytest.mark.parametrize(("density", "question", "ell"), [c[1:] for c in PROVED], ids=[c[0] for c in PROVED])
def test_a_proved_maximum_is_that_of_50_digits(density: str, question: dict[str, Any], ell: Callable[..., Any]) -> None:
    d = derive.mle(density, **{"variable": "x", **question})
    assert d.outcome == "unique" and set(map(str, d.certainty.values())) == {"proved"} and d.numeric is not None
    values = [MP.mpf(d.numeric[k]) for k in question["parameters"]]
    slopes = [lambda *t, j=j: MP.diff(ell, t, tuple(int(i == j) for i in range(len(t)))) for j in range(len(values))]
    root = MP.findroot(slopes, values, tol=1e-40)
    for v, r in zip(values, root, strict=True):
        assert abs(v - r) <= 1.2e-16 * abs(r)
    text = d.to_markdown()
    assert "Interval arithmetic shows" in text and "it is the only solution, and the global maximum" in text


@pytest.mark.parametrize("power", [-100, -6, 6, 100])
def test_the_unit_of_the_data_does_not_matter(power: int) -> None:
    unit = Fraction(10) ** power
    data = [Fraction(x) for x in X]
    kinds: dict[str, list[Any]] = {LOGISTIC: [data, [x * unit for x in data]]}
    if abs(power) < 50:
        cells = {(0, 1): 3, (1, 2): 5, (2, 4): 2}
        kinds[NORMAL] = [derive.Sample(counts=cells), derive.Sample(counts={(a * unit, b * unit): k for (a, b), k in cells.items()})]
    for density, (near, far) in kinds.items():
        one, other = (derive.mle(density, variable="x", parameters=MS, support="real", data=x) for x in (near, far))
        assert one.numeric is not None and other.numeric is not None and set(map(str, other.certainty.values())) == {"proved"}
        for k, v in one.numeric.items():
            assert Fraction(other.numeric[k]) == pytest.approx(Fraction(v) * unit, rel=4e-16)


def test_a_local_maximum_is_said_to_be_one() -> None:
    pair = {"a": "positive", "b": "positive"}
    d = derive.mle("(a*exp(-a*x)+b*exp(-b*x))/2", variable="x", parameters=pair, support="x >= 0", data=[0.1, 0.2, 3, 4, 7])
    assert set(map(str, d.certainty.values())) == {"searched"}
    assert "That it is the global one was not proved" in d.to_markdown()


def test_another_maximum_by_an_exact_symmetry() -> None:
    """The components of a mixture exchanged, and the share p with 1 - p."""
    component = "exp(-(x-{0})**2/2)/sqrt(2*pi)"
    density = f"p*{component.format('a')}+(1-p)*{component.format('b')}"
    data = ["-0.4", "0.7", "2.2", "3.1", "1.4", "2.8", "0.1", "3.5"]
    d = derive.mle(density, variable="x", parameters={"p": "(0, 1)", "a": "real", "b": "real"}, support="real", data=data)
    assert d.outcome == "not unique"
    assert sorted(d.estimates["a"]) == sorted(d.estimates["b"]) and float(sum(d.estimates["p"])) == pytest.approx(1, abs=1e-11)


def test_precision_is_left_as_it_was() -> None:
    before = ctx.prec
    derive.mle("1/(2*s*cosh(pi*(x-m)/(2*s)))", variable="x", parameters=MS, support="real", data=X)
    assert ctx.prec == before


BINARY = {"variable": "y", "covariates": ["z"], "parameters": {"a": "real", "b": "real"}, "support": "y in {0, 1}"}
SEPARATED: list[tuple[str, list[int], list[int]]] = [  # a response, covariate values, responses
    ("Phi(a+b*z)**y*(1-Phi(a+b*z))**(1-y)", [1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1]),
    ("exp(y*(a+b*z))/(1+exp(a+b*z))", [-5, 2, 3, 4, 50, 6], [1, 1, 0, 0, 0, 0]),
    ("(1/(1+exp(-a-b*z)))**y*(1-1/(1+exp(-a-b*z)))**(1-y)", [1, 2, 3], [1, 1, 1]),
]


@pytest.mark.parametrize(("density", "z", "y"), SEPARATED)
def test_separation_is_proved(density: str, z: list[int], y: list[int]) -> None:
    d = derive.mle(density, **BINARY, data={"y": y, "z": z})
    assert d.outcome == "none" and set(map(str, d.certainty.values())) == {"proved"}
    assert "keeps rising" in d.to_markdown()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 1)), min_size=2, max_size=7))
def test_a_direction_without_maximum_separates(rows: list[tuple[int, int]]) -> None:
    """It is found exactly where a line separates the responses, all but those on it; and it does separate them."""
    density = formula("exp(y*(a+b*z))/(1+exp(a+b*z))")
    found = direction_without_maximum(density, ("a", "b"), ("y", "z"), [((Fraction(y), Fraction(z)), 1) for z, y in rows])
    ones, zeros = ([z for z, y in rows if y == k] for k in (1, 0))
    alike = bool(ones) and bool(zeros) and {*ones} == {*zeros} and len({*ones}) == 1  # all on the line
    separated = not ones or not zeros or max(zeros) <= min(ones) or max(ones) <= min(zeros)
    assert (found is not None) == (separated and not alike)
    if found is not None:
        assert all((2 * y - 1) * (found[0] + found[1] * z) >= 0 for z, y in rows)


def test_observed_is_expected_information_only_where_no_number_of_the_data_is_in_it() -> None:
    assert "Fisher scoring" not in derive.mle("l*exp(-l*x)", data=derive.Sample(counts={(0, 1): 3, (1, 2): 4})).to_markdown()
    beta = {"variable": "x", "parameters": {"a": "positive", "b": "positive"}, "support": "(0, 1)"}
    many = [f"0.{k:02}" for k in range(10, 60)]
    assert "Fisher scoring" in derive.mle("x**(a-1)*(1-x)**(b-1)/beta(a,b)", **beta, data=many).to_markdown()


LOCATION_SCALE = {"m": "real", "s": "positive"}
CAUCHY = "s/(pi*(s**2+(x-m)**2))"
PAIR = "(exp(-(x-a)**2/2)+exp(-(x-b)**2/2))/(2*sqrt(2*pi))"
COVERED = [
    (CAUCHY, LOCATION_SCALE, [0, 1, 3, 1e5], "unique", {"m": 1.000020000400008, "s": 1.4142206334232266}),
    (CAUCHY, LOCATION_SCALE, ["1e90", "2e90", "6e90"], "unique", {"m": 12e90 / 7, "s": 8.24786098842322e89}),
    ("2/(pi*sqrt(3)*s*(1+(x-m)**2/(3*s**2))**2)", LOCATION_SCALE, [1, 2, 5, 1.5], "unique", {"m": 1.77992792375833, "s": 0.979835582263140}),
    (PAIR, {"a": "real", "b": "real"}, [-2, 2], "not unique", {"a": -1.99865134603022, "b": 1.99865134603022}),
    (CAUCHY, LOCATION_SCALE, [1, 1, 2], "none", None),
]  # fmt: skip


@pytest.mark.parametrize(("density", "parameters", "data", "outcome", "right"), COVERED)
def test_a_domain_covered_by_cells(density: str, parameters: dict[str, str], data: list[Any], outcome: str, right: Any) -> None:
    d = derive.mle(density, variable="x", parameters=parameters, data=data)
    d.to_markdown()
    assert str(d.outcome) == outcome and set(map(str, d.certainty.values())) <= {"enclosed", "proved"}
    assert right is None or d.numeric == pytest.approx(right, rel=1e-10)


@pytest.mark.parametrize("seed", range(4))
def test_no_point_is_higher_than_a_maximum_that_was_proved(seed: int) -> None:
    rng = random.Random(seed)
    data = rng.sample(range(-20, 20), 3 + seed % 3)
    d = derive.mle(CAUCHY, variable="x", parameters=LOCATION_SCALE, data=data)
    assert d.numeric is not None and set(map(str, d.certainty.values())) <= {"enclosed", "proved"}

    def height(m: float, s: float) -> float:
        return sum(math.log(s) - math.log(s * s + (x - m) ** 2) for x in data)

    top = height(d.numeric["m"], d.numeric["s"])
    assert all(height(rng.uniform(-30, 30), math.exp(rng.uniform(-6, 5))) <= top + 1e-9 for _ in range(3000))
