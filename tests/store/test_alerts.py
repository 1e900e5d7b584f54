"""Alerts under concurrency, repetition and interruption, in a real PostgreSQL."""

import asyncio
import math
import random

import msgspec
import pytest

from alerts.events import Claimed, Closed, Noted, Reopened, Resolved
from alerts.intake import intake
from alerts.joining import alert_for
from alerts.life import apply
from schemas.alert import Alert, AlertState, Change, FallAlarm, Outcome, Severity, StepKind
from schemas.errors import BrokenRule
from schemas.finding import Evidence, FindingKind, Reason, Stage
from schemas.places import PlaceKind
from store import alerts, fall_alarm, outbox, people, quiet
from store.alerts import LoggedStep
from store.pool import LOST, Pool
from tests.store.making import NOW, SECOND, a_home, finding

pytestmark = pytest.mark.servers


async def raised(pool: Pool, name: str = "f1", resident: str = "re_1") -> Alert:
    change = await alerts.accept(pool, finding(name, resident=resident), NOW + 22 * SECOND, intake)
    assert change is not None
    return change.alert


async def claim(pool: Pool, alert_id: str, actor: str) -> Change:
    return await alerts.change(pool, alert_id, lambda alert: apply(alert, Claimed(at_us=NOW, actor=actor)))


async def resolve(pool: Pool, alert_id: str) -> Change:
    event = Resolved(at_us=NOW + 60 * SECOND, actor="ann", outcome=Outcome.REAL_UNHURT, note="sat up, 无碍")
    return await alerts.change(pool, alert_id, lambda alert: apply(alert, event))


async def test_an_alert_comes_back_exactly_as_it_was_written(pool: Pool) -> None:
    alert = await raised(pool)
    assert await alerts.one(pool, alert.id) == alert
    resolved = (await resolve(pool, alert.id)).alert
    assert await alerts.one(pool, alert.id) == resolved
    assert resolved.note == "sat up, 无碍"


async def test_a_number_that_json_does_not_have_never_makes_an_alert_unreadable(pool: Pool) -> None:
    odd = Evidence(reasons=(Reason("impact", {"g": math.inf, "peak": 3.0}),), features={"nan": math.nan, "tilt": 0.5})
    change = await alerts.accept(pool, msgspec.structs.replace(finding(), evidence=odd, score=math.nan), NOW, intake)
    assert change is not None
    (alert,) = await alerts.listed(pool)
    assert alert.evidence == Evidence(reasons=(Reason("impact", {"peak": 3.0}),), features={"tilt": 0.5})


@pytest.mark.two_sessions
async def test_of_two_hundred_claims_at_once_one_wins_and_the_others_are_told_who(pool: Pool) -> None:
    alert = await raised(pool)
    results = await asyncio.gather(
        *(claim(pool, alert.id, f"carer{index}") for index in range(200)), return_exceptions=True
    )
    winners = [result for result in results if not isinstance(result, BaseException)]
    refused = [result for result in results if isinstance(result, BrokenRule)]
    assert len(winners) == 1
    assert len(refused) == 199
    owner = winners[0].alert.claimed_by
    assert owner is not None
    assert {error.code for error in refused} == {"already_claimed"}
    assert all(owner in str(error) for error in refused)
    assert [logged.step.kind for logged in await alerts.steps(pool, alert.id)] == [StepKind.RAISED, StepKind.CLAIMED]


@pytest.mark.two_sessions
async def test_the_same_finding_delivered_thirty_times_at_once_raises_one_alert(pool: Pool) -> None:
    changes = await asyncio.gather(*(alerts.accept(pool, finding(), NOW, intake) for _ in range(30)))
    assert sum(change is not None for change in changes) == 1
    assert len(await alerts.listed(pool, status="all")) == 1


