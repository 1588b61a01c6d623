"""Approval of announcements by a second moderator, and what follows a post."""

from alembic import op
import sqlalchemy as sa

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

NUMBERS = ('asked_at', 'asked_for_now', 'is_held', 'is_crossposted', 'version')
PEOPLE = ('asked_by', 'approved_by')


def upgrade() -> None:
    """Apply this change."""
    whole = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('follow_ups',
    sa.Column('delivery_id', whole, nullable=False),
    sa.Column('step', sa.Text(), nullable=False),
    sa.Column('channel_id', whole, nullable=False),
    sa.Column('try_at', whole, nullable=True),
    sa.Column('tried_at', whole, nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['delivery_id'], ['deliveries.id'], name=op.f('fk_follow_ups_delivery_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('delivery_id', name=op.f('pk_follow_ups'))
    )
    with op.batch_alter_table('follow_ups', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_follow_ups_try_at'), ['try_at'], unique=False)
        batch_op.create_index('ix_follow_ups_channel', ['channel_id', 'tried_at'], unique=False)

    op.add_column('guilds', sa.Column('needs_approval', sa.Integer(), nullable=True))
    for name in PEOPLE:
        op.add_column('announcements', sa.Column(name, whole, nullable=True))
    for name in NUMBERS:
        kind = whole if name == 'asked_at' else sa.Integer()
        op.add_column('announcements', sa.Column(name, kind, nullable=True))
    op.add_column('announcements', sa.Column('sent_back', sa.Text(), nullable=True))
    for name in PEOPLE:
        op.create_index(op.f(f'ix_announcements_{name}'), 'announcements', [name], unique=False)


def downgrade() -> None:
    """Take this change back."""
    for name in PEOPLE:
        op.drop_index(op.f(f'ix_announcements_{name}'), table_name='announcements')
    for name in (*PEOPLE, *NUMBERS, 'sent_back'):
        op.drop_column('announcements', name)
    op.drop_column('guilds', 'needs_approval')
    op.drop_table('follow_ups')
