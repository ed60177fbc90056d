"""Many rows at once: bounds hold what they must, arrays have the values of the rows, exact sums are those of fractions."""

import math
import operator
import random
from fractions import Fraction

import pytest
from flint import arb, ctx, fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from derive.formula.evaluate import compiled, log_size
from derive.formula.rowwise import MANY, at_rows
from derive.formula.tree import ONE, Big, Call, Formula, N, Sym
from derive.proofs.zeros.algebras import Balls
from derive.proofs.zeros.builder import Data, Function, constant
from derive.proofs.zeros.extended import NoValue
from derive.proofs.zeros.many import OF_BANDS, Band
from derive.reading.context import Context
from derive.reading.sympytext import read_sympy
from derive.sample.observations import Observations

pytest.importorskip("numpy")
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of infinite ends

FLOATS = st.floats(-1e150, 1e150) | st.floats(-10, 10) | st.sampled_from([0.0, 5e-324, -5e-324, 1e-310, 2.0**-1074])
BANDS = st.tuples(FLOATS, FLOATS).map(sorted)


def read(text: str) -> Formula:
    return read_sympy(text, Context(parameters=frozenset("ms"), data=frozenset("x"), index=frozenset("i")))[0].formula


def inside(v: Fraction, band: Band) -> bool:
    low, high = float(band.lo), float(band.hi)
    if math.isnan(low) or math.isnan(high):
        return True  # nothing is said
    return (low == -math.inf or Fraction(low) <= v) and (high == math.inf or v <= Fraction(high))


@given(BANDS, BANDS, st.sampled_from([operator.add, operator.mul, operator.truediv]))
@example([1.0, 1.0], [3.0, 3.0], operator.truediv)
@example([0.1, 0.1], [0.2, 0.2], operator.add)
@example([1e-200, 1e-200], [1e-200, 1e-200], operator.mul)
def test_an_operation_on_bands_holds_that_on_their_ends(a, b, operation):
    try:
        found = operation(Band(*a), Band(*b))
    except NoValue:
        assert operation is operator.truediv and b[0] <= 0 <= b[1]
        return
    for u in map(Fraction, a):
        for v in map(Fraction, b):
            assert inside(operation(u, v), found)


@given(BANDS, st.integers(-3, 5))
def test_a_power_of_a_band_holds_those_of_its_ends_and_its_middle(a, k):
    try:
        found = Band(*a).power(k)
    except NoValue:
        assert (k < 0 and a[0] <= 0 <= a[1]) or k < 0
        return
    for v in (*map(Fraction, a), (Fraction(a[0]) + Fraction(a[1])) / 2, *([Fraction(0)] if a[0] <= 0 <= a[1] else [])):
        if v or k >= 0:
            assert inside(v**k, found)


FUNCTIONS = {"exp": arb.exp, "log": arb.log, "sqrt": arb.sqrt, "expm1": arb.expm1, "sigmoid": lambda u: 1 / (1 + (-u).exp())}


@given(st.sampled_from(sorted(FUNCTIONS)), st.lists(st.floats(-800, 800), min_size=2, max_size=2).map(sorted), st.booleans())
@example("log", [1.0, 1.0], False)
@example("log", [0.5**0.5, 2.0**0.5], False)
@example("exp", [-745.2, 709.9], False)
def test_a_function_of_a_band_holds_those_of_its_ends_and_its_middle(name, ends, tiny):
    if name in ("log", "sqrt"):
        ends = [math.exp(e / 1.2) if tiny else abs(e) for e in ends]
        ends.sort()
    a, b = ends
    try:
        found = OF_BANDS[name](Band(a, b))
    except NoValue:
        assert name == "log" and a < 2.0**-1022
        return
    with ctx.workprec(200):
        for v in (arb(a), (arb(a) + arb(b)) / 2, arb(b)):
            w = FUNCTIONS[name](v)
            assert arb(float(found.lo)) <= w <= arb(float(found.hi))
            if a == b and 1e-300 < abs(w) < 1e300 and name != "expm1":
                assert arb(float(found.hi)) - arb(float(found.lo)) <= abs(w) * arb(2) ** -44


ROWS = tuple(((Fraction(random.Random(4).randint(-(10**9), 10**9), 10**7) + j,), 1 + j % 2) for j in range(MANY))
BODIES = [
    "exp(-x[i]**2*m**2/1000)",
    "log(1 + x[i]**2/(1 + m**2))",
    "(x[i] - m)/(1 + (x[i] - m)**2)",
    "(x[i] - m)**3",
    "abs(x[i] - m)/(2 + m**2)",
    "1/(1 + x[i]**2*m**2)",
    "x[i]*m - m**2",
]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("cell", [(0.25, 0.25), (0.2, 0.3), (-3.0, 5.0), (100.0, 1e6)])
def test_bounds_of_all_rows_at_once_hold_the_values(body, cell):
    f = Function(Big("sum", "i", ONE, N, read(body)), ("m",), Data(("x",), ROWS))
    a, b = map(arb, cell)
    found = f.bounded(a.union(b))
    assert found is not None
    for t in (a, b, (a + b) / 2):
        with ctx.workprec(200):
            assert found.contains(f.over(Balls())(arb(t.mid())))
    if cell[0] == cell[1]:
        assert float(found.rad()) <= 1e-12 * float(abs(found).mid()) and f.guessed(a) == pytest.approx(float(found.mid()), rel=1e-9)


