"""Files: paths, what a name of a file names, and what can go wrong with writing."""

from __future__ import annotations

import os
import re
from pathlib import Path

from .errors import NotValid

KINDS = {  # endings of names of files to what such a file holds
    **dict.fromkeys(("csv", "tsv", "csv.gz", "tsv.gz"), "observations"), "toml": "problem",
    **dict.fromkeys(("md", "markdown", "tex", "txt", "ipynb", "docx"), "solution"), **dict.fromkeys(("json", "xlsx", "xls", "ods", "parquet", "npy", "pdf", "py"), ""),
}  # fmt: skip
NAME = re.compile(r"(?P<stem>[^\s*^{}()=~|<>]*[^\s*^{}()=~|<>./\\])\.(?P<ending>%s)(?::[^\s{}()=]*)?" % "|".join(sorted(KINDS, key=len, reverse=True)), re.I)  # fmt: skip


def as_path(path: object) -> Path:
    """The path that a text or a path-like object names.  Raises NotValid for anything else."""
    if not isinstance(path, (str, os.PathLike)) or not isinstance(shown := os.fspath(path), str) or "\0" in shown or not shown:
        raise NotValid(f"the name of a file is a text or a Path, not {path!r}")
    return Path(shown)


def kind_of_file(given: object) -> str | None:
    """What a file holds that a text or a path names, by the ending: "observations", "problem", "solution", "" for anything
    else.  None where no file is named."""
    if isinstance(given, os.PathLike):
        found = NAME.fullmatch(str(given))
        return "" if found is None else KINDS[found["ending"].lower()]
    found = NAME.fullmatch(given.strip()) if isinstance(given, str) else None
    return None if found is None else KINDS[found["ending"].lower()]


def write(path: Path, content: str | bytes) -> None:
    """Write a file.  Raises NotValid where that cannot be."""
    try:
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", errors="replace"))
    except OSError as e:
        raise NotValid(f"{path} cannot be written: {e.strerror or e}") from None


__all__ = ["as_path", "kind_of_file", "write"]
