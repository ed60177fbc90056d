"""A finished derivation with its conveniences: the result on other data, the write-up in every format."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from .derived import Derived
from .errors import NotSupported
from .formula.names import reported
from .formula.tree import Peak
from .pipeline import derive, in_general
from .problem.problem import Problem
from .rendering import document
from .rendering.template_rows import Step, steps
from .stages.report.evaluation import at_data


class Derivation(Derived):
    """A maximum-likelihood derivation.  Made by `derivation` and `loss_derivation` only, after every line was verified."""

    @property
    def steps(self) -> list[Step]:
        """The sections in order, as plain text: title and lines with latex, reason and evidence."""
        return steps(self)

    def evaluate(self, data: Any) -> dict[str, float]:
        """The symbolic result on other data: floats by reported parameter name.  Without a general form, or where whether
        a maximum exists shows with the data only, the question is asked anew with those data.

        Raises NotValid where the data cannot be read or lie outside the support.
        """
        p = self.problem
        general = self.general or in_general(p)
        together = any(isinstance(f, Peak) and len(f.unknowns) > 1 for f in general.values())
        if general and not together:
            try:
                sample = p.sample_of(data)
                values = at_data(general, sample, p)
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
        return document.markdown(self)

    def to_latex(self) -> str:
        """The write-up as a LaTeX document."""
        return document.latex_document(self)

    def to_dict(self) -> dict[str, Any]:
        """The write-up as plain values, ready for JSON."""
        return document.as_dict(self)

    def save(self, path: str | Path) -> None:
        """Write the write-up to a file; the format is that of its ending (.md, .tex, .json)."""
        document.save(self, path)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


def derivation(problem: Problem) -> Derivation:
    """The maximum-likelihood derivation of a problem.  Raises NotValid or NotSupported with what stopped it."""
    return _with_conveniences(derive(problem))


def loss_derivation(problem: Problem) -> Derivation:
    """The derivation of the loss that a noise model leads to.  Raises NotValid or NotSupported with what stopped it."""
    from .loss_pipeline import derive_loss  # needed for losses only

    return _with_conveniences(derive_loss(problem))


def _with_conveniences(d: Derived) -> Derivation:
    return Derivation(**{f.name: getattr(d, f.name) for f in fields(d)})
