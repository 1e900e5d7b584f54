"""``shouwang sim run`` and ``shouwang sim report``: scenarios played against a platform, and what came of them.

Status of ``run``: 0 all came as expected; 1 it did not; 2 it could not be run. Of ``report``: 0, or 2.
"""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from device_sim import report as pages
from device_sim.clock import wall_clock
from device_sim.platform import Platform, Refused, from_iso
from device_sim.runner import record
from device_sim.runner.names import marks_among
from device_sim.runner.pace import FULL, Speed
from device_sim.runner.record import Run
from device_sim.runner.run import Options, Runner
from device_sim.runner.staging import Placed, Script, stage, stage_now
from device_sim.scenarios import shelf
from device_sim.scenarios.check import span
from device_sim.scenarios.compiling import compile_play
from device_sim.scenarios.form import Scenario as Written
from device_sim.scenarios.mistakes import BadScenario
from schemas.errors import Unavailable
from stack import sim_target, sim_telling
from stack.sim_options import ApiOption, HomeOption, MqttOption, PasswordOption, StateOption, UserOption, until_stopped

_AS_EXPECTED, _NOT, _COULD_NOT = 0, 1, 2
#: On a live home a play begins so long after it was asked for: people and devices are made known first.
LIVE_LEAD_US = 15_000_000


def run(
    names: Annotated[list[str], typer.Argument(metavar="ID|FILE...", help="Scenarios, or “all” of the library.")],
    speed: Annotated[
        str | None, typer.Option(help="Times real time, or “full”: as fast as the platform follows.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write what came of it, for `sim report`.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same on standard output.")] = False,
    seed: Annotated[int | None, typer.Option(min=0, help="Instead of the files' own seeds.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave people, devices and open alerts at the end.")] = False,
    home: HomeOption = None,
    state: StateOption = None,
    api: ApiOption = None,
    mqtt: MqttOption = None,
    user: UserOption = None,
    password: PasswordOption = None,
) -> None:
    """Play scenarios, and say of each expectation whether it came: raised, after how long, or missed."""
    scenarios = [written if seed is None else replace(written, seed=seed) for written in _load(names)]
    wanted = _speed(speed)
    try:
        target = sim_target.find(home=home, state=state, api=api, mqtt=mqtt, user=user, password=password)

        async def play(stop: asyncio.Event) -> Run:
            async with Platform(target.api, target.user, target.password) as platform:
                overview = await platform.overview()
                driven = bool(overview.get("simulated"))
                options = Options(speed=_fitting(wanted, driven=driven), driven=driven, keep=keep)
                taken = marks_among(place["id"] for place in await platform.places())
                placed = _placed(scenarios, from_iso(overview["platform_time"]), taken, driven=driven)
                for line in (*placed.left_out, *sim_telling.moved(placed.plays)):
                    print(line, file=sys.stderr)
                if not placed.plays:
                    raise typer.Exit(_COULD_NOT)
                with sim_telling.bar(placed.plays[0].play.timezone) as tell:
                    came = await Runner(placed.plays, platform, target.mqtt, options, tell=tell).run(stop)
                return msgspec.structs.replace(came, notes=placed.left_out)

        came = until_stopped(play)
    except (Unavailable, Refused, BaseExceptionGroup) as error:
        _could_not(error)
    if out is not None:
        record.save(came, out)
    if as_json:
        sys.stdout.write(record.text(came))
    else:
        sim_telling.show(came)
    if came.notes:  # not all of it could be played
        raise typer.Exit(_COULD_NOT)
    raise typer.Exit(_AS_EXPECTED if came.ok else _NOT)


def report(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN.json...", help="What `sim run --out` wrote.")],
    compare: Annotated[Path | None, typer.Option(help="An older run, to be set beside these.")] = None,
    out: Annotated[Path, typer.Option("-o", "--out", help="The page.")] = Path("report.html"),
) -> None:
    """Write one HTML page of runs, with pictures; it needs nothing but itself."""
    try:
        text = pages.page([record.load(path) for path in runs], None if compare is None else record.load(compare))
        out.write_text(text, encoding="utf-8")
    except Unavailable as error:
        _could_not(error)
    except OSError as error:
        _could_not(Unavailable(f"{out} cannot be written: {error.strerror or error}."))
    print(out)


def _load(names: list[str]) -> list[Written]:
    wanted = [each for name in names for each in (shelf.ids() if name == "all" else (name,))]
    found, wrong = [], False
    for name in wanted:
        try:
            found.append(shelf.load(name))
        except BadScenario as bad:
            print(bad, file=sys.stderr)
            wrong = True
    if wrong:
        raise typer.Exit(_COULD_NOT)
    return found


def _speed(text: str | None) -> Speed | None:
    try:
        return None if text is None else Speed.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _fitting(wanted: Speed | None, *, driven: bool) -> Speed:
    """Return the speed: a live home's clock is on the wall. Raises Unavailable for another one there."""
    if driven:
        return wanted or Speed.parse(FULL)
    if wanted is not None and wanted.times != 1:
        raise Unavailable(
            "This platform goes by the wall clock, so a scenario can only be played at --speed 1;"
            " for another speed start one with `shouwang up --simulated`."
        )
    return Speed(1.0)


def _placed(scenarios: list[Written], now_us: int, taken: set[str], *, driven: bool) -> Placed:
    scripts = [_script(each) for each in scenarios]
    if driven:
        return stage(scripts, now_us, taken)
    return stage_now(scripts, wall_clock() + LIVE_LEAD_US)


def _script(written: Written) -> Script:
    return Script(
        id=written.id,
        seed=written.seed,
        start_us=span(written).start_us,
        timezone=written.timezone,
        compile=lambda staging: compile_play(written, staging),
    )


def _could_not(error: BaseException) -> None:
    first = error
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    if not isinstance(first, Unavailable | Refused):
        raise error
    print(first, file=sys.stderr)
    raise typer.Exit(_COULD_NOT)
