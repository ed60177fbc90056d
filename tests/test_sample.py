"""Samples: what counts as a number, what is refused and where, and sums over large columns."""

from __future__ import annotations

import math
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from derive.errors import NotValid
from derive.formula.tree import ONE, ZERO, num
from derive.sample.columns import LARGE, number
from derive.sample.sample import Sample, as_sample
from derive.sets.domain import Domain


def given(data: Any, variables: tuple[str, ...] = ("x",), covariates: tuple[str, ...] = ()) -> Sample:
    sample = as_sample(data, variables, covariates)
    assert sample is not None
    return sample


# -- numbers ---------------------------------------------------------------------------------------

NUMBERS = [
    (2.5, "5/2"), (0.1, "1/10"), ("0.1", "1/10"), ("1/3", "1/3"), (" -7 ", "-7"), ("1e-3", "1/1000"), (True, "1"),
    (Decimal("1.10"), "11/10"), (Fraction(2, 7), "2/7"),
    (np.float64(0.1), "1/10"), (np.float32(0.1), "1/10"), (np.int64(3), "3"), (np.bool_(True), "1"), (np.array(2.5), "5/2"),
]  # fmt: skip


@pytest.mark.parametrize("x,value", NUMBERS)
def test_decimals_mean_what_they_print(x: Any, value: str) -> None:
    assert number(x, "it") == Fraction(value)


def test_sympy_numbers() -> None:
    sp = pytest.importorskip("sympy")
    assert [number(x, "it") for x in (sp.Rational(1, 3), sp.Integer(2), sp.Float("0.1"))] == [Fraction(1, 3), 2, Fraction(1, 10)]
    with pytest.raises(NotValid):
        number(sp.pi, "it")


WRONG = [
    ([1, 2, "abc"], 'observation 3 is "abc", not a number'),
    ([1, None], "observation 2 is missing"),
    ([1, math.nan], "observation 2 is missing"),
    ([1, math.inf], "observation 2 is infinite"),
    ([1, "2,5"], "with a point"),
    ([1, "__import__('os')"], "not a number"),
    ([1, "1e999999999"], "not a number"),
    ([10**400], "out of range"),
    ([1, 2j], "observation 2 is 2j"),
    ([[1], [2]], "observation 1"),
    ([], "empty"),
    ("2,4", "not the text"),
    ({1, 2}, "repeated"),
    (iter([1]), "a list of numbers"),
    (np.array(["a"]), "observation 1"),
    (np.ones((2, 3)), "shape"),
    ([0.0] * LARGE + ["q"], "observation 1001"),
    ([0.0] * LARGE + [None], "observation 1001 is missing"),
    ([0.0] * LARGE + [math.inf], "observation 1001 is infinite"),
    (np.append(np.zeros(200_000), np.nan), "observation 200001 is missing"),
]


@pytest.mark.parametrize("data,words", WRONG, ids=[w for _, w in WRONG])
def test_refused_naming_the_observation(data: Any, words: str) -> None:
    with pytest.raises(NotValid) as e:
        given(data)
    assert words in str(e.value)


# -- columns ---------------------------------------------------------------------------------------


def test_what_data_may_be() -> None:
    expected = (Fraction(2), Fraction(4), Fraction(6))
    for data in ([2, 4, 6], (2, 4, 6), range(2, 7, 2), np.array([2, 4, 6]), np.array([2.0, 4, 6]), {"x": [2, 4, 6]}, Sample([2, 4, 6])):
        assert given(data).values("x") == expected
    assert given(5).values("x") == (Fraction(5),)
    assert as_sample(None, ("x",), ()) is None


def test_several_variables() -> None:
    s = given({"y": [2.1, 3.9], "x": [1, 2]}, ("y",), ("x",))
    assert s.size == 2 and s.values("x") == (1, 2) and list(s.columns) == ["y", "x"]
    assert given({"y": 5, "x": 2}, ("y",), ("x",)).size == 1
    assert given([[1, 2], [3, 4]], ("x_1", "x_2")).values("x_2") == (2, 4)
    assert given(np.array([[1, 2], [3, 4]]), ("x_1", "x_2")).values("x_2") == (2, 4)
    assert given({"x1": [1], "x_2": [3]}, ("x_1", "x_2")).values("x_1") == (1,)


