"""Tokens of SymPy text -> Python's syntax tree, with the way back from a node to its token.

Python's grammar gives the precedence of operators and nothing else: `ast.parse` sees operators, brackets and a
numbered placeholder for every name and number.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NoReturn

from ..errors import DeriveError, NotValid
from .sympytokens import Token, tokens


class Grammar:
    """One text.  Attributes: text, tokens."""

    WIDTH = 8  # every token takes as many columns, so that a column says which token it is

    def __init__(self, text: str):
        self.tokens = tokens(text)
        self.text = text
        if not self.tokens:
            raise NotValid("the text is empty", hint="write a formula, for example lambda*exp(-lambda*x)")
        self.places = {id(t): j for j, t in enumerate(self.tokens)}
        self.first = 0

    def parsed(self, part: Sequence[Token]) -> ast.expr:
        """The syntax tree of some tokens in a row.  The other methods speak of the tree that was parsed last."""
        source = "".join(self._placeholder(t).ljust(self.WIDTH) for t in part)
        self.first = self.places[id(part[0])]
        try:
            return ast.parse(source, mode="eval").body
        except (RecursionError, MemoryError):
            raise NotValid("the formula is nested too deeply", text=self.text, position=part[0].position) from None
        except SyntaxError as e:
            at = part[min(len(part) - 1, max(0, (e.offset or 1) - 1) // self.WIDTH)]
            hint = "check the brackets and signs around this place"
            raise NotValid("the formula cannot be read here", text=self.text, position=at.position, hint=hint) from None

    def _placeholder(self, t: Token) -> str:
        return f"_{self.places[id(t)]}" if t.kind in ("number", "name", "dots") else t.text

    def token(self, node: ast.AST) -> Token:
        """The token with which a node begins."""
        return self.tokens[min(self.first + getattr(node, "col_offset", 0) // self.WIDTH, len(self.tokens) - 1)]

    def named(self, node: ast.AST) -> Token | None:
        """The token of a node that is a name, a number or dots."""
        return self.tokens[int(node.id[1:])] if isinstance(node, ast.Name) else None

    def called(self, node: ast.AST) -> str | None:
        """The name of the function that a node calls, or of the letter that it is."""
        t = self.named(node.func if isinstance(node, ast.Call) else node)
        return t.text if t is not None and t.kind == "name" else None

    def arguments(self, node: ast.Call, fewest: int, most: int) -> list[ast.expr]:
        """The arguments of a call.  Raises NotValid where there are too few or too many."""
        n = len(node.args)
        if not fewest <= n <= most:
            many = str(fewest) if fewest == most else f"{fewest} to {most}"
            self.fail(f"{self.called(node)} takes {many} argument{'s' * (most > 1)}, not {n}", node)
        return node.args

    def fail(self, message: str, node: ast.AST, hint: str | None = None, kind: type[DeriveError] = NotValid) -> NoReturn:
        """Raises an error that points at a node."""
        raise kind(message, text=self.text, position=self.token(node).position, hint=hint)


def spine(node: ast.expr, *ops: type[ast.operator]) -> tuple[ast.expr, list[ast.BinOp]]:
    """A chain of operators read from the left: its first operand, and the operations in order."""
    steps: list[ast.BinOp] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ops):
        steps.append(node)
        node = node.left
    return node, steps[::-1]


def operands(node: ast.expr, op: type[ast.operator]) -> list[ast.expr]:
    """What a chain of one operator joins."""
    first, steps = spine(node, op)
    return [first, *(s.right for s in steps)]
