"""What the fuzzer begins with, of what is heard by radio: Bluetooth, LoRa. Messages of our own making."""

from bench.fuzz.seeding import of

RADIO: dict[str, list[tuple[str, bytes]]] = {
    "theengs": of(
        ("home/gate1/LWT", "online"),
        (
            "home/gate1/BTtoMQTT/A1B2C3D4E5F6",
            {
                "id": "A1:B2:C3:D4:E5:F6",
                "rssi": -60,
                "model": "ShellyBLU Door/Window",
                "model_id": "SBDW-002C",
                "type": "CTMO",
                "packet": 9,
                "batt": 90,
                "lux": 20,
                "open": True,
            },
        ),
        ("home/gate2/BTtoMQTT/A1B2C3D4E5F6", {"id": "A1:B2:C3:D4:E5:F6", "packet": 9, "open": True, "rssi": -80}),
        (
            "home/gate1/BTtoMQTT/A1B2C3D4E5F7",
            {"model": "Button", "packet": 3, "button": 1, "button2": 3, "button3": 254},
        ),
        (
            "home/gate1/BTtoMQTT/A1B2C3D4E5F8",
            {"model": "Strap", "bpm": 71, "act_bpm": "70", "steps": 900, "track": True},
        ),
        ("home/gate1/BTtoMQTT/A1B2C3D4E5F9", {"servicedata": "44000a0141210120002d01", "servicedatauuid": "0xfcd2"}),
        ("home/gate1/BTtoMQTT/A1B2C3D4E5FA", {"tempf": "70.5", "hum": "45.5", "pres": 1001.5, "volt": 2.9}),
        ("home/presence/gate1", {"id": "A1:B2:C3:D4:E5:FB", "presence": "absent"}),
        ("home/gate1/433toMQTT", {"value": 5592405, "protocol": 1}),
        (
            "a1:b2:c3:d4:e5:fd",
            {"addr": "a1:b2:c3:d4:e5:fd", "service_data": {"BTHome_version": 2, "pid": 8, "button": [0, 1]}},
        ),
        ("blu/events/a1:b2:c3:d4:e5:fc", {"BTHome_version": 2, "pid": 7, "address": "a1:b2:c3:d4:e5:fc", "window": 1}),
        ("home/gate1/LWT", "offline"),
    ),
    "bthome": of(
        ("", bytes.fromhex("400009014102ca0903bf133a01")),
        ("", bytes.fromhex("443a003a023a80")),
        ("", bytes.fromhex("41a1b2c3")),
        ("", bytes.fromhex("40210123012d00530268690c340cfe00")),
    ),
    "espresense": of(
        ("esp/devices/irk:a1b2/kitchen", {"mac": "a1b2", "distance": 1.2, "rssi": -60, "var": 0.2, "batt": 80}),
        ("esp/devices/irk:a1b2/bedroom", {"distance": 6.5, "rssi": -80}),
        ("esp/rooms/kitchen/status", "online"),
        ("esp/rooms/kitchen/motion", "ON"),
        ("esp/rooms/kitchen/button_1", "ON"),
        ("esp/rooms/kitchen/bme280_temperature", "21.5"),
        ("esp/rooms/bedroom/raw_weight", "8388607"),
    ),
    "chirpstack": of(
        (
            "application/a1/device/0a0b0c0d0e0f0a0b/event/up",
            {
                "time": "2026-09-21T14:13:20.1234567Z",
                "deviceInfo": {"devEui": "0a0b0c0d0e0f0a0b"},
                "devAddr": "00112233",
                "fCnt": 7,
                "data": "AQID",
                "rxInfo": [{"rssi": -90}],
                "object": {"battery": 90, "magnet_status": "open", "pir": "trigger"},
            },
        ),
        (
            "application/a1/device/0a0b0c0d0e0f0a0c/event/up",
            {
                "deviceInfo": {"devEui": "0a0b0c0d0e0f0a0c"},
                "fCnt": 8,
                "object": {
                    "detection_status": "occupied",
                    "events": [{"alarm_id": 3, "alarm_type": "fall", "alarm_status": "triggered"}],
                },
            },
        ),
        (
            "application/a1/device/0a0b0c0d0e0f0a0e/event/up",
            {
                "fPort": 106,
                "fCnt": 2,
                "rxInfo": [{"gatewayId": "00800000a00016b6", "rssi": -70}],
                "object": {
                    "status": 1,
                    "battery": 3,
                    "temperatureBoard": 21,
                    "occupancy": 2,
                    "button_event": {"status": "short press"},
                    "button_2": 1,
                    "geofence_status": "inside",
                    "temperature_chn2": 4.5,
                    "type": "smoke sensor",
                    "event": "alarm",
                    "gpsLocation": {"1": {"latitude": 30.0, "longitude": 122.0}},
                    "data": {"Latitude": 30.1, "Longitud": 122.2, "Alarm": "TRUE", "Sound_key": "OPEN"},
                },
            },
        ),
        ("eu868/gateway/00800000a00016b6/state/conn", {"gatewayId": "00800000a00016b6", "state": "OFFLINE"}),
        ("application/a1/device/0a0b0c0d0e0f0a0d/event/up", {"devEUI": "0a0b0c0d0e0f0a0d", "data": "AQID"}),
        ("application/a1/device/0a0b0c0d0e0f0a0d/event/status", {"batteryLevel": 88.3, "margin": 5}),
        ("application/a1/device/0a0b0c0d0e0f0a0d/event/location", {"location": {"latitude": 30.0, "longitude": 122.1}}),
        ("application/a1/device/0a0b0c0d0e0f0a0d/event/log", {"level": "ERROR", "code": "UPLINK_MIC"}),
    ),
    "ttn": of(
        (
            "v3/app@tenant/devices/door-1/up",
            {
                "end_device_ids": {"dev_eui": "0A0B0C0D0E0F0A0B"},
                "uplink_message": {
                    "received_at": "2026-09-21T14:13:20Z",
                    "session_key_id": "s",
                    "f_cnt": 4,
                    "decoded_payload": {
                        "DOOR_OPEN_STATUS": 1,
                        "BatV": 3.1,
                        "motion": 3,
                        "vdd": 3600,
                        "button": "short",
                        "sos": True,
                    },
                    "rx_metadata": [{"rssi": -80}],
                },
            },
        ),
        ("v3/app@tenant/devices/door-1/up", {"simulated": True, "uplink_message": {"decoded_payload": {"sos": True}}}),
        (
            "v3/app@tenant/devices/air-1/up",
            {
                "uplink_message": {
                    "f_cnt": 5,
                    "frm_payload": "AQ==",
                    "normalized_payload": [
                        {
                            "air": {"temperature": 20.5},
                            "action": {"motion": {"detected": True}, "contactState": "open"},
                            "battery": 3.1,
                        }
                    ],
                }
            },
        ),
        ("v3/app@tenant/devices/air-1/up", {"uplink_message": {"f_cnt": 6, "frm_payload": "AQ=="}}),
        (
            "v3/a@t/devices/air-1/location/solved",
            {"location_solved": {"location": {"latitude": 30.0, "longitude": 122}}},
        ),
    ),
    "meshtastic": of(
        (
            "msh/EU_868/2/json/LongFast/!0a0b0c0d",
            {
                "from": 168496141,
                "id": 77,
                "type": "position",
                "timestamp": 1790000000,
                "payload": {
                    "latitude_i": 300100000,
                    "longitude_i": 1222000000,
                    "precision_bits": 16,
                    "time": 1790000000,
                },
            },
        ),
        (
            "msh/EU_868/2/json/LongFast/!0a0b0c0d",
            {
                "from": -5,
                "id": 78,
                "type": "telemetry",
                "payload": {"battery_level": 101, "voltage": 4.1, "temperature": 21.5, "relative_humidity": 50},
            },
        ),
        (
            "msh/2/json/LongFast/!0a0b0c0d",
            {"from": 168496141, "id": 79, "type": "nodeinfo", "payload": {"id": "!0a0b0c0d", "longname": "garden"}},
        ),
        (
            "msh/2/json/LongFast/!0a0b0c0d",
            {"sender": "!0a0b0c0d", "id": 80, "type": "detection", "payload": {}},
        ),
    ),
}
