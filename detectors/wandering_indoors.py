"""Wandering inside a home and out of its doors: what each room and door means, and what the clock decides.

Motion sensors cannot tell people apart, so what they see is of the one who lives there, or of the home; a worn beacon
is of its wearer, also in a ward.
"""

from detectors import reasons
from detectors import wandering_findings as tell
from detectors.wandering_beacon import Beacon, locate
from detectors.wandering_door import asked_again_us, from_outside, inside, opened, quiet
from detectors.wandering_exit import AtDoor, signed, stands, tried
from detectors.wandering_home import HomeConfig, ahead
from detectors.wandering_rooms import enter, paced
from detectors.wandering_signs import Sign, What, at_outer_door
from detectors.wandering_state import Home, Person, Waiting
from schemas.finding import Finding, Stage

_SECOND = 1_000_000
#: Of two who live together a door that is tried tells something; in a ward it is the staff's all day.
_COUPLE = 2
#: Later than any time of the platform's clock.
NEVER_US = 2**63 - 1


class Indoors:
    """Reads rooms and doors into a Home, for the detector of ``model``; the state is the home's own."""

    def __init__(self, model: str, config: HomeConfig, settle_us: int, calm_us: int) -> None:
        self.model, self.config = model, config
        self._settle_us, self._calm_us = settle_us, calm_us

    def read(self, unit: str, home: Home, one: Waiting, now_us: int) -> list[Finding]:
        """Take a room, an outer door, or somebody active inside, in the order of events."""
        sign = one.sign
        if sign.what is What.OUTER_DOOR:
            return self._opened(home, one, now_us)
        if sign.resident is not None:
            return self._worn(unit, home, sign, now_us)
        found = self._back(unit, home, sign.event_us)
        inside(home.door, sign.event_us, self.config)
        if not home.away(now_us):
            found += self._at_door(home, sign) + (self._room(home, sign) if sign.what is What.ROOM else [])
        return found

    def decide(self, unit: str, home: Home, now_us: int) -> list[Finding]:
        """Take the platform's clock: see who has not come back, and what is over."""
        found = self._near_left(unit, home, now_us) + self._nobody_back(unit, home, now_us)
        return found + self._over(unit, home, now_us)

    def due(self, home: Home) -> int:
        """Return the first time at which ``decide`` has something to decide, NEVER_US: none."""
        door, due_us = home.door, NEVER_US
        if door.waits_us:
            due_us = door.waits_us + self._settle_us
        if door.near_until_us:
            due_us = min(due_us, door.near_until_us + self._settle_us)
        for person in home.people.values():
            if person.rooms is not None:
                due_us = min(due_us, person.rooms.last_us + self._calm_us)
            if person.at_door is not None:
                due_us = min(due_us, person.at_door.last_us + self._calm_us)
        return due_us

    # -- rooms -------------------------------------------------------------------------------------------------------

    def _room(self, home: Home, sign: Sign) -> list[Finding]:
        """Several people in a home change rooms by themselves: then only a worn beacon tells who paces."""
        if len(home.residents) > 1:
            return []
        resident = home.somebody(sign.unit)
        person = home.person(resident)
        if self._is_heard(person.beacon, sign.event_us):
            return []  # where they are, their beacon tells; its receivers have other names for the same rooms
        return self._entered(home, person, sign, resident, sign.room)

    def _is_heard(self, beacon: Beacon | None, at_us: int) -> bool:
        return beacon is not None and abs(at_us - beacon.last_us) <= self.config.beacon.forget_s * _SECOND

    def _worn(self, unit: str, home: Home, sign: Sign, now_us: int) -> list[Finding]:
        """Take that a receiver heard a worn beacon, which need not be where its wearer is."""
        resident = sign.resident or ""
        person = home.person(resident)
        if person.beacon is None:
            person.beacon = Beacon()
        room = locate(person.beacon, sign.event_us, sign.room, sign.distance_m, self.config.beacon)
        found = self._seen_inside(unit, home, person, sign) if self._shows_inside(home, person.beacon, sign) else []
        known = home.residents.get(resident)
        if known is not None and known.absent(now_us):
            return found  # somebody else carries it
        return found + self._at_door(home, sign, room) + self._entered(home, person, sign, resident, room)

    def _entered(self, home: Home, person: Person, sign: Sign, resident: str, room: str) -> list[Finding]:
        if not enter(person.visits, sign.event_us, room, self.config):
            return []
        seen = paced(person.visits, self._rules(home, sign.event_us), home.factor(resident))
        if seen is None:
            return []
        if person.rooms is not None:
            person.rooms.last_us = sign.event_us
            return []
        finding = tell.between_rooms(self.model, sign, resident, seen)
        person.rooms = tell.episode_of(finding)
        return [finding]

    # -- the outer door ----------------------------------------------------------------------------------------------

    def _opened(self, home: Home, one: Waiting, now_us: int) -> list[Finding]:
        sign, door = one.sign, home.door
        rules = self._rules(home, sign.event_us)
        opened(door, sign.event_us, one.heard_us, rules)
        if door.opened_us != sign.event_us:
            return []
        door.anchor, door.device, door.place, door.room = sign.anchor, sign.device, sign.place, sign.room
        near = self._near(home, sign, now_us)
        if rules.night(sign.event_us):
            door.near, door.near_until_us = near, door.waits_us if near else 0
        who = near or ([home.somebody(sign.unit)] if len(home.residents) <= _COUPLE else [])
        return [] if home.away(now_us) else [each for name in who for each in self._tries(home, sign, name, rules)]

    def _near(self, home: Home, sign: Sign, now_us: int) -> list[str]:
        """Return who was heard at the door just before it was opened, by id."""
        return sorted(
            resident
            for resident, person in home.people.items()
            if person.beacon is not None
            and 0 <= sign.event_us - person.beacon.last_us <= self.config.near_s * _SECOND
            and self._stands_near(person.beacon, sign.room)
            and not (resident in home.residents and home.residents[resident].absent(now_us))
        )

    def _stands_near(self, beacon: Beacon, door_room: str) -> bool:
        metres = beacon.metres()
        return at_outer_door(beacon.room, door_room) and (metres is None or metres <= self.config.near_m)

    def _shows_inside(self, home: Home, beacon: Beacon, sign: Sign) -> bool:
        """Whether a beacon that is heard shows its wearer inside: the door's receiver hears also who has gone out."""
        since_s = (sign.event_us - home.door.opened_us) / _SECOND
        if at_outer_door(beacon.room, home.door.room):
            return since_s > self.config.beacon_out_s and self._stands_near(beacon, home.door.room)
        return True

    def _seen_inside(self, unit: str, home: Home, person: Person, sign: Sign) -> list[Finding]:
        found = self._back(unit, home, sign.event_us)
        inside(home.door, sign.event_us, self.config)
        if sign.resident in home.door.near and sign.event_us > home.door.opened_us + self.config.step_out_s * _SECOND:
            home.door.near = [each for each in home.door.near if each != sign.resident]
        if person.left is not None and sign.event_us > person.left.start_us:
            found.append(tell.over(self.model, unit, person.left, sign.event_us, reasons.BACK_INSIDE))
            person.left = None
        return found

    def _at_door(self, home: Home, sign: Sign, room: str | None = None) -> list[Finding]:
        """Take a sign of somebody: in the room at the door, or anywhere else (``room``: where a beacon is)."""
        resident = sign.resident or home.somebody(sign.unit)
        if sign.resident is None and len(home.residents) > 1:
            return []
        person = home.person(resident)
        stood_us = person.exit.stands_us
        if room is None:
            there = sign.what is What.ROOM and at_outer_door(sign.room, "")
        else:
            there = person.beacon is not None and self._stands_near(person.beacon, home.door.room)
        if not there and not stood_us:  # nearly always
            signed(person.exit, sign.event_us, self.config)
            return []
        rules = self._rules(home, sign.event_us)
        seen = stands(person.exit, sign.event_us, there, rules, home.factor(resident))
        found = self._tell_at_door(person, sign, resident, seen)
        if there and not stood_us:
            return found + self._tries(home, sign, resident, rules)
        signed(person.exit, sign.event_us, rules)
        return found

    def _tries(self, home: Home, sign: Sign, resident: str, rules: HomeConfig) -> list[Finding]:
        person = home.person(resident)
        signed(person.exit, sign.event_us, rules)
        seen = tried(person.exit, sign.event_us, rules, home.factor(resident))
        return self._tell_at_door(person, sign, resident, seen)

    def _tell_at_door(self, person: Person, sign: Sign, resident: str, seen: AtDoor | None) -> list[Finding]:
        if seen is None:
            return []
        if person.at_door is not None:
            person.at_door.last_us = sign.event_us
            return []
        finding = tell.at_door(self.model, sign, resident, seen)
        person.at_door = tell.episode_of(finding)
        return [finding]

    def _back(self, unit: str, home: Home, at_us: int) -> list[Finding]:
        episode = home.left
        if episode is None or at_us <= episode.start_us:
            return []
        home.left = None
        if episode.stage is not Stage.CONFIRMED:
            return []
        return [tell.over(self.model, unit, episode, at_us, reasons.BACK_INSIDE)]

    # -- the clock ---------------------------------------------------------------------------------------------------

    def _near_left(self, unit: str, home: Home, now_us: int) -> list[Finding]:
        """Tell of those who were near the door when it was opened, and are heard in no room since."""
        door = home.door
        if not door.near_until_us or door.near_until_us + self._settle_us > now_us:
            return []
        found = []
        for resident in door.near:
            person = home.people.get(resident)
            if person is None or person.left is not None:
                continue
            finding = tell.left_by(self.model, unit, resident, door, self._rules(home, door.opened_us))
            person.left = tell.episode_of(finding)
            found.append(finding)
        door.near, door.near_until_us = [], 0
        if found:
            door.waits_us = 0  # who has left is told by name
        return found

    def _nobody_back(self, unit: str, home: Home, now_us: int) -> list[Finding]:
        door = home.door
        if not door.waits_us or door.waits_us + self._settle_us > now_us:
            return []
        decided_us, door.waits_us = door.waits_us, 0
        again = home.left is not None and home.left.stage is Stage.POSSIBLE and home.left.start_us == door.opened_us
        if (home.left is not None and not again) or home.away(now_us):
            return []
        rules = self._rules(home, door.opened_us)
        finding = tell.left(self.model, unit, home.somebody(unit), door, decided_us, rules)
        if not again:
            if finding.stage is Stage.POSSIBLE or not rules.deep(door.opened_us) or from_outside(door, rules):
                quiet(door)
            door.waits_us = asked_again_us(door, finding.evidence.reasons, decided_us, rules)
        elif finding.stage is Stage.POSSIBLE:
            return []
        home.left = tell.episode_of(finding)
        return [finding]

    def _over(self, unit: str, home: Home, now_us: int) -> list[Finding]:
        """End what has shown nothing more for long enough."""
        found: list[Finding] = []
        for _, person in sorted(home.people.items()):
            if person.rooms is not None and person.rooms.last_us + self._calm_us <= now_us:
                found.append(self._calm(unit, person.rooms, reasons.PHASE_WANDERING))
                person.rooms, person.visits.seen = None, []
            if person.at_door is not None and person.at_door.last_us + self._calm_us <= now_us:
                found.append(self._calm(unit, person.at_door, reasons.PHASE_AT_DOOR))
                person.at_door, person.exit.tries, person.exit.stands_us = None, [], 0
        return found

    def _calm(self, unit: str, episode: tell.Episode, phase: str) -> Finding:
        return tell.over(self.model, unit, episode, episode.last_us + self._calm_us, reasons.CALM, phase)

    def _rules(self, home: Home, at_us: int) -> HomeConfig:
        """Return the rules of a home by its own clock, as it stood at ``at_us``."""
        local = home.local_time()
        return self.config if local is None else ahead(self.config, local.ahead_us(at_us))
