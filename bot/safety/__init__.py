"""Safety: help that needs nothing but bundled files. Nothing in here may depend on anything that can break."""
