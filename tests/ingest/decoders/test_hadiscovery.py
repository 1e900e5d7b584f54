"""Home Assistant's discovery and ESPHome: classes decide, names do not; what was remembered is no event."""

from typing import Any

import pytest

from ingest.decoders import ha_root
from ingest.decoders.meaning import Happened
from ingest.decoders.told import Told
from tests.ingest.decoders.hearing import Ear

DOOR = {
    "name": "Front door",
    "stat_t": "~/contact",
    "~": "garden/gate",
    "dev_cla": "door",
    "uniq_id": "gate-1",
    "avty_t": "~/lwt",
    "dev": {"ids": ["gate"], "name": "Gate"},
}


def announced(config: dict[str, Any], component: str = "binary_sensor", name: str = "thing") -> Ear:
    ear = Ear()
    ear.hear(f"homeassistant/{component}/{name}/config", config, retain=True)
    return ear


def test_an_entity_is_read_by_its_class_in_its_own_words() -> None:
    ear = announced(DOOR | {"pl_on": "OPEN", "pl_off": "SHUT"})
    assert ear.events("garden/gate/contact", "OPEN") == [Happened("door_open", True)]
    assert ear.events("garden/gate/contact", "OPEN") == []
    assert ear.events("garden/gate/contact", "SHUT") == [Happened("door_open", False)]
    assert ear.meaning("garden/gate/contact", "ON").unknown == ("door_open",), "not one of its words"


def test_a_remembered_state_is_no_event_and_a_remembered_danger_is_a_note() -> None:
    ear = announced({"stat_t": "x/leak", "dev_cla": "moisture", "uniq_id": "l"})
    (told,) = ear.hear("x/leak", "ON", retain=True)
    assert told.meaning.events == () and told.entry is not None
    assert ear.events("x/leak", "ON") == [], "it was so before"


def test_what_came_before_its_announcement_waits_for_it() -> None:
    ear = Ear()
    assert ear.hear("garden/gate/contact", "ON", retain=True) == []
    told = ear.hear("homeassistant/binary_sensor/gate/config", DOOR, retain=True)
    assert [seen.value for seen in told[1].meaning.observations] == [True]
    assert told[1].meaning.events == ()


def test_a_name_is_not_a_class() -> None:
    lifebuoy = announced({"name": "fall alarm sos", "stat_t": "x/s", "uniq_id": "b", "dev_cla": "safety"})
    meaning = lifebuoy.meaning("x/s", "ON")
    assert (meaning.events, meaning.alarm, meaning.unknown) == ((), None, ("safety",))
    relay = announced({"name": "motion", "stat_t": "x/r", "uniq_id": "r"}, "switch")
    assert relay.events("x/r", "ON") == []
    assert announced({"name": "smoke", "stat_t": "x/q", "uniq_id": "q"}).meaning("x/q", "ON").alarm is None


def test_many_entities_on_one_topic_and_a_message_that_speaks_of_some() -> None:
    ear = Ear()
    temperature = {"p": "sensor", "dev_cla": "temperature", "unit_of_meas": "°F", "val_tpl": "{{ value_json.t }}"}
    motion = {
        "p": "binary_sensor",
        "dev_cla": "motion",
        "val_tpl": "{{ value_json.m }}",
        "pl_on": True,
        "pl_off": False,
    }
    config = {
        "dev": {"cns": [["mac", "A1:B2:C3:D4:E5:F6"]]},
        "o": {"name": "gw"},
        "state_topic": "gw/all",
        "cmps": {"t": temperature | {"uniq_id": "1"}, "m": motion | {"uniq_id": "2"}, "gone": {"p": "sensor"}},
    }
    (told,) = ear.hear("homeassistant/device/gw/config", config, retain=True)
    assert [entity["type"] for entity in told.meaning.entities or ()] == ["temperature", "motion"]
    assert ear.values("gw/all", {"t": 68.0}) == {"temperature": 20.0}
    assert ear.events("gw/all", {"t": 68.0, "m": True}) == [Happened("motion", True)]
    assert len({reading.device for each in ear.said[1:] for reading in each.readings}) == 1


