"""The wearable frame, strict at the wire: any broken byte is seen, any impossible number refused."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import BadPayload
from schemas.frame import BATTERY_UNKNOWN, HEADER_LENGTH, MAX_UPTIME_US, Frame, FrameFlag, decode, encode

PLAIN = Frame(FrameFlag(0), 1, 2, 3, 0, 20_000_000, 50, 1 / 4096, 0.0, 0, np.arange(30, dtype=np.int16).reshape(10, 3))


def changed(offset: int, form: str, value: float) -> bytes:
    """Return PLAIN with one field of the header changed and the CRC made right again."""
    data = bytearray(encode(PLAIN))
    struct.pack_into(form, data, offset, value)
    struct.pack_into("<I", data, len(data) - 4, zlib.crc32(memoryview(data)[:-4]))
    return bytes(data)


def reason(data: bytes) -> str:
    with pytest.raises(BadPayload) as refused:
        decode(data)
    assert str(refused.value).endswith(".")
    return refused.value.reason


def test_what_was_encoded_comes_back_to_the_last_count() -> None:
    samples = np.random.default_rng(5).integers(-32768, 32768, (50, 6)).astype(np.int16)
    flags = FrameFlag.GYRO | FrameFlag.CLOCK_SYNCED | FrameFlag.WEAR_KNOWN | FrameFlag.NOT_WORN
    sent = Frame(flags, 2**32 - 1, 9, 10**12, 10**15, 10_000_000, BATTERY_UNKNOWN, 1 / 2048, 0.0625, 7, samples)
    came = decode(encode(sent))
    assert (came.samples == samples).all()
    for name in Frame.__slots__:
        if name != "samples":
            assert getattr(came, name) == getattr(sent, name), name
    assert came.worn is False


def test_times_of_a_frame_are_of_its_first_and_last_sample_and_its_end() -> None:
    assert (PLAIN.last_us - PLAIN.t0_us, PLAIN.duration_us) == (180_000, 200_000)


def test_whether_it_is_worn_is_unknown_without_the_flag() -> None:
    assert decode(changed(6, "<H", int(FrameFlag.NOT_WORN))).worn is None


@settings(derandomize=True, max_examples=400)
@given(st.integers(0, len(encode(PLAIN)) * 8 - 1))
def test_any_flipped_bit_is_seen(bit: int) -> None:
    data = bytearray(encode(PLAIN))
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadPayload):
        decode(bytes(data))


@pytest.mark.parametrize("length", range(len(encode(PLAIN))))
def test_any_cut_is_seen(length: int) -> None:
    whole = encode(PLAIN)
    for data in (whole[:length], whole[:length] + bytes(len(whole) - length)):
        if data != whole:
            with pytest.raises(BadPayload):
                decode(data)


@pytest.mark.parametrize(
    ("offset", "form", "value", "wanted"),
    [
        (0, "<I", 0, "bad-magic"),
        (4, "<H", HEADER_LENGTH - 1, "bad-header"),
        (4, "<H", HEADER_LENGTH + 6, "bad-length"),
        (6, "<H", int(FrameFlag.GYRO), "bad-channels"),
        (16, "<Q", MAX_UPTIME_US + 1, "bad-clock"),
        (32, "<I", 0, "bad-rate"),
        (32, "<I", 1_000_000, "bad-rate"),
        (32, "<I", 2**32 - 1, "bad-rate"),
        (36, "<H", 0, "bad-count"),
        (36, "<H", 1001, "bad-count"),
        (36, "<H", 9, "bad-length"),
        (38, "<B", 4, "bad-channels"),
        (38, "<B", 6, "bad-length"),
        (39, "<B", 101, "bad-battery"),
        (40, "<f", float("nan"), "bad-scale"),
        (40, "<f", 0.0, "bad-scale"),
        (40, "<f", -1 / 4096, "bad-scale"),
        (40, "<f", float("inf"), "bad-scale"),
        (44, "<f", float("nan"), "bad-scale"),
        (44, "<f", 1e9, "bad-scale"),
    ],
)
def test_an_impossible_number_is_refused_though_the_crc_is_right(
    offset: int, form: str, value: float, wanted: str
) -> None:
    assert reason(changed(offset, form, value)) == wanted


def test_a_longer_header_of_a_later_version_is_skipped() -> None:
    data = encode(PLAIN)
    longer = (
        data[:4] + struct.pack("<H", HEADER_LENGTH + 8) + data[6:HEADER_LENGTH] + b"extended" + data[HEADER_LENGTH:-4]
    )
    came = decode(longer + struct.pack("<I", zlib.crc32(longer)))
    assert (came.samples == PLAIN.samples).all()


def test_the_reason_of_a_broken_crc_is_the_crc() -> None:
    data = bytearray(encode(PLAIN))
    data[HEADER_LENGTH] ^= 1
    assert reason(bytes(data)) == "bad-crc"
