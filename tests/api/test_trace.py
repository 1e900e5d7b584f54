"""The drawing's data: joined where the device's clock joins, a gap where something is missing, in g."""

import numpy as np
import pytest

from api.times import iso
from api.trace import TimedFrame, of_busiest_device, segments, to_plain
from schemas.frame import Frame, FrameFlag

START_US = 1_790_000_000_000_000
ALWAYS = (0, 2**62)


def block(index: int, *, rate: float = 50.0, n: int = 100, device: str = "w1", boot: int = 1, jitter_us: int = 0,
          counts: tuple[int, int, int] = (0, 0, 2048), peak: int | None = None) -> TimedFrame:  # fmt: skip
    period_ns = round(1e9 / rate)
    samples = np.tile(np.array(counts, dtype=np.int16), (n, 1))
    if peak is not None:
        samples[peak] = (0, 0, 2048 * 4)
    t0_us = 5_000_000 + index * n * period_ns // 1000
    frame = Frame(FrameFlag(0), boot, index, t0_us, 0, period_ns, 80, 1 / 2048, 0.0, 0, samples)
    return TimedFrame(device, START_US + t0_us - 5_000_000 + jitter_us, frame)


def test_neighbours_are_one_line_though_their_event_times_jitter() -> None:
    jitter = [0, 3000, -40_000, 120_000]
    (found,) = segments([block(index, jitter_us=by) for index, by in enumerate(jitter)], *ALWAYS)
    assert len(found.axes) == 400
    assert found.start_us == START_US
    assert found.magnitude == pytest.approx(np.ones(400))


def test_a_missing_frame_is_a_gap_and_is_never_drawn_over() -> None:
    found = segments([block(0), block(1), block(3)], *ALWAYS)
    assert [len(segment.axes) for segment in found] == [200, 100]
    assert found[1].start_us - found[0].start_us == 6_000_000


def test_frames_in_any_order_and_twice_give_the_same_line() -> None:
    blocks = [block(index) for index in range(5)]
    shuffled = [blocks[index] for index in (3, 0, 4, 4, 1, 2, 0)]
    (found,) = segments(shuffled, *ALWAYS)
    assert len(found.axes) == 500


def test_a_reboot_begins_a_new_line() -> None:
    assert len(segments([block(0), block(1, boot=2)], *ALWAYS)) == 2


def test_a_clock_that_was_set_anew_begins_a_new_line() -> None:
    assert len(segments([block(0), block(1, jitter_us=3_000_000)], *ALWAYS)) == 2


def test_the_window_cuts_to_the_sample() -> None:
    (found,) = segments([block(0), block(1)], START_US + 1_000_000, START_US + 3_000_000)
    assert (found.start_us, len(found.axes)) == (START_US + 1_000_000, 100)
    (odd,) = segments([block(0)], START_US + 1_000_001, START_US + 1_050_000)
    assert (odd.start_us, len(odd.axes)) == (START_US + 1_020_000, 2)
    assert segments([block(0)], START_US + 2_000_000, START_US + 3_000_000) == []


def test_a_fast_part_is_thinned_and_its_peak_kept() -> None:
    (found,) = segments([block(0, rate=500.0, n=1000, peak=501)], *ALWAYS)
    assert found.rate_hz <= 200
    assert len(found.axes) == pytest.approx(2.0 * found.rate_hz, abs=1)
    assert found.magnitude.max() == pytest.approx(4.0)
    assert found.magnitude.argmax() / found.rate_hz == pytest.approx(501 / 500, abs=0.01)


def test_of_two_wearables_the_one_with_the_longer_record_is_drawn() -> None:
    found = segments([block(0, device="a"), block(0, device="b"), block(1, device="b")], *ALWAYS)
    assert {segment.device for segment in of_busiest_device(found)} == {"b"}
    assert of_busiest_device([]) == []


def test_what_is_said_is_in_g_with_three_decimals() -> None:
    said = to_plain(segments([block(0, n=2, counts=(1000, -500, 2048))], *ALWAYS), iso)
    assert said["rate_hz"] == 50.0
    (segment,) = said["segments"]
    assert segment["start"] == "2026-09-21T14:13:20.000000Z"
    assert (segment["x"], segment["y"], segment["z"]) == ([0.488, 0.488], [-0.244, -0.244], [1.0, 1.0])
    assert segment["values"] == [1.139, 1.139]
    assert to_plain([], iso) == {"rate_hz": 0.0, "segments": []}
