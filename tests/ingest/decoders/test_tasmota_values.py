"""Tasmota's drivers, radios and bridges: in whose name a value stands, in which unit, and what only looks like one."""

from typing import Any

import pytest

from ingest.decoders.meaning import Happened
from tests.ingest.decoders.hearing import Ear

SENSOR = "tele/room/SENSOR"


@pytest.fixture
def home() -> Ear:
    return Ear()


def zigbee(home: Ear, body: dict[str, Any], **how: Any) -> Any:
    return home.meaning("tele/zb/SENSOR", {"ZbReceived": {"0x21AF": {"Device": "0x21AF", **body}}}, **how)


def by_device(home: Ear, payload: Any, topic: str = SENSOR) -> dict[str, dict[str, Any]]:
    """Return what each device that a message tells of said, by its id without the mark."""
    (told,) = home.hear(topic, payload)
    return {
        reading.device.rsplit("-", 1)[0]: {seen.type: seen.value for seen in reading.observations}
        for reading in told.readings
    }


# --- drivers of the device itself ---


@pytest.mark.parametrize(
    ("driver", "told", "values"),
    [
        ("SHT3X-0x44", {"Temperature": 20.1, "DewPoint": 6}, {"temperature": 20.1, "dew_point": 6}),
        ("HTU21", {"Temperature": 20, "Humidity": 50}, {"temperature": 20, "humidity": 50}),
        ("BMP280", {"Temperature": 20, "Pressure": 1001, "SeaPressure": 1020}, {"temperature": 20, "pressure": 1001}),
        ("BME680", {"Temperature": 20, "Gas": 1086.4}, {"temperature": 20}),
        ("SCD30", {"CarbonDioxide": 800, "eCO2": 790, "Temperature": 22}, {"co2": 800, "temperature": 22}),
        ("MHZ19B", {"Model": "B", "CarbonDioxide": 780, "Temperature": 26}, {"co2": 780, "temperature": 26}),
        ("SGP30", {"eCO2": 450, "TVOC": 125}, {"tvoc": 125}),
        ("PMS5003", {"CF1": 1, "PM1": 2, "PM2.5": 3, "PM10": 4, "PB0.3": 500}, {"pm1": 2, "pm25": 3, "pm10": 4}),
        ("TSL2561", {"Illuminance": 21.2}, {"illuminance": 21.2}),
        ("APDS9960", {"Red": 9, "Ambient": 169, "CCT": 4217, "Proximity": 9}, {"illuminance": 169}),
        ("HX711", {"Weight": 62.5, "WeightRaw": 4782}, {"weight": 62.5}),
        ("MLX90614", {"OBJTMP": 33.5, "AMBTMP": 22.7}, {"object_temperature": 33.5, "temperature": 22.7}),
        ("MAX31855", {"ProbeTemperature": 19.5, "ReferenceTemperature": 25}, {"temperature": 19.5}),
        ("MAX17043", {"Voltage": 3.98, "BatteryPercentage": 77.5}, {"battery_voltage": 3.98, "battery": 77.5}),
        ("INA219", {"Voltage": 4.9, "Current": 0.02, "Power": 0.1}, {"voltage": 4.9, "current": 0.02, "power": 0.1}),
        ("ESP32", {"Temperature": 65.6}, {"device_temperature": 65.6}),
        ("SR04", {"Distance": 61.5}, {"distance": 61.5}),
        ("VL53L0X", {"Distance": 263}, {"distance": 26.3}),
        ("VL53L1X_2", {"Distance": 26.0}, {"distance": 26.0}),
        ("COUNTER", {"C1": 42}, {"counter": 42}),
        ("ANALOG", {"Illuminance": 8}, {"illuminance": 8}),
    ],
)  # fmt: skip
def test_what_each_driver_says(home: Ear, driver: str, told: dict[str, Any], values: dict[str, Any]) -> None:
    assert home.values(SENSOR, {driver: told, "TempUnit": "C", "PressureUnit": "hPa"}) == values


