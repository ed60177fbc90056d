"""The command line: options become arguments, exit codes, no traceback for a user's mistake."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import derive
from derive.cli.main import main
from derive.cli.words import said
from derive.errors import NotValid
from derive.sample.sample import Sample

WAITS = r"\lambda e^{-\lambda x}"


class Result:
    """What `mle` gives back, as far as the command line looks at it."""

    def to_markdown(self) -> str:
        return "# Write-up θ"

    def to_latex(self) -> str:
        return r"\section{Write-up}"

    def to_dict(self) -> dict[str, Any]:
        return {"title": "θ"}

    def save(self, path: str) -> None:
        Path(path).write_text(self.to_markdown(), encoding="utf-8")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The arguments of the calls of `derive.mle`, which does nothing."""
    calls: list[dict[str, Any]] = []

    def mle(density: Any = None, **kwargs: Any) -> Result:
        calls.append({"density": density, **kwargs})
        return Result()

    monkeypatch.setattr(derive, "mle", mle)
    return calls


def test_options_become_arguments(asked: list[dict[str, Any]]) -> None:
    options = [
        "--data", "2,4,6.5", "--parameter", "lambda: positive", "--known", "m=10", "--known", "k: integer",
        "--support", "x > 0", "--variable", "x", "--constraint", "p1+p2+p3=1",
        "--quantity", "mean wait = 1/lambda", "--quantity", "P(X = 0) = exp(-lambda)", "--at", "lambda=1/2",
        "--units", "minutes", "--label", "p1=click", "--title", "Waits", "--method", "lagrange", "--syntax", "latex", "--unnormalised",
    ]  # fmt: skip
    assert main(["mle", WAITS, *options]) == 0
    assert asked == [{
        "density": WAITS, "data": (2, 4, Fraction(13, 2)), "parameters": {"lambda": "positive"}, "known": {"m": "10", "k": "integer"},
        "support": "x > 0", "variable": "x", "constraints": ["p1+p2+p3=1"],
        "quantities": {"mean wait": "1/lambda", "P(X = 0)": "exp(-lambda)"},
        "at": {"lambda": "1/2"}, "units": "minutes", "labels": {"p1": "click"}, "title": "Waits", "method": "lagrange", "syntax": "latex",
        "unnormalised": True,
    }]  # fmt: skip


def test_names_alone_are_a_list(asked: list[dict[str, Any]]) -> None:
    assert main(["mle", "x", "--parameter", "mu, sigma", "--variable", "x1,x2", "--covariate", "z", "--n", "2"]) == 0
    assert asked == [{"density": "x", "parameters": ["mu", "sigma"], "variable": ["x1", "x2"], "covariates": ["z"], "n": 2}]


def test_what_begins_with_a_minus_sign(asked: list[dict[str, Any]]) -> None:
    assert main(["mle", "-theta**x/(x*log(1-theta))", "--data", "-1,2", "--support", "-1 <= x <= 1"]) == 0
    assert asked == [{"density": "-theta**x/(x*log(1-theta))", "data": (-1, 2), "support": "-1 <= x <= 1"}]


SAID_TOGETHER = [  # several entries in one option, and the arguments that they are
    (["--known", "sigma2=2,mu=1"], {"known": {"sigma2": "2", "mu": "1"}}),
    (["--known", "n, s=(1, 2)"], {"known": {"n": None, "s": "(1, 2)"}}),
    (["--parameter", "mu: real, s: {1, 2}"], {"parameters": {"mu": "real", "s": "{1, 2}"}}),
    (["--parameter", "mu > 0, 0 <= p <= 1, s"], {"parameters": ["mu > 0", "0 <= p <= 1", "s"]}),
    (["--known", "m==10"], {"known": {"m": "10"}}),
    (["--quantity", "mean: 1/lambda"], {"quantities": {"mean": "1/lambda"}}),
    (["--column", "y=response,dose=dose"], {"column": {"y": "response", "dose": "dose"}}),
    (["--at", "a=1, b=(1+2)/3"], {"at": {"a": "1", "b": "(1+2)/3"}}),
    (["--quantity", "P(X = 0, Y = 1) = a, mean = b"], {"quantities": {"P(X = 0, Y = 1)": "a", "mean": "b"}}),
    (["--label", "p1=clicks, or taps"], {"labels": {"p1": "clicks, or taps"}}),
    (["--data", "x1=50,x2=30"], {"data": {"x1": (50,), "x2": (30,)}}),
    (["--data", "x=1 2.5; y=[3,4]"], {"data": {"x": (1, Fraction(5, 2)), "y": (3, 4)}}),
    (["--data", "2,4", "--event", "ja,nein"], {"data": (2, 4), "event": [1, 0]}),
]  # fmt: skip


