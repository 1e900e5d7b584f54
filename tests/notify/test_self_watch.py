"""The platform watches itself: a stage that stops is an alert in the queue, which ends by itself; the heartbeat."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import cast

import pytest

from alerts.platform import INSTALLATION
from notify.channels import HttpChannel
from notify.database import Database
from notify.self_watch import STAGES, SelfWatch
from notify.settings import NotifySettings
from schemas import status, subjects
from schemas.alert import Alert, AlertState, Outcome
from schemas.places import PlaceKind
from schemas.status import StageStatus
from store import alerts, contacts, people
from store.pool import Pool
from tests.ingest.conftest import now_us
from tests.ingest.waiting import eventually
from tests.notify.conftest import Night, ladder
from tests.store.making import NOW, SECOND

pytestmark = pytest.mark.servers


class Reached:
    """The database as the watch sees it."""

    def __init__(self, pool: Pool) -> None:
        self.pool, self.answers = pool, True


class Said:
    """Notes that only count."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def trouble(self, key: str, sentence: str) -> None:
        self.counts[key] += 1

    def mended(self, key: str, sentence: str) -> None:
        pass


class Watch:
    """A watch with time in the test's hand; ``dead`` stages do not report."""

    def __init__(self, night: Night, *, loopback_only: bool = True) -> None:
        self.night, self.now_us, self.dead = night, NOW, set[str]()
        self.restarts = {"watcher": 0, "nats": 0, "postgres": 0}
        self.database = Reached(night.pool)
        settings = NotifySettings(
            dsn="",
            clock=lambda: self.now_us,
            claim_url="",
            heartbeat_url=f"{night.phones.url}/heartbeat",
            restarts=lambda: self.restarts,
        )
        self.channel = HttpChannel(loopback_only=loopback_only)
        self.watch = SelfWatch(night.way.nc, cast(Database, self.database), self.channel, settings, Said())

    async def pass_s(self, seconds: int) -> None:
        """Let time pass, five seconds at a time, as stages report."""
        bucket = await self.night.way.js.key_value(subjects.STATUS)
        for _ in range(0, seconds, 5):
            self.now_us += 5 * SECOND
            for name in set(STAGES) - self.dead:
                await bucket.put(name, status.encode(StageStatus(at_us=self.now_us, ok=True, lag=0)))
            await self.watch.look()
            if self.database.answers:
                await self.watch.tell()
            await self.watch._beat()

    async def alerts(self) -> list[Alert]:
        return await alerts.listed(self.night.pool, status="all")


@pytest.fixture
async def watch(night: Night) -> AsyncIterator[Watch]:
    made = Watch(night)
    yield made
    await made.channel.close()


async def test_a_stage_that_stops_is_one_alert_that_ends_by_itself(watch: Watch) -> None:
    await watch.pass_s(60)
    assert await watch.alerts() == []
    watch.dead = {"recorder"}
    await watch.pass_s(120)
    (alert,) = await watch.alerts()
    assert (alert.kind, alert.resident, alert.severity, alert.state) == ("platform", "recorder", "medium", "raised")
    assert alert.evidence.reasons[0].code == "stage_silent"
    watch.dead = set()
    await watch.pass_s(10)
    assert (await watch.alerts())[0].state is AlertState.RAISED
    await watch.pass_s(15)
    (alert,) = await watch.alerts()
    assert (alert.state, alert.resolved_by, alert.outcome) == (AlertState.RESOLVED, "platform", Outcome.DEVICE_FAULT)


@pytest.mark.parametrize(
    ("part", "resident"), [("watcher", "watcher"), ("nats", "jetstream"), ("postgres", "postgres")]
)
async def test_a_part_that_falls_over_again_and_again_is_told_though_it_reports_in_between(
    watch: Watch, part: str, resident: str
) -> None:
    await watch.pass_s(40)
    for _ in range(6):
        watch.restarts[part] += 1
        await watch.pass_s(10)
    await watch.pass_s(20)
    (alert,) = await watch.alerts()
    assert (alert.kind, alert.resident, alert.state) == ("platform", resident, AlertState.RAISED)
    assert alert.evidence.reasons[0].code == "part_restarts"
    await watch.pass_s(660)
    assert (await watch.alerts())[0].state is AlertState.RESOLVED


async def test_two_stages_are_two_alerts_and_who_resolves_one_by_hand_is_not_told_of_it_again(watch: Watch) -> None:
    await watch.pass_s(40)
    watch.dead = {"desk", "watcher"}
    await watch.pass_s(60)
    assert {alert.resident for alert in await watch.alerts()} == watch.dead
    for alert in await watch.alerts():
        await watch.watch._resolve(watch.night.pool, alert.id, watch.now_us)
    await watch.pass_s(60)
    assert len(await watch.alerts()) == 2


async def test_a_trouble_while_the_database_is_away_is_told_when_it_is_back(watch: Watch) -> None:
    await watch.pass_s(40)
    watch.dead, watch.database.answers = {"gateway"}, False
    await watch.pass_s(60)
    watch.database.answers = True
    await watch.pass_s(5)
    assert [alert.resident for alert in await watch.alerts()] == ["gateway"]


async def test_the_heart_beats_every_minute_and_only_while_all_is_well(watch: Watch) -> None:
    def beats() -> int:
        return sum(path == "/heartbeat" for path, _ in watch.night.phones.calls)

    await watch.pass_s(150)
    assert beats() == 3
    watch.dead = {"watcher"}
    await watch.pass_s(300)
    assert beats() == 3
    watch.dead = set()
    await watch.pass_s(60)
    assert beats() == 4
    watch.database.answers = False
    await watch.pass_s(120)
    assert beats() == 4


async def test_an_api_that_is_dead_rings_the_platforms_own_ladder_though_nobody_sees_the_console(watch: Watch) -> None:
    night = watch.night
    await people.add_place(night.pool, name="守望", kind=PlaceKind.INSTITUTION, now_us=now_us(), place_id=INSTALLATION)
    await contacts.set_ladder(night.pool, INSTALLATION, ladder(night.phones), now_us())
    async with night.notify():
        watch.dead = {"api"}
        await watch.pass_s(60)

        async def rung() -> bool:
            return bool(night.phones.told("/li"))

        await eventually(rung)
    body = next(body for path, body in night.phones.calls if path == "/li")
    assert (body["kind"], body["resident"]["id"], body["severity"]) == ("platform", "api", "medium")
