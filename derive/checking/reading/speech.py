"""What the words around a relation make of it: a definition, a hypothesis, a question, an aside.  Tables, in several languages."""

from __future__ import annotations

import re

LET = (
    "let", "put", "write", "writing", "define", "defining", "denote", "denotes", "denoted", "denoting", "set", "call", "calling", "called", "abbreviate", "introduce",
    "substitute", "sei", "seien", "setze", "setzen", "bezeichne", "bezeichnen", "bezeichnet", "schreibe", "schreiben", "definiere", "definieren", "abkürzung",
    "soit", "soient", "posons", "posant", "notons", "notant", "note", "pose", "désigne", "désignons", "définissons", "sea", "sean", "denotemos", "denotamos",
    "definimos", "escribimos", "llamamos", "llamemos", "ponemos", "siendo", "seja", "sejam", "denotamos", "escrevemos", "chamamos", "sendo", "definimos", "sia", "siano",
    "poniamo", "posto", "ponendo", "indichiamo", "definiamo", "detto", "detta", "пусть", "обозначим", "положим", "введём", "введем", "обозначая", "zij", "stel", "noem", "schrijf", "definieer", "niech", "oznaczmy", "oznaczamy", "zdefiniujmy", "połóżmy", "låt", "sätt", "beteckna",
    "skriv", "definiera", "令", "设", "設", "记",
    "記", "定义", "定義", "记作",
)  # fmt: skip
WHERE = (
    "where", "with", "wobei", "mit", "worin", "où", "avec", "donde", "con", "onde", "com", "dove", "где", "с", "waarbij", "waarin", "met", "gdzie", "där", "burada", "其中", "ここで", "ただし",
)  # fmt: skip
HERE = ("here", "hier", "ici", "aquí", "aqui", "qui", "здесь")
IF = (
    "if", "when", "whenever", "suppose", "supposing", "assume", "assuming", "provided", "unless", "while", "until", "as long as", "so long as", "as soon as", "sobald", "tan pronto como", "assim que", "non appena", "как только", "in case", "in the case",
    "case", "given that", "try", "trying", "probiere", "probieren wir", "versuche", "essayons", "probemos", "probando", "tentemos", "proviamo", "попробуем", "пробуем", "probeer", "试", "尝试", "wenn", "falls", "sofern", "solange", "angenommen", "sei nun", "im fall", "vorausgesetzt", "si", "lorsque", "lorsqu", "quand", "supposons",
    "supposant", "tant que", "dès que", "à condition que", "cuando", "supongamos", "suponiendo", "siempre que", "mientras", "en el caso", "se", "quando", "suponha", "suponhamos",
    "supondo", "desde que", "caso", "sempre que", "enquanto", "supponiamo", "supposto", "purché", "finché", "nel caso", "если", "когда", "предположим", "пока", "в случае", "indien", "mits", "wanneer", "zolang", "zodra", "jeśli", "jeżeli", "gdy", "o ile", "dopóki", "załóżmy", "ifall", "så länge", "förutsatt", "antag", "eğer", "もし",
    "若", "如果", "当", "當", "假设", "假設", "假定",
)  # fmt: skip
FOR = (
    "for", "at", "near", "around", "close to", "nahe", "près de", "cerca de", "perto de", "vicino a", "около", "вблизи", "on", "under", "over", "für", "bei", "unter", "auf", "pour", "sous", "en", "para", "bajo", "sob", "em", "per", "sotto", "при", "для", "voor", "bij", "dla", "przy", "för", "vid", "对", "對", "对于", "對於",
)  # fmt: skip
FILLERS = (
    "interval", "intervall", "intervalle", "intervalo", "intervallo", "интервале", "промежутке", "range", "open", "closed", "whole", "domain", "all", "any", "every", "each", "some", "that", "the", "case", "values", "value", "of", "where", "only", "now", "instead", "both", "large", "small", "fixed", "given",
    "positive", "parameter", "parameters", "we", "have", "alle", "jedes", "den", "das", "fall", "dass", "wert", "werte", "tout", "toute", "tous", "le", "cas", "que", "todo", "toda",
    "todos", "el", "caso", "cada", "tutti", "ogni", "il", "всех", "elke", "iedere", "wszystkich", "każdego", "varje", "всякого", "любого", "каждого", "этом", "所有", "任意",
)  # fmt: skip
ASKED = re.compile(
    r"\b(?:we (?:want|wish|need|have|are asked|must|would like) to (?:show|prove|check|verify|see|decide)|to (?:show|prove)|show that|prove that|"
    r"is it (?:true|possible)|whether|does it (?:hold|follow)|remains to (?:show|prove|check)|zu zeigen|zeigen sie|zeige, dass|gesucht|ist zu prüfen|ob|"
    r"montrer que|montrons que|il faut montrer|on veut montrer|demostrar que|hay que probar|queremos (?:ver|probar|mostrar)|mostrar que|dimostrare che|"
    r"vogliamo (?:mostrare|provare)|показать,? что|доказать,? что|te bewijzen dat|laat zien dat|pokazać, że|wykazać, że|visa att|göster(?:in|mek)|要证|证明)\b[^.;]{0,60}$",
    re.I,
)
INTERROGATIVE = re.compile(  # how a question begins
    r"(?:^|[.:!?,>]\s)\W*(?:why|how|what|when|where|which|is|are|does|do|doesn't|don't|isn't|can|could|should|warum|wieso|weshalb|wie|wann|wo|was|ist|sind|"
    r"pourquoi|comment|est-ce|por qué|cómo|por que|como|perché|come|почему|как|waarom|hoe|dlaczego|varför|neden)\b[^.;!?]*$",
    re.I,
)
OTHERWISE = re.compile(  # words of what is rejected, or is another estimate
    r"\b(?:one (?:might|could|may|would|is tempted)|(?:might|could|may|would) (?:be tempted to )?(?:think|guess|expect|suspect|try|hope|suggest|overestimate|underestimate)\w*|at first (?:sight|glance)|tempting|"
    r"naive\w*|naïve\w*|first idea|first guess|overestimat\w+|underestimat\w+|könnte man|man könnte|auf den ersten blick|wäre\w*|ergäbe|lieferte|naheliegend\w*|verlockend|naiv\w*|überschätzt|unterschätzt|"
    r"on pourrait|à première vue|tentant|naïf|naïve|surestime\w*|se podría|podría pensarse|a primera vista|tentador|ingenu[oa]|sobreestima\w*|poder-se-ia|à primeira vista|subestima\w*|"
    r"si potrebbe|a prima vista|sovrastima\w*|men zou|op het eerste gezicht|naïeve|na pierwszy rzut oka|naiwn\w+|vid första anblicken|ilk bakışta|можно было бы|на первый взгляд|наивн\w+|"
    r"momentenschatter\w*|momentenmethode|estimador(?:es)? de (?:los |dos )?momentos|estimateurs? des moments|stimator[ei] dei momenti|metoda momentów|momentmetoden|momentlar yöntemi|оценк\w+ (?:по )?метод\w+ моментов|"
    r"method of moments|moments? estimat\w+|moments? gives?|bayes(?:ian)? (?:estimat\w+|answer|solution)|priors?|posterior\w*|bias-?corrected|people (?:often )?use|some (?:books|people|authors|texts)|"
    r"common (?:mistake|error)|wrongly|incorrect\w*|by mistake|nonsense|if (?:you|we|one) forgets?|forgetting|(?:will|would|might|may) (?:then )?try to|would (?:need|have to|give|have|get|be|become|yield|lead|read|follow)|ignoring|in contrast|for comparison|by comparison|"
    r"instead of the|another model|other model|different model|alternative\w*|if it were|had we|momentenmethode|momentenschätzer|würde|häufiger fehler|im gegensatz|"
    r"zum vergleich|méthode des moments|donnerait|serait|erreur fréquente|par comparaison|método de (?:los |dos )?momentos|daría|sería|daria|seria|error común|erro comum|"
    r"metodo dei momenti|darebbe|sarebbe|errore comune|метод\w* моментов|частая ошибка|для сравнения)\b|モーメント法|一見|矩估计|矩法|乍看|可能会认为",
    re.I,
)
REJECTED = re.compile(  # a sentence that takes back what the one before it says
    r"^\W*(?:but |however,? |yet |das |dies |doch |aber |mais |pero |mas |ma |но |однако |maar |ale |men )*(?:(?:that|this|it|das|dies|c|ce|eso|esto|isso|isto|questo|ciò|это|dat|dit|to|det|bu)\b[\s'’]*)?"
    r"(?:(?:is|was|would be|ist|wäre|est|es|é|è|jest|är)\b\s*)?(?:aber |however |of course |clearly |jedoch |cependant |pourtant |sin embargo |però |porém |echter )?"
    r"(?:wrong|false|incorrect|not (?:right|correct|true|allowed)|too (?:small|large|big)|falsch|nicht richtig|unzulässig|faux|incorrecto|errado|falso|sbagliato|неверно|неправильно|ошибочно|onjuist|fout|fel|błędne|yanlış)\b(?! (?:if|when|unless|only|for|wenn|falls|si|se|если)\b)",
    re.I,
)
ON_COURSE = re.compile(  # words behind which an aside is over
    r"\b(?:but|whereas|while|however|yet|instead|the mle|maximum likelihood|the estimate|aber|sondern|dagegen|jedoch|doch|mais|alors que|pero|mientras|mas|enquanto|ma|mentre|invece|maar|terwijl|но|а|тогда как|ale|men)\b|而|但",
    re.I,
)
AT_ESTIMATE = re.compile(
    r"\b(?:at|in|for|an|im|bei|au|en|nel|en el|в) (?:the|this|that|its|our|dem|der|diesem|dieser|ce|el|este|o|il|questo|этой|точке)? ?(?:\w+ ){0,2}?"
    r"(?:maxim\w*|stationary|critical|point\b(?! of)|estimate\w*|roots?\b|solution|mle|optimum|zero\b|stelle|schätzer|schätzwert|nullstelle|estimateur|estimador|stimatore|"
    r"estimación|estimativa|оценк\w*|максимум\w*|найденн\w* точк\w*|полученн\w* точк\w*|point trouvé|punto (?:hallado|encontrado|trovato)|ponto encontrado|gefundenen (?:stelle|punkt))",
    re.I,
)
RESULT = re.compile(
    r"\b(?:is|are|lies?|liegt|est|está|è|sits?)\s+(?:at|bei|en|in|à)\s*$|\b(?:attained|reached|occurs?|located|found|maxim\w*|minim\w*|vanish\w*|zeros?|roots?|largest|smallest|highest|peak\w*|optim\w*|stationary|critical|solution|"
    r"arrive|look\w*|nullstelle\w*|angenommen wird|verschwindet|s'annule|atteint|alcanz\w*|anula|annulla|raggiunt\w*|достига\w*|обраща\w*)\b[^.;]{0,50}$",
    re.I,
)
EVENT = re.compile(
    r"\b(?:probabilit\w+|chance|event|odds|proportion|fraction|wahrscheinlichkeit|ereignis|anteil|événement|probabilidad\w*|evento|suceso|probabilità|вероятност\w*|событи\w*)\b"
    r"[^.;:]{0,40}\b(?:that|of|for|when|dass|daß|que|che|что|des|d'avoir|avoir|de|del|di)\s*$|\b(?:event|ereignis|événement|evento|suceso|событие)\s*$|概率\s*$", re.I
)  # fmt: skip
CASE = re.compile(r"(?:\b(?:case|fall|cas|caso|случай|geval|przypadek|durum)|情形|情况|場合)\s*(?:\(?\w{1,4}\)?)?\s*[:.)—–-]*\s*$", re.I)
DENIED = re.compile(
    r"\b(?:does|do|did|need|is|are|has|have)(?: not|n't) (?:\w+ ){0,2}?(?:force|require|imply|mean|need|guarantee|ensure|assume|use|enforce|demand|say|satisfy)\W*(?:that )?$|"
    r"\b(?:can(?:no|')t|can not|never|must not|may not|won't|will not)(?: be| simply| just| really)?(?: set| equal| have| solve| put| get)?\W*$",
    re.I,
)
OTHER_CASE = re.compile(
    r"\b(?:otherwise|else|sonst|ansonsten|andernfalls|sinon|autrement|de lo contrario|caso contrário|senão|altrimenti|иначе|anders|w przeciwnym razie|annars|aksi (?:hâlde|halde|takdirde))\b(?:\W+(?:all|every|each|the|we have|there|alle|wären|sind|tous|todos|todas|tutti|все))*\W*$|\b(?:outside|außerhalb|en dehors|fuera|fora|fuori|вне|buiten|poza|utanför)\b[^.;,]{0,40}$|(?:の外では|外側では|以外では|之外)\W*$|(?:否则|それ以外(?:では|のとき)?|そうでなければ)\W*$",
    re.I,
)
BELOW = re.compile(
    r"\b(?:(?:to the )?left of|below|smaller than|less than|links von|unterhalb von|kleiner als|à gauche de|inférieure? à|a la izquierda de|por debajo de|à esquerda de|"
    r"a sinistra di|слева от|левее|links van|na lewo od|till vänster om)(?P<later>,?)\s*$", re.I
)  # fmt: skip
ABOVE = re.compile(
    r"\b(?:(?:to the )?right of|above|larger than|greater than|rechts von|oberhalb von|größer als|à droite de|supérieure? à|a la derecha de|por encima de|à direita de|"
    r"a destra di|справа от|правее|rechts van|na prawo od|till höger om)(?P<later>,?)\s*$", re.I
)  # fmt: skip
LEFTWARDS = re.compile(  # "before it the score is", without a formula
    r"\b(?:(?:to|on) the left(?! of)|left of (?:it|this|that)|before (?:it|this|that)|below (?:it|this|that)|links davon|davor|à gauche(?! de)|avant(?! de)|a la izquierda(?! de)|antes(?! de)|à esquerda(?! de)|"
    r"a sinistra(?! di)|prima(?! di)|слева(?! от)|до (?:этого|него|неё)|links ervan|ervoor|po lewej|till vänster(?! om))\b|左側|左边|左侧", re.I
)  # fmt: skip
RIGHTWARDS = re.compile(
    r"\b(?:(?:to|on) the right(?! of)|right of (?:it|this|that)|after (?:it|this|that)|afterwards|beyond (?:it|this|that)|above (?:it|this|that)|rechts davon|danach|à droite(?! de)|après(?! (?:avoir|de))|a la derecha(?! de)|después(?! de)|"
    r"à direita(?! de)|depois(?! de)|a destra(?! di)|dopo(?! di)|справа(?! от)|после (?:этого|него|неё)|rechts ervan|erna|po prawej|till höger(?! om))\b|右側|右边|右侧", re.I
)  # fmt: skip
SAYS = re.compile(  # words that say something themselves: "it is positive for"
    r"\b(?:is|are|was|becomes?|increases?|decreases?|changes?|vanishes|rises?|falls?|grows?|positive|negative|ist|sind|wird|steigt|fällt|wächst|positiv|negativ|est|croît|décroît|"
    r"positi[fv]e?|négati[fv]e?|es|crece|decrece|positiv[ao]|negativ[ao]|é|cresce|decresce|è|positiva|negativa|возрастает|убывает|положительн\w+|отрицательн\w+)\b|单调|为正|为负", re.I
)  # fmt: skip
POSTPOSED = re.compile(
    r"^\s*(?:(?:を|と)仮定|(?:is|are|was|were|will be|being) (?:assumed|supposed|required|presupposed|excluded)|wird vorausgesetzt|(?:sei|ist) vorausgesetzt|angenommen|est supposé|"
    r"se supone|se supuso|é suposto|è supposto|предполагается|で|のとき|の時|ならば|なら|では|において|の場合|の範囲|时|時|일 때|이면)"
)  # "theta < theta_hat de": behind what is supposed
HOLDS = re.compile(
    r"\b(?:valid|holds?|true|defined|allowed|gilt|gültig|valable|válid\w+|vale|valid[oae]|only|верно|справедлив\w+)\b[^,;]*$", re.I
)
THAT_IS = re.compile(
    r"\b(?:that is|i\.\s?e\.|namely|d\.\s?h\.|das heißt|c'est-à-dire|soit|es decir|ou seja|cioè|то есть|dat wil zeggen|d\.\s?w\.\s?z\.|to znaczy|det vill säga|すなわち|つまり|即)\W*(?:at|for|bei|für|en|pour|in|per|при)?\s*$",
    re.I,
)
BEHIND = re.compile(r"^\W*(?:时|時|,\s*(?!and|so|hence|thus|therefore|und|also|et|donc|y|e\b|и|所以|因此)\S|gilt|then|we|alors|то\b)")
SAME_BEHIND = re.compile(r"^\W*(?:と同値|と等価|은 동치|와 동치|等价|同等)")
IF_BEHIND = re.compile(
    r"^\W*(?:のとき|の(?:場合|時)|ならば|なら(?!ない)|であれば|이면|일 때|ise(?!\w)|iken(?!\w)|olduğunda)"
)  # "$\\theta<5$ のとき": the word stands behind
IFF = re.compile(r"(?:\biff|if and only if|exactly when|precisely when|only when|only if|genau dann,? wenn|si et seulement si|si y s[oó]lo si|se e somente se|"
                 r"se e solo se|тогда и только тогда,? когда|当且仅当|equivalent\w* to|äquivalent zu|равносильно(?: тому,? что)?|эквивалентно(?: тому,? что)?|gleichbedeutend (?:mit|damit, dass)|"
                 r"äquivalent (?:zu|dazu, dass)|équivaut à(?: dire que)?|équivalent à|equivale a(?: que| dire che)?|equivalente a|the same as(?: saying)?(?: that)?|dan en slechts dan als|"
                 r"wtedy i tylko wtedy,? gdy|om och endast om|ancak ve ancak|komt neer op|innebär att)\W*$", re.I)  # fmt: skip
