"""Names with their labels and accents, and what is a function of what."""

from __future__ import annotations

from ....errors import NotValid
from ....formula.names import hat
from ....formula.tree import Apply, At, Call, Derivative, Dots, Formula, Sym
from ....reading.tex import calls, symbols
from ....reading.tex.calls import BRANCHES, looks_like_call
from ....reading.tex.parser import Subscript, text_of
from ....reading.tex.tokens import GREEK, Token
from .sample_sums import mean
from .writer import P
from .written_derivatives import primed

BOLD = frozenset({"mathbf", "boldsymbol", "bm", "pmb", "mathbb", "vec"})
ESTIMATES = frozenset({"MLE", "ML", "mle", "ml", "opt", "est", "EMV", "MV", "MAP", "*", "star"})
PROFILE = ("prof", "profile", "pr", "p", "P")
LABELS = {"+": "plus", "-": "minus", "<": "less", ">": "more", "*": "star"}
DENSITIES = frozenset({"f", "p", "P", "g", "pi", "q"})
MOMENTS = frozenset({"E", "Var", "Cov", "P", "Pr", "SD", "SE"})
FIXED = frozenset({"L", "ell", "l", "LL", "NLL", "calL", "logL", "loglik", "f", "F", "calP"})  # called wherever a bracket follows
SCALARS = frozenset("nmNkrtdabcxyzeiCKTwu")  # letters that are seldom functions

# -- names ------------------------------------------------------------------------------------


def base(p: P) -> str | None:
    """A bold x is the whole sample: x_vec."""
    t = p.peek()
    if t.kind == "cmd" and t.value in BOLD:
        mark = p.mark()
        p.next()
        g = p.group()
        if len(g) == 1 and g[0].kind == "letter" and t.value != "mathbb" and p.writer.names.is_vector(g[0].value):
            return g[0].value + "_vec"
        if t.value == "vec" and len(g) == 1:
            return g[0].value
        p.reset(mark)
    return symbols.base(p)


def subscript(p: P, base: str) -> Subscript:
    """Whatever label a writer puts below: n_+, n_{>3}."""
    mark = p.mark()
    label = p.writer.names.label(base, text_of(p.ahead())) if p.at_symbol("_") else None
    if label is not None:
        p.next()
        p.group()
        return label
    try:
        return symbols.subscript(p, base)
    except NotValid:
        p.reset(mark)
        if not p.take("_"):
            raise
        word = "".join(LABELS.get(u.value, u.value if u.value.isalnum() else "") for u in p.group())
        if not word or p.at_symbol("_"):
            raise
        return word


def letter(p: P, t: Token) -> Formula:
    """X' and beta' are transposes where the writer has matrices."""
    names = p.writer.names
    if names.matrix and p.at("'") and t.value in (names.matrix, names.coefficients, *p.context.data):
        p.next()
        return Apply("Transpose", (Sym(t.value),))
    return symbols.named(p, t)


def euler(p: P, t: Token) -> Formula:
    """e_i is a letter, an error; e by itself the number, unless the writer gives it another value."""
    return letter(p, t) if p.at_symbol("_") or p.writer.names.own_e else symbols.euler(p, t)


def accented(p: P, t: Token) -> Formula:
    """An accent over a name belongs to it; over an expression it is an estimate or a mean."""
    p.back(t)
    start = p.i
    name = base(p)
    p.i = start + 1
    if name is not None:
        return letter(p, t)
    body = p.argument()
    return mean(p, body) if t.value == "bar" else Apply("hat", (body,))


def power(p: P, b: Formula, t: Token) -> Formula:
    """b^k, the transpose of b, x^{(i)} for observation i, or a label in brackets."""
    p.next()
    g = p.group()
    if symbols.transposed(p, g) and p.writer.choose(2) == (1 if "T" in p.writer.names.letters else 0):
        return Apply("Transpose", (b,))
    if not symbols.numbered(g):
        return symbols.raised(p, b, p.part(g, p.inner))
    index = g[1:-1]
    if isinstance(b, Sym) and (root := b.name.split("_")[0]) in p.context.data:
        return At(root, (p.part(index, p.inner),))
    if isinstance(b, Sym) and all(u.kind == "num" for u in index):
        return Sym(b.name + "_" + text_of(index))
    return symbols.raised(p, b, p.part(index, p.inner))


# -- calls ------------------------------------------------------------------------------------


