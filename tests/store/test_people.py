"""Places, residents, devices, and bindings that never overlap, whoever tries at once."""

import asyncio
from itertools import pairwise

import msgspec
import pytest

from schemas.effects import MirrorBindings
from schemas.errors import BrokenRule
from schemas.places import Binding, PlaceKind, binding_at
from store import outbox, people, setting_changes
from store.pool import Pool
from tests.store.making import NOW, SECOND, a_home, worn

pytestmark = pytest.mark.servers
HOUR = 3600 * SECOND


async def refused(doing: object) -> str:
    with pytest.raises(BrokenRule, match=r"^[A-Z].*\.$") as error:
        await doing  # type: ignore[misc]
    return error.value.code


async def test_a_place_knows_its_path_and_parents_come_first(pool: Pool) -> None:
    house = await people.add_place(pool, name="松柏苑", kind=PlaceKind.INSTITUTION, now_us=NOW)
    floor = await people.add_place(pool, name="二楼", kind=PlaceKind.FLOOR, now_us=NOW, parent=house.id)
    room = await people.add_place(pool, name="203", kind=PlaceKind.ROOM, now_us=NOW, parent=floor.id)
    assert room.path == ("松柏苑", "二楼", "203")
    assert await people.places(pool) == [house, floor, room]
    assert await refused(people.add_place(pool, name="x", kind=PlaceKind.ROOM, now_us=NOW, parent="pl_none")) == (
        "unknown_place"
    )


async def test_a_resident_comes_back_as_written_and_lives_in_something_that_can_be_watched(pool: Pool) -> None:
    await a_home(pool)
    added = await people.add_resident(
        pool,
        name="李桂英",
        unit="pl_1",
        now_us=NOW,
        birth_year=1938,
        room="203",
        conditions=["dementia", "stroke"],
        mobility="walker",
        note="听力不好",
        test=True,
    )
    assert await people.resident(pool, added.id) == added
    assert added.timezone == "Asia/Shanghai"
    await people.add_place(pool, name="市", kind=PlaceKind.CITY, now_us=NOW, place_id="pl_city")
    assert await refused(people.add_resident(pool, name="x", unit="pl_city", now_us=NOW)) == "not_a_unit"
    assert await refused(people.add_resident(pool, name="x", unit="pl_none", now_us=NOW)) == "unknown_place"


async def test_only_the_fields_given_change(pool: Pool) -> None:
    await a_home(pool)
    before = await people.resident(pool, "re_1")
    assert before is not None
    after = await people.update_resident(pool, "re_1", {"room": "204", "conditions": ["dementia"]}, NOW)
    assert after == msgspec.structs.replace(before, room="204", conditions=("dementia",))
    assert await people.resident(pool, "re_1") == after
    assert await refused(people.update_resident(pool, "re_none", {"room": "1"}, NOW)) == "not_found"
    with pytest.raises(ValueError, match="created_us"):
        await people.update_resident(pool, "re_1", {"created_us": 0}, NOW)


async def test_a_new_wearer_ends_the_old_binding_and_old_readings_stay_with_who_had_it_then(pool: Pool) -> None:
    await a_home(pool)
    await people.bind(pool, worn(NOW), NOW)
    await people.bind(pool, worn(NOW + HOUR, resident="re_2"), NOW + HOUR)
    bindings = await people.bindings_of(pool, "w1")
    assert [(one.resident, one.start_us, one.end_us) for one in bindings] == [
        ("re_1", NOW, NOW + HOUR),
        ("re_2", NOW + HOUR, None),
    ]
    then, now = binding_at(bindings, NOW + HOUR - 1), binding_at(bindings, NOW + HOUR)
    assert (then and then.resident, now and now.resident) == ("re_1", "re_2")


async def test_each_change_of_a_binding_asks_for_the_mirror_in_its_transaction(pool: Pool) -> None:
    await a_home(pool)
    await people.bind(pool, worn(NOW), NOW)
    await people.bind(pool, worn(NOW), NOW)  # a double click
    await people.unbind(pool, "w1", NOW + HOUR, NOW + HOUR)
    assert await refused(people.bind(pool, worn(NOW + SECOND, resident="re_2"), NOW)) == "binding_overlap"
    rows = await outbox.claim(pool, ["mirror_bindings"], NOW + HOUR)
    assert [row.effect for row in rows] == [MirrorBindings(device="w1")] * 2


async def test_a_binding_that_would_overlap_is_refused_and_changes_nothing(pool: Pool) -> None:
    await a_home(pool)
    await people.bind(pool, worn(NOW, NOW + HOUR), NOW)
    await people.bind(pool, worn(NOW + 2 * HOUR), NOW)
    before = await people.bindings_of(pool, "w1")
    for start_us, end_us in ((NOW - HOUR, NOW + 1), (NOW + HOUR - 1, None), (NOW + 3 * HOUR, NOW + 4 * HOUR)):
        assert await refused(people.bind(pool, worn(start_us, end_us, resident="re_2"), NOW)) == "binding_overlap"
    assert await people.bindings_of(pool, "w1") == before
    await people.bind(pool, worn(NOW + HOUR, NOW + 2 * HOUR, resident="re_2"), NOW)  # it just fits between
    assert len(await people.bindings_of(pool, "w1")) == 3


