"""A sequence of messages through the router of all families, each message timed."""

import time
from collections.abc import Sequence

import msgspec

from bench.fuzz.mutating import NOW_US, Message
from schemas.topics import is_device_id

#: CPU seconds for one message, whatever it says.
LONGEST_S = 0.005


def played(messages: Sequence[Message]) -> list[float]:
    """Return the CPU seconds of each message. Raises what a decoder raises, and on a device that could not be named."""
    from ingest.decoders.families import Families  # noqa: PLC0415  # the fuzzer imports it first, with its instruments
    from ingest.decoders.message import RawMessage  # noqa: PLC0415

    families, now_us, spent = Families(trees=("",)), NOW_US, list[float]()
    for topic, payload, retain, after_s in messages:
        now_us += round(after_s * 1e6)
        message = RawMessage(topic, payload, retain, now_us)
        began = time.thread_time()
        told = families.decode(message)
        spent.append(time.thread_time() - began)
        for reading in (reading for each in told for reading in each.readings):
            if not is_device_id(reading.device):
                raise AssertionError(f"{reading.device!r} is no id of a device")
            msgspec.msgpack.encode(reading)  # what cannot be written down could not be stored either
    return spent


def slowest(messages: Sequence[Message]) -> float:
    """Return the CPU seconds of the slowest message, each the best of three tries: a machine stalls by itself too."""
    tries = [played(messages) for _ in range(3)]
    return max((min(each) for each in zip(*tries, strict=True)), default=0.0)
