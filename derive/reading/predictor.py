"""Texts with a linear predictor: x' beta, in which the law of a single response is written, as y ~ Poisson(exp(x_i' beta))."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import NotValid
from ..formula.names import GREEK, canonical
from .arrays import unwrapped

LETTER = r"(\\[A-Za-z]+|[A-Za-z])"
INDEX = r"(?:_\s*(?:\{\s*i\s*\}|i))?"
TRANSPOSE = r"\^\s*(?:\{\s*(?:\\top|\\intercal|\\prime|T|')\s*\}|\\top|\\intercal|\\prime|T(?![A-Za-z]))"
PRODUCT = re.compile(rf"{LETTER}\s*{INDEX}\s*{TRANSPOSE}\s*{INDEX}\s*(?:\\[,;]\s*)?{LETTER}\s*{INDEX}(?![A-Za-z_^])")
RESPONSE = re.compile(r"(?<![A-Za-z\\])([A-Za-z])\s*_\s*(?:\{\s*i\s*\}|i)(?![A-Za-z])")
SAMPLE = re.compile(r"\\prod\s*_\s*(?:\{\s*i\s*(?:=\s*1)?\s*\}|i)\s*(?:\^\s*(?:\{\s*[nN]\s*\}|[nN]))?")
PREDICTOR = "eta"


@dataclass(frozen=True)
class PredictorText:
    """The law of a single response with the letter eta for its linear predictor; rows, coefficients: the letters of that."""

    one: str
    rows: str
    coefficients: str


def read_predictor(text: object) -> PredictorText | None:
    """A text with its linear predictor as a letter; None where it has none.  Raises NotValid where there are several."""
    if not isinstance(text, str) or "^" not in text:
        return None
    plain = unwrapped(text)
    found = {(canonical(m[1]), canonical(m[2])) for m in PRODUCT.finditer(plain)}
    if not found:
        return None
    if len(found) > 1:
        raise NotValid("there are several linear predictors: " + ", ".join(f"{a}' {b}" for a, b in sorted(found)), hint="one is supported")
    if re.search(r"\\eta(?![A-Za-z])", plain):
        raise NotValid("eta is the letter of the linear predictor here", hint="use another letter")
    ((first, second),) = found
    rows, coefficients = (second, first) if (first in GREEK or first == "w") and second not in GREEK else (first, second)
    one = SAMPLE.sub("", PRODUCT.sub(r"\\eta ", plain))
    return PredictorText(RESPONSE.sub(r"\1", one).strip(), rows, coefficients)


__all__ = ["PREDICTOR", "PredictorText", "read_predictor"]
