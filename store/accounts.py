"""Who may sign in, and their sessions. Passwords are argon2 hashes; of a session's token only a hash is kept."""

import asyncio
import hashlib
import json
import secrets
from collections.abc import Sequence
from functools import cache

import asyncpg
import msgspec
from pwdlib import PasswordHash

from schemas.errors import BrokenRule
from store.grants import Grant, Role
from store.pool import Connection, Db, transaction

__all__ = ["Account", "Grant", "Role", "Session", "User"]

#: A shift is at most twelve hours: nobody stays signed in on a ward's screen into the next but one.
SESSION_US = 12 * 3600 * 1_000_000
#: 256 bits: cannot be guessed.
_TOKEN_BYTES = 32
#: Of a token's hash, as the session's name: 64 bits tell sessions apart and open nothing.
_NAME_BYTES = 8
#: What a browser says of itself, for its owner to recognise it by.
_AGENT_LENGTH = 200


class User(msgspec.Struct, frozen=True, kw_only=True):
    """An account without its secret. ``must_change``: its password was drawn by somebody else."""

    name: str
    display_name: str
    grants: tuple[Grant, ...] = ()
    must_change: bool = False

    @property
    def role(self) -> Role | None:
        """The most that the account is anywhere; None: nothing."""
        held = {grant.role for grant in self.grants}
        return next((role for role in Role if role in held), None)


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """An account as whoever manages it sees it."""

    user: User
    created_us: int
    disabled_us: int | None
    sessions: int


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A session just opened: the only moment at which its token is known."""

    token: str
    user: User
    expires_us: int


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session by its name, which is no secret."""

    name: str
    created_us: int
    expires_us: int
    address: str
    agent: str


_GRANTS = """
    coalesce((select json_agg(json_build_object('role', g.role, 'place', g.place, 'resident', g.resident)
                              order by g.id) from account_grant g where g.account = account.name), '[]') as grants
"""
_USER = f"name, display_name, must_change, {_GRANTS}"
_SESSION_NAME = f"encode(substr(token_hash, 1, {_NAME_BYTES}), 'hex')"


async def add_user(
    db: Db,
    name: str,
    role: str | None,
    password: str,
    display_name: str,
    now_us: int,
    *,
    grants: Sequence[Grant] = (),
    must_change: bool = False,
    by: str = "",
) -> User:
    """Add an account with ``grants``, or with ``role`` everywhere, and return it.

    BrokenRule ``name_taken``, ``unknown_place``, ``unknown_resident``; ValueError for an unknown role.
    """
    given = tuple(grants) if role is None else (Grant(role=Role(role)), *grants)
    hashed = await asyncio.to_thread(_hasher().hash, password)
    async with transaction(db) as conn:
        try:
            await conn.execute(
                "insert into account (name, display_name, password_hash, created_us, must_change) "
                "values ($1, $2, $3, $4, $5)",
                name,
                display_name,
                hashed,
                now_us,
                must_change,
            )
        except asyncpg.UniqueViolationError:
            raise BrokenRule("name_taken", "There is an account of this name already.") from None
        await _give(conn, name, given, by, now_us)
    return User(name=name, display_name=display_name, grants=given, must_change=must_change)


async def users(db: Db) -> list[User]:
    """Return all accounts by name."""
    return [_user(row) for row in await db.fetch(f"select {_USER} from account order by name")]  # noqa: S608


async def accounts(db: Db, now_us: int) -> list[Account]:
    """Return all accounts by name, with how many sessions are open."""
    rows = await db.fetch(
        f"""
        select {_USER}, created_us, disabled_us,
               (select count(*) from session where account = account.name and expires_us > $1) as sessions
        from account order by disabled_us is not null, name
        """,  # noqa: S608  # our own column names
        now_us,
    )
    return [_account(row) for row in rows]


async def account(db: Db, name: str, now_us: int) -> Account | None:
    """Return one account, or None."""
    return next((each for each in await accounts(db, now_us) if each.user.name == name), None)


async def set_grants(db: Db, name: str, grants: Sequence[Grant], by: str, now_us: int) -> None:
    """Give an account these grants and no others. BrokenRule ``not_found``, ``last_administrator``, ``unknown_*``."""
    async with transaction(db) as conn:
        await _locked(conn, name)
        await conn.execute("delete from account_grant where account = $1", name)
        await _give(conn, name, grants, by, now_us)
        await _somebody_is_left(conn)


async def set_disabled(db: Db, name: str, now_us: int | None) -> None:
    """Let nobody sign in as this from now on, and end its sessions; None: let them again."""
    async with transaction(db) as conn:
        await _locked(conn, name)
        await conn.execute(
            "update account set disabled_us = $2 where name = $1",
            name,
            now_us,
        )
        if now_us is not None:
            await conn.execute("delete from session where account = $1", name)
        await _somebody_is_left(conn)


async def set_password(
    db: Db, name: str, password: str, *, must_change: bool = False, keep_token: str | None = None
) -> None:
    """Give an account another password and end its sessions, but that of ``keep_token``. BrokenRule ``not_found``."""
    hashed = await asyncio.to_thread(_hasher().hash, password)
    async with transaction(db) as conn:
        found = await conn.fetchval(
            "update account set password_hash = $2, must_change = $3 where name = $1 returning name",
            name,
            hashed,
            must_change,
        )
        if found is None:
            raise BrokenRule("not_found", "There is no such account.")
        kept = b"" if keep_token is None else _digest(keep_token)
        await conn.execute("delete from session where account = $1 and token_hash <> $2", name, kept)


