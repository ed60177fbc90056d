"""A formula brought to a form with few occurrences of its unknown: derivatives, sums taken apart, lemma atoms.

What widens an enclosure is that a letter stands in several places.  So what does not depend on the index comes before a sum,
logarithms are parted, e^u/(1 + e^u) becomes a sigmoid, a ratio of Bessel functions or of weighted sums an atom of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from ...algebra.terms import Algebra
from ...formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    At,
    Big,
    Call,
    Const,
    Div,
    Formula,
    Mul,
    Neg,
    Num,
    Pow,
    Sym,
    children,
    factors,
    names,
    num,
    rebuild,
    value,
    walk,
)
from .exact import NotCovered


@dataclass(frozen=True)
class Form:
    """What the form of a formula depends on.

    unknowns: their letters.  size: the number of observations.  positive: whether a formula is positive for all values of the
    unknowns in their domains.  whole: the bases of observations that are whole numbers from 0 on.
    """

    unknowns: tuple[str, ...]
    size: int
    positive: Callable[[Formula], bool]
    whole: frozenset[str] = frozenset()


# -- building without 0, 1 and double signs ----------------------------------------------------------


def add(*terms: Formula) -> Formula:
    """The sum without zeros, sums in it opened."""
    out: list[Formula] = []
    for t in terms:
        if isinstance(t, Neg) and isinstance(t.arg, Add):
            out += [neg(u) for u in t.arg.terms]
        else:
            out += t.terms if isinstance(t, Add) else () if t == ZERO else (t,)
    return ZERO if not out else out[0] if len(out) == 1 else Add(tuple(out))


def neg(a: Formula) -> Formula:
    """Minus a."""
    return ZERO if a == ZERO else a.arg if isinstance(a, Neg) else Neg(a)


def mul(*factors: Formula) -> Formula:
    """The product without ones, its sign before it."""
    out: list[Formula] = []
    minus = False
    for f in factors:
        if isinstance(f, Neg):
            minus, f = not minus, f.arg
        if f == ZERO:
            return ZERO
        out += f.factors if isinstance(f, Mul) else () if f == ONE else (f,)
    if len(set(map(_base, out))) < len(out):
        out = _gathered(out)
    m = ONE if not out else out[0] if len(out) == 1 else Mul(tuple(out))
    return neg(m) if minus else m


def order(f: Formula) -> Fraction:
    """The whole exponent of a power; 1 of anything else."""
    return (value(f.exponent) or Fraction(1)) if isinstance(f, Pow) and _base(f) is not f else Fraction(1)


def _base(f: Formula) -> Formula:
    v = value(f.exponent) if isinstance(f, Pow) else None
    return f.base if isinstance(f, Pow) and v is not None and v.denominator == 1 else f


def _gathered(factors: list[Formula]) -> list[Formula]:
    """Equal factors as whole powers, numbers as one."""
    exponents: dict[Formula, Fraction] = {}
    number = Fraction(1)
    for f in factors:
        v = value(f)
        if v is not None:
            number *= v
            continue
        b = _base(f)
        k = value(f.exponent) if isinstance(f, Pow) and b is not f else Fraction(1)
        exponents[b] = exponents.get(b, Fraction(0)) + (k or 0)
    out = [power(b, num(k)) for b, k in exponents.items() if k]
    return out if number == 1 else [num(number), *out]


def div(a: Formula, b: Formula) -> Formula:
    """The fraction, its sign before it."""
    if isinstance(a, Neg):
        return neg(div(a.arg, b))
    if isinstance(b, Neg):
        return neg(div(a, b.arg))
    if isinstance(b, Div):
        return div(mul(a, b.bottom), b.top)
    return ZERO if a == ZERO else a if b == ONE else Div(a, b)


def power(a: Formula, k: Formula) -> Formula:
    """The power; of a fraction or a power with a whole exponent its parts'."""
    v = value(k)
    if v == 1 or v == 0:
        return a if v else ONE
    if v is not None and v.denominator == 1:
        if isinstance(a, Neg):
            return power(a.arg, k) if v % 2 == 0 else neg(power(a.arg, k))
        if isinstance(a, Pow) and (w := value(a.exponent)) is not None:
            return power(a.base, num(v * w)) if w.denominator == 1 else Pow(a, k)
        if v < 0:
            return div(ONE, power(a, num(-v)))
    return Pow(a, k)


