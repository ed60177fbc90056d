"""A derivation in one table: estimates with standard errors and intervals, the fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import NotSupported
from ..formula.names import reported
from .after import After
from .intervals import Intervals


@dataclass(frozen=True)
class Summary:
    """A table of text with remarks below it; shown as text, in Markdown and in HTML."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...]

    def __str__(self) -> str:
        table = [self.head, *self.rows]
        widths = [max(len(r[j]) for r in table) for j in range(len(self.head))]
        lines = ["  ".join(c.ljust(w) if j == 0 else c.rjust(w) for j, (c, w) in enumerate(zip(r, widths, strict=True))) for r in table]
        rule = "-" * max(map(len, lines))
        return "\n".join([self.title, rule, lines[0], rule, *lines[1:], rule, *self.remarks])

    def __repr__(self) -> str:
        return f"<Summary {self.title}: {len(self.rows)} row{'' if len(self.rows) == 1 else 's'}>"

    def to_markdown(self) -> str:
        """The table in Markdown."""
        body = ["| " + " | ".join(r) + " |" for r in (self.head, ("---", *("---:",) * (len(self.head) - 1)), *self.rows)]
        return "\n".join([f"**{self.title}**", "", *body, "", *(f"{r}  " for r in self.remarks)]).rstrip() + "\n"

    def to_html(self) -> str:
        """The table in HTML."""
        from html import escape

        def row(cells: Sequence[str], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{escape(c)}</{tag}>" for c in cells) + "</tr>"

        body = "".join(row(r, "td") for r in self.rows)
        below = "".join(f"<p>{escape(r)}</p>" for r in self.remarks)
        return f"<table><caption>{escape(self.title)}</caption><thead>{row(self.head, 'th')}</thead><tbody>{body}</tbody></table>{below}"

    def _repr_html_(self) -> str:
        return self.to_html()


def summary(after: After, level: float = 0.95) -> Summary:
    """The table of a derivation with data."""
    assert after.numbers is not None
    p, made = after.problem, Intervals(after)
    digits = p.asked.digits
    percent = f"{100 * level:g} %"
    remarks: list[str] = []
    errors: dict[str, float] = {}
    ends: dict[str, tuple[float, float]] = {}
    try:
        errors = {reported(k): v for k, v in made.standard_errors.items()} | made.quantities
        ends = made.wald(level)
        remarks.append(f"standard errors from the {after.source} information; intervals by the standard error (Wald)")
    except NotSupported as e:
        remarks.append(f"no standard errors: {e.message}")
    values = {reported(k): v for k, v in after.numbers.items()}
    values |= {k: v for k, (_, v) in after.derived.named.items() if v is not None}

    def shown(v: float) -> str:
        return f"{v:.{digits}g}"

    rows = []
    for k, v in values.items():
        error = shown(errors[k]) if k in errors else ""
        low, high = map(shown, ends[k]) if k in ends else ("", "")
        rows.append((k, shown(v), error, low, high))
    size = p.as_asked.size
    fit = [f"n = {size}"] if size is not None else []
    fit += [f"log-likelihood {after.height:.{digits + 2}g}"]
    fit += [f"AIC {2 * after.free - 2 * after.height:.{digits + 2}g}"]
    remarks.insert(0, ", ".join(fit))
    return Summary(str(after.derived.title), ("", "estimate", "standard error", f"{percent} from", "to"), tuple(rows), tuple(remarks))


__all__ = ["Summary", "summary"]
