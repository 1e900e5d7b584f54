"""A watcher that is killed and replays finds the same, to the byte, however the stream is cut into batches."""

import random
from collections.abc import Sequence

import pytest

from detectors.host import Host, UnitState
from ingest.snapshots import Head, Loaded
from ingest.watcher import Partition, restored
from schemas import finding
from schemas.finding import Finding, FindingKind, Stage
from schemas.reading import Reading, decode_batch, encode_batch
from tests.ingest.falls_in_stream import LIE_S, PEOPLE, START_US, frames, movement, stream, tick

CUTS = 1000
#: Each replay is killed about so often.
KILLS = 3


def told(host: Host, batch: Sequence[Reading]) -> list[Finding]:
    """Return what a batch makes the detectors find, through the bytes it travels in, as the watcher does it."""
    return host.update([reading for reading in decode_batch(encode_batch(list(batch))) if not reading.retain])


def cut(readings: Sequence[Reading], start: int, rng: random.Random) -> list[tuple[int, Sequence[Reading]]]:
    """Return the readings from ``start`` in batches of random length, each with the place behind it."""
    batches, most = [], rng.choice((1, 3, 10, 40, len(readings)))
    while start < len(readings):
        end = min(len(readings), start + rng.randint(1, most))
        batches.append((end, readings[start:end]))
        start = end
    return batches


def _first_confirmed(found: Finding) -> bool:
    return found.stage is Stage.CONFIRMED and not found.update


class Saved:
    """A partition's snapshot as the bucket holds it: of each unit what was saved when it last changed."""

    def __init__(self) -> None:
        self.head = Head(seq=0, writer="t")
        self.units: dict[str, UnitState] = {}

    def save(self, partition: Partition) -> None:
        """Save the units that changed."""
        host = partition.host
        self.units |= host.states(partition.changed | host.changed())
        self.units = {unit: state for unit, state in self.units.items() if state}
        partition.changed.clear()
        self.head = Head(seq=partition.seq, writer="t", ahead=dict(partition.ahead), clocks=host.clocks())

    def restored(self) -> Partition:
        """Return a new watcher's partition."""
        partition, refused = restored(0, Loaded(self.head, dict(self.units)))
        assert not refused
        return partition


def watched(readings: Sequence[Reading], rng: random.Random) -> tuple[list[bytes], bytes]:
    """Watch under random cuts, killed and started again from the last snapshot; return all findings, and the state."""
    said: dict[str, bytes] = {}
    saved = Saved()
    kills = rng.randint(0, KILLS)
    while True:
        partition = saved.restored()
        host, survives = partition.host, kills == 0
        for behind, batch in cut(readings, partition.seq, rng):
            for found in told(host, batch):
                data = finding.encode(found)
                assert said.setdefault(finding.message_id(found), data) == data, "a replay says it otherwise"
            partition.behind(behind)
            if rng.random() < 0.2:
                saved.save(partition)
            if not survives and rng.random() < 0.15:
                break
        else:
            assert host.errors == []
            return list(said.values()), host.snapshot()
        kills -= 1


@pytest.mark.timeout(600)  # half a minute of CPU: on a crowded machine more than the usual two minutes
def test_byte_equal_over_a_thousand_random_cuts_with_kills_and_config_in_the_middle() -> None:
    readings = stream()
    wanted, state = watched(readings, random.Random(-1))
    kinds = [each.kind for each in map(finding.decode, wanted) if each.stage is Stage.CONFIRMED]
    assert sorted(kinds) == [FindingKind.FALL] * len(PEOPLE) + [FindingKind.SOS]
    for seed in range(CUTS):
        assert watched(readings, random.Random(seed)) == (wanted, state), f"seed {seed}"


def test_when_a_finding_was_heard_is_the_arrival_of_what_completed_it() -> None:
    readings = stream()
    arrivals = {reading.arrival_us for reading in readings}
    for batch in (readings, *([reading] for reading in readings)):
        assert all(found.heard_us in arrivals for found in told(Host(), batch))
    falls = [found for found in told(Host(), readings) if _first_confirmed(found) and found.resident == "wang"]
    # 4 s after the impact at some 4.5 s, in frames of a second: nothing of the 9 s of lying is waited for in vain.
    assert [found.heard_us < START_US + int((4 + LIE_S) * 1e6) for found in falls] == [True]


@pytest.mark.parametrize("damage", [b"", b"\xc1", b"\x93\x01\x90\x90"])
def test_a_part_whose_state_cannot_be_read_is_said_and_begins_anew_alone(
    damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    host = Host()
    told(host, stream()[:400])
    units = host.states(host.units())
    units["home-1"]["fall"] = damage
    partition, refused = restored(3, Loaded(Head(seq=9, writer="t", clocks=host.clocks()), units))
    assert refused == {"fall"}
    assert partition.host.fall.snapshot() == Host().fall.snapshot()
    assert partition.host.inactivity.snapshot() == host.inactivity.snapshot()
    assert "Partition 03: fall starts fresh" in caplog.text


def test_read_again_from_before_the_impact_the_same_fall_is_found_under_the_same_id() -> None:
    walked_s = 20.0
    readings = frames("home-1", "wang", movement(1, walked_s))
    readings.append(tick(readings[-1].arrival_us + 60_000_000))
    later = [reading for reading in readings if reading.event_us > START_US + 10_000_000]
    [whole], [again] = (list(filter(_first_confirmed, told(Host(), each))) for each in (readings, later))
    assert finding.encode(again) == finding.encode(whole)
