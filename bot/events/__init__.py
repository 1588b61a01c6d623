"""Live events, such as "Take A Moment": planned once, in step with Discord, recalled in time."""
