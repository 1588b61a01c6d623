"""Schedules as moderators handle them: every change comes with its line in the audit log."""
