"""Tables of observations: what a newcomer hands over, and what comes out: an answer and what is said of it, or one clear question."""

from __future__ import annotations

import builtins
import datetime
import gzip
import io
import math
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import derive
from derive.cli.main import main
from derive.errors import NotValid
from derive.sample.written import row_of_numbers

# -- files: text of a CSV file, how it is taken, and either the mean wait with what is said, or the refusal -----------------

FILES: list[tuple[str, str, dict[str, Any], Any, str]] = [
    ("one column", "minutes\n2\n4\n", {}, 3, "The observations are the column minutes"),
    ("called like the variable", "x,y\n2,1\n4,1\n", {}, 3, ""),
    ("the only column of numbers", "who,minutes\na,2\nb,4\n", {}, 3, "The observations are the column minutes"),
    ("two columns of numbers", "a,b\n2,1\n4,1\n", {}, None, 'write column="a"'),
    ("a column that is named", "a,b\n2,1\n4,1\n", {"column": "a"}, 3, ""),
    ("a name that is nearly one", "minutes,b\n2,1\n", {"column": "minuts"}, None, "did you mean minutes?"),
    ("no header", "2\n4\n", {}, 3, "has no header: its first line is the first observation"),
    ("no header, two columns", "2,1\n4,1\n", {}, None, "its columns are 1, 2"),
    ("no header, a column by its place", "2,7\n4,7\n", {"column": "1"}, 3, "has no header"),
    ("a header of years", "2020,2021\n2,1\n4,1\n", {"names": ":2020"}, 3, ""),
    ("a place that may be a name", "1,2\n4,1\n", {"names": ":1"}, None, "is 1 the place of a column, or its name?"),
    ("a first line with words and numbers", "2020-01-01,2\n2020-01-02,4\n", {}, None, "is it a header?"),
    ("a gap", "minutes,b\n2,1\n,1\n4,1\n", {"column": "minutes"}, None, "line 3 of"),
    ("a gap says what to do", "minutes,b\n2,1\n,1\n4,1\n", {"column": "minutes"}, None, 'missing="drop"'),
    ("a gap that is dropped", "minutes,b\n2,1\n,1\n4,1\n", {"column": "minutes", "missing": "drop"}, 3, "Left out, as they have gaps: line 3"),
    ("a gap in words", "minutes\n2\nNA\n4\n", {}, None, "line 3 of"),
    ("a gap elsewhere is none", "minutes,b\n2,\n4,1\n", {"column": "minutes"}, 3, ""),
    ("an empty line in a column", "minutes\n2\n\n4\n", {}, None, "line 3 of"),
    ("empty lines at the end", "minutes\n2\n4\n\n\n", {}, 3, ""),
    ("a short row", "a,minutes\n1,2\n1\n", {"column": "minutes"}, None, "line 3 of"),
    ("a long row", "a,minutes\n1,2\n1,2,5\n", {"column": "minutes"}, None, "line 3 of"),
    ("semicolons and decimal commas", "minutes;b\n2,5;a\n3,5;b\n", {}, 3, "are decimal commas"),
    ("a single column with decimal commas", "minutes\n2,5\n3,5\n", {}, 3, "are decimal commas"),
    ("decimal commas in quotes", 'minutes,b\n"2,5",a\n"3,5",b\n', {}, 3, "are decimal commas"),
    ("thousands or decimals", "minutes;b\n1,200;a\n1,300;b\n", {}, None, "is this 1200 or 1.200?"),
    ("a comma here and a point there", "minutes;b\n2,5;a\n3.5;b\n", {}, None, "with a comma and with a point"),
    ("thousands and decimals", 'minutes\n"1,234.5"\n', {}, None, "without a sign between them"),
    ("words among numbers", "minutes\n2\ntwo\n", {}, None, "line 3 of"),
    ("a unit in the cell", "minutes\n2 min\n", {}, None, "a unit is units="),
    ("a per cent sign", "minutes\n25%\n", {}, None, "as a fraction"),
    ("a currency", "minutes\n$2.50\n", {}, None, "a unit is units="),
    ("true and false", "minutes\nTRUE\nFALSE\n", {}, None, "write 1 for true"),
    ("a dash for nothing", "minutes\n-\n2\n", {}, None, "leave a cell without an observation empty"),
    ("blanks between the cells", "x y\n1 2\n", {}, None, "separate them by commas"),
    ("an empty line first", "\n\nminutes\n2\n", {}, None, "remove the empty lines above"),
    ("a comma at the end of each line", "minutes,\n2,\n4,\n", {}, 3, "the column minutes"),
    ("two columns of one name", "a,a\n1,2\n", {}, None, "two columns called 'a'"),
    ("nothing", "", {}, None, "is empty"),
    ("a header and nothing", "minutes\n", {}, None, "the sample is empty"),
    ("tabs", "who\tminutes\na\t2\nb\t4\n", {}, 3, "the column minutes"),
    ("events", "minutes,ended\n2,1\n4,0\n", {"column": "minutes", "event": "ended"}, 6, ""),
    ("events beside the only other column", "minutes,ended\n2,1\n4,0\n", {"event": "ended"}, 6, "the column minutes"),
    ("events that are no events", "minutes,ended\n2,1\n4,2\n", {"column": "minutes", "event": "ended"}, None, "line 3 of"),
    ("a column of events that there is not", "minutes,ended\n2,1\n", {"column": "minutes", "event": "end"}, None, "did you mean ended?"),
    ("events in words", "minutes,ended\n2,ja\n4,nein\n", {"column": "minutes", "event": "ended"}, 6, ""),
    ("events as true and false", "minutes,ended\n2,TRUE\n4,False\n", {"column": "minutes", "event": "ended"}, 6, ""),
    ("dead and alive", "minutes,status\n2,dead\n4,alive\n", {"column": "minutes", "event": "status"}, 6, ""),
    ("words for censoring say it whatever the column is called", "minutes,cens\n2,event\n4,censored\n", {"column": "minutes", "event": "cens"}, 6, ""),
    ("a column that says the opposite", "minutes,censored\n2,0\n4,1\n", {"column": "minutes", "event": "censored"}, None, "as the name censored has it"),
    ("words that are no events", "minutes,ended\n2,1\n4,maybe\n", {"column": "minutes", "event": "ended"}, None, 'line 3 of'),
    ("lines within a cell are counted", 'who,minutes\n"a\nb",2\nc,x\n', {"column": "minutes"}, None, "line 4 of"),
    ("an event with a gap", "minutes,ended\n2,1\n4,\n", {"column": "minutes", "event": "ended"}, None, "line 3 of"),
]  # fmt: skip