@pytest.mark.parametrize(
    ("driver", "told"),
    [
        ("AS3935", {"Event": 4, "Distance": 12, "Energy": 58622}),  # a thunderstorm, kilometres away
        ("MLX90640", {"Temperature": [30.8, 28.5]}),
        ("ANALOG", {"A0": 1024}),
        ("ANALOG", {"Range": 9}),
        ("MCP230XX", {"D0": 1}),
        ("Unheard", {"Distance": 12, "Power": 3, "Presence": 1}),
    ],
)
def test_what_only_looks_like_a_value_is_none(home: Ear, driver: str, told: dict[str, Any]) -> None:
    assert home.values(SENSOR, {driver: told}) == {}


def test_units_are_made_ours(home: Ear) -> None:
    told = {"BME280": {"Temperature": 68, "DewPoint": 50, "Pressure": 750.1}, "TempUnit": "F", "PressureUnit": "mmHg"}
    assert home.values(SENSOR, told) == {"temperature": 20, "dew_point": 10, "pressure": 1000.05}


def test_what_a_driver_does_not_know_is_no_value(home: Ear) -> None:
    meaning = home.meaning(SENSOR, {"AM2301": {"Temperature": None, "Humidity": 104.7}})
    assert meaning.observations == () and meaning.unknown == ("temperature",) and meaning.implausible == ("humidity",)


@pytest.mark.parametrize(
    ("radar", "told", "there", "far"),
    [
        ("LD2410", {"Distance": [0.0, 90.0, 40.0], "Energy": [0, 60]}, True, 90),
        ("LD2410", {"Distance": [0.0, 0.0, 0.0], "Energy": [0, 100]}, True, None),
        ("LD2410", {"Distance": [0.0, 0.0, 0.0], "Energy": [0, 0]}, False, None),
        ("LD2410S", {"Distance": 120.0, "People": 1}, False, None),
        ("LD2410S", {"Distance": 120.0, "People": 3}, True, 120),
        ("LD2402", {"Distance": 0}, False, None),
        ("LD2402", {"Distance": 77, "Motion": "false", "Occupancy": "true"}, True, 77),
    ],
)
def test_a_radar_sees_somebody_or_nobody(
    home: Ear, radar: str, told: dict[str, Any], there: bool, far: float | None
) -> None:
    values = home.values(SENSOR, {radar: told})
    assert values["presence"] is there and values.get("distance") == far


def test_somebody_who_stays_is_one_sign_and_not_one_each_second(home: Ear) -> None:
    here, gone = ({"LD2410": {"Distance": [d, 0, 0], "Energy": [9, 0]}} for d in (80.0, 0.0))
    gone["LD2410"]["Energy"] = [0, 0]
    said = [home.hear(SENSOR, body, after_s=1)[0].readings[0].events for body in (here, here, gone, gone)]
    assert said == [("presence",), (), ("presence_ended",), ()]


def test_a_radar_without_a_cable_knows_nothing(home: Ear) -> None:
    assert home.meaning(SENSOR, {"LD2402": {"Error": "Disconnected"}}).unknown == ("presence",)


def test_raw_counts_of_an_accelerometer_are_no_fall(home: Ear) -> None:
    told = {"MPU6050": {"Temperature": 25, "AccelXAxis": -32000.0, "AccelYAxis": 10.0, "AccelZAxis": 1.0}}
    meaning = home.meaning(SENSOR, told)
    assert [seen.type for seen in meaning.observations] == ["temperature"] and meaning.events == ()
    assert meaning.facts["accel_counts"] == [-32000, 10, 1]


# --- whose a value is ---


