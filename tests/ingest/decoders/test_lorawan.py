"""LoRaWAN through ChirpStack and The Things Stack: repeats, simulated uplinks, radars' records, and codecs' words."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decoders.families import Families
from ingest.decoders.meaning import Happened
from ingest.decoders.told import IGNORED
from ingest.decoders.values import iso_of
from tests.ingest.decoders.arbitrary import bears, spoiled
from tests.ingest.decoders.hearing import NOW, SECOND, Ear

EUI = "0a0b0c0d0e0f0a0b"
CHIRP = f"application/17/device/{EUI}/event"
TTN = "v3/home@ttn/devices/sensor-1/up"


def chirp(decoded: dict[str, Any] | None, count: int = 1, **more: Any) -> dict[str, Any]:
    body = {"deviceInfo": {"devEui": EUI}, "devAddr": "0011", "fCnt": count, "data": "AQ==", "rxInfo": [{"rssi": -90}]}
    return body | ({} if decoded is None else {"object": decoded}) | more


def ttn(decoded: dict[str, Any], count: int = 1, **more: Any) -> dict[str, Any]:
    uplink = {"session_key_id": "s", "f_cnt": count, "frm_payload": "AQ==", "decoded_payload": decoded}
    return {"end_device_ids": {"dev_eui": EUI.upper()}, "uplink_message": uplink, **more}


def test_one_uplink_is_one_however_many_gateways_heard_it_and_both_servers_know_the_same_device() -> None:
    ear = Ear()
    assert ear.events(f"{CHIRP}/up", chirp({"magnet_status": "open"})) == [Happened("door_open", True)]
    (again,) = ear.hear(f"{CHIRP}/up", chirp({"magnet_status": "open"}, deduplicationId="another"))
    assert again.readings == ()
    assert ear.events(f"{CHIRP}/up", chirp({"magnet_status": "close"}, 2)) == [Happened("door_open", False)]
    assert ear.said[0].readings[0].device == Ear().hear(TTN, ttn({"temperature": 20}))[0].readings[0].device


@pytest.mark.parametrize(
    ("decoded", "kind", "value"),
    [
        ({"DOOR_OPEN_STATUS": 1, "BatV": 3.1}, "door_open", True),
        ({"door": "closed"}, "door_open", False),
        ({"pir": "trigger"}, "motion", True),
        ({"occupied": True}, "motion", True),
        ({"leakage_status": "leak"}, "water_leak", True),
        ({"WATER_LEAK_STATUS": 0}, "water_leak", False),
        ({"button": "short"}, "button", "single"),
        ({"press": "long"}, "button", "long"),
        ({"motion": 4}, "motion_count", 4),
        ({"ALARM_status": "TRUE"}, "sos", True),
    ],
)
def test_codecs_words_mean_what_their_makers_mean(decoded: dict[str, Any], kind: str, value: Any) -> None:
    assert Ear().events(TTN, ttn(decoded)) == [Happened(kind, value)]


def test_volts_and_percent_are_told_apart_and_a_low_battery_is_noted_once_a_day() -> None:
    ear = Ear()
    assert ear.values(f"{CHIRP}/up", chirp({"battery": 3.4}, 1)) == {"rssi": -90, "battery_voltage": 3.4}
    assert ear.values(f"{CHIRP}/up", chirp({"vdd": 3466}, 2)) == {"rssi": -90, "battery_voltage": 3.466}
    notes = [ear.hear(f"{CHIRP}/up", chirp({"battery": 5}, 3 + n), after_s=3600)[0].entry for n in range(25)]
    assert [n for n, note in enumerate(notes) if note is not None] == [0, 24]
    assert "battery" in ear.meaning(f"{CHIRP}/up", chirp({"battery": 255}, 90)).implausible


def test_a_radars_fall_rings_once_and_its_records_of_the_past_and_dwelling_ring_nothing() -> None:
    def record(kind: str, status: str, number: int = 7) -> dict[str, Any]:
        return {"events": [{"alarm_id": number, "alarm_type": kind, "alarm_status": status}]}

    ear = Ear()
    assert ear.meaning(f"{CHIRP}/up", chirp(record("fall", "triggered"), 1)).alarm == "fall"
    assert ear.meaning(f"{CHIRP}/up", chirp(record("fall", "triggered"), 2)).alarm is None, "confirmed: told again"
    assert ear.events(f"{CHIRP}/up", chirp(record("fall", "deactivated"), 3)) == [Happened("fall", False)]
    assert ear.events(f"{CHIRP}/up", chirp(record("dwell", "triggered"), 4)) == []
    assert ear.events(f"{CHIRP}/up", chirp({"history": record("fall", "triggered", 9)["events"]}, 5)) == []
    assert ear.meaning(f"{CHIRP}/up", chirp(record("fall", "triggered", 8), 6)).alarm == "fall"


def test_what_somebody_simulates_in_the_console_and_what_is_of_last_week_did_not_happen() -> None:
    ear = Ear()
    simulated = ear.meaning(TTN, ttn({"sos": True}, simulated=True))
    assert simulated.events == () and simulated.facts["simulated"] is True
    assert ear.meaning(TTN, ttn({"sos": True}, 2)).alarm == "sos"
    old = iso_of(NOW - 9 * 86_400 * SECOND)
    assert ear.events(f"{CHIRP}/up", chirp({"sos": True}, 3, rxInfo=[{"nsTime": old}])) == []


def test_bytes_without_a_codec_are_a_note_for_whoever_runs_the_server() -> None:
    ear = Ear()
    (told,) = ear.hear(f"{CHIRP}/up", chirp(None))
    assert told.meaning.technical == "decoder_missing" and told.entry is not None and told.entry.kept
    assert ear.hear(f"{CHIRP}/up", chirp(None, 2))[0].entry is None


def test_the_networks_time_is_the_event_time() -> None:
    ear = Ear()
    at = iso_of(NOW + 50 * SECOND).replace("Z", ".123456789+00:00")
    assert ear.meaning(f"{CHIRP}/up", chirp({"pir": "trigger"}, 1, time=at)).time_us == NOW + 50 * SECOND + 123_000


@pytest.mark.parametrize("kind", ["join", "ack", "txack", "integration"])
def test_plumbing_is_left_alone(kind: str) -> None:
    assert Ear().hear(f"{CHIRP}/{kind}", {"deviceInfo": {"devEui": EUI}, "object": {"sos": True}}) == [IGNORED]


def test_a_devices_battery_as_the_server_knows_it() -> None:
    ear = Ear()
    assert ear.values(f"{CHIRP}/status", {"batteryLevel": 88.5, "margin": 7}) == {"battery": 88.5}
    assert ear.meaning(f"{CHIRP}/status", {"batteryLevelUnavailable": True}).unknown == ("battery",)
    assert ear.values(f"{CHIRP}/status", {"externalPowerSource": True}) == {"charging": True}


@pytest.mark.parametrize(
    ("decoded", "kind", "value"),
    [
        ({"button_event": {"status": "short press", "msgid": 123456}}, "button", "single"),
        ({"button_event": {"status": "long press", "msgid": 1}}, "button", "long"),
        ({"button_2": 1, "button_2_d2d": 0, "button_2_msgid": 5}, "button", "2_single"),
        ({"Alarm": "TRUE", "Sound_key": "OPEN", "BatV": 3.1}, "sos", True),
        ({"Device": "R718WA2", "Volt": 3.2, "WaterLeak": 1}, "water_leak", True),
        ({"waterleak": 7, "vdd": 3600}, "water_leak", True),
        ({"type": "smoke sensor", "event": "alarm", "battery": 90}, "smoke", True),
        ({"pir_status": "night_occupied"}, "motion", True),
    ],
)
def test_a_codec_of_today_is_read_too(decoded: dict[str, Any], kind: str, value: Any) -> None:
    assert Ear().events(TTN, ttn(decoded)) == [Happened(kind, value)]


@pytest.mark.parametrize(
    "decoded",
    [
        {"ALARM": 1, "DOOR_OPEN_STATUS": "NONE", "BAT_V": 3.0},  # open for too long
        {"alarm_status": True, "door_status": "x"},
        {"Alarm": "TRUE", "TempC_SHT": 31},  # a threshold
        {"type": "smoke sensor", "event": "testing alarm with low battery"},
        {"type": "smoke sensor", "event": "silent"},
        {"event": "alarm", "battery": 90},  # of what
        {"water": 1},  # cubic metres
        {"closeProximityAlarm": {"value": True}},
        {"button_event": {"status": "unknown"}},
        {"history": [{"alarm_type": "fall", "alarm_status": "alarm_triggered", "alarm_id": 4}]},
    ],
)
def test_what_only_sounds_like_an_alarm_is_none(decoded: dict[str, Any]) -> None:
    meaning = Ear().meaning(TTN, ttn(decoded))
    assert (meaning.events, meaning.alarm) == ((), None)


def test_a_press_that_the_network_sends_again_is_one_and_pressed_again_it_is_another() -> None:
    ear = Ear()
    assert ear.events(f"{CHIRP}/up", chirp({"press": "short"}, 7)) == [Happened("button", "single")]
    assert ear.hear(f"{CHIRP}/up", chirp({"press": "short"}, 7, deduplicationId="2"))[0].readings == ()
    assert ear.events(f"{CHIRP}/up", chirp({"press": "short"}, 8)) == [Happened("button", "single")]
    assert ear.events(f"{CHIRP}/up", chirp({"press": "short"}, 8), after_s=7200) == [Happened("button", "single")], (
        "a counter that began anew"
    )


def test_a_fall_of_a_radars_present_codec_rings_once_with_all_that_tells_it() -> None:
    def record(status: str, number: int) -> dict[str, Any]:
        return {"alarm_id": number, "alarm_type": "fall", "alarm_status": f"alarm_{status}"}

    ear = Ear()
    both = {"detection_status": "fall", "events": [record("triggered", 3)]}
    assert ear.meaning(f"{CHIRP}/up", chirp(both, 1)).alarm == "fall"
    assert ear.meaning(f"{CHIRP}/up", chirp({"detection_status": "fall"}, 2)).alarm is None, "as it stands"
    ended = {"events": [record("deactivated", 3), record("triggered", 4)]}
    assert ear.meaning(f"{CHIRP}/up", chirp(ended, 3)).alarm == "fall"
    assert ear.events(f"{CHIRP}/up", chirp(ended, 4)) == [], "both told again"
    assert ear.events(f"{CHIRP}/up", chirp({"detection_status": "normal"}, 5)) == []
    assert ear.meaning(f"{CHIRP}/up", chirp({"detection_status": "fall"}, 6)).alarm == "fall", "its record was lost"
    alone = Ear()
    assert alone.meaning(f"{CHIRP}/up", chirp({"events": [record("triggered", 3)]}, 1)).alarm == "fall"
    assert alone.events(f"{CHIRP}/up", chirp({"detection_status": "fall"}, 2)) == [], "its record told it"
    seen = ear.values(f"{CHIRP}/up", chirp({"detection_status": "out_of_bed"}, 7))
    assert (seen["presence"], seen["in_bed"]) == (True, False)


def test_a_call_whose_end_was_lost_does_not_silence_the_next_one() -> None:
    ear = Ear()
    call = {"ALARM_status": "TRUE", "BatV": 3.9, "LON": "ON"}
    assert ear.meaning(TTN, ttn(call, 1)).alarm == "sos"
    assert all(ear.meaning(TTN, ttn(call, n)).alarm is None for n in range(2, 40)), "the same call, each minute"
    assert ear.meaning(TTN, ttn(call, 40), after_s=7200).alarm == "sos"
    assert ear.meaning(TTN, ttn({"ALARM_status": "FALSE"}, 41)).events == (Happened("sos", False),)
    button = {"Alarm": "TRUE", "Sound_key": "OPEN"}
    assert [ear.meaning(TTN, ttn(button, n)).alarm for n in (42, 43)] == ["sos", "sos"], "each press is a call"


@pytest.mark.parametrize(
    ("port", "status", "expected"),
    [
        (100, 1, [Happened("door_open", True)]),
        (102, 1, [Happened("motion", True)]),
        (106, 1, [Happened("water_leak", True)]),
        (147, 1, [Happened("button", "single")]),
        (147, 0, []),
        (104, 1, []),
    ],
)
def test_a_browan_tabs_bit_means_what_its_port_says(port: int, status: int, expected: list[Happened]) -> None:
    decoded = {"status": status, "battery": 3, "temperatureBoard": 21}
    ear = Ear()
    assert ear.events(f"{CHIRP}/up", chirp(decoded, fPort=port)) == expected
    seen = ear.values(f"{CHIRP}/up", chirp(decoded, 2, fPort=port))
    assert (seen["battery_voltage"], seen["device_temperature"]) == (3, 21) and "battery" not in seen


def test_where_a_tracker_is_is_not_where_its_fence_is_nor_where_it_was() -> None:
    ear = Ear()
    fence = {"geofence_center_config": {"latitude": 30.0, "longitude": 122.0}}
    assert "lat" not in ear.values(f"{CHIRP}/up", chirp(fence, 1))
    assert "lat" not in ear.values(f"{CHIRP}/up", chirp({"Latitude": 30, "Longitude": 122, "Date": "", "Time": ""}, 2))
    assert "location" in ear.meaning(f"{CHIRP}/up", chirp({"latitude": -1e-6, "longitude": -1e-6}, 3)).implausible
    assert ear.values(f"{CHIRP}/up", chirp({"Latitude": 30.1, "Longitud": 122.2}, 4))["lon"] == 122.2
    assert ear.events(f"{CHIRP}/up", chirp({"geofence_status": "outside"}, 5)) == [], "where it was first heard"
    assert ear.events(f"{CHIRP}/up", chirp({"geofence_status": "inside"}, 6)) == [Happened("zone_enter", "geofence")]
    left = ear.meaning(f"{CHIRP}/up", chirp({"geofence_status": "outside"}, 7))
    assert (left.events, left.alarm_or_rule) == ((Happened("zone_leave", "geofence"),), "by_rule")


def test_sentinels_of_sensors_that_are_not_there_are_no_measurements() -> None:
    ear = Ear()
    for decoded in ({"temperature": -46.75}, {"TempC_DS": 327.67}, {"Temperature": 125, "Hygrometry": 100}):
        ear.now_us += SECOND
        told = ear.meaning(f"{CHIRP}/up", chirp(decoded, int(ear.now_us / SECOND)))
        assert "temperature" in told.implausible and {each.type for each in told.observations} == {"rssi"}


def test_several_probes_and_cayenne_lpp_in_both_servers_words() -> None:
    ear = Ear()
    told = ear.hear(TTN, ttn({"temperature_chn1": 4, "temperature_chn2": 21}))[0].readings[0].observations
    assert {(each.type, each.value) for each in told} == {("temperature", 4), ("temperature_2", 21)}
    lpp = {"temperature_3": 20.5, "relative_humidity_4": 41, "gps_1": {"latitude": 30.0, "longitude": 122.0}}
    assert ear.values(TTN, ttn(lpp, 2)) == {"temperature": 20.5, "humidity": 41, "lat": 30.0, "lon": 122.0}
    lpp = {"temperatureSensor": {"3": 20.5}, "gpsLocation": {"1": {"latitude": 30.0, "longitude": 122.0}}}
    assert ear.values(f"{CHIRP}/up", chirp(lpp, 3)) == {"rssi": -90, "temperature": 20.5, "lat": 30.0, "lon": 122.0}


def test_elsys_is_not_sure_at_one_and_sees_somebody_at_two() -> None:
    ear = Ear()
    assert ear.values(TTN, ttn({"occupancy": 2, "vdd": 3600}))["presence"] is True
    assert "presence" in ear.meaning(TTN, ttn({"occupancy": 1, "vdd": 3600}, 2)).unknown
    assert ear.values(TTN, ttn({"occupancy": 0, "vdd": 3600}, 3))["presence"] is False


def test_the_things_stacks_own_words_where_the_makers_say_nothing_that_is_known() -> None:
    ear = Ear()

    def normal(count: int, decoded: dict[str, Any], *told: dict[str, Any]) -> dict[str, Any]:
        body = ttn(decoded, count)
        body["uplink_message"]["normalized_payload"] = list(told)
        return body

    leak = {"water": {"leak": True}, "battery": 3.1, "air": {"temperature": 18}}
    meaning = ear.meaning(TTN, normal(1, {"t": 20, "temperature": 20}, leak))
    assert meaning.alarm == "water_leak"
    assert [each.value for each in meaning.observations if each.type == "temperature"] == [20]
    old = {"action": {"contactState": "open"}, "time": iso_of(NOW - 86_400 * SECOND)}
    assert ear.events(TTN, normal(2, {}, old)) == []


GATEWAY = "eu868/gateway/00800000a00016b6/state/conn"


def test_a_gateway_that_is_down_is_one_technical_note_and_its_sensors_silence_means_nothing() -> None:
    ear = Ear()
    one = [{"gatewayId": "00800000A00016B6", "rssi": -90}]
    ear.hear(f"{CHIRP}/up", chirp({"pir": "trigger"}, 1, rxInfo=one))
    two = [*one, {"gatewayId": "00800000a00016b7", "rssi": -80}]
    ear.hear(f"{CHIRP}/up".replace(EUI, "0a0b0c0d0e0f0a0c"), {"fCnt": 1, "rxInfo": two, "object": {"pir": "idle"}})
    (down,) = ear.hear(GATEWAY, {"gatewayId": "00800000a00016b6", "state": "OFFLINE"})
    assert down.meaning.technical == "bridge_offline" and down.entry is not None and down.entry.kept
    assert len(down.readings) == 2 and down.readings[1].device == f"lora-{EUI}"
    assert [(each.type, each.value) for each in down.readings[1].observations] == [("available", False)]
    (again,) = ear.hear(GATEWAY, {"state": "OFFLINE"})
    assert again.entry is None and len(again.readings) == 1
    (up,) = ear.hear(GATEWAY, {"state": "ONLINE"})
    assert [each.observations[0].value for each in up.readings] == [True, True]
    assert ear.hear(GATEWAY.replace("state/conn", "event/stats"), {"rxPacketsReceived": 3}) == [IGNORED]


GOOD = [
    (f"{CHIRP}/up", chirp({"events": [{"alarm_id": 1, "alarm_type": "fall", "alarm_status": "alarm_triggered"}]})),
    (f"{CHIRP}/up", chirp({"status": 1, "battery": 3, "temperatureBoard": 20, "occupancy": 1, "type": 1}, fPort=100)),
    (f"{CHIRP}/up", chirp({"gpsLocation": {"1": {"latitude": 3, "longitude": 4}}, "door": {"value": True}})),
    (f"{CHIRP}/up", chirp({"type": "smoke sensor", "event": "alarm", "detection_status": "fall", "button_1": 1})),
    (f"{CHIRP}/status", {"batteryLevel": 50, "deviceInfo": {"devEui": EUI}}),
    (f"{CHIRP}/location", {"location": {"latitude": 3, "longitude": 4}}),
    (GATEWAY, {"state": "OFFLINE"}),
    (TTN, ttn({"ALARM_status": "TRUE", "geofence_status": "inside", "data": {"temperature": 3}})),
    (TTN, {"uplink_message": {"normalized_payload": [{"air": {"temperature": 3}, "time": "2026-01-01T00:00:00Z"}]}}),
    ("v3/home@ttn/devices/sensor-1/location/solved", {"location_solved": {"location": {"latitude": 3}}}),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(spoiled(GOOD), max_size=6))
def test_whatever_is_written_nothing_leaves_the_decoders(messages: list[tuple[str, bytes, bool]]) -> None:
    bears(Families(trees=("",)), messages)


@pytest.mark.parametrize(
    "written", [("alarm triggered", "in bed", "out of bed"), ("alarm_triggered", "in_bed", "out_of_bed")]
)
def test_a_radars_fall_rings_in_the_words_of_each_release_of_its_codec(written: tuple[str, str, str]) -> None:
    triggered, in_bed, out = written
    ear = Ear()
    fell = {"events": [{"alarm_id": 5.0, "alarm_type": "fall", "alarm_status": triggered}]}
    assert ear.meaning(f"{CHIRP}/up", chirp(fell, 1)).alarm == "fall"
    assert ear.values(f"{CHIRP}/up", chirp({"detection_status": in_bed}, 2))["in_bed"] is True
    assert ear.values(f"{CHIRP}/up", chirp({"detection_status": out}, 3))["in_bed"] is False
    record = {"events": [{"alarm_id": 6.0, "alarm_type": out, "alarm_status": triggered}]}
    assert ear.values(f"{CHIRP}/up", chirp(record, 4))["in_bed"] is False


def test_a_radars_fall_rings_where_its_codec_hands_on_the_devices_numbers() -> None:
    ear = Ear()
    fell = {"events": [{"alarm_id": 5.0, "alarm_type": 0.0, "alarm_status": 1.0}]}
    assert ear.meaning(f"{CHIRP}/up", chirp(fell, 1)).alarm == "fall"
    ended = {"events": [{"alarm_id": 5.0, "alarm_type": 0.0, "alarm_status": 2.0}]}
    assert ear.events(f"{CHIRP}/up", chirp(ended, 2)) == [Happened("fall", False)]
    seen = ear.values(f"{CHIRP}/up", chirp({"detection_status": 2.0, "target_status": 0.0}, 3))
    assert (seen["presence"], seen["in_bed"]) == (True, True)
    assert ear.meaning(f"{CHIRP}/up", chirp({"detection_status": 4, "target_status": 0}, 4)).alarm == "fall"
    assert Ear().meaning(f"{CHIRP}/up", chirp({"detection_status": 4}, 5)).events == (), "another maker's number"


def test_a_gateways_wrong_clock_loses_no_press_and_the_servers_clock_is_taken_first() -> None:
    for wrong_s in (-9 * 86_400, 3600):
        ear = Ear()
        wrong = iso_of(NOW + wrong_s * SECOND)
        pressed = ear.meaning(f"{CHIRP}/up", chirp({"sos": True}, 1, time=wrong))
        assert pressed.alarm == "sos" and pressed.time_us is None
    ahead = iso_of(NOW + 3600 * SECOND)
    assert Ear().meaning(f"{CHIRP}/up", chirp({"sos": True}, 1, rxInfo=[{"nsTime": ahead}])).alarm == "sos"
    assert Ear().meaning(TTN, ttn({"sos": True}, received_at=ahead)).alarm == "sos"
    behind, right = iso_of(NOW - 3 * 3600 * SECOND), iso_of(NOW + 60 * SECOND)
    heard = [{"rssi": -90, "gwTime": behind, "nsTime": right}]
    pressed = Ear().meaning(f"{CHIRP}/up", chirp({"sos": True}, 1, time=behind, rxInfo=heard))
    assert pressed.alarm == "sos" and pressed.time_us == NOW + 60 * SECOND


def test_a_device_that_the_server_does_not_listen_to_is_noted_and_a_repetition_is_not() -> None:
    def log(code: str) -> dict[str, Any]:
        return {"deviceInfo": {"devEui": EUI}, "level": "WARNING", "code": code, "description": "..."}

    ear = Ear()
    assert ear.hear(f"{CHIRP}/log", log("UPLINK_F_CNT_RETRANSMISSION"))[0].entry is None
    entry = ear.hear(f"{CHIRP}/log", log("UPLINK_F_CNT_RESET"))[0].entry
    assert entry is not None and entry.kept


def test_a_socket_tells_what_it_measures() -> None:
    told = {
        "socket_status": "on",
        "voltage": 230.4,
        "active_power": 1800.0,
        "power_consumption": 41250.0,
        "current": 7812,
    }
    seen = Ear().values(f"{CHIRP}/up", chirp(told))
    assert (seen["power"], seen["energy_total"], seen["voltage"], seen["current"]) == (1800, 41.25, 230.4, 7.812)


def test_a_door_sensor_that_is_installed_is_not_tampered_with() -> None:
    ear = Ear()
    assert ear.values(TTN, ttn({"door": "close", "install": "yes"}))["tamper"] is False
    assert ear.values(TTN, ttn({"door": "close", "install": "no"}, 2))["tamper"] is True


def test_a_percentage_is_no_volts_because_the_codec_normalizes_it_so() -> None:
    told = ttn({"battery": 45, "door": "open"})
    told["uplink_message"]["normalized_payload"] = [{"battery": 45}]
    seen = Ear().values(TTN, told)
    assert seen["battery"] == 45 and "battery_voltage" not in seen
