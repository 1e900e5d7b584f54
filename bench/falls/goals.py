"""The goals that were set for people and sensors nobody has seen, beside what can be measured of each here.

The goals speak of other makers' sensors. What stands for each here is named: the same place in our recordings, or a
surrogate of it; where nothing does, it is said.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.falls.markdown import rate, share
from bench.falls.outcomes import Key, Row
from bench.falls.splits import DATA_SET, NURSES, PERSON


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal. ``asked``: in words; ``stands``: the file and the end of the position that stand for it, or none."""

    what: str
    asked: str
    file: str = ""
    position: str = ""


GOALS = (
    Goal("waist, 16 g, 200 Hz", "99.5 / 99.5", "sisfall_dev", "waist"),
    Goal("waist, another maker's at 20 Hz", "99 / 98", "sisfall_dev as 20 Hz", "waist"),
    Goal("waist, turned (not asked for)", "", "sisfall_dev turned", "waist"),
    Goal("chest", "97 / 98.5"),
    Goal("hip", "96 / 99.5", "smartfallmm_dev", "hip"),
    Goal("pocket", "99 / 95", "spsw_tug_dev", "pocket"),
    Goal("pocket clipped at 2 g", "96 / 96", "spsw_tug_dev clipped to 2 g", "pocket"),
    Goal("wrist, one maker's", "97.5 / 97 to 99 / 97", "wedafall_dev", "wrist"),
    Goal("wrist, another maker's", "97.5 / 97 to 99 / 97", "smartfallmm_dev", "wrist"),
    Goal("wrist, 2 g, 32 Hz: falls", "92 to 96 found", "wedafall_dev as 2 g, 32 Hz", "wrist"),
    Goal("wrist, 2 g, 32 Hz: falls, another maker's", "92 to 96 found", "smartfallmm_dev as 2 g, 32 Hz", "wrist"),
)
#: The goal of hours of physical work, in alarms a day, and of a second alarm.
ALARMS_ASKED, TWICE_ASKED = "at most 5 a day (2)", "at most 0.5 %"


def goals(found: dict[Key, Row]) -> Iterator[str]:
    """Yield the table of goals, found and silent in %."""
    columns = ["goal (other makers' sensors)", "asked: found / silent %", "what stands for it here", PERSON, DATA_SET]
    yield f"| {' | '.join(columns)} |"
    yield "|---" * len(columns) + "|"
    for goal in GOALS:
        if goal.file:
            columns = [_cell(found, split, goal) for split in (PERSON, DATA_SET)]
            yield f"| {goal.what} | {goal.asked} | {goal.file}, {goal.position} | {columns[0]} | {columns[1]} |"
        else:
            yield f"| {goal.what} | {goal.asked} | nothing | - | - |"
    nurses = [_ours(found, split, NURSES, "wrist") for split in (PERSON, DATA_SET)]
    told = [rate(rows) if rows else "-" for rows in nurses]
    yield f"| wrist at work, 2 g, 32 Hz: false alarms | {ALARMS_ASKED} | the five nurses | {told[0]} | {told[1]} |"
    twice = [
        share("".join(row.doubles for key, row in found.items() if (key.split, key.method) == (split, "ours")
                      and not key.position.endswith("told") and " " not in key.file))
        for split in (PERSON, DATA_SET)
    ]  # fmt: skip
    yield f"| a second alarm for one fall | {TWICE_ASKED} | all falls as recorded | {twice[0]} | {twice[1]} |"


def _ours(found: dict[Key, Row], split: str, file: str, position: str) -> list[Row]:
    return [
        row
        for key, row in found.items()
        if (key.split, key.method) == (split, "ours")
        and (key.file == file or (file == NURSES and key.file.startswith(file)))
        and key.position.rsplit(maxsplit=1)[-1] == position
    ]


def _cell(found: dict[Key, Row], split: str, goal: Goal) -> str:
    rows = _ours(found, split, goal.file, goal.position)
    if not rows:
        return "-"
    return f"{share(''.join(row.found for row in rows))} / {share(''.join(row.silent for row in rows))}"
