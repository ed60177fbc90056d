"""What a derivation comes to, as a value: what was asked, every verified line, and the answer.  It knows nothing of how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .estimate_order import without_hats
from .formula.names import hat, reported
from .formula.tree import Apply, Float, Formula, Last, Searched, Sym, names, num, replace_all, transform
from .problem.problem import Problem
from .trace import Condition, How, Outcome, Section, Strength, Words

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True, repr=False)
class Derived:
    """A maximum-likelihood derivation.  Made by the pipeline only, after every line was verified.

    outcome: "unique", "not unique" or "none".  how: by parameter "closed", "given others", "boundary", "numeric".  certainty: by parameter what carries its estimate, or that there is
    none: "proved", "enclosed" (all stationary points of the given data, and the highest of them) or "searched".
    """

    problem: Problem = field(compare=False)
    title: Words
    sections: tuple[Section, ...]
    outcome: Outcome
    how: Mapping[str, How] = field(hash=False)
    certainty: Mapping[str, Strength] = field(hash=False)
    answers: Mapping[str, Formula] = field(hash=False)
    general: Mapping[str, Formula] = field(hash=False)
    numeric: Mapping[str, float] | None = field(default=None, hash=False)
    conditions: tuple[Condition, ...] = ()
    named: Mapping[str, tuple[Formula, float | None]] = field(default_factory=dict, hash=False)
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
        """By reported name: for a symbolic sample the closed forms, in n and `IndexedBase(variable)[i]`; with data every estimate,
        exact where it is, else a SymPy `Float`."""
        from .formula.bridge import answer, array, in_matrices, matrix

        if self.problem.arrays is not None:
            if self.numeric is not None:
                return {k: matrix(v) for k, v in self.numeric.items()}
            known: dict[Formula, Formula] = {
                **{Sym(k): f for k, f in self.problem.meanings.items()},
                **{hat(k): f for k, f in self.answers.items()},
            }
            spelled = {k: replace_all(replace_all(f, known), known) for k, f in self.answers.items()}
            return {reported(k): in_matrices(f, self.problem.arrays.shapes) for k, f in spelled.items()}
        model = self.problem.families
        if model is not None and model.values is not None:
            found = {k: model.members_at_data(k, f) if k in model.families else model.at_data(f) for k, f in self.answers.items()}
            return {reported(k): array(v, None if self.numeric is None else self.numeric[reported(k)]) for k, v in found.items()}
        return {reported(k): answer(self.problem.without_means(f)) for k, f in self.reported_answers.items()}

    @property
    def reported_answers(self) -> dict[str, Formula]:
        """The estimates as formulas, by parameter, as `estimates` has them."""
        found = without_hats(self.answers)
        if self.numeric is None or self.problem.families is not None or self.problem.arrays is not None:
            return found
        searched = {k for k, f in self.answers.items() if isinstance(f, Searched)}
        out: dict[str, Formula] = {}
        for k, f in self.answers.items():
            v = self.numeric[reported(k)]
            if isinstance(f, Last) or (k not in searched and not names(found[k]) & searched):
                out[k] = found.get(k, num(round(v)))
            else:
                out[k] = Float(v)
        return out

    @property
    def quantities(self) -> dict[str, tuple[sympy.Basic, float | None]]:
        """What was asked for at the estimate: exact, and as a float where there are data."""
        from .formula.bridge import answer

        return {k: (answer(self.problem.without_means(f)), v) for k, (f, v) in self.named.items()}

    @property
    def verified(self) -> bool:
        """Whether every displayed relation was checked and held."""
        return all(line.evidence.sound for s in self.sections for line in s.lines)