def call(name: str, *args: Formula) -> Formula:
    """A function."""
    return Call(name, args)


# -- derivatives -------------------------------------------------------------------------------------

SLOPES: Mapping[str, Callable[[Formula], Formula]] = {  # the derivative at u, without the factor u'
    "log": lambda u: div(ONE, u),
    "exp": lambda u: call("exp", u),
    "expm1": lambda u: call("exp", u),
    "sqrt": lambda u: div(ONE, mul(TWO, call("sqrt", u))),
    "sin": lambda u: call("cos", u),
    "cos": lambda u: neg(call("sin", u)),
    "sinh": lambda u: call("cosh", u),
    "cosh": lambda u: call("sinh", u),
    "tanh": lambda u: power(call("cosh", u), num(-2)),
    "arctan": lambda u: div(ONE, add(ONE, Pow(u, TWO))),
    "loggamma": lambda u: call("digamma", u),
    "digamma": lambda u: call("trigamma", u),
    "sigmoid": lambda u: mul(call("sigmoid", u), call("sigmoid", neg(u))),
    "softplus": lambda u: call("sigmoid", u),
    "logI0": lambda u: call("bratio", u),
    "logPhi": lambda u: call("mills", u),
    "logpsi": lambda u: call("logpsislope", u),
    "mills": lambda u: neg(call("millsslope", u)),
    "normalgap": lambda u: call("normalgapslope", u),
    "bernoulli": lambda u: call("bernoullislope", u),
    "bratio": lambda u: call("bratioslope", u),
    "Phi": lambda u: mul(div(ONE, call("sqrt", mul(TWO, Const("pi")))), call("exp", neg(div(Pow(u, TWO), TWO)))),
    "erf": lambda u: mul(div(TWO, call("sqrt", Const("pi"))), call("exp", neg(Pow(u, TWO)))),
    "erfc": lambda u: neg(mul(div(TWO, call("sqrt", Const("pi"))), call("exp", neg(Pow(u, TWO))))),
}


def derivative(f: Formula, x: str) -> Formula:
    """The derivative of a formula of this form.  Raises `NotCovered`."""
    if x not in names(f):
        return ZERO
    match f:
        case Sym():
            return ONE
        case Add(ts):
            return add(*(derivative(t, x) for t in ts))
        case Neg(a):
            return neg(derivative(a, x))
        case Mul(fs):
            return add(*(mul(*fs[:i], derivative(g, x), *fs[i + 1 :]) for i, g in enumerate(fs)))
        case Div(a, b):
            up = div(derivative(a, x), b)
            down = div(mul(a, derivative(b, x)), power(b, TWO)) if x in names(b) else ZERO
            return add(up, neg(down))
        case Pow(a, k) if x not in names(k):
            v = value(k)
            return mul(k, power(a, num(v - 1) if v is not None else add(k, Neg(ONE))), derivative(a, x))
        case Pow(a, k):
            return mul(f, derivative(mul(k, call("log", a)), x))
        case Call("besseli", (k, u)) if k == ZERO:
            return mul(call("besseli", ONE, u), derivative(u, x))
        case Call("expmean", (u, c)):
            return mul(call("expvar", u, c), derivative(u, x))
        case Call("loggammas" | "digammas" as name, (u, c)):
            return mul(call("digammas" if name == "loggammas" else "trigammas", u, c), derivative(u, x))
        case Call(name, (u,)) if name in SLOPES:
            return mul(SLOPES[name](u), derivative(u, x))
        case Big("sum", i, low, high, body):
            return Big("sum", i, low, high, derivative(body, x))
    raise NotCovered(type(f).__name__)


# -- the form ----------------------------------------------------------------------------------------