@pytest.mark.two_sessions
async def test_thirty_different_falls_of_one_person_at_once_are_one_alert_with_thirty_occurrences(pool: Pool) -> None:
    await asyncio.gather(*(alerts.accept(pool, finding(f"{index:02d}"), NOW, intake) for index in range(30)))
    (alert,) = await alerts.listed(pool, status="all")
    assert alert.occurrences == 30
    assert alert.version == 30
    assert len(set(alert.findings)) == 30


async def test_a_fall_while_another_is_open_recurs_and_after_it_is_resolved_raises_anew(pool: Pool) -> None:
    first = await raised(pool)
    again = await alerts.accept(pool, finding("f2", at_us=NOW + 60 * SECOND), NOW + 90 * SECOND, intake)
    assert again is not None
    assert (again.alert.id, again.alert.occurrences) == (first.id, 2)
    await resolve(pool, first.id)
    third = await alerts.accept(pool, finding("f3", at_us=NOW + 120 * SECOND), NOW + 150 * SECOND, intake)
    assert third is not None
    assert third.alert.id != first.id


async def test_a_stage_of_a_finding_whose_alert_is_resolved_goes_to_that_alert(pool: Pool) -> None:
    first = await raised(pool)
    await resolve(pool, first.id)
    second = await raised(pool, "f2")
    change = await alerts.accept(pool, finding(stage=Stage.RECOVERED), NOW + 100 * SECOND, intake)
    assert change is not None
    assert change.alert.id == first.id
    assert await alerts.one(pool, second.id) == second


async def test_an_alert_cannot_be_reopened_beside_another_open_one(pool: Pool) -> None:
    first = await raised(pool)
    await resolve(pool, first.id)
    await raised(pool, "f2")
    with pytest.raises(BrokenRule) as refused:
        await alerts.change(pool, first.id, lambda alert: apply(alert, Reopened(at_us=NOW, actor="ann")))
    assert refused.value.code == "another_open"
    unchanged = await alerts.one(pool, first.id)
    assert unchanged is not None
    assert unchanged.state is AlertState.RESOLVED


async def test_a_refused_event_leaves_alert_history_and_outbox_as_they_were(pool: Pool) -> None:
    alert = await raised(pool)
    before = (await alerts.one(pool, alert.id), await alerts.steps(pool, alert.id), await outbox.counts(pool))
    with pytest.raises(BrokenRule, match="still open"):
        await alerts.change(pool, alert.id, lambda found: apply(found, Closed(at_us=NOW, actor="ann")))
    with pytest.raises(BrokenRule) as missing:
        await claim(pool, "al_nothing", "ann")
    assert missing.value.code == "not_found"
    assert before == (await alerts.one(pool, alert.id), await alerts.steps(pool, alert.id), await outbox.counts(pool))


@pytest.mark.two_sessions
async def test_a_transaction_cut_before_its_commit_leaves_nothing_and_the_next_attempt_succeeds(pool: Pool) -> None:
    async with pool.acquire() as doomed:
        transaction = doomed.transaction()
        await transaction.start()
        change = await alerts.accept(doomed, finding(), NOW, intake)
        assert change is not None
        pid = doomed.get_server_pid()
        await pool.execute("select pg_terminate_backend($1)", pid)
        with pytest.raises(LOST):
            await doomed.execute("select 1")
    assert await alerts.listed(pool, status="all") == []
    assert await outbox.counts(pool) == {}
    assert await alerts.accept(pool, finding(), NOW, intake) is not None


@pytest.mark.two_sessions
async def test_a_reader_of_steps_that_polls_while_many_write_misses_none_and_sees_them_in_order(pool: Pool) -> None:
    ids = [(await raised(pool, f"{index:02d}", f"re_{index}")).id for index in range(12)]
    draw = random.Random(20261123)
    seen: list[LoggedStep] = []
    done = asyncio.Event()

    async def watch() -> None:
        while True:
            last = done.is_set()
            seen.extend(await alerts.steps_since(pool, seen[-1].seq if seen else 0))
            if last:
                return
            await asyncio.sleep(0)

    async def write(alert_id: str) -> None:
        for index in range(20):
            event = Noted(at_us=NOW + index, actor="ann", note=f"{draw.random()}")
            await alerts.change(pool, alert_id, lambda alert, event=event: apply(alert, event))  # type: ignore[misc]

    watcher = asyncio.create_task(watch())
    await asyncio.gather(*(write(alert_id) for alert_id in ids))
    done.set()
    await watcher
    every = await pool.fetch("select seq from alert_step order by seq")
    assert [logged.seq for logged in seen] == [row["seq"] for row in every]
    assert len(seen) == 12 + 12 * 20


