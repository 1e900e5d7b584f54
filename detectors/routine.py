"""The learnt rhythm of one home: what its sensors' activity tells of when, where and how long it usually is silent.

Fed with one sign of life after the other, in local time. It keeps sums that decay, a share for each half hour of the
day, and the silences of the last four weeks: a few kilobytes, however long the home is watched. A gap of more than a
day is a holiday, a hospital or an outage: no data is not no movement, and nothing is learnt from it.
"""

import re
from enum import IntEnum
from math import exp

import msgspec

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
#: Half hours: people rise and eat by the clock to within less than an hour, and 28 days fill a half hour well.
SLOTS = 48
SLOT_US = DAY_US // SLOTS
#: What a fresh day counts in the share of its half hour: about two weeks of memory.
SLOT_GAIN = 1 / 14
#: Decay of the counts of active minutes, minutes: how busy just now, this hour, this part of the day, this day.
BUSY_MINUTES = (10.0, 60.0, 240.0, 1440.0)
#: Decay of the changes from room to room, minutes.
CHANGES_MINUTES = (10.0, 60.0)
#: Decay of the signs of life, minutes; the last tells how many a day has.
SIGNS_MINUTES = (10.0, 60.0, 1440.0)
#: Decay of the passages of an outer door, minutes.
DOORS_MINUTES = 240.0
#: A pause so long that begins with an outer door tells, by what ends it, whether somebody left or was left behind; four
#: weeks of memory.
DOORWAY_US, DOORWAY_MINUTES = 30 * MINUTE_US, 28 * 1440.0
#: Of all homes two in three such pauses end by the door (TIHM, 69 %); they count as three. Below the share somebody
#: stays in: of pauses of two hours in such homes one in five ended by the door, in the others nine in ten.
DOORWAY_LEFT, DOORWAY_KNOWN, DOORWAY_STAYS = 2.0, 3.0, 0.45
#: Two rooms within so short a time: somebody else is there too (a sensor that sees through a door aside).
TOGETHER_US = 4_000_000
#: Rooms and pauses that are remembered, the last first: how somebody settles.
TRAIL = 3
PAUSES = 5
#: What a fresh pause counts in the share of pauses that are whole hours: counters tell hour by hour.
HOURLY_GAIN = 1 / 20
#: Pauses are counted by room and part of the day, and by how long they were at least, minutes.
PARTS_OF_DAY = 6
PAUSE_MINUTES = (10, 30, 60, 120, 240)
#: So many pauses of one cell, and all its counts are halved: it forgets, the sooner the busier.
CELL_FULL = 120
#: A silence from which on it is a rest of its own; below are gaps between rooms, beyond count. A minute more than an
#: hour, since two full hours of a counter, one after the other, are no silence: they would crowd out the real ones.
REST_US = HOUR_US + MINUTE_US
#: After so long a silence the person is taken to have slept, and to have risen.
SLEEP_US = 3 * HOUR_US
#: Rests are remembered for four weeks: each weekday four times.
RESTS_DAYS = 28
#: At most so many; 28 days of seven rests a day are what the quietest homes of TIHM have.
RESTS_KEPT = 200


class Room(IntEnum):
    """What a room is for, as far as silence depends on it."""

    OTHER = 0
    BEDROOM = 1
    BATHROOM = 2
    LIVING = 3
    HALL = 4
    KITCHEN = 5
    OUTER_DOOR = 6


