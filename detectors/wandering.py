"""Wandering: ways walked over and over, pacing between rooms, and leaving at night.

What a reading shows (detectors.wandering_signs) waits ``settle_s`` on the platform's clock, so that a burst that a
phone sends in reverse is read in order; then a resident's positions go to their way (detectors.tracks,
wandering_walk), rooms and doors to the home (wandering_home). One episode is one finding: told when it is found,
``recovered`` when it is over.

Findings depend on the readings and ticks and their order alone, never on how they are cut into batches; all but those
of a flood come with a tick.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from detectors import reasons
from detectors import wandering_findings as tell
from detectors.due_times import DueTimes
from detectors.household import note, overtaken, told_by
from detectors.tracks import TrackConfig, take
from detectors.walk_model import MODEL
from detectors.wandering_home import HomeConfig
from detectors.wandering_indoors import NEVER_US, Indoors
from detectors.wandering_signs import Sign, What, signs_of
from detectors.wandering_state import SNAPSHOTS, Home, Person, Waiting
from detectors.wandering_walk import WalkConfig, seen, wanders
from schemas.finding import Finding
from schemas.reading import Reading, ReadingKind

_SECOND = 1_000_000
#: Signs of one home that wait to be put in order; more is a flood or a backlog, and the oldest need not wait longer.
_WAITING_KEPT = 256
#: Errors kept until somebody drains them.
_ERRORS_KEPT = 100
#: A home that was silent for so long is forgotten.
_SILENT_US = 7 * 24 * 3600 * _SECOND
#: How often silent homes are looked for.
SWEEP_US = 3600 * _SECOND


@dataclass(frozen=True)
class WanderingConfig:
    """Settings of the wandering detector.

    ``settle_s``: how long a sign waits for earlier ones. ``calm_s``: an episode is over when positions, or rooms, have
    shown no wandering for so long.
    """

    track: TrackConfig = field(default_factory=TrackConfig)
    walk: WalkConfig = field(default_factory=WalkConfig)
    home: HomeConfig = field(default_factory=HomeConfig)
    settle_s: float = 5.0
    calm_s: float = 900.0

    def build(self) -> "WanderingDetector":
        """Return a detector with these settings."""
        return WanderingDetector(self)


class WanderingDetector:
    """Finds wandering in the readings of many units. ``errors`` holds what went wrong by reading key, until drained."""

    model = MODEL

    def __init__(self, config: WanderingConfig | None = None) -> None:
        self.config = config or WanderingConfig()
        self.errors: list[tuple[str, str]] = []
        self.now_us = 0  # the platform's clock by the last tick
        self.changed: set[str] = set()  # units whose state may be another one since somebody emptied this
        self.homes: dict[str, Home] = {}
        #: Whether somebody walks along with a resident of a unit at a moment (detectors.whereabouts); the host says.
        self.along: Callable[[str, str, int], bool] = _alone
        self._settle_us, self._calm_us = (int(s * _SECOND) for s in (self.config.settle_s, self.config.calm_s))
        self._indoors = Indoors(self.model, self.config.home, self._settle_us, self._calm_us)
        self._due = self._due_times()

    def update(self, readings: Sequence[Reading]) -> list[Finding]:
        """Take readings in the order in which they came; return the findings they complete."""
        found: list[Finding] = []
        for reading in readings:
            try:
                if reading.kind is ReadingKind.CONFIG:
                    self._configure(reading)
                signs = signs_of(reading)
            except Exception as error:  # one home's trouble must not stop the others
                self._report(reading.key, error)
                continue
            found += self.show(reading, signs)
        return found

    def show(self, reading: Reading, signs: Sequence[Sign]) -> list[Finding]:
        """Take what a reading shows (detectors.wandering_signs.signs_of), where that is known."""
        found: list[Finding] = []
        try:
            for sign in signs:
                found += self._wait(sign)
        except Exception as error:
            self._report(reading.key, error)
        return found

    def due(self) -> int | None:
        """Return the earliest platform time at which ``tick`` may decide something, None when nothing waits."""
        return self._due.first()

    def tick(self, now_us: int) -> list[Finding]:
        """Take the platform's clock: read what has waited long enough, and see who has not come back."""
        before_us, self.now_us = self.now_us, max(self.now_us, now_us)
        found: list[Finding] = []
        for unit in self._due.take(self.now_us):
            home = self.homes[unit]
            self.changed.add(unit)
            try:
                found += self._settled(unit, home)
                if self._indoors.due(home) <= self.now_us:
                    found += self._indoors.decide(unit, home, self.now_us)
            except Exception as error:
                self._report(unit, error)
                self.homes[unit] = Home(residents=home.residents, left_it=home.left_it)
            self._due.note(unit, self._home_due(unit))
        if self.now_us // SWEEP_US > before_us // SWEEP_US:
            self._forget_silent()
        return found

    def snapshot(self) -> bytes:
        """Return all state as bytes; names its schema and model."""
        return SNAPSHOTS.pack(self.model, self.now_us, self.homes)

    def restore(self, data: bytes) -> None:
        """Take over the state of a snapshot. Raises OtherSnapshot when it is of another schema or model."""
        self.homes, self._due = {}, self._due_times()
        self.now_us = self.take_over(data)

    def units(self) -> set[str]:
        """Return the units of which something is kept."""
        return set(self.homes)

    def states(self, units: Collection[str]) -> dict[str, bytes]:
        """Return these units' state, each as a snapshot of its own without the clock; none where nothing is kept."""
        return {unit: SNAPSHOTS.pack(self.model, 0, {unit: self.homes[unit]}) for unit in units if unit in self.homes}

    def take_over(self, state: bytes) -> int:
        """Add the homes of a snapshot to those there are; return its clock. Raises OtherSnapshot."""
        now_us, homes = SNAPSHOTS.unpack(self.model, state)
        self.homes |= homes
        for unit in homes:
            self._due.note(unit, self._home_due(unit))
        return now_us

    # -- order -------------------------------------------------------------------------------------------------------

    def _wait(self, sign: Sign) -> list[Finding]:
        home = self._home(sign.unit)
        home.waiting.append(Waiting(self.now_us, sign))
        if len(home.waiting) <= _WAITING_KEPT:
            self._due.note(sign.unit, self.now_us + self._settle_us)
            return []
        home.waiting.sort(key=_order)
        half, home.waiting = home.waiting[: _WAITING_KEPT // 2], home.waiting[_WAITING_KEPT // 2 :]
        try:
            return [each for one in half for each in self._read(sign.unit, home, one)]
        finally:  # an opened door may be due before all that waits
            self._due.note(sign.unit, self._home_due(sign.unit))

    def _home(self, unit: str) -> Home:
        self.changed.add(unit)
        home = self.homes.get(unit)
        if home is None:
            home = self.homes[unit] = Home()
        return home

    def _settled(self, unit: str, home: Home) -> list[Finding]:
        heard_us = self.now_us - self._settle_us
        if len(home.waiting) == 1 and home.waiting[0].heard_us <= heard_us:  # nearly always: nothing to put in order
            (one,), home.waiting = home.waiting, []
            return self._read(unit, home, one)
        until_us = max((one.sign.event_us for one in home.waiting if one.heard_us <= heard_us), default=-1)
        over = sorted((one for one in home.waiting if one.sign.event_us <= until_us), key=_order)
        home.waiting = [one for one in home.waiting if one.sign.event_us > until_us]
        return [each for one in over for each in self._read(unit, home, one)]

    def _due_times(self) -> DueTimes:
        return DueTimes(self._home_due)

    def _home_due(self, unit: str) -> int:
        """Return when something is to be decided in a home, -1: nothing waits there."""
        home = self.homes.get(unit)
        if home is None:
            return -1
        due_us, waiting = self._indoors.due(home), home.waiting
        if waiting:
            heard_us = waiting[0].heard_us if len(waiting) == 1 else min(one.heard_us for one in waiting)
            due_us = min(due_us, heard_us + self._settle_us)
        return -1 if due_us == NEVER_US else max(0, due_us)

    # -- one sign ----------------------------------------------------------------------------------------------------

    def _read(self, unit: str, home: Home, one: Waiting) -> list[Finding]:
        sign = one.sign
        home.heard_us = max(home.heard_us, self.now_us, sign.event_us)
        if sign.what is What.POSITION:
            return self._position(home, sign)
        return self._indoors.read(unit, home, one, self.now_us)

    def _position(self, home: Home, sign: Sign) -> list[Finding]:
        resident = sign.resident or ""
        person = home.person(resident)
        if not take(person.track, sign.fix(), self.config.track):
            return self._calm_walk(sign, person)
        excess = wanders(person.track, self.config.track, self.config.walk, home.factor(resident))
        if excess is None or self.along(sign.unit, resident, sign.event_us):
            return self._calm_walk(sign, person)
        if person.walk is not None:
            person.walk.last_us = sign.event_us
            return []
        found = seen(person.track, self.config.track, excess)
        finding = tell.walking(self.model, sign, resident, found)
        person.walk = tell.episode_of(finding)
        return [finding]

    def _calm_walk(self, sign: Sign, person: Person) -> list[Finding]:
        """End an episode once positions, not their absence, have shown no wandering for long enough."""
        if person.walk is None or sign.event_us < person.walk.last_us + self._calm_us:
            return []
        episode, person.walk = person.walk, None
        person.track.forget()  # what is over is not looked at again
        return [tell.over(self.model, sign.unit, episode, sign.event_us, reasons.CALM)]

    # -- the clock ---------------------------------------------------------------------------------------------------

    def _forget_silent(self) -> None:
        for unit, home in list(self.homes.items()):
            if not home.residents and not home.waiting and home.heard_us < self.now_us - _SILENT_US:
                self.changed.add(unit)
                del self.homes[unit]

    # -- people ------------------------------------------------------------------------------------------------------

    def _configure(self, reading: Reading) -> None:
        if (config := told_by(reading)) is None:
            return
        home = self.homes.get(config.unit, Home())
        known = home.residents.get(config.resident)
        if overtaken(config, -1 if known is None else known.version, home.left_it) or config == known:
            return  # said again
        home = self._home(config.unit)
        note(home.left_it, config)
        if config.here:
            home.residents[config.resident] = config
        else:
            home.residents.pop(config.resident, None)
            home.people.pop(config.resident, None)

    def _report(self, key: str, error: Exception) -> None:
        self.errors.append((key, f"{type(error).__name__}: {error}"))
        del self.errors[:-_ERRORS_KEPT]


def _alone(_unit: str, _resident: str, _at_us: int) -> bool:
    return False


def _order(one: Waiting) -> tuple[int, str, str]:
    return one.sign.event_us, one.sign.device, one.sign.anchor
