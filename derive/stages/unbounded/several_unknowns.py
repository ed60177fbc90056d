"""Several unknowns without a maximum: within bounds that are doubled again and again, the likelihood is always largest
on the border, and it keeps rising."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from ...formula.tree import Apply, Div, Mul, Sym, add, equation, neg, rational
from ...numerics.search import from_line, maximise
from ...proofs.zeros import Towards
from ...trace import Outcome, Table, say
from ..number_format import digits
from ..profile.along_path import V, fixed, rises, towards
from ..profile.system import System
from ..profile.univariate import Shown
from ..prose import listed
from ..setting import ARGUED, Setting
from .limit_family import limit_family

WIDTHS = (4.0, 8.0, 16.0, 32.0)  # of the bounds, in units of what moves the log-likelihood by about 1
BORDER = 0.97  # a coordinate beyond this part of its bound lies on the border
ROUNDING = 1e-9
LEAST = 3  # bounds that are looked at, at the least
FAR = 20.0  # times the size of the data: far out
NEAR = 1e-2  # of an end, where the direction leads to it


def without_maximum(system: System, setting: Setting) -> Shown | None:
    """The path along which the likelihood rises for ever; None where it does not look like that."""
    units = _units(system)
    rows = [_largest(system, units, w) for w in WIDTHS]
    if any(r is None for r in rows):
        return None
    places = _rising([r for r in rows if r is not None])
    heights = [h for _, h, _ in places]
    if len(places) < LEAST or not all(on_border for _, _, on_border in places) or not heights[1] > heights[0] + ROUNDING:
        return None
    if not all(b >= a - ROUNDING * (1 + abs(a)) for a, b in pairwise(heights)):
        return None
    label = Apply("ell", tuple(Sym(k) for k in setting.parameters))
    table = Table(
        (*(say("{}", Sym(k)) for k in system.names), say("{}", label)),
        tuple((*(say("{}", digits(v, 5)) for v in x), say("{}", digits(h, 7))) for x, h, _ in places),
    )
    if _attained(system, places[-1][0], setting):
        return None
    if _towards(system, places[-1][0], setting) is not Towards.INFINITY:
        return None
    return Shown(
        (
            say(
                "No solution at which the likelihood is largest was found. In boxes for the unknowns that grow step by step the likelihood is always largest on the border, "
                "and it keeps increasing:"
            ),
            table,
            say("Along these places the log-likelihood increases, and it grows without bound: there is no maximum."),
        ),
        Outcome.NONE,
        answers={},
        argument=ARGUED,
    )  # fmt: skip


def towards_a_limit(system: System, setting: Setting) -> Shown | None:
    """No maximum, where the highest place that a search reaches lies far out and the log-likelihood rises further, to a limit, as the
    unknowns that are far out go on in proportion; None where that is not so."""
    w = setting.data_point
    if w is None:
        return None
    start = [float(w[k]) for k in system.names]
    x, top = maximise(lambda x: system.height(list(x)), system.bounds, start, tolerance=1e-13)
    x, top = maximise(lambda x: system.height(list(x)), system.bounds, x, tolerance=1e-13)
    size = max((abs(v) for k in setting.problem.variables for v in w.get(k, ())), default=1.0)
    far = [k for k, v, (lo, hi) in zip(system.names, x, system.bounds, strict=True) if abs(v) >= FAR * (1 + size) and math.inf in (-lo, hi)]
    if not far or not all(map(math.isfinite, (*x, top))):
        return None
    at = {k: Fraction(f"{v:.6g}") for k, v in zip(system.names, x, strict=True)}
    path = {**fixed(w, setting.problem), **{k: Div(rational(v), V) if k in far else rational(v) for k, v in at.items()}}
    if towards(path, w, setting.problem) is not Towards.BOUNDED or not rises(path, w, setting.problem):
        return None
    label = Apply("ell", tuple(Sym(k) for k in setting.parameters))
    shown = [equation(Sym(k), digits(float(v), 6)) for k, v in at.items()]
    words = say(
        "No values that solve them were found. A search for larger values of the likelihood goes on and on, and has come to "
    ) + listed("", shown)
    last = say(
        ". When {} from there on {} in proportion{}, {} has a limit, by its expansion, and that is larger than the value here: the likelihood comes ever closer to "
        "it{}, and never attains it. The search found nothing as high anywhere else: there is no maximum. This is not a proof.",
        listed("", [Sym(k) for k in far]), "grows" if len(far) == 1 else "grow", "" if len(far) == len(at) else ", the others kept", label, limit_family(path, w, setting.problem),
    )  # fmt: skip
    return Shown((words + last,), Outcome.NONE, answers={})


Place = tuple[list[float], float, bool]


def _rising(places: list[Place]) -> list[Place]:
    """The places up to the one from which on the heights cannot be told apart: there any place within the bounds will do."""
    last = places[-1][1]
    close = [j for j, (_, h, _) in enumerate(places) if abs(h - last) <= ROUNDING * (1 + abs(last))]
    return places[: max(close[0] + 1, LEAST)] if len(close) > 1 else places


def _towards(system: System, x: Sequence[float], setting: Setting) -> Towards:
    """Where the log-likelihood goes on the way on which the unknowns that are far out, or near an end of their domain, go on as they
    are and the others stay where they are: by its expansion."""
    w = setting.data_point
    if w is None:
        return Towards.UNDECIDED
    path = fixed(w, setting.problem)
    for k, v, (lo, hi) in zip(system.names, x, system.bounds, strict=True):
        end = next((e for e in (lo, hi) if math.isfinite(e) and abs(v - e) <= NEAR * (1 + abs(e))), None)
        if end is not None:
            step = Mul((rational(Fraction(abs(v - end) or 1)), V))
            path[k] = add(rational(Fraction(end)), step if end == lo else neg(step))
        elif abs(v) >= FAR:
            path[k] = Div(rational(Fraction(v)), V)
        else:
            path[k] = rational(Fraction(v))
    return towards(path, w, setting.problem)


def _attained(system: System, x: Sequence[float], setting: Setting) -> bool:
    """Whether the direction leads to an end that belongs to a domain, or to no end of a domain at all but to the border of
    what the data allow: there may be a maximum on it."""
    leaves = False
    seen = setting.data_point or {}
    size = max((abs(x) for k in setting.problem.variables for x in seen.get(k, ())), default=1.0)
    for k, v, (lo, hi) in zip(system.names, x, system.bounds, strict=True):
        d = setting.problem.parameters[k]
        for end, is_open in ((lo, d.low_open), (hi, d.high_open)):
            near = abs(v - end) <= NEAR * (1 + abs(end)) if math.isfinite(end) else abs(v) >= FAR * (1 + size) and (v > 0) == (end > 0)
            if near and not is_open and math.isfinite(end):
                return True
            leaves = leaves or near
    return bool(setting.problem.restrictions) and not leaves


def _units(system: System) -> list[float]:
    """For each unknown, on the line that its domain is mapped to, what changes the log-likelihood noticeably."""
    origin = [0.0] * len(system.names)
    out = []
    for j in range(len(origin)):
        h = 1e-3

        def along(t: float, j: int = j) -> float:
            return _height(system, [t if k == j else 0.0 for k in range(len(origin))])

        bend = (along(h) - 2 * along(0.0) + along(-h)) / h**2
        out.append(min(max(1 / math.sqrt(abs(bend)), 1e-6), 1e6) if bend and math.isfinite(bend) else 1.0)
    return out


def _height(system: System, t: Sequence[float]) -> float:
    return system.height([from_line(a, lo, hi) for a, (lo, hi) in zip(t, system.bounds, strict=True)])


def _largest(system: System, units: Sequence[float], width: float) -> Place | None:
    """Where the likelihood is largest within the bounds, its logarithm there, and whether that is on the border."""
    line = [(-math.inf, math.inf)] * len(units)

    def inside(t: Sequence[float]) -> float:
        kept = [max(-width, min(width, a)) for a in t]
        outside = sum(abs(a - b) for a, b in zip(t, kept, strict=True))
        return _height(system, [a * u for a, u in zip(kept, units, strict=True)]) - outside

    t, top = maximise(inside, line, [0.0] * len(units), tolerance=1e-11)
    if not math.isfinite(top):
        return None
    t = [max(-width, min(width, a)) for a in t]
    x = [from_line(a * u, lo, hi) for a, u, (lo, hi) in zip(t, units, system.bounds, strict=True)]
    return x, system.height(x), any(abs(a) > BORDER * width for a in t)
