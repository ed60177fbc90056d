"""Derivatives: fractions, primes, dots, operators, and the points at which they are taken."""

from __future__ import annotations

from ....errors import NotValid
from ....formula.tree import Apply, Call, Derivative, Formula, Num, Pow, Sym, Where, num
from ....reading.tex.stream import plain, text_of
from ....reading.tex.tokens import Token
from .choices import Choices


class Derivatives(Choices):
    """d/dx and the like."""

    def after(self, b: Formula) -> Formula:
        """(\\ln L)': primes behind the bracket of a function are derivatives."""
        if self.names.matrix and self.at_symbol("'"):
            self.next()
            b = Apply("Transpose", (b,))
        elif _is_function(b) and self.at_symbol("'") and len(self.names.parameters) == 1:
            order = self.primes()
            v = Sym(self.names.parameters[0])
            b = self._at_point(Derivative(b, ((v, order),)), v)
        return super().after(b)

    def derivative(self, top: list[Token], bottom: list[Token]) -> Formula | None:
        """d/dx and the like; second in sigma or first in sigma^2 is a choice; a bracket behind it may be a point."""
        try:
            head = self._above(top)
            variables = self.part(bottom, self._variables) if head and bottom else None
        except (NotValid, ValueError):
            return None
        if not head or not variables:
            return None
        order, rest = head
        done = self._by(variables, order)
        if plain(rest):
            d: Formula = Derivative(self.part(plain(rest), self.inner), tuple(done))
            return self._at_point(d, done[0][0])
        saved = self.i
        body = self.term()
        if self.at_symbol("+", "-") and not _is_function(body) and self.choose(2) == 1:
            self.i = saved
            body = self.expression()
        return Derivative(body, tuple(done))

    def differential(self) -> bool:
        """A d, partial, or (as some write) delta, taken."""
        if self.peek().value == "delta" and self.peek().kind == "cmd" and "delta" not in self.context.parameters:
            self.next()
            return True
        return super().differential()

    def _by(self, variables: list[tuple[Formula, int]], order: int) -> list[tuple[Formula, int]]:
        """The variables with their orders: partial sigma^2 is once by sigma^2, or twice by sigma."""
        total = sum(k for _, k in variables)
        out: list[tuple[Formula, int]] = []
        for v, k in variables:
            atom = self.context.atoms.get(v.name) if isinstance(v, Sym) else None
            root: Formula = Call("sqrt", (Sym(atom),)) if atom else v
            square: Formula = Sym(atom) if atom else Pow(v, num(2))
            if k % 2 == 0 and total > order:
                out.append((square, k // 2))
            elif k == 2 and order == 2 and len(variables) == 1 and atom:
                out.append((square, 2) if self.choose(2) == 1 else (root, 2))
            else:
                out.append((root, k))
        if sum(k for _, k in out) != order and len(out) == 1:
            out = [(out[0][0], order)]
        return out

    def _at_point(self, d: Formula, v: Formula) -> Formula:
        """A derivative followed by (value): taken there, where the value is a point and not a factor."""
        t = self.peek()
        if t.value != "(" or t.kind not in ("sym", "open"):
            return d
        saved = self.i
        try:
            args = self.arguments()
        except NotValid:
            args = ()
        if len(args) == 1 and isinstance(args[0], (Sym, Num)) and (args[0] == v or self.names.is_point(args[0])):
            return d if args[0] == v else Where(d, v, args[0])
        self.i = saved
        return d

    def read_partial(self) -> Formula:
        """partial_theta ell, partial_mu partial_sigma ell."""
        return self._operator()

    def _operator(self) -> Formula:
        variables: list[tuple[Formula, int]] = []
        self.need("_")
        for v in self.part(self.group(), self._letters):
            variables.append((v, 1))
        if self.at_symbol("^"):
            self.next()
            order = int(text_of(plain(self.group())) or 1)
            variables = [(v, order) for v, _ in variables]
        return Derivative(self.term(), tuple(variables))

    def _letters(self) -> list[Formula]:
        out = [self.factor()]
        while self.peek().kind != "eof":
            self.take(",")
            out.append(self.factor())
        return out

    def read_nabla(self) -> Formula:
        """The gradient: a derivative where there is one parameter."""
        if self.at_symbol("_"):
            return self._operator()
        order = self._exponent()
        body = self.factor()
        if len(self.names.parameters) == 1:
            return Derivative(body, ((Sym(self.names.parameters[0]), order),))
        return Apply("nabla" if order == 1 else "hessian", (body,))

    def read_dot(self) -> Formula:
        return self._dotted_function(1)

    def read_ddot(self) -> Formula:
        return self._dotted_function(2)

    def _dotted_function(self, order: int) -> Formula:
        body = self.part(self.group(), self.inner)
        if self.at_symbol("_"):
            self.next()
            self.group()
        args: tuple[Formula, ...] = ()
        if self.at("("):
            args = self.arguments()
        if not isinstance(body, Apply):
            self.fail("a dot over what is no function")
        return self.primed(body.name, args, order)

    def primed(self, name: str, args: tuple[Formula, ...], order: int) -> Formula:
        """name'(args): the derivative by the parameter, at a point where the argument is one."""
        args = self.names.arguments(name, args)
        ps = self.names.parameters
        if len(ps) != 1 and not (len(args) == 1 and isinstance(args[0], Sym)):
            self.fail(f"a prime on {name}, a function of several parameters")
        v: Formula = Sym(ps[0]) if len(ps) == 1 else args[0]
        if len(ps) > 1 and isinstance(v, Sym) and self.names.is_point(v):
            of = [p for p in ps if p.split("_")[0].removesuffix("2") == v.name.split("_")[0].removesuffix("2")]
            v = Sym(of[0]) if len(of) == 1 else v
        if len(args) == 1 and args[0] != v and isinstance(args[0], Sym) and not self.names.is_point(args[0]):
            v = args[0]
        if not args or args[0] == v:
            return Derivative(Apply(name, args), ((v, order),))
        return Where(Derivative(Apply(name, (v,)), ((v, order),)), v, args[0])

    def evaluation_bar(self, b: Formula) -> Formula:
        """After the bar: _{theta = value}, several of them, or the value alone."""
        self.need("_")
        g = self.group()
        if not any(u.value == "=" for u in g):
            at = self.part(g, self.inner)
            ps = [p for p in self.names.parameters if isinstance(at, Sym) and at.name.split("_")[0] == p.split("_")[0]]
            if not ps and len(self.names.parameters) == 1:
                ps = [self.names.parameters[0]]
            if not ps:
                self.fail("this point has no letter", g[0] if g else None)
            return Where(b, Sym(ps[0]), at)

        def pairs() -> list[tuple[Formula, Formula]]:
            out: list[tuple[Formula, Formula]] = []
            while True:
                v = self.expression()
                self.need("=")
                out.append((v, self.expression()))
                if not self.take(",", ";"):
                    return out

        for v, to in self.part(g, pairs):
            b = Where(b, v, to)
        return b


def _is_function(f: Formula) -> bool:
    """Whether f is a likelihood or its logarithm by name."""
    return isinstance(f, Apply) or (isinstance(f, Call) and f.name == "log" and isinstance(f.args[0], Apply))