def plain(f: Formula, form: Form) -> Formula:
    """The form in which a formula of the engine is looked at: functions of this package, sums taken apart, tidy.  Raises `NotCovered`."""
    kids = children(f)
    if kids and not isinstance(f, (Big, At)):
        f = rebuild(f, tuple(plain(k, form) for k in kids))
    match f:
        case Add((Num(v), Call("erf", (u,)))) | Add((Call("erf", (u,)), Num(v))) if v == 1:
            return mul(TWO, call("Phi", _times_root_of_two(u)))
        case Add((Num(v), Neg(Call("erf", (u,))))) if v == 1:
            return mul(TWO, call("Phi", neg(_times_root_of_two(u))))
        case Add(ts):
            return together(add(*ts), form)
        case Neg(a):
            return neg(a)
        case Mul(fs):
            return tidy(mul(*fs))
        case Div(a, b):
            return mixture(a, b, form) or tidy(div(a, b))
        case Pow(a, k):
            return _power(a, k, frozenset(form.unknowns))
        case Call("log", (u,)):
            return parted(u, form)
        case Call("factorial", (u,)):
            return call("gamma", add(u, ONE))
        case Call("besseli", (k, _)) if k not in (ZERO, ONE):
            raise NotCovered("besseli")
        case Big("sum", i, low, high, body):
            if low != ONE or high not in (Sym("n"), num(form.size)):
                raise NotCovered("a sum that is not over the sample")
            return spread(plain(body, form), i)
        case Num() | Const() | Sym() | At() | Call():
            return f
    raise NotCovered(type(f).__name__)


def _times_root_of_two(u: Formula) -> Formula:
    """The argument of Phi in erf u = 2 Phi(u sqrt 2) - 1."""
    root = call("sqrt", TWO)
    if isinstance(u, Div) and root in factors(u.bottom):
        return tidy(div(u.top, mul(*(g for g in factors(u.bottom) if g != root))))
    return neg(_times_root_of_two(u.arg)) if isinstance(u, Neg) else mul(root, u)


def mixture(a: Formula, b: Formula, form: Form) -> Formula | None:
    """(A e^u + B e^v)/(P e^u + Q e^v), with P and Q positive, by the weight of either part, in which the exponentials stand once; None of
    another form."""
    if not (isinstance(b, Add) and len(b.terms) == 2):
        return None
    if isinstance(a, Mul):
        inner = next((g for g in a.factors if isinstance(g, Add)), None)
        found = mixture(inner, b, form) if inner is not None else None
        return None if found is None else mul(*(g for g in a.factors if g is not inner), found)
    (p, u), (q, v) = map(_exponential, b.terms)
    if u == v or not (names(u) | names(v)) & set(form.unknowns) or not (form.positive(p) and form.positive(q)):
        return None
    parts: dict[Formula, list[Formula]] = {u: [], v: []}
    for t in a.terms if isinstance(a, Add) else (a,):
        rest, e = _exponential(t)
        if e not in parts:
            return None
        parts[e].append(rest)
    w = together(add(parted(p, form), neg(parted(q, form)), _gap(u, v, form)), form)
    weights = ((u, p, w), (v, q, neg(w)))
    return together(add(*(mul(tidy(div(add(*parts[e]), c)), call("sigmoid", x)) for e, c, x in weights if parts[e])), form)


def _exponential(t: Formula) -> tuple[Formula, Formula]:
    """c and u of a term c e^u; u is 0 where there is no exponential."""
    match t:
        case Neg(g):
            c, u = _exponential(g)
            return neg(c), u
        case Div(g, h):
            c, u = _exponential(g)
            return div(c, h), u
        case Mul(fs):
            inside = [g for g in fs if isinstance(g, Call) and g.name == "exp"]
            return mul(*(g for g in fs if g not in inside)), add(*(g.args[0] for g in inside))
        case Call("exp", (u,)):
            return ONE, u
    return t, ZERO


def _gap(u: Formula, v: Formula, form: Form) -> Formula:
    """u - v with few occurrences of the unknowns: equal terms together, else multiplied out."""
    left: dict[Formula, Fraction] = {}
    whole = add(u, neg(v))
    for t in whole.terms if isinstance(whole, Add) else (whole,):
        c, g = coefficient(t)
        while isinstance(g, Div) and (d := value(g.bottom)):
            k, g = coefficient(g.top)
            c *= k / d
        left[g] = left.get(g, Fraction(0)) + c
    short = add(*(mul(num(abs(c)), g) if c > 0 else neg(mul(num(abs(c)), g)) for g, c in left.items() if c))
    opened = Algebra().expand(short)
    return min((short, opened), key=lambda f: sum(isinstance(g, Sym) and g.name in form.unknowns for g in walk(f)))


def _power(a: Formula, k: Formula, unknowns: frozenset[str]) -> Formula:
    if unknowns & names(k) or (value(k) is None and unknowns & names(a)):
        return call("exp", mul(k, call("log", a)))  # a positive base
    if isinstance(a, Call) and a.name == "exp":
        return call("exp", mul(k, a.args[0]))
    if isinstance(a, Call) and a.name == "sqrt" and value(k) == 2:
        return a.args[0]
    return power(a, k)


