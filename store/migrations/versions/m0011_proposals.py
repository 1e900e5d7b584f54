"""Proposed settings: what repeated false alarms led to, what a look at the last weeks showed, and who decided.

And what people report that no alert told of, which speaks against a calmer setting.
"""

from alembic import op

revision = "0011"
down_revision = "0010"

_STATEMENTS = (
    # No foreign key to the resident, as with alerts.
    """
    create table proposal (
        id text primary key,
        resident text not null,
        unit text not null,
        kind text not null,
        before text not null,
        after text not null,
        state text not null,
        false_alarms text[] not null,
        judged int not null,
        real text[] not null,
        made_us bigint not null,
        progress double precision not null,
        against text,
        preview jsonb,
        steps jsonb not null
    )
    """,
    "create unique index proposal_one_live on proposal (resident) where state in ('reading', 'open')",
    "create index proposal_resident on proposal (resident, made_us)",
    """
    create table missed (
        id text primary key,
        resident text not null,
        unit text not null,
        event_us bigint not null,
        note text not null,
        reported_by text not null,
        reported_us bigint not null,
        back_by text,
        back_us bigint
    )
    """,
    "create index missed_resident on missed (resident, event_us)",
    "create index alert_outcome on alert (outcome, raised_us) where outcome is not null",
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
