"""Detectors hear how people get about: whoever has something written of it is told of again.

And from which stage of a fall on people are called: a resident's own choice, or that of the nearest place above that
made one; null makes none.
"""

from alembic import op

revision = "0009"
down_revision = "0008"

_STATEMENTS = (
    "update resident set config_version = config_version + 1 where mobility is not null",
    "alter table resident add column fall_alarm text",
    "alter table place add column fall_alarm text",
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