POSSIBLE_IFF = re.compile(  # of observations, or of the likelihood, before the condition under which they are possible
    r"\b(?:(?:all|every|each|alle|toutes? les|chaque|todas las|todas as|cada|tutte le|ogni|все)\b[^.;,]{0,40}\b(?:lies?|are|is|falls?|liegen|liegt|sont|est|están|está|estão|sono|лежат|belongs?|contained|satisfied|holds?)\b[^.;]{0,60}|"
    r"\b(?:likelihood|likelihoodfunktion|vraisemblance|verosimilitud|verossimilhança|verosimiglianza|indicators?|indicator function)\b[^.;]{0,30}\b"
    r"(?:positive?|positiva|nonzero|non-zero|different from|not (?:zero|0)|ungleich null|nicht null|non nulle|no nula|não nula|non nulla)\b[^.;,]{0,12}|"
    r"\b(?:this|the|that|diese|die|cette|la|esta|questa)\b \w{0,12} ?(?:conditions?|constraints?|requirements?|bedingung|condición|condição|condizione)\b[^.;,]{0,40})"
    r"(?:if and only if|\biff|exactly when|exactly if|precisely when|precisely if|just when|exactly for|precisely for|genau dann,? wenn|si et seulement si|si y s[oó]lo si|"
    r"se e (?:somente|só) se|se e solo se|тогда и только тогда,? когда)\W*$",
    re.I,
)
NEW_CLAUSE = re.compile(
    r"(?:^|[.;:!?(]\s*|,?\s*\b(?:(?:and|but|so|hence|thus|then|now|therefore|while|whereas|also|und|aber|also|et|mais|donc|y|pero|e|mas|ma|quindi|и|а|но|a|ale|zaś|oraz|och|men|en|maar|ve|ama)\s+)+|[，。；、]\s*)$", re.I
)  # fmt: skip


