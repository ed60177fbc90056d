"""What each relation does in its sentence, and the hypotheses under which it stands.

The words right before a relation, those behind it, and the sentence around it decide its act; a hypothesis that opens a
clause qualifies the relations behind it, one that follows a relation qualifies that.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from ...formula.tree import ONE, ZERO, Apply, At, Derivative, Neg, Num, SetOf, Sym, walk
from ..claims import POSSIBLE, Claim
from ..claims import Mention as Said
from .speech import (
    ABOVE,
    ASKED,
    AT_ESTIMATE,
    BEHIND,
    BELOW,
    CASE,
    CIRCUMSTANCE,
    DEFINES,
    DENIED,
    EVENT,
    HOLDS,
    IF_BEHIND,
    IFF,
    INTERROGATIVE,
    LIMITS,
    NEW_CLAUSE,
    ON_COURSE,
    OTHER_CASE,
    OTHERWISE,
    POSSIBLE_IFF,
    POSTPOSED,
    REJECTED,
    RESULT,
    SAME_BEHIND,
    SAYS,
    SUPPOSES,
    THAT_IS,
)
from .stream import Item, Mention, Sign, Words

IN_GENERAL = re.compile(r"\b(?:in general|im allgemeinen|en général|en general|em geral|in generale|в общем)\b|一般", re.I)
QUESTION_MARK = re.compile(r"[^.;!?]*\?")
END_OF_SENTENCE = re.compile(r"[^.!?\n]*[.!?]\**\s+")
AND = re.compile(r"\W*(?:and|und|et|y|e|и|en|i|och|ve|且|和)?\W*$", re.I)  # what joins two relations to one statement
FIRST = re.compile(r"(?:.*[.;:,])?\W*(?:(?:so|and|then|hence|indeed|und|et|y|e|dann|donc)\W*)*", re.I | re.S)  # what stands before a clause
JOINS = re.compile(
    r"\W*(?:and|or|und|oder|et|ou|y|o|e|и|или|en|of|i|lub|och|eller|ve|veya|且|和|或)?\W*$", re.I
)  # the same, or to one of two
ALS = re.compile(r"(?<!er )(?<!mehr )\b(?:als|om)\s*$", re.I)  # "if" in Dutch and Swedish
FARTHEST = 60  # relations that one hypothesis may qualify
INDICES = frozenset({"i", "j", "k", "t", "l"})
AGAIN = re.compile(r"^\s*[,，]\s*(?:if|when|wenn|falls|si|se|если|当|若|如果)(?!\w)", re.I)
ORDERS = frozenset({"<", "<=", ">", ">=", "!=", "in"})
ENDED = re.compile(r"[.!?。]\s*$")
HELD = re.compile(r"\b(?:suppose|assume|assuming|angenommen|supposons|supongamos|suponha\w*|supponiamo|предположим)\b|假设|假設", re.I)
AT_HAT = re.compile(r"^\W*(?:evaluated |taken )?(?:at|in|bei|an|en|à|em|a|при|в)\s*$", re.I)


@dataclass(slots=True)
class _Chain:
    """Claims that stand in one chain.  before: the words between it and the formula before it, or the beginning of its sentence.

    lead: all words of its sentence before it, behind the last relation.

    follows: where the formula before these words begins, if it stands in the same sentence; else -1.  paragraph: a blank line ends one.
    """

    claims: list[Claim]
    before: str
    lead: str
    follows: int
    after: str
    sentence: int
    paragraph: int
    acts: list[str] = field(default_factory=list)
    scope: list[int] = field(default_factory=list)
    at_estimate: bool = False
    converse: Claim | None = None  # what is claimed where its only relation holds: the first one of "P if and only if Q"
    enough: bool = False  # the words say that the observations are possible exactly when it holds

    def holds(self, place: int) -> bool:
        """Whether the formula that begins at a place is one of its sides."""
        return self.claims[0].start <= place < self.claims[-1].end

    @property
    def hypothesis(self) -> bool:
        return self.acts[0] == "hypothesis"


def understood(
    claims: Sequence[Claim], mentions: Sequence[Said], items: Sequence[Item], text: str, parameters: Collection[str] = ()
) -> tuple[Claim, ...]:
    """The claims with their acts, their scopes and the words behind them."""
    chains = _chains(claims, items, text)
    for k, c in enumerate(chains):
        c.acts = _acts(c, chains[k - 1] if k else None, parameters)
        c.enough = c.acts[0] == "claim" and POSSIBLE_IFF.search(c.lead) is not None
    _asides(chains, text)
    for previous, c in pairwise(chains):
        _equivalent(previous, c)
    _scopes(chains)
    _at_estimates(chains, mentions)
    out: list[tuple[Claim, bool]] = []  # with whether it stands there itself
    for k, (c, behind) in enumerate(zip(chains, [*chains[1:], None], strict=False)):
        for claim, act in zip(c.claims, c.acts, strict=True):
            scope = tuple(dict.fromkeys(c.scope)) if act != "definition" else ()
            out.append((replace(claim, act=act, scope=scope, after=c.after, at_estimate=c.at_estimate), True))
        if c.converse is not None and not (behind is not None and behind.follows >= 0 and AND.match(behind.before)):
            out.append((replace(c.converse, chain=claims[-1].chain + len(out), scope=(c.claims[0].number,), act="claim"), False))
        if (enough := _enough(chains, k)) is not None:
            out.append((replace(enough, chain=claims[-1].chain + len(out)), False))
    places = {c.number: k for k, (c, own) in enumerate(out, 1) if own}
    return tuple(replace(c, number=k, scope=tuple(places[n] for n in c.scope)) for k, (c, _) in enumerate(out, 1))


def with_words(mentions: Sequence[Said], items: Sequence[Item], text: str) -> tuple[Said, ...]:
    """The mentions with the words behind them."""
    around = _Around(items, text)
    return tuple(replace(m, after=around.after(m.end)) if m.end >= 0 else m for m in mentions)


class _Around:
    """The words around a place in the text."""

    def __init__(self, items: Sequence[Item], text: str):
        self.items = [item for item in items if not (isinstance(item, Sign) and item.kind != "begin")]
        self.starts = [item.start for item in self.items]
        self.text = text
        self.breaks = [m.start() for m in re.finditer(r"\n[ \t>]*\n", text)]

    def sentence(self, start: int) -> int:
        k = min(bisect_left(self.starts, start), len(self.items) - 1)
        return self.items[k].sentence if self.items else 0

    def paragraph(self, start: int) -> int:
        return bisect_left(self.breaks, start)

    def before(self, start: int) -> tuple[str, int]:
        """The words before a place, and where the formula before them begins, if it stands in the same sentence; else -1."""
        k = bisect_left(self.starts, start) - 1
        words: list[str] = []
        while k >= 0 and not isinstance(self.items[k], Mention):
            item = self.items[k]
            if isinstance(item, Words):
                if ENDED.search(item.text) and words:
                    break
                if ENDED.search(item.text):
                    return "", -1
                words.insert(0, item.text)
                if ENDED.search(item.text[:-1]) or (k and self.items[k - 1].sentence != item.sentence):
                    return " ".join(words), -1
            k -= 1
        formula = self.items[k] if k >= 0 else None
        follows = isinstance(formula, Mention) and ENDED.search(formula.text) is None
        return " ".join(words), self.items[k].start if follows else -1

    def lead(self, start: int, since: int) -> str:
        """The words of the sentence before a place, behind another place."""
        k = bisect_left(self.starts, start)
        words: list[str] = []
        for item in reversed(self.items[:k]):
            if item.start < since or item.sentence != self.sentence(start):
                break
            if isinstance(item, Words):
                words.insert(0, item.text)
        return re.split(r"[.!?]\s", " ".join(words))[-1]

    def after(self, end: int) -> str:
        """The words behind a place in its sentence, up to the next formula."""
        k = bisect_left(self.starts, end)
        if ENDED.search(self.text[max(end - 1, 0) : end]):
            return ""
        words: list[str] = []
        sentence = self.items[k - 1].sentence if k else 0
        while k < len(self.items) and isinstance(self.items[k], Words) and self.items[k].sentence == sentence:
            words.append(self.items[k].text)  # type: ignore[union-attr]
            k += 1
        return " ".join(words)


def _chains(claims: Sequence[Claim], items: Sequence[Item], text: str) -> list[_Chain]:
    around = _Around(items, text)
    out: list[_Chain] = []
    for _, group in groupby(claims, lambda c: c.chain):
        found = list(group)
        placed = [c for c in found if c.start >= 0]
        if not placed:
            out.append(_Chain(found, found[0].prose, "", -1, "", -1, -1))
            continue
        start, end = placed[0].start, placed[-1].end
        before, follows = around.before(start)
        lead = around.lead(start, next((d.claims[-1].end for d in reversed(out) if 0 <= d.claims[-1].end <= start), 0))
        out.append(_Chain(found, before, lead, follows, around.after(end), around.sentence(start), around.paragraph(start)))
    return out


def _acts(c: _Chain, previous: _Chain | None, parameters: Collection[str]) -> list[str]:
    act = _act(c, previous, parameters)
    out: list[str] = []
    for claim in c.claims:
        own = claim.defines is not None or claim.sign == ":="
        if (act == "claim" and own) or (act == "hypothesis" and own and claim.sign in ("=", ":=")):
            out.append("definition")
        else:
            out.append(act if act != "definition" else "claim")
    return out


def _asides(chains: list[_Chain], text: str) -> None:
    """An aside holds to the end of its sentence or bracket; a sentence that takes back what the one before it says makes that one."""
    for previous, c in pairwise(chains):
        if (
            previous.acts[0] == "aside"
            and c.acts[0] == "claim"
            and c.claims[0].start >= 0 <= previous.claims[-1].end
            and c.sentence == previous.sentence
            and not re.search(r"[.!?;](?:\s|$)|\)", text[previous.claims[-1].end : c.claims[0].start])
            and ON_COURSE.search(c.before) is None
        ):
            c.acts = ["aside"] * len(c.acts)
    for c in chains:
        end = c.claims[-1].end
        m = END_OF_SENTENCE.search(text, end, end + 200) if end >= 0 else None
        if m is not None and c.acts[0] == "claim" and REJECTED.search(text[m.end() : m.end() + 80]):
            c.acts = ["aside"] * len(c.acts)


def _act(c: _Chain, previous: _Chain | None, parameters: Collection[str]) -> str:
    words, first = c.before.strip(), c.claims[0]
    order = first.sign in ORDERS
    if first.worded and first.joined == "condition":
        return "hypothesis"
    if OTHERWISE.search(words) or OTHERWISE.search(ON_COURSE.split(c.lead)[-1]) or OTHERWISE.search(c.after.split(",")[0]):
        return "aside"
    if ASKED.search(words) or (c.after.startswith("?") and not words) or (INTERROGATIVE.search(words) and QUESTION_MARK.match(c.after)):
        return "question"
    if OTHER_CASE.search(words) or DENIED.search(words):
        return "aside"  # what else were: not where the hypotheses hold
    if IF_BEHIND.match(c.after) or (order and ALS.search(words) is not None):
        return "hypothesis"
    if order and POSTPOSED.match(c.after):
        return "hypothesis"
    if CASE.search(words) or (EVENT.search(words) and _of_data(first)):
        return "hypothesis"
    if first.joined in ("iff", "implies", "set"):
        return "claim"
    if IFF.search(words):
        return "claim"
    supposed = SUPPOSES.search(words)
    limited = LIMITS.search(words)
    if (supposed or limited) and not order and (RESULT.search(words) or THAT_IS.search(words) or _is_root(c, previous)):
        return "claim"  # "the score vanishes at", l' = 0 for
    if (
        first.sign == "in"
        and isinstance(first.right, SetOf)
        and isinstance(first.left, Sym)
        and len(first.right.items) > 2
        and _numbers(first.right)
    ):
        return "claim"  # a list of data
    if (
        CIRCUMSTANCE.search(words)
        and first.sign == "="
        and isinstance(first.left, Sym)
        and isinstance(first.right, Num)
        and "_hat" not in first.left.name
        and first.left.name not in parameters
    ):
        return "hypothesis"
    if supposed and not _behind_clause(words[supposed.start() :], order):
        return "hypothesis"
    if limited and (order or not DEFINES.search(words) or first.defines is None):
        where = DEFINES.search(words) is not None and not order
        return "claim" if where else "hypothesis"
    if first.joined == "condition" and order:
        return "hypothesis"
    joins = re.fullmatch(r"(?:and|und|et|e|y|и|or|oder|ou|o|или|of|lub|eller|veya|,|且|和|或|または|もしくは)?\W*", words, re.I) is not None
    if (
        previous is not None
        and previous.hypothesis
        and joins
        and ((order and previous.claims[-1].sign in ORDERS) or (first.sign == "=" and _same_head(first, previous.claims[0])))
        and c.sentence == previous.sentence
        and c.follows >= 0
        and _plain(first)
    ):
        return "hypothesis"
    return "claim"


def _is_root(c: _Chain, previous: _Chain | None) -> bool:
    """Whether it says where an equation that was just stated holds: l' = 0 for theta = ..."""
    return (
        previous is not None
        and previous.holds(c.follows)
        and previous.claims[-1].right == ZERO
        and previous.claims[-1].sign == "="
        and c.claims[0].sign == "="
    )


