"""Claims: one access code for each eligible person, whatever happens."""
