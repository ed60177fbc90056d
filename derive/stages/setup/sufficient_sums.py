"""A sample known by its size and some sums only: they are put into the log-likelihood where they suffice.

The lines with the numbers in them are judged on a sample that has these sums: a few values, each standing for an
equal share of the observations, found numerically.  Where there is none the sums contradict one another.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from ...algebra.terms import Term
from ...errors import NotSupported, NotValid
from ...formula.evaluate import Env, compiled
from ...formula.latex import decimal
from ...formula.plain import plain
from ...formula.tree import ONE, ZERO, Add, At, Big, Formula, N, Sym, add, names, num, replace_all, terms, transform, walk
from ...numerics.search import from_line
from ...oracle.oracle import Oracle
from ...problem.problem import Problem
from ...problem.test_points import random_parameters
from ...recorder import chain
from ...rule_names import RuleName
from ...trace import Display, Words, say
from ..setting import Setting, State

CONSTANT = Sym("C")
CLOSE = 1e-9
STARTS = 40
ONE_BY_ONE = 40  # different values of a sample that stands for one known by sums
LONGEST = 10_000


def sums_oracle(problem: Problem) -> Oracle:
    """Test points at which the sample has the given sums.  Raises NotValid where no such sample is found."""
    rng = random.Random(4)
    letters, n = list(problem.parameters), problem.size or 1
    points = []
    for _ in range(3):
        values = random_parameters(problem, rng)
        xs, weight = standing_for(problem, values, rng)
        points.append({**values, "n": n, "#xs": xs, **_functions(problem, letters, values, xs, weight)})
    return Oracle(tuple(points))


def _functions(problem: Problem, letters: list[str], values: Env, xs: list[float], weight: float) -> Env:
    (v,) = problem.variables

    def ell(*arguments: float) -> float:
        at: Env = {**values, **dict(zip(letters, arguments, strict=True))}
        return math.fsum(weight * problem.log_density({**at, v: x}) for x in xs)

    return {"ell": ell, "L": lambda *a: math.exp(ell(*a))}


def a_sample_of(problem: Problem) -> list[float]:
    """A sample of the given size with the given sums.  Raises NotSupported for a long one."""
    rng, n = random.Random(4), problem.size or 1
    least = len(problem.sums) + 1
    count = n if n <= ONE_BY_ONE else next((k for k in range(ONE_BY_ONE, least, -1) if n % k == 0), 0)
    if not count or n > LONGEST:
        raise NotSupported(f"a sample of {n} observations known by sums only is too long to be looked at one by one")
    xs, _ = standing_for(problem, random_parameters(problem, rng), rng, count)
    return xs * (n // count)


def standing_for(problem: Problem, env: Env, rng: random.Random, count: int | None = None) -> tuple[list[float], float]:
    """A few values (or `count`) with equal weights whose sums are the given ones, and their weight."""
    (v,) = problem.variables
    n = problem.size or 1
    wanted = [(compiled(f), float(s)) for f, s in problem.sums.values()]
    count = count or (n if n <= len(wanted) + 3 else len(wanted) + 3)
    weight = n / count
    low, high = problem.support[v].bounds(env)

    def miss(xs: list[float]) -> list[float]:
        return [
            (weight * math.fsum(g({**env, v: x}) for x in xs) - s)
            / (abs(s) + weight * math.fsum(abs(g({**env, v: x})) for x in xs) + 1e-300)
            for g, s in wanted
        ]

    for end in (low, high):
        if math.isfinite(end) and problem.support[v].contains(end, env) and all(abs(m) <= CLOSE for m in miss([end] * count)):
            return [end] * count, weight
    for j in range(STARTS):
        shift = math.log(10) * (j % 9 - 4) if j and math.isinf(high) else 0.0
        start = [rng.uniform(-1.5, 1.5) + shift for _ in range(count)]
        found = _solved(lambda t: miss([from_line(a, low, high) for a in t]), start)
        if found is not None:
            return [from_line(a, low, high) for a in found], weight
    given = ", ".join(f"{k} = {decimal(s)}" for k, (_, s) in problem.sums.items())
    raise NotValid(f"no sample of {n} observations in the support has these sums: {given}", hint="check the sums and n")


def _solved(f: Callable[[list[float]], list[float]], t: list[float]) -> list[float] | None:
    """A root of f near t by Gauss–Newton with steps of least norm, halved while they do not help; None if not found."""
    now = f(t)
    for _ in range(80):
        if all(abs(m) <= 1e-13 for m in now):
            break
        rows = []
        for i in range(len(t)):
            h = 1e-6 * (1 + abs(t[i]))
            ahead, behind = f([*t[:i], t[i] + h, *t[i + 1 :]]), f([*t[:i], t[i] - h, *t[i + 1 :]])
            rows.append([(a - b) / (2 * h) for a, b in zip(ahead, behind, strict=True)])
        k = len(now)
        gram = [[math.fsum(r[a] * r[b] for r in rows) + (1e-14 if a == b else 0) for b in range(k)] for a in range(k)]
        y = _linear(gram, now)
        if y is None:
            return None
        step = [math.fsum(r[a] * y[a] for a in range(k)) for r in rows]
        size = max(map(abs, step), default=0.0)
        scale = min(1.0, 3.0 / size) if size else 0.0
        for _ in range(30):
            new = [a - scale * s for a, s in zip(t, step, strict=True)]
            after = f(new)
            if not any(map(math.isnan, after)) and max(map(abs, after)) < max(map(abs, now)):
                t, now = new, after
                break
            scale /= 2
        else:
            break
    return t if all(abs(m) <= CLOSE for m in now) else None


def _linear(a: list[list[float]], b: list[float]) -> list[float] | None:
    """The solution of a small linear system by elimination with pivots."""
    rows = [[*r, v] for r, v in zip(a, b, strict=True)]
    k = len(rows)
    for i in range(k):
        p = max(range(i, k), key=lambda r: abs(rows[r][i]))
        if abs(rows[p][i]) < 1e-300:
            return None
        rows[i], rows[p] = rows[p], rows[i]
        for r in range(k):
            if r != i:
                m = rows[r][i] / rows[i][i]
                rows[r] = [x - m * z for x, z in zip(rows[r], rows[i], strict=True)]
    return [rows[i][k] / rows[i][i] for i in range(k)]


# -- the log-likelihood ---------------------------------------------------------------------------


def put_in_sums(state: State, general: Formula) -> tuple[State, Formula, list[Words | Display]]:
    """The state with an oracle for the sums, the log-likelihood with the sums in it, and its line.  Raises NotSupported naming the sum that is missing."""
    p = state.problem
    kept: list[Formula] = []
    dropped = False
    for t in terms(general):
        known, constant = _term(t, state)
        dropped = dropped or constant
        kept += terms(known)
    ell = add(*kept)
    whole = add(*terms(ell), CONSTANT) if dropped else ell
    points = []
    for w in state.judge.points:
        other = random_parameters(p, random.Random(9))
        rest = compiled(ell)({**w, **{k: other[k] for k in p.parameters}})
        points.append({**w, "C": w["ell"](*(other[k] for k in p.parameters)) - rest})
    judge = Oracle(tuple(points))
    lead = say("Substituting the sums of the sample:")
    if dropped:
        lead = say(
            "Substituting the sums of the sample; {} stands for the terms without a parameter, which do not move the maximum:", CONSTANT
        )
    shown = chain(judge, p.of("ell"), [(whole, None, RuleName.PUT_IN_THE_SUMS)])
    return replace(state, judge=judge, numbers=True), whole, [lead, shown]


def _term(t: Formula, setting: Setting) -> tuple[Formula, bool]:
    """A term of the log-likelihood with the sums in it, and whether a constant was left out of it."""
    p, al = setting.problem, setting.al
    if setting.free(t) and any(isinstance(g, Big) for g in walk(t)):
        return ZERO, True

    def one(g: Formula) -> Formula | None:
        """A sum that is given."""
        if not isinstance(g, Big) or g.kind != "sum" or not setting.free(g.body):
            return None
        v = _sum_of(al.split(g.body), setting)
        return None if v is None else al.number(v)

    t = replace_all(transform(t, one), {N: num(p.size or 1)})
    split = al.split(t)
    bigs = [b for b in split.powers if isinstance(b, Big)]
    if not any(isinstance(g, Big) for g in walk(t)):
        return al.tidy(transform(t, lambda g: al.tidy(g) if isinstance(g, Add) else None)), False
    if len(bigs) != 1 or split.powers[bigs[0]] != ONE or bigs[0].kind != "sum":
        raise NotSupported("the likelihood of this density is not a combination of sums over the sample", hint="give the observations")
    outer = Term(split.coefficient, {b: k for b, k in split.powers.items() if b != bigs[0]})
    known: list[Term] = []
    constant = False
    for part in al.expanded(bigs[0].body) or [al.split(bigs[0].body)]:
        inner = Term(Fraction(1), {b: k for b, k in part.powers.items() if bigs[0].index in names(b) | names(k)})
        front = Term(part.coefficient, {b: k for b, k in part.powers.items() if b not in inner.powers})
        value_of = _sum_of(inner, setting)
        if value_of is not None:
            known.append(al.times((front, al.split(num(value_of)))))
        elif setting.free(al.build(al.times((outer, front, inner)))):
            constant = True
        else:
            _refuse(inner, setting)
    bracket = al.assemble(known)
    if bracket == ZERO:
        return ZERO, constant
    front_shown = al.build(outer)
    if isinstance(bracket, Add) and not setting.free(front_shown):
        return al.build(al.times((outer, Term(Fraction(1), {bracket: ONE})))), constant
    return al.assemble(al.times((outer, k)) for k in known), constant


def _sum_of(inner: Term, setting: Setting) -> Fraction | None:
    """The sum over the sample of what depends on the observation, if it is given (or a multiple of it is)."""
    p, al = setting.problem, setting.al
    if not inner.powers:
        return Fraction(p.size or 1)
    (v,) = p.variables
    wanted = replace_all(al.build(inner), {At(v, (Sym(p.index),)): Sym(v)})
    if not setting.free(wanted):
        return None
    for f, s in p.sums.values():
        ratio = _ratio(wanted, f, p)
        if ratio is not None:
            return ratio * s
    return None


def _ratio(a: Formula, b: Formula, p: Problem) -> Fraction | None:
    """The number c with a = c b throughout the support, judged at random points."""
    (v,) = p.variables
    rng, f, g = random.Random(6), compiled(a), compiled(b)
    seen = []
    for _ in range(6):
        env = random_parameters(p, rng)
        env[v] = p.support[v].points(rng, env, 1)[0]
        x, y = f(env), g(env)
        if abs(x) < 1e-12 and abs(y) < 1e-12:
            continue
        if not y:
            return None
        seen.append(x / y)
    if not seen or any(math.isnan(r) or abs(r - seen[0]) > 1e-10 * (1 + abs(r)) for r in seen):
        return None
    return Fraction(seen[0]).limit_denominator(1000)


def _refuse(inner: Term, setting: Setting) -> None:
    p = setting.problem
    (v,) = p.variables
    f = replace_all(setting.al.build(inner), {At(v, (Sym(p.index),)): Sym(v)})
    if not setting.free(f):
        raise NotSupported(
            f"sums over the sample do not suffice: in {plain(f)} the observation and a parameter cannot be separated",
            hint="give the observations",
        )
    raise NotSupported(f"the sum of {plain(f)} over the sample is needed and not given", hint=f'add it: sums={{..., "{plain(f)}": ...}}')


__all__ = ["put_in_sums", "sums_oracle"]
