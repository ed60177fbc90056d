"""The command line: derive mle, check, loss, list, show, schema, completion.

The write-up goes to standard output, messages to standard error.  A user's mistake prints one message and exits 2.
What the options mean is in `options`; what they are turned into, in `arguments`.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TextIO

import derive

from ..errors import DeriveError, InternalError, NotSupported, NotValid
from ..files import as_path, write
from .options import arguments, parsed, parser
from .plotting import plotted
from .words import in_colour, said

UNUSABLE, FAULT = 2, 70
FORMATS: dict[str, Callable[..., str]] = {
    "text": lambda d, **plot: str(d.to_text(**plot)),
    "md": lambda d, **plot: str(d.to_markdown(**plot)),
    "tex": lambda d, **plot: str(d.to_latex(**plot)),
    "html": lambda d, **plot: str(d.to_html(**plot)),
    "ipynb": lambda d, **plot: str(d.to_notebook(**plot)),
    "typ": lambda d, **plot: str(d.to_typst(**plot)),
    "json": lambda d: json.dumps(d.to_dict(), ensure_ascii=False, indent=2) + "\n",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line (default: that of the process) and return its exit code.

    0: done; for `check`, the solution is correct.  1: `check` found an error.  2: unusable input.  3: `check` found
    nothing wrong but could not read everything, or the answer is missing.  70: a fault of the program itself.
    """
    sys.stdout, sys.stderr = sys.stdout or io.StringIO(), sys.stderr or io.StringIO()  # closed by the caller
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
        return code
    except InternalError as e:
        return _message(f"a fault of derive itself, not of the input: {e}", FAULT)
    except DeriveError as e:
        return _message(said(e), UNUSABLE)
    except BrokenPipeError:
        _drop(sys.stdout)
        return 0
    except OSError as e:  # of standard output: every file has its own message
        _drop(sys.stdout)
        return _message(f"the output cannot be written: {e.strerror or e}", UNUSABLE)
    except KeyboardInterrupt:
        return _message("interrupted", 130)


def _run(argv: Sequence[str]) -> int:
    try:
        options = parsed(argv)
        return COMMANDS[options.command](options)
    except SystemExit as e:  # help or version was printed
        return e.code if isinstance(e.code, int) else UNUSABLE


def _message(text: str, code: int) -> int:
    """Say something on standard error, where that can be; the exit code."""
    try:
        print("derive: " + text, file=sys.stderr, flush=True)
    except OSError:
        _drop(sys.stderr)
    return code


def _drop(stream: TextIO) -> None:
    """The reader of our output has gone: let what Python flushes at its end go nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _function(name: str) -> Callable[..., Any]:
    function = getattr(derive, name, None)
    if function is None:
        raise NotSupported(f"`derive.{name}` is not supported yet")
    return function  # type: ignore[no-any-return]


def _derivation(options: argparse.Namespace) -> int:
    function = _function(options.command)
    in_page = plotted(options)
    kwargs = arguments(options)
    result = function(kwargs.pop("density", None), **kwargs)
    if getattr(options, "plot", None) and not in_page:
        result.plot(options.plot, level=options.level)
    _write(result, options, in_page)
    return 0


def _check(options: argparse.Namespace) -> int:
    from . import grading

    _function("check")
    kwargs = arguments(options)
    density = kwargs.pop("density", None)
    if options.output is None:
        return grading.run(options.answers, density, kwargs, None if options.format == "text" else options.format, sys.stdout.write)
    if len(options.answers) > 1:
        raise NotValid("one file cannot hold the reports on several answers", hint="check them one by one, or leave -o out")
    found = grading.outcome(options.answers[0], density, kwargs)
    if found.error is not None:
        return _message(found.error, UNUSABLE)
    _write(found.report, options)
    return found.code


def _list(options: argparse.Namespace) -> int:
    from . import catalogue

    sys.stdout.write(catalogue.listed(options.word, options.format))
    return 0


def _show(options: argparse.Namespace) -> int:
    from . import distribution

    sys.stdout.write(distribution.shown(" ".join(options.name), options.format))
    return 0


def _schema(options: argparse.Namespace) -> int:
    sys.stdout.write(json.dumps(derive.schema(options.name), ensure_ascii=False, indent=2) + "\n")
    return 0


def _completion(options: argparse.Namespace) -> int:
    try:
        import shtab
    except ImportError:
        raise NotValid("the completion of the command line needs shtab", hint="install it: pip install 'derive[completion]'") from None
    sys.stdout.write(shtab.complete(parser(), options.shell).rstrip("\n") + "\n")
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "mle": _derivation, "loss": _derivation, "check": _check, "list": _list, "show": _show, "schema": _schema, "completion": _completion,
}  # fmt: skip


def _on_standard_output(result: Any, fmt: str | None, plot: Mapping[str, Any]) -> str:
    """A result in a format; where none is asked for, a page for the terminal, and Markdown where the output goes elsewhere."""
    if plot or fmt not in (None, "text") or (fmt is None and not sys.stdout.isatty()):
        return FORMATS[fmt or "md"](result, **plot)
    return str(result.to_text(colour=in_colour(), columns=shutil.get_terminal_size().columns))


def _write(result: Any, options: argparse.Namespace, plot: Mapping[str, Any] | None = None) -> None:
    """To the file that was asked for, in the format of its ending or as asked; else to standard output.  plot: of a picture inside the page.

    What the write-up says of how the question was taken is said on standard error where the write-up is not read at once, and
    in any case where there was a choice.
    """
    aside = options.output is not None or options.format not in (None, "md", "text")
    for remark in getattr(result, "warnings", ()) if aside else getattr(getattr(result, "problem", None), "doubts", ()):
        _message(remark, 0)
    if options.output is None:
        text = _on_standard_output(result, options.format, plot or {})
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    if options.format is None:
        result.save(options.output, **(plot or {}))
    else:
        write(as_path(options.output), FORMATS[options.format](result, **(plot or {})))
