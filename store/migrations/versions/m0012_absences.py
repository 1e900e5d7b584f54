"""Absences by calendar, what is not watched for, and who changed which setting when.

An absence that was set before becomes a stretch of the calendar, from the last change that detectors heard of. So far
nobody wrote down who had set it: `""`.
"""

from alembic import op

revision = "0012"
down_revision = "0011"

_STATEMENTS = (
    """
    create table absence (
        id text primary key,
        resident text not null references resident (id) on delete cascade,
        start_us bigint not null,
        until_us bigint,
        note text,
        set_by text not null,
        set_us bigint not null,
        ended_by text,
        withdrawn_by text,
        check (until_us is null or until_us >= start_us)
    )
    """,
    "create index absence_resident on absence (resident, start_us)",
    """
    alter table resident
        add column watches_off text[] not null default '{}',
        add column absences_settled_us bigint not null default 0
    """,
    "alter table resident_setting add column off text[] not null default '{}'",
    """
    insert into absence (id, resident, start_us, until_us, set_by, set_us)
    select 'ab_' || substr(md5(id), 1, 12), id, began, absent_until_us, '', began
    from (
        select r.id, r.absent_until_us, least(r.absent_until_us, coalesce(
            (select max(s.changed_us) from resident_setting s where s.resident = r.id), r.created_us)) as began
        from resident r where r.absent_until_us is not null
    ) as away
    """,
    "update resident r set absences_settled_us = a.start_us from absence a where a.resident = r.id",
    """
    create table setting_change (
        id bigint generated always as identity primary key,
        resident text not null references resident (id) on delete cascade,
        at_us bigint not null,
        actor text not null,
        what text not null,
        data jsonb not null
    )
    """,
    "create index setting_change_resident on setting_change (resident, at_us desc)",
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
