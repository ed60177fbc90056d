"""Relations that words make: "the likelihood is $a$, which equals $b$", "taking logarithms gives $c$"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ...formula.names import canonical
from ...reading.source import Source
from .chains import Chain, Side

LINK = r"(?:,? ?(?:which|that|this|it))?(?: (?:then|therefore|thus|also|just|simply|clearly|in turn|further))*"
EQUALS = (
    r"(?:equals|is equal to|is the same as|simplifies to|reduces to|becomes|is just|is simply|can be (?:re)?written (?:as|in the form)|"
    r"may be (?:re)?written as|or equivalently|equivalently|i\.e|that is)"
)
CONTINUES = re.compile(rf"^{LINK} ?{EQUALS}(?: (?:just|simply|to|as))*$")
SAID = (
    r"(?:(?:is|equals|becomes|reads|takes the form|simplifies to|has the form)(?: (?:then|therefore|thus|hence|now|just|simply|given by|equal to|"
    r"as follows))*|given by)"
)
OF = r"(?: of (?:the|this|our) (?:whole |entire |full )?(?:sample|data|observations|model))?(?: (?:of|for|in|as a function of) #)?"
DONE = r"(?: (?:we (?:get|obtain|have|find|arrive at)|gives(?: us)?|yields|leads to|results in|this becomes|it becomes|to (?:get|obtain)|one (?:gets|obtains)))"
LIKELIHOOD = re.compile(rf"\b(?:the|our|its|whose|joint) likelihood(?: function)?{OF} {SAID}$")
LOGARITHM = re.compile(
    rf"\b(?:the|our|its|whose|corresponding) log-? ?likelihood(?: function)?{OF} {SAID}$|"
    rf"\b(?:its|the) (?:natural )?logarithm(?: of (?:this|that|it|the likelihood))? {SAID}$|"
    rf"\btak(?:e|ing) (?:the )?(?:natural )?(?:logs?|logarithms?)(?: of (?:this|that|it|both sides|the likelihood))?,?{DONE}$"
)
DERIVATIVE = re.compile(
    rf"\b(?:the|its|whose) (?:first )?derivative(?: of (?:this|that|it|the log-? ?likelihood))?(?: (?:with respect to|w\.?r\.?t\.?|in) #)? {SAID}$|"
    rf"\b(?:differentiat(?:e|ing)|derive|deriving)(?: (?:this|that|it|the log-? ?likelihood))?(?: (?:with respect to|w\.?r\.?t\.?|in) #)?,?{DONE}$"
)
OTHERS = re.compile(
    r"negative|minus|proportional|up to|contribut|single|one obs|ratio|profile|conditional|partial|marginal|second|average|relative"
)


def worded(chains: Sequence[Chain], parameters: Collection[str]) -> list[Chain]:
    """The chains with the relations that the words before a formula without a sign make."""
    out: list[Chain] = []
    words, letter = "", ""
    before = ""  # the quantity whose formula was given last
    for c in chains:
        previous = out[-1] if out else None
        prose = re.sub(r"\s+", " ", c.prose.lower())
        words = f"{words} # {prose}" if letter else prose
        said = words.rstrip(" :,.").strip()
        out.append(c)
        if c.signs or c.aside or c.sides[0].syntax != "latex":
            before = _quantity(c.sides[0].text) or before
            words = letter = ""
            continue
        head = None if OTHERS.search(said) else _head(said, letter, before, parameters)
        if previous is not None and not previous.aside and CONTINUES.match(prose.rstrip(" :,.").strip()) and set(previous.signs) <= {"="}:
            _joined(previous, c)
        elif head is not None:
            before = _quantity(head) or before
            out.append(_by_words(head, c))
        letter = c.sides[0].text if canonical(c.sides[0].text) in parameters else ""
    return out


def _head(said: str, letter: str, before: str, parameters: Collection[str]) -> str | None:
    """The side that words name: the likelihood, its logarithm, the derivative of what was given last."""
    if LIKELIHOOD.search(said):
        return "L"
    if LOGARITHM.search(said):
        return r"\ell"
    if DERIVATIVE.search(said) and before:
        by = letter or (next(iter(parameters)) if len(parameters) == 1 else "")
        return rf"\frac{{\partial {before}}}{{\partial {by if letter else _latex(by)}}}" if by else None
    return None


def _latex(name: str) -> str:
    """A parameter's name as a command or letter."""
    root, _, label = name.partition("_")
    return ("\\" + root if len(root) > 1 else root) + (f"_{{{label}}}" if label else "")


def _quantity(text: str) -> str:
    """Whether a side is the likelihood or its logarithm."""
    plain = re.sub(r"\\left|\\right|\s|&", "", text)
    if re.match(r"\\ell(?![a-z'])|l\(|\\(?:ln|log)\(?\{?(?:L|\\mathcal\{?L)", plain):
        return r"\ell"
    return "L" if re.match(r"(?:L|\\mathcal\{?L\}?)(?![a-z'])", plain) else ""


def _joined(previous: Chain, c: Chain) -> None:
    """ "... which equals": the formula goes on the chain before it."""
    previous.worded = (*previous.worded, len(previous.signs))
    previous.sides.append(Side(c.sides[0].source))
    previous.signs.append("=")
    previous.lines.append(c.line)
    previous.set.append(False)


def _by_words(head: str, c: Chain) -> Chain:
    return Chain([Side(Source.nowhere(head)), Side(c.sides[0].source)], c.line, "", c.prose, ["="], [c.line], [False], worded=(0,))
