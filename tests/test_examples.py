"""The write-ups on disk are those that the engine makes now."""

from __future__ import annotations

import importlib.util


def test_the_write_ups_on_disk_are_up_to_date(examples):
    spec = importlib.util.spec_from_file_location("regenerate", examples / "regenerate.py")
    regenerate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(regenerate)
    for path, text in regenerate.write_ups().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run python examples/regenerate.py"
