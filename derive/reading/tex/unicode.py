"""Unicode mathematics -> LaTeX commands, keeping track of where each character came from."""

from __future__ import annotations

import unicodedata

from ...errors import NotValid
from ..source import Source

CHARACTERS = {
    "−": "-", "–": "-", "·": r"\cdot ", "⋅": r"\cdot ", "×": r"\times ", "÷": r"\div ", "∑": r"\sum ", "∏": r"\prod ", "∫": r"\int ",
    "√": r"\sqrt ", "∞": r"\infty ", "≤": r"\le ", "≥": r"\ge ", "⩽": r"\le ", "⩾": r"\ge ", "≠": r"\ne ", "∝": r"\propto ",
    "≈": r"\approx ", "∂": r"\partial ", "⟹": r"\implies ", "⇒": r"\Rightarrow ", "⇔": r"\iff ", "⟺": r"\iff ", "→": r"\to ",
    "∴": r"\therefore ", "∈": r"\in ", "²": "^{2}", "³": "^{3}", "¹": "^{1}", "½": r"\frac{1}{2}", "¼": r"\frac{1}{4}", "′": "'",
    "″": "''", "’": "'", "ℓ": r"\ell ", "∣": r"\mid ", "…": r"\dots ", "⋯": r"\cdots ", "\u00a0": " ", "\u2009": " ", "\u200b": "",
    "ⁿ": "^{n}", "₁": "_{1}", "₂": "_{2}", "₃": "_{3}", "₀": "_{0}", "ᵢ": "_{i}", "ₙ": "_{n}", "∇": r"\nabla ", "ϵ": r"\epsilon ",
    "ϑ": r"\theta ", "ϕ": r"\phi ", "ℝ": r"\mathbb{R}", "ℕ": r"\mathbb{N}", "𝟙": r"\mathbb{1}", "⌊": r"\lfloor ", "⌋": r"\rfloor ",
    "⁰": "^{0}", "⁴": "^{4}", "⁵": "^{5}", "⁶": "^{6}", "⁷": "^{7}", "⁸": "^{8}", "⁹": "^{9}", "ᵀ": "^{T}", "ⱼ": "_{j}", "ₖ": "_{k}",
    "µ": r"\mu ", "∗": "*", "∀": r"\forall ", "∼": r"\sim ",
}  # fmt: skip
_LETTERS = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "omicron",
    "pi", "rho", "varsigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
]  # fmt: skip
CHARACTERS |= {chr(0x3B1 + k): f"\\{name} " for k, name in enumerate(_LETTERS)}
CHARACTERS |= dict(
    zip(
        "ΓΔΘΛΞΠΣΥΦΨΩ",
        (f"\\{s} " for s in ["Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"]),
        strict=True,
    )
)
ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0305": "bar", "\u0303": "tilde"}


def unify(text: str) -> Source:
    """Unicode mathematics as LaTeX commands.  Raises NotValid for a character without a meaning."""
    if text.isascii():
        return Source.of(text)
    parts = [(d, k) for k, c in enumerate(text) for d in ((c,) if c in CHARACTERS else unicodedata.normalize("NFD", c))]
    out: list[str] = []
    spans: list[tuple[int, int]] = []
    k = 0
    while k < len(parts):
        c, at = parts[k]
        after = parts[k + 1][0] if k + 1 < len(parts) else ""
        shown = CHARACTERS.get(c, c)
        if after in ACCENTS:
            shown = "\\%s{%s}" % (ACCENTS[after], shown.strip())
            k += 1
        elif not c.isascii() and c not in CHARACTERS:
            raise NotValid(f"the character {c!r} is not known in a formula", text=text, position=at, hint="write it as a LaTeX command")
        out.append(shown)
        spans += [(at, parts[k][1] + 1)] * len(shown)
        k += 1
    return Source("".join(out), text, tuple(spans))
