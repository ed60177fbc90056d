"""A finished derivation: what was asked, every verified line, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .answers import without_hats
from .errors import NotSupported
from .formula.names import reported
from .formula.tree import Apply, Formula, Peak, transform
from .trace import Condition, Section, Words

if TYPE_CHECKING:
    import sympy

    from .problem.problem import Problem
    from .rendering.rows import Step


@dataclass(frozen=True)
class Derivation:
    """A maximum-likelihood derivation.  Made by the pipeline only, after every line was verified.

    outcome: "unique", "not unique" or "none".  how: by parameter "closed", "given others", "boundary", "numeric".
    """

    problem: Problem
    title: Words
    sections: tuple[Section, ...]
    outcome: str
    how: Mapping[str, str]
    answers: Mapping[str, Formula]
    general: Mapping[str, Formula]
    numeric: Mapping[str, float] | None = None
    conditions: tuple[Condition, ...] = ()
    named: Mapping[str, tuple[Formula, float | None]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    loss_formula: Formula | None = None

    @property
    def loss(self) -> sympy.Basic | None:
        """What is minimised, for a derivation of a loss: the observations and covariates indexed, vectors as letters."""
        from .formula.bridge import to_sympy

        if self.loss_formula is None:
            return None

        def plainly(f: Formula) -> Formula | None:
            return f.args[0] if isinstance(f, Apply) and f.name == "Transpose" else None

        return to_sympy(self.problem.without_means(transform(self.loss_formula, plainly)))

    @property
    def estimates(self) -> dict[str, sympy.Basic]:
        """By reported name the closed form: in n and `IndexedBase(variable)[i]` for a symbolic sample, else exact."""
        from .formula.bridge import answer

        return {reported(k): answer(self.problem.without_means(f)) for k, f in without_hats(self.answers).items()}

    @property
    def quantities(self) -> dict[str, tuple[sympy.Basic, float | None]]:
        """What was asked for at the estimate: exact, and as a float where there are data."""
        from .formula.bridge import answer

        return {k: (answer(self.problem.without_means(f)), v) for k, (f, v) in self.named.items()}

    @property
    def verified(self) -> bool:
        """Whether every displayed relation was checked and held."""
        return all(line.evidence.sound for s in self.sections for line in s.lines)

    @property
    def steps(self) -> list[Step]:
        """The sections in order, as plain text: title and lines with latex, reason and evidence."""
        from .rendering.rows import steps

        return steps(self)

    def evaluate(self, data: Any) -> dict[str, float]:
        """The symbolic result on other data: floats by reported parameter name.  Without a general form, or where whether
        a maximum exists shows with the data only, the question is asked anew with those data.

        Raises NotValid where the data cannot be read or lie outside the support.
        """
        from .pipeline import derive
        from .stages.report.evaluation import at_data

        p = self.problem
        together = any(isinstance(f, Peak) and len(f.unknowns) > 1 for f in self.general.values())
        if self.general and not together:
            try:
                sample = p.sample_of(data)
                values = at_data(self.general, sample, p)
                if all(p.parameters[k].contains(v, dict(values)) for k, v in values.items()) and p.allows(sample, values):
                    return {reported(k): v for k, v in values.items()}
            except NotSupported:  # other kinds of observations than those that the general form speaks of
                pass
        found = derive(p.with_data(data)).numeric
        if found is None:
            raise NotSupported("with these data the likelihood has no maximum")
        return {reported(k): v for k, v in found.items()}

    def to_markdown(self) -> str:
        """The write-up in Markdown with LaTeX mathematics."""
        from .rendering.document import markdown

        return markdown(self)

    def to_latex(self) -> str:
        """The write-up as a LaTeX document."""
        from .rendering.document import latex_document

        return latex_document(self)

    def to_dict(self) -> dict[str, Any]:
        """The write-up as plain values, ready for JSON."""
        from .rendering.document import as_dict

        return as_dict(self)

    def save(self, path: str | Path) -> None:
        """Write the write-up to a file; the format is that of its ending (.md, .tex, .json)."""
        from .rendering.document import save

        save(self, path)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()
