"""What whereabouts keep to inside the host, over a stream in which phones do everything: bursts, repeats, clocks."""

from collections.abc import Sequence
from functools import cache

import msgspec
import numpy as np
import pytest

from detectors import reasons
from detectors.host import WANDERING, WHEREABOUTS, Host, UnitState
from schemas import finding as wire
from schemas.finding import Finding, FindingKind, Stage
from schemas.reading import Observation, Reading, ReadingKind
from tests.detectors.goings import AT_HOME, DAY, HOUR, MINUTE, MONDAY_US, SECOND, Phone, days, resident, square
from tests.detectors.hard_homes import tick
from tests.detectors.wanders import lap, night_out, sensed

SEEDS = (3, 4)


@cache
def stream(seed: int) -> tuple[Reading, ...]:
    """Two homes for sixteen days: known places, nights out, a zone, a carer along, silences, a burst in reverse."""
    rng = np.random.default_rng(seed)
    one = days(Phone(each_s=1800.0, seed=seed), 0, 12)
    for day in range(12, 16):
        hour, north, east = rng.uniform(0.2, 4.5), *rng.normal(0, 1500, 2)
        one.until(day, hour).go((north, east), each_s=20)
        one.at_us += int(rng.choice([0, 3 * HOUR]))
        one.go(AT_HOME, each_s=20).until(day + 1, 0)
    other = Phone(MONDAY_US + 14 * DAY, seed=seed + 9, resident="r2", unit="u2", each_s=300.0)
    carer = list[Reading]()
    for _ in range(4):
        other.stay(3 * HOUR / SECOND)
        count = len(other.sent)
        other.go((rng.uniform(400, 1500), rng.normal(0, 200)), each_s=15).stay(600, 60).go(AT_HOME, each_s=15)
        if rng.random() < 0.5:
            carer += [_beside(each) for each in other.sent[count:]]
    sent = _disturbed(rng, one.sent) + _disturbed(rng, other.sent) + carer
    sent += [resident(), square(300.0, name="r2", unit="u2", at_us=MONDAY_US)]
    sent += [square(900.0, name="r2", unit="u2", version=2, at_us=MONDAY_US + 15 * DAY)]
    sent += [sensed(MONDAY_US + 13 * DAY + i * 5 * HOUR, "hall-pir", "motion", unit="u1") for i in range(8)]
    sent.sort(key=lambda each: each.arrival_us)
    return tuple(_ticked(sent))


def _beside(each: Reading) -> Reading:
    at_us = each.event_us + 3 * SECOND
    return msgspec.structs.replace(each, device="carer", resident=None, event_us=at_us, end_us=at_us, arrival_us=at_us)


