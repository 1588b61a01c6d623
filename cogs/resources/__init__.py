"""``/ask`` and ``/resources``: vetted answers, found and never generated."""
