"""What one row of a sample contributes to the likelihood where it is not a plain observation, and why."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from dataclasses import replace as changed
from fractions import Fraction

from ...algebra.terms import Algebra, E, Term
from ...density.integration.probabilities import Distribution, complement, numerically
from ...errors import NotSupported, NotValid
from ...formula.evaluate import Env, compiled
from ...formula.tree import (
    INTEGRATED,
    ONE,
    Add,
    Apply,
    Big,
    Cases,
    Const,
    Div,
    Formula,
    Integral,
    N,
    Pow,
    Relation,
    Sym,
    add,
    equation,
    fresh,
    mul,
    neg,
    num,
    power,
    replace,
    size,
    terms,
    value,
)
from ...oracle.oracle import Oracle, sampled
from ...problem.cells import cells_of
from ...problem.problem import Problem
from ...problem.sample_rows import Rows
from ...recorder import record
from ...rule_names import RuleName
from ...sample.sample import End
from ...sets.domain import Domain
from ...trace import Display, Evidence, Words, say
from .observed import span

TRUNCATED = "h"  # the letter of a density cut to a window
POINTS = 3  # parameter values at which a contribution is compared with the density's own integrals
Blocks = tuple[Words | Display, ...]


def in_rows(p: Problem, rows: Rows, al: Algebra, points: tuple[Env, ...]) -> tuple[Problem, Blocks]:
    """The question about the rows of the sample, and why a row contributes what it does.

    Raises NotSupported where a probability is not found as a formula, NotValid for data outside the window.
    """
    (v,) = p.variables
    support = p.support[v].replaced({Sym(k): f for k, f in p.values.items()})
    d = Distribution(p.density, v, support, changed(al, unknowns=(v,)), points[:POINTS])
    blocks: list[Words | Display] = []
    probabilities: list[Formula] = []
    density, window = p.density, p.sample.truncation if p.sample is not None else None
    if window is not None:
        probabilities.append(window_of(d, window).probability)
        density, support, shown = truncated(d, window, p)
        blocks += shown
    if rows.kind:
        density, shown = _with_column(rows, d, density, p)
        blocks += shown
        if rows.kind in ("right", "left"):
            probabilities.append(_tail(rows, d, p))
    q = p.in_rows(rows, density, support, tuple(f for f in probabilities if isinstance(f, Add)))
    taken = {*q.parameters, *q.known, *q.observed, "n", q.index}
    cells = cells_of(density, q.variables, q.covariates, q.support, taken, q.known) if isinstance(density, Cases) else None
    if cells is not None:
        q = q.replace(cells=cells, statistics=cells.counts(q.observed, q.index))
    return q, tuple(blocks)


# -- truncation -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Window:
    """The probability of the window, as a formula; its ends as they enter sums and integrals."""

    probability: Formula
    support: Domain


def window_of(d: Distribution, window: tuple[End, End]) -> Window:
    """The window [a, b] outside which nothing could have been seen.  Raises NotValid where it leaves nothing out."""
    a, b = window
    discrete = d.support.discrete
    low = None if isinstance(a, float) else Fraction(math.ceil(a) - 1) if discrete else a
    high = None if isinstance(b, float) else Fraction(math.floor(b)) if discrete else b
    if low is not None and d.below_all(low):
        low = None
    if high is not None and d.above_all(high):
        high = None
    if low is None and high is None:
        hint = 'its ends belong to the window: a sample without zeros has truncation=(1, "oo")' if discrete else None
        raise NotValid("the truncation leaves nothing out: the support lies inside the window", hint=hint)
    if low is not None and high is not None:
        f = d.between(low, high)
    else:
        f = d.above(low) if low is not None else d.up_to(high if high is not None else Fraction(0))
    support = d.support
    if low is not None:
        support = changed(support, low=num(low), low_open=True)
    if high is not None:
        support = changed(support, high=num(high), high_open=False)
    if d.support.values is not None:
        support = changed(d.support, values=tuple(d.members(low, high) or ()))
    return Window(f, support)


def truncated(d: Distribution, window: tuple[End, End], p: Problem) -> tuple[Formula, Domain, Blocks]:
    """The density of what could be seen, where it lives, and why."""
    w = window_of(d, window)
    x = Sym(d.variable)
    t = fresh(INTEGRATED, x, d.density)
    g = divided(d.density, w.probability, d.al)
    discrete = d.support.discrete
    inside = replace(d.density, x, t)
    body: Formula = Integral(inside, t, w.support.low, w.support.high)
    if discrete and d.support.values is None:
        first = num(Fraction(int(w.support.whole({})[0])))
        body = Big("sum", t.name, first, w.support.high, inside)
    elif discrete:
        body = add(*(Apply("f", (k,)) for k in w.support.values or ()))
    for env in d.points:
        above = numerically(d, env)
        low, high = w.support.whole({}) if discrete and d.support.values is None else w.support.bounds({})
        wanted = above(low - 1 if discrete else low) - (above(high) if high < math.inf else 0.0)
        if abs(wanted - compiled(w.probability)(env)) > 1e-6:
            raise NotValid("the probability of the truncation window could not be confirmed")
    evidence = sampled("equal to the numerical integral of the density", len(d.points))
    what = "probability" if discrete else "density"
    shown = span(window)
    label = Apply(TRUNCATED, (x, *p.letters))
    blocks: Blocks = (
        say(
            "Nothing outside {} could have been seen, so each observation has the {} of {} given that {} lies there: the {} of the model "
            "divided by the probability of the window,", shown, what, Sym(d.variable), Sym(d.variable), what,
        ),
        Display((record(equation(body, w.probability), evidence, rule=RuleName.THE_WINDOW),)),
        say("so that its total over the window is 1:"),
        Display((record(equation(label, g), _judged(d, {}, label, g, Div(d.density, w.probability)), rule=RuleName.DIVIDE),)),
    )  # fmt: skip
    return g, w.support, blocks


def divided(f: Formula, by: Formula, al: Algebra) -> Formula:
    """f divided by a probability: one term where that is one, else a fraction."""
    t = al.split(by) if not isinstance(by, Add) else Term(Fraction(1), {by: ONE})
    return _exponents(al.divided(al.split(f), t), al)


# -- columns --------------------------------------------------------------------------------------


def _with_column(rows: Rows, d: Distribution, density: Formula, p: Problem) -> tuple[Formula, Blocks]:
    x, c = Sym(d.variable), Sym(rows.column)
    name = TRUNCATED if p.sample is not None and p.sample.truncation is not None else "f"
    f = Apply(name, (x,))
    what = "probability" if d.support.discrete else "density"
    if rows.kind in ("weights", "counts"):
        g = raised(density, c, d.al)
        words = (
            say("Observation {} counts with the weight {}: its {} is raised to that power, so that its term in the log-likelihood is "
                "multiplied by {}. What is maximised is the weighted likelihood. One observation contributes", Sym(p.index), c, what, c)
            if rows.kind == "weights"
            else say("The {} different values that were seen are numbered; {} says how often a value was seen, so many times it contributes "
                     "its {}:", equation(N, num(rows.sample(p.sample).size)) if p.sample is not None else N, c, what)
        )  # fmt: skip
        shown = Relation((Pow(f, c), g), ("=",))
        return g, (
            words,
            Display((record(shown, _judged(d, rows.domains, Pow(f, c), g, Pow(density, c), {name: density}), rule=RuleName.POWER),)),
        )
    return _censored(rows, d, density, name, p)


def _censored(rows: Rows, d: Distribution, density: Formula, name: str, p: Problem) -> tuple[Formula, Blocks]:
    """f(x)^delta S(x)^(1 - delta), or with F(x) for observations below their limit."""
    x, c = Sym(d.variable), Sym(rows.column)
    t = fresh(INTEGRATED, x, c, d.density)
    lattice, right = d.support.discrete, rows.kind == "right"
    tail = _tail(rows, d, p)
    letter = "S" if right else "F"
    if isinstance(density, Cases) and isinstance(tail, Cases):
        tails = {where: s for s, where in tail.rows}
        g: Formula = Cases(tuple((d.al.build(_product(f, tails[where], c, d.al)), where) for f, where in density.rows if where in tails))
    else:
        g = d.al.build(_product(density, tail, c, d.al))
    low, high = (x, d.support.high) if right else (d.support.low, x)
    body: Formula = Integral(replace(d.density, x, t), t, low, high)
    if lattice:
        low = add(x, ONE) if right else d.support.low
        body = Big("sum", t.name, low, Const("oo") if right else add(x, neg(ONE)), replace(d.density, x, t))
    evidence = sampled("equal to the numerical integral of the density", 2 * len(d.points))
    tail_line = record(Relation((Apply(letter, (x,)), body, tail), ("=", "=")), evidence, rule=RuleName.INTEGRATE)
    if name == TRUNCATED:
        tail_line = record(equation(Apply(letter, (x,)), tail), evidence, rule=RuleName.INTEGRATE)
    powers = mul(Pow(Apply(name, (x,)), c), Pow(Apply(letter, (x,)), add(ONE, neg(c))))
    judged = _judged(d, rows.domains, powers, g, mul(Pow(density, c), Pow(tail, add(ONE, neg(c)))), {name: density, letter: tail})
    verb = "exceed" if right else "lie below"
    words = say(
        "Let {} be 1 where an observation is known exactly, and 0 where it is only known to {} {}. In the first case it contributes the {}, in the "
        "second the probability of {} {}:",
        c, verb, x, "probability" if lattice else "density", "exceeding" if right else "lying below", x,
    )  # fmt: skip
    return g, (
        words,
        Display((tail_line,)),
        say("Both cases in one formula:"),
        Display((record(equation(powers, g), judged, rule=RuleName.POWER),)),
    )


def _tail(rows: Rows, d: Distribution, p: Problem) -> Formula:
    """The probability of exceeding the variable, or of lying below it, within the window."""
    s, x = d.survival, Sym(d.variable)
    if s is None:
        raise NotValid("the probability of exceeding a value is not a short formula for this distribution", hint="give fewer observations")
    tail = s
    if rows.kind == "left":
        s = d.al.tidy(replace(s, x, add(x, neg(ONE)))) if d.support.discrete else s
        tail = complement(s, d.al)
    if p.sample is not None and p.sample.truncation is not None:
        tail = divided(tail, window_of(d, p.sample.truncation).probability, d.al)
    return tail


def raised(f: Formula, k: Formula, al: Algebra) -> Formula:
    """f to the power of a column."""
    if isinstance(f, Cases):
        return Cases(tuple((raised(g, k, al), c) for g, c in f.rows if value(g) != 0))
    t = al.split(f)
    return al.build(Term(Fraction(1), {b: add(*(al.tidy(mul(e, k)) for e in terms(es))) for b, es in _all_powers(t, al).items()}))


def _product(f: Formula, s: Formula, c: Formula, al: Algebra) -> Term:
    """f^c s^(1 - c), exponents of equal bases added and multiplied out."""
    a = _all_powers(al.split(f), al)
    b = _all_powers(al.split(s) if not isinstance(s, Add) else Term(Fraction(1), {s: ONE}), al)
    powers: dict[Formula, list[Formula]] = {}
    for base, e in a.items():
        powers.setdefault(base, []).append(mul(e, c))
    for base, e in b.items():
        powers.setdefault(base, []).append(mul(e, add(ONE, neg(c))))
    return Term(Fraction(1), {base: k for base, es in powers.items() if (k := _shown(base, _shorter(add(*es), al), al)) != num(0)})


def _shorter(f: Formula, al: Algebra) -> Formula:
    """An exponent multiplied out, where that makes it shorter: squares of brackets stay."""
    return min(al.expand(f), al.tidy(f), key=size)


def _all_powers(t: Term, al: Algebra) -> dict[Formula, Formula]:
    """Bases with exponents, the coefficient among them; a minus goes into a base that is negative itself."""
    powers, size = dict(t.powers), abs(t.coefficient)
    if t.coefficient < 0:
        odd = [b for b, k in powers.items() if al.facts.negative(b) and (q := value(k)) is not None and q.denominator == 1 and q % 2]
        if not odd:
            raise NotSupported("the sign of this density is not seen from its form", hint="write it without a minus before it")
        powers = {(neg(b) if b == odd[0] else b): k for b, k in powers.items()}
    numbers: dict[Formula, Formula] = {}
    if size.numerator != 1:
        numbers[num(size.numerator)] = ONE
    if size.denominator != 1:
        numbers[num(size.denominator)] = neg(ONE)
    return {**numbers, **powers}


def _exponents(t: Term, al: Algebra) -> Formula:
    """A term with the brackets in its exponents opened where that shortens them."""
    powers = {b: _bracketed(al.expand(k), al) if isinstance(k, Add) else al.tidy(k) for b, k in t.powers.items()}
    return al.build(Term(t.coefficient, {b: k for b, k in powers.items() if k != num(0)}))


def _shown(base: Formula, k: Formula, al: Algebra) -> Formula:
    """An exponent as a person writes it: of e with common letters before a bracket, else positive terms first."""
    if base == E:
        return _bracketed(k, al)
    return al.assemble(sorted(map(al.split, k.terms), key=lambda t: t.coefficient < 0)) if isinstance(k, Add) else k


def _bracketed(k: Formula, al: Algebra) -> Formula:
    """A sum with the letters that its terms share before the bracket: -lambda x + lambda as -lambda (x - 1)."""
    ts = [al.split(t) for t in k.terms] if isinstance(k, Add) else []
    if not ts:
        return k
    shared = Term(Fraction(1 if ts[0].coefficient > 0 else -1), al.common_factor(ts).powers)
    if not shared.powers:
        return k
    return al.build(al.times((shared, Term(Fraction(1), {al.assemble(al.divided(t, shared) for t in ts): ONE}))))


def _judged(
    d: Distribution, columns: dict[str, Domain], label: Formula, g: Formula, wanted: Formula, functions: dict[str, Formula] | None = None
) -> Evidence:
    """label = g, where label stands for `wanted` (or is made of named functions), at random points."""
    rng, points = random.Random(5), []
    for env in d.points:
        at: Env = dict(env)
        for name, domain in columns.items():
            at[name] = domain.points(rng, at, 1)[0]
        at[d.variable] = d.support.points(rng, env, 1)[0]
        for name, f in (functions or {}).items():
            at[name] = _function(f, d.variable, at)
        if isinstance(label, Apply):
            at[label.name] = lambda *a, at=at: compiled(wanted)(at)
        points.append(at)
    oracle = Oracle(tuple(points))
    oracle.equal(wanted, g)
    return oracle.equal(label, g)


def _function(f: Formula, variable: str, env: Env) -> object:
    g = compiled(f)
    return lambda x: g({**env, variable: x})


__all__ = ["divided", "in_rows", "power", "truncated", "window_of"]