@pytest.mark.parametrize("name,text,how,mean,words", FILES, ids=[f[0] for f in FILES])
def test_files(name: str, text: str, how: dict[str, Any], mean: Any, words: str, tmp_path: Path) -> None:
    file = tmp_path / "waits.csv"
    file.write_text(text, encoding="utf-8")
    how = dict(how)
    data: Any = str(file) + how.pop("names", "")
    if mean is None:
        with pytest.raises(derive.DeriveError) as e:
            derive.Problem("exponential", data=data, **how)
        assert words in str(e.value) and "Errno" not in str(e.value)
        return
    d = derive.mle("exponential", data=data, **how)
    assert 1 / d.estimates["lambda"] == mean and d.numeric == {"lambda": pytest.approx(1 / mean)}
    assert (
        words in " ".join(d.warnings) and (not words or d.warnings) and all(w[:40] in d.to_markdown().replace("\\", "") for w in d.warnings)
    )


def test_an_open_file_is_left_as_it_was_found() -> None:
    stream = io.StringIO("skipped\nminutes\n2\n4\n")
    stream.readline()
    for _ in range(2):
        assert derive.mle("exponential", data=stream).numeric == {"lambda": pytest.approx(1 / 3)}


def test_the_same_file_in_other_clothes(tmp_path: Path) -> None:
    text = "minutes,ended\n2,1\n4,0\n"
    (tmp_path / "w.csv").write_text(text)
    with gzip.open(tmp_path / "w.csv.gz", "wt") as stream:
        stream.write(text)
    (tmp_path / "w.toml").write_text("density = 'exponential'\ndata = 'w.csv'\ncolumn = 'minutes'\nevent = 'ended'\n")
    columns = {"minutes": [2, 4], "ended": [1, 0]}
    for data in (tmp_path / "w.csv", tmp_path / "w.csv.gz", f"{tmp_path}/w.csv:minutes", io.StringIO(text), columns):
        assert derive.mle("exponential", data=data, column="minutes", event="ended").numeric == {"lambda": pytest.approx(1 / 6)}
    assert derive.mle(derive.Problem.load(tmp_path / "w.toml")).numeric == {"lambda": pytest.approx(1 / 6)}
    for path, words in ((tmp_path / "none.csv", "no file"), (tmp_path / "w.xlsx", ".csv.gz"), (tmp_path, "no CSV file")):
        with pytest.raises(derive.DeriveError, match=words):
            derive.mle("exponential", data=path)
    (tmp_path / "broken.csv.gz").write_bytes((tmp_path / "w.csv.gz").read_bytes()[:-9])
    with pytest.raises(NotValid, match="gzip"):
        derive.mle("exponential", data=tmp_path / "broken.csv.gz")


