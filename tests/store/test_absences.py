"""A calendar of absences: what holds when, whatever was late, said twice or taken back; and who set it."""

from collections.abc import Awaitable

import pytest

from schemas.config import OPEN_END_US
from schemas.effects import SettleAbsences
from schemas.errors import BrokenRule
from store import absences, history, outbox, people, setting_changes
from store.absences import Absence
from store.pool import Pool
from store.setting_changes import What
from tests.store.making import NOW, SECOND, a_home

pytestmark = pytest.mark.servers
HOUR = 3600 * SECOND
DAY = 24 * HOUR


async def planned(pool: Pool, start_us: int, until_us: int | None, now_us: int = NOW) -> Absence:
    return await absences.plan(
        pool, "re_3", start_us=start_us, until_us=until_us, note=None, actor="ann", now_us=now_us
    )


async def until(pool: Pool) -> int | None:
    found = await people.resident(pool, "re_3")
    assert found is not None
    return found.absent_until_us


async def told(pool: Pool) -> list[tuple[int, int | None]]:
    """Return what detectors were told of, with the time from which it counts."""
    return [(each.changed_us - NOW, each.config.absent_until_us) for each in await history.settings(pool, "pl_2")]


async def refused(wanted: Awaitable[object]) -> str:
    with pytest.raises(BrokenRule) as error:
        await wanted
    return error.value.code


async def test_a_stretch_holds_from_its_beginning_to_its_end_and_no_longer(pool: Pool) -> None:
    await a_home(pool)
    await planned(pool, NOW + DAY, NOW + 3 * DAY)
    assert await until(pool) is None
    assert [row.effect for row in await outbox.claim(pool, ["settle_absences"], NOW + DAY)] == [SettleAbsences("re_3")]
    assert (await absences.settle(pool, "re_3", NOW + DAY - 1), await until(pool)) == (0, None)
    assert (await absences.settle(pool, "re_3", NOW + DAY), await until(pool)) == (1, NOW + 3 * DAY)
    assert await absences.settle(pool, "re_3", NOW + 2 * DAY) == 0
    assert (await absences.settle(pool, "re_3", NOW + 3 * DAY), await until(pool)) == (1, None)
    assert await told(pool) == [(DAY, NOW + 3 * DAY), (3 * DAY, None)]


async def test_what_was_due_while_nobody_could_is_caught_up_at_the_times_it_had(pool: Pool) -> None:
    await a_home(pool)
    await planned(pool, NOW + DAY, NOW + 2 * DAY)
    await planned(pool, NOW + 4 * DAY, None)
    assert await absences.turning(pool, NOW + DAY - 1) == []
    assert await absences.turning(pool, NOW + 5 * DAY) == ["re_3"]
    assert await absences.settle(pool, "re_3", NOW + 5 * DAY) == 3
    assert await told(pool) == [(DAY, NOW + 2 * DAY), (2 * DAY, None), (4 * DAY, OPEN_END_US)]
    assert (await absences.settle(pool, "re_3", NOW + 5 * DAY), await absences.turning(pool, NOW + 5 * DAY)) == (0, [])


async def test_a_clock_that_is_behind_takes_nothing_back_that_was_carried_out(pool: Pool) -> None:
    await a_home(pool)
    trip = await planned(pool, NOW + DAY, NOW + 3 * DAY)
    await absences.settle(pool, "re_3", NOW + DAY)
    # Pressed a moment before it began, and held up meanwhile; or by a machine whose clock is behind the desk's.
    await absences.change(pool, "re_3", trip.id, {"note": "x"}, actor="ann", now_us=NOW + DAY - SECOND)
    assert (await until(pool), await absences.turning(pool, NOW + 2 * DAY)) == (NOW + 3 * DAY, [])
    assert await told(pool) == [(DAY, NOW + 3 * DAY)]


