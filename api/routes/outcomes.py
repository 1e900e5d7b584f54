"""What an alert can have been: the base outcomes, and the institution's own, each counted as its base."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path

from api.models import ErrorBody, Id, LocalOutcome, NewOutcome, Outcomes
from api.present import Plain
from api.runtime import ThePool
from schemas import outcome as records
from schemas.alert import Outcome
from store import outcomes

router = APIRouter(prefix="/api/v1/outcomes", tags=["alerts"])
_REFUSES: dict[int | str, Plain] = {409: {"model": ErrorBody}}


@router.get("", summary="What it can have been", response_model=Outcomes)
async def list_outcomes(pool: ThePool) -> Plain:
    """Return the base outcomes, which are always there, and the institution's own; retired ones are not offered."""
    return {"base": list(Outcome), "local": [_said(each) for each in await outcomes.listed(pool)]}


@router.post("", status_code=201, summary="Add an own outcome", response_model=LocalOutcome, responses=_REFUSES)
async def add_outcome(body: NewOutcome, pool: ThePool) -> Plain:
    """Add a finer word for one of the base outcomes; statistics count it as that one."""
    return _said(await outcomes.add(pool, body.base, body.zh, body.en))


@router.delete(
    "/{outcome_id}", summary="Offer it no longer", response_model=LocalOutcome, responses={404: {"model": ErrorBody}}
)
async def retire_outcome(outcome_id: Annotated[Id, Path()], pool: ThePool) -> Plain:
    """Retire an own outcome; alerts that were resolved with it still say so. A base outcome is never taken away."""
    return _said(await outcomes.retire(pool, outcome_id))


def _said(each: records.LocalOutcome) -> Plain:
    built: Plain = msgspec.to_builtins(each)
    return built
