"""Nodes of Python's syntax tree -> formulas: expressions, relations, sets.

What is not in the tables here and in `sympyfunctions` is refused.  Nothing is ever evaluated, except that a number
alone is looked at for its size.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from difflib import get_close_matches
from fractions import Fraction

from ..errors import NotSupported
from ..formula.evaluate import constant
from ..formula.names import ACCENTS, GREEK, canonical, in_words, squared_base
from ..formula.tree import (
    ONE,
    ZERO,
    Add,
    And,
    Apply,
    At,
    Big,
    Call,
    Cases,
    Const,
    Derivative,
    Div,
    Dots,
    Formula,
    Indicator,
    Integral,
    Limit,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    SetOf,
    Span,
    Sym,
    Where,
    add,
    call,
    exp,
    mul,
    num,
    value,
)
from .context import Context
from .sympyfunctions import FUNCTIONS, MANY
from .sympygrammar import Grammar, operands, spine

MAX_NESTED = 100  # formulas within formulas
MAX_TERMS = 100_000  # of a sum or product with numbers for bounds
MAX_ORDER = 100  # of a polygamma function
HUGE = 1e300
QUICK = frozenset({"exp", "sinh", "cosh", "gamma", "factorial", "binomial", "beta", "log", "sqrt", "abs"})  # to evaluate

RELATIONS = {"Eq": "=", "Ne": "!=", "Lt": "<", "Le": "<=", "Gt": ">", "Ge": ">="}
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "=", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in",
}  # fmt: skip
CONDITIONS = frozenset({*RELATIONS, "And", "Or", "Not", "Contains"})
CONSTANTS = {"pi": "pi", "E": "e", "e": "e", "oo": "oo"}
NOT_REAL = frozenset({"True", "False", "None", "nan", "zoo", "I"})
NAMED_SETS: dict[str, Formula] = {
    "Reals": Span(Neg(Const("oo")), Const("oo"), True, True),
    "Naturals": SetOf((ONE, num(2), Dots())),
    "Naturals0": SetOf((ZERO, ONE, num(2), Dots())),
}
INTERVALS = {"Interval.open": (True, True), "Interval.Lopen": (True, False), "Interval.Ropen": (False, True)}
SETS = frozenset({*NAMED_SETS, *INTERVALS, "Interval", "FiniteSet", "Range"})
FORMS = frozenset({"Pow", "Sum", "Product", "Piecewise", "Indicator", "Derivative", "diff", "Integral", "Limit", "Subs"})
ACCENTED = re.compile(r"([A-Za-z]|%s)(%s)((?:_\w+)?)" % ("|".join(sorted(GREEK)), "|".join(ACCENTS)))

A_RELATION = "write a relation such as x > 0, x in {0, 1} or Eq(x, 1)"
APART = "write Piecewise((value, condition), (0, True)), or give the support apart"


class Translator(Grammar):
    """The translation of one text.

    Attributes: context, names (in the text and declared), bound (letters that sums run over), warnings.
    """

    def __init__(self, text: str, context: Context):
        super().__init__(text)
        self.context = context
        self.names = {canonical(t.text) for t in self.tokens if t.kind == "name"} | set(context.parameters)
        self.bound: list[str] = []
        self.depth = 0
        self.warnings: list[str] = []

    def statement(self, node: ast.expr) -> Formula:
        """A condition or an expression."""
        return self.condition(node) if self.is_condition(node) else self.expression(node)

    # -- relations and conditions -------------------------------------------------------------

    def is_condition(self, node: ast.expr) -> bool:
        """Whether a node states something."""
        if isinstance(node, ast.BinOp):
            return isinstance(node.op, ast.BitAnd)
        return isinstance(node, (ast.Compare, ast.BoolOp)) or (isinstance(node, ast.Call) and self.called(node) in CONDITIONS)

    def condition(self, node: ast.expr) -> Formula:
        """A relation, or several that all hold."""
        if isinstance(node, ast.Compare):
            signs = tuple(COMPARISONS[type(op)] for op in node.ops)
            pairs = zip(("", *signs), (node.left, *node.comparators), strict=True)
            return Relation(tuple(self.set(side) if sign == "in" else self.expression(side) for sign, side in pairs), signs)
        if isinstance(node, ast.BoolOp):
            return all_of([self.condition(n) for n in node.values])
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
            return all_of([self.condition(n) for n in operands(node, ast.BitAnd)])
        name = self.called(node)
        if isinstance(node, ast.Call) and name in CONDITIONS:
            if name == "And":
                return all_of([self.condition(n) for n in self.arguments(node, 1, MANY)])
            if name in ("Or", "Not"):
                self.fail(f"{name} is not supported here", node, "give conditions that all hold, joined by And", NotSupported)
            a, b = self.arguments(node, 2, 2)
            if name == "Contains":
                return Relation((self.expression(a), self.set(b)), ("in",))
            return Relation((self.expression(a), self.expression(b)), (RELATIONS[name],))
        self.fail("a condition is expected here", node, A_RELATION)

    def set(self, node: ast.expr) -> Formula:
        """An interval, or a set by its members."""
        name = self.called(node)
        if isinstance(node, (ast.Tuple, ast.List)):
            if len(node.elts) != 2:
                self.fail("an interval has two ends", node, "write a set as {0, 1, 2} and an interval as (0, 1)")
            is_open = isinstance(node, ast.Tuple)
            return Span(self.expression(node.elts[0]), self.expression(node.elts[1]), is_open, is_open)
        if isinstance(node, ast.Set):
            return SetOf(tuple(map(self.expression, node.elts)))
        if isinstance(node, ast.Name) and name in NAMED_SETS:
            return NAMED_SETS[name]
        if isinstance(node, ast.Call) and name == "FiniteSet":
            return SetOf(tuple(map(self.expression, self.arguments(node, 1, 1000))))
        if isinstance(node, ast.Call) and name == "Range":
            ends = [self.expression(a) for a in self.arguments(node, 1, 2)]
            low, high = ends if len(ends) == 2 else (ZERO, ends[0])
            return SetOf((low, Dots())) if high == Const("oo") else SetOf((low, Dots(), _one_less(high)))
        if isinstance(node, ast.Call) and name in INTERVALS:
            a, b = self.arguments(node, 2, 2)
            return Span(self.expression(a), self.expression(b), *INTERVALS[name])
        if isinstance(node, ast.Call) and name == "Interval":
            a, b, *flags = self.arguments(node, 2, 4)
            left, right, *_ = [*(self.flag(f) for f in flags), False, False]
            return Span(self.expression(a), self.expression(b), left, right)
        self.fail("a set is expected here", node, "write {0, 1, 2, ...}, (0, oo), [0, 1], Interval(0, 1) or FiniteSet(1, 2)")

    def flag(self, node: ast.expr) -> bool:
        if self.called(node) not in ("True", "False"):
            self.fail("whether an end is open is True or False", node)
        return self.called(node) == "True"

    # -- expressions --------------------------------------------------------------------------

    def expression(self, node: ast.expr) -> Formula:
        self.depth += 1
        if self.depth > MAX_NESTED:
            self.fail("the formula is nested too deeply", node)
        f = self._expression(node)
        self.depth -= 1
        return f

    def _expression(self, node: ast.expr) -> Formula:
        if isinstance(node, ast.Name):
            return self.operand(node)
        if isinstance(node, ast.UnaryOp):
            inner = self.expression(node.operand)
            return Neg(inner) if isinstance(node.op, ast.USub) else inner
        if isinstance(node, ast.BinOp):
            if isinstance(node.op, (ast.Add, ast.Sub)):
                return self.sum(node)
            if isinstance(node.op, (ast.Mult, ast.Div)):
                return self.product(node)
            if isinstance(node.op, ast.Pow):
                return self.power(node)
            if isinstance(node.op, ast.BitOr):
                self.fail("| is not read here", node, "write Abs(x) for an absolute value")
        if isinstance(node, ast.Call):
            return self.call(node)
        if isinstance(node, ast.Subscript):
            return self.indexed(node)
        if self.is_condition(node):
            self.fail("a relation stands where a number is expected", node, APART)
        if isinstance(node, ast.Tuple):
            self.fail("a list stands where a number is expected", node, "use a point as the decimal sign, and one formula at a time")
        if isinstance(node, (ast.Set, ast.List)):
            self.fail("a set stands where a number is expected", node, "round brackets group; for LaTeX say syntax='latex'")
        self.fail("this is not part of a formula", node)

    def sum(self, node: ast.BinOp) -> Formula:
        first, steps = spine(node, ast.Add, ast.Sub)
        rights = [self.expression(s.right) for s in steps]
        return Add((self.expression(first), *(Neg(f) if isinstance(s.op, ast.Sub) else f for s, f in zip(steps, rights, strict=True))))

    def product(self, node: ast.BinOp) -> Formula:
        """Products and quotients as they are written, from the left; a leading minus stands before the whole."""
        first, steps = spine(node, ast.Mult, ast.Div)
        within = sum(isinstance(s.op, ast.Div) for s in steps)
        self.depth += within
        minus = isinstance(first, ast.UnaryOp) and isinstance(first.op, ast.USub)
        fs = [self.expression(first.operand if isinstance(first, ast.UnaryOp) and minus else first)]
        for s in steps:
            right = self.expression(s.right)
            fs = [Div(mul(*fs), right)] if isinstance(s.op, ast.Div) else [*fs, right]
        self.depth -= within
        return Neg(mul(*fs)) if minus else mul(*fs)

    def power(self, node: ast.BinOp) -> Formula:
        k = self.expression(node.right)
        t = self.named(node.left)
        atom = self.atom(self.name(t.text)) if t is not None and t.kind == "name" else None
        if atom is not None:
            self.declared(atom, node.left)
            half = value(k)
            if half is not None and half.denominator == 1 and half % 2 == 0 and half > 0:
                return Sym(atom) if half == 2 else Pow(Sym(atom), num(half / 2))
        base = self.expression(node.left)
        if base == Const("e"):
            return self.bounded(exp(k), node)
        return self.bounded(Pow(base, k), node)

    def bounded(self, f: Formula, node: ast.AST) -> Formula:
        """f, refused where it is a number too large or too small to work with."""
        if _is_number(f):
            v = abs(constant(f))
            if v > HUGE or (isinstance(f, Pow) and v < 1 / HUGE and value(f.base) != 0):
                self.fail("this number is out of range", node, "numbers lie between 10**-300 and 10**300")
        return f

    # -- names --------------------------------------------------------------------------------

    def operand(self, node: ast.Name) -> Formula:
        t = self.tokens[int(node.id[1:])]
        if t.kind == "number":
            return Num(Fraction(t.text))
        if t.kind == "dots":
            return Dots()
        text = t.text
        name = self.name(text)
        free = name not in self.context.parameters and name not in self.context.data and name not in self.bound
        if text in NOT_REAL and free:
            self.fail(f"{text} is not a real number", node)
        if text in CONSTANTS and free:
            if text == "e":
                self.warnings.append("e is read as Euler's number")
            return Const(CONSTANTS[text])
        atom = self.atom(name)
        if atom is not None:
            self.declared(atom, node)
            return call("sqrt", Sym(atom))
        base, _, sub = name.rpartition("_")
        if free and base in self.context.data and (sub.isdigit() or sub in self.context.index or sub in self.bound):
            return At(base, (num(int(sub)) if sub.isdigit() else Sym(sub),))
        self.declared(name, node)
        return Sym(name)

    def name(self, text: str) -> str:
        """The inside name of a letter; "sigma2" beside "sigma1" is the second sigma, "xbar" is x with a bar."""
        name = canonical(text)
        if name in self.context.parameters or name in self.context.data:
            return name
        square = squared_base(name)
        if square is not None and any(re.fullmatch(square + r"_\d+", n) for n in self.names):
            return square + "_2"
        accented = ACCENTED.fullmatch(name)
        return f"{accented[1]}_{accented[2]}{accented[3]}" if accented else name

    def atom(self, name: str) -> str | None:
        """The letter for the square of a name, where that is what was declared."""
        return None if name in self.context.parameters else self.context.atoms.get(name)

    def declared(self, name: str, node: ast.AST) -> None:
        c = self.context
        if not c.strict or name in c.parameters or name in c.data or name in self.bound or name == c.size or name in c.atoms.values():
            return
        known = in_words({*c.parameters, *c.data, c.size})
        self.fail(f"{self.token(node).text} is not declared", node, f"the letters here are {known}")

    def indexed(self, node: ast.Subscript) -> Formula:
        t = self.named(node.value)
        if t is None or t.kind != "name":
            self.fail("only a letter takes an index", node, "write x[i], or z[i, j]")
        base = self.name(t.text)
        self.declared(base, node)
        items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        self.bound += self.context.index
        out = At(base, tuple(self.expression(i) for i in items))
        del self.bound[len(self.bound) - len(self.context.index) :]
        return out

    # -- functions ----------------------------------------------------------------------------

    def call(self, node: ast.Call) -> Formula:
        text = self.called(node)
        if text is None:
            self.fail("only a function takes arguments", node, "write * for a product")
        if text in FUNCTIONS and not (text == "S" and text in self.context.functions):  # S(x) is x; S(t) = ... a survival function
            function = FUNCTIONS[text]
            f = function.build(*map(self.expression, self.arguments(node, function.fewest, function.most)))
            if isinstance(f, Call) and f.name == "polygamma" and _is_number(f.args[0]) and constant(f.args[0]) > MAX_ORDER:
                self.fail(f"a polygamma function of order above {MAX_ORDER} is not supported", node, kind=NotSupported)
            return self.bounded(f, node)
        if text in FORMS:
            return self.form(text, node)
        if text in INTERVALS:
            self.fail("the brackets do not match, or an interval stands where a number is expected", node, "round brackets group")
        if text in SETS or text in CONDITIONS:
            self.fail(f"{text} stands where a number is expected", node, APART)
        name = canonical(text)
        if name in self.context.functions:
            return Apply(name, tuple(self.statement(a) for arg in node.args for a in operands(arg, ast.BitOr)))
        known = (*FUNCTIONS, *FORMS)
        alike = [k for k in known if k.casefold() == text.casefold()] or get_close_matches(text, known, 1, 0.75)
        near = [] if name in self.context.parameters else alike
        meant = f"did you mean {near[0]}? " if near else ""
        self.fail(f"{text} is not a function that is known here", node, f"{meant}for a product write {text}*(...)")

    def form(self, text: str, node: ast.Call) -> Formula:
        """What is written as a function but has conditions, limits or variables in it."""
        match text:
            case "Pow":
                a, b = self.arguments(node, 2, 2)
                return self.power(ast.copy_location(ast.BinOp(a, ast.Pow(), b), node))
            case "Sum" | "Product":
                return self.big("sum" if text == "Sum" else "prod", node)
            case "Piecewise":
                return Cases(tuple(row for a in self.arguments(node, 1, 2 * MANY) for row in self.case(a)))
            case "Indicator":
                return Indicator(self.condition(self.arguments(node, 1, 1)[0]))
            case "Integral":
                return self.integral(node)
            case "Limit" | "Subs":
                body, v, to = map(self.expression, self.arguments(node, 3, 3))
                return Limit(body, v, to) if text == "Limit" else Where(body, v, to)
        return self.derivative(node)

    def big(self, kind: str, node: ast.Call) -> Formula:
        """Sum(body, (i, 1, n), …): the first limits are the innermost."""
        body, *limits = self.arguments(node, 2, 5)
        table: list[tuple[str, Formula, Formula]] = []
        for limit in limits:
            if not isinstance(limit, ast.Tuple) or len(limit.elts) != 3:
                self.fail("a sum or product runs over (index, first, last)", limit, "write Sum(x[i], (i, 1, n))")
            t = self.named(limit.elts[0])
            if t is None or t.kind != "name":
                self.fail("an index is a letter", limit, "write Sum(x[i], (i, 1, n))")
            low, high = self.expression(limit.elts[1]), self.expression(limit.elts[2])
            if _is_number(low) and _is_number(high) and constant(high) - constant(low) > MAX_TERMS:
                self.fail(f"more than {MAX_TERMS} terms", limit, "write the last index as a letter")
            table.append((canonical(t.text), low, high))
        self.bound += [i for i, _, _ in table]
        f = self.expression(body)
        del self.bound[len(self.bound) - len(table) :]
        for index, low, high in table:
            f = Big(kind, index, low, high, f)
        return f

    def case(self, node: ast.expr) -> list[tuple[Formula, Formula | None]]:
        """A row of cases; one for each of several conditions of which any may hold."""
        if not isinstance(node, ast.Tuple) or len(node.elts) != 2:
            self.fail("a case is (value, condition)", node, "write Piecewise((x, x > 0), (0, True))")
        f, condition = self.expression(node.elts[0]), node.elts[1]
        if self.called(condition) == "True":
            return [(f, None)]
        either = self.arguments(condition, 1, MANY) if isinstance(condition, ast.Call) and self.called(condition) == "Or" else [condition]
        return [(f, self.condition(c)) for e in either for c in operands(e, ast.BitOr)]

    def integral(self, node: ast.Call) -> Formula:
        body, limits = self.arguments(node, 2, 2)
        if not isinstance(limits, ast.Tuple):
            return Integral(self.expression(body), self.expression(limits), None, None)
        if len(limits.elts) != 3:
            self.fail("an integral runs over (variable, low, high)", limits, "write Integral(f, (x, 0, oo))")
        v, low, high = map(self.expression, limits.elts)
        return Integral(self.expression(body), v, low, high)

    def derivative(self, node: ast.Call) -> Formula:
        body, *rest = self.arguments(node, 2, 6)
        variables: list[tuple[Formula, int]] = []
        for a in rest:
            inner = a.elts if isinstance(a, ast.Tuple) else [a]
            v, *order = [self.expression(e) for e in inner]
            if not order and value(v) is not None and variables:  # diff(f, x, 2)
                v, order = variables.pop()[0], [v]
            k = value(order[0]) if order else Fraction(1)
            if not isinstance(v, (Sym, At)) or k is None or k not in (1, 2, 3, 4) or len(order) > 1:
                self.fail("a derivative is taken by a letter, one to four times", a, "write Derivative(f, x) or Derivative(f, (x, 2))")
            variables.append((v, int(k)))
        return Derivative(self.expression(body), tuple(variables))


def all_of(conditions: Sequence[Formula]) -> Formula:
    """The condition that all hold, flat."""
    flat = [p for c in conditions for p in (c.parts if isinstance(c, And) else (c,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def _is_number(f: Formula) -> bool:
    """Whether f holds numbers and elementary functions of them alone, so that it is evaluated at once."""
    match f:
        case Num() | Const("pi" | "e"):
            return True
        case Add(ks) | Mul(ks):
            return all(map(_is_number, ks))
        case Call(name, ks):
            return name in QUICK and all(map(_is_number, ks))
        case Neg(a):
            return _is_number(a)
        case Div(a, b) | Pow(a, b):
            return _is_number(a) and _is_number(b)
    return False


def _one_less(f: Formula) -> Formula:
    v = value(f)
    if v is not None:
        return num(v - 1)
    if isinstance(f, Add) and f.terms[-1] == ONE:
        return add(*f.terms[:-1])
    return Add((*f.terms, Neg(ONE))) if isinstance(f, Add) else Add((f, Neg(ONE)))
