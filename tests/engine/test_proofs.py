"""Signs by known inequalities, ratios that fall: what is shown, and what must be left unsaid."""

from __future__ import annotations

import pytest

from derive.algebra.facts import COUNT, POSITIVE, REALS, Facts
from derive.algebra.terms import Algebra
from derive.formula.evaluate import compiled
from derive.formula.latex import latex
from derive.formula.tree import At, Sym
from derive.proofs.decreasing_ratio import crossing, falls
from derive.proofs.inequalities import because, negative_by
from derive.reading.context import Context
from derive.reading.tex import read_latex

FACTS = Facts({"u": POSITIVE, "v": REALS, "a": POSITIVE, "w": POSITIVE, "n": COUNT}, {"x": POSITIVE, "z": REALS})
U, X = Sym("u"), At("x", (Sym("i"),))
POINTS = [{"u": u, "v": 1.0, "a": 0.3, "w": 0.9, "n": 3, "x": [0.4, 1.2, 2.5], "z": [-1.0, 0.2, 2.0]} for u in (0.05, 0.6, 1.7, 8.0)]


def read(text):
    return read_latex(text, Context(data=frozenset("xz"), parameters=frozenset("uvawn")))[0].formula


TRIGAMMA = r"\psi'(u) > \frac{1}{u}"
WEIGHTED, SQUARED, SUM = r"\sum_{i=1}^n x_i^u z_i^2", r"\left(\sum_{i=1}^n x_i^u z_i\right)^2", r"\sum_{i=1}^n x_i^u"
VARIANCE = rf"-\frac{{{WEIGHTED}}}{{{SUM}}} + \frac{{{SQUARED}}}{{({SUM})^2}}"
BESSEL = r"-n \left(\frac{I_0(u) + I_2(u)}{2 I_0(u)} - \frac{I_1(u)^2}{I_0(u)^2}\right)"

NEGATIVE = [  # formula, what is said of it
    (r"-\psi'(u) + \frac{1}{u}", [TRIGAMMA]),
    (r"-n \psi'(u) + \frac{n}{u}", [TRIGAMMA]),
    (r"-n \psi'(u) + \frac{n}{2 u}", [TRIGAMMA]),
    (r"-\psi'(u) + \frac{1}{u} - a", [TRIGAMMA]),
    (r"-\psi'(u + 1) + \frac{1}{u + 1}", [r"\psi'(u + 1) > \frac{1}{u + 1}"]),
    (VARIANCE + r"- \frac{1}{u^2}", ["variance with the weights x_{i}^{u} (Cauchy–Schwarz)"]),
    (VARIANCE + r"- n \psi'(u) + \frac{n}{u}", [TRIGAMMA, "Cauchy–Schwarz"]),
    (BESSEL, [r"\left[\frac{I_{1}(u)}{I_{0}(u)}\right]^{2} < \frac{I_{0}(u) + I_{2}(u)}{2 I_{0}(u)}"]),
]


@pytest.mark.parametrize(("text", "said"), NEGATIVE, ids=[c[0] for c in NEGATIVE])
def test_an_inequality_shows_that_it_is_negative(text, said):
    f = read(text)
    reasons = negative_by(f, FACTS, Algebra(FACTS))
    assert reasons is not None
    sentence = "".join(p if isinstance(p, str) else latex(p) for p in because(reasons).parts)
    assert sentence.startswith("since ") and all(words in sentence for words in said)
    assert all(compiled(f)(point) < 0 for point in POINTS)


NOT_SHOWN = [
    r"-\psi'(u) + \frac{2}{u}",  # too much on the other side
    r"-\psi'(u) + \frac{1}{u} + a",
    r"\psi'(u) - \frac{1}{u}",  # positive
    r"-\psi'(v) + \frac{1}{v}",  # v of any sign
    r"-v \psi'(u) + \frac{v}{u}",
    r"-\psi'(u + 1) + \frac{1}{u}",  # another argument
    "-u",  # negative without any inequality: not for here
    VARIANCE,  # 0 where all z are equal
    VARIANCE.replace("+", "+ 2", 1) + r"- \frac{1}{u^2}",
    VARIANCE.replace("z_i^2", "z_i^3") + r"- \frac{1}{u^2}",
    VARIANCE.replace("x_i^u z_i^2", "z_i^2") + r"- \frac{1}{u^2}",  # other weights
    BESSEL.removeprefix("-"),
    BESSEL.replace("2 I_0(u)", "3 I_0(u)"),
    BESSEL.replace("(u)", "(v)"),
]


