"""The model at the start and the result at the end, in words and numbers."""

from __future__ import annotations

import math
from fractions import Fraction

from ...formula.decimals import rounded, significant
from ...formula.evaluate import Env, compiled
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    TWO,
    Add,
    At,
    Big,
    Call,
    Const,
    Div,
    Formula,
    Indicator,
    Last,
    Mul,
    N,
    Num,
    Peak,
    Pow,
    Relation,
    Searched,
    Span,
    Sym,
    equation,
    names,
    num,
    replace_all,
    value,
)
from ...oracle.judge import Oracle
from ...problem.problem import Problem
from ...recorder import Equations
from ...trace import Block, Display, Evidence, Line, Section, Words, say
from ..likelihood.joint_likelihood import whole_model
from ..number_format import digits
from ..prose import letters_in_short, listed, ranges
from ..setting import Work
from .density_section import origin
from .measured_units import in_units
from .observed import observed
from .reported_sums import values_of_sums

SHOWN = 8  # letters whose range was inferred that are named one by one


def model(work: Work) -> None:
    """The model: density, support, domains, what was observed."""
    p = work.problem.as_asked
    if p.whole:
        whole_model(work)
        return
    discrete = all(d.discrete for d in p.support.values())
    kind = "probability mass function" if discrete else "density"
    head = equation(p.density_at(*map(Sym, p.variables)), p.density)
    evidence = Evidence("defined", "the density as given") if not p.normalised else Evidence("sampled", "it totals 1 over its support", 3)
    blocks: list[Block] = [
        say("The observation has the {}", kind)
        if p.single is not None
        else say("The observations are independent, each {}with the {}", _of_the_catalogue(p), kind),
        Display((Line(head, None, evidence),)),
    ]
    sets = {**{v: p.support[v] for v in p.variables}, **p.parameters}
    about = [*ranges({v: p.support[v] for v in p.variables}), *ranges(p.parameters)]
    unbounded: list[Formula] = [Sym(name) for name, d in sets.items() if d.condition(Sym(name)) is None]
    words = listed("for ", about) if about else say("for")
    if unbounded:
        words += listed(" and all real " if about else " all real ", unbounded)
    if p.values:
        words += listed(", with ", [equation(Sym(k), f) for k, f in p.values.items()])
    known = [Sym(k) for k in p.known]
    if known:
        words += listed("; ", list(known)) + say(" known")
    words += say(".")
    if p.inferred:
        names_ = [k for k in (*p.variables, *p.parameters, *p.known) if k in p.inferred]
        words += listed(" (The range of ", [Sym(k) for k in names_] if len(names_) <= SHOWN else letters_in_short(names_)) + say(
            " was inferred from the density.)"
        )
    blocks.append(words + _labels(p) + _covariates(p))
    if not p.normalised and p.unnormalised:
        verb = "sums" if discrete else "integrates"
        what = say("{} to {}, not to 1", verb, p.total) if p.total is not None else say("was not found to {} to 1", verb.removesuffix("s"))
        blocks.append(say("This function ") + what + say("; it is worked with as it was given."))
    blocks += _limits(work, p)
    blocks += [say("{}", w) for w in p.warnings]
    if p.entry is not None:
        blocks.append(say("{} See {}.", p.entry.says, p.entry.source))
    blocks += observed(p)
    work.sections += origin(p)
    work.sections.append(Section(say("Model"), tuple(blocks), numbered=False))


def _limits(work: Work, p: Problem) -> list[Words]:
    """Where the formula of the density is 0/0 and the density is its limit."""
    if not p.singular or len(p.variables) != 1:
        return []
    (v,) = p.variables
    w = work.general.worlds[0]
    found = [equation(Sym(k), digits(r, 6)) for k, r in p.singular if p.continued(k, r, {**w, v: w["#sample"][v][0]})]
    return [listed("At ", found) + say(" the density is the limit of this expression.")] if found else []


def _labels(p: Problem) -> Words:
    """The user's words for the parameters."""
    words = say("")
    for k in p.parameters:
        if k in p.asked.labels:
            words += say(", " if words.parts else " In words: ") + say("{} is “{}”", Sym(k), p.asked.labels[k])
    return words + say("." if words.parts else "")


