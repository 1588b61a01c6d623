"""Breather: a Discord bot that a creator community hosts for itself."""

__version__ = "0.1.0"