@pytest.mark.parametrize("options,wanted", SAID_TOGETHER, ids=[o[1] for o, _ in SAID_TOGETHER])
def test_several_entries_in_one_option(options: list[str], wanted: dict[str, Any], asked: list[dict[str, Any]]) -> None:
    assert main(["mle", "x", *options]) == 0
    assert asked == [{"density": "x", **wanted}]


def test_signs_that_say_the_same_twice(asked: list[dict[str, Any]]) -> None:
    assert main(["mle", "x", "--right", ">5, 6+", "--left", "<1", "--interval", "(0, 2],(2, 4]"]) == 0
    assert main(["mle", "x", "--counts", "0:40, 1: 3, (2, oo)=1"]) == 0
    signed, counted = (a["data"] for a in asked)
    assert (signed.right, signed.left, signed.interval) == ((5, 6), (1,), ((0, 2), (2, 4)))
    assert counted.counts == {0: 40, 1: 3, (2, float("inf")): 1}


def test_samples(asked: list[dict[str, Any]]) -> None:
    assert main(["mle", "x", "--data", "1 2", "--right", "5,5", "--left", "1", "--interval", "(0, 2]", "--truncation", "0,oo"]) == 0
    assert main(["mle", "x", "--counts", "1=9000, (2, 4]=10"]) == 0
    assert main(["mle", "x", "--n", "10", "--sum", "x=30", "--sum", "x**2=70"]) == 0
    censored, counted, summed = (a["data"] for a in asked)
    assert isinstance(censored, Sample) and censored.kinds == ("exact", "right", "left", "interval", "truncation") and censored.size == 6
    assert counted.counts == {1: 9000, (2, 4): 10}
    assert summed.n == 10 and summed.sums == {"x": 30, "x**2": 70} and "n" not in asked[2]


