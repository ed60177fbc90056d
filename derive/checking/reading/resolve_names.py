"""A formula in a student's names -> the same in the problem's own names (listed in `claims`)."""

from __future__ import annotations

import re

from ...errors import DeriveError
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    Add,
    Apply,
    At,
    Big,
    Call,
    Const,
    Derivative,
    Div,
    Formula,
    N,
    Neg,
    Pow,
    Relation,
    Sym,
    Where,
    add,
    has,
    mul,
    names,
    num,
    replace_all,
    total,
    transform,
    value,
    walk,
)
from ...reading.tex.parsed import Parsed
from ..claims import CONSTANT
from .abbreviations import abbreviated
from .families import written_out
from .matrices import in_components
from .notation_scan import ESTIMATED, OWN_SIZE, Notation

SAME = {
    "l": "ell",
    "LL": "ell",
    "logL": "ell",
    "loglik": "ell",
    "call": "ell",
    "lik": "L",
    "Lik": "L",
    "NLL": "nll",
    "calI": "I",
    "calJ": "J",
}
HEAD = re.compile(
    r"\\(?:mathcal|mathscr|mathrm|text|operatorname|hat|widehat|bar|overline|tilde|widetilde)\s*(?:\{[^{}]*\}|\\?[A-Za-z]+)|\\?[^\W\d_]+[\u0302-\u0305]?"
)
MOMENTS = frozenset({"Var", "V", "E", "Cov", "SE", "se", "sd", "SD", "Bias", "bias", "MSE", "P", "Pr"})
DENSITIES = frozenset({"f", "p", "P", "Pr", "calP", "g", "pi"})


def resolve_names(f: Formula, notation: Notation) -> Formula:
    """f with every name in the problem's spelling."""
    return in_components(written_out(transform(f, lambda g: _node(g, notation)), notation), notation)


def of_the_sample(f: Formula, notation: Notation) -> Formula:
    """f where log p(y | theta), without an index, speaks of the whole sample y."""

    def change(g: Formula) -> Formula | None:
        match g:
            case Call("log", (Apply("f", (Sym(x), *_) as args),)) if x in notation.alias.values() and len(args) > 1:
                return Call("log", (Apply("L", tuple(a for a in args if not _is_data(a, notation))),))
        return None

    indexed = any(isinstance(g, At) and g.base in notation.alias.values() for g in walk(f))
    return f if indexed else transform(f, change)


def names_written(p: Parsed, notation: Notation) -> tuple[tuple[str, str], ...]:
    """The names of a reading and of the functions it calls, as they are written, each with the name it was settled to."""
    out: dict[tuple[str, str], None] = {}
    for q in p.places.values():
        if isinstance(q.formula, (Sym, At, Apply)) and (m := HEAD.match(q.written)) is not None:
            try:
                settled = resolve_names(q.formula, notation)
            except DeriveError:  # a part of a vector has no meaning by itself
                continue
            if isinstance(settled, (Sym, At, Apply)):
                out[" ".join(m.group().split()), settled.base if isinstance(settled, At) else settled.name] = None
    return tuple(out)


def _node(f: Formula, notation: Notation) -> Formula | None:
    match f:
        case Sym(name):
            return _letter(name, notation)
        case At(base, index):
            return _indexed(base, index, notation)
        case Big(kind, "n", low, high, body):
            other = next(k for k in "ijk" if k not in names(body))
            return Big(kind, other, low, high, replace_all(body, {N: Sym(other)}))
        case Apply(name, args):
            return _call(name, args, notation)
        case Derivative(body, ((Sym(v), k),)) if not has(body, Sym(v)) and has(body, hat(v)) and v in notation.parameters:
            return Where(Derivative(replace_all(body, {hat(v): Sym(v)}), ((Sym(v), k),)), Sym(v), hat(v))
        case Call("sqrt", (Sym(name),)) if name.endswith("_hat"):
            return f
        case Call("log", (Sym("f"),)) if "f" not in notation.given | notation.letters:
            return Call("log", (Apply("f", ()),))
    return None


