"""A likelihood that was given as a whole: its model section, and its factors put together."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from ...algebra.terms import Algebra, Term
from ...formula.tree import ONE, TWO, Add, Formula, Sym, add, equation, factors, neg, rational, value
from ...recorder import Part, definition, sized_chain
from ...rule_names import RuleName
from ...sets.domain import POSITIVE
from ...trace import Block, Display, Section, SectionKey, in_full, say
from ..prose import letters_in_short, listed, ranges, remark
from ..setting import State
from .kernel import at_own_parameters, left_out, parted, with_kernel


def whole_model(state: State) -> State:
    """Section "Model" for a likelihood without a density: the likelihood, the domains, the given numbers."""
    p = state.problem
    line = definition(equation(p.of("L"), p.written), "the likelihood as given")
    about = ranges(p.parameters)
    words = listed("for ", about) if about else say("for every real {}", Sym(next(iter(p.parameters))))
    if p.values:
        words += listed(", with ", [equation(Sym(k), f) for k, f in p.values.items()])
    if p.constraints:
        words += listed(", where ", list(p.constraints))
    if p.known:
        words += listed("; ", letters_in_short(list(p.known))) + say(" known")
    if p.meanings:
        words += listed("; here ", [equation(Sym(k), f) for k, f in p.meanings.items()])
    words += say(".")
    taken: list[Formula] = [Sym(k) for k in p.known if p.known[k] == POSITIVE and (k in p.meanings or k in p.inferred)]
    inferred = [k for k in (*p.parameters, *p.known) if k in p.inferred and Sym(k) not in taken]
    blocks: list[Block] = [say("The likelihood of what was observed is"), Display((line,)), words]
    if inferred:
        blocks.append(in_full(listed("(The range of ", letters_in_short(inferred)) + say(" was inferred from the likelihood.)")))
    if taken:
        blocks.append(listed("Here ", taken) + say(" are taken to be positive." if len(taken) > 1 else " is taken to be positive."))
    blocks += [remark(w, p) for w in p.warnings]
    return state.adding(Section(SectionKey.MODEL, say("Model"), tuple(blocks), numbered=False))


def whole_likelihood(state: State) -> State:
    """Section "Likelihood": the given numbers put in, constants left out, factors with the same base put together."""
    p, original = state.problem, state.general
    state = replace(state, numbers=not p.known)
    constant, kernel = parted(gathered_factors(p.likelihood, state.al), state.parameters, state.al)
    parts: list[Part] = [(p.likelihood, None, RuleName.PUT_IN_THE_DATA)] if p.values else []
    if constant == ONE:
        if kernel != p.likelihood:
            parts.append((kernel, say("collect powers of the same base") if p.values else None, RuleName.GATHER_A_PRODUCT))
        state, shown = with_kernel(state, kernel), list[Block]()
    elif set(factors(kernel)) <= set(factors(p.likelihood)):
        state, shown = left_out(state, constant, kernel)
    else:
        state, shown = left_out(state, None, kernel)
    if parts:
        lead = "With the given numbers:" if p.values else "Factors with the same base belong together:"
        shown = [say(lead), sized_chain(original, p.of("L"), at_own_parameters(state.parameters), parts), *shown]
    return state.adding(Section(SectionKey.LIKELIHOOD, say("Likelihood"), tuple(shown))) if shown else state


def gathered_factors(f: Formula, al: Algebra) -> Formula:
    """A product with equal bases put together and the brackets in its exponents opened."""
    t = al.split(f)
    parts = [Term(t.coefficient)]
    for b, k in t.powers.items():
        opened = al.assemble(al.flat(k, deep=True))
        parts += [Term(Fraction(1), {h: opened}) for g in letters_apart(b, al) for h in squares_apart(g, al)]
    return al.build(al.times(parts))


def letters_apart(b: Formula, al: Algebra) -> tuple[Formula, ...]:
    """p^2 + 2 p r as p (p + 2 r), where the letters that the terms share are positive; any other base as it is."""
    ts = [al.split(t) for t in b.terms] if isinstance(b, Add) else []
    shared = al.common_factor(ts).powers if len(ts) > 1 else {}
    whole = {u: int(q) for u, k in shared.items() if isinstance(u, Sym) and (q := value(k)) is not None and q.denominator == 1 and q > 0}
    if not whole or len(whole) < len(shared) or not all(al.facts.positive(u) for u in whole):
        return (b,)
    by = Term(Fraction(1), {u: rational(k) for u, k in whole.items()})
    return (*(u for u, k in whole.items() for _ in range(k)), al.assemble(al.divided(t, by) for t in ts))


def squares_apart(b: Formula, al: Algebra) -> tuple[Formula, ...]:
    """1 - t^2 as (1 - t)(1 + t), where neither factor is negative; any other base as it is."""
    ts = [al.split(t) for t in b.terms] if isinstance(b, Add) and len(b.terms) == 2 else []
    if len(ts) != 2 or ts[0].powers or ts[0].coefficient <= 0 or ts[1].coefficient >= 0 or list(ts[1].powers.values()) != [TWO]:
        return (b,)
    (u,) = ts[1].powers
    roots = [al.root(c, rational(Fraction(1, 2)), Fraction(1, 2)) for c in (ts[0].coefficient, -ts[1].coefficient)]
    if any(r.powers for r in roots):
        return (b,)
    one, other = al.build(roots[0]), al.build(al.times((roots[1], Term(Fraction(1), {u: ONE}))))
    found = al.assemble(al.flat(add(one, neg(other)), deep=True)), al.assemble(al.flat(add(one, other), deep=True))
    return found if all(al.facts.range(g).nonnegative for g in found) else (b,)


__all__ = ["gathered_factors", "whole_likelihood", "whole_model"]
