"""What was found and raised no alert: possible falls that nobody was called for, kept some weeks to be looked at."""

import msgspec

from schemas.finding import Evidence, Finding, FindingKind, Stage
from store.pool import Connection, Db
from store.rows import assignments, columns, placeholders, record, values

#: Long enough for a doctor's visit or a talk with the family; short enough that a city's stay small.
KEPT_US = 30 * 86_400 * 1_000_000


class QuietFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding at its latest stage that no alert came of."""

    finding: str
    kind: FindingKind
    stage: Stage
    unit: str
    resident: str
    place: str | None
    device: str
    event_us: int
    decided_us: int
    score: float
    model: str
    evidence: Evidence
    at_us: int  # when the desk heard of it last


async def keep(conn: Connection, found: Finding, now_us: int) -> None:
    """Keep a finding that raised nothing, at its latest stage."""
    same = {name: getattr(found, name) for name in QuietFinding.__struct_fields__ if name not in ("finding", "at_us")}
    row = QuietFinding(finding=found.id, at_us=now_us, **same)
    await conn.execute(
        f"insert into quiet_finding ({columns(QuietFinding)}) values ({placeholders(QuietFinding)}) "  # noqa: S608
        f"on conflict (finding) do update set {assignments(QuietFinding)}",
        *values(row),
    )


async def forget(conn: Connection, finding: str) -> None:
    """Let go of a finding that an alert came of after all."""
    await conn.execute("delete from quiet_finding where finding = $1", finding)


async def one(db: Db, finding: str) -> QuietFinding | None:
    """Return the finding with this id, None when it raised an alert or is not known."""
    row = await db.fetchrow(f"select {columns(QuietFinding)} from quiet_finding where finding = $1", finding)  # noqa: S608
    return record(row, QuietFinding) if row is not None else None


async def of_resident(db: Db, resident: str, start_us: int, end_us: int, limit: int) -> list[QuietFinding]:
    """Return what was found of a resident in ``start_us <= event < end_us`` without an alert, newest first."""
    rows = await db.fetch(
        f"select {columns(QuietFinding)} from quiet_finding "  # noqa: S608
        "where resident = $1 and event_us >= $2 and event_us < $3 order by event_us desc, finding limit $4",
        resident,
        start_us,
        end_us,
        limit,
    )
    return [record(row, QuietFinding) for row in rows]


async def purge(db: Db, before_us: int) -> int:
    """Delete what was heard of before ``before_us``; return how many."""
    return int((await db.execute("delete from quiet_finding where at_us < $1", before_us)).split()[-1])
