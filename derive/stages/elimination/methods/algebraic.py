"""By algebra: the score equation solved as a person would, the root inside the domain kept."""

from __future__ import annotations

import math
from dataclasses import replace as changed

from ....errors import NotSupported
from ....formula.evaluate import Env, compiled
from ....formula.names import hat
from ....formula.tree import ZERO, Big, Formula, N, Relation, Sym, equation, has, names, walk
from ....oracle.judge import Oracle
from ....recorder import Equations
from ....rules.sums import fold_means
from ....solving.solve import Inner, Solved, solve
from ....trace import Evidence, Line, Words, say
from ...existence.existence_conditions import conditions
from ...existence.root_outside_domain import SAMPLES, leaves
from ...setting import Work, algebra_for, settle_answers
from ..method import Found, Plan, Search, Solution

FEW = 3  # samples that have a root, at least


def way(search: Search, name: str) -> Plan | None:
    """A plan where the strategies of `solving` reach every root."""
    work, found = search.work, solution(search, name)
    start, solved = found.start, found.solved
    if solved is None:
        return None
    rests_on = {k for r in solved.roots for k in names(r)} & (set(search.open_names) - {name})
    if (
        rests_on
        and work.problem.as_asked.covariates
        and any(isinstance(g, Big) and has(g, Sym(k)) for r in solved.roots for k in rests_on for g in walk(r))
    ):
        return None  # coefficients of a line that stand in functions together: all at once is clearer
    samples = has_values(name, solved, work)
    if samples is None or (solved.by_detour and not _one_admissible(name, solved, samples, work)):
        return None
    return Plan((name,), frozenset(rests_on), lambda: carried_out(name, start, solved, samples, work), len(solved.roots))


def _one_admissible(name: str, solved: Solved, samples: Oracle, work: Work) -> bool:
    """Whether one root lies in the domain, for every sample."""
    try:
        admissible(name, solved, work.settled(samples), work)
    except NotSupported:
        return False
    return True


def has_values(name: str, solved: Solved, work: Work) -> Oracle | None:
    """Samples for which a root that some samples do not have exists: those at hand, or else others; None where the
    data, or nearly all samples, have none."""
    if not any(m.needs for m in solved.moves):
        return work.lines_oracle
    g, domain = [compiled(r) for r in solved.roots], work.problem.parameters[name]

    def exists(w: Env) -> bool:
        e = settle_answers(Oracle((w,)), work.answers).worlds[0]
        return any(not math.isnan(v) and domain.contains(v, e) for h in g for v in [h(e)])

    if work.problem.observations is not None and not exists(work.judge.worlds[0]):
        return None
    if all(map(exists, work.lines_oracle.worlds)):
        return work.lines_oracle
    kept = [w for w in work.lines_oracle.worlds if exists(w)]
    if len(kept) < FEW and not work.numbers and work.asked is None and work.problem.as_asked is work.problem:
        kept = [w for w in work.problem.worlds(SAMPLES, seed=11) if exists(w)]
    return Oracle(tuple(kept)) if len(kept) >= FEW and not work.numbers else None


def solution(search: Search, name: str) -> Solution:
    """The score equation of an unknown solved by algebra; kept, since several ways ask for it."""
    if name not in search.solutions:
        work, score = search.work, search.scores[name]
        al = algebra_for(score, work)
        start = starting(score, name, work)
        search.solutions[name] = Solution(start, al, solve(equation(start, ZERO), Sym(name), al))
    return search.solutions[name]


def starting(score: Formula, name: str, work: Work) -> Formula:
    """The score from which to solve: with the numbers of the data in it, the one in which the chain rule is seen."""
    return work.raw_scores[name] if work.numbers and score == work.scores[name] else score


def carried_out(name: str, start: Formula, solved: Solved, samples: Oracle, work: Work) -> Found:
    """The moves as lines, the admissible root as the answer; from here on judged by samples that have one."""
    u = Sym(name)
    if not work.numbers:
        work.judge, work.general = (samples if work.judge is work.general else work.judge), samples
    oracle = work.settled(work.lines_oracle)
    root, rejected = admissible(name, solved, oracle, work)
    if not work.numbers:
        stays_inside(name, root, solved, work)
    table = Equations(oracle)
    table.start(equation(start, ZERO), Evidence("defined", "the score equation"))
    final = fold_means(root, algebra_for(start, work)) or root
    for m in solved.moves[:-1] if len(solved.roots) == 1 else solved.moves:
        table.move(m, {name: root})
    _finish(table, u, solved, root, rejected, final, oracle, work)
    if not work.numbers:
        conditions(solved, final, name, work, settle_answers(oracle, {name: final}))
    return Found({name: final}, (table.display,))


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


def stays_inside(name: str, root: Formula, solved: Solved, work: Work) -> None:
    """Raises NotSupported where a sample can take the root out of the domain: there the domain itself decides."""
    domain = work.problem.parameters[name]
    needed = [r for m in solved.moves for r in m.needs]
    if leaves(root, domain, work, needed):
        raise NotSupported(
            f"for some samples the score equation for {name} has its root outside the domain ({domain.words()}), and the maximum lies "
            "at its end; a symbolic sample is then not supported yet", hint="give the data, or a wider domain",
        )  # fmt: skip


def _finish(
    table: Equations, u: Sym, solved: Solved, root: Formula, rejected: list[Formula], final: Formula, oracle: Oracle, work: Work
) -> None:
    """The last lines: two roots and the rejected one, then the estimate with its hat and its name."""
    there = settle_answers(oracle, {u.name: final})
    label = hat(u.name)
    if solved.inner is not None:
        _finish_inner(table, u, solved, solved.inner, root, oracle)
        table.lines[-1] = changed(table.lines[-1], formula=equation(label, root))
        there.equal(label, root)
    elif len(solved.roots) == 2:
        domain = work.problem.parameters[u.name]
        for position, r in zip(("first", "second"), solved.roots, strict=True):
            out = say(": out, since {} must be {}", u, domain.words()) if r in rejected else say("")
            judged_root(table, equation(u, r), say("the quadratic formula, {} root", position) + out, oracle.at({u.name: r}))
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


def _finish_inner(table: Equations, u: Sym, solved: Solved, inner: Inner, root: Formula, oracle: Oracle) -> None:
    """The value of a function of the unknown that is one, and the function undone."""
    chosen = solved.roots.index(root)
    for v in inner.values:
        oracle.at({inner.letter.name: v}).equal(*inner.equation.sides)
    words = say("the quadratic formula; its other root is no value of {}", inner.kernel)
    evidence = Evidence("sampled", "the equation holds at the root", len(oracle.worlds))
    table.lines.append(Line(equation(inner.kernel, inner.values[chosen]), words, evidence, "quadratic formula", arrow=True))
    table.now = equation(inner.kernel, inner.values[chosen])
    for m in inner.back[chosen]:
        table.move(m, {u.name: root})


def judged_root(table: Equations, eq: Relation, words: Words, at_root: Oracle) -> None:
    """A line u = root after the quadratic formula, judged by the equation that it solves."""
    if table.now is None:
        return
    start = next(line.formula for line in reversed(table.lines) if line.rule != "quadratic formula")
    ok = [w for w in at_root.worlds if not math.isnan(compiled(eq.sides[1])(w))]
    if ok:
        Oracle(tuple(ok)).equal(*start.sides)
    table.lines.append(Line(eq, words, Evidence("sampled", "the equation holds at the root", len(ok)), "quadratic formula", arrow=True))
