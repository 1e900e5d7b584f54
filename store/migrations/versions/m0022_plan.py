"""Plans of places, version after version; and whose account somebody is who comes by way of an identity server."""

from alembic import op

revision = "0022"
down_revision = "0021"

_STATEMENTS = (
    # By the digest of what is stored: versions that only move rooms share their drawing.
    """
    create table plan_drawing (
        digest text primary key,
        kind text not null,
        width int not null,
        height int not null,
        bytes bytea not null,
        made_us bigint not null
    )
    """,
    """
    create table plan (
        place text not null references place (id),
        version int not null,
        drawing text references plan_drawing (digest),
        rooms jsonb not null,
        what text not null,
        made_by text not null,
        made_us bigint not null,
        primary key (place, version)
    )
    """,
    "create index plan_of_drawing on plan (drawing) where drawing is not null",
    # issuer and subject: whom the claim named first; nobody yet while they are null.
    """
    create table account_identity (
        account text primary key references account (name) on delete cascade,
        said text not null,
        issuer text,
        subject text,
        check ((issuer is null) = (subject is null))
    )
    """,
    "create unique index account_identity_said on account_identity (lower(said))",
    "create unique index account_identity_subject on account_identity (issuer, subject) where subject is not null",
    # Whoever came by way of the identity server has no password here to change.
    "alter table session add column outside boolean not null default false",
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
