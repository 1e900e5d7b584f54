"""What the review asks: the alerts of a period with their first answer, what waits to be closed, and who was on.

A place and all below it is given as a list of ids (None: the whole tree), and an alert counts where it happened, not
where its resident lives now.
"""

from collections.abc import Collection, Sequence

import asyncpg
import msgspec

from schemas.alert import Alert
from schemas.places import PlaceKind
from store import zones
from store.accounts import SESSION_US
from store.grants import Role
from store.pool import Db
from store.rows import columns, record

#: Who did not sign out was on until so long after the last line of their session in the log.
UNHEARD_US = 3600 * 1_000_000
#: A shift that nobody ended is over so long after it began, as alerts.handover has it.
SHIFT_LONGEST_US = 16 * 3600 * 1_000_000
#: Whose work it is to answer. Others count as on where they answered.
OPERATORS = (Role.CARER, Role.NURSE_IN_CHARGE)
#: Answered later than this is late, as alerts.answering.GOALS begins.
LATE_US = 60 * 1_000_000

#: First answered by whom and when; since when it rang. As the indexes of migration 0021 have it.
_ANSWER = """
    left join lateral (
        select s.at_us, s.actor from alert_step s where s.alert = a.id and s.kind in ('claimed', 'held')
        order by s.seq limit 1
    ) answer on true
"""
_SILENT = """
    left join lateral (
        select
            max((s.data ->> 'silent_until_us')::bigint) filter (where s.kind = 'raised') as at_first,
            max((s.data ->> 'silent_until_us')::bigint) as until_us,
            min(s.at_us) filter (where not s.data ? 'silent_until_us') as ended_us
        from alert_step s
        where s.alert = a.id and (s.kind = 'silenced' or (s.kind = 'raised' and s.data ? 'silent_until_us'))
    ) silent on true
"""
_RANG = "case when silent.at_first is null then a.raised_us else coalesce(silent.ended_us, silent.until_us) end"
#: The model that told first; of what recurred the alert keeps only the latest tellers.
_DETECTOR = """
    coalesce(
        a.sources -> a.finding ->> 'model',
        (select value ->> 'model' from jsonb_each(a.sources) order by key limit 1),
        ''
    )
"""


async def cases(db: Db, start_us: int, end_us: int, places: Collection[str] | None) -> list[asyncpg.Record]:
    """Return the alerts that were raised in ``start_us <= raised < end_us``, as plain rows: they are tens of thousands.

    (id, kind, detector, device, unit, resident, raised_us, rang_us, answered_us, outcome, test, answered_by).
    """
    return await db.fetch(
        f"""
        select a.id, a.kind, {_DETECTOR} as detector, a.device, a.unit, a.resident, a.raised_us, {_RANG} as rang_us,
            answer.at_us as answered_us, a.outcome, coalesce(r.test, false) as test, answer.actor as answered_by
        from alert a {_ANSWER} {_SILENT} left join resident r on r.id = a.resident
        where a.raised_us >= $1 and a.raised_us < $2 and ($3::text[] is null or a.unit = any($3))
        """,  # noqa: S608  # texts of ours
        start_us,
        end_us,
        _list(places),
    )


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """A resolved alert, by whom it was first answered, and since when it rang."""

    alert: Alert
    rang_us: int
    answered_us: int | None
    answered_by: str | None


class Only(msgspec.Struct, frozen=True, kw_only=True):
    """Which of the resolved alerts; None: whatever it is. ``late``: answered within the first goal, or not."""

    kind: str | None = None
    device: str | None = None
    outcome: str | None = None
    late: bool | None = None


_ALERT = ", ".join(f"a.{name}" for name in columns(Alert).split(", "))
_ONLY = f"""
    ($1::text[] is null or a.unit = any($1)) and ($2::text is null or a.kind = $2)
    and ($3::text is null or a.device = $3) and ($4::text is null or a.outcome = $4)
    and ($5::bool is null or $5 = coalesce(answer.at_us - {_RANG} > {LATE_US}, true))
"""


