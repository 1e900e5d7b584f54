"""The page: one file that needs nothing but itself, in English and Chinese, light and dark, on screen and on paper."""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

from device_sim.report import figures, tables
from device_sim.report.comparing import Change, compare
from device_sim.report.days import sheet
from device_sim.report.dots import dots
from device_sim.report.markup import Content, Markup, both, inside, said, tag
from device_sim.report.picture import pictures
from device_sim.runner.record import Run, Scenario
from device_sim.runner.saying import duration, shift

_WARNING = both(
    "Everything here is simulated. It tries the way of the data and the rules; how well real people are found is"
    " told by recordings alone (docs/detectors).",
    "以上均为模拟数据，用于检验数据通路与规则；对真实人员的检出效果只能由真实记录说明（见 docs/detectors）。",
    "p",
    class_="quiet",
)


def page(runs: Sequence[Run], older: Run | None = None) -> str:
    """Return the page of some runs as one text, set beside an older run where one is given."""
    found = figures.by_kind(runs)
    whole, weeks = figures.total(found), figures.weeks(runs)
    failed = figures.failures(runs)
    body = tag(
        "main",
        tag(
            "header",
            both("Shouwang scenarios", "守望情景报告", "h1"),
            tag("button", both("中文", "English"), id="language"),
        ),
        _tiles(runs, whole, weeks),
        both("By kind", "按类别", "h2"),
        tables.kinds(found, whole, weeks),
        _notes_on_figures(weeks),
        dots(found),
        None if older is None else _compared(older, runs),
        both("What did not come as expected", "不符合预期之处", "h2"),
        tables.failures(failed, [note for run in runs for note in run.notes]),
        both("Scenarios", "情景", "h2"),
        *(_scenario(scenario) for run in runs for scenario in run.scenarios),
        both("Runs and versions", "运行与版本", "h2"),
        _runs([*runs, *([] if older is None else [older])]),
        _WARNING,
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", "Shouwang scenarios 守望情景报告"),
        tag("style", Markup(_part("page.css"))),
    )
    script = tag("script", Markup(_part("page.js")))
    return "<!doctype html>\n" + tag("html", head, tag("body", body, script), lang="en")


def _part(name: str) -> str:
    return files("device_sim.report").joinpath(name).read_text(encoding="utf-8")


def _tiles(runs: Sequence[Run], whole: figures.Kind, weeks: float) -> Markup:
    plays = figures.plays(runs)
    good = sum(each.ok for each in plays)
    tiles: list[Content] = [
        _tile(f"{good} / {len(plays)}", "scenarios as expected", "个情景符合预期"),
        _tile(f"{whole.raised} / {whole.must}", "raised that must be", "应报并及时报出"),
        _tile(f"{whole.quiet} / {whole.must_not}", "quiet that must be", "不应报且未报"),
        _tile(
            str(whole.wrongly + whole.doubles),
            f"false alarms in {weeks:.1f} resident-weeks",
            f"次误报，{weeks:.1f} 人周",
        ),
    ]
    return tag("div", *tiles, class_="tiles")


def _tile(figure: str, en: str, zh: str) -> Markup:
    return tag("div", tag("b", figure), both(en, zh), class_="tile")


def _notes_on_figures(weeks: float) -> Markup:
    return both(
        f"Intervals of 95 %: Wilson for shares, exact Poisson for rates, over {weeks:.1f} resident-weeks; plays that"
        " are made to go wrong are no ordinary weeks. Mild: to be looked at, not run to, says the platform itself.",
        f"95 % 区间：比例用 Wilson，发生率用精确 Poisson，共 {weeks:.1f} 人周；情景专为出事而设，并非寻常日子。"
        "轻微：平台自己说明只需留意、不必赶去。",
        "p",
        class_="quiet",
    )


def _compared(older: Run, runs: Sequence[Run]) -> Markup:
    pairs = compare(older, runs)
    counts = {change: sum(pair.change is change for pair in pairs) for change in Change}
    better = counts[Change.BETTER] + counts[Change.FASTER]
    worse = counts[Change.WORSE] + counts[Change.SLOWER]
    before = figures.total(figures.by_kind([older]))
    now = figures.total(figures.by_kind(runs))
    rates = [
        f"{(each.wrongly + each.doubles) / weeks:.2g}" if weeks else "–"
        for each, weeks in ((before, figures.weeks([older])), (now, figures.weeks(runs)))
    ]
    line = both(
        f"{better} better, {worse} worse, {counts[Change.SAME]} the same. False alarms a resident and week:"
        f" {rates[0]} before, {rates[1]} now.",
        f"{better} 项变好，{worse} 项变差，{counts[Change.SAME]} 项不变。"
        f"误报（每人每周）：以前 {rates[0]}，现在 {rates[1]}。",
        "p",
    )
    return inside(both("Beside the older run", "与以前的运行比较", "h2"), line, tables.compared(pairs))


def _scenario(scenario: Scenario) -> Markup:
    good = both("as expected", "符合预期") if scenario.ok else both("not as expected", "不符合预期")
    badge = tag("span", good, class_=f"badge {'good' if scenario.ok else 'bad'}")
    start = datetime.fromtimestamp(scenario.start_us / 1e6, ZoneInfo(scenario.timezone))
    long_s = (scenario.end_us - scenario.start_us) / 1e6
    facts = both(
        f"{scenario.id} · seed {scenario.seed} · from {start:%a %Y-%m-%d %H:%M} ({scenario.timezone}) for"
        f" {duration(long_s)}" + (f", {shift(scenario.later_us)} than its file says" if scenario.moved else ""),
        f"{scenario.id} · 种子 {scenario.seed} · 自 {start:%Y-%m-%d %H:%M}（{scenario.timezone}）起"
        f" {duration(long_s, 'zh')}" + (f"（比文件日期{shift(scenario.later_us, 'zh')}）" if scenario.moved else ""),
    )
    return tag(
        "article",
        tag("header", said(scenario.title, "h3"), badge),
        tag("div", facts, class_="quiet"),
        tables.expectations(scenario) if scenario.judged else None,
        sheet(scenario),
        *pictures(scenario),
        *(tag("p", note, class_="quiet") for note in scenario.notes),
        id=scenario.mark,
    )


def _runs(runs: Sequence[Run]) -> Markup:
    head = (
        both("run", "运行"),
        both("speed", "速度"),
        both("simulator", "模拟器"),
        both("platform", "平台"),
        both("models", "模型"),
        both("took", "用时"),
        both("messages", "消息"),
        both("seeds", "种子"),
    )
    rows = []
    for run in runs:
        began = f"{datetime.fromtimestamp(run.wall_began_us / 1e6, UTC):%Y-%m-%d %H:%M}Z"
        early = None if run.complete else inside(" ", both("(ended early)", "（提前结束）"))
        clock = both("driven clock", "模拟时钟") if run.simulated else both("wall clock", "真实时钟")
        rows.append(
            [
                inside(began, early),
                inside(run.speed if run.speed == "full" else f"{run.speed}x", ", ", clock),
                run.simulator,
                run.platform or "–",
                ", ".join(run.models) or "–",
                duration(run.wall_s),
                f"{run.messages:,}",
                ", ".join(str(seed) for seed in sorted({each.seed for each in run.scenarios})),
            ]
        )
    return tables.table(head, rows)
