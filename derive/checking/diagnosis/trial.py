"""A line that does not hold, as the search for its slip needs it: would it hold with another side?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from dataclasses import replace as changed

from ...formula.evaluate import Env, compiled
from ...formula.tree import Formula, exp, names
from ..judging.claim_kinds import Kind
from ..judging.document import Statement
from ..judging.model import Model
from ..judging.roles import Role, role_of
from ..judging.statement_judge import StatementJudge
from ..judging.trial_points import TrialPoints
from ..slope import logarithm


@dataclass(frozen=True)
class Trial:
    """statement: the line, with the judge that refuted it.  kind: what it speaks of, in its chain so far.  last: the log-likelihood as
    it was last written, or None.  worked: whether the likelihood was spoken of before."""

    judge: StatementJudge
    statement: Statement
    kind: Kind
    last: Formula | None = None
    worked: bool = False

    @property
    def model(self) -> Model:
        return self.judge.model

    def holds(self, left: Formula, right: Formula) -> bool:
        """Whether the line would hold with these sides."""
        return self.judge.of_sides(self.statement, left, right).holds

    def part(self, left: Formula, right: Formula) -> Trial:
        """One place of a line about tuples."""
        claim = changed(self.statement.claim, left=left, right=right, alternatives=())
        return replace(self, statement=changed(self.statement, claim=claim))

    def is_equation(self, left: Formula, right: Formula) -> bool:
        """Whether the line is to be tried at the maximum."""
        j = self.judge
        sides = j.resolved(left), j.resolved(right)
        return role_of(self.statement, (left, right), sides, j.meaning.parameters, j.hats) is not Role.IDENTITY

    def at_all_points(self, left: Formula, right: Formula) -> bool:
        """Whether the line is true only where it is at all points: no estimates stand in it, or may be put in."""
        j, s = self.judge, self.statement
        plain = len(j.model.free) == 1 and not s.at_top and not s.scope
        return plain and not any(names(j.resolved(f)) & j.hats for f in (left, right)) and not self.is_equation(left, right)

    def values(self, f: Formula, env: Env) -> float:
        """The value of a resolved side at a test point in floats."""
        return self.judge.meaning.evaluate(compiled(f), f, env)

    def under(self, ell: Formula, density: Formula) -> Trial:
        """The same line under another log-likelihood."""
        j = self.judge
        model = changed(j.model, ell=ell, likelihood=exp(ell), one=logarithm(density))
        return replace(self, judge=StatementJudge(model, j.binding, TrialPoints(model, j.trials.points), j.exact, j.memory))
