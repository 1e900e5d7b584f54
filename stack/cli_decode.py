"""``shouwang decode``: what a device message means, as one JSON object a message.

The decoders are the gateway's own, so what this prints is what the platform would have understood, and why
(``ingest.interpreter``). Messages of a family that has no decoder yet are said to be unknown (``quarantine``).
"""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import msgspec
import typer

from ingest.given import Given, Wrong, line_message, parse_iso
from ingest.interpreter import Interpreter
from schemas.errors import Unavailable
from stack import cli_listen
from stack.settings import home_folder, load

#: Could not be done; wrong usage: an input that is no message at all.
_FAILED, _USAGE = 1, 2


def decode(
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="The payload; - is standard input.")] = "-",
    topic: Annotated[str, typer.Option("--topic", help="The topic it came on.")] = "",
    retained: Annotated[bool, typer.Option("--retained", help="The broker had remembered it.")] = False,
    arrival: Annotated[
        str | None, typer.Option("--arrival", help="When it came, ISO 8601.", show_default=False)
    ] = None,
    sequence: Annotated[bool, typer.Option("--sequence", help="A JSON object a line, state in between.")] = False,
    listen: Annotated[
        str | None,
        typer.Option("--listen", help="A topic filter: read what arrives at a home's broker.", show_default=False),
    ] = None,
    home: Annotated[
        Path | None, typer.Option("--home", help="With --listen: the folder that keeps everything.", show_default=False)
    ] = None,
) -> None:
    """Say what a device message means, as JSON."""
    if listen is not None:
        if sequence or topic or retained or arrival or file != "-":
            _usage("With --listen messages come from the broker, and nothing else says what they are.")
        _listen(listen, home)
        return
    if sequence and (topic or retained or arrival):
        _usage("With --sequence each line says its own topic, retain and arrival.")
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        if sequence:
            given = [line_message(line) for line in data.splitlines() if line.strip()]
        else:
            given = [Given(topic, data, retained, None if arrival is None else parse_iso(arrival))]
    except OSError as error:
        _usage(f"{file}: {error.strerror}.")
    except Wrong as error:
        _usage(str(error))
    interpreter = Interpreter()
    for each in given:
        sys.stdout.buffer.write(msgspec.json.encode(interpreter.say(each)) + b"\n")
    sys.stdout.buffer.flush()


def _listen(topic: str, home: Path | None) -> None:
    try:
        done = cli_listen.run(load(home_folder(home)), topic)
    except Unavailable as error:
        print(f"shouwang decode: {error}", file=sys.stderr)
        raise typer.Exit(_FAILED) from None
    except ValueError as error:
        _usage(str(error))
    if not done:
        raise typer.Exit(_FAILED)


def _usage(sentence: str) -> NoReturn:
    print(f"shouwang decode: {sentence}", file=sys.stderr)
    raise typer.Exit(_USAGE)