@pytest.mark.parametrize(
    "template", ["{{ states('sensor.x') }}", "{% for i in range(9) %}x{% endfor %}", "{{ 'x' * 9**9 }}"]
)
def test_a_template_that_is_not_understood_is_said_and_not_guessed(template: str) -> None:
    ear = announced({"stat_t": "x/d", "dev_cla": "smoke", "uniq_id": "d", "val_tpl": template})
    meaning = ear.meaning("x/d", "ON")
    assert meaning.events == () and meaning.unknown == ("smoke",)
    assert template[:20] in meaning.facts["cannot_interpret"]


def test_a_motion_that_announces_no_end_ends_by_itself() -> None:
    ear = announced({"stat_t": "x/m", "dev_cla": "motion", "uniq_id": "m", "off_dly": 30})
    assert ear.events("x/m", "ON") == [Happened("motion", True)]
    assert ear.events("x/m", "ON", after_s=10) == []
    assert ear.events("x/m", "ON", after_s=45) == [Happened("motion", True)]


def test_presses_are_triggers_with_their_exact_payload_and_events_that_are_not_remembered() -> None:
    trigger = {
        "atype": "trigger",
        "type": "button_long_press",
        "stype": "1",
        "t": "x/b",
        "pl": "hold",
        "dev": {"ids": "b"},
    }
    ear = announced(trigger, "device_automation")
    assert ear.events("x/b", "hold") == [Happened("button", "long")]
    assert ear.events("x/b", "release") == []
    bell = announced({"stat_t": "x/e", "evt_typ": ["ring"], "uniq_id": "e"}, "event")
    assert bell.events("x/e", {"event_type": "ring"}, retain=True) == []
    assert bell.events("x/e", {"event_type": "ring"}) == [Happened("button", "ring")]


def test_somebody_is_at_home_or_at_a_place() -> None:
    ear = announced({"state_topic": "p/s", "json_attributes_topic": "p/a", "unique_id": "p"}, "device_tracker")
    assert ear.values("p/s", "home") == {"at_home": True}
    assert ear.values("p/s", "market") == {"zone": "market", "at_home": False}
    assert ear.meaning("p/s", "unavailable").unknown == ("at_home",)
    assert ear.values("p/a", {"latitude": 30.01, "longitude": 122.2, "gps_accuracy": 5}) == {
        "lat": 30.01,
        "lon": 122.2,
        "accuracy": 5,
    }


def test_one_device_that_cannot_be_heard_is_its_own_note_and_a_bridge_is_one_for_all() -> None:
    ear = announced(DOOR)
    (down,) = ear.hear("garden/gate/lwt", "offline")
    assert down.meaning.technical == "sensor_offline" and down.entry is not None
    for number in range(3):
        config = {
            "stat_t": f"gw/{number}",
            "dev_cla": "motion",
            "uniq_id": f"u{number}",
            "dev": {"ids": [f"d{number}"]},
        }
        ear.hear(f"homeassistant/binary_sensor/d{number}/config", config | {"avty_t": "gw/state"}, retain=True)
    (gone,) = ear.hear("gw/state", "offline")
    assert gone.meaning.technical == "bridge_offline"
    assert len(gone.readings) == 4 and len([each for each in gone.readings if "bridge" not in each.device]) == 3


def behind(ear: Ear, *devices: str, **options: Any) -> None:
    """Announce a motion sensor of each device, all behind one bridge unless the options say otherwise."""
    for name in devices:
        config = {"stat_t": f"gw/{name}", "dev_cla": "motion", "uniq_id": name, "dev": {"ids": [name]}}
        ear.hear(f"homeassistant/binary_sensor/{name}/config", config | {"avty_t": "gw/state"} | options, retain=True)


def available(told: Told) -> dict[str, Any]:
    """Return by device whether it can be heard."""
    seen = {reading.device: {each.type: each.value for each in reading.observations} for reading in told.readings}
    return {device: values["available"] for device, values in seen.items() if "available" in values}


def test_a_bridge_stays_the_bridge_of_all_when_one_device_announces_itself_again_or_is_removed() -> None:
    ear = Ear()
    behind(ear, "a", "b", "c")
    behind(ear, "a", name="renamed")
    (gone,) = ear.hear("gw/state", "offline")
    assert gone.meaning.technical == "bridge_offline" and len(available(gone)) == 3
    ear.hear("homeassistant/binary_sensor/a/config", b"", retain=True)
    (back,) = ear.hear("gw/state", "online")
    assert len(available(back)) == 2 and set(available(back).values()) == {True}


