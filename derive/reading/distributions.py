"""Distributions as people say them: "x ~ Normal(mu, sigma^2)", "p N(0, 1) + (1 - p) N(mu, 1)", \\phi(y; \\mu, \\sigma^2).

The name of a distribution before its arguments is found in the text and handed to the reader as a function; what the
reader gives back is replaced by the catalogue's density, its letters and its variable put in all at once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise

from ..catalogue import find, instead
from ..catalogue.entry import Entry
from ..catalogue.families import FAMILIES, KEYWORDS, Family, Form, elsewhere, family
from ..errors import DeriveError, NotSupported, NotValid
from ..formula.names import canonical, reported
from ..formula.tree import (
    Add,
    Apply,
    At,
    Div,
    Formula,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    Sym,
    add,
    factors,
    mul,
    names,
    num,
    replace_all,
    terms,
    transform,
    value,
    walk,
)
from ..sets.domain import Domain
from .context import Context
from .domains import read as read_domain
from .read import decide_syntax
from .sympyfunctions import FUNCTIONS
from .sympytext import read_sympy
from .tex import read_latex

MARK = "Dist"  # before the name of a distribution, in the text that is handed to the reader
SAID = re.compile(r"(?:\\(?:overset|underset|stackrel)\s*\{(?:[^{}]|\{[^{}]*\})*\}\s*\{\s*\\sim\s*\}|\\sim(?![A-Za-z])|~|∼)")
WORD = re.compile(
    r"(?:\\(?:text|textrm|textit|textsf|mathrm|operatorname|mathsf|mathit|mathbf|mbox)\*?\s*\{\s*(?P<styled>[A-Za-z][A-Za-z -]*?)\s*\}"
    r"|\{\s*\\(?:rm|bf|sf|it)\s+(?P<rm>[A-Za-z]+)\s*\}|\\(?:mathcal|mathscr|cal)(?![A-Za-z])\s*\{?\s*(?P<cal>[A-Z])\s*\}?|\{\s*\\cal\s+(?P<oldcal>[A-Z])\s*\}"
    r"|(?P<phi>\\(?:var)?phi(?![A-Za-z])|(?<![\\A-Za-z_])phi)|(?<![\\A-Za-z_])(?P<plain>[A-Za-z]+))(?P<open>\s*(?:\\left|\\[bB]ig+l?)?\s*[(\[])"
)
SEPARATOR = re.compile(r",|;|\||\\mid(?![A-Za-z])")
THEIRS = re.compile(r"(?:(?:\w+\.)*(?P<module>\w+)\.)?(?P<name>[A-Za-z]\w*)\s*[(\[]")  # scipy.stats.norm(
TERMS = re.compile(r"[A-Za-z]\w*(?:\s*\+\s*[A-Za-z]\w*)*")  # x + w, as in a formula of R
APPEARS = ("x", "y", "t", "z", "k")  # letters for what is observed, in the order in which they are taken
BESIDE = frozenset({"x", "y", "z", "t", "X", "Z"})  # letters that a mean may depend on and that are then observed
ASIDE = re.compile(
    r"\s*(?:,|\\quad|\\qquad|\\;|\\,)*\s*(?:\\(?:text|mathrm)\s*\{\s*)?(?:i\.?\s*i\.?\s*d\.?|independent(?:ly)?)\s*\}?\s*\.?\s*$", re.I
)
BEFORE = re.compile(r"\s*(?:i\.?\s*i\.?\s*d\.?|independent(?:ly)?)(?![A-Za-z])[\s,:]*", re.I)
IN_WORDS = re.compile(r"\s*([A-Za-z][A-Za-z -]*?)(?:\s+distribution)?\s+with\s+(.+)$", re.S)
COUNTED = re.compile(r"\s*(?:,|\\quad|\\qquad|\\;|for)*\s*[ij]\s*=\s*1\s*,?\s*(?:\\l?dots|\\cdots|\.\.\.|…)\s*,?\s*n\s*$")
INDEX = r"(?:\{([^{}]*)\}|(\\?[A-Za-z]+|\d))"
SPELLINGS = (  # distributions with their degrees of freedom in a subscript
    (rf"t_{INDEX}", "StudentT"),
    (rf"\\chi\s*_{INDEX}\s*\^\{{?2\}}?", "ChiSquared"),
    (rf"\\chi\s*\^\{{?2\}}?\s*_{INDEX}", "ChiSquared"),
    (r"\\chi\s*\^\{?2\}?(?=\s*(?:\\left)?\s*\()", "ChiSquared"),
    (r"[Cc]hi2(?=\s*\()", "ChiSquared"),
    (r"\\Gamma(?=\s*(?:\\left)?\s*\()", "Gamma"),
)
HAS = re.compile(  # "X follows a", "X_1, ..., X_n are iid" before the name of a distribution
    r"\s*\$?((?:\\?[A-Za-z]+(?:_\{?\w+\}?)?|\\[cl]?dots|\.\.\.|…|[,\s])+?)\s+"
    r"(?:(?:is|are|has|have|follows?|with|a|an|the|each|independent(?:ly)?|i\.?i\.?d\.?|(?:distributed|drawn)(?:\s+(?:as|from))?)\b\.?,?\s*)+"
)
FILLER = re.compile(r"\s+(?:distribution|distributed|law)\s*\.?\s*\Z")
WITH = re.compile(r"\)\s*,?\s+(?:with|where|for)\s+(?=[^,]*[<>=≤≥∈])")  # Poisson(mu) with mu > 3
MIXED = re.compile(r"(?:an?\s+)?mixture\s+of\b", re.I)
LOGARITHM = re.compile(r"\s*\$?\s*\\?(?:log|ln)(?:\s*(?:\\left)?\s*\(\s*([^()]+?)\s*(?:\\right)?\s*\)|\s+(\\?[A-Za-z]\w*))\s*\Z")
FORMULA_AFTER = re.compile(r"(?<![A-Za-z\\])[fp](?:_\{?\w+\}?)?\s*\([^()]*\)\s*=")


PROBABILITIES = read_domain("[0, 1]", "p")


@dataclass(frozen=True)
class Doubt:
    """An argument that is often another one under such a letter: what it is taken for, what it may be, and how that is written."""

    says: str
    place: int
    letters: frozenset[str]
    means: str
    other: str
    written: str


DOUBTS = (
    Doubt("the mean and the variance", 1, frozenset({"sigma", "s", "sd", "tau"}), "variance", "standard deviation", "mean, sd={}"),
    Doubt("the shape and the rate", 1, frozenset({"s", "scale", "tau"}), "rate", "scale", "shape, scale={}"),
    Doubt("the shape and the scale", 1, frozenset({"theta"}), "scale", "rate", "shape, rate={}"),
    Doubt("the rate", 0, frozenset({"theta", "mu", "tau", "beta", "scale"}), "rate", "mean", "scale={}"),
)


@dataclass(frozen=True)
class Said:
    """What a text says of a distribution.

    text: of the distribution, with marked names.  syntax: of that text.  variable: what was said to have it, or "".
    beside: what stood behind a bar before the tilde.
    """

    text: str
    syntax: str
    variable: str = ""
    beside: tuple[str, ...] = ()


@dataclass
class Filled:
    """What the catalogue says of the distributions in a formula.

    variable, covariates: what is observed.  support: of an observation.  domains: of letters that are an argument by
    themselves; constants: those among them that are known in the catalogue.  letters: of the arguments, as they are written.  remarks: how arguments were taken; doubts: those of them by which another reading was turned down.
    """

    variable: str = ""
    covariates: tuple[str, ...] = ()
    support: Domain | None = None
    domains: dict[str, Domain] = field(default_factory=dict)
    constants: dict[str, Domain] = field(default_factory=dict)
    letters: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @property
    def entry(self) -> Entry | None:
        """The distribution of the catalogue, where it is one and not a mixture."""
        return self.entries[0] if len(self.entries) == 1 else None


# -- the text -------------------------------------------------------------------------------------


def said(text: str, syntax: str | None) -> Said | None:
    """The distributions that a text names with their arguments; None where it names none.  Raises NotValid for a name that is unknown."""
    tilde = SAID.search(text)
    if tilde is None and (words := HAS.match(text)) is not None and WORD.match(text, words.end()):
        text = f"{words[1]} ~ {FILLER.sub('', text[words.end() :])}"  # x follows Poisson(mu)
        tilde = SAID.search(text)
    elif MIXED.match(text if tilde is None else text[tilde.end() :].lstrip()):
        raise NotValid("the shares of this mixture are not said", text=text, position=0, hint="write p*N(0, 1) + (1 - p)*N(mu, 1)")
    head, body = (text[: tilde.start()], text[tilde.end() :]) if tilde is not None else ("", text)
    before, head = _last_statement(head)
    if tilde is not None and (not re.match(r"\s*[\\$(]*\s*[A-Za-z]", head) or FORMULA_AFTER.search(text) or "=" in head):
        return None
    if tilde is not None and SAID.search(body):
        raise NotSupported(
            "several letters are said to have distributions",
            text=text,
            position=tilde.start(),
            hint="write their joint density, with variable=['x', 'y']",
        )
    body = body.strip().strip("$").strip().removesuffix(".").strip()
    _check_other_tool(body, text)
    if (
        (logarithm := LOGARITHM.match(head)) is not None
        and (m := WORD.match(body)) is not None
        and family(_called(m), 2, True)[:1] == FAMILIES[:1]
    ):
        head, body = logarithm[1] or logarithm[2], "LogNormal(" + body[m.end() :]
    for pattern in (ASIDE, COUNTED):
        body = pattern.sub("", body)
    body = WITH.sub("), ", body)
    body = _in_words(BEFORE.sub("", body, count=1) if BEFORE.match(body) else body)
    if tilde is not None:
        body = _spelled(body)
    marked, found = _marked(body, tilde is not None)
    if not found:
        _check_name(body, text)
        if tilde is None:
            return None
        if (regression := _terms_alone(body, head)) is not None:
            raise NotValid(f"{body} is not a distribution", text=text, position=min(tilde.end(), len(text) - 1), hint=regression)
        raise NotValid(
            f"which distribution is {body.strip()[:40]!r}?", text=text, position=min(tilde.end(), len(text) - 1),
            hint='write its name with arguments in brackets, as in "x ~ Normal(mu, sigma^2)" or "y ~ Normal(a + b*x, sigma^2)"; `derive list` shows the distributions',
        )  # fmt: skip
    if (syntax or decide_syntax(marked)) == "sympy":
        marked = re.sub(rf"({MARK}\w+)\[([^][]*)\]", r"\1(\2)", marked)  # Unif[0, theta]
    if before:
        marked += ", " + before
    how = syntax or decide_syntax(marked)
    if how == "sympy":
        marked = re.sub(r"(?<=[\w)])\s+(?=[\w\\])(?!(?:in|and|for|where|if)\b)(?<!\bin )(?<!\band )", "*", marked)
    variable, beside = _head(head)
    return Said(marked, how, variable, beside)


def at_home(e: DeriveError, text: str) -> DeriveError:
    """An error about a text with marked names as one about the text that was given."""
    clean = [re.sub(rf"\\operatorname\{{{MARK}(\w+)\}}|{MARK}(\w+)", lambda m: m[1] or m[2], t or "") for t in (e.message, e.hint)]
    around = (e.text or "")[e.position or 0 :][:6]
    return type(e)(clean[0], text=text, position=max(text.find(around), 0) if around else 0, hint=clean[1] or None)


def _marked(body: str, after_tilde: bool) -> tuple[str, bool]:
    """The text with the names of distributions marked, and whether there are any."""
    out, at, any_found = "", 0, False
    for m in WORD.finditer(body):
        inside = _inside(body, m.end())
        if inside is None or m.start() < at:
            continue
        count = 1 + len(_separators(inside))
        name = _called(m)
        first = not body[: m.start()].strip()
        rest = body[m.end() + len(inside) :].lstrip()
        rest = re.sub(r"^\\right\s*", "", rest)[1:].strip()
        alone = first and (not rest or rest[0] in ",;" or (after_tilde and rest.startswith("\\")))
        if m["phi"]:
            name, fits = "N", count == 3
        else:
            function = count == 1 and name in FUNCTIONS and not after_tilde  # exp(...): a function unless a tilde says otherwise
            outside = after_tilde and _balanced(body[: m.start()])
            fits = not function and bool(
                _families(name, count, alone or (after_tilde and first)) or (outside and family(name, count, False, True))
            )
        if fits:
            word = MARK + re.sub(r"[ -]", "", name)
            before = " " if out or body[at : m.start()] else ""
            latex = "\\" in body or not body.isascii()
            out += body[at : m.start()] + before + (r"\operatorname{%s}" % word if latex else word) + m["open"].lstrip()
            at, any_found = m.end(), True
    return out + body[at:], any_found


def _called(m: re.Match[str]) -> str:
    """The name of a distribution, however it is set."""
    return m["styled"] or m["rm"] or m["plain"] or ("cal" + (m["cal"] or m["oldcal"]) if m["cal"] or m["oldcal"] else "")


def _families(name: str, arguments: int, alone: bool) -> tuple[Family, ...]:
    """What a name before so many arguments may stand for; where it is no family's, the distribution of the catalogue that is
    called so, with the letters of its density as arguments."""
    found = family(name, arguments, alone)
    entry = find(name) if alone and not found and len(name) > 2 and not any(name in f.names for f in FAMILIES) else None
    if entry is None:
        return found
    letters = tuple(canonical(k) for k in (*entry.parameters, *entry.known))
    if arguments != len(letters):
        return found
    says = f"the {' and the '.join(map(reported, letters))} of the catalogue's density"
    return (Family((name,), (Form(entry.name, letters, {k: k for k in letters}, says),)),)


def _in_words(body: str) -> str:
    """Poisson with mean mu, as Poisson(mean=mu); any other text as it is."""
    m = IN_WORDS.match(body)
    words = m[1].replace(" ", "").replace("-", "").casefold() if m is not None else ""
    name = next((k for f in FAMILIES for k in f.names if k.casefold() == words), None)
    if m is None or name is None:
        return body
    given = re.split(r",?\s+and\s+|\s*,\s*", m[2].replace("standard deviation", "sd").strip())
    pairs = [re.fullmatch(r"(?:an?\s+|the\s+)?([a-z]+)\s*=?\s*(\S+)", g.strip()) for g in given]
    return f"{name}({', '.join(f'{p[1]}={p[2]}' for p in pairs if p is not None)})" if all(pairs) else body


def _spelled(body: str) -> str:
    """t_\\nu and \\chi^2_k with their index as an argument."""
    for shown, name in SPELLINGS:
        m = re.match(shown, body)
        if m is not None:
            index = "".join(g or "" for g in m.groups())
            rest = body[m.end() :]
            more = re.match(r"\s*(?:\\left)?\s*\(", rest) if index else None  # t_3(mu, s): the index is the first argument
            if more is not None:
                return rf"\operatorname{{{name}}}({index}, " + rest[more.end() :]
            return r"\operatorname{%s}" % name + (f"({index})" if index else "") + rest
    return body


def _last_statement(head: str) -> tuple[str, str]:
    """What stands before the tilde: the statements before, and the last of them, which says what is observed."""
    if "=" not in head:
        return "", head
    cut = max(
        (
            j
            for j in range(len(head))
            if re.match(r",|;|\n|\\quad|\\qquad|\bwhere\b|\bwith\b|\\text\s*\{\s*(?:where|with|and)\s*\}", head[j:]) and _balanced(head[:j])
        ),
        default=-1,
    )
    if cut < 0:
        return "", head
    last = re.sub(r"^(?:\s|,|;|\\quad|\\qquad|where\b|with\b|\\text\s*\{[^{}]*\})+", "", head[cut:])
    return re.sub(r"(?:\s|,|;|\\quad|\\qquad|\bwhere|\bwith)+$", "", head[:cut]).replace("$", ""), last


def _balanced(text: str) -> bool:
    return all(text.count(a) == text.count(b) for a, b in ("()", "[]", "{}"))


def _check_other_tool(body: str, text: str) -> None:
    """Raises NotValid for a distribution as another tool writes it, with how it is written here."""
    m = THEIRS.match(body)
    if m is not None and (here := elsewhere(m["module"] or "", m["name"])) is not None:
        shown = m[0].rstrip("([ ")
        raise NotValid(f"{shown} is another tool's name of a distribution", text=text, position=text.find(shown), hint=f"write {here}")


def _terms_alone(body: str, head: str) -> str | None:
    """What to write for the terms of a regression without their distribution, "y ~ x + w"; None for any other text."""
    if not TERMS.fullmatch(body) or find(body) is not None or not re.fullmatch(r"\s*[A-Za-z]\w*\s*", head):
        return None
    mean = " + ".join(["beta0", *(f"beta{i}*{k.strip()}" for i, k in enumerate(body.split("+"), 1))])
    return f'write what the distribution is, with a coefficient for each term: "{head.strip()} ~ Normal({mean}, sigma^2)"'


def _check_name(body: str, text: str) -> None:
    """Raises NotValid for a text that is a name before arguments, where that is nearly a distribution's, or one with other arguments."""
    m = WORD.match(body)
    name = re.sub(r"[ -]", "", (m["styled"] or m["rm"] or m["plain"] or "") if m else "")
    if m is None or len(name) < 3 or _inside(body, m.end()) != body[m.end() : -1]:
        return
    if (other := instead(name)) is not None:
        raise NotValid(f"there is no distribution called {name} here", text=text, position=text.find(name), hint=other)
    if not (name[0].isupper() or body is not text):
        return
    names = {k: f for f in FAMILIES for k in f.names}
    found = names.get(name)
    if found is not None:
        shown = " or ".join(dict.fromkeys(f"{name}({', '.join(g.arguments)})" for g in found.forms))
        raise NotValid(f"{name} has other arguments than these", text=text, position=text.find(name), hint=f"write {shown}")
    if (entry := find(name)) is not None:
        letters = ", ".join(reported(canonical(k)) for k in (*entry.parameters, *entry.known))
        raise NotValid(f"{name} has other arguments than these", text=text, position=text.find(name), hint=f"write {name}({letters})")
    near = get_close_matches(name, names, 1, 0.7)
    if near:
        raise NotValid(f"there is no distribution called {name}", text=text, position=text.find(name), hint=f"did you mean {near[0]}?")


