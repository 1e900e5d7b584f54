"""Alembic's environment and the migrations: raw SQL, one statement a call (docs/adr/0005-migrations.md)."""
