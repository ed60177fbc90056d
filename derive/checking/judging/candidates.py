"""What the writer's names may mean: candidates for the binding of a document, the likeliest first.

Every kind of candidate is a leniency: each has a wrong document in the tests that it must not save.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ...errors import DeriveError
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    ZERO,
    Apply,
    At,
    Big,
    Const,
    Derivative,
    Div,
    Formula,
    Mul,
    N,
    Num,
    SetOf,
    Sym,
    add,
    has,
    names,
    neg,
    replace_all,
    total,
    transform,
    value,
    walk,
)
from ...reading.context import OWN_SIZE
from ...sample.sample import Sample
from ..slope import slope
from .binding import Binding, sums_of
from .document import LET, Act, Document, Statement
from .inversion import inverted
from .meaning import INFORMATION
from .sides import FAILURES
from .statement_judge import StatementJudge
from .undeclared_letters import candidates as statistics
from .undeclared_letters import count_of, number_of

LISTED = re.compile(
    r"(?<![\d.,])-?\d+(?:[.]\d+)?(?:\s*(?:[,;&→]|and|\$|\\,|\\ )+\s*-?\d+(?:[.]\d+)?){2,}(?!\s*[,;]?\s*(?:\\[lc]?dots|\.\.|…))"
)
FUNCTIONS = frozenset({"E", "Var", "Cov", "P", "Pr", "L", "ell", "nll", "f", "F"})
LARGEST = 60  # a sample size that is tried
EQUALITIES = ("=", ":=", "approx")


def densities(doc: Document, b: Binding) -> Iterator[Binding]:
    """f, p: the density, that of the whole sample, or a function of the writer's own ("let p(x) = ...")."""
    if "f" not in doc.mentioned:
        return
    yield b.mode("f", "joint")
    own = {*doc.problem.variables, *doc.problem.parameters}
    for s in doc.statements:
        if not s.claim.readings or not LET.search(s.claim.prose):
            continue
        left, right = s.claim.readings[0]
        if isinstance(left, Apply) and left.name == "f" and not any(names(a) & own for a in left.args):  # no density: of a covariate
            heads = left.args or tuple(Sym(v) for v in doc.problem.observed if Sym(v) in set(walk(right)))
            yield b.define(Apply("f", heads), right)


def notations(doc: Document, b: Binding) -> Iterator[Binding]:
    """pi as a letter; n as the number of trials of a single count, or as a number that the density has."""
    numbers = {g.value for g in walk(doc.problem.density) if isinstance(g, Num)}
    for t in doc.told:
        if t.name == "n" and len(t.values) == 1 and t.values[0] in numbers and doc.problem.size not in (None, t.values[0]):
            yield b.letter("n", Num(t.values[0]))
    for s in doc.statements:
        for left, right in s.claim.readings[:1]:
            if Const("pi") == left and number_of(right) is None:
                yield b.mode("pi", "own").define(Sym("pi_own"), right)
    if OWN_SIZE in (*doc.problem.known, *doc.problem.values, *doc.problem.parameters):
        if doc.problem.sample is None:
            yield replace(b.mode("n", "trials"), fixed={"n": Fraction(1)}, data=None)
        yield b.mode("n", "trials")


# -- letters without a meaning --------------------------------------------------------------------------


def letter_meanings(doc: Document, j: StatementJudge, b: Binding, name: str, about: Sequence[Statement]) -> Iterator[Binding]:
    """A parameter, a statistic, what an equation makes of it.  about: the statements that speak of it."""
    if name in FUNCTIONS:
        return
    if name in INFORMATION and len(j.model.names) == 1:
        p = Sym(j.model.names[0])
        observed = neg(Derivative(Apply("ell", ()), ((p, 2),)))
        expected = Apply("E", (observed,))
        for f in (expected, Div(expected, N), observed):
            yield replace(b, functions={**b.functions, name: ((p,), f)})
        return
    for k in j.model.names:
        if name.startswith(k + "_"):
            yield b.rename(name, hat(k).name)
    for v in doc.problem.variables:
        if name.startswith(v) and ("tilde" in name or "med" in name or "ast" in name):
            yield b.letter(name, Sym(v + "_med"))
    unused = [k for k in (*j.model.names, *doc.problem.known) if k not in doc.mentioned and hat(k).name not in doc.mentioned]
    for k in unused:
        yield b.rename(name, k)
    if (count := count_of(j.model, name)) is not None:
        yield b.letter(name, count)
    if _is_unit(doc, name):
        yield b.letter(name, ONE)
    for f in _solved(doc, j, name, about):
        yield b.letter(name, f, guessed=True)
    for f in (*statistics(j.model), *(Div(ONE, Sym(k)) for k in unused)):
        yield b.letter(name, f)


