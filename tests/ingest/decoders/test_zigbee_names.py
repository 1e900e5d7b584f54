"""Zigbee2MQTT's further names: endpoints, what is said twice, words for yes and no, names that lie."""

from typing import Any

import pytest

from ingest.decoders.meaning import Happened
from tests.ingest.decoders.hearing import Ear

BASE = "zigbee2mqtt"


def expose(name: str, kind: str = "binary", *, endpoint: str = "", access: int = 1, **more: Any) -> dict[str, Any]:
    key = f"{name}_{endpoint}" if endpoint else name
    found = {"type": kind, "name": name, "property": key, "access": access, **more}
    if endpoint:
        found["endpoint"] = endpoint
    return {"value_on": True, "value_off": False, **found} if kind == "binary" else found


def words(name: str, *values: str) -> dict[str, Any]:
    return expose(name, "enum", values=list(values))


def home(*exposes: dict[str, Any], model: str = "M1", description: str = "Sensor") -> Ear:
    """Return an ear that has heard of one device, ``one``."""
    ear = Ear()
    definition = {"model": model, "description": description, "exposes": list(exposes)}
    entry = {"type": "EndDevice", "friendly_name": "one", "ieee_address": "0x00158d0001a2b3c4"}
    ear.hear(f"{BASE}/bridge/devices", [entry | {"definition": definition}], retain=True)
    return ear


def test_the_endpoints_of_one_kind_are_joined_and_each_that_begins_is_told() -> None:
    ear = home(*(expose("water_leak", endpoint=wire) for wire in ("wire_1", "wire_2")))
    topic = f"{BASE}/one"
    assert ear.events(topic, {"water_leak_wire_1": True}) == [Happened("water_leak", True)]
    assert ear.events(topic, {"water_leak_wire_1": True, "water_leak_wire_2": True}) == [Happened("water_leak", True)]
    assert ear.events(topic, {"water_leak_wire_1": False, "water_leak_wire_2": True}) == [], "the other still leaks"
    assert ear.events(topic, {"water_leak_wire_1": False, "water_leak_wire_2": False}) == [
        Happened("water_leak", False)
    ]


def test_somebody_in_one_zone_is_somebody() -> None:
    ear = home(*(expose("occupancy", endpoint=str(zone), access=5) for zone in (1, 2)), model="S4SN-0U61X")
    topic = f"{BASE}/one"
    assert ear.values(topic, {"occupancy_1": True, "occupancy_2": False}) == {"presence": True}
    (told,) = ear.hear(topic, {"occupancy_1": False, "occupancy_2": True})
    assert told.readings[0].events == ("presence",)
    assert len(told.meaning.observations) == 1, "said once, for all zones"
    assert ear.values(topic, {"occupancy_1": False, "occupancy_2": False}) == {"presence": False}


def test_a_radars_occupancy_and_presence_are_one() -> None:
    ear = home(expose("occupancy"), expose("presence"), words("fall_down_status", "none", "maybe_fall", "fall"))
    assert ear.values(f"{BASE}/one", {"presence": True, "occupancy": False})["presence"] is True
    assert ear.values(f"{BASE}/one", {"occupancy": True, "presence": False})["presence"] is True
    assert ear.values(f"{BASE}/one", {"occupancy": False, "presence": False})["presence"] is False


def test_an_unannounced_endpoint_is_no_data_and_a_name_of_ours_needs_no_announcement() -> None:
    ear = Ear()
    ear.hear(f"{BASE}/bridge/state", "online")
    assert ear.events(f"{BASE}/one", {"occupancy_2": True}) == []
    assert ear.meaning(f"{BASE}/one", {"sos_alarm": True}).alarm == "sos"
    assert ear.meaning(f"{BASE}/two/sos_alarm", "true").alarm == "sos"


@pytest.mark.parametrize(
    ("name", "body", "alarm"),
    [
        ("sos_alarm", True, "sos"),
        ("smoke_alarm_2", True, "smoke"),
        ("gas_alarm_1", True, "gas"),
        ("carbon_monoxide_alarm_1", True, "carbon_monoxide"),
        ("water_leak_alarm_1", True, "water_leak"),
        ("active_water_leak", True, "water_leak"),
    ],
)
def test_another_name_of_a_danger_is_the_danger(name: str, body: Any, alarm: str) -> None:
    assert home(expose(name)).meaning(f"{BASE}/one", {name: body}).alarm == alarm


@pytest.mark.parametrize(
    ("name", "yes", "no", "neither", "kind"),
    [
        ("smoke_state", "alarm", "normal", "detecting", "smoke"),
        ("co_state", "alarm", "normal", "unknown", "carbon_monoxide"),
        ("gas_sensor_state", "alarm", "normal", "ALARM", "gas"),
        ("water_leakage_state", "water_leakage_yes", "water_leakage_no", "leak", "water_leak"),
        ("opening_state", "tilted", "closed", "ajar", "door_open"),
        ("door_state", "open", "closed", "error_jammed", "door_open"),
    ],
)
def test_words_say_yes_or_no_or_neither(name: str, yes: str, no: str, neither: str, kind: str) -> None:
    ear = home(words(name, yes, no, neither))
    assert ear.events(f"{BASE}/one", {name: yes}) == [Happened(kind, True)]
    told = ear.meaning(f"{BASE}/one", {name: neither})
    assert (told.events, told.unknown) == ((), (kind,))
    assert ear.events(f"{BASE}/one", {name: no}) == [Happened(kind, False)]


