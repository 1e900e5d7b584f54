"""``shouwang explain``: why an alarm rang, or why a recording rang or did not.

Status 0: explained; 1: no such alert, or the platform cannot be reached; 2: wrong usage, or a recording that cannot be
read. What judges is imported when it is asked for: no other command needs the detectors' kernels, which take 0.5 s and
100 MB (docs/adr/0020).
"""

# ruff: noqa: PLC0415

import asyncio
import json
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console

from device_sim.platform import Refused
from device_sim.recordings import BadRecording
from schemas.errors import Unavailable
from stack.explain.words import LANGUAGES, Words, usual_language
from stack.sim_options import PasswordOption, UserOption

if TYPE_CHECKING:
    from stack.explain.home import Kept
    from stack.explain.told import Explained

_FAILED, _USAGE = 1, 2


def explain(
    alert: Annotated[str | None, typer.Argument(metavar="[ALERT]", help="An alert's id, or a finding's.")] = None,
    recording: Annotated[
        Path | None, typer.Option("--recording", help="Recordings in the common form (.npz) instead.")
    ] = None,
    record: Annotated[int, typer.Option("--record", help="Which record of the file, from 0.")] = 0,
    finding: Annotated[int, typer.Option("--finding", min=1, help="Which finding of the record.")] = 1,
    position: Annotated[
        str | None, typer.Option("--position", help="Where it was worn, in place of what the file says; unknown.")
    ] = None,
    home: Annotated[
        Path | None, typer.Option("--home", help="The folder that keeps everything.", show_default=False)
    ] = None,
    api: Annotated[str | None, typer.Option("--api", help="URL of the API of a platform elsewhere.")] = None,
    user: UserOption = None,
    password: PasswordOption = None,
    picture: Annotated[Path | None, typer.Option("--svg", help="Write the picture there.")] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="zh or en; by default the terminal's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON on standard output.")] = False,
) -> None:
    """Say and draw why an alarm rang: of a running home, or of a record played through the fall detector."""
    if (alert is None) == (recording is None):
        _end("give the id of an alert, or --recording FILE.npz --record N.", _USAGE)
    if lang is not None and lang not in LANGUAGES:
        _end(f"--lang is one of {', '.join(LANGUAGES)}, not {lang!r}.", _USAGE)
    if recording is not None:
        told = _of_recording(recording, record, position, finding)
    else:
        told = _of_alert(alert or "", home, api, user, password)
    from stack.explain.svg import svg

    words = Words(lang or usual_language())
    if picture is not None:
        _write(picture, svg(told, words))
    if as_json:
        print(json.dumps(told.as_json(), ensure_ascii=False, indent=1))
    else:
        _show(told, words)


def _of_recording(path: Path, record: int, position: str | None, finding: int) -> "Explained":
    from stack.explain.recording import explain_record

    try:
        return explain_record(path, record, position, finding)
    except BadRecording as error:
        _end(str(error), _USAGE)


def _of_alert(alert: str, home: Path | None, api: str | None, user: str | None, password: str | None) -> "Explained":
    from stack.explain.home import NoSuchAlert, explained, from_api, from_database

    reading: Coroutine[Any, Any, Kept]
    if api is None:
        reading = from_database(home, alert)
    elif user and password:
        reading = from_api(api, user, password, alert)
    else:
        _end("--api needs --user and --password.", _USAGE)
    try:
        return explained(asyncio.run(reading))
    except (Unavailable, Refused, NoSuchAlert) as error:
        _end(str(error), _FAILED)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        _end(f"{path} cannot be written: {error.strerror}.", _USAGE)


def _show(told: "Explained", words: Words) -> None:
    from stack.explain.terminal import lines

    # The plot needs its own width; a pipe has none, and then the usual 80 columns do.
    terminal = Console(highlight=False)
    for line in lines(told, words, terminal.width):
        terminal.print(line, soft_wrap=line.cell_len > terminal.width and "│" in line.plain)


def _end(sentence: str, status: int) -> NoReturn:
    print(f"shouwang explain: {sentence}", file=sys.stderr)
    raise typer.Exit(status)
