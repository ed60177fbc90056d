"""What the catalogue holds of a distribution: its declaration, and no answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, eq=False)
class Entry:
    """A named distribution.

    name, aliases: what it is called.  density: LaTeX (or SymPy text) of the density or mass function of one observation `variable`.
    parameters, known: letters to domains; the known ones are constants of the model.  support: of an observation.
    says: what it describes, in a sentence.  reference: author, work, section.
    """

    name: str
    density: str
    parameters: Mapping[str, str]
    support: str
    says: str
    reference: tuple[str, str, str]
    aliases: tuple[str, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)
    variable: str = "x"

    def __repr__(self) -> str:
        return f"<Entry {self.name}: {self.density}>"

    def __str__(self) -> str:
        letters = ", ".join(map(_ascii, self.parameters))
        known = f"; {', '.join(map(_ascii, self.known))} known" if self.known else ""
        also = f" (also {', '.join(self.aliases)})" if self.aliases else ""
        return f"{self.name}{also}: {letters}{known}. {self.says}"

    @property
    def source(self) -> str:
        """The reference in one piece."""
        return ", ".join(self.reference)


def _ascii(letter: str) -> str:
    return letter.replace("\\", "").replace("^", "")
