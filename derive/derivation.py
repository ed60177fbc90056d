"""A finished derivation with its conveniences: the result on other data, the write-up in every format."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from .derived import Derived
from .errors import NotSupported, NotValid
from .formula.names import reported
from .formula.plain import in_one_line
from .formula.tree import Peak, SetOf, Span
from .picture.drawing import figure
from .picture.picture import picture_of
from .picture.what import Picture
from .pipeline import derive, in_general
from .problem.problem import Problem
from .rendering import document, pictures, values
from .rendering.template_rows import Step, steps
from .rendering.terminal import terminal
from .stages.mirror import mirrored
from .stages.report.evaluation import at_data, satisfied
from .trace import Outcome, Strength

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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

    def plot(self, path: str | Path | None = None, *, level: float | None = None) -> Figure:
        """The log-likelihood with the estimate (one parameter), its contours (two) or profiles (more), and the data with the fitted
        density: a matplotlib figure, also written to a file (.svg, .png, .pdf) where a path is given.

        level: of the likelihood interval or region that is marked, as 0.95: an approximate one, by the chi-squared distribution of the
        likelihood ratio.  Where that does not hold, at an end of the domain or where the support moves, the same cut is named by the
        likelihood alone.  Raises NotValid where there are no data, NotSupported for
        what has no picture yet, and where matplotlib is not installed.
        """
        made = picture_of(self, level)
        return figure(made) if path is None else pictures.save(made, path)

    def to_markdown(
        self, *, detail: str | None = None, fragment: bool = False, heading: int | None = None, numbered: bool = False, plot: bool = False
    ) -> str:
        """The write-up in Markdown with LaTeX mathematics.

        detail: "brief", "standard" or "full", here as in the other formats; where it is not given, that of the question.
        fragment: without title and preamble, for use inside another document, in Markdown, LaTeX and HTML.  heading: the level of the
        first heading there.  numbered: displays have numbers, with anchors.  plot: whether the picture stands at the end, where the
        format holds one; level, where there is one: as for `plot`.
        """
        if plot:
            raise pictures.no_room("Markdown")
        return document.markdown(self, detail, document.Place(fragment, heading, numbered))

    def to_latex(
        self, *, detail: str | None = None, fragment: bool = False, heading: int | None = None, numbered: bool = False, plot: bool = False
    ) -> str:
        """The write-up as a LaTeX document."""
        if plot:
            raise pictures.no_room("LaTeX")
        return document.latex_document(self, detail, document.Place(fragment, heading, numbered))

    def to_html(
        self, *, detail: str | None = None, fragment: bool = False, heading: int | None = None, numbered: bool = False, plot: bool = False,
        level: float | None = None,
    ) -> str:  # fmt: skip
        """The write-up as one HTML file: formulas in MathML, nothing from the network."""
        return document.html_document(self, detail, document.Place(fragment, heading, numbered), self._picture(plot, level))

    def to_typst(self, *, detail: str | None = None, plot: bool = False, level: float | None = None) -> str:
        """The write-up as a Typst document."""
        return document.typst_document(self, detail, self._picture(plot, level))

    def to_text(self, *, detail: str | None = None, colour: bool = False, columns: int = 80) -> str:
        """The write-up as text for a terminal of so many columns, formulas in Unicode.  colour: bold headings, dim reasons."""
        return terminal(self, detail, columns, colour)

    def to_notebook(self, *, detail: str | None = None, plot: bool = False, level: float | None = None) -> str:
        """The write-up as a Jupyter notebook, in JSON.  Raises NotSupported where nbformat is not installed."""
        return document.notebook(self, detail, self._picture(plot, level))

    def to_dict(self) -> values.Values:
        """The derivation as plain values, ready for JSON: answers, and the page in each detail; `derive.schema("derivation")` describes them."""
        return values.as_dict(self)

    def save(self, path: str | Path, *, detail: str | None = None, plot: bool = False, level: float | None = None) -> None:
        """Write the write-up to a file; the format is that of its ending (.md, .tex, .html, .pdf, .ipynb, .typ, .json).  plot: with the
        picture at its end; beside a page in Markdown or LaTeX it is a file of its own.  level: as for `plot`."""
        document.save(self, path, detail, self._picture(plot, level))

    def _picture(self, plot: bool, level: float | None) -> Picture | None:
        """What the picture shows, where one is wanted."""
        if not plot and level is not None:
            raise NotValid("`level` is that of an interval in the picture", hint="write plot=True, level=0.95")
        return picture_of(self, level) if plot else None

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
    return _with_conveniences(derive(problem))


def loss_derivation(problem: Problem) -> Derivation:
    """The derivation of the loss that a noise model leads to.  Raises NotValid or NotSupported with what stopped it."""
    from .loss_pipeline import derive_loss  # needed for losses only

    return _with_conveniences(derive_loss(problem))


def _with_conveniences(d: Derived) -> Derivation:
    return Derivation(**{f.name: getattr(d, f.name) for f in fields(d)})