COLUMNS = [
    ({"y": [1, 2], "x": [3]}, "differ in length: y has 2, x has 1"),
    ({"y": [1], "z": [1]}, "column z"),
    ({"y": [1]}, "no column x"),
    ({"y": [1], "x": ["a"]}, "observation 1 of x"),
    ([1, 2], "y and x"),
    ({"exact": [1], "right": [2]}, "derive.Sample"),
    ({}, "no column y"),
]


@pytest.mark.parametrize("data,words", COLUMNS, ids=[w for _, w in COLUMNS])
def test_columns_that_do_not_fit(data: Any, words: str) -> None:
    with pytest.raises(NotValid) as e:
        given(data, ("y",), ("x",))
    assert words in str(e.value)


class Frame:
    """Enough of a data frame."""

    def __init__(self, **columns: list[Any]):
        self.table = columns
        self.columns = list(columns)

    def __getitem__(self, name: str) -> np.ndarray:
        return np.array(self.table[name])

    def to_numpy(self) -> np.ndarray:
        raise AssertionError("columns are taken one by one")


def test_data_frames() -> None:
    frame = Frame(y=[1, 2], x=[3, 4], note=["a", "b"])
    assert given(frame, ("y",), ("x",)).values("x") == (3, 4)
    with pytest.raises(NotValid, match="no column z"):
        given(frame, ("z",))


# -- other kinds -----------------------------------------------------------------------------------


def test_kinds_and_sizes() -> None:
    s = Sample([1, 2], right=[5, "7.5"], left=1, interval=[(0, 1), (3, math.inf)])
    assert s.kinds == ("exact", "right", "left", "interval") and s.size == 7 and not s.is_plain
    assert s.right == (5, Fraction(15, 2)) and s.left == (1,) and s.interval == ((0, 1), (3, math.inf))
    assert Sample([], right=[2, 3]).kinds == ("right",)
    assert Sample([1]).is_plain and Sample([1]).exactly
    assert Sample(n=10, sums={"x": 30, "x**2": "70"}).sums == {"x": 30, "x**2": 70}
    assert Sample([1, 2], weights=[1, 0.5]).weights == (1, Fraction(1, 2))
    assert Sample([1, 2], truncation=(0, "oo")).truncation == (0, math.inf)


def test_counts() -> None:
    assert Sample(counts={1: 9000, 0: 1000}).size == 10_000
    s = Sample(counts={(0, 2): 50, "(2, 4]": 3, "5": 1, "(5, oo)": 2})
    assert s.counts == {(0, 2): 50, (2, 4): 3, 5: 1, (5, math.inf): 2} and s.size == 56


REFUSED = [
    ({}, "empty"),
    ({"exact": []}, "empty"),
    ({"counts": {1: 0}}, "empty"),
    ({"counts": {1: -1}}, "whole number"),
    ({"counts": {1: 1.5}}, "whole number"),
    ({"counts": {"a": 1}}, "counted value"),
    ({"counts": {(2, 0): 1}}, "below"),
    ({"counts": {"[0, 1)": 1}}, "(a, b]"),
    ({"counts": [1, 2]}, "counts map"),
    ({"counts": {1: 1, 1.0 + 1e-18: 2, "1": 3}}, "twice"),
    ({"interval": [(0, 1, 2)]}, "pair"),
    ({"interval": [(1, 1)]}, "below"),
    ({"right": ["a"]}, "right: observation 1"),
    ({"exact": [1, 2, 3], "truncation": (0, 2)}, "outside the truncation: 3"),
    ({"exact": [1, 2], "weights": [1]}, "1 weights"),
    ({"exact": [1, 2], "weights": [1, -1]}, "at least 0"),
    ({"n": 10}, "together"),
    ({"sums": {"x": 1}}, "together"),
    ({"n": 0, "sums": {"x": 1}}, "at least 1"),
    ({"exact": [1], "n": 1, "sums": {"x": 2}}, "not by both"),
    ({"exact": {"x": [1], "y": [2]}, "right": [1]}, "one variable"),
]


