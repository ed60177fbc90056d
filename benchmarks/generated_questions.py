"""Questions made by a program, each with a judge that knows nothing of `derive`: python benchmarks/generated_questions.py --help

Families x other parameters x samples, with censoring, truncation, weights and counts; families of several unknowns; constraints.
The judges maximise log-likelihoods of their own with at least 60 digits.  A run writes one JSON line a question.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath as mp

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from families import CHANGES, FAMILIES, NONE, SAMPLES, Change, Family, logarithm
from joint import JOINT, TWO, Truth, close
from judge import Interval, Judged, judge

SECONDS = 20
SEED = 20
RIDGE = {
    "positive": (("(a*b)", {"a": "positive", "b": "positive"}, lambda v: v["a"] * v["b"]),),
    "real": (("(a-b)", {"a": "real", "b": "real"}, lambda v: v["a"] - v["b"]),),
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """key: what it is.  call: of Python.  truth: found when it is asked for.  one: whether there is one unknown."""

    key: str
    call: str
    truth: Callable[[], Truth]
    one: bool


# -- truths ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """A sample of one variable: exact values with weights, censored ones, a window outside of which nothing was seen."""

    exact: tuple[tuple[str, int], ...]
    right: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    interval: tuple[tuple[str, str], ...] = ()
    window: tuple[str, str] | None = None
    form: str = "list"  # list, counts, weights

    @property
    def text(self) -> str:
        """The argument of the call."""
        plain = [x for x, k in self.exact for _ in range(k)]
        if self.form == "list" and not (self.right or self.left or self.interval or self.window):
            return repr(plain)
        if self.form == "counts":
            parts = ["counts={" + ", ".join(f"{x!r}: {k}" for x, k in self.exact) + "}"]
        elif self.form == "weights":
            parts = [repr([x for x, _ in self.exact]), f"weights={[k for _, k in self.exact]}"]
        else:
            parts = [repr(plain)] if plain else []
        parts += [f"{name}={list(v)!r}" for name, v in (("right", self.right), ("left", self.left), ("interval", self.interval)) if v]
        if self.window:
            parts.append(f"truncation={self.window!r}")
        return f"derive.Sample({', '.join(parts)})"

    @property
    def values(self) -> list[str]:
        """All numbers in it."""
        return [*(x for x, _ in self.exact), *self.right, *self.left, *(x for p in self.interval for x in p if x != "oo")]


def number(text: str) -> mp.mpf:
    """A decimal with the present precision."""
    q = Fraction(text)
    return mp.mpf(q.numerator) / q.denominator


def digits(values: Sequence[str]) -> int:
    """Digits to work with: more where the data lie far apart or far from 1."""
    sizes = [abs(Fraction(x)) for x in values if Fraction(x)] + [Fraction(1)]
    return 60 + 7 * (len(str(int(max(sizes) / min(sizes)))) - 1) // 2


def height(family: Family, seen: Seen) -> Callable[[mp.mpf], mp.mpf]:
    """The log-likelihood of a sample."""
    exact = [(number(x), k) for x, k in seen.exact]
    right, left = [number(x) for x in seen.right], [number(x) for x in seen.left]
    between = [(number(a), number(b)) for a, b in seen.interval]
    total = sum(k for _, k in exact)

    def probability(a: mp.mpf, b: mp.mpf, v: mp.mpf) -> mp.mpf:
        assert family.below and family.above
        low = family.below(a, v)
        high = family.below(b, v)
        if low >= 0.5:
            low, high = family.above(b, v), family.above(a, v)
        p = high - low
        return mp.log(p) if p > high * mp.mpf(10) ** (-mp.mp.dps // 2) else mp.nan

    def known(p: mp.mpf) -> mp.mpf:
        return mp.log(p) if p > 0 else mp.nan  # too small for the digits

    def terms(v: mp.mpf) -> Iterator[mp.mpf]:
        yield from (k * family.log(x, v) for x, k in exact)
        yield from (logarithm(family.above(c, v)) for c in right if family.above)
        yield from (logarithm(family.below(c, v)) for c in left if family.below)
        yield from (probability(a, b, v) for a, b in between)
        if seen.window and family.above:
            a, b = seen.window
            yield -total * (known(family.above(number(a), v)) if b == "oo" else probability(number(a), number(b), v))

    def value(v: mp.mpf) -> mp.mpf:
        s = mp.mpf(0)
        for term in terms(v) if family.domain.low < v < family.domain.high or family.domain.holds(v) else (NONE,):
            if term == NONE or mp.isnan(term):  # nan: not known with these digits
                return term
            s += term
        return s

    return value


JUDGED: dict[tuple[Any, ...], Judged] = {}


def judged(family: Family, seen: Seen, domain: Interval) -> Judged:
    """Where the likelihood is largest in the family's own parameter."""
    key = (family.name, seen, domain)
    if key not in JUDGED:
        xs = [number(x) for x in seen.values]
        found = {abs(x) for x in (*xs, max(xs) - min(xs)) if x}
        low, high = min(found, default=mp.mpf(1)), max(found, default=mp.mpf(1))
        units = {mp.mpf(1), low, high}
        if family.domain.low == 0 and not mp.isfinite(family.domain.high):
            units |= {1 / low, 1 / high, low * low, high * high, 1 / (low * low), 1 / (high * high)}
        marks = set(xs) | {x - 1 for x in xs} | {-min(xs), max(xs), -max(xs), sum(xs) / len(xs), mp.mpf(0), max(map(abs, xs))}
        if family.name.startswith("lognormal"):
            marks |= {mp.log(x) for x in xs}
        JUDGED[key] = judge(height(family, seen), domain, marks, _thinned(units))
    return JUDGED[key]


