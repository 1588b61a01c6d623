"""Reminders to oneself: a direct message on a campaign's day or the day before, for who asked."""
