"""The density's text and the names that go with it -> formulas and declared letters."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace as changed
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from ..calls import of_sympy
from ..density.from_cdf_or_kernel import of_logarithms
from ..density.inference.likelihood_domains import counting_letters
from ..density.origin import CUMULATIVE, HAZARD, KERNEL, LOG, Origin
from ..errors import DeriveError, NotSupported, NotValid
from ..formula.evaluate import compiled
from ..formula.names import canonical, hat, in_words, marked_list, name_latex, observed, reported, squared_base
from ..formula.plain import plain
from ..formula.tree import (
    Add,
    And,
    Apply,
    At,
    Big,
    Call,
    Cases,
    Const,
    Formula,
    Indicator,
    Neg,
    Pow,
    Relation,
    Sym,
    add,
    children,
    factors,
    has,
    mul,
    names,
    num,
    rational,
    replace_all,
    transform,
    value,
    walk,
)
from ..sets.conditions import from_condition
from ..sets.domain import FLIPPED, NATURAL, Domain
from .context import FUNCTIONS, OWN_SIZE, Context, Sentence
from .declared import Declared
from .definitions import of_single_values, parts, together, with_definitions, with_single_rows, without_bars
from .density_source import CONSTANTS, OBSERVED, constant_factor, head_arguments, middle_case, of_head
from .distributions import BESIDE, MARK, Filled, Said, at_home, calls, filled, said
from .domains import as_text
from .domains import read as read_domain
from .index_removal import NUMBERED, of_one
from .indicators import side_by_side
from .otherlatex import read_density, worth_a_try
from .plainlatex import spelled_plainly
from .read import decide_syntax
from .roles import Roles, roles
from .sample_likelihood import DATA, data_in, density_of_one, is_data, with_statistics
from .sympytext import read_sympy
from .tex import read_latex

PI_IS_READ = "pi is read as 3.14159...; where it is the parameter write parameters=['pi']"
LIKELIHOOD = re.compile(
    r"\s*\$?\s*(?:\\(?:log|ln)|log|ln)?\s*(?:\\(?:mathcal|mathrm|operatorname)\s*\{?\s*)?(?:L|l|LL|\\ell|NLL)(?![A-Za-z])"
)
BEHIND_A_WORD = re.compile(
    r"(.+?\S),?\s+(?:for|if|when|where)\s+([^,]*(?:[<>≤≥∈]|\bin\b).*?[\w)\]}])(?:,?\s+(?:(?:and\s+)?0\s+)?(?:else|otherwise|elsewhere)\s*0?)?\s*",
    re.S,
)
VARIABLES = ("x", "y", "t", "k", "z")
NORMAL_DENSITY = re.compile(r"\\(?:var)?phi\s*(?:\\left\s*)?[(\[]")  # phi before a bracket
LETTER_PHI = re.compile(r"\\(?:var)?phi(?![A-Za-z])(?!\s*(?:\\left\s*)?[(\[])")  # phi as a letter
SPECIAL = frozenset({"B", "Beta", "psi", "Phi", "zeta"})  # functions that a density may name


class Question:
    """What the text of a density and the declared names say.

    density: the density of one observation.  variables, covariates: names.  parameters, known: name to domain
    (or value, for known), None where it is to be inferred.  support: from a condition in the text.
    notation: name to LaTeX.  letters: every name in the density.  doubt: where the text was read by the second reader,
    the refusal of the first: to be raised unless the density totals 1.  whole: the text is a likelihood as a whole; it
    has no observed variable.
    """

    def __init__(
        self,
        density: Any,
        syntax: str | None,
        variable: Any,
        covariates: Any,
        parameters: Any,
        known: Any,
        whole: bool = False,
        support: Any = None,
        columns: Sequence[str] = (),
    ):
        self.notation: dict[str, str] = {}
        self.whole = whole
        self.doubt: NotValid | None = None
        self.kind, self.constant, self.strict = "", "", False
        self.told: Said | None = None
        self.named = Filled()
        self.condition: Formula | None = None
        self.one: Formula | None = None
        self.bases: tuple[str, ...] = ()
        self.meanings: Mapping[str, Formula] = {}
        self.summarised = False
        self.counts = frozenset[str]()
        self.refused: NotSupported | None = None
        self.text = str(density)
        declared = {**self._declared(parameters, "parameters"), **self._declared(known, "known")}
        wanted = tuple(observed(v) for v in ([variable] if isinstance(variable, str) else variable or ()))
        self.covariates = tuple(observed(v) for v in covariates or ())
        self.syntax = syntax
        self.context = self._context(declared, parameters)
        sentence = self._read(density)
        self.notation = {**dict(sentence.notation.items()), **self.notation}
        body, heads = self._body(sentence)
        said_of = roles(self.text, tuple(map(observed, columns))) if heads and not whole else Roles()
        beside = tuple(k for k in said_of.covariates if k in names(body) and k not in {*declared, *wanted, *self.covariates})
        if not names(body) - {*said_of.variables, *wanted, *beside}:  # f(x | t) = t exp(-t x): the density has no other letter
            beside = ()
        self.covariates = (*self.covariates, *beside)
        wanted = wanted or self._variables_said(said_of, names(body) - set(declared))
        if whole:
            self._no_strange_functions(transform(body, lambda g: num(0) if isinstance(g, Relation) else None))
            body = self._of_the_data(body, declared, parameters)
            body = self._with_means_as_letters(body)
        else:
            body, self.condition = with_definitions(
                body, self.condition, {*declared, *wanted, *self.covariates, *(v.lower() for v in wanted)}
            )
        body = transform(transform(body, with_single_rows), without_bars)
        if not whole:
            self._one_each(body, {*declared, *wanted, *self.covariates}, heads)
        numbered = [m[1] + "_" + m[2] for k in names(body) if (m := NUMBERED.fullmatch(k)) is not None and is_data(m[1])]
        body = of_one(body, (*wanted, *self.covariates, *numbered))
        if calls(body) and self.told is not None:
            wanted = wanted or tuple(g.name for g in heads[:1] if isinstance(g, Sym))
            body, self.named = filled(body, self.told, wanted, self.covariates, declared, tuple(map(observed, columns)))
            wanted, self.covariates = (self.named.variable,), (*self.covariates, *self.named.covariates)
            body, wanted = self._with_error(body, wanted, declared, tuple(map(observed, columns)))
        called = {g for g in walk(body) if isinstance(g, Apply) and g.name in CONSTANTS and not names(g) & {*VARIABLES, *wanted}}
        put = {g: Sym(g.name) for g in called if g.name not in names(body)}  # Z(theta) may be the normalising constant
        body = replace_all(body, put)  # type: ignore[arg-type]
        self._no_strange_functions(body)
        self.pi = any(_as_probability(g) for g in walk(body))
        body = replace_all(body, {Sym(k + "2"): Pow(Sym(k), num(2)) for k in declared if k + "2" in names(body) and k not in names(body)})
        self.letters = {*names(body), *(v for s in heads for v in names(s))}
        free = {n for n in names(body) if n not in _bound(body)}
        spoken = set(names(self.condition)) if self.condition is not None else set[str]()
        if isinstance(support, str):
            spoken |= set(re.findall(r"(?<![A-Za-z\\\\])[A-Za-z](?![A-Za-z])", support)) & set(VARIABLES)
        self.variables = () if whole else self._variables(wanted, (free | spoken) - set(declared) - set(self.covariates), heads)
        self._check_variable(wanted, free | spoken, declared, heads)
        self.density, self.support = self._support(body, self.condition)
        if self.named.support is not None:
            self.support = {self.named.variable: self.named.support} | self.support
        self.constant = self._constant(declared, support)
        for g in put:
            if g.name != self.constant:
                self._no_strange_functions(g)
        free -= {self.constant}
        if "n" in free:
            self._rename_size(declared)
            free = (free - {"n"}) | {OWN_SIZE}
            self.variables = tuple(OWN_SIZE if v == "n" else v for v in self.variables)
            self.letters = {OWN_SIZE if v == "n" else v for v in self.letters}
            declared = {OWN_SIZE if k == "n" else k: v for k, v in declared.items()}
        further = sorted({k for d in self.support.values() for k in d.letters} - free - set(self.variables))
        free |= set(further)
        in_order = (*(k for j in said_of.parameters for k in (j, j + "2")), *self.named.letters, *_in_order(self.density), *further)
        rest = [k for k in dict.fromkeys(in_order) if k in free and k not in (*self.variables, *self.covariates)]
        given_known = {OWN_SIZE if k == "n" and OWN_SIZE in free else k: v for k, v in self._declared(known, "known").items()}
        given_params = {OWN_SIZE if k == "n" and OWN_SIZE in free else k: v for k, v in self._declared(parameters, "parameters").items()}
        constants = {k: d for k, d in self.named.constants.items() if k not in declared and parameters is None}
        if not {"n" if k == OWN_SIZE else k for k in rest} - set(constants) - set(declared):
            constants = {}
        self.known: dict[str, Domain | Formula | None] = {OWN_SIZE if k == "n" else k: d for k, d in constants.items()}
        self.known |= {k: self._known_value(k, v) for k, v in given_known.items()}
        self.known |= {k: NATURAL for k in self.counts | {OWN_SIZE} if whole and k in self.known and self.known[k] is None and self.counts}
        listed = set[str]()
        if parameters is None:
            listed = {k for j in said_of.parameters for k in (j, squared_base(j)) if k in rest}
            if whole:
                listed = self._in_the_head(rest)
            unknown = [k for k in rest if k not in self.known and (not listed or k in listed)]
            if said_of.parameters and not listed and unknown:
                named, found = marked_list(said_of.parameters), marked_list(unknown)
                verbs = ("does" if len(said_of.parameters) == 1 else "do", "is" if len(unknown) == 1 else "are")
                said_so = f"{named} on the left-hand side {verbs[0]} not occur on the right; {found} {verbs[1]} estimated."
                self.named.remarks.append(said_so)
                self.named.doubts.append(said_so)
            others = [k for k in rest if listed and k not in listed and k not in self.known and k not in self.meanings]
            apart = [k for k in others if not (whole and self._of_data(k))]
            if apart:
                verb = (
                    "are taken as known constants: the left-hand side does not name them"
                    if len(apart) > 1
                    else ("is taken as a known constant: the left-hand side does not name it")
                )
                self.named.remarks.append(f"{marked_list(apart)} {verb}.")
                self.named.doubts += self.named.remarks[-1:]
            given_params = dict.fromkeys(
                [k for k in unknown if not (whole and self._of_data(k))] or [k for k in unknown if k not in self.meanings]
            )
        if not given_params:
            raise NotValid(
                "the density has no parameter to estimate", text=str(density), position=0,
                hint="its letters are " + in_words(free) + "; a parameter is any letter besides the observed variable"
                + ("; " + PI_IS_READ if self.pi else ""),
            )  # fmt: skip
        ends = {k for d in self.support.values() for k in d.letters}
        usual = {k: d for k, d in self.named.domains.items() if k not in ends}
        for k, v in given_params.items():
            if v is not None and self._number(str(v)) is not None:
                raise NotValid(
                    f"{reported(k)} is to be estimated, and {v} is a value and no domain", hint=f"a letter with a value is known: known={{{reported(k)!r}: {v}}}"
                )  # fmt: skip
        self.parameters = {k: usual.get(k) if v is None else read_domain(as_text(v), k) for k, v in given_params.items()}
        self.free = frozenset(free) | {k for d in self.parameters.values() if d is not None for k in d.letters}
        clash = set(self.parameters) & (set(self.known) | set(self.variables) | set(self.covariates))
        if clash:
            raise NotValid(f"{reported(sorted(clash)[0])} is declared twice: as a parameter and as something else")
        missing = [k for k in rest if k not in self.parameters and k not in self.known]
        for k in missing:
            self.known[k] = NATURAL if whole and (k == OWN_SIZE or k in self.counts) else None
        shown = [k for k in missing if whole and parameters is None and k not in self.meanings and (not listed or self._of_data(k))]
        if shown:
            self.named.remarks.append(
                f"{marked_list(shown)} can only be of the data here and {'are' if len(shown) > 1 else 'is'} taken as known."
            )

    def _constant(self, declared: Mapping[str, Any], support: Any) -> str:
        """Take out an undeclared letter that stands for the normalising constant: its name, "" where there is none."""
        if self.whole or self.kind not in ("", KERNEL):
            return ""
        ends = {k for d in self.support.values() for k in d.letters} | set(re.findall(r"[A-Za-z]+", str(support or "")))
        found = constant_factor(
            self.density, self.variables, frozenset(declared) | ends | set(self.covariates), bool(self.support or support)
        )
        if found is None:
            return ""
        self.kind, name = KERNEL, found[0]
        self.density = found[1]
        return name

    @property
    def declared(self) -> Declared:
        """The reader of further wishes."""
        return Declared(self.parameters, self.known, self.variables, self.context.atoms)

    @property
    def known_apart(self) -> dict[str, Domain | Formula | None]:
        """Known letters that stand neither in the density nor in its support: for quantities and constraints only."""
        return {k: d for k, d in self.known.items() if k not in self.free}

    @property
    def known_within(self) -> dict[str, Domain | Formula | None]:
        """The other known letters."""
        return {k: d for k, d in self.known.items() if k in self.free}

    @property
    def origin(self) -> Origin | None:
        """What was given where it was no density."""
        return Origin(self.kind, self.density, self.constant, self.strict) if self.kind else None

    def said_of_parameters(self) -> tuple[Relation, ...]:
        """The conditions in the text that speak of parameters alone, one for each sign; in a density those of letters at which
        its support ends say nothing of their own.  Raises NotSupported for a condition on the data beside a likelihood."""
        out: list[Relation] = []
        ends = {k for d in self.support.values() for k in d.letters}
        for c in parts(self.condition):
            if self.whole and any(isinstance(g, (At, Big)) or (isinstance(g, Call) and g.name in ("max", "min")) for g in walk(c)):
                raise NotSupported(
                    "a condition on the observations stands beside the likelihood", text=self.text, position=0,
                    hint="give the density of one observation with its support: '1/theta', support='0 <= x <= theta'",
                )  # fmt: skip
            if not isinstance(c, Relation):
                continue
            for a, sign, b in zip(c.sides, c.signs, c.sides[1:], strict=False):
                letters = names(a) | names(b)
                mine = letters & set(self.parameters)
                if mine and letters <= mine | set(self.known) and (len(letters) == 1 or not letters <= ends):
                    out.append(Relation((a, b), (sign,)))
        return tuple(out)

    def check_occurrence(self, elsewhere: frozenset[str]) -> None:
        """Every parameter stands in the density, or among the letters of the support, which are free too.  Raises NotValid."""
        self.free |= elsewhere
        for k in self.parameters:
            if k not in self.free:
                like = get_close_matches(k, self.free, 1, 0.5)
                raise NotValid(
                    f"the parameter {reported(k)} does not occur in the density", text=self.text, position=0,
                    hint=(f"did you mean {reported(like[0])}? " if like else "") + "its letters are " + in_words(self.free),
                )  # fmt: skip

    # -- names --------------------------------------------------------------------------------

    def _declared(self, given: Any, what: str) -> dict[str, Any]:
        if given is None:
            return {}
        if isinstance(given, str):
            raise NotValid(f"`{what}` is a list or a mapping, not the text {given!r}", hint=f"write {what}=[{given!r}]")
        items = given.items() if isinstance(given, Mapping) else ((k, None) for k in given)
        out: dict[str, Any] = {}
        for k, v in items:
            name = _mean_letter(canonical(str(k))) if self.whole else canonical(str(k))
            if name in out:
                raise NotValid(f"{k} is declared twice in `{what}`")
            if "\\" in str(k) or "^" in str(k):
                self.notation[name] = str(k) if not squared_base(name) else name_latex(name)
            out[name] = v
        for name in [k for k in out if (base := squared_base(k)) and base + "_1" in out]:
            second = name[:-1] + "_2"  # sigma1 and sigma2 are two sigmas, not sigma and its square
            out = {second if k == name else k: v for k, v in out.items()}
            self.notation.pop(name, None)
        return out

    def _context(self, declared: dict[str, Any], parameters: Any) -> Context:
        firsts = (name.split("_")[0] for name in declared)
        atoms = {base: name for name in firsts if (base := squared_base(name)) is not None}
        special = SPECIAL | {"phi"} if NORMAL_DENSITY.search(self.text) and not LETTER_PHI.search(self.text) else SPECIAL
        return Context(
            parameters=frozenset(declared),
            data=frozenset(),
            functions=(FUNCTIONS | special | {"probit", "cloglog"}) - set(declared),
            atoms=atoms,
            careful=True,
        )

    def _read(self, density: Any) -> Sentence:
        if isinstance(density, Formula):
            return Sentence(density)
        text = density
        if not isinstance(density, str):
            if not of_sympy(density):
                raise NotValid(f"a density is text or a SymPy expression, not {type(density).__name__}")
            text, self.syntax = str(density), "sympy"
        self.told = None if self.whole else said(text, self.syntax)
        if self.told is None:
            return self._read_text(text)
        self.syntax = self.told.syntax
        functions = self.context.functions | set(re.findall(MARK + r"\w+", self.told.text))
        letters = self.context.parameters | ({self.told.variable} if self.told.variable else set())
        self.context = changed(self.context, functions=functions, parameters=letters)
        try:
            return self._read_text(self.told.text)
        except DeriveError as e:
            raise at_home(e, text) from None
        finally:
            self.text = text

    def _read_text(self, text: str) -> Sentence:
        syntax = self.syntax or decide_syntax(text)
        if not self.whole and syntax == "sympy" and (head := re.match(r"\s*([A-Za-z]\w*)\s*\(", text)) and roles(text).variables:
            self.context = changed(self.context, functions=self.context.functions | {canonical(head[1])})
        if syntax == "latex":
            text = spelled_plainly(text, self.context.parameters)
            sentences = self._read_latex(text)
        elif syntax == "sympy":
            sentences = self._read_sympy(_with_commas(re.sub(r"(?<=[\w)])\s*\.\s*\Z", "", text)))  # the end of a sentence
        else:
            raise NotValid(f"`syntax` is 'latex', 'sympy' or None, not {syntax!r}")
        self.text = text
        sentences = _with_equations(sentences)
        if len(sentences) != 1:
            raise NotValid(
                f"a density is one formula; here are {len(sentences)} statements",
                text=text,
                position=sentences[1].position,
                hint="give the density alone",
            )
        return _density_said(sentences[0])

    def _read_sympy(self, text: str) -> list[Sentence]:
        """By our own grammar; a text without the stars of its products as LaTeX, with the refusal kept in `doubt`."""
        try:
            return read_sympy(text, self.context)
        except NotValid as refusal:
            if self.syntax is not None or "operator is missing" not in refusal.message:
                raise
            try:
                sentences = read_latex(spelled_plainly(text, self.context.parameters), self.context)
            except NotValid:
                raise refusal from None
            self.doubt = refusal
            return sentences

    def _read_latex(self, text: str) -> list[Sentence]:
        """By our own grammar; what that refuses perhaps by the second reader, with the refusal kept in `doubt`."""
        try:
            return read_latex(text, self.context)
        except NotValid as refusal:
            if not worth_a_try(text):
                raise
            try:
                sentence = read_density(text, self.context)
            except NotValid:
                raise refusal from None
            self.doubt = refusal
            return [sentence]

    # -- what the text says -------------------------------------------------------------------

    def _body(self, sentence: Sentence) -> tuple[Formula, tuple[Formula, ...]]:
        """What stands on the right-hand side, and the arguments of the left-hand side; `kind` says what it is."""
        f = sentence.formula
        self.condition = sentence.condition
        if not isinstance(f, Relation):
            return f, ()
        if "~" in f.signs:
            raise NotValid(
                "this says which distribution the observations have, and not its density", text=self.text, position=sentence.position,
                hint='name a distribution of the catalogue, density="exponential" (derive list shows them), or give its density',
            )  # fmt: skip
        if any(s not in ("=", "propto", ":=") for s in f.signs):
            raise NotValid(
                "a density is an expression, perhaps after f(x) =; this is an inequality", text=self.text, position=sentence.position
            )
        by_values = None if self.whole else of_single_values(f, self.condition)
        if by_values is not None:
            body, self.condition, letter = by_values
            return body, (letter,)
        head, body = f.sides[0], f.sides[-1]
        if self.whole and (of_head(head) in ((LOG, False),) or (isinstance(head, Apply) and head.name.split("_")[0] == "ell")):
            return of_logarithms(body), ()
        if (
            not self.whole
            and isinstance(head, Apply)
            and head.name.split("_")[0] in ("L", "calL", "ell")
            and head_arguments(head)[:1] != ()
        ):
            if not any(isinstance(a, Sym) and a.name in OBSERVED for a in head_arguments(head)[:1]):
                raise NotValid(
                    "this is a likelihood, and not the density of one observation", text=self.text, position=0,
                    hint="write likelihood=... in place of the density (--likelihood on the command line)",
                )  # fmt: skip
        if "propto" in f.signs and not self.whole:
            self.kind = KERNEL
        elif (announced := of_head(head)) is not None and not self.whole:
            self.kind, self.strict = announced
            body, where = middle_case(body)
            if where is not None:
                self.condition = where if self.condition is None else And((self.condition, where))
        return body, head_arguments(head)

    def _no_strange_functions(self, body: Formula) -> None:
        """A density is made of known functions; f(x) or g(theta) on the right-hand side says nothing."""
        if _states_something(body):
            raise NotValid("a relation stands where a number is expected", text=self.text, position=max(self.text.find("="), 0))
        strange = next((g for g in walk(body) if isinstance(g, Apply)), None)
        if strange is not None:
            raise NotValid(
                f"the function {strange.name} is not known", text=self.text, position=max(self.text.find(strange.name), 0),
                hint=f"write it out; if {strange.name} is a letter times a bracket, declare it as a parameter or write a \\cdot",
            )  # fmt: skip

    def _with_error(
        self, body: Formula, wanted: tuple[str, ...], declared: Collection[str], columns: Collection[str]
    ) -> tuple[Formula, tuple[str, ...]]:
        """Of y = a + b x + e and the density of the error e that of y: the error is y - (a + b x)."""
        (e,) = wanted
        for c in parts(self.condition):
            one = of_one(c, (e, "y", "Y", "z", "t", *columns))
            match one:
                case Relation((Sym(y), Add(ts)), ("=",)) if ts.count(Sym(e)) == 1 and sum(has(t, Sym(e)) for t in ts) == 1 and y != e:
                    others = of_one(add(*(t for t in ts if t != Sym(e))), tuple(b for b in data_in(one) if is_data(b)))
                    kept = [k for k in parts(self.condition) if k is not c]
                    self.condition = together(kept)
                    letters = names(others) - set(declared)
                    self.covariates = tuple(sorted(k for k in letters if k in columns or k in BESIDE or k in data_in(one)))
                    shown = y.lower() if len(y) == 1 and y not in columns and y.lower() not in names(others) else y
                    self.named = changed(self.named, variable=shown)
                    return replace_all(body, {Sym(e): Add((Sym(shown), Neg(others)))}), (shown,)
                case Relation((_, _), ("=",)) if has(one, Sym(e)):
                    raise NotSupported(
                        f"{plain(one)} is not of the form y = g(x) + {e}", text=self.text, position=0, hint="write the density of y"
                    )
        return body, wanted

    def _check_variable(
        self, wanted: tuple[str, ...], free: Collection[str], declared: Collection[str], heads: tuple[Formula, ...]
    ) -> None:
        """Raises NotValid for a variable that occurs nowhere, where a letter that is observed as a rule does."""
        others = [v for v in VARIABLES if v in free and v not in declared and v not in (*self.covariates, *wanted)]
        if len(wanted) == 1 and wanted[0] not in free and others and not any(has(h, Sym(wanted[0])) for h in heads):
            raise NotValid(
                f"the variable {reported(wanted[0])} does not occur in the density", text=self.text, position=0,
                hint=f"did you mean {others[0]}? Declare {others[0]} where it is a parameter or known",
            )  # fmt: skip

    def _one_each(self, body: Formula, given: Collection[str], heads: tuple[Formula, ...]) -> None:
        """Letters with the index of an observation are observed too; Greek ones are refused: one parameter for each observation."""
        bases = [g.base for g in walk(body) if isinstance(g, At) and g.index == (Sym("i"),)]
        bases += [g.name.removesuffix("_i") for g in walk(body) if isinstance(g, Sym) and g.name.endswith("_i")]
        strange = [b for b in dict.fromkeys(bases) if b not in given and b + "_i" not in given]
        parameters = [b for b in strange if not is_data(b)]
        if parameters:
            shown = name_latex(parameters[0]).lstrip("\\")
            raise NotSupported(
                f"{shown} with an index is another parameter for each observation", text=self.text, position=max(self.text.find(shown), 0),
                hint=f"write {shown} without an index where it is the same for all; or say what it is: ', {shown}_i = a + b x_i'",
            )  # fmt: skip
        usual = [v for v in ("y", "x", "t", "z") if v in strange]
        observed_too = [b for b in strange if b not in usual[:1]]
        if usual and observed_too and not (heads and any(names(h) & set(observed_too) for h in heads[:1])):
            self.covariates = (*self.covariates, *observed_too)

    def _of_the_data(self, body: Formula, declared: Mapping[str, Any], parameters: Any) -> Formula:
        """A likelihood with letters for what stands in it of the data; `one` is the density of one observation, where it has one."""
        observed = {b for b in data_in(body) if is_data(b)} | {k.removesuffix("_bar") for k in names(body) if k.endswith("_bar")}
        if observed and not observed & set(declared):
            self.bases = tuple(sorted(observed, key=lambda b: (b != "y", b)))
            self.one = density_of_one(body, self.bases)
            self.summarised = not data_in(body)
        if any(isinstance(g, Indicator) for g in walk(body)):
            raise NotSupported(
                "an indicator stands in the likelihood", text=self.text, position=0,
                hint="give the density of one observation with its support: '1/theta', support='0 <= x <= theta'",
            )  # fmt: skip
        if not data_in(body):
            return body
        estimated = {} if parameters is None else self._declared(parameters, "parameters")
        try:
            found = with_statistics(body, estimated, {*names(body), *declared})
        except NotSupported as refusal:
            if self.one is None:
                raise
            self.refused = refusal
            return body
        self.meanings, self.counts = found.meanings, found.counts
        return found.body

    def _with_means_as_letters(self, body: Formula) -> Formula:
        means = {k: _mean_letter(k) for k in names(body) if k != _mean_letter(k)}
        self.notation |= {new: self.notation.get(k, name_latex(k)) for k, new in means.items()}
        return replace_all(body, {Sym(k): Sym(new) for k, new in means.items()})

    def _of_data(self, name: str) -> bool:
        """Whether a letter of a likelihood can only be of the data: a count, an observation, a mean, a sum."""
        counting = name in counting_letters(self.density)
        observed = name.split("_")[0] in DATA
        return name == OWN_SIZE or name.endswith("bar") or name in self.meanings or name in self.counts or counting or observed

    def _in_the_head(self, letters: Collection[str]) -> set[str]:
        """What the left-hand side of a likelihood says is estimated: mu and sigma of L(mu, sigma), lambda of L(lambda | x) and of
        f(x; lambda); none where it does not say."""
        said_of = roles(self.text)
        before, behind = said_of.variables, (*said_of.parameters, *said_of.covariates)
        for group in (before, behind) if LIKELIHOOD.match(self.text) else (behind, before):
            found = {k for j in group for k in (j, squared_base(j)) if k in letters and not self._of_data(k or "")}
            if found:
                return {k for k in found if k is not None}
        return set()

    def _variables_said(self, said_of: Roles, free: Collection[str]) -> tuple[str, ...]:
        """What the left-hand side says is observed: all before a bar or semicolon; in a plain list, the letters that are so as a rule."""
        stated = [k for k in said_of.variables if k not in self.covariates]
        if len(stated) < 2:
            return ()
        usual = [k for k in stated if k.split("_")[0].lower() in ("x", "y", "t", "z")]
        chosen = stated if said_of.apart else usual
        return tuple(k for k in chosen if k in free) if len(chosen) > 1 and all(k in free for k in chosen) else ()

    def _variables(self, wanted: tuple[str, ...], free: set[str], heads: tuple[Formula, ...]) -> tuple[str, ...]:
        if wanted:
            return wanted
        if heads and isinstance(heads[0], (Sym, At)):
            name = heads[0].name.removesuffix("_i") if isinstance(heads[0], Sym) else heads[0].base
            if name in free or (name in VARIABLES and (self.kind in (HAZARD, CUMULATIVE) or not free & set(VARIABLES))):
                return (name,)
            others = [v for v in VARIABLES if v in free and v != name.lower()]
            if others and len(name) == 1 and name.lower() not in free:
                raise NotValid(
                    f"the left-hand side mentions {name}, which does not occur on the right; {others[0]} does", text=self.text, position=0,
                    hint=f"write the same letter on both sides; where {others[0]} is a parameter declare it: parameters=[{others[0]!r}]",
                )  # fmt: skip
        found = [v for v in VARIABLES if v in free]
        if "x" in found or len(found) == 1:
            return (found[0],)
        capitals = [v for v in ("X", "Y", "T", "K", "Z") if v in free]
        if not found and len(capitals) == 1:
            return (capitals[0],)
        if found:
            raise NotValid("which letter is observed? " + " or ".join(found) + " could be", hint=f"write variable={found[0]!r}")
        raise NotValid(
            "no observed variable: none of " + ", ".join(VARIABLES) + " occurs in the density",
            hint="write variable=...; the letters here are " + in_words(free),
        )

    def _support(self, body: Formula, condition: Formula | None) -> tuple[Formula, dict[str, Domain]]:
        """Indicators, cases with one row and side conditions that speak of the variable make the support."""
        if len(self.variables) != 1:
            return self._supports(body, condition)
        v = self.variables[0]
        conditions = [condition] if condition is not None else []
        body = side_by_side(body, v)
        kept = []
        for f in factors(body):
            if isinstance(f, Indicator) and has(f.condition, Sym(v)):
                conditions.append(f.condition)
            else:
                kept.append(f)
        body = mul(*kept)
        if isinstance(body, Cases):
            rows = [(g, c) for g, c in body.rows if value(g) != 0]
            if len(rows) == 1 and rows[0][1] is not None and has(rows[0][1], Sym(v)):
                body = rows[0][0]
                conditions.append(rows[0][1])
        about = [c for c in conditions for c in _parts(c) if has(c, Sym(v))]
        if not about:
            return body, {}
        return body, {v: from_condition(about[0] if len(about) == 1 else And(tuple(about)), v)}

    def _supports(self, body: Formula, condition: Formula | None) -> tuple[Formula, dict[str, Domain]]:
        """The same for several variables: a condition on several of them is one on the last, whose support the others then move."""
        kept, conditions = list[Formula](), list(_parts(condition)) if condition is not None else []
        if isinstance(body, Cases):
            rows = [(g, c) for g, c in body.rows if value(g) != 0]
            if len(rows) == 1 and rows[0][1] is not None:
                body = mul(rows[0][0], *map(Indicator, _parts(rows[0][1])))
        for f in factors(body):
            if isinstance(f, Indicator) and names(f.condition) & set(self.variables):
                conditions += _parts(f.condition)
            else:
                kept.append(f)
        found: dict[str, list[Formula]] = {v: [] for v in self.variables}
        for link in (g for c in conditions for g in _links(c, self.variables)):
            for v in [v for v in self.variables if has(link, Sym(v))][-1:]:
                found[v].append(link)
        for v, links in list(found.items()):  # x <= y <= a leaves x <= a
            for w, end, sign in _passed_on(v, links, self.variables):
                if not any(w == a.name and names(b) - set(self.variables) for a, _, b in _rising(found[w]) if isinstance(a, Sym)):
                    found[w].append(Relation((Sym(w), end), (sign,)))
        if not all(found.values()):
            return body, {}
        return mul(*kept), {v: from_condition(cs[0] if len(cs) == 1 else And(tuple(cs)), v) for v, cs in found.items()}

    def _rename_size(self, declared: Mapping[str, Any]) -> None:
        """The density has its own n: the sample size is shown as N."""
        self.density = replace_all(self.density, {Sym("n"): Sym(OWN_SIZE)})
        self.meanings = {k: replace_all(f, {Sym("n"): Sym(OWN_SIZE)}) for k, f in self.meanings.items()}
        self.support = {OWN_SIZE if v == "n" else v: d.replaced({Sym("n"): Sym(OWN_SIZE)}) for v, d in self.support.items()}
        self.notation |= {OWN_SIZE: "n", hat(OWN_SIZE).name: r"\hat{n}", OWN_SIZE + "_bar": r"\bar{n}", "n": "N"}

    def _known_value(self, name: str, given: Any) -> Domain | Formula | None:
        if given is None:
            return None
        if isinstance(given, (int, float, Fraction)) and not isinstance(given, bool):
            v = Fraction(str(given)) if isinstance(given, float) else Fraction(given)
            return num(v)
        text = str(given)
        try:
            v = Fraction(text)
            return num(v) if "/" not in text else rational(v)
        except ValueError:
            return self._number(text) or read_domain(as_text(given), name)

    @staticmethod
    def _number(text: str) -> Formula | None:
        """A number that is written as a formula: sqrt(2), \\pi/4; None for any other text."""
        try:
            f = Declared((), (), (), {}).formula(text, "the value")
            return f if not names(f) and math.isfinite(compiled(f)({})) else None
        except (DeriveError, ArithmeticError, ValueError):
            return None


def _with_commas(text: str) -> str:
    """A condition behind a word as one behind a comma: 1/theta for 0 <= x <= theta, f(x) if x > 0 else 0."""
    m = BEHIND_A_WORD.fullmatch(text)
    return text if m is None else f"{m[1]}, {m[2]}"


def _bound(f: Formula) -> set[str]:
    return {g.index for g in walk(f) if isinstance(g, Big)}


def _in_order(f: Formula) -> list[str]:
    """Names of letters in the order in which they are read."""
    return list(dict.fromkeys(g.name for g in walk(f) if isinstance(g, Sym)))


def _as_probability(f: Formula) -> bool:
    """Whether pi stands in a formula as a probability does: as 1 - pi, or to a power that is no number."""
    match f:
        case Add(ts):
            return Neg(Const("pi")) in ts
        case Pow(b, k):
            return b == Const("pi") and bool(names(k))
    return False


def _states_something(f: Formula) -> bool:
    """Whether a relation stands in a formula, other than as a condition."""
    if isinstance(f, Cases):
        return any(_states_something(g) for g, _ in f.rows)
    return isinstance(f, (Relation, And)) or (not isinstance(f, Indicator) and any(map(_states_something, children(f))))


def _parts(c: Formula) -> tuple[Formula, ...]:
    return c.parts if isinstance(c, And) else (c,)


def _links(c: Formula, variables: Sequence[str]) -> tuple[Formula, ...]:
    """The links of a chain of inequalities that speaks of several variables, 0 <= x <= y."""
    if not isinstance(c, Relation) or len(names(c) & set(variables)) < 2:
        return (c,)
    return tuple(Relation((a, b), (s,)) for a, s, b in zip(c.sides, c.signs, c.sides[1:], strict=False))


def _rising(links: Sequence[Formula]) -> Iterator[tuple[Formula, str, Formula]]:
    """Inequalities with the smaller side first."""
    for c in links:
        if isinstance(c, Relation) and len(c.sides) == 2 and c.signs[0] in FLIPPED and c.signs[0] != "=":
            (a, b), s = c.sides, c.signs[0]
            yield (a, s, b) if s.startswith("<") else (b, FLIPPED[s], a)


def _passed_on(v: str, links: Sequence[Formula], variables: Sequence[str]) -> Iterator[tuple[str, Formula, str]]:
    """The upper ends of a variable that is at least another one, as ends of that."""
    x = Sym(v)
    below = [(a.name, s) for a, s, b in _rising(links) if b == x and isinstance(a, Sym) and a.name in variables]
    above = [(b, s) for a, s, b in _rising(links) if a == x and not names(b) & set(variables)]
    yield from ((w, end, min(s, t, key=len)) for w, s in below for end, t in above)


def _mean_letter(name: str) -> str:
    """The letter for a mean in a likelihood: there are no observations of which it is the mean."""
    return name[:-4] + "bar" if name.endswith("_bar") else name


def _with_equations(sentences: list[Sentence]) -> list[Sentence]:
    """A density with equations or inequalities behind it, ", mu = a + b*x": they are its conditions."""
    first, *rest = sentences
    if not rest or not all(isinstance(s.formula, Relation) and s.connective is None for s in rest):
        return sentences
    apart = isinstance(first.formula, Relation)  # another equation may then be another density
    if any(s.formula.signs == ("=",) and apart for s in rest if isinstance(s.formula, Relation)):
        return sentences
    conditions = [c for s in sentences for c in (s.formula if s is not first else None, s.condition) if c is not None]
    return [changed(first, condition=together(conditions))]


def _density_said(s: Sentence) -> Sentence:
    """Of "Y ~ N(mu, 1), f(y) = ..." the density: the distribution's name beside it says the same."""
    said = [s.formula, *_parts(s.condition)] if s.condition is not None else [s.formula]
    rest = [f for f in said if not (isinstance(f, Relation) and f.signs == ("~",))]
    if len(rest) == len(said) or not rest:
        return s
    first = next((f for f in rest if isinstance(f, Relation) and f.signs == ("=",) and isinstance(f.sides[0], Apply)), rest[0])
    others = tuple(f for f in rest if f is not first)
    return changed(s, formula=first, condition=None if not others else others[0] if len(others) == 1 else And(others))
