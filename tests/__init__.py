"""Tests by behaviour; see CONTRIBUTING.md for what belongs where."""
