"""Timings in ratios: python benchmarks/bench.py [--rows 10000000] [--sizes [FAMILY ...]]

Whole process: `derive mle` on the coin against `import sympy` and against the plain SymPy script for the bare answer, in turn, medians of
several.  Warm: each example and the symbolic textbook densities, with verification and Markdown; write-ups read back by the checker.  Large data: the time for
given data against the NumPy sums that it needs.  Sizes: given floats of 5 to a million observations, families solved numerically.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent / "examples"
COIN = r"\theta^x (1-\theta)^{1-x}"
SYMPY = "import sympy"
SCRIPT = (
    "import sympy as s; t=s.symbols('theta', positive=True); l=s.expand_log(s.log(t**3*(1-t)**2), force=True);"
    "print(s.latex(s.solve(s.diff(l, t), t)))"
)
SYMBOLIC = [
    ({"density": COIN}, "Bernoulli"),
    ({"density": r"\binom{m}{x}p^x(1-p)^{m-x}", "known": ["m"]}, "binomial"),
    ({"density": "p(1-p)^{x-1}"}, "geometric"),
    ({"density": "p(1-p)^x"}, "geometric from 0"),
    ({"density": r"\frac{\lambda^x e^{-\lambda}}{x!}"}, "Poisson"),
    ({"density": r"\lambda e^{-\lambda x}"}, "exponential rate"),
    ({"density": r"\frac1\theta e^{-x/\theta}"}, "exponential scale"),
    ({"density": r"\frac{1}{\sqrt{2\pi v}}e^{-\frac{(x-\mu)^2}{2v}}"}, "normal"),
    ({"density": r"\frac{1}{\sigma\sqrt{2\pi}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}"}, "normal, sigma"),
    ({"density": r"\frac{1}{\sqrt{2\pi v}}e^{-\frac{(x-\mu)^2}{2v}}", "known": ["v"]}, "normal, mu"),
    ({"density": r"\frac{1}{\sqrt{2\pi v}}e^{-\frac{(x-\mu)^2}{2v}}", "known": [r"\mu"]}, "normal, v"),
    ({"density": r"\frac{1}{x\sqrt{2\pi v}}e^{-\frac{(\ln x-\mu)^2}{2v}}"}, "log-normal"),
    ({"density": r"\frac{\beta^\alpha}{\Gamma(\alpha)}x^{\alpha-1}e^{-\beta x}", "known": [r"\alpha"]}, "gamma, known shape"),
    ({"density": r"\frac{x}{\sigma^2}e^{-\frac{x^2}{2\sigma^2}}"}, "Rayleigh"),
    ({"density": r"\frac{\alpha x_m^\alpha}{x^{\alpha+1}}", "known": ["x_m"], "support": "x >= x_m"}, "Pareto, known minimum"),
    ({"density": r"\theta x^{\theta-1}"}, "power"),
    ({"density": r"\sqrt{\frac{\lambda}{2\pi x^3}}\exp\left(-\frac{\lambda(x-\mu)^2}{2\mu^2x}\right)"}, "inverse Gaussian"),
    ({"density": r"\frac{1}{2b}e^{-\frac{|x-\mu|}{b}}", "known": [r"\mu"]}, "Laplace scale"),
    ({"density": r"\frac{1}{\sqrt{2\pi\theta}}e^{-\frac{(x-\theta)^2}{2\theta}}"}, "N(theta, theta)"),
    ({"density": r"\frac{1}{\theta\sqrt{2\pi}}e^{-\frac{(x-\theta)^2}{2\theta^2}}"}, "N(theta, theta^2)"),
]


def seconds(command: list[str]) -> float:
    """Wall time of a whole process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def process(runs: int) -> None:
    """The command line against a bare import, run in turn so that drift of the machine cancels."""
    derive = [sys.executable, "-m", "derive", "mle", COIN, "--data", "1,1,0,1,0"]
    commands = {"import sympy": [sys.executable, "-c", SYMPY], "SymPy script": [sys.executable, "-c", SCRIPT], "derive mle": derive}
    times: dict[str, list[float]] = {k: [] for k in commands}
    for k in range(runs + 1):
        for name, command in commands.items():
            t = seconds(command)
            if k:
                times[name].append(t)
    base = times["import sympy"]
    for name, ts in times.items():
        ratio = statistics.median(t / b for t, b in zip(ts, base, strict=True))
        print(f"{name:14} {statistics.median(ts):.3f} s   {ratio:.2f} x import sympy")


