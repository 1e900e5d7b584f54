"""Rotas, and ladders by kind and severity, in the database: nearest, inherited, in the place's zone, mirrored."""

import msgspec
import pytest

from alerts.intake import intake
from alerts.policies import ladder_of
from schemas.alert import Severity
from schemas.errors import BrokenRule
from schemas.finding import FindingKind
from schemas.ladder import Ladder, LadderStep, Patience
from schemas.places import PlaceKind
from schemas.rota import Colleague, DutyHours, Rota, WeekDuty
from store import alerts, contacts, outbox, people, rota, zones
from store.pool import Pool
from tests.store.making import NOW, a_home, finding

ROTA = Rota(
    shifts=(DutyHours(name="白班", start=420, end=1140),),
    people=(Colleague(name="li", address="http://127.0.0.1/li"),),
    week=(WeekDuty(weekday=0, shift="白班", role="护士", people=("li",)),),
)
FALL, SOS, HIGH, MEDIUM = FindingKind.FALL, FindingKind.SOS, Severity.HIGH, Severity.MEDIUM


def ladder(first: str, *, goes_on: bool = False, high_s: float = 600) -> Ladder:
    steps = (LadderStep(on_duty="护士", after_s=0), *(
        LadderStep(recipient=f"{first}{n}", address="http://127.0.0.1/") for n in range(2)
    ))  # fmt: skip
    return Ladder(steps=steps, goes_on=goes_on, patience=Patience(high=high_s))


async def test_a_rota_is_inherited_and_goes_by_the_place_whose_it_is(pool: Pool) -> None:
    await a_home(pool)
    top = await people.add_place(pool, name="院", kind=PlaceKind.INSTITUTION, now_us=NOW, place_id="pl_top")
    ward = await people.add_place(pool, name="二楼", kind=PlaceKind.WARD, now_us=NOW, parent=top.id, place_id="pl_w")
    assert await rota.nearest(pool, ward.id) == (None, Rota())
    await zones.choose(pool, top.id, "Europe/Berlin", NOW)
    assert (await rota.change(pool, top.id, lambda _: ROTA, NOW)).shifts == ROTA.shifts
    owner, found = await rota.nearest(pool, ward.id)
    assert (owner, found) == (top.id, msgspec.structs.replace(ROTA, timezone="Europe/Berlin"))
    assert list(await rota.all_own(pool)) == [top.id]
    assert await rota.own(pool, ward.id) == Rota()
    assert (await rota.own(pool, top.id)).people == ROTA.people
    await rota.change(pool, ward.id, lambda before: msgspec.structs.replace(ROTA, timezone=before.timezone), NOW)
    assert (await rota.nearest(pool, ward.id))[0] == ward.id
    mirrored = (await contacts.contacts(pool))[ward.id].rota
    assert mirrored is not None
    assert mirrored.timezone == "Europe/Berlin"
    assert (await contacts.contacts(pool))["pl_1"].rota is None
    await rota.change(pool, ward.id, lambda _: Rota(), NOW)
    assert (await rota.nearest(pool, ward.id))[0] == top.id
    assert (await outbox.counts(pool))["mirror_contacts", "waiting"] >= 4
    with pytest.raises(BrokenRule, match="no such place"):
        await rota.change(pool, "pl_no", lambda before: before, NOW)


async def test_ladders_by_kind_and_severity_and_whose_patience_a_claim_has(pool: Pool) -> None:
    await a_home(pool)
    top = await people.add_place(pool, name="院", kind=PlaceKind.INSTITUTION, now_us=NOW, place_id="pl_top")
    await pool.execute("update place set parent = 'pl_top' where id = 'pl_1'")
    await contacts.set_ladder(pool, top.id, ladder("top", high_s=60), NOW)
    await contacts.set_ladder(pool, "pl_1", ladder("both", goes_on=True, high_s=120), NOW, kind=FALL, severity=HIGH)
    await contacts.set_ladder(pool, "pl_1", ladder("loud", high_s=180), NOW, severity=HIGH)
    found = (await contacts.contacts(pool))["pl_1"]
    assert (found.owner, [(each.place, each.kind, each.severity) for each in found.policies]) == (
        "pl_top", [("pl_1", None, HIGH), ("pl_1", FALL, HIGH), ("pl_top", None, None)],
    )  # fmt: skip
    assert [step.recipient for step in ladder_of(found, "re_1", FALL, HIGH).steps] == [
        "", "both0", "both1", "", "top0", "top1",
    ]  # fmt: skip
    # What a claim asks of the database is what the pure rule says.
    for n, (kind, severity, high_s) in enumerate(((FALL, HIGH, 120), (SOS, HIGH, 180), (FALL, MEDIUM, 60))):
        raised = await alerts.accept(
            pool, msgspec.structs.replace(finding(f"k{n}"), kind=kind, resident=f"re_{n}"), NOW, intake
        )
        assert raised is not None
        await pool.execute("update alert set severity = $2 where id = $1", raised.alert.id, severity)
        kept = await contacts.ladder_of_alert(pool, raised.alert.id)
        assert kept.patience.high == high_s == ladder_of(found, "re_1", kind, severity).patience.high
    await contacts.set_ladder(pool, "pl_1", Ladder(), NOW, kind=FALL, severity=HIGH)
    assert len((await contacts.contacts(pool))["pl_1"].policies) == 2


async def test_a_ladder_that_names_nobody_is_refused(pool: Pool) -> None:
    await a_home(pool)
    nobody = Ladder(steps=tuple(LadderStep(on_duty="护士") for _ in range(3)))
    for kind in (None, FALL):
        with pytest.raises(BrokenRule) as refused:
            await contacts.set_ladder(pool, "pl_1", nobody, NOW, kind=kind)
        assert refused.value.code == "nobody_named"
