"""Alerts in the database: every change of one goes through ``change`` or ``accept``.

Both do the same: lock, let a pure function decide, then write alert, steps and effects in one transaction. The rules
themselves are in the package ``alerts``, which this one does not know: they are handed in.

``alert_step.seq`` is given under one advisory lock that is held until commit, so its order is the order of commits, and
a reader of ``seq > last`` misses nothing.
"""

from collections.abc import Callable, Sequence
from typing import Any

import asyncpg
import msgspec

from schemas.alert import OPEN_STATES, Alert, AlertState, Change, Step
from schemas.effects import KeepEvidence
from schemas.errors import BrokenRule
from schemas.finding import Finding, Stage
from schemas.pause import Pause
from store import outbox, quiet
from store.grants import Reach, narrowed
from store.locks import STEPS, hold, hold_subject
from store.pool import Connection, Db, transaction
from store.rows import assignments, columns, placeholders, record, values

#: Channel on which each step's seq is announced at its commit.
LIVE = "live"
#: Frames travel for a second or two; evidence asked for sooner after its end would find its last ones missing.
EVIDENCE_SETTLES_US = 5 * 1_000_000
#: A reopen by a person can slip between our look for an open alert and our insert; the second look then finds it.
_ACCEPT_ATTEMPTS = 3

_SELECT = f"select {columns(Alert)} from alert"  # noqa: S608  # our own column names
#: As the unique index alert_one_open has it.
_OPEN = "('raised', 'claimed', 'held')"
_LOUDEST = "case severity when 'high' then 0 when 'medium' then 1 else 2 end"

#: (finding, alert, now_us), and ``pause`` where somebody is with the resident (schemas.pause).
Decide = Callable[..., Change | None]
Choose = Callable[[Finding, Sequence[Alert]], Alert | None]


def same_kind(finding: Finding, open_alerts: Sequence[Alert]) -> Alert | None:
    """Return the resident's open alert of a finding's kind."""
    wanted = (finding.resident, finding.kind)
    return next((alert for alert in open_alerts if (alert.resident, alert.kind) == wanted), None)


class LoggedStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step as it stands in the history: its place in the order of all, and whose it is."""

    seq: int
    alert: str
    step: Step


async def change(db: Db, alert_id: str, fn: Callable[[Alert], Change]) -> Change:
    """Lock the alert, let the pure ``fn`` decide, and write alert, steps and effects in one transaction.

    Returns the change (without steps: a repetition, nothing written). Raises BrokenRule of ``fn``, and BrokenRule
    ``not_found`` when there is no such alert. One change a transaction: two could wait for each other.
    """
    try:
        async with transaction(db) as conn:
            row = await conn.fetchrow(f"{_SELECT} where id = $1 for update", alert_id)
            if row is None:
                raise BrokenRule("not_found", "There is no such alert.")
            changed = fn(record(row, Alert))
            await write(conn, changed)
    except asyncpg.UniqueViolationError:
        raise BrokenRule("another_open", "This person has another open alert of this kind; handle that one.") from None
    return changed


async def accept(db: Db, finding: Finding, now_us: int, decide: Decide, choose: Choose = same_kind) -> Change | None:
    """Take in each telling of a finding (id, stage, update) once; return what it changed, None when nothing.

    ``decide(finding, alert, now_us)`` is ``alerts.intake.intake``. It gets the alert that already holds this finding,
    or else the one that ``choose`` (``alerts.joining.alert_for``) takes of the resident's open ones.
    What no alert comes of is kept beside (store.quiet).
    """
    for attempt in range(_ACCEPT_ATTEMPTS):
        try:
            async with transaction(db) as conn:
                return await _accept(conn, finding, now_us, decide, choose)
        except asyncpg.UniqueViolationError:
            if attempt == _ACCEPT_ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


async def _accept(conn: Connection, finding: Finding, now_us: int, decide: Decide, choose: Choose) -> Change | None:
    await hold_subject(conn, finding.resident)
    seen = await conn.fetch("select stage, told, alert from alert_finding where finding = $1", finding.id)
    if any((row["stage"], row["told"]) == (finding.stage, finding.update) for row in seen):
        return None
    own = next((row["alert"] for row in seen if row["alert"] is not None), None)
    alert = await _alert_for(conn, finding, own, choose)
    there = await there_now(conn, finding.resident, now_us)
    changed = decide(finding, alert, now_us) if there is None else decide(finding, alert, now_us, pause=there)
    if changed is not None:
        await write(conn, changed, new=alert is None or changed.alert.id != alert.id)
    await conn.execute(
        "insert into alert_finding (finding, stage, told, alert, at_us) values ($1, $2, $3, $4, $5)",
        finding.id,
        finding.stage,
        finding.update,
        changed.alert.id if changed is not None else own,
        now_us,
    )
    # What begins as over is a press that found nothing to take back: no possible fall.
    if changed is None and own is None and (seen or finding.stage is not Stage.RECOVERED):
        await quiet.keep(conn, finding, now_us)
    elif seen and own is None:
        await quiet.forget(conn, finding.id)
    return changed


async def _alert_for(conn: Connection, finding: Finding, own: str | None, choose: Choose) -> Alert | None:
    if own is not None:
        row = await conn.fetchrow(f"{_SELECT} where id = $1 for update", own)
        return record(row, Alert) if row is not None else None
    return choose(finding, await open_of(conn, finding.resident))


async def there_now(db: Db, resident: str, now_us: int) -> Pause | None:
    """Return who is with a resident now, or None."""
    row = await db.fetchrow(
        f"select {columns(Pause)} from pause where resident = $1 and ended_by is null and until_us > $2",  # noqa: S608
        resident,
        now_us,
    )
    return record(row, Pause) if row is not None else None


async def open_of(conn: Connection, resident: str) -> list[Alert]:
    """Lock and return a resident's open alerts, inside the caller's transaction."""
    rows = await conn.fetch(f"{_SELECT} where resident = $1 and state in {_OPEN} order by id for update", resident)
    return [record(row, Alert) for row in rows]


async def write(conn: Connection, changed: Change, *, new: bool = False) -> None:
    """Write a change inside the caller's transaction, which holds the alert's row."""
    if not changed.steps:
        return
    if new:
        sql = f"insert into alert ({columns(Alert)}) values ({placeholders(Alert)})"  # noqa: S608
    else:
        sql = f"update alert set {assignments(Alert)} where id = $1"  # noqa: S608
    await conn.execute(sql, *values(changed.alert))
    at_us = changed.steps[-1].at_us
    for effect in changed.effects:
        due_us = effect.end_us + EVIDENCE_SETTLES_US if isinstance(effect, KeepEvidence) else at_us
        await outbox.put(conn, [effect], at_us, due_us=due_us)
    await hold(conn, STEPS)
    for step in changed.steps:
        await conn.execute(
            """
            with written as (
                insert into alert_step (alert, kind, at_us, actor, data) values ($1, $2, $3, $4, $5) returning seq
            )
            select pg_notify($6, seq::text) from written
            """,
            changed.alert.id,
            step.kind,
            step.at_us,
            step.actor,
            msgspec.json.encode(step.data).decode(),
            LIVE,
        )


async def one(db: Db, alert_id: str) -> Alert | None:
    """Return the alert, or None."""
    row = await db.fetchrow(f"{_SELECT} where id = $1", alert_id)
    return record(row, Alert) if row is not None else None


async def by_ids(db: Db, ids: Sequence[str]) -> dict[str, Alert]:
    """Return the alerts with these ids, by id."""
    rows = await db.fetch(f"{_SELECT} where id = any($1)", list(ids))
    return {row["id"]: record(row, Alert) for row in rows}


async def listed(
    db: Db,
    *,
    status: str = "open",
    since_us: int | None = None,
    limit: int = 200,
    resident: str | None = None,
    reach: Reach | None = None,
) -> list[Alert]:
    """Return alerts, loudest first, then the one that happened last on top; ``reach``: only those within.

    ``status`` is ``open``, ``all`` or a state's name (ValueError otherwise); ``since_us``: raised at or after.
    """
    rows = await db.fetch(
        f"""{_SELECT} where state = any($1::text[]) and ($2::bigint is null or raised_us >= $2)
            and ($3::text is null or resident = $3) and {_within(5)}
            order by {_LOUDEST}, last_event_us desc, raised_us desc, id limit $4""",
        _states(status),
        since_us,
        resident,
        limit,
        *narrowed(reach),
    )
    return [record(row, Alert) for row in rows]


def _within(first: int) -> str:
    """Return the condition for the two parameters of store.grants.narrowed, from number ``first`` on."""
    return f"""(${first}::text[] is null or unit = any(${first}) or resident = any(${first + 1}::text[])
        or resident in (select r.id from resident r where r.unit = any(${first})))"""  # noqa: S608  # a number


def _states(status: str) -> list[str]:
    if status == "open":
        return sorted(OPEN_STATES)
    if status == "all":
        return list(AlertState)
    return [AlertState(status)]


async def between(db: Db, resident: str, start_us: int, end_us: int) -> list[Alert]:
    """Return a resident's alerts that happened in ``start_us <= event < end_us``, oldest first."""
    rows = await db.fetch(
        f"{_SELECT} where resident = $1 and event_us >= $2 and event_us < $3 order by event_us, id",
        resident,
        start_us,
        end_us,
    )
    return [record(row, Alert) for row in rows]


