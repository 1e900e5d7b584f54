"""Bluetooth through gateways: one press of twenty advertisements, addresses that are nobody, gateways that go down."""

from typing import Any

from ingest.decoders.meaning import Happened
from ingest.decoders.told import IGNORED
from tests.ingest.decoders.hearing import Ear

MAC = "A1B2C3D4E5F6"


def topic(gateway: str = "hall", mac: str = MAC) -> str:
    return f"home/{gateway}/BTtoMQTT/{mac}"


def button(code: int, packet: int, **more: Any) -> dict[str, Any]:
    return {"id": "A1:B2:C3:D4:E5:F6", "model": "ShellyBLU Button1", "packet": packet, "button": code, **more}


def test_a_press_that_twenty_advertisements_and_two_gateways_bring_is_one() -> None:
    ear = Ear()
    told = [ear.events(topic("hall"), button(1, 29), after_s=0.1) for _ in range(10)]
    told += [ear.events(topic("bath"), button(1, 29), after_s=0.1) for _ in range(10)]
    assert [each for each in told if each] == [[Happened("button", "single")]]
    assert sum(len(each.readings) for each in ear.said) == 1, "and it makes one reading"
    assert ear.events(topic(), button(2, 30), after_s=1) == [Happened("button", "double")]


def test_a_packets_number_comes_again_and_then_it_is_another_press() -> None:
    """It has eight bits, and begins anew with a new battery: a call for help must not be taken for yesterday's."""
    ear = Ear()
    assert ear.events(topic(), button(1, 1)) == [Happened("button", "single")]
    repeats = [ear.events(topic(), button(1, 1), after_s=20) for _ in range(9)]
    assert not any(repeats), "a beacon that says its last packet for minutes"
    assert ear.events(topic(), button(1, 1), after_s=61) == [Happened("button", "single")]
    raw = {"servicedatauuid": "0xfcd2", "servicedata": "4000013a01", "model": "button"}
    assert ear.events(topic(), raw, after_s=1) == [], "the same in BTHome's own bytes"
    assert ear.events(topic(), raw, after_s=61) == [Happened("button", "single")]


def test_code_0_is_no_press_and_each_button_of_four_has_its_name() -> None:
    ear = Ear()
    assert ear.events(topic(), button(0, 5)) == []
    four = {"model": "ShellyBLU Switch4", "packet": 6, "button1": 0, "button2": 4, "button3": 0, "button4": 0}
    assert ear.events(topic(mac="A1B2C3D4E5F7"), four) == [Happened("button", "button2:long")]
    held = four | {"packet": 7, "button2": 0, "button3": 254, "button4": 11}
    held_events = [Happened("button", "button3:hold"), Happened("button", "button4:hold")]
    assert ear.events(topic(mac="A1B2C3D4E5F7"), held) == held_events


def test_a_makers_own_codes_and_words_of_keys_are_known() -> None:
    ear = Ear()
    niu = {"model_id": "NODONNIU", "model": "NIU smart button", "type": "BTN"}
    told = [ear.events(topic(), niu | {"button": code}) for code in (4, 10, 9, 5)]
    assert [[each.value for each in events] for events in told] == [["quadruple"], [], ["long"], ["quintuple"]]
    assert "button" not in ear.meaning(topic(), niu | {"button": 10}).unknown
    key = {"model": "Odace WLBL", "type": "BTN", "action": "scene_in"}
    assert ear.events(topic(mac="A1B2C3D4E5F7"), key) == [Happened("button", "scene_in")]
    assert ear.events(topic(mac="A1B2C3D4E5F8"), {"model": "Fan", "type": "ACTR", "action": "on"}) == []


def test_pres_is_somebody_or_the_air_and_a_tyres_is_neither() -> None:
    ear = Ear()
    lamp = {"model": "MiLamp", "pres": True, "darkness": 8}
    assert ear.values(topic(), lamp) == {"presence": True, "illuminance": 8}
    assert ear.values(topic(), lamp | {"pres": "false"})["presence"] is False
    assert ear.values(topic(mac="A1B2C3D4E5F7"), {"model": "Tag", "type": "ACEL", "pres": "1003.5"}) == {
        "pressure": 1003.5
    }
    tyre = {"model": "TPMS", "type": "TIRE", "pres": 2.31, "tempc": 25.1, "alarm": True}
    meaning = ear.meaning(topic(mac="A1B2C3D4E5F8"), tyre)
    assert [each.type for each in meaning.observations] == ["temperature"] and meaning.alarm is None


