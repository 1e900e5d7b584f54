"""Messages that a broken or hostile device might publish: seeded, each with the name of what is wrong with it."""

import json
import random
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from schemas import topics
from schemas.frame import Frame, FrameFlag, encode

US = 1_000_000
YEAR_1970_US = 86_400 * US
YEAR_2099_US = 4_070_908_800 * US


@dataclass(frozen=True, slots=True)
class Hostile:
    """One message: ``quarantined`` tells whether the gateway should see it and put it aside."""

    name: str
    topic: str
    payload: bytes
    quarantined: bool = True
    retain: bool = False


def good_frame(*, seq: int, boot: int = 7, utc_us: int = 0, synced: bool = False, n: int = 100) -> Frame:
    """Return a frame at rest: 50 Hz, 4096 counts a g, gravity along z."""
    samples = np.zeros((n, 3), dtype=np.int16)
    samples[:, 2] = 4096
    flags = FrameFlag.CLOCK_SYNCED if synced else FrameFlag(0)
    return Frame(flags, boot, seq, 1_000 * US + seq * n * 20_000, utc_us, 20_000_000, 80, 1 / 4096, 0.0, 0, samples)


def _random_bytes(rng: random.Random, device: str) -> Hostile:
    return Hostile("random-bytes", topics.of(device, topics.IMU), rng.randbytes(rng.randrange(0, 900)))


def _truncated(rng: random.Random, device: str) -> Hostile:
    whole = encode(good_frame(seq=rng.randrange(2**31)))
    return Hostile("truncated-frame", topics.of(device, topics.IMU), whole[: rng.randrange(len(whole))])


def _flipped_bit(rng: random.Random, device: str) -> Hostile:
    whole = bytearray(encode(good_frame(seq=rng.randrange(2**31))))
    whole[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
    return Hostile("flipped-bit", topics.of(device, topics.IMU), bytes(whole))


def _padded_with_zeros(rng: random.Random, device: str) -> Hostile:
    whole = encode(good_frame(seq=rng.randrange(2**31)))
    cut = rng.randrange(60, len(whole) - 4)
    return Hostile("padded-frame", topics.of(device, topics.IMU), whole[:cut] + bytes(len(whole) - cut))


def _lying_header(rng: random.Random, device: str) -> Hostile:
    """A frame whose CRC is right and whose numbers cannot be."""
    whole = bytearray(encode(good_frame(seq=rng.randrange(2**31))))
    offset, form, value = rng.choice(
        [
            (4, "<H", rng.randrange(0, 52)),
            (16, "<Q", 2**64 - 1),
            (32, "<I", 0),
            (32, "<I", 2**32 - 1),
            (36, "<H", 65_535),
            (36, "<H", 0),
            (38, "<B", 255),
            (40, "<f", float("nan")),
            (40, "<f", float("inf")),
            (40, "<f", -1.0),
            (44, "<f", float("nan")),
        ]
    )
    struct.pack_into(form, whole, offset, value)
    struct.pack_into("<I", whole, len(whole) - 4, zlib.crc32(memoryview(whole)[:-4]))
    return Hostile("lying-header", topics.of(device, topics.IMU), bytes(whole))


def _wrong_types(rng: random.Random, device: str) -> Hostile:
    leaf = rng.choice([topics.STATE, topics.EVENT, topics.STATUS])
    payload = rng.choice(
        [
            b"null", b"[]", b"3", b"true", b'"text"', b"{", b"\xff\xfe\x00", b"[" * 5_000, b'{"a":' * 3_000,
            json.dumps({"boot": "one", "seq": 1, "t_us": 1}).encode(),
            json.dumps({"boot": 1, "seq": -1, "t_us": 1}).encode(),
            json.dumps({"boot": 1, "seq": 1, "t_us": 2**80}).encode(),
            json.dumps({"boot": 1, "seq": 1, "t_us": 1, "battery": "full"}).encode(),
            json.dumps({"boot": 1, "seq": 1, "t_us": 1, "battery": 5e9}).encode(),
            json.dumps({"boot": 1, "seq": 1, "t_us": 1, "type": {"sos": True}}).encode(),
            json.dumps({"boot": 1, "seq": 1, "t_us": 1, "type": "'; drop table alert; --"}).encode(),
            b'{"boot":1,"seq":1,"t_us":1,"battery":NaN}',
            json.dumps({"online": "yes"}).encode(),
        ]
    )  # fmt: skip
    return Hostile("wrong-types", topics.of(device, leaf), payload)


def _foreign_topic(rng: random.Random, device: str) -> Hostile:
    topic = rng.choice(
        [f"sw/v1/{device}/imu/v1", "sw/v1//imu", f"sw/v1/{device}/", f"sw/v1/{device}/firmware",
         f"sw/v1/{device} x/imu", "sw/v1/守望/imu", f"sw/v1/{'d' * 300}/imu", "sw/v1/a.b.*/imu"]
    )  # fmt: skip
    return Hostile("foreign-topic", topic, encode(good_frame(seq=rng.randrange(2**31))))


def _elsewhere(rng: random.Random, device: str) -> Hostile:
    topic = rng.choice(["homeassistant/status", "readings/unit/00", f"sw/v2/{device}/imu"])
    return Hostile("elsewhere", topic, rng.randbytes(40), quarantined=False)


def _bridge_noise(rng: random.Random, device: str) -> Hostile:
    """Random bytes where a Zigbee bridge's devices speak."""
    return Hostile("bridge-noise", f"zigbee2mqtt/{device}", b"\xff" + rng.randbytes(40))


KINDS = (
    _random_bytes, _truncated, _flipped_bit, _padded_with_zeros, _lying_header, _wrong_types, _foreign_topic,
    _elsewhere, _bridge_noise,
)  # fmt: skip


def messages(seed: int, count: int, device: str) -> Iterator[Hostile]:
    """Yield ``count`` hostile messages under the id of ``device``; one in a hundred is huge."""
    rng = random.Random(seed)
    for index in range(count):
        if index % 100 == 99:
            yield Hostile("huge", topics.of(device, topics.IMU), rng.randbytes(200_000))
        else:
            yield rng.choice(KINDS)(rng, device)


def wrong_clocks(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Yield frames that are whole but claim a set clock of 1970 or 2099: (name, payload)."""
    rng = random.Random(seed)
    for index in range(count):
        name, utc_us = rng.choice([("clock-1970", YEAR_1970_US), ("clock-2099", YEAR_2099_US)])
        yield name, encode(good_frame(seq=index, boot=1970, utc_us=utc_us, synced=True))
