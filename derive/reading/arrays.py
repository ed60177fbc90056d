"""Texts in vectors and matrices: y ~ N(X beta, sigma^2 I), y = X beta + e with its law, or a density with (y - X beta)'(y - X beta)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..errors import NotValid
from ..formula.names import canonical
from ..formula.shapes import SCALAR, Shape, Shapes, said, typed
from ..formula.tree import ONE, Call, Formula, Mul, Neg, Relation, Sym, each, names, num, replace_all, terms, walk
from .context import Context
from .read import decide_syntax
from .sympytext import read_sympy
from .tex import read_latex

LAW = re.compile(
    r"(?:\\sim|∼|~)\s*(?:\\(?:mathcal|mathrm|operatorname|text|textrm|mathbb)\s*\{?\s*)?(?:MVN|Normal|N)(?![A-Za-z])\s*\}?\s*(?:_\s*(?:\{\w+\}|\w))?\s*(?:\\left)?\s*\("
)
DENSITY = re.compile(r"^\s*\$?\s*(?:\\mathcal\s*\{?\s*)?N\s*\}?\s*(?:_\s*(?:\{\w+\}|\w))?\s*(?:\\left)?\s*\((?=[^()]*[;|])")
IDENTITY = re.compile(r"(?<![A-Za-z\\_^])I(?:_\s*(?:\{\s*\w+\s*\}|[A-Za-z]))?(?![A-Za-z(])|\bI\s*\(\s*n\s*\)|\beye\s*\(\s*n\s*\)")
VECTOR_NOTATION = re.compile(r"\\top(?![A-Za-z])|\\intercal|\^\s*\{?\s*T\s*\}?(?![A-Za-z])|\)\s*'|\\[lr]?Vert|\\\|")
WRAPPED = re.compile(r"\\(?:boldsymbol|mathbf|bm|vec|mathbb|underline|mathit)\s*(?:\{\s*([^{}]*)\s*\}|(\\[A-Za-z]+|[A-Za-z]))")
PRIME = re.compile(r"(?<=[\w)\]}])'")
SHAPE = re.compile(
    r"\s*\(?\s*([A-Za-z]\d*|\d+)\s*(?:(?:x|×|\\times|,|\*)\s*([A-Za-z]\d*|\d+)\s*)?,?\s*\)?\s*(positive definite|full (?:column )?rank|symmetric)?\s*$"
)
SQUARED_LETTER = re.compile(r"\\?(sigma|tau|omega|nu)\s*\}?\s*(?:\^|\*\*)\s*\{?\s*2|(?<![A-Za-z])(?:sigma|tau|omega|nu)2(?!\d)")
DESIGN = re.compile(r"(?<![A-Za-z\\])X\s*\*?\s*\\?(?:beta|theta|gamma|b|w)\s*[,+].*\\?(?:Sigma|Omega)(?![A-Za-z])", re.S)
BOLD_COVARIANCE = re.compile(r"\\(?:boldsymbol|mathbf|bm)\s*\{?\s*\\?Sigma")
IDENTITY_LETTER = "I"
NORM_SIGN = r"(?:\\left\s*|\\right\s*|\\[bB]igg?[lr]?\s*)?(?:\\\||\\[lr]?Vert(?![A-Za-z]))"
SQUARED_NORM = re.compile(NORM_SIGN + r"(.+?)" + NORM_SIGN + r"\s*(?:_\s*\{?\s*2\s*\}?\s*)?\^\s*\{?\s*2\s*\}?(?:\s*_\s*\{?\s*2\s*\}?)?")


@dataclass(frozen=True)
class ArrayText:
    """What a text in vectors and matrices says.

    response: the observed vector.  mean, covariance: of its normal law; None where a density was written out, which is `density` then.
    shapes: of the letters.  order: the letters as they come.
    """

    response: str
    mean: Formula | None
    covariance: Formula | None
    density: Formula | None
    shapes: Shapes
    order: tuple[str, ...]


def in_arrays(text: object, shapes: object) -> bool:
    """Whether a text is about vectors and matrices: shapes are given, a normal law has a unit matrix, or there are transposes and norms."""
    if not isinstance(text, str):
        return False
    if shapes:
        return True
    plain = unwrapped(text)
    if LAW.search(plain) or DENSITY.match(plain):
        return IDENTITY.search(plain) is not None or BOLD_COVARIANCE.search(text) is not None or DESIGN.search(plain) is not None
    return VECTOR_NOTATION.search(text) is not None and re.search(r"(?<![A-Za-z\\])X", plain) is not None and "exp" in text


def read_arrays(text: str, shapes: Mapping[str, str], declared: Sequence[str], syntax: str | None = None) -> ArrayText:
    """What a text says, its letters with their shapes.  Raises NotValid where they do not show, or do not fit."""
    plain = unwrapped(text).strip().strip("$").strip()
    stated = {canonical(k): _shape(k, v) for k, v in shapes.items()}
    syntax = syntax or decide_syntax(text)
    if syntax == "sympy":  # where I is the imaginary unit
        plain = IDENTITY.sub("I_n", plain)
    law = LAW.search(plain)
    if law is None and (written := DENSITY.match(plain)) is not None:
        first, *rest = _arguments(plain[written.end() :], r"[;|,]")
        return _of_law(first, first, rest, stated, declared, syntax, plain)
    if law is not None:
        subject = plain[: law.start()].strip()
        mean, covariance, *_ = [*_arguments(plain[law.end() :], ","), "", ""]
        response, error = _with_error(subject)
        if error is not None:
            mean = error
        return _of_law(response, subject, [mean, covariance], stated, declared, syntax, plain)
    return _written_out(plain, stated, declared, syntax)


def _of_law(
    response: str,
    subject: str,
    arguments: Sequence[str],
    stated: Mapping[str, tuple[Shape, str]],
    declared: Sequence[str],
    syntax: str,
    text: str,
) -> ArrayText:
    if len(arguments) < 2 or not arguments[1].strip():
        raise NotValid(
            "a normal law of a vector has a mean and a covariance matrix",
            text=text,
            position=0,
            hint=r"y \sim \mathcal N(X\beta, \sigma^2 I)",
        )
    name = canonical(response)
    if not re.fullmatch(r"[A-Za-z]\w*", name):
        raise NotValid(
            f"the left-hand side {subject!r} is one letter, or a letter and its mean with an error",
            hint=r"y \sim \mathcal N(X\beta, \sigma^2 I)",
        )
    mean, covariance = (_formula(a, declared, syntax) for a in arguments[:2])
    if isinstance(mean, Sym) and isinstance(covariance, Sym):
        return _sample(name.removesuffix("_i"), mean, covariance, stated)
    known = _inferred(mean, covariance, name, stated)
    covariance = _with_identity(covariance, known)
    m, c = typed(mean, known), typed(covariance, known)
    for f, what, wanted in ((m, "the mean", known.of(Sym(name))), (c, "the covariance", (known.of(Sym(name))[0],) * 2)):
        if known.of(f) != wanted:
            raise NotValid(
                f"{what} is {said(known.of(f))}, and {name} is {said(known.of(Sym(name)))}",
                hint="say the shapes: shapes={'X': 'n x p', 'beta': 'p'}",
            )
    order = tuple(dict.fromkeys(g.name for f in (m, c) for g in walk(f) if isinstance(g, Sym)))
    return ArrayText(name, m, c, None, known, order)


def _sample(x: str, mean: Sym, covariance: Sym, stated: Mapping[str, tuple[Shape, str]]) -> ArrayText:
    """Independent normal vectors x_i, the rows of a matrix, with the same mean and covariance matrix."""
    n, p = Sym("n"), stated[mean.name][0][0] if mean.name in stated else Sym("p")
    known = Shapes({x: (n, p), mean.name: (p, ONE), covariance.name: (p, p)}, definite=frozenset({covariance.name}))
    for k, (s, _) in stated.items():
        if k in known.of_letters and s != known.of_letters[k] and k != x:
            raise NotValid(f"{k} is {said(s)}, and {said(known.of_letters[k])} is wanted")
    return ArrayText(x, mean, covariance, None, known, (mean.name, covariance.name))


def _written_out(text: str, stated: Mapping[str, tuple[Shape, str]], declared: Sequence[str], syntax: str) -> ArrayText:
    """A density or likelihood with transposes and norms in it."""
    f = _formula(text, declared, syntax)
    if isinstance(f, Relation):
        f = f.sides[-1]
    known = _inferred(f, ONE, "y", stated)
    f = typed(f, known)
    known.number(f)
    order = tuple(dict.fromkeys(g.name for g in walk(f) if isinstance(g, Sym)))
    if "y" not in order:
        raise NotValid("the observed vector is y, and it does not occur", hint="call it y")
    return ArrayText("y", None, None, f, known, order)


def _inferred(mean: Formula, covariance: Formula, response: str, stated: Mapping[str, tuple[Shape, str]]) -> Shapes:
    """The shapes of letters: as stated; else the response is n x 1, a capital before a letter n x p and p x 1, further capitals n x n and
    positive definite, and other letters numbers."""
    n, p = Sym("n"), Sym("p")
    of: dict[str, Shape] = {k: s for k, (s, _) in stated.items()}
    of.setdefault(response, (n, ONE))
    length = of[response][0]
    columns = (k for k in ("p", "q", "m", "d") if k not in names(mean) | names(covariance))
    for g in each(mean, Mul):
        for a, b in zip(g.factors, g.factors[1:], strict=False):
            if isinstance(a, Sym) and isinstance(b, Sym) and _is_matrix(a.name) and a.name not in of:
                width = of[b.name][0] if b.name in of else Sym(next(columns, p.name))
                of[a.name] = (length, width)
                of.setdefault(b.name, (width, ONE))
    definite = {k for k, (_, what) in stated.items() if what == "positive definite"}
    full = {k for k, (s, what) in stated.items() if what.startswith("full")} | {
        k for k, s in of.items() if s[0] == length and s[1] not in (ONE, length) and (k not in stated or not stated[k][1])
    }
    for f in (mean, covariance):
        for h in walk(f):
            if isinstance(h, Sym) and _is_matrix(h.name) and h.name not in of and not _is_identity(h.name):
                of[h.name] = (length, length)
                definite.add(h.name)
    symmetric = {k for k, (_, what) in stated.items() if what == "symmetric"}
    for t in terms(mean):  # an offset
        bare = t.arg if isinstance(t, Neg) else t
        if isinstance(bare, Sym) and bare.name not in of and covariance != ONE:
            of[bare.name] = (length, ONE)
    return Shapes({k: s for k, s in of.items() if s != SCALAR}, frozenset(symmetric), frozenset(definite), frozenset(full))


def _with_identity(f: Formula, known: Shapes) -> Formula:
    """I, or I_n, as the unit matrix of the length of the response."""
    length = next(s[0] for s in known.of_letters.values() if s[1] == ONE)
    table: dict[Formula, Formula] = {}
    for g in walk(f):
        if isinstance(g, Sym) and _is_identity(g.name):
            table[g] = Call("eye", (length,))
    return replace_all(f, table)


def _is_identity(name: str) -> bool:
    return name.split("_")[0] == IDENTITY_LETTER


def _is_matrix(name: str) -> bool:
    first = name.split("_")[0]
    return first[:1].isupper() and (len(first) == 1 or first in ("Sigma", "Omega", "Lambda", "Phi", "Psi", "Gamma", "Delta"))


def _shape(name: str, text: str) -> tuple[Shape, str]:
    found = SHAPE.match(str(text))
    if found is None:
        raise NotValid(f"the shape of {name} is {text!r}", hint="write 'n x p', 'p', or 'p x p positive definite'")

    def size(t: str) -> Formula:
        return num(int(t)) if t.isdigit() else Sym(t)

    return (size(found[1]), size(found[2]) if found[2] else ONE), found[3] or ""


def _formula(text: str, declared: Sequence[str], syntax: str) -> Formula:
    squared = {m[1] or m[0].removesuffix("2") for m in SQUARED_LETTER.finditer(text)} | {k[:-1] for k in declared if k.endswith("2")}
    atoms = {k: k + "2" for k in squared if k not in declared}
    context = Context(parameters=frozenset(declared), data=frozenset(), functions=frozenset(), index=frozenset("ijk"), atoms=atoms)
    sentences = read_latex(text, context) if syntax == "latex" else read_sympy(text, context)
    if len(sentences) != 1:
        raise NotValid(f"{text!r} is not one formula")
    return sentences[0].formula


def _with_error(subject: str) -> tuple[str, str | None]:
    """The response and its mean of "y = X beta + e, e": the error has mean 0 and the law that follows."""
    parts = re.split(r"[,;]\s*(?:\\(?:quad|qquad|,|;)\s*)*(?:\\text\{[^{}]*\}|where|with)?\s*", subject)
    if len(parts) < 2 or "=" not in parts[0]:
        return subject, None
    response, right = parts[0].split("=", 1)
    error = re.escape(parts[-1].strip())
    mean = re.sub(rf"\+\s*{error}\s*$", "", right.strip()).strip()
    if mean == right.strip():
        raise NotValid(
            f"the error {parts[-1].strip()} does not stand at the end of {parts[0].strip()}",
            hint=r"y = X\beta + \varepsilon, \varepsilon \sim N(0, \sigma^2 I)",
        )
    return response.strip(), mean


def _arguments(rest: str, comma: str) -> list[str]:
    """The arguments up to the closing bracket, parted at commas that stand in no bracket of their own."""
    out, depth, now = [], 0, ""
    for c in rest:
        if c in "([{":
            depth += 1
        if c in ")]}":
            if depth == 0:
                break
            depth -= 1
        if depth == 0 and re.fullmatch(comma, c):
            out.append(now)
            now = ""
            continue
        now += c
    out.append(now.replace("\\right", ""))
    return [a.strip() for a in out]


def unwrapped(text: str) -> str:
    """The text without the commands that make a letter bold, with transposes and norms in one spelling."""
    out = text
    for _ in range(3):
        out = WRAPPED.sub(lambda m: " " + (m[1] or m[2]) + " " if m[1] is None or len(m[1]) > 0 else "", out)
    out = out.replace(r"\varepsilon", r"\epsilon").replace(r"\intercal", r"\top")
    out = PRIME.sub(r"^{\\top}", out) if "\\" in out else out
    return SQUARED_NORM.sub(r"(\1)^{\\top}(\1)", out)


__all__ = ["ArrayText", "in_arrays", "read_arrays", "unwrapped"]
