"""What is true of the sensors of a home whatever their family is: a day of it through the platform's own decoders."""

from collections import Counter
from itertools import pairwise

import pytest

from device_sim.forms.families import FAMILIES
from device_sim.forms.spoken import SECOND_US, SensorKind
from device_sim.living.faults import Fault, FaultKind
from device_sim.living.wiring import Wiring
from tests.device_sim.forms.home import EVENT_OF, HOUR_US, PRESSED_US, START_US, Day, day

#: A press is told within this; a radio that wakes up needs some seconds.
AT_ONCE_US = 10 * SECOND_US
#: What a family tells of itself on an ordinary day that somebody should look at: a device tried a wrong key.
NOTED = {"chirpstack": "lorawan-error"}
#: Families whose buttons are buttons: that one is for help, somebody must say.
ONLY_BUTTONS = {"shelly", "theengs", "bthome", "chirpstack"}
#: Families that have no such sensor: what people use instead is heard, and is nobody's sign.
SILENT = {SensorKind.BED: {"shelly"}}
#: A repeated "on" that comes behind an "off" is news to anybody, where messages have no number: so much more.
STATE_TOLD_LATE = 1.02
DOWN_US, UP_US = START_US + 10 * HOUR_US, START_US + 12 * HOUR_US


@pytest.fixture(scope="module", params=sorted(FAMILIES))
def lived(request: pytest.FixtureRequest) -> Day:
    return day(request.param)


def test_messages_are_in_order_and_nothing_is_refused(lived: Day) -> None:
    assert all(one.at_us <= other.at_us for one, other in pairwise(lived.sent))
    expected = NOTED.get(lived.wiring.family, "")
    assert lived.refused == [] and [each for each in lived.noted if not expected or expected not in each] == []


def test_the_same_seed_says_the_same_bytes_and_another_home_has_other_topics_or_names(lived: Day) -> None:
    family = lived.wiring.family
    assert day(family, hours=3).sent == day(family, hours=3).sent
    other = Wiring("other", lived.wiring.sensors, family=family)
    mine, theirs = ({each.device_id(s) for s in each.sensors} for each in (lived.wiring, other))
    assert len(mine) == len(lived.wiring.sensors) and not mine & theirs


def test_every_sensor_is_known_by_the_id_it_was_planned_with(lived: Day) -> None:
    heard = {each.device for each in lived.readings}
    assert {lived.wiring.device_id(sensor) for sensor in lived.wiring.sensors} <= heard


def test_every_kind_of_sensor_tells_what_happens_and_nothing_else_does(lived: Day) -> None:
    for sensor in lived.wiring.sensors:
        kinds = Counter(kind for each in lived.of(sensor) for kind in each.events)
        expected = EVENT_OF.get(sensor.kind, ())
        if sensor.kind is not SensorKind.LEAK and expected and lived.wiring.family not in SILENT.get(sensor.kind, ()):
            assert sum(kinds[kind] for kind in expected) > 0, (sensor, kinds)
        alarms = {"sos", "smoke", "gas", "carbon_monoxide", "water_leak", "fall"} & set(kinds)
        assert alarms <= set(expected), (sensor, kinds)


def test_one_press_is_one_call_at_its_time(lived: Day) -> None:
    if SensorKind.BUTTON in FAMILIES[lived.wiring.family].lacks:
        assert lived.events("button") == lived.events("sos") == []
        return
    (called_us,) = lived.events("button" if lived.wiring.family in ONLY_BUTTONS else "sos")
    assert 0 <= called_us - PRESSED_US <= AT_ONCE_US


def test_repeated_messages_change_nothing(lived: Day) -> None:
    again = day(lived.wiring.family, [Fault(FaultKind.REPEATS, START_US, START_US + 24 * HOUR_US)])
    assert len(again.sent) > len(lived.sent) and again.refused == []
    assert len(again.events("sos") + again.events("button")) == len(lived.events("sos") + lived.events("button"))
    for kind in ("motion", "presence", "door_open", "occupancy", "in_bed"):
        once, more = len(lived.events(kind)), len(again.events(kind))
        assert once <= more <= max(once + 1, once * STATE_TOLD_LATE), kind  # of few doors one is more than a share


@pytest.mark.parametrize("kind", [FaultKind.BRIDGE_DOWN, FaultKind.NETWORK])
def test_an_outage_raises_nothing_and_is_heard_of(lived: Day, kind: FaultKind) -> None:
    down = day(lived.wiring.family, [Fault(kind, DOWN_US, UP_US)])
    assert down.refused == [] and len(down.events("sos") + down.events("button")) <= 1
    gone = [each for each in down.readings if DOWN_US < each.arrival_us < UP_US]
    available = [o.value for each in gone for o in each.observations if o.type in ("available", "bridge_available")]
    assert not any(available)
    assert available or not list(lived.wiring.speaker().gone(0))
    back = [each for each in down.readings if UP_US <= each.arrival_us < UP_US + 5 * SECOND_US]
    assert not any(alarm in each.events for each in back for alarm in ("sos", "water_leak"))
