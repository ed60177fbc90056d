"""A sentence as its words, with a mark for each formula."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from .stream import Item, Mention, Words

PLACE = "#"  # a formula in a sentence
CONCLUDES = re.compile(
    r"\b(?:so|therefore|hence|thus|consequently|daher|folglich|deshalb|donc|por (?:lo )?tanto|portanto|logo|quindi|dunque|поэтому|значит)\b"
)  # words behind which what was supposed before is over
END = re.compile(r"[.;!?](?:\s+|$)")


def words_said(m: re.Match[str], parts: Mapping[int, Sequence[Item]]) -> str:
    """The words that match, with their formulas.  parts: what stands at which place of the sentence."""
    words = "".join(text_of(parts[k]) if c == PLACE and k in parts else c for k, c in enumerate(m.group(), m.start()))
    return re.sub(r"\s+(?:an?|and|eine?)$", "", " ".join(words.split())).replace(" ,", ",")


def is_letter(items: Sequence[Item], letter: str) -> bool:
    return len(items) <= 2 and text_of(items).replace(" ", "") == letter.replace(" ", "")


def text_of(items: Sequence[Item]) -> str:
    last = items[-1]
    return last.text if isinstance(last, Mention) else ""


def sentence_of(items: Sequence[Item]) -> tuple[str, dict[int, list[Item]]]:
    """The words of a sentence with a mark for each formula; and what stands at which place of it."""
    out, parts, length = list[str](), dict[int, list[Item]](), 0
    for number, group in groupby(items, lambda item: item.number):
        for part in [list(group)] if number else [[item] for item in group]:
            first = part[0]
            piece = " ".join(first.text.lower().split()) if isinstance(first, Words) and not number else PLACE
            parts[length] = part
            out.append(piece)
            length += len(piece) + 1
    return " ".join(out), parts


def clause(sentence: str, m: re.Match[str]) -> str:
    """The part of a sentence, between full stops and semicolons, in which something stands."""
    return END.split(sentence[max((e.end() for e in END.finditer(sentence, 0, m.start())), default=0) :], maxsplit=1)[0]


def place_of(parts: Mapping[int, Sequence[Item]], m: re.Match[str], word: str, text: str) -> tuple[int, int]:
    """Where in the text the words of a sentence stand, and in which line.  word: the one that is meant; "" for the beginning."""
    start = next(part[0].start for place, part in sorted(parts.items(), reverse=True) if place <= m.start())
    if word:
        start = max(text.lower().find(word, start), start)
    elif m.group().startswith(PLACE):
        start = parts[m.start()][0].start
    else:
        words = re.compile(r"\s+".join(map(re.escape, m.group().split(PLACE)[0].split())), re.I).search(text, start)
        start = words.start() if words is not None else start
    return start, 1 + text.count("\n", 0, start)
