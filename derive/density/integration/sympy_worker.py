"""SymPy's integrator as a program of its own: `python -m derive.density.integration.sympy_worker`.

It reads one question as JSON from standard input: {"integrand", "variable", "low", "high", "positive"}, formulas as in
`formula.data`; and writes the integral in the same form, or null where SymPy finds none.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import sympy as sp

from ...errors import DeriveError
from ...formula.bridge import from_sympy, to_sympy
from ...formula.data import from_data, to_data
from ...formula.tree import Formula


def integrated(f: Formula, v: str, low: Formula, high: Formula, positive: bool) -> Formula | None:
    """The integral of f over v from low to high, the other letters positive; None where SymPy finds none.

    positive: whether v is positive too, and from low on.  Raises NotSupported for a result that has no formula.
    """
    integrand, a, b = map(to_sympy, (f, low, high))
    letters = {q: sp.Symbol(q.name, positive=True) for g in (integrand, a, b) for q in g.free_symbols if positive or q.name != v}
    y = sp.Dummy(positive=True) if positive else sp.Dummy(real=True)
    body = integrand.xreplace(letters).subs({letters.get(q, q): y for q in integrand.free_symbols if q.name == v})
    conditions = {} if positive else {"conds": "none"}
    found = sp.simplify(sp.integrate(body, (y, a.xreplace(letters), b.xreplace(letters)), **conditions))
    return None if found.has(sp.Integral) else from_sympy(found)


def answer(question: Any) -> Any:
    """The integral that is asked for, as data."""
    f, low, high = (from_data(question[k]) for k in ("integrand", "low", "high"))
    try:
        found = integrated(f, question["variable"], low, high, question["positive"])
    except DeriveError:
        return None
    return None if found is None else to_data(found)


if __name__ == "__main__":
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
