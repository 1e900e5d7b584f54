"""Steps for whoever is on duty, and ladders by kind, against the real servers: also with the database away."""

import asyncio

import pytest

from schemas.alert import Severity, StepKind
from schemas.finding import FindingKind
from schemas.ladder import DeliveryState, Ladder, LadderStep
from schemas.rota import Colleague, DutyHours, Rota, WeekDuty
from store import alerts, contacts, deliveries, rota
from tests.ingest.conftest import now_us
from tests.ingest.waiting import eventually
from tests.notify.conftest import GRACE_S, STEP_S, Night
from tests.notify.test_night import SETTLED_S, told

pytestmark = pytest.mark.servers

ALL_DAY = DutyHours(name="day", start=0, end=0)


def made(night: Night, *nurses: str) -> Rota:
    """Return a rota with these nurses on duty round the clock, and a doctor's role that nobody has."""
    people = tuple(Colleague(name=name, address=f"{night.phones.url}/{name}") for name in ("chen", "sun", "he"))
    week = tuple(WeekDuty(weekday=day, shift="day", role="nurse", people=nurses) for day in range(7))
    return Rota(timezone="UTC", shifts=(ALL_DAY,), people=people, week=week)


def ladder(night: Night, *names: str, after_s: float = STEP_S, goes_on: bool = False) -> Ladder:
    steps = [
        LadderStep(on_duty=name[1:], after_s=after_s if n else 0)
        if name.startswith("@")
        else LadderStep(recipient=name, address=f"{night.phones.url}/{name}", after_s=after_s if n else 0)
        for n, name in enumerate(names)
    ]
    return Ladder(steps=tuple(steps), goes_on=goes_on)


async def settled(night: Night, *nurses: str, steps: tuple[str, ...]) -> None:
    await rota.change(night.pool, "pl_1", lambda _: made(night, *nurses), now_us())
    await contacts.set_ladder(night.pool, "pl_1", ladder(night, *steps), now_us())


async def test_everybody_who_is_on_duty_is_one_delivery_of_the_same_step(night: Night) -> None:
    await settled(night, "chen", "sun", steps=("@nurse", "li", "wang"))
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 4)
        await asyncio.sleep(SETTLED_S)
    assert sorted(night.phones.told()[:2]) == [(1, "chen"), (1, "sun")]
    assert night.phones.told()[2:] == [(2, "li"), (3, "wang")]
    assert {body["steps"] for _, body in night.phones.calls} == {3}


async def test_where_nobody_is_on_duty_the_next_is_told_at_once_and_the_history_says_so(night: Night) -> None:
    await settled(night, steps=("@nurse", "@doctor", "li", "wang"))
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 1)
        (alert,) = await alerts.listed(night.pool)

        async def said() -> list[str]:
            history = [each.step for each in await alerts.steps(night.pool, alert.id)]
            notes = [str(step.data["note"]) for step in history if step.kind is StepKind.NOTED]
            return notes if len(notes) == 2 else []

        notes = await eventually(said)
        await told(night, 2)
        await asyncio.sleep(SETTLED_S)
        sent = await deliveries.of_alert(night.pool, alert.id)
    assert night.phones.told() == [(3, "li"), (4, "wang")]
    assert "（nurse）" in notes[0] and "Nobody on duty (doctor)" in notes[1]
    assert [(each.recipient, each.state) for each in sent[:2]] == [
        ("on_duty:nurse", DeliveryState.NOBODY), ("on_duty:doctor", DeliveryState.NOBODY),
    ]  # fmt: skip
    first, third = sent[0], sent[2]
    assert (third.claimed_us - first.claimed_us) / 1e6 < STEP_S  # two roles with nobody cost no step's wait
    assert (sent[3].claimed_us - third.claimed_us) / 1e6 >= STEP_S


async def test_with_the_database_away_the_rota_is_known_all_the_same(night: Night) -> None:
    await settled(night, "chen", "he", steps=("@nurse", "@doctor", "li"))
    async with night.notify():
        await asyncio.sleep(2 * GRACE_S)  # the contacts are mirrored
        await night.database_away()
        await night.find(night.fallen())
        await told(night, 3)
        await night.database_back()
    assert sorted(night.phones.told()[:2]) == [(1, "chen"), (1, "he")]
    assert night.phones.told()[2] == (3, "li")


async def test_who_comes_on_duty_while_a_ladder_is_walked_is_told_when_their_step_comes(night: Night) -> None:
    await settled(night, "chen", steps=("li", "@nurse", "wang"))
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 1)
        await rota.change(night.pool, "pl_1", lambda _: made(night, "sun"), now_us())
        await told(night, 3)
    assert night.phones.told()[:3] == [(1, "li"), (2, "sun"), (3, "wang")]


async def test_who_was_passed_over_by_a_kill_between_two_of_one_step_is_told_by_the_next_life(night: Night) -> None:
    await settled(night, "chen", "sun", steps=("@nurse", "li", "wang"))
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 2)
        (alert,) = await alerts.listed(night.pool)

        async def both() -> bool:
            sent = await deliveries.of_alert(night.pool, alert.id)
            return sum(each.state is DeliveryState.SENT for each in sent) >= 2

        await eventually(both)
    # As if the one had never been begun.
    await night.pool.execute("delete from delivery where recipient = 'sun'")
    bucket = await night.way.js.key_value("DELIVERIES")
    gone = [each for each in await bucket.keys() if await _is_of(bucket, each, "sun")]
    for key in gone:
        await bucket.purge(key)
    before = len(night.phones.told("/sun"))
    async with night.notify():

        async def again() -> bool:
            return len(night.phones.told("/sun")) > before

        await eventually(again)
    assert len(night.phones.told("/chen")) == 1


async def _is_of(bucket: object, key: str, recipient: str) -> bool:
    entry = await bucket.get(key)  # type: ignore[attr-defined]
    return f'"recipient":"{recipient}"'.encode() in (entry.value or b"")


async def test_a_fall_walks_the_ladder_that_is_for_falls_and_goes_on_above(night: Night) -> None:
    await night.pool.execute("update place set parent = 'pl_2' where id = 'pl_1'")
    own = ladder(night, "fall1", "fall2", "fall3", after_s=0.3, goes_on=True)
    await contacts.set_ladder(night.pool, "pl_1", own, now_us(), kind=FindingKind.FALL, severity=Severity.HIGH)
    await contacts.set_ladder(night.pool, "pl_2", ladder(night, "boss1", "boss2", "boss3", after_s=0.3), now_us())
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 3)
        (alert,) = await alerts.listed(night.pool)

        # The first of the place above is due a minute later, as another step of one ladder of six.
        async def above() -> bool:
            due: int | None = await night.pool.fetchval("select next_us from escalation where alert = $1", alert.id)
            last = (await deliveries.of_alert(night.pool, alert.id))[-1]
            return due is not None and abs(due - last.claimed_us - 60_000_000) < 1_000_000

        await eventually(above)
    assert [name for _, name in night.phones.told()] == ["fall1", "fall2", "fall3"]
    assert {body["steps"] for _, body in night.phones.calls} == {6}


async def test_when_an_alert_walks_another_ladder_nobody_of_it_is_passed_over(night: Night) -> None:
    await settled(night, "chen", steps=("li", "wang", "zhao"))
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 1)
        await contacts.set_ladder(night.pool, "pl_1", ladder(night, "he", "@nurse", "zhao"), now_us())
        await told(night, 4)
        await asyncio.sleep(SETTLED_S)
    assert [name for _, name in night.phones.told()] == ["li", "he", "chen", "zhao"]
