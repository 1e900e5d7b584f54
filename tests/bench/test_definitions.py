"""``python -m bench definitions``: the judge sees what is wrong, and what is mapped stays mapped."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from bench.definitions import playing
from bench.definitions.command import main, measured, read
from bench.definitions.playing import judged
from ingest.decoders import z2m_names, z2m_values

PATH = Path(__file__).resolve().parents[3] / "shared" / "devices" / "z2m_exposes.json.gz"
#: Mapped on 2026-12-01 (zigbee-herdsman-converters 26.112.0); fewer is worse.
MAPPED = {
    "occupancy": 209, "presence": 70, "contact": 137, "sos": 29, "action": 650, "fall": 3, "vibration": 19, "bed": 2,
    "water_leak": 79, "smoke": 53, "gas": 30, "carbon_monoxide": 20, "battery": 1273, "tamper": 265,
    "temperature": 459, "humidity": 288, "illuminance": 198,
}  # fmt: skip


def device(*exposes: dict[str, Any], model: str = "M1", description: str = "Sensor") -> dict[str, Any]:
    return {"model": model, "vendor": "V", "description": description, "exposes": list(exposes)}


def binary(name: str, **more: Any) -> dict[str, Any]:
    return {"type": "binary", "name": name, "property": name, "access": 1, "value_on": True, "value_off": False} | more


def test_right_wrong_and_unmapped_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(device(binary("smoke"))) == [("smoke", "smoke", "right", "")]
    assert judged(device(binary("smoke", access=2))) == [("smoke", "smoke", "", "not published")]
    assert judged(device(binary("tamper_other"))) == [("tamper", "tamper_other", "", "not understood")]
    monkeypatch.setattr(z2m_names, "FALSE_IS_OPEN", frozenset())
    ((_, _, verdict, _),) = judged(device(binary("garage_door_contact")))
    assert verdict == "wrong"


def test_a_call_that_is_not_heard_as_one_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    keypad = device({"type": "enum", "name": "action", "property": "action", "access": 1, "values": ["panic", "arm"]})
    assert {verdict for _, _, verdict, _ in judged(keypad)} == {"right"}
    monkeypatch.setattr(z2m_values, "SOS_ACTIONS", frozenset())
    assert {care: verdict for care, _, verdict, _ in judged(keypad)} == {"action": "wrong", "sos": ""}


def test_a_setting_that_says_something_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = device(binary("vibration", access=3))
    assert judged(asked) == [("vibration", "vibration", "", "a setting")]
    monkeypatch.setattr("ingest.decoders.z2m_schema._NEVER_SET", frozenset())
    assert judged(asked)[0][2] == playing._WRONG


def test_the_command_reads_a_list_and_refuses_what_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = tmp_path / "list.json.gz"
    listed.write_bytes(gzip.compress(json.dumps({"devices": [device(binary("smoke"))]}).encode()))
    assert main([str(listed), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]["smoke"]["mapped"] == 1
    assert main([str(listed)]) == 0
    assert "| smoke | 1 | 1 | 0 | none |" in capsys.readouterr().out
    (tmp_path / "none").write_text("no list")
    assert main([str(tmp_path / "none")]) == 2


@pytest.mark.recordings
@pytest.mark.skipif(not PATH.is_file(), reason="needs the list of Zigbee definitions in ../shared/devices")
def test_of_all_definitions_nothing_is_understood_wrongly_and_no_less_than_before() -> None:
    found = measured(read(PATH))
    assert {care: each["wrong"] for care, each in found.items() if each["wrong"]} == {}
    fewer = {care: found[care]["mapped"] for care, before in MAPPED.items() if found[care]["mapped"] < before}
    assert fewer == {}
