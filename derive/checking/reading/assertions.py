"""What sentences say of the likelihood without a formula: "the log-likelihood is concave", "the second derivative is negative"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from ...reading.source import Source
from ..claims import EVERYWHERE
from .chains import Chain, Side
from .stream import Item, Mention, Sign, Words

PLACE = "#"  # a formula in a sentence
NOUNS = (  # a quantity to the words for it; the longer ones first
    ("ell2", r"second derivative|zweite ableitung|dérivée seconde|segunda derivada|derivata seconda"),
    ("ell", r"log-? ?likelihood(?:-?\s?(?:function|funktion))?|log-?vraisemblance|log-?verosimilitud|log-?verossimilhança|log-?verosimiglianza"),
    ("L", r"likelihood(?:-?\s?(?:function|funktion))?|vraisemblance|verosimilitud|verossimilhança|verosimiglianza"),
    ("ell1", r"score(?: function)?|(?:first )?derivative|slope|(?:erste )?ableitung|dérivée|derivada|derivata"),
)  # fmt: skip
PREDICATES = (  # how often a quantity is differentiated for what is said of it, the sign that this then has, and the words
    (1, ">", r"increas(?:ing|es)|ris(?:ing|es)|steigt|wächst|(?:steig|wachs)end|croissante?|croît|creciente|crece|crescente|cresce"),
    (1, "<", r"decreas(?:ing|es)|fall(?:ing|s)|fällt|fallend|décroissante?|décroît|decreciente|decrece|decrescente|decresce"),
    (2, "<=", r"concave|konkav|cóncava|côncava|concava"),
    (2, ">=", r"convexe?|konvex|convexa|convessa"),
    (0, ">", r"positive?|positiva"),
    (0, "<", r"negative?|négative|negativa"),
)  # fmt: skip
FILLER = (
    r"(?:is|are|was|ist|est|es|é|è|a|an|eine?|une?|una|uma|and|also|therefore|thus|hence|clearly|always|everywhere|strictly|then|now|in fact|indeed|"
    r"monotonically|monotone|monoton|streng|überall|immer|stets|strikt|strictement|partout|toujours|estrictamente|siempre|estritamente|sempre|"
    r"strettamente|itself|function|funktion|fonction|función|função|funzione)"
)
CLAUSE = re.compile(
    r"(?:\b(?P<noun>{nouns})(?: #)?(?: (?:of|von|de|di) #)?|(?P<formula>#)\s?,?(?: which)?)(?: (?:in|en|em|with respect to) (?P<before>#))?"
    r"(?: {filler})* (?P<said>{said})\b(?: {filler})*(?: (?:in|en|em|with respect to) (?P<by>#))?".format(
        nouns="|".join(f"(?:{words})" for _, words in NOUNS), filler=FILLER, said="|".join(f"(?:{words})" for *_, words in PREDICATES)
    )
)
OF_ANOTHER = re.compile(
    r"\b(?:negative|minus|profile|partial|conditional|mean|average|expected|neg|its|whose|inverse|this|that|second|partielle|two|both|each|either|"
    r"mixed|log(?:arithm)? of the)[- ]$"
)
LIMITED = re.compile(  # words that limit what is said, deny it, or do not say it
    r"\b(?:for|if|when|whenever|where|while|until|till|up to|left|right|before|after|afterwards|beyond|between|near|around|local\w*|neighbou?rhood|unless|provided|only|not|no|"
    r"never|nor|neither|on|over|above|below|otherwise|else|would|could|might|may|can|cannot|either|or|but|except|away|whether|show|check|verify|"
    r"need|must|should|suppose|assum\w*|once|initially|eventually|same|opposite|sign|both|because of|test|as long as|throughout #|für|wenn|falls(?!\W*$)|bis|"
    r"vor|nach|links|rechts|nicht|ob|muss|pour|si|quand|jusqu\w*|avant|après|ne|pas|gauche|droite|para|cuando|hasta|antes|después|não|até|depois|"
    r"quando|fino|prima|dopo|non|se|per|auf|sur|sobre)\b|\?|n't\b"
)
EVERY = re.compile(  # words that what is said holds for all values; the formula is the parameter, or that it is positive
    r",?\s*\b(?:for (?:all|every|any|each)(?: values? of)? #|(?:für|bei) (?:alle|jedes) #|pour tou(?:t|s) (?:les )?#|para todo #|per ogni #|для всех #|"
    r"(?:on|over) the (?:whole|entire|full) (?:positive )?(?:half[- ]?line|real line|line|domain|range|axis|parameter space)|everywhere|überall|partout)"
    r"(?!\w)"
)
NO_MAXIMUM = re.compile(  # of the likelihood, or of its maximiser
    r"\b(?:(?:mle|(?:maximum[- ]likelihood|ml)[- ]estimat(?:e|or)|maximum[- ]likelihood[- ]schätzer|estimateur du maximum de vraisemblance|"
    r"estimador de máxima verosimilitud|estimador de máxima verossimilhança|stimatore di massima verosimiglianza|оценка максимального правдоподобия|"
    r"meest aannemelijke schatter|maximum)(?: #)?(?: (?:of|for|von|van|de|di|für|voor) #)?(?: #)? "
    r"(?:does not exist|doesn't exist|existiert nicht|n'existe pas|no existe|não existe|non esiste|не существует|bestaat niet)|"
    r"(?:likelihood(?: function)?|log-? ?likelihood(?: function)?|#)(?: #)? (?:therefore |thus |hence )?(?:has no maximum|hat kein maximum|n'a pas de maximum|"
    r"no tiene máximo|não tem máximo|non ha massimo|не имеет максимума|heeft geen maximum)|heeft # geen maximum|"
    r"there is (?:therefore |thus |hence )?no (?:maximum|mle|maximum[- ]likelihood estimat(?:e|or))|es gibt kein(?:en)? (?:maximum|ml-schätzer)|"
    r"il n'y a pas de maximum|no hay máximo|não há máximo|non c'è massimo)(?! (?:where|with|at|by|in|on|to|from|given|wo|mit|bei|im|où|avec|à|donde|con|en)\b)"
)
UNDER = re.compile(  # words under which that is said, or of another kind of maximum
    r"\b(?:if|when|whenever|unless|for|otherwise|in (?:that|this|such)|cases?|closed|explicit|finite|analytic\w*|interior|unique\w*|formula|"
    r"general|would|could|might|may|only|observations?|inside|within|open|wenn|falls|für|sonst|fall|geschlossen\w*|si|pour|cas|forme|para|caso|forma|se|"
    r"quando|per|если|при|случа\w*|indien|als|voor|gesloten|gdy|jeśli)\b"
)
DENIED = re.compile(  # "this does not mean that there is no maximum", "one is tempted to conclude that"
    r"\b(?:(?:not|n't) (?:mean|imply|say|follow|prove|show|conclude|true|correct|right)|wrong|false|whether|tempt\w*|suggest\w*|bedeutet (?:aber |jedoch )?nicht|heißt (?:aber |jedoch )?nicht|folgt (?:aber )?nicht|"
    r"(?:ne signifie|n'implique|ne veut) pas|no (?:significa|implica|quiere decir)|não (?:significa|implica|quer dizer)|non (?:significa|implica|vuol dire)|не (?:означает|значит|следует)|betekent niet|nie oznacza|betyder inte)"
    r"\b[^.;!?]*$|不(?:意味着|表示|等于)[^。；]*$"
)
END = re.compile(r"[.;!?](?:\s+|$)")
AT = re.compile(r"\b(?:at|there|an der|dort|en ce point|ahí|allí|aí|ali)\b")


def asserted(chains: Sequence[Chain], items: Sequence[Item], parameters: Collection[str], text: str) -> list[Chain]:
    """The chains with the inequalities that sentences state of the likelihood of one parameter, each where it stands."""
    if len(parameters) != 1:
        return list(chains)
    root, _, label = next(iter(parameters)).partition("_")
    letter = ("\\" + root if len(root) > 1 else root) + (f"_{{{label}}}" if label else "")
    found = sorted(_found(items, letter, text), key=lambda c: c[0])
    out: list[Chain] = []
    for c in chains:
        place = max((side.span[0] for side in c.sides), default=-1)
        while found and place > found[0][0]:
            out.append(found.pop(0)[1])
        out.append(c)
    return [*out, *(c for _, c in found)]


def _found(items: Sequence[Item], letter: str, text: str) -> Iterator[tuple[int, Chain]]:
    """What is asserted, with its place in the text."""
    for _, group in groupby(items, lambda item: item.sentence):
        sentence, parts = _sentence(list(group))
        for m in NO_MAXIMUM.finditer(sentence):
            if not (UNDER.search(_within(sentence, m)) or DENIED.search(sentence[: m.start()])):
                place, line = _place(parts, m, "", text)
                none = [Side(Source.nowhere(""), "maxima"), Side(Source.nowhere("0"))]
                yield place, Chain(none, line, "", "", ["="], [line], [False], worded=(0,), aside=True, said=_said(m, parts))
        every = [m.span() for m in EVERY.finditer(sentence) if "#" not in m.group() or _of_all(parts[m.end() - 1], letter)]
        bare = _blanked(sentence, every)
        for m in CLAUSE.finditer(bare):
            within = _within(bare, m)
            by = m["before"] or m["by"]
            if LIMITED.search(within) or OF_ANOTHER.search(sentence[: m.start()]):
                continue
            if by and not _is_letter(parts[m.start("before" if m["before"] else "by")], letter):
                continue
            order, sign = next((k, s) for k, s, words in PREDICATES if re.fullmatch(words, m["said"]))
            at = AT.search(within) is not None
            left = _of_formula(parts[m.start()], order, letter) if m["formula"] else _of_noun(m["noun"], order, at, letter)
            if left is None or (at and m["formula"]):
                continue
            start, line = _place(parts, m, m["said"], text)
            sides = [left, Side(Source.nowhere("0"))]
            said = _said(m, parts)
            scope = "at the maximum" if at else EVERYWHERE if any(_beside(sentence, m, span) for span in every) else ""
            yield start, Chain(sides, line, "", scope, [sign], [line], [False], worded=(0,), aside=True, said=said)


def _blanked(sentence: str, spans: Sequence[tuple[int, int]]) -> str:
    """The sentence with blanks in place of some of its words."""
    for start, end in spans:
        sentence = sentence[:start] + " " * (end - start) + sentence[end:]
    return sentence


def _of_all(items: Sequence[Item], letter: str) -> bool:
    """Whether a formula is the letter, or that it is positive."""
    said = "".join(x.text if isinstance(x, (Mention, Words)) else x.value for x in items if not (isinstance(x, Sign) and x.kind == "begin"))
    return said.replace(" ", "") in (letter, letter.lstrip("\\"), letter + ">0", letter.lstrip("\\") + ">0")


def _beside(sentence: str, m: re.Match[str], span: tuple[int, int]) -> bool:
    """Whether words that hold for all values stand right before or behind what is said."""
    between = sentence[m.end() : span[0]] if span[0] >= m.end() else sentence[span[1] : m.start()]
    return re.fullmatch(r"[ ,]*(?:the|its|die|la)?[ ,]*", between) is not None


def _within(sentence: str, m: re.Match[str]) -> str:
    """The part of a sentence, between full stops and semicolons, in which something stands."""
    return END.split(sentence[max((e.end() for e in END.finditer(sentence, 0, m.start())), default=0) :], maxsplit=1)[0]


def _place(parts: Mapping[int, Sequence[Item]], m: re.Match[str], word: str, text: str) -> tuple[int, int]:
    """Where in the text the words of a sentence stand, and in which line."""
    start = next(part[0].start for place, part in sorted(parts.items(), reverse=True) if place <= m.start())
    word = word or m.group().split("#")[0].strip().split(" ")[-1]
    start = max(text.lower().find(word, start), start)
    return start, 1 + text.count("\n", 0, start)


def _of_noun(noun: str, order: int, at: bool, letter: str) -> Side | None:
    """The quantity that is positive or negative where that is said of the derivative of a noun; None for what is not said so."""
    quantity = next(name for name, words in NOUNS if re.fullmatch(words, noun))
    if quantity in ("L", "ell"):
        times = order
        if not order or (quantity == "L" and order == 2) or at:
            return None  # "the likelihood is positive"
    else:
        times = int(quantity[-1]) + order
        if times > 2 or (at and quantity != "ell2"):
            return None
    return Side(Source.nowhere(f"{'L' if quantity == 'L' else chr(92) + 'ell'}{chr(39) * times}({letter})"))


def _of_formula(items: Sequence[Item], order: int, letter: str) -> Side | None:
    """The same for a formula, or the last side of a chain."""
    last = items[-1]
    if not isinstance(last, Mention) or order > 1 or (order and last.syntax != "latex"):
        return None
    return Side(Source.nowhere(rf"\frac{{d}}{{d {letter}}}\left({last.text}\right)" if order else last.text), last.syntax)


def _said(m: re.Match[str], parts: Mapping[int, Sequence[Item]]) -> str:
    """The words that match, with their formulas.  parts: what stands at which place of the sentence."""
    words = "".join(_text(parts[k]) if c == PLACE and k in parts else c for k, c in enumerate(m.group(), m.start()))
    return re.sub(r"\s+(?:an?|and|eine?)$", "", " ".join(words.split())).replace(" ,", ",")


def _is_letter(items: Sequence[Item], letter: str) -> bool:
    return len(items) <= 2 and _text(items).replace(" ", "") == letter.replace(" ", "")


def _text(items: Sequence[Item]) -> str:
    last = items[-1]
    return last.text if isinstance(last, Mention) else ""


def _sentence(items: Sequence[Item]) -> tuple[str, dict[int, list[Item]]]:
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


__all__ = ["asserted"]
