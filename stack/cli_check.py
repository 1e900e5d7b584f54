"""``shouwang check``: does the running installation raise alarms? A smoke test with test residents, by public ways.

Status 0: every alarm came; 1: the platform is broken, and one line says what; 2: the check could not be run at all
(no platform here, no account for it, or its own one could not be started).
"""

import asyncio
import contextlib
import json
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from device_sim.check import Check, Report
from device_sim.platform import Platform, Refused
from device_sim.wearable import probe
from schemas.errors import Unavailable
from stack import sim_target
from stack.home import HOME_MODE
from stack.settings import Settings, load
from stack.sim_options import ApiOption, HomeOption, MqttOption, PasswordOption, UserOption
from stack.supervisor import STAGES, Supervisor, Wishes

_OK, _FAILED, _COULD_NOT_RUN = 0, 1, 2
#: A first start makes a database: 5 s on a quiet machine. With the scenarios (device_sim.check) within 3 minutes.
START_S = 50.0
#: One check at most, start and end of a private platform apart.
CHECK_S = 110.0
_BASE_MISSING = "This platform listens to no Zigbee2MQTT base (setting zigbee_bases), so wandering cannot be checked."


class CannotRun(Exception):
    """There is nothing to check, or it may not be checked; says why in a sentence."""


def check(
    private: bool = typer.Option(False, "--private", help="Of a platform of its own, in a temporary home."),
    home: HomeOption = None,
    api: ApiOption = None,
    mqtt: MqttOption = None,
    user: UserOption = None,
    password: PasswordOption = None,
    as_json: bool = typer.Option(False, "--json", help="The report as JSON on standard output."),
) -> None:
    """Let test residents fall, wander and fall silent, and see whether the alarms come; at most 3 minutes."""
    status = _OK
    try:
        if private:
            report = asyncio.run(_until_told(_of_its_own()))
        else:
            target, settings = _target(home, api=api, mqtt=mqtt, user=user, password=password)
            report = asyncio.run(
                _until_told(_of(target, settings, None if api and mqtt else sim_target.state_of(home)))
            )
        status = _OK if report.ok else _FAILED
    except CannotRun as error:
        report, status = Report(ok=False, reason=str(error)), _COULD_NOT_RUN
    if as_json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        _show(report)
    if report.reason:
        print(report.reason, file=sys.stderr)
    raise typer.Exit(status)


def _target(home: Path | None, **given: Any) -> tuple[sim_target.Target, Settings]:
    try:
        return sim_target.find(home=home, **given), load(sim_target.state_of(home).parent.parent)
    except Unavailable as error:
        raise CannotRun(str(error)) from None


async def _until_told(work: Any) -> Report:
    """Run the work; SIGTERM ends it as Ctrl-C does, so that it is cleaned up after."""
    task: asyncio.Task[Report] = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        raise CannotRun("The check was ended before its time.") from None


async def _of(target: sim_target.Target, settings: Settings, state: Path | None) -> Report:
    """Check one platform; ``state`` is its state file, where it is here."""
    if not settings.bases:
        raise CannotRun(_BASE_MISSING)
    try:
        await sim_target.by_the_wall(target)
    except Unavailable as error:
        raise CannotRun(str(error)) from None
    before = _parts(state)
    if missing := [name for name in STAGES if state is not None and name not in before]:
        return Report(ok=False, reason=f"The stage {missing[0]} does not run.")
    try:
        async with asyncio.timeout(CHECK_S), Platform(target.api, target.user, target.password) as platform:
            await probe(target.mqtt)
            report = await Check(platform, target.mqtt, settings.bases[0]).run()
    except TimeoutError:
        report = Report(ok=False, reason=f"The check did not end within {CHECK_S:g} s.")
    except Unavailable as error:
        report = Report(ok=False, reason=str(error))
    except Refused as error:
        raise CannotRun(str(error)) from None
    after = _parts(state)
    if died := [name for name, pid in before.items() if after.get(name) != pid]:
        reason = f"{', '.join(died)} died during the check and {'was' if died[0] in after else 'is not'} started again."
        return Report(ok=False, reason=reason, scenarios=report.scenarios)
    return report


def _parts(state: Path | None) -> dict[str, int]:
    """Return the process of each stage and server that runs here."""
    if state is None:
        return {}
    try:
        said: dict[str, dict[str, int]] = json.loads(state.read_text())
    except (OSError, ValueError):
        return {}
    return said["servers"] | said["stages"]


async def _of_its_own() -> Report:
    folder = _temporary()
    try:
        async with _platform(folder / "home") as settings:
            state = sim_target.state_of(settings.home)
            return await _of(sim_target.find(home=settings.home), settings, state)
    except Unavailable as error:
        raise CannotRun(str(error)) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _temporary() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="shouwang-check-"))
    folder.chmod(HOME_MODE)  # the database server may be another user
    return folder


@contextlib.asynccontextmanager
async def _platform(home: Path) -> AsyncIterator[Settings]:
    """Run a demo home of our own on free ports, whatever servers are set for others."""
    settings = load(home)
    if given := [name for name in ("mqtt_url", "nats_url", "dsn") if getattr(settings, name)]:
        raise CannotRun(f"The setting {given[0]} names a server of another platform: unset it for --private.")
    ready = asyncio.Event()
    wishes = Wishes(demo=True, prefer_usual_ports=False)
    supervisor = Supervisor(settings, wishes, say=lambda _line: None, announce=lambda _url: ready.set())
    running = asyncio.create_task(supervisor.run())
    try:
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({running, waiting}, timeout=START_S, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if running.done():
            running.result()
        if not ready.is_set():
            raise CannotRun(f"The platform of its own was not up within {START_S:g} s.")
        yield settings
    finally:
        supervisor.stop()
        await asyncio.wait({running})


def _show(report: Report) -> None:
    if not report.scenarios:
        return
    table = Table("scenario", "expected", "raised", "seconds", "", box=None)
    for each in report.scenarios:
        table.add_row(
            each.id,
            each.expected,
            each.raised or "-",
            f"{each.seconds:g}",
            "ok" if each.ok else escape(each.reason or ""),
        )
    Console().print(table)
