"""The time zone of a place: its own, or that of the nearest place above that has one."""

from collections.abc import Collection, Sequence

from schemas.effects import MirrorContacts
from schemas.errors import BrokenRule
from store import outbox
from store.people import DEFAULT_TIMEZONE
from store.pool import Db, transaction

#: The place tree is no deeper; a cycle would be endless.
_MAX_DEPTH = 16

_ABOVE = f"""
    with recursive above as (
        select id as place, id, parent, timezone, 1 as depth from place where id = any($1::text[])
        union all
        select above.place, p.id, p.parent, p.timezone, above.depth + 1
        from place p join above on p.id = above.parent where above.depth < {_MAX_DEPTH}
    )
    select place, id, timezone from above order by place, depth
"""  # noqa: S608  # a number of ours


async def above(db: Db, places: Collection[str]) -> dict[str, list[tuple[str, str | None]]]:
    """Return of each place itself and those above, up to the root, each with its own time zone."""
    found: dict[str, list[tuple[str, str | None]]] = {}
    for row in await db.fetch(_ABOVE, list(places)):
        found.setdefault(row["place"], []).append((row["id"], row["timezone"]))
    return found


def nearest(chain: Sequence[tuple[str, str | None]]) -> str:
    """Return the time zone that holds for the first place of a chain of ``above``."""
    return next((zone for _, zone in chain if zone is not None), DEFAULT_TIMEZONE)


async def zone_of(db: Db, place: str) -> str:
    """Return the time zone that holds for a place."""
    return nearest((await above(db, [place])).get(place, []))


async def choose(db: Db, place: str, timezone: str | None, now_us: int) -> None:
    """Choose for a place and all below it that choose nothing themselves; None: what holds above. ``not_found``."""
    async with transaction(db) as conn:
        if (await conn.execute("update place set timezone = $2 where id = $1", place, timezone)).split()[-1] == "0":
            raise BrokenRule("not_found", "There is no such place.")
        await outbox.put(conn, [MirrorContacts(place)], now_us)  # the rotas below go by it