async def overdue(db: Db, now_us: int, set_back_us: int | None) -> list[str]:
    """Return the alerts whose owner's time is over, or was given more than ``set_back_us`` ahead of it (None: any)."""
    rows = await db.fetch(
        """
        select id from alert where due_us is not null
            and (due_us <= $1::bigint or due_since_us > $1::bigint + $2::bigint) order by due_us
        """,
        now_us,
        set_back_us,
    )
    return [row["id"] for row in rows]


async def open_count(db: Db, reach: Reach | None = None) -> dict[str, int]:
    """Return the number of open alerts by severity, of those within ``reach``; a severity without any is absent."""
    rows = await db.fetch(
        "select severity, count(*) as n from alert where state in "  # noqa: S608
        f"{_OPEN} and {_within(1)} group by severity",
        *narrowed(reach),
    )
    return {row["severity"]: row["n"] for row in rows}


async def last_resolved(db: Db, reach: Reach | None = None) -> Alert | None:
    """Return the alert within ``reach`` that was resolved last, or None."""
    row = await db.fetchrow(
        f"{_SELECT} where resolved_us is not null and {_within(1)} order by resolved_us desc limit 1",
        *narrowed(reach),
    )
    return record(row, Alert) if row is not None else None


async def steps(db: Db, alert_id: str) -> list[LoggedStep]:
    """Return an alert's history, oldest first."""
    rows = await db.fetch(
        "select seq, alert, kind, at_us, actor, data from alert_step where alert = $1 order by seq", alert_id
    )
    return [_logged(row) for row in rows]


async def steps_since(db: Db, seq: int, limit: int = 500) -> list[LoggedStep]:
    """Return steps of all alerts after ``seq`` in the order they were committed; nothing appears later in between."""
    rows = await db.fetch(
        "select seq, alert, kind, at_us, actor, data from alert_step where seq > $1 order by seq limit $2", seq, limit
    )
    return [_logged(row) for row in rows]


async def last_seq(db: Db) -> int:
    """Return the seq of the newest step, 0 when there is none."""
    return int(await db.fetchval("select coalesce(max(seq), 0) from alert_step"))


def _logged(row: asyncpg.Record) -> LoggedStep:
    fields: dict[str, Any] = {name: row[name] for name in ("kind", "at_us", "actor")}
    step = msgspec.convert(fields | {"data": msgspec.json.decode(row["data"])}, Step)
    return LoggedStep(seq=row["seq"], alert=row["alert"], step=step)
