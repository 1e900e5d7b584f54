"""Tests of telephones, templates of messages and the log of a place, on whichever database."""

import msgspec
import pytest

from alerts.intake import intake
from schemas.address import Channel
from schemas.ladder import Delivery, DeliveryState, Lang
from schemas.reach import ReachTest, TriedState
from store import alerts, deliveries, reach, templates
from store.pool import Pool
from tests.store.making import NOW, SECOND, a_home, finding

pytestmark = pytest.mark.servers

ASKED = ReachTest(
    id="rt_1", place="pl_1", recipient="li", channel=Channel.HTTP, address="http://127.0.0.1/li", lang=Lang.BOTH,
    asked_by="wang", asked_us=NOW,
)  # fmt: skip


async def test_a_test_is_sent_once_and_what_became_of_it_is_kept(pool: Pool) -> None:
    await a_home(pool)
    await reach.ask(pool, ASKED)
    assert await reach.one(pool, "rt_1") == ASKED
    assert await reach.one(pool, "rt_none") is None
    sending = msgspec.structs.replace(ASKED, state=TriedState.SENDING)
    assert await reach.begin(pool, "rt_1") == sending
    assert await reach.begin(pool, "rt_1") is None
    await reach.end(pool, "rt_1", TriedState.SENT, NOW + SECOND, 120, "")
    assert await reach.confirm(pool, "rt_1", NOW + 2 * SECOND)
    assert await reach.confirm(pool, "rt_1", NOW + 9 * SECOND), "pressed twice is pressed at first"
    assert not await reach.confirm(pool, "rt_none", NOW)
    sent = msgspec.structs.replace(
        ASKED, state=TriedState.SENT, ended_us=NOW + SECOND, took_ms=120, confirmed_us=NOW + 2 * SECOND
    )
    assert await reach.one(pool, "rt_1") == sent


async def test_of_each_way_the_last_test_is_known_and_the_last_that_was_confirmed(pool: Pool) -> None:
    await a_home(pool)
    later = msgspec.structs.replace(ASKED, id="rt_2", asked_us=NOW + 60 * SECOND)
    elsewhere = msgspec.structs.replace(ASKED, id="rt_3", place="pl_2")
    for each in (ASKED, later, elsewhere):
        await reach.ask(pool, each)
    await reach.confirm(pool, "rt_1", NOW + SECOND)
    assert sorted(each.id for each in await reach.latest(pool, ["pl_1"])) == ["rt_1", "rt_2"]
    await reach.confirm(pool, "rt_2", NOW + 61 * SECOND)
    assert [each.id for each in await reach.latest(pool, ["pl_1"])] == ["rt_2", "rt_2"]


async def test_a_template_is_written_over_and_put_back(pool: Pool) -> None:
    assert await templates.own(pool) == {}
    await templates.write(pool, "fall.high.zh", "{who}:{what}", "wang", NOW)
    await templates.write(pool, "fall.high.zh", "{what},{who}", "li", NOW + 1)
    assert await templates.own(pool) == {"fall.high.zh": "{what},{who}"}
    await templates.reset(pool, "fall.high.zh", NOW + 2)
    assert await templates.own(pool) == {}


async def test_the_log_of_a_place_has_what_was_sent_for_its_alerts_newest_first(pool: Pool) -> None:
    await a_home(pool)
    raised = await alerts.accept(pool, finding(), NOW, intake)
    assert raised is not None
    first = Delivery(
        finding="f1" * 16, round=0, step=0, recipient="li", channel=Channel.HTTP, address="http://127.0.0.1/li",
        alert=raised.alert.id, state=DeliveryState.SENT, claimed_us=NOW, tried_us=NOW, sent_us=NOW,
    )  # fmt: skip
    second = msgspec.structs.replace(first, step=1, recipient="wang", claimed_us=NOW + SECOND)
    for each in (first, second):
        assert await deliveries.claim(pool, each)
    told = [(second, "fall", "re_1", "pl_1"), (first, "fall", "re_1", "pl_1")]
    assert await deliveries.of_places(pool, ["pl_1"], NOW, 9) == told
    assert await deliveries.of_places(pool, ["pl_1"], NOW, 1) == told[:1]
    assert await deliveries.of_places(pool, ["pl_1"], NOW + 1, 9) == told[:1]
    assert await deliveries.of_places(pool, ["pl_2"], NOW, 9) == []
