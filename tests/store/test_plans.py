"""Plans come back as they were, version after version, and what is known of rooms is of now."""

import asyncio

import msgspec
import pytest

from schemas.errors import BrokenRule
from schemas.places import Binding, PlaceKind
from schemas.plan import PlacedRoom
from schemas.reading import Observation, Reading, ReadingKind
from store import people, plans, readings, rooms
from store.plans import KEPT, Drawing, Plan, What
from store.pool import Pool
from tests.store.making import NOW, SECOND, a_home, state

pytestmark = pytest.mark.servers
MINUTE = 60 * SECOND
ROOMS = (PlacedRoom("pl_1", ((0.125, 0.1), (0.5, 0.1), (0.5, 0.75))),)


def drawing(name: str = "a") -> Drawing:
    return Drawing(digest=name * 64, kind="image/webp", width=800, height=600, bytes=name.encode() * 1000)


async def test_a_plan_that_nobody_made_is_there_and_empty(pool: Pool) -> None:
    await a_home(pool)
    assert await plans.current(pool, "pl_1") == Plan(place="pl_1")
    assert await plans.versions(pool, "pl_1") == []
    assert await plans.drawing(pool, "pl_1") is None
    assert await plans.drawn(pool) == frozenset()


async def test_rooms_stay_when_the_drawing_changes_and_each_change_can_be_taken_back(pool: Pool) -> None:
    await a_home(pool)
    first = await plans.set_drawing(pool, "pl_1", drawing(), 0, "wang", NOW)
    assert (first.version, first.width, first.what, first.made_by) == (1, 800, What.DRAWING, "wang")
    placed = await plans.set_rooms(pool, "pl_1", ROOMS, 1, "li", NOW + 1)
    assert (placed.rooms, placed.drawing) == (ROOMS, drawing().digest)
    other = await plans.set_drawing(pool, "pl_1", drawing("b"), 2, "li", NOW + 2)
    assert (other.rooms, other.drawing) == (ROOMS, drawing("b").digest)
    bare = await plans.set_drawing(pool, "pl_1", None, 3, "li", NOW + 3)
    assert (bare.drawing, bare.width, bare.what, bare.rooms) == (None, 0, What.NO_DRAWING, ROOMS)
    back = await plans.restore(pool, "pl_1", 2, 4, "wang", NOW + 4)
    assert (back.version, back.drawing, back.rooms, back.what) == (5, drawing().digest, ROOMS, What.RESTORED)
    assert [each.version for each in await plans.versions(pool, "pl_1")] == [5, 4, 3, 2, 1]
    assert await plans.drawing(pool, "pl_1") == drawing()
    assert await plans.drawing(pool, "pl_1", 3) == drawing("b")
    assert await plans.drawing(pool, "pl_1", 4) is None
    assert await plans.drawing(pool, "pl_2") is None
    assert await plans.drawn(pool) == {"pl_1"}


async def test_of_two_who_change_at_once_one_is_told(pool: Pool) -> None:
    await a_home(pool)
    tried = [plans.set_rooms(pool, "pl_1", ROOMS, 0, name, NOW) for name in ("a", "b", "c")]
    done = await asyncio.gather(*tried, return_exceptions=True)
    assert [type(each) for each in done].count(Plan) == 1
    assert {each.code for each in done if isinstance(each, BrokenRule)} == {"plan_changed"}
    for doing in (
        plans.set_drawing(pool, "pl_1", drawing("z"), 7, "a", NOW),
        plans.restore(pool, "pl_1", 1, 0, "a", NOW),
    ):
        with pytest.raises(BrokenRule) as no:
            await doing
        assert no.value.code == "plan_changed"
    assert await pool.fetchval("select count(*) from plan_drawing") == 0, "what was refused is not kept"
    with pytest.raises(BrokenRule) as missing:
        await plans.restore(pool, "pl_1", 9, 1, "a", NOW)
    assert missing.value.code == "not_found"


