"""The JSON of derivations and of reports: as its schema says, and complete, so that another renderer can be written from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import derive
from derive.rendering.template_rows import markdown_text, tex_text
from derive.trace import ConditionKind, Detail, EvidenceKind, How, Outcome, SectionKey, Strength

jsonschema = pytest.importorskip("jsonschema")
EXAMPLES = sorted((Path(__file__).resolve().parents[1] / "examples").glob("*.toml"))
NAMES = ("normal", "gamma", "uniform", "discrete uniform", "Laplace", "zeta", "Pareto")
DETAILS = ("brief", "standard", "full")


@cache
def example(path: Path) -> derive.Derivation:
    problem = derive.Problem.load(path)
    return derive.mle(problem) if problem.prediction is None else derive.loss(problem)


@cache
def validator(name: str) -> Any:
    return jsonschema.Draft202012Validator(derive.schema(name))


def errors(name: str, values: Any) -> list[str]:
    """What a schema says against values, as they are read back from JSON."""
    return [e.message[:200] for e in validator(name).iter_errors(json.loads(json.dumps(values, allow_nan=False)))]


@pytest.mark.parametrize("name", ["derivation", "report"])
def test_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(derive.schema(name))


def test_a_name_that_there_is_not() -> None:
    with pytest.raises(derive.NotValid, match="did you mean report"):
        derive.schema("reports")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_examples(path: Path) -> None:
    assert errors("derivation", example(path).to_dict()) == []


@pytest.mark.parametrize("name", NAMES)
def test_catalogue(name: str) -> None:
    assert errors("derivation", derive.mle(name).to_dict()) == []


@pytest.mark.parametrize("question", [
    {"density": "exponential", "data": [0.1 * k for k in range(1, 30)], "quantities": {"mean": "1/lambda"}},
    {"density": "gamma", "data": [2.5, 3, 4.25], "detail": "brief", "units": "minutes"},
    {"density": "exponential", "data": derive.Sample([1, 2], right=[3])},
], ids=["floats", "numeric", "censored"])  # fmt: skip
def test_questions(question: dict[str, Any]) -> None:
    assert errors("derivation", derive.mle(question.pop("density"), **question).to_dict()) == []


SOLUTIONS = [
    r"$\ell(\lambda) = 3\log\lambda - 12\lambda$, so $\hat\lambda = 1/4$",
    r"$\ell(\lambda) = 3\log\lambda + 12\lambda$, so $3/\lambda + 12 = 0$ and $\hat\lambda = -1/4$",
    "nothing",
    r"$\foo{x} = \hat\lambda$",
]


@pytest.mark.parametrize("solution", SOLUTIONS)
def test_reports(solution: str) -> None:
    values = derive.check(solution, "exponential", data=[2, 4, 6]).to_dict()
    assert errors("report", values) == []
    assert errors("report", {"file": "a.md", **values}) == []
    assert values["text"] == solution and values["summary"]


@pytest.mark.parametrize("path", [
    (), ("steps", 0), ("pages",), ("pages", "full", 0), ("pages", "full", 0, "blocks", 0), ("conditions", 0),
])  # fmt: skip
def test_a_schema_can_fail(path: tuple[str | int, ...]) -> None:
    values = json.loads(json.dumps(derive.mle("uniform from zero").to_dict()))
    place = values
    for key in path:
        place = place[key]
    place["more"] = 1
    assert errors("derivation", values)
    del place["more"]
    assert not errors("derivation", values)
    for key in list(place):
        kept = place.pop(key)
        assert errors("derivation", values), key
        place[key] = kept


def test_a_wrong_verdict_is_refused() -> None:
    values = derive.check(SOLUTIONS[0], "exponential", data=[2, 4, 6]).to_dict()
    values["lines"][0]["verdict"] = "perhaps"
    assert errors("report", values)


def prose(content: list[dict[str, Any]]) -> str:
    """Markdown of prose, from JSON alone."""
    return "".join(markdown_text(p["text"]) if "text" in p else f"${p['latex']}$" for p in content).strip()


def reason(content: list[dict[str, Any]]) -> str:
    """A reason in a formula, from JSON alone."""
    return "".join(r"\text{%s}" % tex_text(p["text"]) if "text" in p else "{%s}" % p["latex"] if p["latex"].startswith("-") else p["latex"] for p in content)  # fmt: skip


def rendered(values: dict[str, Any], detail: str) -> Iterator[str]:
    """A page, from JSON alone: what stands on it, piece by piece."""
    yield prose(values["heading"])
    for s in values["pages"][detail]:
        yield (f"{s['number']}. " if s["number"] else "") + prose(s["title"])
        for b in s["blocks"]:
            if b["kind"] == "text":
                yield prose(b["content"])
            elif b["kind"] == "table":
                yield from (" | ".join(map(prose, cells)) for cells in (b["head"], *b["rows"]))
            else:
                for line in b["lines"]:
                    left = "" if line["left"] is None else line["left"]["latex"]
                    yield left + "".join(f"{r['sign_latex']} {r['latex']}" for r in line["right"])
                    yield "" if line["reason"] is None else reason(line["reason"])


def squeezed(text: str) -> str:
    """What is written, without what only places it."""
    return re.sub(r"\s|&(?!\w+;)|\\\\|\\q?quad(?![A-Za-z])|\\text\{\}|[{}]|\\text(?=\W|\w)", "", text)


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_every_sentence_is_in_the_json(path: Path, detail: str) -> None:
    d = example(path)
    whole = squeezed("\n".join(rendered(json.loads(json.dumps(d.to_dict())), detail)))
    page = re.sub(r"\\begin\{aligned\}|\\end\{aligned\}|\$\$", "", d.to_markdown(detail=detail))
    for row in page.splitlines():
        row = re.sub(r"^#+ |^\||\|$|^\*\*.*?\.\*\* ?", "", row.strip())
        for piece in [row] if "&" not in row else row.split("&&"):
            for sentence in re.split(r"(?<=[.:;]) ", piece):
                if not re.fullmatch(r"[\s|:-]*", sentence):
                    assert squeezed(sentence) in whole, sentence


def test_a_sentence_that_is_missing_is_missed() -> None:
    d = derive.mle("exponential", data=[2, 4, 6])
    values = json.loads(json.dumps(d.to_dict()))
    before = squeezed("\n".join(rendered(values, "standard")))
    dropped = values["pages"]["standard"][0]["blocks"].pop(0)
    after = squeezed("\n".join(rendered(values, "standard")))
    assert squeezed(prose(dropped["content"])) in before and squeezed(prose(dropped["content"])) not in after


@pytest.mark.parametrize(("place", "names"), [
    (("$defs", "section", "properties", "key"), SectionKey), (("properties", "outcome"), Outcome), (("properties", "detail"), Detail),
    (("properties", "how", "additionalProperties"), How), (("properties", "certainty", "additionalProperties"), Strength),
    (("properties", "conditions", "items", "properties", "kind"), ConditionKind),
    (("$defs", "line", "properties", "evidence", "properties", "kind"), EvidenceKind),
], ids=lambda x: x.__name__ if isinstance(x, type) else "")  # fmt: skip
def test_the_names_are_those_of_the_engine(place: tuple[str, ...], names: type[StrEnum]) -> None:
    values = derive.schema("derivation")
    for key in place:
        values = values[key]
    assert sorted(values["enum"]) == sorted(map(str, names))
