"""derive show: a distribution of the catalogue, and what follows from it."""

from __future__ import annotations

import json
import shlex
from typing import Any
from urllib.parse import quote_plus

import derive

from ..algebra.terms import Algebra
from ..catalogue import Entry, find, meant, near
from ..density.integration.expectation import mean
from ..errors import DeriveError, NotValid
from ..formula.bridge import answer
from ..problem.problem import Problem
from ..problem.test_points import random_points
from .catalogue import values_of

POINTS = 4  # parameter values at which a mean is compared with numbers


def shown(name: str, fmt: str | None) -> str:
    """One distribution: its density, support, mean, estimates, and where to read on.  Raises NotValid for a name there is not."""
    e = find(name)
    if e is None:
        like = near(name)
        hint = meant(like) if like else "derive list shows the catalogue"
        raise NotValid(f"there is no distribution called {name!r} in the catalogue", hint=hint)
    p = Problem(e.name)
    values = {**values_of(e), "mean": _mean(p), **_estimates(p), "see": _links(e)}
    if fmt == "json":
        return json.dumps(values, ensure_ascii=False, indent=2) + "\n"
    return _text(e, values)


def _mean(p: Problem) -> str | None:
    """The mean as text, where it is found."""
    if len(p.variables) != 1 or p.covariates:
        return None
    (v,) = p.variables
    points = [{k: w[k] for k in (*p.parameters, *p.known)} for w in random_points(p, POINTS)]
    found = mean(p.density, v, p.support[v], Algebra(p.facts), points)
    return None if found is None else str(answer(found))


def _estimates(p: Problem) -> dict[str, Any]:
    """The estimates from a symbolic sample, or why there are none."""
    try:
        d = derive.mle(p)
    except DeriveError as e:
        return {"estimates": {}, "because": e.message}
    out: dict[str, Any] = {"estimates": {k: str(f) for k, f in d.estimates.items()}, "how": {k: str(h) for k, h in d.how.items()}}
    return out if d.outcome != "none" else {**out, "because": "the likelihood has no maximum"}


def _links(e: Entry) -> list[str]:
    return ["https://en.wikipedia.org/wiki/Special:Search?search=" + quote_plus(f"{e.name} distribution")]


def _text(e: Entry, values: dict[str, Any]) -> str:
    """For reading in a terminal."""
    letters = {**values["parameters"], **{k: f"{d}, known" for k, d in values["known"].items()}}
    rows = [("density", e.density), ("support", f"{e.variable}: {e.support}")]
    rows += [("parameter", f"{k}: {d}") for k, d in letters.items()]
    rows += [("mean", values["mean"])] if values["mean"] else []
    rows += [("estimate", f"{k} = {f}") for k, f in values["estimates"].items()]
    rows += [("estimate", f"{k}: {h}, with data") for k, h in values.get("how", {}).items() if k not in values["estimates"]]
    rows += [("estimate", "none for a symbolic sample: " + values["because"])] if "because" in values else []
    rows += [("see", e.source), *(("", link) for link in values["see"]), ("try", f"derive mle {shlex.quote(e.name)} --data ...")]
    title = e.name + (f" (also {', '.join(e.aliases)})" if e.aliases else "")
    return f"{title}\n{e.says}\n\n" + "".join(f"{name:<10} {text}\n" for name, text in rows)
