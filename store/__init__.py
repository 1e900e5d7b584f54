"""PostgreSQL and TimescaleDB: pool, migrations, and every SQL statement of the house."""