def _words(table: tuple[str, ...]) -> str:
    """The words as a pattern; Chinese has no blanks between words."""
    spaced = sorted((w for w in set(table) if not "\u3000" < w[0] < "\ud7ff"), key=len, reverse=True)
    others = sorted((w for w in set(table) if "\u3000" < w[0] < "\ud7ff"), key=len, reverse=True)
    pattern = rf"(?<![\w-])(?:{'|'.join(spaced)})(?![\w-])"
    return f"(?:{pattern}|{'|'.join(others)})" if others else pattern


SUPPOSED = _words(IF)
DEFINES = re.compile(rf"{_words(LET)}[^.;]{{0,60}}$|{_words((*WHERE, *HERE))}[^.;,]{{0,25}}$", re.I)
SUPPOSES = re.compile(rf"(?P<word>{_words(IF)})[^.;:]{{0,45}}$", re.I)
CIRCUMSTANCE = re.compile(  # a supposition in words alone, which a relation puts in a formula: "if nobody answers, R = 0, then"
    rf"{_words(IF)}\s+(?!(?:we|you|one|they|i|wir|man|sie|du|on|nous|vous|tu|noi|мы|вы|men|je)\b)[^.;:,]{{4,60}},(?: (?:i\.e\.|that is|so|d\. ?h\.|also|soit|o sea|cioè|то есть),?)?\s*$",
    re.I,
)
LIMITS = re.compile(rf"(?P<word>{_words((*FOR, *WHERE))})(?:\s*{_words(FILLERS)})*[\s(:]*$", re.I)
MEANING = re.compile(
    r"^[\s,]*(?:be|is|are|denotes?|stands? for|means|as|for|being|sei|ist|sind|bezeichnet|bezeichne|für|steht für|soit|est|désigne|pour|sea|es|denota|por|seja|é|sia|è|"
    r"indica|обозначает|—|–|是|为|表示|the|das|die|der|le|la|el|o|a|il)\b",
    re.I,
)