def _numbers(f: SetOf) -> bool:
    return all(isinstance(g, (Num, Neg)) for g in f.items)


def _of_data(c: Claim) -> bool:
    """Whether one side is an observation, or a letter by itself, as in an event X = 0."""
    return isinstance(c.left, (Sym, At)) and not (isinstance(c.left, Sym) and "_hat" in c.left.name)


def _same_head(c: Claim, d: Claim) -> bool:
    """Whether two equations are of the same letter: k = 0 or k = n."""
    return isinstance(c.left, Sym) and c.left == d.left and d.sign == "=" and "_hat" not in c.left.name


def _plain(c: Claim) -> bool:
    """Whether a relation is between letters alone, as a condition is."""
    sides = [side for side in (c.left, c.right) if side is not None]
    return not any(isinstance(g, (Apply, Derivative)) for side in sides for g in walk(side))


def _behind_clause(words: str, order: bool) -> bool:
    """Whether the supposition ends before the formula: "if we differentiate, the score is"."""
    return bool(
        re.search(
            r",|，|\b(?:then|we (?:get|have|obtain|find)|dann|alors|entonces|então|allora|то|则|gilt|the|it|this)\b[^,]{0,30}$",
            words[2:],
            re.I,
        )
    ) and not (order and not re.search(r",|，|\b(?:then|get|obtain|find|dann|alors|entonces|то|则)\b", words, re.I))


