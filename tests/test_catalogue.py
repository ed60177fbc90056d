"""The catalogue: every distribution is a density, is found by its names, and is derived."""

from __future__ import annotations

import pytest

import derive
from derive.catalogue import entries, find, near, plain

NAMES = [e.name for e in entries()]

FURTHER = {"hypergeometric": {"n": 1}}  # what the question needs besides the name


@pytest.mark.parametrize("name", NAMES)
def test_every_distribution_is_derived(name):
    problem = derive.Problem(name, **FURTHER.get(name, {}))
    assert problem.normalised, "it was not found to total 1"
    d = derive.mle(problem)
    assert d.verified
    assert d.outcome in ("unique", "not unique", "none")
    if d.outcome == "unique":
        assert set(d.how) == set(problem.parameters)
    assert name in d.to_markdown()


def test_there_are_enough_and_all_names_differ():
    assert len(NAMES) >= 60
    spelt = [plain(n) for e in entries() for n in (e.name, *e.aliases)]
    assert len(spelt) == len(set(spelt))


@pytest.mark.parametrize("entry", entries(), ids=NAMES)
def test_a_declaration_is_complete(entry):
    assert all(entry.reference)
    assert entry.says.endswith(".")
    assert entry.parameters
    assert entry.name in str(entry)


FOUND = [
    ("Exponential", "exponential"), ("gaussian", "normal"), ("log normal", "log-normal"), ("Lognormal distribution", "log-normal"),
    ("frechet", "Fréchet"), ("chi squared", "chi-squared"), ("Maxwell-Boltzmann", "Maxwell"), ("generalized Poisson", "generalised Poisson"),
    ("theta", None), ("Weibull law", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), FOUND)
def test_names_are_found_as_people_write_them(text, name):
    found = find(text)
    assert (found and found.name) == name


def test_a_misspelt_name_is_answered_with_the_nearest():
    assert near("Weibul") == ["Weibull"]
    with pytest.raises(derive.NotValid, match="did you mean 'exponential'"):
        derive.mle("expnential", data=[1, 2])


def test_what_is_given_stands_and_the_rest_is_declared():
    assert list(derive.Problem("normal").parameters) == ["mu", "sigma2"]
    p = derive.Problem("normal", known=["mu"])
    assert list(p.parameters) == ["sigma2"]
    assert list(p.known) == ["mu"]
    p = derive.Problem("normal", known={"mu": 0}, data=[1, -2])
    assert derive.mle(p).numeric == pytest.approx({"sigma2": 2.5})
    p = derive.Problem("gamma", parameters=["beta"])
    assert list(p.known) == ["alpha"]
    p = derive.Problem("binomial", known={"m": 10}, data=[3, 4])
    assert derive.mle(p).numeric == pytest.approx({"p": 0.35})


def test_a_name_is_the_same_question_as_its_density():
    a = derive.mle("exponential", data=[2, 4, 6])
    b = derive.mle(r"\lambda e^{-\lambda x}", data=[2, 4, 6])
    assert a.estimates == b.estimates
