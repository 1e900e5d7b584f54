"""The stage: FINDINGS followed, the database worked with, the ladders walked, until it is stopped."""

import asyncio
import contextlib
from collections.abc import Callable

import msgspec
from nats.aio.client import Client as Nats
from nats.aio.msg import Msg
from starlette.applications import Starlette

from notify import links
from notify.apprises import AppriseChannel
from notify.book import Book
from notify.channels import Channels, HttpChannel
from notify.database import Database
from notify.reach import Tester
from notify.self_watch import SelfWatch
from notify.sender import Sender
from notify.settings import Findings, Notes, NotifySettings, ReadBucket
from notify.shelf import AWAY
from notify.walker import Walker
from notify.ward_watch import WardWatch
from schemas import finding as wire
from schemas.address import Channel
from schemas.ladder import Delivery


class Notifier:
    """Notify's loops; made, then loaded, then run."""

    def __init__(self, nc: Nats, settings: NotifySettings, notes: Notes, read: ReadBucket) -> None:
        self._settings, self._notes = settings, notes
        self._book = Book(nc, read)
        self._channel = channel = HttpChannel(loopback_only=settings.loopback_only)
        self._apprise = AppriseChannel(loopback_only=settings.loopback_only)
        channels = Channels(channel, self._apprise)
        self._sender = Sender(self._book, channels, settings, notes, self._claim_row)
        self._tester = Tester(self._book, channels, settings, notes)
        self._walker = Walker(self._book, self._sender, settings, notes)
        self._database = Database(self._book, self._walker, self._tester, settings, notes)
        self._self_watch = SelfWatch(nc, self._database, channel, settings, notes)
        self._ward_watch = WardWatch(self._database, settings, notes)

    async def _claim_row(self, delivery: Delivery) -> bool | None:
        return await self._database.claim_row(delivery)

    def app(self) -> Starlette:
        """Return the page that claim links lead to."""
        return links.app(links.Links(self._book, self._settings, self._database.press, self._database.confirm))

    async def load(self) -> None:
        """Read what is in JetStream; raises one of notify.shelf.AWAY while that is away."""
        await self._book.load()
        ladders = [known.ladder for known in self._book.contacts.values()]
        if any(call.channel is Channel.APPRISE for ladder in ladders for call in ladder.calls):
            await self._apprise.warm()

    async def run(self, findings: Findings, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Run until ``stop``; nothing that happens to one finding, delivery or server ends it."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._follow(findings, stop), name="findings")
                tasks.create_task(self._database.run(stop), name="database")
                tasks.create_task(self._walk(stop), name="ladders")
                tasks.create_task(self._self_watch.run(stop), name="self watch")
                tasks.create_task(self._ward_watch.run(stop), name="wards")
                ready()
        finally:
            await self._sender.close()
            await self._tester.close()
            await self._channel.close()

    async def _follow(self, findings: Findings, stop: asyncio.Event) -> None:
        while messages := await findings.take(stop):
            for message in messages:
                await self._hear(message)
        await findings.close()

    async def _hear(self, message: Msg) -> None:
        """Know of a finding, then acknowledge it. What is none goes to quarantine by the desk's hand."""
        try:
            known = await self._walker.hear(wire.decode(message.data))
        except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError):
            self._notes.counts["no_finding"] += 1
            known = True
        if known:  # otherwise it comes again
            with contextlib.suppress(*AWAY):
                await message.ack()

    async def _walk(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self._walker.raise_again_alone()
                self._walker.walk_alone()
                await self._book.settle()
            except AWAY:
                pass  # said by the loop that works with the database
            except Exception as error:  # a fault with one case must not end the telling of all others
                self._notes.trouble("walk", f"notify: a fault in walking the ladders: {error!r}")
            else:
                self._notes.mended("walk", "notify: the ladders are walked again.")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._settings.poll_s)
