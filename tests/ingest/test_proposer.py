"""From outcomes to a proposal that is asked, on a real database: the home played again, or why nobody is asked."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from functools import cache

import msgspec
import pytest

from alerts import proposal_life, proposing
from alerts.events import Resolved
from alerts.intake import intake
from alerts.life import apply
from alerts.proposing import Case
from detectors.host import Host
from detectors.rehearsal import Rehearsal
from detectors.routine import DAY_US, MINUTE_US
from ingest import proposer
from ingest.health import Health
from ingest.proposer import Proposer
from schemas.alert import Outcome
from schemas.config import Sensitivity
from schemas.finding import Finding, FindingKind, Stage
from schemas.places import Binding, PlaceKind
from schemas.proposal import Against, Proposal, ProposalAct, ProposalState, Would
from schemas.reading import Reading, ReadingKind
from store import alerts, people, proposals, readings
from store.pool import Pool, open_pool
from tests.conftest import Database
from tests.detectors import homes
from tests.detectors.homes import MIDNIGHT_US
from tests.detectors.test_rehearsal import lengths, quiet
from tests.ingest.conftest import Way
from tests.ingest.falls_in_stream import tick
from tests.ingest.homes_in_stream import motion
from tests.ingest.test_rebuild import desk_running
from tests.ingest.waiting import eventually

pytestmark = pytest.mark.servers
UNIT, WHO = "u1", "r1"
DAYS = 34
#: Days that fall silent at an hour: the normal setting tells of each, the calmer one of the last two.
QUIET = {22: (10.0, True), 25: (10.0, True), 28: (10.0, False), 31: (10.0, False)}
NOW_US = MIDNIGHT_US + DAYS * DAY_US


@cache
def life() -> Sequence[Reading]:
    return [motion(each) for each in quiet(homes.days(DAYS, UNIT), lengths(DAYS, tuple(QUIET.items())))]


@cache
def told() -> Sequence[Finding]:
    """What the watcher found live of the quiet days; of a resident like all nothing is configured."""
    ticks = [tick(at) for at in range(MIDNIGHT_US, NOW_US, 60_000_000)]
    host, lived = Host(), sorted([*life(), *ticks], key=lambda reading: reading.arrival_us)
    found = [msgspec.structs.replace(each, resident=WHO) for each in host.update(lived)]  # the desk puts the name there
    days = {(each.event_us - MIDNIGHT_US) // DAY_US: each for each in reversed(found) if each.stage is Stage.CONFIRMED}
    return [days[day] for day in QUIET]


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    """The home with its sensors, its resident, and all that was heard."""
    pool = await open_pool(database.dsn)
    await people.add_place(pool, name="a home", kind=PlaceKind.HOME, now_us=1, place_id=UNIT)
    await people.add_resident(pool, name="r", unit=UNIT, now_us=2, resident_id=WHO)
    for room in sorted({(reading.device, reading.place or "") for reading in life()}):
        device, place = room
        await people.add_place(pool, name=place, kind=PlaceKind.ROOM, now_us=1, parent=UNIT, place_id=place)
        await people.add_device(pool, device_id=device, kind="motion", now_us=1)
        await people.bind(pool, Binding(device=device, unit=UNIT, place=place, start_us=1), 1)
    await readings.write(pool, list(life()))
    yield pool
    pool.terminate()


def made(pool: Pool, now_us: int = NOW_US) -> Proposer:
    return Proposer(pool, lambda: now_us, Health("desk", logging.getLogger("test")), asyncio.Event())


async def resolve(pool: Pool, found: Sequence[Finding], *outcomes: Outcome) -> None:
    for finding, outcome in zip(found, outcomes, strict=True):
        changed = await alerts.accept(pool, finding, finding.decided_us, intake)
        assert changed is not None
        event = Resolved(at_us=finding.decided_us + 1, actor="ann", outcome=outcome)
        await alerts.change(pool, changed.alert.id, lambda alert, event=event: apply(alert, event))  # type: ignore[misc]


async def latest(pool: Pool) -> Proposal | None:
    return await proposals.latest(pool, WHO)


def test_the_quiet_days_were_told() -> None:
    assert [(each.event_us - MIDNIGHT_US) // DAY_US for each in told()] == list(QUIET)


async def test_three_false_alarms_are_played_and_asked_about_once(pool: Pool) -> None:
    work = made(pool)
    await resolve(pool, told()[1:3], Outcome.FALSE_ALARM, Outcome.FALSE_ALARM)
    assert await work.look() == 0
    assert await latest(pool) is None
    await resolve(pool, told()[3:], Outcome.FALSE_ALARM)
    assert await work.look() == 1
    found = await latest(pool)
    assert found is not None
    assert found.preview is not None
    assert (found.state, found.kind, found.after) == (ProposalState.OPEN, FindingKind.INACTIVITY, Sensitivity.CALMER)
    assert (found.preview.enough, found.preview.days) == (True, 31)
    assert [each.would for each in found.preview.alarms] == [Would.STAY_AWAY, Would.LATER, Would.LATER]
    assert found.preview.alarms[-1].later_us > 10 * MINUTE_US
    assert await work.look() == 0  # nothing new
    assert await latest(pool) == found
    assert work._health.counts["proposals_open"] == 1


async def test_a_real_one_that_would_have_come_too_late_is_a_reason_that_nobody_is_asked(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposing, "LATER_MOST_US", 10 * MINUTE_US)  # under what its settings lie apart
    await resolve(pool, told(), *[Outcome.FALSE_ALARM] * 3, Outcome.REAL_UNHURT)
    assert await made(pool).look() == 1
    found = await latest(pool)
    assert found is not None
    assert (found.state, found.against) == (ProposalState.WITHHELD, Against.REAL_LATE)
    assert await made(pool).look() == 0


async def test_a_real_one_after_it_was_asked_withdraws_it(pool: Pool) -> None:
    await resolve(pool, told()[:3], *[Outcome.FALSE_ALARM] * 3)
    await made(pool).look()
    asked = await latest(pool)
    assert asked is not None
    assert asked.state is ProposalState.OPEN
    await resolve(pool, told()[3:], Outcome.REAL_INJURED)
    assert await made(pool).look() == 0
    found = await latest(pool)
    assert found is not None
    assert (found.id, found.state) == (asked.id, ProposalState.WITHDRAWN)


async def test_a_no_holds_and_then_new_alarms_ask_anew(pool: Pool) -> None:
    await resolve(pool, told()[1:], *[Outcome.FALSE_ALARM] * 3)
    await made(pool).look()
    asked = await latest(pool)
    assert asked is not None
    no = lambda each: proposal_life.acted(each, ProposalAct.DECLINED, "li", NOW_US)  # noqa: E731
    await proposals.decide(pool, asked.id, no, NOW_US)
    await resolve(pool, told()[:1], Outcome.FALSE_ALARM)
    assert await made(pool).look() == 0
    # Everything it was made of has left the window by then.
    assert await made(pool, NOW_US + 31 * DAY_US).look() == 0


async def test_a_no_that_comes_while_the_desk_looks_stays(pool: Pool) -> None:
    await resolve(pool, told()[1:], *[Outcome.FALSE_ALARM] * 3)
    await made(pool).look()
    seen, who = await latest(pool), await people.resident(pool, WHO)
    assert seen is not None
    assert who is not None
    no = lambda each: proposal_life.acted(each, ProposalAct.DECLINED, "li", NOW_US)  # noqa: E731
    declined = await proposals.decide(pool, seen.id, no, NOW_US)
    other = Case(
        kind=seen.kind, before=Sensitivity.KEENER, after=Sensitivity.NORMAL, false=(), judged=0, measured=()
    )  # fmt: skip
    assert await made(pool)._begin(other, who, seen, NOW_US) is None
    assert await latest(pool) == declined


async def test_a_changed_setting_withdraws_what_was_asked_about_the_former(pool: Pool) -> None:
    await resolve(pool, told()[1:], *[Outcome.FALSE_ALARM] * 3)
    await made(pool).look()
    await people.update_resident(pool, WHO, {"sensitivity": Sensitivity.KEENER}, NOW_US - 1)
    assert await made(pool).look() == 0
    found = await latest(pool)
    assert found is not None
    assert found.state is ProposalState.WITHDRAWN


async def test_a_desk_that_was_stopped_while_it_read_is_followed_by_one_that_reads_anew(pool: Pool) -> None:
    await resolve(pool, told()[1:], *[Outcome.FALSE_ALARM] * 3)
    first = made(pool)
    stopping = asyncio.create_task(first.look())
    async with asyncio.timeout(30):
        while True:
            found = await latest(pool)
            if found is not None and found.progress > 0:
                break
            await asyncio.sleep(0.01)
    assert found.state is ProposalState.READING
    first._stop.set()
    await stopping
    found = await latest(pool)
    assert found is not None
    assert found.state is ProposalState.READING
    assert await made(pool).look() == 1
    after = await latest(pool)
    assert after is not None
    assert (after.id, after.state) == (found.id, ProposalState.OPEN)


async def test_a_home_of_which_too_much_is_stored_is_not_read_and_too_little_is_said(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposer, "MESSAGES_MOST", 1000)
    await resolve(pool, told()[1:], *[Outcome.FALSE_ALARM] * 3)
    await made(pool).look()
    found = await latest(pool)
    assert found is not None
    assert found.preview is not None
    assert (found.state, found.preview.too_much, found.preview.enough) == (ProposalState.OPEN, True, False)
    monkeypatch.undo()
    await pool.execute("delete from message where event_us < $1", MIDNIGHT_US + 25 * DAY_US)
    await proposals.change(pool, found.id, lambda each: msgspec.structs.replace(each, state=ProposalState.READING))
    await made(pool).look()
    found = await latest(pool)
    assert found is not None
    assert found.preview is not None
    assert (found.preview.too_much, found.preview.enough, found.preview.days) == (False, False, 10)


async def test_a_fault_of_ours_is_said_once_and_not_tried_for_ever(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Rehearsal, "update", broken)
    await resolve(pool, told()[1:], *[Outcome.FALSE_ALARM] * 3)
    work = made(pool)
    for _ in range(3):
        assert await work.look() == 0
    assert work._health.counts["proposals_failed"] == 1
    assert len([each for each in caplog.records if each.exc_info]) == 1
    found = await latest(pool)
    assert found is not None
    assert found.state is ProposalState.WITHDRAWN  # nobody looks at a bar that stands still
    monkeypatch.undo()
    assert await made(pool).look() == 1


async def test_the_desk_looks_by_itself(way: Way, pool: Pool, database: Database) -> None:
    await resolve(pool, told()[1:], *[Outcome.FALSE_ALARM] * 3)

    async def asked() -> bool:
        found = await latest(pool)
        return found is not None and found.state is ProposalState.OPEN

    async with desk_running(way, database.dsn, lambda: NOW_US):
        await eventually(asked)


def test_a_life_is_of_messages_alone() -> None:
    assert {reading.kind for reading in life()} == {ReadingKind.EVENT}