def _inside(body: str, start: int) -> str | None:
    """What stands in the bracket that is opened just before start."""
    depth = 1
    for j in range(start, len(body)):
        depth += {"(": 1, ")": -1, "[": 1, "]": -1}.get(body[j], 0)
        if depth == 0:
            inside = body[start:j]
            return inside[: -len("\\right")] if inside.endswith("\\right") else inside
    return None


def _separators(inside: str) -> list[int]:
    depth, found = 0, list[int]()
    for j, c in enumerate(inside):
        depth += (c in "([{") - (c in ")]}")
        if depth == 0 and SEPARATOR.match(inside, j):
            found.append(j)
    return found


def _head(head: str) -> tuple[str, tuple[str, ...]]:
    """What is observed, and what stands behind a bar: Y_i | x_i."""
    parts = re.split(r"\||\\mid(?![A-Za-z])|\\vert(?![A-Za-z])", head.replace("$", ""), maxsplit=1)

    def letters(text: str) -> list[str]:
        text = re.sub(r"\[\s*[ij]\s*\]", " ", text)
        text = re.sub(r"\\(?:left|right|ldots|dots|cdots|,|;|mathrm|text|stackrel|overset)(?![A-Za-z])", " ", text)
        found = re.findall(r"\\?[A-Za-z]+(?:_\{?\w+\}?)?", text)
        return list(dict.fromkeys(re.sub(r"_(?:i|j|\d+|n)$", "", canonical(k)) for k in found))

    observed = letters(parts[0])
    observed = [k for k in observed if k != observed[0] + "n"]  # x1, ..., xn
    if len(observed) > 1:
        raise NotValid(
            f"{' and '.join(observed)} are said to have one distribution; one observed letter is expected before the tilde",
            hint="write the joint density",
        )
    return observed[0] if observed else "", tuple(letters(parts[1])) if len(parts) > 1 else ()


