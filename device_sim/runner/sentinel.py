"""The last in line: a device of the run's own that calls for help behind everything else.

When its alert is there, all that was sent before it has gone the whole way: gateway, detectors, desk. So a run knows
without guessing when no more alerts can come.
"""

import asyncio
import itertools
from dataclasses import dataclass

import msgspec

from device_sim.platform import Platform
from device_sim.runner import cast
from device_sim.runner.line import Line
from schemas import topics
from schemas.alert import Outcome
from schemas.errors import Unavailable
from schemas.messages import EventMessage
from schemas.places import PlaceKind

NAME = "End of run"
POLL_S = 0.25
#: A desk that is minutes behind is not well; a run's last stretch of data takes seconds.
PATIENCE_S = 240.0
#: Findings of the same batch are taken in within milliseconds of each other.
AFTER_S = 0.5

_encode = msgspec.json.Encoder().encode


@dataclass
class Sentinel:
    """The device, its wearer and how often it has called. ``mark`` is the run's."""

    platform: Platform
    line: Line
    mark: str
    _calls: int = 0
    _resident: str = ""

    @property
    def device(self) -> str:
        """The device's id."""
        return f"sim-end-{self.mark}"

    async def set_up(self, above: str, start_us: int) -> None:
        """Make it known."""
        unit = await self.platform.new_place(f"{NAME} {self.mark}", PlaceKind.HOME, above)
        self._resident = await self.platform.new_resident(NAME, unit, test=True, note="Tells when a run is over.")
        await self.platform.known(self.device, "wearable", NAME)
        await self.platform.bind(self.device, self._resident, unit, None, start_us)

    async def all_through(self, at_us: int) -> None:
        """Call at ``at_us``, and return when the call has become an alert; it is resolved at once.

        Raises Unavailable when it does not.
        """
        self._calls += 1
        boot = int(self.mark, 16) & 0xFFFFFFFF
        call = EventMessage(boot=boot, seq=self._calls, t_us=at_us, utc_us=at_us, type="sos")
        await self.line.clock(at_us, tick=False)
        await self.line.send(topics.of(self.device, topics.EVENT), _encode(call), qos=1, retain=False)
        await self.line.settled()
        for waited in itertools.count():
            found = await self.platform.alerts(since_us=at_us - cast.MARGIN_US, status="open", limit=1000)
            mine = [alert for alert in found if alert["resident"]["id"] == self._resident]
            if mine:
                break
            if waited * POLL_S > PATIENCE_S:
                raise Unavailable(f"The platform has not handed on the last message within {PATIENCE_S:g} s.")
            await asyncio.sleep(POLL_S)
        for alert in mine:
            await self.platform.resolve(alert["id"], Outcome.TEST, NAME)
        await asyncio.sleep(AFTER_S)

    async def leave(self) -> None:
        """Take the device back."""
        if self._resident:
            self._resident = ""
            await self.platform.take_back(self.device)
