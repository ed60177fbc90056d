"""Relations that words make: "the likelihood is $a$, which equals $b$", "taking logarithms gives $c$"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from ...formula.names import canonical
from ...reading.source import Source
from .abbreviations import in_latex
from .chains import QUANTITIES, Chain, Side
from .speech import ABOVE, BELOW, DEFINES, LEFTWARDS, RIGHTWARDS

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


INTERVAL = re.compile(
    r"^\s*(?:\\left)?\s*[(\[\]]\s*([^,;()\[\]]+(?:\([^()]*\)[^,;()\[\]]*)?)\s*[,;]\s*([^,;()\[\]]+(?:\([^()]*\)[^,;()\[\]]*)?)\s*(?:\\right)?\s*[)\[\]]\s*$"
)
HATTED = re.compile(r"\\(?:wide)?hat\s*\{?\s*\\?[A-Za-z]+\s*\}?|\w+_hat")
INFINITE = re.compile(r"^\s*[-+−]?\s*(?:\\infty|∞|oo|inf(?:inity)?)\s*$")
ON = re.compile(
    r"\b(?:on|over|throughout|within|inside|auf|im|sur|dans|en|sobre|em|no|su|in|nell'|на|в|op|na|på)(?: (?:the|dem|der|l'|le|el|o|all of))?"
    r"(?: ?(?:open |closed |whole |offenen )?(?:interval\w*|intervall\w*|intervalle|intervalo|intervallo|range|domain|интервале|промежутке))?\s*$", re.I
)  # fmt: skip
LETTER = re.compile(r"^(?:\\?[A-Za-z]+|\\math(?:cal|rm|bf)\s*\{?\s*[A-Za-z]\s*\}?)(?:_\{?\w+\}?)?$")
THIS = re.compile(
    r"(?:\b(?:denote|call|abbreviate|name|write|bezeichne\w*|nenne\w*|notons|appelons|llamamos|denotamos|chamamos|indichiamo|chiamiamo|обозначим)\b.*?\b"
    r"(?:this|that|it|the (?:last|latter|right-hand|left-hand)|diese\w*|ces?|cette|est[aeo]|quest[ao]|эт\w+)\b[^.;]{0,40}?(?:\b(?:by|as|mit|par|por|con|com|через))?|记.*为)\s*$",
    re.I,
)  # fmt: skip
ESTIMATE = re.compile(
    r"(?i)\b(?:mle|estimates?|estimators?|schätzer|schätzung|schätzwert|estimateur|estimation|estimador|estimación|estimativa|stimatore|stima|emv|оценка|schatter|schatting|estymator|skattning(?:en)?|skattare|tahmin edici(?:si)?)"
    r"(?: (?:is|equals|ist|est|es|é|è|then|thus|now))*\s*$"
)
MLE = (
    r"(?:mles?|ml[- ]?(?:estimat\w+|schätz\w+)|maximum[- ]likelihood[- ]?(?:estimat\w+|schätz\w+)|estimat(?:e|or)|schätz(?:er|ung|wert)|estimateur|estimation|estimador|estimación|estimativa|stimatore|stima|"
    r"emv|schatter|schatting|estymator\w*|skattning\w*|оценк\w+)(?: (?:of maximum likelihood|du maximum de vraisemblance|de máxima (?:verosimilitud|verossimilhança)|di massima verosimiglianza|максимального правдоподобия|największej wiarygodności))?"
)
HAS_ESTIMATE = re.compile(
    rf"^[\s,)]*(?:(?:has|have|hat|a pour|admet pour|tiene(?: como| por)?|tem(?: como)?|ha(?: come)?|имеет|heeft(?: als)?|ma|har) (?:(?:as|its|the|corresponding|den|die|das|el|la|o|a|lo|l|un|de|als) )*{MLE}|"
    r"(?:(?:is|are)(?: (?:then|now|therefore|thus|hence|accordingly))? estimated (?:by|as)|est (?:donc |alors )?estimée? par|se estima (?:por|con|como|mediante)|(?:é|è) (?:poi )?(?:estimad|stimat)[oa] (?:por|da|con|come)|"
    r"wird (?:also |dann )?geschätzt (?:durch|mit)|wordt geschat (?:door|met)|оценивается (?:как|величиной)))[\s:]*$",
    re.I,
)
ANOTHER = re.compile(
    r"moment|bias|bayes|conditional|robust|least squares|kleinste|other|ridge|posterior|prior|moindres|erwartungstreu|insesgad|несмещ", re.I
)
NO_LETTER = r"(?<![A-Za-z\\])"
ESTIMATE_OF = re.compile(rf"\b{MLE} (?:of|for|von|für|de|du|pour|para|per|di|van|voor|dla|av|для)(?: [^.;]{{0,50}})?$", re.I)
IS = re.compile(
    r"[\s,)]*(?:(?:is|are|equals|becomes|ist|lautet|est|vaut|es|é|è|vale|равна|равно|есть|is|jest|är)(?: (?:then|now|therefore|thus|hence|simply|just|also|dann|also|donc|alors|entonces|então|quindi|dus))?|—|–)[\s:]*",
    re.I,
)
FOR = re.compile(r"^\W*(?:for|instead of|für|statt|pour|au lieu de|por|en vez de|per|invece di|вместо|для)\b", re.I)
AND = re.compile(r"(?<!\w)(?:and|und|et|y|e|и|en|i|och|ve)\W*$|^\W*(?:and|und|et|y|e|и|en|i|och|ve)(?!\w)[^.;]*$", re.I)
CLAUSE = re.compile(r"[.;]")
OBSERVATION = re.compile(r"\\?[A-Za-z]_\{?[ij]\}?|[A-Za-z]_\{?1\}?\s*,.*")
CONSTANTS = frozenset("cCkKaAdDhH")
STUFF = re.compile(
    r"\b(?:stuff|(?:some |a )?constants?|(?:terms?|everything|factors?|things?|bits) (?:that|which|without|free of|not|no)|without|independent of|no dependence|konstanten?|constantes?|costant[ei]|констант\w*|стала|"
    r"terme ohne|termes sans|términos sin|termos sem|termini senza)\b",
    re.I,
)
FREE = re.compile(
    r"^\W*(?:which |that |das |die |qui |que |che )?(?:(?:does|do)(?: not|n't) (?:depend|involve|contain)|(?:is|are) (?:a |some |an |just |only )?(?:\w+ )?(?:constants?|independent|free)\b|hängt nicht|"
    r"ist (?:eine )?konstant\w*|ne dépend pas|est une constante|no depende|es (?:una )?constante|não depende|é (?:uma )?constante|non dipende|è (?:una )?costante|не зависит|постоянн\w+|hangt niet|nie zależy|beror inte|"
    r"bağlı değil)|^与?.{0,6}(?:无关|常数)|^は.{0,8}(?:定数|依存しない)",
    re.I,
)
COLLECTS = re.compile(
    r"^\W*(?:collects?|contains?|gathers?|comprises?|holds?|absorbs?|denotes?|stands for|for|is|enthält|umfasst|sammelt|steht für|regroupe|contient|désigne|recoge|contiene|reúne|contém|raccoglie|contiene|содержит|собирает|"
    r"bevat|zawiera|innehåller|içerir)\b[^.;,]{0,40}?\b(?:constants?|constantes?|konstant\w+|costanti|констант\w*|constanten|stałe|(?:terms?|factors?|everything|all|stuff) (?:that|which|without|free of|not|no)\b|"
    r"termes? (?:sans|qui ne)|términos (?:sin|que no)|termos (?:sem|que não)|termini (?:senza|che non)|Terme? (?:ohne|die nicht)|члены,? не)",
    re.I,
)
STANDS_FOR = re.compile(r"^\s*(?:is|denotes|stands for) the (?:sum|total|number|mean|average)\b", re.I)
BY = re.compile(r"\b(?:by|mit|par|por|con|com|através de|через)\s*$|为\s*$", re.I)
DATA = (
    r"(?:observations?|observed values|data|sample|measurements?|values|waiting times|counts|lifetimes|lives|beobachtung(?:en)?|daten|werte?|messwerte|zählungen|observations|données|valeurs|comptages|observaciones|observación|datos|valores|conteos|recuentos|observações|observação|dados|contagens|"
    r"osservazion[ei]|dati|valori|conteggi|наблюден\w+|значени\w+|данных|waarneming(?:en)?|metingen|obserwacj[iae]|danych|observation(?:en|er|erna)|gözlem\w*)"
)  # fmt: skip
NOUN = re.compile(DATA, re.I)
PHRASES = tuple((re.compile(pattern, re.I), latex) for pattern, latex in (
    (rf"number of (?:{DATA}|data points|trials|tosses)|sample size|anzahl der beobachtungen|stichprobenumfang|taille de l'échantillon|tamaño de (?:la )?muestra", "n"),
    (r"number of (?:successes|heads|ones|hits|defectives?)|anzahl der (?:erfolge|treffer|einsen)|nombre de succès|número de (?:éxitos|sucessos)|numero di successi|число успехов|成功次数",
     r"\sum x_i"),
    (r"number of (?:failures|tails|zeros|zeroes)|anzahl der (?:misserfolge|nullen)|nombre d'échecs|número de fracasos|число неудач", r"n-\sum x_i"),
    (rf"(?:sum|total) of (?:the |all (?:the )?)?{DATA}|summe der {DATA}|somme (?:des|de toutes les) {DATA}|suma de (?:l[ao]s |todas las )?{DATA}|soma d[ao]s {DATA}|somma (?:delle|dei|di tutte le) {DATA}|сумм\w+ (?:всех )?{DATA}|som van (?:de |alle )?{DATA}|sum[aęy] (?:wszystkich )?{DATA}|summan av (?:alla )?{DATA}", r"\sum x_i"),
    (rf"sample mean|(?:mean|average) of (?:the |all (?:the )?)?{DATA}|stichprobenmittel|mittelwert|moyenne (?:empirique|de l'échantillon)|media muestral|média amostral|"
     r"media campionaria|выборочное среднее|样本均值", r"\bar x"),
    (rf"(?:largest|greatest|biggest|maximum|highest) (?:of the )?{DATA}|größte\w* {DATA}|plus grande {DATA}|(?:mayor|maior) {DATA}|più grande {DATA}|grootste {DATA}|największ\w+ {DATA}|största {DATA}|наибольш\w+ {DATA}", r"x_{(n)}"),
    (rf"(?:smallest|least|minimum|lowest) (?:of the )?{DATA}|kleinste\w* {DATA}|plus petite {DATA}|menor {DATA}|più piccola {DATA}|kleinste {DATA}|najmniejsz\w+ {DATA}|minsta {DATA}|наименьш\w+ {DATA}", r"x_{(1)}"),
))  # fmt: skip
OF_TRIALS = PHRASES[1:3]  # successes, failures
Phrases = Sequence[tuple[re.Pattern[str], str]]


def worded(
    chains: Sequence[Chain], parameters: Collection[str], variable: str = "x", known: Collection[str] = (), trials: bool = True
) -> list[Chain]:
    """The chains with the relations that words make: of a quantity and its formula, of a letter and its meaning.

    trials: whether the observations are successes and failures.
    """
    phrases = PHRASES if trials else tuple(p for p in PHRASES if p not in OF_TRIALS)
    chains = [_on_interval(c, parameters) for c in chains]
    _in_words(chains, phrases, variable, in_latex(next(iter(parameters))) if len(parameters) == 1 else "", {*parameters, *known})
    return _said(_estimated(_beside(_named(chains, phrases, parameters, variable, known), parameters), parameters), parameters)


def letters_in(text: str) -> set[str]:
    """The names in a formula as it is written."""
    return {canonical(w) for w in re.findall(r"\\?[A-Za-z]+(?:_\{?\w+\}?)?", text)}


def _on_interval(c: Chain, parameters: Collection[str]) -> Chain:
    """ "on (0, theta_hat)" as the condition 0 < theta < theta_hat on the only parameter; any other chain as it is."""
    m = INTERVAL.match(c.sides[0].text) if not c.signs and len(parameters) == 1 and ON.search(c.prose) else None
    if m is None or next(iter(parameters)) in letters_in(HATTED.sub("", c.sides[0].text)):
        return c  # on (0, theta) lies an observation
    letter = Side(Source.nowhere(in_latex(next(iter(parameters)))))
    low, high = (None if INFINITE.match(m[k]) else Side(c.sides[0].source[m.start(k) : m.end(k)], c.sides[0].syntax) for k in (1, 2))
    sides = [*([low] if low else []), letter, *([high] if high else [])]
    signs = ["<"] * (len(sides) - 1)
    return (
        Chain(
            sides, c.line, "condition", c.prose, signs, [c.line] * len(signs), [False] * len(signs), after=c.after, place=c.sides[0].span[0]
        )
        if signs
        else c
    )


def _named(chains: Sequence[Chain], phrases: Phrases, parameters: Collection[str], variable: str, known: Collection[str]) -> list[Chain]:
    """The chains with the letters that words define: "let s be the number of successes", "write a for x_m", "denote this by W"."""
    out: list[Chain] = []
    letting = False  # whether the words before say that letters get a meaning
    formulas = {c.sides[0].text for c in chains if c.signs and c.signs[0] in ("=", ":=") and c.sides[1].syntax != "words"}
    for k, c in enumerate(chains):
        out.append(c)
        prose = " ".join(c.prose.split())
        letting = DEFINES.search(prose) is not None or (letting and AND.search(prose) is not None) or STANDS_FOR.match(c.after) is not None
        letter = c.sides[0].text
        if c.signs or not LETTER.match(letter) or canonical(letter) in parameters or c.sides[0].syntax == "sympy":
            continue
        before, behind = chains[k - 1] if k else None, chains[k + 1] if k + 1 < len(chains) else None
        meaning = _meaning(c, before, behind, phrases, variable, letting)
        if (
            meaning is None
            and letter not in formulas
            and canonical(letter) not in {*known, "n", variable}
            and _constant(letter, c.after, prose)
            and _is_term(letter, chains)
        ):
            meaning = Side(Source.nowhere(r"\operatorname{const}"))
        if meaning is not None:
            side = Side(c.sides[0].source, c.sides[0].syntax)
            out.append(Chain([side, meaning], c.line, "", "let", [":="], [c.line], [False], worded=(0,), aside=True))
    return out


def _is_term(letter: str, chains: Sequence[Chain]) -> bool:
    """Whether a letter by itself is a term of a sum somewhere."""
    term = re.compile(rf"(?:^|[-+])\s*{re.escape(letter)}\s*(?:$|[-+.,])")
    return any(term.search(side.text) for c in chains if c.signs for side in c.sides[1:])


def _constant(letter: str, after: str, prose: str) -> bool:
    """Whether the words around a letter say that it holds what is free of the parameters."""
    verb = prose.split()[-1:] if letter not in prose else []  # "wobei c alle Konstanten enthält", "dabei enthält c alle Konstanten"
    return (
        COLLECTS.match(after) is not None
        or COLLECTS.match(" ".join([*verb, after])) is not None
        or (letter in CONSTANTS and FREE.match(after) is not None)
    )


def _meaning(c: Chain, before: Chain | None, behind: Chain | None, phrases: Phrases, variable: str, letting: bool) -> Side | None:
    """What words say that a letter stands for."""
    prose = " ".join(c.prose.split())
    if before is not None and THIS.search(prose):
        side = before.sides[0 if "left" in prose else -1]
        return Side(side.source, side.syntax)
    if not letting:
        return None
    alone = behind if behind is not None and not behind.signs else None
    for said in (*([CLAUSE.split(prose)[-1]] if BY.search(prose) else ()), *_behind(c.after, alone)):
        phrase = next((latex for pattern, latex in phrases if pattern.search(said[:80])), None)
        if phrase is not None:
            return Side(Source.nowhere(re.sub(r"(?<![A-Za-z\\])x(?![A-Za-z])", lambda _: variable, phrase)))
    if alone is not None and FOR.match(alone.prose) and len(alone.prose.split()) < 5 and not AND.search(alone.prose):
        return Side(alone.sides[0].source, alone.sides[0].syntax)
    return None


def _behind(after: str, behind: Chain | None) -> Iterator[str]:
    """The words behind a letter, with those behind a formula within them: "the sum of the $n$ observations", "the smallest and $M$ for the largest value"."""
    yield after
    if behind is None or CLAUSE.search(after):
        return
    if (noun := NOUN.search(behind.after)) is not None and (ends := AND.search(after)) is not None:
        yield f"{after[: ends.start()].strip()} {noun.group()}"
    elif OBSERVATION.fullmatch(behind.sides[0].text.strip()):
        yield f"{after} observations"
    elif LETTER.match(behind.sides[0].text):
        yield f"{after} {behind.after}"


def _beside(chains: Sequence[Chain], parameters: Collection[str]) -> list[Chain]:
    """The chains with the hypotheses that words make of one parameter: "negative left of theta_hat"."""
    if len(parameters) != 1:
        return list(chains)
    letter = in_latex(next(iter(parameters)))
    out: list[Chain] = []
    for k, c in enumerate(chains):
        for sign, pattern in (("<", BELOW), (">", ABOVE)):
            m = pattern.search(c.prose)
            if m is None:
                continue
            place = next(
                (d for d in chains[k : k + 3] if not m["later"] or (d is not c and (BELOW.search(d.prose) or ABOVE.search(d.prose)))), None
            )
            if place is not None and place.sides[0].syntax in ("latex", "plain") and canonical(place.sides[0].text) not in parameters:
                side = Side(place.sides[0].source, place.sides[0].syntax)
                out.append(
                    Chain(
                        [Side(Source.nowhere(letter)), side], c.line, "condition", "for", [sign], [c.line], [False], worded=(0,), aside=True
                    )
                )
        out.append(c)
        if (beside := _sideways(c)) is not None:
            sides = [Side(Source.nowhere(letter)), Side(Source.nowhere(rf"\hat{{{letter}}}"))]
            out.append(Chain(sides, c.line, "condition", "for", [beside], [c.line], [False], worded=(0,), aside=True))
    return out


def _sideways(c: Chain) -> str | None:
    """On which side of the estimate words before or behind an inequality say that it holds: "to the left it is positive, so"."""
    if not c.signs or not set(c.signs) <= {"<", ">", "<=", ">="}:
        return None
    words = CLAUSE.split(c.prose)[-1], re.split(r"[,.;:]", c.after)[0]
    found = [sign for sign, pattern in (("<", LEFTWARDS), (">", RIGHTWARDS)) if any(map(pattern.search, words))]
    return found[0] if len(found) == 1 else None


def _estimated(chains: Sequence[Chain], parameters: Collection[str]) -> list[Chain]:
    """The chains with what sentences say the estimate of a function is: "$1/\\lambda$ has the MLE $\\bar x$"."""
    out: list[Chain] = []
    for c, behind in zip(chains, [*chains[1:], None], strict=False):
        out.append(c)
        if behind is None or c.signs or c.aside or behind.aside or c.sides[0].syntax != "latex" or set(behind.signs) - {"=", "approx"}:
            continue
        between = " ".join(behind.prose.split())
        if ANOTHER.search(c.prose) or not (HAS_ESTIMATE.match(between) or (ESTIMATE_OF.search(c.prose) and IS.fullmatch(between))):
            continue
        left, known = c.sides[0].text, 0
        for k in parameters:
            root = in_latex(k.split("_")[0].removesuffix("2")) + (rf"_{{{label}}}" if (label := k.partition("_")[2]) else "")
            pattern = re.escape(root).replace(r"\{", r"\{?").replace(r"\}", r"\}?")
            place = re.compile(rf"{'' if len(root) > 1 else NO_LETTER}{pattern}(?![A-Za-z])")
            hatted = rf"\hat{{{root}}}"
            parts = place.split(left)
            left, times = parts[0], len(parts) - 1
            for before, part in pairwise(parts):
                left += (f"{{{hatted}}}" if re.search(r"[A-Za-z}]$", before) else hatted) + part
            known += times
        if known and "\\hat" not in c.sides[0].text:
            right = behind.sides[0]
            out.append(
                Chain(
                    [Side(Source.nowhere(left)), Side(right.source, right.syntax)],
                    behind.line,
                    "",
                    "",
                    ["="],
                    [behind.line],
                    [False],
                    worded=(0,),
                    aside=True,
                )
            )
    return out


def _may_be_constant(letter: str, names: Collection[str], chains: Sequence[Chain]) -> bool:
    """Whether a letter may stand for a constant: the question does not have it, and it is a term of a sum somewhere."""
    return LETTER.match(letter) is not None and canonical(letter) not in names and _is_term(letter, chains)


def _in_words(chains: Sequence[Chain], phrases: Phrases, variable: str, parameter: str, names: Collection[str]) -> None:
    """Sides in words, where they name a quantity: s = number of successes, likelihood = ..."""
    for c in chains:
        for k, side in enumerate(c.sides):
            letter = c.sides[0].text
            if side.syntax == "words" and k == 1 and _may_be_constant(letter, names, chains) and STUFF.search(f"{side.text} {c.after}"):
                c.sides[k] = Side(Source.nowhere(r"\operatorname{const}"))  # c = binomial stuff, no p
            elif side.syntax == "words" and (latex := _latex_of(" ".join(side.text.split()), phrases, variable, parameter)):
                c.prose = f"{c.prose} {side.text}".strip()
                c.sides[k] = Side(Source.nowhere(latex))


def _latex_of(words: str, phrases: Phrases, variable: str, parameter: str) -> str | None:
    """What words by themselves name.  parameter: the only one, or ""."""
    if parameter and ESTIMATE.search(words):
        return rf"\hat{{{parameter}}}"
    words = re.sub(
        r"^(?:so|then|now|hence|also|daher|donc|and|thus|with|the|our|its|a|die|der|das|la|le|el|il|o)\s+",
        "",
        words.lower().lstrip("- ").strip(),
    )
    words = re.sub(r"^(?:the|our|its|total)\s+", "", words.replace("# of", "number of"))
    said = next((latex for pattern, latex in phrases if pattern.fullmatch(words)), None)
    if said is not None:
        return re.sub(r"(?<![A-Za-z\\])x(?![A-Za-z])", lambda _: variable, said)
    words = re.sub(r"\s+(?:is|are|ist|est|es|é|è)$", "", words)
    if words in ("mean", "average", "sum", "mittelwert", "media", "moyenne"):
        return rf"\sum {variable}_i" if words == "sum" else rf"\bar {variable}"
    return next((latex for name, latex in QUANTITIES if words == name), None)


def _said(chains: Sequence[Chain], parameters: Collection[str]) -> list[Chain]:
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
        return rf"\frac{{\partial {before}}}{{\partial {by if letter else in_latex(by)}}}" if by else None
    return None


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
