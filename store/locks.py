"""The numbers of our advisory locks, in one place so that no two things share one by accident.

Order within one transaction, so that nobody waits in a circle: SUBJECT, then a row, then STEPS. READINGS comes before
a device's row: readings note their device, and a binding gives readings to its owner.
"""

from store.pool import Connection

#: Migrations: two starters at once do them once.
MIGRATE = 0x5357_0001
#: Writing readings: "is it there already?" and "put it there" are one step.
READINGS = 0x5357_0002
#: Giving ``alert_step.seq``: held until commit, so the order of seq is the order of commits.
STEPS = 0x5357_0003
#: First key of a two-key lock on one (resident, kind): two findings of one person are taken in one after the other.
SUBJECT = 0x5357_0004


async def hold(conn: Connection, lock: int) -> None:
    """Hold ``lock`` until the transaction ends."""
    await conn.execute("select pg_advisory_xact_lock($1)", lock)


async def hold_subject(conn: Connection, subject: str) -> None:
    """Hold the lock of one subject (a resident) until the transaction ends."""
    await conn.execute("select pg_advisory_xact_lock($1, hashtext($2))", SUBJECT, subject)