def _covariates(p: Problem) -> Words:
    """What is observed beside the variables and taken as given."""
    if not p.covariates:
        return say("")
    words = listed(" With each observation ", [Sym(c) for c in p.covariates])
    words += say(" is given: its" if len(p.covariates) == 1 else " are given: their") + say(" values are taken as fixed")
    about = [f for c, d in p.covariate_domains.items() if (f := d.condition(Sym(c))) is not None]
    return words + (listed(", ", about) if about else say("")) + say(".")


def _of_the_catalogue(p: Problem) -> str:
    return "" if p.entry is None else f"from the {p.entry.name} distribution "


def result(
    work: Work, symbolic: dict[str, Formula], numbers: dict[str, float] | None, exact: dict[str, Formula]
) -> tuple[dict[str, tuple[Formula, float | None]], Section]:
    """The result: estimates, exact and in decimals, what they mean, the quantities asked for."""
    p = work.problem
    large = p.sample is not None and p.sample.is_large
    oracle = (
        Oracle((_at_large(work, numbers),))
        if large and numbers is not None
        else work.settled(work.judge if numbers is not None or work.numbers else work.general)
    )
    blocks: list[Block] = [*values_of_sums(work)]
    table = Equations(oracle)
    tied = along(work)
    for name in work.parameters:
        f = in_hats(work.answers[name], work)
        if name in work.sets:
            table.lines.append(in_set(name, work, oracle))
            continue
        if name in tied:
            table.note(equation(hat(name), tied[name]), None, oracle, "result")
            continue
        if numbers is None and open_form(name, work) and not isinstance(f, Peak) and all(math.isnan(w[name]) for w in oracle.worlds):
            line = Line(equation(hat(name), f), None, Evidence("defined", "as it was found above, in terms of the others"), "result")
            table.lines.append(line)
            continue
        if isinstance(f, Peak) and numbers is None:
            table.lines.append(_defining(name, work, oracle))
            continue
        shown = _with_decimals(hat(name), f, numbers[name] if numbers is not None else None, exact.get(name))
        if large:
            if not isinstance(f, Peak):
                work.settled(work.general).equal(hat(name), f)
            evidence = oracle.holds(Relation((shown.sides[0], shown.sides[-1]), (shown.signs[-1],)))
            table.lines.append(Line(shown, None, evidence, "result"))
        else:
            table.note(shown, None, oracle, "result")
    lines = tuple(Line(x.formula, x.reason, x.evidence, x.rule) for x in table.lines)
    blocks.append(Display(lines))
    for name in work.parameters:
        meaning = meaning_of(symbolic.get(name, work.answers[name]), p)
        if tied and (name in work.sets or name in tied):
            continue
        if name in work.sets:
            number = numbers[name] if numbers is not None else None
            example = _with_decimals(hat(name), exact.get(name, work.answers[name]), number, None)
            oracle.holds(example)
            blocks.append(say("Every value in this set is a maximum-likelihood estimate, for example {}.", example))
        elif meaning is not None:
            blocks.append(say("{} is ", hat(name)) + meaning + say("."))
    if tied:
        examples = [equation(hat(k), exact.get(k, work.answers[k])) for k in (*work.sets, *tied)]
        for r in examples:
            oracle.holds(r)
        blocks.append(listed("Every such point is a maximum-likelihood estimate, for example ", examples) + say("."))
    named: dict[str, tuple[Formula, float | None]] = {}
    for label, q in p.asked.quantities.items():
        put = replace_all(q, {Sym(k): hat(k) for k in work.parameters})
        at_estimate = work.al.tidy(
            replace_all(q, {Sym(k): exact.get(k) or (hat(k) if open_form(k, work) else work.answers[k]) for k in work.parameters})
        )
        number = compiled(q)({**oracle.worlds[0], **numbers}) if numbers is not None else None
        named[label] = (at_estimate, number)
        if number is not None and math.isnan(number):
            blocks.append(say("The {} has no value at the estimate.", label))
            continue
        rows = Equations(oracle)
        shown = _with_decimals(put, at_estimate, number, None)
        if number is not None and put == at_estimate:  # an estimate found numerically is its own letter
            shown = Relation((put, shown.sides[-1]), (shown.signs[-1],))
        if large:  # the formula is judged on random samples, the number on the estimates
            work.settled(work.general).equal(put, at_estimate)
            evidence = oracle.holds(Relation((put, shown.sides[-1]), (shown.signs[-1],)))
            rows.lines.append(Line(shown, None, evidence, "invariance"))
        else:
            rows.note(shown, None, oracle, "invariance")
        unit = f", in {p.asked.units}," if p.asked.units and in_units(p.as_asked, symbolic, q) else ""
        lead = "By invariance, an estimate of the {}{} is, for example," if work.sets else "By invariance, the estimate of the {}{} is"
        blocks.append(say(lead, label, unit))
        blocks.append(Display(tuple(Line(x.formula, x.reason, x.evidence, x.rule) for x in rows.lines)))
    blocks += _needed([c.words for c in work.conditions], len(work.parameters) > 1)
    return named, Section(say("Result"), tuple(blocks), numbered=False)


