"""Consoles' last words, the wards that must be watched, and the time zone of a place, in the database."""

import msgspec
import pytest

from alerts.attendance import attendance as rule
from alerts.attendance import finding_of
from alerts.events import Resolved
from alerts.intake import intake
from alerts.life import apply
from schemas.alert import Outcome
from schemas.attendance import Presence, Sound, StaffedHours
from schemas.errors import BrokenRule
from schemas.places import PlaceKind
from store import alerts, attendance, people, zones
from store.grants import Reach
from store.pool import Pool
from tests.store.making import NOW, SECOND, a_home

ALWAYS, NIGHT = StaffedHours(start=0, end=0), StaffedHours(start=1320, end=360)


def word(console: str = "console-1", sound: Sound = Sound.ARMED, at_us: int = NOW) -> Presence:
    return Presence(
        console=console, account="li", session="s1", everywhere=False, places=("pl_1",), sound=sound, at_us=at_us
    )


async def test_the_last_word_of_a_console_stands_with_when_it_could_last_be_heard(pool: Pool) -> None:
    await attendance.say(pool, word())
    await attendance.say(pool, word("console-2", Sound.BLOCKED))
    await attendance.say(pool, word(sound=Sound.OFF, at_us=NOW + SECOND))
    first, second = sorted(await attendance.said(pool), key=lambda each: each.console)
    assert (first.sound, first.at_us, first.armed_us) == (Sound.OFF, NOW + SECOND, NOW)
    assert (second.sound, second.armed_us, second.places) == (Sound.BLOCKED, None, ("pl_1",))
    assert await attendance.forget(pool, NOW + 1) == 1
    assert [each.console for each in await attendance.said(pool)] == ["console-1"]


async def test_when_the_api_began_to_listen_is_known(pool: Pool) -> None:
    assert await attendance.listening_since(pool) == 0
    for at_us in (NOW, NOW + SECOND):
        await attendance.begin_listening(pool, at_us)
        assert await attendance.listening_since(pool) == at_us


async def test_a_ward_has_its_hours_and_those_above_it_and_their_time_zone(pool: Pool) -> None:
    await a_home(pool)
    top = await people.add_place(pool, name="院", kind=PlaceKind.INSTITUTION, now_us=NOW, place_id="pl_top")
    ward = await people.add_place(pool, name="二楼", kind=PlaceKind.WARD, now_us=NOW, parent=top.id, place_id="pl_ward")
    assert await attendance.wards(pool) == []
    await attendance.set_hours(pool, ward.id, NIGHT, NOW)
    await zones.choose(pool, top.id, "Europe/Berlin", NOW)
    (found,) = await attendance.wards(pool)
    assert (found.above, found.hours, found.timezone, found.since_us) == (
        ("pl_ward", "pl_top"), NIGHT, "Europe/Berlin", NOW,
    )  # fmt: skip
    assert await zones.zone_of(pool, ward.id) == "Europe/Berlin"
    assert await zones.zone_of(pool, "pl_1") == "Asia/Shanghai"
    assert (await zones.above(pool, [ward.id]))[ward.id] == [("pl_ward", None), ("pl_top", "Europe/Berlin")]
    # Said again it does not begin anew; said otherwise it does.
    await attendance.set_hours(pool, ward.id, NIGHT, NOW + SECOND)
    assert (await attendance.wards(pool))[0].since_us == NOW
    await attendance.set_hours(pool, ward.id, ALWAYS, NOW + SECOND)
    assert (await attendance.wards(pool))[0].since_us == NOW + SECOND
    assert await attendance.wards(pool, Reach(places=frozenset({"pl_1"}))) == []
    known = await people.place(pool, ward.id)
    assert known is not None
    assert known.staffed == ALWAYS
    await attendance.set_hours(pool, ward.id, None, NOW)
    assert await attendance.wards(pool) == []
    for refused in (attendance.set_hours(pool, "pl_no", None, NOW), zones.choose(pool, "pl_no", None, NOW)):
        with pytest.raises(BrokenRule, match="no such place"):
            await refused


async def test_an_open_alert_of_a_ward_is_found_until_it_is_resolved(pool: Pool) -> None:
    await a_home(pool)
    await attendance.set_hours(pool, "pl_1", ALWAYS, NOW - 600 * SECOND)
    (ward,) = await attendance.wards(pool)
    assert await attendance.open_alerts(pool) == {}
    changed = await alerts.accept(pool, finding_of(ward, rule(ward, [], NOW), NOW), NOW, intake)
    assert changed is not None
    assert await attendance.open_alerts(pool) == {"pl_1": changed.alert.id}
    event = Resolved(at_us=NOW, outcome=Outcome.DEVICE_FAULT)
    await alerts.change(pool, changed.alert.id, lambda alert: apply(alert, event))
    assert await attendance.open_alerts(pool) == {}
    # Of the platform's own parts it knows nothing.
    other = msgspec.structs.replace(finding_of(ward, rule(ward, [], NOW), NOW), id="f" * 32, resident="desk")
    assert await alerts.accept(pool, other, NOW, intake) is not None
    assert await attendance.open_alerts(pool) == {}
