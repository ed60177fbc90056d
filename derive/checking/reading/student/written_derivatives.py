"""Derivatives: fractions, primes, dots, operators, and the points at which they are taken."""

from __future__ import annotations

from ....formula.names import hat
from ....formula.tree import Apply, Call, Derivative, Formula, Num, Pow, Sym, Where, num
from ....reading.tex.differentials import Variables, differentials, exponent
from ....reading.tex.parser import Handler
from ....reading.tex.symbols import primes
from ....reading.tex.tokens import Token
from .writer import P, Writer


def prime(p: P, b: Formula, t: Token) -> Formula | None:
    """(\\ln L)' is a derivative, (X\\beta)' a transpose."""
    names = p.writer.names
    if names.matrix:
        p.next()
        return Apply("Transpose", (b,))
    if _is_function(b) and len(names.parameters) == 1:
        v = Sym(names.parameters[0])
        return _at_point(p, Derivative(b, ((v, primes(p)),)), v)
    return None


def derivative(p: P, top: list[Token], bottom: list[Token]) -> Formula | None:
    """d/dx and the like; second in sigma or first in sigma^2 is a choice; a bracket behind it may be a point."""
    found = differentials(p, top, bottom)
    if found is None:
        return None
    order, rest, variables = found
    by = tuple(_by(p, variables, order))
    if rest:
        return _at_point(p, Derivative(p.part(rest, p.inner), by), by[0][0])
    if not p.starts() and not p.at("-", "+"):  # d/dp = ..., of the likelihood's logarithm or of a function of the writer's
        functions = (p.writer.names.differentiated, *sorted(p.writer.names.functions - {"ell", "l", "f", "L"}))
        name = functions[p.writer.choose(len(functions))]
        of: Formula = Apply(name.removeprefix("log "), tuple(v for v, _ in by) if name in p.writer.names.functions - {"ell", "L"} else ())
        return Derivative(Call("log", (of,)) if name.startswith("log ") else of, by)
    mark = p.mark()
    body = p.term()
    if p.at_symbol("+", "-") and not _is_function(body) and p.writer.choose(2) == 1:
        p.reset(mark)
        body = p.expression()
    return Derivative(body, by)


