"""What tells how devices themselves are: how well they are heard, and what of theirs could not be understood."""

from collections.abc import Sequence

import msgspec

from store.pool import Db
from store.rows import record


class LastMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it came."""

    arrival_us: int
    topic: str
    retain: bool
    payload: bytes


async def last_message(db: Db, device: str, since_us: int) -> LastMessage | None:
    """Return what a device said last, with an event time since ``since_us``; None where nothing is stored."""
    row = await db.fetchrow(
        """
        select arrival_us, topic, retain, payload from message
        where device = $1 and event_us >= $2 order by event_us desc limit 1
        """,
        device,
        since_us,
    )
    return None if row is None else record(row, LastMessage)


async def links(db: Db, devices: Sequence[str], since_us: int) -> dict[str, tuple[float, int]]:
    """Return the newest link quality of each device since ``since_us`` (0 to 255), with its event time."""
    rows = await db.fetch(
        """
        select last.* from unnest($1::text[]) as asked (device) cross join lateral (
            select r.device, r.value, r.event_us from reading r
            where r.device = asked.device and r.type = 'link_quality' and r.value is not null and r.event_us >= $2
            order by r.event_us desc limit 1
        ) last
        """,
        list(devices),
        since_us,
    )
    return {row["device"]: (row["value"], row["event_us"]) for row in rows}


async def quarantined(db: Db, devices: Sequence[str], since_us: int) -> dict[str, dict[str, int]]:
    """Return how many messages since ``since_us`` could not be understood, by device and reason.

    A message is a device's whose id is a whole level of its topic.
    """
    rows = await db.fetch(
        """
        select named.device, q.reason, count(*) as count from quarantine q
        cross join lateral (select distinct level as device from unnest(string_to_array(q.topic, '/')) level) named
        where q.at_us >= $2 and named.device = any($1::text[])
        group by named.device, q.reason order by count desc, q.reason
        """,
        list(devices),
        since_us,
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["device"], {})[row["reason"]] = row["count"]
    return found
