"""Continuous distributions."""

from __future__ import annotations

from .entry import Entry

CUD1, CUD2 = "Continuous Univariate Distributions, volume 1", "Continuous Univariate Distributions, volume 2"
JKB = "Johnson, Kotz and Balakrishnan"
POSITIVE, REAL = "positive", "real"

ON_THE_LINE = (
    Entry(
        "normal", r"\frac{1}{\sqrt{2\pi\sigma^2}} \exp\left(-\frac{(x-\mu)^2}{2\sigma^2}\right)", {"mu": REAL, r"\sigma^2": POSITIVE}, "real",
        "Errors of measurement, and sums of many small independent effects.", (JKB, CUD1, "chapter 13"), ("Gaussian", "Gauss", "norm"),
    ),
    Entry(
        "Laplace", r"\frac{1}{2b} \exp\left(-\frac{|x-\mu|}{b}\right)", {"mu": REAL, "b": POSITIVE}, "real",
        "Errors with tails heavier than the normal; the difference of two independent waits with the same exponential law.", (JKB, CUD2, "chapter 24"), ("double exponential",),
    ),
    Entry(
        "logistic", r"\frac{e^{-(x-\mu)/s}}{s(1+e^{-(x-\mu)/s})^2}", {"mu": REAL, "s": POSITIVE}, "real",
        "Like the normal with somewhat heavier tails; its distribution function is the logistic curve of growth.", (JKB, CUD2, "chapter 23"),
    ),
    Entry(
        "Cauchy", r"\frac{1}{\pi s\left(1+\left(\frac{x-\mu}{s}\right)^2\right)}", {"mu": REAL, "s": POSITIVE}, "real",
        "A ratio of two centred normal variables; it has no mean.", (JKB, CUD1, "chapter 16"), ("Lorentz", "Cauchy–Lorentz"),
    ),
    Entry(
        "Student t", r"\frac{\Gamma\left(\frac{\nu+1}{2}\right)}{s\sqrt{\nu\pi}\,\Gamma\left(\frac{\nu}{2}\right)}"
        r"\left(1+\frac{(x-\mu)^2}{\nu s^2}\right)^{-\frac{\nu+1}{2}}", {"mu": REAL, "s": POSITIVE}, "real",
        "Errors with heavy tails; the smaller the degrees of freedom, the heavier.", (JKB, CUD2, "chapter 28"), ("t", "Student", "Student’s t", "Student's"), {"nu": POSITIVE},
    ),
    Entry(
        "Gumbel", r"\frac{1}{\beta} \exp\left(-\frac{x-\mu}{\beta}-e^{-(x-\mu)/\beta}\right)", {"mu": REAL, "beta": POSITIVE}, "real",
        "The largest of many observations: floods, highest temperatures.", (JKB, CUD2, "chapter 22"), ("extreme value", "type I extreme value"),
    ),
    Entry(
        "hyperbolic secant", r"\frac{1}{2\cosh\left(\frac{\pi}{2}(x-\mu)\right)}", {"mu": REAL}, "real",
        "Bell-shaped, with exponential tails.", (JKB, CUD2, "chapter 23"),
    ),
    Entry(
        "exponential power", r"\frac{\beta}{2 a\,\Gamma(1/\beta)} \exp\left(-\frac{|x|^\beta}{a^\beta}\right)", {"a": POSITIVE}, "real",
        "Centred errors between the Laplace (exponent 1) and the normal (exponent 2) distribution and beyond.",
        ("Subbotin", "On the law of frequency of error, Matematicheskii Sbornik 31 (1923)", "pages 296–301"),
        ("generalised normal", "Subbotin"), {"beta": POSITIVE},
    ),
    Entry(
        "Moyal", r"\frac{1}{\sqrt{2\pi}\,\sigma} \exp\left(-\frac{1}{2}\left(\frac{x-\mu}{\sigma}+e^{-(x-\mu)/\sigma}\right)\right)",
        {"mu": REAL, "sigma": POSITIVE}, "real", "The energy that a fast charged particle loses in a thin layer.",
        ("Moyal", "Theory of ionization fluctuations, Philosophical Magazine 46 (1955)", "pages 263–280"),
    ),
    Entry(
        "generalised logistic", r"\frac{\alpha e^{-x}}{(1+e^{-x})^{\alpha+1}}", {"alpha": POSITIVE}, "real",
        "A logistic variable with skewness.", (JKB, CUD2, "chapter 23"), ("type I generalised logistic", "skew-logistic"),
    ),
)  # fmt: skip

