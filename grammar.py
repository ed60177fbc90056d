"""What the modules of the grammar ask of one another: each method is defined in the module that is named here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from ...formula.tree import Formula
from ..context import Context
from .stream import Stream
from .tokens import Token

RELATIONS = {
    "=": "=", "<": "<", ">": ">", "le": "<=", "ge": ">=", "ne": "!=", "propto": "propto", "approx": "approx", "sim": "~", "equiv": "=",
    ":=": ":=",
}  # fmt: skip
CONNECTIVES = {"implies": "implies", "iff": "iff", "therefore": "implies", "to": "implies"}
Subscript = str | tuple[Formula, ...]


class Grammar(Stream, ABC):
    """The readings that call one another across modules."""

    def __init__(self, text: str, context: Context):
        super().__init__(text, context)
        self.bound: list[str] = []  # the indices of the sums around this place
        self.integrals = 0  # how many integrals wait for their d
        self.bars = False  # whether a | closes
        self.inside = False  # whether a bracket is open, so that wide blanks do not end the expression

    # expressions
    @abstractmethod
    def expression(self) -> Formula:
        """A sum of terms."""

    @abstractmethod
    def term(self) -> Formula:
        """A product."""

    @abstractmethod
    def factor(self) -> Formula:
        """A signed atom with its powers."""

    @abstractmethod
    def atom(self) -> Formula:
        """A number, a bracket, a letter, a command."""

    @abstractmethod
    def starts(self) -> bool:
        """Whether another factor begins here."""

    @abstractmethod
    def inner(self, bars: bool = False) -> Formula:
        """An expression in brackets: blanks do not end it."""

    @abstractmethod
    def bracketed(self, closing: str) -> Formula:
        """After an opening delimiter: an expression up to the closing one."""

    @abstractmethod
    def content(self, toks: list[Token]) -> Formula:
        """What stands between braces."""

    # letters
    @abstractmethod
    def base(self) -> str | None:
        """A letter, a Greek letter, an accented or styled one."""

    @abstractmethod
    def subscript(self, base: str) -> Subscript:
        """What stands below a base: a label or indices."""

    @abstractmethod
    def letter(self, name: str, token: Token) -> Formula:
        """A name as a formula."""

    @abstractmethod
    def indexed(self, base: str, index: tuple[Formula, ...]) -> Formula:
        """A name with indices as a formula."""

    @abstractmethod
    def raised(self, f: Formula, exponent: Formula) -> Formula:
        """A power."""

    # names
    @abstractmethod
    def named(self) -> Formula:
        """A command, a word, a letter: a function call or a letter."""

    # calls
    @abstractmethod
    def function(self, name: str) -> Formula:
        """A known function and its argument."""

    @abstractmethod
    def call(self, t: Token, base: str, name: str, primes: int) -> Formula | None:
        """A function call, where the name is that of a function."""

    @abstractmethod
    def arguments(self) -> tuple[Formula, ...]:
        """(a, b; c | d) after the name of a function."""

    @abstractmethod
    def listed(self, closing: str) -> tuple[Formula, ...]:
        """After an opening bracket: members up to the closing one."""

    # conditions
    @abstractmethod
    def sign(self) -> str | None:
        """A relation sign, taken."""

    @abstractmethod
    def set_literal(self) -> Formula:
        """A set."""

    @abstractmethod
    def looks_like_indicator(self) -> bool:
        """Whether the letter I here is an indicator."""

    @abstractmethod
    def indicator(self) -> Formula:
        """After the sign of an indicator: its condition."""

    @abstractmethod
    def cases_after(self, opening: str) -> Formula | None:
        """A cases environment in a bracket."""

    # structures
    @abstractmethod
    def structure(self, command: str) -> Callable[[], Formula] | None:
        """The reading of what follows a command with a structure of its own."""

    @abstractmethod
    def extreme(self, word: str) -> Formula:
        """After max or min."""

    @abstractmethod
    def arg_extreme(self, word: str) -> Formula:
        """After argmax or argmin."""

    # derivatives
    @abstractmethod
    def derivative(self, top: list[Token], bottom: list[Token]) -> Formula | None:
        """A derivative written as a fraction."""

    @abstractmethod
    def differential(self) -> bool:
        """A d or partial, taken."""

    @abstractmethod
    def is_differential(self) -> bool:
        """Whether the d of an integral comes next."""
