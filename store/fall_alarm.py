"""From which stage of a fall on people are called: a resident's own choice, or that of the nearest place above."""

from schemas.alert import FallAlarm
from schemas.errors import BrokenRule
from store.pool import Db

#: Where nobody chose: what the detector is sure of.
USUAL = FallAlarm.CONFIRMED
#: The place tree is no deeper; a cycle would be endless.
_MAX_DEPTH = 16

_CHOSEN = f"""
    with recursive above as (
        select id, parent, fall_alarm, 1 as depth from place where id = $2
        union all
        select p.id, p.parent, p.fall_alarm, above.depth + 1
        from place p join above on p.id = above.parent where above.depth < {_MAX_DEPTH}
    )
    select coalesce(
        (select fall_alarm from resident where id = $1),
        (select fall_alarm from above where fall_alarm is not null order by depth limit 1)
    )
"""  # noqa: S608  # a number of ours


async def of(db: Db, resident: str, unit: str) -> FallAlarm:
    """Return what holds for a resident (or whoever is in the unit, where nobody is named)."""
    chosen = await db.fetchval(_CHOSEN, resident, unit)
    return USUAL if chosen is None else FallAlarm(chosen)


async def choose(db: Db, place: str, alarm: FallAlarm | None) -> None:
    """Choose for a place and all below it that choose nothing themselves; None: what holds above. ``not_found``."""
    if (await db.execute("update place set fall_alarm = $2 where id = $1", place, alarm)).split()[-1] == "0":
        raise BrokenRule("not_found", "There is no such place.")
