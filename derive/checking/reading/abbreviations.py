"""Names of a question that are Greek letters in short, and how a parameter is written in LaTeX."""

from __future__ import annotations

from collections.abc import Collection

from ...formula.names import GREEK

ABBREVIATIONS = {  # of Greek letters, which are no words in Python or short ones
    "lambda": ("lam", "lamda", "lmbda", "lambd", "lmb"), "sigma": ("sig",), "theta": ("th", "thet"), "epsilon": ("eps",), "alpha": ("alph", "al"),
    "beta": ("bet", "be"), "gamma": ("gam",), "kappa": ("kap",), "delta": ("delt",), "omega": ("om",),
}  # fmt: skip


def abbreviated(root: str, given: Collection[str]) -> str | None:
    """The name that a question gives a Greek letter in short: lam for lambda."""
    return next((k for k in ABBREVIATIONS.get(root, ()) if k in given), None)


def in_latex(name: str) -> str:
    """A parameter's name as a command or letter."""
    root, _, label = name.partition("_")
    greek = root if root in GREEK else next((g for g, short in ABBREVIATIONS.items() if root in short), None)
    head = "\\" + greek if greek else root if len(root) == 1 else rf"\mathrm{{{root}}}"
    return head + (f"_{{{label}}}" if label else "")
