"""A ratio L(N)/L(N - 1) that passes 1 once, from above: the arguments for it, and the last value at which it is at least 1."""

from __future__ import annotations

import math
from fractions import Fraction

from ...algebra.terms import Term
from ...errors import NotSupported
from ...formula.evaluate import compiled
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Apply,
    At,
    Big,
    Div,
    Formula,
    Last,
    N,
    Relation,
    Sym,
    add,
    equation,
    names,
    neg,
    num,
    replace_all,
    terms,
    value,
)
from ...oracle.judge import Oracle, computed
from ...proofs.decreasing_ratio import crossing, falls
from ...proofs.exact_single_crossing import difference_of, falling, last_at_least_one, limit_below_one, roots_beyond
from ...recorder import record
from ...rules.neighbours import neighbours
from ...sets.domain import INFINITY
from ...trace import Condition, ConditionKind, Display, How, Section, SectionKey, Words, say
from ..prose import listed
from .enumeration import ByValue
from .integer_parameter import WholeNumber
from .neighbour_ratio import multiplied_out
from .real_relaxation import as_real, beside


class Passing(WholeNumber):
    """A comparison whose inequality is not solved by algebra."""

    def by_search(self) -> None:
        """The ratio is shown to fall below 1 once; the last value at which it is at least 1 is looked for, or named."""
        p = self.state.problem
        argument = self.all_fall()
        if p.observations is not None and not names(multiplied_out(self.ratio, self.state)) - {self.name}:
            self.searched(argument)
        elif argument is not None:
            self.named(argument)
        elif (real := as_real(self.state, self.name)) is not None:
            self.rounded(*real)
        else:
            raise NotSupported(
                f"whether the likelihood grows from {self.name} - 1 to {self.name} is not solved for {self.name} in general",
                hint="give the data, or n=1",
            )

    def rounded(self, place: Formula, sections: list[Section]) -> None:
        """One of the whole numbers beside the place of the maximum among real numbers."""
        p, u = self.state.problem, self.u
        lead = say("Where this is at least 1 is not solved for {} directly. But {} makes sense for a real {} too:", u, p.of("L"), u)
        self.state.sections.append(Section(SectionKey.SOLVE, say("As a real number"), (lead,)))
        self.state.sections += sections
        answer, words = beside(place, self.name, self.state)
        self.section(self.found(answer, words, How.NUMERIC))
        self.state.conditions.append(Condition(ConditionKind.UNIQUE, (), say("these two do not have the same likelihood")))

    def all_fall(self) -> list[Words | Display] | None:
        """The argument that the ratio of every single observation falls, and goes below 1; None where that is not shown."""
        p, u, al = self.state.problem, self.u, self.al
        one = neighbours(p.likelihood if p.whole else p.indexed(p.density), u, al)
        if one is None:
            return None
        found = falls(one.term, u, al)
        if found is None or (self.high == INFINITY and not found.below_one(al)):
            return self.crosses(one.term)
        worlds = tuple({**w, p.index: float(j + 1)} for w in self.worlds.worlds for j in range(1 if p.whole else int(w["n"])))
        oracle = Oracle(worlds)
        blocks: list[Words | Display] = []
        lead = say("The ratio falls as {} grows, since every factor of it does", u)
        whatever = "" if p.whole else ", whatever the observation"
        alone = listed("", found.alone) + say(" falls" if len(found.alone) == 1 else " fall") if found.alone else say("")
        grow = (
            listed("", found.grow) + say(" below the line grows" if len(found.grow) == 1 else " below the line grow")
            if found.grow
            else say("")
        )
        both = alone + say(", and " if found.alone and found.grow else "") + grow
        if found.pairs:
            lines = tuple(record(r, oracle.equal(*r.sides), rule="divide") for r in found.pairs)
            blocks += [lead + say("{}:", whatever), Display(lines)]
            blocks += [say("Besides, ") + both + say(".")] if both.parts else []
        else:
            blocks.append(say("The ratio falls as {} grows: ", u) + both + say("."))
        return blocks

    def crosses(self, t: Term) -> list[Words | Display] | None:
        """The argument that the product of the ratios is at least 1 up to one value and not after it, where they are (w + c)/(w + x)."""
        p, u, al = self.state.problem, self.u, self.al
        x = None if p.whole else At(p.variables[0], (Sym(p.index),))
        found = crossing(t, u, x, al) if x is not None and al.facts.range(x).nonnegative else None
        if found is None or x is None:
            return None
        total = Big("sum", p.index, ONE, N, x)
        if p.observations is not None and not any(row[0] for row, _ in p.observations.rows):
            return None
        body = Div(add(*terms(found.w), *terms(found.c)), add(*terms(found.w), x))
        shown = equation(Div(p.of("L"), Apply("L", (add(u, neg(ONE)),))), Big("prod", p.index, ONE, N, body))
        self.worlds.equal(shown.sides[1], self.ratio)
        line = record(shown, self.worlds.sampled("equal"), rule="divide")
        if p.observations is None:
            needed = Relation((total, ZERO), (">",))
            self.state.conditions.append(Condition(ConditionKind.EXISTS, (needed,), say("{}, that is, if some {} is positive", needed, x)))
        w, c, mean = found.w, found.c, Sym("G")
        return [
            say("The ratio may be written"),
            Display((line,)),
            say(
                "so it is at least 1 where {} is at least {}, with {} the geometric mean of the {}. As {} grows, {} falls to 0. The other side grows with {}: its "
                "derivative there is {} divided by the harmonic mean, which is not larger than {}, less 1. It tends to the mean of the observations.",
                c, Add((mean, *(neg(t) for t in terms(w)))), mean, add(*terms(w), x), u, c, w, mean, mean,
            ),
        ]  # fmt: skip

    def named(self, argument: list[Words | Display]) -> None:
        """The estimate as the last value at which the ratio is at least 1: for a symbolic sample, or with given constants."""
        p, u = self.state.problem, self.u
        start = self.whole(self.of_one(self.low), "ceiling")
        end = self.high if self.high == INFINITY else self.whole(self.of_one(self.high), "floor")
        condition = equation_at_least(self.ratio, ONE)
        answer = Last(self.name, start, end, condition)
        words = say("So the ratio is at least 1 up to some {} and less than 1 from then on: {} grows up to there and falls after it, and the estimate is the last such value:", u, p.of("L"))  # fmt: skip
        blocks = [*argument, *self.found(answer, words, How.NUMERIC)]
        blocks.append(say("or {} where the ratio is less than 1 for all of them. It is found by trying the values in turn.", start))
        hatted = Relation((replace_all(self.ratio, {u: hat(self.name)}), ONE), ("!=",))
        blocks.append(say("Where the ratio is exactly 1 at {}, the value one below has the same likelihood.", hat(self.name)))
        self.state.conditions.append(Condition(ConditionKind.UNIQUE, (hatted,), say("{}", hatted)))
        self.section(blocks)

    def searched(self, argument: list[Words | Display] | None) -> None:
        """Given data: the last value at which the ratio is at least 1 is looked for."""
        state, u, p = self.state, self.u, self.state.problem
        t = self.al.split(multiplied_out(self.ratio, state))
        least = value(self.low)
        if least is None:
            raise NotSupported(f"{self.name} has no least value")
        if argument is None and falling(t, u, self.al) is not None and limit_below_one(t):
            argument = [say("The ratio decreases in {}: it is a product of factors each of which does.", u)]
        elif argument is None and self.crosses_once(t, math.ceil(least)):
            words = say(
                "Multiplied by the denominator, which is positive, the ratio is at least 1 where a polynomial in {} is at least 0. By Sturm's theorem "
                "that has one root above the first admissible value {}, and goes from plus to minus there.", u, num(math.ceil(least)),
            )  # fmt: skip
            argument = [words]
        if argument is None:
            greatest = value(self.high)
            if greatest is None and self.high != INFINITY:
                raise NotSupported(f"{self.name} has no greatest value that the data allow")
            ByValue(state, self.name, math.ceil(least), None if greatest is None else math.floor(greatest)).compare()
            return
        ratio = self.al.build(t)
        g, w = compiled(ratio), dict(self.worlds.worlds[0])
        last = last_at_least_one(g, w, self.name, math.ceil(least))
        if last > least and value(self.al.tidy(replace_all(ratio, {u: num(last)}))) == 1:
            self.section([*argument, *self.tied(Fraction(last))])
            return
        blocks: list[Words | Display] = [
            *argument,
            say("So {} grows as long as the ratio is at least 1, and falls after that. At the last such {} and the next:", p.of("L"), u),
        ]
        shown = []
        for k in (last, last + 1):
            if k > least:
                v = g({**w, self.name: float(k)})
                sign = ">=" if v >= 1 else "<"
                if abs(v - 1) < 1e-9:
                    raise NotSupported(f"the likelihoods at {k - 1} and {k} cannot be told apart here")
                label = Div(Apply("L", (num(k),)), Apply("L", (num(k - 1),)))
                quoted = num(Fraction(f"{v:.4f}")) if f"{v:.4f}" != "1.0000" else num(Fraction(f"{v:.9f}"))
                shown.append(record(Relation((label, quoted, ONE), ("approx", sign)), computed("worked out", 1), rule="table"))
        blocks.append(Display(tuple(shown)))
        blocks += self.found(num(last), None, How.NUMERIC)
        self.section(blocks)

    def crosses_once(self, t: Term, least: int) -> bool:
        """Whether numerator minus denominator is positive at the next value and has one root beyond, with a positive denominator."""
        p = difference_of(t, self.u, self.al)
        bottom = Term(Fraction(1), {b: ONE for b, k in t.powers.items() if (value(k) or 0) < 0})
        if not p or p[-1] > 0 or not self.positive(bottom):
            return False
        start = Fraction(2 * least + 1, 2)
        return roots_beyond(p, start) == 1


def equation_at_least(a: Formula, b: Formula) -> Relation:
    return Relation((a, b), (">=",))
