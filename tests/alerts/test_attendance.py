"""Who watches a ward, as a pure rule: what counts as somebody, since when nobody is there, and when it is told."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.attendance import (
    FRESH_US,
    GRACE_US,
    LONGEST_EXCUSE_US,
    SETTLE_US,
    Attendance,
    Lack,
    attendance,
    finding_of,
    must_be_told,
    staffed_since,
)
from schemas.attendance import Presence, Sound, StaffedHours, Ward
from tests.store.making import NOW, SECOND

ALWAYS = StaffedHours(start=0, end=0)
LONG_AGO = NOW - 86_400 * SECOND
WARD = Ward(
    place="pl_w", name="二楼", above=("pl_w", "pl_top"), hours=ALWAYS, timezone="Asia/Shanghai", since_us=LONG_AGO
)
MINUTE = 60 * SECOND


def console(
    *places: str,
    sound: Sound = Sound.ARMED,
    ago_s: float = 5,
    everywhere: bool = False,
    armed_ago_s: float | None = None,
) -> Presence:
    at_us = NOW - round(ago_s * SECOND)
    armed_us = at_us if sound is Sound.ARMED else None if armed_ago_s is None else NOW - round(armed_ago_s * SECOND)
    return Presence(
        console="c", account="li", session="s", everywhere=everywhere, places=places, sound=sound, at_us=at_us,
        armed_us=armed_us,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("there", "consoles", "armed", "lack"),
    [
        ([], 0, 0, Lack.NO_CONSOLE),
        ([console("pl_w")], 1, 1, None),
        ([console("pl_top")], 1, 1, None),
        ([console(everywhere=True)], 1, 1, None),
        ([console("pl_other")], 0, 0, Lack.NO_CONSOLE),
        ([console("pl_w", ago_s=31)], 0, 0, Lack.NO_CONSOLE),
        ([console("pl_w", ago_s=-600)], 0, 0, Lack.NO_CONSOLE),
        ([console("pl_w", sound=Sound.OFF)], 1, 0, Lack.NO_SOUND),
        ([console("pl_w", sound=Sound.BLOCKED), console("pl_other")], 1, 0, Lack.NO_SOUND),
        ([console("pl_w", sound=Sound.OFF), console("pl_top")], 2, 1, None),
    ],
)
def test_a_ward_is_attended_by_a_console_that_shows_it_now_and_can_be_heard(
    there: list[Presence], consoles: int, armed: int, lack: Lack | None
) -> None:
    found = attendance(WARD, there, NOW)
    assert (found.consoles, found.armed, found.lack) == (consoles, armed, lack)


def test_nobody_is_there_since_the_last_word_of_a_console_that_could_be_heard_grew_old() -> None:
    there = [console("pl_w", ago_s=100), console("pl_top", ago_s=400)]
    assert attendance(WARD, there, NOW).since_us == NOW - 100 * SECOND + FRESH_US
    muted = [console("pl_w", sound=Sound.OFF, armed_ago_s=200)]
    assert attendance(WARD, muted, NOW).since_us == NOW - 200 * SECOND + FRESH_US
    assert attendance(WARD, [], NOW).since_us == LONG_AGO
    future = [console("pl_w", ago_s=-3600)]
    assert attendance(WARD, future, NOW).since_us == LONG_AGO


def test_what_is_true_again_after_a_restart_is_the_same_finding() -> None:
    there = [console("pl_w", ago_s=400)]
    first = finding_of(WARD, attendance(WARD, there, NOW), NOW)
    later = finding_of(WARD, attendance(WARD, there, NOW + MINUTE), NOW + MINUTE)
    assert first.id == later.id
    assert (first.unit, first.resident, first.evidence.reasons[0].code) == ("pl_w", "pl_w", "nobody_watches")
    again = finding_of(WARD, attendance(WARD, [console("pl_w", ago_s=390)], NOW), NOW)
    assert again.id != first.id


LACKS = Attendance(0, 0, True, Lack.NO_CONSOLE, NOW - GRACE_US)
SEEN = NOW - SETTLE_US


@pytest.mark.parametrize(
    ("found", "seen_us", "api_us", "told"),
    [
        (LACKS, SEEN, LONG_AGO, True),
        (Attendance(1, 1, True), SEEN, LONG_AGO, False),
        (Attendance(0, 0, True, Lack.NO_CONSOLE, NOW - GRACE_US + 1), SEEN, LONG_AGO, False),
        # We have just been started, and saw it first 59 s ago.
        (LACKS, SEEN + SECOND, LONG_AGO, False),
        # The API was started 59 s ago: consoles are on their way back.
        (LACKS, SEEN, NOW - SETTLE_US + SECOND, False),
        (LACKS, SEEN, NOW - SETTLE_US, True),
        # One that is started again and again excuses nobody for ever.
        (LACKS, NOW - LONGEST_EXCUSE_US, NOW - SECOND, True),
        # A clock that was set back: the API began in the future, which says nothing.
        (LACKS, SEEN, NOW + MINUTE, True),
    ],
)
def test_it_is_told_when_it_has_lasted_and_was_seen_to_last(
    found: Attendance, seen_us: int, api_us: int, *, told: bool
) -> None:
    assert must_be_told(found, seen_us, api_us, NOW) is told


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


NIGHT = StaffedHours(start=22 * 60, end=6 * 60)


@pytest.mark.parametrize(
    ("hours", "zone", "now", "began"),
    [
        (NIGHT, "Asia/Shanghai", "2026-11-23T15:00", "2026-11-23T14:00"),
        (NIGHT, "Asia/Shanghai", "2026-11-23T21:59", "2026-11-23T14:00"),
        (NIGHT, "Asia/Shanghai", "2026-11-23T22:00", None),
        (NIGHT, "Asia/Shanghai", "2026-11-23T13:59", None),
        # Berlin's night of 24 October is an hour longer: what began at 20:00 UTC ends at 05:00 UTC.
        (NIGHT, "Europe/Berlin", "2026-10-25T04:59", "2026-10-24T20:00"),
        (NIGHT, "Europe/Berlin", "2026-10-25T05:00", None),
        # In spring a beginning in the hour that is left out is the moment after it.
        (StaffedHours(start=150, end=600), "Europe/Berlin", "2026-03-29T02:00", "2026-03-29T01:30"),
    ],
)
def test_hours_are_local_also_on_the_night_that_is_longer(
    hours: StaffedHours, zone: str, now: str, began: str | None
) -> None:
    assert staffed_since(hours, zone, at(now)) == (at(began) if began else None)


def test_outside_of_its_hours_nobody_need_be_there_and_each_begins_anew() -> None:
    day = Ward(
        place="pl_w", name="二楼", above=("pl_w",), hours=StaffedHours(start=7 * 60, end=19 * 60),
        timezone="Asia/Shanghai", since_us=LONG_AGO,
    )  # fmt: skip
    night_us, morning_us = at("2026-11-23T13:00"), at("2026-11-23T23:01")
    assert attendance(day, [], night_us) == Attendance(0, 0, False)
    found = attendance(day, [], morning_us)
    assert (found.lack, found.since_us) == (Lack.NO_CONSOLE, at("2026-11-23T23:00"))


@given(st.lists(st.tuples(st.integers(-100, 900), st.sampled_from(Sound), st.booleans()), max_size=6))
def test_a_lack_never_began_in_the_future_and_there_is_none_while_somebody_is_heard(
    words: list[tuple[int, Sound, bool]],
) -> None:
    there = [console("pl_w" if here else "pl_x", sound=sound, ago_s=ago) for ago, sound, here in words]
    found = attendance(WARD, there, NOW)
    heard = [ago for ago, sound, here in words if here and sound is Sound.ARMED and -1 <= ago <= 30]
    assert (found.lack is None) == bool(heard)
    assert found.since_us <= NOW
    assert found.armed <= found.consoles
