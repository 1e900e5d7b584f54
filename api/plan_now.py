"""Who and what is in each room now: pure, from what the store knows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from api.present import Plain
from api.times import MINUTE_US, iso
from store.grants import Reach, Subject
from store.people import Place, Resident, where
from store.rooms import Beacon, Placed, Stirred

#: A wearable speaks every second or two; the same limit as of the overview's "watched".
WEARABLE_SILENT_US = 2 * MINUTE_US
#: A battery sensor that reports nothing for this long is taken for dead, as Zigbee2MQTT itself does (``availability``,
#: passive devices: 25 hours). Sooner would call a quiet room's sensor dead.
SENSOR_DEAD_US = 25 * 60 * MINUTE_US
#: Where somebody was longer ago than this is no knowledge of where they are.
LOOKED_BACK_US = 12 * 60 * MINUTE_US
WEARABLE = "wearable"
#: A beacon's word for being in no room.
_NOWHERE = frozenset({"", "not_home", "away", "unknown", "unavailable", "none"})


@dataclass(frozen=True, slots=True)
class Seen:
    """A resident's last known room: ``place`` None where what a beacon says is no place of ours."""

    place: str | None
    name: str
    event_us: int


def below(places: Sequence[Place], top: str) -> list[Place]:
    """Return a place and all below it, in the order given (each after its parent)."""
    found: dict[str, Place] = {}
    for place in places:
        if place.id == top or place.parent in found:
            found[place.id] = place
    return list(found.values())


def ends(places: Sequence[Place]) -> list[Place]:
    """Return the places that have none below them: what is drawn on a plan."""
    parents = {place.parent for place in places}
    return [place for place in places if place.id not in parents]


def room_of(resident: Resident, places: Sequence[Place]) -> str:
    """Return the place that is a resident's room: their unit, or the one below it whose name is their room's."""
    wanted = (resident.room or "").strip().casefold()
    if not wanted:
        return resident.unit
    inside = [place for place in below(places, resident.unit) if place.id != resident.unit]
    same = [place.id for place in inside if place.name.strip().casefold() == wanted]
    like = [place.id for place in inside if place.name.strip().casefold().endswith(wanted)]
    found = same or like
    return found[0] if len(found) == 1 else resident.unit


def silent(device: Placed, now_us: int) -> bool:
    """Whether a device has not been heard for longer than one of its kind goes without a word."""
    limit_us = WEARABLE_SILENT_US if device.kind == WEARABLE else SENSOR_DEAD_US
    heard_us = device.seen_us if device.seen_us is not None else max(device.registered_us, device.start_us)
    return now_us - heard_us > limit_us


def watch_of(devices: Collection[Placed], now_us: int) -> str:
    """Return the best of what somebody wears: ``watched``, ``off`` (heard, not worn), ``silent``, ``none``."""
    if not devices:
        return "none"
    heard = [each for each in devices if each.seen_us is not None and now_us - each.seen_us <= WEARABLE_SILENT_US]
    if not heard:
        return "silent"
    return "watched" if any(each.worn is not False for each in heard) else "off"


def seen_of(
    resident: Resident,
    *,
    alone: bool,
    stirs: Sequence[Stirred],
    beacon: Beacon | None,
    places: Mapping[str, Place],
) -> Seen | None:
    """Return where somebody was last; of two who share a unit its sensors cannot say who it was."""
    found: list[Seen] = []
    if alone:
        own = [stir for stir in stirs if stir.unit == resident.unit and stir.place in places]
        found += [Seen(stir.place, places[stir.place].name, stir.event_us) for stir in own]
    if beacon is not None and beacon.room.strip().casefold() not in _NOWHERE:
        named = beacon.room.strip().casefold()
        there = [place.id for place in places.values() if place.name.strip().casefold() == named]
        found.append(Seen(there[0] if len(there) == 1 else None, beacon.room, beacon.event_us))
    return max(found, key=lambda seen: seen.event_us, default=None)


@dataclass(frozen=True, slots=True)
class There:
    """What is known of a place and all below it; ``care``: where whoever asks may know how people are."""

    now_us: int
    places: Sequence[Place]
    residents: Sequence[Resident]
    care: Reach
    bound: Sequence[Placed]
    stirs: Sequence[Stirred]
    beacons: Mapping[str, Beacon]

    def resident(self, each: Resident) -> Plain:
        """Return a resident as api.plan_models.ResidentNowThere."""
        cared = self.care.covers(where(each))
        away_us = each.absent_until_us if (each.absent_until_us or 0) > self.now_us else None
        worn = [one for one in self.bound if one.resident == each.id and one.kind == WEARABLE]
        seen = self._seen(each) if cared and away_us is None else None
        return {
            "id": each.id,
            "name": each.name,
            "test": each.test,
            "place": room_of(each, self.places),
            "watch": watch_of(worn, self.now_us) if cared else None,
            "absent_until": iso(away_us) if cared and away_us is not None else None,
            "seen": None if seen is None else {"place": seen.place, "name": seen.name, "time": iso(seen.event_us)},
        }

    def room(self, place: Place) -> Plain:
        """Return a place as api.plan_models.RoomNow."""
        here = [each for each in self.bound if each.place == place.id]
        stirred = [each.event_us for each in self.stirs if each.place == place.id]
        tells = stirred and self.care.covers(Subject(places=(place.id,)))
        return {
            "place": place.id,
            "sensors": len(here),
            "dead": [_sensor(each) for each in here if silent(each, self.now_us)],
            "stirred": iso(max(stirred)) if tells else None,
        }

    def _seen(self, each: Resident) -> Seen | None:
        alone = sum(one.unit == each.unit for one in self.residents) == 1
        known = {place.id: place for place in self.places}
        return seen_of(each, alone=alone, stirs=self.stirs, beacon=self.beacons.get(each.id), places=known)


def _sensor(each: Placed) -> Plain:
    last = None if each.seen_us is None else iso(each.seen_us)
    return {"device": each.device, "kind": each.kind, "label": each.label, "last_seen": last}
