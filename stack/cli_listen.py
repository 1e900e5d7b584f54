"""``shouwang decode --listen``: what arrives at a home's broker, each message with what it means, until Ctrl-C."""

import asyncio
import contextlib
import signal
import sys

import msgspec

from ingest.connections import MqttAddress
from ingest.interpreting import Interpreting
from schemas.errors import Unavailable
from stack import addresses, credentials
from stack.clock import wall_clock
from stack.home import Home
from stack.ports import Ports
from stack.settings import Settings

#: How long a message is waited for before it is looked how the ear is, seconds.
_WAIT_S = 0.5
#: What is said of each state, on standard error, once.
_STATES = {
    "listening": "listening to {topic}; Ctrl-C ends it",
    "away": "the broker cannot be reached; it is tried again",
    "refused": "the broker's access list forbids this topic",
    "flooded": "more comes than can be heard: choose a narrower topic",
}


def interpreting(settings: Settings) -> Interpreting:
    """Return what reads messages as this home's gateway does. Raises Unavailable where no platform runs there."""
    home = Home(settings.home)
    if settings.mqtt_url is None and not home.state.exists():
        raise Unavailable("The platform does not run in this home: start it with `shouwang up`, or say another --home.")
    mqtt = addresses.of(Ports(home), credentials.load(home), mqtt_url=settings.mqtt_url).mqtt
    return Interpreting(
        MqttAddress(mqtt.host, mqtt.port, mqtt.user, mqtt.password),
        clock=wall_clock,
        bases=settings.bases,
        phones=settings.phones,
        trees=settings.trees,
    )


async def listen(reader: Interpreting, topic: str) -> bool:
    """Print a JSON object for each message until SIGINT or SIGTERM; whether it ended so. Raises ValueError."""
    hearing = reader.listen(topic)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    told = ""
    try:
        while not stop.is_set() and told not in (_STATES["refused"], _STATES["flooded"]):
            state = _STATES.get(hearing.state, told)
            if state != told:
                print(f"shouwang decode: {state.format(topic=topic)}", file=sys.stderr)
                told = state
            for message in await hearing.take(_WAIT_S):
                said = message.pop("said")
                sys.stdout.buffer.write(msgspec.json.encode(message | said) + b"\n")
            sys.stdout.buffer.flush()
    finally:
        hearing.close()
        if hearing.skipped:
            print(f"shouwang decode: {hearing.skipped} messages came too fast to be shown", file=sys.stderr)
    return stop.is_set()


def run(settings: Settings, topic: str) -> bool:
    """Listen as ``listen``; a reader of our output that has gone away ends it too."""
    with contextlib.suppress(BrokenPipeError):
        return asyncio.run(listen(interpreting(settings), topic))
    return True
