"""Accounts and sessions: secrets are never stored as they are, and sessions end."""

import pytest

from schemas.errors import BrokenRule
from store import accounts
from store.accounts import SESSION_US, Role
from store.pool import Pool
from tests.store.making import NOW

pytestmark = pytest.mark.servers


@pytest.fixture
async def nurse(pool: Pool) -> accounts.User:
    return await accounts.add_user(pool, "nurse", "carer", "s3cret 密码", "王护士", NOW)


async def test_the_right_password_is_known_and_a_wrong_one_or_an_unknown_name_is_not(
    pool: Pool, nurse: accounts.User
) -> None:
    assert await accounts.verify(pool, "nurse", "s3cret 密码") == nurse
    assert await accounts.verify(pool, "nurse", "s3cret") is None
    assert await accounts.verify(pool, "nobody", "s3cret 密码") is None
    assert nurse.role is Role.CARER


async def test_a_session_is_known_by_its_token_until_it_expires_or_is_closed(pool: Pool, nurse: accounts.User) -> None:
    opened = await accounts.open_session(pool, "nurse", NOW)
    assert await accounts.session(pool, opened.token, NOW + SESSION_US - 1) == opened
    assert await accounts.session(pool, opened.token, NOW + SESSION_US) is None
    other = await accounts.open_session(pool, "nurse", NOW)
    await accounts.close_session(pool, opened.token)
    assert await accounts.session(pool, opened.token, NOW) is None
    assert await accounts.session(pool, other.token, NOW) == other
    assert await accounts.session(pool, "made up", NOW) is None


@pytest.mark.usefixtures("nurse")
async def test_neither_password_nor_token_stands_in_the_database(pool: Pool) -> None:
    opened = await accounts.open_session(pool, "nurse", NOW)
    kept = str(await pool.fetch("select * from account")) + str(await pool.fetch("select * from session"))
    assert "s3cret" not in kept
    assert opened.token not in kept
    assert "argon2" in kept


@pytest.mark.usefixtures("nurse")
async def test_expired_sessions_are_swept_away_by_the_next_sign_in(pool: Pool) -> None:
    await accounts.open_session(pool, "nurse", NOW)
    await accounts.open_session(pool, "nurse", NOW + SESSION_US)
    assert await pool.fetchval("select count(*) from session") == 1


@pytest.mark.usefixtures("nurse")
async def test_another_password_ends_the_sessions(pool: Pool) -> None:
    opened = await accounts.open_session(pool, "nurse", NOW)
    await accounts.set_password(pool, "nurse", "new")
    assert await accounts.session(pool, opened.token, NOW) is None
    assert await accounts.verify(pool, "nurse", "new") is not None
    assert await accounts.verify(pool, "nurse", "s3cret 密码") is None


@pytest.mark.usefixtures("nurse")
async def test_a_name_is_taken_once_and_a_role_is_one_of_ours(pool: Pool) -> None:
    with pytest.raises(BrokenRule, match="already"):
        await accounts.add_user(pool, "nurse", "carer", "x", "x", NOW)
    with pytest.raises(ValueError, match="boss"):
        await accounts.add_user(pool, "x", "boss", "x", "x", NOW)
    with pytest.raises(BrokenRule, match="no such account"):
        await accounts.open_session(pool, "nobody", NOW)
    assert [user.name for user in await accounts.users(pool)] == ["nurse"]
