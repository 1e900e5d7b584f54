"""Whose account an identity server's subject is: entered by hand, bound at the first coming, and never handed on."""

import asyncio

import pytest

from schemas.errors import BrokenRule
from store import accounts, identities
from store.grants import Grant, Role
from store.identities import Identity
from store.pool import Pool
from tests.store.making import NOW

pytestmark = pytest.mark.servers
ISSUER = "https://id.example"


async def people(pool: Pool) -> None:
    for name in ("li", "wang", "root"):
        await pool.execute(
            "insert into account (name, display_name, password_hash, created_us) values ($1, $1, '', 0)", name
        )
    await accounts.set_grants(pool, "root", [Grant(role=Role.ADMINISTRATOR)], "", NOW)


async def refused(pool: Pool, subject: str, said: str) -> str:
    with pytest.raises(BrokenRule) as no:
        await identities.account_of(pool, ISSUER, subject, said)
    return no.value.code


async def test_nobody_is_let_in_by_the_name_of_an_account_alone(pool: Pool) -> None:
    await people(pool)
    assert await refused(pool, "u-1", "li") == "oidc_nobody"
    await identities.set_identity(pool, "li", "Li@x.org")
    assert await identities.identities(pool) == {"li": Identity(said="Li@x.org", bound=False)}
    assert await identities.account_of(pool, ISSUER, "u-1", "li@X.org") == "li"
    assert await identities.identities(pool) == {"li": Identity(said="Li@x.org", bound=True)}
    assert await refused(pool, "u-2", "li@x.org") == "oidc_other"
    assert await identities.account_of(pool, ISSUER, "u-1", "married") == "li"
    assert await refused(pool, "u-1x", "") == "oidc_nobody"


async def test_the_same_subject_of_another_server_is_somebody_else(pool: Pool) -> None:
    await people(pool)
    await identities.set_identity(pool, "li", "li@x.org")
    await identities.account_of(pool, ISSUER, "u-1", "li@x.org")
    with pytest.raises(BrokenRule) as no:
        await identities.account_of(pool, "https://other.example", "u-1", "li@x.org")
    assert no.value.code == "oidc_other"


async def test_a_subject_has_one_account_whatever_else_it_is_called(pool: Pool) -> None:
    await people(pool)
    await identities.set_identity(pool, "li", "li@x.org")
    await identities.set_identity(pool, "wang", "wang@x.org")
    assert await identities.account_of(pool, ISSUER, "u-1", "li@x.org") == "li"
    assert await identities.account_of(pool, ISSUER, "u-1", "wang@x.org") == "li"
    await accounts.set_disabled(pool, "li", NOW)
    assert await refused(pool, "u-1", "wang@x.org") == "oidc_nobody", "who was shut out does not come in beside"


async def test_of_two_who_come_first_at_once_one_is_bound(pool: Pool) -> None:
    await people(pool)
    await identities.set_identity(pool, "li", "li@x.org")
    tried = [identities.account_of(pool, ISSUER, f"u-{n}", "li@x.org") for n in range(4)]
    came = await asyncio.gather(*tried, return_exceptions=True)
    assert came.count("li") == 1
    assert {each.code for each in came if isinstance(each, BrokenRule)} == {"oidc_other"}


async def test_what_is_entered_is_one_accounts_and_taking_it_back_lets_go(pool: Pool) -> None:
    await people(pool)
    await identities.set_identity(pool, "li", "li@x.org")
    await identities.account_of(pool, ISSUER, "u-1", "li@x.org")
    for account, said, code in (("wang", "LI@x.org", "said_taken"), ("none", "a", "not_found")):
        with pytest.raises(BrokenRule) as no:
            await identities.set_identity(pool, account, said)
        assert no.value.code == code
    await identities.set_identity(pool, "li", None)
    assert await identities.identities(pool) == {}
    assert await refused(pool, "u-1", "li@x.org") == "oidc_nobody"
