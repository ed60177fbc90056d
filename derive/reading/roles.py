"""What the left-hand side of a density says of its letters: p(y | x; a) has y observed, x given, a to be estimated."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from ..formula.names import canonical
from .brackets import cut
from .sample_likelihood import is_data

BESIDE = frozenset({"x", "y", "z", "t", "X", "Y", "Z", "T"})  # letters that are observed wherever they stand in a head
HEAD = re.compile(
    r"\s*(?:\\(?:ln|log)\s*)?(?:\\(?:mathrm|mathbf|text|operatorname|mathcal)\s*\{?\s*)?\\?[A-Za-z]+\}?'*(?:_(?:\{[^{}]*\}|\\?\w+))?\s*(?:\\left|\\[bB]ig+l?)?\s*\("
)
GROUPS = re.compile(r";|\||\\mid(?![A-Za-z])|\\vert(?![A-Za-z])|:")


@dataclass(frozen=True)
class Roles:
    """variables: what stands before the bar or semicolon; covariates and parameters: what stands behind it.

    apart: whether there is a bar or semicolon, so that what stands before it is observed whatever its letter is.
    """

    variables: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    apart: bool = False


def roles(text: str, columns: Collection[str] = ()) -> Roles:
    """The roles of the letters in the head of "f(x; theta) = ..."; empty where the text has no such head."""
    m = HEAD.match(text.lstrip("$ "))
    body = text.lstrip("$ ")
    inside = _inside(body, m.end()) if m is not None else None
    if m is None or inside is None or not re.match(r"\s*(?:=|:=|\\propto|\\equiv|\\coloneqq)(?!=)", body[m.end() + len(inside) + 1 :]):
        return Roles()
    first, *rest = cut(inside, GROUPS)
    before, behind = _names(first), [k for group in rest for k in _names(group)]
    apart = cut(inside, re.compile(";"))[1:]  # behind a semicolon stand parameters, behind a bar also what is given
    estimated = {k for group in apart for k in _names(cut(group, GROUPS)[0])}
    conditional = {k for k in behind if apart and k not in estimated and is_data(k)}  # between a bar and a semicolon stands what is given
    given = tuple(k for k in behind if (k in BESIDE and k not in estimated) or k in columns or k in conditional)
    return Roles(tuple(before), given, tuple(k for k in behind if k not in given), bool(rest))


def _names(group: str) -> list[str]:
    """The letters of a list, of X = x the second."""
    out = []
    for part in cut(group, re.compile(",")):
        k = re.sub(
            r"\\(?:left|right|,|;|!|mathbf|boldsymbol|bm|vec|mathrm)(?![A-Za-z])|[{}]",
            lambda m: m[0] if m[0] in "{}" else " ",
            part.rpartition("=")[2],
        )
        k = k.strip()
        while k.startswith("{") and k.endswith("}"):
            k = k[1:-1].strip()
        if re.fullmatch(r"\\?[A-Za-z]+(?:_(?:\{\\?\w+\}|\\?\w+))?(?:\s*(?:\^|\*\*)\s*\{?2\}?)?", k):
            out.append(canonical(k).removesuffix("_i"))
    return out


def _inside(text: str, start: int) -> str | None:
    depth = 1
    for j in range(start, len(text)):
        depth += (text[j] == "(") - (text[j] == ")")
        if depth == 0:
            return text[start:j]
    return None


__all__ = ["Roles", "roles"]
