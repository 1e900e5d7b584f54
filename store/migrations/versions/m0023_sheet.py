"""The care sheet: whom to call and what to do for a resident, what a place does when something rings, and notes.

A sheet is never rewritten: each change is a row with the next version, so that two who change it at once cannot both
have the same one, and what stood before can be set again.
"""

from alembic import op

revision = "0023"
down_revision = "0022"

_STATEMENTS = (
    """
    create table care_sheet (
        resident text references resident (id) on delete cascade,
        place text references place (id) on delete cascade,
        version int not null check (version > 0),
        contacts jsonb not null default '[]',
        scripts jsonb not null default '{}',
        set_by text not null,
        set_us bigint not null,
        check ((resident is null) <> (place is null))
    )
    """,
    "create unique index care_sheet_resident on care_sheet (resident, version) where resident is not null",
    "create unique index care_sheet_place on care_sheet (place, version) where place is not null",
    """
    create table resident_note (
        id text primary key,
        resident text not null references resident (id) on delete cascade,
        text text not null,
        written_by text not null,
        written_us bigint not null,
        until_us bigint not null,
        back_by text,
        back_us bigint,
        check (until_us > written_us)
    )
    """,
    "create index resident_note_resident on resident_note (resident, until_us)",
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
