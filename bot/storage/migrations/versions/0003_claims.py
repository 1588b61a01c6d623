"""Claims."""

from alembic import op
import sqlalchemy as sa

revision = '0003'
down_revision = '0002'
TRIGGERS = {
    'sqlite': [
        "CREATE TRIGGER codes_one_way BEFORE UPDATE ON codes WHEN NOT ((OLD.state = 'free' AND NEW.state IN ('spent', 'void')) OR (OLD.state = 'spent' AND NEW.state = 'void') OR OLD.state = NEW.state) OR NEW.fingerprint <> OLD.fingerprint OR NEW.program_id <> OLD.program_id OR NEW.id <> OLD.id BEGIN SELECT RAISE(ABORT, 'codes move one way'); END",
        "CREATE TRIGGER codes_stay BEFORE DELETE ON codes WHEN OLD.state <> 'free' BEGIN SELECT RAISE(ABORT, 'codes are kept'); END",
        "CREATE TRIGGER codes_begin_free BEFORE INSERT ON codes WHEN NEW.state <> 'free' BEGIN SELECT RAISE(ABORT, 'codes begin free'); END",
        "CREATE TRIGGER allocations_begin BEFORE INSERT ON allocations WHEN NEW.replaced_at IS NOT NULL OR NEW.replaced_by IS NOT NULL OR NEW.confirmed_by IS NOT NULL BEGIN SELECT RAISE(ABORT, 'not a legal start'); END",
        "CREATE TRIGGER allocations_stay BEFORE DELETE ON allocations WHEN TRUE BEGIN SELECT RAISE(ABORT, 'allocations are kept'); END",
        "CREATE TRIGGER allocations_frozen BEFORE UPDATE ON allocations WHEN NEW.id IS NOT OLD.id OR NEW.program_id IS NOT OLD.program_id OR NEW.claim_id IS NOT OLD.claim_id OR NEW.code_id IS NOT OLD.code_id OR NEW.subject IS NOT OLD.subject OR NEW.allocated_at IS NOT OLD.allocated_at OR (OLD.replaced_at IS NOT NULL AND (NEW.replaced_at IS NOT OLD.replaced_at OR (NEW.replaced_by IS NOT NULL AND NEW.replaced_by IS NOT OLD.replaced_by) OR (NEW.confirmed_by IS NOT NULL AND NEW.confirmed_by IS NOT OLD.confirmed_by))) OR (OLD.replaced_at IS NULL AND (NEW.replaced_at IS NULL OR NEW.replaced_by IS NULL OR NEW.confirmed_by IS NULL)) BEGIN SELECT RAISE(ABORT, 'allocations are append-only'); END",
        "CREATE TRIGGER claims_steps BEFORE UPDATE ON claims WHEN NEW.id <> OLD.id OR NEW.program_id <> OLD.program_id OR NEW.subject <> OLD.subject OR NOT (OLD.state = NEW.state OR (OLD.state = 'pending' AND NEW.state IN ('allocated', 'expired', 'rejected', 'waitlisted', 'withdrawn')) OR (OLD.state = 'waitlisted' AND NEW.state IN ('allocated', 'expired', 'offered', 'pending', 'rejected', 'withdrawn')) OR (OLD.state = 'offered' AND NEW.state IN ('allocated', 'expired', 'withdrawn')) OR (OLD.state = 'allocated' AND NEW.state IN ('delivered', 'revoked')) OR (OLD.state = 'delivered' AND NEW.state IN ('ended', 'redeemed', 'revoked')) OR (OLD.state = 'redeemed' AND NEW.state IN ('ended', 'revoked')) OR (OLD.state = 'rejected' AND NEW.state IN ('pending'))) BEGIN SELECT RAISE(ABORT, 'not a legal step'); END",
        "CREATE TRIGGER claims_begin BEFORE INSERT ON claims WHEN NEW.state NOT IN ('allocated', 'pending', 'waitlisted') BEGIN SELECT RAISE(ABORT, 'not a legal start'); END",
    ],
    'postgresql': [
        "CREATE OR REPLACE FUNCTION refuse_codes_one_way() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'codes move one way' USING ERRCODE = 'check_violation'; END $$",
        "CREATE TRIGGER codes_one_way BEFORE UPDATE ON codes FOR EACH ROW WHEN (NOT ((OLD.state = 'free' AND NEW.state IN ('spent', 'void')) OR (OLD.state = 'spent' AND NEW.state = 'void') OR OLD.state = NEW.state) OR NEW.fingerprint <> OLD.fingerprint OR NEW.program_id <> OLD.program_id OR NEW.id <> OLD.id) EXECUTE FUNCTION refuse_codes_one_way()",
        "CREATE OR REPLACE FUNCTION refuse_codes_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'codes are kept' USING ERRCODE = 'check_violation'; END $$",
        "CREATE TRIGGER codes_stay BEFORE DELETE ON codes FOR EACH ROW WHEN (OLD.state <> 'free') EXECUTE FUNCTION refuse_codes_stay()",
        "CREATE OR REPLACE FUNCTION refuse_codes_begin_free() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'codes begin free' USING ERRCODE = 'check_violation'; END $$",
        "CREATE TRIGGER codes_begin_free BEFORE INSERT ON codes FOR EACH ROW WHEN (NEW.state <> 'free') EXECUTE FUNCTION refuse_codes_begin_free()",
        "CREATE OR REPLACE FUNCTION refuse_allocations_begin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not a legal start' USING ERRCODE = 'check_violation'; END $$",
        'CREATE TRIGGER allocations_begin BEFORE INSERT ON allocations FOR EACH ROW WHEN (NEW.replaced_at IS NOT NULL OR NEW.replaced_by IS NOT NULL OR NEW.confirmed_by IS NOT NULL) EXECUTE FUNCTION refuse_allocations_begin()',
        "CREATE OR REPLACE FUNCTION refuse_allocations_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'allocations are kept' USING ERRCODE = 'check_violation'; END $$",
        'CREATE TRIGGER allocations_stay BEFORE DELETE ON allocations FOR EACH ROW WHEN (TRUE) EXECUTE FUNCTION refuse_allocations_stay()',
        "CREATE OR REPLACE FUNCTION refuse_allocations_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'allocations are append-only' USING ERRCODE = 'check_violation'; END $$",
        'CREATE TRIGGER allocations_frozen BEFORE UPDATE ON allocations FOR EACH ROW WHEN (NEW.id IS DISTINCT FROM OLD.id OR NEW.program_id IS DISTINCT FROM OLD.program_id OR NEW.claim_id IS DISTINCT FROM OLD.claim_id OR NEW.code_id IS DISTINCT FROM OLD.code_id OR NEW.subject IS DISTINCT FROM OLD.subject OR NEW.allocated_at IS DISTINCT FROM OLD.allocated_at OR (OLD.replaced_at IS NOT NULL AND (NEW.replaced_at IS DISTINCT FROM OLD.replaced_at OR (NEW.replaced_by IS NOT NULL AND NEW.replaced_by IS DISTINCT FROM OLD.replaced_by) OR (NEW.confirmed_by IS NOT NULL AND NEW.confirmed_by IS DISTINCT FROM OLD.confirmed_by))) OR (OLD.replaced_at IS NULL AND (NEW.replaced_at IS NULL OR NEW.replaced_by IS NULL OR NEW.confirmed_by IS NULL))) EXECUTE FUNCTION refuse_allocations_frozen()',
        "CREATE OR REPLACE FUNCTION refuse_claims_steps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not a legal step' USING ERRCODE = 'check_violation'; END $$",
        "CREATE TRIGGER claims_steps BEFORE UPDATE ON claims FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.program_id <> OLD.program_id OR NEW.subject <> OLD.subject OR NOT (OLD.state = NEW.state OR (OLD.state = 'pending' AND NEW.state IN ('allocated', 'expired', 'rejected', 'waitlisted', 'withdrawn')) OR (OLD.state = 'waitlisted' AND NEW.state IN ('allocated', 'expired', 'offered', 'pending', 'rejected', 'withdrawn')) OR (OLD.state = 'offered' AND NEW.state IN ('allocated', 'expired', 'withdrawn')) OR (OLD.state = 'allocated' AND NEW.state IN ('delivered', 'revoked')) OR (OLD.state = 'delivered' AND NEW.state IN ('ended', 'redeemed', 'revoked')) OR (OLD.state = 'redeemed' AND NEW.state IN ('ended', 'revoked')) OR (OLD.state = 'rejected' AND NEW.state IN ('pending')))) EXECUTE FUNCTION refuse_claims_steps()",
        "CREATE OR REPLACE FUNCTION refuse_claims_begin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not a legal start' USING ERRCODE = 'check_violation'; END $$",
        "CREATE TRIGGER claims_begin BEFORE INSERT ON claims FOR EACH ROW WHEN (NEW.state NOT IN ('allocated', 'pending', 'waitlisted')) EXECUTE FUNCTION refuse_claims_begin()",
        "CREATE OR REPLACE FUNCTION refuse_codes_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'codes are kept' USING ERRCODE = 'check_violation'; END $$",
        'CREATE TRIGGER codes_emptied BEFORE TRUNCATE ON codes FOR EACH STATEMENT EXECUTE FUNCTION refuse_codes_emptied()',
        "CREATE OR REPLACE FUNCTION refuse_allocations_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'allocations are kept' USING ERRCODE = 'check_violation'; END $$",
        'CREATE TRIGGER allocations_emptied BEFORE TRUNCATE ON allocations FOR EACH STATEMENT EXECUTE FUNCTION refuse_allocations_emptied()',
    ],
}
FUNCTIONS = [
    'refuse_codes_one_way',
    'refuse_codes_stay',
    'refuse_codes_begin_free',
    'refuse_allocations_begin',
    'refuse_allocations_stay',
    'refuse_allocations_frozen',
    'refuse_claims_steps',
    'refuse_claims_begin',
    'refuse_codes_emptied',
    'refuse_allocations_emptied',
]
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change."""
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table('claim_settings',
    sa.Column('program_id', sa.Text(), nullable=False),
    sa.Column('guild_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('is_on', sa.Integer(), nullable=False),
    sa.Column('is_reviewed', sa.Integer(), nullable=False),
    sa.Column('requirements', sa.Text(), nullable=False),
    sa.Column('queue_channel_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.PrimaryKeyConstraint('program_id', 'guild_id', name=op.f('pk_claim_settings'))
    )
    op.create_table('community_shares',
    sa.Column('program_id', sa.Text(), nullable=False),
    sa.Column('guild_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cap', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('allocated', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('offered', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False),
    sa.CheckConstraint('0 <= allocated AND (cap IS NULL OR allocated <= cap)', name=op.f('ck_community_shares_allocated')),
    sa.CheckConstraint('0 <= offered AND (cap IS NULL OR allocated + offered <= cap)', name=op.f('ck_community_shares_offered')),
    sa.PrimaryKeyConstraint('program_id', 'guild_id', name=op.f('pk_community_shares'))
    )
    op.create_table('key_canaries',
    sa.Column('key_id', sa.Text(), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('key_id', name=op.f('pk_key_canaries'))
    )
    op.create_table('program_counters',
    sa.Column('program_id', sa.Text(), nullable=False),
    sa.Column('given', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cap', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('allocated', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('offered', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('next_position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('notice', sa.Integer(), nullable=True),
    sa.CheckConstraint('0 <= allocated AND allocated <= cap', name=op.f('ck_program_counters_allocated')),
    sa.CheckConstraint('0 <= offered AND allocated + offered <= cap', name=op.f('ck_program_counters_offered')),
    sa.CheckConstraint('cap <= given', name=op.f('ck_program_counters_cap')),
    sa.CheckConstraint('next_position >= 1', name=op.f('ck_program_counters_next_position')),
    sa.PrimaryKeyConstraint('program_id', name=op.f('pk_program_counters'))
    )
    op.create_table('programs',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('definition', sa.Text(), nullable=False),
    sa.Column('opens_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('closes_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('applied_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ended_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programs'))
    )
    op.create_table('allocation_days',
    sa.Column('program_id', sa.Text(), nullable=False),
    sa.Column('day', sa.Text(), nullable=False),
    sa.Column('count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('root', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['program_id'], ['programs.id'], name=op.f('fk_allocation_days_program_id')),
    sa.PrimaryKeyConstraint('program_id', 'day', name=op.f('pk_allocation_days'))
    )
    op.create_table('claims',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('program_id', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('guild_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('handle_key', sa.Text(), nullable=True),
    sa.Column('handle', sa.Text(), nullable=True),
    sa.Column('country', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('has_conflict', sa.Integer(), nullable=False),
    sa.Column('wants_dm', sa.Integer(), nullable=False),
    sa.Column('appeals', sa.Integer(), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('changed_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('told_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('offer_ends_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('redeemed_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ends_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("state IN ('pending', 'waitlisted', 'offered', 'allocated', 'delivered', 'redeemed', 'ended', 'rejected', 'withdrawn', 'expired', 'revoked')", name=op.f('ck_claims_state')),
    sa.CheckConstraint('appeals IN (0, 1)', name=op.f('ck_claims_appeals')),
    sa.ForeignKeyConstraint(['program_id'], ['programs.id'], name=op.f('fk_claims_program_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims')),
    sa.UniqueConstraint('program_id', 'id', 'subject', name=op.f('uq_claims_program_id_id_subject')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('claims', schema=None) as batch_op:
        batch_op.create_index('ix_claims_access', ['ends_at'], unique=False, sqlite_where=sa.text("state = 'redeemed'"), postgresql_where=sa.text("state = 'redeemed'"))
        batch_op.create_index('ix_claims_dead_subject', ['program_id', 'subject', 'id'], unique=False, sqlite_where=sa.text("state IN ('expired', 'rejected', 'withdrawn')"), postgresql_where=sa.text("state IN ('expired', 'rejected', 'withdrawn')"))
        batch_op.create_index('ix_claims_offered', ['program_id', 'offer_ends_at'], unique=False, sqlite_where=sa.text("state = 'offered'"), postgresql_where=sa.text("state = 'offered'"))
        batch_op.create_index('ix_claims_queue', ['guild_id', 'id'], unique=False, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
        batch_op.create_index(batch_op.f('ix_claims_user_id'), ['user_id'], unique=False)
        batch_op.create_index('ix_claims_waiting', ['program_id', 'state', 'position'], unique=False, sqlite_where=sa.text("state = 'waitlisted'"), postgresql_where=sa.text("state = 'waitlisted'"))
        batch_op.create_index('uq_claims_live_handle', ['program_id', 'handle_key'], unique=True, sqlite_where=sa.text("state IN ('allocated', 'delivered', 'ended', 'offered', 'pending', 'redeemed', 'revoked', 'waitlisted')"), postgresql_where=sa.text("state IN ('allocated', 'delivered', 'ended', 'offered', 'pending', 'redeemed', 'revoked', 'waitlisted')"))
        batch_op.create_index('uq_claims_live_subject', ['program_id', 'subject'], unique=True, sqlite_where=sa.text("state IN ('allocated', 'delivered', 'ended', 'offered', 'pending', 'redeemed', 'revoked', 'waitlisted')"), postgresql_where=sa.text("state IN ('allocated', 'delivered', 'ended', 'offered', 'pending', 'redeemed', 'revoked', 'waitlisted')"))
        batch_op.create_index('uq_claims_position', ['program_id', 'position'], unique=True, sqlite_where=sa.text('position IS NOT NULL'), postgresql_where=sa.text('position IS NOT NULL'))

    op.create_table('codes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('program_id', sa.Text(), nullable=False),
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('key_id', sa.Text(), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('imported_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("state IN ('free', 'spent', 'void')", name=op.f('ck_codes_state')),
    sa.ForeignKeyConstraint(['program_id'], ['programs.id'], name=op.f('fk_codes_program_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_codes')),
    sa.UniqueConstraint('fingerprint', name=op.f('uq_codes_fingerprint')),
    sa.UniqueConstraint('program_id', 'id', name=op.f('uq_codes_program_id_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('codes', schema=None) as batch_op:
        batch_op.create_index('ix_codes_free', ['program_id', 'id'], unique=False, sqlite_where=sa.text("state = 'free'"), postgresql_where=sa.text("state = 'free'"))

    op.create_table('program_peppers',
    sa.Column('program_id', sa.Text(), nullable=False),
    sa.Column('pepper', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['program_id'], ['programs.id'], name=op.f('fk_program_peppers_program_id')),
    sa.PrimaryKeyConstraint('program_id', name=op.f('pk_program_peppers'))
    )
    op.create_table('allocations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('program_id', sa.Text(), nullable=False),
    sa.Column('claim_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('allocated_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('replaced_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('replaced_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('confirmed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('replaced_at IS NULL OR replaced_by IS NULL OR confirmed_by IS NULL OR replaced_by <> confirmed_by', name=op.f('ck_allocations_two_deciders')),
    sa.ForeignKeyConstraint(['program_id', 'claim_id', 'subject'], ['claims.program_id', 'claims.id', 'claims.subject'], name='fk_allocations_claim'),
    sa.ForeignKeyConstraint(['program_id', 'code_id'], ['codes.program_id', 'codes.id'], name='fk_allocations_code'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allocations')),
    sa.UniqueConstraint('code_id', name=op.f('uq_allocations_code_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('allocations', schema=None) as batch_op:
        batch_op.create_index('uq_allocations_claim', ['claim_id'], unique=True, sqlite_where=sa.text('replaced_at IS NULL'), postgresql_where=sa.text('replaced_at IS NULL'))
        batch_op.create_index('uq_allocations_subject', ['program_id', 'subject'], unique=True, sqlite_where=sa.text('replaced_at IS NULL'), postgresql_where=sa.text('replaced_at IS NULL'))

    op.create_table('claim_decisions',
    sa.Column('claim_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('decider_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['claim_id'], ['claims.id'], name=op.f('fk_claim_decisions_claim_id')),
    sa.PrimaryKeyConstraint('claim_id', 'version', name=op.f('pk_claim_decisions'))
    )
    op.create_table('claim_reminders',
    sa.Column('claim_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('begun_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sent_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['claim_id'], ['claims.id'], name=op.f('fk_claim_reminders_claim_id')),
    sa.PrimaryKeyConstraint('claim_id', 'kind', name=op.f('pk_claim_reminders'))
    )
    op.create_table('code_replacements',
    sa.Column('claim_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['claim_id'], ['claims.id'], name=op.f('fk_code_replacements_claim_id')),
    sa.PrimaryKeyConstraint('claim_id', name=op.f('pk_code_replacements'))
    )
    # ### end Alembic commands ###
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Take this change back."""
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_table('code_replacements')
    op.drop_table('claim_reminders')
    op.drop_table('claim_decisions')
    with op.batch_alter_table('allocations', schema=None) as batch_op:
        batch_op.drop_index('uq_allocations_subject', sqlite_where=sa.text('replaced_at IS NULL'), postgresql_where=sa.text('replaced_at IS NULL'))
        batch_op.drop_index('uq_allocations_claim', sqlite_where=sa.text('replaced_at IS NULL'), postgresql_where=sa.text('replaced_at IS NULL'))

    op.drop_table('allocations')
    op.drop_table('program_peppers')
    with op.batch_alter_table('codes', schema=None) as batch_op:
        batch_op.drop_index('ix_codes_free', sqlite_where=sa.text("state = 'free'"), postgresql_where=sa.text("state = 'free'"))

    op.drop_table('codes')
    with op.batch_alter_table('claims', schema=None) as batch_op:
        batch_op.drop_index('uq_claims_position', sqlite_where=sa.text('position IS NOT NULL'), postgresql_where=sa.text('position IS NOT NULL'))
        batch_op.drop_index('uq_claims_live_subject', sqlite_where=sa.text("state IN ('allocated', 'delivered', 'ended', 'offered', 'pending', 'redeemed', 'revoked', 'waitlisted')"), postgresql_where=sa.text("state IN ('allocated', 'delivered', 'ended', 'offered', 'pending', 'redeemed', 'revoked', 'waitlisted')"))
        batch_op.drop_index('uq_claims_live_handle', sqlite_where=sa.text("state IN ('allocated', 'delivered', 'ended', 'offered', 'pending', 'redeemed', 'revoked', 'waitlisted')"), postgresql_where=sa.text("state IN ('allocated', 'delivered', 'ended', 'offered', 'pending', 'redeemed', 'revoked', 'waitlisted')"))
        batch_op.drop_index('ix_claims_waiting', sqlite_where=sa.text("state = 'waitlisted'"), postgresql_where=sa.text("state = 'waitlisted'"))
        batch_op.drop_index(batch_op.f('ix_claims_user_id'))
        batch_op.drop_index('ix_claims_queue', sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
        batch_op.drop_index('ix_claims_offered', sqlite_where=sa.text("state = 'offered'"), postgresql_where=sa.text("state = 'offered'"))
        batch_op.drop_index('ix_claims_access', sqlite_where=sa.text("state = 'redeemed'"), postgresql_where=sa.text("state = 'redeemed'"))
        batch_op.drop_index('ix_claims_dead_subject', sqlite_where=sa.text("state IN ('expired', 'rejected', 'withdrawn')"), postgresql_where=sa.text("state IN ('expired', 'rejected', 'withdrawn')"))

    op.drop_table('claims')
    op.drop_table('allocation_days')
    op.drop_table('programs')
    op.drop_table('program_counters')
    op.drop_table('key_canaries')
    op.drop_table('community_shares')
    op.drop_table('claim_settings')
    # ### end Alembic commands ###
    if op.get_bind().dialect.name == 'postgresql':
        for name in FUNCTIONS:
            op.execute(f'DROP FUNCTION {name}()')