@pytest.mark.parametrize(("mode", "expected"), [("all", False), ("any", True), ("latest", True)])
def test_a_device_behind_two_topics_is_heard_as_its_mode_says(mode: str, expected: bool) -> None:
    ear = Ear()
    topics = [{"t": "gw/state"}, {"t": "own/lwt", "pl_avail": 1, "pl_not_avail": 0}]
    behind(ear, "a", avty_t=None, avty=topics, avty_mode=mode)
    behind(ear, "b")
    assert ear.values("own/lwt", "0") == {"available": False}
    (bridge,) = ear.hear("gw/state", "online")
    values = available(bridge)
    assert [value for device, value in sorted(values.items()) if device.startswith("ha-a")] == [expected]


def test_one_topic_with_a_word_for_each_device_is_no_bridge() -> None:
    ear = Ear()
    for name in ("a", "b"):
        behind(ear, name, avty_tpl=f"{{{{ value_json.{name} }}}}", pl_avail="True", pl_not_avail="False")
    (told,) = ear.hear("gw/state", {"a": True, "b": False})
    assert sorted(available(told).values()) == [False, True]
    assert told.meaning.technical == "sensor_offline"


def test_home_assistant_that_comes_and_goes_is_no_device() -> None:
    assert Ear().meaning("homeassistant/status", "offline").observations == ()
    ear = Ear()
    ear.hear("ha2/binary_sensor/gate/config", DOOR, retain=True)
    assert ear.meaning("ha2/status", "offline").observations == ()
    assert ear.values("radar/status", "offline") == {"available": False}


def test_a_base_of_the_whole_device_is_that_of_its_components_and_a_topic_alone_is_a_component() -> None:
    ear = Ear()
    config = {
        "~": "shed/box",
        "dev": {"ids": "box"},
        "o": {"name": "box"},
        "state_topic": "~/all",
        "cmps": {
            "door": {"p": "binary_sensor", "dev_cla": "door", "stat_t": "~/door"},
            "leak": {"p": "binary_sensor", "stat_t": "other/leak"},
            "gone": {"p": "binary_sensor"},
        },
    }
    (told,) = ear.hear("homeassistant/device/box/config", config, retain=True)
    topics = [entity["state_topic"] for entity in told.meaning.entities or ()]
    assert topics == ["shed/box/door", "other/leak"]
    assert ear.events("shed/box/door", "ON") == [Happened("door_open", True)]


def test_two_buttons_of_one_device_are_two_presses() -> None:
    ear = Ear()
    for number in ("1", "2"):
        trigger = {"atype": "trigger", "type": "button_short_press", "stype": number, "t": f"x/{number}", "pl": 1}
        ear.hear(f"homeassistant/device_automation/b{number}/config", trigger | {"dev": {"ids": "b"}}, retain=True)
    assert ear.events("x/1", "1") == [Happened("button", "single")]
    assert ear.events("x/2", "1", after_s=1) == [Happened("button", "single")]
    assert ear.events("x/2", "1", after_s=1) == [], "the same one, redelivered"


def test_an_event_is_one_of_its_types_through_its_template() -> None:
    template = "{{ {'event_type': value_json.what} }}"
    ear = announced({"stat_t": "x/e", "evt_typ": ["ring"], "uniq_id": "e", "val_tpl": template}, "event")
    assert ear.events("x/e", {"what": "ring"}) == [Happened("button", "ring")]
    assert ear.events("x/e", {"what": "other"}) == []
    seen = announced({"stat_t": "x/m", "evt_typ": ["motion"], "uniq_id": "m", "dev_cla": "motion"}, "event")
    assert seen.events("x/m", {"event_type": "motion"}) == [Happened("motion", True)]
    assert seen.events("x/m", {"event_type": "motion"}, retain=True) == []


def test_an_event_whose_configuration_calls_it_sos_is_a_call_once_and_never_when_remembered() -> None:
    fired = {"event_type": "sos"}
    ear = announced({"stat_t": "n/event/b/state", "evt_typ": ["test", "sos"], "uniq_id": "b"}, "event")
    assert ear.events("n/event/b/state", fired, retain=True) == []
    assert ear.events("n/event/b/state", fired) == [Happened("sos", True)]
    assert ear.events("n/event/b/state", fired, after_s=0.2) == [], "each advertisement fires"
    assert ear.events("n/event/b/state", {"event_type": "test"}) == [Happened("button", "test")]
    assert announced({"stat_t": "x/e", "evt_typ": ["test"], "uniq_id": "e"}, "event").events("x/e", fired) == []


