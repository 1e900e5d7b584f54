"""How the stages are, by their own reports in the STATUS bucket; a stage that does not report is not well.

The API writes a report of its own there: notify reads it, since an API that is dead cannot say so. The connection to
JetStream is opened in the background and kept: the API serves alerts without it.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass

import nats
from nats.aio.client import Client as Nats
from nats.errors import Error as NatsError
from nats.js.errors import BucketNotFoundError, KeyNotFoundError
from nats.js.kv import KeyValue

from alerts import platform
from api.times import SECOND_US
from schemas import status, subjects, watch
from schemas.places import Binding, decode_bindings

log = logging.getLogger("api.stages")

#: Who is expected to report, in the order of the way of the data.
EXPECTED = ("gateway", "recorder", "watcher", "desk", "notify", "api")
#: Our own name among them.
OURS = "api"
#: Seconds between our reports, as of all stages (ingest.health).
REPORT_SECONDS = 5.0
#: Before a report that could not be written is tried again: at the start the connection is made meanwhile.
REPORT_AGAIN_SECONDS = 0.25
#: JetStream beside us answers in a millisecond; a page does not wait longer than this for it.
ANSWER_SECONDS = 1.0
#: Every console asks for the overview; the bucket changes every 5 s.
KEPT_US = 1 * SECOND_US
RECONNECT_SECONDS = 1
#: A silent connection is taken for dead after PING_SECONDS * (MAX_PINGS + 1), 15 s, as in all stages.
PING_SECONDS, MAX_PINGS = 5, 2
#: A binding is mirrored within milliseconds; without a desk or JetStream it is kept, and mirrored when they are back.
MIRRORED_SECONDS = 1.0
_MIRROR_LOOK_SECONDS = 0.01
_NEVER = "This stage has not reported yet."
_AWAY = "JetStream cannot be reached, so nobody knows how this stage is."


@dataclass(frozen=True, slots=True)
class StageHealth:
    """One stage; ``lag`` is the number of messages that wait for it, None when not known.

    ``troubles`` are the keys of what it says is wrong. ``known``: somebody could be asked about it.
    """

    name: str
    ok: bool
    lag: int | None
    note: str
    troubles: tuple[str, ...] = ()
    known: bool = True


def judge(name: str, said: status.StageStatus | None, now_us: int) -> StageHealth:
    """Return what a stage's report (None: there is none) is worth at ``now_us``, wall time: by the alerts' own rule."""
    lag = said.lag if said is not None and said.lag >= 0 else None
    trouble = platform.trouble_of(said, now_us)
    if said is None or trouble is None:
        return StageHealth(name, trouble is None, lag, "" if trouble is None else _NEVER)
    if trouble.code == "stage_silent":
        return StageHealth(name, False, lag, f"This stage has not reported for {trouble.values['s']:.0f} s.")
    if trouble.code == "stage_lags":
        return StageHealth(name, False, lag, f"{said.lag} messages wait for this stage: people are told late.")
    return StageHealth(name, False, lag, said.note, said.troubles)


class Stages:
    """Reads the STATUS bucket; never waits long and never raises for a JetStream that is away."""

    def __init__(self, nats_url: str) -> None:
        self._url = nats_url
        self._nats: Nats | None = None
        self._bucket: KeyValue | None = None
        self._reading = asyncio.Lock()
        self._kept: list[StageHealth] = []
        self._kept_us = 0

    async def run(self) -> None:
        """Connect, however long it takes; nats-py reconnects by itself from then on."""
        said = False
        while self._nats is None:
            client = Nats()
            try:
                await client.connect(
                    servers=[self._url],
                    name="api",
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=RECONNECT_SECONDS,
                    connect_timeout=2,
                    ping_interval=PING_SECONDS,
                    max_outstanding_pings=MAX_PINGS,
                    error_cb=_quiet,
                )
            except Exception as error:
                # A wrong address too: the API serves alerts without JetStream, and readyz names what is missing.
                if not said:
                    log.warning("JetStream cannot be reached yet: %s", error or type(error).__name__)
                    said = True
                await asyncio.sleep(RECONNECT_SECONDS)
            else:
                self._nats = client

    async def close(self) -> None:
        """Close the connection."""
        if self._nats is not None:
            await self._nats.close()

    async def report(self, own: status.StageStatus) -> bool:
        """Write our own report and return whether that went; one that does not is let go: its want is what tells."""
        with suppress(OSError, NatsError):
            async with asyncio.timeout(ANSWER_SECONDS):
                await (await self._status()).put(OURS, status.encode(own))
            return True
        return False

    async def reachable(self) -> bool:
        """Whether JetStream answers now: asked, not remembered."""
        if self._nats is None or not self._nats.is_connected:
            return False
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._nats.jetstream().account_info()
        except (OSError, NatsError):
            return False
        return True

    async def gateway_knows(self, binding: Binding) -> bool:
        """Wait until the gateway can know of a binding, at most MIRRORED_SECONDS; return whether it can.

        Whoever is told that a device is bound may publish with it at once, and that is already the wearer's.
        """
        with suppress(OSError, NatsError, TimeoutError):
            async with asyncio.timeout(MIRRORED_SECONDS):
                while self._nats is not None:
                    with suppress(KeyNotFoundError, BucketNotFoundError, ValueError):
                        bucket = await self._nats.jetstream().key_value(subjects.BINDINGS)
                        mirrored = decode_bindings((await bucket.get(binding.device)).value or b"")
                        if binding in mirrored:
                            return True
                    await asyncio.sleep(_MIRROR_LOOK_SECONDS)
        return False

    async def watched(self, unit: str) -> watch.UnitWatch | None:
        """Return how far the detectors know a unit, as the watcher said last; None while nobody can tell."""
        if self._nats is None or not self._nats.is_connected:
            return None
        with suppress(OSError, NatsError, TimeoutError, ValueError):
            async with asyncio.timeout(ANSWER_SECONDS):
                bucket = await self._nats.jetstream().key_value(subjects.WATCHED)
                return watch.decode((await bucket.get(subjects.key_of(unit))).value or b"")
        return None

    async def health(self, now_us: int) -> list[StageHealth]:
        """Return all expected stages, as of at most KEPT_US ago."""
        async with self._reading:
            if not self._kept or not 0 <= now_us - self._kept_us < KEPT_US:
                self._kept, self._kept_us = await self._read(now_us), now_us
            return self._kept

    async def _read(self, now_us: int) -> list[StageHealth]:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                said = await self._reports()
        except (OSError, NatsError):
            return [StageHealth(name, False, None, _AWAY, known=False) for name in EXPECTED]
        return [judge(name, said.get(name), now_us) for name in EXPECTED]

    async def _status(self) -> KeyValue:
        if self._nats is None or not self._nats.is_connected:
            raise nats.errors.NoServersError
        self._bucket = self._bucket or await self._nats.jetstream().key_value(subjects.STATUS)
        return self._bucket

    async def _reports(self) -> dict[str, status.StageStatus]:
        try:
            bucket = await self._status()
        except BucketNotFoundError:
            return {}
        found = {}
        for name in EXPECTED:
            with suppress(KeyNotFoundError, ValueError):
                found[name] = status.decode((await bucket.get(name)).value or b"")
        return found


async def _quiet(error: Exception) -> None:
    # Each failed attempt to reconnect comes here; readyz and the overview say it already.
    log.debug("JetStream client: %s", error)
