"""Care sheets and notes on whichever database: versions, places above, notes of their time."""

import asyncio

import msgspec
import pytest

from schemas.errors import BrokenRule
from store import care_sheets, resident_notes
from store.care_sheets import Contact, Sheet, SheetChanged
from store.pool import Pool
from store.resident_notes import Note
from tests.store.making import NOW, SECOND, a_home

pytestmark = pytest.mark.servers

SHEET = Sheet(
    contacts=(Contact(name="陈志强", phone="138 0580 1234", relation="儿子"),),
    scripts={"fall": "Check the hip.\nDo not lift alone."},
    set_by="li",
    set_us=NOW,
)


async def test_a_sheet_comes_back_as_it_was_written_and_no_version_is_written_twice(pool: Pool) -> None:
    await a_home(pool)
    assert await care_sheets.latest(pool, "resident", "re_1") == Sheet()
    first = await care_sheets.write(pool, "resident", "re_1", SHEET)
    assert first == await care_sheets.latest(pool, "resident", "re_1") == msgspec.structs.replace(SHEET, version=1)
    later = [msgspec.structs.replace(first, set_by=name) for name in ("wang", "zhang", "sun")]
    done = await asyncio.gather(
        *(care_sheets.write(pool, "resident", "re_1", each) for each in later), return_exceptions=True
    )
    won = [each for each in done if isinstance(each, Sheet)]
    lost = [each for each in done if isinstance(each, SheetChanged)]
    assert (len(won), len(lost)) == (1, 2)
    assert [each.now for each in lost] == won * 2
    with pytest.raises(BrokenRule) as refusal:
        await care_sheets.write(pool, "place", "pl_nowhere", Sheet())
    assert refusal.value.code == "not_found"


async def test_the_sheet_of_a_place_is_read_from_below(pool: Pool) -> None:
    await a_home(pool)
    assert await care_sheets.above(pool, "pl_1") == []
    there = await care_sheets.write(
        pool, "place", "pl_1", Sheet(scripts={"any": "Ring first."}, set_by="li", set_us=NOW)
    )
    (said,) = await care_sheets.above(pool, "pl_1")
    assert (said.place, said.sheet) == ("pl_1", there)


async def test_notes_are_shown_until_they_are_over_or_taken_back(pool: Pool) -> None:
    await a_home(pool)
    first = Note(
        id="no_1", resident="re_1", text="睡得不好", written_by="li", written_us=NOW, until_us=NOW + 9 * SECOND
    )
    second = msgspec.structs.replace(first, id="no_2", written_us=NOW + SECOND)
    for note in (first, second):
        await resident_notes.add(pool, note)
    assert await resident_notes.shown(pool, "re_1", NOW) == [second, first]
    assert await resident_notes.shown(pool, "re_2", NOW) == []
    await resident_notes.take_back(pool, "re_1", "no_2", "wang", NOW + 2 * SECOND)
    assert await resident_notes.shown(pool, "re_1", NOW) == [first]
    assert await resident_notes.shown(pool, "re_1", NOW + 9 * SECOND) == []
    with pytest.raises(BrokenRule):
        await resident_notes.take_back(pool, "re_2", "no_1", "wang", NOW)
