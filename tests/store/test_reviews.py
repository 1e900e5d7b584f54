"""What the review asks of the database, on both: first answers, silence, who was on, and by which indexes."""

from collections.abc import Awaitable, Callable

import pytest

from alerts import handover
from alerts.answering import GOALS
from alerts.events import Claimed, Closed, Event, Held, Reopened, Resolved
from alerts.intake import intake
from alerts.life import apply
from schemas.alert import Alert, Outcome
from schemas.pause import Pause
from schemas.places import PlaceKind
from schemas.shift import Crew, Shift
from store import alerts, audit, reviews, shifts, zones
from store.pool import Pool
from store.reviews import UNHEARD_US, Only
from tests.store.making import NOW, SECOND, a_home, finding

pytestmark = pytest.mark.servers
HOUR = 3600 * SECOND
END = NOW + 24 * HOUR
FALSE = Resolved(at_us=NOW + 90 * SECOND, actor="bo", outcome=Outcome.FALSE_ALARM)


async def raised(pool: Pool, name: str = "f1", at_us: int = NOW, pause: Pause | None = None) -> Alert:
    def decide(found: object, alert: object, now_us: int, **beside: object) -> object:
        return intake(found, alert, now_us, **({"pause": pause} if pause else {}))  # type: ignore[arg-type]

    change = await alerts.accept(pool, finding(name, at_us=at_us), at_us, decide)  # type: ignore[arg-type]
    assert change is not None
    return change.alert


async def after(pool: Pool, alert: Alert, *events: Event) -> Alert:
    for event in events:
        alert = (await alerts.change(pool, alert.id, lambda found, event=event: apply(found, event))).alert  # type: ignore[misc]
    return alert


async def test_the_first_answer_stays_the_first_whoever_has_the_alert_later(pool: Pool) -> None:
    await a_home(pool)
    one = await after(
        pool, await raised(pool), Claimed(at_us=NOW + 40 * SECOND, actor="ann"), FALSE,
        Reopened(at_us=NOW + 100 * SECOND, actor="cy"), Claimed(at_us=NOW + 200 * SECOND, actor="cy"),
    )  # fmt: skip
    (row,) = await reviews.cases(pool, NOW, END, None)
    assert tuple(row) == (
        one.id, "fall", "fall-1", "w1", "pl_1", "re_1", NOW, NOW, NOW + 40 * SECOND, None, False, "ann",
    )  # fmt: skip
    assert await reviews.cases(pool, NOW + 1, END, None) == []
    assert await reviews.cases(pool, NOW - HOUR, NOW, None) == []
    assert len(await reviews.cases(pool, NOW, END, ["pl_1"])) == 1
    assert await reviews.cases(pool, NOW, END, ["pl_2"]) == []


async def test_a_hold_is_an_answer_and_what_nobody_has_answered_says_so(pool: Pool) -> None:
    await a_home(pool)
    old = NOW + 1200 * SECOND
    await after(pool, await raised(pool), Held(at_us=old, actor="ann", until_us=old + 60 * SECOND))
    assert (await reviews.cases(pool, NOW, END, None))[0]["answered_us"] == old
    other = finding("f2", at_us=NOW + HOUR, resident="re_2")
    assert await alerts.accept(pool, other, NOW + HOUR, intake)
    (row,) = await reviews.cases(pool, NOW + HOUR, END, None)
    assert (row["answered_us"], row["answered_by"]) == (None, None)


async def test_a_fall_with_somebody_there_rang_a_minute_later(pool: Pool) -> None:
    await a_home(pool)
    there = Pause(resident="re_1", by="ann", since_us=NOW - SECOND, until_us=NOW + HOUR)
    one = await raised(pool, pause=there)
    assert one.silent_until_us == NOW + 60 * SECOND
    await after(pool, one, Claimed(at_us=NOW + 70 * SECOND, actor="bo"))
    assert (await reviews.cases(pool, NOW, END, None))[0]["rang_us"] == NOW + 60 * SECOND


async def test_what_is_resolved_waits_until_it_is_closed(pool: Pool) -> None:
    await a_home(pool)
    claimed = Claimed(at_us=NOW + 61 * SECOND, actor="ann")
    one = await after(pool, await raised(pool), claimed, FALSE)
    (found,) = await reviews.to_review(pool, ["pl_1"], Only())
    assert (found.alert, found.answered_us, found.answered_by, found.rang_us) == (one, claimed.at_us, "ann", NOW)
    assert await reviews.left_to_review(pool, None, Only(late=True)) == (1, NOW)
    assert await reviews.left_to_review(pool, None, Only(late=False)) == (0, None)
    assert await reviews.to_review(pool, None, Only(outcome="test")) == []
    assert await reviews.to_review(pool, None, Only(), before=one.id) == []
    await after(pool, one, Closed(at_us=NOW + HOUR, actor="mei"))
    assert await reviews.to_review(pool, None, Only()) == []
    (taken,) = await reviews.exported(pool, NOW, END, None, 10)
    assert (taken.alert.closed_us, taken.answered_by) == (NOW + HOUR, "ann")