def test_problem_files_and_what_overrides_them(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    file = tmp_path / "waits.toml"
    file.write_text("density = 'exponential'\nunits = 'hours'\n[sample]\nexact = [1, 2]\nright = [5]\n[quantities]\nmean = '1/lambda'\n")
    assert main(["mle", str(file), "--units", "minutes", "--right", "7,8", "--quantity", "median = log(2)/lambda"]) == 0
    (got,) = asked
    assert got["density"] == "exponential" and got["units"] == "minutes"
    assert got["quantities"] == {"mean": "1/lambda", "median": "log(2)/lambda"}
    assert got["data"].right == (7, 8) and got["data"].size == 4


def test_what_is_added_to_a_problem_file(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text("density = 'x'\nconstraints = ['a + b = 1']\nparameters = ['a', 'b', 'c']\nknown = ['m']\n")
    assert main(["mle", str(file), "--constraint", "a=b", "--known", "c=2"]) == 0
    assert asked == [{"density": "x", "constraints": ["a + b = 1", "a=b"], "parameters": ["a", "b"], "known": {"m": None, "c": "2"}}]


def test_csv(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "w.csv").write_text("y,x\n1,2\n3,4\n")
    assert main(["mle", "x", "--data", f"{tmp_path}/w.csv:y"]) == 0
    assert main(["mle", "x", "--data", f"{tmp_path}/w.csv:y,x"]) == 0
    assert main(["mle", "x", "--data", f"{tmp_path}/w.csv", "--column", "y", "--event", "x", "--missing", "drop"]) == 0
    assert [a["data"] for a in asked] == [f"{tmp_path}/w.csv:y", f"{tmp_path}/w.csv:y,x", f"{tmp_path}/w.csv"]
    assert (asked[2]["column"], asked[2]["event"], asked[2]["missing"]) == ("y", "x", "drop")


def test_formats(asked: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["mle", "x"])
    main(["mle", "x", "--format", "tex"])
    main(["mle", "x", "--format", "json"])
    out = capsys.readouterr().out
    assert out.startswith("# Write-up θ\n\\section{Write-up}\n") and json.loads(out[out.index("{\n") :]) == {"title": "θ"}
    assert main(["mle", "x", "-o", str(tmp_path / "a.md")]) == 0
    assert main(["mle", "x", "-o", str(tmp_path / "a.txt"), "--format", "json"]) == 0
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == "# Write-up θ"
    assert json.loads((tmp_path / "a.txt").read_text(encoding="utf-8")) == {"title": "θ"}


MISTAKES = [
    ["mle"],
    ["mle", "none.toml"],
    ["mle", "x", "--data", "1,abc"],
    ["mle", "x", "--data", ","],
    ["mle", "x", "--data", "none:a"],
    ["mle", "x", "--counts", "1=x"],
    ["mle", "x", "--quantity", "mean"],
    ["mle", "x", "--parameter", ": positive"],
    ["mle", "x", "-o", "/no/such/folder/a.md"],
    ["mle", "x", "--sum", "x=3"],
    ["check", "none.md", "--density", "x"],
]


@pytest.mark.parametrize("argv", MISTAKES, ids=" ".join)
def test_mistakes_are_one_message(argv: list[str], asked: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    got = capsys.readouterr()
    assert got.out == "" and got.err.startswith("derive: ") and "Traceback" not in got.err


def test_a_fault_of_the_engine_is_one_message_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fault(*args: Any, **kwargs: Any) -> Any:
        raise derive.InternalError("1 = 2")

    monkeypatch.setattr(derive, "mle", fault)
    monkeypatch.setattr(derive, "check", fault)
    (tmp_path / "a.md").write_text("x")
    assert main(["mle", "x"]) == 70
    assert main(["check", str(tmp_path / "a.md"), "--density", "x"]) == 2
    assert capsys.readouterr().err.splitlines() == ["derive: a fault of derive itself, not of the input: 1 = 2"] * 2
    assert issubclass(derive.InternalError, derive.DeriveError)


def test_an_unknown_option_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mle", "x", "--colour", "red"]) == 2
    assert main(["integrate"]) == 2
    said = capsys.readouterr().err
    assert "no option --colour" in said and "no command 'integrate'" in said and "usage" not in said


ASKED_BACK = [  # a command line with a slip, and what is asked
    (["mle", "x", "--colour", "red"], "derive mle has no option --colour"),
    (["mle", "x", "--lable", "a=b"], "did you mean --label?"),
    (["mle", "x", "--unormalised"], "did you mean --unnormalised?"),
    (["chek", "a.md"], "did you mean derive check?"),
    (["exponential", "--data", "2"], "a derivation is `derive mle exponential`"),
    (["mle", "x", "--format", "pdf"], "--format is not 'pdf'\nit is one of text, md, tex, html, ipynb, typ, json"),
    (["check", "a.md", "--density", "x", "--format", "tex"], "it is one of text, md, json"),
    (["mle", "x", "--method", "lagrang"], "did you mean lagrange?"),
    (["mle", "x", "--n", "two"], "--n is a whole number of observations, not 'two'"),
    (["mle", "x", "+", "y"], "quote what has blanks"),
    (["mle", "x", "--data"], "--data: expected one argument"),
    (["mle", "x", "--data", "2,4", "--event", "status"], "event 1 is \"status\", not 1 or 0"),
    (["mle", "x", "--data", "2", "4", "6"], "separate numbers by commas: --data 2,4,6"),
    (["mle", "x", "-data", "2,4"], "did you mean --data?"),
    (["check", "a.md"], "give --density, --likelihood or --problem PROBLEM.toml"),
    ([], "the following arguments are required"),
    (["mle", "x", "--data", "2,,6", "--right", "1,,2"], "entry 2 of --right is missing"),
    (["mle", "x", "--quantity", "a=1", "--quantity", "a=2"], "--quantity gives a twice"),
    (["list", "nonsense"], "the catalogue has nothing with 'nonsense'"),
    (["list", "gama"], "did you mean gamma"),
    (["show", "gama"], "did you mean gamma"),
    (["show", "nonsense"], "derive list shows the catalogue"),
    (["mle", "waits.csv"], "there is no file waits.csv\nwrite --data waits.csv beside a density"),
    (["mle", "waits.csv:t", "--data", "l*exp(-l*t)"], "there is no file waits.csv:t\nwrite --data waits.csv:t beside a density"),
    (["mle", "answer.ipynb"], "there is no file answer.ipynb\na solution is checked with derive check"),
    (["mle", "--likelihood", "beta"], "beta is a distribution, and not a likelihood"),
    (["check", "reg.csv", "--density", "x"], "reg.csv is no solution\nit holds observations: --data reg.csv"),
    (["check", "Normal(mu, s)", "--density", "x"], "the density is given as --density"),
    (["check", "a.md", "--problem", "x ~ Normal(mu, s)"], "a density is given as --density"),
    (["mle", "x", "--data", "coin.toml"], "give a problem file in place of the density"),
    (["mle", "x", "--data", "2,4,5+"], "goes into --right 5"),
    (["mle", "x", "--data", "2,<4"], "goes into --left 4"),
    (["mle", "x", "--data", "x=2,x=3"], "--data gives x twice"),
    (["mle", "x", "--data", "2,3=x"], "neither numbers nor columns"),
    (["mle", "x", "--counts", "0-1=40"], "write --counts '(0, 1]=...'"),
    (["mle", "x", "--counts", "3+=3"], "write an interval (a, b]"),
    (["mle", "x", "--interval", "0-2"], 'write "(a, b]"'),
    (["mle", "x", "--at", "1/2"], "write --at 'theta=1/2'"),
    (["mle", "x", "--censored", "5"], "write --right 5,5"),
    (["mle", "x", "--data", "2", "--data", "3"], "--data is given twice"),
    (["mle", "x", "--prediction", "mu"], "derive loss has it"),
    (["mle", "--density", "x"], "is written without an option"),
    (["loss", "normal", "--prediction", "mu", "--quantity", "a=mu"], "`--quantity` belongs to an estimate"),
    (["mle", "binomial", "--known", "10"], "--known does not take 10\na given constant"),
    (["mle", "exponential", "--digits", "50"], "--digits does not take 50"),
    (["version"], "did you mean derive --version?"),
    (["mle", "x", "-v"], "no option -v"),
    (["mle", "exponential", "--quantity", "p=P(X > 3)"], "write it out: 1/lambda for a mean"),
    (["mle", "x", "--save", "x.md"], "write -o FILE"),
    (["mle", r"\lamda e^{-\lambda x}"], r"did you mean \lambda?"),
    (["mle", r"\lambdae^{-\lambda x}"], r"did you mean \lambda e?"),
    (["mle", "y ~ Normal(b*age, s^2)", "--covariate", "age", "--data", "reg.csv", "--column", "dose"], "write --column y=dose and so on"),
    (["mle", "normal", "--sum", "x=25", "--n", "5"], "add it: --sum 'x**2=...'"),
    (["loss", "y = a + b*x + e, e ~ N(0, s^2)"], "with --prediction 'mu=a + b*x'"),
    (["completion", "fish"], "it is one of bash, zsh, tcsh"),
]  # fmt: skip


@pytest.mark.parametrize("argv,words", ASKED_BACK, ids=[" ".join(a) for a, _ in ASKED_BACK])
def test_a_slip_is_asked_about(argv: list[str], words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with contextlib.chdir(tmp_path):
        Path("reg.csv").write_text("dose,response\n1,2\n")
        code = main(argv)
    assert code == 2
    got = capsys.readouterr()
    assert words in got.err and got.err.startswith("derive: ") and "usage" not in got.err and got.out == "" and "\n\n" not in got.err


OWN_WORDS = [  # what Python says, and what the command line says
    ("pass unnormalised=True to work with it", "pass --unnormalised to work with it"),
    ("known=['n', 's']", "--known n --known s"),
    ("give values (known=...)", "give values (--known ...)"),
    ('write prediction="mu" or prediction={"mu": "a + b*x"}', "write --prediction mu or --prediction 'mu=a + b*x'"),
    ('support="x > 0", for example', "--support 'x > 0', for example"),
    ('parameters={"lambda": "positive"}', "--parameter 'lambda: positive'"),
    ("write constraints=['p1 = 1']", "write --constraint 'p1 = 1'"),
    ('write data={"y": [...], "x": [...]}', "write --data FILE.csv:y,x"),
    ("goes into Sample(right=[...])", "goes into --right ..."),
    ("write data=derive.Sample(right=..., counts=...)", "write --right ..., --counts ..."),
    ("write counts={1: 9000, 0: 1000}", "write --counts 1=9000,0=1000"),
    ('write sums={"x": 30, "x**2": 70}', "write --sum x=30 --sum 'x**2=70'"),
    ("write variable='x'", "write --variable x"),
    ("leave out `method`", "leave out `--method`"),
    ("ask for it with derive.loss", "ask for it with derive loss"),
    ("`derive list` shows the catalogue", "`derive list` shows the catalogue"),
    ("give the data, or n=1", "give the data, or --n 1"),
    ('missing="drop" leaves missing observations out', "--missing drop leaves missing observations out"),
    ("the letters are n = 2, known", "the letters are n = 2, known"),
]  # fmt: skip


@pytest.mark.parametrize("python,shell", OWN_WORDS)
def test_errors_are_said_in_the_words_of_the_command_line(python: str, shell: str) -> None:
    text = "f(x; known=2)"
    assert said(NotValid("`known`", text=text, position=3, hint=python)) == f"`--known`\n    {text}\n       ^\n{shell}"


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["help"], ["help", "mle"]):
        assert main(command) == 0
        assert "examples:\n  derive " in capsys.readouterr().out
    for command in ([], ["mle"], ["check"], ["loss"], ["list"], ["show"], ["completion"]):
        assert main([*command, "--help"]) == 0
        assert "examples:\n  derive " in capsys.readouterr().out
    for flag in ("-V", "--version"):
        assert main([flag]) == 0
        assert capsys.readouterr().out == f"derive {derive.__version__}\n"


def test_the_catalogue_is_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    def out(*argv: str) -> str:
        assert main(argv) == 0
        return capsys.readouterr().out

    whole, some = out("list").splitlines(), out("list", "gamma").splitlines()
    assert len(whole) == len(derive.densities()) > len(some) > 1 and set(some) < set(whole)
    assert "normal" in out("list", "Gaussian") and "exponential" in out("list", "wait")
    values = json.loads(out("list", "gamma", "--format", "json"))
    assert len(values) == len(some) and {"name", "density", "support", "parameters", "known", "says", "aliases"} <= set(values[0])
    text = out("show", "exponential")
    for words in (
        r"\lambda e^{-\lambda x}",
        "x > 0",
        "lambda: positive",
        "mean       1/lambda",
        "lambda = n/Sum(x[i], (i, 1, n))",
        "https://",
    ):
        assert words in text
    shown = json.loads(out("show", "negative", "binomial", "--format", "json"))
    assert shown["name"] == "negative binomial" and shown["mean"] and "p" in shown["estimates"] and "r" in shown["known"]


@pytest.mark.parametrize(
    "name,mean",
    [
        ("Poisson", "lambda"),
        ("normal", "mu"),
        ("binomial", "m*p"),
        ("gamma", "alpha/beta"),
        ("uniform", "(a + b)/2"),
        ("geometric", "1/p"),
        ("Cauchy", None),
    ],
)
def test_means(name: str, mean: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    from derive.algebra.terms import Algebra
    from derive.density.integration import expectation
    from derive.formula.plain import plain
    from derive.problem.test_points import random_points

    p = derive.Problem(name)
    (v,) = p.variables
    points = [{k: w[k] for k in (*p.parameters, *p.known)} for w in random_points(p, 3)]
    found = expectation.mean(p.density, v, p.support[v], Algebra(p.facts), points)
    assert (None if found is None else plain(found)) == mean


def test_completion(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == 2
    assert "pip install 'derive[completion]'" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "shtab", SimpleNamespace(complete=lambda parser, shell: f"{parser.prog} {shell}\n"))
    assert main(["completion", "bash"]) == 0
    assert capsys.readouterr().out == "derive bash\n"


def test_a_full_disk_is_one_message() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    for argv in (["list"], ["-V"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([sys.executable, "-m", "derive", *argv], stdout=full, stderr=subprocess.PIPE, timeout=60)
        assert done.returncode == 2 and done.stderr.startswith(b"derive: the output cannot be written") and b"Traceback" not in done.stderr
    with open("/dev/full", "wb") as full:
        assert subprocess.run([sys.executable, "-m", "derive", "show", "gama"], stderr=full, timeout=60).returncode == 2


@pytest.mark.parametrize(
    "correct,complete,final,error,code",
    [
        (True, True, "right", None, 0), (False, True, "wrong", None, 1), (False, True, "right", "line", 1),
        (True, False, "right", None, 3), (False, True, "missing", None, 3),
    ],
)  # fmt: skip
def test_exit_codes_of_check(
    correct: bool, complete: bool, final: str, error: Any, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = tmp_path / "answer.md"
    answer.write_text("$x = 1$", encoding="utf-8")
    report = SimpleNamespace(correct=correct, complete=complete, final_answer=final, first_error=error, to_text=lambda *a: "report")
    monkeypatch.setattr(derive, "check", lambda text, density, **kwargs: report, raising=False)
    assert main(["check", str(answer), "--density", "x", "--data", "2,4"]) == code
    assert main(["check", str(answer), str(answer), "--density", "x"]) == code
    assert main(["check", str(answer), str(answer), "--density", "x", "-o", "r.md"]) == 2


def run(*argv: str, **kwargs: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "derive", *argv], capture_output=True, timeout=60, **kwargs)


def test_help_and_version_are_cheap() -> None:
    code = "import sys; from derive.cli.main import main; main(['--help']); main(['--version']);assert not {'sympy', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert run("--version").stdout.decode().split() == ["derive", derive.__version__]


def test_a_derivation() -> None:
    done = run("mle", WAITS, "--data", "2,4,6", "--quantity", "mean wait = 1/lambda", "--units", "minutes")
    assert done.returncode == 0 and done.stderr == b""
    assert "lambda" in done.stdout.decode("utf-8") and r"\frac{1}{4}" in done.stdout.decode("utf-8")


def test_a_closed_pipe_is_quiet() -> None:
    process = subprocess.Popen([sys.executable, "-m", "derive", "mle", WAITS], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(60) == 0


def test_a_device_is_no_solution(capsys):
    assert main(["check", "/dev/zero", "--density", "exponential"]) == 2
    assert "larger than" in capsys.readouterr().err


def test_a_number_with_thousands_of_digits_is_no_toml(tmp_path, capsys):
    file = tmp_path / "big.toml"
    file.write_text(f'density = "exponential"\ndata = [{"1" * 5000}]\n', encoding="utf-8")
    assert main(["mle", str(file)]) == 2
    assert "too many digits" in capsys.readouterr().err


def test_a_closed_standard_output_is_no_fault(monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    assert main(["mle", "exponential"]) == 0
