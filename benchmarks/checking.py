"""Relations a second in judging solutions: python benchmarks/checking.py CORPUS FILES [--every K] [--slowest N]

CORPUS: JSON rows with an id and the arguments of a question.  FILES: the folder of the solutions, ID.md.  Each question is made once,
and each solution judged twice: the second time is the one that counts.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import derive
from derive import DeriveError, Problem, Sample

PARTLY = {"exact", "right", "left", "interval", "counts", "weights", "truncation", "sums"}


def problem(question: dict[str, Any]) -> Problem:
    """The question of a row."""
    asked = dict(question)
    data = asked.get("data")
    if isinstance(data, dict) and set(data) & PARTLY:
        asked["data"] = Sample(**data)
    return Problem(asked.pop("density", None), **asked)


def seconds(text: str, asked: Problem) -> tuple[float, int]:
    """The time of this process to judge a solution, and the relations in it."""
    start = time.process_time()
    report = derive.check(text, asked)
    return time.process_time() - start, len(report.lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("files", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--slowest", type=int, default=10)
    args = parser.parse_args()
    rows = [json.loads(row) for row in args.corpus.read_text(encoding="utf-8").splitlines()]
    found: list[tuple[float, int, str]] = []
    for row in [r for r in rows if r["question"]][:: args.every]:
        text = (args.files / f"{row['id']}.md").read_text(encoding="utf-8")
        try:
            asked = problem(row["question"])
            seconds(text, asked)
            found.append((*seconds(text, asked), row["id"]))
        except DeriveError as e:
            print(f"{row['id']}: {e}")
    time_, count = sum(t for t, _, _ in found), sum(n for _, n, _ in found)
    print(f"{len(found)} solutions, {count} relations, {time_:.1f} s: {count / time_:.0f} relations a second")
    for t, n, name in sorted(found, reverse=True)[: args.slowest]:
        print(f"{t:6.2f} s {n:4d} relations  {name}")


if __name__ == "__main__":
    main()
