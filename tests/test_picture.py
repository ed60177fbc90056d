"""The picture of a derivation: what it shows, as values; its files, its place in pages, what is refused."""

from __future__ import annotations

import base64
import json
import math
import random
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

import derive
from derive import Sample
from derive.cli.main import main
from derive.picture.picture import picture_of
from derive.picture.what import Arrow, Band, Bars, Contours, Curve, Dots, Panel, Role, Span, Ticks
from derive.rendering.pictures import svg_of

CUT = 1.959963984540054**2 / 2  # half the 95% quantile of the chi-squared distribution with one degree of freedom
LAMBDA = r"\lambda e^{-\lambda x}"


def panels(level: float | None = None, /, *args: object, **kwargs: object) -> tuple[Panel, ...]:
    return picture_of(derive.mle(*args, **kwargs), level).panels  # type: ignore[arg-type]


def one(p: Panel, kind: type, role: Role | None = None) -> object:
    (mark,) = p.of(kind, role)
    return mark


CURVES = [  # density, data, more, the log-likelihood, its highest place
    (LAMBDA, [2, 4, 6], {}, lambda t: 3 * math.log(t) - 12 * t, 0.25),
    (r"\theta^x (1-\theta)^{1-x}", [1, 1, 0, 1, 0], {}, lambda t: 3 * math.log(t) + 2 * math.log(1 - t), 0.6),
    (r"\theta^x (1-\theta)^{1-x}", [1] * 8, {}, lambda t: 8 * math.log(t), 1.0),
    ("1/theta", [2.1, 4.4, 0.7], {"support": "0 <= x <= theta"}, lambda t: -3 * math.log(t), 4.4),
    ("poisson", Sample(counts={0: 12, 1: 20, 2: 14}), {}, lambda t: 48 * math.log(t) - 46 * t, 48 / 46),
    ("exponential", Sample([2, 4], right=[5, 5]), {}, lambda t: 2 * math.log(t) - 16 * t, 1 / 8),
    ("exponential", Sample([1, 2, 4], weights=[3, 1, 2]), {}, lambda t: 6 * math.log(t) - 13 * t, 6 / 13),
    (r"\frac{1}{\pi(1+(x-\theta)^2)}", [-4, 4, 5], {}, lambda t: -sum(math.log(1 + (x - t) ** 2) for x in (-4, 4, 5)), 4.378064044830292),
]  # fmt: skip


@pytest.mark.parametrize(("density", "data", "more", "ell", "best"), CURVES, ids=range(len(CURVES)))
def test_a_curve_is_the_log_likelihood_less_its_maximum(density, data, more, ell, best) -> None:  # type: ignore[no-untyped-def]
    d = derive.mle(density, data=data, **more)
    shown = picture_of(d).panels[0]
    dots = one(shown, Dots, Role.ESTIMATE)
    assert dots.xs == pytest.approx((best,)) and dots.ys == (0.0,)  # type: ignore[attr-defined]
    curve = one(shown, Curve, Role.LIKELIHOOD)
    for x, y in list(zip(curve.xs, curve.ys, strict=True))[1:-1]:  # type: ignore[attr-defined]
        assert y == pytest.approx(ell(x) - ell(best), abs=1e-8) and y <= 1e-9
    (domain,) = d.problem.parameters.values()
    assert all(domain.closed.contains(x) for x in shown.x_range)
    assert min(curve.ys) == pytest.approx(-7, abs=0.1) or domain.bounds({})[0] in shown.x_range  # type: ignore[attr-defined]


def test_an_interval_is_where_the_likelihood_has_fallen_so_far() -> None:
    data = [4.9, 5.6, 5.1, 4.7]
    shown = panels(0.95, "N(mu, 1)", data=data)[0]
    band = one(shown, Band, Role.INTERVAL)
    half, mean = 1.959963984540054 / 2, sum(data) / 4
    assert (band.low, band.high) == pytest.approx((mean - half, mean + half), rel=1e-5)  # type: ignore[attr-defined]
    assert one(shown, Curve, Role.CUT).ys == pytest.approx((-CUT, -CUT))  # type: ignore[attr-defined]
    assert shown.notes[1].startswith("approximate 95% likelihood interval: ")
    assert not panels(None, "N(mu, 1)", data=data)[0].of(Band)


