"""Chromium drives the sandbox."""
