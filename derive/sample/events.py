"""Events of durations: 1 or a word for it where a duration ended, 0 or a word for it where it is only exceeded."""

from __future__ import annotations

import re
from typing import Any

from ..errors import NotValid
from .columns import is_missing, number

ENDED = frozenset({"dead", "died", "deceased", "event", "failed", "failure", "ended", "observed", "uncensored", "tot", "gestorben"})
EXCEEDED = frozenset({"alive", "censored", "lost", "ongoing", "running", "survived", "unfailed", "zensiert", "lebt"})
YES, NO = frozenset({"yes", "y", "true", "t", "ja", "j", "oui"}), frozenset({"no", "n", "false", "f", "nein", "non"})
OPPOSITE = re.compile(r"(?<!un)cens|zens|alive|surviv|leb(?:t|end)", re.I)  # names of columns in which yes says that nothing ended
WANTED = "an event is 1 where the duration is known and 0 where it is only exceeded"


def seen(x: Any, what: str, column: str = "") -> bool:
    """Whether an entry of events says that the duration ended.  what: how an error calls it.  column: the name of its column.

    Raises NotValid for what is neither, and where the name of the column leaves open which it is.
    """
    word = x.strip().casefold() if isinstance(x, str) else ""
    if word in ENDED or word in EXCEEDED:
        return word in ENDED
    if word in YES or word in NO:
        value = word in YES
    elif isinstance(x, str) and not re.search(r"\d", x) and not is_missing(x):
        raise NotValid(f'{what} is "{x}", not 1 or 0', hint=WANTED)
    else:
        v = number(x, what)
        if v not in (0, 1):
            raise NotValid(f"{what} is {v}", hint=WANTED)
        value = v == 1
    if OPPOSITE.search(column):
        raise NotValid(
            f"{what} is {x}: does that say that the duration ended, or, as the name {column} has it, that it did not?",
            hint=f"{WANTED}; make a column of that, called for example ended",
        )
    return value


__all__ = ["seen"]