def test_the_temperature_of_a_chip_is_no_rooms() -> None:
    chip = {"stat_t": "n/sensor/chip/state", "dev_cla": "temperature", "unit_of_meas": "°C", "uniq_id": "c"}
    ear = announced(chip | {"ent_cat": "diagnostic"}, "sensor")
    assert ear.values("n/sensor/chip/state", "58.3") == {"device_temperature": 58.3}
    assert announced(chip, "sensor").values("n/sensor/chip/state", "21.3") == {"temperature": 21.3}
    assert announced(chip | {"unit_of_meas": "°F"}, "sensor").values("n/sensor/chip/state", "70") == {
        "temperature": 21.11
    }


@pytest.mark.parametrize("kind", ["running", "problem", "sound", "power"])
def test_a_class_that_is_not_of_care_stays_so_whatever_the_topic_is_called(kind: str) -> None:
    ear = announced({"stat_t": "node/binary_sensor/smoke/state", "dev_cla": kind, "uniq_id": "s"})
    meaning = ear.meaning("node/binary_sensor/smoke/state", "ON")
    assert (meaning.events, meaning.unknown) == ((), (kind,))


def test_more_than_can_be_kept_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ha_root, "MOST_BYTES", 1500)
    ear = Ear()
    behind(ear, *(f"d{number}" for number in range(50)))
    (root,) = [known.state for known in ear.families.roots.values()]
    assert 5 < len(root.configs) < 15 and sum(root.sizes.values()) <= 1500
    (told,) = ear.hear("homeassistant/device/x/config", {"dev": {"ids": "x" * 100_001}}, retain=True)
    assert told.entry is not None and told.entry.reason == "too-large"


def test_what_many_entities_ask_of_one_topic_is_bounded() -> None:
    ear = Ear()
    for number in range(80):
        template = "{{ value_json.x" + " " * 300 + "}}"
        config = {"stat_t": "gw/all", "dev_cla": "motion", "uniq_id": f"u{number}", "val_tpl": template}
        ear.hear(f"homeassistant/binary_sensor/n{number}/config", config, retain=True)
    (root,) = [known.state for known in ear.families.roots.values()]
    assert sum(len(each.template) for each in root.entities["gw/all"]) <= ha_root.MOST_TEMPLATES


READ_OTHERWISE = [
    ("home/OMG/BTtoMQTT/A4C138112233", {"id": "A4:C1:38:11:22:33", "rssi": -60, "tempc": 21.0}),
    ("tele/bath/SENSOR", {"Time": "2026-09-21T14:14:00", "AM2301": {"Temperature": 21.0}, "TempUnit": "C"}),
    ("shellies/shellydw-AABBCC/sensor/temperature", "21.0"),
    ("espresense/rooms/bath/temperature", "21.0"),
]


@pytest.mark.parametrize(("topic", "payload"), READ_OTHERWISE)
def test_a_device_stays_the_same_when_it_begins_to_announce_itself(topic: str, payload: Any) -> None:
    ear = Ear()
    (before,) = ear.hear(topic, payload)
    config = {"stat_t": topic, "dev_cla": "temperature", "uniq_id": "t", "dev": {"ids": ["t"]}, "avty_t": "gw/LWT"}
    (announcement,) = ear.hear("homeassistant/sensor/t/config", config, retain=True)
    (after,) = ear.hear(topic, payload, after_s=600)
    assert announcement.meaning.entities and not announcement.claims
    assert [each.device for each in after.readings] == [each.device for each in before.readings] != []


def test_a_gateway_that_announces_itself_stays_the_gateway_of_its_sensors() -> None:
    config = {"stat_t": "home/OMG/LWT", "dev_cla": "connectivity", "dev": {"ids": ["g"], "mf": "OMG_community"}}
    ear = announced(config | {"pl_on": "online", "pl_off": "offline"})
    assert ear.meaning("home/OMG/LWT", "offline").technical == "bridge_offline"


def test_what_was_removed_is_not_listened_to_and_what_a_bridge_announces_of_itself_is_only_shown() -> None:
    ear = announced(DOOR)
    (removed,) = ear.hear("homeassistant/binary_sensor/thing/config", b"", retain=True)
    assert removed.meaning.facts["removed"] == "homeassistant/binary_sensor/thing/config"
    assert ear.hear("garden/gate/contact", "ON") == []
    z2m = announced(DOOR | {"o": {"name": "Zigbee2MQTT"}})
    assert z2m.said[0].meaning.entities and z2m.hear("garden/gate/contact", "ON") == []


