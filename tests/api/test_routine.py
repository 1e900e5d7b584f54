"""The weekly report over HTTP: from stored signs of life, the same after a restart and however often they came."""

from typing import Any

import numpy as np
import pytest

from detectors.routine import DAY_US, HOUR_US, Room
from detectors.routine_week import ALL_WEEKS
from schemas.places import Binding, PlaceKind
from schemas.reading import Reading, ReadingKind
from store import people, readings
from tests.api.conftest import Ward
from tests.detectors.routines import FIRST, Lived, Ways, signs_of

pytestmark = pytest.mark.servers

#: The ward's residents live at UTC+8.
AHEAD_US = 8 * HOUR_US
WEEKS = ALL_WEEKS
LAST = (WEEKS - 1) * 7
#: A Monday so that the week that begins at FIRST + LAST is the last one that is over.
NOW_US = (FIRST + WEEKS * 7) * DAY_US + 9 * HOUR_US - AHEAD_US
SLOW: Ways = lambda n: Lived(every=40.0, ups=1, out=n % 7 < 5)  # noqa: E731
RESTLESS: Ways = lambda n: Lived(every=40.0, ups=5 if n >= LAST else 1, out=n % 7 < 5)  # noqa: E731


async def home(ward: Ward) -> str:
    """Return a resident with a home of their own, its sensors bound."""
    ward.clock.now_us = (FIRST - 1) * DAY_US
    unit = await people.add_place(ward.pool, name="401", kind=PlaceKind.HOME, now_us=ward.clock())
    lives = await people.add_resident(ward.pool, name="吴爱娣", unit=unit.id, now_us=ward.clock())
    for room in Room:
        device = f"pir-{room.name.lower()}"
        await people.add_device(ward.pool, device_id=device, kind="motion", now_us=ward.clock())
        await people.bind(
            ward.pool, Binding(device=device, unit=unit.id, place=unit.id, start_us=ward.clock()), ward.clock()
        )
    ward.clock.now_us = NOW_US
    return lives.id


def messages(unit: str, ways: Ways, count: int = WEEKS * 7) -> list[Reading]:
    """Signs of life as the recorder stores them."""
    at_us, room = signs_of(ways, count)
    return [message(unit, int(at) - AHEAD_US, Room(kind)) for at, kind in zip(at_us, room, strict=True)]


def message(unit: str, event_us: int, room: Room, *, retain: bool = False) -> Reading:
    name = "front_door" if room is Room.OUTER_DOOR else room.name.lower()
    return Reading(
        kind=ReadingKind.EVENT, arrival_us=event_us + 300_000, event_us=event_us, end_us=event_us,
        device=f"pir-{room.name.lower()}", unit=unit, place=unit, topic=f"zigbee2mqtt/{name}",
        payload=str(event_us).encode(),
        events=("door_open" if room is Room.OUTER_DOOR else "motion",), retain=retain,
    )  # fmt: skip


async def report(ward: Ward, resident: str, query: str = "") -> Any:
    async with ward.signed_in() as nurse:
        answer = await nurse.get(f"/api/v1/residents/{resident}/routine{query}")
        assert answer.status_code == 200, answer.text
        return answer.json()


async def unit_of(ward: Ward, resident: str) -> str:
    found = await people.resident(ward.pool, resident)
    assert found is not None
    return found.unit


async def test_restless_nights_are_in_the_week_that_is_over(ward: Ward) -> None:
    resident = await home(ward)
    unit = await unit_of(ward, resident)
    told = messages(unit, RESTLESS)
    await readings.write(ward.pool, told)
    week = await report(ward, resident)
    assert (week["first"], week["last"], week["state"], week["people"]) == ("2026-03-30", "2026-04-05", "changed", 1)
    said = {one["code"]: one for one in week["sentences"]}
    assert said["week.night_ups"]["en"] == "Up at night 5 times a night, usually 1."
    assert said["week.night_ups"]["zh"] == "夜里每晚起来 5 次，平时 1 次。"
    ups = next(one for one in week["measures"] if one["code"] == "night_ups")
    assert (ups["told"], ups["now_said"], ups["usual_said"], len(ups["weeks"])) == (True, "5", "1", WEEKS)
    assert next(one for one in week["measures"] if one["code"] == "out")["now_said"] == "5"
    assert [day["date"] for day in week["days"]] == [f"2026-0{m}-{d:02d}" for m, d in [(3, 30), (3, 31)]] + [
        f"2026-04-{d:02d}" for d in range(1, 6)
    ]
    assert await report(ward, resident, "?week=2026-04-03") == week


