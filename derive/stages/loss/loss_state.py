"""A derivation of a loss so far, and the test points at which its lines are judged."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed

from ...algebra.terms import Algebra
from ...errors import NotSupported
from ...formula.evaluate import Env, compiled
from ...formula.tree import ONE, ZERO, Apply, At, Formula, Sym, names, replace_all
from ...oracle.oracle import Oracle
from ...problem.prediction import Prediction
from ...problem.problem import Problem
from ...problem.test_points import random_parameters
from ...sets.ranges import interior
from ...trace import Block, Section
from .named_losses import Known

TRIES = 400


@dataclass(frozen=True)
class LossState:
    """A derivation of a loss so far.  A stage takes one and returns the next.

    oracle: predictions drawn at random.  pairs: test points with the same observations and other predictions.
    constant, scale, loss: the negative log-likelihood is constant + scale * loss, the first two free of the prediction.
    each: what one observation costs.  general: the loss in the predictions, where `loss` is in the weights.  known: the loss's name, where its form has one; usual: how it is usually written.
    """

    problem: Problem
    prediction: Prediction
    al: Algebra
    oracle: Oracle
    pairs: tuple[tuple[Env, Env], ...]
    sections: tuple[Section, ...] = ()
    constant: Formula = ZERO
    scale: Formula = ONE
    each: Formula = ZERO
    loss: Formula = ZERO
    general: Formula = ZERO
    known: Known | None = None
    usual: Formula = ZERO

    @property
    def outputs(self) -> tuple[Formula, ...]:
        """The predictions, all observations together."""
        return tuple(Sym(k) for k in self.prediction.outputs)

    @property
    def i(self) -> str:
        """The running index of the observations."""
        return self.problem.index

    def of(self, name: str) -> Apply:
        """L, NLL or J as a function of the predictions."""
        return Apply(name, self.outputs)

    def indexed(self, f: Formula) -> Formula:
        """A formula of one observation as a formula of observation i."""
        return replace_all(self.problem.indexed(f), {u: At(u.name, (Sym(self.i),)) for u in self.outputs if isinstance(u, Sym)})

    def free(self, f: Formula) -> bool:
        """Whether f holds no prediction."""
        return not names(f) & set(self.prediction.outputs)

    def adding(self, *sections: Section) -> LossState:
        """With further sections."""
        return changed(self, sections=(*self.sections, *sections))

    def continuing(self, *blocks: Block) -> LossState:
        """With further blocks in the last section."""
        last = self.sections[-1]
        return changed(self, sections=(*self.sections[:-1], changed(last, blocks=(*last.blocks, *blocks))))


def begin(p: Problem) -> LossState:
    """The algebra and the oracle for a question with a prediction.  Raises NotSupported where the support moves with it."""
    assert p.prediction is not None
    outputs = p.prediction.outputs
    for v, d in p.support.items():
        if d.letters & set(outputs):
            raise NotSupported(
                f"the support of {v} depends on the prediction: the likelihood is 0 for some predictions, and no loss is everywhere finite",
                hint="a loss is derived from a density whose support is the same for every prediction",
            )
    facts = p.facts
    facts = changed(facts, data={**facts.data, **{k: interior(p.parameters[k]) for k in outputs}})
    pairs = []
    rng = random.Random(5)
    for _ in range(4):
        first = _point(p, rng)
        pairs.append((first, _point(p, rng, first)))
    oracle = Oracle(tuple(w for pair in pairs for w in pair))
    return LossState(p, p.prediction, Algebra(facts), oracle, tuple(pairs))


def _point(p: Problem, rng: random.Random, like: Env | None = None) -> Env:
    """Random letters, observations and predictions; with `like` only the predictions are new."""
    assert p.prediction is not None
    for _ in range(TRIES):
        if like is None:
            values = random_parameters(p, rng)
            size = rng.randint(3, 5)
            columns = {k: [p.parameters[k].interior.points(rng, dict(values), 1)[0] for _ in range(size)] for k in p.prediction.outputs}
            shared = drawn(p, rng, values, columns)
        else:
            values, size = like["#values"], like["n"]
            shared = {v: like[v] for v in p.variables}
            columns = {k: [p.parameters[k].interior.points(rng, dict(values), 1)[0] for _ in range(size)] for k in p.prediction.outputs}
        w = loss_point(p, values, {**columns, **shared})
        if w is not None:
            return w
    raise NotSupported("no values were found at which the observations are possible", hint="check the support and the parameters' domains")


def drawn(p: Problem, rng: random.Random, values: Env, columns: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """Observations in the support, one for each row of predictions; of a vector each after those before it."""
    out: dict[str, list[float]] = {v: [] for v in p.variables}
    for j in range(len(next(iter(columns.values())))):
        row = {**values, **{k: c[j] for k, c in columns.items()}}
        for v in p.variables:
            row[v] = p.support[v].points(rng, dict(row), 1)[0]
            out[v].append(row[v])
    return out


def loss_point(p: Problem, values: Mapping[str, float], columns: Mapping[str, Sequence[float]]) -> Env | None:
    """A test point with ell, L and NLL as functions of whatever; None where the likelihood is not positive."""
    size = len(next(iter(columns.values())))
    try:
        ell = sum(p.log_density({**values, **{k: c[j] for k, c in columns.items()}}) for j in range(size))
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    if not -1e6 < ell < 1e6:
        return None
    return {
        **values, **columns, "n": size, "i": 1, "j": 1, "#values": dict(values), "#ell": ell,
        "ell": lambda *_: ell, "NLL": lambda *_: -ell, "Transpose": lambda a: a,
    }  # fmt: skip


def with_loss(w: Env, state: LossState) -> Env:
    """A test point with the loss in it, from the density: (NLL - constant) / scale."""
    v = (-w["#ell"] - compiled(state.constant)(w)) / compiled(state.scale)(w)
    return {**w, "J": lambda *_: v}


def model_points(state: LossState, count: int = 4) -> tuple[Env, ...]:
    """Test points at which the predictions are those of the model, at random weights and covariates."""
    p, rng = state.problem, random.Random(9)
    computed = {k: compiled(f) for k, f in state.prediction.given.items()}
    out = []
    for attempt in range(TRIES):
        values = {
            **random_parameters(p, rng),
            **{w: rng.uniform(-1, 1) * (1 if attempt % 2 else 0.3) + 0.5 * (attempt % 3 == 0) for w in state.prediction.weights},
        }
        size = rng.randint(3, 5)
        columns: dict[str, list[float]] = {c: [rng.uniform(0.3, 2.0) for _ in range(size)] for c in state.prediction.covariates}
        for k in state.prediction.outputs:
            column = []
            for j in range(size):
                env = {**values, **{c: columns[c][j] for c in state.prediction.covariates}, "Transpose": lambda a: a}
                column.append(computed[k](env) if k in computed else p.parameters[k].interior.points(rng, dict(values), 1)[0])
            columns[k] = column
        if not all(p.parameters[k].interior.contains(x, values) for k in computed for x in columns[k]):
            continue
        w = loss_point(p, values, {**columns, **drawn(p, rng, values, columns)})
        if w is None:
            continue
        out.append(with_loss(w, state))
        if len(out) == count:
            return tuple(out)
    raise NotSupported(
        "the model's prediction was not found to lie in its domain", hint="a probability, for example, is predicted through a sigmoid"
    )
