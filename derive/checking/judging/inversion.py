"""An equation in which an unknown stands in one place, solved for it: lambda = m e^u for u."""

from __future__ import annotations

from ...formula.tree import ONE, Add, Call, Div, Formula, Mul, Neg, Num, Pow, add, exp, has, log, mul, neg, num


def inverted(f: Formula, x: Formula, value: Formula) -> Formula | None:
    """What x is where f has a value; None where x stands in several places, or in a function that is not inverted.

    Of a root the positive one is meant.
    """
    if f == x:
        return value
    match f:
        case Neg(a):
            return inverted(a, x, neg(value))
        case Add(terms):
            with_x = [t for t in terms if has(t, x)]
            return inverted(with_x[0], x, add(value, *(neg(t) for t in terms if not has(t, x)))) if len(with_x) == 1 else None
        case Mul(factors):
            with_x = [t for t in factors if has(t, x)]
            others = [t for t in factors if not has(t, x)]
            return inverted(with_x[0], x, Div(value, mul(*others)) if others else value) if len(with_x) == 1 else None
        case Div(a, b) if not has(b, x):
            return inverted(a, x, mul(value, b))
        case Div(a, b) if not has(a, x):
            return inverted(b, x, Div(a, value))
        case Div(a, Add(terms)) if a in terms and not any(has(t, x) for t in terms if t != a):  # h/(c + h)
            return inverted(a, x, Div(mul(value, add(*(t for t in terms if t != a))), add(ONE, neg(value))))
        case Pow(a, k) if not has(a, x):
            return inverted(k, x, Div(log(value), log(a)))
        case Pow(a, Num() as k):
            return inverted(a, x, Pow(value, Div(ONE, k)))
        case Call("exp", (a,)):
            return inverted(a, x, log(value))
        case Call("log", (a,)):
            return inverted(a, x, exp(value))
        case Call("sqrt", (a,)):
            return inverted(a, x, Pow(value, num(2)))
    return None
