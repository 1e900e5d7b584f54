"""What the fuzzer begins with: messages of each family, of our own making."""

from bench.fuzz.seeding import of
from bench.fuzz.seeds_radio import RADIO

_INVENTORY = [
    {"type": "Coordinator", "friendly_name": "Coordinator", "ieee_address": "0x00124b00120144ae"},
    {
        "type": "EndDevice",
        "friendly_name": "door",
        "ieee_address": "0x00158d0001a2b3c4",
        "definition": {
            "model": "M1",
            "description": "Door",
            "exposes": [
                {"type": "binary", "property": "contact", "access": 1, "value_on": False, "value_off": True},
                {"type": "numeric", "property": "battery", "access": 1, "unit": "%"},
                {
                    "type": "enum",
                    "property": "action",
                    "access": 1,
                    "values": ["single", "emergency"],
                },
                {"type": "switch", "features": [{"type": "binary", "property": "state", "access": 7}]},
            ],
        },
    },
]

SEEDS: dict[str, list[tuple[str, bytes]]] = {
    **RADIO,
    "zigbee2mqtt": of(
        ("home/z/bridge/state", {"state": "online"}),
        ("home/z/bridge/devices", _INVENTORY),
        ("home/z/bridge/groups", [{"friendly_name": "all"}]),
        ("home/z/door", {"contact": False, "battery": 80, "last_seen": 1_790_000_000_000, "linkquality": 90}),
        ("home/z/door/availability", {"state": "offline"}),
        ("home/z/door/contact", "true"),
        ("home/z/panic", {"action": "emergency", "sos": True, "voltage": 2900}),
        ("home/z/radar", {"fall_status": "fall_alarm", "occupancy": True, "target_distance": 1.2}),
        ("home/z/owon", {"status": "falling", "breathing_rate": 14, "location_x": 10, "location_y": 20}),
        ("home/z/seat", {"pressure_state": "sit", "presence_event": "enter", "state": "ON", "power": 3.5}),
        ("home/z/smoke", {"smoke": True, "test": True, "gas": False, "last_seen": "2026-09-21T14:13:20Z"}),
        ("home/z/bridge/event", {"type": "device_leave", "data": {"friendly_name": "door"}}),
        ("home/z/bridge/state", "offline"),
    ),
    "shelly": of(
        ("shellies/announce", {"id": "shellydw-A1B2C3", "model": "SHDW-2", "mac": "8CAAB5A1B2C3"}),
        ("shellies/shellydw-A1B2C3/online", "true"),
        ("shellies/shellydw-A1B2C3/sensor/state", "open"),
        ("shellies/shellydw-A1B2C3/sensor/battery", "88"),
        ("shellies/shellyflood-A1B2C4/sensor/flood", "false"),
        ("shellies/shellygas-A1B2C5/sensor/gas", "mild"),
        ("shellies/shellybutton1-A1B2C6/input_event/0", {"event": "S", "event_cnt": 4}),
        ("shellies/shellymotionsensor-A1B2C7/status", {"motion": True, "timestamp": 1790000000, "lux": 20, "bat": 90}),
        ("shellies/shelly1pm-A1B2C8/relay/0", "on"),
        ("shellies/shelly1pm-A1B2C8/relay/0/energy", "1200"),
        ("shellies/shelly1pm-A1B2C8/temperature_f", "100.4"),
        (
            "kitchen/events/rpc",
            {
                "src": "shellyplus1pm-a1b2c3d4e5f6",
                "dst": "kitchen/events",
                "method": "NotifyStatus",
                "params": {
                    "ts": 1790000000.5,
                    "switch:0": {"id": 0, "output": True, "source": "button", "apower": 1800.0},
                },
            },
        ),
        (
            "kitchen/events/rpc",
            {
                "src": "shellyplus1pm-a1b2c3d4e5f6",
                "method": "NotifyEvent",
                "params": {"ts": 1790000001.5, "events": [{"component": "input:0", "event": "single_push", "ts": 1.5}]},
            },
        ),
        ("kitchen/status/switch:0", {"id": 0, "output": True, "voltage": 230.1, "aenergy": {"total": 12.5}}),
        ("kitchen/status/smoke:0", {"id": 0, "alarm": False, "mute": False}),
        ("kitchen/status/bthomesensor:200", {"id": 200, "value": 1, "last_updated_ts": 1790000000}),
        (
            "kitchen/rpc",
            {
                "id": 1,
                "src": "shellyplus1pm-a1b2c3d4e5f6",
                "result": {"components": [{"key": "bthomesensor:200", "config": {"obj_id": 33}}]},
            },
        ),
        ("kitchen/online", "false"),
        ("shellies/shellyht-A1B2C9/info", {"tmp": {"value": 68.0, "units": "F"}}),
        ("shellies/shellyht-A1B2C9/sensor/temperature", "68.0"),
        ("kitchen/status/presencezone:200", {"value": True, "num_objects": 1, "errors": ["overtemp"]}),
        (
            "kitchen/events/rpc",
            {
                "src": "shellyplus1pm-a1b2c3d4e5f6",
                "method": "NotifyStatus",
                "params": {
                    "ts": 1790000002.5,
                    "bthomedevice:201": {"battery": 80, "rssi": -60, "last_updated_ts": 1790000002},
                    "blu": {"shellybludw-a1b2c3d4e5f7": {"addr": "a1:b2:c3:d4:e5:f7", "window": [0, 1]}},
                },
            },
        ),
        (
            "kitchen/events/rpc",
            {
                "src": "shellyplus1pm-a1b2c3d4e5f6",
                "method": "NotifyEvent",
                "params": {
                    "events": [
                        {"component": "bthomedevice:201", "event": "hold_press", "idx": 1, "ts": 1790000003.5},
                        {"component": "blu", "event": "button", "data": {"device": "x-a1b2c3d4e5f7", "value": [0, 1]}},
                    ]
                },
            },
        ),
    ),
    "hadiscovery": of(
        (
            "homeassistant/binary_sensor/node1/door/config",
            {
                "name": "Door",
                "stat_t": "~/binary_sensor/door/state",
                "~": "node1",
                "avty_t": "~/status",
                "dev_cla": "door",
                "uniq_id": "x1",
                "dev": {"ids": "a1b2", "cns": [["mac", "a1:b2:c3:d4:e5:f6"]]},
            },
        ),
        ("node1/status", "online"),
        ("node1/binary_sensor/door/state", "ON"),
        (
            "ha/device/gw/config",
            {
                "dev": {"ids": ["gw"]},
                "o": {"name": "gw"},
                "availability": [{"topic": "gw/lwt", "value_template": "{{ value_json.state }}"}],
                "cmps": {
                    "a": {
                        "p": "sensor",
                        "device_class": "temperature",
                        "unit_of_meas": "°F",
                        "stat_t": "gw/t",
                        "uniq_id": "u1",
                        "val_tpl": "{{ value_json.t | float(0) / 10 }}",
                    },
                    "b": {
                        "p": "binary_sensor",
                        "dev_cla": "moisture",
                        "stat_t": "gw/t",
                        "pl_on": "WET",
                        "uniq_id": "u2",
                        "val_tpl": "{{ 'WET' if value_json.w else 'DRY' }}",
                        "off_dly": 5,
                    },
                    "c": {
                        "p": "device_automation",
                        "atype": "trigger",
                        "type": "button_short_press",
                        "t": "gw/b",
                        "pl": "press",
                    },
                    "d": {"p": "event", "stat_t": "gw/e", "evt_typ": ["single"], "uniq_id": "u3"},
                    "e": {"p": "tag", "t": "gw/tag", "val_tpl": "{{ value_json.UID }}"},
                    "f": {"p": "switch", "stat_t": "gw/s", "uniq_id": "u4"},
                },
            },
        ),
        ("gw/t", {"t": 700, "w": True}),
        ("gw/b", "press"),
        ("gw/e", {"event_type": "single"}),
        ("gw/tag", {"UID": "94D8FC5F"}),
        ("gw/s", "ON"),
        ("ha/device_tracker/p1/config", {"json_attributes_topic": "p1/a", "state_topic": "p1/s", "name": "P"}),
        ("p1/a", {"latitude": 30.01, "longitude": 122.2, "gps_accuracy": 4}),
        ("p1/s", "not_home"),
        ("gw/lwt", {"state": "offline"}),
        ("radar2/binary_sensor/fall_detected/state", "ON"),
        ("radar2/sensor/real-time_heart_rate/state", "nan"),
        ("ha/device/gw/config", b""),
    ),
    "tasmota": of(
        (
            "tasmota/discovery/A1B2C3D4E5F6/config",
            {
                "t": "plug1",
                "ft": "%prefix%/%topic%/",
                "tp": ["cmnd", "stat", "tele"],
                "ofln": "Offline",
                "onln": "Online",
                "dn": "Plug",
                "fn": ["Kettle"],
                "mac": "A1B2C3D4E5F6",
                "md": "Sonoff",
                "ver": 1,
                "rl": [1, 0],
                "swc": [-1],
                "btn": [0],
                "so": {"4": 0},
                "state": ["OFF", "ON", "TOGGLE", "HOLD"],
            },
        ),
        ("tasmota/discovery/A1B2C3D4E5F6/sensors", {"sn": {"Time": "2026-09-21T16:13:20", "Switch1": "ON"}, "ver": 1}),
        ("tele/plug1/LWT", "Online"),
        ("tele/plug1/STATE", {"Time": "2026-09-21T16:13:20", "POWER": "ON", "Wifi": {"RSSI": 80, "Signal": -60}}),
        ("stat/plug1/RESULT", {"POWER": "OFF"}),
        ("stat/plug1/POWER", "OFF"),
        (
            "tele/plug1/SENSOR",
            {
                "Time": "2026-09-21T16:13:20",
                "ENERGY": {"Total": 1.5, "Power": [3, 4], "Voltage": 230},
                "DS18B20-1": {"Id": "00A1", "Temperature": 20.5},
                "AM2301": {"Temperature": 70.5, "Humidity": 40},
                "TempUnit": "F",
            },
        ),
        (
            "tele/bridge/SENSOR",
            {
                "ZbReceived": {
                    "0x1A2B": {
                        "Device": "0x1A2B",
                        "Name": "door",
                        "Contact": 1,
                        "Occupancy": 1,
                        "Power": 1,
                        "BatteryPercentage": 5,
                        "ZoneStatus": 1,
                        "LinkQuality": 90,
                    }
                }
            },
        ),
        ("tele/radar/SENSOR", {"LD2410": {"Distance": [200.0, 1.0, 2.0], "Energy": [3, 4]}, "LD2410S": {"People": 2}}),
        ("tele/tag/SENSOR", {"IBEACON": {"MAC": "A1B2C3D4E5F7", "RSSI": -50, "STATE": "ON"}, "PN532": {"UID": "94D8"}}),
        ("stat/plug1/STATUS8", {"StatusSNS": {"Time": "2026-09-21T16:13:20", "Switch1": "ON"}}),
        ("stat/plug1/SWITCH1", {"STATE": "ON"}),
        ("stat/plug1/DEEPSLEEP", {"DeepSleep": {"Time": "2026-09-21T16:13:20", "Epoch": 1790000000}}),
        ("tele/rf/RESULT", {"RfReceived": {"Data": "0x7028D2", "Bits": 24}}),
        ("tele/plug1/LWT", "Offline"),
    ),
    "sensorlogger": of(
        (
            "free/phone",
            {
                "messageId": 3,
                "sessionId": "s",
                "deviceId": "d",
                "payload": [
                    *(
                        {
                            "name": "totalacceleration",
                            "time": 1790000000000000000 + 20_000_000 * n,
                            "values": {"x": 0.1, "y": 9.7, "z": 0.5},
                        }
                        for n in range(8)
                    ),
                    {"name": "battery", "time": 1790000000000000000, "values": {"batteryLevel": 0.8}},
                    {"name": "location", "time": 1790000000000000000, "values": {"latitude": 30.0, "longitude": 122.0}},
                ],
            },
        ),
        (
            "free/phone",
            {
                "messageId": 4,
                "sessionId": "s",
                "deviceId": "d",
                "payload": [{"name": "accelerometer", "time": 1790000001000000000, "values": {"x": 0, "y": 0, "z": 0}}],
            },
        ),
    ),
    "wearables": of(
        ("w/bangle", {"t": "act", "stp": 12, "hrm": 74, "rt": 1}),
        ("w/bangle", {"t": "act", "act": "not_worn", "ts": 1790000000000}),
        ("w/move", {"Body": {"Timestamp": 5, "ArrayAcc": [{"x": 0.1, "y": 0.2, "z": 9.8}]}, "Uri": "Meas/Acc/13"}),
        ("w/esp", {"accx": 0.1, "accy": 0.2, "accz": 9.8}),
        ("w/ground", {"d": {"device_id": "a", "traces": [{"x": [0.1, 0.2], "y": [0, 0], "z": [0, 0], "sr": 31.25}]}}),
        ("w/sleep", {"event": "sleep_tracking_started"}),
        ("motion-capture/sensor-2", bytes(48)),
    ),
    "traccar": of(
        (
            "gps/positions",
            {
                "position": {
                    "fixTime": "2026-09-21T14:13:20.000+00:00",
                    "valid": True,
                    "latitude": 30.01,
                    "longitude": 122.2,
                    "speed": 2.5,
                    "accuracy": 12.0,
                    "attributes": {"batteryLevel": 55, "charge": False},
                },
                "device": {"uniqueId": "359586010000009", "name": "pendant"},
            },
        ),
        (
            "gps/events",
            {
                "event": {
                    "type": "alarm",
                    "eventTime": "2026-09-21T14:13:20.000+00:00",
                    "positionId": 5,
                    "attributes": {"alarm": "sos,lowBattery,removing"},
                },
                "device": {"uniqueId": "359586010000009"},
                "position": {
                    "fixTime": "2026-09-21T14:00:00.000+00:00",
                    "valid": True,
                    "latitude": 30.0,
                    "longitude": 122.1,
                },
            },
        ),
        (
            "gps/events",
            {
                "event": {"type": "geofenceExit", "eventTime": "2026-09-21T14:13:20.000+00:00"},
                "geofence": {"name": "home"},
                "device": {"uniqueId": "359586010000009"},
            },
        ),
        (
            "gps/events",
            {
                "event": {"type": "deviceOffline", "eventTime": "2026-09-21T14:13:20.000+00:00"},
                "device": {"uniqueId": "359586010000009"},
            },
        ),
    ),
    "senml": of(
        (
            "gw/7/up",
            [
                {
                    "bn": "urn:dev:mac:0024befffe804ff1:",
                    "bt": 1_790_000_000,
                    "n": "temp",
                    "u": "Cel",
                    "v": 20.5,
                    "s": 7,
                },
                {"n": "open", "t": -5, "vb": True},
                {"bu": "lat", "bv": 1, "v": 47, "note_": 1},
            ],
        ),
        ("gw/8/up", bytes.fromhex("82a42165646576393a006474656d70016343656c02f94d20a300646f70656e04f50601")),
        ("gw/9/up", bytes.fromhex("9fbf21626439006174016343656c02c48221196ab3ffff")),
    ),
    "sparkplug": of(
        ("spBv1.0/g/NBIRTH/n", {"seq": 0, "metrics": [{"name": "bdSeq", "value": 1}]}),
        (
            "spBv1.0/g/DBIRTH/n/d",
            {"timestamp": 1_790_000_000_000, "seq": 1, "metrics": [{"name": "Motion", "alias": 3, "value": False}]},
        ),
        (
            "spBv1.0/g/DDATA/n/d",
            bytes.fromhex("0880a8d68d8c34120410037001120f0a0454656d702801180565000048421802"),
        ),
        ("spBv1.0/g/DDEATH/n/d", {"seq": 3}),
        ("spBv1.0/g/NDEATH/n", {"metrics": [{"name": "bdSeq", "value": 1}]}),
    ),
    "owntracks": of(
        ("owntracks/a/b", {"_type": "location", "lat": 30.0, "lon": 122.2, "acc": 9, "tst": 1_790_000_000, "batt": 71}),
        ("owntracks/a/b/event", {"_type": "transition", "event": "leave", "desc": "home", "tst": 1_790_000_000}),
        ("owntracks/a/b/step", {"_type": "steps", "steps": 12, "from": 1_789_999_000, "to": 1_790_000_000}),
        ("owntracks/a/b", {"_type": "lwt", "tst": 1_790_000_000}),
        ("owntracks/a/b", {"_type": "encrypted", "data": "AAAA"}),
    ),
}