def _equivalent(previous: _Chain, c: _Chain) -> None:
    """P if and only if Q, of two inequalities: Q is claimed where P holds."""
    said = c.claims[0].joined == "iff" or (c.follows >= 0 and (IFF.search(c.before) is not None or SAME_BEHIND.match(c.after) is not None))
    p, q = previous.claims[-1], c.claims[0]
    if said and p.sign in ORDERS and q.sign in ORDERS and previous.acts[-1] == "claim" and q.start >= 0 and p.end <= q.start:
        previous.acts[-1] = "hypothesis"
        c.acts = ["claim"] * len(c.acts)
        c.scope.append(p.number)
        if (
            c.claims[0].joined in ("", "condition")
            and len(c.claims) == len(previous.claims) == 1
            and not (p.unread or q.unread or (previous.follows >= 0 and AND.match(previous.before)))
        ):
            c.converse = p


def _enough(chains: Sequence[_Chain], k: int) -> Claim | None:
    """What is claimed of the inequalities that end with this chain, "all observations lie in the interval exactly when P and Q"."""
    first = k
    while first and chains[first].follows >= 0 and AND.match(chains[first].before) and chains[first].acts[0] == "claim":
        first -= 1
    goes_on = k + 1 < len(chains) and chains[k + 1].follows >= 0 and chains[k + 1].sentence == chains[k].sentence
    whole = [claim for c in chains[first : k + 1] for claim in c.claims]
    if not chains[first].enough or (goes_on and JOINS.match(chains[k + 1].before)) or any(x.unread or x.sign not in ORDERS for x in whole):
        return None
    return replace(
        whole[0], text=f"{chains[first].lead.strip()} {' and '.join(x.text for x in whole)}", left=POSSIBLE, sign="=", right=ONE, alternatives=(), joined="", act="claim", scope=tuple(x.number for x in whole),
        prose="", numerals=((), ()), written=(), after="",
    )  # fmt: skip


