"""How a picture is drawn: by matplotlib, without its state for interactive use, for a display or for a file."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from ..errors import NotSupported
from .what import Arrow, Band, Bars, Contours, Curve, Dots, Mark, Panel, Picture, Role, Span, Ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, BLUE, RED = "#1b1b1b", "#5f5f5f", "#0072b2", "#b3470b"  # told apart also by who sees no colours, and in grey
FONT = "STIXGeneral"
LIKE_IT = "'STIX Two Text', STIXGeneral, 'Times New Roman', Times, serif"
SIZE, SMALL = 10.0, 9.0
WIDTH, HEIGHT = 3.5, 2.9  # inches, of a panel
ACROSS = 3  # panels beside each other, where there are many
FORMATS = {".svg": "svg", ".png": "png", ".pdf": "pdf"}
DOTS = 200  # an inch, of a picture in pixels


def figure(picture: Picture) -> Figure:
    """The picture as a matplotlib figure.  Raises NotSupported where matplotlib is not installed."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise NotSupported("a picture needs matplotlib", hint="install it: pip install 'derive[plot]'") from None
    count = len(picture.panels)
    columns = count if count <= ACROSS else 2 if count == 4 else ACROSS
    rows = -(-count // columns)
    made = Figure(figsize=(WIDTH * columns, HEIGHT * rows), dpi=DOTS, layout="constrained")
    FigureCanvasAgg(made)
    made.get_layout_engine().set(w_pad=0.08, h_pad=0.06, wspace=0.04, hspace=0.06)  # type: ignore[union-attr, call-arg]
    for k, panel in enumerate(picture.panels):
        _draw(made.add_subplot(rows, columns, k + 1), panel)
    return made


def _draw(axes: Axes, panel: Panel) -> None:
    """One panel."""
    from matplotlib.ticker import MaxNLocator, ScalarFormatter

    axes.patch.set_visible(False)
    axes.set_xlim(*panel.x_range)
    axes.set_ylim(*panel.y_range)
    axes.set_autoscale_on(False)
    for order, mark in enumerate(panel.marks):
        HOW[type(mark)](axes, mark, 2 + 0.01 * order)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("bottom", "left"):
        axes.spines[side].set(color=INK, linewidth=0.7)
    axes.tick_params(colors=INK, labelsize=SMALL, labelfontfamily=FONT, width=0.7, length=3, direction="out")
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=panel.whole, steps=[1, 2, 2.5, 5, 10] if not panel.whole else None, min_n_ticks=1))
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    for axis, ends in ((axes.xaxis, panel.x_range), (axes.yaxis, panel.y_range)):
        axis.set_major_formatter(ScalarFormatter(useOffset=False, useMathText=not 1e-4 <= max(map(abs, ends)) < 1e6))
    if panel.y_range[0] < 0 and any(isinstance(m, (Ticks, Arrow, Span)) for m in panel.marks) and panel.y_label:
        axes.set_yticks([t for t in axes.get_yticks() if 0 <= t <= panel.y_range[1]])  # none for the strip below the axis
    if not panel.y_label:
        axes.yaxis.set_visible(False)
        axes.spines["left"].set_visible(False)
    text: dict[str, Any] = {"family": FONT, "math_fontfamily": "stix", "color": INK}
    axes.set_xlabel(panel.x_label, fontsize=SIZE, **text)
    axes.set_ylabel(panel.y_label, fontsize=SIZE, **text)
    lines = len(panel.notes)
    axes.set_title(panel.title, loc="left", fontsize=SIZE + 0.5, pad=6 + 12.5 * lines, **text)
    for k, note in enumerate(panel.notes):
        said = axes.annotate(note, (0, 1), xytext=(0, 5 + 12.5 * (lines - 1 - k)), xycoords="axes fraction", textcoords="offset points", fontsize=SMALL, annotation_clip=False,
                             **{**text, "color": SOFT})  # fmt: skip
        said.set_in_layout(False)
    for axis in (axes.xaxis, axes.yaxis):
        axis.get_offset_text().set(family=FONT, math_fontfamily="stix", size=SMALL - 1, color=SOFT)


# -- marks -------------------------------------------------------------------------------------------------

LINES: Mapping[Role, Mapping[str, Any]] = {
    Role.LIKELIHOOD: {"color": INK, "lw": 1.4},
    Role.FITTED: {"color": BLUE, "lw": 1.6},
    Role.RIDGE: {"color": BLUE, "lw": 1.1, "dashes": (5, 2.5)},
    Role.CUT: {"color": RED, "lw": 0.8, "dashes": (4, 2)},
    Role.GUIDE: {"color": SOFT, "lw": 0.7, "dashes": (1, 2)},
    Role.OBSERVED: {"color": SOFT, "lw": 0.6},
}
POINTS: Mapping[Role, Mapping[str, Any]] = {
    Role.ESTIMATE: {"marker": "o", "ms": 5.5, "mfc": RED, "mec": RED},
    Role.STATIONARY: {"marker": "o", "ms": 4.5, "mfc": "none", "mec": INK, "mew": 0.9},
    Role.LIKELIHOOD: {"marker": "o", "ms": 3.6, "mfc": INK, "mec": INK},
    Role.FITTED: {"marker": "o", "ms": 4.6, "mfc": BLUE, "mec": BLUE},
    Role.OBSERVED: {"marker": "o", "ms": 3.2, "mfc": "none", "mec": INK, "mew": 0.7},
}
BANDS: Mapping[Role, tuple[str, float]] = {Role.INTERVAL: (RED, 0.13), Role.TIES: (BLUE, 0.16), Role.OUTSIDE: (INK, 0.09)}


