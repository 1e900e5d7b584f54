"""Wandering inside a home and out of its doors: what each room and door means, and what the clock decides."""

from detectors import reasons
from detectors import wandering_findings as tell
from detectors.wandering_door import asked_again_us, inside, opened, quiet
from detectors.wandering_home import HomeConfig, ahead
from detectors.wandering_rooms import enter, paced
from detectors.wandering_signs import Sign, What
from detectors.wandering_state import Home, Waiting
from schemas.finding import Finding, Stage


class Indoors:
    """Reads rooms and doors into a Home, for the detector of ``model``; the state is the home's own."""

    def __init__(self, model: str, config: HomeConfig, settle_us: int, calm_us: int) -> None:
        self.model, self.config = model, config
        self._settle_us, self._calm_us = settle_us, calm_us

    def read(self, unit: str, home: Home, one: Waiting, now_us: int) -> list[Finding]:
        """Take a room, an outer door, or somebody active inside, in the order of events."""
        sign = one.sign
        if sign.what is What.OUTER_DOOR:
            opened(home.door, sign.event_us, one.heard_us, self._rules(home, sign.event_us))
            if home.door.opened_us == sign.event_us:
                home.door.anchor, home.door.device, home.door.place = sign.anchor, sign.device, sign.place
            return []
        found = self._back(unit, home, sign.event_us)
        inside(home.door, sign.event_us, self.config)
        return found + (self._room(home, sign, now_us) if sign.what is What.ROOM else [])

    def decide(self, unit: str, home: Home, now_us: int) -> list[Finding]:
        """Take the platform's clock: see who has not come back, and what is over."""
        return self._nobody_back(unit, home, now_us) + self._calm_rooms(unit, home, now_us)

    def due(self, home: Home) -> list[int]:
        """Return the times at which ``decide`` has something to decide."""
        times = [home.door.waits_us + self._settle_us] if home.door.waits_us else []
        return times + [one.rooms.last_us + self._calm_us for one in home.people.values() if one.rooms is not None]

    def _room(self, home: Home, sign: Sign, now_us: int) -> list[Finding]:
        """Several people in a home change rooms by themselves: then only a worn beacon tells who paces."""
        if sign.resident is None and (len(home.residents) > 1 or home.away(now_us)):
            return []
        resident = sign.resident or home.somebody(sign.unit)
        person = home.person(resident)
        if not enter(person.visits, sign.event_us, sign.room, self.config):
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

    def _back(self, unit: str, home: Home, at_us: int) -> list[Finding]:
        episode = home.left
        if episode is None or at_us <= episode.start_us:
            return []
        home.left = None
        if episode.stage is not Stage.CONFIRMED:
            return []
        return [tell.over(self.model, unit, episode, at_us, reasons.BACK_INSIDE)]

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
            quiet(door)
            door.waits_us = asked_again_us(door, finding.evidence.reasons, decided_us, rules)
        elif finding.stage is Stage.POSSIBLE:
            return []
        home.left = tell.episode_of(finding)
        return [finding]

    def _calm_rooms(self, unit: str, home: Home, now_us: int) -> list[Finding]:
        found: list[Finding] = []
        for _, person in sorted(home.people.items()):
            episode = person.rooms
            if episode is not None and episode.last_us + self._calm_us <= now_us:
                person.rooms, person.visits.seen = None, []
                found.append(tell.over(self.model, unit, episode, episode.last_us + self._calm_us, reasons.CALM))
        return found

    def _rules(self, home: Home, at_us: int) -> HomeConfig:
        """Return the rules of a home by its own clock, as it stood at ``at_us``."""
        local = home.local_time()
        return self.config if local is None else ahead(self.config, local.ahead_us(at_us))
