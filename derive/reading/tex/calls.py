"""Functions with their arguments, and which letters are called."""

from __future__ import annotations

from ...formula.tree import ONE, Apply, Call, Derivative, Div, Formula, Neg, Num, Pow, mul, num
from .parser import CLOSING, Handler, P, bracket, text_of
from .tokens import GREEK, STYLES, Token

FUNCTIONS = {  # a command or styled word -> a known function of one argument
    "exp": "exp", "ln": "log", "log": "log", "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh",
    "arctan": "arctan", "arcsin": "arcsin", "arccos": "arccos", "sgn": "sign", "sign": "sign", "erf": "erf", "erfc": "erfc", "erfi": "erfi", "Ei": "Ei",
    "arsinh": "asinh", "asinh": "asinh", "arcsinh": "asinh", "arcosh": "acosh", "acosh": "acosh", "arccosh": "acosh",
    "artanh": "atanh", "atanh": "atanh", "arctanh": "atanh", "atan2": "atan2", "median": "median", "digamma": "digamma", "logit": "logit", "det": "det",
    "sech": "sech",
}  # fmt: skip
REACHING = frozenset({*FUNCTIONS, "sum", "prod", "int", "lim", "max", "min"})  # commands whose arguments need no brackets
NAMED = {"Gamma": "gamma", "psi": "digamma", "B": "beta", "Beta": "beta", "Phi": "Phi", "W": "lambertw", "zeta": "zeta"}
INVERSE = {"sin": "arcsin", "cos": "arccos", "tan": "arctan", "sinh": "asinh", "cosh": "acosh", "tanh": "atanh"}  # sin^{-1} u
OF_TWO = frozenset({"atan2"})  # functions of two arguments
BRANCHES: dict[str, tuple[Formula, ...]] = {"W_0": (), "W_-1": (num(-1),)}  # of the Lambert function
BESSEL = {"I_": "besseli", "K_": "besselk"}  # modified Bessel functions of whole order
ALWAYS = frozenset({"Gamma"})  # functions wherever they are followed by a bracket


def function(name: str) -> Handler[object]:
    """What reads log, exp and the like: a base, a power, and an argument in brackets or without."""

    def read(p: P, _: Token) -> Formula:
        base = p.argument() if p.take_symbol("_") else None
        power = p.argument() if p.take_symbol("^") else None
        if name in OF_TWO and power is None and p.opens("(", "["):
            return Call(name, p.arguments())
        t = p.peek()
        if p.opens(*CLOSING) or p.at_symbol("{"):
            arg = p.atom() if t.value == "{" else p.grammar.brackets(p, CLOSING[p.next().value])
            if p.at_symbol("^") and name == "log" and power is None:
                g = text_of(p.ahead())
                if not g.startswith("-"):
                    p.fail(
                        f"{name}(...)^{g} may be a power of the value or of the argument", t, "write brackets: (\\log(x))^2 or \\log((x)^2)"
                    )
            if p.at_symbol("!"):
                p.fail(f"{name}(...)! may be a factorial of the value or of the argument", t, "write brackets")
        else:
            arg = _bare_argument(p)
        if power == num(-1) and name in INVERSE and base is None:
            return Call(INVERSE[name], (arg,))
        f: Formula = Call(name, (arg,)) if name != "sech" else Div(ONE, Call("cosh", (arg,)))
        if base is not None:
            f = Div(f, Call(name, (base,)))
        return f if power is None else Pow(f, power)

    return read


def _bare_argument(p: P) -> Formula:
    """The argument of a function without brackets: the simple factors that follow."""
    minus = p.take("-")
    fs: list[Formula] = []
    while p.starts():
        t = p.peek()
        reaching = t.kind == "cmd" and t.value in REACHING
        if fs and (reaching or t.kind == "open" or t.value in ("(", "[", "\\{", "frac")):
            break
        fs.append(p.factor())
        if reaching:
            break
    if not fs:
        p.fail("the function has no argument")
    if p.at_symbol("/") and p.peek(1).kind in ("num", "letter", "cmd"):
        p.fail("it is not clear whether the slash belongs to the argument", hint="write brackets: \\log(a/b) or (\\log a)/b")
    return Neg(mul(*fs)) if minus else mul(*fs)


