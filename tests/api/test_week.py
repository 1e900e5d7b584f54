"""Seven days of a resident over HTTP: by their own clock, also where clocks are set; from what stands at home."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from api import week
from api.times import from_iso
from detectors.routine import DAY_US, HOUR_US, MINUTE_US
from schemas.reading import Reading
from store import people, readings
from tests.api.conftest import Ward
from tests.api.test_routine import home, message, unit_of
from tests.detectors.homes import days

CELL_US = 15 * MINUTE_US


def us(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def test_a_day_is_as_long_as_its_clock_says() -> None:
    spring = week.days_of(us("2026-03-30T10:00"), "Europe/Berlin")
    assert [day.isoformat() for day, _, _ in spring] == [f"2026-03-{day}" for day in range(24, 31)]
    assert {day.isoformat(): (end - start) / HOUR_US for day, start, end in spring}["2026-03-29"] == 23
    autumn = week.days_of(us("2026-10-26T10:00"), "Europe/Berlin")
    assert {day.isoformat(): (end - start) / HOUR_US for day, start, end in autumn}["2026-10-25"] == 25
    assert all(start < end == after for (_, start, end), (_, after, _) in pairwise(autumn))


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Pacific/Chatham", "Asia/Shanghai", "America/St_Johns"])
def test_days_begin_with_a_cell(zone: str) -> None:
    _, first_us, _ = week.days_of(us("2026-11-26T10:00"), zone)[0]
    for _, start_us, end_us in week.days_of(us("2026-11-26T10:00"), zone):
        assert (start_us - first_us) % CELL_US == (end_us - first_us) % CELL_US == 0


@pytest.mark.servers
async def test_signs_of_life_stand_in_the_days_and_cells_in_which_they_were(ward: Ward) -> None:
    resident = await home(ward)
    unit = await unit_of(ward, resident)
    lived = days(9)
    heard: list[Reading] = [message(unit, each.event_us, each.room) for each in lived]
    await readings.write(ward.pool, heard)
    ward.clock.now_us = now_us = lived[-1].event_us + HOUR_US
    async with ward.signed_in() as nurse:
        said = (await nurse.get(f"/api/v1/residents/{resident}/week")).json()
    assert (said["home"], said["worn"], len(said["days"])) == (True, False, 7)
    whose = await people.resident(ward.pool, resident)
    assert whose is not None
    assert said["timezone"] == whose.timezone
    for day in said["days"]:
        start_us, end_us = from_iso(day["start"]), min(from_iso(day["end"]), -(-now_us // CELL_US) * CELL_US)
        wanted = [0] * ((end_us - start_us) // CELL_US)
        for each in lived:
            if start_us <= each.event_us < end_us:
                wanted[(each.event_us - start_us) // CELL_US] += 1
        assert day["signs"] == wanted
        assert day["activity"] == [None] * len(wanted)
    assert sum(map(sum, (day["signs"] for day in said["days"]))) > 100
    assert from_iso(said["days"][-1]["start"]) <= now_us < from_iso(said["days"][0]["start"]) + 8 * DAY_US


@pytest.mark.servers
async def test_an_alert_stands_in_its_week_and_nobody_elses(ward: Ward) -> None:
    fall = await ward.fall()
    other = await people.add_resident(ward.pool, name="吴爱娣", unit=ward.unit, now_us=ward.clock())
    async with ward.signed_in() as nurse:
        said = (await nurse.get(f"/api/v1/residents/{ward.resident}/week")).json()
        assert [alert["id"] for alert in said["alerts"]] == [fall.id]
        assert (await nurse.get(f"/api/v1/residents/{other.id}/week")).json()["alerts"] == []
        assert (await nurse.get("/api/v1/residents/nobody/week")).status_code == 404
