"""Ranges of the values that a domain can hold."""

from __future__ import annotations

from collections.abc import Mapping

from ..algebra.facts import Facts, Range
from ..formula.tree import names
from .domain import Domain


def interior(d: Domain) -> Range:
    """The range of a parameter inside its domain: the ends are looked at apart."""
    low, high = d.bounds({})
    if d.values is None and d.also is None:  # rounded outwards
        low = low if names(d.low) else Facts().range(d.low).low
        high = high if names(d.high) else Facts().range(d.high).high
    return Range(low, high, True, True) if not d.discrete else Range(low, high)


def hull(d: Domain, letters: Mapping[str, Range]) -> Range:
    """The range of values that a domain with parameters in its ends can hold."""
    facts = Facts(letters)
    if d.values is not None:
        rs = [facts.range(v) for v in d.values]
        return Range(min(r.low for r in rs), max(r.high for r in rs))
    low, high = facts.range(d.low), facts.range(d.high)
    return Range(low.low, high.high, d.low_open or low.low_open, d.high_open or high.high_open)
