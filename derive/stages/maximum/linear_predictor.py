"""Concavity in several unknowns at once, where they enter through one linear combination with the data.

Then every second derivative is minus a sum of w_i z_ij z_ik with weights that are not negative, so that in every
direction c it is minus the sum of w_i (c_1 z_i1 + c_2 z_i2 + ...)^2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ...algebra.facts import under_one_sum
from ...algebra.terms import Algebra, Term
from ...formula.tree import ONE, Add, At, Derivative, Formula, Relation, Sym, add, equation, mul, names, neg, num, rational, total, value
from ...recorder import record
from ...rule_names import RuleName
from ...trace import Display, Strength, Words, say
from ..prose import listed
from ..setting import MaximumArgument, Setting

Table = Mapping[tuple[str, str], tuple[Formula, Display]]


def concave_in_all(unknowns: Sequence[str], table: Table, setting: Setting) -> MaximumArgument | None:
    """The argument from the second derivatives of all unknowns; None where they have another form."""
    bodies: dict[tuple[str, str], Term] = {}
    inner: Formula | None = None
    for pair, (f, _) in table.items():
        body = under_one_sum(f, setting.problem.index)
        if body is None:
            return None
        outside, bracket = _apart(body, setting.al)
        if inner is not None and bracket != inner:
            return None
        bodies[pair], inner = outside, bracket
    assert inner is not None
    zs = _data(bodies, unknowns, setting)
    if zs is None:
        return None
    first = unknowns[0]
    al = setting.al
    weight = al.times((bodies[first, first], al.raised(zs[first], num(-2)), Term(Fraction(-1), {inner: ONE} if inner != ONE else {})))
    simple = _cleared(weight, al)
    if simple is None or not all(_follows(bodies[pair], bodies[first, first], zs, pair, first, al) for pair in bodies):
        return None
    return _said(unknowns, {k: al.build(z) for k, z in zs.items()}, simple, table, setting)


def _apart(body: Formula, al: Algebra) -> tuple[Term, Formula]:
    """What the terms of a body share, and the bracket that is left (1 for a single term)."""
    ts = al.flat(body, deep=True) if isinstance(body, Add) else al.expanded(body) or []
    ts = _singles(ts, al)
    if len(ts) == 1:
        return ts[0], ONE
    common = al.common_factor(ts)
    return common, al.assemble(al.divided(t, common) for t in ts)


def _singles(ts: Sequence[Term], al: Algebra) -> list[Term]:
    """Terms in which brackets that hold terms of a common factor stand opened."""
    out: list[Term] = []
    for t in ts:
        opened = [b for b, k in t.powers.items() if isinstance(b, Add) and k == ONE]
        if not opened:
            out.append(t)
            continue
        rest = Term(t.coefficient, {b: k for b, k in t.powers.items() if b not in opened})
        parts = [rest]
        for b in opened:
            parts = [al.times((p, s)) for p in parts for s in al.flat(b)]
        out += parts
    return al.collect(out)


def _data(bodies: Mapping[tuple[str, str], Term], unknowns: Sequence[str], setting: Setting) -> dict[str, Term] | None:
    """What the data multiply each unknown by, up to a factor that all share."""
    al, first = setting.al, unknowns[0]
    square = bodies[first, first]
    own: dict[Formula, Formula] = {}
    for b, k in square.powers.items():
        q = value(k)
        if isinstance(b, At) and q is not None and q > 0 and q.denominator == 1 and q.numerator % 2 == 0:
            own[b] = rational(q / 2)
    z = Term(Fraction(1), own)
    out = {first: z}
    for other in unknowns[1:]:
        out[other] = al.times((al.divided(bodies[first, other], square), z))
    letters = set(setting.parameters)
    if any(names(b) & letters or names(e) & letters for t in out.values() for b, e in t.powers.items()):
        return None
    return out


def _follows(
    body: Term, square: Term, zs: Mapping[str, Term], pair: tuple[str, str], first: str, al: Algebra
) -> bool:  # fmt: skip
    """Whether a body is that of the first unknown with other data."""
    want = al.times((square, al.raised(zs[first], num(-2)), zs[pair[0]], zs[pair[1]]))
    return want.coefficient == body.coefficient and want.key == body.key


def _cleared(weight: Term, al: Algebra) -> Formula | None:
    """The weight over one denominator, if that shows that it is not negative; else None."""
    brackets = [b for b, k in weight.powers.items() if isinstance(b, Add) and k == ONE]
    if not brackets:
        f = al.build(weight)
        return f if al.facts.range(f).nonnegative else None
    (bracket, *more) = brackets
    if more or not isinstance(bracket, Add):
        return None
    sign = Fraction(1 if weight.coefficient > 0 else -1)
    ts = [t.scaled(sign) for t in al.flat(bracket)]
    below: dict[Formula, Fraction] = {}
    for t in ts:
        for b, k in t.powers.items():
            q = value(k)
            if isinstance(b, Add) and q is not None and q < 0:
                below[b] = max(below.get(b, Fraction(0)), -q)
    if any(q.denominator != 1 for q in below.values()) or not all(al.facts.positive(b) for b in below):
        return None
    by = Term(Fraction(1), {b: rational(q) for b, q in below.items()})
    top = al.expanded(add(*(al.build(al.times((t, by))) for t in ts)))
    if not top or not all(al.facts.range(al.build(t)).nonnegative for t in top):
        return None
    over = al.assemble(top)
    rest = Term(abs(weight.coefficient), {b: k for b, k in weight.powers.items() if b != bracket})
    whole = Term(Fraction(1), {over: ONE}) if isinstance(over, Add) else al.split(over)
    f = al.build(al.times((rest, whole, al.raised(by, num(-1)))))
    return f if al.facts.range(f).nonnegative else None


def _strictly(zs: Mapping[str, Formula], setting: Setting) -> Words:
    """When it is strictly concave: where what the data multiply the unknowns by is linearly independent."""
    fs, i = list(zs.values()), Sym(setting.problem.index)
    if len(fs) == 2 and ONE in fs:
        (other,) = (f for f in fs if f != ONE)
        return say(", strictly unless the {} are all equal", other)
    return listed(", strictly unless some linear combination of ", fs) + say(
        " with coefficients that are not all {} vanishes for every {}", num(0), i
    )


def _said(unknowns: Sequence[str], zs: Mapping[str, Formula], weight: Formula, table: Table, setting: Setting) -> MaximumArgument:
    """The second derivatives in that form, and what follows."""
    oracle, al = setting.settled(setting.lines_oracle), setting.al
    oracle.holds(Relation((total(weight, setting.problem.index), num(0)), (">",)))
    lines = []
    for (j, k), (f, _) in table.items():
        shown = neg(total(al.tidy(mul(weight, zs[j], zs[k])), setting.problem.index))
        evidence = oracle.equal(f, shown)
        over = ((Sym(j), 2),) if j == k else ((Sym(j), 1), (Sym(k), 1))
        lines.append(record(equation(Derivative(setting.problem.of("ell"), over), shown), evidence, rule=RuleName.COMMON_FACTOR))
    positive = al.facts.range(weight).positive
    words = say(
        "Each is minus a weighted sum over the observations, with the {} weights {}. ",
        "positive" if positive else "nonnegative",
        weight,
    )
    words += say(
        "So in every direction the second derivative is minus a weighted sum of squares: the log-likelihood is concave in all unknowns together"
    )
    if positive and len(unknowns) > 1:
        words += _strictly(zs, setting)
    words += say(", and a solution is its global maximum.")
    reason = say("In every direction the second derivative is minus a weighted sum of squares: the log-likelihood is concave")
    return MaximumArgument(Strength.PROVED, (say("The second derivatives are"), Display(tuple(lines)), words), joint=True, reason=reason)
