"""Two centres in one county, with a resident, a device and an alert each, and an account of every role at one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from alerts.intake import intake
from schemas.config import Sensitivity
from schemas.finding import FindingKind
from schemas.places import Binding, PlaceKind
from schemas.proposal import Proposal, ProposalAct, ProposalState, ProposalStep
from store import accounts, alerts, missed, people, proposals
from store.accounts import Grant, Role
from store.missed import Missed
from tests.api.conftest import START_US, Ward, fall

#: A session opened in the store: to sign in costs argon2.
NAMES = {role: f"{role.value}-x" for role in Role}


@dataclass(frozen=True)
class Centre:
    """What is there, by the parameter that names it in a path."""

    top: str
    unit: str
    filled: dict[str, str]
    words: tuple[str, ...]


async def centre(ward: Ward, county: str, key: str) -> Centre:
    """Add a centre with a room, who lives there, a watch on them and what there can be of them."""
    now = ward.clock()
    top = await people.add_place(
        ward.pool, name=f"院{key}", kind=PlaceKind.INSTITUTION, now_us=now, parent=county, place_id=f"pl_top_{key}"
    )
    unit = await people.add_place(
        ward.pool, name=f"房{key}", kind=PlaceKind.ROOM, now_us=now, parent=top.id, place_id=f"pl_unit_{key}"
    )
    lives = await people.add_resident(
        ward.pool, name=f"人{key}", unit=unit.id, now_us=now, resident_id=f"re_{key}", conditions=["dementia"]
    )
    await people.add_device(ward.pool, device_id=f"dev_{key}", kind="wearable", now_us=now)
    bound = Binding(device=f"dev_{key}", unit=unit.id, resident=lives.id, start_us=START_US - 3_600_000_000)
    await people.bind(ward.pool, bound, now)
    ward.falls += 1
    raised = await alerts.accept(ward.pool, fall(lives.id, unit.id, now, ward.falls), now, intake)
    assert raised is not None
    said = Missed(
        id=f"mi_{key}", resident=lives.id, unit=unit.id, event_us=now, note="", reported_by="x", reported_us=now
    )
    await missed.report(ward.pool, said)
    calmer = Proposal(
        id=f"pr_{key}", resident=lives.id, unit=unit.id, kind=FindingKind.INACTIVITY, before=Sensitivity.NORMAL,
        after=Sensitivity.CALMER, state=ProposalState.OPEN, false_alarms=("a",), judged=1, real=(), made_us=now,
        steps=(ProposalStep(act=ProposalAct.MADE, at_us=now, actor="platform"),),
    )  # fmt: skip
    await proposals.add(ward.pool, calmer)
    await ward.pool.execute(
        "insert into absence (id, resident, start_us, set_by, set_us) values ($1, $2, $3, 'x', $3)",
        f"ab_{key}", lives.id, now - 10 * 86_400_000_000,
    )  # fmt: skip
    await ward.pool.execute(
        "insert into pause (resident, by, since_us, until_us) values ($1, 'x', $2, $3)",
        lives.id, now, now + 1_800_000_000,
    )  # fmt: skip
    await ward.pool.execute(
        "insert into resident_note (id, resident, text, written_by, written_us, until_us) "
        "values ($1, $2, 'x', 'x', $3, $4)",
        f"no_{key}", lives.id, now, now + 3_600_000_000,
    )  # fmt: skip
    await ward.pool.execute(
        "insert into duty_shift (id, place, begun_us, begun_by) values ($1, $2, $3, 'x')", f"sh_{key}", unit.id, now
    )
    filled = {
        "resident_id": lives.id,
        "alert_id": raised.alert.id,
        "device_id": f"dev_{key}",
        "place_id": unit.id,
        "proposal_id": f"pr_{key}",
        "missed_id": f"mi_{key}",
        "absence_id": f"ab_{key}",
        "note_id": f"no_{key}",
        "shift_id": f"sh_{key}",
        "test_id": "rt_none",
        "template_id": "tpl_none",
        "account_id": f"account-{key}",
        "session_id": "0" * 16,
        "outcome_id": "oc_none",
        "entry_id": "7000000000001",
    }
    await account(ward, f"account-{key}", Grant(role=Role.CARER, place=unit.id))
    return Centre(top.id, unit.id, filled, (f"院{key}", f"房{key}", f"人{key}", *filled.values()))


async def account(ward: Ward, name: str, *grants: Grant) -> None:
    """Add an account that nobody can sign in as: its sessions are opened in the store."""
    await ward.pool.execute(
        "insert into account (name, display_name, password_hash, created_us) values ($1, $1, '', 0)", name
    )
    for grant in grants:
        await ward.pool.execute(
            "insert into account_grant (account, role, place, resident, given_by, given_us) "
            "values ($1, $2, $3, $4, '', 0)",
            name, grant.role, grant.place, grant.resident,
        )  # fmt: skip


def grant_of(role: Role, there: Centre) -> Grant:
    """Return the role's grant at a centre; a family's for who lives there."""
    if role is Role.FAMILY:
        return Grant(role=role, resident=there.filled["resident_id"])
    return Grant(role=role, place=there.top)


@asynccontextmanager
async def signed_in(ward: Ward, name: str) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a program with a session of the account."""
    opened = await accounts.open_session(ward.pool, name, ward.clock())
    async with ward.client() as client:
        client.headers["Authorization"] = f"Bearer {opened.token}"
        yield client
