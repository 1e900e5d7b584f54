"""How devices are, for whoever looks after them: what is the matter with each, and nothing of how people are."""

import pytest

from api.device_health import LOW_BATTERY, WEAK_LINK, Trouble, troubles
from schemas.places import Binding
from schemas.quarantine import QuarantineEntry
from schemas.reading import Observation, Reading, ReadingKind
from store import people, quarantine, readings
from store.accounts import Grant, Role
from store.people import Device
from tests.api.centres import account, signed_in
from tests.api.conftest import SECOND_US, START_US, Ward

HOUR_US = 3600 * SECOND_US


def device(
    kind: str = "wearable", *, seen_us: int | None = START_US, bound: bool = True, battery: float | None = 80.0
) -> Device:
    binding = Binding(device="d", unit="u", resident="r", start_us=START_US - HOUR_US) if bound else None
    return Device(id="d", kind=kind, seen_us=seen_us, binding=binding, battery=battery)


@pytest.mark.parametrize(
    ("given", "after_us", "silent"),
    [
        (device(), 119 * SECOND_US, False),
        (device(), 121 * SECOND_US, True),
        (device("motion"), 25 * HOUR_US - 1, False),
        (device("motion"), 25 * HOUR_US + 1, True),
        (device(seen_us=None), 0, True),
        (device("motion", seen_us=None), 0, False),
        (device(bound=False), 99 * HOUR_US, False),
        (device(seen_us=None, bound=False), 0, False),
    ],
)
def test_a_device_is_silent_when_one_of_its_kind_would_have_spoken(given: Device, after_us: int, silent: bool) -> None:
    assert (Trouble.SILENT in troubles(given, None, {}, START_US + after_us)) is silent


def test_the_worst_comes_first() -> None:
    worst = troubles(device(battery=LOW_BATTERY - 1), WEAK_LINK - 1, {"bad-json": 2}, START_US + HOUR_US)
    assert worst == list(Trouble)
    assert troubles(device(battery=LOW_BATTERY), WEAK_LINK, {}, START_US) == []
    assert troubles(device(battery=None), None, {}, START_US) == []


async def a_house(ward: Ward) -> None:
    for name, kind in (("pir1", "motion"), ("pir2", "motion"), ("spare", "motion")):
        await people.add_device(ward.pool, device_id=name, kind=kind, now_us=START_US)
    for name in ("pir1", "pir2"):
        bound = Binding(device=name, unit=ward.unit, place=ward.unit, start_us=START_US - HOUR_US)
        await people.bind(ward.pool, bound, START_US)
    heard = (("pir1", 200.0, 90.0), ("pir1", 31.0, 90.0), ("pir2", 180.0, 7.0))
    told = [
        Reading(
            kind=ReadingKind.EVENT, arrival_us=START_US + n, event_us=START_US + n, end_us=START_US + n, device=name,
            unit=ward.unit, place=ward.unit, topic=f"zigbee2mqtt/{name}", payload=f"{name}{n}".encode(),
            events=("motion",),
            observations=(Observation("link_quality", lqi, "lqi"), Observation("battery", battery, "%")),
        )
        for n, (name, lqi, battery) in enumerate(heard)
    ]  # fmt: skip
    await readings.write(ward.pool, told)
    topics = ((0, "zigbee2mqtt/pir2"), (SECOND_US, "zigbee2mqtt/pir2/x"), (25 * HOUR_US, "a/pir1"), (0, "a/pir11"))
    entries = [
        QuarantineEntry(
            at_us=START_US - ago_us, topic=topic, reason="bad-json", sentence="no JSON", payload=b"x", size=1
        )
        for ago_us, topic in topics
    ]
    await quarantine.write(ward.pool, entries)
    ward.clock.forward(60)


@pytest.mark.servers
async def test_unwell_devices_stand_first_with_whose_they_are_and_what_is_the_matter(ward: Ward) -> None:
    await a_house(ward)
    async with ward.signed_in() as nurse:
        said = (await nurse.get("/api/v1/devices/health")).json()["devices"]
    found = {each["id"]: each for each in said}
    assert [each["id"] for each in said] == ["w1", "pir2", "pir1", "spare"]
    assert found["w1"]["troubles"] == ["silent"]
    assert (found["w1"]["resident_name"], found["w1"]["unit_name"]) == ("陈桂兰", "二楼")
    assert (found["pir2"]["troubles"], found["pir2"]["quarantined"]) == (["not_understood", "battery"], {"bad-json": 2})
    assert (found["pir1"]["troubles"], found["pir1"]["link"]["quality"]) == (["weak_link"], 31.0)
    assert (found["pir1"]["place_name"], found["pir1"]["resident_name"]) == ("二楼", None)
    assert (found["spare"]["troubles"], found["spare"]["binding"]) == ([], None)


@pytest.mark.servers
async def test_a_technician_sees_devices_of_their_places_and_of_people_the_names_alone(ward: Ward) -> None:
    await a_house(ward)
    await account(ward, "tech", Grant(role=Role.TECHNICIAN, place=ward.unit))
    await account(ward, "family", Grant(role=Role.FAMILY, resident=ward.resident))
    other = await people.add_place(ward.pool, name="别院", kind="home", now_us=START_US, place_id="pl_far")  # type: ignore[arg-type]
    await people.add_device(ward.pool, device_id="far", kind="motion", now_us=START_US)
    await people.bind(ward.pool, Binding(device="far", unit=other.id, place=other.id, start_us=START_US), START_US)
    async with signed_in(ward, "tech") as client:
        answer = await client.get("/api/v1/devices/health")
        assert {each["id"] for each in answer.json()["devices"]} == {"w1", "pir1", "pir2", "spare"}
        assert "dementia" not in answer.text
    async with signed_in(ward, "family") as client:
        assert (await client.get("/api/v1/devices/health")).status_code == 403
