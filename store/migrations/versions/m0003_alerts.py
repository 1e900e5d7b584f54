"""Alerts, their history, the evidence kept for them, and the outbox."""

from alembic import op

revision = "0003"
down_revision = "0002"

_STATEMENTS = (
    # No foreign keys to residents or devices: a finding about somebody whose row is missing must still ring.
    """
    create table alert (
        id text primary key,
        kind text not null,
        severity text not null,
        state text not null,
        stage text not null,
        unit text not null,
        resident text not null,
        place text,
        device text not null,
        event_us bigint not null,
        raised_us bigint not null,
        decided_us bigint not null,
        heard_us bigint not null,
        score double precision not null,
        evidence jsonb not null,
        finding text not null,
        findings text[] not null,
        late boolean not null,
        occurrences int not null,
        last_event_us bigint not null,
        claimed_by text,
        claimed_us bigint,
        resolved_by text,
        resolved_us bigint,
        outcome text,
        note text,
        closed_us bigint,
        version int not null
    )
    """,
    "create unique index alert_one_open on alert (resident, kind) where state in ('raised', 'claimed')",
    "create index alert_raised on alert (raised_us)",
    "create index alert_resident on alert (resident, event_us)",
    """
    create table alert_step (
        seq bigint generated always as identity primary key,
        alert text not null references alert (id),
        kind text not null,
        at_us bigint not null,
        actor text not null,
        data jsonb not null
    )
    """,
    "create index alert_step_alert on alert_step (alert, seq)",
    # Each (finding, stage) is taken in once; alert is null for one that raised nothing.
    """
    create table alert_finding (
        finding text not null,
        stage text not null,
        alert text references alert (id),
        at_us bigint not null,
        primary key (finding, stage)
    )
    """,
    """
    create table evidence (
        alert text not null references alert (id),
        device text not null,
        resident text not null,
        start_us bigint not null,
        end_us bigint not null,
        complete boolean not null,
        primary key (alert, device, start_us, end_us)
    )
    """,
    """
    create table evidence_frame (
        alert text not null references alert (id),
        device text not null,
        boot bigint not null,
        seq bigint not null,
        event_us bigint not null,
        end_us bigint not null,
        arrival_us bigint not null,
        period_ns bigint not null,
        clock text not null,
        position text,
        payload bytea not null,
        primary key (alert, device, boot, seq, event_us)
    )
    """,
    """
    create table outbox (
        id bigint generated always as identity primary key,
        kind text not null,
        effect jsonb not null,
        created_us bigint not null,
        due_us bigint not null,
        leased_us bigint not null default 0,
        attempts int not null default 0,
        done_us bigint,
        result text
    )
    """,
    "create index outbox_due on outbox (due_us) where done_us is null",
    "create index outbox_done on outbox (done_us) where done_us is not null",
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
