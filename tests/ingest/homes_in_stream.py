"""A partition's readings as home sensors make them: days of life in homes, with the platform's clock.

Seeded; every time is given.
"""

from collections.abc import Sequence

from detectors.inactivity_signs import Sign
from detectors.routine import DAY_US, MINUTE_US
from schemas.reading import Reading, ReadingKind
from tests.detectors import homes
from tests.detectors.homes import MIDNIGHT_US
from tests.ingest.falls_in_stream import tick


def motion(sign: Sign) -> Reading:
    """Return the message of a motion sensor that a sign came from, heard 80 ms later."""
    return Reading(
        kind=ReadingKind.EVENT, arrival_us=sign.event_us + 80_000, event_us=sign.event_us, end_us=sign.event_us,
        device=sign.device, unit=sign.unit, place=f"{sign.unit}-{sign.room.name.lower()}",
        topic=f"zigbee2mqtt/{sign.device}", events=("motion",), payload=f"{sign.event_us}".encode(),
    )  # fmt: skip


def lived(signs: Sequence[Sign], until_us: int, *, from_us: int = MIDNIGHT_US) -> list[Reading]:
    """Return the readings of signs with the platform's clock each five minutes, in the order of arrival."""
    ticks = [tick(at_us) for at_us in range(from_us, until_us + 1, 5 * MINUTE_US)]
    return sorted([*map(motion, signs), *ticks], key=lambda reading: reading.arrival_us)


def week(unit: str = "u1", until_h: float = 11.0, count: int = 7) -> list[Sign]:
    """Return days of one home; on the last one all falls silent at ``until_h``."""
    return homes.days(count, unit, until_h)


def end_of(count: int, hours: float) -> int:
    """Return ``hours`` after midnight of the last of ``count`` days."""
    return MIDNIGHT_US + (count - 1) * DAY_US + int(hours * 60) * MINUTE_US