async def test_places_are_found_downwards_and_upwards_with_their_clock(pool: Pool) -> None:
    await a_home(pool)
    assert await reviews.below(pool, ["pl_1"]) == ["pl_1"]
    assert (await reviews.above(pool, ["pl_1", "pl_none"]))["pl_1"] == reviews.Stands(PlaceKind.HOME, "pl_1", None)
    assert await reviews.clock_of(pool, "pl_1", ["pl_1"]) == "Asia/Shanghai"
    assert await reviews.clock_of(pool, None, ["pl_none"]) is None
    await zones.choose(pool, "pl_1", "Asia/Urumqi", NOW)
    assert await reviews.clock_of(pool, "pl_1", ["pl_1"]) == "Asia/Urumqi"
    assert await reviews.clock_of(pool, None, None) == "Asia/Shanghai"
    assert await reviews.labels(pool, ["w1", "none"]) == {"w1": None}


async def signed(pool: Pool, account: str, session: str, *lines: tuple[str, int]) -> None:
    for act, at_us in lines:
        await audit.write(pool, at_us=at_us, account=account, session=session, act=act)


async def test_operators_are_on_from_signing_in_until_signing_out_or_an_hour_after_their_last_word(pool: Pool) -> None:
    await a_home(pool)
    for name, role, place in (("ann", "carer", "pl_1"), ("bo", "carer", "pl_2"), ("tec", "technician", None)):
        await pool.execute(
            "insert into account (name, display_name, password_hash, created_us) values ($1, $1, '', 0)", name
        )
        await pool.execute(
            "insert into account_grant (account, role, place, given_by, given_us) values ($1, $2, $3, '', 0)",
            name, role, place,
        )  # fmt: skip
    await signed(pool, "ann", "s1", ("sign_in", NOW), ("claim_alert", NOW + HOUR), ("sign_out", NOW + 2 * HOUR))
    await signed(pool, "ann", "s2", ("sign_in", NOW + 3 * HOUR), ("claim_alert", NOW + 4 * HOUR))
    await signed(pool, "bo", "s3", ("sign_in", NOW), ("sign_out", NOW + HOUR))
    await signed(pool, "tec", "s4", ("sign_in", NOW), ("sign_out", NOW + HOUR))
    await signed(pool, "ann", "s5", ("sign_in", NOW - 12 * HOUR), ("sign_out", NOW - 11 * HOUR))
    mine = [("ann", NOW, NOW + 2 * HOUR), ("ann", NOW + 3 * HOUR, NOW + 4 * HOUR + UNHEARD_US)]
    assert await reviews.were_on(pool, NOW, END, ["pl_1"], []) == mine
    assert await reviews.were_on(pool, NOW, END, ["pl_1"], ["tec"]) == sorted(
        [*mine, ("tec", NOW, NOW + HOUR)], key=lambda span: (span[1], span[0])
    )
    assert {span[0] for span in await reviews.were_on(pool, NOW, END, None, [])} == {"ann", "bo"}


async def test_whoever_said_that_they_are_on_a_shift_is_on_until_it_is_handed_over_or_was_to_end(pool: Pool) -> None:
    await a_home(pool)
    crew = (Crew(account="ann", since_us=NOW), Crew(account="bo", since_us=NOW + HOUR))
    handed = Shift(id="sh_1", place="pl_1", begun_us=NOW, begun_by="ann", crew=crew, ends_us=NOW + 8 * HOUR,
                   handed_us=NOW + 9 * HOUR, handed_by="ann")  # fmt: skip
    forgotten = Shift(id="sh_2", place="pl_2", begun_us=NOW, begun_by="cy", crew=(Crew(account="cy", since_us=NOW),),
                      handed_us=NOW + 300 * HOUR, handed_by="")  # fmt: skip
    runs = Shift(id="sh_3", place="pl_1", begun_us=NOW + 9 * HOUR, begun_by="di",
                 crew=(Crew(account="di", since_us=NOW + 9 * HOUR),))  # fmt: skip
    for shift in (handed, forgotten, runs):
        await shifts.begin(pool, shift.place, lambda _, new=shift: (None, new))  # type: ignore[misc]
    mine = [("ann", NOW, NOW + 9 * HOUR), ("bo", NOW + HOUR, NOW + 9 * HOUR), ("di", NOW + 9 * HOUR, NOW + 10 * HOUR)]
    assert await reviews.on_shift(pool, NOW, NOW + 10 * HOUR, ["pl_1"]) == mine
    assert ("cy", NOW, NOW + reviews.SHIFT_LONGEST_US) in await reviews.on_shift(pool, NOW, END, None)
    assert await reviews.on_shift(pool, NOW + 9 * HOUR, NOW + 10 * HOUR, ["pl_1"]) == mine[2:]
    assert reviews.SHIFT_LONGEST_US == handover.LONGEST_US


