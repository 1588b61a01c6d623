"""Live events, and who says that they will come."""

from alembic import op
import sqlalchemy as sa

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def _number() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Apply this change."""
    op.create_table('events',
    sa.Column('id', _number(), nullable=False),
    sa.Column('guild_id', _number(), nullable=False),
    sa.Column('author_id', _number(), nullable=True),
    sa.Column('host_id', _number(), nullable=True),
    sa.Column('signal_id', _number(), nullable=True),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=True),
    sa.Column('place_channel_id', _number(), nullable=True),
    sa.Column('link', sa.Text(), nullable=True),
    sa.Column('channel_id', _number(), nullable=True),
    sa.Column('role_id', _number(), nullable=True),
    sa.Column('plan', sa.Text(), nullable=True),
    sa.Column('starts_at', _number(), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('has_therapist', sa.Integer(), nullable=False),
    sa.Column('line_up', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('discord_event_id', _number(), nullable=True),
    sa.Column('synced', sa.Text(), nullable=True),
    sa.Column('pushed', sa.Text(), nullable=True),
    sa.Column('was_tried', sa.Integer(), nullable=False),
    sa.Column('thread_id', _number(), nullable=True),
    sa.Column('turn', sa.Integer(), nullable=True),
    sa.Column('turn_at', _number(), nullable=True),
    sa.Column('recap', sa.Text(), nullable=True),
    sa.Column('attendance', sa.Integer(), nullable=True),
    sa.Column('changes', sa.Integer(), nullable=False),
    sa.Column('changed_at', _number(), nullable=False),
    sa.Column('finished_at', _number(), nullable=True),
    sa.CheckConstraint("state IN ('draft', 'planned', 'live', 'over', 'cancelled')", name=op.f('ck_events_state')),
    sa.CheckConstraint("state = 'draft' OR starts_at IS NOT NULL", name=op.f('ck_events_starts_at')),
    sa.CheckConstraint("(state IN ('over', 'cancelled')) = (finished_at IS NOT NULL)", name=op.f('ck_events_finished')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_events')),
    sa.UniqueConstraint('discord_event_id', name=op.f('uq_events_discord_event_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('events', schema=None) as batch_op:
        for column in ('author_id', 'host_id', 'signal_id', 'changes', 'finished_at'):
            batch_op.create_index(batch_op.f(f'ix_events_{column}'), [column], unique=False)
        batch_op.create_index('ix_events_ahead', ['guild_id', 'state'], unique=False)

    op.create_table('event_rsvps',
    sa.Column('id', _number(), nullable=False),
    sa.Column('event_id', _number(), nullable=False),
    sa.Column('user_id', _number(), nullable=False),
    sa.Column('way', sa.Text(), nullable=False),
    sa.Column('asked_at', _number(), nullable=False),
    sa.CheckConstraint("way IN ('direct', 'thread', 'none')", name=op.f('ck_event_rsvps_way')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_rsvps_event_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_rsvps')),
    sa.UniqueConstraint('event_id', 'user_id', name=op.f('uq_event_rsvps_event_id_user_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('event_rsvps', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_rsvps_user_id'), ['user_id'], unique=False)


def downgrade() -> None:
    """Take this change back."""
    op.drop_table('event_rsvps')
    op.drop_table('events')
    op.execute("DELETE FROM schedules WHERE kind IN ('event', 'event-soon', 'event-letter', 'event-soon-letter', 'event-signal')")
