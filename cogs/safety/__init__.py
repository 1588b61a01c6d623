"""The safety net on Discord: help first, then the person decides. No text is kept or told."""