def _letter(name: str, n: Notation) -> Formula | None:
    if name in n.given:
        return None
    root, _, rest = name.partition("_")
    if (short := abbreviated(root, n.given)) is not None:
        return _letter(plain := "_".join([short, *([rest] if rest else [])]), n) or Sym(plain)
    base, *marks = name.split("_")
    if OWN_SIZE in n.given and name == "n":
        return Sym(OWN_SIZE)
    if name == n.size and name != "n":
        return N
    if base in n.alias and name != "n" and name not in n.totals:  # of counts n_i, n by itself is the size that is not written
        x = n.alias[base]
        if "bar" in marks:
            return Sym(x + "_bar")
        if marks in (["max"], ["min"]):
            return At(x + "_ord", (N if marks == ["max"] else ONE,))
        return Sym("_".join([x, *marks]))
    estimate = _estimate(base, marks, n)
    if estimate is not None:
        return estimate
    lower = "_".join([base.lower(), *marks])
    if lower in n.given and len(base) == 1:
        return Sym(lower)
    if (sums := _sums_of_squares(name, n)) is not None:
        return sums
    if name in ("const", "constant", "cst", "C", "c") and name not in n.letters:
        return CONSTANT
    return None


def _sums_of_squares(name: str, n: Notation) -> Formula | None:
    """S_xy is the sum of (x_i - x_bar)(y_i - y_bar), unless the writer says otherwise."""
    m = re.fullmatch(r"SS?_([A-Za-z])([A-Za-z])?", name)
    if m is None or name in n.defined or (m[2] is None and not name.startswith("SS")):
        return None
    first, second = n.alias.get(m[1]), n.alias.get(m[2] or m[1])
    if first is None or second is None:
        return None
    apart = [Add((At(v, (Sym("i"),)), Neg(Sym(v + "_bar")))) for v in (first, second)]
    return total(Pow(apart[0], num(2)) if first == second else mul(*apart))


def _estimate(base: str, marks: list[str], n: Notation) -> Formula | None:
    """theta with a hat, a star or a label is the estimate of theta; labels beside a hat say nothing."""
    rest = [m for m in marks if m not in ESTIMATED and not (m == "tilde" and n.tilde)]
    if len(rest) == len(marks):
        return None
    for name in ("_".join([base, *rest]), "_".join([base, *rest[:1]]), base):
        if name in n.given:
            return hat(name)
    return hat("_".join([base, *rest])) if base not in n.alias else None


def _indexed(base: str, index: tuple[Formula, ...], n: Notation) -> Formula | None:
    root, _, rest = base.partition("_")
    x = n.alias.get(root)
    if x is None or (x == root and not rest):
        return None
    if rest == "bar":
        return Sym(x + "_bar")
    return At(x + ("_" + rest if rest else ""), index)


def _call(name: str, args: tuple[Formula, ...], n: Notation) -> Formula | None:
    root, _, label = name.partition("_")
    if root in ("L", "calL") and n.lagrangian and _multiplied(name, args, n):
        return Apply("Lagrangian", args)
    if root == "calL":
        root = "ell" if n.log_likelihood else "L"
    root = SAME.get(root, root)
    if root == "Transpose":
        return args[0] if not n.matrix and _scalar(args[0], n) else None
    if root == "hat":
        return _wide_hat(args[0], n)
    if "_hat" in name and name.replace("_hat", "") in MOMENTS and args:
        return Apply(name, args)  # an estimate of the variance of an estimate
    if label in ("hat", "star", "MLE") or "_hat" in name:
        return _letter(name, n) or Sym(name)
    if name == "ell_prof":
        return Apply(name, tuple(a for a in args if not _is_data(a, n)))
    if root in ("L", "ell", "nll"):
        return Apply(root, _values(args, n))
    if root in DENSITIES and root not in n.given and name not in n.labelled:
        return _density(root, args, n)
    if root in n.sigmoid and len(args) == 1:
        return Div(ONE, add(ONE, Call("exp", (Neg(args[0]),))))
    if root in ("calN", "N") and len(args) == 3 and _is_data(args[0], n):
        return _normal(*args)
    if root in ("E", "Var", "Cov", "F"):
        return Apply(root, args)
    if root in n.functions:
        args = tuple(a for a in args if not _is_data(a, n)) or args
    return Apply(root + ("_" + label if label else ""), args)


def _scalar(f: Formula, n: Notation) -> bool:
    """Whether f holds nothing but declared letters, which are numbers: theta^T x is then theta x."""
    inside = [g.name if isinstance(g, Sym) else g.base for g in walk(f) if isinstance(g, (Sym, At))]
    declared = {*n.given, *(hat(k).name for k in n.parameters), *n.alias, *n.alias.values(), "n", "i"}
    return all(name in declared for name in inside)


def _multiplied(name: str, args: tuple[Formula, ...], n: Notation) -> bool:
    """Whether this L is the function of the multiplier, and not the likelihood that a solution has beside it."""
    return name == "calL" or not args or any(isinstance(a, Sym) and a.name not in n.given and "_hat" not in a.name for a in args)


