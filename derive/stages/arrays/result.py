"""The result of a linear model, and its numbers where there are data."""

from __future__ import annotations

from typing import Any

from ...errors import NotSupported
from ...formula.names import hat
from ...formula.tree import Formula, Relation, Sym, add, equation, neg, num
from ...formula.with_numpy import at_arrays
from ...recorder import held
from ...rule_names import RuleName
from ...trace import Block, Display, Section, SectionKey, Table, say
from ..number_format import digits
from ..prose import listed
from ..setting import State
from .likelihood import model_of
from .scale import RSS

ROUNDING = 1e-12  # of the residuals against the response, below which they are rounding


def result(state: State) -> State:
    """Section "Result"."""
    m = model_of(state)
    oracle = state.general.at({hat(k).name: f for k, f in state.answers.items()})
    lines = [held(oracle, equation(hat(k), state.answers[k]), rule=RuleName.RESULT) for k in state.problem.parameters]
    blocks: list[Block] = [Display(tuple(lines))]
    if any(m.is_vector(k) for k in state.parameters) and any(m.shapes.scalar(Sym(k)) for k in state.parameters):
        blocks.append(say("The coefficients are those of {}; the variance is that quadratic form in the residuals over {}, and not over {}.", _squares(state),
                          m.length, _degrees(state)))  # fmt: skip
    blocks += [say("The estimate ") + c.words + say(".") for c in state.conditions]
    if m.values is not None:
        blocks += _numbers(state)
    return state.adding(Section(SectionKey.RESULT, say("Result"), tuple(blocks), numbered=False))


def _squares(state: State) -> str:
    """Least squares, or generalised with a known covariance."""
    return "generalised least squares" if model_of(state).shapes.definite else "least squares"


def _degrees(state: State) -> Formula:
    m = model_of(state)
    k = next(k for k in state.parameters if m.is_vector(k))
    return add(m.length, neg(m.shapes.of(Sym(k))[0]))


def numbers(state: State) -> dict[str, Any]:
    """The estimates at the data: arrays for vectors.  Raises NotSupported where the columns of the design are linearly dependent, or the
    residuals are 0."""
    import numpy as np

    m = model_of(state)
    assert m.values is not None
    for k in m.data:
        if k in m.shapes.full_rank:
            rank, columns = int(np.linalg.matrix_rank(m.values[k])), m.values[k].shape[1]
            if rank < columns:
                raise NotSupported(
                    f"the columns of {k} are linearly dependent (rank {rank} of {columns}), so the likelihood does not determine the coefficients",
                    hint="leave out columns that are combinations of others",
                )
    return _solved(state)


def _solved(state: State) -> dict[str, Any]:
    """The formulas of the estimates, worked out with the arrays of the data."""
    m = model_of(state)
    assert m.values is not None
    env: dict[str, Any] = dict(m.values)
    out: dict[str, Any] = {}
    for k, f in state.answers.items():
        if m.is_vector(k):
            out[k] = at_arrays(f, env).ravel()
            env[hat(k).name] = out[k].reshape(-1, 1)
    for k, f in state.answers.items():
        if k not in out:
            size = at_arrays(state.problem.meanings[RSS.name], env)
            y = m.values[m.response]
            if not float(size) > ROUNDING * float((y * y).sum()):
                raise NotSupported("the residuals of these data are 0, so the likelihood has no bound as the variance goes to 0")
            out[k] = float(at_arrays(f, {**env, RSS.name: size}))
    return {k: out[k] for k in state.problem.parameters}


def _numbers(state: State) -> list[Block]:
    """The estimates at the data in a table."""
    m = model_of(state)
    found = numbers(state)
    assert m.values is not None
    sizes = [equation(Sym(k), num(int(m.values[k]))) for k in m.sizes if k in m.values]
    blocks: list[Block] = [listed("With the data, ", sizes) + say(":")]
    shown = state.problem.asked.digits
    for k in state.problem.parameters:
        if m.is_vector(k):
            rows = tuple((say("{}", num(j)), say("{}", digits(float(v), shown))) for j, v in enumerate(found[k], 1))
            blocks.append(Table((say("component"), say("{}", hat(k))), rows))
        else:
            blocks.append(say("{}.", Relation((hat(k), digits(found[k], shown)), ("approx",))))
    return blocks


__all__ = ["numbers", "result"]
