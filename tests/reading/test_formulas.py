"""LaTeX as people write it against its meaning in SymPy text: two grammars, one value."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import pytest

import derive
from derive.formula.bridge import to_sympy
from derive.formula.evaluate import compiled
from derive.formula.tree import Apply, At, Formula, Relation, Sym, walk
from derive.reading.read import context_of
from derive.reading.sympytext import read_sympy
from derive.reading.tex import read_latex

KEYS = {"params": "parameters", "funcs": "functions", "matrix": "matrices"}
FORMULAS = [json.loads(line) for line in (Path(__file__).parent / "formulas.jsonl").read_text(encoding="utf-8").splitlines()]
READ = [d for d in FORMULAS if d["cat"] not in ("mustfail", "vector")]
WHOLE = {"n": 5, "k": 3, "m": 4, "N": 5, "i": 2, "j": 2, "r": 2}


def declared(d):
    return {KEYS.get(k, k): v for k, v in d.get("ctx", {}).items() if k != "ambiguous"} or None


def links(f: Formula):
    """The relations of a chain one by one; an expression as itself."""
    if not isinstance(f, Relation):
        return [(f,)]
    return [(a, s, b) for a, s, b in zip(f.sides, f.signs, f.sides[1:], strict=False)]


def drawn_point(fs, seed):
    rng = random.Random(seed)
    out = {}
    nodes = [g for f in fs for g in walk(f)]
    for name in sorted({g.name for g in nodes if isinstance(g, Sym)}):
        out[name] = WHOLE.get(name) or rng.uniform(0.2, 0.8)
    for base in sorted({g.base for g in nodes if isinstance(g, At)}):
        out[base] = [rng.uniform(0.2, 0.8) for _ in range(6)]
    for name in sorted({g.name for g in nodes if isinstance(g, Apply)}):
        shift = rng.random()
        out[name] = lambda *a, shift=shift: 1.5 + 0.3 * math.sin(shift + sum((j + 1.3) * v for j, v in enumerate(a)))
    return out


def same(a, b):
    """Equal at random points; what has no value there (a derivative of a letter, a set) as a SymPy expression."""
    if isinstance(a, str):
        return a == b
    for seed in (1, 2, 3):
        w = drawn_point((a, b), seed)
        try:
            u, v = compiled(a)(w), compiled(b)(w)
        except (TypeError, KeyError, IndexError, ValueError):
            return str(to_sympy(a)) == str(to_sympy(b))
        if not (u == v or (math.isnan(u) and math.isnan(v)) or abs(u - v) <= 1e-9 * (1 + abs(u))):
            return False
    return True


def side(text, context):
    """A side in SymPy text; None where that text names what SymPy text has no word for (f_Y, bar, argmax)."""
    try:
        return read_sympy(text, context)[0].formula
    except derive.NotValid:
        return None


def wanted(d, context):
    out = []
    for statement in d["stmts"]:
        sides = [t if j % 2 else side(t, context) for j, t in enumerate(statement)]
        out += [(sides[0],)] if len(sides) == 1 else [tuple(sides[j : j + 3]) for j in range(0, len(sides) - 2, 2)]
    return out


SPELLED = {"s215"}  # logit is spelled in another way in SymPy text


@pytest.mark.parametrize("d", READ, ids=[d["id"] for d in READ])
def test_a_formula_is_read_with_its_meaning(d):
    context = context_of(declared(d))
    if d.get("ctx", {}).get("ambiguous"):
        with pytest.raises(derive.NotValid):
            read_latex(d["latex"], context)
        return
    got = [link for s in read_latex(d["latex"], context) for link in links(s.formula)]
    want = wanted(d, context)
    assert len(got) == len(want)
    pairs = [(w, g) for ws, gs in zip(want, got, strict=True) for w, g in zip(ws, gs, strict=True) if w is not None]
    assert pairs
    different = [(w, g) for w, g in pairs if not same(w, g)]
    assert len(different) == (d["id"] in SPELLED)


@pytest.mark.parametrize("d", [d for d in FORMULAS if d["cat"] == "mustfail"], ids=lambda d: d["id"])
def test_what_is_no_formula_is_refused(d):
    with pytest.raises(derive.NotValid):
        derive.read(d["latex"], names=declared(d), syntax="latex")
