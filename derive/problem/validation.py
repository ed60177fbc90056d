"""The steps in which a question is validated: what may go together, domains and supports, ends of domains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..density.from_cdf_or_kernel import Given, density_from
from ..density.from_hazard import survival_of
from ..density.inference.covariates import covariate_domains
from ..density.inference.infer import Inferred, settle
from ..density.inference.likelihood_domains import settle_likelihood
from ..density.origin import CUMULATIVE, HAZARD
from ..errors import DeriveError, NotSupported, NotValid
from ..files import kind_of_file
from ..formula.evaluate import Env, compiled
from ..formula.latex import decimal
from ..formula.names import canonical, reported
from ..formula.tree import And, At, Formula, Pow, Relation, Sym, num, walk
from ..formula.tree import names as letters_of
from ..reading.context import OWN_SIZE
from ..reading.domains import as_text
from ..reading.domains import read as read_domain
from ..reading.question import PI_IS_READ, Question
from ..sample.observations import Observations
from ..sample.sample import Sample
from ..sets.conditions import from_condition, meet
from ..sets.domain import INFINITY, INTEGERS, Domain, finite
from .naming import check_names
from .settled import Settled

OWN = {"f": "the density", "L": "the likelihood", "ell": "the log-likelihood"}


FILES = {  # what a file holds to what is to be done with it
    "observations": "write data={} beside a density",
    "problem": "read a problem file with derive.Problem.load({})",
    "solution": "a solution is checked with derive.check",
    "": "a density is LaTeX or SymPy text, or the name of a distribution",
}


def refuse_file(density: object) -> None:
    """Raises NotValid for the name of a file where a density is expected, saying where the file belongs."""
    kind = kind_of_file(density)
    if kind is not None:
        name = str(density).strip()
        there = Path(name.partition(":")[0]).exists()
        raise NotValid(f"{name} is a file, and no density" if there else f"there is no file {name}", hint=FILES[kind].format(repr(name)))


def refuse_own_names(letters: Iterable[str]) -> None:
    """Raises NotValid for a letter that is the name of one of the functions that a derivation speaks of."""
    for k in letters:
        if k in OWN:
            raise NotValid(f"the letter {k} is the name of {OWN[k]} here", hint="call what it stands for something else")


def refuse_undeclared_ends(p: Settled) -> None:
    """Raises NotValid where the domain of a parameter ends at a letter that is neither estimated nor known."""
    declared = {*p.parameters, *p.known, *p.values, "n"}
    for k, d in p.parameters.items():
        for letter in sorted(d.letters - declared):
            raise NotValid(
                f"the domain of {reported(k)} ends at {reported(letter)}, which is neither a parameter nor known",
                hint=f"give it in known=..., with a value or alone: known=[{reported(letter)!r}]",
            )


def only_likelihood(**others: Any) -> None:
    """Raises NotValid where something comes with a likelihood that belongs to a density of one observation."""
    for name, given in others.items():
        if given is not None:
            hint = "a likelihood holds the observations already: write their numbers in it, or give its letters values with known={...}"
            raise NotValid(f"`{name}` does not go together with `likelihood`", hint=hint)


def stated_supports(q: Question, support: Any) -> dict[str, Domain | None]:
    """The supports that were stated, as an argument or in the text of the density; None where one is to be inferred."""
    shown = {v: reported(v) if v == OWN_SIZE else v for v in q.variables}
    texts = {v: support.get(shown[v]) for v in q.variables} if isinstance(support, Mapping) else dict.fromkeys(q.variables, support)
    own: dict[Formula, Formula] = {Sym("n"): Sym(OWN_SIZE)} if OWN_SIZE in q.free else {}
    letters = q.free | set(q.parameters)
    return {v: read_domain(as_text(s), shown[v], letters).replaced(own) if s is not None else q.support.get(v) for v, s in texts.items()}


def covariate_values(q: Question, support: Any, supports: Mapping[str, Domain | None], seen: Observations | None) -> dict[str, Domain]:
    """The values of the covariates, as far as they are known before the density was looked at."""
    stated = (
        {canonical(str(v)): read_domain(as_text(s), canonical(str(v))) for v, s in support.items()} if isinstance(support, Mapping) else {}
    )
    values = {c: tuple(seen.tally(c)) for c in q.covariates} if seen is not None else {}
    return covariate_domains(q.density, q.covariates, {c: d for c, d in stated.items() if c in q.covariates}, supports, values)


def settle_domains(
    q: Question, supports: Mapping[str, Domain | None], covariates: Mapping[str, Domain], unnormalised: bool, constraints: Sequence[Relation]
) -> Inferred:  # fmt: skip
    """Domains and supports; a density that the second reader read must total 1 to be believed."""
    if q.doubt is not None and (unnormalised or q.whole):
        raise q.doubt
    _check_indices(q)
    if q.whole:
        return settle_likelihood(q.density, q.parameters, q.known_within, constraints)
    try:
        settled = settle(q.density, q.variables, q.parameters, q.known_within, covariates, supports, unnormalised, constraints)
    except NotValid as e:
        if q.doubt is not None:
            raise q.doubt from None
        if q.pi:
            raise NotValid(e.message, text=e.text, position=e.position, hint=f"{PI_IS_READ}. {e.hint or ''}".strip()) from None
        raise
    if q.doubt is not None and not settled.checked:
        raise q.doubt
    return settled


def _check_indices(q: Question) -> None:
    """Raises NotSupported for a letter with an index: a density is of one observation."""
    for g in walk(q.density):
        if not isinstance(g, At):
            continue
        base = g.base.removesuffix("_ord")
        if base not in (*q.variables, *q.covariates) or g.base != base:
            hint = "a density holds one observation, without an index; sums over the observations in a likelihood may be given as letters"
            raise NotSupported(f"{base} has an index, and is not among the observed variables", hint=hint)


def density_instead(q: Question, supports: dict[str, Domain | None], covariates: Mapping[str, Domain]) -> Given | None:
    """Where the text gives no density: what it gives, and the density made from it, which takes its place in the question."""
    origin = q.origin
    if origin is None:
        return None
    _check_indices(q)
    if len(q.variables) != 1:
        raise NotSupported(f"a {origin.kind} of several variables is not supported yet", hint="give the joint density")
    (v,) = q.variables
    letters = {k: d if not isinstance(d, Formula) else finite(d) for k, d in (*q.parameters.items(), *q.known.items())}
    if origin.kind == HAZARD:
        _no_density(q, supports, covariates)
    if origin.kind in (HAZARD, CUMULATIVE):
        origin, supports[v] = survival_of(origin, v, supports[v], letters)
    made, supports[v] = density_from(origin, v, supports[v], letters)
    q.density = made.density
    return Given(origin, made)


def _no_density(q: Question, supports: Mapping[str, Domain | None], covariates: Mapping[str, Domain]) -> None:
    """Raises NotValid for a hazard rate that totals 1: h(x) = ... may then be a density."""
    try:
        found = settle(q.density, q.variables, q.parameters, q.known_within, covariates, supports)
    except DeriveError:
        return
    if found.checked and all(d.high == INFINITY for d in found.support.values()):
        raise NotValid(
            "this may be a hazard rate or a density: it integrates to 1", text=q.text, position=0,
            hint="write f(...) = ... for a density; the survival function of a hazard rate is S(t) = ...",
        )  # fmt: skip


def is_end(c: Relation) -> bool:
    """Whether a constraint is an inequality of one letter and a number."""
    return c.signs != ("=",) and len(letters_of(c)) == 1


def bounded_by(parameters: Mapping[str, Domain], constraints: Sequence[Relation]) -> tuple[Mapping[str, Domain], tuple[Relation, ...]]:
    """Inequalities of one parameter and a number as ends of its domain; the other constraints."""
    out, rest = dict(parameters), list[Relation]()
    for c in constraints:
        k = next(iter(letters_of(c)))
        if not is_end(c) or out[k].values is not None:
            rest.append(c)
            continue
        if out[k].integer:
            out[k] = meet(out[k], from_condition(c, k))
            continue
        now = out[k].condition(Sym(k))
        out[k] = from_condition(c if now is None else And((now, c)), k)
    return out, tuple(rest)


def narrowed_by(parameters: Mapping[str, Domain], conditions: Sequence[Relation]) -> Mapping[str, Domain]:
    """The domains with what the text of the density says of single parameters, where that leaves some values out.

    An end at which the density does not allow of more is left as it was found: 0 < p < 1 says that p is a probability.
    """
    out = dict(parameters)
    for k in parameters:
        said = [c for c in conditions if letters_of(c) == {k}]
        if not said:
            continue
        stated = from_condition(said[0] if len(said) == 1 else And(tuple(said)), k)
        (low, high), (least, most) = stated.bounds(), out[k].bounds()
        if low > least or high < most or stated.values is not None or (stated.integer and not out[k].integer):
            out[k] = meet(out[k], stated)
    return out


def value_at(name: str, given: Formula, parameters: Mapping[str, Domain]) -> tuple[str, Formula]:
    """A parameter with its value: a value of sigma is one of sigma^2 where that is the parameter."""
    square = name + "2"
    return (square, Pow(given, num(2))) if name not in parameters and square in parameters else (name, given)


def check_values(at: Mapping[str, Formula], parameters: Mapping[str, Domain]) -> None:
    """Raises NotValid unless `at` gives parameters values in their domains."""
    for k, f in at.items():
        check_names("at", [k], parameters, what="the parameters are")
        if letters_of(f):
            raise NotValid(f"the value of {reported(k)} in `at` is not a number", hint='write at={"theta": "1/2"}')
        if not parameters[k].contains(compiled(f)({})):
            raise NotValid(f"the value of {reported(k)} in `at` must be {parameters[k].words()}")


def check_sample(p: Settled, sample: Sample) -> None:
    """Raises NotValid where an observation lies outside the support."""
    for v, d in (*p.support.items(), *p.covariate_domains.items()):
        d = d.replaced({Sym(k): f for k, f in p.values.items()})
        if d.letters:
            bad = _outside_beside(p, v, d, sample)
            if bad is None and d.integer and v in sample.exact:
                bad = sample.first_outside(v, INTEGERS)
        else:
            bad = sample.first_outside(v, d) if v in sample.exact else None
            single = [x for x in sample.counts if not isinstance(x, tuple)]
            bad = bad or next(((j, str(x)) for j, x in enumerate(single, 1) if not d.contains(float(x))), None)
        if bad is None:
            continue
        place = f"observation {bad[0]}" + (f" of {reported(v)}" if len(p.observed) > 1 else "")
        what = "support" if v in p.support else "values of a covariate with"
        hint = f"check the data, or state another {'support' if v in p.support else 'set for it: support={...}'}"
        raise NotValid(f"{place} is {bad[1]}, outside the {what} {d.text(v)}", hint=hint)


def _outside_beside(p: Settled, v: str, d: Domain, sample: Sample) -> tuple[int, str] | None:
    """The first observation outside a support that depends on covariates beside it only."""
    if not (sample.exactly and d.letters <= set(p.covariates)):
        return None
    for j, (x, *beside) in enumerate(zip(*(sample.values(k) for k in (v, *p.covariates)), strict=True), 1):
        env: Env = {c: float(b) for c, b in zip(p.covariates, beside, strict=True)}
        if not d.contains(float(x), env):
            return j, f"{decimal(x)} beside " + ", ".join(f"{reported(c)} = {env[c]:g}" for c in sorted(d.letters))
    return None
