"""The picture of an alert of a home's rhythm over HTTP: what was seen by stored readings, what was expected by it."""

from typing import Any

import msgspec
import pytest

from alerts.events import Raised
from alerts.intake import intake
from alerts.life import apply
from api.home_day import STAY_US, rang_us, stays, window
from api.times import iso
from detectors.inactivity import InactivityDetector
from detectors.inactivity_signs import Sign, sign_of
from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room
from schemas.alert import Alert, Severity
from schemas.finding import Evidence, Expected, Finding, FindingKind, Phase, Reason, Stage
from schemas.reading import Reading
from store import alerts, readings
from tests.api.conftest import Ward, fall
from tests.api.test_routine import home, message, unit_of
from tests.detectors.homes import MIDNIGHT_US, days, feed, sign, with_ticks

#: Two weeks are known, on the fifteenth day everything stops at eleven.
LIVED = days(15, until_h=11.0)
STOPPED_US = LIVED[-1].event_us
AGAIN_US = STOPPED_US + 5 * HOUR_US + 20 * MINUTE_US


def told(unit: str, resident: str) -> tuple[list[Reading], list[Finding]]:
    """Return the messages of a home and what the detector finds in them: a silence, and its end."""
    heard = [message(unit, each.event_us, each.room) for each in [*LIVED, sign(AGAIN_US, Room.KITCHEN)]]
    signs: list[Sign] = [found for each in heard if (found := sign_of(each)) is not None]
    detector = InactivityDetector()
    detector.meet(unit, resident)
    return heard, feed(detector, with_ticks(signs, AGAIN_US + HOUR_US))


async def day_of(ward: Ward, alert: str) -> Any:
    async with ward.signed_in() as nurse:
        answer = await nurse.get(f"/api/v1/alerts/{alert}/day")
        assert answer.status_code == 200, answer.text
        return answer.json()


async def told_of(ward: Ward, alert: str) -> Any:
    async with ward.signed_in() as nurse:
        return (await nurse.get(f"/api/v1/alerts/{alert}")).json()


@pytest.mark.servers
async def test_a_silence_is_drawn_with_the_rooms_before_it_and_what_came_after(ward: Ward) -> None:
    resident = await home(ward)
    unit = await unit_of(ward, resident)
    heard, (silence, over) = told(unit, resident)
    await readings.write(ward.pool, [each for each in heard if each.event_us > STOPPED_US - DAY_US])
    raised = await alerts.accept(ward.pool, silence, silence.decided_us, intake)
    assert raised is not None
    ward.clock.now_us = silence.decided_us + HOUR_US

    drawn = await day_of(ward, raised.alert.id)
    assert (drawn["utc_offset_min"], drawn["until"]) == (480, drawn["end"])
    assert drawn["start"] < iso(STOPPED_US - 3 * HOUR_US)
    assert drawn["end"] == iso(ward.clock())
    seen = [stay for room in drawn["rooms"] for stay in room["stays"]]
    assert max(stay["end"] for stay in seen) == iso(STOPPED_US)
    assert {"kitchen", "living", "bathroom"} <= {room["room"] for room in drawn["rooms"]}

    known = (await told_of(ward, raised.alert.id))["evidence"]["expected"]
    assert (known["start"], known["rang"]) == (iso(STOPPED_US), iso(silence.decided_us))
    assert 30 <= known["usual"] < known["limit"]
    assert (len(known["lively"]), known["others"], known["days"]) == (48, [], 14)

    await alerts.accept(ward.pool, over, over.decided_us, intake)
    ward.clock.now_us = AGAIN_US + 20 * HOUR_US
    later = await day_of(ward, raised.alert.id)
    assert later["end"] == iso(AGAIN_US + 30 * MINUTE_US)
    assert max(stay["end"] for room in later["rooms"] for stay in room["stays"]) == iso(AGAIN_US)
    assert (await told_of(ward, raised.alert.id))["evidence"]["expected"] == known


