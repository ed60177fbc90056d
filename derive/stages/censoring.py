"""Observations that are only partly known: what each contributes to the likelihood, and why."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace as changed
from fractions import Fraction
from typing import TYPE_CHECKING

from ..algebra import Algebra
from ..density.integration import survival
from ..errors import NotSupported
from ..formula.evaluate import Env, compiled, log_size
from ..formula.latex import latex
from ..formula.tree import (
    ONE,
    Apply,
    Formula,
    Integral,
    Mul,
    Relation,
    Sym,
    add,
    mul,
    neg,
    num,
    replace,
)
from ..oracle import Oracle
from ..recorder import Part, sized_chain
from ..trace import Display, Evidence, Line, Section, Words, say
from .work import Work

if TYPE_CHECKING:
    from ..question.problem import Problem

WRITTEN_OUT = 6
S = "S"  # the survival function's letter


@dataclass(frozen=True, slots=True)
class Contribution:
    """kind: "exact", "right", "left" or "interval".  a, b: the value, or the ends.  times: how often it was seen."""

    kind: str
    a: Fraction
    b: Fraction | None
    times: int


def contributions(problem: Problem) -> tuple[Contribution, ...]:
    """What was observed, kind by kind.  Raises NotSupported for weights, truncation and statistics alone."""
    s = problem.sample
    if s is None:
        return ()
    strange = [k for k in s.kinds if k in ("weights", "truncation", "sums")]
    if strange or s.is_large or len(problem.variables) != 1 or problem.covariates:
        raise NotSupported(f"a sample with {strange[0] if strange else 'these observations'} is not supported yet")
    (v,) = problem.variables
    out: dict[tuple[str, Fraction, Fraction | None], int] = {}

    def seen(kind: str, a: Fraction, b: Fraction | None = None, times: int = 1) -> None:
        out[kind, a, b] = out.get((kind, a, b), 0) + times

    for x in s.exact.get(v, ()):
        seen("exact", x)
    for x, times in s.counts.items():
        if isinstance(x, tuple):
            _interval(x, times, seen)
        else:
            seen("exact", x, None, times)
    for pair in s.interval:
        _interval(pair, 1, seen)
    for x in s.left:
        seen("left", x)
    for x in s.right:
        seen("right", x)
    return tuple(Contribution(kind, a, b, times) for (kind, a, b), times in out.items() if times)


def _interval(pair: tuple[Fraction | float, Fraction | float], times: int, seen: Callable[..., None]) -> None:
    a, b = pair
    if isinstance(b, float):
        seen("right", Fraction(a), None, times)
    elif isinstance(a, float):
        seen("left", b, None, times)
    else:
        seen("interval", a, b, times)


@dataclass(frozen=True, slots=True)
class Factors:
    """The density and the survival function of one observation, and each contribution as a formula in the parameters."""

    survival: Formula
    parts: tuple[tuple[Contribution, Formula], ...]

    def log_likelihood(self, names: tuple[str, ...], values: Env) -> Env:
        """The functions ell and L of the parameters for a world with these other values."""
        logs = [(log_size(f), c.times) for c, f in self.parts]

        def ell(*arguments: float) -> float:
            env = {**values, **dict(zip(names, arguments, strict=True))}
            return sum(times * (size if sign > 0 else -math.inf) for g, times in logs for sign, size in (g(env),))

        return {"ell": ell, "L": lambda *a: math.exp(ell(*a))}


def factors_of(problem: Problem, al: Algebra, points: tuple[Env, ...]) -> Factors:
    """What every observation contributes."""
    (v,) = problem.variables
    x = Sym(v)
    s = survival(problem.density, v, problem.support[v], changed(al, unknowns=(v,)), points)
    seen = contributions(problem)

    def part(c: Contribution) -> Formula:
        a, b = num(c.a), None if c.b is None else num(c.b)
        match c.kind:
            case "exact":
                return al.tidy(replace(problem.density, x, a))
            case "right":
                return al.tidy(replace(s, x, a))
            case "left":
                return al.tidy(add(ONE, neg(replace(s, x, a))))
        return al.tidy(add(replace(s, x, a), neg(replace(s, x, b if b is not None else a))))

    return Factors(s, tuple((c, part(c)) for c in seen))


LEADS = {
    "exact": "A value known exactly contributes the density there.",
    "right": "A value only known to exceed {} contributes the probability of exceeding it, the survival function {}.",
    "left": "A value only known to lie below {} contributes the probability {} of lying below it.",
    "interval": "A value only known to lie between two limits contributes the difference of the survival function at them.",
}


def censored_likelihood(work: Work, f: Factors) -> None:
    """Section "Likelihood" for censored observations: why each contributes what, the product, the numbers gathered."""
    p, al = work.problem, work.al
    (v,) = p.variables
    x, c, t = Sym(v), Sym("c"), Sym("t")
    kinds = {k.kind for k, _ in f.parts}
    blocks: list[Words | Display] = []
    lead = say(LEADS["exact"]) if "exact" in kinds else say("")
    if "right" in kinds:
        lead += say(" ") + say(LEADS["right"], c, Apply(S, (c,)))
    if "left" in kinds:
        lead += say(" ") + say(LEADS["left"], c, add(ONE, neg(Apply(S, (c,)))))
    if "interval" in kinds:
        lead += say(" ") + say(LEADS["interval"])
    blocks.append(lead)
    top = p.support[v].high
    shown = Relation((Apply(S, (x,)), Integral(replace(p.density, x, t), t, x, top), f.survival), ("=", "="))
    evidence = Evidence("sampled", "equal to the numerical integral of the density", 2 * len(work.general.worlds[:3]))
    blocks += [
        say("The survival function is the integral of the density above {}:", x),
        Display((Line(shown, None, evidence, "integrate"),)),
    ]
    blocks.append(say("The observations are independent, so their contributions multiply:"))
    label = p.of("L")
    few = sum(k.times for k, _ in f.parts) <= WRITTEN_OUT
    parts: list[Part] = []
    if few:
        names_ = [_named(k) for k, _ in f.parts for _ in range(k.times)]
        written = mul(*(g if isinstance(g, Mul) else Mul((g,)) for k, g in f.parts for _ in range(k.times)))
        parts.append((mul(*names_), None, ""))
        if len(latex(written, p.notation)) <= 160:
            parts.append((written, say("put in the data"), "put in the data"))
    gathered = al.build(al.times(al.raised(al.split(g), num(k.times)) for k, g in f.parts))
    parts.append((gathered, say("add the exponents of equal bases") if few else None, "gather a product"))
    oracle = Oracle(tuple({**w, "f": _value(p.density, v, w), S: _value(f.survival, v, w)} for w in work.judge.worlds))
    blocks.append(sized_chain(oracle, label, lambda w: float(w["ell"](*(w[k] for k in p.parameters))), parts))
    work.gathered, work.numbers = gathered, True
    work.sections.append(Section(say("Likelihood"), tuple(blocks)))


def _named(c: Contribution) -> Formula:
    a = num(c.a)
    match c.kind:
        case "exact":
            return Apply("f", (a,))
        case "right":
            return Apply(S, (a,))
        case "left":
            return add(ONE, neg(Apply(S, (a,))))
    return add(Apply(S, (a,)), neg(Apply(S, (num(c.b if c.b is not None else c.a),))))


def _value(f: Formula, v: str, w: Env) -> Callable[[float], float]:
    g = compiled(f)
    return lambda at: g({**w, v: at})
