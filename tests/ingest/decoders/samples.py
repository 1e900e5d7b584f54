"""Real messages of real devices, where this machine has them (``../shared/devices/samples``), and how we agree.

Each sample says what a correct platform understands. Agreement is by category: observations and events expected must be
said, nothing may alarm that should not, times and technical alerts must be the same.
"""

import json
from pathlib import Path
from typing import Any

from ingest.given import Given
from ingest.interpreter import Interpreter

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "devices" / "samples"
#: What a sample may say beside the platform's form, and how we say it: as it is.
FACTS = ("stream", "samples", "rate_hz", "time_local", "record_count", "accel_counts", "device_ms", "position_age_s",
         "historical", "interval", "needs_key", "seq_gap", "expected_silence_until")  # fmt: skip
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
    """Return what ``shouwang decode --sequence`` says of a sample, after those that its context needs."""
    interpreter = Interpreter()
    for needed in needed_by(sample):
        interpreter.say(_given(needed))
    return interpreter.say(_given(sample))


def needed_by(sample: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the samples that must come first."""
    context = sample.get("context")
    needs = context.get("needs", []) if isinstance(context, dict) else []
    names = [needs] if isinstance(needs, str) else needs
    return [json.loads((FOLDER / f"{name}.json").read_text()) for name in names]


def _given(sample: dict[str, Any]) -> Given:
    return Given(sample["topic"] or "", payload_of(sample), bool(sample["retain"]))


def disagreements(sample: dict[str, Any], said: dict[str, Any]) -> list[str]:
    """Return the categories in which we differ from what the sample expects."""
    expect = sample["expect"]
    if expect.get("must_not_fire_when_retained") and sample["retain"] and expect.get("events"):
        live = said_of(sample | {"retain": False})  # what it means when it comes live; remembered, it must not fire
        found = [] if _holds(expect["events"], live["events"]) else ["events"]
        return found + (["fired though retained"] if said["events"] else [])
    wrong = [key for key in ("observations", "events") if not _holds(expect.get(key, []), said[key])]
    if expect.get("events") == [] and said["events"]:
        wrong.append("events")
    wrong += [key for key in ("alarm", "time", "technical_alert") if key in expect and expect[key] != said.get(key)]
    if "technical_alert" not in expect and "technical_alert" in said:
        wrong.append("technical_alert")
    for key in ("unknown", "implausible"):
        told = expect.get(key, [])
        if not set([told] if isinstance(told, str) else told) <= set(said.get(key, [])):
            wrong.append(key)
    if expect.get("parse_error") and "quarantine" not in said:
        wrong.append("parse_error")
    if expect.get("ignore") and (said["observations"] or said["events"] or "quarantine" in said):
        wrong.append("ignore")
    if not expect.get("parse_error") and said.get("quarantine") == "unknown-topic":
        wrong.append("family")
    if "device_count" in expect and expect["device_count"] != said.get("device_count"):
        wrong.append("entities")
    wrong += [key for key in FACTS if key in expect and expect[key] != said.get(key)]
    return wrong


def _holds(expected: list[dict[str, Any]], said: list[dict[str, Any]]) -> bool:
    """Whether each expected item is said, as often as it is expected; numbers may be rounded as the sample rounds."""
    left = list(said)
    for each in expected:
        found = next((item for item in left if all(_same(item.get(key), each[key]) for key in each)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _same(said: Any, expected: Any) -> bool:
    if isinstance(expected, bool) or not isinstance(expected, int | float) or not isinstance(said, int | float):
        return bool(said == expected) and isinstance(said, bool) == isinstance(expected, bool)
    return round(said, 4) == round(expected, 4)
