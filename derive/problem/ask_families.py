"""From the arguments of a question about families of parameters to the question as it was settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..algebra.terms import Algebra
from ..errors import NotSupported, NotValid
from ..formula.decimals import DIGITS
from ..formula.evaluate import compiled
from ..formula.families import Family
from ..formula.names import GREEK, canonical, reported
from ..formula.plain import plain
from ..formula.tree import (
    LETTERS,
    ONE,
    Add,
    At,
    Big,
    Call,
    Div,
    Formula,
    N,
    Neg,
    Pow,
    Relation,
    Sym,
    add,
    each,
    free_names,
    fresh,
    has,
    names,
    neg,
    num,
    product,
    replace_all,
    terms,
    total,
    transform,
    value,
    walk,
)
from ..reading.context import OWN_SIZE
from ..reading.domains import as_text
from ..reading.domains import read as read_domain
from ..reading.families import COUNTS, FamilyText, is_count, read_families
from ..rules.logs import logged
from ..rules.sums import split_sums
from ..sample.columns import is_scalar, number
from ..sets.domain import NATURAL, NONNEGATIVE, POSITIVE, REAL, UNIT, Domain
from ..trace import Detail
from .arguments import PredictionArguments
from .families import FamilyModel, Shares
from .settled import Asked, Settled

WHOLE = frozenset({"count", "length", "one", "label", "size", "split", "upto"})  # kinds of data that are whole numbers
NOT_HERE = ("variable", "covariates", "support", "column", "event", "missing", "at", "prediction", "n", "quantities", "inference")


def ask_families(density: Any, question: PredictionArguments) -> Settled | None:
    """A question about families; None where the text has none.  Raises NotValid or NotSupported for one that cannot be asked so."""
    whole = question.get("likelihood") is not None
    text = question.get("likelihood") if whole else density
    constraints = [as_text(c) for c in question.get("constraints") or ()]
    if not isinstance(text, str) or not ("_" in text or "[" in text):
        return None
    declared, known = _mapping(question.get("parameters")), _mapping(question.get("known"))
    try:
        read = read_families(text, constraints, [*declared, *known], question.get("syntax"))
    except NotSupported:
        return None
    if read is None:
        return None
    return _Asked(read, whole, declared, known, question).settled()


def _mapping(given: Any) -> dict[str, Any]:
    """Names, perhaps with what is said of them."""
    if isinstance(given, Mapping):
        return {canonical(str(k)): v for k, v in given.items()}
    return {canonical(str(k)): None for k in ([given] if isinstance(given, str) else given or ())}


class _Asked:
    """What becomes of a text, step by step."""

    def __init__(self, read: FamilyText, whole: bool, declared: dict[str, Any], known: dict[str, Any], question: PredictionArguments):
        self.question, self.whole, self.value = question, whole, read.value
        self.families = {_own(k): Family(_own(k), f.index, tuple(map(_renamed, f.high))) for k, f in read.families.items()}
        self.formula = _renamed(read.formula)
        for k in [k for k in self.families if k in GREEK and _only_squares(k, [self.formula, *read.constraints])]:  # variances
            fam = self.families.pop(k)
            self.families[k + "2"] = Family(k + "2", fam.index, fam.high)
            self.formula = _squares(self.formula, k)
        self.constraints = [r for c in read.constraints if isinstance(r := _renamed(c), Relation)]
        self.notation = {**read.notation, **({OWN_SIZE: "n"} if OWN_SIZE in self.families else {})}
        self.sizes = list(read.sizes)
        self.declared = {self._base(k): v for k, v in declared.items()}
        self.known = {self._base(k): v for k, v in known.items()}
        spoken = [self.formula, *self.constraints]
        inside = {g.base for g in each(self.formula, At)}
        shared = {g.base for c in self.constraints for g in each(c, At)} & inside
        self.estimated = [k for k in self.declared if k in self.families] or [
            k for k in self.families if k in inside and k not in self.known and (k in shared or not is_count(k, spoken))
        ]
        self.limits: dict[str, Formula] = {}
        self.data: dict[str, str] = {k: self._kind(k, spoken) for k in self.families if k not in self.estimated}
        self.tied: dict[str, Formula] = {}
        self.counts: dict[str, Formula] = {}
        self.points_to: dict[str, str] = {}
        self.one: Formula | None = None
        self.sample = ""
        self.implied = False
        self.warnings: tuple[str, ...] = ()

    def _base(self, name: str) -> str:
        """A declared name as the base of a family where it has the letters of its index: p_k is p."""
        first, *rest = name.split("_")
        own = _own(first)
        return own if own in self.families and (not rest or not rest[-1].isdigit()) else name

    def _kind(self, base: str, spoken: Sequence[Formula]) -> str:
        if any(base in names(h) for f in self.families.values() for h in f.high) or any(
            isinstance(g, Call) and g.name == "binomial" and base in names(g.args[0]) for f in spoken for g in walk(f)
        ):
            return "length"
        counted = any(
            (isinstance(g, Pow) and base in names(g.exponent) and base not in names(g.base))
            or (isinstance(g, Call) and g.name in ("factorial", "binomial") and base in names(g))
            for f in spoken
            for g in walk(f)
        )
        if base not in names(self.formula):  # a weight in a constraint
            return "positive"
        logs = logged(self.formula, Algebra())
        inside = any(base in names(g) for g in each(logs, Call) if g.name == "log")
        bound = _bound_of(base, spoken)
        if bound is not None:
            self.limits[base] = bound
            return "upto"
        return "count" if counted else "positive" if inside else "real"

    # -- the parts of the question ---------------------------------------------------------------

    def settled(self) -> Settled | None:
        for k in NOT_HERE:
            if self.question.get(k) is not None:
                raise NotSupported(f"`{k}` does not go together with parameters that have an index", hint="leave it out")
        if not self.estimated and not self.whole:
            return None
        likelihood = self.formula if self.whole else self._of_a_sample()
        if likelihood is None:
            return None
        self._multinomial_coefficient(likelihood)
        self._half_lines(likelihood)
        scalars = self._scalars(likelihood)
        fixed = self._fixed(scalars)
        shares = self._shares()
        parameters = [*self.estimated, *scalars]
        if not parameters or (not self.estimated and not WHOLE & set(self.data.values())):
            return None
        if self.declared:
            missing = [k for k in self.declared if k not in parameters]
            if missing:
                raise NotValid(
                    f"{reported(missing[0])} does not occur in the likelihood",
                    hint="the letters are " + ", ".join(map(reported, parameters)),
                )
            parameters = list(self.declared)
        model = FamilyModel(
            likelihood, self.families, tuple(k for k in parameters if k in self.families), self.data, self.limits, tuple(self.sizes), shares, self.tied,
            self.counts, {f: Sym(k) for k, f in self.tied.items()}, self.one, self.sample, self.points_to, None, fixed, self.implied,
        )  # fmt: skip
        domains = {k: self._domain(k, model) for k in parameters}
        data = self.question.get("data")
        if data is not None:
            model = with_data(data, model)
        return self._as_question(model, domains)

    def _of_a_sample(self) -> Formula | None:
        """The likelihood of a sample from the mass or density of one observation: every observed letter gets one more index."""
        i = fresh(("i", *LETTERS), self.formula, *(Sym(k) for f in self.families.values() for k in f.index)).name
        self.one = self.formula
        if self.value:
            observed, k = "x", Sym(self.value)
            pointing = [
                b for b in self.estimated if has(At(b, (k,)), k) and any(k in g.index for g in each(self.formula, At) if g.base == b)
            ]
            if not pointing or self.data:
                return None
            self.families[observed] = Family(observed, (i,), (N,))
            self.data[observed], self.sample, self.points_to[observed] = "label", observed, pointing[0]
            self.sizes.append("n")
            self._implied(self.formula == At(pointing[0], (k,)), pointing[0])
            return product(replace_all(self.formula, {k: At(observed, (Sym(i),))}), i)
        if not self.data:
            return None
        observed = next((b for b in ("x", "y", "n_own", "t", "z") if b in self.data), next(iter(self.data)))
        others = [b for b in self.data if b != observed]
        if others or any(isinstance(g, Sym) and g.name == "n" for g in walk(self.formula)):
            return None
        fam = self.families[observed]
        self.families[observed] = Family(observed, (i, *fam.index), (N, *fam.high))
        self.sample = observed
        self.sizes.insert(0, "n")
        powers = self._powers(observed)
        if powers is not None and not any(isinstance(g, Call) and g.name == "factorial" for g in walk(self.formula)):
            self.data[observed] = "one"
            self._implied(True, powers)
        elif powers is not None and (size := self._coefficient(self.formula, observed)) is not None:
            self.data[observed], self.limits[observed] = "split", Sym(size)
            self._implied(True, powers)
        body = transform(self.formula, lambda g: At(observed, (Sym(i), *g.index)) if isinstance(g, At) and g.base == observed else None, At)
        return product(body, i)

    def _implied(self, so: bool, base: str) -> None:
        """That the probabilities add up to 1, where it is not stated."""
        fam = self.families[base]
        if so and not self.constraints and len(fam.index) == 1:
            self.constraints = [Relation((total(fam.member, fam.index[0], fam.high[0]), ONE), ("=",))]
            self.implied = True

    def _powers(self, observed: str) -> str | None:
        """The family of which the mass is the product of powers with the observed letters as exponents."""
        for g in each(self.formula, Big):
            if g.kind == "prod" and isinstance(g.body, Pow) and isinstance(g.body.base, At) and isinstance(g.body.exponent, At):
                if g.body.exponent.base == observed and g.body.base.base in self.estimated and g.body.base.index == g.body.exponent.index:
                    return g.body.base.base
        return None

    def _coefficient(self, f: Formula, base: str) -> str | None:
        """The letter m of a multinomial coefficient m!/(x_1! ... x_K!)."""
        below = any(
            isinstance(g, Big)
            and g.kind == "prod"
            and any(isinstance(h, Call) and h.name == "factorial" and base in names(h) for h in walk(g.body))
            for g in walk(f)
        )
        tops = [g.args[0].name for g in each(f, Call) if g.name == "factorial" and isinstance(g.args[0], Sym)]
        return tops[0] if below and len(tops) == 1 else None

    def _multinomial_coefficient(self, likelihood: Formula) -> None:
        """n!/(n_1! ... n_K!) is the number of orders of n things only where the n_k add up to n."""
        if not self.whole:
            return
        for k in list(self.data):
            size = self._coefficient(likelihood, k)
            fam = self.families[k]
            if size is not None and len(fam.index) == 1:
                self.tied[size] = total(fam.member, fam.index[0], fam.high[0])
                base = next(
                    (g.body.base.base for g in each(likelihood, Big) if isinstance(g.body, Pow) and isinstance(g.body.base, At)), None
                )
                if base in self.estimated:
                    self._implied(True, base)

    def _half_lines(self, likelihood: Formula) -> None:
        """Observations of a real kind that can be of one sign only: no density grows without end as an observation falls or rises."""
        for k, kind in list(self.data.items()):
            if kind != "real" or k not in self.families:
                continue
            x = Sym("#x")
            facts = FamilyModel(likelihood, self.families, tuple(self.estimated), self.data, self.limits, tuple(self.sizes)).facts(
                dict.fromkeys(self.estimated, POSITIVE)
            )
            parts = [t for t in _all_terms(logged(likelihood, Algebra(facts))) if any(g.base == k for g in each(t, At))]
            body = replace_all(add(*parts), {g: x if g.base == k else ONE for t in parts for g in each(t, At)})
            letters = {g.name: 1.0 for g in walk(body) if isinstance(g, Sym) and g != x}
            low, high = (compiled(body)({**letters, x.name: v}) for v in (-1e4, 1e4))
            if low > 100 and high < -100:
                self.data[k] = "positive"
                self.warnings += (f"The observations `{reported(k)}` are taken as positive: for negative ones this is no density.",)

    def _scalars(self, likelihood: Formula) -> list[str]:
        """The parameters without an index; other letters without one are data."""
        free = free_names(likelihood) - set(self.families) - set(self.sizes) - set(self.tied)
        in_order = [k for k in dict.fromkeys(g.name for g in walk(likelihood) if isinstance(g, Sym)) if k in free]
        out = []
        for k in in_order:
            if k in self.declared or (not self.declared and k not in self.known and (k.rstrip("2") in GREEK or k not in COUNTS)):
                out.append(k)
            elif k not in self.known or self.known[k] is None:
                self.data[k] = "count" if k in ("n", "m", "N") else "real"
        sizes = {next(iter(names(self.limits[k]))): "size" for k, kind in self.data.items() if kind == "split"}
        self.data = {**sizes, **{k: kind for k, kind in self.data.items() if k not in sizes}}
        return out

    def _fixed(self, scalars: Sequence[str]) -> dict[str, int]:
        """Sizes with values.  Raises NotSupported for other letters that have one."""
        out = {}
        for k, v in self.known.items():
            if v is None:
                continue
            if k not in self.sizes:
                raise NotSupported(
                    f"a value of {reported(k)} is not supported beside parameters with an index", hint="write it into the likelihood"
                )
            size = number(v, f"the value of {reported(k)}")
            if size.denominator != 1 or size < 1:
                raise NotValid(f"{reported(k)} is a whole number of members, not {v}")
            out[k] = int(size)
        return out

    def _shares(self) -> tuple[Shares, ...]:
        """The constraints, each as a weighted sum over one index of a family."""
        return tuple(s for c in self.constraints if (s := self._share(c)) is not None)

    def _share(self, c: Relation) -> Shares | None:
        if set(c.signs) & {"<", "<=", ">", ">="}:
            return None
        al = Algebra()
        difference = add(c.sides[0], *map(neg, terms(c.sides[1])))
        ts = al.flat(split_sums(difference, al) or difference)
        sums = [t for t in ts if any(isinstance(b, Big) and set(self.estimated) & names(b) for b in t.powers)]
        if c.signs != ("=",) or len(sums) != 1 or any(isinstance(b, Big) and b.kind != "sum" for b in sums[0].powers):
            raise NotSupported("a constraint on parameters with an index is a sum over it", hint=r"write \sum_{k=1}^K p_k = 1")
        (big,) = [b for b in sums[0].powers if isinstance(b, Big)]
        rest = al.assemble(t.scaled(-1 / sums[0].coefficient) for t in ts if t is not sums[0])
        body = al.split(big.body)
        members = [b for b in body.powers if isinstance(b, At) and b.base in self.estimated]
        if len(members) != 1 or body.powers[members[0]] != ONE or set(sums[0].powers) != {big} or set(self.estimated) & names(rest):
            raise NotSupported("this constraint is not a weighted sum of the parameters of one family", hint=r"write \sum_{k=1}^K p_k = 1")
        fam = self.families[members[0].base]
        places = [j for j, k in enumerate(members[0].index) if k == Sym(big.index)]
        if len(places) != 1 or big.high != fam.high[places[0]]:
            raise NotSupported(f"this constraint is not over all members of {reported(fam.base)}")
        rename: dict[Formula, Formula] = {k: Sym(w) for k, w in zip(members[0].index, fam.index, strict=True)}
        weight = al.build(al.divided(body, al.split(members[0])))
        return Shares(fam.base, places[0], replace_all(weight, rename), replace_all(rest, rename))

    def _domain(self, name: str, model: FamilyModel) -> Domain:
        """The domain of a parameter: as stated, else closed wherever the likelihood stays one."""
        stated = self.declared.get(name)
        if stated is not None:
            return read_domain(as_text(stated), name)
        if model.share_of(name) is not None:
            return UNIT
        facts = model.facts(dict.fromkeys([*model.estimated, name], POSITIVE))
        ell = logged(model.likelihood, Algebra(facts))
        letter = Sym("#u")
        f = transform(ell, lambda g: letter if isinstance(g, At) and g.base == name else None, At)
        f = replace_all(f, {Sym(name): letter})
        logs = [_bare(g.args[0]) for g in each(f, Call) if g.name == "log" and has(g, letter)]
        below = any(
            (isinstance(g, Div) and has(g.bottom, letter)) or (isinstance(g, Pow) and has(g.base, letter) and _not_whole(g))
            for g in walk(f)
        )
        roots = any(isinstance(g, Call) and g.name == "sqrt" and has(g, letter) for g in walk(f))
        if not logs and not below and not roots:
            return REAL
        above = [u for u in logs if isinstance(u, Add) and any(isinstance(t, Neg) and has(t, letter) for t in u.terms)]
        if above and all(u in (letter, Add((ONE, Neg(letter)))) for u in logs) and not below:
            return UNIT
        falling = any(
            isinstance(t, Neg) and any(isinstance(g, Call) and g.name == "log" and has(g, letter) for g in walk(t)) for t in _all_terms(f)
        )
        closed = not below and not roots and not falling
        return NONNEGATIVE if closed else POSITIVE

    def _as_question(self, model: FamilyModel, domains: dict[str, Domain]) -> Settled:
        q = self.question
        asked = Asked(
            {}, {}, q.get("units"), {canonical(str(k)): v for k, v in (q.get("labels") or {}).items()}, q.get("title"),
            q.get("method") or "substitution", digits=q.get("digits") or DIGITS, detail=Detail(q.get("detail") or Detail.STANDARD),
        )  # fmt: skip
        return Settled(
            density=model.likelihood, written=model.likelihood, variables=(), covariates=(), parameters=domains, known=dict.fromkeys(model.sizes, NATURAL),
            values={}, support={}, covariate_domains={}, constraints=(), remainders=(), notation=self.notation,
            inferred=frozenset(k for k in domains if self.declared.get(k) is None), normalised=True, total=None, unnormalised=False, whole=True,
            asked=asked, families=model, warnings=self.warnings,
        )  # fmt: skip


def with_data(data: Any, model: FamilyModel) -> FamilyModel:
    """The model with data.  Raises NotValid where they do not fit."""
    return model.with_values(_values(data, model))


def _values(data: Any, model: FamilyModel) -> dict[str, Any]:
    """The data by letter, as fractions in nested lists."""
    wanted = [k for k in model.data if k in model.families]
    given = {_own(canonical(str(k)).split("_")[0]): v for k, v in data.items()} if isinstance(data, Mapping) else None
    if given is None:
        if len(wanted) != 1:
            raise NotValid("the data are " + " and ".join(map(reported, wanted)), hint="give a mapping of letters to lists of numbers")
        given = {wanted[0]: data}
    strange = [k for k in given if k not in model.data and k not in model.tied]
    absent = [k for k in wanted if k not in given and not any(k in names(h) for f in model.families.values() for h in f.high)]
    if strange or absent:
        which = (strange or absent)[0]
        raise NotValid(f"{reported(which)} is {'not one of the data' if strange else 'missing from the data'}",
                       hint="the data are " + ", ".join(map(reported, wanted)))  # fmt: skip
    out = {k: _fractions(v, reported(k)) for k, v in given.items() if k in model.data}
    for k in wanted:  # m_k, the lengths of the rows of x_{ki}
        if k not in out:
            name, place = next((b, j) for b, f in model.families.items() for j, h in enumerate(f.high) if k in names(h))
            rows = out[name]
            if place != 1 or not isinstance(rows, list):
                raise NotValid(f"{reported(k)} is missing from the data")
            out[k] = [num(len(r)).value if isinstance(r, list) else number(r, reported(k)) for r in rows]  # type: ignore[attr-defined]
    for k in [b for b, kind in model.data.items() if kind == "size" and b not in out]:
        split = next(b for b, f in model.limits.items() if f == Sym(k))
        out[k] = sum(out[split][0])
    _check(out, model)
    return out


def _check(values: Mapping[str, Any], model: FamilyModel) -> None:
    for k, v in values.items():
        kind = model.data[k]
        for x in _flat(v):
            if kind in WHOLE:
                if x.denominator != 1 or x < (kind in ("label", "length")):
                    raise NotValid(
                        f"{reported(k)} {'is a category, a number from 1' if kind == 'label' else 'counts something'}, and {x} cannot be one"
                    )
            if kind == "positive" and x <= 0:
                raise NotValid(f"{reported(k)} is positive, and {x} is not")
        rows = [r for r in v if isinstance(r, list)] if isinstance(v, list) else []
        if kind == "one" and any(sorted(r) != [0] * (len(r) - 1) + [1] for r in rows):
            raise NotValid(f"in every observation one of the {reported(k)} is 1 and the others are 0")
        if kind == "split" and len({sum(r) for r in rows}) > 1:
            raise NotValid(
                f"the {reported(k)} of every observation add up to {plain(model.limits[k])}, and these add up to different numbers"
            )


def _bound_of(base: str, spoken: Sequence[Formula]) -> Formula | None:
    """What a number of successes is bounded by: the trials m_k of a binomial coefficient, or 1 where 1 - y stands in an exponent."""
    for f in spoken:
        for g in walk(f):
            if isinstance(g, Call) and g.name == "binomial" and isinstance(g.args[1], At) and g.args[1].base == base:
                return g.args[0]
            if isinstance(g, Pow) and isinstance(g.exponent, Add) and g.exponent.terms[0] == ONE and len(g.exponent.terms) == 2:
                last = g.exponent.terms[1]
                if isinstance(last, Neg) and isinstance(last.arg, At) and last.arg.base == base:
                    return ONE
    return None


def _only_squares(base: str, formulas: Sequence[Formula]) -> bool:
    """Whether the members of a family occur as squares only."""
    return all(not any(g.base == base for g in each(_squares(f, base), At)) for f in formulas)


def _squares(f: Formula, base: str) -> Formula:
    """f with the squares of members as members of a family of squares."""

    def one(g: Formula) -> Formula | None:
        square = isinstance(g, Pow) and isinstance(g.base, At) and g.base.base == base and g.exponent == num(2)
        return At(base + "2", g.base.index) if square and isinstance(g, Pow) and isinstance(g.base, At) else None

    return transform(f, one, Pow)


def _own(base: str) -> str:
    return OWN_SIZE if base == "n" else base


def _renamed(f: Formula) -> Formula:
    """With the family n_k under a name of its own, so that n can be their total."""
    return transform(f, lambda g: At(OWN_SIZE, g.index) if isinstance(g, At) and g.base == "n" else None, At)


def _bare(f: Formula) -> Formula:
    """What stands in an absolute value."""
    return f.args[0] if isinstance(f, Call) and f.name == "abs" else f


def _not_whole(g: Pow) -> bool:
    q = value(g.exponent)
    return q is None or q < 0 or q.denominator != 1


def _all_terms(f: Formula) -> list[Formula]:
    """The terms of a sum, those under sum signs too."""
    out: list[Formula] = []
    for t in terms(f):
        bare = t.arg if isinstance(t, Neg) else t
        inner = _all_terms(bare.body) if isinstance(bare, Big) else [bare]
        out += [neg(u) if isinstance(t, Neg) else u for u in inner]
    return out


def _fractions(v: Any, name: str) -> Any:
    v = v.tolist() if hasattr(v, "tolist") else list(v) if isinstance(v, tuple) else v
    if isinstance(v, list):
        return [_fractions(x, name) for x in v]
    if not is_scalar(v):
        raise NotValid(f"the data of {name} are numbers in lists, not {type(v).__name__}")
    return number(v, f"a value of {name}")


def _flat(v: Any) -> list[Any]:
    return [x for y in v for x in _flat(y)] if isinstance(v, list) else [v]


__all__ = ["ask_families", "with_data"]
