"""Cells as Markdown tables with 95 % intervals: shares by Wilson, rates by Byar; and in what two methods differ."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from bench.falls.measure import UNKNOWN, Cell
from bench.falls.outcomes import Key, Row, Told, bits, row_of
from bench.falls.paired import NOISE, changes, verdicts
from bench.falls.splits import NURSES
from bench.intervals import rate_interval
from device_sim.report.intervals import share as wilson

_DAY_S = 86_400.0
#: What the tables say of a method beside ours, in the order in which they stand.
SHOWN = ("ours", "forest", "kangas1", "kangas2", "bourke", "bourke2007", "sisfall", "threshold")
#: Where all would make a table that nobody reads: ours, and the two that come next.
BEST = ("ours", "forest", "kangas1")
NAMES = {
    "ours": "**ours**",
    "forest": "forest on windows",
    "kangas1": "Kangas: impact, posture",
    "kangas2": "Kangas: start, impact, posture",
    "bourke": "Bourke 2010: velocity, impact, posture",
    "bourke2007": "Bourke 2007: 3.52 g",
    "sisfall": "SisFall C9",
    "threshold": "2.2 g",
}


def rows(cells: Iterable[Cell]) -> dict[Key, Row]:
    """Return the rows of cells, the parts of a split put together."""
    groups: dict[Key, list[Told]] = {}
    for cell in cells:
        for one in cell.told:
            position = f"{one.position}, not told" if cell.variant == UNKNOWN else one.position
            groups.setdefault(Key(cell.split, cell.method, one.file.replace(".npz", ""), position), []).append(one)
    return {key: row_of(key, members) for key, members in groups.items()}


def share(text: str) -> str:
    """Return a share of bits, in %, with its interval."""
    if not text:
        return "-"
    hits = int(bits(text).sum())
    low, high = wilson(hits, len(text))
    return f"{100 * hits / len(text):.1f} [{100 * low:.1f}, {100 * high:.1f}]"


def rate(rows_of_one: Sequence[Row]) -> str:
    """Return false alarms a day with their interval."""
    count = sum(len(times) for row in rows_of_one for times in row.alarms)
    seconds = sum(sum(row.seconds) for row in rows_of_one)
    low, high = rate_interval(count, seconds / _DAY_S)
    return f"{count / seconds * _DAY_S:.2f} [{low:.2f}, {high:.2f}]"


def trials(found: dict[Key, Row], of: Callable[[Key], bool], methods: Sequence[str] = SHOWN) -> list[str]:
    """Return the table of trials: a block for each data set and position, a line for each method."""
    columns = ("recordings, position", "method", "falls found %", "daily life silent %", "told twice",
               "delay s, median, p90", "beside ours")  # fmt: skip
    lines = ["| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"]
    chosen = {key: row for key, row in found.items() if of(key) and key.method in methods and (row.found or row.silent)}
    said = _beside(chosen)
    for where in sorted({(key.file, key.position) for key in chosen}):
        name = ", ".join(where)
        for method in methods:
            for key, row in chosen.items():
                if (key.file, key.position) == where and key.method == method:
                    delay = f"{row.delays[0]:.1f}, {row.delays[1]:.1f}" if row.delays else "-"
                    twice = f"{row.doubles.count('1')} of {len(row.doubles)}" if row.doubles else "-"
                    lines.append(
                        f"| {name} | {NAMES[method]} | {share(row.found)} | {share(row.silent)} | {twice} | {delay} |"
                        f" {said.get(key, '')} |"
                    )
                    name = ""
    return lines


def _beside(chosen: dict[Key, Row]) -> dict[Key, str]:
    """Return how each method's rows differ from ours on the same records, in words."""
    ours = {(key.file, key.position): row for key, row in chosen.items() if key.method == "ours"}
    pairs = [
        (key, change)
        for key, row in chosen.items()
        if key.method != "ours" and (own := ours.get((key.file, key.position))) is not None
        for change in changes(own, row)
    ]
    words: dict[Key, list[str]] = {key: [] for key, _ in pairs}
    for (key, change), verdict in zip(pairs, verdicts([change for _, change in pairs]), strict=True):
        if verdict != NOISE:
            words[key].append(f"{change.measure.removesuffix(' %')} {verdict}")
    return {key: ", ".join(said) or NOISE for key, said in words.items()}


def living(found: dict[Key, Row], of: Callable[[Key], bool], methods: Sequence[str] = SHOWN) -> list[str]:
    """Return the table of free living: a line for each person or data set, a column for each method."""
    chosen = {key: row for key, row in found.items() if of(key) and row.seconds}
    if not chosen:
        return []
    there = [method for method in methods if any(key.method == method for key in chosen)]
    lines = [
        "| days without a fall, position | " + " | ".join(NAMES[method] for method in there) + " |",
        "|---|" + "---|" * len(there),
    ]
    where = sorted({(key.file, key.position) for key in chosen})
    groups = [(f"{file}, {position}", [(file, position)]) for file, position in where]
    nurses = [each for each in where if each[0].startswith(NURSES)]
    groups += [(f"the {len(nurses)} nurses together, {nurses[0][1]}", nurses)] if nurses else []
    for name, members in groups:
        columns = []
        for method in there:
            mine = [row for key, row in chosen.items() if key.method == method and (key.file, key.position) in members]
            columns.append(rate(mine) if mine else "-")
        hours = sum(sum(row.seconds) for key, row in chosen.items() if (key.file, key.position) in members
                    and key.method == there[0]) / 3600  # fmt: skip
        lines.append(f"| {name}, {hours:.1f} h | " + " | ".join(columns) + " |")
    return lines


def people(cells: Iterable[Cell], by: Callable[[Told], str]) -> list[str]:
    """Return our figures by a trait of people: age group, sex."""
    groups: dict[tuple[str, str, str], list[Told]] = {}
    for cell in cells:
        for one in cell.told:
            if by(one) and one.kind != "continuous":
                groups.setdefault((one.file.replace(".npz", ""), _side(one.position), by(one)), []).append(one)
    lines = [
        "| recordings, position | who | people | falls found % | daily life silent % |",
        "|---|---|---|---|---|",
    ]
    for (file, position, who), members in sorted(groups.items()):
        row = row_of(Key("", "ours", file, position), members)
        lines.append(
            f"| {file}, {position} | {who} | {len({one.subject for one in members})} | {share(row.found)} |"
            f" {share(row.silent)} |"
        )
    return lines


def _side(position: str) -> str:
    return position.rsplit(maxsplit=1)[-1]


def failures(cells: Iterable[Cell], most: int = 12) -> Iterator[str]:
    """Yield the activities at which we fail most: falls missed and daily life that rings, of how many."""
    counts: dict[tuple[str, str, str, str], list[int]] = {}
    for cell in cells:
        for one in cell.told:
            if one.kind != "continuous" and one.activity:
                missed_or_rang = bool(one.findings) != (one.kind == "fall")
                count = counts.setdefault(
                    (one.file.replace(".npz", ""), _side(one.position), one.activity, one.kind), [0, 0]
                )
                count[0] += missed_or_rang
                count[1] += 1
    yield "| recordings, position | activity | wrong | of |"
    yield "|---|---|---|---|"
    worst = sorted(counts.items(), key=lambda item: (-item[1][0], item[0]))
    for (file, position, activity, kind), (wrong, of) in worst[:most]:
        if wrong:
            yield f"| {file}, {position} | {activity}: {'missed' if kind == 'fall' else 'rang'} | {wrong} | {of} |"
