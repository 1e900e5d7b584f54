"""Proposals on whichever database: one live one a resident, one winner of two, the setting with the decision."""

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from alerts import proposal_life
from alerts.events import Resolved
from alerts.intake import intake
from alerts.life import apply
from schemas.alert import Outcome
from schemas.config import Sensitivity
from schemas.effects import ConfigureResident
from schemas.errors import BrokenRule
from schemas.finding import FindingKind
from schemas.proposal import Played, Preview, Proposal, ProposalAct, ProposalState, ProposalStep, Would
from store import alerts, history, missed, outbox, people, proposals, setting_changes
from store.missed import Missed
from store.pool import Pool
from tests.store.making import NOW, SECOND, a_home, finding

pytestmark = pytest.mark.servers

PREVIEW = Preview(
    start_us=NOW - 9, end_us=NOW, days=30, enough=True,
    alarms=(
        Played(
            alert="al_1", kind=FindingKind.INACTIVITY, code="silent", event_us=NOW - 5, raised_us=NOW - 4,
            outcome=Outcome.FALSE_ALARM, would=Would.LATER, later_us=3,
        ),
    ),
)  # fmt: skip
OPEN = Proposal(
    id="pr_1", resident="re_1", unit="pl_1", kind=FindingKind.INACTIVITY, before=Sensitivity.NORMAL,
    after=Sensitivity.CALMER, state=ProposalState.OPEN, false_alarms=("al_1", "al_2"), judged=3, real=(), made_us=NOW,
    progress=1.0, preview=PREVIEW, steps=(ProposalStep(act=ProposalAct.MADE, at_us=NOW, actor="platform"),),
)  # fmt: skip


def by(act: ProposalAct, actor: str = "li") -> Callable[[Proposal], Proposal]:
    return lambda each: proposal_life.acted(each, act, actor, NOW + SECOND)


async def held(pool: Pool) -> Sensitivity:
    found = await people.resident(pool, "re_1")
    assert found is not None
    return found.sensitivity


async def test_a_proposal_comes_back_as_it_was_written_and_there_is_one_live_one(pool: Pool) -> None:
    await a_home(pool)
    assert await proposals.latest(pool, "re_1") is None
    assert await proposals.add(pool, OPEN)
    assert await proposals.latest(pool, "re_1") == await proposals.one(pool, "pr_1") == OPEN
    second = msgspec.structs.replace(OPEN, id="pr_2", made_us=NOW + 1, state=ProposalState.READING, preview=None)
    assert not await proposals.add(pool, second)
    assert await proposals.add(pool, msgspec.structs.replace(second, id="pr_3", resident="re_2"))
    assert await proposals.live(pool) == ["re_1", "re_2"]
    assert await proposals.counts(pool) == {"open": 1, "reading": 1}
    await proposals.change(pool, "pr_1", lambda each: proposal_life.withdrawn(each, NOW))
    assert await proposals.live(pool) == ["re_2"]
    assert await proposals.add(pool, second)
    assert (await proposals.latest(pool, "re_1")) == second
    with pytest.raises(BrokenRule, match="no such proposal"):
        await proposals.change(pool, "pr_none", lambda each: each)


async def test_what_is_accepted_is_set_as_any_change_of_the_setting_and_taken_back(pool: Pool) -> None:
    await a_home(pool)
    await proposals.add(pool, OPEN)
    await proposals.decide(pool, "pr_1", by(ProposalAct.ACCEPTED), NOW + SECOND)
    assert await held(pool) is Sensitivity.CALMER
    assert [(each.config.sensitivity, each.changed_us) for each in await history.settings(pool, "pl_1")] == [
        (Sensitivity.CALMER, NOW + SECOND)
    ]
    told = [row.effect for row in await outbox.claim(pool, ["configure_resident"], NOW + SECOND)]
    assert told.count(ConfigureResident("re_1", "pl_1")) >= 1
    again = await proposals.decide(pool, "pr_1", by(ProposalAct.ACCEPTED), NOW + 2 * SECOND)
    assert len(again.steps) == 2
    undone = await proposals.decide(pool, "pr_1", by(ProposalAct.UNDONE, "wang"), NOW + 3 * SECOND)
    assert undone.state is ProposalState.UNDONE
    assert await held(pool) is Sensitivity.NORMAL
    assert [each.config.sensitivity for each in await history.settings(pool, "pl_1")] == ["calmer", "normal"]
    changes = await setting_changes.changes_of(pool, "re_1", 9)
    assert [(each.actor, each.what, each.data) for each in changes] == [
        ("wang", "sensitivity", {"before": "calmer", "after": "normal"}),
        ("li", "sensitivity", {"before": "normal", "after": "calmer"}),
    ]


async def test_a_no_and_what_takes_it_back_leave_the_setting(pool: Pool) -> None:
    await a_home(pool)
    await proposals.add(pool, OPEN)
    for act in (ProposalAct.DECLINED, ProposalAct.REOPENED, ProposalAct.DECLINED):
        await proposals.decide(pool, "pr_1", by(act), NOW)
        assert [each.id for each in await proposals.asked(pool)] == ([] if act is ProposalAct.DECLINED else ["pr_1"])
    assert await held(pool) is Sensitivity.NORMAL
    assert await history.settings(pool, "pl_1") == []


