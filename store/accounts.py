"""Who may sign in, and their sessions. Passwords are argon2 hashes; of a session's token only a hash is kept."""

import asyncio
import hashlib
import secrets
from enum import StrEnum
from functools import cache

import asyncpg
import msgspec
from pwdlib import PasswordHash

from schemas.errors import BrokenRule
from store.pool import Db, transaction

#: A shift is at most twelve hours: nobody stays signed in on a ward's screen into the next but one.
SESSION_US = 12 * 3600 * 1_000_000
#: 256 bits: cannot be guessed.
_TOKEN_BYTES = 32


class Role(StrEnum):
    """What an account may do; api/access.py says what that is."""

    ADMINISTRATOR = "administrator"
    CARER = "carer"


class User(msgspec.Struct, frozen=True, kw_only=True):
    """An account without its secret."""

    name: str
    role: Role
    display_name: str


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A session just opened: the only moment at which its token is known."""

    token: str
    user: User
    expires_us: int


async def add_user(db: Db, name: str, role: str, password: str, display_name: str, now_us: int) -> User:
    """Add an account and return it. BrokenRule ``name_taken``; ValueError for an unknown role."""
    user = User(name=name, role=Role(role), display_name=display_name)
    hashed = await asyncio.to_thread(_hasher().hash, password)
    try:
        await db.execute(
            "insert into account (name, role, display_name, password_hash, created_us) values ($1, $2, $3, $4, $5)",
            user.name,
            user.role,
            user.display_name,
            hashed,
            now_us,
        )
    except asyncpg.UniqueViolationError:
        raise BrokenRule("name_taken", "There is an account of this name already.") from None
    return user


async def users(db: Db) -> list[User]:
    """Return all accounts by name."""
    return [_user(row) for row in await db.fetch("select name, role, display_name from account order by name")]


async def set_password(db: Db, name: str, password: str) -> None:
    """Give an account another password and end its sessions. BrokenRule ``not_found``."""
    hashed = await asyncio.to_thread(_hasher().hash, password)
    async with transaction(db) as conn:
        found = await conn.fetchval(
            "update account set password_hash = $2 where name = $1 returning name", name, hashed
        )
        if found is None:
            raise BrokenRule("not_found", "There is no such account.")
        await conn.execute("delete from session where account = $1", name)


async def verify(db: Db, name: str, password: str) -> User | None:
    """Return the user whose password this is, else None. Takes as long for an unknown name as for a wrong password."""
    row = await db.fetchrow("select name, role, display_name, password_hash from account where name = $1", name)
    hashed = row["password_hash"] if row is not None else await asyncio.to_thread(_nobody)
    right = await asyncio.to_thread(_hasher().verify, password, hashed)
    return _user(row) if right and row is not None else None


async def open_session(db: Db, name: str, now_us: int) -> Session:
    """Open a session for an account that has just proved itself, valid for SESSION_US. BrokenRule ``not_found``."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    async with transaction(db) as conn:
        row = await conn.fetchrow("select name, role, display_name from account where name = $1", name)
        if row is None:
            raise BrokenRule("not_found", "There is no such account.")
        await conn.execute("delete from session where expires_us <= $1", now_us)
        await conn.execute(
            "insert into session (token_hash, account, created_us, expires_us) values ($1, $2, $3, $4)",
            _digest(token),
            name,
            now_us,
            now_us + SESSION_US,
        )
    return Session(token=token, user=_user(row), expires_us=now_us + SESSION_US)


async def session(db: Db, token: str, now_us: int) -> Session | None:
    """Return the open session of this token, or None when there is none or it has expired."""
    row = await db.fetchrow(
        """
        select name, role, display_name, expires_us from session join account on account.name = session.account
        where token_hash = $1 and expires_us > $2
        """,
        _digest(token),
        now_us,
    )
    return Session(token=token, user=_user(row), expires_us=row["expires_us"]) if row is not None else None


async def close_session(db: Db, token: str) -> None:
    """End a session; nothing happens when there is none."""
    await db.execute("delete from session where token_hash = $1", _digest(token))


def _user(row: asyncpg.Record) -> User:
    return User(name=row["name"], role=Role(row["role"]), display_name=row["display_name"])


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobody() -> str:
    """Return a hash that no password fits, so that an unknown name costs the same work as a known one."""
    return _hasher().hash(secrets.token_urlsafe(_TOKEN_BYTES))
