"""One claim after another, judged; what it defines or finds is written into the book."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace as changed
from fractions import Fraction
from itertools import product

from ...formula.names import hat
from ...formula.tree import (
    ONE,
    ZERO,
    Apply,
    At,
    Call,
    Derivative,
    Div,
    Formula,
    N,
    Num,
    SetOf,
    Span,
    Sym,
    add,
    exp,
    has,
    names,
    neg,
    num,
    replace_all,
    transform,
    walk,
)
from ...reading.context import OWN_SIZE
from ..claims import CONSTANT, Claim
from ..slope import logarithm, slope
from .claim_kinds import Kind, kind_of
from .compare import COMPARE, Pair
from .equation_claims import Equations
from .holds import Judgement, unclear
from .meaning import INFORMATION, LIKELIHOODS, OWN_INFORMATION, SCORES, spoken
from .profile_likelihood import of_profile, opened
from .second_order import named, second_order, square_of
from .symbol_table import Unknown
from .undeclared_letters import candidates, count_of, free_letters, number_of

SCORE = re.compile(r"\bscore\b[^.]*$")  # words that say what U or S is
SOLVES = re.compile(r"satisf|solve|solution|such that|defined by|root of")  # words that give a letter its meaning by an equation


class Judge(Equations):
    """Judges the claims of one solution in order.  The book is what the writer has said so far."""

    def judge(self, claim: Claim) -> Judgement:
        """The judgement of a claim; what it defines or finds is written into the book."""
        if claim.chain != self.chain or claim.joined != "continues":
            self.kind = Kind()
        self.chain = claim.chain
        if not claim.readings:
            return unclear(claim.unread or "this was not read")
        if claim.defines is not None:
            done = self._define(claim)
            if done is not None:
                return done
        best: Judgement | None = None
        for left, right in claim.readings:
            try:
                j = self._reading(claim, left, right)
            except Unknown as e:
                j = unclear(str(e))
            except (RecursionError, ArithmeticError, ValueError, TypeError, IndexError, KeyError, AttributeError) as e:
                j = unclear(f"this could not be evaluated ({type(e).__name__})")
            if j.holds:
                self._learn(claim, left, right, j)
                return j
            if best is None or (best.status == "unclear" and j.status == "fails"):
                best = j
        assert best is not None
        other = self._charitable(claim) or self._renamed(claim)
        if other is not None:
            return other
        self.kind = self.kind | self._kind(claim.readings[0])
        if claim.joined == "condition":
            return Judgement("holds", "condition")
        return best

    def _charitable(self, claim: Claim) -> Judgement | None:
        """A claim that fails as it stands, taken as a definition or an assumption where it can be one."""
        left, right = claim.readings[0]
        if claim.sign not in ("=", ":="):
            return None
        if isinstance(left, Apply) and left.name in LIKELIHOODS and self.model.tied and self._multiplied(left, right):
            self.kind = self.kind | Kind(ell=True)
            return Judgement("holds", "definition")
        if isinstance(left, Apply) and left.name == "f" and "f" not in self.book.functions and left.args:
            singles = set(self.meaning.observed)
            named = all(names(a) and names(a) <= self.meaning.parameters for a in left.args)
            bare = any(isinstance(g, Sym) and g.name in singles for g in walk(right))
            if named and not bare and self.book.define(left, self.meaning.of(right)):
                self.kind = self.kind | Kind(likelihood=True, ell=True)
                return Judgement("holds", "definition")
        if isinstance(left, Sym) and left.name in self.meaning.parameters and number_of(right) is not None and not self.worked:
            return Judgement("holds", "assumption")
        if isinstance(left, At) and left.base in self.meaning.observed and number_of(right) is not None:
            if any(isinstance(g, Sym) and g.name != "n" for g in left.index):
                return Judgement("holds", "data")
        if self.model.one is None and any(isinstance(g, Apply) and g.name in ("P", "f", "Pr") for g in walk(left)):
            return Judgement("holds", "model")
        return None

    def _renamed(self, claim: Claim) -> Judgement | None:
        """A claim that writes L for the log-likelihood, or ell for the likelihood: read so where it holds so."""
        for name, other in (("L", "ell"), ("ell", "L")):
            for left, right in claim.readings[:1]:
                if (
                    spoken(left) & LIKELIHOODS != {name}
                    or name in self.used
                    or name in self.book.functions
                    or (spoken(right) & LIKELIHOODS) - {name}
                ):
                    continue

                def one(g: Formula, name: str = name, other: str = other) -> Formula | None:
                    return Apply(other, g.args) if isinstance(g, Apply) and g.name == name else None

                a, b = transform(left, one), transform(right, one)
                if isinstance(left, Apply) and not names(b) & self.meaning.parameters:
                    continue
                if self.trial(claim, a, b):
                    self.used.discard(other)
                    self.kind = self.kind | self._kind((a, b))
                    return Judgement("holds", "renamed")
        return None

    def _multiplied(self, left: Apply, right: Formula) -> bool:
        """Take up a Lagrangian: the log-likelihood with a letter of its own times the constraint."""
        try:
            a, b = self.meaning.of(Apply("ell", ())), self.meaning.of(right)
        except Unknown:
            return False
        free = self._unknown(a, b)
        if len(free) != 1:
            return False
        generic: dict[Formula, Formula] = {Sym(free[0]): Num(Fraction(7, 11))}
        pair = Pair(self.meaning, a, replace_all(b, generic))
        if not self.ways.everywhere(pair, self.points.samples).holds and not self.ways.constant(
            pair, Kind(ell=True), True, frozenset(self.model.names)
        ):
            return False
        return self.book.define(left, right)

    def _define(self, claim: Claim) -> Judgement | None:
        head, (left, right) = claim.defines, claim.readings[0]
        body = right if left == head else left
        if head is None or (named(head) and square_of(body) is not None) or (isinstance(head, At) and head.base in self.meaning.observed):
            return None
        if isinstance(head, Apply) and head.name in INFORMATION - OWN_INFORMATION and len(self.model.names) == 1:
            return None
        if isinstance(head, Apply) and head.name in SCORES and len(self.model.names) == 1 and SCORE.search(claim.prose.lower()):
            return None
        if self._meant_already(claim, head) or not self.book.define(head, body):
            return None
        with contextlib.suppress(Unknown):
            self.kind = self._kind((left, right)) | self._kind((self.meaning.of(left), right))
        return Judgement("holds", "definition")

    def _meant_already(self, claim: Claim, head: Formula) -> bool:
        """Whether a letter has got its meaning from what stands before: T/n = u = ..., u_bar beside u_i."""
        if not isinstance(head, Sym) or head.name not in self.book.letters:
            return False
        return claim.joined == "continues" or head.name.removesuffix("_bar") + "[]" in self.book.functions

    def _reading(self, claim: Claim, left: Formula, right: Formula) -> Judgement:
        sign = "=" if claim.sign == ":=" else claim.sign
        if isinstance(right, (SetOf, Span)) or isinstance(left, (SetOf, Span)) or sign in ("in", "~"):
            return self._membership(left, sign, right)
        for head, body in ((left, right), (right, left)):
            if isinstance(body, Apply) and body.name == "tuple" and isinstance(head, (Sym, At)) and self._is_sample(head):
                return self._membership(head, sign, SetOf(body.args))
        if sign == "!=" or (sign in COMPARE and self._event(left, right)):
            return Judgement("holds", "order")
        cells = self._cell(left, right)
        if cells:
            each = [self._reading(claim, replace_all(left, t), replace_all(right, t)) for t in cells]
            return next((j for j in each if j.status == "fails"), next((j for j in each if not j.holds), each[0]))
        kind = self.kind | self._kind((left, right))
        self.worked = self.worked or kind.ell or kind.likelihood or kind.derived
        for head, body in ((left, right), (right, left)):
            if named(head) and (matrix := square_of(body)) is not None:
                return second_order(matrix, self.meaning, self.points)
        for head, body in ((left, right), (right, left)):
            if isinstance(head, Sym) and isinstance(body, Apply) and body.name == "tuple" and self._unknown(head, ZERO):
                return Judgement("holds", "definition")  # a letter for all parameters together
        if self._tuples(left, right):
            return self._both(claim, *(s if s != ZERO else _zeros(o) for s, o in ((left, right), (right, left))))
        if (p := of_profile(left) or of_profile(right)) is not None and sign == "=":
            shown = [opened(s, self.model.free) for s in (left, right)]
            if not self._unknown(*map(self.meaning.of, shown)):
                return self._profiled(left, right, p)
            left, right = shown
        for a, b in self._versions(left, right):
            a, b = self._indexed(a), self._indexed(b)
            free = self._unknown(a, b)
            if not free:
                j = self._judged(claim, left, right, a, b, sign, kind)
            else:
                j = self._with_unknown(claim, left, right, a, b, sign, kind, free)
            if j.holds:
                return j
        return j

    def _indexed(self, f: Formula) -> Formula:
        """With a letter that only stands as a free index of the data written i."""
        table: dict[Formula, Formula] = {}
        env = self.points.samples[0].points[0]
        for g in walk(f):
            if isinstance(g, At) and g.base in self.meaning.observed and len(g.index) == 1 and isinstance(g.index[0], Sym):
                name = g.index[0].name
                if name not in env and name in free_letters(f):
                    table[g] = At(g.base, (Sym("i"),))
        return replace_all(f, table) if table else f

    def _cell(self, left: Formula, right: Formula) -> list[dict[Formula, Formula]]:
        """For a relation about the cell j (p_j = n_j/n): what to put for j, one cell after the other."""
        count, letter = 0, ""
        for g in walk(add(left, right)):
            if isinstance(g, At) and len(g.index) == 1 and isinstance(g.index[0], Sym) and g.base not in self.meaning.observed:
                size = self.meaning.families.get(g.base.replace("_hat", ""), 0)
                name = g.index[0].name
                if size and name in free_letters(left) + free_letters(right):
                    count, letter = max(count, size), name
        return [{Sym(letter): num(j)} for j in range(1, count + 1)]

    def _event(self, left: Formula, right: Formula) -> bool:
        """Whether an inequality only says what a random observation does: X > c."""
        for side, other in ((left, right), (right, left)):
            loose = isinstance(side, Sym) and side.name in self.meaning.observed
            if loose and (number_of(other) is not None or isinstance(other, Sym)):
                return True
        return False

    def _tuples(self, left: Formula, right: Formula) -> bool:
        vectors = [isinstance(s, Apply) and s.name == "tuple" for s in (left, right)]
        return all(v or s == ZERO for v, s in zip(vectors, (left, right), strict=True)) and any(vectors)

    def _is_sample(self, f: Sym | At) -> bool:
        """Whether a letter stands for all observations: x, or y_i for every i."""
        return f.name in self.meaning.observed if isinstance(f, Sym) else f.base in self.meaning.observed and f.index == (Sym("i"),)

    def _both(self, claim: Claim, left: Formula, right: Formula) -> Judgement:
        """(a, b) = (c, d): each part by itself."""
        assert isinstance(left, Apply) and isinstance(right, Apply)
        if len(left.args) != len(right.args):
            return unclear("the two tuples have different lengths")
        out = [self._reading(claim, a, b) for a, b in zip(left.args, right.args, strict=True)]
        return next((j for j in out if j.status == "fails"), next((j for j in out if not j.holds), out[0]))

    def _versions(self, left: Formula, right: Formula) -> Iterator[tuple[Formula, Formula]]:
        """The resolved sides: derivatives through a constraint and without it, the writer's own log-likelihood."""
        table = self._information((left, right))
        ways = []
        for tied in (
            (True, False) if self.model.tied and any(isinstance(g, Derivative) for s in (left, right) for g in walk(s)) else (True,)
        ):
            for ell in (self.model.ell, self.book.own) if self.book.own is not None else (self.model.ell,):
                ways.append((tied, ell))
        for tied, ell in ways:
            assert ell is not None
            self.meaning.tied, self.meaning.ell = tied, ell
            try:
                for extra in table:
                    self.book.functions |= extra
                    try:
                        yield self.meaning.of(left), self.meaning.of(right)
                        if OWN_SIZE in self.meaning.named and has(add(left, right), N):
                            own: dict[Formula, Formula] = {N: Sym(OWN_SIZE), Sym("N"): N}
                            yield self.meaning.of(replace_all(left, own)), self.meaning.of(replace_all(right, own))
                    finally:
                        for name in extra:
                            self.book.functions.pop(name, None)
            finally:
                self.meaning.tied, self.meaning.ell = True, self.model.ell

    def _information(self, sides: tuple[Formula, Formula]) -> list[dict[str, tuple[tuple[Formula, ...], Formula]]]:
        """Meanings of a name for the information that the writer has not defined: expected, of one observation, observed."""
        wanted = [g.name for s in sides for g in walk(s) if isinstance(g, Apply) and g.name in INFORMATION]
        wanted = [w for w in dict.fromkeys(wanted) if w not in self.book.functions]
        if not wanted or len(self.model.names) != 1:
            return [{}]
        p = Sym(self.model.names[0])
        expected = self.meaning.information()
        observed = neg(slope(slope(self.model.ell, p), p))
        meanings = product((expected, Div(expected, N), observed), repeat=len(wanted))
        return [{w: ((p,), f) for w, f in zip(wanted, fs, strict=True)} for fs in meanings]

    # -- trials: nothing is learnt from them -------------------------------------------------------------

    def trial(self, claim: Claim, left: Formula, right: Formula) -> bool:
        """Whether a claim with these sides holds in one of the plain ways, in the chain where the last claim stood."""
        sign = "=" if claim.sign == ":=" else claim.sign
        kind = self.kind | kind_of((left, right), self.book)
        try:
            for a, b in self._versions(left, right):
                a, b = self._indexed(a), self._indexed(b)
                generic: dict[Formula, Formula] = {Sym(k): Num(Fraction(7 + 3 * j, 11)) for j, k in enumerate(self._unknown(a, b))}
                if generic:
                    a, b = replace_all(a, generic), replace_all(b, generic)
                if self._judged(claim, left, right, a, b, sign, kind, quick=True).holds:
                    return True
        except (Unknown, RecursionError, ArithmeticError, ValueError, TypeError, IndexError, KeyError, AttributeError):
            return False
        return False

    def needs_maximum(self, claim: Claim, left: Formula, right: Formula) -> bool:
        """Whether a claim is an equation, to be tried at the maximum."""
        kind = self.kind | kind_of((left, right), self.book)
        a, b = self.meaning.of(left), self.meaning.of(right)
        return self.ways.held(add(a, b)) and self._may_be_equation(claim, a, b, left, right, kind)

    def as_model(self, ell: Formula, density: Formula) -> Judge:
        """A judge for the same solution under another log-likelihood, with the same book."""
        own = changed(self.model, ell=ell, likelihood=exp(ell), one=logarithm(density))
        judge = Judge(own, self.points, set(self.exact))
        judge.book.letters, judge.book.functions = self.book.letters, self.book.functions
        judge.kind, judge.chain = self.kind, self.chain
        return judge

    def _unknown(self, a: Formula, b: Formula) -> list[str]:
        """Letters that no test point gives a value."""
        env = self.points.samples[0].points[0]
        hats = {h.name for h in self.meaning.hats.values()}
        out: list[str] = []
        for side in (a, b):
            for name in free_letters(side):
                if name not in env and name not in hats and name not in self.meaning.specials and name not in out and name != CONSTANT.name:
                    out.append(name)
        return out

    def _with_unknown(
        self, claim: Claim, left: Formula, right: Formula, a: Formula, b: Formula, sign: str, kind: Kind, free: list[str]
    ) -> Judgement:
        """A claim with letters of the writer's own that were not defined in a formula: n_1, S, z."""
        for head, resolved, body in ((left, a, right), (right, b, left)):
            if isinstance(resolved, Sym) and resolved.name in free and isinstance(head, (Sym, Apply, At)) and sign in ("=", "approx"):
                if number_of(body) is not None and self.model.open:
                    self.book.given[head] = body
                if self.book.define(head, body):
                    return Judgement("holds", "definition")
        for shift in (0, 5):
            generic: dict[Formula, Formula] = {Sym(k): Num(Fraction(7 + shift + 3 * j, 11)) for j, k in enumerate(free)}
            self.meaning.generic = {k.name: float(v.value) for k, v in generic.items() if isinstance(k, Sym) and isinstance(v, Num)}
            try:
                j = self._judged(claim, left, right, replace_all(a, generic), replace_all(b, generic), sign, kind)
            finally:
                self.meaning.generic = {}
            if not j.holds:
                break
        if j.holds:
            return j
        if len(free) <= 2:
            for choice in itertools.product(candidates(self.model), repeat=len(free)):
                table: dict[Formula, Formula] = dict(zip(map(Sym, free), choice, strict=True))
                if len(set(choice)) < len(choice):
                    continue
                tried = self._judged(claim, left, right, replace_all(a, table), replace_all(b, table), sign, kind, quick=True)
                if tried.holds:
                    for k, f in table.items():
                        self.book.define(k, f)
                    return tried
        usual: dict[Formula, Formula] = {Sym(k): count for k in free if (count := count_of(self.model, k)) is not None}
        if len(usual) == len(free):
            for letter, count in usual.items():
                self.book.define(letter, count)
            return self._judged(claim, left, right, replace_all(a, usual), replace_all(b, usual), sign, kind)
        if len(free) == 1 and sign == "=" and SOLVES.search(claim.prose.lower()):
            return Judgement("holds", "definition")
        arguments = {h for heads, _ in self.book.functions.values() for h in heads}
        if len(free) == 1 and Sym(free[0]) in arguments and sign == "=" and self._multiplier(free[0], a, b):
            return Judgement("holds", "definition")
        if all(Sym(k) in arguments for k in free) or self._bare(a, b):
            return j
        return unclear("the letter " + " and ".join(free) + " has no meaning here")

    def _multiplier(self, name: str, a: Formula, b: Formula) -> bool:
        """Take up the value of a multiplier from the first equation that it stands in, which is linear in it."""
        letter, difference = Sym(name), add(a, neg(b))
        factor = slope(difference, letter)
        if factor == ZERO or name in names(factor) or name in self.book.letters:
            return False
        rest = replace_all(difference, {letter: ZERO})
        hats: dict[Formula, Formula] = dict(zip(self.meaning.hats.keys(), self.meaning.hats.values(), strict=True))
        return self.book.define(letter, replace_all(Div(neg(rest), factor), hats))

    def _learn(self, claim: Claim, left: Formula, right: Formula, j: Judgement) -> None:
        self.kind = self.kind | self._kind((left, right))
        if claim.joined == "condition":
            return
        self.used |= (spoken(left) | spoken(right)) & {"L", "ell"}
        if j.how in ("identity", "constant") and claim.sign == "=" and names(left) and names(right):
            for side in (left, right):
                self.exact |= {g.value for g in walk(side) if isinstance(g, Num)}
        if j.how in ("maximum", "identity", "root", "rounded") and claim.sign in ("=", "approx"):
            for side in (left, right):
                for k in self.model.names:
                    if side in (Sym(k), hat(k)):
                        self.book.found.add(k)
            for side, body in ((left, right), (right, left)):
                if isinstance(side, Sym) and side.name.endswith("_hat"):
                    self.heads.setdefault(side, body)
                    self._found(side, body)
        if j.how == "maximum":
            with contextlib.suppress(Unknown):
                self.valued.append((self.meaning.of(left), self.meaning.of(right)))
        logged = isinstance(left, Call) and left.name == "log" and kind_of((left,), self.book).likelihood
        if (logged or kind_of((left,), self.book).ell) and names(right) & self.meaning.parameters:
            self.last = right
        if j.how == "constant" and isinstance(left, Apply) and left.name == "ell":
            self._own(right)
        if claim.sign == "propto" and isinstance(left, Apply) and left.name == "ell":
            self.book.scales = [N, Div(ONE, N)]

    def _found(self, side: Formula, body: Formula) -> None:
        """Remember an estimate as a function of the data."""
        with contextlib.suppress(Unknown):
            f, head = self.meaning.of(body), self.meaning.of(side)
            data = any(
                isinstance(g, (At, Sym)) and (g.base if isinstance(g, At) else g.name).split("_")[0] in self.meaning.observed
                for g in walk(f)
            )
            if data and not names(f) & (
                self.meaning.parameters | {h.name for h in self.meaning.hats.values()} | set(self.meaning.specials)
            ):
                if isinstance(head, Sym):
                    self.book.estimates.setdefault(head.name, f)

    def _own(self, right: Formula) -> None:
        try:
            own = replace_all(self.meaning.of(right), {CONSTANT: ZERO})
        except Unknown:
            return
        if all(n in self.points.samples[0].points[0] for n in free_letters(own)):
            self.book.own = own

    def _kind(self, sides: tuple[Formula, Formula]) -> Kind:
        return kind_of(sides, self.book)


def _zeros(vector: Formula) -> Formula:
    """A vector or matrix of zeros in the shape of another."""
    return Apply("tuple", tuple(map(_zeros, vector.args))) if isinstance(vector, Apply) and vector.name == "tuple" else ZERO
