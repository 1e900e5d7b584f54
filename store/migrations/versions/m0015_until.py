"""Until when somebody has an alert: a claim's deadline, a hold's time; who is with a resident until when; and an
institution's own outcomes.

What was claimed before gets the deadline that it would have had; long past, it is raised again: that is what it is for.
"""

from alembic import op

revision = "0015"
down_revision = "0014"

_STATEMENTS = (
    """
    alter table alert
        add column due_us bigint, add column due_since_us bigint,
        add column silent_until_us bigint, add column outcome_local text
    """,
    """
    update alert set due_since_us = claimed_us, due_us = claimed_us
        + case severity when 'high' then 600 when 'medium' then 1800 else 7200 end * 1000000::bigint
    where state = 'claimed'
    """,
    "create index alert_due on alert (due_us) where due_us is not null",
    "drop index alert_one_open",
    "create unique index alert_one_open on alert (resident, kind) where state in ('raised', 'claimed', 'held')",
    """
    create table pause (
        id bigint generated always as identity primary key,
        resident text not null references resident (id) on delete cascade,
        by text not null,
        since_us bigint not null,
        until_us bigint not null,
        ended_by text
    )
    """,
    # One at a time for a resident; the one whose time has passed is ended when the next begins.
    "create unique index pause_one on pause (resident) where ended_by is null",
    """
    create table local_outcome (
        id text primary key,
        base text not null,
        zh text not null,
        en text not null,
        retired boolean not null default false
    )
    """,
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
