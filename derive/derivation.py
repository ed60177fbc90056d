"""A finished derivation with its conveniences: the result on other data, the write-up in every format."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from .array_pipeline import derive_arrays
from .derived import Derived
from .errors import NotSupported
from .family_pipeline import derive_families
from .formula.names import reported
from .formula.plain import in_one_line
from .formula.tree import Peak, SetOf, Span
from .pipeline import derive, in_general
from .problem.problem import Problem
from .rendering import document
from .rendering.template_rows import Step, steps
from .stages.mirror import mirrored
from .stages.report.evaluation import at_data, satisfied
from .trace import Outcome, Strength


class Derivation(Derived):
    """A maximum-likelihood derivation.  Made by `derivation` and `loss_derivation` only, after every line was verified."""

    @property
    def steps(self) -> list[Step]:
        """The sections in order, as plain text: title and lines with latex, reason and evidence."""
        return steps(self)

    def evaluate(self, data: object) -> dict[str, float]:
        """The symbolic result on other data: floats by reported parameter name.  Without a general form, or where the data do not
        satisfy what it needs, the question is asked anew with those data.

        Raises NotValid where the data cannot be read or lie outside the support.
        """
        p = self.problem
        if p.families is not None or p.arrays is not None:
            values = _derived(p.with_data(data)).numeric
            if values is None:
                raise NotSupported("with these data the likelihood has no maximum")
            return dict(values)
        general = {} if mirrored(p) is not None else self.general or in_general(p)  # how many signs there are shows with the data
        if general and not any(isinstance(f, Peak) for f in general.values()):  # what has no closed form is enclosed at the data
            try:
                sample = p.sample_of(data)
                values = at_data(general, sample, p)
                inside = all(p.parameters[k].contains(v, dict(values)) for k, v in values.items()) and p.allows(sample, values)
                if inside and satisfied(self.conditions, general, sample, p):
                    return {reported(k): v for k, v in values.items()}
            except NotSupported:  # other kinds of observations than those that the general form speaks of
                pass
        found = derive(p.with_data(data)).numeric
        if found is None:
            raise NotSupported("with these data the likelihood has no maximum")
        return {reported(k): v for k, v in found.items()}

    def to_markdown(self, *, detail: str | None = None, fragment: bool = False, heading: int | None = None, numbered: bool = False) -> str:
        """The write-up in Markdown with LaTeX mathematics.

        detail: "brief", "standard" or "full", here as in the other formats; where it is not given, that of the question.
        fragment: without title and preamble, for use inside another document, in Markdown, LaTeX and HTML.  heading: the level of the
        first heading there.  numbered: displays have numbers, with anchors.
        """
        return document.markdown(self, detail, document.Place(fragment, heading, numbered))

    def to_latex(self, *, detail: str | None = None, fragment: bool = False, heading: int | None = None, numbered: bool = False) -> str:
        """The write-up as a LaTeX document."""
        return document.latex_document(self, detail, document.Place(fragment, heading, numbered))

    def to_html(self, *, detail: str | None = None, fragment: bool = False, heading: int | None = None, numbered: bool = False) -> str:
        """The write-up as one HTML file: formulas in MathML, nothing from the network."""
        return document.html_document(self, detail, document.Place(fragment, heading, numbered))

    def to_typst(self, *, detail: str | None = None) -> str:
        """The write-up as a Typst document."""
        return document.typst_document(self, detail)

    def to_notebook(self, *, detail: str | None = None) -> str:
        """The write-up as a Jupyter notebook, in JSON.  Raises NotSupported where nbformat is not installed."""
        return document.notebook(self, detail)

    def to_dict(self) -> document.Values:
        """The write-up as plain values, ready for JSON."""
        return document.as_dict(self)

    def save(self, path: str | Path, *, detail: str | None = None) -> None:
        """Write the write-up to a file; the format is that of its ending (.md, .tex, .html, .pdf, .ipynb, .typ, .json)."""
        document.save(self, path, detail)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def __repr__(self) -> str:
        return f"<Derivation {', '.join(self._in_short())}>"

    def _in_short(self) -> list[str]:
        """The answer, the size of the sample and what carries the answer, in a few words each."""
        if self.outcome is Outcome.LOSS:
            return ["loss = " + _short(in_one_line(self.loss_formula))] if self.loss_formula is not None else ["loss"]
        verb = "in" if self.outcome is Outcome.NOT_UNIQUE else "="
        answers = self.reported_answers
        said = [f"{reported(k)} {verb if isinstance(f, (SetOf, Span)) else '='} {_short(in_one_line(f))}" for k, f in answers.items()]
        without = [reported(k) for k in self.problem.parameters if k not in answers]
        if self.outcome is Outcome.NONE:
            said = ["no maximum"]
        elif without:
            said.append(f"{' and '.join(without)} without a closed form")
        size = self.problem.as_asked.size
        weakest = max(self.certainty.values(), key=list(Strength).index, default=None)
        return said + ([f"n = {size}"] if size is not None else []) + ([str(weakest)] if weakest is not None else [])


SHOWN = 60  # characters of a formula in a line about the whole


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."


def derivation(problem: Problem) -> Derivation:
    """The maximum-likelihood derivation of a problem.  Raises NotValid or NotSupported with what stopped it."""
    return _with_conveniences(_derived(problem))


def _derived(problem: Problem) -> Derived:
    """By the stages for the kind of question that it is."""
    if problem.arrays is not None:
        return derive_arrays(problem)
    return derive(problem) if problem.families is None else derive_families(problem)


def loss_derivation(problem: Problem) -> Derivation:
    """The derivation of the loss that a noise model leads to.  Raises NotValid or NotSupported with what stopped it."""
    from .loss_pipeline import derive_loss  # needed for losses only

    return _with_conveniences(derive_loss(problem))


def _with_conveniences(d: Derived) -> Derivation:
    return Derivation(**{f.name: getattr(d, f.name) for f in fields(d)})