def counts(j: StatementJudge, b: Binding, unbound: Sequence[str]) -> Binding:
    """With every letter such as n_1 or n_plus as the count that it usually is."""
    for name in unbound:
        if (count := count_of(j.model, name)) is not None:
            b = b.letter(name, count)
    return b


def _is_unit(doc: Document, name: str) -> bool:
    """Whether a letter only stands behind numbers: 0.5 V."""
    seen = [f for side in doc.sides for f in walk(side) if name in names(f)]
    return bool(seen) and all(
        f == Sym(name) or (isinstance(f, Mul) and f.factors[-1] == Sym(name) and not any(map(names, f.factors[:-1]))) for f in seen
    )


def _solved(doc: Document, j: StatementJudge, name: str, about: Sequence[Statement]) -> Iterator[Formula]:
    """From equations: a parameter in another letter; of those that are linear in the letter, a multiplier, a total."""
    letter = Sym(name)
    hats: dict[Formula, Formula] = {Sym(k): hat(k) for k in j.model.names}
    for s in about[:8]:
        if s.claim.sign != "=" or not s.claim.readings or s.act is not Act.CLAIM:
            continue
        try:
            left, right = map(j.resolved, s.claim.readings[0])
            for whole, other in ((left, right), (right, left)):
                if has(whole, letter) and not has(other, letter) and isinstance(other, Sym) and other.name in j.model.free:
                    if (f := inverted(whole, letter, other)) is not None and not j.unbound(f):
                        yield f  # lambda = m e^u
                if whole == letter and names(other) and names(other) <= {*j.meaning.parameters, *doc.problem.known}:
                    yield other  # log(p/(1 - p)) = b
            d = add(left, neg(right))
            factor, rest = slope(d, letter), replace_all(d, {letter: ZERO})
            if factor != ZERO and not has(factor, letter) and not j.unbound(rest):
                yield replace_all(Div(neg(rest), factor), hats)
        except FAILURES:
            continue


# -- what the question leaves open ----------------------------------------------------------------------


def special(doc: Document, j: StatementJudge, b: Binding) -> Iterator[Binding]:
    """Values of what the question leaves open: stated, else numbers that occur; data listed in the text."""
    p = doc.problem
    if not j.model.open and not p.known:
        return
    stated, sums = _stated(doc, j, None)
    fixed = {k: v for k, v in stated.items() if k != "n" or "n" in doc.problem.known or (v.denominator == 1 and 1 <= v <= LARGEST)}
    if p.sample is not None:
        fixed.pop("n", None)
    data = list(_listed(doc)) if j.model.open and not p.whole else []
    for f in (fixed, {}) if fixed else ({},):
        others = {k: v for k, v in f.items() if k != "n"}
        for d in data:
            yield replace(b, fixed=others, data=d)
        if sums and "n" in fixed and len(p.variables) == 1:
            yield replace(b, fixed=others, data=Sample(n=int(fixed["n"]), sums=sums))
        if f:
            yield replace(b, fixed=f)
    for k in [k for k in p.known if k not in stated and not _written(doc, k)][:2]:  # written as a number from the start
        for v in doc.numbers[:8]:
            yield replace(b, fixed={**fixed, k: v})
    if "n" not in stated and "n" not in doc.mentioned and j.model.open and not p.whole and p.sample is None:
        for v in sorted(v for v in doc.numbers if v.denominator == 1 and 2 <= v <= LARGEST)[:6]:
            yield replace(b, fixed={**fixed, "n": v})


def _written(doc: Document, k: str) -> bool:
    """Whether the text uses a letter, in a formula or in words."""
    return k in doc.mentioned or re.search(rf"(?<![A-Za-z]){re.escape(k)}(?![A-Za-z])", doc.text) is not None


