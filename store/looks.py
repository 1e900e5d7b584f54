"""Who looked where a resident is while no alert of them was open, and when: read from the log of all looks."""

import msgspec

from store.pool import Db
from store.rows import record

#: In a line's data: where the resident is was shown though no alert of theirs was open.
UNASKED = "unasked"
#: A page that stays open asks again and again, and has a line each ten minutes (api.looks): lines of one person no
#: farther apart than this are one look.
SAME_LOOK_US = 15 * 60 * 1_000_000
#: So many lines are read for each look that is asked for: a page that stayed open for five hours.
_LINES_A_LOOK = 30

_LOOKS = """
with line as (
    select id, account, at_us, coalesce((data->>'until_us')::bigint, at_us) as until_us
    from audit a
    where resident = $1 and act in ('whereabouts', 'preview_resident_zone')
      and (not look or data->>'unasked' = 'true')
      and not exists (select 1 from audit r where r.refuses = a.id)
    order by at_us desc, id desc limit $2::int * $4::int
), apart as (
    select *, case when at_us - lag(until_us) over theirs <= $3 then 0 else 1 end as begins
    from line window theirs as (partition by account order by at_us, id)
), run as (
    select *, sum(begins) over (partition by account order by at_us, id) as number from apart
)
select account as actor, min(at_us) as began_us, max(until_us) as last_us
from run group by account, number order by last_us desc, max(id) desc limit $2
"""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One person's look, from when until when."""

    actor: str
    began_us: int
    last_us: int


async def looks(db: Db, resident: str, limit: int) -> list[Look]:
    """Return who looked, newest first. A zone tried on the ways somebody walked is a look too (it is logged as a call).

    ``last_us`` is known to ten minutes: so seldom a page that stays open is written down again.
    """
    rows = await db.fetch(_LOOKS, resident, limit, SAME_LOOK_US, _LINES_A_LOOK)
    return [record(row, Look) for row in rows]
