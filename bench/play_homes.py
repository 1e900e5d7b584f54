"""Play a home through the inactivity detector as if live, and stop it at given moments to see when it rings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.homes import HomeRecord
from detectors.inactivity import InactivityConfig, InactivityDetector
from detectors.inactivity_model import InactivityModel, Outlook
from detectors.inactivity_signs import Sign
from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room
from detectors.routine_features import EDGES, FIRST_MINUTES
from schemas.finding import Finding, Stage

#: The first two weeks of a home are for learning: nothing is counted there.
LEARNING_US = 14 * DAY_US
#: Stops of a home, and the seed of their moments.
STOPS, SEED = 200, 20190401
#: A stop is in a minute with an event in so many minutes before it: somebody was about.
ABOUT_MINUTES = 15
#: So long an alarm is waited for.
WAIT_US = 48 * HOUR_US
#: The platform's clock while nothing is due; it ticks every second, and at most this far apart changes nothing.
_STEP_US = 5 * MINUTE_US
_SECOND = 1_000_000
_UNIT = "home"


@dataclass(frozen=True, slots=True, eq=False)
class PlayedHome:
    """What the detector found: ``alarms`` and ``injected`` (stop, seconds to the alarm) in ms of the local clock.

    ``days`` are those that were judged, after the learning. ``gaps`` are the silences of half an hour or more that
    were judged, minutes, with when they ``began`` (us) and the ``outlooks`` they began with; ``stop_outlooks`` and
    ``stop_since`` (minutes from the last sign to the stop) are those of the stops: what every other setting would do
    follows from them.
    """

    home: str
    days: float
    alarms: list[int]
    injected: list[tuple[int, float | None]]
    found: list[Finding]
    gaps: list[float]
    began: list[int]
    outlooks: list[Outlook]
    stop_outlooks: list[Outlook]
    stop_since: list[float]

    def as_json(self) -> dict[str, Any]:
        """Return the home's entry in the JSON of schema 1."""
        return {
            "home": self.home,
            "days": round(self.days, 3),
            "alarms": self.alarms,
            "injected": [{"t_ms": t_ms, "alarm_delay_s": delay} for t_ms, delay in self.injected],
        }


def begin_us(record: HomeRecord) -> int:
    """Return when the learning of a home is over."""
    return int(record.t_us[0]) + LEARNING_US


def default_stops(record: HomeRecord, count: int = STOPS, seed: int = SEED) -> list[int]:
    """Return the default stops, ms, sorted: uniform over the judged minutes in which somebody had been about."""
    minutes = np.unique(-(-record.t_us // MINUTE_US))  # the first whole minute at or after each event
    about = np.unique((minutes[:, None] + np.arange(ABOUT_MINUTES)[None, :]).ravel())
    about = about[(about * MINUTE_US >= begin_us(record)) & (about * MINUTE_US <= record.t_us[-1])]
    if not len(about):
        return []
    chosen = np.random.default_rng([seed, len(record.t_us)]).choice(about, count, replace=True)
    return [int(minute) * 60_000 for minute in np.sort(chosen)]


def play_home(
    record: HomeRecord,
    stops: Sequence[int],
    config: InactivityConfig | None = None,
    model: InactivityModel | None = None,
) -> PlayedHome:
    """Play one home in order through a detector of its own; at each of ``stops`` (ms), a copy hears nothing more."""
    config = config or InactivityConfig(utc_offset_us=0)
    detector = InactivityDetector(config, model)
    judged_us, end_us = begin_us(record), int(record.t_us[-1])
    played = PlayedHome(record.home, max(0.0, (end_us - judged_us) / DAY_US), [], [], [], [], [], [], [], [])
    waiting = [stop * 1000 for stop in sorted(stops)]
    now_us = int(record.t_us[0])
    for index, t_us in enumerate(record.t_us.tolist()):
        while waiting and waiting[0] < t_us:
            _stop(detector, now_us, waiting.pop(0), played, config, model)
        gap_us = t_us - now_us
        if gap_us >= FIRST_MINUTES * MINUTE_US and t_us > judged_us and detector.homes:
            played.gaps.append(gap_us / MINUTE_US)
            played.began.append(now_us)
            played.outlooks.append(detector.outlook(_UNIT))
        for finding in _advance(detector, now_us, t_us):
            _note(played, finding, judged_us)
        for finding in detector.update([_sign(record, index)]):
            played.found.append(finding)
        now_us = t_us
    while waiting:
        _stop(detector, now_us, waiting.pop(0), played, config, model)
    if detector.errors:
        raise RuntimeError(f"home {record.home}: {detector.errors[0]}")
    return played


def _sign(record: HomeRecord, index: int) -> Sign:
    sensor = record.sensor[index]
    return Sign(
        _UNIT, sensor, f"{sensor}:{index}", int(record.t_us[index]), moved=True, room=Room(int(record.room[index])),
        times=int(record.times[index]),
    )  # fmt: skip


def _note(played: PlayedHome, finding: Finding, judged_us: int) -> None:
    if finding.stage is Stage.CONFIRMED and finding.decided_us >= judged_us:
        played.alarms.append(-(-finding.decided_us // _SECOND) * 1000)
        played.found.append(finding)


def _advance(detector: InactivityDetector, now_us: int, until_us: int) -> Iterator[Finding]:
    """Let the platform's clock go on to ``until_us``; yield what it brings."""
    while now_us < until_us:
        next_us = min(until_us, now_us + _STEP_US)
        due_us = detector.due()
        if due_us is not None and now_us < due_us < next_us:
            next_us = min(next_us, -(-due_us // _SECOND) * _SECOND)
        now_us = next_us
        yield from detector.tick(now_us)


def _stop(
    detector: InactivityDetector,
    now_us: int,
    stop_us: int,
    played: PlayedHome,
    config: InactivityConfig,
    model: InactivityModel | None,
) -> None:
    """Let a copy of the detector hear nothing more from ``stop_us`` on, and note when it rings."""
    if not detector.homes:
        played.injected.append((stop_us // 1000, None))
        return
    copy = InactivityDetector(config, model)
    copy.restore(detector.snapshot())
    ring = next((f.decided_us for f in _advance(copy, now_us, stop_us + WAIT_US) if f.stage is Stage.CONFIRMED), None)
    delay_s = None if ring is None else max(0.0, float(-(-(ring - stop_us) // _SECOND)))
    played.injected.append((stop_us // 1000, delay_s))
    played.stop_outlooks.append(detector.outlook(_UNIT))
    played.stop_since.append((stop_us - detector.homes[_UNIT].last_us) / MINUTE_US)


def rings(outlooks: Sequence[Outlook], price_h: float) -> NDArray[np.float64]:
    """Return after how many minutes each silence rings at another price."""
    if not outlooks:
        return np.empty(0)
    reach = np.array([outlook.worth * outlook.reach for outlook in outlooks])
    return np.asarray(EDGES[np.argmin(EDGES / 60 + price_h * reach, axis=1)])
