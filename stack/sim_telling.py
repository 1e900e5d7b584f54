"""What ``shouwang sim run`` says on the terminal: which plays were moved, how far it is, and what came of each.

Times are those of the clocks where the scenario plays; the zone is named once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from device_sim.clock import wall_clock
from device_sim.runner.record import Occurrence, Run, Scenario, Verdict
from device_sim.runner.run import Progress
from device_sim.runner.saying import duration, moment, shift
from device_sim.runner.staging import Staged

_STYLES = {Verdict.RAISED: "green", Verdict.QUIET: "green", Verdict.OPEN: "yellow"}
#: Columns of a table that goes into a file.
_WIDTH = 160
#: What a tester can do about an alarm that no line of the file speaks of.
UNEXPECTED = "If it is right, name it under “expect”; else it is a false alarm of the detector."

_terminal = Console(stderr=True, highlight=False)


def moved(plays: Iterable[Staged]) -> Iterator[str]:
    """Yield a line for each play that does not start when its file says: from when on it is played instead."""
    told: set[str] = set()
    for each in plays:
        play = each.play
        if each.later_us:
            zone = "" if play.timezone in told else f" ({play.timezone})"
            told.add(play.timezone)
            own, start = (moment(at, play.timezone) for at in (play.start_us - each.later_us, play.start_us))
            yield f"{play.id} is moved with all its dates, {shift(each.later_us)}: from {own} to {start}{zone}"


def show(came: Run) -> None:
    """Print what came of a run as a table, and how many scenarios came as expected."""
    table = Table("scenario", "expected", "about", "came", "after", box=None, pad_edge=False)
    for scenario in came.scenarios:
        for row in rows(scenario):
            table.add_row(*row)
    console = Console()
    console = console if console.is_terminal else Console(width=_WIDTH)
    console.print(table)
    good = sum(each.ok for each in came.scenarios)
    line = f"{good} of {len(came.scenarios)} scenarios as expected, in {came.wall_s:g} s"
    print(line if came.complete else f"{line}; ended early")
    print(zones(came.scenarios))


def zones(scenarios: Sequence[Scenario]) -> str:
    """Return of which time zone the times are; of which scenario's, where they differ."""
    by_zone: dict[str, list[str]] = {}
    for each in scenarios:
        by_zone.setdefault(each.timezone, []).append(each.id)
    if len(by_zone) == 1:
        return f"Times are of {next(iter(by_zone))}."
    named = "; ".join(f"{zone}: {', '.join(ids)}" for zone, ids in by_zone.items())
    return f"Times are of each scenario's own time zone. {named}."


def rows(scenario: Scenario) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a scenario: its expectations, and whatever else rang."""
    name = scenario.id
    for each in scenario.judged:
        expected = each.kind if each.must else f"no {each.kind}"
        style = _STYLES.get(each.verdict, "red")
        said = f"[{style}]{each.verdict}[/{style}] {escape(each.reason.get('en', ''))}".rstrip()
        if each.verdict is Verdict.WRONG:
            said += "".join(f" {_occurred(one, scenario)}." for one in each.raised)
        after = "" if each.wait_s is None or not each.must else duration(each.wait_s)
        yield name, expected, escape(each.resident), said, after
        name = ""
    named = {one.finding for each in scenario.judged for one in each.raised}
    for one in scenario.wrongly:
        if one.finding not in named:
            said = f"[red]{one.kind} raised[/red], which nobody expected: {_occurred(one, scenario)}. {UNEXPECTED}"
            yield name, "-", escape(one.resident or "the home"), said, ""
            name = ""
    for one in scenario.doubles:
        said = f"[red]{one.kind} raised once more[/red]: {_occurred(one, scenario)}"
        yield name, "-", escape(one.resident or "the home"), said, ""
        name = ""


def _occurred(one: Occurrence, scenario: Scenario) -> str:
    """Return of when a finding is, and when it was told where that is later than a minute."""
    event = moment(one.event_us, scenario.timezone, scenario.start_us)
    late = one.told_us - one.event_us > 60_000_000
    return event + (f", told {moment(one.told_us, scenario.timezone)}" if late else "")


@contextmanager
def bar(timezone: str) -> Iterator[Callable[[Progress], None]]:
    """Show how far a run is, with the time in ``timezone``."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Bar(*columns, console=_terminal, disable=not _terminal.is_terminal) as shown:
        task = shown.add_task("starting", total=1.0)
        began_us = wall_clock()

        def tell(progress: Progress) -> None:
            played_us = max(0, progress.at_us - progress.start_us)
            rate = played_us / max(1, wall_clock() - began_us)
            when = f"{moment(progress.at_us, timezone)} ({timezone})"
            said = f"{progress.phase} {when} at {rate:,.0f}x, {progress.alerts} alerts"
            shown.update(task, description=said, completed=played_us, total=progress.end_us - progress.start_us)

        yield tell
