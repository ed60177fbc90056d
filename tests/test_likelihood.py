"""A likelihood given as a whole: counts in its exponents, given or named."""

import pytest
import sympy as sp

import derive

GIVEN = [  # likelihood, parameters, known, estimates
    ("(1+theta)**112*(1-theta)**31", None, None, {"theta": "81/143"}),
    (r"\left(\tfrac12+\tfrac{\theta}{4}\right)^{125}\left(\tfrac{1-\theta}{4}\right)^{38}\left(\tfrac{\theta}{4}\right)^{34}", None, None,
     {"theta": "(15 + sqrt(53809))/394"}),
    ("((1-t)**2)**x1*(2*t*(1-t))**x2*(t**2)**x3", {"t": "(0,1)"}, {"x1": 342, "x2": 500, "x3": 187}, {"t": "437/1029"}),
    ("((1-r)/2)**(a1+a4)*(r/2)**(a2+a3)", None, ["a1", "a2", "a3", "a4"], {"r": "(a2+a3)/(a1+a2+a3+a4)"}),
    ("((1-p)**2)**n0*(2*p*(1-p))**n1*(p**2)**n2", None, ["n0", "n1", "n2"], {"p": "(2*n2+n1)/(2*(n0+n1+n2))"}),
    ("a**n01*(1-a)**n00*b**n10*(1-b)**n11", None, ["n00", "n01", "n10", "n11"], {"a": "n01/(n00+n01)", "b": "n10/(n10+n11)"}),
    ("lambda**n*exp(-lambda*s)", None, ["n", "s"], {"lambda": "n/s"}),
]  # fmt: skip


@pytest.mark.parametrize("likelihood, parameters, known, estimates", GIVEN, ids=[g[0][:30] for g in GIVEN])
def test_estimates(likelihood, parameters, known, estimates):
    if parameters is None and known is not None:
        parameters = list(estimates)
    d = derive.mle(likelihood=likelihood, parameters=parameters, known=known)
    assert d.outcome == "unique" and d.verified
    for name, text in estimates.items():
        assert sp.simplify(d.estimates[name] - sp.sympify(text)) == 0
    assert (d.numeric is not None) == (known is None or isinstance(known, dict))


def test_what_does_not_hold_the_parameter_is_left_out():
    text = derive.mle(likelihood="(1/4)**2*p**2*(1/2-p)", parameters={"p": "(0,1/2)"}).to_markdown()
    assert r"L(p) \propto p^{2} (1 - 2 p)" in text and "not affect where the maximum is; leave" in text


def test_the_domain_is_where_every_base_is_a_probability():
    assert derive.Problem(likelihood="(1+t)**10*(1-t)**30").parameters["t"].words() == "between -1 and 1"
    assert derive.Problem(likelihood="binomial(12,x)*binomial(N-12,5-x)/binomial(N,5)", parameters={"N": "integer >= 1"},
                          known={"x": 2}).parameters["N"].words() == "a whole number, at least 15"  # fmt: skip


@pytest.mark.parametrize("more", [{"data": [1, 2]}, {"density": "p"}, {"variable": "x"}, {"n": 3}])
def test_a_likelihood_goes_alone(more):
    with pytest.raises(derive.NotValid, match="does not go together"):
        derive.mle(likelihood="p**3*(1-p)**2", **more)


def test_an_end_of_whole_numbers_may_be_a_constraint() -> None:
    q = {"likelihood": "binomial(60, 13)*binomial(N-60, 37)/binomial(N, 50)", "parameters": {"N": "integer"}}
    assert derive.mle(**q, constraints=["N >= 97"]).numeric == {"N": 230.0}
    assert derive.mle(**q, constraints=["N >= 300"]).numeric == {"N": 300.0}


