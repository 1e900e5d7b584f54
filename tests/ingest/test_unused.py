"""Which parts of a payload were not used: by leaving them out, within bounds."""

import json
import time
from typing import Any

import pytest

from ingest import unused as looking
from ingest.unused import unused


def reading(*used: str) -> Any:
    """Return a decoder that takes these values, objects in objects by a point."""

    def means(payload: bytes) -> Any:
        body, found = json.loads(payload), []
        for way in used:
            value: Any = body
            for name in way.split("."):
                value = value.get(name) if isinstance(value, dict) else None
            found.append(value)
        return found

    return means


def of(body: Any, *used: str) -> list[str] | None:
    return unused(json.dumps(body).encode(), reading(*used))


def test_parts_are_named_where_they_stand_and_whole_objects_once() -> None:
    body = {"ENERGY": {"Power": 3, "Factor": 1}, "Time": "x", "Wifi": {"SSId": "home", "RSSI": 40}}
    assert of(body, "ENERGY.Power") == ["ENERGY.Factor", "Time", "Wifi"]
    assert of(body, "ENERGY.Power", "ENERGY.Factor", "Time", "Wifi.SSId", "Wifi.RSSI") == []


def test_what_is_said_twice_is_used_once() -> None:
    def means(payload: bytes) -> Any:
        body = json.loads(payload)
        return body.get("lux", body.get("raw"))

    assert unused(b'{"raw":5,"lux":5}', means) == ["raw"]


@pytest.mark.parametrize("payload", [b"", b"ON", b"[1]", b'{"a":', b"\xff{}", b'{"a":1}' + b" " * 20_000])
def test_what_is_no_object_or_too_large_is_not_looked_at(payload: bytes) -> None:
    assert unused(payload, lambda _: 1) is None


def test_a_payload_of_thousands_of_parts_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def slow(payload: bytes) -> Any:
        asked.append(payload)
        until = time.thread_time() + 0.002
        while time.thread_time() < until:
            pass
        return payload

    body = json.dumps({f"k{number}": number for number in range(500)}).encode()
    assert unused(body, slow) == []
    assert len(asked) <= looking.MOST_SECONDS / 0.002 + 2
    monkeypatch.setattr(looking, "MOST_SECONDS", 60)
    asked.clear()

    def counted(payload: bytes) -> Any:
        asked.append(payload)
        return payload

    assert unused(body, counted) == []
    assert len(asked) == looking.MOST_PARTS + 1
