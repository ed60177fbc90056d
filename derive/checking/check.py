"""A hand-worked solution against a question: text in, report out."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Any

from ..errors import NotSupported, NotValid
from ..formula.latex import latex
from ..formula.names import reported
from ..formula.tree import Call, Derivative, Formula, names
from ..problem.problem import Problem
from ..sample.sample import Sample
from .claims import IN_PASSING, Solution
from .diagnosis.diagnosis import Diagnosis
from .diagnosis.gaps import gaps
from .diagnosis.slips import diagnose
from .diagnosis.trial import Trial
from .findings import Line
from .judging.claim_kinds import Kind, kind_of
from .judging.document import Statement
from .judging.examination import Examination, Judged
from .judging.final_answer import final_answer
from .judging.statement_judge import StatementJudge
from .judging.verdict import Verdict
from .loss_check import check_loss
from .reading.solution import read_solution
from .report import Report

SECONDS = 20.0  # for the judging of one file
MOST_EXPLAINED = 2  # wrong lines for which the slip is looked for
REMARKS = {
    "constant": "equal up to what is free of the parameters, which does not move the maximum",
    "wrong constant": "the constant is wrong, which does not move the maximum",
    "given": "taken as given",
    "denied": "put to be solved; nothing solves it, as is said",
}
FAILS = {
    "undefined": "One side has no real value for parameters in their domain",
    "at the estimate only": "The sides are equal at the estimate only, and do not determine it",
    "this sample only": "This is true of this sample only",
    "support": "This does not hold where the data are impossible",
    "wrong constant": "The constant is wrong",
    "exists": "The likelihood has a maximum",
    "possible": "This is not enough for all observations to lie in the support",
    "end": "The admissible values do not end there",
    "rises": "The likelihood increases over the admissible values, so it is highest at their right end",
    "falls": "The likelihood decreases over the admissible values, so it is highest at their left end",
    "implication": "The two inequalities do not say the same",
}

AT_ENDS = frozenset({"possible", "end", "rises", "falls"})


def check(text: str | Sequence[object], problem: Problem, constants: str = "lenient") -> Report:
    """The report on a solution of a problem.  Raises DeriveError where the question itself cannot be judged.

    constants: "lenient", or "strict" where a wrong constant of the log-likelihood is an error.
    """
    if constants not in ("lenient", "strict"):
        raise NotValid(f"constants is {constants!r}", hint='it is "lenient" or "strict"')
    if problem.prediction is not None:
        return check_loss(text, problem)
    if problem.families is not None:
        raise NotSupported("a solution about parameters with an index cannot be judged yet", hint="write out a few of them: p1, p2, p3")
    if problem.arrays is not None:
        raise NotSupported(
            "a solution in vectors and matrices cannot be judged yet", hint="write out a few coefficients: y ~ Normal(a + b*x, sigma^2)"
        )
    return examine(read_solution(text, problem), problem, constants == "strict")


def examine(solution: Solution, problem: Problem, strict: bool = False) -> Report:
    """The report on a solution that was read.  strict: a wrong constant of the log-likelihood is an error."""
    start = time.process_time()
    examination = Examination(problem, solution, _size(solution, problem), strict)
    specialised = _specialised(examination)
    judged: list[Judged] = []
    lines: list[Line] = []
    remarks = list(solution.remarks)
    explained, last, worked = 0, None, False
    for s in examination.doc.statements:
        if time.process_time() - start > SECONDS:
            rest = [c for c in solution.claims if c.number >= s.number]
            remarks.append(f"From line {s.claim.source_line} on nothing was judged: the time for a file ({SECONDS:.0f} seconds) was up.")
            lines += [Line(c.source_line, c.text, "unread", "the time for this file was up") for c in rest]
            break
        found = examination.next(s)
        kind = examination.judge.kind(s, s.claim.readings[0]) if s.claim.readings else Kind()
        worked = worked or kind.ell or kind.likelihood or kind.derived
        diagnosis = None
        if (
            found.verdict.fails
            and found.verdict.how != "wrong constant"
            and not (found.follows or s.claim.asserted)
            and explained < MOST_EXPLAINED
        ):
            explained += 1
            diagnosis = diagnose(Trial(examination.judge, s, kind, last, worked))
        if s.claim.worded and not s.claim.asserted and not found.verdict.holds and (diagnosis is None or diagnosis.slip is None):
            continue  # words may mean something else
        if s.claim.asserted and s.claim.prose == IN_PASSING and found.verdict.value is None:
            continue
        if found.verdict.holds:
            last = _log_likelihood(examination.judge, s) or last
        judged.append(found)
        lines.append(_line(examination.judge, found, diagnosis))
    answer = final_answer(examination.judge, [(f.statement, f.verdict) for f in judged], solution)
    remarks += [f"The solution takes {_as_relation(k, x)}, which the question leaves open." for k, x in specialised.items()]
    remarks += gaps(examination.judge, solution, answer)
    return Report(tuple(lines), answer.value, tuple(remarks), solution.text, specialised)


def _specialised(examination: Examination) -> dict[str, Any]:
    """What the solution fixed of what the question leaves open, in the question's names."""
    b, p = examination.binding, examination.doc.problem
    out: dict[str, Any] = {reported(k): _plain(x) for k, x in b.fixed.items()}
    if isinstance(b.data, Sample):
        out |= {f"sum {k}": _plain(x) for k, x in b.data.sums.items()}
    elif b.data is not None:
        out[reported(p.variables[0])] = [_plain(x) for x in b.data]
    return out


