"""A whole solution judged: its statements interpreted together, then one after another under the best binding."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from ...formula.names import hat
from ...formula.tree import ONE, ZERO, At, Derivative, Formula, N, Num, Sym, add, each, names, walk
from ...problem.problem import Problem
from ...reading.context import OWN_SIZE
from ..claims import Solution
from . import candidates
from .binding import Binding
from .constants import is_wrong_constant
from .document import EXAMPLE, Act, Document, Statement, letters, statements
from .follow import Follower
from .interpretation import Interpreter
from .roles import speaks
from .sides import FAILURES
from .statement_judge import StatementJudge
from .undeclared_letters import number_of
from .verdict import Verdict, doubtful

ELSEWHERE = re.compile(
    r"\b(?:at (?:the|this|that|an?|its)|an der|bei der|im|au|en el|en la|no|na|nel|nella|в) (?:\w+ ){0,3}(?:direction|point|value|place|end|root|solution|other|"
    r"stelle|punkt|rand|wert|richtung|point|valeur|racine|punto|valor|raíz|ponto|valore|точк\w*)\w*\s*\$(?P<place>[^$]*)\$[^.;:$]{0,40}\$?\$?$", re.I
)  # fmt: skip
EQUALITIES = frozenset({"=", "approx"})
BEHIND = 1000  # characters in which a text says that an equation has no root, where it gives no value after it
WITHOUT_ROOT = re.compile(
    r"\bno (?:\w+ ){0,2}(?:solutions?|roots?|zeros?|(?:stationary|critical) points?)|\b(?:cannot|can't|can never|never|nowhere|impossible)\b|"
    r"\b(?:always|everywhere|whole domain|throughout)\b|\b(?:decreas|increas)\w+|\bkein\w* (?:\w+ )?(?:lösung|nullstelle)|\b(?:nie|niemals|überall)\b|"
    r"fallend|steigend|pas de (?:solution|racine)|aucune|jamais|partout|croissant|no tiene|ningun|nunca|siempre|creciente|nessun|\bmai\b|crescente|"
    r"não tem|sempre|нет решени|не имеет|无解|没有",
    re.I,
)
SMALL = frozenset({Fraction(0), Fraction(1), Fraction(2), Fraction(1, 2)})


@dataclass(frozen=True)
class Judged:
    """A statement with its verdict; follows: it is right work on a wrong line before it."""

    statement: Statement
    verdict: Verdict
    follows: bool = False


CONFIDENCE = re.compile(  # the ends of an interval solve equations of their own
    r"\b(?:confidence|endpoints?|interval (?:is|are|ends)|ends (?:solve|are)|quantiles?|pivot\w*|konfidenz\w*|vertrauensbereich|intervalles? de confiance|intervalos? de confianz?a|"
    r"intervall[oi] di confidenza|доверительн\w+|betrouwbaarheid\w*|ufności)\b|置信|信頼区間", re.I
)  # fmt: skip


class Examination:
    """The judging of one solution."""

    def __init__(self, problem: Problem, solution: Solution, size: int | None, strict: bool = False):
        self.doc = Document(problem, statements(solution.claims, solution.text), solution.text, solution.told)
        self.interpreter = Interpreter(self.doc, size)
        self.binding = self.interpreter.binding()
        self.judge: StatementJudge = self.interpreter.judge(self.binding)
        self.follower = Follower(self.interpreter, self.binding)
        # what is general is judged in general
        self.general = replace(self.binding, fixed={}, data=None) if self.binding.specialises else self.binding
        self.strict = strict
        self._wrong = False
        self._last = Verdict(True, "")

    def next(self, s: Statement) -> Judged:
        """The judgement of a statement; those before it were judged."""
        v = self._of_passage(s, self._verdict(s))
        bridged = self._bridged(s)
        if bridged is not None and not v.fails and (w := self._verdict(bridged)).value is not None:
            v = w  # a = (what was not understood) = b says that a = b
        self._last = v
        follows = not v.holds and self._wrong and self.follower.follows(s)
        if v.fails:
            self._wrong = True
            self.follower.add(s)
        return Judged(s, v, follows)

    def _of_passage(self, s: Statement, v: Verdict) -> Verdict:
        """The verdict with what is told in the passage of a statement alone, where that decides what is left open without it."""
        if v.holds or s.act not in (Act.CLAIM, Act.ASIDE) or not s.claim.readings or not (v.fails or v.doubt or v.value is None):
            return v
        for b in candidates.in_passage(self.doc, self.judge, self.binding, s):
            w = self.interpreter.verdict(b, s)
            if w.holds:
                return w
            if w.fails and v.doubt and self._borne_out(b, s):
                return w
        return v

    def _borne_out(self, b: Binding, s: Statement) -> bool:
        """Whether another number of the passage for an estimate is right with what is told there."""
        low, high = self.doc.passage(s.claim.start)
        for o in self.doc.statements:
            if o is not s and o.act is Act.CLAIM and low <= o.claim.start < high and o.claim.readings:
                sides = o.claim.readings[0]
                of_estimates = any(names(f) & self.judge.hats for f in sides) and any(number_of(f) is not None for f in sides)
                if of_estimates and self.interpreter.verdict(b, o).how in ("maximum", "identity"):
                    return True
        return False

    def _bridged(self, s: Statement) -> Statement | None:
        """A statement with the side of its chain that was understood last before it, where the relation between them was not."""
        c = s.claim
        if not s.before or self._last.value is not None or self._last.doubt or c.sign not in EQUALITIES or not set(s.signs) <= EQUALITIES:
            return None
        if not c.readings:
            return None
        number = -c.number  # of its own, for what is remembered
        claim = replace(c, number=number, left=s.before[0], alternatives=())
        self.interpreter.words[number] = letters(claim).union(*(letters(h.claim) for h in s.scope))
        return replace(s, claim=claim, before=())

    def _verdict(self, s: Statement) -> Verdict:
        if s.act is Act.DEFINITION:
            return Verdict(True, "definition")
        if s.act is Act.HYPOTHESIS:
            return Verdict(True, "condition")
        it, b = self.interpreter, self.binding
        v = it.verdict(b, s)
        if v.how == "constant" and self._has_wrong_constant(s):
            return Verdict(not self.strict, "wrong constant")
        if v.holds and v.how in ("maximum", "identity") and s.claim.sign == "=" and self._of_every_sample(s):
            if (w := it.verdict(replace(b, general=True), s)).fails:
                return replace(w, how="this sample only")
        if v.fails and self._is_root(s):
            return Verdict(True, "root")
        if not v.holds and self._is_denied(s):
            return Verdict(True, "denied")
        if v.fails and self._is_assumption(s):
            return Verdict(True, "assumption")
        if v.fails and any(self._is_rival(o, s) and it.verdict(o, s).holds for o in it.rivals[:12]):
            return doubtful("its names may mean something else here", v)
        if v.fails and (guessed := sorted((b.guessed - b.certain) & it.closure(b, it.words[s.number]))):
            return doubtful(f"what {' and '.join(guessed)} means is not said", v)
        if v.fails and s.supposes:
            return doubtful("it is said of data that words describe", v)
        if v.fails and _elsewhere(s):
            return doubtful("at which values this is taken is not understood", v)
        if v.fails and self._counts(s):
            return doubtful("what n is is not said", v)
        if v.fails and self._of_another(s):
            return doubtful("this speaks of another estimator, model or sample", v)
        if not v.holds and self.general is not b and (w := it.verdict(self.general, s)).holds:
            return w
        return v

    def _counts(self, s: Statement) -> bool:
        """Whether a statement speaks of n where the question is a likelihood that does not, and the text does not say what n is."""
        p = self.doc.problem
        told = {"n", OWN_SIZE} & {*p.known, *p.values, *p.parameters, *self.binding.letters, *self.binding.fixed}
        told |= {"n" for o in self.doc.statements for pair in o.claim.readings[:1] if N in pair and o.claim.sign in ("=", ":=")}
        return p.whole and not told and "n" in self.interpreter.closure(self.binding, self.interpreter.words[s.number])

    def _has_wrong_constant(self, s: Statement) -> bool:
        """Whether a log-likelihood, or a likelihood, has a term, or a factor, free of the parameters that is wrong."""
        j = self.judge
        for left, right in s.claim.readings[:1]:
            try:
                kind = j.kind(s, (left, right))
                return is_wrong_constant(j, j.resolved(left), j.resolved(right), kind.likelihood and not kind.ell)
            except FAILURES:
                return False
        return False

    def _is_rival(self, o: Binding, s: Statement) -> bool:
        """Whether another binding reads a statement otherwise."""
        b = self.binding
        if o.modes != b.modes:
            return True
        other = {k for k, f in o.letters.items() if b.letters.get(k) != f}
        return bool(other & self.interpreter.closure(b, self.interpreter.words[s.number]))

    def _of_another(self, s: Statement) -> bool:
        """Whether the words before a statement say that it is about another estimator, or an example of its own."""
        if s.act in (Act.ASIDE, Act.QUESTION) or CONFIDENCE.search(s.sentence) is not None:
            return True
        numbers = [g.value for f in s.claim.readings[0] for g in walk(f) if isinstance(g, Num)]
        return (
            EXAMPLE.search(s.claim.prose) is not None and not self.binding.specialises and any(x.denominator != 1 or x > 9 for x in numbers)
        )

    def _of_every_sample(self, s: Statement) -> bool:
        """Whether a relation claims something of every sample: it speaks of data or estimates on both sides, and of no numbers but small ones."""
        j, b, p = self.judge, self.binding, self.doc.problem
        if b.specialises or b.lists or j.model.open or p.sample is None or p.observations is None or p.whole or not s.claim.readings:
            return False
        sides = s.claim.readings[0]
        if any(isinstance(g, Num) and g.value not in SMALL for f in sides for g in walk(f)) or any(map(speaks, sides)):
            return False
        if any(g.base.endswith("_ord") and isinstance(g.index[0], Num) and g.index[0] != ONE for f in sides for g in each(f, At)):
            return False  # which observation it is, the sample tells
        used = self.interpreter.closure(b, {n for f in sides for n in names(f)})
        if (
            used & b.letters.keys()
            or p.size is None
            or p.size < 2
            or any(isinstance(g, Num) and g.value == p.size for f in sides for g in walk(f))
        ):
            return False
        told = [b.translated(f) for f in sides]
        heads = {f for k in j.model.names for f in (Sym(k), hat(k))}
        if not any(f in heads for f in told) and any(names(f) & j.meaning.parameters for f in told):
            return False
        return all(j.of_data(f) or names(f) & j.hats or f in heads for f in told)

    def _is_assumption(self, s: Statement) -> bool:
        """Whether a parameter is given a number before the likelihood is spoken of: "a fair coin, p = 0.5, shows ..."."""
        left, right = s.claim.readings[0]
        if not isinstance(left, Sym) or left.name not in self.judge.model.names or number_of(right) is None or s.claim.joined:
            return False
        earlier = [o for o in self.doc.statements if o.number < s.number and o.claim.readings]
        later = [o for o in self.doc.statements if o.number > s.number and o.claim.readings]
        kinds = [self.judge.kind(o, o.claim.readings[0]) for o in earlier]
        told = any(k.ell or k.likelihood or k.derived for k in kinds)
        return not told and any(self.judge.kind(o, o.claim.readings[0]).defined for o in later)

    def _is_denied(self, s: Statement) -> bool:
        """Whether an equation that nothing solves is put to be solved, and the words behind it say that nothing does: the likelihood has
        no stationary point, and its maximum at an end is given after it, or is attained nowhere."""
        j, c = self.judge, s.claim
        if c.sign != "=" or not c.readings or ZERO not in c.readings[0] or c.end < 0 or any(x.peak.inside for x in j.trials.points.samples):
            return False
        later = [o for o in self.doc.statements if o.number > s.number and any(f in j.heads for pair in o.claim.readings[:1] for f in pair)]
        if not WITHOUT_ROOT.search(self.doc.text[c.end : later[0].claim.start if later else c.end + BEHIND]):
            return False
        if not any(self.interpreter.verdict(self.binding, o).holds for o in later) if later else j.trials.top:
            return False
        try:
            d = add(*map(j.resolved, c.readings[0]))
            values = [j.value(d, p) for p in j.trials.everywhere()] if names(d) & j.meaning.parameters else []
        except FAILURES:
            return False
        return len(values) > 2 and (all(x > 0 for x in values) or all(x < 0 for x in values))

    def _is_root(self, s: Statement) -> bool:
        """Whether a parameter is given a value that solves an equation shown before, where the words speak of several."""
        j = self.judge
        if s.claim.sign not in ("=", "approx") or not s.claim.readings:
            return False
        left, right = s.claim.readings[0]
        if not isinstance(left, Sym) or left.name not in j.model.names or number_of(left) is not None:
            return False
        alike = [o for o in self.doc.statements if o.claim.readings and o.claim.readings[0][0] == left]
        if not any(o.either for o in alike):
            return False
        for o in self.doc.statements:
            if o is s:
                return False
            if (
                o.act is Act.CLAIM
                and o.claim.sign == "="
                and o.claim.readings
                and self.interpreter.verdict(self.binding, o).how == "maximum"
            ):
                if self._solves(left.name, right, *o.claim.readings[0]):
                    return True
        return False

    def _solves(self, k: str, by: Formula, left: Formula, right: Formula) -> bool:
        """Whether an equation is true where a parameter has a value."""
        j = self.judge
        try:
            x, y, f = j.resolved(left), j.resolved(right), j.resolved(by)
        except FAILURES:
            return False
        at = [q for p in j.trials.inner if (q := j.trials.put(p, k, f)) is not None]
        return x != Sym(k) and bool(at) and j.everywhere(x, y, at).holds


def _elsewhere(s: Statement) -> bool:
    """Whether a derivative is said to be taken at a place that is not the estimate: "at the opposite direction theta + pi"."""
    m = ELSEWHERE.search(s.sentence)
    return m is not None and "hat" not in m["place"] and "=" not in m["place"] and isinstance(s.claim.left, Derivative)
