"""The ladders of places, and all that telling somebody needs, as it is mirrored to JetStream."""

from typing import Any

import msgspec

from schemas.alert import Severity
from schemas.effects import MirrorContacts
from schemas.errors import BrokenRule
from schemas.finding import FindingKind
from schemas.ladder import FEWEST_STEPS, Contacts, Ladder, LadderPolicy, known_since
from store import outbox, pauses, people, rota
from store.people import Place
from store.pool import Db, transaction

#: The place tree is no deeper; a cycle would be endless.
_MAX_DEPTH = 16


async def set_ladder(
    db: Db,
    place_id: str,
    ladder: Ladder,
    now_us: int,
    *,
    kind: FindingKind | None = None,
    severity: Severity | None = None,
) -> None:
    """Give a place its own ladder, for what is of a kind or a severity or for all else; without steps: take it away.

    BrokenRule ``not_found``, ``too_few_steps``, ``nobody_named``.
    """
    if 0 < len(ladder.steps) < FEWEST_STEPS:
        raise BrokenRule("too_few_steps", f"A ladder has at least {FEWEST_STEPS} steps: the first may be asleep.")
    if ladder.steps and all(step.on_duty is not None for step in ladder.steps):
        raise BrokenRule("nobody_named", "Name at least one person: a night on which nobody is on duty calls them.")
    async with transaction(db) as conn:
        if not await conn.fetchval("select true from place where id = $1 for share", place_id):
            raise BrokenRule("not_found", "There is no such place.")
        if ladder.steps:
            sql = "select ladder from ladder where place = $1 and kind = $2 and severity = $3 for update"
            before = await conn.fetchval(sql, place_id, kind or "", severity or "")
            kept = known_since(ladder, _ladder(before) if before else Ladder(), now_us)
            await conn.execute(
                """
                insert into ladder (place, kind, severity, ladder, changed_us) values ($1, $4, $5, $2, $3)
                on conflict (place, kind, severity) do update
                set ladder = excluded.ladder, changed_us = excluded.changed_us
                """,
                place_id,
                msgspec.json.encode(kept).decode(),
                now_us,
                kind or "",
                severity or "",
            )
        else:
            sql = "delete from ladder where place = $1 and kind = $2 and severity = $3"
            await conn.execute(sql, place_id, kind or "", severity or "")
        await outbox.put(conn, [MirrorContacts(place_id)], now_us)


async def contacts(db: Db, below: str | None = None) -> dict[str, Contacts]:
    """Return the contacts of all places, or of the place ``below`` and everything under it; by place id."""
    places = {place.id: place for place in await people.places(db)}
    policies: dict[str, list[LadderPolicy]] = {}
    for row in await db.fetch("select place, kind, severity, ladder from ladder order by place, kind, severity"):
        policies.setdefault(row["place"], []).append(_policy(row))
    own = {place: each.ladder for place, found in policies.items() for each in found if _for_all(each)}
    rotas = await rota.all_own(db)
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
            policies=tuple(each for at in above for each in policies.get(at, ())),
            rota=next((rotas[at] for at in above if at in rotas), None),
        )
    return made


async def ladder_of_alert(db: Db, alert_id: str) -> Ladder:
    """Return the ladder that an alert's place has for what it is; one without steps where there is none.

    As alerts.policies has it, but for what goes on above: the patience is the nearest ladder's. Short, since a claim
    waits for it.
    """
    text = await db.fetchval(
        f"""
        with recursive above as (
            select p.id, p.parent, 1 as depth, a.kind, a.severity
            from place p join alert a on a.unit = p.id where a.id = $1
            union all
            select p.id, p.parent, above.depth + 1, above.kind, above.severity
            from place p join above on p.id = above.parent where above.depth < {_MAX_DEPTH}
        )
        select ladder from ladder join above on ladder.place = above.id
            and ladder.kind in ('', above.kind) and ladder.severity in ('', above.severity)
        order by depth, ladder.kind = '', ladder.severity = '' limit 1
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


def _policy(row: Any) -> LadderPolicy:
    return LadderPolicy(
        place=row["place"],
        kind=FindingKind(row["kind"]) if row["kind"] else None,
        severity=Severity(row["severity"]) if row["severity"] else None,
        ladder=_ladder(row["ladder"]),
    )


def _for_all(policy: LadderPolicy) -> bool:
    return policy.kind is None and policy.severity is None


def _ladder(text: str) -> Ladder:
    return msgspec.json.decode(text, type=Ladder)
