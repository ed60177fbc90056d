"""Distributions with arguments: how people write them, and what the arguments are of the catalogue's entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """One parametrisation of a distribution.

    entry: the name in the catalogue.  arguments: their names as keywords, in order.  put: a letter of the entry's density
    to what stands for it, SymPy text in the arguments.  says: what the arguments are, in words, where that is not all one.
    letters: of the last argument, with which this form is meant before the others.
    """

    entry: str
    arguments: tuple[str, ...]
    put: Mapping[str, str]
    says: str = ""
    letters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Family:
    """names: what stands before the bracket.  short: names that are one only where nothing else is meant, alone or after a
    tilde.  forms: its parametrisations; of those with the right number of arguments the first is meant, unless keywords
    say otherwise."""

    names: tuple[str, ...]
    forms: tuple[Form, ...]
    short: tuple[str, ...] = ()


SD = {"mu": "mean", "sigma2": "sd**2"}
FAMILIES = (
    Family(
        ("Normal", "Gaussian", "calN", "N"),
        (
            Form("normal", ("mean", "variance"), {"mu": "mean", "sigma2": "variance"}, "the mean and the variance"),
            Form("normal", ("mean", "sd"), SD, "the mean and the standard deviation"),
            Form("normal", ("mean", "precision"), {"mu": "mean", "sigma2": "1/precision"}, "the mean and the precision"),
        ),
        ("norm", "normal"),
    ),
    Family(
        ("LogNormal", "Lognormal", "LN"),
        (
            Form("log-normal", ("mean", "variance"), {"mu": "mean", "sigma2": "variance"}, "the mean and the variance of the logarithm"),
            Form("log-normal", ("mean", "sd"), SD, "the mean and the standard deviation of the logarithm"),
        ),
    ),
    Family(
        ("Exponential", "Expon", "Exp", "calE"),
        (
            Form("exponential", ("rate",), {"lambda": "rate"}, "the rate"),
            Form("exponential", ("scale",), {"lambda": "1/scale"}, "the scale, which is the mean"),
            Form("exponential", ("mean",), {"lambda": "1/mean"}, "the mean"),
        ),
        ("E", "exponential"),
    ),
    Family(
        ("Gamma", "calG"),
        (
            Form("gamma", ("shape", "rate"), {"alpha": "shape", "beta": "rate"}, "the shape and the rate"),
            Form("gamma", ("shape", "scale"), {"alpha": "shape", "beta": "1/scale"}, "the shape and the scale", ("theta",)),
            Form("gamma", ("shape", "mean"), {"alpha": "shape", "beta": "shape/mean"}, "the shape and the mean"),
        ),
        ("Ga", "G", "gamma"),
    ),
    Family(
        ("InverseGamma", "InvGamma", "IG"),
        (
            Form("inverse gamma", ("shape", "scale"), {"alpha": "shape", "beta": "scale"}, "the shape and the scale"),
        ),
    ),
    Family(("Erlang",), (Form("Erlang", ("shape", "rate"), {"k": "shape", "lambda": "rate"}, "the shape and the rate"),)),
    Family(("Poisson", "Pois", "Poi", "Pn"), (Form("Poisson", ("mean",), {"lambda": "mean"}), Form("Poisson", ("rate",), {"lambda": "rate"})), ("Po", "P", "calP", "poisson")),
    Family(("Bernoulli", "Bern", "Ber"), (Form("Bernoulli", ("p",), {"p": "p"}), Form("Bernoulli", ("prob",), {"p": "prob"})), ("Be", "B", "bernoulli")),
    Family(
        ("Binomial", "Binom", "Bin"),
        (Form("binomial", ("trials", "p"), {"m": "trials", "p": "p"}, "the number of trials and the probability of success"),),
        ("B", "Bi", "calB"),
    ),
    Family(
        ("Geometric", "Geom", "Geo"),
        (Form("geometric", ("p",), {"p": "p"}, "the probability of success; the number of trials up to the first success is observed"),),
        ("G", "Ge", "geometric"),
    ),
    Family(
        ("NegativeBinomial", "NegBinomial", "NegBin", "NB"),
        (
            Form("negative binomial", ("size", "p"), {"r": "size", "p": "p"}, "the number of successes and their probability; the failures before are observed"),
            Form("negative binomial", ("size", "mean"), {"r": "size", "p": "size/(size+mean)"}, "the size and the mean"),
        ),
    ),
    Family(
        ("Beta",), (Form("beta", ("a", "b"), {"alpha": "a", "beta": "b"}),), ("Be", "beta"),
    ),
    Family(
        ("Uniform", "Unif", "calU"),
        (Form("uniform", ("low", "high"), {"a": "low", "b": "high"}),),
        ("U", "uniform"),
    ),
    Family(
        ("Laplace", "DoubleExponential"),
        (Form("Laplace", ("location", "scale"), {"mu": "location", "b": "scale"}, "the location and the scale"),),
        ("Lap", "DE", "laplace"),
    ),
    Family(("Logistic",), (Form("logistic", ("location", "scale"), {"mu": "location", "s": "scale"}, "the location and the scale"),)),
    Family(
        ("Cauchy", "Lorentz"),
        (Form("Cauchy", ("location", "scale"), {"mu": "location", "s": "scale"}, "the location and the scale"),),
        ("C", "cauchy"),
    ),
    Family(
        ("StudentT", "Student", "StudentsT"),
        (
            Form("Student t", ("df",), {"nu": "df", "mu": "0", "s": "1"}, "the degrees of freedom"),
            Form("Student t", ("df", "location", "scale"), {"nu": "df", "mu": "location", "s": "scale"}, "the degrees of freedom, the location and the scale"),
        ),
        ("t", "T"),
    ),
    Family(("Gumbel",), (Form("Gumbel", ("location", "scale"), {"mu": "location", "beta": "scale"}, "the location and the scale"),)),
    Family(
        ("Weibull", "Weib"),
        (Form("Weibull", ("shape", "scale"), {"k": "shape", "lambda": "scale"}, "the shape and the scale"),),
        ("W", "weibull"),
    ),
    Family(
        ("Rayleigh",),
        (
            Form("Rayleigh", ("scale",), {"sigma2": "scale**2"}, "the scale, the standard deviation of each component"),
        ),
    ),
    Family(("Maxwell",), (Form("Maxwell", ("scale",), {"a": "scale"}),)),
    Family(("HalfNormal",), (Form("half-normal", ("scale",), {"sigma": "scale"}, "the scale"),)),
    Family(
        ("Pareto", "Par"),
        (
            Form("Pareto", ("minimum", "shape"), {"x_m": "minimum", "alpha": "shape"}, "the smallest value and the shape"),
        ),
    ),
    Family(("Lomax",), (Form("Lomax", ("shape", "scale"), {"alpha": "shape", "lambda": "scale"}, "the shape and the scale"),)),
    Family(
        ("ChiSquared", "ChiSquare", "ChiSq"), (Form("chi-squared", ("df",), {"k": "df"}, "the degrees of freedom"),),
    ),
    Family(
        ("InverseGaussian", "InvGaussian", "Wald"),
        (Form("inverse Gaussian", ("mean", "shape"), {"mu": "mean", "lambda": "shape"}, "the mean and the shape"),),
    ),
    Family(
        ("LogLogistic",),
        (Form("log-logistic", ("scale", "shape"), {"alpha": "scale", "beta": "shape"}, "the scale and the shape"),),
    ),
    Family(("VonMises",), (Form("von Mises", ("mean", "concentration"), {"mu": "mean", "kappa": "concentration"}, "the mean direction and the concentration"),)),
    Family(("Hypergeometric",), (Form("hypergeometric", ("all", "marked", "drawn"), {"N": "all", "K": "marked", "m": "drawn"}, "how many there are in all, how many are marked, how many are drawn"),)),
    Family(
        ("BetaBinomial",),
        (Form("beta-binomial", ("trials", "a", "b"), {"m": "trials", "alpha": "a", "beta": "b"}, "the number of trials and the two shapes"),),
    ),
    Family(("Zeta", "Zipf"), (Form("zeta", ("s",), {"s": "s"}),)),
)  # fmt: skip


KEYWORDS = {  # an argument to what else it is called
    "mean": ("mu", "loc", "location", "m"), "sd": ("sigma", "std", "stdev", "scale", "stddev"), "variance": ("var", "sigma2", "sigma_2"),
    "rate": ("lambda", "lam", "beta", "intensity"), "scale": ("theta", "sigma", "b", "beta", "s"), "location": ("loc", "mu", "mean"),
    "shape": ("alpha", "k", "a"), "p": ("prob", "probability", "theta", "pi"), "trials": ("n", "size", "m"), "size": ("r", "n"),
    "df": ("nu", "k"), "low": ("a", "min", "lower"), "high": ("b", "max", "upper"), "a": ("alpha",), "b": ("beta",),
    "minimum": ("x_m", "scale"),
}  # fmt: skip
_SD = "Normal(mu, sd=sigma)"
_SAMPLERS = {
    "normal": _SD, "exponential": "Exponential(rate=lambda)", "gamma": "Gamma(shape, rate=beta)", "poisson": "Poisson(mu)",
    "binomial": "Binomial(n, p)", "bernoulli": "Bernoulli(p)", "laplace": "Laplace(mu, b)", "cauchy": "Cauchy(mu, s)",
    "lognormal": "LogNormal(mu, sd=sigma)", "beta": "Beta(a, b)", "studentt": "StudentT(nu, mu, s)",
}  # fmt: skip
OTHER_TOOLS = {  # modules and, in them, what a distribution is called in lower case to how it is written here
    ("stats", "st", "ss"): {
        "norm": _SD, "expon": "Exponential(scale=s)", "gamma": "Gamma(shape, scale=s)", "poisson": "Poisson(mu)",
        "binom": "Binomial(n, p)", "bernoulli": "Bernoulli(p)", "laplace": "Laplace(mu, b)", "cauchy": "Cauchy(mu, s)",
        "beta": "Beta(a, b)", "weibull_min": "Weibull(shape, scale)", "logistic": "Logistic(mu, s)", "geom": "Geometric(p)",
        "nbinom": "NegativeBinomial(r, p)", "uniform": "Uniform(low, high), with high = loc + scale", "t": "StudentT(nu, mu, s)",
        "lognorm": "LogNormal(mu, sd=s), with mu = log(scale)",
    },
    ("pm", "pymc", "pymc3", "dist", "distributions", "tfd"): _SAMPLERS,
    ("Distributions",): {"normal": _SD, "poisson": "Poisson(mu)", "exponential": "Exponential(scale=s)", "gamma": "Gamma(shape, scale=s)"},
    ("",): {  # Mathematica's and Stan's own names
        "normaldistribution": _SD, "exponentialdistribution": "Exponential(rate=lambda)", "gammadistribution": "Gamma(shape, scale=s)",
        "poissondistribution": "Poisson(mu)", "binomialdistribution": "Binomial(n, p)", "bernoullidistribution": "Bernoulli(p)",
        "weibulldistribution": "Weibull(shape, scale)", "lognormaldistribution": "LogNormal(mu, sd=sigma)",
        "laplacedistribution": "Laplace(mu, b)", "cauchydistribution": "Cauchy(mu, s)", "betadistribution": "Beta(a, b)",
        "uniformdistribution": "Uniform(low, high)", "paretodistribution": "Pareto(minimum, shape)",
        "poisson_log": "Poisson(exp(eta)), where eta is the argument of poisson_log",
        "bernoulli_logit": "Bernoulli(1/(1 + exp(-(eta)))), where eta is the argument of bernoulli_logit",
        "binomial_logit": "Binomial(n, 1/(1 + exp(-(eta)))), where eta is the second argument of binomial_logit",
        "neg_binomial_2": "NegativeBinomial(size=phi, mean=mu)", "std_normal": "Normal(0, 1)",
    },
}  # fmt: skip
FUNCTIONS = frozenset({"Beta", "Zeta", "Gamma", "Exp"})  # names that are a function's inside a formula


def elsewhere(module: str, name: str) -> str | None:
    """How a distribution that another tool calls so is written here; module: the last name before the dot, or ""."""
    return next((there.get(name.casefold()) for modules, there in OTHER_TOOLS.items() if module in modules), None)


def family(name: str, arguments: int, alone: bool, said: bool = False) -> tuple[Family, ...]:
    """The families that a name before so many arguments may stand for; alone: whether it is all, or stands after a tilde.
    said: whether it is one of several after a tilde, outside the brackets of any other."""
    key = name.replace("_", "").replace(" ", "").replace("-", "")
    found = [f for f in FAMILIES if any(arguments in (len(g.arguments), len(g.arguments) + 1) for g in f.forms if g.arguments)]
    if not alone:
        return tuple(f for f in found if key in f.names and (said or key not in FUNCTIONS) and (len(key) > 2 or arguments > 1))
    return tuple(f for f in found if key in f.short or key.casefold() in map(str.casefold, f.names))


__all__ = ["FAMILIES", "KEYWORDS", "Family", "Form", "elsewhere", "family"]
