"""A question in other letters: some parameters are written by the others or by new letters, and their estimates are put back.

What is largest does not depend on the letters in which it is written (Zehna 1966, Ann. Math. Statist. 37): the values that the parameters may
have and those of the letters must correspond to each other one to one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from fractions import Fraction

from ..algebra.facts import Range
from ..algebra.terms import Algebra
from ..density.support.admissible import positive_first, slope
from ..errors import NotSupported
from ..formula.evaluate import Env
from ..formula.names import hat, reported
from ..formula.plain import plain
from ..formula.tree import (
    ONE,
    ZERO,
    Add,
    Call,
    Const,
    Div,
    Float,
    Formula,
    Mul,
    Pow,
    Relation,
    Searched,
    Sym,
    add,
    equation,
    mul,
    names,
    neg,
    num,
    rational,
    replace_all,
    terms,
    transform,
    value,
    walk,
)
from ..oracle.oracle import value_at
from ..problem.linear_constraints import linear
from ..problem.parameter_groups import explicit
from ..problem.problem import Problem
from ..proofs.invariance import is_zero
from ..proofs.zeros import By, stationary_points
from ..proofs.zeros import Domain as Interval
from ..recorder import definition, held, record
from ..rule_names import RuleName
from ..sets.conditions import meet
from ..sets.domain import INFINITY, MINUS_INFINITY, Domain
from ..sets.ranges import interior
from ..solving.solve import solve
from ..trace import Block, Display, How, Line, Outcome, Section, SectionKey, Words, say
from .prose import listed
from .report.model_section import model
from .setting import State, run
from .setup.begin import begin

LETTERS = ("phi", "eta", "zeta", "xi", "chi")
PI = Const("pi")
SHORT = 4  # terms of a root that is written with its brackets opened


@dataclass(frozen=True)
class Step:
    """tied: parameters by letters that stay or are new.  fresh: the domains of the new ones.  words: what was done."""

    tied: Mapping[str, Formula]
    fresh: Mapping[str, Domain]
    words: Words


@dataclass(frozen=True)
class Rewritten:
    """tied: the parameters that are no letters of the question that is left.  question: that one.  section: how it comes about.
    loose: the tied parameters whose domains are not kept by those of the letters."""

    tied: Mapping[str, Formula]
    question: Problem
    section: Section
    loose: tuple[str, ...]


# -- the end of a support as a letter ------------------------------------------------------------------


def by_support_end(p: Problem) -> Rewritten | None:
    """The question with an end of the support that holds several parameters as a letter of its own; None where that is no exchange one to one."""
    if p.implied or p.rows is not None or p.cells is not None or p.restrictions or p.reduction is not None:
        return None
    al = Algebra(p.facts)
    ends = _joint_ends(p)
    for e in ends:
        for k in p.parameters:
            step = _exchanged(k, e, p, al) if k in names(e) else None
            if step is not None:
                question = _put_in(p, step, al)
                if len(_joint_ends(question)) >= len(ends):
                    continue
                title = say("Another parameter")
                (letter,) = step.fresh
                lines = (definition(equation(Sym(letter), e), "an end of the support", rule=RuleName.LETTER), *_definitions(step.tied))
                words = say(
                    "The end {} of the support holds several parameters. It takes the place of {}: to every value of one belongs exactly one of the other, "
                    "so the likelihood is largest at the same place.", e, Sym(k),
                )  # fmt: skip
                return Rewritten(step.tied, question, Section(SectionKey.CONSTRAINTS, title, (words, Display(lines))), ())
    return None


def _joint_ends(p: Problem) -> tuple[Formula, ...]:
    """The ends of the supports that hold several parameters."""
    return tuple(dict.fromkeys(e for d in p.support.values() for e in (d.low, d.high) if len(names(e) & set(p.parameters)) > 1))


def _definitions(tied: Mapping[str, Formula]) -> Iterator[Line]:
    for k, f in tied.items():
        yield definition(equation(Sym(k), f), "solved for the parameter", rule=RuleName.SOLVE)


def _exchanged(name: str, end: Formula, p: Problem, al: Algebra) -> Step | None:
    """An end as a letter in the place of a parameter: plus or minus a real one, or times something positive."""
    d, u = p.parameters[name], Sym(name)
    letter = _fresh(p, ())
    real = (d.low, d.high) == (MINUS_INFINITY, INFINITY)
    if d.discrete or d.also is not None or letter is None or any(name in o.letters for o in p.parameters.values()):
        return None
    line = linear(equation(end, ZERO), (name,), al)
    if line is None or name not in line.coefficients:
        return None
    a = line.coefficients[name]
    if value(a) is not None and real:
        domain = Domain()
    elif al.facts.positive(a) and line.constant == ZERO and (real or (d.low == ZERO and d.high == INFINITY)):
        domain = d
    else:
        return None
    solved = solve(equation(end, Sym(letter)), u, al)
    if solved is None or len(solved.roots) != 1:
        return None
    return Step({name: positive_first(al.tidy(solved.roots[0]))}, {letter: domain}, say(""))


def _fresh(p: Problem, beside: tuple[str, ...]) -> str | None:
    taken = {*p.parameters, *p.known, *p.observed, *p.statistics, *beside, "n", p.index}
    return next((k for k in LETTERS if k not in taken), None)


def _put_in(p: Problem, step: Step, al: Algebra) -> Problem:
    """The question with some parameters written by letters."""
    table: dict[Formula, Formula] = {Sym(k): f for k, f in step.tied.items()}

    def tidied(f: Formula) -> Formula:
        if not names(f) & set(step.tied):
            return f
        f = replace_all(f, table)
        f = transform(f, lambda g: al.tidy(g) if isinstance(g, (Div, Mul, Pow, Call)) else None)
        return transform(f, lambda g: positive_first(al.assemble(al.flat(g, deep=True))) if isinstance(g, Add) else None)

    parameters: dict[str, Domain] = {}
    for k, d in p.parameters.items():
        if k in step.tied:
            parameters |= {n: e for n, e in step.fresh.items() if n in names(step.tied[k]) and n not in parameters}
        else:
            parameters[k] = d
    support = {v: d.replaced(table) for v, d in p.support.items()}
    support = {
        v: changed(d, low=tidied(p.support[v].low), high=tidied(p.support[v].high)) if d != p.support[v] else d for v, d in support.items()
    }
    density = tidied(p.density)
    return p.replace(
        parameters=parameters, density=density, written=density, entry=None, given=None, support=support, origin=None, remainders=(),
        probabilities=tuple(replace_all(f, table) for f in p.probabilities),
        notation={k: v for k, v in p.notation.items() if k in parameters or k not in p.parameters},
    )  # fmt: skip


# -- constraints that are equations --------------------------------------------------------------------


def by_equations(p: Problem, anyway: bool = False) -> Rewritten | None:
    """The question without its equations, where some are not linear or the support depends on parameters; None where that is not so.

    anyway: also where each equation says what a parameter is.

    Raises NotSupported where an equation cannot be solved for a parameter.
    """
    equations = [c for c in p.constraints if c.signs == ("=",)] if p.asked.method != "lagrange" else []
    al = Algebra(p.facts)
    curved = [c for c in equations if linear(c, tuple(p.parameters), al) is None]
    if not equations or not (curved or p.moving) or p.rows is not None or p.cells is not None or p.reduction is not None:
        return None
    if not anyway and not p.moving and all(explicit(c, p) for c in curved) and not _chained(curved, p):
        return None  # by substitution
    q, tied, words, lines = p.replace(constraints=()), dict[str, Formula](), list[Words](), list[Line]()
    left = [*curved, *(c for c in equations if c not in curved and p.moving)]
    kept = tuple(c for c in p.constraints if c not in left)
    while left:
        al = Algebra(q.facts)
        step, used = next(((s, c) for f in STEPS for c in left if (s := f(c, q, al)) is not None), (None, left[0]))
        if step is None:
            raise NotSupported(f"the constraint {plain(used)} was not solved for a parameter; this is not supported yet")
        put_in: dict[Formula, Formula] = {Sym(k): f for k, f in step.tied.items()}
        tied = {k: al.tidy(replace_all(f, put_in)) for k, f in tied.items()} | dict(step.tied)
        words.append(step.words)
        lines += [definition(equation(Sym(k), f), "from the constraint", rule=RuleName.CONSTRAINT) for k, f in step.tied.items()]
        q = _narrowed(_put_in(q, step, al), step, p)
        al = Algebra(q.facts)
        left = [put for c in left if c is not used and not _follows(put := _relation(c, put_in), al)]
        kept = tuple(_relation(c, put_in) for c in kept)
    loose = tuple(k for k, f in tied.items() if k in p.parameters and not _within(f, p.parameters[k], q))
    q = q.replace(constraints=kept)
    if not q.parameters:
        raise NotSupported("the constraints leave nothing free")
    lead = listed("The parameters satisfy ", [c for c in p.constraints if c.signs == ("=",)]) + say(".")
    for w in words:
        lead += w
    blocks: tuple[Block, ...] = (lead, Display(tuple(lines)))
    title = say("The constraint" if len(p.constraints) == 1 else "The constraints")
    return Rewritten({k: f for k, f in tied.items() if k in p.parameters}, q, Section(SectionKey.CONSTRAINTS, title, blocks), loose)


def _chained(equations: Sequence[Relation], p: Problem) -> bool:
    """Whether what one of the equations says of a parameter holds a parameter of which another says what it is."""
    said = dict(e for c in equations if (e := explicit(c, p)) is not None)
    return len(said) < len(equations) or any(names(f) & set(said) for f in said.values())


def _follows(c: Relation, al: Algebra) -> bool:
    """Whether both sides of an equation have become the same."""
    return is_zero(add(c.sides[0], neg(c.sides[1])), al)


def _solved(c: Relation, p: Problem, al: Algebra) -> Step | None:
    """One parameter by the others, where the equation has one root for it that may lie in its domain."""
    letters = [k for k in p.parameters if k in names(c)]
    said = explicit(c, p)
    for k in [said[0]] if said is not None else reversed(letters):
        if p.parameters[k].discrete:
            continue
        found = (said[1],) if said is not None else _only_root(c, k, al) or _roots(c, Sym(k), al)
        within = interior(p.parameters[k])
        able = [f for f in found if not _apart(al.facts.range(f), within)]
        able = able if said is not None or _only_root(c, k, al) or all(_has_values(f, al) for f in found) else []
        if len(able) == 1 and (said is None or _has_values(able[0], al)):
            f = able[0] if said is not None else _neat(able[0], al)
            return Step({k: f}, {}, say(" So {} is written by the others.", Sym(k)))
    return None


def _neat(f: Formula, al: Algebra) -> Formula:
    """A root with its brackets opened, where it is short so."""
    ts = al.expanded(f)
    return al.tidy(f) if ts is None or len(ts) > SHORT else positive_first(al.assemble(ts))


def _only_root(c: Relation, name: str, al: Algebra) -> tuple[Formula, ...]:
    """b / a where the equation is a u = b and cannot hold where a is 0."""
    found = linear(c, (name,), al)
    if found is None or name not in found.coefficients or not (value(found.constant) or al.nonzero(found.constant)):
        return ()
    return (al.tidy(Div(found.constant, found.coefficients[name])),)


def _roots(c: Relation, u: Sym, al: Algebra) -> tuple[Formula, ...]:
    try:
        solved = solve(c, u, al)
    except NotSupported:
        return ()
    return () if solved is None else tuple(al.tidy(f) for f in solved.roots)


def _apart(r: Range, within: Range) -> bool:
    """Whether two ranges have no value in common."""
    return r.high <= within.low or r.low >= within.high


def _has_values(f: Formula, al: Algebra) -> bool:
    """Whether every root, logarithm and quotient in a formula has a value for all values of its letters."""
    for g in walk(f):
        match g:
            case Call("sqrt" | "log", (a,)) if not al.facts.range(a).nonnegative:
                return False
            case Div(_, b) if value(b) is None and not al.nonzero(b):
                return False
            case Pow(b, k) if ((v := value(k)) is None or v.denominator != 1) and not al.facts.range(b).nonnegative:
                return False
            case Pow(b, k) if (v := value(k)) is not None and v < 0 and not al.nonzero(b):
                return False
    return True


def _on_an_ellipse(c: Relation, p: Problem, al: Algebra) -> Step | None:
    """u^2/A^2 + v^2/B^2 = 1 with an angle: u = A cos phi, v = B sin phi."""
    ts = al.expanded(add(c.sides[0], neg(c.sides[1])))
    squares = {
        b.name: t.coefficient for t in ts or () for b, k in t.powers.items() if isinstance(b, Sym) and k == num(2) and len(t.powers) == 1
    }
    rest = sum((t.coefficient for t in ts or () if not t.powers), Fraction(0))
    if ts is None or len(squares) != 2 or len(ts) != 3 or not rest or any(-a / rest <= 0 for a in squares.values()):
        return None
    domains = [p.parameters.get(k) for k in squares]
    letter = _fresh(p, ())
    if letter is None or any(d is None or d.discrete or d.also is not None for d in domains):
        return None
    whole = all((d.low, d.high) == (MINUS_INFINITY, INFINITY) for d in domains if d is not None)
    quarter = all(d.low == ZERO for d in domains if d is not None)
    if not whole and not quarter:
        return None
    (a, b), (first, second) = ((al.tidy(Call("sqrt", (rational(-rest / q),))) for q in squares.values()), squares)
    phi = Sym(letter)
    tied = {first: al.tidy(mul(a, Call("cos", (phi,)))), second: al.tidy(mul(b, Call("sin", (phi,))))}
    opens = [d.low_open for d in domains if d is not None]
    domain = (
        Domain(ZERO, mul(num(2), PI), low_open=False, high_open=True)
        if whole
        else Domain(ZERO, Div(PI, num(2)), low_open=opens[1], high_open=opens[0])
    )
    return Step(
        tied, {letter: domain}, say(" They lie on an ellipse or a circle, and are written by an angle, {}.", domain.condition(phi) or phi)
    )


def _squares(c: Relation, p: Problem, al: Algebra) -> Step | None:
    """m^2 = c k l with k, l >= 0 by the square roots of k and l."""
    ts = al.expanded(add(c.sides[0], neg(c.sides[1])))
    if ts is None or len(ts) != 2:
        return None
    for one, other in (ts, reversed(ts)):
        pair = [b.name for b, k in other.powers.items() if isinstance(b, Sym) and k == ONE and b.name in p.parameters]
        ((m, k),) = tuple(one.powers.items()) if len(one.powers) == 1 else ((None, None),)
        if not (
            isinstance(m, Sym) and k == num(2) and m.name in p.parameters and len(pair) == len(other.powers) == 2 and m.name not in pair
        ):
            continue
        factor = -other.coefficient / one.coefficient
        domains = [p.parameters[n] for n in (m.name, *pair)]
        if factor <= 0 or any(d.discrete or d.also is not None or d.low != ZERO or d.letters for d in domains):
            continue
        first = _fresh(p, ())
        second = None if first is None else _fresh(p, (first,))
        if first is None or second is None:
            continue
        u, v = Sym(first), Sym(second)
        tied = {
            m.name: al.tidy(mul(Call("sqrt", (rational(factor),)), u, v)), pair[0]: Pow(u, num(2)), pair[1]: Pow(v, num(2)),
        }  # fmt: skip
        fresh = {n: _root_of(p.parameters[k]) for n, k in zip((first, second), pair, strict=True)}
        return Step(tied, fresh, say(" With the square roots of {} and {} as letters:", Sym(pair[0]), Sym(pair[1])))
    return None


def _root_of(d: Domain) -> Domain:
    """The square roots of the values of a domain that begins at 0."""
    return d if d.high in (ONE, INFINITY) else changed(d, high=Call("sqrt", (d.high,)))


STEPS: tuple[Callable[[Relation, Problem, Algebra], Step | None], ...] = (_on_an_ellipse, _squares, _solved)


def _narrowed(q: Problem, step: Step, p: Problem) -> Problem:
    """The question with the domains of letters cut down by those of the parameters that are written by one of them alone."""
    al, parameters = Algebra(q.facts), dict(q.parameters)
    for k, f in step.tied.items():
        d = p.parameters.get(k)
        free = sorted(names(f) & set(parameters))
        if d is None or len(free) != 1 or d.discrete or d.also is not None or d.letters or free[0] in step.fresh:
            continue
        (u,) = free
        rising = slope(f, Sym(u), al)
        ends = ((d.low, d.low_open), (d.high, d.high_open))
        found = [_where(f, Sym(u), e, al) for e, _ in ends]
        if not rising:
            continue
        low, high = ((found[0], d.low_open), (found[1], d.high_open)) if rising > 0 else ((found[1], d.high_open), (found[0], d.low_open))
        cut = Domain(low[0] or MINUS_INFINITY, high[0] or INFINITY, low[1], high[1])
        parameters[u] = meet(parameters[u], cut)
    return q.replace(parameters=parameters)


def _where(f: Formula, u: Sym, end: Formula, al: Algebra) -> Formula | None:
    """The value of a letter at which a formula is an end of a domain, where that is a number."""
    if value(end) is None:
        return None
    solved = solve(equation(f, end), u, al)
    roots = [r for r in (solved.roots if solved is not None else ()) if value(r) is not None]
    return roots[0] if len(roots) == 1 else None


def _within(f: Formula, d: Domain, q: Problem) -> bool:
    """Whether a formula lies in a domain for all values of its letters in theirs."""
    r, within = q.facts.range(f), interior(d)
    low = r.low > within.low or (r.low == within.low and (r.low_open or not d.low_open))
    high = r.high < within.high or (r.high == within.high and (r.high_open or not d.high_open))
    if d.discrete or d.also is not None:
        return False
    return (low or _larger(f, d.low, q)) and (high or _larger(d.high, f, q))


def _larger(a: Formula, b: Formula, q: Problem) -> bool:
    """Whether a > b for all values of the only letter in both: their difference has no zero."""
    letters = sorted((names(a) | names(b)) & set(q.parameters))
    ends = [q.parameters[k] for k in letters]
    if len(letters) != 1 or {*names(a), *names(b)} != set(letters) or INFINITY in (a, neg(b)):
        return False
    low, high = (None if e in (INFINITY, MINUS_INFINITY) else value(e) for e in (ends[0].low, ends[0].high))
    if (low is None) != (ends[0].low == MINUS_INFINITY) or (high is None) != (ends[0].high == INFINITY):
        return False
    found = stationary_points(add(a, neg(b)), add(a, neg(b)), letters[0], Interval(low, high), (), (((), 1),))
    return found.by is By.ONE_SIGN and found.signs == (1, 1)


# -- the estimates put back ----------------------------------------------------------------------------


def as_asked(inner: State, found: Rewritten, p: Problem) -> State:
    """The state of the question that was asked, with the estimates of all its parameters.

    Raises NotSupported where they are not a single point or one may lie outside its domain.
    """
    plainly = begin(p.replace(constraints=()))
    opening = run((_model(p),), plainly).sections
    rest = [s for s in inner.sections if s.key not in (SectionKey.DENSITY, SectionKey.MODEL)]
    named = {k: f for k, f in inner.problem.statistics.items() if k not in p.statistics}
    asked, general, judge = p, plainly.general, plainly.judge
    if named:
        same = judge is general
        asked, general = p.with_statistics(named), general.at(named)
        judge = general if same else judge.at(named)
    state = changed(
        inner, problem=asked, al=plainly.al, general=general, judge=judge, sections=(*opening, found.section, *rest),
    )  # fmt: skip
    if inner.outcome is Outcome.NONE:
        if found.loose:
            raise NotSupported(f"there is no maximum where the domain of {reported(found.loose[0])} is left out of account")
        return state.without_maximum(inner.weakest(inner.certainty))
    letters = [k for k in inner.answers if k not in p.parameters]
    if any(k in inner.sets for k in letters) or (inner.sets and len(inner.sets) > 1):
        raise NotSupported("there are several estimates in other letters, and what they are for the parameters was not settled")
    known = dict(inner.answers)
    searched = [k for k in letters if isinstance(known[k], Searched)]
    if searched:
        if p.observations is None and not p.whole:
            raise NotSupported("the estimates have no closed form", hint="give the data")
        w = inner.settled(inner.judge).points[0]
        known |= {k: Float(w[k]) for k in searched}
        state = changed(state, numbers=True)  # the answers are those of the data
    at: dict[Formula, Formula] = {}
    for k, f in known.items():
        at |= {Sym(k): f, hat(k): f}
    answers: dict[str, Formula] = {}
    how: dict[str, How] = {}
    arguments = {}
    for k in p.parameters:
        if k in inner.answers:
            answers[k], how[k] = replace_all(inner.answers[k], {hat(o): known[o] for o in letters}), inner.how[k]
            arguments[k] = inner.weakest([k])
            continue
        f = found.tied[k]
        numeric = [o for o in names(f) if o in known and isinstance(known[o], Searched)]
        answers[k] = f if numeric else plainly.al.tidy(transform(replace_all(f, at), _on_the_circle))
        how[k] = How.GIVEN_OTHERS if numeric else How.CLOSED
        arguments[k] = inner.weakest(names(f))
    there: dict[Formula, Formula] = {hat(k): known[k] for k in letters}
    conditions = tuple(changed(c, relations=tuple(_relation(r, there) for r in c.relations)) for c in inner.conditions)
    if any(
        hat(k).name in {n for part in c.note.parts if isinstance(part, Formula) for n in names(part)} for c in conditions for k in letters
    ):
        raise NotSupported("the condition for an estimate is known in other letters only")
    founds = {k: found.tied[k] if k in found.tied and names(found.tied[k]) & set(inner.sets) else f for k, f in answers.items()}
    state = changed(
        state.with_answers(answers, how), found=founds, arguments=arguments, conditions=conditions, sets=dict(inner.sets), outcome=inner.outcome,
    )  # fmt: skip
    _inside(found, state)
    oracle = state.settled(state.lines_oracle if state.problem.observations is None else state.judge)
    hats: dict[Formula, Formula] = {Sym(k): hat(k) if k in p.parameters else known[k] for k in known}
    lines = []
    for k, f in found.tied.items():
        put = replace_all(f, hats)
        lines.append(held(oracle, equation(hat(k), put), rule=RuleName.PUT_IN))
        if answers[k] not in (put, f):
            lines.append(record(equation(hat(k), answers[k]), oracle.equal(put, answers[k]), rule=RuleName.PUT_IN, continues=True))
    blocks: list[Block] = [say("Substitute what was found:"), Display(tuple(lines))]
    return state.adding(Section(SectionKey.SOLVE, say("Back to the parameters"), tuple(blocks)))


def _on_the_circle(g: Formula) -> Formula | None:
    """cos(atan2(y, x)) = x / sqrt(x^2 + y^2), sin(atan2(y, x)) = y / sqrt(x^2 + y^2); half a turn on, the negatives."""
    if not (isinstance(g, Call) and g.name in ("cos", "sin")):
        return None
    rest = [t for t in terms(g.args[0]) if t != PI]
    if len(rest) != 1 or not (isinstance(a := rest[0], Call) and a.name == "atan2"):
        return None
    y, x = a.args
    size = Call("sqrt", (add(Pow(x, num(2)), Pow(y, num(2))),))
    v = Div(x if g.name == "cos" else y, size)
    return neg(v) if rest[0] != g.args[0] else v


def _model(p: Problem) -> Callable[[State], State]:
    def stage(state: State) -> State:
        return changed(model(changed(state, problem=p)), problem=state.problem)

    return stage


def _relation(r: Relation, table: Mapping[Formula, Formula]) -> Relation:
    put = replace_all(r, dict(table))
    assert isinstance(put, Relation)
    return put


def _inside(found: Rewritten, state: State) -> None:
    """Raises NotSupported where an estimate may lie outside a domain that was left out of account."""
    for k in found.loose:
        d = state.problem.parameters[k]
        w: Env = state.settled(state.judge).points[0]
        if (state.problem.observations is None and not state.problem.whole) or not d.contains(value_at(state.answers[k], w), w):
            raise NotSupported(f"whether {reported(k)} stays in its domain ({d.words()}) was not settled")