def _disturbed(rng: np.random.Generator, sent: Sequence[Reading]) -> list[Reading]:
    """Some come late, some twice, and an hour of them at once and in reverse."""
    late = [
        msgspec.structs.replace(each, arrival_us=each.arrival_us + int(rng.exponential(2e6)))
        if rng.random() < 0.1
        else each
        for each in sent
    ]
    at = int(rng.integers(len(late) // 2, len(late) - 20))
    heard_us = max(each.arrival_us for each in late[at : at + 20])
    burst = [msgspec.structs.replace(each, arrival_us=heard_us - i) for i, each in enumerate(late[at : at + 20])]
    return late[:at] + burst + late[at + 20 :]


def _ticked(sent: Sequence[Reading]) -> list[Reading]:
    items, now_us = list[Reading](), sent[0].arrival_us
    for each in sent:
        while each.arrival_us > now_us + 10 * MINUTE:
            now_us += 10 * MINUTE
            items.append(tick(now_us))
        items.append(each)
    return items


@cache
def undisturbed(seed: int) -> tuple[tuple[bytes, ...], bytes]:
    host = Host()
    found = host.update(stream(seed))
    assert host.errors == []
    return _bytes(found), host.snapshot()


def _bytes(found: Sequence[Finding]) -> tuple[bytes, ...]:
    return tuple(wire.encode(one) for one in found)


def _cuts(seed: int, count: int) -> list[int]:
    return sorted(np.random.default_rng(seed).choice(len(stream(seed)), count, replace=False).tolist())


def test_the_streams_tell_of_all_that_positions_can_tell() -> None:
    found = [wire.decode(one) for seed in SEEDS for one in undisturbed(seed)[0]]
    ours = [one for one in found if one.model.startswith(WHEREABOUTS)]
    codes = {reason.code for one in ours for reason in one.evidence.reasons}
    assert {reasons.LEFT_ZONE, reasons.OUT_AT_UNUSUAL_HOUR, reasons.NO_POSITION, reasons.COMPANION} <= codes
    assert {one.stage for one in ours} == {Stage.POSSIBLE, Stage.CONFIRMED, Stage.RECOVERED}
    assert {one.kind for one in ours} == {FindingKind.WANDERING}


@pytest.mark.parametrize("seed", SEEDS)
def test_batch_cuts_change_nothing(seed: int) -> None:
    host, found, start = Host(), list[Finding](), 0
    for end in [*_cuts(seed, 300), len(stream(seed))]:
        found += host.update(stream(seed)[start:end])
        start = end
    assert (_bytes(found), host.snapshot()) == undisturbed(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_takeover_at_any_moment_with_the_changed_homes_alone_changes_nothing(seed: int) -> None:
    host, found, shelf, start = Host(), list[Finding](), dict[str, UnitState](), 0
    for end in [*_cuts(seed, 60), len(stream(seed))]:
        found += host.update(stream(seed)[start:end])
        start = end
        shelf |= host.states(host.changed())
        clocks, host = host.clocks(), Host()
        assert host.take_over(clocks, shelf) == {}
    assert (_bytes(found), host.snapshot()) == undisturbed(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_message_that_comes_twice_and_a_clock_that_is_set_back_change_nothing(seed: int) -> None:
    rng, host, found, now_us = np.random.default_rng(seed), Host(), list[Finding](), 0
    for reading in stream(seed):
        found += host.update([reading])
        if reading.kind is ReadingKind.TICK:
            now_us = max(now_us, reading.event_us)
            if rng.random() < 0.2:
                found += host.update([tick(now_us - int(rng.choice([0, SECOND, 7 * HOUR])))])
        elif rng.random() < 0.3:
            found += host.update([msgspec.structs.replace(reading, arrival_us=reading.arrival_us + 1)])
    ours = [wire.decode(one) for one in undisturbed(seed)[0]]
    assert [(one.id, one.stage, one.update) for one in found] == [(one.id, one.stage, one.update) for one in ours]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("unit", ["u1", "u2"])
def test_what_happens_in_another_home_changes_nothing(seed: int, unit: str) -> None:
    alone = [each for each in stream(seed) if each.kind is ReadingKind.TICK or each.unit == unit]
    ours = [one for one in undisturbed(seed)[0] if wire.decode(one).unit == unit]
    assert list(_bytes(Host().update(alone))) == ours


@pytest.mark.parametrize("seed", SEEDS)
def test_it_says_by_itself_which_homes_have_changed(seed: int) -> None:
    host, start = Host(), 0
    before = host.whereabouts.states(["u1", "u2"])
    for end in [*_cuts(seed, 200), len(stream(seed))]:
        host.update(stream(seed)[start:end])
        start, after = end, host.whereabouts.states(["u1", "u2"])
        assert {unit for unit in ("u1", "u2") if before.get(unit) != after.get(unit)} <= host.whereabouts.changed
        before = after
        host.whereabouts.changed.clear()


def test_a_part_that_begins_anew_is_told_who_lives_there_and_their_zone() -> None:
    host = Host()
    host.update([square(300.0)])
    clocks, units = host.clocks(), host.states(host.units())
    units["u1"][WHEREABOUTS] = b"spoiled"
    other = Host()
    assert set(other.take_over(clocks, units)) == {WHEREABOUTS}
    other.begin_anew({WHEREABOUTS}, {"u1"}, "t")
    phone = Phone().stay(1800).go((700.0, 0.0))
    found = [one for one in other.update(phone.sent) if one.stage is Stage.CONFIRMED]
    assert [one.evidence.reasons[0].code for one in found] == [reasons.LEFT_ZONE]


# -- what wandering asks -----------------------------------------------------------------------------------------------


def _paced(companion: bool) -> list[Finding]:
    walk = lap(MONDAY_US + 12 * HOUR, 30, radius_m=40.0)
    along = [_beside(each) for each in walk] if companion else []
    return Host().update([resident(), *_ticked(sorted([*walk, *along], key=lambda each: each.arrival_us))])


def test_somebody_who_walks_along_calms_lapping() -> None:
    assert [one.evidence.reasons[0].code for one in _paced(False)] == [reasons.LAPPING]
    assert _paced(True) == []


def test_wandering_that_begins_anew_still_asks_who_walks_along() -> None:
    host = Host()
    host.take_over({}, {"u1": {WANDERING: b"spoiled"}})
    walk = lap(MONDAY_US + 12 * HOUR, 30, radius_m=40.0)
    both = sorted([*walk, *(_beside(each) for each in walk)], key=lambda each: each.arrival_us)
    assert host.update([resident(), *_ticked(both)]) == []


def test_the_door_at_night_and_the_phone_outside_are_two_findings_of_one_kind_and_person() -> None:
    """The desk makes one alert of them (tests.alerts.test_joining_whereabouts)."""
    phone = days(Phone(each_s=900.0, unit="u1"), 0, 2).until(2, 3)
    door = night_out(phone.at_us - 60 * SECOND, unit="u1")
    phone.go((500.0, 0.0))
    found = Host().update([resident(), *_ticked(sorted([*phone.sent, *door], key=lambda each: each.arrival_us)),
                           tick(phone.at_us + 10 * MINUTE)])  # fmt: skip
    told = [(one.model.split("-")[0], one.kind, one.resident) for one in found if one.stage is Stage.CONFIRMED]
    assert sorted(told) == [(name, FindingKind.WANDERING, "r1") for name in ("wandering", WHEREABOUTS)]


def test_a_position_without_a_place_in_degrees_is_no_leaving() -> None:
    inside = Phone().stay(600).sent
    metres = [
        msgspec.structs.replace(each, observations=(Observation("x", 900.0 * i), Observation("y", 3.0)))
        for i, each in enumerate(inside)
    ]
    assert [one for one in Host().update([square(100.0), *metres]) if one.model.startswith(WHEREABOUTS)] == []
