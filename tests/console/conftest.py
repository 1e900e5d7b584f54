"""The built console with the mock's data, and a Chromium, for the tests that look at pages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.console.pages import Mock, chromium, mocked


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return the machine's own Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def mock() -> Iterator[Mock]:
    """Return the mock, signed in to by an administrator: who sees every page."""
    with mocked("--administrator") as serving:
        yield serving
