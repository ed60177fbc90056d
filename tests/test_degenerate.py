"""No line that is called proved is refuted by a degenerate sample (all observations equal, at an end of the support, or one alone),
and any other that is refuted comes with a condition."""

from __future__ import annotations

import math
import random

import pytest

import derive
from derive.catalogue import entries
from derive.errors import NotValid
from derive.formula.evaluate import Env, compiled, holds
from derive.formula.latex import latex
from derive.formula.names import hat
from derive.formula.tree import Formula, Relation
from derive.oracle.oracle import test_point as point_of
from derive.problem.problem import Problem
from derive.problem.test_points import random_parameters, random_sample
from derive.trace import EvidenceKind, Line, Section, Words

FURTHER = {"hypergeometric": {"n": 1}}
SIZES = (4, 1)


def _columns(p: Problem, rng: random.Random, values: Env, size: int) -> list[dict[str, list[float]]]:
    """Samples of one value: any in the support, the least and the greatest."""
    some = {v: [xs[0]] * size for v, xs in random_sample(p, rng, values, size).items()}
    found = [some]
    for end in (0, 1):
        at = {v: p.support[v].bounds(values)[end] for v in p.observed if v in p.support}
        open_end = any((p.support[v].low_open, p.support[v].high_open)[end] for v in at)
        if not open_end and all(map(math.isfinite, at.values())):
            found.append({**some, **{v: [x] * size for v, x in at.items()}})
    return found


def degenerate_points(p: Problem, answers: dict[str, Formula]) -> list[Env]:
    """Test points at degenerate samples, with the hats of the estimates where they are inside the domains."""
    rng, out = random.Random(3), []
    for size in (p.given_size,) if p.given_size else SIZES:
        for _ in range(4):
            try:
                values = random_parameters(p, rng)
                samples = _columns(p, rng, values, size)
            except NotValid:
                continue
            for columns in samples:
                env = point_of(values, columns, p.log_density, list(p.parameters), tuple(p.variables))
                env |= {k: compiled(f)(env) for k, f in p.statistics.items()}
                if not math.isfinite(env["ell"](*(values[k] for k in p.parameters))):
                    continue
                for k, f in answers.items():
                    v = _value(f, env)
                    low, high = p.parameters[k].bounds(env)
                    if v is not None and low < v < high:
                        env[hat(k).name] = v
                out.append(env)
    return out


def _applies(line: Line, env: Env) -> bool:
    """Whether the case that the line speaks of is this one: for mu below the middle."""
    parts = () if line.reason is None else line.reason.parts
    return all(holds(r)(env) for r in parts if isinstance(r, Relation))


def _value(f: Formula, env: Env) -> float | None:
    try:
        v = compiled(f)(env)
    except (KeyError, ZeroDivisionError, ValueError, OverflowError, IndexError):
        return None
    return v if isinstance(v, float | int) and math.isfinite(v) else None


def refuted(line: Line, points: list[Env]) -> list[str]:
    """The strict inequalities of a line that do not hold at a point."""
    out = []
    sides, signs = line.formula.sides, line.formula.signs
    for a, sign, b in zip(sides, signs, sides[1:], strict=False):
        for env in points if sign in ("<", ">") else ():
            u, v = _value(a, env), _value(b, env)
            if u is not None and v is not None and _applies(line, env) and not ((u < v) if sign == "<" else (u > v)):
                out.append(f"{latex(line.formula)}: {u} {sign} {v} at {env['#sample']}")
    return out


def _conditional(d: derive.Derivation, s: Section) -> bool:
    """Whether a condition is stated, for the result or in the section itself."""
    words = [p for b in s.blocks if isinstance(b, Words) for p in b.parts if isinstance(p, str)]
    return bool(d.conditions) or any("where " in w.lower() for w in words)


@pytest.mark.parametrize("name", [e.name for e in entries()])
def test_no_sign_is_claimed_that_a_degenerate_sample_refutes(name):
    d = derive.mle(derive.Problem(name, **FURTHER.get(name, {})))
    points = degenerate_points(d.problem, dict(d.answers))
    for s in d.sections:
        for line in s.lines:
            wrong = refuted(line, points)
            assert not wrong or (line.evidence.kind is not EvidenceKind.PROVED and _conditional(d, s)), wrong[0]


NARROWER = [
    ("x**(a-1)*(1-x)**(b-1)/beta(a,b)", "0<x<1", {"a": "positive", "b": "positive"}, [0.3]),
    ("x**(a-1)*(1-x)**(b-1)/beta(a,b)", "0<x<1", {"a": "positive", "b": "positive"}, ["0.999999999"]),
    ("exp(-(x-m)/s)/(s*(1+exp(-(x-m)/s))**2)", "real", {"m": "real", "s": "positive"}, [2, 2]),
    ("exp(k*cos(x-m))/(2*pi*besseli(0,k))", "0<=x<=2*pi", {"m": "[0,2*pi)", "k": "positive"}, [1, 1, 1]),
    ("exp(-(log(x)-m)**2/(2*v))/(x*sqrt(2*pi*v))", "x>0", {"m": "real", "v": "positive"}, [2]),
    ("gamma(x+r)/(gamma(r)*factorial(x))*p**r*(1-p)**x", "{0,1,2,...}", {"r": "positive", "p": "(0,1)"}, [0, 0]),
    ("x**(-s)/zeta(s)", "{1,2,...}", {"s": "(1,oo)"}, [1, 1, 1]),
]


@pytest.mark.parametrize("density, support, parameters, data", NARROWER)
def test_no_maximum_where_all_observations_are_equal(density, support, parameters, data):
    d = derive.mle(density, variable="x", support=support, parameters=parameters, data=data)
    d.to_markdown()
    assert str(d.outcome) == "none" and set(map(str, d.certainty.values())) == {"proved"}
