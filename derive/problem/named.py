"""A question that names a distribution of the catalogue instead of giving its density."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ..catalogue import Entry, find, instead, looks_like_a_name, meant, near
from ..errors import NotValid
from ..formula.names import GREEK, canonical, name_latex, squared_base


def entry_of(density: Any) -> Entry | None:
    """The distribution that a text names; None for a formula.  Raises NotValid for a name that is nearly one."""
    if not isinstance(density, str) or not looks_like_a_name(density):
        return None
    found = find(density)
    if found is None and canonical(density) not in GREEK:
        like = near(density)
        hint = f"{other}." if (other := instead(density)) else (meant(like) if like else "")
        if hint or density.strip().isalpha():
            raise NotValid(
                f"there is no distribution called {density.strip()!r} in the catalogue",
                hint=f"{hint} Any other density is given as a formula; `derive list` shows the catalogue".strip(),
            )
    return found


def refuse_name(likelihood: Any, parameters: Any) -> None:
    """Raises NotValid for the name of a distribution in place of a likelihood, where no parameter is called so."""
    if isinstance(likelihood, str) and looks_like_a_name(likelihood) and find(likelihood) is not None:
        if canonical(likelihood.strip()) not in {canonical(k) for k, _ in _items(parameters)}:
            raise NotValid(f"{likelihood} is a distribution, and not a likelihood", hint=f"write density={likelihood!r} in place of it")


def filled(entry: Entry, given: Mapping[str, Any], columns: Sequence[str] = ()) -> dict[str, Any]:
    """The arguments of a question about a catalogued distribution: what is given stands, the rest is declared there.

    columns: of the data; a single one names what is observed.  A letter of the distribution that is given as known is not estimated; where parameters are given, the others are known.
    """
    known = dict(_items(given["known"]))
    named_known = {canonical(k) for k in known}
    chosen = given["parameters"]
    spoken = named_known | {canonical(k) for k, _ in _items(chosen)}
    own, constant = (_as_spoken(letters, spoken) for letters in (entry.parameters, entry.known))
    domains = {canonical(k): (k, d) for k, d in (*own.items(), *constant.items())}
    wanted = {canonical(k): d for k, d in _items(chosen)} if chosen is not None else {canonical(k): None for k in own}
    parameters = {
        (domains[k][0] if k in domains else k): (d if d is not None else domains.get(k, (k, None))[1])
        for k, d in wanted.items()
        if chosen is not None or k not in named_known
    }
    constants = {name: d for k, (name, d) in domains.items() if canonical(name) not in {canonical(p) for p in parameters}}
    given_values = {canonical(k): v for k, v in known.items()}
    constants = {name: v if (v := given_values.pop(canonical(name), None)) is not None else d for name, d in constants.items()}
    strange = {k: v for k, v in known.items() if canonical(k) in given_values}
    variable = given["variable"]
    if not isinstance(variable, str) and variable is not None and len(variable) > 1:
        raise NotValid(
            f"the {entry.name} distribution has one observed variable, not {len(variable)}", hint=f"write variable={str(variable[0])!r}"
        )
    if variable is None and len(columns) == 1 and canonical(columns[0]) not in domains:
        (variable,) = columns
    elif not isinstance(variable, str):
        variable = (variable or [entry.variable])[0]
    name = canonical(variable)
    if name in domains:
        raise NotValid(
            f"{variable} is a parameter of the {entry.name} distribution here", hint="choose another letter for what is observed"
        )
    return {
        "density": _in_letter(entry.density, entry.variable, name_latex(name) if "\\" in entry.density else name), "variable": variable,
        "parameters": parameters, "known": {**constants, **strange}, "support": given["support"] or _in_letter(entry.support, entry.variable, name),
    }  # fmt: skip


def _in_letter(text: str, letter: str, other: str) -> str:
    """A text with another name for what is observed."""
    return text if letter == other else re.sub(rf"(?<![\\A-Za-z_]){letter}(?![A-Za-z_])", lambda _: other, text)


def _as_spoken(letters: Mapping[str, str], spoken: Collection[str]) -> dict[str, str]:
    """Letters with their domains: sigma in place of its square, or the other way round, where the question speaks of that."""
    out = {}
    for k, d in letters.items():
        name = canonical(k)
        twin = squared_base(name) or name + "2"
        out[twin if twin in spoken and name not in spoken else k] = d
    return out


def _items(given: Any) -> list[tuple[str, Any]]:
    if given is None:
        return []
    return [(str(k), v) for k, v in given.items()] if isinstance(given, Mapping) else [(str(k), None) for k in given]
