"""Estimates and constants that sentences state in words: "the estimate is the sample mean", "the factor m^n does not depend on theta"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from ...reading.source import Source
from ..claims import IN_PASSING
from .chains import Chain, Side
from .sentences import CONCLUDES, clause, is_letter, place_of, sentence_of, text_of, words_said
from .stream import Item, Mention

DATA = r"(?:observations?|observed values|data|sample|measurements?|values|x_i|#|beobachtungen|daten|stichprobe|observations|données|observaciones|datos|muestra|observações|dados|amostra|osservazioni|dati|наблюдений|выборки)"
OF_DATA = rf"(?:(?: of| der| des| de l[ao]s| das?| dos| delle| dei| du)? (?:the |all (?:the )?|all |n |die )?{DATA})"
STATISTICS = (  # words for a statistic, and its formula
    (rf"(?:sample (?:mean|average)|stichprobenmittel(?:wert)?|moyenne empirique|media muestral|média amostral|media campionaria|выборочн\w+ средн\w+|样本均值|標本平均|"
     rf"(?:arithmetic |arithmetische[ns]? )?(?:mean|average|mittel(?:wert)?|moyenne(?: arithmétique)?|media(?: aritmética)?|média(?: aritmética)?|средн\w+(?: арифметическ\w+)?){OF_DATA})", r"\bar {x}"),
    (rf"(?:sample median|stichprobenmedian|médiane empirique|mediana muestral|выборочн\w+ медиан\w+|样本中位数|(?:median|médiane|mediana|медиан\w+){OF_DATA})", "{x}_{{med}}"),
    (r"(?:sample maximum|(?:largest|greatest|biggest|größte[nr]?|plus grande|mayor|maior|più grande|наибольш\w+)(?: of the)? (?:observations?|observed value|data point|sample value|beobachtung(?:en)?|observación|observação|osservazione|наблюден\w+))", r"\max_i {x}_i"),
    (r"(?:sample minimum|(?:smallest|least|kleinste[nr]?|plus petite|menor|più piccola|наименьш\w+)(?: of the)? (?:observations?|observed value|data point|sample value|beobachtung(?:en)?|observación|observação|osservazione|наблюден\w+))", r"\min_i {x}_i"),
)  # fmt: skip
MLE = r"(?:mle|ml[- ]estimat(?:e|or)|maximum[- ]likelihood[- ]estimat(?:e|or)|maximum[- ]likelihood[- ]schätzer|estimateur du maximum de vraisemblance|estimador de máxima verosimilitud|estimador de máxima verossimilhança|stimatore di massima verosimiglianza|оценка максимального правдоподобия)"
IS = r"(?:is|equals|is equal to|becomes|ist|ist gleich|est|est égale? à|es|es igual a|é|é igual a|è|è uguale a|равн[оаы]|—)(?: (?:therefore|thus|hence|then|also|simply|just|exactly|nothing but|dann|also|einfach|gerade|donc|simplement|pues|entonces|portanto|quindi|the|das|der|die|la|le|el|il|a|o|al))*"
ESTIMATE_IS = re.compile(
    rf"(?:(?<!of )(?P<letter>#)|\b(?P<mle>{MLE})(?: (?:of|for|von|für|de|di) (?P<of>#))?) {IS} (?:{'|'.join(f'(?P<s{k}>{words})' for k, (words, _) in enumerate(STATISTICS))})"
    r"(?!\w)(?! (?:of|plus|minus|times|divided|squared|over|per|multiplied|less|rather|instead|whenever|if|when|unless|only|or|mal|plus|geteilt|fois|divisé|más|por|dividid)\b)"
)
CONSTANT_IS = re.compile(
    r"(?:\b(?P<noun>factors?|terms?|faktor|term|facteur|terme|factor|término|termo|fator|fattore|termine|множитель|слагаемое) )?(?P<formula>#),? "
    r"(?:which |das |qui |que |che )?(?:is|ist|est|es|é|è)?(?: (?:therefore|thus|just|only|simply|also|merely))* ?"
    r"(?:(?:an? |eine |une |una |uma )?(?:multiplicative |additive |mere )?(?:constant|konstante?|constante|costante|константа|постоянн\w+)(?: (?:in|with respect to|as regards) (?P<by1>#))?(?![\w(])"
    r"|(?:does not|doesn't|do not) (?:depend on|involve|contain) (?P<by2>#)|(?:free|independent) of (?P<by3>#)|hängt nicht von (?P<by4>#) ab|"
    r"ne dépend pas de (?P<by5>#)|no depende de (?P<by6>#)|não depende de (?P<by7>#)|non dipende da (?P<by8>#)|не зависит от (?P<by9>#))"
)
EXTREMAL = re.compile(
    r"\b(?:small(?:est)?|least|minim\w+|largest|maxim\w+|highest|kleinst\w+|größt\w+|plus petite?|plus grande?|menor|mayor|maior|mínim\w+|máxim\w+|наименьш\w+|наибольш\w+|минимал\w+|максимал\w+)\b"
)
IF = re.compile(r"\b(?:if|when|whenever|where|unless|suppose|wenn|falls|für|si|quand|lorsque|cuando|quando|se|если|когда|при)\W*$")
OTHERWISE = re.compile(
    r"\b(?:not|n't|never|would|could|might|may|whether|show|check|verify|moments?|bias\w*|bayes\w*|naive\w*|naïve\w*|tempting|tempted|wrong\w*|least squares|prior|posterior|another|other|alternative|nicht|würde|momenten\w*|"
    r"ne|pas|no|não|non|не|nor|instead|for fixed|for given|once|suppose|assum\w+|asymptotic\w*|large)\b|\?"
)


def stated(items: Sequence[Item], letters: Sequence[str], variable: str, text: str) -> Iterator[tuple[int, Chain]]:
    """What is said in words to be the estimate, or free of a parameter, with its place.

    letters: the parameters in LaTeX.  variable: what is observed.
    """
    for _, group in groupby(items, lambda item: item.sentence):
        sentence, parts = sentence_of(list(group))
        for pattern, sides_of in ((ESTIMATE_IS, _estimate), (CONSTANT_IS, _free)):
            for m in pattern.finditer(sentence):
                whole = clause(sentence, m)
                before = CONCLUDES.split(whole[: whole.find(m.group())])[-1]
                supposed = IF.search(before) is not None and not (pattern is ESTIMATE_IS and EXTREMAL.search(before))
                if supposed or OTHERWISE.search(before) or sentence[m.end() :].lstrip().startswith("?"):
                    continue
                sides = sides_of(m, parts, letters, variable)
                if sides is not None:
                    start, line = place_of(parts, m, "", text)
                    yield (
                        start,
                        Chain(sides, line, "", IN_PASSING, ["="], [line], [False], worded=(0,), aside=True, said=words_said(m, parts)),
                    )


def _estimate(m: re.Match[str], parts: Mapping[int, Sequence[Item]], letters: Sequence[str], variable: str) -> list[Side] | None:
    """The sides of "the estimate is the sample mean"."""
    place = m.start("letter") if m["letter"] else m.start("of") if m["of"] else None
    named = [x for x in letters if place is not None and _names(parts[place], x)]
    if not named and (place is not None or len(letters) != 1):
        return None
    letter = named[0] if named else letters[0]
    statistic = next(latex for k, (_, latex) in enumerate(STATISTICS) if m[f"s{k}"])
    root, _, label = letter.partition("_")
    hatted = rf"\hat{{{root}}}" + (f"_{label}" if label else "")
    return [Side(Source.nowhere(hatted)), Side(Source.nowhere(statistic.format(x=variable)))]


def _names(items: Sequence[Item], letter: str) -> bool:
    """Whether a formula is a parameter, with or without a hat."""
    bare = re.sub(r"\\(?:wide)?hat\s*|[{}\s]|_hat", "", text_of(items))
    return len(items) <= 2 and bare in (re.sub(r"[{}]", "", letter), re.sub(r"[{}\\]", "", letter))


def _free(m: re.Match[str], parts: Mapping[int, Sequence[Item]], letters: Sequence[str], variable: str) -> list[Side] | None:
    """The sides of "the factor does not depend on theta": its derivative is 0."""
    by = next((m.start(k) for k in m.re.groupindex if k.startswith("by") and m[k]), None)
    named = [x for x in letters if by is not None and is_letter(parts[by], x)]
    formula = parts[m.start("formula")]
    last = formula[-1]
    if (by is not None and not named) or (by is None and (len(letters) != 1 or not m["noun"])):
        return None
    letter = named[0] if named else letters[0]
    if (
        not isinstance(last, Mention)
        or last.syntax != "latex"
        or sum(isinstance(x, Mention) for x in formula) > 1
        or is_letter([last], letter)
    ):
        return None
    return [Side(Source.nowhere(rf"\frac{{d}}{{d {letter}}}\left({last.text}\right)")), Side(Source.nowhere("0"))]
