"""Write the write-ups beside the problem files: python examples/regenerate.py [--check].

With --check nothing is written; the exit code is 1 when a write-up differs from the one on disk.
"""

from __future__ import annotations

import sys
from pathlib import Path

import derive

HERE = Path(__file__).parent


def write_ups(problem: Path) -> dict[Path, str]:
    """The files that belong beside a problem file, with their text."""
    d = derive.mle(derive.Problem.load(problem))
    return {problem.with_suffix(".md"): d.to_markdown(), problem.with_suffix(".tex"): d.to_latex()}


def main(check: bool) -> int:
    """Write or compare every write-up."""
    changed = []
    for problem in sorted(HERE.glob("*.toml")):
        for path, text in write_ups(problem).items():
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                changed.append(path.name)
                if not check:
                    path.write_text(text, encoding="utf-8")
    print("changed: " + (", ".join(changed) or "none"))
    return int(check and bool(changed))


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
