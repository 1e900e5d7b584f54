"""What only a native TimescaleDB can show (``make test-timescale DSN=...``): its workers, and sessions at once."""

import asyncio

import pytest

from store import readings
from store.pool import Pool
from store.series import TABLES
from tests.store.making import NOW, SECOND, frame
from tests.store.test_compression import COMPRESSED, DAYS, compressed, day_of

pytestmark = [pytest.mark.servers, pytest.mark.chunks]
#: A worker that is free begins within seconds.
_PATIENCE_SECONDS = 90


async def test_the_policies_run_by_themselves(pool: Pool) -> None:
    for number in range(DAYS):
        await readings.write(pool, day_of(number))
    await pool.execute(
        """
        select alter_job(job_id, next_start => clock_timestamp()) from timescaledb_information.jobs
        where proc_name = 'policy_compression'
        """
    )
    for _ in range(_PATIENCE_SECONDS):
        if await compressed(pool) == dict.fromkeys(TABLES, COMPRESSED):
            return
        await asyncio.sleep(1)
    pytest.fail(f"after {_PATIENCE_SECONDS} s: {await compressed(pool)}")


async def test_nothing_is_lost_or_doubled_while_the_days_that_are_written_to_are_compressed(pool: Pool) -> None:
    sent = [frame(f"w{seq % 5}", seq, NOW + seq * SECOND) for seq in range(600)]
    await readings.write(pool, sent[:100])

    async def press() -> None:
        for _ in range(5):
            await pool.execute(
                "select compress_chunk(chunk, if_not_compressed => true) from show_chunks('frame') chunk"
            )

    async def write(writer: int) -> None:
        for first in range(80 + writer * 20, 600, 60):
            await readings.write(pool, sent[first : first + 40])  # half of it another writer's too

    await asyncio.gather(press(), *(write(writer) for writer in range(3)))
    found = await readings.frames_between(pool, "re_1", NOW, NOW + 600 * SECOND)
    assert [one.seq for one in found] == list(range(600))