CENTRES = ("mean", "p", "prob", "location")  # arguments that a model predicts
LETTER = re.compile(r"\\?[A-Za-z]+(?:_(?:\{\w+\}|\w+))?")


def centre_apart(text: str, syntax: str | None) -> tuple[str, str, str | None] | None:
    """A text that says one distribution, with a letter for its mean (or location, or probability); that letter; and what stood
    there, None where it was the letter itself.  None where the text says no such distribution."""
    told = said(text, syntax)
    marks = [] if told is None else re.findall(rf"{MARK}(\w+)\}}?\s*(?:\\left)?\s*[(\[]", told.text)
    if told is None or len(marks) != 1:
        return None
    start = re.search(rf"{MARK}\w+\}}?\s*(?:\\left)?\s*[(\[]", told.text)
    inside = None if start is None else _inside(told.text, start.end())
    if inside is None or inside not in text or "=" in told.text.replace(inside, ""):  # an equation beside it says more of the mean
        return None
    cuts = [-1, *_separators(inside), len(inside)]
    given = [inside[a + 1 : b] for a, b in pairwise(cuts)]
    names = [g.partition("=")[0].strip() if "=" in g else "" for g in given]
    called = [{*KEYWORDS.get(c, ()), c} for c in CENTRES]
    forms = [h for f in family(marks[0], len(given), True) for h in f.forms if len(h.arguments) == len(given)]
    places = [j for j, k in enumerate(names) if k and any(k in c for c in called[:2])] or [
        j for j, k in enumerate(forms[0].arguments if forms and not any(names) else ()) if k in CENTRES
    ]
    if not places:
        return None
    key, sign, value = given[places[0]].rpartition("=")
    if LETTER.fullmatch(value.strip()):
        return text, re.sub(r"_\{?i\}?$", "", value.strip()), None
    if not re.search(r"[A-Za-z]", value):
        return None
    if told.syntax == "latex" and "\\" not in value:
        value = r"\, " + value  # in LaTeX too
    if not told.variable and re.search(r"(?<![A-Za-z])x(?![A-Za-z])", value):
        text = "y ~ " + text
    letter = next(k for k in ("mu", "m", "eta") if not re.search(rf"(?<![A-Za-z]){k}(?![A-Za-z])", text))
    shown = "\\" + letter if told.syntax == "latex" and letter != "m" else letter
    given[places[0]] = f"{key}{sign}{shown}"
    return text.replace(inside, ",".join(given), 1), letter, value.strip()


