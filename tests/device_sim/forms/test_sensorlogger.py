"""What a telephone with Sensor Logger publishes of known samples, and what the platform makes of it."""

import json
from itertools import pairwise

import numpy as np
import pytest

from device_sim.forms.sensorlogger import SensorLogger, System
from device_sim.play import Emission
from ingest.decoders.families import Families
from ingest.decoders.message import RawMessage
from schemas import frame
from schemas.reading import ReadingKind
from tests.device_sim.forms.home import START_US

RATE = 50
PERIOD_US = 1e6 / RATE


def sent(system: System = System.ANDROID, seconds: int = 120, off_us: int | None = None) -> list[Emission]:
    """A device that lies still, and is shaken in the 60th second."""
    app, found = SensorLogger("mark-phone", 5, system, off_us), list[Emission]()
    for second in range(seconds):
        samples = np.tile([0.0, 0.6, 0.8], (RATE, 1))
        if second == 60:
            samples = samples * 2.5
        found += app.batch(samples, START_US + second * 1_000_000, PERIOD_US, 71)
    return found


def test_batches_are_numbered_and_some_overtake_each_other_come_twice_or_are_lost() -> None:
    told = sent(seconds=500)
    numbers = [json.loads(each.payload)["messageId"] for each in told]
    assert all(one.at_us <= other.at_us for one, other in pairwise(told))
    assert any(one > other for one, other in pairwise(numbers)), "overtaken"
    assert len(numbers) > len(set(numbers)), "told twice"
    assert 485 <= len(set(numbers)) < 500, "lost"
    assert {each.qos for each in told} == {0}


def test_each_moment_is_told_with_gravity_without_it_and_gravity_alone_in_metres() -> None:
    told = json.loads(sent()[3].payload)["payload"]
    by_name = {each["name"]: each["values"] for each in told[:3]}
    assert by_name["totalacceleration"] == {"x": 0.0, "y": 5.88399, "z": 7.84532}
    assert by_name["accelerometer"] == {"x": 0.0, "y": 0.0, "z": 0.0}
    assert by_name["gravity"]["z"] == 7.84532


#: What each system tells of a moment at rest: the name of a sensor, and what of it points down (0.8 g).
AT_REST = {
    System.ANDROID: {"totalacceleration": 7.84532, "accelerometer": 0.0, "gravity": 7.84532},
    System.IPHONE: {"accelerometer": 0.0, "gravity": -7.84532},
    System.IPHONE_UNCALIBRATED: {"accelerometeruncalibrated": -0.8, "accelerometer": 0.0, "gravity": -7.84532},
    System.APPLE_WATCH: {"wrist motion": -0.8},
}


@pytest.mark.parametrize("system", list(System))
def test_each_system_tells_its_own_sensors_in_its_own_units_and_signs(system: System) -> None:
    batches = [json.loads(each.payload)["payload"] for each in sent(system)]
    moved = ("battery", "location", "heart rate")
    told = {each["name"]: each["values"] for each in batches[2] if each["name"] not in moved}
    down = {name: values.get("z", values.get("gravityZ")) for name, values in told.items()}
    assert down == AT_REST[system]
    others = {each["name"] for batch in batches for each in batch} - set(down)
    assert others == (
        {"battery", "location", "heart rate"} if system is System.APPLE_WATCH else {"battery", "location"}
    )


def test_a_clock_may_be_off_by_minutes_and_an_android_telephone_skips_samples() -> None:
    first = json.loads(sent(off_us=-180_000_000)[0].payload)["payload"][0]
    assert abs(first["time"] / 1000 - START_US + 180_000_000) < 3000
    counts = [sum(one["name"] == "gravity" for one in json.loads(each.payload)["payload"]) for each in sent()]
    assert min(counts) < RATE == max(counts)


@pytest.mark.parametrize("system", list(System))
def test_the_platform_makes_frames_of_it_with_every_sample_once_and_knows_the_shake(system: System) -> None:
    families, framed = Families(trees=("",)), dict[str, frame.Frame]()  # a repetition has the same key
    for each in sent(system):
        for told in families.decode(RawMessage(each.topic, each.payload, False, each.at_us)):
            assert told.entry is None
            assert {reading.device for reading in told.readings} <= {SensorLogger("mark-phone", 0).id}
            framed |= {one.key: frame.decode(one.payload) for one in told.readings if one.kind is ReadingKind.FRAME}
    blocks = framed.values()
    loudest = max(float(np.linalg.norm(block.samples, axis=1).max()) * block.accel_scale for block in blocks)
    assert 2.4 < loudest < 2.6
    assert {round(block.rate_hz) for block in blocks} <= {RATE - 1, RATE, RATE + 1}, "short pieces jitter"
    assert sum(block.n for block in blocks) <= 120 * RATE
    assert sum(block.n for block in blocks) > 114 * RATE
