"""What of a likelihood does not depend on the parameters is left out: the rest, the kernel, has the same maximiser."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ...algebra.terms import Algebra, Term
from ...formula.evaluate import Env, log_size
from ...formula.tree import ONE, Add, Apply, Formula, Relation, names
from ...oracle.judge import TOLERANCE, Oracle, Refuted, close
from ...rules.brackets import common_number
from ...trace import Block, Display, Evidence, Line, say
from ..prose import listed
from ..setting import Work

Height = Callable[[Env], float]


def parted(f: Formula, letters: Sequence[str], al: Algebra) -> tuple[Formula, Formula]:
    """A product as a factor free of the letters times the rest, the kernel."""
    mine = set(letters)
    constant, kernel = [], []
    t = al.split(f)
    for b, k in t.powers.items():
        if not (names(b) | names(k)) & mine:
            constant.append(Term(ONE_TERM.coefficient, {b: k}))
        elif isinstance(b, Add) and (shared := common_number(b, al)) is not None and not names(k) & mine:
            inner = al.split(shared)
            constant.append(al.raised(Term(inner.coefficient), k))
            kernel.append(Term(ONE_TERM.coefficient, {c: al.product(e, k) for c, e in inner.powers.items()}))
        else:
            kernel.append(Term(ONE_TERM.coefficient, {b: k}))
    return al.build(al.times((Term(t.coefficient), *constant))), al.build(al.times(kernel))


ONE_TERM = Term(ONE.value)


def proportional(oracle: Oracle, letters: Sequence[str], height: Height, kernel: Formula) -> Evidence:
    """The kernel is the likelihood up to one factor a world: at the parameters of every other world too, or `Refuted`."""
    size = log_size(kernel)
    judged = 0
    for w in oracle.worlds:
        offset: float | None = None
        for v in oracle.worlds:
            e = {**w, **{k: v[k] for k in letters}}
            (sign, there), u = size(e), height(e)
            if not (math.isfinite(there) and math.isfinite(u)):
                continue
            if offset is None:
                offset = u - there
            elif sign <= 0 or not close(u - there, offset, TOLERANCE, 1 + abs(u) + abs(there)):
                raise Refuted("what was left out of the likelihood depends on the parameters")
            else:
                judged += 1
    if not judged:
        raise Refuted("no two points to compare the likelihood with its kernel")
    return Evidence("sampled", "one factor for all parameter values", judged)


def kernel_worlds(worlds: Sequence[Env], letters: Sequence[str], kernel: Formula) -> tuple[Env, ...]:
    """Worlds in which L and ell are the kernel and its logarithm, as functions of the letters."""
    size = log_size(kernel)

    def world(w: Env) -> Env:
        def ell(*at: float) -> float:
            sign, v = size({**w, **dict(zip(letters, at, strict=True))})
            return v if sign > 0 else -math.inf if sign == 0 else math.nan

        return {**w, "ell": ell, "L": lambda *at: math.exp(ell(*at))}

    return tuple(world(w) for w in worlds)


def leave_out(work: Work, constant: Formula | None, kernel: Formula, label: Apply | None = None) -> list[Block]:
    """The line L proportional to the kernel, which takes the place of the likelihood from here on.

    constant: what is left out, where it is to be named.
    """
    shown = label or work.problem.of("L")
    evidence = proportional(work.lines_oracle, work.parameters, at_own_parameters(work.parameters), kernel)
    line = Line(Relation((shown, kernel), ("propto",)), None, evidence, "leave out a constant")
    use_kernel(work, kernel)
    letters = listed("", list(work.problem.letters)) if len(work.parameters) < 3 else say("the parameters")
    if constant is None:
        words = (
            say("Factors that do not depend on ")
            + letters
            + say(" multiply every likelihood alike and move no maximum, so they are left out:")
        )
    else:
        words = say("The factor {} does not depend on ", constant) + letters
        words += say(". It multiplies every likelihood alike and moves no maximum, so it is left out:")
    return [words, Display((line,))]


def use_kernel(work: Work, kernel: Formula) -> None:
    """From here on L and ell mean the kernel and its logarithm."""
    letters = work.parameters
    same = work.judge is work.general
    work.general = Oracle(kernel_worlds(work.general.worlds, letters, kernel))
    work.judge = work.general if same else Oracle(kernel_worlds(work.judge.worlds, letters, kernel))
    work.gathered = kernel


def at_own_parameters(letters: Sequence[str]) -> Height:
    """The log-likelihood of a world at its own parameters."""
    return lambda w: float(w["ell"](*(w[k] for k in letters)))


__all__ = ["at_own_parameters", "kernel_worlds", "leave_out", "parted", "proportional", "use_kernel"]
