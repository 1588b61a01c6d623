"""``/announce`` and ``/announcements`` for moderators: write once, post once or on chosen days."""
