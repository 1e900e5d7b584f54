"""Looks at where somebody is are in the log of all looks, and nowhere else.

What was noted apart is moved there: account, place of now, from when until when (``until_us`` in its data). It is
written behind what the log has already, since lines are only added.
"""

from alembic import op

revision = "0017"
down_revision = "0016"

_STATEMENTS = (
    """
    insert into audit (at_us, account, session, act, look, resident, unit, data)
    select began_us, actor, '', 'whereabouts', true, resident, unit,
           jsonb_build_object('unasked', true, 'until_us', last_us)
    from position_look join resident on resident.id = position_look.resident order by began_us, position_look.id
    """,
    "drop table position_look",
    """
    create index audit_where on audit (resident, at_us desc, id desc)
        where act in ('whereabouts', 'preview_resident_zone')
    """,
)


def upgrade() -> None:
    """Apply."""
    for statement in _STATEMENTS:
        op.execute(statement)
