"""Text of a hand-worked solution -> claims."""

from .solution import read_solution

__all__ = ["read_solution"]
