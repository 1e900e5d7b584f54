"""A shift at random through the real desk, the real API, notify's own passes and the real PostgreSQL.

People press, findings come (twice, and again after a desk was killed), timers pass, the clock is set, and each of the
three is killed: before a commit, after it and before anybody hears of it, before and after a telephone was rung.
``WholeShift.step`` lets one thing happen; ``check`` says what must be true whenever the stages have caught up.
"""

import asyncio
import random
from collections import Counter
from typing import Any, cast

import httpx
import msgspec
from nats.aio.client import Client as Nats
from nats.aio.msg import Msg

from alerts.ladder import TURNS_US
from api.times import iso
from ingest import buckets
from ingest.desk import Desk
from notify.channels import Channels
from notify.settings import NotifySettings
from notify.stage import Notifier
from schemas import finding as wire
from schemas.alert import OPEN_STATES, OWNED_STATES, Alert, AlertState, Outcome, Severity
from schemas.finding import Finding, Stage
from schemas.ladder import Case, Claim, Contacts, Delivery, Link
from schemas.reach import Templates
from store import alerts
from store.pool import Pool
from tests.alerts.making import finding
from tests.alerts.shift import ACTS, KINDS, MINUTE
from tests.api.conftest import Clock
from tests.api.shift_parts import Death, Kept, KeptShelf, KilledError, Phones, Told, dying

RESIDENTS = ("re_1", "re_2", "re_3")
#: How many of the alerts that were changed last people press at.
WITHIN_SIGHT = 12
#: How often the process that does something dies of it.
DEADLY = 0.05