@pytest.mark.two_sessions
async def test_each_step_is_announced_with_its_seq_when_it_commits(pool: Pool) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    async with pool.acquire() as listener:

        def on_notice(*message: object) -> None:
            heard.put_nowait(str(message[-1]))

        await listener.add_listener(alerts.LIVE, on_notice)
        alert = await raised(pool)
        (logged,) = await alerts.steps(pool, alert.id)
        assert int(await asyncio.wait_for(heard.get(), 5)) == logged.seq
        await listener.remove_listener(alerts.LIVE, on_notice)
    assert await alerts.last_seq(pool) == logged.seq


async def test_a_possible_finding_raises_nothing_and_is_remembered(pool: Pool) -> None:
    assert await alerts.accept(pool, finding(stage=Stage.POSSIBLE), NOW, intake) is None
    assert await alerts.listed(pool, status="all") == []
    change = await alerts.accept(pool, finding(), NOW, intake)
    assert change is not None
    assert await alerts.accept(pool, finding(stage=Stage.POSSIBLE), NOW, intake) is None


async def test_an_effect_and_its_cause_are_written_together_and_evidence_waits_for_its_end(pool: Pool) -> None:
    await raised(pool)
    at_once = await outbox.claim(pool, ["notify", "keep_evidence"], NOW + 22 * SECOND)
    assert [outbox.kind_of(row.effect) for row in at_once] == ["notify"]
    later = await outbox.claim(pool, ["notify", "keep_evidence"], NOW + 65 * SECOND)
    assert [outbox.kind_of(row.effect) for row in later] == ["keep_evidence"]


async def test_alerts_are_listed_loudest_first_and_newest_on_top(pool: Pool) -> None:
    quiet = finding("q1", resident="re_q", at_us=NOW + 500 * SECOND)
    await alerts.accept(pool, msgspec.structs.replace(quiet, kind=FindingKind.INACTIVITY), quiet.event_us, intake)
    for index, name in enumerate(("f1", "f2", "f3")):
        fall = finding(name, resident=f"re_{index}", at_us=NOW + index * SECOND)
        await alerts.accept(pool, fall, fall.event_us, intake)
    listed = await alerts.listed(pool)
    assert [alert.resident for alert in listed] == ["re_2", "re_1", "re_0", "re_q"]
    assert [alert.severity for alert in listed] == [Severity.HIGH] * 3 + [Severity.MEDIUM]
    assert await alerts.open_count(pool) == {"high": 3, "medium": 1}
    assert await alerts.listed(pool, status="resolved") == []
    assert len(await alerts.listed(pool, status="raised", limit=2)) == 2
    assert [alert.resident for alert in await alerts.listed(pool, since_us=NOW + 400 * SECOND)] == ["re_q"]
    with pytest.raises(ValueError, match="loud"):
        await alerts.listed(pool, status="loud")


async def test_each_telling_of_a_finding_is_taken_in_once_and_a_later_one_of_the_same_stage_too(pool: Pool) -> None:
    await alerts.accept(pool, finding(), NOW, intake, alert_for)
    more = msgspec.structs.replace(finding(), update=1, score=0.5)
    change = await alerts.accept(pool, more, NOW, intake, alert_for)
    assert change is not None
    assert await alerts.accept(pool, more, NOW, intake, alert_for) is None
    stored = await alerts.one(pool, change.alert.id)
    assert stored == change.alert
    assert [(source.score, source.update) for source in stored.sources.values()] == [(0.5, 1)]


