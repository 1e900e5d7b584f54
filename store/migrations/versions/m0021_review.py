"""What the review asks: alerts of places in a period, who answered first, what waits to be closed, and who was on."""

from alembic import op

revision = "0021"
down_revision = "0020"

_STATEMENTS = (
    "create index alert_unit_raised on alert (unit, raised_us)",
    # What is resolved waits to be looked at, newest on top; what is closed leaves the index.
    "create index alert_to_review on alert (raised_us desc, id desc) where state = 'resolved'",
    # The alert itself forgets its first answer when it is raised again.
    """
    create index alert_step_answer on alert_step (alert, seq) include (at_us, actor)
        where kind in ('claimed', 'held')
    """,
    # Few: what was found while somebody was with the resident.
    """
    create index alert_step_silent on alert_step (alert)
        where kind = 'silenced' or (kind = 'raised' and data ? 'silent_until_us')
    """,
    "create index audit_signs on audit (at_us) include (session, account, act) where act in ('sign_in', 'sign_out')",
    "create index audit_session on audit (session, at_us)",
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
