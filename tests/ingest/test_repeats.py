"""What the gateway remembers of what is stored: the last ones for certain, and never much more."""

import tracemalloc
from types import SimpleNamespace
from typing import cast

from ingest.repeats import REMEMBERED, Stored
from schemas.reading import Reading, ReadingKind


def reading(seq: int, *, boot: int = 7, kind: ReadingKind = ReadingKind.FRAME) -> Reading:
    return cast(Reading, SimpleNamespace(device="w-1", boot=boot, seq=seq, kind=kind))


def test_the_last_ones_are_known_and_old_ones_forgotten() -> None:
    stored = Stored(limit=100)
    for seq in range(1_000):
        assert reading(seq) not in stored
        stored.add(reading(seq))
        assert all(reading(known) in stored for known in range(max(0, seq - 99), seq + 1))
    assert reading(700) not in stored


def test_another_boot_or_kind_is_another_message_and_one_without_a_sequence_is_never_known() -> None:
    stored = Stored()
    stored.add(reading(1))
    assert reading(1) in stored
    assert reading(1, boot=8) not in stored
    assert reading(1, kind=ReadingKind.STATE) not in stored
    stored.add(reading(-1))
    assert reading(-1) not in stored


def test_memory_does_not_grow_with_what_passed() -> None:
    def most(messages: int) -> int:
        stored = Stored(limit=500)
        tracemalloc.start()
        for seq in range(messages):
            stored.add(reading(seq))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    most(2_000)  # what is made once, at the first use
    assert most(8_000) < 1.2 * most(2_000)
    assert REMEMBERED > 10_000, "more than any broker has in flight"
