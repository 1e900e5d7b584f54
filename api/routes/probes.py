"""For whoever runs the platform: is it alive, can it serve, and its numbers. Open, and without anybody's data."""

import asyncio
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.database import AWAY
from api.runtime import Runtime, TheRuntime
from store import alerts, quarantine

router = APIRouter(tags=["probes"])

#: Both queries take milliseconds; whoever probes gives up after a few seconds, and should get an answer before.
_ANSWER_SECONDS = 2.0


@router.get("/healthz", summary="The process is alive")
async def healthz() -> dict[str, bool]:
    """Return at once; says nothing about the database."""
    return {"ok": True}


@router.get("/readyz", summary="The platform can serve", responses={503: {"description": "Names what is missing"}})
async def readyz(runtime: TheRuntime) -> JSONResponse:
    """Ask the database and JetStream now, and name what does not answer."""
    missing = []
    if await _database_counts(runtime) is None:
        missing.append("database")
    if not await runtime.stages.reachable():
        missing.append("jetstream")
    if not runtime.feed.sees:
        missing.append("live stream")
    body: dict[str, Any] = {"ok": not missing, "missing": missing}
    return JSONResponse(body, 503 if missing else 200)


@router.get("/metrics", summary="Numbers for Prometheus", response_class=Response)
async def metrics(runtime: TheRuntime) -> Response:
    """Return counters and gauges; what cannot be asked now is left out rather than repeated."""
    counts = await _database_counts(runtime)
    runtime.metrics.observe_database(*(counts or (None, {})))
    runtime.metrics.observe_stages(await runtime.stages.health(runtime.wall()))
    runtime.metrics.streams.set(runtime.feed.count)
    return Response(runtime.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


async def _database_counts(runtime: Runtime) -> tuple[dict[str, int], dict[str, int]] | None:
    """Return open alerts by severity and quarantined messages by reason, or None when the database does not answer."""

    async def count() -> tuple[dict[str, int], dict[str, int]]:
        pool = await runtime.database.pool()
        return await alerts.open_count(pool), await quarantine.counts(pool)

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
