"""Long formulas in lines: how wide they are, where they are broken, and that what was broken is read back."""

from __future__ import annotations

import re

import pytest

import derive
from derive.formula.latex import Printer
from derive.reading.context import Context
from derive.reading.sympytext import read_sympy
from derive.rendering.display import MEASURE
from derive.rendering.line_breaking import chain
from derive.rendering.width import width

SIZE = 10.95  # points of an em
WIDTHS = [  # a formula in the style of a display, and its width in points as TeX sets it (lmodern, 11 pt)
    (r"\ell(\lambda) = n \log \lambda - \lambda \sum_{i=1}^{n} x_{i}", 112),
    (r"L(\mu, \sigma) = (2 \pi)^{-n/2} \sigma^{-n} \exp\left[-\frac{1}{2 \sigma^{2}} \sum_{i=1}^{n} (x_{i} - \mu)^{2}\right]", 228),
    (r"\text{multiply by }\theta (1 - \theta)\text{, which is positive}", 183),
    (r"\hat{\mu} = \begin{cases} \frac{1}{2} x_{(1)} & \bar{x} > 0 \\ 0 & \text{otherwise} \end{cases}", 111),
    (r"\prod_{i=1}^{n} \binom{m}{x_{i}} p^{x_{i}} (1 - p)^{m - x_{i}}", 111),
    (r"\frac{\partial^{2} \ell}{\partial \mu\,\partial \phi} = -\frac{1}{\phi^{2}} \sum_{i=1}^{n} \frac{x_{i} I_{1}(\frac{\nu x_{i}}{\phi})}{I_{0}(\frac{\nu x_{i}}{\phi})}", 130),
    (r"\frac{1}{\sigma^{3}} \biggl[\sum_{i=1}^{n} x_{i}^{2} + \sqrt{\frac{\lambda}{2 \pi}} \biggr] \ne 0", 110),
    (r"x \in \{0, 1, 2, \ldots\}", 74),
    (r"\operatorname*{arg\,max}_{c \in \{x_{1}, \ldots, x_{n}\}} \ell(c)", 68),
    (r"\lim_{\kappa \to \infty} \ell_{\mathrm{prof}}'(\kappa) = -n + \left|x_{i} - \hat{\mu}\right|", 138),
    (r"W_{-1}\left[-\frac{\exp\left(-\frac{1}{\bar{x}}\right)}{\bar{x}}\right] \le \mathbf{1}\{x_{(n)} \le \theta\}", 164),
]  # fmt: skip


@pytest.mark.parametrize(("tex", "points"), WIDTHS)
def test_widths_are_those_of_tex(tex: str, points: float) -> None:
    assert width(tex) * SIZE == pytest.approx(points, rel=0.05, abs=2)


@pytest.mark.parametrize(
    "tex", ["", "{", "}", "^", r"\frac", r"\left", r"\left(", r"\begin{cases} a & ", "'", r"\text", "x_{", r"\hat", r"\bigl"]
)
def test_what_is_broken_has_a_width(tex: str) -> None:
    assert width(tex) >= 0


BROKEN = [  # a formula in SymPy's notation, the room in ems, its lines
    ("a + b + c", 40, ["a + b + c"]),
    ("alpha + beta - gamma + delta", 4.4, [r"\alpha + \beta - \gamma", r"+ \delta"]),
    ("a*(b + c + d + e + f)", 8, ["a (b + c + d + e", r"\quad + f)"]),
    ("(a + b + c + d + e)/f", 7.5, [r"\frac{1}{f} (a + b + c + d", r"\quad + e)"]),
    ("a/(b + c + d + e)", 5.5, ["a (b + c + d", r"\quad + e)^{-1}"]),
    ("sqrt(a + b + c + d + e)", 8, ["(a + b + c + d", r"\quad + e)^{1/2}"]),
    ("exp(a + b + c + d + e)", 4.5, [r"\exp(a + b", r"\quad + c + d", r"\quad + e)"]),
    ("log(a + b + c + d + e)", 7, [r"\log(a + b + c", r"\quad + d + e)"]),
    ("-(a + b + c + d + e)", 7.5, ["-(a + b + c + d", r"\quad + e)"]),
    ("(a + b + c + d + e)**2", 7, ["(a + b + c + d", r"\quad + e)^{2}"]),
    ("a*b*c*d*(a + b)*e*f*g*h", 6, ["a b c d", r"\cdot (a + b) e f", r"\cdot g h"]),
    ("x**2*(a + b*(c + d + e + f) + g)", 8.5, ["x^{2} [a + b (c + d + e", r"\quad \quad + f) + g]"]),
    ("a/b + (c + d + e + f)/g", 6, [r"\frac{a}{b} + \frac{1}{g} (c + d", r"\quad + e + f)"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "room", "lines"), BROKEN, ids=[b[0] for b in BROKEN])
def test_breaks(text: str, room: float, lines: list[str]) -> None:
    f = read_sympy(text, Context(data=frozenset()))[0].formula
    got = list(chain([("", f)], Printer({}), room, room))
    assert got == lines


LONG = (("log-logistic", "brief"), ("Moyal", "standard"), ("logarithmic", "full"))


@pytest.mark.parametrize(("name", "detail"), LONG)
def test_no_line_is_longer_than_the_page(name: str, detail: str) -> None:
    page = derive.mle(name).to_latex(detail=detail)
    displays = re.findall(r"\\begin\{align\*\}\n(.*?)\\end\{align\*\}", page, re.S)
    assert displays
    for display in displays:
        columns = [0.0, 0.0, 0.0]
        for line in display.rstrip().split("\\\\\n"):
            left, _, right = line.partition("&")
            right, _, reason = right.partition("&&")
            for k, cell in enumerate((left, right, reason)):
                columns[k] = max(columns[k], width(cell))
        assert sum(columns) <= MEASURE + 1


READ = [
    (r"\ell(\lambda) &= \sum_{i=1}^{n} \biggl( \log \lambda \\" + "\n" + r"&\quad - \lambda x_{i} \biggr)", 1),
    (r"&\frac{n}{\lambda} \\" + "\n" + r"&\quad - \sum_{i=1}^{n} x_{i} = 0", 1),
    (r"&\frac{n}{\lambda} - \sum_{i=1}^{n} x_{i} = 0 \\" + "\n" + r"&-\sum_{i=1}^{n} x_{i} \\" + "\n" + r"&\quad + \frac{n}{\lambda} = 0", 2),
    (r"\ell(\lambda) &= n \log \lambda \\" + "\n" + r"&- \lambda \sum_{i=1}^{n} x_{i}", 1),
    (r"\hat\lambda &= n \biggl( \sum_{i=1}^{n} x_{i} \\" + "\n" + r"&\quad \cdot 1 \biggr)^{-1}", 1),
    (r"\frac{n}{\lambda} &= \sum_{i=1}^{n} x_{i} \\" + "\n" + r"&\qquad \text{divide by }n \\" + "\n" + r"-\lambda &= -1/\bar{x}", 2),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "count"), READ)
def test_what_was_broken_is_read(rows: str, count: int) -> None:
    report = derive.check("$$\n\\begin{aligned}\n%s\n\\end{aligned}\n$$" % rows, "exponential")
    assert [line.verdict for line in report.lines] == ["valid"] * count