def call(p: P, t: Token, base: str, name: str, primes: int) -> Formula | None:
    """A function call: of a function that has a name, or where the bracket holds nothing but names."""
    names, c = p.writer.names, p.context
    root, _, label = name.partition("_")
    bracket = p.opens("(", "[")
    if name in BRANCHES and name not in c.parameters and bracket and root not in c.data:
        return Call("lambertw", (*p.arguments(), *BRANCHES[name]))
    if bracket and p.attempt(lambda: _dependence(p, name)) is not None:
        return symbols.letter(p, name)
    if bracket and name in names.given_others and p.attempt(lambda: _of_another(p, name)) is not None:
        return hat(name)
    if name == "nabla" or root in ("Gamma", "psi", "B", "Beta", "Phi") or (name == "zeta" and "zeta" in c.functions):
        return calls.call(p, t, base, name, primes)
    if root in c.data or (name in c.parameters and name not in names.functions):
        if not (bracket and looks_like_call(p)):
            return None
    own = name in names.labelled
    function = root in FIXED and root not in c.parameters and not own
    if function and label and root not in ("f", "F", "calP") and (by := names.by(label)):
        args = p.arguments() if bracket else ()
        return Derivative(Apply(root, args), tuple((names.taken_in(v), by.count(v)) for v in dict.fromkeys(by)))
    if label and root in names.functions and label in c.parameters:
        name = root  # h_theta(x)
    head = (
        "ell_prof"
        if root in ("ell", "l") and label in PROFILE and label not in c.parameters and len(names.parameters) > 1
        else root
        if function
        else name
    )
    if not bracket and root == "E" and t.kind == "cmd" and root not in c.parameters and p.starts():
        return Apply("E", (p.term(),))
    if not bracket:
        if label and not function and all(k in c.data for k in label):  # S_xy beside S(a, b)
            return None
        if not (function or root in names.functions) or root in ("f", "F", "calP"):
            return None
        return primed(p, head, (), primes) if primes else Apply(head, ())
    of_data = root in DENSITIES and bool(label) and (names.by(label) or label in c.data)
    if not (function or own or of_data or root in names.functions or root in MOMENTS) and not looks_like_call(p):
        scalar = len(root) == 1 and root in SCALARS
        if not _only_names(p) or names.is_letter(root) or (scalar and p.writer.choose(2) == 0):
            return None
    args = p.arguments()
    return primed(p, head, args, primes) if primes else Apply(head, args)


def _dependence(p: P, name: str) -> tuple[Formula, ...] | None:
    """What an estimate depends on, theta_hat(X), beta_hat(alpha); None for a factor in brackets."""
    root, *marks = name.split("_")
    if not ESTIMATES.union(("hat",)).intersection(marks):
        return None
    names = p.writer.names
    args = p.arguments()
    others = {k for k in names.parameters if k.split("_")[0].removesuffix("2") != root}
    if all(
        (isinstance(a, (Sym, At, Dots)) and names.is_data(a)) or (isinstance(a, Sym) and a.name.removesuffix("_hat") in others)
        for a in args
    ):
        return args
    return None


def _of_another(p: P, name: str) -> Formula | None:
    """The parameter that lambda, the best one for each beta, is written as a function of."""
    match p.arguments():
        case (Sym(other) as a,) if other != name and other.removesuffix("_hat") in p.writer.names.parameters:
            return a
    return None


def _only_names(p: P) -> bool:
    """Whether the bracket that follows holds parameters, data and their estimates alone."""
    depth = script = 0
    scripted = False  # whether a subscript or superscript begins
    for u in p.toks[p.i :]:
        if script or scripted:
            script += {"{": 1, "}": -1}.get(u.value, 0)
            scripted = False
        elif u.value in ("_", "^") and u.kind == "sym":
            scripted = True
        elif u.value in ("(", "[") and u.kind in ("sym", "open"):
            depth += 1
        elif u.value in (")", "]") and u.kind in ("sym", "close"):
            depth -= 1
            if depth == 0:
                return True
        elif u.kind == "letter" or (u.kind == "cmd" and u.value in GREEK):
            if not p.writer.names.is_argument(u.value):
                return False
        elif u.kind == "num" or u.value in ("+", "-", "/", "frac", "cdot", "=", "<", ">"):
            return False
    return False


def arrow(p: P, _: Token) -> Formula:
    """An arrow joins formulas; it is none."""
    p.fail("an arrow stands inside a formula")
