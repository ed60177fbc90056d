"""Which of finitely many candidates have the largest likelihood at the data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ...errors import NotSupported
from ...formula.evaluate import compiled
from ...formula.plain import plain
from ...formula.tree import Formula
from ...oracle.exact import LogLikelihood, source_of
from ...proofs.zeros import highest_places
from ..setting import Setting

APART = 1e-9  # of two heights that floats tell apart, relative to their size


def highest(places: Sequence[Mapping[str, Formula]], setting: Setting) -> tuple[int, ...]:
    """The numbers of the candidates at which the likelihood is largest: one, or several at which it is proved to be the same.

    places: for each candidate a number without letters for every parameter.  Raises NotSupported where two of them are not told apart.
    """
    if len(places) == 1:
        return (0,)
    w = setting.judge.points[0]
    source = source_of(w, "ell")
    if isinstance(source, LogLikelihood):
        found = highest_places(source.density, source.columns, source.rows, places)
        if found is not None:
            return found
    heights = [float(w["ell"](*(compiled(place[k])({}) for k in setting.parameters))) for place in places]
    top = max(heights)
    best = [j for j, h in enumerate(heights) if not top - h > APART * (1 + abs(top))]
    if len(best) > 1 or not math.isfinite(top):
        shown = " and ".join(", ".join(f"{k} = {plain(f)}" for k, f in places[j].items()) for j in best)
        raise NotSupported(f"whether the likelihoods at {shown} are equal was not settled")
    return (best[0],)


__all__ = ["highest"]
