"""What the fuzzer begins with: messages of each family, of our own making."""

import json
from typing import Any


def _of(*messages: tuple[str, Any]) -> list[tuple[str, bytes]]:
    return [
        (
            topic,
            body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode(),
        )
        for topic, body in messages
    ]


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
    "zigbee2mqtt": _of(
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
    "owntracks": _of(
        ("owntracks/a/b", {"_type": "location", "lat": 30.0, "lon": 122.2, "acc": 9, "tst": 1_790_000_000, "batt": 71}),
        ("owntracks/a/b/event", {"_type": "transition", "event": "leave", "desc": "home", "tst": 1_790_000_000}),
        ("owntracks/a/b/step", {"_type": "steps", "steps": 12, "from": 1_789_999_000, "to": 1_790_000_000}),
        ("owntracks/a/b", {"_type": "lwt", "tst": 1_790_000_000}),
        ("owntracks/a/b", {"_type": "encrypted", "data": "AAAA"}),
    ),
}
