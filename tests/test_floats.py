"""Numbers as a person writes them are exact; binary floats show the general derivation, then sums and estimates in decimals."""

import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import derive

LONG = re.compile(r"\d{8,}|\.\d{7,}")  # more digits than a person reads
TABLE = re.compile(r"^\|.*\|$|^\$?[\d.]+ < .*$", re.M)  # the steps of an iteration, and bounds of an estimate
RATE = r"\lambda e^{-\lambda x}"
RNG = np.random.default_rng(20)
SAMPLE = RNG.gamma(2.0, 1.5, 6)


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ([2, 4, 7], r"\frac{3}{13}"),
        ([1.5, 2.5, 0.25], r"\frac{12}{17}"),
        ([0.123456, 1.5], r"\frac{62500}{50733}"),
        ([Fraction(1, 3), Fraction(2, 7)], r"\frac{42}{13}"),
        ([Decimal("0.123456789"), Decimal(1)], r"\frac{2000000000}{1123456789}"),
        (["0.123456789", "1"], r"\frac{2000000000}{1123456789}"),
        (np.array([2, 4, 7]), r"\frac{3}{13}"),
        (np.array([1.5, 2.5]), "= 0.5"),
        (np.array([1.1, 2.2], dtype=np.float32), r"\frac{20}{33}"),
        (np.array([1234567.0, 1234569.0]), r"\frac{1}{1234568}"),
    ],
)  # fmt: skip
def test_what_a_person_writes_is_exact(data, shown):
    d = derive.mle(RATE, data=data)
    assert shown in d.to_markdown() and d.estimates["lambda"].is_Rational


@pytest.mark.parametrize(
    "data",
    [
        [0.1234567, 1.5],
        [0.1 + 0.2, 1.0],
        SAMPLE,
        list(SAMPLE),
        [np.float64(v) for v in SAMPLE],
        SAMPLE.astype(np.float32),
        {"x": SAMPLE},
        RNG.gamma(2.0, 1.5, 40),
        RNG.gamma(2.0, 1.5, 1001),
    ],
)
def test_floats_are_shown_by_their_sums_and_rounded(data):
    d = derive.mle(RATE, data=data)
    page = d.to_markdown()
    assert not LONG.search(page)
    assert r"\hat{\lambda} = \frac{1}{\bar{x}} \approx" in page and r"\bar{x} \approx" in page
    assert isinstance(d.estimates["lambda"], sympy.Float) and d.certainty["lambda"] == "proved"
    assert float(d.estimates["lambda"]) == pytest.approx(d.numeric["lambda"], rel=1e-14)


def test_pandas():
    pd = pytest.importorskip("pandas")
    assert derive.mle(RATE, data=pd.Series([1.5, 2.5])).estimates["lambda"] == sympy.Rational(1, 2)
    for data in (pd.Series(SAMPLE), pd.DataFrame({"x": SAMPLE})):
        assert derive.mle(RATE, data=data).to_markdown() == derive.mle(RATE, data=SAMPLE).to_markdown()


def test_a_file_of_floats_is_shown_as_they_are(tmp_path):
    path = tmp_path / "waits.csv"
    path.write_text("x\n" + "".join(f"{x!r}\n" for x in SAMPLE.tolist()), encoding="utf-8")
    assert derive.mle(RATE, data=path).to_markdown() == derive.mle(RATE, data=SAMPLE).to_markdown()


