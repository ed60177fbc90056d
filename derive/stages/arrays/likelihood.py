"""The model and the log-likelihood of a linear model in vectors and matrices."""

from __future__ import annotations

from dataclasses import replace

from ...formula.tree import Apply, Formula, Relation, Sym, equation, log, names, terms
from ...oracle.oracle import Oracle
from ...problem.arrays import ArrayModel
from ...problem.problem import Problem
from ...recorder import Part, chain, defined, record
from ...rule_names import RuleName
from ...rules.logs import logged
from ...rules.matrices import tidy_product
from ...trace import Block, Display, Section, SectionKey, Words, from_standard, say
from ..prose import listed
from ..setting import Setting, State


def model_of(setting: Setting) -> ArrayModel:
    """The letters of the question."""
    found = setting.problem.arrays
    assert found is not None
    return found


def begin(problem: Problem) -> State:
    """The state in which nothing is found yet."""
    assert problem.arrays is not None
    oracle = Oracle(problem.arrays.points(problem.parameters))
    return State(problem, problem.arrays.algebra(problem.parameters), oracle, oracle)


def model(state: State) -> State:
    """The model: the law of the response, the shapes, what is known."""
    p, m = state.problem, model_of(state)
    sh = m.shapes
    blocks: list[Block] = []
    y = Sym(m.response)
    if m.mean is not None and m.covariance is not None:
        law = Relation((y, Apply("calN", (m.mean, m.covariance))), ("~",))
        blocks += [
            say("The observations {} are a normal vector with a known design:", y),
            Display((record(law, defined("the law as given")),)),
            say("so the likelihood is"),
        ]
    else:
        blocks.append(say("The observations {} have the density", y))
    blocks.append(Display((record(equation(p.of("L"), m.density), defined("the density as given")),)))
    shapes = [_shaped(k, m) for k in (*m.data, *p.parameters) if not sh.scalar(Sym(k))]
    words = listed("Here ", shapes)
    scalars = [c for k, d in p.parameters.items() if sh.scalar(Sym(k)) and (c := d.condition(Sym(k))) is not None]
    if scalars:
        words += listed("; ", scalars)
    fixed = [Sym(k) for k in m.data if k != m.response]
    if fixed:
        words += listed("; ", fixed) + say(" known")
    blocks.append(words + say("."))
    full = [Sym(k) for k in m.data if k in sh.full_rank]
    if full:
        blocks.append(listed("The columns of ", full) + say(" are linearly independent (full column rank)."))
    definite = [Sym(k) for k in m.data if k in sh.definite]
    if definite:
        blocks.append(
            listed("", definite)
            + say(" is symmetric and positive definite." if len(definite) == 1 else " are symmetric and positive definite.")
        )
    return state.adding(Section(SectionKey.MODEL, say("Model"), tuple(blocks), numbered=False))


def _shaped(name: str, m: ArrayModel) -> Words:
    r, c = m.shapes.of(Sym(name))
    if m.is_vector(name):
        return say("{} has length {}", Sym(name), r)
    return say("{} is {} × {}", Sym(name), r, c)


def log_likelihood(state: State) -> State:
    """Section "Log-likelihood": the logarithm opened, determinants and inverses of multiples simplified."""
    p, m, al = state.problem, model_of(state), state.al
    plain = tidy_product(m.density, m.shapes)
    opened = logged(m.density, al)
    tidy = al.assemble(al.flat(logged(plain, al), deep=True))
    label = p.of("ell")
    parts: list[Part] = [(opened, None, RuleName.LOG_OF_A_PRODUCT)]
    if tidy != opened:
        parts.append((tidy, say("simplify"), RuleName.LOG_RULES))
    blocks: list[Block] = [
        say("The logarithm is increasing, so {} has the same maximisers, if any:", equation(label, log(Sym("L")))),
        chain(state.general, label, parts),
    ]
    if any(not names(t) & set(p.parameters) for t in terms(tidy)):
        blocks.append(from_standard(say("Terms without parameters do not move the maximum.")))
    return replace(state, ell=tidy).adding(Section(SectionKey.LOG_LIKELIHOOD, say("Log-likelihood"), tuple(blocks)))


def put(f: Formula, state: State) -> Formula:
    """f tidied as products of matrices are."""
    return tidy_product(f, model_of(state).shapes)


__all__ = ["begin", "log_likelihood", "model", "model_of", "put"]
