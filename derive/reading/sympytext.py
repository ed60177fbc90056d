"""SymPy text -> statements, in the order and shape in which they are written.

Tokens are checked first (`sympytokens`), Python's grammar gives the precedence of operators (`sympygrammar`), and its
tree is translated node by node (`sympynodes`).  Nothing is ever evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import NotValid
from ..formula.tree import ZERO, And, At, Formula, Relation, SetOf, Sym
from .context import Context, Sentence
from .sympynodes import A_RELATION, Translator, all_of
from .sympytokens import Token, parts


def read_sympy(text: str, context: Context) -> list[Sentence]:
    """The statements of a text: expressions, or relations (chains), separated by line ends or semicolons.

    After a comma follow conditions (`lambda*exp(-lambda*x), x > 0`) or further equations (`a = 1, b = 2`).
    Raises NotValid or NotSupported with the place and what to write instead.
    """
    translator = Translator(text, context)
    return [s for statement in parts(translator.tokens, "end") for s in _sentences(translator, statement)]


def _sentences(translator: Translator, statement: Sequence[Token]) -> Iterator[Sentence]:
    """What stands between commas: formulas, and conditions, which belong to the last of them."""
    translator.warnings = []
    bodies: list[tuple[Formula, int]] = []
    conditions: list[Formula] = []
    for f, at in _listed(translator, statement):
        if not bodies or (isinstance(f, Relation) and set(f.signs) == {"="}):
            bodies.append((f, at))
        elif isinstance(f, (Relation, And)):
            conditions.append(f)
        else:
            raise NotValid("after a comma a condition is expected", text=translator.text, position=at, hint=A_RELATION)
    for f, at in bodies[:-1]:
        yield Sentence(f, position=at)
    f, at = bodies[-1]
    yield Sentence(f, all_of(conditions) if conditions else None, at, warnings=tuple(dict.fromkeys(translator.warnings)))


def _listed(translator: Translator, statement: Sequence[Token]) -> list[tuple[Formula, int]]:
    """The formulas between commas outside brackets; `x = 0, 1, ..., m` is one: x is in that set."""
    out: list[tuple[Formula, int]] = []
    letter: Formula = ZERO
    items: list[Formula] = []  # of the list that is being read
    for part in parts(statement, "comma"):
        f = translator.statement(translator.parsed(part))
        if items and not isinstance(f, (Relation, And)):
            items.append(f)
            out[-1] = (Relation((letter, SetOf(tuple(items))), ("in",)), out[-1][1])
            continue
        items = []
        if isinstance(f, Relation) and f.signs == ("=",) and isinstance(f.sides[0], (Sym, At)):
            letter, items = f.sides[0], [f.sides[1]]
        out.append((f, part[0].position))
    return out