@pytest.mark.parametrize("arguments,words", REFUSED)
def test_samples_that_cannot_be(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(NotValid) as e:
        Sample(**arguments)
    assert words in str(e.value)


def test_frozen() -> None:
    with pytest.raises(AttributeError):
        Sample([1]).right = (1,)  # type: ignore[misc]


# -- summaries -------------------------------------------------------------------------------------


def test_large_columns_are_kept_as_they_are() -> None:
    x = np.linspace(0, 1, 200_001)
    s = given(x)
    assert s.values("x").array is x and s.is_large and not s.exactly and s.floats("x") is x
    assert s.total(lambda a: a * a) == pytest.approx(float(np.sum(x * x)), rel=1e-13)
    assert s.total(lambda a: 1.0) == 200_001
    assert (s.minimum("x"), s.maximum("x")) == (0, 1)


def test_whole_numbers_do_not_overflow() -> None:
    assert given(np.full(2_000, 2**40)).total(lambda a: a**2) == 2_000 * 2.0**80


def test_totals_over_several_columns() -> None:
    s = given({"y": [1, 2, 3], "x": [4, 5, 6]}, ("y",), ("x",))
    assert s.total(lambda y, x: x * y) == 32
    assert s.total(lambda x: x, "x") == 15


def test_tally() -> None:
    assert given([1, 0, 1, 1]).tally("x") == {0: 1, 1: 3}
    assert given(np.array([1, 0, 1, 1] * 500)).tally("x") == {0: 500, 1: 1500}


@pytest.mark.parametrize("repeat", [1, 1000])
def test_first_outside(repeat: int) -> None:
    s = given(np.array([0, 1, 2] * repeat))
    assert s.first_outside("x", Domain(values=(ZERO, ONE))) == (3, "2")
    assert s.first_outside("x", Domain(ZERO, num(2), True, False)) == (1, "0")
    assert s.first_outside("x", Domain(ZERO, num(2), False, False, integer=True)) is None
    assert given([0.5] * repeat * 2).first_outside("x", Domain(ZERO, integer=True, low_open=False)) == (1, "0.5")


# -- CSV -------------------------------------------------------------------------------------------


def test_csv_columns(tmp_path: Any) -> None:
    file = tmp_path / "waits.csv"
    file.write_text("\ufeffminutes,place\n2.5,1\n4,2\n\n6,3\n", encoding="utf-8")
    assert given(f"{file}:minutes").values("x") == (Fraction(5, 2), 4, 6)
    assert given(f"{file}:place,minutes", ("minutes",), ("place",)).columns == {"minutes": (Fraction(5, 2), 4, 6), "place": (1, 2, 3)}
    (tmp_path / "one.csv").write_text("t\n" + "0.5\n" * 1500)
    column = given(tmp_path / "one.csv").values("x")
    assert column.sum == 750
    (tmp_path / "semicolon.csv").write_text("a;b\n1;2\n")
    assert given(f"{tmp_path}/semicolon.csv:b").values("x") == (2,)


def test_csv_errors(tmp_path: Any) -> None:
    (tmp_path / "w.csv").write_text("a,b\n1,2\n3,x\n5\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00a")
    for spec, words in (
        ("none.csv:a", "no file"), ("w.csv:c", "its columns are a, b"), ("w.csv:b", "line 3 of"), ("w.csv:a,b", "2 columns"),
        ("empty.csv", "empty"), ("binary.csv:a", "not a CSV file"),
    ):  # fmt: skip
        with pytest.raises(NotValid) as e:
            given(f"{tmp_path}/{spec}")
        assert words in str(e.value)


def test_small_samples_do_not_import_numpy() -> None:
    code = "import sys; from derive.sample.sample import as_sample; as_sample([1, 2.5], ('x',), ());assert not {'sympy', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
