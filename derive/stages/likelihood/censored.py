"""Section "Likelihood" for partly known observations: what each contributes, and why."""

from __future__ import annotations

import math
from dataclasses import replace as changed
from fractions import Fraction

from ...density.integration.probabilities import Distribution, complement, numerically
from ...formula.evaluate import Env, compiled
from ...formula.latex import latex
from ...formula.tree import (
    INTEGRATED,
    ONE,
    ZERO,
    Add,
    Apply,
    At,
    Big,
    Cases,
    Const,
    Formula,
    Integral,
    Mul,
    Relation,
    Span,
    Sym,
    add,
    fresh,
    mul,
    neg,
    num,
    power,
    rational,
    replace,
    transform,
    value,
)
from ...oracle.exact import Function, with_sources
from ...oracle.oracle import Oracle, sampled
from ...problem.contributions import Contribution, Factors, gathered, with_positive
from ...recorder import Part, definition, held, record, sized_chain
from ...rule_names import RuleName
from ...sets.domain import INFINITY, MINUS_INFINITY
from ...trace import Block, Display, Line, Section, SectionKey, Words, say
from ..setting import State

WRITTEN_OUT = 8  # different contributions that are written one by one
NAMED = 4  # contributions that are named one by one in a sentence
WIDEST = 220  # characters of LaTeX that their product may take


def censored_likelihood(state: State, f: Factors) -> State:
    """Section "Likelihood" for censored observations: why each contributes what, the product, the numbers gathered."""
    p, al = state.problem, state.al
    blocks: list[Block] = [_why(f)]
    oracle = Oracle(tuple(_with_functions(f.distribution, w) for w in state.judge.points))
    blocks += _tails(f, oracle)
    blocks.append(say("The observations are independent, so their contributions multiply:"))
    parts: list[Part] = []
    few = len(f.parts) <= WRITTEN_OUT
    named = _product_of_names(f, oracle)
    if named is not None:
        parts.append((named[0], None, None))
        oracle = named[1]
    if few:
        written = mul(*(power(g if isinstance(g, (Mul, Add)) else Mul((g,)), num(k.times)) for k, g in f.parts))
        if len(latex(written, p.notation)) <= WIDEST:
            parts.append((written, say("substitute the data"), RuleName.PUT_IN_THE_DATA))
    product = gathered(f, al)
    how = (
        "collect powers of the same base"
        if parts and parts[-1][1] is not None
        else "substitute these functions and collect powers of the same base"
    )
    parts.append((product, say(how) if parts else None, RuleName.GATHER_A_PRODUCT))
    blocks.append(
        sized_chain(
            oracle, p.of("L"), lambda w: float(w["ell"](*(w[k] for k in p.parameters))), parts, lambda g: _spelled(g, f.distribution)
        )
    )
    al = changed(al, facts=with_positive(al.facts, [g for _, g in f.parts], al))
    state = changed(state, gathered=product, al=al, numbers=True)
    return state.adding(Section(SectionKey.LIKELIHOOD, say("Likelihood"), tuple(blocks)))


LONG = {"exact": ("f", "i"), "right": ("S", "j"), "left": ("F", "k")}


def _product_of_names(f: Factors, oracle: Oracle) -> tuple[Formula, Oracle] | None:
    """f(2) f(4) S(5): the contributions by their names, many of one kind under a product sign; with the columns that
    such a product runs over at the test points.  None where there are many intervals."""
    if len(f.parts) <= WRITTEN_OUT:
        return mul(*(power(_named(c, f), num(c.times)) for c, _ in f.parts)), oracle
    out: list[Formula] = []
    columns: Env = {}
    for kind in ("exact", "right", "left", "interval"):
        seen = [c for c, _ in f.parts if c.kind == kind]
        if len(seen) <= NAMED:
            out += [power(_named(c, f), num(c.times)) for c in seen]
            continue
        if kind == "interval" or (kind == "left" and (f.letter == "S" or f.distribution.support.discrete)):
            return None
        letter, index = LONG[kind]
        base = f.distribution.variable if kind == "exact" else LIMITS[kind]
        columns[base] = [float(c.a) for c in seen for _ in range(c.times)]
        out.append(Big("prod", index, ONE, num(len(columns[base])), Apply(letter, (At(base, (Sym(index),)),))))
    return mul(*out), Oracle(tuple({**w, **columns} for w in oracle.points))


LIMITS = {"right": "c", "left": "b"}


def _why(f: Factors) -> Words:
    """Which observation contributes what, and why."""
    words = say("")
    for kind in ("exact", "right", "left", "interval"):
        seen = [c for c, _ in f.parts if c.kind == kind]
        if seen:
            words += (say(" ") if words.parts else say("")) + _why_of(kind, seen, f)
    return words


