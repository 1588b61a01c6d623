"""Check-ins: a member asked that a moderator look after them. Who and when, nothing else."""
