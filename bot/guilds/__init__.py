"""Communities: their settings and the log of who changed what."""
