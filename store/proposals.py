"""Proposed settings in the database; what may happen to one is decided by pure functions that are handed in.

A decision changes the resident's setting in the same transaction, by the function that every other change of it takes.
"""

from collections.abc import Awaitable, Callable, Collection

import asyncpg
import msgspec

from schemas.alert import Alert, Outcome
from schemas.config import ResidentConfig, Sensitivity
from schemas.errors import BrokenRule
from schemas.finding import FindingKind
from schemas.proposal import LIVE_STATES, Proposal, ProposalState
from store import alerts, history, missed, people
from store.grants import Reach, narrowed
from store.pool import Connection, Db, transaction
from store.rows import assignments, columns, placeholders, record, values


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """Alerts of a resident in their unit, oldest first, and how its residents were watched over, (since when, how).

    ``missed``: when something happened that nobody was called for, as people report it.
    """

    alerts: tuple[Alert, ...]
    missed: tuple[int, ...]
    settings: tuple[tuple[int, ResidentConfig], ...]


#: Looks whether a proposal may still be decided, in the transaction that decides it.
Still = Callable[[Connection, Proposal], Awaitable[None]]

_SELECT = f"select {columns(Proposal)} from proposal"  # noqa: S608  # our own column names


async def latest(db: Db, resident: str) -> Proposal | None:
    """Return a resident's latest proposal, whatever became of it, or None."""
    row = await db.fetchrow(f"{_SELECT} where resident = $1 order by made_us desc, id desc limit 1", resident)
    return None if row is None else record(row, Proposal)


async def one(db: Db, proposal_id: str) -> Proposal | None:
    """Return the proposal with this id, or None."""
    row = await db.fetchrow(f"{_SELECT} where id = $1", proposal_id)
    return None if row is None else record(row, Proposal)


async def add(db: Db, proposal: Proposal) -> bool:
    """Write a new proposal; False when the resident has a live one, and nothing was written."""
    try:
        await db.execute(
            f"insert into proposal ({columns(Proposal)}) values ({placeholders(Proposal)})",  # noqa: S608
            *values(proposal),
        )
    except asyncpg.UniqueViolationError:
        return False
    return True


async def change(db: Db, proposal_id: str, fn: Callable[[Proposal], Proposal]) -> Proposal:
    """Lock a proposal, let the pure ``fn`` decide, and write it. BrokenRule of ``fn``; ``not_found``."""
    async with transaction(db) as conn:
        before = await _locked(conn, proposal_id)
        return await _write(conn, before, fn(before))


async def decide(
    db: Db, proposal_id: str, fn: Callable[[Proposal], Proposal], now_us: int, *, still: Still | None = None
) -> Proposal:
    """As ``change``, and with what was decided the resident's setting in the same transaction.

    ``still``: raises BrokenRule where what it rests on no longer holds; it looks while nobody can change either.
    BrokenRule ``overtaken`` when the setting is no longer the one that the decision is about.
    """
    async with transaction(db) as conn:
        before = await _locked(conn, proposal_id)
        after = fn(before)
        if still is not None and after != before:
            await conn.execute("select from resident where id = $1 for update", before.resident)
            await still(conn, before)
        if (before.state is ProposalState.ACCEPTED) != (after.state is ProposalState.ACCEPTED):
            accepted = after.state is ProposalState.ACCEPTED
            found, wanted = (before.before, before.after) if accepted else (before.after, before.before)
            await _set(conn, before.resident, found, wanted, now_us, after.steps[-1].actor)
        try:
            return await _write(conn, before, after)
        except asyncpg.UniqueViolationError:
            raise BrokenRule("overtaken", "There is a later proposal for this resident.") from None


async def _locked(conn: Connection, proposal_id: str) -> Proposal:
    row = await conn.fetchrow(f"{_SELECT} where id = $1 for update", proposal_id)
    if row is None:
        raise BrokenRule("not_found", "There is no such proposal.")
    return record(row, Proposal)


async def _write(conn: Connection, before: Proposal, after: Proposal) -> Proposal:
    if after != before:
        await conn.execute(f"update proposal set {assignments(Proposal)} where id = $1", *values(after))  # noqa: S608
    return after


async def _set(
    conn: Connection, resident: str, found: Sensitivity, wanted: Sensitivity, now_us: int, actor: str
) -> None:
    held = await conn.fetchval("select sensitivity from resident where id = $1 for update", resident)
    if held != found:
        raise BrokenRule("overtaken", "The setting was changed meanwhile, and stays as it is.")
    await people.update_resident(conn, resident, {"sensitivity": wanted}, now_us, actor=actor)


async def basis(db: Db, resident: str, unit: str, start_us: int, end_us: int) -> Basis:
    """Return what a proposal for a resident rests on: their alerts, what was missed, the settings."""
    there = await alerts.between(db, resident, start_us, end_us)
    settings = await history.settings(db, unit)
    return Basis(
        alerts=tuple(alert for alert in there if alert.unit == unit),
        missed=tuple(each.event_us for each in await missed.of_resident(db, resident, start_us, end_us)),
        settings=tuple((setting.changed_us, setting.config) for setting in settings),
    )


async def rang_for_nothing(db: Db, kinds: Collection[FindingKind], since_us: int, least: int) -> list[str]:
    """Return the residents with at least so many false alarms of one of these kinds, raised since then."""
    rows = await db.fetch(
        """
        select distinct resident from (
            select resident from alert
            where outcome = $1 and raised_us >= $2 and kind = any($3::text[])
            group by resident, kind having count(*) >= $4
        ) often order by resident
        """,
        Outcome.FALSE_ALARM,
        since_us,
        list(kinds),
        least,
    )
    return [row["resident"] for row in rows]


async def live(db: Db) -> list[str]:
    """Return the residents with a proposal that is being played or asked."""
    rows = await db.fetch(
        "select resident from proposal where state = any($1::text[]) order by resident", list(LIVE_STATES)
    )
    return [row["resident"] for row in rows]


async def asked(db: Db, reach: Reach | None = None) -> list[Proposal]:
    """Return the proposals that somebody may decide now, oldest first: the setting is still the one they are about.

    ``reach``: only of residents within.
    """
    there = ", ".join(f"p.{name}" for name in Proposal.__struct_fields__)
    rows = await db.fetch(
        f"select {there} from proposal p join resident r on r.id = p.resident "  # noqa: S608  # our own column names
        "where p.state = $1 and r.sensitivity = p.before and r.unit = p.unit "
        "and ($2::text[] is null or r.unit = any($2) or r.id = any($3::text[])) order by p.made_us, p.id",
        ProposalState.OPEN,
        *narrowed(reach),
    )
    return [record(row, Proposal) for row in rows]


async def counts(db: Db) -> dict[str, int]:
    """Return how many proposals there are by state; a state without any is absent."""
    rows = await db.fetch("select state, count(*) as n from proposal group by state")
    return {row["state"]: row["n"] for row in rows}