POSITIVE_VALUES = (
    Entry(
        "exponential", r"\lambda e^{-\lambda x}", {"lambda": POSITIVE}, "x > 0",
        "The wait for an event that comes at a constant rate.", (JKB, CUD1, "chapter 19"),
    ),
    Entry(
        "exponential with mean", r"\frac{1}{\theta} e^{-x/\theta}", {"theta": POSITIVE}, "x > 0",
        "The exponential distribution by its mean.", (JKB, CUD1, "chapter 19"), ("exponential scale",),
    ),
    Entry(
        "shifted exponential", r"\lambda e^{-\lambda(x-\theta)}", {"lambda": POSITIVE, "theta": REAL}, "x >= theta",
        "A wait with a dead time before it.", (JKB, CUD1, "chapter 19"), ("two-parameter exponential",),
    ),
    Entry(
        "gamma", r"\frac{\beta^\alpha}{\Gamma(\alpha)} x^{\alpha-1} e^{-\beta x}", {"alpha": POSITIVE, "beta": POSITIVE}, "x > 0",
        "Waits for several events, rainfall, sizes of claims.", (JKB, CUD1, "chapter 17"),
    ),
    Entry(
        "gamma with scale", r"\frac{1}{\Gamma(k)\theta^k} x^{k-1} e^{-x/\theta}", {"k": POSITIVE, "theta": POSITIVE}, "x > 0",
        "The gamma distribution by its scale.", (JKB, CUD1, "chapter 17"), ("gamma scale",),
    ),
    Entry(
        "Erlang", r"\frac{\lambda^k x^{k-1} e^{-\lambda x}}{(k-1)!}", {"lambda": POSITIVE}, "x > 0",
        "The wait for the k-th event of a steady stream.", (JKB, CUD1, "chapter 17"), (), {"k": "integer >= 1"},
    ),
    Entry(
        "chi-squared", r"\frac{1}{2^{k/2}\Gamma(k/2)} x^{k/2-1} e^{-x/2}", {"k": POSITIVE}, "x > 0",
        "A sum of squares of standard normal variables.", (JKB, CUD1, "chapter 18"), ("chi-square", "chi2"),
    ),
    Entry(
        "chi", r"\frac{1}{2^{k/2-1}\Gamma(k/2)} x^{k-1} e^{-x^2/2}", {"k": POSITIVE}, "x > 0",
        "The length of a vector of standard normal variables.", (JKB, CUD1, "chapter 18"),
    ),
    Entry(
        "inverse gamma", r"\frac{\beta^\alpha}{\Gamma(\alpha)} x^{-\alpha-1} e^{-\beta/x}", {"alpha": POSITIVE, "beta": POSITIVE}, "x > 0",
        "The reciprocal of a gamma variable.", (JKB, CUD1, "chapter 17"),
    ),
    Entry(
        "generalised gamma", r"\frac{c\,\beta^{c k}}{\Gamma(k)} x^{c k-1} e^{-(\beta x)^c}", {"beta": POSITIVE}, "x > 0",
        "Lifetimes: gamma, Weibull and half-normal in one family; both shapes are known here.",
        ("Stacy", "A generalization of the gamma distribution, Annals of Mathematical Statistics 33 (1962)", "pages 1187–1192"), ("Stacy",),
        {"c": POSITIVE, "k": POSITIVE},
    ),
    Entry(
        "log-normal", r"\frac{1}{x\sqrt{2\pi\sigma^2}} \exp\left(-\frac{(\ln x-\mu)^2}{2\sigma^2}\right)", {"mu": REAL, r"\sigma^2": POSITIVE},
        "x > 0", "Products of many small independent effects: incomes, sizes of particles.", (JKB, CUD1, "chapter 14"), ("Galton",),
    ),
    Entry(
        "half-normal", r"\frac{\sqrt{2}}{\sigma\sqrt{\pi}} \exp\left(-\frac{x^2}{2\sigma^2}\right)", {"sigma": POSITIVE}, "x > 0",
        "The size of a centred normal error.", (JKB, CUD1, "chapter 13"),
    ),
    Entry(
        "folded normal", r"\frac{1}{\sigma\sqrt{2\pi}}\left(e^{-\frac{(x-\mu)^2}{2\sigma^2}}+e^{-\frac{(x+\mu)^2}{2\sigma^2}}\right)",
        {"mu": "nonnegative", "sigma": POSITIVE}, "x > 0", "The size of a normal variable whose sign is lost.",
        ("Leone, Nelson and Nottingham", "The folded normal distribution, Technometrics 3 (1961)", "pages 543–550"),
    ),
    Entry(
        "Weibull", r"\frac{k}{\lambda}\left(\frac{x}{\lambda}\right)^{k-1} e^{-(x/\lambda)^k}", {"k": POSITIVE, "lambda": POSITIVE}, "x > 0",
        "Lifetimes whose rate of failure grows or falls as a power of age.", (JKB, CUD1, "chapter 21"),
    ),
    Entry(
        "Rayleigh", r"\frac{x}{\sigma^2} \exp\left(-\frac{x^2}{2\sigma^2}\right)", {r"\sigma^2": POSITIVE}, "x > 0",
        "The length of a vector with two independent normal components of mean 0 and equal variance: wind speed, range errors.", (JKB, CUD1, "chapter 18"),
    ),
    Entry(
        "Maxwell", r"\sqrt{\frac{2}{\pi}} \frac{x^2}{a^3} \exp\left(-\frac{x^2}{2a^2}\right)", {"a": POSITIVE}, "x > 0",
        "The speed of a molecule of a gas.", (JKB, CUD1, "chapter 18"), ("Maxwell–Boltzmann",),
    ),
    Entry(
        "Nakagami", r"\frac{2 m^m}{\Gamma(m)\Omega^m} x^{2m-1} \exp\left(-\frac{m x^2}{\Omega}\right)", {"m": POSITIVE, "Omega": POSITIVE}, "x > 0",
        "The strength of a radio signal that fades.",
        ("Nakagami", "The m-distribution, in Statistical Methods in Radio Wave Propagation (1960)", "pages 3–36"),
    ),
    Entry(
        "Rice", r"\frac{x}{s^2} \exp\left(-\frac{x^2+\nu^2}{2 s^2}\right) I_0\left(\frac{x\nu}{s^2}\right)", {"nu": "nonnegative"}, "x > 0",
        "The strength of a signal in noise of known size.",
        ("Rice", "Mathematical analysis of random noise, Bell System Technical Journal 24 (1945)", "section 3.10"), ("Rician",), {"s": POSITIVE},
    ),
    Entry(
        "Pareto", r"\frac{\alpha x_m^\alpha}{x^{\alpha+1}}", {"alpha": POSITIVE, "x_m": POSITIVE}, "x >= x_m",
        "Large incomes, sizes of cities, big losses.", (JKB, CUD1, "chapter 20"), ("Pareto type I",),
    ),
    Entry(
        "Lomax", r"\frac{\alpha}{\lambda}\left(1+\frac{x}{\lambda}\right)^{-(\alpha+1)}", {"alpha": POSITIVE, "lambda": POSITIVE}, "x > 0",
        "Heavy-tailed losses and lifetimes.", (JKB, CUD1, "chapter 20"), ("Pareto type II",),
    ),
    Entry(
        "log-logistic", r"\frac{(\beta/\alpha)(x/\alpha)^{\beta-1}}{\left(1+(x/\alpha)^\beta\right)^2}", {"alpha": POSITIVE, "beta": POSITIVE},
        "x > 0", "Survival times whose rate rises and then falls; incomes.", (JKB, CUD2, "chapter 23"), ("Fisk",),
    ),
    Entry(
        "Fréchet", r"\frac{\alpha}{s}\left(\frac{x}{s}\right)^{-1-\alpha} e^{-(x/s)^{-\alpha}}", {"alpha": POSITIVE, "s": POSITIVE}, "x > 0",
        "The largest of many heavy-tailed observations.", (JKB, CUD2, "chapter 22"), ("inverse Weibull", "type II extreme value"),
    ),
    Entry(
        "Gompertz", r"b\eta\, e^{b x} \exp\left(-\eta(e^{b x}-1)\right)", {"eta": POSITIVE, "b": POSITIVE}, "x > 0",
        "Human lifetimes: the rate of death grows exponentially with age.",
        ("Gompertz", "On the nature of the function expressive of the law of human mortality, Philosophical Transactions 115 (1825)",
         "pages 513–583"),
    ),
    Entry(
        "inverse Gaussian", r"\sqrt{\frac{\lambda}{2\pi x^3}} \exp\left(-\frac{\lambda(x-\mu)^2}{2\mu^2 x}\right)",
        {"mu": POSITIVE, "lambda": POSITIVE}, "x > 0", "The time at which a drifting Brownian motion first reaches a level.",
        (JKB, CUD1, "chapter 15"), ("Wald",),
    ),
    Entry(
        "Lévy", r"\sqrt{\frac{c}{2\pi}}\, x^{-3/2} e^{-\frac{c}{2x}}", {"c": POSITIVE}, "x > 0",
        "The time at which a Brownian motion without drift first reaches a level.", (JKB, CUD1, "chapter 15"),
    ),
    Entry(
        "Birnbaum–Saunders", r"\frac{1}{2\alpha\beta\sqrt{2\pi}}\left(\left(\frac{\beta}{x}\right)^{1/2}+\left(\frac{\beta}{x}\right)^{3/2}\right)"
        r"\exp\left(-\frac{1}{2\alpha^2}\left(\frac{x}{\beta}+\frac{\beta}{x}-2\right)\right)", {"alpha": POSITIVE, "beta": POSITIVE}, "x > 0",
        "Lifetimes of material under repeated load.",
        ("Birnbaum and Saunders", "A new family of life distributions, Journal of Applied Probability 6 (1969)", "pages 319–327"),
        ("fatigue life",),
    ),
    Entry(
        "Burr XII", r"c k \frac{x^{c-1}}{(1+x^c)^{k+1}}", {"c": POSITIVE, "k": POSITIVE}, "x > 0", "Incomes and lifetimes.",
        ("Burr", "Cumulative frequency functions, Annals of Mathematical Statistics 13 (1942)", "pages 215–232"), ("Burr", "Singh–Maddala"),
    ),
    Entry(
        "Dagum", r"\frac{a p}{x} \frac{(x/b)^{a p}}{\left((x/b)^a+1\right)^{p+1}}", {"a": POSITIVE, "b": POSITIVE, "p": POSITIVE}, "x > 0",
        "Incomes.", ("Dagum", "A new model of personal income distribution, Economie Appliquée 30 (1977)", "pages 413–437"),
    ),
    Entry(
        "Lindley", r"\frac{\theta^2}{1+\theta}(1+x)e^{-\theta x}", {"theta": POSITIVE}, "x > 0", "Waits and lifetimes.",
        ("Lindley", "Fiducial distributions and Bayes' theorem, Journal of the Royal Statistical Society B 20 (1958)", "pages 102–107"),
    ),
    Entry(
        "half-Cauchy", r"\frac{2}{\pi s\left(1+(x/s)^2\right)}", {"s": POSITIVE}, "x > 0", "The size of a centred Cauchy variable.",
        (JKB, CUD1, "chapter 16"),
    ),
    Entry(
        "half-logistic", r"\frac{2 e^{-x/s}}{s(1+e^{-x/s})^2}", {"s": POSITIVE}, "x > 0", "The size of a centred logistic variable.",
        (JKB, CUD2, "chapter 23"),
    ),
    Entry(
        "generalised exponential", r"\alpha\lambda(1-e^{-\lambda x})^{\alpha-1}e^{-\lambda x}", {"alpha": POSITIVE, "lambda": POSITIVE}, "x > 0",
        "The largest of several exponential waits; lifetimes.",
        ("Gupta and Kundu", "Generalized exponential distributions, Australian and New Zealand Journal of Statistics 41 (1999)",
         "pages 173–188"), ("exponentiated exponential",),
    ),
    Entry(
        "Marshall–Olkin exponential", r"\frac{\alpha\lambda e^{-\lambda x}}{\left(1-(1-\alpha)e^{-\lambda x}\right)^2}",
        {"alpha": POSITIVE, "lambda": POSITIVE}, "x > 0", "Lifetimes: an exponential family with one more parameter.",
        ("Marshall and Olkin", "A new method for adding a parameter to a family of distributions, Biometrika 84 (1997)", "pages 641–652"),
    ),
    Entry(
        "beta prime", r"\frac{x^{\alpha-1}(1+x)^{-\alpha-\beta}}{\mathrm{B}(\alpha,\beta)}", {"alpha": POSITIVE, "beta": POSITIVE}, "x > 0",
        "The odds that belong to a beta probability.", (JKB, CUD2, "chapter 25"), ("inverted beta",),
    ),
    Entry(
        "linear failure rate", r"(a+b x) e^{-a x-b x^2/2}", {"a": POSITIVE, "b": POSITIVE}, "x > 0",
        "Lifetimes whose rate of failure grows linearly with age.",
        ("Bain", "Analysis for the linear failure-rate life-testing distribution, Technometrics 16 (1974)", "pages 551–559"),
    ),
)  # fmt: skip

