"""A sign is proved from the domains, or says what it takes of the data."""

from __future__ import annotations

import math

import pytest

from derive.algebra.facts import COUNT, NONNEGATIVE, POSITIVE, Facts, Range
from derive.formula.tree import ONE, TWO, ZERO, At, Div, Pow, Relation, Sym, add, neg, total
from derive.oracle.oracle import sampled
from derive.proofs.signs import evidence_of_sign, sign_of
from derive.trace import EvidenceKind

N, T = Sym("n"), Sym("t")
S = total(At("x", (Sym("i"),)))
FACTS = Facts({"t": Range(0, 1, True, True), "n": COUNT}, {"x": NONNEGATIVE})
SHARES = Facts({"t": Range(0, 1, True, True), "n": COUNT}, {"x": Range(0, 1)})
CURVE = neg(Div(S, Pow(T, TWO)))


@pytest.mark.parametrize(
    ("f", "facts", "value", "premises"),
    [
        (CURVE, FACTS, 0, ()),
        (CURVE, FACTS.supposing([S]), -1, (S,)),
        (add(CURVE, neg(N)), FACTS.supposing([S]), -1, ()),
        (add(CURVE, neg(Div(add(N, neg(S)), Pow(add(ONE, neg(T)), TWO)))), SHARES, -1, ()),  # not both can be 0
        (neg(Div(N, T)), FACTS, -1, ()),
        (CURVE, FACTS.supposing([Sym("a"), S, Sym("b")]), -1, (S,)),
    ],
)  # fmt: skip
def test_a_sign_names_its_premises(f, facts, value, premises):
    found = sign_of(f, facts)
    assert (found.value, found.premises) == (value, premises)


def test_only_the_domains_are_a_proof():
    seen, r = sampled("true", 6), Relation((CURVE, ZERO), ("<",))
    assert evidence_of_sign(r, FACTS.supposing([S]), seen) is seen
    assert evidence_of_sign(r, Facts({"t": POSITIVE}, {"x": Range(1, math.inf)}), seen).kind is EvidenceKind.PROVED
    assert evidence_of_sign(Relation((CURVE, ZERO), (">",)), Facts({"t": POSITIVE}, {"x": COUNT}), seen) is seen