def warm(repeat: int) -> None:
    """Median times in one process: each example, the symbolic densities together, many symbolic cells."""
    import derive

    def once(question: dict[str, object]) -> float:
        return _timed(lambda: derive.mle(**question).to_markdown())  # type: ignore[arg-type]

    def example(path: Path) -> float:
        def work() -> None:
            problem = derive.Problem.load(path)
            (derive.mle(problem) if problem.prediction is None else derive.loss(problem)).to_markdown()

        return _timed(work)

    total = 0.0
    for path in sorted(EXAMPLES.glob("*.toml")):
        example(path)
        t = statistics.median(example(path) for _ in range(repeat))
        total += t
        print(f"{path.stem:24} {t * 1e3:7.1f} ms")
    print(f"{'examples together':24} {total * 1e3:7.1f} ms")
    total = 0.0
    for question, name in SYMBOLIC:
        once(question)
        t = statistics.median(once(question) for _ in range(repeat))
        total += t
        print(f"{name:24} {t * 1e3:7.1f} ms")
    print(f"{'symbolic together':24} {total * 1e3:7.1f} ms")
    for k in (10, 50):
        t = statistics.median(once(cells(k)) for _ in range(3))
        print(f"multinomial, {k} cells    {t * 1e3:7.1f} ms")


def cells(k: int) -> dict[str, object]:
    """A multinomial likelihood with k cells and symbolic counts."""
    return {
        "likelihood": "*".join(f"p{j}**n{j}" for j in range(1, k + 1)),
        "parameters": [f"p{j}" for j in range(1, k + 1)],
        "known": [f"n{j}" for j in range(1, k + 1)],
        "constraints": [" + ".join(f"p{j}" for j in range(1, k + 1)) + " = 1"],
    }


def checking(repeat: int) -> None:
    """Relations a second in reading and judging the examples' write-ups; beside it math-verify, where it is installed."""
    import derive

    problems = {path: derive.Problem.load(path) for path in sorted(EXAMPLES.glob("*.toml"))}
    reports = {path: derive.check(path.with_suffix(".md").read_text(encoding="utf-8"), p) for path, p in problems.items()}
    count = sum(len(r.lines) for r in reports.values())

    def work() -> None:
        for path, p in problems.items():
            derive.check(path.with_suffix(".md").read_text(encoding="utf-8"), p)

    t = statistics.median(_timed(work) for _ in range(repeat))
    print(f"checking: {count} relations, {count / t:.0f} a second")
    try:
        from math_verify import parse, verify
    except ImportError:
        return
    pairs = [line.text.split(" = ") for r in reports.values() for line in r.lines if line.text.count(" = ") == 1][:40]

    def other() -> None:
        for left, right in pairs:
            verify(parse(f"${left}$"), parse(f"${right}$"))

    t = _timed(other)
    print(f"math-verify: {len(pairs)} pairs of formulas, {len(pairs) / t:.1f} a second")


def large(rows: int, repeat: int) -> None:
    """Given data of many rows against the chunked NumPy sums that the result needs."""
    import numpy as np

    import derive

    x = np.random.default_rng(1).exponential(2.0, rows)
    question = {"density": r"\lambda e^{-\lambda x}"}
    derive.mle(**question, data=x[:10])
    ten = statistics.median(_timed(lambda: derive.mle(**question, data=x[:10])) for _ in range(repeat))
    sums = statistics.median(_timed(lambda: sum(float(x[k : k + 65536].sum()) for k in range(0, rows, 65536))) for _ in range(repeat))
    full = statistics.median(_timed(lambda: derive.mle(**question, data=x)) for _ in range(repeat))
    print(f"{rows} rows: sums {sums * 1e3:.1f} ms, derivation {full * 1e3:.1f} ms, ten rows {ten * 1e3:.1f} ms")
    print(f"beyond the ten-row derivation: {(full - ten) / sums:.2f} x the sum")
    known, limits = x[x < 3], np.full(int((x >= 3).sum()), 3.0)
    few = derive.Sample(known[:2000], right=limits[:500])
    small = statistics.median(_timed(lambda: derive.mle(**question, data=few)) for _ in range(repeat))
    whole = statistics.median(_timed(lambda: derive.mle(**question, data=derive.Sample(known, right=limits))) for _ in range(repeat))
    print(f"right-censored: {whole * 1e3:.1f} ms, beyond a small sample {(whole - small) / sums:.2f} x the sum")
    counts = {k: 10**9 + k for k in range(1, 8)}
    print(
        f"counts of 7e9: {statistics.median(_timed(lambda: derive.mle(**question, data=derive.Sample(counts=counts))) for _ in range(repeat)) * 1e3:.1f} ms"
    )


