"""By algebra: the score equation solved as a person would, the root inside the domain kept."""

from __future__ import annotations

import math

from ....algebra.polynomials import in_lowest_terms
from ....errors import NotSupported
from ....formula.evaluate import Env, compiled
from ....formula.names import hat
from ....formula.tree import ZERO, Big, Formula, Relation, Sym, equation, has, names, walk
from ....oracle.oracle import Oracle, sampled
from ....problem.problem import Problem
from ....problem.test_points import random_points
from ....recorder import Equations, defined, record
from ....rule_names import RuleName
from ....rules.sums import fold_means
from ....solving.solve import Inner, Solved, solve
from ....trace import ConditionKind, Words, from_standard, say
from ...existence.existence_conditions import conditions
from ...existence.root_outside_domain import SAMPLES, belongs, leaves
from ...prose import listed
from ...setting import Setting, State, algebra_for, settle_answers
from ..method import Found, Plan, Search, Solution, judged_by

FEW = 3  # samples that have a root, at least


def method(search: Search, name: str) -> Plan | None:
    """A plan where the strategies of `solving` reach every root."""
    state, found = search.state, solution(search, name)
    start, solved = found.start, found.solved
    if solved is None:
        return None
    rests_on = {k for r in solved.roots for k in names(r)} & (set(search.open_names) - {name})
    if (
        rests_on
        and state.problem.as_asked.covariates
        and any(isinstance(g, Big) and has(g, Sym(k)) for r in solved.roots for k in rests_on for g in walk(r))
    ):
        return None  # coefficients of a line that stand in functions together: all at once is clearer
    samples = has_values(name, solved, state)
    if samples is None or (solved.by_detour and not _one_admissible(name, solved, samples, state)):
        return None
    return Plan((name,), frozenset(rests_on), lambda: carried_out(name, start, solved, samples, state), len(solved.roots))


def _one_admissible(name: str, solved: Solved, samples: Oracle, setting: Setting) -> bool:
    """Whether one root lies in the domain, for every sample."""
    try:
        admissible(name, solved, setting.settled(samples), setting.problem)
    except NotSupported:
        return False
    return True


def has_values(name: str, solved: Solved, state: State) -> Oracle | None:
    """Samples for which a root that some samples do not have exists: those at hand, or else others; None where the
    data, or nearly all samples, have none."""
    if not any(m.needs for m in solved.moves):
        return state.lines_oracle
    g, domain = [compiled(r) for r in solved.roots], state.problem.parameters[name]

    def exists(w: Env) -> bool:
        e = settle_answers(Oracle((w,)), state.answers).points[0]
        return any(not math.isnan(v) and domain.contains(v, e) for h in g for v in [h(e)])

    if state.problem.observations is not None and not exists(state.judge.points[0]):
        return None
    if all(map(exists, state.lines_oracle.points)):
        return state.lines_oracle
    kept = [w for w in state.lines_oracle.points if exists(w)]
    if len(kept) < FEW and not state.numbers and state.before_constraints is None and state.problem.as_asked is state.problem:
        kept = [w for w in random_points(state.problem, SAMPLES, seed=11) if exists(w)]
    return Oracle(tuple(kept)) if len(kept) >= FEW and not state.numbers else None


def solution(search: Search, name: str) -> Solution:
    """The score equation of an unknown solved by algebra; kept, since several methods ask for it."""
    if name not in search.solutions:
        state, score = search.state, search.scores[name]
        al = algebra_for(score, state)
        start = starting(score, name, state)
        search.solutions[name] = Solution(start, al, solve(equation(start, ZERO), Sym(name), al))
    return search.solutions[name]


def starting(score: Formula, name: str, state: State) -> Formula:
    """The score from which to solve: with the numbers of the data in it, the one in which the chain rule is seen."""
    return state.raw_scores[name] if state.numbers and score == state.scores[name] else score


