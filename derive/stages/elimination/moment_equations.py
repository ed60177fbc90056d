"""Several variables, an exponential family: the scores vanish together where every sum equals its expected value.

With log f = c_0(theta) + sum_k c_k(theta) T_k(x) and as many statistics T_k as parameters, the scores are linear in the
sums S_k = sum_i T_k(x_i).  Where the matrix of the derivatives of the c_k is regular they are all 0 exactly if
S_k = n m_k(theta) for every k.  (Barndorff-Nielsen, 1978, Information and Exponential Families, 9.3.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ...algebra.terms import Algebra
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Derivative,
    Formula,
    Mul,
    N,
    Neg,
    Relation,
    Sym,
    add,
    equation,
    mul,
    names,
    neg,
    replace_all,
    total,
    value,
)
from ...recorder import held, record
from ...rule_names import RuleName
from ...rules.calculus import NoDerivative, differentiate
from ...rules.sums import sum_out
from ...solving.solve import solve
from ...trace import Block, Condition, ConditionKind, Display, Section, SectionKey, Strength, say
from ..maximum.family import family
from ..setting import MaximumArgument, Setting, State, algebra_for


@dataclass(frozen=True)
class Moments:
    """statistics: the sums.  expected: m_k.  slopes: by parameter the derivatives of the c_k.  determinant: of their matrix."""

    statistics: tuple[Formula, ...]
    expected: tuple[Formula, ...]
    slopes: Mapping[str, tuple[Formula, ...]]
    determinant: Formula


def as_moments(state: State) -> State:
    """Section "The scores and the expected values", where that leads to a solution; the equations take the scores' place."""
    if state.numbers or len(state.problem.variables) < 2 or state.ell is None or len(state.parameters) < 3 or state.problem.moving:
        return state
    found = moments(state)
    if found is None:
        return state
    order = solvable(found, state)
    if order is None:
        return state
    section = Section(SectionKey.SCORE, say("The scores and the expected values"), _shown(found, state))
    equations = {name: add(found.statistics[k], neg(mul(N, found.expected[k]))) for name, k in order.items()}
    arguments = dict.fromkeys(state.parameters, _argument())
    return replace(
        state.adding(section, conditions=_positive(found, state)),
        scores={**state.scores, **equations}, arguments={**state.arguments, **arguments}, by_moments=True,
    )  # fmt: skip


def moments(state: State) -> Moments | None:
    """The statistics and expected values of an exponential family with as many statistics as parameters."""
    al, found = state.al, family(state)
    if found is None or len(found.pairs) != len(state.parameters):
        return None
    statistics = tuple(sum_out(total(state.problem.indexed(x), state.problem.index), al) for _, x in found.pairs)
    try:
        slopes = {k: tuple(differentiate(eta, Sym(k), al) for eta, _ in found.pairs) for k in state.parameters}
        constant = {k: differentiate(found.constant, Sym(k), al) for k in state.parameters}
    except NoDerivative:
        return None
    solved = _solved([slopes[k] for k in state.parameters], [constant[k] for k in state.parameters])
    if solved is None:
        return None
    expected, rows, determinant = solved
    return Moments(statistics, tuple(expected), dict(zip(state.parameters, map(tuple, rows), strict=True)), determinant)


def _solved(slopes: Sequence[Sequence[Formula]], constant: Sequence[Formula]) -> tuple[list[Formula], list[list[Formula]], Formula] | None:
    """m with slopes m = -constant, the slopes themselves and their determinant in lowest terms; None where they are not rational."""
    import sympy as sp
    from sympy.polys.matrices import DomainMatrix
    from sympy.polys.matrices.exceptions import DMError
    from sympy.polys.polyerrors import PolynomialError

    from ...formula.bridge import from_sympy, to_sympy

    try:
        a = DomainMatrix.from_Matrix(sp.Matrix([[to_sympy(f) for f in row] for row in slopes])).to_field()
        b = DomainMatrix.from_Matrix(sp.Matrix([-to_sympy(f) for f in constant])).to_field()
        a, b = a.unify(b)
        if not (a.domain.is_FractionField or a.domain.is_QQ):
            return None
        m = a.lu_solve(b).to_Matrix()
        determinant = sp.factor(a.domain.to_sympy(a.det()))
    except (DMError, PolynomialError, NotImplementedError):
        return None
    rows = [[from_sympy(sp.factor(f)) for f in row] for row in a.to_Matrix().tolist()]
    return [from_sympy(sp.expand(f)) for f in m], rows, from_sympy(determinant)