def _why_of(kind: str, seen: list[Contribution], f: Factors) -> Words:
    """One kind of observation: what was seen of it, and the probability or density of that."""
    times = sum(c.times for c in seen)
    short = len(seen) <= NAMED
    named = _listed([_named(c, f) for c in seen]) if short else say("{}", GENERAL[kind, f.letter])
    what = "probability" if f.distribution.support.discrete else "density"
    if not short and kind in LONG and (kind != "left" or f.letter == "F"):
        base = f.distribution.variable if kind == "exact" else LIMITS[kind]
        named = say("{}", Apply(LONG[kind][0], (At(base, (Sym(LONG[kind][1]),)),)))
    if kind == "exact":
        known = _listed([num(c.a) for c in seen]) if short else say("{} observations", num(times))
        if short and len(seen) == 1:
            return say("The exact value ") + known + say(" contributes its {}, ", what) + named + say(".")
        if short:
            return (
                say("The exact values ")
                + known
                + say(" contribute their {}, ", "probabilities" if what == "probability" else "densities")
                + named
                + say(".")
            )
        return known + say(" are known exactly and contribute the {} there, ", what) + named + say(".")
    if kind == "interval":
        lead = say("One observation is only known to lie in {}", _span(seen[0])) if times == 1 else (
            say("{} observations are only known to lie each in its interval {}", num(times), GENERAL_SPAN)
            if len(seen) > 1 else say("{} observations are only known to lie in {}", num(times), _span(seen[0]))
        )  # fmt: skip
        named = named if len(seen) == 1 else say("{}", GENERAL[kind, f.letter])
        return lead + say("; {} contributes the probability of that interval, ", "it" if times == 1 else "each") + named + say(".")
    right = kind == "right"
    verb, doing, name = ("exceed", "exceeding", "survival") if right else ("lie below", "lying below", "distribution")
    limits = _listed([num(c.a) for c in seen]) if short else say("limits")
    subject = say("One observation is") if times == 1 else say("{} observations are", num(times))
    each = say("It contributes the probability of ") if times == 1 else say("Each contributes the probability of ")
    each += say(f"{doing} {{}}, ", say("{}", num(seen[0].a)) if len(seen) == 1 else say("its limit"))
    function = f"given by the {name} function, " if right == (f.letter == "S") else ""
    return subject + say(f" only known to {verb} ") + limits + say(". ") + each + say(function) + named + say(".")


def _span(c: Contribution) -> Formula:
    return Span(num(c.a), num(c.b if c.b is not None else c.a), True, False)


def _tails(f: Factors, oracle: Oracle) -> list[Block]:
    """The survival or distribution function: by its integral, or value by value as sums of probabilities."""
    d = f.distribution
    x = Sym(d.variable)
    t = fresh(INTEGRATED, x, d.density)
    if all(c.kind == "exact" for c, _ in f.parts):
        return []
    evidence = sampled("equal to the numerical integral of the density", 2 * len(d.points))
    if d.survival is None:
        return _sums(f, oracle)
    inside, s = replace(d.density, x, t), d.survival
    if d.support.discrete:
        shown = Relation((Apply("S", (x,)), Big("sum", t.name, add(x, ONE), Const("oo"), inside), s), ("=", "="))
        lead = say("The survival function {} is the sum of the probabilities above {}, a geometric series:", Apply("S", (x,)), x)
        evidence = sampled("equal to the numerical sum of the probabilities", 2 * len(d.points))
        lines = [record(shown, evidence, rule=RuleName.SUM)]
        if f.letter == "F":
            r = Relation((Apply("F", (x,)), add(ONE, neg(Apply("S", (x,))))), ("=",))
            lines.append(definition(r, "the distribution function"))
        return [lead, Display(tuple(lines))]
    if f.letter == "S":
        shown = Relation((Apply("S", (x,)), Integral(inside, t, x, d.support.high), s), ("=", "="))
        return [
            say("The survival function is"),
            Display((record(shown, evidence, rule=RuleName.INTEGRATE),)),
        ]
    cumulative = complement(s, d.al)
    shown = Relation((Apply("F", (x,)), Integral(inside, t, d.support.low, x), cumulative), ("=", "="))
    return [
        say("The distribution function is"),
        Display((record(shown, evidence, rule=RuleName.INTEGRATE),)),
    ]


def _sums(f: Factors, oracle: Oracle) -> list[Block]:
    """The probabilities of a lattice that are not single ones, each as a sum."""
    lines: list[Line] = []
    for c, g in f.parts:
        if c.kind == "exact":
            continue
        label, short = _named(c, f), _as_sum(c, f)
        sides = (label, g) if short is None else (label, short, g)
        shown = Relation(sides, ("=",) * (len(sides) - 1))
        lines.append(held(oracle, shown, rule=RuleName.SUM))
    meaning = say("{} is the probability of more than {}", Apply("S", (Sym("c"),)), Sym("c"))
    if f.letter == "F":
        meaning = say("{} is the probability of at most {}", Apply("F", (Sym("c"),)), Sym("c"))
    lead = meaning + say(", a sum of single probabilities (or 1 minus the sum of the others, where that is shorter):")
    return [lead, Display(tuple(lines))]