async def test_a_calendar_that_a_wrong_clock_carried_out_is_carried_out_again_by_the_right_one(pool: Pool) -> None:
    await a_home(pool)
    await planned(pool, NOW + 30 * DAY, None)
    await absences.settle(pool, "re_3", NOW + 365 * DAY)
    assert await until(pool) == OPEN_END_US  # away already, and nobody watches her
    assert await absences.turning(pool, NOW + HOUR) == ["re_3"]
    await absences.settle(pool, "re_3", NOW + HOUR)
    assert (await until(pool), await absences.turning(pool, NOW + 30 * DAY)) == (None, ["re_3"])
    assert await absences.turning(pool, NOW + HOUR) == []


async def test_what_is_told_late_counts_from_no_earlier_than_what_was_told_before(pool: Pool) -> None:
    await a_home(pool)
    await people.update_resident(pool, "re_3", {"sensitivity": "keener"}, NOW - HOUR)
    await planned(pool, NOW - 2 * HOUR, NOW + DAY)
    assert (await told(pool))[-1] == (-HOUR, NOW + DAY)
    assert await refused(planned(pool, NOW - 8 * DAY, NOW - 7 * DAY)) == "bad_stretch"


async def test_who_is_back_early_is_back_at_once_and_that_can_be_taken_back(pool: Pool) -> None:
    await a_home(pool)
    trip = await planned(pool, NOW, NOW + 3 * DAY)
    assert await until(pool) == NOW + 3 * DAY
    ended = await absences.end(pool, "re_3", trip.id, actor="ben", now_us=NOW + DAY)
    assert (ended.until_us, ended.ended_by, await until(pool)) == (NOW + DAY, "ben", None)
    assert await refused(absences.end(pool, "re_3", trip.id, actor="ben", now_us=NOW + DAY)) == "over"
    again = {"until_us": NOW + 3 * DAY}
    taken_up = await absences.change(pool, "re_3", trip.id, again, actor="ben", now_us=NOW + DAY + 1)
    assert (taken_up.ended_by, await until(pool)) == (None, NOW + 3 * DAY)
    # The end as it was planned first is still waited for, and what waits for an end that was changed does no harm.
    await absences.change(pool, "re_3", trip.id, {"until_us": None}, actor="ben", now_us=NOW + DAY + 2)
    assert (await absences.settle(pool, "re_3", NOW + 3 * DAY), await until(pool)) == (0, OPEN_END_US)


async def test_a_stretch_that_is_taken_back_never_was_but_for_who_took_it_back(pool: Pool) -> None:
    await a_home(pool)
    coming, lasting = await planned(pool, NOW + DAY, NOW + 2 * DAY), await planned(pool, NOW, NOW + HOUR)
    for each in (coming, lasting):
        await absences.withdraw(pool, "re_3", each.id, actor="cy", now_us=NOW + 1)
    assert (await absences.absences_of(pool, "re_3", 0), await until(pool)) == ([], None)
    assert (await absences.settle(pool, "re_3", NOW + 5 * DAY), await absences.turning(pool, NOW + 5 * DAY)) == (0, [])
    assert await refused(absences.withdraw(pool, "re_3", coming.id, actor="cy", now_us=NOW)) == "not_found"
    changes = await setting_changes.changes_of(pool, "re_3", 10)
    assert [(each.actor, each.what) for each in changes] == [
        ("cy", What.ABSENCE_WITHDRAWN), ("cy", What.ABSENCE_WITHDRAWN), ("ann", What.ABSENCE_SET),
        ("ann", What.ABSENCE_SET),
    ]  # fmt: skip
    assert changes[-1].data == {"id": coming.id, "start_us": NOW + DAY, "until_us": NOW + 2 * DAY}


