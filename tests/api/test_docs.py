"""docs/api.md names every call with what it needs, and docs/access.md the roles as they are."""

import re
from pathlib import Path

from api.access import RULES
from api.app import calls
from api.rights import ROLES, Needs
from store.grants import Role

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_lists_the_calls_that_are_there_with_what_each_needs() -> None:
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(\w+) (/\S+)` \| (\w+) \|", page, flags=re.MULTILINE))
    there = {
        (method, route.path.removeprefix("/api/v1"), RULES[route.name].value)
        for route in calls()
        for method in route.methods or ()
    }
    assert listed == there


def rights_table() -> str:
    """Return the table of docs/access.md as the code has it; put it there when this test says they differ."""
    return "\n".join(
        f"| `{need.value}` | {' | '.join('yes' if role in roles else '' for role in Role)} | {why} |"
        for need, (roles, why) in ROLES.items()
        if need is not Needs.NOTHING
    )


def test_the_roles_have_the_rights_that_the_page_says() -> None:
    page = (DOCS / "access.md").read_text(encoding="utf-8")
    header = "| right | " + " | ".join(role.value.replace("_", " ") for role in Role) + " | why |"
    assert header in page
    assert f"---|\n{rights_table()}\n" in page
