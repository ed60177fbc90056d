"""The score: the derivative of the log-likelihood in each parameter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...algebra.terms import Algebra, Term
from ...errors import NotSupported
from ...formula.careful import with_logarithms
from ...formula.names import reported
from ...formula.tree import ONE, ZERO, Add, Big, Cases, Derivative, Formula, Mul, Sym, add, log, mul, names, num, terms, transform, walk
from ...recorder import Part, chain
from ...rule_names import RuleName
from ...rules.brackets import common_number
from ...rules.calculus import NoDerivative, differentiate
from ...rules.sums import sum_out
from ...trace import Block, Section, SectionKey, Words, in_full, say
from ..boundary.limits import sign_of_score
from ..prose import listed
from ..setting import Setting, State


def derivative(f: Formula, u: Sym, state: Setting) -> tuple[Formula, Formula]:
    """The derivative of f in u: with the chain rule visible, and tidy."""
    return state.once("derivative", (f, u), lambda: _derivative(f, u, state))


def _derivative(f: Formula, u: Sym, state: Setting) -> tuple[Formula, Formula]:
    try:
        raw = differentiate(f, u, state.al)
    except NoDerivative as e:
        raise (_by_cases(f, state) if str(e) == "Cases" else NotSupported(f"the derivative of {e} is not known here")) from None
    return raw, tidied(raw, state)


def _by_cases(f: Formula, state: Setting) -> NotSupported:
    """Why a density by cases has no score here."""
    decided = {k for g in walk(f) if isinstance(g, Cases) for _, c in g.rows if c is not None for k in names(c)}
    on = [reported(k) for k in state.parameters if k in decided]
    if not on:
        return NotSupported(
            "the cases of this density were not told apart",
            hint="write intervals that do not overlap, with numbers or known letters for ends",
        )
    others = len(state.parameters) > 1
    return NotSupported(
        f"which case of the density holds for an observation depends on {', '.join(on)}, so the likelihood has kinks or jumps in it; "
        + ("together with other unknown parameters this is not supported" if others else "for a sample without data this is not supported"),
        hint="give values to the other parameters, and the data" if others else "give the data",
    )


def tidied(f: Formula, state: Setting) -> Formula:
    """Every term tidy, numbers taken out of sums and brackets."""
    al = state.al
    out: list[Formula] = []
    for t in terms(f):
        g = al.tidy(t)
        g = common_number(g, al) or g if isinstance(t, Add) or not isinstance(g, Add) else g
        out += terms(taken_in(al.tidy(_numbers_out(g, state)), al))
    return al.assemble(al.split(t) for t in out) if len(out) > 1 else add(*out)


def taken_in(f: Formula, al: Algebra) -> Formula:
    """A term with a factor taken into a bracket in which it stands below: xi (1/xi + 1) as 1 + xi."""
    t = al.split(f)
    for b, k in t.powers.items():
        if not isinstance(b, Add) or k != ONE:
            continue
        for u, e in t.powers.items():
            if isinstance(u, Sym) and e == ONE and any(al.split(s).powers.get(u) == num(-1) for s in b.terms):
                inner = al.expand(mul(u, b))
                rest = {c: q for c, q in t.powers.items() if c not in (b, u)}
                return taken_in(al.build(Term(t.coefficient, {**rest, inner: ONE})), al)
    return f


def _numbers_out(f: Formula, state: Setting) -> Formula:
    """Factors that do not depend on the index taken out of a sum of single terms; a sum of brackets is kept whole."""
    return transform(f, lambda g: sum_out(g, state.al) if isinstance(g, Big) and g.kind == "sum" and not isinstance(g.body, Add) else None)


def score(state: State) -> State:
    """Section "Score"; none where every parameter is found from the support and the sign of its derivative."""
    p = state.problem
    assert state.ell is not None
    ell = state.ell
    label = p.of("ell")
    blocks: list[Block] = []
    several = len(state.parameters) > 1
    oracle = state.judge if state.numbers else state.general
    blocks.append(
        in_full(
            say("At a maximum inside the domain the derivative of {} is zero.", label)
            if not several
            else say(
                "At a maximum inside the domain every partial derivative of {} is zero. Hold the other parameters fixed in each.", label
            )
        )
    )
    if p.kinked:
        blocks = [say("An absolute value is not differentiable at 0; elsewhere the derivative of {} is as follows.", label)]
    whole: list[Formula] = [Sym(k) for k in state.parameters if p.parameters[k].discrete]
    if p.moving or p.restrictions:
        blocks = [
            say(f"Inside that region the {'partial derivatives are' if len(state.parameters) > 1 else 'derivative is'}")
            + (
                listed(" Here ", whole) + say(" is taken as a real number." if len(whole) == 1 else " are taken as real numbers.")
                if whole
                else say("")
            )
        ]
    raw_scores, scores = dict(state.raw_scores), dict(state.scores)
    for name in state.parameters:
        u = Sym(name)
        raw, tidy = derivative(ell, u, state)
        raw_scores[name], scores[name] = raw, tidy
        parts: list[Part] = [(raw, None, RuleName.DIFFERENTIATE)]
        if not state.numbers:
            parts.append((tidy, say("simplify"), RuleName.COMMON_FACTOR))
        blocks.append(chain(oracle, Derivative(label, ((u, 1),)), parts))
    blocks += _limits([*scores.values()], state.al)
    if len(p.moving) < len(p.parameters) or any(f != ZERO and not sign_of_score(state, f) for f in scores.values()):
        state = state.adding(Section(SectionKey.SCORE, say("Score"), tuple(blocks)))
    return replace(state, scores=scores, raw_scores=raw_scores)


def _limits(scores: Sequence[Formula], al: Algebra) -> list[Words]:
    """What u^k log u means where an observation makes u 0."""
    found = {
        f.base: mul(f, log(f.base))
        for g in scores
        for h in walk(g)
        if isinstance(h, Mul)
        for f, _ in (with_logarithms(h.factors) or ((), ()))[0]
    }
    vanishing = [(u, f) for u, f in found.items() if not al.facts.range(u).positive]
    return [say("Where {} is 0, {} stands for its limit, 0.", u, f) for u, f in vanishing]
