"""The write-ups on disk are those that the engine makes now."""

from __future__ import annotations

import importlib.util
from difflib import unified_diff
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
spec = importlib.util.spec_from_file_location("regenerate", EXAMPLES / "regenerate.py")
regenerate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(regenerate)


@pytest.mark.parametrize("path", regenerate.files(), ids=lambda path: path.name)
def test_the_write_up_on_disk_is_up_to_date(path):
    old, new = path.read_text(encoding="utf-8").split("\n"), regenerate.write_up(path).split("\n")
    diff = list(unified_diff(old, new, f"{path.name} on disk", f"{path.name} as made now", lineterm=""))
    if diff:
        pytest.fail("\n".join([*diff, "", "If this is meant: python examples/regenerate.py"]), pytrace=False)


def test_every_write_up_has_its_problem_file():
    written = {path for ending in ("*.md", "*.tex") for path in EXAMPLES.glob(ending)}
    assert written == set(regenerate.files()) - {regenerate.README}
