"""What a whole solution shows about its notation: which letter is the data, the sample size, a function."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from ...formula.names import squared_base
from ...formula.tree import ONE, Apply, At, Call, Dots, Formula, Neg, Num, Pow, Sym, walk
from ...reading.context import Context
from ...reading.tex.parser import Subscript
from .design import Design, design_of

if TYPE_CHECKING:
    from ...problem.problem import Problem

OWN_SIZE = "n_0"
INDICES = frozenset("ijkltr")
SAMPLE = frozenset({"D", "calD", "data", "Data", "sample"})
NEVER = frozenset("neidNn")
FUNCTION_NAMES = frozenset({"L", "ell", "l", "LL", "f", "F", "E", "Var", "Cov", "P", "Pr", "calL", "calP", "NLL"})
INDEXED = re.compile(r"(?<![A-Za-z\\])([A-Za-z])\s*_\s*\{?\s*(?:[ijkt]|\(|[12]\b)")
BARRED = re.compile(r"\\(?:bar|overline)\s*\{?\s*([A-Za-z])\b")
UPPER = re.compile(
    r"\\(?:sum|prod)(?:\\limits)?\s*(?:_\s*\{[^{}]*\}\s*\^\s*\{?\s*([A-Za-z])\b|\^\s*\{?\s*([A-Za-z])\}?\s*_|_[a-z]\s*\^\s*\{?\s*([A-Za-z])\b)"
)
DEFINED = re.compile(r"(?:^|[\s$&,;}])([A-Za-z])\s*\(\s*\\?[A-Za-z]+(?:_\{?\w+\}?)?\s*\)\s*&?\s*:?=", re.M)
NAMED_LAST = re.compile(r"(?:=:|\\eqqcolon)\s*&?\s*(\\?[A-Za-z]+)\s*\(\s*\\?[A-Za-z]+(?:_\{?\w+\}?)?\s*\)")
LOG_L = re.compile(r"\\(?:ln|log)\s*\(?\s*L(?![A-Za-z])")
LOGARITHM = re.compile(r"\\(?:ln|log|ell)(?![A-Za-z])|\\text\{[^{}]*log|(?<![A-Za-z\\])l\s*\(")
EXPONENTIAL = re.compile(r"(?<![A-Za-z\\])e\s*\^|(?<=[a-z\d)}])e\^|\\mathrm\s*\{?e")
NAMED_GREEK = re.compile(
    r"\\(Lambda|sigma|pi|phi|Phi|varphi|psi|mu|eta|rho|lambda|theta|tau|nu|omega)\s*(?:\\left)?\(\s*\\?[A-Za-z]+(?:_\{?\w+\}?)?\s*(?:\\right)?\)\s*&?\s*:?="
)
LABELLED = re.compile(r"(?<![A-Za-z\\])([fghF])_\{?\\?(?:[a-z]|[a-z]{2,7})\}?\s*(?:\\left)?\(")
OWN_LABEL = re.compile(r"(?<![A-Za-z\\])([fgp])_\{?(\w)\}?\s*(?:\\left)?\(\s*[a-z](?:_\{?\w\}?)?\s*(?:\\right)?\)\s*&?\s*:?=")
SIGMOID = re.compile(r"\\sigma\s*(?:\\left|\\[bB]igg?l?)?\(")
SIGMOIDS = frozenset({"sigmoid", "expit", "logistic"})
BARE_N = re.compile(r"(?<![A-Za-z\\])n(?!\s*_|[A-Za-z])")
OWN_PI = re.compile(r"\\pi\s*&?\s*(?::|\\coloneq)?=|\\pi\s*(?:\\left)?\(\s*[a-z]|\\hat\s*\{?\s*\\pi")
TWO_PI = re.compile(r"\d\s*\\pi|\\sqrt\{?\s*\\pi")
MULTIPLIER = re.compile(
    r"(?:\\mathcal\s*\{?\s*L\s*\}?|(?<![A-Za-z\\])L)\s*(?:\\left)?\s*\([^()=]*,\s*\\?(lambda|mu|nu|alpha|eta|kappa|gamma)\s*(?:\\right)?\)\s*&?\s*="
)
SUMS = re.compile(r"(SS?)_\{?([a-zA-Z]{1,2})\}?\s*&?\s*(?::|\\coloneq)?=\s*&?\s*\\(?:sum|frac|displaystyle)")
SQUARED = re.compile(r"(?<![A-Za-z\\_])([sS])(?:_\{?\w+\}?)?\s*\^\s*\{?2(?!\d)")
LABELLED_IS = re.compile(r"(?<![A-Za-z\\_^])([sS])_\{?\w+\}?\s*&?\s*:?=(?!=)")  # s_1 has a meaning itself, and s_1^2 is its square
LETTER_IS = re.compile(r"(?<![A-Za-z\\_^])([A-Za-z])\s*&?\s*:?=(?!=)")
CALLED = re.compile(
    r"(?P<name>\\math(?:cal|scr|bb|rm)\s*\{?\s*[A-Z]\s*\}?|(?<![A-Za-z\\])[A-Za-z]|\\[a-zA-Z]+)(?:_\{?\w+\}?)?'*\s*(?:\\left|\\[bB]igg?l?)?\s*[(\[]"
    r"\s*(?P<inside>[^()\[\]{}+\-/^=]{1,60}?)\s*(?:\\right|\\[bB]igg?r?)?\s*[)\]]"
)
STYLED_X = r"(?<![A-Za-z\\])(?:\\(?:mathbf|boldsymbol|bm|mathrm|pmb)\s*\{?\s*)?X\s*\}?\s*"
MATRIX = re.compile(STYLED_X + r"(?:\^\s*\{?\s*(?:\\(?:mathrm|mathsf|text|intercal|top|prime)\b|[Tt]\b|T(?=[A-Zy\\]))|')")
TIMES = re.compile(STYLED_X + r"(?:\\(?:hat|widehat|boldsymbol|mathbf|bm|vec|pmb)\s*\{?\s*)*\\?(beta|theta|gamma|alpha|w|b)(?![A-Za-z_(])")
SURVIVAL = re.compile(r"(?<![A-Za-z\\])S\s*\(\s*[\dtxyzuc]")  # S(6), S(t)
GREEK_XI = re.compile(
    r"[ξΞ]|\\[xX]i(?![A-Za-z])|(?<![A-Za-z])xi_?hat\b|(?:^|\b(?:let|put|set|where|with|define|write|sei|setze|mit|wobei|soit|avec|sea|con|seja|com|sia)\b)\s*xi\s*:?=",
    re.M,
)
LOG_OF_CAL_L = re.compile(r"\\(?:ln|log)\s*(?:_\{?\w+\}?)?\s*\{?(?:\\left)?\s*[\[(]?\s*\\mathcal\s*\{?\s*L")
CAL_L_IS_LOG = re.compile(r"\\mathcal\s*\{?\s*L\s*\}?(?:_\{?\w+\}?)?\s*(?:\([^()]*\))?\s*&?\s*:?=([^=$]{0,160})")
ESTIMATED = frozenset({"hat", "star", "MLE", "ML", "mle", "ml", "opt", "est", "EMV", "MV", "*"})


@dataclass(frozen=True, slots=True)
class Declared:
    """The names of a question: what is estimated, what is given, what is observed (responses, then covariates)."""

    parameters: tuple[str, ...]
    known: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()
    design: Design = ()  # of a regression: the coefficients with their columns
    special: frozenset[str] = frozenset()  # functions of the density that have other meanings elsewhere: besseli, zeta
    words: frozenset[str] = frozenset()  # words that are an observation with its index: xi, yj
    trials: bool = True  # whether an observation can be a success or a failure: not of a lifetime, whose failures are deaths

    @classmethod
    def of(cls, problem: Problem) -> Declared:
        """The names of a problem."""
        known = (*problem.known, *getattr(problem, "values", ()))
        special = frozenset(g.name for g in walk(problem.density) if isinstance(g, Call)) & {"besseli", "zeta", "lambertw"}
        return cls(
            tuple(problem.parameters), tuple(dict.fromkeys(known)), tuple(problem.variables), tuple(problem.covariates), design_of(problem), special,
            trials=problem.whole or all(problem.support[v].discrete for v in problem.variables if v in problem.support),
        )  # fmt: skip


@dataclass(frozen=True)
class Notation:
    """How one solution writes things.

    declared: the question's names.  alias: its letters for the data, to ours.  size: its letter for the sample size.
    functions: letters that it calls.  letters: letters that it gives values.  log_likelihood: whether its
    calligraphic L is the log-likelihood.  squares: letters that are the root of a quantity: s of s^2.
    defined: sums of squares S_xx that it defines itself.  lagrangian: whether L is a function of a multiplier too.
    tilde: whether a tilde marks the estimate.  matrix, coefficients: its letters for the design matrix and for the
    vector of the coefficients, "" where it has none.  own_pi, own_e: whether pi, e is a letter of its own and not the number.
    given_others: parameters that are written as functions of another one, lambda(beta) = ...: the best one for each value of that.
    differentiated: what a derivative operator by itself is of: "ell", "log L", or "L" where no logarithm is written.
    sigmoid: names of the logistic function; sigma where it is called and not defined.
    labelled: functions of its own that have the letter of a density: f_1, f_2 of a mixture.
    totals: capitals for the data that stand for a sum where they have no index: Y = sum Y_i.
    """

    declared: Declared
    alias: dict[str, str] = field(default_factory=dict)
    size: str = "n"
    functions: frozenset[str] = frozenset()
    letters: frozenset[str] = frozenset()
    log_likelihood: bool = False
    squares: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()
    lagrangian: bool = False
    tilde: bool = False
    indices: frozenset[str] = INDICES
    decimal: str = "."
    matrix: str = ""
    coefficients: str = ""
    own_pi: bool = False
    sigmoid: frozenset[str] = SIGMOIDS
    own_e: bool = False
    given_others: frozenset[str] = frozenset()
    differentiated: str = "ell"
    totals: frozenset[str] = frozenset()
    labelled: frozenset[str] = frozenset()

    @property
    def parameters(self) -> tuple[str, ...]:
        return self.declared.parameters

    @cached_property
    def given(self) -> frozenset[str]:
        """Declared names."""
        return frozenset((*self.declared.parameters, *self.declared.known))

    @cached_property
    def spelled_out(self) -> bool:
        """Whether runs of letters are products: the question has a letter that words are made of."""
        return bool(self.given & {"L", "S", "E", "M", "R"})

    @cached_property
    def context(self) -> Context:
        """What the grammar is told."""
        d = self.declared
        atoms = {base: k for k in self.given if (base := squared_base(k)) is not None}
        atoms |= {s: s + "2" for s in self.squares if s not in atoms}
        return Context(
            parameters=self.given | ({"pi"} if self.own_pi else set()), data=frozenset(self.alias), functions=(FUNCTION_NAMES | ({"zeta"} & d.special)) - self.given, index=self.indices - self.given,
            atoms=atoms, decimal=self.decimal, size=self.size if self.size not in d.parameters else "n",
        )  # fmt: skip

    # -- questions the reader asks ----------------------------------------------------------------

    def observed(self, letter: str) -> str | None:
        """Our name of a data letter."""
        return self.alias.get(letter)

    def is_point(self, f: Formula) -> bool:
        """Whether f is a value of a parameter rather than the parameter: a number, a hat, a label."""
        if isinstance(f, (Num, Neg)):
            return True
        return isinstance(f, Sym) and f.name not in self.given and "_" in f.name

    def by(self, label: str) -> list[str]:
        """The parameters that a subscript of l names: mu, mumu, theta_1 ...; sigma2 is the square of sigma; none where it is something else."""
        if label in self.parameters:
            return [label]
        known = sorted({*self.parameters, *(k + "2" for k in self.parameters)}, key=len, reverse=True)
        out: list[str] = []
        rest = label
        while rest:
            p = next((p for p in known if rest.startswith(p)), None)
            if p is None:
                return []
            out.append(p)
            rest = rest[len(p) :]
        return out

    def taken_in(self, name: str) -> Formula:
        """What a derivative with that name in its subscript is taken in."""
        return Sym(name) if name in self.parameters else Pow(Sym(name[:-1]), Num(Fraction(2)))

    def is_letter(self, name: str) -> bool:
        """Whether a name is a quantity, so that a bracket behind it is a factor."""
        return name in self.letters or name in self.given or name in self.alias or name in NEVER or name == self.size

    def label(self, base: str, text: str) -> Subscript | None:
        """A subscript that makes a declared name of a data letter: x_0, x_m; x_{1:n} is the least observation."""
        text = text.replace("{", "").replace("}", "")
        if f"{base}_{text}" in self.given:
            return text
        if base in self.alias and (m := re.fullmatch(r"(\w+):(\w+)", text)) and m[2] == self.size:
            return Sym("#ord"), Num(Fraction(m[1])) if m[1].isdigit() else Sym(m[1])
        return None

    def is_vector(self, letter: str) -> bool:
        """Whether a bold letter is the whole sample."""
        return letter not in self.given and letter not in "EPIVRNZ"

    def is_argument(self, token: str) -> bool:
        """Whether a letter may stand alone as the argument of a function."""
        bases = {p.split("_")[0].removesuffix("2") for p in self.given}
        return token in bases or token in self.alias or token == "D"

    def arguments(self, name: str, args: tuple[Formula, ...]) -> tuple[Formula, ...]:
        """The arguments of a likelihood that are parameter values."""
        return tuple(a for a in args if not self.is_data(a))

    def is_data(self, f: Formula) -> bool:
        """Whether f stands for data: x, x_i, a bold x, the dots between."""
        if isinstance(f, Dots):
            return True
        if isinstance(f, Sym):
            if f.name in self.given or f.name in self.totals:
                return False  # x_m
            root = f.name.split("_")[0]
            return (root in self.alias and not f.name.endswith("_bar")) or f.name in SAMPLE or f.name.endswith("_vec")
        if isinstance(f, At):
            return f.base in self.alias
        inside = [g for g in walk(f) if isinstance(g, (Sym, At))]
        return any(isinstance(g, At) for g in inside) and not any(isinstance(g, Sym) and g.name in self.given for g in inside)

    def extreme(self, word: str, args: tuple[Formula, ...]) -> Formula:
        """max, min of the sample or of a list."""
        data = [a for a in args if isinstance(a, At) or (isinstance(a, Sym) and a.name.removesuffix("_vec") in self.alias)]
        if data and len(data) + sum(isinstance(a, Dots) for a in args) == len(args) and (len(args) == 1 or Dots() in args):
            base = data[0].base if isinstance(data[0], At) else data[0].name.removesuffix("_vec")
            if isinstance(data[0], Sym) or (len(args) > 1 or isinstance(data[0].index[0], Sym)):
                return At(base + "_ord", (Sym("n") if word == "max" else ONE,))
        if len(args) == 1:
            return Apply("s" + word, args)
        return Call(word, args)


def observations(text: str, declared: Declared) -> frozenset[str]:
    """The words of plain text that are an observation with its index, xi for x_i; none that are a letter of the question or of the text."""
    letters = {v for v in (*declared.variables, *declared.covariates, *"xyzt") if len(v) == 1}
    found = {a + i for v in letters for a in (v, v.upper()) for i in "ij"} & set(re.findall(r"[^\W\d_]+", text))
    others = {"xi", "Xi"} if GREEK_XI.search(text) else set[str]()
    return frozenset(found - others - {*declared.parameters, *declared.known, "pi", "Pi", "di", "ni", "si", "hi"})


def notation(texts: Iterable[str], declared: Declared, decimal: str = ".") -> Notation:
    """The notation of the formulas of one solution."""
    src = "\n".join(texts)
    given = frozenset((*declared.parameters, *declared.known))
    alias = _alias(src, declared, given)
    matrix, coefficients = _matrix(src, declared, given)
    alias = {k: v for k, v in alias.items() if k != matrix}
    size, index_n = _size(src, given)
    letters = frozenset(LETTER_IS.findall(src)) - given - {"L", "l"}
    functions = _functions(src, declared, given, alias) - (letters - set(DEFINED.findall(src)))
    log_likelihood = LOG_OF_CAL_L.search(src) is None and any(
        re.search(r"\\(?:ln|log)", side) and "\\prod" not in side for side in CAL_L_IS_LOG.findall(src)
    )
    indices = INDICES | ({"n"} if index_n else frozenset())
    tilde = "tilde" in src and re.search(r"\\(?:wide)?hat|MLE|_\{?ML\b|\^\{?\s*\\?(?:\*|star|ast)", src) is None
    multipliers = [m for m in MULTIPLIER.findall(src) if m not in given]
    lagrangian = bool(multipliers)
    defined = frozenset("_".join(m) for m in SUMS.findall(src))
    squares = frozenset(SQUARED.findall(src)) - set(LABELLED_IS.findall(src)) - letters - given - set(alias)
    return Notation(
        declared, alias, size, functions - {matrix}, letters - functions - {matrix}, log_likelihood, squares, defined, lagrangian, tilde, indices, decimal,
        matrix, coefficients, OWN_PI.search(src) is not None and TWO_PI.search(src) is None,
        SIGMOIDS | ({"sigma"} if SIGMOID.search(src) and "sigma" not in NAMED_GREEK.findall(src) and not {"sigma", "sigma2"} & given else set()),
        "e" in letters and EXPONENTIAL.search(src) is None,
        _given_others(src, declared),
        "log L" if LOG_L.search(src) else "ell" if LOGARITHM.search(src) else "L",
        frozenset(letter for letter in alias if letter.isupper() and _computed(letter, src, rf"\\sum|{letter}_\{{?1|{letter.lower()}_\{{?1")),
        _labelled(src, alias),
    )  # fmt: skip


def _given_others(src: str, declared: Declared) -> frozenset[str]:
    """The parameters that are made equal to something as functions of another one: lambda(beta) = n/T^beta."""
    shown = {k: "\\\\" + k if len(k) > 1 else rf"(?<![A-Za-z\\]){k}" for k in declared.parameters if "_" not in k}
    return frozenset(
        k for k, a in shown.items() for other, b in shown.items()
        if other != k and re.search(rf"{a}\s*(?:\\left)?\(\s*{b}\s*(?:\\right)?\)\s*&?\s*:?=", src)
    )  # fmt: skip


def _labelled(src: str, alias: Iterable[str]) -> frozenset[str]:
    """f_1 and f_2, where both are given a formula; f_X is the density of X."""
    found = {(f, label) for f, label in OWN_LABEL.findall(src) if label not in set(alias)}
    return frozenset(f"{f}_{label}" for f, label in found if sum(g == f for g, _ in found) > 1)


def _matrix(src: str, declared: Declared, given: frozenset[str]) -> tuple[str, str]:
    """The letters for the design matrix and the vector of coefficients, where a regression is written with them."""
    if not declared.design or "X" in given or not (MATRIX.search(src) or TIMES.search(src)):
        return "", ""
    seen = Counter(m for m in TIMES.findall(src) if m not in given or len(declared.design) == 1)
    return "X", seen.most_common(1)[0][0] if seen else "beta"


def _alias(src: str, declared: Declared, given: frozenset[str]) -> dict[str, str]:
    """The letters that a solution writes for the data, capitals too; another letter where ours never occurs."""
    out: dict[str, str] = {}
    observed = (*declared.variables, *declared.covariates)
    for v in observed:
        if "_" not in v:
            for letter in (v, v.upper()):
                if letter not in given and letter not in out and not (letter != v and _statistic(letter, src)):
                    out[letter] = v
    if len(declared.variables) == 1 and not declared.covariates and declared.variables[0] in out:
        v = declared.variables[0]
        seen = Counter([*INDEXED.findall(src), *BARRED.findall(src)])
        own = seen[v] + seen[v.upper()] + len(re.findall(r"\\sum\s*%s\b" % re.escape(v), src))
        sized = BARE_N.search(src) is not None  # n is the size of the sample, and n_i a count
        others = [
            c
            for c in seen
            if c not in given and c not in out and c not in ("nNpqLlCcmaIS" if sized else "NpqLlCcmaIS") and c.lower() not in given
        ]
        if not own and others:
            best = max(others, key=lambda c: (seen[c], c in "xyztkX"))
            out[best] = out[best.lower()] = v
            if best.islower() and best.upper() not in given:
                out[best.upper()] = v
    return {k: v for k, v in out.items() if k not in given}


def _statistic(capital: str, src: str) -> bool:
    """Whether a capital is a quantity that the solution computes, T = sum t_i, and no random variable."""
    computed = _computed(capital, src, r"\\sum|\\displaystyle|[\d.]+\s*[+\-/]|n|\\[td]?frac")
    observed = re.search(
        rf"(?<![A-Za-z\\]){capital}\s*_|[PE]\w*\s*(?:\\left|\\[bB]igl?)?\s*[(\[]\s*{capital}\b|\\(?:bar|overline)\s*\{{?\s*{capital}", src
    )
    return computed and observed is None


def _computed(letter: str, src: str, by: str) -> bool:
    """Whether a letter without an index is made equal to what begins so."""
    return re.search(rf"(?<![A-Za-z\\({{,]){letter}\s*&?\s*:?=\s*&?\s*(?:{by})", src) is not None


def _size(src: str, given: frozenset[str]) -> tuple[str, bool]:
    """The letter of the sample size, and whether n is an index."""
    index_n = re.search(r"_\s*\{\s*n\s*=|\\(?:sum|prod)(?:\\limits)?\s*_\s*\{?\s*n\b", src) is not None
    uppers = [a or b or c for a, b, c in UPPER.findall(src)]
    if OWN_SIZE in given:
        return "N", False
    if "n" in uppers and not index_n:
        return "n", False
    free = [u for u in uppers if u not in given and u not in "Kk"]
    if free:
        return Counter(free).most_common(1)[0][0], index_n
    plain = re.sub(r"\\[A-Za-z]+", " ", src)
    if (
        "N" not in given
        and "n" not in given
        and re.search(r"(?<![A-Za-z])N(?![A-Za-z_])", plain)
        and not re.search(r"(?<![A-Za-z])n(?![A-Za-z])", plain)
    ):
        return "N", index_n
    return "n", index_n


def _functions(src: str, declared: Declared, given: frozenset[str], alias: Sequence[str] | dict[str, str]) -> frozenset[str]:
    """Letters that are called with a parameter in the bracket."""
    roots = {re.sub(r"^\\", "", p.split("_")[0].removesuffix("2")) for p in declared.parameters}
    survival = SURVIVAL.search(src) is not None and not re.search(r"(?<![A-Za-z\\])S\s*(?:_|\^|&?\s*:?=)", src)
    out = {"S"} if survival and "S" not in given else set[str]()
    out |= {f for f in DEFINED.findall(src) if f not in given and f not in alias and f not in NEVER}
    out |= {f for f in (m.lstrip("\\") for m in NAMED_LAST.findall(src)) if f not in given and f not in alias and f not in NEVER}
    out |= {f for f in NAMED_GREEK.findall(src) if f not in given}
    out |= {f for f in LABELLED.findall(src) if f not in given and f not in "fF" and declared.covariates}
    out |= {"sigma"} if SIGMOID.search(src) and not {"sigma", "sigma2"} & given else set()
    for m in CALLED.finditer(src):
        name = m.group("name")
        cal = re.match(r"\\math(\w+)\s*\{?\s*([A-Z])", name)
        root = ("cal" if cal[1] in ("cal", "scr") else "") + cal[2] if cal else name.lstrip("\\")
        if (
            (name.startswith("\\") and not cal and root not in ("ell", "psi", "phi", "tau", "eta"))
            or root in given
            or root in alias
            or root in NEVER
        ):
            continue
        words = re.findall(
            r"\\?[A-Za-z]+", re.sub(r"\\(?:hat|widehat|bar|tilde|mathbf|boldsymbol|mid|vert|ldots|dots|cdots)\b", " ", m.group("inside"))
        )
        if (
            words
            and all(w.lstrip("\\") in roots or w.lstrip("\\") in alias or w == "D" for w in words)
            and any(w.lstrip("\\") in roots for w in words)
        ):
            if not (len(root) == 1 and root in "kmrtdabcxyz"):
                out.add(root)
    return frozenset(out)