def in_passage(doc: Document, j: StatementJudge, b: Binding, s: Statement) -> Iterator[Binding]:
    """Values of what the question leaves open as they are told in the passage in which a statement stands: an example of its own."""
    within = doc.passage(s.claim.start)
    stated, sums = _stated(doc, j, within)
    fixed = {k: v for k, v in stated.items() if k != "n" or "n" in doc.problem.known or (v.denominator == 1 and 1 <= v <= LARGEST)}
    others = {k: v for k, v in fixed.items() if k != "n"}
    lists = [list(t.values) for t in doc.told if len(t.values) > 1 and within[0] <= t.start < within[1]]
    if j.model.open and not doc.problem.whole and len(doc.problem.variables) == 1 and not doc.problem.covariates:
        for data in lists[:4]:
            yield replace(b, fixed=others, data=data)
        if sums and "n" in fixed:
            yield replace(b, fixed=others, data=Sample(n=int(fixed["n"]), sums=sums))
    if fixed:
        yield replace(b, fixed=fixed, data=None)


def _stated(doc: Document, j: StatementJudge, within: tuple[int, int] | None) -> tuple[dict[str, Fraction], dict[str, Any]]:
    """The values that the text gives to known letters and n, and to sums of the observations.

    within: the passage that is looked at; None for the whole text, but for what is only supposed.
    """
    stated: dict[str, Fraction] = {}
    sums: dict[str, Any] = {}
    means: dict[str, Fraction] = {}
    supposed = [(s.claim.start, s.claim.end) for s in doc.statements if within is None and (s.act is Act.HYPOTHESIS or s.supposes)]

    def looked_at(place: int) -> bool:
        return within[0] <= place < within[1] if within is not None else not any(a <= place < z for a, z in supposed)

    for s in doc.statements:
        for left, right in s.claim.readings[:1] if s.claim.sign in EQUALITIES and looked_at(s.claim.start) else ():
            for head, body in ((left, right), (right, left), *(((s.before[0], right),) if s.before else ())):
                v = _fraction(body)
                if v is None:
                    continue
                if isinstance(head, Sym) and (head.name in doc.problem.known or head == N):
                    stated.setdefault(head.name, v)
                elif (name := _sum(doc, j, head)) is not None:
                    sums[name] = v
                elif isinstance(head, Sym) and head.name.removesuffix("_bar") in doc.problem.variables:
                    means[head.name.removesuffix("_bar")] = v
    for t in doc.told:
        if len(t.values) == 1 and (t.name in doc.problem.known or t.name == "n") and looked_at(t.start):
            stated.setdefault(t.name, t.values[0])
    sums |= {k: stated["n"] * v for k, v in means.items() if "n" in stated}
    return stated, sums


def _sum(doc: Document, j: StatementJudge, head: Formula) -> str | None:
    """The name of a sum of the observations in the words of `Sample`."""
    p = doc.problem
    if len(p.variables) != 1 or p.whole or not any(isinstance(g, At) for g in walk(head)):
        return None
    (v,) = p.variables

    def whole(g: Formula) -> Formula | None:
        return Big(g.kind, g.index, g.low, N, g.body) if isinstance(g, Big) and isinstance(g.high, Num) else None

    head = transform(head, whole)  # the sum of seven observations
    for text, term in sums_of(v):
        body = replace_all(term, {Sym(v): At(v, (Sym("#i"),))})
        try:
            if j.everywhere(j.resolved(head), j.resolved(total(body, "#i")), j.trials.inner[:4]).holds:
                return text
        except (*FAILURES, DeriveError):
            continue
    return None


def _listed(doc: Document) -> Iterator[list[Fraction]]:
    """Observations that the text lists."""
    if len(doc.problem.variables) != 1 or doc.problem.covariates:
        return
    for side in doc.sides:
        if isinstance(side, SetOf) or (isinstance(side, Apply) and side.name == "tuple"):
            items = [_fraction(g) for g in (side.items if isinstance(side, SetOf) else side.args)]
            found = [x for x in items if x is not None]
            if len(found) == len(items) > 1:
                yield found
    (v,) = doc.problem.variables
    single = [t.values[0] for t in doc.told if t.name == v and len(t.values) == 1]
    if len(single) > 1:  # x_1 = 3, x_2 = 5
        yield single
    yield from (list(t.values) for t in doc.told if len(t.values) > 1)
    text = doc.text.replace("{,}", ".")
    if re.search(r"\d,\d+\s*;", text):  # 49,2; 50,6
        text = re.sub(r"(\d),(\d)", r"\1.\2", text)
    for m in LISTED.finditer(text):
        yield [Fraction(x) for x in re.findall(r"-?\d+(?:\.\d+)?", m[0])]


def _fraction(f: Formula) -> Fraction | None:
    got = value(f)
    if got is None and (v := number_of(f)) is not None:
        return Fraction(v).limit_denominator(10**9)
    return got if got is None or isinstance(got, Fraction) else Fraction(got)
