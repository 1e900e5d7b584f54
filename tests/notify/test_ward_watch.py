"""A ward that nobody watches: its alert, its telephones, its end; after restarts, and with parts killed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import cast

import pytest

from notify.database import Database
from notify.settings import NotifySettings
from notify.ward_watch import WardWatch
from schemas.alert import Alert, AlertState, Outcome, Severity
from schemas.attendance import Presence, Sound, StaffedHours
from store import alerts, attendance
from tests.ingest.conftest import now_us
from tests.ingest.waiting import eventually
from tests.notify.conftest import Night
from tests.notify.test_self_watch import Reached, Said
from tests.store.making import SECOND

pytestmark = pytest.mark.servers

ALWAYS = StaffedHours(start=0, end=0)


class Watch:
    """Looks with time in the test's hand; ``sound`` of the one console, None: it is closed."""

    def __init__(self, night: Night) -> None:
        self.night, self.now_us, self.sound = night, now_us() - 3600 * SECOND, cast(Sound | None, Sound.ARMED)
        self.start()

    def start(self) -> None:
        """Be started (again): what was in memory is gone."""
        settings = NotifySettings(dsn="", clock=lambda: self.now_us, claim_url="")
        database = cast(Database, Reached(self.night.pool))
        self.notes = Said()
        self.watch = WardWatch(database, settings, self.notes)

    async def pass_s(self, seconds: int) -> None:
        for _ in range(0, seconds, 5):
            self.now_us += 5 * SECOND
            if self.sound is not None:
                await attendance.say(
                    self.night.pool,
                    Presence(
                        console="console-1", account="li", session="s", everywhere=False, places=("pl_1",),
                        sound=self.sound, at_us=self.now_us,
                    ),
                )  # fmt: skip
            await self.watch.look()

    async def alerts(self) -> list[Alert]:
        return await alerts.listed(self.night.pool, status="all")


@pytest.fixture
async def watch(night: Night) -> AsyncIterator[Watch]:
    made = Watch(night)
    await attendance.set_hours(night.pool, "pl_1", ALWAYS, made.now_us)
    await attendance.begin_listening(night.pool, made.now_us - 3600 * SECOND)
    yield made


async def test_nobody_there_is_an_alert_of_that_ward_which_ends_when_somebody_is(watch: Watch) -> None:
    await watch.pass_s(60)
    watch.sound = None
    await watch.pass_s(145)
    assert await watch.alerts() == []
    await watch.pass_s(10)
    (alert,) = await watch.alerts()
    assert (alert.kind, alert.unit, alert.resident, alert.severity) == ("platform", "pl_1", "pl_1", Severity.MEDIUM)
    assert alert.evidence.reasons[0].code == "nobody_watches"
    await watch.pass_s(300)
    assert len(await watch.alerts()) == 1
    # A console that cannot be heard ends nothing.
    watch.sound = Sound.BLOCKED
    await watch.pass_s(60)
    assert (await watch.alerts())[0].state is AlertState.RAISED
    watch.sound = Sound.ARMED
    await watch.pass_s(5)
    (alert,) = await watch.alerts()
    assert (alert.state, alert.resolved_by, alert.outcome) == (AlertState.RESOLVED, "platform", Outcome.DEVICE_FAULT)


async def test_a_console_that_is_muted_is_told_as_such(watch: Watch) -> None:
    await watch.pass_s(30)
    watch.sound = Sound.OFF
    await watch.pass_s(160)
    (alert,) = await watch.alerts()
    assert alert.evidence.reasons[0].code == "no_sound_armed"


async def test_an_api_that_is_started_again_raises_nothing_in_its_first_minute(watch: Watch) -> None:
    await watch.pass_s(30)
    watch.sound = None  # the machine is away for ten minutes: nothing looks, nothing is said
    watch.now_us += 600 * SECOND
    await attendance.begin_listening(watch.night.pool, watch.now_us)
    watch.start()
    await watch.pass_s(55)
    assert await watch.alerts() == []
    watch.sound = Sound.ARMED  # the consoles are back
    await watch.pass_s(120)
    assert await watch.alerts() == []


async def test_an_api_alone_that_was_away_and_is_back_is_given_its_minute(watch: Watch) -> None:
    await watch.pass_s(30)
    watch.sound = None
    await watch.pass_s(140)
    await attendance.begin_listening(watch.night.pool, watch.now_us)
    await watch.pass_s(55)
    assert await watch.alerts() == []
    await watch.pass_s(10)
    assert len(await watch.alerts()) == 1


async def test_notify_killed_again_and_again_tells_it_once_and_still_ends_it(watch: Watch) -> None:
    await watch.pass_s(30)
    watch.sound = None
    for _ in range(4):
        await watch.pass_s(90)
        watch.start()
    assert len(await watch.alerts()) == 1
    await watch.pass_s(120)
    assert len(await watch.alerts()) == 1
    watch.sound = Sound.ARMED
    watch.start()
    await watch.pass_s(5)
    assert (await watch.alerts())[0].state is AlertState.RESOLVED


async def test_who_resolves_it_by_hand_is_not_told_of_the_same_again(watch: Watch) -> None:
    await watch.pass_s(30)
    watch.sound = None
    await watch.pass_s(200)
    await watch.watch._resolve(watch.night.pool, (await watch.alerts())[0].id)
    await watch.pass_s(300)
    assert len(await watch.alerts()) == 1
    watch.sound = Sound.ARMED
    await watch.pass_s(10)
    watch.sound = None
    await watch.pass_s(200)
    assert len(await watch.alerts()) == 2


async def test_it_ends_when_the_place_need_not_be_watched_any_more(watch: Watch) -> None:
    watch.sound = None
    await watch.pass_s(200)
    assert len(await watch.alerts()) == 1
    await attendance.set_hours(watch.night.pool, "pl_1", None, watch.now_us)
    await watch.pass_s(5)
    assert (await watch.alerts())[0].state is AlertState.RESOLVED


async def test_a_simulated_home_is_not_judged(watch: Watch) -> None:
    driven = NotifySettings(dsn="", clock=lambda: watch.now_us, claim_url="", wall=lambda: watch.now_us)
    watch.watch = WardWatch(cast(Database, Reached(watch.night.pool)), driven, Said())
    watch.sound = None
    await watch.pass_s(300)
    assert await watch.alerts() == []


async def test_the_wards_telephones_ring_by_its_own_ladder(watch: Watch) -> None:
    night = watch.night
    watch.sound = None
    async with night.notify():
        await watch.pass_s(200)

        async def rung() -> bool:
            return bool(night.phones.told("/li"))

        await eventually(rung)
    body = next(body for path, body in night.phones.calls if path == "/li")
    assert (body["kind"], body["severity"]) == ("platform", "medium")
    assert body["text"]["zh"].split(",")[0] == "无人值守:pl_1"  # once: the place, which has its id for a name here


async def test_the_stage_itself_looks_and_a_fault_is_said_once(watch: Watch) -> None:
    stop = asyncio.Event()
    watch.sound = None
    running = asyncio.create_task(watch.watch.run(stop))
    await asyncio.sleep(0)
    stop.set()
    await asyncio.wait_for(running, 5)
    assert watch.notes.counts == Counter()