BOUNDED = (
    Entry(
        "uniform", r"\frac{1}{b-a}", {"a": REAL, "b": REAL}, "a <= x <= b", "Any value between two ends, none preferred.",
        (JKB, CUD2, "chapter 26"), ("rectangular",),
    ),
    Entry(
        "uniform from zero", r"\frac{1}{\theta}", {"theta": POSITIVE}, "0 <= x <= theta", "Any value up to an end, none preferred.",
        (JKB, CUD2, "chapter 26"),
    ),
    Entry(
        "beta", r"\frac{x^{\alpha-1}(1-x)^{\beta-1}}{\mathrm{B}(\alpha,\beta)}", {"alpha": POSITIVE, "beta": POSITIVE}, "0 < x < 1",
        "Proportions and probabilities.", (JKB, CUD2, "chapter 25"),
    ),
    Entry(
        "power function", r"\theta x^{\theta-1}", {"theta": POSITIVE}, "0 < x < 1", "Proportions; the largest of several uniform values.",
        (JKB, CUD2, "chapter 25"), ("standard power",),
    ),
    Entry(
        "Kumaraswamy", r"a b x^{a-1}(1-x^a)^{b-1}", {"a": POSITIVE, "b": POSITIVE}, "0 < x < 1",
        "Proportions, with a distribution function in closed form.",
        ("Kumaraswamy", "A generalized probability density function for double-bounded random processes, Journal of Hydrology 46 (1980)",
         "pages 79–88"),
    ),
    Entry(
        "Topp–Leone", r"2\nu(1-x)\left(x(2-x)\right)^{\nu-1}", {"nu": POSITIVE}, "0 < x < 1", "Proportions and times of failure.",
        ("Topp and Leone", "A family of J-shaped frequency functions, Journal of the American Statistical Association 50 (1955)",
         "pages 209–219"),
    ),
    Entry(
        "von Mises", r"\frac{e^{\kappa\cos(x-\mu)}}{2\pi I_0(\kappa)}", {"mu": "[0, 2*pi]", "kappa": "nonnegative"}, "0 <= x <= 2*pi",
        "Directions and times of day.",
        ("Mardia and Jupp", "Directional Statistics", "section 3.5.4"), ("circular normal",),
    ),
    Entry(
        "cardioid", r"\frac{1+2\rho\cos x}{2\pi}", {"rho": "[-1/2, 1/2]"}, "0 <= x <= 2*pi", "Directions that prefer one side a little.",
        ("Mardia and Jupp", "Directional Statistics", "section 3.5.5"),
    ),
    Entry(
        "Bradford", r"\frac{c}{\ln(1+c)(1+c x)}", {"c": POSITIVE}, "0 < x < 1", "How references are spread over journals.",
        ("Bradford", "Sources of information on specific subjects, Engineering 137 (1934)", "pages 85–86"),
    ),
    Entry(
        "truncated exponential", r"\frac{\lambda e^{-\lambda x}}{1-e^{-\lambda c}}", {"lambda": POSITIVE}, "0 < x < c",
        "A wait that could be seen only up to a known time.", (JKB, CUD1, "chapter 19"), (), {"c": POSITIVE},
    ),
    Entry(
        "triangular", r"\frac{2(\theta-x)}{\theta^2}", {"theta": POSITIVE}, "0 <= x <= theta", "Values that thin out towards an upper end.",
        (JKB, CUD2, "chapter 26"), ("right triangular",),
    ),
)  # fmt: skip

ENTRIES = (*ON_THE_LINE, *POSITIVE_VALUES, *BOUNDED)