def test_beyond_the_largest_observation_alone_the_data_are_possible() -> None:
    shown = panels(0.95, "1/theta", support="0 <= x <= theta", data=[2.1, 4.4, 0.7])[0]
    outside, inside = one(shown, Band, Role.OUTSIDE), one(shown, Band, Role.INTERVAL)
    assert outside.low == shown.x_range[0] < outside.high == pytest.approx(4.4)  # type: ignore[attr-defined]
    assert (inside.low, inside.high) == pytest.approx((4.4, 4.4 * math.exp(CUT / 3)), rel=1e-5)  # type: ignore[attr-defined]
    assert min(one(shown, Curve, Role.LIKELIHOOD).xs) == pytest.approx(4.4)  # type: ignore[attr-defined]
    assert shown.notes[1].startswith("likelihood at least 14.7% of the maximum: ")  # the likelihood ratio is not nearly chi-squared here


def test_what_is_not_unique_is_shaded_or_marked_more_than_once() -> None:
    flat = panels(None, r"\frac12 e^{-|x-\mu|}", data=[1, 2, 4, 7])
    ties = one(flat[0], Band, Role.TIES)
    assert (ties.low, ties.high) == (2, 4) and not flat[0].of(Dots, Role.ESTIMATE)[0].xs  # type: ignore[attr-defined, union-attr]
    assert flat[1].notes[0].startswith("fitted with")
    two = panels(0.95, r"\frac{1}{\pi(1+(x-\theta)^2)}", data=[-3, 3])[0]
    assert one(two, Dots, Role.ESTIMATE).xs == pytest.approx((-math.sqrt(8), math.sqrt(8)))  # type: ignore[attr-defined]
    assert one(two, Dots, Role.STATIONARY).xs == pytest.approx((0,), abs=1e-6)  # type: ignore[attr-defined]


def test_other_stationary_points_are_marked() -> None:
    shown = panels(None, r"\frac{1}{\pi(1+(x-\theta)^2)}", data=[-4, 4, 5])[0]
    found = one(shown, Dots, Role.STATIONARY)
    for t in found.xs:  # type: ignore[attr-defined]
        assert sum((x - t) / (1 + (x - t) ** 2) for x in (-4, 4, 5)) == pytest.approx(0, abs=1e-6)
    assert len(found.xs) == 2  # type: ignore[attr-defined]


def test_a_whole_number_has_dots() -> None:
    shown = panels(0.95, "1/N", variable="x", support="{1, ..., N}", parameters={"N": "integer"}, data=[19, 40, 42, 60])[0]
    assert one(shown, Dots, Role.ESTIMATE).xs == (60,) and not shown.of(Curve, Role.LIKELIHOOD) and shown.whole  # type: ignore[attr-defined]
    inside, outside = one(shown, Dots, Role.LIKELIHOOD), one(shown, Dots, Role.STATIONARY)
    assert all(x == round(x) > 60 for x in inside.xs + outside.xs)  # type: ignore[attr-defined]
    assert max(inside.xs) == math.floor(60 * math.exp(CUT / 4)) == min(outside.xs) - 1  # type: ignore[attr-defined]


def test_contours_close_and_the_ridge_is_the_profile() -> None:
    data = [2, 4, 6, 5.5, 3]
    shown = panels(0.95, "N(mu, sigma^2)", data=data)[0]
    lines, region = (one(shown, Contours, role) for role in (Role.LIKELIHOOD, Role.INTERVAL))
    border = [*lines.heights[0], *lines.heights[-1], *(row[k] for row in lines.heights for k in (0, -1))]  # type: ignore[attr-defined]
    assert max(h for h in border if h is not None) < min(lines.levels)  # type: ignore[attr-defined]
    assert region.levels == pytest.approx((math.log(0.05),))  # type: ignore[attr-defined]
    mean = sum(data) / 5
    spread = math.sqrt(sum((x - mean) ** 2 for x in data) / 5)
    assert one(shown, Dots, Role.ESTIMATE).xs == pytest.approx((mean,))  # type: ignore[attr-defined]
    ridge = one(shown, Curve, Role.RIDGE)
    for mu, sigma in zip(ridge.xs, ridge.ys, strict=True):  # type: ignore[attr-defined]
        assert sigma == pytest.approx(math.hypot(spread, mu - mean), rel=2e-3)
    j, k = len(lines.ys) // 3, len(lines.xs) // 3  # type: ignore[attr-defined]
    mu, sigma = lines.xs[k], lines.ys[j]  # type: ignore[attr-defined]
    ell = lambda m, s: -5 * math.log(s) - sum((x - m) ** 2 for x in data) / 2 / s**2  # noqa: E731
    assert lines.heights[j][k] == pytest.approx(ell(mu, sigma) - ell(mean, spread), abs=1e-8)  # type: ignore[attr-defined]


