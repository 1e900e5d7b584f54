"""The hours of a home around an alert of its rhythm: in which rooms signs of life were seen, as stored readings say.

Beside what was expected, which the alert itself keeps, it makes the alert's picture. Read when somebody looks: what was
stored late is in it, and what retention has taken is not.
"""

import asyncio
from collections.abc import Sequence

from api.present import Plain
from api.routine import ahead_us, rooms
from api.times import MINUTE_US, iso
from detectors import reasons
from detectors.inactivity_signs import MOVES
from detectors.routine import HOUR_US, Room
from schemas.alert import Alert
from schemas.finding import Stage
from store import history, people
from store.moves import Move, moves
from store.people import DEFAULT_TIMEZONE
from store.pool import Db

#: Drawn before what lasted began: as long as it took until it rang, within these bounds.
LEAST_BEFORE_US, MOST_BEFORE_US = 2 * HOUR_US, 8 * HOUR_US
#: Before a night only its beginning: all that counts is within it.
BEFORE_NIGHT_US = HOUR_US
#: No drawing begins longer before it rang: a meal may have been missed since the day before yesterday.
WHOLE_US = 30 * HOUR_US
#: Drawn after it rang, while it lasts, and after somebody was seen again.
AFTER_US, AFTER_AGAIN_US = 6 * HOUR_US, 30 * MINUTE_US
#: Two signs in one room within this time are one stay: sensors of motion speak once in some minutes.
STAY_US = 5 * MINUTE_US


async def around_alert(db: Db, alert: Alert, now_us: int) -> Plain:
    """Return the window of time, up to when it is known, and each room's stays in it, as api.models.AlertDay."""
    start_us, end_us = window(alert, now_us)
    until_us = min(now_us, end_us)
    devices = await history.devices_of(db, alert.unit)
    seen = await moves(db, alert.unit, devices, sorted(MOVES), start_us, until_us)
    return {
        "start": iso(start_us),
        "end": iso(end_us),
        "until": iso(until_us),
        "rang": iso(rang_us(alert)),
        "utc_offset_min": await _offset_min(db, alert),
        "rooms": await asyncio.to_thread(_rooms, seen),
    }


def rang_us(alert: Alert) -> int:
    """Return when it rang, of the latest that it is about; of what is over and told no such time, as near as known."""
    known, phases = alert.evidence.expected, alert.evidence.phases
    if known is not None:
        return known.rang_us
    if phases and alert.stage is Stage.CONFIRMED:
        return phases[0].end_us
    begun_us = phases[0].start_us if phases else alert.event_us
    return max(begun_us, alert.decided_us or alert.event_us)


def window(alert: Alert, now_us: int) -> tuple[int, int]:
    """Return from when until when an alert is drawn: enough before it to know the day, and what came of it."""
    known, phases = alert.evidence.expected, alert.evidence.phases
    begun_us = phases[0].start_us if phases else alert.event_us
    told_us = rang_us(alert)
    base_us = min(begun_us, known.start_us) if known else begun_us
    before_us = max(LEAST_BEFORE_US, min(MOST_BEFORE_US, told_us - base_us))
    night = any(reason.code == reasons.RESTLESS_NIGHT for reason in alert.evidence.reasons)
    if night:
        before_us = BEFORE_NIGHT_US
    start_us = max(base_us - before_us, told_us - WHOLE_US) // HOUR_US * HOUR_US
    lasts_us = now_us
    if night:  # it is over when it is told
        lasts_us = told_us
    elif alert.stage is Stage.RECOVERED and phases:
        lasts_us = min(now_us, phases[0].end_us + AFTER_AGAIN_US)
    # What rings is not at the very edge.
    least_us = told_us + max(10 * MINUTE_US, (told_us - start_us) // 24)
    return start_us, max(least_us, min(lasts_us, told_us + AFTER_US))


async def _offset_min(db: Db, alert: Alert) -> int:
    """Return the home's clock minus UTC: as it was when it rang, else as the resident's zone says."""
    if alert.evidence.expected is not None:
        return alert.evidence.expected.utc_offset_min
    lives = await people.resident(db, alert.resident)
    return ahead_us(alert.event_us, lives.timezone if lives else DEFAULT_TIMEZONE) // MINUTE_US


def _rooms(seen: list[Move]) -> list[Plain]:
    kinds = rooms(seen).tolist()
    found = {kind: [move.event_us for move, of in zip(seen, kinds, strict=True) if of == kind] for kind in set(kinds)}
    return [
        {
            "room": Room(kind).name.lower(),
            "stays": [{"start": iso(start), "end": iso(end)} for start, end in stays(found[kind])],
        }
        for kind in sorted(found)
    ]


def stays(times_us: Sequence[int]) -> list[tuple[int, int]]:
    """Return signs of life, in order, as stays: each from its first sign to its last."""
    found: list[tuple[int, int]] = []
    for at_us in times_us:
        if found and at_us - found[-1][1] <= STAY_US:
            found[-1] = (found[-1][0], at_us)
        else:
            found.append((at_us, at_us))
    return found
