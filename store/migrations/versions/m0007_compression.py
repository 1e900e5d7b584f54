"""Days that nobody writes to any more are compressed, where TimescaleDB is under its community licence.

Nothing changes for whoever reads or writes: a late row into a compressed day is taken as ever. Plain PostgreSQL keeps
the rows as they are. No day is deleted here.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

#: A device's own time is believed up to 7 days before its arrival (ingest.decoders.event_time): to a day that ended
#: longer ago hardly anybody writes.
_AFTER_US = 7 * 86_400_000_000

# What is "now" for the policies: when a device was heard last. The server's clock is not asked, since a home may live
# in a time of its own; with nobody heard nothing grows. TimescaleDB's jobs run without our search path.
_HEARD = """
create function heard_last_us() returns bigint language sql stable set search_path from current as
$body$ select coalesce(max(seen_us), 0) from device $body$
"""

# By device and resident, since everything is looked up by one of them and a device is one person's for months; inside
# in the order of time, as frames are drawn.
_COMPRESS = """
do $do$
begin
    if exists (select from pg_extension where extname = 'timescaledb')
       and current_setting('timescaledb.license', true) = 'timescale' then
        perform set_integer_now_func('{table}', 'heard_last_us');
        alter table {table} set (timescaledb.compress, timescaledb.compress_segmentby = 'device, resident',
                                 timescaledb.compress_orderby = 'event_us');
        perform add_compression_policy('{table}', compress_after => {after}::bigint);
    end if;
end
$do$
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_HEARD)
    for table in ("frame", "reading", "message"):
        op.execute(_COMPRESS.format(table=table, after=_AFTER_US))
