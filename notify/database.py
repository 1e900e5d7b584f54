"""The normal way: effects and timers from the database, and the log of deliveries into it.

Each pass is in this order: contacts, what the desk has taken in, links that were pressed, the alerts as they stand,
their ladders, the log. So a claim that was pressed while the database was away stops the ladder before it is walked on.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence

import msgspec

from alerts import life
from alerts.deadlines import SET_BACK_US, is_over, patience_us, was_set_back
from alerts.events import Claimed, Event, Extended, Lapsed, Noted, Released, Why
from alerts.ladder import standing, up_at_night
from alerts.rota import nobody_said
from notify import mirror
from notify.book import Book
from notify.reach import Tester
from notify.settings import Notes, NotifySettings
from notify.shelf import AWAY
from notify.walker import Walker
from schemas.alert import OPEN_STATES, Alert, AlertState, Change
from schemas.effects import MirrorContacts, MirrorTemplates, Notify, TestReach
from schemas.errors import BrokenRule, Unavailable
from schemas.ladder import Case, Claim, Delivery, DeliveryState, Patience
from store import alerts, deliveries, notices, outbox, reach
from store.pool import LOST, Pool, open_pool

KINDS = ("notify", "mirror_contacts", "mirror_templates", "test_reach")
#: What a call raises while the database is away.
LOST_OR_AWAY: tuple[type[Exception], ...] = (*LOST, Unavailable)
#: Between comparisons of all contacts.
MIRROR_ALL_SECONDS = 600.0
#: One pass works with one connection; two listen; one is for a link that is being pressed.
CONNECTIONS = 5
#: Open alerts looked at when we start; an institution with more has none that anybody could handle.
MOST_OPEN = 1000
#: Somebody waits at the link for this.
PRESS_SECONDS = 3.0


class Database:
    """Notify's work with the database; every trouble with it ends the pass, and the next one begins anew."""

    def __init__(self, book: Book, walker: Walker, tester: Tester, settings: NotifySettings, notes: Notes) -> None:
        self._book, self._walker, self._settings, self._notes = book, walker, settings, notes
        self._tester = tester
        self._pool: Pool | None = None
        self._timers: dict[str, tuple[int, int | None]] = {}
        self._mirrored_at = 0.0
        self._begun = False
        self.answers = False
        self.wake = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Pass after pass, woken by notices, until ``stop``."""
        followers: list[asyncio.Task[None]] = []
        try:
            while not stop.is_set():
                self.wake.clear()
                try:
                    if self._pool is None:
                        self._pool = await open_pool(self._settings.dsn, max_size=CONNECTIONS)
                        followers = [self._follow(channel, stop) for channel in (outbox.CHANNEL, alerts.LIVE)]
                    await self._pass(self._pool)
                    self.answers = True
                except LOST_OR_AWAY as error:
                    self.answers = False
                    sentence = "notify: the database does not answer; telling people goes on without it."
                    self._notes.trouble("database", f"{sentence} ({type(error).__name__})")
                except Exception as error:  # a fault of ours must not end the telling
                    self._notes.trouble("pass", f"notify: a fault in the work with the database: {error!r}")
                else:
                    for key in ("database", "pass"):
                        self._notes.mended(key, f"notify: the {key} works again.")
                await _woken((self.wake, stop), self._settings.poll_s)
        finally:
            for follower in followers:
                follower.cancel()
            if self._pool is not None:
                self._pool.terminate()

    @property
    def pool(self) -> "Pool | None":
        """The connections, None before the database was reached for the first time."""
        return self._pool

    def _follow(self, channel: str, stop: asyncio.Event) -> "asyncio.Task[None]":
        assert self._pool is not None  # noqa: S101  # opened by the caller
        return asyncio.create_task(notices.follow(self._pool, channel, lambda _: self.wake.set(), stop))

    async def claim_row(self, delivery: Delivery) -> bool | None:
        """Make a delivery's row while JetStream is away; None when the database is away as well."""
        if self._pool is None:
            return None
        try:
            async with asyncio.timeout(PRESS_SECONDS):
                return await deliveries.claim(self._pool, delivery)
        except LOST_OR_AWAY:
            return None

    async def press(self, claim: Claim) -> str | None:
        """Claim the alert now, if the database can be asked; return who has it then, None when that is not known."""
        case = self._book.cases.get(claim.finding)
        if self._pool is None or case is None or not case.accepted:
            return None
        try:
            async with asyncio.timeout(PRESS_SECONDS):
                await self._apply(self._pool, claim, case.alert)
                alert = await alerts.one(self._pool, case.alert)
        except LOST_OR_AWAY:
            return None
        finally:
            self.wake.set()
        return (alert.claimed_by or alert.resolved_by) if alert is not None else None

    async def confirm(self, test_id: str) -> bool | None:
        """Write down that a test's link was pressed; None when the database cannot be asked."""
        if self._pool is None:
            return None
        try:
            async with asyncio.timeout(PRESS_SECONDS):
                known = await reach.confirm(self._pool, test_id, self._settings.clock())
                await self._tester.look(self._pool, now=True)
                return known
        except LOST_OR_AWAY:
            return None

    async def _pass(self, pool: Pool) -> None:
        now_us = self._settings.clock()
        rows = await outbox.claim(pool, KINDS, now_us, wall_us=self._settings.wall_us())
        try:
            await self._carry_out(pool, rows, now_us)
        except BaseException:  # what is leased to us comes back only later: look at everything meanwhile
            self._begun, self._mirrored_at = False, 0.0
            raise

    async def _carry_out(self, pool: Pool, rows: Sequence[outbox.OutboxRow], now_us: int) -> None:
        await self._mirror(
            pool,
            {row.effect.place for row in rows if isinstance(row.effect, MirrorContacts)},
            templates=any(isinstance(row.effect, MirrorTemplates) for row in rows),
        )
        for row in rows:
            if isinstance(row.effect, TestReach):
                self._tester.begin(pool, row.effect.test)
        wanted = {row.effect.alert for row in rows if isinstance(row.effect, Notify)}
        if not self._begun:  # a row that an earlier life of ours had leased comes back only later
            wanted |= {alert.id for alert in await alerts.listed(pool, status="open", limit=MOST_OPEN)}
            self._begun = True
        await self._taken_in(pool)
        wanted |= {*await deliveries.due(pool, now_us), *(c.alert for c in self._book.cases.values() if c.accepted)}
        wanted |= {*await alerts.overdue(pool, now_us, None if self._settings.is_driven else SET_BACK_US)}
        for alert in (await alerts.by_ids(pool, sorted(wanted))).values():
            await self._one(pool, alert)
        self._walker.database_answered()
        await self._record(pool)
        await self._tester.look(pool)
        if rows:
            await outbox.done(pool, [row.id for row in rows], self._settings.clock(), "done")
            self._notes.counts["effects"] += len(rows)

    async def _mirror(self, pool: Pool, changed: Iterable[str], *, templates: bool) -> None:
        now = asyncio.get_running_loop().time()
        counts, book = self._notes.counts, self._book
        try:
            if not self._mirrored_at or now - self._mirrored_at > MIRROR_ALL_SECONDS:
                counts["contacts_mended"] += await mirror.mirror_all(pool, book)
                await mirror.mirror_templates(pool, book)
                self._mirrored_at = now
                return
            for place in changed:
                counts["contacts_mirrored"] += await mirror.mirror(pool, book, place)
            if templates:
                await mirror.mirror_templates(pool, book)
        except AWAY:  # everything is compared when JetStream is back
            self._mirrored_at = 0.0

    async def _taken_in(self, pool: Pool) -> None:
        """Find out which of our own cases the desk has by now, and hand them over."""
        own = [case for case in self._book.cases.values() if not case.accepted]
        if not own:
            return
        taken = await deliveries.alerts_of(pool, [case.finding for case in own])
        for case in own:
            if case.finding not in taken:
                continue
            alert = taken[case.finding]
            if alert is None:  # the desk saw no alert in it
                await self._book.drop_case(case.finding)
            else:
                await self._book.keep_case(msgspec.structs.replace(case, accepted=True, alert=alert, version=0))

    async def _until(self, pool: Pool, alert: Alert, at_us: int, *, set_back: bool = False) -> Alert:
        """Raise again what somebody had until ``at_us`` or before; ``set_back``: set the time back with the clock."""
        if is_over(alert, at_us):
            why = Why.HOLD if alert.state is AlertState.HELD else Why.DEADLINE
            event: Event = Lapsed(at_us=at_us, why=why)
        elif set_back and was_set_back(alert, at_us) and not self._settings.is_driven:
            event = Extended(at_us=at_us)
        else:
            return alert
        try:
            changed = await alerts.change(pool, alert.id, lambda now: life.apply(now, event))
        except BrokenRule:  # a person was faster
            return await alerts.one(pool, alert.id) or alert
        if changed.steps:
            self._notes.counts[str(changed.steps[-1].kind)] += 1
        return changed.alert

    async def _one(self, pool: Pool, alert: Alert) -> None:
        """Bring one alert's case up to what the database says, and walk it."""
        for case in [each for each in self._book.cases.values() if each.alert == alert.id]:
            for claim in self._book.claims_of(case):
                if not claim.applied:
                    alert = await self._until(pool, alert, claim.at_us)
                    alert = await self._apply(pool, claim, alert.id) or alert
            if case.finding != alert.finding:  # rung for by ourselves, and the desk made it part of another alert
                self._belongs_to(case, alert)
                await self._book.drop_case(case.finding)
        held = self._book.cases.get(alert.finding)
        alert = await self._until(pool, alert, _rang_alone_us(held, alert))
        alert = await self._until(pool, alert, self._settings.clock(), set_back=True)
        if held is None or held.version != alert.version or not held.accepted:
            held = await self._refreshed(pool, alert, held)
        if alert.state not in OPEN_STATES:
            self._walker.walk(held)
            await self._set_timer(pool, held, None)
            self._timers.pop(alert.id, None)
            await self._book.drop_case(held.finding)
            return
        await self._set_timer(pool, held, self._walker.walk(held).next_us)

    async def _refreshed(self, pool: Pool, alert: Alert, held: Case | None) -> Case:
        now = standing(alert, [logged.step for logged in await alerts.steps(pool, alert.id)])
        for delivery in await deliveries.of_findings(pool, [alert.finding]):
            if delivery.key not in self._book.deliveries:  # the bucket was lost
                self._book.hold(delivery, None)
        case = Case(
            finding=alert.finding,
            findings=alert.findings or (alert.finding,),
            alert=alert.id,
            kind=alert.kind,
            severity=alert.severity,
            unit=alert.unit,
            resident=alert.resident,
            place=alert.place,
            event_us=alert.event_us,
            seen_us=held.seen_us if held is not None else alert.raised_us,
            since_us=now.since_us,
            round=now.round,
            rings=now.rings,
            claimed_by=alert.claimed_by,
            due_us=alert.due_us,
            held=alert.state is AlertState.HELD,
            first=now.first,
            accepted=True,
            version=alert.version,
            code=next((reason.code for reason in alert.evidence.reasons), ""),
            up=up_at_night(alert),
        )
        if alert.state in OPEN_STATES:
            await self._book.keep_case(case)
        return case

    def _belongs_to(self, case: Case, alert: Alert) -> None:
        for key, each in list(self._book.deliveries.items()):
            if each.finding == case.finding and each.alert != alert.id:
                moved = msgspec.structs.replace(each, alert=alert.id)
                self._book.hold(moved, self._book.revisions.get(key))

    async def _apply(self, pool: Pool, claim: Claim, alert_id: str) -> Alert | None:
        """Let a pressed link claim its alert; where the life cycle refuses, somebody else was there before."""
        case = self._book.cases.get(claim.finding)
        anew = case is not None and case.rings
        patience = self._book.ladder_of(case).patience if case is not None else Patience()
        decide: Callable[[Alert], Change] = lambda alert: _claimed(alert, claim, patience, anew=anew)  # noqa: E731
        changed = None
        try:
            changed = (await alerts.change(pool, alert_id, decide)).alert
            self._notes.counts["claimed_by_link"] += 1
        except BrokenRule:
            self._notes.counts["claims_too_late"] += 1
        await self._book.applied(claim)
        return changed

    async def _set_timer(self, pool: Pool, case: Case, next_us: int | None) -> None:
        if self._timers.get(case.alert) != (case.round, next_us):
            await deliveries.set_timer(pool, case.alert, case.round, case.since_us, next_us)
            self._timers[case.alert] = (case.round, next_us)

    async def _record(self, pool: Pool) -> None:
        for key in sorted(self._book.unrecorded, key=self._begun_at):  # the history is read from top to bottom
            delivery = self._book.deliveries.get(key)
            if delivery is not None and delivery.state is DeliveryState.NOBODY:
                await self._nobody_was(pool, delivery)
            elif delivery is not None:
                await deliveries.keep(pool, delivery)
            if self._book.deliveries.get(key) is delivery:
                self._book.unrecorded.discard(key)

    def _begun_at(self, key: str) -> tuple[int, int]:
        delivery = self._book.deliveries.get(key)
        return (delivery.claimed_us, delivery.step) if delivery is not None else (0, 0)

    async def _nobody_was(self, pool: Pool, delivery: Delivery) -> None:
        """Write down that nobody was on duty for a step, and say so once in the alert's history."""
        if await deliveries.claim(pool, delivery):
            event = Noted(at_us=delivery.claimed_us, actor="platform", note=nobody_said(delivery.recipient))
            with contextlib.suppress(BrokenRule):  # the desk has not taken it in: it stands among the deliveries
                await alerts.change(pool, delivery.alert, lambda alert: life.apply(alert, event))


def _rang_alone_us(case: Case | None, alert: Alert) -> int:
    """Return since when we have raised an alert again by ourselves that the database still says somebody has, or 0."""
    ours = case is not None and case.version == alert.version and case.due_us is None and alert.due_us is not None
    return case.since_us if case is not None and ours else 0


def _claimed(alert: Alert, claim: Claim, patience: Patience, *, anew: bool) -> Change:
    """Return what a pressed link makes of an alert; one that rings anew is taken from whoever claimed it long ago."""
    event = Claimed(at_us=claim.at_us, actor=claim.recipient, patience_us=patience_us(alert.severity, patience))
    if not anew or alert.claimed_by in (None, claim.recipient):
        return life.apply(alert, event)
    given = life.apply(alert, Released(at_us=claim.at_us, actor=claim.recipient, override=True))
    taken = life.apply(given.alert, event)
    return Change(taken.alert, (*given.steps, *taken.steps), taken.effects)


async def _woken(events: Iterable[asyncio.Event], seconds: float) -> None:
    waiters = [asyncio.ensure_future(event.wait()) for event in events]
    await asyncio.wait(waiters, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for waiter in waiters:
        waiter.cancel()