@pytest.mark.parametrize("cell", ["1_000", "inf", "two", "", "1,200"])
def test_long_files_are_read_as_short_ones(cell: str, tmp_path: Path) -> None:
    said = []
    for rows in (5, 1500):
        (tmp_path / "w.csv").write_text("m;b\n" + "2;1\n" * rows + f"{cell};1\n" + "2;1\n" * 10)
        with pytest.raises(derive.DeriveError) as e:
            derive.Problem("exponential", data=tmp_path / "w.csv", column="m")
        said.append(str(e.value).replace(f"line {rows + 2} ", "line k "))
    assert said[0] == said[1]


def test_long_files_keep_their_notes(tmp_path: Path) -> None:
    (tmp_path / "w.csv").write_text("minutes;b\n" + "2,5;1\n" * 1500 + ";1\n")
    d = derive.mle("exponential", data=tmp_path / "w.csv", column="minutes", missing="drop")
    assert (
        d.numeric == {"lambda": pytest.approx(0.4)} and any("line 1502" in w for w in d.warnings) and any("commas" in w for w in d.warnings)
    )


# -- values in Python --------------------------------------------------------------------------------------------------------

LINE = {"density": "exp(-(y-a*x)**2/2)/sqrt(2*pi)", "variable": "y", "covariates": ["x"], "parameters": {"a": "real"}}
MASKED = np.ma.array([1.0, 2.0, 3.0], mask=[False, True, False])
GIVEN: list[tuple[str, dict[str, Any], Any]] = [  # an estimate, or words of the refusal
    ("a gap", {"data": [1, None, 3]}, 'observation 2 is missing\nmissing="drop"'),
    ("a gap that is dropped", {"data": [1, None, 3], "missing": "drop"}, 0.5),
    ("not a number", {"data": np.array([1, math.nan, 3])}, "observation 2 is missing"),
    ("not a number, dropped", {"data": np.array([1, math.nan, 3]), "missing": "drop"}, 0.5),
    ("no decimal number", {"data": [1, Decimal("nan"), 3], "missing": "drop"}, 0.5),
    ("empty texts", {"data": ["1", "", "NA", "3"], "missing": "drop"}, 0.5),
    ("a masked array", {"data": MASKED}, "observation 2 is missing: it is masked"),
    ("a masked array, dropped", {"data": MASKED, "missing": "drop"}, 0.5),
    ("a long array with a gap", {"data": np.append(np.ones(1500), math.nan)}, "observation 1501 is missing"),
    ("a long array, dropped", {"data": np.append(np.ones(1500), math.nan), "missing": "drop"}, 1.0),
    ("nothing is left", {"data": [None, None], "missing": "drop"}, "the sample is empty"),
    ("an unknown wish", {"data": [1], "missing": "ignore"}, "`missing` is 'error' or 'drop'"),
    ("True alone", {"data": True}, "data are observations, not True"),
    ("True among numbers", {"data": [1.5, True]}, "observation 2 is True among numbers"),
    ("a date", {"data": [datetime.date(2020, 1, 1)]}, "is a date or time, 2020-01-01"),
    ("dates", {"data": np.array(["2020-01-01"], dtype="datetime64[D]")}, "days since the first"),
    ("a date in text", {"data": ["2020-01-01"]}, "days since the first"),
    ("a duration", {"data": [datetime.timedelta(3)]}, "is a duration, 3 days"),
    ("durations", {"data": np.array([3, 4], dtype="timedelta64[D]")}, "is a duration, 3 days"),
    ("many durations", {"data": np.array([3] * 2000, dtype="timedelta64[D]")}, "is a duration, 3 days"),
    ("thousands or decimals", {"data": ["1,200"]}, "1200 or 1.200"),
    ("a decimal comma in text", {"data": ["2,5"]}, "write decimals with a point: 2.5"),
    ("complex numbers", {"data": np.array([1 + 2j] * 2000)}, "not a number"),
    ("events", {"data": [2, 4], "event": [1, 0]}, 1 / 6),
    ("events that are true or false", {"data": np.array([2, 4]), "event": [True, False]}, 1 / 6),
    ("events and a gap, dropped", {"data": [2, None, 4], "event": [1, 1, 0], "missing": "drop"}, 1 / 6),
    ("all ended", {"data": [2, 4], "event": [1, 1]}, 1 / 3),
    ("too few events", {"data": [2, 4], "event": [1]}, "2 durations and 1 events"),
    ("an event that is a name", {"data": [2, 4], "event": "ended"}, "`event` is a column of 0 and 1"),
    ("events of a sample", {"data": derive.Sample([1]), "event": [1]}, "the data are a Sample"),
    ("a column of a list", {"data": [1, 2], "column": "x"}, "the data have one column, without a name"),
    ("a column of nothing", {"column": "x"}, "there are no data"),
    ("a column that is a number", {"data": [1], "column": 3}, "`column` is the name of a column"),
    ("a column of a mapping", {"data": {"minutes": [2, 4], "who": ["a", "b"]}, "column": "minutes"}, 1 / 3),
    ("the only column of a mapping", {"data": {"mean wait": [2, 4]}}, 1 / 3),
    ("the only column of numbers of it", {"data": {"minutes": [2, 4], "who": ["a", "b"]}}, 1 / 3),
    ("which column of a mapping", {"data": {"minutes": [2, 4], "age": [3, 5]}}, "which of its columns are the observations?"),
    ("a column that is called like a parameter", {"data": {"lambda": [2, 4]}}, "the column lambda is neither"),
    ("a structured array", {"data": np.array([(1, 2.0), (3, 4.0)], dtype=[("a", int), ("b", float)]), "column": "b"}, 1 / 3),
    ("which column of it", {"data": np.array([(1, 2.0)], dtype=[("a", int), ("b", float)])}, "which of its columns"),
]  # fmt: skip


