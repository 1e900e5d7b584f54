"""Why a message means what it means: each code of ``why``, and what of a payload was not used."""

import json
from typing import Any

import pytest

from ingest.given import Given, Wrong, message_of
from ingest.interpreter import Interpreter
from tests.ingest.frames import payload

SECOND_US = 1_000_000
NOW_US = 1_790_000_000_000_000


class Reader:
    """An interpreter that is told messages one second after the other."""

    def __init__(self, **options: Any) -> None:
        self._interpreter = Interpreter(**options)
        self._now_us = NOW_US

    def __call__(self, topic: str, payload: Any, *, retain: bool = False, after_s: float = 1) -> dict[str, Any]:
        self._now_us += round(after_s * SECOND_US)
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        return self._interpreter.say(Given(topic, data, retain, self._now_us))


def own(seq: int, **fields: Any) -> dict[str, Any]:
    return {"boot": 1, "seq": seq, "t_us": 3_600_000_000 + seq * SECOND_US, **fields}


def test_a_first_value_a_repetition_and_a_change_are_told_apart() -> None:
    read = Reader()
    said = [read("zigbee2mqtt/hall", {"contact": closed, "battery": 80}) for closed in (False, False, True)]
    assert [one["why"]["kind"] for one in said] == ["event", "repeat", "event"]
    assert [one["why"]["events"] for one in said] == [["first"], [], ["change"]]
    assert [one["why"]["observations"] for one in said] == [["first"], ["repeat"], ["repeat"]]
    assert said[1]["why"]["not_events"] == [{"type": "door_open", "value": True, "why": "repeat"}]
    assert said[0]["why"]["not_events"] == said[2]["why"]["not_events"] == []


def test_a_state_that_is_told_with_its_event_is_first_too() -> None:
    read = Reader()
    config = {"name": "Door", "uniq_id": "u1", "stat_t": "esp/door/state", "dev_cla": "door", "dev": {"ids": ["d1"]}}
    assert read("homeassistant/binary_sensor/x/config", config)["why"]["kind"] == "announcement"
    said = [read("esp/door/state", word.encode()) for word in ("ON", "ON", "OFF")]
    assert said[0]["why"]["recognised"] == "announced"
    assert [one["why"]["observations"] for one in said] == [["first"], ["repeat"], ["change"]]
    assert [one["why"]["events"] for one in said] == [["first"], [], ["change"]]


def test_a_better_radio_link_alone_is_no_change() -> None:
    read = Reader()
    assert read("zigbee2mqtt/lamp", {"linkquality": 90})["why"]["kind"] == "change", "never heard before"
    read("zigbee2mqtt/hall", {"battery": 80, "linkquality": 90})
    assert read("zigbee2mqtt/hall", {"battery": 80, "linkquality": 91})["why"]["kind"] == "repeat"
    assert read("zigbee2mqtt/hall", {"battery": 79, "linkquality": 91})["why"]["kind"] == "change"


def test_what_the_broker_remembered_is_no_event_and_says_so() -> None:
    said = Reader()("zigbee2mqtt/bath", {"water_leak": True, "battery": 80}, retain=True)
    assert (said["alarm"], said["events"]) == (None, [])
    assert (said["why"]["kind"], said["why"]["alarm"]) == ("remembered", "remembered")
    assert said["why"]["not_events"] == [{"type": "water_leak", "value": True, "why": "remembered"}]
    assert set(said["why"]["observations"]) == {"remembered"}
    assert "look" in said["why"]["sentence"]


def test_a_press_rings_once_and_its_second_telling_is_a_duplicate() -> None:
    read = Reader()
    first, again, later = (read("zigbee2mqtt/cord", {"action": "emergency"}, after_s=s) for s in (1, 1, 60))
    assert (first["why"]["events"], first["why"]["alarm"]) == (["press"], "happened")
    assert (again["why"]["kind"], again["why"]["alarm"]) == ("duplicate", "duplicate")
    assert later["why"]["events"] == ["press"]


def test_an_alarm_that_only_stands_does_not_ring_and_the_reason_is_the_repetition() -> None:
    read = Reader()
    assert read("zigbee2mqtt/k", {"smoke": True})["why"]["alarm"] == "happened"
    assert read("zigbee2mqtt/k", {"smoke": True})["why"]["alarm"] == "repeat"
    assert read("zigbee2mqtt/k", {"smoke": False})["why"]["alarm"] == "none"


