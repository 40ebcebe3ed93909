"""Alembic's environment: it migrates the connection that collector/store/migrate.py hands over."""

from alembic import context

from collector.store import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
