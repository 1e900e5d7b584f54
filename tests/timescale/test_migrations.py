"""Where TimescaleDB is, the same migrations make hypertables; where it is not, partitions (tests/store)."""

import pytest

from store import migrate
from tests.timescale.wasm import ask

DAY_US = 86_400_000_000

_FRAMES = f"""
insert into frame (event_us, end_us, arrival_us, device, boot, seq, period_ns, n, channels, accel_scale, gyro_scale,
                   battery, flags, lost, clock, payload)
select day * {DAY_US}::bigint, day * {DAY_US}::bigint, 0, 'd', 1, day, 20000000, 1, 3, 0.0002, 0,
       80, 0, 0, 'device', '\\x00'
from generate_series(20000, 20004) as day
"""


@pytest.mark.timeout(180)
def test_frames_readings_and_messages_are_hypertables_with_a_chunk_a_day() -> None:
    tables, chunks, rows = ask(
        migrate.sql_text() + ";" + _FRAMES,
        [
            "select hypertable_name as name from timescaledb_information.hypertables order by 1",
            "select count(*) as n from timescaledb_information.chunks where hypertable_name = 'frame'",
            "select count(*) as n from frame",
        ],
    )
    assert [row["name"] for row in tables] == ["frame", "message", "reading"]
    assert chunks == [{"n": 5}]
    assert rows == [{"n": 5}]
