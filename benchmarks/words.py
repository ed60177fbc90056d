"""How many words the write-ups have, outside their formulas: python benchmarks/words.py [examples|catalogue] [--most N].

A line for each detail: words of prose, and of the reasons beside the lines.  With --most the sentences that take the most words.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import derive

EXAMPLES = Path(__file__).parent.parent / "examples"
DISPLAY, INLINE = re.compile(r"\$\$.*?\$\$", re.S), re.compile(r"\$[^$]*\$")
REASON, WORD = re.compile(r"\\text\{([^{}]*)\}"), re.compile(r"[^\W\d_][^\W\d_’'-]*(?:[’'-][^\W\d_]+)*")
DETAILS = ("brief", "standard", "full")


def words(page: str) -> int:
    """The words of a page in Markdown outside its formulas."""
    return len(WORD.findall(INLINE.sub(" ", DISPLAY.sub(" ", page))))


def reasons(page: str) -> int:
    """The words beside its displayed lines."""
    return sum(len(WORD.findall(t)) for b in DISPLAY.findall(page) for t in REASON.findall(b))


def sentences(page: str) -> Iterator[str]:
    """The sentences of a page, an ellipsis for each formula."""
    for s in re.split(r"(?<=[.:;])\s+|\n+", INLINE.sub("…", DISPLAY.sub("\n", page))):
        if s.strip():
            yield s.strip()


def derivations(which: str) -> Iterator[derive.Derivation]:
    """The derivations of the examples, or of every entry of the catalogue."""
    if which == "examples":
        for path in sorted(EXAMPLES.glob("*.toml")):
            problem = derive.Problem.load(path)
            yield derive.mle(problem) if problem.prediction is None else derive.loss(problem)
    else:
        yield from (derive.mle(entry.name) for entry in derive.densities())


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", nargs="*", default=["examples", "catalogue"])
    parser.add_argument("--most", type=int, default=0)
    options = parser.parse_args()
    for which in options.which:
        made = list(derivations(which))
        for detail in DETAILS:
            pages = [d.to_markdown(detail=detail) for d in made]
            print(f"{which:10} {detail:9} {sum(map(words, pages)):6} words, {sum(map(reasons, pages)):5} in reasons; {len(pages)} pages")
            count = Counter(s for p in pages for s in sentences(p))
            heavy = sorted(((n * words(s), n, s) for s, n in count.items()), reverse=True)
            for total, n, s in heavy[: options.most]:
                print(f"{total:8} {n:4}  {s}")


if __name__ == "__main__":
    main()
