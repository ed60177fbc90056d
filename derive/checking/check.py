"""A hand-worked solution against a question: text in, report out."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from fractions import Fraction

from ..formula.names import reported
from ..formula.tree import Apply, At, Formula, Num, Sym, names, walk
from ..problem.problem import Problem
from ..sample.columns import fractions
from .claims import Claim, Solution
from .diagnosis.diagnosis import Diagnosis
from .diagnosis.gaps import gaps
from .diagnosis.slips import diagnose
from .findings import Line
from .judging.claim_judge import Judge
from .judging.final_answer import final_answer
from .judging.follow import Follower
from .judging.holds import Judgement
from .judging.model import Model, model_of
from .judging.sample_cases import under_conditions
from .judging.samples import Points
from .loss_check import check_loss
from .reading.solution import read_solution
from .report import Report

LISTED = re.compile(r"\d\s*[,;&]\s*-?\d+(?:\.\d+)?\s*(?:(?:[,;&]|and\b|\\text)\s*-?\d+(?:\.\d+)?\s*)+")  # three numbers in a row
DOTS = re.compile(r"\s*,?\s*(?:\\[lc]?dots|\.\.|…)")  # and so on: a support, no data
SECONDS = 20.0  # for the judging of one file
MOST_EXPLAINED = 2  # wrong lines for which the slip is looked for
REMARKS = {
    "constant": "equal up to what is free of the parameters, which does not move the maximum",
    "rounded": "equal to the digits written",
    "given": "taken as given",
}


def check(text: str | Sequence[object], problem: Problem) -> Report:
    """The report on a solution of a problem.  Raises DeriveError where the question itself cannot be judged."""
    if problem.prediction is not None:
        return check_loss(text, problem)
    return examine(read_solution(text, problem), problem)


def examine(solution: Solution, problem: Problem) -> Report:
    """The report on a solution that was read."""
    model = model_of(problem)
    points = Points(model, _size(solution, model))
    judge = Judge(model, points, exact_numbers(problem))
    judge.told = any(not DOTS.match(solution.text, m.end()) for m in LISTED.finditer(solution.text))
    judged: list[tuple[Claim, Judgement, str]] = []
    follower: Follower | None = None
    lines: list[Line] = []
    explained = 0
    start = time.process_time()
    remarks = list(solution.remarks)
    for k, claim in enumerate(solution.claims):
        if time.process_time() - start > SECONDS:
            remarks.append(f"From line {claim.source_line} on nothing was judged: the time for a file ({SECONDS:.0f} seconds) was up.")
            lines += [Line(c.source_line, c.text, "unread", "the time for this file was up") for c in solution.claims[k:]]
            break
        j = judge.judge(claim)
        if j.status == "unclear" and (later := _said_later(claim, solution.claims[k + 1 :])):
            for definition in later:
                judge.judge(definition)
            j = judge.judge(claim)
        if j.status == "fails":
            j = under_conditions(judge, solution.claims, k) or j
        verdict = {"holds": "valid", "fails": "invalid", "unclear": "unread"}[j.status]
        diagnosis = None
        if verdict == "invalid" and follower is not None and follower.follows(claim):
            verdict = "follows"
        if verdict == "invalid" and explained < MOST_EXPLAINED:
            explained += 1
            diagnosis = diagnose(judge, claim)
        if claim.worded and verdict != "valid" and (diagnosis is None or diagnosis.slip is None):
            continue  # words may mean something else
        if verdict in ("invalid", "follows"):
            follower = follower or Follower(judge)
            follower.add(claim)
        judged.append((claim, j, verdict))
        lines.append(_line(judge, claim, j, verdict, diagnosis))
    answer = final_answer(judge, solution, judged)
    return Report(tuple(lines), answer, (*remarks, *gaps(judge, solution, answer)), solution.text)


def _said_later(claim: Claim, rest: Sequence[Claim]) -> list[Claim]:
    """The definitions of the letters in a claim that come behind it: "... where s^2 = ..."."""
    used = {head for pair in claim.readings for side in pair for g in walk(side) if (head := _head(g)) is not None}
    return [c for c in rest if c.defines is not None and _head(c.defines) in used][:4]


def _head(f: Formula) -> str | None:
    """The name of a letter, a family of letters or a function."""
    return f.name if isinstance(f, (Sym, Apply)) else f.base if isinstance(f, At) else None


def _place(judge: Judge, claim: Claim, j: Judgement) -> str:
    """Where a line was refuted, in words."""
    inside = {name for pair in claim.readings[:1] for side in pair for name in names(side)}
    if j.at is None or not inside:
        return ""
    if j.how == "maximum":
        return ", at the maximum of the likelihood" + (" of a random sample" if judge.model.open else "")
    shown = [f"{reported(k)} = {j.at[0][k]:.4g}" for k in judge.model.names if k in inside or not inside & set(judge.model.names)]
    return ", for example at " + " and ".join(shown)


def _line(judge: Judge, claim: Claim, j: Judgement, verdict: str, diagnosis: Diagnosis | None) -> Line:
    if verdict == "unread":
        return Line(claim.source_line, claim.text, verdict, j.how)
    if verdict == "follows":
        return Line(claim.source_line, claim.text, verdict, "this follows from the wrong line before it")
    if verdict == "valid":
        return Line(claim.source_line, claim.text, verdict, remark=REMARKS.get(j.how))
    message = "This does not hold" if diagnosis is None else diagnosis.what[0].upper() + diagnosis.what[1:]
    if j.how == "undefined":
        message = "One side has no real value for parameters in their domain"
    elif j.at is not None:
        message += f": the left side is {j.at[1]:.6g} where the right side is {j.at[2]:.6g}" + _place(judge, claim, j)
    return Line(
        claim.source_line,
        claim.text,
        verdict,
        message + ".",
        diagnosis.expected if diagnosis else None,
        diagnosis.slip if diagnosis else None,
    )


def exact_numbers(problem: Problem) -> set[Fraction]:
    """The decimals of the question: they are exact."""
    parts: list[Formula] = [problem.density, *problem.values.values()]
    out = {g.value for f in parts for g in walk(f) if isinstance(g, Num)}
    s = problem.sample
    if s is not None and not s.is_large:
        for v in problem.observed:
            out |= {Fraction(x) for x in fractions(s.exact.get(v, ()))}
        out |= {Fraction(x) for x in (*fractions(s.right), *fractions(s.left))}
    return out


def _size(solution: Solution, model: Model) -> int | None:
    """The sample size that a solution speaks of by listing x_1, x_2 and never a sum over n; None for any."""
    if model.one is None or model.problem.size is not None:
        return None
    highest = 0
    for m in re.finditer(r"_\{?(\d+)\}?", " ".join(c.text for c in solution.claims)):
        highest = max(highest, int(m.group(1)))
    text = " ".join(c.text for c in solution.claims)
    if re.search(r"(?<![a-zA-Z\\])n(?![a-zA-Z])|\\sum|\\prod|Σ|dots", text) or not 2 <= highest <= 6:
        return None
    return highest