async def test_stretches_never_overlap_and_what_has_begun_keeps_its_beginning(pool: Pool) -> None:
    await a_home(pool)
    first = await planned(pool, NOW, NOW + DAY)
    await planned(pool, NOW + DAY, NOW + 2 * DAY)  # one right after the other is none too many
    await planned(pool, NOW + 9 * DAY, NOW + 10 * DAY)
    await planned(pool, NOW + 7 * DAY, NOW + 8 * DAY)  # nor is one before another
    for start, end in ((NOW + HOUR, NOW + 2 * HOUR), (NOW - HOUR, NOW + 1), (NOW + 2 * DAY - 1, None)):
        assert await refused(planned(pool, start, end)) == "overlaps"
    longer = {"until_us": NOW + DAY + 1}
    assert await refused(absences.change(pool, "re_3", first.id, longer, actor="a", now_us=NOW)) == "overlaps"
    later = {"start_us": NOW + 1}
    assert await refused(absences.change(pool, "re_3", first.id, later, actor="a", now_us=NOW)) == "begun"
    assert await refused(planned(pool, NOW + 5 * DAY, NOW + 5 * DAY)) == "bad_stretch"
    (coming, _) = (await absences.absences_of(pool, "re_3", NOW + 2 * DAY))[:2]
    assert await refused(planned(pool, NOW - absences.TOLD_LATE_US - 1, None)) == "bad_stretch"
    long_ago = {"start_us": NOW - absences.TOLD_LATE_US - 1}
    assert await refused(absences.change(pool, "re_3", coming.id, long_ago, actor="a", now_us=NOW)) == "bad_stretch"
    assert await refused(planned(pool, NOW - 2 * HOUR, NOW - HOUR)) == "bad_stretch"
    other = absences.plan(pool, "re_x", start_us=NOW, until_us=None, note=None, actor="a", now_us=NOW)
    assert await refused(other) == "not_found"
    # The moment between two that touch: she is away all the time.
    await absences.settle(pool, "re_3", NOW + DAY)
    assert (await told(pool))[-1] == (DAY, NOW + 2 * DAY)


async def test_until_when_somebody_is_away_from_now_on_is_one_stretch_of_the_calendar(pool: Pool) -> None:
    await a_home(pool)
    for wanted in (NOW + DAY, OPEN_END_US, OPEN_END_US, NOW + 2 * DAY):
        await absences.away_until(pool, "re_3", wanted, actor="ann", now_us=NOW)
        assert await until(pool) == wanted
    (one,) = await absences.absences_of(pool, "re_3", 0)
    assert (one.start_us, one.until_us, one.set_by) == (NOW, NOW + 2 * DAY, "ann")
    await absences.away_until(pool, "re_3", None, actor="ben", now_us=NOW + HOUR)
    (one,) = await absences.absences_of(pool, "re_3", 0)
    assert (one.until_us, one.ended_by, await until(pool)) == (NOW + HOUR, "ben", None)
    await absences.away_until(pool, "re_3", None, actor="ben", now_us=NOW + HOUR)  # is here anyway
    assert len(await setting_changes.changes_of(pool, "re_3", 10)) == 4


async def test_what_is_not_watched_for_is_noted_with_who_left_it_off_last(pool: Pool) -> None:
    await a_home(pool)
    off = {"watches_off": ["no_meal", "inactivity", "no_meal"], "mobility": "轮椅", "note": "no setting"}
    changed = await people.update_resident(pool, "re_3", off, NOW, actor="ann")
    assert (changed.watches_off, changed.config("pl_2").off) == (("inactivity", "no_meal"), ("inactivity", "no_meal"))
    assert await people.resident(pool, "re_3") == changed
    assert [each.config.off for each in await history.settings(pool, "pl_2")] == [("inactivity", "no_meal")]
    await people.update_resident(pool, "re_3", {"watches_off": ["no_meal"]}, NOW + 1, actor="ben")
    found = await setting_changes.left_off(pool, "re_3")
    assert {name: (each.actor, each.at_us) for name, each in found.items()} == {"no_meal": ("ann", NOW)}
    said = [(each.actor, each.what, each.data) for each in await setting_changes.changes_of(pool, "re_3", 10)]
    assert said == [
        ("ben", What.WATCH_ON, {"watch": "inactivity"}),
        ("ann", What.WATCH_OFF, {"watch": "no_meal"}),
        ("ann", What.WATCH_OFF, {"watch": "inactivity"}),
        ("ann", What.MOBILITY, {"before": None, "after": "轮椅"}),
    ]