def parted(u: Formula, form: Form) -> Formula:
    """log u as a sum of logarithms, as far as the parts are positive."""
    positive = form.positive
    match u:
        case Mul(fs) if all(map(positive, fs)):
            return together(add(*(parted(g, form) for g in fs)), form)
        case Div(a, b) if positive(a) and positive(b):
            return together(add(parted(a, form), neg(parted(b, form))), form)
        case Pow(a, k) if positive(a):
            return mul(k, parted(a, form))
        case Call("exp", (a,)):
            return a
        case Call("sqrt", (a,)) if positive(a):
            return div(parted(a, form), TWO)
        case Call("gamma", (a,)) if positive(a):
            return call("loggamma", a)
        case Call("besseli", (k, a)) if k == ZERO and positive(a):
            return call("logI0", a)
        case Call("Phi", (a,)):
            return call("logPhi", a)
        case Add((Num(v), Neg(Call("Phi", (a,))))) if v == 1:
            return call("logPhi", neg(a))
        case Call("beta", (a, b)) if positive(a) and positive(b):
            return add(call("loggamma", a), call("loggamma", b), neg(call("loggamma", add(a, b))))
        case Call("abs", (a,)):
            if positive(a) or positive(neg(a)):
                return parted(a if positive(a) else neg(a), form)
            match a:
                case Mul(fs):
                    return add(*(parted(call("abs", g), form) for g in fs))
                case Div(c, d):
                    return add(parted(call("abs", c), form), neg(parted(call("abs", d), form)))
    return call("log", u)


def together(f: Formula, form: Form) -> Formula:
    """Terms with the same function that differ by a number as one; log a - psi(a) and sums of psi(x + r) - psi(r) as atoms."""
    if not isinstance(f, Add):
        return f
    left: dict[Formula, Fraction] = {}
    with_mills = any(isinstance(g, Call) and g.name == "mills" for g in walk(f))
    ts = tuple(g for t in f.terms for g in _opened(t)) if with_mills else reduce(_linear, form.unknowns, f.terms)
    for t in ts:
        c, g = coefficient(t)
        left[g] = left.get(g, Fraction(0)) + c
    for g in [h.args[0] for h in walk(f) if isinstance(h, Call) and h.name == "mills"] if with_mills else ():
        for lead in ((), (Sym("n"),)):
            single, (k, u) = mul(*lead, call("mills", g)), coefficient(g)
            c, beside = left.get(single, Fraction(0)), left.get(mul(*lead, u), Fraction(0))
            if c and c * k * beside > 0 and abs(beside) >= abs(c * k):  # lambda(t) + t, which loses no digits
                both = mul(*lead, call("normalgap", g))
                left[both] = left.get(both, Fraction(0)) + c
                left[single], left[mul(*lead, u)] = Fraction(0), beside - c * k
    for name in ("digamma", "loggamma"):
        for g in [g for g in left if isinstance(g, Big) and isinstance(g.body, Call) and g.body.name == name]:
            assert isinstance(g, Big) and isinstance(g.body, Call)
            parts = g.body.args[0].terms if isinstance(g.body.args[0], Add) else ()
            seen = [t for t in parts if isinstance(t, At) and t.index == (Sym(g.index),) and t.base in form.whole]
            rest = add(*(t for t in parts if t not in seen))
            if len(seen) == 1 and g.index not in names(rest):
                _pair(left, {g: ONE}, call(name, rest), call(name + "s", rest, Big("sum", g.index, ONE, Sym("n"), seen[0])))
    for g in [g for g in left if isinstance(g, Big) and isinstance(g.body, Call) and g.body.name == "log"]:
        assert isinstance(g, Big) and isinstance(g.body, Call)
        parts = g.body.args[0].terms if isinstance(g.body.args[0], Add) else ()
        moving = [t for t in parts if g.index in names(t)]
        rest = add(*(t for t in parts if t not in moving))
        if moving and rest != ZERO and form.positive(rest):  # sum log(x_i + r) - n log r
            _pair(left, {g: ONE}, parted(rest, form), Big("sum", g.index, ONE, Sym("n"), call("log", add(ONE, div(add(*moving), rest)))))
    for g in [g for g in left if isinstance(g, Call) and g.name == "digamma"]:
        assert isinstance(g, Call)
        u = g.args[0]
        c = left.get(g, Fraction(0))
        if left.get(call("log", u)) == -c:
            left[call("logpsi", u)] = left.get(call("logpsi", u), Fraction(0)) - c
            left[g] = left[call("log", u)] = Fraction(0)
    for g in [g for g in left if isinstance(g, Call) and g.name == "exp" and names(g) & set(form.unknowns)]:
        assert isinstance(g, Call)
        if left[g] and left.get(ONE) == -left[g]:  # e^u - 1, which loses no digits where u is small
            left[call("expm1", *g.args)] = left[g]
            left[g] = left[ONE] = Fraction(0)
    for g in [g for g in left if isinstance(g, Mul) and len(g.factors) == 2 and g.factors[0] == Sym("n")]:
        assert isinstance(g, Mul)
        inner = g.factors[1]
        if isinstance(inner, Call) and inner.name == "digamma":
            other, both = mul(Sym("n"), call("log", *inner.args)), mul(Sym("n"), call("logpsi", *inner.args))
            if left.get(g) and left.get(other) == -left[g]:
                left[both] = left.get(both, Fraction(0)) - left[g]
                left[g] = left[other] = Fraction(0)
    return add(*(mul(num(c), g) if abs(c) != 1 else g if c > 0 else neg(g) for g, c in left.items() if c))


