"""What a text gives where it does not give a density: a distribution function, a survival function, a log-density, a kernel."""

from __future__ import annotations

from ..algebra.terms import Algebra
from ..density.origin import CUMULATIVE, DISTRIBUTION, HAZARD, LOG, SURVIVAL
from ..formula.tree import (
    ONE,
    ZERO,
    Add,
    And,
    Apply,
    At,
    Call,
    Cases,
    Div,
    Formula,
    Mul,
    Neg,
    Num,
    Relation,
    Sym,
    div,
    has,
    mul,
    names,
    value,
)

CONSTANTS = ("c", "C", "k", "K", "A", "Z")  # letters that stand for a normalising constant where they are a factor and undeclared
OBSERVED = ("x", "y", "t", "k", "z")
HAZARDS = {"h": HAZARD, "lambda": HAZARD, "H": CUMULATIVE, "Lambda": CUMULATIVE}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def of_head(head: Formula) -> tuple[str, bool] | None:
    """What a left-hand side announces, and whether with a strict inequality; None for a density."""
    match head:
        case Call("log", (_,)) | Mul((Call("log", (Sym(),)), *_)):
            return LOG, False
        case Apply("P" | "Pr", (Relation(_, (sign,)),)) if sign in OPPOSITE:
            return (DISTRIBUTION, sign == "<") if sign in ("<", "<=") else (SURVIVAL, sign == ">=")
        case Add((Num(v), Neg(Apply(name, (_, *_))))) if v == 1 and name.split("_")[0] == "F":
            return SURVIVAL, False
        case Apply(name, args) if args:
            base = name.split("_")[0]
            if base == "F":
                return (SURVIVAL if name.startswith("F_bar") else DISTRIBUTION), False
            if base in HAZARDS and isinstance(args[0], Sym) and args[0].name in OBSERVED:
                return HAZARDS[base], False
            return (SURVIVAL, False) if base in ("S", "R") else (LOG, False) if base == "ell" else None
    return None


def head_arguments(head: Formula) -> tuple[Formula, ...]:
    """The arguments of the function on a left-hand side: x and theta of ln f(x; theta), k of P(X = k)."""
    match head:
        case Call("log", (Apply() as inner,)):
            return head_arguments(inner)
        case Add((_, Neg(Apply(_, args)))):
            return args
        case Apply("ell", args):
            return tuple(a for a in args if isinstance(a, Sym) and a.name in OBSERVED)
        case Mul((Call("log", _), *rest)):
            return tuple(g for g in rest if isinstance(g, (Sym, At)))
        case Apply(_, args):
            return tuple(a.sides[-1] if isinstance(a, Relation) else a for a in args)
    return ()


def middle_case(f: Formula) -> tuple[Formula, Formula | None]:
    """A distribution (or survival) function by cases: the row between 0 and 1, and where it holds."""
    if not isinstance(f, Cases):
        return f, None
    rows = [(g, c) for g, c in f.rows if value(g) is None]
    if len(rows) != 1:
        return f, None
    g, c = rows[0]
    others = [o for h, o in f.rows if value(h) is not None and o is not None]
    if c is None:
        parts = [p for o in others if (p := _negated(o)) is not None]
        c = None if not parts else parts[0] if len(parts) == 1 else And(tuple(parts))
    return g, c


def _negated(c: Formula) -> Formula | None:
    match c:
        case Relation((a, b), (sign,)) if sign in OPPOSITE:
            return Relation((a, b), (OPPOSITE[sign],))
    return None


def constant_factor(body: Formula, variables: tuple[str, ...], taken: frozenset[str], bounded: bool = False) -> tuple[str, Formula] | None:
    """A letter that stands for the normalising constant, and the kernel without it; None where there is none.

    It is a factor of the whole (perhaps below the line), occurs nowhere else, and is not among the names that are taken.
    bounded: a support is stated, so that the kernel may be free of the variable.
    """
    if not bounded and not any(has(body, Sym(v)) for v in variables):
        return None
    for name in CONSTANTS:
        if name in taken or name in variables or name not in names(body):
            continue
        t = Algebra().split(body)
        q = value(t.powers.get(Sym(name), ZERO))
        elsewhere = any(has(k, Sym(name)) or (b != Sym(name) and has(b, Sym(name))) for b, k in t.powers.items())
        if q in (1, -1) and not elsewhere:
            kernel = _without(body, Sym(name))
            if kernel is not None and (bounded or any(has(kernel, Sym(v)) for v in variables)):
                return name, kernel
    return None


def _without(f: Formula, letter: Sym) -> Formula | None:
    """A product or quotient without a factor."""
    if f == letter:
        return ONE
    match f:
        case Mul(fs):
            kept: list[Formula] = []
            for g in fs:
                h = _without(g, letter) if has(g, letter) else g
                if h is None:
                    return None
                if h != ONE:
                    kept.append(h)
            return mul(*kept)
        case Div(a, b):
            top, bottom = (_without(g, letter) if has(g, letter) else g for g in (a, b))
            return None if top is None or bottom is None else div(top, bottom)
    return None
