"""Tips on Discord: the member's commands and the moderators'."""
