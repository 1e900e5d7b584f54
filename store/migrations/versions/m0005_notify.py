"""Who is told about whom: the ladders of places, the timers of alerts, and the log of deliveries."""

from alembic import op

revision = "0005"
down_revision = "0004"

_STATEMENTS = (
    """
    create table ladder (
        place text primary key references place (id),
        ladder jsonb not null,
        changed_us bigint not null
    )
    """,
    # One row an alert that ever rang: which round, and when the next step is due (null: nothing more to send).
    """
    create table escalation (
        alert text primary key references alert (id),
        round int not null,
        since_us bigint not null,
        next_us bigint
    )
    """,
    "create index escalation_due on escalation (next_us) where next_us is not null",
    # No foreign key to alert: a delivery made while the desk was down is known before its alert.
    """
    create table delivery (
        finding text not null,
        round int not null,
        step int not null,
        recipient text not null,
        channel text not null,
        address text not null,
        alert text not null,
        state text not null,
        claimed_us bigint not null,
        tried_us bigint not null,
        sent_us bigint,
        attempts int not null,
        again boolean not null,
        error text not null,
        link text not null,
        primary key (finding, round, step, recipient, channel)
    )
    """,
    "create index delivery_alert on delivery (alert, claimed_us)",
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
