"""A solution's text -> claims: where they stand, how they are joined, what they say."""

from __future__ import annotations

import pytest

import derive
from derive.checking.reading import read_solution
from derive.checking.reading.notation_scan import Declared
from derive.checking.reading.solution import read
from derive.formula.latex import latex
from derive.formula.tree import Sym

EXPONENTIAL = derive.Problem(r"\lambda e^{-\lambda x}", parameters={"lambda": "positive"})

PLACES = [  # text; (line, sign, joined) of each claim
    ("$a=b$ and\n\n$$\\lambda = 2$$", [(1, "=", ""), (3, "=", "")]),
    ("\\begin{align*}\na &= b\\\\\n  &= c \\\\\n\\lambda &< 3\n\\end{align*}", [(2, "=", ""), (3, "=", "continues"), (4, "<", "")]),
    ("\\[ a = b \\implies b = c \\iff c\\stackrel{set}{=}0 \\]", [(1, "=", ""), (1, "=", "implies"), (1, "=", "set")]),
    ("$$a=b$$\nso\n$$=c$$", [(1, "=", ""), (3, "=", "continues")]),
    ("$$a = b, \\quad \\text{for } x > 0$$", [(1, "=", ""), (1, ">", "condition")]),
    ("```math\na\\approx 0.5\n```", [(2, "approx", "")]),
]


@pytest.mark.parametrize(("text", "wanted"), PLACES)
def test_places(text: str, wanted: list[tuple[int, str, str]]) -> None:
    claims = read_solution(text, EXPONENTIAL).claims
    assert [(c.source_line, c.sign, c.joined) for c in claims] == wanted


def test_sides() -> None:
    (first, second) = read_solution(r"$$\ell(\lambda)=n\log\lambda-\lambda\sum_{i=1}^n x_i = 0$$", EXPONENTIAL).claims
    assert first.right is not None and first.right == second.left
    assert latex(first.right) == r"n \log \lambda - \lambda \sum_{i=1}^{n} x_{i}"


READ = [  # parameters, known, the side as written, what it says
    ("mu,sigma2", "", r"\hat{\sigma}^2_{MLE}", r"\hat{\sigma}^{2}"),
    ("mu,sigma2", "", r"\frac{\partial \ell}{\partial\sigma^2}", r"\frac{d \ell}{d \sigma^{2}}"),
    ("mu,sigma2", "", r"\overline{X}_n - x^{(i)}", r"\bar{x} - x_{i}"),
    ("mu,sigma2", "", r"\overline{x^2}", r"\frac{\sum_{i=1}^{n} x_{i}^{2}}{n}"),
    ("theta", "", r"\ell''(\hat\theta)", r"\left. \ell''(\theta) \right|_{\theta = \hat{\theta}}"),
    ("theta", "", r"\frac{d}{d\theta}", r"\frac{d L}{d \theta}"),
    ("theta", "", r"\ln L - \frac{d^2}{d\theta^2}", r"\log(L) - \frac{d^{2}}{d \theta^{2}}[\log(L)]"),
    ("theta", "", r"\ln L'(\theta)", r"\frac{d}{d \theta}[\log[L(\theta)]]"),
    ("theta", "", r"\frac{\max}{2}", r"\frac{x_{(n)}}{2}"),
    ("mu,v", "", r"\hat v(\hat\mu) - \hat v(\mu)", r"\hat{v} - \hat{v}"),
    ("theta", "", r"dl/d\theta", r"\frac{d \ell}{d \theta}"),
    ("theta", "", r"\dot\ell_n(\theta)", r"\ell'(\theta)"),
    ("theta", "", r"p_\theta(x_1,\dots,x_n)", "L"),
    ("theta", "", r"P(X=x;\theta)", r"f(x; \theta)"),
    ("theta", "", r"\max_{1\le i\le n} X_i", r"x_{(n)}"),
    ("theta", "", r"\min\{x_1,\ldots,x_n\}", r"x_{(1)}"),
    ("theta", "", r"\sum_{n_i} \ln n_i", r"\sum_{i=1}^{n} \log x_{i}"),
    (
        "theta",
        "",
        r"\frac{\operatorname{tg}\theta}{2} + \log\frac{1}{\theta}\exp\{-x_i\}",
        r"\frac{\tan \theta}{2} + \log\left(\frac{1}{\theta} e^{-x_{i}}\right)",
    ),
    ("theta", "", r"{}_nC_x\,3!", r"\binom{n}{x} \cdot 3!"),
    ("mu,v", "", r"\frac{\partial\ell}{\partial v}(\mu, v)", r"\frac{d \ell}{d v}"),
    ("theta", "", r"\sum x - \sum_{j} x_j^2", r"\sum_{i=1}^{n} x_{i} - \sum_{j=1}^{n} x_{j}^{2}"),
    ("theta", "", r"\prod_{i=1}^n x_i\cdot(\ln\theta)^n", r"\left(\prod_{i=1}^{n} x_{i}\right) (\log \theta)^{n}"),
    ("theta", "", r"3\ln\theta + C", r"3 \log \theta + \mathrm{const}"),
    ("theta", "", r"\frac n\theta+\text{terms without }", r"\frac{n}{\theta} + \mathrm{const}"),
    ("theta", "x_0", r"n\theta\ln{x_0}", r"n \theta \log x_{0}"),
    ("p_1,p_2", "n_1,n_2", r"\hat p_1 + p_1 + \dots + p_4", r"\hat{p}_{1} + p_{1} + p_{2} + p_{3} + p_{4}"),
]


@pytest.mark.parametrize(("parameters", "known", "side", "wanted"), READ)
def test_notation(parameters: str, known: str, side: str, wanted: str) -> None:
    declared = Declared(tuple(parameters.split(",")), tuple(known.split(",")) if known else (), ("x",))
    (claim,) = read(f"$0 = {side}$", declared).claims
    assert claim.unread is None and claim.right is not None
    assert latex(claim.right) == wanted