def sizes(repeat: int, only: Sequence[str] = ()) -> None:
    """Given floats of many sizes: time of this process, the least of several, which should grow little and never fall off.

    only: the families; all where none is named.
    """
    import numpy as np

    import derive

    rng = np.random.default_rng(3)
    both = {"m": "real", "s": "positive"}

    def censored(n: int) -> derive.Sample:
        x = rng.normal(2, 1.5, n)
        return derive.Sample(x[x < 3], right=np.full(int((x >= 3).sum()), 3.0))

    def responses(n: int) -> dict[str, object]:
        x = rng.normal(0, 1, n)
        return {"x": x, "y": (rng.random(n) < 1 / (1 + np.exp(-0.3 - x))).astype(int)}

    draws = {
        "normal": (derive.Problem("normal"), lambda n: rng.normal(2, 1.5, n)),
        "exponential": (derive.Problem("l*exp(-l*x)", parameters={"l": "positive"}), lambda n: rng.exponential(2, n)),
        "gamma": (derive.Problem("gamma"), lambda n: rng.gamma(2.5, 1.3, n)),
        "Weibull": (derive.Problem("weibull"), lambda n: 2 * rng.weibull(1.7, n)),
        "beta": (derive.Problem("beta"), lambda n: rng.beta(2, 3, n)),
        "Cauchy": (derive.Problem("1/(pi*(1 + (x - m)**2))", parameters={"m": "real"}), lambda n: rng.standard_cauchy(n)),
        "Cauchy m, s": (derive.Problem("s/(pi*(s**2 + (x - m)**2))", parameters=both), lambda n: 1 + 2 * rng.standard_cauchy(n)),
        "logistic": (derive.Problem("exp(-(x-m)/s)/(s*(1+exp(-(x-m)/s))**2)", parameters=both), lambda n: rng.logistic(2, 1.5, n)),
        "Gumbel": (derive.Problem("exp(-(x-m)/s-exp(-(x-m)/s))/s", parameters=both), lambda n: rng.gumbel(2, 1.5, n)),
        "Lomax": (derive.Problem("a*l**a/(x+l)**(a+1)", parameters={"a": "positive", "l": "positive"}), lambda n: 2 * rng.pareto(2.5, n)),
        "censored": (derive.Problem("normal"), censored),
        "logit": ("y ~ Bernoulli(p), logit(p) = a + b*x", responses),
        "probit": ("y ~ Bernoulli(p), probit(p) = a + b*x", responses),
    }  # fmt: skip
    counts = (5, 50, 500, 999, 1001, 10**4, 10**6)
    print(f"{'n':12}", *(f"{n:9d}" for n in counts))
    for name, (problem, draw) in draws.items():
        if only and name not in only:
            continue
        row = []
        for n in counts:
            times = []
            for _ in range(repeat):
                data = draw(n)
                asked = derive.Problem(problem, data=data) if isinstance(problem, str) else problem.with_data(data)
                start = time.process_time()
                try:
                    derive.mle(asked)
                except derive.NotSupported:  # few responses may be all alike
                    continue
                times.append(time.process_time() - start)
            row.append(min(times, default=float("nan")))
        print(f"{name:12}", *(f"{1e3 * t:6.0f} ms" for t in row), flush=True)


def _timed(work: object) -> float:
    start = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - start


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--sizes", nargs="*", metavar="FAMILY", help="only the times by number of observations, of all families or of some")
    args = parser.parse_args()
    if args.sizes is None:
        process(args.runs)
        warm(5)
        checking(5)
        large(args.rows, 5)
    sizes(5, args.sizes or ())
