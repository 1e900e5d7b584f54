"""When a platform is well again: nobody lags, a fresh frame is in the database, a fresh call for help is an alert.

The call for help is read where people read it, over the API; the frame where it must be, in the database.
"""

import asyncio
import contextlib
import secrets
import time
from dataclasses import dataclass, field

import aiomqtt
import asyncpg
import msgspec
import nats.errors
import numpy as np

from bench.faults import stored
from bench.faults.platform import SERVERS, STAGES, Platform
from bench.faults.wearers import SENSOR, Crowd
from device_sim.clock import wall_clock
from device_sim.frames import Block, FrameMaker
from device_sim.platform import Platform as Api
from device_sim.platform import Refused
from schemas import topics
from schemas.errors import BadPayload, Unavailable
from schemas.frame import encode
from schemas.messages import AckMessage, EventMessage, parse

LIMIT_S = 120.0
#: The probe's messages are sent again when nobody has acknowledged them for so long.
AGAIN_S = 2.0
_LOOK_S = 0.2
#: What everything that we ask may answer while it is not well.
AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, nats.errors.Error, Unavailable, Refused)


@dataclass
class Probe:
    """A device that shows whether the way is open: one frame, one press for help, sent until they are acknowledged."""

    crowd: Crowd
    device: str
    resident: str
    boot: int = field(default_factory=lambda: secrets.randbits(32))
    frame_stored: bool = False
    alerted: bool = False
    pressed_us: int = 0

    def messages(self) -> list[tuple[str, bytes]]:
        """Return the frame and the press, dated now; made once."""
        self.pressed_us = now_us = wall_clock()
        maker = FrameMaker(SENSOR, self.boot, now_us - 3_600_000_000)
        still = np.zeros((50, 3), dtype=np.int16)
        still[:, 2] = round(1 / SENSOR.accel_scale)
        frame = maker.make(Block(still, worn=True), now_us - 1_000_000)
        press = EventMessage(boot=self.boot, seq=0, t_us=maker.uptime_us(now_us), utc_us=now_us, type="sos")
        return [
            (topics.of(self.device, topics.IMU), encode(frame)),
            (topics.of(self.device, topics.EVENT), msgspec.json.encode(press)),
        ]

    async def send(self) -> None:
        """Send both until both are acknowledged."""
        left = dict(self.messages())
        self.crowd.ledger.note_sent(self.device, self.boot, 0)
        at = self.crowd.mqtt
        while left:
            with contextlib.suppress(aiomqtt.MqttError):
                async with aiomqtt.Client(
                    at.host, at.port, username=at.user, password=at.password, timeout=3, identifier=self.device
                ) as client:
                    await client.subscribe(topics.of(self.device, topics.ACK))
                    for topic, payload in left.items():
                        await client.publish(topic, payload, qos=1)
                    await self._hear(client, left)
            await asyncio.sleep(_LOOK_S)

    async def _hear(self, client: aiomqtt.Client, left: dict[str, bytes]) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(AGAIN_S):
                async for message in client.messages:
                    with contextlib.suppress(BadPayload, TypeError):
                        ack = parse(bytes(message.payload), AckMessage)
                        left.pop(topics.of(self.device, ack.leaf), None)
                        if ack.leaf == topics.IMU:
                            self.crowd.ledger.note_acknowledged(self.device, self.boot, ack.first, ack.seq)
                    if not left:
                        return


async def recovered(platform: Platform, api: Api, probe: Probe, ended: float, limit_s: float = LIMIT_S) -> float | str:
    """Return the seconds from ``ended`` (monotonic) until all is well, or what still was not at the limit."""
    sending = asyncio.create_task(probe.send())
    late: dict[str, str] = dict.fromkeys(("processes", "lag", "frame", "alert"), "not yet")
    try:
        while late:
            for name in list(late):
                try:
                    async with asyncio.timeout(10):
                        late[name] = await _wrong(name, platform, api, probe)
                except AWAY as error:
                    late[name] = type(error).__name__
                if not late[name]:
                    del late[name]
            if not late:
                break
            if time.monotonic() - ended > limit_s:
                return ", ".join(f"{name} ({what})" for name, what in late.items())
            await asyncio.sleep(_LOOK_S)
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    return time.monotonic() - ended


async def _wrong(name: str, platform: Platform, api: Api, probe: Probe) -> str:
    """Return what is not as it must be, or nothing."""
    if name == "processes":
        missing = set(STAGES + SERVERS) - set(platform.pids())
        return f"without {', '.join(sorted(missing))}" if missing else ""
    if name == "lag":
        waiting = {stage: lag for stage, lag in (await stored.lags(platform)).items() if lag}
        return str(waiting) if waiting else ""
    if name == "frame":
        found = await platform.rows("select 1 from frame where device = $1 and boot = $2", probe.device, probe.boot)
        return "" if found else "not in the database"
    alerts = await api.alerts(since_us=probe.pressed_us - 7_200_000_000, status="open")
    mine = [alert for alert in alerts if alert["resident"]["id"] == probe.resident]
    return "" if mine else "the press for help is no alert"
