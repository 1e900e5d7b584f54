"""What a home's bridge publishes of the life in it, and how it fails; read by the platform's own decoder."""

import json
from collections import Counter
from itertools import pairwise
from typing import Any

from device_sim.forms.spoken import HomeSensor, SensorKind
from device_sim.living.bridge import WILL_AFTER_US
from device_sim.living.deeds import Change, Deed, Doing, What
from device_sim.living.faults import Fault, FaultKind
from device_sim.living.household import Household, Person
from device_sim.living.life import live
from device_sim.living.sensing import sense
from device_sim.living.wiring import Wiring, standard_set
from device_sim.play import Emission
from ingest.decoders.families import Families
from ingest.decoders.message import RawMessage
from schemas.finding import FindingKind, Stage
from schemas.reading import Reading
from tests.device_sim.living.test_life import HOUR, MINUTE, START, WANG, ZONE
from tests.device_sim.living.watched import DAY, SECOND, Watched

WIRED = Wiring("t1", standard_set(WANG))


def sent(
    days: int = 2,
    *faults: Fault,
    changes: tuple[Change, ...] = (),
    wiring: Wiring = WIRED,
    home: Household = WANG,
    seed: int = 4,
) -> list[Emission]:
    end = START + days * DAY
    return list(sense(live(home, START, end, ZONE, seed, changes), wiring, START, end, seed, faults))


def of_deeds(wiring: Wiring, *deeds: Deed) -> list[tuple[float, str, dict[str, Any]]]:
    """Return what sensors say of some deeds: seconds, sensor, body; without reports and announcements."""
    quiet = Wiring(wiring.mark, wiring.sensors, report_h=1e6)
    emissions = [each for each in sense(deeds, quiet, START, START + DAY, seed=1) if each.at_us > START + 2 * SECOND]
    return [
        ((each.at_us - START) / SECOND, each.topic.removeprefix(f"{wiring.base}/"), json.loads(each.payload))
        for each in emissions
        if "/bridge/" not in each.topic
    ]


def readings(emissions: list[Emission], wiring: Wiring = WIRED) -> list[Reading]:
    families, found = Families([wiring.base]), list[Reading]()
    for each in emissions:
        (told,) = families.decode(RawMessage(each.topic, each.payload, False, each.at_us))
        found += told.readings
    return found


def deed(what: What, where: str, from_s: float, to_s: float, stir: float = 0.0) -> Deed:
    return Deed("wang", what, where, START + round(from_s * SECOND), START + round(to_s * SECOND), stir)


def test_messages_come_in_order_and_the_same_seed_gives_the_same_bytes() -> None:
    one = sent()
    assert all(a.at_us <= b.at_us for a, b in pairwise(one))
    assert one == sent() and one != sent(seed=5)


def test_another_mark_is_another_home_with_the_same_life() -> None:
    other = Wiring("t2", WIRED.sensors)
    here, there = sent(1), sent(1, wiring=other)
    assert [each.at_us for each in here] == [each.at_us for each in there]
    assert not {each.topic for each in here} & {each.topic for each in there}
    ids = [{wiring.device_id(sensor) for sensor in wiring.sensors} for wiring in (WIRED, other)]
    assert not ids[0] & ids[1] and len(ids[0]) == len(WIRED.sensors)


def test_the_platform_knows_every_sensor_by_the_id_it_was_planned_with() -> None:
    heard = {reading.device for reading in readings(sent()) if not reading.device.startswith("z2m-bridge")}
    planned = WIRED.planned("home", START, {"kitchen": "kitchen-place"})
    assert {device.device for device in planned} == heard
    places = {device.place for device in planned}
    assert places == {"home", "kitchen-place"}


def test_motion_is_told_at_once_held_and_repeated_while_it_lasts() -> None:
    said = of_deeds(WIRED, deed(What.COOK, "kitchen", 10, 250, stir=60.0))
    motion = [(at_s, body["occupancy"]) for at_s, name, body in said if name == "kitchen motion"]
    assert 10 < motion[0][0] < 13 and motion[0][1] is True
    assert [on for _, on in motion] == [True] * (len(motion) - 1) + [False]
    assert len(motion) == 5, "begun, repeated each minute, ended"
    assert 260 < motion[-1][0] < 272


def test_who_sleeps_or_lies_still_is_seen_when_they_come_and_then_hardly() -> None:
    said = of_deeds(WIRED, deed(What.LIE, "bathroom", 10, 7200))
    assert [(name, body["occupancy"]) for _, name, body in said] == [
        ("bathroom motion", True),
        ("bathroom motion", False),
    ]


