"""The trace around an alert, copied out of the frames so that it outlives them."""

from collections.abc import Sequence

import msgspec

from schemas.effects import KeepEvidence
from store.pool import Connection, Db, transaction
from store.rows import columns, record
from store.traces import LONGEST_FRAME_US, StoredFrame

#: A pause between two frames longer than this is a gap: devices send every second or so, and a clock may step a little.
GAP_US = 2 * 1_000_000

_COPIED = columns(StoredFrame)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept: ``complete`` when frames cover the whole interval without a gap."""

    frames: int
    complete: bool


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """The kept trace of an alert: from the first interval's start to the last one's end, all frames in order."""

    start_us: int
    end_us: int
    complete: bool
    frames: tuple[StoredFrame, ...]


async def keep(db: Db, wanted: KeepEvidence) -> Kept:
    """Copy the frames that are there now into the alert's evidence; again later to complete it. Idempotent."""
    async with transaction(db) as conn:
        await conn.execute(
            f"""
            insert into evidence_frame (alert, {_COPIED}) select $1, {_COPIED} from frame
            where resident = $2 and device = $3 and end_us > $4
              and event_us >= $4::bigint - $6::bigint and event_us < $5
            on conflict do nothing
            """,  # noqa: S608  # our own column names
            wanted.alert,
            wanted.resident,
            wanted.device,
            wanted.start_us,
            wanted.end_us,
            LONGEST_FRAME_US,
        )
        spans = await _spans(conn, wanted)
        complete = covers(spans, wanted.start_us, wanted.end_us)
        await conn.execute(
            """
            insert into evidence (alert, device, resident, start_us, end_us, complete) values ($1, $2, $3, $4, $5, $6)
            on conflict (alert, device, start_us, end_us) do update set complete = excluded.complete
            """,
            wanted.alert,
            wanted.device,
            wanted.resident,
            wanted.start_us,
            wanted.end_us,
            complete,
        )
    return Kept(frames=len(spans), complete=complete)


async def _spans(conn: Connection, wanted: KeepEvidence) -> list[tuple[int, int]]:
    rows = await conn.fetch(
        """
        select event_us, end_us from evidence_frame
        where alert = $1 and device = $2 and event_us < $4 and end_us > $3 order by event_us
        """,
        wanted.alert,
        wanted.device,
        wanted.start_us,
        wanted.end_us,
    )
    return [(row["event_us"], row["end_us"]) for row in rows]


def covers(spans: Sequence[tuple[int, int]], start_us: int, end_us: int) -> bool:
    """Whether (begin, end) spans in order of begin cover the interval, pauses of up to GAP_US forgiven."""
    reached = start_us
    for begin, end in spans:
        if begin - reached > GAP_US:
            return False
        reached = max(reached, end)
    return end_us - reached <= GAP_US


async def of_alert(db: Db, alert_id: str) -> Evidence | None:
    """Return the kept trace of an alert, None when nothing is kept yet."""
    row = await db.fetchrow(
        """
        select min(start_us) as start_us, max(end_us) as end_us, bool_and(complete) as complete
        from evidence where alert = $1
        """,
        alert_id,
    )
    if row is None or row["start_us"] is None:
        return None
    frames = await db.fetch(
        f"select {_COPIED} from evidence_frame where alert = $1 order by event_us, device, seq",  # noqa: S608
        alert_id,
    )
    return Evidence(
        start_us=row["start_us"],
        end_us=row["end_us"],
        complete=row["complete"],
        frames=tuple(record(frame, StoredFrame) for frame in frames),
    )
