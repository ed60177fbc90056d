"""What to say of a function that is no density, and of sets that could not be inferred."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .domain import POSITIVE, Domain
from .errors import NotValid
from .formula.evaluate import Env
from .formula.names import reported
from .formula.plain import plain
from .formula.tree import Div, Formula, names
from .normalise import total
from .supports import candidates, counts_something
from .totals import closed_form
from .trial import Trial, Verdict

if TYPE_CHECKING:
    from .inference import _Task


def refusal(task: _Task, support: Mapping[str, Domain], domains: Mapping[str, Domain], verdict: Verdict) -> NotValid:
    """Why the function is no density over the support, what it totals to, and what was perhaps meant."""
    over = _over(support)
    if verdict.negative is not None:
        return NotValid(f"the density is negative at {verdict.where()}", hint="state the parameters' domains and the support so that it is nowhere negative")
    does = "sums" if all(d.discrete for d in support.values()) else "integrates"
    t = verdict.total
    if t is None or math.isnan(t):
        return NotValid(f"the density has no real value somewhere over {over} at {verdict.where()}", hint="state the support or the parameters' domains more narrowly")
    if t == math.inf:
        return NotValid(f"the density {does} to infinity over {over}, not to 1", hint=_ways(task, domains, None))
    found = _recognised(task, support, domains)
    found = found and _tidied(found)
    if found is None:
        at = f" at {verdict.where()}" if verdict.env else ""
        return NotValid(f"the density {does} to {t:.6g}{at} over {over}, not to 1", hint=_ways(task, domains, None))
    return NotValid(f"the density {does} to {plain(found)} over {over}, not to 1", hint=_ways(task, domains, found))


def _over(support: Mapping[str, Domain]) -> str:
    return " and ".join(d.text(reported(v)) if d.condition(_letter(v)) is not None else f"all real {reported(v)}" for v, d in support.items())


def _letter(v: str) -> Formula:
    from .formula.tree import Sym

    return Sym(v)


def _recognised(task: _Task, support: Mapping[str, Domain], domains: Mapping[str, Domain]) -> Formula | None:
    rng = random.Random(11)
    points = [p for p in (task.drawn(rng, {}, domains) for _ in range(4)) if p is not None]
    letters = [k for k in domains if k in names(task.density)]

    def value(env: Env) -> float | None:
        return total(task.density, support, env)

    return closed_form(value, points, letters) if points and not task.covariates else None


def _ways(task: _Task, domains: Mapping[str, Domain], found: Formula | None) -> str:
    """Another support over which it is a density, the function divided by its total, or to say that it is not one."""
    ways = []
    other = _other_support(task, domains)
    if other is not None:
        ways.append(f'it is a density over {other}: was support="{other}" meant?')
    elif found is not None:
        ways.append(f"did you mean {plain(_tidied(Div(task.density, found)))} ?")
    ways.append("pass unnormalised=True to work with the function as it is")
    text = "; ".join(ways)
    return text[0].upper() + text[1:]


def _other_support(task: _Task, domains: Mapping[str, Domain]) -> str | None:
    if len(task.variables) != 1:
        return None
    (v,) = task.variables
    trial = Trial(task.density)
    point = task.drawn(random.Random(5), {}, domains)
    if point is None:
        return None
    for d in candidates(task.density, v, list(domains)):
        if trial.judge({v: d}, point).good:
            return d.text(reported(v))
    return None


def _tidied(f: Formula) -> Formula:
    from .algebra import Algebra
    from .facts import Facts, Range

    return Algebra(Facts({k: Range(0, math.inf, True) for k in names(f)})).tidy(f)


def unfinished(task: _Task) -> NotValid:
    """What to state where nothing was found: by a total over a natural support if there is one, else the missing sets."""
    assumed = {k: d if d is not None else POSITIVE for k, d in task.stated.items()}
    for support in task.support_candidates():
        if any(d.discrete for d in support.values()) and not all(counts_something(task.density, v) for v in support):
            continue
        env = task.drawn(random.Random(3), {}, assumed)
        if env is None:
            break
        verdict = Trial(task.density, any_total=True).judge(support, env)
        if verdict.good and _recognised(task, support, assumed) is not None:
            return refusal(task, support, assumed, verdict)
    v = next((v for v in task.variables if task.supports[v] is None), None)
    letter = next(iter(task.open_letters), None)
    hints = []
    if v is not None:
        hints.append(f'support="{reported(v)} > 0"')
    if letter is not None:
        hints.append(f'parameters={{"{reported(letter)}": "positive"}}')
    what = " and ".join(([f"the support of {reported(v)}"] if v else []) + ([f"the domain of {reported(letter)}"] if letter else []))
    return NotValid(
        f"{what} could not be inferred: over no natural support does {plain(task.density)} total 1",
        hint="check the density, or state " + " and ".join(hints) + "; to work with a function that is no density pass unnormalised=True",
    )