async def test_a_press_for_help_joins_the_fall_alert_of_the_same_minute_in_the_database_too(pool: Pool) -> None:
    await alerts.accept(pool, finding(), NOW, intake, alert_for)
    pressed = msgspec.structs.replace(finding("f2", at_us=NOW + 20 * SECOND), kind=FindingKind.SOS)
    change = await alerts.accept(pool, pressed, NOW, intake, alert_for)
    assert change is not None
    (alert,) = await alerts.listed(pool)
    assert [source.kind for source in alert.sources.values()] == [FindingKind.FALL, FindingKind.SOS]
    walked = msgspec.structs.replace(finding(stage=Stage.RECOVERED), decided_us=NOW + 60 * SECOND)
    assert (await alerts.accept(pool, walked, NOW + 60 * SECOND, intake, alert_for)) is not None
    (still,) = await alerts.listed(pool)
    assert still.severity == "high"


async def test_what_raised_nothing_is_kept_at_its_latest_stage_until_it_raises_something_or_is_old(pool: Pool) -> None:
    for stage in (Stage.POSSIBLE, Stage.DISMISSED):
        assert await alerts.accept(pool, finding(stage=stage), NOW, intake, alert_for) is None
    for name, at_us in (("f2", NOW + SECOND), ("f3", NOW + 2 * SECOND)):
        await alerts.accept(pool, finding(name, stage=Stage.POSSIBLE, at_us=at_us), NOW, intake, alert_for)
    kept = await quiet.of_resident(pool, "re_1", NOW, NOW + 60 * SECOND, 9)
    assert [(each.finding[:2], each.stage) for each in kept] == [
        ("f3", Stage.POSSIBLE),
        ("f2", Stage.POSSIBLE),
        ("f1", Stage.DISMISSED),
    ]
    assert kept[-1].evidence == finding().evidence
    assert await quiet.one(pool, kept[0].finding) == kept[0]
    assert await alerts.accept(pool, finding("f2", at_us=NOW + SECOND), NOW, intake, alert_for) is not None
    assert len(await quiet.of_resident(pool, "re_1", NOW, NOW + 60 * SECOND, 9)) == 2
    assert await quiet.one(pool, kept[1].finding) is None
    assert await quiet.purge(pool, NOW + 1) == 2


async def test_a_resident_chooses_for_themselves_and_else_the_nearest_place_above_does(pool: Pool) -> None:
    await a_home(pool)
    await people.add_place(pool, name="f", kind=PlaceKind.FLOOR, now_us=NOW, place_id="pl_f")
    await people.add_place(pool, name="r", kind=PlaceKind.ROOM, now_us=NOW, place_id="pl_r", parent="pl_f")
    await people.add_resident(pool, name="x", unit="pl_r", now_us=NOW, resident_id="re_r")
    assert await fall_alarm.of(pool, "re_r", "pl_r") is FallAlarm.CONFIRMED
    await fall_alarm.choose(pool, "pl_f", FallAlarm.POSSIBLE)
    assert await fall_alarm.of(pool, "re_r", "pl_r") is FallAlarm.POSSIBLE
    assert await fall_alarm.of(pool, "re_1", "pl_1") is FallAlarm.CONFIRMED
    await fall_alarm.choose(pool, "pl_r", FallAlarm.CONFIRMED)
    assert await fall_alarm.of(pool, "re_r", "pl_r") is FallAlarm.CONFIRMED
    await people.update_resident(pool, "re_r", {"fall_alarm": "possible"}, NOW)
    assert await fall_alarm.of(pool, "re_r", "pl_r") is FallAlarm.POSSIBLE
    assert await fall_alarm.of(pool, "pl_r", "pl_r") is FallAlarm.CONFIRMED
    with pytest.raises(BrokenRule):
        await fall_alarm.choose(pool, "pl_none", None)
