"""What a solution's text says: no relation is passed over, each has its act, its hypotheses, its place and its digits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import derive
from derive.checking.claims import Claim
from derive.checking.reading import read_solution
from derive.checking.reading.notation_scan import Declared
from derive.checking.reading.solution import read
from derive.formula.latex import latex

EXPONENTIAL = derive.Problem(r"\lambda e^{-\lambda x}", parameters={"lambda": "positive"})

PIECES = [  # a stretch of text, how many relations it states
    ("lnL = n ln λ - λ Σ x_i", 1), ("dl/dλ = n/λ - Σ x_i = 0", 2), ("$\\hat\\lambda=1/\\bar x$", 1), ("so the mean = total / count here", 1),
    ("$\\ell''(\\lambda) = -n/\\lambda^2 < 0$ for $\\lambda > 0$", 3), ("hence $\\hat\\lambda$ = 0.25 in the end", 1), ("and thus the estimate $= 3/12$", 1),
    ("\\begin{align*}\\ell&=n\\ln\\lambda\\\\&\\quad-\\lambda S\\\\\\ell'&=\\frac n\\lambda-S\\end{align*}", 2), ("```math\nS=\\sum x_i\n```", 1),
    ("```python\nlam = 3\n```", 0), ("```\nλ̂ = n/S\n```", 1), ("- λ = n/S => λ = 1/x̄ (= 0.25)", 3), ("1. set n/λ - S = 0", 1), ("lambda_hat=n/sum(x)", 1),
    ("no relation here, see <b>page</b> 3 or <a href=\"x?a=b\">there</a>", 0), ("see https://example.org/?q=1 for more", 0), ("$$\\lambda=$$", 1),
    ("令 λ = n/S，则 ℓ' = 0", 2), ("Für λ < n/S gilt ℓ' > 0.", 2), ("Title\n=====", 0), ("likelihood = λ^n e^(-λ S)", 1), ("| λ | = 3", 1),
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_no_relation_is_passed_over(pieces: list[tuple[str, int]]) -> None:
    claims = read_solution("\n\n".join(text for text, _ in pieces), EXPONENTIAL).claims
    assert sum(not c.worded for c in claims) == sum(count for _, count in pieces)
    assert all(c.unread is not None or c.readings for c in claims)


ACTS = [  # text; act and scope of each relation
    ("$L=\\theta^{-3}$ for $\\theta\\ge5$ and $0$ for $\\theta<5$, so $\\hat\\theta=5$", ["claim 2", "hypothesis", "hypothesis", "claim"]),
    ("$\\ell'(\\lambda)<0$ for $\\lambda<\\hat\\lambda$ and $\\ell'(\\lambda)>0$ for $\\lambda>\\hat\\lambda$", ["claim 2", "hypothesis", "claim 4", "hypothesis"]),
    ("Let $S=\\sum x_i$. If $S=0$, then $L=1$. For $S>0$ we get $\\lambda=n/S$.", ["definition", "hypothesis", "claim 2", "hypothesis", "claim 4"]),
    ("Why doesn't $\\ell'=0$ work here? Because $L=\\theta^{-3}$.", ["question", "claim"]),
    ("We want to show that $\\ell''<0$. Indeed $\\ell''=-n/\\lambda^2$.", ["question", "claim"]),
    ("The method of moments gives $\\lambda=2$. Under $H_0: \\lambda=1$ we have $L=e^{-S}$, where $S=\\sum x_i$.", ["aside", "hypothesis", "claim 2", "definition"]),
    ("Suppose λ = 2. Then L = 2^n e^(-2 Σ x_i). Otherwise L = λ^n.", ["hypothesis", "claim 1", "aside"]),
    ("Case A: $S\\ge1$. Then $\\lambda=n/S$.\n\nCase B: $S<1$. Then $\\lambda=n$, so $\\ell'>0$ for $\\lambda<n$.", ["hypothesis", "claim 1", "hypothesis", "claim 3", "claim 3 6", "hypothesis"]),
    ("$\\ell'(\\lambda)>0\\iff\\lambda<1/\\bar x$. It vanishes iff $\\lambda=1/\\bar x$.", ["hypothesis", "claim 1", "claim"]),
    ("Für $\\lambda<n/S$ gilt $\\ell'>0$. Если $\\lambda>n/S$, то $\\ell'<0$. 当 $\\lambda>0$ 时 $\\ell''<0$。", ["hypothesis", "claim 1", "hypothesis", "claim 3", "hypothesis", "claim 5"]),
    ("L(λ) = λ^4   if λ >= 27\nL(λ) = 0     if λ < 27", ["claim 2", "hypothesis", "claim 4", "hypothesis"]),
    ("$\\ell'>0$ left of, $\\ell'<0$ right of $\\hat\\lambda=n/S$.", ["claim 2", "hypothesis", "claim 4", "hypothesis", "claim"]),
    ("当 $\\lambda<n/S$ 时 $\\ell'>0$,当 $\\lambda>n/S$ 时 $\\ell'<0$,所以 $\\lambda=n/S$", ["hypothesis", "claim 1", "hypothesis", "claim 3", "claim 3"]),
    ("It is positive for $\\lambda<n/S$ and negative for $\\lambda>n/S$, so $\\hat\\lambda=n/S$.", ["hypothesis", "hypothesis", "claim"]),
    ("The minimum of $J$ is at $\\lambda = n/S$.", ["claim"]),
    ("Auf den ersten Blick könnte man $\\lambda=1$ vermuten. Das ist falsch.\n\nAt first sight $\\lambda=2$ or $\\lambda=3$, but $\\lambda=4$.", ["aside", "aside", "aside", "claim"]),
    ("We get $\\lambda=1$. But this is wrong. (De momentenschatter: uit $E(X)=1/\\lambda$ volgt $\\tilde\\lambda=2$.) Dus $\\lambda=5$.", ["aside", "aside", "aside", "claim"]),
    ("$x_i\\le\\lambda$ равносильно тому, что $\\lambda\\ge x_{(n)}$. $x_i>1$ is the same as saying that $x_{(1)}>1$", ["hypothesis", "claim 1", "claim 2", "hypothesis", "claim 4", "claim 5"]),
    ("If nobody answers, $S=0$, then $L=2$. If we differentiate, $S=3$. Outside this interval $L=0$.", ["hypothesis", "claim 1", "claim", "aside"]),
    ("If all coincide, $S=0$ and no $T$ exists. Here $L=1$.", ["hypothesis", "claim"]),
    ("One could guess that $\\hat\\lambda$ is the mean, $\\hat\\lambda=\\bar x$, but then $S=2$.", ["aside", "definition"]),
    ("Voor $\\lambda<2$ geldt $\\ell'>0$. Dla $\\lambda<2$ mamy $\\ell'>0$. Om $\\lambda<2$ är $\\ell'>0$. $\\lambda<2$ のとき $\\ell'>0$。", ["hypothesis", "claim 1", "hypothesis", "claim 3", "hypothesis", "claim 5", "hypothesis", "claim 7"]),
    ("Si $\\lambda<2$, alors $\\ell'>0$ ; sea $T=\\sum x_i$, donde $m=n+1$.", ["hypothesis", "claim 1", "definition", "definition"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), ACTS)
def test_acts(text: str, wanted: list[str]) -> None:
    claims = read_solution(text, EXPONENTIAL).claims
    assert [" ".join([c.act, *map(str, c.scope)]) for c in claims] == wanted


def one(text: str) -> Claim:
    """The only relation of a text."""
    (claim,) = read_solution(text, EXPONENTIAL).claims
    return claim


def test_places_digits_names_and_words() -> None:
    text = "At the maximum $\\mathcal L'(\\lambda) = 0.50$ holds, as $\\hat\\lambda$ shows."
    c = one(text)
    assert text[c.start : c.end] == "\\mathcal L'(\\lambda) = 0.50"
    assert (c.numerals, c.after, c.at_estimate) == (((), ("0.50",)), "holds, as", True)
    assert ("\\lambda", "lambda") in c.written
    assert one("P(x) = 3 λ").written[0] == ("P", "f")
    assert one("$\\ell''<0$ at $\\hat\\lambda$").at_estimate


WORDED = [  # a text, the relation that its words state
    ("Denote by $S$ the sum of the counts.", r"S := \sum x_i"), ("Indichiamo con $S$ la somma delle $n$ osservazioni.", r"S := \sum x_i"), ("Let $S$ be the sum of all $x_i$.", r"S := \sum x_i"),
    ("Обозначим через $S$ сумму наблюдений.", r"S := \sum x_i"), ("Sei $V$ die größte Beobachtung.", "V := x_{(n)}"), ("Write $a$ for $x_{(1)}$.", "a := x_{(1)}"),
    ("$L=2+C$. Here $C$ collects the constants.", r"C := \operatorname{const}"), ("$L=K-2$ where $K$ does not depend on it", r"K := \operatorname{const}"), ("$L=2+K$, $K$ = binomial stuff", r"K = \operatorname{const}"),
    ("The median, $\\frac{\\log 2}\\lambda$, has the MLE $\\log2$.", r"\frac{\log 2}{\hat{\lambda}} = \log2"), ("The MLE of $1/\\lambda$ is $\\bar x$.", r"1/\hat{\lambda} = \bar x"),
    ("$1/\\lambda$ is estimated by $\\bar x$.", r"1/\hat{\lambda} = \bar x"), ("Der ML-Schätzer für $\\sqrt\\lambda$ lautet $2$.", r"\sqrt{\hat{\lambda}} = 2"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), WORDED)
def test_what_words_state(text: str, wanted: str) -> None:
    assert wanted in [c.text for c in read_solution(text, EXPONENTIAL).claims if c.unread is None]


def test_the_smallest_and_the_largest() -> None:
    claims = read_solution(
        "Write $m$ for the smallest and $M$ for the largest observation; its estimate of moments $1/\\lambda$ is $2$.", EXPONENTIAL
    ).claims
    assert [c.text for c in claims] == ["m := x_{(1)}", "M := x_{(n)}"]


UNITS = [  # a relation, its right side without units
    ("$S=0{,}12\\ \\text{g}^2$", "0.12"), ("$S=41{,}7\\,\\mathrm{kg\\,m^{-2}}$", "41.7"), ("$S=500\\ \\text{ч}$", "500"), ("$S=\\frac{30\\,\\text{min}}{6}$", r"\frac{30}{6}"),
    ("$S=2\\mathrm{e}^{-\\lambda}$", r"2 e^{-\lambda}"), ("S = 1.5 h", "1.5"), ("S = 3 h + 4 h", "3 + 4"), ("h is 2, S = 3 h", "3 h"), ("S = 0.2 1/h", "0.2"), ("S = 5 Tage", "5"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), UNITS)
def test_units_are_no_letters(text: str, wanted: str) -> None:
    right = one(text).right
    assert right is not None and latex(right) == wanted


TOLD = [
    ("Data 2, 4 and 6.5; $n=3$.", [("data", "2 4 13/2"), ("n", "3")]),
    ("In 20 tosses we saw $X=12$ heads, x = 1, 2, 3", [("tosses", "20"), ("x", "12"), ("x", "1 2 3")]),
    ("Beobachtet wurden 0,5; 1,5; 2", [("wurden", "1/2 3/2 2")]),
    ("Bei $-3, 1$ folgt", [("bei", "-3 1")]),
    ("Lifetimes of 3 h, 4 h and 7 h.", [("of", "3 4 7")]),
]


@pytest.mark.parametrize(("text", "wanted"), TOLD)
def test_told(text: str, wanted: list[tuple[str, str]]) -> None:
    found = read_solution(text, EXPONENTIAL).told
    assert [(t.name, " ".join(map(str, t.values))) for t in found] == wanted


MARKS = [
    "lnL", "=", "λ", "λ̂", "^", "(", ")", "Σ", "x_i", "/", "-", "if", "the", "estimate", "is", "0,25", "3.5", "d/dλ", "l'", "²", "√", "{", "}", "[", "|", "$", "$$",
    "\\frac", "\\lambda", "\\text{for}", "\\begin{align}", "\\end{align}", "\\\\", "&", "<", "≤", "!", "!=", "=!", "~", "%", "#", "**", "_", "`", "```", "\n", "\n\n",
    "- ", "1. ", ":", ",", "; ", ". ", "⇒", "sum(", "mean(x)", "choose", "hat", "sqrt(", "e^-", "H_0:", "…", "é", "и", "令", "\u0302", "<sub>i</sub>", "ÉÀ-Ü", "====",
]  # fmt: skip


@given(st.lists(st.sampled_from(MARKS), max_size=25), st.booleans())
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_is_read_or_said_to_be_unread(marks: list[str], spaced: bool) -> None:
    try:
        claims = read_solution((" " if spaced else "").join(marks), EXPONENTIAL).claims
    except derive.DeriveError:
        return
    assert all(c.unread is not None or c.readings for c in claims)


TYPED = [  # as in an e-mail, as it is typeset
    ("dlnL/dλ", r"\frac{d}{d \lambda}[\log(L)]"), ("d²ℓ/dλ²", r"\frac{d^{2} \ell}{d \lambda^{2}}"), ("∂ℓ/∂λ²", r"\frac{d \ell}{d \lambda^{2}}"), ("d2l/dlambda2", r"\frac{d^{2} \ell}{d \lambda^{2}}"),
    ("3 ln λ + 2 ln(1-λ)", r"3 \log \lambda + 2 \log(1 - \lambda)"), ("n/(x1 + x2 + ... + xn)", r"\frac{n}{\sum_{i=1}^{n} x_{i}}"),
    ("λ^n e^(-λ Σ x_i)", r"\lambda^{n} \exp\left(-\lambda \sum_{i=1}^{n} x_{i}\right)"), ("√53809", r"\sqrt{53809}"), ("60%", r"\frac{60}{100}"),
    ("λ̂ - lambda_hat + lambda^ - lambda_ML + lambda hat", r"\hat{\lambda} - \hat{\lambda} + \hat{\lambda} - \hat{\lambda} + \hat{\lambda}"),
    ("1/mean(x)", r"\frac{1}{\bar{x}}"), ("(λ-1) sum log xi - λ xj^2", r"(\lambda - 1) \sum_{i=1}^{n} \log x_{i} - \lambda x_{j}^{2}"),
    ("46.7 %", r"\frac{46.7}{100}"), ("(1 +- √2)/2", r"\frac{1 + \sqrt{2}}{2}"), ("max/2", r"\frac{x_{(n)}}{2}"), ("max(x1..xn)", "x_{(n)}"), ("λ^² + λ^", r"\hat{\lambda}^{2} + \hat{\lambda}"), ("min + 2 min", r"x_{(1)} + 2 x_{(1)}"), ("(max - 1)^2", r"[x_{(n)} - 1]^{2}"), ("sum(x)^2", r"\left(\sum_{i=1}^{n} x_{i}\right)^{2}"), ("5 choose 3", r"\binom{5}{3}"),
    ("Σᵢ₌₁ⁿ xᵢ²", r"\sum_{i=1}^{n} x_{i}^{2}"), ("max{x_1, ..., x_n}", "x_{(n)}"), ("1e-3 * λ**2", r"1 \cdot 10^{-3} \lambda^{2}"),
]  # fmt: skip


GOES_ON = [  # plain text, its relations
    ("lnL' = n/λ - m\nwhich is > 0 for λ < n/m and < 0 for λ > n/m", ["lnL' = n/λ - m", "n/λ - m > 0", "λ < n/m", "lnL' < 0", "λ > n/m"]),
    ("2nd derivative -n/λ² is < 0", ["-n/λ² < 0"]), ("Die Ableitung ist n/λ - m, was > 0 ist", ["n/λ - m > 0"]), ("la dérivée n/λ - m est > 0", ["n/λ - m > 0"]),
    ("ln L = n ln λ - λ m,   m := sum xi\n     = n ln λ - n λ", ["ln L = n ln λ - λ m", "n ln λ - λ m = n ln λ - n λ", "m := sum xi"]),
    ("q = 1-λ, so L = (2qλ)^50", ["q = 1-λ", "L = (2qλ)^50"]), ("ln L = n ln λ + 2 zum log xi - 3λ", ["ln L = n ln λ + 2 zum log xi - 3λ"]),
    ("ln L = n ln λ\nThe score is n/λ - m. This is > 0", ["ln L = n ln λ", "The score is n/λ - m. This is > 0"]), ("the slope, at λ_hat this is = 3", ["at λ_hat this is = 3"]),
    ("so λ = 3 versus 22/7 and hence n - 1 remain", ["λ = 3"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), GOES_ON)
def test_where_formulas_among_words_begin_and_end(text: str, wanted: list[str]) -> None:
    assert [c.text for c in read_solution(text, EXPONENTIAL).claims] == wanted


def test_a_declared_square_is_one_letter() -> None:
    claims = read("∂²/∂s2² log L = 1, ∂/∂s2 log L = 2, d2logL/ds2^2 = 3, s2^ = 4", Declared(("s2",), (), ("x",))).claims
    second = r"\frac{d^{2}}{d (s^{2})^{2}}[\log(L)]"
    assert [latex(c.readings[0][0]) for c in claims] == [second, r"\frac{d}{d s^{2}}[\log(L)]", second, r"\hat{s}^{2}"]


@pytest.mark.parametrize(("written", "wanted"), TYPED)
def test_plain_text_reads_like_latex(written: str, wanted: str) -> None:
    c = one(f"we get 0 = {written}")
    assert c.unread is None and c.right is not None
    assert latex(c.right) == wanted
