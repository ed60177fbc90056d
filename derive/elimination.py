"""The score equations solved one after another: first the one that a person can solve alone, then the next
with what was found put in.  Each unknown is found from its own equation, so every substitution makes a profile
log-likelihood."""

from __future__ import annotations

import math
from dataclasses import replace as changed

from .algebra import Algebra
from .derivation import Condition
from .errors import NotSupported
from .formula.evaluate import compiled
from .formula.tree import (
    ZERO,
    At,
    Big,
    Derivative,
    Formula,
    Mul,
    N,
    Relation,
    Sym,
    add,
    equation,
    has,
    mul,
    names,
    replace,
    terms,
    transform,
    value,
    walk,
)
from .oracle import Oracle
from .recorder import Equations
from .rules.brackets import arithmetic
from .rules.sums import fold_means, split_sums
from .score import tidied
from .solving import Solved, solve
from .trace import Display, Evidence, Section, Words, say
from .work import Work, generic_facts


def hat(name: str) -> Sym:
    """The estimate of a parameter as a letter: theta_hat, beta_hat_1."""
    base, _, rest = name.partition("_")
    return Sym(base + "_hat" + ("_" + rest if rest else ""))


def eliminate(work: Work) -> None:
    """Section(s) "Solve": fills answers, how, order.  Raises NotSupported where no strategy reaches a root."""
    blocks: list[Words | Display] = []
    open_names = list(work.parameters)
    scores = dict(work.scores)
    while open_names:
        name, solved, al = _next(open_names, scores, work)
        u = Sym(name)
        eq = equation(scores[name], ZERO)
        oracle = work.judge if work.numbers else work.general
        oracle = oracle.at(work.answers) if work.answers else oracle
        root, rejected = admissible(name, solved, oracle, work)
        table = Equations(oracle)
        table.start(eq, Evidence("defined", "the score equation"))
        final = _named(root, al)
        for m in solved.moves:
            table.move(m, {name: root})
        _finish(table, u, solved, root, rejected, final, oracle, work)
        blocks += _lead(name, work, bool(blocks))
        blocks.append(table.display)
        _conditions(solved, eq, al, oracle, work)
        others = names(final) & set(open_names) - {name}
        work.answers[name] = final
        work.how[name] = "given others" if others else "closed"
        work.order.append(name)
        work.profile[name] = scores[name]
        open_names.remove(name)
        for other in open_names:
            before = scores[other]
            if has(before, u):
                scores[other], shown = _put_in(other, before, u, final, work)
                blocks += shown
    _back_substitute(work, blocks)
    one = len(work.parameters) == 1
    title = say("Solve {}", equation(Derivative(work.problem.of("ell"), ((Sym(work.parameters[0]), 1),)), ZERO)) if one else say("Solve the score equations")
    work.sections.append(Section(title, tuple(blocks)))


def _lead(name: str, work: Work, again: bool) -> list[Words | Display]:
    if len(work.parameters) == 1:
        return []
    if again:
        return [say("Now the equation for {}:", Sym(name))]
    free = [p for p in work.parameters if p != name and has(work.scores[name], Sym(p))]
    return [say("First the equation for {}, which can be solved by itself:", Sym(name)) if not free else say("Begin with the equation for {}:", Sym(name))]


def _next(open_names: list[str], scores: dict[str, Formula], work: Work) -> tuple[str, Solved, Algebra]:
    """The unknown to find now: one whose root is free of the other unknowns, else the first that can be solved."""
    found: list[tuple[str, Solved, Algebra]] = []
    for name in open_names:
        al = _algebra(scores[name], work)
        solved = solve(equation(scores[name], ZERO), Sym(name), al)
        if solved is None and work.raw_scores.get(name) not in (None, scores[name]) and scores[name] == work.scores[name]:
            solved = solve(equation(scores[name], ZERO), Sym(name), al)
        if solved is None:
            continue
        found.append((name, solved, al))
        if not any(names(r) & (set(open_names) - {name}) for r in solved.roots):
            return found[-1]
    if not found:
        left = open_names[0]
        raise NotSupported(
            f"the score equation for {left} has no solution by algebra that this engine finds",
            hint="a numerical solution of the score equations is not supported yet",
        )
    return found[0]


