"""One detector's state is spoiled at a random moment: it begins anew, and the others find what they always would."""

import random
from collections.abc import Sequence
from functools import cache

import pytest
from msgspec.structs import replace

from detectors.host import CLAIMS, EVERYDAY, FALL, INACTIVITY, MEETING, PARTS, WANDERING, WHEREABOUTS, Host
from detectors.meeting import MODEL as MET
from detectors.routine import DAY_US, HOUR_US, MINUTE_US
from detectors.whereabouts import MODEL as ELSEWHERE
from ingest.snapshots import Head, Loaded
from ingest.watcher import REBUILD_SECONDS, Partition, anew_after, restored
from schemas import finding
from schemas.finding import Finding, FindingKind
from schemas.reading import Reading, ReadingKind
from tests.detectors import goings, wanders
from tests.detectors.homes import MIDNIGHT_US
from tests.ingest.falls_in_stream import START_US, stream, tick
from tests.ingest.homes_in_stream import motion, week

#: Of each spoiled part.
SEEDS = 8
PART_OF = {
    FindingKind.INACTIVITY: INACTIVITY,
    FindingKind.WANDERING: WANDERING,
    FindingKind.SOS: CLAIMS,
    FindingKind.FALL: FALL,
}
PART_OF_MODEL = {MET: MEETING, "device": CLAIMS, ELSEWHERE: WHEREABOUTS}


@cache
def day() -> tuple[Sequence[Reading], int]:
    """Return a partition's readings in the order of arrival, and where their last night begins.

    One home lives for days; in the last night somebody wanders and another leaves a drawn zone, in the morning three
    fall, and the home stays silent. Beside, a watch and a radar both suspect a fall.
    """
    morning_us = START_US - 8 * HOUR_US - MIDNIGHT_US - 2 * DAY_US
    found = [_later(motion(sign), morning_us) for sign in week(count=3, until_h=6.0)]
    first_us = found[0].arrival_us
    found += stream()
    found += [_suspects("watch-sun", "sun", 0), _suspects("radar", None, 20), _suspects("watch-sun", "sun", 700)]
    found += [tick(each) if isinstance(each, int) else each for each in wanders.story()]
    found += [goings.square(300.0, name="r7", unit="u7", at_us=wanders.NIGHT_US)]
    walk = goings.Phone(wanders.NIGHT_US + 60 * 1_000_000, resident="r7", unit="u7", each_s=60.0).stay(1800)
    found += walk.go((700.0, 0.0), each_s=20.0).stay(1800).go((0.0, 0.0), each_s=20.0).stay(1800).sent
    found += wanders.rooms(wanders.NIGHT_US + 1700 * 1_000_000, 60)
    found += [tick(at_us) for at_us in range(first_us, START_US + 20 * HOUR_US, 5 * MINUTE_US)]
    found.sort(key=lambda reading: reading.arrival_us)
    night = next(i for i, reading in enumerate(found) if reading.arrival_us >= wanders.NIGHT_US)
    return found, night


def _suspects(device: str, resident: str | None, after_s: int) -> Reading:
    at_us = START_US + (2 + after_s) * 1_000_000 + 5
    place = None if resident else "home-9-hall"
    return Reading(
        kind=ReadingKind.EVENT, arrival_us=at_us, event_us=at_us, end_us=at_us, device=device, unit="home-9",
        resident=resident, place=place, boot=1, seq=after_s, events=("fall_suspected",),
    )  # fmt: skip


def _later(reading: Reading, by_us: int) -> Reading:
    return replace(
        reading,
        arrival_us=reading.arrival_us + by_us,
        event_us=reading.event_us + by_us,
        end_us=reading.end_us + by_us,
        payload=b"",
    )


def said_by(found: Sequence[Finding]) -> dict[str, list[bytes]]:
    """Return what each part said, without repetitions."""
    said: dict[str, dict[str, bytes]] = {part: {} for part in PARTS}
    for each in found:
        part = PART_OF_MODEL.get(each.model) or PART_OF[each.kind]
        said[part][finding.message_id(each)] = finding.encode(each)
    return {part: list(of_part.values()) for part, of_part in said.items()}


