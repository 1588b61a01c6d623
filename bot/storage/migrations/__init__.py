"""Alembic's migrations of every table of Breather."""