def _opened(t: Formula) -> tuple[Formula, ...]:
    """The terms of a sum times a number; numbers that are added as one."""
    c, g = coefficient(t)
    while isinstance(g, Div) and (d := value(g.bottom)):
        k, g = coefficient(g.top)
        c *= k / d
    if isinstance(g, Mul):
        sums = [h for h in g.factors if isinstance(h, Add) and all(value(x) is not None for x in h.terms)]
        c *= math.prod(sum((value(x) or Fraction(0) for x in h.terms), Fraction(0)) for h in sums)
        g = mul(*(h for h in g.factors if h not in sums))
    if isinstance(g, Add):
        return tuple(h for s in g.terms for h in _opened(mul(num(abs(c)), s) if c > 0 else neg(mul(num(abs(c)), s))))
    return (mul(num(abs(c)), g) if c > 0 else neg(mul(num(abs(c)), g)),)


def _linear(terms: tuple[Formula, ...], x: str) -> tuple[Formula, ...]:
    """Terms that are linear in the unknown, such as x a + (1 - x) b, as x (a - b) + b."""
    u = Sym(x)
    slopes, rest = list[Formula](), list[Formula]()
    for t in terms:
        inner = t.arg if isinstance(t, Neg) else t
        fs = factors(inner)
        moving = [g for g in fs if x in names(g)]
        if len(moving) != 1 or moving[0] not in (u, add(ONE, neg(u)), add(neg(u), ONE)):
            rest.append(t)
            continue
        c = mul(*(g for g in fs if g is not moving[0]))
        c = neg(c) if isinstance(t, Neg) else c
        slopes.append(c if moving[0] == u else neg(c))
        if moving[0] != u:
            rest.append(c)
    return (*rest, mul(u, add(*slopes))) if len(slopes) > 1 else terms


def _pair(left: dict[Formula, Fraction], of: Mapping[Formula, Formula], single: Formula, atom: Formula) -> None:
    """sum F(x_i + r) - n F(r) as one atom, where both stand in a sum of terms."""
    (g,) = of
    other = mul(Sym("n"), single)
    c = left.get(g, Fraction(0))
    if c and left.get(other) == -c:
        left[atom] = c
        left[g] = left[other] = Fraction(0)


def multiplied(f: Formula, x: str) -> Formula:
    """x times f, term by term."""
    if isinstance(f, Neg):
        return neg(multiplied(f.arg, x))
    if isinstance(f, Add):
        return add(*(multiplied(t, x) for t in f.terms))
    if isinstance(f, Mul) and any(_takes(g, x) for g in f.factors):
        return mul(Sym(x), f)
    if isinstance(f, Mul) and sum(isinstance(g, Add) for g in f.factors) == 1:
        (g,) = (g for g in f.factors if isinstance(g, Add))
        return mul(*(h for h in f.factors if h is not g), multiplied(g, x))
    if isinstance(f, Div):
        m = div(multiplied(f.top, x), f.bottom)
        return div(mul(*(g for g in factors(f.top))), ONE) if f.bottom == Sym(x) else m
    return mul(Sym(x), f)