def test_a_zone_that_is_left_alarms_only_by_a_rule() -> None:
    body = {"_type": "transition", "event": "leave", "desc": "Home", "tst": NOW_US // SECOND_US}
    said = Reader()("owntracks/li/phone/event", body)
    assert (said["alarm"], said["why"]["alarm"], said["why"]["kind"]) == ("by_rule", "by_rule", "event")
    assert said["why"]["events"] == ["told"], "the phone says so: no value had to change"


def test_a_state_that_shows_somebody_is_a_sign_and_no_event() -> None:
    said = Reader()("zigbee2mqtt/radar", {"presence": True, "target_distance": 1.2})
    assert (said["events"], said["why"]["signs"], said["why"]["kind"]) == ([], ["presence"], "change")


@pytest.mark.parametrize(
    ("topic", "payload", "retain", "kind"),
    [
        ("zigbee2mqtt/lamp/set", {"state": "ON"}, False, "plumbing"),
        ("zigbee2mqtt/bridge/logging", {"level": "info"}, False, "plumbing"),
        ("zigbee2mqtt/gone", b"", True, "deleted"),
        ("zigbee2mqtt/bridge/devices", [], True, "announcement"),
        ("zigbee2mqtt/bridge/groups", [{"friendly_name": "all"}], True, "announcement"),
        ("zigbee2mqtt/door", b"{", False, "refused"),
        ("nobodys/topic", {"x": 1}, False, "unknown"),
        ("nobodys/topic", {"x": 1}, True, "waiting"),
        ("zigbee2mqtt/bridge/event", {"type": "device_joined", "data": {}}, False, "plumbing"),
        ("zigbee2mqtt/door", {"contact": None}, False, "unread"),
        ("owntracks/li/phone", {"_type": "encrypted", "data": "x"}, False, "unread"),
        ("sw/v1/w1/status", b"", True, "deleted"),
        ("sw/v1/w1/ack", {}, False, "plumbing"),
        ("sw/v1/w1/imu", payload(1), False, "stream"),
        ("sw/v1/w1/imu", payload(1), True, "remembered"),
        ("sw/v1/w1/state", {"boot": 1}, False, "refused"),
        ("sw/v1/w1/event", own(3, type="sos"), True, "remembered"),
    ],
)  # fmt: skip
def test_each_kind_of_message_is_called_by_its_name(topic: str, payload: Any, retain: bool, kind: str) -> None:
    assert Reader()(topic, payload, retain=retain)["why"]["kind"] == kind


def test_how_a_family_was_recognised() -> None:
    read = Reader(bases=("given",), phones="")
    assert read("given/door", {"contact": True})["why"]["recognised"] == "configured"
    assert read("home/zb/bridge/state", {"state": "online"})["why"]["recognised"] == "structure"
    door = read("home/zb/door", {"contact": True})["why"]
    assert (door["recognised"], door["base"], door["family"]) == ("base", "home/zb", "zigbee2mqtt")
    assert read("sw/v1/w1/state", own(1, battery=50))["why"]["recognised"] == "own"


def test_where_the_time_comes_from() -> None:
    read = Reader()
    at = {"now": "2026-09-21T14:13:25Z", "next year": "2027-09-21T14:13:25Z"}
    assert read("zigbee2mqtt/a", {"contact": True})["why"]["time"] == "no_time"
    assert read("zigbee2mqtt/a", {"contact": False, "last_seen": at["now"]})["why"]["time"] == "device"
    assert read("zigbee2mqtt/a", {"contact": True, "last_seen": at["next year"]})["why"]["time"] == "not_believed"
    bridge_s_own = read("zigbee2mqtt/b", {"occupancy": True, "last_seen": at["now"]})
    timer = read("zigbee2mqtt/b", {"occupancy": False, "last_seen": at["now"]})
    assert (bridge_s_own["why"]["time"], timer["why"]["time"]) == ("device", "made_by_gateway")
    assert read("sw/v1/w1/state", own(1, battery=50))["why"]["time"] == "boot_clock"
    assert read("sw/v1/w1/state", own(2, battery=50, utc_us=5))["why"]["time"] == "not_believed"


def test_the_same_message_of_our_own_device_twice_is_a_duplicate() -> None:
    read = Reader()
    first, again = (read("sw/v1/w1/event", own(7, type="sos")) for _ in range(2))
    assert (first["why"]["kind"], first["why"]["events"], first["why"]["duplicate"]) == ("event", ["told"], False)
    assert (again["why"]["kind"], again["why"]["duplicate"]) == ("duplicate", True)


def test_what_of_a_payload_was_not_used_is_named_by_its_path() -> None:
    body = {"contact": False, "battery": 80, "sensitivity": "high", "update": {"state": "idle"}, "colour": None}
    read = Reader()
    assert read("zigbee2mqtt/door", body)["unused"] == ["sensitivity", "update"]
    # Used all the same, though it says nothing new.
    assert read("zigbee2mqtt/door", body)["unused"] == ["sensitivity", "update"]
    assert "unused" not in read("zigbee2mqtt/door", {"contact": False})
    assert "unused" not in read("zigbee2mqtt/door/set", {"contact": False, "x": 1})


def test_the_parts_are_looked_at_only_where_somebody_asks() -> None:
    given = Given("zigbee2mqtt/door", b'{"contact":false,"x":1}', False, NOW_US)
    assert "unused" in Interpreter().say(given)
    assert "unused" not in Interpreter().say(given, parts=False)


def test_a_phones_fix_told_twice_is_a_duplicate_and_its_parts_that_are_no_data_are_named() -> None:
    read = Reader()
    body = {"_type": "location", "lat": 31.2, "lon": 121.4, "acc": 9, "tst": NOW_US // SECOND_US, "conn": "w"}
    first, again = read("owntracks/li/phone", body), read("owntracks/li/phone", body)
    assert (first["why"]["kind"], again["why"]["kind"]) == ("change", "duplicate")
    assert first["unused"] == ["conn"]
    assert first["why"]["observations"] == ["first"]


@pytest.mark.parametrize("told", [[], {"payload": 1, "topic": 3}, {"topic": "a"}, {"topic": "\ud800", "payload": 1}])
def test_what_is_no_message_is_refused_with_a_sentence(told: Any) -> None:
    with pytest.raises(Wrong, match=r"\."):
        message_of(told)
