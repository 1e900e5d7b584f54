"""Who floods is not read until they are quiet again; nobody else notices, and nobody honest is ever shut out."""

from ingest.overflow import BURST, Overflow

S = 1_000_000


def small() -> Overflow:
    return Overflow(rate=2.0, burst=10, quiet=5.0)


def refused(overflow: Overflow, name: str, count: int, at_us: int) -> int:
    return sum(overflow.refuses(name, at_us) for _ in range(count))


def test_what_is_beyond_the_store_is_refused_and_others_are_not() -> None:
    overflow = small()
    assert refused(overflow, "wild", 100, 0) == 90
    assert refused(overflow, "other", 10, 0) == 0
    assert overflow.shut_out(0) == ["wild"]
    assert overflow.shut_out(60 * S) == [], "gone for good, and not in anybody's way"


def test_who_floods_on_stays_shut_out_and_gets_nothing_through_in_between() -> None:
    overflow = small()
    refused(overflow, "wild", 100, 0)
    for second in range(1, 60):
        assert refused(overflow, "wild", 100, second * S) == 100


def test_who_keeps_to_the_rate_for_a_while_is_read_again() -> None:
    overflow = small()
    refused(overflow, "wild", 11, 0)
    read = [second for second in range(1, 12) if not overflow.refuses("wild", second * S)]
    assert read == [5, 6, 7, 8, 9, 10, 11]
    assert overflow.shut_out(11 * S) == []


def test_a_clock_that_jumps_shuts_nobody_out() -> None:
    hour = 3600 * S
    overflow = small()
    assert refused(overflow, "calm", 5, hour) == 0
    assert refused(overflow, "calm", 5, 0) == 0
    refused(overflow, "wild", 100, hour)
    assert [second for second in range(10, 20) if not overflow.refuses("wild", second * S)] == [15, 16, 17, 18, 19]


def test_an_hours_backlog_at_two_frames_a_second_comes_through_at_once() -> None:
    overflow = Overflow()
    assert refused(overflow, "back", 7_200, 0) == 0
    assert refused(overflow, "back", BURST, 0) == 7_200


def test_only_so_many_senders_are_remembered() -> None:
    overflow = Overflow(limit=3, burst=1)
    for number in range(100):
        overflow.refuses(f"device-{number}", 0)
    assert not overflow.refuses("device-0", 0)
    assert overflow.refuses("device-99", 0)
