"""Calls with arguments that there are not: an error that names the nearest, and is a TypeError as Python's own."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import wraps
from typing import Any, TypeVar, cast

from .errors import WrongCall

F = TypeVar("F", bound=Callable[..., Any])


def of_sympy(value: object) -> bool:
    """Whether a value, and no class, is of SymPy's making; SymPy is not imported for that."""
    return not isinstance(value, type) and any(str(c.__module__).split(".")[0] == "sympy" for c in type(value).__mro__)


def answered(function: F) -> F:
    """A decorator: a call that does not fit the signature raises `WrongCall`."""
    signature = inspect.signature(function)

    @wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        bound_to(signature, function.__qualname__, args, kwargs)
        return function(*args, **kwargs)

    return cast(F, checked)


def bound_to(signature: inspect.Signature, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    """Raises WrongCall unless the arguments fit the signature of the function of that name."""
    try:
        signature.bind(*args, **kwargs)
    except TypeError as e:
        called = name.removesuffix(".__init__")
        own = [p for p in signature.parameters.values() if p.name != "self"]
        first = [p.name for p in own if p.kind is not p.KEYWORD_ONLY]
        if len(args) > len(first) + ("self" in signature.parameters):
            named = next((k for k in ("data", "right") if k in signature.parameters), None)
            how = f", as in {called}({', '.join(first)}, {named}=[1, 2])" if named else ""
            hint = f"only {' and '.join(first)} may stand without a name{how}" if first else None
            raise WrongCall(f"{called}() has too many positional arguments", hint=hint) from None
        strange = next((k for k in kwargs if k not in signature.parameters), None)
        near = get_close_matches(strange, signature.parameters, 1, 0.6) if strange is not None else []
        hint = f"did you mean {near[0]}?" if near else "its arguments are " + ", ".join(p.name for p in own)
        raise WrongCall(f"{called}() {e}", hint=hint) from None


__all__ = ["answered", "bound_to", "of_sympy"]
