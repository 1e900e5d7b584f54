"""Two weak findings that meet: a possible fall and a second device, or a wearable that lies still, or a silent home.

What is weak, and when a home's silence is rare, is made up here; the rest goes the real way.
"""

import msgspec
import numpy as np
import pytest

from detectors import reasons
from detectors.host import FALL, INACTIVITY, MEETING, PARTS, Host
from detectors.inactivity_model import Outlook
from detectors.inactivity_signs import Sign
from detectors.meeting import EACH_US, FIRST_US, HORIZON_US, KEPT, MOVED_S, SETTLE_US, THRESHOLDS, Meeting
from detectors.meeting_odds import NEAR_US, Silence, weigh
from detectors.routine_features import EDGES
from detectors.wearable import WornFrame
from schemas.config import ResidentConfig, Sensitivity, config_reading
from schemas.finding import Evidence, Finding, FindingKind, Phase, Reason, Stage
from schemas.reading import Observation, Reading, ReadingKind

SECOND, MINUTE, HOUR = 1_000_000, 60_000_000, 3_600_000_000
NOW = 1_790_000_000 * SECOND


def weak(
    name: str = "a",
    score: float = 0.35,
    *,
    stage: Stage = Stage.POSSIBLE,
    after_s: float = 0.0,
    device: str = "w1",
    resident: str = "r1",
    still_s: float = 0.0,
) -> Finding:
    at_us = NOW + round(after_s * SECOND)
    told = (Reason(reasons.IMPACT, {"g": 1.9}), *([Reason(reasons.NO_MOVEMENT, {"s": still_s})] if still_s else []))
    return Finding(
        id=name * 32,
        kind=FindingKind.FALL,
        stage=stage,
        unit="u1",
        resident=resident,
        device=device,
        event_us=at_us,
        start_us=at_us,
        end_us=at_us + SECOND,
        decided_us=at_us + SECOND,
        heard_us=at_us + 2 * SECOND,
        score=score,
        anchor=f"{device}:{name}",
        model="device" if device != "w1" else "fall-9",
        evidence=Evidence(phases=(Phase(reasons.PHASE_IMPACT, at_us, at_us),), reasons=told),
    )


def silence(chance: float, *, since_us: int = NOW - MINUTE) -> Silence:
    """Return a home in which of the silences like this one only ``chance`` reach half an hour."""
    return Silence(since_us, 0, Outlook(np.full(len(EDGES), chance)))


def normal(_unit: str, _resident: str) -> Sensitivity:
    return Sensitivity.NORMAL


