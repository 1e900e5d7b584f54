"""Reaching people: what messages say, where an administrator wrote it, and the tests of telephones."""

from alembic import op

revision = "0018"
down_revision = "0017"

_STATEMENTS = (
    """
    create table message_template (
        key text primary key,
        body text not null,
        changed_by text not null,
        changed_us bigint not null
    )
    """,
    """
    create table reach_test (
        id text primary key,
        place text not null references place (id),
        recipient text not null,
        channel text not null,
        address text not null,
        lang text not null,
        asked_by text not null,
        asked_us bigint not null,
        state text not null,
        ended_us bigint,
        took_ms int,
        error text not null,
        confirmed_us bigint
    )
    """,
    "create index reach_test_place on reach_test (place, asked_us)",
    "create index delivery_claimed on delivery (claimed_us)",
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