def test_probes_are_known_by_their_id_whatever_their_number(home: Ear) -> None:
    first = by_device(
        home, {"DS18B20-1": {"Id": "AA11", "Temperature": 4}, "DS18B20-2": {"Id": "BB22", "Temperature": 21}}
    )
    again = by_device(home, {"DS18B20": {"Id": "BB22", "Temperature": 22}})
    assert first == {"tasmota-ds18b20-aa11": {"temperature": 4}, "tasmota-ds18b20-bb22": {"temperature": 21}}
    assert again == {"tasmota-ds18b20-bb22": {"temperature": 22}}


def test_a_probe_that_was_never_asked_says_85(home: Ear) -> None:
    assert home.meaning(SENSOR, {"DS18B20": {"Id": "AA11", "Temperature": 85.0}}).implausible == ("temperature",)
    told = {"DS18B20": {"Id": "AA11", "Temperature": 185.0}, "TempUnit": "F"}
    assert home.meaning(SENSOR, told).implausible == ("temperature",)


def test_a_second_thermometer_does_not_overwrite_the_first_and_takes_its_place_never(home: Ear) -> None:
    both = {"SI7021": {"Temperature": 20}, "SHT3X-0x45": {"Temperature": 30}}
    assert by_device(home, both) == {
        "tasmota-room": {"temperature": 20},
        "tasmota-room-sht3x-0x45": {"temperature": 30},
    }
    assert by_device(home, {"SHT3X-0x45": {"Temperature": 31}}) == {"tasmota-room-sht3x-0x45": {"temperature": 31}}


def test_phases_tariffs_and_relays_are_apart(home: Ear) -> None:
    three = by_device(home, {"ENERGY": {"Total": 5, "Power": [1, 2, 3], "Voltage": 230}})
    assert three == {
        "tasmota-room": {"energy_total": 5, "power": 1, "voltage": 230},
        "tasmota-room-energy-2": {"power": 2},
        "tasmota-room-energy-3": {"power": 3},
    }
    relays = by_device(home, {"POWER1": "ON", "POWER2": "OFF", "Wifi": {"Signal": -50}}, "tele/two/STATE")
    assert relays == {"tasmota-two": {"rssi": -50, "switch": True}, "tasmota-two-power2": {"switch": False}}


def test_power_of_an_appliance_is_a_number_and_no_sign_by_itself(home: Ear) -> None:
    (told,) = home.hear(SENSOR, {"ENERGY": {"Power": 0, "Today": 1, "Yesterday": 2, "Factor": 0.5}})
    (kettle,) = home.hear(SENSOR, {"ENERGY": {"Power": 1900}})
    assert [seen.value for seen in kettle.meaning.observations] == [1900] and kettle.readings[0].events == ()
    assert [seen.type for seen in told.meaning.observations] == ["power"]


def test_one_battery_is_told_low_once_and_again_after_it_was_changed(home: Ear) -> None:
    said = [home.meaning(SENSOR, {"MAX17043": {"BatteryPercentage": share}}).technical for share in (18, 17, 95, 12)]
    assert said == ["low_battery", None, None, "low_battery"]


# --- bluetooth, beacons, codes, tags, lora ---


def test_bluetooth_sensors_are_devices_whoever_hears_them(home: Ear) -> None:
    one = by_device(home, {"LYWSD03-a1b2c3": {"Temperature": 20.5, "Humidity": 50}})
    other = by_device(home, {"kitchen": {"mac": "a4c138a1b2c3", "Temperature": 20.4}}, "tele/hall/SENSOR")
    alone = by_device(home, {"Time": "2026-01-01T00:00:00", "Temperature": 20.3}, "tele/tasmota_ble/LYWSD03a1b2c3")
    scale = by_device(home, {"MISCALE-0a0b01": {"Weight": 61.2, "RSSI": -70}})
    assert scale == {"tasmota-ble-0a0b01": {"weight": 61.2, "rssi": -70}}
    assert list(one) == list(other) == list(alone) == ["tasmota-ble-a1b2c3"]