def test_doors_and_fridges_open_and_shut() -> None:
    said = of_deeds(WIRED, deed(What.DOOR, "front door", 5, 14), deed(What.FRIDGE, "kitchen", 20, 26))
    assert [(at_s, name, body["contact"]) for at_s, name, body in said] == [
        (5, "front door", False), (14, "front door", True), (20, "kitchen fridge", False), (26, "kitchen fridge", True),
    ]  # fmt: skip


def test_beds_plugs_buttons_and_leaks_say_what_is_theirs() -> None:
    extra = (
        HomeSensor("bed", SensorKind.BED, "bedroom"),
        HomeSensor("kitchen kettle", SensorKind.PLUG, "kitchen"),
        HomeSensor("sos", SensorKind.BUTTON, "bedroom"),
    )
    wiring = Wiring("t3", extra)
    deeds = (
        deed(What.SLEEP, "bedroom", 10, 600, stir=5.0),
        deed(What.APPLIANCE, "kitchen", 700, 820),
        deed(What.BUTTON, "bedroom", 900, 901),
    )
    said = of_deeds(wiring, *deeds)
    assert [(at_s, body["occupancy"]) for at_s, name, body in said if name == "bed"] == [(10, True), (600, False)]
    assert [(at_s, body["power"]) for at_s, name, body in said if "kettle" in name] == [(700, 1800), (820, 0)]
    heard = readings(list(sense(deeds, wiring, START, START + DAY, seed=1)), wiring)
    events = Counter(event for reading in heard for event in reading.events)
    assert events == {"occupancy": 1, "occupancy_ended": 1, "sos": 1, "appliance": 1}, (
        "a plug is on when first heard of"
    )


def test_a_report_repeats_what_was_said_and_is_no_event() -> None:
    told = [reading for reading in readings(sent(1, changes=(_away(0, 24),))) if reading.place is None]
    told = [reading for reading in told if reading.event_us > START + HOUR]
    assert len(told) > 5 * len(WIRED.sensors)
    assert not any(reading.events for reading in told)


def _away(from_h: float, to_h: float) -> Change:
    return Change("wang", Doing.AWAY, START + round(from_h * HOUR), START + round(to_h * HOUR), returns=False)


def test_a_dead_sensor_is_silent_and_its_bridge_says_so_after_a_day() -> None:
    dies = Fault(FaultKind.DIES, START + 12 * HOUR, START + 9 * DAY, "kitchen motion")
    emissions = sent(3, dies)
    after = [e for e in emissions if "kitchen motion" in e.topic and e.at_us > dies.from_us]
    assert [(e.topic.rpartition("/")[2], e.payload, e.retain) for e in after] == [
        ("availability", b'{"state":"offline"}', True)
    ]
    assert 24 * HOUR < after[0].at_us - dies.from_us < 27 * HOUR
    others = [e for e in emissions if "kitchen motion" not in e.topic]
    assert Counter(e.topic for e in others) == Counter(e.topic for e in sent(3) if "kitchen motion" not in e.topic)


def test_a_battery_runs_down_and_says_so_before_it_is_empty() -> None:
    fault = Fault(FaultKind.BATTERY, START + 5 * DAY, START + 9 * DAY, "hall motion")
    said = [json.loads(e.payload)["battery"] for e in sent(6, fault) if e.topic.endswith("/hall motion")]
    assert said[0] > 40 and said[-1] <= 2
    assert max(e.at_us for e in sent(6, fault) if e.topic.endswith("/hall motion")) < fault.from_us


def test_a_bridge_that_is_down_loses_what_happens_and_tells_what_it_remembers_when_it_is_back() -> None:
    fault = Fault(FaultKind.BRIDGE_DOWN, START + 10 * HOUR, START + 14 * HOUR)
    emissions = sent(1, fault)
    during = [e for e in emissions if fault.from_us <= e.at_us < fault.until_us]
    assert [(e.at_us, e.topic, e.payload) for e in during] == [
        (fault.from_us + WILL_AFTER_US, "sim/t1/bridge/state", b'{"state":"offline"}')
    ]
    back = [e for e in emissions if fault.until_us <= e.at_us <= fault.until_us + 2 * SECOND]
    assert {"sim/t1/bridge/state", "sim/t1/bridge/devices"} < {e.topic for e in back}
    assert len(back) >= 2 + len(WIRED.sensors)
    assert not any(
        "motion" in reading.events
        for reading in readings(emissions)
        if reading.event_us in range(fault.until_us + SECOND, fault.until_us + 2 * SECOND)
    )


