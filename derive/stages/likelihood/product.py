"""The product likelihood and its logarithm, in general form and with the numbers of the data in them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from ...algebra.terms import Algebra
from ...formula.evaluate import Env
from ...formula.latex import latex
from ...formula.tree import (
    Add,
    At,
    Big,
    Call,
    Div,
    Formula,
    Mul,
    N,
    Neg,
    Pow,
    Sym,
    add,
    call,
    equation,
    factors,
    has,
    log,
    mul,
    names,
    num,
    replace_all,
    size,
    terms,
    transform,
    value,
    walk,
)
from ...problem.problem import Problem
from ...recorder import Part, chain, sized_chain
from ...rule_names import RuleName
from ...rules.brackets import one_fraction
from ...rules.logs import gather_product, logged
from ...rules.sums import expand_in_sum, split_sums
from ...sample.observations import LARGEST, Observations, Row
from ...trace import Block, Section, SectionKey, Words, by_detail, from_standard, say
from ..boundary.admissible_region import beside, conditions_of, indicated, pinned, sample_indicator, with_order_statistics
from ..prose import listed
from ..setting import Setting, State
from ..setup.sufficient_sums import put_in_sums
from .censored import censored_likelihood
from .joint_likelihood import whole_likelihood
from .vanishing import vanishing_ends

WRITTEN_OUT = 6  # samples up to this size are written out term by term
WIDEST = 110  # characters of LaTeX that a written-out product may take


def log_likelihood(w: Env, parameters: tuple[str, ...]) -> float:
    """The log-likelihood of a test point at its own parameters, from the density."""
    return float(w["ell"](*(w[p] for p in parameters)))


def with_data(f: Formula, problem: Problem, al: Algebra) -> tuple[Formula, bool, bool]:
    """f with the numbers of the data in it.

    Returns the formula, whether a sum that holds a parameter had to be written out, and whether every sum could
    be turned into numbers.
    """
    seen = problem.observations
    f = problem.spelled(f)
    if problem.whole:  # the numbers of the data stand in it
        return f, False, True
    if seen is None:
        raise ValueError("there are no exact data")
    number = seen.size
    unrolled, complete = False, True

    def one(g: Formula) -> Formula | None:
        nonlocal unrolled, complete
        if isinstance(g, At) and g.base.endswith("_ord"):
            return with_order_statistics(g, problem)
        if not isinstance(g, Big) or g.high != N:
            return None
        free = not (names(g.body) & set(problem.parameters))
        if free:
            exact = exact_fold(g, seen, al)
            if exact is not None:
                return al.number(exact)
            complete = False
            return Big(g.kind, g.index, g.low, num(number), g.body)
        if number > WRITTEN_OUT or g.kind == "prod" or not _short(g.body, set(problem.parameters)):
            complete = False
            return None
        unrolled = True
        return add(*(seen.at(g.body, g.index, row) for row in seen.each()))

    out = transform(f, one)
    return replace_all(out, {N: num(number)}), unrolled, complete


def _short(f: Formula, letters: set[str]) -> bool:
    """Whether f is a polynomial in the letters (or in distances): only then do terms with numbers in them read well."""
    if not names(f) & letters:
        return True
    match f:
        case Sym():
            return True
        case Add(fs) | Mul(fs):
            return all(_short(g, letters) for g in fs)
        case Neg(g) | Call("abs", (g,)):
            return _short(g, letters)
        case Div(a, b):
            return _short(a, letters) and not names(b) & letters
        case Pow(b, k):
            return _short(b, letters) and (q := value(k)) is not None and q.denominator == 1 and q > 0
    return False


def exact_fold(g: Big, seen: Observations, al: Algebra) -> Fraction | None:
    """A sum or product over the data as a rational number, or None where it is not one."""
    if seen.is_rational(g):
        return seen.folded(g)
    out = Fraction(0 if g.kind == "sum" else 1)
    *before, last = seen.rows  # where rows of two kinds stand one after the other, both are looked at soon
    for row, times in (last, *before):
        v = value(al.tidy(seen.at(g.body, g.index, row)))
        if v is None or (g.kind == "prod" and times * (v.numerator.bit_length() + v.denominator.bit_length()) > LARGEST):
            return None
        out = out + v * times if g.kind == "sum" else out * v**times
        if out.denominator.bit_length() + out.numerator.bit_length() > LARGEST:
            return None
    return out


def likelihood(state: State) -> State:
    """Section "Likelihood"; decides whether the numbers of the data are carried along."""
    if state.problem.whole:
        return whole_likelihood(state)
    if state.factors is not None:
        return censored_likelihood(state, state.factors)
    if state.problem.single is not None:
        return single_observation(state, state.problem.single)
    return product_likelihood(state)


def product_likelihood(state: State) -> State:
    """The likelihood as the product of the density over the sample, with its numbers where they are carried along."""
    state = pinned(state)
    p, al = state.problem, replace(state.al, decimals=False)
    general = p.likelihood
    spread = one_fraction(p.spread, al) or p.spread
    gathered = gather_product(spread, al) or spread
    gathered = replace_all(gathered, {f: Sym(k) for k, f in p.statistics.items()})
    label = p.of("L")
    reason = say("collect powers of the same base")
    joint = "probability" if all(d.discrete for d in p.support.values()) else "density"
    singly = "probabilities" if joint == "probability" else "densities"
    first = by_detail(
        standard=say(f"By independence the {singly} multiply:"),
        full=say(f"The observations are independent, so their joint {joint} is the product of the individual {singly}:"),
    )
    parts: list[Part] = [(general, None, None), (gathered, reason, RuleName.GATHER_A_PRODUCT)]
    if spread != p.spread:
        parts.insert(1, (spread, say("bring each bracket over one denominator"), RuleName.ONE_FRACTION))
    state = replace(state, gathered=gathered)
    if p.observations is not None:
        opened = logged(gathered, al)
        mixed = any(isinstance(g, Big) and names(g.body) & set(p.parameters) for g in walk(opened))
        carried = (state.specific or not (p.in_floats or (mixed and len(p.observed) > 1))) and not p.kinked
        numbers = carried and _complete(separated(opened, state), state)
        data, unrolled, complete = with_data(gathered, p, state.al) if numbers else (gathered, False, False)
        if complete and not unrolled:
            written = written_out(state)
            data = state.al.tidy(data)
            parts = [(replace_all(general, {N: p.high}), None, None)]
            parts += [(written, say("substitute the data"), RuleName.PUT_IN_THE_DATA)] if written is not None else []
            parts.append((data, reason, RuleName.GATHER_A_PRODUCT))
            state = replace(state, gathered=data)
        state = replace(state, numbers=numbers, al=state.al if numbers else al)
    oracle = state.judge if state.numbers or ((p.moving or p.restrictions) and p.observations is not None) else state.general
    if p.moving or p.restrictions:
        parts = with_indicator(parts, general, gathered, state)
        mine = [k for k in p.parameters if any(k in d.letters for d in p.support.values())]
        on = listed("", [Sym(k) for k in mine])
        first = by_detail(
            standard=say(
                f"By independence the {singly} multiply; the support depends on {{}}, so each factor carries an indicator, which is 1 if its condition holds "
                "and 0 otherwise:", on,
            ),
            full=say(
                f"The observations are independent, so their joint {joint} is the product of the individual ones. Each is 0 outside the support, "
                "which depends on {}; the indicator says so: it is 1 where its condition holds and 0 elsewhere.", on,
            ),
        )  # fmt: skip
    display = sized_chain(oracle, label, lambda w: log_likelihood(w, state.parameters), parts)
    lead = (*state.reasons, say("The observations are independent, so their contributions multiply:")) if state.reasons else first
    return state.adding(Section(SectionKey.LIKELIHOOD, say("Likelihood"), (*lead, display, *_counted(state))))


def _complete(ell: Formula, setting: Setting) -> bool:
    """Whether every sum in the log-likelihood that matters becomes a number with the data."""
    put, _, clear = with_data(ell, setting.problem, setting.al)
    return clear or _constants_only(put, setting)


def single_observation(state: State, row: Row) -> State:
    """The likelihood of one observation of several counts: its probability, read as a function of the parameters."""
    p = state.problem
    assert p.observations is not None
    put = p.observations.at(p.indexed(p.density), p.index, row)
    gathered = state.al.tidy(put)
    label = p.density_at(*map(num, row))
    parts: list[Part] = [(label, None, None), (put, say("substitute the data"), RuleName.PUT_IN_THE_DATA)]
    if size(gathered) < size(put):
        parts.append((gathered, say("collect powers of the same base"), RuleName.GATHER_A_PRODUCT))
    display = sized_chain(state.judge, p.of("L"), lambda w: log_likelihood(w, state.parameters), parts)
    words = from_standard(say("The likelihood is the probability of the one observation, as a function of the parameters:"))
    return replace(state, gathered=gathered, numbers=True).adding(Section(SectionKey.LIKELIHOOD, say("Likelihood"), (words, display)))


def _counted(state: State) -> list[Words]:
    """What the letters of the counts mean, where they are used."""
    p = state.problem
    if p.cells is None or state.gathered is None:
        return []
    shown = [r for r in p.cells.rows if r.count and has(state.gathered, Sym(r.count))]
    if not shown:
        return []
    table: dict[Formula, Formula] = {Sym(v): At(v, (Sym(p.index),)) for v in p.observed}
    words = listed("Here ", [Sym(r.count) for r in shown]) + say(
        " count the observations with " if len(shown) > 1 else " counts those with "
    )
    words += listed("", [replace_all(r.condition, table) for r in shown])
    if p.cells.complete:
        words += say(", so {}", equation(add(*map(Sym, p.cells.complete)), N))
    return [words + say(".")]


def with_indicator(parts: list[Part], general: Formula, gathered: Formula, setting: Setting) -> list[Part]:
    """The steps from the product to its short form, each with the indicator of the support."""
    p = setting.problem
    out: list[Part] = [(indicated(p), None, None)]
    all_, last = sample_indicator(p), parts[-1][0]
    out.append((beside(gathered, all_), _extremes_suffice(p), RuleName.GATHER_A_PRODUCT))
    if setting.numbers and last != gathered:
        out.append((beside(last, with_order_statistics(all_, p)), say("substitute the data"), RuleName.PUT_IN_THE_DATA))
    return out


def _extremes_suffice(p: Problem) -> Words:
    """Why the indicators of all observations are that of the extreme ones."""
    if not conditions_of(p):
        return say("collect powers of the same base")
    extremes = {g.index == (N,): g for c in conditions_of(p) for g in walk(c) if isinstance(g, At)}
    if len(extremes) == 2:
        both = (extremes[False], extremes[True])
        return say("{} and {}, the smallest and the largest observation, decide", *both)
    ((last, extreme),) = extremes.items()
    return say("{}, the largest observation, decides" if last else "{}, the smallest observation, decides", extreme)


def _constants_only(ell: Formula, setting: Setting) -> bool:
    """Whether what could not be turned into numbers is free of the parameters, term by term."""
    return all(setting.free(t) or not any(isinstance(g, Big) for b in setting.al.split(t).powers for g in (b,)) for t in terms(ell))


def written_out(setting: Setting) -> Formula | None:
    """f(x_1) f(x_2) ... with the data in it, where that is short."""
    p, al = setting.problem, setting.al
    seen = p.observations
    if seen is None or not 2 <= seen.size <= WRITTEN_OUT:
        return None
    body = p.indexed(p.density)
    fs = [al.tidy(seen.at(body, p.index, row)) for row in seen.each()]
    f = mul(*fs)
    return f if len(latex(f, p.notation)) <= WIDEST else None


def log_likelihood_section(state: State) -> State:
    """Section "Log-likelihood": the logarithm opened, sums split, constants outside."""
    p = state.problem
    assert state.gathered is not None
    al = state.al if not _general(state.gathered) else replace(state.al, decimals=False)
    label = p.of("ell")
    whole = state.gathered
    opened = logged(whole, al)
    split = split_sums(opened, al) or opened
    apart = separated(split, state)
    parts = [
        (opened, None, RuleName.LOG_RULES),
        (split, say("sum term by term and take constants out of the sums"), RuleName.SPLIT_THE_SUM),
        (apart, say("multiply out under the sum, so that parameters and data part"), RuleName.EXPAND_UNDER_THE_SUM),
    ]
    lead = say("The logarithm is increasing, so {} is largest where {} is", equation(label, log(p.of("L"))), p.of("L"))
    same = say("The logarithm is increasing, so {} has the same maximisers, if any:", equation(label, log(p.of("L"))))
    ends = vanishing_ends(state) or say("")
    blocks: list[Block] = [
        *_beta_functions(whole, state),
        *by_detail(standard=ends + same, full=ends + lead + say(_what_it_turns(whole, opened))),
    ]
    oracle = state.general if p.sums or (not state.numbers and _general(whole)) else state.judge
    ell = apart
    blocks.append(chain(oracle, label, parts))
    if p.sums:
        state, ell, shown = put_in_sums(state, apart)
        blocks += shown
    elif state.numbers and _general(apart):
        data, _, _ = with_data(apart, p, state.al)
        data = _tidy_terms(data, state.al)
        blocks.append(say("With the data:"))
        blocks.append(chain(state.judge, label, [(data, None, RuleName.PUT_IN_THE_DATA)]))
        ell = data
    return replace(state, ell=ell).adding(Section(SectionKey.LOG_LIKELIHOOD, say("Log-likelihood"), tuple(blocks)))


def _what_it_turns(whole: Formula, opened: Formula) -> str:
    """What the logarithm makes of a likelihood."""
    turned = []
    if any(isinstance(g, Add) or (isinstance(g, Big) and g.kind == "sum") for g in (opened, *terms(opened))):
        turned.append("the product into a sum")
    if any(map(_has_exponent, factors(whole))):
        turned.append("exponents into factors")
    return f". It turns {' and '.join(turned)}:" if turned else ":"


def _has_exponent(f: Formula) -> bool:
    """Whether a factor is a power with letters above, or holds one as a factor."""
    match f:
        case Big("prod", _, _, _, body):
            return any(map(_has_exponent, factors(body)))
        case Div(a, b):
            return any(map(_has_exponent, (*factors(a), *factors(b))))
        case Pow(_, k):
            return value(k) is None
    return isinstance(f, Call) and f.name == "exp"


def _beta_functions(f: Formula, setting: Setting) -> list[Block]:
    """What a beta function in f stands for: its logarithm is opened into those of gamma functions."""
    out: list[Block] = []
    for g in dict.fromkeys(g for g in walk(f) if isinstance(g, Call) and g.name == "beta"):
        a, b = g.args
        both = setting.al.assemble(setting.al.flat(add(a, b), deep=True))
        out.append(say("The beta function is {}.", equation(g, Div(mul(*(call("gamma", u) for u in (a, b))), call("gamma", both)))))
    return out


def _general(f: Formula) -> bool:
    return "n" in names(f) or any(isinstance(g, Big) and g.high == N for g in walk(f))


def _tidy_terms(f: Formula, al: Algebra) -> Formula:
    """Every term tidy, brackets with written-out data kept."""
    return add(*(al.tidy(t) for t in terms(f)))


def separated(f: Formula, setting: Setting) -> Formula:
    """Sums that hold a parameter which also stands outside them, multiplied out; others are kept."""
    al, mine = setting.al, set(setting.parameters)
    out: list[Formula] = []
    changed = False
    for t in terms(f):
        powers = al.split(t).powers
        inside = {p for b in powers if isinstance(b, Big) for p in names(b) & mine}
        outside = {p for b, k in powers.items() if not isinstance(b, Big) for p in (names(b) | names(k)) & mine}
        opened = expand_in_sum(t, al) if inside & outside else None
        if opened is not None:
            opened = al.expand(opened)
            changed = True
        out += terms(opened) if opened is not None else (t,)
    return al.assemble(al.split(t) for t in out) if changed else f
