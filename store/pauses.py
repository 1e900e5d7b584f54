"""Who is with a resident, so that their alerts rest; and what waits to ring when that changes.

A pause ends by itself when its time has passed: then nothing need happen, since each alert that waits knows until when.
Begun, made longer, or ended by a press it is written in one transaction with the alerts that wait for it.
"""

from collections.abc import Callable

from schemas.alert import Alert, Change
from schemas.effects import MirrorContacts
from schemas.errors import BrokenRule
from schemas.pause import Pause
from store import alerts, outbox, setting_changes
from store.locks import hold_subject
from store.pool import Connection, Db, transaction
from store.rows import columns, record
from store.setting_changes import What

_SELECT = f"select {columns(Pause)} from pause where ended_by is null and until_us > $1"  # noqa: S608

#: The pause as it is (None: nobody is there) into the one that is wanted; None ends it.
Decide = Callable[[Pause | None], Pause | None]
#: What becomes of an alert that waits: the change, with the pause (None: it has ended).
Wait = Callable[[Alert, Pause | None], Change | None]


async def all_current(db: Db, now_us: int) -> list[Pause]:
    """Return every pause that holds now, the longest first."""
    return [record(row, Pause) for row in await db.fetch(f"{_SELECT} order by since_us, resident", now_us)]


async def all_live(db: Db) -> list[tuple[Pause, str]]:
    """Return every pause that nobody has ended, with the unit of its resident: what the live stream compares."""
    rows = await db.fetch(
        f"select {columns(Pause, of='p')}, r.unit from pause p join resident r on r.id = p.resident"  # noqa: S608
        " where p.ended_by is null"
    )
    return [(record(row, Pause), row["unit"]) for row in rows]


async def change(db: Db, resident: str, actor: str, decide: Decide, wait: Wait, now_us: int) -> Pause | None:
    """Let ``decide`` say what the resident's pause becomes, and ``wait`` what becomes of the alerts that wait for it.

    Returns the pause as it is then. BrokenRule of ``decide``, and ``not_found``.
    """
    async with transaction(db) as conn:
        await hold_subject(conn, resident)
        unit = await conn.fetchval("select unit from resident where id = $1", resident)
        if unit is None:
            raise BrokenRule("not_found", "There is no such resident.")
        before = await alerts.there_now(conn, resident, now_us)
        after = decide(before)
        if after == before:
            return after
        await _write(conn, resident, actor, before, after)
        await setting_changes.note(conn, resident, *_said(before, after), actor, now_us)
        for alert in await alerts.open_of(conn, resident):
            changed = wait(alert, after)
            if changed is not None:
                await alerts.write(conn, changed)
        await outbox.put(conn, [MirrorContacts(unit)], now_us)
        await conn.execute("select pg_notify($1, 'pause')", alerts.LIVE)
    return after


async def _write(conn: Connection, resident: str, actor: str, before: Pause | None, after: Pause | None) -> None:
    if before is not None and after is not None:
        sql = "update pause set until_us = $2 where resident = $1 and ended_by is null"
        await conn.execute(sql, resident, after.until_us)
        return
    # Also one whose time has passed: nobody ended it.
    sql = "update pause set ended_by = case when $2 then $3 else '' end where resident = $1 and ended_by is null"
    await conn.execute(sql, resident, before is not None, actor)
    if after is not None:
        await conn.execute(
            "insert into pause (resident, by, since_us, until_us) values ($1, $2, $3, $4)",
            resident,
            after.by,
            after.since_us,
            after.until_us,
        )


def _said(before: Pause | None, after: Pause | None) -> tuple[What, dict[str, object]]:
    if after is None:
        assert before is not None  # noqa: S101  # or nothing has changed
        return What.PAUSE_ENDED, {"by": before.by, "since_us": before.since_us, "until_us": before.until_us}
    what = What.PAUSE_BEGUN if before is None else What.PAUSE_LONGER
    return what, {"until_us": after.until_us}


async def mirrored(db: Db) -> dict[str, dict[str, int]]:
    """Return of each place the residents somebody is with, with until when: what notify keeps for itself."""
    rows = await db.fetch(
        """
        select r.unit, p.resident, p.until_us from pause p join resident r on r.id = p.resident
        where p.ended_by is null
        """
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["unit"], {})[row["resident"]] = row["until_us"]
    return found