class Rest(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One silence: the local minute in which it began, its minutes, the last room, and how busy that hour was."""

    start: int
    minutes: int
    room: int
    busy: int = 0


class Routine(msgspec.Struct, array_like=True):
    """The rhythm of one home. Times are local, microseconds (UTC plus the home's offset)."""

    first_us: int = -1
    last_us: int = -1
    room: int = Room.OTHER
    before: int = Room.OTHER  # the last room that was another one
    busy: list[float] = msgspec.field(default_factory=lambda: [0.0] * len(BUSY_MINUTES))
    seen: list[int] = msgspec.field(default_factory=lambda: [-1] * len(Room))  # last sign in each kind of room
    woke_us: int = -1  # end of the last long silence
    slots: list[float] = msgspec.field(default_factory=lambda: [0.5] * SLOTS)
    days: float = 0.0  # of observation, outages not counted
    daily: float = 0.0  # active minutes a day, decaying mean
    rests: list[Rest] = msgspec.field(default_factory=list)
    changes: list[float] = msgspec.field(default_factory=lambda: [0.0, 0.0])  # of room, decaying over CHANGES_MINUTES
    signs: list[float] = msgspec.field(default_factory=lambda: [0.0] * len(SIGNS_MINUTES))  # of life at all, decaying
    slept_h: float = 0.0  # hours of the last long silence
    trail: list[tuple[int, int]] = msgspec.field(default_factory=list)  # rooms and when they were entered, last first
    pauses: list[int] = msgspec.field(default_factory=list)  # minutes between the last active minutes, last first
    doors: float = 0.0  # passages of an outer door, decaying over DOORS_MINUTES
    indoors: int = 0  # signs since the outer door
    together: float = 0.0  # changes of room too quick for one, decaying over a day
    hourly: float = 0.0  # share of pauses that are whole hours, decaying
    ended: float = 0.0  # long silences that ended, and
    expected: float = 0.0  # as many as the model that judges them expected to end by then
    cells: dict[int, list[int]] = msgspec.field(default_factory=dict)  # room, part of the day -> pauses by length
    counted: int = -1  # half hours before this one are in the shares already: the clock was set
    left: float = 0.0  # long pauses begun by an outer door that it ended too, decaying, and
    stayed: float = 0.0  # those that somebody inside ended: it was not they who had left

    def take(self, at_us: int, room: int, times: int = 1) -> None:
        """Take a sign of life, or ``times`` told as one, in ``room`` at local ``at_us``.

        One not later than the last changes only where it was.
        """
        if self.last_us < 0:
            self._begin(at_us, room)
            return
        gap_us = at_us - self.last_us
        if gap_us > DAY_US:
            self._resume(at_us, room)
            return
        if gap_us > 0:
            self._pass(at_us, gap_us)
        self.signs = [count + times for count in self.signs]
        self.indoors = 0 if room == Room.OUTER_DOOR else self.indoors + times
        if self.room == Room.OUTER_DOOR and gap_us >= DOORWAY_US:
            self._doorway(inside=room != Room.OUTER_DOOR)
        if room != self.room:
            self._enter(at_us, gap_us, room)
        self.seen[room] = max(self.seen[room], at_us)

    def stays_in(self) -> bool:
        """Whether whoever lives here is rather at home when an outer door was the last that was heard.

        So it is where somebody hardly goes out, and the door is that of those who come to them.
        """
        return (self.left + DOORWAY_LEFT) / (self.left + self.stayed + DOORWAY_KNOWN) < DOORWAY_STAYS

    def pause(self, until_us: int) -> None:
        """Take it that the home was rightly silent until local ``until_us``: nothing is learnt from the time before."""
        if self.last_us >= 0 and until_us > self.last_us:
            self._resume(until_us, self.room)

    def turn(self, at_us: int, by_us: int, now_us: int) -> None:
        """Take it that the clock was set at local ``at_us`` by ``by_us``, and shows ``now_us``: all is told by it.

        Half hours that the clock skips are no silence, and those that it shows twice count once.
        """
        if self.last_us < 0:
            return
        if self.last_us < at_us and now_us - by_us - self.last_us <= DAY_US:
            self._share(self.last_us // SLOT_US, at_us // SLOT_US)
            self.counted = max(at_us, at_us + by_us) // SLOT_US
        self.last_us += by_us
        self.woke_us += by_us
        self.seen = [moment if moment < 0 else moment + by_us for moment in self.seen]
        self.trail = [(room, moment + by_us) for room, moment in self.trail]

    def turned(self, by_us: int) -> "Routine":
        """Return this rhythm with its last moments told by a clock that was set by ``by_us``."""
        other = msgspec.structs.replace(self)
        other.turn(self.last_us, by_us, self.last_us)
        return other

    def move(self, by_us: int) -> None:
        """Take it that all was told by a clock ``by_us`` behind the home's. (How pauses lie in the day stays.)"""
        self.turn(self.last_us, by_us, self.last_us)
        steps = by_us // SLOT_US % SLOTS
        self.slots = self.slots[SLOTS - steps :] + self.slots[: SLOTS - steps]
        minutes = by_us // MINUTE_US
        self.rests = [msgspec.structs.replace(rest, start=rest.start + minutes) for rest in self.rests]
        self.counted = -1

    def _begin(self, at_us: int, room: int) -> None:
        self.first_us = self.last_us = self.woke_us = at_us
        self.room = room
        self.seen[room] = at_us
        self.busy, self.signs = [1.0] * len(BUSY_MINUTES), [1.0] * len(SIGNS_MINUTES)

    def _resume(self, at_us: int, room: int) -> None:
        """Go on after a time of which nothing is known."""
        self.last_us = self.woke_us = at_us
        self.room = self.before = room
        self.seen[room] = at_us
        self.busy, self.signs = [1.0] * len(BUSY_MINUTES), [1.0] * len(SIGNS_MINUTES)
        self.trail, self.pauses, self.indoors = [], [], 0

    def _enter(self, at_us: int, gap_us: int, room: int) -> None:
        self.before, self.room = self.room, room
        self.changes = [count + 1.0 for count in self.changes]
        self.trail = [(room, at_us), *self.trail[: TRAIL - 1]]
        if 0 < gap_us <= TOGETHER_US:
            self.together += 1.0
        if room == Room.OUTER_DOOR:
            self.doors += 1.0

    def _doorway(self, *, inside: bool) -> None:
        if inside:
            self.stayed += 1.0
        else:
            self.left += 1.0

    def _pass(self, at_us: int, gap_us: int) -> None:
        """Let the time from the last sign to this one pass."""
        was = self.last_us
        minute, now_minute = was // MINUTE_US, at_us // MINUTE_US
        if now_minute > minute:
            passed = now_minute - minute
            busy_1h = round(self.busy[1])
            self._pause(was, passed)
            for i, tau in enumerate(BUSY_MINUTES):
                self.busy[i] = self.busy[i] * exp(-passed / tau) + 1.0
            self.changes = [c * exp(-passed / tau) for c, tau in zip(self.changes, CHANGES_MINUTES, strict=True)]
            self.signs = [c * exp(-passed / tau) for c, tau in zip(self.signs, SIGNS_MINUTES, strict=True)]
            self.doors *= exp(-passed / DOORS_MINUTES)
            self.left, self.stayed = (c * exp(-passed / DOORWAY_MINUTES) for c in (self.left, self.stayed))
            self.together *= exp(-passed / SIGNS_MINUTES[-1])
            self.hourly += HOURLY_GAIN * ((gap_us % HOUR_US == 0) - self.hourly)
            self.pauses = [passed, *self.pauses[: PAUSES - 1]]
            self._rest(was, gap_us, now_minute, busy_1h)
            slot, now_slot = was // SLOT_US, at_us // SLOT_US
            if now_slot > slot:
                self._slots(slot, now_slot)
        self.last_us = at_us

    def keep(self, rest: Rest, now_minute: int) -> None:
        """Remember a rest that ended, and forget those of long ago."""
        self.rests.append(rest)
        oldest = now_minute - RESTS_DAYS * 1440
        self.rests = [each for each in self.rests if each.start >= oldest][-RESTS_KEPT:]

    def _slots(self, slot: int, now_slot: int) -> None:
        """Count the half hour that ends with a sign in it, and those that passed in silence."""
        self._share(slot, now_slot)
        passed = (now_slot - slot) / SLOTS
        self.days += passed
        # the slowest count decays over a day, so it stands for the active minutes of a day
        self.daily += min(1.0, max(SLOT_GAIN, 1.0 / max(self.days, 0.5)) * passed) * (self.busy[-1] - self.daily)

    def _share(self, slot: int, now_slot: int) -> None:
        if now_slot > slot >= self.counted:
            self.slots[slot % SLOTS] += SLOT_GAIN * (1.0 - self.slots[slot % SLOTS])
        for silent in range(max(slot + 1, self.counted), now_slot):
            self.slots[silent % SLOTS] -= SLOT_GAIN * self.slots[silent % SLOTS]

    def _pause(self, start_us: int, minutes: int) -> None:
        """Count a pause by where and when it began."""
        if minutes < PAUSE_MINUTES[0]:
            return
        counts = self.cells.setdefault(cell(start_us, self.room), [0] * len(PAUSE_MINUTES))
        for i, least in enumerate(PAUSE_MINUTES):
            counts[i] += minutes >= least
        if counts[0] >= CELL_FULL:
            counts[:] = [count // 2 for count in counts]

    def _rest(self, start_us: int, gap_us: int, now_minute: int, busy: int) -> None:
        if gap_us >= SLEEP_US:
            self.woke_us, self.slept_h = start_us + gap_us, gap_us / HOUR_US
        if gap_us < REST_US:
            return
        self.keep(Rest(start_us // MINUTE_US, gap_us // MINUTE_US, self.room, busy), now_minute)


def cell(at_us: int, room: int) -> int:
    """Return the number of the cell in which pauses that begin in ``room`` at local ``at_us`` are counted."""
    return room * PARTS_OF_DAY + at_us % DAY_US * PARTS_OF_DAY // DAY_US


#: Neither a letter nor a digit of any script: what ``str.isalnum`` denies, in one go.
_NEITHER = re.compile(r"[\W_]")
#: Words in the name of a room or a sensor -> what the room is for; the first that fits counts. Latin ones begin a word
#: (an address in hex may well hold "bed"), Chinese ones stand anywhere.
_WORDS: tuple[tuple[Room, tuple[str, ...]], ...] = (
    (
        Room.OUTER_DOOR,
        (" front door", " back door", " frontdoor", " backdoor", " entrance", " entry", " outer", " main door",
         "大门", "前门", "后门", "入户", "入口", "门口", "防盗门"),
    ),
    (Room.BEDROOM, (" bed", "bedroom", "卧", "床")),
    (Room.BATHROOM, (" bath", "bathroom", " toilet", " wc", " shower", "卫生间", "厕所", "浴室", "洗手间")),
    (Room.KITCHEN, (" kitchen", " fridge", " dining", " kettle", " microwave", " oven", "厨房", "冰箱", "餐厅")),
    (Room.LIVING, (" living", " lounge", " sitting", " study", " tv", "客厅", "书房")),
    (Room.HALL, (" hall", " corridor", " stair", " landing", "走廊", "过道", "楼梯", "玄关")),
)  # fmt: skip


def room_of(*names: str) -> Room:
    """Return what a room is for by the words in its names (a room, a place, a sensor), or OTHER."""
    said = " " + spaced(" ".join(names).lower())
    for room, words in _WORDS:
        for word in words:
            if word in said:
                return room
    return Room.OTHER


def spaced(text: str) -> str:
    """Return the text with a space for whatever is neither a letter nor a digit."""
    return _NEITHER.sub(" ", text)
