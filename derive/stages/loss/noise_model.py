"""The noise model: the density of one observation given what a model predicts."""

from __future__ import annotations

import math
import random
from fractions import Fraction

from ...formula.evaluate import Env
from ...formula.tree import At, Cases, Sym, equation, has, num, replace_all, value, walk
from ...oracle.oracle import Oracle, sampled
from ...problem.problem import Problem
from ...recorder import Part, chain, defined, record
from ...rule_names import RuleName
from ...trace import Block, Detail, Display, Section, SectionKey, say
from ..prose import listed, remark
from ..report.density_section import origin
from ..setup.observed import observed
from .loss_state import LossState

FEW = 3  # values of an observation that are looked at one by one


def noise_model(state: LossState) -> LossState:
    """The model: the density of one observation given its prediction."""
    p = state.problem
    discrete = all(d.discrete for d in p.support.values())
    head = equation(p.density_at(*map(Sym, p.variables)), p.density)
    evidence = sampled("its total over its support is 1", 3) if p.normalised else defined("the density as given")
    responses = listed("", [At(v, (Sym(state.i),)) for v in p.variables])
    predicted = listed("", [state.indexed(u) for u in state.outputs])
    kind = "probability mass function" if discrete else "density"
    blocks: list[Block] = [
        say("Independent observations. For observation {} a model predicts ", Sym(state.i)) + predicted
        + say(", and ") + responses + say(f" then has the {kind}"),
        Display((record(head, evidence),)),
    ]  # fmt: skip
    about = [c for v in p.variables if (c := p.support[v].condition(Sym(v))) is not None]
    about += [c for k, d in p.parameters.items() if (c := d.condition(Sym(k))) is not None]
    words = (say("for ") + listed("", about) if about else say("for real {}", Sym(p.variables[0]))) + say(".")
    if p.values:
        words += say(" Here ") + listed("", [equation(Sym(k), f) for k, f in p.values.items()]) + say(".")
    fixed = [Sym(k) for k in (*p.parameters, *p.known) if k not in state.prediction.outputs]
    if fixed:
        words += say(" What the model predicts is ") + listed("", state.outputs) + say("; ") + listed("", fixed)
        fixed_word = "known and " if all(u.name in p.known for u in fixed) else ""
        words += say(
            f" is {fixed_word}the same for all predictions." if len(fixed) == 1 else f" are {fixed_word}the same for all predictions."
        )
    blocks.append(words)
    if not state.prediction.given:
        blocks.append(say("How the model computes its predictions is left open."))
    blocks += [remark(w, p) for w in p.warnings]
    blocks += observed(p)
    return state.adding(*origin(p), Section(SectionKey.MODEL, say("Model"), tuple(blocks), numbered=False))


def cases(state: LossState) -> LossState:
    """Section "Both cases in one formula": the density at each of the few values that an observation takes."""
    p = state.problem
    values = few_values(p)
    if values is None or any(isinstance(g, Cases) for g in walk(p.density)):
        return state
    (v,) = p.variables
    rng = random.Random(3)
    points = []
    for _ in range(4):
        env = {k: d.interior.points(rng, {}, 1)[0] for k, d in (*p.known.items(), *p.parameters.items())}

        def density(x: float, *_: float, env: Env = env) -> float:
            return math.exp(p.log_density({**env, v: x}))

        points.append({**env, "f": density})
    oracle = Oracle(tuple(points))
    blocks: list[Block] = []
    for x in values:
        put = replace_all(p.density, {Sym(v): num(x)})
        label = p.density_at(num(x))
        blocks.append(say("At {}:", equation(Sym(v), num(x))))
        parts: list[Part] = [
            (put, say("substitute {}", equation(Sym(v), num(x))), RuleName.PUT_IN),
            (state.al.tidy(put), say("a power 0 is 1"), RuleName.ARITHMETIC),
        ]
        blocks.append(chain(oracle, label, parts))
    switches = all(not has(b, Sym(v)) for b in state.al.split(p.density).powers)
    both = "both cases" if len(values) == 2 else "all cases"
    last = say("One formula covers {}.", both)
    if switches:
        last = say("As an exponent, {} switches one factor on and the others off. ", Sym(v)) + last
    title = say(f"{both.capitalize()} in one formula")
    return state.adding(Section(SectionKey.DENSITY, title, (*blocks, last), least=Detail.STANDARD))


def few_values(p: Problem) -> list[Fraction] | None:
    """The values of an observation, the largest first, where they are few numbers."""
    if len(p.variables) != 1:
        return None
    given = p.support[p.variables[0]].values
    if given is None or not 2 <= len(given) <= FEW:
        return None
    found = [v for v in map(value, given) if v is not None]
    return sorted(found, reverse=True) if len(found) == len(given) else None


__all__ = ["cases", "few_values", "noise_model"]
