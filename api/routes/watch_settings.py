"""How a resident is watched over: settings and what to expect of them, absences by calendar, who changed what."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path

from api import present
from api.access import SignedIn
from api.errors import Refusal, not_found
from api.models import ErrorBody, Id
from api.present import Plain
from api.runtime import Now, ThePool
from api.settings_models import Absence, AbsenceChange, AbsencesAsking, NewAbsence, WatchSettings
from api.times import DAY_US
from detectors.expected import EXPECTED, HOME_WEEKS, HOMES
from schemas.mobility import mobility_of
from store import absences, looks, people, setting_changes
from store.people import where
from store.setting_changes import SettingChange

router = APIRouter(prefix="/api/v1/residents", tags=["residents"], responses={404: {"model": ErrorBody}})
every_home = APIRouter(prefix="/api/v1", tags=["residents"])
_REFUSES: dict[int | str, Plain] = {409: {"model": ErrorBody}}

#: Absences that are over are shown for so long, and so many changes and looks: a season, and a page.
_SHOWN_US, _CHANGES, _LOOKS = 90 * DAY_US, 50, 20

ResidentId = Annotated[Id, Path()]
AbsenceId = Annotated[Id, Path()]


@router.get("/{resident_id}/settings", summary="How a resident is watched over", response_model=WatchSettings)
async def read_resident_settings(resident_id: ResidentId, pool: ThePool, now_us: Now) -> Plain:
    """Return the settings, what each may be expected to do, the calendar of absences, and who changed what."""
    found = await people.resident(pool, resident_id)
    if found is None:
        raise not_found("resident")
    switched = await setting_changes.left_off(pool, resident_id)
    return {
        "sensitivity": found.sensitivity,
        "mobility": found.mobility,
        "mobility_known": mobility_of(found.mobility),
        "left_off": [_left_off(watch, switched.get(watch)) for watch in found.watches_off],
        "shared_with": await people.names_in(pool, found.unit, but=found.id),
        "absences": [
            present.absence(each, now_us) for each in await absences.absences_of(pool, resident_id, now_us - _SHOWN_US)
        ],
        "expected": [{"sensitivity": setting, **asdict(each)} for setting, each in EXPECTED.items()],
        "measured": {"homes": HOMES, "home_weeks": HOME_WEEKS},
        "looks": [
            {"actor": each.actor, "began": each.began_us, "last": each.last_us}
            for each in await looks.looks(pool, resident_id, _LOOKS)
        ],
        "changes": [present.change(each) for each in await setting_changes.changes_of(pool, resident_id, _CHANGES)],
    }


@router.post(
    "/{resident_id}/absences", status_code=201, summary="Plan an absence", response_model=Absence, responses=_REFUSES
)
async def add_absence(resident_id: ResidentId, body: NewAbsence, pool: ThePool, now_us: Now, caller: SignedIn) -> Plain:
    """Set a stretch in which the resident is away: now, ahead of time, or up to seven days after it began."""
    planned = await absences.plan(
        pool,
        resident_id,
        start_us=now_us if body.start is None else body.start,
        until_us=body.until,
        note=body.note,
        actor=caller.user.name,
        now_us=now_us,
    )
    return present.absence(planned, now_us)


@router.patch(
    "/{resident_id}/absences/{absence_id}", summary="Change an absence", response_model=Absence, responses=_REFUSES
)
async def change_absence(
    resident_id: ResidentId, absence_id: AbsenceId, body: AbsenceChange, pool: ThePool, now_us: Now, caller: SignedIn
) -> Plain:
    """Change the fields given. One that was ended early can be taken up again by a new ``until``."""
    if "start" in body.model_fields_set and body.start is None:
        raise Refusal(422, "malformed", "start: cannot be emptied.")
    given = {"start_us": body.start, "until_us": body.until, "note": body.note}
    changes = {name: value for name, value in given.items() if name.removesuffix("_us") in body.model_fields_set}
    changed = await absences.change(pool, resident_id, absence_id, changes, actor=caller.user.name, now_us=now_us)
    return present.absence(changed, now_us)


@router.post(
    "/{resident_id}/absences/{absence_id}/end", summary="Back early", response_model=Absence, responses=_REFUSES
)
async def end_absence(
    resident_id: ResidentId, absence_id: AbsenceId, pool: ThePool, now_us: Now, caller: SignedIn
) -> Plain:
    """Say that the resident is back now: from now on their silence is judged again."""
    ended = await absences.end(pool, resident_id, absence_id, actor=caller.user.name, now_us=now_us)
    return present.absence(ended, now_us)


@router.post(
    "/{resident_id}/absences/{absence_id}/still", summary="Still away", response_model=Absence, responses=_REFUSES
)
async def affirm_absence(
    resident_id: ResidentId, absence_id: AbsenceId, pool: ThePool, now_us: Now, caller: SignedIn
) -> Plain:
    """Say that the resident is still away: whether they are is asked again in a week, where nobody knows until when."""
    still = await absences.still(pool, resident_id, absence_id, actor=caller.user.name, now_us=now_us)
    return present.absence(still, now_us)


@router.delete(
    "/{resident_id}/absences/{absence_id}", summary="Take an absence back", response_model=Absence, responses=_REFUSES
)
async def withdraw_absence(
    resident_id: ResidentId, absence_id: AbsenceId, pool: ThePool, now_us: Now, caller: SignedIn
) -> Plain:
    """Take back a stretch that lasts or is to come: it was a mistake. One that is over stays."""
    withdrawn = await absences.withdraw(pool, resident_id, absence_id, actor=caller.user.name, now_us=now_us)
    return present.absence(withdrawn, now_us)


@every_home.get("/absences/asking", summary="Who may be back", response_model=AbsencesAsking)
async def list_asking_absences(caller: SignedIn, pool: ThePool, now_us: Now) -> Plain:
    """Return the absences without an end of which nobody has said for a week that they last, the longest first."""
    found = await absences.asking(pool, now_us)
    known = await people.residents_by_ids(pool, {each.resident for each in found})
    return {
        "asking": [
            {"resident": each.resident, "name": known[each.resident].name, "absence": present.absence(each, now_us)}
            for each in found
            if each.resident in known and caller.reach.covers(where(known[each.resident]))
        ]
    }


def _left_off(watch: str, change: SettingChange | None) -> Plain:
    if change is None:
        return {"watch": watch, "by": None, "since": None}
    return {"watch": watch, "by": change.actor, "since": change.at_us}
