"""A finished derivation with its conveniences: the result on other data, the write-up in every format."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .array_pipeline import derive_arrays
from .derived import Derived
from .errors import NotSupported, NotValid
from .family_pipeline import derive_families
from .formula.names import reported
from .formula.plain import in_one_line
from .formula.tree import Formula, Peak, SetOf, Span
from .inference.after import After
from .inference.callables import lambdify
from .inference.hypothesis import HypothesisKind, HypothesisTest, tested
from .inference.intervals import Intervals, Kind
from .inference.page import with_inference
from .inference.sample_likelihood import sample_likelihood
from .inference.summary import Summary, summary
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
    import sympy
    from matplotlib.figure import Figure


class Derivation(Derived):
    """A maximum-likelihood derivation.  Made by `derivation` and `loss_derivation` only, after every line was verified."""

    @property
    def steps(self) -> list[Step]:
        """The sections in order, as plain text: title and lines with latex, reason and evidence."""
        return steps(self)

    # -- after the estimate ---------------------------------------------------------------------------

    @cached_property
    def _after(self) -> After:
        if self.problem.families is not None or self.problem.arrays is not None:
            raise NotSupported(
                "what comes after the estimate is not worked out for vectors, matrices and parameters with an index yet",
                hint="write out a few parameters, each with a letter of its own",
            )
        return After(self, lambda: in_general(self.problem))

    @property
    def log_likelihood(self) -> sympy.Basic:
        """The log-likelihood in the parameters, with the data in it where they become numbers; for a symbolic sample in n and
        `IndexedBase(variable)[i]`.  Raises NotSupported where there is none as one formula."""
        return self._shown(self._after.likelihood.formula)

    @property
    def score(self) -> dict[str, sympy.Basic]:
        """By parameter the derivative of the log-likelihood."""
        return {reported(k): self._shown(f) for k, f in self._after.likelihood.score.items()}

    @property
    def hessian(self) -> sympy.ImmutableMatrix:
        """The second derivatives of the log-likelihood, rows and columns in the order of `score`."""
        return self._in_sympy(self._after.likelihood.hessian)

    @property
    def information(self) -> dict[str, sympy.ImmutableMatrix | None]:
        """ "observed": minus the second derivatives of the log-likelihood; "expected": Fisher's information of the sample, None where it
        has no closed form.  In the parameters, rows and columns in the order of `standard_errors`: a parameter on which the support
        depends, or that takes separate values only, has no information in the usual sense and is left out.

        Raises NotSupported where that is so of every parameter.
        """
        self._after.refuse_none()
        found = {"observed": self._after.observed_or_none, "expected": self._after.of_sample}
        return {k: None if m is None else self._in_sympy(m) for k, m in found.items()}

    @property
    def covariance(self) -> sympy.ImmutableMatrix:
        """The approximate covariance of the estimates: the inverse, at the estimate, of the expected information where that has a closed
        form, else of the observed one (`covariance_source` says which).  Numbers where there are data.

        Raises NotSupported where the normal approximation is not known to hold: at an end of a domain, for a singular information.
        """
        import sympy

        a = self._after
        if a.numbers is not None and not a.exact:
            return sympy.ImmutableMatrix([[sympy.Float(v) for v in row] for row in a.whole_in_numbers])
        found = a.whole_covariance
        if found is None:
            raise NotSupported("the inverse of the information is too long to be written", hint="give the data")
        if a.numbers is not None:
            a.covariance_in_numbers  # noqa: B018 - raises where it is not positive definite
        return self._in_sympy(tuple(tuple(map(a.at_estimate, row)) for row in found))

    @property
    def covariance_source(self) -> str:
        """ "expected" or "observed": which information `covariance` and `standard_errors` are the inverse of."""
        return str(self._after.source)

    @property
    def standard_errors(self) -> dict[str, sympy.Basic]:
        """By parameter the root of its entry on the diagonal of `covariance`.  Raises NotSupported as that does."""
        import sympy

        m = self.covariance
        return {reported(k): sympy.sqrt(m[j, j]) for j, k in enumerate(self._after.everyone)}

    def intervals(self, level: float = 0.95, kind: str = "wald") -> dict[str, tuple[float, float]]:
        """By parameter, and for "wald" by quantity too, the ends of an interval at the data.

        kind: "wald", the estimate plus and minus a multiple of its standard error, on the scale of the logarithm or logit where the
        domain is bounded; "likelihood", where the profile log-likelihood is near enough to its maximum; "score", for a single
        parameter, where the standardised score is small enough.  Raises NotSupported where the approximation is not known to hold.
        """
        if kind not in tuple(Kind):
            raise NotValid(f"`kind` is {', '.join(repr(str(k)) for k in Kind)}, not {kind!r}")
        made = Intervals(self._with_data())
        return {Kind.WALD: made.wald, Kind.LIKELIHOOD: made.likelihood, Kind.SCORE: made.score}[Kind(kind)](level)

    @property
    def aic(self) -> float:
        """Akaike's criterion: twice the number of free parameters less twice the log-likelihood at the estimate."""
        a = self._with_data()
        return 2 * a.free - 2 * a.height

    @property
    def bic(self) -> float:
        """Schwarz's criterion: the number of free parameters times log n, less twice the log-likelihood at the estimate."""
        a = self._with_data()
        size = self.problem.as_asked.size
        if size is None:
            raise NotSupported("the number of observations is not known")
        return a.free * math.log(size) - 2 * a.height

    def test(self, values: Mapping[str, float | str], kind: str = "likelihood") -> HypothesisTest:
        """The test of the hypothesis that some parameters have given values, the others free: statistic, degrees of freedom, p-value.

        kind: "likelihood" (the likelihood ratio), "wald" or "score".  Raises NotValid for other names or kinds, NotSupported where the
        approximation by chi-squared is not known to hold.
        """
        if kind not in tuple(HypothesisKind):
            raise NotValid(f"`kind` is {', '.join(repr(str(k)) for k in HypothesisKind)}, not {kind!r}")
        after, names = self._with_data(), {reported(k): k for k in self.problem.parameters}
        if not values or any(k not in names for k in values):
            raise NotValid(f"`values` is a mapping of some of {', '.join(names)} to numbers", hint='{"mu": 0}')
        wanted = {names[k]: _number(k, v) for k, v in values.items()}
        for k, v in wanted.items():
            if not self.problem.parameters[k].interior.contains(v, dict(after.numbers or {})):
                raise NotValid(f"{reported(k)} = {v:g} lies outside its domain, or at an end of it ({self.problem.parameters[k].words()})")
        return tested(after, wanted, HypothesisKind(kind))

    def summary(self, level: float = 0.95) -> Summary:
        """Estimates, standard errors, intervals and fit as a table, which shows itself as text, in Markdown and in HTML."""
        return summary(self._with_data(), level)

    def lambdify(self, what: str = "log_likelihood", backend: str = "numpy") -> Callable[..., Any]:
        """A function of the parameters, the given constants and the data, in the order of the question or by name.

        what: "log_likelihood", "score" (a list) or "hessian" (a list of rows).  backend: "python", "numpy" (faster with SciPy where special
        functions occur), "jax" or "torch".  Raises NotSupported where the library is not installed or lacks a function.
        """
        p = self.problem
        plain = p if p.sample is None else p.without_data()
        return lambdify(self._after.likelihood if p.sample is None else sample_likelihood(plain), what, backend)

    def _with_data(self) -> After:
        if self.outcome is Outcome.NONE:
            raise NotSupported("the likelihood has no maximum")
        if self._after.numbers is None:
            raise NotSupported("there are no data", hint="give the data")
        return self._after

    def __getstate__(self) -> dict[str, Any]:
        """For pickling: the derivation; what follows from it is worked out anew."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def _shown(self, f: Formula) -> sympy.Basic:
        from .formula.bridge import answer

        return answer(self.problem.without_means(self._after.likelihood.at_data(f)))

    def _in_sympy(self, rows: tuple[tuple[Formula, ...], ...]) -> sympy.ImmutableMatrix:
        import sympy

        return sympy.ImmutableMatrix([[self._shown(f) for f in row] for row in rows])

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


def _number(name: str, value: object) -> float:
    """A number, or a text for one, 1/2."""
    try:
        return float(value if not isinstance(value, str) else Fraction(value.strip()))  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        raise NotValid(f"the value of {name} is not a number: {value!r}", hint='write {"mu": 0} or {"mu": "1/2"}') from None


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."


def derivation(problem: Problem) -> Derivation:
    """The maximum-likelihood derivation of a problem.  Raises NotValid or NotSupported with what stopped it."""
    return _with_conveniences(_derived(problem))


def _derived(problem: Problem) -> Derived:
    """By the stages for the kind of question that it is."""
    if problem.arrays is not None:
        return derive_arrays(problem)
    if problem.families is not None:
        return derive_families(problem)
    d = derive(problem)
    return with_inference(d, lambda: in_general(d.problem))


def loss_derivation(problem: Problem) -> Derivation:
    """The derivation of the loss that a noise model leads to.  Raises NotValid or NotSupported with what stopped it."""
    from .loss_pipeline import derive_loss  # needed for losses only

    return _with_conveniences(derive_loss(problem))


def _with_conveniences(d: Derived) -> Derivation:
    return Derivation(**{f.name: getattr(d, f.name) for f in fields(d)})
