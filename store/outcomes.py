"""The institution's own outcomes: added and retired, never changed: what was said of an alert stays so."""

from schemas.alert import Outcome
from schemas.errors import BrokenRule
from schemas.outcome import LocalOutcome
from store.people import new_id
from store.pool import Db
from store.rows import columns, placeholders, record, values

#: More nobody reads while somebody waits on the floor.
MOST = 20


async def listed(db: Db) -> list[LocalOutcome]:
    """Return all, also retired ones, in the order of their words."""
    rows = await db.fetch(f"select {columns(LocalOutcome)} from local_outcome order by base, zh, id")  # noqa: S608
    return [record(row, LocalOutcome) for row in rows]


async def add(db: Db, base: Outcome, zh: str, en: str) -> LocalOutcome:
    """Add one. BrokenRule ``too_many``, ``there_already``."""
    offered = [each for each in await listed(db) if not each.retired]
    if len(offered) >= MOST:
        raise BrokenRule("too_many", f"At most {MOST} own outcomes are offered: retire one first.")
    if any({zh, en} & {each.zh, each.en} for each in offered):
        raise BrokenRule("there_already", "There is an outcome of this name.")
    made = LocalOutcome(id=new_id("oc"), base=base, zh=zh, en=en)
    sql = f"insert into local_outcome ({columns(LocalOutcome)}) values ({placeholders(LocalOutcome)})"  # noqa: S608
    await db.execute(sql, *values(made))
    return made


async def retire(db: Db, outcome_id: str) -> LocalOutcome:
    """Offer one no longer. BrokenRule ``not_found``."""
    row = await db.fetchrow(
        f"update local_outcome set retired = true where id = $1 returning {columns(LocalOutcome)}",  # noqa: S608
        outcome_id,
    )
    if row is None:
        raise BrokenRule("not_found", "There is no such outcome.")
    return record(row, LocalOutcome)