def _thinned(units: set[mp.mpf]) -> list[mp.mpf]:
    out: list[mp.mpf] = []
    for u in sorted(units):
        if not out or u > out[-1] * 3:
            out.append(u)
    return out


def truth_of(family: Family, seen: Seen, change: Change | None) -> Truth:
    """What is right in the parameter that was asked for."""
    with mp.workdps(digits(seen.values)):
        found = judged(family, seen, change.image if change else family.domain)
        name, back = ("t", change.back) if change else ("L", lambda b: [b])
        sizes = [abs(number(x)) for x in seen.values if number(x)]
        least = mp.mpf(10) ** -30 * min([mp.mpf(1), *sizes, *(1 / x for x in sizes)])
        if found.kind == "points" and any(abs(v) <= least and _rises_towards_0(height(family, seen), v) for v in found.points):
            return Truth("none", words="unbounded, at 0")
        if found.kind == "points":
            return Truth("points", tuple({name: v if abs(v) > least else mp.mpf(0)} for b in found.points for v in back(b)))
        if found.kind == "interval":
            low, high = found.points
            ends = sorted(v for b in (low, high) for v in back(b))
            slack = max(abs(ends[0]), abs(ends[-1])) * mp.mpf("1e-9")
            return Truth("set", holds=lambda v: bool(ends[0] - slack <= v[name] <= ends[-1] + slack))
        if found.kind == "flat":
            return Truth("set", holds=lambda v: True, words="flat")
        return Truth("none", words=f"{found.kind}, {found.words}")


def _rises_towards_0(f: Callable[[mp.mpf], mp.mpf], v: mp.mpf) -> bool:
    """Whether a function without a value at 0 is higher nearer to it than at a place next to it."""
    return bool(f(mp.mpf(0)) == NONE and (v == 0 or f(v / 10**20) > f(v)))


# -- questions ---------------------------------------------------------------------------------------


def asked(family: Family, seen: Seen, change: Change | None) -> str:
    """The call."""
    name = "t" if change else "l"
    text = family.text.replace("L", change.text if change else "l")
    support = family.support.replace("L", change.text if change else "l")
    stated = change.stated if change else family.stated
    return f"derive.mle({text!r}, data={seen.text}, parameters={{{name!r}: {stated!r}}}, support={support!r}, syntax='sympy')"