def _algebra(f: Formula, work: Work) -> Algebra:
    """Algebra that may divide by what depends on the data alone and is never 0 in a random sample."""
    oracle = (work.judge if work.numbers else work.general).at(work.answers)
    facts = generic_facts(work.al.facts, f, oracle)

    def generic(g: Formula) -> bool:
        if names(g) & set(work.parameters):
            return False
        vs = oracle.values(g)
        return all(v > 0 for v in vs) or all(v < 0 for v in vs)

    return changed(work.al, facts=facts, generic=generic)


def admissible(name: str, solved: Solved, oracle: Oracle, work: Work) -> tuple[Formula, list[Formula]]:
    """The root inside the domain, and those outside it.  Raises NotSupported where that depends on the sample."""
    domain = work.problem.parameters[name]
    inside, outside = [], []
    for root in solved.roots:
        g = compiled(root)
        marks = [(not math.isnan(v)) and domain.contains(v, w) for w in oracle.worlds for v in [g(w)]]
        if all(marks):
            inside.append(root)
        elif not any(marks):
            outside.append(root)
        elif len(solved.roots) == 1:
            inside.append(root)
        else:
            raise NotSupported(f"which root of the score equation for {name} lies in the domain depends on the data; this is not supported yet")
    if len(inside) != 1:
        what = "no root" if not inside else "more than one root"
        raise NotSupported(f"the score equation for {name} has {what} inside the domain ({domain.words()}); this is not supported yet")
    return inside[0], outside


def _finish(table: Equations, u: Sym, solved: Solved, root: Formula, rejected: list[Formula], final: Formula, oracle: Oracle, work: Work) -> None:
    """The last lines: two roots and the rejected one, then the estimate with its hat and its name."""
    there = oracle.at({u.name: final, hat(u.name).name: final})
    if len(solved.roots) == 2:
        domain = work.problem.parameters[u.name]
        for r in solved.roots:
            at_root = oracle.at({u.name: r})
            if r in rejected:
                words = say("the quadratic formula, second root: out, since {} must be {}", u, domain.words())
            else:
                words = say("the quadratic formula, first root")
            _judged_root(table, equation(u, r), words, at_root)
    label = hat(u.name)
    table.note(equation(label, root), None if len(solved.roots) == 1 else say("the admissible root"), there, "estimate")
    if final != root:
        table.note(equation(label, final), say("the sum over {} is the mean", N), there, "name the mean", continues=True)


def _judged_root(table: Equations, eq: Relation, words: Words, at_root: Oracle) -> None:
    if table.now is None:
        return
    start = next(line.formula for line in reversed(table.lines) if line.rule != "quadratic formula")
    ok = [w for w in at_root.worlds if not math.isnan(compiled(eq.sides[1])(w))]
    if ok:
        Oracle(tuple(ok)).equal(*start.sides)
    from .trace import Line

    table.lines.append(Line(eq, words, Evidence("sampled", "the equation holds at the root", len(ok)), "quadratic formula", arrow=True))


def _named(root: Formula, al: Algebra) -> Formula:
    """The root in the terms that people use: sample means by their name."""
    return fold_means(root, al) or root


def _put_in(other: str, before: Formula, u: Sym, found: Formula, work: Work) -> tuple[Formula, list[Words | Display]]:
    """The estimate put into another score equation, worked out."""
    put = replace(before, u, found)
    oracle = (work.judge if work.numbers else work.general).at(work.answers)
    blocks: list[Words | Display] = []
    if work.numbers:
        done = worked_out(put, work)
        squares = next((g for g in walk(put) if _written_sum(g)), None)
        if squares is not None:
            blocks.append(say("With {}:", equation(hat(u.name), found)))
            blocks.append(_levels(squares, oracle, work))
        return done, blocks
    after = tidied(put, work)
    after = with_mean(after, work)
    oracle.equal(before, after)
    return after, blocks


def _written_sum(g: Formula) -> bool:
    from .formula.tree import Add, Pow

    return isinstance(g, Add) and all(isinstance(t, Pow) for t in g.terms) and len(g.terms) > 1


