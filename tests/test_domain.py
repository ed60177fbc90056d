"""Domains: what people write, what is printed, what belongs to them."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest

from derive.errors import DeriveError, NotValid
from derive.formula.latex import latex
from derive.formula.tree import ONE, ZERO, Add, Div, Dots, Mul, Relation, SetOf, Sym, num
from derive.reading.domains import read as read_domain
from derive.sets.conditions import from_condition
from derive.sets.domain import BINARY, COUNTS, NATURAL, POSITIVE, REAL, UNIT, Domain

X, THETA = Sym("x"), Sym("theta")
LETTERS = {"theta": 1.3, "m": 5.0, "N": 90.0, "K": 42.0, "xi": 0.3, "mu": 0.5, "sigma": 2.0, "k": 4.0, "r": 2.0, "beta": 2.5}

PARAMETERS = [
    ("real", "theta real", "real"),
    ("positive", "theta > 0", "positive"),
    ("nonnegative", "theta >= 0", "nonnegative"),
    ("non-negative", "theta >= 0", "nonnegative"),
    ("integer", "theta in {..., -1, 0, 1, ...}", "a whole number"),
    ("integer >= 6", "theta in {6, 7, ...}", "a whole number, at least 6"),
    ("{1, 2, 3}", "theta in {1, 2, 3}", "1, 2 or 3"),
    ("(0, 1)", "0 < theta < 1", "strictly between 0 and 1"),
    ("[1/2, 1]", "1/2 <= theta <= 1", "between 1/2 and 1"),
    ("(0,1]", "0 < theta <= 1", "greater than 0 and at most 1"),
    ("]0, 1[", "0 < theta < 1", "strictly between 0 and 1"),
    ("(1, oo)", "theta > 1", "greater than 1"),
    ("(-1/2,oo)", "theta > -1/2", "greater than -1/2"),
    ("(-pi, pi]", "-pi < theta <= pi", "greater than -pi and at most pi"),
    ("theta > 0", "theta > 0", "positive"),
    ("0 < theta < 1", "0 < theta < 1", "strictly between 0 and 1"),
    (r"\theta \in (0, \infty)", "theta > 0", "positive"),
    (r"\theta \in \mathbb{R}", "theta real", "real"),
]


@pytest.mark.parametrize(("text", "shown", "words"), PARAMETERS)
def test_a_parameter_domain_is_read(text, shown, words):
    d = read_domain(text, "theta")
    assert (d.text("theta"), d.words()) == (shown, words)


SUPPORTS = [
    ("x > 0", "x > 0"),
    ("0 <= x <= theta", r"0 \le x \le \theta"),
    ("(0, oo)", "x > 0"),
    ("[theta, oo)", r"x \ge \theta"),
    ("{0, 1}", r"x \in \{0, 1\}"),
    ("{0, 1, 2, ...}", r"x \in \{0, 1, 2, \ldots\}"),
    ("{0,1,…}", r"x \in \{0, 1, 2, \ldots\}"),
    ("x = 0, 1, 2, ...", r"x \in \{0, 1, 2, \ldots\}"),
    ("{0, ..., m}", r"x \in \{0, 1, \ldots, m\}"),
    ("x in {0, ..., m}", r"x \in \{0, 1, \ldots, m\}"),
    (r"x \in \{0, 1, \ldots, m\}", r"x \in \{0, 1, \ldots, m\}"),
    ("x in {1,...,5}", r"x \in \{1, 2, 3, 4, 5\}"),
    ("x integer", r"x \in \{\ldots, -1, 0, 1, \ldots\}"),
    ("theta <= x <= k*theta", r"\theta \le x \le k \theta"),
    ("max(0,m+K-N)<=x<=min(m,K)", r"\max(0, m + K - N) \le x \le \min(m, K)"),
    ("1 + xi*(x-mu)/sigma > 0", r"1 + \frac{\xi (x - \mu)}{\sigma} > 0"),
    ("0 < x < 2*theta + 1", r"0 < x < 2 \theta + 1"),
    ("theta-1/2 <= x <= theta+1/2", r"\theta - \frac{1}{2} \le x \le \theta + \frac{1}{2}"),
    (r"x \ge \theta", r"x \ge \theta"),
    ("x ≥ 0", r"x \ge 0"),
    ("x > 0 and x < 1", "0 < x < 1"),
    ("x > 0, x <= theta", r"0 < x \le \theta"),
    ("2*x <= 3", r"x \le \frac{3}{2}"),
    ("-x < 1", "x > -1"),
    ("|x| < 1", "-1 < x < 1"),
    ("x_i > 0", "x > 0"),
    (r"\theta - \frac{1}{2} \le x \le \theta + \frac{1}{2}", r"\theta - \frac{1}{2} \le x \le \theta + \frac{1}{2}"),
    (r"x \in \left[0, 2\theta\right)", r"0 \le x < 2 \theta"),
]


@pytest.mark.parametrize(("text", "shown"), SUPPORTS)
def test_a_support_is_read_and_printed(text, shown):
    assert latex(read_domain(text, "x").condition(X)) == shown


@pytest.mark.parametrize("text", [t for t, _ in SUPPORTS])
def test_random_points_belong_to_the_set(text):
    d = read_domain(text, "x")
    points = d.points(random.Random(3), dict(LETTERS), 20)
    assert len(points) == 20
    assert all(d.contains(x, LETTERS) for x in points)


def test_what_is_printed_reads_back_as_the_same_set():
    for text, _, _ in PARAMETERS:
        d = read_domain(text, "theta")
        shown = "real" if d == REAL else d.text("theta")
        assert read_domain(shown, "theta") == d


BAD = ["", "foo bar", "(0, 1", "{0, 1", "x in (0,", "(1, 0)", "[1, 1)", "{0, 2, ...}", "{...}", "y in {0, 1}", "x > ", "y > 0", "x" * 1000]


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_set_is_refused_with_its_place(text):
    with pytest.raises(NotValid) as caught:
        read_domain(text, "x")
    assert caught.value.hint
    assert caught.value.text is None or caught.value.text == text


def test_broken_text_is_refused_and_never_crashes():
    rng = random.Random(5)
    pieces = [
        "x",
        "theta",
        "<",
        "<=",
        ">",
        "in",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ",",
        "...",
        "0",
        "1",
        "oo",
        "-",
        "*",
        "/",
        r"\le",
        "|",
        "=",
        " ",
        "and",
        "integer",
    ]
    for _ in range(2000):
        text = "".join(rng.choice(pieces) for _ in range(rng.randint(1, 9)))
        with suppress(DeriveError):
            read_domain(text, "x")


def test_named_sets_hold_what_their_names_say():
    assert REAL.condition(X) is None
    assert POSITIVE.contains(0.5) and not POSITIVE.contains(0)
    assert UNIT.contains(0) and UNIT.contains(1) and not UNIT.contains(1.1)
    assert BINARY.discrete and BINARY.contains(1) and not BINARY.contains(0.5)
    assert COUNTS.contains(7) and not COUNTS.contains(-1) and not COUNTS.contains(0.5)
    assert not NATURAL.contains(0)


def test_ends_may_depend_on_letters():
    d = Domain(ZERO, THETA, False, False)
    assert d.letters == {"theta"}
    assert d.bounds({"theta": 2.0}) == (0.0, 2.0)
    assert d.bounds({}) == (0.0, float("inf"))
    assert d.interior == Domain(ZERO, THETA)
    assert d.interior.closed == d
    assert d.replaced({THETA: num(3)}) == Domain(ZERO, num(3), False, False)


def test_numbers_in_ends_are_worked_out():
    d = read_domain("max(0, m+K-N) <= x <= min(m, K)", "x").replaced({Sym("m"): num(41), Sym("K"): num(42)})
    assert d.text("x") == "max(0, 83 - N) <= x <= 41"


def test_a_condition_that_no_interval_shows_still_counts():
    d = read_domain("1 + xi*(x-mu)/sigma > 0", "x")
    low, high = d.bounds({"xi": 0.5, "mu": 1.0, "sigma": 2.0})
    assert (low, high) == (pytest.approx(-3), float("inf"))
    assert d.bounds({"xi": -0.5, "mu": 1.0, "sigma": 2.0}) == (-float("inf"), pytest.approx(5))
    assert not d.contains(-3.5, {"xi": 0.5, "mu": 1.0, "sigma": 2.0})


def test_conditions_as_formulas():
    counts = Relation((X, SetOf((ZERO, ONE, Dots()))), ("in",))
    assert from_condition(counts, "x") == COUNTS
    half = Relation((Mul((num(2), X)), Add((ONE, Div(THETA, num(2))))), ("<",))
    assert from_condition(half, "x").contains(0.7, {"theta": 1.0})
    assert not from_condition(half, "x").contains(0.8, {"theta": 1.0})
    with pytest.raises(NotValid, match="does not speak of x"):
        from_condition(Relation((THETA, ZERO), (">",)), "x")


def test_an_empty_support_is_said_so():
    with pytest.raises(NotValid, match="b = 1"):
        read_domain("[2, b]", "x").points(random.Random(1), {"b": 1.0}, 1)
