"""The greatest, the least and the median, of the sample or of a list."""

from __future__ import annotations

from ....formula.tree import Add, Apply, At, Call, Formula, Mul, SetOf, Sym, walk
from ....reading.tex.operators import last_such
from ....reading.tex.parser import CLOSING, Handler
from ....reading.tex.tokens import Token
from .writer import P, Writer


def extreme(word: str) -> Handler[Writer]:
    """What reads max, min: over the sample an order statistic; over a parameter maxover, minover; of a list its greatest."""

    def read(p: P, _: Token) -> Formula:
        over = p.group() if p.take_symbol("_") else []
        index = over[0].value if over else "i"
        running = [u.value for u in over if u.value in p.context.index]
        if running:
            index = running[0]
        elif over and not any(u.value in p.context.data for u in over):
            v = p.part(over[: next((k for k, u in enumerate(over) if u.value == "in"), len(over))], p.inner)
            return Apply(word + "over", (p.term(), v))
        t = p.peek()
        observed = p.writer.names.declared.variables
        minus = p.at("-") and not (t.blank and not p.peek(1).blank)
        if not over and len(observed) == 1 and (minus or not (p.starts() or p.at("-"))):
            return p.writer.names.extreme(word, (Sym(observed[0]),))  # theta <= min
        if not over and word == "max" and t.value in CLOSING:
            greatest = p.attempt(lambda: last_such(p, CLOSING[p.next().value]))
            if greatest is not None:
                return greatest
        p.bound.append(index)
        f = p.factor()
        p.bound.pop()
        args = _members(f) if t.value in CLOSING or t.kind == "open" else (f,)
        return p.writer.names.extreme(word, args)

    return read


def _members(f: Formula) -> tuple[Formula, ...]:
    return f.items if isinstance(f, SetOf) else f.args if isinstance(f, Apply) and f.name == "tuple" else (f,)


def median(p: P, _: Token) -> Formula:
    """The sample median, of whatever list of the data is written."""
    if p.take_symbol("_"):
        p.group()
    body = p.factor()
    data = [g.base if isinstance(g, At) else g.name for g in walk(body) if isinstance(g, (At, Sym))]
    observed = p.writer.names.observed
    name = next((observed(d.split("_")[0]) for d in data if observed(d.split("_")[0])), None)
    if name is None or any(isinstance(g, (Add, Mul, Call)) for g in walk(body)):
        return Call("median", body.args if isinstance(body, Apply) else _members(body))
    return Sym(name + "_med")
