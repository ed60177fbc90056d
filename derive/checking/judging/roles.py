"""What a relation claims, read off what stands on its sides, before anything is evaluated."""

from __future__ import annotations

from enum import Enum

from ...formula.tree import ZERO, Apply, Derivative, Formula, SetOf, Span, Sym, each, kinds, names
from .document import Statement
from .undeclared_letters import number_of

ELEMENTARY = ("sigma", "sigmoid", "expit", "logistic", "logit", "softplus")  # functions that every text calls so
NO_FUNCTIONS = frozenset({"tuple", "hat", "bar", "smax", "smin", "Transpose", *ELEMENTARY})
ORDERS = frozenset({"<", "<=", ">", ">=", "!="})


class Role(Enum):
    """IDENTITY: of all parameters and samples.  EQUATION: of the maximum of every sample.  EITHER: two expressions, of which
    nothing is said: an identity, or an equation that determines the maximum.  ORDER: of all points of its scope.  MEMBER: of a set."""

    IDENTITY = "identity"
    EQUATION = "equation"
    EITHER = "either"
    ORDER = "order"
    MEMBER = "member"


def speaks(f: Formula) -> bool:
    """Whether a side is made of a function: the likelihood, a derivative, a moment, a named function."""
    return Derivative in kinds(f) or any(g.name not in NO_FUNCTIONS for g in each(f, Apply))


def role_of(
    s: Statement, sides: tuple[Formula, Formula], resolved: tuple[Formula, Formula], parameters: frozenset[str], hats: set[str]
) -> Role:
    """The role of a statement with these sides, as written and resolved."""
    if s.claim.sign in ORDERS:
        return Role.ORDER
    if s.claim.sign == "in" or isinstance(resolved[1], (SetOf, Span)):
        return Role.MEMBER
    second = any(sum(n for _, n in g.variables) > 1 for f in (sides[0], *s.before) for g in each(f, Derivative))
    if second and s.claim.joined != "set" and not any(names(f) & hats for f in resolved):
        return Role.IDENTITY  # only a first derivative is put to 0
    if s.claim.joined == "set" or ZERO in sides:
        return Role.EQUATION
    if any(map(speaks, sides)) and number_of(sides[1]) is not None:
        return Role.EQUATION
    if any(f == Sym(k) for f in resolved for k in parameters):
        return Role.EQUATION
    if any(map(speaks, sides)) or (any(map(speaks, s.before)) and ZERO not in s.before):
        return Role.IDENTITY
    return Role.EITHER