async def test_many_looks_of_one_moment_are_a_line_each(pool: Pool) -> None:
    at: list[tuple[str, str, str | None]] = [("re_1", "pl_1", None), ("re_2", "pl_1", "al_1")]
    await audit.write_looks(pool, at_us=NOW, account="ann", session="s", act="review", at=at)
    lines = await audit.entries(pool, looks=True)
    assert [(line.resident, line.unit, line.object, line.act) for line in lines] == [
        ("re_2", "pl_1", "al_1", "review"),
        ("re_1", "pl_1", None, "review"),
    ]


#: Ten years of alerts, of which the review asks for days.
_YEARS = """
    insert into alert (id, kind, severity, state, stage, unit, resident, device, event_us, raised_us, decided_us,
        heard_us, score, evidence, finding, findings, sources, late, occurrences, last_event_us, version)
    select 'al_' || g, 'fall', 'high', case when g % 50 = 0 then 'resolved' else 'closed' end, 'confirmed',
        'pl_' || g % 40, 're_1', 'w1', t, t, t, t, 0.9, '{}', 'f' || g, array['f' || g], '{}', false, 1, t, 5
    from (select g, $1::bigint + g * 3600000000 as t from generate_series(1, 20000) g) x
"""
_STEPS = """
    insert into alert_step (alert, kind, at_us, actor, data)
    select a.id, v.kind, a.raised_us, 'ann', '{}' from alert a, (values ('raised'), ('claimed'), ('resolved')) v (kind)
"""
_LINES = """
    insert into audit (at_us, account, session, act, look)
    select $1::bigint + g * 600000000::bigint, 'ann', 's' || g / 20,
        case when g % 20 = 0 then 'sign_in' else 'alert' end, false
    from generate_series(1, 40000) g
"""


class Explaining:
    """A database that tells how it would answer instead of answering."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.plan = ""

    async def fetch(self, query: str, *args: object) -> list[object]:
        self.plan = "\n".join(row[0] for row in await self.pool.fetch(f"explain {query}", *args))
        return []

    async def fetchrow(self, query: str, *args: object) -> dict[str, None]:
        await self.fetch(query, *args)
        return {"n": None, "oldest": None}


async def test_no_question_of_the_review_reads_a_table_of_years_from_end_to_end(pool: Pool) -> None:
    await pool.execute(_YEARS, NOW)
    await pool.execute(_STEPS)
    await pool.execute(_LINES, NOW)
    await pool.execute("analyze alert, alert_step, audit")
    db, begin = Explaining(pool), NOW + 1000 * HOUR
    asked: dict[str, Callable[[], Awaitable[object]]] = {
        "cases": lambda: reviews.cases(db, begin, begin + 200 * HOUR, None),  # type: ignore[arg-type]
        "of a ward": lambda: reviews.cases(db, begin, begin + 2000 * HOUR, ["pl_3"]),  # type: ignore[arg-type]
        "to review": lambda: reviews.to_review(db, None, Only()),  # type: ignore[arg-type]
        "exported": lambda: reviews.exported(db, begin, begin + 200 * HOUR, None, 100),  # type: ignore[arg-type]
        "were on": lambda: reviews.were_on(db, begin, begin + 200 * HOUR, None, ["ann"]),  # type: ignore[arg-type]
    }
    indexes = {
        "cases": "alert_step_answer",
        "of a ward": "alert_step_answer",
        "to review": "alert_to_review",
        "exported": "alert_step_silent",
        "were on": "audit_signs",
    }
    for name, ask in asked.items():
        await ask()
        read = [line for line in db.plan.splitlines() if "Seq Scan on" in line]
        assert not [line for line in read if " alert" in line or " audit" in line], (name, db.plan)
        assert indexes[name] in db.plan, (name, db.plan)


def test_what_is_late_for_the_list_is_what_is_late_for_the_figures() -> None:
    assert GOALS[0][0] * SECOND == reviews.LATE_US
