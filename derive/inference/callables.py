"""The log-likelihood and its derivatives as functions of parameters and data: in plain Python, NumPy, JAX and PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from ..errors import NotSupported, NotValid
from ..formula.evaluate import compiled
from ..formula.functions import FUNCTIONS
from ..formula.names import reported
from ..formula.tree import Add, At, Big, Call, Const, Div, Float, Formula, Mul, Neg, Num, Pow, Sym, walk
from .sample_likelihood import SampleLikelihood

Function = Callable[..., Any]
WHAT = ("log_likelihood", "score", "hessian")


@dataclass(frozen=True)
class Backend:
    """A library of arrays: its module, that of its special functions with their names there, what makes an array."""

    module: str
    array: str
    special: str | None
    names: Mapping[str, str]


SCIPY = {"loggamma": "gammaln", "digamma": "digamma", "erf": "erf", "erfc": "erfc", "Phi": "ndtr", "probit": "ndtri"}
BACKENDS: Mapping[str, Backend | None] = {
    "python": None,
    "numpy": Backend("numpy", "asarray", "scipy.special", SCIPY),
    "jax": Backend("jax.numpy", "asarray", "jax.scipy.special", SCIPY),
    "torch": Backend("torch", "as_tensor", "torch.special", SCIPY),
}
PLAIN = {
    "log": "log", "exp": "exp", "sqrt": "sqrt", "abs": "abs", "sign": "sign", "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh", "cosh": "cosh",
    "tanh": "tanh", "floor": "floor", "ceiling": "ceil",
}  # fmt: skip


def lambdify(ell: SampleLikelihood, what: str, backend: str) -> Function:
    """A function of the parameters and the data, in the order of the question, or by name.

    It returns a number for the log-likelihood, a list for the score, a list of rows for the second derivatives (of arrays where the
    library has them).  Raises NotValid for another name, NotSupported where the library is not installed or lacks a function.
    """
    if what not in WHAT:
        raise NotValid(f"`what` is {', '.join(map(repr, WHAT))}, not {what!r}")
    if backend not in BACKENDS:
        raise NotValid(f"`backend` is {', '.join(map(repr, BACKENDS))}, not {backend!r}")
    p = ell.problem
    letters = [*p.parameters, *(k for k in p.known if not p.whole or k not in p.parameters)]
    wanted = [*letters, *p.observed]
    shown = {reported(k): k for k in wanted}
    library = BACKENDS[backend]
    parts = _formulas(ell, what)
    if library is None:
        values = [compiled(f) for f in parts]

        def in_python(*args: Any, **named: Any) -> Any:
            env = _bound(args, named, shown, p.observed)
            columns = {k: [float(x) for x in env[k]] for k in p.observed}
            rest = {k: float(env[k]) for k in letters}
            means = {k + "_bar": sum(xs) / len(xs) for k, xs in columns.items()}
            size = len(next(iter(columns.values()))) if columns else 0
            return _shaped([v({**rest, **columns, **means, "n": size}) for v in values], what, len(ell.letters))

        return in_python
    np, special = _module(library.module, backend), _special(library, parts, backend)
    make = getattr(np, library.array)
    builder = _Builder(np, special, library, backend)
    made = [builder.function(f) for f in parts]

    def in_arrays(*args: Any, **named: Any) -> Any:
        env = _bound(args, named, shown, p.observed)
        columns = {k: make(env[k]) * 1.0 for k in p.observed}
        means = {k + "_bar": xs.mean() for k, xs in columns.items()}
        size = len(next(iter(columns.values()))) if columns else 0
        return _shaped([f({**env, **columns, **means, "n": size}) for f in made], what, len(ell.letters))

    return in_arrays


def _formulas(ell: SampleLikelihood, what: str) -> list[Formula]:
    if what == "log_likelihood":
        return [ell.formula]
    return list(ell.score.values()) if what == "score" else [f for row in ell.hessian for f in row]


def _shaped(values: list[Any], what: str, size: int) -> Any:
    if what == "log_likelihood":
        return values[0]
    return values if what == "score" else [values[j : j + size] for j in range(0, len(values), size)]


def _bound(args: tuple[Any, ...], named: Mapping[str, Any], shown: Mapping[str, str], observed: tuple[str, ...]) -> dict[str, Any]:
    """The arguments by their names inside.  Raises NotValid where one is missing or not among them."""
    order = list(shown)
    if len(args) > len(order) or any(k not in shown for k in named):
        raise NotValid(f"the arguments are {', '.join(order)}")
    given = {**dict(zip(order, args, strict=False)), **named}
    missing = [k for k in order if k not in given]
    if missing or len(given) < len(args) + len(named):
        raise NotValid(f"the arguments are {', '.join(order)}" + (f"; {', '.join(missing)} is missing" if missing else ""))
    return {shown[k]: v for k, v in given.items()}


def _module(name: str, backend: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise NotSupported(
            f"the backend {backend!r} needs {name.split('.')[0]}", hint=f"install it: pip install {name.split('.')[0]}"
        ) from None


def _special(library: Backend, parts: list[Formula], backend: str) -> Any:
    """The module of special functions, where one of them is needed."""
    needed = any(isinstance(g, Call) and g.name not in PLAIN for f in parts for g in walk(f))
    if not needed or library.special is None:
        return None
    try:
        return _module(library.special, backend)
    except NotSupported:
        if backend == "numpy":  # our own functions, value by value
            return None
        raise


class _Builder:
    """Formulas -> functions of an environment that holds arrays."""

    def __init__(self, np: Any, special: Any, library: Backend, backend: str):
        self.np, self.special, self.library, self.backend = np, special, library, backend

    def function(self, f: Formula) -> Callable[[Mapping[str, Any]], Any]:
        """The value of f, sums over the sample as sums of arrays."""
        go = self.function
        match f:
            case Num(v):
                c = float(v)
                return lambda e: c
            case Float(v):
                number = v
                return lambda e: number
            case Const("pi"):
                return lambda e: 3.141592653589793
            case Const("e"):
                return lambda e: 2.718281828459045
            case Sym(name):
                return lambda e: e[name]
            case At(base, (Sym(),)) if not base.endswith("_ord"):
                return lambda e: e[base]
            case Add(ts):
                gs = [go(t) for t in ts]
                return lambda e: sum((g(e) for g in gs[1:]), gs[0](e))
            case Mul(fs):
                factors = [go(t) for t in fs]
                return lambda e: _product(g(e) for g in factors)
            case Neg(a):
                g = go(a)
                return lambda e: -g(e)
            case Div(a, b):
                top, bottom = go(a), go(b)
                return lambda e: top(e) / bottom(e)
            case Pow(a, b):
                base_, exponent = go(a), go(b)
                return lambda e: base_(e) ** exponent(e)
            case Big("sum", _, _, _, body):
                inner = go(body)
                return lambda e: self._sum(inner(e), e["n"])
            case Call("log", (Call("gamma" | "factorial" as name, (u,)),)):
                g, lift = go(u), float(name == "factorial")
                fn = self._named("loggamma")
                return lambda e: fn(g(e) + lift)
            case Call("log", (Call("binomial", (a, b)),)):
                n_, k_, fn = go(a), go(b), self._named("loggamma")
                return lambda e: fn(n_(e) + 1.0) - fn(k_(e) + 1.0) - fn(n_(e) - k_(e) + 1.0)
            case Call("trigamma", (u,)):
                g, psi = go(u), self._polygamma()
                return lambda e: psi(1, g(e))
            case Call("gamma", (u,)):
                g, fn = go(u), self._named("loggamma")
                return lambda e: self._plain("exp")(fn(g(e)))
            case Call(name, (u,)):
                g = go(u)
                fn = self._plain(PLAIN[name]) if name in PLAIN else self._named(name)
                return lambda e: fn(g(e))
        raise NotSupported(f"the backend {self.backend!r} lacks what stands in this likelihood", hint="use the backend 'python'")

    def _sum(self, values: Any, size: int) -> Any:
        return values.sum() if getattr(values, "shape", ()) else values * size

    def _plain(self, name: str) -> Function:
        fn: Function = getattr(self.np, name)
        if self.library.module != "torch":
            return fn
        return lambda x: fn(x if hasattr(x, "shape") else self.np.as_tensor(float(x), dtype=self.np.float64))

    def _named(self, name: str) -> Function:
        if self.backend == "numpy" and self.special is None and name in FUNCTIONS:
            own: Function = self.np.vectorize(FUNCTIONS[name], otypes=[float])
            return own
        known = self.library.names.get(name)
        fn: Function | None = getattr(self.special, known, None) if known else None
        if fn is None:
            raise NotSupported(f"the backend {self.backend!r} lacks the function {name}", hint="use the backend 'python'")
        if self.library.module != "torch":
            return fn
        return lambda x: fn(x if hasattr(x, "shape") else self.np.as_tensor(float(x), dtype=self.np.float64))

    def _polygamma(self) -> Function:
        if self.backend == "numpy" and self.special is None:
            one: Function = self.np.vectorize(FUNCTIONS["polygamma"], otypes=[float])
            return one
        fn: Function = self.special.polygamma
        if self.library.module != "torch":
            return fn
        return lambda k, x: fn(k, x if hasattr(x, "shape") else self.np.as_tensor(float(x), dtype=self.np.float64))


def _product(values: Any) -> Any:
    first, *rest = values
    for v in rest:
        first = first * v
    return first


__all__ = ["BACKENDS", "WHAT", "lambdify"]
