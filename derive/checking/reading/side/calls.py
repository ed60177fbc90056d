"""Names with their labels and accents, and what is a function of what."""

from __future__ import annotations

from ....errors import NotValid
from ....formula.tree import Apply, At, Call, Derivative, Dots, Formula, Sym
from ....reading.tex.calls import BRANCHES
from ....reading.tex.letters import Subscript
from ....reading.tex.stream import plain, text_of
from ....reading.tex.tokens import GREEK, STYLES, Token
from .derivatives import Derivatives
from .sums import Sums

BOLD = frozenset({"mathbf", "boldsymbol", "bm", "pmb", "mathbb", "vec"})
ESTIMATES = frozenset({"MLE", "ML", "mle", "ml", "opt", "est", "EMV", "MV", "MAP", "*", "star"})
PROFILE = ("prof", "profile", "pr")
LABELS = {"+": "plus", "-": "minus", "<": "less", ">": "more", "*": "star"}
DENSITIES = frozenset({"f", "p", "P", "g", "pi", "q"})
FIXED = frozenset({"L", "ell", "l", "LL", "NLL", "calL", "logL", "loglik", "f", "F", "calP"})  # called wherever a bracket follows
SCALARS = frozenset("nmNkrtdabcxyzeiCKTwu")  # letters that are seldom functions