@pytest.mark.servers
async def test_where_nothing_is_stored_there_are_no_rooms_and_older_alerts_expect_nothing(ward: Ward) -> None:
    alert = await ward.fall(kind=FindingKind.INACTIVITY)
    drawn = await day_of(ward, alert.id)
    assert (drawn["rooms"], drawn["utc_offset_min"]) == ([], 480)
    assert (await told_of(ward, alert.id))["evidence"]["expected"] is None
    async with ward.signed_in() as nurse:
        assert (await nurse.get("/api/v1/alerts/al_none/day")).status_code == 404
    async with ward.client() as stranger:
        assert (await stranger.get(f"/api/v1/alerts/{alert.id}/day")).status_code == 401


def test_signs_of_one_room_within_five_minutes_are_one_stay() -> None:
    times = [0, STAY_US, 2 * STAY_US, 3 * STAY_US + 1, 9 * STAY_US]
    assert stays(times) == [(0, 2 * STAY_US), (3 * STAY_US + 1,) * 2, (9 * STAY_US,) * 2]
    assert stays([]) == []


# -- which hours are drawn ---------------------------------------------------------------------------------------------


def at(hour: float) -> int:
    return MIDNIGHT_US + round(hour * HOUR_US)


def alert(code: str, begun_h: float, rang_h: float, start_h: float | None = None, over_h: float | None = None) -> Alert:
    """Return an alert; hours count from local midnight."""
    expected = Expected(start_us=at(begun_h if start_h is None else start_h), rang_us=at(rang_h), utc_offset_min=480)
    evidence = Evidence(
        phases=(Phase("unusual", at(begun_h), at(over_h or rang_h)),), reasons=(Reason(code),), expected=expected
    )
    found = msgspec.structs.replace(
        fall("r", "u", at(begun_h), 1, FindingKind.INACTIVITY), evidence=evidence, decided_us=at(rang_h),
        stage=Stage.RECOVERED if over_h else Stage.CONFIRMED,
    )  # fmt: skip
    return apply(None, Raised(at_us=at(rang_h), finding=found, severity=Severity.LOW, actor="platform")).alert


def hours(of: Alert, now_h: float) -> tuple[float, float]:
    start, end = window(of, at(now_h))
    return round((start - MIDNIGHT_US) / HOUR_US, 2), round((end - MIDNIGHT_US) / HOUR_US, 2)


@pytest.mark.parametrize(
    ("drawn", "now_h", "expected"),
    [
        (alert("silent", 11.0, 15.0), 15.0, (7.0, 15.33)),
        (alert("silent", 11.0, 15.0), 17.5, (7.0, 17.5)),
        (alert("silent", 11.0, 15.0), 40.0, (7.0, 21.0)),
        (alert("silent", -1.5, 9.5), 9.5, (-10.0, 10.31)),
        (alert("silent", 11.0, 15.0, over_h=16.0), 40.0, (7.0, 16.5)),
        (alert("not_up", 7.2, 10.25, start_h=5.0), 10.25, (-1.0, 10.72)),
        (alert("long_in_bathroom", 9.1, 10.0), 10.0, (7.0, 10.17)),
        (alert("restless_night", 23.0, 32.0), 32.0, (22.0, 32.42)),
        (alert("restless_night", 23.0, 32.0), 50.0, (22.0, 32.42)),
        (alert("no_meal", -20.0, 12.0, start_h=8.0), 12.0, (-18.0, 13.25)),
    ],
)
def test_enough_is_drawn_before_it_and_of_what_came_of_it(
    drawn: Alert, now_h: float, expected: tuple[float, float]
) -> None:
    assert hours(drawn, now_h) == expected


def test_without_what_was_expected_the_alert_itself_says_where_it_lies() -> None:
    old = alert("silent", 11.0, 15.0)
    old = msgspec.structs.replace(old, evidence=msgspec.structs.replace(old.evidence, expected=None))
    assert hours(old, 15.0) == (7.0, 15.33)


def test_when_it_rang_is_of_the_latest_that_it_is_about() -> None:
    again = alert("still_while_away", 11.0, 15.0)
    told = msgspec.structs.replace(again.evidence, expected=None)
    again = msgspec.structs.replace(again, evidence=told, decided_us=at(2.0))  # the first was told at two
    assert rang_us(again) == at(15.0)
    assert rang_us(msgspec.structs.replace(again, stage=Stage.RECOVERED)) == at(11.0)
    assert rang_us(alert("silent", 11.0, 15.0, over_h=20.0)) == at(15.0)
