"""Concavity read off a formula by rules of composition, perhaps after a change of the unknowns.

A sum is concave whose terms are; an affine function may be put into a concave or convex one (Boyd and Vandenberghe 2004, Convex
Optimization, section 3.2).  The formula is brought to a sum of products first, so that 1/s (x - m) with s = 1/lambda, m = mu/lambda shows as
lambda x - mu.  The premises of `LEMMAS` are looked at here; nothing else is assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from ..formula.tree import ONE, Add, Big, Call, Div, Formula, Mul, N, Neg, Pow, Sym, call, div, mul, names, num, power, value

Sign = Callable[[Formula], int]  # of what holds data only: 1 where it is never negative, -1 where never positive, else 0


class Lemma(StrEnum):
    """What was used, in plain words."""

    LOG = "the logarithm is concave"
    SQUARE = "a square is convex"
    EXP = "the exponential function is convex"
    POWER = "a power of a positive number is convex where its exponent is negative or above 1"
    LOG_SUM_EXP = "the logarithm of a sum of exponentials is convex"
    LOG_DIFFERENCE = (
        "the logarithm of a difference of exponentials is concave, as the logarithm of the concave function 1 - e^u and a linear term"
    )
    LOG_GAMMA = "log Γ is convex"
    LOG_CDF = "the logarithm of a probability of a half-line or an interval is concave in its ends for a log-concave density"


SOURCES: Mapping[Lemma, str] = {
    Lemma.LOG: "second derivative", Lemma.SQUARE: "second derivative", Lemma.EXP: "second derivative", Lemma.POWER: "second derivative",
    Lemma.LOG_SUM_EXP: "Boyd and Vandenberghe 2004, section 3.1.5",
    Lemma.LOG_DIFFERENCE: "Boyd and Vandenberghe 2004, section 3.2.4: log is concave and increasing",
    Lemma.LOG_GAMMA: "Bohr and Mollerup 1922; Artin 1931",
    Lemma.LOG_CDF: "Prékopa 1973, Acta Sci. Math. 34; Pratt 1981, J. Amer. Statist. Assoc. 76; Burridge 1981, J. R. Statist. Soc. B 43",
}  # fmt: skip


class Unread(Exception):
    """A form that these rules do not read."""


# -- sums of products ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Atom:
    """A factor.  kind: "letter" (an unknown, its name), "data" (a formula), or the name of a function ("bracket" for none) of a sum of products."""

    kind: str
    of: Any


@dataclass(frozen=True)
class Product:
    """Powers of atoms, and e to the power of a sum of products."""

    powers: frozenset[tuple[Atom, Fraction]] = frozenset()
    exponent: frozenset[tuple[Product, Fraction]] = frozenset()


Sum = dict[Product, Fraction]
UNIT = Product()


def frozen(p: Sum) -> frozenset[tuple[Product, Fraction]]:
    """A sum as a value."""
    return frozenset(p.items())


def plus(parts: Iterable[Sum]) -> Sum:
    """The sum of sums."""
    out: Sum = {}
    for p in parts:
        for m, c in p.items():
            out[m] = out.get(m, Fraction(0)) + c
    return {m: c for m, c in out.items() if c}


def scaled(p: Sum, k: Fraction) -> Sum:
    """A multiple of a sum."""
    return {m: c * k for m, c in p.items()} if k else {}


def _product(a: Product, b: Product) -> Product:
    powers = dict(a.powers)
    for atom, k in b.powers:
        powers[atom] = powers.get(atom, Fraction(0)) + k
    exponent = plus((dict(a.exponent), dict(b.exponent)))
    return Product(frozenset((atom, k) for atom, k in powers.items() if k), frozen(exponent))


def times(p: Sum, q: Sum) -> Sum:
    """The product of sums, brackets opened."""
    return plus({_product(a, b): c * d} for a, c in p.items() for b, d in q.items())


def raised(p: Sum, k: Fraction, positive: frozenset[str] = frozenset()) -> Sum:
    """A sum to a power; more than one term stay in a bracket.  positive: letters.  Raises `Unread`."""
    if k == 1:
        return p
    if len(p) != 1:
        return {Product(frozenset({(Atom("bracket", frozen(p)), k)})): Fraction(1)}
    ((m, c),) = p.items()
    out = Product(frozenset((a, e * k) for a, e in m.powers), frozen(scaled(dict(m.exponent), k)))
    if k.denominator == 1:
        return {out: c ** int(k)}
    if c < 0 or any(e.numerator % 2 == 0 and not (a.kind == "letter" and a.of in positive) for a, e in m.powers):
        raise Unread  # the square root of a square is an absolute value
    return {out: c} if c == 1 else times({out: Fraction(1)}, single(Atom("data", power(num(c), num(k)))))


def single(atom: Atom) -> Sum:
    """An atom as a sum."""
    return {Product(frozenset({(atom, Fraction(1))})): Fraction(1)}


def constant(c: Fraction) -> Sum:
    """A number as a sum."""
    return {UNIT: c} if c else {}


class Reader:
    """A formula as a sum of products of unknowns, given as sums of products themselves, and of data; sums over the sample are read for one row.

    What does not depend on the row gets the factor n.  Raises `Unread`.
    """

    def __init__(self, unknowns: Mapping[str, Sum], positive: frozenset[str]):
        self.unknowns, self.positive = unknowns, positive
        self.high: Formula | None = None  # of the sums

    def linear(self, f: Formula) -> Sum:
        """A formula with sums over the sample in its terms."""
        if not self._summed(f):
            return self.read(f)
        match f:
            case Add(ts):
                return plus(map(self.linear, ts))
            case Neg(a):
                return scaled(self.linear(a), Fraction(-1))
            case Div(a, b):
                return times(self.linear(a), raised(self.read(b), Fraction(-1)))
            case Mul(fs):
                (inner, *more) = [g for g in fs if self._summed(g)]
                if more:
                    raise Unread
                return times(self.linear(inner), self.read(mul(*(g for g in fs if g is not inner))))
            case Big("sum", i, low, high, body) if low == ONE and self.high in (None, high) and (high == N or value(high) is not None):
                self.high = high
                size = single(Atom("data", high))
                return plus(times({m: c}, size if not _has_row(m, i) else constant(Fraction(1))) for m, c in self.read(body).items())
        raise Unread

    def _summed(self, f: Formula) -> bool:
        """Whether a sum over the sample of something with an unknown stands in f."""
        if not names(f) & set(self.unknowns):
            return False
        return isinstance(f, Big) or any(map(self._summed, _parts(f)))

    def read(self, f: Formula) -> Sum:
        """A formula without such sums."""
        v = value(f)
        if v is not None:
            return constant(v)
        if not names(f) & set(self.unknowns):
            match f:
                case Neg(a):
                    return scaled(self.read(a), Fraction(-1))
                case Mul(fs):
                    return self._all(fs)
                case Div(a, b):
                    return times(self.read(a), raised(self.read(b), Fraction(-1)))
            return single(Atom("data", f))
        match f:
            case Sym(k):
                return self.unknowns[k]
            case Neg(a):
                return scaled(self.read(a), Fraction(-1))
            case Add(ts):
                return plus(map(self.read, ts))
            case Mul(fs):
                return self._all(fs)
            case Div(a, b):
                return times(self.read(a), raised(self.read(b), Fraction(-1)))
            case Pow(a, k):
                q = value(k)
                if q is not None:
                    return raised(self.read(a), q, self.positive)
                return self._exp(times(self.read(k), self.log(self.read(a))))
            case Call("sqrt", (a,)):
                return raised(self.read(a), Fraction(1, 2), self.positive)
            case Call("exp", (a,)):
                return self._exp(self.read(a))
            case Call("log", (Call("beta", (a, b)),)):
                parts = [self.read(u) for u in (a, b, Add((a, b)))]
                signs = (1, 1, -1)
                return plus(scaled(single(Atom("loggamma", frozen(p))), Fraction(s)) for p, s in zip(parts, signs, strict=True))
            case Call("log", (Call("abs", (a,)),)):
                return self.log(self.read(a), "logabs")
            case Call("log", (a,)):
                return self.log(self.read(a))
            case Call(name, (a,)):
                return single(Atom(name, frozen(self.read(a))))
        raise Unread

    def _all(self, fs: Iterable[Formula]) -> Sum:
        out = constant(Fraction(1))
        for g in fs:
            out = times(out, self.read(g))
        return out

    def _exp(self, p: Sum) -> Sum:
        rest = {m: c for m, c in p.items() if m != UNIT}
        out: Sum = {Product(exponent=frozen(rest)): Fraction(1)}
        return times(out, single(Atom("data", call("exp", num(p[UNIT]))))) if UNIT in p else out

    def log(self, p: Sum, kind: str = "log") -> Sum:
        """The logarithm (kind "log"), or that of the absolute value ("logabs"): of a product the sum of its logarithms.

        Of several factors, of which the product is positive, those of their absolute values are taken."""
        if len(p) != 1:
            r = _complement(p)
            if r is not None:  # 1 - 1/(1 + r) = r/(1 + r)
                return plus((self.log(r), scaled(self.log(plus((constant(Fraction(1)), r))), Fraction(-1))))
            return single(Atom(kind, frozen(p)))
        ((m, c),) = p.items()
        known = {a: k for a, k in m.powers if a.kind == "letter" and a.of in self.positive}
        rest = {a: k for a, k in m.powers if a not in known}
        out = plus((dict(m.exponent), *({_log_of(single(a)): k} for a, k in known.items())))
        alone = len(rest) == 1 and c > 0
        for a, k in rest.items():
            of = "logabs" if not alone or (k.denominator == 1 and k.numerator % 2 == 0) else kind
            if a.kind == "gamma" and of == "log":
                out = plus((out, scaled(single(Atom("loggamma", a.of)), k)))
            else:
                out = plus((out, {_log_of(dict(a.of) if a.kind == "bracket" else single(a), of): k}))
        return out if abs(c) == 1 else plus((out, single(Atom("data", call("log", num(abs(c)))))))


def _complement(p: Sum) -> Sum | None:
    """r of 1 - 1/(1 + r), where r is an exponential function; None for anything else."""
    others = [(m, c) for m, c in p.items() if m != UNIT]
    if p.get(UNIT) != 1 or len(others) != 1:
        return None
    ((m, c),) = others
    if c != -1 or m.exponent or len(m.powers) != 1:
        return None
    ((atom, k),) = m.powers
    if atom.kind != "bracket" or k != -1:
        return None
    inner = dict(atom.of)
    rest = {q: v for q, v in inner.items() if q != UNIT}
    if inner.get(UNIT) != 1 or len(rest) != 1 or any(q.powers or v != 1 for q, v in rest.items()):
        return None
    return rest


def _log_of(p: Sum, kind: str = "log") -> Product:
    return Product(frozenset({(Atom(kind, frozen(p)), Fraction(1))}))


def _parts(f: Formula) -> tuple[Formula, ...]:
    match f:
        case Add(ts) | Mul(ts) | Call(_, ts):
            return ts
        case Neg(a):
            return (a,)
        case Div(a, b) | Pow(a, b):
            return a, b
    return ()


def _has_row(m: Product, index: str) -> bool:
    """Whether something of one row stands in a product."""

    def of(p: Iterable[tuple[Product, Fraction]]) -> bool:
        return any(_has_row(k, index) for k, _ in p)

    return of(m.exponent) or any((index in names(a.of) if a.kind == "data" else a.kind != "letter" and of(a.of)) for a, _ in m.powers)


# -- curvature -----------------------------------------------------------------------------------------


class Curvature:
    """Whether sums of products are affine (0), convex (1) or concave (-1) in the letters; None where that is not read off.  used: the lemmas."""

    def __init__(self, positive: frozenset[str], sign: Sign):
        self.positive, self.sign = positive, sign
        self.used: set[Lemma] = set()

    def of(self, p: Sum) -> int | None:
        """Of a sum."""
        kinds = set[int]()
        for m, c in p.items():
            k = self._term(m, c)
            if k is None or -k in kinds - {0}:
                return None
            kinds.add(k)
        return next((k for k in kinds if k), 0)

    def affine(self, p: Sum) -> bool:
        """Whether a sum is affine."""
        return all(self._moving(m)[0] == {} or self._linear(m) for m in p) and all(
            not self._moving(m)[1] and not self._lifted(m) for m in p
        )

    def _moving(self, m: Product) -> tuple[dict[str, Fraction], list[tuple[Atom, Fraction]]]:
        """The letters with their exponents, and the other factors that vary."""
        letters = {a.of: k for a, k in m.powers if a.kind == "letter"}
        return letters, [(a, k) for a, k in m.powers if a.kind not in ("letter", "data") and _varies(a)]

    def _lifted(self, m: Product) -> Sum:
        """The part of the exponent of e that varies."""
        return {k: c for k, c in m.exponent if _product_varies(k)}

    def _linear(self, m: Product) -> bool:
        letters, _ = self._moving(m)
        return list(letters.values()) == [Fraction(1)]

    def _sign(self, m: Product, c: Fraction) -> int:
        """The sign of the factor before what varies; 0 where it is not known."""
        s = 1 if c > 0 else -1
        for a, k in m.powers:
            if a.kind == "data":
                s *= 1 if k.denominator == 1 and k.numerator % 2 == 0 else self.sign(a.of)
            elif a.kind != "letter" and not _varies(a):
                return 0
        return s

    def _term(self, m: Product, c: Fraction) -> int | None:
        letters, atoms = self._moving(m)
        k = self._shape(letters, atoms, self._lifted(m))
        if not k:
            return k
        s = self._sign(m, c)
        return s * k if s else None

    def _shape(self, letters: dict[str, Fraction], atoms: list[tuple[Atom, Fraction]], lifted: Sum) -> int | None:
        if lifted:
            if letters or atoms or self.of(lifted) not in (0, 1):
                return None
            return self._by(Lemma.EXP, 1)
        if not atoms:
            return self._powers(letters)
        if len(atoms) > 1:
            return None
        ((atom, k),) = atoms
        if atom.kind == "bracket" and k.denominator == 1 and k > 0 and k.numerator % 2 == 0:
            share = Product(frozenset((Atom("letter", x), e / k) for x, e in letters.items()))
            if any((e / k).denominator != 1 and x not in self.positive for x, e in letters.items()):
                return None
            return self._by(Lemma.SQUARE, 1) if self.affine(times(dict(atom.of), {share: Fraction(1)})) else None
        if letters or k != 1:
            return None
        if atom.kind in ("log", "logabs"):
            return self._log(dict(atom.of), atom.kind == "log")
        if atom.kind == "loggamma":
            return self._by(Lemma.LOG_GAMMA, 1) if self.affine(dict(atom.of)) else None
        return None

    def _by(self, lemma: Lemma, kind: int) -> int:
        self.used.add(lemma)
        return kind

    def _powers(self, letters: dict[str, Fraction]) -> int | None:
        if not letters or list(letters.values()) == [Fraction(1)]:
            return 0
        if len(letters) == 1:
            ((x, k),) = letters.items()
            if k.denominator == 1 and k > 0 and k.numerator % 2 == 0:
                return self._by(Lemma.SQUARE, 1)
            if x in self.positive and (k < 0 or k > 1):
                return self._by(Lemma.POWER, 1)
        return None

    def _log(self, p: Sum, plain: bool) -> int | None:
        """Of log p, a positive function where it has a value; or of log |p|."""
        terms = [(m, self._sign(m, c), *self._moving(m), self._lifted(m)) for m, c in p.items()]
        exponentials = all(not letters and not atoms and self.affine(lifted) for _, _, letters, atoms, lifted in terms)
        if exponentials and all(s > 0 for _, s, *_ in terms):
            return self._by(Lemma.LOG_SUM_EXP, 1)
        if exponentials and len(terms) == 2 and sorted(s for _, s, *_ in terms) == [-1, 1]:
            first, second = (t[4] for t in sorted(terms, key=lambda t: -t[1]))
            apart = plus((second, scaled(first, Fraction(-1))))
            if plain or (self._one_sign(apart) and len({(frozenset(m.powers), abs(c)) for m, c in p.items()}) == 1):
                return self._by(Lemma.LOG_DIFFERENCE, -1)
        if not plain:
            return None
        if self._cdf(p):
            return self._by(Lemma.LOG_CDF, -1)
        if len(p) == 1:
            (atoms,) = (t[3] for t in terms)
            if len(atoms) == 1 and atoms[0][1] == 1 and not terms[0][2] and not terms[0][4] and terms[0][1] > 0:
                if atoms[0][0].kind == "cosh" and self.affine(dict(atoms[0][0].of)):
                    return self._by(Lemma.LOG_SUM_EXP, 1)
        if self.of(p) in (0, -1):
            return self._by(Lemma.LOG, -1)
        return None

    def _one_sign(self, p: Sum) -> bool:
        """Whether a sum is a multiple of a positive letter."""
        if len(p) != 1:
            return False
        ((m, c),) = p.items()
        letters, atoms = self._moving(m)
        return (
            not atoms
            and not self._lifted(m)
            and list(letters.values()) == [Fraction(1)]
            and next(iter(letters)) in self.positive
            and self._sign(m, c) != 0
        )

    def _cdf(self, p: Sum) -> bool:
        """Whether p is F(u), 1 - F(u) or F(u) - F(v), u and v affine, for F the distribution function of a normal or a Gumbel variable (or
        what is left of 1)."""
        ends: list[int] = []
        for m, c in p.items():
            if m == UNIT:
                ends.append(0)
                if abs(c) != 1:
                    return False
                continue
            letters, atoms = self._moving(m)
            lifted = self._lifted(m)
            if letters or any(a.kind == "data" for a, _ in m.powers) or abs(c) != 1:
                return False
            if (
                len(atoms) == 1
                and not m.exponent
                and atoms[0][1] == 1
                and atoms[0][0].kind in ("Phi", "erf", "erfc")
                and self.affine(dict(atoms[0][0].of))
            ):
                ends.append({"Phi": 1, "erf": 2, "erfc": 4}[atoms[0][0].kind])
            elif not atoms and len(lifted) == 1 and lifted == dict(m.exponent):
                ((inner, k),) = lifted.items()
                letters, atoms = self._moving(inner)
                if letters or atoms or not self.affine(self._lifted(inner)) or self._sign(inner, k) >= 0:
                    return False
                ends.append(3)
            else:
                return False
        kinds = set(ends) - {0}
        if len(kinds) != 1 or len(ends) > 2:
            return False
        if len(ends) == 1:
            return kinds != {2} and next(iter(p.values())) > 0
        return sum(p.values()) == 0 or (kinds == {2} and p.get(UNIT) == 1)


def _varies(a: Atom) -> bool:
    return a.kind == "letter" or (a.kind != "data" and any(_product_varies(m) for m, _ in a.of))


def _product_varies(m: Product) -> bool:
    return any(_varies(a) for a, _ in m.powers) or any(_product_varies(k) for k, _ in m.exponent)


# -- changes of the unknowns ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """New unknowns.  old: the old ones as formulas in the new; new: the new ones as formulas in the old; positive: those of the new that are.

    Both ways are smooth, so that stationary points and the signs of their second derivatives stay, and the new domain is convex where
    the old is a product of intervals: its sides u = c become u = c v.
    """

    old: Mapping[str, Formula]
    new: Mapping[str, Formula]
    positive: frozenset[str]


SCALES, PLACES = ("lambda", "tau", "kappa", "rho"), ("mu", "nu", "alpha", "beta", "gamma", "delta", "eta", "zeta", "xi", "omega")


def changes(unknowns: Mapping[str, bool], taken: frozenset[str]) -> Iterator[Change]:
    """The changes that are tried.  unknowns: by name, whether it is positive; taken: names in use.

    First none; then for every positive unknown s: lambda = 1/s, s, 1/sqrt(s), and for a real unknown m: mu = lambda m, for a positive one l: log l or
    lambda log l; then logarithms alone.
    """
    same: dict[str, Formula] = {k: Sym(k) for k in unknowns}
    yield Change(same, same, frozenset(k for k, up in unknowns.items() if up))
    free = [k for k in PLACES if k not in taken]
    letter = next((k for k in SCALES if k not in taken), None)
    if letter is None or len(free) < len(unknowns):
        return
    scale = Sym(letter)
    for s in (k for k, up in unknowns.items() if up):
        u, others = Sym(s), {k: Sym(x) for k, x in zip((k for k in unknowns if k != s), free, strict=False)}
        forms = ((scale, div(ONE, scale), div(ONE, u)), (u, u, u), (scale, power(scale, num(-2)), div(ONE, call("sqrt", u))))
        for letter_of_scale, old, new in forms:
            for whole in (True, False):
                yield _scaled(s, letter_of_scale, old, new, whole, unknowns, others)
    others = {k: Sym(x) for k, x in zip(unknowns, free, strict=False)}
    if any(unknowns.values()):
        yield Change(
            {k: call("exp", others[k]) if up else Sym(k) for k, up in unknowns.items()},
            {(others[k].name if up else k): call("log", Sym(k)) if up else Sym(k) for k, up in unknowns.items()},
            frozenset(),
        )


def _scaled(s: str, scale: Sym, old: Formula, new: Formula, whole: bool, unknowns: Mapping[str, bool], others: Mapping[str, Sym]) -> Change:
    """One unknown as a scale, the other ones, or their logarithms, multiplied by it (whole) or as they are."""
    back, there = {s: old}, {scale.name: new}
    for k, up in unknowns.items():
        if k == s:
            continue
        place: Formula = div(others[k], scale) if whole else others[k] if up else Sym(k)
        back[k] = call("exp", place) if up else place
        held = call("log", Sym(k)) if up else Sym(k)
        there[others[k].name if whole or up else k] = mul(new, held) if whole else held
    return Change(back, there, frozenset({scale.name}))


def concave_change(f: Formula, unknowns: Mapping[str, bool], taken: frozenset[str], sign: Sign) -> tuple[Change, frozenset[Lemma]] | None:
    """The change of unknowns after which f is a sum of concave terms, with the lemmas that say so; None where none is found.

    unknowns: by name, whether it is positive; they vary independently of each other in intervals.  sign: of what holds data only.
    """
    ts = sorted(f.terms if isinstance(f, Add) else (f,), key=lambda t: not any(isinstance(g, Big) for g in (t, *_parts(t))))
    for change in changes(unknowns, taken):
        try:
            if (used := _concave(ts, change, sign)) is not None:
                return change, used
        except Unread:
            continue
    return None


def _concave(ts: Iterable[Formula], change: Change, sign: Sign) -> frozenset[Lemma] | None:
    letters = Reader({k: single(Atom("letter", k)) for k in change.new}, change.positive)
    reader = Reader({k: letters.read(g) for k, g in change.old.items()}, change.positive)
    shape = Curvature(change.positive, sign)
    whole = plus(map(reader.linear, ts))
    return frozenset(shape.used) if shape.of(whole) in (0, -1) else None


__all__ = ["SOURCES", "Change", "Lemma", "concave_change"]
