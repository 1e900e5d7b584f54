"""Who told of an alert's event, each telling of a finding once, and what was found without an alert coming of it."""

from alembic import op

revision = "0010"
down_revision = "0009"

_STATEMENTS = (
    "alter table alert add column sources jsonb not null default '{}'",
    "alter table alert_finding add column told int not null default 0",
    "alter table alert_finding drop constraint alert_finding_pkey",
    "alter table alert_finding add primary key (finding, stage, told)",
    """
    create table quiet_finding (
        finding text primary key,
        kind text not null,
        stage text not null,
        unit text not null,
        resident text not null,
        place text,
        device text not null,
        event_us bigint not null,
        decided_us bigint not null,
        score double precision not null,
        model text not null,
        evidence jsonb not null,
        at_us bigint not null
    )
    """,
    "create index quiet_finding_resident on quiet_finding (resident, event_us)",
    "create index quiet_finding_at on quiet_finding (at_us)",
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
