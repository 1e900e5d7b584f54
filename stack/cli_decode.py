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

#: Wrong usage: an input that is no message at all.
_USAGE = 2


def decode(
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="The payload; - is standard input.")] = "-",
    topic: Annotated[str, typer.Option("--topic", help="The topic it came on.")] = "",
    retained: Annotated[bool, typer.Option("--retained", help="The broker had remembered it.")] = False,
    arrival: Annotated[
        str | None, typer.Option("--arrival", help="When it came, ISO 8601.", show_default=False)
    ] = None,
    sequence: Annotated[bool, typer.Option("--sequence", help="A JSON object a line, state in between.")] = False,
) -> None:
    """Say what a device message means, as JSON."""
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


def _usage(sentence: str) -> NoReturn:
    print(f"shouwang decode: {sentence}", file=sys.stderr)
    raise typer.Exit(_USAGE)
