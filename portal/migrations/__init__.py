"""Alembic's migrations, one change each, named by date."""
