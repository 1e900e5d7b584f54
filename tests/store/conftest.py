"""A pool on a fresh database, and the small records that the tests of the store need."""

from collections.abc import AsyncIterator

import pytest

from store.pool import Pool, open_pool
from tests.conftest import Database


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    opened = await open_pool(database.dsn, min_size=1, max_size=20)
    yield opened
    opened.terminate()
