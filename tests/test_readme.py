"""What the README shows runs as it stands."""

from __future__ import annotations

import glob
import re
import shlex
import shutil
from pathlib import Path

import pytest

from derive.cli.main import main

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^derive .*$", TEXT[TEXT.index("<!-- commands -->") :].split("<!-- end -->")[0], re.M)
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.S)


@pytest.fixture(autouse=True)
def beside_the_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = shlex.split(line)[1:]
    argv = [f for w in words for f in (sorted(glob.glob(w)) if w.startswith("examples/") and "*" in w else [w])]
    code = main(argv)
    told = capsys.readouterr()
    assert code == (1 if "answers/*" in line else 0), told.err  # one of the answers is wrong
    assert bool(told.out) != ("-o " in line)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda b: b.split("\n")[0])
def test_a_block_of_python(block: str) -> None:
    """Every value is what the comment behind it says, where that is a value."""
    names: dict[str, object] = {}
    exec("import derive", names)
    for line in block.splitlines():
        code, _, comment = line.partition("  # ")
        exec(line, names)
        said = re.match(r'-?\d+/\d+|\([^()]*\)|\{[^{}]*\}|True, True, "right"|None', comment)
        if said is not None:
            assert str(eval(code, names)) == str(eval(said[0], {}) if said[0][0] not in "0123456789" else said[0]), line
