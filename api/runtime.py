"""What lives as long as the API process: database, live feed, view of the stages, throttle, counters."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Annotated

from fastapi import Depends, FastAPI, Request

from api.database import AWAY, Database
from api.listeners import Listeners
from api.live import Feed, LivePause, LiveStep
from api.looks import Looks
from api.metrics import Metrics
from api.oidc import Oidc
from api.present import live_pause, live_steps
from api.routine import Routines
from api.settings import ApiSettings
from api.stages import REPORT_AGAIN_SECONDS, REPORT_SECONDS, Stages
from api.throttle import Throttle
from api.usual import UsualPlaces
from schemas.status import StageStatus
from store import alerts, attendance
from store.pauses import all_live
from store.pool import Pool

#: Steps read at once: a page of them with their alerts is below a megabyte.
PAGE = 200
#: Between attempts to cancel a loop at the stop.
_CANCEL_SECONDS = 0.2
_BLIND = "api: the database cannot be read; what the console shows stands still."


class Runtime:
    """Built with the application; its loops run from start to stop."""

    def __init__(self, settings: ApiSettings) -> None:
        self.settings = settings
        self.database = Database(settings.dsn)
        self.stages = Stages(settings.nats_url)
        self.throttle = Throttle()
        self.looks = Looks()
        self.listeners = Listeners()
        self.oidc = None if settings.oidc is None else Oidc(settings.oidc, self.wall)
        self.metrics = Metrics()
        self.routines = Routines(settings.clock)
        self.usual = UsualPlaces(settings.clock)
        self.feed = Feed(
            pool=self.database.pool, steps_after=self.steps_after, last_seq=self.last_seq, pauses=self.pauses
        )

    @property
    def clock(self) -> Callable[[], int]:
        """Platform time, microseconds since 1970."""
        return self.settings.clock

    @property
    def wall(self) -> Callable[[], int]:
        """Wall time: sessions, throttles and the stages' reports go by it, however the platform's clock is driven."""
        return self.settings.wall or self.settings.clock

    async def steps_after(self, seq: int) -> list[LiveStep]:
        """Return the next page of steps after ``seq``, ready to send."""
        pool = await self.database.pool()
        return await live_steps(pool, await alerts.steps_since(pool, seq, PAGE))

    async def pauses(self) -> dict[str, LivePause]:
        """Return who is with which resident, ready to send."""
        return {pause.resident: live_pause(pause, unit) for pause, unit in await all_live(await self.database.pool())}

    async def last_seq(self) -> int:
        """Return the seq of the newest step, 0 when there is none."""
        return await alerts.last_seq(await self.database.pool())

    @asynccontextmanager
    async def running(self, _: FastAPI) -> AsyncIterator[None]:
        """Run the loops; the application's lifespan."""
        tasks = [
            asyncio.create_task(self.feed.run(), name="live feed"),
            asyncio.create_task(self.stages.run(), name="stages"),
            asyncio.create_task(self._report(), name="own report"),
            asyncio.create_task(self._begin_listening(), name="consoles"),
        ]
        try:
            yield
        finally:
            self.feed.close()
            await _end(tasks)
            await self.stages.close()
            await self.database.close()

    async def _report(self) -> None:
        while True:
            written = await self.stages.report(self.own_status())
            await asyncio.sleep(REPORT_SECONDS if written else REPORT_AGAIN_SECONDS)

    async def _begin_listening(self) -> None:
        """Note that consoles can speak from now on; until then nobody is missed (alerts.attendance)."""
        began_us = self.wall()
        while True:
            with suppress(*AWAY):
                pool = await self.database.pool()
                await attendance.begin_listening(pool, began_us)
                await attendance.forget(pool, began_us - attendance.KEPT_US)
                return
            await asyncio.sleep(REPORT_AGAIN_SECONDS)

    def own_status(self) -> StageStatus:
        """Return how the API itself is. Nothing waits for it in a stream, so its lag is not known."""
        blind = not self.feed.sees
        return StageStatus(
            at_us=self.wall(),
            ok=not blind,
            counts={"live_streams": self.feed.count},
            note=_BLIND if blind else "",
            troubles=("database",) if blind else (),
        )


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    # More than once: a driver that is just connecting can swallow a cancellation (nats-py and asyncpg both did).
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=_CANCEL_SECONDS)


def runtime_of(request: Request) -> Runtime:
    """Return the runtime of the application that serves this request."""
    runtime: Runtime = request.app.state.runtime
    return runtime


async def _pool(request: Request) -> Pool:
    return await runtime_of(request).database.pool()


def _now(request: Request) -> int:
    return runtime_of(request).clock()


def _wall_now(request: Request) -> int:
    return runtime_of(request).wall()


#: For routes: the runtime, the pool (503 when the database is away), platform time, and wall time.
TheRuntime = Annotated[Runtime, Depends(runtime_of)]
ThePool = Annotated[Pool, Depends(_pool)]
Now = Annotated[int, Depends(_now)]
WallNow = Annotated[int, Depends(_wall_now)]