async def test_what_somebody_else_chose_meanwhile_is_named_and_stays(pool: Pool) -> None:
    await a_home(pool)
    await people.update_resident(pool, "re_3", {"sensitivity": "keener"}, NOW, actor="ann")
    for seen, wanted in (({"sensitivity": "normal"}, "calmer"), ({"sensitivity": "keener"}, "normal")):
        changed = people.update_resident(pool, "re_3", {"sensitivity": wanted}, NOW + 1, actor="ben", seen=seen)
        if wanted == "normal":
            await changed
            continue
        with pytest.raises(setting_changes.ChangedMeanwhile) as error:
            await changed
        assert error.value.change is not None
        assert (error.value.change.actor, error.value.change.at_us) == ("ann", NOW)
    await people.update_resident(pool, "re_3", {"sensitivity": "calmer"}, NOW + 2)  # by nobody, noted by nobody


WEEK = absences.ASKED_AFTER_US


async def asked(pool: Pool, at_us: int) -> list[str]:
    return [each.id for each in await absences.asking(pool, at_us)]


async def test_a_week_after_anybody_knew_it_is_asked_who_without_an_end_is_still_away(pool: Pool) -> None:
    await a_home(pool)
    trip = await planned(pool, NOW - DAY, None)
    assert await asked(pool, NOW + WEEK - 1) == []  # set today: whoever set it knows
    assert await asked(pool, NOW + WEEK) == [trip.id]
    still = await absences.still(pool, "re_3", trip.id, actor="li", now_us=NOW + WEEK + HOUR)
    assert (still.still_by, still.until_us, await until(pool)) == ("li", None, OPEN_END_US)
    assert await asked(pool, NOW + 2 * WEEK) == []
    assert await asked(pool, NOW + 2 * WEEK + HOUR) == [trip.id]
    await absences.change(pool, "re_3", trip.id, {"note": "x"}, actor="ann", now_us=NOW + 3 * WEEK)
    assert await asked(pool, NOW + 4 * WEEK - 1) == []
    assert await asked(pool, NOW + 4 * WEEK) == [trip.id]
    await absences.end(pool, "re_3", trip.id, actor="ann", now_us=NOW + 4 * WEEK)
    assert await asked(pool, NOW + 9 * WEEK) == []
    found = await setting_changes.changes_of(pool, "re_3", 9)
    assert [(each.what, each.actor) for each in found][2] == (What.ABSENCE_STILL, "li")


async def test_nobody_is_asked_about_what_ends_by_itself_is_to_come_or_was_taken_back(pool: Pool) -> None:
    await a_home(pool)
    await planned(pool, NOW, NOW + 3 * WEEK)
    ahead = await planned(pool, NOW + 4 * WEEK, None)
    assert await asked(pool, NOW + 2 * WEEK) == []
    assert await asked(pool, NOW + 5 * WEEK - 1) == []  # a week after it began, though it was set long before
    assert await asked(pool, NOW + 5 * WEEK) == [ahead.id]
    assert await refused(absences.still(pool, "re_3", ahead.id, actor="li", now_us=NOW)) == "not_begun"
    await absences.withdraw(pool, "re_3", ahead.id, actor="li", now_us=NOW + 5 * WEEK)
    assert await asked(pool, NOW + 5 * WEEK) == []
    assert await refused(absences.still(pool, "re_3", ahead.id, actor="li", now_us=NOW)) == "not_found"
