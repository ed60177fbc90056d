"""What sentences say of the admissible values of a parameter: "the smallest admissible value is", "take theta as large as possible"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from ...reading.source import Source
from .chains import Chain, Side
from .sentences import CONCLUDES, PLACE, clause, is_letter, place_of, sentence_of, words_said
from .stream import Item, Mention

LARGEST = r"largest|biggest|greatest|highest|maximal|maximum|größte|höchste|plus grande?|mayor|maior|più grande|massimo|наибольшее|наибольшим|grootste|最大"
SMALLEST = r"smallest|least|lowest|minimal|minimum|kleinste|plus petite?|menor|più piccolo|minimo|наименьшее|наименьшим|kleinst(?:e)?|最小"
EXTREME = rf"(?:(?P<most>{LARGEST})|(?P<fewest>{SMALLEST}))"
ADMISSIBLE = (
    r"(?:admissible|allowed|allowable|possible|permitted|permissible|feasible|valid|compatible|zulässige?|mögliche?|erlaubte?|admise?|permise?|"
    r"posible|admisible|permitido|possível|admissível|ammissibile|possibile|допустимое|возможное|toegestane|mogelijke)"
)
VALUE = r"(?:values?|choice|candidate|wert|valeur|valor|valore|значение|waarde|#)"
IS = r"(?:is|equals|ist|lautet|beträgt|est|vaut|es|é|è|vale|равно|is dus|—)(?: (?:therefore|thus|hence|then|also|dann|somit|donc|alors|pues|então|quindi|dunque|just|simply|exactly))*"
OBSERVED = r"(?:observations?|data points?|data values?|sample values?|observed values?|of (?:the (?:observations|data|sample|#)|them|these|all)|beobachtungen?|beobachtete wert|observación|observação|osservazione)"
WHAT = rf"(?P<what>#|(?:the |die |la |a |l')?(?:(?P<last>{LARGEST}|(?:sample |data )maximum)|(?P<first>{SMALLEST}|(?:sample |data )minimum))(?: {OBSERVED}| in the sample)*)"
END_IS = re.compile(
    rf"\b{EXTREME} (?:(?P<admissible>{ADMISSIBLE} (?:{VALUE})?|{VALUE} {ADMISSIBLE})(?: (?:of|for|von|für|de|di|van)(?: the parameter)? #)?|"
    rf"(?:#|[a-z]+),? (?:with|such that|so that|satisfying|that satisf(?:y|ies)|for which|mit|für (?:das|die)|tel que|tal que|con|com) # (?:for|für|pour|para|per) "
    rf"(?:all|every|each|any|alle|jedes|tout|todo|todos|ogni)(?: (?:#|i|observations?))?),? {IS} {WHAT}(?!\w)"
)
REACHES = re.compile(  # "so theta can go up to the smallest of them"
    rf"(?:#|[a-z]+) can (?:only )?(?:(?P<most>go|be|grow|rise|increase|extend|move|be moved|be pushed|be raised) (?:up|upwards) to|(?P<fewest>go|be|shrink|fall|decrease|extend|move|be moved|be pushed|be lowered) down(?:wards)? to)(?: at most| at least)? {WHAT}(?!\w)"
)
RIGHT = r"right(?:-hand)?|upper|largest admissible|rechten|oberen|droite?|derech[oa]|direit[oa]|destro|правом"
LEFT = r"left(?:-hand)?|lower|smallest admissible|linken|unteren|gauche|izquierd[oa]|esquerd[oa]|sinistro|левом"
AT_END = re.compile(
    rf"\b(?:larg(?:est|e as possible)|maximal|maximi[sz]ed|greatest|highest|attained|reached|attains its (?:maximum|largest value)|takes its (?:maximum|largest value)|has its maximum|maximum (?:is|lies|sits))"
    rf"(?: (?:then|therefore|thus|hence|attained|reached|taken))* at (?:the |its )?(?:(?P<right>{RIGHT})|(?P<left>{LEFT})) (?:end|end-?point|end point|boundary|edge|limit|value)\b|"
    rf"\b(?:maximal|größten|am größten|maximum|máxim[oa]|maximale?|massim[oa]|максимальн\w+|максимума?) (?:am|im|wird am|à l'extrémité|à l'extrême|au bord|en el extremo|no extremo|nell'estremo|на|в) "
    rf"(?:(?P<right_>{RIGHT})|(?P<left_>{LEFT}))(?: (?:rand|ende|endpunkt|конце))?(?!\w)"
)
AT_END_ASIAN = re.compile(r"(?:(?P<right>右|上)|(?P<left>左|下))(?:側の)?(?:端|端点|限)(?:处|處|点|點)?(?:で|取(?:得|到)?|达到|達到)?最大")
AS_POSSIBLE = re.compile(
    r"\b(?:take|takes|choose|chooses|make|pick|picks|want|wants|set|keep|need|push|wähle|wählt|nimmt|on prend|prendre|choisir|tomar|elegir|escolher|tomamos|prendere|scegliere)(?: the)? (?:#|[a-z]+) (?:to be |should be |must be |muss )?"
    r"(?:as (?:(?P<most>large|big|high|great)|(?P<fewest>small|low|little|near (?:to )?zero)) as (?:possible|allowed|permitted|we can|it (?:can|may) be|(?:the )?(?:\w+ )?(?:allows?|permits?))|"
    r"so (?:(?P<most_>groß|hoch)|(?P<fewest_>klein|niedrig)) wie möglich|(?:le |lo |o |il |aussi |el )?(?:plus |più |más |mais )?(?:(?P<most__>grande|maior)|(?P<fewest__>petite?|pequeñ[oa]|pequen[oa]|menor|piccolo)) (?:que )?(?:possible|posible|possível|possibile))(?!\w)"
)
SUPPOSED = re.compile(
    r"\b(?:would|could|might|may|if|suppose|assum\w+|whether|show|check|verify|unless|wrong\w*|tempting|tempted|würde|wenn|falls|si|se|если|for instance)\b|\?"
)
DENIED = re.compile(r"(?:\b(?:not|nicht|ne|pas|no|não|non|не)\b|n't\b)[^,;:.]*$")
FAR = 80  # characters over which words reach that suppose something
REFERS = re.compile(r"\b(?:second|next|third|other|interval|width|length|variance|error|bias|cost|loss)[- ]$")


def extremes(items: Sequence[Item], letters: Sequence[str], variable: str, text: str) -> Iterator[tuple[int, Chain]]:
    """What is said of the ends of the admissible values, with its place.

    letters: the parameters in LaTeX.  variable: what is observed.
    """
    for _, group in groupby(items, lambda item: item.sentence):
        sentence, parts = sentence_of(list(group))
        for pattern in (END_IS, REACHES, AT_END, AT_END_ASIAN, AS_POSSIBLE):
            for m in pattern.finditer(sentence):
                before = clause(sentence, m)
                before = CONCLUDES.split(before[: before.find(m.group())])[-1][-FAR:]
                if (
                    SUPPOSED.search(before)
                    or DENIED.search(before)
                    or REFERS.search(before)
                    or sentence[m.end() :].lstrip().startswith("?")
                ):
                    continue
                letter = _letter(m, parts, letters)
                sides = _end(m, parts, letter, variable) if pattern in (END_IS, REACHES) else _best(m, letter)
                if letter is None or sides is None:
                    continue
                start, line = place_of(parts, m, "", text)
                yield start, Chain(sides, line, "", "", ["="], [line], [False], worded=(0,), aside=True, said=words_said(m, parts))


def _letter(m: re.Match[str], parts: Mapping[int, Sequence[Item]], letters: Sequence[str]) -> str | None:
    """The parameter that is spoken of: the formula that is one, or the only one."""
    places = [k for k in range(m.start(), m.end()) if k in parts and m.string[k] == PLACE]
    named = [x for k in places for x in letters if is_letter(parts[k], x) or is_letter(parts[k], x.lstrip("\\"))]
    named += [x for x in letters if re.search(rf"\b{re.escape(x.lstrip(chr(92)))}\b", m.group())]
    if named:
        return named[0]
    alone = len(letters) == 1 and m.re not in (AS_POSSIBLE, REACHES)
    return letters[0] if alone else None


def _end(m: re.Match[str], parts: Mapping[int, Sequence[Item]], letter: str | None, variable: str) -> list[Side] | None:
    """The sides of "the smallest admissible value is ..."."""
    if m["what"] == PLACE:
        first = next((item for item in parts[m.start("what")] if isinstance(item, Mention)), None)
        if first is None:
            return None
        what = Side(Source.nowhere(first.text), first.syntax)
    else:
        if m["what"].startswith(("maxim", "minim")) and " " not in m["what"]:
            return None
        what = Side(Source.nowhere(rf"\{'max' if m['last'] else 'min'}_i {variable}_i"))
    return [Side(Source.nowhere(letter or ""), "greatest" if m["most"] else "least"), what]


def _best(m: re.Match[str], letter: str | None) -> list[Side]:
    """The sides of "the likelihood is highest at the right end"."""
    up = any(m[k] for k in m.re.groupindex if k.startswith(("right", "most")))
    return [Side(Source.nowhere(letter or ""), "best end"), Side(Source.nowhere("1" if up else "-1"))]
