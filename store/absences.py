"""When residents are away, by calendar: stretches set ahead of time, and what of them is due by now.

The calendar says when somebody is away; ``resident.absent_until_us`` is what detectors were last told of it. ``settle``
brings the second to the first, moment by moment as they were, in one transaction: done twice, or late after hours in
which nobody could, it does nothing more. Stretches of one resident never overlap, and none is deleted: one that was
taken back stays with the name of who did it.
"""

from collections.abc import Sequence
from typing import Any

import asyncpg
import msgspec

from schemas.config import OPEN_END_US
from schemas.effects import SettleAbsences
from schemas.errors import BrokenRule
from store import outbox, people, setting_changes
from store.pool import Connection, Db, transaction
from store.rows import columns, placeholders, record, values
from store.setting_changes import What

#: Stretches of one resident that are still to come; nobody plans more, and a program in a loop is stopped.
MOST_AHEAD = 60
#: An absence may be told so long after it began: a fall at home and a week in hospital, before anybody thinks of it.
TOLD_LATE_US = 7 * 86_400 * 1_000_000
#: An absence whose end nobody knows is asked about after so long, and again as long after somebody said "still away".
#: Until somebody answers, the home to which they may have come back is not watched. Chosen, not measured: who is away
#: without an end is in hospital or with family, of which more is known after a week; asked each day it would be
#: pressed away unread.
ASKED_AFTER_US = 7 * 86_400 * 1_000_000
#: Clocks of two machines differ by less, and nobody waits for a lock as long. What is further ahead was a wrong clock.
SKEW_US = 60 * 1_000_000


class Absence(msgspec.Struct, frozen=True, kw_only=True):
    """One stretch. ``until_us`` None: nobody knows until when. ``set_by`` "": a version that noted no names.

    ``ended_by``: who said that they are back before the calendar did; ``withdrawn_by``: who took the stretch back;
    ``still_by``: who said last, at ``still_us``, that they are still away.
    """

    id: str
    resident: str
    start_us: int
    until_us: int | None
    note: str | None = None
    set_by: str
    set_us: int
    ended_by: str | None = None
    withdrawn_by: str | None = None
    still_us: int | None = None
    still_by: str | None = None

    @property
    def asked_us(self) -> int | None:
        """From when on people are asked whether the resident is still away; None: they are not, it has an end."""
        if self.until_us is not None:
            return None
        return max(self.start_us, self.set_us, self.still_us or 0) + ASKED_AFTER_US

    def asks(self, at_us: int) -> bool:
        """Whether people are asked at this time if the resident is still away."""
        return self.covers(at_us) and self.asked_us is not None and self.asked_us <= at_us

    def covers(self, at_us: int) -> bool:
        """Whether the resident is away at this time."""
        return self.start_us <= at_us and not self.over(at_us)

    def over(self, at_us: int) -> bool:
        """Whether the stretch is over at this time, or was taken back."""
        return self.withdrawn_by is not None or (self.until_us is not None and self.until_us <= at_us)

    def meets(self, other: "Absence") -> bool:
        """Whether two stretches have a moment in common."""
        return self.end_us > other.start_us and other.end_us > self.start_us

    @property
    def end_us(self) -> int:
        """When it ends; one that nobody knows the end of, never."""
        return OPEN_END_US if self.until_us is None else self.until_us


_ABSENCE = f"select {columns(Absence)} from absence"  # noqa: S608  # our own column names


async def absences_of(db: Db, resident: str, since_us: int) -> list[Absence]:
    """Return the stretches of a resident that were not taken back and end after ``since_us``, oldest first."""
    rows = await db.fetch(
        f"{_ABSENCE} where resident = $1 and withdrawn_by is null and coalesce(until_us, {OPEN_END_US}) > $2 "
        "order by start_us, id",
        resident,
        since_us,
    )
    return [record(row, Absence) for row in rows]


async def plan(
    db: Db, resident: str, *, start_us: int, until_us: int | None, note: str | None, actor: str, now_us: int
) -> Absence:
    """Add a stretch and return it. BrokenRule ``not_found``, ``bad_stretch``, ``overlaps``, ``too_many``."""
    wanted = Absence(
        id=people.new_id("ab"),
        resident=resident,
        start_us=start_us,
        until_us=until_us,
        note=note,
        set_by=actor,
        set_us=now_us,
    )
    async with transaction(db) as conn:
        await _hold(conn, resident)
        there = await _there(conn, resident)
        if sum(not each.over(now_us) for each in there) >= MOST_AHEAD:
            raise BrokenRule("too_many", f"No more than {MOST_AHEAD} absences can be planned for one person.")
        _check_start(wanted, now_us)
        _check(wanted, there, now_us)
        await conn.execute(
            f"insert into absence ({columns(Absence)}) values ({placeholders(Absence)})",  # noqa: S608
            *values(wanted),
        )
        await _done(conn, wanted, What.ABSENCE_SET, actor, now_us)
    return wanted