def test_bluetooth_doors_motion_and_presses(home: Ear) -> None:
    assert home.events(SENSOR, {"MCCGQ02-0a0b0c": {"Door": 0}}) == [Happened("door_open", True)]
    assert home.events(SENSOR, {"MCCGQ02-0a0b0c": {"Door": 2}}) == []
    assert home.events(SENSOR, {"MCCGQ02-0a0b0c": {"Door": 1}}) == [Happened("door_open", False)]
    assert home.events(SENSOR, {"MJYD2S-0a0b0d": {"PIR": 1, "Events": 3}}) == [Happened("motion", True)]
    assert home.events(SENSOR, {"YEERC-0a0b0e": {"Btn": 2}}) == [Happened("button", "2")]
    assert home.values(SENSOR, {"Flora-0a0b0f": {"Temperature": 20, "Moisture": 40, "Fertility": 9}}) == {
        "temperature": 20
    }


def test_a_beacon_is_near_one_receiver_and_gone_from_another(home: Ear) -> None:
    near = {"IBEACON": {"MAC": "A4C138000001", "RSSI": -60, "STATE": "ON"}}
    gone = {"IBEACON": {"MAC": "A4C138000001", "RSSI": -60, "STATE": "OFF"}}
    home.hear("tele/east/SENSOR", near)
    assert home.hear("tele/west/SENSOR", gone)[0].readings[0].events == ()
    (told,) = home.hear("tele/east/SENSOR", gone)
    assert told.readings[0].events == ("beacon_present_ended",)
    assert {seen.type: seen.value for seen in told.meaning.observations} == {
        "beacon_present": False,
        "receiver": "east",
    }
    old = home.values("tele/old/SENSOR", {"IBEACON_DEAABC788BC1": {"RSSI": -60}})
    assert old["beacon_present"] is True and old["rssi"] == -60
    assert home.values("tele/old/SENSOR", {"IBEACON_DEAABC788BC1": {"RSSI": 0}})["beacon_present"] is False


def test_a_code_of_a_remote_is_one_press_and_means_nothing_yet(home: Ear) -> None:
    told = {"RfReceived": {"Data": "0xA1B2C3", "Bits": 24, "Protocol": 1, "Pulse": 300}}
    assert home.events("tele/rf/RESULT", told) == [Happened("rf_code", "0xA1B2C3")]
    assert home.events("tele/rf/RESULT", told, after_s=0.3) == []
    infrared = {"IrReceived": {"Protocol": "NEC", "Bits": 32, "Data": "0x00FF"}}
    assert home.events("tele/rf/RESULT", infrared) == [Happened("ir_code", "0x00FF")]


def test_a_tag_that_was_held_to_a_reader(home: Ear) -> None:
    assert home.events(SENSOR, {"RDM6300": {"UID": "0012AB34"}}) == [Happened("tag", "0012AB34")]
    assert home.events("tele/room/RESULT", {"FPrint": {"Id": 21, "Confidence": 200}}) == [Happened("tag", "21")]


def test_lora_through_tasmota(home: Ear) -> None:
    told = {"Node": 1, "Device": "0x4AD6", "Name": "gate", "RSSI": -49.0, "DoorOpen": 1, "Alarm": 1, "Battery": 3.006}
    meaning = home.meaning("tele/lora/SENSOR", {"LwReceived": {"gate": told}})
    assert meaning.events == (Happened("door_open", True),) and meaning.alarm is None
    values = {seen.type: seen.value for seen in meaning.observations}
    assert values == {"rssi": -49, "battery_voltage": 3.006, "door_open": True}
    raw = {"LwReceived": {"x": {"DevEUIh": "A8404100", "DevEUIl": "00000001", "FPort": 10, "Payload": [11, 196]}}}
    assert [home.meaning("tele/lora/SENSOR", raw).technical for _ in range(2)] == ["decoder_missing", None]


# --- zigbee ---