# -- the formula ----------------------------------------------------------------------------------


def calls(f: Formula) -> list[Apply]:
    """The distributions in a formula that was read.  Raises NotValid for a name of one without its arguments."""
    bare = next((k for k in names(f) if k.startswith(MARK)), None)
    if bare is not None:
        raise NotValid(f"{bare.removeprefix(MARK)} stands here without its arguments", hint="write them in brackets: Poisson(mu)")
    return [g for g in walk(f) if isinstance(g, Apply) and g.name.startswith(MARK)]


def filled(
    f: Formula, told: Said, wanted: tuple[str, ...], covariates: Collection[str], declared: Collection[str], columns: Collection[str]
) -> tuple[Formula, Filled]:
    """The formula with densities in place of distributions, and what the catalogue says of it.

    wanted, covariates: what the question says is observed.  declared: its other letters.  columns: names of its data.
    Raises NotValid where arguments do not fit, or where the distributions do not make one density.
    """
    found = Filled()
    mine = calls(f)
    placed = [_arguments(g) for g in mine]
    found.letters = [g.name for args in placed for a in args.given for g in walk(a) if isinstance(g, Sym)]
    for args in placed:
        if args.variable and told.variable and args.variable.lower() != told.variable.lower():
            hint = f"write {args.name}({', '.join(args.form.arguments)})"
            raise NotValid(f"{args.name} has {len(args.given)} argument{'s' * (len(args.given) > 1)}, not {len(args.given) + 1}", hint=hint)
    inside = {k for args in placed for a in args.given for k in names(a)}
    compound = {k for args in placed for a in args.given if not isinstance(a, Sym) for k in names(a)}
    own = [args.variable for args in placed if args.variable]
    found.variable = wanted[0] if wanted else own[0] if own else _variable(told, inside, compound, columns, declared)
    beside = {k for k in inside if k.split("_")[0] in BESIDE and k in compound} | {
        k for k in told.beside if k in inside and k.split("_")[0] in BESIDE
    }
    beside |= {k for k in inside if k in columns}
    beside -= {found.variable, *declared}
    if beside < inside - {found.variable} or columns:
        found.covariates = tuple(sorted(beside - set(covariates)))
    for t in terms(f):
        if sum(len(calls(g)) for g in factors(t)) != 1 or not any(g in mine for g in factors(t)):
            raise NotValid(
                "a distribution stands in this formula where a number is expected",
                hint="write the density; or a distribution alone, or a mixture p*N(0, 1) + (1 - p)*N(mu, 1)",
            )
    shares = {mul(*(g for g in factors(t) if g not in mine)) for t in terms(f)}
    found.domains |= {s.name: PROBABILITIES for s in shares if isinstance(s, Sym) and Add((num(1), Neg(s))) in shares}
    table: dict[Formula, Formula] = {}
    supports: list[Domain] = []
    for g, args in zip(mine, placed, strict=True):
        table[g], support = _density(args, found)
        supports.append(support)
    if any(d != supports[0] for d in supports):
        raise NotValid("the distributions of this mixture have different supports", hint="write the density with its cases")
    found.support = supports[0]
    return transform(replace_all(f, table), _flat), found


