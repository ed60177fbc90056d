"""What was observed, in words: the last part of the model."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ...formula.decimals import with_power_of_ten
from ...formula.tree import Formula, N, Neg, Span, Sym, equation, num, rational, total
from ...problem.problem import Problem
from ...problem.sample_rows import MANY
from ...sample.sample import End, Sample
from ...sets.domain import INFINITY
from ...trace import Display, Words, say
from ..prose import listed

SHOWN = 12  # observations listed one by one up to here
LEADS = {"exact": "exactly ", "right": "more than ", "left": "less than ", "interval": "between "}


def observed(p: Problem) -> list[Words | Display]:
    """Nothing for a symbolic sample."""
    s = p.sample
    if s is None:
        return []
    size = num(s.size or 0)
    if p.single is not None:
        return [listed("Observed: ", [equation(Sym(v), num(x)) for v, x in zip(p.variables, p.single, strict=True)]) + say(".")]
    if p.sums:
        given = [equation(total(p.indexed(f), p.index), shown(x)) for f, x in p.sums.values()]
        return [listed("Of the sample it is known that ", [equation(N, size), *given]) + say(".")]
    units = f" {p.asked.units}" if p.asked.units else ""
    if p.observations is None and not (s.is_large and s.is_plain):
        window = say("; nothing outside {} could have been seen", span(s.truncation)) if s.truncation is not None else say("")
        opening = f"Observed, in {p.asked.units}: " if p.asked.units else "Observed: "
        return [say(opening) + _partly(p, s) + window + say(", so {}.", equation(N, size))]
    out: list[Words | Display] = []
    for v in p.observed:
        if s.is_large:
            out.append(say("Observed: {} values of {}.", size, Sym(v)))
            continue
        seen = p.observations
        if seen is not None and not seen.ordered:
            words = say("Observed: ")
            for j, (row, times) in enumerate(seen.rows):
                words += say(", " if j else "") + say("{} {} times", num(row[0]), num(times))
            many = p.sample is not None and p.sample.kinds == ("counts",) and p.sample.size > MANY
            end = say("{}, together {}.", units, size) if many else say("{}, so {}.", units, equation(N, size))
            out.append(words + end)
            continue
        lead = say("Observed: ") if len(p.observed) == 1 else say("Observed {}: ", Sym(v))
        end = say("{}, so {}.", units, equation(N, size)) if v == p.observed[-1] else say("{}.", units)
        out.append(lead + row_of(s.values(v)) + end)
    return out


def row_of(xs: Sequence[Fraction]) -> Words:
    """Numbers in a row, a long one with dots."""
    words = say("")
    for j, x in enumerate(xs if len(xs) <= SHOWN else (*xs[:5], *xs[-2:])):
        words += say(", " if j else "") + (say("…, ") if len(xs) > SHOWN and j == 5 else say(""))
        words += say("{}", shown(x))
    return words


def shown(x: Fraction) -> Formula:
    """A number as a decimal where it has a short one."""
    return with_power_of_ten(x) if x and (x * 10**8).denominator == 1 else rational(x)


def _partly(p: Problem, s: Sample) -> Words:
    """What was seen, kind by kind."""
    (v,) = p.variables
    groups: list[tuple[str, list[tuple[Any, int]]]] = []
    exact = s.exact.get(v, ())
    if len(s.weights):
        return _weighted(exact, s.weights)
    single = [(x, k) for x, k in s.counts.items() if not isinstance(x, tuple)]
    cells = [(x, k) for x, k in s.counts.items() if isinstance(x, tuple)]
    groups.append(("exact", [*_tallied(exact), *single]))
    pairs = [*((pair, 1) for pair in s.interval), *cells]
    groups.append(("interval", [(x, k) for x, k in pairs if not any(isinstance(e, float) for e in x)]))
    groups.append(("right", [*_tallied(s.right), *((x[0], k) for x, k in pairs if isinstance(x[1], float))]))
    groups.append(("left", [*_tallied(s.left), *((x[1], k) for x, k in pairs if isinstance(x[0], float))]))
    words, again = say(""), False
    for kind, items in groups:
        items = [(x, k) for x, k in items if k]
        if items:
            words += (say("; ") if again else say("")) + _group(kind, items)
            again = True
    return words


def _tallied(c: Any) -> list[tuple[Any, int]]:
    """The values of a column in order with how often each occurs; of a large one only how many there are."""
    if not isinstance(c, tuple):
        return [(None, len(c))]
    out: dict[Fraction, int] = {}
    for x in c:
        out[x] = out.get(x, 0) + 1
    return list(out.items())


def _group(kind: str, items: list[tuple[Any, int]]) -> Words:
    """ "exactly 2, 4", "more than 5 (3 times)"; many as their number."""
    if len(items) > SHOWN or items[0][0] is None:
        what = {"exact": "known exactly", "right": "only known to exceed a limit", "left": "only known to lie below a limit"}
        return say("{} values {}", num(sum(k for _, k in items)), what.get(kind, "only known to lie in an interval"))
    words = say(LEADS[kind])
    for j, (x, k) in enumerate(items):
        words += say(", " if j else "") + (say("{} and {}", shown(x[0]), shown(x[1])) if isinstance(x, tuple) else say("{}", shown(x)))
        if k > 1:
            words += say(" ({} times)", num(k))
    return words


def _weighted(xs: Any, ws: Any) -> Words:
    if not isinstance(xs, tuple) or not isinstance(ws, tuple) or len(xs) > SHOWN:
        return say("{} values with a weight each", num(len(xs)))
    words = say("")
    for j, (x, w) in enumerate(zip(xs, ws, strict=True)):
        words += say(", " if j else "") + say("{} with weight {}", shown(x), shown(w))
    return words


def span(pair: tuple[End, End]) -> Formula:
    """A window with its finite ends in it."""
    a, b = pair
    low = Neg(INFINITY) if isinstance(a, float) else shown(a)
    high = INFINITY if isinstance(b, float) else shown(b)
    return Span(low, high, isinstance(a, float), isinstance(b, float))


__all__ = ["observed", "row_of", "shown", "span"]
