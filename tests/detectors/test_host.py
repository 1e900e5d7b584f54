"""The host: who is asked about which reading, what a button press becomes, and whose errors are whose."""

from dataclasses import dataclass

import pytest

from detectors.host import Host
from schemas.finding import FindingKind, Stage
from schemas.ids import finding_id
from schemas.reading import Reading, ReadingKind
from tests.detectors import signals
from tests.detectors.signals import START_US


@dataclass(frozen=True)
class Press:
    resident: str | None = "r1"
    unit: str | None = "u1"
    event: str = "sos"
    retain: bool = False
    seq: int = 7

    def reading(self) -> Reading:
        return Reading(
            kind=ReadingKind.EVENT, arrival_us=START_US + 5, event_us=START_US, end_us=START_US, device="pendant",
            unit=self.unit, resident=self.resident, boot=3, seq=self.seq, retain=self.retain, events=(self.event,),
        )  # fmt: skip


def test_a_button_press_is_a_certain_finding_at_once() -> None:
    reading = Press().reading()
    (sos,) = Host().update([reading])
    assert (sos.kind, sos.stage, sos.score, sos.event_us) == (FindingKind.SOS, Stage.CONFIRMED, 1.0, START_US)
    assert sos.id == finding_id("u1", "r1", FindingKind.SOS, reading.key)
    assert sos.anchor == reading.key


def test_a_fall_that_a_device_found_is_a_finding_of_the_device() -> None:
    (fall,) = Host().update([Press(event="fall").reading()])
    assert (fall.kind, fall.stage, fall.model) == (FindingKind.FALL, Stage.CONFIRMED, "device")
    assert 0 < fall.score < 1


@pytest.mark.parametrize(
    "press",
    [
        Press(unit=None, resident=None, event="fall"),
        Press(retain=True),
        Press(event="button"),
        Press(event="sos_ended"),
    ],
)
def test_what_is_retained_or_no_alarm_or_a_fall_of_nobody_raises_nothing(press: Press) -> None:
    assert Host().update([press.reading()]) == []


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("sos", FindingKind.SOS),
        ("fall", FindingKind.FALL),
        ("smoke", FindingKind.SMOKE),
        ("carbon_monoxide", FindingKind.GAS),
        ("water_leak", FindingKind.WATER_LEAK),
    ],
)
def test_what_hangs_at_a_place_speaks_for_its_unit(event: str, kind: FindingKind) -> None:
    (found,) = Host().update([Press(resident=None, event=event).reading()])
    assert (found.kind, found.unit, found.resident) == (kind, "u1", "u1")


@pytest.mark.parametrize(
    ("event", "told"), [("sos", True), ("smoke", True), ("gas", True), ("fall", False), ("water_leak", False)]
)
def test_a_device_that_nobody_has_is_watched_for_a_call_smoke_and_gas_only(event: str, told: bool) -> None:
    found = Host().update([Press(unit=None, resident=None, event=event).reading()])
    assert [(one.unit, one.resident) for one in found] == [("unbound", "pendant")] * told


def test_a_press_that_comes_twice_is_told_once_and_another_press_again() -> None:
    host = Host()
    found = host.update([Press().reading(), Press().reading(), Press(seq=8).reading()])
    assert len({one.id for one in found}) == len(found) == 2
    fresh = Host()
    fresh.restore(host.snapshot())
    assert fresh.update([Press().reading()]) == []


def test_a_fall_in_frames_is_found_through_readings_and_ticks() -> None:
    frames = signals.readings(signals.worn(signals.fall_story(after_s=0.7)))
    host = Host()
    assert [one.stage for one in host.update(frames)] in ([], [Stage.POSSIBLE])
    due = host.due()
    assert due is not None
    (fall,) = host.update([signals.tick(due)])
    assert fall.kind is FindingKind.FALL


def test_a_frame_that_does_not_decode_is_an_error_and_the_rest_goes_on() -> None:
    frames = signals.readings(signals.worn(signals.fall_story()))
    broken = Reading(
        kind=ReadingKind.FRAME, arrival_us=1, event_us=1, end_us=1, device="x", unit="u1", resident="r9", boot=1, seq=1,
        payload=b"CIM1 and then nothing",
    )  # fmt: skip
    host = Host()
    found = host.update([broken, *frames])
    assert [one.stage for one in found] == [Stage.POSSIBLE, Stage.CONFIRMED]
    assert [key for key, _ in host.errors] == [broken.key]


def test_readings_of_nobody_are_ignored() -> None:
    (frame, *_) = signals.readings(signals.worn(signals.standing(2)))
    host = Host()
    status = Reading(kind=ReadingKind.STATUS, arrival_us=1, event_us=1, end_us=1, device="x")
    nobody = Reading(
        kind=ReadingKind.FRAME, arrival_us=1, event_us=1, end_us=1, device="x", unit="u1", payload=frame.payload
    )
    assert host.update([status, nobody]) == []
    assert host.errors == []
    assert host.fall.wearers == {}