def solvable(found: Moments, setting: Setting) -> dict[str, int] | None:
    """Which equation gives which unknown, if algebra reaches all of them one after the other."""
    order: dict[str, int] = {}
    roots: dict[Formula, Formula] = {}
    left = list(range(len(found.statistics)))
    while left:
        open_names = {k: [p for p in setting.parameters if p not in order and p in names(found.expected[k])] for k in left}
        single = [k for k in left if len(open_names[k]) == 1]
        if not single:
            return None
        k, (name,) = single[0], open_names[single[0]]
        f = add(found.statistics[k], neg(mul(N, replace_all(found.expected[k], roots))))
        solved = solve(equation(setting.al.tidy(setting.al.expand(f)), ZERO), Sym(name), algebra_for(f, setting))
        if solved is None or not solved.roots:
            return None
        order[name] = k
        roots[Sym(name)] = solved.roots[0]
        left.remove(k)
    return order


def _shown(found: Moments, state: State) -> tuple[Block, ...]:
    """The scores as combinations of the differences between the sums and their expected values."""
    oracle, al = state.settled(state.lines_oracle), state.al
    lines = []
    for name in state.parameters:
        parts = []
        for a, s, m in zip(found.slopes[name], found.statistics, found.expected, strict=True):
            if a != ZERO:
                bracket = Add((s, neg(al.tidy(mul(N, m))))) if not isinstance(m, Add) else Add((s, Neg(Mul((N, m)))))
                parts.append(_times(a, bracket, al))
        shown = equation(Derivative(state.problem.of("ell"), ((Sym(name), 1),)), add(*parts))
        evidence = oracle.equal(state.scores[name], shown.sides[1])
        lines.append(record(shown, evidence, rule=RuleName.EXPECTED_VALUES))
    regular = Relation((found.determinant, ZERO), ("!=",))
    return (
        say(
            "The log-likelihood is linear in the sums over the sample, and there are as many of them as parameters. So every score is a "
            "combination of the differences between the sums and what the model gives for their expected values:"
        ),
        Display(tuple(lines)),
        say("The matrix of the coefficients has the determinant"),
        Display((held(oracle, regular, rule=RuleName.DETERMINANT),)),
        say("so all scores are 0 together exactly where every bracket is 0: each sum equals its expected value."),
    )


def _times(a: Formula, bracket: Add, al: Algebra) -> Formula:
    """A coefficient before a bracket, its minus sign first."""
    t = al.split(a)
    if t.coefficient == 1 and not t.powers:
        return bracket
    size_of = Mul((al.build(t.scaled(Fraction(-1 if t.coefficient < 0 else 1))), bracket))
    return Neg(size_of) if t.coefficient < 0 else size_of


def _positive(found: Moments, setting: Setting) -> list[Condition]:
    """That the density exists at the estimates: what must be positive, and is not so for all parameters in their domains."""
    t = setting.al.split(found.determinant)
    bases = [b for b, k in t.powers.items() if isinstance(b, Add) and (value(k) or ONE) != ZERO and not setting.al.facts.nonzero(b)]
    hats: dict[Formula, Formula] = {Sym(k): hat(k) for k in setting.parameters}
    needed = [Relation((replace_all(b, hats), ZERO), (">",)) for b in bases if all(v > 0 for v in setting.general.values(b))]
    return [Condition(ConditionKind.EXISTS, (r,), say("{}", r)) for r in needed]


def _argument() -> MaximumArgument:
    words = say(
        "This is an exponential family: as a function of the coefficients of the sums (its natural parameters) the log-likelihood is strictly "
        "concave. It has no other stationary point, and the solution is the global maximum."
    )
    return MaximumArgument(Strength.PROVED, (words,), joint=True)