class Calls(Derivatives, Sums):
    """Letters and calls of functions."""

    def base(self) -> str | None:
        """A bold x is the whole sample: x_vec."""
        t = self.peek()
        if t.kind == "cmd" and t.value in BOLD:
            saved = self.i
            self.next()
            g = plain(self.group())
            if len(g) == 1 and g[0].kind == "letter" and t.value != "mathbb" and self.names.is_vector(g[0].value):
                return g[0].value + "_vec"
            if t.value == "vec" and len(g) == 1:
                return g[0].value
            self.i = saved
        return super().base()

    def subscript(self, base: str) -> Subscript:
        """Whatever label a writer puts below: n_+, n_{>3}."""
        saved, toks = self.i, self.toks
        label = self.names.label(base, text_of(self._ahead_group())) if self.at_symbol("_") else None
        if label is not None:
            self.next()
            self.group()
            return label
        try:
            return super().subscript(base)
        except NotValid:
            self.i, self.toks = saved, toks
            if not self.take("_"):
                raise
            g = plain(self.group())
            word = "".join(LABELS.get(u.value, u.value if u.value.isalnum() else "") for u in g)
            if not word or self.at_symbol("_"):
                raise
            return word

    def letter_or_call(self, t: Token) -> Formula:
        """I_k(x) is a Bessel function where the density has one; its order may be a formula."""
        if t.value == "I" and t.kind == "letter" and "besseli" in self.names.declared.special and self.peek(1).value == "_":
            self.next()
            self.next()
            order = self.part(self.group(), self.inner)
            if self.at("(", "["):
                return Call("besseli", (order, *self.arguments()))
            self.fail("a Bessel function has its argument in brackets")
        if self.names.matrix and self.peek(1).value == "'" and t.value in (self.names.matrix, self.names.coefficients, *self.context.data):
            self.next()
            self.next()
            return Apply("Transpose", (Sym(t.value),))  # X', beta'
        return super().letter_or_call(t)

    def superscript_label(self, g: list[Token]) -> str | None:
        word = text_of([u for u in g if u.value not in "{}()" and u.value not in STYLES])
        return "_star" if word in ESTIMATES else None

    def numbered(self, b: Formula, g: list[Token], t: Token) -> Formula:
        """x^{(i)} is observation i; of another letter it is a label."""
        index = g[1:-1]
        base = b.name.split("_")[0] if isinstance(b, Sym) else None
        if isinstance(b, Sym) and base in self.context.data:
            return At(base, (self.part(index, self.inner),))
        if all(u.kind == "num" for u in index) and isinstance(b, Sym):
            return Sym(b.name + "_" + text_of(index))
        return self.raised(b, self.part(index, self.inner))

    def call(self, t: Token, base: str, name: str, primes: int) -> Formula | None:
        """A function call: of a function that has a name, or where the bracket holds nothing but names."""
        root, _, label = name.partition("_")
        bracket = self.at_symbol("(", "[") or (self.peek().kind == "open" and self.peek().value in ("(", "["))
        if name in BRANCHES and name not in self.context.parameters and bracket and root not in self.context.data:
            return Call("lambertw", (*self.arguments(), *BRANCHES[name]))
        if bracket and self._estimate_of(name):
            return self.letter(name)
        if name == "nabla" or root in ("Gamma", "psi", "B", "Beta", "Phi") or (name == "zeta" and "zeta" in self.context.functions):
            return super().call(t, base, name, primes)
        if root in self.context.data or name in self.context.parameters:
            if not (bracket and self.looks_like_call()):
                return None
        function = root in FIXED and root not in self.context.parameters
        if function and label and root not in ("f", "F", "calP") and (by := self.names.by(label)):
            args = self.arguments() if bracket else ()
            return Derivative(Apply(root, args), tuple((Sym(v), by.count(v)) for v in dict.fromkeys(by)))
        head = "ell_prof" if root in ("ell", "l") and label in PROFILE else root if function else name
        if not bracket:
            if label and not function and all(c in self.context.data for c in label):  # S_xy beside S(a, b)
                return None
            if not (function or root in self.names.functions) or root in ("f", "F", "calP"):
                return None
            return self.primed(head, (), primes) if primes else Apply(head, ())
        of_data = root in DENSITIES and bool(label) and (self.names.by(label) or label in self.context.data)
        known = function or of_data or root in self.names.functions or root in ("E", "Var", "Cov", "P", "Pr", "SD", "SE")
        if not known and not self._only_names() and not self.looks_like_call():
            return None
        if not known and self.names.is_letter(root):
            if not self.looks_like_call():
                return None
        if not known and len(root) == 1 and root in SCALARS and not self.looks_like_call() and self.choose(2) == 0:
            return None
        args = self.arguments()
        return self.primed(head, args, primes) if primes else Apply(head, args)

    def _estimate_of(self, name: str) -> bool:
        """theta_hat(X), beta_hat(alpha): whether what an estimate depends on stands behind it; it is then taken."""
        root, *marks = name.split("_")
        if not ESTIMATES.union(("hat",)).intersection(marks):
            return False
        saved = self.i
        try:
            args = self.arguments()
        except NotValid:
            args = ()
        others = {k for k in self.names.parameters if k.split("_")[0].removesuffix("2") != root}
        if args and all(
            (isinstance(a, (Sym, At, Dots)) and self.names.is_data(a)) or (isinstance(a, Sym) and a.name in others) for a in args
        ):
            return True
        self.i = saved
        return False

    def _only_names(self) -> bool:
        """Whether the bracket that follows holds parameters, data and their estimates alone."""
        depth = script = 0
        scripted = False  # whether a subscript or superscript begins
        for u in self.toks[self.i :]:
            if script or scripted:
                script += {"{": 1, "}": -1}.get(u.value, 0)
                scripted = False
            elif u.value in ("_", "^") and u.kind == "sym":
                scripted = True
            elif u.value in ("(", "[") and u.kind in ("sym", "open"):
                depth += 1
            elif u.value in (")", "]") and u.kind in ("sym", "close"):
                depth -= 1
                if depth == 0:
                    return True
            elif u.kind == "letter" or (u.kind == "cmd" and u.value in GREEK):
                if not self.names.is_argument(u.value):
                    return False
            elif u.kind == "num" or u.value in ("+", "-", "/", "frac", "cdot", "=", "<", ">"):
                return False
        return False

    def read_hat(self) -> Formula:
        return self._accent("hat")

    def read_bar(self) -> Formula:
        return self._accent("bar")

    def read_tilde(self) -> Formula:
        return self._accent("tilde")

    def _accent(self, accent: str) -> Formula:
        """An accent over a name belongs to it; over an expression it is an estimate or a mean."""
        start = self.i - 1
        while self.toks[start].kind == "sp":
            start -= 1
        t = self.toks[start]
        self.i = start
        name = self.base()
        if name is not None:
            self.i = start
            return self.letter_or_call(t)
        self.i = start + 1
        body = self.part(self.group(), self.inner)
        return self.mean_of(body) if accent == "bar" else Apply("hat", (body,))

    def _transposed(self, g: list[Token]) -> bool:
        if not super()._transposed(g):
            return False
        return self.choose(2) == (1 if "T" in self.names.letters else 0)

    def read_Pr(self) -> Formula:
        """A probability."""
        return Apply("P", self.arguments())

    def read_iff(self) -> Formula:
        self.fail("an arrow stands inside a formula")
