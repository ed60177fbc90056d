"""Letters, numbers and headings of a picture: as mathematics between dollar signs, and in plain words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from ..errors import NotValid
from ..formula.decimals import quoted
from ..formula.latex import latex
from ..formula.names import hat
from ..formula.plain import in_one_line
from ..formula.tree import Sym
from ..problem.problem import Problem

HIGHEST = 0.999  # level of an interval that a picture holds


def letter(p: Problem, name: str) -> str:
    """A letter as the user writes it."""
    return latex(Sym(name), p.notation)


def estimate(p: Problem, name: str) -> str:
    """A letter with its hat."""
    return latex(hat(name), p.notation)


def number(v: float, p: Problem, width: float = math.inf) -> str:
    """A number as it is quoted, in LaTeX.  width: of an interval to which it is an end, so that it has the digits that tell it from the other."""
    text = latex(quoted(v, _digits(v, p, width))) if math.isfinite(v) else (r"\infty" if v > 0 else r"-\infty")
    return "{%s}" % text if text.startswith("-") else text


def said(v: float, p: Problem, width: float = math.inf) -> str:
    """A number as it is quoted, in plain text."""
    if not math.isfinite(v):
        return "infinity" if v > 0 else "minus infinity"
    text = in_one_line(quoted(v, _digits(v, p, width)))
    return f"{v:.{p.asked.digits}g}" if "*" in text else text


def _digits(v: float, p: Problem, width: float) -> int:
    """The digits of an end of an interval: at least three of its width."""
    if not v or not 0 < width < abs(v):
        return p.asked.digits
    return min(15, max(p.asked.digits, math.floor(math.log10(abs(v))) - math.floor(math.log10(width)) + 3))


def equals(v: float, p: Problem) -> str:
    """ "= 0.25", or "≈ 0.3333" of a number with more digits."""
    exact = abs(float(f"{v:.{p.asked.digits}g}") - v) <= 1e-12 * abs(v)
    return ("= " if exact else r"\approx ") + number(v, p)


def found(p: Problem, name: str, v: float) -> str:
    """What a parameter was estimated as."""
    return f"${estimate(p, name)} {equals(v, p)}$"


def named(p: Problem, name: str) -> str:
    """The label of an axis for a parameter: its letter, with the words for it."""
    words = p.asked.labels.get(name)
    return f"${letter(p, name)}$" + (f" ({plain(words)})" if words else "")


def measured(p: Problem, name: str) -> str:
    """The label of an axis for what was observed: its letter, with the unit of a variable."""
    unit = p.asked.units if name in p.variables else None
    return f"${letter(p, name)}$" + (f" ({plain(unit)})" if unit else "")


def plain(text: str) -> str:
    """What a user wrote, for which no dollar sign is mathematics."""
    return " ".join(text.replace("$", r"\$").split())


def checked(level: object) -> float | None:
    """The level of an interval.  Raises NotValid where it is none."""
    if level is None:
        return None
    if isinstance(level, bool) or not isinstance(level, (int, float)) or not 0 < level <= HIGHEST:
        raise NotValid(f"`level` is a number between 0 and {HIGHEST}, not {level!r}", hint="write level=0.95")
    return float(level)


@dataclass(frozen=True, slots=True)
class Cut:
    """Where an interval or a region ends.  fall: of the log-likelihood below its maximum.  name: what it is said to be."""

    fall: float
    name: str


def cut_of(level: float, unknowns: int, regular: bool) -> Cut:
    """Half a quantile of the chi-squared distribution with one or two degrees of freedom, which the likelihood ratio has nearly where the
    usual conditions hold (Wilks 1938; Pawitan, In All Likelihood, sections 2.6, 3.4).

    regular: whether they do; where not, the cut is named by the likelihood alone, without a level of confidence (Pawitan, section 2.6).
    """
    drop = NormalDist().inv_cdf((1 + level) / 2) ** 2 / 2 if unknowns == 1 else -math.log(1 - level)
    if regular:
        return Cut(drop, f"approximate {level * 100:.10g}% likelihood {'interval' if unknowns == 1 else 'region'}")
    return Cut(drop, f"likelihood at least {100 * math.exp(-drop):.3g}% of the maximum")


__all__ = ["Cut", "checked", "cut_of", "equals", "estimate", "found", "letter", "measured", "named", "number", "plain", "said"]
