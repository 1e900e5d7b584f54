"""What a simulated wearable keeps until the platform has acknowledged it, and when it sends it again."""

import itertools

from device_sim.kept import BURST, Kept, SentFrame

SECOND = 1_000_000


def frame(seq: int, size: int = 10) -> SentFrame:
    return SentFrame(bytes(size), seq, 1, seq)


def kept_of(*seqs: int, heard: bool = True) -> Kept:
    kept = Kept()
    if heard:
        kept.acknowledged(-1)
    for seq in seqs:
        kept.sent(frame(seq), 0)
    return kept


def seqs(frames: list[SentFrame]) -> list[int]:
    return [each.seq for each in frames]


def test_an_acknowledgement_lets_go_of_all_up_to_it() -> None:
    kept = kept_of(1, 2, 3, 4)
    assert kept.acknowledged(3) == 3
    assert seqs(kept.all()) == [4]


def test_what_a_gateway_did_not_hear_the_beginning_of_is_kept_and_sent_again() -> None:
    kept = kept_of(1, 2, 3, 4, 5, heard=False)
    assert kept.acknowledged(4, first=3) == 2
    assert seqs(kept.all()) == [1, 2, 5]
    assert seqs(kept.overdue(5 * SECOND)) == [1, 2, 5]


def test_a_platform_that_never_acknowledges_is_sent_nothing_again() -> None:
    kept = kept_of(1, 2, heard=False)
    assert kept.all() == kept.overdue(3600 * SECOND) == []


def test_what_is_late_is_sent_again_oldest_first_in_bursts_while_acknowledgements_come() -> None:
    kept = kept_of(*range(40))
    assert kept.overdue(4 * SECOND) == []
    first = kept.overdue(5 * SECOND)
    assert seqs(first) == list(range(BURST))
    for each in first:
        kept.sent(each, 5 * SECOND)
    kept.acknowledged(BURST - 1)
    assert seqs(kept.overdue(6 * SECOND)) == list(range(BURST, 2 * BURST))


def test_while_nothing_comes_back_it_asks_less_and_less_often_down_to_every_five_minutes() -> None:
    kept, asked = kept_of(1), []
    for second in range(3600):
        for each in kept.overdue(second * SECOND):
            kept.sent(each, second * SECOND)
            asked.append(second)
    gaps = [later - sooner for sooner, later in itertools.pairwise(asked)]
    assert gaps[:6] == [10, 20, 40, 80, 160, 300]
    assert set(gaps[6:]) == {300}


def test_memory_is_bounded_and_the_oldest_go_first() -> None:
    kept = Kept(memory_bytes=100)
    kept.acknowledged(-1)
    for seq in range(30):
        kept.sent(frame(seq), 0)
    assert seqs(kept.all()) == list(range(20, 30))
