"""What the writer's names mean, once for the whole document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from ...formula.names import hat
from ...formula.tree import (
    Apply,
    At,
    Big,
    Call,
    Const,
    Div,
    Formula,
    N,
    Neg,
    Num,
    Pow,
    Sym,
    Transformer,
    neg,
    num,
    replace_all,
    total,
    transform,
    walk,
)
from ...problem.problem import Problem
from ...reading.context import OWN_SIZE
from ...sample.sample import Sample
from .model import Model, model_of
from .symbol_table import Book

ELL = Apply("ell", ())
# the readings of a name for the likelihood, as a function of the log-likelihood at its arguments
MODES: Mapping[str, Callable[[Formula], Formula]] = {
    "likelihood": lambda e: Call("exp", (e,)),
    "loglik": lambda e: e,
    "-loglik": neg,
    "mean": lambda e: Div(e, N),
    "-mean": lambda e: Div(neg(e), N),
    "one": lambda e: Call("log", (Apply("f", ()),)),
    "own": lambda e: e,
}
DEFAULT = {"L": "likelihood", "ell": "loglik", "nll": "-loglik", "f": "density", "pi": "constant", "n": "sample", "tied": "yes"}
# bits that a reading costs: "mean of" makes a lost n right, so one relation does not carry it
COST = {"mean": 1.0, "-mean": 1.0, "one": 1.0, "-loglik": 0.5}
MODE_CANDIDATES = {
    "L": ("likelihood", "loglik", "-loglik", "mean", "-mean"),
    "ell": ("loglik", "-loglik", "mean", "-mean", "likelihood", "one"),
    "nll": ("-loglik", "-mean"),
    "f": ("density", "joint"),
}


@dataclass(frozen=True, eq=False)
class Binding:
    """modes: how each name for the likelihood is read.  letters, functions: the writer's own names with their meanings.
    renamed: letters that stand for a parameter of the question.  fixed: values of what the question leaves open.
    data: observations, or n and sums, told in the text."""

    modes: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULT))
    letters: Mapping[str, Formula] = field(default_factory=dict)
    functions: Mapping[str, tuple[tuple[Formula, ...], Formula]] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Fraction] = field(default_factory=dict)
    data: Any = None
    lists: Mapping[str, tuple[Fraction, ...]] = field(default_factory=dict)  # observations that the text names
    general: bool = False  # without the data of the question
    estimates: Mapping[str, Formula] = field(default_factory=dict)
    told: frozenset[str] = frozenset()  # names of the likelihood that the text writes by the density
    certain: frozenset[str] = frozenset()  # of the guessed letters those that several relations bear out
    guessed: frozenset[str] = frozenset()  # letters whose meaning the text does not say

    def mode(self, name: str, mode: str) -> Binding:
        return replace(self, modes={**self.modes, name: mode})

    def letter(self, name: str, meaning: Formula, guessed: bool = False) -> Binding:
        """With a meaning for a letter; guessed: the text does not say it, an equation does."""
        return replace(self, letters={**self.letters, name: meaning}, guessed=self.guessed | {name} if guessed else self.guessed)

    def define(self, head: Formula, body: Formula) -> Binding:
        """With a definition: a letter, a family x_i or a function."""
        book = self.book()
        book.define(head, body)
        return replace(self, letters=dict(book.letters), functions=dict(book.functions))

    def rename(self, name: str, parameter: str) -> Binding:
        return replace(self, renamed={**self.renamed, name: parameter})

    def book(self) -> Book:
        return Book(letters=dict(self.letters), functions=dict(self.functions), estimates=dict(self.estimates))

    def translated(self, f: Formula) -> Formula:
        """A side with the names for the likelihood put as what they are, and renamed parameters by the question's names."""
        f = self._likelihoods(f)
        if self.lists:
            f = transform(f, self._listed)
        if self.modes["n"] == "trials":
            f = replace_all(f, {N: Sym(OWN_SIZE), Sym("N"): N})
        if self.renamed:
            table: dict[Formula, Formula] = {Sym(a): Sym(b) for a, b in self.renamed.items()}
            table |= {hat(a): hat(b) for a, b in self.renamed.items()}
            f = replace_all(f, table)
        return f

    @cached_property
    def _likelihoods(self) -> Transformer:
        """The change of names for the likelihood, and of pi."""

        def one(g: Formula) -> Formula | None:
            if g == Const("pi") and self.modes["pi"] == "own":
                return Sym("pi_own")
            if isinstance(g, Apply) and g.name == "f":
                whole = not any(isinstance(a, (At, Num, Neg)) for a in g.args)
                return Call("exp", (Apply("ell", ()),)) if self.modes["f"] == "joint" and whole else None
            if isinstance(g, Apply) and g.name in self.modes and self.modes[g.name] not in (DEFAULT[g.name], "own"):
                return MODES[self.modes[g.name]](Apply("ell", g.args))
            return None

        return Transformer(one, Apply, Const)

    def _listed(self, g: Formula) -> Formula | None:
        """x_i of a list of the text, its mean, and sums over it."""
        if isinstance(g, At) and g.base in self.lists:
            return At(g.base + "#own", g.index)
        if isinstance(g, Sym) and g.name.removesuffix("_bar") in self.lists and g.name.endswith("_bar"):
            return Div(
                total(At(g.name.removesuffix("_bar") + "#own", (Sym("#i"),)), "#i", num(len(self.lists[g.name.removesuffix("_bar")]))),
                num(len(self.lists[g.name.removesuffix("_bar")])),
            )
        if isinstance(g, Big) and g.high == N:
            own = [h.base.removesuffix("#own") for h in walk(g.body) if isinstance(h, At) and h.base.endswith("#own")]
            bare = [h.name for h in walk(g.body) if isinstance(h, Sym) and h.name in self.lists]
            if own or bare:
                body = replace_all(g.body, {Sym(k): At(k + "#own", (Sym(g.index),)) for k in bare})
                return Big(g.kind, g.index, g.low, num(len(self.lists[(own + bare)[0]])), body)
        return None

    @property
    def specialises(self) -> bool:
        """Whether it fixes what the question leaves open."""
        return bool(self.fixed) or self.data is not None

    @cached_property
    def question(self) -> tuple[Any, ...]:
        """What it makes of the question, as a key."""
        return tuple(sorted(self.fixed.items())), repr(self.data), self.general

    @cached_property
    def cost(self) -> float:
        """Bits of evidence that it takes."""
        return sum(COST.get(m, 0.0) for name, m in self.modes.items() if m != DEFAULT[name] and name not in self.told)

    def meanings(self, name: str) -> Iterator[Formula]:
        """The meanings of a name, of a letter, a function or a family."""
        if name in self.letters:
            yield self.letters[name]
        for head in (name, name + "[]"):
            if head in self.functions:
                yield self.functions[head][1]

    def meaning_of(self, used: set[str]) -> tuple[Any, ...]:
        """What a relation with these names means, as a key."""
        own = [(k, f) for k, f in self.letters.items() if k in used]
        functions = [(k, f) for k, f in self.functions.items() if k.removesuffix("[]") in used]
        modes = [(k, m) for k, m in self.modes.items() if k in used or k in ("pi", "n", "tied")]
        renamed = [(k, v) for k, v in self.renamed.items() if k in used]
        return tuple(own), tuple(functions), tuple(modes), tuple(renamed), tuple(self.lists), bool(self.estimates), self.question


def sums_of(v: str) -> tuple[tuple[str, Formula], ...]:
    """The sums of the observations that a text may give, in the words of `Sample`, with their terms."""
    return (v, Sym(v)), (f"{v}**2", Pow(Sym(v), num(2))), (f"log({v})", Call("log", (Sym(v),)))


def specialised(problem: Problem, binding: Binding) -> Model:
    """The question with what the text fixes of it.  Raises DeriveError, ValueError where that is impossible."""
    p = problem
    if binding.fixed:
        known = {k: v for k, v in binding.fixed.items() if k in problem.known}
        p = problem.replace(
            known={k: d for k, d in problem.known.items() if k not in known},
            values={**problem.values, **{k: num(v) for k, v in known.items()}},
        )
        if "n" in binding.fixed and problem.sample is None:
            p = p.replace(given_size=int(binding.fixed["n"]))
    if binding.data is not None:
        p = p.with_data(binding.data)
        if isinstance(binding.data, Sample) and binding.data.sums:
            table = dict(sums_of(problem.variables[0]))
            p = p.replace(sums={k: (table[k], s) for k, s in binding.data.sums.items()})
    return model_of(p)