def test_a_radars_words_for_presence_and_a_batterys_for_low() -> None:
    ear = home(words("human_motion_state", "none", "peaceful", "motion"), words("battery_state", "low", "medium"))
    said = ear.values(f"{BASE}/one", {"human_motion_state": "peaceful", "battery_state": "medium"})
    assert said == {"presence": True, "battery_low": False}
    assert ear.values(f"{BASE}/one", {"human_motion_state": "none", "battery_state": "low"}) == {
        "presence": False,
        "battery_low": True,
    }


def test_what_is_said_twice_counts_once_by_the_plain_name() -> None:
    ear = home(expose("presence"), words("motion_state", "none", "static", "large"))
    assert ear.values(f"{BASE}/one", {"presence": False, "motion_state": "static"}) == {"presence": False}


def test_a_meters_number_is_no_gas_and_hides_no_alarm() -> None:
    ear = home(expose("gas", "numeric", unit="%LEL"), words("gas_sensor_state", "normal", "alarm"))
    assert ear.events(f"{BASE}/one", {"gas": 1, "gas_sensor_state": "normal"}) == [Happened("gas", False)]
    assert ear.meaning(f"{BASE}/one", {"gas": 1, "gas_sensor_state": "alarm"}).alarm == "gas"


@pytest.mark.parametrize("name", ["contact_alarm_1", "garage_door_contact"])
def test_false_is_open_where_the_announcement_calls_closed_on(name: str) -> None:
    ear = home(expose(name))
    assert ear.events(f"{BASE}/one", {name: False}) == [Happened("door_open", True)]
    assert ear.events(f"{BASE}/one", {name: True}) == [Happened("door_open", False)]


def test_a_float_in_a_tank_and_a_pad_in_a_bed_are_no_doors() -> None:
    contact = expose("contact", value_on=False, value_off=True)
    for model in ("POK003", "SPM915"):
        ear = home(contact, expose("battery", "numeric", unit="%"), model=model)
        assert ear.events(f"{BASE}/one", {"contact": False, "battery": 80}) == []
    assert home(contact).events(f"{BASE}/one", {"contact": False}) == [Happened("door_open", True)]


def test_a_switch_for_vibration_shakes_nothing_and_a_motor_that_moves_is_nobody() -> None:
    battery = expose("battery", "numeric", unit="%")
    setting = home(expose("vibration", access=3, value_on="ON", value_off="OFF"), battery)
    assert setting.events(f"{BASE}/one", {"vibration": "ON"}) == []
    blind = home(expose("moving"), {"type": "cover", "features": [expose("position", "numeric", unit="%")]}, battery)
    assert blind.values(f"{BASE}/one", {"moving": True, "battery": 80}) == {"battery": 80}
    parcel = home(expose("moving"), battery)
    assert parcel.values(f"{BASE}/one", {"moving": True}) == {"moving": True}


def test_a_button_for_nothing_but_help_calls_help_and_its_release_does_not() -> None:
    press = words("action", "off", "single", "double", "hold")
    ear = home(press, model="HS1EB/HS1EB-E", description="Smart emergency button")
    assert ear.meaning(f"{BASE}/one", {"action": "single"}).alarm == "sos"
    assert ear.events(f"{BASE}/one", {"action": "off"}) == [Happened("button", "off")]
    assert home(press).events(f"{BASE}/one", {"action": "single"}) == [Happened("button", "single")]


def test_a_contact_that_lies_in_its_description_is_known_by_model() -> None:
    told = expose("contact", description="Indicates if the contact is closed (= true) or open (= false)")
    assert home(told, model="TERNCY-DC01").events(f"{BASE}/one", {"contact": True}) == [Happened("door_open", True)]
    assert home(told).events(f"{BASE}/one", {"contact": True}) == [Happened("door_open", False)]


def test_a_unit_that_is_not_ours_is_not_taken_for_it() -> None:
    light, current = expose("illuminance", "numeric", unit="%"), expose("current", "numeric", unit="mA")
    ear = home(light, current, expose("ambient_light", "numeric", unit="Lx"))
    assert ear.values(f"{BASE}/one", {"illuminance": 80, "current": 250, "ambient_light": 120}) == {
        "current": 0.25,
        "illuminance": 120,
    }


def test_smoke_in_a_test_of_another_name_is_no_fire() -> None:
    ear = home(expose("carbon_monoxide"), expose("testing"))
    assert ear.meaning(f"{BASE}/one", {"testing": True, "carbon_monoxide": True}).alarm is None
    assert ear.meaning(f"{BASE}/one", {"testing": False, "carbon_monoxide": True}).alarm == "carbon_monoxide"


def test_what_the_broker_remembered_of_one_endpoint_is_worth_a_look_and_no_event() -> None:
    ear = home(*(expose("water_leak", endpoint=wire) for wire in ("wire_1", "wire_2")))
    told = ear.meaning(f"{BASE}/one", {"water_leak_wire_1": True, "water_leak_wire_2": False}, retain=True)
    assert (told.events, told.technical) == ((), "state_at_start_unclear")
    assert all(each.value for each in told.observations if each.type == "water_leak")


def test_a_schema_that_lags_swallows_no_call_for_help_of_another_name() -> None:
    ear = home(expose("battery", "numeric", unit="%"))
    assert ear.meaning(f"{BASE}/one", {"battery": 80, "sos_alarm": True}).alarm == "sos"
