"""Observations of two letters: a response over its covariate with the fitted mean, or two variables with the contours of their density."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..density.integration.normalise import total
from ..derived import Derived
from ..formula.names import reported
from ..formula.tree import Sym, mul
from .data_panel import Fitted
from .what import Contours, Curve, Dots, Mark, Panel, Role
from .wording import letter, measured, plain

LEAST = 3  # observations that are worth a picture
MOST = 1000  # points that are drawn
PLACES = 48  # at which the fitted mean is worked out
PARTS = 60  # of each side of a grid
SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)  # of the largest density
AGAINST = 100  # observations up to which the fitted means are worked out one by one


def scatter(d: Derived) -> Panel | None:
    """The picture of a sample with covariates, or of two variables; None where there is none."""
    p = d.problem
    sample = p.as_asked.sample
    if sample is None or p.whole or sample.size < LEAST or set(sample.kinds) - {"exact", "weights"} or not sample.exact:
        return None
    if len(p.variables) == 1 and len(p.as_asked.covariates) == 1:
        return _over_covariate(d, *_columns(d, (p.as_asked.covariates[0], p.variables[0])))
    if len(p.variables) == 1 and len(p.as_asked.covariates) > 1:
        return _against_fitted(d)
    if len(p.variables) == 2 and not p.as_asked.covariates:
        return _two_variables(d, *_columns(d, p.variables))
    return None


def _columns(d: Derived, names: Sequence[str]) -> list[list[float]]:
    """Columns in floats, of a large sample some rows from beginning to end."""
    sample = d.problem.as_asked.sample
    assert sample is not None
    step = -(-sample.size // MOST)
    return [[float(x) for x in sample.floats(v)[::step]] for v in names]


def _frame(xs: Sequence[float]) -> tuple[float, float]:
    low, high = min(xs), max(xs)
    room = 0.06 * ((high - low) or abs(low) or 1.0)
    return low - room, high + room


def _over_covariate(d: Derived, xs: list[float], ys: list[float]) -> Panel:
    p = d.problem
    c, v = p.as_asked.covariates[0], p.variables[0]
    low, high = min(xs), max(xs)
    places = [low + (high - low) * j / PLACES for j in range(PLACES + 1)]
    found = [(x, m) for x in places for m in [_mean(d, {c: x})] if m is not None]
    marks: list[Mark] = [Dots(tuple(xs), tuple(ys), Role.OBSERVED)]
    fit = ""
    if len(found) == len(places):
        marks.append(Curve(tuple(places), tuple(m for _, m in found), Role.FITTED))
        fit = f", with the fitted mean of {reported(v)} as a curve"
    return Panel(
        "Data and fitted mean" if fit else "Data", measured(p, c), measured(p, v), _frame(xs), _frame([*ys, *(m for _, m in found)]), tuple(marks),
        f"The {p.size} observations of {reported(v)} over {reported(c)}{fit}.",
    )  # fmt: skip


def _mean(d: Derived, covariates: dict[str, float]) -> float | None:
    """The mean of the response under the fit; None where there is none, or it is not found."""
    p, fitted = d.problem, Fitted(d)
    if not fitted.exists:
        return None
    v = p.variables[0]
    m = total(mul(Sym(v), p.density), {v: p.support[v]}, {**fitted.at, **covariates})
    return m if m is not None and math.isfinite(m) else None


def _against_fitted(d: Derived) -> Panel | None:
    p = d.problem
    sample = p.as_asked.sample
    if sample is None or sample.size > AGAINST:
        return None
    v, covariates = p.variables[0], p.as_asked.covariates
    ys, *columns = _columns(d, (v, *covariates))
    means = [_mean(d, dict(zip(covariates, row, strict=True))) for row in zip(*columns, strict=True)]
    known = [(m, y) for m, y in zip(means, ys, strict=True) if m is not None]
    if len(known) < len(ys):
        return None
    xs = [m for m, _ in known]
    low, high = _frame([*xs, *ys])
    return Panel(
        "Data and fitted mean", f"fitted mean of ${letter(p, v)}$", measured(p, v), _frame(xs), _frame(ys),
        (Dots(tuple(xs), tuple(ys), Role.OBSERVED), Curve((low, high), (low, high), Role.FITTED)),
        f"The {sample.size} observations of {reported(v)} over their fitted means, with the line on which both are equal.",
    )  # fmt: skip


def _two_variables(d: Derived, xs: list[float], ys: list[float]) -> Panel | None:
    p = d.problem
    first, second = p.variables
    fitted = Fitted(d)
    marks: list[Mark] = []
    (a, b), (u, v) = _frame(xs), _frame(ys)
    if fitted.exists and not any(p.support[k].discrete for k in p.variables):
        grid_x, grid_y = ([low + (high - low) * j / PARTS for j in range(PARTS + 1)] for low, high in ((a, b), (u, v)))
        rows = tuple(tuple(_density(d, fitted, x, y) for x in grid_x) for y in grid_y)
        top = max(z for row in rows for z in row)
        if top > 0 and math.isfinite(top):
            marks.append(Contours(tuple(grid_x), tuple(grid_y), rows, tuple(top * s for s in SHARES), Role.FITTED))
    marks.append(Dots(tuple(xs), tuple(ys), Role.OBSERVED))
    fit = ", with contours of the fitted density" if len(marks) > 1 else ""
    return Panel(
        "Data and fitted density" if fit else "Data", measured(p, first), measured(p, second), (a, b), (u, v), tuple(marks),
        f"The {p.size} observations of {plain(reported(first))} and {plain(reported(second))}{fit}.",
    )  # fmt: skip


def _density(d: Derived, fitted: Fitted, x: float, y: float) -> float:
    p = d.problem
    env = {**fitted.at, p.variables[0]: x, p.variables[1]: y}
    if not all(p.support[k].contains(env[k], env) for k in p.variables):
        return 0.0
    v = p.log_density(env)
    return math.exp(min(v, 700.0)) if v == v else 0.0


__all__ = ["scatter"]
