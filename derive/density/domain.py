"""Domains of parameters and supports of densities: the set, and how it is made from conditions and from text."""

from __future__ import annotations

from ..reading.domains import read as read_domain
from .conditions import from_condition
from .sets import (
    BINARY,
    COUNTS,
    INTEGERS,
    NATURAL,
    NEGATIVE,
    NONNEGATIVE,
    NONPOSITIVE,
    OPEN_UNIT,
    POSITIVE,
    REAL,
    UNIT,
    Domain,
    finite,
    lattice,
)

__all__ = [
    "BINARY",
    "COUNTS",
    "INTEGERS",
    "NATURAL",
    "NEGATIVE",
    "NONNEGATIVE",
    "NONPOSITIVE",
    "OPEN_UNIT",
    "POSITIVE",
    "REAL",
    "UNIT",
    "Domain",
    "finite",
    "from_condition",
    "lattice",
    "read_domain",
]
