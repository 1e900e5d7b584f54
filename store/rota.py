"""Who is on duty where: the rotas of places. What is allowed in one is alerts.rota; it is handed in."""

from collections.abc import Callable

import msgspec

from schemas.effects import MirrorContacts
from schemas.errors import BrokenRule
from schemas.rota import Rota
from store import outbox, zones
from store.pool import Db, transaction

#: The rota as it is into the one that is wanted.
Decide = Callable[[Rota], Rota]


async def all_own(db: Db) -> dict[str, Rota]:
    """Return the rotas that places have of their own, in their time zones."""
    rows = await db.fetch("select place, rota from rota")
    above = await zones.above(db, [row["place"] for row in rows]) if rows else {}
    return {row["place"]: _rota(row["rota"], zones.nearest(above[row["place"]])) for row in rows}


async def nearest(db: Db, place: str) -> tuple[str | None, Rota]:
    """Return the rota that holds at a place, and whose it is: its own, or that of the nearest place above."""
    chain = (await zones.above(db, [place])).get(place, [])
    own = {row["place"]: row["rota"] for row in await db.fetch(
        "select place, rota from rota where place = any($1::text[])", [each for each, _ in chain]
    )}  # fmt: skip
    for number, (each, _) in enumerate(chain):
        if each in own:
            return each, _rota(own[each], zones.nearest(chain[number:]))
    return None, Rota(timezone=zones.nearest(chain))


async def own(db: Db, place: str) -> Rota:
    """Return the rota that a place has of its own; an empty one where it has none."""
    owner, found = await nearest(db, place)
    return found if owner == place else Rota()


async def change(db: Db, place: str, decide: Decide, now_us: int) -> Rota:
    """Let ``decide`` say what a place's own rota becomes; one without shifts takes it away. BrokenRule ``not_found``.

    A place without one begins with an empty rota.
    """
    async with transaction(db) as conn:
        if not await conn.fetchval("select true from place where id = $1 for update", place):
            raise BrokenRule("not_found", "There is no such place.")
        zone = await zones.zone_of(conn, place)
        text = await conn.fetchval("select rota from rota where place = $1", place)
        after = decide(Rota(timezone=zone) if text is None else _rota(text, zone))
        if after.shifts:
            await conn.execute(
                """
                insert into rota (place, rota, changed_us) values ($1, $2, $3)
                on conflict (place) do update set rota = excluded.rota, changed_us = excluded.changed_us
                """,
                place,
                msgspec.json.encode(after).decode(),
                now_us,
            )
        else:
            await conn.execute("delete from rota where place = $1", place)
        await outbox.put(conn, [MirrorContacts(place)], now_us)
    return after


def _rota(text: str, zone: str) -> Rota:
    # The place's zone and not the one it had when the rota was written.
    return msgspec.structs.replace(msgspec.json.decode(text, type=Rota), timezone=zone)
