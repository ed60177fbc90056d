"""The density of one observation from what was given instead: a distribution function, a log-density, a kernel."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as changed

from ..algebra.facts import POSITIVE, REALS, Facts, Range
from ..algebra.terms import Algebra
from ..errors import NotSupported, NotValid
from ..formula.evaluate import compiled
from ..formula.tree import Call, Div, Formula, Pow, Sym, add, exp, factors, mul, names, neg, num, power, replace, replace_all, value, walk
from ..rules.calculus import NoDerivative, differentiate
from ..sets.domain import COUNTS, REAL, Domain
from ..sets.domain import POSITIVE as POSITIVE_SET
from .inference.candidate import Trial
from .inference.normalising_constant import Total, total_formula
from .inference.support_candidates import candidates, counts_something
from .origin import DISTRIBUTION, KERNEL, LOG, SURVIVAL, Origin


@dataclass(frozen=True)
class Made:
    """A density made from something else.

    density: the result.  raw: a form of it from which it follows by algebra alone; of a kernel its constant.  total: of a kernel.
    """

    density: Formula
    raw: Formula
    total: Total | None = None


@dataclass(frozen=True)
class Given:
    """What was given, and the density made from it, for the write-up."""

    origin: Origin
    made: Made

    def at(self, values: Mapping[Formula, Formula]) -> Given:
        """With values put in for known letters."""
        if not values:
            return self
        total = self.made.total
        made = Made(
            replace_all(self.made.density, values),
            replace_all(self.made.raw, values),
            None if total is None else changed(total, formula=replace_all(total.formula, values)),
        )
        return Given(changed(self.origin, given=replace_all(self.origin.given, values)), made)

    def check(self, variable: str, support: Domain, points: list[dict[str, float]]) -> None:
        """Raise NotValid where a distribution or survival function leaves [0, 1] inside the support."""
        if self.origin.kind not in (DISTRIBUTION, SURVIVAL):
            return
        f, rng = compiled(self.origin.given), random.Random(3)
        for env in points:
            for x in support.points(rng, dict(env), 3):
                v = f({**env, variable: x})
                if not -1e-9 <= v <= 1 + 1e-9:
                    raise NotValid(
                        f"the {self.origin.kind} is {v:.4g} at {variable} = {x:.4g}, which is no probability",
                        hint="check the formula and the support",
                    )


def density_from(origin: Origin, variable: str, support: Domain | None, domains: Mapping[str, Domain | None]) -> tuple[Made, Domain | None]:
    """The density, and the support where it had to be chosen to find it.

    Raises NotSupported where a derivative or the normalising constant is not found, NotValid where a support must be stated.
    """
    if origin.kind == LOG:
        raw = exp(origin.given)
        return Made(of_logarithms(origin.given), raw), support
    if origin.kind == KERNEL:
        chosen = support if support is not None else _only_support(origin.given, variable, domains)
        total = total_formula(origin.given, variable, chosen, domains)
        al = _algebra(origin.given, variable, chosen, domains)
        constant = al.tidy(Div(num(1), total.formula))
        density = mul(*(() if constant == num(1) else (constant,)), *factors(origin.given))
        return Made(density, constant, total), chosen
    return _from_distribution(origin, variable, support, domains), support


def _algebra(f: Formula, variable: str, support: Domain | None, domains: Mapping[str, Domain | None]) -> Algebra:
    """Algebra with what is stated; a letter under a power that is no number, or under a logarithm, is positive."""
    positive = {k for g in walk(f) for k in _bases(g)}
    letters: dict[str, Range] = {}
    for k in names(f) | (support.letters if support is not None else set()):
        d = support if k == variable else domains.get(k)
        if d is not None and d.discrete:
            letters[k] = REALS
        elif d is not None:
            low, high = d.bounds({})
            letters[k] = Range(low, high, True, True)
        else:
            letters[k] = POSITIVE if k in positive else REALS
    return Algebra(Facts(letters))


def _bases(f: Formula) -> frozenset[str]:
    match f:
        case Pow(b, k) if names(k) and not any(type(g).__name__ == "Add" for g in walk(b)):
            return names(b)
        case Call("log" | "sqrt", (b,)) if not any(type(g).__name__ == "Add" for g in walk(b)):
            return names(b)
    return frozenset()


# -- log-densities ---------------------------------------------------------------------------------


def of_logarithms(u: Formula) -> Formula:
    """e^u with c log b turned into b^c."""
    al = Algebra()
    rest, out = list[Formula](), list[Formula]()
    for t in al.flat(u, deep=True):
        logs = [b for b, k in t.powers.items() if isinstance(b, Call) and b.name == "log" and k == num(1)]
        if len(logs) != 1:
            rest.append(al.build(t))
            continue
        (b,) = logs
        assert isinstance(b, Call)
        exponent = al.build(type(t)(t.coefficient, {c: k for c, k in t.powers.items() if c != b}))
        out.append(power(b.args[0], exponent))
    if rest:
        out.append(exp(add(*rest)))
    return al.tidy(mul(*out))


# -- distribution functions ------------------------------------------------------------------------


def _from_distribution(origin: Origin, variable: str, support: Domain | None, domains: Mapping[str, Domain | None]) -> Made:
    x, f = Sym(variable), origin.given
    sign = 1 if origin.kind == DISTRIBUTION else -1
    al = _algebra(f, variable, support, domains)
    if support is not None and support.discrete:
        step = num(1) if origin.strict else num(-1)
        here, there = f, replace(f, x, add(x, step))
        raw = add(here, neg(there)) if (sign > 0) != origin.strict else add(there, neg(here))
        return Made(_factored(raw, al), raw)
    try:
        slope = differentiate(f, x, al)
    except NoDerivative as e:
        raise NotSupported(
            f"the derivative of the {origin.kind} needs that of {e}, which is not known here", hint="give the density"
        ) from None
    raw = slope if sign > 0 else neg(slope)
    return Made(al.tidy(raw), raw)


def _factored(f: Formula, al: Algebra) -> Formula:
    """A difference of powers of the same base with exponents that differ by a number: the lower power taken out."""
    ts = al.collect(al.flat(f, deep=True))
    if len(ts) < 2:
        return al.assemble(ts)
    shared: dict[Formula, Formula] = {}
    for b in ts[0].powers:
        exponents = [t.powers.get(b) for t in ts]
        if any(k is None for k in exponents) or not names(ts[0].powers[b]):
            continue
        gaps = [value(al.assemble(al.flat(add(k, neg(ts[0].powers[b])), deep=True))) for k in exponents if k is not None]
        if all(g is not None for g in gaps):
            lowest = min(g for g in gaps if g is not None)
            shared[b] = al.assemble(al.flat(add(ts[0].powers[b], num(lowest)), deep=True))
    if not shared:
        return al.assemble(ts)
    front = type(ts[0])(ts[0].coefficient / ts[0].coefficient, shared)
    inner = []
    for t in ts:
        powers = dict(t.powers)
        for b, k in shared.items():
            gap = value(al.assemble(al.flat(add(powers.pop(b), neg(k)), deep=True)))
            if gap:
                powers[b] = num(gap)
        inner.append(type(t)(t.coefficient, powers))
    return mul(*(g for g in (al.build(front), al.assemble(al.flat(al.assemble(inner), deep=True))) if g != num(1)))


# -- kernels ---------------------------------------------------------------------------------------


def _only_support(kernel: Formula, variable: str, domains: Mapping[str, Domain | None]) -> Domain:
    """The support of a kernel that comes without one, where its structure leaves no choice.

    Raises NotValid where it does: over several supports it has a finite total.
    """
    letters = sorted(names(kernel) - {variable})
    points = []
    rng = random.Random(4)
    for _ in range(3):
        points.append({k: (domains.get(k) or POSITIVE_SET).points(rng, {}, 1)[0] for k in letters})
    trial = Trial(kernel, any_total=True)
    counts = counts_something(kernel, variable)
    for d in candidates(kernel, variable, ()):
        natural = d.integer and (bool(names(d.high)) or (d == COUNTS and _has_factorial(kernel))) if counts else d in (REAL, POSITIVE_SET)
        if natural and all(trial.judge({variable: d}, p).good for p in points):
            return d
    raise NotValid(f"over which values of {variable} does the kernel hold?", hint=f'state support="{variable} > 0", for example')


def _has_factorial(f: Formula) -> bool:
    return any(isinstance(g, Call) and g.name == "factorial" for g in walk(f))
