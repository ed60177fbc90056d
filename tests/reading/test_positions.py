"""An error points into the text as it was written, also where one character stands for a whole command."""

from __future__ import annotations

import pytest

import derive


@pytest.mark.parametrize(("text", "at"), [(r"\lambda + \foo x", 10), ("λ² + \\foo x", 5), ("θ̂ · ⋄", 5), ("∑ x_i = )", 8)])
def test_the_position_is_that_in_the_original(text, at):
    with pytest.raises(derive.NotValid) as e:
        derive.read(text, syntax="latex")
    assert e.value.text == text
    assert e.value.position == at
