"""What decoding costs: each family's own messages, and a bridge with a thousand devices as it really repeats itself."""

import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from bench.fuzz.seeds import SEEDS
from ingest.decoders.families import Families
from ingest.decoders.kept import Keeper
from ingest.decoders.message import RawMessage

START_US = 1_790_000_000_000_000
#: Messages of one measurement: a second or so of CPU.
MESSAGES = 20_000
#: The best of so many: what else runs on the machine can only make it slower.
TRIES = 3
BASE = "zigbee2mqtt"
#: Messages after which the memory is saved once each, to see what an event writes.
EVENTS_MEASURED = 200


@dataclass(frozen=True, slots=True)
class DecoderSpeed:
    """CPU of one message in microseconds, of parsing the same bytes as JSON alone, and messages a second and core."""

    us_a_message: float
    json_us: float
    messages_a_second: float
    x_json: float
    readings_a_message: float


def of_family(name: str, count: int = MESSAGES) -> DecoderSpeed:
    """Measure a family on its seeds, over and over: announcements once, then what its devices say."""
    seeds = SEEDS[name]
    every = max(1, count // len(seeds))

    def messages() -> list[RawMessage]:
        return [
            RawMessage(topic, payload, False, START_US + number * 1_000_000)
            for number, (topic, payload) in enumerate(seeds * every)
        ]

    return _measured(lambda: Families(trees=("",)), messages())


def of_bridge(devices: int, count: int = MESSAGES, seed: int = 1) -> tuple[DecoderSpeed, float]:
    """Measure a bridge with so many devices; return also the bytes that an event writes into the memory."""
    inventory, reports = bridge(devices, count, seed)
    sent = [RawMessage(*each, False, START_US + number * 10_000) for number, each in enumerate(reports)]

    def announced() -> Families:
        families = Families([BASE])
        families.decode(RawMessage(f"{BASE}/bridge/devices", inventory, True, START_US))
        for message in sent[:devices]:
            families.decode(message)
        return families

    speed = _measured(announced, sent)
    families, written, events = announced(), 0, 0
    keeper = Keeper(families)
    keeper.save()
    for message in sent[devices : devices + EVENTS_MEASURED]:
        if any(told.meaning.events for told in families.decode(message)):
            events += 1
            written += sum(len(part or b"") for part in keeper.save().values())
    return speed, written / max(events, 1)


def bridge(devices: int, count: int, seed: int) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Return a bridge's inventory and ``count`` reports: half motion, a quarter doors, a quarter climate."""
    rng = random.Random(seed)
    kinds = [("occupancy", True, False), ("occupancy", True, False), ("contact", False, True), ("temperature", 0, 0)]
    entries = [
        {
            "type": "EndDevice",
            "friendly_name": f"room {number}",
            "ieee_address": address(number),
            "definition": {"model": "M", "description": "Sensor", "exposes": _exposes(*kinds[number % 4])},
        }
        for number in range(devices)
    ]
    reports = []
    for index in range(count):
        number = index if index < devices else rng.randrange(devices)
        name, on, off = kinds[number % 4]
        value = round(rng.uniform(15, 30), 2) if name == "temperature" else rng.choice((on, off))
        body = {
            name: value,
            "battery": rng.randrange(101),
            "voltage": rng.randrange(2500, 3100),
            "linkquality": rng.randrange(256),
            "last_seen": (START_US + index * 10_000) // 1000,
        }
        reports.append((f"{BASE}/room {number}", json.dumps(body).encode()))
    return json.dumps(entries).encode(), reports


def address(number: int) -> str:
    """Return the Zigbee address of a made device."""
    return f"0x{0x00158D0001000000 + number:016x}"


def _exposes(name: str, on: object, off: object) -> list[dict[str, object]]:
    kind = "numeric" if name == "temperature" else "binary"
    first = {"type": kind, "property": name, "name": name, "access": 1, "value_on": on, "value_off": off}
    numbers = [("battery", "%"), ("voltage", "mV"), ("linkquality", "lqi")]
    return [first, *({"type": "numeric", "property": each, "access": 1, "unit": unit} for each, unit in numbers)]


def _measured(fresh: Callable[[], Families], messages: Sequence[RawMessage]) -> DecoderSpeed:
    decoding, parsing, readings = [], [], 0
    for _ in range(TRIES):
        families, readings = fresh(), 0
        began = time.process_time()
        for message in messages:
            for told in families.decode(message):
                readings += len(told.readings)
        decoding.append(time.process_time() - began)
        began = time.process_time()
        for message in messages:
            _parsed(message.payload)
        parsing.append(time.process_time() - began)
    us, json_us = (min(each) * 1e6 / len(messages) for each in (decoding, parsing))
    return DecoderSpeed(us, json_us, 1e6 / us, us / json_us, readings / len(messages))


def _parsed(payload: bytes) -> object:
    try:
        return msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
