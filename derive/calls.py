"""Calls with arguments that there are not: an error that names the nearest, and is a TypeError as Python's own."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import wraps
from typing import Any, TypeVar, cast

from .errors import WrongCall

F = TypeVar("F", bound=Callable[..., Any])


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
        strange = next((k for k in kwargs if k not in signature.parameters), None)
        near = get_close_matches(strange, signature.parameters, 1, 0.6) if strange is not None else []
        hint = f"did you mean {near[0]}?" if near else "its arguments are " + ", ".join(k for k in signature.parameters if k != "self")
        raise WrongCall(f"{name.removesuffix('.__init__')}() {e}", hint=hint) from None


__all__ = ["answered", "bound_to"]
