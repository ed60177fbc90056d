"""A likelihood that was given as a whole: its model section, and its factors put together."""

from __future__ import annotations

from ..algebra import Algebra, Term
from ..formula.tree import ONE, Formula, Sym, equation, factors
from ..recorder import Part, sized_chain
from ..trace import Block, Display, Evidence, Line, Section, say
from .kernel import at_own_parameters, leave_out, parted, use_kernel
from .words import letters_in_short, listed, ranges
from .work import Work


def whole_model(work: Work) -> None:
    """Section "Model" for a likelihood without a density: the likelihood, the domains, the given numbers."""
    p = work.problem
    line = Line(equation(p.of("L"), p.written), None, Evidence("defined", "the likelihood as given"))
    about = ranges(p.parameters)
    words = listed("for ", about) if about else say("for every real {}", Sym(next(iter(p.parameters))))
    if p.values:
        words += listed(", with ", [equation(Sym(k), f) for k, f in p.values.items()])
    if p.known:
        words += listed("; ", letters_in_short(list(p.known))) + say(" known")
    words += say(".")
    inferred = [k for k in (*p.parameters, *p.known) if k in p.inferred]
    if inferred:
        words += listed(" (The range of ", letters_in_short(inferred)) + say(" was inferred from the likelihood.)")
    blocks: list[Block] = [say("The likelihood of what was observed is"), Display((line,)), words]
    blocks += [say("{}", w) for w in p.warnings]
    work.sections.append(Section(say("Model"), tuple(blocks), numbered=False))


def whole_likelihood(work: Work) -> None:
    """Section "Likelihood": the given numbers put in, constants left out, factors with the same base put together."""
    p, original = work.problem, work.general
    work.numbers = not p.known
    constant, kernel = parted(gathered_factors(p.likelihood, work.al), work.parameters, work.al)
    parts: list[Part] = [(p.likelihood, None, "put in the data")] if p.values else []
    if constant == ONE:
        if kernel != p.likelihood:
            parts.append((kernel, say("put together the factors with the same base") if p.values else None, "gather a product"))
        use_kernel(work, kernel)
        shown: list[Block] = []
    elif set(factors(kernel)) <= set(factors(p.likelihood)):
        shown = leave_out(work, constant, kernel)
    else:
        shown = leave_out(work, None, kernel)
    if parts:
        lead = "With the given numbers:" if p.values else "Factors with the same base belong together:"
        shown = [say(lead), sized_chain(original, p.of("L"), at_own_parameters(work.parameters), parts), *shown]
    if shown:
        work.sections.append(Section(say("Likelihood"), tuple(shown)))


def gathered_factors(f: Formula, al: Algebra) -> Formula:
    """A product with equal bases put together and the brackets in its exponents opened."""
    t = al.split(f)
    return al.build(Term(t.coefficient, {b: al.assemble(al.flat(k, deep=True)) for b, k in t.powers.items()}))


__all__ = ["gathered_factors", "whole_likelihood", "whole_model"]
