"""One attempt of one delivery: claim its key, send, write down what became of it.

Whoever makes the key in DELIVERIES sends; with JetStream away, whoever makes the row in the database. A key that stands
*claimed* by nobody who lives is of unknown outcome: it is sent again, and says so.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from alerts.deadlines import SET_BACK_US
from notify import message
from notify.book import FAILED_AFTER, Book
from notify.channels import ANSWER_SECONDS, Channels, Told
from notify.gather import Gatherer, Item
from notify.settings import Notes, NotifySettings
from notify.shelf import AWAY
from schemas.address import Channel
from schemas.ladder import Call, Case, Delivery, DeliveryState, Lang, Link, link_hash

log = logging.getLogger("shouwang.notify")

_SECOND_US = 1_000_000
#: Longer than any attempt takes: a key that stands claimed for so long was left by somebody who died. What an earlier
#: life of our own had begun was left by one at once.
LEASE_US = round(2 * ANSWER_SECONDS) * _SECOND_US
#: Between attempts: a hiccup passes in a moment; afterwards the next step is rung already, and this one tried beside.
FIRST_RETRIES_US, LATER_RETRIES_US = 2 * _SECOND_US, 15 * _SECOND_US
#: A link is for this alarm, not for the next one; a night shift that finds it an hour later still may press it.
LINK_US = 2 * 3600 * _SECOND_US

#: Makes the delivery's row in the database; None when it cannot be asked, False when it is there already.
ClaimRow = Callable[[Delivery], Awaitable[bool | None]]


class Sender:
    """Sends in tasks of its own, so that one deaf receiver holds up nobody."""

    def __init__(
        self, book: Book, channels: Channels, settings: NotifySettings, notes: Notes, claim_row: ClaimRow
    ) -> None:
        self._book, self._settings = book, settings
        self._gatherer = Gatherer(channels, self._link_of_all, self._said_at_once)
        self._notes, self._claim_row = notes, claim_row
        self._running: dict[str, asyncio.Task[None]] = {}
        self._life = f"{settings.node}/{secrets.token_hex(8)}"

    def begin(self, case: Case, index: int, step: Call) -> None:
        """Send a step for the first time."""
        now_us = self._settings.clock()
        delivery = Delivery(
            finding=case.finding,
            round=case.round,
            step=index,
            recipient=step.recipient,
            channel=step.channel,
            address=step.address,
            alert=case.alert,
            state=DeliveryState.CLAIMED,
            claimed_us=now_us,
            tried_us=now_us,
            by=self._life,
        )
        self._start(case, delivery, first=True)

    def nobody(self, case: Case, index: int, marker: str) -> None:
        """Write down that a step was for whoever is on duty, and nobody was: as a delivery that needs no sending."""
        now_us = self._settings.clock()
        delivery = Delivery(
            finding=case.finding,
            round=case.round,
            step=index,
            recipient=marker,
            channel=Channel.HTTP,
            address="",
            alert=case.alert,
            state=DeliveryState.NOBODY,
            claimed_us=now_us,
            tried_us=now_us,
            attempts=0,
        )
        self._start(case, delivery, first=True)

    def again(self, case: Case, now_us: int) -> None:
        """Try on what has not arrived for sure: of each recipient the latest turn, the earlier ones are past."""
        of_round = sorted(self._book.of_round(case), key=lambda each: each.step)
        latest = {(each.recipient, each.channel, each.address): each for each in of_round}
        for delivery in latest.values():
            over = delivery.state in (DeliveryState.SENT, DeliveryState.NOBODY)
            if not over and self._may_try(delivery, now_us):
                unknown = delivery.state is DeliveryState.CLAIMED
                repeated = msgspec.structs.replace(
                    delivery,
                    state=DeliveryState.CLAIMED,
                    tried_us=now_us,
                    attempts=delivery.attempts + 1,
                    again=delivery.again or unknown,
                    by=self._life,
                )
                self._start(case, repeated, first=False)

    def _may_try(self, delivery: Delivery, now_us: int) -> bool:
        """Whether a delivery that has not arrived for sure is nobody's now, and its time has come.

        One that was tried later than now was tried before the clock was set back: nobody knows how long ago that is.
        """
        waited = now_us >= delivery.tried_us + _wait_us(delivery) or delivery.tried_us > now_us + SET_BACK_US
        return waited or (delivery.state is DeliveryState.CLAIMED and self._is_of_the_dead(delivery))

    def _is_of_the_dead(self, delivery: Delivery) -> bool:
        node = self._settings.node
        return bool(node) and delivery.by.rpartition("/")[0] == node and delivery.by != self._life

    def _start(self, case: Case, delivery: Delivery, *, first: bool) -> None:
        if delivery.key in self._running:
            return
        task = asyncio.ensure_future(self._attempt(case, delivery, first=first))
        self._running[delivery.key] = task
        task.add_done_callback(lambda done: self._ended(delivery.key, done))

    def _ended(self, key: str, task: "asyncio.Task[None]") -> None:
        del self._running[key]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._notes.trouble("sending", f"notify: a delivery could not be made; trying again. ({error!r})")
            log.error("delivery %s", key, exc_info=error)

    async def _attempt(self, case: Case, delivery: Delivery, *, first: bool) -> None:
        if delivery.state is DeliveryState.NOBODY:
            await self._is_ours(delivery)
            return
        token = secrets.token_urlsafe(32)
        delivery = msgspec.structs.replace(delivery, link=link_hash(token))
        if not (await self._is_ours(delivery) if first else await self._is_still_ours(delivery)):
            return
        claim = await self._link(delivery, token)
        contacts, book = self._book.contacts_of(case), self._book
        told = message.told(case, delivery, contacts, book.ladder_of(case), claim, book.templates)
        name = contacts.residents.get(case.resident, case.resident)
        outcome = await self._gatherer.send(Item(case, delivery, told, name, contacts.name))
        now_us = self._settings.clock()
        done = msgspec.structs.replace(
            delivery,
            state=DeliveryState.SENT if outcome.ok else DeliveryState.FAILING,
            sent_us=now_us if outcome.ok else None,
            again=delivery.again or outcome.unknown,
            error=outcome.error,
        )
        await self._write_down(done)

    async def _is_ours(self, delivery: Delivery) -> bool:
        """Make the key; where somebody was first, know what they did."""
        try:
            revision = await self._book.delivery_shelf.create(delivery.key, delivery)
        except AWAY:
            if not await self._claim_row(delivery):
                return False
            self._book.hold(delivery, None)
            self._book.unsettled.add(delivery.key)
            return True
        if revision is None:
            held = await self._book.delivery_shelf.get(delivery.key)
            if held is not None:
                self._book.hold(*held)
            return False
        self._book.hold(delivery, revision)
        return True

    async def _is_still_ours(self, delivery: Delivery) -> bool:
        """Take the key for another attempt, unless somebody else did meanwhile."""
        before = self._book.revisions.get(delivery.key)
        try:
            if before is None:  # known from the database alone: the bucket was lost
                revision = await self._book.delivery_shelf.create(delivery.key, delivery)
            else:
                revision = await self._book.delivery_shelf.update(delivery.key, delivery, before)
            if revision is None:
                held = await self._book.delivery_shelf.get(delivery.key)
                if held is not None:
                    self._book.hold(*held)
                return False
        except AWAY:
            return False
        self._book.hold(delivery, revision)
        return True

    async def _link(self, delivery: Delivery, token: str) -> str | None:
        link = Link(
            finding=delivery.finding,
            alert=delivery.alert,
            recipient=delivery.recipient,
            expires_us=delivery.tried_us + LINK_US,
        )
        try:
            await self._book.link_shelf.put(delivery.link, link)
        except AWAY:  # a call without a link is better than none
            return None
        log.info("claim link %s for %s, step %d", delivery.link, delivery.recipient, delivery.step + 1)
        return f"{self._settings.claim_url}/{token}"

    async def _link_of_all(self, items: Sequence[Item]) -> str | None:
        """Make one link that claims all of a flood."""
        first, token = items[0].delivery, secrets.token_urlsafe(32)
        link = Link(
            finding=first.finding,
            alert=first.alert,
            recipient=first.recipient,
            expires_us=self._settings.clock() + LINK_US,
            more=tuple(item.delivery.finding for item in items[1:]),
        )
        try:
            await self._book.link_shelf.put(link_hash(token), link)
        except AWAY:
            return None
        return f"{self._settings.claim_url}/{token}"

    def _said_at_once(self, items: Sequence[Item], link: str | None) -> Told:
        case = items[0].case
        calls = self._book.ladder_of(case).calls
        lang = calls[items[0].delivery.step % len(calls)].lang if calls else Lang.BOTH
        return message.told_of_many(items, self._book.contacts_of(case).ladder.timezone, lang, link)

    async def _write_down(self, done: Delivery) -> None:
        key, notes = done.key, self._notes
        self._book.hold(done, self._book.revisions.get(key))
        try:
            self._book.revisions[key] = await self._book.delivery_shelf.put(key, done)
        except AWAY:
            self._book.unsettled.add(key)
        if done.state is DeliveryState.SENT:
            notes.counts["delivered"] += 1
            notes.mended(f"to {key}", f"notify: {done.recipient} is reached now.")
            notes.mended("sending", "notify: deliveries are made again.")
            return
        notes.counts["failed"] += 1
        if done.attempts >= FAILED_AFTER:
            sentence = f"notify: {done.recipient} cannot be reached ({done.error}); trying on."
            notes.trouble(f"to {key}", sentence)

    def over(self, case: Case) -> None:
        """Nobody need be reached for a case any more: what could not be is no trouble now."""
        for delivery in self._book.of_round(case):
            self._notes.mended(f"to {delivery.key}", f"notify: {delivery.recipient} need not be reached any more.")

    async def close(self) -> None:
        """Let what is on its way arrive; its longest wait is the channel's own."""
        if self._running:
            await asyncio.wait(list(self._running.values()), timeout=ANSWER_SECONDS)
        for task in list(self._running.values()):
            task.cancel()


def _wait_us(delivery: Delivery) -> int:
    if delivery.state is DeliveryState.CLAIMED:
        return LEASE_US
    return FIRST_RETRIES_US if delivery.attempts < FAILED_AFTER else LATER_RETRIES_US
