"""The functions of SymPy text: how many arguments each takes, and the formula that it stands for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..formula.tree import ONE, ZERO, Add, Call, Div, Formula, Indicator, Neg, Pow, Relation, call, log, num

MANY = 100


@dataclass(frozen=True, slots=True)
class Function:
    """fewest, most: numbers of arguments.  build: the formula for that many arguments."""

    fewest: int
    most: int
    build: Callable[..., Formula]


def _own(name: str, fewest: int = 1, most: int = 1) -> Function:
    return Function(fewest, most, lambda *args: Call(name, args))


def _one(build: Callable[[Formula], Formula]) -> Function:
    return Function(1, 1, build)


def _ratio(top: Formula, bottom: Formula = ONE) -> Formula:
    if bottom == ONE:
        return top
    return Neg(Div(top.arg, bottom)) if isinstance(top, Neg) else Div(top, bottom)


def _logarithm(u: Formula, base: Formula | None = None) -> Formula:
    return log(u) if base is None else Div(log(u), log(base))


def _lambert(u: Formula, branch: Formula = ZERO) -> Formula:
    return call("lambertw", u) if branch == ZERO else call("lambertw", u, branch)


def _polygamma(order: Formula, u: Formula) -> Formula:
    return call("digamma", u) if order == ZERO else call("trigamma", u) if order == ONE else call("polygamma", order, u)


def _heaviside(u: Formula, at_zero: Formula = ONE) -> Formula:
    """1 where u >= 0 (u > 0 where its value at 0 is given as 0); of a difference a - b, where a >= b."""
    sign = (">" if at_zero == ZERO else ">=",)
    if isinstance(u, Add) and len(u.terms) == 2:
        a, b = u.terms if isinstance(u.terms[1], Neg) else u.terms[::-1]
        if isinstance(b, Neg):
            return Indicator(Relation((a, b.arg), sign))
    return Indicator(Relation((u, ZERO), sign))


_SAME = [
    "exp",
    "sqrt",
    "sin",
    "cos",
    "tan",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
    "gamma",
    "loggamma",
    "digamma",
    "trigamma",
    "factorial",
    "sign",
    "floor",
    "ceiling",
    "erf",
    "erfc",
    "erfi",
    "Ei",
    "zeta",
    "Phi",
    "logit",
]
_OTHER_NAMES = {
    "Abs": "abs", "abs": "abs", "ln": "log", "sgn": "sign", "ceil": "ceiling", "atan": "arctan", "asin": "arcsin", "acos": "arccos",
    "arctan": "arctan", "arcsin": "arcsin", "arccos": "arccos", "arcsinh": "asinh", "lgamma": "loggamma", "gammaln": "loggamma",
    "psi": "digamma",
}  # fmt: skip
_SEVERAL = {"Max": "max", "max": "max", "Min": "min", "min": "min", "median": "median"}

FUNCTIONS: dict[str, Function] = {
    **{name: _own(name) for name in _SAME},
    **{name: _own(inside) for name, inside in _OTHER_NAMES.items()},
    **{name: _own(inside, 1, MANY) for name, inside in _SEVERAL.items()},
    **{name: _own(name, 2, 2) for name in ("beta", "binomial", "besseli", "besselk", "uppergamma", "lowergamma", "expint", "atan2")},
    "log": Function(1, 2, _logarithm),
    "log2": _one(lambda u: _logarithm(u, num(2))),
    "log10": _one(lambda u: _logarithm(u, num(10))),
    "log1p": _one(lambda u: log(Add((ONE, u)))),
    "LambertW": Function(1, 2, _lambert),
    "polygamma": Function(2, 2, _polygamma),
    "cot": _one(lambda u: Div(call("cos", u), call("sin", u))),
    "sec": _one(lambda u: Div(ONE, call("cos", u))),
    "csc": _one(lambda u: Div(ONE, call("sin", u))),
    "coth": _one(lambda u: Div(call("cosh", u), call("sinh", u))),
    "sech": _one(lambda u: Div(ONE, call("cosh", u))),
    "csch": _one(lambda u: Div(ONE, call("sinh", u))),
    "cbrt": _one(lambda u: Pow(u, Div(ONE, num(3)))),
    **dict.fromkeys(("RisingFactorial", "rf"), Function(2, 2, lambda a, k: Div(call("gamma", Add((a, k))), call("gamma", a)))),
    **dict.fromkeys(
        ("FallingFactorial", "ff"), Function(2, 2, lambda a, k: Div(call("factorial", a), call("factorial", Add((a, Neg(k))))))
    ),
    "root": Function(2, 2, lambda u, k: Pow(u, Div(ONE, k))),
    "Rational": Function(1, 2, _ratio),
    "Integer": _one(lambda u: u),
    "Float": _one(lambda u: u),
    "S": _one(lambda u: u),
    "UnevaluatedExpr": _one(lambda u: u),
    "Heaviside": Function(1, 2, _heaviside),
    "KroneckerDelta": Function(2, 2, lambda u, v: Indicator(Relation((u, v), ("=",)))),
}
