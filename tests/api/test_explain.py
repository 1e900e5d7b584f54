"""``shouwang explain --api``: an alert of a platform elsewhere, by its public API alone."""

import httpx
import pytest

from device_sim.platform import Refused
from stack.explain.home import NoSuchAlert, explained, from_api
from stack.explain.words import Words
from tests.api.conftest import PASSWORDS, Ward

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


async def test_an_unknown_alert_and_a_wrong_password_are_said(ward: Ward) -> None:
    door = httpx.ASGITransport(ward.app)
    with pytest.raises(NoSuchAlert, match="no alert al_none"):
        await from_api(URL, "nurse", PASSWORDS["nurse"], "al_none", door)
    with pytest.raises(Refused):
        await from_api(URL, "nurse", "not this", "al_none", door)
