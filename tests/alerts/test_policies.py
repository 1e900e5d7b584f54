"""Which ladder an alert walks, and that none leaves a fall without anybody."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.ladder import Sent, Standing, plan
from alerts.policies import ladder_for, ladder_of
from alerts.rota import merged, reached
from schemas.alert import Severity
from schemas.finding import FindingKind
from schemas.ladder import Contacts, Ladder, LadderPolicy, LadderStep
from tests.alerts.test_rota import rota
from tests.store.making import NOW, SECOND

FALL, SOS, HIGH, MEDIUM = FindingKind.FALL, FindingKind.SOS, Severity.HIGH, Severity.MEDIUM


def steps(*names: str) -> tuple[LadderStep, ...]:
    return tuple(
        LadderStep(on_duty=name[1:], after_s=60 if n else 0)
        if name.startswith("@")
        else LadderStep(recipient=name, address=f"http://127.0.0.1/{name}", after_s=60 if n else 0)
        for n, name in enumerate(names)
    )


def policy(
    place: str, *names: str, kind: FindingKind | None = None, severity: Severity | None = None, goes_on: bool = False
) -> LadderPolicy:
    return LadderPolicy(place=place, kind=kind, severity=severity, ladder=Ladder(steps=steps(*names), goes_on=goes_on))


def told(ladder: Ladder) -> list[str]:
    return [step.recipient or f"@{step.on_duty}" for step in ladder.steps]


@pytest.mark.parametrize(
    ("kind", "severity", "first"),
    [
        (FALL, HIGH, "both"),
        (FALL, MEDIUM, "kind"),
        (SOS, HIGH, "severity"),
        (SOS, MEDIUM, "else"),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_at_one_place_the_most_specific_counts(kind: FindingKind, severity: Severity, first: str, order: int) -> None:
    known = [
        policy("w", "else"),
        policy("w", "severity", severity=HIGH),
        policy("w", "kind", kind=FALL),
        policy("w", "both", kind=FALL, severity=HIGH),
    ][::order]
    assert told(ladder_for(known, kind, severity)) == [first]


def test_the_nearest_place_counts_before_the_most_specific_and_one_that_fits_nothing_is_passed_over() -> None:
    known = [policy("w", "w", kind=FALL), policy("i", "i"), policy("c", "c", kind=SOS, severity=HIGH)]
    assert told(ladder_for(known, FALL, HIGH)) == ["w"]
    assert told(ladder_for(known, SOS, HIGH)) == ["i"]
    assert told(ladder_for([], FALL, HIGH)) == []


def test_a_ladder_that_goes_on_is_followed_by_that_of_the_place_above_with_its_wait() -> None:
    known = [policy("w", "a", "b", goes_on=True), policy("i", "c", goes_on=True), policy("c", "d"), policy("t", "e")]
    found = ladder_for(known, FALL, HIGH)
    assert told(found) == ["a", "b", "c", "d"]
    assert [step.after_s for step in found.steps] == [0, 60, 60, 60]
    assert told(ladder_for(known[:1], FALL, HIGH)) == ["a", "b"]


def test_who_is_a_test_rings_only_their_own_place() -> None:
    known = (policy("w", "a", "b", "c", goes_on=True), policy("i", "d"))
    contacts = Contacts(place="w", name="", owner="w", tests=("re_t",), policies=known)
    assert told(ladder_of(contacts, "re_1", FALL, HIGH)) == ["a", "b", "c", "d"]
    assert told(ladder_of(contacts, "re_t", FALL, HIGH)) == ["a", "b", "c"]
    below = Contacts(place="room", name="", owner="w", tests=("re_t",), policies=known)
    assert told(ladder_of(below, "re_t", FALL, HIGH)) == []


def test_what_an_older_platform_mirrored_is_walked_as_before() -> None:
    old = Contacts(place="w", name="", owner="i", ladder=Ladder(steps=steps("a", "b", "c")), tests=("re_t",))
    assert told(ladder_of(old, "re_1", FALL, HIGH)) == ["a", "b", "c"]
    assert told(ladder_of(old, "re_t", FALL, HIGH)) == []


_NAME = st.sampled_from(["li", "wang", "@nurse", "@doctor", "@nobody"])
#: As store.contacts accepts them: three steps at least, and one of them a person.
_STEPS = st.lists(_NAME, min_size=3, max_size=6).filter(lambda names: any(not name.startswith("@") for name in names))
_POLICIES = st.lists(
    st.builds(
        lambda place, names, kind, severity, goes_on: policy(
            place, *names, kind=kind, severity=severity, goes_on=goes_on
        ),
        st.sampled_from(["room", "ward", "institution", "city"]),
        _STEPS,
        st.sampled_from([None, FALL, SOS, FindingKind.INACTIVITY]),
        st.sampled_from([None, HIGH, MEDIUM]),
        st.booleans(),
    ),
    min_size=0,
    max_size=8,
    unique_by=lambda each: (each.place, each.kind, each.severity),
)
_ORDER = ("room", "ward", "institution", "city")


@given(_POLICIES, st.sampled_from([FALL, SOS]), st.integers(0, 14 * 24 * 60))
def test_no_policy_leaves_what_is_high_without_anybody_and_each_has_a_next_step(
    drawn: list[LadderPolicy], kind: FindingKind, minutes: int
) -> None:
    """Walk the first turn as notify does, with nobody answering: somebody is told, and then there is a next step."""
    known = sorted([*drawn, *_fallback(drawn)], key=lambda each: _ORDER.index(each.place))
    ladder = ladder_for(known, kind, HIGH)
    now_us = NOW + minutes * 60 * SECOND
    since_us, sent, people = now_us, list[Sent](), list[str]()
    for _ in range(4 * len(ladder.steps) + 4):
        planned = plan(kind, HIGH, Standing(0, since_us, True), ladder, merged(sent), now_us)
        for index in planned.due:
            there = reached(ladder.calls[index % len(ladder.calls)], rota(), now_us)
            people += [each.recipient for each in there]
            sent += [Sent(index, now_us) for _ in there] or [Sent(index, now_us, failed=True)]
        assert planned.due or planned.next_us is not None
        if len(merged(sent)) > len(ladder.steps):
            break
        if not planned.due and planned.next_us is not None:
            now_us = planned.next_us
    assert people
    named = [step.recipient for step in ladder.steps if step.on_duty is None]
    assert set(named) <= set(people)
    # Nobody waits longer than a minute for each of those before them: a role that nobody has costs no time.
    assert now_us - since_us <= timedelta(minutes=5 + len(ladder.steps)).total_seconds() * SECOND


def _fallback(known: list[LadderPolicy]) -> list[LadderPolicy]:
    """Return the city's ladder for all else, where there is none: an installation as the console sets it up."""
    there = any((each.place, each.kind, each.severity) == ("city", None, None) for each in known)
    return [] if there else [policy("city", "@nurse", "@nobody", "mayor")]
