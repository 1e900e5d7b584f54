"""``shouwang sim``: recordings and load played against a running platform.

Status 0: it ran (read the report for what came of it); 1: the platform could not be reached or said no; 2: wrong usage.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from device_sim import load as load_run
from device_sim import replay_report
from device_sim.platform import Platform, Refused
from device_sim.recordings import BadRecording, Recordings
from device_sim.replay import GRACE_S, Options, Progress, Replay, length_us
from device_sim.wearable import probe
from schemas.errors import Unavailable
from stack import cli_sim_list, cli_sim_run, sim_target
from stack.sim_options import ApiOption, HomeOption, MqttOption, PasswordOption, StateOption, UserOption, until_stopped

app = typer.Typer(
    no_args_is_help=True, help="The simulator: scenarios, recordings and load against a running platform."
)
app.command("list")(cli_sim_list.list_all)
app.command("check")(cli_sim_list.check)
app.command("run")(cli_sim_run.run)
app.command("report")(cli_sim_run.report)

Log = Callable[[str, int, int], None]

#: Without --falls, --adl and --records: enough to see that it works.
DEFAULT_EACH = 10
#: Below this a frame is mostly header and radio; above, a fall waits for its frame to end (docs/wire.md).
FRAME_SECONDS = (0.2, 10.0)

SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Draws the records and the devices' uptimes.")]
FrameOption = Annotated[float, typer.Option(min=FRAME_SECONDS[0], max=FRAME_SECONDS[1], help="Length of a frame, s.")]
JsonOption = Annotated[bool, typer.Option("--json", help="The report as JSON on standard output.")]
LogOption = Annotated[
    Path | None, typer.Option("--log", help="Write when each frame was sent: {device, seq, published_us} a line.")
]


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="Recordings in the common form (.npz).")],
    falls: Annotated[int | None, typer.Option(min=0, help="So many falls, drawn by the seed.")] = None,
    adl: Annotated[int | None, typer.Option(min=0, help="So many records of daily life.")] = None,
    records: Annotated[str | None, typer.Option(help="These records instead: indexes with commas.")] = None,
    at_once: Annotated[int, typer.Option(min=1, max=1000, help="At most so many wearables at a time.")] = 50,
    speed: Annotated[float, typer.Option(min=1, help="Times real time; above 1 the frames are history.")] = 1.0,
    unsynced: Annotated[bool, typer.Option("--unsynced", help="Devices that do not know the time of day.")] = False,
    grace: Annotated[float, typer.Option(min=0, help="Wait so long for alerts after the last frame, s.")] = GRACE_S,
    seed: SeedOption = 0,
    frame_seconds: FrameOption = 2.0,
    home: HomeOption = None,
    state: StateOption = None,
    api: ApiOption = None,
    mqtt: MqttOption = None,
    user: UserOption = None,
    password: PasswordOption = None,
    log: LogOption = None,
    as_json: JsonOption = False,
) -> None:
    """Play recordings as wearables, each record a resident of its own, and report what alerts came of it."""
    if unsynced and speed > 1:
        raise typer.BadParameter("--unsynced works at --speed 1: history without a date cannot be placed.")
    recordings, indexes = _chosen(file, records, falls, adl, seed)
    with _trouble_as_status():
        target = sim_target.find(home=home, state=state, api=api, mqtt=mqtt, user=user, password=password)
        options = Options(
            run=f"{int(time.time()):x}",
            at_once=at_once,
            speed=speed,
            seed=seed,
            frame_seconds=frame_seconds,
            synced=not unsynced,
            grace_s=grace,
        )

        async def play(stop: asyncio.Event) -> list[replay_report.Played]:
            await probe(target.mqtt)
            async with Platform(target.api, target.user, target.password) as platform:
                await sim_target.by_the_wall(target, platform)
                with _log_to(log) as logged, _bar() as tell:
                    run = Replay(recordings, platform, target.mqtt, options, tell=tell, log=logged)
                    return await run.run(indexes, stop)

        minutes = length_us(recordings, indexes, options) / 60e6
        print(f"{len(indexes)} records, about {minutes:.1f} minutes; Ctrl-C ends early.", file=sys.stderr)
        played = until_stopped(play)
    report = replay_report.as_json(file.name, played, speed)
    if as_json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        print("\n".join(replay_report.sentences(report["totals"])))


@app.command()
def load(
    wearables: Annotated[int, typer.Option(min=1, max=5000, help="How many wearables.")],
    seconds: Annotated[float, typer.Option(min=1, help="For how long, s.")],
    people: Annotated[bool, typer.Option(help="Make a test resident for each, so that detectors work too.")] = True,
    seed: SeedOption = 0,
    frame_seconds: FrameOption = 2.0,
    home: HomeOption = None,
    state: StateOption = None,
    api: ApiOption = None,
    mqtt: MqttOption = None,
    user: UserOption = None,
    password: PasswordOption = None,
    log: LogOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let many wearables send ordinary, synthetic movement at once, and count what the broker acknowledged."""
    with _trouble_as_status():
        target = sim_target.find(home=home, state=state, api=api, mqtt=mqtt, user=user, password=password)

        async def drive(stop: asyncio.Event) -> load_run.LoadReport:
            await probe(target.mqtt)
            await sim_target.by_the_wall(target)
            if people:
                async with Platform(target.api, target.user, target.password) as platform:
                    await sim_target.by_the_wall(target, platform)
                    await load_run.make_people(platform, wearables)
            with _log_to(log) as logged:
                return await load_run.run(
                    target.mqtt, wearables, seconds, stop, seed=seed, frame_seconds=frame_seconds, log=logged
                )

        report = until_stopped(drive).as_json()
    if as_json:
        print(json.dumps(report, indent=1))
    else:
        print(
            f"{report['acknowledged']} of {report['due']} frames acknowledged from {report['wearables']} wearables"
            f" in {report['seconds']} s; {report['repeated']} sent again, {report['connections']} connections"
        )