def plain(sample: Sequence[str]) -> Seen:
    """A sample as a list."""
    return Seen(tuple((x, k) for x, k in Counter(sample).items()))


def singles(rng: random.Random) -> Iterator[Question]:
    """Families x parameters x samples."""
    for family in FAMILIES:
        samples = SAMPLES[family.kind]
        changes: list[Change | None] = [None, *CHANGES.get(family.stated, ())]
        for change in changes:
            some = rng.sample(samples, min(9 if change is None else 2, len(samples)))
            for sample in some:
                seen = plain(sample)
                key = f"{family.name} | {change.name if change else '-'} | {', '.join(sample)}"
                yield Question(key, asked(family, seen, change), lambda f=family, s=seen, c=change: truth_of(f, s, c), True)


def incomplete(rng: random.Random) -> Iterator[Question]:
    """Censored, truncated, weighted, counted."""
    for family in FAMILIES:
        for sample in rng.sample(SAMPLES[family.kind], 1):
            for form in ("counts", "weights"):
                seen = Seen(tuple((x, rng.randint(1, 4)) for x in dict.fromkeys(sample)), form=form)
                yield _incomplete(family, seen, None)
        if family.above is None:
            continue
        discrete = family.below is None or family.support.startswith("{")
        for base, cuts in CUTS[family.kind]:
            options = [
                Seen(plain(base).exact, right=(cuts[1],)),
                Seen((), right=(cuts[0],)),
                Seen(plain(base).exact, right=(cuts[0], cuts[1])),
            ]
            if not discrete:
                options += [
                    Seen(plain(base).exact, left=(cuts[0],)), Seen((), left=(cuts[1],)), Seen(plain(base).exact, interval=((cuts[0], cuts[1]),)),
                    Seen((), interval=((cuts[0], cuts[1]),)), Seen(plain(base).exact, window=WINDOWS[family.kind]),
                    Seen(plain(base).exact, window=(WINDOWS[family.kind][0], "oo")), Seen(plain(base).exact, right=(cuts[1],), left=(cuts[0],)),
                ]  # fmt: skip
            changes: list[Change | None] = [None, *CHANGES.get(family.stated, ())]
            for seen in rng.sample(options, min(3, len(options))):
                yield _incomplete(family, seen, rng.choice(changes) if rng.random() < 0.4 else None)


def _incomplete(family: Family, seen: Seen, change: Change | None) -> Question:
    key = f"{family.name} | {change.name if change else '-'} | {seen.text}"
    return Question(key, asked(family, seen, change), lambda: truth_of(family, seen, change), True)


SHARES = ("p1", "p2", "p3")
CUTS = {
    "pos": ((("1", "2", "4"), ("0.5", "3")), (("2", "2"), ("1", "5"))),
    "small": ((("1", "2"), ("0.5", "1.5")),),
    "real": ((("-1", "0.5", "3"), ("-0.5", "2")), (("1", "1"), ("0", "4"))),
    "unit": ((("0.2", "0.5", "0.9"), ("0.3", "0.7")),),
    "ge1": ((("1", "2", "4"), ("1.5", "3")),),
    "count": ((("0", "2", "1"), ("1", "3")), (("3", "5"), ("2", "6"))),
}  # fmt: skip
WINDOWS = {"pos": ("0.5", "6"), "small": ("0.5", "3"), "real": ("-2", "5"), "unit": ("0.1", "0.95"), "ge1": ("1", "9"), "count": ("0", "9")}


def ridges(rng: random.Random) -> Iterator[Question]:
    """One parameter as a product or a difference of two: not identifiable."""
    for family in FAMILIES:
        for text, parameters, of in RIDGE.get(family.stated, ()):
            for sample in rng.sample(SAMPLES[family.kind], 1):
                seen = plain(sample)
                call = (
                    f"derive.mle({family.text.replace('L', text)!r}, data={seen.text}, parameters={parameters!r}, "
                    f"support={family.support.replace('L', text)!r}, syntax='sympy')"
                )
                yield Question(f"{family.name} | {text} | {', '.join(sample)}", call, lambda f=family, s=seen, g=of: _ridge(f, s, g), False)


