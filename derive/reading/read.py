"""The public reader: what a formula says, as SymPy expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..calls import answered, of_sympy
from ..errors import NotValid
from ..formula.names import GREEK, canonical
from ..formula.tree import Formula, Relation
from .context import DATA, FUNCTIONS, Context, Sentence
from .sympytext import read_sympy
from .tex import read_latex

if TYPE_CHECKING:
    import sympy

KEYS = ("parameters", "data", "functions", "index", "atoms", "matrices", "decimal")
EXAMPLES = {
    "parameters": '["theta"]', "data": '["x"]', "functions": '["g"]', "index": '["i"]', "atoms": r'{"\\sigma^2": "sigma2"}',
    "matrices": '{"X": ("n", "p")}', "decimal": '","',
}  # fmt: skip


def _is_list(v: object) -> bool:
    return isinstance(v, (list, tuple, set, frozenset)) and all(isinstance(k, str) or of_sympy(k) for k in v)


def _are_atoms(v: object) -> bool:
    return isinstance(v, Mapping) and all(isinstance(k, str) and isinstance(w, str) for k, w in v.items())


def _are_shapes(v: object) -> bool:
    return isinstance(v, Mapping) and all(isinstance(k, str) and isinstance(w, (list, tuple)) for k, w in v.items())


FITS: Mapping[str, Callable[[object], bool]] = {"atoms": _are_atoms, "matrices": _are_shapes, "decimal": lambda v: v in (".", ",")}
COMMANDS = re.compile(r"\\|[\^_]\{")
LATEX = re.compile(r"\\|[\^_]\{|[^\x00-\x7f]")
SYMPY = re.compile(r"\*|[<>!]=|\b[A-Za-z]{2,}\s*\(|\[|^[\w\s+\-/.,<>=]*$|(?<![A-Za-z])(?:%s)\d*(?![A-Za-z])" % "|".join(sorted(GREEK)))


@dataclass(frozen=True, slots=True)
class Statement:
    """sides: SymPy expressions, data as `Indexed`.  relations between them.  condition: a side condition or None."""

    sides: tuple[sympy.Basic, ...]
    relations: tuple[str, ...]
    condition: sympy.Basic | None


def decide_syntax(text: str) -> str:
    """ "latex" or "sympy", from the text: a backslash, a brace after ^ or a Greek character is LaTeX (but not beside **), a star, a sign such as <= or the
    name of a function before a bracket or of a Greek letter is SymPy text, and x^2 or p(1-p) without any of them is LaTeX again."""
    if LATEX.search(text):
        return "sympy" if "**" in text and not COMMANDS.search(text) and not set(text) & set("²³⁻ⁿ√∑·") else "latex"
    return "sympy" if SYMPY.search(text) else "latex"


@answered
def read(text: str, names: Mapping[str, Any] | None = None, syntax: str | None = None) -> list[Statement]:
    """What a formula says: a list of statements.

    names: what is declared (parameters, data, functions, index: lists of names; atoms: LaTeX to name;
    matrices: name to shape; decimal: the decimal sign).  syntax: "latex", "sympy" or None.
    Raises NotValid for what cannot be read, naming the place.
    """
    if not isinstance(text, str):
        raise NotValid(f"a formula is text, not {type(text).__name__}")
    if not (syntax is None or isinstance(syntax, str)):
        raise NotValid(f"`syntax` is 'latex', 'sympy' or None, not {syntax!r}")
    context = context_of(names)
    syntax = syntax or decide_syntax(text)
    if syntax == "latex":
        sentences = read_latex(text, context)
    elif syntax == "sympy":
        sentences = read_sympy(text, context)
    else:
        raise NotValid(f"`syntax` is 'latex', 'sympy' or None, not {syntax!r}")
    return [_statement(s, context) for s in sentences]


def context_of(names: Mapping[str, Any] | None) -> Context:
    """The context that a mapping of declared names describes."""
    if names is None:
        return Context()
    if not isinstance(names, Mapping):
        raise NotValid(f"`names` is a mapping of what is declared, not {names!r}", hint="its keys are " + ", ".join(KEYS))
    for key, value in names.items():
        if key not in KEYS:
            raise NotValid(f"`names` has no key {key!r}", hint="its keys are " + ", ".join(KEYS))
        if not (value is None or FITS.get(key, _is_list)(value)):
            raise NotValid(f"`names` has {value!r} for {key!r}", hint="write for example " + EXAMPLES[key])

    def listed(key: str, default: frozenset[str]) -> frozenset[str]:
        given: Sequence[str] | None = names.get(key)
        return default if given is None else frozenset(canonical(str(k)) for k in given)

    atoms = {canonical(k).removesuffix("2"): canonical(v) for k, v in (names.get("atoms") or {}).items()}
    functions = listed("functions", frozenset())
    parameters = listed("parameters", frozenset())
    matrices = {canonical(k): tuple(v) for k, v in (names.get("matrices") or {}).items()}
    data = listed("data", DATA)
    return Context(
        parameters=parameters, data=data - functions, functions=(FUNCTIONS - parameters) | functions, index=listed("index", frozenset({"i"})),
        atoms=atoms, matrices=matrices, decimal=str(names.get("decimal", ".")),
    )  # fmt: skip


def _statement(s: Sentence, context: Context) -> Statement:
    f = s.formula
    sides: tuple[Formula, ...] = f.sides if isinstance(f, Relation) else (f,)
    signs = f.signs if isinstance(f, Relation) else ()
    return Statement(
        tuple(_expression(g, context) for g in sides), signs, None if s.condition is None else _expression(s.condition, context)
    )


def _expression(f: Formula, context: Context) -> sympy.Basic:
    from ..formula.bridge import to_sympy

    try:
        return to_sympy(f)
    except (TypeError, ValueError) as e:
        raise NotValid(f"this formula has no meaning: {e}") from None
