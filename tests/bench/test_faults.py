"""The faults' own accounting can fail: a lost message, a row twice, a doubled alert and a missed fall are counted."""

import pytest
from rich.console import Console

from bench.faults import table
from bench.faults.account import Alarm, Ledger, Person, judge, lost
from bench.faults.catalogue import all_faults
from bench.faults.run import main
from bench.faults.table import Row

US = 1_000_000
FELL_US = 1_800_000_000 * US
WHO = Person("resident-1", "device-1", "fall", FELL_US)


def alarm(**changed: object) -> Alarm:
    fields = {
        "resident": "resident-1", "kind": "fall", "event_us": FELL_US, "occurrences": 1,
        "decided_us": FELL_US + 12 * US, "raised_us": FELL_US + 13 * US, **changed,
    }  # fmt: skip
    return Alarm(**fields)  # type: ignore[arg-type]


def counted(*alarms: Alarm, people: tuple[Person, ...] = (WHO,)) -> tuple[int, int, int]:
    verdict = judge(people, alarms)
    assert bool(verdict.sentences) == bool(verdict.missed + verdict.doubled + verdict.false)
    return verdict.missed, verdict.doubled, verdict.false


def test_what_a_device_let_go_of_and_is_nowhere_is_lost() -> None:
    ledger = Ledger()
    for seq in range(5):
        ledger.note_sent("d", 7, seq)
    ledger.note_acknowledged("d", 7, 2, 3)
    assert ledger.acknowledged() == {("d", 7, 2), ("d", 7, 3)}
    ledger.note_acknowledged("d", 7, 0, 3)
    ledger.note_acknowledged("d", 7, 0, 1)  # an older word that came late takes nothing back
    assert ledger.acknowledged() == {("d", 7, seq) for seq in range(4)}
    assert lost(ledger.acknowledged(), {("d", 7, 0): 1, ("d", 7, 1): 1, ("d", 7, 3): 2}) == {("d", 7, 2)}


def test_an_acknowledgement_speaks_of_one_boot_alone() -> None:
    ledger = Ledger()
    ledger.note_sent("d", 7, 0)
    ledger.note_sent("d", 8, 0)
    ledger.note_acknowledged("d", 8, 0, 0)
    assert ledger.acknowledged() == {("d", 8, 0)}
    assert ledger.acknowledged_of("e") == set()


def test_one_alert_at_the_true_time_is_right() -> None:
    verdict = judge([WHO], [alarm(event_us=FELL_US + 400_000)])
    assert (verdict.missed, verdict.doubled, verdict.false) == (0, 0, 0)
    assert verdict.slowest_s == 1.0


def test_a_fall_without_an_alert_is_missed_and_so_is_one_at_a_wrong_time() -> None:
    assert counted() == (1, 0, 0)
    assert counted(alarm(event_us=FELL_US + 60 * US)) == (1, 0, 1)


def test_two_alerts_of_one_fall_are_a_doubled_one_and_so_is_one_that_happened_again() -> None:
    assert counted(alarm(), alarm()) == (0, 1, 0)
    assert counted(alarm(occurrences=3)) == (0, 2, 0)


def test_an_alert_of_who_did_not_fall_or_of_nobody_is_false() -> None:
    steady = Person("resident-2", "device-2")
    assert counted(alarm(), alarm(resident="resident-2"), people=(WHO, steady)) == (0, 0, 1)
    assert counted(alarm(), alarm(kind="wandering")) == (0, 0, 1)
    assert counted(alarm(), alarm(resident="resident-9")) == (0, 0, 1)


def test_with_a_clock_that_was_off_the_fall_may_have_the_time_of_either_clock() -> None:
    hour_us = 3600 * US
    person = Person("resident-1", "device-1", "fall", FELL_US, (0, -hour_us))
    assert counted(alarm(event_us=FELL_US - hour_us), people=(person,)) == (0, 0, 0)
    assert counted(alarm(event_us=FELL_US + hour_us), people=(person,)) == (1, 0, 1)


@pytest.mark.parametrize(
    "changed",
    [{"lost": 1}, {"twice": 1}, {"doubled": 1}, {"missed": 1}, {"false": 1}, {"recovery_s": None}, {"broken": ["x"]}],
)
def test_each_thing_that_may_not_happen_fails_the_run(changed: dict[str, object]) -> None:
    good = Row(1, "kill-desk", acknowledged=10, recovery_s=2.0)
    bad = Row(1, "kill-api", **changed)  # type: ignore[arg-type]
    assert table.status([good]) == 0
    assert table.status([good, bad]) == 1
    assert [row["ok"] for row in table.as_json([good, bad])["rows"]] == [True, False]


def test_what_was_skipped_fails_nothing_and_proves_nothing() -> None:
    skipped = Row(1, "full-nats", skipped="needs root")
    assert table.status([skipped]) == 1
    assert table.status([skipped, Row(1, "kill-desk")]) == 0
    assert "needs root" in table.markdown([skipped])


def test_the_table_says_for_each_fault_what_was_counted() -> None:
    row = Row(3, "cut-nats", 321, recovery_s=4.56, slowest_s=0.5, notes=["a | b"])
    text = table.markdown([row])
    assert "| 3 | cut-nats | 321 | 0 | 0 | 0 | 0 | 0 | 4.6 | 0.5 | a / b |" in text
    assert all(line.count("|") == len(table.HEADINGS) + 1 for line in text.splitlines())
    assert "never" in table.markdown([Row(3, "cut-nats", recovery_s=None)])
    console = Console(width=200, record=True, file=None, quiet=False)
    with console.capture() as shown:
        table.show([row], console)
    assert "cut-nats" in shown.get()


def test_a_fault_that_is_not_there_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "earthquake"]) == 2
    assert "earthquake" in capsys.readouterr().err


def test_every_fault_has_a_name_of_its_own_and_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    names = [fault.name for fault in all_faults()]
    assert len(names) == len(set(names)) > 20
    assert main(["--list"]) == 0
    assert capsys.readouterr().out.split() == names
