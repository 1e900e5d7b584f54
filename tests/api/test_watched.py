"""How far a home's rhythm is known comes from the watcher's bucket to the resident's page, and holds up nothing."""

from collections.abc import AsyncIterator

import nats
import pytest

from api.stages import Stages
from ingest.streams import ensure
from schemas import subjects, watch
from schemas.watch import HabitKnown, Knows, RhythmKnown, UnitWatch, Watched
from tests.api.conftest import START_US, Ward
from tests.conftest import PlatformServers

pytestmark = pytest.mark.servers
LEARNING = UnitWatch(
    inactivity=RhythmKnown(state=Knows.LEARNING, days=2, of_days=7, since_us=START_US),
    everyday=(
        HabitKnown(watch="not_up", state=Watched.ON, usual=432, limit=615),
        HabitKnown(watch="no_meal", state=Watched.LEARNING),
    ),
)


@pytest.fixture
async def stages(platform_servers: PlatformServers) -> AsyncIterator[Stages]:
    link = await nats.connect(platform_servers.nats_url)
    js = link.jetstream()
    await ensure(js)
    bucket = await js.key_value(subjects.WATCHED)
    await bucket.put(subjects.key_of("家 1"), watch.encode(LEARNING))
    await bucket.put("broken", b"{")
    await link.close()
    made = Stages(platform_servers.nats_url)
    await made.run()
    yield made
    await made.close()


async def test_what_the_watcher_said_of_a_unit_is_read_whatever_its_name(stages: Stages) -> None:
    assert await stages.watched("家 1") == LEARNING
    assert await stages.watched("never heard of") is None
    assert await stages.watched("broken") is None


async def test_without_jetstream_nobody_waits_and_nothing_is_claimed(ward: Ward) -> None:
    async with ward.signed_in() as client:
        answer = await client.get(f"/api/v1/residents/{ward.resident}")
    assert answer.json()["watch"] == {"inactivity": None, "everyday": []}


async def test_a_residents_page_says_how_far_the_home_is_known(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    async def said(unit: str) -> UnitWatch:
        assert unit == ward.unit
        return LEARNING

    monkeypatch.setattr(ward.app.state.runtime.stages, "watched", said)
    async with ward.signed_in() as client:
        answer = await client.get(f"/api/v1/residents/{ward.resident}")
    assert answer.json()["watch"]["inactivity"] == {
        "state": "learning", "since": "2026-09-21T14:13:20.000000Z", "days": 2, "of_days": 7, "left_off": False,
    }  # fmt: skip
    assert answer.json()["watch"]["everyday"] == [
        {"watch": "not_up", "state": "on", "usual": 432, "limit": 615},
        {"watch": "no_meal", "state": "learning", "usual": None, "limit": None},
    ]