def test_letters_that_the_writer_defines() -> None:
    text = r"$e=n+1$, so $\theta^e$, $\theta(p)=n e$ and $\ell(\theta(p),p)=n\log p=:r(p)$, $r'(p)=1$"
    claims = read(text, Declared(("theta", "p"), (), ("x",))).claims
    shown = [f"{latex(left)} = {latex(right)}" for c in claims for left, right in c.readings[:1]]
    assert shown[:2] == ["e = n + 1", r"\hat{\theta} = n e"]
    assert shown[2].startswith(r"\ell(\hat{\theta}, p)") and shown[-1] == "r'(p) = 1"


AMBIGUOUS = [
    (r"\log 2\pi\sigma^2", [r"\log(2 \pi \sigma^{2})", r"\log(2) \pi \sigma^{2}", r"\log(2 \pi) \sigma^{2}"]),
    (r"\frac{\partial^2\ell}{\partial\sigma^2}", [r"\frac{d^{2} \ell}{d \sigma^{2}}", r"\frac{d^{2} \ell}{d (\sigma^{2})^{2}}"]),
    (r"\log(1-p)^2", [r"[\log(1 - p)]^{2}", r"\log[(1 - p)^{2}]"]),
    (r"x_1/2v\mu", None),
]


@pytest.mark.parametrize(("side", "wanted"), AMBIGUOUS)
def test_every_reading_is_given(side: str, wanted: list[str] | None) -> None:
    (claim,) = read(f"${side} = 0$", Declared(("mu", "sigma2", "v"), (), ("x",))).claims
    found = [latex(left) for left, _ in claim.readings]
    assert len(found) > 1
    assert wanted is None or found == wanted


def test_typed_mathematics() -> None:
    text = "We have L(theta) = theta^n * exp(-theta*sum(x))\nso dl/dtheta = n/theta - S = 0  =>  theta_hat = n/S"
    claims = read(text, Declared(("theta",), (), ("x",))).claims
    assert [c.source_line for c in claims] == [1, 2, 2, 2]
    assert all(c.unread is None for c in claims)
    assert claims[3].left == Sym("theta_hat") and claims[3].joined == "implies"


def test_definitions() -> None:
    claims = read(r"Let $S=\sum x_i$ and $m_1=m_4=\frac{\theta}{2}$. Then $\theta = S$.", Declared(("theta",), (), ("x",))).claims
    assert [c.defines for c in claims] == [Sym("S"), Sym("m_1"), Sym("m_4"), None]


HOSTILE = {
    "deep": "$" + "(" * 3000 + "x" + ")" * 3000 + "=1$",
    "minus signs": "$" + "-" * 3000 + "x=1$",
    "logs": "$" + r"\log" * 1500 + " x=1$",
    "power tower": "$" + "9^{" * 300 + "9" + "}" * 300 + "=1$",
    "open environments": r"\begin{align} a &= b \\ " * 500,
    "dollars and braces": "${" * 20_000,
    "definitions": r"\newcommand{\a}{\b\b\b\b\b\b\b\b}\newcommand{\b}{\c\c\c\c\c\c\c\c}\newcommand{\c}{\a\a\a\a\a\a\a}$\a\a\a=1$",
    "control characters": "$a\x00b=1$ \x07 $a\ud800=1$",
    "code": "`x=__import__('os').system('ls')`",
    "brackets that do not match": r"$" + r"\left(" * 70 + "a = 1$",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_or_unread(name: str) -> None:
    solution = read(HOSTILE[name], Declared(("theta",), (), ("x",)))
    assert all((c.left is not None and c.right is not None) or c.unread for c in solution.claims)


def test_long_texts() -> None:
    declared = Declared(("theta",), (), ("x",))
    with pytest.raises(derive.DeriveError, match="10000000 characters"):
        read("x=1\n" * 2_500_000, declared)
    assert read("$a=b$ " * 3100, declared).remarks


def test_the_column_of_reasons() -> None:
    text = "\\begin{aligned}\n2n\\lambda &= S && \\text{multiply by } \\lambda\\\\\n\\lambda &= \\frac{S}{2n} && \\text{divide by } 2n\\\\\n&= \\frac{\\bar x}{2}\\\\\n50p &= 20 q && 1-p\\text{ is just } q\n\\end{aligned}"
    claims = read(text, Declared(("lambda",), (), ("x",))).claims
    assert [(c.source_line, c.joined) for c in claims] == [(2, ""), (3, ""), (4, "continues"), (5, "")]
    assert claims[2].left == claims[1].right


NUMBERS = [
    (r"$\hat\lambda=2,5$", ["2.5"]),
    (r"$\hat p\approx 0,54$", ["0.54"]),
    (r"$\frac{3}{8}=0{,}375$", ["0.375"]),
    (r"$x=1,2,3$ and $\hat p=0,25$", [r"\{1, 2, 3\}", "0.25"]),
    (r"$n=1,000$", ["1000"]),
]


@pytest.mark.parametrize(("text", "wanted"), NUMBERS)
def test_commas_in_numbers(text: str, wanted: list[str]) -> None:
    claims = read(text, Declared(("lambda", "p"), (), ("x",))).claims
    assert [latex(c.right) for c in claims if c.right is not None] == wanted


def test_what_is_done_to_both_sides() -> None:
    (first, second) = read(r"$12\lambda = 3 \quad | :12 \Rightarrow |\lambda| = \frac14$", Declared(("lambda",), (), ("x",))).claims
    assert first.right is not None and latex(first.right) == "3"
    assert second.left is not None and latex(second.left) == r"\left|\lambda\right|"
