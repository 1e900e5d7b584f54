"""The platform watches itself: the stages' reports into alerts of the platform's own, and a sign of life outside.

It stands with notify since that is made to go on when the others do not. What it finds goes into the database by the
desk's own rule; with the database away it is told when that is back. Nobody inside can tell that notify itself, or the
whole machine, is gone: for that somebody outside misses the heartbeat.
"""

import asyncio
import contextlib
from datetime import UTC, datetime

import msgspec
from nats.aio.client import Client as Nats
from nats.js.errors import BucketNotFoundError, KeyNotFoundError
from nats.js.kv import KeyValue

from alerts import life, platform
from alerts.events import Resolved
from alerts.intake import intake
from alerts.platform import Restarts, Trouble, Watched
from notify.channels import HttpChannel
from notify.database import LOST_OR_AWAY, Database
from notify.settings import Notes, NotifySettings
from notify.shelf import AWAY
from schemas import status, subjects
from schemas.alert import Outcome
from schemas.errors import BrokenRule
from schemas.finding import Finding, FindingKind
from store import alerts
from store.pool import Pool

#: Who must report: all but ourselves. Us the supervisor watches, and the API (readyz, the overview), and the outside
#: watcher who misses the heartbeat.
STAGES = ("gateway", "recorder", "watcher", "desk", "api")
JETSTREAM = "jetstream"
#: The supervisor's names of servers that have another one here.
_SERVERS = {"nats": JETSTREAM}
#: Reports come every 5 s; a look costs four small reads.
LOOK_SECONDS = 2.0
#: What the outside watcher should expect; one that waits for two of them alarms within minutes.
HEARTBEAT_SECONDS = 60.0
#: JetStream beside us answers in a millisecond.
ANSWER_SECONDS = 2.0


class SelfWatch:
    """Looks at all parts every LOOK_SECONDS until stopped."""

    def __init__(self, nc: Nats, database: Database, channel: HttpChannel, settings: NotifySettings, notes: Notes):
        self._nc, self._database, self._channel = nc, database, channel
        self._settings, self._notes = settings, notes
        self._bucket: KeyValue | None = None
        self._parts: dict[str, Watched] = {}
        self._restarts: dict[str, Restarts] = {}
        self._started_us = settings.wall_us()
        self._beaten_us: int | None = None

    @property
    def well(self) -> bool:
        """Whether every part is well now, the database too."""
        return bool(self._parts) and self._database.answers and all(p.trouble is None for p in self._parts.values())

    async def run(self, stop: asyncio.Event) -> None:
        """Look, tell and beat until ``stop``."""
        while not stop.is_set():
            try:
                await self.look()
                await self.tell()
                await self._beat()
            except LOST_OR_AWAY:
                pass  # said by the loop that works with the database; told when it is back
            except Exception as error:
                self._notes.trouble("self_watch", f"notify: a fault in watching the platform: {error!r}")
            else:
                self._notes.mended("self_watch", "notify: the platform is watched again.")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)

    async def look(self) -> None:
        """See how each part is. While JetStream is away nobody can say how the stages are: they stay as they were."""
        now_us = self._settings.wall_us()
        falling = self._falling(now_us)
        for name in falling.keys() - {*STAGES, JETSTREAM}:
            self._see(name, falling[name], now_us)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                said = await self._reports()
        except (*AWAY, BucketNotFoundError):
            self._see(JETSTREAM, Trouble("jetstream_away"), now_us)
            return
        self._see(JETSTREAM, falling.get(JETSTREAM), now_us)
        for name in STAGES:
            self._see(name, platform.trouble_of(said.get(name), now_us) or falling.get(name), now_us)

    def _falling(self, now_us: int) -> dict[str, Trouble | None]:
        """Return of each part that the supervisor knows whether it ends again and again."""
        for theirs, count in self._settings.restarts().items():
            name = _SERVERS.get(theirs, theirs)
            self._restarts[name] = platform.restarted(self._restarts.get(name), count, now_us)
        return {name: platform.keeps_ending(known) for name, known in self._restarts.items()}

    def _see(self, name: str, trouble: Trouble | None, now_us: int) -> None:
        self._parts[name] = platform.follow(self._parts.get(name), trouble, now_us)

    async def _reports(self) -> dict[str, status.StageStatus]:
        if not self._nc.is_connected:
            raise ConnectionError("JetStream is away")
        self._bucket = self._bucket or await self._nc.jetstream().key_value(subjects.STATUS)
        found = {}
        for name in STAGES:
            with contextlib.suppress(KeyNotFoundError, ValueError):
                found[name] = status.decode((await self._bucket.get(name)).value or b"")
        return found

    async def tell(self) -> None:
        """Raise an alert for what has lasted, resolve the alert of what is well again."""
        pool, now_us = self._database.pool, self._settings.wall_us()
        at_us = self._settings.clock()
        if pool is None:
            return
        open_now = {
            alert.resident: alert.id
            for alert in await alerts.listed(pool, status="open", limit=1000)
            if alert.kind is FindingKind.PLATFORM and alert.unit == platform.INSTALLATION
        }
        for name, part in self._parts.items():
            if name in open_now and platform.is_over(part, now_us):
                await self._resolve(pool, open_now[name], at_us)
            elif name not in open_now and platform.must_be_told(part, self._started_us, now_us):
                await alerts.accept(pool, self._dated(platform.finding_of(name, part, now_us)), at_us, intake)
                self._notes.counts["platform_alerts"] += 1

    def _dated(self, finding: Finding) -> Finding:
        """Return a finding about a process as it stands among those about people: at platform time."""
        if self._settings.wall is None or self._settings.wall is self._settings.clock:
            return finding
        at_us = self._settings.clock()
        return msgspec.structs.replace(
            finding, event_us=at_us, start_us=at_us, end_us=at_us, decided_us=at_us, heard_us=at_us
        )

    async def _resolve(self, pool: Pool, alert_id: str, now_us: int) -> None:
        event = Resolved(at_us=now_us, outcome=Outcome.DEVICE_FAULT)
        with contextlib.suppress(BrokenRule):  # a person was faster
            await alerts.change(pool, alert_id, lambda alert: life.apply(alert, event))

    async def _beat(self) -> None:
        """Tell the outside watcher that all is well, and nothing when it is not: silence is the alarm."""
        url, now_us = self._settings.heartbeat_url, self._settings.wall_us()
        due = self._beaten_us is None or not 0 <= now_us - self._beaten_us < HEARTBEAT_SECONDS * 1e6
        if url is None or not self.well or not due:
            return
        self._beaten_us = now_us
        at = datetime.fromtimestamp(now_us / 1e6, UTC).isoformat().replace("+00:00", "Z")
        outcome = await self._channel.send(url, {"ok": True, "at": at}, f"heartbeat-{now_us}")
        if outcome.ok:
            self._notes.counts["heartbeats"] += 1
            self._notes.mended("heartbeat", "notify: the heartbeat is heard again.")
        else:
            self._notes.trouble("heartbeat", f"notify: nobody hears the heartbeat ({outcome.error}).")
