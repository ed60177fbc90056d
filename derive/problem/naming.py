"""The rule for every argument that names things: a name is one that the question has, or it is refused with the nearest one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from ..errors import NotValid
from ..formula.names import reported

CLOSE = 0.6  # how alike two names are of which one may be meant


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that may be meant: another case, another index, or a slip of the pen."""
    table = {reported(k).casefold(): reported(k) for k in names}
    asked = reported(name).casefold()
    if asked in table:
        return table[asked]
    found = get_close_matches(asked, table, 1, CLOSE)
    return table[found[0]] if found else None


def unknown(argument: str, name: str, names: Sequence[str], what: str = "the letters here are") -> NotValid:
    """The refusal of a name that an argument speaks of and the question does not have."""
    like = nearest(name, names)
    meant = f"did you mean {like}? " if like else ""
    shown = ", ".join(dict.fromkeys(map(reported, names))) or "none"
    return NotValid(f"`{argument}` mentions {reported(name)}, which does not occur here", hint=f"{meant}{what} {shown}")


def check_names(
    argument: str, given: Iterable[str], names: Iterable[str], what: str = "the letters here are", also: Iterable[str] = ()
) -> None:
    """Raises NotValid unless every given name is among those of the question; all in the inside spelling.  also: names that
    may be meant, and have no need of this argument."""
    known = tuple(names)
    for name in given:
        if name not in known:
            raise unknown(argument, name, (*known, *also), what)


__all__ = ["check_names", "nearest", "unknown"]
