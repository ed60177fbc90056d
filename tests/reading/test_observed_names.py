"""A variable may be written as one of many: x_i."""

from __future__ import annotations

import pytest

import derive


@pytest.mark.parametrize("variable", ["x_i", "x_{i}", "x"])
def test_one_of_many_is_the_variable(variable):
    d = derive.mle(
        r"\frac{\lambda^{x_i} e^{-\lambda}}{x_i!}",
        variable=variable,
        parameters={r"\lambda": "positive"},
        support=f"{variable} in {{0, 1, 2, ...}}",
    )
    assert d.evaluate([1, 2, 6]) == {"lambda": pytest.approx(3)}
