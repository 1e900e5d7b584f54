"""Whose account an identity server's subject is.

An administrator enters what the server's claim says of somebody; an account without such a word cannot be signed in to
this way. Whom the claim names first is bound to the account by the server's subject, which is never given to anybody
else: a user name that a newcomer gets at the server does not open their predecessor's account.
"""

import asyncpg
import msgspec

from schemas.errors import BrokenRule
from store.pool import Db, transaction


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What the claim must say, and whether somebody has come by it."""

    said: str
    bound: bool


_NOBODY = ("oidc_nobody", "There is no account here for whoever the identity server says you are.")


async def account_of(db: Db, issuer: str, subject: str, said: str) -> str:
    """Return the account of who proved to be ``subject`` and is called ``said``; the first time binds them.

    BrokenRule ``oidc_nobody``: there is no such account, or it is disabled; ``oidc_other``: it is another subject's.
    """
    async with transaction(db) as conn:
        rows = await conn.fetch(
            """
            select i.account, i.subject, i.issuer, a.disabled_us is not null as disabled
            from account_identity i join account a on a.name = i.account
            where (i.issuer = $1 and i.subject = $2) or lower(i.said) = lower($3) for update of i
            """,
            issuer,
            subject,
            said,
        )
        own = [row for row in rows if (row["issuer"], row["subject"]) == (issuer, subject)]
        found = next(iter(own or rows), None)
        if found is None or found["disabled"]:
            raise BrokenRule(*_NOBODY)
        if not own and found["subject"] is not None:
            raise BrokenRule("oidc_other", "This account is bound to somebody else at the identity server.")
        if not own:
            await conn.execute(
                "update account_identity set issuer = $2, subject = $3 where account = $1",
                found["account"],
                issuer,
                subject,
            )
        return str(found["account"])


async def identities(db: Db) -> dict[str, Identity]:
    """Return what was entered, by account; the others cannot be signed in to this way."""
    rows = await db.fetch("select account, said, subject is not null as bound from account_identity")
    return {row["account"]: Identity(said=row["said"], bound=row["bound"]) for row in rows}


async def set_identity(db: Db, account: str, said: str | None) -> None:
    """Enter what the claim must say of an account (None: nobody may come this way), and let go whoever was bound.

    BrokenRule ``said_taken``, ``not_found``.
    """
    async with transaction(db) as conn:
        if await conn.fetchval("select name from account where name = $1 for update", account) is None:
            raise BrokenRule("not_found", "There is no such account.")
        await conn.execute("delete from account_identity where account = $1", account)
        if said is None:
            return
        try:
            async with transaction(conn):
                await conn.execute("insert into account_identity (account, said) values ($1, $2)", account, said)
        except asyncpg.UniqueViolationError:
            raise BrokenRule("said_taken", "Another account is known by this already.") from None