def _by(p: P, variables: Variables, order: int) -> Variables:
    """The variables with their orders: partial sigma^2 is once by sigma^2, or twice by sigma."""
    total = sum(k for _, k in variables)
    out: Variables = []
    for v, k in variables:
        atom = p.context.atoms.get(v.name) if isinstance(v, Sym) else None
        root: Formula = Call("sqrt", (Sym(atom),)) if atom else v
        square: Formula = Sym(atom) if atom else Pow(v, num(2))
        if k % 2 == 0 and total > order:
            out.append((square, k // 2))
        elif k == 2 and order == 2 and len(variables) == 1 and atom:
            out.append((square, 2) if p.writer.choose(2) == 1 else (root, 2))
        else:
            out.append((root, k))
    if sum(k for _, k in out) != order and len(out) == 1:
        out = [(out[0][0], order)]
    return out


def _at_point(p: P, d: Formula, v: Formula) -> Formula:
    """A derivative followed by (value): taken there, where the value is a point and not a factor."""

    names = p.writer.names

    def value() -> Formula | None:
        match p.arguments():
            case (Sym() | Num() as a,) if a == v or names.is_point(a):
                return a
            case (_, _, *_) as several if tuple(several) == tuple(map(Sym, names.parameters)):
                return v  # at the parameters themselves
        return None

    a = p.attempt(value) if p.opens("(") else None
    return d if a is None or a == v else Where(d, v, a)


def operator(p: P, _: Token) -> Formula:
    """partial_theta ell, partial_mu partial_sigma ell."""
    p.need("_")
    variables = p.part(p.group(), lambda: _letters(p))
    order = exponent(p)
    return Derivative(p.term(), tuple((v, order) for v in variables))


def _letters(p: P) -> list[Formula]:
    out = [p.factor()]
    while p.peek().kind != "eof":
        p.take(",")
        out.append(p.factor())
    return out


def gradient(p: P, t: Token) -> Formula:
    """The gradient: a derivative where there is one parameter."""
    if p.at_symbol("_"):
        return operator(p, t)
    order = exponent(p)
    body = p.factor()
    parameters = p.writer.names.parameters
    if len(parameters) == 1:
        return Derivative(body, ((Sym(parameters[0]), order),))
    written = body.args if isinstance(body, Apply) else ()
    if order == 1 and sorted(map(str, written)) == sorted(str(Sym(k)) for k in parameters):  # in the writer's order
        return Apply("tuple", tuple(Derivative(body, ((v, 1),)) for v in written))
    return Apply("nabla" if order == 1 else "hessian", (body,))


def dotted(order: int) -> Handler[Writer]:
    """What reads \\dot\\ell(\\theta)."""

    def read(p: P, _: Token) -> Formula:
        body = p.argument()
        if p.take_symbol("_"):
            p.group()
        args = p.arguments() if p.at("(") else ()
        if not isinstance(body, Apply):
            p.fail("a dot over what is no function")
        return primed(p, body.name, args, order)

    return read


def primed(p: P, name: str, args: tuple[Formula, ...], order: int) -> Formula:
    """name'(args): the derivative by the parameter, at a point where the argument is one."""
    names = p.writer.names
    args = names.arguments(name, args)
    ps = names.parameters
    if len(ps) != 1 and not (len(args) == 1 and isinstance(args[0], Sym)):
        p.fail(f"a prime on {name}, a function of several parameters")
    v: Formula = Sym(ps[0]) if len(ps) == 1 else args[0]
    if len(ps) > 1 and isinstance(v, Sym) and names.is_point(v):
        of = [k for k in ps if k.split("_")[0].removesuffix("2") == v.name.split("_")[0].removesuffix("2")]
        v = Sym(of[0]) if len(of) == 1 else v
    if len(args) == 1 and args[0] != v and isinstance(args[0], Sym) and not names.is_point(args[0]):
        v = args[0]
    if not args or args[0] == v:
        return Derivative(Apply(name, args), ((v, order),))
    return Where(Derivative(Apply(name, (v,)), ((v, order),)), v, args[0])


def point(p: P, b: Formula) -> Formula:
    """After the bar: _{theta = value}, several of them, or the value alone."""
    p.need("_")
    g = p.group()
    if not any(u.value == "=" for u in g):
        if any(u.value == "," for u in g):
            return _at_points(p, b, p.part(g, lambda: _letters(p)))
        at = p.part(g, p.inner)
        known = p.writer.names.parameters
        ps = [k for k in known if isinstance(at, Sym) and at.name.split("_")[0] == k.split("_")[0]] or (known if len(known) == 1 else ())
        if not ps:
            p.fail("this point has no letter", g[0] if g else None)
        return Where(b, Sym(ps[0]), at)

    def pairs() -> list[tuple[Formula, Formula]]:
        out: list[tuple[Formula, Formula]] = []
        while not out or p.take(",", ";"):
            v = p.expression()
            p.need("=")
            out.append((v, p.expression()))
        return out

    for v, to in p.part(g, pairs):
        b = Where(b, v, to)
    return b


def _at_points(p: P, b: Formula, points: list[Formula]) -> Formula:
    """|_{mu_hat, sigma_hat}: each stands for the parameter whose letter it has."""
    for at in points:
        of = [k for k in p.writer.names.parameters if isinstance(at, Sym) and at.name in (hat(k).name, k + "_star", k + "_0")]
        if len(of) != 1:
            p.fail("this point has no letter")
        b = Where(b, Sym(of[0]), at)
    return b


def _is_function(f: Formula) -> bool:
    """Whether f is a likelihood or its logarithm by name."""
    return isinstance(f, Apply) or (isinstance(f, Call) and f.name == "log" and isinstance(f.args[0], Apply))
