"""Logarithms of products, quotients and powers; the product likelihood gathered."""

from __future__ import annotations

from fractions import Fraction

from ..algebra.terms import Algebra, Term
from ..formula.tree import ONE, Big, Call, Const, Formula, Num, add, log, mul, names, neg, terms, value
from ..rule_names import RuleName
from .rule import rule
from .sums import sum_out


@rule(RuleName.LOG_RULES, (r"\log(a^{3} b)", r"3\log a + \log b"))
def open_log(f: Formula, al: Algebra) -> Formula | None:
    """One logarithm of a product, quotient, power, root or exponential, opened all the way down."""
    match f:
        case Call("log", (u,)):
            opened = logged(u, al)
            return None if opened == f else opened
    return None


def logged(u: Formula, al: Algebra) -> Formula:
    """log u as a sum of simple terms.  Factors that are plain numbers stay under one logarithm."""
    match u:
        case Call("exp", (v,)):
            return v
        case Const("e"):
            return ONE
        case Big("prod", i, low, high, body):
            return Big("sum", i, low, high, logged(body, al))
    parts: list[Formula] = []
    t = al.split(u)
    numbers: dict[Formula, list[Formula]] = {}  # exponent -> plain numbers with it
    size = abs(t.coefficient)
    if size.numerator != 1:
        numbers.setdefault(ONE, []).append(Num(Fraction(size.numerator)))
    if size.denominator != 1:
        numbers.setdefault(neg(ONE), []).append(Num(Fraction(size.denominator)))
    sign, bases, unclear = _signs(t, al)
    for b, k in bases:
        if b == Const("e"):
            parts.append(k)
        elif isinstance(b, (Num, Const)):
            numbers.setdefault(k, []).append(b)
        elif isinstance(b, Call) and b.name == "beta":
            parts += [al.tidy(mul(k, g)) for g in _log_beta(b, al)]
        elif isinstance(b, Big) and b.kind == "prod":
            parts += [al.tidy(mul(k, s)) for s in terms(Big("sum", b.index, b.low, b.high, logged(b.body, al)))]
        else:
            q = value(k)  # of a power that is positive in the end, whole exponent or not
            even = q is None or (q.denominator == 1 and q.numerator % 2 == 0)
            base = Call("abs", (b,)) if even and not al.facts.range(b).nonnegative else b
            parts.append(al.tidy(mul(k, log(base))))
    if len(unclear) == 1 and sign > 0:  # positive because the whole is
        parts += [al.tidy(mul(k, log(b))) for b, k in unclear]
    elif unclear:
        parts.append(log(al.build(Term(Fraction(sign), dict(unclear)))))
    elif sign < 0 or t.coefficient == 0:
        return log(u)
    plain = [al.tidy(mul(k, log(mul(*bs)))) for k, bs in numbers.items()]
    return add(*plain, *(p for part in parts for p in terms(part)))


def _log_beta(f: Call, al: Algebra) -> tuple[Formula, Formula, Formula]:
    """log B(a, b) = log Gamma(a) + log Gamma(b) - log Gamma(a + b)."""
    a, b = f.args
    both = al.assemble(al.flat(add(a, b), deep=True))
    return log(Call("gamma", (a,))), log(Call("gamma", (b,))), neg(log(Call("gamma", (both,))))


def _signs(t: Term, al: Algebra) -> tuple[int, list[tuple[Formula, Formula]], list[tuple[Formula, Formula]]]:
    """The factors of a positive term with their exponents: those that cannot be negative, perhaps after a change of
    sign, and those of unclear sign; and the sign that is left over."""
    sign = -1 if t.coefficient < 0 else 1
    bases: list[tuple[Formula, Formula]] = []
    unclear: list[tuple[Formula, Formula]] = []
    for b, k in t.powers.items():
        q = value(k)
        r = al.facts.range(b)
        odd = q is not None and q.denominator == 1 and q.numerator % 2 == 1
        if not odd or b == Const("e") or r.nonnegative or isinstance(b, Big):
            bases.append((b, k))
        elif r.nonpositive:
            sign = -sign
            bases.append((al.tidy(neg(b)), k))
        else:
            unclear.append((b, k))
    return sign, bases, unclear


@rule(RuleName.GATHER_A_PRODUCT, (r"\prod_{i=1}^{n} a^{x_i}", r"a^{\sum_{i=1}^{n} x_i}"))
def gather_product(f: Formula, al: Algebra) -> Formula | None:
    """A product over the sample, multiplied out: constants to the power n, exponents of equal bases added."""
    match f:
        case Big("prod", i, low, high, body) if low == ONE:
            t = al.split(body)
            sign, bases, unclear = _signs(t, al)
            if len(unclear) > 1 or sign < 0:  # their product is positive, each of them need not be
                bases, unclear = [*bases, (al.build(Term(Fraction(sign), dict(unclear))), ONE)], []
            out = [al.raised(Term(abs(t.coefficient)), high)]
            for b, k in [*bases, *unclear]:
                if i not in names(b):
                    exponent = al.tidy(sum_out(Big("sum", i, low, high, k), al))
                    out.append(Term(Fraction(1), {b: exponent}))
                elif i not in names(k) and al.facts.range(b).nonnegative and value(k) is not None:
                    out.append(Term(Fraction(1), {Big("prod", i, low, high, b): k}))
                else:
                    out.append(Term(Fraction(1), {Big("prod", i, low, high, al.build(Term(Fraction(1), {b: k}))): ONE}))
            g = al.build(al.times(out))
            return None if g == f else g
    return None
