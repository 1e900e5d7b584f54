"""Alembic runs this: online on the connection that store.migrate hands over, offline as SQL text."""

from alembic import context
from sqlalchemy import text

from store.locks import MIGRATE

if context.is_offline_mode():
    context.configure(dialect_name="postgresql", literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    connection = context.config.attributes["connection"]
    context.configure(connection=connection)
    with context.begin_transaction():
        # Before the version is read: whoever waited here finds the work of the first done.
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": MIGRATE})
        context.run_migrations()
    connection.commit()
