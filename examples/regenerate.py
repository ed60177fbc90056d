"""Write the write-ups beside the problem files, and the README's: python examples/regenerate.py [--check].

With --check nothing is written; the exit code is 1 when a write-up differs from the one on disk.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import derive

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
SHOWN = "coin"  # the example that the README shows


def write_ups() -> dict[Path, str]:
    """The files that belong to the problem files, with their text."""
    out: dict[Path, str] = {}
    for path in sorted(HERE.glob("*.toml")):
        problem = derive.Problem.load(path)
        d = derive.mle(problem) if problem.prediction is None else derive.loss(problem)
        out[path.with_suffix(".md")], out[path.with_suffix(".tex")] = d.to_markdown(), d.to_latex()
    shown = re.sub(r"(?m)^##(#?) ", r"###\1 ", out[HERE / f"{SHOWN}.md"])
    text = README.read_text(encoding="utf-8")
    start, end = text.index("<!-- write-up -->"), text.index("<!-- end -->")
    out[README] = f"{text[:start]}<!-- write-up -->\n\n{shown}\n{text[end:]}"
    return out


def main(check: bool) -> int:
    """Write or compare every write-up."""
    changed = []
    for path, text in write_ups().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            changed.append(path.name)
            if not check:
                path.write_text(text, encoding="utf-8")
    print("changed: " + (", ".join(changed) or "none"))
    return int(check and bool(changed))


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
