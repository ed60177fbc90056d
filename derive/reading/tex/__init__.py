"""LaTeX -> statements over formulas."""

from .statements import read_latex

__all__ = ["read_latex"]