def _plain(x: Any) -> int | float:
    return int(x) if x == int(x) else float(x)


def _as_relation(k: str, x: Any) -> str:
    return f"{k} = {', '.join(f'{y:g}' for y in x) if isinstance(x, list) else f'{x:g}'}"


def _log_likelihood(judge: StatementJudge, s: Statement) -> Formula | None:
    """The log-likelihood that a line states."""
    if not s.claim.readings:
        return None
    left, right = s.claim.readings[0]
    logged = isinstance(left, Call) and left.name == "log" and kind_of((left,), judge.meaning.book).likelihood
    own = logged or kind_of((left,), judge.meaning.book).ell
    return right if own and names(right) & judge.meaning.parameters else None


def _line(judge: StatementJudge, found: Judged, diagnosis: Diagnosis | None) -> Line:
    claim, v = found.statement.claim, found.verdict
    if found.follows:
        return Line(claim.source_line, claim.text, "follows", "this follows from the wrong line before it")
    if v.value is None:
        doubt = None if not v.doubt else "If it is read as it stands, it does not hold" + _counterexample(judge, found.statement, v) + "."
        return Line(claim.source_line, claim.text, "unread", v.how, doubt=doubt)
    if v.holds:
        return Line(claim.source_line, claim.text, "valid", remark=REMARKS.get(v.how))
    message = FAILS.get(v.how, "This does not hold")
    if (diagnosis is not None and diagnosis.slip is not None) or (diagnosis is not None and v.how not in FAILS):
        message = diagnosis.what[0].upper() + diagnosis.what[1:]
    message += _counterexample(judge, found.statement, v) + "."
    return Line(
        claim.source_line, claim.text, "invalid", message, diagnosis.expected if diagnosis else None, diagnosis.slip if diagnosis else None
    )


def _counterexample(judge: StatementJudge, s: Statement, v: Verdict) -> str:
    """Where a line was refuted, in words."""
    if v.at is None or v.how == "undefined":
        return ""
    point, left, right = v.at
    if v.how in AT_ENDS:
        seen = [x for k in judge.model.problem.observed if isinstance(xs := point.floats.get(k), list) for x in xs]
        sample = f" and the observations {', '.join(f'{x:.4g}' for x in seen)}" if 0 < len(seen) < 9 else ""
        values = " and ".join(f"{reported(k)} = {point.floats[k]:.4g}" for k in judge.model.names)
        return f", for example at {values}{sample}" if v.how == "possible" else ""
    said = f": the left side is {_number(float(left.mid()))} where the right side is {_number(float(right.mid()))}"
    if s.claim.asserted and s.claim.left is not None and (s.claim.sign != "=" or isinstance(s.claim.left, Derivative)):
        said = f": it says that ${latex(s.claim.left)} {SIGNS[s.claim.sign]} 0$, and the left side is {_number(float(left.mid()))}"
    inside = {name for pair in s.claim.readings[:1] for side in pair for name in names(side)}
    if point.top:
        return said + ", at the maximum of the likelihood" + (" of a random sample" if judge.model.open else "")
    if not inside:
        return said
    shown = [k for k in judge.model.names if k in inside or not inside & set(judge.model.names)]
    return said + ", for example at " + " and ".join(f"{reported(k)} = {point.floats[k]:.4g}" for k in shown)


SIGNS = {"=": "=", "<": "<", ">": ">", "<=": r"\le", ">=": r"\ge"}


def _number(x: float) -> str:
    return f"{x:.6g}"


def _size(solution: Solution, problem: Problem) -> int | None:
    """The sample size that a solution speaks of by listing x_1, x_2 and never a sum over n; None for any."""
    if problem.whole or problem.size is not None:
        return None
    text = " ".join(c.text for c in solution.claims)
    highest = max((int(m.group(1)) for m in re.finditer(r"_\{?(\d+)\}?", text)), default=0)
    if re.search(r"(?<![a-zA-Z\\])n(?![a-zA-Z])|\\sum|\\prod|Σ|dots", text) or not 2 <= highest <= 6:
        return None
    return highest
