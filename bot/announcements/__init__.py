"""Announcements: what moderators write once, and Breather posts once or on chosen days."""
