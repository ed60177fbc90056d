"""Several variables, an exponential family: the scores vanish together where every sum equals its expected value.

With log f = c_0(theta) + sum_k c_k(theta) T_k(x) and as many statistics T_k as parameters, the scores are linear in the
sums S_k = sum_i T_k(x_i).  Where the matrix of the derivatives of the c_k is regular they are all 0 exactly if
S_k = n m_k(theta) for every k.  (Barndorff-Nielsen, 1978, Information and Exponential Families, 9.3.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ...algebra.terms import Algebra, Term
from ...derivation import Condition
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Big,
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
    size,
    value,
)
from ...rules.calculus import NoDerivative, differentiate
from ...rules.sums import expand_in_sum, split_sums
from ...solving.solve import solve
from ...trace import Display, Line, Section, say
from ..setting import Argument, Work, algebra_for

LARGEST = 1500  # nodes of a log-likelihood that is taken apart


@dataclass(frozen=True)
class Family:
    """statistics: the sums.  expected: m_k.  slopes: by parameter the derivatives of the c_k.  determinant: of their matrix."""

    statistics: tuple[Formula, ...]
    expected: tuple[Formula, ...]
    slopes: Mapping[str, tuple[Formula, ...]]
    determinant: Formula


def as_moments(work: Work) -> None:
    """Section "The scores and the expected values", where that leads to a solution; the equations take the scores' place."""
    if work.numbers or len(work.problem.variables) < 2 or work.ell is None or len(work.parameters) < 3 or work.problem.moving:
        return
    found = family(work)
    if found is None:
        return
    order = solvable(found, work)
    if order is None:
        return
    _show(found, work)
    for name, k in order.items():
        work.scores[name] = add(found.statistics[k], neg(mul(N, found.expected[k])))
    argument = _argument()
    work.arguments |= dict.fromkeys(work.parameters, argument)
    work.by_moments = True


def family(work: Work) -> Family | None:
    """The exponential family of a log-likelihood, with as many statistics as parameters."""
    al = work.al
    assert work.ell is not None
    if size(work.ell) > LARGEST:
        return None
    f = expand_in_sum(work.ell, al) or work.ell
    ts = al.expanded(split_sums(f, al) or f)
    table = None if ts is None else _by_statistic(ts, work)
    if table is None:
        return None
    statistics = tuple(s for s in table if s != N)
    if len(statistics) != len(work.parameters):
        return None
    try:
        slopes = {k: tuple(differentiate(table[s], Sym(k), al) for s in statistics) for k in work.parameters}
        constant = {k: differentiate(table.get(N, ZERO), Sym(k), al) for k in work.parameters}
    except NoDerivative:
        return None
    solved = _solved([slopes[k] for k in work.parameters], [constant[k] for k in work.parameters])
    if solved is None:
        return None
    expected, rows, determinant = solved
    return Family(statistics, tuple(expected), dict(zip(work.parameters, map(tuple, rows), strict=True)), determinant)


def _by_statistic(ts: Sequence[Term], work: Work) -> dict[Formula, Formula] | None:
    """Statistic (n for the constant part) -> what multiplies it; parts free of the parameters are left out."""
    letters, out = set(work.parameters), dict[Formula, list[Term]]()
    for t in ts:
        mine = [b for b in t.powers if b == N or isinstance(b, Big)]
        rest = Term(t.coefficient, {b: k for b, k in t.powers.items() if b not in mine})
        speaks = any((names(b) | names(k)) & letters for b, k in rest.powers.items())
        if any(names(b) & letters for b in mine) or (speaks and (len(mine) != 1 or t.powers[mine[0]] != ONE)):
            return None
        if speaks:
            out.setdefault(mine[0], []).append(rest)
    return {s: work.al.assemble(parts) for s, parts in out.items()}


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


def solvable(found: Family, work: Work) -> dict[str, int] | None:
    """Which equation gives which unknown, if algebra reaches all of them one after the other."""
    order: dict[str, int] = {}
    roots: dict[Formula, Formula] = {}
    left = list(range(len(found.statistics)))
    while left:
        open_names = {k: [p for p in work.parameters if p not in order and p in names(found.expected[k])] for k in left}
        single = [k for k in left if len(open_names[k]) == 1]
        if not single:
            return None
        k, (name,) = single[0], open_names[single[0]]
        f = add(found.statistics[k], neg(mul(N, replace_all(found.expected[k], roots))))
        solved = solve(equation(work.al.tidy(work.al.expand(f)), ZERO), Sym(name), algebra_for(f, work))
        if solved is None or not solved.roots:
            return None
        order[name] = k
        roots[Sym(name)] = solved.roots[0]
        left.remove(k)
    return order


def _show(found: Family, work: Work) -> None:
    oracle, al = work.settled(work.lines_oracle), work.al
    lines = []
    for name in work.parameters:
        parts = []
        for a, s, m in zip(found.slopes[name], found.statistics, found.expected, strict=True):
            if a != ZERO:
                bracket = Add((s, neg(al.tidy(mul(N, m))))) if not isinstance(m, Add) else Add((s, Neg(Mul((N, m)))))
                parts.append(_times(a, bracket, al))
        shown = equation(Derivative(work.problem.of("ell"), ((Sym(name), 1),)), add(*parts))
        evidence = oracle.equal(work.scores[name], shown.sides[1])
        lines.append(Line(shown, None, evidence, "expected values"))
    regular = Relation((found.determinant, ZERO), ("!=",))
    blocks = (
        say(
            "The log-likelihood is linear in the sums over the sample, and there are as many of them as parameters. So every score is a "
            "combination of the differences between the sums and what the model gives for their expected values:"
        ),
        Display(tuple(lines)),
        say("The matrix of the coefficients has the determinant"),
        Display((Line(regular, None, oracle.holds(regular), "determinant"),)),
        say("so all scores are 0 together exactly where every bracket is 0: each sum equals its expected value."),
    )
    work.sections.append(Section(say("The scores and the expected values"), blocks))
    for base in _positive_only(found, work):
        at = replace_all(base, {Sym(k): hat(k) for k in work.parameters})
        work.conditions.append(Condition((Relation((at, ZERO), (">",)),), say("exists if {}", Relation((at, ZERO), (">",)))))


def _times(a: Formula, bracket: Add, al: Algebra) -> Formula:
    """A coefficient before a bracket, its minus sign first."""
    t = al.split(a)
    if t.coefficient == 1 and not t.powers:
        return bracket
    size_of = Mul((al.build(t.scaled(Fraction(-1 if t.coefficient < 0 else 1))), bracket))
    return Neg(size_of) if t.coefficient < 0 else size_of


def _positive_only(found: Family, work: Work) -> list[Formula]:
    """What must be positive for the density to exist, and is not so for all parameters in their domains."""
    t = work.al.split(found.determinant)
    bases = [b for b, k in t.powers.items() if isinstance(b, Add) and (value(k) or ONE) != ZERO and not work.al.facts.nonzero(b)]
    return [b for b in bases if all(v > 0 for v in work.general.values(b))]


def _argument() -> Argument:
    words = say(
        "This is an exponential family: as a function of the coefficients of the sums (its natural parameters) the log-likelihood is strictly "
        "concave. It has no other stationary point, and the solution is the global maximum."
    )
    return Argument("global", (words,), joint=True)
