"""A telephone or watch with the app Sensor Logger, which publishes its samples in batches of JSON.

Of the same moment come several sensors: ``totalAcceleration`` with gravity, ``accelerometer`` without it, ``gravity``
alone, all in m/s² and one sample after the other, beside ``battery`` now and then. The rate wanders, times are the
phone's in nanoseconds, a little off. Batches are numbered within a session; over a bad network some are told twice and
some overtake each other. The phone does not know whether it is worn. Source: awesome-sensor-logger (message format).
"""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device_sim.forms.spoken import digest
from device_sim.play import Emission
from schemas import ids

#: Standard gravity, m/s² (CGPM 1901): what one g is.
_G = 9.80665
_SECOND_US = 1_000_000
BATCH_S = 1.0
#: From a batch's end to the broker, s.
_DELAY_S = 0.25
#: The clock is off by up to so much, s; each sample is dated so much off, s (Android's sensor service jitters).
_CLOCK_S, _JITTER_S = 1.5, 0.0015
#: Shares of batches that are told again, and that come behind the next one; the battery is told each so many batches.
_AGAIN_SHARE, _OVERTAKEN_SHARE, _BATTERY_EACH = 0.03, 0.03, 60
#: How quickly the app's estimate of gravity follows, a sample: a low pass of about a second at 50 Hz.
_FOLLOWS = 0.02


class SensorLogger:
    """One telephone, by the name that its owner gave it in the app (``device``), which no other has."""

    def __init__(self, device: str, seed: int) -> None:
        self.device, self.random = device, Random(f"sensor logger {seed}")
        self.session = digest(device, "session", 8)
        self.off_us = round(self.random.uniform(-_CLOCK_S, _CLOCK_S) * _SECOND_US)
        self.number = 0
        self.gravity: NDArray[np.float64] | None = None
        self.held: Emission | None = None

    @property
    def id(self) -> str:
        """The id by which the platform knows it (docs/devices.md)."""
        return ids.foreign_device("sensorlogger", digest(self.device, "app", 8))

    def batch(self, samples: NDArray[np.float64], at_us: int, period_us: float, battery: int) -> Iterator[Emission]:
        """Yield a batch: ``samples`` (n, 3) in g, the first at ``at_us``; what was overtaken comes behind it."""
        body = self._body(samples, at_us, period_us, battery)
        sent_us = at_us + round(len(samples) * period_us + _DELAY_S * _SECOND_US)
        emission = Emission(sent_us, f"sensorlogger/{self.device}", json.dumps(body).encode(), qos=0)
        if self.held is None and self.random.random() < _OVERTAKEN_SHARE:
            self.held = emission
            return
        yield emission
        if self.held is not None:
            yield Emission(sent_us + 10_000, self.held.topic, self.held.payload, qos=0)
            self.held = None
        if self.random.random() < _AGAIN_SHARE:
            yield Emission(sent_us + 20_000, emission.topic, emission.payload, qos=0)

    def _body(self, samples: NDArray[np.float64], at_us: int, period_us: float, battery: int) -> dict[str, Any]:
        told = []
        for number, sample in enumerate(samples):
            jitter_us = self.random.uniform(-_JITTER_S, _JITTER_S) * _SECOND_US
            time_ns = round((at_us + self.off_us + number * period_us + jitter_us) * 1000)
            gravity = sample if self.gravity is None else self.gravity + _FOLLOWS * (sample - self.gravity)
            self.gravity = gravity
            for name, values in (
                ("totalAcceleration", sample), ("accelerometer", sample - gravity), ("gravity", gravity),
            ):  # fmt: skip
                x, y, z = (round(float(value) * _G, 6) for value in values)
                told.append({"name": name, "time": time_ns, "values": {"z": z, "y": y, "x": x}})
        if self.number % _BATTERY_EACH == 0:
            level = {"batteryLevel": battery / 100, "batteryState": "unplugged", "lowPowerMode": False}
            told.append({"name": "battery", "time": round((at_us + self.off_us) * 1000), "values": level})
        self.number += 1
        named = {"messageId": self.number, "sessionId": self.session, "deviceId": digest(self.device, "app", 8)}
        return named | {"payload": told}