def _scopes(chains: list[_Chain]) -> None:
    """Every hypothesis is given to the relations that it qualifies."""
    for k, h in enumerate(chains):
        if not h.hypothesis or h.claims[0].number in (n for c in chains[k + 1 : k + 2] for n in c.scope):
            continue
        before = chains[k - 1] if k else None
        if h.claims[0].worded and _begins_clause(h):  # "left of theta_hat the score is"
            for j in _behind(chains, k):
                if any(re.search(r"[;.]", c.before) for c in chains[k + 1 : j + 1]):
                    break
                chains[j].scope += [c.number for c in h.claims]
            continue
        if h.claims[0].worded and before is not None:  # "positive left of theta_hat"
            before.scope += [c.number for c in h.claims]
            continue
        if _runs(h) or _data(h):
            continue
        if not _opens(chains, k):
            if before is not None and before.holds(h.follows) and not _of_words(h):
                before.scope += [c.number for c in h.claims]
                if before.hypothesis and k > 1:  # "for a > 0 and b < 1"
                    chains[k - 2].scope += [c.number for c in h.claims] if before.claims[0].number in chains[k - 2].scope else []
            continue
        for j in _behind(chains, k):
            chains[j].scope += [c.number for c in h.claims]


def _begins_clause(h: _Chain) -> bool:
    """Whether words of place, "to the left of", are the first of their clause."""
    place = BELOW.search(h.before) or ABOVE.search(h.before)
    if place is None or place["later"] or (h.follows >= 0 and not re.match(r"\s*[.;:,]", h.before)):
        return False
    return FIRST.fullmatch(h.before[: place.start()]) is not None


