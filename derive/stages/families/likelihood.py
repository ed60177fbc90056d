"""The model, the likelihood of a sample and the log-likelihood, for any number of members."""

from __future__ import annotations

from dataclasses import replace

from ...formula.families import Family, without_margins
from ...formula.tree import (
    ONE,
    PLACEHOLDER,
    And,
    Apply,
    At,
    Big,
    Dots,
    Formula,
    Indicator,
    N,
    Relation,
    Sym,
    equation,
    log,
    mul,
    names,
    num,
    terms,
    total,
    transform,
    walk,
)
from ...problem.families import FamilyModel, Shares
from ...reading.context import OWN_SIZE
from ...recorder import Part, chain, defined, record
from ...rule_names import RuleName
from ...rules.families import gather_rows, inner_constants_out
from ...rules.logs import logged
from ...rules.members import by_values
from ...rules.sums import split_sums
from ...trace import Block, Display, Section, SectionKey, Words, from_standard, say
from ..prose import listed, remark
from ..setting import State
from .letters import model_of, unknown, with_model


def model(state: State) -> State:
    """The model: the likelihood or the mass of one observation, the families, the constraints, what was observed."""
    p, m = state.problem, model_of(state)
    blocks: list[Block] = []
    if m.one is None:
        blocks += [say("The likelihood is"), Display((record(equation(p.of("L"), m.likelihood), defined("the likelihood as given")),))]
    else:
        head, what = (
            _of_one(m),
            "probability mass function" if set(m.data.values()) <= {"one", "label", "count", "size"} or m.sample else "density",
        )
        blocks += [say(f"The observations are independent, each with the {what}"), Display((record(head, defined("as given")),))]
    words = _about(state)
    constraints = [_constraint(s, m) for s in m.shares]
    if constraints:
        words += listed(", where ", constraints)
        free = {k for s in m.shares for j, k in enumerate(m.families[s.family].index) if j != s.place}
        if free:
            words += listed(" for every ", [Sym(k) for k in sorted(free)])
    blocks.append(words + say("."))
    if m.implied:
        blocks.append(from_standard(say("The probabilities add up to 1, as the mass function does.")))
    if m.sample and m.data[m.sample] == "one":
        blocks.append(
            say(
                "In every observation one of the {} is 1, for the category that was observed, and the others are 0.",
                m.families[m.sample].member,
            )
        )
    for k, f in m.tied.items():
        blocks.append(say("The counts add up to {}: {}.", Sym(k), equation(f, Sym(k))))
    blocks += [remark(w, p) for w in p.warnings]
    if m.values is not None:
        blocks += _observed(m)
    return state.adding(Section(SectionKey.MODEL, say("Model"), tuple(blocks), numbered=False))


def _of_one(m: FamilyModel) -> Relation:
    """The mass of one observation."""
    assert m.one is not None
    fam = m.families[m.sample]
    if m.data[m.sample] == "label":
        target = m.families[m.points_to[m.sample]]
        return equation(Apply("P", (equation(fam.member, Sym(target.index[0])),)), m.one)
    return equation(Apply("f", (Sym(fam.base), *map(Sym, m.estimated))), m.one)


def _about(state: State) -> Words:
    """The unknowns with their domains and the ranges of their indices."""
    m, p = model_of(state), state.problem
    found: list[Formula | Words] = []
    for k, d in p.parameters.items():
        u, fam = unknown(k, state), m.families.get(k)
        c = d.condition(u)
        words = say("{}", u) + say(" real") if c is None else say("{}", c)
        found.append(words if fam is None else words + _running(fam))
    return listed("with ", found)


def _running(fam: Family) -> Words:
    """The range of the indices: "for k = 1, ..., K"."""
    out = [And((equation(Sym(k), ONE), Dots(), h)) for k, h in zip(fam.index, fam.high, strict=True)]
    return listed(" for ", out)


def _constraint(s: Shares, m: FamilyModel) -> Relation:
    fam = m.families[s.family]
    body = fam.member if s.weight == ONE else mul(s.weight, fam.member)
    return equation(total(body, fam.index[s.place], fam.high[s.place]), s.total)


def _observed(m: FamilyModel) -> list[Block]:
    """What was observed, in short."""
    assert m.values is not None
    sizes = [equation(Sym(k), num(m.values[k])) for k in m.sizes if k in m.values]
    return [listed("Here ", sizes) + say(".")] if sizes else []


