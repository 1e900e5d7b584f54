"""One stage of the platform as a process: ``python -m stack.stage gateway --home H``.

The composition root: here, and nowhere else, clocks, addresses and settings are made and handed to the stages.
Imports stand inside the functions, so that a process loads only its own stage, and a broken one stops no other.
"""

# ruff: noqa: PLC0415
import argparse
import asyncio
import contextlib
import logging
import random
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import Unavailable
from stack import accounts, addresses, credentials, settings, state
from stack.addresses import Addresses
from stack.clock import platform_time, wall_clock
from stack.home import Home, name_of
from stack.ports import Ports
from stack.pulse import beat
from stack.simulated import is_simulated

log = logging.getLogger("stack.stage")

#: Open live streams get this long to end when the API stops.
_API_GRACE_S = 3
#: An external JetStream that does not answer for this long is a wrong address; our own is up before.
_PREPARE_PATIENCE_S = 30


@dataclass(frozen=True)
class Context:
    """What every stage is given."""

    name: str
    home: Home
    settings: settings.Settings
    where: Addresses
    #: Platform time: what happens to people. In a simulated home the player's.
    clock: Callable[[], int]
    #: Wall time: what happens to processes, and to people at the console.
    wall: Callable[[], int]
    stop: asyncio.Event
    ready: Callable[[], None]


async def gateway(context: Context) -> None:
    """MQTT to READINGS."""
    from ingest import connections
    from ingest import gateway as stage

    mqtt = context.where.mqtt
    address = connections.MqttAddress(mqtt.host, mqtt.port, mqtt.user, mqtt.password)
    await stage.run(
        mqtt=address,
        nats_url=context.where.nats_url,
        clock=context.clock,
        stop=context.stop,
        ready=context.ready,
        bases=context.settings.bases,
        phones=context.settings.phones,
        trees=context.settings.trees,
        wall=context.wall,
    )


async def recorder(context: Context) -> None:
    """READINGS to the database."""
    from ingest import recorder as stage

    where = context.where
    await stage.run(
        nats_url=where.nats_url,
        dsn=where.dsn,
        clock=context.clock,
        stop=context.stop,
        ready=context.ready,
        wall=context.wall,
    )


async def watcher(context: Context) -> None:
    """READINGS to FINDINGS."""
    from ingest import watcher as stage

    await stage.run(
        nats_url=context.where.nats_url,
        clock=context.clock,
        stop=context.stop,
        ready=context.ready,
        wall=context.wall,
    )


async def desk(context: Context) -> None:
    """FINDINGS to alerts."""
    from ingest import desk as stage

    where = context.where
    await stage.run(
        nats_url=where.nats_url,
        dsn=where.dsn,
        clock=context.clock,
        stop=context.stop,
        ready=context.ready,
        wall=context.wall,
    )


async def notify(context: Context) -> None:
    """Alerts, and findings that nobody takes in, to people."""
    from stack import notify_stage

    port = Ports(context.home).get("claims")
    claim_url = (context.settings.claim_url or f"http://127.0.0.1:{port}").rstrip("/")
    await notify_stage.run(
        nats_url=context.where.nats_url,
        settings=notify_stage.NotifySettings(
            dsn=context.where.dsn,
            clock=context.clock,
            wall=context.wall,
            claim_url=f"{claim_url}/c",
            loopback_only=accounts.is_demo(context.home),
            restarts=lambda: state.restarts(context.home),
            node=name_of(context.home),
            # Somebody outside would take a play for a platform that watches over people.
            heartbeat_url=None if is_simulated(context.home) else context.settings.heartbeat_url,
        ),
        host=context.settings.host,
        port=port,
        stop=context.stop,
        ready=context.ready,
    )


async def api(context: Context) -> None:
    """HTTP and the console."""
    import uvicorn

    from api import app
    from api.settings import ApiSettings, OidcSettings
    from ingest.connections import MqttAddress
    from ingest.interpreting import Interpreting

    class Server(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:  # signals are ours (run below)
            yield

    console = console_folder()
    if console is None:
        log.warning("the console is not built: only the API answers; run `make install`")
    mqtt, read = context.where.mqtt, context.settings
    own = ApiSettings(
        dsn=context.where.dsn,
        nats_url=context.where.nats_url,
        clock=context.clock,
        wall=context.wall,
        simulated=is_simulated(context.home),
        restarts=lambda: state.restarts(context.home),
        console_dir=console,
        secure_cookies=context.settings.secure_cookies,
        loopback_only=accounts.is_demo(context.home),
        map_tiles=context.settings.tiles,
        oidc=OidcSettings(**known) if (known := context.settings.oidc) else None,
        interpreting=Interpreting(
            MqttAddress(mqtt.host, mqtt.port, mqtt.user, mqtt.password),
            clock=context.clock,
            bases=read.bases,
            phones=read.phones,
            trees=read.trees,
        ),
    )
    server = Server(
        uvicorn.Config(
            app.build(own),
            host=context.settings.host,
            port=Ports(context.home).get("console"),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_API_GRACE_S,
        )
    )
    serving = asyncio.create_task(server.serve(), name="http")
    while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.02)
    if server.started:
        context.ready()
    stopping = asyncio.create_task(context.stop.wait(), name="stop")
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.handle_exit(signal.SIGTERM, None)
    stopping.cancel()
    await serving


