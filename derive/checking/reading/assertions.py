"""What sentences say of the likelihood without a formula: "the log-likelihood is concave", "the second derivative is negative"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from ...reading.source import Source
from ..claims import EVERYWHERE, IN_PASSING
from .abbreviations import in_latex
from .chains import Chain, Side
from .extremes import extremes
from .sentences import clause, is_letter, place_of, sentence_of, words_said
from .statistics_in_words import stated
from .stream import Item, Mention, Sign, Words

NOUNS = (  # a quantity to the words for it; the longer ones first
    ("ell2", r"second derivative|zweite ableitung|dérivée seconde|segunda derivada|derivata seconda"),
    ("ell", r"log-? ?likelihood(?:-?\s?(?:function|funktion))?|log-?vraisemblance|log-?verosimilitud|log-?verossimilhança|log-?verosimiglianza"),
    ("L", r"likelihood(?:-?\s?(?:function|funktion))?|vraisemblance|verosimilitud|verossimilhança|verosimiglianza"),
    ("ell1", r"score(?: function)?|(?:first )?derivative|slope|(?:erste )?ableitung|dérivée|derivada|derivata"),
)  # fmt: skip
PREDICATES = (  # how often a quantity is differentiated for what is said of it, the sign that this then has, and the words
    (1, ">", r"increas(?:ing|es)|ris(?:ing|es)|grows?|gets? (?:larger|bigger)|becomes? (?:larger|bigger)|steigt|wächst|(?:steig|wachs)end|croissante?|croît|creciente|crece|crescente|cresce"),
    (1, "<", r"decreas(?:ing|es)|fall(?:ing|s)|shrinks?|gets? smaller|becomes? smaller|fällt|fallend|décroissante?|décroît|decreciente|decrece|decrescente|decresce"),
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
    r"(?: {filler})* (?P<said>{said})\b(?: {filler})*(?: (?:in|en|em|with respect to) (?P<by>#))?(?P<along> (?:as|when|if|while) (?:#|[a-z]+) (?:itself )?(?:gets larger|gets bigger|grows|increases|rises|becomes larger))?".format(
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
RANGE = re.compile(
    r"\b(?:on|over|within|throughout|in) (?:the|this|that|its|this whole) (?:admissible |allowed |feasible |remaining )?(?:range|interval|region|set)\b"
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
NEXT = re.compile(  # where the next statement of a sentence begins
    r"(?:,| and)? (?:so|hence|therefore|thus|and (?:the|so|hence|therefore|thus|then|this|it)|daher|also|und (?:der|die|das)|donc|et (?:le|la)|por (?:lo )?tanto|portanto|quindi)\b|"
    r",(?! (?:if|when|for|unless|where|provided|but|except|as long|while|wenn|falls|für|sofern|si|pour|para|se|per|quando|at|near)\b)"
)
AS = re.compile(r"\b(?:as|wie|quand|cuando|quando)\W*$")
AT = re.compile(r"\b(?:at|there|an der|dort|en ce point|ahí|allí|aí|ali)\b")


def asserted(chains: Sequence[Chain], items: Sequence[Item], parameters: Collection[str], variable: str, text: str) -> list[Chain]:
    """The chains with what sentences state of the likelihood and of the admissible values, each where it stands."""
    letters = [in_latex(k) for k in parameters]
    found = [*extremes(items, letters, variable, text), *stated(items, letters, variable, text)]
    if len(letters) == 1:
        found += _found(items, letters[0], text)
    found.sort(key=lambda c: c[0])
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
        sentence, parts = sentence_of(list(group))
        for m in NO_MAXIMUM.finditer(sentence):
            if not (UNDER.search(clause(sentence, m)) or DENIED.search(sentence[: m.start()])):
                start, line = place_of(parts, m, "", text)
                none = [Side(Source.nowhere(""), "maxima"), Side(Source.nowhere("0"))]
                yield start, Chain(none, line, "", "", ["="], [line], [False], worded=(0,), aside=True, said=words_said(m, parts))
        every = [m.span() for m in EVERY.finditer(sentence) if "#" not in m.group() or _of_all(parts[m.end() - 1], letter)]
        for m in CLAUSE.finditer(_blanked(sentence, every)):
            within = _within(m).replace(m["along"] or " ", " ")
            ranged = RANGE.search(within) is not None
            order, sign = next((k, s) for k, s, words in PREDICATES if re.fullmatch(words, m["said"]))
            at = AT.search(within) is not None
            if LIMITED.search(RANGE.sub(" ", within)) or _of_another(sentence, m) or not _by(m, parts, letter):
                continue
            left = _of_formula(m, parts, order, letter) if m["formula"] else _of_noun(m["noun"], order, at, letter)
            if left is None or (at and m["formula"]):
                continue
            start, line = place_of(parts, m, m["said"], text)
            scope = "at the maximum" if at else EVERYWHERE if any(_beside(sentence, m, s) for s in every) else IN_PASSING if ranged else ""
            sides = [left, Side(Source.nowhere("0"))]
            yield start, Chain(sides, line, "", scope, [sign], [line], [False], worded=(0,), aside=True, said=words_said(m, parts))


def _within(m: re.Match[str]) -> str:
    """The part of a sentence that limits what is said in it: up to the next statement."""
    whole = clause(m.string, m)
    end = whole.find(m.group()) + len(m.group())
    return whole[:end] + NEXT.split(whole[end:])[0]


def _of_another(sentence: str, m: re.Match[str]) -> bool:
    """Whether words before a noun say that it is another one; "this second derivative" is that of the log-likelihood."""
    before = OF_ANOTHER.search(sentence[: m.start()])
    this = before is not None and before.group().strip() in ("this", "that") and m["noun"] is not None
    return before is not None and not (this and re.fullmatch(NOUNS[0][1], m["noun"]))


def _by(m: re.Match[str], parts: Mapping[int, Sequence[Item]], letter: str) -> bool:
    """Whether what is said is said with respect to the parameter, or does not say with respect to what."""
    by = "before" if m["before"] else "by"
    return not m[by] or is_letter(parts[m.start(by)], letter)


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


def _of_formula(m: re.Match[str], parts: Mapping[int, Sequence[Item]], order: int, letter: str) -> Side | None:
    """The same for a formula, or the last side of a chain; what rises has the parameter in it, and is not what moves, "as n grows"."""
    last = parts[m.start()][-1]
    if not isinstance(last, Mention) or order > 1 or (order and last.syntax != "latex"):
        return None
    if order and (AS.search(m.string[: m.start()]) or letter not in last.text):
        return None
    return Side(Source.nowhere(rf"\frac{{d}}{{d {letter}}}\left({last.text}\right)" if order else last.text), last.syntax)


__all__ = ["asserted"]
