"""What open consoles said of themselves last, and the places that must be watched. Times are wall time."""

from typing import Any

import msgspec

from schemas.attendance import Presence, Sound, StaffedHours, Ward
from schemas.errors import BrokenRule
from store import zones
from store.grants import Reach, narrowed
from store.pool import Db
from store.rows import columns, record

#: A console that is closed is never told of; its last word says since when nobody watches, for so long.
KEPT_US = 30 * 24 * 3600 * 1_000_000


async def say(db: Db, said: Presence) -> None:
    """Write what a console says of itself now. ``armed_us`` is known from ``sound``."""
    armed_us = said.at_us if said.sound is Sound.ARMED else None
    await db.execute(
        f"""
        insert into console_presence ({columns(Presence)}) values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (console) do update set account = excluded.account, session = excluded.session,
            everywhere = excluded.everywhere, places = excluded.places, sound = excluded.sound,
            at_us = excluded.at_us, armed_us = coalesce(excluded.armed_us, console_presence.armed_us)
        """,  # noqa: S608  # our own column names
        said.console,
        said.account,
        said.session,
        said.everywhere,
        list(said.places),
        said.sound,
        said.at_us,
        armed_us,
    )


async def said(db: Db) -> list[Presence]:
    """Return the last word of every console that is known."""
    return [record(row, Presence) for row in await db.fetch(f"select {columns(Presence)} from console_presence")]  # noqa: S608


async def forget(db: Db, before_us: int) -> int:
    """Forget consoles that said nothing since ``before_us``; return how many."""
    return len(await db.fetch("delete from console_presence where at_us < $1 returning console", before_us))


async def begin_listening(db: Db, now_us: int) -> None:
    """Note that consoles can speak from now on: the API was started."""
    await db.execute(
        """
        insert into console_listening (since_us) values ($1)
        on conflict (one) do update set since_us = excluded.since_us
        """,
        now_us,
    )


async def listening_since(db: Db) -> int:
    """Return when the API last began to listen; 0: never."""
    return int(await db.fetchval("select coalesce(max(since_us), 0) from console_listening"))


async def set_hours(db: Db, place: str, hours: StaffedHours | None, now_us: int) -> None:
    """Say when a place must be watched, None: never. Said again the same it changes nothing. ``not_found``."""
    text = None if hours is None else msgspec.json.encode(hours).decode()
    done = await db.execute(
        """
        update place set staffed = $2::jsonb, staffed_us = case
            when $2::jsonb is null then null when staffed = $2::jsonb then staffed_us else $3::bigint end
        where id = $1
        """,
        place,
        text,
        now_us,
    )
    if done.split()[-1] == "0":
        raise BrokenRule("not_found", "There is no such place.")


async def wards(db: Db, reach: Reach | None = None) -> list[Ward]:
    """Return the places within ``reach`` that must be watched, by name."""
    rows = await db.fetch(
        """
        select id, name, staffed, staffed_us from place
        where staffed is not null and ($1::text[] is null or id = any($1)) order by name, id
        """,
        narrowed(reach)[0],
    )
    if not rows:
        return []
    above = await zones.above(db, [row["id"] for row in rows])
    found = []
    for row in rows:
        chain = above[row["id"]]
        found.append(
            Ward(
                place=row["id"],
                name=row["name"],
                above=tuple(place for place, _ in chain),
                hours=hours_of(row["staffed"]),
                timezone=zones.nearest(chain),
                since_us=row["staffed_us"] or 0,
            )
        )
    return found


async def open_alerts(db: Db) -> dict[str, str]:
    """Return the open alerts about wards that nobody watches: their ids by place."""
    rows = await db.fetch(
        """
        select unit, id from alert
        where kind = 'platform' and resident = unit and state in ('raised', 'claimed', 'held')
        """
    )
    return {row["unit"]: row["id"] for row in rows}


def hours_of(text: Any) -> StaffedHours:
    """Return the hours in a column."""
    return msgspec.json.decode(text, type=StaffedHours)