def _curve(axes: Axes, m: Curve, z: float) -> None:
    axes.plot(m.xs, m.ys, zorder=z, **LINES[m.role])


def _dots(axes: Axes, m: Dots, z: float) -> None:
    style = dict(POINTS[m.role])
    if len(m.xs) > 60:
        style["ms"] *= 0.6 if len(m.xs) > 200 else 0.8
    axes.plot(m.xs, m.ys, linestyle="none", zorder=z + 1, clip_on=m.role == Role.LIKELIHOOD, **style)


def _bars(axes: Axes, m: Bars, z: float) -> None:
    left, width = [a for a, _ in m.ends], [b - a for a, b in m.ends]
    axes.bar(left, m.heights, width, align="edge", facecolor=_faint(INK, 0.14), edgecolor=_faint(INK, 0.45), linewidth=0.6, zorder=z)


def _ticks(axes: Axes, m: Ticks, z: float) -> None:
    axes.vlines(m.xs, [m.low] * len(m.xs), m.highs, colors=INK, linewidth=0.8 if len(m.xs) <= 100 else 0.5, zorder=z)


def _arrow(axes: Axes, m: Arrow, z: float) -> None:
    style = {"arrowstyle": "-|>,head_length=0.28,head_width=0.12", "color": INK, "lw": 0.8, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (m.to_x, m.to_y), (m.x, m.y), arrowprops=style, zorder=z, annotation_clip=False)
    if m.y == m.to_y:
        axes.plot([m.x], [m.y], marker="|", ms=4, mew=0.9, color=INK, zorder=z)


def _span(axes: Axes, m: Span, z: float) -> None:
    axes.plot([m.x, m.to_x], [m.y, m.y], color=INK, lw=0.9, marker="|", ms=4, zorder=z)


def _band(axes: Axes, m: Band, z: float) -> None:
    colour, share = BANDS[m.role]
    axes.axvspan(m.low, m.high, facecolor=_faint(colour, share), edgecolor="none", zorder=z)


def _contours(axes: Axes, m: Contours, z: float) -> None:
    import numpy as np

    heights = np.ma.masked_invalid(np.array([[math.nan if h is None else h for h in row] for row in m.heights], dtype=float))
    if m.filled:
        axes.contourf(
            m.xs,
            m.ys,
            heights,
            levels=[*m.levels, max(m.levels[-1], float(heights.max())) + 1.0],
            colors=[_faint(BLUE, 0.05 + 0.045 * k) for k in range(len(m.levels))],
            zorder=z,
        )
    if m.role == Role.OUTSIDE:
        axes.contourf(m.xs, m.ys, heights, levels=[-0.5, 0.5], colors=[_faint(*BANDS[m.role])], zorder=z)
        return
    colour, width = {Role.LIKELIHOOD: (INK, 0.8), Role.INTERVAL: (RED, 1.8), Role.FITTED: (BLUE, 0.9)}[m.role]
    lines = axes.contour(m.xs, m.ys, heights, levels=m.levels, colors=colour, linewidths=width, linestyles="solid", zorder=z)
    if m.labels:
        for t in axes.clabel(lines, fmt=dict(zip(m.levels, m.labels, strict=True)), fontsize=SMALL - 1.5, inline_spacing=3):
            t.set(family=FONT, color=colour)


def _faint(colour: str, share: float) -> tuple[float, float, float, float]:
    """A colour through which one sees."""
    r, g, b = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    return r, g, b, share


HOW: Mapping[type[Mark], Callable[[Any, Any, float], None]] = {
    Curve: _curve, Dots: _dots, Bars: _bars, Ticks: _ticks, Arrow: _arrow, Span: _span, Band: _band, Contours: _contours,
}  # fmt: skip

# -- files --------------------------------------------------------------------------------------------------


def drawn(made: Figure, picture: Picture, kind: str, text: bool = True, background: bool = True) -> bytes:
    """A figure as a file: the same bytes for the same picture.  text: whether the text of an SVG is text, or outlines.  background:
    whether it has one."""
    import matplotlib

    out = io.BytesIO()
    settings = {"svg.fonttype": "none" if text else "path", "svg.hashsalt": picture.words, "pdf.fonttype": 42}
    nothing: Mapping[str, Mapping[str, None]] = {"svg": {"Date": None, "Creator": None}, "pdf": {"CreationDate": None}, "png": {}}
    with matplotlib.rc_context(settings):
        made.savefig(
            out,
            format=kind,
            metadata={**nothing[kind], **({} if kind == "svg" else {"Title": picture.title})},
            facecolor="white" if background else "none",
        )
    return out.getvalue() if kind != "svg" else _accessible(out.getvalue().decode(), picture).encode()


def _accessible(svg: str, picture: Picture) -> str:
    """An SVG with a title and a description, without what is not needed: the preamble, unused ids, a style for the whole document."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\s*<defs>\s*<style type="text/css">.*?</style>\s*</defs>', "", svg, count=1, flags=re.DOTALL)
    svg = re.sub(r"\s*<!--.*?-->", "", svg, flags=re.DOTALL)
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    svg = re.sub(r' id="([^"]*)"', lambda m: m[0] if m[1] in used else "", svg)
    svg = svg.replace(f"'{FONT}'", LIKE_IT)
    head, rest = svg.split(">", 1)
    style = ' role="img" style="stroke-linejoin: round; stroke-linecap: butt"'
    return f"{head}{style}>\n <title>{escape(picture.title)}</title>\n <desc>{escape(picture.words)}</desc>{rest}"


__all__ = ["FORMATS", "drawn", "figure"]
