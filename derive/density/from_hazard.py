"""The survival function from a hazard rate or a cumulative hazard: S = exp(-H), H the integral of the rate.

Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, section 1.2.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import replace as changed

from ..algebra.facts import POSITIVE, Facts, Range
from ..algebra.terms import Algebra
from ..errors import NotSupported
from ..formula.evaluate import compiled
from ..formula.tree import ZERO, Add, Call, Div, Formula, Mul, Num, Pow, Sym, add, exp, names, neg, num, replace, transform
from ..sets.domain import POSITIVE as POSITIVE_SET
from ..sets.domain import Domain
from .integration.antiderivative import antiderivative
from .integration.quadrature import integral
from .origin import CUMULATIVE, SURVIVAL, Origin

POINTS = 3  # parameter points at which an integral is compared with numerical integration


def survival_of(origin: Origin, variable: str, support: Domain | None, domains: Mapping[str, Domain | None]) -> tuple[Origin, Domain]:
    """The survival function that a hazard says, and where it holds: from 0 on, unless stated otherwise.

    Raises NotSupported where the integral of the hazard rate is not found, or found and not confirmed.
    """
    chosen = support if support is not None else POSITIVE_SET
    if origin.kind == CUMULATIVE:
        return changed(origin, kind=SURVIVAL, given=exp(neg(origin.given)), first=origin), chosen
    x = Sym(variable)
    letters: dict[str, Range] = dict.fromkeys(names(origin.given) | chosen.letters, POSITIVE)
    for k, d in domains.items():
        if d is not None and not d.discrete and not d.letters:
            letters[k] = Range(*d.bounds({}), d.low_open, d.high_open)
    al = Algebra(Facts(letters))
    found = antiderivative(origin.given, x, al)
    start = None if found is None else _at(found, x, chosen.low, al)
    if found is None or start is None:
        raise NotSupported(
            "the integral of this hazard rate is not known here", hint="give the survival function, S(t) = ..., or the density"
        )
    total = al.tidy(add(found, neg(start)))
    _confirm(origin.given, total, variable, chosen, domains)
    return changed(origin, kind=SURVIVAL, given=exp(neg(total)), first=origin), chosen


def _at(f: Formula, x: Sym, low: Formula, al: Algebra) -> Formula | None:
    """f at the lower end; at 0 with positive powers of 0 as 0; None where it has no value there."""
    if low != ZERO:
        return replace(f, x, low)

    def without_zero(g: Formula) -> Formula | None:
        match g:
            case Pow(b, k) if b == ZERO and al.facts.positive(k):
                return ZERO
            case Pow(Call("exp", (u,)), _) | Call("exp", (u,)) if u == ZERO:
                return num(1)
            case Mul(fs) if ZERO in fs:
                return ZERO
            case Div(a, _) if a == ZERO:
                return ZERO
            case Add(ts) if ZERO in ts:
                return add(*(t for t in ts if t != ZERO))
            case Call("log", (Num(v),)) if v == 1:
                return ZERO
        return None

    at_zero = transform(replace(f, x, ZERO), without_zero)
    try:
        v = compiled(at_zero)(dict.fromkeys(names(at_zero), 1.37))
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return at_zero if math.isfinite(v) else None


def _confirm(rate: Formula, total: Formula, variable: str, support: Domain, domains: Mapping[str, Domain | None]) -> None:
    """Raises NotSupported unless the integral agrees with numerical integration at a few points."""
    rng = random.Random(11)
    f, g = compiled(rate), compiled(total)
    letters = sorted((names(rate) | support.letters) - {variable})
    for _ in range(POINTS):
        env = {k: (domains.get(k) or POSITIVE_SET).points(rng, {}, 1)[0] for k in letters}
        low = support.bounds(env)[0]
        upper = low + rng.uniform(0.3, 1.5)
        try:
            area = integral(lambda v, env=env: f({**env, variable: v}), low, upper)  # type: ignore[misc]
        except ValueError:  # it is infinite somewhere
            area = None
        if area is None or not math.isclose(area, g({**env, variable: upper}), rel_tol=1e-6):
            raise NotSupported("the integral of this hazard rate could not be confirmed", hint="give the survival function, S(t) = ...")


__all__ = ["survival_of"]
