"""Several unknowns at the data: the log-likelihood as a function with proved stationary points, and where one lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ...formula.tree import AtData, Indicator, Peak, kinds, names
from ...problem.problem import Problem
from ...proofs.zeros import Box, surface
from .univariate import domains_of

if TYPE_CHECKING:
    from ...proofs.zeros.several import Surface


def surface_of(peak: Peak, problem: Problem) -> Surface | None:
    """The log-likelihood of a peak's unknowns at the data; None where its form is not covered, or data are not known one by one."""
    domains = domains_of(peak)
    if domains is None or problem.known or Indicator in kinds(peak.body):
        return None
    height, seen = problem.spelled(peak.body), problem.observations
    if seen is None:
        return surface(height, peak.unknowns, domains, (), ()) if names(height) <= set(peak.unknowns) else None
    return surface(height, peak.unknowns, domains, seen.names, seen.rows)


def located(answers: Mapping[str, Peak], box: Box, problem: Problem) -> dict[str, Peak]:
    """The peaks with their places at the data."""
    seen = problem.observations
    columns = () if seen is None else tuple((k, tuple(xs)) for k, xs in seen.columns().items())
    places = zip(box.middle, box.low, box.high, strict=True)
    return {k: replace(f, enclosed=AtData(columns, *at)) for (k, f), at in zip(answers.items(), places, strict=True)}