class Said:
    """Notes that only count; a fault of ours that notify would survive fails the shift."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def trouble(self, key: str, sentence: str) -> None:
        assert not key.startswith(("pass", "walk")), sentence

    def mended(self, key: str, sentence: str) -> None:
        pass


class WholeShift:
    """All alerts of three residents of one home. ``clients``: a signed-in browser for each of the staff."""

    def __init__(self, number: int, pool: Pool, dsn: str, clock: Clock, clients: dict[str, httpx.AsyncClient]) -> None:
        self.draw, self.pool, self.dsn, self.clock = random.Random(number), pool, dsn, clock
        self.clients = clients
        self.number = self.last_seq = 0
        self.recent: list[str] = []
        self.told: dict[str, Finding] = {}
        self.confirmed: set[str] = set()
        self.waiting: list[Told] = []  # what the desk has not acknowledged
        self.kept: dict[str, Kept] = {}
        self.phones = Phones(self.draw)
        self.counts: Counter[str] = Counter()
        self._desk = Desk(cast(Any, None), cast(Any, None), dsn=dsn, clock=clock, stop=asyncio.Event())
        self.notifier: Notifier | None = None

    async def step(self) -> None:
        """Let one thing happen."""
        what = self.draw.random()
        if what < 0.15:
            await self.find()
        elif what < 0.30:
            await self.stage()
        elif what < 0.65:
            await self.person()
        elif what < 0.94:
            await self.pass_time()
        elif what < 0.97:
            await self.visit()
        else:
            self.clock.forward(self.draw.choice((-3600, -90, 90, 3600)))
            self.counts["jumps"] += 1
            await self.timers()
        await self.follow()

    async def find(self) -> None:
        """A detector finds something."""
        self.number += 1
        now_us = self.clock()
        found = msgspec.structs.replace(
            finding("x", kind=self.draw.choice(KINDS), at_us=now_us),
            id=f"{self.number:024d}" + "x" * 8,
            unit="pl_1",
            stage=self.draw.choice((Stage.POSSIBLE, Stage.CONFIRMED, Stage.CONFIRMED)),
            resident=self.draw.choice(RESIDENTS),
            device=self.draw.choice(("w1", "w2")),
            heard_us=now_us,
            decided_us=now_us,
            end_us=now_us,
        )
        await self.tell(found)

    async def stage(self) -> None:
        """A finding moves on, or is published again."""
        if not self.told:
            return
        before = self.told[self.draw.choice(list(self.told)[-20:])]
        moved = self.draw.choice((None, Stage.CONFIRMED, Stage.RECOVERED, Stage.DISMISSED))
        now_us = self.clock()
        await self.tell(before if moved is None else msgspec.structs.replace(before, stage=moved, decided_us=now_us))

    async def tell(self, found: Finding) -> None:
        """Publish: notify hears of it, and the desk takes it in unless it is dead just now."""
        self.told[found.id] = found
        if found.stage is Stage.CONFIRMED:
            self.confirmed.add(found.id)
        self.waiting.append(Told(wire.encode(found)))
        notifier = await self.notify()
        await notifier._walker.hear(found)
        if self.draw.random() < 0.1:
            self.counts["desk away"] += 1
            return
        await self.take_in()

    async def take_in(self, *, safely: bool = False) -> None:
        """Let the desk read what waits; killed, it leaves the rest for the next one. Sometimes two desks at once."""
        death = None if safely or self.draw.random() > DEADLY else Death(1, self.draw.random() < 0.5)
        desks = 1 if safely or self.draw.random() < 0.8 else 2
        with dying(death):
            for message in list(self.waiting):
                try:
                    await asyncio.gather(*(self._desk._one(self.pool, cast(Msg, message)) for _ in range(desks)))
                except KilledError:
                    self.counts["desk killed before" if death and death.before else "desk killed after"] += 1
                    break
                self.counts["twice"] += desks - 1
        self.waiting = [message for message in self.waiting if not message.acknowledged]

    async def person(self) -> None:
        """Somebody presses something at some alert, whether it makes sense or not; sometimes two at once."""
        if not self.recent:
            return
        alert, act = self.draw.choice(self.recent), self.draw.choice(ACTS)
        actors = self.draw.sample(sorted(self.clients), self.draw.choice((1, 1, 2)))
        await asyncio.gather(*(self.press(actor, f"/alerts/{alert}/{act}", self.body(act)) for actor in actors))

    def body(self, act: str) -> dict[str, Any]:
        """Return what a press carries."""
        if act == "hold":
            until_us = self.clock() + self.draw.randrange(1, 40 * MINUTE)
            return {"until": iso(until_us)}
        if act == "resolve":
            return {"outcome": self.draw.choice(list(Outcome))}
        return {"note": "looked"} if act == "note" else {}

    async def press(self, actor: str, path: str, body: dict[str, Any], method: str = "POST") -> None:
        """Press, and see that a refusal names who has it; an API that dies of it has answered nothing."""
        # The first commit of a press is its line in the log, the second what it changes.
        death = Death(self.draw.choice((1, 2)), self.draw.random() < 0.5) if self.draw.random() < DEADLY else None
        try:
            with dying(death):
                answer = await self.clients[actor].request(method, f"/api/v1{path}", json=body)
        except BaseException:
            if death is None or not death.happened:
                raise
            self.counts["api killed before" if death.before else "api killed after"] += 1
            return
        if death is not None and death.happened:
            self.counts["api killed before" if death.before else "api killed after"] += 1
            return
        assert answer.status_code in (200, 409) or (answer.status_code, act_of(path)) == (403, "close"), (
            path,
            answer.text,
        )
        said = answer.json()
        self.counts[str(answer.status_code)] += 1
        if answer.status_code == 409 and said["error"]["code"] == "already_claimed":
            owner = said["alert"]["claimed_by"]
            self.counts["named"] += owner is not None and owner in said["error"]["message"]
        elif answer.status_code == 200 and act_of(path) == "claim":
            assert said["claimed_by"] == actor, "a claim that failed never looks like one that did not"

    async def visit(self) -> None:
        """Somebody is with a resident, stays longer, or leaves."""
        path, actor = f"/residents/{self.draw.choice(RESIDENTS)}/pause", self.draw.choice(sorted(self.clients))
        if self.draw.random() < 0.7:
            await self.press(actor, path, {"minutes": self.draw.choice((5, 15, 60))})
        else:
            await self.press(actor, path, {}, "DELETE")
        self.counts["visits"] += 1

    async def pass_time(self) -> None:
        """Time passes; now and then notify is dead just then."""
        self.clock.forward(self.draw.choice((1, 20, 60, 420)))
        if self.draw.random() < 0.9:
            await self.timers()

    async def timers(self, *, safely: bool = False) -> None:
        """One pass of notify, which may die in it: at a commit, before it rings, or after."""
        notifier = await self.notify()
        death = None
        if safely:
            self.phones.dies = None
        elif self.draw.random() < DEADLY:  # at a commit of this pass, or at the next call
            death = Death(self.draw.choice((1, 1, 2)), self.draw.random() < 0.5)
        elif self.draw.random() < DEADLY:
            self.phones.dies = self.draw.choice(("before", "after"))
        try:
            with dying(death):
                await notifier._database._pass(self.pool)
                await notifier._walker.raise_again_alone()
                notifier._walker.walk_alone()
                await self._sent(notifier)
        except KilledError:
            await self._sent(notifier)  # its tasks are of the same process; what they began has happened
            self.killed("notify killed at a commit")
        if self.phones.died:
            self.killed("notify killed at a call")

    async def _sent(self, notifier: Notifier) -> None:
        await asyncio.gather(*notifier._sender._running.values(), return_exceptions=True)

    def killed(self, how: str) -> None:
        """Notify is no more; the next one knows what JetStream and the database know."""
        self.notifier, self.phones.died = None, False
        self.counts[how] += 1

    async def notify(self) -> Notifier:
        """Return the notify that lives, started anew if it was killed."""
        if self.notifier is None:
            settings = NotifySettings(dsn=self.dsn, clock=self.clock, claim_url="http://127.0.0.1:1/c")
            made = Notifier(Nats(), settings, Said(), buckets.read)
            book = made._book
            kinds: dict[str, type[msgspec.Struct]] = {
                "contacts": Contacts,
                "deliveries": Delivery,
                "links": Link,
                "cases": Case,
                "claims": Claim,
                "templates": Templates,
            }
            shelves = {name: KeptShelf(self.kept.setdefault(name, {}), kind) for name, kind in kinds.items()}
            book.contact_shelf, book.delivery_shelf = shelves["contacts"], shelves["deliveries"]
            book.template_shelf = shelves["templates"]
            book.link_shelf, book._case_shelf, book._claim_shelf = (
                shelves["links"], shelves["cases"], shelves["claims"],
            )  # fmt: skip
            await made._channel.close()
            made._sender._gatherer._channels = Channels(cast(Any, self.phones), cast(Any, None))
            await made.load()
            self.notifier = made
        return self.notifier

    async def follow(self) -> None:
        """Read the steps as the live stream does; what comes later never has an earlier place."""
        for logged in await alerts.steps_since(self.pool, self.last_seq):
            assert logged.seq > self.last_seq
            self.last_seq = logged.seq
            self.counts[f"step {logged.step.kind}"] += 1
            if logged.alert in self.recent:
                self.recent.remove(logged.alert)
            self.recent = [*self.recent, logged.alert][-WITHIN_SIGHT:]

    async def check(self) -> None:
        """Let desk and notify catch up, and see that all is as it must be."""
        await self.take_in(safely=True)
        for _ in range(2):  # what lapses in the first rings in it; the second writes down what was sent
            await self.timers(safely=True)
        await self.follow()
        open_now = await alerts.listed(self.pool, status="open", limit=1000)
        assert len(open_now) == len({(alert.resident, alert.kind) for alert in open_now}), "no alert twice"
        timers = {row["alert"]: row for row in await self.pool.fetch("select alert, since_us, next_us from escalation")}
        for alert in open_now:
            self.cared_for(alert, timers.get(alert.id))

    def cared_for(self, alert: Alert, timer: Any) -> None:
        """Raise where an open alert is neither somebody's until a time nor called for."""
        now_us, owned = self.clock(), alert.state in OWNED_STATES
        assert (alert.claimed_by is not None) == (alert.due_us is not None) == owned
        if owned:
            assert alert.due_us is not None and alert.due_us > now_us, "whoever has it has it until a time"
        elif alert.severity is Severity.HIGH:
            assert timer is not None, f"{alert.id} has no escalation"
            past_a_day = now_us - min(timer["since_us"], now_us) > TURNS_US - 62 * MINUTE
            assert past_a_day or (timer["next_us"] is not None and timer["next_us"] > now_us), (
                f"{alert.id}, high and nobody's, calls no more: {dict(timer)} at {now_us}"
            )

    async def end(self) -> None:
        """Check the whole shift: nothing lost, nothing twice, and one owner at any time of every history."""
        await self.check()
        rows = await self.pool.fetch("select id from alert")
        every = await alerts.by_ids(self.pool, [row["id"] for row in rows])
        held = [name for alert in every.values() for name in alert.findings]
        assert len(held) == len(set(held)), "no event stands twice"
        assert self.confirmed <= set(held), "no event is lost"
        histories: dict[str, list[Any]] = {}
        seq = 0
        while page := await alerts.steps_since(self.pool, seq):
            for logged in page:
                histories.setdefault(logged.alert, []).append(logged.step)
            seq = page[-1].seq
        followed = sum(count for key, count in self.counts.items() if key.startswith("step "))
        assert followed == sum(map(len, histories.values())), "the live stream missed no step"
        for alert in every.values():
            one_owner(alert, histories[alert.id])


def act_of(path: str) -> str:
    """Return what a call does: its last word."""
    return path.rpartition("/")[2]


def one_owner(alert: Alert, history: list[Any]) -> None:
    """Raise where somebody has an alert that another one had, without its having been given back or raised again."""
    owner: str | None = None
    for step in history:
        if step.kind in ("claimed", "held"):
            assert owner in (None, step.actor), f"{alert.id}: {owner} and {step.actor}"
            owner = step.actor
        elif step.kind in ("released", "lapsed", "reopened") or "ends_hold" in step.data:
            owner = None
    if alert.state in OPEN_STATES:
        assert owner == alert.claimed_by
    changes = [step for step in history if step.kind != "claimed" or "implied" not in step.data]
    assert alert.version == len(changes), "every change stands in the history once"
    assert (alert.state is AlertState.CLOSED) <= (alert.outcome is not None)


#: Only for what a shift must have met, or it proves little.
MUST_HAVE_MET = (
    "desk killed before", "desk killed after", "api killed before", "api killed after", "notify killed at a commit",
    "notify killed at a call", "twice", "409", "named", "visits", "jumps", "desk away", "step lapsed", "step held",
    "step recurred", "step reopened", "calls", "again",
)  # fmt: skip