def test_rising_factorials() -> None:  # Ewens (1972), Theoretical Population Biology 3: 6 alleles in 20 genes
    assert derive.mle(likelihood="t**6/RisingFactorial(t, 20)", parameters={"t": "positive"}).numeric["t"] == pytest.approx(
        2.5236381683974654
    )


def test_a_parameter_may_be_called_as_a_distribution() -> None:
    assert derive.mle(likelihood="beta", parameters={"beta": "[0, 1]"}).numeric == {"beta": 1.0}


def test_a_whole_number_by_the_ratio_of_neighbours():
    q = {"likelihood": "binomial(M,x)*binomial(N-M,n-x)/binomial(N,n)", "parameters": {"N": "positive integer"}}
    d = derive.mle(**q, known={"M": 42, "n": 41, "x": 5})
    assert d.numeric == {"N": 344} and d.outcome == "unique" and "Ratio of neighbours" in d.to_markdown()
    assert derive.mle(**q, known={"M": 30, "n": 20, "x": 6}).estimates == {"N": sp.FiniteSet(99, 100)}


def test_a_slope_of_unknown_sign_has_no_maximum():
    d = derive.mle(likelihood="exp(theta*(a-b))", known=["a", "b"])
    assert d.outcome == "none"
    assert "Only if $a - b = 0$" in d.to_markdown()


def test_an_even_power_of_a_real_letter():
    assert derive.mle(likelihood="t**2/(1+t**4)", parameters={"t": "real"}).outcome == "not unique"


OF_DATA = [  # likelihood with letters that are data unless they are declared: the estimates
    (r"\theta^n e^{-\theta n\bar{x}}", {"theta": "1/xbar"}),
    (r"e^{-n(\bar x-\mu)^2/2}", {"mu": "xbar"}),
    (r"\lambda^n\beta^n e^{-n\lambda\bar x-\beta n\bar y}", {"lambda": "1/xbar", "beta": "1/ybar"}),
    (r"\binom{n}{3}\left(\frac12\right)^n", {"n": "{5, 6}"}),
]


@pytest.mark.parametrize("likelihood, estimates", OF_DATA, ids=[g[0][:20] for g in OF_DATA])
def test_the_size_and_means_of_the_sample_are_data(likelihood, estimates):
    d = derive.mle(likelihood=likelihood)
    assert d.verified and {k: str(v) for k, v in d.estimates.items()} == estimates


ONE_BY_ONE = [  # likelihood with its data one by one, known letters, how the estimates are spelled
    (r"\lambda^r e^{-\lambda\sum_{i=1}^r x_i} e^{-\lambda(n-r)}", None, {"lambda": "r/(n - r + Sum(x[i], (i, 1, r)))"}),
    (r"\prod_{i=1}^n \theta e^{-\theta x_i}", None, {"theta": "n/Sum(x[i], (i, 1, n))"}),
    (r"\theta^n e^{-\theta \sum_{i=1}^n x_i}", None, {"theta": "n/Sum(x[i], (i, 1, n))"}),
    ("lambda**n*exp(-lambda*Sum(x[i], (i, 1, n)))", None, {"lambda": "n/Sum(x[i], (i, 1, n))"}),
    (r"p^{\sum_{i=1}^n x_i}(1-p)^{n-\sum_{i=1}^n x_i}", None, {"p": "Sum(x[i], (i, 1, n))/n"}),
    (r"\lambda^{\sum x_i}e^{-n\lambda}", None, {"lambda": "Sum(x[i], (i, 1, n))/n"}),
    (r"\theta^n \left(\prod_{i=1}^n x_i\right)^{\theta-1}", None, {"theta": "-n/Sum(log(x[i]), (i, 1, n))"}),
    (r"\frac{n!}{(n-r)!}\frac{1}{\theta^r}e^{-\frac{1}{\theta}\left(\sum_{i=1}^r y_i+(n-r)y_r\right)}", ["n", "r"],
     {"theta": "(n*y_r - r*y_r + Sum(y[i], (i, 1, r)))/r"}),
    (r"\left[\prod_{j=1}^r \frac{1}{\sigma}e^{-y_{(j)}/\sigma}\right]\left[e^{-y_{(r)}/\sigma}\right]^{n-r}", ["n", "r"],
     {"sigma": "(n*OrderStat(y, r) - r*OrderStat(y, r) + Sum(OrderStat(y, i), (i, 1, r)))/r"}),
    (r"\left(\prod_{i=1}^m \lambda e^{-\lambda x_i}\right)\left(\prod_{j=1}^n \theta\lambda e^{-\theta\lambda y_j}\right)", None,
     {"lambda": "m/Sum(x[i], (i, 1, m))", "theta": "n*Sum(x[i], (i, 1, m))/(m*Sum(y[i], (i, 1, n)))"}),
    (r"\prod_{i=1}^{10} \lambda e^{-\lambda x_i}", None, {"lambda": "10/Sum(x[i], (i, 1, 10))"}),
    (r"\lambda^n e^{-n\lambda x_{(1)}}", None, {"lambda": "1/Min(x)"}),
    (r"\binom{n}{x}p^x(1-p)^{n-x}", None, {"p": "x/n"}),
    (r"\prod_{i=1}^n \frac{(\beta x_i)^{y_i}e^{-\beta x_i}}{y_i!}", None, {"beta": "Sum(y[i], (i, 1, n))/Sum(x[i], (i, 1, n))"}),
]  # fmt: skip