def _flat(f: Formula) -> Formula | None:
    """A product within a product as one."""
    return mul(*(h for g in f.factors for h in factors(g))) if isinstance(f, Mul) and any(isinstance(g, Mul) for g in f.factors) else None


@dataclass(frozen=True)
class _Arguments:
    """A call of a distribution: form, what is given for the names of its arguments, and the variable where that comes first."""

    form: Form
    given: tuple[Formula, ...]
    variable: str
    name: str


def _arguments(g: Apply) -> _Arguments:
    name = g.name.removeprefix(MARK)
    keywords: dict[str, Formula] = {}
    positional: list[Formula] = []
    for a in g.args:
        if isinstance(a, Relation) and a.signs == ("=",) and isinstance(a.sides[0], Sym):
            keywords[a.sides[0].name] = a.sides[1]
        else:
            positional.append(a)
    if any(isinstance(a, Relation) for a in (*positional, *keywords.values())):
        raise NotValid(f"an argument of {name} is no number", hint=f"write {name}(mu, 1), or with keywords {name}(mean=mu)")
    families = _families(name, len(g.args), True)
    forms = [h for f in families for h in f.forms]
    variable = ""
    if keywords:
        for form in forms:
            called = {k: next((a for a in form.arguments if k == a or k in KEYWORDS.get(a, ())), k) for k in keywords}
            words = {called[k]: f for k, f in keywords.items()}
            if set(words) <= set(form.arguments) and len(positional) + len(words) == len(form.arguments) and len(words) == len(keywords):
                others = iter(positional)
                return _Arguments(form, tuple(words[a] if a in words else next(others) for a in form.arguments), "", name)
        known = sorted({k for h in forms for k in h.arguments})
        raise NotValid(f"{name} has no arguments {', '.join(keywords)} together", hint="its arguments are called " + ", ".join(known))
    fitting = [h for h in forms if len(h.arguments) == len(positional)]
    first = positional[0] if positional else None
    if not fitting and isinstance(first, (Sym, At)):
        positional = positional[1:]
        fitting = [h for h in forms if len(h.arguments) == len(positional)]
        variable = first.name.removesuffix("_i") if isinstance(first, Sym) else first.base
    if not fitting:
        wanted = " or ".join(dict.fromkeys(f"{name}({', '.join(h.arguments)})" for h in forms))
        raise NotValid(f"{name} does not have {len(g.args)} argument{'s' * (len(g.args) != 1)}", hint=f"write {wanted}")
    last = positional[-1].name if positional and isinstance(positional[-1], Sym) else ""
    meant = next((h for h in fitting if last in h.letters), fitting[0])
    return _Arguments(meant, tuple(positional), variable, name)