async def change(
    db: Db, resident: str, absence_id: str, changes: dict[str, Any], *, actor: str, now_us: int
) -> Absence:
    """Change ``start_us``, ``until_us`` or ``note`` of a stretch that lasts or is to come, and return it.

    One that was ended can be taken up again. BrokenRule ``not_found``, ``bad_stretch``, ``overlaps``, ``begun``.
    """
    async with transaction(db) as conn:
        await _hold(conn, resident)
        there = await _there(conn, resident)
        before = _one(there, absence_id)
        after = msgspec.structs.replace(before, **changes)
        if after.start_us != before.start_us:
            if before.start_us <= now_us:
                raise BrokenRule("begun", "It has begun already: when it began cannot be changed any more.")
            _check_start(after, now_us)
        if after.until_us != before.until_us:
            after = msgspec.structs.replace(after, ended_by=None)
        if after.covers(now_us):  # whoever changes it knows that they are still away
            after = msgspec.structs.replace(after, still_us=now_us, still_by=actor)
        _check(after, there, now_us)
        await _write(conn, after)
        await _done(conn, after, What.ABSENCE_CHANGED, actor, now_us)
    return after


async def end(db: Db, resident: str, absence_id: str, *, actor: str, now_us: int) -> Absence:
    """Note that somebody is back now. BrokenRule ``not_found``, ``not_begun``, ``over``."""
    async with transaction(db) as conn:
        await _hold(conn, resident)
        before = _lasting(await _there(conn, resident), absence_id, now_us)
        after = msgspec.structs.replace(before, until_us=now_us, ended_by=actor)
        await _write(conn, after)
        await _done(conn, after, What.ABSENCE_ENDED, actor, now_us)
    return after


async def still(db: Db, resident: str, absence_id: str, *, actor: str, now_us: int) -> Absence:
    """Note that somebody is still away. BrokenRule ``not_found``, ``not_begun``, ``over``."""
    async with transaction(db) as conn:
        await _hold(conn, resident)
        before = _lasting(await _there(conn, resident), absence_id, now_us)
        after = msgspec.structs.replace(before, still_us=now_us, still_by=actor)
        await _write(conn, after)
        await _done(conn, after, What.ABSENCE_STILL, actor, now_us)
    return after


async def withdraw(db: Db, resident: str, absence_id: str, *, actor: str, now_us: int) -> Absence:
    """Take a stretch back that lasts or is to come: it was a mistake. BrokenRule ``not_found``, ``over``."""
    async with transaction(db) as conn:
        await _hold(conn, resident)
        before = _one(await _there(conn, resident), absence_id)
        if before.over(now_us):
            raise BrokenRule("over", "It is over already.")
        after = msgspec.structs.replace(before, withdrawn_by=actor)
        await _write(conn, after)
        await _done(conn, after, What.ABSENCE_WITHDRAWN, actor, now_us)
    return after


async def away_until(db: Db, resident: str, until_us: int | None, *, actor: str, now_us: int) -> None:
    """Set from now on until when somebody is away; None, or a time that has passed: they are here.

    BrokenRule ``not_found``, ``overlaps``.
    """
    async with transaction(db) as conn:
        await _hold(conn, resident)
        lasting = [each for each in await _there(conn, resident) if each.covers(now_us)]
        if until_us is None or until_us <= now_us:
            for each in lasting:
                await end(conn, resident, each.id, actor=actor, now_us=now_us)
            return
        until = None if until_us >= OPEN_END_US else until_us
        if not lasting:
            await plan(conn, resident, start_us=now_us, until_us=until, note=None, actor=actor, now_us=now_us)
        elif lasting[0].until_us != until:
            await change(conn, resident, lasting[0].id, {"until_us": until}, actor=actor, now_us=now_us)


async def asking(db: Db, now_us: int) -> list[Absence]:
    """Return the stretches without an end of which nobody has said for ASKED_AFTER_US that they last, longest first."""
    rows = await db.fetch(
        f"{_ABSENCE} where withdrawn_by is null and until_us is null and start_us <= $1 order by start_us, id", now_us
    )
    return [found for row in rows if (found := record(row, Absence)).asks(now_us)]


