"""The score equations solved one after another: first the one that a person can solve alone, then the next
with what was found put in.  Each unknown is found from its own equation, so every substitution makes a profile
log-likelihood."""

from __future__ import annotations

import math
from dataclasses import replace as changed

from ..algebra import Algebra
from ..density.domain import Domain
from ..derivation import Condition
from ..errors import NotSupported
from ..formula.evaluate import compiled
from ..formula.names import hat
from ..formula.tree import (
    ONE,
    ZERO,
    Add,
    At,
    Big,
    Call,
    Derivative,
    Div,
    Formula,
    Mul,
    N,
    Neg,
    Num,
    Pow,
    Relation,
    Sym,
    add,
    equation,
    has,
    mul,
    names,
    neg,
    replace,
    replace_all,
    terms,
    transform,
    value,
    walk,
)
from ..oracle import Oracle
from ..question.problem import interior
from ..recorder import Equations
from ..rules.brackets import arithmetic
from ..rules.sums import fold_means
from ..solving import Solved, solve
from ..trace import Display, Evidence, Line, Section, Words, say
from .boundary import at_the_end
from .score import tidied
from .work import Work, generic_facts, settle_answers


def eliminate(work: Work) -> None:
    """Section "Solve": fills answers, how, order.  Raises NotSupported where no strategy reaches a root."""
    if at_the_end(work):
        return
    blocks: list[Words | Display] = []
    open_names = list(work.parameters)
    scores = dict(work.scores)
    while open_names:
        name, solved, al = _next(open_names, scores, work)
        u = Sym(name)
        eq = equation(_start(name, scores, work), ZERO)
        oracle = work.settled(work.lines_oracle)
        root, rejected = admissible(name, solved, oracle, work)
        if not work.numbers:
            stays_inside(name, root, work)
        table = Equations(oracle)
        table.start(eq, Evidence("defined", "the score equation"))
        final = _named(root, al)
        for m in solved.moves[:-1] if len(solved.roots) == 1 else solved.moves:
            table.move(m, {name: root})
        _finish(table, u, solved, root, rejected, final, oracle, work)
        blocks += _lead(name, work, bool(blocks))
        blocks.append(table.display)
        if not work.numbers:
            _conditions(solved, final, name, work, settle_answers(oracle, {name: final}))
        others = names(final) & set(open_names) - {name}
        work.answers[name] = final
        work.how[name] = "given others" if others else "closed"
        work.order.append(name)
        work.profile[name] = scores[name]
        open_names.remove(name)
        for other in open_names:
            before = scores[other]
            if has(before, u):
                scores[other], shown = _put_in(before, u, final if simple(final) or others else hat(name), work)
                blocks += shown
    _back_substitute(work, blocks)
    one = len(work.parameters) == 1
    title = (
        say("Solve {}", equation(Derivative(work.problem.of("ell"), ((Sym(work.parameters[0]), 1),)), ZERO))
        if one
        else say("Solve the score equations")
    )
    work.sections.append(Section(title, tuple(blocks)))


def _lead(name: str, work: Work, again: bool) -> list[Words | Display]:
    if len(work.parameters) == 1:
        return []
    if again:
        return [say("Now the equation for {}:", Sym(name))]
    free = [p for p in work.parameters if p != name and has(work.scores[name], Sym(p))]
    return [
        say("First the equation for {}, which can be solved by itself:", Sym(name))
        if not free
        else say("Begin with the equation for {}:", Sym(name))
    ]


def _next(open_names: list[str], scores: dict[str, Formula], work: Work) -> tuple[str, Solved, Algebra]:
    """The unknown to find now: one whose root is free of the other unknowns, else the first that can be solved."""
    found: list[tuple[str, Solved, Algebra]] = []
    for name in open_names:
        if scores[name] == ZERO:
            raise NotSupported(
                f"the data do not determine {name}: with what was found put in, its score is zero everywhere",
                hint=f"the parameters are not identifiable; give a value to one of them, known={{{name!r}: ...}}",
            )
        al = _algebra(scores[name], work)
        solved = solve(equation(_start(name, scores, work), ZERO), Sym(name), al)
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


def _start(name: str, scores: dict[str, Formula], work: Work) -> Formula:
    """The score from which to solve: with the numbers of the data in it, the one in which the chain rule is seen."""
    return work.raw_scores[name] if work.numbers and scores[name] == work.scores[name] else scores[name]


