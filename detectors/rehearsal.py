"""What a home's stored messages would have told under two settings of one resident: the same code, twice, in step.

Both homes hear the same messages and the same clock (as detectors.inactivity_replay, so with the same limits: when the
platform stood still is not known), and differ in that resident's sensitivity alone, for all the time: the second has
learnt under it too. Wearables' frames are not stored for so long: falls are not in it.

What the first tells is kept beside what the second makes of it: when it told the same, and when it would have, had
nobody come; that is read off the second home at the moment at which the first one speaks.
"""

from collections.abc import Iterable, Sequence

import msgspec

from detectors.everyday_watches import RULES
from detectors.host import EVERYDAY, INACTIVITY, WANDERING, Host
from detectors.inactivity_replay import STEP_US
from detectors.routine import DAY_US
from schemas.config import ResidentConfig, Sensitivity, config_of, config_reading
from schemas.finding import Finding, FindingKind, Stage
from schemas.proposal import Told
from schemas.reading import Reading, ReadingKind

#: The detectors that follow the setting and live by what is stored for months.
PARTS = frozenset({INACTIVITY, EVERYDAY, WANDERING})
_NEVER = 2**63 - 1
#: The platform's clock comes each second.
_SECOND_US = 1_000_000


class Rehearsal:
    """Plays one unit's messages and config, given in the order of arrival, under two settings of ``resident``.

    What was decided before ``from_us`` is not told: it is for learning.
    """

    def __init__(self, unit: str, resident: str, before: Sensitivity, after: Sensitivity, from_us: int) -> None:
        self._unit, self._resident, self._from_us = unit, resident, from_us
        self._settings = (before, after)
        self._hosts = (Host(of_homes=True), Host(of_homes=True))
        self._now_us = 0
        self._told: dict[str, Told] = {}
        self._then: dict[str, int] = {}
        self._days: set[int] = set()
        self.messages = 0

    def update(self, readings: Sequence[Reading]) -> None:
        """Take the next readings."""
        for reading in readings:
            self._pass(reading.arrival_us)
            self.messages += 1
            if reading.events and reading.place is not None and reading.event_us >= self._from_us:
                self._days.add(reading.event_us // DAY_US)
            self._both([self._as_set(reading, setting) for setting in self._settings])

    def finish(self, now_us: int) -> None:
        """Let the clock go on to now, so that what lasts is told."""
        if self._now_us:
            self._pass(now_us)

    def told(self) -> list[Told]:
        """Return what the first setting told, oldest first."""
        found = [msgspec.structs.replace(told, then_us=self._then.get(told.id)) for told in self._told.values()]
        return sorted(found, key=lambda told: (told.decided_us, told.id))

    def days(self) -> int:
        """Return how many days have signs of life."""
        return len(self._days)

    def errors(self) -> list[tuple[str, str]]:
        """What went wrong under either setting, by message key."""
        return [error for host in self._hosts for error in host.errors]

    def _as_set(self, reading: Reading, setting: Sensitivity) -> Reading:
        if reading.kind is not ReadingKind.CONFIG:
            return reading
        config = config_of(reading)
        if not isinstance(config, ResidentConfig) or config.resident != self._resident:
            return reading
        return config_reading(
            msgspec.structs.replace(config, sensitivity=setting), reading.event_us, reading.arrival_us
        )

    def _both(self, readings: list[Reading]) -> None:
        first, second = self._hosts
        self._note_second(second.update([readings[1]], PARTS))
        self._note_first(first.update([readings[0]], PARTS))

    def _pass(self, until_us: int) -> None:
        """Let the clock go on: in steps, to each moment at which either home waits for something, and to a message."""
        if not self._now_us:
            self._now_us = until_us
        while True:
            next_us = self._now_us + STEP_US
            due_us = min(self._dues())
            if self._now_us < due_us < next_us:
                next_us = due_us
            if next_us > until_us:
                break
            self._tick(next_us)
        whole_us = until_us - until_us % _SECOND_US
        if whole_us > self._now_us:
            self._tick(whole_us)

    def _tick(self, now_us: int) -> None:
        self._now_us = now_us
        # The second one first: when both speak now, what it told is known.
        self._note_second(_ticked(self._hosts[1], now_us))
        self._note_first(_ticked(self._hosts[0], now_us))

    def _dues(self) -> Iterable[int]:
        for host in self._hosts:
            for detector in (host.inactivity, host.everyday, host.wandering):
                yield detector.due() or _NEVER

    def _note_first(self, found: Sequence[Finding]) -> None:
        for each in found:
            if each.stage is Stage.CONFIRMED and each.decided_us >= self._from_us and each.id not in self._told:
                self._told[each.id] = Told(
                    id=each.id,
                    kind=each.kind,
                    event_us=each.event_us,
                    decided_us=each.decided_us,
                    would_us=self._would(each),
                )

    def _note_second(self, found: Sequence[Finding]) -> None:
        for each in found:
            if each.stage is Stage.CONFIRMED and each.decided_us >= self._from_us:
                self._then.setdefault(each.id, each.decided_us)

    def _would(self, found: Finding) -> int | None:
        """Return when the second home tells, or will if nothing more happens, what the first one tells now."""
        told_us = self._then.get(found.id)
        if told_us is not None or found.kind is FindingKind.WANDERING:
            return told_us  # of wandering nobody knows how far somebody would have walked
        if found.model == self._hosts[1].inactivity.model:
            return self._silence_us(found)
        return self._watch_us(found)

    def _silence_us(self, found: Finding) -> int | None:
        home = self._hosts[1].inactivity.homes.get(self._unit)
        if home is None or home.empty or home.ring_us < 0 or home.last_us != found.event_us:
            return None
        return home.ring_us + home.blind_us

    def _watch_us(self, found: Finding) -> int | None:
        everyday = self._hosts[1].everyday
        home = everyday.homes.get(self._unit)
        code = found.evidence.reasons[0].code
        if home is None or home.empty:
            return None
        times = {RULES[watch].code: at_us for watch, at_us in home.times().items()}
        return times[code] - everyday.clocks.ahead_us(self._unit) if code in times else None


def _ticked(host: Host, now_us: int) -> list[Finding]:
    return [found for detector in (host.inactivity, host.everyday, host.wandering) for found in detector.tick(now_us)]
