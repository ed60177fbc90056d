"""Where no root of the score is the only maximum: an end of the domain, a likelihood that keeps rising, ties."""

from __future__ import annotations

import math

from ...errors import NotSupported
from ...formula.names import hat
from ...formula.tree import Apply, Const, Derivative, Formula, Neg, Peak, SetOf, Sym, equation, replace_all
from ...numerics.newton import Landscape
from ...oracle.oracle import Oracle
from ...proofs.zeros import Towards
from ...recorder import held
from ...rule_names import RuleName
from ...trace import Display, How, Outcome, Strength, Table, Words, say
from ..number_format import digits, numeric_set, tiny
from ..profile.along_path import fixed, place, profile_towards, rises_at_pole
from ..profile.univariate import OneUnknown, Shown, closed_places
from ..setting import ARGUED, MaximumArgument, Setting, State
from .limit_family import limit_family

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def tied(one: OneUnknown, land: Landscape, label: Apply, peak: Peak, state: State) -> Shown:
    """Several places with the same greatest likelihood."""
    if one.enclosed is None:
        raise NotSupported(
            f"the likelihood has several maxima in {one.name} whose heights a search cannot tell apart; which is the highest was not settled"
        )
    closed = closed_places(peak, one.enclosed, state.problem)
    places = numeric_set(land.tied) if closed is None else SetOf(tuple(map(state.al.tidy, closed)))
    count = len(land.maxima) + len(land.minima)
    others = count > len(land.tied)
    words = say(
        "{}, and the likelihood is {} at {} of them: the maximiser is not unique.",
        roots_in_words(one, land), "largest" if others else "equally large", _number(len(land.tied)) if others else "both" if count == 2 else "all",
    )  # fmt: skip
    last = say(
        "All roots of the score were enclosed by interval arithmetic. By symmetry the likelihood has the same value at these {}, and a smaller one {}towards the ends of the domain.",
        _number(len(land.tied)), "" if not others else "at the other and " if count == len(land.tied) + 1 else "at the others and ",
    )  # fmt: skip
    argument = MaximumArgument(Strength.ENCLOSED, (last,))
    return Shown((words, heights(one, land, label)), Outcome.NOT_UNIQUE, sets={one.name: places}, argument=argument)  # fmt: skip


def roots_in_words(one: OneUnknown, land: Landscape) -> Words:
    """How many roots of the score were found; ends that belong to the domain were not asked for."""
    inside = " inside the domain" if math.isfinite(one.low) or math.isfinite(one.high) else ""
    return say(f"The score has {_number(len(land.maxima) + len(land.minima))} roots{inside}")


def _number(k: int) -> str:
    """A small number as a word."""
    return WORDS[k] if k < len(WORDS) else str(k)


def heights(one: OneUnknown, land: Landscape, label: Apply) -> Table:
    """All stationary points with the log-likelihood there, and the ends that belong to the domain."""
    places = [(x, "maximum") for x in land.maxima] + [(x, "minimum") for x in land.minima]
    kinds = sorted([*places, *((x, "end of the domain") for x in one.ends)])
    rows = tuple((say("{}", digits(x, 8)), say("{}", digits(h, 8)), say(kind)) for x, kind in kinds if math.isfinite(h := one.height(x)))
    return Table((say("{}", Sym(one.name)), say("{}", label), say("type")), rows)