async def test_it_is_the_same_however_often_and_late_its_messages_came(ward: Ward) -> None:
    resident = await home(ward)
    unit = await unit_of(ward, resident)
    told = messages(unit, SLOW)
    order = np.random.default_rng(2).permutation(len(told))
    for chunk in np.array_split(order, 4):
        await readings.write(ward.pool, [told[index] for index in chunk])
    await readings.write(ward.pool, told[:500])
    ghosts = [message(unit, told[-5].event_us - k * 30_000_000, Room.BATHROOM, retain=True) for k in range(50)]
    await readings.write(ward.pool, ghosts)
    week = await report(ward, resident)
    assert (week["state"], [one["en"] for one in week["sentences"]]) == ("usual", ["Nothing unusual."])


async def test_weeks_before_and_this_one_so_far(ward: Ward) -> None:
    resident = await home(ward)
    unit = await unit_of(ward, resident)
    await readings.write(ward.pool, messages(unit, SLOW, 3 * 7 + 2))
    ward.clock.now_us = (FIRST + 23) * DAY_US + 9 * HOUR_US - AHEAD_US
    assert (await report(ward, resident))["state"] == "usual"
    young = await report(ward, resident, "?week=2026-01-05")
    assert (young["state"], young["sentences"][0]["code"]) == ("unknown", "unknown.weeks")
    so_far = await report(ward, resident, "?week=2026-01-28")
    assert (so_far["state"], so_far["known_days"], len(so_far["days"])) == ("unknown", 2, 2)


async def test_an_absence_is_said_and_not_counted(ward: Ward) -> None:
    resident = await home(ward)
    unit = await unit_of(ward, resident)
    gone = {LAST + 1, LAST + 2}
    await readings.write(ward.pool, messages(unit, lambda n: None if n in gone else SLOW(n)))
    left_us = (FIRST + LAST + 1) * DAY_US - AHEAD_US
    away = {"absent_until_us": left_us + 2 * DAY_US}
    await people.update_resident(ward.pool, resident, away, left_us)
    week = await report(ward, resident)
    assert [one["en"] for one in week["sentences"]] == [
        "Nothing unusual.",
        "Days away, which are not counted: 2.",
        "Days without data, which are not counted: 1.",  # the day on whose morning they came back
    ]


async def test_a_ward_a_watch_and_a_week_to_come_are_no_report(ward: Ward) -> None:
    only_a_watch = await report(ward, ward.resident)
    assert (only_a_watch["state"], only_a_watch["measures"]) == ("unwatched", [])
    resident = await home(ward)
    unit = await unit_of(ward, resident)
    await readings.write(ward.pool, messages(unit, SLOW))
    for name in ("一", "二"):
        await people.add_resident(ward.pool, name=name, unit=unit, now_us=ward.clock())
    assert (await report(ward, resident))["state"] == "crowd"
    async with ward.signed_in() as nurse:
        assert (await nurse.get(f"/api/v1/residents/{resident}/routine?week=2027-01-01")).status_code == 422
        assert (await nurse.get(f"/api/v1/residents/{resident}/routine?week=0001-01-02")).status_code == 422
        assert (await nurse.get(f"/api/v1/residents/{resident}/routine?week=soon")).status_code == 422
        assert (await nurse.get("/api/v1/residents/re_none/routine")).status_code == 404
    async with ward.client() as nobody:
        assert (await nobody.get(f"/api/v1/residents/{resident}/routine")).status_code == 401