def _algebra(f: Formula, work: Work) -> Algebra:
    """Algebra that may divide by what depends on the data alone and is never 0 in a random sample."""
    oracle = work.settled(work.lines_oracle)
    facts = generic_facts(work.al.facts.with_letters({hat(k).name: interior(work.problem.parameters[k]) for k in work.answers}), f, oracle)

    def generic(g: Formula) -> int:
        if names(g) & set(work.parameters):
            return 0
        vs = oracle.values(g)
        return 1 if all(v > 0 for v in vs) else -1 if all(v < 0 for v in vs) else 0

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
            raise NotSupported(
                f"which root of the score equation for {name} lies in the domain depends on the data; this is not supported yet"
            )
    if len(inside) != 1:
        what = "no root" if not inside else "more than one root"
        raise NotSupported(f"the score equation for {name} has {what} inside the domain ({domain.words()}); this is not supported yet")
    return inside[0], outside


def stays_inside(name: str, root: Formula, work: Work) -> None:
    """Raises NotSupported where a sample can take the root out of the domain: there the domain itself decides."""
    domain = work.problem.parameters[name].closed
    for w in settle_answers(Oracle(work.problem.worlds(count=24, seed=3)), work.answers).worlds:
        v = compiled(root)(w)
        if not math.isnan(v) and not domain.contains(v, w):
            raise NotSupported(
                f"for some samples the score equation for {name} has its root outside the domain ({domain.words()}), and the maximum lies "
                "at its end; a symbolic sample is then not supported yet", hint="give the data, or a wider domain",
            )  # fmt: skip


def simple(f: Formula) -> bool:
    """Whether an estimate is short enough to be put in as it is; else its letter with a hat stands for it."""
    return not any(isinstance(g, (Big, Call)) for g in walk(f))


def _finish(
    table: Equations, u: Sym, solved: Solved, root: Formula, rejected: list[Formula], final: Formula, oracle: Oracle, work: Work
) -> None:
    """The last lines: two roots and the rejected one, then the estimate with its hat and its name."""
    there = settle_answers(oracle, {u.name: final})
    label = hat(u.name)
    if len(solved.roots) == 2:
        domain = work.problem.parameters[u.name]
        for position, r in zip(("first", "second"), solved.roots, strict=True):
            out = say(": out, since {} must be {}", u, domain.words()) if r in rejected else say("")
            _judged_root(table, equation(u, r), say("the quadratic formula, {} root", position) + out, oracle.at({u.name: r}))
        table.note(equation(label, root), say("the admissible root"), there, "estimate")
    elif solved.moves:
        last = solved.moves[-1]
        table.move(last, {u.name: root})
        table.lines[-1] = changed(table.lines[-1], formula=equation(label, root))
        there.equal(label, root)
    else:
        table.note(equation(label, root), None, there, "estimate")
    if final != root:
        table.note(equation(label, final), say("the sum over {} is the mean", N), there, "name the mean", continues=True)


def _judged_root(table: Equations, eq: Relation, words: Words, at_root: Oracle) -> None:
    if table.now is None:
        return
    start = next(line.formula for line in reversed(table.lines) if line.rule != "quadratic formula")
    ok = [w for w in at_root.worlds if not math.isnan(compiled(eq.sides[1])(w))]
    if ok:
        Oracle(tuple(ok)).equal(*start.sides)
    table.lines.append(Line(eq, words, Evidence("sampled", "the equation holds at the root", len(ok)), "quadratic formula", arrow=True))


def _named(root: Formula, al: Algebra) -> Formula:
    """The root in the terms that people use: sample means by their name."""
    return fold_means(root, al) or root


def _put_in(before: Formula, u: Sym, found: Formula, work: Work) -> tuple[Formula, list[Words | Display]]:
    """The estimate put into another score equation, worked out."""
    put = replace(before, u, found)
    oracle = work.settled(work.lines_oracle)
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
    return isinstance(g, Add) and all(isinstance(t, Pow) for t in g.terms) and len(g.terms) > 1


def _levels(f: Formula, oracle: Oracle, work: Work) -> Display:
    """Arithmetic worked out one level a line: the chain of values from f to a number."""
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
        if isinstance(g, Add) and not names(g):
            v = value(work.al.tidy(g))
            return None if v is None else work.al.number(v)
        return None

    g = transform(f, one)
    return add(*(_merge(t, work) for t in terms(g)))


def _merge(t: Formula, work: Work) -> Formula:
    """(1/(2v^2)) 8 as 8/(2v^2): a number joins the fraction without being reduced with it."""
    if isinstance(t, Neg):
        return neg(_merge(t.arg, work))
    if isinstance(t, Mul) and len(t.factors) == 2 and isinstance(t.factors[0], Div) and isinstance(t.factors[1], Num):
        d, k = t.factors
        if isinstance(d, Div) and d.top == ONE:
            return Div(k, d.bottom)
    return t


