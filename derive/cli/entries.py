"""What stands in one option: names, names with domains, names with values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..errors import NotValid


def split(texts: Sequence[str]) -> list[str]:
    """Names separated by commas."""
    return [x.strip() for t in texts for x in t.split(",") if x.strip()]


def pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    """NAME=VALUE.  A label is the rest; any other value holds no equals sign, and a name may: 'P(X = 0) = exp(-lambda)'."""
    out: dict[str, str] = {}
    for t in texts:
        key, sign, value = t.partition("=") if option == "label" else t.rpartition("=")
        if not sign or not key.strip() or not value.strip():
            raise NotValid(f"--{option} {t.strip()!r} is not NAME=VALUE", hint="quote it where it has blanks: 'mean wait = 1/lambda'")
        if key.strip() in out:
            raise NotValid(f"--{option} speaks of {key.strip()} twice")
        out[key.strip()] = value.strip()
    return out


def domains(texts: Sequence[str], signs: str) -> list[str] | Mapping[str, str | None]:
    """NAME, NAME: DOMAIN or NAME=VALUE: a list of names where none has more.  signs: what may stand behind a name."""
    out: dict[str, str | None] = {}
    for t in texts:
        name, sign, rest = re.match(rf"\s*(.*?)\s*(?:([{signs}])(.*))?$", t, re.DOTALL).groups()  # type: ignore[union-attr]
        if not name or (sign and not rest.strip()):
            raise NotValid(f"{t.strip()!r} is not a name with a domain or value", hint="write 'lambda: positive', or m=10 for a known one")
        names = [n.strip() for n in name.split(",")] if sign is None else [name]
        out.update(dict.fromkeys(names, rest.strip() if sign else None))
    return list(out) if all(v is None for v in out.values()) else out


__all__ = ["domains", "pairs", "split"]
