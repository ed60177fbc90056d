"""The structure of the package: who may import whom, and who may make lines and evidence.

The floors are written in `docs/architecture.md`, in the block between the lines ```floors and ```; this test reads them there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "derive"


def module_of(path: Path) -> str:
    """The name of a module inside the package: "formula.tree"; "" for the package itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_of(p): p for p in sorted(PACKAGE.rglob("*.py"))}
TREES = {m: ast.parse(p.read_text(encoding="utf-8")) for m, p in SOURCES.items()}


def imports_of(module: str) -> Iterator[tuple[str, int]]:
    """Every module of the package that a module imports, with the line: at its head, in functions and for types only alike."""
    package = module.split(".") if SOURCES[module].name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(TREES[module]):
        if not isinstance(node, ast.ImportFrom):
            continue
        if node.level:
            base = [*package[: len(package) - node.level + 1], *(node.module.split(".") if node.module else [])]
        elif (node.module or "").split(".")[0] == "derive":
            base = (node.module or "").split(".")[1:]
        else:
            continue
        for name in node.names:
            inner = ".".join([*filter(None, base), name.name])
            yield (inner if inner in SOURCES else ".".join(filter(None, base))), node.lineno


IMPORTS: Mapping[str, dict[str, int]] = {m: {k: n for k, n in imports_of(m) if k != m} for m in SOURCES}


def floors() -> list[tuple[str, ...]]:
    """The floors from low to high, each with the modules and folders on it."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    block = re.search(r"```floors\n(.*?)```", text, re.S)
    assert block is not None, "docs/architecture.md has no block of floors"
    return [tuple(line.split("#")[0].split()) for line in block[1].splitlines() if line.split("#")[0].strip()]


PLACES = {name: k for k, floor in enumerate(floors()) for name in floor}


def place_of(module: str) -> str:
    """The longest entry of the floors that a module is, or lies in."""
    parts = module.split(".") if module else ["__init__"]
    for k in range(len(parts), 0, -1):
        if (name := ".".join(parts[:k])) in PLACES:
            return name
    raise AssertionError(f"derive/{module.replace('.', '/')}.py has no place among the floors in docs/architecture.md")


def test_every_module_has_a_floor_and_every_floor_is_there() -> None:
    seen = {place_of(m) for m in SOURCES if SOURCES[m].name != "__init__.py" or not m}
    assert sorted(PLACES) == sorted(seen)


def test_no_module_imports_from_a_higher_floor() -> None:
    upward = [
        f"{SOURCES[m].relative_to(ROOT)}:{line}: {place_of(m)} imports {k} ({place_of(k)})"
        for m, found in IMPORTS.items()
        for k, line in found.items()
        if place_of(m) != place_of(k) and PLACES[place_of(m)] <= PLACES[place_of(k)]
    ]
    assert not upward, "imports from the same or a higher floor:\n" + "\n".join(upward)


def circles() -> list[list[str]]:
    """Modules that import one another in a circle: the strongly connected components (Tarjan, 1972, SIAM J. Comput. 1)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(m: str) -> None:
        number[m] = low[m] = len(number)
        stack.append(m)
        for k in IMPORTS[m]:
            if k not in number:
                visit(k)
                low[m] = min(low[m], low[k])
            elif k in stack:
                low[m] = min(low[m], number[k])
        if low[m] == number[m]:
            at = stack.index(m)
            found.append(sorted(stack[at:]))
            del stack[at:]

    for m in IMPORTS:
        if m not in number:
            visit(m)
    return [c for c in found if len(c) > 1]


def test_no_modules_import_one_another_in_a_circle() -> None:
    shown = [" -> ".join(f"{m}:{min(n for k, n in IMPORTS[m].items() if k in c)}" for m in c) for c in circles()]
    assert not shown, "circles of imports (module:line):\n" + "\n".join(shown)


MAKERS = {  # who may hold the seal with which lines and evidence are made
    "Line": {"recorder"},
    "Evidence": {"recorder", "oracle.oracle", "proofs.grounds"},
}


def uses(name: str) -> set[str]:
    """The modules that call a name, or take it for themselves in an import where it is private."""
    out = set()
    for m, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                out.add(m)
            if name.startswith("_") and isinstance(node, ast.ImportFrom) and any(a.name == name for a in node.names):
                out.add(m)
    return out


def test_lines_and_evidence_have_one_maker_each() -> None:
    assert uses("_SEAL") <= MAKERS["Evidence"] | MAKERS["Line"], "only the makers of lines and of evidence may hold the seal"
    assert uses("Evidence") <= MAKERS["Evidence"] | {"trace"}
    assert {m for m in uses("Line") if not m.startswith("checking")} <= MAKERS["Line"]


PROVERS = {  # the modules that answer for a proof, by the ground that they name
    "CONSTANT": {"stages.elimination.methods.order_statistic", "stages.elimination.methods.undetermined"},
    "TOTAL": {"stages.elimination.methods.order_statistic"},
    "COUNTED": {"stages.elimination.methods.sign_count"},
    "RATIO_ONE": {"stages.integer.monotone_likelihood"},
    "MULTIPLIED_OUT": {"stages.inner_function"},
    "PERIOD": {"stages.periodic"},
    "SOLUTIONS": {"stages.inner_function"},
    "BEFORE": {"stages.constrained.share_ratios"},
    "ENCLOSED": {"stages.candidates.breakpoints", "stages.elimination.newton_table", "stages.elimination.joint_newton"},
}  # fmt: skip


def test_the_modules_that_answer_for_a_proof_are_listed() -> None:
    found: dict[str, set[str]] = {}
    for m, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "proved" and m.startswith("stages"):
                found.setdefault(ast.unparse(node.args[0]).removeprefix("Ground."), set()).add(m)
    assert found == PROVERS


def test_nobody_makes_a_line_or_evidence_by_accident() -> None:
    from derive.formula.tree import ONE, equation
    from derive.recorder import definition
    from derive.trace import Evidence, EvidenceKind, Line

    with pytest.raises(TypeError, match="oracle"):
        Evidence(EvidenceKind.PROVED, "because it looks so")
    line = definition(equation(ONE, ONE), "a definition")
    with pytest.raises(TypeError, match="recorder"):
        Line(line.formula, None, line.evidence)