@pytest.mark.parametrize(
    ("body", "happened"),
    [
        ({"Contact": 1}, Happened("door_open", True)),  # the zone's alarm bit, the other way round than in Zigbee2MQTT
        ({"Contact": 0}, Happened("door_open", False)),
        ({"Occupancy": 1}, Happened("motion", True)),
        ({"0500!00": "010000FF0000", "ZoneStatusChange": 1, "Water": 1}, Happened("water_leak", True)),
        ({"ZoneStatusChange": 1, "Fire": 1}, Happened("smoke", True)),
        ({"CO": 1}, Happened("carbon_monoxide", True)),
        ({"PersonalAlarm": 1}, Happened("sos", True)),
        ({"0501!02": ""}, Happened("sos", True)),
        ({"0006!02": "", "Power": 2}, Happened("button", "toggle")),
        ({"0008!05": "0054", "DimmerMove": 0}, Happened("button", "dimmer_move_up")),
        ({"Click": "hold"}, Happened("button", "hold")),
        ({"AqaraVibrationMode": "vibrate"}, Happened("vibration", "vibrate")),
        ({"AqaraVibrationMode": "drop"}, Happened("object_drop", True)),
        ({"AqaraCube": "fall", "AqaraCubeSide": 2}, Happened("object_drop", True)),
    ],
)
def test_zigbee_says_it_in_words_of_its_own(home: Ear, body: dict[str, Any], happened: Happened) -> None:
    assert zigbee(home, body).events == (happened,)


def test_power_beside_a_command_is_a_key_and_alone_a_relay(home: Ear) -> None:
    assert {seen.type for seen in zigbee(home, {"0006!01": "", "Power": 1}).observations} == set()
    lamp = zigbee(home, {"Power": True, "Dimmer": 100})
    assert [(seen.type, seen.value) for seen in lamp.observations] == [("switch", True)] and lamp.events == ()


def test_an_answer_is_no_key_and_silence_is_told(home: Ear) -> None:
    lamp = zigbee(home, {"0006<00": "", "Power": 1})
    assert lamp.events == () and [seen.type for seen in lamp.observations] == ["switch"]
    assert zigbee(home, {"Reachable": False}).technical == "sensor_offline"


def test_a_self_test_alarms_nobody(home: Ear) -> None:
    meaning = zigbee(home, {"ZoneStatusChange": 0x101, "Fire": 1})
    assert meaning.alarm is None and meaning.events == (Happened("self_test", True),)


def test_flags_that_are_sent_only_while_they_are_raised(home: Ear) -> None:
    raised = zigbee(home, {"ZoneStatusChange": 0x0C, "Contact": 0, "Tamper": 1, "BatteryLow": 1})
    assert raised.technical == "low_battery"
    assert {seen.type: seen.value for seen in raised.observations} == {
        "tamper": True,
        "battery_low": True,
        "door_open": False,
    }
    lowered = zigbee(home, {"ZoneStatusChange": 0, "Contact": 0})
    assert ("tamper", False) in {(seen.type, seen.value) for seen in lowered.observations}


def test_parts_per_million_are_no_carbon_monoxide(home: Ear) -> None:
    air = zigbee(home, {"CO2": 1})
    assert air.events == () and [seen.type for seen in air.observations] == ["co2"]


def test_a_zigbee_device_without_its_wrapper_or_on_a_topic_of_its_own(home: Ear) -> None:
    body = {"Device": "0x21AF", "Name": "door", "Contact": 1, "Endpoint": 1, "LinkQuality": 80}
    names = [
        list(by_device(home, {"ZbReceived": {"0x21AF": body}}, "tele/zb/SENSOR")),
        list(by_device(home, {"door": body}, "tele/zb/SENSOR")),
        list(by_device(home, {"ZbReceived": {"door": body}}, "tele/zb/21AF/SENSOR")),
    ]
    assert names == [["tasmota-zb-zigbee-door"]] * 3


def test_a_zigbee_alarm_that_the_broker_remembered_is_to_be_looked_at(home: Ear) -> None:
    meaning = zigbee(home, {"Water": 1}, retain=True)
    assert meaning.alarm is None and meaning.technical == "state_at_start_unclear"
