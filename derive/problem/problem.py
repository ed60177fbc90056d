"""The question: a density, what to estimate, what was observed.  Read and validated once, immutable after."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any, Unpack

from ..errors import NotSupported, NotValid
from ..formula.names import reported
from ..formula.plain import in_one_line
from ..sample.columns import fractions
from ..sample.sample import Sample, as_sample
from ..sample.table import Choice, is_table
from .arguments import PredictionArguments, explicit
from .ask import ask
from .ask_arrays import array_data
from .ask_families import with_data
from .problemfile import load_problem_file
from .settled import Settled
from .validation import check_sample


class Problem(Settled):
    """A validated question: the arguments are those of `derive.mle`.  Raises `NotValid` or `NotSupported`."""

    @explicit(PredictionArguments)
    def __init__(self, density: object = None, **question: Unpack[PredictionArguments]):
        settled = ask(density, question)
        super().__init__(**{f.name: getattr(settled, f.name) for f in fields(Settled)})

    @classmethod
    def load(cls, path: str | Path) -> Problem:
        """Read a problem file (TOML): the arguments as keys, a [sample] table for `Sample`."""
        return cls(**load_problem_file(path))

    def __repr__(self) -> str:
        head = "L" if self.whole else f"f({', '.join(map(reported, self.observed))}"
        letters = ", ".join(map(reported, self.parameters))
        size = "" if self.size is None else f", n = {self.size}"
        return f"<Problem {head}{'(' if self.whole else '; '}{letters}) = {in_one_line(self.written)}{size}>"

    def refuse(self) -> None:
        """Raise NotSupported for what can be asked and checked, and cannot be derived yet."""
        if self.prediction is not None:
            raise NotSupported(
                "a prediction leads to a loss, not to an estimate", hint="ask for it with derive.loss, or leave `prediction` out"
            )
        partly = self.sample is not None and self.observations is None and not self.sample.is_large
        if self.restrictions and (self.covariates or partly or len(self.variables) > 1):
            v = self.restrictions[0][0]
            raise NotSupported(
                f"the support {self.support[v].text(v)} of {v} depends on a parameter and is not an interval that can be read off; "
                "this is supported for exact observations of one variable",
                hint=f"write it as an interval, as in 'a <= {v} <= b'",
            )
        weightless = self.sample is not None and len(self.sample.weights) and not all(fractions(self.sample.weights))
        plainly = (
            partly
            and len(self.variables) == 1
            and not set(self.sample.kinds if self.sample is not None else ()) & {"truncation", "sums"}
            and not (weightless and (self.known or self.implied))  # what weighs nothing bounds nothing
        )
        if self.moving and (
            self.covariates or (partly and not plainly) or any(d.letters & set(self.variables) for d in self.support.values())
        ):
            raise NotSupported(
                f"the support depends on {self.moving[0]}, which is to be estimated; "
                "this is supported for exact observations whose support is an interval in each variable"
            )
        separate = [k for k, d in self.parameters.items() if d.discrete]
        several = len(self.parameters) > 1 and not self.separate_ends and self.whole_beside is None
        if separate and (several or len(self.variables) > 1 or self.covariates or partly):
            raise NotSupported(
                f"{reported(separate[0])} takes separate values only ({self.parameters[separate[0]].words()}); "
                "this is supported for a single parameter and exact observations of one variable, and for a whole number beside others "
                "with given data",
                hint="state an interval as its domain" if self.observations is not None else "give the data",
            )

    def sample_of(self, data: Any) -> Sample:
        """Other data for this question, read and checked as its own.  Raises NotValid as `Problem` does."""
        if self.rows is not None:
            return self.rows.sample(self.as_asked.sample_of(data))
        how = self.asked.choice
        sample = as_sample(data, self.variables, self.covariates, how if is_table(data) else Choice(missing=how.missing))
        if sample is None:
            raise NotValid("there are no data to evaluate the result on")
        check_sample(self, sample)
        return sample

    def with_data(self, data: Any) -> Problem:
        """The same question about other data, read and checked as its own."""
        if self.rows is not None:
            return self.as_asked.with_data(data)
        if self.families is not None:
            return self.replace(families=with_data(data, self.families))
        if self.arrays is not None:
            return self.replace(arrays=array_data(data, self.arrays))
        return self.replace(sample=self.sample_of(data))


__all__ = ["Problem"]
