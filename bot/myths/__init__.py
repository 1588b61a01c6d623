"""Myths and facts: one card, two buttons, no score; and the weekly post."""