def _values(args: tuple[Formula, ...], n: Notation) -> tuple[Formula, ...]:
    """The arguments of a likelihood without data; a letter for all parameters together is none."""
    out = tuple(a for a in args if not _is_data(a, n))
    if len(args) == 1 == len(n.parameters) and _is_statistic(args[0]):
        return args
    if len(out) == 1 and isinstance(out[0], Sym) and out[0].name not in n.given:
        base, _, mark = out[0].name.partition("_")
        if not mark and base not in n.letters:
            return ()
        if mark == "hat" and base not in n.letters and len(n.parameters) > 1 and out[0] not in map(hat, n.parameters):
            return tuple(map(hat, n.parameters))
    free = tuple(a for a in out if not (isinstance(a, Sym) and a.name in n.declared.known))
    return _without_powers(free if len(out) > len(n.parameters) else out, n)


def _without_powers(args: tuple[Formula, ...], n: Notation) -> tuple[Formula, ...]:
    """Arguments in which a power of a parameter stands for the parameter: L(mu, sigma^2) speaks of sigma, too."""
    places: dict[Formula, Formula] = {f: f for k in n.parameters for f in (Sym(k), hat(k))}
    return tuple(places.get(a.base, a) if isinstance(a, Pow) and value(a.exponent) is not None else a for a in args)


def _is_statistic(f: Formula) -> bool:
    """The mean, the median or an order statistic: the value at which a likelihood is taken, not its data."""
    return f.name.endswith(("_bar", "_med")) if isinstance(f, Sym) else isinstance(f, At) and f.base.endswith("_ord")


def _is_data(f: Formula, n: Notation) -> bool:
    if isinstance(f, Sym) and f.name in n.given:
        return False  # x_m
    return n.is_data(f) or (isinstance(f, (Sym, At)) and (f.name if isinstance(f, Sym) else f.base).split("_")[0] in n.alias.values())


def _normal(x: Formula, mean: Formula, variance: Formula) -> Formula:
    """The normal density at x; the second parameter is the variance, as is usual."""
    return Div(
        Call("exp", (Neg(Div(Pow(add(x, Neg(mean)), num(2)), mul(num(2), variance))),)), Call("sqrt", (mul(num(2), Const("pi"), variance),))
    )


def _density(root: str, args: tuple[Formula, ...], n: Notation) -> Formula:
    """f(x; theta): one observation; of several or of the whole sample it is the likelihood."""
    points: list[Formula] = []
    values: list[Formula] = []
    for k, a in enumerate(args):
        if isinstance(a, Relation) and a.signs == ("=",) and (_is_data(a.sides[0], n) or _is_variable(a.sides[0], a.sides[1], n)):
            points.append(a.sides[1])
        elif isinstance(a, Relation):
            return Apply("P", args)
        elif _is_data(a, n) or (
            k == 0 and not any(isinstance(g, Sym) and (g.name in n.given or "_hat" in g.name) for g in walk(a)) and root not in ("g", "pi")
        ):
            points.append(a)
        else:
            values.append(a)
    if (root in ("g", "pi") and not points) or (args and n.declared.covariates and all(_is_covariate(a, n) for a in args)):
        return Apply(root, args)
    response = [p for p in points if not _is_covariate(p, n)]
    whole = any(not isinstance(p, At) and isinstance(p, (Big,)) for p in points) or any(
        isinstance(p, Sym) and (p.name.endswith("_vec") or p.name.startswith(("D", "calD", "data"))) for p in points
    )
    if whole or len(response) > max(1, len(n.declared.variables)):
        return Apply("L", _values(tuple(values), n))
    if root in ("P", "Pr") and not any(_is_data(p, n) or not isinstance(p, Sym) for p in points):
        return Apply("P", args)
    return Apply("f", (*response, *_without_powers(tuple(values), n)))


def _is_variable(left: Formula, right: Formula, n: Notation) -> bool:
    """X in P(X = x), also where X by itself is a sum of the data."""
    return isinstance(left, Sym) and left.name in n.totals and right == Sym(n.alias[left.name])


def _is_covariate(f: Formula, n: Notation) -> bool:
    base = f.base if isinstance(f, At) else f.name if isinstance(f, Sym) else ""
    return base in n.declared.covariates


def _wide_hat(body: Formula, n: Notation) -> Formula:
    """A hat over an expression: over the parameters in it, where it holds no expectation or probability."""
    table: dict[Formula, Formula] = {Sym(p): hat(p) for p in n.parameters}
    if isinstance(body, Pow) and isinstance(body.base, Sym) and body.exponent == num(2) and body.base.name in n.given:
        return Pow(hat(body.base.name), body.exponent)
    if any(isinstance(g, Apply) for g in walk(body)) or not has(body, *table):
        return Apply("hat", (body,))
    return replace_all(body, table)
