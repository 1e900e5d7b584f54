"""What a telephone with Sensor Logger publishes of known samples, and what the platform makes of it."""

import json
from itertools import pairwise

import numpy as np

from device_sim.forms.sensorlogger import SensorLogger
from device_sim.play import Emission
from ingest.decoders.families import Families
from ingest.decoders.message import RawMessage
from schemas import frame
from schemas.reading import ReadingKind
from tests.device_sim.forms.home import START_US

RATE = 50
PERIOD_US = 1e6 / RATE


def sent(seconds: int = 120, seed: int = 5) -> list[Emission]:
    """A device that lies still, and is shaken in the 60th second."""
    app, found = SensorLogger("mark-phone", seed), list[Emission]()
    for second in range(seconds):
        samples = np.tile([0.0, 0.6, 0.8], (RATE, 1))
        if second == 60:
            samples = samples * 2.5
        found += app.batch(samples, START_US + second * 1_000_000, PERIOD_US, 71)
    return found


def test_batches_are_numbered_and_some_overtake_each_other_or_come_twice() -> None:
    numbers = [json.loads(each.payload)["messageId"] for each in sent()]
    assert all(one.at_us <= other.at_us for one, other in pairwise(sent()))
    assert any(one > other for one, other in pairwise(numbers)), "overtaken"
    assert len(numbers) > len(set(numbers)) >= 119, "told twice; the last one may have been overtaken for ever"


def test_each_moment_is_told_with_gravity_without_it_and_gravity_alone_in_metres() -> None:
    told = json.loads(sent()[3].payload)["payload"]
    by_name = {each["name"]: each["values"] for each in told[:3]}
    assert by_name["totalAcceleration"] == {"x": 0.0, "y": 5.88399, "z": 7.84532}
    assert by_name["accelerometer"] == {"x": 0.0, "y": 0.0, "z": 0.0}
    assert by_name["gravity"]["z"] == 7.84532


def test_the_platform_makes_frames_of_it_with_every_sample_once_and_knows_the_shake() -> None:
    families, framed = Families(trees=("",)), dict[str, frame.Frame]()  # a repetition has the same key
    for each in sent():
        for told in families.decode(RawMessage(each.topic, each.payload, False, each.at_us)):
            assert told.entry is None
            assert {reading.device for reading in told.readings} <= {SensorLogger("mark-phone", 0).id}
            framed |= {one.key: frame.decode(one.payload) for one in told.readings if one.kind is ReadingKind.FRAME}
    blocks = framed.values()
    loudest = max(float(np.linalg.norm(block.samples, axis=1).max()) * block.accel_scale for block in blocks)
    assert 2.4 < loudest < 2.6
    assert {round(block.rate_hz) for block in blocks} == {RATE}
    assert sum(block.n for block in blocks) <= 120 * RATE
    assert sum(block.n for block in blocks) > 117 * RATE
