"""One derivation in three details: what each shows, and for use inside another document."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import derive

EXAMPLES = Path(__file__).parent.parent / "examples"
DETAILS = ("brief", "standard", "full")
DISPLAY, INLINE = re.compile(r"\$\$.*?\$\$", re.S), re.compile(r"\$[^$]*\$")
# the lines of hand-worked solutions, which the page for the board keeps
WORKED = {
    "coin": [
        r"\theta^{3} (1 - \theta)^{2}", r"3 \log \theta + 2 \log(1 - \theta)", r"\frac{3}{\theta} - \frac{2}{1 - \theta} &= 0",
        r"3 (1 - \theta) &= 2 \theta", r"3 - 3 \theta &= 2 \theta", r"5 \theta &= 3", r"\frac{3}{5} = 0.6",
    ],
    "call-centre": [
        r"(\lambda e^{-2 \lambda}) (\lambda e^{-4 \lambda}) (\lambda e^{-6 \lambda})", r"\lambda^{3} e^{-12 \lambda}",
        r"3 \log \lambda - 12 \lambda", r"\frac{3}{\lambda} - 12 &= 0", r"12 \lambda &= 3", "0.25", r"\frac{1}{\hat{\lambda}} = 4",
    ],
    "sensor": [
        r"-\frac{n}{2} \log(2 \pi) - \frac{n}{2} \log v - \frac{1}{2 v} \sum_{i=1}^{n} (x_{i} - \mu)^{2}",
        r"-\frac{3}{2} \log(2 \pi) - \frac{3}{2} \log v - \frac{1}{2 v} [(10 - \mu)^{2} + (12 - \mu)^{2} + (14 - \mu)^{2}]",
        r"-\frac{1}{2 v} [2 (10 - \mu) (-1) + 2 (12 - \mu) (-1) + 2 (14 - \mu) (-1)]", r"(10 - \mu) + (12 - \mu) + (14 - \mu) &= 0",
        r"36 - 3 \mu &= 0", r"\hat{\mu} &= 12", r"(-2)^{2} + 0^{2} + 2^{2}", "4 + 0 + 4", r"-\frac{3}{2 v} + \frac{8}{2 v^{2}} &= 0",
        "-3 v + 8 &= 0", "3 v &= 8", "2.667",
    ],
    "hard-drives": [
        "f(2) f(4) S(5)", r"(\lambda e^{-2 \lambda}) (\lambda e^{-4 \lambda}) (e^{-5 \lambda})", r"\lambda^{2} e^{-11 \lambda}",
        r"2 \log \lambda - 11 \lambda", r"\frac{2}{\lambda} - 11 &= 0", r"\frac{2}{\lambda} &= 11", r"\frac{2}{11} \approx 0.1818", "5.5",
    ],
    "campaign": [
        r"\propto p_{1}^{50} p_{2}^{30} (1 - p_{1} - p_{2})^{20}", r"50 \log p_{1} + 30 \log p_{2} + 20 \log(1 - p_{1} - p_{2})",
        r"\frac{50}{p_{1}} - \frac{20}{1 - p_{1} - p_{2}} &= 0", r"\frac{50}{p_{1}} &= \frac{20}{1 - p_{1} - p_{2}}",
        r"50 (1 - p_{1} - p_{2}) &= 20 p_{1}", r"50 p_{3} &= 20 p_{1}", r"p_{1} &= 2.5 p_{3}",
        r"\frac{30}{p_{2}} - \frac{20}{1 - p_{1} - p_{2}} &= 0", r"30 (1 - p_{1} - p_{2}) &= 20 p_{2}", r"30 p_{3} &= 20 p_{2}",
        r"p_{2} &= 1.5 p_{3}", r"2.5 p_{3} + 1.5 p_{3} + p_{3} &= 1", r"5 p_{3} &= 1", r"2.5 \cdot 0.2 = 0.5", r"1.5 \cdot 0.2 = 0.3",
    ],
    "squared-error": [r"-\sum_{i=1}^{n} \log\left[\frac{1}{\sqrt{2 \pi \sigma^{2}}}", r"J(\hat{y}) = \sum_{i=1}^{n} (y_{i} - \hat{y}_{i})^{2}"],
    "cross-entropy": [
        r"-\sum_{i=1}^{n} \log[\hat{p}_{i}^{y_{i}} (1 - \hat{p}_{i})^{1 - y_{i}}]",
        r"-\sum_{i=1}^{n} [y_{i} \log \hat{p}_{i} + (1 - y_{i}) \log(1 - \hat{p}_{i})]",
    ],
}  # fmt: skip


def derived(name: str) -> derive.Derivation:
    problem = derive.Problem.load(EXAMPLES / f"{name}.toml")
    return derive.mle(problem) if problem.prediction is None else derive.loss(problem)


def words(page: str) -> int:
    """Words of prose, formulas left out."""
    return len(re.findall(r"[^\W\d_]{2,}", INLINE.sub(" ", DISPLAY.sub(" ", page))))


def rows(page: str) -> list[str]:
    """The rows of the displays, without their reasons."""
    return [re.sub(r"\s*(&&.*)?(\\\\)?$", "", r).strip() for b in DISPLAY.findall(page) for r in b.split("\n") if "&=" in r or "=" in r]


@pytest.mark.parametrize("name", WORKED)
def test_the_lines_of_worked_solutions_are_on_the_standard_page(name):
    page = derived(name).to_markdown()
    assert not [line for line in WORKED[name] if line not in page]


@pytest.mark.parametrize("name", ["coin", "sensor", "rainfall", "campaign-lagrange", "tanks"])
def test_more_detail_is_longer_and_holds_what_the_lesser_has(name):
    d = derived(name)
    brief, standard, full = (d.to_markdown(detail=k) for k in DETAILS)
    assert words(brief) < 0.75 * words(standard) < 0.75 * words(full)
    rights = {r.split("=", 1)[1].strip() for r in rows(full)}
    for page in (brief, standard):
        assert not [r for r in rows(page) if r.split("=", 1)[1].strip() not in rights]


def test_the_detail_of_the_question_holds_where_none_is_given(tmp_path):
    d = derive.mle("normal", detail="brief")
    assert d.to_markdown() == d.to_markdown(detail="brief") != d.to_markdown(detail="standard")
    d.save(tmp_path / "a.md", detail="full")
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == d.to_markdown(detail="full")
    with pytest.raises(derive.NotValid, match="'brief' or 'standard' or 'full', not 'long'"):
        d.to_markdown(detail="long")


def test_every_line_says_in_which_detail_it_is_shown():
    lines = [x for s in derive.mle("normal").to_dict()["steps"] for x in s["lines"]]
    assert {x["detail"] for x in lines} == set(DETAILS)
    assert all(x["verified"] for x in lines)


def test_moves_on_one_line_give_their_reasons():
    page = derive.mle("normal").to_markdown()
    assert r"n \mu &= \sum_{i=1}^{n} x_{i} &&\text{multiply by }\sigma^{2} > 0\text{; rearrange}" in page
    assert r"\hat{\mu} &= \bar{x} &&\text{divide by }n" in page


def test_equal_algebra_is_written_once():
    d = derived("campaign-lagrange")
    assert d.to_markdown().count("likewise") == 2 and "likewise" not in d.to_markdown(detail="full")


@pytest.mark.parametrize(
    ("arguments", "has", "lacks"),
    [
        ({}, ["## Maximum", "### 1. Likelihood"], [r"\tag"]),
        ({"fragment": True}, ["**Model.**", "### 1. Likelihood"], ["## Maximum likelihood for"]),
        ({"heading": 4}, ["#### Maximum", "##### 1. Likelihood"], []),
        ({"fragment": True, "heading": 2}, ["\n## 1. Likelihood"], ["Maximum likelihood for"]),
        ({"numbered": True}, ['<a id="eq-2"></a>', r"\tag{2}"], []),
    ],
)
def test_inside_another_document(arguments, has, lacks):
    page = derive.mle("poisson").to_markdown(**arguments)
    assert not [s for s in has if s not in page] and not [s for s in lacks if s in page]


def test_inside_a_document_in_latex_and_html():
    d = derive.mle("poisson")
    tex = d.to_latex(fragment=True, heading=3, numbered=True)
    assert (
        "documentclass" not in tex
        and r"\subsubsection*{1. Likelihood}" in tex
        and r"\label{eq-1}" in tex
        and "\n\n\\end{aligned}" not in tex
    )
    html = d.to_html(fragment=True, heading=3, numbered=True)
    assert html.startswith("<section>") and "<h3>1. Likelihood</h3>" in html and 'id="eq-1"' in html
    with pytest.raises(derive.NotValid, match="`heading` is a level from 1 to 6"):
        d.to_markdown(heading=9)
