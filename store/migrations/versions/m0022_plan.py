"""Plans of places: a drawing, and where the rooms lie on it. Each change is a version, so that it can be taken back."""

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
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
