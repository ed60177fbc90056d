"""From the arguments of a question in vectors and matrices to the question as it was settled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import NotSupported, NotValid
from ..formula.decimals import DIGITS
from ..formula.names import canonical, reported
from ..formula.shapes import Shapes, matmul
from ..formula.tree import ONE, TWO, Add, At, Big, Call, Const, Div, Formula, MatMul, Mul, Neg, Pow, Sym, exp, mul, neg, replace_all
from ..reading.arrays import ArrayText, in_arrays, read_arrays
from ..reading.domains import as_text
from ..reading.domains import read as read_domain
from ..reading.predictor import PREDICTOR, PredictorText
from ..sample.columns import as_array, has_numpy
from ..sets.domain import NATURAL, POSITIVE, REAL, Domain
from ..trace import Detail
from .arguments import PredictionArguments
from .arrays import ArrayModel, Predictor
from .settled import Asked, Settled

NOT_HERE = (
    "variable",
    "covariates",
    "support",
    "column",
    "event",
    "missing",
    "at",
    "prediction",
    "n",
    "quantities",
    "inference",
    "constraints",
    "method",
)


def about_arrays(density: Any, question: PredictionArguments) -> bool:
    """Whether a question is about vectors and matrices."""
    text = question.get("likelihood") if question.get("likelihood") is not None else density
    return in_arrays(text, question.get("shapes"))


def ask_arrays(density: Any, question: PredictionArguments) -> Settled:
    """A question in vectors and matrices.  Raises NotValid or NotSupported."""
    text = str(question.get("likelihood") if question.get("likelihood") is not None else density)
    for k in NOT_HERE:
        if question.get(k) is not None:
            raise NotSupported(f"`{k}` does not go together with vectors and matrices", hint="leave it out")
    declared, known = _mapping(question.get("parameters")), _mapping(question.get("known"))
    read = read_arrays(text, question.get("shapes") or {}, [*declared, *known], question.get("syntax"))
    sh = read.shapes
    if isinstance(read.mean, Sym) and isinstance(read.covariance, Sym):
        return _of_vectors(read, declared, known, question)
    if read.density is not None:
        density_ = read.density
    else:
        assert read.mean is not None and read.covariance is not None
        density_ = normal_density(Sym(read.response), read.mean, read.covariance, sh)
    sizes = {h.name for s in sh.of_letters.values() for h in s if isinstance(h, Sym)}
    matrices = [k for k in read.order if not sh.scalar(Sym(k)) and sh.of(Sym(k))[1] != ONE]
    vectors = [k for k in read.order if not sh.scalar(Sym(k)) and k not in matrices and k != read.response]
    offsets = [k for k in vectors if sh.of(Sym(k))[0] == sh.of(Sym(read.response))[0]]
    free = [k for k in read.order if k not in (read.response, *matrices, *offsets, *sizes) and k not in known]
    parameters = [k for k in declared if k in free] or free
    strange = [k for k in declared if k not in free]
    if strange:
        raise NotSupported(
            f"{reported(strange[0])} is not a parameter that is estimated here", hint="the parameters are " + ", ".join(map(reported, free))
        )
    if not parameters:
        raise NotValid("there is no parameter to estimate", hint="the letters are " + ", ".join(map(reported, read.order)))
    data = [k for k in read.order if k not in parameters and k not in sizes]
    data = list(dict.fromkeys([read.response, *data]))
    with_value = [k for k, v in known.items() if v is not None]
    if with_value:
        raise NotSupported(
            f"a value of {reported(with_value[0])} is not supported beside vectors",
            hint="write it into the density, or give it as a domain-free name",
        )
    model = ArrayModel(density_, sh, tuple(data), read.response, read.mean, read.covariance)
    domains = {k: _domain(k, declared.get(k), sh) for k in parameters}
    if question.get("data") is not None:
        model = array_data(question["data"], model)
    inferred = frozenset(k for k in domains if declared.get(k) is None)
    return _settled(model, domains, question, inferred, {}, ())


def _of_vectors(read: ArrayText, declared: Mapping[str, Any], known: Mapping[str, Any], question: PredictionArguments) -> Settled:
    """The question about a sample of normal vectors."""
    assert isinstance(read.mean, Sym) and isinstance(read.covariance, Sym)
    i, x = Sym("i"), read.response
    r = Add((At(x, (i,)), Neg(read.mean)))
    form = MatMul((Call("transpose", (r,)), Call("inverse", (read.covariance,)), r))
    one = mul(
        Pow(Mul((TWO, Const("pi"))), neg(Div(read.shapes.of(read.mean)[0], TWO))), Pow(Call("det", (read.covariance,)), neg(Div(ONE, TWO))),
        exp(neg(mul(Div(ONE, TWO), form))),
    )  # fmt: skip
    strange = [k for k in (*declared, *known) if k not in read.order]
    if strange:
        raise NotValid(f"{reported(strange[0])} does not occur", hint="the letters are " + ", ".join(map(reported, read.order)))
    parameters = [k for k in read.order if k not in known and (not declared or k in declared)]
    if not parameters:
        raise NotValid("there is no parameter to estimate")
    data = (x, *(k for k in read.order if k not in parameters))
    model = ArrayModel(Big("prod", "i", ONE, Sym("n"), one), read.shapes, data, x, read.mean, read.covariance)
    if question.get("data") is not None:
        model = array_data(question["data"], model)
    return _settled(model, dict.fromkeys(parameters, REAL), question, frozenset(parameters), {}, ())


def _settled(
    model: ArrayModel, domains: dict[str, Domain], question: PredictionArguments, inferred: frozenset[str], notation: Mapping[str, str],
    warnings: tuple[str, ...],
) -> Settled:  # fmt: skip
    asked = Asked(
        {}, {}, question.get("units"), {canonical(str(k)): v for k, v in (question.get("labels") or {}).items()}, question.get("title"),
        digits=question.get("digits") or DIGITS, detail=Detail(question.get("detail") or Detail.STANDARD),
    )  # fmt: skip
    return Settled(
        density=model.density, written=model.density, variables=(), covariates=(), parameters=domains, known=dict.fromkeys(model.sizes, NATURAL), values={},
        support={}, covariate_domains={}, constraints=(), remainders=(), notation=notation, inferred=inferred,
        normalised=True, total=None, unnormalised=False, whole=True, warnings=warnings, asked=asked, arrays=model,
    )  # fmt: skip


def of_predictor(read: PredictorText, one: Settled, question: PredictionArguments) -> Settled:
    """The question about all responses, from that about one in the letter of its linear predictor.  Raises NotSupported."""
    for k in (*NOT_HERE, "known", "shapes"):
        if question.get(k) is not None and k != "variable":
            raise NotSupported(f"`{k}` does not go together with a linear predictor of a vector of coefficients", hint="leave it out")
    if not one.normalised or len(one.variables) != 1 or set(one.parameters) != {PREDICTOR} or one.known:
        raise NotSupported(
            "beside the linear predictor a law with one response and no other parameter is supported", hint="give values to the others"
        )
    (v,) = one.variables
    n, p, i = Sym("n"), Sym("p" if read.coefficients != "p" else "q"), Sym("i")
    rows, b = read.rows, read.coefficients
    if rows == v or "X" in (rows, b, v):
        raise NotSupported("the rows of the design, the response and the design X are different letters", hint=r"y_i and x_i^\top \beta")
    eta = MatMul((Call("transpose", (At(rows, (i,)),)), Sym(b)))
    density = Big("prod", "i", ONE, n, replace_all(one.density, {Sym(v): At(v, (i,)), Sym(PREDICTOR): eta}))
    sh = Shapes({"X": (n, p), rows: (n, p), v: (n, ONE), b: (p, ONE), PREDICTOR: (n, ONE)}, full_rank=frozenset({"X"}))
    model = ArrayModel(density, sh, ("X", v), v, predictor=Predictor(one.density, one.support[v], rows, one.facts))
    if question.get("data") is not None:
        model = array_data(question["data"], model)
    return _settled(model, {b: REAL}, question, frozenset({b}), one.notation, tuple(w for w in one.warnings if PREDICTOR not in w))


def normal_density(y: Sym, mean: Formula, covariance: Formula, sh: Shapes) -> Formula:
    """The density of a normal vector: (2 pi)^(-n/2) |S|^(-1/2) exp(-(y - m)' S^-1 (y - m)/2)."""
    n = sh.of(y)[0]
    r = Add((y, *(Neg(t) if not isinstance(t, Neg) else t.arg for t in (mean.terms if isinstance(mean, Add) else (mean,)))))
    form = matmul(Call("transpose", (r,)), Call("inverse", (covariance,)), r)
    return mul(
        Pow(Mul((TWO, Const("pi"))), neg(Div(n, TWO))), Pow(Call("det", (covariance,)), neg(Div(ONE, TWO))),
        exp(neg(mul(Div(ONE, TWO), form))),
    )  # fmt: skip


def array_data(data: Any, model: ArrayModel) -> ArrayModel:
    """The model with data: a mapping of letters to arrays or lists.  Raises NotValid where they do not fit."""
    if not has_numpy():
        raise NotSupported("data in vectors and matrices need NumPy", hint="install it: pip install 'derive[data]'")
    if not isinstance(data, Mapping) and model.of_vectors:
        data = {model.response: data}
    if not isinstance(data, Mapping):
        raise NotValid("the data are " + " and ".join(map(reported, model.data)), hint="give a mapping of letters to arrays")
    values = {}
    for k, v in data.items():
        name = canonical(str(k))
        a = as_array(v)
        if a is None or not len(a):
            raise NotValid(f"the data of {name} are numbers in rows of one length")
        values[name] = a.reshape(-1, 1) if a.ndim == 1 else a
        if values[name].ndim != 2 or not abs(values[name]).sum() < float("inf"):
            raise NotValid(f"the data of {name} are finite numbers in rows and columns")
    if model.predictor is not None:
        law, y = model.predictor.support, values.get(model.response)
        outside = next((v for v in (() if y is None else y.ravel().tolist()) if not law.contains(v)), None)
        if outside is not None:
            raise NotValid(f"the response {outside:g} lies outside the support ({law.words()})")
    return model.with_values(values)


def _mapping(given: Any) -> dict[str, Any]:
    if isinstance(given, Mapping):
        return {canonical(str(k)): v for k, v in given.items()}
    return {canonical(str(k)): None for k in ([given] if isinstance(given, str) else given or ())}


def _domain(name: str, stated: Any, sh: Shapes) -> Domain:
    if not sh.scalar(Sym(name)):
        return REAL
    return POSITIVE if stated is None else read_domain(as_text(stated), name)


__all__ = ["about_arrays", "array_data", "ask_arrays", "normal_density"]
