"""A ward that nobody watches is itself an alarm: what the rule says, raised as an alert of that ward, and ended.

It stands with notify since that goes on when the API, to which consoles speak, does not. The alert goes the ward's own
ladder: to telephones, since no console is there to ring.
"""

import asyncio
import contextlib

from alerts import life
from alerts.attendance import Attendance, attendance, finding_of, must_be_told
from alerts.events import Resolved
from alerts.intake import intake
from notify.database import LOST_OR_AWAY, Database
from notify.settings import Notes, NotifySettings
from schemas.alert import Outcome
from schemas.attendance import Ward
from schemas.errors import BrokenRule
from store import alerts
from store import attendance as kept
from store.pool import Pool

#: Consoles speak every 10 s; three questions, none of which reads more than the wards.
LOOK_SECONDS = 5.0


class WardWatch:
    """Looks at all wards every LOOK_SECONDS until stopped; with the database away nothing is known."""

    def __init__(self, database: Database, settings: NotifySettings, notes: Notes) -> None:
        self._database, self._settings, self._notes = database, settings, notes
        #: Since when we have seen a ward lack something without a break, by place.
        self._seen: dict[str, int] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Look until ``stop``."""
        while not stop.is_set():
            try:
                await self.look()
            except LOST_OR_AWAY:
                self._seen.clear()
            except Exception as error:
                self._notes.trouble("wards", f"notify: a fault in looking who watches the wards: {error!r}")
            else:
                self._notes.mended("wards", "notify: it is looked again who watches the wards.")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)

    async def look(self) -> None:
        """See how each ward is watched; raise an alert where nobody does, resolve it where somebody is there again.

        Nobody comes on duty by a driven clock: a simulated home's wards are not judged.
        """
        pool = self._database.pool
        if pool is None or self._settings.is_driven:
            return
        now_us = self._settings.wall_us()
        wards = await kept.wards(pool)
        there = await kept.said(pool) if wards else []
        found = {ward.place: (ward, attendance(ward, there, now_us)) for ward in wards}
        lacking = {place for place, (_, how) in found.items() if how.lack is not None}
        # A clock that was set back makes nothing begin in the future: it would never have lasted.
        self._seen = {place: min(self._seen.get(place, now_us), now_us) for place in lacking}
        open_now = await kept.open_alerts(pool)
        api_us = await kept.listening_since(pool) if lacking else 0
        for place in sorted(lacking - open_now.keys()):
            ward, how = found[place]
            if must_be_told(how, self._seen[place], api_us, now_us):
                await self._raise(pool, ward, how, now_us)
        for place in sorted(open_now.keys() - lacking):
            await self._resolve(pool, open_now[place])

    async def _raise(self, pool: Pool, ward: Ward, how: Attendance, now_us: int) -> None:
        found = finding_of(ward, how, now_us)
        changed = await alerts.accept(pool, found, self._settings.clock(), intake)
        if changed is not None and changed.steps:
            self._notes.counts["unwatched_wards"] += 1

    async def _resolve(self, pool: Pool, alert_id: str) -> None:
        event = Resolved(at_us=self._settings.clock(), outcome=Outcome.DEVICE_FAULT)
        with contextlib.suppress(BrokenRule):  # a person was faster
            await alerts.change(pool, alert_id, lambda alert: life.apply(alert, event))
