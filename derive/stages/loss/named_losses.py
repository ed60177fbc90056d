"""Losses that have a name, recognised by their form: what is left of a negative log-likelihood, whatever density it came from."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from ...algebra.terms import Algebra
from ...formula.evaluate import Env, compiled
from ...formula.tree import ONE, Add, Apply, Call, Div, Formula, Mul, Neg, Sym, factors, has, log, neg, num, replace_all, terms, transform
from ...reading.context import Context
from ...reading.tex import read_latex

Y, M, U, A = Sym("y"), Sym("m"), Sym("u"), Sym("a")
CLOSE = 1e-7


@dataclass(frozen=True, eq=False)
class Known:
    """A loss with a name.

    name: with its article.  each: LaTeX of what one observation y with prediction m costs, a being a constant of the model.  says: what that means.
    terms: for an observation that takes few values, by value what its term penalises.  models: how the prediction
    depends on a linear predictor ("identity", "sigmoid", "exp", "probit") -> what the model is then called.  simpler: by
    the same, LaTeX of what one observation then costs, in y and the linear predictor u.
    """

    name: str
    each: str
    says: str
    terms: dict[int, str] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)
    simpler: dict[str, str] = field(default_factory=dict)


KNOWN = (
    Known(
        "the sum of squared errors", "(y-m)^2",
        "A residual twice as large costs four times as much. Divided by the number of observations it is the mean squared error.",
        models={"identity": "linear regression, fitted by least squares"},
    ),
    Known(
        "the sum of absolute errors", "|y-m|",
        "A residual costs in proportion to its size, so a far-off observation weighs less than with squared errors. Divided by "
        "the number of observations it is the mean absolute error.",
        models={"identity": "median regression (least absolute deviations)"},
    ),
    Known(
        "the binary cross-entropy (log loss)", r"-(y\log m+(1-y)\log(1-m))",
        "One term of each bracket is at work for each observation.",
        {
            1: "The first term penalises a low probability for what happened: the cost grows without bound as the predicted probability "
            "goes to 0.",
            0: "The second term penalises a high probability for what did not happen.",
        },
        {"sigmoid": "logistic regression", "probit": "probit regression"},
        {"sigmoid": r"\log(1+e^{u})-y u"},
    ),
    Known(
        "the Poisson loss", r"m-y\log m",
        "It is half the Poisson deviance, but for terms that hold the observations alone. It is least where each prediction equals "
        "its observation.",
        models={"exp": "Poisson regression (log-linear)", "identity": "Poisson regression with the identity link"},
        simpler={"exp": r"e^{u}-y u"},
    ),
    Known(
        "the gamma loss", r"\log m+\frac{y}{m}",
        "It is half the gamma deviance, but for terms that hold the observations alone, and is also known as the Itakura–Saito "
        "divergence. Only the ratio of observation to prediction counts: an error is judged in per cent.",
        models={"exp": "gamma regression with the log link"},
        simpler={"exp": r"u+y e^{-u}"},
    ),
    Known(
        "the squared logarithmic error", r"(\log y-\log m)^2",
        "The residuals are those of the logarithms: an error is judged as a ratio, not as a difference.",
        models={"exp": "linear regression for the logarithm of the observations"},
    ),
    Known(
        "the squared error of the logarithms", r"(\log y-m)^2",
        "The residuals are those of the logarithms of the observations.",
        models={"identity": "linear regression for the logarithm of the observations"},
    ),
    Known(
        "the pinball (quantile) loss", r"(y-m)(a-\mathbf{1}\{y<m\})",
        "Residuals above and below the prediction cost at different rates, in the ratio that makes the predicted value the quantile.",
        models={"identity": "quantile regression"},
    ),
    Known(
        "the log-cosh loss", r"\log\cosh(y-m)",
        "It behaves like half the squared error for small residuals and like the absolute error for large ones.",
    ),
    Known(
        "the cosine loss", r"-\cos(y-m)",
        "Observation and prediction are directions: whole turns do not count.",
    ),
    Known(
        "the inverse Gaussian deviance", r"\frac{(y-m)^2}{y m^2}",
        "Residuals count relative to the prediction, divided by the observation.",
    ),
)  # fmt: skip


CATEGORICAL = Known(
    "the categorical cross-entropy",
    "",
    "Only the term of the class that occurred is at work. It penalises a low probability for that class: the cost is 0 at a "
    "predicted probability of 1 and grows without bound as that goes to 0.",
)
ROBUST = Known(
    "the Cauchy (Lorentzian) loss", "",
    "It is close to a multiple of the squared error for small residuals and grows like their logarithm for large ones, so that a "
    "far-off observation hardly pulls.",
)  # fmt: skip


@cache
def formula_of(text: str) -> Formula:
    """A formula in y, m, u and a."""
    return read_latex(text, Context(parameters=frozenset({"a", "m", "u", "y"}), data=frozenset()))[0].formula


def recognised(
    loss: Formula,
    each: Formula,
    sum_of: Callable[[Formula], Formula],
    pairs: Sequence[tuple[Formula, Formula]],
    letters: Sequence[Formula],
    points: Sequence[tuple[Env, Env]],
) -> tuple[Known, Formula] | None:
    """The known loss that this one is, up to a positive factor and what does not hold the prediction, and its usual form.

    each: what one observation costs.  pairs: every observed letter with its prediction.  letters: constants of the model.
    test points: two each with the same observations and other predictions; both losses must change in proportion.
    """
    f = compiled(loss)
    for known in KNOWN if len(pairs) == 1 else ():
        for a in letters if has(formula_of(known.each), A) else (A,):
            usual = sum_of(replace_all(formula_of(known.each), {Y: pairs[0][0], M: pairs[0][1], A: a}))
            if _proportional(f, compiled(usual), points):
                return known, usual
    if len(pairs) > 1:
        for g in _several(sum_of, pairs):
            if _proportional(f, compiled(g), points):
                return CATEGORICAL, g
    elif _robust(each, *pairs[0]):
        return ROBUST, loss
    return None


def _several(sum_of: Callable[[Formula], Formula], pairs: Sequence[tuple[Formula, Formula]]) -> Iterator[Formula]:
    """- sum of y log m over the classes, all of them or all but the last."""
    terms_ = [Mul((y, log(m))) for y, m in pairs]
    yield neg(sum_of(Add(tuple(terms_))))
    y, m = (Add((ONE, *(Neg(pair[k]) for pair in pairs))) for k in (0, 1))
    yield neg(sum_of(Add((*terms_, Mul((y, log(m)))))))


def _robust(each: Formula, y: Formula, m: Formula) -> bool:
    """Whether it is log(1 + (y - m)^2/c) with c free of both."""
    match each:
        case Call("log", (Add((a, b)),)) if ONE in (a, b):
            t = Algebra().split(b if a == ONE else a)
            square = [g for g, k in t.powers.items() if k == num(2) and g in (Add((y, Neg(m))), Add((m, Neg(y))))]
            return len(square) == 1 and not any(has(g, y, m) for g in t.powers if g not in square)
    return False


def _proportional(f: Callable[[Env], float], g: Callable[[Env], float], pairs: Sequence[tuple[Env, Env]]) -> bool:
    ratios = []
    for a, b in pairs:
        try:
            u, v = f(b) - f(a), g(b) - g(a)
        except (ValueError, ZeroDivisionError, OverflowError):
            return False
        if not (math.isfinite(u) and math.isfinite(v)) or u == 0 or v == 0:
            return False
        ratios.append(u / v)
    return bool(ratios) and ratios[0] > 0 and all(abs(r - ratios[0]) <= CLOSE * abs(ratios[0]) for r in ratios)


def link(f: Formula, weights: Sequence[str], al: Algebra) -> tuple[str, Formula]:
    """How a prediction depends on a linear predictor u, and u: "identity", "exp", "sigmoid", "probit"; "" for another way."""
    if linear(f, weights, al):
        return "identity", f
    match f:
        case Call("exp" | "Phi" as name, (u,)) if linear(u, weights, al):
            return {"exp": "exp", "Phi": "probit"}[name], u
        case Div(a, Add((b, c))) if ONE in (b, c):
            e = c if b == ONE else b
            if isinstance(e, Call) and e.name == "exp" and linear(e.args[0], weights, al):
                if a == ONE:
                    return "sigmoid", negated(e.args[0])
                if a == e:
                    return "sigmoid", e.args[0]
    return "", f


def negated(f: Formula) -> Formula:
    """Minus f, term by term."""
    return Add(tuple(map(neg, f.terms))) if isinstance(f, Add) else neg(f)


def flat(f: Formula) -> Formula:
    """f with products inside products and sums inside sums opened: what stood in for a letter joins what is about it."""

    def one(g: Formula) -> Formula | None:
        match g:
            case Mul(fs) if any(isinstance(h, Mul) for h in fs):
                return Mul(tuple(k for h in fs for k in factors(h)))
            case Add(ts) if any(isinstance(h, Add) for h in ts):
                return Add(tuple(k for h in ts for k in terms(h)))
            case Neg(Neg(a)):
                return a
        return None

    return transform(f, one)


def linear(f: Formula, weights: Sequence[str], al: Algebra) -> bool:
    """Whether f is a sum of single weights (or weight vectors) times what holds no weight, perhaps with such terms alone."""
    atoms: dict[Formula, Formula] = {Apply("Transpose", (Sym(w),)): Sym(w) for w in weights}
    ts = al.expanded(replace_all(f, atoms))
    if ts is None or not any(has(f, Sym(w)) for w in weights):
        return False
    for t in ts:
        found = [(b, k) for b, k in t.powers.items() for g in (b, k) if any(has(g, Sym(w)) for w in weights)]
        if len(found) > 1 or (found and not (isinstance(found[0][0], Sym) and found[0][1] == ONE)):
            return False
    return True


def leading_minus(parts: Sequence[Formula]) -> tuple[bool, Formula]:
    """Terms as a sum that begins with a positive one where it has one; else (True, the sum with all signs changed)."""
    if all(isinstance(t, Neg) for t in parts):
        return True, _sum([neg(t) for t in parts])
    return False, _sum([*(t for t in parts if not isinstance(t, Neg)), *(t for t in parts if isinstance(t, Neg))])


def _sum(ts: Sequence[Formula]) -> Formula:
    return Add(tuple(ts)) if len(ts) > 1 else ts[0] if ts else num(0)


__all__ = ["KNOWN", "Known", "flat", "formula_of", "leading_minus", "linear", "link", "recognised"]