def carried_out(name: str, start: Formula, solved: Solved, samples: Oracle, state: State) -> Found:
    """The moves as lines, the admissible root as the answer; from here on judged by samples that have one."""
    u = Sym(name)
    if not state.numbers:
        state = judged_by(state, samples)
    oracle = state.settled(state.lines_oracle)
    root, rejected = admissible(name, solved, oracle, state.problem)
    if not state.numbers:
        stays_inside(name, root, solved, state)
    table = Equations(oracle)
    table.start(equation(start, ZERO), defined("the score equation"))
    al = algebra_for(start, state)
    final = in_lowest_terms(fold_means(root, al) or root, al)
    for m in solved.moves[:-1] if len(solved.roots) == 1 else solved.moves:
        table.move(m, {name: root})
    _finish(table, u, solved, root, rejected, final, oracle, state.problem)
    if state.numbers:
        return Found({name: final}, (table.display,))
    needed = conditions(solved, final, name, state, settle_answers(oracle, {name: final}))
    first = [r for c in needed if c.kind is ConditionKind.EXISTS for r in c.relations] if rejected and state.problem.sample is None else []
    lead = (from_standard(listed("Suppose that ", first) + say(".")),) if first else ()
    return Found({name: final}, (*lead, table.display), conditions=needed, samples=samples)


def admissible(name: str, solved: Solved, oracle: Oracle, problem: Problem) -> tuple[Formula, list[Formula]]:
    """The root inside the domain, and those outside it.  Raises NotSupported where that depends on the sample."""
    domain = problem.parameters[name]
    inside, outside = [], []
    for root in solved.roots:
        marks = [belongs(root, domain, w) for w in oracle.points]
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


def stays_inside(name: str, root: Formula, solved: Solved, setting: Setting) -> None:
    """Raises NotSupported where a sample can take the root out of the domain: there the domain itself decides."""
    domain = setting.problem.parameters[name]
    needed = [r for m in solved.moves for r in m.needs]
    if leaves(root, domain, setting, needed):
        raise NotSupported(
            f"for some samples the score equation for {name} has its root outside the domain ({domain.words()}), and the maximum lies "
            "at its end; a symbolic sample is then not supported yet", hint="give the data, or a wider domain",
        )  # fmt: skip


def _finish(
    table: Equations, u: Sym, solved: Solved, root: Formula, rejected: list[Formula], final: Formula, oracle: Oracle, problem: Problem
) -> None:
    """The last lines: two roots and the rejected one, then the estimate with its hat and its name."""
    there = settle_answers(oracle, {u.name: final})
    label = hat(u.name)
    if solved.inner is not None:
        _finish_inner(table, u, solved, solved.inner, root, oracle)
        table.restate(equation(label, root), there)
    elif len(solved.roots) == 2:
        words = say("the quadratic formula")
        for r in rejected:
            _is_root(table, r, oracle.at({u.name: r}))
            words += say("; the other root, {}, is rejected, since {} must be {}", r, u, problem.parameters[u.name].words())
        judged_root(table, equation(label, root), words, there)
    elif solved.moves:
        last = solved.moves[-1]
        table.move(last, {u.name: root})
        table.restate(equation(label, root), there)
    else:
        table.note(equation(label, root), None, there, RuleName.ESTIMATE)
    if final != root:
        table.note(equation(label, final), say("by definition of the mean"), there, RuleName.NAME_THE_MEAN, continues=True)


def _finish_inner(table: Equations, u: Sym, solved: Solved, inner: Inner, root: Formula, oracle: Oracle) -> None:
    """The value of a function of the unknown that is one, and the function undone."""
    chosen = solved.roots.index(root)
    for v in inner.values:
        oracle.at({inner.letter.name: v}).equal(*inner.equation.sides)
    words = say("the quadratic formula; its other root is no value of {}", inner.kernel)
    evidence = oracle.sampled("the equation holds at the root")
    table.lines.append(record(equation(inner.kernel, inner.values[chosen]), evidence, words, RuleName.QUADRATIC_FORMULA))
    table.now = equation(inner.kernel, inner.values[chosen])
    for m in inner.back[chosen]:
        table.move(m, {u.name: root})


def judged_root(table: Equations, eq: Relation, words: Words, at_root: Oracle) -> None:
    """A line u = root after the quadratic formula, judged by the equation that it solves."""
    if table.now is None:
        return
    points = _is_root(table, eq.sides[1], at_root)
    table.lines.append(record(eq, sampled("the equation holds at the root", points), words, RuleName.QUADRATIC_FORMULA))


def _is_root(table: Equations, root: Formula, at_root: Oracle) -> int:
    """At how many test points the equation before the quadratic formula holds at a root: all at which the root has a value, or `Refuted`."""
    start = next(line.formula for line in reversed(table.lines) if line.rule is not RuleName.QUADRATIC_FORMULA)
    ok = [w for w in at_root.points if not math.isnan(compiled(root)(w))]
    if ok:
        Oracle(tuple(ok)).equal(*start.sides)
    return len(ok)
