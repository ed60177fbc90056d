"""One interpretation of a whole document: the binding under which most relations that are no definitions hold."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from ...errors import DeriveError
from ...formula.tree import ZERO, Apply, At, Big, Formula, Relation, SetOf, Sym, each, names, walk
from ...problem.problem import Problem
from ...problem.validation import narrowed_by
from ..claims import ENDS
from . import candidates
from .binding import DEFAULT, MODE_CANDIDATES, Binding, specialised
from .document import LET, Act, Document, Statement, letters, own_head
from .meaning import INFORMATION, OWN_INFORMATION, SCORES, spoken
from .memory import Memory
from .prepared import prepared
from .samples import Points
from .sides import FAILURES
from .statement_judge import StatementJudge
from .trial_points import TrialPoints
from .undeclared_letters import count_of, number_of
from .verdict import Verdict, unknown

CHANCE = frozenset({"order", "implication", "domain", "data", "given", "support", "condition"})  # what holds by chance often enough
MOST = 14  # candidates for one name
CERTAIN = 3  # relations that hold with a meaning that the text does not say, one of which it was solved from
BETTER, EQUAL = 0.5, 0.05  # bits by which a binding must be better; within which it is as good
KNOWN = frozenset(
    {"L", "ell", "nll", "ell_prof", "f", "F", "S", "argmax", "argmin", "maxover", "minover", "hat", "bar", "smax", "smin", "tuple", *ENDS}
)
WITH_EQUALITY = re.compile(
    r"\b(?:equality|gleichheit|égalité|igualdade?|uguaglianza|равенств\w*|gelijkheid)\b|等号", re.I
)  # "with equality only for u = 0"
MOMENTS = frozenset({"E", "Var", "Cov", "P", "Pr", "Bias", "MSE", "SE", "se"})  # of an estimate: their values are none of it
CHANCES = MOMENTS | {"f"}


class Interpreter:
    """Finds the binding of one document, and judges under it.  size: that of the sample, where the text tells it."""

    def __init__(self, doc: Document, size: int | None):
        self.doc, self.found, self.size = doc, doc.statements, size
        self.problem = assumed(doc)
        self.prepared, self.memory = prepared(self.problem), Memory()
        self.rivals: list[Binding] = []  # bindings as plausible as the best
        self._trials: dict[Any, TrialPoints] = {}  # of questions that the text specialises
        self._judges: dict[Binding, StatementJudge] = {}
        self._cache: dict[tuple[Any, ...], Verdict] = {}
        self.words = {s.number: letters(s.claim) for s in self.found}
        for s in self.found:
            for f in s.before:
                self.words[s.number] |= words(f)
            for h in (*s.scope, *([s.linked] if s.linked else [])):
                self.words[s.number] |= letters(h.claim)

    def judge(self, b: Binding) -> StatementJudge:
        """The judge under a binding.  Raises DeriveError where the question cannot be specialised so."""
        if b not in self._judges:
            trials = self._trials_of(b)
            self._judges[b] = StatementJudge(trials.model, b, trials, self.prepared.exact, self.memory)
        return self._judges[b]

    def _trials_of(self, b: Binding) -> TrialPoints:
        if b.general:
            return self.prepared.general.trials(self.size)
        if not b.specialises:
            return self.prepared.trials(self.size)
        if b.question not in self._trials:
            model = specialised(self.problem, b)
            size = int(b.fixed["n"]) if "n" in b.fixed else self.size
            self._trials[b.question] = TrialPoints(model, Points(model, size))
        return self._trials[b.question]

    # -- evidence -----------------------------------------------------------------------------------------

    def verdict(self, b: Binding, s: Statement) -> Verdict:
        """Of one statement, remembered by what its names mean."""
        key = (s.number, *b.meaning_of(self.closure(b, self.words[s.number])))
        if key not in self._cache:
            try:
                self._cache[key] = self.judge(b).verdict(s)
            except DeriveError as e:
                self._cache[key] = unknown(str(e))
        return self._cache[key]

    def closure(self, b: Binding, used: Iterable[str]) -> set[str]:
        """Names with those in their meanings."""
        out, todo = set(used), list(used)
        while todo:
            for f in b.meanings(todo.pop()):
                new = words(f) - out
                out |= new
                todo += new
        return out

    def better(self, b: Binding, options: Iterable[Binding], about: Sequence[Statement]) -> Binding:
        """The best of some bindings, by bits of evidence, the present one where none is better; those as good are kept as rivals.

        What holds counts, by chance little, a false relation a little against.  Only what does not hold yet can speak for another one.
        """
        claims = [s for s in about if s.act is Act.CLAIM and not _idle(s)]
        now = {s.number: _bits(self.verdict(b, s)) for s in claims}
        open_ = [s for s in claims if now[s.number] <= 0]
        held = [s for s in claims if now[s.number] > 0]
        if not open_:
            return b
        best, top, seen = b, 0.0, list[tuple[Binding, float]]()
        for o in options:
            try:
                gain = sum(_bits(self.verdict(o, s)) - now[s.number] for s in open_) - o.cost + b.cost
                if gain > BETTER / 2:
                    gain += sum(_bits(self.verdict(o, s)) - now[s.number] for s in held)
            except (DeriveError, *FAILURES):
                continue
            seen.append((o, gain))
            if gain > top + BETTER:
                best, top = o, gain
        self.rivals += [o for o, gain in seen if o is not best and gain >= max(top, BETTER / 2) - EQUAL]
        return best

    def plausible(self, b: Binding, name: str) -> bool:
        """Whether more of what is said of a name is true than false: else it has no meaning that is known."""
        got = [self.verdict(b, s) for s in self.about(b, name) if s.act is Act.CLAIM]
        held = sum(v.holds for v in got)
        return held > sum(v.fails for v in got) or (held > 1 and count_of(self.judge(b).model, name) is not None)

    def about(self, b: Binding, name: str) -> list[Statement]:
        """The statements that speak of a name, itself or through the meaning of another."""
        return [s for s in self.found if name in self.closure(b, self.words[s.number])]

    # -- the search ---------------------------------------------------------------------------------------

    def binding(self) -> Binding:
        """The interpretation: definitions, the likelihood's names, what is fixed, then letters left without a meaning."""
        b = self._lagrangian(self._definitions(Binding(told=frozenset(self._by_density()))))
        b = self._modes(b, ("L", "ell", "nll"))
        b = self._lists(b)
        b = self.better(b, candidates.densities(self.doc, b), self.about(b, "f"))
        b = self.better(b, candidates.notations(self.doc, b), self.found)
        b = self.better(b, candidates.special(self.doc, self.judge(b), b), self.found)
        b = self.better(b, [candidates.counts(self.judge(b), b, self.unbound(b))], self.found)
        for name in self.unbound(b):
            b = self._letter(b, name)
        b = self._modes(b, ("L", "ell"))  # once more, now that all names are known
        if self.judge(b).model.open and not b.specialises:
            b = self.better(b, candidates.special(self.doc, self.judge(b), b), self.found)
        if self.judge(b).model.tied:
            b = self.better(b, [b.mode("tied", "no" if b.modes["tied"] == "yes" else "yes")], self.found)
        return self._with_estimates(b)

    def _by_density(self) -> Iterator[str]:
        """The names of the likelihood that are written by the density somewhere: NLL = -1/n sum log f(x_i)."""
        for s in self.found:
            for left, right in s.claim.readings[:1]:
                if isinstance(left, Apply) and left.name in MODE_CANDIDATES and "f" in spoken(right):
                    yield left.name

    def _modes(self, b: Binding, which: Iterable[str]) -> Binding:
        for name in which:
            if name in self.doc.mentioned and name not in b.functions:
                b = self.better(b, [b.mode(name, m) for m in MODE_CANDIDATES[name] if m != b.modes[name]], self.about(b, name))
        return b

    def _letter(self, b: Binding, name: str) -> Binding:
        """With a meaning for a letter that has none, if one explains more than it contradicts."""
        options = list(candidates.letter_meanings(self.doc, self.judge(b), b, name, self.about(b, name)))[:MOST]
        best = self.better(b, options, self.about(b, name))
        if best is not b and self.plausible(best, name):
            held = sum(self.verdict(best, s).holds for s in self.about(best, name) if s.act is Act.CLAIM)
            return replace(best, certain=best.certain | {name}) if held >= CERTAIN else best
        if options and name in INFORMATION and "J" not in name:
            return options[0]
        return (self.late(b, name) if options else None) or b

    def _lagrangian(self, b: Binding) -> Binding:
        """L(p, lambda) with a letter of its own is a function of the writer's; derivatives are then not taken through a constraint."""
        if not self.judge(b).model.tied:
            return b
        free = set(self.unbound(b))
        for s in self.found:
            for left, right in s.claim.readings[:1]:
                if not isinstance(left, Apply) or s.claim.sign not in ("=", ":=") or left.name not in b.modes:
                    continue
                if any(isinstance(a, Sym) and a.name in free for a in left.args) or (not left.args and names(right) & free):
                    s.act = Act.DEFINITION
                    return b.define(left, right).mode(left.name, "own").mode("tied", "no")
        bodies = [*b.letters.values(), *(f for _, f in b.functions.values())]
        return b.mode("tied", "no") if any(names(f) & free for f in bodies) else b

    def _lists(self, b: Binding) -> Binding:
        """Observations that the text gives a name, where they are not the question's: x = (2, 4, 6), y = (5, 9)."""
        if self.problem.sample is None:
            return b
        env, out = self.judge(b).trials.points.samples[0].points[0], dict[str, tuple[Fraction, ...]]()
        for s in self.found:
            for left, right in s.claim.readings[:1]:
                items = (
                    right.items if isinstance(right, SetOf) else right.args if isinstance(right, Apply) and right.name == "tuple" else ()
                )
                values = [x for g in items if (x := number_of(g)) is not None]
                if s.claim.sign not in ("=", ":="):  # x in {1, 2, 3} names a support
                    continue
                if not isinstance(left, Sym) or len(values) < 2 or len(values) < len(items) or left.name in self.problem.parameters:
                    continue
                have = env.get(left.name)
                if not (isinstance(have, list) and sorted(have) == sorted(values)) and s.act is not Act.HYPOTHESIS:
                    out[left.name] = tuple(Fraction(str(v)) for v in values)
                    s.act = Act.DEFINITION
        if not out:
            return b
        kept = {k: f for k, f in b.letters.items() if k not in out and k.removesuffix("_bar") not in out}
        return replace(b, lists=out, letters=kept)

    def _with_estimates(self, b: Binding) -> Binding:
        """With the estimates as functions of the data, for the moments of them."""
        if self.doc.mentioned.isdisjoint(MOMENTS | INFORMATION):
            return b
        j, out = self.judge(b), dict[str, Formula]()
        for s in self.found:
            for left, right in s.claim.readings[:1]:
                if s.claim.sign == "=" and left in j.meaning.hats.values() and self.verdict(b, s).holds:
                    try:
                        f = j.resolved(right)
                    except FAILURES:
                        continue
                    if j.of_data(f) and not names(f) & (j.hats | j.meaning.parameters | j.meaning.specials.keys()):
                        out.setdefault(name_of(left), f)
        return replace(b, estimates=out) if out else b

    # -- definitions ----------------------------------------------------------------------------------------

    def _definitions(self, b: Binding) -> Binding:
        """All names that the text defines, wherever it does."""
        for k, s in enumerate(self.found):
            if self._by_chance(s):
                continue
            if s.act is not Act.DEFINITION or not s.claim.readings:
                continue
            left, right = s.claim.readings[0]
            after = self.found[k + 1] if k + 1 < len(self.found) else None
            if spoken(right) & MOMENTS and after is not None and after.claim.chain == s.claim.chain and after.claim.readings:
                right = after.claim.readings[0][1]  # m(theta) = E X = theta: what can be differentiated
            head = s.claim.defines
            body = right if s.claim.readings[0][0] == head else left
            equation = isinstance(head, Apply) and number_of(body) is not None  # "write it as g(theta) = 0"
            if head is None or equation or self._known(head, s.claim.prose) or name_of(head) in b.letters or name_of(head) in b.functions:
                s.act = Act.CLAIM
                continue
            b = b.define(head, body)
        for name in self.unbound(b):  # "with n_T = 4", "where Q = ...": also after their use
            b = self.late(b, name, LET.search) or b
        for name in self._functions():
            b = b if name in b.functions else self.late(b, name) or b
        return b

    @cached_property
    def _formulas(self) -> set[Formula]:
        """The left sides that have a formula which speaks of no probability."""
        found = [pair for s in self.found for pair in s.claim.readings[:1] if s.claim.sign in ("=", ":=")]
        return {left for left, right in found if not spoken(right) & CHANCES}

    def _by_chance(self, s: Statement) -> bool:
        """Whether a relation gives a family of letters as a probability, pi_i = P(y_i = 1), for which there is a formula too."""
        sides = s.claim.readings[0] if s.claim.readings else ()
        return any(isinstance(f, At) and f in self._formulas for f in sides) and any(spoken(f) & CHANCES for f in sides)

    def _functions(self) -> list[str]:
        """The names of functions of one letter that stand alone on a side somewhere: G(mu) = ..., also after their use."""
        heads = [f for s in self.found for pair in s.claim.readings[:1] for f in pair if isinstance(f, Apply) and own_head(f, ZERO)]
        return [
            f.name for f in dict.fromkeys(heads) if f.name.replace("_hat", "") not in {*KNOWN, *DEFAULT, *INFORMATION, *SCORES, *MOMENTS}
        ]

    def _known(self, head: Formula, prose: str) -> bool:
        """Whether a head has a meaning of its own: the information, the score."""
        name, one = name_of(head), len(self.problem.parameters) == 1
        if isinstance(head, Apply) and one:
            return name in INFORMATION - OWN_INFORMATION or (name in SCORES and "score" in prose.lower())
        if isinstance(head, Sym) and any(head.name.startswith(k + "_") for k in self.problem.parameters):
            return True
        return isinstance(head, At) and name in self.problem.observed

    def unbound(self, b: Binding) -> list[str]:
        """The names in the text that have no meaning under a binding."""
        j, out = self.judge(b), list[str]()
        for s in self.found:
            for side in s.claim.readings[0] if s.claim.readings else ():
                try:
                    out += j.unbound(j.resolved(side), free=True)
                except FAILURES:
                    out += [g.name for g in walk(side) if isinstance(g, Apply) and g.name in INFORMATION]
        return [k for k in dict.fromkeys(out) if k not in self.indices]

    @cached_property
    def indices(self) -> frozenset[str]:
        """Letters i and j that number observations somewhere in the text: they are not given another meaning."""
        within = [g for s in self.found for pair in s.claim.readings[:1] for side in pair for g in walk(side)]
        summed = {g.index for g in within if isinstance(g, Big)}
        numbered = {i.name for g in within if isinstance(g, At) for i in g.index if isinstance(i, Sym)}
        return frozenset({"i", "j"} & (summed | numbered))

    def late(self, b: Binding, name: str, told: Any = None) -> Binding | None:
        """With a name defined by the first relation in which it stands alone; told: a test of the words before it."""
        last: Statement | None = None
        if name + "[]" in b.functions:
            return None  # eta by itself, beside eta_i
        for s in self.found:
            c, before, last = s.claim, last, s
            if c.sign not in ("=", ":=", "approx") or not c.readings or self._by_chance(s) or WITH_EQUALITY.search(c.prose):
                continue
            listed = before is not None and before.act is Act.DEFINITION and c.prose.strip(" ,") in ("and", "und", "et", "e", "y", "и", "")
            if told is not None and not told(c.prose) and (s.before or not listed or c.joined != ""):
                continue
            left, right = c.readings[0]
            for head, body in ((left, right), (right, left)):
                equation = head == right and names(body) & self.problem.parameters.keys() and "n" in names(body)  # n theta = Q
                if own_head(head, body) is not None and name_of(head) == name and not equation:
                    s.act = Act.DEFINITION if s.act is Act.CLAIM else s.act
                    return b.define(head, body)
        return None