async def turning(db: Db, now_us: int) -> list[str]:
    """Return the residents of whom something in the calendar is due that was not carried out yet.

    And those whose calendar was carried out by a clock that was far ahead, and has been set right since.
    """
    rows = await db.fetch(
        """
        select distinct r.id from resident r join absence a on a.resident = r.id
        where a.withdrawn_by is null
          and ((a.start_us > r.absences_settled_us and a.start_us <= $1)
            or (a.until_us > r.absences_settled_us and a.until_us <= $1)
            or r.absences_settled_us > $2)
        order by r.id
        """,
        now_us,
        now_us + SKEW_US,
    )
    return [row["id"] for row in rows]


async def settle(db: Db, resident: str, now_us: int) -> int:
    """Tell detectors what the calendar says by now, each change with the time it has there; return how many there were.

    A change never counts from before one that was told already: what was heard later must be what holds. Who comes a
    moment behind another takes nothing back.
    """
    async with transaction(db) as conn:
        held = await _hold(conn, resident)
        if now_us < held["absences_settled_us"] <= now_us + SKEW_US:
            now_us = held["absences_settled_us"]
        there = await _there(conn, resident)
        told_us = await conn.fetchval("select max(changed_us) from resident_setting where resident = $1", resident) or 0
        known, settled_us, told = held["absent_until_us"], held["absences_settled_us"], 0
        edges = {edge for each in there for edge in (each.start_us, each.until_us) if edge is not None}
        for at_us in sorted({edge for edge in edges if settled_us < edge <= now_us} | {now_us}):
            wanted = _until(there, at_us)
            if wanted != known:
                changed = {"absent_until_us": wanted}
                await people.update_resident(conn, resident, changed, max(at_us, told_us))
                known, told = wanted, told + 1
        await conn.execute("update resident set absences_settled_us = $2 where id = $1", resident, now_us)
    return told


def _until(there: Sequence[Absence], at_us: int) -> int | None:
    """Return until when somebody is away at this time, None: they are here."""
    return next((each.end_us for each in there if each.covers(at_us)), None)


async def _hold(conn: Connection, resident: str) -> asyncpg.Record:
    """Lock a resident's calendar; BrokenRule ``not_found``."""
    row = await conn.fetchrow(
        "select absent_until_us, absences_settled_us from resident where id = $1 for update", resident
    )
    if row is None:
        raise BrokenRule("not_found", "There is no such resident.")
    return row


async def _there(conn: Connection, resident: str) -> list[Absence]:
    return await absences_of(conn, resident, -1)


def _one(there: Sequence[Absence], absence_id: str) -> Absence:
    found = next((each for each in there if each.id == absence_id), None)
    if found is None:
        raise BrokenRule("not_found", "There is no such absence.")
    return found


def _lasting(there: Sequence[Absence], absence_id: str, now_us: int) -> Absence:
    found = _one(there, absence_id)
    if found.start_us > now_us:
        raise BrokenRule("not_begun", "It has not begun yet: take it back, or change it.")
    if found.over(now_us):
        raise BrokenRule("over", "It is over already.")
    return found


def _check_start(wanted: Absence, now_us: int) -> None:
    if wanted.start_us < now_us - TOLD_LATE_US:
        raise BrokenRule("bad_stretch", "An absence can be told up to seven days after it began.")


def _check(wanted: Absence, there: Sequence[Absence], now_us: int) -> None:
    if wanted.until_us is not None and wanted.until_us <= max(wanted.start_us, now_us):
        raise BrokenRule("bad_stretch", "An absence ends after it begins, and not before now.")
    if any(wanted.meets(each) for each in there if each.id != wanted.id):
        raise BrokenRule("overlaps", "There is another absence in this time: change that one.")


async def _write(conn: Connection, after: Absence) -> None:
    await conn.execute(
        "update absence set start_us = $2, until_us = $3, note = $4, ended_by = $5, withdrawn_by = $6, still_us = $7, "
        "still_by = $8 where id = $1",
        after.id,
        after.start_us,
        after.until_us,
        after.note,
        after.ended_by,
        after.withdrawn_by,
        after.still_us,
        after.still_by,
    )


async def _done(conn: Connection, after: Absence, what: What, actor: str, now_us: int) -> None:
    """Note who did it, tell detectors what of it holds now, and wait for what is to come."""
    data = {"id": after.id, "start_us": after.start_us, "until_us": after.until_us}
    await setting_changes.note(conn, after.resident, what, data, actor, now_us)
    await settle(conn, after.resident, now_us)
    for edge in (after.start_us, after.until_us):
        if edge is not None and edge > now_us and after.withdrawn_by is None:
            await outbox.put(conn, [SettleAbsences(after.resident)], now_us, due_us=edge)
