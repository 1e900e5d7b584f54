"""A shift at random, in memory: people, timers, crashes and duplicates through the pure rules, as desk and notify go.

What the database does for them (a telling is taken in once, one open alert of a kind for a resident, a row's lock) is
done here by plain dicts. ``Shift.step`` does one thing; ``Shift.holds`` says what must be true after each.
"""

import random

import msgspec

from alerts import life
from alerts.deadlines import LONGEST_HOLD_US, SET_BACK_US, is_over, was_set_back
from alerts.events import (
    Claimed,
    Closed,
    Event,
    Extended,
    Held,
    Lapsed,
    Noted,
    Released,
    Reopened,
    Resolved,
    Silenced,
    Why,
)
from alerts.intake import intake
from alerts.joining import alert_for
from alerts.ladder import TURNS_US, Sent, begins_with, plan, standing
from alerts.pausing import NEVER, begun, is_silent, waits_until_us
from schemas.alert import OPEN_STATES, OWNED_STATES, Alert, AlertState, Change, Outcome, Severity, Step
from schemas.errors import BrokenRule
from schemas.finding import Finding, FindingKind, Stage, message_id
from schemas.ladder import Ladder, LadderStep
from schemas.pause import Pause
from tests.alerts.making import NOW, SECOND, finding

MINUTE = 60 * SECOND
PEOPLE = ("li", "wang", "zhao")
LADDER = Ladder(
    steps=tuple(
        LadderStep(recipient=name, address=f"http://127.0.0.1/{name}", after_s=60.0 if index else 0.0)
        for index, name in enumerate(PEOPLE)
    )
)
KINDS = (
    FindingKind.FALL,
    FindingKind.FALL,
    FindingKind.SOS,
    FindingKind.INACTIVITY,
    FindingKind.WANDERING,
    FindingKind.SMOKE,
)
#: What people do, and how often: mostly what ends something, or the shift would only grow.
ACTS = ("claim",) * 5 + ("resolve",) * 4 + ("extend", "hold", "hold", "release", "reopen", "close", "note")


