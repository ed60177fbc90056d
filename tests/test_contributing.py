"""The Python examples of CONTRIBUTING.md run: those of a section in order, in one namespace."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent / "CONTRIBUTING.md"
TEXT = PAGE.read_text(encoding="utf-8")


def sections() -> dict[str, str]:
    """By heading the code of a section, each line where it stands on the page."""
    out: dict[str, str] = {}
    for found in re.finditer(r"^```python\n(.*?)^```$", TEXT, re.M | re.S):
        heading = re.findall(r"^## (.+)$", TEXT[: found.start()], re.M)[-1]
        before = out.get(heading, "")
        out[heading] = before + "\n" * (TEXT[: found.start(1)].count("\n") - before.count("\n")) + found[1]
    return out


@pytest.mark.parametrize("heading", sections())
def test_the_examples_of_a_section_run(heading):
    exec(compile(sections()[heading], str(PAGE), "exec"), {"__name__": "contributing"})


def test_every_way_of_adding_has_examples():
    assert set(re.findall(r"^## (An? .+)$", TEXT, re.M)) == set(sections())
