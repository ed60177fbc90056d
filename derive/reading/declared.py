"""Further wishes of a question: quantities, values, statistics, constraints, in its declared letters alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..errors import NotValid
from ..formula.names import canonical, in_words, reported
from ..formula.tree import Formula, Relation, Span, names, num
from .brackets import cut
from .context import Context
from .read import decide_syntax
from .sympytext import read_sympy
from .tex import read_latex

OPERATOR = re.compile(r"\s*\\?(?:P|Pr|E|Var|Cov|mean|median|mode|sd)\s*(?:[(\[{|]|\\[{|])")  # of what a random variable has


class Declared:
    """Reads formulas over the letters that a question declares."""

    def __init__(self, parameters: Iterable[str], known: Iterable[str], variables: Sequence[str], atoms: Mapping[str, str]):
        self.parameters, self.known, self.variables, self.atoms = tuple(parameters), tuple(known), tuple(variables), atoms

    def formula(self, text: Any, what: str) -> Formula:
        """A formula over the declared letters: a quantity, a value."""
        if isinstance(text, (int, float, Fraction)):
            return num(Fraction(str(text)))
        if isinstance(text, str) and OPERATOR.match(text):
            raise NotValid(
                f"{what} is a formula in the parameters, not {text!r}",
                hint="write it out: 1/lambda for a mean, exp(-3*lambda) for P(X > 3)",
            )
        f = self._read(text, what)
        if isinstance(f, Relation):
            raise NotValid(f"{what} is one expression, not {text!r}")
        return f

    def statistic(self, text: str) -> Formula:
        """What is summed over the sample: a formula in one observation."""
        what = f"the sum of {text}"
        f = self._read(text, what, self.variables)
        if isinstance(f, Relation) or not names(f) & set(self.variables):
            raise NotValid(f"{what} is not a sum over the observations", hint='write sums={"x": 30, "x**2": 70}')
        return f

    def constraints(self, texts: Sequence[Any]) -> tuple[Relation, ...]:
        """Equations and inequalities of the parameters; a chain is one for each of its signs."""
        if isinstance(texts, str):
            raise NotValid(f"`constraints` is a list, not the text {texts!r}", hint=f"write constraints=[{texts!r}]")
        out: list[Relation] = []
        for text in (one for t in texts for one in _several(t)):
            f = _without_sets(self._read(text, f"the constraint {text!r}"))
            if not isinstance(f, Relation) or any(s not in ("=", "<", "<=", ">", ">=") for s in f.signs):
                hint = 'write it like "p1 + p2 + p3 = 1" or "mu1 <= mu2"'
                raise NotValid(f"a constraint is an equation or an inequality, not {str(text)!r}", hint=hint)
            if not names(f) & set(self.parameters):
                raise NotValid(f"the constraint {text!r} mentions no parameter", hint="the parameters are " + in_words(self.parameters))
            out += [Relation((a, b), (s,)) for a, s, b in zip(f.sides, f.signs, f.sides[1:], strict=False)]
        return tuple(out)

    def _read(self, text: Any, what: str, observed: tuple[str, ...] = ()) -> Formula:
        """One statement over the declared letters."""
        context = Context(
            parameters=frozenset((*self.parameters, *self.known, *observed)), data=frozenset(self.variables) - set(observed), atoms=self.atoms, strict=True,
        )  # fmt: skip
        spelled = {*self.parameters, *self.known, *observed}
        if decide_syntax(str(text)) == "latex" and not _spells_out(str(text), spelled):
            sentences = read_latex(str(text), context)
        else:
            sentences = read_sympy(str(text), context)
        if len(sentences) != 1:
            raise NotValid(f"{what} is one expression, not {text!r}")
        f = sentences[0].formula
        strange = names(f) - set(self.parameters) - set(self.known) - {"n"} - set(observed)
        if strange:
            raise NotValid(
                f"{what} mentions {reported(sorted(strange)[0])}, which is not declared",
                hint="its letters may be " + in_words((*self.parameters, *self.known)),
            )
        return f


def _without_sets(f: Formula) -> Formula:
    """a in [b, c] as b <= a <= c."""
    match f:
        case Relation((a, Span(low, high, left, right)), ("in",)):
            return Relation((low, a, high), ("<" if left else "<=", "<" if right else "<="))
    return f


def _several(text: Any) -> list[Any]:
    """The equations and inequalities of one text: p1 = p2, p1 + p2 + p3 = 1."""
    if not isinstance(text, str):
        return [text]
    pieces = cut(text)
    return pieces if all(re.search(r"[<>=≤≥]|\\(?:le|ge)", p) for p in pieces) else [text]


def _spells_out(text: str, declared: set[str]) -> bool:
    """Whether a text without a backslash names a declared letter in full: theta/(1-theta)."""
    return "\\" not in text and any(len(w) > 1 and canonical(w) in declared for w in re.findall(r"[A-Za-z]\w*", text))
