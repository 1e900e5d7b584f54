"""A telephone or watch with the app Sensor Logger, which publishes its samples in batches of JSON at QoS 0.

What it tells depends on the system (awesome-sensor-logger: UNITS, COORDINATES, CROSSPLATFORM, SAMPLING, PUSHING):

- Android: ``totalacceleration`` with gravity, ``accelerometer`` without it, ``gravity``, in m/s2; samples are skipped.
- an iPhone: ``accelerometer`` and ``gravity`` alone, in m/s2, of the opposite sign; nothing has gravity in it.
- an iPhone that also tells the uncalibrated sensor: that in g, of the opposite sign, beside the two others.
- an Apple Watch: ``wrist motion``, both parts in one entry, in g, of the opposite sign; the pulse besides.

Of the same moment come several sensors, beside ``battery`` and ``location`` now and then. Times are the phone's in
nanoseconds, a little off. Batches are numbered within a session; over a bad network some are lost, some are told twice
(the app never does; a bridge between brokers at QoS 1 does) and some overtake each other. It does not know whether it
is worn.
"""

import json
from collections.abc import Iterator
from enum import StrEnum
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
#: Shares of batches that are told again, that come behind the next one, and that are lost.
_AGAIN_SHARE, _OVERTAKEN_SHARE, _LOST_SHARE = 0.03, 0.03, 0.005
#: The battery, a position and a watch's pulse are told each so many batches.
_BATTERY_EACH, _LOCATION_EACH, _PULSE_EACH = 60, 10, 5
#: Share of an Android telephone's samples that are missing: gaps of 5 ms that vary by 0.36 ms, as SAMPLING.md has them
#: of common ones, are one gap in 200 twice as long.
_SKIPPED_SHARE = 0.005
#: Where the phone says it is: a place in the sea, where nobody lives; and how wrong, m.
_AT, _WRONG_M = (30.0, 123.5), (5.0, 30.0)
_PULSE = (64, 82)
#: How quickly the app's estimate of gravity follows, a sample: a low pass of about a second at 50 Hz.
_FOLLOWS = 0.02


class System(StrEnum):
    """What the app runs on, as it leaves its settings when it is new (*Standardise Units & Frames* is off)."""

    ANDROID = "android"
    IPHONE = "iphone"
    IPHONE_UNCALIBRATED = "iphone, uncalibrated"
    APPLE_WATCH = "apple watch"


class SensorLogger:
    """One telephone, by the name that its owner gave it in the app (``device``), which no other has.

    ``off_us``: its clock is off by so much; None: by a second or two, as its seed will have it.
    """

    def __init__(self, device: str, seed: int, system: System = System.ANDROID, off_us: int | None = None) -> None:
        self.system, self.device, self.random = system, device, Random(f"sensor logger {seed}")
        self.session = digest(device, "session", 8)
        drawn_us = round(self.random.uniform(-_CLOCK_S, _CLOCK_S) * _SECOND_US)
        self.off_us = drawn_us if off_us is None else off_us
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
        if self.random.random() < _LOST_SHARE:
            return
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
            gravity = sample if self.gravity is None else self.gravity + _FOLLOWS * (sample - self.gravity)
            self.gravity = gravity
            if self.system is System.ANDROID and self.random.random() < _SKIPPED_SHARE:
                continue
            time_ns = round((at_us + self.off_us + number * period_us + jitter_us) * 1000)
            told += [{"name": name, "time": time_ns, "values": values} for name, values in self._of(sample, gravity)]
        others = self._others(battery)
        told += [{"name": name, "time": round((at_us + self.off_us) * 1000), "values": each} for name, each in others]
        self.number += 1
        named = {"messageId": self.number, "sessionId": self.session, "deviceId": digest(self.device, "app", 8)}
        return named | {"payload": told}

    def _of(self, sample: NDArray[np.float64], gravity: NDArray[np.float64]) -> Iterator[tuple[str, dict[str, float]]]:
        """Yield the sensors of one moment, as the system gives them."""
        moved = sample - gravity
        if self.system is System.APPLE_WATCH:
            yield "wrist motion", _xyz(-moved, "acceleration{}") | _xyz(-gravity, "gravity{}")
            return
        sign = _G if self.system is System.ANDROID else -_G
        if self.system is System.ANDROID:
            yield "totalacceleration", _xyz(sign * sample)
        if self.system is System.IPHONE_UNCALIBRATED:
            yield "accelerometeruncalibrated", _xyz(-sample)
        yield "accelerometer", _xyz(sign * moved)
        yield "gravity", _xyz(sign * gravity)

    def _others(self, battery: int) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield what else is told in this batch."""
        if self.number % _BATTERY_EACH == 0:
            yield "battery", {"batteryLevel": battery / 100, "batteryState": "unplugged", "lowPowerMode": False}
        if self.number % _LOCATION_EACH == 0:
            wrong_m = round(self.random.uniform(*_WRONG_M), 1)
            lat, lon = _AT
            yield "location", {"latitude": lat, "longitude": lon, "horizontalAccuracy": wrong_m, "bearing": -1}
        if self.system is System.APPLE_WATCH and self.number % _PULSE_EACH == 0:
            yield "heart rate", {"bpm": self.random.randint(*_PULSE)}


def _xyz(values: NDArray[np.float64], name: str = "") -> dict[str, float]:
    """Return three values by their axes: x, y, z, or X, Y, Z put into a name."""
    x, y, z = (round(float(value), 6) for value in values)
    if name:
        return {name.format("X"): x, name.format("Y"): y, name.format("Z"): z}
    return {"z": z, "y": y, "x": x}
