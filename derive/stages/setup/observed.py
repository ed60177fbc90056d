"""What was observed, in words: the last part of the model."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ...formula.decimals import quoted, with_power_of_ten
from ...formula.tree import Formula, N, Neg, Span, Sym, equation, num, rational, total
from ...problem.problem import Problem
from ...problem.sample_rows import MANY
from ...sample.columns import Column, ends_of, fractions
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
    size, digits = num(s.size or 0), p.asked.digits if p.in_floats else None
    if p.single is not None:
        return [listed("Observed: ", [equation(Sym(v), num(x)) for v, x in zip(p.variables, p.single, strict=True)]) + say(".")]
    if p.sums:
        given = [equation(total(p.indexed(f), p.index), shown(x, digits)) for f, x in p.sums.values()]
        return [listed("Of the sample it is known that ", [equation(N, size), *given]) + say(".")]
    units, rounded = f" {p.asked.units}" if p.asked.units else "", ", rounded" if p.in_floats else ""
    if p.observations is None and not (s.is_large and s.is_plain):
        window = say("; nothing outside {} could have been seen", span(s.truncation)) if s.truncation is not None else say("")
        opening = f"Observed, in {p.asked.units}{rounded}: " if p.asked.units else f"Observed{rounded}: "
        return [say(opening) + _partly(p, s, digits) + window + say(", so {}.", equation(N, size))]
    out: list[Words | Display] = []
    for v in p.observed:
        seen = p.observations
        if seen is not None and not seen.ordered:
            words = say("Observed: ")
            for j, (row, times) in enumerate(seen.rows):
                words += (
                    say(", " if j else "") + say("{} (", shown(row[0], digits) if p.in_floats else num(row[0])) + _often(times) + say(")")
                )
            many = p.sample is not None and p.sample.kinds == ("counts",) and p.sample.size > MANY
            end = say("{}, together {}.", units, size) if many else say("{}, so {}.", units, equation(N, size))
            out.append(words + end)
            continue
        lead = say(f"Observed{rounded}: ") if len(p.observed) == 1 else say(f"Observed {{}}{rounded}: ", Sym(v))
        end = say("{}, so {}.", units, equation(N, size)) if v == p.observed[-1] else say("{}.", units)
        out.append(lead + row_of(s.values(v), digits) + end)
    return out


def row_of(xs: Column, digits: int | None) -> Words:
    """Numbers in a row, a long one with dots; digits: as for `shown`."""
    few = [*ends_of(xs, 5, 2)] if len(xs) > SHOWN else list(fractions(xs))
    words = say("")
    for j, x in enumerate(few):
        words += say(", " if j else "") + (say("…, ") if len(xs) > SHOWN and j == 5 else say(""))
        words += say("{}", shown(x, digits))
    return words


def shown(x: Fraction, digits: int | None) -> Formula:
    """A number as a decimal where it has a short one; rounded to so many digits, where they are said."""
    if digits is not None and x.denominator != 1:
        return quoted(float(x), digits)
    return with_power_of_ten(x) if x and (x * 10**8).denominator == 1 else rational(x)


def _partly(p: Problem, s: Sample, digits: int | None) -> Words:
    """What was seen, kind by kind."""
    (v,) = p.variables
    groups: list[tuple[str, list[tuple[Any, int]]]] = []
    exact = s.exact.get(v, ())
    if len(s.weights):
        return _weighted(exact, s.weights, digits)
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
            words += (say("; ") if again else say("")) + _group(kind, items, digits)
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


def _group(kind: str, items: list[tuple[Any, int]], digits: int | None) -> Words:
    """ "exactly 2, 4", "more than 5 (3 times)"; many as their number."""
    if len(items) > SHOWN or items[0][0] is None:
        what = {"exact": "known exactly", "right": "only known to exceed a limit", "left": "only known to lie below a limit"}
        return say("{} values {}", num(sum(k for _, k in items)), what.get(kind, "only known to lie in an interval"))
    words = say(LEADS[kind])
    for j, (x, k) in enumerate(items):
        few = [shown(e, digits) for e in (x if isinstance(x, tuple) else (x,))]
        words += say(", " if j else "") + say(" and ".join(["{}"] * len(few)), *few)
        if k > 1:
            words += say(" (") + _often(k) + say(")")
    return words


def _often(k: int) -> Words:
    """Once, twice, 3 times."""
    return say("once") if k == 1 else say("twice") if k == 2 else say("{} times", num(k))


def _weighted(xs: Any, ws: Any, digits: int | None) -> Words:
    if not isinstance(xs, tuple) or not isinstance(ws, tuple) or len(xs) > SHOWN:
        return say("{} values with a weight each", num(len(xs)))
    words = say("")
    for j, (x, w) in enumerate(zip(xs, ws, strict=True)):
        words += say(", " if j else "") + say("{} with weight {}", shown(x, digits), shown(w, digits))
    return words


def span(pair: tuple[End, End]) -> Formula:
    """A window with its finite ends in it."""
    a, b = pair
    low = Neg(INFINITY) if isinstance(a, float) else shown(a, None)
    high = INFINITY if isinstance(b, float) else shown(b, None)
    return Span(low, high, isinstance(a, float), isinstance(b, float))


__all__ = ["observed", "row_of", "shown", "span"]
