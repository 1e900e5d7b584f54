"""A phone with OwnTracks: "move" mode on the way, a ping now and then at home. Source: OwnTracks' booklet, JSON."""

import json
from collections.abc import Iterator
from typing import ClassVar

from device_sim.forms.positions import Fix, Tracker
from device_sim.play import Emission
from schemas import ids

_SECOND_US = 1_000_000
#: How long a fix takes to the broker, s.
DELAY_S = 0.8


class OwnTracks(Tracker):
    """Its position is remembered by the broker, as OwnTracks does by itself."""

    moving_s: ClassVar[float] = 10.0
    home_s: ClassVar[float] = 1800.0

    @property
    def id(self) -> str:
        """The id by which the platform knows it."""
        return ids.foreign_device("owntracks", self.user, self.device)

    def say(self, fix: Fix) -> Iterator[Emission]:
        """Yield a message of type ``location``."""
        body = {
            "_type": "location",
            "acc": round(fix.accuracy_m),
            "alt": 12,
            "batt": fix.battery,
            "conn": "m" if fix.moving else "w",
            "created_at": (fix.at_us + round(DELAY_S * _SECOND_US)) // _SECOND_US,
            "lat": round(fix.lat, 6),
            "lon": round(fix.lon, 6),
            "t": "t" if fix.moving else "p",
            "tid": self.user[:2].upper(),
            "tst": fix.at_us // _SECOND_US,
            "vac": 3,
            "vel": round(fix.speed_kmh),
        }
        payload = json.dumps(body, separators=(",", ":")).encode()
        topic = f"owntracks/{self.user}/{self.device}"
        yield Emission(fix.at_us + round(DELAY_S * _SECOND_US), topic, payload, retain=True)