def _variable(told: Said, inside: Collection[str], compound: Collection[str], columns: Collection[str], declared: Collection[str]) -> str:
    """What is observed: as said before the tilde, a column of the data that stands in no argument, or the first usual letter."""
    if told.variable:
        small = told.variable[0].lower() + told.variable[1:]
        return small if len(told.variable) == 1 and small not in inside and told.variable not in columns else told.variable
    free = [c for c in columns if c not in inside]
    if len(free) == 1:
        return free[0]
    if set(compound) & BESIDE - set(declared) and "y" not in inside:
        return "y"
    return next(v for v in (*APPEARS, "Y") if v not in inside)


def _density(args: _Arguments, found: Filled) -> tuple[Formula, Domain]:
    """The density at the variable, and its support."""
    form = args.form
    entry = find(form.entry)
    assert entry is not None
    own = [canonical(k) for k in (*entry.parameters, *entry.known)]
    density = _entry_density(entry, own)
    values = dict(zip(form.arguments, args.given, strict=True))
    put: dict[str, Formula] = {k: _put(text, values) for k, text in form.put.items()}
    table: dict[Formula, Formula] = {**{Sym(k): f for k, f in put.items()}, Sym(entry.variable): Sym(found.variable)}
    support = read_domain(entry.support, entry.variable, own).replaced(table)
    everywhere = [k for a in args.given for k in names(a)]
    domains = {canonical(k): (k, d) for k, d in (*entry.parameters.items(), *entry.known.items())}
    for k, f in put.items():
        if isinstance(f, Sym) and everywhere.count(f.name) == 1:
            domain = read_domain(domains[k][1], k, own)
            if not domain.letters:
                (found.constants if domains[k][0] in entry.known else found.domains)[f.name] = domain
    found.entries.append(entry)
    doubt = next(
        (d for d in DOUBTS if form.says.startswith(d.says) and isinstance(a := args.given[d.place], Sym) and a.name in d.letters), None
    )
    verb = "are" if len(args.given) > 1 else "is"
    remark = f"The argument{'s' * (len(args.given) > 1)} of {args.name.removeprefix('cal')} {verb} taken to be {form.says}."
    if doubt is not None:
        (letter,) = names(args.given[doubt.place])
        called = args.name.removeprefix("cal")
        remark += f" So `{letter}` is the {doubt.means}; a {doubt.other} is written {called}({doubt.written.format(letter)})."
    if form.says and remark not in found.remarks:
        found.remarks.append(remark)
        found.doubts += [remark] if doubt is not None else []
    return transform(replace_all(density, table), _without_units), support


