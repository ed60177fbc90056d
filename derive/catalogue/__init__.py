"""The catalogue of named distributions: declarations, loaded when a name is first looked up."""

from __future__ import annotations

import re
from functools import cache

from .entry import Entry
from .families import FAMILIES

SHORT = frozenset(["t"])  # names that are no words
A_NAME = re.compile(r"[^\W\d_]{3,}[\w '’–-]*\Z")  # words: no formula looks so, but for a single long letter


@cache
def entries() -> tuple[Entry, ...]:
    """Every distribution, in the order of the catalogue."""
    from . import continuous, discrete

    return (*continuous.ENTRIES, *discrete.ENTRIES)


SHARES = (
    "give a probability for each value: likelihood='p1**n1*p2**n2*p3**n3', known=['n1', 'n2', 'n3'], constraints=['p1 + p2 + p3 = 1'], "
    "or a table of them, f(x) = \\begin{cases} p_1 & x=1 \\\\ ... \\end{cases}"
)
JOINT = "write the joint density of a few variables, with variable=['x', 'y']"
CASES = "write its probabilities as cases: p + (1-p) e^{-\\lambda} & x=0 and (1-p) \\frac{\\lambda^x e^{-\\lambda}}{x!} & x>0"
TRUNCATED = 'name the distribution without it, and give with the data Sample(truncation=(0, "oo"))'
NOT_HERE = {  # names of distributions that the catalogue does not hold, and what to write instead
    "categorical": SHARES, "multinomial": SHARES, "multinoulli": SHARES, "multivariate normal": JOINT, "bivariate normal": JOINT,
    "multivariate Gaussian": JOINT, "Dirichlet": JOINT, "Wishart": JOINT, "zero-inflated Poisson": CASES, "ZIP": CASES,
    "mixture": "write p*N(0, 1) + (1 - p)*N(mu, 1)", "Gaussian mixture": "write p*N(0, 1) + (1 - p)*N(mu, 1)",
    "normal mixture": "write p*N(0, 1) + (1 - p)*N(mu, 1)", **dict.fromkeys(("truncated normal", "truncnorm"), TRUNCATED),
    **dict.fromkeys(("truncated Poisson", "truncated gamma"), TRUNCATED), "dnorm": "write Normal(mean, sd=sigma)",
    **{"d" + k: f"write {v}" for k, v in (("pois", "Poisson(mu)"), ("exp", "Exponential(rate)"), ("gamma", "Gamma(shape, rate)"), ("binom", "Binomial(n, p)"))},
}  # fmt: skip

REGRESSION = 'say it as a distribution with what its mean is: "y ~ Normal(a + b*x, sigma^2)"'
NOT_HERE |= {
    **dict.fromkeys(("linear regression", "regression", "ols", "least squares", "linear model", "simple linear regression"), REGRESSION),
    "logistic regression": 'say it as a distribution with its link: "y ~ Bernoulli(p), logit(p) = a + b*x"',
    "Poisson regression": 'say it as a distribution with its link: "y ~ Poisson(mu), log(mu) = a + b*x"',
    "Poisson process": "the counts are Poisson(lambda*t), the waits between events Exponential(lambda)",
    **dict.fromkeys(("F", "Snedecor", "Fisher"), "write its density, with the degrees of freedom as known=['d1', 'd2'] or as parameters"),
}
SCIPY = {  # names of scipy.stats that are no words
    "lognorm": "log-normal", "weibull_min": "Weibull", "invgauss": "inverse Gaussian", "hypergeom": "hypergeometric", "betabinom": "beta-binomial",
    "gumbel_r": "Gumbel", "halfnorm": "half-normal", "logser": "logarithmic", "invweibull": "Fréchet", "foldnorm": "folded normal", "powerlaw": "power function",
    "invgamma": "inverse gamma", "gengamma": "generalised gamma", "genlogistic": "generalised logistic", "hypsecant": "hyperbolic secant", "gennorm": "exponential power",
}  # fmt: skip


@cache
def _table() -> dict[str, Entry]:
    table = {plain(name): e for e in entries() for name in (e.name, *e.aliases)}
    table |= {plain(k): table[plain(v)] for k, v in SCIPY.items()}
    called = {plain(name): table[plain(f.forms[0].entry)] for f in FAMILIES for name in f.names if len(name) > 2}
    return called | table


def plain(name: str) -> str:
    """A name without what people write differently: case, accents, hyphens, blanks, British and American endings."""
    import unicodedata

    letters = unicodedata.normalize("NFKD", name.casefold()).replace("generalized", "generalised")
    letters = re.sub(r"\b(?:distribution|density|random variable|trials?)\b|^\s*(?:the|an?)\b", "", letters)
    return re.sub(r"[^a-z0-9]", "", letters)


def looks_like_a_name(text: str) -> bool:
    """Whether a text may be the name of a distribution rather than a formula."""
    return (bool(A_NAME.match(text.strip())) and len(text) <= 60) or plain(text) in SHORT


def find(name: str) -> Entry | None:
    """The distribution of that name, or None."""
    return _table().get(plain(name))


def instead(name: str) -> str | None:
    """What to write for a distribution that the catalogue does not hold; None for a name that is no distribution's."""
    return {plain(k): v for k, v in NOT_HERE.items()}.get(plain(name))


def near(name: str) -> list[str]:
    """Names in the catalogue that are like this one."""
    from difflib import get_close_matches

    table = _table()
    return list(dict.fromkeys(table[k].name for k in get_close_matches(plain(name), table, 3, 0.7)))


def meant(names: list[str]) -> str:
    """Names as a question; several of them in quotation marks, since a name may be more than one word."""
    return f"did you mean {names[0] if len(names) == 1 else ' or '.join(map(repr, names))}?"


__all__ = ["Entry", "entries", "find", "instead", "looks_like_a_name", "meant", "near", "plain"]