def test_a_bridge_that_cannot_reach_the_broker_hands_all_in_late_with_its_true_time() -> None:
    fault = Fault(FaultKind.NETWORK, START + 10 * HOUR, START + 11 * HOUR)
    without, with_it = readings(sent(1)), readings(sent(1, fault))

    def moved(found: list[Reading]) -> list[int]:
        seen = [r for r in found if "motion" in r.events and fault.from_us <= r.event_us < fault.until_us]
        return [r.event_us // 1000 for r in seen]

    assert moved(with_it) == moved(without) and len(moved(without)) > 3
    late = [r for r in with_it if fault.from_us <= r.event_us < fault.until_us and "motion" in r.events]
    assert {r.arrival_us for r in late} == {fault.until_us + 2 * SECOND}


def test_a_device_that_repeats_says_no_more_than_once_to_the_platform() -> None:
    fault = Fault(FaultKind.REPEATS, START, START + DAY)
    once, often = sent(1), sent(1, fault)
    assert len(often) > 1.8 * len(once)

    def doors(emissions: list[Emission]) -> int:
        return sum("door_open" in reading.events for reading in readings(emissions))

    assert doors(often) == doors(once) > 0


def test_a_sensor_that_is_stuck_tells_of_motion_where_nobody_is() -> None:
    fault = Fault(FaultKind.STUCK, START + 2 * HOUR, START + 6 * HOUR, "hall motion")
    stuck = [r for r in readings(sent(1, fault, changes=(_away(0, 24),))) if "motion" in r.events]
    assert len([r for r in stuck if fault.from_us <= r.event_us < fault.until_us]) > 40
    assert not [r for r in stuck if fault.until_us + 10 * MINUTE < r.event_us]


def test_detectors_learn_from_a_life_and_find_what_happens_in_it() -> None:
    """A fortnight of rhythm, then a morning on the bathroom floor; and a walk out of the door at night."""
    floor = START + 14 * DAY + 9 * HOUR
    door = START + 13 * DAY + 2 * HOUR
    changes = (
        Change("wang", Doing.AWAY, door, door + 40 * MINUTE),
        Change("wang", Doing.LIE, floor, floor + 14 * HOUR, rooms=("bathroom",)),
    )
    home = Watched(base=WIRED.base)
    home.watch(sent(15, changes=changes, seed=2), START + 15 * DAY)
    assert home.entries == []
    found = home.found(FindingKind.INACTIVITY)
    lies = [f for f in found if floor < f.decided_us < floor + 14 * HOUR]
    # The watch of the bathroom first, then the silence: one alert (alerts.joining).
    watch, silence = sorted(lies, key=lambda f: f.decided_us)
    assert watch.model.startswith("everyday") and silence.model.startswith("inactivity")
    assert all(f.event_us - floor < HOUR for f in lies)
    assert watch.heard_us - floor < 1.5 * HOUR and silence.heard_us - floor < 8 * HOUR
    assert len(found) - len(lies) <= 1
    assert any(
        f.stage is Stage.CONFIRMED and abs(f.event_us - door) < 5 * MINUTE for f in home.found(FindingKind.WANDERING)
    )


def test_a_couple_is_seen_by_the_same_sensors() -> None:
    pair = Household((Person("wang"), Person("chen")))
    alone, both = readings(sent(3)), readings(sent(3, home=pair, wiring=Wiring("t1", standard_set(pair))))
    assert sum("motion" in r.events for r in both) > 1.3 * sum("motion" in r.events for r in alone)


def test_outages_that_overlap_are_one_outage() -> None:
    first = Fault(FaultKind.NETWORK, START + 8 * HOUR, START + 12 * HOUR)
    second = Fault(FaultKind.BRIDGE_DOWN, START + 10 * HOUR, START + 15 * HOUR)
    emissions = sent(1, first, second)
    assert all(one.at_us <= other.at_us for one, other in pairwise(emissions))
    during = [e for e in emissions if first.from_us <= e.at_us < second.until_us]
    assert [e.payload for e in during] == [b'{"state":"offline"}']
    assert sum(e.topic.endswith("bridge/devices") for e in emissions) == 2
