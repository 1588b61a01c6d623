"""Delivery: schedules, the ledger of posts, the paced sender and the minute clock.

Knows no feature: an announcer is registered for each kind of post, and says what to post.
"""
