"""The ladders of places, and all that telling somebody needs, as it is mirrored to JetStream."""

from typing import Any

import msgspec

from schemas.effects import MirrorContacts
from schemas.errors import BrokenRule
from schemas.ladder import FEWEST_STEPS, Contacts, Ladder, known_since
from store import outbox, pauses, people
from store.people import Place
from store.pool import Db, transaction

#: The place tree is no deeper; a cycle would be endless.
_MAX_DEPTH = 16


async def set_ladder(db: Db, place_id: str, ladder: Ladder, now_us: int) -> None:
    """Give a place its own ladder; one without steps takes it away, so that the place inherits again.

    BrokenRule ``not_found``, ``too_few_steps``.
    """
    if 0 < len(ladder.steps) < FEWEST_STEPS:
        raise BrokenRule("too_few_steps", f"A ladder has at least {FEWEST_STEPS} steps: the first may be asleep.")
    async with transaction(db) as conn:
        if not await conn.fetchval("select true from place where id = $1 for share", place_id):
            raise BrokenRule("not_found", "There is no such place.")
        if ladder.steps:
            before = await conn.fetchval("select ladder from ladder where place = $1 for update", place_id)
            kept = known_since(ladder, _ladder(before) if before else Ladder(), now_us)
            await conn.execute(
                """
                insert into ladder (place, ladder, changed_us) values ($1, $2, $3)
                on conflict (place) do update set ladder = excluded.ladder, changed_us = excluded.changed_us
                """,
                place_id,
                msgspec.json.encode(kept).decode(),
                now_us,
            )
        else:
            await conn.execute("delete from ladder where place = $1", place_id)
        await outbox.put(conn, [MirrorContacts(place_id)], now_us)


async def contacts(db: Db, below: str | None = None) -> dict[str, Contacts]:
    """Return the contacts of all places, or of the place ``below`` and everything under it; by place id."""
    places = {place.id: place for place in await people.places(db)}
    own = {row["place"]: _ladder(row["ladder"]) for row in await db.fetch("select place, ladder from ladder")}
    lives: dict[str, list[Any]] = {}
    for row in await db.fetch("select id, name, unit, test from resident order by id"):
        lives.setdefault(row["unit"], []).append(row)
    resting = await pauses.mirrored(db)
    made = {}
    for place in places.values():
        above = _ancestors(place, places)
        if below is not None and below not in above:
            continue
        owner = next((each for each in above if each in own), None)
        residents = lives.get(place.id, [])
        made[place.id] = Contacts(
            place=place.id,
            name=" ".join(place.path),
            owner=owner,
            ladder=own[owner] if owner is not None else Ladder(),
            residents={row["id"]: row["name"] for row in residents},
            tests=tuple(row["id"] for row in residents if row["test"]),
            with_them=resting.get(place.id, {}),
        )
    return made


async def ladder_of_alert(db: Db, alert_id: str) -> Ladder:
    """Return the ladder that an alert's place has, own or inherited; one without steps where there is none.

    Short, since a claim waits for it.
    """
    text = await db.fetchval(
        f"""
        with recursive above as (
            select p.id, p.parent, 1 as depth from place p join alert a on a.unit = p.id where a.id = $1
            union all
            select p.id, p.parent, above.depth + 1
            from place p join above on p.id = above.parent where above.depth < {_MAX_DEPTH}
        )
        select ladder from ladder join above on ladder.place = above.id order by depth limit 1
        """,  # noqa: S608  # a number of ours
        alert_id,
    )
    return Ladder() if text is None else _ladder(text)


async def contacts_of(db: Db, place_id: str) -> Contacts:
    """Return one place's contacts. BrokenRule ``not_found``."""
    found = (await contacts(db, place_id)).get(place_id)
    if found is None:
        raise BrokenRule("not_found", "There is no such place.")
    return found


def _ancestors(place: Place, places: dict[str, Place]) -> list[str]:
    """Return the ids from the place up to the root."""
    found: list[str] = []
    at: Place | None = place
    while at is not None and at.id not in found:
        found.append(at.id)
        at = places.get(at.parent) if at.parent else None
    return found


def _ladder(text: str) -> Ladder:
    return msgspec.json.decode(text, type=Ladder)