def call(p: P, t: Token, base: str, name: str, primes: int) -> Formula | None:
    """A function call, where the name is that of a function."""
    c = p.context
    own = name in c.parameters or (base in c.parameters and name == base)
    declared = (name in c.functions or base in c.functions) and not own
    known = name in ALWAYS or (base == "B" and t.kind == "cmd") or (name in NAMED and name in c.functions)
    if name == "nabla":
        return Apply("nabla", (p.factor(),))
    if not p.opens("(", "["):
        return Apply(name, ()) if declared and name in ("ell", "L") and name not in c.data else None
    bessel = BESSEL.get(name[:2]) if name[2:].isdigit() else None
    special = (bessel is not None or name in BRANCHES or name in ("psi", "Phi") or (name == "zeta" and primes > 0)) and not own
    word = t.kind == "cmd" and t.value in STYLES and len(base) > 1
    asked = c.careful and not own and _holds_one_name(p)
    if not (declared or known or special or (word and not own) or looks_like_call(p) or asked) or (name in c.data and not declared):
        return None
    if own and not looks_like_call(p):
        return None
    args = p.arguments()
    if name in BRANCHES and name not in c.functions and len(args) == 1:
        return Call("lambertw", (*args, *BRANCHES[name]))
    if bessel is not None and name not in c.functions and len(args) == 1:
        return Call(bessel, (num(int(name[2:])), args[0]))
    if base == "Gamma" and name == "Gamma" and name not in c.functions and len(args) == 2:
        return Call("uppergamma", args)
    f: Formula = Apply(name, args)
    of_two = name in ("B", "Beta")
    if (not of_two and (known or special) and name in NAMED) or (of_two and len(args) == 2 and (known or name in c.functions)):
        if name == "zeta" and primes:
            return Call("zetad", (num(primes), *args))
        if name == "psi" and primes:
            return Call("trigamma", args) if primes == 1 else Call("polygamma", (num(primes), *args))
        f = Call(NAMED[name], args)
    return Derivative(f, ((args[0], primes),)) if primes else f


def _holds_one_name(p: P) -> bool:
    """Whether the bracket that comes holds one letter and nothing else."""
    toks = p.toks[p.i + 1 :]
    if not toks or not (toks[0].kind == "letter" or (toks[0].kind == "cmd" and toks[0].value in GREEK)):
        return False
    j = 1
    if len(toks) > 2 and toks[1].value == "_":
        j = 3 if toks[2].value != "{" else next((k + 1 for k in range(3, len(toks)) if toks[k].value == "}"), len(toks))
    return j < len(toks) and toks[j].value in (")", "]") and toks[j].kind in ("sym", "close")


def looks_like_call(p: P) -> bool:
    """A bracket with a comma, a semicolon or a bar at its own depth cannot be a product."""
    depth = 0
    for u in p.toks[p.i :]:
        depth += bracket(u)
        if depth == 0:
            return False
        if depth == 1 and ((u.kind == "sym" and u.value in ",;") or u.value == "mid"):
            return True
    return False


def below(p: P, factors: list[Formula]) -> bool:
    """After a slash and a number a letter still belongs below (x/2v); two letters side by side are asked about."""
    if all(isinstance(f, Num) for f in factors):
        p.warnings.append("a letter after a slash and a number is read as part of the denominator")
    elif len(factors) == 1 or not isinstance(factors[0], Num):
        p.fail("it is not clear what stands under the slash", None, "write a fraction, or brackets: a/(bc) or (a/b)c")
    return True
