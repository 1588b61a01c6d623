"""Safety: help from bundled files alone. Nothing here may depend on what can break."""
