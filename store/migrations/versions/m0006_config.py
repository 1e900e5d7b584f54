"""What detectors are told of a resident: until when they are away, how soon to speak, and the version of both."""

from alembic import op

revision = "0006"
down_revision = "0005"

_STATEMENTS = (
    """
    alter table resident
        add column absent_until_us bigint,
        add column sensitivity text not null default 'normal',
        add column config_version bigint not null default 0
    """,
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
