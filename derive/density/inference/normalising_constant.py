"""What a kernel totals to, as a formula: standard integrals and sums, each compared with numbers before it is used."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ...algebra.facts import COUNT, POSITIVE, Facts, Range
from ...algebra.terms import Algebra, Term
from ...errors import NotSupported
from ...formula.evaluate import Env, compiled
from ...formula.plain import plain
from ...formula.tree import ONE, Add, Call, Div, Formula, Sym, add, call, has, mul, names, num, rational, size, transform, value
from ...sets.domain import Domain
from ..integration.distribution_function import definite_by_sympy
from ..integration.normalise import total
from ..integration.standard_integrals import PI, Found, integrals
from ..integration.standard_sums import sums
from ..integration.total_in_words import closed_form
from .support_candidates import unit_letters

POINTS = 4
DRAWS = 60
UNDECIDED = 5  # draws at which the total takes too long to find
CLOSE = 1e-6
FACTORS = 4  # of a beta function of a small whole number
LONGEST = 12  # values that are added one by one


@dataclass(frozen=True)
class Total:
    """A formula for the total, what it rests on in words, and at how many parameter points it was compared with numbers."""

    formula: Formula
    reason: str
    points: int


def total_formula(kernel: Formula, variable: str, support: Domain, domains: Mapping[str, Domain | None], search: bool = True) -> Total:
    """What a kernel integrates or sums to over its support.

    domains: of its other letters, None where nothing is known.  search: whether to go beyond the standard forms.  Raises NotSupported where no formula is found that agrees
    with the numbers.
    """
    letters = sorted((names(kernel) | support.letters) - {variable})
    al = Algebra(Facts({k: _range(domains.get(k)) for k in letters} | {variable: _hull(support)}))
    points = _points(kernel, variable, support, domains, letters)
    if points:
        x, best = Sym(variable), list[Total]()
        for f, reason in _candidates(kernel, x, support, al):
            shown = _simple(f, al)
            if _agrees(shown, points):
                best.append(Total(shown, reason, len(points)))
        for f, reason in _last_resorts(kernel, x, support, al, points) if search and not best else ():
            shown = _simple(f, al)
            if _agrees(shown, points):
                best.append(Total(shown, reason, len(points)))
                break
        if best:
            return min(best, key=lambda t: size(t.formula))
    does = "sum" if support.discrete else "integral"
    raise NotSupported(
        f"the {does} of {plain(kernel)} over {support.text(variable)} was not found as a formula",
        hint="give the density with its normalising constant, or state the support and the domains",
    )


def _range(d: Domain | None) -> Range:
    if d is None:
        return POSITIVE
    low, high = d.bounds({})
    return Range(low, high, True, True) if not d.discrete else Range(low, high)


def _hull(d: Domain) -> Range:
    low, high = d.bounds({})
    return COUNT if d.integer and low >= 1 else Range(low, high, not d.discrete, not d.discrete)


def _points(
    kernel: Formula, variable: str, support: Domain, domains: Mapping[str, Domain | None], letters: list[str]
) -> list[tuple[Env, float]]:
    """Parameter points at which the kernel has a positive finite total, with it."""
    rng, units, out = random.Random(5), unit_letters(kernel), list[tuple[Env, float]]()
    undecided = 0
    for draw in range(DRAWS):
        env: Env = {}
        for k in letters:
            d = domains.get(k)
            if d is not None:
                env[k] = d.points(rng, env, 1)[0]
            elif support.integer and k in names(support.high):
                env[k] = float(rng.randint(3, 9))
            else:
                env[k] = rng.uniform(0.1, 0.9) if k in units or draw % 3 == 2 else rng.uniform(0.6, 3.5)
        try:
            t = total(kernel, {variable: support}, env)
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        undecided += t is None
        if undecided > UNDECIDED:
            break
        if t is not None and 0 < t < math.inf:
            out.append((env, t))
            if len(out) == POINTS or not letters:
                break
    return out


def _agrees(f: Formula, points: list[tuple[Env, float]]) -> bool:
    try:
        g = compiled(f)
        return all(abs(g(env) - t) <= CLOSE * t for env, t in points)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return False


def _simple(f: Formula, al: Algebra) -> Formula:
    """Sums inside sums put together, gamma and beta of small numbers worked out."""
    flat = transform(f, lambda g: al.assemble(al.flat(g, deep=True)) if isinstance(g, Add) else None)
    return al.tidy(transform(al.tidy(flat), _worked_out))


def _worked_out(f: Formula) -> Formula | None:
    match f:
        case Call("gamma", (a,)) if (v := _gamma_number(a)) is not None:
            return v
        case Call("beta", (a, b)):
            p, q = value(a), value(b)
            if (p is None) != (q is None):  # (k - 1)! / (a (a + 1) ... (a + k - 1)) for a whole k
                k, other = (p, b) if p is not None else (q, a)
                if k is not None and k.denominator == 1 and 1 <= k <= FACTORS:
                    bottom = mul(*(add(other, num(j)) if j else other for j in range(int(k))))
                    return Div(num(math.factorial(int(k) - 1)), bottom)
            if p is not None and q is not None:
                parts = [_gamma_number(rational(v)) for v in (p, q, p + q)]
                if all(g is not None for g in parts):
                    return Div(mul(parts[0], parts[1]), parts[2])  # type: ignore[arg-type]
    return None


def _gamma_number(a: Formula) -> Formula | None:
    """Gamma at a small whole or half-whole number."""
    q = value(a)
    if q is None or not 0 < q <= LONGEST or q.denominator > 2:
        return None
    if q.denominator == 1:
        return num(math.factorial(int(q) - 1))
    c = Fraction(1)
    while q > 1:
        q -= 1
        c *= q
    return mul(rational(c), call("sqrt", PI)) if c != 1 else call("sqrt", PI)


def _candidates(kernel: Formula, x: Sym, support: Domain, al: Algebra) -> Found:
    """Formulas for the total by the standard integrals and sums, each with what it rests on."""
    outside, inside = _parted(kernel, x, al)
    c, body = al.build(outside), al.build(inside)
    for f, reason in (sums if support.discrete else integrals)(body, x, support, al):
        yield (mul(c, f) if c != ONE else f), reason


def _last_resorts(kernel: Formula, x: Sym, support: Domain, al: Algebra, points: list[tuple[Env, float]]) -> Found:
    """What the numbers look like; SymPy's integral."""
    letters = sorted((names(kernel) | support.letters) - {x.name})
    found = closed_form(lambda env: total(kernel, {x.name: support}, env), [env for env, _ in points], letters)
    if found is not None:
        yield found, "recognised from its numbers"
    if not support.discrete:
        outside, inside = _parted(kernel, x, al)
        g = definite_by_sympy(al.build(inside), x.name, support)
        if g is not None:
            yield mul(al.build(outside), g), "by integration"


def _parted(kernel: Formula, x: Sym, al: Algebra) -> tuple[Term, Term]:
    """The kernel as a term free of x times a term in x; e^(a + b(x)) parted too."""
    t = al.split(kernel)
    free, bound = dict[Formula, Formula](), dict[Formula, Formula]()
    for b, k in t.powers.items():
        if not has(b, x) and not has(k, x):
            free[b] = k
        elif not has(b, x):
            ts = al.flat(k, deep=True)
            apart = [s for s in ts if not has(al.build(s), x)]
            rest = [s for s in ts if has(al.build(s), x)]
            if apart:
                free[b] = al.assemble(apart)
            bound[b] = al.assemble(rest)
        else:
            bound[b] = k
    return Term(t.coefficient, free), Term(Fraction(1), bound)
