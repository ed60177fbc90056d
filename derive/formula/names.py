"""Names of letters: one spelling inside, the user's spelling outside.

Inside, a name is a base, then accents, then subscripts, joined by underscores: "theta", "x_bar",
"beta_hat_1", "x_m", "theta_hat_MLE".  A squared letter that is a quantity of its own (a variance written
as sigma squared) ends in 2 without an underscore: "sigma2".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from .tree import Sym

MOST_KEPT = 1024  # names whose LaTeX is remembered

GREEK = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
        "pi",
        "rho",
        "sigma",
        "tau",
        "upsilon",
        "phi",
        "chi",
        "psi",
        "omega",
        "Gamma",
        "Delta",
        "Theta",
        "Lambda",
        "Xi",
        "Pi",
        "Sigma",
        "Upsilon",
        "Phi",
        "Psi",
        "Omega",
        "ell",
    ]
)
CHARACTERS = {  # Greek letters as they are typed
    **dict(zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ", (
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho", "sigma",
        "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
    ), strict=True)),
    "ς": "sigma", "ϵ": "epsilon", "ϑ": "theta", "ϕ": "phi", "µ": "mu", "ℓ": "ell",
}  # fmt: skip
TYPED = str.maketrans({**CHARACTERS, "²": "^2", **{chr(0x2080 + k): f"_{k}" for k in range(10)}})
ACCENTS = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde"}
SAME_ACCENT = {"widehat": "hat", "overline": "bar", "widetilde": "tilde"}
ACCENTED = re.compile(r"\\(hat|bar|tilde|widehat|overline|widetilde)(?![A-Za-z])\s*\{?\s*(\\?[A-Za-z]+)\s*\}?")
STARRED = re.compile(r"\s*\^\s*\{?\s*(?:\*|\\ast|\\star)\s*\}?$")
SQUARED = re.compile(r"^(sigma|tau|omega|kappa|eta|delta|phi|s|nu)2$")


def observed(name: str) -> str:
    """The inside spelling of a variable: x_i, one of many, is the variable x."""
    return canonical(name).removesuffix("_i")


def canonical(text: str) -> str:
    """The inside name of what a person types as a name: "p1" -> "p_1", "\\lambda_" -> "lambda", "lamda" -> "lambda".

    "sigma2" and "\\sigma^2" stay the squared atom "sigma2"; "\\sigma_2" is the second of several sigmas.
    """
    text = text.strip() if text.isascii() else text.strip().translate(TYPED)
    t = ACCENTED.sub(lambda m: m[2] + "_" + SAME_ACCENT.get(m[1], m[1]), text)
    t = STARRED.sub("_star", t)
    t = re.sub(r"\\(?:mathrm|mathbf|mathit|mathsf|text|boldsymbol|bm|operatorname)\s*", "", t)
    t = t.replace("\\", "").replace(" ", "").replace("varepsilon", "epsilon").replace("varphi", "phi").replace("vartheta", "theta")
    squared = re.fullmatch(r"\{?([A-Za-z]+)\}?((?:_(?:\w|\{\w+\}))?)(?:\^|\*\*)\{?2\}?", t)
    if squared:
        return ("lambda" if squared[1] == "lamda" else squared[1]) + "2" + re.sub(r"[{}]", "", squared[2])
    t = t.replace("{", "").replace("}", "").rstrip("_")
    base, *rest = t.split("_")
    if base.startswith("lamda"):
        base = "lambda" + base[5:]
    numbered = re.fullmatch(r"([A-Za-z]+?)(\d+)", base)
    if numbered and not (SQUARED.match(base) and (not rest or rest[0].isalpha())):
        base, rest = numbered[1], [numbered[2], *rest]
    return "_".join([base, *rest])


def reported(name: str) -> str:
    """The ASCII name under which a parameter is reported: "p_1" -> "p1", "x_m" -> "x_m"; a density's own n is "n"."""
    return re.sub(r"_(\d+)$", r"\1", name.removesuffix("_own"))


def in_words(names: Iterable[str]) -> str:
    """Names in alphabetical order, as users know them."""
    return ", ".join(sorted(map(reported, names))) or "none"


def marked_list(names: Iterable[str]) -> str:
    """Names in a row, marked as letters: `a`, `b` and `c`."""
    shown = [f"`{reported(k)}`" for k in names]
    return ", ".join(shown[:-1]) + " and " + shown[-1] if len(shown) > 1 else "".join(shown)


def squared_base(name: str) -> str | None:
    """ "sigma" for "sigma2"; None for a name that is not a squared atom."""
    return name[:-1] if len(name) > 1 and name.endswith("2") and "_" not in name and not name[-2].isdigit() else None


def base_latex(base: str) -> str:
    """LaTeX of a base without accents or subscripts."""
    if base in GREEK:
        return "\\" + base
    if base.startswith("cal") and len(base) == 4:
        return r"\mathcal{%s}" % base[3]
    return base if len(base) == 1 else r"\mathrm{%s}" % base


@lru_cache(MOST_KEPT)
def name_latex(name: str) -> str:
    """LaTeX of an inside name: "beta_hat_1" -> "\\hat{\\beta}_{1}", "sigma2" -> "\\sigma^{2}"."""
    first, *rest = name.split("_")
    square = squared_base(first)
    out = base_latex(square or first)
    subs, star = [], ""
    for part in rest:
        if part in ACCENTS:
            out = ACCENTS[part] + "{%s}" % out
        elif part == "star":
            star = "^{*}"
        elif part == "max" or part == "min" or (len(part) > 1 and part.isalpha() and part not in GREEK):
            subs.append(r"\mathrm{%s}" % part)
        else:
            subs.append("\\" + part if part in GREEK else part)
    if subs:
        out += "_{%s}" % ",".join(subs)
    return out + ("^{2}" if square else "") + star


def hat(name: str) -> Sym:
    """The estimate of a parameter as a letter: theta_hat, beta_hat_1."""
    return marked(name, "hat")


def marked(name: str, mark: str) -> Sym:
    """A letter with an accent or a first subscript: theta_hat, beta_hat_1, alpha_new."""
    base, *rest = name.split("_")
    while rest and rest[0] in ACCENTS:  # the new mark stands above those that are there
        base += "_" + rest.pop(0)
    return Sym("_".join([base, mark, *rest]))
