"""Repeated false alarms of a resident lead to one proposed setting, after a look at what it would have changed.

Beside the desk's outbox, now and then: who had several false alarms (alerts.proposing) has the last weeks of their home
played under both settings (detectors.rehearsal) before anybody is asked; what then speaks against it stays unasked.
Playing takes half of the time at most, one home after the other, in bunches on a thread, so that alerts go first.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from alerts import proposal_life, proposing
from alerts.previewing import preview
from alerts.proposing import FOLLOWING, LEAST_FALSE, RECENT_US, WINDOW_US, Case
from detectors.rehearsal import Rehearsal
from ingest.health import Health, stopped_within
from ingest.home_clock import unit_clock
from schemas.config import ResidentConfig, config_reading, with_clock
from schemas.local_time import LocalTime
from schemas.proposal import LIVE_STATES, Preview, Proposal, ProposalState
from schemas.reading import Reading
from store import history, people, proposals
from store.people import Resident
from store.pool import LOST, Pool
from store.proposals import Basis

#: Between looks, seconds. Nobody waits for a proposal.
LOOK_SECONDS = 60.0
#: What is read of a home: the 30 days, and before them four weeks in which its rhythm is learnt.
WEEKS_US = WINDOW_US + 28 * 86_400 * 1_000_000
#: A home with chatty sensors has some 5,000 messages a day. Twice that is played; a radar's positions, each second, are
#: not: a home of which there is more is said to be too much.
MESSAGES_MOST = 600_000
#: An alert that was raised within the window can be of a silence that began long before.
LOOKED_BACK_US = 2 * WINDOW_US
#: After a fault of ours a resident's home is left alone so long.
FAILED_US = 86_400 * 1_000_000
#: So many at once on the thread: some tens of milliseconds, then as long a rest.
BUNCH = 500
#: States whose row is taken again when something new is to be looked at: nobody answered in them.
_UNANSWERED = LIVE_STATES | {ProposalState.WITHHELD, ProposalState.WITHDRAWN}


class Proposer:
    """Looks for what is to be proposed; ``look`` is called again and again."""

    def __init__(self, pool: Pool, clock: Callable[[], int], health: Health, stop: asyncio.Event) -> None:
        self._pool, self._clock, self._health, self._stop = pool, clock, health, stop
        self._again_us: dict[str, int] = {}  # residents of whom the look failed -> not before then

    async def look(self) -> int:
        """Make, refresh and withdraw what is to be; return how many homes were played."""
        since_us = self._clock() - RECENT_US
        rang = await proposals.rang_for_nothing(self._pool, FOLLOWING, since_us, LEAST_FALSE)
        played = 0
        for resident_id in sorted({*rang, *await proposals.live(self._pool)}):
            if self._stop.is_set():
                break
            if self._clock() < self._again_us.get(resident_id, 0):
                continue
            try:
                played += await self._one(resident_id)
            except LOST:
                raise
            except Exception:  # one home's trouble must not hold up the others, nor be played for ever
                self._health.log.exception("A proposal for %s could not be made; tried again tomorrow.", resident_id)
                await self._give_up(resident_id)
        return played

    async def _give_up(self, resident_id: str) -> None:
        now_us = self._clock()
        self._again_us[resident_id] = now_us + FAILED_US
        self._health.counts["proposals_failed"] += 1
        latest = await proposals.latest(self._pool, resident_id)
        if latest is not None and latest.state is ProposalState.READING:
            await proposals.change(self._pool, latest.id, lambda each: proposal_life.withdrawn(each, now_us))

    async def _one(self, resident_id: str) -> bool:
        now_us = self._clock()
        resident = await people.resident(self._pool, resident_id)
        latest = await proposals.latest(self._pool, resident_id)
        if resident is None or proposing.waits(latest, now_us):
            return False
        case = await case_now(self._pool, resident, latest, now_us)
        if case is None:
            if latest is not None and latest.state in LIVE_STATES:
                await proposals.change(self._pool, latest.id, lambda each: proposal_life.withdrawn(each, now_us))
                self._health.counts["proposals_withdrawn"] += 1
            return False
        if latest is not None and case.rests_on(latest):
            return False
        proposal = await self._begin(case, resident, latest, now_us)
        if proposal is None:
            return False
        await self._play(proposal, case, resident)
        return True

    async def _begin(self, case: Case, resident: Resident, latest: Proposal | None, now_us: int) -> Proposal | None:
        """Return the proposal to play for; None when there is another one already."""
        same = latest is not None and (latest.before, latest.unit) == (case.before, resident.unit)
        if latest is not None and latest.state in LIVE_STATES and same:
            return latest  # also one that a desk which ended was playing
        if latest is not None and latest.state in _UNANSWERED:
            made = proposal_life.made(case, latest.id, resident.id, resident.unit, now_us)
            # Who answered since this look began is not overruled.
            after = await proposals.change(
                self._pool, latest.id, lambda each: made if each.state in _UNANSWERED else each
            )
            return made if after == made else None
        made = proposal_life.made(case, people.new_id("pr"), resident.id, resident.unit, now_us)
        return made if await proposals.add(self._pool, made) else None

    async def _play(self, proposal: Proposal, case: Case, resident: Resident) -> None:
        began = time.monotonic()
        shown = await self._preview(proposal.id, case, resident)
        if shown is None:
            return  # asked to stop: the next desk plays it
        now_us = self._clock()
        after = await proposals.change(
            self._pool, proposal.id, lambda each: proposal_life.played(each, case, shown, now_us)
        )
        self._health.counts[f"proposals_{after.state}"] += 1
        self._health.log.info(
            "The last weeks of %s were played under two settings in %.1f s: %s.",
            resident.unit, time.monotonic() - began, after.against or after.state,
        )  # fmt: skip

    async def _preview(self, proposal_id: str, case: Case, resident: Resident) -> Preview | None:
        """Return what the proposed setting would have changed; None when the stage is asked to stop."""
        now_us = self._clock()
        start_us = now_us - WEEKS_US
        unit = resident.unit
        devices = await history.devices_of(self._pool, unit)
        if not await history.at_most(self._pool, unit, devices, start_us, MESSAGES_MOST):
            return preview(case, (), 0, now_us, too_much=True)
        basis = await proposals.basis(self._pool, resident.id, unit, now_us, now_us)
        living = await people.residents_of(self._pool, unit)
        settings = _settings(basis, living, start_us, unit_clock(living, now_us))
        rehearsal = Rehearsal(unit, resident.id, case.before, case.after, now_us - WINDOW_US)
        async for chunk in history.messages(self._pool, unit, devices, start_us):
            told = [each for each in settings if each.arrival_us <= chunk[-1].arrival_us]
            settings = settings[len(told) :]
            await self._at_half_speed(rehearsal, sorted([*told, *chunk], key=_arrival))
            if self._stop.is_set():
                return None
            done = (chunk[-1].arrival_us - start_us) / WEEKS_US
            await proposals.change(self._pool, proposal_id, partial(msgspec.structs.replace, progress=min(done, 1.0)))
        await self._at_half_speed(rehearsal, settings)
        await asyncio.to_thread(rehearsal.finish, now_us)
        for key, error in rehearsal.errors():
            self._health.log.warning("The last weeks of %s were played without %s: %s", unit, key, error)
        return preview(case, rehearsal.told(), rehearsal.days(), now_us)

    async def _at_half_speed(self, rehearsal: Rehearsal, readings: Sequence[Reading]) -> None:
        for start in range(0, len(readings), BUNCH):
            began = time.monotonic()
            await asyncio.to_thread(rehearsal.update, readings[start : start + BUNCH])
            if await stopped_within(self._stop, time.monotonic() - began):
                return


async def case_now(pool: Pool, resident: Resident, latest: Proposal | None, now_us: int) -> Case | None:
    """Return what asks for a calmer setting of a resident as things stand; None: nothing does (any more)."""
    basis = await proposals.basis(pool, resident.id, resident.unit, now_us - LOOKED_BACK_US, now_us)
    since_us = proposing.setting_since(basis.settings, resident.id)
    return proposing.case_now(
        latest, basis.alerts, basis.missed, resident.sensitivity, since_us, now_us, resident.watches_off
    )


def _settings(basis: Basis, residents: Sequence[Resident], start_us: int, clock: LocalTime | None) -> list[Reading]:
    """Return how a home's people were watched over as config, from the beginning on, by the ``clock`` of today.

    Who was never configured is as all are, and no setting says so: each who lives there is named once, first.
    """
    first = [(start_us, ResidentConfig(resident=each.id, unit=each.unit, version=0)) for each in residents]
    said = [*first, *((max(changed_us, start_us), config) for changed_us, config in basis.settings)]
    return sorted((config_reading(with_clock(config, clock), at, at) for at, config in said), key=_arrival)


def _arrival(reading: Reading) -> int:
    return reading.arrival_us
