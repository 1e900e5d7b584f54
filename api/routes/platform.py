"""The platform itself: the overview, and what it could not understand."""

import importlib.metadata
from typing import Annotated

from fastapi import APIRouter, Path, Query

from api import present
from api.access import Caller, SignedIn
from api.errors import not_found
from api.models import Overview
from api.present import Plain
from api.quarantine_models import Quarantine, QuarantinedMessage
from api.rights import Needs
from api.runtime import Now, ThePool, TheRuntime
from api.times import MINUTE_US, iso
from store import alerts, pauses, people, quarantine
from store.people import where

router = APIRouter(prefix="/api/v1", tags=["platform"])

VERSION = importlib.metadata.version("shouwang")

#: A wearable speaks every second or two; one silent for this long watches over nobody.
_WATCHED_US = 2 * MINUTE_US
#: A person knows the sender by its first bytes; 64 fill one line of a page.
_HEAD_BYTES = 64


@router.get("/overview", summary="The platform in one glance", response_model=Overview)
async def read_overview(caller: SignedIn, runtime: TheRuntime, pool: ThePool, now_us: Now) -> Plain:
    """Return how many are watched, what is open, when it last was not, and how the stages are."""
    reach = caller.reach
    last = await alerts.last_resolved(pool, reach)
    lives_here = {each.id: where(each) for each in await people.residents(pool, reach)}
    works_here = not caller.where(Needs.STAFF).nothing
    stages = await runtime.stages.health(runtime.wall()) if works_here else []
    return {
        "watched": await people.watched(pool, now_us - _WATCHED_US, reach),
        "residents": len(lives_here),
        "open": sum((await alerts.open_count(pool, reach)).values()),
        "last_resolved": iso(last.resolved_us) if last and last.resolved_us is not None else None,
        "pauses": [
            present.pause(each)
            for each in await pauses.all_current(pool, now_us)
            if each.resident in lives_here and caller.where(Needs.CARE).covers(lives_here[each.resident])
        ],
        "stages": [{"name": stage.name, "ok": stage.ok, "lag": stage.lag, "note": stage.note} for stage in stages],
        "platform_time": iso(now_us),
        "simulated": runtime.settings.simulated,
        "version": VERSION,
    }


@router.get("/quarantine", summary="What could not be understood", response_model=Quarantine)
async def read_quarantine(
    caller: SignedIn,
    pool: ThePool,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Entries with a smaller id")] = None,
) -> Plain:
    """Return how often for which reason, ever, and the latest entries, newest first.

    Who does not see all gets what came from devices they see; the counts are then of what is still kept.
    """
    seen = await _their_devices(caller, pool)
    counts = await quarantine.counts(pool, seen)
    rows = await quarantine.listed(pool, limit=limit, before=before, devices=seen)
    return {
        "total": sum(counts.values()),
        "by_reason": [{"reason": reason, "count": count} for reason, count in counts.items()],
        "entries": [_entry(row) for row in rows],
    }


@router.get("/quarantine/{entry_id}", summary="One of them, as it came", response_model=QuarantinedMessage)
async def read_quarantined(
    entry_id: Annotated[int, Path(ge=1, le=2**63 - 2)], caller: SignedIn, pool: ThePool
) -> Plain:
    """Return one message with all that is kept of its payload, 4 KiB at most."""
    rows = await quarantine.listed(pool, limit=1, before=entry_id + 1, devices=await _their_devices(caller, pool))
    if not rows or rows[0].id != entry_id:
        raise not_found("entry")
    entry = rows[0].entry
    return {
        **{key: value for key, value in _entry(rows[0]).items() if key != "head_hex"},
        "payload_hex": entry.payload.hex(),
        "retain": entry.retain,
    }


async def _their_devices(caller: Caller, pool: ThePool) -> list[str] | None:
    """Return whose topics of the quarantine one sees, None: all."""
    if caller.reach.everywhere:
        return None
    return [device.id for device in await people.devices(pool, reach=caller.reach) if device.binding is not None]


def _entry(row: quarantine.Quarantined) -> Plain:
    entry = row.entry
    return {
        "id": row.id,
        "at": iso(entry.at_us),
        "topic": entry.topic,
        "reason": entry.reason,
        "sentence": entry.sentence,
        "size": entry.size,
        "head_hex": entry.payload[:_HEAD_BYTES].hex(),
        "kept": entry.kept,
    }
