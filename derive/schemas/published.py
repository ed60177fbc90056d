"""The schemas of what is given as JSON: of a derivation and of a report on a solution."""

from __future__ import annotations

import json
from difflib import get_close_matches
from importlib.resources import files
from typing import Any

from ..errors import NotValid

NAMES = ("derivation", "report")


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `Derivation.to_dict()` or of `Report.to_dict()`, by name: "derivation", "report".

    Raises NotValid for another name.
    """
    if name not in NAMES:
        near = get_close_matches(str(name), NAMES, 1, 0.5)
        raise NotValid(f"there is no schema {name!r}", hint=(f"did you mean {near[0]}? " if near else "") + "they are " + ", ".join(NAMES))
    found: dict[str, Any] = json.loads(files(__package__).joinpath(f"{name}.schema.json").read_text(encoding="utf-8"))
    return found


__all__ = ["NAMES", "schema"]
