"""Shares of a whole without a constraint: one probability is written as what the others leave, and gets a letter."""

from __future__ import annotations

from dataclasses import replace

from ...formula.tree import ONE, ZERO, Add, Formula, Sym, add, equation, has, mul, names, neg, replace_all
from ...problem.linear_constraints import Linear, linear
from ...problem.parameter_groups import Group, is_count
from ...problem.problem import Problem
from ...recorder import definition
from ...rule_names import RuleName
from ...trace import Block, Display, Section, SectionKey, say
from ..likelihood.kernel import left_out, with_kernel
from ..setting import ARGUED, Setting, State
from .by_substitution import constant_and_kernel, left_alone, reduce

LETTERS = ("q", "r", "s", "w")


def has_remainder(p: Problem) -> bool:
    """Whether the question is of that kind: several probabilities, and one factor that is what they leave."""
    left = [c for c in p.implied if c not in p.constraints]
    return not p.constraints and len(left) == 1 and len(p.parameters) > 1 and names(left[0]) == set(p.parameters)


def name_the_rest(state: State) -> State:
    """Section "The last share": a letter for what the others leave, where the likelihood is a product of their powers."""
    p, al = state.problem, state.al
    constant, kernel = constant_and_kernel(state)
    counts = _counts(kernel, state)
    (left,) = (c.sides[0] for c in p.implied)
    written = linear(equation(left, ZERO), tuple(p.parameters), al)
    if counts is None or written is None or set(written.coefficients) != set(p.parameters):
        return state
    new = rest_letter(p)
    coefficients = {**{k: al.tidy(neg(c)) for k, c in written.coefficients.items()}, new: ONE}
    whole = al.tidy(neg(written.constant))
    left_side = add(*(al.tidy(mul(a, Sym(k))) for k, a in coefficients.items()))
    group = Group(Linear(equation(left_side, whole), coefficients, whole), {**{k: counts[k] for k in p.parameters}, new: counts[""]})
    line = definition(equation(Sym(new), left), "a letter", rule=RuleName.NAME_THE_REST)
    alone, attained = left_alone([group], state)
    blocks: list[Block] = [say("Write {} for what the others leave:", Sym(new)), Display((line,)), *alone]
    zeros: dict[Formula, Formula] = {Sym(k): ZERO for k in group.unseen}
    last = new if new in group.seen else group.seen[-1]
    written_last = al.assemble(al.flat(replace_all(group.equation.solved_for(last, al), zeros)))
    table: dict[Formula, Formula] = {**zeros, Sym(last): written_last}
    put = replace_all(replace_all(kernel, {left: Sym(new)}), table)
    state, shown = (with_kernel(state, kernel), list[Block]()) if constant == ONE else left_out(state, constant, kernel)
    blocks += shown
    if attained:
        state = replace(reduce(state, {k.name: f for k, f in table.items() if isinstance(k, Sym)}, put), groups=(group,))
    else:
        state = state.without_maximum(ARGUED)
    return state.adding(Section(SectionKey.CONSTRAINTS, say("The last share"), tuple(blocks)))


def rest_letter(p: Problem) -> str:
    """The next index where the parameters are p_1, ..., p_k; else a letter of its own."""
    taken = {*p.parameters, *p.known, *p.values, *p.observed, *p.statistics}
    split = [k.rsplit("_", 1) for k in p.parameters]
    if all(len(s) == 2 and s[1].isdigit() for s in split) and len({s[0] for s in split}) == 1:
        new = f"{split[0][0]}_{max(int(s[1]) for s in split) + 1}"
        if new not in taken:
            return new
    return next(k for k in LETTERS if k not in taken)


def _counts(kernel: Formula, setting: Setting) -> dict[str, Formula] | None:
    """c by parameter, and under "" that of the rest."""
    p, al = setting.problem, setting.al
    counts: dict[str, Formula] = dict.fromkeys((*p.parameters, ""), ZERO)
    for b, k in al.split(kernel).powers.items():
        if names(k) & set(p.parameters) or not is_count(k, al, setting.lines_oracle):
            return None
        if isinstance(b, Sym) and b.name in counts:
            counts[b.name] = k
        elif isinstance(b, Add) and counts[""] == ZERO and all(has(b, Sym(o)) for o in p.parameters):
            counts[""] = k
        else:
            return None
    return counts


__all__ = ["has_remainder", "name_the_rest", "rest_letter"]
