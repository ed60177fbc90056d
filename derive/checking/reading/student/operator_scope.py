"""How far logarithms, products without brackets and slashes reach."""

from __future__ import annotations

from dataclasses import replace

from ....formula.tree import Apply, Call, Derivative, Div, Formula, Neg, Num, Pow, Sym, Where, mul, num
from ....reading.tex.calls import INVERSE, OF_TWO, REACHING
from ....reading.tex.parser import CLOSING, Handler
from ....reading.tex.symbols import raised
from ....reading.tex.tokens import Token
from .writer import P, Writer


def function(name: str) -> Handler[Writer]:
    """What reads log, exp and the like; after a bracket a power or factorial may belong to the value or the argument."""

    def read(p: P, t: Token) -> Formula:
        base = power = None
        for _ in (1, 2):
            base = p.argument() if p.take_symbol("_") else base
            power = p.argument() if p.take_symbol("^") else power
        if p.opens(*CLOSING):
            arg = p.grammar.brackets(p, CLOSING[p.next().value])
            if name in OF_TWO and isinstance(arg, Apply) and arg.name == "tuple" and len(arg.args) == 2:
                return Call(name, arg.args)
            arg = _behind_bracket(p, arg, power) if name == "log" else arg
        else:
            arg = p.after(p.atom()) if p.at_symbol("{") else _bare_argument(p)
            if name == "log" and (inner := _likelihood(arg)) is not None:  # log L' is the derivative of log L
                return inner
        if power == num(-1) and name in INVERSE and p.writer.choose(2) == 0:
            return Call(INVERSE[name], (arg,))
        f: Formula = Call(name, (arg,))
        if base is not None and base != Sym("e"):
            f = Div(f, Call(name, (base,)))
        return f if power is None else Pow(f, power)

    return read


def _likelihood(arg: Formula) -> Formula | None:
    """The derivative of the logarithm of the likelihood, where its argument is a derivative of the likelihood."""
    if isinstance(arg, Where) and (inner := _likelihood(arg.body)) is not None:
        return replace(arg, body=inner)
    if isinstance(arg, Derivative) and isinstance(arg.body, Apply) and arg.body.name in ("L", "calL"):
        return replace(arg, body=Call("log", (arg.body,)))
    return None


def _behind_bracket(p: P, arg: Formula, power: Formula | None) -> Formula:
    if p.at_symbol("!") and p.writer.choose(2) == 0:
        p.next()
        return Call("factorial", (arg,))
    if p.at_symbol("^") and power is None and p.writer.choose(2) == 1:
        p.next()
        return raised(p, arg, p.argument())
    return arg


def _bare_argument(p: P) -> Formula:
    """The argument of a function without brackets: the factors that follow, all of them or only the first."""
    minus = p.take("-")
    fs: list[Formula] = []
    ends: list[int] = []
    while p.starts():
        t = p.peek()
        reaching = t.kind == "cmd" and t.value in REACHING
        if fs and reaching and not (t.value == "exp" and p.writer.choose(2) == int(not _is_fraction(fs[-1]))):
            break
        opens = t.kind == "open" or t.value in ("(", "[", "\\{", "frac")
        if fs and opens and p.writer.choose(2) == 0:
            break
        fs.append(p.factor())
        ends.append(p.i)
        if reaching and t.value != "exp":
            break
    if not fs:
        p.fail("the function has no argument")
    if len(fs) > 1 and (pick := p.writer.choose(min(3, len(fs)))):
        fs = fs[:pick]
        p.i = ends[pick - 1]
    f = mul(*fs)
    if p.at("/") and p.peek(1).kind in ("num", "letter", "cmd") and p.writer.choose(2) == 1:
        p.next()
        f = Div(f, p.factor())
    return Neg(f) if minus else f


def _is_fraction(f: Formula) -> bool:
    """Whether a factor is as in log 1/theta exp(...), where the logarithm reaches on."""
    return isinstance(f, Div) or (isinstance(f, Pow) and isinstance(f.base, Div))


def below(p: P, factors: list[Formula]) -> bool:
    """After a slash: a/bc is a/(bc), or (a/b)c."""
    return p.writer.choose(2) == (0 if all(isinstance(f, Num) for f in factors) else 1)


def cotangent(p: P, t: Token) -> Formula:
    """The reciprocal of the tangent."""
    return Div(num(1), function("tan")(p, t))


def decimal_logarithm(p: P, t: Token) -> Formula:
    """The logarithm to base 10."""
    return Div(function("log")(p, t), Call("log", (num(10),)))
