"""Who looked at whom, and who changed what."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.access import SignedIn
from api.account_models import AccountName, Audit
from api.models import ErrorBody, Id
from api.present import Plain
from api.rights import Needs
from api.runtime import ThePool
from api.times import Time, iso
from store import accounts, audit, people
from store.audit import Entry
from store.pool import Pool

router = APIRouter(prefix="/api/v1", tags=["audit"], responses={404: {"model": ErrorBody}})
Limit = Annotated[int, Query(ge=1, le=500)]
Before = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Lines with a smaller id: the next page")]


@router.get("/audit", summary="Who did what", response_model=Audit)
async def read_audit(
    caller: SignedIn,
    pool: ThePool,
    resident: Id | None = None,
    account: AccountName | None = None,
    since: Annotated[Time | None, Query(description="At or after, platform time")] = None,
    before: Before = None,
    limit: Limit = 200,
) -> Plain:
    """Return looks and changes, newest first, of all that is within the caller's part."""
    found = await audit.entries(
        pool,
        reach=caller.reach,
        resident=resident,
        account=account,
        since_us=since,
        before=before,
        limit=limit,
    )
    return {"entries": await _said(pool, found)}


@router.get("/residents/{resident_id}/looks", summary="Who looked", response_model=Audit)
async def read_resident_looks(
    resident_id: Annotated[Id, Path()], caller: SignedIn, pool: ThePool, before: Before = None, limit: Limit = 50
) -> Plain:
    """Return who looked at a resident while they were where the caller answers for, newest first."""
    found = await audit.entries(
        pool, reach=caller.where(Needs.DECIDE), resident=resident_id, looks=True, before=before, limit=limit
    )
    return {"entries": await _said(pool, found)}


async def _said(pool: Pool, found: list[Entry]) -> list[Plain]:
    names = {user.name: user.display_name for user in await accounts.users(pool)}
    residents = await people.residents_by_ids(pool, {each.resident for each in found if each.resident})
    return [
        {
            "id": each.id,
            "time": iso(each.at_us),
            "account": each.account,
            "name": names.get(each.account, each.account),
            "session": each.session,
            "act": each.act,
            "look": each.look,
            "resident": each.resident,
            "resident_name": residents[each.resident].name if each.resident in residents else None,
            "object": each.object,
            "data": each.data,
            "refused": each.refused,
        }
        for each in found
    ]
