"""What stands in one option: names, names with domains, names with values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..errors import NotValid
from ..problem.arguments import ARGUMENTS
from ..reading.brackets import cut
from ..reading.domains import subject_of

EXAMPLES = {**{a.option: a.example for a in ARGUMENTS if a.option}, "counts": "'1=9000,(2, 4]=10'", "sum": "'x**2=70'"}
NAMED = re.compile(r"\s*[^=:<>]*[^=:<>\s]\s*(?:=(?!=)|:)\s*[^=\s]")  # NAME=VALUE, or NAME: DOMAIN
NAME = re.compile(r"\s*\\?[^\W\d]\w*(?:_\{\w+\})?(?:²|\^2)?\s*\Z")


def split(texts: Sequence[str]) -> list[str]:
    """Names separated by commas."""
    return [x.strip() for t in texts for x in t.split(",") if x.strip()]


def outside_brackets(text: str) -> list[str]:
    """The pieces between commas and semicolons that stand outside brackets, but for empty ones."""
    return [t for t in cut(text) if t.strip()]


def entries(texts: Sequence[str], alone: bool = False) -> list[str]:
    """The entries of an option: one in each text, or several between commas where each of them is NAME=VALUE (or NAME: DOMAIN).
    alone: a name alone is an entry too, beside one that is not."""
    out: list[str] = []
    for t in texts:
        pieces = outside_brackets(t)
        named = [NAMED.match(p) is not None or (alone and (NAME.match(p) or subject_of(p)) is not None) for p in pieces]
        out += pieces if len(pieces) > 1 and all(named) else [t]
    return out


def pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    """NAME=VALUE.  A label is the rest; any other value holds no equals sign, and a name may: 'P(X = 0) = exp(-lambda)'."""
    out: dict[str, str] = {}
    for t in entries(texts):
        key, sign, value = t.partition("=") if option == "label" else t.rpartition("=")
        if not sign and option in ("quantity", "at", "label"):
            key, sign, value = t.partition(":")
        if not sign or not key.strip() or not value.strip():
            raise NotValid(f"--{option} {t.strip()!r} is not NAME=VALUE", hint=f"write --{option} {EXAMPLES[option]}")
        if key.strip() in out:
            raise NotValid(f"--{option} gives {key.strip()} twice")
        out[key.strip()] = value.strip()
    return out


def domains(texts: Sequence[str], signs: str) -> list[str] | Mapping[str, str | None]:
    """NAME, NAME: DOMAIN or NAME=VALUE: a list of names where none has more.  signs: what may stand behind a name."""
    out: dict[str, str | None] = {}
    for t in entries(texts, alone=True):
        if subject_of(t) is not None:  # lambda > 0: the question takes it apart
            out[t.strip()] = None
            continue
        name, sign, rest = re.match(rf"\s*(.*?)\s*(?:([{signs}])=?(.*))?$", t, re.DOTALL).groups()  # type: ignore[union-attr]
        if not name or (sign and not rest.strip()):
            raise NotValid(f"{t.strip()!r} is not a name with a domain or value", hint="write 'lambda: positive', or m=10 for a known one")
        names = [n.strip() for n in name.split(",")] if sign is None else [name]
        out.update(dict.fromkeys(names, rest.strip() if sign else None))
    return list(out) if all(v is None for v in out.values()) else out


__all__ = ["domains", "outside_brackets", "pairs", "split"]
