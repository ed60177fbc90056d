"""Where something is written: paths, and what can go wrong with them."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import NotValid


def as_path(path: object) -> Path:
    """The path that a text or a path-like object names.  Raises NotValid for anything else."""
    if not isinstance(path, (str, os.PathLike)) or not isinstance(shown := os.fspath(path), str) or "\0" in shown or not shown:
        raise NotValid(f"the name of a file is a text or a Path, not {path!r}")
    return Path(shown)


def write(path: Path, text: str) -> None:
    """Write a file.  Raises NotValid where that cannot be."""
    try:
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as e:
        raise NotValid(f"{path} cannot be written: {e.strerror or e}") from None


__all__ = ["as_path", "write"]
