"""Units behind numbers: they are no letters.  0{,}12\\ \\text{g}^2, 500\\ \\text{ч}, 3 h, 0.002 1/h"""

from __future__ import annotations

import re
from collections.abc import Collection

from ...reading.source import Source

LETTERS = ("min", "h", "s", "m", "g", "l", "t", "d", "a", "V", "W", "J", "A", "C", "K", "N", "ч", "с", "г", "м", "л")
WORDS = (  # of several letters, in several languages
    "kg", "mg", "km", "cm", "mm", "nm", "ms", "ml", "mL", "kW", "mV", "kV", "Hz", "kHz", "Pa", "kPa", "bar", "mol", "hrs?", "yrs?", "mins", "secs?", "units?", "failures", "per", "years?", "months?", "weeks?", "days?",
    "hours?", "minutes?", "seconds?", "meters?", "metres?", "grams?", "Std", "Stunden?", "Tagen?", "Tage?", "Jahren?", "Jahre?", "Minuten?", "Sekunden?", "Wochen?", "Meter", "Gramm", "heures?", "jours?", "ans?", "années?",
    "secondes?", "mois", "horas?", "días?", "dias?", "años?", "anos?", "minutos?", "segundos?", "ore", "ora", "giorn[io]", "ann[io]", "minut[io]", "second[io]", "uur", "uren", "dagen", "jaar", "godzin\\w*", "godz", "dni",
    "lat", "timmar", "dagar", "år", "saat", "gün", "yıl", "час(?:ов|а)?", "мин", "сек", "кг", "км", "см", "мм", "лет", "год(?:а|ов)?", "дн(?:ей|я)", "день", "сут", "小时", "天", "年", "秒", "分钟", "時間", "日", "克", "米",
)  # fmt: skip
GAP = r"(?:\\[,;:! ]|~|\s|\\(?:thin|med|thick)space)*"
POWER = r"(?:\^\s*\{?\s*[-+−]?\d\s*\}?|[⁻¹²³]+)"
UNIT = rf"(?:{'|'.join((*WORDS, *LETTERS))})(?![^\W\d_])"
PRODUCT = rf"(?:1\s?/\s?)?{UNIT}{POWER}?(?:{GAP}(?:/|\\cdot|·|\*)?{GAP}{UNIT}{POWER}?)*"
UPRIGHT = rf"\\(?:text|mathrm|textrm|mbox|rm|textup|textnormal|textsf|mathsf|operatorname)\s*\{{{GAP}{PRODUCT}\.?{GAP}\}}{POWER}?"
TYPESET = re.compile(rf"(?<=\d){GAP}(?:1?/)?{GAP}{UPRIGHT}(?:{GAP}(?:/|\\cdot)?{GAP}{UPRIGHT})*(?=\s*(?:$|[-+−=<>,.;:)&\]}}]|\\))")
LETTER = re.compile(rf"(?<![^\W\d_])(?<![\\_^{{])({'|'.join(LETTERS)})(?![^\W\d_]|[_(=]|\s?:?=|'|\s+[xyztXYZT]_?[ij\d]\b)")
BEHIND_NUMBER = re.compile(r"(?:\d\s+|\d\s*/\s*|\bper\s+|\bin\s+|[hsmgltdaVWJACKNчсгмл²³]\s*[/·]\s*)$")


def without(formula: Source) -> Source:
    """A formula without the units in it that are set upright behind numbers."""
    return formula.sub(TYPESET, "") if "{" in formula.text else formula


def of_text(text: str, names: Collection[str]) -> re.Pattern[str]:
    """What is a unit behind a number in plain text: a word, or a letter that stands nowhere else.  names: what is declared."""
    seen: dict[str, bool] = {}
    for m in LETTER.finditer(text):
        seen[m[1]] = seen.get(m[1], True) and BEHIND_NUMBER.search(text, max(0, m.start() - 12), m.start()) is not None
    units = rf"(?:{'|'.join((*WORDS, *(c for c, only in seen.items() if only and c not in names)))})(?![^\W\d_])"
    one = rf"(?:1\s?/\s?)?{units}{POWER}?(?:\s?[/·]\s?{units}{POWER}?)*"
    return re.compile(rf"(?<=\d)\s+{one}(?=\s*(?:$|[,;.:)?!=<>≈≤≥→⇒]|[-+−]\s|\s[^\W\d_]{{2}}))")


__all__ = ["UNIT", "of_text", "without"]
