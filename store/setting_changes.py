"""Who changed what of how a resident is watched over, and when: for people to read, never for a detector."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Protocol

import msgspec

from schemas.errors import BrokenRule
from store.pool import Connection, Db
from store.rows import record


class What(StrEnum):
    """What was changed. Of a field ``data`` has ``before`` and ``after``; of a watch and an absence, which one."""

    SENSITIVITY = "sensitivity"
    MOBILITY = "mobility"
    FALL_ALARM = "fall_alarm"
    CORNERS = "corners"  # of the zone; all of them, so that an old one can be drawn again
    WATCH_OFF = "watch_off"
    WATCH_ON = "watch_on"
    ABSENCE_SET = "absence_set"
    ABSENCE_CHANGED = "absence_changed"
    ABSENCE_STILL = "absence_still"
    ABSENCE_ENDED = "absence_ended"
    ABSENCE_WITHDRAWN = "absence_withdrawn"
    PAUSE_BEGUN = "pause_begun"
    PAUSE_LONGER = "pause_longer"
    PAUSE_ENDED = "pause_ended"


class SettingChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change by one person."""

    at_us: int
    actor: str
    what: What
    data: dict[str, Any]


class ChangedMeanwhile(BrokenRule):
    """Whoever changes a setting had another one before them; ``change``: who set what it is now, None: nobody noted."""

    def __init__(self, change: SettingChange | None) -> None:
        who = "Somebody" if change is None else change.actor
        super().__init__(
            "changed_meanwhile", f"{who} has changed this meanwhile. Nothing was changed; look at it again."
        )
        self.change = change


class _Settings(Protocol):
    """What of a resident is a setting (store.people.Resident)."""

    @property
    def id(self) -> str: ...
    @property
    def watches_off(self) -> tuple[str, ...]: ...


_FIELDS = (What.SENSITIVITY, What.MOBILITY, What.FALL_ALARM, What.CORNERS)


async def note(conn: Connection, resident: str, what: What, data: Mapping[str, Any], actor: str, now_us: int) -> None:
    """Note a change, inside the caller's transaction."""
    await conn.execute(
        "insert into setting_change (resident, at_us, actor, what, data) values ($1, $2, $3, $4, $5)",
        resident,
        now_us,
        actor,
        what,
        msgspec.json.encode(data).decode(),
    )


async def note_fields(conn: Connection, before: _Settings, after: _Settings, actor: str, now_us: int) -> None:
    """Note each setting that differs between two states of a resident."""
    for what in _FIELDS:
        was, is_now = getattr(before, what), getattr(after, what)
        if was != is_now:
            await note(conn, after.id, what, {"before": was, "after": is_now}, actor, now_us)
    for what, more, less in ((What.WATCH_OFF, after, before), (What.WATCH_ON, before, after)):
        for watch in sorted(set(more.watches_off) - set(less.watches_off)):
            await note(conn, after.id, what, {"watch": watch}, actor, now_us)


async def upon(conn: Connection, now: _Settings, wanted: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is wanted upon the settings as they are ``now``, by somebody who had ``seen`` before them.

    Watches are switched one by one: what somebody else switched meanwhile stays as they have it. Of any other setting
    that is another one by now, ChangedMeanwhile: nobody chose between those two. Fields not in ``seen`` are as wanted.
    """
    found = dict(wanted)
    if "watches_off" in wanted and "watches_off" in seen:
        before, after = set(seen["watches_off"]), set(wanted["watches_off"])
        found["watches_off"] = (set(now.watches_off) | (after - before)) - (before - after)
    for what in _FIELDS:
        held = getattr(now, what)
        if what in wanted and what in seen and held not in (seen[what], wanted[what]):
            raise ChangedMeanwhile(await _latest(conn, now.id, what))
    return found


async def _latest(conn: Connection, resident: str, what: What) -> SettingChange | None:
    row = await conn.fetchrow(
        "select at_us, actor, what, data from setting_change where resident = $1 and what = $2 "
        "order by at_us desc, id desc limit 1",
        resident,
        what,
    )
    return None if row is None else record(row, SettingChange)


async def changes_of(db: Db, resident: str, limit: int) -> list[SettingChange]:
    """Return what was changed of a resident, newest first."""
    rows = await db.fetch(
        "select at_us, actor, what, data from setting_change where resident = $1 order by at_us desc, id desc limit $2",
        resident,
        limit,
    )
    return [record(row, SettingChange) for row in rows]


async def left_off(db: Db, resident: str) -> dict[str, SettingChange]:
    """Return of each watch who switched it last, with when."""
    rows = await db.fetch(
        """
        select distinct on (data ->> 'watch') at_us, actor, what, data from setting_change
        where resident = $1 and what in ('watch_off', 'watch_on')
        order by data ->> 'watch', at_us desc, id desc
        """,
        resident,
    )
    found = [record(row, SettingChange) for row in rows]
    return {str(each.data["watch"]): each for each in found if each.what is What.WATCH_OFF}
