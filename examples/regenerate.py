"""Write the write-ups beside the problem files, and the README's: python examples/regenerate.py [--check].

With --check nothing is written; the exit code is 1 when a write-up differs from the one on disk.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

import derive

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
SHOWN = "coin"  # the example that the README shows


def files() -> list[Path]:
    """The files that hold write-ups."""
    return [*(path.with_suffix(ending) for path in sorted(HERE.glob("*.toml")) for ending in (".md", ".tex")), README]


@cache
def derivation(path: Path) -> derive.Derivation:
    """The derivation that answers a problem file."""
    problem = derive.Problem.load(path)
    return derive.mle(problem) if problem.prediction is None else derive.loss(problem)


def write_up(path: Path) -> str:
    """The text that one of the files is to have."""
    if path != README:
        d = derivation(path.with_suffix(".toml"))
        return d.to_markdown() if path.suffix == ".md" else d.to_latex()
    shown = re.sub(r"(?m)^##(#?) ", r"###\1 ", write_up(HERE / f"{SHOWN}.md"))
    text = README.read_text(encoding="utf-8")
    start, end = text.index("<!-- write-up -->"), text.index("<!-- end -->")
    return f"{text[:start]}<!-- write-up -->\n\n{shown}\n{text[end:]}"


def main(check: bool) -> int:
    """Write or compare every write-up."""
    changed = []
    for path in files():
        text = write_up(path)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            changed.append(path.name)
            if not check:
                path.write_text(text, encoding="utf-8")
    print("changed: " + (", ".join(changed) or "none"))
    return int(check and bool(changed))


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
