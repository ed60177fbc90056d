"""The picture on the command line: in the page, or in a file of its own."""

from __future__ import annotations

import argparse
from pathlib import PurePath
from typing import Any

from ..errors import NotValid
from ..picture.drawing import FORMATS
from ..picture.wording import checked

IN_PAGE = ""  # the value of --plot where no file is named


def add_plot(group: argparse._ActionsContainer) -> None:
    """The options for a picture."""
    group.add_argument(
        "--plot", nargs="?", const=IN_PAGE, metavar="FILE.svg", help="with a picture: in the page, or in a file (.svg, .png, .pdf)"
    )
    group.add_argument("--level", metavar="0.95", help="mark the likelihood interval or region of this level in the picture")


def plotted(options: argparse.Namespace) -> dict[str, Any]:
    """How the page is to be written where it has the picture in it; nothing where it has none.  The level becomes a number.

    Raises NotValid for a level that is none, or without a picture, and for a file of another kind.
    """
    if getattr(options, "plot", None) is None and getattr(options, "level", None) is None:
        return {}
    if options.level is not None:
        try:
            options.level = float(options.level)
        except ValueError:
            raise NotValid(f"--level is a number between 0 and 1, not {options.level!r}", hint="write --level 0.95") from None
        checked(options.level)
        if options.plot is None:
            raise NotValid("--level is that of an interval in the picture", hint="write --plot --level 0.95")
    if options.plot == IN_PAGE:
        if options.output is None and options.format in (None, "text", "md", "tex", "json"):
            what = {"text": "text", "tex": "LaTeX", "json": "JSON"}.get(options.format, "Markdown")
            raise NotValid(
                f"{what} on standard output holds no picture", hint="write -o page.html, .pdf, .ipynb, .md or .tex; or --plot FILE.svg"
            )
        if options.format in ("json", "text"):
            raise NotValid(f"{options.format} holds no picture", hint="write --plot FILE.svg")
        return {"plot": True, "level": options.level}
    if PurePath(options.plot).suffix.lower() not in FORMATS:
        raise NotValid(
            f"--plot does not take {options.plot!r}",
            hint="write --plot FILE.svg (.png, .pdf) for a file, or --plot last, for a picture in the page",
        )
    return {}


__all__ = ["add_plot", "plotted"]