def _only(places: Collection[str] | None, only: Only) -> list[object]:
    return [_list(places), only.kind, only.device, only.outcome, only.late]


async def to_review(
    db: Db, places: Collection[str] | None, only: Only, *, before: str | None = None, limit: int = 50
) -> list[Resolved]:
    """Return what is resolved and not closed, latest raised first; ``before``: the last alert of the page before."""
    rows = await db.fetch(
        f"""
        select {_ALERT}, {_RANG} as rang_us, answer.at_us as answered_us, answer.actor as answered_by
        from alert a {_ANSWER} {_SILENT}
        where a.state = 'resolved' and {_ONLY}
            and ($6::text is null or (a.raised_us, a.id) < (select b.raised_us, b.id from alert b where b.id = $6))
        order by a.raised_us desc, a.id desc limit $7
        """,  # noqa: S608  # texts of ours
        *_only(places, only),
        before,
        limit,
    )
    return [_resolved(row) for row in rows]


async def exported(db: Db, start_us: int, end_us: int, places: Collection[str] | None, limit: int) -> list[Resolved]:
    """Return the alerts that were raised in a period whatever became of them, oldest first."""
    rows = await db.fetch(
        f"""
        select {_ALERT}, {_RANG} as rang_us, answer.at_us as answered_us, answer.actor as answered_by
        from alert a {_ANSWER} {_SILENT}
        where a.raised_us >= $1 and a.raised_us < $2 and ($3::text[] is null or a.unit = any($3))
        order by a.raised_us, a.id limit $4
        """,  # noqa: S608  # texts of ours
        start_us,
        end_us,
        _list(places),
        limit,
    )
    return [_resolved(row) for row in rows]


def _resolved(row: asyncpg.Record) -> Resolved:
    return Resolved(
        alert=record(row, Alert),
        rang_us=row["rang_us"],
        answered_us=row["answered_us"],
        answered_by=row["answered_by"],
    )


async def left_to_review(db: Db, places: Collection[str] | None, only: Only) -> tuple[int, int | None]:
    """Return how many are resolved and not closed, and when the oldest of them was raised."""
    row = await db.fetchrow(
        f"""
        select count(*) as n, min(a.raised_us) as oldest from alert a {_ANSWER} {_SILENT}
        where a.state = 'resolved' and {_ONLY}
        """,  # noqa: S608  # texts of ours
        *_only(places, only),
    )
    assert row is not None  # noqa: S101  # an aggregate always has a row
    return row["n"], row["oldest"]


async def below(db: Db, places: Collection[str]) -> list[str]:
    """Return places and all that stands under them."""
    rows = await db.fetch(
        """
        with recursive below as (
            select id from place where id = any($1::text[])
            union
            select p.id from place p join below on p.parent = below.id
        )
        select id from below order by id
        """,
        list(places),
    )
    return [row["id"] for row in rows]


class Stands(msgspec.Struct, frozen=True):
    """A place and what it stands in."""

    kind: PlaceKind
    name: str
    parent: str | None


async def above(db: Db, places: Collection[str]) -> dict[str, Stands]:
    """Return places and all that they stand in, by id."""
    rows = await db.fetch(
        """
        with recursive above as (
            select id, kind, name, parent from place where id = any($1::text[])
            union
            select p.id, p.kind, p.name, p.parent from place p join above on p.id = above.parent
        )
        select id, kind, name, parent from above
        """,
        list(places),
    )
    return {row["id"]: Stands(PlaceKind(row["kind"]), row["name"], row["parent"]) for row in rows}


async def labels(db: Db, devices: Collection[str]) -> dict[str, str | None]:
    """Return what devices are called; None: nothing but their id."""
    rows = await db.fetch("select id, label from device where id = any($1::text[])", list(devices))
    return {row["id"]: row["label"] for row in rows}