def cleared(f: Formula, form: Form) -> Formula | None:
    """f times its denominators that hold the unknowns, where these are positive; None where there are none with a sum over the sample."""
    top, below = _fraction(f, form)
    if not any(isinstance(g, Big) for b in below for g in walk(b)):
        return None
    return top


Below = dict[Formula, int]  # positive factors with their powers


def _fraction(f: Formula, form: Form) -> tuple[Formula, Below]:
    """Numerator and denominator."""
    match f:
        case Add(ts):
            parts = [_fraction(t, form) for t in ts]
            common: Below = {}
            for _, below in parts:
                common = {b: max(common.get(b, 0), below.get(b, 0)) for b in {**common, **below}}
            return add(*(mul(top, *_powers(common, below)) for top, below in parts)), common
        case Neg(a):
            top, below = _fraction(a, form)
            return neg(top), below
        case Mul(fs):
            top, below = ONE, Below()
            for g in fs:
                t, b = _fraction(g, form)
                top, below = mul(top, t), {k: below.get(k, 0) + b.get(k, 0) for k in {**below, **b}}
            return top, below
        case Div(a, b) if set(form.unknowns) & names(b) and all(map(form.positive, map(_base, factors(b)))):
            top, below = _fraction(a, form)
            for g in factors(b):
                below = {**below, _base(g): below.get(_base(g), 0) + int(order(g))}
            return top, below
    return f, {}


def _powers(common: Below, below: Below) -> list[Formula]:
    return [power(b, num(k - below.get(b, 0))) for b, k in common.items() if k > below.get(b, 0)]


def _takes(g: Formula, x: str) -> bool:
    """Whether x times a sum of 1/(c + x) is better written as that of 1/(1 + c/x)."""
    return isinstance(g, Big) and isinstance(g.body, Div) and isinstance(g.body.bottom, Add) and Sym(x) in g.body.bottom.terms


def divided(f: Formula, u: Formula) -> Formula:
    """f over u, term by term."""
    if isinstance(f, Neg):
        return neg(divided(f.arg, u))
    if isinstance(f, Add):
        return add(*(divided(t, u) for t in f.terms))
    if isinstance(f, Div):
        return div(divided(f.top, u), f.bottom)
    return mul(f, power(u, num(-1))) if isinstance(f, Mul) and u in map(_base, f.factors) else div(f, u)


def coefficient(t: Formula) -> tuple[Fraction, Formula]:
    """The number before a term, and the rest."""
    if isinstance(t, Neg):
        c, g = coefficient(t.arg)
        return -c, g
    v = value(t)
    if v is not None:
        return v, ONE
    if isinstance(t, Mul):
        c, rest = Fraction(1), list[Formula]()
        for g in t.factors:
            w = value(g)
            if w is None:
                rest.append(g)
            else:
                c *= w
        return c, mul(*rest)
    return Fraction(1), t


def spread(body: Formula, i: str) -> Formula:
    """The sum of a body over the sample: terms apart, what is free of the index before the sum."""

    def over(b: Formula) -> Formula:
        return spread(b, i)

    if i not in names(body):
        return mul(Sym("n"), body)
    match body:
        case Add(ts):
            return add(*map(over, ts))
        case Neg(a):
            return neg(over(a))
        case Div(a, b) if i not in names(b):
            return div(over(a), b)
        case Div(a, b) if i not in names(a) and a != ONE:
            return mul(a, over(div(ONE, b)))
        case Div(Mul(fs), b) if any(i not in names(g) for g in fs):
            return mul(*(g for g in fs if i not in names(g)), over(div(mul(*(g for g in fs if i in names(g))), b)))
        case Mul(fs):
            out, inner = [g for g in fs if i not in names(g)], [g for g in fs if i in names(g)]
            if out:
                return mul(*out, over(mul(*inner)))
            for k, g in enumerate(inner):  # a linear bracket times data: two sums, which part data and unknown
                others = (*inner[:k], *inner[k + 1 :])
                if isinstance(g, Add) and all(_data(h, i) for h in others) and any(i not in names(t) for t in g.terms):
                    return add(*(over(mul(t, *others)) for t in g.terms))
    return Big("sum", i, ONE, Sym("n"), body)


def _data(f: Formula, i: str) -> bool:
    """Whether f holds nothing but numbers and observations with this index."""
    if isinstance(f, At):
        return f.index == (Sym(i),)
    return not isinstance(f, Sym) and all(_data(k, i) for k in children(f))


