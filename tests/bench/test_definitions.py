"""``python -m bench definitions``: of all Zigbee definitions, what matters is understood, and nothing wrongly."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench import definitions

FILE = Path(__file__).resolve().parents[3] / "shared" / "devices" / "z2m_exposes.json.gz"


def device(*exposes: dict[str, Any]) -> dict[str, Any]:
    return {"vendor": "V", "model": "M", "description": "A sensor", "exposes": list(exposes)}


def binary(name: str, on: Any, off: Any, **more: Any) -> dict[str, Any]:
    return {"type": "binary", "name": name, "property": name, "access": 1, "value_on": on, "value_off": off, **more}


def test_what_is_understood_is_counted_and_what_is_not_has_its_reason() -> None:
    setting = binary("vibration", True, False, category="config")
    counts = definitions.count([device(binary("smoke", True, False), setting, {"type": "numeric", "name": "gas",
                                "property": "gas", "access": 1})])  # fmt: skip
    assert (counts["smoke"].there, counts["smoke"].right) == (1, 1)
    assert counts["vibration"].reasons == {"a setting": 1}
    assert counts["gas"].reasons == {"no truth but numeric": 1}


def test_what_is_understood_the_wrong_way_round_is_a_defect(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    upside_down = binary("contact", False, True) | {"value_on": "SHUT", "value_off": "OPEN"}
    path = tmp_path / "d.json"
    path.write_text(json.dumps({"devices": [device(upside_down)]}))
    assert definitions.main([str(path), "--json"]) == 0, "words are what the definition says they are"
    assert json.loads(capsys.readouterr().out)["contact"]["right"] == 1
    assert definitions.main([str(tmp_path / "none.json")]) == 2


@pytest.mark.recordings
@pytest.mark.skipif(not FILE.is_file(), reason="needs the list of Zigbee definitions in ../shared/devices")
def test_of_the_whole_list_all_that_is_published_as_what_it_is_is_understood() -> None:
    counts = definitions.count(definitions.load(FILE))
    assert [line for each in counts.values() for line in each.wrong] == []
    not_understood = {
        name: {reason: number for reason, number in each.reasons.items() if "understood" in reason}
        for name, each in counts.items()
    }
    assert not any(not_understood.values()), not_understood
    assert counts["battery"].right >= 1170 and counts["action"].right >= 654 and counts["contact"].right >= 131
