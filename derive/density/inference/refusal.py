"""What to say of a function that is no density, and of sets that could not be inferred."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from ...errors import NotSupported, NotValid
from ...formula.evaluate import Env, compiled
from ...formula.names import reported
from ...formula.plain import plain
from ...formula.tree import ONE, Add, Call, Div, Formula, Sym, has, names, neg, num, replace_all, transform, value
from ...sets.domain import NATURAL, OPEN_UNIT, POSITIVE, Domain
from ..integration.normalise import total
from ..integration.total_in_words import closed_form
from .candidate import Trial, Verdict
from .support_candidates import candidates, counts_something, unit_letters

if TYPE_CHECKING:
    from .infer import Task

LACKING = 3  # so many values that a support lacks are written out


def refusal(task: Task, support: Mapping[str, Domain], domains: Mapping[str, Domain], verdict: Verdict) -> NotValid:
    """Why the function is no density over the support, what it totals to, and what was perhaps meant."""
    over = _over(support)
    if verdict.negative is not None:
        return NotValid(
            f"the density is negative at {verdict.where()}",
            hint="state the parameters' domains and the support so that it is nowhere negative",
        )
    does = "sums" if all(d.discrete for d in support.values()) else "integrates"
    t = verdict.total
    if t is None or math.isnan(t):
        return NotValid(
            f"the density has no real value somewhere over {over} at {verdict.where()}",
            hint="state the support or the parameters' domains more narrowly",
        )
    if t == math.inf:
        return NotValid(f"the density {does} to infinity over {over}, not to 1", hint=_ways(task, _other_support(task, domains), None))
    other = _other_support(task, domains)
    found = _recognised(task, support, domains) or (_but_for(task, support, other, verdict) if other else None)
    found = found or _standard(task, support, domains)
    if found is None:
        at = f" at {verdict.where()}" if verdict.env else ""
        return NotValid(f"the density {does} to {t:.6g}{at} over {over}, not to 1", hint=_ways(task, other, None))
    return NotValid(f"the density {does} to {plain(found)} over {over}, not to 1", hint=_ways(task, other, found))


def _over(support: Mapping[str, Domain]) -> str:
    return " and ".join(d.text(reported(v)) if d.condition(Sym(v)) is not None else f"all real {reported(v)}" for v, d in support.items())


def _recognised(task: Task, support: Mapping[str, Domain], domains: Mapping[str, Domain]) -> Formula | None:
    rng = random.Random(11)
    points = [p for p in (task.drawn(rng, {}, domains) for _ in range(4)) if p is not None]
    letters = [k for k in domains if k in names(task.density)]

    def value(env: Env) -> float | None:
        return total(task.density, support, env)

    return closed_form(value, points, letters) if points and not task.covariates else None


def _standard(task: Task, support: Mapping[str, Domain], domains: Mapping[str, Domain]) -> Formula | None:
    """The total by a standard integral or sum."""
    if len(support) != 1 or task.covariates or task.constraints:
        return None
    from .normalising_constant import total_formula

    ((v, d),) = support.items()
    try:
        return total_formula(task.density, v, d, domains, search=False).formula
    except NotSupported:
        return None


def _but_for(task: Task, support: Mapping[str, Domain], other: Domain, verdict: Verdict) -> Formula | None:
    """1 minus the values at the few points that the support lacks, where over a larger lattice the total is 1."""
    ((v, d),) = support.items()
    a, b = value(d.low), value(other.low)
    if not (d.integer and other.integer and d.high == other.high and a is not None and b is not None and 0 < a - b <= LACKING):
        return None
    missing = [_at(task.density, v, b + j) for j in range(int(a - b))]
    found = Add((ONE, *map(neg, missing)))
    at = compiled(found)(dict(verdict.env))
    return found if verdict.total is not None and abs(at - verdict.total) < 1e-8 else None


def _at(density: Formula, v: str, x: Fraction) -> Formula:
    """The density at a number, with 0! = 1! = 1."""

    def simple(f: Formula) -> Formula | None:
        return ONE if isinstance(f, Call) and f.name == "factorial" and value(f.args[0]) in (0, 1) else None

    return _tidied(transform(replace_all(density, {Sym(v): num(x)}), simple))


def _ways(task: Task, other: Domain | None, found: Formula | None) -> str:
    """Another support over which it is a density, the function divided by its total, or to say that it is not one."""
    ways = []
    if other is not None:
        shown = other.text(reported(task.variables[0]))
        ways.append(f'It is a density over {shown}: was support="{shown}" meant?')
    elif found is not None:
        meant = _tidied(Div(task.density, found))
        if names(task.density) <= names(meant):
            ways.append(f"Did you mean {plain(meant)}?")
    ways.append(f"{'Or pass' if ways else 'Pass'} unnormalised=True to work with the function as it is.")
    return " ".join(ways)


def _other_support(task: Task, domains: Mapping[str, Domain]) -> Domain | None:
    """A natural support over which the function is a density."""
    if len(task.variables) != 1:
        return None
    (v,) = task.variables
    trial = Trial(task.density)
    rng = random.Random(5)
    points = [p for p in (task.drawn(rng, {}, domains) for _ in range(2)) if p is not None]
    for d in candidates(task.density, v, list(domains)):
        if points and all(trial.judge({v: d}, p).good for p in points):
            return d
    return None


def _tidied(f: Formula) -> Formula:
    from ...algebra.facts import Facts, Range
    from ...algebra.terms import Algebra

    al = Algebra(Facts({k: Range(0, math.inf, True) for k in names(f)}))
    return transform(al.tidy(f), lambda g: al.assemble(al.flat(g, deep=True)) if isinstance(g, Add) else None)


def unfinished(task: Task) -> NotValid:
    """What to state where nothing was found: by a total over a natural support if there is one, else the missing sets."""
    guess = dict.fromkeys(unit_letters(task.density), OPEN_UNIT) | dict.fromkeys(task.surely_whole, NATURAL)
    assumed = {k: d if d is not None else guess.get(k, POSITIVE) for k, d in task.stated.items()}
    stated = all(d is not None for d in task.supports.values())
    tied = all(has(task.density, Sym(v)) for v in task.variables)
    for support in task.support_candidates() if tied or stated else ():
        guessed = not stated and any(d.discrete for d in support.values())
        if guessed and not all(counts_something(task.density, v) for v in support):
            continue
        env = task.drawn(random.Random(3), {}, assumed)
        if env is None:
            break
        verdict = Trial(task.density, any_total=True).judge(support, env)
        if verdict.good and (stated or _recognised(task, support, assumed) is not None):
            return refusal(task, support, assumed, verdict)
    v = next((v for v in task.variables if task.supports[v] is None), None)
    letter = next(iter(task.open_letters), None)
    hints = []
    if v is not None:
        like = f"{reported(v)} > 0" if tied or letter is None else f"0 <= {reported(v)} <= {reported(letter)}"
        hints.append(f'support="{like}"')
    if letter is not None:
        hints.append(f'parameters={{"{reported(letter)}": "positive"}}')
    what = " and ".join(([f"the support of {reported(v)}"] if v else []) + ([f"the domain of {reported(letter)}"] if letter else []))
    return NotValid(
        f"{what} could not be inferred: over no natural support does {plain(task.density)} total 1",
        hint="check the density, or state " + " and ".join(hints) + "; to work with a function that is no density pass unnormalised=True",
    )