def test_a_contact_in_words_is_a_door_and_a_curtain_that_moves_is_nobody() -> None:
    ear = Ear()
    body = {"model": "Contact Sensor", "type": "CTMO", "contact": "closed", "movement": False, "lightlevel": "dark"}
    ear.hear(topic(), body)
    assert ear.events(topic(), body | {"contact": "open"}) == [Happened("door_open", True)]
    assert ear.events(topic(), body | {"contact": "timeout not closed"}) == [], "it is open as before"
    assert ear.events(topic(), body | {"contact": "closed", "movement": True}) == [
        Happened("motion", True),
        Happened("door_open", False),
    ]
    assert "door_open" in ear.meaning(topic(), body | {"contact": "ajar"}).unknown
    curtain = {"model": "Curtain", "type": "WCVR", "motion": True, "position": 40, "batt": 80}
    assert ear.events(topic(mac="A1B2C3D4E5F7"), curtain) == []


def test_a_door_says_open_and_the_decoders_own_flags_are_no_data() -> None:
    ear = Ear()
    body = {"model": "BLU Door", "type": "CTMO", "cidc": False, "acts": True, "cont": True, "open": False, "packet": 1}
    assert ear.events(topic(), body) == [Happened("door_open", False)]
    assert ear.events(topic(), body | {"packet": 2}) == []
    assert ear.events(topic(), body | {"packet": 3, "open": True}) == [Happened("door_open", True)]


def test_numbers_may_be_texts_and_fahrenheit_is_only_taken_where_there_is_nothing_else() -> None:
    ear = Ear()
    assert ear.values(topic(), {"tempc": "19.5", "tempf": "67.1", "hum": "52.6"}) == {
        "temperature": 19.5,
        "humidity": 52.6,
    }
    assert ear.values(topic(mac="A1B2C3D4E5F7"), {"tempf": 68.0, "hum": 50}) == {"temperature": 20.0, "humidity": 50}


def test_an_address_that_is_random_or_says_nothing_is_nobody() -> None:
    ear = Ear()
    assert ear.hear(topic(), {"id": "45:e1:74:12:6e:00", "rssi": -89, "distance": 21.5}) == [IGNORED]
    private = {"id": "45:e1:74:12:6e:00", "mac_type": 1, "servicedatauuid": "0xfcd2", "servicedata": "40015d"}
    (each,) = ear.hear(topic(mac="45E174126E00"), private)
    assert each.readings == () and each.memories == {}
    static = private | {"id": "D5:e1:74:12:6e:00"}
    assert ear.values(topic(mac="D5E174126E00"), static) == {"battery": 93}, "a random address that stays"
    (watch,) = ear.hear(topic(), {"model": "Apple Watch", "type": "BODY", "track": True, "prmac": True})
    assert watch.readings == () and watch.memories == {}
    assert [each.type for each in watch.meaning.observations] == ["beacon_present"]


def test_an_ibeacon_is_its_numbers_where_its_address_changes() -> None:
    ear = Ear()
    body = {"model_id": "IBEACON", "model": "IBEACON", "uuid": "a1b2" * 8, "major": 1, "minor": 7, "battery": 3.1}
    for mac in ("5A0000000001", "5A0000000002"):
        ear.hear(topic(mac=mac), body | {"mac_type": 1}, after_s=120)
    ear.hear(topic(mac="5A0000000003"), body | {"mac_type": 1, "minor": 8}, after_s=120)
    ear.hear(topic(), body | {"mac_type": 0}, after_s=120)
    devices = [reading.device for each in ear.said for reading in each.readings]
    assert devices[0] == devices[1] != devices[2] and devices[0].startswith("ibeacon-")
    assert devices[3] == "ble-a1b2c3d4e5f6"
    assert [(each.type, each.value) for each in ear.said[0].meaning.observations] == [("battery_voltage", 3.1)]
    (nameless,) = ear.hear(topic(mac="5A0000000004"), {"model_id": "IBEACON", "mac_type": 1, "uuid": "a1b2" * 8})
    assert nameless.readings == ()


def test_what_only_repeats_makes_a_reading_a_minute() -> None:
    ear = Ear()
    for number in range(120):
        ear.hear(topic(), {"model": "Tag", "track": True, "rssi": -60 - number % 5}, after_s=1)
    assert sum(len(each.readings) for each in ear.said) == 2


def test_acceleration_of_a_tag_is_no_fall() -> None:
    body = {"model": "RuuviTag", "track": True, "accx": 0.0, "accy": 0.0, "accz": 0.0, "mov": 9, "tempc": 20.5}
    meaning = Ear().meaning(topic(), body)
    assert meaning.events == () and meaning.alarm is None