def test_a_wide_region_is_inside_the_frame() -> None:
    shown = panels(0.999, "N(mu, sigma^2)", data=[2, 4, 6, 5.5, 3, 4.2, 4.4])[0]
    region = one(shown, Contours, Role.INTERVAL)
    border = [*region.heights[0], *region.heights[-1], *(row[k] for row in region.heights for k in (0, -1))]  # type: ignore[attr-defined]
    assert max(h for h in border if h is not None) < region.levels[0]  # type: ignore[attr-defined]


def test_three_parameters_have_profiles() -> None:
    rng = random.Random(1)
    xs = [rng.uniform(0, 9) for _ in range(12)]
    table = {"x": [round(x, 1) for x in xs], "y": [round(2 + 0.7 * x + rng.gauss(0, 1), 1) for x in xs]}
    d = derive.mle("N(a + b*x, sigma^2)", covariates=["x"], data=table)
    shown = picture_of(d, 0.95).panels
    assert [p.title for p in shown] == ["Profile log-likelihood"] * 3 + ["Data and fitted mean"]
    numbers = d.numeric
    assert numbers is not None
    a, b, rss = numbers["a"], numbers["b"], 12 * numbers["sigma"] ** 2
    panel = next(p for p in shown if p.x_label == r"$\sigma$")
    curve = one(panel, Curve, Role.LIKELIHOOD)
    for s, y in zip(curve.xs[3:-3:10], curve.ys[3:-3:10], strict=True):  # type: ignore[attr-defined]
        assert y == pytest.approx(-12 * math.log(s / numbers["sigma"]) - rss / 2 / s**2 + 6, abs=0.02)
    band = one(panel, Band, Role.INTERVAL)
    for s in (band.low, band.high):  # type: ignore[attr-defined]
        assert -12 * math.log(s / numbers["sigma"]) - rss / 2 / s**2 + 6 == pytest.approx(-CUT, abs=1e-4)
    fitted = one(shown[-1], Curve, Role.FITTED)
    assert fitted.ys == pytest.approx([a + b * x for x in fitted.xs], rel=1e-6)  # type: ignore[attr-defined]


def test_constraints_leave_fewer_parameters() -> None:
    (shown,) = panels(None, likelihood="p1**20*p2**30*p3**50", constraints=["p1 + p2 + p3 = 1"])
    dots = one(shown, Dots, Role.ESTIMATE)
    assert (dots.xs, dots.ys) == (pytest.approx((0.2,)), pytest.approx((0.3,)))  # type: ignore[attr-defined]
    edge = panels(None, likelihood="exp(-(m1-3)**2-(m2-2)**2)", constraints=["m1 <= m2"], unnormalised=True)[0]
    assert edge.of(Contours, Role.OUTSIDE) and one(edge, Dots, Role.ESTIMATE).xs == (2.5,)  # type: ignore[attr-defined]


def test_what_is_partly_known_has_arrows_and_segments() -> None:
    shown = panels(None, "exponential", data=Sample([2, 4], right=[6, 7], left=[1], interval=[(1, 3)]))[1]
    arrows = shown.of(Arrow)
    assert sorted((a.x, a.to_x > a.x) for a in arrows) == [(1, False), (6, True), (7, True)]  # type: ignore[union-attr]
    segment = one(shown, Span)
    assert (segment.x, segment.to_x) == (1, 3) and one(shown, Ticks).xs == (2, 4)  # type: ignore[attr-defined]
    assert all(a.y < 0 and shown.x_range[0] <= a.to_x <= shown.x_range[1] for a in arrows)  # type: ignore[union-attr]


def test_data_stand_beside_the_fitted_density() -> None:
    rng = random.Random(2)
    data = [round(rng.gauss(50, 8), 1) for _ in range(60)]
    shown = panels(None, "N(mu, 64)", data=data)[1]
    bars = one(shown, Bars)
    assert sum(h * (b - a) for h, (a, b) in zip(bars.heights, bars.ends, strict=True)) == pytest.approx(1)  # type: ignore[attr-defined]
    curve = one(shown, Curve, Role.FITTED)
    area = sum((b - a) * (u + v) / 2 for (a, u), (b, v) in pairwise(zip(curve.xs, curve.ys, strict=True)))  # type: ignore[attr-defined]
    assert area == pytest.approx(1, abs=0.01) and len(one(shown, Ticks).xs) == 60  # type: ignore[attr-defined]
    few = panels(None, LAMBDA, data=[2, 4, 6], units="minutes")[1]
    assert not few.of(Bars) and few.x_label == "$x$ (minutes)" and few.of(Ticks)


