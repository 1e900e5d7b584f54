"""The platform itself: the overview, and what it could not understand."""

import importlib.metadata
from typing import Annotated

from fastapi import APIRouter, Query

from api import present
from api.access import SignedIn
from api.models import Overview
from api.present import Plain
from api.quarantine_models import Quarantine
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
    seen = None
    if not caller.reach.everywhere:
        seen = [device.id for device in await people.devices(pool, reach=caller.reach) if device.binding is not None]
    counts = await quarantine.counts(pool, seen)
    rows = await quarantine.listed(pool, limit=limit, before=before, devices=seen)
    return {
        "total": sum(counts.values()),
        "by_reason": [{"reason": reason, "count": count} for reason, count in counts.items()],
        "entries": [_entry(row) for row in rows],
    }


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
