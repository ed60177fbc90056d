"""A formula cut into rows, and each row into sides, relation signs, arrows, separators and words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ...reading.source import Source
from .macros import closing
from .units import without
from .vocabulary import ARROWS, DROPPED, FLAT, OVER, SIGNS, SYSTEMS, TEXTS, TRANSPARENT, TWO_ARGUMENTS, UNWRAPPED, WITH_ARGUMENT, is_name

SPACES = frozenset(",;:!> ~\n\t/")
LEX = re.compile(
    r"\\(?P<cmd>[A-Za-z]+\*?)|\\(?P<esc>.)|(?P<arrow><=>|<->|={1,2}>|-{1,2}>|[⟹⇒→⟶⇔⟺∴∵∧∨⇐⇛↔])|(?P<sign>:=|=:|<=|>=|!=|==|[=<>≤≥⩽⩾≠≈≃≅∝≡≐≔≜∈∼])"
    r"|(?P<open>[{(\[])|(?P<close>[})\]])|(?P<comment>(?<!\\)%[^\n]*)|(?P<mark>[&,;])|(?P<char>.)",
    re.S,
)
LABEL = re.compile(r"\{\s*(?:=:|:=|=|\\equiv|\\eqqcolon|\\coloneqq)\s*:?\s*(\\?[A-Za-z]+(?:_\{?\w+\}?)?)\s*\}")
HIDDEN = re.compile(r"(?<![=!<>:_])=(?!=)")
TURNED = re.compile(r"\s*(\]|\[(?=[^\[\]]*\[\s*$))[^\[\]]+[,;][^\[\]]+([\[\]])\s*$")  # an interval as it is written in French and German
NAME = re.compile(r"\s*\{(?P<name>[^{}]*)\}")
NULL = re.compile(r"\s*((?:H|\\mathcal\s*\{?\s*H\s*\}?)_\{?\w\}?)\s*(?::(?!=)|\\colon(?![A-Za-z]))")  # the name of a hypothesis
PLACEMENT = re.compile(r"\s*\*?\s*(?:\[\s*[+-]?(?:[\d.,]+\s*(?:[a-z]{2}|\\[a-z]+)|\\[a-z]+)\s*\])?")  # of a row: a length in brackets
BROKEN = re.compile(
    r"(?:[&\s]|\\q?quad(?![A-Za-z])|\\[,;:! ])*(?=[-+−/]|\\(?:cdot|times)(?![A-Za-z]))"
)  # a row inside brackets that goes on
DECIMAL_COMMA = re.compile(r"\d\{,\}(?!\d{3}(?!\d))\d|(?<!\d)0\{,\}\d|(?<![\d,{(\[])\b0,\d{2}")
FUNCTION_BEFORE = re.compile(r"(?:[A-Za-z1_^}{]|\\[A-Za-z]+|[-+=*/(])\s*$")
SPACE_BEFORE = re.compile(r"(?:\\[,;: !]|\\q?quad|~|\s)\s*$")
ORDER_INSIDE = re.compile(r"<|>|≤|≥|\\(?:le|ge|leq|geq|lt|gt|leqslant|geqslant|in)(?![A-Za-z])")
BEHIND_CONDITION = re.compile(r"\s*(?:$|[.,;&]|\\\\|\\[,;: ]|\\q?quad|\\text)")
POINT = re.compile(r"\d\.\d")
COMMA = re.compile(r"(?<![\d,])\d+,\d+(?![\d,])")
LISTED_DECIMALS = re.compile(r"\d,\d+\s*;\s*\d")
COMMA_LANGUAGES = re.compile(
    r"\b(?:und|der|die|das|ist|ergibt|daher|also|wir|est|les|des|donc|nous|une|los|las|es|por|una|entonces|que|são|uma|então|quindi|sono|della|dei|"
    r"или|что|равно|тогда|оценка|следовательно|получаем|данные)\b", re.I
)  # fmt: skip
THOUSANDS = re.compile(r",(?:\d{3})(?!\d)")


@dataclass(slots=True)
class Piece:
    """kind: side, sign, arrow, comma, blank, words, mark (&).  value: the text, sign or link.  start: its offset.

    source: what is written for it, which knows its place.  words: this side stands in words.
    """

    kind: str
    value: str
    start: int
    source: Source
    set: bool = False
    words: bool = False


@dataclass(slots=True)
class Row:
    """One row of a formula: its pieces and where it begins.  aside: it is a remark within another row."""

    pieces: list[Piece] = field(default_factory=list)
    aside: bool = False


class Cutter:
    """Cuts one formula.  Nothing raises: what is odd stays inside a side, where reading will name it."""

    def __init__(self, source: Source, decimal_comma: bool = False):
        self.source, self.decimal_comma = source, decimal_comma
        self.src = source.text  # what is dropped from it later leaves blanks, so that offsets stay
        self.rows_: list[Row] = [Row()]
        self.side: list[tuple[str, int, int]] = []  # texts, each with the stretch that it stands for
        self.side_start = -1
        self.depth = 0
        self.environments = 0  # that hold rows of their own
        self.loose: list[int] = []  # offsets of closing braces that belong to wrappers taken away
        self.at = 0

    def rows(self) -> list[Row]:
        """The rows that hold anything, in order."""
        if (named := NULL.match(self.src)) is not None:
            self.at = named.end()
            self._emit("words", "under", 0)
        while self.at < len(self.src):
            self._step()
        self._row()
        return [r for r in self.rows_ if any(p.kind != "mark" for p in r.pieces)]

    # -- output ---------------------------------------------------------------------------------

    def _put(self, text: str, start: int) -> None:
        if self.side_start < 0 and text.strip():
            self.side_start = start
        if self.side_start >= 0:
            self.side.append((text, start, self.at))

    def _text_so_far(self) -> str:
        return "".join(text for text, _, _ in self.side)

    def _flush(self) -> None:
        text = self._text_so_far().strip()
        if text and text not in (".", "\\\\"):
            parts = (self.source[a:b] if text == self.source.text[a:b] else self.source.instead(a, b, text) for text, a, b in self.side)
            self.rows_[-1].pieces.append(Piece("side", text, self.side_start, self.source.joined(parts).stripped()))
        self.side, self.side_start = [], -1

    def _emit(self, kind: str, value: str, start: int, was_set: bool = False) -> None:
        self._flush()
        self.rows_[-1].pieces.append(Piece(kind, value, start, self.source[start : self.at], was_set))

    def _row(self) -> None:
        if self.depth and self.side:
            self._unbalanced()
        self._flush()
        self.depth = 0
        if self.rows_[-1].pieces:
            self.rows_.append(Row())

    def _unbalanced(self) -> None:
        """A row whose brackets do not match: what looks like its relation is still one."""
        m = HIDDEN.search(self._text_so_far())
        if m is None or self.rows_[-1].pieces:
            return
        start, self.depth, rest = self.side_start, 0, self.side
        behind = m.start()  # of the sign, in the part that holds it
        for k, (text, a, b) in enumerate(rest):
            if behind < len(text):
                self.side = [*rest[:k], (text[:behind], a, b)]
                self._emit("sign", SIGNS[m.group()], start)
                self.side, self.side_start = [(text[behind + 1 :], a, b), *rest[k + 1 :]], start
                return
            behind -= len(text)

    # -- one step -------------------------------------------------------------------------------

    def _step(self) -> None:
        m = LEX.match(self.src, self.at)
        if m is None:
            self.at += 1
            return
        start, self.at = self.at, m.end()
        kind, text = m.lastgroup, m.group()
        if kind == "comment":
            return
        if kind == "cmd":
            self._command(m.group("cmd"), start)
        elif kind == "esc":
            self._escaped(m.group("esc"), start)
        elif kind == "open" and text == "(" and self.depth == 0 and (end := self._condition(start)):
            self._emit("words", "for", start)  # f(x) = 2x  (0 < x < 1)
            self.loose.append(end)
        elif kind == "open":
            self.depth += 1
            self._put(text, start)
        elif kind == "close":
            if start in self.loose:
                self.loose.remove(start)
                return
            self.depth = max(0, self.depth - 1)
            self._put(text, start)
        elif self.depth and text == "," and self.decimal_comma and self._numeral(start):
            self._put("{,}", start)
        elif self.depth:
            self._put(text, start)
        elif kind == "sign" and text == "!=" and start and not self.src[start - 1].isspace():  # 3!=6
            self.at = start + 1
            self._put("!", start)
        elif kind == "sign":
            self._emit("sign", SIGNS[text], start)
        elif kind == "arrow":
            self._emit("arrow", ARROWS[text], start)
        elif kind == "mark":
            self._mark(text, start)
        else:
            self._put(text, start)

    def _condition(self, start: int) -> int:
        """Where the bracket that begins here ends, if it holds nothing but a side condition; else 0."""
        before = self.src[:start]
        if (
            not self.rows_[-1].pieces
            or FUNCTION_BEFORE.search(self._text_so_far())
            or not (self.side_start < 0 or SPACE_BEFORE.search(before))
        ):
            return 0
        depth = 0
        for k in range(start, min(len(self.src), start + 120)):
            depth += (self.src[k] in "([{") - (self.src[k] in ")]}")
            if depth == 0:
                inside = self.src[start + 1 : k]
                order = ORDER_INSIDE.search(inside) is not None and "&" not in inside and "\\\\" not in inside
                return k if order and BEHIND_CONDITION.match(self.src, k + 1) else 0
        return 0

    def _mark(self, text: str, start: int) -> None:
        if text == "&":
            self._emit("mark", "&", start)
        elif text == "," and self._numeral(start):
            self._put("{,}", start)
        else:
            self._emit("comma", text, start)

    def _numeral(self, start: int) -> bool:
        """Whether a comma stands within a number: 10,000, and 0,25 where the text writes decimals so."""
        before, after = self.src[start - 1 : start], self.src[start + 1 : start + 2]
        if not (before.isdigit() and after.isdigit()):
            return False
        run = re.search(r"[\d,]*$", self.src[max(0, start - 40) : start])
        head = run.group() if run else ""
        if self.decimal_comma:
            return "," not in head and re.compile(r",\d+\s*,\s*\d").match(self.src, start) is None
        return THOUSANDS.match(self.src, start) is not None and len(head.split(",")[0]) <= 3 and not head.startswith("0")

    def _escaped(self, c: str, start: int) -> None:
        if c == "\\":
            self.at = PLACEMENT.match(self.src, self.at).end()  # type: ignore[union-attr]
            if self.depth == 0:
                self._row()
            elif self.environments == 0 and (goes_on := BROKEN.match(self.src, self.at)) is not None:
                self.at = goes_on.end()
                self._put(" ", start)
            else:
                self._put("\\\\", start)
        elif c in "{":
            self.depth += 1
            self._put("\\{", start)
        elif c == "}":
            self.depth = max(0, self.depth - 1)
            self._put("\\}", start)
        elif c in "()[]":  # a stray \( inside a formula says nothing
            return
        elif c in SPACES:
            self._put("\\" + (c if c in ",;:!>" else " "), start) if self.side_start >= 0 else None
        elif c == "#":
            self._put("\\operatorname{card}", start)
        elif c in "$&" and self.depth == 0:
            return
        else:
            self._put("\\" + c, start)

    def _command(self, name: str, start: int) -> None:
        full = "\\" + name
        if name in ("begin", "end"):
            self._environment(name, start)
        elif name == "left" or name == "right":
            self._fence(name, start)
        elif name in DROPPED:
            self._put(" ", start)
        elif name in WITH_ARGUMENT:
            self._skip_group()
        elif name in UNWRAPPED or (name in FLAT and self._wraps_more_than_a_name()):
            self._unwrap(name)
        elif name in TEXTS:
            self._text(full, start)
        elif name in OVER:
            self._over(full, start)
        elif name == "not" and self.depth == 0 and (m := re.compile(r"\s*(=|\\in\b|\\sim\b)").match(self.src, self.at)):
            self.at = m.end()
            self._emit("sign", "!=", start)
        elif self.depth == 0 and full in SIGNS and full != "\\leadsto":
            self._emit("sign", SIGNS[full], start)
        elif self.depth == 0 and full in ARROWS:
            if name.startswith("x"):
                self._skip_group()
            self._emit("arrow", ARROWS[full], start)
        elif self.depth == 0 and name == "forall":
            self._emit("words", "for all", start)
        elif self.depth == 0 and name in ("quad", "qquad", "enspace"):
            self._emit("blank", name, start)
        elif name == "hline" or name == "toprule":
            return
        else:
            self._put(full, start)

    def _skip_group(self) -> None:
        m = re.compile(r"\s*(?:\[[^\]]*\])?\s*(?=\{)").match(self.src, self.at)
        if m:
            end = closing(self.src, m.end())
            self.at = end + 1 if end >= 0 else m.end()

    def _group(self) -> str | None:
        """The inside of the next argument, taken; one character or command where there are no braces."""
        while self.at < len(self.src) and self.src[self.at].isspace():
            self.at += 1
        if self.at < len(self.src) and self.src[self.at] == "{":
            end = closing(self.src, self.at)
            if end < 0:
                return None
            inside, self.at = self.src[self.at + 1 : end], end + 1
            return inside
        m = re.compile(r"\\[A-Za-z]+|.", re.S).match(self.src, self.at)
        if m is None:
            return None
        self.at = m.end()
        return m.group()

    def _unwrap(self, name: str) -> None:
        """\\boxed{a = b}: its inside stands as if the box were not there."""
        if name in TWO_ARGUMENTS:
            self._skip_group()
        m = re.compile(r"\s*(?:\[[^\]]*\])?\s*\{").match(self.src, self.at)
        if m is None:
            return
        end = closing(self.src, m.end() - 1)
        if end < 0:
            self.at = m.end()
            return
        label = re.compile(r"\s*[_^]\s*(?=\{)").match(self.src, end + 1) if name in ("underbrace", "overbrace") else None
        if label:
            stop = closing(self.src, label.end())
            if stop >= 0:
                named = LABEL.match(self.src, label.end())
                if named and self.depth == 0:
                    self._named(self.source[named.start(1) : named.end(1)], self.source[m.end() : end].stripped(), m.end())
                self.src = self.src[: end + 1] + " " * (stop - end) + self.src[stop + 1 :]
        if self.depth == 0 and name not in ("underbrace", "overbrace", "cancel", "mathop"):
            self.at = m.end()
            self.loose.append(end)
        else:
            self.at = m.end() - 1

    def _named(self, name: Source, inside: Source, start: int) -> None:
        """\\underbrace{...}_{=: T} gives its inside a name."""
        sides = [Piece("side", side.text, start, side) for side in (name, inside)]
        row = Row([sides[0], Piece("sign", ":=", start, name[:0]), sides[1]], True)
        self.rows_.insert(len(self.rows_) - 1, row)

    def _wraps_more_than_a_name(self) -> bool:
        m = re.compile(r"\s*\{").match(self.src, self.at)
        if m is None or self.depth:
            return False
        end = closing(self.src, m.end() - 1)
        return end >= 0 and not re.fullmatch(r"\s*(\\?[A-Za-z]+|[01])\s*", self.src[m.end() : end])

    def _text(self, full: str, start: int) -> None:
        """Words between formulas; a name (NLL, MLE, const) is left in its side."""
        inside = self._group()
        if inside is None:
            return
        before = self._text_so_far().rstrip()
        if self.depth or before.endswith(("_", "^")) or is_name(inside, before, self.src[self.at : self.at + 12]):
            self._put("%s{%s}" % (full, inside), start)
            return
        self._emit("words", " ".join(re.sub(r"\$", "", inside).split()), start)

    def _over(self, full: str, start: int) -> None:
        """\\stackrel{set}{=}: the sign, marked; over anything else it is left where it is."""
        saved = self.at
        first, second = self._group(), self._group()
        if full == "\\overunderset":
            second = self._group()
        if first is not None and second is not None and self.depth == 0:
            sign, over = second.strip().strip("{}"), first
            if full == "\\underset" and first.strip() in SIGNS:
                sign, over = first.strip(), second
            if sign in SIGNS:
                words = re.sub(r"\\(?:text|mathrm|rm|tiny|scriptsize|operatorname|textbf|mathbf)\b|[{}\s]", "", over).lower()
                self._emit(
                    "sign", SIGNS[sign], start, words in ("set", "!", "!!", "want", "must", "should", "shouldbe", "0", "setto", "soll")
                )
                if words == "def" and sign == "=":
                    self.rows_[-1].pieces[-1].value = ":="
                return
            if sign in ARROWS:
                self._emit("arrow", ARROWS[sign], start)
                return
        self.at = saved
        self._put(full, start)

    def _fence(self, name: str, start: int) -> None:
        m = re.compile(r"\s*(\\[A-Za-z]+|\\.|.)", re.S).match(self.src, self.at)
        if m is None:
            return
        delimiter = m.group(1)
        ahead = re.compile(r"\s*\\begin\s*\{(\w+)\*?\}").match(self.src, m.end())
        if name == "left" and ahead and (ahead[1] in TRANSPARENT or (ahead[1] in SYSTEMS and not self.side and self._opens_statement())):
            self.at = m.end()
            end = _right(self.src, self.at)
            if end is not None:
                self.src = self.src[: end[0]] + " " * (end[1] - end[0]) + self.src[end[1] :]
            return
        self.at = m.end()
        self.depth = max(0, self.depth + (1 if name == "left" else -1))
        self._put("\\%s%s" % (name, delimiter), start)

    def _opens_statement(self) -> bool:
        pieces = [p for p in self.rows_[-1].pieces if p.kind != "mark"]
        return not self.side and (not pieces or pieces[-1].kind != "sign")

    def _environment(self, which: str, start: int) -> None:
        m = NAME.match(self.src, self.at)
        if m is None:
            return
        name = m.group("name").rstrip("*").strip()
        if name in TRANSPARENT:
            self.at = m.end()
            if which == "begin":
                extra = re.compile(r"\s*(?:\[[^\]\n]{0,12}\])?(?:\{\d+\})?").match(self.src, self.at)
                self.at = extra.end() if extra else self.at
                if name == "numcases":
                    self._skip_group()
            if self.depth == 0 and which == "begin" and self.rows_[-1].pieces and self.rows_[-1].pieces[-1].kind != "sign":
                self._row()
            return
        if which == "begin" and name in SYSTEMS and self.depth == 0 and self._opens_statement() and self._holds_relations(m.end(), name):
            self.at = m.end()
            if name == "array":
                self._skip_group()
            end = re.compile(r"\\end\s*\{%s\*?\}" % re.escape(name)).search(self.src, self.at)
            if end:
                self.src = self.src[: end.start()] + " " * (end.end() - end.start()) + self.src[end.end() :]
            return
        self.at = m.end()
        self.depth = max(0, self.depth + (1 if which == "begin" else -1))
        self.environments = max(0, self.environments + (1 if which == "begin" else -1))
        self._put("\\%s{%s}" % (which, name), start)

    def _holds_relations(self, at: int, name: str) -> bool:
        """Whether the rows of a cases environment are equations rather than values with conditions."""
        end = self.src.find("\\end{" + name, at)
        body = self.src[at : end if end >= 0 else len(self.src)]
        rows = [r for r in Cutter(Source.of(body), self.decimal_comma).rows() if r.pieces] if "\\begin" not in body else []
        return bool(rows) and all(any(p.kind == "sign" and p.value in ("=", "approx", ":=") for p in r.pieces[:4]) for r in rows)


def _right(text: str, at: int) -> tuple[int, int] | None:
    """The \\right and its delimiter that belong to a \\left before `at`."""
    depth = 1
    for m in re.compile(r"\\(left|right)(?![A-Za-z])\s*(\\[A-Za-z]+|\\.|.)", re.S).finditer(text, at):
        depth += 1 if m.group(1) == "left" else -1
        if depth == 0:
            return m.start(), m.end()
    return None


def has_decimal_comma(text: str) -> bool:
    """Whether decimals are written with a comma: 0,25; 1,5 in a language that does so, where no point is written."""
    if DECIMAL_COMMA.search(text) is not None:
        return True
    if POINT.search(text) is not None or COMMA.search(text) is None:
        return False
    return LISTED_DECIMALS.search(text) is not None or len({m.group().lower() for m in COMMA_LANGUAGES.finditer(text)}) >= 2


def rows(source: Source, decimal_comma: bool = False) -> list[Row]:
    """The rows of a formula, each cut into its pieces."""
    return Cutter(_interval(without(source)), decimal_comma).rows()


def _interval(source: Source) -> Source:
    """]a, b[ with round brackets."""
    m = TURNED.match(source.text)
    if m is None:
        return source
    ends = {m.start(1): "(" if m[1] == "]" else "[", m.start(2): ")" if m[2] == "[" else "]"}
    return source.joined([source.instead(k, k + 1, ends[k]) if k in ends else source[k : k + 1] for k in range(len(source.text))])
