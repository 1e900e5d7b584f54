"""One fault, from the people who fall around it to its row in the table."""

import asyncio
import time
from dataclasses import dataclass, field

from bench.faults import account, stored
from bench.faults.account import Key, Person
from bench.faults.catalogue import Fault
from bench.faults.recovery import AWAY, LIMIT_S, Probe, recovered
from bench.faults.scene import Scene
from bench.faults.stored import Stream
from bench.faults.table import Row
from bench.faults.wearers import falling
from device_sim.clock import wall_clock
from schemas import topics

#: From the first person on foot to the fault.
LEAD_S = 3.0
#: When somebody falls just before, and just after, seconds.
BEFORE_S, AFTER_S = (0.3, 2.5), (0.5, 2.0)
#: A second alert would come with the repetition of what was not acknowledged.
QUIET_S = 2.0
_LOOK_S = 0.3
_SECOND_US = 1_000_000


@dataclass
class Rounds:
    """Rounds on one scene; what one found missing is not counted again by the next."""

    scene: Scene
    stream: Stream = field(default_factory=Stream)
    _promised: int = 0
    _lost: set[object] = field(default_factory=set)
    _twice: set[object] = field(default_factory=set)
    _wrong: tuple[int, int, int] = (0, 0, 0)
    _said: set[str] = field(default_factory=set)

    async def play(self, fault: Fault) -> Row:
        """Put a fault on, wait until the platform is well and everybody who fell has an alert, and count."""
        scene, row = self.scene, Row(self.scene.seed, fault.name)
        if (reason := fault.refusal()) is not None:
            row.skipped = reason
            return row
        scene.round += 1
        already = len(scene.people)
        residents = await scene.residents(("before", "during", "after", "probe"))
        over = asyncio.Event()
        begin_us = wall_clock() + round(LEAD_S * _SECOND_US)
        falls = {
            "before": begin_us - self._us(*BEFORE_S),
            "during": begin_us + self._us(0.2 * fault.seconds, 0.8 * fault.seconds),
        }
        for name, at_us in falls.items():
            self._fall(residents[name], name, at_us, over, fault)
        await asyncio.sleep((begin_us - wall_clock()) / 1e6)
        row.broken += await fault.put(scene)
        row.notes += scene.remarks
        scene.remarks.clear()
        ended = time.monotonic()
        after_us = wall_clock() + round(AFTER_S[0] * _SECOND_US) + self._us(*AFTER_S)
        self._fall(residents["after"], "after", after_us, over, fault)
        probe = Probe(scene.crowd, scene.named("probe"), residents["probe"])
        answer = await recovered(scene.platform, scene.api, probe, ended)
        if isinstance(answer, str):
            row.recovery_s = None
            row.broken.append(f"after {LIMIT_S:g} s still not well: {answer}")
        else:
            row.recovery_s = answer
        scene.people.append(Person(residents["probe"], probe.device, "sos", probe.pressed_us, (0, fault.offset_us)))
        await self._told(scene.people[already:], ended + LIMIT_S)
        over.set()
        await self.count(row, fault)
        return row

    def _us(self, least_s: float, most_s: float) -> int:
        return round(self.scene.rng.uniform(least_s, most_s) * _SECOND_US)

    def _fall(self, resident: str, name: str, at_us: int, over: asyncio.Event, fault: Fault) -> None:
        device = self.scene.named(name)
        source, start_us = falling(self.scene.rng.randrange(2**31), at_us, over)
        self.scene.crowd.wear(device, source, start_us)
        self.scene.people.append(Person(resident, device, "fall", at_us, (0, fault.offset_us)))

    async def _told(self, people: list[Person], deadline: float) -> None:
        """Wait until everybody of these to whom something happened has an alert, or the deadline."""
        wanted = {person.resident for person in people if person.kind}
        while time.monotonic() < deadline:
            try:
                if wanted <= {alarm.resident for alarm in await stored.alarms(self.scene.platform)}:
                    break
            except AWAY:
                pass
            await asyncio.sleep(_LOOK_S)
        await asyncio.sleep(QUIET_S)

    async def count(self, row: Row, fault: Fault | None = None) -> None:
        """Fill in the row with what has gone wrong since the last count."""
        platform, scene = self.scene.platform, self.scene
        await self.stream.read_on(platform)
        promised = scene.crowd.ledger.acknowledged() | self.stream.frames
        total = len(promised) + len(self.stream.messages) + len(self.stream.others)
        row.acknowledged, self._promised = total - self._promised, total
        rows = await self._all_rows(promised)
        missing: set[object] = set()
        missing |= account.lost(promised, rows.frames)
        missing -= await self._refused(promised, rows.frames)
        missing |= {key for key in self.stream.messages if key not in rows.messages}
        missing |= {key for key in self.stream.others if key not in rows.others}
        twice = {key for found in (rows.frames, rows.messages, rows.others) for key, n in found.items() if n > 1}
        row.lost, row.twice = len(missing - self._lost), len(twice - self._twice)
        if row.lost:
            row.broken.append(f"lost: {sorted(map(str, missing - self._lost))[:3]}")
        self._lost |= missing
        self._twice |= twice
        await self._judge(row, fault)

    async def _all_rows(self, promised: set[Key]) -> stored.Rows:
        """Return the database's rows, as soon as they hold everything; at the latest after a while."""
        until = time.monotonic() + 20
        while True:
            rows = await stored.rows(self.scene.platform)
            waiting = account.lost(promised, rows.frames) - self._lost
            waiting = {key for key in waiting if key[0] not in self.scene.refused}
            if not waiting or time.monotonic() > until:
                return rows
            await asyncio.sleep(_LOOK_S)

    async def _refused(self, promised: set[Key], frames: dict[Key, int]) -> set[object]:
        """Return what the database was made to refuse and is in quarantine instead."""
        excused: set[object] = set()
        for device in self.scene.refused:
            missing: set[object] = {key for key in account.lost(promised, frames) if key[0] == device}
            topic = topics.of(device, topics.IMU)
            put_aside = await stored.quarantined(self.scene.platform, "refused-by-store", topic)
            excused |= missing if put_aside >= len(missing) else set()
        return excused

    async def _judge(self, row: Row, fault: Fault | None) -> None:
        alarms = await stored.alarms(self.scene.platform)
        verdict = account.judge(self.scene.people, alarms)
        counts = (verdict.missed, verdict.doubled, verdict.false)
        row.missed, row.doubled, row.false = (now - then for now, then in zip(counts, self._wrong, strict=True))
        self._wrong = counts
        row.broken += [sentence for sentence in verdict.sentences if sentence not in self._said]
        self._said |= set(verdict.sentences)
        if fault is None or fault.offset_us:  # two clocks in one difference mean nothing
            return
        theirs = {self.scene.named(name) for name in ("before", "during", "after")}
        here = [person for person in self.scene.people if person.device in theirs]
        row.slowest_s = account.judge(here, [a for a in alarms if a.resident in {p.resident for p in here}]).slowest_s
        if fault.slowest_s is not None and row.slowest_s > fault.slowest_s:
            row.broken.append(f"an alert came {row.slowest_s:.1f} s late")
