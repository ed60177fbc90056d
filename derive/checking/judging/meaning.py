"""What the names in a claim mean: a claim's side -> a formula that can be evaluated at a test point.

The likelihood and its derivatives come from the question; letters and functions of the writer's own from the book.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from ...formula.evaluate import Env, compiled
from ...formula.names import hat
from ...formula.tree import (
    Apply,
    At,
    Big,
    Call,
    Const,
    Derivative,
    Div,
    Dots,
    Formula,
    Integral,
    Limit,
    N,
    Num,
    Pow,
    Relation,
    Sym,
    Where,
    add,
    children,
    each,
    has,
    kinds,
    mul,
    names,
    neg,
    num,
    replace_all,
    total,
    walk,
    with_kids,
)
from ..slope import along, slope
from .expectation import SINGLE, Expectations
from .model import Model
from .specials import RUNNING, Specials
from .symbol_table import Book, Unknown
from .undeclared_letters import number_of as number

OWN_INFORMATION = frozenset({"J", "J_n", "i"})  # letters for the information that often mean something else
LIKELIHOODS = frozenset({"L", "ell", "nll"})
MODELLED = frozenset({"f", "F", "S", "E", "Var", "P", "Pr"})
INFORMATION = frozenset({"I", "I_n", "I_1", "calI", "calI_n", "calI_1", "J", "J_n", "i", "I_F", "I_X"})
STANDARD_ERRORS = frozenset({"se", "SE"})
SCORES = frozenset({"S", "U", "u", "s", "score", "S_n", "U_n"})
HIGHEST = 4  # order of a derivative


class Meaning(Specials):
    """Resolves the sides of claims for one model and one book."""

    def __init__(self, model: Model, book: Book, expectations: Expectations, tied: bool = True):
        super().__init__(model, expectations)
        self.book = book
        self.ell: Formula = model.ell
        self.families = _families((*model.names, *model.problem.known, *model.problem.values))
        self.named = frozenset((*model.names, *model.problem.known, *model.problem.values))
        self.tied = tied  # whether derivatives go through the constraint
        self._meanings: dict[Formula, Formula] = {}  # of formulas that were resolved before

    # -- resolving ----------------------------------------------------------------------------------

    def of(self, f: Formula) -> Formula:
        """The side as a formula over the letters of a test point.  Raises Unknown."""
        g = self._resolve(f, 0)
        self._bounded(g)
        return g

    def _resolve(self, f: Formula, depth: int) -> Formula:
        if depth > 60:
            raise Unknown("the definitions in this formula are nested too deeply")
        meaning = self._meanings.get(f)
        if meaning is None:
            meaning = self._meanings[f] = self._resolved(f, depth)
        return meaning

    def _resolved(self, f: Formula, depth: int) -> Formula:
        def go(g: Formula) -> Formula:
            return self._resolve(g, depth + 1)

        match f:
            case Sym(name):
                return self._letter(f, name, depth)
            case At(base, index):
                return self._indexed(f, base, index, depth)
            case Apply(name, args):
                return self._apply(f, name, args, depth)
            case Derivative(body, variables):
                return self._derivative(body, variables, depth)
            case Where(body, variable, at):
                g, v, to = go(body), variable, go(at)
                if isinstance(v, Sym):
                    return replace_all(g, {v: to, hat(v.name): to} if v.name not in self.parameters else {v: to})
                raise Unknown("the place where this is evaluated is not understood")
            case Call("log", (a,)):
                inside = go(a)
                return inside.args[0] if isinstance(inside, Call) and inside.name == "exp" else with_kids(f, (a,), (inside,))
            case Call("log10", (a,)):
                return Div(Call("log", (go(a),)), Call("log", (Sym("#ten"),)))
            case Integral(body, v, low, high):
                return self._integral(go(body), v, low and go(low), high and go(high))
            case Limit(body, v, to):
                return self._limit(go(body), v, go(to))
            case Big(kind, index, _, high, body) if (cells := self._cells(body, index)) and not self._running_over_data(body, index):
                if number(high) not in (None, cells):
                    raise Unknown("this sum does not run over the cells")
                return (add if kind == "sum" else mul)(*(go(replace_all(body, {Sym(index): num(j)})) for j in range(1, cells + 1)))
            case Big("sum", index, Num(one), Sym("n"), body) if one == 1 and index in self.observed and spoken(body) & {"f", "P", "Pr"}:
                return self._over_support(go(body), index)
            case Big("sum", index, low, Const("oo"), body):
                return self._series(go(replace_all(body, {Sym(index): Sym(RUNNING)})), go(low))
            case Big(kind, index, low, high, body):
                return with_kids(f, (low, high, body), (go(low), go(high), go(self._running(body, index))))
        kids = children(f)
        return with_kids(f, kids, tuple(map(go, kids))) if kids else f

    def _letter(self, f: Sym, name: str, depth: int) -> Formula:
        own = self.book.letters.get(name)
        if own is not None:
            return self._resolve(own, depth + 1)
        if name in self.observed:
            return Sym(name + SINGLE)
        if name == "pi" and name not in self.named:
            return Const("pi")
        if name in LIKELIHOODS or name in self.book.functions:
            return self._apply(f, name, (), depth)
        if name.endswith("_hat") or "_hat_" in name:
            base = name.replace("_hat", "", 1)
            if base in self.book.letters:
                return self.at_estimates(self._resolve(self.book.letters[base], depth + 1))
        return f

    def _indexed(self, f: At, base: str, index: tuple[Formula, ...], depth: int) -> Formula:
        own = self.book.functions.get(base + "[]")
        if own is not None:
            return self._resolve(replace_all(own[1], dict(zip(own[0], index, strict=True))), depth + 1)
        if len(index) == 1 and isinstance(index[0], Num):
            name = f"{base}_{index[0].value}"
            if (base not in self.observed and base.removesuffix("_ord") not in self.observed) or name in self.named:
                return self._letter(Sym(name), name, depth)
        if base in self.book.letters:
            return self._of_observation(self._resolve(self.book.letters[base], depth + 1), index)
        return with_kids(f, index, tuple(self._resolve(i, depth + 1) for i in index))

    def _derivative(self, body: Formula, variables: tuple[tuple[Formula, int], ...], depth: int) -> Formula:
        """A derivative worked out; that of a function written at the estimate is taken first and put there after."""
        there: dict[Formula, Formula] = {}
        for k, h in self.hats.items():
            if has(body, h) and not has(body, k) and any(v == k for v, _ in variables):
                there[h] = k
        g = self._resolve(replace_all(body, there) if there else body, depth + 1)
        if sum(order for _, order in variables) > HIGHEST:
            raise Unknown("the order of this derivative is too high")
        for v, order in variables:
            by = self._by(v, depth)
            for _ in range(order):
                g = self._derived(g, by)
                self._bounded(g)
        return replace_all(g, {k: h for h, k in there.items()}) if there else g

    def _by(self, v: Formula, depth: int) -> Formula:
        """What a derivative is taken in."""
        if isinstance(v, Sym) and v.name in self.observed:
            return Sym(v.name + SINGLE)
        return self._resolve(v, depth + 1)

    def _derived(self, g: Formula, by: Formula) -> Formula:
        model = self.model
        if model.tied and self.tied:
            g = replace_all(g, {Sym(k): h for k, h in model.tied.items()})
        if not isinstance(by, (Sym, At)) and has(g, by):
            d = slope(replace_all(g, {by: Sym("#by")}), Sym("#by"))
            if not has(d, Sym("#by")) and not names(g) & names(by) - {"#by"}:
                return d
        d2 = along(g, by, self.parameters)
        if d2 is None:
            raise Unknown("the letter of this derivative is not understood")
        return d2

    # -- functions ------------------------------------------------------------------------------------

    def _apply(self, f: Formula, name: str, args: tuple[Formula, ...], depth: int) -> Formula:
        own = self.book.functions.get(name)
        if own is not None:
            return self._own(own, args, depth)
        if name in LIKELIHOODS:
            if name == "L" and self.ell is self.model.ell and args and not any(names(a) for a in args):
                return self._at(self.model.likelihood, args, depth)  # at the end of a domain its logarithm has no value
            g = self._at(self.ell, args, depth)
            return g if name == "ell" else neg(g) if name == "nll" else Call("exp", (g,))
        if name == "f":
            return self._density(args, depth)
        if name in ("smax", "smin"):
            return self._greatest(self._of_observation(self._resolve(args[0], depth + 1)), max if name == "smax" else min)
        if name == "Transpose" and len(args) == 1:
            return self._resolve(args[0], depth + 1)
        if name == "hat":
            return self.at_estimates(self._resolve(args[0], depth + 1))
        if name == "bar":
            body = self._resolve(args[0], depth + 1)
            return Div(total(self._of_observation(body), "#i"), N)
        if name in ("F", "S") and len(args) >= 1 and self._is_point(args[0]):
            x = Sym(self.model.problem.variables[0] + SINGLE)
            point = self._resolve(args[0], depth + 1)
            event = Relation((x, point), ("<=" if name == "F" else ">",))
            return self._special(Apply("P", (event,)), lambda env: self.expectations.probability(event, env))
        if name in ("Bias", "MSE") and len(args) == 1 and (k := next((k for k, h in self.hats.items() if h == args[0]), None)):
            gap = add(args[0], neg(k))
            return self._moment("E", (gap if name == "Bias" else Pow(gap, num(2)),), depth)
        if name in ("E", "Var", "P", "Pr"):
            return self._moment(name, args, depth)
        if name in STANDARD_ERRORS and len(args) == 1 and (k := next((k for k, h in self.hats.items() if h == args[0]), None)):
            return Call("sqrt", (self._special(Apply("avar", (args[0],)), lambda env: self.asymptotic(k.name, env)),))
        if name in ("argmax", "argmin", "maxover", "minover"):
            return self._extreme(name, args, depth)
        if name in SCORES and len(args) == 1 and len(self.model.names) == 1:
            p = Sym(self.model.names[0])
            return self._at(slope(self.ell, p), args, depth)
        raise Unknown(f"{name} has no meaning here")

    def _own(self, own: tuple[tuple[Formula, ...], Formula], args: tuple[Formula, ...], depth: int) -> Formula:
        heads, body = own
        if not args or not heads:
            return self._resolve(body, depth + 1)
        table: dict[Formula, Formula] = {h: a for h, a in zip(heads, args, strict=False) if isinstance(h, (Sym, At)) and h != a}
        if (
            table
            and all(isinstance(h, Sym) and self.hats.get(h) == a for h, a in table.items())
            and any(isinstance(g, Derivative) for g in walk(body))
        ):
            return self.at_estimates(self._resolve(body, depth + 1))  # I(theta_hat): the derivatives, and their means, are taken there
        return self._resolve(replace_all(body, table) if table else body, depth + 1)

    def _at(self, g: Formula, args: tuple[Formula, ...], depth: int) -> Formula:
        """A function of the parameters at the values given; an argument that only names a parameter leaves it free."""
        names_ = self.model.names
        table: dict[Formula, Formula] = {}
        free = {k for a in args if (k := self._parameter_of(a)) is not None and self._only_names(a, k)}
        for j, a in enumerate(args):
            k = self._parameter_of(a)
            if k is not None and self._only_names(a, k):
                continue
            if isinstance(a, Sym) and a.name in self.book.letters:
                continue
            value = self._resolve(a, depth + 1)
            if (k is None or k in free) and j < len(names_):  # of l(a, a/m) the second argument is for the other parameter
                k = names_[j]
            if k is not None:
                table[Sym(k)] = value
        return replace_all(g, table) if table else g

    def _parameter_of(self, a: Formula) -> str | None:
        inside = names(a)
        for k in self.model.names:
            if k in inside or hat(k).name in inside:
                return k
        return None

    def _only_names(self, a: Formula, k: str) -> bool:
        if a == Sym(k):
            return True
        return isinstance(a, Call) and a.name == "sqrt" and a.args == (Sym(k),)

    def _is_point(self, a: Formula) -> bool:
        return not (names(a) & self.parameters) and self.expectations.variable is not None

    def _density(self, args: tuple[Formula, ...], depth: int) -> Formula:
        """f at a point: the density of one observation; of several points, or of the bold sample, their product."""
        p = self.model.problem
        if self.model.one is None:
            raise Unknown("there is no density of one observation here")
        points = [a for a in args if not self._names_parameter(a)]
        if any(isinstance(g, Dots) for a in args for g in walk(a)) or len([a for a in points if isinstance(a, At)]) > len(p.observed):
            return Call("exp", (self._at(self.ell, tuple(a for a in args if self._names_parameter(a)), depth),))
        rest = [a for a in args if self._names_parameter(a)]
        d = replace_all(p.as_asked.density, {Sym(v): Sym(v + SINGLE) for v in p.observed})
        d = self._at(d, tuple(rest), depth)
        if not points:
            return d
        if len(points) >= len(p.variables):
            table: dict[Formula, Formula] = {}
            indices = {a.index for a in points if isinstance(a, At)}
            for v, a in zip(p.variables, points, strict=False):
                table[Sym(v + SINGLE)] = self._resolve(a, depth + 1)
            for v, a in zip(p.covariates, points[len(p.variables) :], strict=False):
                table[Sym(v + SINGLE)] = self._resolve(a, depth + 1)
            if len(indices) == 1:
                for v in p.observed:
                    table.setdefault(Sym(v + SINGLE), At(v, next(iter(indices))))
            return replace_all(d, table)
        return d

    def _names_parameter(self, a: Formula) -> bool:
        k = self._parameter_of(a)
        return k is not None and not (names(a) & (self.observed - {k}))

    def _of_observation(self, body: Formula, index: tuple[Formula, ...] = (Sym("#i"),)) -> Formula:
        """A function of one observation as one of observation #i, or of another index."""
        table: dict[Formula, Formula] = {}
        for g in walk(body):
            if isinstance(g, At) and g.base in self.observed:
                table[g] = At(g.base, index)
            if isinstance(g, Sym) and g.name.endswith(SINGLE):
                table[g] = At(g.name.removesuffix(SINGLE), index)
        return replace_all(body, table)

    def _cells(self, body: Formula, index: str) -> int:
        """How many letters with a running number there are (p_1, ..., p_k), where the body has one with this index; else 0."""
        bases = {g.base for g in each(body, At) if g.index == (Sym(index),)} - self.observed
        return max((self.families.get(b.replace("_hat", ""), 0) for b in bases), default=0)

    def _running_over_data(self, body: Formula, index: str) -> bool:
        return any(g.base in self.observed and g.index == (Sym(index),) for g in each(body, At))

    def _running(self, body: Formula, index: str) -> Formula:
        """The body of a sum in which the observations carry no index: it runs over them."""
        if At in kinds(body) or index in names(body):
            return body
        return replace_all(body, {Sym(v): At(v, (Sym(index),)) for v in self.observed})

    def at_estimates(self, g: Formula) -> Formula:
        """At the estimates: parameters with their hats; a moment inside is taken there too."""
        table: dict[Formula, Formula] = {Sym(k): h for k, h in ((s.name, t) for s, t in self.hats.items())}
        inner = [s.name for s in walk(g) if isinstance(s, Sym) and s.name in self.specials]
        for name in inner:
            fn = self.specials[name]
            table[Sym(name)] = self._special(Apply("hat", (Sym(name),)), lambda env, fn=fn: fn(self.at_top(env)))  # type: ignore[misc]
        return replace_all(g, table)

    def _moment(self, name: str, args: tuple[Formula, ...], depth: int) -> Formula:
        (a,) = args[:1] or (None,)
        if a is None:
            raise Unknown(f"{name} of nothing")
        if name in ("P", "Pr"):
            if not isinstance(a, Relation):
                return self._density(args, depth)
            event = Relation(tuple(self._resolve(s, depth + 1) for s in a.sides), a.signs)
            event = replace_all(
                event, {g: Sym(g.base + SINGLE) for g in walk(event.sides[0]) if isinstance(g, At) and g.base in self.observed}
            )  # type: ignore[assignment]
            if isinstance(event, Relation) and event.signs == ("=",) and self.expectations.variable is not None:
                v = self.expectations.variable
                named = isinstance(event.sides[0], Sym) and event.sides[1] == Sym(v + SINGLE)  # P(X = k) of the variable k
                if event.sides[0] == Sym(v + SINGLE) or named:
                    return replace_all(self.model.problem.as_asked.density, {Sym(v): event.sides[1]})
            return self._special(Apply("P", (event,)), lambda env: self.expectations.probability(event, env))
        body = self._resolve(a, depth + 1)
        if any(isinstance(g, Sym) and g in self.hats.values() for g in walk(body)):
            if name == "Var" and isinstance(body, Sym) and len(self.model.names) == 1:
                one = next(str(s.name) for s, h in self.hats.items() if h == body)
                return self._special(Apply("avar", (body,)), lambda env: self.asymptotic(one, env))
            body = self._as_statistic(body)
        fn = self.expectations.mean if name == "E" else self.expectations.variance
        return self._special(Apply(name, (body,)), lambda env: fn(body, env))

    def _as_statistic(self, body: Formula) -> Formula:
        """With the estimates as the functions of the sample that the writer found them to be."""
        table: dict[Formula, Formula] = {
            h: f for h in self.hats.values() if has(body, h) and (f := self.book.estimates.get(h.name)) is not None
        }
        out = replace_all(body, table)
        if not table or has(out, *self.hats.values()):
            raise Unknown("the mean of an estimate is not worked out")
        return out

    def _extreme(self, name: str, args: tuple[Formula, ...], depth: int) -> Formula:
        body = self._resolve(args[0], depth + 1)
        v = args[1] if len(args) > 1 else Sym(self.model.names[0]) if len(self.model.names) == 1 else None
        if not isinstance(v, Sym) or v.name not in self.parameters:
            raise Unknown("what varies here is not understood")
        sign = 1.0 if name in ("argmax", "maxover") else -1.0
        g = compiled(body)
        wanted = name.startswith("arg")

        def value(env: Env) -> float:
            e = self.at_top(env)
            at = e[v.name]
            here = sign * self.evaluate(g, body, e)
            for step in (1e-3, 1e-1, 0.5):
                for s in (1, -1):
                    there = sign * self.evaluate(g, body, {**e, v.name: at + s * step * (abs(at) + 0.1)})
                    if there > here + 1e-9 * (1 + abs(here)):
                        return math.inf
            return float(at if wanted else sign * here)

        return self._special(Apply(name, (body, v)), value)


def _families(letters: Iterable[str]) -> dict[str, int]:
    """Letters that are numbered from 1 without a gap, by their base: how many there are."""
    seen: dict[str, set[int]] = {}
    for name in letters:
        base, _, number_ = name.rpartition("_")
        if number_.isdigit():
            seen.setdefault(base, set()).add(int(number_))
    return {b: len(s) for b, s in seen.items() if len(s) > 1 and s == set(range(1, len(s) + 1))}


def spoken(f: Formula) -> frozenset[str]:
    """The names of the functions in a side."""
    return frozenset(g.name for g in each(f, Apply))