def along(work: Work) -> dict[str, Formula]:
    """The estimates that go together with any value of an undetermined parameter, in terms of its estimate."""
    if any(k not in work.found for k in work.parameters):
        return {}
    hats: dict[Formula, Formula] = {Sym(k): hat(k) for k in work.parameters}
    return {
        k: replace_all(f, hats)
        for k, f in work.found.items()
        if k not in work.sets and names(f) & set(work.sets) and not isinstance(f, (Peak, Searched)) and _varies(f, work)
    }


def _varies(f: Formula, work: Work) -> bool:
    """Whether an estimate has another value at another of the undetermined values."""
    there = work.settled(work.judge if work.numbers else work.general)
    for w in there.worlds:
        env = dict(w)
        for k in sorted(names(f) & set(work.sets)):
            whole = work.sets[k]
            ends = [compiled(e)(w) for e in (whole.low, whole.high)] if isinstance(whole, Span) else []
            env[k] = next(((v + w[k]) / 2 for v in ends if math.isfinite(v) and v != w[k]), w[k] + 1)
        u, v = compiled(f)(w), compiled(f)(env)
        if not (math.isnan(u) or math.isnan(v)) and abs(u - v) > 1e-9 * (1 + abs(u)):
            return True
    return False


def in_set(name: str, work: Work, oracle: Oracle) -> Line:
    """The set of estimates of a parameter as a line, one of them judged to lie in it."""
    shown = Relation((hat(name), work.sets[name]), ("in",))
    oracle.equal(Indicator(shown), ONE)
    return Line(shown, None, Evidence("sampled", "true at random points", len(oracle.worlds)), "result")


def _needed(conditions: list[Words], several: bool) -> list[Words]:
    """What the data must satisfy, in one sentence where every condition is one for existence."""
    unique = [_after("exists and is unique if ", w) for w in conditions]
    exists = [u or _after("exists if ", w) for u, w in zip(unique, conditions, strict=True)]
    if not conditions or not all(exists):
        return [say("The estimate ") + w + say(".") for w in conditions]
    if all(unique):
        words = say("The estimates exist and are unique if ") if several else say("The estimate exists and is unique if ")
    else:
        words = say("The estimates exist if ") if several else say("The estimate exists if ")
    for j, w in enumerate(exists):
        words += say("" if j == 0 else "; and if " if j == len(conditions) - 1 else "; if ") + (w or say(""))
    return [words + say(".")]


def _after(lead: str, words: Words) -> Words | None:
    """What follows a lead; None for words that begin otherwise."""
    first = words.parts[0]
    if not isinstance(first, str) or not first.startswith(lead):
        return None
    rest = first.removeprefix(lead)
    return Words(((rest,) if rest else ()) + words.parts[1:])


def open_form(name: str, work: Work) -> bool:
    """Whether an estimate is known by an equation only, or in terms of such a one."""
    return work.how.get(name) in ("numeric", "given others")