class Home:
    """A unit whose part MEETING is under test."""

    def __init__(self, chance: float | None = None) -> None:
        self.meeting, self._chance = Meeting(), chance

    def hear(self, *told: Finding) -> list[Finding]:
        return [found for each in told for found in self.meeting.hear(each, normal)]

    def wait(self, until_us: int) -> list[Finding]:
        found: list[Finding] = []
        for minute in range(int((until_us - NOW) // MINUTE) + 1):
            quiet = None if self._chance is None else silence(self._chance)
            found += self.meeting.tick(NOW + minute * MINUTE, lambda _unit, quiet=quiet: quiet, normal)  # type: ignore[misc]
        return found


def codes(found: Finding) -> list[str]:
    return [reason.code for reason in found.evidence.reasons]


def moves(after_s: float) -> Sign:
    return Sign(unit="u1", device="pir", key="k", event_us=NOW + round(after_s * SECOND), place="p", moved=True)


def test_a_weak_fall_alone_is_never_told_however_long_nothing_is_known() -> None:
    home = Home()
    assert home.hear(weak(score=0.9)) == []
    assert home.wait(NOW + HORIZON_US + HOUR) == []
    assert home.meeting.units() == set()


def test_a_weak_fall_and_then_a_silence_that_is_rare_in_this_home_are_told_as_one_with_both_named() -> None:
    home = Home(chance=0.02)
    assert home.hear(weak()) == []
    (found,) = home.wait(NOW + 2 * HOUR)
    # half an hour must have passed before a silence is one at all; looked at every five minutes
    assert found.decided_us == NOW + 30 * MINUTE
    assert (found.kind, found.stage, found.resident, found.event_us) == (FindingKind.FALL, Stage.CONFIRMED, "r1", NOW)
    assert found.id != weak().id
    assert codes(found) == [reasons.WEAK_FALL, reasons.IMPACT, reasons.QUIET_HOME]
    assert found.evidence.reasons[-1].values == {"min": 31.0, "one_in": 50.0}
    assert found.evidence.phases[-1].name == reasons.PHASE_SILENCE
    assert found.score > max(weak().score, THRESHOLDS[Sensitivity.NORMAL])


@pytest.mark.parametrize("chance", [1.0, 0.9, 0.5])
def test_a_silence_that_is_usual_here_makes_nothing_of_a_weak_fall(chance: float) -> None:
    home = Home(chance)
    home.hear(weak(score=0.5))
    assert home.wait(NOW + HORIZON_US) == []


def test_a_silence_that_was_long_before_the_fall_is_no_proof_of_it() -> None:
    asleep = Silence(NOW - 3 * HOUR, 0, Outlook(np.where(EDGES <= 30, 0.02, 0.019)))
    assert asleep.chance(NOW, NOW + HOUR) > 0.9
    assert silence(0.02).chance(NOW, NOW + HOUR) == 0.02
    assert silence(0.02).chance(NOW, NOW + 20 * MINUTE) == 1.0


def test_time_in_which_nobody_could_be_seen_is_no_silence() -> None:
    blind = Silence(NOW, 40 * MINUTE, silence(0.02).outlook)
    assert blind.chance(NOW, NOW + HOUR) == 1.0


@pytest.mark.parametrize("stage", [Stage.POSSIBLE, Stage.DISMISSED])
def test_two_devices_that_suspect_a_fall_in_the_same_minute_are_told_at_once(stage: Stage) -> None:
    home = Home()
    (found,) = home.hear(weak(score=0.33, device="radar", resident="u1"), weak("b", 0.4, stage=stage, after_s=45))
    assert (found.resident, found.stage) == ("r1", Stage.CONFIRMED)
    assert codes(found)[0] == reasons.WEAK_FALL
    assert found.heard_us == weak(after_s=45).heard_us
    assert home.hear(weak("b", 0.4, stage=Stage.DISMISSED, after_s=45)) == []  # told once
    assert home.wait(NOW + HOUR) == []


@pytest.mark.parametrize(
    "other",
    [
        weak("b", 0.4, after_s=61, device="radar"),  # another minute
        weak("b", 0.4, resident="r2", device="w2"),  # another person
        weak("b", 0.4),  # the same device
        weak("b", 0.05, device="radar"),  # says less than nobody at all
    ],
)
def test_what_is_not_of_the_same_fall_is_not_taken_together(other: Finding) -> None:
    home = Home()
    assert home.hear(weak(score=0.33), other) == []


def test_two_that_may_be_neighbours_in_one_ward_are_not_one_though_a_radar_stands_between() -> None:
    home = Home()
    assert home.hear(weak(score=0.33), weak("b", 0.4, resident="r2", device="w2", after_s=5)) == []


def test_minutes_without_a_movement_help_a_weak_fall_and_seconds_do_not() -> None:
    assert Home().hear(weak(score=0.5, still_s=20)) == []
    assert Home().hear(weak(score=0.35, still_s=300)) == []
    (found,) = Home().hear(weak(score=0.5, still_s=300))
    assert reasons.NO_MOVEMENT in codes(found)


def test_a_confirmed_fall_has_its_own_alert_and_its_weak_neighbours_are_let_go() -> None:
    home = Home(chance=0.02)
    home.hear(weak(), weak("b", device="radar", resident="u1", score=0.1))
    assert home.hear(weak(stage=Stage.CONFIRMED)) == []
    assert home.wait(NOW + 2 * HOUR) == []


def test_a_watch_that_was_perhaps_dropped_meets_the_silence_of_the_home_and_not_its_own() -> None:
    dropped = msgspec.structs.replace(weak(score=0.9, stage=Stage.CONFIRMED, still_s=300), mild=True)
    assert Home().hear(dropped) == []
    home = Home(chance=0.02)
    home.hear(dropped)
    (found,) = home.wait(NOW + 2 * HOUR)
    assert (found.mild, found.decided_us) == (False, NOW + 30 * MINUTE)
    lively = Home(chance=0.02)
    lively.hear(dropped)
    lively.meeting.sign(moves(240))
    assert lively.wait(NOW + 2 * HOUR) == []


def test_whoever_is_up_again_is_let_go() -> None:
    home = Home(chance=0.02)
    home.hear(weak())
    assert home.hear(weak(stage=Stage.RECOVERED)) == []
    assert home.wait(NOW + 2 * HOUR) == []


@pytest.mark.parametrize(("after_s", "told"), [(179, 1), (180, 0), (600, 0)])
def test_whoever_moves_in_the_home_after_the_fall_itself_is_let_go(after_s: float, told: int) -> None:
    home = Home(chance=0.02)
    home.hear(weak())
    home.meeting.sign(moves(after_s))
    assert len(home.wait(NOW + 2 * HOUR)) == told


def test_what_was_told_is_over_when_something_moves_again_and_once_only() -> None:
    home = Home(chance=0.02)
    home.hear(weak())
    (found,) = home.wait(NOW + HOUR)
    (over,) = home.meeting.sign(moves(5400))
    assert (over.id, over.stage, codes(over)[-1]) == (found.id, Stage.RECOVERED, reasons.ACTIVE_AGAIN)
    assert home.meeting.sign(moves(5500)) == []
    assert home.meeting.units() == set()


def frame(after_s: float, g: float, *, arrival_s: float | None = None, resident: str = "r1") -> WornFrame:
    wave = np.zeros((100, 3))
    wave[::2, 0] = g
    at_us = NOW + round(after_s * SECOND)
    return WornFrame(
        unit="u1",
        resident=resident,
        device="w1",
        key="f",
        boot=1,
        seq=1,
        t0_us=0,
        event_us=at_us,
        period_ns=20_000_000,
        acc=(wave * 1000).astype(np.int16),
        accel_scale=0.001,
        arrival_us=at_us + 2 * SECOND if arrival_s is None else NOW + round(arrival_s * SECOND),
    )


@pytest.mark.parametrize(
    ("g", "seconds", "resident", "told"),
    [
        (0.5, 62, "r1", 0),  # walks about, or knits
        (0.5, 40, "r1", 1),  # an arm that was moved is no person who is well
        (0.05, 900, "r1", 1),  # breathes
        (0.5, 900, "r2", 1),  # the other one does
    ],
)
def test_whoever_moves_their_wearable_for_a_minute_is_let_go(g: float, seconds: int, resident: str, told: int) -> None:
    home = Home(chance=0.02)
    home.hear(weak())
    for index in range(seconds // 2):
        home.meeting.wear(frame(180 + 2 * index, g, resident=resident))
    assert len(home.wait(NOW + HOUR)) == told
    assert MOVED_S == 60


def test_movement_during_the_fall_and_frames_that_came_before_it_was_known_do_not_count() -> None:
    home = Home(chance=0.02)
    home.hear(weak())
    for index in range(100):
        home.meeting.wear(frame(179 - index / 10, 0.5))
        home.meeting.wear(frame(190 + 2 * index, 0.5, arrival_s=2))
    assert len(home.wait(NOW + HOUR)) == 1


def test_how_soon_to_speak_is_as_staff_chose() -> None:
    told = {
        setting: bool(Meeting().hear(weak(score=0.45, still_s=300), lambda _u, _r, s=setting: s))  # type: ignore[misc]
        for setting in Sensitivity
    }
    assert told == {Sensitivity.CALMER: False, Sensitivity.NORMAL: True, Sensitivity.KEENER: True}


def test_each_part_can_only_add_what_the_rule_says_and_no_number_is_no_sureness() -> None:
    quiet = silence(1e-9)
    most = weigh(weak(score=0.5), [], quiet, NOW + HOUR)
    assert most.probability == pytest.approx(250**0.5 / (1 + 250**0.5))
    assert weigh(weak(score=float("nan")), [], None, NOW).probability < 0.02
    assert weigh(weak(score=1.0), [], None, NOW).probability < 1.0
    assert NEAR_US == MINUTE


def test_memory_is_bounded_and_one_units_trouble_is_its_own() -> None:
    home = Home(chance=0.02)
    home.hear(*(weak(f"{index:02d}", after_s=index * 70) for index in range(3 * KEPT)))
    assert len(home.meeting.waiting["u1"]) == KEPT

    def broken(unit: str) -> Silence:
        raise ValueError(unit)

    other = msgspec.structs.replace(weak(), unit="u2")
    home.hear(other)
    assert home.meeting.tick(NOW + 3 * HOUR, broken, normal) == []
    assert home.meeting.units() == set()
    assert len(home.meeting.errors) >= 2


# -- in the host ----------------------------------------------------------------------------------------------------


def event(name: str, after_s: float, *, device: str, resident: str | None, sure: float | None = None) -> Reading:
    at_us = NOW + round(after_s * SECOND)
    return Reading(
        kind=ReadingKind.EVENT,
        arrival_us=at_us,
        event_us=at_us,
        end_us=at_us,
        device=device,
        unit="u1",
        resident=resident,
        place=None if resident else "p1",
        boot=1,
        seq=round(after_s * 10),
        observations=() if sure is None else (Observation("certainty", sure),),
        events=(name,),
    )


def tick(after_s: float) -> Reading:
    at_us = NOW + round(after_s * SECOND)
    return Reading(kind=ReadingKind.TICK, arrival_us=at_us, event_us=at_us, end_us=at_us, unit="")


def evening() -> list[Reading]:
    """A watch and a radar that each suspect a fall, in a home that has been lively all day and then is not."""
    lively = [
        event("motion", 60 * minute - 86_400, device=f"pir{minute % 3}", resident=None) for minute in range(0, 1440, 7)
    ]
    return [
        config_reading(ResidentConfig(resident="r1", unit="u1", version=1), NOW - 86_400 * SECOND, NOW),
        *lively,
        event("fall_suspected", 0, device="watch", resident="r1"),
        *(tick(60 * minute) for minute in range(1, 5)),
        event("fall_suspected", 280, device="watch", resident="r1", sure=0.32),
        event("fall", 300, device="radar", resident=None, sure=0.49),
        *(tick(60 * minute) for minute in range(6, 300)),
        event("motion", 20_000, device="pir1", resident=None),
    ]


def test_it_is_the_same_after_a_restart_at_any_place_and_however_it_is_cut() -> None:
    heard = evening()
    whole = Host().update(heard)
    assert [each.stage for each in whole if each.model == "meeting-1"]
    for cut in range(0, len(heard), 37):
        first, fresh = Host(), Host()
        before = first.update(heard[:cut])
        fresh.restore(first.snapshot())
        assert fresh.snapshot() == first.snapshot()
        assert before + fresh.update(heard[cut:]) == whole
    one_by_one = Host()
    assert [found for each in heard for found in one_by_one.update([each])] == whole


def test_a_call_for_help_is_no_sign_that_somebody_is_well() -> None:
    host = Host()
    host.update([event("fall_suspected", 0, device="watch", resident="r1")])
    host.update([event("sos", 180, device="watch", resident="r1")])
    assert host.meeting.units() == {"u1"}
    host.update([event("motion", 181, device="pir", resident=None)])
    assert host.meeting.units() == set()


def test_whoever_begins_anew_begins_alone_and_the_others_findings_are_not_heard_twice() -> None:
    host = Host()
    host.update([event("fall_suspected", 0, device="watch", resident="r1")])
    state = host.states(host.units())
    assert MEETING in state["u1"]
    state["u1"][MEETING] = b"\xc1"
    other = Host()
    assert set(other.take_over(host.clocks(), state)) == {MEETING}
    assert other.meeting.units() == set()
    assert other.update([event("fall_suspected", 90, device="watch", resident="r1")], PARTS - {MEETING, FALL}) == []
    assert other.update([event("motion", 295, device="pir", resident=None)], {INACTIVITY}) == []
    assert FIRST_US > SETTLE_US
    assert EACH_US > 0