def assumed(doc: Document) -> Problem:
    """The question with the inequalities of one known letter and a number that the text takes for granted: "where kappa > 0 is known"."""
    p, said = doc.problem, dict[str, list[Relation]]()
    for s in doc.statements:
        for pair in s.claim.readings[:1] if s.claim.sign in ("<", "<=", ">", ">=") and not s.scope else ():
            inside = names(pair[0]) | names(pair[1])
            if len(inside) == 1 and inside <= p.known.keys() and any(number_of(f) is not None for f in pair):
                said.setdefault(next(iter(inside)), []).append(Relation(pair, (s.claim.sign,)))
    known = dict(p.known)
    for k, found in said.items():
        with contextlib.suppress(DeriveError):  # cases that exclude one another
            narrower = narrowed_by({k: p.known[k]}, found)[k]
            low, high = narrower.bounds()
            known[k] = narrower if low < high else p.known[k]
    return p if known == dict(p.known) else p.replace(known=known)


def _bits(v: Verdict) -> float:
    """The evidence of one relation for a binding."""
    return (0.2 if v.how in CHANCE else 1.0) if v.holds else -0.1 if v.fails else 0.0


def _idle(s: Statement) -> bool:
    """A relation between names of the likelihood alone says nothing of what they are: l = L."""
    return bool(s.claim.readings) and all(isinstance(f, Apply) and f.name in DEFAULT for f in s.claim.readings[0])


def name_of(f: Formula) -> str:
    """The name of a letter, a family of letters or a function; empty for anything else."""
    return f.base if isinstance(f, At) else f.name if isinstance(f, (Sym, Apply)) else ""


def words(f: Formula) -> set[str]:
    """The names in a formula, of functions too."""
    return set(names(f)) | {g.name for g in each(f, Apply)}
