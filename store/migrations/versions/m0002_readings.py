"""Frames, readings and raw messages: hypertables where TimescaleDB is, range partitions where it is not.

``frame``, ``reading`` and ``message`` are made inside one DO block each, because only the server knows which of the two
it can do. Times are bigint microseconds: what the wire says is what is stored, and no session's time zone touches it.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

#: One chunk of a hypertable a day, as the partitions are.
_DAY_US = 86_400_000_000

_FRAME = """
    event_us bigint not null,
    end_us bigint not null,
    arrival_us bigint not null,
    device text not null,
    boot bigint not null,
    seq bigint not null,
    unit text,
    resident text,
    place text,
    period_ns bigint not null,
    n int not null,
    channels smallint not null,
    accel_scale real not null,
    gyro_scale real not null,
    battery smallint not null,
    flags int not null,
    lost int not null,
    clock text not null,
    position text,
    payload bytea not null
"""
_READING = """
    event_us bigint not null,
    arrival_us bigint not null,
    device text not null,
    unit text,
    resident text,
    place text,
    type text not null,
    value double precision,
    text_value text,
    unit_of_measure text not null,
    boot bigint not null,
    seq bigint not null,
    clock text not null
"""
_MESSAGE = """
    event_us bigint not null,
    arrival_us bigint not null,
    device text not null,
    kind text not null,
    boot bigint not null,
    seq bigint not null,
    unit text,
    resident text,
    place text,
    clock text not null,
    topic text not null,
    digest bytea not null,
    retain boolean not null,
    payload bytea not null
"""

_ENABLE = """
do $do$
begin
    if exists (select from pg_available_extensions where name = 'timescaledb')
       and not exists (select from pg_extension where extname = 'timescaledb') then
        create extension timescaledb;
    end if;
end
$do$
"""

_SERIES = """
do $do$
begin
    if exists (select from pg_extension where extname = 'timescaledb') then
        create table {table} ({columns});
        perform create_hypertable('{table}', 'event_us', chunk_time_interval => {day}::bigint,
                                  create_default_indexes => false);
    else
        create table {table} ({columns}) partition by range (event_us);
        create table {table}_default partition of {table} default;
    end if;
end
$do$
"""

_REST = (
    "create index frame_key on frame (device, boot, seq, event_us)",
    "create index frame_resident on frame (resident, event_us) where resident is not null",
    "create index reading_resident on reading (resident, type, event_us) where resident is not null",
    "create index reading_device on reading (device, event_us)",
    "create index message_key on message (device, boot, seq, event_us)",
    "create index message_digest on message (digest, event_us)",
    # Mean | |a| - 1 g | of a minute is abs_sum / samples. worn and unworn count samples whose device can tell.
    """
    create table activity_minute (
        resident text not null,
        minute_us bigint not null,
        abs_sum double precision not null,
        samples bigint not null,
        worn bigint not null,
        unworn bigint not null,
        primary key (resident, minute_us)
    )
    """,
    # What the sensors say now: the newest of each type by event time. Type 'frame' is the newest block of samples.
    """
    create table latest_value (
        resident text not null,
        type text not null,
        value double precision,
        text_value text,
        unit_of_measure text not null,
        device text not null,
        event_us bigint not null,
        arrival_us bigint not null,
        primary key (resident, type)
    )
    """,
)


def upgrade() -> None:
    """Apply."""
    op.execute(_ENABLE)
    for table, columns in (("frame", _FRAME), ("reading", _READING), ("message", _MESSAGE)):
        op.execute(_SERIES.format(table=table, columns=columns, day=_DAY_US))
    for statement in _REST:
        op.execute(statement)
