"""``python -m bench definitions PATH``: for how many Zigbee definitions each care-relevant property is understood.

``PATH`` is the list of all definitions (``z2m_exposes.json.gz``, from zigbee-herdsman-converters, MIT; not part of this
repository). Each is announced to the decoder as its bridge would, its values are sent, and what is understood is judged
by rules of its own (bench/definitions/rules.py).
"""

import argparse
import gzip
import json
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from bench.definitions.playing import judged
from bench.definitions.rules import SOUNDS

#: Version of the JSON that ``--json`` prints.
SCHEMA = 1


def main(arguments: list[str]) -> int:
    """Measure; return the exit status: 0, 1 when something is understood wrongly, 2 for a path that is no such list."""
    parser = argparse.ArgumentParser(prog="python -m bench definitions", description="Zigbee definitions understood.")
    parser.add_argument("path", type=Path, help="z2m_exposes.json.gz")
    parser.add_argument("--json", action="store_true", help="print all verdicts as one JSON object")
    given = parser.parse_args(arguments)
    try:
        devices = read(given.path)
    except (OSError, ValueError, KeyError) as error:
        print(f"definitions: {given.path}: {error}", file=sys.stderr)
        return 2
    began = time.process_time()
    found = measured(devices)
    if given.json:
        print(json.dumps({"schema": SCHEMA, "definitions": len(devices), "properties": found}, ensure_ascii=False))
    else:
        print(report(found, len(devices)))
        print(f"{time.process_time() - began:.0f} s of CPU", file=sys.stderr)
    return 1 if any(each["wrong"] for each in found.values()) else 0


def read(path: Path) -> list[dict[str, Any]]:
    """Return the definitions. Raises OSError, ValueError or KeyError."""
    devices: list[dict[str, Any]] = json.loads(gzip.decompress(path.read_bytes()))["devices"]
    return devices


def measured(devices: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return, by property: ``definitions`` that seem to have it, ``mapped``, ``wrong``, ``unmapped`` by reason.

    A definition is mapped where one of its exposes says it and is understood; unmapped for the reason of the first that
    seemed to; ``wrong`` names each expose that is understood wrongly.
    """
    told: dict[str, dict[int, list[tuple[str, str, str]]]] = {care: defaultdict(list) for care in SOUNDS}
    for index, device in enumerate(devices):
        for care, name, verdict, reason in judged(device):
            told[care][index].append((name, verdict, reason))
    return {care: _counted(devices, by_device) for care, by_device in told.items()}


def _counted(devices: list[dict[str, Any]], by_device: dict[int, list[tuple[str, str, str]]]) -> dict[str, Any]:
    unmapped: dict[str, list[str]] = defaultdict(list)
    wrong: list[str] = []
    mapped = 0
    for index, all_told in by_device.items():
        model = devices[index]["model"]
        wrong += [f"{model} {name}: {reason}" for name, verdict, reason in all_told if verdict == "wrong"]
        if any(verdict == "right" for _, verdict, _ in all_told):
            mapped += 1
        else:
            name, _, reason = min(all_told, key=lambda each: (each[2] == "a setting", each[2]))
            unmapped[reason].append(f"{model} {name}")
    return {"definitions": len(by_device), "mapped": mapped, "wrong": wrong, "unmapped": dict(unmapped)}


def report(found: dict[str, dict[str, Any]], total: int) -> str:
    """Return the table for a person."""
    lines = [
        f"{total} definitions",
        "",
        "| property | sounds like it | mapped | wrong | unmapped, and why |",
        "|---|---|---|---|---|",
    ]
    for care, each in found.items():
        why = Counter({reason: len(models) for reason, models in each["unmapped"].items()})
        said = "; ".join(f"{count}: {reason}" for reason, count in why.most_common()) or "none"
        lines.append(f"| {care} | {each['definitions']} | {each['mapped']} | {len(each['wrong'])} | {said} |")
    lines += [f"wrong: {care}: {one}" for care, each in found.items() for one in each["wrong"]]
    return "\n".join(lines)
