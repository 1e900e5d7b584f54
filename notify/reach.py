"""Tests of telephones: sent as an alarm would be, through the same channels; and an alert where they are neglected."""

import asyncio
import contextlib
import secrets
from collections.abc import Iterator

from alerts import life, reaching
from alerts.events import Resolved
from alerts.intake import intake
from notify.book import Book
from notify.channels import Channels, Told
from notify.settings import Notes, NotifySettings
from notify.shelf import AWAY
from schemas.alert import Outcome, Severity
from schemas.errors import BrokenRule
from schemas.finding import FindingKind
from schemas.ladder import Ladder, Lang, Link, link_hash
from schemas.reach import ReachTest, TriedState
from store import alerts, reach
from store.pool import LOST, Pool

#: Somebody may be off duty for some days; the test's answer counts all the same.
LINK_US = 3 * 24 * 3600 * 1_000_000
#: Telephones become due by days.
LOOK_SECONDS = 600.0
_WORDS = {
    "zh": "【测试】守望的呼叫测试,发给 {who}。没有人出事。收到请打开链接按一下。",
    "en": "[TEST] A test call of Shouwang for {who}. Nothing has happened. Please open the link and press the button.",
}


class Tester:
    """Sends tests in tasks of their own; alarms wait for none of them."""

    def __init__(self, book: Book, channels: Channels, settings: NotifySettings, notes: Notes) -> None:
        self._book, self._channels, self._settings, self._notes = book, channels, settings, notes
        self._running: set[asyncio.Task[None]] = set()
        self._looked_at = float("-inf")

    def begin(self, pool: Pool, test_id: str) -> None:
        """Send a test, once: whoever takes its row sends."""
        task = asyncio.ensure_future(self._test(pool, test_id))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _test(self, pool: Pool, test_id: str) -> None:
        try:
            test = await reach.begin(pool, test_id)
            if test is None:
                return
            began = asyncio.get_running_loop().time()
            outcome = await self._channels.send(test.channel, test.address, await self._told(test), test.id)
            took_ms = round((asyncio.get_running_loop().time() - began) * 1000)
            state = TriedState.SENT if outcome.ok else TriedState.UNKNOWN if outcome.unknown else TriedState.REFUSED
            await reach.end(pool, test.id, state, self._settings.clock(), took_ms, outcome.error)
            self._notes.counts["tests"] += 1
        except LOST as error:
            self._notes.trouble("test", f"notify: what became of a test could not be written down ({error!r}).")
        else:
            self._notes.mended("test", "notify: tests are written down again.")

    async def _told(self, test: ReachTest) -> Told:
        token = secrets.token_urlsafe(32)
        made = Link(
            finding="", alert="", recipient=test.recipient, expires_us=self._settings.clock() + LINK_US, test=test.id
        )
        link: str | None = f"{self._settings.claim_url}/{token}"
        try:
            await self._book.link_shelf.put(link_hash(token), made)
        except AWAY:
            link = None
        text = {lang: words.format(who=test.recipient) for lang, words in _WORDS.items()}
        lines = [text[lang] for lang in text if test.lang in (lang, Lang.BOTH)]
        body = {"test": True, "kind": "reach_test", "delivery": test.id, "recipient": test.recipient, "text": text}
        return Told(
            body=body | {"claim": link},
            title="Shouwang: test" if test.lang is Lang.EN else "守望:呼叫测试",
            text="\n".join([*lines, *([link] if link else [])]),
            severity=Severity.MEDIUM,
            thread=test.id,
            link=link,
        )

    async def look(self, pool: Pool, *, now: bool = False) -> None:
        """Raise an alert where telephones are long overdue, and resolve it where they are not any more.

        Nothing of it may end a pass in which somebody is rung for.
        """
        at = asyncio.get_running_loop().time()
        if self._settings.loopback_only or (at - self._looked_at < LOOK_SECONDS and not now):
            return
        self._looked_at = at
        try:
            await self._look(pool, self._settings.clock())
        except Exception as error:
            self._notes.trouble("reach", f"notify: it cannot be said which telephones are overdue ({error!r}).")
        else:
            self._notes.mended("reach", "notify: it can be said again which telephones are overdue.")

    async def _look(self, pool: Pool, at_us: int) -> None:
        tests: dict[str, list[ReachTest]] = {}
        owners = dict(self._ladders())
        for test in await reach.latest(pool, list(owners)):
            tests.setdefault(test.place, []).append(test)
        late = {
            place: found
            for place, ladder in owners.items()
            if (found := reaching.neglected(reaching.phones(ladder, tests.get(place, [])), at_us))
        }
        open_now = {
            alert.resident: alert.id
            for alert in await alerts.listed(pool, status="open", limit=1000)
            if alert.kind is FindingKind.PLATFORM and any(r.code == "phones_overdue" for r in alert.evidence.reasons)
        }
        for place in late.keys() - open_now.keys():
            await alerts.accept(pool, reaching.finding_of(place, late[place], at_us), at_us, intake)
            self._notes.counts["reach_alerts"] += 1
        for place in open_now.keys() - late.keys():
            await self._resolve(pool, open_now[place], at_us)

    async def _resolve(self, pool: Pool, alert_id: str, now_us: int) -> None:
        event = Resolved(at_us=now_us, outcome=Outcome.DEVICE_FAULT)
        with contextlib.suppress(BrokenRule):  # a person was faster
            await alerts.change(pool, alert_id, lambda alert: life.apply(alert, event))

    def _ladders(self) -> Iterator[tuple[str, Ladder]]:
        for known in list(self._book.contacts.values()):
            if known.owner == known.place and known.ladder.steps:
                yield known.place, known.ladder

    async def close(self) -> None:
        """End what is on its way."""
        for task in list(self._running):
            task.cancel()
