"""Care sheets: whom to call and what to do when it rings; and notes for whoever comes next."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from api import sheet_models as said
from api.access import SignedIn
from api.errors import not_found
from api.models import ErrorBody, Id
from api.present import Plain
from api.runtime import Now, ThePool
from api.times import SECOND_US, iso
from store import care_sheets, people, resident_notes
from store.care_sheets import Contact, Of, Sheet
from store.people import Resident
from store.pool import Pool
from store.resident_notes import Note

_HOUR_US = 3600 * SECOND_US

router = APIRouter(prefix="/api/v1", tags=["residents"], responses={404: {"model": ErrorBody}})
ResidentId = Annotated[Id, Path()]
PlaceId = Annotated[Id, Path()]
_CHANGED: dict[int | str, Plain] = {409: {"model": ErrorBody}}


@router.get("/residents/{resident_id}/sheet", summary="Whom to call, what to do", response_model=said.Sheet)
async def read_resident_sheet(resident_id: ResidentId, pool: ThePool, now_us: Now) -> Plain:
    """Return what whoever goes must have at hand: contacts, what to do, and the notes of these days."""
    return await _whole(pool, await _resident(pool, resident_id), now_us)


@router.put(
    "/residents/{resident_id}/sheet", summary="Write a care sheet", response_model=said.Sheet, responses=_CHANGED
)
async def write_resident_sheet(
    resident_id: ResidentId, body: said.NewSheet, caller: SignedIn, pool: ThePool, now_us: Now
) -> Plain:
    """Write contacts and scripts. 409 ``changed_meanwhile`` when ``seen`` is not the latest version."""
    resident = await _resident(pool, resident_id)
    contacts = tuple(Contact(**each.model_dump()) for each in body.contacts)
    await _write(pool, "resident", resident_id, body, contacts, caller.user.name, now_us)
    return await _whole(pool, resident, now_us)


@router.get("/places/{place_id}/sheet", summary="What a place does", response_model=said.PlaceSheet)
async def read_place_sheet(place_id: PlaceId, pool: ThePool) -> Plain:
    """Return what is to be done for all at a place and below, as it was written there."""
    return await _place(pool, place_id)


@router.put("/places/{place_id}/sheet", summary="Write it", response_model=said.PlaceSheet, responses=_CHANGED)
async def write_place_sheet(
    place_id: PlaceId, body: said.NewPlaceSheet, caller: SignedIn, pool: ThePool, now_us: Now
) -> Plain:
    """Write the scripts of a place. 409 ``changed_meanwhile`` when ``seen`` is not the latest version."""
    await _write(pool, "place", place_id, body, (), caller.user.name, now_us)
    return await _place(pool, place_id)


@router.post("/residents/{resident_id}/notes", status_code=201, summary="Leave a note", response_model=said.Note)
async def add_resident_note(
    resident_id: ResidentId, body: said.NewNote, caller: SignedIn, pool: ThePool, now_us: Now
) -> Plain:
    """Leave a note about a resident for whoever comes next; after ``hours`` nobody is shown it any more."""
    note = Note(
        id=people.new_id("no"),
        resident=(await _resident(pool, resident_id)).id,
        text=body.text,
        written_by=caller.user.name,
        written_us=now_us,
        until_us=now_us + body.hours * _HOUR_US,
    )
    await resident_notes.add(pool, note)
    return _note(note)


@router.delete("/residents/{resident_id}/notes/{note_id}", status_code=204, summary="Take a note back")
async def take_resident_note_back(
    resident_id: ResidentId, note_id: Annotated[Id, Path()], caller: SignedIn, pool: ThePool, now_us: Now
) -> None:
    """Take a note back; that and by whom is kept."""
    await resident_notes.take_back(pool, resident_id, note_id, caller.user.name, now_us)


async def _resident(pool: Pool, resident_id: str) -> Resident:
    found = await people.resident(pool, resident_id)
    if found is None:
        raise not_found("resident")
    return found


async def _write(
    pool: Pool,
    of: Of,
    key: str,
    body: said.NewSheet | said.NewPlaceSheet,
    contacts: tuple[Contact, ...],
    actor: str,
    now_us: int,
) -> None:
    scripts = {str(kind): text for kind, text in body.scripts.items()}
    sheet = Sheet(version=body.seen, contacts=contacts, scripts=scripts, set_by=actor, set_us=now_us)
    await care_sheets.write(pool, of, key, sheet)


async def _whole(pool: Pool, resident: Resident, now_us: int) -> Plain:
    sheet = await care_sheets.latest(pool, "resident", resident.id)
    places = await care_sheets.above(pool, resident.unit)
    notes = await resident_notes.shown(pool, resident.id, now_us)
    return {
        **_sheet(sheet),
        "contacts": [
            {"name": each.name, "phone": each.phone, "relation": each.relation, "note": each.note}
            for each in sheet.contacts
        ],
        "places": [{"place": each.place, "name": each.name, **_sheet(each.sheet)} for each in places],
        "notes": [_note(each) for each in notes],
    }


async def _place(pool: Pool, place_id: str) -> Plain:
    found = await people.place(pool, place_id)
    if found is None:
        raise not_found("place")
    return {"place": found.id, "name": found.name, **_sheet(await care_sheets.latest(pool, "place", found.id))}


def _sheet(sheet: Sheet) -> dict[str, Any]:
    return {
        "version": sheet.version,
        "scripts": dict(sheet.scripts),
        "set_by": sheet.set_by,
        "set_time": iso(sheet.set_us) if sheet.version else None,
    }


def _note(note: Note) -> Plain:
    return {
        "id": note.id,
        "text": note.text,
        "written_by": note.written_by,
        "written_time": iso(note.written_us),
        "until": iso(note.until_us),
    }
