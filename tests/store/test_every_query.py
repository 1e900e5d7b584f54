"""No query of the store that was tried on one database only: those that the other tests of this folder leave out."""

import ast
from pathlib import Path

import msgspec
import pytest

from alerts.events import Resolved
from alerts.intake import intake
from alerts.life import apply
from schemas.address import Channel
from schemas.alert import Outcome
from schemas.errors import BrokenRule
from schemas.ladder import Delivery, DeliveryState, Ladder, LadderStep, known_since
from schemas.places import PlaceKind
from schemas.reading import Observation, Reading
from store import alerts, contacts, deliveries, moves, people, readings, traces
from store.pool import Pool
from tests.store.making import NOW, SECOND, a_home, finding, frame, state, worn

HERE = Path(__file__).parent
STORE = HERE.parents[1] / "store"
LADDER = Ladder(steps=tuple(LadderStep(recipient=name, address="http://127.0.0.1:1/") for name in ("安", "ben", "cy")))
#: Called by others of the store, inside their transactions, and tried with them.
INNER = {
    "alerts.open_of", "alerts.write",
    "adopt.adopt", "adopt.bound", "adopt.latest_values", "blocks.add_activity", "bulk.put", "devices.move",
    "heard.note_devices", "heard.note_latest", "locks.hold", "locks.hold_subject", "pool.transaction",
    "quiet.forget", "quiet.keep", "series.make_missing", "series.unpack_all", "setting_changes.note",
    "setting_changes.note_fields", "setting_changes.upon",
}  # fmt: skip
#: Of the connection, not of the data: tests/store/test_half_open.py, tests/store/test_alerts.py.
WIRE = {"pool.open_pool", "notices.follow"}
#: What is called by another module's name.
ALSO = {"devices": "people", "traces": "readings", "series": "readings"}


def offered() -> set[str]:
    """Return ``module.function`` of each public function of the store that talks to the database."""
    return {
        f"{path.stem}.{node.name}"
        for path in STORE.glob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_")
    }