def test_counts_have_bars_with_fitted_probabilities() -> None:
    shown = panels(None, "poisson", data=Sample([1, 2, 1, 3, 2, 1, 4], truncation=(1, "oo")))[1]
    bars, dots = one(shown, Bars), one(shown, Dots, Role.FITTED)
    assert bars.heights[:4] == pytest.approx((3 / 7, 2 / 7, 1 / 7, 1 / 7))  # type: ignore[attr-defined]
    t = 1.59362426004004
    assert dots.ys[0] == pytest.approx(t * math.exp(-t) / (1 - math.exp(-t)))  # type: ignore[attr-defined]
    grouped = panels(None, "exponential", data=Sample(counts={(0, 1): 20, (1, 2): 11, (2, 4): 9, (4, "oo"): 5}))[1]
    assert one(grouped, Bars).heights == pytest.approx((20 / 45, 11 / 45, 9 / 90)) and len(grouped.of(Arrow)) == 1  # type: ignore[attr-defined]


def test_sums_have_no_data_to_show() -> None:
    shown = panels(None, "N(mu, sigma^2)", data=Sample(n=10, sums={"x": 30, "x**2": 120}))
    assert len(shown) == 1 and one(shown[0], Dots, Role.ESTIMATE).xs == (3,)  # type: ignore[attr-defined]


def test_many_observations() -> None:
    numpy = pytest.importorskip("numpy")
    data = numpy.random.default_rng(1).exponential(3, size=200_000)
    shown = panels(None, "exponential", data=data)
    best, total = len(data) / data.sum(), float(data.sum())
    curve = one(shown[0], Curve, Role.LIKELIHOOD)
    for x, y in list(zip(curve.xs, curve.ys, strict=True))[::40]:  # type: ignore[attr-defined]
        assert y == pytest.approx(len(data) * math.log(x / best) - (x - best) * total, abs=1e-4)
    assert not shown[1].of(Ticks) and shown[1].of(Bars)


NOWHERE = [
    ({"density": "Bernoulli(1/(1+exp(-b*x)))", "covariates": ["x"], "data": {"x": [-2, -1, 1, 2], "y": [0, 0, 1, 1]}}, r"b \rightarrow \infty"),
    ({"density": "N(3, sigma^2)", "data": [3, 3, 3]}, r"\sigma \rightarrow 0"),
    ({"density": "N(mu, sigma^2)", "data": [3]}, "no maximum"),
    ({"density": "exp(-(x-theta))/sqrt(pi*(x-theta))", "support": "x > theta", "data": [1, 2.5, 4]}, r"\theta \rightarrow 1$"),
    ({"density": "theta*x**(-theta-1)", "support": "x >= 1", "data": [1, 1]}, r"\theta \rightarrow \infty"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "note"), NOWHERE, ids=range(len(NOWHERE)))
def test_without_a_maximum_nothing_is_marked(question: dict[str, object], note: str) -> None:
    shown = panels(0.95, **question)
    assert note in shown[0].notes[0] and not any(p.of(Dots, Role.ESTIMATE) or p.of(Curve, Role.FITTED) for p in shown)
    assert "no maximum" in shown[0].words


