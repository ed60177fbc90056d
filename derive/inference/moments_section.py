"""Section "Method of moments": its equations, their solution, and how it stands beside maximum likelihood."""

from __future__ import annotations

import math

from ..errors import NotSupported
from ..estimate_order import without_hats
from ..formula.evaluate import Env, compiled
from ..formula.names import hat
from ..formula.tree import Apply, Formula, Relation, Sym, equation
from ..oracle.oracle import Oracle
from ..problem.test_points import random_points
from ..recorder import definition, record
from ..rule_names import RuleName
from ..trace import Block, Display, Section, SectionKey, say
from .after import After
from .information_section import points_of
from .moment_estimates import MomentEstimates, moment_estimates
from .sample_likelihood import sample_likelihood

SAME = 1e-9
MANY = 24  # samples on which a support that moves is looked at
FAR = 1e-4  # of a score from 0


def moments_section(after: After) -> Section:
    """The section, or in its place why there is none."""
    title = say("Method of moments")
    try:
        found = moment_estimates(after)
    except NotSupported as reason:
        return Section(SectionKey.MOMENTS, title, (say("It is not followed here: {}.", reason.message),))
    p = after.problem
    x = Sym(p.variables[0])
    symbolic = points_of(p if p.sample is None else p.without_data())
    expected = symbolic.at({found.letter.name: found.meaning}) if found.letter is not None and found.meaning is not None else symbolic
    labels: list[Formula] = [Apply("expected", (Sym(x.name.upper()),)), Apply("Var", (Sym(x.name.upper()),))]
    several = len(found.equations) > 1
    words = (
        "The mean and the variance of one observation are set equal to those of the sample"
        if several
        else "The mean of one observation is set equal to that of the sample"
    )
    blocks: list[Block] = [say(words + ":")]
    solved = expected.at(found.answers)
    lines = []
    for label, e in zip(labels, found.equations, strict=False):
        evidence = solved.equal(*e.sides)  # the answers satisfy it
        lines.append(record(Relation((label, *e.sides), ("=", "=")), evidence, None, RuleName.EXPECTED_VALUES))
    blocks.append(Display(tuple(lines)))
    if found.letter is not None and found.meaning is not None:
        blocks.append(say("where {} is the variance of the sample.", equation(found.letter, found.meaning)))
    blocks.append(say("Solved for the parameters:" if several else "Solved for the parameter:"))
    tilde = {k: Sym(k + "_tilde") for k in found.answers}
    made = [
        definition(equation(tilde[k], f), "the solution of these equations, which it was found to satisfy", rule=RuleName.SOLVE)
        for k, f in found.answers.items()
    ]
    blocks.append(Display(tuple(made)))
    blocks += _beside(after, found, symbolic, tilde)
    return Section(SectionKey.MOMENTS, title, tuple(blocks))


def _beside(after: After, found: MomentEstimates, oracle: Oracle, tilde: dict[str, Sym]) -> list[Block]:
    """Whether the two methods give the same, for the estimates that have a closed form."""
    general, p = without_hats(after.general), after.problem
    same, other = list[str](), list[str]()
    elsewhere = any(k not in general for k in found.spelled) and _misses(after, found, oracle)
    for k, f in found.spelled.items():
        if k not in general:
            other += [k] if elsewhere else []
            continue
        pairs = [(compiled(f)(w), compiled(general[k])(w)) for w in oracle.points]
        known = [(u, v) for u, v in pairs if not (math.isnan(u) or math.isnan(v))]
        (same if known and all(abs(u - v) <= SAME * (1 + abs(v)) for u, v in known) else other).append(k)
    out: list[Block] = []
    for k in same:
        out.append(say("{} is the maximum-likelihood estimate {}.", tilde[k], hat(k)))
    for k in other:
        out.append(say("{} is another estimate than {}.", tilde[k], hat(k)))
    if after.problem.moving and any(
        _impossible(after, found, w) for w in random_points(p if p.sample is None else p.without_data(), MANY, seed=3)
    ):
        out.append(say("For some samples an observation lies outside the support at this estimate."))
    return out


def _misses(after: After, found: MomentEstimates, oracle: Oracle) -> bool:
    """Whether the solution does not solve the score equations, at some test point."""
    p = after.problem
    ell = sample_likelihood(p if p.sample is None else p.without_data())
    there = oracle.at(found.spelled)
    return any(abs(v) > FAR for f in ell.score.values() for v in there.values(f))


def _impossible(after: After, found: MomentEstimates, w: Env) -> bool:
    at = {k: compiled(f)(w) for k, f in found.spelled.items()}
    return not any(map(math.isnan, at.values())) and not after.problem.possible({**w, **at})


__all__ = ["moments_section"]