@pytest.mark.parametrize("likelihood, known, estimates", ONE_BY_ONE, ids=[g[0][:24] for g in ONE_BY_ONE])
def test_observations_one_by_one_are_data(likelihood, known, estimates):
    d = derive.mle(likelihood=likelihood, known=known)
    assert d.verified and {k: str(v) for k, v in d.estimates.items()} == estimates


def test_a_product_over_the_sample_takes_data():
    assert derive.mle(likelihood=r"\prod_{i=1}^n \lambda e^{-\lambda x_i}", data=[1, 2, 3]).estimates == {"lambda": sp.Rational(1, 2)}


@pytest.mark.parametrize("likelihood, message", [
    (r"\prod_{k=1}^K p_k^{n_k}", "one sign throughout"),
    (r"\theta^{-n} \mathbf{1}\{x_{(n)} \le \theta\}", "indicator"),
    (r"\prod_{i=1}^m \frac{1}{1+(x_i-\theta)^2}", "density of one observation"),
])  # fmt: skip
def test_what_is_not_taken_apart_is_refused(likelihood, message):
    with pytest.raises(derive.NotSupported, match=message):
        derive.mle(likelihood=likelihood)


def test_the_size_in_a_likelihood_has_its_hat():
    d = derive.mle(likelihood=r"\binom{n}{x}p^x(1-p)^{n-x}", known={"p": "(0,1)", "x": "nonnegative"}, parameters={"n": "integer"})
    assert r"\hat{n} = \lfloor \frac{x}{p} \rfloor" in d.to_markdown()
    assert [c.note.parts[-1] for c in d.conditions] == [" is not a whole number"]


def test_what_is_supposed_of_the_data_is_said():
    text = derive.mle(
        likelihood=r"\left(\prod_{i=1}^m \lambda e^{-\lambda x_i}\right)\left(\prod_{j=1}^n \mu e^{-\mu y_j}\right)"
    ).to_markdown()
    assert r"here $S = \sum_{i=1}^{m} x_{i}$ and $T = \sum_{i=1}^{n} y_{i}$" in text
    assert "$S$ and $T$ are taken to be positive." in text and "$m$ and $n$ can only be of the data here and are taken as known." in text


@pytest.mark.parametrize("likelihood", ["u", "u**2", "exp(u)"])
def test_a_likelihood_that_only_grows_has_no_maximum(likelihood):
    assert derive.mle(likelihood=likelihood).outcome == "none"
