"""Schedules on Discord, the same for every kind: the panel, pause, resume, skip and history."""