def _of_words(h: _Chain) -> bool:
    """Whether the words before a hypothesis say what it qualifies: "..., which is positive for"."""
    lead = _without_word(h.before).strip()
    clause = NEW_CLAUSE.search(lead + " ") is not None and bool(lead) and bool(h.after.strip(" ,.;:"))
    return clause or (SAYS.search(lead) is not None and HOLDS.search(lead) is None)


def _runs(h: _Chain) -> bool:
    """Whether it says over what an index runs: t = 1, ..., 4."""
    left = h.claims[0].left
    return isinstance(left, Sym) and left.name in INDICES and isinstance(h.claims[0].right, SetOf)


def _data(h: _Chain) -> bool:
    """Whether it gives observations."""
    left, right = h.claims[0].left, h.claims[0].right
    return isinstance(left, At) and isinstance(right, Num)


def _opens(chains: list[_Chain], k: int) -> bool:
    """Whether a hypothesis opens a clause, and does not follow what it qualifies."""
    h = chains[k]
    lead = _without_word(h.before).strip()
    goes_on = k + 1 < len(chains) and chains[k + 1].sentence == h.sentence
    if h.follows < 0:  # "it is positive for": the words are what is qualified
        clause = re.split(r"[,;:.]", lead)[-1]
        return len(clause.split()) <= 2 or NEW_CLAUSE.search(lead + " ") is not None or not h.after.strip(" :,")
    if IF_BEHIND.match(h.after):
        return True
    if not lead or not goes_on:
        return False
    return NEW_CLAUSE.search(lead + " ") is not None or (lead in (",", "，") and BEHIND.match(h.after) is not None)


def _behind(chains: list[_Chain], k: int) -> list[int]:
    """The chains that the hypothesis with this place qualifies, where it opens a clause."""
    h, out = chains[k], list[int]()
    for j in range(k + 1, min(len(chains), k + FARTHEST)):
        c = chains[j]
        holds_on = _holds_on(h.before)
        if c.paragraph != h.paragraph if holds_on else c.sentence != h.sentence:
            break
        if (
            OTHER_CASE.search(c.before)
            or IN_GENERAL.search(c.before)
            or CASE.search(c.before)
            or (c.hypothesis and out and (_opens(chains, j) or AGAIN.search(c.before) is not None))
        ):
            break
        if not c.hypothesis:
            out.append(j)
    if (
        not out
        and k + 1 < len(chains)
        and not chains[k + 1].hypothesis
        and chains[k + 1].paragraph - h.paragraph <= 1
        and chains[k + 1].before.strip() in ("", h.after.strip())
        and ENDED.search(h.after) is None
    ):
        return [k + 1]  # "for theta > 3" above a display
    return out


def _at_estimates(chains: list[_Chain], mentions: Sequence[Said]) -> None:
    """The relations of which words say that they are taken at the estimate."""
    for c in chains:
        near = re.split(r"[.;]", c.before)[-1], re.split(r"[,.;]", c.after)[0]
        c.at_estimate = not c.hypothesis and any(map(AT_ESTIMATE.search, near))
    for m in mentions:
        if AT_HAT.search(m.prose) and isinstance(m.formula, Sym) and "_hat" in m.formula.name:
            for c in chains:
                if (
                    c.claims[-1].end <= m.start
                    and not m.after.startswith("?")
                    and c.after.strip() == m.prose.strip()
                    and c.claims[-1].end > m.start - 40
                ):
                    c.at_estimate = True


def _holds_on(words: str) -> bool:
    """Whether what is supposed holds on behind its sentence."""
    return CASE.search(words) is not None or HELD.search(words) is not None


def _without_word(words: str) -> str:
    """The words before the one that supposes."""
    m = SUPPOSES.search(words) or LIMITS.search(words) or ALS.search(words)
    return words[: m.start()] if m else words
