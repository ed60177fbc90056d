"""The way to the density, where a distribution function, a log-density or a kernel was given: shown before the model."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

from ...density.from_hazard import POINTS
from ...density.origin import DISTRIBUTION, HAZARD, KERNEL, LOG, Origin
from ...formula.evaluate import Env, compiled
from ...formula.tree import Apply, Big, Derivative, Div, Formula, Integral, Neg, Relation, Sym, add, equation, exp, factors, log, mul, num
from ...oracle.oracle import Oracle, sampled
from ...problem.problem import Problem
from ...problem.test_points import random_letters
from ...recorder import Part, chain, defined, record
from ...rule_names import RuleName
from ...trace import Display, Evidence, Section, SectionKey, Words, say

if TYPE_CHECKING:
    from ...density.from_cdf_or_kernel import Given

WORLDS = 5


def origin(p: Problem) -> list[Section]:
    """Section "The density", where the question gave something else; none where it gave the density."""
    if p.given is None:
        return []
    if p.given.origin.kind == KERNEL:
        blocks = _kernel(p, p.given)
    elif p.given.origin.kind == LOG:
        blocks = _logarithm(p, p.given)
    else:
        blocks = _distribution(p, p.given)
    return [Section(SectionKey.DENSITY, say("The density"), tuple(blocks), numbered=False)]


def _label(p: Problem, name: str, at: Formula | None = None) -> Apply:
    return Apply(name, (at if at is not None else Sym(p.variables[0]), *p.letters))


def _oracle(p: Problem, given: Given) -> Oracle:
    """Random parameters and observations; f is the density of the question, F and S what was given."""
    rng, v, out = random.Random(8), p.variables[0], list[Env]()
    letters = [u.name for u in p.letters if isinstance(u, Sym)]
    shown = compiled(given.origin.given)
    for _ in range(WORLDS):
        env = random_letters(p, rng)
        (x,) = p.support[v].points(rng, dict(env), 1)

        def at(*values: float, env: Env = env) -> Env:
            return {**env, v: values[0], **dict(zip(letters, values[1:], strict=True))}

        def density(*values: float, at=at) -> float:  # type: ignore[no-untyped-def]
            return math.exp(p.log_density(at(*values)))

        def given_value(*values: float, at=at) -> float:  # type: ignore[no-untyped-def]
            return shown(at(*values))

        out.append({**env, v: x, "f": density, "F": given_value, "S": given_value})
    return Oracle(tuple(out))


def _shown(line: Relation, evidence: Evidence, reason: Words | None = None) -> Display:
    return Display((record(line, evidence, reason),))


def _where(p: Problem) -> Words:
    c = p.support[p.variables[0]].condition(Sym(p.variables[0]))
    return say(".") if c is None else say(" for {}.", c)


def _distribution(p: Problem, given: Given) -> list[Words | Display]:
    x, kind = Sym(p.variables[0]), given.origin.kind
    name = "F" if kind == DISTRIBUTION else "S"
    label, oracle = _label(p, name), _oracle(p, given)
    stated = _shown(equation(label, given.origin.given), defined(f"the {kind} as given"))
    blocks: list[Words | Display] = [say(f"Given is the {kind}"), stated]
    if given.origin.first is not None:
        blocks = _hazard(p, given.origin.first, equation(label, given.origin.given))
    if p.support[p.variables[0]].discrete:
        step = add(x, num(1) if given.origin.strict else Neg(num(1)))
        there = _label(p, name, step)
        up = (kind == DISTRIBUTION) != given.origin.strict
        start = add(label, Neg(there)) if up else add(there, Neg(label))
        blocks.append(say("{} takes whole numbers only, so the probability of a single value is the step there,", x) + _where(p))
    else:
        slope = Derivative(label, ((x, 1),))
        start = slope if kind == DISTRIBUTION else Neg(slope)
        words = "its derivative" if kind == DISTRIBUTION else "minus its derivative"
        blocks.append(say("The likelihood is made of densities, not of values of {}. The density is {}", label, words) + _where(p))
    how = say("substitute") if p.support[p.variables[0]].discrete else say("differentiate")
    parts: list[Part] = [(start, None, None), (given.made.raw, how, RuleName.DIFFERENTIATE)]
    if given.made.density != given.made.raw:
        parts.append((given.made.density, say("simplify"), RuleName.ARITHMETIC))
    blocks.append(chain(oracle, _label(p, "f"), parts))
    return blocks


def _hazard(p: Problem, first: Origin, survival: Relation) -> list[Words | Display]:
    """From a hazard to the survival function."""
    rate, low = first.kind == HAZARD, p.support[p.variables[0]].low
    head = equation(Apply("h" if rate else "H", _label(p, "S").args, 1), first.given)
    evidence = sampled("compared with numerical integration", POINTS) if rate else defined("the definition of the cumulative hazard")
    how = say("the exponential of minus its integral from {} on,", low) if rate else say("its exponential with a minus sign,")
    return [
        say(f"Given is the {first.kind}"), _shown(head, defined(f"the {first.kind} as given")),
        say("The survival function is ") + how, _shown(survival, evidence),
    ]  # fmt: skip


def _logarithm(p: Problem, given: Given) -> list[Words | Display]:
    label, oracle = _label(p, "f"), _oracle(p, given)
    line = equation(log(label), given.origin.given)
    blocks: list[Words | Display] = [say("Given is the logarithm of the density,"), _shown(line, oracle.equal(*line.sides))]
    blocks.append(say("The density is its exponential") + _where(p))
    parts: list[Part] = [(exp(given.origin.given), None, None)]
    if given.made.density != given.made.raw:
        parts.append((given.made.density, say("the exponential undoes the logarithm"), RuleName.LOG_RULES))
    blocks.append(chain(oracle, label, parts))
    return blocks


def _kernel(p: Problem, given: Given) -> list[Words | Display]:
    v, total = p.variables[0], given.made.total
    assert total is not None
    x, d, kernel = Sym(v), p.support[v], given.origin.given
    c = Sym(given.origin.constant or ("c" if "c" not in {*p.parameters, *p.known, v} else "C"))
    label, oracle = _label(p, "f"), _oracle(p, given)
    oracle = Oracle(tuple({**w, c.name: 1 / compiled(total.formula)(w)} for w in oracle.points))
    shown = equation(label, mul(c, *factors(kernel)))
    discrete = d.discrete
    blocks: list[Words | Display] = [
        say("The density is given up to a constant {}, which does not depend on {}:", c, x), _shown(shown, oracle.equal(*shown.sides)),
        say("Its {} over all {} is 1, and that fixes the constant. Without the constant the {} is", "sum" if discrete else "integral", x,
            "sum" if discrete else "integral"),
    ]  # fmt: skip
    whole: Formula | None = None
    if not discrete:
        whole = Integral(kernel, x, d.low, d.high)
    elif d.integer:
        whole = Big("sum", v, d.low, d.high, kernel)
    agreed = sampled("compared with numerical " + ("summation" if discrete else "integration"), total.points)
    if whole is not None:
        blocks.append(_shown(equation(whole, total.formula), agreed, say("{}", total.reason)))
    else:
        blocks.append(_shown(equation(Div(num(1), c), total.formula), agreed, say("{}", total.reason)))
    blocks += [
        say("The constant is 1 divided by this, and the density follows:"),
        Display((*chain(oracle, c, [(given.made.raw, None, RuleName.DIVIDE)]).lines, *chain(oracle, label, [(given.made.density, None, RuleName.PUT_IN)]).lines)),
    ]  # fmt: skip
    return blocks
