"""docs/guarantees.md promises nothing without a test: every test that it names exists, and every promise names one."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "guarantees.md").read_text()
_NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
NAMED = sorted(set(_NAMED.findall(TEXT)))


def named_in(path: Path) -> set[str]:
    """Return the names of the tests that pytest would collect from a file, without importing it."""
    tree = ast.parse(path.read_text())
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


@pytest.mark.parametrize(("path", "name"), NAMED, ids=lambda value: value)
def test_the_test_that_a_promise_names_exists(path: str, name: str) -> None:
    assert name in named_in(ROOT / "tests" / path)


def test_every_promise_names_a_test() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| ")][1:]
    items = re.split(r"\n(?=- |\n|\*\*)", TEXT.partition("## Arrow by arrow")[2].partition("## By question")[0])
    points = [item for item in items if item.startswith("- ") and not item.startswith("- *Not promised:*")]
    assert len(rows) > 10
    assert len(points) > 30
    assert [promise for promise in rows + points if not _NAMED.search(promise)] == []
