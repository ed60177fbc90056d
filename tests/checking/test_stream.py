"""A solution as one stream of words, formulas and signs, each where it is written."""

from __future__ import annotations

import pytest

from derive.checking.reading.notation_scan import Declared, notation
from derive.checking.reading.resolve_names import names_written
from derive.checking.reading.sides import readings
from derive.checking.reading.stream import Mention, Sign, Words, stream
from derive.formula.names import hat

TEXT = r"""We write \(n\) for the size. Let $\ell(\mu)$ denote the **log-likelihood**, then
\begin{align*}
\ell(\mu) &= -\tfrac{n}{2} \quad\text{for all } \mu \\
&\le 0.250
\end{align*}
which holds for every sample."""


def items_of(text: str) -> list[Words | Mention | Sign]:
    """The stream without the places where formulas begin."""
    return [i for i in stream(text) if not (isinstance(i, Sign) and i.kind == "begin")]


def test_nothing_is_dropped_and_all_is_in_order() -> None:
    items = items_of(TEXT)
    assert [(type(i).__name__, i.value if isinstance(i, Sign) else i.text) for i in items] == [
        ("Words", "We write"), ("Mention", "n"), ("Words", "for the size."), ("Words", "Let"), ("Mention", r"\ell(\mu)"),
        ("Words", "denote the log-likelihood , then"), ("Mention", r"\ell(\mu)"), ("Sign", "&"), ("Sign", "="),
        ("Mention", r"-\tfrac{n}{2}"), ("Sign", "blank"), ("Words", "for all"), ("Mention", r"\mu"), ("Sign", ""), ("Sign", "&"),
        ("Sign", "<="), ("Mention", "0.250"), ("Words", "which holds for every sample."),
    ]  # fmt: skip
    assert [i.start for i in items] == sorted(i.start for i in items)
    assert [i.sentence for i in items[:5]] == [0, 0, 0, 1, 1]


def test_each_stands_where_it_is_written() -> None:
    for item in stream(TEXT):
        if isinstance(item, Mention):
            assert TEXT[item.start : item.end] == item.text
    assert {TEXT[i.start : i.end] for i in stream(TEXT) if isinstance(i, Sign) and i.kind == "relation"} == {"=", r"\le"}
    assert TEXT[slice(*next((i.start, i.end) for i in stream(TEXT) if isinstance(i, Words) and "all" in i.text))] == r"\text{for all }"


def test_places_lead_through_macros_and_comments() -> None:
    text = "\\documentclass{article}\\newcommand{\\lik}{\\ell(\\theta)}\n\\begin{document} % a note\nso $\\lik = 0$\n\\end{document}"
    mention, sign, zero = [i for i in items_of(text) if not isinstance(i, Words)]
    assert mention.text == r"\ell(\theta)" and text[mention.start : mention.end] == r"\lik"
    assert (sign.value, text[zero.start : zero.end]) == ("=", "0")


@pytest.mark.parametrize(("text", "wanted"), [
    ("The estimate is lambda_hat = n/sum(x), so\n  l(theta) <= 3", [["lambda_hat", "=", "n/sum(x)"], ["l(theta)", "<=", "3"]]),
    ("```python\nEq(a*b, 2)  # a remark\n```", [["a*b", "=", "2"]]),
])  # fmt: skip
def test_typed_mathematics(text: str, wanted: list[list[str]]) -> None:
    items = [i for i in items_of(text) if not isinstance(i, Words)]
    numbers = dict.fromkeys(i.number for i in items if isinstance(i, Mention))
    assert len(numbers) == len(wanted)
    assert [i.value if isinstance(i, Sign) else text[i.start : i.end] for i in items] == [part for row in wanted for part in row]


DECLARED = Declared(("mu", "sigma2"), (), ("x",))


def test_a_reading_knows_names_digits_and_arguments_as_written() -> None:
    text = "Hence $\\ell(\\bar X, \\sigma^2) = 0.250\\, p(X_i) - \\widehat{\\mu}_{MLE} + NLL$."
    left, right = [i for i in stream(text) if isinstance(i, Mention)]
    how = notation([text], DECLARED)
    a, b = readings(left.source, how)[0], readings(right.source, how)[0]
    assert [[p.written for p in arguments] for _, arguments in a.calls] == [[r"\bar X", r"\sigma^2"]]
    assert [p.written for p in b.literals] == ["0.250"]
    assert [p.written for _, (p,) in b.calls[:1]] == ["X_i"]
    assert {(r"\widehat{\mu}", hat("mu").name), ("X", "x"), ("NLL", "nll")} <= set(names_written(b, how))
    assert all(text[place.start : place.end] == place.written for place in (*a.places.values(), *b.places.values()))
