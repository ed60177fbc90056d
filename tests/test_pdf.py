"""The write-up in Typst and as a PDF."""

from __future__ import annotations

from pathlib import Path

import pytest

import derive
from derive.rendering.typst import formula, typst_math, typst_text

WRITTEN = [  # LaTeX, Typst
    (r"\frac{n}{2} x_{i}", "frac(n, 2) x _(i)"),
    (r"\ell''(\lambda)", r"ell ^(prime.double) \( lambda \)"),
    (r"\left[\frac{a}{b}\right]^{2}", r"lr(\[ frac(a, b) \]) ^(2)"),
    (r"\hat{\sigma}^{2} \approx 2.67", "hat(sigma) ^(2) approx 2.67"),
    (r"\begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}", 'cases(1 & x > 0, 0 & upright("otherwise"))'),
    (r"x \in \{0, 1\}", r"x in \{ 0 \, 1 \}"),
    (r"\operatorname{sgn}(a/b)", r'op("sgn") \( a \/ b \)'),
    (r"\left. f \right|_{x = 1}", r"lr( f \|) _(x = 1)"),
    (r"a\"#$&~", r'a \" \# \$ \& \~'),
    (r"\unknown", 'upright("unknown")'),
    (r"\biggl( a", r"lr(size: #2.1em, \() a"),
]  # fmt: skip
PAGES = ("normal", "gamma", "uniform", "hypergeometric", "negative binomial", "Laplace", "zeta", "von Mises")


@pytest.mark.parametrize(("tex", "wanted"), WRITTEN)
def test_formulas(tex: str, wanted: str) -> None:
    assert typst_math(tex) == wanted


@pytest.mark.parametrize("tex", ["", "{", "}", "^", "_", r"\frac", r"\left", r"\begin{cases} a & ", "'", r"\text", r"x_{", r"\hat"])
def test_what_is_broken_ends(tex: str) -> None:
    assert isinstance(typst_math(tex), str)


def test_pages_compile_to_accessible_pdf(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    for name in PAGES:
        derive.mle(name).save(tmp_path / f"{name}.pdf")
        assert (tmp_path / f"{name}.pdf").read_bytes().startswith(b"%PDF-")


def test_words_go_on_behind_a_formula() -> None:
    assert typst_text("; rearrange (so).") == r"\; rearrange \(so)\."
    assert 'quad "" + b' in formula(r"\quad + b", "", continues=True)


def test_what_a_user_wrote_is_escaped(tmp_path: Path) -> None:
    d = derive.mle("exponential", data=[1, 2], title='#panic("no") $x$ *b* <i> λ Время', units="#min [h]")
    assert r"\#panic\(\"no\") \$x\$ \*b\* \<i\> λ Время" in d.to_typst()
    pytest.importorskip("typst")
    d.save(tmp_path / "page.pdf")
