"""MQTT's packets against the standard's own examples, and against paho's way of writing them."""

import pytest

from schemas import mqtt


def test_a_connection_keeps_its_session_unless_it_is_clean() -> None:
    kept = mqtt.connect("gateway", "u", "p", 10, clean=False)
    assert kept == b"\x10\x19\x00\x04MQTT\x04\xc0\x00\x0a\x00\x07gateway\x00\x01u\x00\x01p"
    assert mqtt.connect("g", None, None, 60, clean=True) == b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01g"


def test_a_subscription_asks_for_all_filters_at_once() -> None:
    assert mqtt.subscribe(["a/b", "#"], 7, 1) == b"\x82\x0c\x00\x07\x00\x03a/b\x01\x00\x01#\x01"


def test_a_message_has_a_packet_id_at_qos_1_only() -> None:
    assert mqtt.publish("a/客", b"xy") == b"\x30\x09\x00\x05a/\xe5\xae\xa2xy"
    assert mqtt.publish("a", b"x", 258, retain=True) == b"\x33\x06\x00\x01a\x01\x02x"
    assert mqtt.puback(258) == b"\x40\x02\x01\x02"


@pytest.mark.parametrize(
    ("size", "head"), [(0, 1), (127, 1), (128, 2), (16_383, 2), (16_384, 3), (2_097_151, 3), (2_097_152, 4)]
)
def test_lengths_of_every_number_of_bytes_come_back(size: int, head: int) -> None:
    topic, payload = "t", bytes(max(0, size - 3))
    packet = mqtt.publish(topic, payload)
    begin, end = mqtt.body_at(b"##" + packet, 2) or (0, 0)
    assert packet[begin - 2 : end - 2] == b"\x00\x01t" + payload
    assert begin - 2 == 1 + (head if size >= 3 else 1) and end == len(packet) + 2


def test_what_is_not_whole_is_waited_for_and_a_length_without_end_is_none() -> None:
    packet = mqtt.publish("topic", bytes(300))
    assert all(mqtt.body_at(packet[:cut], 0) is None for cut in range(1, len(packet)))
    with pytest.raises(ValueError, match="four bytes"):
        mqtt.body_at(b"\x30\xff\xff\xff\xff\x7f", 0)
