"""What a model predicts: which letters of the density stand for its outputs, and perhaps how they are computed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..calls import of_sympy
from ..errors import NotValid
from ..formula.names import canonical, name_latex, reported
from ..formula.tree import ONE, Add, Apply, Div, Formula, Neg, Relation, Sym, exp, names, transform, walk
from ..reading.context import Context
from ..reading.distributions import centre_apart
from ..reading.read import decide_syntax
from ..reading.sympytext import read_sympy
from .arguments import PredictionArguments

COVARIATES = ("x", "z", "t", "u")  # letters that are taken for covariates where none are declared


@dataclass(frozen=True)
class Prediction:
    """outputs: a letter of the density -> the expression that the model computes for it, None where that is left open.

    covariates, weights: the letters of those expressions.
    """

    outputs: Mapping[str, Formula | None]
    covariates: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()

    @property
    def given(self) -> dict[str, Formula]:
        """The outputs that have an expression."""
        return {k: f for k, f in self.outputs.items() if f is not None}

    def parameters(self, stated: Any) -> Any:
        """The stated parameters of the density: the weights are none, the outputs are."""
        if stated is None:
            return None
        names = {canonical(str(k)): k for k in stated}
        kept = [k for name, k in names.items() if name not in self.weights]
        own = {canonical(str(k)) for k in kept}
        table = {k: stated[k] if isinstance(stated, Mapping) else None for k in kept}
        return {**table, **{k: None for k in self.outputs if k not in own}}

    def check(self, letters: Mapping[str, Any]) -> None:
        """Raise NotValid where an output is no free letter of the density, or a weight is one of its letters."""
        for k in self.outputs:
            if k not in letters:
                bare = k.replace("_hat", "")
                near = f'write prediction="{bare}"; ' if bare in letters else ""
                raise NotValid(
                    f"the prediction {shown(k)} is no free letter of the density",
                    hint=near + "its letters are " + ", ".join(map(shown, letters)),
                )
        both = [k for k in self.weights if k in letters]
        if both:
            raise NotValid(
                f"{shown(both[0])} stands in the density and in the prediction: the loss would be one in both",
                hint=f"call the letter in the prediction something else, or declare {shown(both[0])} as known",
            )


def with_centre(density: object, question: PredictionArguments) -> tuple[object, PredictionArguments]:
    """A question about a loss: where no prediction is named and the density is said as a distribution, y ~ Normal(a + b*x, s^2),
    its mean is what the model predicts."""
    found = centre_apart(density, question.get("syntax")) if isinstance(density, str) and not question.get("prediction") else None
    if found is None:
        return density, question
    text, letter, expression = found
    return text, PredictionArguments(**{**question, "prediction": letter if expression is None else {letter: expression}})


def read_prediction(given: Any, covariates: Sequence[object] | None) -> Prediction | None:
    """The prediction of a question: a letter of its density, several, or expressions for them; None for none.

    Raises NotValid where it cannot be read, or where a covariate that is declared does not occur in it.
    """
    if not given:
        return None
    outputs: dict[str, Formula | None] = {}
    for name, text in _entries(given):
        letter = letter_of(name)
        if letter in outputs:
            raise NotValid(f"the prediction {name} is given twice")
        outputs[letter] = None if text is None else _expression(text, name)
    found = list(dict.fromkeys(k for f in outputs.values() if f is not None for k in _letters(f)))
    declared = [canonical(str(c)) for c in covariates or ()]
    seen = tuple(k for k in found if (k in declared if declared else k.split("_")[0] in COVARIATES and "_hat" not in k))
    return Prediction(outputs, tuple(dict.fromkeys((*declared, *seen))), tuple(k for k in found if k not in seen))


def letter_of(text: str) -> str:
    r"""The inside name of a letter as a person writes it: \hat{y} is "y_hat"."""
    if re.search(r"\\(?:hat|widehat|tilde|bar|overline)\b", text):
        from ..reading.tex import read_latex

        f = read_latex(text, Context())[0].formula
        if isinstance(f, Sym):
            return f.name
    return canonical(text)


def _entries(given: Any) -> list[tuple[str, Any]]:
    if isinstance(given, Mapping):
        return [(str(k), v) for k, v in given.items()]
    texts = [given] if isinstance(given, str) else list(given) if isinstance(given, Sequence) else []
    if not texts or not all(isinstance(t, str) for t in texts):
        raise NotValid(
            f"`prediction` is a letter of the density, or a mapping of such letters to expressions, not {given!r}",
            hint='write prediction="mu" or prediction={"mu": "theta0 + theta1*x"}',
        )
    out: list[tuple[str, Any]] = []
    for t in texts:
        name, sign, expression = t.partition("=")
        out.append((name.strip(), expression.strip() if sign else None))
    return out


def _expression(text: Any, name: str) -> Formula:
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        text = str(text)
    if not isinstance(text, str):
        if not of_sympy(text):
            raise NotValid(f"the prediction of {name} is an expression in covariates and weights, not {text!r}")
        text = str(text)
    context = Context(data=frozenset(), functions=frozenset({"sigma", "sigmoid"}))
    if decide_syntax(text) == "latex":
        from ..reading.tex import read_latex

        sentences = read_latex(text, context)
    else:
        sentences = read_sympy(text, context)
    if len(sentences) != 1 or isinstance(sentences[0].formula, Relation):
        raise NotValid(f"the prediction of {name} is one expression, not {text!r}")
    return transform(sentences[0].formula, _plainly)


def _plainly(f: Formula) -> Formula | None:
    """x_i in the prediction of one observation is x; the sigmoid is written out."""
    match f:
        case Apply("sigma" | "sigmoid", (u,)):
            return Div(ONE, Add((ONE, exp(Neg(u)))))
        case Apply(name, _) if name != "Transpose":
            raise NotValid(f"the function {name} in the prediction is not known", hint="write it out")
    base = getattr(f, "base", None)
    if type(f).__name__ == "At" and isinstance(base, str):
        return Sym(base)
    return Sym(f.name[:-2]) if isinstance(f, Sym) and f.name.endswith("_i") else None


def _letters(f: Formula) -> list[str]:
    """The letters of an expression in order."""
    return list(dict.fromkeys(g.name for g in walk(f) if isinstance(g, Sym) and g.name in names(f)))


def shown(name: str) -> str:
    """How an error calls a letter."""
    return reported(name) if "_hat" not in name else name_latex(name)


__all__ = ["Prediction", "letter_of", "read_prediction", "shown", "with_centre"]
