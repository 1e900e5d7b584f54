"""Who is on duty, which ladder is for what, and how one shift hands over to the next."""

from alembic import op

revision = "0020"
down_revision = "0019"

_STATEMENTS = (
    # A ladder without kind and severity is for all else.
    """
    alter table ladder
        add column kind text not null default '', add column severity text not null default '',
        drop constraint ladder_pkey, add primary key (place, kind, severity)
    """,
    "create table rota (place text primary key references place (id), rota jsonb not null, changed_us bigint not null)",
    # ``ends_us`` null: nobody said until when. ``crew``: who said that they are on. ``left_open``: what was open then.
    """
    create table duty_shift (
        id text primary key,
        place text not null references place (id),
        name text not null default '',
        begun_us bigint not null,
        begun_by text not null,
        ends_us bigint,
        crew jsonb not null default '[]',
        note text not null default '',
        handed_us bigint,
        handed_by text,
        left_open jsonb not null default '[]',
        accepted_us bigint,
        accepted_by text
    )
    """,
    "create unique index duty_shift_running on duty_shift (place) where handed_us is null",
    "create index duty_shift_place on duty_shift (place, begun_us desc)",
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
