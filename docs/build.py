"""Gather the pages of the documentation site in build/pages: python docs/build.py [NAME ...], then mkdocs build --strict.

The pages of docs/ are copied; the catalogue, the gallery of examples and the reference of problem files are made from what they
describe.  With names only these distributions and examples are made, for a quick look.
"""

from __future__ import annotations

import re
import shutil
import sys
import unicodedata
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import derive
from derive.catalogue import Entry
from derive.formula.latex import latex
from derive.formula.tree import Sym
from derive.problem.arguments import ARGUMENTS

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "build" / "pages"
BACKSLASH = "\\"  # in a letter or a density that is LaTeX already
REPOSITORY_PAGES = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}


def slug(name: str) -> str:
    """A name as part of an address: birnbaum-saunders."""
    plain = unicodedata.normalize("NFKD", name.replace("–", "-")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def html_block(fragment: str) -> str:
    """HTML as a block of Markdown: without blank lines, and not read as Markdown."""
    return "\n".join(line.strip() for line in fragment.splitlines() if line.strip())


def cell(text: str) -> str:
    """A text in a cell of a table; a brace at its end would be read as attributes."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("{", "&#123;")


def conditions(d: derive.Derivation) -> str:
    """What the data must satisfy, a paragraph each."""
    said = [f"The estimate {c['words']}." for c in d.to_dict()["conditions"]]
    return "\n\n".join(said) or "The derivation states none on the data, beside the support."


def entry_page(e: Entry) -> str:
    """The page of a distribution: its density, its derivation, and what the data must satisfy."""
    d = derive.mle(e.name)
    rows = [
        ("density", f"`{e.density}`" if "*" in e.density else f"$f({e.variable}) = {e.density}$"),  # the former is SymPy text
        ("support", f"`{e.support}`"),
        *((f"parameter `{k}`", f"`{v}`") for k, v in e.parameters.items()),
        *((f"known `{k}`", f"`{v}`") for k, v in e.known.items()),
        ("also called", ", ".join(e.aliases)),
        ("see", e.source),
    ]
    lines = [f"| {k} | {v if v.startswith('$') else cell(v)} |" for k, v in rows if v]
    table = "\n".join([lines[0], "| --- | --- |", *lines[1:]])
    return (
        f"# {e.name[0].upper()}{e.name[1:]}\n\n{e.says}\n\n{table}\n\n"
        f"```\nderive mle {e.name if ' ' not in e.name else repr(e.name)}\n```\n\n"
        f"## Conditions\n\n{conditions(d)}\n\n## Derivation\n\n{html_block(d.to_html(fragment=True, heading=3))}\n"
    )


def catalogue(wanted: set[str]) -> None:
    """A page for each distribution, and the list of them."""
    folder = PAGES / "catalogue"
    folder.mkdir()
    listed = ["# Catalogue", "", "Each name stands for its density: `derive mle gamma`. The answers are derived, not stored.", ""]
    listed += ["| distribution | parameters | describes |", "| --- | --- | --- |"]
    entries = [e for e in derive.densities() if not wanted or e.name in wanted]
    with ProcessPoolExecutor() as pool:
        pages = list((map if wanted else pool.map)(entry_page, entries))
    for e, page in zip(entries, pages):
        (folder / f"{slug(e.name)}.md").write_text(page, encoding="utf-8")
        letters = ", ".join(f"${k if BACKSLASH in k else latex(Sym(k))}$" for k in e.parameters)
        listed.append(f"| [{e.name}]({slug(e.name)}.md) | {letters} | {cell(e.says)} |")
    (folder / "index.md").write_text("\n".join(listed) + "\n", encoding="utf-8")


def gallery(wanted: set[str]) -> None:
    """Every example as HTML, PDF and, where there are data and it has one, a picture."""
    folder = PAGES / "gallery"
    folder.mkdir()
    out = ["# Gallery", "", "The problem files in `examples/`, each with its write-ups as they come out.", ""]
    for path in sorted((ROOT / "examples").glob("*.toml")):
        if wanted and path.stem not in wanted:
            continue
        problem = derive.Problem.load(path)
        d = derive.mle(problem) if problem.prediction is None else derive.loss(problem)
        d.save(folder / f"{path.stem}.html")
        d.save(folder / f"{path.stem}.pdf")
        shutil.copy(path, folder)
        title = re.search(r'^title = "(.*)"', path.read_text(encoding="utf-8"), re.M)
        out += [f"## {title[1] if title else path.stem}", ""]
        out += [" · ".join(f"[{words}](gallery/{path.stem}.{ending})" for words, ending in KINDS), ""]
        try:
            d.plot(folder / f"{path.stem}.svg", level=0.95)
            out += [f"![The log-likelihood and the data of {path.stem}](gallery/{path.stem}.svg){{ .picture loading=lazy }}", ""]
        except derive.DeriveError:  # no data, or no picture of such a question
            pass
    (PAGES / "gallery.md").write_text("\n".join(out) + "\n", encoding="utf-8")


KINDS = (("web page", "html"), ("PDF", "pdf"), ("problem file", "toml"))


def problem_files() -> None:
    """The reference of problem files, from the table of arguments; it goes where the page has its mark."""
    rows = ["| key | holds | meaning | option |", "| --- | --- | --- | --- |"]
    rows.append("| `density` | a text | the density or mass function of one observation | the first argument |")
    for a in ARGUMENTS:
        option = f"--{a.option or a.name}" + (f" {a.example}" if a.example else f" {'|'.join(a.choices)}" if a.choices else "")
        rows.append(f"| `{a.name}` | {a.holds or 'a text, a list or a table'} | {cell(a.doc)} | `{option}` |")
    page = PAGES / "problem-files.md"
    page.write_text(page.read_text(encoding="utf-8").replace("<!-- arguments -->", "\n".join(rows)), encoding="utf-8")


def copied() -> None:
    """The pages that are written by hand, with links to the repository's own pages turned to their copies."""
    shutil.rmtree(PAGES, ignore_errors=True)
    shutil.copytree(ROOT / "docs", PAGES, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for name, page in REPOSITORY_PAGES.items():
        shutil.copy(ROOT / name, PAGES / page)
    for path in PAGES.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        for name, page in REPOSITORY_PAGES.items():
            text = text.replace(f"](../{name})", f"]({page})").replace(f"]({name})", f"]({page})")
        path.write_text(text.replace("](docs/", "]("), encoding="utf-8")


def main(wanted: set[str]) -> None:
    """All pages, or of the catalogue and the gallery the wanted ones."""
    copied()
    problem_files()
    catalogue(wanted)
    gallery(wanted)


if __name__ == "__main__":
    main(set(sys.argv[1:]))