@pytest.mark.parametrize("topic", ["#", "sw/v1/watch/event", "$SYS/x", "a/+/b"])
def test_an_announcement_cannot_listen_to_what_is_not_its_own(topic: str) -> None:
    ear = announced({"stat_t": topic, "dev_cla": "smoke", "uniq_id": "spy"})
    assert all(not known.topics for known in ear.families.roots.values())


def test_an_announcement_in_one_home_says_nothing_of_another() -> None:
    ear = Ear(tree="homes/1")
    ear.hear("homeassistant/binary_sensor/gate/config", DOOR, retain=True)
    assert ear.events("garden/gate/contact", "ON") == [Happened("door_open", True)]
    ear.tree = ""
    assert ear.hear("homes/2/garden/gate/contact", "ON") == []
    assert ear.hear("garden/gate/contact", "ON") == []


def test_announcing_the_same_again_keeps_nothing() -> None:
    ear = announced(DOOR)
    (again,) = ear.hear("homeassistant/binary_sensor/thing/config", DOOR, retain=True)
    assert again.readings == () and again.root is None


@pytest.mark.parametrize(
    ("topic", "payload", "expected"),
    [
        ("radar/binary_sensor/fall_detected/state", "ON", [Happened("fall", True)]),
        ("echo/echo_fall_detected/state", "ON", [Happened("fall", True)]),
        ("radar/binary_sensor/fall_detected/state", "unavailable", []),
        ("radar/binary_sensor/fall_sensitivity/state", "ON", []),
        ("radar/binary_sensor/waterfall_detected/state", "ON", []),
        ("hall/binary_sensor/pir_motion/state", "ON", [Happened("motion", True)]),
        ("hall/switch/motion/state", "ON", []),
        ("hall/sensor/smoke/state", "1", []),
        ("hall/event/bell/state", '{"event_type": "single"}', [Happened("button", "single")]),
    ],
)
def test_nodes_of_esphome_without_an_announcement(topic: str, payload: str, expected: list[Happened]) -> None:
    assert Ear().events(topic, payload) == expected
    assert Ear().events(topic, payload, retain=True) == []


def test_a_node_is_the_same_device_before_and_after_it_announces_itself() -> None:
    ear = Ear()
    (before,) = ear.hear("radar/binary_sensor/fall_detected/state", "OFF")
    config = {
        "stat_t": "radar/binary_sensor/fall_detected/state",
        "avty_t": "radar/status",
        "uniq_id": "ESPbinary_sensorfall_detected",
        "dev": {"ids": "a1b2c3d4e5f6"},
        "obj_id": "fall_detected",
    }
    ear.hear("homeassistant/binary_sensor/radar/fall_detected/config", config, retain=True)
    (after,) = ear.hear("radar/binary_sensor/fall_detected/state", "ON")
    assert after.readings[0].device == before.readings[0].device
    assert after.meaning.alarm == "fall"
    assert ear.values("radar/status", "offline") == {"available": False}
    assert "heart_rate" in ear.meaning("radar/sensor/real-time_heart_rate/state", "nan").unknown


def test_a_node_that_sleeps_and_a_nodes_status_are_the_node() -> None:
    door = {"stat_t": "reed/binary_sensor/door/state", "dev_cla": "door", "dev": {"ids": "a1", "cns": [["mac", "a1"]]}}
    ear = Ear()
    (before,) = ear.hear("reed/sensor/co2/state", "600")
    ear.hear("homeassistant/binary_sensor/reed/door/config", door | {"uniq_id": "ESPbinary_sensordoor"}, retain=True)
    (after,) = ear.hear("reed/binary_sensor/door/state", "ON")
    assert after.readings[0].device == before.readings[0].device
    status = {"stat_t": "reed/status", "avty_t": "reed/status", "dev_cla": "connectivity", "pl_on": "online"}
    ear.hear("homeassistant/binary_sensor/reed/status/config", door | status | {"uniq_id": "s"}, retain=True)
    assert {each.device for told in ear.hear("reed/status", "online") for each in told.readings} == {
        before.readings[0].device
    }
