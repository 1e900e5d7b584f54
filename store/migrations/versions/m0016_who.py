"""Who may do what where: roles granted at places, sessions one can tell apart, and a log that nobody can rewrite.

Every account had one role for everything; it becomes a grant at the root. A grant without place and resident is of the
whole tree, also of what is added at its top later.
"""

from alembic import op

revision = "0016"
down_revision = "0015"

_STATEMENTS = (
    """
    create table account_grant (
        id bigint generated always as identity primary key,
        account text not null references account (name) on delete cascade,
        role text not null,
        place text references place (id),
        resident text references resident (id) on delete cascade,
        given_by text not null,
        given_us bigint not null,
        check (place is null or resident is null),
        check ((role = 'family') = (resident is not null))
    )
    """,
    # Not "nulls not distinct": PostgreSQL 14 does not know it.
    """
    create unique index account_grant_once
        on account_grant (account, role, coalesce(place, ''), coalesce(resident, ''))
    """,
    """
    insert into account_grant (account, role, given_by, given_us)
    select name, role, '', created_us from account order by created_us, name
    """,
    "alter table account drop column role",
    """
    alter table account
        add column disabled_us bigint,
        add column must_change boolean not null default false
    """,
    "alter table session add column address text not null default '', add column agent text not null default ''",
    "create index session_account on session (account)",
    # ``at_us`` is the platform's clock. ``refuses`` names the line of what was asked for and not done.
    """
    create table audit (
        id bigint generated always as identity primary key,
        at_us bigint not null,
        account text not null,
        session text not null,
        act text not null,
        look boolean not null,
        resident text,
        unit text,
        object text,
        data jsonb not null default '{}',
        refuses bigint
    )
    """,
    "create index audit_resident on audit (resident, id desc) where resident is not null",
    "create index audit_account on audit (account, id desc)",
    "create index audit_refuses on audit (refuses) where refuses is not null",
    """
    create function refuse_rewriting() returns trigger language plpgsql as $body$
    begin
        raise insufficient_privilege using message = 'what is written in ' || tg_table_name || ' stays as it is';
    end
    $body$
    """,
    """
    create trigger audit_stays before update or delete on audit
    for each row execute function refuse_rewriting()
    """,
    """
    create trigger audit_stays_whole before truncate on audit
    for each statement execute function refuse_rewriting()
    """,
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
