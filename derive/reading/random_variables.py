"""A random variable of `sympy.stats`, or its density, as the text of a density.  SymPy is here already where one is given."""

from __future__ import annotations

import sys
from typing import Any

from ..calls import of_sympy
from ..errors import NotSupported

SETS = {"Naturals0": "{0, 1, 2, ...}", "Naturals": "{1, 2, 3, ...}", "Integers": "{..., -1, 0, 1, ...}"}


def is_random(given: Any) -> bool:
    """Whether something is a random variable of `sympy.stats` or made of them, or what its `density` gives."""
    kind = type(given)
    if not of_sympy(given) or not isinstance(kind.__module__, str):
        return False
    if kind.__module__.startswith("sympy.stats") or kind.__name__ == "Lambda":
        return True
    rv = sys.modules.get("sympy.stats.rv")
    return rv is not None and bool(given.atoms(rv.RandomSymbol))


def as_text(given: Any) -> tuple[str, str, str | None]:
    """The density, what is observed, and the support, as SymPy text.  Raises NotSupported for what has no density of one number.

    SymPy's parametrisation holds: Normal(name, mean, standard deviation), Gamma(name, shape, scale).
    """
    import sympy as sp
    from sympy.stats import density

    name, made = "x", given
    if hasattr(given, "pspace"):
        name = str(given.symbol)
        name = name.lower() if len(name) == 1 else name
        made = density(given)
    if not callable(made):
        raise NotSupported(f"the density of {given} is not read here", hint="give one random variable, or the density of one observation")
    x = sp.Symbol(name)
    if name in {s.name for s in getattr(made, "free_symbols", ())}:
        raise NotSupported(f"{name} is a parameter of this distribution too", hint="give the random variable another name")
    f = made(x)
    f = f(x) if isinstance(f, sp.Lambda) else f  # of a few values
    low, high = getattr(made, "low", None), getattr(made, "high", None)
    if isinstance(f, sp.Piecewise) and low is not None and high is not None and f.has(sp.Contains):
        return str(f.args[0][0]), name, f"{{{low}, ..., {high}}}"
    return str(f), name, None if f.has(sp.Piecewise) else _set(getattr(made, "set", None))


def _set(values: Any) -> str | None:
    """A set of SymPy as the text of a domain; an end that is a number does not belong to it."""
    import sympy as sp

    if isinstance(values, sp.Interval):
        left, right = "(" if values.start.is_number else "[", ")" if values.end.is_number else "]"
        return f"{left}{values.start}, {values.end}{right}"
    return SETS.get(str(values))


__all__ = ["as_text", "is_random"]
