"""Canonical steps that a solution leaves out: worth a remark, no error."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...formula.tree import Derivative, walk
from ..claims import Claim, Solution
from ..judging.claim_kinds import kind_of
from ..judging.final_answer import Answer
from ..judging.statement_judge import StatementJudge

ARGUED = re.compile(
    r"second derivative|second-order|concave|hessian|maximum|maximis|maximiz|largest|increas|decreas|monoton|global|minim|zweite ableitung"
)


def gaps(judge: StatementJudge, solution: Solution, answer: Answer) -> list[str]:
    """Remarks on the steps that are missing: the log-likelihood, the score equation, the maximum, the answer."""
    out = []
    kinds = [kind_of(pair, judge.meaning.book) for c in solution.claims for pair in c.readings[:1]]
    if not any(k.ell or k.likelihood for k in kinds):
        out.append("The likelihood is not written down.")
    if not any(k.derived for k in kinds) and not judge.model.moving and not _differentiated(solution.claims):
        out.append("No derivative of the log-likelihood is written down.")
    words = " ".join([*(w for _, w in solution.prose), *(c.prose for c in solution.claims)]).lower()
    if not ARGUED.search(words) and not any(c.sign in ("<", ">", "<=", ">=") and c.joined != "condition" for c in solution.claims):
        out.append("It is not argued that the likelihood is largest there.")
    if answer.value == "missing":
        of = " and ".join(f"${judge.model.problem.notation.get(k, k)}$" for k in answer.missing)
        out.append(f"The answer is missing: what was asked for is the estimate{f' of {of}' if len(judge.model.names) > 1 else ''}.")
    return out


def _differentiated(claims: Sequence[Claim]) -> bool:
    return any(isinstance(g, Derivative) for c in claims for pair in c.readings[:1] for s in pair for g in walk(s))