class Shift:
    """All alerts of three residents, whoever is on duty, and a clock."""

    def __init__(self, number: int) -> None:
        self.draw = random.Random(number)
        self.now_us = NOW
        self.alerts: dict[str, Alert] = {}
        self.history: dict[str, list[Step]] = {}
        self.holder: dict[str, str] = {}  # finding -> its alert
        self.taken_in: set[str] = set()
        self.told: dict[str, Finding] = {}  # what the watcher has said last of each finding that is not over
        self.sent: dict[tuple[str, int], list[Sent]] = {}
        self.pauses: dict[str, Pause] = {}
        self.names = 0
        self.counts = dict.fromkeys(("refused", "lapsed", "held", "again", "turns", "twice", "visits", "waited"), 0)

    def step(self) -> None:
        """Let one thing happen."""
        what = self.draw.random()
        if what < 0.15:
            self.find()
        elif what < 0.30:
            self.stage()
        elif what < 0.65:
            self.person()
        elif what < 0.94:
            self.pass_time()
        elif what < 0.97:
            self.visit()
        else:
            self.jump()

    # What happens.

    def find(self) -> None:
        """A detector finds something, and the desk hears of it."""
        self.names += 1
        made = finding("x", kind=self.draw.choice(KINDS), at_us=self.now_us)
        stage = self.draw.choice((Stage.POSSIBLE, Stage.CONFIRMED, Stage.CONFIRMED))
        found = msgspec.structs.replace(
            made,
            id=f"{self.names:024d}" + "x" * 8,
            stage=stage,
            resident=self.draw.choice(("re_1", "re_2", "re_3")),
            device=self.draw.choice(("w1", "w2")),
            heard_us=self.now_us,
            decided_us=self.now_us,
            end_us=self.now_us,
        )
        self.told[found.id] = found
        self.deliver(found)

    def stage(self) -> None:
        """A finding moves on, or one is delivered again, since the desk was killed before it could acknowledge."""
        if not self.told:
            return
        before = self.told[self.draw.choice(list(self.told)[-20:])]
        moved = self.draw.choice((None, Stage.CONFIRMED, Stage.RECOVERED, Stage.DISMISSED))
        found = before if moved is None else msgspec.structs.replace(before, stage=moved, decided_us=self.now_us)
        self.told[found.id] = found
        self.deliver(found)

    def deliver(self, found: Finding) -> None:
        """Take in a telling once, however often it comes (store.alerts.accept)."""
        for _ in range(self.draw.choice((1, 1, 1, 2, 3))):
            if message_id(found) in self.taken_in:
                self.counts["twice"] += 1
                continue
            own = self.holder.get(found.id)
            open_now = [each for each in self.alerts.values() if each.state in OPEN_STATES]
            alert = self.alerts[own] if own else alert_for(found, [e for e in open_now if e.resident == found.resident])
            change = intake(found, alert, self.now_us, pause=self.pauses.get(found.resident))
            self.taken_in.add(message_id(found))
            if change is not None:
                self.write(change)
                self.holder[found.id] = change.alert.id

    def visit(self) -> None:
        """Somebody is with a resident, stays longer, or leaves (store.pauses.change)."""
        resident, by = self.draw.choice(("re_1", "re_2", "re_3")), self.draw.choice(PEOPLE)
        now = self.pauses.get(resident)
        now = now if now is not None and self.now_us < now.until_us else None
        after = None
        if self.draw.random() < 0.7:
            try:
                after = begun(now, resident, by, self.draw.choice((5, 15, 60)) * MINUTE, self.now_us)
            except BrokenRule:
                self.counts["refused"] += 1
                return
        for alert in [each for each in self.alerts.values() if each.resident == resident]:
            until = self.now_us if after is None else waits_until_us(alert, after)
            if until is not None and is_silent(alert, self.now_us):
                self.change(alert.id, Silenced(at_us=self.now_us, until_us=until))
        self.pauses.pop(resident, None)
        if after is not None:
            self.pauses[resident] = after
            self.counts["visits"] += 1

    def person(self) -> None:
        """Somebody does something to some alert, whether it makes sense or not; sometimes two press at once."""
        if not self.alerts:
            return
        alert = self.draw.choice(list(self.alerts)[-12:])
        act = self.draw.choice(ACTS)
        for actor in self.draw.sample(PEOPLE, self.draw.choice((1, 1, 2))):
            self.change(alert, self.event(act, actor))

    def event(self, act: str, actor: str) -> Event:
        """Return what a person's press is."""
        at = self.now_us
        made: dict[str, Event] = {
            "claim": Claimed(at_us=at, actor=actor),
            "extend": Extended(at_us=at, actor=actor),
            "hold": Held(at_us=at, actor=actor, until_us=at + self.draw.randrange(1, 40 * MINUTE)),
            "release": Released(at_us=at, actor=actor, override=self.draw.random() < 0.2),
            "resolve": Resolved(at_us=at, actor=actor, outcome=self.draw.choice(list(Outcome))),
            "reopen": Reopened(at_us=at, actor=actor),
            "close": Closed(at_us=at, actor=actor),
            "note": Noted(at_us=at, actor=actor, note="looked"),
        }
        return made[act]

    def pass_time(self) -> None:
        """Time passes, and the timers are looked at; sometimes nobody looks, because notify was killed."""
        self.now_us += self.draw.choice((SECOND, 20 * SECOND, MINUTE, 7 * MINUTE))
        if self.draw.random() < 0.9:
            self.timers()

    def jump(self) -> None:
        """The clock is set, forward or back."""
        self.now_us += self.draw.choice((-3600, -90, 90, 3600)) * SECOND
        self.timers()

    def timers(self) -> None:
        """Do what notify does in one pass, from what is written down alone: it may have been killed before."""
        for alert in [each for each in self.alerts.values() if each.state in OPEN_STATES]:
            if was_set_back(alert, self.now_us):
                self.change(alert.id, Extended(at_us=self.now_us))
            if is_over(alert, self.now_us):
                why = Why.HOLD if alert.state is AlertState.HELD else Why.DEADLINE
                self.change(alert.id, Lapsed(at_us=self.now_us, why=why))
                self.counts["lapsed"] += 1
            self.ring(self.alerts[alert.id])

    def ring(self, alert: Alert) -> None:
        """Call whoever is due."""
        now = standing(alert, self.history[alert.id])
        sent = self.sent.setdefault((alert.id, now.round), [])
        found = plan(alert.kind, alert.severity, now, begins_with(LADDER, now.first), sent, self.now_us)
        for index in found.due:
            assert index not in {each.step for each in sent}, "each step of a round is called once"
            sent.append(Sent(index, self.now_us))
            self.counts["turns"] += index >= len(PEOPLE)
        if alert.state is AlertState.RAISED and alert.severity is Severity.HIGH:
            assert now.rings, "what is high and nobody's rings"
            if is_silent(alert, self.now_us) and not sent:  # unless it rang, and then the clock was set back
                assert not found.due and found.next_us == now.since_us, "what waits rings when its time comes"
                self.counts["waited"] += 1
                return
            began = min(now.since_us, self.now_us)
            assert found.next_us is not None or self.now_us - began > TURNS_US - 62 * MINUTE

    def change(self, name: str, event: Event) -> None:
        """Apply an event as store.alerts.change does."""
        before = self.alerts[name]
        try:
            change = life.apply(before, event)
            self.only_one(event, change.alert)
        except BrokenRule:
            self.counts["refused"] += 1
            assert self.alerts[name] is before
            return
        if before.claimed_by and change.alert.claimed_by:
            assert before.claimed_by == change.alert.claimed_by, "one owner; another only over a release"
        self.counts["held"] += isinstance(event, Held)
        self.write(change)

    def only_one(self, event: Event, alert: Alert) -> None:
        """Refuse what the database's unique index refuses."""
        if isinstance(event, Reopened) and self.another_open(alert):
            raise BrokenRule("another_open", "Another is open.")

    def another_open(self, alert: Alert) -> bool:
        """Whether the resident has another open alert of this kind."""
        same = (each for each in self.alerts.values() if (each.resident, each.kind) == (alert.resident, alert.kind))
        return any(each.state in OPEN_STATES and each.id != alert.id for each in same)

    def write(self, change: Change) -> None:
        """Write a change down, and see that it may stand."""
        after, before = change.alert, self.alerts.get(change.alert.id)
        if not change.steps:
            assert after == before
            return
        assert after.version == (before.version if before else 0) + len(
            [step for step in change.steps if step.kind != "claimed" or "implied" not in step.data]
        )
        self.counts["again"] += before is not None and after.occurrences > before.occurrences
        self.alerts[after.id] = after
        self.history.setdefault(after.id, []).extend(change.steps)
        self.holds(after)

    # What must be true.

    def holds(self, alert: Alert) -> None:
        """Raise where one alert is not as every alert must be."""
        owned = alert.state in OWNED_STATES
        assert (alert.claimed_by is not None) == (owned or alert.state not in OPEN_STATES)
        assert (alert.due_us is not None) == owned == (alert.due_since_us is not None)
        loud = any(source.kind in NEVER for source in alert.sources.values()) or alert.kind in NEVER
        assert not (loud and is_silent(alert, self.now_us)), "a call for help, smoke and gas never wait"
        assert not is_silent(alert, self.now_us) or alert.state is AlertState.RAISED
        assert (alert.outcome is None) == (alert.state in OPEN_STATES)
        if alert.state in OPEN_STATES:
            assert not self.another_open(alert), "no alert twice"

    def nothing_lost(self) -> None:
        """Raise where a confirmed finding stands in no alert, or in two; after the timers were looked at."""
        held = [name for alert in self.alerts.values() for name in alert.findings]
        assert len(held) == len(set(held))
        confirmed = {name for name, found in self.told.items() if found.stage in (Stage.CONFIRMED,)}
        assert confirmed <= set(held)
        for alert in self.alerts.values():
            if alert.state in OWNED_STATES and alert.due_us is not None:
                longest_us = LONGEST_HOLD_US[Severity.MEDIUM] + SET_BACK_US
                assert self.now_us < alert.due_us <= self.now_us + longest_us, "whoever has it has it until a time"

    def forget(self) -> None:
        """Drop what is closed or long over, so that a hundred thousand steps stay a shift and not a year."""
        done = [each.id for each in self.alerts.values() if each.state not in OPEN_STATES][:-10]
        for name in done:
            for key in self.alerts.pop(name).findings:
                self.told.pop(key, None)
                self.holder.pop(key, None)
            del self.history[name]
