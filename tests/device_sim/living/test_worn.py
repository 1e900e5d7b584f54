"""What a simulated wearable sends: acceleration around events, at their moments, on our own wire."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from device_sim.acts import Act
from device_sim.living.worn import AROUND_S, BodyEvent, Worn, worn
from device_sim.play import Emission
from schemas import frame as wire
from schemas import topics
from schemas.finding import FindingKind, Stage
from schemas.messages import StateMessage, parse
from tests.device_sim.living.watched import SECOND, Watched

START = 1_795_250_000_000_000
AT = START + 600 * SECOND
END = START + 1200 * SECOND
WAIST = Worn("w1", "waist")


def emitted(*events: BodyEvent, wearable: Worn = WAIST, seed: int = 1) -> list[Emission]:
    return list(worn(events, wearable, START, END, seed))


def frames(emissions: list[Emission]) -> list[wire.Frame]:
    return [wire.decode(each.payload) for each in emissions if each.topic.endswith("/imu")]


def found(*events: BodyEvent, position: str = "waist", seed: int = 1) -> Watched:
    home = Watched(worn={"w1": position}, tick_s=2)
    home.watch(emitted(*events, wearable=Worn("w1", position), seed=seed), END + 60 * SECOND)
    assert home.entries == []
    return home


def test_without_events_there_is_a_state_each_minute_and_no_acceleration() -> None:
    leaves = Counter(each.topic for each in emitted())
    assert leaves == {"sw/v1/w1/status": 1, "sw/v1/w1/state": 20}


def test_acceleration_lasts_from_three_minutes_before_an_event_to_three_after_without_a_hole() -> None:
    sent = frames(emitted(BodyEvent(AT, Act.FALL_FORWARD)))
    assert abs(sent[0].utc_us - (AT - AROUND_S * SECOND)) <= SECOND
    assert abs(sent[-1].utc_us + sent[-1].duration_us - (AT + AROUND_S * SECOND)) <= 2 * SECOND
    for one, other in pairwise(sent):
        assert (other.seq, other.utc_us) == (one.seq + 1, one.utc_us + one.duration_us)


@pytest.mark.parametrize("what", sorted(Act))
def test_what_happens_happens_at_its_moment(what: Act) -> None:
    sent = frames(emitted(BodyEvent(AT, what, lasts_s=60)))
    felt = np.concatenate([np.linalg.norm(each.samples * each.accel_scale, axis=1) for each in sent])
    near = round((AT - sent[0].utc_us) * 50 / SECOND)
    # These have no knock to know them by, or a harder one before it.
    if what not in (Act.TAKE_OFF, Act.PICK_UP, Act.FALL_FROM_CHAIR, Act.LIE_QUICKLY):
        assert abs(int(np.argmax(felt)) - near) <= 2


def test_the_same_seed_sends_the_same_bytes_and_another_seed_others() -> None:
    event = BodyEvent(AT, Act.FALL_SIDEWAYS)
    assert emitted(event) == emitted(event)
    assert emitted(event) != emitted(event, seed=2)


def test_another_name_of_the_device_changes_topics_alone() -> None:
    event = BodyEvent(AT, Act.FALL_SIDEWAYS)
    other = emitted(event, wearable=Worn("w2", "waist"))
    assert [(each.at_us, each.payload) for each in other] == [(each.at_us, each.payload) for each in emitted(event)]
    assert {each.topic.split("/")[2] for each in other} == {"w2"}


def test_messages_come_in_order_and_each_is_one_of_our_wire() -> None:
    sent = emitted(BodyEvent(AT, Act.FAINT), BodyEvent(AT + 120 * SECOND, Act.DROP))
    assert all(one.at_us <= other.at_us for one, other in pairwise(sent))
    for each in sent:
        parsed = topics.parse(each.topic)
        assert parsed is not None
        if parsed.leaf == topics.STATE:
            parse(each.payload, StateMessage)


def test_two_events_in_one_minute_are_lived_through_together() -> None:
    sent = frames(emitted(BodyEvent(AT, Act.STUMBLE), BodyEvent(AT + 60 * SECOND, Act.FALL_BACKWARD)))
    assert len(sent) == len({each.seq for each in sent}) == pytest.approx((2 * AROUND_S + 60) / 2, abs=2)


def test_events_that_cannot_both_happen_are_refused() -> None:
    with pytest.raises(ValueError, match="too soon"):
        emitted(BodyEvent(AT, Act.STUMBLE), BodyEvent(AT + 5 * SECOND, Act.FALL_BACKWARD))


def test_a_device_that_is_taken_off_says_so_after_a_while_and_until_it_is_put_on_again() -> None:
    sent = emitted(BodyEvent(AT, Act.TAKE_OFF, lasts_s=300))
    told = {each.at_us: parse(each.payload, StateMessage).worn for each in sent if each.topic.endswith("/state")}
    off = [at_us for at_us, wears in told.items() if not wears]
    assert off and min(off) >= AT + 20 * SECOND and max(off) < AT + 300 * SECOND
    assert frames(sent)[-1].worn is False


@pytest.mark.parametrize("position", ["waist", "wrist"])
def test_a_hard_fall_is_found_once_where_it_happened(position: str) -> None:
    home = found(BodyEvent(AT, Act.FALL_FORWARD), position=position, seed=3)
    falls = home.found(FindingKind.FALL)
    assert [abs(each.event_us - AT) <= SECOND // 2 for each in falls] == [True]


def test_whoever_gets_up_and_walks_is_seen_to_have_recovered() -> None:
    home = found(BodyEvent(AT, Act.FALL_BACKWARD, up_after_s=60.0))
    assert Stage.RECOVERED in {each.stage for each in home.findings}
    home = found(BodyEvent(AT, Act.FALL_BACKWARD))
    assert Stage.RECOVERED not in {each.stage for each in home.findings}


@pytest.mark.parametrize("what", [Act.SIT_HARD, Act.STUMBLE, Act.CATCH, Act.CLAP, Act.LIE_QUICKLY, Act.PICK_UP])
def test_what_only_looks_like_a_fall_is_none_to_the_detector(what: Act) -> None:
    assert found(BodyEvent(AT, what), position="wrist").found(FindingKind.FALL) == []
