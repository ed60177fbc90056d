"""What to say of a function that is no density, and of sets that could not be inferred."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Mapping
from fractions import Fraction

from ...algebra.facts import Facts, Range
from ...algebra.terms import Algebra
from ...errors import NotSupported, NotValid
from ...formula.evaluate import Env, compiled
from ...formula.names import reported
from ...formula.plain import plain
from ...formula.tree import ONE, Add, Call, Cases, Div, Formula, Relation, Sym, has, names, neg, num, replace_all, transform, value
from ...sets.domain import NATURAL, OPEN_UNIT, POSITIVE, Domain
from ..integration.normalise import total
from ..integration.total_in_words import closed_form
from .candidate import Trial, Verdict
from .normalising_constant import total_formula
from .stated import Stated
from .support_candidates import candidates, counts_something, unit_letters
from .supports_to_try import support_candidates

LACKING = 3  # so many values that a support lacks are written out


def refusal(asked: Stated, support: Mapping[str, Domain], domains: Mapping[str, Domain], verdict: Verdict) -> NotValid:
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
        return NotValid(f"the density {does} to infinity over {over}, not to 1", hint=_ways(asked, _other_support(asked, domains), None))
    other = _other_support(asked, domains)
    found = _recognised(asked, support, domains)
    found = found if found is not None and value(found) != 1 else None  # to rounding at the points that were tried
    found = found or (_but_for(asked, support, other, verdict) if other else None)
    found = found or _standard(asked, support, domains)
    if found is None:
        at = f" at {verdict.where()}" if verdict.env else ""
        shown = f"{t:.6g}" if abs(t - 1) > 1e-5 else f"{t:.12g}"
        return NotValid(f"the density {does} to {shown}{at} over {over}, not to 1", hint=_ways(asked, other, None))
    return NotValid(f"the density {does} to {plain(found)} over {over}, not to 1", hint=_ways(asked, other, found))


def _over(support: Mapping[str, Domain]) -> str:
    return " and ".join(d.text(reported(v)) if d.condition(Sym(v)) is not None else f"all real {reported(v)}" for v, d in support.items())


def _recognised(asked: Stated, support: Mapping[str, Domain], domains: Mapping[str, Domain]) -> Formula | None:
    rng = random.Random(11)
    points = [p for p in (asked.drawn(rng, {}, domains) for _ in range(4)) if p is not None]
    letters = [k for k in domains if k in names(asked.density)]

    def value(env: Env) -> float | None:
        return total(asked.density, support, env)

    return closed_form(value, points, letters) if points and not asked.covariates else None


def _standard(asked: Stated, support: Mapping[str, Domain], domains: Mapping[str, Domain]) -> Formula | None:
    """The total by a standard integral or sum."""
    if len(support) != 1 or asked.covariates or asked.constraints:
        return None
    ((v, d),) = support.items()
    try:
        return total_formula(asked.density, v, d, domains, search=False).formula
    except NotSupported:
        return None


def _but_for(asked: Stated, support: Mapping[str, Domain], other: Domain, verdict: Verdict) -> Formula | None:
    """1 minus the values at the few points that the support lacks, where over a larger lattice the total is 1."""
    ((v, d),) = support.items()
    a, b = value(d.low), value(other.low)
    if not (d.integer and other.integer and d.high == other.high and a is not None and b is not None and 0 < a - b <= LACKING):
        return None
    missing = [_at(asked.density, v, b + j) for j in range(int(a - b))]
    found = Add((ONE, *map(neg, missing)))
    at = compiled(found)(dict(verdict.env))
    return found if verdict.total is not None and abs(at - verdict.total) < 1e-8 else None


def _at(density: Formula, v: str, x: Fraction) -> Formula:
    """The density at a number, with 0! = 1! = 1."""

    def simple(f: Formula) -> Formula | None:
        return ONE if isinstance(f, Call) and f.name == "factorial" and value(f.args[0]) in (0, 1) else None

    return _tidied(transform(replace_all(density, {Sym(v): num(x)}), simple))


def _ways(asked: Stated, other: Domain | None, found: Formula | None) -> str:
    """Another support over which it is a density, the function divided by its total, or to say that it is not one."""
    ways = []
    if other is not None:
        shown = other.text(reported(asked.variables[0]))
        ways.append(f'It is a density over {shown}: was support="{shown}" meant?')
    elif found is not None:
        meant = _tidied(Div(asked.density, found), asked.variables)
        if names(asked.density) <= names(meant):
            ways.append(f"Did you mean {plain(meant)}?")
    ways.append(f"{'Or pass' if ways else 'Pass'} unnormalised=True to work with the function as it is.")
    return " ".join(ways)


def _other_support(asked: Stated, domains: Mapping[str, Domain]) -> Domain | None:
    """A natural support over which the function is a density."""
    if len(asked.variables) != 1:
        return None
    (v,) = asked.variables
    trial = Trial(asked.density)
    rng = random.Random(5)
    points = [p for p in (asked.drawn(rng, {}, domains) for _ in range(2)) if p is not None]
    for d in candidates(asked.density, v, list(domains)):
        if points and all(trial.judge({v: d}, p).good for p in points):
            return d
    return None


def _tidied(f: Formula, real: Collection[str] = ()) -> Formula:
    """A formula in letters that are positive, but for some that are real."""
    al = Algebra(Facts({k: Range(0, math.inf, True) for k in names(f) if k not in real}))
    return transform(al.tidy(f), lambda g: al.assemble(al.flat(g, deep=True)) if isinstance(g, Add) else None)


def _of_a_table(asked: Stated) -> NotValid | None:
    """What the probabilities of single values add up to, where that is not 1."""
    f = asked.density
    if len(asked.variables) != 1 or not isinstance(f, Cases):
        return None
    v = Sym(asked.variables[0])
    values = [c.sides[1] for g, c in f.rows if isinstance(c, Relation) and c.signs == ("=",) and c.sides[0] == v and not has(g, v)]
    if len(values) != len([g for g, _ in f.rows if value(g) != 0]) or len(set(values)) != len(values):
        return None
    found = Algebra().expand(Add(tuple(g for g, _ in f.rows)))
    if value(found) == 1:
        return None
    listed = ", ".join(map(plain, values))
    return NotValid(f"the probabilities of {reported(v.name)} = {listed} add up to {plain(found)}, not to 1", hint="check the table")


def unfinished(asked: Stated) -> NotValid:
    """What to state where nothing was found: by a total over a natural support if there is one, else the missing sets."""
    table = _of_a_table(asked)
    if table is not None:
        return table
    guess = dict.fromkeys(unit_letters(asked.density), OPEN_UNIT) | dict.fromkeys(asked.surely_whole, NATURAL)
    assumed = {k: d if d is not None else guess.get(k, POSITIVE) for k, d in asked.stated.items()}
    stated = all(d is not None for d in asked.supports.values())
    tied = all(has(asked.density, Sym(v)) for v in asked.variables)
    for support in support_candidates(asked) if tied or stated else ():
        guessed = not stated and any(d.discrete for d in support.values())
        if guessed and not all(counts_something(asked.density, v) for v in support):
            continue
        env = asked.drawn(random.Random(3), {}, assumed)
        if env is None:
            break
        verdict = Trial(asked.density, any_total=True).judge(support, env)
        if verdict.good and (stated or _recognised(asked, support, assumed) is not None):
            return refusal(asked, support, assumed, verdict)
    v = next((v for v in asked.variables if asked.supports[v] is None), None)
    letter = next(iter(asked.open_letters), None)
    hints = []
    if v is not None:
        like = f"{reported(v)} > 0" if tied or letter is None else f"0 <= {reported(v)} <= {reported(letter)}"
        hints.append(f'support="{like}"')
    if letter is not None:
        hints.append(f'parameters={{"{reported(letter)}": "positive"}}')
    what = " and ".join(([f"the support of {reported(v)}"] if v else []) + ([f"the domain of {reported(letter)}"] if letter else []))
    return NotValid(
        f"{what} could not be inferred: over no natural support does {plain(asked.density)} total 1",
        hint="check the density, or state " + " and ".join(hints) + "; to work with a function that is no density pass unnormalised=True",
    )