def towards_an_end(one: OneUnknown, land: Landscape, label: Apply, peak: Peak, setting: Setting) -> Shown:
    """The likelihood is largest at an end of the domain, or rises towards one that does not belong to it."""
    side = land.open_end
    pole = None if side else rises_at_pole(peak, setting.problem)
    if pole is not None:
        words = say(
            "The log-likelihood grows without bound as {} approaches {}, where the score has no value: there is no maximum.",
            Sym(one.name),
            pole,
        )
        return Shown((words,), Outcome.NONE, answers={}, argument=ARGUED)
    if not side:
        raise NotSupported(f"the score equation for {one.name} has no root at which the likelihood is largest; this is not supported yet")
    domain = setting.problem.parameters[one.name]
    end = domain.high if side > 0 else domain.low
    limit = one.high if side > 0 else one.low
    if math.isfinite(limit) and not math.isclose(limit, domain.bounds(setting.data_point or {})[side > 0], rel_tol=1e-9, abs_tol=1e-12):
        raise NotSupported(f"the likelihood is largest for {one.name} at the border of what the data allow; this is not supported yet")
    u, score = Sym(one.name), Derivative(label, ((Sym(one.name), 1),))
    carried = MaximumArgument(Strength.SEARCHED if one.enclosed is None else Strength.ENCLOSED)
    steady = not land.maxima and not land.minima
    looked = (
        "At every value looked at, on a fine grid in the domain,"
        if one.enclosed is None
        else "Interval arithmetic shows that over the whole domain"
    )
    lead: Words = (
        say(
            f"{looked} the {'score' if label.name == 'ell' else 'profile score'} {{}} is {{}}; for example:",
            score,
            "positive" if side > 0 else "negative",
        )
        if steady
        else say("The likelihood at the roots of the score is smaller than towards {}:", equation(u, end))
    )
    table = _path(one, side, limit, label, score)
    attained = math.isfinite(limit) and not (domain.high_open if side > 0 else domain.low_open)
    if attained and one.name in setting.problem.moving and not math.isfinite(one.height(limit)):
        attained = False
    if attained:
        shown = equation(hat(one.name), end)
        line = held(Oracle(({**(setting.data_point or {}), hat(one.name).name: limit},)), shown, rule=RuleName.END_OF_THE_DOMAIN)
        words = say("So the likelihood is largest at the end of the domain.")
        return Shown((lead, table, words, Display((line,))), answers={one.name: end}, how=How.BOUNDARY, argument=carried)
    kind = profile_towards(peak, side > 0, setting.problem)
    if one.enclosed is None and kind is not Towards.INFINITY:
        raise NotSupported(
            f"at every value that was looked at the likelihood rises towards an end of the domain of {one.name}; whether it has a maximum was not settled"
        )
    family = _family(one.name, end, side > 0, setting) if kind is Towards.BOUNDED else say("")
    last = _growth(one.name, side, end, kind, family, "log-likelihood" if label.name == "ell" else "profile log-likelihood")
    return Shown((lead, table, last), Outcome.NONE, answers={}, how=How.NUMERIC, argument=carried)


def _path(one: OneUnknown, side: int, limit: float, label: Apply, score: Formula) -> Table:
    rows = tuple(
        (say("{}", digits(x, 6)), say("{}", digits(one.height(x), 8)), say("{}", tiny(one.slope(x)))) for x in approach(one, side, limit)
    )
    return Table((say("{}", Sym(one.name)), say("{}", label), say("{}", score)), rows)


def approach(one: OneUnknown, side: int, limit: float, count: int = 5) -> list[float]:
    """Values that go to an end of the domain, at which the log-likelihood is finite."""
    if math.isfinite(limit):
        other = one.low if side > 0 else one.high
        width = min(abs(limit - other), 1.0)
        xs = [limit - side * width * 10.0**-k for k in range(1, count + 1)]
    else:
        size = max((abs(m) for m in one.marks), default=1.0) or 1.0
        first = float(f"{size:.1g}")
        xs = [side * first * 10.0**k for k in range(count)]
    return [x for x in xs if one.low < x < one.high and math.isfinite(one.height(x)) and math.isfinite(one.slope(x))]


def _family(name: str, end: Formula, high: bool, setting: Setting) -> Words:
    """Which density it comes to there, the others at their estimates, where that is recognised."""
    w = setting.data_point
    if w is None or name not in w or not all(math.isfinite(w[k]) for k in setting.problem.parameters):
        return say("")
    way = place(name, end, high, w)
    others = {k: replace_all(f, {Sym(name): way, hat(name): way}) for k, f in setting.answers.items()}
    return limit_family({**fixed(w, setting.problem), **others, name: way}, w, setting.problem)


def _growth(name: str, side: int, end: Formula, kind: Towards, family: Words, what: str) -> Words:
    """Whether the log-likelihood has a limit or grows without bound, in words."""
    u = Sym(name)
    towards = (
        say("as {} approaches {}", u, end)
        if end not in (Const("oo"), Neg(Const("oo")))
        else say("as {} grows", u)
        if side > 0
        else say("as {} falls", u)
    )
    rises = f"The {what} grows without bound " if kind is Towards.INFINITY else f"The {what} increases "
    closer = ", and approaches its supremum without attaining it" if kind is Towards.BOUNDED else ""
    return say(rises) + towards + say(closer) + family + say(": there is no maximum.")
