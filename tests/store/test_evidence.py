"""When a kept trace is complete; and that keeping it again completes it without doubling anything."""

import pytest

from schemas.effects import KeepEvidence
from store import alerts, evidence, readings
from store.evidence import GAP_US, covers
from store.pool import Pool
from tests.store.making import NOW, SECOND, frame
from tests.store.test_alerts import raised


@pytest.mark.parametrize(
    ("spans", "complete"),
    [
        ([(0, 100)], True),
        ([(-50, 40), (40, 160)], True),
        ([(0, 40), (40 + GAP_US // SECOND, 100)], True),
        ([(0, 40), (41 + GAP_US // SECOND, 100)], False),
        ([(0, 97)], False),
        ([(3, 100)], False),
        ([(0, 100), (10, 20)], True),
        ([], False),
    ],
)
def test_a_trace_is_complete_when_frames_cover_it_with_short_pauses_at_most(
    spans: list[tuple[int, int]], complete: bool
) -> None:
    assert covers([(begin * SECOND, end * SECOND) for begin, end in spans], 0, 100 * SECOND) is complete


@pytest.mark.servers
async def test_keeping_again_adds_what_came_since_and_doubles_nothing(pool: Pool) -> None:
    alert = await raised(pool)
    wanted = KeepEvidence(alert=alert.id, resident="re_1", device="w1", start_us=NOW, end_us=NOW + 10 * SECOND)
    await readings.write(pool, [frame("w1", n, NOW + n * SECOND) for n in range(5)])
    others = [frame("w2", 1, NOW), frame("w1", 90, NOW + SECOND, resident="re_2")]
    await readings.write(pool, others)
    assert await evidence.keep(pool, wanted) == evidence.Kept(frames=5, complete=False)
    await readings.write(pool, [frame("w1", n, NOW + n * SECOND) for n in range(5, 12)])
    assert await evidence.keep(pool, wanted) == evidence.Kept(frames=10, complete=True)
    assert await evidence.keep(pool, wanted) == evidence.Kept(frames=10, complete=True)
    await pool.execute("delete from frame")  # the retention of raw frames ends
    kept = await evidence.of_alert(pool, alert.id)
    assert kept is not None
    assert kept.complete
    assert [stored.seq for stored in kept.frames] == list(range(10))
    assert await alerts.one(pool, alert.id) == alert
