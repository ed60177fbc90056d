"""Files that hold a solution: text in any of the usual encodings, notebooks, and documents of a word processor."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from zipfile import BadZipFile

from ...errors import NotSupported, NotValid
from ...files import kind_of_file

LARGEST = 16_000_000  # bytes of a file
NUMBERS = re.compile(r"(?:[^\n]*\n)?(?:[\s,;]*(?:[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?|NA|nan)[\s,;]*)+", re.I)
RELATION = re.compile(r"[=<>≤≥≈∝\\$]")
BINARY = {
    b"%PDF": "a PDF: what it shows has lost its formulas",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"\xd0\xcf\x11\xe0": "a document of an old word processor",
}


class CellText(str):
    """The Markdown cells of a notebook as one text.  cells: for each of its lines the number of its cell, from 1 on."""

    cells: tuple[int, ...] = ()


def text_of_file(path: Path) -> str:
    """The text of a solution in a file: .md, .tex, .txt and the like, .ipynb, .docx.

    A notebook gives its Markdown cells.  Raises NotValid where the file cannot be read or holds no text, NotSupported for
    a kind of document that needs what is not installed.
    """
    try:
        with path.open("rb") as stream:  # a device has no size
            content = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise NotValid(f"there is no file {path}") from None
    except OSError as e:
        raise NotValid(f"the file {path} cannot be read: {e.strerror}") from None
    if len(content) > LARGEST:
        raise NotValid(f"{path} is larger than {LARGEST // 1_000_000} MB: that is no solution")
    ending = path.suffix.lower()
    if ending == ".docx":
        return _document(content, path)
    for begins, what in BINARY.items():
        if content.startswith(begins):
            raise NotValid(f"{path} is {what}", hint="give the solution as Markdown, LaTeX, plain text, a notebook or a .docx document")
    text = decoded(content, path)
    return _notebook(text, path) if ending == ".ipynb" else text


def decoded(content: bytes, path: object) -> str:
    """Text in UTF-8, UTF-16 with its mark, or Latin-1.  Raises NotValid for what is no text."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise NotValid(f"{path} is not text in UTF-8, UTF-16 or Latin-1") from None
    if b"\0" in content:
        raise NotValid(f"{path} is not text in UTF-8, UTF-16 or Latin-1")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if sum(not (c.isprintable() or c in "\n\r\t\f") for c in text) > len(text) // 50:
        raise NotValid(f"{path} is not text in UTF-8, UTF-16 or Latin-1")
    return text


def _notebook(text: str, path: Path) -> CellText:
    """The Markdown cells of a notebook."""
    try:
        cells = json.loads(text)["cells"]
        sources = [(k, "".join(c["source"])) for k, c in enumerate(cells, 1) if c["cell_type"] == "markdown"]
    except (ValueError, KeyError, TypeError):
        raise NotValid(f"{path} is no notebook") from None
    parts, lines = list[str](), list[int]()
    for k, source in sources:
        parts.append(source.rstrip("\n") + "\n\n")
        lines += [k] * parts[-1].count("\n")
    out = CellText("".join(parts))
    out.cells = (*lines, lines[-1] if lines else 1)
    return out


def _document(content: bytes, path: Path) -> str:
    """The text of a .docx document, its equations as LaTeX between dollars."""
    try:
        from docxlatex import Document
    except ImportError:
        raise NotSupported("a .docx document needs docxlatex", hint="install it: pip install 'derive[docx]'") from None
    try:
        return str(Document(io.BytesIO(content)).get_text())
    except (BadZipFile, KeyError, SyntaxError, ValueError, TypeError, AttributeError) as e:
        raise NotValid(f"{path} cannot be read as a .docx document: {e}") from None


def said_plainly(text: str) -> None:
    """Raises NotValid for a text that is no solution: an empty one, the name of a file, a table of numbers."""
    if not text.strip():
        raise NotValid("the solution is empty")
    name = text.strip()
    if "\n" not in name and len(name) < 300 and kind_of_file(name) is not None:
        raise NotValid(f"{name!r} is the name of a file and no solution", hint="give what is in the file, or run: derive check " + name)
    if RELATION.search(text) is None and NUMBERS.fullmatch(text):
        raise NotValid("these are numbers and no solution", hint="observations belong to the question: data=[...]")


__all__ = ["CellText", "said_plainly", "text_of_file"]