async def clock_of(db: Db, place: str | None, places: Collection[str] | None) -> str | None:
    """Return the time zone of ``place``, or else the one by which most residents of ``places`` live; None: nobody does.

    The place's is its own, or that of the nearest above it that has one.
    """
    if place is not None:
        chosen = next((zone for _, zone in (await zones.above(db, [place])).get(place, []) if zone is not None), None)
        if chosen is not None:
            return chosen
    found: str | None = await db.fetchval(
        """
        select timezone from resident where $1::text[] is null or unit = any($1)
        group by timezone order by count(*) desc, timezone limit 1
        """,
        _list(places),
    )
    return found


#: The places and all that they stand in.
_AROUND = """
    select id, parent from place where id = any($3::text[])
    union
    select p.id, p.parent from place p join around on p.id = around.parent
"""


async def were_on(
    db: Db, start_us: int, end_us: int, places: Collection[str] | None, answered: Sequence[str]
) -> list[tuple[str, int, int]]:
    """Return (account, from, until) of each session that overlaps a period and was an operator's of these places.

    From signing in until signing out; who did not was on until UNHEARD_US after their last line in the log, and never
    longer than a session lasts. ``answered``: accounts that answered, and count whatever their role.
    """
    rows = await db.fetch(
        f"""
        with recursive around as ({_AROUND}), operators as (
            select g.account from account_grant g
            where g.role = any($4::text[])
                and ($3 is null or g.place is null or g.place in (select id from around))
            union select unnest($5::text[])
        ), signed as (
            select session, account, min(at_us) filter (where act = 'sign_in') as began_us,
                max(at_us) filter (where act = 'sign_out') as left_us
            from audit
            where act in ('sign_in', 'sign_out') and at_us > $1 - $6::bigint and at_us < $2 + $6::bigint
            group by session, account
        )
        select signed.account, signed.began_us,
            least(signed.began_us + $6::bigint, coalesce(signed.left_us, heard.at_us + $7::bigint)) as until_us
        from signed join operators on operators.account = signed.account
        left join lateral (
            select at_us from audit o where signed.left_us is null and o.session = signed.session
            order by at_us desc limit 1
        ) heard on true
        where signed.began_us < $2
        order by signed.began_us, signed.account
        """,  # noqa: S608  # texts of ours
        start_us,
        end_us,
        _list(places),
        [str(role) for role in OPERATORS],
        list(answered),
        SESSION_US,
        UNHEARD_US,
    )
    spans = ((row["account"], row["began_us"], row["until_us"]) for row in rows)
    return [span for span in spans if span[2] > start_us]


async def on_shift(db: Db, start_us: int, end_us: int, places: Collection[str] | None) -> list[tuple[str, int, int]]:
    """Return (account, from, until) of everybody who said that they are on a shift of these places, or of one above.

    Until it was handed over; a shift that nobody handed over is over when it was to end.
    """
    rows = await db.fetch(
        f"""
        with recursive around as ({_AROUND})
        select (c ->> 'account') as account, (c ->> 'since_us')::bigint as since_us,
            case when d.handed_us is not null and d.handed_by <> '' then d.handed_us
                else least(coalesce(d.handed_us, $2), coalesce(d.ends_us, d.begun_us + $4::bigint)) end as until_us
        from duty_shift d, jsonb_array_elements(d.crew) c
        where d.begun_us < $2 and d.begun_us > $1 - 2 * $4::bigint
            and ($3::text[] is null or d.place in (select id from around))
        order by 2, 1
        """,  # noqa: S608  # texts of ours
        start_us,
        end_us,
        _list(places),
        SHIFT_LONGEST_US,
    )
    spans = ((row["account"], row["since_us"], row["until_us"]) for row in rows)
    return [span for span in spans if start_us < span[2] and span[1] < end_us and span[1] < span[2]]


def _list(places: Collection[str] | None) -> list[str] | None:
    return None if places is None else sorted(places)
