"""Tips: one self-care tip a day without repeats, and tips on asking."""
