"""From the arguments of a question to the question as it was settled."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from ..density.inference.simplex import remainders
from ..density.support.conditional import as_conditions, read_off
from ..errors import DeriveError, NotSupported, NotValid
from ..formula.decimals import DIGITS
from ..formula.names import canonical, marked_list, reported
from ..formula.tree import Formula, Sym, names, replace_all
from ..reading.predictor import PREDICTOR, read_predictor
from ..reading.question import Question as ReadQuestion
from ..reading.random_variables import as_text, is_random
from ..sample.datafile import names_in
from ..sample.observations import observations
from ..sample.sample import as_sample
from ..sample.table import Choice, is_file
from ..sets.domain import REAL, Domain
from ..trace import Detail, SectionKey
from .arguments import PredictionArguments, parts_of
from .ask_arrays import about_arrays, ask_arrays, of_predictor
from .ask_families import ask_families
from .cells import cells_of
from .groups import groups_of
from .named import entry_of, filled, refuse_name
from .naming import check_names
from .prediction import read_prediction
from .settled import Asked, Settled
from .test_points import narrowed_covariates, random_letters
from .validation import (
    bounded_by,
    check_sample,
    check_values,
    covariate_values,
    density_instead,
    is_end,
    narrowed_by,
    only_likelihood,
    refuse_file,
    refuse_own_names,
    refuse_undeclared_ends,
    settle_domains,
    stated_supports,
    value_at,
)


def ask(density: Any, question: PredictionArguments) -> Settled:
    """A question, read and validated; the arguments are those of `derive.mle`.  Raises NotValid or NotSupported.

    What cannot be asked of a few letters may be a question about families of them, as many as a letter says.
    """
    if about_arrays(density, question):
        return ask_arrays(density, question)
    if (predicted := with_predictor(density, question)) is not None:
        return predicted
    try:
        return ask_letters(density, question)
    except DeriveError as refusal:
        found = ask_families(density, question)
        if found is None:
            raise refusal
        return found


def with_predictor(density: Any, question: PredictionArguments) -> Settled | None:
    """A question about a response with a linear predictor x' beta: the question about one response, in the predictor, is asked first.  None
    where there is no such predictor."""
    text = question.get("likelihood") if question.get("likelihood") is not None else density
    read = read_predictor(text)
    if read is None:
        return None
    one = cast(
        PredictionArguments, {"parameters": {PREDICTOR: "real"}, "syntax": question.get("syntax"), "variable": question.get("variable")}
    )
    return of_predictor(read, ask_letters(read.one, one), question)


def ask_letters(density: Any, question: PredictionArguments) -> Settled:
    """A question about parameters that are letters, each for itself."""
    likelihood, data, n = question.get("likelihood"), question.get("data"), question.get("n")
    variable, covariates, parameters = question.get("variable"), question.get("covariates"), question.get("parameters")
    known, support, prediction = question.get("known"), question.get("support"), question.get("prediction")
    whole = likelihood is not None  # a likelihood was given in place of a density
    if whole:
        refuse_file(likelihood)
        refuse_name(likelihood, parameters)
        only_likelihood(density=density, variable=variable, covariates=covariates, support=support, prediction=prediction)
    elif density is None:
        raise NotValid("there is no density", hint=r"give one, for example r'\lambda e^{-\lambda x}'")
    else:
        refuse_file(density)
    column = question.get("column")
    columns = columns_of(data, column)
    syntax = question.get("syntax")
    if not whole and is_random(density):
        density, letter, within = as_text(density)
        variable, support, syntax = variable or letter, support or within, "sympy"
    entry = None if whole else entry_of(density)
    if entry is not None:
        named = filled(
            entry, {"variable": variable, "parameters": parameters, "known": known, "support": support}, columns if column is None else ()
        )
        density, variable, parameters, known, support = named.values()
    predicted = read_prediction(prediction, covariates)
    if predicted is not None:
        covariates, parameters = predicted.covariates, predicted.parameters(parameters)
    q = ReadQuestion(likelihood if whole else density, syntax, variable, covariates, parameters, known, whole, support, columns)
    if whole:
        of_a_sample = as_density(q, question)
        if of_a_sample is not None:
            return of_a_sample
        if q.refused is not None:
            raise q.refused
        only_likelihood(data=data, n=n)
        ends = sorted({(k, e) for k, d in q.parameters.items() if d is not None for e in d.letters})
        if ends:
            raise NotSupported(f"the domain of {ends[0][0]} ends at {ends[0][1]}, a letter; this is not supported", hint="put in its value")
    written, wanted = q.density, q.declared.constraints(question.get("constraints") or ())
    if predicted is None:
        check_names(
            "covariates", q.covariates, sorted({*q.letters, *q.free} - {*q.variables}), also=q.variables, what="the other letters are"
        )
    how = Choice(question.get("column"), question.get("event"), question.get("missing"))
    sample = as_sample(data, tuple(q.variables), tuple(q.covariates), how)
    if n is not None and (not isinstance(n, int) or isinstance(n, bool) or n < 1):
        raise NotValid(f"n is a whole number of observations, not {n!r}")
    if n is not None and sample is not None and n != sample.size:
        raise NotValid(
            f"n is {n} and there are {sample.size} observations", hint="n is the size of a symbolic sample: leave it out with data"
        )
    if isinstance(support, Mapping):
        check_names(
            "support", [canonical(str(v)) for v in support], [*map(reported, q.variables), *q.covariates], what="what is observed is"
        )
    refuse_own_names((*q.variables, *q.covariates, *q.free))
    supports = stated_supports(q, support)
    in_equations = {k for c in wanted if c.signs == ("=",) for k in names(c)}
    q.check_occurrence(frozenset(k for d in supports.values() if d is not None for k in d.letters) | in_equations)
    domains = covariate_values(q, support, supports, observations(sample, (*q.variables, *q.covariates)))
    q.free |= {k for d in domains.values() for k in d.letters} | {k for c in wanted for k in names(c)}
    unnormalised = question.get("unnormalised", False)
    instead = density_instead(q, supports, domains)
    conditions = q.said_of_parameters()
    wanted = (*wanted, *(c for c in conditions if len(names(c)) > 1))
    found = settle_domains(q, supports, domains, unnormalised, [c for c in wanted if not is_end(c)])
    known_sets = {**found.known, **{k: REAL if d is None else d for k, d in q.known_apart.items()}}
    constants = {k: d for k, d in known_sets.items() if isinstance(d, Domain)}
    values = {k: f for k, f in known_sets.items() if not isinstance(f, Domain)}
    put: dict[Formula, Formula] = {Sym(k): f for k, f in values.items()}
    if predicted is not None:
        predicted.check(found.parameters)
    estimated, tied = bounded_by(narrowed_by(found.parameters, conditions), [replace_all(c, put) for c in wanted])  # type: ignore[misc]
    one = replace_all(q.density, put)
    p = Settled(
        density=one, written=written, variables=q.variables, covariates=q.covariates, parameters=estimated, known=constants, values=values,
        support={v: read_off(d, {**found.parameters, **constants}) for v, d in found.support.items()}, covariate_domains=domains,
        constraints=tied, remainders=remainders(one), notation=q.notation, inferred=found.inferred, normalised=found.checked,
        total=found.total, unnormalised=unnormalised, whole=whole, index="i" if "i" not in q.letters else "j",
        warnings=(*q.named.remarks, *found.warnings, *(() if sample is None else sample.notes)), doubts=tuple(q.named.doubts), entry=entry or q.named.entry,
        meanings=q.meanings, prediction=predicted, given=None if instead is None else instead.at(put), sample=sample, given_size=n,
    )  # fmt: skip
    if parameters is None and (counts := whole_beside_others(p)):
        if sample is None:
            given = dict(known) if isinstance(known, Mapping) else dict.fromkeys(known or ())
            again = cast(PredictionArguments, {**question, "known": {**given, **dict.fromkeys(map(reported, counts))}})
            return _saying(ask(density, again), f"{marked_list(counts)} is taken as known here: with data it would be estimated too.")
        p = _saying(p, f"{marked_list(counts)} is estimated too; where it is given, declare it as known.")
    refuse_undeclared_ends(p)
    p = p.replace(covariate_domains=narrowed_covariates(p))
    if sample is not None:
        p = p.replace(sums={k: (q.declared.statistic(k), s) for k, s in sample.sums.items()})
    p = _by_cases(p, q.letters | set(p.known) | set(p.parameters))
    if question.get("method") is not None and not (wanted or p.remainders):
        raise NotValid(
            "`method` says how constraints are met, and there are none", hint="write constraints=['p1 + p2 + p3 = 1'], or leave it out"
        )
    quantities = {str(k): q.declared.formula(v, f"the quantity {k!r}") for k, v in (question.get("quantities") or {}).items()}
    spoken = [*quantities.values(), *(f for f, _ in p.sums.values())]
    quantities = {k: replace_all(f, put) for k, f in quantities.items()}
    asked = Asked(
        quantities,
        dict(value_at(canonical(str(k)), q.declared.formula(v, f"the value of {k}"), p.parameters) for k, v in (question.get("at") or {}).items()),
        question.get("units"), {canonical(str(k)): v for k, v in (question.get("labels") or {}).items()},
        question.get("title"), question.get("method") or "substitution", how.remembered, question.get("digits") or DIGITS,
        Detail(question.get("detail") or Detail.STANDARD), tuple(map(SectionKey, parts_of(question.get("inference")))),
    )  # fmt: skip
    check_values(asked.at, p.parameters)
    check_names("known", q.known_apart, sorted({k for f in spoken for k in names(f)}), also=(*q.letters, *p.parameters))
    check_names("labels", asked.labels, (*p.parameters, *p.known, *p.values, *p.observed))
    p = _with_ends_or_conditions(p.replace(asked=asked))
    if sample is not None:
        check_sample(p, sample)
    if p.given is not None:
        rng = random.Random(6)
        p.given.check(p.variables[0], p.support[p.variables[0]], [random_letters(p, rng) for _ in range(3)])
    return p


def as_density(q: ReadQuestion, question: PredictionArguments) -> Settled | None:
    """The question about the density of which a likelihood is the product over the sample; None where it is not seen to be one.

    Of several letters with an index one is observed and the others are given beside it, or all of them are observed.
    """
    if q.one is None or (q.summarised and question.get("data") is None):
        return None
    known = question.get("known")
    given = {str(k): v for k, v in known.items()} if isinstance(known, Mapping) else dict.fromkeys(map(str, known or ()))
    of_data = {"n", *q.bases, *(b + m for b in q.bases for m in ("_bar", "bar"))}
    if any(v is not None for k, v in given.items() if canonical(k) in of_data):
        return None
    rest = {k: v for k, v in given.items() if canonical(k) not in of_data}
    roles: list[tuple[Sequence[str], Sequence[str]]] = [([b], [c for c in q.bases if c != b]) for b in q.bases]
    for variables, covariates in [*roles, *([(q.bases, [])] if len(q.bases) > 1 else [])]:
        more = {"likelihood": None, "variable": variables, "covariates": covariates or None, "known": rest or None, "syntax": None}
        try:
            p = ask(q.one, cast(PredictionArguments, {**question, **more}))
        except DeriveError:
            continue
        if p.normalised:
            said = "The likelihood is the product of this function over an independent sample."
            return p.replace(warnings=(said, *p.warnings))
    return None


def _saying(p: Settled, remark: str) -> Settled:
    return p.replace(warnings=(*p.warnings, remark), doubts=(*p.doubts, remark))


def whole_beside_others(p: Settled) -> list[str]:
    """The parameters that count something, as n of a binomial distribution, where there are others beside them."""
    counts = [k for k, d in p.parameters.items() if d.integer and d.values is None]
    plain = not (p.whole or p.separate_ends or p.constraints) and p.prediction is None
    return counts if plain and len(counts) == 1 and len(p.parameters) > 1 else []


def columns_of(data: Any, column: str | Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The names of the columns of a table of data, where they can be letters of a formula; a column that was named for a letter
    goes by that."""
    if isinstance(data, (str, Path)) and is_file(data):
        names: Collection[Any] = list(filter(None, names_in(data)))
        names = names if len(names) > 1 else ()  # a single one is what is observed, whatever it is called
    else:
        names = data.keys() if isinstance(data, Mapping) else getattr(data, "columns", ())
    letters = {c: v for v, c in column.items()} if isinstance(column, Mapping) else {column: ""}
    return tuple(k for k in (letters.get(c, c) for c in map(str, names)) if k.isidentifier())


def _by_cases(p: Settled, taken: set[str]) -> Settled:
    """A density by cases, with letters for how often each is seen."""
    cells = groups_of(p.density, p.covariate_domains, taken) or cells_of(p.density, p.variables, p.covariates, p.support, taken, p.known)
    return p if cells is None else p.replace(cells=cells, statistics=cells.counts(p.observed, p.index))


def _with_ends_or_conditions(p: Settled) -> Settled:
    """Ends of a support that are not solved for each of their parameters stay conditions."""
    if not p.moving or len(p.variables) != 1 or p.covariates or any(d.discrete for d in p.support.values()):
        return p
    try:
        _ = p.bounds
    except NotSupported:
        (v,) = p.variables
        return p.replace(support={v: as_conditions(p.support[v], v, p.parameters)})
    return p


__all__ = ["ask"]
