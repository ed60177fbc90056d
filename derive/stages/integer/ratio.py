"""A parameter that is a whole number: the ratio L(N)/L(N - 1) says up to where the likelihood grows.

There is no derivative in such a parameter.  The ratio is brought to the form "at least 1 as long as N <= c" where
algebra does that; else it is shown to pass 1 once, and the last N where it is at least 1 is named or, with data, found.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from ...algebra.terms import Algebra, Term
from ...density.support.admissible import positive_first
from ...errors import NotSupported
from ...formula.evaluate import compiled
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Apply,
    Big,
    Call,
    Const,
    Div,
    Dots,
    Formula,
    Indicator,
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
    terms,
    transform,
    value,
    walk,
)
from ...oracle.judge import Oracle, Refuted, close
from ...proofs.grounds import Ground, proved
from ...recorder import held, record
from ...rules.neighbours import Quotient, gathered, neighbours
from ...rules.sums import split_sums
from ...sets.domain import INFINITY, MINUS_INFINITY
from ...trace import Condition, ConditionKind, Display, Evidence, How, Outcome, Section, SectionKey, Words, say
from ..boundary.limits import limits
from ..likelihood.one_observation import single
from ..setting import State, settle_answers
from .neighbour_ratio import laid_out, rooted, where_positive, with_numbers
from .ratio_crossing import Passing, equation_at_least

E = Const("e")
LISTED = 12  # estimates that are written one by one


def ratio(state: State) -> None:
    """Sections "Ratio of neighbours" and what follows from it: sets the answer of the only parameter."""
    p = state.problem
    (name,) = p.parameters
    state.numbers = p.observations is not None or (p.whole and not p.known)
    Neighbours(state, name, Sym(name)).carry_out()


class Neighbours(Passing):
    """One comparison of L(N) with L(N - 1) while it is carried out."""

    def carry_out(self) -> None:
        state, u = self.state, self.u
        self.al = Algebra(state.al.facts, state.al.decimals, state.al.unknowns, clock=state.al.clock)
        self.low, self.high = limits(self.name, state) if state.problem.moving else self.domain_ends()
        q = neighbours(single(state.problem.likelihood, state), u, self.al)
        if q is None:
            raise NotSupported(
                f"the ratio of the likelihoods at {self.name} and {self.name} - 1 is not simplified here",
                hint="state an interval as its domain",
            )
        self.low, self.high = self.by_factorials(q)
        if self.only_one():
            return
        self.al = Algebra(self.facts(q), state.al.decimals, state.al.unknowns, clock=state.al.clock)
        self.worlds = Oracle(where_positive(state, self.name))
        self.quotient(q)
        self.decide(q)

    def quotient(self, q: Quotient) -> None:
        """Section "Ratio of neighbours": L(N)/L(N - 1), judged against the density."""
        p, u = self.state.problem, self.u
        self.ratio = transform(with_numbers(self.over_the_sample() or laid_out(q.term, self.al), self.state), in_order)
        label = Div(p.of("L"), Apply("L", (add(u, neg(ONE)),)))
        for w in self.worlds.worlds:
            exact = math.exp(w["ell"](w[self.name]) - w["ell"](w[self.name] - 1))
            if not close(exact, compiled(self.ratio)(w), 1e-9):
                raise NotSupported(f"the ratio of the likelihoods at {self.name} and {self.name} - 1 is not simplified for all samples")
        evidence = self.worlds.sampled("equal")
        blocks: list[Words | Display] = [
            say("{} is a whole number, so there is no derivative in it. Instead compare neighbours: {} grows from {} to {} where the ratio is at least 1.",
                u, p.of("L"), add(u, neg(ONE)), u),
            Display((record(equation(label, self.ratio), evidence, say("most factors cancel"), "ratio of neighbours"),)),
        ]  # fmt: skip
        if any(isinstance(g, Call) and g.name in ("factorial", "binomial") for g in walk(p.density)):
            blocks[1:1] = [say("Factorials at {} and {} have all but a few factors in common.", u, add(u, neg(ONE)))]
        self.state.sections.append(Section(SectionKey.RATIO, say("Ratio of neighbours"), tuple(blocks)))

    def over_the_sample(self) -> Formula | None:
        """The ratio as constants and one product over the sample, where factors hold the unknown and an observation at once."""
        p, u, al = self.state.problem, self.u, self.al
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

    def decide(self, q: Quotient) -> None:
        split = self.linear(self.al.split(self.ratio))
        if split is None:
            self.by_search()
            return
        slope, rest = split
        sign = self.sign(slope)
        p = self.state.problem
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
        self.lines = [record(one, self.judged(one), rule="compare with 1")]
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
                        self.state.problem.of("L"),
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

    def judged(self, r: Relation) -> Evidence:
        """A relation holds in the same worlds as L(N) >= L(N - 1), ties aside; or `Refuted`."""
        left, right = map(compiled, r.sides)
        for w in self.worlds.worlds:
            a, b = left(w), right(w)
            growth = w["ell"](w[self.name]) - w["ell"](w[self.name] - 1)
            if abs(growth) > 1e-9 and abs(a - b) > 1e-9 * (abs(a) + abs(b)) and (a > b) != ((growth > 0) == (r.signs[0][0] == ">")):
                raise Refuted(f"{r} does not say that the likelihood grows")
        return self.worlds.sampled("true for the same values")

    def step(self, r: Relation, words: Words) -> None:
        if r != self.lines[-1].formula:
            self.lines.append(record(r, self.judged(r), words, "compare with 1"))

    def tops_apart(self, sign: int) -> list[Words | Display]:
        """Why a fraction is always on one side of 1: its top less its positive bottom, where the sign of that is seen."""
        al = self.al
        if not isinstance(self.ratio, Div) or not al.facts.positive(self.ratio.bottom):
            return []
        gap = al.expand(add(self.ratio.top, neg(self.ratio.bottom)))
        if al.sign(gap) != sign:
            return []
        chain = Relation((add(self.ratio.top, neg(self.ratio.bottom)), gap, ZERO), ("=", ">" if sign > 0 else "<"))
        words = say("The bottom of the fraction is positive, and the top is {}:", "larger" if sign > 0 else "smaller")
        return [words, Display((held(self.worlds, chain, rule="subtract"),))]

    def one_way(self, sign: int) -> None:
        """The comparison comes out the same for every N: the likelihood decreases, increases, or is flat."""
        p, u = self.state.problem, self.u
        if sign == 0:
            self.flat()
            return
        shown = Relation((self.ratio, ONE), (">" if sign > 0 else "<",))
        evidence = self.worlds.holds(shown)
        blocks: list[Words | Display] = [
            *self.tops_apart(sign),
            Display((record(shown, evidence, rule="compare with 1"),)),
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
            self.state.outcome = Outcome.NONE
        else:
            end = self.whole(self.of_one(end), "ceiling" if sign < 0 else "floor")
            blocks += self.found(end, say("It is largest at the {} admissible value:", "largest" if sign > 0 else "smallest"), How.BOUNDARY)
        self.section(blocks)

    def flat(self) -> None:
        """The likelihood is the same wherever it is positive."""
        p, u = self.state.problem, self.u
        if self.ratio != ONE or self.low == MINUS_INFINITY or self.high == INFINITY:
            raise NotSupported(f"the likelihood does not depend on {self.name} in a way that is settled here")
        low, high = self.whole(self.of_one(self.low), "ceiling"), self.whole(self.of_one(self.high), "floor")
        a, b = value(low), value(high)
        listed_ = tuple(num(a + j) for j in range(int(b - a) + 1)) if a is not None and b is not None and b - a < LISTED else None
        between = SetOf(
            listed_
            if listed_ is not None
            else (low, num(a + 1) if a is not None else self.state.al.expand(Add((*terms(low), ONE))), Dots(), high)
        )
        blocks = self.found(low, None, How.BOUNDARY)
        shown = Relation((hat(self.name), between), ("in",))
        there = settle_answers(self.state.judge if self.state.numbers else self.state.general, self.state.answers)
        there.equal(Indicator(shown), ONE)
        self.state.outcome, self.state.sets[self.name] = Outcome.NOT_UNIQUE, between
        blocks = [
            say("The ratio is 1: where {} is positive it does not depend on {}. Every admissible value is an estimate:", p.of("L"), u),
            Display((record(shown, proved(Ground.RATIO_ONE, len(there.worlds)), rule="estimate"),)),
        ]
        self.section(blocks)

    def only_one(self) -> bool:
        """Where the data leave a single value: it is the estimate."""
        low, high = value(self.low), value(self.high)
        if low is None or high is None or math.ceil(low) != math.floor(high):
            return False
        blocks = self.found(num(math.ceil(low)), say("The data leave one value only:"), How.BOUNDARY)
        self.section(blocks)
        return True

    def up_to(self, c: Formula, slope: Formula, rest: Formula) -> None:
        """The likelihood grows as long as N <= c."""
        p, u, al = self.state.problem, self.u, self.al
        r = Relation((u, c), ("<=",))
        difference = Relation(
            (al.build(al.times((al.split(slope), al.split(u)))) if not isinstance(slope, Add) else mul(slope, u), rest), ("<=",)
        )
        self.step(difference, say("multiply out and collect {}", u))
        self.step(r, say("divide by {}, which is positive", slope) if slope != ONE else say("as it stands"))
        if not self.al.facts.positive(slope) and value(slope) is None:
            self.state.conditions.append(Condition(ConditionKind.EXISTS, (Relation((slope, ZERO), (">",)),), say("{}", Relation((slope, ZERO), (">",)))))
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
            blocks += self.found(shown, None, How.CLOSED)
            blocks.append(say("Where {} is itself a whole number, the ratio is 1 there: the value one below has the same likelihood.", c))
            self.state.conditions.append(
                Condition(ConditionKind.UNIQUE, (Relation((c, Call("floor", (c,))), ("!=",)),), say("{} is not a whole number", c))
            )
        else:
            least = value(low) if low is not None else None
            top = Fraction(math.floor(number))
            greatest = value(high) if high is not None else None
            if greatest is not None and top > greatest:
                blocks += self.found(
                    num(greatest),
                    say("All values that are allowed lie below {}: the likelihood grows up to the last of them.", c),
                    How.BOUNDARY,
                )
            elif least is not None and top < least:
                blocks += self.found(
                    num(least),
                    say("All values that are allowed lie above {}: the likelihood falls from the first of them on.", c),
                    How.BOUNDARY,
                )
            elif number == top and (least is None or top - 1 >= least):
                blocks += self.tied(top)
            else:
                blocks.append(say("So it is largest at the largest whole number that is at most {}, and falls after it:", c))
                label = Call("floor", (c,)) if number != top else c
                blocks += self.found(num(top), None, How.CLOSED, label if label != num(top) else None)
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