@pytest.mark.parametrize("name,how,result", GIVEN, ids=[g[0] for g in GIVEN])
def test_values(name: str, how: dict[str, Any], result: Any) -> None:
    if isinstance(result, str):
        with pytest.raises(derive.DeriveError) as e:
            derive.Problem("exponential", **how)
        assert result in str(e.value)
    else:
        assert derive.mle("exponential", **how).numeric == {"lambda": pytest.approx(result)}


def test_gaps_beside_covariates() -> None:
    columns = {"y": [1, 2, None, 7], "x": [1, 2, 3, None]}
    with pytest.raises(NotValid, match="observation 3 of y is missing"):
        derive.Problem(data=columns, **LINE)
    d = derive.mle(data=columns, missing="drop", **LINE)
    assert d.numeric == {"a": pytest.approx(1)} and "2 observations (3, 4)" in d.warnings[0]
    named = {"sales": [1, 2], "price": [1, 2], "shop": ["a", "b"]}
    assert derive.mle(data=named, column={"y": "sales", "x": "price"}, **LINE).numeric == {"a": pytest.approx(1)}
    with pytest.raises(NotValid, match="one column is not enough"):
        derive.Problem(data=named, column="sales", **LINE)


def test_letters_that_are_columns_are_given_though_another_was_named(tmp_path: Path) -> None:
    columns = {"dose": [1, 2, 3], "response": [1, 2, 4]}
    (tmp_path / "d.csv").write_text("dose,response\n1,1\n2,2\n3,4\n")
    for data in (columns, tmp_path / "d.csv"):
        for column in ("response", {"y": "response"}, {"y": "response", "dose": "dose"}):
            d = derive.mle("y ~ Normal(a + b*dose, s^2)", data=data, column=column)
            assert d.numeric is not None and (d.numeric["a"], d.numeric["b"]) == (pytest.approx(-2 / 3), pytest.approx(3 / 2))
    with pytest.raises(NotValid, match="are these counts of values"):
        derive.Problem("poisson", data={0: 3, 1: 2})
    with (tmp_path / "d.csv").open("rb") as stream, pytest.raises(NotValid, match="opened as bytes"):
        derive.Problem("exponential", data=stream, column="dose")