@pytest.mark.two_sessions
async def test_of_twenty_overlapping_bindings_at_once_those_that_stand_do_not_overlap(pool: Pool) -> None:
    await a_home(pool)
    attempts = [people.bind(pool, worn(NOW + n * SECOND, NOW + (n + 7) * SECOND), NOW) for n in range(20)]
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert all(isinstance(result, Binding | BrokenRule) for result in results), results
    bindings = await people.bindings_of(pool, "w1")
    assert bindings
    for one, following in pairwise(bindings):
        assert one.end_us is not None
        assert one.end_us <= following.start_us


@pytest.mark.two_sessions
async def test_of_twenty_wearers_at_once_one_has_the_device_in_the_end(pool: Pool) -> None:
    await a_home(pool)
    wearers = ("re_1", "re_2")
    attempts = [people.bind(pool, worn(NOW + n * SECOND, resident=wearers[n % 2]), NOW) for n in range(20)]
    await asyncio.gather(*attempts, return_exceptions=True)
    bindings = await people.bindings_of(pool, "w1")
    assert sum(one.end_us is None for one in bindings) == 1
    assert all(one.end_us == two.start_us for one, two in pairwise(bindings))


async def test_a_binding_names_what_exists_and_where_its_wearer_is_watched(pool: Pool) -> None:
    await a_home(pool)
    good = worn(NOW)
    for wrong, code in (
        (msgspec.structs.replace(good, device="w9"), "unknown_device"),
        (msgspec.structs.replace(good, resident="re_9"), "unknown_resident"),
        (msgspec.structs.replace(good, unit="pl_9", resident=None, place="pl_1"), "unknown_place"),
        (msgspec.structs.replace(good, unit="pl_2"), "wrong_unit"),
        (msgspec.structs.replace(good, place="pl_1"), "resident_or_place"),
        (msgspec.structs.replace(good, resident=None), "resident_or_place"),
    ):
        assert await refused(people.bind(pool, wrong, NOW)) == code
    assert await people.bindings_of(pool, "w1") == []
    assert await refused(people.unbind(pool, "w1", NOW, NOW)) == "not_bound"


async def test_a_resident_who_moves_takes_the_devices_along(pool: Pool) -> None:
    await a_home(pool)
    await people.bind(pool, worn(NOW), NOW)
    await people.update_resident(pool, "re_1", {"unit": "pl_2"}, NOW + HOUR)
    before, after = await people.bindings_of(pool, "w1")
    assert (before.unit, before.end_us) == ("pl_1", NOW + HOUR)
    assert after == worn(NOW + HOUR, unit="pl_2")


async def test_a_device_shows_who_has_it_and_unbound_ones_are_listed_for_pairing(pool: Pool) -> None:
    await a_home(pool)
    await people.add_device(pool, device_id="w2", kind="wearable", label="手环 2", now_us=NOW)
    await people.bind(pool, worn(NOW), NOW)
    assert [device.id for device in await people.devices(pool)] == ["w1", "w2"]
    assert [device.id for device in await people.devices(pool, unbound=True)] == ["w2"]
    (mine,) = await people.devices(pool, resident="re_1")
    assert mine.binding == worn(NOW)
    assert await people.device(pool, "w9") is None


async def test_a_zone_is_kept_travels_to_the_detectors_and_is_noted_with_who_drew_it(pool: Pool) -> None:
    await a_home(pool)
    zone = ((121.47, 31.23), (121.473, 31.23), (121.473, 31.233))
    before = await people.resident(pool, "re_1")
    drawn = await people.update_resident(pool, "re_1", {"corners": zone}, NOW, actor="ann")
    assert before is not None
    assert (before.config("pl_1").zone, drawn.config("pl_1").zone) == ((), zone)
    assert await people.resident(pool, "re_1") == drawn
    assert drawn.config_version == before.config_version + 1
    same = await people.update_resident(pool, "re_1", {"corners": [list(each) for each in zone]}, NOW, actor="ann")
    assert same == drawn
    crossed = (zone[0], zone[1], zone[1], zone[2])
    assert await refused(people.update_resident(pool, "re_1", {"corners": crossed}, NOW)) == "zone_crosses"
    none = await people.update_resident(pool, "re_1", {"corners": ()}, NOW + 1, actor="ben")
    assert (none.corners, none.config_version) == ((), drawn.config_version + 1)
    noted = [(each.actor, each.what, each.data) for each in await setting_changes.changes_of(pool, "re_1", 5)]
    listed = [list(each) for each in zone]
    assert noted == [
        ("ben", "corners", {"before": listed, "after": []}),
        ("ann", "corners", {"before": [], "after": listed}),
    ]
