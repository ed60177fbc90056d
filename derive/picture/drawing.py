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
WIDTH, HEIGHT, LINE = 3.5, 2.55, 0.174  # inches: of a panel without the lines below its heading; of each of these
ACROSS = 2  # panels beside each other
ABREAST = 34  # characters at the axis of x
FORMATS = {".svg": "svg", ".png": "png", ".pdf": "pdf"}
MANY = 60  # dots from which on they are smaller
ASIDE = 0.45  # radians
DOTS = 200  # an inch, of a picture in pixels


def figure(picture: Picture) -> Figure:
    """The picture as a matplotlib figure.  Raises NotSupported where matplotlib is not installed."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise NotSupported("a picture needs matplotlib", hint="install it: pip install 'derive[plot]'") from None
    count = len(picture.panels)
    columns = min(count, ACROSS)
    rows = -(-count // columns)
    tall = HEIGHT + LINE * max(len(p.notes) for p in picture.panels)
    made = Figure(figsize=(WIDTH * columns, tall * rows), dpi=DOTS, layout="constrained")
    FigureCanvasAgg(made)
    made.get_layout_engine().set(w_pad=0.08, h_pad=0.06, wspace=0.04, hspace=0.06)  # type: ignore[union-attr, call-arg]
    for k, panel in enumerate(picture.panels):
        _draw(made.add_subplot(rows, columns, k + 1), panel)
    return made


def _draw(axes: Axes, panel: Panel) -> None:
    """One panel."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator, ScalarFormatter

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
    for axis, ends in ((axes.xaxis, panel.x_range), (axes.yaxis, panel.y_range)):
        ordinary = 1e-4 <= max(map(abs, ends)) < 1e6
        axis.set_major_formatter(ScalarFormatter(useOffset=False) if ordinary else FuncFormatter(_with_power))
    for count in (6, 5, 4, 3):
        steps = None if panel.whole else [1, 2, 2.5, 5, 10]
        axes.xaxis.set_major_locator(MaxNLocator(count, integer=panel.whole, steps=steps, min_n_ticks=1))
        labels: list[str] = axes.xaxis.get_major_formatter().format_ticks(list(axes.get_xticks()))
        if sum(len(t.replace("\\times", "").strip("${}")) for t in labels) <= ABREAST:
            break
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_math_fontfamily("stix")
    if panel.floor is not None and panel.y_label:
        axes.set_yticks([t for t in axes.get_yticks() if panel.floor <= t <= panel.y_range[1]])
    if not panel.y_label:
        axes.yaxis.set_visible(False)
        axes.spines["left"].set_visible(False)
    text: dict[str, Any] = {"family": FONT, "math_fontfamily": "stix", "color": INK}
    axes.set_xlabel(_readable(panel.x_label), fontsize=SIZE, **text)
    axes.set_ylabel(_readable(panel.y_label), fontsize=SIZE, **text)
    lines = len(panel.notes)
    axes.set_title(panel.title, loc="left", fontsize=SIZE + 0.5, pad=6 + 12.5 * lines, **text)
    for k, note in enumerate(panel.notes):
        said = axes.annotate(_readable(note), (0, 1), xytext=(0, 5 + 12.5 * (lines - 1 - k)), xycoords="axes fraction", textcoords="offset points", fontsize=SMALL, annotation_clip=False,
                             **{**text, "color": SOFT})  # fmt: skip
        said.set_in_layout(False)


def _readable(text: str) -> str:
    """A text whose mathematics matplotlib knows; what it does not know as it is written, without commands."""
    from matplotlib.mathtext import MathTextParser

    try:
        MathTextParser("path").parse(text)
    except ValueError:
        return re.sub(r"\\[A-Za-z]+\s*|(?<!\\)[${}]", "", text)
    return text


def _with_power(v: float, _: object = None) -> str:
    """A very large or very small number at an axis."""
    if not v:
        return "0"
    mantissa, exponent = f"{v:.4e}".split("e")
    return rf"${float(mantissa):g} \times 10^{{{int(exponent)}}}$"


# -- marks -------------------------------------------------------------------------------------------------

LINES: Mapping[Role, Mapping[str, Any]] = {
    Role.LIKELIHOOD: {"color": INK, "lw": 1.4},
    Role.FITTED: {"color": BLUE, "lw": 1.6},
    Role.RIDGE: {"color": BLUE, "lw": 1.1, "dashes": (5, 2.5)},
    Role.TIES: {"color": BLUE, "lw": 3.0, "solid_capstyle": "round"},
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
    if len(m.xs) > MANY:
        style["ms"] *= max(0.35, MANY / len(m.xs))
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
        places = _label_places(axes, lines.allsegs)
        names = dict(zip(m.levels, m.labels, strict=True))
        for t in axes.clabel(lines, fmt=names, fontsize=SMALL - 1.5, inline_spacing=3, manual=places):
            t.set(family=FONT, color=colour)


def _label_places(axes: Axes, contours: Any) -> list[tuple[float, float]]:
    """A place on each contour for its label: to one side of where the lowest goes farthest from the highest, so that they keep clear of
    each other."""
    (a, b), (u, v) = axes.get_xlim(), axes.get_ylim()
    there = [kept for parts in contours if (kept := [q for q in parts if len(q)])]
    if not there:
        return []
    inner = there[-1][0].mean(axis=0)

    def turned(q: Any) -> tuple[float, float]:
        """Distance and angle of a point from the middle, in parts of the frame."""
        x, y = (q[0] - inner[0]) / (b - a), (q[1] - inner[1]) / (v - u)
        return math.hypot(x, y), math.atan2(y, x)

    away = max((turned(q) for part in there[0] for q in part), key=lambda t: t[0])[1] + ASIDE
    places = []
    for parts in there:
        near = min((q for part in parts for q in part), key=lambda q: abs(math.remainder(turned(q)[1] - away, math.tau)), default=None)
        if near is not None:
            places.append((float(near[0]), float(near[1])))
    return places


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