@cache
def undisturbed() -> tuple[dict[str, list[bytes]], dict[str, bytes]]:
    readings, _ = day()
    host = Host()
    return said_by(host.update(readings)), state_of(host)


def state_of(host: Host) -> dict[str, bytes]:
    """Return what each part holds at the end."""
    units = host.states(host.units())
    return {part: b"".join(units[unit].get(part, b"") for unit in sorted(units)) for part in PARTS}


def test_every_detector_has_something_to_say_on_this_day() -> None:
    silent = {part for part, said in undisturbed()[0].items() if not said}
    assert silent == {EVERYDAY}, "a habit takes ten days to be known: it is here for its state alone"


def spoil(partition: Partition, readings: Sequence[Reading], part: str) -> Partition:
    """Return what a new watcher makes of the partition's snapshot when one part's state of one unit is broken."""
    host = partition.host
    units = host.states(host.units())
    keeps = sorted(unit for unit in units if part in units[unit])
    units[keeps[0]][part] = b"\xc1"
    head = Head(seq=partition.seq, writer="t", ahead=dict(partition.ahead), clocks=host.clocks())
    fresh, refused = restored(0, Loaded(head, units))
    assert refused == {part}
    since_us = readings[partition.seq - 1].arrival_us - REBUILD_SECONDS * 1_000_000
    before = next(i for i, reading in enumerate(readings) if reading.arrival_us >= since_us)
    anew_after(fresh, refused, before)
    return fresh


@pytest.mark.parametrize("part", sorted(PARTS))
@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_others_say_what_they_always_would_to_the_byte(part: str, seed: int) -> None:
    rng = random.Random(f"{part} {seed}")
    readings, night = day()
    partition = Partition(Host())
    found: list[Finding] = list(partition.host.update(readings[:night]))
    partition.behind(night)
    spoils = sorted(rng.randrange(night + 50, len(readings)) for _ in range(3))
    while partition.seq < len(readings):
        seq = partition.seq + 1
        found += partition.host.update(readings[seq - 1 : seq], partition.behind(seq))
        keeps = any(part in state for state in partition.host.states(partition.host.units()).values()) if spoils else 0
        if spoils and seq >= spoils[0] and keeps and not partition.ahead:
            spoils.pop(0)
            partition = spoil(partition, readings, part)
    assert len(spoils) < 3, "nothing was spoiled"
    # What is met was found by the others: where one of them begins anew, it may have less to hear.
    others = PARTS - {part} - ({MEETING} if part != WANDERING else set())
    said, state = said_by(found), state_of(partition.host)
    wanted, wanted_state = undisturbed()
    assert {name: said[name] for name in others} == {name: wanted[name] for name in others}
    assert {name: state[name] for name in others} == {name: wanted_state[name] for name in others}


@pytest.mark.parametrize("seed", range(3))
def test_a_unit_that_is_not_said_to_have_changed_has_not(seed: int) -> None:
    """Only what is said to have changed is saved: a unit left out would be another one after a restart."""
    rng = random.Random(seed)
    readings, night = day()
    quiet = [START_US + 13 * HOUR_US + minutes * MINUTE_US for minutes in (0, 30, 60)]
    later = [tick(at_us) for at_us in (*quiet, *(quiet[-1] + days * DAY_US for days in (2, 9, 45, 46)))]
    host = Host()
    host.update(readings[:night])
    saved = host.states(host.changed())
    for reading in [*readings[night:], *later]:
        host.update([reading])
        if reading.kind is ReadingKind.TICK or rng.random() < 0.1:
            saved |= host.states(host.changed())
            saved = {unit: state for unit, state in saved.items() if state}
            assert saved == host.states(host.units())
    assert INACTIVITY not in saved.get("u1", {}), "the silent home was not forgotten"
