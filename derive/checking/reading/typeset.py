"""Formulas in plain letters, as in an e-mail -> LaTeX.

lnL = 3 ln p + 2 ln(1-p)        d/dp log L        n/(x1 + ... + xn)        theta_hat = sqrt(S/2)        λ̂ = n/Σxᵢ        60%
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from ...formula.names import GREEK, squared_base
from ...reading.source import Source
from ...reading.tex.unicode import ACCENTS, CHARACTERS

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱ⁽⁾", "0123456789+-ni()", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ᵢⱼₖₙₘₐₓ", "0123456789+-=()ijknmax", strict=True))
FUNCTIONS = {
    "ln": r"\ln ", "log": r"\log ", "exp": r"\exp ", "sin": r"\sin ", "cos": r"\cos ", "tan": r"\tan ", "max": r"\max ", "min": r"\min ",
    "arctan": r"\arctan ", "lim": r"\lim ", "argmax": r"\arg\max ", "argmin": r"\arg\min ", "sinh": r"\sinh ", "cosh": r"\cosh ", "tanh": r"\tanh ",
    "ln_e": r"\ln ", "lg": r"\lg ", "Exp": r"\exp ", "Log": r"\log ", "Ln": r"\ln ", "LN": r"\ln ",
}  # fmt: skip
LARGE = {"sum": r"\sum ", "Sum": r"\sum ", "SUM": r"\sum ", "Σ": r"\sum ", "∑": r"\sum ", "prod": r"\prod ", "product": r"\prod ", "Prod": r"\prod ",
         "Π": r"\prod ", "∏": r"\prod ", "Product": r"\prod "}  # fmt: skip
MEANS = frozenset(["mean", "avg", "average", "Mean"])
CALLED = {"median": r"\operatorname{median}", "med": r"\operatorname{median}", "Gamma": r"\Gamma ", "gamma": r"\Gamma ", "lgamma": r"\ln\Gamma ",
          "loggamma": r"\ln\Gamma ", "digamma": r"\psi ", "abs": r"\operatorname{abs}", "sign": r"\operatorname{sgn}", "sgn": r"\operatorname{sgn}",
          "length": r"\operatorname{length}", "erf": r"\operatorname{erf}", "Phi": r"\Phi "}  # fmt: skip
QUANTITIES = {
    "lnL": r"\ln L", "logL": r"\log L", "LogL": r"\log L", "lnl": r"\ln L", "logl": r"\log L", "loglik": r"\ell ", "LL": r"\ell ", "ll": r"\ell ",
    "log-likelihood": r"\ell ", "log-lik": r"\ell ", "loglikelihood": r"\ell ", "likelihood": "L", "lik": "L", "Lik": "L", "NLL": r"\operatorname{NLL}",
    "nll": r"\operatorname{NLL}", "const": r"\operatorname{const}", "constant": r"\operatorname{const}", "cst": r"\operatorname{const}",
    "konst": r"\operatorname{const}", "Var": r"\operatorname{Var}", "var": r"\operatorname{Var}", "Cov": r"\operatorname{Cov}", "MSE": r"\operatorname{MSE}",
    "RSS": r"\operatorname{RSS}", "SSE": r"\operatorname{SSE}", "BCE": r"\operatorname{BCE}", "infinity": r"\infty ", "inf": r"\infty ",
    "infty": r"\infty ", "oo": r"\infty ", "MLE": r"\operatorname{MLE}", "SE": r"\operatorname{SE}", "ell": r"\ell ",
}  # fmt: skip
ESTIMATES = frozenset(["hat", "MLE", "ML", "mle", "ml", "est", "estimate", "estimated", "opt", "star"])
LABELS = frozenset(["max", "min", "ord", "med", "median", "new", "old", "obs", "true", "prof"])
ACCENTED = {
    "bar": r"\bar",
    "hat": r"\hat",
    "tilde": r"\tilde",
    "avg": r"\bar",
    "mean": r"\bar",
    "dach": r"\hat",
    "quer": r"\bar",
    "gorro": r"\hat",
    "sombrero": r"\hat",
    "barra": r"\bar",
    "barre": r"\bar",
    "chapeau": r"\hat",
    "chapéu": r"\hat",
}
WORDS = frozenset({*FUNCTIONS, *LARGE, *MEANS, *CALLED, *QUANTITIES, *GREEK, "lamda", "sqrt", "hat", "bar", "binom", "choose", "d", "mod"})
GREEK_LETTER = {c: shown for c, shown in CHARACTERS.items() if "\u0370" <= c <= "\u03ff" and c not in "ΣΠ"}

NAME = r"(?:[A-Za-zℓ\u0370-\u03ff][\u0302-\u0305]?)"
VARIABLE = rf"(?:(?:{'|'.join(sorted(GREEK, key=len, reverse=True))}|lamda)|{NAME})(?:_?\{{?\w{{1,3}}\}}?)??"
OF = rf"(?:\(\s*[-−]?\s*)?(?:(?:ln|log)\s*\(?\s*)?(?:ln|log|{NAME}|ell|ll|LL|NLL|nll|loglik|lnL|logL)(?:\s*\([^()]*\))?\s*\)?\s*\)?"
DERIVATIVE = re.compile(
    rf"(?<![A-Za-z\\])(?P<bracket>\()?\s*(?P<d>[d∂])(?P<order>\s*\^?\s*[2²])?\s*(?P<of>{OF})?\s*/\s*\(?\s*[d∂]\s*(?P<by>{VARIABLE})"
    rf"(?P<twice>\s*(?:\^\s*2|²|(?<=[A-Za-z])2(?!\w)))?(?:\s*[d∂]\s*(?P<second>{VARIABLE}))?(?![A-Za-z(])\s*(?P<close>\))?"
)
TOKEN = re.compile(
    r"(?P<command>\\[A-Za-z]+)|(?P<number>\d+(?:\.\d+)?|\.\d+)(?P<exponent>[eE][-+]?\d+(?![\w.]))?|(?P<word>[A-Za-zÀ-ÖØ-öø-ɏ]+)(?P<accent>[\u0302-\u0305])?"
    rf"|(?P<greek>[\u0370-\u03ff])(?P<mark>[\u0302-\u0305])?|(?P<up>[{''.join(SUPERSCRIPTS)}]+)|(?P<down>[{''.join(SUBSCRIPTS)}]+)"
    r"|(?P<power>\*\*|\^)|(?P<dots>\.{2,}|\. \. \.|…|⋯)|(?P<space>\s+)|(?P<char>.)",
    re.S,
)
LONGEST = 4_000  # characters of one side
LABEL = r"[A-Za-z0-9_\u0370-\u03ff]+"
KINDS = ("command", "number", "word", "greek", "up", "down", "power", "dots", "space", "char")
HYPHENED = re.compile(r"log-?\s?lik(?:elihood)?(?![A-Za-z])")
RUN = re.compile(rf"(?:{NAME}|\d+(?:\.\d+)?)+(?:[²³]|\*(?={NAME}))?")


class Typesetter:
    """One formula, from the left to the right."""

    def __init__(self, source: Source, names: Collection[str], observations: Collection[str]):
        self.source, self.text, self.names, self.observations = source, source.text, names, observations
        self.at = 0
        self.out: list[Source | str] = []
        self.dotted = re.search(r"\.\.|…|⋯|\. \. \.", self.text) is not None

    def whole(self) -> Source:
        """The formula in LaTeX."""
        while self.at < len(self.text):
            self._step()
        return self.source.joined(self.out)

    # -- pieces ---------------------------------------------------------------------------------

    def _put(self, text: str, start: int) -> None:
        part = self.source[start : self.at]
        self.out.append(part if part.text == text else self.source.instead(start, self.at, text))

    def _inside(self, start: int, end: int) -> Source:
        return Typesetter(self.source[start:end], self.names, self.observations).whole()

    def _group_end(self, at: int) -> int:
        """Behind the bracket that opens at `at`."""
        depth = 0
        for k in range(at, len(self.text)):
            depth += (self.text[k] in "([{") - (self.text[k] in ")]}")
            if depth == 0:
                return k + 1
        return len(self.text)

    def _atom_end(self, at: int) -> int:
        """Behind the number, name or bracket that begins at `at`."""
        if self.text[at : at + 1] in ("(", "{", "["):
            return self._group_end(at)
        m = re.compile(r"[A-Za-z]\d{1,2}(?![A-Za-z\d])").match(self.text, at)
        if m is not None and any(k in self.names for k in (m.group(), f"{m.group()[0]}_{m.group()[1:]}")):
            return m.end()  # n1, where it is declared
        m = re.compile(rf"\d+(?:\.\d+)?|\.\d+|\\?[A-Za-z]+(?:_\{{?\w+\}}?)?|{NAME}").match(self.text, at)
        if m is None:
            return at
        if m.group()[0].isalpha() and m.group() not in {*WORDS, *self.names, *self.observations} and "_" not in m.group():
            return at + 1  # e^nx is left to be e^n x
        return m.end()

    def _braced(self, command: str, start: int, sign: str = "", joined: bool = False) -> None:
        """command{...} of the group, or the atom, that stands here."""
        end = self._atom_end(self.at)
        if joined and end > self.at and self.text[self.at] not in "({[":
            run = RUN.match(self.text, self.at)
            end = max(end, run.end() if run else end)
        bracket = self.text[self.at : self.at + 1] in ("(", "{") and self.text[end - 1 : end] in (")", "}")
        inside = self._inside(self.at + bracket, end - bracket)
        head = self.source.instead(start, self.at, command + "{" + sign)
        self.at = end
        self.out += [head, inside, self.source.instead(end, end, "}")]

    def _step(self) -> None:
        text, start = self.text, self.at
        if text[start] in "d∂(" and (m := DERIVATIVE.match(text, start)) and self._derivative(m):
            return
        if (h := HYPHENED.match(text, start)) and (not start or not text[start - 1].isalpha()):
            self.at = h.end()
            self._put(r"\ell ", start)
            return
        m = TOKEN.match(text, start)
        if m is None:  # pragma: no cover
            self.at += 1
            return
        self.at = m.end()
        match next(kind for kind in KINDS if m[kind] is not None):
            case "number":
                self._number(m, start)
            case "word":
                self._word(m["word"], m["accent"], start)
            case "greek":
                self._greek(m["greek"], m["mark"], start)
            case "up":
                raised = "".join(SUPERSCRIPTS[c] for c in m["up"])
                self._put("^{%s}" % raised, start)
            case "down":
                self._put("_{%s}" % "".join(SUBSCRIPTS[c] for c in m["down"]), start)
            case "power":
                self._power(start)
            case "dots":
                listed = m["dots"] == ".." and re.search(r"[\w}]\s*$", self.text[:start]) is not None
                self._put(r", \dots , " if listed else r"\dots ", start)  # x1..xn
            case "char":
                self._char(m["char"], start)
            case _:
                self._put(m.group(), start)

    def _number(self, m: re.Match[str], start: int) -> None:
        if m["exponent"]:
            self._put(r"%s\cdot 10^{%s}" % (m["number"], m["exponent"][1:].lstrip("+")), start)
            return
        self._put(m["number"], start)
        percent = re.compile(r"\s?%(?!\s*[\w(])").match(self.text, self.at)
        if percent:
            start, self.at = self.at, percent.end()
            self._put(r"\%", start)

    def _char(self, c: str, start: int) -> None:
        if c == "√":
            self.at += len(self.text[self.at :]) - len(self.text[self.at :].lstrip())
            self._braced(r"\sqrt", start, joined=False)
        elif c in LARGE:
            self._large(LARGE[c], start)
        elif c == "[":  # x[i]
            end = self._group_end(start)
            word = re.search(r"(?:[A-Za-z]\w*)$", self.text[:start])
            inside = self.text[start + 1 : end - 1]
            if word and re.fullmatch(r"\w{1,4}", inside) and word.group() not in FUNCTIONS and word.group() not in ("E", "P", "Var"):
                self.at = end
                self._put("_{%s}" % inside, start)
            else:
                self._put(c, start)
        elif c == "_":
            self._subscript(start)
        elif c == "+" and (either := re.compile(r"/?[-−](?=[\s\w(√\\])").match(self.text, self.at)):
            self.at = either.end()
            self._put(r"\pm ", start)
        elif c == "*":
            self._put(r"\cdot " if self.text[self.at :].strip() else "^{*}", start)
        elif c == "|":
            self._put(c, start)
        elif c in "{}" and "\\" not in self.text:
            self._put("\\" + c, start)
        elif c in "ˆ":
            self._put("^", start)
        else:
            self._put(CHARACTERS.get(c, c), start)

    def _power(self, start: int) -> None:
        rest = self.text[self.at :]
        after = rest.lstrip()
        if not after or after[0] in "=,;)]}+*/<>²³" or (rest[0] == " " and after[0] in "-−"):
            self._accent_before("hat", start)  # θ^ for an estimate
            return
        if (m := re.match(r"\{?(hat|bar|tilde)\}?(?![A-Za-z])", after)) is not None:
            self.at += len(rest) - len(after) + m.end()
            self._accent_before(m.group(1), start)
            return
        self.at += len(rest) - len(after)
        sign = ""
        if self.text[self.at] in "-−+":
            sign = "-" if self.text[self.at] != "+" else ""
            self.at += 1
            self.at += len(self.text[self.at :]) - len(self.text[self.at :].lstrip())
        if self.text[self.at : self.at + 1] == "*":
            self.at += 1
            self._put("^{*}", start)
            return
        self._braced("^", start, sign, joined=bool(sign))

    def _accent_before(self, accent: str, start: int) -> None:
        """An accent over the name that was put last."""
        k = next((k for k in range(len(self.out) - 1, -1, -1) if _text(self.out[k]).strip()), None)
        if k is None or not re.fullmatch(r"\\?[A-Za-z]+\s*|\\mathrm\{\w+\}", _text(self.out[k])):
            raise self.source.error("a hat stands over no name", start)
        name = self.out.pop(k)
        self.out.insert(
            k, self.source.joined(["\\%s{" % accent, name, "}"]) if isinstance(name, str) else name.joined(["\\%s{" % accent, name, "}"])
        )

    def _subscript(self, start: int) -> None:
        rest = self.text[self.at :]
        m = re.match(rf"\(\s*{LABEL}\s*\)|\{{[^{{}}]*\}}|{LABEL}", rest)
        if m is None:
            self._put("_", start)
            return
        label = m.group()
        if label[0] in "{(":
            self.at += m.end()
            self._put("_" + label if label[0] == "{" else "_{%s}" % label, start)
            return
        self.at += m.end()
        for part in label.split("_"):
            if part in ACCENTED:
                self._accent_before(ACCENTED[part][1:], start)
            elif part in ESTIMATES:
                self._put(r"_{\text{%s}}" % ("MLE" if part not in ("ML", "ml", "opt") else part), start)
            else:
                self._put("_{%s}" % (part if len(part) == 1 or part.isdigit() else _label(part)), start)

    def _large(self, command: str, start: int) -> None:
        """A sum or product with what stands below and above it."""
        m = re.compile(r"\s*_\s*\(?\{?\s*(\w)\s*=\s*(\w+)\s*(?:\.{2,3}|…|to|,\s*\.\.\.\s*,)\s*(\w+)\s*\}?\)?|\s*_?\s*\{?\(?(\w)\s*=\s*(\w+)\s*\)?\}?\s*\^\s*\{?\(?(\w+)\)?\}?|"
                       r"\s*over\s+(\w)\b|\s*from\s+(\w)\s*=\s*(\w+)\s+to\s+(\w+)(?:\s+of)?").match(self.text, self.at)  # fmt: skip
        if m is not None:
            g = [x for x in m.groups() if x is not None]
            self.at = m.end()
            self._put(command.strip() + ("_{%s=%s}^{%s} " % tuple(g) if len(g) == 3 else "_{%s} " % g[0]), start)
            return
        self._put(command, start)
        if self.text[self.at : self.at + 1] != "(":
            return
        end = self._group_end(self.at)
        ranged = re.match(r"\((.*),\s*\(?\s*([a-z])\s*(?:=|,)\s*(\w+)\s*(?:,|\.\.+|to)\s*(\w+)\s*\)?\s*\)$", self.text[self.at : end], re.S)
        if ranged:  # sum(x_i, i=1..n)
            body = self._inside(self.at + ranged.start(1), self.at + ranged.end(1))
            self.out += [f"_{{{ranged[2]}={ranged[3]}}}^{{{ranged[4]}}} \\left(", body, r"\right)"]
            self.at = end
            return
        inside = self.text[self.at + 1 : end - 1]
        squared = re.match(r"\s*(?:\^|\*\*|²)", self.text[end:]) and not re.search(r"[-+−]", inside)  # sum(x)^2 is the square of the sum
        if squared or (r"\prod" in command and re.match(r"\s*/", self.text[end:])):  # prod(x_i)/a divides once
            name = self.out.pop()
            self.out += [r"\left(", name, self._inside(self.at, end), r"\right)"]
            self.at = end

    def _greek(self, c: str, mark: str | None, start: int) -> None:
        if c in LARGE and not mark:
            self._large(LARGE[c], start)
            return
        shown = CHARACTERS.get(c, c)
        if mark:
            shown = "\\%s{%s}" % (ACCENTS[mark], shown.strip())
        self._put(shown, start)
        self._estimate()

    def _estimate(self) -> None:
        """A star behind a name, where nothing is multiplied."""
        m = re.compile(r"\*(?=\s*(?:$|[,;)]))").match(self.text, self.at)
        if m:
            start, self.at = self.at, m.end()
            self._put("^{*}", start)
        spelled = re.compile(r"[ -](hat|bar)(?![A-Za-z])").match(self.text, self.at)
        if spelled:  # lambda hat, x-bar
            start, self.at = self.at, spelled.end()
            self._accent_before(spelled[1], start)

    def _word(self, word: str, accent: str | None, start: int) -> None:
        after = self.text[self.at : self.at + 1]
        if accent:
            letters, last = word[:-1], word[-1]
            if letters in WORDS or letters in self.names:
                self.at = start + len(letters)
                self._name(letters, start)
                self._step()
                return
            self._put("%s\\%s{%s}" % (letters, ACCENTS[accent], last), start)
            return
        digits = re.compile(r"\d+").match(self.text, self.at)
        if digits and word + digits.group() in self.names:
            self.at = digits.end()
            self._put(_declared(word + digits.group()), start)
            return
        if digits and (len(word) == 1 or word in GREEK) and word not in ("e", "d"):
            if not (digits.group() == "2" and f"{word}2" in self.names):
                self.at = digits.end()
                shown = f"\\{word}" if word in GREEK else word
                self._put(f"{shown}_{{{digits.group()}}}", start)
                return
        if word in MEANS and after == "(":
            self._braced(r"\overline", start)
            return
        if word in ("log", "Log") and digits and digits.group() in ("10", "2") and self.text[digits.end() : digits.end() + 1] in (" ", "("):
            self.at = digits.end()
            self._put(r"\log_{%s} " % digits.group(), start)
            return
        if word in ("sqrt", "Sqrt"):
            self._braced(r"\sqrt", start)
            return
        if word in ("binom", "choose", "C", "nCr") and after == "(":
            pair = re.compile(r"\(([^(),]*),([^(),]*)\)").match(self.text, self.at)
            if pair:
                self.at = pair.end()
                self._put(r"\binom{%s}{%s}" % pair.groups(), start)
                return
        if word == "choose" and self.out:
            self._choose(start)
            return
        self._name(word, start)

    def _choose(self, start: int) -> None:
        """n choose k."""
        rest = re.compile(r"\s*(\w+)").match(self.text, self.at)
        k = next((k for k in range(len(self.out) - 1, -1, -1) if _text(self.out[k]).strip()), None)
        if rest is None or k is None:
            raise self.source.error("'choose' stands between no two letters", start)
        self.at = rest.end()
        above = _text(self.out.pop(k)).strip()
        self._put(r"\binom{%s}{%s}" % (above, rest[1]), start)

    def _name(self, word: str, start: int) -> None:
        """A word: a name, a function, or a run of letters."""
        after = self.text[self.at : self.at + 1]
        if word in self.observations:
            self._put(f"{word[0]}_{{{word[1]}}}", start)
            return
        if word in self.names and word not in GREEK and len(word) > 1:
            self._put(_declared(word), start)
            return
        if word in LARGE and word not in self.names:
            self._large(LARGE[word], start)
            return
        if word in CALLED and after == "(" and word not in self.names:
            self._put(CALLED[word], start)
            return
        if word in FUNCTIONS:
            self._put(FUNCTIONS[word], start)
            return
        if word in QUANTITIES:
            self._put(QUANTITIES[word], start)
            return
        if word in GREEK or word == "lamda":
            self._put("\\" + ("lambda" if word == "lamda" else word) + " ", start)
            self._estimate()
            return
        if len(word) == 1:
            if word.isascii():
                self._put(word, start)
                self._estimate()
            else:
                self._put(_accented(word, self.source, start), start)
            return
        for ending in ("hat", "bar"):
            root = word.removesuffix(ending)
            if root != word and (root in GREEK or len(root) == 1 or root in self.names):
                shown = f"\\{root}" if root in GREEK else root
                self._put("\\%s{%s}" % (ending, shown), start)
                return
        inner = re.fullmatch(r"(ln|log|exp|d)(.+)", word)
        if inner and (len(inner[2]) == 1 or inner[2] in GREEK or inner[2] in self.names):
            self.at = start + len(inner[1])
            head = start
            self._put(FUNCTIONS.get(inner[1], inner[1]), head)
            return
        if self.dotted and len(word) == 2 and word[1] in "nNmkK":
            self._put(f"{word[0]}_{{{word[1]}}}", start)  # x1 + ... + xn
            return
        if len(word) <= 3 and word.isascii() and (after != "(" or len(word) == 2):
            inside = re.fullmatch(r"[A-Za-z]+", word)
            if inside:
                self._put(word, start)
                return
        raise self.source.error(f"{word!r} is no name that is known here", start)

    def _derivative(self, m: re.Match[str]) -> bool:
        """d/dp, dl/dp, d(ln L)/dp, d^2 l/dp^2."""
        of = m["of"] or ""
        if (m["bracket"] is None) != (m["close"] is None):
            end = m.end() - (len(m["close"]) if m["close"] else 0)
            if m["bracket"]:
                return False
        else:
            end = m.end()
        if of.count("(") != of.count(")"):
            return False
        twice = bool(m["order"])  # dl/d sigma^2 is a first derivative
        squared = bool(m["twice"])
        by_name = re.compile(r"[A-Za-z]+2").match(self.text, m.start("by"))
        if by_name is not None and by_name.group() in self.names and not m["second"] and not (m["bracket"] and m["close"]):  # ∂²/∂s2²
            more = re.compile(r"\s*(?:\^\s*2(?!\d)|²)").match(self.text, by_name.end())
            end, squared = (more.end(), True) if more else (by_name.end(), False)
        d = r"\partial " if m["d"] == "∂" else "d"
        ends = {"by": by_name.end() if by_name is not None and by_name.group() in self.names else m.end("by"), "second": m.end("second")}
        by = [Typesetter(self.source[m.start(k) : ends[k]], self.names, self.observations).whole().text.strip() for k in ends if m[k]]
        self.at = end
        body = self._inside(m.start("of"), m.end("of")) if of else None
        below = "".join(d + " " + v for v in by) + ("^{2}" if squared else "")
        head = "\\frac{%s%s" % (d, "^{2}" if twice or len(by) > 1 else "")
        self.out += [self.source.instead(m.start(), m.start("of") if of else m.start() + 1, head + " ")]
        self.out += [body] if body is not None else []
        self.out += [self.source.instead(m.end("of") if of else m.start() + 1, end, "}{%s}" % below + " ")]
        return True


def _text(part: Source | str) -> str:
    return part if isinstance(part, str) else part.text


def _declared(name: str) -> str:
    """A declared name of several letters."""
    m = re.fullmatch(r"([A-Za-z])(\d+)", name) if squared_base(name) is None else None
    return f"{m[1]}_{{{m[2]}}}" if m else r"\mathrm{%s}" % name


def _label(part: str) -> str:
    return part if part in LABELS or part.isdigit() else r"\text{%s}" % part if len(part) > 2 else part


def _accented(letter: str, source: Source, start: int) -> str:
    """One letter with its accent."""
    base = unicodedata.normalize("NFD", letter)
    if len(base) == 2 and base[1] in ACCENTS:
        return "\\%s{%s}" % (ACCENTS[base[1]], base[0])
    raise source.error(f"the character {letter!r} is not known in a formula", start)


def typeset(source: Source, names: Collection[str], observations: Collection[str] = ()) -> Source:
    """Typed mathematics in the spelling of LaTeX.  names: what is declared.  observations: words such as xi for x_i.

    Raises NotValid for a word that is no name, and for what is too long to be a formula.
    """
    if len(source.text) > LONGEST:
        raise source.error(f"this has {len(source.text)} characters; at most {LONGEST} are read as one formula", 0)
    return Typesetter(source, names, observations).whole()


__all__ = ["WORDS", "typeset"]