def test_the_result_on_other_data_takes_the_same_column(tmp_path: Path) -> None:
    table = {"minutes": [2, 4], "who": ["a", "b"]}
    d = derive.mle("exponential", data=table, column="minutes")
    assert d.evaluate({"minutes": [1, 3], "who": ["c", "d"]}) == {"lambda": 0.5} and d.evaluate([1, 1]) == {"lambda": 1.0}


# -- pandas' intervals and counts, by what they look like ------------------------------------------------------------------------


class Series:
    """Enough of a pandas series."""

    def __init__(self, index: list[Any], values: list[Any], name: str | None = None):
        self.index, self.values, self.name = index, values, name

    def items(self) -> Any:
        return zip(self.index, self.values, strict=True)

    def to_numpy(self) -> Any:
        out = np.empty(len(self.values), dtype=object)
        out[:] = self.values
        return out

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Any:
        return iter(self.values)


class RangeIndex(list[int]):
    """The index of pandas where none was given."""


class Interval(SimpleNamespace):
    """Enough of a pandas interval."""

    def __hash__(self) -> int:
        return hash((self.left, self.right))


def cell(a: float, b: float, closed: str = "right") -> Interval:
    return Interval(left=a, right=b, closed=closed)


def test_intervals_and_counts() -> None:
    counted = derive.mle("exponential", data=derive.Sample(counts={(0, 2): 3, (2, 4): 1})).numeric
    cells = [cell(0, 2), cell(0, 2), cell(2, 4), cell(0, 2)]
    for data in (cells, Series([0, 1, 2, 3], cells), Series([cell(0, 2), cell(2, 4)], [3, 1], "count"), derive.Sample(interval=cells)):
        assert derive.mle("exponential", data=data).numeric == counted
    assert derive.mle("exponential", data=[*cells, None], missing="drop").numeric == counted
    for data, words in (
        ([*cells, None], "observation 5 is missing"),
        ([cell(0, 2, "left")], "closed on the right"),
        (Series([7, 3], [2, 1], "count"), "derive.Sample(counts=...)"),
    ):
        with pytest.raises(derive.DeriveError) as e:
            derive.Problem("exponential", data=data)
        assert words in str(e.value)
    for index in ([0, 1], [2, 5]):  # counts of zeros and ones are no observations
        with pytest.raises(NotValid, match="are these counts of values, or observations"):
            derive.Problem("poisson", data=Series(index, [2, 4], "count"))
    assert derive.mle("exponential", data=Series(RangeIndex([0, 1]), [2, 4], "count")).numeric == {"lambda": pytest.approx(1 / 3)}


def test_pandas() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"who": ["a", "b"], "minutes": [2, 4], "ended": [1, 0]})
    assert derive.mle("exponential", data=frame[["who", "minutes"]]).numeric == {"lambda": pytest.approx(1 / 3)}
    assert derive.mle("exponential", data=frame, column="minutes", event="ended").numeric == {"lambda": pytest.approx(1 / 6)}
    for counts in (pd.Series([0, 0, 1]).value_counts(), pd.DataFrame({"k": [0, 0, 1]}).groupby("k").size()):
        with pytest.raises(NotValid, match="are these counts"):
            derive.Problem("poisson", data=counts)
    cut = pd.cut(pd.Series([1, 2, 3]), [0, 2, 4])
    assert derive.mle("exponential", data=cut).numeric == derive.mle("exponential", data=cut.value_counts()).numeric


# -- numbers as they are typed ---------------------------------------------------------------------------------------------------

