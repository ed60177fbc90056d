"""Settling the domains of a likelihood that is given as a whole: where every probability in it is one.

A likelihood need not total 1 over anything.  What is asked of it is that the bases of its powers are not negative:
(1 - p)^50 says that 1 - p is a probability, although the power is positive for p = 2 as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed

from ...errors import NotValid
from ...formula.evaluate import Env, Value, compiled, log_size
from ...formula.tree import Add, Call, Div, Formula, Mul, Pow, Sym, names, replace_all, value, walk
from ...sets.domain import COUNTS, INFINITY, NONNEGATIVE, POSITIVE, REAL, Domain
from .candidate import Trial, Verdict
from .infer import Inferred, Task
from .simplex import bases
from .support_candidates import COUNTING


def settle_likelihood(
    likelihood: Formula,
    parameters: Mapping[str, Domain | None],
    known: Mapping[str, Domain | Formula | None],
    constraints: Sequence[Formula] = (),
) -> Inferred:
    """Check the domains that are stated for a likelihood and infer the others; the arguments are those of `settle`.

    A known letter without a set that stands in exponents, factorials or binomial coefficients only is a count.
    Raises NotValid where the likelihood is nowhere positive in the domains.
    """
    values: dict[Formula, Formula] = {Sym(k): v for k, v in known.items() if isinstance(v, Formula)}
    likelihood = replace_all(likelihood, values)
    counts = counting_letters(likelihood)
    known = {k: COUNTS if d is None and k in counts else d for k, d in known.items()}
    asked = parameters
    parameters = {k: None if d is not None and d.integer and d.high == INFINITY else d for k, d in parameters.items()}
    stated: dict[str, Domain | None] = {k: None if d is None else d.replaced(values) for k, d in parameters.items()}
    stated |= {k: None if d is None else d.replaced(values) for k, d in known.items() if not isinstance(d, Formula)}
    found = _Task(likelihood, stated, tuple(constraints), frozenset(k for k in asked if parameters[k] != asked[k])).settled(
        parameters, known
    )
    either = of_either_sign(likelihood, frozenset(parameters))
    positive = {
        k for k, d in known.items()
        if d is None and (found.known[k] == NONNEGATIVE or (found.known[k] == REAL and k not in either and REAL not in found.parameters.values()))
    }  # fmt: skip
    open_letters = any(isinstance(d, Domain) for d in found.known.values())  # where it begins depends on them
    narrowed = {k: _narrower(asked[k], d, open_letters) for k, d in found.parameters.items()}
    inferred = found.inferred - {k for k, d in narrowed.items() if d == asked[k]}
    known_sets = {k: POSITIVE if k in positive else d for k, d in found.known.items()}
    return changed(found, parameters=narrowed, known=known_sets, inferred=inferred)


def _narrower(asked: Domain | None, found: Domain, open_letters: bool) -> Domain:
    """Whole numbers from where the likelihood begins to be positive, if the stated set begins before and that is known."""
    if asked is not None and open_letters:
        return asked
    if asked is None or not (asked.integer and found.integer):
        return found if asked is None or not found.integer else asked
    return asked if asked.whole()[0] >= found.whole()[0] else found


def counting_letters(likelihood: Formula) -> frozenset[str]:
    """The letters that stand only in exponents, factorials and binomial coefficients."""
    inside: set[str] = set()
    outside: set[str] = set()

    def look(f: Formula) -> None:
        match f:
            case Pow(b, k):
                look(b)
                inside.update(names(k))
            case Call(name, _) if name in COUNTING:
                inside.update(names(f))
            case Mul(fs):
                for g in fs:
                    look(g)
            case Div(a, b):
                look(a)
                look(b)
            case _:
                outside.update(names(f))

    look(likelihood)
    return frozenset(inside - outside)


def of_either_sign(likelihood: Formula, parameters: frozenset[str]) -> frozenset[str]:
    """The letters in a square beside a parameter, as in (x - theta)^2: nothing says that such a one is positive."""
    squares = [g.base for g in walk(likelihood) if isinstance(g, Pow) and (k := value(g.exponent)) is not None and k > 0 and k % 2 == 0]
    return frozenset(k for b in squares if isinstance(b, Add) and names(b) & parameters for k in names(b) - parameters)


@dataclass
class _Trial(Trial):
    """Good where the likelihood is positive, or 0 (if that may be), and no base of a power in it is negative that holds a letter
    whose values are to be inferred (`open_letters`)."""

    least_sign: int = 0
    open_letters: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.size = log_size(self.density)
        self.bases: list[Value] = [compiled(b) for b in bases(self.density) if names(b) & self.open_letters]

    def judge(self, support: Mapping[str, Domain], env: Env, thorough: bool = False) -> Verdict:
        try:
            sign, size = self.size(env)
        except (ValueError, ZeroDivisionError, OverflowError):
            sign, size = -1, math.nan
        good = sign >= self.least_sign and size < math.inf and all(b(env) >= 0 for b in self.bases)
        return Verdict(support, env, None if good else math.nan, good)


class _Task(Task):
    """The domains of a likelihood while they are being settled."""

    def __init__(
        self, likelihood: Formula, stated: Mapping[str, Domain | None], constraints: tuple[Formula, ...], whole: frozenset[str]
    ):  # fmt: skip
        super().__init__(likelihood, (), {}, stated, {}, constraints, False)
        self.trial = self.rough = _Trial(
            likelihood, least_sign=1 if whole else 0, open_letters=frozenset(k for k in names(likelihood) if stated.get(k) is None)
        )
        self.whole = frozenset({g for f in walk(likelihood) if isinstance(f, Call) and f.name in COUNTING for g in names(f)})
        self.surely_whole = self.whole | whole

    def settled(self, parameters: Mapping[str, Domain | None], known: Mapping[str, Domain | Formula | None]) -> Inferred:
        missing = frozenset({*self.open_letters, *self.shares})
        self.check_constraints()
        for support, env in self.starts():
            sets = self.sets(support, env)
            try:
                verdict = self.check(*sets)
            except NotValid:
                continue
            if verdict.good:
                return self.result(sets, verdict, missing, parameters, known)
        raise NotValid(
            "no domains of the parameters were found in which the likelihood is nowhere negative",
            hint="check the likelihood, or state the parameters' domains",
        )

    def starts(self) -> Iterator[tuple[dict[str, Domain], Env]]:
        for env in self.base_points():
            if self.trial.judge({}, env).good:
                yield {}, env


__all__ = ["counting_letters", "settle_likelihood"]
