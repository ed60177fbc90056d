"""The result for families: the estimates, what they are, and their numbers where there are data."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from ...errors import NotSupported
from ...formula.evaluate import compiled
from ...formula.exactly import exactly
from ...formula.families import nested
from ...formula.names import reported
from ...formula.tree import PLACEHOLDER, At, Div, Relation, Sym, equation, num, rational
from ...recorder import held
from ...rule_names import RuleName
from ...sample.columns import as_array
from ...trace import Block, Display, Section, SectionKey, Table, Words, say
from ..number_format import digits
from ..setting import State
from .letters import everywhere, hats_set, model_of, unknown, with_hat


def inside(state: State) -> State:
    """Raises NotSupported where the estimates have no value at the data, or lie outside their domains."""
    m = model_of(state)
    if m.values is None:
        return state
    for k, found in numbers(state).items():
        d = state.problem.parameters[k]
        for v in _flat(found):
            if math.isnan(v):
                needed = "".join(f"; the estimate {c.words}" for c in state.conditions)
                raise NotSupported(
                    f"with these data the estimates of {reported(k)} are not determined{needed}", hint="leave out what was never observed"
                )
            if not d.contains(v):
                raise NotSupported(
                    f"with these data an estimate of {reported(k)} would be {v:g}, which does not belong to its domain ({d.words()}): the likelihood comes "
                    "ever closer to its supremum there, or has no bound",
                    hint="give a wider domain, or leave out what was never observed",
                )
    return state


def _flat(v: Any) -> list[float]:
    """The numbers in nested lists or in an array."""
    v = v.tolist() if hasattr(v, "tolist") else v
    return [x for y in v for x in _flat(y)] if isinstance(v, list) else [v]


def result(state: State) -> State:
    """Section "Result"."""
    m = model_of(state)
    oracle = hats_set(state.general, state.answers, state)
    lines = []
    for k in state.problem.parameters:
        u = unknown(k, state)
        lines.append(held(everywhere(oracle, state, u), equation(with_hat(k, state), state.answers[k]), rule=RuleName.RESULT))
    blocks: list[Block] = [Display(tuple(lines))]
    for k in state.problem.parameters:
        said = _in_words(k, state)
        blocks += [said] if said is not None else []
    if (said := _saturated(state)) is not None:
        blocks.append(said)
    blocks += [say("The estimate ") + c.words + say(".") for c in state.conditions]
    if m.values is not None:
        blocks += _tables(state)
    return state.adding(Section(SectionKey.RESULT, say("Result"), tuple(blocks), numbered=False))


def _in_words(name: str, state: State) -> Words | None:
    """What an estimate is, where there are words for it."""
    m, f, fam = model_of(state), state.answers[name], model_of(state).families.get(name)
    if fam is None or not isinstance(f, Div):
        return None
    if m.share_of(name) is not None and isinstance(f.top, At) and isinstance(f.bottom, Sym):
        if PLACEHOLDER in f.top.index:
            return say("{} is the proportion of all counts that lie in class {} of this index.", with_hat(name, state), Sym(fam.index[0]))
        return say("{} is the relative frequency of category {}.", with_hat(name, state), Sym(fam.index[-1]))
    if m.share_of(name) is not None and isinstance(f.bottom, At) and len(fam.index) == 2:
        return say(
            "{} is the proportion with second index {} among the counts with first index {}.",
            with_hat(name, state),
            Sym(fam.index[1]),
            Sym(fam.index[0]),
        )
    return None


def _saturated(state: State) -> Words | None:
    """That there is a parameter for every observation, where that is so."""
    m = model_of(state)
    for k in m.estimated:
        fam, f = m.families[k], state.answers[k]
        if isinstance(f, At) and f.base in m.data and m.families[f.base].high == fam.high and m.share_of(k) is None:
            return say("There is one parameter for every observation: the model is saturated, and reproduces the data.")
    return None


def numbers(state: State) -> dict[str, Any]:
    """The estimates at the data, by parameter: a float, for a family an array of them."""
    m = model_of(state)
    out: dict[str, Any] = {}
    for k, found in _values(state).items():
        fam = m.families.get(k)
        if fam is None:
            out[k] = found[()][1]
        else:
            rows = nested(fam, m.given, {at: v for at, (_, v) in found.items()})
            even = as_array(rows)
            out[k] = rows if even is None else even
    return out


def _values(state: State) -> dict[str, dict[tuple[int, ...], tuple[Fraction | None, float]]]:
    """By parameter and place the estimate at the data: as a fraction, where it is one, and as a float."""
    m = model_of(state)
    out: dict[str, dict[tuple[int, ...], tuple[Fraction | None, float]]] = {}
    floats: dict[str, Any] | None = None
    for k in state.problem.parameters:
        fam, f = m.families.get(k), state.answers[k]
        out[k] = {}
        for at in fam.places(m.given) if fam is not None else [()]:
            place = dict(zip(fam.index, at, strict=True)) if fam is not None else {}
            exact = exactly(f, {**m.given, **place})
            if exact is None and floats is None:
                floats = m.points(state.problem.parameters, data=True)[0]
            out[k][at] = (exact, float(exact) if exact is not None else compiled(f)({**(floats or {}), **place}))
    return out


def _tables(state: State) -> list[Block]:
    """The members of each family at the data."""
    m, count = model_of(state), state.problem.asked.digits
    blocks: list[Block] = [say("With the data:")]
    for k, found in _values(state).items():
        fam = m.families.get(k)
        if fam is None:
            blocks.append(say("{}.", Relation((with_hat(k, state), digits(found[()][1], count)), ("approx",))))
            continue
        head = (*(say("{}", Sym(j)) for j in fam.index), say("{}", with_hat(k, state)), say("decimal"))
        rows = [
            (
                *(say("{}", num(j)) for j in at),
                say("{}", rational(exact) if exact is not None else digits(v, count)),
                say("{}", digits(v, count)),
            )
            for at, (exact, v) in found.items()
        ]
        blocks.append(Table(head, tuple(rows)))
    return blocks


__all__ = ["inside", "numbers", "result"]