def tidy(f: Formula) -> Formula:
    """A product or a quotient with fewer occurrences of what varies."""
    if isinstance(f, Mul):
        return _product(f)
    if not isinstance(f, Div):
        return neg(tidy(f.arg)) if isinstance(f, Neg) and isinstance(f.arg, (Mul, Div)) else f
    top = f.top.factors if isinstance(f.top, Mul) else (f.top,)
    below = f.bottom.factors if isinstance(f.bottom, Mul) else (f.bottom,)
    for a in top:
        for b in below:
            g = _ratio(a, b)
            if g is not None:
                return tidy(div(mul(*(h for h in top if h is not a), g), mul(*(h for h in below if h is not b))))
    return f


def _product(f: Mul) -> Formula:
    """1/S times T as T/S; u^2 times the sum of 1/(x + u^2) as that of 1/(1 + x/u^2)."""
    for g in f.factors:
        if isinstance(g, Big) and isinstance(g.body, Div) and isinstance(g.body.bottom, Add) and len(g.body.bottom.terms) == 2:
            p, q = g.body.bottom.terms
            for s, k in ((p, q), (q, p)):
                outside = next((h for h in f.factors if _base(h) == _base(s) and isinstance(_base(s), Sym)), None)
                if outside is None or (order(outside) < order(s)):
                    continue
                rest = power(_base(s), num(order(outside) - order(s)))
                inner = Big(g.kind, g.index, g.low, g.high, div(g.body.top, add(ONE, div(k, s))))
                return tidy(mul(*(h for h in f.factors if h is not g and h is not outside), rest, inner))
        if isinstance(g, Div):
            others = [h for h in f.factors if h is not g]
            if any(_ratio(h, b) is not None for h in others for b in factors(g.bottom)):
                return tidy(div(mul(*others, g.top), g.bottom))
    return f


def _quotient(u: Formula, c: Formula) -> Formula | None:
    """u/c, where c stands in u as a factor."""
    if u == c:
        return ONE
    match u:
        case Neg(a):
            return None if (q := _quotient(a, c)) is None else neg(q)
        case Mul(fs) if c in fs:
            return mul(*(g for g in fs if g != c))
        case Div(a, b):
            return None if (q := _quotient(a, c)) is None else div(q, b)
    return None


def _ratio(a: Formula, b: Formula) -> Formula | None:
    """a/b in another form: sinh u/cosh u, I_1/I_0, sum c e^(tc)/sum e^(tc), e/(k + e) with one occurrence of e; else None."""
    if a == b and (a != ONE):
        return ONE
    match a, b:
        case Call("sinh", (u,)), Call("cosh", (v,)) if u == v:
            return call("tanh", u)
        case Call("besseli", (k, u)), Call("besseli", (m, v)) if u == v and k == ONE and m == ZERO:
            return call("bratio", u)
        case Call("exp", (u,)), Call("exp", (v,)):
            return call("exp", add(u, neg(v)))
        case Call("exp", (u,)), Call("expm1", (Neg(Call("exp", (v,)) as e),)) if Algebra().expand(add(u, e, neg(v))) == ZERO:
            return neg(call("bernoulli", e))  # e^(v - e^v)/(e^(-e^v) - 1) = -t/(e^t - 1), t = e^v
        case Call("exp", (u,)), Call("Phi", (v,)) if Algebra().expand(add(u, div(Pow(v, TWO), TWO))) == ZERO:
            return mul(call("sqrt", mul(TWO, Const("pi"))), call("mills", v))
        case Big("sum", i, _, _, Mul(fs)), Big("sum", j, _, _, Call("exp", (u,)) as e) if i == j and e in fs:
            c: Formula = mul(*(g for g in fs if g != e))
            t = _quotient(u, c)
            if t is not None and i not in names(t):
                return call("expmean", t, Big("sum", i, ONE, Sym("n"), c))
        case e, Add((p, q)) if not isinstance(e, (Num, Const)):
            for s, k in ((p, q), (q, p)):
                if s not in (e, neg(e)):
                    continue
                if isinstance(e, Call) and e.name == "exp":
                    u = e.args[0]
                    if s == e and k == ONE:
                        return call("sigmoid", u)
                    back = mul(k, call("exp", neg(u)))
                    return div(ONE, add(ONE if s == e else Neg(ONE), back))
                if isinstance(e, Sym):
                    return div(ONE, add(ONE if s == e else Neg(ONE), div(k, e)))
    return None
