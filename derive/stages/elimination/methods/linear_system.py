"""A system of linear equations: unknowns whose scores are linear in all of them.

The scores without their common factor are the normal equations.  An unknown with the coefficient n (an intercept) is
eliminated first, which centres the sums; then one unknown after the other (Gauss), with letters for what is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ....algebra.terms import Algebra, Term
from ....errors import NotSupported
from ....formula.names import hat, reported
from ....formula.tree import (
    ONE,
    ZERO,
    Add,
    At,
    Big,
    Div,
    Formula,
    Mul,
    N,
    Pow,
    Relation,
    Sym,
    add,
    equation,
    mul,
    names,
    neg,
    replace_all,
    terms,
    total,
)
from ....recorder import Equations, definition, held, record
from ....rule_names import RuleName
from ....rules.sums import centred, expand_in_sum, fold_means, split_sums
from ....trace import Condition, ConditionKind, Display, Strength, Words, say
from ...prose import listed
from ...setting import MaximumArgument, Setting
from ..method import Found, Plan, Search

NOTHING = 1e-9  # a pivot that is smaller in every sample is 0
LETTERS = "STUVWABC"  # for the coefficients after each step


@dataclass(frozen=True)
class System:
    """Equations sum over k of left[j, k] times unknown k = right[j], one for each unknown j."""

    unknowns: tuple[str, ...]
    left: Mapping[tuple[str, str], Formula]
    right: Mapping[str, Formula]

    def equation(self, j: str, al: Algebra) -> Relation:
        """The equation of unknown j as it is shown."""
        parts = [al.times((_one(self.left[j, k], al), al.split(Sym(k)))) for k in self.unknowns]
        return equation(add(*(al.build(t) for t in parts if t.coefficient)), self.right[j])


def method(search: Search, name: str) -> Plan | None:
    """A plan where the scores of name and of other open unknowns are linear in these unknowns.

    A line of two unknowns, one of them an intercept, is left to one equation after the other.
    """
    if not search.state.problem.variables:  # a likelihood as a whole has no sums to name
        return None
    if search.state.numbers or len(search.open_names) < 2:
        return None
    found = normal_equations(search, name)
    if found is None or found[0].unknowns[0] != name or len(found[0].unknowns) >= len(LETTERS):
        return None
    system, factor = found
    if len(system.unknowns) == 1 or (len(system.unknowns) == 2 and _plain_line(system)):
        return None
    return Plan(system.unknowns, frozenset(), lambda: carried_out(system, factor, search))


def _plain_line(system: System) -> bool:
    """An intercept and a slope, with sums of single letters and of their products only."""
    sums = [f for f in (*system.left.values(), *system.right.values()) if f != N]
    return any(system.left[k, k] == N for k in system.unknowns) and all(isinstance(f, Big) and _plain_product(f.body) for f in sums)


def _plain_product(f: Formula) -> bool:
    return (
        isinstance(f, At) or (isinstance(f, Pow) and isinstance(f.base, At)) or (isinstance(f, Mul) and all(map(_plain_product, f.factors)))
    )


def normal_equations(search: Search, name: str) -> tuple[System, Formula] | None:
    """The system of an unknown and those linked with it, and what every score is multiplied by to get it; None where there is none."""
    state, al = search.state, search.state.al
    flat: dict[str, list[Term]] = {}
    for k in search.open_names:
        f = expand_in_sum(search.scores[k], al) or search.scores[k]
        ts = al.expanded(split_sums(f, al) or f)
        table = None if ts is None else al.coefficients(al.assemble(ts), Sym(k))
        if ts is not None and table is not None and set(table) <= {ZERO, ONE} and ONE in table:
            flat[k] = ts
    if len(flat) < 2 or name not in flat:
        return None
    common = al.common_factor([t for ts in flat.values() for t in ts])
    common = replace(common, coefficient=Fraction(1))
    if not al.facts.positive(al.build(common)):
        return None
    left: dict[tuple[str, str], Formula] = {}
    right: dict[str, Formula] = {}
    for j, ts in flat.items():
        parts = _apart([al.divided(t, common) for t in ts], tuple(flat))
        if parts is None:
            return None
        left |= {(j, k): al.assemble(t.scaled(Fraction(-1)) for t in parts[k]) for k in flat}
        right[j] = al.assemble(parts[""])
    if any(names(c) & set(state.parameters) for c in (*left.values(), *right.values())):
        return None
    linked = _linked(name, tuple(flat), left)
    return System(linked, left, right), al.build(al.raised(common, neg(ONE)))


def _linked(name: str, unknowns: Sequence[str], left: Mapping[tuple[str, str], Formula]) -> tuple[str, ...]:
    """An unknown and those that the equations link it with, in order."""
    out = {name}
    for _ in unknowns:
        out |= {k for k in unknowns if any(left[j, k] != ZERO for j in out)}
    return tuple(k for k in unknowns if k in out)


def _apart(ts: Sequence[Term], unknowns: Sequence[str]) -> dict[str, list[Term]] | None:
    """Terms by the unknown that they hold, "" for none; None where one holds a product or a power of unknowns."""
    parts: dict[str, list[Term]] = {k: [] for k in (*unknowns, "")}
    for t in ts:
        mine = [k for k in unknowns if Sym(k) in t.powers]
        if len(mine) > 1 or (mine and t.powers[Sym(mine[0])] != ONE):
            return None
        parts[mine[0] if mine else ""].append(Term(t.coefficient, {b: e for b, e in t.powers.items() if not mine or b != Sym(mine[0])}))
    return parts


def _one(f: Formula, al: Algebra) -> Term:
    """f as one term, a sum as one base."""
    return Term(Fraction(1), {f: ONE}) if isinstance(f, Add) else al.split(f)


# -- carried out ------------------------------------------------------------------------------------


def carried_out(system: System, factor: Formula, search: Search) -> Found:
    """The normal equations, the elimination, and the estimates one after the other."""
    state, al = search.state, search.state.al
    steps = Steps(state, system.unknowns)
    lines = []
    for j in system.unknowns:
        shown = system.equation(j, al)
        evidence = steps.oracle.move(equation(search.scores[j], ZERO), shown, al.tidy(neg(factor)))
        lines.append(record(shown, evidence, rule=RuleName.NORMAL_EQUATIONS))
    lead = listed("The scores of ", [Sym(k) for k in system.unknowns]) + say(" are linear in these unknowns. ")
    lead += (
        say("Set to zero") + (say(" and multiplied by {}", factor) if factor != ONE else say("")) + say(", they are the normal equations:")
    )
    steps.blocks += [lead, Display(tuple(lines))]
    intercept = next((k for k in system.unknowns if system.left[k, k] == N), None)
    if intercept is not None:
        system = steps.eliminated(system, intercept, "S")
    else:
        system = steps.lettered(system, "S")
    for letter in LETTERS[1:]:
        if len(system.unknowns) == 1:
            break
        system = steps.eliminated(system, system.unknowns[0], letter)
    steps.solve(system, system.unknowns[0])
    answers = steps.back()
    statistics = steps.statistics()
    needed = steps.needed(statistics)
    return Found(
        answers, tuple(steps.blocks), argument=steps.argument(factor, bool(needed)), conditions=needed, statistics=statistics
    )  # fmt: skip


class Steps:
    """The elimination while it goes on: what is shown, the letters, the pivots, the unknowns in terms of later ones."""

    def __init__(self, setting: Setting, unknowns: Sequence[str]):
        self.setting, self.al, self.all = setting, setting.al, tuple(unknowns)
        self.oracle = setting.settled(setting.lines_oracle)
        self.blocks: list[Words | Display] = []
        self.letters: dict[str, Formula] = {}
        self.pivots: list[Formula] = []
        self.found: dict[str, Formula] = {}

    def solve(self, system: System, k: str) -> None:
        """Unknown k from its own equation, in terms of the unknowns that are left."""
        al, pivot = self.al, system.left[k, k]
        if all(abs(v) < NOTHING for v in self.oracle.values(pivot)):
            raise NotSupported(
                f"the parameters {', '.join(map(reported, self.all))} are not identifiable: other values of them give the same density",
                hint="give a value to one of them (known={...}), or say which values the covariates take (support={...})",
            )
        others = [neg(mul(system.left[k, j], Sym(j))) for j in system.unknowns if j != k]
        top = al.assemble(map(al.split, (*terms(system.right[k]), *others)))
        root = al.build(al.times((_one(top, al), al.raised(_one(pivot, al), neg(ONE)))))
        final = fold_means(root, al) or root
        there = self.oracle.at({k: final, hat(k).name: Sym(k)})
        there.equal(*system.equation(k, al).sides)
        table = Equations(there)
        table.note(equation(hat(k), root), say("divide by {}", pivot), there, RuleName.DIVIDE)
        if final != root:
            table.note(equation(hat(k), final), say("the sums over {} are means", N), there, RuleName.NAME_THE_MEAN, continues=True)
        if len(system.unknowns) == 1 and len(self.found) - (self.pivots[0] == N) == 1:
            table.note(
                equation(hat(k), self.of_two(root)),
                say("multiply above and below by {}", self.pivots[-1]),
                there,
                RuleName.EXPAND,
                continues=True,
            )
        self.blocks += [say("The equation of {} gives", Sym(k)), table.display]
        self.pivots.append(pivot)
        self.found[k] = final

    def of_two(self, root: Formula) -> Formula:
        """The last of two unknowns without the letters of the second step: a quotient of determinants."""
        al = self.al
        assert isinstance(root, Div) and isinstance(root.top, Sym) and isinstance(root.bottom, Sym)
        above, below = self.letters[root.top.name], self.letters[root.bottom.name]
        by = al.split(self.pivots[-1])
        top, bottom = (al.expand(al.build(al.times((by, _one(f, al))))) for f in (above, below))
        return al.build(al.times((_one(top, al), al.raised(_one(bottom, al), neg(ONE)))))

    def eliminated(self, system: System, k: str, letter: str) -> System:
        """The system without unknown k, its coefficients with letters."""
        self.solve(system, k)
        al, left = self.al, tuple(j for j in system.unknowns if j != k)
        pivot = al.raised(_one(system.left[k, k], al), neg(ONE))
        means = self.means() if system.left[k, k] == N else {}

        def less(c: Formula, a: Formula, b: Formula) -> Formula:
            """c - a b / pivot, with deviations from the means where it is one."""
            product = al.expand(replace_all(al.build(al.times((al.split(a), al.split(b), pivot))), means))
            whole = al.assemble(map(al.split, (*terms(c), *(neg(t) for t in terms(product)))))
            return centred(whole, al) or whole

        after = System(
            left,
            {(i, j): less(system.left[i, j], system.left[i, k], system.left[k, j]) for i in left for j in left},
            {i: less(system.right[i], system.left[i, k], system.right[k]) for i in left},
        )
        put = {i: replace_all(system.equation(i, al), {Sym(k): self.found[k]}) for i in left}
        return self.lettered(after, letter, put)

    def means(self) -> dict[Formula, Formula]:
        """The sums of the observed letters as n times their means."""
        p = self.setting.problem
        return {total(At(v, (Sym(p.index),)), p.index): mul(N, Sym(v + "_bar")) for v in p.observed}

    def lettered(self, system: System, letter: str, before: Mapping[str, Formula] | None = None) -> System:
        """The system with a letter for each coefficient; `before` gives the equations that it follows from."""
        place = {k: str(self.all.index(k) + (0 if self.all[0] in self.found else 1)) for k in system.unknowns}
        y = self.setting.problem.variables[0]
        fresh: dict[str, Formula] = {}
        left: dict[tuple[str, str], Formula] = {}
        for i in system.unknowns:
            for j in system.unknowns:
                name = f"{letter}_{min(place[i], place[j])}{max(place[i], place[j])}"
                fresh.setdefault(name, system.left[i, j])
                left[i, j] = Sym(name)
        for i in system.unknowns:
            fresh[f"{letter}_{place[i]}{y}"] = system.right[i]
        after = System(system.unknowns, left, {i: Sym(f"{letter}_{place[i]}{y}") for i in system.unknowns})
        self.oracle = self.oracle.at(fresh)
        self.letters |= fresh
        meanings = [definition(equation(Sym(s), f), "what the letter means", rule=RuleName.LETTER) for s, f in fresh.items()]
        lines = []
        for i in system.unknowns:
            shown = after.equation(i, self.al)
            old = (before or {}).get(i) or system.equation(i, self.al)
            assert isinstance(old, Relation)
            lines.append(record(shown, self.oracle.move(old, shown, ONE), rule=RuleName.ELIMINATE))
        what = say("what is left is") if before is not None else say("the equations are")
        lead = (
            say("Substitute that in the other {}. With", "equations" if len(lines) > 1 else "equation")
            if before is not None
            else say("With")
        )
        self.blocks += [lead, Display(tuple(meanings)), what, Display(tuple(lines))]
        return after

    def back(self) -> dict[str, Formula]:
        """The estimates from the last to the first, each with the hats of those found before it."""
        answers: dict[str, Formula] = {}
        order = list(reversed(self.found))
        there = self.oracle
        lines = []
        for k in order:
            answers[k] = replace_all(self.found[k], {Sym(o): hat(o) for o in answers})
            there = there.at({k: answers[k], hat(k).name: Sym(k)})
            if answers[k] != self.found[k]:
                shown = equation(hat(k), answers[k])
                lines.append(held(there, shown, rule=RuleName.PUT_IN))
        self.blocks += [listed("Substitute ", [hat(k) for k in order[:-1]]) + say(" back, the last first:"), Display(tuple(lines))]
        return answers

    def statistics(self) -> dict[str, Formula]:
        """The letters as statistics of the sample, each without the letters before it."""
        spelled: dict[str, Formula] = {}
        for s, f in self.letters.items():
            spelled[s] = self.setting.problem.spelled(replace_all(f, {Sym(t): g for t, g in spelled.items()}))
        return spelled

    def needed(self, statistics: Mapping[str, Formula]) -> tuple[Condition, ...]:
        """The condition that no pivot is 0; none where that holds for every sample."""
        table: dict[Formula, Formula] = {Sym(s): f for s, f in statistics.items()}
        open_pivots = [p for p in self.pivots if p != N and not self.al.facts.positive(p)]
        positive = tuple(Relation((p, ZERO), (">",)) for p in open_pivots if not self.always(replace_all(p, table)))
        if not positive:
            return ()
        words = listed("", positive)
        if self.setting.problem.covariates:
            words += say(": no covariate may be a linear combination of the others and a constant")
        return (Condition(ConditionKind.EXISTS, positive, words),)

    def always(self, pivot: Formula) -> bool:
        """Whether a pivot is positive for every sample: a multiple of the number of observations."""
        t = self.al.split(self.al.assemble(self.al.flat(pivot, deep=True)))
        return t.coefficient > 0 and self.al.facts.positive(self.al.build(t))

    def argument(self, factor: Formula, conditional: bool) -> MaximumArgument:
        """Why the solution is the maximum in these unknowns: every pivot is positive."""
        signs = [Relation((p, ZERO), (">",)) for p in self.pivots]
        lines = tuple(held(self.oracle, r, rule=RuleName.PIVOT) for r in signs)
        unknowns = listed("", [Sym(k) for k in self.all])
        return MaximumArgument(
            Strength.PROVED, joint=True, blocks=(
                say("In ") + unknowns + say(" together the log-likelihood is a quadratic function. Its matrix of second derivatives is ")
                + (say("{} times the matrix of the normal equations, with the minus sign; ", _inverse(factor, self.al)) if factor != ONE
                   else say("minus the matrix of the normal equations; "))
                + say("the pivots of the elimination show whether that matrix is positive definite:"),
                Display(lines),
                say("All of them are positive" + (" (under the condition stated below)" if conditional else "") + ", so the function is strictly concave and the solution is its only maximum, "
                    "whatever the values of the other parameters."),
            ),
        )  # fmt: skip


def _inverse(f: Formula, al: Algebra) -> Formula:
    return al.build(al.raised(al.split(f), neg(ONE)))
