"""What was sent to whom, and when an alert's next step is due: the log and the timers of the ladder."""

from collections.abc import Sequence
from typing import Any

from schemas.ladder import Delivery
from store.pool import Db
from store.rows import record, values

#: All but whose attempt it is: that serves whoever takes over from a killed one, and is no history.
_COLUMNS = tuple(name for name in Delivery.__struct_fields__ if name != "by")
_LISTED, _PLACES = ", ".join(_COLUMNS), ", ".join(f"${index}" for index, _ in enumerate(_COLUMNS, 1))
_SELECT = f"select {_LISTED}, '' as by from delivery"  # noqa: S608  # our own column names
_KEY = ("finding", "round", "step", "recipient", "channel")
#: Known at the first attempt; the rest follows what happened to it.
_MOVES = ("alert", "state", "tried_us", "sent_us", "attempts", "again", "error", "link")


async def keep(db: Db, delivery: Delivery) -> None:
    """Write a delivery as it stands; an older account of the same one never overwrites a newer."""
    moved = ", ".join(f"{name} = excluded.{name}" for name in _MOVES)
    await db.execute(
        f"""
        insert into delivery ({_LISTED}) values ({_PLACES})
        on conflict ({", ".join(_KEY)}) do update set {moved}
        where delivery.sent_us is null and excluded.attempts >= delivery.attempts
        """,  # noqa: S608  # our own column names
        *_row(delivery),
    )


def _row(delivery: Delivery) -> list[Any]:
    fields = dict(zip(delivery.__struct_fields__, values(delivery), strict=True))
    return [fields[name] for name in _COLUMNS]


async def claim(db: Db, delivery: Delivery) -> bool:
    """Write a delivery if nobody has begun it; return whether it is ours to send."""
    row = await db.fetchrow(
        f"""insert into delivery ({_LISTED}) values ({_PLACES})
            on conflict do nothing returning true""",  # noqa: S608
        *_row(delivery),
    )
    return row is not None


async def of_findings(db: Db, findings: Sequence[str]) -> list[Delivery]:
    """Return all deliveries of these findings, oldest first."""
    rows = await db.fetch(
        f"{_SELECT} where finding = any($1) order by claimed_us, step",
        list(findings),
    )
    return [record(row, Delivery) for row in rows]


async def of_alert(db: Db, alert: str) -> list[Delivery]:
    """Return all deliveries of an alert, oldest first."""
    rows = await db.fetch(
        f"{_SELECT} where alert = $1 order by claimed_us, step",
        alert,
    )
    return [record(row, Delivery) for row in rows]


async def of_places(db: Db, units: Sequence[str], since_us: int, limit: int) -> list[tuple[Delivery, str, str, str]]:
    """Return what was sent for alerts of these units, newest first: each with the alert's kind, resident and unit."""
    rows = await db.fetch(
        f"""
        select {", ".join(f"d.{name}" for name in _COLUMNS)}, '' as by, a.kind, a.resident, a.unit
        from delivery d join alert a on a.id = d.alert
        where a.unit = any($1) and d.claimed_us >= $2 order by d.claimed_us desc, d.step desc limit $3
        """,  # noqa: S608
        list(units),
        since_us,
        limit,
    )
    return [(record(row, Delivery), row["kind"], row["resident"], row["unit"]) for row in rows]


async def alerts_of(db: Db, findings: Sequence[str]) -> dict[str, str | None]:
    """Return which of these findings the desk has taken in, with the alert each belongs to (None: it raised none)."""
    rows = await db.fetch(
        "select finding, max(alert) as alert from alert_finding where finding = any($1) group by finding",
        list(findings),
    )
    return {row["finding"]: row["alert"] for row in rows}


async def set_timer(db: Db, alert: str, number: int, since_us: int, next_us: int | None) -> None:
    """Write when an alert's next step is due; None: nothing more to send."""
    await db.execute(
        """
        insert into escalation (alert, round, since_us, next_us) values ($1, $2, $3, $4)
        on conflict (alert) do update set round = excluded.round, since_us = excluded.since_us,
            next_us = excluded.next_us
        """,
        alert,
        number,
        since_us,
        next_us,
    )


async def due(db: Db, now_us: int) -> list[str]:
    """Return the alerts whose next step is due, the longest due first."""
    rows = await db.fetch("select alert from escalation where next_us <= $1 order by next_us", now_us)
    return [row["alert"] for row in rows]
