"""Places, residents, devices, and who has a device when."""

from alembic import op

revision = "0001"
down_revision = None

_STATEMENTS = (
    """
    create table place (
        id text primary key,
        parent text references place (id),
        kind text not null,
        name text not null,
        created_us bigint not null
    )
    """,
    "create index place_parent on place (parent)",
    """
    create table resident (
        id text primary key,
        name text not null,
        birth_year int,
        unit text not null references place (id),
        room text,
        conditions text[] not null default '{}',
        mobility text,
        note text,
        test boolean not null default false,
        timezone text not null default 'Asia/Shanghai',
        created_us bigint not null
    )
    """,
    "create index resident_unit on resident (unit)",
    # last_* are of the newest event time; seen_us is arrival. A device that nobody added appears here by itself.
    """
    create table device (
        id text primary key,
        kind text not null,
        label text,
        position text,
        registered_us bigint not null,
        seen_us bigint,
        last_event_us bigint,
        battery double precision,
        worn boolean
    )
    """,
    """
    create table binding (
        id bigint generated always as identity primary key,
        device text not null references device (id),
        unit text not null references place (id),
        resident text references resident (id),
        place text references place (id),
        position text,
        start_us bigint not null,
        end_us bigint,
        created_us bigint not null,
        check ((resident is null) <> (place is null)),
        check (end_us is null or end_us > start_us)
    )
    """,
    "create index binding_device on binding (device, start_us)",
    "create index binding_resident on binding (resident) where resident is not null",
    # The embedded PostgreSQL has no btree_gist, so no exclusion constraint. The row lock on the device makes two
    # transactions take turns, and each statement of a trigger sees what was committed before it.
    """
    create function refuse_overlapping_binding() returns trigger language plpgsql as $body$
    begin
        perform 1 from device where id = new.device for no key update;
        if exists (
            select 1 from binding b
            where b.device = new.device and b.id <> new.id
              and b.start_us < coalesce(new.end_us, 9223372036854775807)
              and new.start_us < coalesce(b.end_us, 9223372036854775807)
        ) then
            raise exclusion_violation using message = 'bindings of device ' || new.device || ' overlap';
        end if;
        return new;
    end
    $body$
    """,
    """
    create trigger binding_overlap before insert or update on binding
    for each row execute function refuse_overlapping_binding()
    """,
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
