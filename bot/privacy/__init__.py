"""Privacy: show, export and erase what is kept about a person, over every feature."""
