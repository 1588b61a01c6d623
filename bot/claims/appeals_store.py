"""Statements on the claims that wait in every community."""

from sqlalchemy import select, text

from bot.claims.tables import claims

SELECT_PENDING = (
    select(claims)
    .where(text("claims.state = 'pending'"))
    .order_by(claims.c.changed_at, claims.c.id)
)
"""The condition is written out, as the partial index needs it."""
