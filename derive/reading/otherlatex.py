"""LaTeX that our own grammar does not know, read by latex2sympy2: determinants, matrices, rarer functions.

latex2sympy2 guesses where it should refuse, keeps global state and drops what it does not understand, so it is given
one normalised expression (names as single letters, no relations, differentials or functions of its guessing), it must
give back all of it (a factor put behind it must come back), and what it reads is accepted as a density only where that totals 1 (the caller's check).
"""

from __future__ import annotations

import re
import sys
import threading
import types
import typing
from typing import Any

from ..errors import NotValid
from ..formula.tree import Formula, Mul, Relation, replace_all
from ..formula.tree import Sym as Letter
from .context import Context, Sentence
from .tex import read_latex
from .tex.tokens import GREEK, Token, tokens

LONGEST = 400  # characters; it needs seconds for long sums
PLACEHOLDERS = "abcjklmnpqrstuvwxyz"
COMMANDS = frozenset({
    "frac", "sqrt", "ln", "exp", "sin", "cos", "tan", "sec", "csc", "cot", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh",
    "lfloor", "rfloor", "lceil", "rceil", "cdot", "times", "det", "binom", "pi",
})  # fmt: skip
MATRICES = frozenset(["matrix", "pmatrix", "bmatrix", "vmatrix"])
SYMBOLS = frozenset("{}^()[]|/+-*,!&")
ONLY_HERE = frozenset(["sec", "csc", "cot", "lceil", "det"])  # what our own grammar lacks
_lock = threading.Lock()


def worth_a_try(text: str) -> bool:
    """Whether a text that our own grammar refused holds something that only latex2sympy2 knows."""
    return len(text) <= LONGEST and re.search(r"\\(?:%s)\b|\\begin\s*\{.?matrix\}" % "|".join(ONLY_HERE), text) is not None


def read_density(text: str, context: Context) -> Sentence:
    """A density, perhaps after a left-hand side and an equals sign.  Raises NotValid as `read_other`."""
    head, sign, body = text.rpartition("=")
    if not sign:
        return Sentence(read_other(text, context))
    left = read_latex(head, context)
    if len(left) != 1 or isinstance(left[0].formula, Relation):
        raise NotValid("more than one equation")
    return Sentence(Relation((left[0].formula, read_other(body, context)), ("=",)), notation=left[0].notation)


def read_other(text: str, context: Context) -> Formula:
    """The expression that a text shows.  Raises NotValid where latex2sympy2 cannot be trusted with it."""
    if len(text) > LONGEST:
        raise NotValid("too long for the second reader")
    from ..formula.bridge import from_sympy  # which imports SymPy

    unified, toks = tokens(text)
    table: dict[str, Formula] = {}
    plain = _normalised(unified.text, toks, context, table)
    with _lock:
        parsed = _parsed(plain)
    return replace_all(from_sympy(parsed), {Letter(k): f for k, f in table.items()})


def _normalised(src: str, toks: list[Token], context: Context, table: dict[str, Formula]) -> str:
    """The tokens as LaTeX that latex2sympy2 reads one way only; fills the table from placeholders to what they stand for."""
    out: list[str] = []
    seen: dict[str, str] = {}
    j = 0
    while j < len(toks):
        t = toks[j]
        after = toks[j + 1] if j + 1 < len(toks) else None
        if t.kind == "letter" or (t.kind == "cmd" and t.value in GREEK and (t.value != "pi" or "pi" in context.parameters)):
            end = _name_end(toks, j)
            shown = src[t.start : toks[end - 1].end]
            if shown not in seen:
                if len(seen) == len(PLACEHOLDERS):
                    raise NotValid(f"{shown} cannot be handed on")
                seen[shown] = PLACEHOLDERS[len(seen)]
                table[seen[shown]] = read_latex(shown, context)[0].formula
            out.append(seen[shown])
            if end < len(toks) and toks[end].value in ("(", "[", "\\{"):
                if not isinstance(read_latex(shown + "(x)", context)[0].formula, Mul):
                    raise NotValid(f"the function {shown} cannot be handed on")
                out.append(r"\cdot")
            j = end
            continue
        if t.kind == "cmd" and t.value in ("begin", "end"):
            end = next((k for k in range(j, len(toks)) if toks[k].value == "}"), j)
            name = "".join(k.value for k in toks[j + 2 : end])
            if name not in MATRICES:
                raise NotValid(f"the environment {name} cannot be handed on")
            out.append(f"\\{t.value}{{{name}}}")
            j = end + 1
            continue
        if t.kind == "num" and out and out[-1].strip().isdigit():
            raise NotValid("two numbers in a row cannot be handed on")
        out.append(_one(t, after))
        j += 1
    return " ".join(out).replace("^ T", "^T")


def _one(t: Token, after: Token | None) -> str:
    """A token that is no name."""
    if t.kind == "cmd" and (t.value in COMMANDS or t.value == "log"):
        if t.value == "log" and after is not None and after.value == "_":
            raise NotValid("a logarithm to a base cannot be handed on")
        return r"\ln" if t.value == "log" else "\\" + t.value
    if t.kind == "cmd" and t.value == "T":
        return "T"
    if t.kind == "num" or (t.kind == "sym" and t.value in SYMBOLS):
        return t.value
    if t.kind in ("open", "close") and t.value in ("(", ")", "[", "]", "|"):
        return ("\\left" if t.kind == "open" else "\\right") + t.value
    if t.kind == "row":
        return r"\\"
    raise NotValid(f"{t.value} cannot be handed on")


def _name_end(toks: list[Token], j: int) -> int:
    """Where a letter with its subscript ends."""
    if j + 2 >= len(toks) or toks[j + 1].value != "_":
        return j + 1
    if toks[j + 2].value != "{":
        return j + 3
    return next((k + 1 for k in range(j + 2, len(toks)) if toks[k].value == "}"), len(toks))


def _parsed(plain: str) -> Any:
    """What latex2sympy2 makes of it.  That the letter behind comes back shows that nothing was dropped."""
    import sympy as sp

    # antlr4-python3-runtime 4.7.2 imports typing.io, which Python 3.13 no longer has
    if "typing.io" not in sys.modules:
        stub = types.ModuleType("typing.io")
        stub.TextIO, stub.BinaryIO = typing.TextIO, typing.BinaryIO  # type: ignore[attr-defined]
        sys.modules["typing.io"] = stub
    import latex2sympy2

    behind = sp.Symbol("F")
    saved = dict(latex2sympy2.variances), dict(latex2sympy2.var), latex2sympy2.frac_type
    try:
        got = latex2sympy2.latex2sympy(rf"\left( {plain} \right) \cdot F")
    except Exception as e:  # its errors are of many kinds, bare Exception among them
        raise NotValid(f"the second reader failed: {type(e).__name__}") from None
    finally:
        latex2sympy2.variances, latex2sympy2.var, latex2sympy2.frac_type = saved
    got = got.as_explicit() if isinstance(got, sp.MatrixExpr) else got
    if isinstance(got, sp.MatrixBase) and got.shape == (1, 1):
        got = got[0, 0]
    if not isinstance(got, sp.Expr):
        raise NotValid("the second reader found no expression")
    got = got.xreplace({s: sp.Symbol(s.name) for s in got.free_symbols})
    body = got.subs(behind, 1)
    if body.has(behind) or sp.expand(got - behind * body) != 0 or got.subs(behind, 0) != 0:
        raise NotValid("the second reader dropped a part")
    return body
