"""The survival function from the density: antiderivatives by rule, SymPy's integrator in a bounded process behind them.

What is found is compared with numerical integration of the density before it is used.
"""

from __future__ import annotations

import math
import random
import subprocess
import sys
from fractions import Fraction

from ..algebra import Algebra, Term
from ..errors import NotSupported
from ..formula.evaluate import Env, compiled
from ..formula.tree import ONE, ZERO, Add, Const, Formula, Neg, Sym, add, exp, has, mul, neg, num, replace
from ..rules.calculus import NoDerivative, differentiate
from .domain import Domain
from .quadrature import integral

E = Const("e")
SECONDS = 10  # for SymPy's integrator
SCRIPT = (
    "import sys, sympy as s; from derive.reading.sympytext import read_sympy; from derive.reading.context import Context;"
    "from derive.formula.bridge import to_sympy; text, v, low, high = sys.argv[1:5];"
    "f = to_sympy(read_sympy(text, Context())[0].formula);"
    "t = {q: s.Symbol(q.name, positive=True) for q in f.free_symbols};"
    "x = s.Symbol(v, positive=True); b = s.oo if high == 'oo' else to_sympy(read_sympy(high, Context())[0].formula).xreplace(t);"
    "y = s.Dummy(positive=True); r = s.simplify(s.integrate(f.xreplace(t).subs(x, y), (y, x, b)));"
    "print(r if not r.has(s.Integral) else '')"
)


def antiderivative(f: Formula, v: Sym, al: Algebra) -> Formula | None:
    """A function whose derivative in v is f, for f = c u' e^u, c v^k and c (a + b v)^k; else None."""
    t = al.split(f)
    u = t.powers.get(E)
    if u is not None and has(u, v):
        rest = Term(t.coefficient, {b: k for b, k in t.powers.items() if b != E})
        try:
            inner = al.split(al.tidy(differentiate(u, v, al)))
        except NoDerivative:
            return None
        ratio = al.build(al.divided(rest, inner)) if inner.coefficient else None
        return None if ratio is None or has(ratio, v) else al.tidy(mul(ratio, exp(u)))
    bound = [(b, k) for b, k in t.powers.items() if has(b, v) or has(k, v)]
    if len(bound) != 1 or has(bound[0][1], v):
        return None
    b, k = bound[0]
    slope = ONE if b == v else al.tidy(differentiate(b, v, al)) if isinstance(b, Add) else None
    raised = al.tidy(add(k, ONE))
    if slope is None or has(slope, v) or raised == ZERO:
        return None
    rest = Term(t.coefficient, {c: e for c, e in t.powers.items() if c != b})
    parts = (rest, Term(Fraction(1), {b: raised}), al.raised(al.split(raised), num(-1)), al.raised(al.split(slope), num(-1)))
    return al.build(al.times(parts))


def survival(density: Formula, v: str, support: Domain, al: Algebra, points: tuple[Env, ...]) -> Formula:
    """P(X > v) as a formula in v.  points: parameter values at which it is compared with numerical integration.

    Raises NotSupported where it is not found, or found and not confirmed.
    """
    if support.discrete:
        raise NotSupported("censored counts of a discrete variable are not supported yet")
    x = Sym(v)
    g = antiderivative(density, x, al)
    candidates: list[Formula] = []
    if g is not None:
        top = ZERO if support.high == Const("oo") else replace(g, x, support.high)
        candidates.append(al.tidy(add(top, neg(g))) if top != ZERO else al.tidy(neg(g)))
        if support.low != Neg(Const("oo")):
            candidates.append(al.tidy(add(ONE, neg(g), replace(g, x, support.low))))
    for f in candidates:
        if _confirmed(f, density, v, support, points):
            return f
    f2 = _by_sympy(density, v, support)
    if f2 is not None and _confirmed(f2, density, v, support, points):
        return f2
    raise NotSupported(
        "the survival function of this density was not found as a formula",
        hint="give exact observations, or a density with a closed integral",
    )


def _confirmed(f: Formula, density: Formula, v: str, support: Domain, points: tuple[Env, ...]) -> bool:
    """Whether f agrees with the integral of the density above some points of the support."""
    g, d = compiled(f), compiled(density)
    rng = random.Random(3)
    for env in points:
        for x in support.points(rng, env, 2):
            _, high = support.bounds(env)
            total = integral(lambda t, env=env: d({**env, v: t}), x, high)  # type: ignore[misc]
            found = g({**env, v: x})
            if total is None or math.isnan(found) or abs(total - found) > 1e-6 * (1 + abs(found)):
                return False
    return bool(points)


def _by_sympy(density: Formula, v: str, support: Domain) -> Formula | None:
    """SymPy's definite integral, in a process of its own that is stopped when its time is up."""
    from ..formula.plain import plain
    from ..reading.context import Context
    from ..reading.sympytext import read_sympy

    high = "oo" if support.high == Const("oo") else plain(support.high)
    try:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, plain(density), v, "0", high], capture_output=True, text=True, timeout=SECONDS, check=False
        )
        text = done.stdout.strip()
        return read_sympy(text, Context())[0].formula if text else None
    except (subprocess.TimeoutExpired, OSError, NotSupported):
        return None
