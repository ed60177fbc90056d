"""A parameter that is a whole number: the ratio L(N)/L(N - 1) says up to where the likelihood grows.

There is no derivative in such a parameter.  The ratio is brought to the form "at least 1 as long as N <= c" where
algebra does that; else, with given data, it is shown to decrease, and the last N where it is at least 1 is found.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

from ..algebra import Algebra, Term
from ..density.sets import INFINITY, MINUS_INFINITY
from ..derivation import Condition
from ..errors import NotSupported
from ..facts import Facts, Range
from ..formula.evaluate import compiled
from ..formula.names import hat
from ..formula.tree import (
    ONE,
    ZERO,
    Add,
    Apply,
    Call,
    Const,
    Div,
    Formula,
    Relation,
    SetOf,
    Sym,
    add,
    equation,
    mul,
    neg,
    num,
    rational,
    replace_all,
    value,
    walk,
)
from ..oracle import Oracle, Refuted, close
from ..rules.neighbours import Quotient, neighbours
from ..trace import Display, Evidence, Line, Section, Words, say
from .ratios import common_exponent, is_whole, laid_out, multiplied_out, rooted, where_positive, with_numbers
from .single import replaced_extremes, single
from .unimodal import difference_of, falling, last_at_least_one, limit_below_one, roots_beyond
from .ways.order_statistic import limits
from .work import Work, settle_answers

E = Const("e")
AT_LEAST_ONE = Range(1, math.inf)


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
        self.al = Algebra(self.facts(q), work.al.decimals, work.al.unknowns, clock=work.al.clock)
        self.worlds = Oracle(where_positive(work, self.name))
        self.quotient(q)
        self.decide(q)

    def domain_ends(self) -> tuple[Formula, Formula]:
        d = self.work.problem.parameters[self.name]
        return d.low, d.high

    def facts(self, q: Quotient) -> Facts:
        """What holds where L(N - 1) is positive: N is above the first admissible value, arguments of factorials are at least 0."""
        facts = self.work.al.facts
        bound = value(self.low)
        low = max(self.work.problem.parameters[self.name].whole({})[0], -math.inf if bound is None else float(bound))
        high = value(self.high)
        facts = facts.with_letters({self.name: Range(low + 1, math.inf if high is None else float(high))})
        for f in q.above_zero:
            if facts.range(f).low < 1:
                facts = facts.assume(f, AT_LEAST_ONE)
        return facts

    # -- the ratio ------------------------------------------------------------------------------

    def quotient(self, q: Quotient) -> None:
        """Section "Ratio of neighbours": L(N)/L(N - 1), judged against the density."""
        p, u = self.work.problem, self.u
        self.ratio = with_numbers(laid_out(q.term, self.al), self.work)
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
            self.up_to(self.al.tidy(Div(rest, self.al.tidy(neg(slope)))), self.al.tidy(neg(slope)), rest)
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
            difference = al.expand(exponent)
            self.step(equation_at_least(exponent, ZERO), say("the exponential is at least 1 when its exponent is at least 0"))
        else:
            root = common_exponent(t)
            if root is not None and root != ONE:
                t = rooted(t, root)
                self.step(equation_at_least(al.build(t), ONE), say("the power {} keeps the order of positive numbers", root))
            top = al.build(Term(Fraction(t.coefficient.numerator), {b: k for b, k in t.powers.items() if (value(k) or 0) > 0}))
            bottom_term = Term(
                Fraction(t.coefficient.denominator), {b: rational(-(value(k) or 0)) for b, k in t.powers.items() if (value(k) or 0) < 0}
            )
            bottom = al.build(bottom_term)
            if any(value(k) is None for k in t.powers.values()) or not self.positive(bottom_term):
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
            raise NotSupported(f"the likelihood does not depend on {self.name} in a way that is settled here")
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
        """Given data: the ratio is shown to decrease in N, and its last value of at least 1 is looked for."""
        work, u, p = self.work, self.u, self.work.problem
        if p.observations is None:
            raise NotSupported(
                f"whether the likelihood grows from {self.name} - 1 to {self.name} is not solved for {self.name} in general",
                hint="give the data, or n=1",
            )
        t = self.al.split(multiplied_out(self.ratio, work))
        least = value(self.low)
        if least is None:
            raise NotSupported(f"{self.name} has no least value")
        if falling(t, u, self.al) is not None and limit_below_one(t):
            argument = say("The ratio decreases in {}: it is a product of factors each of which does.", u)
        elif self.crosses_once(t, math.ceil(least)):
            argument = say(
                "Multiplied by the denominator, which is positive, the ratio is at least 1 where a polynomial in {} is at least 0. By Sturm's theorem "
                "that has one root above the first admissible value {}, and goes from plus to minus there.", u, num(math.ceil(least)),
            )  # fmt: skip
        else:
            raise NotSupported(f"where the ratio of the likelihoods at {self.name} and {self.name} - 1 is at least 1 was not settled")
        g, w = compiled(self.al.build(t)), dict(self.worlds.worlds[0])
        last = last_at_least_one(g, w, self.name, math.ceil(least))
        blocks: list[Words | Display] = [
            argument,
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


def equation_at_least(a: Formula, b: Formula) -> Relation:
    return Relation((a, b), (">=",))
