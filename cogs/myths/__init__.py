"""Myths and facts on Discord: the member's command, the weekly post, and its moderators."""
