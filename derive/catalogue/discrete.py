"""Discrete distributions."""

from __future__ import annotations

from .entry import Entry

UDD = "Univariate Discrete Distributions, third edition"
JKK = "Johnson, Kemp and Kotz"
POSITIVE, UNIT, COUNTS = "positive", "[0, 1]", "{0, 1, 2, ...}"
FROM_ONE = "{1, 2, 3, ...}"

ENTRIES = (
    Entry(
        "Bernoulli", r"p^x(1-p)^{1-x}", {"p": UNIT}, "{0, 1}", "One trial with two outcomes.", (JKK, UDD, "chapter 3"), ("coin",),
    ),
    Entry(
        "binomial", r"\binom{m}{x} p^x(1-p)^{m-x}", {"p": UNIT}, "{0, ..., m}", "The number of successes in m independent trials.",
        (JKK, UDD, "chapter 3"), (), {"m": "integer >= 1"},
    ),
    Entry(
        "Poisson", r"\frac{\lambda^x e^{-\lambda}}{x!}", {"lambda": "nonnegative"}, COUNTS, "The number of rare independent events in a span.",
        (JKK, UDD, "chapter 4"),
    ),
    Entry(
        "geometric", r"p(1-p)^{x-1}", {"p": "(0, 1]"}, FROM_ONE, "The number of trials up to and with the first success.",
        (JKK, UDD, "chapter 5"),
    ),
    Entry(
        "geometric failures", r"p(1-p)^x", {"p": "(0, 1]"}, COUNTS, "The number of failures before the first success.", (JKK, UDD, "chapter 5"),
        ("geometric from zero",),
    ),
    Entry(
        "Pascal", r"\binom{x-1}{r-1} p^r(1-p)^{x-r}", {"p": "(0, 1]"}, "{r, r+1, ...}", "The number of trials up to the r-th success.",
        (JKK, UDD, "chapter 5"), (), {"r": "integer >= 1"},
    ),
    Entry(
        "negative binomial", r"\binom{x+r-1}{x} p^r(1-p)^x", {"p": "(0, 1]"}, COUNTS, "The number of failures before the r-th success, where r is whole.",
        (JKK, UDD, "chapter 5"), ("neg binomial", "nbinom", "negbin"), {"r": "integer >= 1"},
    ),
    Entry(
        "negative binomial with unknown size", r"\frac{\Gamma(x+r)}{\Gamma(r)\,x!} p^r(1-p)^x", {"r": POSITIVE, "p": "(0, 1)"}, COUNTS,
        "Counts that vary more than Poisson counts.", (JKK, UDD, "chapter 5"), ("Pólya", "gamma–Poisson"),
    ),
    Entry(
        "zero-truncated Poisson", r"\frac{\lambda^x}{x!(e^\lambda-1)}", {"lambda": POSITIVE}, FROM_ONE,
        "Poisson counts of which only those above zero are seen.", (JKK, UDD, "chapter 4"), ("positive Poisson", "conditional Poisson"),
    ),
    Entry(
        "zero-truncated binomial", r"\frac{\binom{m}{x} p^x(1-p)^{m-x}}{1-(1-p)^m}", {"p": "(0, 1)"}, "{1, ..., m}",
        "Binomial counts of which only those above zero are seen.", (JKK, UDD, "chapter 3"), ("positive binomial",), {"m": "integer >= 2"},
    ),
    Entry(
        "logarithmic", r"\frac{-p^x}{x\ln(1-p)}", {"p": "(0, 1)"}, FROM_ONE, "The number of specimens of a species in a catch.",
        (JKK, UDD, "chapter 7"), ("log-series", "logarithmic series"),
    ),
    Entry(
        "zeta", r"\frac{x^{-s}}{\zeta(s)}", {"s": "(1, oo)"}, FROM_ONE, "Ranks and sizes without a typical scale.", (JKK, UDD, "chapter 11"),
        ("Zipf",),
    ),
    Entry(
        "Yule–Simon", r"\rho\,\mathrm{B}(x,\rho+1)", {"rho": POSITIVE}, FROM_ONE, "How often a word occurs; species in a genus.",
        ("Simon", "On a class of skew distribution functions, Biometrika 42 (1955)", "pages 425–440"), ("Yule",),
    ),
    Entry(
        "Borel", r"\frac{(\mu x)^{x-1} e^{-\mu x}}{x!}", {"mu": "(0, 1)"}, FROM_ONE, "The size of a family that dies out; customers in a busy period.",
        (JKK, UDD, "chapter 7"),
    ),
    Entry(
        "generalised Poisson", r"\frac{\theta(\theta+\delta x)^{x-1} e^{-\theta-\delta x}}{x!}", {"theta": POSITIVE, "delta": "[0, 1)"}, COUNTS,
        "Counts that vary more than Poisson counts.",
        ("Consul and Jain", "A generalization of the Poisson distribution, Technometrics 15 (1973)", "pages 791–799"), ("Consul",),
    ),
    Entry(
        "Skellam", "exp(-2*mu)*besseli(x, 2*mu)", {"mu": POSITIVE}, "{..., -1, 0, 1, ...}",
        "The difference of two Poisson counts with the same mean.", (JKK, UDD, "chapter 4"),
    ),
    Entry(
        "discrete uniform", r"\frac{1}{N}", {"N": "integer >= 1"}, "{1, ..., N}", "A number drawn from 1 to N: the serial number of a tank.",
        (JKK, UDD, "chapter 6"), ("tank problem",),
    ),
    Entry(
        "hypergeometric", r"\frac{\binom{K}{x}\binom{N-K}{m-x}}{\binom{N}{m}}", {"N": "integer >= 1"}, "{0, ..., m}",
        "Marked ones in a sample of m drawn without replacement from N, of which K are marked; how many there are in all is sought.",
        (JKK, UDD, "chapter 6"), ("capture–recapture",), {"K": "integer >= 1", "m": "integer >= 1"},
    ),
    Entry(
        "beta-binomial", r"\binom{m}{x} \frac{\mathrm{B}(x+\alpha,m-x+\beta)}{\mathrm{B}(\alpha,\beta)}", {"alpha": POSITIVE, "beta": POSITIVE},
        "{0, ..., m}", "Successes in m trials whose probability varies from series to series.", (JKK, UDD, "chapter 6"), ("Pólya–Eggenberger",),
        {"m": "integer >= 2"},
    ),
    Entry(
        "Poisson–Lindley", r"\frac{\theta^2(x+\theta+2)}{(\theta+1)^{x+3}}", {"theta": POSITIVE}, COUNTS, "Counts of accidents and of errors.",
        ("Sankaran", "The discrete Poisson–Lindley distribution, Biometrics 26 (1970)", "pages 145–149"),
    ),
    Entry(
        "discrete Rayleigh", r"q^{x^2}-q^{(x+1)^2}", {"q": "(0, 1)"}, COUNTS, "Lifetimes counted in whole periods.",
        ("Roy", "Discrete Rayleigh distribution, IEEE Transactions on Reliability 53 (2004)", "pages 255–260"),
    ),
    Entry(
        "truncated geometric", r"\frac{p(1-p)^{x-1}}{1-(1-p)^m}", {"p": "(0, 1)"}, "{1, ..., m}",
        "Trials up to the first success, of which only series of at most m are seen.", (JKK, UDD, "chapter 5"), (), {"m": "integer >= 2"},
    ),
)  # fmt: skip
