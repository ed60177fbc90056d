"""The sections after the result that were asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ..derived import Derived
from ..formula.tree import Formula
from ..trace import Section, SectionKey
from .after import After
from .bias_section import bias_section
from .information_section import information_section
from .intervals_section import intervals_section
from .moments_section import moments_section
from .standard_errors_section import standard_errors_section
from .sufficiency_section import sufficiency_section

SECTIONS: Mapping[SectionKey, Callable[[After], Section]] = {
    SectionKey.SUFFICIENCY: sufficiency_section,
    SectionKey.INFORMATION: information_section,
    SectionKey.STANDARD_ERRORS: standard_errors_section,
    SectionKey.INTERVALS: intervals_section,
    SectionKey.BIAS: bias_section,
    SectionKey.MOMENTS: moments_section,
}


def with_inference(d: Derived, in_general: Callable[[], Mapping[str, Formula]] | None = None) -> Derived:
    """A derivation with the sections that its question asks for after the result; itself where there are none."""
    wanted = d.problem.as_asked.asked.inference
    if not wanted or d.loss_formula is not None:
        return d
    after = After(d, in_general)
    return replace(d, sections=(*d.sections, *(SECTIONS[k](after) for k in wanted if k in SECTIONS)))


__all__ = ["with_inference"]
