"""Schedules with a rule for their dates."""

from alembic import op
import sqlalchemy as sa

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change."""
    op.add_column('schedules', sa.Column('days', sa.Text(), nullable=True))


def downgrade() -> None:
    """Take this change back."""
    op.drop_column('schedules', 'days')
