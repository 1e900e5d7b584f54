"""How residents were watched over, by time: a rhythm that is learnt anew must know when somebody was away."""

from alembic import op

revision = "0008"
down_revision = "0007"

_STATEMENTS = (
    """
    create table resident_setting (
        resident text not null,
        unit text not null,
        version bigint not null,
        here boolean not null,
        absent_until_us bigint,
        sensitivity text not null,
        changed_us bigint not null,
        primary key (unit, resident, version)
    )
    """,
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
