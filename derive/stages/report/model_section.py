"""The model at the start of a derivation: density, support, domains, what was observed."""

from __future__ import annotations

import math
from dataclasses import replace

from ...formula.evaluate import compiled
from ...formula.tree import ZERO, Formula, Relation, Sym, add, equation, neg
from ...oracle.oracle import sampled
from ...problem.problem import Problem
from ...recorder import defined, record
from ...sets.domain import INFINITY, MINUS_INFINITY
from ...sets.ranges import interior
from ...trace import Block, Display, Section, SectionKey, Words, by_detail, in_full, say
from ..likelihood.joint_likelihood import whole_model
from ..number_format import digits
from ..prose import letters_in_short, listed, ranges, remark
from ..setting import Setting, State
from ..setup.observed import observed
from .density_section import origin

SHOWN = 8  # letters whose range was inferred that are named one by one


def model(state: State) -> State:
    """The model: density, support, domains, what was observed."""
    p = state.problem.as_asked
    if p.whole:
        return whole_model(state)
    discrete = all(d.discrete for d in p.support.values())
    kind = "probability mass function" if discrete else "density"
    beside = p.covariates if p.cells is not None else ()  # the likelihood is written with both
    head = equation(p.density_at(*map(Sym, (*p.variables, *beside))), p.density)
    evidence = defined("the density as given") if not p.normalised else sampled("its total over its support is 1", 3)
    blocks: list[Block] = [
        *_opening(p, kind),
        Display((record(head, evidence),)),
    ]
    sets = {**{v: p.support[v] for v in p.variables}, **p.parameters}
    about = [*ranges({v: p.support[v] for v in p.variables}), *ranges(p.parameters)]
    unbounded: list[Formula] = [Sym(name) for name, d in sets.items() if d.condition(Sym(name)) is None]
    words = listed("for ", about) if about else say("for")
    if unbounded:
        words += listed(" and all real " if about else " all real ", unbounded)
    if p.values:
        words += listed(", with ", [equation(Sym(k), f) for k, f in p.values.items()])
    zero = without_density_at_zero(p, state)
    if zero:
        words += listed(", with ", [Relation((Sym(k), ZERO), ("!=",)) for k in zero])
    if needed := [*p.constraints, *_nonempty(p, state)]:
        words += listed(", where ", needed)
    known = [Sym(k) for k in p.known]
    if known:
        words += listed("; ", list(known)) + say(" known")
    words += say(".")
    blocks.append(words)
    if p.inferred:
        names_ = [k for k in (*p.variables, *p.parameters, *p.known) if k in p.inferred]
        ranges_of = listed("(The range of ", [Sym(k) for k in names_] if len(names_) <= SHOWN else letters_in_short(names_))
        blocks.append(in_full(ranges_of + say(f" was inferred from the {kind}.)")))
    blocks += [w for w in (_labels(p), _covariates(p)) if w.parts]
    if not p.normalised and p.unnormalised:
        verb = "sums" if discrete else "integrates"
        what = say("{} to {}, not to 1", verb, p.total) if p.total is not None else say("was not found to {} to 1", verb.removesuffix("s"))
        blocks.append(say("This function ") + what + say("; it is worked with as it was given."))
    blocks += _limits(state, p)
    blocks += [remark(w, p) for w in p.warnings]
    if p.entry is not None:
        blocks += [in_full(say("{}", p.entry.says)), in_full(say("See {}.", p.entry.source))]
    blocks += observed(p)
    return state.adding(*origin(p), Section(SectionKey.MODEL, say("Model"), tuple(blocks), numbered=False))


def _opening(p: Problem, kind: str) -> tuple[Words, ...]:
    """What the observations are, before the density."""
    if p.single is not None:
        return (say("The observation has the {}", kind),)
    if p.entry is None:
        each = say("The observations are independent, each with the {}", kind)
        return by_detail(brief=say("Independent observations with the {}", kind), standard=each, full=each)
    name = p.entry.name
    return by_detail(
        brief=say("Independent observations from the {} distribution:", name),
        standard=say("The observations are independent, each from the {} distribution:", name),
        full=say("The observations are independent, each from the {} distribution with the {}", name, kind),
    )


def without_density_at_zero(p: Problem, setting: Setting) -> list[str]:
    """The parameters whose domain holds 0 inside, where the formula is no density there: it has no value, or the value 0."""
    points = [{**w, **{v: w[v][0] for v in (*p.variables, *p.covariates)}} for w in setting.general.points]
    density, singular = compiled(p.density), {k for k, _ in p.log_density.singular}
    out = []
    for k, d in p.parameters.items():
        r = interior(d)
        if d.discrete or not points or not r.low < 0 < r.high or (k in singular and p.continued(k, 0.0, points[0])):
            continue
        values = [density({**w, k: 0.0}) for w in points]
        if not any(math.isfinite(v) and v > 0 for v in values):
            out.append(k)
    return out


def _nonempty(p: Problem, setting: Setting) -> list[Formula]:
    """What the letters must satisfy for the support to be an interval, where their domains do not say it."""
    out: list[Formula] = []
    by_domains = replace(p.facts, known={})
    for d in p.support.values():
        ends = {d.low, d.high}
        if not d.letters & {*p.parameters, *p.known} or d.values is not None or ends & {INFINITY, MINUS_INFINITY}:
            continue
        width = by_domains.range(setting.al.assemble(setting.al.flat(add(d.high, neg(d.low)), deep=True)))
        stated = any(Sym(k) in ends and {e.low, e.high} & (ends - {Sym(k)}) for k, e in {**p.parameters, **p.known}.items())
        needed = Relation((d.low, d.high), ("<=" if d.discrete else "<",))
        if not (stated or width.positive or (d.discrete and width.nonnegative) or needed in p.constraints):
            out.append(needed)
    return out


def _limits(setting: Setting, p: Problem) -> list[Words]:
    """Where the formula of the density is 0/0 and the density is its limit."""
    if not p.log_density.singular or len(p.variables) != 1:
        return []
    (v,) = p.variables
    w = setting.general.points[0]
    found = [equation(Sym(k), digits(r, 6)) for k, r in p.log_density.singular if p.continued(k, r, {**w, v: w["#sample"][v][0]})]
    return [listed("At ", found) + say(" the density is the limit of this expression.")] if found else []


def _labels(p: Problem) -> Words:
    """The user's words for the parameters."""
    labelled = [k for k in p.parameters if k in p.asked.labels]
    if not labelled:
        return say("")
    words = listed("Here ", [Sym(k) for k in labelled]) + say(" are labelled " if len(labelled) > 1 else " is labelled ")
    return words + listed("", [say("“{}”", p.asked.labels[k]) for k in labelled]) + say(".")


def _covariates(p: Problem) -> Words:
    """What is observed beside the variables and taken as given."""
    if not p.covariates:
        return say("")
    words = listed(
        "Each observation comes with a known " if len(p.covariates) == 1 else "Each observation comes with known ",
        [Sym(c) for c in p.covariates],
    )
    words += say(", whose value is treated as fixed" if len(p.covariates) == 1 else ", whose values are treated as fixed")
    about = [f for c, d in p.covariate_domains.items() if (f := d.condition(Sym(c))) is not None]
    return words + (listed(", ", about) if about else say("")) + say(".")


__all__ = ["model"]