@pytest.mark.parametrize("cell", [(0.25, 0.25), (-0.3, 0.2), (-8.0, -7.0)])
def test_bounds_of_a_weighted_mean_hold_its_values(cell):
    f = Function(Call("expmean", (Sym("m"), Big("sum", "i", ONE, N, read("x[i]")))), ("m",), Data(("x",), ROWS))
    a, b = map(arb, cell)
    with ctx.workprec(200):
        for t in (a, (a + b) / 2, b):
            assert f.bounded(a.union(b)).contains(f.over(Balls())(t))


@pytest.mark.parametrize("body", ["cos(x[i]*m)", "arctan(x[i]*m)"])
def test_bounds_do_not_cover_what_is_not_rounded_to_the_nearest(body):
    f = Function(Big("sum", "i", ONE, N, read(body)), ("m",), Data(("x",), ROWS))
    assert f.bounded(arb(1)) is None and f.guessed(arb(1)) is not None


ARRAYS = [
    "(x[i] - m)**2/s", "exp(-(x[i] - m)/s)", "log(1 + exp(-x[i]))", "1 - exp(-x[i]*s)", "abs(x[i] - m)", "x[i]**s*log(x[i])",
    "(1 + x[i]/s)**(-m)", "gamma(x[i] + s)/gamma(s)", "erf(x[i]/s)", "sqrt(x[i])*cos(x[i])", "m + s", "1/(x[i] + s)", "(x[i] - Sum(x[i], (i, 1, 64))/64)**2",
]  # fmt: skip


@pytest.mark.parametrize("text", ARRAYS)
def test_an_array_has_the_values_of_its_rows(text):
    rng = random.Random(text)
    xs = [rng.uniform(0.1, 8) for _ in range(MANY)]
    f, env = read(text), {"m": 1.25, "s": 0.75, "x": xs}
    rows = at_rows({"x": xs}, env, compiled, log_size, "i")
    assert rows is not None
    one_by_one = [compiled(f)({**env, "i": j}) for j in range(1, MANY + 1)]
    assert rows.values(f, lambda j: math.nan) == pytest.approx(one_by_one, rel=1e-13)
    total = Big("sum", "i", ONE, N, f)
    assert compiled(total)({**env, "n": MANY}) == pytest.approx(math.fsum(one_by_one), rel=1e-12)
    if min(one_by_one) > 0:
        assert rows.log_sizes(f) == pytest.approx([math.log(v) for v in one_by_one], rel=1e-11, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "xs", "asked"), [("log(x[i])", [-1.0], [0]), ("1/x[i]", [0.0, 2.0], [0]), ("x[i]**s", [-2.0, 3.0, -1.0], [0, 2]), ("exp(x[i])", [800.0, 900.0], [0])]
)  # fmt: skip
def test_where_an_array_is_not_finite_the_row_is_asked(text, xs, asked):
    rows = at_rows({"x": [*xs, *[1.0] * MANY]}, {"m": 1.0, "s": 0.5}, compiled, log_size, "i")
    assert rows is not None
    seen: list[int] = []

    def one(j: int) -> float:
        seen.append(j)
        return math.inf if text == "exp(x[i])" else -7.0

    found = rows.values(read(text), one)
    assert seen == asked and all(found[j] in (-7.0, math.inf) for j in asked) and all(map(math.isfinite, found[len(xs) :]))


@given(
    st.lists(st.fractions(max_denominator=10**6), min_size=1, max_size=9),
    st.sampled_from(["x[i]", "x[i]**2", "(x[i] - 1/3)**3", "abs(x[i])/7"]),
)
def test_an_exact_sum_is_that_of_fractions(xs, text):
    f = read(text)
    seen = Observations(("x",), tuple(((x,), 1) for x in xs), tuple((x,) for x in xs))
    one = {
        "x[i]": lambda x: x,
        "x[i]**2": lambda x: x**2,
        "(x[i] - 1/3)**3": lambda x: (x - Fraction(1, 3)) ** 3,
        "abs(x[i])/7": lambda x: abs(x) / 7,
    }[text]
    assert seen.folded(Big("sum", "i", ONE, N, f)) == sum(map(one, xs))
    assert not seen.is_rational(Big("sum", "i", ONE, N, read("log(x[i])")))


def test_a_sum_of_many_logarithms_is_that_of_a_product():
    rows = tuple(((Fraction(j, 7),), 1 + j % 3) for j in range(1, 60))
    data = Data(("x",), rows)
    found = constant(Big("sum", "i", ONE, N, read("log(x[i])")), data)
    assert len(found.logs) == 1 and found.q == 0
    assert float(found.ball()) == pytest.approx(sum(k * math.log(x) for (x,), k in rows), rel=1e-14)
    assert constant(Sym("x_bar"), data).q == fmpq(*_mean(rows).as_integer_ratio())


def _mean(rows):
    return sum(x * k for (x,), k in rows) / sum(k for _, k in rows)