def _ridge(family: Family, seen: Seen, of: Callable[[Any], mp.mpf]) -> Truth:
    base = truth_of(family, seen, None)
    if base.kind == "none":
        return base
    if base.kind == "set":
        inner = base.holds
        assert inner
        return Truth("set", holds=lambda v: inner({"L": of(v)}))
    return Truth("set", holds=lambda v: any(close(of(v), p["L"], max(abs(v["a"]), abs(v["b"]))) for p in base.points))


def joints() -> Iterator[Question]:
    """Several unknowns."""
    for joint in JOINT:
        for sample in TWO if joint.kind == "two" else SAMPLES[joint.kind]:
            call = f"derive.mle({joint.text!r}, data={list(sample)!r}, parameters={joint.parameters!r}, support={joint.support!r}, syntax='sympy')"
            yield Question(f"{joint.name} | - | {', '.join(sample)}", call, lambda j=joint, s=sample: _joint(j.truth, s), False)


def _joint(truth: Callable[[Sequence[mp.mpf]], Truth], sample: Sequence[str]) -> Truth:
    with mp.workdps(digits(sample)):
        found = truth([number(x) for x in sample])
        sizes = [abs(number(x)) for x in sample if number(x)]
        least = mp.mpf(10) ** -30 * min([mp.mpf(1), *sizes, *(1 / x for x in sizes)]) ** 2  # a variance may be so small
        points = tuple({k: v if abs(v) > least else mp.mpf(0) for k, v in p.items()} for p in found.points)
        return Truth(found.kind, points, found.holds, found.words)


def constrained(rng: random.Random) -> Iterator[Question]:
    """Shares with a sum of 1, equal ones, means in order: closed forms."""
    for counts in ((3, 5, 2), (0, 4, 1), (1, 1, 1), (0, 0, 7), (10**6, 1, 1), (2, 2, 0)):
        n = sum(counts)
        known = {f"n{k + 1}": c for k, c in enumerate(counts)}
        shares = tuple(Fraction(c, n) for c in counts)
        call = f"derive.mle(likelihood='p1**n1*p2**n2*p3**n3', known={known!r}, parameters={{'p1': '[0, 1]', 'p2': '[0, 1]', 'p3': '[0, 1]'}}, constraints=['p1+p2+p3=1']"

        for extra in ("", ", method='lagrange'"):
            yield Question(f"trinomial | sum 1{extra} | {counts}", call + extra + ")", lambda s=shares: _fixed(SHARES, s), False)
        pooled = (Fraction(counts[0] + counts[1], 2 * n),) * 2 + (shares[2],)
        yield Question(
            f"trinomial | p1 = p2 | {counts}", call.replace("=1']", "=1', 'p1=p2']") + ")", lambda s=pooled: _fixed(SHARES, s), False
        )
        ordered = shares if shares[0] <= shares[1] else pooled
        yield Question(
            f"trinomial | p1 <= p2 | {counts}", call.replace("=1']", "=1', 'p1 <= p2']") + ")", lambda s=ordered: _fixed(SHARES, s), False
        )
    for xs, ys in ((("1", "3"), ("2", "6")), (("2", "6"), ("1", "3")), (("1", "1"), ("1", "1")), (("0", "1e9"), ("5", "5"))):
        m = [sum(map(Fraction, v), Fraction(0)) / 2 for v in (xs, ys)]
        pool = (sum(m) / 2,) * 2
        call = f"derive.mle('exp(-(x-a)**2/2-(y-b)**2/2)/(2*pi)', variable=['x', 'y'], data={{'x': {list(xs)!r}, 'y': {list(ys)!r}}}, parameters={{'a': 'real', 'b': 'real'}}, support='real', syntax='sympy'"
        for sign, right in (("=", pool), ("<=", tuple(m) if m[0] <= m[1] else pool), (">=", tuple(m) if m[0] >= m[1] else pool)):
            yield Question(
                f"two normals | a {sign} b | {xs} {ys}",
                call + f", constraints=['a {sign} b'])",
                lambda s=right: _fixed(("a", "b"), s),
                False,
            )