def _chosen(
    file: Path, records: str | None, falls: int | None, adl: int | None, seed: int
) -> tuple[Recordings, list[int]]:
    try:
        recordings = Recordings.load(file)
        if records is None:
            given = falls is not None or adl is not None
            return recordings, recordings.choose(
                falls or 0 if given else DEFAULT_EACH, adl or 0 if given else DEFAULT_EACH, seed
            )
        indexes = [int(word) for word in records.split(",")]
    except BadRecording as error:
        raise typer.BadParameter(str(error)) from None
    except ValueError:
        raise typer.BadParameter(f"--records wants indexes with commas, not {records!r}.") from None
    for index in indexes:
        if not 0 <= index < len(recordings) or not recordings.playable(index):
            raise typer.BadParameter(f"{file.name} has no playable record {index} (0 to {len(recordings) - 1}).")
    return recordings, list(dict.fromkeys(indexes))


@contextmanager
def _trouble_as_status() -> Iterator[None]:
    """Say the world's trouble in one sentence and end with status 1."""
    try:
        yield
    except (Unavailable, Refused, BaseExceptionGroup) as error:
        first: BaseException = error
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        if not isinstance(first, Unavailable | Refused):
            raise
        print(first, file=sys.stderr)
        sys.exit(1)


@contextmanager
def _log_to(path: Path | None) -> Iterator[Log | None]:
    if path is None:
        yield None
        return
    with path.open("w") as file:
        yield _writer(file)


def _writer(file: TextIO) -> Log:
    def write(device: str, seq: int, published_us: int) -> None:
        file.write(f'{{"device": "{device}", "seq": {seq}, "published_us": {published_us}}}\n')

    return write


@contextmanager
def _bar() -> Iterator[Callable[[Progress], None]]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("starting", total=None)

        def tell(progress: Progress) -> None:
            if progress.note:
                console.print(progress.note, markup=False, highlight=False)
            else:
                bar.update(task, completed=progress.done, total=progress.total, description=progress.phase)

        yield tell
