"""Reminders to oneself, and a community's colour."""

from alembic import op
import sqlalchemy as sa

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change."""
    op.create_table('reminders',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('campaign', sa.Text(), nullable=False),
    sa.Column('days', sa.Text(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('schedule_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['schedule_id'], ['schedules.id'], name=op.f('fk_reminders_schedule_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminders')),
    sa.UniqueConstraint('user_id', 'campaign', name=op.f('uq_reminders_user_id_campaign')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('reminders', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reminders_schedule_id'), ['schedule_id'], unique=False)

    with op.batch_alter_table('guilds', schema=None) as batch_op:
        batch_op.add_column(sa.Column('accent', sa.Text(), nullable=True))


def downgrade() -> None:
    """Take this change back: nobody would know any more whom such a schedule is for."""
    with op.batch_alter_table('guilds', schema=None) as batch_op:
        batch_op.drop_column('accent')

    op.execute("DELETE FROM deliveries WHERE schedule_id IN (SELECT id FROM schedules WHERE kind = 'reminder')")
    op.execute("DELETE FROM reminders")
    op.execute("DELETE FROM schedules WHERE kind = 'reminder'")
    with op.batch_alter_table('reminders', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reminders_schedule_id'))

    op.drop_table('reminders')
