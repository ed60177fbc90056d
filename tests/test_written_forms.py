"""Closed forms as a person writes them: roots and fractions in lowest terms, square factors before the root."""

import pytest

import derive

POSITIVE = dict.fromkeys("abmn", "positive")
POOLED = r"\binom{w}{k}(1-(1-p)^s)^k(1-p)^{s(w-k)}"
FORMS = [  # question, parameter, how the page ends
    ({"likelihood": "(1-(1-p)**2)**a*(1-p)**(2*b)", "known": {"a": "positive", "b": "positive"}}, "p", r"1 - \sqrt{\frac{b}{a + b}}"),
    ({"likelihood": "lambda**m*exp(-m*lambda*a)*(theta*lambda)**n*exp(-n*theta*lambda*b)", "known": POSITIVE}, "lambda", r"\frac{1}{a}"),
    ({"likelihood": POOLED, "known": ["w", "k", "s"]}, "p", r"1 - \left(1 - \frac{k}{w}\right)^{1/s}"),
    ({"likelihood": POOLED, "known": {"w": 20, "k": 3, "s": 10}}, "p", r"1 - \left(\frac{17}{20}\right)^{1/10}"),
    (
        {
            "likelihood": "(p*(p+2*r))**a*(r**2)**b",
            "known": {"a": "positive", "b": "positive"},
            "parameters": {"p": "(0,1)", "r": "(0,1)"},
            "constraints": ["p+r=1"],
        },
        "r",
        r"\hat{r} = \sqrt{\frac{b}{a + b}}",
    ),
    ({"density": r"(\theta+1)x^\theta", "support": "0<x<1"}, "theta", r"-1 - \frac{n}{\sum_{i=1}^{n} \log x_{i}}"),
    ({"density": "Lindley"}, "theta", r"\frac{1}{2 \bar{x}} (1 - \bar{x} + \sqrt{\bar{x}^{2} + 6 \bar{x} + 1})"),
]


@pytest.mark.parametrize("question, name, written", FORMS, ids=range(len(FORMS)))
def test_written(question, name, written):
    d = derive.mle(**question)
    assert d.verified and d.how[name] == "closed"
    result = d.to_markdown().split("**Result.**")[1].replace("&", "")
    assert rf"{written}" in result


def test_a_regression_through_its_mean():
    density = r"\frac{1}{\sqrt{2\pi v}}e^{-(y-\mu-\eta(z-\mu))^2/(2v)}"
    parameters = {"mu": "real", "eta": "(-1,1)", "v": "positive"}
    d = derive.mle(density, variable="y", covariates=["z"], parameters=parameters)
    assert d.verified and set(d.how.values()) <= {"closed", "boundary"}
    found = d.evaluate({"y": [2, 3, 5, 4], "z": [1, 2, 3, 5]})
    zs, ys = [1, 2, 3, 5], [2, 3, 5, 4]
    zm, ym = sum(zs) / 4, sum(ys) / 4
    slope = sum((z - zm) * (y - ym) for z, y in zip(zs, ys, strict=True)) / sum((z - zm) ** 2 for z in zs)
    mean = (ym - slope * zm) / (1 - slope)
    rest = sum((y - mean - slope * (z - mean)) ** 2 for z, y in zip(zs, ys, strict=True)) / 4
    assert found == pytest.approx({"mu": mean, "eta": slope, "v": rest})


CORRELATION = r"\frac{1}{2\pi\sqrt{1-\rho^2}}\exp(-\frac{x^2-2\rho x y+y^2}{2(1-\rho^2)})"


def test_the_cubic_of_a_correlation():
    d = derive.mle(CORRELATION, variable=["x", "y"])
    mean = r"\frac{1}{n} \sum_{i=1}^{n} "
    cubic = (
        rf"\hat{{\rho}}^{{3}} - \frac{{\hat{{\rho}}^{{2}}}}{{n}} \sum_{{i=1}}^{{n}} x_{{i}} y_{{i}} + \hat{{\rho}} \left(-1 + {mean}x_{{i}}^{{2}}"
        rf" + {mean}y_{{i}}^{{2}}\right) - {mean}x_{{i}} y_{{i}} = 0"
    )
    assert d.verified and cubic in d.to_markdown().split("**Result.**")[1]
    found = d.evaluate({"x": [1, 2, -1], "y": [2, 1, 0]})["rho"]
    assert found**3 - 4 / 3 * found**2 + found * (-1 + 6 / 3 + 5 / 3) - 4 / 3 == pytest.approx(0, abs=1e-9)  # by hand from the sums


EITHER_SIGN = r"\frac{1}{\sqrt{2\pi\theta^2}}e^{-(x-\theta)^2/(2\theta^2)}"


def test_a_standard_deviation_of_either_sign():
    d = derive.mle(EITHER_SIGN, parameters={"theta": "real"})
    assert d.verified and d.how["theta"] == "closed"
    for data in ([1, 2, -4], [1, 2, 4], [-0.5, -2]):
        mean, square = sum(data) / len(data), sum(x * x for x in data) / len(data)
        sign = 1 if mean > 0 else -1
        expected = (-mean + sign * (mean**2 + 4 * square) ** 0.5) / 2
        assert d.evaluate(data)["theta"] == pytest.approx(expected, rel=1e-12)
        at_data = derive.mle(EITHER_SIGN, parameters={"theta": "real"}, data=data)
        assert (
            at_data.verified
            and at_data.outcome.value == "unique"
            and at_data.how["theta"] == "closed"
            and at_data.numeric["theta"] == pytest.approx(expected, rel=1e-12)
        )


def test_both_roots_are_estimates_where_the_mean_is_zero():
    d = derive.mle(EITHER_SIGN, parameters={"theta": "real"}, data=[1, -1])
    assert d.verified and d.outcome.value == "not unique" and {float(x) for x in d.estimates["theta"]} == {-1.0, 1.0}


def test_the_means_beside_a_correlation_are_the_sample_means():
    density = r"\frac{1}{2\pi\sqrt{1-r^2}} \exp\left(-\frac{(x-a)^2-2 r (x-a)(y-b)+(y-b)^2}{2(1-r^2)}\right)"
    data = {"x": [1, -0.5, 0.3, 2, -1.2], "y": [0.8, -0.1, 0.9, 1.1, -1.5]}
    d = derive.mle(density, variable=["x", "y"], data=data)
    assert d.verified and str(d.estimates["a"]) == "8/25" and str(d.estimates["b"]) == "6/25"
    assert d.numeric["r"] == pytest.approx(0.858241469, abs=1e-8)
