"""Real messages of real devices, where this machine has them (``../shared/devices/samples``), and how we agree.

Each sample says what a correct platform understands. Agreement is by category: observations and events expected must be
said, nothing may alarm that should not, times and technical alerts must be the same.
"""

import json
from pathlib import Path
from typing import Any

from stack.cli_decode import Given, Interpreter

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "devices" / "samples"
CATEGORIES = ("observations", "events", "alarm", "time", "technical_alert", "unknown", "parse_error", "ignore")


def load(prefix: str) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(FOLDER.glob(f"{prefix}-*.json"))]


def payload_of(sample: dict[str, Any]) -> bytes:
    if sample["payload_format"] == "hex":
        return bytes.fromhex(sample["payload"])
    raw = sample.get("payload_raw")
    if raw is not None:
        return str(raw).encode()
    payload = sample["payload"]
    return payload.encode() if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False).encode()


def said_of(sample: dict[str, Any]) -> dict[str, Any]:
    return Interpreter().say(Given(sample["topic"] or "", payload_of(sample), bool(sample["retain"])))


def disagreements(sample: dict[str, Any], said: dict[str, Any]) -> list[str]:
    """Return the categories in which we differ from what the sample expects."""
    expect = sample["expect"]
    wrong = [key for key in ("observations", "events") if not _holds(expect.get(key, []), said[key])]
    wrong += [key for key in ("alarm", "time", "technical_alert") if key in expect and expect[key] != said.get(key)]
    if "technical_alert" not in expect and "technical_alert" in said:
        wrong.append("technical_alert")
    if not set(expect.get("unknown", [])) <= set(said.get("unknown", [])):
        wrong.append("unknown")
    if expect.get("parse_error") and "quarantine" not in said:
        wrong.append("parse_error")
    if expect.get("ignore") and (said["observations"] or said["events"] or "quarantine" in said):
        wrong.append("ignore")
    if "device_count" in expect and expect["device_count"] != said.get("device_count"):
        wrong.append("entities")
    return wrong


def _holds(expected: list[dict[str, Any]], said: list[dict[str, Any]]) -> bool:
    return all(any(all(item.get(key) == each[key] for key in each) for item in said) for each in expected)