async def demo(context: Context) -> None:
    """Simulated residents, through the public ways in only."""
    from device_sim import demo as world
    from device_sim.mqtt_address import MqttAddress

    nobody = accounts.Account("", "", "", "")
    administrator = next(iter(accounts.demo(context.home, first=False)), nobody)
    mqtt = context.where.mqtt
    context.ready()
    await world.run(
        api_url=f"http://127.0.0.1:{Ports(context.home).get('console')}/api/v1",
        user=administrator.user,
        password=administrator.password,
        mqtt=MqttAddress(mqtt.host, mqtt.port, mqtt.user, mqtt.password),
        stop=context.stop,
        seed=random.SystemRandom().randrange(2**31),
    )


async def prepare(context: Context) -> None:
    """Once, before all others: the database's newest form, the streams, the first accounts."""
    from ingest import connections, driven_clock, streams
    from store import migrate

    await asyncio.to_thread(migrate.upgrade, context.where.dsn)
    try:
        link = await asyncio.wait_for(
            connections.open_jetstream(context.where.nats_url, name=context.name, log=log), _PREPARE_PATIENCE_S
        )
    except TimeoutError:
        raise Unavailable("JetStream does not answer: is the setting nats_url right, and the server up?") from None
    try:
        await streams.ensure(link.nc.jetstream())
        if is_simulated(context.home):
            await driven_clock.make_bucket(link.nc.jetstream())
    finally:
        await link.close()
    await _first_accounts(context)
    context.ready()


async def _first_accounts(context: Context) -> None:
    from store import accounts as sign_in
    from store import pool

    connections = await pool.open_pool(context.where.dsn)
    try:
        if await sign_in.users(connections):
            return
        for account in accounts.demo(context.home, first=False) or [accounts.first_administrator(context.home)]:
            await sign_in.add_user(
                connections,
                name=account.user,
                role=account.role,
                password=account.password,
                display_name=account.display_name,
                now_us=context.wall(),
                # A live home's is printed and lies in a file; a demo's is for everybody at the screen.
                must_change=not accounts.is_demo(context.home),
            )
    finally:
        await connections.close()


STAGES: dict[str, Callable[[Context], Awaitable[None]]] = {
    "prepare": prepare,
    "gateway": gateway,
    "recorder": recorder,
    "watcher": watcher,
    "desk": desk,
    "notify": notify,
    "api": api,
    "demo": demo,
}


def console_folder() -> Path | None:
    """Return the built console, or None when there is none."""
    import api as package

    folder = Path(package.__file__ or "").parent / "console" / "dist"
    return folder if (folder / "index.html").exists() else None


async def run(name: str, home: Home, wall: Callable[[], int] = wall_clock, *, pulse: int | None = None) -> None:
    """Run one stage until SIGTERM or SIGINT; ``pulse`` is where it says that its event loop turns."""
    beating = asyncio.create_task(beat(pulse), name="pulse") if pulse is not None else None
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    read = settings.load(home.root)
    where = addresses.of(
        Ports(home), credentials.load(home), mqtt_url=read.mqtt_url, nats_url=read.nats_url, dsn=read.dsn
    )
    try:
        async with platform_time(home, name, where.nats_url, wall, stop) as clock:
            await STAGES[name](Context(name, home, read, where, clock, wall, stop, (home.ready / name).touch))
    finally:
        if beating is not None:
            beating.cancel()


def _leaf(group: BaseException) -> BaseException:
    while isinstance(group, BaseExceptionGroup):
        group = group.exceptions[0]
    return group


def main(arguments: list[str] | None = None, wall: Callable[[], int] = wall_clock) -> int:
    """Parse, log to stderr in UTC, and say in one sentence what is wrong if something is. Returns the exit status.

    ``wall`` is another than wall time only where its jumps are tried (stack.faulted).
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=sorted(STAGES))
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--pulse", type=int, help="file number of a pipe to write a byte a second to")
    given = parser.parse_args(arguments)
    logging.Formatter.converter = time.gmtime
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)sZ %(levelname)s %(name)s: %(message)s", datefmt="%Y-%m-%dT%H:%M:%S"
    )
    for chatty in ("httpx", "alembic", "nats.aio.client", "uvicorn.error"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        asyncio.run(run(given.name, Home(given.home), wall, pulse=given.pulse))
    except Unavailable as error:
        sentence = str(error)
    except ExceptionGroup as group:  # a stage's tasks end together
        only = group.split(Unavailable)
        if only[0] is None or only[1] is not None:
            raise
        sentence = str(_leaf(only[0]))
    except ModuleNotFoundError as error:
        sentence = f"the module {error.name} is missing from this installation; install again: `make install`"
    else:
        return 0
    log.error(sentence)
    return 1


if __name__ == "__main__":
    sys.exit(main())
