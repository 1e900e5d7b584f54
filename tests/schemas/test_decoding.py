"""Whatever bytes come: a record, or one kind of error. A stage that met another was ended by it, again and again."""

import random
from collections.abc import Callable

import msgspec
import pytest

from schemas import finding, places, quarantine, reading
from schemas.finding import Finding, FindingKind, Stage
from schemas.places import Binding
from schemas.reading import Observation, Reading, ReadingKind

READING = Reading(
    kind=ReadingKind.FRAME, arrival_us=1, event_us=2, end_us=3, device="手环", unit="u", topic="sw/v1/手环/imu",
    payload=b"x" * 40, observations=(Observation("room", "厨房"),),
)  # fmt: skip
FINDING = Finding(
    id="f", kind=FindingKind.FALL, stage=Stage.POSSIBLE, unit="u", resident="守望", device="d", event_us=1, start_us=1,
    end_us=2, decided_us=2, score=0.5, model="m", anchor="a",
)  # fmt: skip
FORMS: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    "readings": (reading.encode_batch([READING] * 2), reading.decode_batch),
    "quarantine": (quarantine.encode_batch([quarantine.entry(1, "守望", "why", "说", b"x")]), quarantine.decode_batch),
    "finding": (finding.encode(FINDING), finding.decode),
    "bindings": (
        places.encode_bindings([Binding(device="手环", unit="u", start_us=1, resident="r")]),
        places.decode_bindings,
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_bytes_that_are_broken_anywhere_are_one_kind_of_error(name: str) -> None:
    whole, decode = FORMS[name]
    rng, refused = random.Random(name), 0
    for turn in range(4_000):
        broken = bytearray(whole if turn % 4 else rng.randbytes(rng.randrange(1, 200)))
        for _ in range(rng.randrange(1, 4)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        try:
            decode(bytes(broken))
        except msgspec.DecodeError:
            refused += 1
    assert refused > 1_000


def test_a_broken_text_says_so() -> None:
    whole = reading.encode_batch([READING]).replace("守".encode(), b"\xff\xff\xff").replace("手".encode(), b"\xc2AA")
    with pytest.raises(msgspec.DecodeError, match="broken inside"):
        reading.decode_batch(whole)