ROWS: list[tuple[str, Any]] = [  # entries (None is a gap), or words of the question
    ("2,4,6", "2 4 6"), ("2 4 6", "2 4 6"), ("2;4;6", "2 4 6"), ("2, 4, 6", "2 4 6"), ("2.5,3.5", "2.5 3.5"), ("-1,2", "-1 2"), ("5,5", "5 5"),
    ("1,2,3 4,5", "1 2 3 4 5"), ("[2,4,6]", "2 4 6"), ("(2, 4)", "2 4"), ("2,,6", "2 - 6"), ("2,4,", "2 4 -"), ("2, ,6", "2 - 6"), ("2;;6", "2 - 6"), (",", ""), ("", ""),
    ("2,5 3,5 4,1", "2.5 3.5 4.1 commas"), ("2,5;3,5", "2.5 3.5 commas"), ("2,5; 3", "2.5 3 commas"), ("-2,5;3,55", "-2.5 3.55 commas"),
    ("2,4 6", "do the commas separate"), ("2,5, 3,5", "do the commas separate"), ("2,4, 6", "do the commas separate"),
    ("1,2;3,4,5", "do the commas separate"), ("1,200 1,300", "is this 1200 or 1.200?"), ("1,200;1,300", "is this 1200 or 1.200?"),
    ("1,200", "is this 1200 or 1, 200?"), ("100,200,300", "is this 100200300 or 100, 200, 300?"), ("100, 200", "100 200"), ("10,20,300", "10 20 300"),
    ("1,200;2,5", "1.200 2.5 commas"), ("1,200,300 4", "do the commas separate"),
]  # fmt: skip


@pytest.mark.parametrize("text,result", ROWS, ids=[r[0] for r in ROWS])
def test_rows_of_numbers(text: str, result: str) -> None:
    if "?" in result or "commas separate" in result:
        with pytest.raises(NotValid) as e:
            row_of_numbers(text, "it")
        assert result in str(e.value)
        return
    *entries, last = [*result.split(), ""]
    commas = "commas" in entries
    row = row_of_numbers(text, "it")
    assert [x or "-" for x in row.entries] == [x for x in entries if x != "commas"] and row.commas == commas and last == ""


STREAMS: list[tuple[str, list[str], Any]] = [  # standard input, options, and the rate or the refusal
    ("2\n4\n", [], 1 / 3),
    ("2 4\n", [], 1 / 3),
    ("2,4", [], 1 / 3),
    ("minutes\n2\n4\n", [], 1 / 3),
    ("who,minutes\na,2\nb,4\n", ["--column", "minutes"], 1 / 3),
    ("minutes,ended\n2,1\n4,0\n", ["--event", "ended"], 1 / 6),
    ("2,5\n3,5\n", [], "decimal commas?"),
    ("", [], "--data is empty"),
    ("2\n\nx\n", [], "observation 2 of --data"),
]


@pytest.mark.parametrize("text,options,result", STREAMS, ids=[repr(s[0]) for s in STREAMS])
def test_standard_input(
    text: str, options: list[str], result: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    code = main(["mle", "exponential", "--data", "-", "--format", "json", *options])
    got = capsys.readouterr()
    if isinstance(result, str):
        assert code == 2 and result in got.err and got.out == ""
    else:
        import json

        assert code == 0 and json.loads(got.out)["numeric"] == {"lambda": pytest.approx(result)}


# -- without NumPy ---------------------------------------------------------------------------------------------------------------


def without_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = builtins.__import__

    def refusing(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".")[0] == "numpy":
            raise ModuleNotFoundError("No module named 'numpy'")
        return real(name, *args, **kwargs)

    derive.sample.columns.has_numpy.cache_clear()
    monkeypatch.delitem(sys.modules, "numpy", raising=False)
    monkeypatch.setattr(builtins, "__import__", refusing)


def test_many_numbers_without_numpy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import derive.sample.columns as columns

    (tmp_path / "w.csv").write_text("minutes\n" + "0.5\n" * 1100)
    try:
        without_numpy(monkeypatch)
        assert derive.mle("exponential", data=[0.5] * 1100).numeric == {"lambda": pytest.approx(2)}
        assert derive.mle("exponential", data=tmp_path / "w.csv").numeric == {"lambda": pytest.approx(2)}
        with pytest.raises(derive.NotSupported, match=r"pip install 'derive\[data\]'"):
            derive.Problem("exponential", data=[0.5] * (columns.MOST_WITHOUT_NUMPY + 1))
    finally:
        columns.has_numpy.cache_clear()
