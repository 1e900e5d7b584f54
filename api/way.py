"""The way around an alert of wandering: where they walked, what they passed again, where they were last, which rooms.

Read when somebody looks, from what is stored: what came late is in it, and what retention has taken is not.
"""

import asyncio
from collections.abc import Sequence

from api.home_day import STAY_US
from api.present import Plain
from api.routine import ahead_us, rooms
from api.times import MINUTE_US, iso
from api.usual import UsualPlaces, fixes
from api.whereabouts import around, building, place_said
from detectors import reasons
from detectors.routine import HOUR_US, Room
from detectors.tracks import Fix
from detectors.wandering_signs import INSIDE, OPENED, SEEN
from detectors.way_drawn import Drawn, DrawnPoint, drawn
from detectors.whereabouts_last import last_seen
from detectors.whereabouts_places import UsualPlace
from schemas.alert import OPEN_STATES, Alert
from schemas.finding import Stage
from store import history, people, positions
from store.moves import Move, beacon_rooms, moves
from store.people import DEFAULT_TIMEZONE, Resident
from store.pool import Pool

#: Drawn before it began: where they came from. Of rooms an hour before now at least, since pacing shows against rest.
BEFORE_US, ROOMS_BEFORE_US = 15 * MINUTE_US, HOUR_US
#: Drawn after somebody was back, and at most: the search for somebody lost is somebody else's after half a day.
AFTER_US, WHOLE_US = 10 * MINUTE_US, 12 * HOUR_US
#: Positions that are read: two and a half hours of a phone that tells each half second, half a day of each two seconds.
MOST_FIXES = 20_000
#: Visits to rooms that are drawn: pacing for an hour is some three hundred.
MOST_VISITS = 400
#: What shows somebody in a room (detectors.wandering_signs).
_MOVES = sorted(SEEN | INSIDE | OPENED)
#: What a beacon's room says when it is in none.
_NOWHERE = frozenset({"", "not_home", "away", "unknown", "unavailable", "none"})


async def around_alert(pool: Pool, usual: UsualPlaces, alert: Alert, tiles: Plain | None, now_us: int) -> Plain:
    """Return the way around an alert as api.ground_models.AlertWay."""
    began_us, until_us = window(alert, now_us)
    lives = await people.resident(pool, alert.resident)
    told = await positions.positions(pool, alert.resident, began_us - BEFORE_US, until_us, MOST_FIXES)
    places = await usual.of(pool, lives) if lives and told else []
    rooms_us = min(began_us - BEFORE_US, until_us - ROOMS_BEFORE_US)
    worn = [
        each for each in await beacon_rooms(pool, alert.resident, rooms_us, until_us) if each[1].lower() not in _NOWHERE
    ]
    seen = worn or await _sensors(pool, alert.unit, rooms_us, until_us)
    left = any(reason.code == reasons.LEFT_AT_NIGHT for reason in alert.evidence.reasons)
    return {
        "start": iso(began_us - BEFORE_US),
        "began": iso(began_us),
        "until": iso(until_us),
        "lasts": until_us == now_us,
        "utc_offset_min": ahead_us(began_us, lives.timezone if lives else DEFAULT_TIMEZONE) // MINUTE_US,
        **await asyncio.to_thread(_way, fixes(told), places, lives, tiles, began_us, until_us),
        "door": iso(began_us) if left else None,
        "visits": visits(seen),
        "by_beacon": bool(worn),
        "shared": await people.living_in(pool, alert.unit) > 1,
    }


def window(alert: Alert, now_us: int) -> tuple[int, int]:
    """Return when it began and until when it is drawn: now while it lasts, and never what came after it was over."""
    phases = alert.evidence.phases
    began_us = phases[0].start_us if phases else alert.event_us
    until_us = now_us
    if alert.stage is Stage.RECOVERED and phases:
        until_us = phases[0].end_us + AFTER_US
    if alert.state not in OPEN_STATES and alert.resolved_us is not None:
        until_us = min(until_us, alert.resolved_us)
    return began_us, max(began_us + 1, min(until_us, now_us, began_us + WHOLE_US))


def _way(
    told: list[Fix],
    usual: Sequence[UsualPlace],
    lives: Resident | None,
    tiles: Plain | None,
    began_us: int,
    until_us: int,
) -> Plain:
    outdoors = [fix for fix in told if fix.degrees]
    # One system at a time: the one that spoke last says where they are.
    if told and not told[-1].degrees:
        return _indoors([fix for fix in told if not fix.degrees], began_us, len(told))
    seen = last_seen(outdoors, until_us)
    among = around(usual, lives, None if seen is None else (seen.lon, seen.lat), tiles)
    if seen is None or among is None:
        return {"ground": None, **_points(Drawn(()), len(told)), "last": None}
    found = drawn(outdoors, among.origin, began_us)
    return {"ground": among.said(), **_points(found, len(told)), "last": place_said(seen, among)}


def _indoors(told: list[Fix], began_us: int, read: int) -> Plain:
    found = drawn(told, (0.0, 0.0), began_us)
    last = found.points[-1] if found.points else None
    ground: Plain = {"origin": None, "at_home": False, "places": [], "zone": [], "tiles": None}
    place = None if last is None else building((round(last.x, 1), round(last.y, 1), last.error_m, last.until_us))
    return {"ground": ground, **_points(found, read), "last": place}


def _points(found: Drawn, read: int) -> Plain:
    left_out = {
        "inexact": found.inexact,
        "jumps": found.jumps,
        "standing": found.standing,
        "thinned": found.thinned,
        "older": int(read >= MOST_FIXES),
    }
    return {"points": [_point(point) for point in found.points], "left_out": left_out}


def _point(point: DrawnPoint) -> Plain:
    return {
        "t": iso(point.at_us),
        "until": iso(point.until_us),
        "x": round(point.x, 1),
        "y": round(point.y, 1),
        "error": round(point.error_m, 1),
        "passes": point.passes,
        "rides": point.rides,
        "silent": point.silent,
    }


async def _sensors(pool: Pool, unit: str, start_us: int, end_us: int) -> list[tuple[int, str]]:
    """Return when somebody was seen in which room by the home's own sensors."""
    devices = await history.devices_of(pool, unit)
    seen = await moves(pool, unit, devices, _MOVES, start_us, end_us)
    names = await people.place_names(pool, {move.place for move in seen if move.place})
    kinds = await asyncio.to_thread(rooms, seen)
    return [(move.event_us, _called(move, Room(kind), names)) for move, kind in zip(seen, kinds.tolist(), strict=True)]


def _called(move: Move, kind: Room, names: dict[str, str]) -> str:
    """Return the kind of room where it is known, else its own name: a ward's rooms are told apart by their numbers."""
    if kind is not Room.OTHER:
        return kind.name.lower()
    return move.room or names.get(move.place or "", move.place or move.device)


def visits(seen: Sequence[tuple[int, str]]) -> list[Plain]:
    """Return signs in order of time as visits: one goes on until another room, or until nothing was seen for long."""
    found: list[tuple[str, int, int]] = []
    for at_us, room in seen:
        if found and found[-1][0] == room and at_us - found[-1][2] <= STAY_US:
            found[-1] = (room, found[-1][1], at_us)
        else:
            found.append((room, at_us, at_us))
    return [{"room": room, "start": iso(start), "end": iso(end)} for room, start, end in found[-MOST_VISITS:]]