def called() -> set[str]:
    """Return ``name.attribute`` of everything that the tests of this folder write down."""
    trees = [ast.parse(path.read_text()) for path in HERE.glob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return {f"{node.value.id}.{node.attr}" for node in nodes if isinstance(node.value, ast.Name)}


def test_every_function_of_the_store_is_tried_on_both_databases() -> None:
    written = called()
    names = {name: f"{ALSO.get(name.split('.')[0], '')}.{name.split('.')[1]}" for name in offered() - INNER - WIRE}
    assert sorted(name for name, other in names.items() if name not in written and other not in written) == []
    assert offered() >= INNER | WIRE


def sent(step: int = 0, **changes: object) -> Delivery:
    first = Delivery(
        finding="f1",
        round=0,
        step=step,
        recipient="安",
        channel=Channel.HTTP,
        address="http://127.0.0.1:1/",
        alert="",
        state=DeliveryState.CLAIMED,
        claimed_us=NOW + step,
        tried_us=NOW,
    )
    return msgspec.structs.replace(first, **changes)


@pytest.mark.servers
async def test_a_place_inherits_the_ladder_above_it_until_it_has_its_own(pool: Pool) -> None:
    await a_home(pool)
    room = await people.add_place(pool, name="1", kind=PlaceKind.ROOM, now_us=NOW, parent="pl_1")
    await contacts.set_ladder(pool, "pl_1", LADDER, NOW)
    found = await contacts.contacts(pool, "pl_1")
    assert (found[room.id].owner, found[room.id].ladder) == ("pl_1", known_since(LADDER, Ladder(), NOW))
    assert found["pl_1"].residents == {"re_1": "王 re_1", "re_2": "王 re_2"}
    assert (await contacts.contacts_of(pool, "pl_2")).owner is None
    later = msgspec.structs.replace(
        LADDER, steps=(*LADDER.steps, msgspec.structs.replace(LADDER.steps[0], recipient="d"))
    )
    await contacts.set_ladder(pool, "pl_1", later, NOW + SECOND)
    kept = (await contacts.contacts_of(pool, room.id)).ladder
    # An address keeps the day it was first written down on, however often the ladder is saved.
    assert [step.since_us for step in kept.steps] == [NOW, NOW, NOW, NOW + SECOND]
    assert kept.changed_us == NOW + SECOND
    await contacts.set_ladder(pool, "pl_1", Ladder(), NOW)
    assert (await contacts.contacts_of(pool, room.id)).owner is None
    with pytest.raises(BrokenRule, match="no such place"):
        await contacts.set_ladder(pool, "pl_none", LADDER, NOW)


@pytest.mark.servers
async def test_a_delivery_is_claimed_once_and_an_older_account_of_it_changes_nothing(pool: Pool) -> None:
    assert await deliveries.claim(pool, sent())
    assert not await deliveries.claim(pool, sent())
    done = sent(state=DeliveryState.SENT, sent_us=NOW + SECOND, attempts=2, alert="al_1")
    await deliveries.keep(pool, done)
    await deliveries.keep(pool, sent(error="refused"))
    await deliveries.keep(pool, sent(1, alert="al_1"))
    assert await deliveries.of_findings(pool, ["f1", "f2"]) == [done, sent(1, alert="al_1")]
    assert await deliveries.of_alert(pool, "al_1") == [done, sent(1, alert="al_1")]


@pytest.mark.servers
async def test_an_alert_is_found_by_its_finding_its_person_and_its_time_and_its_next_step_is_due_in_time(
    pool: Pool,
) -> None:
    change = await alerts.accept(pool, finding(), NOW, intake)
    assert change is not None
    alert = change.alert
    assert await deliveries.alerts_of(pool, [alert.finding, "none"]) == {alert.finding: alert.id}
    assert await alerts.by_ids(pool, [alert.id, "al_none"]) == {alert.id: alert}
    assert await alerts.between(pool, "re_1", NOW, NOW + 1) == [alert]
    assert await alerts.between(pool, "re_1", NOW + 1, NOW + 2) == []
    await deliveries.set_timer(pool, alert.id, 0, NOW, NOW + 60 * SECOND)
    assert await deliveries.due(pool, NOW + 59 * SECOND) == []
    assert await deliveries.due(pool, NOW + 60 * SECOND) == [alert.id]
    await deliveries.set_timer(pool, alert.id, 0, NOW, None)
    assert await deliveries.due(pool, NOW + 60 * SECOND) == []
    assert await alerts.last_resolved(pool) is None
    event = Resolved(at_us=NOW + SECOND, actor="ann", outcome=Outcome.FALSE_ALARM)
    resolved = await alerts.change(pool, alert.id, lambda found: apply(found, event))
    assert await alerts.last_resolved(pool) == resolved.alert


@pytest.mark.servers
async def test_people_and_what_they_wear_are_found_by_every_way_that_asks_for_them(pool: Pool) -> None:
    await a_home(pool)
    assert await people.place_names(pool, ["pl_1", "pl_none"]) == {"pl_1": "pl_1"}
    home = await people.place(pool, "pl_1")
    assert home is not None
    assert home.path == ("pl_1",)
    assert [one.id for one in await people.residents(pool)] == ["re_1", "re_2", "re_3"]
    assert set(await people.residents_by_ids(pool, ["re_2", "re_none"])) == {"re_2"}
    assert (await people.sole_resident(pool, "pl_1"), await people.sole_resident(pool, "pl_2")) == (None, "re_3")
    assert [each.id for each in await people.residents_of(pool, "pl_1")] == ["re_1", "re_2"]
    # Those two share a home, which detectors must be told; the third is alone, until something is set of her.
    assert [one.id for one in await people.configured_residents(pool)] == ["re_1", "re_2"]
    await people.update_resident(pool, "re_3", {"absent_until_us": NOW + SECOND}, NOW)
    assert [one.id for one in await people.configured_residents(pool)] == ["re_1", "re_2", "re_3"]
    assert await people.bound_devices(pool) == []
    await people.bind(pool, worn(NOW), NOW)
    await readings.write(pool, [frame("w1", 1, NOW)])
    assert await people.bound_devices(pool) == ["w1"]
    assert await people.watched(pool, NOW) == 1
    assert await people.watched(pool, NOW + 60 * SECOND) == 0
    assert set(await traces.latest_of_all(pool)) == {"re_1"}
    assert [await people.living_in(pool, unit) for unit in ("pl_1", "pl_2", "pl_none")] == [2, 1, 0]
    both = await people.residents_by_ids(pool, ["re_1", "re_2"])
    assert await people.names_in(pool, "pl_1", but="re_1") == [both["re_2"].name]


def moved(seq: int, event_us: int, event: str, **changes: object) -> Reading:
    """What a sensor at a place of its own says."""
    said = state("hall", seq, event_us, Observation("event", event), Observation("room", "厅"))
    return msgspec.structs.replace(said, **{"resident": None, "place": "pl_1", **changes})


@pytest.mark.servers
async def test_signs_of_life_of_a_home_are_those_of_its_own_sensors_within_the_time_and_nothing_that_was_retained(
    pool: Pool,
) -> None:
    await a_home(pool)
    second, third = moved(2, NOW + SECOND, "motion"), moved(3, NOW + 2 * SECOND, "opened")
    others = [
        moved(1, NOW - 1, "motion"), moved(4, NOW + 3 * SECOND, "motion", retain=True),
        moved(5, NOW + 4 * SECOND, "clear"), moved(6, NOW + 5 * SECOND, "motion", unit="pl_2"),
        moved(7, NOW + 6 * SECOND, "motion", place=None), moved(8, NOW + 60 * SECOND, "motion"),
    ]  # fmt: skip
    await readings.write(pool, [third, second, *others])
    found = await moves.moves(pool, "pl_1", ["hall"], ["motion", "opened"], NOW, NOW + 60 * SECOND)
    assert [(one.event_us, one.event, one.place, one.room) for one in found] == [
        (second.event_us, "motion", "pl_1", "厅"),
        (third.event_us, "opened", "pl_1", "厅"),
    ]
    assert {one.topic for one in found} == {second.topic}
