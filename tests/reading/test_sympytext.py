"""SymPy text: what it means, the shape it keeps, what is refused and how quickly."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from derive.errors import DeriveError, NotSupported, NotValid
from derive.formula.bridge import to_sympy
from derive.formula.latex import latex
from derive.formula.tree import Add, At, Call, Const, Div, Formula, Mul, Neg, Num, Pow, Sym, num
from derive.reading.context import Context
from derive.reading.sympytext import read_sympy

PLAIN = Context()


def one(text: str, context: Context = PLAIN) -> Formula:
    (sentence,) = read_sympy(text, context)
    return sentence.formula


# -- meaning and shape -----------------------------------------------------------------------------

SHAPES = [
    ("lambda*exp(-lambda*x)", r"\lambda e^{-\lambda x}"),
    ("lambda_*exp(-lamda*x)", r"\lambda e^{-\lambda x}"),
    ("λ*exp(-λ*x)", r"\lambda e^{-\lambda x}"),
    (r"\lambda*x", r"\lambda x"),
    ("exp(-(x-mu)**2/(2*v))/sqrt(2*pi*v)", r"\frac{\exp\left[-\frac{(x - \mu)^{2}}{2 v}\right]}{\sqrt{2 \pi v}}"),
    ("-x**2/(2*v)", r"-\frac{x^{2}}{2 v}"),
    ("2*x/y", r"\frac{2 x}{y}"),
    ("-a*b/c*d", r"-\frac{a b}{c} d"),
    ("a*(b+c)-(d-u)-(-f)", r"a (b + c) - (d - u) - (-f)"),
    ("theta**x*(1-theta)^(1-x)", r"\theta^{x} (1 - \theta)^{1 - x}"),
    ("Rational(1,2)*x**Rational(-1,2)", r"\frac{1}{2} x^{-1/2}"),
    ("0.25*x + 1e-3", "0.25 x + 0.001"),
    ("Sum(x[i],(i,1,n))/n", r"\frac{\sum_{i=1}^{n} x_{i}}{n}"),
    ("Sum(x[i]*y[j],(i,1,n),(j,1,m))", r"\sum_{j=1}^{m} \sum_{i=1}^{n} x_{i} y_{j}"),
    ("Product(z[i,j],(i,1,n))", r"\prod_{i=1}^{n} z_{ij}"),
    ("beta(a,b)*beta", r"\mathrm{B}(a, b) \beta"),
    ("gamma(a)*gamma + zeta(a)*zeta", r"\Gamma(a) \gamma + \zeta(a) \zeta"),
    ("digamma(x) + polygamma(0,x) + polygamma(1,x) + polygamma(2,x)", r"\psi(x) + \psi(x) + \psi'(x) + \psi^{(2)}(x)"),
    ("E**x", "e^{x}"),
    ("log(x,2) + ln(x)", r"\frac{\log x}{\log 2} + \log x"),
    ("sech(x)", r"\frac{1}{\cosh(x)}"),
    ("Max(x,1) + min(x,2)", r"\max(x, 1) + \min(x, 2)"),
    ("Heaviside(x-theta) + Heaviside(-theta+x)", r"\mathbf{1}\{x \ge \theta\} + \mathbf{1}\{x \ge \theta\}"),
    ("KroneckerDelta(x,1)", r"\mathbf{1}\{x = 1\}"),
    ("xbar + theta_hat_1 + p1 + x_m", r"\bar{x} + \hat{\theta}_{1} + p_{1} + x_{m}"),
    ("p1 + p2 + p3 = 1", "p_{1} + p_{2} + p_{3} = 1"),
    ("Eq(a, b)", "a = b"),
    ("a == b <= c", r"a = b \le c"),
    ("0 <= x <= theta", r"0 \le x \le \theta"),
    ("x in [theta, oo)", r"x \in [\theta, \infty)"),
    ("x in Interval.open(0, 1)", r"x \in (0, 1)"),
    ("Contains(x, FiniteSet(0, 1))", r"x \in \{0, 1\}"),
    ("f(x; theta) = theta", r"f(x; \theta) = \theta"),
    ("f(x | mu, sigma) = mu", r"f(x; \mu, \sigma) = \mu"),
    ("P(X = k) = theta**k", r"P(X = k) = \theta^{k}"),
    ("Derivative(L(theta),(theta,2)) = 0", r"L''(\theta) = 0"),
    ("diff(log(x),x,2)", r"\frac{d^{2}}{d x^{2}}(\log x)"),
    ("Integral(exp(-x),(x,0,oo))", r"\int_{0}^{\infty} e^{-x}\,dx"),
    (
        "Piecewise((a,Eq(x,0)),(b,(x>=1) & (x<2)),(0,True))",
        r"\begin{cases} a & x = 0 \\ b & x \ge 1,\ x < 2 \\ 0 & \text{otherwise} \end{cases}",
    ),
    ("Piecewise((a,Eq(x,0) | Eq(x,1)),(0,True))", r"\begin{cases} a & x = 0 \\ a & x = 1 \\ 0 & \text{otherwise} \end{cases}"),
]


@pytest.mark.parametrize("text,shown", SHAPES)
def test_meaning(text: str, shown: str) -> None:
    assert latex(one(text)) == shown


def test_a_leading_minus_stands_before_the_fraction() -> None:
    assert one("-x**2/(2*v)") == Neg(Div(Pow(Sym("x"), num(2)), Mul((num(2), Sym("v")))))


def test_sums_and_products_are_flat_and_brackets_stay() -> None:
    a, b, c = Sym("a"), Sym("b"), Sym("c")
    assert one("a + b - c") == Add((a, b, Neg(c)))
    assert one("a + (b - c)") == Add((a, Add((b, Neg(c)))))
    assert one("a*b*c") == Mul((a, b, c))
    assert one("a/b/c") == Div(Div(a, b), c)


def test_numbers_keep_their_digits() -> None:
    assert one("0.1") == num("1/10")
    assert one("Rational(1, 3)") == Div(num(1), num(3))
    assert one("6.02e23") == num(602 * 10**21)


def test_indexed_letters() -> None:
    assert one("x[i]") == one("x_i") == At("x", (Sym("i"),))
    assert one("x1") == At("x", (Num(num(1).value),))  # type: ignore[attr-defined]
    assert one("x1", Context(data=frozenset({"x_1"}))) == Sym("x_1")


def test_constants_are_letters_where_they_are_declared() -> None:
    assert one("pi") == Const("pi")
    assert one("pi", Context(parameters=frozenset({"pi"}))) == Sym("pi")
    sentence = read_sympy("e**x", PLAIN)[0]
    assert sentence.formula == Call("exp", (Sym("x"),)) and sentence.warnings


def test_squared_letters() -> None:
    assert one("sigma2") == Sym("sigma2")
    assert one("sigma1*sigma2") == Mul((Sym("sigma_1"), Sym("sigma_2")))
    variance = Context(parameters=frozenset({"mu", "sigma2"}), atoms={"sigma": "sigma2"})
    assert one("sigma**2", variance) == Sym("sigma2")
    assert one("sigma**4", variance) == Pow(Sym("sigma2"), num(2))
    assert one("sigma", variance) == Call("sqrt", (Sym("sigma2"),))


def test_statements_and_conditions() -> None:
    a, b = read_sympy("a = 1\nb = 2 +\n c", PLAIN)
    assert (a.position, b.position) == (0, 6)
    assert len(read_sympy("a = 1, b = 2; c = 3", PLAIN)) == 3
    (density,) = read_sympy("lambda*exp(-lambda*x), x > 0", PLAIN)
    assert density.condition is not None and latex(density.condition) == "x > 0"
    (mass,) = read_sympy("P(X = k) = theta**k, k = 0, 1, 2, ...", PLAIN)
    assert mass.condition is not None and latex(mass.condition) == r"k \in \{0, 1, 2, \ldots\}"


CONDITIONS = [
    ("0 <= x <= theta", r"0 \le x \le \theta"),
    ("x in {0,1,...}", r"x \in \{0, 1, \ldots\}"),
    ("x>0 and x<1", r"x > 0,\ x < 1"),
    ("x>0, x<1", r"x > 0,\ x < 1"),
    ("x = 0, 1, ..., m", r"x \in \{0, 1, \ldots, m\}"),
    ("max(0,m+K-N_)<=x<=min(m,K)", r"\max(0, m + K - N) \le x \le \min(m, K)"),
]


@pytest.mark.parametrize("text,shown", CONDITIONS)
def test_conditions(text: str, shown: str) -> None:
    (density,) = read_sympy(f"theta, {text}", PLAIN)
    assert density.condition is not None and latex(density.condition) == shown


def test_what_sympy_prints_is_read_back() -> None:
    sp = pytest.importorskip("sympy")
    x, t, m, v, n, i = sp.symbols("x theta mu v n i")
    xs = sp.IndexedBase("x")
    for e in (
        t * sp.exp(-t * x), sp.exp(-((x - m) ** 2) / (2 * v)) / sp.sqrt(2 * sp.pi * v), sp.Sum(xs[i], (i, 1, n)) / n,
        sp.Piecewise((t, (x >= 0) & (x < 1)), (1 - t, sp.Or(sp.Eq(x, 2), sp.Eq(x, 3))), (0, True)), sp.gamma(x) * sp.beta(x, t),
        sp.Rational(2, 3) * x ** sp.Rational(-3, 2), sp.Integral(sp.exp(-x), (x, 0, sp.oo)), sp.binomial(n, x) * t**x,
        sp.polygamma(1, x) + sp.besseli(0, x), sp.Eq(x, t), sp.And(x > 0, x < t), sp.E**2 * sp.pi, sp.exp(-(x**2)) ** t,
    ):  # fmt: skip
        assert to_sympy(one(str(e), Context(data=frozenset()))) == e


# -- refusals --------------------------------------------------------------------------------------


def test_undeclared_names_are_refused_by_name() -> None:
    strict = Context(parameters=frozenset({"theta"}), data=frozenset({"x"}), strict=True)
    assert one("theta*x[i] + n", strict)
    assert one("Sum(x[j], (j, 1, n))", strict)
    with pytest.raises(NotValid, match="mu is not declared") as e:
        one("theta + mu", strict)
    assert e.value.position == 8


REFUSED = [
    ("2x", 1, "operator is missing"),
    ("x y", 2, "operator is missing"),
    ("x+", 1, "something is missing"),
    ("*x", 0, "something is missing"),
    ("a = ", 2, "after = something"),
    ("(x", 0, "not closed"),
    ("x)", 1, "closes nothing"),
    ("exp(x", 3, "not closed"),
    ("exp(x}", 5, "closed by"),
    ("sp.exp(x)", 2, "dot after a name"),
    ("x.__class__", 1, "dot after a name"),
    ("__import__('os')", 0, "not a name"),
    ("eval(x)", 0, "not a function"),
    ("lambda x: x", 8, "colon"),
    ("[x for x in y]", 3, "'for'"),
    ("x if y else z", 2, "'if'"),
    ("'x'", 0, "quotes"),
    ("`x`", 0, "not part of a formula"),
    ("x!", 1, "!"),
    ("x @ y", 2, "not part of a formula"),
    (r"\lambda e^{-\lambda x}", 8, "LaTeX"),
    (r"\frac{1}{2}", 5, "LaTeX"),
    ("theta(1-theta)", 0, "not a function"),
    ("exp()", 0, "1 argument"),
    ("exp(x, y)", 0, "1 argument"),
    ("(x > 0)*x", 1, "relation stands where"),
    ("(a, b)*x", 0, "list stands where"),
    ("x + {1, 2}", 4, "set stands where"),
    ("(x]*2", 0, "brackets do not match"),
    ("I*x", 0, "not a real number"),
    ("x, y", 3, "condition is expected"),
    ("Or(x > 0, x < 1)", 0, "not supported"),
    ("Sum(x, i)", 7, "index"),
    ("9**9**9**9", 3, "out of range"),
    ("10**-400", 0, "out of range"),
    ("x + factorial(10**9)", 4, "out of range"),
    ("1e400", 0, "out of range"),
    ("polygamma(10**9, x)", 0, "order"),
    ("Sum(1, (i, 1, 10**9))", 7, "terms"),
    ("1" * 61, 0, "digits"),
    ("a" * 41, 0, "not a name"),
]


@pytest.mark.parametrize("text,position,words", REFUSED)
def test_refused_with_the_place(text: str, position: int, words: str) -> None:
    with pytest.raises((NotValid, NotSupported)) as e:
        read_sympy(text, PLAIN)
    assert words in str(e.value)
    assert e.value.position is None or e.value.position == position


def test_empty_text_and_what_is_no_text() -> None:
    for text in ("", "  \n ", ";"):
        with pytest.raises(NotValid):
            read_sympy(text, PLAIN)
    with pytest.raises(NotValid, match="a formula is text"):
        read_sympy(3, PLAIN)  # type: ignore[arg-type]


HOSTILE = [
    "(" * 10_000 + "x" + ")" * 10_000,
    "x" * 1_000_000,
    "(" * 900 + "x" + ")" * 900,
    "+".join("x" * 5_000),
    "-" * 2_900 + "x",
    "x" + "**x" * 1_400,
    "x" + "/x" * 1_400,
    "1" + "/2" * 1_400,
    "x" + "+x" * 1_400,
    "x" + "*x" * 1_400,
    "x > 0" + " & (x > 0)" * 600,
    "(x > 0)" + " & (x > 0)" * 600,
    "f(x" + "|x" * 1_400 + ")",
    "x" + "<x" * 1_400,
    "exp(" * 59 + "x" + ")" * 59,
    "[" * 50 + "x" + ")" * 50,
    "9" * 19_999,
    "x," * 9_000,
    "\n" * 20_000,
    "\x00",
    "x\x00y",
    "\ud800",
]


@pytest.mark.parametrize("text", HOSTILE, ids=[str(k) for k in range(len(HOSTILE))])
def test_hostile_text_is_settled_at_once(text: str) -> None:
    start = time.process_time()
    try:
        read_sympy(text, PLAIN)
    except DeriveError as e:
        assert len(str(e)) < 1_000
    assert time.process_time() - start < 5


def test_reading_does_not_import_sympy() -> None:
    code = (
        "import sys; from derive.reading.sympytext import read_sympy; from derive.reading.context import Context;"
        "read_sympy('lambda*exp(-lambda*x), x > 0', Context()); assert not {'sympy', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
