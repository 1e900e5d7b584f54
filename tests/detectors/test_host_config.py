"""What config in the stream does to the detectors: absence and sensitivity are known, a rebound device begins anew."""

from collections.abc import Iterable

import msgspec
import pytest

from detectors.host import FALL, Host
from schemas.config import Config, DeviceConfig, ResidentConfig, Sensitivity, config_of, config_reading
from schemas.errors import BadPayload
from schemas.finding import Stage
from schemas.mobility import Mobility
from schemas.places import Binding
from schemas.reading import Reading, ReadingKind
from tests.detectors import signals
from tests.detectors.signals import START_US

SECOND = 1_000_000
FRAMES = signals.readings(signals.worn(signals.fall_story(after_s=0.7)))
OWNER = FRAMES[0]


def said(config: Config, at_us: int = START_US) -> Reading:
    return config_reading(config, at_us, at_us)


def resident(version: int, **fields: object) -> ResidentConfig:
    return msgspec.structs.replace(ResidentConfig(resident="r1", unit="u1", version=version), **fields)


def device(bindings: Iterable[Binding]) -> DeviceConfig:
    return DeviceConfig(device=OWNER.device, unit=OWNER.unit or "", bindings=tuple(bindings))


def binding(resident: str | None, start_us: int, end_us: int | None, position: str | None) -> Binding:
    return Binding(
        device=OWNER.device,
        unit=OWNER.unit or "",
        start_us=start_us,
        end_us=end_us,
        resident=resident,
        position=position,
    )


@pytest.mark.parametrize("config", [resident(3, absent_until_us=9), device([binding("r1", 0, 5, "wrist")])])
def test_a_config_comes_out_of_its_reading_as_it_went_in(config: Config) -> None:
    assert config_of(said(config)) == config


def test_an_absence_lasts_until_its_end_by_the_streams_clock_and_others_are_here() -> None:
    host = Host()
    host.update([said(resident(1, absent_until_us=START_US + 60 * SECOND))])
    assert host.absent("u1", "r1", START_US + 59 * SECOND)
    assert not host.absent("u1", "r1", START_US + 60 * SECOND)
    assert not host.absent("u1", "r2", START_US)
    host.update([said(resident(2))])
    assert not host.absent("u1", "r1", START_US)


def test_an_older_version_changes_nothing_and_the_same_again_neither() -> None:
    host = Host()
    keen = resident(2, sensitivity=Sensitivity.KEENER)
    host.update([said(keen), said(resident(1, sensitivity=Sensitivity.CALMER)), said(keen)])
    assert host.sensitivity("u1", "r1") is Sensitivity.KEENER
    assert host.sensitivity("u1", "r2") is Sensitivity.NORMAL


def test_what_is_said_again_each_minute_changes_nothing_to_the_byte() -> None:
    host = Host()
    host.update([said(resident(1, absent_until_us=START_US + 60 * SECOND)), *FRAMES])
    before = host.snapshot()
    assert host.update([said(resident(1, absent_until_us=START_US + 60 * SECOND), START_US + 9 * SECOND)]) == []
    assert host.snapshot() == before


def test_who_left_the_unit_is_forgotten_there() -> None:
    host = Host()
    host.update([said(resident(1, sensitivity=Sensitivity.KEENER)), said(resident(2, here=False))])
    assert host.sensitivity("u1", "r1") is Sensitivity.NORMAL


def test_how_somebody_gets_about_reaches_the_fall_detector_at_its_place_in_the_stream() -> None:
    host = Host()
    assert host.fall.mobility("u1", "r1") is Mobility.UNKNOWN
    host.update([said(resident(2, mobility=Mobility.WHEELCHAIR)), said(resident(1, mobility=Mobility.WALKS))])
    assert host.fall.mobility("u1", "r1") is Mobility.WHEELCHAIR
    assert host.fall.mobility("u2", "r1") is Mobility.UNKNOWN
    host.update([said(resident(3, mobility=Mobility.FRAME))])
    assert host.fall.mobility("u1", "r1") is Mobility.FRAME
    host.update([said(resident(4, here=False, mobility=Mobility.FRAME))])
    assert host.fall.mobility("u1", "r1") is Mobility.UNKNOWN
    assert host.fall.units() == {"u1"}  # that they left is remembered: an older word must not bring them back


def test_how_somebody_gets_about_outlives_a_restart_and_a_fall_detector_that_begins_anew() -> None:
    host, fresh = Host(), Host()
    host.update([said(resident(1, mobility=Mobility.BEDBOUND))])
    assert "u1" in host.changed()
    fresh.restore(host.snapshot())
    assert fresh.fall.mobility("u1", "r1") is Mobility.BEDBOUND
    assert fresh.snapshot() == host.snapshot()
    state = host.states(host.units())
    state["u1"][FALL] = b"of another version"
    other = Host()
    refused = other.take_over(host.clocks(), state)
    assert set(refused) == {FALL}
    other.begin_anew(refused, other.units(), "seq 1")
    assert other.fall.mobility("u1", "r1") is Mobility.BEDBOUND


def test_config_outlives_a_restart() -> None:
    host, fresh = Host(), Host()
    host.update([said(resident(1, sensitivity=Sensitivity.CALMER))])
    fresh.restore(host.snapshot())
    assert fresh.sensitivity("u1", "r1") is Sensitivity.CALMER
    assert fresh.snapshot() == host.snapshot()


def test_a_rebound_device_leaves_nothing_in_the_former_wearers_buffer_and_a_fall_on_its_way_is_still_found() -> None:
    host = Host()
    assert [one.stage for one in host.update(FRAMES)] == [Stage.POSSIBLE]  # the seconds after the fall have not come
    over = binding(OWNER.resident, 0, START_US + 3600 * SECOND, OWNER.position)
    nobodys = device([msgspec.structs.replace(over, resident="somebody else")])
    assert host.update([said(device([over]))]) == []  # nothing of what is kept changed hands
    (fall,) = host.update([said(nobodys, FRAMES[-1].arrival_us)])
    assert fall.stage is Stage.CONFIRMED
    assert (fall.kind, fall.resident, fall.heard_us) == ("fall", OWNER.resident, FRAMES[-1].arrival_us)
    (wearer,) = host.fall.wearers.values()
    assert wearer.traces[OWNER.device].held == []
    assert host.due() is None
    assert host.update([said(nobodys)]) == []


def test_another_position_of_the_same_wearer_begins_anew_too() -> None:
    host = Host()
    host.update(FRAMES)
    half_us = FRAMES[2].event_us
    now = [binding(OWNER.resident, 0, half_us, "hip"), binding(OWNER.resident, half_us, None, OWNER.position)]
    host.update([said(device(now))])
    (wearer,) = host.fall.wearers.values()
    assert [held.frame.event_us for held in wearer.traces[OWNER.device].held] == [f.event_us for f in FRAMES[2:]]


def test_a_config_that_is_not_understood_is_an_error_and_stops_nothing() -> None:
    broken = Reading(kind=ReadingKind.CONFIG, arrival_us=1, event_us=1, end_us=1, unit="u1", payload=b"\xc1")
    with pytest.raises(BadPayload):
        config_of(broken)
    host = Host()
    assert host.update([broken, *FRAMES, signals.tick(FRAMES[-1].event_us + 60 * SECOND)])
    assert [key for key, _ in host.errors] == [broken.key]