def test_a_gateway_that_goes_down_is_one_note_and_silence_of_those_it_alone_heard() -> None:
    ear = Ear()
    ear.hear(topic("hall"), {"model": "BLU Motion", "motion": False, "packet": 1})
    ear.hear(topic("hall", "A1B2C3D4E5F7"), {"model": "BLU Door", "open": False, "packet": 1}, after_s=1)
    ear.hear(topic("bath", "A1B2C3D4E5F7"), {"model": "BLU Door", "open": False, "packet": 1}, after_s=1)
    (down,) = ear.hear("home/hall/LWT", "offline", after_s=1)
    assert down.meaning.technical == "bridge_offline" and down.entry is not None
    lost = {reading.device for reading in down.readings if reading.device.startswith("ble-")}
    assert lost == {"ble-a1b2c3d4e5f6"}, "the door was heard in the bathroom too"
    (again,) = ear.hear(topic("bath"), {"model": "BLU Motion", "motion": False, "packet": 2})
    assert ("available", True) in [(each.type, each.value) for each in again.meaning.observations]


def test_a_tag_that_the_gateway_does_not_hear_is_absent_and_nothing_rings() -> None:
    ear = Ear()
    assert ear.values("home/presence/hall", {"id": "A1:B2:C3:D4:E5:F6", "presence": "absent"}) == {
        "beacon_present": False
    }
    near = ear.values("home/presence/hall", {"id": "A1:B2:C3:D4:E5:F6", "distance": 2.5})
    assert near == {"distance": 2.5, "beacon_present": True}


def test_what_is_encrypted_needs_a_key_and_a_remote_control_is_a_code() -> None:
    ear = Ear()
    meaning = ear.meaning(topic(), {"model": "LYWSD03MMC", "encr": 2, "cipher": "aabb", "mic": "cc", "ctr": "01"})
    assert meaning.facts["needs_key"] is True and "encrypted" in meaning.unknown
    assert (entry := ear.said[-1].entry) is not None and (entry.reason, entry.kept) == ("needs-key", True)
    (again,) = ear.hear(topic(), {"model": "LYWSD03MMC", "encr": 2, "cipher": "ddee", "mic": "ff", "ctr": "02"})
    assert again.entry is None, "told once a day"
    assert ear.events("home/hall/433toMQTT", {"value": 5592405, "protocol": 1}) == [Happened("rf_code", "5592405")]
    assert ear.events("home/hall/433toMQTT", {"value": 5592405, "protocol": 1}, after_s=1) == []


def test_a_shelly_that_forwards_buttons_says_the_same_in_other_words() -> None:
    ear = Ear()
    body = {"BTHome_version": 2, "pid": 149, "battery": 99, "button": 1, "address": "a1:b2:c3:d4:e5:f6"}
    assert ear.events("shelly-blu/events/a1:b2:c3:d4:e5:f6", body) == [Happened("button", "single")]
    assert ear.events("elsewhere/blu/events/a1:b2:c3:d4:e5:f6", body, after_s=1) == [Happened("button", "single")]


def test_a_shellys_script_tells_several_buttons_as_a_list_and_may_wrap_what_it_heard() -> None:
    ear, where = Ear(), "a1:b2:c3:d4:e5:f6"
    four = {"BTHome_version": 2, "pid": 7, "battery": 99, "button": [0, 1, 0, 254], "address": where}
    assert ear.events(f"shelly-blu/events/{where}", four) == [
        Happened("button", "button2:single"),
        Happened("button", "button4:hold"),
    ]
    heard = {"encryption": False, "BTHome_version": 2, "pid": 8, "window": 1, "rotation": 0}
    wrapped = {"addr": where, "rssi": -61, "local_name": "SBDW-002C", "service_data": heard}
    assert ear.events(where, wrapped) == [Happened("door_open", True)], "its topic is the address alone"
    assert ear.said[-1].readings[0].device == "ble-a1b2c3d4e5f6"
    assert "button" in ear.meaning(where, wrapped | {"service_data": heard | {"pid": 9, "button": ["x"] * 99}}).unknown
    secret = wrapped | {"service_data": {"encryption": True, "BTHome_version": 2}}
    assert "encrypted" in ear.meaning(where, secret).unknown


def test_a_slow_gateways_copy_of_what_is_no_longer_so_opens_no_door() -> None:
    ear = Ear()
    door = {"model_id": "SBDW-002C", "model": "door"}
    assert ear.events(topic(), {**door, "packet": 7, "open": True}) == [Happened("door_open", True)]
    assert ear.events(topic(), {**door, "packet": 8, "open": False}, after_s=3) == [Happened("door_open", False)]
    assert ear.events(topic("attic"), {**door, "packet": 7, "open": True}, after_s=1) == []
    assert ear.events(topic(), {**door, "packet": 8, "open": False}, after_s=1) == []
    raw = {"servicedatauuid": "0xfcd2", "servicedata": "4000071101"}
    assert ear.events(topic("attic"), raw, after_s=1) == [], "the same in BTHome's own bytes"
    later = {**door, "packet": 7, "open": True}
    assert ear.events(topic(), later, after_s=600) == [Happened("door_open", True)], "counted anew, or round"
