"""For whoever runs the platform: is it alive, can it serve, and its numbers. Open, and without anybody's data."""

import asyncio
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.database import AWAY
from api.runtime import Runtime, TheRuntime
from api.stages import OURS, StageHealth
from store import alerts, proposals, quarantine

router = APIRouter(tags=["probes"])

_Counts = tuple[dict[str, int], dict[str, int], dict[str, int]]

#: The queries take milliseconds; whoever probes gives up after a few seconds, and should get an answer before.
_ANSWER_SECONDS = 2.0


@router.get("/healthz", summary="The process is alive")
async def healthz() -> dict[str, bool]:
    """Return at once; says that this process' loop turns, and nothing about the platform."""
    return {"ok": True}


@router.get("/readyz", summary="People are watched over", responses={503: {"description": "Names what is missing"}})
async def readyz(runtime: TheRuntime) -> JSONResponse:
    """Ask database and JetStream now, and every stage's last report; name what is missing, and say why.

    Answers within _ANSWER_SECONDS, whatever hangs.
    """
    counts, reachable, stages = await asyncio.gather(
        _database_counts(runtime), runtime.stages.reachable(), runtime.stages.health(runtime.wall())
    )
    why: dict[str, str] = {}
    if counts is None:
        why["database"] = "The database does not answer."
    if not reachable:
        why["jetstream"] = "JetStream does not answer, so nobody knows how the stages are."
    if not runtime.feed.sees:
        why["live stream"] = "New alerts cannot be read, so no console shows them."
    why |= _missing_stages(stages)
    body: dict[str, Any] = {"ok": not why, "missing": list(why), "why": why}
    return JSONResponse(body, 503 if why else 200)


def _missing_stages(stages: list[StageHealth]) -> dict[str, str]:
    """Return the stages that are not well, and the broker where the gateway says so; not ourselves, who answer."""
    missing = {}
    for stage in stages:
        if stage.ok or not stage.known or stage.name == OURS:
            continue
        if "mqtt" in stage.troubles:
            missing["broker"] = "The gateway has no connection to the MQTT broker."
        if stage.troubles != ("mqtt",):
            missing[stage.name] = stage.note
    return missing


@router.get("/metrics", summary="Numbers for Prometheus", response_class=Response)
async def metrics(runtime: TheRuntime) -> Response:
    """Return counters and gauges; what cannot be asked now is left out rather than repeated."""
    counts = await _database_counts(runtime)
    runtime.metrics.observe_database(*(counts or (None, {}, {})))
    runtime.metrics.observe_stages(await runtime.stages.health(runtime.wall()))
    runtime.metrics.observe_restarts(runtime.settings.restarts())
    runtime.metrics.streams.set(runtime.feed.count)
    return Response(runtime.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


async def _database_counts(runtime: Runtime) -> _Counts | None:
    """Return open alerts by severity, quarantined messages by reason, and proposals by state.

    None when the database does not answer.
    """

    async def count() -> _Counts:
        pool = await runtime.database.pool()
        return await alerts.open_count(pool), await quarantine.counts(pool), await proposals.counts(pool)

    # Not asyncio.timeout, which waits for what it cancels: against a server that hangs, the driver's tidying up took
    # longer (over 12 s) than whoever probes has.
    counting = asyncio.create_task(count())
    await asyncio.wait({counting}, timeout=_ANSWER_SECONDS)
    if not counting.done():
        counting.add_done_callback(lambda late: late.cancelled() or late.exception())  # nobody else looks at it
        counting.cancel()
        return None
    try:
        return counting.result()
    except AWAY:
        return None