def with_mean(f: Formula, work: Work) -> Formula:
    """Where sample means occur, plain sums of the observations are written by them too: sum x_i = n x bar."""
    al = work.al
    p = work.problem
    table: dict[Formula, Formula] = {}
    for v in p.observed:
        mean = Sym(v + "_bar")
        if has(f, mean):
            table[Big("sum", p.index, ONE, N, At(v, (Sym(p.index),)))] = mul(N, mean)
    if not table:
        return f
    g = replace_all(f, table)
    return f if g == f else al.assemble(al.split(t) for t in terms(al.expand(g)))


def _back_substitute(work: Work, blocks: list[Words | Display]) -> None:
    """Estimates found in terms of others, with the others put in."""
    for name in reversed(work.order):
        f = work.answers[name]
        others = [o for o in work.order if o != name and has(f, Sym(o))]
        if not others:
            continue
        for o in others:
            f = replace(f, Sym(o), work.answers[o] if simple(work.answers[o]) else hat(o))
        f = tidied(f, work)
        f = fold_means(f, work.al) or f
        work.answers[name] = f
        work.how[name] = "closed"
        oracle = work.settled(work.lines_oracle)
        table = Equations(oracle)
        table.note(equation(hat(name), f), None, oracle, "put in")
        blocks.append(say("Put {} back:", Words(tuple(_joined([hat(o) for o in others])))))
        blocks.append(table.display)


def _joined(fs: list[Sym]) -> list[str | Formula]:
    out: list[str | Formula] = []
    for j, f in enumerate(fs):
        out += [", ", f] if j else [f]
    return out


def _conditions(solved: Solved, final: Formula, name: str, work: Work, oracle: Oracle) -> None:
    """What the data must satisfy: what was divided by is not 0, the estimate lies inside its domain."""
    needed: list[Relation] = []
    for m in solved.moves:
        for b in work.al.split(m.factor).powers if m.factor is not None else ():
            if names(b) & set(work.parameters) or not names(b) or work.al.facts.nonzero(b):
                continue
            sign = ">" if all(v > 0 for v in oracle.values(b)) else "<"
            needed.append(Relation((b, ZERO), (sign,)))
    if len(solved.roots) == 2:
        needed += [
            Relation((g, ZERO), (">",))
            for g in walk(final)
            if isinstance(g, Big) and work.al.facts.range(g).nonnegative and not work.al.facts.positive(g)
        ]
    inside, domain = interior(work.problem.parameters[name]), work.problem.parameters[name]
    r = work.al.facts.range(final)
    low = r.low > inside.low or (r.low == inside.low and r.low_open)
    high = r.high < inside.high or (r.high == inside.high and r.high_open) or inside.high == math.inf
    low, high = low or not domain.low_open, high or not domain.high_open
    if (
        len(solved.roots) == 1
        and not names(final) & set(work.parameters)
        and not (low and high)
        and not any(isinstance(b, Add) and Relation((b, ZERO), (">",)) in needed for b in work.al.split(final).powers)
    ):
        needed.append(_inside(final, domain, low, high, work))
    for c in needed:
        if all(c not in known.relations for known in work.conditions):
            work.conditions.append(Condition((c,), say("exists if {}", c) + _plainly(c)))


def _inside(f: Formula, domain: Domain, low: bool, high: bool, work: Work) -> Relation:
    """f lies above the low end, below the high end, or between them; of f > 0 what is not clear anyway."""
    if not low and not high:
        return Relation((domain.low, f, domain.high), ("<", "<"))
    if not low and domain.low == ZERO:
        doubtful = [b for b in work.al.split(f).powers if not work.al.facts.positive(b)]
        if len(doubtful) == 1 and isinstance(doubtful[0], (Big, Sym)):
            return Relation((doubtful[0], ZERO), (">",))
    return Relation((f, domain.low), (">",)) if not low else Relation((f, domain.high), ("<",))


def _plainly(c: Relation) -> Words:
    """The same in words, where there are any."""
    match c.sides[0]:
        case Big("sum", _, _, _, Pow(Add((At(), Neg(Sym(name)))), _)) if name.endswith(("_bar", "_hat")):
            return say(", that is, if the observations are not all equal")
        case Big("sum", i, _, _, At(base, _)) if c.sides[1] == ZERO:
            return say(", that is, if some {} is positive", At(base, (Sym(i),)))
    return say("")
