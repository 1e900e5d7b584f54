"""Play homes through the everyday watches and, beside them, the inactivity detector; make days go wrong and see.

What goes wrong is made of the recording itself: signs are taken away, none are invented. So a home whose sensors lose
people, or who live irregularly, is judged as it is.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from bench.homes import HomeRecord
from bench.play_homes import begin_us
from detectors.everyday import EverydayConfig, EverydayDetector
from detectors.everyday_day import BATH_FROM_US, BATH_TO_US, BED_FROM_US, DAWN_US, IN_BED_US, dawn_of, number_of
from detectors.everyday_watches import Watch
from detectors.inactivity import InactivityConfig, InactivityDetector
from detectors.inactivity_signs import Sign
from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room
from schemas.finding import Finding, Stage

#: Days of a home that are made to go wrong in each way, and the seed of which.
DAYS, SEED = 10, 20190501
#: So long what went wrong lasts, and an alarm is waited for.
WRONG_US = 24 * HOUR_US
_STEP_US = 5 * MINUTE_US
_SECOND = 1_000_000
_UNIT = "home"
#: Name of plain inactivity beside the watches.
SILENCE = "inactivity"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A day that goes wrong: from ``cut_us`` on only signs that ``keeps`` remain; it counts from ``since_us``."""

    what: str
    cut_us: int
    since_us: int
    keeps: Callable[[Sign], bool]


@dataclass(slots=True)
class Came:
    """What came of one: hours from its beginning to the first finding of each teller."""

    what: str
    hours: dict[str, float]


@dataclass(slots=True)
class PlayedDays:
    """A home: ``weeks`` judged; findings of the watches and of inactivity; what came of the days that went wrong."""

    home: str
    weeks: float
    found: list[Finding] = field(default_factory=list)
    silences: list[Finding] = field(default_factory=list)
    came: list[Came] = field(default_factory=list)
    watched: dict[Watch, int] = field(default_factory=dict)  # days on which each watch knew its limit
    days: int = 0
    limits: dict[Watch, list[float]] = field(default_factory=dict)


def signs_of(record: HomeRecord) -> list[Sign]:
    """Return a home's signs in order."""
    rows = zip(record.t_us.tolist(), record.room.tolist(), record.sensor, strict=True)
    return [
        Sign(_UNIT, sensor, f"{sensor}:{index}", t_us, moved=True, room=Room(room))
        for index, (t_us, room, sensor) in enumerate(rows)
    ]