async def test_old_versions_go_and_a_drawing_with_the_last_that_had_it(pool: Pool) -> None:
    await a_home(pool)
    await plans.set_drawing(pool, "pl_1", drawing("a"), 0, "a", NOW)
    await plans.set_drawing(pool, "pl_2", drawing("c"), 0, "a", NOW)
    await plans.set_drawing(pool, "pl_1", drawing("b"), 1, "a", NOW)
    for version in range(2, KEPT + 1):
        await plans.set_rooms(pool, "pl_1", ROOMS, version, "a", NOW)
    assert [each.version for each in await plans.versions(pool, "pl_1")] == list(range(KEPT + 1, 1, -1))
    kept = {row["digest"][0] for row in await pool.fetch("select digest from plan_drawing")}
    assert kept == {"b", "c"}


def moved(
    device: str, at_us: int, event: str = "motion", *, retain: bool = False, place: str | None = "pl_bath"
) -> Reading:
    return Reading(
        kind=ReadingKind.EVENT, arrival_us=at_us + SECOND, event_us=at_us, end_us=at_us, device=device, unit="pl_1",
        place=place, topic=f"zigbee2mqtt/{device}", payload=f"{device}{at_us}".encode(), events=(event,), retain=retain,
    )  # fmt: skip


async def test_the_last_sign_of_life_of_each_sensor_is_found_and_nothing_that_was_handed_out_again(pool: Pool) -> None:
    await a_home(pool)
    await people.add_place(pool, name="卫生间", kind=PlaceKind.ROOM, now_us=NOW, parent="pl_1", place_id="pl_bath")
    for name in ("pir1", "pir2"):
        await people.add_device(pool, device_id=name, kind="motion", now_us=NOW)
    await people.bind(pool, Binding(device="pir1", unit="pl_1", place="pl_bath", start_us=NOW), NOW)
    await people.bind(pool, Binding(device="w1", unit="pl_1", resident="re_1", start_us=NOW), NOW)
    await readings.write(
        pool,
        [
            moved("pir1", NOW + MINUTE),
            moved("pir1", NOW + 2 * MINUTE),
            moved("pir1", NOW + 3 * MINUTE, "motion_ended"),
            moved("pir1", NOW + 4 * MINUTE, retain=True),
            moved("pir2", NOW + MINUTE),
            moved("pir2", NOW + 2 * MINUTE, place=None),
        ],
    )
    devices = ["pir1", "pir2", "none"]
    found = await rooms.stirred(pool, devices, ["motion"], NOW, NOW + 9 * MINUTE)
    assert [(each.device, each.place, each.unit, each.event_us) for each in found] == [
        ("pir1", "pl_bath", "pl_1", NOW + 2 * MINUTE),
        ("pir2", "pl_bath", "pl_1", NOW + MINUTE),
    ]
    assert await rooms.stirred(pool, devices, ["motion"], NOW + 3 * MINUTE, NOW + 9 * MINUTE) == []
    bound = await rooms.placed(pool, ["pl_bath"])
    assert [(each.device, each.place, each.resident) for each in bound] == [("pir1", "pl_bath", None)]
    assert bound[0].seen_us == NOW + 3 * MINUTE + SECOND
    assert [each.device for each in await rooms.placed(pool, ["pl_1"])] == ["pir1", "w1"]
    await people.unbind(pool, "pir1", NOW + 9 * MINUTE, NOW + 9 * MINUTE)
    assert await rooms.placed(pool, ["pl_bath"]) == []


async def test_what_a_beacon_told_last_is_found_by_its_wearer(pool: Pool) -> None:
    await a_home(pool)
    told = [
        msgspec.structs.replace(
            state("tag", n, NOW + n * MINUTE, Observation("room", name, "")), kind=ReadingKind.STATE
        )
        for n, name in enumerate(("kitchen", "bathroom"))
    ]
    await readings.write(pool, told)
    found = await rooms.beacons(pool, ["re_1", "re_2"], NOW, NOW + 9 * MINUTE)
    assert {key: (each.room, each.event_us) for key, each in found.items()} == {"re_1": ("bathroom", NOW + MINUTE)}
    assert await rooms.beacons(pool, ["re_1"], NOW + 2 * MINUTE, NOW + 9 * MINUTE) == {}
