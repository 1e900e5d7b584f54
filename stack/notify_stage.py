"""The notify stage put together: JetStream, its reader, its report, and the page behind claim links.

Here and not in notify, since what reads JetStream belongs to ingest, and siblings do not import each other.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.applications import Starlette

from ingest import buckets, connections, streams
from ingest.health import Health, StoppedError, lag_of, report, stopped_within, together
from ingest.pull import PullReader
from notify.settings import NotifySettings
from notify.shelf import AWAY
from notify.stage import Notifier
from schemas import subjects

__all__ = ["NotifySettings", "run"]

log = logging.getLogger("shouwang.notify")

#: Findings taken at a time; they are rare.
TAKE = 32
#: Between attempts to listen where another program has the port.
PORT_SECONDS = 5.0


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:  # signals are the stage's
        yield


async def run(
    *,
    nats_url: str,
    settings: NotifySettings,
    host: str,
    port: int,
    stop: asyncio.Event,
    ready: Callable[[], None],
) -> None:
    """Run until ``stop``. Raises Unavailable when it cannot go on; started again, it sends nothing twice."""
    link = await connections.open_jetstream(nats_url, name="notify", log=log, stop=stop)
    health = Health("notify", log)
    try:
        js = link.nc.jetstream()
        await streams.ensure(js)
        notifier = Notifier(link.nc, settings, health, buckets.read)
        await health.persist(
            notifier.load, errors=AWAY, key="jetstream", sentence="notify: JetStream does not answer yet.", stop=stop
        )
        findings = await PullReader.open(link, subjects.FINDINGS, subjects.NOTIFIER, batch=TAKE)
        lag = lag_of(js, subjects.FINDINGS, subjects.NOTIFIER)
        async with together() as tasks:
            tasks.create_task(notifier.run(findings, stop, ready), name="notify")
            tasks.create_task(report(health, js, settings.wall_us, stop, lag), name="status")
            tasks.create_task(_serve(notifier.app(), host, port, health, stop), name="links")
    except StoppedError:
        pass
    finally:
        await link.close()


async def _serve(app: Starlette, host: str, port: int, health: Health, stop: asyncio.Event) -> None:
    """Serve the page until ``stop``. A port that is taken stops no delivery; it is said, and tried again."""
    while not stop.is_set():
        try:
            listening = socket.create_server((host, port))
        except OSError as error:
            health.trouble("links", f"notify: claim links lead nowhere, port {port} cannot be used ({error.strerror}).")
            await stopped_within(stop, PORT_SECONDS)
            continue
        health.mended("links", "notify: claim links work again.")
        server = _Server(
            uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=3)
        )
        serving = asyncio.create_task(server.serve(sockets=[listening]), name="http")
        stopping = asyncio.create_task(stop.wait(), name="stop")
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        stopping.cancel()
        await serving
