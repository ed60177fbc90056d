"""The pages of the documentation site: what they show runs, and prints what they say; what is generated is whole."""

from __future__ import annotations

import contextlib
import glob
import importlib.util
import io
import re
import shlex
import shutil
from pathlib import Path

import pytest

import derive
from derive.cli.main import main

ROOT = Path(__file__).resolve().parents[1]
PAGES = [p for p in sorted((ROOT / "docs").rglob("*.md")) if p.stem not in ("architecture", "glossary")]
PIECE = re.compile(r"^```(python|output)\n(.*?)^```$", re.M | re.S)
COMMANDS = [(p, line) for p in PAGES for line in re.findall(r"^derive (?:mle|check) .*$", p.read_text(encoding="utf-8"), re.M)]
NOTATION = re.findall(r"^\| `(.*)` \| (.*) \|$", (ROOT / "docs" / "notation.md").read_text(encoding="utf-8"), re.M)


@pytest.fixture(autouse=True)
def beside_the_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)


def run(page: Path) -> None:
    """The blocks of a page in order, in one namespace, each beside the output that stands below it."""
    names: dict[str, object] = {"__name__": "page"}
    pieces = PIECE.findall(page.read_text(encoding="utf-8"))
    for (kind, code), (after, wanted) in zip(pieces, [*pieces[1:], ("", "")]):
        if kind == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(code, str(page), "exec"), names)
            assert out.getvalue() == (wanted if after == "output" else "")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_the_blocks_of_a_page_print_what_it_says(page: Path) -> None:
    run(page)


@pytest.mark.parametrize("page, line", COMMANDS, ids=lambda v: v.stem if isinstance(v, Path) else v)
def test_a_command_of_a_page_runs(page: Path, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    if "waits.toml" in line:
        run(page)  # which writes it
    argv = [f for w in shlex.split(line)[1:] for f in (sorted(glob.glob(w)) if "*" in w and "/" in w and "answers" in w else [w])]
    assert main(argv) == (1 if "answers" in line else 0), capsys.readouterr().err  # one of the answers is wrong


@pytest.mark.parametrize("text, letters", NOTATION)
def test_a_notation_is_read_and_solved(text: str, letters: str) -> None:
    d = derive.mle(text)
    assert ", ".join(d.estimates) == letters


def test_a_problem_file_as_the_reference_shows_it() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "problem-files.md").read_text(encoding="utf-8"), re.S)
    Path("waits.toml").write_text(block, encoding="utf-8")
    assert str(derive.mle(derive.Problem.load("waits.toml")).estimates["lambda"]) == "1/6"


def test_pages_are_made_of_what_they_describe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reduced site: one distribution, one example, every argument; an own address for each distribution."""
    spec = importlib.util.spec_from_file_location("build_site", ROOT / "docs" / "build.py")
    assert spec is not None and spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    monkeypatch.setattr(build, "PAGES", tmp_path / "pages")
    build.main({"exponential", "coin"})
    made = {str(p.relative_to(build.PAGES)) for p in build.PAGES.rglob("*.*")}
    assert {"catalogue/exponential.md", "catalogue/index.md", "gallery/coin.html", "gallery/coin.pdf", "gallery/coin.svg"} <= made
    page = (build.PAGES / "catalogue" / "exponential.md").read_text(encoding="utf-8")
    assert "<math" in page and "## Conditions" in page
    reference = (build.PAGES / "problem-files.md").read_text(encoding="utf-8")
    assert all(f"| `{a.name}` |" in reference for a in build.ARGUMENTS)
    assert '"minutes", or &#123;"y": "sales", "x": "price"}' in reference  # where bare braces were read as attributes
    names = [build.slug(e.name) for e in derive.densities()]
    assert len({*names, "index"}) == len(names) + 1
