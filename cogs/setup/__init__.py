"""``/setup``: a moderator's first two minutes."""
