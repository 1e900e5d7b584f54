"""docs/api.md names every call with the right rule, and no call that is not there."""

import re
from pathlib import Path

from api.access import RULES, Needs
from api.app import calls

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
_WHO = {Needs.NOTHING: "anybody", Needs.SIGNED_IN: "carer", Needs.ADMINISTRATOR: "administrator"}


def test_the_page_lists_the_calls_that_are_there_with_who_may() -> None:
    listed = set(re.findall(r"^\| `(\w+) (/\S+)` \| (\w+) \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    there = {
        (method, route.path.removeprefix("/api/v1"), _WHO[RULES[route.name]])
        for route in calls()
        for method in route.methods or ()
    }
    assert listed == there