class Player:
    """A home's two detectors and the clock between their signs."""

    def __init__(self, config: EverydayConfig, *, silence: bool = True) -> None:
        self.everyday = EverydayDetector(config)
        self.silence = InactivityDetector(InactivityConfig(utc_offset_us=0)) if silence else None
        self._config = config
        self._now_us = 0

    def copy(self) -> "Player":
        """Return another one that goes on from here."""
        twin = Player(self._config, silence=False)
        twin.everyday.restore(self.everyday.snapshot())
        twin._now_us = self._now_us
        if self.silence is not None:
            twin.silence = InactivityDetector(self.silence.config)
            twin.silence.restore(self.silence.snapshot())
        return twin

    def hear(self, sign: Sign) -> Iterator[Finding]:
        """Let the clock go on to a sign, and take it."""
        yield from self.wait(sign.event_us)
        yield from self.everyday.update([sign])
        if self.silence is not None:
            yield from self.silence.update([sign])

    def wait(self, until_us: int) -> Iterator[Finding]:
        """Let the clock go on."""
        self._now_us = self._now_us or until_us
        detectors: list[EverydayDetector | InactivityDetector] = [self.everyday]
        if self.silence is not None:
            detectors.append(self.silence)
        while self._now_us < until_us:
            next_us = min(until_us, self._now_us + _STEP_US)
            for due_us in [due for each in detectors if (due := each.due()) is not None]:
                if self._now_us < due_us < next_us:
                    next_us = min(next_us, -(-due_us // _SECOND) * _SECOND)
            self._now_us = next_us
            for each in detectors:
                yield from each.tick(next_us)


def play_days(
    record: HomeRecord, config: EverydayConfig | None = None, *, wrong: int = DAYS, silence: bool = True
) -> PlayedDays:
    """Play one home in order; ``wrong`` days of each kind go wrong in copies. ``silence``: with inactivity beside."""
    player = Player(config or EverydayConfig(utc_offset_us=0), silence=silence)
    signs = signs_of(record)
    judged_us = begin_us(record)
    played = PlayedDays(record.home, max(0.0, (int(record.t_us[-1]) - judged_us) / (7 * DAY_US)))
    waiting = going_wrong(signs, judged_us, wrong) if wrong else []
    day = -1
    for place, sign in enumerate(signs):
        while waiting and waiting[0].cut_us <= sign.event_us:
            played.came.append(_what_comes(player.copy(), signs[place:], waiting.pop(0)))
        for finding in player.hear(sign):
            if finding.decided_us >= judged_us:
                (played.silences if finding.model.startswith(SILENCE) else played.found).append(finding)
        if sign.event_us >= judged_us and number_of(sign.event_us) != day:
            day = number_of(sign.event_us)
            _note(played, player)
    errors = player.everyday.errors + (player.silence.errors if player.silence is not None else [])
    if errors:
        raise RuntimeError(f"home {record.home}: {errors[0]}")
    return played


def _note(played: PlayedDays, player: Player) -> None:
    """Note which watches know a limit on this day, and which."""
    home = player.everyday.homes[_UNIT]
    played.days += 1
    for watch in Watch:
        known = home.limit(watch)
        if known is not None:
            played.watched[watch] = played.watched.get(watch, 0) + 1
            played.limits.setdefault(watch, []).append(known.limit)


def going_wrong(signs: Sequence[Sign], judged_us: int, count: int) -> list[Wrong]:
    """Return the days that are to go wrong, in the order of their cuts; seeded by the home's own length."""
    rng = np.random.default_rng([SEED, len(signs)])
    last_us = signs[-1].event_us - WRONG_US
    mornings = _mornings(signs, judged_us, last_us)
    found: list[Wrong] = []
    for what, keeps in (
        ("stays in bed, stirs", lambda sign: sign.room == Room.BEDROOM),
        ("stays in bed, silent", lambda _: False),
        ("no kitchen all day", lambda sign: sign.room != Room.KITCHEN),
    ):
        found += [Wrong(what, cut, since, keeps) for cut, since in _some(rng, mornings, count)]
    for what, moments in (
        ("stays in the bathroom", _in_bathroom(signs, judged_us, last_us)),
        ("leaves the bed at night, lies elsewhere", _out_of_bed(signs, judged_us, last_us)),
    ):
        found += [Wrong(what, at_us + 1, at_us, lambda _: False) for at_us, _ in _some(rng, moments, count)]
    return sorted(found, key=lambda wrong: wrong.cut_us)


def _some(rng: np.random.Generator, moments: Sequence[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    if not moments:
        return []
    chosen = rng.choice(len(moments), min(count, len(moments)), replace=False)
    return [moments[int(index)] for index in np.sort(chosen)]


def _mornings(signs: Sequence[Sign], from_us: int, until_us: int) -> list[tuple[int, int]]:
    """Return dawn, and when somebody was first seen in the kitchen or living room, of days that began at home."""
    found: list[tuple[int, int]] = []
    before = signs[0]
    for sign in signs:
        dawn_us = dawn_of(number_of(sign.event_us))
        at_home = before.room != Room.OUTER_DOOR and dawn_us - before.event_us < 10 * HOUR_US
        if before.event_us < dawn_us and at_home and from_us <= dawn_us <= until_us:
            found.append((dawn_us, dawn_us))
        before = sign
    up = {
        number_of(sign.event_us): sign.event_us for sign in reversed(signs) if sign.room in (Room.KITCHEN, Room.LIVING)
    }
    return [(dawn_us, up[number_of(dawn_us)]) for dawn_us, _ in found if number_of(dawn_us) in up]


def _in_bathroom(signs: Sequence[Sign], from_us: int, until_us: int) -> list[tuple[int, int]]:
    """Return when somebody went into the bathroom by day."""
    return [
        (sign.event_us, sign.event_us)
        for before, sign in pairwise(signs)
        if sign.room == Room.BATHROOM != before.room
        and BATH_FROM_US <= (sign.event_us - DAWN_US) % DAY_US < BATH_TO_US
        and from_us <= sign.event_us <= until_us
    ]


def _out_of_bed(signs: Sequence[Sign], from_us: int, until_us: int) -> list[tuple[int, int]]:
    """Return when somebody who had been an hour in bed was seen outside the bedroom at night."""
    found: list[tuple[int, int]] = []
    elsewhere_us = signs[0].event_us
    for before, sign in pairwise(signs):
        if sign.room == Room.BEDROOM:
            continue
        left = before.room == Room.BEDROOM and sign.event_us - elsewhere_us >= IN_BED_US
        night = (sign.event_us - DAWN_US) % DAY_US >= BED_FROM_US
        if left and night and sign.room != Room.OUTER_DOOR and from_us <= sign.event_us <= until_us:
            found.append((sign.event_us, sign.event_us))
        elsewhere_us = sign.event_us
    return found


def _what_comes(player: Player, signs: Iterable[Sign], wrong: Wrong) -> Came:
    """Let a day go wrong; return what is found first."""
    came = Came(wrong.what, {})
    until_us = wrong.cut_us + WRONG_US

    def note(findings: Iterable[Finding]) -> None:
        for each in findings:
            code = SILENCE if each.model.startswith(SILENCE) else each.evidence.reasons[0].code
            if each.stage is Stage.CONFIRMED and each.decided_us >= wrong.cut_us:
                came.hours.setdefault(code, (each.decided_us - wrong.since_us) / HOUR_US)

    for sign in signs:
        if sign.event_us > until_us:
            break
        if wrong.keeps(sign):
            note(player.hear(sign))
    note(player.wait(until_us))
    return came
