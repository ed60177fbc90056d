"""A parameter that is a whole number: the ratio L(N)/L(N - 1) says up to where the likelihood grows.

There is no derivative in such a parameter.  The ratio is brought to the form "at least 1 as long as N <= c" where
algebra does that; else, with given data, it is shown to decrease, and the last N where it is at least 1 is found.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as changed
from fractions import Fraction

from ..algebra import Algebra, Term
from ..density.admissible import largest, positive_first, smallest
from ..density.sets import INFINITY, MINUS_INFINITY
from ..derivation import Condition
from ..errors import NotSupported
from ..facts import NONNEGATIVE, Facts, Range
from ..formula.evaluate import compiled
from ..formula.names import hat
from ..formula.tree import (
    ONE,
    ZERO,
    Add,
    Apply,
    At,
    Big,
    Call,
    Const,
    Div,
    Dots,
    Formula,
    Indicator,
    Last,
    N,
    Neg,
    Pow,
    Relation,
    SetOf,
    Sym,
    add,
    div,
    equation,
    exp,
    factors,
    has,
    mul,
    names,
    neg,
    num,
    power,
    replace_all,
    terms,
    transform,
    value,
    walk,
)
from ..oracle import Oracle, Refuted, close
from ..question.problem import Problem
from ..rules.neighbours import Quotient, gathered, neighbours
from ..rules.sums import split_sums
from ..trace import Display, Evidence, Line, Section, Words, say
from .falling import crossing, falls
from .moving import worked
from .ratios import is_whole, laid_out, multiplied_out, rooted, where_positive, with_numbers
from .single import replaced_extremes, single
from .unimodal import difference_of, falling, last_at_least_one, limit_below_one, roots_beyond
from .ways.order_statistic import chosen, limits
from .words import listed
from .work import Work, settle_answers

E = Const("e")
AT_LEAST_ONE = Range(1, math.inf)
NONPOSITIVE = Range(-math.inf, 0)
LISTED = 12  # estimates that are written one by one


def ratio(work: Work) -> None:
    """Sections "Ratio of neighbours" and what follows from it: sets the answer of the only parameter."""
    p = work.problem
    (name,) = p.parameters
    work.numbers = p.observations is not None or (p.whole and not p.known)
    Neighbours(work, name, Sym(name)).carry_out()


@dataclass
class Neighbours:
    """One comparison of L(N) with L(N - 1) while it is carried out."""

    work: Work
    name: str
    u: Sym
    lines: list[Line] = field(default_factory=list)

    def carry_out(self) -> None:
        work, u = self.work, self.u
        self.al = Algebra(work.al.facts, work.al.decimals, work.al.unknowns, clock=work.al.clock)
        self.low, self.high = limits(self.name, work) if work.problem.moving else self.domain_ends()
        q = neighbours(single(work.problem.likelihood, work), u, self.al)
        if q is None:
            raise NotSupported(
                f"the ratio of the likelihoods at {self.name} and {self.name} - 1 is not simplified here",
                hint="state an interval as its domain",
            )
        self.low, self.high = self.by_factorials(q)
        if self.only_one():
            return
        self.al = Algebra(self.facts(q), work.al.decimals, work.al.unknowns, clock=work.al.clock)
        self.worlds = Oracle(where_positive(work, self.name))
        self.quotient(q)
        self.decide(q)

    def domain_ends(self) -> tuple[Formula, Formula]:
        d = self.work.problem.parameters[self.name]
        return d.low, d.high

    def by_factorials(self, q: Quotient) -> tuple[Formula, Formula]:
        """The admissible values once more: those too at which no factorial is one of a negative number."""
        p, u, al = self.work.problem, self.u, self.work.al
        lows, highs = ends_of("max", self.low), ends_of("min", self.high)
        for f in q.above_zero:
            table = al.coefficients(f, u)
            slope = value(al.assemble(table[ONE])) if table is not None and set(table) <= {ZERO, ONE} else None
            if table is None or slope not in (1, -1):
                continue
            rest = al.assemble(table.get(ZERO, []))
            end = at_an_extreme(positive_first(al.expand(neg(rest) if slope == 1 else add(*terms(rest), neg(ONE)))), slope == 1, p)
            if end is not None:
                (lows if slope == 1 else highs).append(worked(end, self.work))
        facts = al.facts
        lows = [f for f in lows if not any(g != f and facts.range(g).low >= facts.range(f).high for g in lows)]
        highs = [f for f in highs if not any(g != f and facts.range(g).high <= facts.range(f).low for g in highs)]
        return chosen("max", lows, MINUS_INFINITY), chosen("min", highs, INFINITY)

    def facts(self, q: Quotient) -> Facts:
        """What holds where L(N - 1) is positive: N is above the first admissible value, arguments of factorials are at least 0."""
        facts = self.work.al.facts
        bound = value(self.low)
        low = max(self.work.problem.parameters[self.name].whole({})[0], -math.inf if bound is None else float(bound))
        high = value(self.high)
        facts = facts.with_letters({self.name: Range(low + 1, math.inf if high is None else float(high))})
        facts = without_weaker(facts, self.u)
        for f in q.above_zero:
            for g in (f, positive_first(f)):
                if facts.range(g).low < 1:
                    facts = facts.assume(g, AT_LEAST_ONE)
        p, al = self.work.problem, self.work.al
        for g in walk(p.likelihood if p.whole else p.indexed(p.density)):
            for f in counted(g):  # what has a factorial is not negative
                for h, r in ((al.expand(f), NONNEGATIVE), (al.expand(neg(f)), NONPOSITIVE)):
                    for k in (h, positive_first(h)):
                        if isinstance(k, Add) and not has(k, self.u):
                            facts = facts.assume(k, r)
        return facts

    # -- the ratio ------------------------------------------------------------------------------

    def quotient(self, q: Quotient) -> None:
        """Section "Ratio of neighbours": L(N)/L(N - 1), judged against the density."""
        p, u = self.work.problem, self.u
        self.ratio = transform(with_numbers(self.over_the_sample() or laid_out(q.term, self.al), self.work), in_order)
        label = Div(p.of("L"), Apply("L", (add(u, neg(ONE)),)))
        for w in self.worlds.worlds:
            exact = math.exp(w["ell"](w[self.name]) - w["ell"](w[self.name] - 1))
            if not close(exact, compiled(self.ratio)(w), 1e-9):
                raise NotSupported(f"the ratio of the likelihoods at {self.name} and {self.name} - 1 is not simplified for all samples")
        evidence = Evidence("sampled", "equal at random points", len(self.worlds.worlds))
        blocks: list[Words | Display] = [
            say("{} is a whole number, so there is no derivative in it. Instead compare neighbours: {} grows from {} to {} where the ratio is at least 1.",
                u, p.of("L"), add(u, neg(ONE)), u),
            Display((Line(equation(label, self.ratio), say("most factors cancel"), evidence, "ratio of neighbours"),)),
        ]  # fmt: skip
        if any(isinstance(g, Call) and g.name in ("factorial", "binomial") for g in walk(p.density)):
            blocks[1:1] = [say("Factorials at {} and {} have all but a few factors in common.", u, add(u, neg(ONE)))]
        self.work.sections.append(Section(say("Ratio of neighbours"), tuple(blocks)))

    def over_the_sample(self) -> Formula | None:
        """The ratio as constants and one product over the sample, where factors hold the unknown and an observation at once."""
        p, u, al = self.work.problem, self.u, self.al
        one = None if p.whole or p.size == 1 else neighbours(p.indexed(p.density), u, al)
        if one is None:
            return None
        inner = {b: k for b, k in one.term.powers.items() if has(b, u) or has(k, u)}
        if not any(p.index in names(b) for b in inner):
            return None
        outer = Term(one.term.coefficient, {b: k for b, k in one.term.powers.items() if b not in inner})
        alone = al.build(outer) if not any(p.index in names(b) | names(k) for b, k in outer.powers.items()) else None
        first = al.build(gathered(outer, p.index, ONE, N, al)) if alone is None else ONE if alone == ONE else Pow(alone, N)
        body = Big("prod", p.index, ONE, N, fraction(inner, al))
        return body if first == ONE else mul(*factors(first), body)

    # -- comparing it with 1 --------------------------------------------------------------------

    def decide(self, q: Quotient) -> None:
        split = self.linear(self.al.split(self.ratio))
        if split is None:
            self.by_search()
            return
        slope, rest = split
        sign = self.sign(slope)
        p = self.work.problem
        if slope == ZERO:
            self.one_way(self.sign(rest))
        elif sign < 0:
            below = positive_first(self.al.expand(neg(slope)))
            self.up_to(self.al.tidy(Div(rest, below)), below, rest)
        elif p.observations is not None and value(slope) == 0:
            self.one_way(self.sign(rest))
        else:
            raise NotSupported(f"the likelihood may first fall and then grow in {self.name}; this is not supported yet")

    def sign(self, f: Formula) -> int:
        """The sign of a formula in the data: proved, or the same in all worlds."""
        v = value(f)
        if v is not None:
            return (v > 0) - (v < 0)
        proved = self.al.sign(f)
        if proved:
            return proved
        vs = self.worlds.values(f)
        return 1 if all(x >= 0 for x in vs) and any(x > 0 for x in vs) else -1 if all(x <= 0 for x in vs) and any(x < 0 for x in vs) else 0

    def linear(self, t: Term) -> tuple[Formula, Formula] | None:
        """(a, b) such that the ratio is at least 1 exactly when a N + b >= 0, with the lines that show it; else None."""
        u, al = self.u, self.al
        one = equation_at_least(al.build(t), ONE)
        self.lines = [Line(one, None, self.judged(one), "compare with 1")]
        exponent = t.powers.get(E)
        if exponent is not None:
            if len(t.powers) > 1 or t.coefficient != 1:
                return None
            difference = al.expand(split_sums(exponent, al) or exponent)
            self.step(equation_at_least(exponent, ZERO), say("the exponential is at least 1 when its exponent is at least 0"))
        else:
            root = self.root(t)
            if root is not None:
                t = rooted(t, root, u, al)
                self.step(equation_at_least(al.build(t), ONE), say("the power {} keeps the order of positive numbers", root))
            above = {b: k for b, k in t.powers.items() if (value(k) or 1) > 0}
            below = {b: neg(k) for b, k in t.powers.items() if b not in above}
            top, bottom_term = al.build(Term(Fraction(t.coefficient.numerator), above)), Term(Fraction(t.coefficient.denominator), below)
            bottom = al.build(bottom_term)
            if any(value(k) is None for b, k in t.powers.items() if has(b, u) or has(k, u)) or not self.positive(bottom_term):
                return None
            if bottom != ONE:
                self.step(
                    equation_at_least(top, bottom),
                    say(
                        "multiply by {}, which is positive where {} and {} are",
                        bottom,
                        self.work.problem.of("L"),
                        Apply("L", (add(u, neg(ONE)),)),
                    ),
                )
            difference = al.expand(add(top, neg(bottom)))
        table = al.coefficients(difference, u)
        if table is None or not set(table) <= {ZERO, ONE}:
            return None
        slope, rest = (al.assemble(table.get(k, [])) for k in (ONE, ZERO))
        return slope, rest

    def root(self, t: Term) -> Formula | None:
        """A power other than 1 that all factors with the unknown have, or its negative, and that is positive; else None."""
        exponents = [k for b, k in t.powers.items() if has(b, self.u) or has(k, self.u)]
        first = exponents[0].arg if exponents and isinstance(exponents[0], Neg) else exponents[0] if exponents else ONE
        alike = all(k in (first, neg(first)) for k in exponents) and not isinstance(first, (Add, Div)) and not has(first, self.u)
        return first if alike and first != ONE and self.al.facts.positive(first) else None

    def positive(self, t: Term) -> bool:
        return t.coefficient > 0 and all(self.al.facts.positive(b) for b in t.powers)

    def judged(self, r: Relation) -> Evidence:
        """A relation holds in the same worlds as L(N) >= L(N - 1), ties aside; or `Refuted`."""
        left, right = map(compiled, r.sides)
        for w in self.worlds.worlds:
            a, b = left(w), right(w)
            growth = w["ell"](w[self.name]) - w["ell"](w[self.name] - 1)
            if abs(growth) > 1e-9 and abs(a - b) > 1e-9 * (abs(a) + abs(b)) and (a > b) != ((growth > 0) == (r.signs[0][0] == ">")):
                raise Refuted(f"{r} does not say that the likelihood grows")
        return Evidence("sampled", "true for the same values", len(self.worlds.worlds))

    def step(self, r: Relation, words: Words) -> None:
        if r != self.lines[-1].formula:
            self.lines.append(Line(r, words, self.judged(r), "compare with 1", arrow=True))

    # -- what follows ---------------------------------------------------------------------------

    def one_way(self, sign: int) -> None:
        """The comparison comes out the same for every N: the likelihood decreases, increases, or is flat."""
        p, u = self.work.problem, self.u
        if sign == 0:
            self.flat()
            return
        shown = Relation((self.ratio, ONE), (">" if sign > 0 else "<",))
        evidence = self.worlds.holds(shown)
        blocks: list[Words | Display] = [
            Display((Line(shown, None, evidence, "compare with 1"),)),
            say("for every {}, so {} {}.", u, p.of("L"), "increases" if sign > 0 else "decreases"),
        ]
        end = self.high if sign > 0 else self.low
        if end in (INFINITY, MINUS_INFINITY):
            blocks.append(
                say(
                    "There is no largest value of {}: the likelihood comes ever closer to its supremum as {} grows, and there is no maximum.",
                    u,
                    u,
                )
            )
            self.work.outcome = "none"
        else:
            end = self.whole(self.of_one(end), "ceiling" if sign < 0 else "floor")
            blocks += self.found(end, say("It is largest at the {} admissible value:", "largest" if sign > 0 else "smallest"), "boundary")
        self.section(blocks)

    def flat(self) -> None:
        """The likelihood is the same wherever it is positive."""
        p, u = self.work.problem, self.u
        if self.ratio != ONE or self.low == MINUS_INFINITY or self.high == INFINITY:
            raise NotSupported(f"the likelihood does not depend on {self.name} in a way that is settled here")
        low, high = self.whole(self.of_one(self.low), "ceiling"), self.whole(self.of_one(self.high), "floor")
        a, b = value(low), value(high)
        listed_ = tuple(num(a + j) for j in range(int(b - a) + 1)) if a is not None and b is not None and b - a < LISTED else None
        between = SetOf(listed_ if listed_ is not None else (low, num(a + 1) if a is not None else Add((low, ONE)), Dots(), high))
        blocks = self.found(low, None, "boundary")
        shown = Relation((hat(self.name), between), ("in",))
        there = settle_answers(self.work.judge if self.work.numbers else self.work.general, self.work.answers)
        there.equal(Indicator(shown), ONE)
        self.work.outcome, self.work.sets[self.name] = "not unique", between
        blocks = [
            say("The ratio is 1: where {} is positive it does not depend on {}. Every admissible value is an estimate:", p.of("L"), u),
            Display((Line(shown, None, Evidence("proved", "the ratio is 1", len(there.worlds)), "estimate"),)),
        ]
        self.section(blocks)

    def only_one(self) -> bool:
        """Where the data leave a single value: it is the estimate."""
        low, high = value(self.low), value(self.high)
        if low is None or high is None or math.ceil(low) != math.floor(high):
            return False
        blocks = self.found(num(math.ceil(low)), say("The data leave one value only:"), "boundary")
        self.section(blocks)
        return True

    def up_to(self, c: Formula, slope: Formula, rest: Formula) -> None:
        """The likelihood grows as long as N <= c."""
        p, u, al = self.work.problem, self.u, self.al
        r = Relation((u, c), ("<=",))
        difference = Relation(
            (al.build(al.times((al.split(slope), al.split(u)))) if not isinstance(slope, Add) else mul(slope, u), rest), ("<=",)
        )
        self.step(difference, say("multiply out and collect {}", u))
        self.step(r, say("divide by {}, which is positive", slope) if slope != ONE else say("as it stands"))
        if not self.al.facts.positive(slope) and value(slope) is None:
            self.work.conditions.append(Condition((Relation((slope, ZERO), (">",)),), say("exists if {}", Relation((slope, ZERO), (">",)))))
        blocks: list[Words | Display] = [
            say("{} grows from {} to {} as long as", p.of("L"), add(u, neg(ONE)), u),
            Display(tuple(self.lines)),
        ]
        low, high = self.least(c), self.most()
        low = None if low is not None and self.al.facts.range(c).low >= (value(low) or math.inf) else low
        number = value(c)
        if number is None:
            blocks.append(say("So it is largest at the largest whole number that is at most {}, and falls after it:", c))
            shown: Formula = Call("floor", (c,))
            if high is not None:
                shown = Call("min", (high, shown))
            if low is not None:
                shown = Call("max", (*(low.args if isinstance(low, Call) and low.name == "max" else (low,)), shown))
            blocks += self.found(shown, None, "closed")
            blocks.append(say("Where {} is itself a whole number, the ratio is 1 there: the value one below has the same likelihood.", c))
            self.work.conditions.append(
                Condition((Relation((c, Call("floor", (c,))), ("!=",)),), say("is unique if {} is not a whole number", c))
            )
        else:
            least = value(low) if low is not None else None
            top = Fraction(math.floor(number))
            greatest = value(high) if high is not None else None
            if greatest is not None and top > greatest:
                blocks += self.found(
                    num(greatest),
                    say("All values that are allowed lie below {}: the likelihood grows up to the last of them.", c),
                    "boundary",
                )
            elif least is not None and top < least:
                blocks += self.found(
                    num(least),
                    say("All values that are allowed lie above {}: the likelihood falls from the first of them on.", c),
                    "boundary",
                )
            elif number == top and (least is None or top - 1 >= least):
                blocks += self.tied(top)
            else:
                blocks.append(say("So it is largest at the largest whole number that is at most {}, and falls after it:", c))
                label = Call("floor", (c,)) if number != top else c
                blocks += self.found(num(top), None, "closed", label if label != num(top) else None)
        self.section(blocks)

    def least(self, c: Formula) -> Formula | None:
        """The first admissible value, where c may lie below it; None where it cannot.

        At the first value that the data allow L(N - 1) = 0: a factor below the line vanishes, and N <= c there.
        """
        bottoms = [b for b, k in self.al.split(self.ratio).powers.items() if (value(k) or 0) < 0]
        return self.kept(self.low, "max", bottoms, ZERO, "ceiling")

    def most(self) -> Formula | None:
        """The last admissible value, where the bound may lie above it; None where it cannot: at the next value L(N) = 0."""
        tops = [b for b, k in self.al.split(self.ratio).powers.items() if (value(k) or 0) > 0]
        return None if self.high == INFINITY else self.kept(self.high, "min", tops, ONE, "floor")

    def kept(self, ends: Formula, which: str, factors: list[Formula], shift: Formula, rounding: str) -> Formula | None:
        """Those ends at which (or one after which) no factor of the ratio vanishes."""
        kept = []
        for end in ends.args if isinstance(ends, Call) and ends.name == which else (ends,):
            end = self.of_one(end)
            place: dict[Formula, Formula] = {self.u: add(end, shift)}
            if end == MINUS_INFINITY or any(self.al.tidy(self.al.expand(replace_all(b, place))) == ZERO for b in factors):
                continue
            kept.append(self.whole(end, rounding))
        return Call(which, tuple(kept)) if len(kept) > 1 else kept[0] if kept else None

    def of_one(self, f: Formula) -> Formula:
        """Of a single observation the smallest and the largest are itself."""
        return replaced_extremes(f, self.work) if self.work.problem.size == 1 else f

    def whole(self, end: Formula, rounding: str) -> Formula:
        """An end as a whole number."""
        if isinstance(end, Call) and end.name in ("max", "min"):
            return Call(end.name, tuple(self.whole(f, rounding) for f in end.args))
        v = value(end)
        if v is not None:
            return num((math.ceil if rounding == "ceiling" else math.floor)(v))
        return end if is_whole(end) else Call(rounding, (end,))

    def found(self, f: Formula, words: Words | None, how: str, middle: Formula | None = None) -> list[Words | Display]:
        self.work.answers[self.name] = f
        self.work.how[self.name] = how
        self.work.order.append(self.name)
        there = settle_answers(self.work.judge if self.work.numbers else self.work.general, self.work.answers)
        shown = equation(hat(self.name), f) if middle is None else Relation((hat(self.name), middle, f), ("=", "="))
        return [*([words] if words is not None else []), Display((Line(shown, None, there.holds(shown), "estimate"),))]

    def tied(self, top: Fraction) -> list[Words | Display]:
        """Two neighbours with the same likelihood."""
        pair = SetOf((num(top - 1), num(top)))
        self.found(num(top), None, "closed")
        shown = Relation((hat(self.name), pair), ("in",))
        w = self.worlds.worlds[0]
        if not close(w["ell"](float(top)), w["ell"](float(top - 1)), 1e-9):
            raise Refuted(f"no tie at {top}")
        self.work.outcome = "not unique"
        self.work.sets[self.name] = pair
        evidence = Evidence("computed", "both have the same likelihood", 1)
        tie = equation(Apply("L", (num(top - 1),)), Apply("L", (num(top),)))
        return [
            say("The bound {} is itself a whole number, and there the ratio is exactly 1. So two neighbours have the same, largest likelihood:", num(top)),
            Display((Line(tie, None, evidence, "tie"), Line(shown, None, evidence, "estimate", arrow=True))),
        ]  # fmt: skip

    # -- by search ------------------------------------------------------------------------------

    def by_search(self) -> None:
        """The ratio is shown to fall below 1 once; the last value at which it is at least 1 is looked for, or named."""
        p = self.work.problem
        argument = self.all_fall()
        if p.observations is not None and not names(multiplied_out(self.ratio, self.work)) - {self.name}:
            self.searched(argument)
        elif argument is not None:
            self.named(argument)
        else:
            raise NotSupported(
                f"whether the likelihood grows from {self.name} - 1 to {self.name} is not solved for {self.name} in general",
                hint="give the data, or n=1",
            )

    def all_fall(self) -> list[Words | Display] | None:
        """The argument that the ratio of every single observation falls, and goes below 1; None where that is not shown."""
        p, u, al = self.work.problem, self.u, self.al
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
            lines = tuple(Line(r, None, oracle.equal(*r.sides), "divide") for r in found.pairs)
            blocks += [lead + say("{}:", whatever), Display(lines)]
            blocks += [say("Besides, ") + both + say(".")] if both.parts else []
        else:
            blocks.append(say("The ratio falls as {} grows: ", u) + both + say("."))
        return blocks

    def crosses(self, t: Term) -> list[Words | Display] | None:
        """The argument that the product of the ratios is at least 1 up to one value and not after it, where they are (w + c)/(w + x)."""
        p, u, al = self.work.problem, self.u, self.al
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
        line = Line(shown, None, Evidence("sampled", "equal at random points", len(self.worlds.worlds)), "divide")
        if p.observations is None:
            needed = Relation((total, ZERO), (">",))
            self.work.conditions.append(Condition((needed,), say("exists if {}, that is, if some {} is positive", needed, x)))
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
        p, u = self.work.problem, self.u
        start = self.whole(self.of_one(self.low), "ceiling")
        end = self.high if self.high == INFINITY else self.whole(self.of_one(self.high), "floor")
        condition = equation_at_least(self.ratio, ONE)
        answer = Last(self.name, start, end, condition)
        words = say("So the ratio is at least 1 up to some {} and less than 1 from then on: {} grows up to there and falls after it, and the estimate is the last such value:", u, p.of("L"))  # fmt: skip
        blocks = [*argument, *self.found(answer, words, "numeric")]
        blocks.append(say("or {} where the ratio is less than 1 for all of them. It is found by trying the values in turn.", start))
        hatted = Relation((replace_all(self.ratio, {u: hat(self.name)}), ONE), ("!=",))
        blocks.append(say("Where the ratio is exactly 1 at {}, the value one below has the same likelihood.", hat(self.name)))
        self.work.conditions.append(Condition((hatted,), say("is unique if {}", hatted)))
        self.section(blocks)

    def searched(self, argument: list[Words | Display] | None) -> None:
        """Given data: the last value at which the ratio is at least 1 is looked for."""
        work, u, p = self.work, self.u, self.work.problem
        t = self.al.split(multiplied_out(self.ratio, work))
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
            raise NotSupported(f"where the ratio of the likelihoods at {self.name} and {self.name} - 1 is at least 1 was not settled")
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
                shown.append(Line(Relation((label, quoted, ONE), ("approx", sign)), None, Evidence("computed", "worked out", 1), "table"))
        blocks.append(Display(tuple(shown)))
        blocks += self.found(num(last), None, "numeric")
        self.section(blocks)

    def crosses_once(self, t: Term, least: int) -> bool:
        """Whether numerator minus denominator is positive at the next value and has one root beyond, with a positive denominator."""
        p = difference_of(t, self.u, self.al)
        bottom = Term(Fraction(1), {b: ONE for b, k in t.powers.items() if (value(k) or 0) < 0})
        if not p or p[-1] > 0 or not self.positive(bottom):
            return False
        start = Fraction(2 * least + 1, 2)
        return roots_beyond(p, start) == 1

    def section(self, blocks: list[Words | Display]) -> None:
        self.work.sections.append(Section(say("Where the maximum lies"), tuple(blocks)))


def without_weaker(facts: Facts, u: Sym) -> Facts:
    """Facts without those about formulas in u that say no more than what is known of u itself."""
    known = dict(facts.known)
    for f, r in facts.known.items():
        if has(f, u):
            q = changed(facts, known={g: s for g, s in known.items() if g != f}).range(f)
            if q.low >= r.low and q.high <= r.high:
                del known[f]
    return changed(facts, known=known)


def counted(f: Formula) -> tuple[Formula, ...]:
    """The numbers whose factorials a factorial or a binomial coefficient holds."""
    match f:
        case Call("factorial", (a,)):
            return (a,)
        case Call("binomial", (a, b)):
            return (a, b, add(*terms(a), *(neg(t) for t in terms(b))))
    return ()


def fraction(powers: Mapping[Formula, Formula], al: Algebra) -> Formula:
    """Powers as one fraction, single letters first."""
    sides: tuple[list[Formula], list[Formula]] = ([], [])
    for b, k in sorted(powers.items(), key=lambda pair: isinstance(pair[0], Add)):
        if b == E:
            sides[0].append(exp(k))
        else:
            below = al.facts.range(k).nonpositive
            sides[below].append(power(b, al.tidy(neg(k)) if below else k))
    return div(mul(*sides[0]), mul(*sides[1]))


def in_order(f: Formula) -> Formula | None:
    """A sum with what is subtracted behind."""
    return positive_first(f) if isinstance(f, Add) and isinstance(f.terms[0], Neg) else None


def ends_of(which: str, end: Formula) -> list[Formula]:
    """An end as those of which it is the greatest or the least; none where it is infinite."""
    if end in (INFINITY, MINUS_INFINITY):
        return []
    return list(end.args) if isinstance(end, Call) and end.name == which else [end]


def at_an_extreme(f: Formula, greatest: bool, p: Problem) -> Formula | None:
    """The greatest or the least of a sum over the observations, where it holds one of them with the factor 1 or -1; else None."""
    xs = [g for g in walk(f) if isinstance(g, At)]
    if not xs:
        return f
    if len(xs) > 1 or p.whole:
        return None
    (x,) = xs
    sign = 1 if x in terms(f) else -1 if neg(x) in terms(f) else 0
    order = largest(x.base) if (sign > 0) == greatest else smallest(x.base)
    return replace_all(f, {x: order}) if sign else None


def equation_at_least(a: Formula, b: Formula) -> Relation:
    return Relation((a, b), (">=",))
