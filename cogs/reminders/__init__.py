"""Reminders to oneself: set, changed and stopped from a campaign's card and from the message."""
