"""The day of an alert about a home's rhythm, as it is drawn in a terminal and in an SVG; the console does the same."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detectors import reasons
from device_sim.platform import from_iso
from schemas.finding import Expected, Phase, Reason, Stage

_MINUTE_US = 60_000_000
_HALF_HOUR_US = 30 * _MINUTE_US
_DAY_MIN, _HALF_HOURS = 1440, 48
#: Reasons that ring, and those by which such an alert ends (an older one kept only these).
RINGS = (
    reasons.SILENT, reasons.AWAY, reasons.SENSORS_DEAD, reasons.NOT_UP, reasons.LONG_IN_BATHROOM,
    reasons.NOT_BACK_IN_BED, reasons.NO_MEAL, reasons.RESTLESS_NIGHT, reasons.STIRS_WHILE_AWAY,
    reasons.STILL_WHILE_AWAY,
)  # fmt: skip
_ENDS = (
    reasons.ACTIVE_AGAIN, reasons.LONG_GAP, reasons.SENSORS_BACK, reasons.KNOWN_ABSENT, reasons.AS_USUAL_AGAIN
)  # fmt: skip
_EMPTY = (reasons.STIRS_WHILE_AWAY, reasons.STILL_WHILE_AWAY)
_SILENCES = (reasons.SILENT, reasons.AWAY, reasons.SENSORS_DEAD)
KINDS = ("inactivity", "routine")
#: Where one sleeps on top, where one leaves at the bottom.
_ORDER = ("bedroom", "bathroom", "kitchen", "living", "hall", "other", "outer_door")
#: The room that was missed is shown though nobody was seen in it.
_MISSED = {reasons.NO_MEAL: "kitchen", reasons.NOT_BACK_IN_BED: "bedroom"}
#: Minutes between the marks of the clock.
_STEPS_MIN = (30, 60, 120, 180, 360, 720)


@dataclass(frozen=True, slots=True)
class Lane:
    """A kind of room, and from when until when somebody was seen there."""

    room: str
    stays: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment that matters: ``usual``, ``limit`` or ``rang``."""

    name: str
    at_us: int


