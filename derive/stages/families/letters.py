"""What the stages of a question about families share: its model, its test points, its unknowns, the letter for a total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...formula.families import Family, put_members, without_margins
from ...formula.tree import PLACEHOLDER, At, Big, Formula, N, Sym, each, free_names, has, names, replace_all, total
from ...oracle.oracle import Oracle
from ...problem.families import FamilyModel
from ...problem.problem import Problem
from ...trace import Words, say
from ..setting import Setting, State


def model_of(setting: Setting) -> FamilyModel:
    """The letters of the question."""
    found = setting.problem.families
    assert found is not None
    return found


def begin(problem: Problem) -> State:
    """The state in which nothing is found yet."""
    assert problem.families is not None
    m, domains = problem.families, problem.parameters
    general = Oracle(m.points(domains))
    return State(problem, m.algebra(domains), general, general)


def with_model(state: State, m: FamilyModel) -> State:
    """The state with more letters in the model."""
    return replace(state, problem=state.problem.replace(families=m), al=m.algebra(state.problem.parameters))


def unknown(name: str, setting: Setting) -> Sym | At:
    """The letter of a parameter, or the member of a family at the letters of its index."""
    fam = model_of(setting).families.get(name)
    return Sym(name) if fam is None else fam.member


def everywhere(oracle: Oracle, setting: Setting, *formulas: Formula) -> Oracle:
    """The oracle at every value of the letters of indices that formulas speak of freely."""
    m = model_of(setting)
    spoken = frozenset[str]().union(*map(free_names, formulas))
    found: dict[str, Formula] = {}
    for fam in m.families.values():
        for k, h in zip(fam.index, fam.high, strict=True):
            if k in spoken and k not in m.sizes and k not in found:
                found[k] = h
    return oracle.each(tuple(found), tuple(found.values())) if found else oracle


def put(f: Formula, name: str, value: Formula, setting: Setting) -> Formula:
    """f with the value of a parameter, or of every member of a family."""
    fam = model_of(setting).families.get(name)
    return replace_all(f, {Sym(name): value}) if fam is None else put_members(f, fam, value)


def at_value(oracle: Oracle, name: str, value: Formula, setting: Setting) -> Oracle:
    """The test points with a parameter, or every member of a family, at the value of a formula."""
    fam = model_of(setting).families.get(name)
    return oracle.at({name: value}) if fam is None else oracle.at_members(fam, value)


def hatted(name: str) -> str:
    """The name of the estimate of a family or of a letter."""
    return name + "_hat"


def with_hat(name: str, setting: Setting) -> Sym | At:
    """The estimate as a letter: theta hat, p hat with the index."""
    fam = model_of(setting).families.get(name)
    return Sym(hatted(name)) if fam is None else At(hatted(name), fam.member.index)


def hats_set(oracle: Oracle, values: Mapping[str, Formula], setting: Setting) -> Oracle:
    """The test points with the estimates under the names with hats; the parameters stay as they are."""
    for k, f in values.items():
        fam = model_of(setting).families.get(k)
        oracle = oracle.at({hatted(k): f}) if fam is None else oracle.at_members(Family(hatted(k), fam.index, fam.high), f)
    return oracle


def with_total(state: State, f: Formula) -> tuple[State, Formula, Words | None]:
    """A letter for the sum of all members of a family of data, n, or N where n_k has that letter: the state, f with the letter in it,
    and the words that introduce it.  None where there is no such sum in f, or it has a letter already."""
    m = model_of(state)
    known = dict(m.totals)
    out = replace_all(f, known) if known else f
    for base in (*m.data, *m.counts):
        fam = m.families.get(base)
        if fam is None or m.data.get(base, "count") != "count":
            continue
        whole: Formula = total(fam.member, fam.index[0], fam.high[0])
        if len(fam.index) > 1:
            whole = At(base, (PLACEHOLDER,) * len(fam.index))
            out = replace_all(out, {g: whole for g in each(out, Big) if _over_the_rest(g, base)})
        out = replace_all(out, known)
        if not has(out, whole):
            continue
        letter = Sym("N") if base.endswith("_own") else N
        if letter.name in names(m.likelihood) | set(state.parameters) | set(m.tied):
            continue
        spelled = without_margins(whole, m.families)
        m = replace(m, tied={**m.tied, letter.name: spelled}, totals={**m.totals, whole: letter})
        state = with_model(replace(state, general=state.general.at({letter.name: whole})), m)
        return state, replace_all(out, {whole: letter}), say("Write {} for the sum of all counts.", letter)
    return state, out, None


def _over_the_rest(g: Formula, base: str) -> bool:
    """Whether g is the sum of margins of a family over the one index that is left."""
    if not isinstance(g, Big) or g.kind != "sum" or not isinstance(g.body, At) or g.body.base != base:
        return False
    return [k for k in g.body.index if k != PLACEHOLDER] == [Sym(g.index)]


__all__ = ["at_value", "begin", "everywhere", "hats_set", "hatted", "model_of", "put", "unknown", "with_hat", "with_model", "with_total"]