@pytest.mark.parametrize("text", NOT_SHOWN)
def test_no_inequality_shows_it(text):
    assert negative_by(read(text), FACTS, Algebra(FACTS)) is None


FALLING = [  # ratio, how its parts fall, what it goes to as u grows (None: to 0), whether that is known to be below 1
    (r"\frac{u + a}{u}", [r"\frac{u + a}{u} = 1 + \frac{a}{u}"], "1", False),
    (r"\frac{2 u + 3}{u + 1}", [r"\frac{2 u + 3}{u + 1} = 2 + \frac{1}{u + 1}"], "2", False),
    (r"\frac{1}{2} \frac{u + 1}{u}", [r"\frac{u + 1}{u} = 1 + \frac{1}{u}"], r"\frac{1}{2}", True),
    (r"\frac{(u + a)^n}{u^n}", [r"\frac{u + a}{u} = 1 + \frac{a}{u}"], "1", False),
    (r"a^2 \frac{u + 2}{u + 1}", [r"\frac{u + 2}{u + 1} = 1 + \frac{1}{u + 1}"], "a^{2}", False),
    (r"\frac{(u + 2)(u + 3)}{(u + 1) u}", [r"\frac{u + 2}{u + 1} = 1 + \frac{1}{u + 1}", r"\frac{u + 3}{u} = 1 + \frac{3}{u}"], "1", False),
    (r"e^{-u} \frac{u + 1}{u}", [r"\frac{u + 1}{u} = 1 + \frac{1}{u}", "e^{-u}"], None, True),
    (r"e^{-a u}", ["e^{-a u}"], None, True),
    (r"\frac{1}{u + 1}", ["u + 1"], None, True),
    (r"\frac{a}{u^2}", ["u"], None, True),
    ("a", [], "a", False),
]


@pytest.mark.parametrize(("text", "parts", "limit", "below"), FALLING, ids=[c[0] for c in FALLING])
def test_a_ratio_falls(text, parts, limit, below):
    f = read(text)
    al = Algebra(FACTS)
    shown = falls(al.split(f), U, al)
    assert shown is not None
    assert [latex(p) for p in (*shown.pairs, *shown.alone, *shown.grow)] == parts
    assert shown.to_zero == (limit is None) and (limit is None or latex(shown.constant) == limit)
    assert shown.below_one(al) == below
    values = [compiled(f)(point) for point in POINTS]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(
    "text",
    [
        "u",
        "e^{u}",
        "e^{-u^2}",
        r"\frac{u}{u + a}",  # grows
        r"\frac{u + 1}{u + 2}",
        r"\frac{u + a}{u + w}",  # which of a and w is larger is not known
        r"\frac{u + v}{u}",
        r"\frac{1}{u^2 + 1}",  # not linear in u
        r"\frac{u + 1}{(u + 2)^2}",  # falls in the end only
        r"\frac{1}{v + u}",  # of any sign
    ],
)
def test_a_ratio_is_not_shown_to_fall(text):
    al = Algebra(FACTS)
    assert falls(al.split(read(text)), U, al) is None


CROSSING = [(r"\frac{u + \frac{1}{u}}{u + x_i}", "u", r"\frac{1}{u}"), (r"\frac{u^2 + a}{u^2 + u x_i}", "u", r"\frac{a}{u}")]


@pytest.mark.parametrize(("text", "w", "c"), CROSSING, ids=[c[0] for c in CROSSING])
def test_a_ratio_of_the_form_that_passes_1_once(text, w, c):
    al = Algebra(FACTS)
    found = crossing(al.split(read(text)), U, X, al)
    assert found is not None and (latex(found.w), latex(found.c)) == (w, c)


@pytest.mark.parametrize(
    "text",
    [
        r"\frac{u + a}{u + x_i}",  # c does not go to 0
        r"\frac{u^2 - 1}{u^2 + u x_i}",  # c grows
        r"\frac{u + x_i}{u}",  # the observation above the line
        r"\frac{u + \frac{1}{u}}{u + x_i^2}",  # not linear in it
        r"\frac{u}{u + x_i}",  # c is 0: it never passes 1
    ],
)
def test_a_ratio_of_another_form(text):
    al = Algebra(FACTS)
    assert crossing(al.split(read(text)), U, X, al) is None
