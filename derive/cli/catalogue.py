"""derive list: what the catalogue holds."""

from __future__ import annotations

import json
import re
from typing import Any

from ..catalogue import Entry, entries, meant, near, plain
from ..errors import NotValid
from ..formula.names import canonical


def listed(word: str | None, fmt: str | None) -> str:
    """The catalogue, or what of it has a word in its name or description.  Raises NotValid where nothing has."""
    found = [e for e in entries() if word is None or plain(word) in plain(" ".join((e.name, *e.aliases))) or _speaks_of(e, word)]
    if not found:
        like = near(word or "")
        hint = meant(like) if like else "derive list shows the whole catalogue"
        raise NotValid(f"the catalogue has nothing with {word!r}", hint=hint)
    if fmt == "json":
        return json.dumps([values_of(e) for e in found], ensure_ascii=False, indent=2) + "\n"
    return "".join(f"{e}\n" for e in found)


def _speaks_of(e: Entry, word: str) -> bool:
    return re.search(rf"\b{re.escape(word.casefold())}", e.says.casefold()) is not None


def values_of(e: Entry) -> dict[str, Any]:
    """What is declared of a distribution."""
    return {
        "name": e.name, "aliases": list(e.aliases), "says": e.says, "variable": e.variable, "density": e.density, "support": e.support,
        "parameters": {canonical(k): d for k, d in e.parameters.items()}, "known": {canonical(k): d for k, d in e.known.items()},
        "reference": e.source,
    }  # fmt: skip