async def test_a_setting_that_somebody_changed_meanwhile_stays_and_so_does_the_proposal(pool: Pool) -> None:
    await a_home(pool)
    await proposals.add(pool, OPEN)
    assert await proposals.asked(pool) == [OPEN]
    await people.update_resident(pool, "re_1", {"sensitivity": Sensitivity.KEENER}, NOW)
    assert await proposals.asked(pool) == []
    with pytest.raises(BrokenRule, match="changed meanwhile"):
        await proposals.decide(pool, "pr_1", by(ProposalAct.ACCEPTED), NOW)
    assert await held(pool) is Sensitivity.KEENER
    assert await proposals.one(pool, "pr_1") == OPEN


@pytest.mark.two_sessions
async def test_of_two_people_at_once_one_wins_and_the_other_is_told_who(pool: Pool) -> None:
    await a_home(pool)
    await proposals.add(pool, OPEN)
    acts = [(ProposalAct.ACCEPTED, "li"), (ProposalAct.DECLINED, "wang"), (ProposalAct.ACCEPTED, "zhang")]
    presses = [proposals.decide(pool, "pr_1", by(act, who), NOW + SECOND) for act, who in acts]
    found = await asyncio.gather(*presses, return_exceptions=True)
    [won] = [each for each in found if isinstance(each, Proposal)]
    lost = [each for each in found if isinstance(each, BrokenRule)]
    assert len(lost) == 2
    assert all(str(each).startswith(won.steps[-1].actor) for each in lost)
    accepted = won.state is ProposalState.ACCEPTED
    assert await held(pool) is (Sensitivity.CALMER if accepted else Sensitivity.NORMAL)


async def resolved(pool: Pool, name: str, kind: FindingKind, outcome: Outcome, resident: str = "re_1") -> None:
    found = msgspec.structs.replace(finding(name, resident=resident), kind=kind)
    changed = await alerts.accept(pool, found, NOW, intake)
    assert changed is not None
    event = Resolved(at_us=NOW + SECOND, actor="ann", outcome=outcome)
    await alerts.change(pool, changed.alert.id, lambda alert: apply(alert, event))


async def test_who_rang_often_for_nothing_and_what_a_proposal_rests_on_are_found(pool: Pool) -> None:
    await a_home(pool)
    for name in "abc":
        await resolved(pool, name, FindingKind.INACTIVITY, Outcome.FALSE_ALARM)
    for name in "de":
        await resolved(pool, name, FindingKind.INACTIVITY, Outcome.FALSE_ALARM, "re_2")
    await resolved(pool, "f", FindingKind.ROUTINE, Outcome.FALSE_ALARM, "re_2")
    await resolved(pool, "g", FindingKind.INACTIVITY, Outcome.REAL_UNHURT, "re_2")
    kinds = (FindingKind.INACTIVITY, FindingKind.ROUTINE)
    assert await proposals.rang_for_nothing(pool, kinds, NOW, 3) == ["re_1"]
    assert await proposals.rang_for_nothing(pool, kinds, NOW, 2) == ["re_1", "re_2"]
    assert await proposals.rang_for_nothing(pool, kinds, NOW + 1, 2) == []
    assert await proposals.rang_for_nothing(pool, (FindingKind.ROUTINE,), NOW, 2) == []
    await people.update_resident(pool, "re_1", {"sensitivity": Sensitivity.KEENER}, NOW + 5)
    basis = await proposals.basis(pool, "re_1", "pl_1", NOW, NOW + 1)
    assert len(basis.alerts) == 3
    assert [(since_us, config.sensitivity) for since_us, config in basis.settings] == [(NOW + 5, "keener")]
    assert (await proposals.basis(pool, "re_1", "pl_2", NOW, NOW + 1)).alerts == ()


async def test_what_was_missed_is_reported_counts_and_is_taken_back_once(pool: Pool) -> None:
    await a_home(pool)
    said = Missed(
        id="mi_1", resident="re_1", unit="pl_1", event_us=NOW + 5, note="on the floor", reported_by="li",
        reported_us=NOW + 9,
    )  # fmt: skip
    earlier = msgspec.structs.replace(said, id="mi_2", event_us=NOW + 1)
    for each in (earlier, said):
        await missed.report(pool, each)
    assert await missed.of_resident(pool, "re_1", NOW, NOW + 6) == [said, earlier]
    assert await missed.of_resident(pool, "re_1", NOW + 2, NOW + 5) == []
    assert (await proposals.basis(pool, "re_1", "pl_1", NOW, NOW + 6)).missed == (NOW + 5, NOW + 1)
    back = await missed.take_back(pool, "mi_1", "wang", NOW + 10)
    assert (back.back_by, back.back_us) == ("wang", NOW + 10)
    assert await missed.take_back(pool, "mi_1", "zhang", NOW + 11) == back
    assert (await proposals.basis(pool, "re_1", "pl_1", NOW, NOW + 6)).missed == (NOW + 1,)
    with pytest.raises(BrokenRule, match="no such report"):
        await missed.take_back(pool, "mi_none", "li", NOW)
