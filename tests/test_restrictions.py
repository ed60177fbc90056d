"""Supports that are conditions on the observation and the parameters; likelihoods without bound.

The numbers were found with SciPy: differential evolution over the admissible region, then Nelder and Mead.
"""

import pytest

import derive

FLOODS = [2.3, 4.1, 1.2, 3.3, 5.8, 2.9, 3.6, 9.4, 2.0, 4.7]
LOSSES = [0.4, 1.9, 0.7, 3.8, 1.1, 0.2, 2.6, 8.5, 0.9, 1.4]
SHARES = [0.3, 0.8, 1.1, 0.5, 1.4, 0.9, 0.65, 1.25, 0.2, 1.02]
SIGNED = [0.3, -0.8, 1.1, -0.5, 0.9, -1.3]
GEV = "(1+xi*(x-mu)/sigma)**(-1/xi-1)*exp(-(1+xi*(x-mu)/sigma)**(-1/xi))/sigma"
GPD = "(1/sigma)*(1+xi*x/sigma)**(-1/xi-1)"
GPD_LATEX = r"\frac{1}{\sigma}\left(1+\frac{\xi x}{\sigma}\right)^{-1/\xi-1}"
WEIBULL = "(k/lambda_)*((x-mu)/lambda_)**(k-1)*exp(-((x-mu)/lambda_)**k)"
LOGNORMAL = r"\frac{1}{(x-\gamma)\sigma\sqrt{2\pi}}\exp\left(-\frac{(\ln(x-\gamma)-\mu)^2}{2\sigma^2}\right)"
ABOVE = {"sigma": "positive", "xi": "(-1/2, oo)"}
LATEX = {r"\sigma": "positive", r"\xi": "(-1/2, oo)"}
BOTH = "x > 0, 1 + xi*x/sigma > 0"
PARETO = {"sigma": 1.9092270496, "xi": 0.1134181446}
CASES = {  # question, data, estimates (None: no maximum)
    "gev": ({"density": GEV, "parameters": {"mu": "real", **ABOVE}, "support": "1 + xi*(x-mu)/sigma > 0"}, FLOODS,
            {"mu": 2.8418070878, "sigma": 1.4583570063, "xi": 0.1530427290}),
    "gev, any shape": ({"density": GEV, "parameters": {"mu": "real", "sigma": "positive", "xi": "real"}}, FLOODS, None),
    "gpd": ({"density": GPD, "parameters": ABOVE, "support": BOTH}, LOSSES, PARETO),
    "gpd, half of the support stated": ({"density": GPD, "parameters": ABOVE, "support": "x > 0"}, LOSSES, PARETO),
    "gpd, support not stated": ({"density": GPD, "parameters": ABOVE, "variable": "x"}, LOSSES, PARETO),
    "gpd, a condition": ({"density": GPD_LATEX + r", \quad x > 0,\ 1 + \xi x/\sigma > 0", "parameters": LATEX}, LOSSES, PARETO),
    "gpd, cases": ({"density": r"\begin{cases}" + GPD_LATEX + r" & x>0,\ 1+\xi x/\sigma>0\\ 0&\text{otherwise}\end{cases}", "parameters": LATEX},
                   LOSSES, PARETO),
    "gpd, other sign": ({"density": "(1-kappa*x/a)**(1/kappa-1)/a", "parameters": {"a": "positive", "kappa": "(-oo, 1/2)"},
                             "support": "x > 0, 1 - kappa*x/a > 0"}, LOSSES, {"a": 1.9092270496, "kappa": -0.1134181446}),
    "gpd, any shape": ({"density": GPD, "parameters": {"sigma": "positive", "xi": "real"}, "support": BOTH}, LOSSES, None),
    "gpd, short tail": ({"density": GPD, "parameters": ABOVE, "support": BOTH}, SHARES, None),
    "gpd, shape known": ({"density": GPD, "parameters": {"sigma": "positive"}, "known": {"xi": "-1/4"}, "support": BOTH}, SHARES, {"sigma": 0.8658733298}),
    "gpd, scale known": ({"density": GPD, "parameters": {"xi": "(-1, oo)"}, "known": {"sigma": 2}, "support": BOTH}, LOSSES, {"xi": 0.0889176175}),
    "gpd, shape 0": ({"density": GPD, "parameters": ABOVE, "support": BOTH}, [1, 1, 1, 1, 6], {"sigma": 2, "xi": 0}),
    "gpd, shape near 0": ({"density": GPD, "parameters": ABOVE, "support": BOTH}, [1, 1, 1, 1, 6.001], {"sigma": 1.9999000248, "xi": 1.49976333137e-4}),
    "gpd with a threshold": ({"density": "(1/sigma)*(1+xi*(x-mu)/sigma)**(-1/xi-1)", "parameters": {"mu": "real", **ABOVE},
                                  "support": "x >= mu, 1 + xi*(x-mu)/sigma > 0"}, LOSSES, {"mu": 0.2, "sigma": 1.4266467173, "xi": 0.2845423806}),
    "q-exponential": ({"density": "(2-q)*b*(1-(1-q)*b*x)**(1/(1-q))", "parameters": {"q": "(1/2, 2)", "b": "positive"},
                           "support": "x > 0, 1-(1-q)*b*x > 0"}, LOSSES, {"q": 1.1018648251, "b": 0.5831774407}),
    "weibull with a threshold": ({"density": WEIBULL, "parameters": {"k": "positive", "lambda_": "positive", "mu": "real"}, "support": "x > mu"}, FLOODS, None),
    "its shape known": ({"density": WEIBULL, "parameters": {"lambda_": "positive", "mu": "real"}, "known": {"k": 3}, "support": "(x-mu)/lambda_ > 0"},
                        FLOODS, {"lambda": 6.6064216674, "mu": -1.8129638770}),
    "log-normal with a threshold": ({"density": LOGNORMAL, "parameters": {r"\mu": "real", r"\sigma": "positive", r"\gamma": "real"}, "support": "x > gamma"},
                                    FLOODS, None),
    "uniform, a product": ({"density": "theta", "parameters": {"theta": "positive"}, "variable": "x", "support": "0 < theta*x, theta*x < 1"}, SHARES, {"theta": 1 / 1.4}),
    "rayleigh from a square on": ({"density": "2*theta*x*exp(-theta*x**2+theta*c)", "parameters": {"theta": "positive", "c": "positive"},
                                   "variable": "x", "support": "x > 0, x**2 > c"}, [1.3, 2.2, 1.9, 3.1], {"c": 1.69, "theta": 400 / 1299}),
    "uniform, a square": ({"density": "1/(2*sqrt(theta))", "parameters": {"theta": "positive"}, "variable": "x", "support": "x**2 < theta"}, SIGNED, {"theta": 1.69}),
    "semicircle, a square": ({"density": "2*sqrt(R**2-x**2)/(pi*R**2)", "parameters": {"R": "positive"}, "variable": "x", "support": "x**2 < R**2"}, SIGNED,
                             {"R": 1.4719708694}),
    "parabola": ({"density": "3*(1-((x-m)/h)**2)/(4*h)", "parameters": {"h": "positive", "m": "real"}, "variable": "x", "support": "1-((x-m)/h)**2 > 0"}, SIGNED,
                 {"h": 1.6728701028, "m": -0.0650094422}),
    "exponential, a quotient": ({"density": "exp(-(x-mu)/s)/s", "parameters": {"s": "positive", "mu": "real"}, "support": "(x-mu)/s >= 0"}, LOSSES,
                                {"s": 1.95, "mu": 0.2}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_estimates_under_a_condition(name):
    question, data, wanted = CASES[name]
    try:
        d = derive.mle(**question, data=data)
    except derive.NotSupported as e:  # no maximum, which is seen and not proved
        assert wanted is None and "no solution of the score equations" in e.message
        return
    assert d.verified
    if wanted is None:
        assert d.outcome == "none" and not d.numeric
    else:
        assert d.outcome == "unique" and d.numeric == pytest.approx(wanted, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("name, said", [
    ("gev, any shape", r"It grows without bound, since $1 - 2 [x_{(n)} - \mu]$ goes to $0$ and has a negative exponent"),
    ("gpd, any shape", r"let $\sigma$ fall to $2 x_{(n)}$"),
    ("weibull with a threshold", r"let $\mu$ rise to $x_{(1)}$"),
    ("log-normal with a threshold", r"the log-likelihood grows without bound"),
])  # fmt: skip
def test_no_sample_has_a_maximum(name, said):
    d = derive.mle(**CASES[name][0])
    assert d.outcome == "none" and d.verified and said in d.to_markdown()


def test_a_symbolic_sample_under_a_condition():
    d = derive.mle(**CASES["gpd"][0])
    assert d.evaluate(LOSSES) == pytest.approx(PARETO, rel=1e-8)
    text = d.to_markdown()
    assert r"\mathbf{1}\{1 + \frac{\xi x_{(1)}}{\sigma} > 0,\ 1 + \frac{\xi x_{(n)}}{\sigma} > 0\}" in text
    assert r"At $\xi = 0$ the density is the limit of this expression" in text


def test_what_the_parameters_do_not_allow():
    d = derive.mle(**CASES["gpd"][0], data=LOSSES, at={"xi": "-2/5", "sigma": "1"})
    assert "some observation lies outside the support" in d.to_markdown()
    with pytest.raises(derive.DeriveError, match="not supported"):  # the border is not that of an interval
        derive.mle("(3/2)*c**3*abs(x)**(-4)", parameters={"c": "positive"}, variable="x", support="abs(x) > c", data=SIGNED)


def test_a_density_that_does_not_total_1_over_its_condition():
    with pytest.raises(derive.DeriveError, match="integrates to"):
        derive.mle("2*" + GPD, parameters=ABOVE, support=BOTH)


@pytest.mark.parametrize("question, said", [
    ({"density": "exp(-x/t)/t", "parameters": {"t": "positive"}, "support": "x >= 0", "data": [0, 0, 0]}, "grows without bound as $t$ approaches $0$"),
    ({"density": "theta**x*(1-theta)**(1-x)", "parameters": {"theta": "(0, 1/2)"}, "data": [1, 1, 0]}, r"approaches its supremum without attaining it as $\theta$"),
    ({"density": "lambda**x*exp(-lambda)/factorial(x)", "parameters": {"lambda": "positive"}, "data": [0, 0]}, r"approaches its supremum without attaining it as $\lambda$"),
    ({"density": "exp(-x**2/(2*s**2))/(s*sqrt(2*pi))", "parameters": {"s": "positive"}, "data": [0, 0]}, "grows without bound as $s$ approaches $0$"),
])  # fmt: skip
def test_growth_and_supremum_are_told_apart(question, said):
    d = derive.mle(**question)
    assert d.outcome == "none" and said in d.to_markdown()