def _fixed(names: Sequence[str], values: Sequence[Fraction]) -> Truth:
    return Truth("points", ({k: mp.mpf(v.numerator) / v.denominator for k, v in zip(names, values, strict=True)},))


def questions(seed: int = SEED) -> list[Question]:
    """All of them, in a fixed order."""
    rng = random.Random(seed)
    out = [*singles(rng), *incomplete(rng), *ridges(rng), *joints(), *constrained(rng)]
    rng.shuffle(out)
    return list({q.key: q for q in out}.values())


# -- what came out -----------------------------------------------------------------------------------


class Hang(BaseException):
    """Out of time."""


@contextlib.contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Raises `Hang` after so many seconds of work."""

    def stop(*_: Any) -> None:
        raise Hang

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def real(value: Any) -> mp.mpf:
    """A SymPy number, or a float, with 40 digits."""
    import sympy

    v = sympy.N(value, 40)
    if not isinstance(v, sympy.Float):  # terms that cancel
        v = sympy.N(value, 400)
    if isinstance(v, sympy.Float):
        return mp.mpf(v._mpf_)
    try:
        return mp.mpf(str(v))
    except ValueError:  # not a finite real number
        return mp.nan


def verdict(d: Any, truth: Truth, unit: mp.mpf) -> str:
    """ "" where a derivation agrees with the truth, else how it does not."""
    import sympy

    def named(name: str) -> str:
        return name if name in d.numeric else {"L": "l"}.get(name, name)

    outcome = str(d.outcome)
    if truth.kind == "none":
        return "" if outcome == "none" else f"says {outcome}, there is none ({truth.words})"
    if outcome == "none":
        return "says none, there is a maximum"
    values = {("L" if k == "l" and any("L" in p for p in truth.points) else k): real(v) for k, v in (d.numeric or {}).items()}
    if truth.kind == "set":
        if outcome != "not unique":
            return f"says {outcome}, not unique is right"
        assert truth.holds
        values = {**values, "L": next(iter(values.values()))}
        return "" if truth.holds(values) else f"{show(values)} is no maximiser"
    if outcome == "unique" and len(truth.points) > 1:
        return f"says unique, there are {len(truth.points)}"
    if outcome == "not unique" and len(truth.points) == 1:
        return "says not unique, it is unique"
    if outcome not in ("unique", "not unique"):
        return f"says {outcome}"
    if not any(
        all(close(values[named(k)] if k not in values else values[k], v, unit if not v else mp.mpf(0)) for k, v in p.items())
        for p in truth.points
    ):
        return f"{show(values)}, right is {' or '.join(map(show, truth.points))}"
    for name, e in (d.estimates or {}).items():
        wanted = [next(v for k, v in p.items() if named(k) == name) for p in truth.points]
        if isinstance(e, sympy.FiniteSet):
            got = [real(v) for v in e]
            single = len({mp.nstr(w, 15) for w in wanted})
            if len(got) != single or not all(any(close(g, w, unit if not w else mp.mpf(0)) for w in wanted) for g in got):
                return f"estimates {e}, right is {' or '.join(map(show, truth.points))}"
        elif (isinstance(e, sympy.Expr) and e.is_number and not any(close(real(e), w, unit if not w else mp.mpf(0)) for w in wanted)) or (
            isinstance(e, sympy.Set) and not isinstance(e, sympy.FiniteSet)
        ):
            return f"estimates[{name}] = {e}, right is {' or '.join(map(show, truth.points))}"
    return ""


def show(values: Any) -> str:
    """Values, short."""
    return ", ".join(f"{k} = {mp.nstr(v, 15)}" for k, v in values.items())


def asked_of(question: Question, kept: dict[str, Truth]) -> dict[str, Any]:
    """One question put to `derive` and judged: a line of the report.  kept: truths found before."""
    import derive

    start = time.process_time()
    line: dict[str, Any] = {"key": question.key, "call": question.call, "one": question.one}
    found: Any = None
    try:
        with limited(SECONDS):
            found = eval(question.call, {"derive": derive})
            found.to_markdown()
            if found.numeric is not None:
                dict(found.numeric)
    except Hang:
        line |= {"result": "hang", "why": f"over {SECONDS} s"}
    except derive.DeriveError as e:
        line |= {"result": "refusal", "why": str(e)}
    except Exception as e:
        line |= {"result": "exception", "why": f"{type(e).__name__}: {e}"}
    line["seconds"] = round(time.process_time() - start, 3)
    if found is None or "result" in line:
        return line
    line |= {"outcome": str(found.outcome), "how": {k: str(v) for k, v in found.how.items()}}
    certainty = getattr(found, "certainty", None)
    if certainty is not None:
        line["certainty"] = {k: str(v) for k, v in certainty.items()}
    try:
        with limited(2 * SECONDS):
            truth = kept.get(question.key) or question.truth()
    except (Hang, ValueError, ZeroDivisionError, OverflowError, MemoryError) as e:
        return line | {"result": "unjudged", "why": f"{type(e).__name__}: {e}"}
    line |= {"judged": truth.kind, "words": truth.words, "points": [{k: mp.nstr(v, 40) for k, v in p.items()} for p in truth.points]}
    with mp.workdps(60):
        units = [abs(v) for p in truth.points for v in p.values() if v]
        why = verdict(found, truth, min(units, default=mp.mpf(10) ** -9))
    return line | {"result": "wrong" if why else "right", "why": why}


def remembered(path: str) -> dict[str, Truth]:
    """The truths in a report, but for those that are sets."""
    lines = [json.loads(row) for row in Path(path).read_text().splitlines()] if path else []
    with mp.workdps(45):
        return {
            r["key"]: Truth(r["judged"], tuple({k: mp.mpf(v) for k, v in p.items()} for p in r["points"]), words=r["words"])
            for r in lines
            if r.get("judged") in ("points", "none")
        }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first question's number")
    parser.add_argument("--to", dest="last", type=int, default=None, help="the number after the last one's")
    parser.add_argument("--only", default="", help="questions whose key holds this")
    parser.add_argument("--seconds", type=float, default=1e9, help="stop after so long")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "-o", dest="out", default="-", help="a file of JSON lines, to which lines are added; questions in it are not asked again"
    )
    parser.add_argument("--list", action="store_true", help="only print the calls")
    parser.add_argument("--truths", default="", help="a report of before, whose truths are taken")
    options = parser.parse_args()
    kept = remembered(options.truths)
    chosen = [q for q in questions(options.seed) if options.only in q.key][options.first : options.last]
    if options.list:
        print("\n".join(f"{q.key}\n    {q.call}" for q in chosen))
        return
    path = Path(options.out)
    done = {json.loads(row)["key"] for row in path.read_text().splitlines()} if options.out != "-" and path.exists() else set()
    count: Counter[str] = Counter()
    start = time.monotonic()
    with contextlib.ExitStack() as stack:
        out = sys.stdout if options.out == "-" else stack.enter_context(path.open("a"))
        for q in chosen:
            if q.key in done:
                continue
            if time.monotonic() - start > options.seconds:
                break
            line = asked_of(q, kept)
            count[line["result"]] += 1
            print(json.dumps(line, ensure_ascii=False), file=out, flush=True)
    print(dict(count), "left:", len(chosen) - len(done) - sum(count.values()), file=sys.stderr)


if __name__ == "__main__":
    main()
