"""The values of a likelihood, as a function of a whole number, compared one by one with given data, as far as it is not
shown to fall or to rise for ever."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ...errors import NotSupported
from ...formula.evaluate import compiled
from ...formula.names import hat
from ...formula.tree import ONE, Call, Div, Formula, Pow, Relation, SetOf, Sym, equation, num, rational, replace_all
from ...oracle.judge import Oracle, Refuted, close
from ...proofs.tail_expansion import Beyond, LogSum
from ...recorder import held
from ...trace import Block, Display, How, Outcome, Section, SectionKey, Table, Words, say
from ..number_format import digits
from ..setting import State

LONGEST = 200_000  # values that are compared one by one
TIE = 1e-10
AROUND = 2  # values on each side of the largest that are shown


@dataclass
class ByValue:
    """One comparison while it is carried out.

    least, most: the whole numbers that the data allow; most is None where there is no last one.  best: for other
    parameters their best values in terms of the whole number.
    """

    state: State
    name: str
    least: int
    most: int | None
    best: Mapping[str, Formula] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values = {k: compiled(f) for k, f in self.best.items()}
        self.ell = self.state.judge.worlds[0]["ell"]
        self.sums = self.as_sums()

    @property
    def label(self) -> Formula:
        """How the function is called."""
        return self.state.problem.of("ell")

    def as_sums(self) -> LogSum:
        """The profile log-likelihood as logarithms of linear functions, judged against the density."""
        p, u = self.state.problem, Sym(self.name)
        seen = p.observations
        assert seen is not None
        put: dict[Formula, Formula] = {Sym(k): f for k, f in self.best.items()}
        out = LogSum()
        body = p.indexed(p.density)
        try:
            for row, times in seen.rows:
                out.add(Call("log", (replace_all(seen.at(body, p.index, row), put),)), u, (Fraction(times),))
            out = out.settled()
        except Beyond:
            raise NotSupported(f"where the likelihood is largest in {self.name} was not settled") from None
        for k in range(self.least, self.least + 12, 3):
            a, b = out.at(k), self.height(k)
            if math.isfinite(a) and math.isfinite(b) and not close(a, b, 1e-9, 1 + abs(b)):
                raise Refuted(f"the log-likelihood at {self.name} = {k}: {a!r} against {b!r}")
        return out

    def point(self, k: int) -> dict[str, float]:
        return {self.name: float(k), **{o: v({self.name: float(k)}) for o, v in self.values.items()}}

    def height(self, k: int) -> float:
        """The profile log-likelihood from the density as it was read."""
        at = self.point(k)
        return float(self.ell(*(at[o] for o in self.state.problem.parameters)))

    # -- where it is largest ----------------------------------------------------------------------

    def compare(self) -> None:
        u, label = Sym(self.name), self.label
        blocks: list[Block] = []
        limit: float | None = None
        if self.most is None:
            found = self.sums.direction()
            if found is None or found[2] > LONGEST:
                raise NotSupported(f"whether the likelihood keeps growing in {self.name} was not settled")
            sign, k, start = found
            last = max(start, self.least)
            size = rational(self.sums.coefficient(k)) if k else digits(self.sums.constant(), 6)
            term = Div(size, Pow(u, num(k))) if k > 1 else Div(size, u) if k else size
            blocks.append(
                say(
                    "For large {} the derivative of {}, as a function of a real {}, is a series in powers of {} that begins with {}. From {} on this term "
                    "outweighs all later ones together, so {} {} from there on.",
                    u, label, u, Div(ONE, u), self.state.al.tidy(term), equation(u, num(last)), label, "rises" if sign > 0 else "falls",
                )
            )  # fmt: skip
            limit = None if sign < 0 else self.sums.limit() if k > 1 else math.inf
        else:
            last = self.most
        heights = {j: self.sums.at(j) for j in range(self.least, last + 1)}
        heights = {j: h for j, h in heights.items() if math.isfinite(h)}
        if not heights:
            raise NotSupported(f"the data are impossible for every {self.name} that was looked at")
        top = max(heights.values())
        best = [j for j, h in heights.items() if top - h <= TIE * (1 + abs(top))]
        shown = sorted({j for b in best for j in range(b - AROUND, b + AROUND + 1)} | {last})
        if limit is not None and limit > top - TIE * (1 + abs(top)):
            if math.isfinite(limit) and abs(limit - top) <= TIE * (1 + abs(top)):
                raise NotSupported(f"the largest likelihood and its limit as {self.name} grows cannot be told apart")
            self.none(blocks, heights, last, limit)
            return
        blocks += [
            say("All values from {} to {} are compared. Around the largest:", num(min(heights)), num(max(heights))),
            self.table(shown, heights),
        ]
        at = self.point(best[0])
        outside = [k for k in self.best if not self.state.problem.parameters[k].contains(at[k], at)]
        if outside:
            self.not_attained(blocks, best[0], outside[0])
            return
        self.largest(blocks, best)

    def table(self, shown: list[int], heights: dict[int, float]) -> Table:
        label = self.label
        head = (say("{}", Sym(self.name)), *(say("{}", hat(k)) for k in self.best), say("{}", label))
        rows = []
        for j in shown:
            if j in heights:
                at = self.point(j)
                rows.append((say("{}", num(j)), *(say("{}", digits(at[k], 6)) for k in self.best), say("{}", digits(heights[j], 8))))
        return Table(head, tuple(rows))

    def largest(self, blocks: list[Block], best: list[int]) -> None:
        state, p = self.state, self.state.problem
        answers: dict[str, Formula] = {self.name: num(best[0])}
        answers |= {k: state.al.tidy(replace_all(f, {Sym(self.name): num(best[0])})) for k, f in self.best.items()}
        if len(best) > 1:
            state.outcome, state.sets[self.name] = Outcome.NOT_UNIQUE, SetOf(tuple(map(num, best)))
            blocks.append(say("The largest value occurs more than once, so each of these values is an estimate, with its own values of the others. One of them:"))  # fmt: skip
        else:
            blocks.append(say("The largest of them belongs to"))
        w = state.judge.worlds[0]
        there = Oracle(({**w, **self.point(best[0]), **{hat(k).name: v for k, v in self.point(best[0]).items()}},))
        lines = [held(there, r, rule="largest") for k, f in answers.items() for r in [Relation((hat(k), f), ("=",))]]
        blocks.append(Display(tuple(lines)))
        state.answers |= {k: answers[k] for k in p.parameters}
        state.found |= state.answers
        state.how |= {k: How.NUMERIC if k == self.name else How.GIVEN_OTHERS for k in p.parameters}
        state.order += [self.name, *self.best]
        self.section(blocks)

    def none(self, blocks: list[Block], heights: dict[int, float], last: int, limit: float) -> None:
        """The profile likelihood rises for ever, above every value before."""
        u, label = Sym(self.name), self.label
        places = sorted({self.least, last, 10 * last, 100 * last, 1000 * last})
        table = {**heights, **{j: self.sums.at(j) for j in places if j > last}}
        more: Words = (
            say("and comes ever closer to {}, more than any value up to {} has, but never attains it: there is no maximum.", digits(limit, 8), equation(u, num(last)))
            if math.isfinite(limit)
            else say("beyond every bound: there is no maximum.")
        )  # fmt: skip
        blocks += [self.table(places, table), say("So as {} grows, {} rises ", u, label) + more]
        self.state.outcome = Outcome.NONE
        self.section(blocks)

    def not_attained(self, blocks: list[Block], k: int, other: str) -> None:
        """The largest value is a supremum over another parameter that is not attained."""
        at = self.best[other]
        end = self.state.al.tidy(replace_all(at, {Sym(self.name): num(k)}))
        blocks.append(
            say(
                "The largest of them belongs to {}, where {} would be {}, which does not belong to its domain: the likelihood comes as close to that value as one "
                "likes, and there is no maximum.", equation(Sym(self.name), num(k)), hat(other), end,
            )
        )  # fmt: skip
        self.state.outcome = Outcome.NONE
        self.section(blocks)

    def section(self, blocks: list[Block]) -> None:
        self.state.sections.append(Section(SectionKey.COMPARISON, say("Where the maximum lies"), tuple(blocks)))