QUESTIONS = {
    "normal": {"density": "normal", "data": RNG.normal(2, 1.5, 6)},
    "gamma": {"density": "gamma", "data": SAMPLE},
    "Weibull": {"density": "weibull", "data": SAMPLE},
    "uniform": {"density": "1/t", "support": "0 <= x <= t", "data": SAMPLE},
    "Laplace": {"density": "laplace", "data": SAMPLE},
    "Cauchy": {"density": "1/(pi*(1 + (x - m)**2))", "parameters": {"m": "real"}, "data": SAMPLE},
    "censored": {"density": "exponential", "data": derive.Sample(SAMPLE, right=[2.3456789, 3.4567891])},
    "weighted": {"density": "exponential", "data": derive.Sample(SAMPLE, weights=RNG.uniform(0, 1, 6))},
    "truncated": {"density": "exponential", "data": derive.Sample(SAMPLE, truncation=(0, 20))},
    "counted": {"density": "exponential", "data": derive.Sample(counts={0.1234567: 3, 1.2345678: 2})},
    "regression": {
        "density": "exp(-(y - a - b*x)**2/(2*v))/sqrt(2*pi*v)", "covariates": ["x"], "data": {"y": 1 + 2 * SAMPLE + RNG.normal(0, 1, 6), "x": SAMPLE},
    },
}  # fmt: skip


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_line_about_floats_has_more_digits_than_a_person_reads(name):
    d = derive.mle(**QUESTIONS[name])
    assert d.verified and set(d.estimates) == set(d.numeric)
    assert not LONG.search(TABLE.sub("", d.to_markdown()))
    for k, v in d.numeric.items():
        free = d.estimates[k].free_symbols if isinstance(d.estimates[k], sympy.Expr) else {1}
        assert free or float(d.estimates[k]) == pytest.approx(v, rel=1e-12)


MANY = RNG.uniform(0.1, 2.9, 900)
STEPS = {"density": "Piecewise((p, x < 1), ((1 - p)/2, True))", "variable": "x", "support": "0 <= x <= 3", "parameters": {"p": "(0, 1)"}}


@pytest.mark.parametrize(
    ("question", "twice"),
    [
        ({"density": "normal"}, lambda x: x),
        ({"density": "weibull"}, lambda x: x),
        ({"density": "Gumbel"}, lambda x: x),  # a sum inside a sum
        (STEPS, lambda x: x),
        ({"density": "exponential"}, lambda x: derive.Sample(x, right=x[::3])),
    ],
)
def test_the_same_numbers_twice_have_the_same_estimates_over_a_thousand_rows(question, twice):
    once, many = derive.mle(**question, data=twice(MANY)), derive.mle(**question, data=twice(np.concatenate([MANY, MANY])))
    assert many.numeric == pytest.approx(once.numeric, rel=1e-9)
    assert (many.outcome, many.certainty) == (once.outcome, once.certainty)
    assert not LONG.search(TABLE.sub("", many.to_markdown()))


@pytest.mark.parametrize("name", ["normal", "uniform", "censored", "weighted"])
def test_a_write_up_with_rounded_numbers_is_right_by_its_own_checker(name):
    question = QUESTIONS[name]
    report = derive.check(derive.mle(**question).to_markdown(), **question)
    assert report.correct and report.complete


def test_zero_among_floats_is_zero():
    d = derive.mle("normal", data=[-1.23456789, 1.23456789, 2.3456789, -2.3456789])
    assert d.numeric["mu"] == 0 and r"\bar{x} = 0" in d.to_markdown()
    assert derive.mle("normal", data=[0.1234567891] * 4).outcome == "none"


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.floats(0.01, 100).filter(lambda v: len(repr(v)) > 9), min_size=2, max_size=7, unique=True),
    st.sampled_from(["normal", "gamma", "pareto"]),
)
def test_floats_and_the_same_numbers_as_text_agree(xs, density):
    floats, text = derive.mle(density, data=xs), derive.mle(density, data=[repr(x) for x in xs])
    assert (floats.outcome, floats.certainty) == (text.outcome, text.certainty)
    assert floats.numeric == pytest.approx(text.numeric, rel=1e-9)


@pytest.mark.parametrize(("digits", "shown"), [(None, "1.667"), (2, "1.7"), (6, "1.66667"), (10, "1.666666667")])
def test_decimals_have_the_digits_that_are_asked_for(digits, shown):
    assert rf"\frac{{5}}{{3}} \approx {shown}" in derive.mle("normal", data=[1, 1, 3], digits=digits).to_markdown()


@pytest.mark.parametrize("digits", [0, -1, 16, 2.5, "4", True])
def test_digits_are_a_whole_number(digits):
    with pytest.raises(derive.NotValid, match="digits"):
        derive.mle("normal", data=[1, 1, 3], digits=digits)
