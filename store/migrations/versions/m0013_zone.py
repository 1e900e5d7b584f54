"""The corners of a zone drawn on a map, and who looked where somebody is while no alert was open.

``corners`` has a row of longitude and latitude each, in degrees; none: no zone.
"""

from alembic import op

revision = "0013"
down_revision = "0012"

_STATEMENTS = (
    "alter table resident add column corners double precision[] not null default '{}'",
    """
    create table position_look (
        id bigint generated always as identity primary key,
        resident text not null references resident (id) on delete cascade,
        actor text not null,
        began_us bigint not null,
        last_us bigint not null
    )
    """,
    "create index position_look_resident on position_look (resident, last_us desc)",
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
