"""One thing changed in one line of a correct solution: a mistake is found on its line, another way to write it stays valid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace as changed
from typing import Any

from derive.checking.check import examine
from derive.checking.claims import Claim, Solution
from derive.checking.diagnosis.edits import spots
from derive.checking.reading.solution import read_solution
from derive.formula.latex import latex
from derive.formula.tree import ONE, Add, At, Big, Call, Div, Formula, Mul, N, Neg, Num, Pow, Sym, add, mul, neg, num, total, transform
from derive.problem.problem import Problem

SOLUTIONS: list[tuple[dict[str, Any], str]] = [
    (
        {"density": r"\lambda e^{-\lambda x}", "parameters": {"lambda": "positive"}},
        r"$$\ell(\lambda)=n\ln\lambda-\lambda\sum_{i=1}^nx_i$$ $$\frac{d\ell}{d\lambda}=\frac n\lambda-\sum_{i=1}^nx_i=0$$"
        r"$$\hat\lambda=\frac{n}{\sum_{i=1}^nx_i}=\frac1{\bar x}$$ $$\frac{d^2\ell}{d\lambda^2}=-\frac{n}{\lambda^2}<0$$",
    ),
    (
        {
            "density": r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}",
            "parameters": {"mu": "real", r"\sigma^2": "positive"},
        },
        r"$$\ell=-\frac n2\ln(2\pi\sigma^2)-\frac1{2\sigma^2}\sum_{i=1}^n(x_i-\mu)^2$$"
        r"$$\frac{\partial\ell}{\partial\mu}=\frac1{\sigma^2}\sum_{i=1}^n(x_i-\mu)=0\Rightarrow\hat\mu=\bar x$$"
        r"$$\frac{\partial\ell}{\partial\sigma^2}=-\frac n{2\sigma^2}+\frac1{2\sigma^4}\sum_{i=1}^n(x_i-\mu)^2=0$$"
        r"$$\hat\sigma^2=\frac1n\sum_{i=1}^n(x_i-\bar x)^2$$",
    ),
    (
        {"density": r"p^x(1-p)^{1-x}", "parameters": {"p": "(0,1)"}, "data": [1, 1, 0, 1, 0]},
        r"$$\ell(p)=3\log p+2\log(1-p)$$ $$\frac3p-\frac2{1-p}=0$$ $$3(1-p)=2p$$ $$5p=3$$ $$\hat p=\frac35$$",
    ),
    (
        {"density": r"\frac{2x}{\theta^2}", "variable": "x", "parameters": {"theta": "positive"}, "support": "[0,theta]"},
        r"$$\ell(\theta)=-2n\ln\theta+c$$ $$\ell'(\theta)=-\frac{2n}{\theta}$$ $$\hat\theta=x_{(n)}$$",
    ),
]


def mutants(f: Formula) -> Iterator[Formula]:
    """Slips: a sign, a lost term, a lost n, another number, product for sum, a fraction upside down, a lost logarithm, x_i for the mean."""
    for g, put in spots(f):
        match g:
            case Add(ts):
                for j, t in enumerate(ts):
                    yield put(Add((*ts[:j], neg(t), *ts[j + 1 :])))
                    yield put(add(*ts[:j], *ts[j + 1 :]))
            case Mul(fs) if N in fs:
                yield put(mul(*(h for h in fs if h != N)))
            case Neg(a):
                yield put(a)
            case Num(v) if v > 0:
                yield put(num(v + 1))
            case Big(kind, i, low, high, body):
                yield put(Big("prod" if kind == "sum" else "sum", i, low, high, body))
            case Div(a, b):
                yield put(Div(b, a))
            case Call("log", (a,)):
                yield put(a)
            case Sym("x_bar"):
                yield put(At("x", (Sym("i"),)))


def equivalents(f: Formula) -> Iterator[Formula]:
    """The same in another form: reordered, with negative powers, the mean as a sum, sums and brackets taken apart."""

    def reordered(g: Formula) -> Formula | None:
        match g:
            case Add(ts):
                return Add(ts[::-1])
            case Mul(fs):
                return Mul(fs[::-1])
            case Div(a, b):
                return Mul((a, Pow(b, neg(ONE))))
        return None

    def means(g: Formula) -> Formula | None:
        return Div(total(At("x", (Sym("i"),))), N) if g == Sym("x_bar") else None

    def apart(g: Formula) -> Formula | None:
        if isinstance(g, Big) and g.kind == "sum" and isinstance(g.body, Add):
            return add(*(Big("sum", g.index, g.low, g.high, t) for t in g.body.terms))
        for j, h in enumerate(g.factors if isinstance(g, Mul) else ()):
            if isinstance(h, Add) and isinstance(g, Mul):
                return add(*(mul(*g.factors[:j], t, *g.factors[j + 1 :]) for t in h.terms))
        return None

    for change in (reordered, means, apart):
        yield transform(f, change)


def with_side(solution: Solution, j: int, side: Formula) -> Solution:
    """The solution with another right side in one claim."""
    claims: list[Claim] = list(solution.claims)
    claims[j] = changed(claims[j], right=side, text=f"{latex(claims[j].left or ONE)} = {latex(side)}")
    return changed(solution, claims=tuple(claims))


def cases() -> Iterator[tuple[Problem, Solution, int]]:
    for question, text in SOLUTIONS:
        q = dict(question)
        problem = Problem(q.pop("density"), **q)
        solution = read_solution(text, problem)
        assert examine(solution, problem).correct
        for j, claim in enumerate(solution.claims):
            if claim.sign == "=" and claim.right is not None and not claim.alternatives and claim.defines is None:
                yield problem, solution, j


def test_equivalent_changes_stay_valid() -> None:
    for problem, solution, j in cases():
        for side in equivalents(solution.claims[j].right or ONE):
            report = examine(with_side(solution, j, side), problem)
            assert report.first_error is None, (report.first_error, latex(side))


def test_mistakes_are_found_on_their_line() -> None:
    seen: Counter[str] = Counter()
    for problem, solution, j in cases():
        for side in mutants(solution.claims[j].right or ONE):
            lines = examine(with_side(solution, j, side), problem).lines
            first = next((k for k, line in enumerate(lines) if line.verdict == "invalid"), None)
            assert first is None or first >= j, "a line before the mistake is called wrong"
            free = lines[j].remark is not None  # an added constant or a factor is no mistake
            seen["free" if free else "found" if first == j else "missed"] += 1
    assert seen["found"] >= 0.95 * (seen["found"] + seen["missed"]), seen