@dataclass(frozen=True, slots=True)
class Day:
    """What is drawn. ``code``: why it rang; ``lasted``: from when until when; ``minutes``: those of a night's sum."""

    start_us: int
    end_us: int
    offset_us: int  # the home's clock minus UTC
    code: str
    lanes: tuple[Lane, ...]
    lasted: tuple[int, int]
    rang_us: int
    minutes: int
    expected: Expected | None

    @property
    def is_silence(self) -> bool:
        """Whether it is compared with when somebody is about, and not with how it was on other days."""
        return self.code in _SILENCES

    @property
    def is_empty(self) -> bool:
        """Whether nobody was expected at home at all: there are no other days to compare with."""
        return self.code in _EMPTY

    @property
    def is_night(self) -> bool:
        """Whether minutes are compared, and no hour."""
        return self.code == reasons.RESTLESS_NIGHT

    @property
    def marks(self) -> list[Mark]:
        """The moments that matter, as far as they are drawn, the last first."""
        found, known = [Mark("rang", self.rang_us)], self.expected
        if known is not None and not self.is_night:
            ends = (("limit", known.limit), ("usual", known.usual))
            found += [Mark(name, known.start_us + after * _MINUTE_US) for name, after in ends if after is not None]
        return [mark for mark in found if self.start_us <= mark.at_us <= self.end_us]

    @property
    def last_seen(self) -> tuple[str, int] | None:
        """The room and time of the last sign of life before it began."""
        begun_us = self.lasted[0]
        seen = [
            (min(end, begun_us), lane.room) for lane in self.lanes for start, end in lane.stays if start <= begun_us
        ]
        return max(seen)[::-1] if seen else None

    def share(self, at_us: int) -> float:
        """Return where a moment lies between the edges, 0 to 1; what is outside lies at the edge."""
        return (min(self.end_us, max(self.start_us, at_us)) - self.start_us) / (self.end_us - self.start_us)

    def clock(self, at_us: int) -> str:
        """Return the home's clock at a moment: 09:15."""
        minutes = round((at_us + self.offset_us) / _MINUTE_US) % _DAY_MIN
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    def ticks(self, most: int) -> list[int]:
        """Return the hours that are marked, at most about so many."""
        span = (self.end_us - self.start_us) / _MINUTE_US
        step_us = next((step for step in _STEPS_MIN if span / step <= most), _DAY_MIN) * _MINUTE_US
        first = -(-(self.start_us + self.offset_us) // step_us) * step_us - self.offset_us
        return list(range(first, self.end_us + 1, step_us))

    def lively(self) -> list[tuple[int, int, float]]:
        """Return for each half hour that is drawn its beginning, its end, and on which share of days one is about."""
        if self.expected is None or not self.is_silence or len(self.expected.lively) != _HALF_HOURS:
            return []
        first = (self.start_us + self.offset_us) // _HALF_HOUR_US
        last = -(-(self.end_us + self.offset_us) // _HALF_HOUR_US)
        return [
            (
                slot * _HALF_HOUR_US - self.offset_us,
                (slot + 1) * _HALF_HOUR_US - self.offset_us,
                self.expected.lively[slot % _HALF_HOURS] / 100,
            )
            for slot in range(first, last)
        ]

    def others(self, places: int) -> Counter[int]:
        """Return how many other days lie at each of so many places between the edges."""
        if self.expected is None or self.is_silence or self.is_night:
            return Counter()
        times = [self.expected.start_us + minutes * _MINUTE_US for minutes in self.expected.others]
        return Counter(min(places - 1, int(self.share(at_us) * places)) for at_us in times)

    def nights(self) -> tuple[int, ...]:
        """Return the minutes of other nights, and of this one as the last."""
        return (*self.expected.others, self.minutes) if self.is_night and self.expected else ()


def is_of_rhythm(kind: str, codes: Sequence[str]) -> bool:
    """Whether an alert is about a home's rhythm: then a day is drawn, and no acceleration."""
    return kind in KINDS and any(code in RINGS or code in _ENDS for code in codes)


def day_of(
    hours: Mapping[str, Any], kept: Mapping[str, Any] | None, told: Sequence[Reason], phases: Sequence[Phase],
    stage: str,
) -> Day:  # fmt: skip
    """Return what is drawn of an alert: ``hours`` is the API's AlertDay, ``kept`` the alert's ``expected``."""
    start_us, end_us, until_us, rang_us = (from_iso(hours[name]) for name in ("start", "end", "until", "rang"))
    ringing = next((reason for reason in told if reason.code in RINGS), Reason(reasons.SILENT))
    begun_us, over_us = (phases[0].start_us, phases[0].end_us) if phases else (rang_us, until_us)
    over = stage == Stage.RECOVERED or ringing.code == reasons.RESTLESS_NIGHT
    expected = None if kept is None else _expected(kept)
    return Day(
        start_us=start_us,
        end_us=end_us,
        offset_us=hours["utc_offset_min"] * _MINUTE_US,
        code=ringing.code,
        lanes=_lanes(hours["rooms"], ringing.code),
        lasted=(begun_us, over_us if over else until_us),
        rang_us=rang_us,
        minutes=round(ringing.values.get("min", 0)),
        expected=expected,
    )


def _lanes(rooms: Sequence[Mapping[str, Any]], code: str) -> tuple[Lane, ...]:
    lanes = [
        Lane(each["room"], tuple((from_iso(stay["start"]), from_iso(stay["end"])) for stay in each["stays"]))
        for each in rooms
    ]
    missed = _MISSED.get(code)
    if missed and lanes and all(lane.room != missed for lane in lanes):
        lanes.append(Lane(missed, ()))
    return tuple(sorted(lanes, key=lambda lane: _ORDER.index(lane.room)))


def _expected(kept: Mapping[str, Any]) -> Expected:
    return Expected(
        start_us=from_iso(kept["start"]),
        rang_us=from_iso(kept["rang"]),
        utc_offset_min=kept["utc_offset_min"],
        usual=kept["usual"],
        limit=kept["limit"],
        others=tuple(kept["others"]),
        lively=tuple(kept["lively"]),
        days=kept["days"],
    )
