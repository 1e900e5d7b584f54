"""docs/wire.md says what the code does: its golden frame, its tables and its examples decode."""

import re
import struct
from pathlib import Path

import msgspec
import pytest

from ingest.decoders import own
from ingest.decoders.message import RawMessage
from schemas import frame, messages, topics
from schemas.frame import FrameFlag
from schemas.messages import AckMessage, EventMessage, StateMessage, StatusMessage

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs/wire.md").read_text()


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", DOCUMENT, re.DOTALL)


def golden() -> bytes:
    [text] = blocks("hex")
    return bytes.fromhex(text)


def test_the_golden_frame_decodes_to_what_the_document_says() -> None:
    decoded = frame.decode(golden())
    assert decoded.samples.tolist() == [[12, -34, 4101], [15, -30, 4096], [9, -41, 4088]]
    assert (decoded.boot, decoded.seq, decoded.t0_us) == (0x1A2B3C4D, 42, 3_600_000_000)
    assert (decoded.rate_hz, decoded.accel_scale, decoded.battery) == (50.0, 1 / 4096, 87)
    assert decoded.utc_us == 1_795_392_000_000_000
    assert decoded.worn is True
    assert decoded.flags == FrameFlag.CLOCK_SYNCED | FrameFlag.WEAR_KNOWN


def test_encoding_the_golden_frame_again_gives_the_same_bytes() -> None:
    assert frame.encode(frame.decode(golden())) == golden()


def test_the_header_table_gives_the_offsets_of_the_code() -> None:
    sizes = {"4 bytes": "4s", "u8": "B", "u16": "H", "u32": "I", "u64": "Q", "f32": "f"}
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \| ", DOCUMENT, re.MULTILINE)
    form = "<"
    for offset, kind in rows:
        if kind not in sizes:
            continue
        assert struct.calcsize(form) == int(offset), f"offset {offset}"
        form += sizes[kind]
    assert struct.calcsize(form) == frame.HEADER_LENGTH


def test_the_flag_table_names_every_flag() -> None:
    table = DOCUMENT.split("| flag | meaning |")[1].split("\n\n")[0]
    assert [int(value) for value in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)] == [
        flag.value for flag in FrameFlag
    ]


@pytest.mark.parametrize(
    ("leaf", "kind"),
    [
        (topics.STATE, StateMessage),
        (topics.EVENT, EventMessage),
        (topics.STATUS, StatusMessage),
        (topics.ACK, AckMessage),
    ],
)
def test_each_json_example_is_whole_and_is_taken(leaf: str, kind: type[StateMessage]) -> None:
    [text] = blocks(f"json {leaf}")
    parsed = messages.parse(text.encode(), kind)
    assert {field.name for field in msgspec.structs.fields(kind)} == set(msgspec.json.decode(text))
    assert None not in msgspec.structs.asdict(parsed).values()
    raw = RawMessage(topics.of("watch-1", leaf), text.encode(), retain=False, arrival_us=1_795_392_002_000_000)
    _, decoded = own.decode(own.NEW_DEVICE, raw)
    assert decoded.entry is None
    assert (decoded.reading is None) == (leaf == topics.ACK)


def test_the_leaves_of_the_topic_table_are_those_of_the_code() -> None:
    table = DOCUMENT.split("| leaf | payload |")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == topics.LEAVES