def _as_sum(c: Contribution, f: Factors) -> Formula | None:
    """The same as a sum of f at single values, or 1 minus such a sum, where it is short."""
    d = f.distribution
    if c.kind == "right":
        inside, rest = d.members(c.a, None), d.members(None, c.a)
    elif c.kind == "left":
        inside, rest = d.members(None, Fraction(math.ceil(c.a) - 1)), d.members(Fraction(math.ceil(c.a) - 1), None)
    else:
        inside, rest = d.members(c.a, c.b), None
    if inside is not None and len(inside) <= WRITTEN_OUT:
        return add(*(Apply("f", (v,)) for v in inside))
    if rest is not None and len(rest) <= WRITTEN_OUT:
        return add(ONE, *(neg(Apply("f", (v,))) for v in rest))
    return None


GENERAL_SPAN = Span(Sym("a"), Sym("b"), True, False)
GENERAL = {
    ("exact", "S"): Apply("f", (Sym("x"),)), ("exact", "F"): Apply("f", (Sym("x"),)), ("right", "S"): Apply("S", (Sym("c"),)),
    ("right", "F"): add(ONE, neg(Apply("F", (Sym("c"),)))),
    ("left", "S"): add(ONE, neg(Apply("S", (Sym("c"),)))), ("left", "F"): Apply("F", (Sym("c"),)),
    ("interval", "S"): add(Apply("S", (Sym("a"),)), neg(Apply("S", (Sym("b"),)))),
    ("interval", "F"): add(Apply("F", (Sym("b"),)), neg(Apply("F", (Sym("a"),)))),
}  # fmt: skip


def _named(c: Contribution, f: Factors) -> Formula:
    """A contribution by its name: f(2), S(5), F(4) - F(2).  Of a lattice the value below a is the one before it."""
    a = num(c.a)
    lattice = f.distribution.support.discrete
    match c.kind:
        case "exact":
            return Apply("f", (a,))
        case "right":
            return Apply("S", (a,)) if f.letter == "S" else add(ONE, neg(Apply("F", (a,))))
        case "left":
            a = num(math.ceil(c.a) - 1) if lattice else a
            return Apply("F", (a,)) if f.letter == "F" else add(ONE, neg(Apply("S", (a,))))
    b = num(c.b if c.b is not None else c.a)
    if f.letter == "S":
        return add(Apply("S", (a,)), neg(Apply("S", (b,))))
    return Apply("F", (b,)) if f.distribution.below_all(c.a) else add(Apply("F", (b,)), neg(Apply("F", (a,))))


def _with_functions(d: Distribution, w: Env) -> Env:
    """A test point with f, S and F of a value, from the density (S by its formula, which was compared with the integral)."""
    density = compiled(d.density)
    s = compiled(d.survival) if d.survival is not None and not d.support.discrete else None
    by_sum = numerically(d, w)

    def above(a: float) -> float:
        low, high = d.support.bounds(w)
        return 1.0 if a <= low and s is not None else 0.0 if a >= high else s({**w, d.variable: a}) if s is not None else by_sum(a)

    found = {"f": lambda a: density({**w, d.variable: a}), "S": above, "F": lambda a: 1 - above(a)}
    x, exact = Sym(d.variable), {"f": d.density}
    if s is not None and d.survival is not None:
        inside = (d.support.low, x, d.support.high)
        outside = [
            (v, Relation(inside[j : j + 2], (">=",))) for j, v in ((0, ONE), (1, ZERO)) if inside[2 * j] not in (INFINITY, MINUS_INFINITY)
        ]
        exact["S"] = Cases((*outside, (d.survival, None)))
        exact["F"] = add(ONE, neg(exact["S"]))
    return with_sources({**w, **found}, {k: Function(f, (d.variable,), w) for k, f in exact.items()})


def _spelled(g: Formula, d: Distribution) -> Formula:
    """f(2) S(5) with the density and the survival function at these values as formulas, where the latter is one."""

    def one(h: Formula) -> Formula | None:
        a = value(h.args[0]) if isinstance(h, Apply) and len(h.args) == 1 else None
        if a is None or not isinstance(h, Apply) or (h.name != "f" and (d.survival is None or d.support.discrete)):
            return None
        return {"f": lambda: d.at(rational(a)), "S": lambda: d.above(a), "F": lambda: d.up_to(a)}.get(h.name, lambda: None)()

    return transform(g, one)


def _listed(fs: list[Formula]) -> Words:
    words = say("")
    for j, g in enumerate(fs):
        words += say("" if j == 0 else " and " if j == len(fs) - 1 else ", ") + say("{}", g)
    return words
