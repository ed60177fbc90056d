"""Fractions, and the derivatives among them."""

from __future__ import annotations

from ...errors import NotValid
from ...formula.tree import At, Derivative, Div, Formula, Sym
from .conditions import Conditions
from .stream import plain, text_of
from .tokens import GREEK, Token


class Derivatives(Conditions):
    """Reads a/b and d/dx."""

    def read_frac(self) -> Formula:
        top, bottom = self.group(), self.group()
        d = self.derivative(plain(top), plain(bottom))
        if d is not None:
            return d
        return Div(self.content(top), self.content(bottom))

    def derivative(self, top: list[Token], bottom: list[Token]) -> Formula | None:
        """d/dx, partial^2 ell/partial mu partial sigma^2: None where the fraction is no derivative."""
        try:
            a = self._above(top)
            b = self.part(bottom, self._variables) if a and bottom else None
        except (NotValid, ValueError):
            return None
        if not a or not b:
            return None
        order, rest = a
        done = self._atoms(b, order)
        if sum(k for _, k in done) != order:
            self.fail("the orders of this derivative do not agree", top[0])
        rest = plain(rest)
        body = self.part(rest, self.inner) if rest else self.term()
        return Derivative(body, tuple(done))

    def _above(self, top: list[Token]) -> tuple[int, list[Token]] | None:
        """The order of the derivative and what is differentiated, from what stands above; None where that is no differential."""

        def head() -> tuple[int, list[Token]] | None:
            return (self._exponent(), self.toks[self.i :]) if self.differential() else None

        return self.part(top, head, whole=False) if top else None

    def _exponent(self) -> int:
        """A whole number written as a power, taken; 1 where there is none.  Raises ValueError for any other power."""
        if not self.at_symbol("^"):
            return 1
        self.next()
        return int(text_of(plain(self.group())))

    def _variables(self) -> list[tuple[Formula, int]] | None:
        """The letters below, each with how often it is differentiated by."""
        out: list[tuple[Formula, int]] = []
        while self.peek().kind != "eof":
            v = self._variable() if self.differential() else None
            if v is None:
                return None
            out.append((v, self._exponent()))
        return out

    def _variable(self) -> Formula | None:
        if self.at_symbol("("):
            self.next()
            return self.bracketed(")")
        name = self.base()
        if name is None:
            return None
        sub = self.subscript(name)
        return At(name, sub) if isinstance(sub, tuple) else Sym(name + ("_" + sub if sub else ""))

    def _atoms(self, variables: list[tuple[Formula, int]], order: int) -> list[tuple[Formula, int]]:
        """partial sigma^2 is once by sigma^2 where that is a letter of its own."""
        total = sum(k for _, k in variables)
        out: list[tuple[Formula, int]] = []
        for v, k in variables:
            atom = self.context.atoms.get(v.name) if isinstance(v, Sym) else None
            if atom is not None and k >= 2 and total > order:
                out.append((Sym(atom), k // 2))
            elif atom is not None and k == 2 and total == order and len(variables) == 1 and order == 2:
                self.fail(
                    f"this derivative may be the second in {v.name} or the first in {v.name}^2" if isinstance(v, Sym) else "",
                    None,
                    "write \\partial(\\sigma^2)",
                )
            else:
                out.append((v, k))
        return out

    def differential(self) -> bool:
        """A d or partial, taken."""
        t = self.peek()
        if (t.kind == "letter" and t.value == "d") or (t.kind == "cmd" and t.value == "partial"):
            self.next()
            return True
        if t.kind == "cmd" and t.value in ("mathrm", "rm", "text"):
            saved = self.i
            self.next()
            if text_of(self.group()) == "d":
                return True
            self.i = saved
        return False

    def is_differential(self) -> bool:
        saved = self.i
        try:
            if not self.differential():
                return False
            t = self.peek()
            return t.kind == "letter" or (t.kind == "cmd" and t.value in GREEK | {"mathbf"})
        finally:
            self.i = saved
