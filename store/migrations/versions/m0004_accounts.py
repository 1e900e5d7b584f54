"""Accounts and their sessions, and the quarantine."""

from alembic import op

revision = "0004"
down_revision = "0003"

_STATEMENTS = (
    """
    create table account (
        name text primary key,
        role text not null,
        display_name text not null,
        password_hash text not null,
        created_us bigint not null
    )
    """,
    # Only a hash of the token is kept: who reads the table cannot sign in with it.
    """
    create table session (
        token_hash bytea primary key,
        account text not null references account (name) on delete cascade,
        created_us bigint not null,
        expires_us bigint not null
    )
    """,
    "create index session_expires on session (expires_us)",
    """
    create table quarantine (
        id bigint generated always as identity primary key,
        at_us bigint not null,
        digest bytea not null,
        topic text not null,
        reason text not null,
        sentence text not null,
        payload bytea not null,
        size bigint not null,
        retain boolean not null,
        kept boolean not null,
        unique (digest, at_us)
    )
    """,
    "create table quarantine_count (reason text primary key, count bigint not null, last_us bigint not null)",
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