def _levels(f: Formula, oracle: Oracle, work: Work) -> Display:
    """Arithmetic worked out one level a line: the chain of values from f to a number."""
    from .trace import Line

    lines: list[Line] = []
    now: Formula | None = f
    first = f
    while now is not None:
        after = arithmetic(now, work.al)
        if after is None:
            break
        evidence = oracle.equal(now, after)
        lines.append(Line(equation(first, after), None, evidence, "arithmetic", continues=bool(lines)))
        now = after
    return Display(tuple(lines))


def worked_out(f: Formula, work: Work) -> Formula:
    """Brackets of plain numbers replaced by their value; other terms as they stand."""

    def one(g: Formula) -> Formula | None:
        from .formula.tree import Add

        if isinstance(g, Add) and not names(g):
            v = value(work.al.tidy(g))
            return None if v is None else work.al.number(v)
        return None

    g = transform(f, one)
    return add(*(_merge(t, work) for t in terms(g)))


def _merge(t: Formula, work: Work) -> Formula:
    """(1/(2v^2)) 8 as 8/(2v^2): a number joins the fraction without being reduced with it."""
    from .formula.tree import Div, Neg, Num, ONE

    if isinstance(t, Neg):
        from .formula.tree import neg

        return neg(_merge(t.arg, work))
    if isinstance(t, Mul) and len(t.factors) == 2 and isinstance(t.factors[0], Div) and isinstance(t.factors[1], Num):
        d, k = t.factors
        if isinstance(d, Div) and d.top == ONE:
            return Div(k, d.bottom)
    return t if isinstance(t, Mul) is False else t


def with_mean(f: Formula, work: Work) -> Formula:
    """Where sample means occur, plain sums of the observations are written by them too: sum x_i = n x bar."""
    al = work.al
    p = work.problem
    table: dict[Formula, Formula] = {}
    for v in p.observed:
        mean = Sym(v + "_bar")
        if has(f, mean):
            table[Big("sum", p.index, _one(), N, At(v, (Sym(p.index),)))] = mul(N, mean)
    if not table:
        return f
    from .formula.tree import replace_all

    g = replace_all(f, table)
    return f if g == f else al.assemble(al.split(t) for t in terms(al.expand(g)))


def _one() -> Formula:
    from .formula.tree import ONE

    return ONE


def _back_substitute(work: Work, blocks: list[Words | Display]) -> None:
    """Estimates found in terms of others, with the others put in."""
    for name in reversed(work.order):
        f = work.answers[name]
        others = [o for o in work.order if o != name and has(f, Sym(o))]
        if not others:
            continue
        for o in others:
            f = replace(f, Sym(o), work.answers[o])
        f = tidied(f, work)
        f = fold_means(f, work.al) or f
        oracle = (work.judge if work.numbers else work.general).at({**{o: work.answers[o] for o in others}, name: f, hat(name).name: f})
        table = Equations(oracle)
        table.note(equation(hat(name), f), None, oracle, "put in")
        blocks.append(say("Put {} back:", Words(tuple(_joined([hat(o) for o in others])))))
        blocks.append(table.display)
        work.answers[name] = f
        work.how[name] = "closed"


def _joined(fs: list[Sym]) -> list[str | Formula]:
    out: list[str | Formula] = []
    for j, f in enumerate(fs):
        out += [", ", f] if j else [f]
    return out


def _conditions(solved: Solved, eq: Relation, al: Algebra, oracle: Oracle, work: Work) -> None:
    """What was divided by and is not proved to be different from 0 becomes a condition on the data."""
    for m in solved.moves:
        if m.factor is None:
            continue
        for b in work.al.split(m.factor).powers:
            if names(b) & set(work.parameters) or work.al.facts.nonzero(b) or not names(b):
                continue
            vs = oracle.values(b)
            sign = ">" if all(v > 0 for v in vs) else "<"
            r = Relation((b, ZERO), (sign,))
            if all(r not in c.relations for c in work.conditions):
                work.conditions.append(Condition((r,), say("exists if {}", r)))


__all__ = ["Big", "eliminate", "hat", "split_sums"]
