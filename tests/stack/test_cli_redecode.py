"""``shouwang redecode`` from outside: wrong usage, a home that is not there, and a database of one's own."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from stack.cli import app
from tests.conftest import Database


def test_a_time_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["redecode", "--since", "yesterday", "--home", str(tmp_path)])
    assert result.exit_code == 2


def test_a_home_in_which_nothing_runs_is_said_in_one_sentence_and_left_empty(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["redecode", "--since", "2026-11-01", "--home", str(tmp_path / "none")])
    assert result.exit_code == 1
    assert "does not run in this home" in result.output
    assert not (tmp_path / "none").exists()


@pytest.mark.servers
def test_it_says_what_it_did(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWANG_DSN", database.dsn)
    result = CliRunner().invoke(app, ["redecode", "--since", "2026-11-01T00:00:00Z", "--home", str(tmp_path)])
    assert (result.exit_code, result.output) == (0, "read again: 0 messages; rewritten: 0, with 0 values now\n")
