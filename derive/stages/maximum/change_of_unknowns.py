"""Several unknowns in which, perhaps after a change of them, every term of the log-likelihood is concave.

The change is smooth both ways, so a stationary point stays one, and the point at which a concave function is stationary is its maximum
(Burridge 1981, J. R. Statist. Soc. B 43, for scale and location as 1/s and m/s; Pratt 1981, J. Amer. Statist. Assoc. 76, for probit and logit).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...algebra.facts import POSITIVE, REALS
from ...algebra.terms import Algebra, Term
from ...formula.tree import (
    ONE,
    TWO,
    Add,
    Apply,
    Big,
    Call,
    Formula,
    Indicator,
    Mul,
    Pow,
    Sym,
    add,
    equation,
    factors,
    has,
    kinds,
    mul,
    names,
    replace_all,
    transform,
    value,
)
from ...proofs.composition import Change, Lemma, concave_change
from ...recorder import definition, record
from ...rule_names import RuleName
from ...sets.ranges import interior
from ...trace import Block, Display, Strength, say
from ..profile.substitution import settled_letters
from ..prose import listed
from ..setting import MaximumArgument, State

WORDS = {
    Lemma.LOG: "the logarithm of something positive and linear is concave",
    Lemma.SQUARE: "the square of something linear is convex",
    Lemma.EXP: "an exponential function of something linear is convex",
    Lemma.POWER: "a power of something positive is convex if the exponent is negative or above 1",
    Lemma.LOG_SUM_EXP: "the logarithm of a sum of exponential functions of something linear is convex",
    Lemma.LOG_DIFFERENCE: "the logarithm of a difference of such exponential functions is concave where it is defined",
    Lemma.LOG_GAMMA: "the logarithm of the gamma function is convex",
    Lemma.LOG_CDF: "the logarithm of the probability of an interval or a half-line with linear ends is concave for a log-concave density (Prékopa)",
}
CONVEX = frozenset({Lemma.SQUARE, Lemma.EXP, Lemma.POWER, Lemma.LOG_SUM_EXP, Lemma.LOG_GAMMA})


def concave_by_terms(unknowns: Sequence[str], state: State, at_a_solution: bool = True) -> tuple[MaximumArgument, Change] | None:
    """The argument that all terms are concave, and in which unknowns; None where that is not read off.

    at_a_solution: whether to say what that means for a solution of the score equations.
    """
    p = state.problem
    if state.ell is None or Indicator in kinds(state.ell) or p.restrictions or p.moving or p.implied or state.together:
        return None
    domains = {k: p.parameters[k] for k in unknowns}
    if any(names(end) for d in domains.values() for end in (d.low, d.high)) or any(d.discrete for d in domains.values()):
        return None
    ell = p.spelled(replace_all(state.ell, settled_letters(state)))
    facts = state.al.facts

    def sign(f: Formula) -> int:
        r = facts.range(f)
        return 1 if r.nonnegative else -1 if r.nonpositive else 0

    positive = {k: facts.with_letters({k: interior(d)}).positive(Sym(k)) for k, d in domains.items()}
    found = concave_change(ell, positive, frozenset(names(ell)) | set(state.parameters), sign)
    if found is None:
        return None
    change, used = found
    blocks = _changed(ell, change, state)
    reasons = "; ".join(WORDS[k] for k in Lemma if k in used)
    if p.as_asked.sample is None or "interval" not in p.as_asked.sample.kinds:
        reasons = reasons.replace("an interval or a half-line", "a half-line")
    letters = [Sym(k) for k in change.new]
    if used & CONVEX:
        reasons += "; the convex terms have a minus sign"
    last = say("Every term is linear in {} or concave{}. ", listed("", letters), f": {reasons}" if reasons else "")
    last += say("So the log-likelihood is concave in them together")
    last += say(
        "; they are a smooth one-to-one function of the old ones, so a solution is a global maximum."
        if blocks
        else ", and a solution is a global maximum."
        if at_a_solution
        else "."
    )
    reason = listed("The log-likelihood is concave in ", letters) + say(" together")
    if any(c != Sym(k) for k, c in change.new.items()):
        reason += listed(" (", [equation(Sym(k), f) for k, f in change.new.items() if f != Sym(k)]) + say(")")
    return MaximumArgument(Strength.PROVED, (*blocks, last), joint=True, reason=reason), change


def _changed(ell: Formula, change: Change, state: State) -> list[Block]:
    """The new unknowns, and the log-likelihood in them."""
    fresh = {k: f for k, f in change.new.items() if f != Sym(k)}
    if not fresh:
        return []
    oracle = state.settled(state.lines_oracle).at(fresh)
    al = replace(state.al, facts=state.al.facts.with_letters({k: POSITIVE if k in change.positive else REALS for k in change.new}))

    letters = frozenset(change.new)
    new = al.tidy(transform(replace_all(ell, {Sym(k): f for k, f in change.old.items()}), lambda g: _opened(g, letters, al)))
    new = add(*(_absorbed(t, al) for t in al.flat(transform(new, lambda g: _opened(g, letters, al)))))
    line = record(equation(Apply("ell", tuple(map(Sym, change.new))), new), oracle.equal(ell, new), rule=RuleName.PUT_IN)
    where = Display(tuple(definition(equation(Sym(k), al.tidy(f)), "a new unknown", rule=RuleName.LETTER) for k, f in fresh.items()))
    return [say("Put"), where, say("In these unknowns the log-likelihood is"), Display((line,))]


def _opened(g: Formula, letters: frozenset[str], al: Algebra) -> Formula | None:
    """Letters times a bracket multiplied out; the logarithm of a power of a letter as a multiple."""
    match g:
        case Mul(fs) if sum(isinstance(h, Add) for h in fs) == 1 and all(
            names(h) <= letters and Add not in kinds(h) for h in fs if not isinstance(h, Add)
        ):
            return al.expand(g)
        case Call("log", (u,)):
            t = al.split(u)
            if t.coefficient == 1 and len(t.powers) == 1:
                ((b, k),) = t.powers.items()
                return mul(k, Call("log", (b,))) if isinstance(b, Sym) and value(k) is not None else None
    return None


def _absorbed(t: Term, al: Algebra) -> Formula:
    """c^2 times the sum of w (u/c)^2 as the sum of w u^2."""
    for big, one in t.powers.items():
        if not (isinstance(big, Big) and one == ONE):
            continue
        body = al.split(big.body)
        square = next((b for b, k in body.powers.items() if isinstance(b, Add) and k == TWO), None)
        letters = {b: k for b, k in t.powers.items() if isinstance(b, Sym) and k == TWO and square is not None and has(square, b)}
        if square is not None and letters:
            inner = al.expand(mul(*letters, square))
            rest = Term(body.coefficient, {b: k for b, k in body.powers.items() if b != square})
            whole = Big(big.kind, big.index, big.low, big.high, mul(*factors(al.build(rest)), Pow(inner, TWO)))
            return al.build(Term(t.coefficient, {**{b: k for b, k in t.powers.items() if b not in letters and b != big}, whole: ONE}))
    return al.build(t)
