"""``shouwang explain --api``: an alert of a platform elsewhere, by its public API alone."""

import httpx
import pytest

from alerts.intake import intake
from detectors.routine import DAY_US
from device_sim.platform import Refused
from stack.explain.home import NoSuchAlert, _of_database, explained, from_api
from stack.explain.terminal import lines
from stack.explain.words import Words
from store import alerts, readings
from tests.api import test_home_day
from tests.api.conftest import PASSWORDS, Ward
from tests.api.test_routine import home, unit_of

pytestmark = pytest.mark.servers

URL = "http://ward"


async def test_an_alert_of_a_platform_elsewhere_is_told_with_its_history(ward: Ward) -> None:
    alert = await ward.fall()
    ward.clock.forward(40)
    async with ward.signed_in("wang") as client:
        assert (await client.post(f"/api/v1/alerts/{alert.id}/claim", json={})).status_code == 200
    door = httpx.ASGITransport(ward.app)
    told = explained(await from_api(URL, "nurse", PASSWORDS["nurse"], alert.id, door))
    assert (told.kind, told.stage, told.score.probability) == ("fall", "confirmed", 0.93)
    assert told.source["resident"] == "陈桂兰"
    assert [(each.at_s, each.what, each.stage, each.actor) for each in told.course] == [
        (0.0, "raised", "confirmed", ""),
        (40.0, "claimed", None, "wang"),
    ]
    assert Words("en").reasons(told.reasons) == "3.1 g impact"
    assert told.weights is None  # there is no trace to judge again
    assert told.segments == []


async def test_a_silence_is_told_with_its_day_from_elsewhere_and_from_the_database_here(ward: Ward) -> None:
    resident = await home(ward)
    unit = await unit_of(ward, resident)
    heard, (silence, _) = test_home_day.told(unit, resident)
    await readings.write(ward.pool, [each for each in heard if each.event_us > silence.start_us - DAY_US])
    raised = await alerts.accept(ward.pool, silence, silence.decided_us, intake)
    assert raised is not None
    ward.clock.now_us = silence.decided_us + 60_000_000
    door = httpx.ASGITransport(ward.app)
    elsewhere = explained(await from_api(URL, "nurse", PASSWORDS["nurse"], raised.alert.id, door))
    here = explained(await _of_database(ward.pool, raised.alert.id))
    assert elsewhere.day is not None and here.day is not None
    assert elsewhere.day.expected == silence.evidence.expected == here.day.expected
    assert elsewhere.day.lasted == (silence.start_us, ward.clock())
    assert {"kitchen", "living"} <= {lane.room for lane in elsewhere.day.lanes}
    said = [line.plain for line in lines(elsewhere, Words("en"), 100)]
    assert any(line.strip().startswith("alert at ") for line in said)
    assert any(line.strip().startswith("usually over by ") for line in said)


async def test_an_unknown_alert_and_a_wrong_password_are_said(ward: Ward) -> None:
    door = httpx.ASGITransport(ward.app)
    with pytest.raises(NoSuchAlert, match="no alert al_none"):
        await from_api(URL, "nurse", PASSWORDS["nurse"], "al_none", door)
    with pytest.raises(Refused):
        await from_api(URL, "nurse", "not this", "al_none", door)