def in_hats(f: Formula, work: Work) -> Formula:
    """An estimate in terms of others, with their hats."""
    return f if isinstance(f, Searched) else replace_all(f, {Sym(k): hat(k) for k in work.parameters})


def _defining(name: str, work: Work, oracle: Oracle) -> Line:
    """The equation that an estimate without a closed form solves, with its hat."""
    eq = work.equations[name]
    shown = Relation(tuple(in_hats(s, work) for s in eq.sides), eq.signs)
    inside = work.problem.parameters[name].interior
    known = Oracle(tuple(w for w in oracle.worlds if not math.isnan(w[name]) and inside.contains(w[name], w)))
    evidence = known.holds(shown) if known.worlds else Evidence("defined", "the equation that the estimate solves")
    return Line(shown, None, evidence, "result")


def _at_large(work: Work, numbers: dict[str, float] | None) -> Env:
    """The estimates from a large sample as values of their letters."""
    out: Env = {}
    for k, v in (numbers or {}).items():
        out[k] = out[hat(k).name] = v
    return out


def _with_decimals(label: Formula, f: Formula, number: float | None, exact: Formula | None) -> Relation:
    if number is None:
        return equation(label, f)
    if isinstance(f, Last):
        return equation(label, num(round(number)))
    if isinstance(f, Peak):
        return Relation((label, num(significant(number, 6))), ("approx",))
    v = value(f)
    if v is not None and v.denominator == 1:
        return equation(label, f)
    if v is not None and (v * 10**6).denominator == 1:
        decimal = num(v)
        return equation(label, f) if decimal == f else Relation((label, f, decimal), ("=", "="))
    short = Fraction(f"{number:.6g}")
    if exact is not None and exact != f:
        middle = Relation((label, f, exact), ("=", "="))
        w = value(exact)
        if w is not None and (w.denominator == 1 or exact == num(w)):
            return middle
        return Relation((*middle.sides, num(short) if w == short else rounded(number)), ("=", "=", "=" if w == short else "approx"))
    return Relation((label, f, rounded(number)), ("=", "approx"))


def meaning_of(f: Formula, p: Problem) -> Words | None:
    """An estimate in words, read off its form: the mean, its reciprocal, a mean of squares."""
    if len(p.variables) != 1:
        return None
    v = p.variables[0]
    x = At(v, (Sym(p.index),))
    mean = Sym(v + "_bar")
    zero_one = p.support[v].values is not None and {value(k) for k in p.support[v].values or ()} == {Fraction(0), Fraction(1)}

    def average(g: Formula) -> Formula | None:
        """What g is the sample average of."""
        match g:
            case Mul((Div(Num(k), Sym("n")), Big("sum", _, _, _, body))) if k == 1:
                return body
        return None

    if f == mean:
        return say("the proportion of ones in the sample") if zero_one else say("the sample mean")
    match f:
        case At(base, (k,)) if base == v + "_ord" and k in (ONE, N):
            return say("the smallest observation") if k == ONE else say("the largest observation")
        case At(base, (k,)) if base == v + "_ord" and k == Div(Add((N, ONE)), TWO):
            return say("the sample median")
    if f == Div(ONE, mean):
        return say("the reciprocal of the sample mean")
    body = average(f)
    if body == Pow(Add((x, _minus(mean))), TWO):
        return say("the mean squared deviation from the sample mean (with {} and not {} below)", N, Add((N, _minus(ONE))))
    if body == Pow(x, TWO):
        return say("the mean square of the observations")
    if body == Call("log", (x,)):
        return say("the mean of the logarithms")
    match f:
        case Call("sqrt", (inner,)) if average(inner) == Pow(Add((x, _minus(mean))), TWO):
            return say("the root mean squared deviation from the sample mean")
        case Call("sqrt", (inner,)) if average(inner) == Pow(x, TWO):
            return say("the root mean square of the observations")
    return None


def _minus(f: Formula) -> Formula:
    from ...formula.tree import neg

    return neg(f)


__all__ = ["Const", "meaning_of", "model", "result", "rounded"]
