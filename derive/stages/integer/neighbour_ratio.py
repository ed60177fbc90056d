"""The ratio of the likelihoods at neighbouring whole numbers: its layout, its numbers, the test points at which it is judged."""

from __future__ import annotations

import math
from fractions import Fraction

from ...algebra.terms import Algebra, Term
from ...errors import NotSupported
from ...formula.evaluate import Env
from ...formula.tree import ONE, Add, At, Big, Div, Formula, Mul, N, Neg, Pow, Sym, has, mul, neg, num, transform, value
from ...sample.observations import Observations
from ..likelihood.product import with_data
from ..setting import Setting


def common_exponent(t: Term) -> Formula | None:
    """k where every exponent is k or -k and the coefficient is 1."""
    if t.coefficient != 1 or not t.powers:
        return None
    first = next(iter(t.powers.values()))
    k = first.arg if isinstance(first, Neg) else first
    return k if all(e in (k, neg(k)) for e in t.powers.values()) and not isinstance(k, (Add, Div)) else None


def laid_out(t: Term, al: Algebra) -> Formula:
    """A ratio of powers with one exponent as a power of a ratio."""
    k = common_exponent(t)
    return (
        al.build(t)
        if k is None or k == ONE
        else Pow(al.build(Term(t.coefficient, {b: ONE if e == k else neg(ONE) for b, e in t.powers.items()})), k)
    )


def rooted(t: Term, k: Formula, u: Sym, al: Algebra) -> Term:
    """The k-th root of a term whose factors with the unknown have the power k or -k."""
    inside = {b: ONE if e == k else neg(ONE) for b, e in t.powers.items() if has(b, u)}
    rest = Term(t.coefficient, {b: e for b, e in t.powers.items() if b not in inside})
    return al.times((Term(Fraction(1), inside), al.raised(rest, Div(ONE, k))))


def with_numbers(f: Formula, setting: Setting) -> Formula:
    """Sums over given data and n as numbers."""
    if not setting.numbers:
        return f
    f = with_data(f, setting.problem, setting.al)[0]
    return f if isinstance(f, Pow) else setting.al.tidy(f)


def multiplied_out(f: Formula, seen: Observations) -> Formula:
    """Products over given data written out."""

    def one(g: Formula) -> Formula | None:
        if isinstance(g, Big) and g.kind == "prod":
            return mul(*(Pow(seen.at(g.body, g.index, row), num(times)) for row, times in seen.rows))
        return num(seen.size) if g == N else None

    return transform(f, one)


def is_whole(f: Formula) -> bool:
    """Whether a formula in whole observations is made of sums and products of whole numbers."""
    match f:
        case At() | Sym():
            return True
        case Neg(a):
            return is_whole(a)
        case Add(fs) | Mul(fs):
            return all(map(is_whole, fs))
    v = value(f)
    return v is not None and v.denominator == 1


def where_positive(setting: Setting, name: str) -> tuple[Env, ...]:
    """Test points with the parameter moved up by several steps, in which the likelihood is positive there and one before."""
    out = []
    for w in setting.lines_oracle.points:
        for step in (0, 1, 2, 5, 17, 60, 250):
            v = {**w, name: w[name] + step}
            if (
                setting.problem.parameters[name].contains(v[name])
                and all(math.isfinite(w["ell"](v[name] - j)) for j in (0, 1))
                and all(setting.problem.possible({**v, name: v[name] - j}) for j in (0, 1))
            ):
                out.append(v)
    if not out:
        raise NotSupported(f"no two neighbouring values of {name} were found at which the data are possible")
    return tuple(out)
