"""Calendars for people's own calendar apps: a file, and a feed where the operator serves one."""