async def verify(db: Db, name: str, password: str) -> User | None:
    """Return the user whose password this is, else None; None for a disabled account too.

    Takes as long for an unknown name as for a wrong password.
    """
    row = await db.fetchrow(
        f"select {_USER}, password_hash, disabled_us from account where name = $1",  # noqa: S608
        name,
    )
    hashed = row["password_hash"] if row is not None else await asyncio.to_thread(_nobody)
    right = await asyncio.to_thread(_hasher().verify, password, hashed)
    return _user(row) if right and row is not None and row["disabled_us"] is None else None


async def open_session(
    db: Db, name: str, now_us: int, *, address: str = "", agent: str = "", outside: bool = False
) -> Session:
    """Open a session for an account that has just proved itself, valid for SESSION_US. BrokenRule ``not_found``.

    ``outside``: to an identity server; then the password here, which somebody else may have drawn, is not asked about.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    async with transaction(db) as conn:
        row = await conn.fetchrow(f"select {_USER} from account where name = $1", name)  # noqa: S608
        if row is None:
            raise BrokenRule("not_found", "There is no such account.")
        await conn.execute("delete from session where expires_us <= $1", now_us)
        await conn.execute(
            "insert into session (token_hash, account, created_us, expires_us, address, agent, outside) "
            "values ($1, $2, $3, $4, $5, $6, $7)",
            _digest(token),
            name,
            now_us,
            now_us + SESSION_US,
            address,
            agent[:_AGENT_LENGTH],
            outside,
        )
    return Session(token=token, user=_signed_in(_user(row), outside=outside), expires_us=now_us + SESSION_US)


async def session(db: Db, token: str, now_us: int) -> Session | None:
    """Return the open session of this token, or None when there is none or it has expired."""
    row = await db.fetchrow(
        f"""
        select {_USER}, expires_us, outside from session join account on account.name = session.account
        where token_hash = $1 and expires_us > $2 and account.disabled_us is null
        """,  # noqa: S608  # our own column names
        _digest(token),
        now_us,
    )
    if row is None:
        return None
    return Session(token=token, user=_signed_in(_user(row), outside=row["outside"]), expires_us=row["expires_us"])


async def sessions_of(db: Db, name: str, now_us: int) -> list[OpenSession]:
    """Return an account's open sessions, newest first."""
    rows = await db.fetch(
        f"""
        select {_SESSION_NAME} as name, created_us, expires_us, address, agent from session
        where account = $1 and expires_us > $2 order by created_us desc, token_hash
        """,  # noqa: S608  # our own column names
        name,
        now_us,
    )
    return [OpenSession(**row) for row in rows]


async def close_session(db: Db, token: str) -> None:
    """End a session; nothing happens when there is none."""
    await db.execute("delete from session where token_hash = $1", _digest(token))


async def end_sessions(db: Db, name: str, session_name: str | None = None) -> list[str]:
    """End an account's session of this name, or all (None), and return the names of those that ended."""
    rows = await db.fetch(
        f"""
        delete from session where account = $1 and ($2::text is null or {_SESSION_NAME} = $2)
        returning {_SESSION_NAME} as name
        """,  # noqa: S608  # our own column names
        name,
        session_name,
    )
    return [row["name"] for row in rows]


def session_name(token: str) -> str:
    """Return a session's name, which may stand in memory, logs and lists."""
    return _digest(token)[:_NAME_BYTES].hex()


async def _locked(conn: Connection, name: str) -> None:
    # One at a time: two administrators who take the right from each other at once would leave none.
    await conn.execute("lock table account_grant in share row exclusive mode")
    if await conn.fetchval("select name from account where name = $1 for update", name) is None:
        raise BrokenRule("not_found", "There is no such account.")


async def _give(conn: Connection, name: str, grants: Sequence[Grant], by: str, now_us: int) -> None:
    for grant in grants:
        if (grant.role is Role.FAMILY) != (grant.resident is not None):
            raise BrokenRule("family_or_place", "A family is granted a resident, and every other role a place.")
        try:
            await conn.execute(
                "insert into account_grant (account, role, place, resident, given_by, given_us) "
                "values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
                name,
                grant.role,
                grant.place,
                grant.resident,
                by,
                now_us,
            )
        except asyncpg.ForeignKeyViolationError:
            what = "resident" if grant.resident is not None else "place"
            raise BrokenRule(f"unknown_{what}", f"The {what} of this grant does not exist.") from None


async def _somebody_is_left(conn: Connection) -> None:
    left = await conn.fetchval(
        """
        select exists (select 1 from account_grant g join account a on a.name = g.account
            where g.role = $1 and g.place is null and a.disabled_us is null)
        """,
        Role.ADMINISTRATOR,
    )
    if not left:
        raise BrokenRule("last_administrator", "Nobody would be left to manage the accounts of all places.")


def _user(row: asyncpg.Record) -> User:
    return User(
        name=row["name"],
        display_name=row["display_name"],
        grants=msgspec.convert(json.loads(row["grants"]), tuple[Grant, ...]),
        must_change=row["must_change"],
    )


def _signed_in(user: User, *, outside: bool) -> User:
    return msgspec.structs.replace(user, must_change=False) if outside else user


def _account(row: asyncpg.Record) -> Account:
    return Account(
        user=_user(row), created_us=row["created_us"], disabled_us=row["disabled_us"], sessions=row["sessions"]
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobody() -> str:
    """Return a hash that no password fits, so that an unknown name costs the same work as a known one."""
    return _hasher().hash(secrets.token_urlsafe(_TOKEN_BYTES))