D = derive.mle("exponential", data=[2, 4, 6], title="A <b> & $x$")
REFUSED = [
    (lambda: derive.mle("exponential").plot(), "needs data", "data=[...]"),
    (lambda: derive.loss("N(y; mu, 1)", prediction="mu").plot(), "loss", "derive.mle"),
    (lambda: derive.mle("gamma", known=["alpha"], data=[1, 2]).plot(), "alpha has no value", "known="),
    (lambda: D.plot(level=95), "between 0 and 0.999", "0.95"),
    (lambda: D.plot(level="95%"), "between 0 and 0.999", "0.95"),  # type: ignore[arg-type]
    (lambda: D.plot("picture.gif"), "cannot be saved as '.gif'", ".svg, .png, .pdf"),
    (lambda: D.save("page.json", plot=True), "holds no picture", ".html"),
    (lambda: D.to_markdown(plot=True), "Markdown does not hold", "save"),
    (lambda: D.to_latex(plot=True), "LaTeX does not hold", "save"),
    (lambda: D.to_html(level=0.9), "interval in the picture", "plot=True"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "message", "hint"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_refused(call, message: str, hint: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(derive.DeriveError, match=message) as caught:
        call()
    assert hint in (caught.value.hint or "")


def test_a_file_is_the_same_each_time_and_says_what_it_shows(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg", "c.png", "d.pdf"):
        assert len(D.plot(tmp_path / name, level=0.95).axes) == 2
    svg = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert svg == (tmp_path / "b.svg").read_text(encoding="utf-8") and "dc:date" not in svg
    root = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img" and [root.findtext(space + k, "")[:14] for k in ("title", "desc")] == ["A <b> & $x$", "Log-likelihood"]
    assert "density" in [t.text for t in root.iter(space + "text")]  # text, not outlines
    assert (tmp_path / "c.png").read_bytes()[1:4] == b"PNG" and (tmp_path / "d.pdf").read_bytes().startswith(b"%PDF")


def test_pages_hold_the_picture(tmp_path: Path) -> None:
    page = D.to_html(plot=True, level=0.95)
    figure = page[page.index("<figure") : page.index("</figure>") + 9]
    parts = ElementTree.fromstring(figure.replace("<style>", "<style><![CDATA[").replace("</style>", "]]></style>"))
    assert [k.tag.rpartition("}")[2] for k in parts] == ["style", "svg", "svg"] and "currentColor" in figure and "#1b1b1b" not in figure
    ids = [k.get("id") for k in parts.iter() if k.get("id")]
    assert len(ids) == len(set(ids)) and "http" not in figure.replace("http://www.w3.org/", "")
    assert "<svg" not in D.to_html()
    book = json.loads(D.to_notebook(plot=True))
    last = book["cells"][-1]
    svg = base64.b64decode("".join(last["attachments"]["picture.svg"]["image/svg+xml"]))
    assert "attachment:picture.svg" in "".join(last["source"]) and ElementTree.fromstring(svg).tag.endswith("svg")
    D.save(tmp_path / "page.md", plot=True)
    D.save(tmp_path / "page.tex", plot=True)
    assert "(<page-plot.svg>)" in (tmp_path / "page.md").read_text(encoding="utf-8") and (tmp_path / "page-plot.svg").exists()
    assert "{page-plot.pdf}" in (tmp_path / "page.tex").read_text(encoding="utf-8") and (tmp_path / "page-plot.pdf").exists()
    pytest.importorskip("typst")
    D.save(tmp_path / "page.pdf", plot=True)
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


ON_THE_LINE = [
    (["--plot"], "on standard output holds no picture"),
    (["--plot", "picture.gif"], "--plot does not take"),
    (["--level", "0.9"], "--plot --level"),
    (["--plot", "p.svg", "--level", "95"], "--level 0.95"),
    (["--plot", "--format", "json", "-o", "x.json"], "json holds no picture"),
]


@pytest.mark.parametrize(("options", "message"), ON_THE_LINE, ids=range(len(ON_THE_LINE)))
def test_what_the_command_line_refuses(options: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mle", "exponential", "--data", "2,4,6", *options]) == 2
    assert message in capsys.readouterr().err


def test_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ["mle", "exponential", "--data", "2,4,6"]
    assert main([*asked, "--plot", "p.svg", "--level", "0.9"]) == 0
    assert "90% likelihood interval" in Path("p.svg").read_text(encoding="utf-8") and "Result" in capsys.readouterr().out
    assert main([*asked, "--plot", "-o", "p.html"]) == 0 and "<svg" in Path("p.html").read_text(encoding="utf-8")
    assert main([*asked, "--plot", "--format", "typ"]) == 0 and "image(bytes(" in capsys.readouterr().out


def test_matplotlib_is_loaded_for_a_picture_only(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import sys, derive; d = derive.mle('exponential', data=[2, 4]); d.to_html(); assert 'matplotlib' not in sys.modules; "
        "d.plot(); assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).resolve().parents[1])
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(derive.DeriveError, match=r"needs matplotlib(.|\n)*derive\[plot\]"):
        D.plot()


def test_words_are_plain() -> None:
    picture = picture_of(D, 0.95)
    assert not set(picture.words) & set("$\\{}") and picture.words.count(".") > 3 and svg_of(picture).startswith("<svg")
