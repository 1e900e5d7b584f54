"""Who watches a ward: what each open console said last, which places must be watched, and the places' time zones."""

from alembic import op

revision = "0019"
down_revision = "0018"

_STATEMENTS = (
    # ``timezone`` null: as above. ``staffed``: schemas.attendance.StaffedHours, null: nobody need watch it.
    "alter table place add column timezone text, add column staffed jsonb, add column staffed_us bigint",
    """
    create table console_presence (
        console text primary key,
        account text not null,
        session text not null,
        everywhere boolean not null,
        places text[] not null,
        sound text not null,
        at_us bigint not null,
        armed_us bigint
    )
    """,
    # One row: when the API last began to listen to consoles.
    "create table console_listening (one boolean primary key default true check (one), since_us bigint not null)",
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