def _without_units(f: Formula) -> Formula | None:
    """A sum without zeros, a product without ones, x over 1 and 1 to a power: what numbers for arguments leave behind."""
    match f:
        case Add(ts):
            kept = [t for t in ts if value(t) != 0]
            return add(*kept) if kept else num(0)
        case Mul(fs):
            return num(0) if any(value(g) == 0 for g in fs) else mul(*(g for g in fs if value(g) != 1))
        case Div(a, Num(v)) if v == 1:
            return a
        case Pow(Num(v) as one, _) if v == 1:
            return one
        case Pow(b, Num(v)) if v == 1:
            return b
    return None


def _entry_density(entry: Entry, letters: Collection[str]) -> Formula:
    atoms = {k[:-1]: k for k in letters if k.endswith("2")}
    context = Context(parameters=frozenset(letters), data=frozenset(), functions=frozenset({"B", "zeta"}) - set(letters), atoms=atoms)
    read = read_latex if decide_syntax(entry.density) == "latex" else read_sympy
    return read(entry.density, context)[0].formula


def _put(text: str, values: Mapping[str, Formula]) -> Formula:
    f = read_sympy(text, Context(parameters=frozenset(values)))[0].formula
    return replace_all(f, {Sym(k): v for k, v in values.items()})


__all__ = ["MARK", "Filled", "Said", "at_home", "calls", "centre_apart", "filled", "said"]
