"""Whereabouts: out of a drawn zone, far from all that is known, out at an unusual hour, lost, or not heard of any more.

Positions are taken as they come, those of one person that are older than the last left out: a phone that sends an
hour's positions at once is told of by the newest. One leaving is one finding, with all its causes: told when the first
is sure, told anew when it grows louder, ``recovered`` when the last is over.

Findings depend on the readings and ticks and their order alone, never on how they are cut into batches. Only a silence
is told by the clock.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from math import hypot

from detectors import reasons
from detectors import whereabouts_findings as tell
from detectors.due_times import DueTimes
from detectors.home_clocks import CHINA_US
from detectors.household import note, overtaken, told_by
from detectors.whereabouts_along import accompanied
from detectors.whereabouts_findings import At, Claim, Level
from detectors.whereabouts_follow import at_known_place, come_home, follow, follow_other, nothing_new
from detectors.whereabouts_judge import Along, JudgeConfig, claims_of, metres_from_home, still
from detectors.whereabouts_signs import Position, anchor_of, position_of, shows_inside
from detectors.whereabouts_state import SNAPSHOTS, Home, Other, Person, another_told
from detectors.whereabouts_trust import WORST_M, Spot, error_of
from schemas.config import Sensitivity
from schemas.finding import Finding, Reason
from schemas.ground import degrees, metres
from schemas.reading import Reading, ReadingKind

#: Name and version of the rules and of their numbers.
MODEL = "whereabouts-1"
_SECOND = 1_000_000
_MINUTE_US = 60 * _SECOND
_HOUR_US = 60 * _MINUTE_US
#: People and devices of one home that are kept: a centre's; more is a mistake in the bindings.
_PEOPLE_KEPT, _OTHERS_KEPT = 64, 8
#: Who came with somebody is with them until they have gone so far on alone (metres).
_TOGETHER_M = 150.0
#: Errors kept until somebody drains them.
_ERRORS_KEPT = 100
#: A home that nobody is known to live in and that was silent for so long is forgotten.
_SILENT_US, SWEEP_US = 7 * 24 * _HOUR_US, _HOUR_US
#: What is told may be so much more usual, by how soon a resident's detectors shall speak.
_FACTOR = {Sensitivity.CALMER: 0.5, Sensitivity.NORMAL: 1.0, Sensitivity.KEENER: 2.0}


@dataclass(frozen=True)
class WhereaboutsConfig:
    """Settings of the detector of whereabouts. Seconds.

    ``late_s``: a position heard so long after is no news, it is only learnt. ``ahead_s``: one that claims to be of so
    much later than it was heard is not believed. ``silence_s``, ``silence_told_s``: somebody out at night, or told of,
    without a position for so long is possibly in trouble, and told: a phone that is well tells its place at least each
    half hour (OwnTracks' ping), so the first is one missed and the second three.
    """

    judge: JudgeConfig = field(default_factory=JudgeConfig)
    usual_us: int = CHINA_US
    late_s: float = 900.0
    ahead_s: float = 600.0
    silence_s: float = 2700.0
    silence_told_s: float = 5400.0

    def build(self) -> "WhereaboutsDetector":
        """Return a detector with these settings."""
        return WhereaboutsDetector(self)


class WhereaboutsDetector:
    """Follows where the residents of many units are. ``errors`` holds what went wrong by reading key, until drained."""

    model = MODEL

    def __init__(self, config: WhereaboutsConfig | None = None) -> None:
        self.config = config or WhereaboutsConfig()
        self.errors: list[tuple[str, str]] = []
        self.now_us = 0  # the platform's clock by the last tick
        self.changed: set[str] = set()  # units whose state may be another one since somebody emptied this
        self.homes: dict[str, Home] = {}
        self._corners: dict[tuple[str, str], tuple[tuple[float, float], ...]] = {}  # of zones, in metres; made anew
        self._due = DueTimes(self._home_due)

    def update(self, readings: Sequence[Reading]) -> list[Finding]:
        """Take readings in the order in which they came; return the findings they complete."""
        found: list[Finding] = []
        for reading in readings:
            try:
                if reading.kind is ReadingKind.CONFIG:
                    found += self._configure(reading)
                elif (position := position_of(reading)) is not None:
                    found += self._take(position, reading)
                elif (unit := shows_inside(reading)) is not None and unit in self.homes:
                    self.changed.add(unit)
                    self.homes[unit].inside_us = max(self.homes[unit].inside_us, reading.event_us)
            except Exception as error:  # one home's trouble must not stop the others
                self._report(reading.key, error)
                self._begin_anew(reading.unit or "")
        return found

    def due(self) -> int | None:
        """Return the earliest platform time at which ``tick`` may decide something, None when nothing waits."""
        return self._due.first()

    def tick(self, now_us: int) -> list[Finding]:
        """Take the platform's clock: see who is out and has not been heard of."""
        before_us, self.now_us = self.now_us, max(self.now_us, now_us)
        found: list[Finding] = []
        for unit in self._due.take(self.now_us):
            self.changed.add(unit)
            try:
                for resident, person in sorted(self.homes[unit].people.items()):
                    found += self._ask(unit, self.homes[unit], resident, person)
            except Exception as error:
                self._report(unit, error)
                self._begin_anew(unit)
            self._due.note(unit, self._home_due(unit))
        if self.now_us // SWEEP_US > before_us // SWEEP_US:
            self._forget_silent()
        return found

    def along(self, unit: str, resident: str, at_us: int) -> bool:
        """Whether somebody else's position moves together with a resident's, in the minutes before ``at_us``."""
        home = self.homes.get(unit)
        person = None if home is None else home.people.get(resident)
        return (
            home is not None and person is not None and self._along(home, resident, person, at_us) is not Along.NOBODY
        )

    def snapshot(self) -> bytes:
        """Return all state as bytes; names its schema and model."""
        return SNAPSHOTS.pack(self.model, self.now_us, self.homes)

    def restore(self, data: bytes) -> None:
        """Take over the state of a snapshot. Raises OtherSnapshot when it is of another schema or model."""
        self.homes, self._due, self._corners = {}, DueTimes(self._home_due), {}
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
        self._corners.clear()
        for unit in homes:
            self._due.note(unit, self._home_due(unit))
        return now_us

    # -- positions ---------------------------------------------------------------------------------------------------

    def _take(self, position: Position, reading: Reading) -> list[Finding]:
        home = self.homes.get(position.unit)
        if home is None:
            home = self.homes[position.unit] = Home()
        self.changed.add(position.unit)
        if position.at_us > position.arrival_us + self.config.ahead_s * _SECOND:
            return []
        home.heard_us = max(home.heard_us, position.arrival_us)
        if home.origin is None:
            home.origin = (position.lon, position.lat)
        if position.resident is None:
            self._other(home, position)
            return []
        person = home.people.get(position.resident)
        if person is None:
            person = self._meet(home, position.resident)
        if position.at_us <= person.seen_us:
            return []
        person.seen_us, person.heard_us = position.at_us, max(person.heard_us, position.arrival_us)
        same = nothing_new(person, position.lon, position.lat, position.accuracy_m, position.at_us)
        if same and not (len(home.people) > 1 and another_told(home, person)):
            person.stayed_us = position.at_us
            return []
        error_m = error_of(position.accuracy_m)
        if error_m > WORST_M:
            return []
        spot = Spot(position.at_us, *metres(home.origin, (position.lon, position.lat)), error_m)
        return self._follow(home, person, position, spot, reading)

    def _follow(self, home: Home, person: Person, position: Position, spot: Spot, reading: Reading) -> list[Finding]:
        unit, resident = position.unit, position.resident or ""
        known = home.residents.get(resident)
        if known is not None and known.absent(position.arrival_us):
            return self._end(unit, resident, person, At(position.lon, position.lat, spot.error_m, spot.at_us),
                             reasons.KNOWN_ABSENT)  # fmt: skip
        corners = self._zone(unit, home, resident)
        person.device = position.device
        believed = follow(person, spot, home.origin or (0.0, 0.0), corners, self._ahead_us(home, spot.at_us))
        person.silent = 0
        asked, person.ask_us = person.ask_us, position.arrival_us if person.out or person.episode is not None else 0
        if person.ask_us and not asked:  # later ones only put it off
            self._due.note(unit, self._home_due(unit))
        if not believed:
            return []
        late = position.arrival_us - position.at_us > self.config.late_s * _SECOND
        return self._judge(home, person, position, believed[-1], corners, reading, late=late)

    def _judge(
        self, home: Home, person: Person, position: Position, spot: Spot, corners: tuple[tuple[float, float], ...],
        reading: Reading, *, late: bool,
    ) -> list[Finding]:  # fmt: skip
        unit, resident, episode = position.unit, position.resident or "", person.episode
        if not (person.zone.outside or person.far.outside or person.out) and episode is None:
            return []
        factor = self._factor(home, resident)
        along = Along.NOBODY
        claims = claims_of(person, spot, corners, along, self.config.judge, factor)
        if claims and max(claim.level for claim in claims) > Level.POSSIBLE:  # only then does it matter who walks along
            along = self._beside(home, resident, person, spot)
            if along is not Along.NOBODY:
                claims = claims_of(person, spot, corners, along, self.config.judge, factor)
        if episode is not None and not claims and not still(person, episode.codes):
            return self._end(unit, resident, person, self._at(home, spot), tell.why_over(episode.codes, out=person.out))
        if late or not claims:
            return []
        at = self._at(home, spot)
        if episode is None and person.told and max(claim.level for claim in claims) < Level.FULL:
            return []  # of this outing was told already
        if episode is not None:
            found = tell.go_on(MODEL, unit, resident, episode, claims, at)
            person.told = max(person.told, episode.level)
            return [] if found is None else [found]
        person.episode, told = tell.open_episode(
            MODEL, unit, resident, position.device, position.place, anchor_of(reading), claims, at
        )
        person.told = max(person.told, person.episode.level)
        person.slack_m = 0.0
        return [told]

    def _at(self, home: Home, spot: Spot) -> At:
        return At(*degrees(home.origin or (0.0, 0.0), (spot.x, spot.y)), spot.error_m, spot.at_us)

    def _end(self, unit: str, resident: str, person: Person, at: At, code: str) -> list[Finding]:
        episode, person.episode = person.episode, None
        if episode is None:
            return []
        found = tell.over(MODEL, unit, resident, episode, at, code)
        return [] if found is None else [found]

    def _other(self, home: Home, position: Position) -> None:
        other = home.others.pop(position.device, None) or Other()
        home.others[position.device] = other
        while len(home.others) > _OTHERS_KEPT:
            del home.others[next(iter(home.others))]  # the one just heard stands last
        error_m = error_of(position.accuracy_m)
        if position.at_us <= other.seen_us or error_m > WORST_M:
            return
        other.seen_us = position.at_us
        x, y = metres(home.origin or (0.0, 0.0), (position.lon, position.lat))
        follow_other(other, Spot(position.at_us, x, y, error_m))

    def _along(self, home: Home, resident: str, person: Person, at_us: int) -> Along:
        if any(accompanied(person.ring, other.ring, at_us) for other in home.others.values()):
            return Along.CARER
        others = (each for name, each in home.people.items() if name != resident)
        return Along.RESIDENT if any(accompanied(person.ring, each.ring, at_us) for each in others) else Along.NOBODY

    def _beside(self, home: Home, resident: str, person: Person, spot: Spot) -> Along:
        """Return who is with a person: moves along now, or came along to where the person still is."""
        along = self._along(home, resident, person, spot.at_us)
        if along is not Along.NOBODY:
            person.beside, person.carer = spot, along is Along.CARER
        elif person.beside is not None:
            if hypot(spot.x - person.beside.x, spot.y - person.beside.y) <= _TOGETHER_M + spot.error_m:
                return Along.CARER if person.carer else Along.RESIDENT
            person.beside = None
        return along

    # -- silence -----------------------------------------------------------------------------------------------------

    def _home_due(self, unit: str) -> int:
        """Return when somebody of a home is to be asked for, -1: nobody."""
        home = self.homes.get(unit)
        if home is None:
            return -1
        times = [self._ask_due(person) for person in home.people.values() if person.ask_us]
        return min(times, default=-1)

    def _ask_due(self, person: Person) -> int:
        wait_s = self.config.silence_told_s if person.silent else self.config.silence_s
        return max(person.ask_us, person.heard_us + int(wait_s * _SECOND))

    def _ask(self, unit: str, home: Home, resident: str, person: Person) -> list[Finding]:
        if not person.ask_us or self._ask_due(person) > self.now_us:
            return []
        person.ask_us = 0
        spot, episode = person.trust.last, person.episode
        if spot is None or not (person.out or episode is not None):
            return []
        at = At(*degrees(home.origin or (0.0, 0.0), (spot.x, spot.y)), spot.error_m, self.now_us)
        if len(home.residents) <= 1 and len(home.people) == 1 and home.inside_us > person.seen_us + 5 * _MINUTE_US:
            come_home(person)  # the phone says nothing, but somebody is at home
            return self._end(unit, resident, person, at, reasons.BACK_INSIDE)
        known = home.residents.get(resident)
        hour = (self.now_us + self._ahead_us(home, self.now_us)) / _HOUR_US % 24
        told = episode is not None and episode.level > Level.POSSIBLE
        waits = not told and (not self.config.judge.night(hour) or at_known_place(person))
        if waits or (known is not None and known.absent(self.now_us)):
            if self.now_us < person.heard_us + 24 * _HOUR_US:  # after a day it is the device that is missed
                person.ask_us = self.now_us + int(self.config.silence_s * _SECOND)
            return []
        level = Level.MILD if told or person.silent else Level.POSSIBLE
        person.silent += 1 if level is Level.POSSIBLE else 2
        if person.silent == 1:
            person.ask_us = self.now_us
        return self._tell_silence(unit, resident, person, at, level)

    def _tell_silence(self, unit: str, resident: str, person: Person, at: At, level: Level) -> list[Finding]:
        spot = person.trust.last
        if spot is None:
            return []
        minutes = round((self.now_us - person.seen_us) / _MINUTE_US)
        values = {"min": float(minutes), "m": metres_from_home(person, spot)}
        claims = [Claim(level, Reason(reasons.NO_POSITION, values), person.seen_us)]
        person.slack_m = 0.0
        if person.episode is not None:
            found = tell.go_on(MODEL, unit, resident, person.episode, claims, at)
            return [] if found is None else [found]
        anchor = f"{person.device}:silent:{person.seen_us}"
        person.episode, told = tell.open_episode(MODEL, unit, resident, person.device, None, anchor, claims, at)
        return [told]

    # -- people ------------------------------------------------------------------------------------------------------

    def _meet(self, home: Home, resident: str) -> Person:
        person = home.people[resident] = Person()
        while len(home.people) > max(_PEOPLE_KEPT, len(home.residents)):
            first = next((name for name in home.people if name not in home.residents and name != resident), None)
            del home.people[first if first is not None else next(iter(home.people))]
        return person

    def _zone(self, unit: str, home: Home, resident: str) -> tuple[tuple[float, float], ...]:
        known = home.residents.get(resident)
        if known is None or not known.zone or home.origin is None:
            return ()
        corners = self._corners.get((unit, resident))
        if corners is None:
            origin = home.origin
            corners = tuple(metres(origin, (lon, lat)) for lon, lat in known.zone)
            self._corners[unit, resident] = corners
        return corners

    def _ahead_us(self, home: Home, at_us: int) -> int:
        local = home.local_time()
        return self.config.usual_us if local is None else local.ahead_us(at_us)

    def _factor(self, home: Home, resident: str) -> float:
        known = home.residents.get(resident)
        return _FACTOR[Sensitivity.NORMAL if known is None else known.sensitivity]

    def _configure(self, reading: Reading) -> list[Finding]:
        if (config := told_by(reading)) is None:
            return []
        home = self.homes.get(config.unit, Home())
        known = home.residents.get(config.resident)
        if overtaken(config, -1 if known is None else known.version, home.left) or config == known:
            return []  # said again
        self.changed.add(config.unit)
        self.homes[config.unit] = home
        note(home.left, config)
        self._corners.pop((config.unit, config.resident), None)
        person = home.people.get(config.resident)
        if not config.here:
            home.residents.pop(config.resident, None)
            home.people.pop(config.resident, None)
            return []
        home.residents[config.resident] = config
        if person is not None and (known is None or known.zone != config.zone):
            person.zone = type(person.zone)()  # another area: what was outside may be inside
            person.slack_m = 0.0
        return []

    def _begin_anew(self, unit: str) -> None:
        """Let go of what goes on in a home in which something breaks; what was learnt in weeks stays known."""
        home = self.homes.get(unit)
        if home is not None:
            people = {name: Person(known=each.known) for name, each in home.people.items()}
            self.homes[unit] = Home(people=people, residents=home.residents, origin=home.origin, left=home.left)

    def _forget_silent(self) -> None:
        for unit, home in list(self.homes.items()):
            if not home.residents and home.heard_us < self.now_us - _SILENT_US:
                self.changed.add(unit)
                del self.homes[unit]

    def _report(self, key: str, error: Exception) -> None:
        self.errors.append((key, f"{type(error).__name__}: {error}"))
        del self.errors[:-_ERRORS_KEPT]