def likelihood(state: State) -> State:
    """Section "Likelihood": of a sample, with the counts named; none where the likelihood was given."""
    m = model_of(state)
    if m.one is None:
        return replace(state, gathered=m.likelihood)
    label = state.problem.of("L")
    parts: list[Part] = [(m.likelihood, None, None)]
    kind, now, blocks = m.data[m.sample], m.likelihood, list[Block]()
    if kind == "label":
        target = m.families[m.points_to[m.sample]]
        k, (i,) = target.index[0], m.families[m.sample].index
        seen = Indicator(equation(m.families[m.sample].member, Sym(k)))
        state = _with_counts(state, Family(OWN_SIZE, (k,), target.high), total(seen, i), N)
        now = by_values(now, target, m.sample, model_of(state).families[OWN_SIZE]) or now
        reason = say("each category as often as it was observed")
    else:
        rows = gather_rows(now, state.al)
        fam = m.families[m.sample]
        if rows is not None and len(fam.index) == 2:
            i, k = fam.index
            sums = total(fam.member, i)
            state = _with_counts(
                state,
                Family(OWN_SIZE, (k,), fam.high[1:]),
                sums,
                N if kind == "one" else mul(N, m.limits[m.sample]) if kind == "split" else sums,
            )
            now = transform(rows, lambda g: At(OWN_SIZE, (Sym(k),)) if g == sums else None, Big)
        reason = say("collect powers of the same base")
    if now != m.likelihood:
        parts.append((now, reason, RuleName.GATHER_A_PRODUCT))
    for base, f in model_of(state).counts.items():
        blocks.append(say("Here {}, the number of observations in category {}.", equation(model_of(state).families[base].member, f), Sym(model_of(state).families[base].index[0]))
                      if kind in ("one", "label") else say("Here {}.", equation(model_of(state).families[base].member, f)))  # fmt: skip
    display = chain(state.general, label, parts)
    lead = say("By independence the probabilities multiply:" if kind != "real" else "By independence the densities multiply:")
    return replace(state, gathered=now).adding(Section(SectionKey.LIKELIHOOD, say("Likelihood"), (lead, display, *blocks)))


def _with_counts(state: State, fam: Family, f: Formula, whole: Formula) -> State:
    """The state with a family of counts that is defined by a formula in the data; whole: what they add up to."""
    m = model_of(state)
    sums = total(fam.member, fam.index[0], fam.high[0])
    p = state.problem
    m = replace(m, families={**m.families, fam.base: fam}, counts={**m.counts, fam.base: f}, totals={**m.totals, sums: whole})
    state = replace(
        state, problem=p.replace(notation={**p.notation, OWN_SIZE: "n"}), general=state.general.at_members(fam, f),
    )  # fmt: skip
    return with_model(state, m)


def log_likelihood(state: State) -> State:
    """Section "Log-likelihood": the logarithm opened, sums split, constants and margins taken out."""
    al, m = state.al, model_of(state)
    assert state.gathered is not None
    opened = logged(state.gathered, al)
    tidy = split_sums(opened, al) or opened
    tidy = inner_constants_out(tidy, al) or tidy
    tidy = m.margins(tidy)
    parts: list[Part] = [(opened, None, RuleName.LOG_OF_A_PRODUCT)]
    if tidy != opened:
        parts.append((tidy, say("sum term by term"), RuleName.SPLIT_THE_SUM))
    label = state.problem.of("ell")
    blocks: list[Block] = [
        say("The logarithm is increasing, so {} has the same maximisers, if any:", equation(label, log(Sym("L")))),
        chain(state.general, label, parts),
    ]
    free = [t for t in terms(tidy) if not names(t) & set(state.parameters)]
    shown = [g for g in walk(tidy) if isinstance(g, At) and any(k == PLACEHOLDER for k in g.index)]
    if shown:
        margins = list(dict.fromkeys(equation(g, without_margins(g, m.families)) for g in shown))
        blocks.append(listed("A dot stands for an index that is summed over: ", margins) + say("."))
    if free and len(free) < len(terms(tidy)):
        blocks.append(from_standard(say("The last term does not depend on the parameters." if len(free) == 1 else "The last terms do not depend on the parameters.")
                      if tuple(free) == terms(tidy)[-len(free):] else say("Terms without parameters do not move the maximum.")))  # fmt: skip
    return replace(state, ell=tidy).adding(Section(SectionKey.LOG_LIKELIHOOD, say("Log-likelihood"), tuple(blocks)))


__all__ = ["likelihood", "log_likelihood", "model"]
