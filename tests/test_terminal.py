"""The write-up on a terminal: Unicode, wrapped to its width, bold where colours are wanted; Markdown where the output goes elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import derive
from derive.cli.main import main
from derive.cli.words import in_colour
from derive.formula.tree import ONE, TWO, Matrix
from derive.formula.unicode import in_unicode, name_in_unicode
from derive.reading.context import Context
from derive.reading.sympytext import read_sympy
from derive.rendering.terminal import columns_of

ROOT = Path(__file__).resolve().parents[1]
BOLD = "\x1b[1m"
FORMULAS = [
    ("3/5", "3/5"),
    ("a/(b*c)", "a/(b c)"),
    ("(a + b)/c", "(a + b)/c"),
    ("a/b*c", "(a/b) c"),
    ("a/(b/c)", "a/(b/c)"),
    ("-(a - b)", "−(a − b)"),
    ("lambda**(-1)", "λ⁻¹"),
    ("theta**n", "θⁿ"),
    ("x**(a + b)", "x^(a + b)"),
    ("(a*b)**2", "(a b)²"),
    ("exp(-lambda*x)", "exp(−λ x)"),
    ("log(2*pi)", "log(2 π)"),
    ("log(a)*b", "log(a) b"),
    ("sqrt(2*a)", "√(2 a)"),
    ("Sum(x, (i, 1, n))", "Σᵢ₌₁ⁿ x"),
    ("gamma(a)", "Γ(a)"),
    ("Abs(a - b)", "|a − b|"),
    ("binomial(m, k)", "C(m, k)"),
    ("2*3", "2 · 3"),
]
NAMES = [
    ("theta_hat", "θ̂"), ("x_bar", "x̄"), ("beta_hat_1", "β̂₁"), ("sigma2", "σ²"), ("sigma2_hat", "σ̂²"), ("x_m", "xₘ"), ("x_max", "xₘₐₓ"),
    ("p_new", "p_new"), ("alpha_beta", "αᵦ"), ("NLL", "NLL"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), FORMULAS, ids=[f[0] for f in FORMULAS])
def test_formulas(text: str, shown: str) -> None:
    assert in_unicode(read_sympy(text, Context(data=frozenset()))[0].formula) == shown


@pytest.mark.parametrize(("name", "shown"), NAMES)
def test_names(name: str, shown: str) -> None:
    assert name_in_unicode(name) == shown


@pytest.mark.parametrize("name", ["normal", "uniform", "Lomax"])
def test_pages_keep_to_the_width_and_hold_no_latex(name: str) -> None:
    d = derive.mle(name)
    for columns in (50, 80, 120):
        page = d.to_text(columns=columns)
        assert "\\" not in page and "$" not in page and "\x1b" not in page
        assert max(map(columns_of, page.splitlines())) <= columns


def test_a_page() -> None:
    page = derive.mle("exponential", data=[2, 4, 6], units="minutes").to_text()
    assert "    ℓ(λ) = 3 log λ − 12 λ\n" in page
    assert re.search(r"λ̂ = 1/4 {3,}divide by 12", page)
    assert "ℓ″(λ) = −3/λ² < 0" in page


def test_what_a_user_wrote_does_nothing_to_a_terminal() -> None:
    assert "\x1b" not in derive.mle("exponential", data=[1, 2], title="\x1b[31mred\x07", units="\x1b]0;x").to_text(colour=True).replace(
        BOLD, ""
    ).replace("\x1b[0m", "").replace("\x1b[2m", "")


def test_elsewhere_it_is_markdown_and_text_can_be_asked_for(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["mle", "exponential", "--data", "2,4,6"]) == 0
    assert "$$" in capsys.readouterr().out
    assert main(["mle", "exponential", "--data", "2,4,6", "--format", "text"]) == 0
    out = capsys.readouterr().out
    assert "λ̂ = 1/4" in out and "$" not in out and "\x1b" not in out
    assert main(["mle", "exponential", "--data", "2,4,6", "--format", "text", "-o", str(tmp_path / "page")]) == 0
    assert "λ̂ = 1/4" in (tmp_path / "page").read_text(encoding="utf-8")
    (tmp_path / "a.md").write_text(r"$\hat\lambda = 1/4$", encoding="utf-8")
    assert main(["check", str(tmp_path / "a.md"), "--density", "exponential", "--data", "2,4,6", "--format", "text"]) == 0
    assert "No mistake was found." in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_on_a_terminal() -> None:
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 50, 0, 0))
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "NO_COLOR")}
    environment |= {"TERM": "xterm", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "derive", "mle", "exponential", "--data", "2,4,6"]
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, env=environment, cwd=ROOT) as process:
        os.close(theirs)
        out = b""
        while True:
            try:
                found = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not found:
                break
            out += found
    os.close(ours)
    page = out.decode()
    assert process.returncode == 0
    assert "λ̂ = 1/4" in page and "$" not in page
    assert BOLD in page
    assert max(columns_of(re.sub(r"\x1b\[\d*m", "", line)) for line in page.splitlines()) <= 50


@pytest.mark.parametrize(
    ("variables", "wanted"), [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)]
)
def test_colours(variables: dict[str, str], wanted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert in_colour() == wanted


def test_expected_values_and_matrices() -> None:
    page = derive.mle("exponential", data=[2, 4, 6], inference=["information"]).to_text()
    assert re.search(r"E\(.*λ.*\) = ", page) and "log f" in page and "\\" not in page
    assert in_unicode(Matrix(((ONE, TWO), (TWO, ONE)))) == "[1, 2; 2, 1]"
