"""Traces from the database: the kept evidence where it is whole, the raw frames otherwise, as JSON."""

import asyncio
from collections.abc import Iterable

import msgspec

from api import present, trace
from api.times import MINUTE_US, SECOND_US, iso
from api.trace import TimedFrame
from schemas import frame
from schemas.alert import Alert
from schemas.errors import BadPayload
from store import evidence, readings
from store.pool import Db
from store.readings import StoredFrame

#: What is kept of an event (schemas.effects.KeepEvidence), and what the console draws.
BEFORE_US = AFTER_US = MINUTE_US
#: This long after its end nothing more of a trace is on its way: wearables send every second or two.
_SETTLED_US = 30 * SECOND_US


async def of_resident(db: Db, resident: str, start_us: int, end_us: int, device: str | None) -> bytes:
    """Return a resident's trace of ``[start_us, end_us)`` as JSON: of ``device``, or of the one that recorded most."""
    stored = await readings.frames_between(db, resident, start_us, end_us, device=device)
    return await asyncio.to_thread(_encoded, stored, start_us, end_us, {})


async def around_alert(db: Db, alert: Alert, now_us: int) -> bytes:
    """Return the trace around an alert's event as JSON, with its impact, its phases, and whether more is to come."""
    start_us, end_us = alert.event_us - BEFORE_US, alert.event_us + AFTER_US
    kept = await evidence.of_alert(db, alert.id)
    stored = list(kept.frames) if kept else []
    whole = kept is not None and kept.complete
    if not whole:
        stored += await readings.frames_between(db, alert.resident, start_us, end_us, device=alert.device or None)
    beside: present.Plain = {
        "start": iso(start_us),
        "end": iso(end_us),
        "impact": iso(alert.event_us),
        "phases": present.phases(alert),
        "complete": whole or now_us >= end_us + _SETTLED_US,
    }
    return await asyncio.to_thread(_encoded, stored, start_us, end_us, beside)


def _encoded(stored: list[StoredFrame], start_us: int, end_us: int, beside: present.Plain) -> bytes:
    # In a thread: ten minutes at 200 Hz take some tens of milliseconds, and a live alert does not wait for a drawing.
    found = trace.of_busiest_device(trace.segments(_decoded(stored), start_us, end_us))
    return msgspec.json.encode({**trace.to_plain(found, iso), **beside})


def _decoded(stored: Iterable[StoredFrame]) -> Iterable[TimedFrame]:
    for row in stored:
        try:
            yield TimedFrame(row.device, row.event_us, frame.decode(row.payload))
        except BadPayload:  # was strict once and is stricter now: a hole in the drawing, not an error
            continue
