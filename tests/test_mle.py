"""Derivations end to end: the seeds' lines in order, textbook densities, and every printed line read back."""

from __future__ import annotations

import math
import re

import pytest

import derive
from derive.formula.evaluate import compiled
from derive.formula.latex import latex
from derive.formula.names import hat
from derive.formula.tree import Apply, Derivative, Relation, transform, walk
from derive.problem.test_points import random_points
from derive.reading.tex import read_latex

SEEDS = {
    "coin": [
        r"L(\theta) = \prod_{i=1}^{5} \theta^{x_{i}} (1 - \theta)^{1 - x_{i}}", r"L(\theta) = \theta^{3} (1 - \theta)^{2}",
        r"\ell(\theta) = 3 \log \theta + 2 \log(1 - \theta)", r"\frac{3}{\theta} - \frac{2}{1 - \theta} = 0", r"3 (1 - \theta) = 2 \theta",
        r"3 - 3 \theta = 2 \theta", r"5 \theta = 3", r"\hat{\theta} = \frac{3}{5} = 0.6",
    ],
    "call-centre": [
        r"L(\lambda) = (\lambda e^{-2 \lambda}) (\lambda e^{-4 \lambda}) (\lambda e^{-6 \lambda})", r"L(\lambda) = \lambda^{3} e^{-12 \lambda}",
        r"\ell(\lambda) = 3 \log \lambda - 12 \lambda", r"\frac{3}{\lambda} - 12 = 0", r"12 \lambda = 3", r"\hat{\lambda} = \frac{1}{4} = 0.25",
        r"\frac{1}{\hat{\lambda}} = 4",
    ],
    "sensor": [
        r"\ell(\mu, v) = -\frac{n}{2} \log(2 \pi) - \frac{n}{2} \log v - \frac{1}{2 v} \sum_{i=1}^{n} (x_{i} - \mu)^{2}",
        r"\ell(\mu, v) = -\frac{3}{2} \log(2 \pi) - \frac{3}{2} \log v - \frac{1}{2 v} [(10 - \mu)^{2} + (12 - \mu)^{2} + (14 - \mu)^{2}]",
        r"-\frac{1}{2 v} [2 (10 - \mu) (-1) + 2 (12 - \mu) (-1) + 2 (14 - \mu) (-1)] = 0",
        r"(10 - \mu) + (12 - \mu) + (14 - \mu) = 0", r"36 - 3 \mu = 0", r"\hat{\mu} = 12",
        r"(10 - 12)^{2} + (12 - 12)^{2} + (14 - 12)^{2} = (-2)^{2} + 0^{2} + 2^{2}", r"(10 - 12)^{2} + (12 - 12)^{2} + (14 - 12)^{2} = 8",
        r"-\frac{3}{2 v} + \frac{8}{2 v^{2}} = 0", r"-3 v + 8 = 0", r"3 v = 8", r"\hat{v} = \frac{8}{3}", r"\hat{v} = \frac{8}{3} \approx 2.667",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", SEEDS)
def test_a_worked_example_shows_its_lines_in_order(name, examples):
    d = derive.mle(derive.Problem.load(examples / f"{name}.toml"))
    shown = [line.latex for s in d.steps for line in s.lines]
    at = -1
    for want in SEEDS[name]:
        assert want in shown[at + 1 :], want
        at = shown.index(want, at + 1)
    assert d.verified
    assert d.outcome == "unique"
    assert d.estimates == derive.mle(derive.Problem.load(examples / f"{name}.toml")).estimates


def test_quantities_follow_by_invariance(examples):
    d = derive.mle(derive.Problem.load(examples / "call-centre.toml"))
    assert d.quantities["mean wait"] == (4, 4.0)
    assert "minutes" in d.to_markdown()


def mean(x):
    return math.fsum(x) / len(x)


def spread(x):
    m = mean(x)
    return mean([(v - m) ** 2 for v in x])


COUNTS, TRIALS, POSITIVES, REALS, UNITS = (
    [2, 0, 1, 3, 4],
    [3, 1, 4, 2, 2],
    [0.8, 1.9, 0.4, 2.7],
    [1.4, -0.3, 0.5, 2.7],
    [0.2, 0.55, 0.71, 0.9],
)

TEXTBOOK = [  # name, question, data, the answer by plain arithmetic
    ("bernoulli", {"density": r"\theta^x(1-\theta)^{1-x}"}, [1, 0, 1, 1], lambda x: {"theta": mean(x)}),
    ("binomial", {"density": r"\binom{m}{x}p^x(1-p)^{m-x}", "known": ["m"], "parameters": ["p"]}, None, None),
    ("binomial, m = 6", {"density": r"\binom{m}{x}p^x(1-p)^{m-x}", "known": {"m": 6}}, COUNTS, lambda x: {"p": mean(x) / 6}),
    ("geometric trials", {"density": "p(1-p)^{x-1}"}, TRIALS, lambda x: {"p": 1 / mean(x)}),
    ("geometric failures", {"density": "p(1-p)^x"}, COUNTS, lambda x: {"p": 1 / (1 + mean(x))}),
    ("poisson", {"density": r"\frac{\lambda^x e^{-\lambda}}{x!}"}, COUNTS, lambda x: {"lambda": mean(x)}),
    ("exponential rate", {"density": r"\lambda e^{-\lambda x}"}, POSITIVES, lambda x: {"lambda": 1 / mean(x)}),
    ("exponential scale", {"density": r"\frac1\theta e^{-x/\theta}"}, POSITIVES, lambda x: {"theta": mean(x)}),
    ("normal", {"density": r"\frac{1}{\sqrt{2\pi v}}e^{-\frac{(x-\mu)^2}{2v}}"}, REALS, lambda x: {"mu": mean(x), "v": spread(x)}),
    ("normal sigma", {"density": r"\frac{1}{\sigma\sqrt{2\pi}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}"}, REALS, lambda x: {"mu": mean(x), "sigma": spread(x) ** 0.5}),
    ("normal sigma squared", {"density": r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}", "parameters": [r"\mu", r"\sigma^2"]},
     REALS, lambda x: {"mu": mean(x), "sigma2": spread(x)}),
    ("normal mu", {"density": r"\frac{1}{\sqrt{2\pi}}e^{-\frac{(x-\mu)^2}{2}}"}, REALS, lambda x: {"mu": mean(x)}),
    ("normal v", {"density": r"\frac{1}{\sqrt{2\pi v}}e^{-\frac{(x-1)^2}{2v}}"}, REALS, lambda x: {"v": mean([(t - 1) ** 2 for t in x])}),
    ("log-normal", {"density": r"\frac{1}{x\sqrt{2\pi v}}e^{-\frac{(\ln x-\mu)^2}{2v}}"}, POSITIVES,
     lambda x: {"mu": mean([math.log(t) for t in x]), "v": spread([math.log(t) for t in x])}),
    ("gamma, shape 3", {"density": r"\frac{\beta^\alpha}{\Gamma(\alpha)}x^{\alpha-1}e^{-\beta x}", "known": {r"\alpha": 3}}, POSITIVES, lambda x: {"beta": 3 / mean(x)}),
    ("rayleigh", {"density": r"\frac{x}{\sigma^2}e^{-\frac{x^2}{2\sigma^2}}"}, POSITIVES, lambda x: {"sigma": (mean([t * t for t in x]) / 2) ** 0.5}),
    ("pareto, minimum 2", {"density": r"\frac{\alpha x_m^\alpha}{x^{\alpha+1}}", "known": {"x_m": 2}, "support": "x >= x_m"}, [2.3, 3.9, 2.1, 7.5],
     lambda x: {"alpha": 1 / mean([math.log(t / 2) for t in x])}),
    ("power", {"density": r"\theta x^{\theta-1}"}, UNITS, lambda x: {"theta": -1 / mean([math.log(t) for t in x])}),
    ("inverse gaussian", {"density": r"\sqrt{\frac{\lambda}{2\pi x^3}}\exp\left(-\frac{\lambda(x-\mu)^2}{2\mu^2x}\right)"}, POSITIVES,
     lambda x: {"mu": mean(x), "lambda": 1 / (mean([1 / t for t in x]) - 1 / mean(x))}),
    ("laplace scale", {"density": r"\frac{1}{2b}e^{-\frac{|x-1|}{b}}"}, REALS, lambda x: {"b": mean([abs(t - 1) for t in x])}),
    ("N(theta, theta)", {"density": r"\frac{1}{\sqrt{2\pi\theta}}e^{-\frac{(x-\theta)^2}{2\theta}}"}, REALS,
     lambda x: {"theta": ((1 + 4 * mean([t * t for t in x])) ** 0.5 - 1) / 2}),
    ("N(theta, theta^2)", {"density": r"\frac{1}{\theta\sqrt{2\pi}}e^{-\frac{(x-\theta)^2}{2\theta^2}}"}, REALS,
     lambda x: {"theta": (-mean(x) + (mean(x) ** 2 + 4 * mean([t * t for t in x])) ** 0.5) / 2}),
]  # fmt: skip
IDS = [t[0] for t in TEXTBOOK]


@pytest.fixture(scope="module")
def symbolic():
    made = {}

    def get(name, question):
        if name not in made:
            made[name] = derive.mle(**question)
        return made[name]

    return get


@pytest.mark.parametrize(("name", "question", "data", "answer"), TEXTBOOK, ids=IDS)
def test_a_textbook_density(name, question, data, answer, symbolic):
    d = symbolic(name, question)
    assert d.verified and d.outcome == "unique"
    assert set(d.how.values()) == {"closed"}
    if answer is None:
        return
    for sample in (data, data[1:], data[:2] + data[1:]):
        assert d.evaluate(sample) == pytest.approx(answer(sample))
    with_data = derive.mle(**question, data=data)
    assert with_data.verified
    assert with_data.numeric == pytest.approx(answer(data))
    assert {k: float(v) for k, v in with_data.estimates.items()} == pytest.approx(answer(data))


@pytest.mark.parametrize(("name", "question", "data", "answer"), TEXTBOOK, ids=IDS)
def test_every_line_is_read_back_with_the_same_meaning(name, question, data, answer, symbolic):
    for d in (symbolic(name, question), *((derive.mle(**question, data=data),) if data else ())):
        p = d.problem
        point = dict(random_points(p, 1, seed=5, data=bool(data) and d.numeric is not None)[0])
        for k in p.parameters:
            point[hat(k).name] = point[k] * 1.1
        for s in d.sections:
            for line in s.lines:
                again = read_latex(latex(line.formula, p.notation), p.context)
                assert len(again) == 1, latex(line.formula)
                same_meaning(line.formula, again[0].formula, point)


def bare(f):
    """A formula in which ell(mu, v) is ell: a derivative is printed without the arguments."""
    return transform(f, lambda g: Apply(g.name, ()) if isinstance(g, Apply) and g.name.startswith("ell") else None)


def same_meaning(f, g, point):
    assert isinstance(g, Relation)
    assert g.signs == f.signs
    for a, b in zip(f.sides, g.sides, strict=True):
        if a == b or any(isinstance(h, (Derivative, Apply)) for h in walk(a)):
            assert bare(a) == bare(b)
            continue
        u, v = compiled(a)(point), compiled(b)(point)
        assert u == pytest.approx(v, rel=1e-9, nan_ok=True), latex(a)


def test_the_write_up_has_the_sections_of_a_worked_example():
    text = derive.mle(r"\lambda e^{-\lambda x}").to_markdown()
    titles = re.findall(r"^(?:### \d+\. |\*\*)(.+?)(?:\.\*\*|$)", text, re.M)
    assert [t for t in titles if "$" not in t] == ["Model", "Likelihood", "Log-likelihood", "Score", "The maximum", "Result"]


def test_the_same_question_gives_the_same_write_up():
    assert derive.mle(r"\lambda e^{-\lambda x}").to_markdown() == derive.mle(r"\lambda e^{-\lambda x}").to_markdown()


def test_all_heads_lie_at_the_end_of_the_domain():
    d = derive.mle(r"\theta^x(1-\theta)^{1-x}", data=[1] * 8)
    assert (d.how, d.numeric) == ({"theta": "boundary"}, {"theta": 1.0})
    d = derive.mle(r"\theta^x(1-\theta)^{1-x}", data=[1] * 8, parameters={r"\theta": "(0, 1)"})
    assert d.outcome == "none"
    assert d.estimates == {}
