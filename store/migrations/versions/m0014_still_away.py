"""Who said last that somebody without a known end is still away, and when: a week later it is asked again."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Apply."""
    op.execute("alter table absence add column still_us bigint, add column still_by text")
