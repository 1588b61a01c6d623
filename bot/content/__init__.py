"""Curated content: loads and validates ``data/``. Knows no Discord."""
